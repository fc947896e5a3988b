/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing is rounded: values at the limits of their types, by every way out of a result and back. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-oids.h>

static const gint64 integers[] = {
  G_MININT64, G_MININT64 + 1, -G_GINT64_CONSTANT (9007199254740993), -1, 0, 1, G_GINT64_CONSTANT (9007199254740993), G_MAXINT64 - 1, G_MAXINT64,
};

/* Microseconds from 1970. */
static const struct
{
  const char *text;
  gint64 microseconds;
} timestamps[] = {
  { "4714-11-24 00:00:00 BC", -G_GINT64_CONSTANT (210866803200000000) },
  { "0001-12-31 23:59:59.999999 BC", -G_GINT64_CONSTANT (62135596800000001) },
  { "0001-01-01 00:00:00", -G_GINT64_CONSTANT (62135596800000000) },
  { "1969-12-31 23:59:59.999999", -1 },
  { "1999-12-31 23:59:59.999999", G_GINT64_CONSTANT (946684799999999) },
  { "2024-02-29 12:34:56.000001", G_GINT64_CONSTANT (1709210096000001) },
  { "9999-12-31 23:59:59.999999", G_GINT64_CONSTANT (253402300799999999) },
  { "294246-12-31 23:59:59.999999", G_GINT64_CONSTANT (9223371244799999999) },
  { "294247-01-10 04:00:54.775807", G_MAXINT64 },
};

static void
test_int8 (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("An int8 is all 64 bits: read alone, as GVariant, GValue, numeric, text and column, and sent as each of these.");
  if (connection == NULL)
    return;
  for (PgFormat format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (PgCursor) cursor = NULL;
      PgResult *result;
      g_autofree gint64 *column = NULL;
      g_autofree const char **texts = NULL;
      gsize n = 0;
      g_autoptr (GError) error = NULL;

      pg_params_add_int64_array (params, integers, G_N_ELEMENTS (integers));
      cursor = pg_test_execute_as (connection, format, "SELECT v FROM unnest($1) v", NULL, params);
      result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
      column = pg_result_dup_column_int64s (result, 0, 0, -1, &n, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (column, n * sizeof *column, integers, sizeof integers);
      texts = pg_result_dup_column_texts (result, 0, 0, -1, &n, &error);
      g_assert_no_error (error);

      for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
        {
          g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, integers[i]);
          g_autoptr (GVariant) variant = pg_result_dup_variant (result, i, 0, &error);
          g_autoptr (GVariant) inner = g_variant_get_maybe (variant);
          g_autoptr (PgNumeric) numeric = pg_result_dup_numeric (result, i, 0, &error);
          g_autofree char *numeric_text = pg_numeric_to_string (numeric);
          g_auto (GValue) value = G_VALUE_INIT;
          g_autoptr (PgParams) back = pg_params_new ();
          g_autoptr (PgCursor) back_cursor = NULL;
          g_autofree char *sql = g_strdup_printf ("SELECT $1 = '%s'::int8 AND $2 = '%s'::int8 AND $3 = '%s'::int8 AND $4::int8 = '%s'::int8", expected, expected, expected,
                                                  expected);

          g_assert_true (pg_result_get_value (result, i, 0, &value, &error));
          g_assert_no_error (error);
          g_assert_cmpint (pg_result_get_int64 (result, i, 0, NULL), ==, integers[i]);
          g_assert_cmpint (g_value_get_int64 (&value), ==, integers[i]);
          g_assert_cmpint (g_variant_get_int64 (inner), ==, integers[i]);
          g_assert_cmpint (pg_numeric_to_int64 (numeric, NULL), ==, integers[i]);
          g_assert_cmpstr (numeric_text, ==, expected);
          g_assert_cmpstr (texts[i], ==, expected);

          pg_params_add_int64 (back, integers[i]);
          pg_params_add_variant (back, inner);
          g_assert_true (pg_params_add_value (back, &value, NULL));
          pg_params_add_numeric (back, numeric);
          back_cursor = pg_test_execute_as (connection, format, sql, NULL, back);
          g_assert_true (pg_result_get_boolean (pg_base_cursor_get_result (PG_BASE_CURSOR (back_cursor)), 0, 0, NULL));
        }
    }
}

/* What a double cannot hold is no double. */
static void
test_int8_is_no_double (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("An int8 beyond 53 bits and a numeric are not rounded to a double: that is an error, alone and in a column.");
  if (connection == NULL)
    return;
  for (PgFormat format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, "SELECT 9007199254740993, 9007199254740992, 0.1", NULL, NULL);
      PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));

      for (guint column = 0; column < 3; column++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GError) column_error = NULL;
          gsize n = 0;
          g_autofree double *numbers = pg_result_dup_column_doubles (result, column, 0, -1, &n, &column_error);
          const double number = pg_result_get_double (result, 0, column, &error);

          if (column == 1)
            {
              g_assert_no_error (error);
              g_assert_no_error (column_error);
              g_assert_cmpfloat (number, ==, 9007199254740992.0);
              g_assert_cmpfloat (numbers[0], ==, 9007199254740992.0);
              continue;
            }
          g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
          g_assert_error (column_error, PG_ERROR, PG_ERROR_DATA);
          g_assert_null (numbers);
        }
    }
}

