/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>

PgEngine *
pg_engine_new (void)
{
  PgEngine *self = g_new0 (PgEngine, 1);

  self->fd = -1;
  self->queue_deadline = -1;
  self->transaction_status = PG_TRANSACTION_STATUS_UNKNOWN;
  self->options.read_only = PG_TRISTATE_DEFAULT;
  self->options.deferrable = PG_TRISTATE_DEFAULT;
  self->options.prepare_threshold = 5;
  self->options.prepared_max = 100;
  self->options.cancel_timeout = 5000;
  g_queue_init (&self->queue);
  g_queue_init (&self->following);
  g_queue_init (&self->unfinished);
  g_queue_init (&self->completed);
  g_queue_init (&self->events);
  g_mutex_init (&self->lock);
  self->statements = pg_statements_new ();
  return self;
}

void
pg_engine_free (PgEngine *self)
{
  pg_engine_close (self);
  while (self->completed.head != NULL)
    pg_request_unref (pg_engine_pop_completed (self));
  g_queue_clear_full (&self->events, (GDestroyNotify) pg_event_free);
  pg_statements_free (self->statements);
  g_clear_pointer (&self->last_diagnostic, pg_diagnostic_unref);
  g_clear_pointer (&self->last_fatal, pg_diagnostic_unref);
  g_clear_error (&self->pipeline_loss);
  g_free (self->conninfo);
  g_free (self->sent);
  g_mutex_clear (&self->lock);
  g_free (self);
}

PgEngineOptions *
pg_engine_get_options (PgEngine *self)
{
  return &self->options;
}

PgEngineState
pg_engine_get_state (PgEngine *self)
{
  return g_atomic_int_get (&self->state);
}

void
pg_engine_set_state (PgEngine *self, PgEngineState state)
{
  g_atomic_int_set (&self->state, state);
}

PgTransactionStatus
pg_engine_get_transaction_status (PgEngine *self)
{
  return g_atomic_int_get (&self->transaction_status);
}

guint
pg_engine_get_n_ends (PgEngine *self)
{
  return (guint) g_atomic_int_get (&self->n_ends);
}

int
pg_engine_get_server_version (PgEngine *self)
{
  return g_atomic_int_get (&self->server_version);
}

int
pg_engine_get_backend_pid (PgEngine *self)
{
  return g_atomic_int_get (&self->backend_pid);
}

int
pg_engine_get_fd (PgEngine *self)
{
  return g_atomic_int_get (&self->fd);
}

guint
pg_engine_get_serial (PgEngine *self)
{
  return g_atomic_int_get (&self->serial);
}

char *
pg_engine_dup_conninfo (PgEngine *self)
{
  char *conninfo;

  g_mutex_lock (&self->lock);
  conninfo = g_strdup (self->conninfo);
  g_mutex_unlock (&self->lock);
  return conninfo;
}

PgDiagnostic *
pg_engine_dup_last_diagnostic (PgEngine *self)
{
  PgDiagnostic *diagnostic;

  g_mutex_lock (&self->lock);
  diagnostic = self->last_diagnostic != NULL ? pg_diagnostic_ref (self->last_diagnostic) : NULL;
  g_mutex_unlock (&self->lock);
  return diagnostic;
}

void
pg_engine_set_pipeline_loss (PgEngine *self, const GError *reason)
{
  g_mutex_lock (&self->lock);
  g_clear_error (&self->pipeline_loss);
  self->pipeline_loss = reason != NULL ? g_error_copy (reason) : NULL;
  g_mutex_unlock (&self->lock);
}

GError *
pg_engine_closed_error (PgEngine *self)
{
  GError *loss;

  /* In a pipeline nobody may have seen the error of the call that was on its way. */
  g_mutex_lock (&self->lock);
  loss = self->pipeline_loss != NULL ? g_error_copy (self->pipeline_loss) : NULL;
  g_mutex_unlock (&self->lock);
  if (loss != NULL)
    return loss;
  switch (pg_engine_get_state (self))
    {
    case PG_ENGINE_NEW:
    case PG_ENGINE_CONNECTING:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, _ ("the connection is not open yet"));
    case PG_ENGINE_BROKEN:
    case PG_ENGINE_CLOSED:
    case PG_ENGINE_OPEN:
    default:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the connection is closed"));
    }
}

/* --- asked by any thread --- */

guint
pg_engine_ask_cancel (PgEngine *self)
{
  guint last;

  if (pg_engine_get_serial (self) == 0)
    return 0;
  /* A pipeline is one thing: all that was started. */
  if (pg_engine_get_pipeline_status (self) != PG_PIPELINE_STATUS_OFF)
    last = (guint) g_atomic_int_get (&self->last_serial);
  else
    last = (guint) g_atomic_int_get (&self->last_meant);
  g_atomic_int_set (&self->asked_cancel, (gint) last);
  return last;
}

guint
pg_engine_ask_stop (PgEngine *self)
{
  const guint last = pg_engine_ask_cancel (self);

  /* Behind it: who sees this one has seen that, or will. */
  if (last != 0)
    g_atomic_int_set (&self->asked_stop, (gint) last);
  return last;
}

gboolean
pg_engine_is_executing (PgEngine *self, guint last)
{
  const guint serial = pg_engine_get_serial (self);

  return serial != 0 && !pg_serial_is_after (serial, last);
}

void
pg_engine_ask_close (PgEngine *self)
{
  g_atomic_int_set (&self->asked_close, 1);
}

gboolean
pg_engine_is_asked_to_close (PgEngine *self)
{
  return g_atomic_int_get (&self->asked_close) != 0;
}

gboolean
pg_engine_is_asked (PgEngine *self)
{
  return g_atomic_int_get (&self->asked_close) != 0 || g_atomic_int_get (&self->asked_cancel) != 0;
}
