/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/pg-init-private.h>

/* Cancelling a statement: another connection tells the server, which signals the session. Three things can go wrong, and each has its answer
 * here: the signal comes before the server has read the statement (it is ignored: ask again), after the statement (it would hit the next: the
 * request is not over before the cancel connection is closed and an empty statement has come back), or never (a deadline, then the connection is
 * given up). See "Canceling Requests in Progress" in the protocol chapter of the PostgreSQL manual. */

#define FIRST_AGAIN (50 * 1000)
#define LAST_AGAIN (1000 * 1000)
/* There are two requests only: the second must not come before the statement either, where the server is slow. */
#define ASKED_AGAIN (250 * 1000)

typedef struct
{
  PGcancel *cancel;
  gpointer conn; /* libpq 17 */
} Blocking;

static void
blocking_cancel (gpointer data, GCancellable *cancellable)
{
  Blocking *self = data;
  char message[256];

  if (self->conn != NULL)
    pg_libpq_get ()->cancel_blocking (self->conn);
  else
    PQcancel (self->cancel, message, sizeof message);
}

static void
blocking_free (gpointer data)
{
  Blocking *self = data;

  if (self->conn != NULL)
    pg_libpq_get ()->cancel_finish (self->conn);
  PQfreeCancel (self->cancel);
  g_free (self);
}

static void
drop_attempt (PgEngine *self)
{
  if (self->cancel.conn != NULL)
    {
      pg_libpq_get ()->cancel_finish (self->cancel.conn);
      self->cancel.conn = NULL;
    }
  g_clear_pointer (&self->cancel.worker, pg_worker_release);
}

void
pg_cancel_clear (PgEngine *self)
{
  drop_attempt (self);
  self->cancel = (PgCancel) { .phase = PG_CANCEL_OFF };
}

void
pg_cancel_start (PgEngine *self)
{
  if (self->cancel.phase != PG_CANCEL_OFF && self->cancel.serial == self->current->serial)
    return;
  self->cancel.serial = self->current->serial;
  if (self->cancel.phase != PG_CANCEL_SENDING)
    self->cancel.phase = PG_CANCEL_UNSENT;
  self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
  self->cancel.interval = FIRST_AGAIN;
  /* Those before were for another one. */
  self->cancel.n_attempts = 0;
}

void
pg_cancel_fence (PgEngine *self)
{
  /* A statement that has withstood cancel() may have had all of that time, and more. */
  if (self->cancel.deadline == 0 || self->current->abort == PG_ABORT_ASKED)
    self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
  self->cancel.phase = PG_CANCEL_FENCE;
  self->cancel.serial = self->current->serial;
}

/* Somebody has only asked for it. */
static gboolean
is_asked (PgEngine *self)
{
  return self->current != NULL && self->current->abort == PG_ABORT_ASKED;
}

static void
attempt_is_over (PgEngine *self)
{
  drop_attempt (self);
  self->cancel.phase = PG_CANCEL_SENT;
  self->cancel.again = g_get_monotonic_time () + (is_asked (self) ? ASKED_AGAIN : self->cancel.interval);
  self->cancel.interval = MIN (self->cancel.interval * 2, LAST_AGAIN);
}

static void
begin_thread (PgEngine *self)
{
  const PgLibpq *libpq = pg_libpq_get ();
  Blocking *blocking = g_new0 (Blocking, 1);

  if (libpq->cancel_create != NULL)
    blocking->conn = libpq->cancel_create (self->conn);
  else
    blocking->cancel = PQgetCancel (self->conn);
  if (blocking->conn != NULL || blocking->cancel != NULL)
    self->cancel.worker = pg_worker_new (blocking_cancel, blocking, blocking_free, NULL);
  else
    g_free (blocking);
  if (self->cancel.worker == NULL)
    attempt_is_over (self);
}

