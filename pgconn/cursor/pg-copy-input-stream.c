/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-input-stream-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/connection/pg-stream-threads-private.h>

/**
 * PgCopyInputStream:
 *
 * The data of a `COPY … TO STDOUT`.
 *
 * [method@Connection.copy_out] and [method@AsyncConnection.copy_out_async] open it. What is read is what the server sends, in the format that the statement asks
 * for, rows not always whole. It ends when all of it has been read; an error of the server's is the error of the read that meets it. Until then the
 * connection is busy with it, and other calls wait or fail, as [method@Connection.copy_in] and its twin tell. Nothing is read ahead: the server waits for the reader.
 * What an asynchronous read had read when it was cancelled is there for the next one; of [method@Gio.InputStream.read_bytes_async] only where that was before its callback
 * was called: cancelled between that and its finishing function, which is best called in the callback, its bytes are lost.
 *
 * After [method@BaseConnection.cancel], also between two reads, the next read that needs the server fails with `PG_ERROR_QUERY_CANCELED`.
 *
 * Rows of values are read by [method@CopyInputStream.read_rows], of the formats text and binary.
 *
 * To close it before its end drops the rest: what has arrived by then is read, and where that is not all the statement is cancelled, with which an open transaction
 * fails. Who needs the transaction reads to the end, or asks for no more rows than are wanted. A stream of a [class@Connection] blocks, and its
 * asynchronous functions use a thread; a stream of an [class@AsyncConnection] has asynchronous functions only.
 *
 * See `COPY` in the PostgreSQL manual. [class@CopyOutputStream] is the other direction.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (PgCopyInputStream, pg_copy_input_stream, G_TYPE_INPUT_STREAM)

gboolean
pg_copy_input_stream_check (PgCopyInputStream *self, GError **error)
{
  if (self->copy.connection != NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, _ ("the stream has no connection: copy_out() makes it"));
  return FALSE;
}

/* What was read for rows that nobody has asked for. */
static gsize
take_ahead (PgCopyInputStream *self, void *buffer, gsize count)
{
  const gsize n = MIN (count, self->length - self->position);

  self->raw = TRUE;
  if (n > 0)
    memcpy (buffer, self->ahead->data + self->position, n);
  self->position += n;
  return n;
}

/* Before what was read ahead. FALSE where there is no room for it. */
static gboolean
give_back (PgCopyInputStream *self, const void *data, gsize n)
{
  const gsize rest = self->length - self->position;

  if (n > G_MAXINT32 - rest)
    return FALSE;
  if (self->ahead->len < n + rest)
    g_byte_array_set_size (self->ahead, (guint) (n + rest));
  memmove (self->ahead->data + n, self->ahead->data + self->position, rest);
  memcpy (self->ahead->data, data, n);
  self->position = 0;
  self->length = n + rest;
  return TRUE;
}

static gssize
pg_copy_input_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  PgCopyInputStream *self = PG_COPY_INPUT_STREAM (stream);
  g_autoptr (PgRequest) request = NULL;
  gsize n;

  if (!pg_copy_input_stream_check (self, error))
    return -1;
  pg_copy_note_caller (&self->copy);
  n = take_ahead (self, buffer, count);
  if (n > 0)
    return (gssize) n;
  request = pg_request_copy_read_new (self->copy.stream, buffer, count);
  return pg_copy_run (&self->copy, pg_request_ref (request), cancellable, error) ? (gssize) pg_request_copy_read_get_length (request) : -1;
}

static gboolean
pg_copy_input_stream_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  PgCopyInputStream *self = PG_COPY_INPUT_STREAM (stream);
  gboolean ok;

  if (!pg_copy_is_open (&self->copy))
    return TRUE;
  if (pg_copy_is_async (&self->copy))
    {
      pg_copy_abandon (&self->copy, NULL);
      return TRUE;
    }
  ok = pg_copy_run (&self->copy, pg_request_copy_end_new (self->copy.stream, NULL), cancellable, error);
  /* Cancelled before it began; the stream is closed all the same. */
  pg_copy_abandon (&self->copy, NULL);
  return ok;
}

#define TARGET "pg-target"

static void
read_done (GTask *task, PgRequest *request, gpointer object)
{
  g_task_return_int (task, (gssize) pg_request_copy_read_get_length (request));
}

static void
pg_copy_input_stream_read_async (GInputStream *stream, void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  PgCopyInputStream *self = PG_COPY_INPUT_STREAM (stream);
  GTask *task;
  gsize n;

  if (!pg_copy_is_async (&self->copy))
    {
      pg_stream_read_in_thread (stream, buffer, count, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_copy_input_stream_read_async, "pg_copy_input_stream_read_async");
  g_object_set_data (G_OBJECT (task), TARGET, buffer);
  n = take_ahead (self, buffer, count);
  if (n > 0)
    {
      g_task_return_int (task, (gssize) n);
      g_object_unref (task);
      return;
    }
  pg_async_connection_start (PG_ASYNC_CONNECTION (self->copy.connection), task, pg_request_copy_read_new (self->copy.stream, buffer, count), read_done, NULL);
}

static gssize
pg_copy_input_stream_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  PgCopyInputStream *self = PG_COPY_INPUT_STREAM (stream);
  gpointer target;
  gssize n;

  if (pg_async_task_is_valid (result, stream, pg_copy_input_stream_read_async))
    {
      target = g_object_get_data (G_OBJECT (result), TARGET);
      n = g_task_propagate_int (G_TASK (result), error);
    }
  else
    {
      target = pg_stream_get_target (result);
      n = G_INPUT_STREAM_CLASS (pg_copy_input_stream_parent_class)->read_finish (stream, result, error);
    }
  /* GIO's own calls, as g_input_stream_read_bytes_async(), drop what they have read where they find that they were cancelled. A read that has begun since goes on behind it. */
  if (n > 0 && target != NULL && g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))) && !g_input_stream_has_pending (stream)
      && give_back (self, target, (gsize) n))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the operation was cancelled"));
      return -1;
    }
  return n;
}

