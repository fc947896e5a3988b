/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-output-stream-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-stream-threads-private.h>
#include <pgconn/error/pg-error.h>

/**
 * PgCopyOutputStream:
 *
 * The data for a `COPY … FROM STDIN`.
 *
 * [method@Connection.copy_in] and [method@AsyncConnection.copy_in_async] open it. What is written goes to the server as it is, in the format that the statement
 * names; rows need not be whole. To close the stream ends the copy: only when [method@Gio.OutputStream.close] or its asynchronous twin has succeeded have the
 * rows been loaded, all of them. Until then the connection is busy with it, and other calls wait or fail, as [method@Connection.copy_in] and its twin tell.
 *
 * What the server has against the data is told then, too, whichever row it was: it reads and drops all that follows, and libpq looks at its error only when the copy has
 * been ended. So a copy whose first row is wrong is sent to its end. Where that would cost much, several copies in one transaction tell in between. Only that
 * the connection is lost, by which a server that is shut down ends a copy, is an error of a later write.
 *
 * Nothing is loaded when a write or the closing fails or is cancelled (also one of GIO's that does not block, where GIO says so although all of it was written: its
 * [class@Gio.Cancellable] counts until the next call; what [method@Gio.OutputStream.close_async] says is always so), when the source of a [method@Gio.OutputStream.splice] fails, after
 * [method@CopyOutputStream.abort], and when the last reference is dropped while the stream is open. The first error stays: closing repeats it.
 *
 * Rows of values are written by [method@CopyOutputStream.write_row] and [method@CopyOutputStream.write_columns], in the formats text and binary. Bytes and rows may be
 * mixed, and keep their order.
 *
 * Small writes are collected and sent in blocks of 32 KiB; [method@Gio.OutputStream.flush] sends what there is. A writer that is faster than the server waits for it.
 *
 * A stream of a [class@Connection] blocks, and its asynchronous functions use a thread; a stream of an [class@AsyncConnection] has asynchronous functions
 * only.
 *
 * See `COPY` in the PostgreSQL manual. [class@CopyInputStream] is the other direction.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (PgCopyOutputStream, pg_copy_output_stream, G_TYPE_OUTPUT_STREAM)

/* FALSE where the stream has failed. */
static gboolean
begin_blocking (PgCopyOutputStream *self, GError **error)
{
  if (!pg_copy_output_stream_check (self, error))
    return FALSE;
  /* A thread's is a part of the call that has set the doubt. */
  if (self->in_thread)
    self->in_thread = FALSE;
  else
    g_clear_object (&self->doubt);
  return TRUE;
}

static gssize
pg_copy_output_stream_write (GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);

  if (!begin_blocking (self, error))
    return -1;
  self->raw = self->raw || count > 0;
  if (self->block->len + count > PG_COPY_BLOCK_SIZE && !pg_copy_output_stream_send (self, FALSE, cancellable, error))
    return -1;
  if (count < PG_COPY_BLOCK_SIZE)
    g_string_append_len (self->block, buffer, (gssize) count);
  else if (!pg_copy_output_stream_run (self, pg_request_copy_write_new (self->copy.stream, buffer, count, FALSE), cancellable, error))
    return -1;
  return (gssize) count;
}

static gboolean
pg_copy_output_stream_flush (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);

  /* Closing does this first; the error is for the closing itself. */
  if (g_output_stream_is_closing (stream))
    return TRUE;
  return begin_blocking (self, error) && pg_copy_output_stream_send (self, TRUE, cancellable, error);
}

/* The binary format begins and ends with something, also where there are no rows; who writes bytes writes that too. */
static void
complete (PgCopyOutputStream *self)
{
  if (!self->copy.binary || self->raw)
    return;
  if (!self->has_header)
    pg_copy_put_header (self->block);
  pg_copy_put_trailer (self->block);
  self->has_header = self->raw = TRUE;
}

