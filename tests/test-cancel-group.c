/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * cancel() among statements that went out together: all of them are meant, and none is executed again. */
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"

#include <locale.h>

/* Takes the next number, which no failure gives back, and sleeps with the first one, so that a second execution is seen and not waited for. */
#define TAKE_NUMBER \
  "WITH taken AS MATERIALIZED (SELECT nextval('number') AS n)" \
  " SELECT n, pg_sleep(CASE WHEN n = 1 THEN 600 ELSE 0 END) FROM taken"

#define N_CALLS 4

typedef struct
{
  PgTestSession session;
  PgAsyncConnection *connection;
  GAsyncResult *results[N_CALLS];
  GCancellable *cancellables[N_CALLS];
} Test;

static gboolean
test_open (Test *test)
{
  if (!pg_test_session_open (&test->session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return FALSE;
  test->connection = PG_ASYNC_CONNECTION (test->session.connection);
  pg_test_driver_run (test->session.connection, "CREATE TEMPORARY SEQUENCE number");
  for (guint i = 0; i < N_CALLS; i++)
    test->cancellables[i] = g_cancellable_new ();
  pg_fault_proxy_reset_counts (test->session.proxy);
  return TRUE;
}

static void
test_clear (Test *test)
{
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_clear_object (&test->results[i]);
      g_clear_object (&test->cancellables[i]);
    }
  pg_test_session_clear (&test->session);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

static void
start (Test *test, guint index, const char *sql)
{
  pg_async_connection_execute_async (test->connection, sql, NULL, test->cancellables[index], pg_test_keep_result, &test->results[index]);
}

static void
assert_done (Test *test, guint index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (test->connection, pg_test_wait_for (&test->results[index]), &error);

  g_assert_no_error (error);
  g_assert_nonnull (cursor);
}

static void
assert_fails (Test *test, guint index, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (test->connection, pg_test_wait_for (&test->results[index]), &error);

  g_assert_null (cursor);
  g_assert_error (error, domain, code);
}

static void
assert_cancelled (Test *test, guint index)
{
  assert_fails (test, index, PG_ERROR, PG_ERROR_QUERY_CANCELED);
}

static void
assert_numbers_taken (Test *test, gint64 n)
{
  g_assert_cmpint (pg_test_driver_int64 (test->session.connection, "SELECT nextval('number')"), ==, n + 1);
}

static void
wait_until_locked (PgTestSession *session)
{
  g_autoptr (PgBaseConnection) observer = pg_test_driver_open_ok (PG_TEST_DRIVER_BLOCKING, session->direct, TRUE);

  while (pg_test_driver_int64 (observer, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 0)
    g_main_context_iteration (NULL, FALSE);
}

static void
test_late (void)
{
  g_auto (Test) test = { 0 };
  GThread *lock;

  g_test_summary ("defect: one that cancel() has hit, as it came too late for the one before it, fails, and is not executed again.");
  if (!test_open (&test))
    return;
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 500);
  lock = pg_test_session_lock_until_cancel (&test.session, NULL);
  start (&test, 0, "SELECT 1, pg_advisory_xact_lock(1)");
  start (&test, 1, TAKE_NUMBER);
  wait_until_locked (&test.session);
  pg_base_connection_cancel (test.session.connection);
  assert_done (&test, 0);
  assert_cancelled (&test, 1);
  g_thread_join (lock);
  assert_numbers_taken (&test, 1);
  pg_test_session_assert_usable (&test.session);
}

static void
test_lost_request (void)
{
  g_auto (Test) test = { 0 };
  GThread *lock;

  g_test_summary ("defect: those behind the one that runs are cancelled too, each with requests of its own.");
  if (!test_open (&test))
    return;
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_DROP, 0);
  lock = pg_test_session_lock_until_cancel (&test.session, NULL);
  start (&test, 0, "SELECT 1, pg_advisory_xact_lock(1)");
  start (&test, 1, "SELECT pg_sleep(600)");
  start (&test, 2, "SELECT pg_sleep(600)");
  wait_until_locked (&test.session);
  pg_base_connection_cancel (test.session.connection);
  while (pg_fault_proxy_count_cancels (test.session.proxy) < 1)
    g_main_context_iteration (NULL, FALSE);
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 0);
  g_thread_join (lock);
  assert_done (&test, 0);
  assert_cancelled (&test, 1);
  assert_cancelled (&test, 2);
  pg_test_session_assert_usable (&test.session);
}

