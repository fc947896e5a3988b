/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How server-side cursors begin and end, with both connection classes: transactions, other people's cursors, failures. */
#include "pg-test-server-cursor.h"

#include <locale.h>

static void
assert_status (PgTestSession *session, PgTransactionStatus status)
{
  g_assert_cmpint (pg_base_connection_get_transaction_status (session->connection), ==, status);
}

static void
close_cursor (PgBaseServerCursor *cursor)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_server_cursor_close (cursor, &error));
  g_assert_no_error (error);
  g_assert_true (pg_base_cursor_get_closed (PG_BASE_CURSOR (cursor)));
  /* Once more is nothing. */
  g_assert_true (pg_test_server_cursor_close (cursor, &error));
  g_assert_no_error (error);
}

static void
assert_fails (PgBaseServerCursor *cursor, const char *sqlstate)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pg_test_server_cursor_fetch_one (cursor, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, sqlstate);
}

static gint64
count_cursors (PgTestSession *session)
{
  return pg_test_driver_int64 (session->connection, "SELECT count(*) FROM pg_cursors WHERE name <> ''");
}

/* --- transactions --- */

static void
test_autocommit (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_server_cursor_new (&session, "c");
  g_assert_false (pg_test_server_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "25P01");
  assert_status (&session, PG_TRANSACTION_STATUS_IDLE);
  pg_test_session_assert_usable (&session);
  /* In a transaction of the user's own it is as without autocommit. */
  pg_test_driver_run (session.connection, "BEGIN");
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(1, 5) AS i");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  pg_test_driver_run (session.connection, "COMMIT");
  assert_fails (cursor, "34000");
}

static void
test_hold (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;

  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_server_cursor_new (&session, "held");
  pg_base_server_cursor_set_hold (cursor, TRUE);
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(1, 5) AS i");
  assert_status (&session, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 2);

  /* Declared again, in a transaction that it outlasts; what it gives after that begins none. */
  pg_test_session_set_autocommit (&session, FALSE);
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(11, 15) AS i");
  assert_status (&session, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 11);
  pg_test_session_commit (&session);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 12);
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, 2);
  assert_status (&session, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (count_cursors (&session), ==, 1);
  pg_test_session_rollback (&session);
  close_cursor (cursor);
  g_assert_cmpint (count_cursors (&session), ==, 0);
}

/* The server goes through all rows when the transaction ends, which in autocommit mode is the end of the call. */
static void
test_hold_that_fails_at_its_end (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_server_cursor_new (&session, "held");
  pg_base_server_cursor_set_hold (cursor, TRUE);
  g_assert_false (pg_test_server_cursor_execute (cursor, "SELECT 1 / (10 - i) FROM generate_series(1, 20) AS i", NULL, NULL, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "22012");
  pg_test_session_assert_usable (&session);
  pg_test_server_cursor_execute_ok (cursor, "SELECT 7");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 7);
}