static void
pg_copy_input_stream_close_async (GInputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgCopyInputStream *self = PG_COPY_INPUT_STREAM (stream);
  GTask *task;

  if (!pg_copy_is_async (&self->copy))
    {
      G_INPUT_STREAM_CLASS (pg_copy_input_stream_parent_class)->close_async (stream, io_priority, cancellable, callback, user_data);
      return;
    }
  /* It cannot be left half closed: what bounds it is the connection's cancel-timeout. */
  task = pg_async_task_new (self, NULL, callback, user_data, pg_copy_input_stream_close_async, "pg_copy_input_stream_close_async");
  if (pg_copy_is_open (&self->copy))
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (self->copy.connection), task, pg_request_copy_end_new (self->copy.stream, NULL), NULL, NULL);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
pg_copy_input_stream_close_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_copy_input_stream_close_async))
    return G_INPUT_STREAM_CLASS (pg_copy_input_stream_parent_class)->close_finish (stream, result, error);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pg_copy_input_stream_finalize (GObject *object)
{
  PgCopyInputStream *self = PG_COPY_INPUT_STREAM (object);

  g_clear_pointer (&self->parser, pg_copy_parser_free);
  g_clear_error (&self->error);
  g_byte_array_unref (self->ahead);
  pg_copy_clear (&self->copy);
  G_OBJECT_CLASS (pg_copy_input_stream_parent_class)->finalize (object);
}

static void
pg_copy_input_stream_class_init (PgCopyInputStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pg_copy_input_stream_finalize;
  stream_class->read_fn = pg_copy_input_stream_read;
  stream_class->close_fn = pg_copy_input_stream_close;
  stream_class->read_async = pg_copy_input_stream_read_async;
  stream_class->read_finish = pg_copy_input_stream_read_finish;
  stream_class->close_async = pg_copy_input_stream_close_async;
  stream_class->close_finish = pg_copy_input_stream_close_finish;
}

static void
pg_copy_input_stream_init (PgCopyInputStream *self)
{
  /* So that there is an address also of nothing. */
  self->ahead = g_byte_array_sized_new (64);
}

PgCopyInputStream *
pg_copy_input_stream_new (PgBaseConnection *connection, PgRequest *request)
{
  PgCopyInputStream *self = g_object_new (PG_TYPE_COPY_INPUT_STREAM, NULL);

  pg_copy_init (&self->copy, connection, request);
  return self;
}

/**
 * pg_copy_input_stream_get_connection:
 * @self: a stream
 *
 * Gets the connection that the stream keeps busy.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a stream that no connection has made
 *
 * Since: 1.0
 */
PgBaseConnection *
pg_copy_input_stream_get_connection (PgCopyInputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), NULL);
  return self->copy.connection;
}

/**
 * pg_copy_input_stream_get_n_columns:
 * @self: a stream
 *
 * Gets how many columns a row of the data has.
 *
 * Returns: the number of columns
 *
 * Since: 1.0
 */
guint
pg_copy_input_stream_get_n_columns (PgCopyInputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), 0);
  return self->copy.n_columns;
}

/**
 * pg_copy_input_stream_is_binary:
 * @self: a stream
 *
 * Gets whether the data is in the format `binary` rather than `text` or `csv`. See `COPY`, "File Formats", in the PostgreSQL manual.
 *
 * Returns: `TRUE` for `binary`
 *
 * Since: 1.0
 */
gboolean
pg_copy_input_stream_is_binary (PgCopyInputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), FALSE);
  return self->copy.binary;
}

/**
 * pg_copy_input_stream_get_rowcount:
 * @self: a stream
 *
 * Gets how many rows were copied, once all of it has been read.
 *
 * Returns: the number of rows, −1 before
 *
 * Since: 1.0
 */
gint64
pg_copy_input_stream_get_rowcount (PgCopyInputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), -1);
  return pg_copy_get_rowcount (&self->copy);
}

/**
 * pg_copy_input_stream_get_status_message:
 * @self: a stream
 *
 * Gets the command tag, such as `COPY 3`, once all of it has been read.
 *
 * Returns: (transfer none) (nullable): the tag, `NULL` before
 *
 * Since: 1.0
 */
const char *
pg_copy_input_stream_get_status_message (PgCopyInputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), NULL);
  return pg_copy_get_status_message (&self->copy);
}
