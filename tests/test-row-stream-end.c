/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Streams that end before their rows do, and what else the connection does meanwhile: each test is run with both classes. */
#include "pg-test-row-stream.h"

#include <locale.h>

/* --- the end before the end --- */

static void
test_stopped (gconstpointer data)
{
  g_auto (PgTestStreamSession) session = { 0 };

  g_test_summary ("A stream that is closed early, or dropped, leaves the connection as it was: outside of a transaction, and in one, which goes on.");
  if (!pg_test_stream_session_open (&session, data, FALSE))
    return;
  for (guint i = 0; i < 4; i++)
    {
      const gboolean in_transaction = i % 2 == 0;
      g_autoptr (PgBaseRowStream) rows = NULL;
      g_autoptr (PgResult) chunk = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (pg_test_driver_set_autocommit (session.connection, !in_transaction, &error));
      pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE mine AS SELECT 42 AS answer");
      rows = pg_test_stream (&session, "SELECT generate_series (1, 1000000000), repeat ('x', 100)", 100);
      chunk = pg_test_stream_next (rows);
      g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 100);
      if (i < 2)
        {
          pg_test_stream_close (rows);
          pg_test_stream_assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_CLOSED);
          g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, -1);
          g_assert_null (pg_base_row_stream_get_status_message (rows));
        }
      g_clear_object (&rows);
      g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT answer FROM mine"), ==, 42);
      g_assert_cmpint (pg_test_stream_status (&session), ==, in_transaction ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE);
      pg_test_driver_run (session.connection, "DROP TABLE mine");
      g_assert_true (pg_test_driver_rollback (session.connection, &error));
    }
}

static void
test_stopped_at_the_end (gconstpointer data)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgResult) chunk = NULL;

  g_test_summary ("defect: a stream that was closed when the rest of its rows had come already ended as if all of them had been read.");
  if (!pg_test_stream_session_open (&session, data, TRUE))
    return;
  rows = pg_test_stream (&session, "SELECT generate_series (1, 10)", 3);
  chunk = pg_test_stream_next (rows);
  g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 3);
  pg_test_stream_close (rows);
  pg_test_stream_assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_stopped_effects (gconstpointer data)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) few = NULL;
  g_autoptr (PgBaseRowStream) slow = NULL;
  g_autoptr (PgResult) chunk = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n;

  g_test_summary ("What a statement has done whose stream is closed early stays where it came to its end, and is undone where it was stopped.");
  if (!pg_test_stream_session_open (&session, data, FALSE))
    return;
  pg_test_driver_run (session.connection,
                      "CREATE TABLE t (i int); CREATE FUNCTION add (i int) RETURNS text LANGUAGE plpgsql AS $$"
                      "BEGIN INSERT INTO t VALUES (i); PERFORM pg_sleep (60) WHERE i = 10; RETURN repeat ('x', 9000); END $$");
  few = pg_test_stream (&session, "SELECT add (i) FROM generate_series (11, 20) i", 1);
  pg_test_stream_close (few);
  /* It may be that it took longer, on a machine that is busy. */
  if (pg_base_row_stream_get_status_message (few) != NULL)
    {
      g_assert_cmpstr (pg_base_row_stream_get_status_message (few), ==, "SELECT 10");
      g_assert_cmpint (pg_base_row_stream_get_rowcount (few), ==, 10);
    }
  n = pg_test_driver_int64 (session.connection, "SELECT count (*) FROM t");
  g_assert_cmpint (n, ==, pg_base_row_stream_get_rowcount (few) == 10 ? 10 : 0);
  slow = pg_test_stream (&session, "SELECT add (i) FROM generate_series (1, 20) i", 1);
  chunk = pg_test_stream_next (slow);
  pg_test_stream_close (slow);
  g_assert_null (pg_base_row_stream_get_status_message (slow));
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count (*) FROM t"), ==, n);
  g_assert_cmpint (pg_test_stream_status (&session), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_true (pg_test_driver_commit (session.connection, NULL, &error));
}

static void
test_back_pressure (gconstpointer data)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  gsize before;

  g_test_summary ("Between two calls nothing is read: the server waits, and no rows are kept.");
  if (!pg_test_stream_session_open (&session, data, TRUE))
    return;
  rows = pg_test_stream (&session, "SELECT generate_series (1, 1000000000), repeat ('x', 1000)", 10);
  before = pg_test_get_allocated ();
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgResult) chunk = pg_test_stream_next (rows);

      g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 10);
      pg_test_driver_iterate (100);
      g_assert_cmpuint (pg_test_get_allocated (), <, before + 2 * 1000 * 1000);
    }
  pg_test_stream_close (rows);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 5"), ==, 5);
}

