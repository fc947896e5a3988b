/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgCursor: values and parameters, there and back through a real server. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-values.h"

#include <locale.h>
#include <string.h>

#include <pgconn/types/pg-codec-private.h>

/* --- the same values in both formats --- */

static char *
print_value (PgResult *result, guint row, guint column)
{
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean ok = pg_result_get_value (result, row, column, &value, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  if (G_VALUE_HOLDS_STRING (&value))
    return g_value_dup_string (&value);
  if (g_value_type_transformable (G_VALUE_TYPE (&value), G_TYPE_STRING) && G_VALUE_HOLDS_BOXED (&value))
    {
      g_auto (GValue) string = G_VALUE_INIT;

      g_value_init (&string, G_TYPE_STRING);
      g_assert_true (g_value_transform (&value, &string));
      return g_value_dup_string (&string);
    }
  if (G_VALUE_HOLDS (&value, G_TYPE_BYTES))
    {
      g_autoptr (GVariant) bytes = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, g_value_get_boxed (&value), TRUE));

      return g_variant_print (bytes, TRUE);
    }
  /* A class of the library's without such a function: its text was compared, this is about the type. */
  if (G_VALUE_HOLDS_BOXED (&value))
    return g_strdup (G_VALUE_TYPE_NAME (&value));
  return g_strdup_value_contents (&value);
}

static void
test_formats (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Each value is the same in text and in binary: as text, as GVariant and as GValue.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET TimeZone = 'UTC'");
  for (gsize i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *value = &pg_test_values[i];
      g_autofree char *sql = g_strdup_printf ("SELECT $1::%s", pg_codec_get_name (pg_codec_lookup (value->type)));
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (PgCursor) text = NULL;
      g_autoptr (PgCursor) binary = NULL;
      g_autoptr (GVariant) text_variant = NULL;
      g_autoptr (GVariant) binary_variant = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text_text = NULL;
      g_autofree char *binary_text = NULL;
      g_autofree char *text_value = NULL;
      g_autofree char *binary_value = NULL;
      PgResult *text_result, *binary_result;

      g_test_message ("%s %s", sql, value->text);
      pg_params_add_typed_text (params, value->type, value->text);
      text = pg_test_execute_as (connection, PG_FORMAT_TEXT, sql, NULL, params);
      binary = pg_test_execute_as (connection, PG_FORMAT_BINARY, sql, NULL, params);
      text_result = pg_base_cursor_get_result (PG_BASE_CURSOR (text));
      binary_result = pg_base_cursor_get_result (PG_BASE_CURSOR (binary));
      g_assert_cmpint (pg_column_get_format (pg_result_get_column (text_result, 0)), ==, PG_FORMAT_TEXT);
      g_assert_cmpint (pg_column_get_format (pg_result_get_column (binary_result, 0)), ==, PG_FORMAT_BINARY);
      g_assert_cmpuint (pg_column_get_type_oid (pg_result_get_column (binary_result, 0)), ==, value->type);
      text_text = pg_test_cell (text, 0, 0);
      binary_text = pg_test_cell (binary, 0, 0);
      g_assert_cmpstr (text_text, ==, value->text);
      g_assert_cmpstr (binary_text, ==, value->text);
      text_variant = pg_result_dup_variant (text_result, 0, 0, &error);
      g_assert_no_error (error);
      binary_variant = pg_result_dup_variant (binary_result, 0, 0, &error);
      g_assert_no_error (error);
      if (strstr (value->text, "NaN") == NULL)
        g_assert_cmpvariant (text_variant, binary_variant);
      text_value = print_value (text_result, 0, 0);
      binary_value = print_value (binary_result, 0, 0);
      g_assert_cmpstr (text_value, ==, binary_value);
    }
}

