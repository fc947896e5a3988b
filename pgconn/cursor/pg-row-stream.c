/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-row-stream-private.h"

#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/result/pg-result.h>

/**
 * PgRowStream:
 *
 * The rows of a statement on a [class@Connection], read while the server still sends them.
 *
 * [method@Cursor.stream] makes it. [class@AsyncRowStream] is the twin for a main loop.
 *
 * ```c
 * g_autoptr (PgRowStream) stream = pg_cursor_stream (cursor, "SELECT id, name FROM item", NULL, 1000, NULL, &error);
 * PgResult *chunk;
 *
 * while (stream != NULL && (chunk = pg_row_stream_next_chunk (stream, NULL, &error)) != NULL)
 *   {
 *     for (guint row = 0; row < pg_result_get_n_rows (chunk); row++)
 *       …
 *     g_object_unref (chunk);
 *   }
 * ```
 *
 * Since: 1.0
 */

struct _PgRowStream
{
  PgBaseRowStream parent_instance;
};

G_DEFINE_FINAL_TYPE (PgRowStream, pg_row_stream, PG_TYPE_BASE_ROW_STREAM)

static void
pg_row_stream_class_init (PgRowStreamClass *klass)
{
}

static void
pg_row_stream_init (PgRowStream *self)
{
}

static gboolean
run (PgRowStream *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  return pg_connection_run (pg_row_stream_get_connection (self), request, cancellable, error);
}

/**
 * pg_row_stream_get_connection:
 * @self: a row stream
 *
 * Gets the connection that the stream keeps busy until it is over.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a stream that no cursor has made
 *
 * Since: 1.0
 */
PgConnection *
pg_row_stream_get_connection (PgRowStream *self)
{
  g_return_val_if_fail (PG_IS_ROW_STREAM (self), NULL);
  return (PgConnection *) pg_base_row_stream_get_private (PG_BASE_ROW_STREAM (self))->connection;
}

/**
 * pg_row_stream_next_chunk:
 * @self: a row stream
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Reads the next rows: as many as the chunk size says, and fewer in the last chunk.
 *
 * It waits until so many have come. A call that is cancelled, or whose deadline passes, ends the statement and the stream, and a transaction fails with it, as with
 * any other statement. Fails with the server's errors and those of [method@Cursor.execute]; after an error each further call repeats it; and with
 * `G_IO_ERROR_CLOSED` when the stream was closed before its end. [method@AsyncRowStream.next_chunk_async] is the twin for a main loop.
 *
 * Returns: (transfer full) (nullable): the rows; `NULL` without an error at the end, or with one
 *
 * Since: 1.0
 */
PgResult *
pg_row_stream_next_chunk (PgRowStream *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_ROW_STREAM (self), NULL);
  request = pg_base_row_stream_next_request_new (PG_BASE_ROW_STREAM (self), error);
  if (request == NULL || !run (self, request, cancellable, error))
    return NULL;
  return pg_base_row_stream_take_chunk (PG_BASE_ROW_STREAM (self), request);
}

/**
 * pg_row_stream_close:
 * @self: a row stream
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Ends the stream; rows that were not read are thrown away, as [class@BaseRowStream] tells.
 *
 * It may be called more than once. What else goes wrong with the statement is not reported. [method@AsyncRowStream.close_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when the connection is free; `FALSE` when it was lost, or the call was cancelled
 *
 * Since: 1.0
 */
gboolean
pg_row_stream_close (PgRowStream *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_ROW_STREAM (self), FALSE);
  request = pg_base_row_stream_end_request_new (PG_BASE_ROW_STREAM (self));
  return request == NULL || run (self, request, cancellable, error);
}
