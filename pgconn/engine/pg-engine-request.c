/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <string.h>

gpointer
pg_request_alloc (const PgRequestClass *klass)
{
  /* Not g_malloc0(): glibc's calloc() does not use the cache that free() fills, and takes several times as long. */
  PgRequest *self = memset (g_malloc (klass->size), 0, klass->size);

  g_atomic_ref_count_init (&self->ref_count);
  self->klass = klass;
  self->deadline = -1;
  self->link.data = self;
  return self;
}

gpointer
pg_request_alloc_part (const PgRequestClass *klass, PgStream *stream)
{
  PgRequest *self = pg_request_alloc (klass);

  self->stream = pg_stream_ref (stream);
  return self;
}

PgRequest *
pg_request_ref (PgRequest *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_request_unref (PgRequest *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->klass->finalize != NULL)
    self->klass->finalize (self);
  g_clear_pointer (&self->stream, pg_stream_unref);
  g_clear_error (&self->error);
  g_free (self);
}

void
pg_request_set_data (PgRequest *self, gpointer data)
{
  self->data = data;
}

gpointer
pg_request_get_data (PgRequest *self)
{
  return self->data;
}

gboolean
pg_request_is_done (PgRequest *self)
{
  return g_atomic_int_get (&self->done);
}

gboolean
pg_request_get_outcome (PgRequest *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->error);
  return FALSE;
}

PgDiagnostic *
pg_request_get_diagnostic (PgRequest *self)
{
  return self->error != NULL && self->error->domain == PG_ERROR ? pg_error_get_diagnostic (self->error) : NULL;
}

void
pg_request_set_deadline (PgRequest *self, gint64 deadline)
{
  self->deadline = deadline;
}

gboolean
pg_request_is_unstoppable (PgRequest *self)
{
  return self->klass->unstoppable;
}

void
pg_request_fail (PgRequest *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}