static void
test_later_ones (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("What begins after cancel() is executed.");
  if (!test_open (&test))
    return;
  start (&test, 0, "SELECT pg_sleep(600)");
  start (&test, 1, "SELECT pg_sleep(600)");
  g_main_context_iteration (NULL, FALSE);
  pg_base_connection_cancel (test.session.connection);
  start (&test, 2, "SELECT nextval('number')");
  assert_cancelled (&test, 0);
  assert_cancelled (&test, 1);
  assert_done (&test, 2);
  assert_numbers_taken (&test, 1);
  pg_test_session_assert_usable (&test.session);
}

static void
test_unsent (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("defect: those that were to go out together with the next turn of the main loop never do after cancel(), and those that were started after it do.");
  if (!test_open (&test))
    return;
  for (guint i = 0; i < 2; i++)
    start (&test, i, "SELECT nextval('number')");
  pg_base_connection_cancel (test.session.connection);
  for (guint i = 2; i < N_CALLS; i++)
    start (&test, i, "SELECT nextval('number')");
  assert_cancelled (&test, 0);
  assert_cancelled (&test, 1);
  assert_done (&test, 2);
  assert_done (&test, 3);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (test.session.proxy), ==, 0);
  assert_numbers_taken (&test, 2);
  pg_test_session_assert_usable (&test.session);
}

static void
test_safe (void)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GAsyncResult) waited = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("cancel_safe() waits for all of those that it has cancelled.");
  if (!test_open (&test))
    return;
  for (guint i = 0; i < N_CALLS; i++)
    start (&test, i, "SELECT pg_sleep(600)");
  g_main_context_iteration (NULL, FALSE);
  pg_async_connection_cancel_safe_async (test.connection, 0, NULL, pg_test_keep_result, &waited);
  g_assert_true (pg_async_connection_cancel_safe_finish (test.connection, pg_test_wait_for (&waited), &error));
  g_assert_no_error (error);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_nonnull (test.results[i]);
  for (guint i = 0; i < N_CALLS; i++)
    assert_cancelled (&test, i);
  pg_test_session_assert_usable (&test.session);
}

