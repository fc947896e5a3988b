/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-diagnostic.h>

/* Pipelines that the user has begun. While one is open what can be sent is sent before that which precedes it is answered, and nothing but a Sync ends it: all
 * between two of them is a section. In the section libpq is in pipeline mode; the answers come when the server likes, or when it is asked for them by a Flush. After
 * an error it skips what follows up to the Sync. See "Pipeline Mode" in the libpq chapter and "Pipelining" in the protocol chapter of the PostgreSQL manual.
 *
 * As in a group (pg-engine-group.c) the running request is the one whose answer comes next, and those behind it are in "following". Behind each member its place
 * among the answers is marked in what was sent. What cannot be sent so goes alone, behind a Sync of the engine's own; the user's error stays then until the user's
 * own Sync, COMMIT or ROLLBACK.
 *
 * The queue waits for the answer to a Sync: only then it is known whether a transaction is open, and no cancel request is on its way any more. */

/* No more than this waits in libpq's buffer before the socket is asked whether it takes it. */
#define FLUSH_EVERY (8 * 1024)
/* In one step: main loops have other things to do. */
#define MAX_MEMBERS 256

gboolean
pg_engine_is_idle (PgEngine *self)
{
  if (self->section.open)
    return !self->section.in_transaction;
  /* In a group those before it are on their way, and leave no transaction. */
  return self->grouping || PQtransactionStatus (self->conn) == PQTRANS_IDLE;
}

static gboolean
is_pipelined (PgRequest *request)
{
  return request->stream == NULL && request->klass->pipelines != NULL && request->klass->pipelines (request);
}

PgPipelineStatus
pg_engine_get_pipeline_status (PgEngine *self)
{
  return (PgPipelineStatus) g_atomic_int_get (&self->section.status);
}

static void
update_status (PgEngine *self)
{
  PgSection *section = &self->section;
  const PgPipelineStatus on = section->error != NULL ? PG_PIPELINE_STATUS_ABORTED : PG_PIPELINE_STATUS_ON;

  g_atomic_int_set (&section->status, section->level > 0 ? on : PG_PIPELINE_STATUS_OFF);
}

void
pg_section_set_level (PgEngine *self, guint level)
{
  self->section.level = level;
  update_status (self);
}

void
pg_section_note_error (PgEngine *self, const GError *error)
{
  if (self->section.error == NULL)
    self->section.error = g_error_copy (error);
  update_status (self);
}

GError *
pg_section_take_error (PgEngine *self)
{
  GError *error = g_steal_pointer (&self->section.error);

  update_status (self);
  return error;
}

static void
note_cancelled (PgEngine *self)
{
  g_autoptr (GError) error = pg_engine_abort_error (PG_ABORT_ASKED);

  pg_section_note_error (self, error);
}

GError *
pg_section_aborted_error (PgEngine *self)
{
  const GError *first = self->section.error;
  PgDiagnostic *diagnostic = first != NULL && first->domain == PG_ERROR ? pg_error_get_diagnostic (first) : NULL;

  return g_error_new (PG_ERROR, PG_ERROR_PIPELINE_ABORTED, _ ("not executed, as an earlier statement of the pipeline has failed: %s"),
                      diagnostic != NULL ? pg_diagnostic_get_message_primary (diagnostic) : first != NULL ? first->message : "");
}

void
pg_section_fail_misread (PgEngine *self, PgRequest *request)
{
  pg_request_fail (request, pg_error_new_own ("22021", _ ("client_encoding was changed in the pipeline: texts that are not ASCII may have been read in another encoding "
                                                          "than UTF-8, by the server and here")));
  pg_statements_expire_all (self->statements);
}

void
pg_section_closed (PgEngine *self)
{
  self->section.open = FALSE;
  self->section.ending = FALSE;
  self->section.bereft = FALSE;
  self->section.n_unasked = 0;
  self->section.unflushed = 0;
}

