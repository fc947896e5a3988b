/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-private.h"

/* g_output_stream_splice() closes its target also when reading from the source has failed, and for a COPY to be closed is to succeed. So it is given the
 * source through this filter, which remembers that it has failed. */

#define PG_TYPE_COPY_SOURCE (pg_copy_source_get_type ())
G_DECLARE_FINAL_TYPE (PgCopySource, pg_copy_source, PG, COPY_SOURCE, GFilterInputStream)

struct _PgCopySource
{
  GFilterInputStream parent_instance;
  GError *error;
};

G_DEFINE_FINAL_TYPE (PgCopySource, pg_copy_source, G_TYPE_FILTER_INPUT_STREAM)

static GInputStream *
get_base (gpointer self)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self));
}

static gssize
note (gpointer self, gssize n, GError *failure, GError **error)
{
  PgCopySource *source = self;

  if (failure == NULL)
    return n;
  if (source->error == NULL)
    source->error = g_error_copy (failure);
  g_propagate_error (error, failure);
  return n;
}

static gssize
pg_copy_source_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;
  gssize n = g_input_stream_read (get_base (stream), buffer, count, cancellable, &failure);

  return note (stream, n, failure, error);
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, n);
}

static void
pg_copy_source_read_async (GInputStream *stream, void *buffer, gsize count, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (stream, cancellable, callback, user_data);

  g_task_set_source_tag (task, pg_copy_source_read_async);
  g_task_set_check_cancellable (task, FALSE);
  g_input_stream_read_async (get_base (stream), buffer, count, io_priority, cancellable, on_read, task);
}

static gssize
pg_copy_source_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  GError *failure = NULL;
  gssize n = g_task_propagate_int (G_TASK (result), &failure);

  return note (stream, n, failure, error);
}

static void
pg_copy_source_finalize (GObject *object)
{
  g_clear_error (&PG_COPY_SOURCE (object)->error);
  G_OBJECT_CLASS (pg_copy_source_parent_class)->finalize (object);
}

static void
pg_copy_source_class_init (PgCopySourceClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pg_copy_source_finalize;
  stream_class->read_fn = pg_copy_source_read;
  stream_class->read_async = pg_copy_source_read_async;
  stream_class->read_finish = pg_copy_source_read_finish;
}

static void
pg_copy_source_init (PgCopySource *self)
{
}

GInputStream *
pg_copy_source_new (GInputStream *source, gboolean closes)
{
  return g_object_new (PG_TYPE_COPY_SOURCE, "base-stream", source, "close-base-stream", closes, NULL);
}

const GError *
pg_copy_source_get_error (GInputStream *self)
{
  return PG_COPY_SOURCE (self)->error;
}
