/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <pgconn/pg-init-private.h>
#include <unistd.h>

/* The life of a request: it waits in the queue, runs, and is completed; and the ways in which all of them end at once. */

GError *
pg_engine_abort_error (PgAbort abort)
{
  switch (abort)
    {
    case PG_ABORT_TIMED_OUT:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _ ("the operation has timed out"));
    case PG_ABORT_ASKED:
      return pg_error_new_own ("57014", _ ("the statement was cancelled before it began"));
    case PG_ABORT_NONE:
    case PG_ABORT_CANCELLED:
    default:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the operation was cancelled"));
    }
}

GError *
pg_request_abort_error (PgRequest *self)
{
  if (self->abort != PG_ABORT_ASKED || self->stream == NULL)
    return pg_engine_abort_error (self->abort);
  switch (self->stream->kind)
    {
    case PG_STREAM_MANY:
      return pg_error_new_own ("57014", _ ("the statement was cancelled before it was executed with all sets of parameters"));
    case PG_STREAM_COPY_IN:
      return pg_error_new_own ("57014", _ ("the copy was cancelled before its end"));
    case PG_STREAM_NONE:
    case PG_STREAM_COPY_OUT:
    case PG_STREAM_ROWS:
    default:
      return pg_error_new_own ("57014", _ ("the statement was cancelled before all that it gives was read"));
    }
}

/* A request is in one of the two queues at a time, by its own link. */
static PgRequest *
pop_request (GQueue *queue)
{
  GList *link = g_queue_pop_head_link (queue);

  return link != NULL ? link->data : NULL;
}

void
pg_engine_note_failure (PgEngine *self, PgRequest *request)
{
  PgDiagnostic *diagnostic = pg_request_get_diagnostic (request);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->last_diagnostic, pg_diagnostic_unref);
  self->last_diagnostic = diagnostic != NULL ? pg_diagnostic_ref (diagnostic) : NULL;
  g_mutex_unlock (&self->lock);
}

static void
end_request (PgEngine *self, PgRequest *request)
{
  g_atomic_int_set (&request->done, TRUE);
  if (request->internal)
    {
      pg_request_unref (request);
      return;
    }
  if (request->error != NULL)
    pg_engine_note_failure (self, request);
  /* The end of a pipeline. */
  if (request->klass->unstoppable)
    pg_engine_set_pipeline_loss (self, NULL);
  g_queue_push_tail_link (&self->completed, &request->link);
}

void
pg_engine_update_transaction_status (PgEngine *self)
{
  PgTransactionStatus status = PG_TRANSACTION_STATUS_UNKNOWN;

  if (self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN)
    status = self->section.open ? PG_TRANSACTION_STATUS_ACTIVE : (PgTransactionStatus) PQtransactionStatus (self->conn);
  if (status != (PgTransactionStatus) self->transaction_status)
    g_atomic_int_set (&self->transaction_status, status);
}

void
pg_engine_end_request (PgEngine *self, PgRequest *request)
{
  if (request->error != NULL && request->error->domain == PG_ERROR
      && (request->error->code == PG_ERROR_QUERY_CANCELED || request->error->code == PG_ERROR_PIPELINE_ABORTED)
      && (request->abort == PG_ABORT_CANCELLED || request->abort == PG_ABORT_TIMED_OUT))
    {
      g_error_free (request->error);
      request->error = pg_engine_abort_error (request->abort);
    }
  pg_engine_update_transaction_status (self);
  pg_stream_note_error (self, request);
  end_request (self, request);
}

void
pg_engine_publish_idle (PgEngine *self)
{
  guint serial = 0;

  if (pg_engine_is_streaming (self))
    serial = self->stream->serial;
  else if (self->section.level > 0 && self->queue.head != NULL)
    serial = ((PgRequest *) self->queue.head->data)->serial;
  g_atomic_int_set (&self->serial, (gint) serial);
}

