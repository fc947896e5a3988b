/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

/* Calls that nobody has waited for between them: those at the head of the queue go out together, in one pipeline, and cost one round trip. Each has a Sync of
 * its own, so that it is a transaction of its own as if it were alone, and is over as soon as it is answered. See "Pipeline Mode" in the libpq chapter of the
 * PostgreSQL manual.
 *
 * Only statements that read or change rows take part, outside of transactions and in autocommit: what the session is is the same for all of them. The
 * running request is the one whose answer comes next; those behind it are in "following". What needs more round trips, as one whose statement has to be
 * prepared anew, waits in "unfinished" until the others are answered, and then goes on alone.
 *
 * A cancel request strikes whatever the server works at. That of one call is sent when all before its statement is answered, and may come too late: one that it hits then
 * instead is executed again, which can be done as it was rolled back. That of cancel() means all of them. */

/* Of one group: what is not answered is in memory, here or with the server. */
#define MAX_GROUP 256
/* In a pipeline of the user's, as many as fill a buffer of libpq's. */
#define GATHER 128

static gboolean
can_join (PgEngine *self, PgRequest *request)
{
  return request->klass->joins != NULL && request->klass->joins (request);
}

static gboolean
is_open (PgEngine *self)
{
  return self->options.pipelining && self->section.level == 0 && self->options.autocommit && self->stream == NULL && self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN
         && PQtransactionStatus (self->conn) == PQTRANS_IDLE;
}

/* There is something to cancel. */
static void
publish (PgEngine *self, PgRequest *request)
{
  pg_request_number (request, self);
  g_atomic_int_set (&self->serial, request->serial);
}

static gboolean
waits_for_more (PgEngine *self, PgRequest *request)
{
  /* In a pipeline of the user's they are sent together, but the server begins while there are more to come. */
  if (self->section.level > 0 && self->stream == NULL)
    return request->queued && self->queue.length % GATHER != 0;
  return self->current == NULL && request->queued && is_open (self) && can_join (self, request);
}

gboolean
pg_engine_is_gathering (PgEngine *self, PgRequest *request)
{
  if (!waits_for_more (self, request))
    return FALSE;
  /* To cancel() it is as if it had been sent. */
  if (self->current == NULL)
    {
      pg_cancel_mean (self, request);
      if (self->queue.head == &request->link)
        publish (self, request);
    }
  return TRUE;
}

void
pg_engine_set_running (PgEngine *self, PgRequest *request)
{
  self->current = request;
  publish (self, request);
}

/* --- sending --- */

static void
send_member (PgEngine *self, PgRequest *request)
{
  GError *error = NULL;
  const guint n_ends = self->n_group_ends;

  pg_cancel_mean (self, request);
  self->current = request;
  request->last_trip = TRUE;
  request->taken = FALSE;
  /* A connection that is lost has a better reason than what libpq says of the sending. */
  if (request->klass->step (request, self, &error) == PG_STEP_ERROR && PQstatus (self->conn) != CONNECTION_BAD)
    pg_request_fail (request, g_steal_pointer (&error));
  g_clear_error (&error);
  /* Also where nothing was sent, or only a part: its place among the answers. */
  if (self->n_group_ends == n_ends)
    pg_trip_end (self, NULL);
}

gboolean
pg_group_send (PgEngine *self)
{
  PgRequest *first = self->current;
  guint n = 1;

  if (!is_open (self) || self->queue.head == NULL || !can_join (self, first) || !can_join (self, self->queue.head->data) || !pg_trip_begin (self, TRUE, NULL))
    return FALSE;
  self->grouping = TRUE;
  self->group_prepares = FALSE;
  self->n_group_ends = 0;
  send_member (self, first);
  while (n++ < MAX_GROUP && self->queue.head != NULL && can_join (self, self->queue.head->data) && PQstatus (self->conn) != CONNECTION_BAD)
    {
      GList *link = g_queue_pop_head_link (&self->queue);
      PgRequest *request = link->data;

      request->queued = FALSE;
      send_member (self, request);
      g_queue_push_tail_link (&self->following, link);
      /* No more than the socket takes: the rest is the next group. */
      if (!pg_trip_flush (self))
        break;
    }
  self->grouping = FALSE;
  self->current = first;
  self->in_trip = TRUE;
  return TRUE;
}

/* --- receiving --- */