static void
test_for_good (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("A call that waits behind another one and that cancel() means may be cancelled for itself after that.");
  if (!test_open (&test))
    return;
  start (&test, 0, "SELECT pg_sleep(600)");
  start (&test, 1, "SELECT pg_sleep(600)");
  g_main_context_iteration (NULL, FALSE);
  pg_base_connection_cancel (test.session.connection);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (test.cancellables[1]);
  assert_cancelled (&test, 0);
  assert_fails (&test, 1, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_session_assert_usable (&test.session);
}

/* --- at any time --- */

typedef struct
{
  PgBaseConnection *connection;
  gint stop;
} Shooter;

static gpointer
shoot (gpointer data)
{
  Shooter *self = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  while (!g_atomic_int_get (&self->stop))
    {
      g_usleep ((gulong) g_rand_int_range (rand, 0, 4000));
      pg_base_connection_cancel (self->connection);
    }
  return NULL;
}

static void
test_storm (void)
{
  g_auto (Test) test = { 0 };
  const guint rounds = pg_test_repeat (100, 3000);
  Shooter shooter = { NULL, 0 };
  GThread *thread;
  guint n_done = 0, n_cancelled = 0;
  gint64 taken;

  g_test_summary ("cancel() by another thread at any time: each call ends as it is said to, and none is executed twice.");
  if (!test_open (&test))
    return;
  shooter.connection = test.session.connection;
  thread = g_thread_new ("shooter", shoot, &shooter);
  for (guint round = 0; round < rounds; round++)
    {
      for (guint i = 0; i < N_CALLS; i++)
        start (&test, i, "WITH taken AS MATERIALIZED (SELECT nextval('number') AS n) SELECT n, pg_sleep(0.001) FROM taken");
      for (guint i = 0; i < N_CALLS; i++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (test.connection, pg_test_wait_for (&test.results[i]), &error);

          if (cursor == NULL)
            {
              g_assert_error (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
              n_cancelled++;
            }
          else
            {
              n_done++;
            }
          g_clear_object (&test.results[i]);
        }
    }
  g_atomic_int_set (&shooter.stop, 1);
  g_thread_join (thread);
  g_test_message ("%u done, %u cancelled", n_done, n_cancelled);
  taken = pg_test_driver_int64 (test.session.connection, "SELECT nextval('number')") - 1;
  g_assert_cmpint (taken, >=, n_done);
  g_assert_cmpint (taken, <=, n_done + n_cancelled);
  pg_test_session_assert_usable (&test.session);
}

static void
test_mixed_storm (void)
{
  static const char *const statements[] = {
    "SELECT 1 FROM pg_sleep(0.001)",
    "SELECT 'sad'::mood",
    "INSERT INTO t VALUES (1) RETURNING i",
    "SELECT count(*) FROM generate_series(1, 5000)",
    "SELECT 1 / 0",
    "SET TRANSACTION READ WRITE",
  };
  g_auto (Test) test = { 0 };
  const guint rounds = pg_test_repeat (150, 5000);
  Shooter shooter = { NULL, 0 };
  GThread *thread;
  guint n_done = 0, n_asked = 0, n_cancelled = 0, n_lost = 0;

  g_test_summary ("The same with prepared statements that the server loses, types that nobody knows, and calls that are cancelled for themselves.");
  if (!test_open (&test))
    return;
  pg_test_driver_run (test.session.connection, "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TEMPORARY TABLE t (i int)");
  pg_base_connection_set_fetch_types (test.session.connection, TRUE);
  pg_base_connection_set_prepare_threshold (test.session.connection, 0);
  shooter.connection = test.session.connection;
  thread = g_thread_new ("shooter", shoot, &shooter);
  for (guint round = 0; round < rounds; round++)
    {
      const guint chosen = (guint) g_test_rand_int_range (0, 2 * N_CALLS);

      for (guint i = 0; i < N_CALLS; i++)
        {
          g_clear_object (&test.cancellables[i]);
          test.cancellables[i] = g_cancellable_new ();
          start (&test, i, round % 5 == 4 && i == 0 ? "SELECT 1 FROM (SELECT set_config('x.y', 'z', false)) AS s"
                                                    : statements[g_test_rand_int_range (0, G_N_ELEMENTS (statements))]);
          if (i % 2 == 1)
            g_main_context_iteration (NULL, FALSE);
        }
      if (chosen < N_CALLS)
        g_cancellable_cancel (test.cancellables[chosen]);
      for (guint i = 0; i < N_CALLS; i++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (test.connection, pg_test_wait_for (&test.results[i]), &error);

          g_assert_true ((cursor == NULL) == (error != NULL));
          if (cursor != NULL || g_error_matches (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO))
            n_done++;
          else if (g_error_matches (error, PG_ERROR, PG_ERROR_QUERY_CANCELED))
            n_asked++;
          else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            n_cancelled++;
          else if (g_error_matches (error, PG_ERROR, PG_ERROR_INVALID_SQL_STATEMENT_NAME))
            n_lost++;
          else
            g_assert_no_error (error);
          if (error != NULL && error->domain == G_IO_ERROR)
            g_assert_cmpuint (i, ==, chosen);
          g_clear_object (&test.results[i]);
        }
      if (round % 4 == 3)
        pg_async_connection_execute_async (test.connection, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$", NULL, NULL, NULL, NULL);
    }
  g_atomic_int_set (&shooter.stop, 1);
  g_thread_join (thread);
  g_test_message ("%u done, %u cancelled together, %u by themselves, %u not prepared any more", n_done, n_asked, n_cancelled, n_lost);
  g_assert_cmpuint (n_done + n_asked + n_cancelled + n_lost, ==, rounds * N_CALLS);
  pg_test_session_assert_usable (&test.session);
}

/* --- pipelines of the user's --- */

static void
test_pipeline (void)
{
  g_auto (PgTestPipeline) test = { 0 };
  GThread *lock;

  g_test_summary ("defect: in a pipeline those behind the one that cancel() came too late for are cancelled, which were on their way too.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_DROP, 0);
  lock = pg_test_session_lock_until_cancel (&test.session, NULL);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1 FROM (SELECT pg_advisory_xact_lock(1)) AS locked");
  pg_test_pipeline_start (&test, "SELECT pg_sleep(600)");
  pg_test_pipeline_start (&test, "SELECT 3");
  wait_until_locked (&test.session);
  pg_base_connection_cancel (test.connection);
  while (pg_fault_proxy_count_cancels (test.session.proxy) < 1)
    g_main_context_iteration (NULL, FALSE);
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 0);
  g_thread_join (lock);
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_assert_usable (&test);
}

static void
cancel (PgTestPipeline *test, gboolean safe)
{
  g_autoptr (GError) error = NULL;

  if (safe)
    g_assert_true (pg_connection_cancel_safe (PG_CONNECTION (test->connection), 0, NULL, &error));
  else
    pg_base_connection_cancel (test->connection);
  g_assert_no_error (error);
}

static void
test_between (void)
{
  g_test_summary ("defect: cancel() and cancel_safe() between two calls of a blocking pipeline cancel what was sent and is not answered yet; what was complete stays.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (PgTestPipeline) test = { 0 };

      if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), round % 2 == 0))
        return;
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
      pg_test_pipeline_start (&test, "SELECT 1");
      pg_test_pipeline_assert_value (&test, 0, 1);
      pg_test_pipeline_start (&test, "SELECT pg_sleep(600)");
      pg_test_pipeline_start (&test, "SELECT 3");
      cancel (&test, round >= 2);
      pg_test_pipeline_start_any (&test, "SELECT pg_sleep(600)", NULL);
      pg_test_pipeline_assert_value (&test, 0, 1);
      pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_QUERY_CANCELED);
      pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
      pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      pg_test_pipeline_assert_usable (&test);
    }
}

