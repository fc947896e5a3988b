/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A statement with many sets of parameters: how it is sent, and what becomes of it when it is stopped, with both connection classes. */
#include "pg-test-fixture.h"
#include "pg-test-many.h"

#include <locale.h>

#define INSERT "INSERT INTO t VALUES ($1, $2)"

/* --- several calls --- */

static void
test_more (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Several calls are one batch; between them the connection is busy.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (500, i * 500, 40);

      g_assert_true (pg_test_many_execute_batch (cursor, i == 0 ? INSERT : NULL, batch, i == 19 ? PG_EXECUTE_MANY_NONE : PG_EXECUTE_MANY_MORE, NULL, &error));
      g_assert_no_error (error);
      if (i == 10 && GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING)
        {
          g_assert_null (pg_test_driver_execute (connection, "SELECT 1", NULL, NULL, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_clear_error (&error);
        }
    }
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 10000);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 10000);
}

static gboolean
count_notices (PgBaseConnection *connection, PgDiagnostic *diagnostic, guint *n)
{
  ++*n;
  return FALSE;
}

static void
test_abort (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (GError) error = NULL;
  guint n_notices = 0;

  g_test_summary ("A batch that is given up is rolled back in autocommit: by a flag, by a part that cannot be sent, by closing the cursor, by dropping it.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notice", G_CALLBACK (count_notices), &n_notices);
  for (guint way = 0; way < 5; way++)
    {
      PgBaseCursor *cursor = pg_test_many_cursor_new (connection);
      g_autoptr (PgParamsBatch) first = pg_test_many_batch_new (500, 0, 40);
      g_autoptr (PgParamsBatch) wrong = pg_params_batch_new ();
      g_autoptr (GBytes) values = pg_test_many_integers_new (2, 1);

      pg_params_batch_add_integer_column (wrong, values, 8, NULL);
      g_assert_true (pg_test_many_execute_batch (cursor, INSERT, first, PG_EXECUTE_MANY_MORE, NULL, &error));
      g_assert_no_error (error);
      switch (way)
        {
        case 0:
          g_assert_true (pg_test_many_execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_ABORT, NULL, &error));
          g_assert_no_error (error);
          break;
        case 1:
          g_assert_false (pg_test_many_execute_batch (cursor, NULL, wrong, PG_EXECUTE_MANY_MORE, NULL, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_clear_error (&error);
          break;
        case 2:
          g_assert_false (pg_test_many_execute (cursor, NULL, g_variant_new_parsed ("[<(5000, 'a')>, <(1,)>]"), PG_EXECUTE_MANY_MORE, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_assert_true (g_str_has_prefix (error->message, "set of parameters 502: "));
          g_clear_error (&error);
          break;
        case 3:
          pg_base_cursor_close (cursor);
          break;
        default:
          break;
        }
      if (way < 3)
        pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
      g_object_unref (cursor);
      g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
      pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
    }
  g_assert_cmpuint (n_notices, ==, 0);
}

static void
test_abort_in_transaction (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, FALSE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("In a transaction what was done before a batch was given up stays until the transaction is rolled back.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  pg_test_driver_run (connection, "INSERT INTO t VALUES (-1)");
  g_assert_false (pg_test_many_execute (cursor, INSERT, g_variant_new_parsed ("[<(1, 'a')>, <(2, 'b')>, <(3,)>]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 3);
  g_assert_true (pg_test_driver_rollback (connection, &error));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_another (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgParamsBatch) second = pg_test_many_batch_new (1, -1, 10);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: a batch that was begun on a cursor before another one of it had ended was mixed with it, and half of that one was committed.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  for (guint empty = 0; empty < 2; empty++)
    for (guint end = 0; end < 3; end++)
      {
        g_autoptr (PgParamsBatch) first = pg_test_many_batch_new (500, 0, 40);
        g_autoptr (PgParamsBatch) last = pg_test_many_batch_new (500, 500, 40);

        g_assert_true (pg_test_many_execute_batch (cursor, INSERT, empty ? NULL : first, PG_EXECUTE_MANY_MORE, NULL, &error));
        g_assert_no_error (error);
        for (guint i = 0; i < 4; i++)
          {
            const PgExecuteManyFlags flags = i % 2 == 0 ? PG_EXECUTE_MANY_NONE : PG_EXECUTE_MANY_MORE;

            if (i < 2)
              g_assert_false (pg_test_many_execute_batch (cursor, INSERT, second, flags, NULL, &error));
            else
              g_assert_false (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (1, -1), flags, &error));
            g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
            g_assert_cmpstr (error->message, ==, "the cursor is executing another batch of executemany(): wait for its end first");
            g_clear_error (&error);
          }
        if (end == 0)
          {
            g_assert_true (pg_test_many_execute_batch (cursor, NULL, last, PG_EXECUTE_MANY_NONE, NULL, &error));
            g_assert_no_error (error);
            g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, empty ? 500 : 1000);
          }
        else if (end == 1)
          {
            g_assert_true (pg_test_many_execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_ABORT, NULL, &error));
            g_assert_no_error (error);
          }
        else
          {
            g_assert_false (pg_test_many_execute (cursor, NULL, g_variant_new_parsed ("[<(5000, 'a')>, <(1,)>]"), PG_EXECUTE_MANY_NONE, &error));
            g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
            g_clear_error (&error);
          }
        pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
        g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, end > 0 ? 0 : empty ? 500 : 1000);
        g_assert_true (pg_test_many_execute_batch (cursor, INSERT, second, PG_EXECUTE_MANY_NONE, NULL, &error));
        g_assert_no_error (error);
        pg_test_driver_run (connection, "DELETE FROM t");
      }
}

/* --- cost, back-pressure, cancelling, lost connections --- */

static void
test_cost (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("One Parse and one Sync for all, in one round trip where it is small.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, &error));
  cursor = pg_test_many_cursor_new (session.connection);
  pg_fault_proxy_reset_counts (session.proxy);
  g_assert_true (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (100, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_CLIENT, 'Z', 1, 30000));
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session.proxy), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, 'S'), ==, 1);
  /* And one for BEGIN. */
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, 'P'), ==, 2);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, 'E'), ==, 101);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_CLIENT, 'Z'), ==, 1);
}