static gboolean
is_hit (PgEngine *self, PgRequest *request)
{
  return self->cancel.used && request->abort == PG_ABORT_NONE && g_error_matches (request->error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
}

/* What becomes of one that is answered. */
static PgResume
choose_resume (PgEngine *self, PgRequest *request, gboolean is_other_encoding)
{
  /* The server may still be told: it is waited for, and an empty statement takes what comes too late. */
  if (self->cancel.phase == PG_CANCEL_SENDING || self->cancel.used)
    if (request->abort != PG_ABORT_NONE)
      return PG_RESUME_SETTLE;
  if (is_other_encoding)
    return PG_RESUME_SETTLE;
  if (request->abort != PG_ABORT_NONE)
    return PG_RESUME_NONE;
  if (is_hit (self, request))
    return PG_RESUME_AGAIN;
  if (request->error != NULL)
    return request->klass->retry != NULL && request->klass->retry (request, self) ? PG_RESUME_RETRY : PG_RESUME_NONE;
  return request->klass->more != NULL && request->klass->more (request, self) ? PG_RESUME_MORE : PG_RESUME_NONE;
}

/* It has been executed: what comes before it in time is not executed after it. */
static void
overtake (PgEngine *self)
{
  for (GList *l = self->unfinished.head; l != NULL; l = l->next)
    {
      PgRequest *request = l->data;

      if (request->resume == PG_RESUME_RETRY)
        request->resume = PG_RESUME_NONE;
    }
}

void
pg_group_answered (PgEngine *self)
{
  PgRequest *request = self->current;
  gboolean is_other_encoding;
  GList *next;

  pg_engine_take_session (self);
  if (request->klass->answered != NULL)
    request->klass->answered (request, self);
  request->taken = TRUE;
  request->complete = request->error == NULL;
  is_other_encoding = pg_engine_take_encoding (self);
  if (request->complete)
    overtake (self);
  request->resume = choose_resume (self, request, is_other_encoding);
  if (request->resume == PG_RESUME_NONE)
    pg_engine_end_request (self, request);
  else
    g_queue_push_tail_link (&self->unfinished, &request->link);

  if (self->cancel.phase == PG_CANCEL_UNSENT || self->cancel.phase == PG_CANCEL_SENT)
    self->cancel.phase = PG_CANCEL_OFF;
  next = g_queue_pop_head_link (&self->following);
  if (next == NULL)
    {
      self->current = NULL;
      self->in_trip = FALSE;
      /* Else there is one at once. */
      if (self->unfinished.length == 0)
        g_atomic_int_set (&self->serial, 0);
      return;
    }
  pg_engine_set_running (self, next->data);
  /* Somebody has stopped it while others were before it. */
  if (self->current->abort != PG_ABORT_NONE)
    pg_cancel_start (self);
}

/* --- what goes on alone --- */

gboolean
pg_group_resume (PgEngine *self)
{
  while (self->unfinished.head != NULL)
    {
      GList *link = NULL;
      PgRequest *request;

      /* No signal may be on its way when something else is sent, and the encoding is to be UTF-8. */
      for (GList *l = self->unfinished.head; l != NULL; l = l->next)
        {
          request = l->data;
          if (request->abort != PG_ABORT_NONE)
            {
              link = l;
              break;
            }
          if (link == NULL && request->resume == PG_RESUME_SETTLE)
            link = l;
        }
      if (link == NULL)
        link = self->unfinished.head;
      g_queue_unlink (&self->unfinished, link);
      request = link->data;
      switch (request->resume)
        {
        case PG_RESUME_RETRY:
        case PG_RESUME_AGAIN:
          g_clear_error (&request->error);
          request->last_trip = FALSE;
          request->complete = FALSE;
          self->in_trip = FALSE;
          break;
        case PG_RESUME_MORE:
          self->in_trip = FALSE;
          break;
        case PG_RESUME_NONE:
          pg_engine_end_request (self, request);
          continue;
        case PG_RESUME_SETTLE:
        default:
          self->in_trip = TRUE;
          break;
        }
      pg_engine_set_running (self, request);
      return TRUE;
    }
  return FALSE;
}

static void
fail (PgEngine *self, GQueue *queue, const GError *reason)
{
  GList *link;

  while ((link = g_queue_pop_head_link (queue)) != NULL)
    {
      PgRequest *request = link->data;

      pg_request_fail_lost (request, reason);
      pg_engine_end_request (self, request);
    }
}

void
pg_group_fail_unfinished (PgEngine *self, const GError *reason)
{
  fail (self, &self->unfinished, reason);
}

void
pg_group_fail_following (PgEngine *self, const GError *reason)
{
  fail (self, &self->following, reason);
}
