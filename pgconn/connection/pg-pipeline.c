/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-pipeline-private.h"

#include <pgconn/connection/pg-connection-private.h>

/**
 * PgPipeline:
 *
 * Statements on a [class@Connection] that are sent without waiting for the results of those before them.
 *
 * While the pipeline is open [method@Connection.execute] and [method@Cursor.execute] return as soon as the statement is on its way, waiting only where the connection takes
 * no more. The result is there when something has waited for it: [method@Cursor.wait], the calls that fetch rows, or a synchronization. The server may keep it until it has
 * executed what was sent behind the statement before that, too.
 *
 * ```c
 * g_autoptr (PgPipeline) pipeline = pg_connection_pipeline (connection);
 * g_autoptr (PgCursor) insert = NULL;
 * g_autoptr (PgCursor) count = NULL;
 *
 * if (!pg_pipeline_begin (pipeline, NULL, &error))
 *   return FALSE;
 * insert = pg_connection_execute (connection, "INSERT INTO item (name) VALUES ($1)", g_variant_new ("(s)", "chair"), NULL, &error);
 * count = insert != NULL ? pg_connection_execute (connection, "SELECT count(*) FROM item", NULL, NULL, &error) : NULL;
 * if (count == NULL || !pg_pipeline_end (pipeline, NULL, &error))
 *   return FALSE;
 * print_count (pg_base_cursor_get_result (PG_BASE_CURSOR (count)));
 * ```
 *
 * [class@BasePipeline] says what synchronizes a pipeline and what becomes of errors. It is the connection's, not the thread's. [class@AsyncPipeline] is the twin
 * for a main loop.
 *
 * Since: 1.0
 */

struct _PgPipeline
{
  PgBasePipeline parent_instance;
};

G_DEFINE_FINAL_TYPE (PgPipeline, pg_pipeline, PG_TYPE_BASE_PIPELINE)

static void
pg_pipeline_class_init (PgPipelineClass *klass)
{
}

static void
pg_pipeline_init (PgPipeline *self)
{
}

/**
 * pg_connection_pipeline:
 * @self: a connection
 *
 * Makes a pipeline, to send many statements at once. It is not open yet.
 *
 * [method@AsyncConnection.pipeline] is the twin for a main loop.
 *
 * Returns: (transfer full): a new pipeline
 *
 * Since: 1.0
 */
PgPipeline *
pg_connection_pipeline (PgConnection *self)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  return pg_base_pipeline_new (PG_TYPE_PIPELINE, PG_BASE_CONNECTION (self));
}

/**
 * pg_pipeline_get_connection:
 * @self: a pipeline
 *
 * Gets the connection that the pipeline is one of.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a pipeline that was not made by [method@Connection.pipeline]
 *
 * Since: 1.0
 */
PgConnection *
pg_pipeline_get_connection (PgPipeline *self)
{
  g_return_val_if_fail (PG_IS_PIPELINE (self), NULL);
  return (PgConnection *) pg_base_pipeline_get_private (PG_BASE_PIPELINE (self))->connection;
}

static gboolean
run (PgPipeline *self, PgPipelineVerb verb, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = pg_base_pipeline_request_new (PG_BASE_PIPELINE (self), verb, error);

  return request != NULL && pg_connection_run (pg_pipeline_get_connection (self), request, cancellable, error);
}

/**
 * pg_pipeline_begin:
 * @self: a pipeline
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Opens the pipeline.
 *
 * Nothing is sent, unless another pipeline is open on the connection: that is synchronized then, and the call fails where that fails. The connection is out of
 * pipelines when as many were ended as were begun. Fails with `PG_ERROR_PROGRAMMING` when the pipeline is open, and with `G_IO_ERROR_CLOSED` when the connection is closed.
 *
 * [method@AsyncPipeline.begin_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when the pipeline is open
 *
 * Since: 1.0
 */
gboolean
pg_pipeline_begin (PgPipeline *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_PIPELINE (self), FALSE);
  return run (self, pg_request_pipeline_begin_new, cancellable, error);
}

/**
 * pg_pipeline_sync:
 * @self: a pipeline
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Synchronizes the pipeline: waits for the results of all that was executed.
 *
 * In autocommit mode that is committed by it. Fails with the first error of a statement since the last synchronization, with `PG_ERROR_PROGRAMMING` when the pipeline is
 * not open, and where the call is cancelled or has timed out; then the statement that was being executed is stopped, and the pipeline is synchronized all the same, so that it
 * can be used on. One that was cancelled before it has begun does nothing.
 *
 * [method@AsyncPipeline.sync_async] is the same without blocking.
 *
 * Returns: `TRUE` when everything was executed
 *
 * Since: 1.0
 */
gboolean
pg_pipeline_sync (PgPipeline *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_PIPELINE (self), FALSE);
  return run (self, pg_request_pipeline_sync_new, cancellable, error);
}

/**
 * pg_pipeline_end:
 * @self: a pipeline
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Ends the pipeline, synchronizing it as [method@Pipeline.sync] does, with the same errors.
 *
 * It is closed in any case, also where the call was cancelled before: then the statement that is being executed is stopped, and those that have not been sent are not
 * executed any more, with which the call fails. The statement of a call that another thread makes is cancelled as by [method@BaseConnection.cancel], but one that handles the
 * cancellation itself costs the connection after [property@BaseConnection:cancel-timeout]. While rows are read, or a copy or a batch is open, on
 * the connection, it is only closed. It can be opened again. [method@AsyncPipeline.end_async] is the same without blocking.
 *
 * Returns: `TRUE` when everything was executed
 *
 * Since: 1.0
 */
gboolean
pg_pipeline_end (PgPipeline *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_PIPELINE (self), FALSE);
  return run (self, pg_request_pipeline_end_new, cancellable, error);
}
