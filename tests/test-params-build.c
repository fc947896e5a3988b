/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-params.h"

#include <gio/gio.h>
#include <pgconn/pgconn.h>
#include <string.h>

#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-codec-private.h>

static PgParams *
make_boxed (gboolean null)
{
  PgParams *params = pg_params_new ();
  g_autoptr (PgNumeric) numeric = pg_numeric_parse ("-1.500", NULL);
  g_autoptr (PgDate) date = pg_date_parse ("2024-02-29", NULL);
  g_autoptr (PgTime) time = pg_time_parse ("24:00:00", NULL);
  g_autoptr (PgTime) timetz = pg_time_parse ("12:00:00+05:30", NULL);
  g_autoptr (PgTimestamp) timestamp = pg_timestamp_parse ("2024-02-29 12:00:00", NULL);
  g_autoptr (PgTimestamp) timestamptz = pg_timestamp_parse ("2024-02-29 12:00:00+00", NULL);
  g_autoptr (PgInterval) interval = pg_interval_new (14, -3, 1);
  g_autoptr (PgInet) inet = pg_inet_parse ("::1/64", NULL);
  g_autoptr (PgInet) cidr = pg_inet_parse_cidr ("10.0.0.0/8", NULL);
  g_autoptr (PgBitString) bits = pg_bit_string_parse ("101", NULL);
  g_autoptr (PgPoint) point = pg_point_new (1.5, -2);
  g_autoptr (PgRange) range = pg_range_parse ("[1,5)", PG_OID_INT8, NULL);
  g_autoptr (PgRange) text_range = pg_range_parse ("[a,b)", PG_OID_TEXT, NULL);
  g_autoptr (PgMultirange) multirange = pg_multirange_parse ("{[2024-01-01,2024-02-01)}", PG_OID_DATE, NULL);
  g_autoptr (PgRecord) record = pg_record_parse ("(1,\"a b\",)", NULL);

  pg_params_add_numeric (params, null ? NULL : numeric);
  pg_params_add_date (params, null ? NULL : date);
  pg_params_add_time (params, null ? NULL : time);
  pg_params_add_time (params, null ? NULL : timetz);
  pg_params_add_timestamp (params, null ? NULL : timestamp);
  pg_params_add_timestamp (params, null ? NULL : timestamptz);
  pg_params_add_interval (params, null ? NULL : interval);
  pg_params_add_inet (params, null ? NULL : inet);
  pg_params_add_inet (params, null ? NULL : cidr);
  pg_params_add_bit_string (params, null ? NULL : bits);
  pg_params_add_point (params, null ? NULL : point);
  pg_params_add_range (params, null ? NULL : range);
  pg_params_add_range (params, null ? NULL : text_range);
  pg_params_add_multirange (params, null ? NULL : multirange);
  pg_params_add_record (params, null ? NULL : record);
  return params;
}

static void
test_boxed_types (void)
{
  g_autoptr (PgParams) params = make_boxed (FALSE);
  g_autoptr (PgParams) nulls = make_boxed (TRUE);

  pg_test_assert_params (params, "%s", "numeric b -1.500", "date b 2024-02-29", "time b 24:00:00", "timetz b 12:00:00+05:30",
                 "timestamp b 2024-02-29 12:00:00", "timestamptz b 2024-02-29 12:00:00+00", "interval b 1 year 2 mons -3 days +00:00:00.000001",
                 "inet b ::1/64", "cidr b 10.0.0.0/8", "varbit b 101", "point b (1.5,-2)", "int8range b [1,5)", "- t [a,b)",
                 "datemultirange b {[2024-01-01,2024-02-01)}", "- t (1,\"a b\",)", NULL);
  pg_test_assert_params (params, "%t", "numeric t -1.500", "date t 2024-02-29", "time t 24:00:00", "timetz t 12:00:00+05:30",
                 "timestamp t 2024-02-29 12:00:00", "timestamptz t 2024-02-29 12:00:00+00", "interval t 1 year 2 mons -3 days +00:00:00.000001",
                 "inet t ::1/64", "cidr t 10.0.0.0/8", "varbit t 101", "point t (1.5,-2)", "int8range t [1,5)", "- t [a,b)",
                 "datemultirange t {[2024-01-01,2024-02-01)}", "- t (1,\"a b\",)", NULL);
  pg_test_assert_params (nulls, "%s", "numeric NULL", "date NULL", "- NULL", "- NULL", "- NULL", "- NULL", "interval NULL", "- NULL", "- NULL",
                 "varbit NULL", "point NULL", "- NULL", "- NULL", "- NULL", "- NULL", NULL);
}

