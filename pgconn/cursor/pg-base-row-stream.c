/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-row-stream-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-abandon-private.h>
#include <pgconn/connection/pg-async-connection.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/result/pg-result-private.h>

/**
 * PgBaseRowStream:
 *
 * What [class@RowStream] and [class@AsyncRowStream] have in common: the rows of a statement, read while the server still sends them.
 *
 * Rows come in chunks, each a [class@Result] that stays valid whatever becomes of the stream: all that reads results reads them, as the getters, the whole columns and
 * [method@RowFactory.make_objects]. Between two calls nothing is read, so that the server waits for a slow reader and no more than a chunk is in memory.
 *
 * The connection is busy with the statement until the last chunk was read, an error was met, or the stream was closed. Until then its other calls fail
 * with `PG_ERROR_PROGRAMMING`, rather than to wait for what may wait for them; of a [class@Connection] those of threads that have made no call of the
 * stream wait for their turn.
 *
 * ## The end
 *
 * An error of the statement is the error of the call that meets it; with libpq before version 17, or chunks of one row, the rows before it have been given, with a newer
 * one those of complete chunks.
 *
 * After [method@BaseConnection.cancel], also between two reads, the next read fails with `PG_ERROR_QUERY_CANCELED`, whatever the server has sent by then.
 *
 * A stream that is closed before its end, or dropped, has what is on its way read and thrown away for some milliseconds; then the statement is cancelled. In a
 * transaction it runs under a savepoint, to which it is rolled back then: the transaction goes on, and what the statement itself has changed or locked is undone.
 * [method@BaseRowStream.get_status_message] tells which of both has happened: it is `NULL` for a statement that did not come to its end.
 *
 * It cannot be derived outside of the library.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PgBaseRowStream, pg_base_row_stream, G_TYPE_OBJECT)

PgBaseRowStreamPrivate *
pg_base_row_stream_get_private (PgBaseRowStream *self)
{
  return pg_base_row_stream_get_instance_private (self);
}

static void
pg_base_row_stream_dispose (GObject *object)
{
  PgBaseRowStream *self = PG_BASE_ROW_STREAM (object);
  PgRequest *end = pg_base_row_stream_end_request_new (self);

  if (end != NULL)
    pg_base_connection_abandon (pg_base_row_stream_get_private (self)->connection, end);
  G_OBJECT_CLASS (pg_base_row_stream_parent_class)->dispose (object);
}

static void
pg_base_row_stream_finalize (GObject *object)
{
  PgBaseRowStreamPrivate *priv = pg_base_row_stream_get_private (PG_BASE_ROW_STREAM (object));

  g_clear_object (&priv->head);
  g_clear_pointer (&priv->stream, pg_stream_unref);
  pg_type_table_unref (priv->types);
  g_clear_object (&priv->connection);
  G_OBJECT_CLASS (pg_base_row_stream_parent_class)->finalize (object);
}

static void
pg_base_row_stream_class_init (PgBaseRowStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pg_base_row_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = pg_base_row_stream_finalize;
}

static void
pg_base_row_stream_init (PgBaseRowStream *self)
{
}

gpointer
pg_base_row_stream_new (PgBaseConnection *connection, PgStream *stream, PgResult *head, PgTypeTable *types)
{
  gpointer self = g_object_new (PG_IS_ASYNC_CONNECTION (connection) ? PG_TYPE_ASYNC_ROW_STREAM : PG_TYPE_ROW_STREAM, NULL);
  PgBaseRowStreamPrivate *priv = pg_base_row_stream_get_private (self);

  priv->connection = g_object_ref (connection);
  priv->stream = pg_stream_ref (stream);
  priv->head = g_object_ref (head);
  priv->types = pg_type_table_ref (types);
  return self;
}

PgRequest *
pg_base_row_stream_next_request_new (PgBaseRowStream *self, GError **error)
{
  PgBaseRowStreamPrivate *priv = pg_base_row_stream_get_private (self);

  if (priv->stream != NULL)
    return pg_request_stream_next_new (priv->stream);
  g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the row stream has no connection: a cursor makes row streams"));
  return NULL;
}

PgResult *
pg_base_row_stream_take_chunk (PgBaseRowStream *self, PgRequest *request)
{
  PgRawResult *chunk = pg_request_stream_next_get_chunk (request);

  return chunk != NULL ? pg_result_new (chunk, pg_base_row_stream_get_private (self)->types) : NULL;
}

PgRequest *
pg_base_row_stream_end_request_new (PgBaseRowStream *self)
{
  PgBaseRowStreamPrivate *priv = pg_base_row_stream_get_private (self);

  return !pg_base_row_stream_is_over (self) ? pg_request_stream_end_new (priv->stream) : NULL;
}

/**
 * pg_base_row_stream_dup_description:
 * @self: a row stream
 * @n_columns: (out) (optional): how many columns there are
 *
 * Describes the columns of the rows; that is known before the first one is read, and stays so.
 *
 * Returns: (transfer full) (nullable) (array length=n_columns): the columns, free with g_free() and unref each; `NULL` for a stream that no cursor has made
 *
 * Since: 1.0
 */
PgColumn **
pg_base_row_stream_dup_description (PgBaseRowStream *self, guint *n_columns)
{
  PgBaseRowStreamPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_ROW_STREAM (self), NULL);
  priv = pg_base_row_stream_get_private (self);
  if (priv->head != NULL)
    return pg_result_dup_columns (priv->head, n_columns);
  if (n_columns != NULL)
    *n_columns = 0;
  return NULL;
}

/**
 * pg_base_row_stream_is_over:
 * @self: a row stream
 *
 * Gets whether no rows come any more, and the connection is free: the last chunk was read, an error was met, or the stream was closed.
 *
 * Returns: `TRUE` at the end
 *
 * Since: 1.0
 */
gboolean
pg_base_row_stream_is_over (PgBaseRowStream *self)
{
  PgBaseRowStreamPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_ROW_STREAM (self), TRUE);
  priv = pg_base_row_stream_get_private (self);
  return priv->stream == NULL || pg_stream_is_over (priv->stream);
}

/**
 * pg_base_row_stream_get_rowcount:
 * @self: a row stream
 *
 * Gets how many rows the statement has given, once it is over.
 *
 * Returns: the number of rows; −1 before, and where the statement did not come to its end
 *
 * Since: 1.0
 */
gint64
pg_base_row_stream_get_rowcount (PgBaseRowStream *self)
{
  PgBaseRowStreamPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_ROW_STREAM (self), -1);
  priv = pg_base_row_stream_get_private (self);
  return priv->stream != NULL ? pg_stream_get_n_rows (priv->stream) : -1;
}

/**
 * pg_base_row_stream_get_status_message:
 * @self: a row stream
 *
 * Gets the command tag, such as `SELECT 3`, once the statement is over.
 *
 * Returns: (transfer none) (nullable): the tag; `NULL` before, and where the statement did not come to its end
 *
 * Since: 1.0
 */
const char *
pg_base_row_stream_get_status_message (PgBaseRowStream *self)
{
  PgBaseRowStreamPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_ROW_STREAM (self), NULL);
  priv = pg_base_row_stream_get_private (self);
  return priv->stream != NULL ? pg_stream_get_command_tag (priv->stream) : NULL;
}
