/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

/* The running request, one round trip after another. */

/* One round trip of the engine's own after the request's last one; what becomes of it does not matter. */
static gboolean
send_own (PgEngine *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  self->barrier = TRUE;
  /* A request that was stopped has no deadline of its own any more. */
  if (self->current->abort != PG_ABORT_NONE)
    pg_cancel_fence (self);
  if (pg_trip_begin (self, FALSE, &error) && pg_trip_query (self, PG_TAG_BARRIER, sql, &error) && pg_trip_end (self, &error))
    {
      self->in_trip = TRUE;
      return TRUE;
    }
  pg_engine_lost (self, g_steal_pointer (&error));
  return FALSE;
}

/* TRUE when the request has ended. It may still end well here: what the server has done is reported as done, whatever was asked meanwhile. */
static gboolean
settle (PgEngine *self)
{
  PgRequest *request = self->current;

  if (!self->restored && pg_engine_encoding_was_changed (self))
    {
      self->restored = TRUE;
      if (request->resume != PG_RESUME_SETTLE)
        pg_engine_take_encoding (self);
      return !send_own (self, "SET client_encoding TO 'UTF8'");
    }
  if (request->error == NULL && !request->last_trip && request->abort != PG_ABORT_NONE)
    pg_request_fail (request, pg_request_abort_error (request));
  pg_engine_end_current (self);
  return TRUE;
}

/* Everything sent is answered. TRUE when the request is over, FALSE to send more. */
static gboolean
after_trip (PgEngine *self, gboolean *waiting)
{
  PgRequest *request = self->current;

  if (PQstatus (self->conn) == CONNECTION_BAD)
    {
      pg_engine_lost (self, NULL);
      return TRUE;
    }
  if (!self->barrier && !request->taken && request->klass->answered != NULL)
    request->klass->answered (request, self);
  request->taken = TRUE;
  if (request->last_trip && request->error == NULL)
    request->complete = TRUE;
  if (self->cancel.phase != PG_CANCEL_OFF)
    {
      gboolean in_flight = pg_cancel_step (self, TRUE);

      if (self->current != request)
        return TRUE;
      if (in_flight)
        {
          *waiting = TRUE;
          return FALSE;
        }
      self->cancel.phase = PG_CANCEL_OFF;
    }
  if (self->cancel.used)
    {
      /* The fence: the cancel request's connection is closed, so its signal has been sent; an empty statement takes it in case it is still
       * on its way, as it can be behind a connection pooler. */
      self->cancel.used = FALSE;
      return !send_own (self, "");
    }
  self->mending = !self->restored && request->klass->mend != NULL && request->klass->mend (request, self);
  if (self->mending)
    {
      self->barrier = FALSE;
      return FALSE;
    }
  if (self->barrier || request->abort != PG_ABORT_NONE)
    return settle (self);
  if (request->error != NULL && request->klass->retry != NULL && request->klass->retry (request, self))
    {
      g_clear_error (&request->error);
      request->last_trip = FALSE;
      return FALSE;
    }
  /* What follows is read as UTF-8. */
  if (request->error == NULL && request->last_trip && request->klass->more != NULL && !pg_engine_encoding_was_changed (self)
      && request->klass->more (request, self))
    return FALSE;
  if (request->error != NULL || request->last_trip)
    return settle (self);
  return FALSE;
}

static gboolean
send_trip (PgEngine *self)
{
  PgRequest *request = self->current;
  g_autoptr (GError) error = NULL;
  PgStep step;

  request->taken = FALSE;
  step = request->klass->step (request, self, &error);
  switch (step)
    {
    case PG_STEP_LAST:
      request->last_trip |= !self->mending;
      G_GNUC_FALLTHROUGH;
    case PG_STEP_SENT:
      /* Of one that was stopped nothing lasts longer than the rest of the server's time. */
      if (self->mending && request->abort != PG_ABORT_NONE)
        pg_cancel_fence (self);
      self->in_trip = TRUE;
      return FALSE;
    case PG_STEP_DONE:
      request->last_trip = TRUE;
      pg_engine_end_current (self);
      return TRUE;
    case PG_STEP_ERROR:
    default:
      /* A connection that is lost has a better reason than what libpq says of the sending. */
      if (self->conn == NULL || PQstatus (self->conn) != CONNECTION_BAD)
        pg_request_fail (request, g_steal_pointer (&error));
      /* What got out before the failure is answered first. */
      if (self->n_sent > 0)
        {
          self->in_trip = TRUE;
          return FALSE;
        }
      if (self->conn != NULL && PQstatus (self->conn) == CONNECTION_BAD)
        pg_engine_lost (self, NULL);
      else
        pg_engine_end_current (self);
      return TRUE;
    }
}