/* driven: somebody steps the engine until it is over. Between two calls of the blocking driver's nobody does. */
static void
begin_attempt (PgEngine *self, gboolean driven)
{
  const PgLibpq *libpq = pg_libpq_get ();

  pg_debug (CANCEL, "sending a cancel request to backend %d", self->backend_pid);
  self->cancel.phase = PG_CANCEL_SENDING;
  self->cancel.used = TRUE;
  /* Those that may have come before the statement do not count. */
  if (!self->want_write)
    {
      self->cancel.n_attempts++;
      /* A statement may withstand: the time is that of each request. */
      if (is_asked (self) && !self->cancel.bounded)
        self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
    }
  if (libpq->cancel_create != NULL && driven)
    {
      self->cancel.conn = libpq->cancel_create (self->conn);
      /* PQcancelPoll() says what to wait for, from the first call on. */
      if (self->cancel.conn == NULL || !libpq->cancel_start (self->cancel.conn))
        attempt_is_over (self);
      else
        self->cancel.condition = G_IO_OUT;
    }
  else
    {
      begin_thread (self);
    }
}

static void
poll_attempt (PgEngine *self)
{
  const PgLibpq *libpq = pg_libpq_get ();
  int fd;
  GIOCondition condition;

  if (self->cancel.worker != NULL)
    {
      if (pg_worker_is_done (self->cancel.worker))
        attempt_is_over (self);
      return;
    }
  /* Called before its socket is ready, libpq would take a connection in progress for a connected one. */
  if (pg_cancel_get_fd (self, &fd, &condition))
    {
      GPollFD poll = { fd, condition, 0 };

      if (g_poll (&poll, 1, 0) <= 0)
        return;
    }
  switch (libpq->cancel_poll (self->cancel.conn))
    {
    case PGRES_POLLING_READING:
      self->cancel.condition = G_IO_IN;
      break;
    case PGRES_POLLING_WRITING:
      self->cancel.condition = G_IO_OUT;
      break;
    case PGRES_POLLING_FAILED:
      pg_debug (CANCEL, "the cancel request failed: %s", libpq->cancel_error_message (self->cancel.conn));
      attempt_is_over (self);
      break;
    case PGRES_POLLING_OK:
    case PGRES_POLLING_ACTIVE:
    default:
      attempt_is_over (self);
      break;
    }
}

/* A statement may withstand then: a second request is sent for the case that the first came before the statement, and
 * then it is waited for without end, unless somebody else waits who has asked for an end. */
static gboolean
may_withstand (PgEngine *self)
{
  return is_asked (self) && !self->cancel.bounded && self->cancel.phase == PG_CANCEL_SENT && self->cancel.n_attempts > 0;
}

static gboolean
is_enough (PgEngine *self)
{
  return may_withstand (self) && self->cancel.n_attempts >= 2;
}

static void
give_up (PgEngine *self)
{
  pg_engine_lost (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                     _ ("the server did not react to a cancel request within %u ms, the connection is given up"),
                                     self->options.cancel_timeout));
}

void
pg_cancel_renew (PgEngine *self)
{
  self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
  self->cancel.again = 0;
  self->cancel.interval = FIRST_AGAIN;
  self->cancel.n_attempts = 0;
}

gboolean
pg_cancel_step (PgEngine *self, gboolean answered)
{
  gint64 now = g_get_monotonic_time ();

  if (self->cancel.phase == PG_CANCEL_SENDING)
    poll_attempt (self);
  if (!answered)
    {
      /* What is left to be written may be behind the statement, and wait for its end. */
      if (self->cancel.phase == PG_CANCEL_UNSENT && (!self->want_write || self->following.length > 0))
        begin_attempt (self, !self->section.patient);
      else if (self->cancel.phase == PG_CANCEL_SENT && now >= self->cancel.again && !is_enough (self))
        begin_attempt (self, !self->section.patient);
    }
  if ((!answered || self->cancel.phase == PG_CANCEL_SENDING) && now >= self->cancel.deadline && !may_withstand (self))
    {
      PgRequest *request = self->current;

      /* The time given to the server is over: what it does now is not known, so the connection cannot be used any more. */
      if (!request->complete && request->error == NULL && request->abort != PG_ABORT_NONE && request->abort != PG_ABORT_ASKED && !request->klass->outcome_matters)
        pg_request_fail (request, pg_engine_abort_error (request->abort));
      give_up (self);
      return FALSE;
    }
  return self->cancel.phase == PG_CANCEL_SENDING;
}

