/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <pgconn/engine/pg-pipe-private.h>
#include <unistd.h>

struct _PgWorker
{
  gatomicrefcount ref_count; /* the engine's and the thread's */
  PgWorkerFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GCancellable *cancellable;
  gint done; /* atomic */
  int fds[2];
};

static void
pg_worker_unref (PgWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->data_free != NULL)
    self->data_free (self->data);
  g_object_unref (self->cancellable);
  close (self->fds[0]);
  close (self->fds[1]);
  g_free (self);
}

static gpointer
pg_worker_thread (gpointer data)
{
  PgWorker *self = data;

  self->func (self->data, self->cancellable);
  g_atomic_int_set (&self->done, 1);
  pg_pipe_write (self->fds[1]);
  pg_worker_unref (self);
  return NULL;
}

PgWorker *
pg_worker_new (PgWorkerFunc func, gpointer data, GDestroyNotify data_free, GError **error)
{
  PgWorker *self = g_new0 (PgWorker, 1);
  GThread *thread;

  g_atomic_ref_count_init (&self->ref_count);
  self->func = func;
  self->data = data;
  self->data_free = data_free;
  if (!pg_pipe_open (self->fds, error))
    {
      if (data_free != NULL)
        data_free (data);
      g_free (self);
      return NULL;
    }
  self->cancellable = g_cancellable_new ();
  g_atomic_ref_count_inc (&self->ref_count);
  thread = g_thread_try_new ("pg-worker", pg_worker_thread, self, error);
  if (thread == NULL)
    {
      pg_worker_unref (self);
      pg_worker_unref (self);
      return NULL;
    }
  g_thread_unref (thread);
  return self;
}

gboolean
pg_worker_is_done (PgWorker *self)
{
  return g_atomic_int_get (&self->done);
}

int
pg_worker_get_fd (PgWorker *self)
{
  return self->fds[0];
}

gpointer
pg_worker_get_data (PgWorker *self)
{
  return self->data;
}

void
pg_worker_release (PgWorker *self)
{
  g_cancellable_cancel (self->cancellable);
  pg_worker_unref (self);
}