static gboolean
pg_copy_output_stream_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);

  if (pg_copy_output_stream_check (self, NULL) && pg_copy_is_async (&self->copy))
    pg_copy_output_stream_take_error (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("the stream of a PgAsyncConnection does not block: call the asynchronous function")));
  if (pg_copy_output_stream_get_error (self) == NULL)
    complete (self);
  if (pg_copy_output_stream_check (self, error) && pg_copy_output_stream_send (self, FALSE, cancellable, error)
      && pg_copy_output_stream_run (self, pg_request_copy_end_new (self->copy.stream, NULL), cancellable, error))
    return TRUE;
  pg_copy_abandon (&self->copy, pg_copy_output_stream_get_error (self) != NULL ? pg_copy_output_stream_get_error (self)->message : "");
  return FALSE;
}

/* --- asynchronous, on a PgAsyncConnection --- */

/* GIO looks at the cancellable once more when a call is over, and then says that it was cancelled although all of it was written; of g_output_stream_write_all_async() that
 * cannot be changed. FALSE where the stream has failed. */
static gboolean
begin_write (PgCopyOutputStream *self, GCancellable *cancellable, GError **error)
{
  if (!pg_copy_output_stream_check (self, error))
    return FALSE;
  g_set_object (&self->doubt, cancellable);
  /* One that is cancelled already ends the copy, too. */
  return pg_copy_output_stream_check (self, error);
}

static void
written (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PgCopyOutputStream *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (self->block->len > 0)
    g_string_truncate (self->block, 0);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_int (task, GPOINTER_TO_SIZE (g_task_get_task_data (task)));
      return;
    }
  pg_copy_output_stream_fail (self, error);
  g_task_return_error (task, error);
}

/* A task inside the task: what fails is noted before the user hears of it. */
static void
start (PgCopyOutputStream *self, GTask *task, PgRequest *request, GAsyncReadyCallback callback)
{
  pg_async_connection_start (PG_ASYNC_CONNECTION (self->copy.connection),
                             pg_async_task_new (self, g_task_get_cancellable (task), callback, task, start, "pg_copy_output_stream"), request, NULL, NULL);
}

void
pg_copy_output_stream_start_send (PgCopyOutputStream *self, GTask *task, GAsyncReadyCallback callback)
{
  start (self, task, pg_request_copy_write_new (self->copy.stream, self->block->str, self->block->len, FALSE), callback);
}

gboolean
pg_copy_output_stream_finish_send (PgCopyOutputStream *self, GAsyncResult *result, GError **error)
{
  GError *failure = NULL;

  g_string_truncate (self->block, 0);
  if (g_task_propagate_boolean (G_TASK (result), &failure))
    return TRUE;
  pg_copy_output_stream_fail (self, failure);
  g_propagate_error (error, failure);
  return FALSE;
}

static void
pg_copy_output_stream_write_async (GOutputStream *stream, const void *buffer, gsize count, int io_priority, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);
  GTask *task;
  GError *error = NULL;
  const gboolean ok = begin_write (self, cancellable, &error);

  if (ok && !pg_copy_is_async (&self->copy))
    {
      self->in_thread = TRUE;
      pg_stream_write_in_thread (stream, buffer, count, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_copy_output_stream_write_async, "pg_copy_output_stream_write_async");
  g_task_set_task_data (task, GSIZE_TO_POINTER (count), NULL);
  if (!ok)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  self->raw = self->raw || count > 0;
  if (self->block->len == 0 && count >= PG_COPY_BLOCK_SIZE)
    {
      start (self, task, pg_request_copy_write_new (self->copy.stream, buffer, count, FALSE), written);
      return;
    }
  /* Of much only a part is taken, as a write may. */
  count = MIN (count, PG_COPY_BLOCK_SIZE);
  g_task_set_task_data (task, GSIZE_TO_POINTER (count), NULL);
  g_string_append_len (self->block, buffer, (gssize) count);
  if (self->block->len >= PG_COPY_BLOCK_SIZE)
    {
      start (self, task, pg_request_copy_write_new (self->copy.stream, self->block->str, self->block->len, FALSE), written);
      return;
    }
  g_task_return_int (task, (gssize) count);
  g_object_unref (task);
}

