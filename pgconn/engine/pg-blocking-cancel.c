/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-blocking-private.h"

#include <glib/gi18n-lib.h>

/* cancel() and cancel_safe() of the blocking driver, by any thread. */

guint
pg_blocking_cancel_nowait (PgBlocking *self)
{
  guint serial;
  gboolean mine = FALSE;

  g_mutex_lock (&self->lock);
  serial = pg_engine_ask_cancel (self->engine);
  if (serial != 0 && self->driving)
    pg_blocking_wake (self);
  else if (serial != 0)
    mine = self->driving = TRUE;
  g_mutex_unlock (&self->lock);
  /* Between two calls of a stream, or of a pipeline, nobody else does it. */
  if (mine)
    pg_blocking_give_turn (self);
  return serial;
}

/* Has the turn: sees to the end of a cancel request that was sent between two calls of a stream, or of what it has stopped between two of a pipeline, until
 * something happens. */
static void
wait_for_told (PgBlocking *self, guint serial, gint64 deadline)
{
  PgWait wait;
  GPollFD fds[G_N_ELEMENTS (wait.fds) + 1];
  guint n = 0;

  pg_engine_step (self->engine, PG_READY_NONE);
  if (!pg_engine_is_executing (self->engine, serial) || pg_engine_is_told (self->engine))
    return;
  pg_engine_get_wait (self->engine, &wait);
  if (deadline >= 0 && (wait.deadline < 0 || deadline < wait.deadline))
    wait.deadline = deadline;
  for (guint i = 0; i < wait.n_fds; i++)
    fds[n++] = (GPollFD){ wait.fds[i].fd, wait.fds[i].condition, 0 };
  fds[n++] = (GPollFD){ self->wake[0], G_IO_IN, 0 };
  if (g_poll (fds, n, pg_blocking_timeout_until (wait.deadline)) <= 0)
    return;
  pg_blocking_drain (self->wake[0]);
  if (wait.n_fds > 0 && fds[0].revents != 0)
    pg_engine_step (self->engine, PG_READY_SOCKET);
}

gboolean
pg_blocking_cancel (PgBlocking *self, gint64 deadline, GCancellable *cancellable, GError **error)
{
  guint serial = pg_blocking_cancel_nowait (self);
  gulong handlers[2] = { 0, 0 };
  gboolean ok = TRUE, is_told = FALSE;

  if (serial == 0)
    return TRUE;
  if (cancellable != NULL)
    {
      handlers[0] = pg_blocking_connect (self, cancellable, pg_blocking_on_cancelled);
      handlers[1] = pg_blocking_connect (self, cancellable, pg_blocking_on_stopped);
    }
  g_mutex_lock (&self->lock);
  self->n_watchers++;
  while (ok && !is_told && pg_engine_is_executing (self->engine, serial))
    {
      if (cancellable != NULL && g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          ok = FALSE;
        }
      else if (deadline >= 0 && g_get_monotonic_time () >= deadline)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _ ("the statement did not end in time after the cancel request"));
          ok = FALSE;
        }
      else if (!self->driving)
        {
          self->driving = TRUE;
          g_mutex_unlock (&self->lock);
          wait_for_told (self, serial, deadline);
          is_told = pg_engine_is_told (self->engine);
          pg_blocking_give_turn (self);
          g_mutex_lock (&self->lock);
        }
      else if (deadline < 0)
        {
          g_cond_wait (&self->turn, &self->lock);
        }
      else
        {
          g_cond_wait_until (&self->turn, &self->lock, deadline);
        }
    }
  self->n_watchers--;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (handlers[i] != 0)
      g_signal_handler_disconnect (cancellable, handlers[i]);
  return ok;
}
