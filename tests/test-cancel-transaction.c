/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is stopped while it does something that is none of the transaction's business leaves the transaction as it was: the library's own questions go under a savepoint. */
#include "pg-test-calls.h"
#include "pg-test-copy.h"
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* Who stops the call, and how, as soon as it waits for the lock that somebody else has on a catalogue. */
typedef enum
{
  STOP_CANCELLABLE,
  STOP_ASKED,
  N_STOPS,
} Stop;

typedef struct
{
  PgTestSession session;
  PgConnection *holder;
  Stop stop;
  gboolean freeze; /* when something is sent after that */
  GThread *thread;
} Locked;

static void
locked_clear (Locked *self)
{
  g_assert_null (self->thread);
  g_clear_object (&self->holder);
  pg_test_session_clear (&self->session);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Locked, locked_clear)

static gpointer
stop_when_blocked (gpointer data)
{
  Locked *self = data;

  while (pg_test_int64 (self->holder, "SELECT count(*) FROM pg_catalog.pg_locks WHERE NOT granted") == 0)
    g_usleep (5 * 1000);
  /* The empty statement is sent without one. */
  if (self->freeze)
    pg_fault_proxy_act_before (self->session.proxy, PG_FAULT_TO_SERVER, 'P', PG_FAULT_ACTION_FREEZE);
  if (self->stop == STOP_CANCELLABLE)
    g_cancellable_cancel (self->session.cancellable);
  else
    pg_base_connection_cancel (self->session.connection);
  return NULL;
}

/* A transaction with a row in it. */
static gboolean
locked_open (Locked *self, gconstpointer driver, Stop stop)
{
  if (!pg_test_session_open (&self->session, driver, TRUE))
    return FALSE;
  self->stop = stop;
  pg_test_driver_run (self->session.connection, "DROP TYPE IF EXISTS place CASCADE");
  pg_test_driver_run (self->session.connection, "CREATE TYPE place AS (x int4, y int4)");
  pg_test_driver_run (self->session.connection, "CREATE TEMPORARY TABLE t (i int, p place)");
  /* What the statement itself looks up is known afterwards. */
  pg_test_driver_run (self->session.connection, "INSERT INTO t VALUES (0, ROW(1, 2)::place) RETURNING p");
  pg_test_driver_run (self->session.connection, "COPY (SELECT p FROM t LIMIT 0) TO '/dev/null'");
  pg_test_driver_run (self->session.connection, "DELETE FROM t");
  g_assert_true (pg_test_driver_set_autocommit (self->session.connection, FALSE, NULL));
  pg_test_driver_run (self->session.connection, "INSERT INTO t VALUES (1)");
  self->holder = pg_test_open (self->session.direct);
  pg_test_run (self->holder, "LOCK TABLE pg_catalog.pg_enum IN ACCESS EXCLUSIVE MODE");
  self->thread = g_thread_new ("stop", stop_when_blocked, self);
  return TRUE;
}

static void
assert_as_it_was (Locked *self, gint64 n_rows)
{
  g_thread_join (g_steal_pointer (&self->thread));
  g_assert_true (pg_connection_rollback (self->holder, NULL, NULL));
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (self->session.connection, "SELECT count(*) FROM t"), ==, n_rows);
  /* A strike that is left over would hit this one. */
  g_assert_cmpint (pg_test_driver_int64 (self->session.connection, "SELECT 6 FROM pg_sleep(0.1)"), ==, 6);
  g_assert_true (pg_test_driver_commit (self->session.connection, NULL, NULL));
  g_assert_cmpint (pg_test_driver_int64 (self->session.connection, "SELECT count(*) FROM t"), ==, n_rows);
}

static void
test_types_question (gconstpointer driver)
{
  g_test_summary ("A call that is stopped while the types of its columns are looked up has succeeded, and so has its transaction.");
  for (Stop stop = 0; stop < N_STOPS; stop++)
    {
      g_auto (Locked) self = { 0 };
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (GError) error = NULL;

      if (!locked_open (&self, driver, stop))
        return;
      pg_base_connection_set_fetch_types (self.session.connection, TRUE);
      cursor = pg_test_driver_execute (self.session.connection, "INSERT INTO t VALUES (2, ROW(1, 2)::place) RETURNING p", NULL, self.session.cancellable, &error);
      g_assert_no_error (error);
      g_assert_nonnull (cursor);
      pg_base_connection_set_fetch_types (self.session.connection, FALSE);
      assert_as_it_was (&self, 2);
    }
}

static void
test_fetch_type (gconstpointer driver)
{
  g_test_summary ("A type that is no longer wanted costs the transaction nothing.");
  for (Stop stop = 0; stop < N_STOPS; stop++)
    {
      g_auto (Locked) self = { 0 };
      g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
      g_autoptr (GError) error = NULL;

      if (!locked_open (&self, driver, stop))
        return;
      if (self.session.driver == PG_TEST_DRIVER_BLOCKING)
        {
          g_assert_null (pg_connection_fetch_type (PG_CONNECTION (self.session.connection), "place", self.session.cancellable, &error));
        }
      else
        {
          pg_async_connection_fetch_type_async (PG_ASYNC_CONNECTION (self.session.connection), "place", self.session.cancellable, pg_test_wait_done, &wait);
          g_assert_null (pg_async_connection_fetch_type_finish (PG_ASYNC_CONNECTION (self.session.connection), pg_test_wait (&wait), &error));
        }
      if (stop == STOP_CANCELLABLE)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      assert_as_it_was (&self, 1);
    }
}