static void
test_formats_catalogue (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  const char *sql = "SELECT oid, typname, typlen, typbyval, typcategory::text, typdelim, typmodin::oid, typnotnull, typbasetype, typdefault, (oid::int8 * 7919 - "
                    "2147483647)::int8, (oid::int8::float8 / 7), (oid::int8::numeric / 7), array[oid::int8, NULL, -oid::int8], array[typname::text, NULL], "
                    "(oid::int8 % 5000)::int4 + date '2000-01-01', to_timestamp(oid::int8) at time zone 'UTC', md5(typname)::uuid, decode(md5(typname), "
                    "'hex'), to_json(typname), to_jsonb(typname), typname || NULL FROM pg_type ORDER BY oid";
  g_autoptr (PgCursor) text = NULL;
  g_autoptr (PgCursor) binary = NULL;
  guint n_rows, n_columns;

  g_test_summary ("A table of hundreds of rows of every kind of value is the same in both formats.");
  if (connection == NULL)
    return;
  text = pg_test_execute_as (connection, PG_FORMAT_TEXT, sql, NULL, NULL);
  binary = pg_test_execute_as (connection, PG_FORMAT_BINARY, sql, NULL, NULL);
  n_rows = pg_result_get_n_rows (pg_base_cursor_get_result (PG_BASE_CURSOR (text)));
  n_columns = pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (text)));
  g_assert_cmpuint (n_rows, >, 500);
  g_assert_cmpuint (n_columns, ==, 22);
  for (guint r = 0; r < n_rows; r++)
    for (guint c = 0; c < n_columns; c++)
      {
        g_autofree char *text_cell = pg_test_cell (text, r, c);
        g_autofree char *binary_cell = pg_test_cell (binary, r, c);

        g_assert_cmpstr (text_cell, ==, binary_cell);
      }
}

static void
test_formats_without_codec (void)
{
  static const char *const values[] = { "point '(1,2)'", "inet '10.0.0.1/8'", "int4range '[1,2)'", "interval '1 day'", "row(1,'x')", "'1'::bit(3)" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A type without binary codec is its text, and in binary an error that names it, or bytes; never a wrong value.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *sql = g_strconcat ("SELECT ", values[i], NULL);
      g_autoptr (PgCursor) text = pg_test_execute_as (connection, PG_FORMAT_TEXT, sql, NULL, NULL);
      g_autoptr (PgCursor) binary = pg_test_execute_as (connection, PG_FORMAT_BINARY, sql, NULL, NULL);
      g_autofree char *shown = pg_test_cell (text, 0, 0);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s = %s", values[i], shown);
      g_assert_nonnull (shown);
      if (pg_codec_has_binary (pg_column_get_type_oid (pg_result_get_column (pg_base_cursor_get_result (PG_BASE_CURSOR (binary)), 0))))
        continue;
      g_assert_null (pg_result_dup_text (pg_base_cursor_get_result (PG_BASE_CURSOR (binary)), 0, 0, &error));
      g_assert_cmpint (pg_error_get_class (error), ==, PG_ERROR_CLASS_DATA);
    }
}

/* --- parameters --- */

