/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-large-object-private.h"

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/connection/pg-stream-threads-private.h>

/* The two streams of a PgLargeObject, which share its position. To close them is nothing: they are open as long as that is. */

#define PG_TYPE_LOB_INPUT_STREAM (pg_lob_input_stream_get_type ())
G_DECLARE_FINAL_TYPE (PgLobInputStream, pg_lob_input_stream, PG, LOB_INPUT_STREAM, GInputStream)
#define PG_TYPE_LOB_OUTPUT_STREAM (pg_lob_output_stream_get_type ())
G_DECLARE_FINAL_TYPE (PgLobOutputStream, pg_lob_output_stream, PG, LOB_OUTPUT_STREAM, GOutputStream)

struct _PgLobInputStream
{
  GInputStream parent_instance;
  PgLob *lob;
};

struct _PgLobOutputStream
{
  GOutputStream parent_instance;
  PgLob *lob;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (PgLobInputStream, pg_lob_input_stream, G_TYPE_INPUT_STREAM, G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, pg_lob_seekable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (PgLobOutputStream, pg_lob_output_stream, G_TYPE_OUTPUT_STREAM, G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, pg_lob_seekable_init))

/* What an asynchronous call was about. */
typedef struct
{
  PgLob *lob;
  gpointer buffer;
  gsize count;
} Transfer;

static void
transfer_free (gpointer data)
{
  Transfer *self = data;

  pg_lob_unref (self->lob);
  g_free (self);
}

static Transfer *
set_transfer (GTask *task, PgLob *lob, gpointer buffer, gsize count)
{
  Transfer *self = g_new (Transfer, 1);

  self->lob = pg_lob_ref (lob);
  self->buffer = buffer;
  self->count = count;
  g_object_set_data_full (G_OBJECT (task), "transfer", self, transfer_free);
  return self;
}

static void
return_count (GTask *task, gssize n, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, n);
}

/* Takes the task; the stream is not one of a PgAsyncConnection, or cannot be used. */
static gboolean
start_check (GTask *task, PgLob *lob, PgLargeObjectMode mode)
{
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return FALSE;
  if (pg_lob_check (lob, mode, &error))
    return TRUE;
  g_task_return_error (task, error);
  return FALSE;
}

/* --- input --- */

static gssize
pg_lob_input_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  PgLob *lob = PG_LOB_INPUT_STREAM (stream)->lob;
  g_autoptr (PgRequest) request = NULL;
  gssize n;

  if (!pg_lob_check (lob, PG_LARGE_OBJECT_MODE_READ, error))
    return -1;
  n = pg_lob_is_async (lob) ? -1 : pg_lob_read_ahead (lob, buffer, count);
  if (n >= 0)
    return n;
  request = pg_lob_read_request_new (lob, count);
  return pg_lob_run (lob, request, cancellable, error) ? pg_lob_read_take (lob, request, buffer, count, error) : -1;
}

static void
read_done (GTask *task, PgRequest *request, gpointer object)
{
  Transfer *transfer = g_object_get_data (G_OBJECT (task), "transfer");
  GError *error = NULL;
  gssize n = pg_lob_read_take (transfer->lob, request, transfer->buffer, transfer->count, &error);

  return_count (task, n, error);
}

static void
pg_lob_input_stream_read_async (GInputStream *stream, void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  PgLob *lob = PG_LOB_INPUT_STREAM (stream)->lob;
  g_autoptr (GTask) task = NULL;
  gssize n;

  if (lob == NULL || !pg_lob_is_async (lob))
    {
      pg_stream_read_in_thread (stream, buffer, count, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (stream, cancellable, callback, user_data, pg_lob_input_stream_read_async, "pg_lob_input_stream_read_async");
  if (!start_check (task, lob, PG_LARGE_OBJECT_MODE_READ))
    return;
  n = pg_lob_read_ahead (lob, buffer, count);
  if (n >= 0)
    {
      g_task_return_int (task, n);
      return;
    }
  set_transfer (task, lob, buffer, count);
  pg_async_connection_start (PG_ASYNC_CONNECTION (lob->connection), g_steal_pointer (&task), pg_lob_read_request_new (lob, count), read_done, NULL);
}

static gssize
pg_lob_input_stream_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_lob_input_stream_read_async))
    return G_INPUT_STREAM_CLASS (pg_lob_input_stream_parent_class)->read_finish (stream, result, error);
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
pg_lob_input_stream_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
pg_lob_input_stream_finalize (GObject *object)
{
  g_clear_pointer (&PG_LOB_INPUT_STREAM (object)->lob, pg_lob_unref);
  G_OBJECT_CLASS (pg_lob_input_stream_parent_class)->finalize (object);
}

static void
close_async (gpointer stream, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = pg_async_task_new (stream, NULL, callback, user_data, close_async, "pg_lob_stream_close_async");

  g_task_return_boolean (task, TRUE);
}

static void
pg_lob_input_stream_close_async (GInputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  close_async (stream, callback, user_data);
}

static gboolean
pg_lob_input_stream_close_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pg_lob_input_stream_class_init (PgLobInputStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pg_lob_input_stream_finalize;
  stream_class->read_fn = pg_lob_input_stream_read;
  stream_class->close_fn = pg_lob_input_stream_close;
  stream_class->read_async = pg_lob_input_stream_read_async;
  stream_class->read_finish = pg_lob_input_stream_read_finish;
  stream_class->close_async = pg_lob_input_stream_close_async;
  stream_class->close_finish = pg_lob_input_stream_close_finish;
}

static void
pg_lob_input_stream_init (PgLobInputStream *self)
{
}