static GInputStream *
copy_out (PgTestSession *session, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  const char *sql = "COPY (SELECT p FROM t) TO STDOUT (FORMAT binary)";

  if (session->driver == PG_TEST_DRIVER_BLOCKING)
    return (GInputStream *) pg_connection_copy_out (PG_CONNECTION (session->connection), sql, session->cancellable, error);
  pg_async_connection_copy_out_async (PG_ASYNC_CONNECTION (session->connection), sql, session->cancellable, pg_test_wait_done, &wait);
  return (GInputStream *) pg_async_connection_copy_out_finish (PG_ASYNC_CONNECTION (session->connection), pg_test_wait (&wait), error);
}

static void
test_copy_types (gconstpointer driver)
{
  g_auto (Locked) self = { 0 };
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Nor does a COPY that is stopped while its types are looked up, before it has begun.");
  if (!locked_open (&self, driver, STOP_CANCELLABLE))
    return;
  stream = copy_out (&self.session, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (stream);
  assert_as_it_was (&self, 1);
}

static gpointer
cancel_when_told (gpointer data)
{
  PgTestSession *session = data;

  /* The close's own cancel request is on its way, and is late. */
  g_assert_true (pg_fault_proxy_wait_cancels (session->proxy, 1, 60 * 1000));
  g_cancellable_cancel (session->cancellable);
  return NULL;
}

static void
test_stream_close (gconstpointer driver)
{
  const char *sql = "SELECT i, repeat('x', 1000), CASE WHEN i > 3 THEN pg_sleep(0.1) END FROM generate_series(1, 100000) AS i";
  g_auto (PgTestSession) session = { 0 };
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) close_wait = PG_TEST_WAIT_INIT;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gboolean ok;

  g_test_summary ("The end of a row stream is stopped while it stops the statement: it has been closed all the same, and the transaction goes on.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, NULL));
  pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t AS SELECT 1 AS i");
  if (session.driver == PG_TEST_DRIVER_BLOCKING)
    {
      cursor = PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (session.connection), NULL));
      rows = (PgBaseRowStream *) pg_cursor_stream (PG_CURSOR (cursor), sql, NULL, 1, NULL, &error);
    }
  else
    {
      cursor = PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (session.connection), NULL));
      pg_async_cursor_stream_async (PG_ASYNC_CURSOR (cursor), sql, NULL, 1, NULL, pg_test_wait_done, &wait);
      rows = (PgBaseRowStream *) pg_async_cursor_stream_finish (PG_ASYNC_CURSOR (cursor), pg_test_wait (&wait), &error);
    }
  g_assert_no_error (error);
  pg_fault_proxy_reset_counts (session.proxy);
  pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_PASS, 500);
  thread = g_thread_new ("cancel", cancel_when_told, &session);
  if (session.driver == PG_TEST_DRIVER_BLOCKING)
    {
      ok = pg_row_stream_close (PG_ROW_STREAM (rows), session.cancellable, &error);
    }
  else
    {
      pg_async_row_stream_close_async (PG_ASYNC_ROW_STREAM (rows), session.cancellable, pg_test_wait_done, &close_wait);
      ok = pg_async_row_stream_close_finish (PG_ASYNC_ROW_STREAM (rows), pg_test_wait (&close_wait), &error);
    }
  g_thread_join (thread);
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM t"), ==, 1);
}

static void
test_mending (gconstpointer driver)
{
  g_auto (Locked) self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("A server that is gone when the transaction is put in order is not waited for without end.");
  self.freeze = TRUE;
  if (!locked_open (&self, driver, STOP_CANCELLABLE))
    return;
  pg_base_connection_set_cancel_timeout (self.session.connection, 1500);
  pg_base_connection_set_fetch_types (self.session.connection, TRUE);
  cursor = pg_test_driver_execute (self.session.connection, "SELECT ROW(1, 2)::place", NULL, self.session.cancellable, &error);
  g_assert_no_error (error);
  g_assert_nonnull (cursor);
  g_assert_true (pg_fault_proxy_wait_action (self.session.proxy, 0));
  g_thread_join (g_steal_pointer (&self.thread));
  g_assert_error (self.session.disconnects.reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_test_session_assert_broken (&self.session);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/cancel-transaction/%s/types-question", test_types_question);
  pg_test_driver_add ("/pg/cancel-transaction/%s/fetch-type", test_fetch_type);
  pg_test_driver_add ("/pg/cancel-transaction/%s/copy-types", test_copy_types);
  pg_test_driver_add ("/pg/cancel-transaction/%s/stream-close", test_stream_close);
  pg_test_driver_add ("/pg/cancel-transaction/%s/mending", test_mending);
  return g_test_run ();
}
