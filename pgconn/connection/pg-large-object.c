/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-large-object-private.h"
#include "pg-stream-threads-private.h"

#include <pgconn/connection/pg-async-connection-private.h>

/**
 * PgLargeObject:
 *
 * A large object that is open: up to 4 TB that are read and written as a stream.
 *
 * [method@Connection.create_large_object] and [method@Connection.open_large_object] open it, and those of [class@AsyncConnection]. It has an input stream and
 * an output stream, which share one position and are [iface@Gio.Seekable] as it is itself, so that `g_output_stream_splice()` copies a [iface@Gio.File] into the
 * database and back. At most 256 KiB go at once, and what is written is with the server when the call ends: nothing has to be flushed.
 *
 * ```c
 * g_autoptr (PgLargeObject) object = pg_connection_create_large_object (connection, 0, NULL, &error);
 *
 * if (object == NULL
 *     || g_output_stream_splice (g_io_stream_get_output_stream (G_IO_STREAM (object)), file_stream, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error) < 0)
 *   return FALSE;
 * ```
 *
 * ## Transactions
 *
 * It is open as long as the transaction in which it was opened, or the savepoint: later calls fail with `G_IO_ERROR_CLOSED`, and what was written is undone
 * where that is. A call that the server refuses is the end of the transaction, as with any statement.
 *
 * ## Blocking and not
 *
 * The streams of a [class@Connection] block, and their asynchronous functions use a thread. Those of an [class@AsyncConnection] have asynchronous
 * functions only, which need no thread; the others are `G_IO_ERROR_NOT_SUPPORTED`, but for [method@Gio.Seekable.seek] from the beginning or the current position,
 * which only notes where to go on; [method@LargeObject.seek_async] also seeks from the end.
 *
 * See "Large Objects" in the PostgreSQL manual.
 *
 * Since: 1.0
 */

struct _PgLargeObject
{
  GIOStream parent_instance;
  PgLob *lob; /* NULL in one that a script made by the GObject constructor */
  GInputStream *input;
  GOutputStream *output;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (PgLargeObject, pg_large_object, G_TYPE_IO_STREAM, G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, pg_lob_seekable_init))

static GInputStream *
pg_large_object_get_input_stream (GIOStream *stream)
{
  return PG_LARGE_OBJECT (stream)->input;
}

static GOutputStream *
pg_large_object_get_output_stream (GIOStream *stream)
{
  return PG_LARGE_OBJECT (stream)->output;
}

static gboolean
pg_large_object_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  PgLob *lob = PG_LARGE_OBJECT (stream)->lob;
  g_autoptr (PgRequest) request = lob != NULL ? pg_lob_close_request_new (lob) : NULL;

  if (request == NULL)
    return TRUE;
  if (!pg_lob_is_async (lob))
    return pg_lob_run (lob, request, cancellable, error);
  /* Nobody waits for it, and nothing depends on it. */
  pg_async_connection_start (PG_ASYNC_CONNECTION (lob->connection),
                             pg_async_task_new (lob->connection, NULL, NULL, NULL, pg_large_object_close, "pg_large_object_close"),
                             g_steal_pointer (&request), NULL, NULL);
  return TRUE;
}

static void
pg_large_object_close_async (GIOStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgLob *lob = PG_LARGE_OBJECT (stream)->lob;
  PgRequest *request;
  GTask *task;

  if (lob != NULL && !pg_lob_is_async (lob))
    {
      G_IO_STREAM_CLASS (pg_large_object_parent_class)->close_async (stream, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (stream, NULL, callback, user_data, pg_large_object_close_async, "pg_large_object_close_async");
  request = lob != NULL ? pg_lob_close_request_new (lob) : NULL;
  if (request != NULL)
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (lob->connection), task, request, NULL, NULL);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
pg_large_object_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_large_object_close_async))
    return G_IO_STREAM_CLASS (pg_large_object_parent_class)->close_finish (stream, result, error);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* GIOStream closes in its own dispose(): there nothing is sent, as an interpreter's collector drops it in any thread. The transaction ends it. */
static void
pg_large_object_dispose (GObject *object)
{
  PgLargeObject *self = PG_LARGE_OBJECT (object);

  g_clear_pointer (&self->lob, pg_lob_unref);
  G_OBJECT_CLASS (pg_large_object_parent_class)->dispose (object);
}

