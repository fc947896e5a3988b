/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* Cancelling at every moment of a call. Whatever it ends with, it ends once, and the connection is clean for the next call, or broken. */

#define TIMEOUT (60 * 1000)

/* --- one at a certain moment --- */

static void
test_before (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call that is cancelled before it begins sends nothing.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  g_cancellable_cancel (session.cancellable);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1", NULL, session.cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (pg_test_driver_commit (session.connection, session.cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY), ==, 0);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), ==, 0);
  pg_test_session_assert_usable (&session);
}

static void
test_waiting (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  GThread *thread;

  g_test_summary ("A statement that the server executes is cancelled there; a cancellable may be cancelled before it is used again.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  thread = pg_test_session_cancel_when_sent (&session, 50);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT pg_sleep(300)", NULL, session.cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (pg_test_seconds_since (start), <, 60);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), >=, 1);
  pg_test_session_assert_usable (&session);
  g_cancellable_cancel (session.cancellable);
  pg_test_session_assert_usable (&session);
}

static void
test_sending (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParams) params = pg_test_big_params (64 * 1024 * 1024);
  g_autoptr (PgBaseCursor) cursor = NULL;
  GThread *cancel, *thaw;

  g_test_summary ("While 64 MB are being sent a cancel request waits until they are out; where that takes too long the connection is given up.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;

  pg_base_connection_set_cancel_timeout (session.connection, 60 * 1000);
  pg_fault_proxy_set_frozen (session.proxy, PG_FAULT_TO_SERVER, TRUE);
  cancel = pg_test_later (50, g_cancellable_cancel, session.cancellable);
  thaw = pg_test_later (200, pg_fault_proxy_thaw, session.proxy);
  cursor = pg_test_driver_execute_params (session.connection, "SELECT length($1), pg_sleep(300)", params, session.cancellable, &error);
  g_thread_join (cancel);
  g_thread_join (thaw);
  g_assert_null (cursor);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_session_assert_usable (&session);

  g_clear_error (&error);
  g_cancellable_reset (session.cancellable);
  pg_base_connection_set_cancel_timeout (session.connection, 300);
  pg_fault_proxy_set_frozen (session.proxy, PG_FAULT_TO_SERVER, TRUE);
  cancel = pg_test_later (50, g_cancellable_cancel, session.cancellable);
  cursor = pg_test_driver_execute_params (session.connection, "SELECT length($1)", params, session.cancellable, &error);
  g_thread_join (cancel);
  g_assert_null (cursor);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_session_assert_broken (&session);
  g_assert_error (session.disconnects.reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

typedef struct
{
  PgTestSession *session;
  char type;
  guint n;
} AfterMessages;

static void
cancel_after_messages (gpointer data)
{
  AfterMessages *self = data;

  pg_fault_proxy_wait_messages (self->session->proxy, PG_FAULT_TO_CLIENT, self->type, self->n, TIMEOUT);
  g_cancellable_cancel (self->session->cancellable);
}

static void
test_rows (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };

  g_test_summary ("In the middle of 100 MB of rows, at the last row and at the end: cancelled or done, and the connection goes on.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  for (guint i = 0; i < pg_test_repeat (12, 100); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;
      AfterMessages after = { &session, 'D', 1000 };
      const char *sql = "SELECT repeat('x', 1000) FROM generate_series(1, 100000)";
      GThread *thread;

      if (i % 4 != 0)
        {
          sql = "SELECT repeat('x', 100) FROM generate_series(1, 1000)";
          if (i % 4 == 2)
            after.type = 'C';
          if (i % 4 == 3)
            after.type = 'Z';
          if (after.type != 'D')
            after.n = 1;
        }
      pg_fault_proxy_reset_counts (session.proxy);
      thread = pg_test_later (0, cancel_after_messages, &after);
      cursor = pg_test_driver_execute (session.connection, sql, NULL, session.cancellable, &error);
      g_thread_join (thread);
      if (cursor == NULL)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
      else
        {
          g_assert_no_error (error);
          if (i % 4 != 0)
            g_assert_cmpuint (pg_result_get_n_rows (pg_base_cursor_get_result (cursor)), ==, 1000);
        }
      pg_test_session_assert_usable (&session);
      g_cancellable_reset (session.cancellable);
    }
}

/* --- waiting for a turn --- */

static gpointer
long_call_thread (gpointer data)
{
  return pg_test_driver_execute (data, "SELECT 17, pg_advisory_lock(1)", NULL, NULL, NULL);
}

static void
test_turn_blocking (void)
{
  gconstpointer driver = GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING);
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgConnection) holder = NULL;
  GThread *thread, *cancel;

  g_test_summary ("A call that waits for another thread's is cancelled, or times out, at once, and the other is not touched.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  holder = pg_test_open (session.direct);
  pg_test_run (holder, "SELECT pg_advisory_lock(1)");
  thread = g_thread_new ("long", long_call_thread, session.connection);
  g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, TIMEOUT));
  cancel = pg_test_later (50, g_cancellable_cancel, session.cancellable);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1", NULL, session.cancellable, &error));
  g_thread_join (cancel);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  pg_base_connection_set_timeout (session.connection, 50);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (session.connection, 0);
  pg_test_run (holder, "SELECT pg_advisory_unlock(1)");
  cursor = g_thread_join (thread);
  g_assert_nonnull (cursor);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), ==, 0);
  pg_test_session_assert_usable (&session);
}