void
pg_engine_end_current (PgEngine *self)
{
  PgRequest *request = g_steal_pointer (&self->current);

  /* What was asked for between two calls of a stream stays. */
  if (!pg_engine_is_streaming (self))
    pg_cancel_clear (self);
  self->barrier = FALSE;
  self->restored = FALSE;
  self->is_other_encoding = FALSE;
  self->mending = FALSE;
  pg_engine_publish_idle (self);
  pg_engine_end_request (self, request);
}

/* Whoever has the stream open might wait for the request, and the request for the stream. */
static void
refuse (PgEngine *self, PgRequest *request)
{
  request->queued = FALSE;
  g_queue_unlink (&self->queue, &request->link);
  if (request->klass->unstoppable)
    {
      GError *error = NULL;

      /* Nothing of the pipeline is on its way while there is a stream: nothing is sent for it. */
      request->klass->step (request, self, &error);
      if (error != NULL)
        pg_request_fail (request, error);
    }
  else
    {
      pg_request_fail (request, pg_engine_streaming_error (self));
    }
  end_request (self, request);
}

/* Somebody has asked for the end of the open stream. */
static gboolean
is_ending (PgEngine *self)
{
  if (self->stream->kind == PG_STREAM_MANY || (self->current != NULL && self->current->klass->ends_stream))
    return TRUE;
  for (GList *l = self->queue.head; l != NULL; l = l->next)
    {
      PgRequest *request = l->data;

      if (request->klass->ends_stream && request->stream == self->stream)
        return TRUE;
    }
  return FALSE;
}

/* One that is done in any case is not to wait any more: what is before it is stopped. */
static void
hurry (PgEngine *self, PgRequest *request, PgAbort abort)
{
  PgAbort dropped = PG_ABORT_NONE;

  request->abort = abort;
  request->deadline = -1;
  for (GList *l = self->queue.head, *next; l->data != request; l = next)
    {
      PgRequest *other = l->data;

      next = l->next;
      /* The end of another pipeline, which what was dropped belongs to. */
      if (other->klass->unstoppable && dropped != PG_ABORT_NONE)
        {
          other->bereft = dropped;
          dropped = PG_ABORT_NONE;
        }
      if (other->stream != NULL || other->klass->unstoppable)
        continue;
      dropped = abort;
      other->queued = FALSE;
      g_queue_unlink (&self->queue, l);
      pg_request_fail (other, pg_engine_abort_error (abort));
      /* In a section that is open the server would not skip what was sent. */
      if (self->section.level > 0 && !self->section.open)
        pg_section_note_error (self, other->error);
      end_request (self, other);
    }
  if (dropped != PG_ABORT_NONE)
    request->bereft = dropped;
  if (self->current != NULL && self->section.level > 0)
    pg_section_stop (self, abort);
}

PgRequest *
pg_engine_next_request (PgEngine *self)
{
  gboolean waits;

  if (self->stream == NULL)
    return pop_request (&self->queue);
  waits = is_ending (self);
  /* What is no part of it is refused, or waits when the end has been asked for; what is a part of another one finds that over. */
  for (GList *l = self->queue.head, *next; l != NULL; l = next)
    {
      PgRequest *request = l->data;

      next = l->next;
      if (request->stream == NULL)
        {
          if ((!waits || request->klass->unstoppable) && !pg_section_is_gap (request))
            refuse (self, request);
          continue;
        }
      g_queue_unlink (&self->queue, l);
      return request;
    }
  return NULL;
}

PgRequest *
pg_engine_pop_completed (PgEngine *self)
{
  return pop_request (&self->completed);
}

gboolean
pg_engine_has_news (PgEngine *self)
{
  return self->completed.length > 0 || self->events.length > 0;
}

void
pg_earlier (gint64 *deadline, gint64 other)
{
  if (other >= 0 && (*deadline < 0 || other < *deadline))
    *deadline = other;
}

gint64
pg_engine_make_deadline (PgEngine *self)
{
  const guint timeout = self->options.timeout;

  return timeout > 0 ? g_get_monotonic_time () + (gint64) timeout * 1000 : -1;
}

