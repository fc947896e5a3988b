/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-row-stream-private.h"

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/result/pg-result.h>

/**
 * PgAsyncRowStream:
 *
 * The rows of a statement on an [class@AsyncConnection], read while the server still sends them, without blocking.
 *
 * [method@AsyncCursor.stream_async] makes it. However fast the rows come, the other sources of the main context get their turn between two chunks, and at least every
 * eight milliseconds also those of lower priorities, down to `G_PRIORITY_DEFAULT_IDLE`. [class@RowStream] is the twin that blocks.
 *
 * Since: 1.0
 */

/* Callbacks that ask for the next chunk keep the connection's source ready, and with it what has a lower priority, as drawing, from its turn. */
#define BREATHE_EVERY (8 * G_TIME_SPAN_MILLISECOND)

struct _PgAsyncRowStream
{
  PgBaseRowStream parent_instance;
  gint64 breath; /* when all the others had their turn */
};

G_DEFINE_FINAL_TYPE (PgAsyncRowStream, pg_async_row_stream, PG_TYPE_BASE_ROW_STREAM)

static void
pg_async_row_stream_class_init (PgAsyncRowStreamClass *klass)
{
}

static void
pg_async_row_stream_init (PgAsyncRowStream *self)
{
}

/**
 * pg_async_row_stream_get_connection:
 * @self: a row stream
 *
 * Gets the connection that the stream keeps busy until it is over.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a stream that no cursor has made
 *
 * Since: 1.0
 */
PgAsyncConnection *
pg_async_row_stream_get_connection (PgAsyncRowStream *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_ROW_STREAM (self), NULL);
  return (PgAsyncConnection *) pg_base_row_stream_get_private (PG_BASE_ROW_STREAM (self))->connection;
}

static void
chunk_read (GTask *task, PgRequest *request, gpointer object)
{
  g_task_return_pointer (task, pg_base_row_stream_take_chunk (object, request), g_object_unref);
}

static void
start_next (PgAsyncRowStream *self, GTask *task)
{
  GError *error = NULL;
  PgRequest *request = pg_base_row_stream_next_request_new (PG_BASE_ROW_STREAM (self), &error);

  if (request != NULL)
    {
      pg_async_connection_start (pg_async_row_stream_get_connection (self), task, request, chunk_read, self);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static gboolean
breathed (gpointer data)
{
  PgAsyncRowStream *self = g_task_get_source_object (data);

  self->breath = g_get_monotonic_time ();
  start_next (self, g_object_ref (data));
  return G_SOURCE_REMOVE;
}

/**
 * pg_async_row_stream_next_chunk_async:
 * @self: a row stream
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the rows are there, at the end, or when it has failed
 * @user_data: data for @callback
 *
 * Reads the next rows: as many as the chunk size says, and fewer in the last chunk. [method@RowStream.next_chunk] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_row_stream_next_chunk_async (PgAsyncRowStream *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const gint64 now = g_get_monotonic_time ();
  g_autoptr (GSource) source = NULL;
  GTask *task;

  g_return_if_fail (PG_IS_ASYNC_ROW_STREAM (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_row_stream_next_chunk_async, "pg_async_row_stream_next_chunk_async");
  if (self->breath == 0)
    self->breath = now;
  if (now - self->breath < BREATHE_EVERY || pg_async_row_stream_get_connection (self) == NULL)
    {
      start_next (self, task);
      return;
    }
  source = g_idle_source_new ();
  g_source_set_static_name (source, "PgAsyncRowStream");
  g_source_set_callback (source, breathed, task, g_object_unref);
  g_source_attach (source, pg_async_connection_get_context (pg_async_row_stream_get_connection (self)));
}

/**
 * pg_async_row_stream_next_chunk_finish:
 * @self: a row stream
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncRowStream.next_chunk_async] has begun.
 *
 * Returns: (transfer full) (nullable): the rows; `NULL` without an error at the end, or with one
 *
 * Since: 1.0
 */
PgResult *
pg_async_row_stream_next_chunk_finish (PgAsyncRowStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_row_stream_next_chunk_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_row_stream_close_async:
 * @self: a row stream
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the connection is free
 * @user_data: data for @callback
 *
 * Ends the stream; rows that were not read are thrown away, as [class@BaseRowStream] tells. [method@RowStream.close] is the twin that blocks.
 *
 * Calls of the connection that follow are run when that is done.
 *
 * Since: 1.0
 */
void
pg_async_row_stream_close_async (PgAsyncRowStream *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgRequest *request;
  GTask *task;

  g_return_if_fail (PG_IS_ASYNC_ROW_STREAM (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_row_stream_close_async, "pg_async_row_stream_close_async");
  request = pg_base_row_stream_end_request_new (PG_BASE_ROW_STREAM (self));
  if (request != NULL)
    {
      pg_async_connection_start (pg_async_row_stream_get_connection (self), task, request, NULL, NULL);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * pg_async_row_stream_close_finish:
 * @self: a row stream
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncRowStream.close_async] has begun.
 *
 * Returns: `TRUE` when the connection is free; `FALSE` when it was lost, or the call was cancelled
 *
 * Since: 1.0
 */
gboolean
pg_async_row_stream_close_finish (PgAsyncRowStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_row_stream_close_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
