/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What cancel() means in a pipeline: all that was started before it, sent or not, and nothing that is started after it. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"

#include <locale.h>

/* Adds a row as soon as the advisory lock 1 is free, whoever cancels it meanwhile. One request can be two: PostgreSQL signals the process and its group, and the second
 * can come while the first is being handled, which is what the outer handler is for. */
#define INSIST \
  "CREATE OR REPLACE FUNCTION insist(i int) RETURNS int LANGUAGE plpgsql AS $$" \
  " BEGIN LOOP BEGIN" \
  "   LOOP BEGIN PERFORM pg_advisory_lock(1), pg_advisory_unlock(1); INSERT INTO t VALUES (i); RETURN i;" \
  "   EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;" \
  " EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$"

/* With its function, a connection that holds the lock, and a pipeline that is begun. */
static PgConnection *
open_insisting (PgTestPipeline *test, gconstpointer driver, gboolean autocommit)
{
  PgConnection *holder;

  if (!pg_test_pipeline_open (test, driver, autocommit))
    return NULL;
  holder = pg_test_open (test->session.direct);
  pg_test_run (holder, INSIST);
  g_assert_true (pg_connection_commit (holder, NULL, NULL));
  pg_test_run (holder, "SELECT pg_advisory_lock(1)");
  g_assert_true (pg_connection_commit (holder, NULL, NULL));
  pg_test_pipeline_verb_ok (test, PG_TEST_PIPELINE_BEGIN);
  return holder;
}

/* The main loop may have to send it first. */
static void
wait_until_waiting (PgTestPipeline *test, PgConnection *holder)
{
  gint64 n = 0;

  while (n == 0)
    {
      if (!test->blocking)
        pg_test_driver_iterate (5);
      else
        g_usleep (5 * 1000);
      n = pg_test_int64 (holder, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
      g_assert_true (pg_connection_rollback (holder, NULL, NULL));
    }
}

static void
let_go (PgConnection *holder)
{
  pg_test_run (holder, "SELECT pg_advisory_unlock(1)");
}

static void
wait_until_cancelled (PgTestPipeline *test, guint n)
{
  while (pg_fault_proxy_count_cancels (test->session.proxy) < n)
    pg_test_driver_iterate (5);
}

/* Messages that begin a statement. */
static guint
count_statements (PgTestPipeline *test)
{
  return pg_fault_proxy_count_messages (test->session.proxy, PG_FAULT_TO_SERVER, 'B');
}

static void
test_same_turn (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgConnection) holder = open_insisting (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), FALSE);
  guint n;

  g_test_summary ("What is started in the same turn as cancel(), after it, is not sent before no cancel request can strike it.");
  if (holder == NULL)
    return;
  pg_test_pipeline_start (&test, "SELECT insist(1)");
  wait_until_waiting (&test, holder);
  n = count_statements (&test);
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2) RETURNING i");
  wait_until_cancelled (&test, 1);
  pg_test_driver_iterate (20);
  g_assert_cmpuint (count_statements (&test), ==, n);
  let_go (holder);
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_assert_value (&test, 1, 2);
  g_assert_true (pg_test_driver_commit (test.connection, NULL, NULL));
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_count (&test, 2);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_held (gconstpointer data)
{
  const gboolean autocommit = GPOINTER_TO_INT (data);
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgConnection) holder = open_insisting (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), autocommit);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What waits behind a statement that withstands fails at once with the next cancel(), and the rest is not committed without it.");
  if (holder == NULL)
    return;
  pg_test_pipeline_start (&test, "SELECT insist(1)");
  wait_until_waiting (&test, holder);
  pg_base_connection_cancel (test.connection);
  wait_until_cancelled (&test, 1);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_driver_iterate (20);
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_test_driver_iterate (20);
  let_go (holder);
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  if (autocommit)
    {
      /* It has come too late for the first, which is rolled back. */
      pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  else
    {
      g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
    }
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (4) RETURNING i");
  pg_test_pipeline_assert_value (&test, 3, 4);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_assert_count (&test, autocommit ? 1 : 0);
  pg_test_pipeline_assert_usable (&test);
}