typedef struct
{
  guint n_calls;
  guint order;
  GError *error;
  PgAsyncCursor *cursor;
} Outcome;

static guint last_order;

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->n_calls++;
  outcome->order = ++last_order;
  outcome->cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &outcome->error);
}

static void
outcome_clear (Outcome *outcome)
{
  g_clear_error (&outcome->error);
  g_clear_object (&outcome->cursor);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
test_turn_main_loop (void)
{
  gconstpointer driver = GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP);
  g_auto (PgTestSession) session = { 0 };
  g_auto (Outcome) first = { 0 }, second = { 0 }, third = { 0 }, fourth = { 0 };
  g_autoptr (PgConnection) holder = NULL;
  PgAsyncConnection *connection;
  GThread *cancel;

  g_test_summary ("A call in the queue is cancelled, or times out, at once and out of its order; the others are not touched.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  holder = pg_test_open (session.direct);
  pg_test_run (holder, "SELECT pg_advisory_lock(1)");
  connection = PG_ASYNC_CONNECTION (session.connection);
  pg_async_connection_set_pipelining (connection, FALSE);
  pg_async_connection_execute_async (connection, "SELECT pg_advisory_lock(1)", NULL, NULL, on_executed, &first);
  pg_async_connection_execute_async (connection, "SELECT 2", NULL, session.cancellable, on_executed, &second);
  pg_base_connection_set_timeout (session.connection, 100);
  pg_async_connection_execute_async (connection, "SELECT 3", NULL, NULL, on_executed, &third);
  pg_base_connection_set_timeout (session.connection, 0);
  pg_async_connection_execute_async (connection, "SELECT 4", NULL, NULL, on_executed, &fourth);
  cancel = pg_test_later (20, g_cancellable_cancel, session.cancellable);
  while (second.n_calls == 0 || third.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  pg_test_run (holder, "SELECT pg_advisory_unlock(1)");
  while (fourth.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (cancel);
  g_assert_cmpuint (first.n_calls + second.n_calls + third.n_calls + fourth.n_calls, ==, 4);
  g_assert_no_error (first.error);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (third.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_no_error (fourth.error);
  g_assert_cmpuint (second.order, <, first.order);
  g_assert_cmpuint (third.order, <, first.order);
  g_assert_cmpuint (first.order, <, fourth.order);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), ==, 0);
  pg_test_session_assert_usable (&session);
}

/* --- one GCancellable for two connections --- */

typedef struct
{
  PgBaseConnection *connection;
  GCancellable *cancellable;
  GError *error;
} Shared;

static gpointer
shared_thread (gpointer data)
{
  Shared *self = data;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->connection, "SELECT pg_sleep(300)", NULL, self->cancellable, &self->error);

  return NULL;
}

static void
test_shared (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseConnection) other = NULL;

  g_test_summary ("One cancellable cancels calls of two connections.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  other = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), session.conninfo, TRUE);
  for (guint i = 0; i < 5; i++)
    {
      GThread *cancel = pg_test_later (i * 5, g_cancellable_cancel, session.cancellable);

      if (GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING)
        {
          Shared a = { session.connection, session.cancellable, NULL }, b = { other, session.cancellable, NULL };
          GThread *one = g_thread_new ("one", shared_thread, &a), *two = g_thread_new ("two", shared_thread, &b);

          g_thread_join (one);
          g_thread_join (two);
          g_assert_error (a.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_error (b.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_error_free (a.error);
          g_error_free (b.error);
        }
      else
        {
          g_auto (Outcome) a = { 0 }, b = { 0 };

          pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT pg_sleep(300)", NULL, session.cancellable, on_executed, &a);
          pg_async_connection_execute_async (PG_ASYNC_CONNECTION (other), "SELECT pg_sleep(300)", NULL, session.cancellable, on_executed, &b);
          while (a.n_calls == 0 || b.n_calls == 0)
            g_main_context_iteration (NULL, TRUE);
          g_assert_error (a.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_error (b.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
      g_thread_join (cancel);
      g_cancellable_reset (session.cancellable);
      pg_test_session_assert_usable (&session);
      g_assert_cmpint (pg_test_driver_int64 (other, "SELECT 5"), ==, 5);
    }
}

/* --- while connecting --- */

static void
test_connecting (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  guint n_connected = 0, n_cancelled = 0;
  guint fds;

  g_test_summary ("Connecting is cancelled at each of its steps, and nothing stays open.");
  if (!pg_test_session_open (&session, driver, FALSE))
    return;
  /* What GLib itself opens once. */
  g_object_unref (pg_test_driver_open_ok (GPOINTER_TO_INT (driver), session.conninfo, TRUE));
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  fds = pg_test_count_fds ();

  pg_fault_proxy_set_accept (session.proxy, PG_FAULT_ACCEPT_BLACKHOLE);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      GThread *cancel = pg_test_later (i * 10, g_cancellable_cancel, session.cancellable);

      g_assert_null (pg_test_driver_open (GPOINTER_TO_INT (driver), session.conninfo, session.cancellable, &error));
      g_thread_join (cancel);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_cancellable_reset (session.cancellable);
    }
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  pg_test_assert_fds (fds);

  pg_fault_proxy_set_accept (session.proxy, PG_FAULT_ACCEPT_FORWARD);
  pg_fault_proxy_set_drip (session.proxy, PG_FAULT_TO_SERVER, 50);
  pg_fault_proxy_set_drip (session.proxy, PG_FAULT_TO_CLIENT, 50);
  for (guint i = 0; i < 200 && n_connected < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      /* In small steps, then soon later than a slow machine takes. */
      GThread *cancel = pg_test_later (i < 50 ? i * 5 : (i - 48) * 200, g_cancellable_cancel, session.cancellable);
      g_autoptr (PgBaseConnection) connection = pg_test_driver_open (GPOINTER_TO_INT (driver), session.conninfo, session.cancellable, &error);

      g_thread_join (cancel);
      g_cancellable_reset (session.cancellable);
      if (connection == NULL)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
        }
      else
        {
          n_connected++;
        }
    }
  g_test_message ("%u cancelled, %u connected", n_cancelled, n_connected);
  g_assert_cmpuint (n_cancelled, >, 2);
  g_assert_cmpuint (n_connected, ==, 2);
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  pg_test_assert_fds (fds);
}

/* --- cancel() and cancel_safe() --- */

static void
on_cancel_safe (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->n_calls++;
  outcome->order = ++last_order;
  pg_async_connection_cancel_safe_finish (PG_ASYNC_CONNECTION (source), result, &outcome->error);
}

static void
test_cancel (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };

  g_test_summary ("cancel() in another thread ends the call with the server's error, does nothing when idle, and never hits the next call.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_base_connection_cancel (session.connection);
  pg_test_session_assert_usable (&session);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;
      GThread *cancel = pg_test_later (i, pg_base_connection_cancel, session.connection);

      cursor = pg_test_driver_execute (session.connection, i % 2 == 0 ? "SELECT pg_sleep(0.2)" : "SELECT pg_sleep(0.01)", NULL, NULL, &error);
      if (cursor == NULL)
        g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_thread_join (cancel);
      pg_test_session_assert_usable (&session);
    }
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), >=, 1);
}

static void
test_cancel_idle_main_loop (void)
{
  g_auto (PgTestSession) session = { 0 };
  guint n_iterations = 0;
  gint64 end;

  g_test_summary ("cancel() for a call that has just ended does not keep the main loop busy.");
  if (!pg_test_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_async_connection_set_pipelining (PG_ASYNC_CONNECTION (session.connection), FALSE);
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_auto (Outcome) outcome = { 0 };

      pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT 1", NULL, NULL, on_executed, &outcome);
      /* The answer is there before the main loop looks. */
      g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_CLIENT, 'Z', i + 1, TIMEOUT));
      while (outcome.n_calls == 0)
        {
          g_main_context_iteration (NULL, TRUE);
          pg_base_connection_cancel (session.connection);
        }
      pg_base_connection_cancel (session.connection);
    }
  end = g_get_monotonic_time () + 100 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time () < end)
    if (g_main_context_iteration (NULL, FALSE))
      n_iterations++;
    else
      g_usleep (1000);
  g_assert_cmpuint (n_iterations, <, 20);
  pg_test_session_assert_usable (&session);
}

