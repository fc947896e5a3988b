/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgBaseCursor:format: which format rows come in, where nobody says so. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-values.h"

#include <locale.h>

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-value-order-private.h>

static PgResult *
execute (PgConnection *connection, PgFormat format, PgPrepare prepare, const char *sql, PgParams *params)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), prepare);
  pg_cursor_execute_params (cursor, sql, params, NULL, &error);
  if (error != NULL)
    g_test_message ("%s", sql);
  g_assert_no_error (error);
  return g_object_ref (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
}

static PgFormat
format_of (PgResult *result)
{
  return pg_column_get_format (pg_result_get_column (result, 0));
}

/* The formats of the next executions, t or b for each, which all give the same text. */
static void
assert_formats (PgConnection *connection, PgFormat format, PgPrepare prepare, const char *sql, const char *formats, const char *text)
{
  for (const char *expected = formats; *expected != '\0'; expected++)
    {
      g_autoptr (PgResult) result = execute (connection, format, prepare, sql, NULL);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s: %c expected at %u", sql, *expected, (guint) (expected - formats));
      g_assert_cmpint (format_of (result), ==, *expected == 'b' ? PG_FORMAT_BINARY : PG_FORMAT_TEXT);
      g_assert_cmpstr (pg_result_get_text (result, 0, 0, &error), ==, text);
      g_assert_no_error (error);
    }
}

static void
test_settings (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgCursor) cursor = NULL;

  g_test_summary ("A statement is answered in text until it was executed as a prepared one, and then in binary; who wants one of them has it at once.");
  if (connection == NULL)
    return;
  cursor = pg_connection_cursor (connection, NULL);
  g_assert_cmpint (pg_base_cursor_get_format (PG_BASE_CURSOR (cursor)), ==, PG_FORMAT_AUTO);

  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (connection), 2);
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_AUTO, "SELECT 42", "tttbbb", "42");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT 43", "tbb", "43");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_NEVER, "SELECT 44", "tttttt", "44");
  assert_formats (connection, PG_FORMAT_BINARY, PG_PREPARE_AUTO, "SELECT 45", "bbbbb", "45");
  assert_formats (connection, PG_FORMAT_TEXT, PG_PREPARE_AUTO, "SELECT 46", "ttttt", "46");
  /* What is known of a statement is known whoever has executed it. */
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_AUTO, "SELECT 45", "bb", "45");
  /* A row without columns, and a command without rows. */
  g_object_unref (execute (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT", NULL));
  g_object_unref (execute (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT", NULL));
  pg_test_run (connection, "CREATE TABLE written (i int4)");
  g_object_unref (execute (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "INSERT INTO written VALUES (1)", NULL));
  g_object_unref (execute (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "INSERT INTO written VALUES (1)", NULL));
}

static void
test_types (void)
{
  static const struct
  {
    const char *sql;
    const char *text;
  } cases[] = {
    { "SELECT 'sad'::mood", "sad" },
    { "SELECT array['sad']::mood[]", "{sad}" },
    { "SELECT ROW(1, 'sad'::mood)", "(1,sad)" },
    { "SELECT 'pg_class'::regclass", "pg_class" },
    { "SELECT array['pg_class'::regclass]", "{pg_class}" },
    { "SELECT 1, 'sad'::mood", "1" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("A statement with a column that cannot be read in binary stays in text.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TYPE mood AS ENUM ('sad', 'happy')");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, cases[i].sql, "tttt", cases[i].text);
}

static void
test_session (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  const char *instant = "SELECT timestamptz '2024-02-29 12:00:00+00'";
  const char *date = "SELECT array[daterange('2024-02-03', '2024-03-02')]";
  const char *interval = "SELECT interval '1 day 2 hours'";

  g_test_summary ("Where the session's settings make the text another than the one of the binary form, it is text.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET TimeZone = 'Asia/Kathmandu'");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, instant, "ttt", "2024-02-29 17:45:00+05:45");
  pg_test_run (connection, "SET TimeZone = 'UTC'");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, instant, "bb", "2024-02-29 12:00:00+00");
  pg_test_run (connection, "SET TimeZone = 'Asia/Kathmandu'");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, instant, "tt", "2024-02-29 17:45:00+05:45");

  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, date, "tbb", "{\"[2024-02-03,2024-03-02)\"}");
  pg_test_run (connection, "SET DateStyle = 'German'");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, date, "tt", "{\"[03.02.2024,02.03.2024)\"}");

  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, interval, "tbb", "1 day 02:00:00");
  pg_test_run (connection, "SET IntervalStyle = 'iso_8601'");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, interval, "tt", "P1DT2H");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT 1.50", "tbb", "1.50");
}