/* One that was stopped for itself has that of the cancel request. */
static gboolean
has_time_limit (PgRequest *request)
{
  return request->abort == PG_ABORT_NONE || request->abort == PG_ABORT_ASKED;
}

/* cancel(): before anything else is sent, as that is not meant. */
static void
take_asked (PgEngine *self)
{
  guint last;

  /* Else it is looked at where the next request is taken from the queue, and between two calls of a stream. */
  if (self->current == NULL && (self->section.level == 0 || pg_engine_is_streaming (self)))
    return;
  last = pg_cancel_take_asked (self, self->current != NULL ? self->current->serial : 0);
  if (last != 0 && self->current != NULL)
    pg_cancel_meant (self, last);
}

/* TRUE when the running request has ended. */
static gboolean
advance (PgEngine *self)
{
  PgRequest *request = self->current;
  PgRequest *awaited;

  take_asked (self);
  pg_cancel_take_stop (self);
  if (request->deadline >= 0 && has_time_limit (request) && g_get_monotonic_time () >= request->deadline)
    pg_engine_abort_current (self, PG_ABORT_TIMED_OUT);
  awaited = pg_section_get_awaited (self);
  if (awaited != NULL && awaited->deadline >= 0 && has_time_limit (awaited) && g_get_monotonic_time () >= awaited->deadline)
    pg_section_interrupt (self, awaited, PG_ABORT_TIMED_OUT);

  if (request->klass->poll != NULL)
    {
      if (!request->klass->poll (request, self))
        return FALSE;
      pg_engine_end_current (self);
      return TRUE;
    }

  for (;;)
    {
      gboolean waiting = FALSE;

      if (!self->in_trip)
        {
          if (request->abort != PG_ABORT_NONE && !self->mending && !request->klass->unstoppable)
            {
              if (settle (self))
                return TRUE;
            }
          else if (send_trip (self))
            {
              return TRUE;
            }
        }
      if (pg_engine_is_streaming (self))
        switch (pg_stream_advance (self))
          {
          case PG_STREAM_WAIT:
            return FALSE;
          case PG_STREAM_DONE:
            pg_engine_end_current (self);
            return TRUE;
          case PG_STREAM_END:
          default:
            break;
          }
      if (self->n_sent > 0)
        {
          gboolean answered;

          /* In a pipeline pg_section_send() has done so. */
          if (!self->section.open)
            pg_trip_flush (self);
          answered = pg_trip_receive (self);
          if (self->current != request)
            return TRUE;
          if (!answered && pg_engine_is_streaming (self))
            continue;
          if (!answered)
            {
              if (self->cancel.phase != PG_CANCEL_OFF)
                {
                  const gboolean of_another = self->cancel.serial != request->serial;

                  if (!pg_cancel_step (self, of_another) && of_another && self->current == request)
                    self->cancel.phase = PG_CANCEL_OFF;
                }
              return self->current != request;
            }
        }
      self->in_trip = FALSE;
      if (after_trip (self, &waiting))
        return TRUE;
      if (waiting)
        {
          self->in_trip = TRUE;
          return FALSE;
        }
    }
}