/* --- which requests are meant ----------------------------------------------------------------------------------------------------- */

/* cancel() means all that has been sent and is not answered: which of them the server works at is not known here. Whichever it stops has failed; what it has completed
 * before has not, and is nothing that is executed again. What goes out later is not meant, but in a pipeline, where all is that was started before: what is not sent yet
 * fails at once. */

gboolean
pg_serial_is_after (guint serial, guint other)
{
  return (gint) (serial - other) > 0;
}

void
pg_request_number (PgRequest *self, PgEngine *engine)
{
  /* All calls of a stream are one statement. */
  if (self->stream != NULL && self->stream == engine->stream)
    {
      self->serial = engine->stream->serial;
    }
  else if (self->serial == 0)
    {
      const guint last = (guint) g_atomic_int_get (&engine->last_serial);

      self->serial = G_UNLIKELY (last + 1 == 0) ? 1 : last + 1;
      g_atomic_int_set (&engine->last_serial, (gint) self->serial);
    }
}

void
pg_cancel_mean (PgEngine *self, PgRequest *request)
{
  pg_request_number (request, self);
  if (pg_serial_is_after (request->serial, (guint) g_atomic_int_get (&self->last_meant)))
    g_atomic_int_set (&self->last_meant, (gint) request->serial);
}

void
pg_cancel_mean_only (PgEngine *self, PgRequest *request)
{
  pg_request_number (request, self);
  g_atomic_int_set (&self->last_meant, (gint) request->serial);
}

void
pg_cancel_take_stop (PgEngine *self)
{
  guint last;

  if (G_LIKELY (g_atomic_int_get (&self->asked_stop) == 0))
    return;
  last = (guint) g_atomic_int_exchange (&self->asked_stop, 0);
  if (!pg_serial_is_after (self->current->serial, last))
    self->cancel.bounded = TRUE;
}

static gboolean
is_meant (PgRequest *request, guint last)
{
  return request->serial != 0 && !pg_serial_is_after (request->serial, last) && request->abort == PG_ABORT_NONE && !request->klass->ends_section
         && !request->klass->unstoppable;
}

static void
drop (PgEngine *self, PgRequest *request)
{
  g_queue_unlink (&self->queue, &request->link);
  request->queued = FALSE;
  pg_request_fail (request, pg_engine_abort_error (PG_ABORT_ASKED));
  pg_engine_end_request (self, request);
}

/* Each leaves its place to a gap, of which one is enough: what is before that is nothing to it, and what is behind it must not be done without it. */
static void
drop_unsent (PgEngine *self, guint last)
{
  for (GList *l = self->queue.head, *next; l != NULL; l = next)
    {
      PgRequest *request = l->data;

      next = l->next;
      /* What is a part of a stream is stopped with that; and what puts something in order is done. */
      if (request->stream != NULL || request->klass->recovers || !is_meant (request, last))
        continue;
      if (request->link.prev == NULL || !pg_section_is_gap (request->link.prev->data))
        g_queue_insert_before_link (&self->queue, &request->link, &pg_request_gap_new ()->link);
      drop (self, request);
    }
}

guint
pg_cancel_take_asked (PgEngine *self, guint serial)
{
  guint last;

  if (G_LIKELY (g_atomic_int_get (&self->asked_cancel) == 0))
    return 0;
  last = (guint) g_atomic_int_exchange (&self->asked_cancel, 0);
  if (self->section.level > 0)
    drop_unsent (self, last);
  return pg_serial_is_after (serial, last) ? 0 : last;
}