static void
test_variants (void)
{
  static const struct
  {
    const char *params; /* a GVariant's text: one value in a tuple */
    const char *cast;
    const char *expected; /* type and text */
  } cases[] = {
    { "(true,)", "", "boolean true" },
    { "(false,)", "", "boolean false" },
    { "(byte 255,)", "", "smallint 255" },
    { "(int16 -5,)", "", "smallint -5" },
    { "(uint16 65535,)", "", "integer 65535" },
    { "(1,)", "", "smallint 1" },
    { "(32768,)", "", "integer 32768" },
    { "(uint32 4294967295,)", "", "bigint 4294967295" },
    { "(int64 -9223372036854775808,)", "", "bigint -9223372036854775808" },
    { "(uint64 9223372036854775807,)", "", "bigint 9223372036854775807" },
    { "(uint64 18446744073709551615,)", "", "numeric 18446744073709551615" },
    { "(0.1,)", "", "double precision 0.1" },
    { "(-0.0,)", "", "double precision -0" },
    { "(1e-300,)", "", "double precision 1e-300" },
    { "('ü€😀\\'\"\\\\',)", "::text", "text ü€😀'\"\\" },
    { "('',)", "::text", "text " },
    { "('12.50',)", "::numeric(6,2)", "numeric 12.50" },
    { "('2024-02-29',)", "::date", "date 2024-02-29" },
    { "(objectpath '/a/b',)", "::text", "text /a/b" },
    { "(signature 'a{sv}',)", "::text", "text a{sv}" },
    { "(@ay [0x00, 0xff, 0x5c],)", "", "bytea \\x00ff5c" },
    { "(@ay [],)", "", "bytea \\x" },
    { "(<int32 7>,)", "", "smallint 7" },
    { "(<<'x'>>,)", "::text", "text x" },
    { "(@mi 7,)", "", "smallint 7" },
    { "(@mi nothing,)", "::int", "integer NULL" },
    { "(@mv nothing,)", "::text", "text NULL" },
    { "([1, 2, 3],)", "", "smallint[] {1,2,3}" },
    { "([1, 70000],)", "", "integer[] {1,70000}" },
    { "(@ax [1, 5000000000],)", "", "bigint[] {1,5000000000}" },
    { "([@mi 1, nothing, 3],)", "::int[]", "integer[] {1,NULL,3}" },
    { "([[1, 2], [3, 4]],)", "", "smallint[] {{1,2},{3,4}}" },
    { "(['a', 'b c', '', 'NULL', '\"', '\\\\', '{}', ','],)", "::text[]", "text[] {a,\"b c\",\"\",\"NULL\",\"\\\"\",\"\\\\\",\"{}\",\",\"}" },
    { "(@as [],)", "::text[]", "text[] {}" },
    { "(@ai [],)", "::int[]", "integer[] {}" },
    { "([0.5, 1e300],)", "", "double precision[] {0.5,1e+300}" },
    { "([true, false],)", "", "boolean[] {t,f}" },
    { "(@aay [[0x00], [0xff, 0x41]],)", "", "bytea[] {\"\\\\x00\",\"\\\\xff41\"}" },
    { "([<1>, <70000>, <@mi nothing>],)", "", "integer[] {1,70000,NULL}" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("Every kind of GVariant arrives as the value it is, of the type it says.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT pg_typeof($1%s)::text || ' ' || coalesce($1%s::text, 'NULL')", cases[i].cast, cases[i].cast);
      g_autoptr (GError) error = NULL;
      GVariant *params = g_variant_parse (NULL, cases[i].params, NULL, NULL, &error);
      g_autoptr (PgCursor) cursor = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%s", cases[i].params);
      g_assert_no_error (error);
      cursor = pg_connection_execute (connection, sql, params, NULL, &error);
      g_variant_unref (params);
      g_assert_no_error (error);
      text = pg_test_cell (cursor, 0, 0);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static PgParams *
all_kinds (void)
{
  static const gint64 numbers[] = { G_MININT64, 0, G_MAXINT64 };
  static const char *const strings[] = { "a", "", "NULL", "ü\"\\", NULL };
  static const guint8 data[] = { 0, 1, 0, 255 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgNumeric) numeric = pg_numeric_parse ("-12345678901234567890.0123456789", &error);
  g_autoptr (PgDate) date = pg_date_parse ("0044-03-15 BC", &error);
  g_autoptr (PgTimestamp) timestamp = pg_timestamp_parse ("2024-02-29 12:34:56.000001", &error);
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, sizeof data);
  PgParams *params = pg_params_new ();

  g_assert_no_error (error);
  pg_params_add_null (params);
  pg_params_add_boolean (params, TRUE);
  pg_params_add_int16 (params, G_MININT16);
  pg_params_add_int32 (params, G_MININT32);
  pg_params_add_int64 (params, G_MININT64);
  pg_params_add_double (params, 0.1);
  pg_params_add_text (params, "ü€😀");
  pg_params_add_typed_text (params, 869, "10.0.0.1/8");
  pg_params_add_bytes (params, bytes);
  pg_params_add_numeric (params, numeric);
  pg_params_add_date (params, date);
  pg_params_add_timestamp (params, timestamp);
  pg_params_add_uuid (params, "d6a0e6b0-1234-4000-8000-0123456789ab");
  pg_params_add_json (params, "{\"a\":  1}");
  pg_params_add_jsonb (params, "{\"a\":  1}");
  pg_params_add_variant (params, g_variant_new_int32 (100000));
  pg_params_add_strv (params, strings);
  pg_params_add_int64_array (params, numbers, G_N_ELEMENTS (numbers));
  return params;
}

static void
test_params (void)
{
  static const char *const expected[] = {
    NULL, "t", "-32768", "-2147483648", "-9223372036854775808", "0.1", "ü€😀", "10.0.0.1/8", "\\x000100ff", "-12345678901234567890.0123456789",
    "0044-03-15 BC", "2024-02-29 12:34:56.000001", "d6a0e6b0-1234-4000-8000-0123456789ab", "{\"a\":  1}", "{\"a\": 1}", "100000",
    "{a,\"\",\"NULL\",\"ü\\\"\\\\\"}", "{-9223372036854775808,0,9223372036854775807}",
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgParams) params = NULL;

  g_test_summary ("Every kind of PgParams value arrives, prepared or not, in either format.");
  if (connection == NULL)
    return;
  params = all_kinds ();
  g_assert_cmpuint (pg_params_get_n_params (params), ==, G_N_ELEMENTS (expected));
  for (guint round = 0; round < 4; round++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
      g_autoptr (GError) error = NULL;

      pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), round < 2 ? PG_PREPARE_NEVER : PG_PREPARE_FORCE);
      g_assert_true (pg_cursor_execute_params (cursor, "SELECT $1::int,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18", params, NULL, &error));
      g_assert_no_error (error);
      for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
        {
          g_autofree char *text = pg_test_cell (cursor, 0, i);

          g_test_message ("parameter %u", i + 1);
          g_assert_cmpstr (text, ==, expected[i]);
        }
    }
}