static void
test_numbers (void)
{
  g_autoptr (PgParams) params = pg_params_new ();

  pg_params_add_integer (params, 32767);
  pg_params_add_integer (params, -32769);
  pg_params_add_integer (params, G_MAXINT64);
  pg_params_add_uint64 (params, 7);
  pg_params_add_uint64 (params, G_MAXUINT64);
  pg_params_add_float (params, 0.1f);
  pg_params_add_oid (params, G_MAXUINT32);
  pg_params_add_xid8 (params, G_MAXUINT64);
  pg_params_add_lsn (params, G_GUINT64_CONSTANT (0x16b374d848));
  pg_test_assert_params (params, "%s", "int2 b 32767", "int4 b -32769", "int8 b 9223372036854775807", "int8 b 7", "numeric b 18446744073709551615",
                 "float4 b 0.1", "oid b 4294967295", "xid8 b 18446744073709551615", "pg_lsn b 16/B374D848", NULL);
  pg_test_assert_params (params, "%t", "int2 t 32767", "int4 t -32769", "int8 t 9223372036854775807", "int8 t 7", "numeric t 18446744073709551615",
                 "float4 t 0.1", "oid t 4294967295", "xid8 t 18446744073709551615", "pg_lsn t 16/B374D848", NULL);
}

static void
test_money (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) text = pg_query_get ("%t", TRUE, &error);

  pg_params_add_money (params, 1050);
  pg_test_assert_params (params, "%s", "money b 000000000000041a", NULL);
  pg_test_assert_params (params, "%b", "money b 000000000000041a", NULL);
  g_assert_null (pg_query_bind_params (text, params, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "parameter 1: a value of the type gint64 cannot be sent as money");
}

/* Older servers would take the binary form for some number of years. */
static void
test_infinite_interval (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgInterval) infinity = pg_interval_new_infinity (TRUE);

  pg_params_add_interval (params, infinity);
  pg_test_assert_params (params, "%s", "interval t -infinity", NULL);
}