gint64
pg_engine_set_deadline (PgEngine *self, PgRequest *request)
{
  if (request->deadline < 0)
    request->deadline = pg_engine_make_deadline (self);
  return request->deadline;
}

void
pg_engine_submit (PgEngine *self, PgRequest *request)
{
  if (request->deadline < 0)
    pg_engine_set_deadline (self, request);
  pg_earlier (&self->queue_deadline, request->deadline);
  pg_request_ref (request);
  request->queued = TRUE;
  if (request->stream == NULL)
    pg_request_number (request, self);
  g_queue_push_tail_link (&self->queue, &request->link);
  /* What is done in any case does not wait for whoever has the stream open: that may be who waits for it. */
  if (request->stream == NULL && pg_engine_is_streaming (self) && (request->klass->unstoppable || !is_ending (self)))
    refuse (self, request);
}

/* Ends the requests that have waited for too long. */
void
pg_engine_time_out_queue (PgEngine *self)
{
  gint64 now;

  if (self->queue_deadline < 0 || (now = g_get_monotonic_time ()) < self->queue_deadline)
    return;
  self->queue_deadline = -1;
  for (GList *l = self->queue.head, *next; l != NULL; l = next)
    {
      PgRequest *request = l->data;

      next = l->next;
      if (request->klass->unstoppable && request->deadline >= 0 && now >= request->deadline)
        hurry (self, request, PG_ABORT_TIMED_OUT);
      if (request->deadline < 0 || now < request->deadline)
        {
          pg_earlier (&self->queue_deadline, request->deadline);
          continue;
        }
      request->queued = FALSE;
      g_queue_unlink (&self->queue, l);
      pg_request_fail (request, pg_engine_abort_error (PG_ABORT_TIMED_OUT));
      end_request (self, request);
    }
}

static void
fail_all (PgEngine *self, const GError *error)
{
  PgRequest *request;

  while ((request = pop_request (&self->queue)) != NULL)
    {
      request->queued = FALSE;
      pg_request_fail (request, g_error_copy (error));
      end_request (self, request);
    }
}

static void
drop_conn (PgEngine *self)
{
  g_clear_pointer (&self->connect, pg_connect_free);
  pg_cancel_clear (self);
  self->in_trip = FALSE;
  self->pipeline = FALSE;
  pg_section_lost (self);
  self->copy_out = FALSE;
  pg_stream_close (self);
  self->want_write = FALSE;
  pg_trip_clear (self);
  g_atomic_int_set (&self->fd, -1);
  self->is_openssl = FALSE;
  self->is_gss = FALSE;
  /* In a child of the process that opened it the session is still the parent's: libpq may say its farewell to nobody. */
  if (self->conn != NULL && self->owner != getpid ())
    {
      int nowhere = open ("/dev/null", O_RDWR | O_CLOEXEC);

      if (nowhere >= 0)
        {
          dup2 (nowhere, PQsocket (self->conn));
          close (nowhere);
        }
    }
  g_clear_pointer (&self->conn, PQfinish);
  g_clear_pointer (&self->last_words, g_free);
  pg_engine_update_transaction_status (self);
}

void
pg_request_fail_lost (PgRequest *self, const GError *reason)
{
  if (self->complete)
    return;
  if (self->klass->outcome_matters && self->error == NULL && self->last_trip)
    pg_request_fail (self, g_error_new (PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN,
                                        _ ("the connection was lost during COMMIT, whether it was done is not known: %s"), reason->message));
  else
    pg_request_fail (self, g_error_copy (reason));
}

/* The connection is gone; reason is why. What the server has completed is no failure. */
static void
fail_current (PgEngine *self, const GError *reason, gboolean server_said)
{
  PgRequest *request = self->current;

  if (request == NULL)
    return;
  if (server_said && !request->complete)
    pg_request_fail (request, g_error_copy (reason));
  else
    pg_request_fail_lost (request, reason);
  pg_engine_end_current (self);
}