static void
test_transaction_ends_under_it (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_new (&session, "c");
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(1, 5) AS i");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  pg_test_session_commit (&session);
  /* No transaction is begun to learn that. */
  assert_fails (cursor, "34000");
  assert_status (&session, PG_TRANSACTION_STATUS_IDLE);
  g_assert_false (pg_test_server_cursor_scroll (cursor, 1, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "34000");
  g_clear_error (&error);
  /* What came remains. */
  g_assert_nonnull (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(1, 5) AS i");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  pg_test_session_rollback (&session);
  pg_test_driver_run (session.connection, "SELECT 1");
  assert_fails (cursor, "34000");
  assert_status (&session, PG_TRANSACTION_STATUS_INERROR);
}

/* --- close --- */

static void
test_close (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) open = NULL;
  g_autoptr (PgBaseServerCursor) gone = NULL;
  g_autoptr (PgBaseServerCursor) over = NULL;
  g_autoptr (PgBaseServerCursor) failed = NULL;
  g_autoptr (PgBaseServerCursor) unused = NULL;
  g_autoptr (PgBaseServerCursor) silent = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  open = pg_test_server_cursor_new (&session, "open");
  pg_test_server_cursor_execute_ok (open, "SELECT 1");
  g_assert_cmpint (count_cursors (&session), ==, 1);
  close_cursor (open);
  g_assert_cmpint (count_cursors (&session), ==, 0);
  assert_status (&session, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_null (pg_test_server_cursor_fetch_one (open, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_assert_false (pg_test_server_cursor_execute (open, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);

  /* Somebody else was faster: the transaction goes on. */
  gone = pg_test_server_cursor_new (&session, "gone");
  pg_test_server_cursor_execute_ok (gone, "SELECT 1");
  pg_test_driver_run (session.connection, "CREATE TABLE kept (); CLOSE gone");
  close_cursor (gone);
  assert_status (&session, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM pg_class WHERE relname = 'kept'"), ==, 1);

  /* Outside of a transaction nothing is sent. */
  over = pg_test_server_cursor_new (&session, "over");
  pg_test_server_cursor_execute_ok (over, "SELECT 1");
  pg_test_session_rollback (&session);
  pg_fault_proxy_reset_counts (session.proxy);
  close_cursor (over);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session.proxy), ==, 0);

  /* Nor in one that has failed. */
  failed = pg_test_server_cursor_new (&session, "failed");
  pg_test_server_cursor_execute_ok (failed, "SELECT 1");
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1 / 0", NULL, NULL, &error));
  g_clear_error (&error);
  pg_fault_proxy_reset_counts (session.proxy);
  close_cursor (failed);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session.proxy), ==, 0);
  pg_test_session_rollback (&session);

  /* One that nobody has used, and that does not exist. */
  pg_test_driver_run (session.connection, "SELECT 1");
  unused = pg_test_server_cursor_new (&session, "unused");
  close_cursor (unused);
  assert_status (&session, PG_TRANSACTION_STATUS_INTRANS);

  /* The base class says nothing of it, but does it. */
  silent = pg_test_server_cursor_new (&session, "silent");
  pg_test_server_cursor_execute_ok (silent, "SELECT 1");
  pg_base_cursor_close (PG_BASE_CURSOR (silent));
  g_assert_true (pg_base_cursor_get_closed (PG_BASE_CURSOR (silent)));
  g_assert_cmpint (count_cursors (&session), ==, 0);
}

static void
test_close_without_connection (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_new (&session, "c");
  pg_test_server_cursor_execute_ok (cursor, "SELECT 1 AS one");
  pg_base_connection_close (session.connection);
  g_assert_null (pg_test_server_cursor_fetch_one (cursor, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  close_cursor (cursor);
}

/* --- somebody else's --- */

#define MAKE_FUNCTION \
  "CREATE FUNCTION open_it(name refcursor) RETURNS refcursor LANGUAGE plpgsql AS " \
  "'BEGIN OPEN name FOR SELECT i FROM generate_series(1, 10) AS i; RETURN name; END'"

static void
test_stolen (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (PgBaseServerCursor) untouched = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  pg_test_driver_run (session.connection, MAKE_FUNCTION);
  pg_test_driver_run (session.connection, "SELECT open_it('stolen'), open_it('untouched')");
  cursor = pg_test_server_cursor_new (&session, "stolen");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, -1);
  g_assert_cmpuint (pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, 1);
  /* Moved to a position it is known. */
  g_assert_true (pg_test_server_cursor_scroll (cursor, 5, PG_SCROLL_MODE_ABSOLUTE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, 5);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 6);
  rows = pg_test_server_cursor_fetch_all (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 10);
  g_assert_cmpint (count_cursors (&session), ==, 2);
  close_cursor (cursor);
  g_assert_cmpint (count_cursors (&session), ==, 1);
  untouched = pg_test_server_cursor_new (&session, "untouched");
  close_cursor (untouched);
  g_assert_cmpint (count_cursors (&session), ==, 0);
}

/* What is not known stays so until it can be known. */
static void
test_stolen_position (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  pg_test_driver_run (session.connection, MAKE_FUNCTION);
  pg_test_driver_run (session.connection, "SELECT open_it('stolen')");
  pg_test_driver_run (session.connection, "MOVE 3 FROM stolen");
  cursor = pg_test_server_cursor_new (&session, "stolen");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 4);
  g_assert_true (pg_test_server_cursor_scroll (cursor, 3, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, -1);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 8);
  g_assert_true (pg_test_server_cursor_scroll (cursor, 30, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, -1);
  g_assert_true (pg_test_server_cursor_scroll (cursor, -2, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 9);
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, -1);
  g_assert_true (pg_test_server_cursor_scroll (cursor, -100, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, 0);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, 1);
  g_assert_no_error (error);
}

static void
test_missing (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;

  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_server_cursor_new (&session, "missing");
  assert_fails (cursor, "34000");
  pg_test_session_set_autocommit (&session, FALSE);
  pg_test_driver_run (session.connection, "SELECT 1");
  assert_fails (cursor, "34000");
  assert_status (&session, PG_TRANSACTION_STATUS_INERROR);
}

/* --- failures --- */

static void
test_cancel (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_new (&session, "slow");
  pg_test_server_cursor_execute_ok (cursor, "SELECT pg_sleep(CASE WHEN i > 3 THEN 600 ELSE 0 END), i FROM generate_series(1, 10) AS i");
  {
    g_autoptr (PgRow) row = pg_test_server_cursor_fetch_one (cursor, NULL, &error);

    g_assert_no_error (error);
    g_assert_nonnull (row);
  }
  g_cancellable_cancel (cancelled);
  g_assert_null (pg_test_server_cursor_fetch_one (cursor, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_status (&session, PG_TRANSACTION_STATUS_INTRANS);
  /* That was none: nothing is left of it. */
  thread = pg_test_session_cancel_when_sent (&session, 50);
  g_assert_null (pg_test_server_cursor_fetch_all (cursor, session.cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_status (&session, PG_TRANSACTION_STATUS_INERROR);
  close_cursor (cursor);
  pg_test_session_rollback (&session);
  pg_test_session_set_autocommit (&session, TRUE);
  pg_test_session_assert_usable (&session);
}

static void
test_lost (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_new (&session, "c");
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(1, 10) AS i");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  pg_fault_proxy_cut (session.proxy, PG_FAULT_ACTION_RESET);
  g_assert_null (pg_test_server_cursor_fetch_one (cursor, NULL, &error));
  g_assert_nonnull (error);
  pg_test_session_assert_broken (&session);
  close_cursor (cursor);
}

static void
test_pending (void)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) base = NULL;
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autoptr (GError) error = NULL;
  PgAsyncServerCursor *cursor;

  if (!pg_test_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_test_session_set_autocommit (&session, FALSE);
  base = pg_test_server_cursor_new (&session, "c");
  cursor = PG_ASYNC_SERVER_CURSOR (base);
  pg_async_server_cursor_execute_async (cursor, "SELECT 1 / (i - i) FROM generate_series(1, 2) AS i", NULL, NULL, pg_test_keep_result, &first);
  pg_async_server_cursor_fetch_one_async (cursor, NULL, pg_test_keep_result, &second);
  pg_test_wait_for (&first);
  pg_test_wait_for (&second);
  g_assert_null (pg_async_server_cursor_fetch_one_finish (cursor, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  g_clear_object (&second);
  /* The row has not been computed yet. */
  g_assert_true (pg_async_server_cursor_execute_finish (cursor, first, &error));
  g_assert_no_error (error);

  pg_async_server_cursor_fetch_one_async (cursor, NULL, pg_test_keep_result, &second);
  pg_test_wait_for (&second);
  g_assert_null (pg_async_server_cursor_fetch_one_finish (cursor, second, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "22012");
  g_clear_error (&error);
  pg_test_session_rollback (&session);
  /* A call that has failed is over, and so is one that was closed over. */
  pg_test_server_cursor_execute_ok (base, "SELECT 5");
  pg_async_server_cursor_fetch_one_async (cursor, NULL, pg_test_keep_result, &third);
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  pg_test_wait_for (&third);
  g_assert_null (pg_async_server_cursor_fetch_one_finish (cursor, third, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_cmpint (count_cursors (&session), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/server-cursor/%s/autocommit", test_autocommit);
  pg_test_driver_add ("/pg/server-cursor/%s/hold", test_hold);
  pg_test_driver_add ("/pg/server-cursor/%s/hold-that-fails-at-its-end", test_hold_that_fails_at_its_end);
  pg_test_driver_add ("/pg/server-cursor/%s/transaction-ends-under-it", test_transaction_ends_under_it);
  pg_test_driver_add ("/pg/server-cursor/%s/close", test_close);
  pg_test_driver_add ("/pg/server-cursor/%s/close-without-connection", test_close_without_connection);
  pg_test_driver_add ("/pg/server-cursor/%s/stolen", test_stolen);
  pg_test_driver_add ("/pg/server-cursor/%s/stolen-position", test_stolen_position);
  pg_test_driver_add ("/pg/server-cursor/%s/missing", test_missing);
  pg_test_driver_add ("/pg/server-cursor/%s/cancel", test_cancel);
  pg_test_driver_add ("/pg/server-cursor/%s/lost", test_lost);
  g_test_add_func ("/pg/server-cursor/pending", test_pending);
  return g_test_run ();
}