static void
test_binary_of_records (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgRecord) record = pg_record_parse ("(1)", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%b", TRUE, &error);

  pg_params_add_record (params, record);
  g_assert_null (pg_query_bind_params (query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "parameter 1: a value of the type PgRecord cannot be sent in binary format");
}

static void
test_typed_arrays (void)
{
  static const gboolean booleans[] = { TRUE, FALSE, 2 };
  static const gint32 int32s[] = { G_MININT32, 0, G_MAXINT32 };
  static const gint64 int64s[] = { G_MININT64, 0, G_MAXINT64 };
  static const double doubles[] = { 0.1, -0.0, G_MAXDOUBLE };
  static const char *const strings[] = { "a", "", "NULL", "b c", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (PgParams) params = pg_params_new ();

  pg_params_add_boolean_array (params, booleans, 3);
  pg_params_add_int32_array (params, int32s, 3);
  pg_params_add_int64_array (params, int64s, 3);
  pg_params_add_double_array (params, doubles, 3);
  pg_params_add_strv (params, strings);
  pg_params_add_double_array (params, NULL, 0);
  pg_params_add_boolean_array (params, NULL, 0);
  pg_params_add_int32_array (params, NULL, 0);
  pg_params_add_strv (params, none);
  pg_params_add_strv (params, NULL);
  pg_params_add_integer_array (params, int64s + 1, 1);
  pg_params_add_integer_array (params, int64s, 3);
  pg_params_add_integer_array (params, NULL, 0);
  pg_test_assert_params (params, "%s", "bool[] b {t,f,t}", "int4[] b {-2147483648,0,2147483647}",
                 "int8[] b {-9223372036854775808,0,9223372036854775807}", "float8[] b {0.1,-0,1.7976931348623157e+308}",
                 "text[] b {a,\"\",\"NULL\",\"b c\"}", "float8[] b {}", "bool[] b {}", "int4[] b {}", "text[] b {}", "text[] NULL", "int2[] b {0}",
                 "int8[] b {-9223372036854775808,0,9223372036854775807}", "- t {}", NULL);
  pg_test_assert_params (params, "%t", "bool[] t {t,f,t}", "int4[] t {-2147483648,0,2147483647}",
                 "int8[] t {-9223372036854775808,0,9223372036854775807}", "float8[] t {0.1,-0,1.7976931348623157e+308}",
                 "text[] t {a,\"\",\"NULL\",\"b c\"}", "float8[] t {}", "bool[] t {}", "int4[] t {}", "text[] t {}", "text[] NULL", "int2[] t {0}",
                 "int8[] t {-9223372036854775808,0,9223372036854775807}", "- t {}", NULL);
}

static void
test_arrays_begun (void)
{
  static const gint64 row[] = { 3, 4 };
  static const char *const strings[] = { "x", NULL };
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgDate) date = pg_date_parse ("2024-02-29", NULL);
  g_autoptr (PgNumeric) numeric = pg_numeric_parse ("1.50", NULL);

  pg_params_begin_array (params, 0);
  pg_params_add_int16 (params, 1);
  pg_params_add_int64 (params, 2);
  pg_params_add_null (params);
  pg_params_end_array (params);

  pg_params_begin_array (params, PG_OID_NUMERIC);
  pg_params_add_int16 (params, 1);
  pg_params_add_numeric (params, numeric);
  pg_params_add_text (params, "NaN");
  pg_params_end_array (params);

  pg_params_begin_array (params, PG_OID_DATE);
  pg_params_end_array (params);

  pg_params_begin_array (params, 0);
  pg_params_add_date (params, date);
  pg_params_end_array (params);

  pg_params_begin_array (params, 0);
  pg_params_add_null (params);
  pg_params_end_array (params);

  pg_params_begin_array (params, 0);
  pg_params_add_text (params, "a");
  pg_params_add_text (params, "b c");
  pg_params_end_array (params);

  pg_params_begin_array (params, PG_OID_BOX);
  pg_params_add_typed_text (params, PG_OID_BOX, "(1,2),(3,4)");
  pg_params_add_typed_text (params, PG_OID_BOX, "(5,6),(7,8)");
  pg_params_end_array (params);

  pg_params_begin_array (params, 0);
  pg_params_begin_array (params, 0);
  pg_params_add_int32 (params, 1);
  pg_params_add_int32 (params, 2);
  pg_params_end_array (params);
  pg_params_add_int64_array (params, row, 2);
  pg_params_add_variant (params, g_variant_new_parsed ("[5, 6]"));
  pg_params_end_array (params);

  pg_params_begin_array (params, 0);
  pg_params_add_strv (params, strings);
  pg_params_end_array (params);

  /* A type of the user's own has an array type that is not known. */
  pg_params_begin_array (params, 123456);
  pg_params_add_text (params, "label");
  pg_params_end_array (params);

  g_assert_cmpuint (pg_params_get_n_params (params), ==, 10);
  pg_test_assert_params (params, "%s", "int8[] b {1,2,NULL}", "numeric[] t {1,1.50,NaN}", "date[] b {}", "date[] b {2024-02-29}", "- t {NULL}",
                 "- t {a,\"b c\"}", "box[] t {(1,2),(3,4);(5,6),(7,8)}", "int8[] b {{1,2},{3,4},{5,6}}", "text[] t {{x}}", "- t {label}", NULL);
}

static void
test_six_dimensions (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) seven = pg_params_new ();

  for (int i = 0; i < 6; i++)
    pg_params_begin_array (params, 0);
  pg_params_add_boolean (params, TRUE);
  for (int i = 0; i < 6; i++)
    pg_params_end_array (params);
  pg_test_assert_params (params, "%s", "bool[] b {{{{{{t}}}}}}", NULL);

  for (int i = 0; i < 7; i++)
    pg_params_begin_array (seven, 0);
  for (int i = 0; i < 7; i++)
    pg_params_end_array (seven);
  pg_test_assert_params_fail (seven, PG_ERROR_DATA, "parameter 1: an array cannot have more than 6 dimensions");
}