void
pg_engine_lost (PgEngine *self, GError *error)
{
  g_autoptr (GError) reason = error;
  PgEvent *event;
  gboolean server_said = FALSE;

  if (reason == NULL && self->current != NULL && pg_diagnostic_is_fatal (pg_request_get_diagnostic (self->current)))
    {
      reason = g_error_copy (self->current->error);
      server_said = TRUE;
    }
  if (self->conn != NULL)
    {
      /* The server's last words may have been read with the end of the connection, and are only parsed when somebody asks. */
      PQisBusy (self->conn);
      pg_engine_take_notifications (self);
    }
  g_mutex_lock (&self->lock);
  if (reason == NULL && self->last_fatal != NULL)
    {
      reason = pg_error_new_from_diagnostic (self->last_fatal);
      server_said = TRUE;
    }
  g_mutex_unlock (&self->lock);
  if (reason == NULL)
    reason = pg_error_new_from_conn (self->conn, self->last_words, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  pg_debug (CONNECT, "connection lost: %s", reason->message);

  pg_engine_set_state (self, PG_ENGINE_BROKEN);
  /* For its next call. */
  if (self->stream != NULL && self->stream->error == NULL)
    self->stream->error = g_error_copy (reason);
  if (self->section.level > 0)
    pg_engine_set_pipeline_loss (self, reason);
  drop_conn (self);
  event = g_new0 (PgEvent, 1);
  event->type = PG_EVENT_DISCONNECTED;
  event->error = g_error_copy (reason);
  pg_engine_push_event (self, event);

  pg_group_fail_unfinished (self, reason);
  fail_current (self, reason, server_said);
  pg_group_fail_following (self, reason);
  fail_all (self, reason);
}

void
pg_engine_close (PgEngine *self)
{
  if (pg_engine_get_state (self) != PG_ENGINE_BROKEN)
    pg_engine_set_state (self, PG_ENGINE_CLOSED);
  g_atomic_int_set (&self->asked_close, 0);
  pg_engine_set_pipeline_loss (self, NULL);
  drop_conn (self);
  if (self->current != NULL || self->unfinished.length > 0 || self->queue.length > 0)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the connection was closed"));

      pg_group_fail_unfinished (self, error);
      fail_current (self, error, FALSE);
      pg_group_fail_following (self, error);
      fail_all (self, error);
    }
}

void
pg_engine_abort_current (PgEngine *self, PgAbort abort)
{
  PgRequest *request = self->current;

  if (request->abort == PG_ABORT_ASKED)
    {
      /* Asked again, or for good. */
      request->abort = abort;
      if (self->mending && abort != PG_ABORT_ASKED)
        pg_cancel_fence (self);
      else if (self->cancel.phase != PG_CANCEL_OFF)
        pg_cancel_renew (self);
      return;
    }
  if (request->abort != PG_ABORT_NONE)
    return;
  request->abort = abort;
  if (request->klass->poll != NULL || !self->in_trip)
    return;
  if (!self->mending)
    pg_cancel_start (self);
  else if (abort != PG_ABORT_ASKED)
    pg_cancel_fence (self);
}

void
pg_engine_cancel (PgEngine *self, PgRequest *request)
{
  if (request->done)
    return;
  if (request == self->current)
    {
      pg_engine_abort_current (self, PG_ABORT_CANCELLED);
    }
  else if (request->queued && request->klass->unstoppable)
    {
      hurry (self, request, PG_ABORT_CANCELLED);
    }
  else if (request->queued)
    {
      request->queued = FALSE;
      g_queue_unlink (&self->queue, &request->link);
      pg_request_fail (request, pg_engine_abort_error (PG_ABORT_CANCELLED));
      end_request (self, request);
    }
  else if (request->abort == PG_ABORT_NONE || request->abort == PG_ABORT_ASKED)
    {
      /* It was sent together with others, and is stopped when those before it are answered. */
      if (self->section.open && request == pg_section_get_awaited (self))
        pg_section_interrupt (self, request, PG_ABORT_CANCELLED);
      else
        request->abort = PG_ABORT_CANCELLED;
    }
}