static void
pg_large_object_finalize (GObject *object)
{
  PgLargeObject *self = PG_LARGE_OBJECT (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  G_OBJECT_CLASS (pg_large_object_parent_class)->finalize (object);
}

static void
pg_large_object_class_init (PgLargeObjectClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pg_large_object_dispose;
  G_OBJECT_CLASS (klass)->finalize = pg_large_object_finalize;
  stream_class->get_input_stream = pg_large_object_get_input_stream;
  stream_class->get_output_stream = pg_large_object_get_output_stream;
  stream_class->close_fn = pg_large_object_close;
  stream_class->close_async = pg_large_object_close_async;
  stream_class->close_finish = pg_large_object_close_finish;
}

static void
pg_large_object_init (PgLargeObject *self)
{
}

PgLargeObject *
pg_large_object_new (PgLob *lob)
{
  PgLargeObject *self = g_object_new (PG_TYPE_LARGE_OBJECT, NULL);

  self->lob = lob;
  self->input = pg_lob_input_stream_new (lob);
  self->output = pg_lob_output_stream_new (lob);
  return self;
}

PgLob *
pg_large_object_get_lob (PgLargeObject *self)
{
  return self->lob;
}

/**
 * pg_large_object_get_connection:
 * @self: a large object
 *
 * Gets the connection on which it is open.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for one that no connection has opened
 *
 * Since: 1.0
 */
PgBaseConnection *
pg_large_object_get_connection (PgLargeObject *self)
{
  g_return_val_if_fail (PG_IS_LARGE_OBJECT (self), NULL);
  return self->lob != NULL ? self->lob->connection : NULL;
}

/**
 * pg_large_object_get_oid:
 * @self: a large object
 *
 * Gets the OID by which it is known in the database.
 *
 * Returns: the OID
 *
 * Since: 1.0
 */
guint
pg_large_object_get_oid (PgLargeObject *self)
{
  g_return_val_if_fail (PG_IS_LARGE_OBJECT (self), 0);
  return self->lob != NULL ? self->lob->oid : 0;
}

/**
 * pg_large_object_get_mode:
 * @self: a large object
 *
 * Gets what it was opened for.
 *
 * Returns: the mode
 *
 * Since: 1.0
 */
PgLargeObjectMode
pg_large_object_get_mode (PgLargeObject *self)
{
  g_return_val_if_fail (PG_IS_LARGE_OBJECT (self), PG_LARGE_OBJECT_MODE_NONE);
  return self->lob != NULL ? self->lob->mode : PG_LARGE_OBJECT_MODE_NONE;
}

/**
 * pg_large_object_query_size:
 * @self: a large object
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Asks the server how long it is. The position stays where it is.
 *
 * [method@LargeObject.query_size_async] is the same without blocking.
 *
 * Returns: the size in bytes, or −1 with an error
 *
 * Since: 1.0
 */
goffset
pg_large_object_query_size (PgLargeObject *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_LARGE_OBJECT (self), -1);
  if (!pg_lob_check (self->lob, PG_LARGE_OBJECT_MODE_NONE, error))
    return -1;
  request = pg_lob_size_request_new (self->lob);
  return pg_lob_run (self->lob, request, cancellable, error) ? pg_lob_size_take (self->lob, request, error) : -1;
}

/* The calls of both connection classes; one that blocks is run in a thread by GTask. */

static void
return_size (GTask *task, goffset size, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_memdup2 (&size, sizeof size), g_free);
}

static void
size_done (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  goffset size = pg_lob_size_take (PG_LARGE_OBJECT (object)->lob, request, &error);

  return_size (task, size, error);
}

static void
size_thread (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  goffset size = pg_large_object_query_size (source_object, cancellable, &error);

  return_size (task, size, error);
}

/* Takes the task where it returns FALSE. */
static gboolean
check_async (PgLargeObject *self, GTask *task, PgLargeObjectMode mode)
{
  GError *error = NULL;

  if (pg_lob_check (self->lob, mode, &error))
    return TRUE;
  g_task_return_error (task, error);
  g_object_unref (task);
  return FALSE;
}

/**
 * pg_large_object_query_size_async:
 * @self: a large object
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Asks the server how long it is; [method@LargeObject.query_size] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_large_object_query_size_async (PgLargeObject *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PG_IS_LARGE_OBJECT (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_large_object_query_size_async, "pg_large_object_query_size_async");
  if (!check_async (self, task, PG_LARGE_OBJECT_MODE_NONE))
    return;
  if (pg_lob_is_async (self->lob))
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (self->lob->connection), task, pg_lob_size_request_new (self->lob), size_done, self);
      return;
    }
  pg_task_run_for_caller (task, size_thread);
  g_object_unref (task);
}

/**
 * pg_large_object_query_size_finish:
 * @self: a large object
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@LargeObject.query_size_async] has begun.
 *
 * Returns: the size in bytes, or −1 with an error
 *
 * Since: 1.0
 */
