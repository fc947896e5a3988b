/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pipelines of both classes: what is sent when, and whose each result and each error is. */
#include "pg-test-fixture.h"
#include "pg-test-pipeline.h"

#include <locale.h>
#include <string.h>

/* --- the cost --- */

static void
test_one_round_trip (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("BEGIN, statements that depend on each other and their results are one round trip, and COMMIT another one.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_ON);
  for (gint i = 0; i < 20; i++)
    pg_test_pipeline_start_with (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", i), NULL);
  pg_test_pipeline_start (&test, "SELECT count(*) FROM t");
  pg_test_pipeline_assert_value (&test, 20, 20);
  g_assert_cmpuint (pg_test_pipeline_syncs (&test), ==, 0);
  g_assert_cmpuint (pg_test_pipeline_round_trips (&test), ==, 1);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_ACTIVE);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_cmpuint (pg_test_pipeline_round_trips (&test), ==, 1);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
  for (guint i = 0; i < 20; i++)
    pg_test_pipeline_assert_done (&test, i);
  pg_test_pipeline_assert_count (&test, 0);
  g_assert_true (pg_test_driver_commit (test.connection, NULL, NULL));
  pg_test_pipeline_assert_count (&test, 20);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_commit (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("COMMIT travels with what is before it, and the next transaction begins behind it.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_driver_commit (test.connection, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pg_test_pipeline_round_trips (&test), ==, 1);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

static void
test_autocommit (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("In autocommit mode what is between two synchronizations is one transaction, and rollback() takes it back.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_pipeline_assert_done (&test, 1);
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  pg_test_pipeline_assert_count (&test, 2);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  pg_test_pipeline_assert_done (&test, 2);
  pg_test_pipeline_assert_count (&test, 2);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_test_driver_commit (test.connection, NULL, &error);
  g_assert_no_error (error);
  pg_test_pipeline_assert_count (&test, 3);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (4)");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  pg_test_pipeline_assert_count (&test, 3);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_prepares (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  const guint n = 30;

  g_test_summary ("A statement is prepared while its answer is out, and used by those behind it; later in binary format.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (test.connection, 3);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint i = 0; i < n; i++)
    pg_test_pipeline_start_with (&test, "SELECT $1 + 1", g_variant_new ("(i)", (gint) i), NULL);
  for (guint i = 0; i < n; i++)
    pg_test_pipeline_assert_value (&test, i, i + 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (test.session.proxy, PG_FAULT_TO_SERVER, 'P'), ==, 4);
  pg_test_pipeline_start_with (&test, "SELECT $1 + 1", g_variant_new ("(i)", 41), NULL);
  pg_test_pipeline_assert_value (&test, n, 42);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_cmpint (pg_test_driver_int64 (test.connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 1);
}

static void
test_prepared_max (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  const guint n = 10;

  g_test_summary ("In a pipeline nothing is dropped, and no more is prepared than may be; the others are executed all the same.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (test.connection, 0);
  pg_base_connection_set_prepared_max (test.connection, 3);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint i = 0; i < 2 * n; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT $1 + %u", i % n);

      pg_test_pipeline_start_with (&test, sql, g_variant_new ("(i)", 100), NULL);
    }
  for (guint i = 0; i < 2 * n; i++)
    pg_test_pipeline_assert_value (&test, i, 100 + i % n);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_base_connection_set_prepare_threshold (test.connection, -1);
  g_assert_cmpint (pg_test_driver_int64 (test.connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 3);
}

static void
test_prepare_fails (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("What was to be prepared and was not is prepared next time.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (test.connection, 0);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT * FROM nowhere");
  pg_test_pipeline_start (&test, "SELECT * FROM nowhere");
  pg_test_pipeline_start (&test, "SELECT 5");
  pg_test_pipeline_assert_fails (&test, 0, PG_ERROR_UNDEFINED_TABLE);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_UNDEFINED_TABLE);
  pg_test_pipeline_start (&test, "SELECT 5");
  pg_test_pipeline_start (&test, "SELECT 5");
  pg_test_pipeline_assert_value (&test, 4, 5);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  pg_test_pipeline_start (&test, "CREATE TABLE nowhere AS SELECT 7 AS i");
  pg_test_pipeline_start (&test, "SELECT * FROM nowhere");
  pg_test_pipeline_assert_value (&test, 6, 7);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

/* --- errors --- */

static void
test_defect_19_each_error_to_its_call (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("The error is that of the call that caused it, each time it is asked for; what was skipped says why; the synchronization has the first one.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1");
  pg_test_pipeline_start (&test, "SELECT 1 / 0");
  pg_test_pipeline_start (&test, "SELECT 3");
  pg_test_pipeline_start (&test, "SELECT * FROM nowhere");
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_DIVISION_BY_ZERO);
  if (test.blocking)
    pg_test_pipeline_assert_fails (&test, 1, PG_ERROR_DIVISION_BY_ZERO);
  pg_test_pipeline_assert_fails (&test, 3, PG_ERROR_PIPELINE_ABORTED);
  cursor = pg_test_pipeline_finish_with (&test, 2, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  g_assert_nonnull (strstr (error->message, "division by zero"));
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ABORTED);
  g_clear_error (&error);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_INERROR);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  pg_test_pipeline_start (&test, "SELECT 4");
  pg_test_pipeline_assert_value (&test, 4, 4);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

static void
test_recover (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("rollback() recovers at once; commit() fails, and leaves the failed transaction.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1 / 0");
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  pg_test_pipeline_assert_fails (&test, 0, PG_ERROR_DIVISION_BY_ZERO);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_start (&test, "SELECT 1 / 0");
  g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_clear_error (&error);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_INERROR);
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_count (&test, 0);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_error_at_sync (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("What only the end of the transaction finds is the synchronization's error.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_driver_run (test.connection, "CREATE TABLE d (i int REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO d VALUES (1)");
  pg_test_pipeline_assert_done (&test, 0);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_FOREIGN_KEY_VIOLATION);
  pg_test_pipeline_start (&test, "INSERT INTO d VALUES (1)");
  /* Goes alone, behind a Sync of its own. */
  cursor = pg_test_driver_execute (test.connection, "SET work_mem TO '1MB'", NULL, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_start (&test, "SELECT 1");
  pg_test_pipeline_assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_FOREIGN_KEY_VIOLATION);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_own_errors (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("What is not sent at all is the caller's own matter; verbs at the wrong time are errors.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_BEGIN, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_start (&test, "SELECT 1");
  cursor = pg_test_driver_execute (test.connection, "SELECT $1", NULL, NULL, &error);
  if (!test.blocking)
    g_assert_error (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
  g_clear_error (&error);
  g_clear_object (&cursor);
  pg_test_pipeline_assert_value (&test, 0, 1);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
  cursor = pg_test_driver_execute (test.connection, "SELECT $1, $3", g_variant_new ("(i)", 1), NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_END, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
}

/* --- what goes alone --- */

static void
test_alone (gconstpointer driver)
{
  static const char *const statements[] = {
    "SELECT 1; SELECT 2", "SET datestyle TO 'SQL, DMY'", "BEGIN", "COMMIT", "DO 'BEGIN END'", "",
  };
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be sent ahead is executed all the same, and sees what is before it.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      const guint first = test.calls->len;
      gboolean in_transaction;

      pg_test_pipeline_start_with (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", (gint) i), NULL);
      pg_test_pipeline_start (&test, statements[i]);
      pg_test_pipeline_start (&test, "SELECT max(i) FROM t");
      pg_test_pipeline_assert_done (&test, first);
      pg_test_pipeline_assert_done (&test, first + 1);
      pg_test_pipeline_assert_value (&test, first + 2, i);
      in_transaction = g_str_equal (statements[i], "BEGIN");
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
      g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, in_transaction ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE);
    }
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_pipeline_assert_count (&test, G_N_ELEMENTS (statements));
  pg_test_pipeline_assert_usable (&test);
}

static void
test_begins_once (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("One BEGIN for all statements of the transaction, and another one behind a COMMIT that somebody has written.");
  if (!pg_test_pipeline_open (&test, driver, FALSE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_pipeline_start (&test, "SAVEPOINT s");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_pipeline_start (&test, "ROLLBACK TO s");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (3)");
  pg_test_pipeline_start (&test, "COMMIT");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (4)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  for (guint i = 0; i < test.calls->len; i++)
    pg_test_pipeline_assert_done (&test, i);
  g_assert_cmpint (pg_test_pipeline_transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_pipeline_assert_count (&test, 2);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_assert_count (&test, 2);
}

static void
test_settings (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("autocommit is changed between transactions in a pipeline too.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  pg_test_driver_set_autocommit (test.connection, FALSE, &error);
  g_assert_no_error (error);
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  g_assert_false (pg_test_driver_set_autocommit (test.connection, TRUE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  pg_test_pipeline_assert_count (&test, 1);
}

/* --- pipelines in each other --- */

static void
test_nested (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgBasePipeline) inner = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An inner pipeline synchronizes the outer one when it begins and when it ends, and leaves it open.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  inner = pg_test_pipeline_new (&test);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  g_assert_true (pg_test_pipeline_verb (&test, inner, PG_TEST_PIPELINE_BEGIN, NULL, &error));
  pg_test_pipeline_assert_count (&test, 1);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (2)");
  g_assert_false (pg_test_pipeline_verb (&test, inner, PG_TEST_PIPELINE_END, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_pipeline_get_status (inner), ==, PG_PIPELINE_STATUS_OFF);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (1)");
  g_assert_false (pg_test_pipeline_verb (&test, inner, PG_TEST_PIPELINE_BEGIN, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_clear_error (&error);
  g_assert_false (pg_test_pipeline_verb (&test, inner, PG_TEST_PIPELINE_END, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_pipeline_start (&test, "INSERT INTO t VALUES (5)");
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_count (&test, 2);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
}

static void
test_begins_early (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (PgBaseConnection) other = NULL;
  gint64 n_locks = 0;

  g_test_summary ("The server begins with what is executed in a pipeline while there is more to come, also where no main loop runs meanwhile.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  other = pg_test_driver_open_ok (PG_TEST_DRIVER_BLOCKING, test.session.direct, TRUE);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start_any (&test, "SELECT pg_advisory_lock (4711)", NULL);
  for (guint i = 0; i < 200; i++)
    pg_test_pipeline_start (&test, "SELECT 5");
  for (guint i = 0; n_locks == 0 && i < 3000; i++)
    {
      g_usleep (10000);
      n_locks = pg_test_driver_int64 (other, "SELECT count (*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711");
    }
  g_assert_cmpint (n_locks, ==, 1);
  pg_test_pipeline_assert_value (&test, 200, 5);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  pg_test_pipeline_assert_usable (&test);
}

static void
test_dropped (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };

  g_test_summary ("A pipeline that is dropped while it is open is ended, and its results are there.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  pg_test_pipeline_start (&test, "SELECT 1");
  g_clear_object (&test.pipeline);
  pg_test_pipeline_assert_value (&test, 0, 1);
  g_assert_cmpint (pg_test_driver_int64 (test.connection, "SELECT 2"), ==, 2);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
  pg_test_pipeline_assert_usable (&test);
}

/* --- cursors --- */

static void
test_cursor (gconstpointer driver)
{
  g_auto (PgTestPipeline) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_test_summary ("A cursor has no result before it has come; fetching waits for it; another statement replaces what has not come.");
  if (!pg_test_pipeline_open (&test, driver, TRUE))
    return;
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
  cursor = pg_connection_cursor (PG_CONNECTION (test.connection), NULL);
  g_assert_true (pg_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_null (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, -1);
  g_assert_false (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 0, PG_SCROLL_MODE_ABSOLUTE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  row = pg_cursor_fetch_one (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_row_get_int64 (row, 0, NULL), ==, 1);
  g_assert_true (pg_cursor_execute (cursor, "SELECT 1 / 0", NULL, NULL, &error));
  g_assert_true (pg_cursor_execute (cursor, "SELECT 2", NULL, NULL, &error));
  g_assert_null (pg_cursor_fetch_all (cursor, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_verb_fails (&test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_clear_error (&error);
  g_assert_true (pg_cursor_execute (cursor, "SELECT generate_series(1, 3)", NULL, NULL, &error));
  rows = pg_cursor_fetch_many (cursor, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  /* A synchronization has waited for it. */
  g_assert_true (pg_cursor_execute (cursor, "SELECT 4", NULL, NULL, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, -1);
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_SYNC);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 1);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL), ==, 4);
  g_assert_true (pg_cursor_execute (cursor, "SELECT 3", NULL, NULL, &error));
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
  g_assert_null (pg_cursor_fetch_one (cursor, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/pipeline/one-round-trip/%s", test_one_round_trip);
  pg_test_driver_add ("/pg/pipeline/commit/%s", test_commit);
  pg_test_driver_add ("/pg/pipeline/autocommit/%s", test_autocommit);
  pg_test_driver_add ("/pg/pipeline/prepares/%s", test_prepares);
  pg_test_driver_add ("/pg/pipeline/prepared-max/%s", test_prepared_max);
  pg_test_driver_add ("/pg/pipeline/prepare-fails/%s", test_prepare_fails);
  pg_test_driver_add ("/pg/pipeline/defect-19-each-error-to-its-call/%s", test_defect_19_each_error_to_its_call);
  pg_test_driver_add ("/pg/pipeline/recover/%s", test_recover);
  pg_test_driver_add ("/pg/pipeline/error-at-sync/%s", test_error_at_sync);
  pg_test_driver_add ("/pg/pipeline/own-errors/%s", test_own_errors);
  pg_test_driver_add ("/pg/pipeline/alone/%s", test_alone);
  pg_test_driver_add ("/pg/pipeline/begins-once/%s", test_begins_once);
  pg_test_driver_add ("/pg/pipeline/settings/%s", test_settings);
  pg_test_driver_add ("/pg/pipeline/nested/%s", test_nested);
  pg_test_driver_add ("/pg/pipeline/begins-early/%s", test_begins_early);
  pg_test_driver_add ("/pg/pipeline/dropped/%s", test_dropped);
  /* The callbacks of PgAsyncCursor are called when the result is there. */
  g_test_add_data_func ("/pg/pipeline/cursor/blocking", GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), test_cursor);
  return g_test_run ();
}