static void
test_large (void)
{
  const gsize length = g_getenv ("PG_TEST_VALGRIND") != NULL ? 1000000 : 100000000;
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autofree char *text = NULL;
  const char *got;

  g_test_summary ("A text of 100 MB goes there and comes back.");
  if (connection == NULL)
    return;
  text = g_malloc (length + 1);
  for (gsize i = 0; i < length; i++)
    text[i] = (char) ('a' + i % 26);
  text[length] = '\0';
  pg_params_add_text (params, text);
  cursor = pg_test_execute_as (connection, PG_FORMAT_TEXT, "SELECT $1, length($1), md5($1)", NULL, params);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 1, NULL), ==, length);
  got = pg_result_get_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL);
  g_assert_cmpuint (strlen (got), ==, length);
  g_assert_true (memcmp (got, text, length) == 0);
}

static void
test_numeric_digits (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A numeric of a thousand digits keeps each of them, at any place of the point.");
  if (connection == NULL)
    return;
  for (guint point = 1; point < 1000; point += 111)
    {
      GString *digits = g_string_new ("-");
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (PgNumeric) numeric = NULL;
      g_autoptr (PgParams) params = pg_params_new ();

      for (guint i = 0; i < 1000; i++)
        {
          if (i == point)
            g_string_append_c (digits, '.');
          g_string_append_c (digits, (char) ('1' + (i * 7) % 9));
        }
      text = g_string_free (digits, FALSE);
      numeric = pg_numeric_parse (text, &error);
      g_assert_no_error (error);
      pg_params_add_numeric (params, numeric);
      for (guint format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
        {
          g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, "SELECT $1", NULL, params);
          g_autofree char *got = pg_test_cell (cursor, 0, 0);

          g_assert_cmpstr (got, ==, text);
        }
    }
}

static void
test_bytes (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  guint8 data[1024];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PgParams) params = pg_params_new ();

  g_test_summary ("Bytes of every value, zero first and last, come back as they were.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < sizeof data; i++)
    data[i] = (guint8) i;
  data[1023] = 0;
  bytes = g_bytes_new (data, sizeof data);
  pg_params_add_bytes (params, bytes);
  for (guint format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, "SELECT $1", NULL, params);
      g_autoptr (GBytes) got = pg_result_dup_bytes (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL);

      g_assert_true (g_bytes_equal (got, bytes));
    }
}