typedef struct
{
  PgConnection *connection;
  GError *error;
  gint done;
} Execution;

static gpointer
execute (gpointer data)
{
  Execution *self = data;
  PgCursor *cursor = pg_connection_execute (self->connection, "INSERT INTO t VALUES (2)", NULL, NULL, &self->error);

  g_clear_object (&cursor);
  g_atomic_int_set (&self->done, 1);
  return NULL;
}

static void
test_held_in_thread (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgConnection) holder = open_insisting (&test, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), FALSE);
  g_autoptr (GError) error = NULL;
  Execution execution = { 0 };
  GThread *thread;
  guint n_tries = 0;
  /* Less would wait here until there is more, or somebody waits for it. */
  g_autofree char *filler = g_strnfill (20000, 'x');
  g_autofree char *sql = g_strdup_printf ("SELECT insist(1) /* %s */", filler);

  g_test_summary ("A thread whose call waits behind a statement that withstands is let go by cancel().");
  if (holder == NULL)
    return;
  pg_test_pipeline_start (&test, sql);
  wait_until_waiting (&test, holder);
  pg_base_connection_cancel (test.connection);
  execution.connection = PG_CONNECTION (test.connection);
  thread = g_thread_new ("execution", execute, &execution);
  /* When it has come so far is not seen from here. */
  while (!g_atomic_int_get (&execution.done) && n_tries++ < 1000)
    {
      g_usleep (20 * 1000);
      pg_base_connection_cancel (test.connection);
    }
  let_go (holder);
  g_thread_join (thread);
  g_assert_error (execution.error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  g_error_free (execution.error);
  g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_gathered (gconstpointer data)
{
  const gboolean begun = GPOINTER_TO_INT (data);
  g_auto (PgTestPipeline) test = { 0 };
  guint n;

  g_test_summary ("Those that were to go out with the next turn fail without having been sent, and what is behind them up to the synchronization is not executed.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  if (begun)
    {
      pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
      pg_test_pipeline_assert_done (&test, 0);
    }
  n = count_statements (&test);
  for (guint i = 0; i < 3; i++)
    pg_test_pipeline_start_with (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", 2 + i), NULL);
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (5)");
  for (guint i = 0; i < 3; i++)
    pg_test_pipeline_assert_fails (&test, test.calls->len - 4 + i, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_assert_fails (&test, test.calls->len - 1, PG_ERROR_PIPELINE_ABORTED);
  if (begun)
    {
      pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  else
    {
      pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_assert_cmpuint (count_statements (&test), ==, n);
    }
  g_assert_cmpuint (pg_fault_proxy_count_cancels (test.session.proxy), ==, 0);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (6)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_assert_usable (&test);
}

static void
wait_for_verb (PgTestPipeline *test, GAsyncResult **result, gboolean ok)
{
  g_autoptr (GAsyncResult) finished = NULL;
  g_autoptr (GError) error = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  finished = g_steal_pointer (result);
  pg_async_pipeline_sync_finish (PG_ASYNC_PIPELINE (test->pipeline), finished, &error);
  if (ok)
    g_assert_no_error (error);
  else
    g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
}

static void
test_behind_sync (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgConnection) holder = open_insisting (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE);
  GAsyncResult *synced = NULL;

  g_test_summary ("What waits behind a synchronization that is sent, and is cancelled, belongs to the next one, which tells of it; what is behind it is not executed.");
  if (holder == NULL)
    return;
  pg_test_pipeline_start (&test, "SELECT insist(1)");
  pg_async_pipeline_sync_async (PG_ASYNC_PIPELINE (test.pipeline), NULL, pg_test_keep_result, &synced);
  wait_until_waiting (&test, holder);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_driver_iterate (20);
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  wait_until_cancelled (&test, 1);
  let_go (holder);
  pg_test_pipeline_assert_value (&test, 0, 1);
  wait_for_verb (&test, &synced, TRUE);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (4)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_count (&test, 2);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_sections (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  GAsyncResult *synced[2] = { NULL, NULL };

  g_test_summary ("Each synchronization tells of what was cancelled before it, as does the one behind what is started later.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint i = 0; i < G_N_ELEMENTS (synced); i++)
    {
      pg_test_pipeline_start_with (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", 1 + i), NULL);
      pg_async_pipeline_sync_async (PG_ASYNC_PIPELINE (test.pipeline), NULL, pg_test_keep_result, &synced[i]);
    }
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (4)");
  for (guint i = 0; i < G_N_ELEMENTS (synced); i++)
    wait_for_verb (&test, &synced[i], FALSE);
  for (guint i = 0; i < 3; i++)
    pg_test_pipeline_assert_fails (&test, i, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_assert_fails (&test, 3, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_behind_commit (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  GAsyncResult *committed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What waits behind a commit that goes by itself, and is cancelled, is no failure of the commit; what is behind it is not executed.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  pg_fault_proxy_freeze (test.session.proxy);
  pg_async_connection_commit_async (PG_ASYNC_CONNECTION (test.connection), NULL, pg_test_keep_result, &committed);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_driver_iterate (20);
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_fault_proxy_thaw (test.session.proxy);
  while (committed == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (pg_async_connection_commit_finish (PG_ASYNC_CONNECTION (test.connection), committed, &error));
  g_assert_no_error (error);
  g_object_unref (committed);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_assert_usable (&test);
}

#define N_BIG 300

static void
test_full (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autofree char *text = g_strnfill (100000, 'x');
  guint n_failed = 0;

  g_test_summary ("Of many statements to a server that reads nothing those fail at once that are not sent; of the rest nothing is committed.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_fault_proxy_freeze (test.session.proxy);
  for (guint i = 0; i < N_BIG; i++)
    pg_test_pipeline_start_with (&test, "INSERT INTO t SELECT $1 WHERE length($2) > 0", g_variant_new ("(is)", (gint) i, text), NULL);
  pg_test_driver_iterate (50);
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_assert_fails (&test, N_BIG - 1, PG_ERROR_QUERY_CANCELED);
  pg_fault_proxy_thaw (test.session.proxy);
  for (guint i = 0; i < N_BIG - 1; i++)
    {
      g_autoptr (PgBaseCursor) cursor = pg_test_pipeline_finish_with (&test, i, NULL, NULL);

      n_failed += cursor == NULL;
    }
  g_assert_cmpuint (n_failed, >, 0);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, NULL));
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_in_time (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgConnection) holder = open_insisting (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("The end of the pipeline, waiting behind a statement that withstands and one that cancel() has ended, is not waited for beyond cancel-timeout.");
  if (holder == NULL)
    return;
  pg_base_connection_set_cancel_timeout (test.connection, 500);
  pg_test_pipeline_start (&test, "SELECT insist(1)");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  wait_until_waiting (&test, holder);
  pg_base_connection_cancel (test.connection);
  pg_test_driver_iterate (20);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_base_connection_cancel (test.connection);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_QUERY_CANCELED);
  thread = pg_test_later (100, pg_test_cancel_now, cancellable);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
  g_thread_join (thread);
  g_assert_nonnull (error);
  let_go (holder);
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_session_assert_broken (&test.session);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/cancel-pipeline/same-turn", test_same_turn);
  g_test_add_data_func ("/pg/cancel-pipeline/held/autocommit", GINT_TO_POINTER (TRUE), test_held);
  g_test_add_data_func ("/pg/cancel-pipeline/held/transaction", GINT_TO_POINTER (FALSE), test_held);
  g_test_add_func ("/pg/cancel-pipeline/held/thread", test_held_in_thread);
  g_test_add_data_func ("/pg/cancel-pipeline/gathered/first", GINT_TO_POINTER (FALSE), test_gathered);
  g_test_add_data_func ("/pg/cancel-pipeline/gathered/section", GINT_TO_POINTER (TRUE), test_gathered);
  g_test_add_func ("/pg/cancel-pipeline/behind-sync", test_behind_sync);
  g_test_add_func ("/pg/cancel-pipeline/sections", test_sections);
  g_test_add_func ("/pg/cancel-pipeline/behind-commit", test_behind_commit);
  g_test_add_func ("/pg/cancel-pipeline/full", test_full);
  g_test_add_func ("/pg/cancel-pipeline/end-in-time", test_end_in_time);
  return g_test_run ();
}