void
pg_section_lost (PgEngine *self)
{
  pg_section_closed (self);
  g_clear_error (&self->section.error);
  pg_section_set_level (self, 0);
}

/* --- sending --- */

static gboolean
open_section (PgEngine *self)
{
  if (!pg_trip_begin (self, TRUE, NULL))
    return FALSE;
  self->section.open = TRUE;
  self->section.in_transaction = PQtransactionStatus (self->conn) != PQTRANS_IDLE;
  return TRUE;
}

static void
take_place (PgEngine *self, PgRequest *request)
{
  pg_cancel_mean (self, request);
  if (self->current != NULL)
    {
      request->following = TRUE;
      g_queue_push_tail_link (&self->following, &request->link);
      return;
    }
  pg_engine_set_running (self, request);
  self->in_trip = TRUE;
}

/* Behind each member, where somebody waits: else its answer would stay with the server for as long as those behind it take. */
static void
ask (PgEngine *self)
{
  if (self->section.patient || self->section.ending || self->section.n_unasked == 0)
    return;
  PQsendFlushRequest (self->conn);
  self->section.n_unasked = 0;
}

void
pg_section_ask (PgEngine *self)
{
  if (!self->section.open || self->section.ending || self->section.n_unasked == 0)
    return;
  PQsendFlushRequest (self->conn);
  self->section.n_unasked = 0;
  self->section.unflushed = 0;
  pg_trip_flush (self);
}

/* What was started after cancel() is not meant by it: it waits until no request for those before it can strike it. */
static gboolean
is_held (PgEngine *self)
{
  return self->current != NULL && self->current->abort == PG_ABORT_ASKED;
}

/* The running request was stopped, and there is nothing to stop but the wait for its answer. */
static void
bound_wait (PgEngine *self)
{
  if (self->cancel.phase == PG_CANCEL_SENDING)
    {
      self->cancel.serial = self->current->serial;
      return;
    }
  if (self->cancel.phase == PG_CANCEL_OFF)
    self->cancel.deadline = 0;
  pg_cancel_fence (self);
}

/* FALSE where the connection is gone. */
static gboolean
send_request (PgEngine *self, PgRequest *request)
{
  PgRequest *running = self->current;
  const guint n_sent = self->n_sent;
  const gboolean ends = request->klass->ends_section;
  GError *error = NULL;
  PgStep step;

  request->taken = FALSE;
  self->current = request;
  self->grouping = !ends;
  step = request->klass->step (request, self, &error);
  self->grouping = FALSE;
  self->current = running;
  request->last_trip = step != PG_STEP_SENT || !ends;
  if (PQstatus (self->conn) == CONNECTION_BAD)
    {
      /* It has a better reason than what libpq says of the sending. */
      g_clear_error (&error);
      take_place (self, request);
      pg_engine_lost (self, NULL);
      return FALSE;
    }
  if (error != NULL)
    {
      /* What is behind it must not be committed without it. */
      if (self->n_sent > n_sent)
        pg_section_note_error (self, error);
      pg_request_fail (request, error);
    }
  if (self->n_sent == n_sent)
    {
      /* Nothing of it was sent: its own matter. */
      pg_engine_end_request (self, request);
      return TRUE;
    }
  if (ends)
    {
      self->section.ending = TRUE;
    }
  else
    {
      pg_trip_mark_member (self);
      self->section.n_unasked++;
      ask (self);
    }
  take_place (self, request);
  /* Stopped while it waited, but done in any case. */
  if (request->abort != PG_ABORT_NONE)
    pg_section_interrupt (self, request, request->abort);
  return TRUE;
}

static PgRequest *
pop (PgEngine *self)
{
  PgRequest *request = g_queue_pop_head_link (&self->queue)->data;

  request->queued = FALSE;
  return request;
}

