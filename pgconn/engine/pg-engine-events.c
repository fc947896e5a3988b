/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

/* What the server says without being asked, until the public classes emit it. */

/* A flood of RAISE NOTICE within one call must not fill the memory: the oldest go. Notifications are never dropped. */
#define MAX_NOTICES 10000

void
pg_event_free (PgEvent *event)
{
  g_clear_pointer (&event->diagnostic, pg_diagnostic_unref);
  g_free (event->channel);
  g_free (event->payload);
  g_clear_error (&event->error);
  g_free (event);
}

PgEvent *
pg_engine_pop_event (PgEngine *self)
{
  PgEvent *event;

  g_mutex_lock (&self->lock);
  event = g_queue_pop_head (&self->events);
  if (event != NULL && event->type == PG_EVENT_NOTICE)
    self->n_notices--;
  g_mutex_unlock (&self->lock);
  return event;
}

static gboolean
is_notice (gconstpointer event, gconstpointer unused)
{
  return ((const PgEvent *) event)->type != PG_EVENT_NOTICE;
}

void
pg_engine_push_event (PgEngine *self, PgEvent *event)
{
  g_mutex_lock (&self->lock);
  if (event->type == PG_EVENT_NOTICE && self->n_notices++ >= MAX_NOTICES)
    {
      GList *oldest = g_queue_find_custom (&self->events, NULL, (GCompareFunc) is_notice);

      if (oldest != NULL)
        {
          pg_event_free (oldest->data);
          g_queue_delete_link (&self->events, oldest);
          self->n_notices--;
        }
    }
  g_queue_push_tail (&self->events, event);
  g_mutex_unlock (&self->lock);
}

gboolean
pg_diagnostic_is_fatal (PgDiagnostic *diagnostic)
{
  const char *severity = diagnostic != NULL ? pg_diagnostic_get_severity_nonlocalized (diagnostic) : NULL;

  return g_strcmp0 (severity, "FATAL") == 0 || g_strcmp0 (severity, "PANIC") == 0;
}

void
pg_engine_take_fatal (PgEngine *self, PgDiagnostic *diagnostic)
{
  if (!pg_diagnostic_is_fatal (diagnostic))
    return;
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->last_fatal, pg_diagnostic_unref);
  self->last_fatal = pg_diagnostic_ref (diagnostic);
  g_mutex_unlock (&self->lock);
}

void
pg_engine_notice_receiver (void *arg, const PGresult *result)
{
  PgEngine *self = arg;
  PgEvent *event = g_new0 (PgEvent, 1);

  event->type = PG_EVENT_NOTICE;
  event->diagnostic = pg_diagnostic_new_from_result (result);
  /* What the server says when it ends an idle session arrives as a notice: it is why the connection is lost. */
  pg_engine_take_fatal (self, event->diagnostic);
  pg_engine_push_event (self, event);
}

void
pg_engine_take_notifications (PgEngine *self)
{
  PGnotify *notify;

  while ((notify = PQnotifies (self->conn)) != NULL)
    {
      PgEvent *event = g_new0 (PgEvent, 1);

      event->type = PG_EVENT_NOTIFICATION;
      event->channel = g_strdup (notify->relname);
      event->payload = g_strdup (notify->extra);
      event->pid = notify->be_pid;
      PQfreemem (notify);
      pg_engine_push_event (self, event);
    }
}
