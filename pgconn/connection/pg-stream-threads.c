/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-stream-threads-private.h"

#include <pgconn/engine/pg-engine-private.h>

typedef struct
{
  void *buffer;
  const void *data;
  gsize count;
} Transfer;

static void
return_count (GTask *task, gssize n, GError *error)
{
  if (n >= 0)
    g_task_return_int (task, n);
  else
    g_task_return_error (task, error);
}

static void
read_thread (GTask *task, gpointer stream, gpointer data, GCancellable *cancellable)
{
  const Transfer *transfer = data;
  GError *error = NULL;
  gssize n = G_INPUT_STREAM_GET_CLASS (stream)->read_fn (stream, transfer->buffer, transfer->count, cancellable, &error);

  return_count (task, n, error);
}

static void
write_thread (GTask *task, gpointer stream, gpointer data, GCancellable *cancellable)
{
  const Transfer *transfer = data;
  GError *error = NULL;
  gssize n = G_OUTPUT_STREAM_GET_CLASS (stream)->write_fn (stream, transfer->data, transfer->count, cancellable, &error);

  return_count (task, n, error);
}

static void
close_thread (GTask *task, gpointer stream, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (G_OUTPUT_STREAM_GET_CLASS (stream)->close_fn (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
flush_thread (GTask *task, gpointer stream, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (G_OUTPUT_STREAM_GET_CLASS (stream)->flush (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

typedef struct
{
  GTaskThreadFunc func;
  GThread *caller;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_thread_unref (self->caller);
  g_free (self);
}

static GQuark
work_quark (void)
{
  return g_quark_from_static_string ("pg-work");
}

/* Who holds up whom is a matter of the threads that have made the calls: this one may do another's next. */
static void
run_work (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  const Work *work = g_object_get_qdata (G_OBJECT (task), work_quark ());

  pg_blocking_work_for (work->caller);
  work->func (task, source_object, data, cancellable);
  pg_blocking_work_for (NULL);
}

void
pg_task_run_for_caller (GTask *task, GTaskThreadFunc func)
{
  Work *work = g_new (Work, 1);

  work->func = func;
  work->caller = g_thread_ref (g_thread_self ());
  g_object_set_qdata_full (G_OBJECT (task), work_quark (), work, work_free);
  g_task_run_in_thread (task, run_work);
}

static void
run_in_thread (gpointer stream, Transfer transfer, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data,
               GTaskThreadFunc func, const char *name)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, func);
  g_task_set_name (task, name);
  g_task_set_priority (task, io_priority);
  /* What has been read or written counts. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_memdup2 (&transfer, sizeof transfer), g_free);
  pg_task_run_for_caller (task, func);
}

void
pg_stream_read_in_thread (GInputStream *stream, void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  run_in_thread (stream, (Transfer) {.buffer = buffer, .count = count}, io_priority, cancellable, callback, user_data, read_thread, "pg_stream_read_in_thread");
}

gpointer
pg_stream_get_target (GAsyncResult *result)
{
  return g_async_result_is_tagged (result, read_thread) ? ((const Transfer *) g_task_get_task_data (G_TASK (result)))->buffer : NULL;
}

void
pg_stream_write_in_thread (GOutputStream *stream, const void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  run_in_thread (stream, (Transfer) {.data = buffer, .count = count}, io_priority, cancellable, callback, user_data, write_thread, "pg_stream_write_in_thread");
}

void
pg_stream_close_in_thread (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  run_in_thread (stream, (Transfer) {.data = NULL}, io_priority, cancellable, callback, user_data, close_thread, "pg_stream_close_in_thread");
}

void
pg_stream_flush_in_thread (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  run_in_thread (stream, (Transfer) {.data = NULL}, io_priority, cancellable, callback, user_data, flush_thread, "pg_stream_flush_in_thread");
}

void
pg_stream_keep_outcome (gpointer stream, gpointer task)
{
  if (G_IS_TASK (task) && g_task_get_source_object (task) == stream)
    g_task_set_check_cancellable (task, FALSE);
}