/* FALSE where the socket takes no more, or the connection is gone, which is seen where the answers are taken. */
static gboolean
flush (PgEngine *self)
{
  const gboolean much = self->section.unflushed >= FLUSH_EVERY;

  self->section.unflushed = 0;
  if (!pg_trip_flush (self))
    return FALSE;
  /* A server whose answers nobody reads soon works at nothing more. */
  return !much || self->current == NULL || pg_trip_consume (self);
}

/* Ends the section for what cannot be in it. */
static void
send_own_sync (PgEngine *self, gboolean undo)
{
  PgRequest *request = pg_request_pipeline_own_new (undo);

  pg_engine_set_deadline (self, request);
  send_request (self, request);
}

/* What was sent since the last Sync is answered, and somebody has cancelled: what the Sync would commit is not all that was to be. */
static void
end_cancelled (PgEngine *self)
{
  const gboolean undo = self->section.error == NULL && !self->section.in_transaction;

  if (undo)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                      _ ("a call of the pipeline was cancelled, too late for itself: what was executed since the last synchronization is rolled back"));

      pg_section_note_error (self, error);
    }
  else if (self->section.bereft)
    {
      note_cancelled (self);
    }
  self->section.bereft = FALSE;
  send_own_sync (self, undo);
}

void
pg_section_bereave (PgEngine *self)
{
  /* Of those that are sent the server would not skip any. */
  if (self->section.open)
    self->section.bereft = TRUE;
  else if (self->section.level > 0)
    note_cancelled (self);
  if (self->section.bereft && self->current == NULL)
    end_cancelled (self);
}

void
pg_section_send (PgEngine *self)
{
  PgSection *section = &self->section;
  guint n = 0;

  if ((section->level == 0 && !section->open) || self->stream != NULL || (self->current != NULL && !section->open)
      || pg_engine_get_state (self) != PG_ENGINE_OPEN)
    return;
  /* Nobody else does: where the socket took the rest elsewhere, what waits for that here would not hear of it. */
  if (section->open && self->want_write)
    flush (self);
  while (self->queue.head != NULL && !section->ending)
    {
      PgRequest *request = self->queue.head->data;

      if (pg_section_is_gap (request))
        {
          pg_engine_end_request (self, pop (self));
          pg_section_bereave (self);
          continue;
        }
      /* Where one of those that are sent fails all is as after any error; but a Sync that is not waited for any longer goes out, and stops them. */
      if (section->bereft && section->error == NULL && request->abort == PG_ABORT_NONE)
        break;

      if (section->error != NULL && !request->klass->recovers && request->stream == NULL)
        {
          pop (self);
          request->refused = is_pipelined (request);
          pg_request_fail (request, pg_section_aborted_error (self));
          pg_engine_end_request (self, request);
          continue;
        }
      /* A Sync is small, and who waits for it may want to stop what keeps the server from reading. */
      if (section->open && !request->klass->ends_section && (self->want_write || (section->unflushed >= FLUSH_EVERY && !flush (self))))
        return;
      if (request->klass->ends_section || !is_pipelined (request))
        {
          /* Without a section it goes alone. */
          if (!section->open)
            return;
          if (!request->klass->ends_section)
            send_own_sync (self, FALSE);
          else if (!send_request (self, pop (self)))
            return;
          if (!section->open)
            return;
          continue;
        }
      if (is_held (self))
        break;
      if (n++ == MAX_MEMBERS)
        {
          self->want_write = TRUE;
          return;
        }
      if ((!section->open && !open_section (self)) || !send_request (self, pop (self)))
        return;
    }
  if (!section->open || self->conn == NULL)
    return;
  /* The user's last pipeline has gone. */
  if (section->level == 0 && !section->ending)
    send_own_sync (self, FALSE);
  ask (self);
  if (section->ending || !section->patient || section->unflushed >= FLUSH_EVERY)
    flush (self);
}

/* --- receiving --- */

