/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pipelines of both classes: what is sent when, and whose each result and each error is. */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

typedef struct
{
  PgBaseCursor *cursor; /* blocking */
  GAsyncResult *result; /* main loop */
} Call;

typedef struct
{
  PgTestSession session;
  gboolean blocking;
  PgBaseConnection *connection;
  PgBasePipeline *pipeline;
  GPtrArray *calls;
} Test;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->cursor);
  g_clear_object (&call->result);
  g_free (call);
}

static PgBasePipeline *
new_pipeline (Test *test)
{
  if (test->blocking)
    return PG_BASE_PIPELINE (pg_connection_pipeline (PG_CONNECTION (test->connection)));
  return PG_BASE_PIPELINE (pg_async_connection_pipeline (PG_ASYNC_CONNECTION (test->connection)));
}

static gboolean
test_open (Test *test, gconstpointer driver, gboolean autocommit)
{
  g_autoptr (GError) error = NULL;

  test->blocking = GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING;
  if (!pg_test_session_open (&test->session, driver, TRUE))
    return FALSE;
  test->connection = test->session.connection;
  test->calls = g_ptr_array_new_with_free_func (call_free);
  pg_test_driver_run (test->connection, "DROP TABLE IF EXISTS d, t, nowhere; CREATE TABLE t (i int PRIMARY KEY)");
  if (!autocommit)
    {
      pg_test_driver_set_autocommit (test->connection, FALSE, &error);
      g_assert_no_error (error);
    }
  pg_fault_proxy_reset_counts (test->session.proxy);
  test->pipeline = new_pipeline (test);
  return TRUE;
}

static void
test_clear (Test *test)
{
  if (test->calls == NULL)
    return;
  g_clear_pointer (&test->calls, g_ptr_array_unref);
  g_clear_object (&test->pipeline);
  pg_test_session_clear (&test->session);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_null (*(GAsyncResult **) data);
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
iterate_until (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

typedef enum
{
  BEGIN,
  SYNC,
  END,
} Verb;

static gboolean
verb (Test *test, PgBasePipeline *pipeline, Verb what, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (test->blocking)
    {
      PgPipeline *self = PG_PIPELINE (pipeline);

      return what == BEGIN  ? pg_pipeline_begin (self, cancellable, error)
             : what == SYNC ? pg_pipeline_sync (self, cancellable, error)
                            : pg_pipeline_end (self, cancellable, error);
    }
  if (what == BEGIN)
    pg_async_pipeline_begin_async (PG_ASYNC_PIPELINE (pipeline), cancellable, keep_result, &result);
  else if (what == SYNC)
    pg_async_pipeline_sync_async (PG_ASYNC_PIPELINE (pipeline), cancellable, keep_result, &result);
  else
    pg_async_pipeline_end_async (PG_ASYNC_PIPELINE (pipeline), cancellable, keep_result, &result);
  iterate_until (&result);
  if (what == BEGIN)
    return pg_async_pipeline_begin_finish (PG_ASYNC_PIPELINE (pipeline), result, error);
  if (what == SYNC)
    return pg_async_pipeline_sync_finish (PG_ASYNC_PIPELINE (pipeline), result, error);
  return pg_async_pipeline_end_finish (PG_ASYNC_PIPELINE (pipeline), result, error);
}

static void
verb_ok (Test *test, Verb what)
{
  g_autoptr (GError) error = NULL;

  verb (test, test->pipeline, what, NULL, &error);
  g_assert_no_error (error);
}

static void
verb_fails (Test *test, Verb what, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (verb (test, test->pipeline, what, NULL, &error));
  g_assert_error (error, domain, code);
}

/* Its index. */
static guint
start_with (Test *test, const char *sql, GVariant *params, GCancellable *cancellable)
{
  Call *call = g_new0 (Call, 1);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (test->calls, call);
  if (test->blocking)
    call->cursor = (PgBaseCursor *) pg_connection_execute (PG_CONNECTION (test->connection), sql, params, cancellable, &error);
  else
    pg_async_connection_execute_async (PG_ASYNC_CONNECTION (test->connection), sql, params, cancellable, keep_result, &call->result);
  g_assert_no_error (error);
  return test->calls->len - 1;
}

static guint
start (Test *test, const char *sql)
{
  return start_with (test, sql, NULL, NULL);
}

/* The cursor; with an error NULL. */
static PgBaseCursor *
finish_with (Test *test, guint index, GCancellable *cancellable, GError **error)
{
  Call *call = g_ptr_array_index (test->calls, index);

  if (!test->blocking)
    {
      iterate_until (&call->result);
      return (PgBaseCursor *) pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (test->connection), call->result, error);
    }
  return pg_cursor_wait (PG_CURSOR (call->cursor), cancellable, error) ? g_object_ref (call->cursor) : NULL;
}

static void
assert_value (Test *test, guint index, gint64 value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = finish_with (test, index, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, &error), ==, value);
  g_assert_no_error (error);
}