static void
test_back_pressure (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  const guint n = pg_test_repeat (1000, 20000);
  gint64 bytes;

  g_test_summary ("More than all buffers take in both directions, sent and answered at once: neither side waits for the other to read.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_many_cursor_new (session.connection);
  {
    g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (n, 0, 20000);

    g_assert_true (pg_test_many_execute_batch (cursor, "SELECT length($2), $1::bigint, repeat('y', 20000)", batch, PG_EXECUTE_MANY_NONE, NULL, &error));
  }
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, n);
  bytes = (gint64) pg_fault_proxy_count_bytes (session.proxy, PG_FAULT_TO_CLIENT);
  g_assert_cmpint (bytes, >, (gint64) n * 20000);
  pg_test_session_assert_usable (&session);
}

static void
cancel_now (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancel (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (100, 0, 10);
  GThread *thread;

  g_test_summary ("A batch that is cancelled is rolled back in autocommit, whichever set of parameters it has come to.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  cursor = pg_test_many_cursor_new (session.connection);
  thread = pg_test_later (200, cancel_now, session.cancellable);
  g_assert_false (pg_test_many_execute_batch (cursor, "WITH x AS (INSERT INTO t VALUES ($1, $2)) SELECT pg_sleep(CASE WHEN $1 > 50 THEN 600 ELSE 0 END)", batch,
                                              PG_EXECUTE_MANY_NONE, session.cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  pg_test_many_assert_state (session.connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM t"), ==, 0);
  g_clear_error (&error);

  /* Between two parts: the next one finds that it is cancelled. */
  {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();

    g_assert_true (pg_test_many_execute_batch (cursor, INSERT, batch, PG_EXECUTE_MANY_MORE, cancellable, &error));
    g_assert_no_error (error);
    g_cancellable_cancel (cancellable);
    g_assert_false (pg_test_many_execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
  pg_test_many_assert_state (session.connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM t"), ==, 0);
  pg_test_session_assert_usable (&session);
}

static void
test_cancel_blocked (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (2000, 0, 20000);
  GThread *thread;

  g_test_summary ("It is cancelled, too, while the socket takes no more and most sets of parameters have not been sent.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_many_cursor_new (session.connection);
  thread = pg_test_later (200, cancel_now, session.cancellable);
  g_assert_false (pg_test_many_execute_batch (cursor, "SELECT length($2), pg_sleep(CASE WHEN $1 > 5 THEN 600 ELSE 0 END)", batch, PG_EXECUTE_MANY_NONE, session.cancellable,
                                              &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  pg_test_session_assert_usable (&session);
}

static void
test_in_flight (gconstpointer driver)
{
  const guint n_most = 64;
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (50, 0, 20000);
  guint n = 0;

  g_test_summary ("While the server works at an early set, calls take no more than the buffers of the system do: what is sent from a source without an end is bounded.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_many_cursor_new (session.connection);
  pg_base_connection_set_timeout (session.connection, 1000);
  for (; n < n_most; n++)
    {
      g_autoptr (GError) error = NULL;

      if (!pg_test_many_execute_batch (cursor, n == 0 ? "SELECT length($2), pg_sleep(CASE WHEN $1 = 5 THEN 600 ELSE 0 END)" : NULL, batch, PG_EXECUTE_MANY_MORE, NULL, &error))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
          break;
        }
    }
  g_test_message ("%u parts of a megabyte", n);
  g_assert_cmpuint (n, <, n_most);
  pg_base_connection_set_timeout (session.connection, 0);
  pg_test_session_assert_usable (&session);
}

static void
test_timeout (gconstpointer driver)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (10, 0, 10);

  g_test_summary ("The time limit is for all calls of a batch together.");
  if (conninfo == NULL)
    return;
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), conninfo, TRUE);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  pg_base_connection_set_timeout (connection, 300);
  cursor = pg_test_many_cursor_new (connection);
  g_assert_true (pg_test_many_execute_batch (cursor, INSERT, batch, PG_EXECUTE_MANY_MORE, NULL, &error));
  g_assert_no_error (error);
  g_usleep (400 * 1000);
  g_assert_false (pg_test_many_execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (connection, 0);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_lost (gconstpointer driver)
{
  g_test_summary ("A connection that is lost anywhere in a batch is said so, and is closed.");
  for (guint i = 0; i < 12; i++)
    {
      g_auto (PgTestSession) session = { 0 };
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (500, 0, 500);
      const PgFaultDirection direction = i % 2 == 0 ? PG_FAULT_TO_SERVER : PG_FAULT_TO_CLIENT;
      gboolean ok;

      if (!pg_test_session_open (&session, driver, TRUE))
        return;
      pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
      cursor = pg_test_many_cursor_new (session.connection);
      pg_fault_proxy_act_after (session.proxy, direction, 20 + 1500 * i, PG_FAULT_ACTION_CUT);
      ok = pg_test_many_execute_batch (cursor, "INSERT INTO t VALUES ($1, $2) RETURNING s", batch, i % 3 == 0 ? PG_EXECUTE_MANY_MORE : PG_EXECUTE_MANY_RETURNING, NULL, &error);
      if (ok)
        ok = pg_test_many_execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, NULL, &error);
      g_assert_false (ok);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
      pg_test_session_assert_broken (&session);
    }
}

static void
test_terminated (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (500, 0, 100);

  g_test_summary ("The server's last words are the reason where it ends the session itself.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = pg_test_many_cursor_new (session.connection);
  g_assert_false (pg_test_many_execute_batch (cursor, "SELECT $2::text, CASE WHEN $1 = 300 THEN pg_terminate_backend(pg_backend_pid()) END", batch, PG_EXECUTE_MANY_NONE, NULL,
                                              &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  /* Of none of the sets. */
  g_assert_false (g_str_has_prefix (error->message, "set of parameters"));
  pg_test_session_assert_broken (&session);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/execute-many/%s/more", test_more);
  pg_test_driver_add ("/pg/execute-many/%s/abort", test_abort);
  pg_test_driver_add ("/pg/execute-many/%s/abort-in-transaction", test_abort_in_transaction);
  pg_test_driver_add ("/pg/execute-many/%s/defect-another", test_another);
  pg_test_driver_add ("/pg/execute-many/%s/cost", test_cost);
  pg_test_driver_add ("/pg/execute-many/%s/back-pressure", test_back_pressure);
  pg_test_driver_add ("/pg/execute-many/%s/cancel", test_cancel);
  pg_test_driver_add ("/pg/execute-many/%s/cancel-blocked", test_cancel_blocked);
  pg_test_driver_add ("/pg/execute-many/%s/in-flight", test_in_flight);
  pg_test_driver_add ("/pg/execute-many/%s/timeout", test_timeout);
  pg_test_driver_add ("/pg/execute-many/%s/lost", test_lost);
  pg_test_driver_add ("/pg/execute-many/%s/terminated", test_terminated);
  return g_test_run ();
}