static void
test_unicode (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  GString *text = g_string_new (NULL);
  g_autofree char *all = NULL;
  guint n = 0;

  g_test_summary ("Characters of all seventeen planes come back, and the server counts the same.");
  for (gunichar c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97)
    if (c < 0xd800 || c > 0xdfff)
      {
        g_string_append_unichar (text, c);
        n++;
      }
  g_string_append_unichar (text, 0x10ffff);
  n++;
  all = g_string_free (text, FALSE);
  if (connection == NULL)
    return;
  for (guint format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autoptr (PgCursor) cursor = pg_test_execute_as (connection, format, "SELECT %s::text, length(%s)", g_variant_new ("(ss)", all, all), NULL);
      g_autofree char *got = pg_test_cell (cursor, 0, 0);

      g_assert_cmpstr (got, ==, all);
      g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 1, NULL), ==, n);
    }
}

/* --- placeholders --- */

static void
test_placeholders (void)
{
  static const struct
  {
    const char *sql;
    const char *params;
    const char *expected;
  } cases[] = {
    { "SELECT 5 % 2", NULL, "1" },
    { "SELECT '%s %(a)s %%'", NULL, "%s %(a)s %%" },
    { "SELECT 5 %% 2", "()", "1" },
    { "SELECT %s || %s", "('a', 'b')", "ab" },
    { "SELECT %s || '%%'", "('a',)", "a%" },
    { "SELECT $2 || $1::text", "('a', 'b')", "ba" },
    { "SELECT $1 || $1::text", "('a',)", "aa" },
    { "SELECT %(x)s || %(y)s || %(x)s", "{'y': <'b'>, 'x': <'a'>, 'unused': <1>}", "aba" },
    { "SELECT %(ü x)s || ''", "{'ü x': <'a'>}", "a" },
    { "SELECT %t || ''", "('a',)", "a" },
    { "SELECT %b + 1", "(41,)", "42" },
    { "SELECT %s || ''", "['a']", "a" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("Placeholders of each kind; without parameters the text is sent as it is.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) params = cases[i].params != NULL ? g_variant_parse (NULL, cases[i].params, NULL, NULL, &error) : NULL;
      g_autoptr (PgCursor) cursor = NULL;
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      cursor = pg_test_execute_as (connection, PG_FORMAT_TEXT, cases[i].sql, params, NULL);
      text = pg_test_cell (cursor, 0, 0);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_placeholder_errors (void)
{
  static const struct
  {
    const char *sql;
    const char *params;
    const char *part;
  } cases[] = {
    { "SELECT %s, %s", "('zebra',)", "the query has 2 placeholders but 1 parameters were passed" },
    { "SELECT %s", "('zebra', 'zebra')", "the query has 1 placeholders but 2 parameters were passed" },
    { "SELECT %(a)s, %(b)s", "{'a': <'zebra'>}", "b" },
    { "SELECT %s, %(b)s", "('zebra',)", "mixed" },
    { "SELECT %(b)s", "('zebra',)", "" },
    { "SELECT %s", "{'a': <'zebra'>}", "" },
    { "SELECT %d", "(1,)", "%d" },
    { "SELECT %s", "({'zebra': 1},)", "parameter 1: a dictionary" },
    { "SELECT %s", "'zebra'", "" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("Parameters that do not fit the placeholders are refused before anything is sent; no value is in the message.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) params = g_variant_parse (NULL, cases[i].params, NULL, NULL, NULL);

      g_assert_null (pg_connection_execute (connection, cases[i].sql, params, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_test_message ("%s: %s", cases[i].sql, error->message);
      pg_test_assert_contains (error->message, cases[i].part);
      g_assert_null (strstr (error->message, "zebra"));
      g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/cursor/formats", test_formats);
  g_test_add_func ("/pg/cursor/formats-catalogue", test_formats_catalogue);
  g_test_add_func ("/pg/cursor/formats-without-codec", test_formats_without_codec);
  g_test_add_func ("/pg/cursor/variants", test_variants);
  g_test_add_func ("/pg/cursor/params", test_params);
  g_test_add_func ("/pg/cursor/large", test_large);
  g_test_add_func ("/pg/cursor/numeric-digits", test_numeric_digits);
  g_test_add_func ("/pg/cursor/bytes", test_bytes);
  g_test_add_func ("/pg/cursor/unicode", test_unicode);
  g_test_add_func ("/pg/cursor/placeholders", test_placeholders);
  g_test_add_func ("/pg/cursor/placeholder-errors", test_placeholder_errors);

  return g_test_run ();
}
