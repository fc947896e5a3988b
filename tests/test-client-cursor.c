/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgClientCursor and PgAsyncClientCursor: parameters that the client merges into the statement. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-random.h"

#include <locale.h>
#include <string.h>

#include <pgconn/types/pg-oids.h>

static PgClientCursor *
execute (PgConnection *connection, const char *sql, GVariant *params)
{
  g_autoptr (PgClientCursor) cursor = pg_client_cursor_new (connection);
  g_autoptr (GError) error = NULL;

  pg_cursor_execute (PG_CURSOR (cursor), sql, params, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&cursor);
}

static char *
ask (PgConnection *connection, const char *sql, GVariant *params)
{
  g_autoptr (PgClientCursor) cursor = execute (connection, sql, params);

  return pg_test_cell (cursor, 0, 0);
}

static void
test_without_parameters (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgClientCursor) cursor = NULL;
  g_autofree char *listening = NULL;
  g_autofree char *setting = NULL;
  g_autofree char *comment = NULL;

  g_test_summary ("What the server takes no parameters for works with them, and so do several statements at once.");
  if (connection == NULL)
    return;
  g_object_unref (execute (connection, "SET work_mem TO %s", g_variant_new ("(s)", "7MB")));
  g_object_unref (execute (connection, "SET seq_page_cost = %s", g_variant_new ("(d)", 1.5)));
  g_object_unref (execute (connection, "SET geqo_threshold = %s", g_variant_new ("(i)", 13)));
  g_object_unref (execute (connection, "SET enable_seqscan = %s", g_variant_new ("(b)", FALSE)));
  setting = ask (connection, "SELECT concat_ws(' ', current_setting('work_mem'), current_setting('seq_page_cost'), current_setting(%s))",
                 g_variant_new ("(s)", "enable_seqscan"));
  g_assert_cmpstr (setting, ==, "7MB 1.5 off");
  g_object_unref (execute (connection, "CREATE TABLE t (a int DEFAULT %s, b text DEFAULT %s)", g_variant_new ("(is)", -5, "it's")));
  g_object_unref (execute (connection, "COMMENT ON TABLE t IS %s", g_variant_new ("(s)", "a\\b'c")));
  comment = ask (connection, "SELECT obj_description('t'::regclass)", NULL);
  g_assert_cmpstr (comment, ==, "a\\b'c");
  g_object_unref (execute (connection, "LISTEN x; NOTIFY x, %s", g_variant_new ("(s)", "pay'load")));

  cursor = execute (connection, "INSERT INTO t VALUES (%s, %s); INSERT INTO t DEFAULT VALUES; SELECT a, b FROM t ORDER BY a",
                    g_variant_new ("(is)", 7, "x; DELETE FROM t; --"));
  g_assert_cmpuint (pg_base_cursor_get_n_results (PG_BASE_CURSOR (cursor)), ==, 3);
  g_assert_true (pg_base_cursor_select_result (PG_BASE_CURSOR (cursor), 2, NULL));
  listening = pg_test_cell (cursor, 1, 1);
  g_assert_cmpstr (listening, ==, "x; DELETE FROM t; --");
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 2);
}

