/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * cancel() and cancel_safe() between two calls of a row stream or a copy, when no call runs. */
#include "pg-test-copy.h"
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"
#include "pg-test-row-stream.h"

#include <locale.h>
#include <string.h>

/* Some rows come, and then none for an hour: what ends that is the cancel request, whether anybody reads or not. */
#define SLOW "SELECT repeat ('x', 9000), CASE WHEN i > 3 THEN pg_sleep (3600)::text END FROM generate_series (1, 10) i"

typedef struct
{
  PgTestSession session;
  PgTestStreamSession stream; /* the same connection */
  PgBaseConnection *other;
} Session;

static void
session_clear (Session *self)
{
  g_clear_object (&self->other);
  pg_test_stream_session_clear (&self->stream);
  pg_test_session_clear (&self->session);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static gboolean
session_open (Session *self, gconstpointer driver, gboolean autocommit)
{
  if (!pg_test_session_open (&self->session, driver, TRUE))
    return FALSE;
  pg_test_driver_run (self->session.connection, "DROP TABLE IF EXISTS t; CREATE TABLE t (i int PRIMARY KEY, s text)");
  if (!autocommit)
    pg_test_session_set_autocommit (&self->session, FALSE);
  self->stream.driver = self->session.driver;
  self->stream.connection = g_object_ref (self->session.connection);
  if (self->session.driver == PG_TEST_DRIVER_BLOCKING)
    self->stream.cursor = PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (self->session.connection), NULL));
  else
    self->stream.cursor = PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (self->session.connection), NULL));
  /* What has been sent by then is read first, which takes its time on a slow machine. */
  pg_base_connection_set_cancel_timeout (self->session.connection, 60 * 1000);
  self->other = pg_test_driver_open_ok (self->session.driver, self->session.direct, TRUE);
  pg_fault_proxy_reset_counts (self->session.proxy);
  return TRUE;
}

/* Until the server does not work for the connection any more; a minute at most. */
static void
wait_idle (Session *self)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM pg_stat_activity WHERE pid = %d AND state = 'active'",
                                          pg_base_connection_get_backend_pid (self->session.connection));
  const gint64 start = g_get_monotonic_time ();

  while (pg_test_driver_int64 (self->other, sql) != 0)
    {
      g_assert_cmpfloat (pg_test_seconds_since (start), <, 60);
      g_usleep (10 * 1000);
    }
}

static gboolean
cancel_safe (PgBaseConnection *connection, guint timeout, GCancellable *cancellable, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_cancel_safe (PG_CONNECTION (connection), timeout, cancellable, error);
  pg_async_connection_cancel_safe_async (PG_ASYNC_CONNECTION (connection), timeout, cancellable, pg_test_wait_done, &wait);
  return pg_async_connection_cancel_safe_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait (&wait), error);
}

static void
cancel_safe_ok (PgBaseConnection *connection)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = cancel_safe (connection, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

/* Statements go on, and none is struck by what was sent. */
static void
assert_in_order (Session *self, PgTransactionStatus status)
{
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->session.connection), ==, status);
  g_assert_cmpuint (self->session.disconnects.n, ==, 0);
  if (status != PG_TRANSACTION_STATUS_INERROR)
    g_assert_cmpint (pg_test_driver_int64 (self->session.connection, "SELECT 7 FROM pg_sleep (0.1)"), ==, 7);
  g_assert_true (pg_test_driver_rollback (self->session.connection, NULL));
  g_assert_cmpint (pg_test_driver_int64 (self->session.connection, "SELECT 8 FROM pg_sleep (0.1)"), ==, 8);
  g_assert_true (pg_test_driver_rollback (self->session.connection, NULL));
}

static void
test_rows (gconstpointer data)
{
  g_test_summary ("cancel() between two reads of a row stream: the server is told at once, and the next read fails, as do those after it.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (Session) session = { 0 };
      g_autoptr (PgBaseRowStream) rows = NULL;
      g_autoptr (PgResult) chunk = NULL;
      const gboolean autocommit = round % 2 == 0;

      if (!session_open (&session, data, autocommit))
        return;
      rows = pg_test_stream (&session.stream, SLOW, 1);
      chunk = pg_test_stream_next (rows);
      if (round < 2)
        pg_base_connection_cancel (session.session.connection);
      else
        cancel_safe_ok (session.session.connection);
      wait_idle (&session);
      g_assert_cmpuint (pg_fault_proxy_count_cancels (session.session.proxy), ==, 1);
      g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 1);
      pg_test_stream_assert_next_fails (rows, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      pg_test_stream_assert_next_fails (rows, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_assert_true (pg_base_row_stream_is_over (rows));
      g_assert_null (pg_base_row_stream_get_status_message (rows));
      pg_test_stream_close (rows);
      assert_in_order (&session, autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INERROR);
    }
}

static void
test_rows_closed (gconstpointer data)
{
  g_test_summary ("A row stream that is closed after cancel() has been closed: a transaction goes on.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (Session) session = { 0 };
      g_autoptr (PgBaseRowStream) rows = NULL;
      const gboolean autocommit = round % 2 == 0;

      if (!session_open (&session, data, autocommit))
        return;
      rows = pg_test_stream (&session.stream, SLOW, 1);
      pg_base_connection_cancel (session.session.connection);
      if (round < 2)
        wait_idle (&session);
      pg_test_stream_close (rows);
      pg_test_stream_assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_CLOSED);
      assert_in_order (&session, autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INTRANS);
    }
}

