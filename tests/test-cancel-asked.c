/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * cancel() and cancel_safe(): the statement may withstand, and others may begin while somebody waits. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* --- statements that withstand --- */

/* Counts how often it was cancelled, for a time, and says so. One request can be two: PostgreSQL signals the process and its group, and the second can
 * come while the first is being handled, which is what the outer handler is for. */
#define STUBBORN \
  "CREATE OR REPLACE FUNCTION stubborn(seconds int) RETURNS int LANGUAGE plpgsql AS $$" \
  " DECLARE n int := 0; until timestamptz := clock_timestamp() + make_interval(secs => seconds);" \
  " BEGIN" \
  "   LOOP BEGIN" \
  "     WHILE clock_timestamp() < until LOOP" \
  "       BEGIN PERFORM pg_sleep(extract(epoch FROM until - clock_timestamp()));" \
  "       EXCEPTION WHEN query_canceled THEN n := n + 1; END;" \
  "     END LOOP;" \
  "     RETURN n;" \
  "   EXCEPTION WHEN query_canceled THEN n := n + 1; END; END LOOP;" \
  " END $$"

static gboolean
open_stubborn (PgTestSession *session, gconstpointer driver)
{
  if (!pg_test_session_open (session, driver, TRUE))
    return FALSE;
  pg_test_driver_run (session->connection, STUBBORN);
  pg_base_connection_set_cancel_timeout (session->connection, 1500);
  pg_fault_proxy_reset_counts (session->proxy);
  return TRUE;
}

typedef struct
{
  PgTestSession *session;
  void (*func) (PgTestSession *session);
} Sleeping;

static gpointer
call_when_sleeping (gpointer data)
{
  Sleeping *self = data;
  g_autoptr (PgConnection) observer = pg_test_open (self->session->direct);

  while (pg_test_int64 (observer, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == 0)
    {
      /* Else it sees what it has seen. */
      g_assert_true (pg_connection_rollback (observer, NULL, NULL));
      g_usleep (5 * 1000);
    }
  self->func (self->session);
  g_free (self);
  return NULL;
}

/* A request that comes before the statement would not count. */
static GThread *
when_sleeping (PgTestSession *session, void (*func) (PgTestSession *session))
{
  Sleeping *self = g_new (Sleeping, 1);

  *self = (Sleeping){ session, func };
  return g_thread_new ("when-sleeping", call_when_sleeping, self);
}

static void
ask_once (PgTestSession *session)
{
  pg_base_connection_cancel (session->connection);
}

static void
test_withstand (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  gint64 start;
  gint64 n_strikes;
  GThread *cancel;

  g_test_summary ("A statement that handles cancel() goes on: it is asked twice at most, and is waited for beyond cancel-timeout.");
  if (!open_stubborn (&session, driver))
    return;
  start = g_get_monotonic_time ();
  cancel = when_sleeping (&session, ask_once);
  n_strikes = pg_test_driver_int64 (session.connection, "SELECT stubborn(3)");
  g_thread_join (cancel);
  g_assert_cmpint (n_strikes, >=, 1);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), ==, 2);
  g_assert_cmpfloat (pg_test_seconds_since (start), >=, 3);
  g_assert_cmpuint (session.disconnects.n, ==, 0);
  pg_test_session_assert_usable (&session);
  /* A strike that is left over would hit this one. */
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 6 FROM pg_sleep(0.3)"), ==, 6);
}

static void
ask_twice (PgTestSession *session)
{
  pg_base_connection_cancel (session->connection);
  g_assert_true (pg_fault_proxy_wait_cancels (session->proxy, 2, 60 * 1000));
  g_usleep (100 * 1000);
  pg_base_connection_cancel (session->connection);
}

static void
test_ask_again (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  gint64 n_strikes;
  GThread *cancel;

  g_test_summary ("Another cancel() is another two requests at most.");
  if (!open_stubborn (&session, driver))
    return;
  cancel = when_sleeping (&session, ask_twice);
  n_strikes = pg_test_driver_int64 (session.connection, "SELECT stubborn(3)");
  g_thread_join (cancel);
  g_assert_cmpint (n_strikes, >=, 2);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), ==, 4);
  g_assert_cmpuint (session.disconnects.n, ==, 0);
  pg_test_session_assert_usable (&session);
}

static void
ask_and_cancel (PgTestSession *session)
{
  pg_base_connection_cancel (session->connection);
  g_usleep (400 * 1000);
  g_cancellable_cancel (session->cancellable);
}