void
pg_section_answered (PgEngine *self)
{
  PgRequest *request = self->current;
  GList *next;

  if (request->klass->answered != NULL)
    request->klass->answered (request, self);
  request->taken = TRUE;
  request->complete = request->error == NULL;
  /* It cannot be tried again before those behind it; but what was wrong is known now. */
  if (request->error != NULL && request->klass->retry != NULL)
    request->klass->retry (request, self);
  if (request->error != NULL && request->abort == PG_ABORT_NONE && self->cancel.used && g_error_matches (request->error, PG_ERROR, PG_ERROR_QUERY_CANCELED))
    g_prefix_error (&request->error, "%s", _ ("stopped by the cancel request of an earlier call of the pipeline, which came too late for that one: "));
  pg_engine_end_request (self, request);
  if (request->error != NULL)
    pg_section_note_error (self, request->error);

  if (self->cancel.phase == PG_CANCEL_UNSENT || self->cancel.phase == PG_CANCEL_SENT)
    self->cancel.phase = PG_CANCEL_OFF;
  next = g_queue_pop_head_link (&self->following);
  if (next != NULL)
    {
      PgRequest *awaited;

      pg_engine_set_running (self, next->data);
      awaited = pg_section_get_awaited (self);
      self->current->following = FALSE;
      if (self->section.error != NULL)
        {
          if (self->current->abort == PG_ABORT_CANCELLED || self->current->abort == PG_ABORT_TIMED_OUT)
            bound_wait (self);
          return;
        }
      /* Somebody has stopped it, or what is behind it, while others were before it. */
      if (self->current->abort != PG_ABORT_NONE)
        pg_cancel_start (self);
      else if (awaited != NULL && awaited->abort != PG_ABORT_NONE)
        pg_engine_abort_current (self, awaited->abort);
      return;
    }
  self->current = NULL;
  self->in_trip = FALSE;
  pg_engine_publish_idle (self);
  /* The signal of a cancel request may still come: it must not strike what is sent next. */
  if (self->cancel.phase != PG_CANCEL_OFF || self->cancel.used || self->section.bereft)
    {
      end_cancelled (self);
      pg_trip_flush (self);
    }
}

/* --- waiting --- */

void
pg_engine_await (PgEngine *self, PgRequest *request)
{
  self->section.awaited = request;
  self->section.patient = request == NULL;
  /* Nobody may have been there to send what is left of the statement, without which there is nothing to stop. */
  if (self->section.open && is_held (self) && self->cancel.phase != PG_CANCEL_OFF && self->cancel.phase != PG_CANCEL_FENCE && self->cancel.n_attempts == 0)
    self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
}

PgRequest *
pg_section_get_awaited (PgEngine *self)
{
  GList *last = self->following.tail;

  if (!self->section.open || last == NULL)
    return NULL;
  if (((PgRequest *) last->data)->klass->ends_section)
    return last->data;
  return self->section.awaited != NULL && self->section.awaited->following ? self->section.awaited : NULL;
}

void
pg_section_interrupt (PgEngine *self, PgRequest *request, PgAbort abort)
{
  request->abort = abort;
  if (request == self->current || self->section.error != NULL)
    bound_wait (self);
  else
    pg_engine_abort_current (self, abort);
}

void
pg_section_stop (PgEngine *self, PgAbort abort)
{
  PgRequest *last = self->following.length > 0 ? self->following.tail->data : self->current;

  /* Without a Sync that of the one who stops them comes next, and does it. */
  if (!self->section.open || last == self->current)
    pg_engine_abort_current (self, abort);
  else if (last->klass->ends_section)
    pg_section_interrupt (self, last, abort);
}

gboolean
pg_engine_is_stopping (PgEngine *self)
{
  return self->section.open && self->current != NULL && self->cancel.phase == PG_CANCEL_SENDING;
}

gboolean
pg_engine_has_sent (PgEngine *self, PgRequest *request)
{
  return request->refused || (self->section.open && !request->queued && !request->done);
}
