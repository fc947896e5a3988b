/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* What a cancelled call ends with when time runs out, the request comes late or not at all, and for COMMIT. */

static void
test_timeout (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };

  g_test_summary ("A call that takes longer than the connection's timeout is cancelled on the server, and the connection goes on.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;

      pg_base_connection_set_timeout (session.connection, 1 + i * 5);
      g_assert_null (pg_test_driver_execute (session.connection, "SELECT pg_sleep(300)", NULL, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      pg_base_connection_set_timeout (session.connection, 0);
      pg_test_session_assert_usable (&session);
    }
}

static void
test_unanswered (gconstpointer driver)
{
  const PgFaultCancel faults[] = { PG_FAULT_CANCEL_DROP, PG_FAULT_CANCEL_HANG };

  g_test_summary ("A cancel request that does not get through is bounded by cancel-timeout; then the connection is broken.");
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_auto (PgTestSession) session = { 0 };
      g_autoptr (GError) error = NULL;
      gint64 start;
      GThread *cancel;

      if (!pg_test_session_open (&session, driver, TRUE))
        return;
      pg_base_connection_set_cancel_timeout (session.connection, 400);
      pg_fault_proxy_set_cancel (session.proxy, faults[i], 0);
      start = g_get_monotonic_time ();
      cancel = pg_test_session_cancel_when_sent (&session, 20);
      g_assert_null (pg_test_driver_execute (session.connection, "SELECT pg_sleep(300)", NULL, session.cancellable, &error));
      g_thread_join (cancel);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpfloat (pg_test_seconds_since (start), >=, 0.4);
      g_assert_cmpfloat (pg_test_seconds_since (start), <, 60);
      if (faults[i] == PG_FAULT_CANCEL_DROP)
        g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), >, 1);
      g_assert_error (session.disconnects.reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      pg_test_session_assert_broken (&session);
    }
}

static void
test_late (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  GThread *cancel;

  g_test_summary ("A cancel request that is late does not hit the next statement: what it was for is not over before it is.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_PASS, 1000);
  cancel = pg_test_session_lock_until_cancel (&session, session.cancellable);
  cursor = pg_test_driver_execute (session.connection, "SELECT 1, pg_advisory_xact_lock(1)", NULL, session.cancellable, &error);
  g_thread_join (cancel);
  g_assert_no_error (error);
  g_assert_nonnull (cursor);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (session.proxy), >=, 1);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 6 FROM pg_sleep(0.5)"), ==, 6);
  pg_test_session_assert_usable (&session);
}

static void
test_fence (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  GThread *cancel;

  g_test_summary ("A server that is gone just after it has cancelled a statement is not waited for without end.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_base_connection_set_cancel_timeout (session.connection, 1500);
  /* The answer to the empty statement. */
  pg_fault_proxy_act_before (session.proxy, PG_FAULT_TO_CLIENT, 'I', PG_FAULT_ACTION_FREEZE);
  cancel = pg_test_session_cancel_when_sent (&session, 20);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT pg_sleep(300)", NULL, session.cancellable, &error));
  g_thread_join (cancel);
  g_assert_true (pg_fault_proxy_wait_action (session.proxy, 0));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_session_assert_broken (&session);
}

static void
thaw_when_cancelled (gpointer proxy)
{
  g_assert_true (pg_fault_proxy_wait_cancels (proxy, 1, 60 * 1000));
  pg_fault_proxy_thaw (proxy);
}

static void
test_commit (gconstpointer driver)
{
  g_test_summary ("COMMIT: what the server has answered counts; without an answer the outcome is unknown; cancelled in time it is not done.");
  for (guint i = 0; i < 3; i++)
    {
      g_auto (PgTestSession) session = { 0 };
      g_autoptr (GError) error = NULL;
      GThread *cancel, *thaw = NULL;
      gboolean ok;

      if (!pg_test_session_open (&session, driver, TRUE))
        return;
      pg_base_connection_set_cancel_timeout (session.connection, i == 0 ? 2000 : 600);
      g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, NULL));
      pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i int)");
      if (i == 2)
        {
          pg_test_driver_run (session.connection, "CREATE FUNCTION pg_temp.slow() RETURNS trigger LANGUAGE plpgsql AS"
                                                  " 'BEGIN PERFORM pg_sleep(300); RETURN NULL; END'");
          pg_test_driver_run (session.connection, "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
                                                  " FOR EACH ROW EXECUTE FUNCTION pg_temp.slow()");
          pg_test_driver_run (session.connection, "INSERT INTO t VALUES (1)");
        }
      else
        {
          pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_HANG, 0);
          pg_fault_proxy_set_frozen (session.proxy, PG_FAULT_TO_CLIENT, TRUE);
        }
      cancel = pg_test_session_cancel_when_sent (&session, 30);
      if (i == 0)
        thaw = pg_test_later (0, thaw_when_cancelled, session.proxy);
      ok = pg_test_driver_commit (session.connection, session.cancellable, &error);
      g_thread_join (cancel);
      if (thaw != NULL)
        g_thread_join (thaw);
      switch (i)
        {
        case 0:
          g_assert_no_error (error);
          g_assert_true (ok);
          pg_test_session_assert_broken (&session);
          break;
        case 1:
          g_assert_error (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
          pg_test_session_assert_broken (&session);
          break;
        default:
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_true (pg_test_driver_set_autocommit (session.connection, TRUE, NULL));
          pg_test_session_assert_usable (&session);
          g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM pg_class WHERE relname = 't'"), ==, 0);
          break;
        }
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/cancel-late/%s/timeout", test_timeout);
  pg_test_driver_add ("/pg/cancel-late/%s/unanswered", test_unanswered);
  pg_test_driver_add ("/pg/cancel-late/%s/late", test_late);
  pg_test_driver_add ("/pg/cancel-late/%s/fence", test_fence);
  pg_test_driver_add ("/pg/cancel-late/%s/commit", test_commit);
  return g_test_run ();
}
