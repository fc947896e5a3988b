/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-async-cursor-stream.h>

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/sql/pg-params.h>

/* Rows that are read while the server still sends them. */

static void
begun (GTask *task, PgRequest *request, gpointer object)
{
  g_task_return_pointer (task, pg_base_cursor_take_stream (object, request), g_object_unref);
}

static void
start (PgAsyncCursor *self, const char *query, GVariant *variant, PgParams *params, guint chunk_size, GTask *task)
{
  GError *error = NULL;
  PgRequest *request = pg_base_cursor_stream_request_new (PG_BASE_CURSOR (self), query, variant, params, chunk_size, &error);

  if (request != NULL)
    {
      pg_async_connection_start (pg_async_cursor_get_connection (self), task, request, begun, self);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * pg_async_cursor_stream_async:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters, as for [method@Cursor.execute]; a floating reference is taken
 * @chunk_size: how many rows are read at a time, at least 1
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the first row is there, or it has failed
 * @user_data: data for @callback
 *
 * Executes a statement whose rows are read while the server still sends them. [method@Cursor.stream] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_cursor_stream_async (PgAsyncCursor *self, const char *query, GVariant *params, guint chunk_size, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (query != NULL);
  start (self, query, owned, NULL, chunk_size,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_stream_async, "pg_async_cursor_stream_async"));
}

/**
 * pg_async_cursor_stream_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.stream_async] has begun.
 *
 * Returns: (transfer full): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
PgAsyncRowStream *
pg_async_cursor_stream_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_stream_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_cursor_stream_params_async:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @chunk_size: how many rows are read at a time, at least 1
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the first row is there, or it has failed
 * @user_data: data for @callback
 *
 * Executes a statement whose rows are read while the server still sends them, with parameters whose types are chosen by the caller. [method@Cursor.stream_params]
 * is the twin that blocks.
 *
 * Since: 1.0
 */
void
pg_async_cursor_stream_params_async (PgAsyncCursor *self, const char *query, PgParams *params, guint chunk_size, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (query != NULL);
  start (self, query, NULL, params, chunk_size,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_stream_params_async, "pg_async_cursor_stream_params_async"));
}

/**
 * pg_async_cursor_stream_params_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.stream_params_async] has begun.
 *
 * Returns: (transfer full): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
PgAsyncRowStream *
pg_async_cursor_stream_params_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_stream_params_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