static void
test_cancel_safe_blocking (void)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  PgConnection *connection;
  GThread *thread;

  g_test_summary ("cancel_safe() returns when the other thread's call has ended, or when its own time is over.");
  if (!pg_test_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE))
    return;
  connection = PG_CONNECTION (session.connection);
  g_assert_true (pg_connection_cancel_safe (connection, 0, NULL, &error));
  for (guint i = 0; i < 5; i++)
    {
      Shared call = { session.connection, NULL, NULL };

      pg_fault_proxy_reset_counts (session.proxy);
      thread = g_thread_new ("long", shared_thread, &call);
      g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, TIMEOUT));
      if (i == 4)
        {
          g_cancellable_cancel (session.cancellable);
          pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_DROP, 0);
          g_assert_false (pg_connection_cancel_safe (connection, 100, NULL, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
          g_clear_error (&error);
          g_assert_false (pg_connection_cancel_safe (connection, 0, session.cancellable, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_clear_error (&error);
          pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_PASS, 0);
        }
      g_assert_true (pg_connection_cancel_safe (connection, TIMEOUT, NULL, &error));
      g_assert_no_error (error);
      g_thread_join (thread);
      g_assert_error (call.error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_error_free (call.error);
      pg_test_session_assert_usable (&session);
    }
}

static void
test_cancel_safe_main_loop (void)
{
  g_auto (PgTestSession) session = { 0 };
  g_auto (Outcome) idle = { 0 };
  PgAsyncConnection *connection;

  g_test_summary ("cancel_safe_async() ends when the call has ended, or when its own time is over.");
  if (!pg_test_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  connection = PG_ASYNC_CONNECTION (session.connection);
  pg_async_connection_set_pipelining (connection, FALSE);
  pg_async_connection_cancel_safe_async (connection, 0, NULL, on_cancel_safe, &idle);
  while (idle.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (idle.error);
  for (guint i = 0; i < 5; i++)
    {
      g_auto (Outcome) call = { 0 }, in_time = { 0 }, timed_out = { 0 };

      pg_async_connection_execute_async (connection, "SELECT pg_sleep(300)", NULL, NULL, on_executed, &call);
      if (i == 4)
        {
          pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_DROP, 0);
          pg_async_connection_cancel_safe_async (connection, 50, NULL, on_cancel_safe, &timed_out);
          while (timed_out.n_calls == 0)
            g_main_context_iteration (NULL, TRUE);
          g_assert_error (timed_out.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
          g_assert_cmpuint (call.n_calls, ==, 0);
          pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_PASS, 0);
        }
      pg_async_connection_cancel_safe_async (connection, TIMEOUT, NULL, on_cancel_safe, &in_time);
      while (in_time.n_calls == 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_no_error (in_time.error);
      g_assert_cmpuint (call.n_calls, ==, 1);
      g_assert_cmpuint (call.order, <, in_time.order);
      g_assert_error (call.error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      pg_test_session_assert_usable (&session);
    }
}

static void
test_newest_protocol (gconstpointer driver)
{
  PgTestServer *server = pg_test_fixture_server ();
  gboolean has_several = pg_capabilities_get_full_protocol_version (pg_capabilities_get_default ());
  g_autofree char *conninfo = NULL;
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A statement is cancelled in the newest version of the protocol that libpq knows, too: the keys of cancel requests became longer in 3.2.");
  if (server == NULL)
    return;
  conninfo = g_strconcat (pg_test_server_get_conninfo (server), has_several ? " max_protocol_version=latest" : NULL, NULL);
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), conninfo, TRUE);
  pg_base_connection_set_timeout (connection, 100);
  pg_base_connection_set_cancel_timeout (connection, TIMEOUT);
  g_assert_null (pg_test_driver_execute (connection, "SELECT pg_sleep(600)", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (connection, 0);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT 1"), ==, 1);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/cancel/%s/before", test_before);
  pg_test_driver_add ("/pg/cancel/%s/waiting", test_waiting);
  pg_test_driver_add ("/pg/cancel/%s/sending", test_sending);
  pg_test_driver_add ("/pg/cancel/%s/rows", test_rows);
  pg_test_driver_add ("/pg/cancel/%s/shared-cancellable", test_shared);
  pg_test_driver_add ("/pg/cancel/%s/connecting", test_connecting);
  pg_test_driver_add ("/pg/cancel/%s/cancel", test_cancel);
  pg_test_driver_add ("/pg/cancel/%s/newest-protocol", test_newest_protocol);
  g_test_add_func ("/pg/cancel/blocking/turn", test_turn_blocking);
  g_test_add_func ("/pg/cancel/main-loop/turn", test_turn_main_loop);
  g_test_add_func ("/pg/cancel/main-loop/cancel-when-idle", test_cancel_idle_main_loop);
  g_test_add_func ("/pg/cancel/blocking/cancel-safe", test_cancel_safe_blocking);
  g_test_add_func ("/pg/cancel/main-loop/cancel-safe", test_cancel_safe_main_loop);
  return g_test_run ();
}
