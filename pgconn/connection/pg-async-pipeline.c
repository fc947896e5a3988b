/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-pipeline-private.h"

#include <pgconn/connection/pg-async-connection-private.h>

/**
 * PgAsyncPipeline:
 *
 * Statements on a [class@AsyncConnection] that are sent without waiting for the results of those before them.
 *
 * While the pipeline is open each call is sent at once, also in a transaction and without autocommit; its callback is called when its own result is there, or its own
 * error. So make the calls without waiting for one after the other.
 *
 * ```c
 * pg_async_pipeline_begin_async (pipeline, NULL, NULL, NULL);
 * for (guint i = 0; i < n_names; i++)
 *   pg_async_connection_execute_async (connection, "INSERT INTO item (name) VALUES ($1)", g_variant_new ("(s)", names[i]), NULL, NULL, NULL);
 * pg_async_pipeline_end_async (pipeline, NULL, on_inserted, NULL);
 * ```
 *
 * In autocommit mode calls that are independent of each other need no pipeline for that: see [property@AsyncConnection:pipelining]. The difference is that here all between
 * two synchronizations is one transaction.
 *
 * A call that is cancelled, or has timed out, is stopped when it is its turn, and aborts the pipeline as an error does. Where it ends before the cancel request gets there it
 * has succeeded; in autocommit mode the pipeline is aborted all the same, and another call that the request hits instead says so in its error.
 *
 * [class@BasePipeline] says what synchronizes a pipeline and what becomes of errors. [class@Pipeline] is the twin that blocks.
 *
 * Since: 1.0
 */

struct _PgAsyncPipeline
{
  PgBasePipeline parent_instance;
};

G_DEFINE_FINAL_TYPE (PgAsyncPipeline, pg_async_pipeline, PG_TYPE_BASE_PIPELINE)

static void
pg_async_pipeline_class_init (PgAsyncPipelineClass *klass)
{
}

static void
pg_async_pipeline_init (PgAsyncPipeline *self)
{
}

/**
 * pg_async_connection_pipeline:
 * @self: a connection
 *
 * Makes a pipeline, to send many statements at once. It is not open yet.
 *
 * [method@Connection.pipeline] is the twin that blocks.
 *
 * Returns: (transfer full): a new pipeline
 *
 * Since: 1.0
 */
PgAsyncPipeline *
pg_async_connection_pipeline (PgAsyncConnection *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_CONNECTION (self), NULL);
  return pg_base_pipeline_new (PG_TYPE_ASYNC_PIPELINE, PG_BASE_CONNECTION (self));
}

/**
 * pg_async_pipeline_get_connection:
 * @self: a pipeline
 *
 * Gets the connection that the pipeline is one of.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a pipeline that was not made by [method@AsyncConnection.pipeline]
 *
 * Since: 1.0
 */
PgAsyncConnection *
pg_async_pipeline_get_connection (PgAsyncPipeline *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_PIPELINE (self), NULL);
  return (PgAsyncConnection *) pg_base_pipeline_get_private (PG_BASE_PIPELINE (self))->connection;
}

/* Takes task. */
static void
start (PgAsyncPipeline *self, PgPipelineVerb verb, GTask *task)
{
  GError *error = NULL;
  PgRequest *request = pg_base_pipeline_request_new (PG_BASE_PIPELINE (self), verb, &error);

  if (request != NULL)
    {
      pg_async_connection_start (pg_async_pipeline_get_connection (self), task, request, NULL, NULL);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * pg_async_pipeline_begin_async:
 * @self: a pipeline
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Opens the pipeline; [method@Pipeline.begin] is the same blocking, and says more.
 *
 * It takes its turn behind the calls that were made before; what is executed after this call is in the pipeline.
 *
 * Since: 1.0
 */
void
pg_async_pipeline_begin_async (PgAsyncPipeline *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_PIPELINE (self));
  start (self, pg_request_pipeline_begin_new,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_pipeline_begin_async, "pg_async_pipeline_begin_async"));
}

/**
 * pg_async_pipeline_begin_finish:
 * @self: a pipeline
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncPipeline.begin_async] has begun.
 *
 * Returns: `TRUE` when the pipeline is open
 *
 * Since: 1.0
 */
gboolean
pg_async_pipeline_begin_finish (PgAsyncPipeline *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_pipeline_begin_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_pipeline_sync_async:
 * @self: a pipeline
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Synchronizes the pipeline; [method@Pipeline.sync] is the same blocking, and says more.
 *
 * Calls that were made before have ended by then.
 *
 * Since: 1.0
 */
void
pg_async_pipeline_sync_async (PgAsyncPipeline *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_PIPELINE (self));
  start (self, pg_request_pipeline_sync_new,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_pipeline_sync_async, "pg_async_pipeline_sync_async"));
}

/**
 * pg_async_pipeline_sync_finish:
 * @self: a pipeline
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncPipeline.sync_async] has begun.
 *
 * Returns: `TRUE` when everything was executed
 *
 * Since: 1.0
 */
gboolean
pg_async_pipeline_sync_finish (PgAsyncPipeline *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_pipeline_sync_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_pipeline_end_async:
 * @self: a pipeline
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Ends the pipeline, synchronizing it; [method@Pipeline.end] is the same blocking, and says more.
 *
 * Calls that were made before have ended by then.
 *
 * Since: 1.0
 */
void
pg_async_pipeline_end_async (PgAsyncPipeline *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_PIPELINE (self));
  start (self, pg_request_pipeline_end_new,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_pipeline_end_async, "pg_async_pipeline_end_async"));
}

/**
 * pg_async_pipeline_end_finish:
 * @self: a pipeline
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncPipeline.end_async] has begun.
 *
 * Returns: `TRUE` when everything was executed
 *
 * Since: 1.0
 */
gboolean
pg_async_pipeline_end_finish (PgAsyncPipeline *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_pipeline_end_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
