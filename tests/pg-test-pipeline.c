/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-pipeline.h"

#include "pg-test-fixture.h"

typedef struct
{
  PgBaseCursor *cursor; /* blocking */
  GAsyncResult *result; /* main loop */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->cursor);
  g_clear_object (&call->result);
  g_free (call);
}

PgBasePipeline *
pg_test_pipeline_new (PgTestPipeline *self)
{
  if (self->blocking)
    return PG_BASE_PIPELINE (pg_connection_pipeline (PG_CONNECTION (self->connection)));
  return PG_BASE_PIPELINE (pg_async_connection_pipeline (PG_ASYNC_CONNECTION (self->connection)));
}

gboolean
pg_test_pipeline_open (PgTestPipeline *self, gconstpointer driver, gboolean autocommit)
{
  g_autoptr (GError) error = NULL;

  self->blocking = GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING;
  if (!pg_test_session_open (&self->session, driver, TRUE))
    return FALSE;
  self->connection = self->session.connection;
  self->calls = g_ptr_array_new_with_free_func (call_free);
  pg_test_driver_run (self->connection, "DROP TABLE IF EXISTS d, t, nowhere; CREATE TABLE t (i int PRIMARY KEY)");
  if (!autocommit)
    {
      pg_test_driver_set_autocommit (self->connection, FALSE, &error);
      g_assert_no_error (error);
    }
  pg_fault_proxy_reset_counts (self->session.proxy);
  self->pipeline = pg_test_pipeline_new (self);
  return TRUE;
}

void
pg_test_pipeline_clear (PgTestPipeline *self)
{
  if (self->calls == NULL)
    return;
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_clear_object (&self->pipeline);
  pg_test_session_clear (&self->session);
}

static void
iterate_until (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

gboolean
pg_test_pipeline_verb (PgTestPipeline *self, PgBasePipeline *pipeline, PgTestPipelineVerb what, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (self->blocking)
    {
      PgPipeline *blocking = PG_PIPELINE (pipeline);

      return what == PG_TEST_PIPELINE_BEGIN  ? pg_pipeline_begin (blocking, cancellable, error)
             : what == PG_TEST_PIPELINE_SYNC ? pg_pipeline_sync (blocking, cancellable, error)
                                              : pg_pipeline_end (blocking, cancellable, error);
    }
  if (what == PG_TEST_PIPELINE_BEGIN)
    pg_async_pipeline_begin_async (PG_ASYNC_PIPELINE (pipeline), cancellable, pg_test_keep_result, &result);
  else if (what == PG_TEST_PIPELINE_SYNC)
    pg_async_pipeline_sync_async (PG_ASYNC_PIPELINE (pipeline), cancellable, pg_test_keep_result, &result);
  else
    pg_async_pipeline_end_async (PG_ASYNC_PIPELINE (pipeline), cancellable, pg_test_keep_result, &result);
  iterate_until (&result);
  if (what == PG_TEST_PIPELINE_BEGIN)
    return pg_async_pipeline_begin_finish (PG_ASYNC_PIPELINE (pipeline), result, error);
  if (what == PG_TEST_PIPELINE_SYNC)
    return pg_async_pipeline_sync_finish (PG_ASYNC_PIPELINE (pipeline), result, error);
  return pg_async_pipeline_end_finish (PG_ASYNC_PIPELINE (pipeline), result, error);
}

void
pg_test_pipeline_verb_ok (PgTestPipeline *self, PgTestPipelineVerb what)
{
  g_autoptr (GError) error = NULL;

  pg_test_pipeline_verb (self, self->pipeline, what, NULL, &error);
  g_assert_no_error (error);
}

void
pg_test_pipeline_verb_fails (PgTestPipeline *self, PgTestPipelineVerb what, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pg_test_pipeline_verb (self, self->pipeline, what, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
start (PgTestPipeline *self, const char *sql, GVariant *params, GCancellable *cancellable, GError **error)
{
  Call *call = g_new0 (Call, 1);

  g_ptr_array_add (self->calls, call);
  if (self->blocking)
    call->cursor = (PgBaseCursor *) pg_connection_execute (PG_CONNECTION (self->connection), sql, params, cancellable, error);
  else
    pg_async_connection_execute_async (PG_ASYNC_CONNECTION (self->connection), sql, params, cancellable, pg_test_keep_result, &call->result);
}

guint
pg_test_pipeline_start_with (PgTestPipeline *self, const char *sql, GVariant *params, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  start (self, sql, params, cancellable, &error);
  g_assert_no_error (error);
  return self->calls->len - 1;
}

void
pg_test_pipeline_start_any (PgTestPipeline *self, const char *sql, GVariant *params)
{
  start (self, sql, params, NULL, NULL);
}

guint
pg_test_pipeline_start (PgTestPipeline *self, const char *sql)
{
  return pg_test_pipeline_start_with (self, sql, NULL, NULL);
}

PgBaseCursor *
pg_test_pipeline_finish_with (PgTestPipeline *self, guint index, GCancellable *cancellable, GError **error)
{
  Call *call = g_ptr_array_index (self->calls, index);

  if (!self->blocking)
    {
      iterate_until (&call->result);
      return (PgBaseCursor *) pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (self->connection), call->result, error);
    }
  return call->cursor != NULL && pg_cursor_wait (PG_CURSOR (call->cursor), cancellable, error) ? g_object_ref (call->cursor) : NULL;
}

void
pg_test_pipeline_assert_value (PgTestPipeline *self, guint index, gint64 value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_pipeline_finish_with (self, index, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, &error), ==, value);
  g_assert_no_error (error);
}

void
pg_test_pipeline_assert_done (PgTestPipeline *self, guint index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_pipeline_finish_with (self, index, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (cursor);
}

void
pg_test_pipeline_assert_fails (PgTestPipeline *self, guint index, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_pipeline_finish_with (self, index, NULL, &error);

  g_assert_null (cursor);
  g_assert_error (error, PG_ERROR, code);
}

void
pg_test_pipeline_assert_count (PgTestPipeline *self, gint64 n)
{
  g_autofree char *count = pg_test_psql (self->session.direct, "SELECT count(*) FROM t");

  g_assert_cmpint (g_ascii_strtoll (count, NULL, 10), ==, n);
}

PgTransactionStatus
pg_test_pipeline_transaction_status (PgTestPipeline *self)
{
  return pg_base_connection_get_transaction_status (self->connection);
}

guint
pg_test_pipeline_round_trips (PgTestPipeline *self)
{
  guint n = pg_fault_proxy_count_round_trips (self->session.proxy);

  pg_fault_proxy_reset_counts (self->session.proxy);
  return n;
}

guint
pg_test_pipeline_syncs (PgTestPipeline *self)
{
  return pg_fault_proxy_count_messages (self->session.proxy, PG_FAULT_TO_SERVER, 'S');
}

void
pg_test_pipeline_assert_usable (PgTestPipeline *self)
{
  g_assert_true (pg_test_driver_rollback (self->connection, NULL));
  g_assert_true (pg_test_driver_set_autocommit (self->connection, TRUE, NULL));
  pg_test_session_assert_usable (&self->session);
}