void
pg_engine_step (PgEngine *self, PgReady ready)
{
  if (g_atomic_int_get (&self->asked_close) != 0)
    {
      pg_engine_close (self);
      return;
    }
  if (self->current == NULL && pg_engine_is_streaming (self))
    ready &= ~PG_READY_SOCKET;
  if ((ready & PG_READY_SOCKET) != 0 && self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN && !pg_trip_consume (self)
      && self->current == NULL)
    {
      pg_engine_lost (self, NULL);
      return;
    }
  pg_engine_time_out_queue (self);
  for (;;)
    {
      take_asked (self);
      pg_section_send (self);
      if (self->current == NULL)
        {
          PgRequest *request;

          /* A FATAL that ends an idle session is only parsed when somebody asks. */
          if ((ready & PG_READY_SOCKET) != 0 && self->conn != NULL)
            {
              PQisBusy (self->conn);
              if (PQstatus (self->conn) == CONNECTION_BAD)
                {
                  pg_engine_lost (self, NULL);
                  return;
                }
            }
          if (pg_group_resume (self))
            {
              if (!advance (self))
                break;
              continue;
            }
          if (pg_engine_is_streaming (self))
            pg_cancel_step_idle (self);
          if (!self->section.open)
            pg_cancel_drop_meant (self);
          request = self->section.open ? NULL : pg_engine_next_request (self);
          if (request == NULL)
            {
              /* What it was for has ended: asked for still, the main-loop driver would look for it for ever. */
              if (!pg_engine_is_streaming (self) && !(self->section.open && self->queue.length > 0))
                {
                  g_atomic_int_set (&self->asked_cancel, 0);
                  g_atomic_int_set (&self->asked_stop, 0);
                  g_atomic_int_set (&self->serial, 0);
                }
              break;
            }
          request->queued = FALSE;
          pg_cancel_mean_only (self, request);
          pg_engine_set_running (self, request);
          if (request->stream != NULL && request->stream != self->stream)
            {
              pg_stream_fail_late (self, request);
              pg_engine_end_current (self);
              continue;
            }
          if (request->stream != NULL)
            pg_cancel_resume (self);
          if (request->klass->poll == NULL && pg_engine_get_state (self) != PG_ENGINE_OPEN)
            {
              pg_request_fail (request, pg_engine_closed_error (self));
              pg_engine_end_current (self);
              continue;
            }
          pg_group_send (self);
        }
      if (!advance (self))
        break;
    }
  if (self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN)
    {
      /* What comes behind the last answer is only parsed when somebody asks. */
      if (self->has_read || self->current == NULL)
        pg_engine_take_notifications (self);
      self->has_read = FALSE;
      if (self->current != NULL)
        pg_engine_update_transaction_status (self);
    }
}

void
pg_engine_get_wait (PgEngine *self, PgWait *wait)
{
  PgRequest *awaited;

  wait->n_fds = 0;
  wait->deadline = -1;
  /* Between two calls what the server sends waits with the server. */
  if (self->current == NULL && pg_engine_is_streaming (self))
    {
      if (self->queue.length > 0)
        pg_earlier (&wait->deadline, self->queue_deadline);
      if (pg_cancel_get_fd (self, &wait->fds[0].fd, &wait->fds[0].condition))
        {
          wait->n_fds = 1;
          pg_earlier (&wait->deadline, self->cancel.deadline);
        }
      return;
    }
  if (self->current != NULL && self->current->deadline >= 0 && has_time_limit (self->current))
    wait->deadline = self->current->deadline;
  if (self->queue.length > 0)
    pg_earlier (&wait->deadline, self->queue_deadline);
  awaited = pg_section_get_awaited (self);
  if (awaited != NULL && has_time_limit (awaited))
    pg_earlier (&wait->deadline, awaited->deadline);

  if (self->connect != NULL)
    {
      if (pg_connect_get_fd (self, &wait->fds[0].fd, &wait->fds[0].condition))
        wait->n_fds = 1;
      pg_earlier (&wait->deadline, pg_connect_get_deadline (self));
      return;
    }
  if (self->conn == NULL)
    return;
  wait->fds[0].fd = self->fd;
  wait->fds[0].condition = G_IO_IN | (self->want_write ? G_IO_OUT : 0);
  wait->n_fds = 1;
  if (self->cancel.phase != PG_CANCEL_OFF)
    {
      if (pg_cancel_get_fd (self, &wait->fds[1].fd, &wait->fds[1].condition))
        wait->n_fds = 2;
      pg_earlier (&wait->deadline, pg_cancel_get_deadline (self));
    }
}