void
pg_cancel_meant (PgEngine *self, guint last)
{
  pg_engine_abort_current (self, PG_ABORT_ASKED);
  pg_section_ask (self);
  for (GList *l = self->following.head; l != NULL; l = l->next)
    {
      PgRequest *request = l->data;

      if (is_meant (request, last))
        request->abort = PG_ABORT_ASKED;
    }
  for (GList *l = self->unfinished.head; l != NULL; l = l->next)
    {
      PgRequest *request = l->data;

      if (request->resume == PG_RESUME_NONE || !is_meant (request, last))
        continue;
      if (request->resume == PG_RESUME_RETRY)
        {
          g_clear_error (&request->error);
          pg_request_fail (request, pg_engine_abort_error (PG_ABORT_ASKED));
        }
      request->abort = PG_ABORT_ASKED;
      request->resume = PG_RESUME_SETTLE;
    }
}

void
pg_cancel_drop_meant (PgEngine *self)
{
  const guint last = (guint) g_atomic_int_get (&self->asked_cancel);

  /* In a pipeline it is taken with what runs next. */
  if (G_LIKELY (last == 0) || self->section.level > 0)
    return;
  while (self->queue.head != NULL && is_meant (self->queue.head->data, last))
    drop (self, self->queue.head->data);
}

/* --- between two calls of a stream ------------------------------------------------------------------------------------------------- */

/* The server works at the statement, and nobody may be there to see to its end: it is told by a thread. The stream ends with its next call. */

void
pg_cancel_step_idle (PgEngine *self)
{
  if (pg_cancel_take_asked (self, self->stream->serial) != 0 && !self->stream->cancelled)
    {
      self->stream->cancelled = TRUE;
      self->cancel.serial = self->stream->serial;
      self->cancel.interval = FIRST_AGAIN;
      self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
      begin_attempt (self, FALSE);
    }
  if (self->cancel.phase != PG_CANCEL_SENDING)
    return;
  poll_attempt (self);
  if (self->cancel.phase == PG_CANCEL_SENDING && g_get_monotonic_time () >= self->cancel.deadline)
    give_up (self);
}

void
pg_cancel_resume (PgEngine *self)
{
  PgRequest *request = self->current;

  if (!self->stream->cancelled)
    return;
  self->cancel.deadline = g_get_monotonic_time () + (gint64) self->options.cancel_timeout * 1000;
  self->cancel.again = g_get_monotonic_time () + FIRST_AGAIN;
  /* Whoever closes what is read does not want to know any more; what is written must not be loaded. */
  if (!request->klass->ends_stream || self->stream->kind == PG_STREAM_COPY_IN)
    request->abort = PG_ABORT_ASKED;
}

gboolean
pg_engine_is_told (PgEngine *self)
{
  return self->current == NULL && pg_engine_is_streaming (self) && self->stream->cancelled && self->cancel.phase != PG_CANCEL_SENDING;
}

/* --- waiting ----------------------------------------------------------------------------------------------------------------------- */

gboolean
pg_cancel_get_fd (PgEngine *self, int *fd, GIOCondition *condition)
{
  if (self->cancel.phase != PG_CANCEL_SENDING)
    return FALSE;
  if (self->cancel.worker != NULL)
    {
      *fd = pg_worker_get_fd (self->cancel.worker);
      *condition = G_IO_IN;
      return TRUE;
    }
  *fd = pg_libpq_get ()->cancel_socket (self->cancel.conn);
  *condition = self->cancel.condition;
  return *fd >= 0;
}

gint64
pg_cancel_get_deadline (PgEngine *self)
{
  if (is_enough (self))
    return -1;
  if (may_withstand (self))
    return self->cancel.again;
  if (self->cancel.phase == PG_CANCEL_SENT)
    return MIN (self->cancel.again, self->cancel.deadline);
  return self->cancel.deadline;
}