static void
test_stop_for_good (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  GThread *cancel;

  g_test_summary ("A GCancellable after cancel() ends the call within cancel-timeout: what withstands that too costs the connection.");
  if (!open_stubborn (&session, driver))
    return;
  cancel = when_sleeping (&session, ask_and_cancel);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT stubborn(60)", NULL, session.cancellable, &error));
  g_thread_join (cancel);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (session.disconnects.reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_test_session_assert_broken (&session);
}

/* --- waiters --- */

typedef struct _Wait Wait;

struct _Wait
{
  guint n_calls;
  GError *error;
  /* What had ended by then. */
  Wait *statement;
  gboolean statement_had_ended;
  /* What the callback begins. */
  Wait *next_statement;
  Wait *next_waiter;
};

static void on_waited (GObject *source, GAsyncResult *result, gpointer data);

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &wait->error);

  wait->n_calls++;
}

static void
begin_next (PgAsyncConnection *connection, Wait *wait)
{
  if (wait->next_statement == NULL)
    return;
  pg_async_connection_execute_async (connection, "SELECT pg_sleep(30)", NULL, NULL, on_executed, wait->next_statement);
  pg_async_connection_cancel_safe_async (connection, 0, NULL, on_waited, wait->next_waiter);
}

static void
on_waited (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->n_calls++;
  wait->statement_had_ended = wait->statement->n_calls == 1;
  pg_async_connection_cancel_safe_finish (PG_ASYNC_CONNECTION (source), result, &wait->error);
  begin_next (PG_ASYNC_CONNECTION (source), wait);
}

static void
test_waiter_of_next (void)
{
  g_auto (PgTestSession) session = { 0 };
  Wait statements[3] = { { 0 } };
  Wait waiters[] = { { .statement = &statements[0] }, { .statement = &statements[0] }, { .statement = &statements[1] }, { .statement = &statements[2] } };

  g_test_summary ("A waiter whose callback begins another statement, and waits for it: each ends with its own statement, not before, not later.");
  if (!pg_test_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  /* Two waiters for the first; the first of them begins the second statement, whose waiter begins the third. */
  waiters[0].next_statement = &statements[1];
  waiters[0].next_waiter = &waiters[2];
  waiters[2].next_statement = &statements[2];
  waiters[2].next_waiter = &waiters[3];

  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT pg_sleep(30)", NULL, NULL, on_executed, &statements[0]);
  pg_async_connection_cancel_safe_async (PG_ASYNC_CONNECTION (session.connection), 0, NULL, on_waited, &waiters[0]);
  pg_async_connection_cancel_safe_async (PG_ASYNC_CONNECTION (session.connection), 0, NULL, on_waited, &waiters[1]);
  while (waiters[3].n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_assert_cmpuint (statements[i].n_calls, ==, 1);
      g_assert_error (statements[i].error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_error_free (statements[i].error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (waiters); i++)
    {
      g_assert_no_error (waiters[i].error);
      g_assert_cmpuint (waiters[i].n_calls, ==, 1);
      g_assert_true (waiters[i].statement_had_ended);
    }
  pg_test_session_assert_usable (&session);
}

static gboolean
on_interval (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
test_waiter_with_queue (void)
{
  g_auto (PgTestSession) session = { 0 };
  Wait running = { 0 }, queued = { 0 };
  Wait waiter = { .statement = &running };
  guint interval;
  gboolean queued_had_ended;

  g_test_summary ("A waiter ends when the statement that was running has ended, while the one after it is still being executed.");
  if (!pg_test_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_async_connection_set_pipelining (PG_ASYNC_CONNECTION (session.connection), FALSE);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT pg_sleep(30)", NULL, NULL, on_executed, &running);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT pg_sleep(1)", NULL, NULL, on_executed, &queued);
  pg_async_connection_cancel_safe_async (PG_ASYNC_CONNECTION (session.connection), 0, NULL, on_waited, &waiter);
  interval = g_timeout_add (10, on_interval, NULL);
  while (waiter.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  queued_had_ended = queued.n_calls > 0;
  while (queued.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (interval);
  g_assert_no_error (waiter.error);
  g_assert_true (waiter.statement_had_ended);
  g_assert_false (queued_had_ended);
  g_assert_error (running.error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  g_assert_no_error (queued.error);
  g_error_free (running.error);
  pg_test_session_assert_usable (&session);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/cancel-asked/%s/withstand", test_withstand);
  pg_test_driver_add ("/pg/cancel-asked/%s/ask-again", test_ask_again);
  pg_test_driver_add ("/pg/cancel-asked/%s/stop-for-good", test_stop_for_good);
  g_test_add_func ("/pg/cancel-asked/main-loop/waiter-of-next", test_waiter_of_next);
  g_test_add_func ("/pg/cancel-asked/main-loop/waiter-with-queue", test_waiter_with_queue);
  return g_test_run ();
}
