/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pipelines of both classes that are cancelled, cut and overfilled. */
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"

#include <locale.h>

/* --- cancelling --- */

static void
test_cancel_sync (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;

  g_test_summary ("To cancel the synchronization stops the statement that runs and leaves the connection in order.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1");
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  pg_test_pipeline_start (&test, "SELECT 3");
  thread = pg_test_later (100, pg_test_cancel_now, cancellable);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_SYNC, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  pg_test_pipeline_assert_value (&test, 0, 1);
  cursor = pg_test_pipeline_finish_with (&test, 1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_cancel_call (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;

  g_test_summary ("A call that is cancelled ends, and what follows it is not executed.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1");
  pg_test_pipeline_start_with (&test, "SELECT pg_sleep(1000)", NULL, cancellable);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  thread = pg_test_later (100, pg_test_cancel_now, cancellable);
  cursor = pg_test_pipeline_finish_with (&test, 1, cancellable, &error);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_cancel_behind (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_test_summary ("A cancelled call whose turn has not come: a blocking one stops what it waits for, one in a main loop only itself.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, test.blocking ? "SELECT 1 FROM pg_sleep(1000)" : "SELECT 1 FROM pg_sleep(0.3)");
  pg_test_pipeline_start_with (&test, "SELECT pg_sleep(1000)", NULL, cancellable);
  if (test.blocking)
    {
      GThread *thread = pg_test_later (100, pg_test_cancel_now, cancellable);

      cursor = pg_test_pipeline_finish_with (&test, 1, cancellable, &error);
      g_thread_join (thread);
    }
  else
    {
      g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      cursor = pg_test_pipeline_finish_with (&test, 1, cancellable, &error);
      pg_test_pipeline_assert_value (&test, 0, 1);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_start (&test, "SELECT 3");
  pg_test_pipeline_assert_value (&test, 2, 3);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_timeout (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("The time for the synchronization counts from its call, and for a statement nobody waits for there is none.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_base_connection_set_timeout (test.connection, 300);
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  if (test.blocking)
    g_usleep (400 * 1000);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_SYNC, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (test.connection, 0);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

/* --- the end of the connection --- */

static void
test_killed (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("When the connection is lost each call says so, and COMMIT that its outcome is not known.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_assert_done (&test, 0);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_fault_proxy_act_before (test.session.proxy, PG_FAULT_TO_CLIENT, '2', PG_FAULT_ACTION_CUT);
  g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
  g_clear_error (&error);
  cursor = pg_test_pipeline_finish_with (&test, 1, NULL, &error);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, &error));
  g_assert_nonnull (error);
  pg_test_session_assert_broken (&test.session);
}

static void
test_lost_between_calls (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autofree char *kill = NULL;
  g_autofree char *killed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Why the connection was lost is the error of each call until the pipeline is ended, as nobody may have looked at that of the first.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  kill = g_strdup_printf ("SELECT pg_terminate_backend(%d, 60000)", pg_base_connection_get_backend_pid (test.connection));
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  killed = pg_test_psql (test.session.direct, kill);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  g_assert_true (pg_base_connection_get_closed (test.connection));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
      g_clear_error (&error);
    }
  g_assert_null (pg_test_driver_execute (test.connection, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_CLOSED);
  pg_test_session_assert_broken (&test.session);
}

static void
test_closed (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("close() ends what is on its way.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  pg_test_pipeline_start (&test, "SELECT 1");
  if (!test.blocking)
    g_main_context_iteration (NULL, FALSE);
  pg_base_connection_close (test.connection);
  cursor = pg_test_pipeline_finish_with (&test, 0, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  cursor = pg_test_pipeline_finish_with (&test, 1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
}

static void
test_cut_anywhere (gconstpointer driver)
{
  const guint n_cuts = pg_test_repeat (25, 400);
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("Cut behind any byte, in both directions: every call ends, COMMIT has happened where it says so, and has not where it says that.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  for (guint i = 0; i < 2 * n_cuts; i++)
    {
      g_autofree char *count = NULL;
      const PgFaultDirection direction = i % 2 == 0 ? PG_FAULT_TO_SERVER : PG_FAULT_TO_CLIENT;
      gboolean ok = TRUE, committed;
      g_autoptr (GError) error = NULL;
      gint64 n;

      g_clear_object (&test.pipeline);
      g_ptr_array_set_size (test.calls, 0);
      pg_test_session_connect (&test.session);
      test.connection = test.session.connection;
      pg_test_driver_run (test.connection, "DELETE FROM t");
      g_assert_true (pg_test_driver_set_autocommit (test.connection, FALSE, NULL));
      test.pipeline = pg_test_pipeline_new (&test);
      pg_fault_proxy_act_after (test.session.proxy, direction, 1 + i / 2 * 450 / n_cuts, PG_FAULT_ACTION_CUT);
      ok = pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_BEGIN, NULL, NULL);
      g_assert_true (ok);
      for (gint row = 0; row < 3; row++)
        pg_test_pipeline_start_any (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", row));
      committed = pg_test_driver_commit (test.connection, NULL, &error);
      for (guint call = 0; call < test.calls->len; call++)
        {
          g_autoptr (PgBaseCursor) cursor = pg_test_pipeline_finish_with (&test, call, NULL, NULL);

          g_assert_true (cursor != NULL || !committed);
        }
      ok = pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, NULL);
      g_assert_true (!ok || committed);
      pg_fault_proxy_act_after (test.session.proxy, direction, 0, PG_FAULT_ACTION_NONE);
      count = pg_test_psql (test.session.direct, "SELECT count(*) FROM t");
      n = g_ascii_strtoll (count, NULL, 10);
      g_assert_true (n == 0 || n == 3);
      if (committed)
        g_assert_cmpint (n, ==, 3);
      else if (!g_error_matches (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN))
        g_assert_cmpint (n, ==, 0);
      if (pg_base_connection_get_closed (test.connection))
        g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
      else
        pg_test_pipeline_assert_usable (&test);
    }
}

/* --- much --- */

static void
test_full_both_ways (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  const guint n = pg_test_repeat (400, 2000);
  g_autofree char *text = g_strnfill (20000, 'x');

  g_test_summary ("Long statements with long answers fill both directions, and nobody waits for ever; the answers are in order.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint i = 0; i < n; i++)
    pg_test_pipeline_start_with (&test, "SELECT $1, $2, repeat('y', 20000)", g_variant_new ("(is)", (gint) i, text), NULL);
  for (guint i = 0; i < n; i++)
    pg_test_pipeline_assert_value (&test, i, i);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

static void
test_slow_reader (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  const guint n = pg_test_repeat (2000, 100000);

  g_test_summary ("Many statements to a server that does not read for a while: each is answered in the end.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_SERVER, 50);
  for (guint i = 0; i < n; i++)
    pg_test_pipeline_start_with (&test, "SELECT $1 + 0", g_variant_new ("(i)", (gint) i), NULL);
  for (guint i = 0; i < n; i += 97)
    pg_test_pipeline_assert_value (&test, i, i);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  pg_test_pipeline_assert_value (&test, n - 1, n - 1);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_SERVER, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_bounded (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("A server that reads nothing: execute() waits as soon as the connection takes no more, and what it had taken is executed in the end.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_fault_proxy_freeze (test.session.proxy);
  pg_base_connection_set_timeout (test.connection, 200);
  for (; n < 1000 && error == NULL; n++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT length ($1)", g_variant_new ("(s)", text), NULL, &error);

      g_assert_true ((cursor != NULL) == (error == NULL));
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (n, >, 1);
  /* As much as the buffers of the system and the proxy take, on both sides of it. */
  g_assert_cmpuint (n, <, 300);
  pg_base_connection_set_timeout (test.connection, 0);
  pg_fault_proxy_thaw (test.session.proxy);
  pg_test_pipeline_start (&test, "SELECT 5");
  pg_test_pipeline_assert_value (&test, 0, 5);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

#define ANSWER 2000

static void
test_memory_blocking (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  const guint n = pg_test_repeat (20000, 100000);
  gsize before, most = 0;

  g_test_summary ("Of many statements, to a server that reads slowly, nothing is kept whose cursor is dropped: neither what is sent nor what is answered.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_SERVER, 50);
  before = pg_test_get_allocated ();
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgCursor) cursor = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT $1, repeat('y', $2)", g_variant_new ("(ii)", (gint) i, ANSWER), NULL, &error);

      g_assert_no_error (error);
      if (i % 100 == 0)
        most = MAX (most, pg_test_get_allocated ());
    }
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_test_message ("%u statements, answers of %u kB, %.1f kB more", n, n / 1000 * ANSWER, ((double) most - (double) before) / 1000);
  /* The proxy is in this process, with what it delays. */
  g_assert_cmpuint (most, <, before + 20 * 1000 * 1000);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_SERVER, 0);
  pg_test_pipeline_assert_usable (&test);
}

typedef struct
{
  guint n_done;
  guint n_failed;
} Counts;

static void
count_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, NULL);
  Counts *counts = data;

  counts->n_done++;
  if (cursor == NULL)
    counts->n_failed++;
}

static void
test_memory_main_loop (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  const guint n = pg_test_repeat (20000, 100000);
  gsize after_first = 0;

  g_test_summary ("Of many statements that wait for a server that reads nothing each is there once, and little; what is answered is handed out and gone.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint round = 0; round < 2; round++)
    {
      const gsize before = pg_test_get_allocated ();
      Counts counts = { 0 };

      pg_fault_proxy_freeze (test.session.proxy);
      for (guint i = 0; i < n; i++)
        {
          pg_async_connection_execute_async (PG_ASYNC_CONNECTION (test.connection), "SELECT $1, repeat('y', $2)", g_variant_new ("(ii)", (gint) i, ANSWER), NULL,
                                             count_executed, &counts);
          if (i % 100 == 0)
            g_main_context_iteration (NULL, FALSE);
        }
      pg_test_driver_iterate (50);
      g_test_message ("%u statements, %.0f bytes of memory each", n, ((double) pg_test_get_allocated () - (double) before) / n);
      g_assert_cmpuint (counts.n_done, ==, 0);
      g_assert_cmpuint (pg_test_get_allocated (), <, before + (gsize) n * 4000);
      pg_fault_proxy_thaw (test.session.proxy);
      while (counts.n_done < n)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (counts.n_failed, ==, 0);
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
      /* GLib keeps some of what it has had once. */
      g_test_message ("afterwards %.1f kB more", ((double) pg_test_get_allocated () - (double) before) / 1000);
      if (round > 0)
        g_assert_cmpuint (pg_test_get_allocated (), <, after_first + 2 * 1000 * 1000);
      after_first = pg_test_get_allocated ();
    }
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/pipeline/cancel-sync/%s", test_cancel_sync);
  pg_test_driver_add ("/pg/pipeline/cancel-call/%s", test_cancel_call);
  pg_test_driver_add ("/pg/pipeline/cancel-behind/%s", test_cancel_behind);
  pg_test_driver_add ("/pg/pipeline/timeout/%s", test_timeout);
  pg_test_driver_add ("/pg/pipeline/killed/%s", test_killed);
  pg_test_driver_add ("/pg/pipeline/lost-between-calls/%s", test_lost_between_calls);
  pg_test_driver_add ("/pg/pipeline/closed/%s", test_closed);
  pg_test_driver_add ("/pg/pipeline/cut-anywhere/%s", test_cut_anywhere);
  pg_test_driver_add ("/pg/pipeline/full-both-ways/%s", test_full_both_ways);
  pg_test_driver_add ("/pg/pipeline/slow-reader/%s", test_slow_reader);
  g_test_add_func ("/pg/pipeline/memory/blocking", test_memory_blocking);
  g_test_add_func ("/pg/pipeline/memory/main-loop", test_memory_main_loop);
  /* In a main loop what waits is the caller's. */
  g_test_add_data_func ("/pg/pipeline/bounded/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_bounded);
  return g_test_run ();
}