static void
test_records_begun (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgDate) date = pg_date_parse ("2024-02-29", NULL);

  pg_params_begin_record (params, 0);
  pg_params_add_integer (params, 1);
  pg_params_add_text (params, "a \"b\"");
  pg_params_add_null (params);
  pg_params_begin_array (params, 0);
  pg_params_add_date (params, date);
  pg_params_add_null (params);
  pg_params_end_array (params);
  pg_params_begin_record (params, 0);
  pg_params_add_boolean (params, TRUE);
  pg_params_end_record (params);
  pg_params_end_record (params);

  pg_params_begin_array (params, 0);
  for (int i = 0; i < 2; i++)
    {
      pg_params_begin_record (params, 0);
      pg_params_add_integer (params, i);
      pg_params_end_record (params);
    }
  pg_params_add_null (params);
  pg_params_end_array (params);

  pg_test_assert_params (params, "%s", "- t (1,\"a \"\"b\"\"\",,\"{2024-02-29,NULL}\",\"(t)\")", "- t {(0),(1),NULL}", NULL);
}

static void
test_binary_record (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) untyped = pg_params_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%b", TRUE, &error);

  pg_params_begin_record (params, PG_OID_RECORD);
  pg_params_add_int32 (params, 1);
  pg_params_add_typed_text (params, PG_OID_TEXT, "a");
  pg_params_add_typed_text (params, PG_OID_DATE, NULL);
  pg_params_end_record (params);
  pg_test_assert_params (params, "%b", "record b (1,a,)", NULL);

  pg_params_begin_record (untyped, PG_OID_RECORD);
  pg_params_add_text (untyped, "a");
  pg_params_end_record (untyped);
  g_assert_null (pg_query_bind_params (query, untyped, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "parameter 1: a record with a field of no type cannot be sent in binary format ('%b')");
}

static void
test_whole_arrays (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) in_another = pg_params_new ();
  g_autoptr (PgArray) array = pg_array_parse ("[0:1]={1,NULL}", PG_OID_INT4, NULL);
  g_autoptr (PgArray) labels = pg_array_parse ("{a,b}", 123456, NULL);

  pg_params_add_array (params, array);
  pg_params_add_array (params, NULL);
  pg_params_add_array (params, labels);
  pg_params_begin_record (params, 0);
  pg_params_add_array (params, array);
  pg_params_end_record (params);
  pg_test_assert_params (params, "%s", "int4[] b [0:1]={1,NULL}", "- NULL", "- t {a,b}", "- t (\"[0:1]={1,NULL}\")", NULL);

  pg_params_begin_array (in_another, 0);
  pg_params_add_array (in_another, array);
  pg_params_end_array (in_another);
  pg_test_assert_params_fail (in_another, PG_ERROR_PROGRAMMING, "parameter 1: an array of the type int4[] cannot be an element of another");
}

static void
test_what_is_not_ended (void)
{
  g_autoptr (PgParams) array = pg_params_new ();
  g_autoptr (PgParams) record = pg_params_new ();
  g_autoptr (PgParams) never = pg_params_new ();
  g_autoptr (PgParams) crossed = pg_params_new ();
  g_autoptr (PgParams) early = pg_params_new ();

  pg_params_begin_array (array, 0);
  pg_params_add_int32 (array, 1);
  pg_test_assert_params_fail (array, PG_ERROR_PROGRAMMING, "parameter 1: an array was begun and not ended");
  pg_params_end_array (array);
  pg_test_assert_params (array, "%s", "int4[] b {1}", NULL);

  pg_params_begin_record (record, 0);
  pg_test_assert_params_fail (record, PG_ERROR_PROGRAMMING, "parameter 1: a record was begun and not ended");

  pg_params_add_int32 (never, 1);
  pg_params_end_array (never);
  pg_params_end_record (never);
  pg_test_assert_params_fail (never, PG_ERROR_PROGRAMMING, "parameter 1: an array was ended that was not begun");

  pg_params_begin_array (crossed, 0);
  pg_params_begin_record (crossed, 0);
  pg_params_end_array (crossed);
  pg_test_assert_params_fail (crossed, PG_ERROR_PROGRAMMING, "parameter 1: an array was ended before what was begun in it");

  pg_params_begin_array (early, 0);
  pg_params_add_variant (early, g_variant_new_handle (1));
  pg_params_end_array (early);
  pg_test_assert_params_fail (early, PG_ERROR_PROGRAMMING, "parameter 1: a GVariant of type 'h' cannot be sent as a value");
}