static void
test_settings (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgClientCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Nothing is prepared, a transaction is begun, binary results are refused, and a closed cursor is one.");
  if (connection == NULL)
    return;
  cursor = pg_client_cursor_new (connection);
  g_assert_true (pg_cursor_get_connection (PG_CURSOR (cursor)) == connection);
  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), PG_PREPARE_FORCE);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (pg_cursor_execute (PG_CURSOR (cursor), "SELECT %s", g_variant_new ("(i)", 1), NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
    }
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 0);
  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), PG_FORMAT_BINARY);
  g_assert_false (pg_cursor_execute (PG_CURSOR (cursor), "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  g_assert_false (pg_cursor_execute (PG_CURSOR (cursor), "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_factory (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) executed = NULL;
  GType factory;

  g_test_summary ("With cursor-factory a connection makes cursors of that class.");
  if (connection == NULL)
    return;
  g_assert_true (pg_base_connection_get_cursor_factory (PG_BASE_CONNECTION (connection)) == PG_TYPE_CURSOR);
  g_object_set (connection, "cursor-factory", PG_TYPE_CLIENT_CURSOR, NULL);
  g_object_get (connection, "cursor-factory", &factory, NULL);
  g_assert_true (factory == PG_TYPE_CLIENT_CURSOR);
  cursor = pg_connection_cursor (connection, NULL);
  g_assert_true (PG_IS_CLIENT_CURSOR (cursor));
  executed = pg_connection_execute (connection, "SET work_mem TO %s", g_variant_new ("(s)", "7MB"), NULL, NULL);
  g_assert_true (PG_IS_CLIENT_CURSOR (executed));
  if (g_test_undefined ())
    {
      g_test_expect_message ("Pg", G_LOG_LEVEL_CRITICAL, "*g_type_is_a*");
      pg_base_connection_set_cursor_factory (PG_BASE_CONNECTION (connection), PG_TYPE_ASYNC_CURSOR);
      g_test_assert_expected_messages ();
      g_assert_true (pg_base_connection_get_cursor_factory (PG_BASE_CONNECTION (connection)) == PG_TYPE_CLIENT_CURSOR);
    }
}

/* Every case comes back as it was, in every session. */
static void
check_injection (PgConnection *connection, const char *text, gboolean standard)
{
  static const char *const queries[] = {
    "SELECT %s",
    "SELECT%s",
    "SELECT (%s) -- %s\n",
    "SELECT /* ' %s */ %s",
    "SELECT $$%s $1$$ <> %s::text, %s::text",
    "SELECT E'\\\\%%s' <> %s::text, %s::text",
    "SELECT -1 < 0, %s",
    "SELECT 'a' <> %s, %s",
    "SELECT 'it''s' \"%%s\", %s",
    "SELECT $t$ $1 %s $t$, %s",
    "SELECT U&'\\0061' <> %s, %s",
    "SELECT -%s < 0, %s",
    "SELECT 1-%s < 0, %s",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      const gboolean two = strstr (queries[i], "<> %s") != NULL;
      const gboolean number = strstr (queries[i], "-%s <") != NULL;
      g_autoptr (PgClientCursor) cursor = NULL;
      g_autofree char *cell = NULL;

      /* A server without standard_conforming_strings does not read U&''. */
      if (strstr (queries[i], "U&") != NULL && !standard)
        continue;
      if (number)
        cursor = execute (connection, queries[i], g_variant_new ("(is)", -42, text));
      else if (two)
        cursor = execute (connection, queries[i], g_variant_new ("(ss)", text, text));
      else
        cursor = execute (connection, queries[i], g_variant_new ("(s)", text));
      cell = pg_test_cell (cursor, 0, pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))) - 1);
      g_assert_cmpstr (cell, ==, text);
    }
}

static void
test_injection (gconstpointer data)
{
  static const char *const texts[] = {
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'",
    "'; DROP TABLE victim; --",
    "\\'; DROP TABLE victim; --",
    "\\\\'; DROP TABLE victim; --",
    "x\n; DROP TABLE victim; --",
    "\r; DROP TABLE victim; --",
    "--", "/*", "*/", "$$", "$t$", "$1", "%s", "%(a)s", "%%", ";", "\"", "\"\"",
    "' UESCAPE '!",
    "E'\\''",
    "\x01\x02\x7f\t\v\f",
    "ünï'\\ \xf0\x9f\x90\x98 \xe2\x80\xa8'",
    "\xc2\xbf'\\ \xe5\xbc\x9c'",
  };
  const char *setting = data;
  const gboolean standard = strstr (setting, "standard_conforming_strings TO on") != NULL;
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  GString *all = g_string_new (NULL);

  g_test_summary ("Text with quotes, backslashes, comments, placeholders and the like is a value, whatever the session's settings are.");
  if (connection == NULL)
    {
      g_string_free (all, TRUE);
      return;
    }
  pg_test_run (connection, "CREATE TABLE victim ()");
  pg_test_run (connection, setting);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    check_injection (connection, texts[i], standard);
  for (guint c = 1; c < 0x180; c++)
    g_string_append_unichar (all, c);
  check_injection (connection, all->str, standard);
  for (guint i = 0; i < 200; i++)
    {
      static const char parts[] = "'\\\"$-/*;%s1\n E";

      g_string_truncate (all, 0);
      for (gint n = g_test_rand_int_range (1, 12); n > 0; n--)
        g_string_append_c (all, parts[g_test_rand_int_range (0, sizeof parts - 1)]);
      {
        g_autofree char *cell = ask (connection, "SELECT %s", g_variant_new ("(s)", all->str));

        g_assert_cmpstr (cell, ==, all->str);
      }
    }
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM victim"), ==, 0);
  g_string_free (all, TRUE);
}