static void
test_rows_all_sent (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgResult) chunk = NULL;

  g_test_summary ("cancel() when the server has sent all rows: the next read fails all the same, the statement has been completed, and its transaction goes on.");
  if (!session_open (&session, data, FALSE))
    return;
  rows = pg_test_stream (&session.stream, "INSERT INTO t SELECT generate_series (1, 10) RETURNING i", 3);
  chunk = pg_test_stream_next (rows);
  wait_idle (&session);
  cancel_safe_ok (session.session.connection);
  pg_test_stream_assert_next_fails (rows, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  g_assert_cmpstr (pg_base_row_stream_get_status_message (rows), ==, "INSERT 0 10");
  g_assert_cmpint (pg_test_driver_int64 (session.session.connection, "SELECT count (*) FROM t"), ==, 10);
  assert_in_order (&session, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_rows_over (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;

  g_test_summary ("cancel() after the last read does nothing, and neither stream nor statement that comes after it is struck.");
  if (!session_open (&session, data, FALSE))
    return;
  rows = pg_test_stream (&session.stream, "SELECT generate_series (1, 10)", 3);
  g_assert_cmpuint (pg_test_stream_count (rows), ==, 10);
  pg_base_connection_cancel (session.session.connection);
  cancel_safe_ok (session.session.connection);
  g_clear_object (&rows);
  rows = pg_test_stream (&session.stream, "SELECT generate_series (1, 10)", 3);
  g_assert_cmpuint (pg_test_stream_count (rows), ==, 10);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.session.proxy), ==, 0);
  assert_in_order (&session, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_rows_running (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("cancel() of another thread while reads come and go: one of them fails, whether it strikes a call or the time between two.");
  if (!session_open (&session, data, TRUE))
    return;
  rows = pg_test_stream (&session.stream, "SELECT repeat ('x', 9000), pg_sleep (0.01) FROM generate_series (1, 1000000)", 1);
  thread = pg_test_later (50, pg_base_connection_cancel, session.session.connection);
  while (error == NULL)
    g_clear_object (&(PgResult *){ pg_test_stream_next_cancellable (rows, NULL, &error) });
  g_thread_join (thread);
  g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  assert_in_order (&session, PG_TRANSACTION_STATUS_IDLE);
}

static void
test_other_thread (void)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;

  g_test_summary ("PgConnection: a thread cancels between two reads of another one.");
  if (!session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), FALSE))
    return;
  rows = pg_test_stream (&session.stream, SLOW, 1);
  g_thread_join (g_thread_new ("cancel", (GThreadFunc) (GCallback) cancel_safe_ok, session.session.connection));
  wait_idle (&session);
  pg_test_stream_assert_next_fails (rows, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  assert_in_order (&session, PG_TRANSACTION_STATUS_INERROR);
}