static void
test_mixed_arrays (void)
{
  g_autoptr (PgDate) date = pg_date_parse ("2024-02-29", NULL);
  g_autoptr (PgParams) kinds = pg_params_new ();
  g_autoptr (PgParams) declared = pg_params_new ();
  g_autoptr (PgParams) narrow = pg_params_new ();
  g_autoptr (PgParams) ragged = pg_params_new ();

  pg_params_begin_array (kinds, 0);
  pg_params_add_date (kinds, date);
  pg_params_add_int32 (kinds, 1);
  pg_params_end_array (kinds);
  pg_test_assert_params_fail (kinds, PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: date, int4");

  pg_params_begin_array (declared, PG_OID_UUID);
  pg_params_add_boolean (declared, TRUE);
  pg_params_end_array (declared);
  pg_test_assert_params_fail (declared, PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: uuid, bool");

  pg_params_begin_array (narrow, PG_OID_INT4);
  pg_params_add_int64 (narrow, 1);
  pg_params_end_array (narrow);
  pg_test_assert_params_fail (narrow, PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: int4, int8");

  pg_params_begin_array (ragged, 0);
  pg_params_begin_array (ragged, 0);
  pg_params_end_array (ragged);
  pg_params_add_null (ragged);
  pg_params_end_array (ragged);
  pg_test_assert_params_fail (ragged, PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths");
}

static void
test_deep_records (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%s", TRUE, &error);
  g_autoptr (PgParams) fits = pg_params_new ();
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgWireParams) wire = NULL;

  for (int i = 0; i < 16; i++)
    pg_params_begin_record (fits, 0);
  for (int i = 0; i < 16; i++)
    pg_params_end_record (fits);
  wire = pg_query_bind_params (query, fits, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (wire->values[0], "(\"(\"\"("));

  for (int i = 0; i < 10000; i++)
    pg_params_begin_record (params, 0);
  for (int i = 0; i < 10000; i++)
    pg_params_end_record (params);
  pg_test_assert_params_fail (params, PG_ERROR_DATA, "parameter 1: arrays and records are nested more than 16 deep");
}

#define ADD(gtype, setter, argument)                                \
  G_STMT_START                                                      \
    {                                                               \
      g_auto (GValue) value = G_VALUE_INIT;                         \
                                                                    \
      g_value_init (&value, gtype);                                 \
      setter (&value, argument);                                    \
      g_assert_true (pg_params_add_value (params, &value, &error)); \
      g_assert_no_error (error);                                    \
    }                                                               \
  G_STMT_END

static void
test_values (void)
{
  static const char *const strings[] = { "a", "b", NULL };
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;

  ADD (G_TYPE_BOOLEAN, g_value_set_boolean, TRUE);
  ADD (G_TYPE_CHAR, g_value_set_schar, -5);
  ADD (G_TYPE_UCHAR, g_value_set_uchar, 255);
  ADD (G_TYPE_INT, g_value_set_int, 1);
  ADD (G_TYPE_UINT, g_value_set_uint, G_MAXUINT);
  ADD (G_TYPE_LONG, g_value_set_long, 1);
  ADD (G_TYPE_INT64, g_value_set_int64, 1);
  ADD (G_TYPE_UINT64, g_value_set_uint64, 1);
  ADD (G_TYPE_UINT64, g_value_set_uint64, G_MAXUINT64);
  ADD (G_TYPE_FLOAT, g_value_set_float, 0.5f);
  ADD (G_TYPE_DOUBLE, g_value_set_double, 0.5);
  ADD (G_TYPE_STRING, g_value_set_string, "text");
  ADD (G_TYPE_STRING, g_value_set_string, NULL);
  ADD (PG_TYPE_FORMAT, g_value_set_enum, PG_FORMAT_BINARY);
  ADD (G_TYPE_BINDING_FLAGS, g_value_set_flags, G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  ADD (G_TYPE_VARIANT, g_value_take_variant, g_variant_ref_sink (g_variant_new_parsed ("[1, 70000]")));
  ADD (G_TYPE_VARIANT, g_value_set_variant, NULL);
  ADD (G_TYPE_BYTES, g_value_take_boxed, g_bytes_new ("\0\1", 2));
  ADD (G_TYPE_BYTE_ARRAY, g_value_take_boxed, g_byte_array_append (g_byte_array_new (), (const guint8 *) "\0", 1));
  ADD (G_TYPE_STRV, g_value_set_static_boxed, strings);
  ADD (G_TYPE_STRV, g_value_set_static_boxed, NULL);
  ADD (G_TYPE_DATE_TIME, g_value_take_boxed, g_date_time_new_utc (2024, 2, 29, 12, 0, 0.5));
  ADD (G_TYPE_DATE, g_value_take_boxed, g_date_new_dmy (29, G_DATE_FEBRUARY, 2024));
  ADD (G_TYPE_INET_ADDRESS, g_value_take_object, g_inet_address_new_from_string ("127.0.0.1"));
  ADD (PG_TYPE_NUMERIC, g_value_take_boxed, pg_numeric_parse ("1.50", NULL));
  ADD (PG_TYPE_TIME, g_value_take_boxed, pg_time_parse ("12:00:00", NULL));
  ADD (PG_TYPE_INTERVAL, g_value_set_boxed, NULL);
  ADD (PG_TYPE_RANGE, g_value_take_boxed, pg_range_parse ("[1,2)", PG_OID_INT4, NULL));
  ADD (PG_TYPE_RECORD, g_value_take_boxed, pg_record_parse ("(1,2)", NULL));

  pg_test_assert_params (params, "%s", "bool b t", "int2 b -5", "int2 b 255", "int4 b 1", "int8 b 4294967295", "int8 b 1", "int8 b 1", "int8 b 1",
                 "numeric b 18446744073709551615", "float4 b 0.5", "float8 b 0.5", "- t text", "- NULL", "- t binary", "int8 b 3",
                 "int4[] b {1,70000}", "- NULL", "bytea b \\x0001", "bytea b \\x00", "text[] b {a,b}", "text[] NULL",
                 "timestamptz b 2024-02-29 12:00:00.5+00", "date b 2024-02-29", "inet b 127.0.0.1", "numeric b 1.50", "time b 12:00:00",
                 "interval NULL", "int4range b [1,2)", "- t (1,2)", NULL);
}

static void
test_unknown_values (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;
  const GType types[] = { G_TYPE_OBJECT, G_TYPE_POINTER, G_TYPE_ERROR, PG_TYPE_CONNECTION, G_TYPE_GTYPE };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_autofree char *message = g_strdup_printf ("a value of the type %s cannot be sent", g_type_name (types[i]));

      g_value_init (&value, types[i]);
      g_assert_false (pg_params_add_value (params, &value, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_assert_cmpstr (error->message, ==, message);
      g_clear_error (&error);
    }
  g_assert_cmpuint (pg_params_get_n_params (params), ==, 0);
}

static void
test_enum_outside (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;

  ADD (PG_TYPE_FORMAT, g_value_set_enum, 77);
  pg_test_assert_params_fail (params, PG_ERROR_DATA, "parameter 1: a value is none of the enum PgFormat");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("PgParams: each type, arrays and records made piece by piece, values by their GType");

  g_test_add_func ("/pg/params/boxed-types", test_boxed_types);
  g_test_add_func ("/pg/params/numbers", test_numbers);
  g_test_add_func ("/pg/params/money", test_money);
  g_test_add_func ("/pg/params/infinite-interval", test_infinite_interval);
  g_test_add_func ("/pg/params/binary-of-records", test_binary_of_records);
  g_test_add_func ("/pg/params/typed-arrays", test_typed_arrays);
  g_test_add_func ("/pg/params/arrays-begun", test_arrays_begun);
  g_test_add_func ("/pg/params/six-dimensions", test_six_dimensions);
  g_test_add_func ("/pg/params/records-begun", test_records_begun);
  g_test_add_func ("/pg/params/binary-record", test_binary_record);
  g_test_add_func ("/pg/params/whole-arrays", test_whole_arrays);
  g_test_add_func ("/pg/params/what-is-not-ended", test_what_is_not_ended);
  g_test_add_func ("/pg/params/mixed-arrays", test_mixed_arrays);
  g_test_add_func ("/pg/params/deep-records", test_deep_records);
  g_test_add_func ("/pg/params/values", test_values);
  g_test_add_func ("/pg/params/unknown-values", test_unknown_values);
  g_test_add_func ("/pg/params/enum-outside", test_enum_outside);

  return g_test_run ();
}