goffset
pg_large_object_query_size_finish (PgLargeObject *self, GAsyncResult *result, GError **error)
{
  g_autofree goffset *size = NULL;

  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_large_object_query_size_async), -1);
  size = g_task_propagate_pointer (G_TASK (result), error);
  return size != NULL ? *size : -1;
}

/* A call's task data are those of pg_async_connection_start(). */
static goffset
get_offset (GTask *task)
{
  return *(goffset *) g_object_get_data (G_OBJECT (task), "pg-offset");
}

static void
seek_done (GTask *task, PgRequest *request, gpointer object)
{
  PgLob *lob = PG_LARGE_OBJECT (object)->lob;
  GError *error = NULL;
  goffset size = pg_lob_size_take (lob, request, &error);

  if (size >= 0)
    pg_lob_move (lob, size, get_offset (task), &error);
  return_size (task, lob->position, error);
}

static void
seek_thread (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  g_seekable_seek (source_object, get_offset (task), G_SEEK_END, cancellable, &error);
  return_size (task, g_seekable_tell (source_object), error);
}

/**
 * pg_large_object_seek_async:
 * @self: a large object
 * @offset: how far
 * @type: from where
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Changes the position; [method@Gio.Seekable.seek] is the same blocking.
 *
 * From the end (`G_SEEK_END`) the server is asked how long it is. Otherwise the position has changed when this function returns, unless @cancellable
 * is cancelled already.
 *
 * The finish function gives `G_IO_ERROR_INVALID_ARGUMENT` where there is no such position; then it stays where it was.
 *
 * Since: 1.0
 */
void
pg_large_object_seek_async (PgLargeObject *self, goffset offset, GSeekType type, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PG_IS_LARGE_OBJECT (self));
  g_return_if_fail (type == G_SEEK_SET || type == G_SEEK_CUR || type == G_SEEK_END);
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_large_object_seek_async, "pg_large_object_seek_async");
  if (!check_async (self, task, PG_LARGE_OBJECT_MODE_NONE))
    return;
  g_object_set_data_full (G_OBJECT (task), "pg-offset", g_memdup2 (&offset, sizeof offset), g_free);
  if (type != G_SEEK_END)
    {
      GError *error = NULL;

      if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
        pg_lob_move (self->lob, type == G_SEEK_CUR ? self->lob->position : 0, offset, &error);
      return_size (task, self->lob->position, error);
    }
  else if (pg_lob_is_async (self->lob))
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (self->lob->connection), task, pg_lob_size_request_new (self->lob), seek_done, self);
      return;
    }
  else
    {
      pg_task_run_for_caller (task, seek_thread);
    }
  g_object_unref (task);
}

/**
 * pg_large_object_seek_finish:
 * @self: a large object
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@LargeObject.seek_async] has begun.
 *
 * Returns: the new position in bytes, or −1 with an error
 *
 * Since: 1.0
 */
goffset
pg_large_object_seek_finish (PgLargeObject *self, GAsyncResult *result, GError **error)
{
  g_autofree goffset *position = NULL;

  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_large_object_seek_async), -1);
  position = g_task_propagate_pointer (G_TASK (result), error);
  return position != NULL ? *position : -1;
}

static void
truncate_done (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;

  if (pg_lob_truncate_take (PG_LARGE_OBJECT (object)->lob, request, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
truncate_thread (GTask *task, gpointer source_object, gpointer size, GCancellable *cancellable)
{
  GError *error = NULL;

  if (g_seekable_truncate (source_object, *(goffset *) size, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pg_large_object_truncate_async:
 * @self: a large object
 * @size: the new size in bytes
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Cuts it off, or makes it longer with zero bytes; [method@Gio.Seekable.truncate] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_large_object_truncate_async (PgLargeObject *self, goffset size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PG_IS_LARGE_OBJECT (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_large_object_truncate_async, "pg_large_object_truncate_async");
  if (!check_async (self, task, PG_LARGE_OBJECT_MODE_WRITE))
    return;
  if (pg_lob_is_async (self->lob))
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (self->lob->connection), task, pg_lob_truncate_request_new (self->lob, size), truncate_done, self);
      return;
    }
  g_task_set_task_data (task, g_memdup2 (&size, sizeof size), g_free);
  pg_task_run_for_caller (task, truncate_thread);
  g_object_unref (task);
}

/**
 * pg_large_object_truncate_finish:
 * @self: a large object
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@LargeObject.truncate_async] has begun.
 *
 * Returns: `TRUE` when it is that long
 *
 * Since: 1.0
 */
gboolean
pg_large_object_truncate_finish (PgLargeObject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_large_object_truncate_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