static void
test_pipeline (gconstpointer data)
{
  g_auto (PgTestPipeline) pipeline = { 0 };
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  guint before, after;

  g_test_summary ("A row stream inside a pipeline: it is cancelled, and what is before and after it is not.");
  if (!pg_test_pipeline_open (&pipeline, data, TRUE) || !session_open (&session, data, TRUE))
    return;
  g_set_object (&session.stream.connection, pipeline.connection);
  g_clear_object (&session.stream.cursor);
  if (pipeline.blocking)
    session.stream.cursor = PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (pipeline.connection), NULL));
  else
    session.stream.cursor = PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (pipeline.connection), NULL));
  pg_test_pipeline_verb_ok (&pipeline, PG_TEST_PIPELINE_BEGIN);
  before = pg_test_pipeline_start (&pipeline, "SELECT 1");
  rows = pg_test_stream (&session.stream, SLOW, 1);
  cancel_safe_ok (pipeline.connection);
  pg_test_stream_assert_next_fails (rows, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  after = pg_test_pipeline_start (&pipeline, "SELECT 2 FROM pg_sleep (0.1)");
  pg_test_pipeline_verb_ok (&pipeline, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_value (&pipeline, before, 1);
  pg_test_pipeline_assert_value (&pipeline, after, 2);
  pg_test_pipeline_assert_usable (&pipeline);
}

static void
test_copy_out (gconstpointer data)
{
  PgTestDriver driver = GPOINTER_TO_INT (data);

  g_test_summary ("cancel() between two reads of a COPY to the client: the next read fails; who closes it has closed it.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (Session) session = { 0 };
      g_autoptr (GInputStream) source = NULL;
      g_autoptr (GError) error = NULL;
      const gboolean autocommit = round % 2 == 0;
      char buffer[10];

      if (!session_open (&session, data, autocommit))
        return;
      source = pg_test_copy_out (session.session.connection, "COPY (" SLOW ") TO STDOUT", &error);
      g_assert_no_error (error);
      g_assert_cmpint (pg_test_copy_read (driver, source, buffer, sizeof buffer, NULL, &error), ==, sizeof buffer);
      pg_base_connection_cancel (session.session.connection);
      wait_idle (&session);
      if (round < 2)
        {
          g_assert_cmpint (pg_test_copy_read (driver, source, buffer, sizeof buffer, NULL, &error), ==, -1);
          g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
          g_clear_error (&error);
        }
      g_assert_true (pg_test_copy_close_input (driver, source, &error));
      g_assert_no_error (error);
      assert_in_order (&session, autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INERROR);
    }
}

static void
test_copy_in (gconstpointer data)
{
  PgTestDriver driver = GPOINTER_TO_INT (data);

  g_test_summary ("cancel() between two writes of a COPY from the client: the next one that sends, or the closing, fails, and nothing is loaded.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (Session) session = { 0 };
      g_autoptr (GOutputStream) target = NULL;
      g_autoptr (GError) error = NULL, closing = NULL;
      g_autofree char *much = g_strnfill (100000, 'x');
      const gboolean autocommit = round % 2 == 0;

      if (!session_open (&session, data, autocommit))
        return;
      target = pg_test_copy_in (session.session.connection, "COPY t FROM STDIN", &error);
      g_assert_no_error (error);
      g_assert_true (pg_test_copy_write_text (driver, target, "1\ta\n2\tb\n", &error));
      cancel_safe_ok (session.session.connection);
      g_assert_cmpuint (pg_fault_proxy_count_cancels (session.session.proxy), ==, 1);
      if (round < 2)
        {
          g_assert_false (pg_test_copy_write (driver, target, much, 100000, NULL, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
        }
      g_assert_false (pg_test_copy_close_output (driver, target, NULL, &closing));
      g_assert_error (closing, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_assert_cmpint (pg_test_driver_int64 (session.other, "SELECT count (*) FROM t"), ==, 0);
      assert_in_order (&session, autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INERROR);
    }
}

static void
test_waiting (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("cancel_safe() between two reads waits until the server has the request, for as long as it is told to.");
  if (!session_open (&session, data, TRUE))
    return;
  pg_fault_proxy_set_cancel (session.session.proxy, PG_FAULT_CANCEL_HANG, 0);
  rows = pg_test_stream (&session.stream, SLOW, 1);
  g_assert_false (cancel_safe (session.session.connection, 100, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  thread = pg_test_later (100, g_cancellable_cancel, cancellable);
  g_assert_false (cancel_safe (session.session.connection, 0, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* It is one request, however often it was asked for. */
  g_assert_true (pg_fault_proxy_wait_cancels (session.session.proxy, 1, 60 * 1000));
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.session.proxy), ==, 1);
  pg_base_connection_close (session.session.connection);
  pg_test_stream_assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_given_up (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;

  g_test_summary ("A cancel request between two reads that hangs costs the connection after cancel-timeout: at once where somebody waits, else with the next read.");
  for (guint round = 0; round < 2; round++)
    {
      if (!session_open (&session, data, TRUE))
        return;
      pg_base_connection_set_cancel_timeout (session.session.connection, 200);
      pg_fault_proxy_set_cancel (session.session.proxy, PG_FAULT_CANCEL_HANG, 0);
      rows = pg_test_stream (&session.stream, SLOW, 1);
      pg_base_connection_cancel (session.session.connection);
      if (round == 0)
        cancel_safe_ok (session.session.connection);
      pg_test_stream_assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      pg_test_session_assert_broken (&session.session);
      g_clear_object (&rows);
      session_clear (&session);
      session = (Session){ 0 };
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  pg_test_driver_add ("/pg/cancel-stream/%s/rows", test_rows);
  pg_test_driver_add ("/pg/cancel-stream/%s/rows-closed", test_rows_closed);
  pg_test_driver_add ("/pg/cancel-stream/%s/rows-all-sent", test_rows_all_sent);
  pg_test_driver_add ("/pg/cancel-stream/%s/rows-over", test_rows_over);
  pg_test_driver_add ("/pg/cancel-stream/%s/rows-running", test_rows_running);
  g_test_add_func ("/pg/cancel-stream/blocking/other-thread", test_other_thread);
  pg_test_driver_add ("/pg/cancel-stream/%s/pipeline", test_pipeline);
  pg_test_driver_add ("/pg/cancel-stream/%s/copy-out", test_copy_out);
  pg_test_driver_add ("/pg/cancel-stream/%s/copy-in", test_copy_in);
  pg_test_driver_add ("/pg/cancel-stream/%s/waiting", test_waiting);
  pg_test_driver_add ("/pg/cancel-stream/%s/given-up", test_given_up);
  return g_test_run ();
}