static void
assert_done (Test *test, guint index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = finish_with (test, index, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (cursor);
}

static void
assert_fails (Test *test, guint index, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = finish_with (test, index, NULL, &error);

  g_assert_null (cursor);
  g_assert_error (error, PG_ERROR, code);
}

static void
assert_count (Test *test, gint64 n)
{
  g_autofree char *count = pg_test_psql (test->session.direct, "SELECT count(*) FROM t");

  g_assert_cmpint (g_ascii_strtoll (count, NULL, 10), ==, n);
}

static PgTransactionStatus
transaction_status (Test *test)
{
  return pg_base_connection_get_transaction_status (test->connection);
}

static guint
round_trips (Test *test)
{
  guint n = pg_fault_proxy_count_round_trips (test->session.proxy);

  pg_fault_proxy_reset_counts (test->session.proxy);
  return n;
}

static guint
syncs (Test *test)
{
  return pg_fault_proxy_count_messages (test->session.proxy, PG_FAULT_TO_SERVER, 'S');
}

static void
assert_usable (Test *test)
{
  g_assert_true (pg_test_driver_rollback (test->connection, NULL));
  g_assert_true (pg_test_driver_set_autocommit (test->connection, TRUE, NULL));
  pg_test_session_assert_usable (&test->session);
}

/* --- the cost --- */

static void
test_one_round_trip (gconstpointer driver)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("BEGIN, statements that depend on each other and their results are one round trip, and COMMIT another one.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_ON);
  for (gint i = 0; i < 20; i++)
    start_with (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", i), NULL);
  start (&test, "SELECT count(*) FROM t");
  assert_value (&test, 20, 20);
  g_assert_cmpuint (syncs (&test), ==, 0);
  g_assert_cmpuint (round_trips (&test), ==, 1);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_ACTIVE);
  verb_ok (&test, SYNC);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
  verb_ok (&test, END);
  g_assert_cmpuint (round_trips (&test), ==, 1);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
  for (guint i = 0; i < 20; i++)
    assert_done (&test, i);
  assert_count (&test, 0);
  g_assert_true (pg_test_driver_commit (test.connection, NULL, NULL));
  assert_count (&test, 20);
  assert_usable (&test);
}

static void
test_commit (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("COMMIT travels with what is before it, and the next transaction begins behind it.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO t VALUES (1)");
  pg_test_driver_commit (test.connection, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (round_trips (&test), ==, 1);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  assert_count (&test, 1);
  start (&test, "INSERT INTO t VALUES (2)");
  verb_ok (&test, SYNC);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  assert_count (&test, 1);
  verb_ok (&test, END);
}

static void
test_autocommit (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("In autocommit mode what is between two synchronizations is one transaction, and rollback() takes it back.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO t VALUES (1)");
  start (&test, "INSERT INTO t VALUES (2)");
  assert_done (&test, 1);
  assert_count (&test, 0);
  verb_ok (&test, SYNC);
  assert_count (&test, 2);
  start (&test, "INSERT INTO t VALUES (3)");
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  assert_done (&test, 2);
  assert_count (&test, 2);
  start (&test, "INSERT INTO t VALUES (3)");
  pg_test_driver_commit (test.connection, NULL, &error);
  g_assert_no_error (error);
  assert_count (&test, 3);
  start (&test, "INSERT INTO t VALUES (4)");
  start (&test, "INSERT INTO t VALUES (1)");
  verb_fails (&test, END, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  assert_count (&test, 3);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  assert_usable (&test);
}

static void
test_prepares (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  const guint n = 30;

  g_test_summary ("A statement is prepared while its answer is out, and used by those behind it; later in binary format.");
  if (!test_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (test.connection, 3);
  verb_ok (&test, BEGIN);
  for (guint i = 0; i < n; i++)
    start_with (&test, "SELECT $1 + 1", g_variant_new ("(i)", (gint) i), NULL);
  for (guint i = 0; i < n; i++)
    assert_value (&test, i, i + 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (test.session.proxy, PG_FAULT_TO_SERVER, 'P'), ==, 4);
  start_with (&test, "SELECT $1 + 1", g_variant_new ("(i)", 41), NULL);
  assert_value (&test, n, 42);
  verb_ok (&test, END);
  g_assert_cmpint (pg_test_driver_int64 (test.connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 1);
}

static void
test_prepare_fails (gconstpointer driver)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("What was to be prepared and was not is prepared next time.");
  if (!test_open (&test, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (test.connection, 0);
  verb_ok (&test, BEGIN);
  start (&test, "SELECT * FROM nowhere");
  start (&test, "SELECT * FROM nowhere");
  start (&test, "SELECT 5");
  assert_fails (&test, 0, PG_ERROR_UNDEFINED_TABLE);
  assert_fails (&test, 1, PG_ERROR_PIPELINE_ABORTED);
  assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  verb_fails (&test, SYNC, PG_ERROR, PG_ERROR_UNDEFINED_TABLE);
  start (&test, "SELECT 5");
  start (&test, "SELECT 5");
  assert_value (&test, 4, 5);
  verb_ok (&test, SYNC);
  start (&test, "CREATE TABLE nowhere AS SELECT 7 AS i");
  start (&test, "SELECT * FROM nowhere");
  assert_value (&test, 6, 7);
  verb_ok (&test, END);
}

/* --- errors --- */

static void
test_defect_19_each_error_to_its_call (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("The error is that of the call that caused it, each time it is asked for; what was skipped says why; the synchronization has the first one.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "SELECT 1");
  start (&test, "SELECT 1 / 0");
  start (&test, "SELECT 3");
  start (&test, "SELECT * FROM nowhere");
  assert_value (&test, 0, 1);
  assert_fails (&test, 1, PG_ERROR_DIVISION_BY_ZERO);
  if (test.blocking)
    assert_fails (&test, 1, PG_ERROR_DIVISION_BY_ZERO);
  assert_fails (&test, 3, PG_ERROR_PIPELINE_ABORTED);
  cursor = finish_with (&test, 2, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  g_assert_nonnull (strstr (error->message, "division by zero"));
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ABORTED);
  g_clear_error (&error);
  verb_fails (&test, SYNC, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_INERROR);
  verb_ok (&test, SYNC);
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  start (&test, "SELECT 4");
  assert_value (&test, 4, 4);
  verb_ok (&test, END);
}

static void
test_recover (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("rollback() recovers at once; commit() fails, and leaves the failed transaction.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "SELECT 1 / 0");
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  assert_fails (&test, 0, PG_ERROR_DIVISION_BY_ZERO);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  start (&test, "INSERT INTO t VALUES (1)");
  start (&test, "SELECT 1 / 0");
  g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  g_assert_nonnull (strstr (error->message, "division by zero"));
  g_clear_error (&error);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_INERROR);
  pg_test_driver_rollback (test.connection, &error);
  g_assert_no_error (error);
  verb_ok (&test, END);
  assert_count (&test, 0);
  assert_usable (&test);
}

static void
test_error_at_sync (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("What only the end of the transaction finds is the synchronization's error.");
  if (!test_open (&test, driver, TRUE))
    return;
  pg_test_driver_run (test.connection, "CREATE TABLE d (i int REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO d VALUES (1)");
  assert_done (&test, 0);
  verb_fails (&test, SYNC, PG_ERROR, PG_ERROR_FOREIGN_KEY_VIOLATION);
  start (&test, "INSERT INTO d VALUES (1)");
  /* Goes alone, behind a Sync of its own. */
  cursor = pg_test_driver_execute (test.connection, "SET work_mem TO '1MB'", NULL, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  start (&test, "SELECT 1");
  assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  verb_fails (&test, END, PG_ERROR, PG_ERROR_FOREIGN_KEY_VIOLATION);
  assert_usable (&test);
}

static void
test_own_errors (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("What is not sent at all is the caller's own matter; verbs at the wrong time are errors.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_fails (&test, SYNC, PG_ERROR, PG_ERROR_PROGRAMMING);
  verb_fails (&test, END, PG_ERROR, PG_ERROR_PROGRAMMING);
  verb_ok (&test, BEGIN);
  verb_fails (&test, BEGIN, PG_ERROR, PG_ERROR_PROGRAMMING);
  start (&test, "SELECT 1");
  cursor = pg_test_driver_execute (test.connection, "SELECT $1", NULL, NULL, &error);
  if (!test.blocking)
    g_assert_error (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
  g_clear_error (&error);
  g_clear_object (&cursor);
  assert_value (&test, 0, 1);
  verb_fails (&test, SYNC, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
  cursor = pg_test_driver_execute (test.connection, "SELECT $1, $3", g_variant_new ("(i)", 1), NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  verb_ok (&test, END);
  verb_fails (&test, END, PG_ERROR, PG_ERROR_PROGRAMMING);
  verb_ok (&test, BEGIN);
  verb_ok (&test, END);
}

/* --- what goes alone --- */

static void
test_alone (gconstpointer driver)
{
  static const char *const statements[] = {
    "SELECT 1; SELECT 2", "SET datestyle TO 'SQL, DMY'", "BEGIN", "COMMIT", "DO 'BEGIN END'", "",
  };
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be sent ahead is executed all the same, and sees what is before it.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      const guint first = test.calls->len;
      gboolean in_transaction;

      start_with (&test, "INSERT INTO t VALUES ($1)", g_variant_new ("(i)", (gint) i), NULL);
      start (&test, statements[i]);
      start (&test, "SELECT max(i) FROM t");
      assert_done (&test, first);
      assert_done (&test, first + 1);
      assert_value (&test, first + 2, i);
      in_transaction = g_str_equal (statements[i], "BEGIN");
      verb_ok (&test, SYNC);
      g_assert_cmpint (transaction_status (&test), ==, in_transaction ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE);
    }
  verb_ok (&test, END);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_IDLE);
  assert_count (&test, G_N_ELEMENTS (statements));
  assert_usable (&test);
}

static void
test_begins_once (gconstpointer driver)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("One BEGIN for all statements of the transaction, and another one behind a COMMIT that somebody has written.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO t VALUES (1)");
  start (&test, "SAVEPOINT s");
  start (&test, "INSERT INTO t VALUES (2)");
  start (&test, "ROLLBACK TO s");
  start (&test, "INSERT INTO t VALUES (3)");
  start (&test, "COMMIT");
  start (&test, "INSERT INTO t VALUES (4)");
  verb_ok (&test, END);
  for (guint i = 0; i < test.calls->len; i++)
    assert_done (&test, i);
  g_assert_cmpint (transaction_status (&test), ==, PG_TRANSACTION_STATUS_INTRANS);
  assert_count (&test, 2);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  assert_count (&test, 2);
}

static void
test_settings (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("autocommit is changed between transactions in a pipeline too.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO t VALUES (1)");
  pg_test_driver_set_autocommit (test.connection, FALSE, &error);
  g_assert_no_error (error);
  assert_count (&test, 1);
  start (&test, "INSERT INTO t VALUES (2)");
  g_assert_false (pg_test_driver_set_autocommit (test.connection, TRUE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  verb_ok (&test, END);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  assert_count (&test, 1);
}

/* --- pipelines in each other --- */

static void
test_nested (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (PgBasePipeline) inner = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An inner pipeline synchronizes the outer one when it begins and when it ends, and leaves it open.");
  if (!test_open (&test, driver, TRUE))
    return;
  inner = new_pipeline (&test);
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO t VALUES (1)");
  g_assert_true (verb (&test, inner, BEGIN, NULL, &error));
  assert_count (&test, 1);
  start (&test, "INSERT INTO t VALUES (2)");
  start (&test, "INSERT INTO t VALUES (2)");
  g_assert_false (verb (&test, inner, END, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_pipeline_get_status (inner), ==, PG_PIPELINE_STATUS_OFF);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_ON);
  start (&test, "INSERT INTO t VALUES (1)");
  g_assert_false (verb (&test, inner, BEGIN, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_clear_error (&error);
  g_assert_false (verb (&test, inner, END, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  start (&test, "INSERT INTO t VALUES (5)");
  verb_ok (&test, END);
  assert_count (&test, 2);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
}

static void
test_dropped (gconstpointer driver)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("A pipeline that is dropped while it is open is ended, and its results are there.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "SELECT 1");
  g_clear_object (&test.pipeline);
  assert_value (&test, 0, 1);
  g_assert_cmpint (pg_test_driver_int64 (test.connection, "SELECT 2"), ==, 2);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (test.connection), ==, PG_PIPELINE_STATUS_OFF);
  assert_usable (&test);
}

/* --- cursors --- */

static void
test_cursor (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_test_summary ("A cursor has no result before it has come; fetching waits for it; another statement replaces what has not come.");
  if (!test_open (&test, driver, TRUE))
    return;
  if (!test.blocking)
    {
      g_test_skip ("the callbacks of PgAsyncCursor are called when the result is there");
      return;
    }
  verb_ok (&test, BEGIN);
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
  verb_fails (&test, SYNC, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_clear_error (&error);
  g_assert_true (pg_cursor_execute (cursor, "SELECT generate_series(1, 3)", NULL, NULL, &error));
  rows = pg_cursor_fetch_many (cursor, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_true (pg_cursor_execute (cursor, "SELECT 3", NULL, NULL, &error));
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  verb_ok (&test, END);
  g_assert_null (pg_cursor_fetch_one (cursor, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

/* --- cancelling --- */

static gpointer
cancel_it (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_sync (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;

  g_test_summary ("To cancel the synchronization stops the statement that runs and leaves the connection in order.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "SELECT 1");
  start (&test, "SELECT pg_sleep(1000)");
  start (&test, "SELECT 3");
  thread = pg_test_later (100, cancel_it, cancellable);
  g_assert_false (verb (&test, test.pipeline, SYNC, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_value (&test, 0, 1);
  cursor = finish_with (&test, 1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  g_assert_true (pg_test_driver_rollback (test.connection, NULL));
  verb_ok (&test, END);
  assert_usable (&test);
}

static void
test_cancel_call (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;

  g_test_summary ("A call that is cancelled ends, and what follows it is not executed.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "SELECT 1");
  start_with (&test, "SELECT pg_sleep(1000)", NULL, cancellable);
  start (&test, "INSERT INTO t VALUES (1)");
  thread = pg_test_later (100, cancel_it, cancellable);
  cursor = finish_with (&test, 1, cancellable, &error);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_value (&test, 0, 1);
  assert_fails (&test, 2, PG_ERROR_PIPELINE_ABORTED);
  verb_fails (&test, END, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_count (&test, 0);
  assert_usable (&test);
}

static void
test_cancel_behind (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_test_summary ("A cancelled call whose turn has not come: a blocking one stops what it waits for, one in a main loop only itself.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, test.blocking ? "SELECT 1 FROM pg_sleep(1000)" : "SELECT 1 FROM pg_sleep(0.3)");
  start_with (&test, "SELECT pg_sleep(1000)", NULL, cancellable);
  if (test.blocking)
    {
      GThread *thread = pg_test_later (100, cancel_it, cancellable);

      cursor = finish_with (&test, 1, cancellable, &error);
      g_thread_join (thread);
    }
  else
    {
      g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      cursor = finish_with (&test, 1, cancellable, &error);
      assert_value (&test, 0, 1);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  verb_fails (&test, SYNC, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  start (&test, "SELECT 3");
  assert_value (&test, 2, 3);
  verb_ok (&test, END);
  assert_usable (&test);
}

static void
test_timeout (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("The time for the synchronization counts from its call, and for a statement nobody waits for there is none.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  pg_base_connection_set_timeout (test.connection, 300);
  start (&test, "SELECT pg_sleep(1000)");
  if (test.blocking)
    g_usleep (400 * 1000);
  g_assert_false (verb (&test, test.pipeline, SYNC, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (test.connection, 0);
  verb_ok (&test, END);
  assert_usable (&test);
}

/* --- the end of the connection --- */

static void
test_killed (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("When the connection is lost each call says so, and COMMIT that its outcome is not known.");
  if (!test_open (&test, driver, FALSE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "INSERT INTO t VALUES (1)");
  assert_done (&test, 0);
  start (&test, "INSERT INTO t VALUES (2)");
  pg_fault_proxy_act_before (test.session.proxy, PG_FAULT_TO_CLIENT, '2', PG_FAULT_ACTION_CUT);
  g_assert_false (pg_test_driver_commit (test.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
  g_clear_error (&error);
  cursor = finish_with (&test, 1, NULL, &error);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
  g_assert_false (verb (&test, test.pipeline, END, NULL, &error));
  g_assert_nonnull (error);
  pg_test_session_assert_broken (&test.session);
}

static void
test_closed (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("close() ends what is on its way.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  start (&test, "SELECT pg_sleep(1000)");
  start (&test, "SELECT 1");
  if (!test.blocking)
    g_main_context_iteration (NULL, FALSE);
  pg_base_connection_close (test.connection);
  cursor = finish_with (&test, 0, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  cursor = finish_with (&test, 1, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  verb_fails (&test, END, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (pg_base_pipeline_get_status (test.pipeline), ==, PG_PIPELINE_STATUS_OFF);
}

/* --- much --- */

static void
test_full_both_ways (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  const guint n = pg_test_repeat (400, 2000);
  g_autofree char *text = g_strnfill (20000, 'x');

  g_test_summary ("Long statements with long answers fill both directions, and nobody waits for ever; the answers are in order.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  for (guint i = 0; i < n; i++)
    start_with (&test, "SELECT $1, $2, repeat('y', 20000)", g_variant_new ("(is)", (gint) i, text), NULL);
  for (guint i = 0; i < n; i++)
    assert_value (&test, i, i);
  verb_ok (&test, END);
}

static void
test_slow_reader (gconstpointer driver)
{
  g_auto (Test) test = { 0 };
  const guint n = pg_test_repeat (2000, 100000);

  g_test_summary ("Many statements to a server that does not read for a while: each is answered in the end.");
  if (!test_open (&test, driver, TRUE))
    return;
  verb_ok (&test, BEGIN);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_SERVER, 50);
  for (guint i = 0; i < n; i++)
    start_with (&test, "SELECT $1 + 0", g_variant_new ("(i)", (gint) i), NULL);
  for (guint i = 0; i < n; i += 97)
    assert_value (&test, i, i);
  verb_ok (&test, SYNC);
  assert_value (&test, n - 1, n - 1);
  verb_ok (&test, END);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_SERVER, 0);
  assert_usable (&test);
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
  pg_test_driver_add ("/pg/pipeline/prepare-fails/%s", test_prepare_fails);
  pg_test_driver_add ("/pg/pipeline/defect-19-each-error-to-its-call/%s", test_defect_19_each_error_to_its_call);
  pg_test_driver_add ("/pg/pipeline/recover/%s", test_recover);
  pg_test_driver_add ("/pg/pipeline/error-at-sync/%s", test_error_at_sync);
  pg_test_driver_add ("/pg/pipeline/own-errors/%s", test_own_errors);
  pg_test_driver_add ("/pg/pipeline/alone/%s", test_alone);
  pg_test_driver_add ("/pg/pipeline/begins-once/%s", test_begins_once);
  pg_test_driver_add ("/pg/pipeline/settings/%s", test_settings);
  pg_test_driver_add ("/pg/pipeline/nested/%s", test_nested);
  pg_test_driver_add ("/pg/pipeline/dropped/%s", test_dropped);
  pg_test_driver_add ("/pg/pipeline/cursor/%s", test_cursor);
  pg_test_driver_add ("/pg/pipeline/cancel-sync/%s", test_cancel_sync);
  pg_test_driver_add ("/pg/pipeline/cancel-call/%s", test_cancel_call);
  pg_test_driver_add ("/pg/pipeline/cancel-behind/%s", test_cancel_behind);
  pg_test_driver_add ("/pg/pipeline/timeout/%s", test_timeout);
  pg_test_driver_add ("/pg/pipeline/killed/%s", test_killed);
  pg_test_driver_add ("/pg/pipeline/closed/%s", test_closed);
  pg_test_driver_add ("/pg/pipeline/full-both-ways/%s", test_full_both_ways);
  pg_test_driver_add ("/pg/pipeline/slow-reader/%s", test_slow_reader);
  return g_test_run ();
}
