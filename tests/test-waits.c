/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every wait ends: calls that wait for a socket which takes nothing more, for a statement before them, or for a stream. */
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"

#include <locale.h>
#include <string.h>

#define LARGE (20 * 1000 * 1000)

/* A statement that lasts, and one behind it that is too large for the socket while that is executed. */
static void
start_stuck (PgTestPipeline *test, GCancellable *cancellable)
{
  g_autofree char *text = g_strnfill (LARGE, 'x');

  pg_test_pipeline_start_with (test, "SELECT pg_sleep(1000)", NULL, cancellable);
  pg_test_pipeline_start_with (test, "SELECT length($1)", g_variant_new ("(s)", text), NULL);
}

static void
test_cancel (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("defect: no cancel request was sent for a statement of a pipeline while the socket did not take all that was behind it, and the connection was given up.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  start_stuck (&test, cancellable);
  thread = pg_test_later (200, pg_test_cancel_now, cancellable);
  cursor = pg_test_pipeline_finish_with (&test, 0, cancellable, &error);
  g_thread_join (thread);
  g_assert_null (cursor);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_cancel_together (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("defect: the same of statements that wait together.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_async_connection_set_pipelining (PG_ASYNC_CONNECTION (test.connection), TRUE);
  start_stuck (&test, cancellable);
  thread = pg_test_later (200, pg_test_cancel_now, cancellable);
  cursor = pg_test_pipeline_finish_with (&test, 0, NULL, &error);
  g_thread_join (thread);
  g_assert_null (cursor);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_value (&test, 1, LARGE);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_times_out (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("defect: the end of a pipeline waited for a socket that took nothing more, whatever its time limit was.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  start_stuck (&test, NULL);
  pg_base_connection_set_timeout (test.connection, 500);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (test.connection, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_is_cancelled (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("defect: the same of its cancellable.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  start_stuck (&test, NULL);
  thread = pg_test_later (200, pg_test_cancel_now, cancellable);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_waits (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("defect: the end of a pipeline that was cancelled while it waited behind a call that goes alone stopped nothing, and waited on.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  pg_test_pipeline_start (&test, "SET application_name TO 'x'");
  thread = pg_test_later (200, pg_test_cancel_now, cancellable);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (pg_test_pipeline_finish_with (&test, 0, NULL, NULL));
  g_assert_null (pg_test_pipeline_finish_with (&test, 1, NULL, NULL));
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);

  /* The call that goes alone is being executed. */
  g_clear_error (&error);
  g_cancellable_reset (cancellable);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "DO 'BEGIN PERFORM pg_sleep(1000); END'");
  thread = pg_test_later (200, pg_test_cancel_now, cancellable);
  /* That fails by itself. */
  g_assert_true (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
  g_thread_join (thread);
  g_assert_no_error (error);
  g_assert_null (pg_test_pipeline_finish_with (&test, 2, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_in_a_batch (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: the end of a pipeline between two parts of a batch waited for the next part, which waited for it.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  if (test.blocking)
    {
      g_autoptr (PgCursor) cursor = pg_connection_cursor (PG_CONNECTION (test.connection), NULL);

      g_assert_true (pg_cursor_execute_many (cursor, "INSERT INTO t VALUES ($1)", g_variant_new_parsed ("[(1,), (2,)]"), PG_EXECUTE_MANY_MORE, NULL, &error));
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
      g_assert_true (pg_cursor_execute_many (cursor, NULL, g_variant_new_parsed ("[(3,)]"), PG_EXECUTE_MANY_NONE, NULL, &error));
    }
  else
    {
      g_autoptr (PgAsyncCursor) cursor = pg_async_connection_cursor (PG_ASYNC_CONNECTION (test.connection), NULL);
      g_autoptr (GAsyncResult) one = NULL;
      g_autoptr (GAsyncResult) two = NULL;

      pg_async_cursor_execute_many_async (cursor, "INSERT INTO t VALUES ($1)", g_variant_new_parsed ("[(1,), (2,)]"), PG_EXECUTE_MANY_MORE, NULL, pg_test_keep_result, &one);
      while (one == NULL)
        g_main_context_iteration (NULL, TRUE);
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
      pg_async_cursor_execute_many_async (cursor, NULL, g_variant_new_parsed ("[(3,)]"), PG_EXECUTE_MANY_NONE, NULL, pg_test_keep_result, &two);
      while (two == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (pg_async_cursor_execute_many_finish (cursor, two, &error));
    }
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
  pg_test_pipeline_assert_count (&test, 3);
  pg_test_pipeline_assert_usable (&test);
}

static gpointer
wait_for (gpointer data)
{
  GError *error = NULL;

  g_assert_false (pg_cursor_wait (data, NULL, &error));
  return error;
}

static void
test_other_thread (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgCursor) slow = NULL;
  g_autoptr (PgCursor) last = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;
  GThread *thread, *lock;

  g_test_summary ("defect: who waited for a statement of a pipeline, or had cancelled it, while another thread waited for a later one, waited as long as that.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  /* With the notice the server sends what else it has. */
  pg_test_driver_run (test.connection, "CREATE OR REPLACE FUNCTION note() RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''x''; PERFORM pg_sleep(1000); END'");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  slow = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT pg_sleep(0.5)", NULL, NULL, &error);
  last = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT note()", NULL, NULL, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("last", wait_for, last);
  g_usleep (100 * 1000);
  g_assert_true (pg_cursor_wait (slow, NULL, &error));
  g_assert_no_error (error);
  /* Again where the server had not begun with it. */
  while (!pg_connection_cancel_safe (PG_CONNECTION (test.connection), 5000, NULL, NULL))
    ;
  other_error = g_thread_join (thread);
  g_assert_error (other_error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_QUERY_CANCELED);

  /* The server does not hear of it at first: those behind it are meant too. */
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  g_clear_object (&slow);
  g_clear_object (&last);
  g_clear_error (&other_error);
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_DROP, 0);
  lock = pg_test_session_lock_until_cancel (&test.session, NULL);
  slow = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT pg_advisory_xact_lock(1)", NULL, NULL, &error);
  last = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT note()", NULL, NULL, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("last", wait_for, last);
  g_usleep (100 * 1000);
  pg_base_connection_cancel (test.connection);
  g_assert_true (pg_fault_proxy_wait_cancels (test.session.proxy, 1, 60 * 1000));
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 0);
  g_assert_true (pg_connection_cancel_safe (PG_CONNECTION (test.connection), 0, NULL, &error));
  g_assert_no_error (error);
  g_thread_join (lock);
  other_error = g_thread_join (thread);
  g_assert_true (g_error_matches (other_error, PG_ERROR, PG_ERROR_QUERY_CANCELED) || g_error_matches (other_error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED));
  pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, NULL);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_and_other_thread (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("defect: the end of a pipeline waited for what another thread was waiting for, whatever its time limit and its cancellable were.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (PgCursor) first = NULL;
      g_autoptr (PgCursor) last = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) other_error = NULL;
      GThread *thread, *other = NULL;

      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
      first = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT pg_sleep(0.5)", NULL, NULL, &error);
      last = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT pg_sleep(1000)", NULL, NULL, &error);
      g_assert_no_error (error);
      thread = g_thread_new ("last", wait_for, last);
      g_usleep (100 * 1000);
      if (i == 0)
        pg_base_connection_set_timeout (test.connection, 200);
      else
        other = pg_test_later (100, pg_test_cancel_now, cancellable);
      g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
      if (other != NULL)
        g_thread_join (other);
      pg_base_connection_set_timeout (test.connection, 0);
      other_error = g_thread_join (thread);
      g_assert_nonnull (other_error);
      g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
    }
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_and_stubborn (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgCursor) last = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;
  GThread *thread;

  g_test_summary ("defect: the end of a pipeline whose time was over waited without end for a statement of another thread that handles each cancellation: the connection is given up.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_driver_run (test.connection, "CREATE FUNCTION stubborn() RETURNS void LANGUAGE plpgsql AS $$"
                                       " BEGIN LOOP BEGIN LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;"
                                       " EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$");
  pg_base_connection_set_cancel_timeout (test.connection, 1000);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  last = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT stubborn()", NULL, NULL, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("last", wait_for, last);
  g_usleep (300 * 1000);
  pg_base_connection_set_timeout (test.connection, 200);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, &error));
  g_assert_nonnull (error);
  other_error = g_thread_join (thread);
  g_assert_error (other_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (pg_base_connection_get_broken (test.connection));
}

static void
test_end_drops (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("defect: the end of a pipeline said that everything was executed, when it had been cancelled and what waited before it was dropped.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  /* Several commands go alone. */
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000); SELECT 1");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  thread = pg_test_later (300, pg_test_cancel_now, cancellable);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) call_error = NULL;

      g_assert_null (pg_test_pipeline_finish_with (&test, i, NULL, &call_error));
      g_assert_error (call_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/waits/cancel-before-large/%s", test_cancel);
  g_test_add_data_func ("/pg/waits/cancel-together/main-loop", GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), test_cancel_together);
  pg_test_driver_add ("/pg/waits/end-times-out/%s", test_end_times_out);
  pg_test_driver_add ("/pg/waits/end-is-cancelled/%s", test_end_is_cancelled);
  g_test_add_data_func ("/pg/waits/end-waits/main-loop", GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), test_end_waits);
  pg_test_driver_add ("/pg/waits/end-in-a-batch/%s", test_end_in_a_batch);
  g_test_add_data_func ("/pg/waits/end-and-other-thread/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_end_and_other_thread);
  g_test_add_data_func ("/pg/waits/end-and-stubborn/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_end_and_stubborn);
  g_test_add_data_func ("/pg/waits/end-drops/main-loop", GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), test_end_drops);
  g_test_add_data_func ("/pg/waits/other-thread/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_other_thread);
  return g_test_run ();
}
