/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

static gboolean
execute (PgAsyncCursor *cursor, const char *sql, GVariant *params, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  pg_async_cursor_execute_async (cursor, sql, params, NULL, pg_test_wait_done, &wait);
  return pg_async_cursor_execute_finish (cursor, pg_test_wait (&wait), error);
}

static void
assert_execute (PgAsyncCursor *cursor, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = execute (cursor, sql, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static PgRow *
fetch_one (PgAsyncCursor *cursor, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  pg_async_cursor_fetch_one_async (cursor, NULL, pg_test_wait_done, &wait);
  return pg_async_cursor_fetch_one_finish (cursor, pg_test_wait (&wait), error);
}

static GPtrArray *
fetch_many (PgAsyncCursor *cursor, guint size, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  pg_async_cursor_fetch_many_async (cursor, size, NULL, pg_test_wait_done, &wait);
  return pg_async_cursor_fetch_many_finish (cursor, pg_test_wait (&wait), error);
}

static GPtrArray *
fetch_all (PgAsyncCursor *cursor, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  pg_async_cursor_fetch_all_async (cursor, NULL, pg_test_wait_done, &wait);
  return pg_async_cursor_fetch_all_finish (cursor, pg_test_wait (&wait), error);
}

static void
assert_row (PgAsyncCursor *cursor, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgRow) row = fetch_one (cursor, &error);

  g_assert_no_error (error);
  if (expected == NULL)
    g_assert_null (row);
  else
    g_assert_cmpstr (pg_row_get_text (row, 0, NULL), ==, expected);
}

static void
assert_fetch_fails (PgAsyncCursor *cursor, int code, const char *message)
{
  g_autoptr (GError) one = NULL;
  g_autoptr (GError) many = NULL;
  g_autoptr (GError) all = NULL;

  g_assert_null (fetch_one (cursor, &one));
  g_assert_error (one, PG_ERROR, code);
  g_assert_cmpstr (one->message, ==, message);
  g_assert_null (fetch_many (cursor, 2, &many));
  g_assert_error (many, PG_ERROR, code);
  g_assert_null (fetch_all (cursor, &all));
  g_assert_error (all, PG_ERROR, code);
}

static void
test_fetch (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GPtrArray) many = NULL;
  g_autoptr (GPtrArray) default_many = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("fetch_one(), fetch_many() and fetch_all() go on from where the last one ended.");
  if (connection == NULL)
    return;
  cursor = pg_async_connection_cursor (connection, &error);
  g_assert_no_error (error);
  g_assert_true (pg_async_cursor_get_connection (cursor) == connection);
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "no result available");
  assert_execute (cursor, "SELECT generate_series(1, 10)");
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 10);
  assert_row (cursor, "1");
  many = fetch_many (cursor, 3, &error);
  g_assert_cmpuint (many->len, ==, 3);
  default_many = fetch_many (cursor, 0, &error);
  g_assert_cmpuint (default_many->len, ==, 1);
  g_assert_true (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 7, PG_SCROLL_MODE_ABSOLUTE, &error));
  rest = fetch_all (cursor, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rest->len, ==, 3);
  assert_row (cursor, NULL);
}

static void
test_several_results (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  PgBaseCursor *base;

  g_test_summary ("Each command of a script has a result; an error leaves none.");
  if (connection == NULL)
    return;
  cursor = pg_async_connection_cursor (connection, NULL);
  base = PG_BASE_CURSOR (cursor);
  assert_execute (cursor, "SELECT 'a'; CREATE TABLE t (a int); SELECT 'b'");
  g_assert_cmpuint (pg_base_cursor_get_n_results (base), ==, 3);
  assert_row (cursor, "a");
  g_assert_true (pg_base_cursor_next_result (base));
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "the last operation didn't produce records (command status: CREATE TABLE)");
  g_assert_true (pg_base_cursor_select_result (base, -1, &error));
  assert_row (cursor, "b");
  g_assert_false (execute (cursor, "SELECT 1; SELECT 1/0", NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_assert_cmpuint (pg_base_cursor_get_n_results (base), ==, 0);
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "no result available");
}