static void
test_between_and_end (void)
{
  g_test_summary ("defect: the same where the next call is the end of the pipeline, or the connection is closed.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (PgTestPipeline) test = { 0 };

      if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE))
        return;
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
      /* A server that has not read the statement before the cancel request goes on with it when the connection is closed: it must hold no lock. */
      pg_test_pipeline_start (&test, round % 2 == 0 ? "INSERT INTO t VALUES (1)" : "SELECT 1");
      pg_test_pipeline_start (&test, round % 2 == 0 ? "SELECT pg_sleep(600)" : "SELECT pg_sleep(3)");
      cancel (&test, round >= 2);
      cancel (&test, round >= 2);
      if (round % 2 == 1)
        {
          pg_base_connection_close (test.connection);
          cancel (&test, TRUE);
          continue;
        }
      pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      pg_test_pipeline_assert_count (&test, 0);
      pg_test_pipeline_assert_usable (&test);
    }
}

static void
test_between_late (void)
{
  g_test_summary ("defect: what is started after cancel() in a blocking pipeline is not struck where that came too late; without a transaction it finds what was cancelled rolled back.");
  for (guint round = 0; round < 4; round++)
    {
      g_auto (PgTestPipeline) test = { 0 };
      const gboolean autocommit = round % 2 == 0;

      if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), autocommit))
        return;
      pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 500);
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
      pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
      cancel (&test, round >= 2);
      pg_test_pipeline_start_any (&test, "SELECT 5 FROM pg_sleep(1)", NULL);
      pg_test_pipeline_assert_done (&test, 0);
      if (autocommit)
        {
          pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_PIPELINE_ABORTED);
          pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
      else
        {
          pg_test_pipeline_assert_value (&test, 1, 5);
          pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
        }
      pg_test_pipeline_assert_count (&test, 0);
      pg_test_pipeline_assert_usable (&test);
    }
}

static void
test_between_nothing (void)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("Where all that was sent is answered cancel() in a blocking pipeline does nothing.");
  if (!pg_test_pipeline_open (&test, GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  cancel (&test, FALSE);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_assert_done (&test, 0);
  cancel (&test, FALSE);
  cancel (&test, TRUE);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (test.session.proxy), ==, 0);
  pg_test_pipeline_assert_count (&test, 2);
  pg_test_pipeline_assert_usable (&test);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/cancel-group/defect-executed-twice", test_late);
  g_test_add_func ("/pg/cancel-group/defect-those-behind", test_lost_request);
  g_test_add_func ("/pg/cancel-group/later-ones", test_later_ones);
  g_test_add_func ("/pg/cancel-group/defect-unsent", test_unsent);
  g_test_add_func ("/pg/cancel-group/safe", test_safe);
  g_test_add_func ("/pg/cancel-group/for-good", test_for_good);
  g_test_add_func ("/pg/cancel-group/storm", test_storm);
  g_test_add_func ("/pg/cancel-group/mixed-storm", test_mixed_storm);
  g_test_add_func ("/pg/cancel-group/defect-pipeline", test_pipeline);
  g_test_add_func ("/pg/cancel-group/defect-between-calls", test_between);
  g_test_add_func ("/pg/cancel-group/defect-between-calls-and-end", test_between_and_end);
  g_test_add_func ("/pg/cancel-group/defect-between-calls-late", test_between_late);
  g_test_add_func ("/pg/cancel-group/between-calls-nothing", test_between_nothing);
  return g_test_run ();
}