static void
append_repeated (GString *text, const char *digits, guint n)
{
  while (n-- > 0)
    g_string_append (text, digits);
}

static void
test_numeric (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  static const char *const some[] = { "0", "0.0", "-0.00", "9223372036854775808", "-9223372036854775809", "0.1", "1e-16383", "1e131071", "NaN", "Infinity", "-Infinity" };
  g_autoptr (GString) long_one = g_string_new ("-");

  g_test_summary ("A numeric has all its digits and its scale: a thousand before the point and a thousand behind it.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    g_ptr_array_add (texts, g_strdup (some[i]));
  append_repeated (long_one, "1234567890", 100);
  g_string_append_c (long_one, '.');
  append_repeated (long_one, "0000100200", 100);
  g_ptr_array_add (texts, g_strdup (long_one->str));

  for (PgFormat format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    for (guint i = 0; i < texts->len; i++)
      {
        g_autofree char *sql = g_strdup_printf ("SELECT v, v::text FROM (VALUES ('%s'::numeric)) x(v)", (char *) texts->pdata[i]);
        g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, sql, NULL, NULL);
        PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
        g_autofree char *expected = pg_test_cell (cursor, 0, 1);
        g_autofree char *text = pg_test_cell (cursor, 0, 0);
        g_autoptr (PgNumeric) numeric = pg_result_dup_numeric (result, 0, 0, NULL);
        g_autofree char *numeric_text = pg_numeric_to_string (numeric);
        g_autoptr (PgNumeric) parsed = pg_numeric_parse (texts->pdata[i], NULL);
        g_autoptr (GVariant) variant = pg_result_dup_variant (result, 0, 0, NULL);
        g_autoptr (GVariant) inner = g_variant_get_maybe (variant);
        gsize n = 0;
        g_autofree const char **column = pg_result_dup_column_texts (result, 0, 0, -1, &n, NULL);
        g_autoptr (PgParams) params = pg_params_new ();
        g_autoptr (PgCursor) back = NULL;
        g_autofree char *back_text = NULL;
        g_autofree char *parsed_text = NULL;

        g_assert_cmpstr (text, ==, expected);
        g_assert_cmpstr (numeric_text, ==, expected);
        g_assert_cmpstr (g_variant_get_string (inner, NULL), ==, expected);
        g_assert_cmpstr (column[0], ==, expected);
        g_assert_true (pg_numeric_equal (numeric, parsed));
        pg_params_add_numeric (params, numeric);
        pg_params_add_numeric (params, parsed);
        back = pg_test_execute_as (connection, format, format == PG_FORMAT_TEXT ? "SELECT %t::numeric::text, %t::numeric::text" : "SELECT %b::text, %b::text", NULL, params);
        back_text = pg_test_cell (back, 0, 0);
        parsed_text = pg_test_cell (back, 0, 1);
        g_assert_cmpstr (back_text, ==, expected);
        g_assert_cmpstr (parsed_text, ==, expected);
      }
}

static void
test_timestamp (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (GString) values = g_string_new (NULL);

  g_test_summary ("A timestamp has its microseconds from 4714 BC on, alone, in a column, and back.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (timestamps); i++)
    g_string_append_printf (values, "%s('%s'::timestamp)", i > 0 ? ", " : "", timestamps[i].text);
  for (PgFormat format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT v FROM (VALUES %s) x(v)", values->str);
      g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, sql, NULL, NULL);
      PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) validity = NULL;
      g_autoptr (GBytes) data = pg_result_dup_column_data (result, 0, 0, -1, &validity, &error);
      const gint64 *column;
      gsize size = 0;

      g_assert_no_error (error);
      column = g_bytes_get_data (data, &size);
      g_assert_cmpuint (size, ==, sizeof (gint64) * G_N_ELEMENTS (timestamps));
      for (guint i = 0; i < G_N_ELEMENTS (timestamps); i++)
        {
          g_autoptr (PgTimestamp) timestamp = pg_result_dup_timestamp (result, i, 0, &error);
          g_autofree char *text = pg_timestamp_to_string (timestamp);
          g_autoptr (PgTimestamp) parsed = pg_timestamp_parse (timestamps[i].text, NULL);
          g_autoptr (PgParams) params = pg_params_new ();
          g_autoptr (PgCursor) back = NULL;
          g_autofree char *back_text = NULL;

          g_assert_cmpstr (text, ==, timestamps[i].text);
          g_assert_cmpint (column[i], ==, timestamps[i].microseconds);
          g_assert_true (pg_timestamp_equal (timestamp, parsed));
          pg_params_add_timestamp (params, timestamp);
          back = pg_test_execute_as (connection, format, format == PG_FORMAT_TEXT ? "SELECT %t::timestamp::text" : "SELECT %b::text", NULL, params);
          back_text = pg_test_cell (back, 0, 0);
          g_assert_cmpstr (back_text, ==, timestamps[i].text);
        }
    }
}