GInputStream *
pg_lob_input_stream_new (PgLob *lob)
{
  PgLobInputStream *self = g_object_new (PG_TYPE_LOB_INPUT_STREAM, NULL);

  self->lob = pg_lob_ref (lob);
  return G_INPUT_STREAM (self);
}

/* --- output --- */

static gssize
pg_lob_output_stream_write (GOutputStream *stream, const void *data, gsize count, GCancellable *cancellable, GError **error)
{
  PgLob *lob = PG_LOB_OUTPUT_STREAM (stream)->lob;
  g_autoptr (PgRequest) request = NULL;

  if (!pg_lob_check (lob, PG_LARGE_OBJECT_MODE_WRITE, error))
    return -1;
  request = pg_lob_write_request_new (lob, data, count);
  return pg_lob_run (lob, request, cancellable, error) ? pg_lob_write_take (lob, request, count, error) : -1;
}

static void
write_done (GTask *task, PgRequest *request, gpointer object)
{
  Transfer *transfer = g_object_get_data (G_OBJECT (task), "transfer");
  GError *error = NULL;
  gssize n = pg_lob_write_take (transfer->lob, request, transfer->count, &error);

  return_count (task, n, error);
}

static void
pg_lob_output_stream_write_async (GOutputStream *stream, const void *data, gsize count, int io_priority, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  PgLob *lob = PG_LOB_OUTPUT_STREAM (stream)->lob;
  g_autoptr (GTask) task = NULL;

  if (lob == NULL || !pg_lob_is_async (lob))
    {
      pg_stream_write_in_thread (stream, data, count, io_priority, cancellable, callback, user_data);
      return;
    }
  task = pg_async_task_new (stream, cancellable, callback, user_data, pg_lob_output_stream_write_async, "pg_lob_output_stream_write_async");
  if (!start_check (task, lob, PG_LARGE_OBJECT_MODE_WRITE))
    return;
  set_transfer (task, lob, NULL, count);
  pg_async_connection_start (PG_ASYNC_CONNECTION (lob->connection), g_steal_pointer (&task), pg_lob_write_request_new (lob, data, count), write_done, NULL);
}

static gssize
pg_lob_output_stream_write_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  if (!pg_async_task_is_valid (result, stream, pg_lob_output_stream_write_async))
    return G_OUTPUT_STREAM_CLASS (pg_lob_output_stream_parent_class)->write_finish (stream, result, error);
  return g_task_propagate_int (G_TASK (result), error);
}

/* As much of the source as goes at once, if there is as much: GIO's own splice writes 8 KiB at a time. At the end it does what is left to be done. */
static gssize
pg_lob_output_stream_splice (GOutputStream *stream, GInputStream *source, GOutputStreamSpliceFlags flags, GCancellable *cancellable, GError **error)
{
  GOutputStreamClass *parent_class = G_OUTPUT_STREAM_CLASS (pg_lob_output_stream_parent_class);
  g_autoptr (GInputStream) nothing = g_memory_input_stream_new ();
  g_autofree guint8 *buffer = g_malloc (PG_LOB_CHUNK);
  GError *failure = NULL;
  gsize total = 0;
  gsize length;

  do
    {
      gsize written = 0;

      /* What was read before a failure is written, as GIO's own does. */
      g_input_stream_read_all (source, buffer, PG_LOB_CHUNK, &length, cancellable, &failure);
      while (written < length)
        {
          gssize n = pg_lob_output_stream_write (stream, buffer + written, length - written, cancellable, failure == NULL ? &failure : NULL);

          if (n < 0)
            break;
          written += (gsize) n;
          total += (gsize) n;
        }
      if (written < length)
        break;
    }
  while (failure == NULL && length == PG_LOB_CHUNK);

  if ((flags & G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE) != 0)
    g_input_stream_close (source, cancellable, NULL);
  parent_class->splice (stream, nothing, flags & G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return -1;
    }
  return (gssize) MIN (total, (gsize) G_MAXSSIZE);
}

static gboolean
pg_lob_output_stream_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
pg_lob_output_stream_close_async (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  close_async (stream, callback, user_data);
}

static gboolean
pg_lob_output_stream_close_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pg_lob_output_stream_finalize (GObject *object)
{
  g_clear_pointer (&PG_LOB_OUTPUT_STREAM (object)->lob, pg_lob_unref);
  G_OBJECT_CLASS (pg_lob_output_stream_parent_class)->finalize (object);
}

static void
pg_lob_output_stream_class_init (PgLobOutputStreamClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pg_lob_output_stream_finalize;
  stream_class->write_fn = pg_lob_output_stream_write;
  stream_class->splice = pg_lob_output_stream_splice;
  stream_class->close_fn = pg_lob_output_stream_close;
  stream_class->write_async = pg_lob_output_stream_write_async;
  stream_class->write_finish = pg_lob_output_stream_write_finish;
  stream_class->close_async = pg_lob_output_stream_close_async;
  stream_class->close_finish = pg_lob_output_stream_close_finish;
}

static void
pg_lob_output_stream_init (PgLobOutputStream *self)
{
}

GOutputStream *
pg_lob_output_stream_new (PgLob *lob)
{
  PgLobOutputStream *self = g_object_new (PG_TYPE_LOB_OUTPUT_STREAM, NULL);

  self->lob = pg_lob_ref (lob);
  return G_OUTPUT_STREAM (self);
}

PgLob *
pg_lob_stream_get_lob (gpointer stream)
{
  return PG_IS_LOB_INPUT_STREAM (stream) ? PG_LOB_INPUT_STREAM (stream)->lob : PG_LOB_OUTPUT_STREAM (stream)->lob;
}