static gssize
pg_copy_output_stream_write_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_copy_output_stream_write_async))
    return G_OUTPUT_STREAM_CLASS (pg_copy_output_stream_parent_class)->write_finish (stream, result, error);
  return g_task_propagate_int (G_TASK (result), error);
}

static void
pg_copy_output_stream_flush_async (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);
  GTask *task;
  GError *error = NULL;
  /* Closing does this first; the error is for the closing itself. */
  const gboolean closing = g_output_stream_is_closing (stream);
  const gboolean ok = closing || begin_write (self, cancellable, &error);

  if (ok && !closing && !pg_copy_is_async (&self->copy))
    {
      self->in_thread = TRUE;
      pg_stream_flush_in_thread (stream, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_copy_output_stream_flush_async, "pg_copy_output_stream_flush_async");
  if (!ok)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (closing)
    {
      g_task_return_int (task, 0);
      g_object_unref (task);
    }
  else
    {
      start (self, task, pg_request_copy_write_new (self->copy.stream, self->block->str, self->block->len, TRUE), written);
    }
}

static gboolean
pg_copy_output_stream_flush_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_copy_output_stream_flush_async))
    return G_OUTPUT_STREAM_CLASS (pg_copy_output_stream_parent_class)->flush_finish (stream, result, error);
  return g_task_propagate_int (G_TASK (result), error) >= 0;
}

static void
aborted (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PgCopyOutputStream *self = g_task_get_source_object (task);

  g_task_return_error (task, g_error_copy (pg_copy_output_stream_get_error (self)));
}

/* The error is known, and is told when the server has dropped the data. */
static void
start_abort (PgCopyOutputStream *self, GTask *task)
{
  if (pg_copy_is_open (&self->copy))
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (self->copy.connection),
                                 pg_async_task_new (self, NULL, aborted, task, start_abort, "pg_copy_output_stream"),
                                 pg_request_copy_end_new (self->copy.stream, pg_copy_output_stream_get_error (self)->message), NULL, NULL);
      return;
    }
  g_task_return_error (task, g_error_copy (pg_copy_output_stream_get_error (self)));
  g_object_unref (task);
}

static void
ended (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PgCopyOutputStream *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  pg_copy_output_stream_fail (self, error);
  start_abort (self, g_steal_pointer (&task));
}

static void
last_written (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PgCopyOutputStream *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  g_string_truncate (self->block, 0);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      start (self, task, pg_request_copy_end_new (self->copy.stream, NULL), ended);
      g_steal_pointer (&task);
      return;
    }
  pg_copy_output_stream_fail (self, error);
  start_abort (self, g_steal_pointer (&task));
}

static void
pg_copy_output_stream_close_async (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);
  GTask *task;

  /* GIO's task for this, and the one of the call that it is a part of: g_output_stream_close_async() or a splice. */
  pg_stream_keep_outcome (stream, user_data);
  if (G_IS_TASK (user_data))
    pg_stream_keep_outcome (stream, g_async_result_get_user_data (user_data));
  if (!pg_copy_is_async (&self->copy))
    {
      pg_stream_close_in_thread (stream, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_copy_output_stream_close_async, "pg_copy_output_stream_close_async");
  if (pg_copy_output_stream_check (self, NULL))
    complete (self);
  if (pg_copy_output_stream_get_error (self) != NULL)
    start_abort (self, task);
  else if (self->block->len > 0)
    start (self, task, pg_request_copy_write_new (self->copy.stream, self->block->str, self->block->len, FALSE), last_written);
  else
    start (self, task, pg_request_copy_end_new (self->copy.stream, NULL), ended);
}

static gboolean
pg_copy_output_stream_close_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_copy_output_stream_close_async))
    return G_OUTPUT_STREAM_CLASS (pg_copy_output_stream_parent_class)->close_finish (stream, result, error);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- splice --- */

static GInputStream *
watch_source (PgCopyOutputStream *self, GInputStream *source, GOutputStreamSpliceFlags flags)
{
  self->raw = TRUE;
  g_clear_object (&self->source);
  self->source = pg_copy_source_new (source, (flags & G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE) != 0);
  return self->source;
}