/* The last year is more than 64 bits of microseconds from 1970: the value has it, a column of them says so. */
static void
test_last_timestamp (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  static const char last[] = "294276-12-31 23:59:59.999999";

  g_test_summary ("The last timestamp and infinity are themselves, and no number of microseconds from 1970.");
  if (connection == NULL)
    return;
  for (PgFormat format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, "SELECT '294276-12-31 23:59:59.999999'::timestamp, 'infinity'::timestamp", NULL, NULL);
      PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
      static const char *const texts[] = { last, "infinity" };

      for (guint column = 0; column < 2; column++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgTimestamp) timestamp = pg_result_dup_timestamp (result, 0, column, NULL);
          g_autofree char *text = pg_timestamp_to_string (timestamp);
          g_autoptr (GBytes) data = pg_result_dup_column_data (result, column, 0, -1, NULL, &error);
          g_autoptr (PgParams) params = pg_params_new ();
          g_autoptr (PgCursor) back = NULL;
          g_autofree char *back_text = NULL;

          g_assert_cmpstr (text, ==, texts[column]);
          g_assert_null (data);
          g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
          pg_params_add_timestamp (params, timestamp);
          back = pg_test_execute_as (connection, format, "SELECT $1::text", NULL, params);
          back_text = pg_test_cell (back, 0, 0);
          g_assert_cmpstr (back_text, ==, texts[column]);
        }
    }
}