static void
test_empty_and_zero_columns (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_test_summary ("A query of nothing has no records, rows of no columns are rows.");
  if (connection == NULL)
    return;
  cursor = pg_async_connection_cursor (connection, NULL);
  assert_execute (cursor, "");
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "the last operation didn't produce records (the query was empty)");
  assert_execute (cursor, "SELECT FROM generate_series(1, 2)");
  rows = fetch_all (cursor, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
}

static void
test_params (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (PgParams) params = pg_params_new ();
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("GVariant and PgParams, by position and by name; what does not fit fails in the callback.");
  if (connection == NULL)
    return;
  cursor = pg_async_connection_cursor (connection, NULL);
  g_assert_false (execute (cursor, "SELECT %s::text || $2::text", g_variant_new ("(ss)", "a", "b"), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_true (execute (cursor, "SELECT $1::text || $2::text", g_variant_new ("(ss)", "a", "b"), &error));
  assert_row (cursor, "ab");
  g_assert_true (execute (cursor, "SELECT %(x)s || %(x)s", g_variant_new_parsed ("{'x': <'c'>}"), &error));
  g_assert_no_error (error);
  assert_row (cursor, "cc");

  pg_params_add_int64 (params, G_MAXINT64);
  pg_params_set_name (params, 0, "n");
  pg_async_cursor_execute_params_async (cursor, "SELECT %(n)s", params, NULL, pg_test_wait_done, &wait);
  /* It was taken as it is now. */
  pg_params_add_null (params);
  g_assert_true (pg_async_cursor_execute_params_finish (cursor, pg_test_wait (&wait), &error));
  g_assert_no_error (error);
  text = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (text, ==, "9223372036854775807");

  g_assert_false (execute (cursor, "SELECT %s", g_variant_new ("(ii)", 1, 2), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
}

static void
test_copy (void)
{
  static const char *const statements[] = {
    "COPY t FROM STDIN", "COPY t TO STDOUT", "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT", "SELECT 1; COPY t TO STDOUT",
  };
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();

  g_test_summary ("COPY by execute() is refused and the connection stays usable.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
      g_autofree char *message = NULL;
      g_autofree char *text = NULL;

      g_object_unref (pg_test_async_execute (connection, "CREATE TABLE t AS SELECT 1 AS a"));
      message = pg_test_async_fail (connection, statements[i], PG_ERROR_PROGRAMMING);
      pg_test_assert_contains (message, "cannot be used with execute()");
      pg_async_connection_rollback_async (connection, NULL, pg_test_wait_done, &wait);
      g_assert_true (pg_async_connection_rollback_finish (connection, pg_test_wait (&wait), NULL));
      text = pg_test_async_text (connection, "SELECT 'fine'");
      g_assert_cmpstr (text, ==, "fine");
      pg_async_connection_rollback_async (connection, NULL, pg_test_wait_done, &wait);
      g_assert_true (pg_async_connection_rollback_finish (connection, pg_test_wait (&wait), NULL));
    }
}

static void
test_closed (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (PgAsyncCursor) survivor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A closed cursor does nothing; one whose connection is closed still has its rows.");
  if (connection == NULL)
    return;
  cursor = pg_test_async_execute (connection, "SELECT 'x'");
  survivor = pg_test_async_execute (connection, "SELECT 'y' UNION ALL SELECT 'z'");
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  assert_fetch_fails (cursor, PG_ERROR_INTERFACE, "the cursor is closed");
  g_assert_false (execute (cursor, "SELECT 1", NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  assert_row (survivor, "y");
  pg_base_connection_close (PG_BASE_CONNECTION (connection));
  assert_row (survivor, "z");
  g_assert_false (execute (survivor, "SELECT 1", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_closed_while_executing (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cursor closed while its statement runs ends that well and stays closed.");
  if (connection == NULL)
    return;
  cursor = pg_async_connection_cursor (connection, NULL);
  pg_async_cursor_execute_async (cursor, "SELECT 1 FROM pg_sleep(0.02)", NULL, NULL, pg_test_wait_done, &wait);
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  pg_async_cursor_execute_finish (cursor, pg_test_wait (&wait), &error);
  g_assert_null (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
  assert_fetch_fails (cursor, PG_ERROR_INTERFACE, "the cursor is closed");
}

static void
test_same_cursor_queued (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_auto (PgTestWait) one = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) two = PG_TEST_WAIT_INIT;
  g_autofree char *text = NULL;

  g_test_summary ("Two statements of one cursor run in order; it has the results of the second.");
  if (connection == NULL)
    return;
  cursor = pg_async_connection_cursor (connection, NULL);
  pg_async_cursor_execute_async (cursor, "SELECT 'one'", NULL, NULL, pg_test_wait_done, &one);
  pg_async_cursor_execute_async (cursor, "SELECT 'two'", NULL, NULL, pg_test_wait_done, &two);
  pg_test_wait (&two);
  g_assert_cmpuint (one.n_calls, ==, 1);
  g_assert_true (pg_async_cursor_execute_finish (cursor, one.result, NULL));
  g_assert_true (pg_async_cursor_execute_finish (cursor, two.result, NULL));
  text = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (text, ==, "two");
}

static void
test_dropped_while_executing (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  PgAsyncConnection *connection;
  PgAsyncCursor *cursor;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GObject) source = NULL;

  g_test_summary ("A call keeps its cursor and its connection until it ends.");
  if (conninfo == NULL)
    return;
  connection = pg_test_async_open (conninfo);
  cursor = pg_async_connection_cursor (connection, NULL);
  pg_async_cursor_execute_async (cursor, "SELECT 'kept' FROM pg_sleep(0.02)", NULL, NULL, pg_test_wait_done, &wait);
  g_object_unref (cursor);
  g_object_unref (connection);
  source = g_async_result_get_source_object (pg_test_wait (&wait));
  g_assert_true (source == (GObject *) cursor);
  g_assert_true (pg_async_cursor_execute_finish (cursor, wait.result, NULL));
}

static void
test_prepare_and_heal (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgAsyncConnection) connection = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autofree char *altered = NULL;
  g_autofree char *count = NULL;

  g_test_summary ("Statements are prepared and healed as with the blocking class.");
  if (conninfo == NULL)
    return;
  connection = pg_test_async_open (conninfo);
  g_object_unref (pg_test_async_execute (connection, "CREATE TABLE t AS SELECT 1 AS a"));
  cursor = pg_async_connection_cursor (connection, NULL);
  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), PG_PREPARE_FORCE);
  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), PG_FORMAT_BINARY);
  assert_execute (cursor, "SELECT * FROM t");
  count = pg_test_async_text (connection, "SELECT count(*) FROM pg_prepared_statements");
  g_assert_cmpstr (count, ==, "1");
  pg_async_connection_commit_async (connection, NULL, pg_test_wait_done, &wait);
  g_assert_true (pg_async_connection_commit_finish (connection, pg_test_wait (&wait), NULL));
  altered = pg_test_psql (conninfo, "ALTER TABLE t ADD COLUMN b int");
  assert_execute (cursor, "SELECT * FROM t");
  g_assert_cmpuint (pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, 2);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL), ==, 1);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/async-cursor/fetch", test_fetch);
  g_test_add_func ("/pg/async-cursor/several-results", test_several_results);
  g_test_add_func ("/pg/async-cursor/empty-and-zero-columns", test_empty_and_zero_columns);
  g_test_add_func ("/pg/async-cursor/params", test_params);
  g_test_add_func ("/pg/defect/06-07-copy-by-async-execute", test_copy);
  g_test_add_func ("/pg/async-cursor/closed", test_closed);
  g_test_add_func ("/pg/async-cursor/closed-while-executing", test_closed_while_executing);
  g_test_add_func ("/pg/async-cursor/same-cursor-queued", test_same_cursor_queued);
  g_test_add_func ("/pg/async-cursor/dropped-while-executing", test_dropped_while_executing);
  g_test_add_func ("/pg/async-cursor/prepare-and-heal", test_prepare_and_heal);

  return g_test_run ();
}
