/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Defects that pipelines of both classes once had. */
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"

#include <locale.h>
#include <string.h>

static void
test_behind_a_refused_end (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgBasePipeline) other = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_test_summary ("defect: what was started behind the end of a pipeline that is not open was not sent.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1");
  pg_test_pipeline_assert_done (&test, 0);
  other = pg_test_pipeline_new (&test);
  if (test.blocking)
    g_assert_false (pg_test_pipeline_verb (&test, other, PG_TEST_PIPELINE_END, NULL, NULL));
  else
    pg_async_pipeline_end_async (PG_ASYNC_PIPELINE (other), NULL, pg_test_keep_result, &result);
  pg_test_pipeline_start (&test, "SELECT 2");
  pg_test_pipeline_assert_value (&test, 1, 2);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

static void
test_end_is_cancelled (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: the end of a pipeline whose cancellable was cancelled before left it open.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  g_cancellable_cancel (cancellable);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  /* Nothing is on its way: nothing is cancelled. */
  pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, cancellable, NULL);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_end_with_a_stream (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgRowStream) stream = NULL;

  g_test_summary ("defect: the end of a pipeline while rows are read left it open, and what was executed afterwards was lost.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  if (test.blocking)
    {
      cursor = pg_connection_cursor (PG_CONNECTION (test.connection), NULL);
      stream = pg_cursor_stream (cursor, "SELECT generate_series(1, 100000)", NULL, 10, NULL, &error);
      g_assert_no_error (error);
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
      g_assert_true (pg_row_stream_close (stream, NULL, &error));
    }
  else
    {
      g_autoptr (PgAsyncCursor) async_cursor = pg_async_connection_cursor (PG_ASYNC_CONNECTION (test.connection), NULL);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GAsyncResult) closed = NULL;
      g_autoptr (PgAsyncRowStream) rows = NULL;

      pg_async_cursor_stream_async (async_cursor, "SELECT generate_series(1, 100000)", NULL, 10, NULL, pg_test_keep_result, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      rows = pg_async_cursor_stream_finish (async_cursor, result, &error);
      g_assert_no_error (error);
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
      pg_async_row_stream_close_async (rows, NULL, pg_test_keep_result, &closed);
      while (closed == NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
  pg_test_driver_run (test.connection, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_deallocate (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("defect: DEALLOCATE ALL in a pipeline took prepared statements away from those behind it.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (test.connection, 0);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 7");
  pg_test_pipeline_start (&test, "DEALLOCATE ALL");
  pg_test_pipeline_start (&test, "SELECT 7");
  pg_test_pipeline_assert_value (&test, 0, 7);
  pg_test_pipeline_assert_value (&test, 2, 7);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

static void
test_encoding (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("defect: that a function had changed client_encoding in a pipeline was never told.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_driver_run (test.connection, "CREATE OR REPLACE FUNCTION enc() RETURNS void LANGUAGE plpgsql"
                                       " AS 'BEGIN PERFORM set_config(''client_encoding'', ''LATIN1'', false); END'");
  g_assert_true (pg_test_driver_commit (test.connection, NULL, NULL));
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT enc()");
  pg_test_pipeline_start_with (&test, "SELECT $1", g_variant_new ("(s)", "gr\303\274n"), NULL);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_start_with (&test, "SELECT length ($1)", g_variant_new ("(s)", "gr\303\274n"), NULL);
  pg_test_pipeline_assert_value (&test, 2, 4);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_date_style (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgDate) date = NULL;

  g_test_summary ("defect: a date was read with the DateStyle that a function had changed before it in the pipeline.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_driver_run (test.connection, "CREATE OR REPLACE FUNCTION ds() RETURNS void LANGUAGE plpgsql"
                                       " AS 'BEGIN PERFORM set_config(''DateStyle'', ''SQL, DMY'', false); END'; SET datestyle TO 'SQL, MDY'");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT ds()");
  pg_test_pipeline_start (&test, "SELECT '2024-03-04'::date");
  cursor = pg_test_pipeline_finish_with (&test, 1, NULL, &error);
  g_assert_no_error (error);
  date = pg_result_dup_date (pg_base_cursor_get_result (cursor), 0, 0, &error);
  g_assert_null (date);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

static void
test_silent_end (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: a synchronization that had timed out waited for ever for a server that fell silent then.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_cancel_timeout (test.connection, 500);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  pg_fault_proxy_act_before (test.session.proxy, PG_FAULT_TO_CLIENT, 'Z', PG_FAULT_ACTION_FREEZE);
  pg_base_connection_set_timeout (test.connection, 300);
  g_assert_false (pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (pg_base_connection_get_broken (test.connection));
}

static void
test_late_cancel (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;

  g_test_summary ("defect: a cancel request that came too late had the half of an autocommit pipeline committed.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 1000);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  thread = pg_test_session_lock_until_cancel (&test.session, cancellable);
  pg_test_pipeline_start_with (&test, "SELECT pg_advisory_xact_lock(1)", NULL, cancellable);
  cursor = pg_test_pipeline_finish_with (&test, 1, cancellable, &error);
  g_thread_join (thread);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_strikes_another (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgBaseCursor) other = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;

  g_test_summary ("A cancel request that comes late and stops the next statement of the pipeline is the reason that its error names.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 1000);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  thread = pg_test_session_lock_until_cancel (&test.session, cancellable);
  pg_test_pipeline_start_with (&test, "SELECT pg_advisory_xact_lock(1)", NULL, cancellable);
  pg_test_pipeline_start (&test, "SELECT pg_sleep(1000)");
  cursor = pg_test_pipeline_finish_with (&test, 0, cancellable, &error);
  other = pg_test_pipeline_finish_with (&test, 1, NULL, &other_error);
  g_thread_join (thread);
  g_assert_nonnull (other_error);
  if (error == NULL)
    {
      g_assert_error (other_error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
      g_assert_nonnull (strstr (other_error->message, "an earlier call of the pipeline"));
    }
  pg_test_pipeline_verb (&test, test.pipeline, PG_TEST_PIPELINE_END, NULL, NULL);
  pg_test_pipeline_assert_usable (&test);
}

static void
on_notice (PgBaseConnection *connection, PgDiagnostic *diagnostic, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_signal_handlers_disconnect_by_func (connection, on_notice, data);
  pg_cursor_execute (data, "SELECT 2", NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_handler_executes (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) first = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (20 * 1000 * 1000, 'x');

  g_test_summary ("defect: a handler that executes something on the cursor whose statement is being sent; the later one counts, and the other is not leaked.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_driver_run (test.connection, "CREATE OR REPLACE FUNCTION note() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''x''; RETURN 1; END'");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  first = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT note(), repeat('x', 20000)", NULL, NULL, &error);
  g_assert_no_error (error);
  cursor = pg_connection_cursor (PG_CONNECTION (test.connection), NULL);
  g_signal_connect (test.connection, "notice", G_CALLBACK (on_notice), cursor);
  /* Too much for the socket, so that the answer to the first one is read meanwhile. */
  g_assert_true (pg_cursor_execute (cursor, "SELECT length($1)", g_variant_new ("(s)", text), NULL, &error));
  g_assert_true (pg_cursor_wait (cursor, NULL, &error));
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  row = pg_cursor_fetch_one (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_row_get_int64 (row, 0, NULL), ==, 2);
}

static void
test_flushed_meanwhile (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgCursor) last = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (20 * 1000 * 1000, 'x');

  g_test_summary ("defect: the socket took the rest of what was sent between two looks at it, and the statement that had waited for that waited for ever.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT length($1)", g_variant_new ("(s)", text), NULL, &error);

      g_assert_no_error (error);
      g_clear_object (&last);
      last = pg_connection_execute (PG_CONNECTION (test.connection), "SELECT $1::int", g_variant_new ("(i)", i), NULL, &error);
      g_assert_no_error (error);
    }
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  row = pg_cursor_fetch_one (last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_row_get_int64 (row, 0, NULL), ==, 9);
}

static void
test_dropped (gconstpointer driver)
{
  g_test_summary ("defect: an end that was cancelled said that everything was executed, where the statement that ran was, and those behind it had not been sent.");
  for (guint in_transaction = 0; in_transaction < 2; in_transaction++)
    {
      g_auto (PgTestPipeline) test = { 0 };
      g_autofree char *text = g_strnfill (20 * 1000 * 1000, 'x');
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (GError) error = NULL, dropped = NULL;

      if (!pg_test_pipeline_open (&test, driver, in_transaction == 0))
        return;
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
      /* More than the socket takes; and the server does not hear that it is to stop. */
      pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_DROP, 0);
      pg_fault_proxy_set_frozen (test.session.proxy, PG_FAULT_TO_SERVER, TRUE);
      pg_test_pipeline_start_with (&test, "SELECT length ($1)", g_variant_new ("(s)", text), NULL);
      pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
      pg_async_pipeline_end_async (PG_ASYNC_PIPELINE (test.pipeline), cancellable, pg_test_keep_result, &result);
      pg_test_driver_iterate (10);
      g_cancellable_cancel (cancellable);
      pg_test_driver_iterate (10);
      pg_fault_proxy_set_frozen (test.session.proxy, PG_FAULT_TO_SERVER, FALSE);
      g_assert_false (pg_async_pipeline_end_finish (PG_ASYNC_PIPELINE (test.pipeline), pg_test_wait_for (&result), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      cursor = pg_test_pipeline_finish_with (&test, 1, NULL, &dropped);
      g_assert_error (dropped, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
      pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 0);
      g_assert_true (pg_test_driver_rollback (test.connection, NULL));
      pg_test_pipeline_assert_count (&test, 0);
      pg_test_pipeline_assert_usable (&test);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/pipeline/defect-behind-a-refused-end/%s", test_behind_a_refused_end);
  pg_test_driver_add ("/pg/pipeline/defect-end-is-cancelled/%s", test_end_is_cancelled);
  pg_test_driver_add ("/pg/pipeline/defect-end-with-a-stream/%s", test_end_with_a_stream);
  pg_test_driver_add ("/pg/pipeline/defect-deallocate/%s", test_deallocate);
  pg_test_driver_add ("/pg/pipeline/defect-encoding/%s", test_encoding);
  pg_test_driver_add ("/pg/pipeline/defect-date-style/%s", test_date_style);
  pg_test_driver_add ("/pg/pipeline/defect-silent-end/%s", test_silent_end);
  pg_test_driver_add ("/pg/pipeline/defect-late-cancel/%s", test_late_cancel);
  pg_test_driver_add ("/pg/pipeline/strikes-another/%s", test_strikes_another);
  g_test_add_data_func ("/pg/pipeline/defect-handler-executes/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_handler_executes);
  /* A blocking call waits until it is sent. */
  g_test_add_data_func ("/pg/pipeline/defect-dropped/main-loop", GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), test_dropped);
  g_test_add_data_func ("/pg/pipeline/defect-flushed-meanwhile/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_flushed_meanwhile);
  return g_test_run ();
}