/* What the server refuses is refused, what it takes is taken, and is the same. */
static void
test_limits (void)
{
  static const struct
  {
    guint32 type;
    const char *name;
    const char *const texts[20];
  } cases[] = {
    { PG_OID_DATE, "date",
      { "5874897-12-31", "5874898-01-01", "4714-11-24 BC", "4714-11-23 BC", "0000-01-01", "0001-01-01", "0001-12-31 BC", "2023-02-29", "2024-02-29", "1900-02-29", "2000-02-29",
        "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00", "infinity", "-infinity" } },
    { PG_OID_TIMESTAMP, "timestamp",
      { "294276-12-31 23:59:59.999999", "294277-01-01 00:00:00", "4714-11-24 00:00:00 BC", "4714-11-23 23:59:59.999999 BC", "2024-01-01 25:00:00", "2024-01-01 12:60:00",
        "2024-02-30 00:00:00", "infinity", "-infinity" } },
    { PG_OID_TIMESTAMPTZ, "timestamptz",
      { "294276-12-31 23:59:59.999999+00", "294276-12-31 23:59:59.999999-01", "294277-01-01 00:00:00+01", "4714-11-24 00:00:00+00 BC", "4714-11-24 00:00:00+01 BC",
        "4714-11-24 00:59:59+01 BC", "4714-11-24 01:00:00+01 BC", "2024-01-01 00:00:00+15:59:59", "2024-01-01 00:00:00+16", "infinity" } },
    { PG_OID_TIME, "time", { "00:00:00", "24:00:00", "24:00:00.000001", "24:00:01", "23:59:59.999999", "12:60:00", "25:00:00" } },
    { PG_OID_TIMETZ, "timetz", { "24:00:00+15:59:59", "24:00:00-15:59:59", "00:00:00+16", "00:00:00-16", "00:00:00+00", "24:00:01+00" } },
    { PG_OID_INTERVAL, "interval",
      { "178956970 years 7 mons", "178956970 years 8 mons", "-178956970 years -8 mons", "-178956970 years -9 mons", "2147483647 days", "2147483648 days", "-2147483648 days",
        "-2147483649 days", "2562047788:00:54.775807", "2562047788:00:54.775808", "2562047789:00:00", "-2562047788:00:54.775807", "-2562047788:00:54.775809", "12 mons", "30 days",
        "24:00:00" } },
    { PG_OID_NUMERIC, "numeric", { "1e131071", "1e131072", "1e-16383", "NaN", "Infinity", "-Infinity", "-0", "0.000", "1e400000000000" } },
    { PG_OID_FLOAT4, "float4", { "3.4028235e+38", "3.5e+38", "1e-45", "1e-46", "-0", "NaN", "-Infinity" } },
    { PG_OID_FLOAT8, "float8", { "1.7976931348623157e+308", "1.8e+308", "5e-324", "2e-324", "2.2250738585072011e-308", "-0", "NaN" } },
    { PG_OID_INT8, "int8", { "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809" } },
    { PG_OID_INT4, "int4", { "2147483647", "2147483648", "-2147483648", "-2147483649" } },
    { PG_OID_INT2, "int2", { "32767", "32768", "-32768", "-32769" } },
    { PG_OID_OID, "oid", { "0", "4294967295", "4294967296" } },
    { PG_OID_XID8, "xid8", { "0", "18446744073709551615" } },
    { PG_OID_INET, "inet", { "1.2.3.4/32", "1.2.3.4/33", "255.255.255.255", "256.0.0.0", "1.2.3.4/0", "::/128", "::/129", "::1/0", "1::2::3", "12345::" } },
    { PG_OID_CIDR, "cidr", { "10.0.0.0/8", "10.0.0.1/8", "0.0.0.0/0", "1.2.3.4/32", "::/0", "::1/127", "2001:db8::/32" } },
    { PG_OID_VARBIT, "varbit", { "", "0", "1", "2", "11111111", "111111111" } },
    { PG_OID_UUID_ARRAY, "uuid[]", { "{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}" } },
    { PG_OID_INT4_ARRAY, "int4[]",
      { "{}", "{{{{{{1}}}}}}", "{{{{{{{1}}}}}}}", "[2147483646:2147483646]={1}", "[-2147483648:-2147483648]={1}", "[1:1]={1,2}", "{{1},{2,3}}", "{1", "{NULL}", "[0:-1]={}" } },
    { PG_OID_INT4RANGE, "int4range", { "[1,2)", "[-2147483648,2147483647)", "[1,2147483648)", "empty", "(,)" } },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("The limits of a type are where the server has them.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET TimeZone = 'UTC';"
                           "CREATE FUNCTION try (type text, value text) RETURNS text LANGUAGE plpgsql AS 'DECLARE output text; BEGIN"
                           " EXECUTE format(''SELECT format(''''%%s'''', %L::%s)'', value, type) INTO output; RETURN output; EXCEPTION WHEN data_exception OR program_limit_exceeded"
                           " THEN RETURN NULL; END'");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint k = 0; cases[i].texts[k] != NULL; k++)
      {
        const char *text = cases[i].texts[k];
        g_autofree char *sql = g_strdup_printf ("SELECT try('%s', '%s')", cases[i].name, text);
        g_autofree char *expected = pg_test_text (connection, sql);
        const PgWireValue wire = { .data = (const guint8 *) text, .length = strlen (text), .type = cases[i].type, .modifier = -1, .format = PG_FORMAT_TEXT };
        g_autoptr (GString) bytes = g_string_new (NULL);
        g_auto (GValue) value = G_VALUE_INIT;
        g_autoptr (GError) error = NULL;
        const gboolean ok = pg_codec_to_value (&wire, &value, &error);

        g_test_message ("%s %s", cases[i].name, text);
        g_assert_true (ok == (expected != NULL));
        if (!ok)
          {
            g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
            continue;
          }
        pg_codec_encode (NULL, cases[i].type, &value, PG_FORMAT_TEXT, bytes, &error);
        g_assert_no_error (error);
        if (!G_VALUE_HOLDS_VARIANT (&value)) /* which has no bounds */
          g_assert_cmpstr (bytes->str, ==, expected);
      }
}

static void
test_money (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
    gint64 cents;
  } cases[] = {
    { "92233720368547758.07", "$92,233,720,368,547,758.07", G_MAXINT64 },
    { "-92233720368547758.08", "-$92,233,720,368,547,758.08", G_MININT64 },
    { "-0.01", "-$0.01", -1 },
    { "0", "$0.00", 0 },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("An amount of money is its text in text format, and all its 64 bits in binary.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET lc_monetary = 'C'");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT '%s'::money", cases[i].text);
      g_autoptr (PgCursor) text = pg_test_execute_as (connection, PG_FORMAT_TEXT, sql, NULL, NULL);
      g_autoptr (PgCursor) binary = pg_test_execute_as (connection, PG_FORMAT_BINARY, sql, NULL, NULL);
      g_autofree char *shown = pg_test_cell (text, 0, 0);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (binary)), 0, 0, &error), ==, cases[i].cents);
      g_assert_no_error (error);
      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/exact/int8", test_int8);
  g_test_add_func ("/pg/exact/int8-is-no-double", test_int8_is_no_double);
  g_test_add_func ("/pg/exact/numeric", test_numeric);
  g_test_add_func ("/pg/exact/timestamp", test_timestamp);
  g_test_add_func ("/pg/exact/last-timestamp", test_last_timestamp);
  g_test_add_func ("/pg/exact/limits", test_limits);
  g_test_add_func ("/pg/exact/money", test_money);

  return g_test_run ();
}
