/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgParams, value by value. GVariants: test-params.c. */
#include "pg-test-bound.h"

#include <math.h>
#include <string.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-query-private.h>

#define N_MADE 22

static PgParams *
make_params (void)
{
  static const char *const strv[] = { "a", "b c", "", NULL };
  static const gint64 integers[] = { 1, -2, G_MAXINT64 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\1", 2);
  g_autoptr (GBytes) no_bytes = g_bytes_new (NULL, 0);
  g_autoptr (PgNumeric) numeric = pg_numeric_parse ("-1.500", &error);
  g_autoptr (PgDate) date = pg_date_new_from_ymd (2000, 1, 2, &error);
  g_autoptr (PgDate) infinity = pg_date_new_infinity (FALSE);
  g_autoptr (PgTimestamp) local = pg_timestamp_new_from_microseconds (5, FALSE, &error);
  g_autoptr (PgTimestamp) zoned = pg_timestamp_new_from_microseconds (-1, TRUE, &error);
  g_autoptr (PgParams) params = pg_params_new ();

  g_assert_no_error (error);
  pg_params_add_null (params);
  pg_params_add_boolean (params, TRUE);
  pg_params_add_int16 (params, -1);
  pg_params_add_int32 (params, -1);
  pg_params_add_int64 (params, -1);
  pg_params_add_double (params, 1.5);
  pg_params_add_text (params, "text");
  pg_params_add_typed_text (params, PG_OID_MONEY, "5");
  pg_params_add_bytes (params, bytes);
  pg_params_add_bytes (params, no_bytes);
  pg_params_add_numeric (params, numeric);
  pg_params_add_date (params, date);
  pg_params_add_date (params, infinity);
  pg_params_add_timestamp (params, local);
  pg_params_add_timestamp (params, zoned);
  pg_params_add_uuid (params, "00112233-4455-6677-8899-aabbccddeeff");
  pg_params_add_json (params, "{}");
  pg_params_add_jsonb (params, "[1]");
  pg_params_add_variant (params, g_variant_new_int64 (70000));
  pg_params_add_strv (params, strv);
  pg_params_add_int64_array (params, integers, G_N_ELEMENTS (integers));
  pg_params_add_int64_array (params, NULL, 0);
  return g_steal_pointer (&params);
}

static char *
make_query (const char *placeholder)
{
  g_autoptr (GString) text = g_string_new ("values (");

  for (guint i = 0; i < N_MADE; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", placeholder);
  g_string_append_c (text, ')');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_builder (void)
{
  static const struct
  {
    guint32 type;
    const char *value;
    const char *text;
  } expected[N_MADE] = {
    { 0, NULL, NULL },
    { PG_OID_BOOL, "x01", "t" },
    { PG_OID_INT2, "xffff", "-1" },
    { PG_OID_INT4, "xffffffff", "-1" },
    { PG_OID_INT8, "xffffffffffffffff", "-1" },
    { PG_OID_FLOAT8, "x3ff8000000000000", "1.5" },
    { 0, "text", "text" },
    { PG_OID_MONEY, "5", "5" },
    { PG_OID_BYTEA, "x0001", "\\x0001" },
    { PG_OID_BYTEA, "x", "\\x" },
    { PG_OID_NUMERIC, "x" "0002" "0000" "4000" "0003" "0001" "1388", "-1.500" },
    { PG_OID_DATE, "x00000001", "2000-01-02" },
    { PG_OID_DATE, "x7fffffff", "infinity" },
    { PG_OID_TIMESTAMP, "x0000000000000005", "2000-01-01 00:00:00.000005" },
    { PG_OID_TIMESTAMPTZ, "xffffffffffffffff", "1999-12-31 23:59:59.999999+00" },
    { PG_OID_UUID, "00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff" },
    { PG_OID_JSON, "{}", "{}" },
    { PG_OID_JSONB, "[1]", "[1]" },
    { PG_OID_INT4, "x00011170", "70000" },
    { PG_OID_TEXT_ARRAY, "{a,\"b c\",\"\"}", "{a,\"b c\",\"\"}" },
    { PG_OID_INT8_ARRAY,
      "{1,-2,9223372036854775807}",
      "{1,-2,9223372036854775807}" },
    { PG_OID_INT8_ARRAY, "{}", "{}" },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *automatic_text = make_query ("%s");
  g_autofree char *forced_text = make_query ("%t");
  g_autoptr (PgQuery) automatic = pg_query_get (automatic_text, TRUE, &error);
  g_autoptr (PgQuery) forced = pg_query_get (forced_text, TRUE, &error);
  g_autoptr (PgParams) params = make_params ();
  g_autoptr (PgWireParams) wire = pg_query_bind_params (automatic, params, NULL, &error);
  g_autoptr (PgWireParams) text_wire = pg_query_bind_params (forced, params, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pg_params_get_n_params (params), ==, N_MADE);
  /* What was bound does not need what it was bound from. */
  g_clear_pointer (&params, pg_params_unref);
  for (guint i = 0; i < N_MADE; i++)
    {
      g_test_message ("parameter %u", i);
      pg_test_assert_bound (wire, i, expected[i].type, expected[i].value);
      g_assert_cmpint (text_wire->formats[i], ==, 0);
      pg_test_assert_bound (text_wire, i, expected[i].type, expected[i].text);
    }
}

static void
test_builder_binary_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%b %b %b %b", TRUE, &error);
  g_autoptr (PgQuery) uuid_query = pg_query_get ("%b", TRUE, &error);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) uuid = pg_params_new ();
  g_autoptr (PgParams) search = pg_params_new ();
  g_autoptr (PgWireParams) wire = NULL;
  g_autoptr (PgWireParams) uuid_wire = NULL;

  pg_params_add_text (params, "a");
  pg_params_add_typed_text (params, PG_OID_VARCHAR, "b");
  pg_params_add_json (params, "1");
  pg_params_add_jsonb (params, "2");
  wire = pg_query_bind_params (query, params, NULL, &error);
  g_assert_no_error (error);
  pg_test_assert_bound (wire, 0, PG_OID_TEXT, "x61");
  pg_test_assert_bound (wire, 1, PG_OID_VARCHAR, "x62");
  pg_test_assert_bound (wire, 2, PG_OID_JSON, "x31");
  pg_test_assert_bound (wire, 3, PG_OID_JSONB, "x0132");

  pg_params_add_uuid (uuid, "00112233-4455-6677-8899-aabbccddeeff");
  uuid_wire = pg_query_bind_params (uuid_query, uuid, NULL, &error);
  g_assert_no_error (error);
  pg_test_assert_bound (uuid_wire, 0, PG_OID_UUID, "x00112233445566778899aabbccddeeff");

  pg_params_add_typed_text (search, PG_OID_TSQUERY, "a & b");
  g_assert_null (pg_query_bind_params (uuid_query, search, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "parameter 1: a value of the type gchararray cannot be sent as tsquery in binary format");
}

static void
test_builder_nulls (void)
{
  static const guint32 types[] = {
    0, PG_OID_MONEY, PG_OID_BYTEA, PG_OID_NUMERIC, PG_OID_DATE, 0, PG_OID_UUID, PG_OID_JSON, PG_OID_JSONB, 0, PG_OID_TEXT_ARRAY, 0,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("$12", TRUE, &error);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgWireParams) wire = NULL;

  pg_params_add_text (params, NULL);
  pg_params_add_typed_text (params, PG_OID_MONEY, NULL);
  pg_params_add_bytes (params, NULL);
  pg_params_add_numeric (params, NULL);
  pg_params_add_date (params, NULL);
  pg_params_add_timestamp (params, NULL);
  pg_params_add_uuid (params, NULL);
  pg_params_add_json (params, NULL);
  pg_params_add_jsonb (params, NULL);
  pg_params_add_variant (params, NULL);
  pg_params_add_strv (params, NULL);
  pg_params_add_variant (params, g_variant_new_maybe (G_VARIANT_TYPE_STRING, NULL));
  wire = pg_query_bind_params (query, params, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    pg_test_assert_bound (wire, i, types[i], NULL);
}

static void
test_builder_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%(b)s %(a)s %(b)s", TRUE, &error);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgWireParams) wire = NULL;

  pg_params_add_int32 (params, 1);
  pg_params_set_name (params, 0, "lost");
  pg_params_set_name (params, 0, "a");
  pg_params_add_variant (params, g_variant_new ("(ii)", 1, 2));
  pg_params_set_name (params, 1, "extra");
  pg_params_add_text (params, "x");
  pg_params_set_name (params, 2, "b");
  wire = pg_query_bind_params (query, params, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wire->n_params, ==, 2);
  pg_test_assert_bound (wire, 0, 0, "x");
  pg_test_assert_bound (wire, 1, PG_OID_INT4, "x00000001");
}

static void
assert_builder_error (const char *text,
                      PgParams *params,
                      const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get (text, TRUE, &error);

  g_assert_no_error (error);
  g_assert_null (pg_query_bind_params (query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_builder_errors (void)
{
  g_autoptr (PgParams) empty = pg_params_new ();
  g_autoptr (PgParams) unnamed = pg_params_new ();
  g_autoptr (PgParams) named = pg_params_new ();

  pg_params_add_int32 (unnamed, 1);
  assert_builder_error ("%s", empty, "the query has 1 placeholders but 0 parameters were passed");
  assert_builder_error ("$2", unnamed, "the query has 2 placeholders but 1 parameters were passed");
  assert_builder_error ("%(a)s", empty, "query parameter missing: a");
  assert_builder_error ("%(a)s", unnamed, "the query has named placeholders: its parameters must have names");

  pg_params_add_int32 (named, 1);
  pg_params_set_name (named, 0, "a");
  assert_builder_error ("%s", named, "the query has positional placeholders: its parameters must be a sequence without names");
  assert_builder_error ("%(a)s%(b)s", named, "query parameter missing: b");
  pg_params_add_variant (named, g_variant_new ("()"));
  pg_params_set_name (named, 1, "a");
  assert_builder_error ("%(a)s", named, "query parameter given twice: a");
  pg_params_add_variant (named, g_variant_new_handle (1));
  pg_params_set_name (named, 2, "c");
  assert_builder_error ("%(c)s", named, "parameter 'c': a GVariant of type 'h' cannot be sent as a value");
  pg_params_set_name (named, 2, NULL);
  assert_builder_error ("%(a)s", named, "some of the query parameters have no name");

  pg_params_add_variant (unnamed, g_variant_new_handle (1));
  assert_builder_error ("%s %s", unnamed, "parameter 2: a GVariant of type 'h' cannot be sent as a value");
}

static void
test_builder_is_boxed (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  PgParams *copy;

  g_assert_true (G_TYPE_IS_BOXED (PG_TYPE_PARAMS));
  copy = g_boxed_copy (PG_TYPE_PARAMS, params);
  g_assert_true (copy == params);
  g_boxed_free (PG_TYPE_PARAMS, copy);
  g_assert_cmpuint (pg_params_get_n_params (params), ==, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/params-methods/every-method", test_builder);
  g_test_add_func ("/pg/params-methods/binary-text", test_builder_binary_text);
  g_test_add_func ("/pg/params-methods/nulls", test_builder_nulls);
  g_test_add_func ("/pg/params-methods/names", test_builder_names);
  g_test_add_func ("/pg/params-methods/errors", test_builder_errors);
  g_test_add_func ("/pg/params-methods/is-boxed", test_builder_is_boxed);
  return g_test_run ();
}