static void
test_nonstandard_strings (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgClientCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *cell = NULL;

  g_test_summary ("Where the server would see other strings than the client, the statement is refused.");
  if (connection == NULL)
    return;
  cell = ask (connection, "SELECT 'a\\' || %s || 'b'", g_variant_new ("(s)", "x"));
  g_assert_cmpstr (cell, ==, "a\\xb");
  g_clear_pointer (&cell, g_free);
  cell = ask (connection, "SELECT 'a\\' -- '\n'\\b' || %s || 'c'\n'd\\'", g_variant_new ("(s)", "x"));
  g_assert_cmpstr (cell, ==, "a\\\\bxcd\\");
  pg_test_run (connection, "SET standard_conforming_strings TO off; SET escape_string_warning TO off");
  cursor = pg_client_cursor_new (connection);
  g_assert_false (pg_cursor_execute (PG_CURSOR (cursor), "SELECT 'a\\', %s, 'b'", g_variant_new ("(s)", ", version() --"), NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  /* Its own matter without parameters. */
  g_assert_true (pg_cursor_execute (PG_CURSOR (cursor), "SELECT 'a\\'b'", NULL, NULL, &error));
  g_assert_no_error (error);
  /* In one script nobody can know it: it means what it says. */
  g_assert_true (pg_cursor_execute (PG_CURSOR (cursor), "SELECT %s", g_variant_new ("(s)", "\\'"), NULL, &error));
  pg_test_run (connection, "SET standard_conforming_strings TO on");
  g_assert_true (pg_cursor_execute (PG_CURSOR (cursor), "SET standard_conforming_strings TO off; SELECT 'a\\', %s, 'b'", g_variant_new ("(s)", ", version() --"),
                                    NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, 0);
  g_assert_true (pg_base_cursor_next_result (PG_BASE_CURSOR (cursor)));
  g_assert_cmpuint (pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, 3);
}

static void
compare (PgConnection *connection, const char *type, PgParams *params)
{
  g_autoptr (PgCursor) bound = pg_connection_cursor (connection, NULL);
  g_autoptr (PgClientCursor) merged = pg_client_cursor_new (connection);
  g_autofree char *sql = g_strdup_printf ("SELECT format('%%%%s', v), pg_typeof(v)::text FROM (SELECT %%s::%s) x (v)", type);
  const char *sqls[] = { sql, "SELECT format('%%s', v), pg_typeof(v)::text FROM (SELECT %s) x (v)" };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) other = NULL;
      gboolean ok = pg_cursor_execute_params (bound, sqls[i], params, NULL, &error);

      g_assert_cmpint (pg_cursor_execute_params (PG_CURSOR (merged), sqls[i], params, NULL, &other), ==, ok);
      if (!ok)
        continue;
      for (guint column = 0; column < 2; column++)
        {
          g_autofree char *expected = pg_test_cell (bound, 0, column);
          g_autofree char *text = pg_test_cell (merged, 0, column);

          if (column == 1 && g_strcmp0 (expected, "smallint") == 0)
            continue;
          g_assert_cmpstr (text, ==, expected);
        }
    }
}

static void
test_random (gconstpointer data)
{
  const guint n = g_getenv ("PG_TEST_VALGRIND") != NULL ? 2 : 6;
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Values of every type are the same, and of the same type, as when they are sent beside the statement.");
  if (connection == NULL)
    return;
  pg_test_run (connection, PG_TEST_MAKE_TYPES);
  pg_test_run (connection, data);
  for (guint i = 0; i < pg_test_n_random_types; i++)
    for (guint k = 0; k < n && pg_test_random_types[i].oid != PG_TEST_MADE; k++)
      {
        const PgTestRandomType *type = &pg_test_random_types[i];
        g_autoptr (PgParams) typed = pg_params_new ();
        g_autoptr (PgParams) valued = pg_params_new ();
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
        g_auto (GValue) value = G_VALUE_INIT;
        const gboolean is_array = k % 3 == 2 && type->array != 0;
        g_autofree char *name = g_strconcat (type->name, is_array ? "[]" : NULL, NULL);

        if (is_array)
          pg_test_random_append_array (text, type, 3);
        else
          type->append (text);
        pg_params_add_typed_text (typed, is_array ? type->array : type->oid, text->str);
        compare (connection, name, typed);
        /* What the library writes by itself, in binary. */
        if (type->oid == PG_OID_MONEY || !pg_cursor_execute_params (cursor, "SELECT %s", typed, NULL, NULL)
            || !pg_result_get_value (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &value, NULL)
            || !pg_params_add_value (valued, &value, NULL))
          continue;
        compare (connection, name, valued);
      }
}

static void
test_own_types (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgClientCursor) cursor = NULL;
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *merged = NULL;

  g_test_summary ("A type of the database is named when the connection knows it.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE SCHEMA \"a b\"; CREATE TYPE \"a b\".\"My mood\" AS ENUM ('it''s fine')");
  info = pg_connection_fetch_type (connection, "\"a b\".\"My mood\"", NULL, &error);
  g_assert_no_error (error);
  cursor = pg_client_cursor_new (connection);
  pg_params_add_typed_text (params, pg_type_info_get_oid (info), "it's fine");
  pg_params_add_typed_text (params, pg_type_info_get_array_oid (info), "{it's fine}");
  merged = pg_client_cursor_mogrify_params (cursor, "SELECT %s, %s", params, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (merged, ==, "SELECT 'it''s fine'::\"a b\".\"My mood\", '{it''s fine}'::\"a b\".\"My mood\"[]");
  g_assert_true (pg_cursor_execute_params (PG_CURSOR (cursor), "SELECT %s, %s", params, NULL, &error));
  g_assert_no_error (error);
}

static void
test_mogrify (void)
{
  g_autoptr (PgConnection) connection = g_object_new (PG_TYPE_CONNECTION, NULL);
  g_autoptr (PgClientCursor) cursor = pg_client_cursor_new (connection);
  g_autoptr (GError) error = NULL;
  g_autofree char *merged = pg_client_cursor_mogrify (cursor, "SELECT %s, %s", g_variant_new ("(is)", -1, "a\\b'"), &error);
  g_autofree char *plain = NULL;

  g_test_summary ("mogrify() sends nothing, and needs no connection that is open.");
  g_assert_no_error (error);
  g_assert_cmpstr (merged, ==, "SELECT -1, E'a\\\\b'''");
  plain = pg_client_cursor_mogrify (cursor, "SELECT 5 % 2", NULL, &error);
  g_assert_cmpstr (plain, ==, "SELECT 5 % 2");
  g_assert_null (pg_client_cursor_mogrify (cursor, "SELECT %s", g_variant_new ("()"), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
}

static void
test_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncClientCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autofree char *cell = NULL;
  g_autofree char *merged = NULL;

  g_test_summary ("The same with a main loop.");
  if (connection == NULL)
    return;
  g_object_set (connection, "cursor-factory", PG_TYPE_ASYNC_CLIENT_CURSOR, NULL);
  cursor = PG_ASYNC_CLIENT_CURSOR (pg_async_connection_cursor (connection, &error));
  g_assert_no_error (error);
  pg_async_cursor_execute_async (PG_ASYNC_CURSOR (cursor), "SET application_name TO %s; SELECT current_setting(%s)",
                                 g_variant_new ("(ss)", "it's", "application_name"), NULL, pg_test_wait_done, &wait);
  g_assert_true (pg_async_cursor_execute_finish (PG_ASYNC_CURSOR (cursor), pg_test_wait (&wait), &error));
  g_assert_no_error (error);
  g_assert_true (pg_base_cursor_next_result (PG_BASE_CURSOR (cursor)));
  cell = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (cell, ==, "it's");
  merged = pg_async_client_cursor_mogrify (cursor, "%s", g_variant_new ("(i)", 5), &error);
  g_assert_cmpstr (merged, ==, "5");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/client-cursor/without-parameters", test_without_parameters);
  g_test_add_func ("/pg/client-cursor/settings", test_settings);
  g_test_add_func ("/pg/client-cursor/factory", test_factory);
  g_test_add_data_func ("/pg/client-cursor/injection/standard", "SET standard_conforming_strings TO on", test_injection);
  g_test_add_data_func ("/pg/client-cursor/injection/nonstandard", "SET standard_conforming_strings TO off; SET backslash_quote TO off; SET escape_string_warning TO off",
                        test_injection);
  g_test_add_func ("/pg/client-cursor/injection/nonstandard-strings-in-the-statement", test_nonstandard_strings);
  g_test_add_data_func ("/pg/client-cursor/random", "SET TIME ZONE 'UTC'", test_random);
  g_test_add_data_func ("/pg/client-cursor/random/other-styles",
                        "SET DateStyle TO 'SQL, DMY'; SET IntervalStyle TO sql_standard; SET bytea_output TO escape; SET TIME ZONE 'Asia/Kolkata'", test_random);
  g_test_add_func ("/pg/client-cursor/own-types", test_own_types);
  g_test_add_func ("/pg/client-cursor/mogrify", test_mogrify);
  g_test_add_func ("/pg/client-cursor/async", test_async);

  return g_test_run ();
}