static void
test_change (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("A statement whose columns become others is read as what it has, and in text again at first.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TYPE mood AS ENUM ('1', '2'); CREATE TABLE t (v int4); INSERT INTO t VALUES (1)");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT v FROM t", "tbb", "1");
  pg_test_run (connection, "ALTER TABLE t ALTER v TYPE int8");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT v FROM t", "tbb", "1");
  pg_test_run (connection, "ALTER TABLE t ALTER v TYPE mood USING v::text::mood");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT v FROM t", "ttt", "1");

  pg_test_run (connection, "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.s AS SELECT 1 v; CREATE TABLE b.s AS SELECT '2'::mood v; SET search_path = a, public");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT v FROM s", "tbb", "1");
  pg_test_run (connection, "SET search_path = b, public");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT v FROM s", "tt", "2");
  pg_test_run (connection, "DISCARD ALL");
  pg_test_run (connection, "SET search_path = a, public");
  assert_formats (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, "SELECT v FROM s", "tb", "1");
}

static void
check_equal (PgResult *text, PgResult *binary)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dup = pg_result_dup_text (binary, 0, 0, &error);
  g_autoptr (GVariant) text_variant = NULL;
  g_autoptr (GVariant) binary_variant = NULL;
  g_auto (GValue) text_value = G_VALUE_INIT;
  g_auto (GValue) binary_value = G_VALUE_INIT;
  const char *kept;

  g_assert_no_error (error);
  kept = pg_result_get_text (binary, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_true (pg_result_get_text (binary, 0, 0, &error) == kept);
  g_assert_cmpstr (pg_result_get_text (text, 0, 0, &error), ==, kept);
  g_assert_cmpstr (dup, ==, kept);
  text_variant = pg_result_dup_variant (text, 0, 0, &error);
  g_assert_no_error (error);
  binary_variant = pg_result_dup_variant (binary, 0, 0, &error);
  g_assert_no_error (error);
  /* NaN is not equal to itself. */
  if (strstr (kept, "NaN") == NULL)
    g_assert_cmpvariant (text_variant, binary_variant);
  pg_result_get_value (text, 0, 0, &text_value, &error);
  g_assert_no_error (error);
  pg_result_get_value (binary, 0, 0, &binary_value, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_value_compare (&text_value, &binary_value), ==, 0);
}

static void
test_values (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  guint n_binary = 0;

  g_test_summary ("Every reading of every value is the same before and after the format changes.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET TimeZone = 'UTC'");
  for (gsize i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *value = &pg_test_values[i];
      g_autofree char *sql = g_strdup_printf ("SELECT $1::%s", pg_codec_get_name (pg_codec_lookup (value->type)));
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (PgResult) text = NULL;
      g_autoptr (PgResult) later = NULL;

      g_test_message ("%s %s", sql, value->text);
      pg_params_add_typed_text (params, value->type, value->text);
      text = execute (connection, PG_FORMAT_TEXT, PG_PREPARE_FORCE, sql, params);
      later = execute (connection, PG_FORMAT_AUTO, PG_PREPARE_FORCE, sql, params);
      g_assert_cmpint (format_of (later), ==, pg_codec_suits_auto (value->type) ? PG_FORMAT_BINARY : PG_FORMAT_TEXT);
      if (format_of (later) == PG_FORMAT_BINARY)
        n_binary++;
      check_equal (text, later);
    }
  g_assert_cmpuint (n_binary, >, G_N_ELEMENTS (pg_test_values) / 2);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/cursor-format/settings", test_settings);
  g_test_add_func ("/pg/cursor-format/types", test_types);
  g_test_add_func ("/pg/cursor-format/session", test_session);
  g_test_add_func ("/pg/cursor-format/change", test_change);
  g_test_add_func ("/pg/cursor-format/values", test_values);

  return g_test_run ();
}
