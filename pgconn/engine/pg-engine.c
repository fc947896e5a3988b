/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/pg-init-private.h>
#include <string.h>

/* A flood of RAISE NOTICE within one call must not fill the memory: the oldest go. Notifications are never dropped. */
#define MAX_NOTICES 10000

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
  g_free (self->conninfo);
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

GError *
pg_engine_closed_error (PgEngine *self)
{
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

/* --- events --- */

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

static gboolean
is_fatal (PgDiagnostic *diagnostic)
{
  const char *severity = diagnostic != NULL ? pg_diagnostic_get_severity_nonlocalized (diagnostic) : NULL;

  return g_strcmp0 (severity, "FATAL") == 0 || g_strcmp0 (severity, "PANIC") == 0;
}

void
pg_engine_take_fatal (PgEngine *self, PgDiagnostic *diagnostic)
{
  if (!is_fatal (diagnostic))
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

static void
take_notifications (PgEngine *self)
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

/* --- the life of a request --- */

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

/* A request is in one of the two queues at a time, by its own link. */
static PgRequest *
pop_request (GQueue *queue)
{
  GList *link = g_queue_pop_head_link (queue);

  return link != NULL ? link->data : NULL;
}

static void
end_request (PgEngine *self, PgRequest *request)
{
  request->done = TRUE;
  if (request->error != NULL)
    {
      PgDiagnostic *diagnostic = pg_request_get_diagnostic (request);

      g_mutex_lock (&self->lock);
      g_clear_pointer (&self->last_diagnostic, pg_diagnostic_unref);
      self->last_diagnostic = diagnostic != NULL ? pg_diagnostic_ref (diagnostic) : NULL;
      g_mutex_unlock (&self->lock);
    }
  g_queue_push_tail_link (&self->completed, &request->link);
}

static void
update_transaction_status (PgEngine *self)
{
  PgTransactionStatus status = PG_TRANSACTION_STATUS_UNKNOWN;

  if (self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN)
    status = (PgTransactionStatus) PQtransactionStatus (self->conn);
  if (status != (PgTransactionStatus) self->transaction_status)
    g_atomic_int_set (&self->transaction_status, status);
}

static void
end_current (PgEngine *self)
{
  PgRequest *request = g_steal_pointer (&self->current);

  pg_cancel_clear (self);
  self->barrier = FALSE;
  self->restored = FALSE;
  g_atomic_int_set (&self->serial, 0);
  if (request->error != NULL && request->error->domain == PG_ERROR && request->error->code == PG_ERROR_QUERY_CANCELED
      && (request->abort == PG_ABORT_CANCELLED || request->abort == PG_ABORT_TIMED_OUT))
    {
      g_error_free (request->error);
      request->error = pg_engine_abort_error (request->abort);
    }
  update_transaction_status (self);
  end_request (self, request);
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

static void
earlier (gint64 *deadline, gint64 other)
{
  if (other >= 0 && (*deadline < 0 || other < *deadline))
    *deadline = other;
}

gint64
pg_engine_set_deadline (PgEngine *self, PgRequest *request)
{
  guint timeout = request->has_timeout ? request->timeout : self->options.timeout;

  if (timeout > 0)
    request->deadline = g_get_monotonic_time () + (gint64) timeout * 1000;
  return request->deadline;
}

void
pg_engine_submit (PgEngine *self, PgRequest *request)
{
  if (request->deadline < 0)
    pg_engine_set_deadline (self, request);
  earlier (&self->queue_deadline, request->deadline);
  pg_request_ref (request);
  request->queued = TRUE;
  g_queue_push_tail_link (&self->queue, &request->link);
}

/* Ends the requests that have waited for too long. */
static void
time_out_queue (PgEngine *self)
{
  gint64 now;

  if (self->queue_deadline < 0 || (now = g_get_monotonic_time ()) < self->queue_deadline)
    return;
  self->queue_deadline = -1;
  for (GList *l = self->queue.head, *next; l != NULL; l = next)
    {
      PgRequest *request = l->data;

      next = l->next;
      if (request->deadline < 0 || now < request->deadline)
        {
          earlier (&self->queue_deadline, request->deadline);
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
  self->copy_out = FALSE;
  self->want_write = FALSE;
  self->n_sent = self->sent_head = 0;
  g_atomic_int_set (&self->fd, -1);
  self->ssl = NULL;
  g_clear_pointer (&self->conn, PQfinish);
  update_transaction_status (self);
}

/* The connection is gone; reason is why. What the server has completed is no failure. */
static void
fail_current (PgEngine *self, const GError *reason, gboolean server_said)
{
  PgRequest *request = self->current;

  if (request == NULL)
    return;
  if (request->klass->outcome_matters && !request->complete && !server_said && request->error == NULL && request->last_trip)
    pg_request_fail (request, g_error_new (PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN,
                                           _ ("the connection was lost during COMMIT, whether it was done is not known: %s"), reason->message));
  else if (!request->complete)
    pg_request_fail (request, g_error_copy (reason));
  end_current (self);
}

void
pg_engine_lost (PgEngine *self, GError *error)
{
  g_autoptr (GError) reason = error;
  PgEvent *event;
  gboolean server_said = FALSE;

  if (reason == NULL && self->current != NULL && is_fatal (pg_request_get_diagnostic (self->current)))
    {
      reason = g_error_copy (self->current->error);
      server_said = TRUE;
    }
  if (self->conn != NULL)
    {
      /* The server's last words may have been read with the end of the connection, and are only parsed when somebody asks. */
      PQisBusy (self->conn);
      take_notifications (self);
    }
  g_mutex_lock (&self->lock);
  if (reason == NULL && self->last_fatal != NULL)
    {
      reason = pg_error_new_from_diagnostic (self->last_fatal);
      server_said = TRUE;
    }
  g_mutex_unlock (&self->lock);
  if (reason == NULL)
    reason = pg_error_new_from_conn (self->conn, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  pg_debug (CONNECT, "connection lost: %s", reason->message);

  pg_engine_set_state (self, PG_ENGINE_BROKEN);
  drop_conn (self);
  event = g_new0 (PgEvent, 1);
  event->type = PG_EVENT_DISCONNECTED;
  event->error = g_error_copy (reason);
  pg_engine_push_event (self, event);

  fail_current (self, reason, server_said);
  fail_all (self, reason);
}

void
pg_engine_close (PgEngine *self)
{
  if (pg_engine_get_state (self) != PG_ENGINE_BROKEN)
    pg_engine_set_state (self, PG_ENGINE_CLOSED);
  g_atomic_int_set (&self->asked_close, 0);
  drop_conn (self);
  if (self->current != NULL || self->queue.length > 0)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the connection was closed"));

      fail_current (self, error, FALSE);
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
      if (self->cancel.phase != PG_CANCEL_OFF)
        pg_cancel_renew (self);
      return;
    }
  if (request->abort != PG_ABORT_NONE)
    return;
  request->abort = abort;
  if (request->klass->poll == NULL && self->in_trip)
    pg_cancel_start (self);
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
  else if (request->queued)
    {
      request->queued = FALSE;
      g_queue_unlink (&self->queue, &request->link);
      pg_request_fail (request, pg_engine_abort_error (PG_ABORT_CANCELLED));
      end_request (self, request);
    }
}

guint
pg_engine_ask_cancel (PgEngine *self)
{
  guint serial = pg_engine_get_serial (self);

  if (serial != 0)
    g_atomic_int_set (&self->asked_cancel, serial);
  return serial;
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

/* --- stepping --- */

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

/* The statement has changed client_encoding, itself or in a function; all text of the library is UTF-8. */
static gboolean
encoding_was_changed (PgEngine *self)
{
  PGTransactionStatusType status;

  if (self->conn == NULL || PQclientEncoding (self->conn) == self->encoding)
    return FALSE;
  status = PQtransactionStatus (self->conn);
  return status == PQTRANS_IDLE || status == PQTRANS_INTRANS;
}

/* TRUE when the request has ended. It may still end well here: what the server has done is reported as done, whatever was asked meanwhile. */
static gboolean
settle (PgEngine *self)
{
  PgRequest *request = self->current;

  if (!self->restored && encoding_was_changed (self))
    {
      self->restored = TRUE;
      return !send_own (self, "SET client_encoding TO 'UTF8'");
    }
  if (request->error == NULL && !request->last_trip && request->abort != PG_ABORT_NONE)
    pg_request_fail (request, pg_engine_abort_error (request->abort));
  end_current (self);
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
  if (self->barrier || request->abort != PG_ABORT_NONE)
    return settle (self);
  if (request->error != NULL && request->klass->retry != NULL && request->klass->retry (request, self))
    {
      g_clear_error (&request->error);
      request->last_trip = FALSE;
      return FALSE;
    }
  if (request->error != NULL || request->last_trip)
    return settle (self);
  return FALSE;
}

static gboolean
send_trip (PgEngine *self)
{
  PgRequest *request = self->current;
  g_autoptr (GError) error = NULL;
  PgStep step = request->klass->step (request, self, &error);

  switch (step)
    {
    case PG_STEP_LAST:
      request->last_trip = TRUE;
      G_GNUC_FALLTHROUGH;
    case PG_STEP_SENT:
      self->in_trip = TRUE;
      return FALSE;
    case PG_STEP_DONE:
      request->last_trip = TRUE;
      end_current (self);
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
        end_current (self);
      return TRUE;
    }
}

/* TRUE when the running request has ended. */
static gboolean
advance (PgEngine *self)
{
  PgRequest *request = self->current;
  guint asked = g_atomic_int_get (&self->asked_cancel);

  if (asked != 0)
    {
      g_atomic_int_set (&self->asked_cancel, 0);
      if (asked == request->serial)
        pg_engine_abort_current (self, PG_ABORT_ASKED);
    }
  if (request->deadline >= 0 && (request->abort == PG_ABORT_NONE || request->abort == PG_ABORT_ASKED) && g_get_monotonic_time () >= request->deadline)
    pg_engine_abort_current (self, PG_ABORT_TIMED_OUT);

  if (request->klass->poll != NULL)
    {
      if (!request->klass->poll (request, self))
        return FALSE;
      end_current (self);
      return TRUE;
    }

  for (;;)
    {
      gboolean waiting = FALSE;

      if (!self->in_trip)
        {
          if (request->abort != PG_ABORT_NONE)
            {
              if (settle (self))
                return TRUE;
            }
          else if (send_trip (self))
            {
              return TRUE;
            }
        }
      if (self->n_sent > 0)
        {
          gboolean answered;

          pg_trip_flush (self);
          answered = pg_trip_receive (self);
          if (self->current != request)
            return TRUE;
          if (!answered)
            {
              if (self->cancel.phase != PG_CANCEL_OFF)
                pg_cancel_step (self, FALSE);
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

static gboolean
consume_input (PgEngine *self)
{
  if (PQconsumeInput (self->conn) == 0)
    return FALSE;
  /* A TLS record that is larger than the room in libpq's buffer is left in part with OpenSSL, where the socket does not show it. */
  while (self->ssl != NULL && pg_libpq_get ()->ssl_pending (self->ssl) > 0)
    if (PQconsumeInput (self->conn) == 0)
      return FALSE;
  return TRUE;
}

void
pg_engine_step (PgEngine *self, PgReady ready)
{
  if (g_atomic_int_get (&self->asked_close) != 0)
    {
      pg_engine_close (self);
      return;
    }
  if ((ready & PG_READY_SOCKET) != 0 && self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN && !consume_input (self)
      && self->current == NULL)
    {
      pg_engine_lost (self, NULL);
      return;
    }
  time_out_queue (self);
  for (;;)
    {
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
          request = pop_request (&self->queue);
          if (request == NULL)
            {
              /* What it was for has ended: asked for still, the main-loop driver would look for it for ever. */
              g_atomic_int_set (&self->asked_cancel, 0);
              break;
            }
          request->queued = FALSE;
          self->current = request;
          if (G_UNLIKELY (++self->last_serial == 0))
            self->last_serial = 1;
          request->serial = self->last_serial;
          g_atomic_int_set (&self->serial, request->serial);
          if (request->klass->poll == NULL && pg_engine_get_state (self) != PG_ENGINE_OPEN)
            {
              pg_request_fail (request, pg_engine_closed_error (self));
              end_current (self);
              continue;
            }
        }
      if (!advance (self))
        break;
    }
  if (self->conn != NULL && pg_engine_get_state (self) == PG_ENGINE_OPEN)
    {
      take_notifications (self);
      if (self->current != NULL)
        update_transaction_status (self);
    }
}

void
pg_engine_get_wait (PgEngine *self, PgWait *wait)
{
  wait->n_fds = 0;
  wait->deadline = -1;
  if (self->current != NULL && self->current->deadline >= 0
      && (self->current->abort == PG_ABORT_NONE || self->current->abort == PG_ABORT_ASKED))
    wait->deadline = self->current->deadline;
  if (self->queue.length > 0)
    earlier (&wait->deadline, self->queue_deadline);

  if (self->connect != NULL)
    {
      if (pg_connect_get_fd (self, &wait->fds[0].fd, &wait->fds[0].condition))
        wait->n_fds = 1;
      earlier (&wait->deadline, pg_connect_get_deadline (self));
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
      earlier (&wait->deadline, pg_cancel_get_deadline (self));
    }
}
