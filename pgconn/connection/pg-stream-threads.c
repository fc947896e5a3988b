/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-stream-threads-private.h"

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
  g_task_run_in_thread (task, func);
}

void
pg_stream_read_in_thread (GInputStream *stream, void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  run_in_thread (stream, (Transfer) {.buffer = buffer, .count = count}, io_priority, cancellable, callback, user_data, read_thread, "pg_stream_read_in_thread");
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
pg_stream_keep_outcome (gpointer stream, gpointer task)
{
  if (G_IS_TASK (task) && g_task_get_source_object (task) == stream)
    g_task_set_check_cancellable (task, FALSE);
}
