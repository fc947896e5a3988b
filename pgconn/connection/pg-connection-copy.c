/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-connection-private.h"

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-copy-private.h>

/* COPY on both classes. */

static PgRequest *
run (PgConnection *self, const char *statement, PgStreamKind kind, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = pg_copy_request_new (PG_BASE_CONNECTION (self), statement, kind, error);

  if (request == NULL || !pg_connection_run (self, request, cancellable, error))
    return NULL;
  return g_steal_pointer (&request);
}

/**
 * pg_connection_copy_in:
 * @self: a connection
 * @statement: a `COPY … FROM STDIN`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Begins to copy from the client into a table.
 *
 * Begins a transaction where none is open, unless the connection is in autocommit mode. The connection is busy with the copy until the stream is closed: calls from
 * other threads wait for that, and those of a thread that has begun it, or written to it, also by an asynchronous function, fail with `PG_ERROR_PROGRAMMING` rather
 * than wait for themselves. Only a statement that is one `COPY` can be given; it takes no parameters.
 *
 * Where the statement asks for the format `binary`, the server is asked for the types of the table's columns before, for
 * [method@CopyOutputStream.write_row]: a round trip more, which `BEGIN` shares where it is sent. What becomes of that does not matter to the copy.
 *
 * Fails with the server's error, with `PG_ERROR_PROGRAMMING` when @statement is another one, and with those of [method@Cursor.execute].
 *
 * See `COPY` in the PostgreSQL manual. [method@AsyncConnection.copy_in_async] is the twin for a main loop.
 *
 * Returns: (transfer full): a stream to write the data to; close it to load them; `NULL` with an error
 *
 * Since: 1.0
 */
PgCopyOutputStream *
pg_connection_copy_in (PgConnection *self, const char *statement, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (statement != NULL, NULL);
  request = run (self, statement, PG_STREAM_COPY_IN, cancellable, error);
  return request != NULL ? pg_copy_output_stream_new (PG_BASE_CONNECTION (self), request) : NULL;
}

/**
 * pg_connection_copy_out:
 * @self: a connection
 * @statement: a `COPY … TO STDOUT`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Begins to copy a table or the rows of a query to the client.
 *
 * The server is asked for the types of the columns before, for [method@CopyInputStream.read_rows], but not for the format `csv`, and where the format `text` has options.
 *
 * The connection is busy with the copy until the stream is at its end or closed; otherwise as [method@Connection.copy_in].
 * [method@AsyncConnection.copy_out_async] is the twin for a main loop.
 *
 * Returns: (transfer full): a stream to read the data from; `NULL` with an error
 *
 * Since: 1.0
 */
PgCopyInputStream *
pg_connection_copy_out (PgConnection *self, const char *statement, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (statement != NULL, NULL);
  request = run (self, statement, PG_STREAM_COPY_OUT, cancellable, error);
  return request != NULL ? pg_copy_input_stream_new (PG_BASE_CONNECTION (self), request) : NULL;
}

static void
begun (GTask *task, PgRequest *request, gpointer object)
{
  gpointer stream;

  if (pg_stream_get_kind (pg_request_get_stream (request)) == PG_STREAM_COPY_IN)
    stream = pg_copy_output_stream_new (g_task_get_source_object (task), request);
  else
    stream = pg_copy_input_stream_new (g_task_get_source_object (task), request);
  g_task_return_pointer (task, stream, g_object_unref);
}

static void
start (PgAsyncConnection *self, GTask *task, const char *statement, PgStreamKind kind)
{
  GError *error = NULL;
  PgRequest *request = pg_copy_request_new (PG_BASE_CONNECTION (self), statement, kind, &error);

  if (request != NULL)
    {
      pg_async_connection_start (self, task, request, begun, NULL);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * pg_async_connection_copy_in_async:
 * @self: a connection
 * @statement: a `COPY … FROM STDIN`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the copy has begun, or has failed
 * @user_data: data for @callback
 *
 * Begins to copy from the client into a table; [method@Connection.copy_in] is the same blocking, and says more.
 *
 * Until the stream is closed other calls of the connection fail with `PG_ERROR_PROGRAMMING`, also those that were waiting behind this one: whoever has the copy
 * open might wait for them for ever. What is to run at the same time needs a connection of its own.
 *
 * Since: 1.0
 */
void
pg_async_connection_copy_in_async (PgAsyncConnection *self, const char *statement, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (statement != NULL);
  start (self,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_copy_in_async, "pg_async_connection_copy_in_async"), statement,
         PG_STREAM_COPY_IN);
}

/**
 * pg_async_connection_copy_in_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.copy_in_async] has begun.
 *
 * Returns: (transfer full): a stream to write the data to; close it to load them; `NULL` with an error
 *
 * Since: 1.0
 */
PgCopyOutputStream *
pg_async_connection_copy_in_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_copy_in_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_connection_copy_out_async:
 * @self: a connection
 * @statement: a `COPY … TO STDOUT`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the copy has begun, or has failed
 * @user_data: data for @callback
 *
 * Begins to copy a table or the rows of a query to the client; [method@Connection.copy_out] is the same blocking, and says more.
 *
 * Other calls of the connection are queued until the stream is at its end or closed.
 *
 * Since: 1.0
 */
void
pg_async_connection_copy_out_async (PgAsyncConnection *self, const char *statement, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (statement != NULL);
  start (self,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_copy_out_async, "pg_async_connection_copy_out_async"), statement,
         PG_STREAM_COPY_OUT);
}

/**
 * pg_async_connection_copy_out_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.copy_out_async] has begun.
 *
 * Returns: (transfer full): a stream to read the data from; `NULL` with an error
 *
 * Since: 1.0
 */
PgCopyInputStream *
pg_async_connection_copy_out_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_copy_out_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
