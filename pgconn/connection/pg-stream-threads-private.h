/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The asynchronous functions of a blocking connection's stream, in a thread: what GIO has for that takes a class with a read_async() or write_async() of its
 * own for a pollable one. GIO's own read_finish() and write_finish() give the result. */
void pg_stream_read_in_thread (GInputStream *stream, void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
/* Where that reads to, if it is the result of the former; NULL else. */
gpointer pg_stream_get_target (GAsyncResult *result);
void pg_stream_write_in_thread (GOutputStream *stream, const void *buffer, gsize count, int io_priority, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
void pg_stream_close_in_thread (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void pg_stream_flush_in_thread (GOutputStream *stream, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* As g_task_run_in_thread(), but what func does is a call of the thread that calls this. */
void pg_task_run_for_caller (GTask *task, GTaskThreadFunc func);

/* task: what GIO waits for the end of an asynchronous function with. Unless told otherwise it says that a call was cancelled although it has succeeded. */
void pg_stream_keep_outcome (gpointer stream, gpointer task);

G_END_DECLS