static void
test_busy (gconstpointer data)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgBaseCursor) other = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Other calls fail while the stream is open, rather than to wait for it, and the stream goes on.");
  if (!pg_test_stream_session_open (&session, data, FALSE))
    return;
  rows = pg_test_stream (&session, "SELECT i, repeat ('x', 1000) FROM generate_series (1, 10000) i", 100);
  other = pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_assert_contains (error->message, "row stream");
  g_clear_error (&error);
  g_assert_false (pg_test_driver_commit (session.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpuint (pg_test_stream_count (rows), ==, 10000);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 5"), ==, 5);
}

/* --- the main loop only --- */

/* Other calls may end meanwhile. */
static GAsyncResult *
finish (PgTestWait *wait)
{
  pg_test_iterate_until (&wait->n_calls, 1);
  return wait->result;
}

static void
test_without_waiting (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_auto (PgTestWait) begun = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) behind = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) closed = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) after = PG_TEST_WAIT_INIT;
  g_autoptr (PgAsyncRowStream) rows = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call that waits behind the one that opens a stream fails with its opening; one behind its end is run.");
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_async_cursor_stream_async (PG_ASYNC_CURSOR (session.cursor), "SELECT generate_series (1, 1000000)", NULL, 10, NULL, pg_test_wait_done, &begun);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT 1", NULL, NULL, pg_test_wait_done, &behind);
  rows = pg_async_cursor_stream_finish (PG_ASYNC_CURSOR (session.cursor), finish (&begun), &error);
  g_assert_no_error (error);
  g_assert_null (pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (session.connection), finish (&behind), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  pg_async_row_stream_close_async (rows, NULL, pg_test_wait_done, &closed);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT 1", NULL, NULL, pg_test_wait_done, &after);
  g_assert_true (pg_async_row_stream_close_finish (rows, finish (&closed), &error));
  g_assert_no_error (error);
  cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (session.connection), finish (&after), &error);
  g_assert_no_error (error);
  g_assert_nonnull (cursor);
}

static void
test_unwanted (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  guint n = 0;

  g_test_summary ("A stream that nobody takes is ended.");
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_async_cursor_stream_async (PG_ASYNC_CURSOR (session.cursor), "SELECT generate_series (1, 100000000)", NULL, 10, NULL, NULL, NULL);
  while (n < 1)
    {
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (GError) error = NULL;

      pg_test_iterate_for (5);
      cursor = pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error);
      if (cursor != NULL)
        n++;
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    }
}

static gboolean
count_call (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

static void
got_chunk (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgResult) chunk = pg_async_row_stream_next_chunk_finish (PG_ASYNC_ROW_STREAM (object), result, &error);

  g_assert_no_error (error);
  if (chunk != NULL)
    pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (object), NULL, got_chunk, data);
  else
    (*(guint *) data)++;
}

static void
test_fair (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  const int n_rows = g_getenv ("PG_TEST_VALGRIND") != NULL ? 3000 : 30000;
  g_autofree char *query = g_strdup_printf ("SELECT generate_series (1, %d)", n_rows);
  guint n_idle = 0, done = 0, source;

  g_test_summary ("However fast chunks come, sources of lower priorities have their turn.");
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  rows = pg_test_stream (&session, query, 1);
  source = g_idle_add (count_call, &n_idle);
  pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (rows), NULL, got_chunk, &done);
  pg_test_iterate_until (&done, 1);
  g_source_remove (source);
  g_assert_cmpuint (n_idle, >, 1);
  g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, n_rows);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  pg_test_driver_add ("/pg/row-stream/%s/stopped", test_stopped);
  pg_test_driver_add ("/pg/row-stream/%s/defect-stopped-at-the-end", test_stopped_at_the_end);
  pg_test_driver_add ("/pg/row-stream/%s/stopped-effects", test_stopped_effects);
  pg_test_driver_add ("/pg/row-stream/%s/back-pressure", test_back_pressure);
  pg_test_driver_add ("/pg/row-stream/%s/busy", test_busy);
  g_test_add_func ("/pg/row-stream/main-loop/without-waiting", test_without_waiting);
  g_test_add_func ("/pg/row-stream/main-loop/unwanted", test_unwanted);
  g_test_add_func ("/pg/row-stream/main-loop/fair", test_fair);
  return g_test_run ();
}