static gssize
pg_copy_output_stream_splice (GOutputStream *stream, GInputStream *source, GOutputStreamSpliceFlags flags, GCancellable *cancellable, GError **error)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);

  return G_OUTPUT_STREAM_CLASS (pg_copy_output_stream_parent_class)->splice (stream, watch_source (self, source, flags), flags, cancellable, error);
}

static void
pg_copy_output_stream_splice_async (GOutputStream *stream, GInputStream *source, GOutputStreamSpliceFlags flags, int io_priority,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (stream);

  begin_write (self, cancellable, NULL);
  pg_stream_keep_outcome (stream, user_data);
  G_OUTPUT_STREAM_CLASS (pg_copy_output_stream_parent_class)
      ->splice_async (stream, watch_source (self, source, flags), flags, io_priority, cancellable, callback, user_data);
}

/* --- the class --- */

/* GOutputStream closes itself here, which must not load what was written so far. */
static void
pg_copy_output_stream_dispose (GObject *object)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (object);

  if (!g_output_stream_is_closed (G_OUTPUT_STREAM (self)))
    pg_copy_output_stream_abort (self, _ ("its stream was dropped"));
  G_OBJECT_CLASS (pg_copy_output_stream_parent_class)->dispose (object);
}

static void
pg_copy_output_stream_finalize (GObject *object)
{
  PgCopyOutputStream *self = PG_COPY_OUTPUT_STREAM (object);

  g_clear_object (&self->source);
  g_clear_object (&self->doubt);
  g_clear_error (&self->error);
  g_string_free (self->block, TRUE);
  pg_copy_clear (&self->copy);
  G_OBJECT_CLASS (pg_copy_output_stream_parent_class)->finalize (object);
}

static void
pg_copy_output_stream_class_init (PgCopyOutputStreamClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pg_copy_output_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = pg_copy_output_stream_finalize;
  stream_class->write_fn = pg_copy_output_stream_write;
  stream_class->flush = pg_copy_output_stream_flush;
  stream_class->close_fn = pg_copy_output_stream_close;
  stream_class->splice = pg_copy_output_stream_splice;
  stream_class->write_async = pg_copy_output_stream_write_async;
  stream_class->write_finish = pg_copy_output_stream_write_finish;
  stream_class->flush_async = pg_copy_output_stream_flush_async;
  stream_class->flush_finish = pg_copy_output_stream_flush_finish;
  stream_class->close_async = pg_copy_output_stream_close_async;
  stream_class->close_finish = pg_copy_output_stream_close_finish;
  stream_class->splice_async = pg_copy_output_stream_splice_async;
}

static void
pg_copy_output_stream_init (PgCopyOutputStream *self)
{
  self->block = g_string_sized_new (256);
}

PgCopyOutputStream *
pg_copy_output_stream_new (PgBaseConnection *connection, PgRequest *request)
{
  PgCopyOutputStream *self = g_object_new (PG_TYPE_COPY_OUTPUT_STREAM, NULL);

  pg_copy_init (&self->copy, connection, request);
  return self;
}

/**
 * pg_copy_output_stream_abort:
 * @self: a stream
 * @reason: (nullable): why, for the server's log
 *
 * Ends the copy so that nothing is loaded.
 *
 * The connection is free for other calls after that: on a [class@Connection] at once, on a [class@AsyncConnection] they are queued behind the end. Writing and closing fail with
 * `G_IO_ERROR_CANCELLED` from then on, unless something has failed before; the stream still has to be closed, or dropped. Does nothing when the stream is closed already.
 *
 * On a [class@Connection] any thread may call it, also while another one writes: that write comes to its end first, and no other begins.
 *
 * Since: 1.0
 */
void
pg_copy_output_stream_abort (PgCopyOutputStream *self, const char *reason)
{
  g_return_if_fail (PG_IS_COPY_OUTPUT_STREAM (self));
  if (g_output_stream_is_closed (G_OUTPUT_STREAM (self)))
    return;
  pg_copy_output_stream_take_error (self, reason != NULL ? g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the copy was given up: %s"), reason)
                                   : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the copy was given up")));
  pg_copy_abandon (&self->copy, pg_copy_output_stream_get_error (self)->message);
}
