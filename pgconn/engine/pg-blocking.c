/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-blocking-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/engine/pg-pipe-private.h>
#include <pgconn/error/pg-error.h>
#include <unistd.h>

/* The blocking driver: poll() in the calling thread. One thread at a time drives the engine, in the order of their coming; the lock is held only
 * to say whose turn it is. */

void
pg_blocking_drain (int fd)
{
  char buffer[16];

  while (read (fd, buffer, sizeof buffer) > 0)
    ;
}

/* Without a pipe who drives for the first time will look at what was asked before it waits. */
void
pg_blocking_wake (PgBlocking *self)
{
  if (self->wake[1] >= 0)
    pg_pipe_write (self->wake[1]);
}

PgBlocking *
pg_blocking_new (PgEngine *engine)
{
  PgBlocking *self = g_atomic_rc_box_new0 (PgBlocking);

  self->engine = engine;
  pg_engine_await (engine, NULL);
  self->wake[0] = self->wake[1] = -1;
  self->source_fd = -1;
  self->watching = TRUE;
  self->streamers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_thread_unref);
  g_mutex_init (&self->lock);
  g_cond_init (&self->turn);
  return self;
}

static void
clear (gpointer data)
{
  PgBlocking *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (self->wake); i++)
    if (self->wake[i] >= 0)
      close (self->wake[i]);
  g_ptr_array_unref (self->streamers);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->turn);
}

static void
unref (PgBlocking *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
pg_blocking_free (PgBlocking *self)
{
  pg_blocking_attach (self, NULL, NULL, NULL, NULL);
  self->engine = NULL;
  unref (self);
}

/* With lock; there is a source. */
static void
update_source (PgBlocking *self)
{
  /* While a stream is open what arrives is for its next call. */
  const gboolean watching = self->watching && !pg_engine_is_streaming (self->engine);
  const int fd = watching ? pg_engine_get_fd (self->engine) : self->source_fd;

  if (self->tag != NULL && fd != self->source_fd)
    {
      g_source_remove_unix_fd (self->source, self->tag);
      self->tag = NULL;
      self->source_fd = -1;
    }
  if (self->tag != NULL)
    g_source_modify_unix_fd (self->source, self->tag, watching ? G_IO_IN : 0);
  else if (watching && fd >= 0)
    {
      self->tag = g_source_add_unix_fd (self->source, fd, G_IO_IN);
      self->source_fd = fd;
    }
}

/* With lock. While a call runs, what arrives is for it: the source must not spin on a descriptor it may not read. */
static void
watch (PgBlocking *self, gboolean on)
{
  self->watching = on;
  if (G_UNLIKELY (self->source != NULL))
    update_source (self);
}

void
pg_blocking_on_cancelled (GCancellable *cancellable, gpointer data)
{
  PgBlocking *self = data;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->turn);
  g_mutex_unlock (&self->lock);
}

void
pg_blocking_on_stopped (GCancellable *cancellable, gpointer data)
{
  pg_blocking_wake (data);
}

static void
on_gone (gpointer data, GClosure *closure)
{
  unref (data);
}

gulong
pg_blocking_connect (PgBlocking *self, GCancellable *cancellable, void (*handler) (GCancellable *, gpointer))
{
  return g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (handler), g_atomic_rc_box_acquire (self), on_gone, 0);
}

/* With lock. The calls of a stream go before those that wait for its end. */
static gboolean
is_its_turn (PgBlocking *self, GList *place, gboolean part)
{
  return !self->driving && (part || (self->waiting.head == place && !pg_engine_is_streaming (self->engine)));
}

static GPrivate works_for = G_PRIVATE_INIT (NULL);

void
pg_blocking_work_for (GThread *thread)
{
  g_private_set (&works_for, thread);
}

GThread *
pg_blocking_get_caller (void)
{
  GThread *other = g_private_get (&works_for);

  return other != NULL ? other : g_thread_self ();
}

/* With lock. Whether the caller may be the one that others wait for to end the stream. */
static gboolean
is_streamer (PgBlocking *self)
{
  return g_ptr_array_find (self->streamers, pg_blocking_get_caller (), NULL);
}

void
pg_blocking_note_caller (PgBlocking *self)
{
  g_mutex_lock (&self->lock);
  if (pg_engine_is_streaming (self->engine) && !is_streamer (self))
    g_ptr_array_add (self->streamers, g_thread_ref (pg_blocking_get_caller ()));
  g_mutex_unlock (&self->lock);
}

/* With lock. */
static void
drive_now (PgBlocking *self, PgRequest *request, gboolean part)
{
  PgStream *stream = pg_request_get_stream (request);
  GPtrArray *streamers = self->streamers;

  self->driving = TRUE;
  watch (self, FALSE);
  /* Before anybody can see that there is one. Most often it is as with the last call. */
  if (!part && (streamers->len != 1 || g_ptr_array_index (streamers, 0) != pg_blocking_get_caller ()))
    g_ptr_array_set_size (streamers, 0);
  if (part ? stream != NULL && !pg_stream_is_over (stream) && !is_streamer (self) : streamers->len == 0)
    g_ptr_array_add (streamers, g_thread_ref (pg_blocking_get_caller ()));
}

/* With lock. The end of a pipeline is not to wait any more: what another thread executes in that is stopped. Returns its serial. */
static guint
hurry (PgBlocking *self, guint asked)
{
  const guint serial = pg_engine_get_serial (self->engine);

  if (serial == asked || pg_engine_is_streaming (self->engine) || pg_engine_get_pipeline_status (self->engine) == PG_PIPELINE_STATUS_OFF
      || pg_engine_ask_stop (self->engine) == 0)
    return asked;
  pg_blocking_wake (self);
  return serial;
}

/* is_done: what was sent before needs no turn any more, as another thread has brought it to its end. */
static gboolean
take_turn (PgBlocking *self, PgRequest *request, gint64 deadline, gboolean *is_done, GCancellable *cancellable, GError **error)
{
  const gboolean unstoppable = pg_request_is_unstoppable (request);
  gboolean part = unstoppable || pg_request_get_stream (request) != NULL;
  GList place = { NULL };
  gulong handler = 0;
  gboolean ok = TRUE;
  guint asked = 0;

  g_mutex_lock (&self->lock);
  if (G_LIKELY (is_its_turn (self, NULL, part)))
    {
      drive_now (self, request, part);
      g_mutex_unlock (&self->lock);
      return TRUE;
    }
  if (!part && pg_engine_is_streaming (self->engine) && is_streamer (self))
    {
      g_mutex_unlock (&self->lock);
      g_propagate_error (error, pg_engine_streaming_error (self->engine));
      return FALSE;
    }
  g_queue_push_tail_link (&self->waiting, &place);
  g_mutex_unlock (&self->lock);

  if (cancellable != NULL)
    handler = pg_blocking_connect (self, cancellable, pg_blocking_on_cancelled);

  g_mutex_lock (&self->lock);
  while (!is_its_turn (self, &place, part) && !(*is_done = pg_request_is_done (request)))
    {
      if (unstoppable && (g_cancellable_is_cancelled (cancellable) || (deadline >= 0 && g_get_monotonic_time () >= deadline)))
        {
          asked = hurry (self, asked);
          g_cond_wait (&self->turn, &self->lock);
          continue;
        }
      if (g_cancellable_is_cancelled (cancellable))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the operation was cancelled"));
          ok = FALSE;
          break;
        }
      if (deadline < 0)
        {
          g_cond_wait (&self->turn, &self->lock);
        }
      else if (!g_cond_wait_until (&self->turn, &self->lock, deadline) && !unstoppable)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _ ("the operation has timed out"));
          ok = FALSE;
          break;
        }
    }
  g_queue_unlink (&self->waiting, &place);
  if (ok && !*is_done)
    drive_now (self, request, part);
  else
    g_cond_broadcast (&self->turn);
  g_mutex_unlock (&self->lock);
  if (handler != 0)
    g_signal_handler_disconnect (cancellable, handler);
  return ok;
}

/* To cancel what has ended is nothing to do; the statement of a stream goes on, and so do those of a pipeline. */
static gboolean
is_left_to_do (PgBlocking *self)
{
  return pg_engine_is_asked_to_close (self->engine) || (pg_engine_is_asked (self->engine) && pg_engine_get_serial (self->engine) != 0);
}

void
pg_blocking_give_turn (PgBlocking *self)
{
  g_mutex_lock (&self->lock);
  /* Asked while this thread had its turn, and after it had looked for the last time. */
  while (G_UNLIKELY (is_left_to_do (self)))
    {
      watch (self, FALSE);
      g_mutex_unlock (&self->lock);
      pg_engine_step (self->engine, PG_READY_NONE);
      g_mutex_lock (&self->lock);
    }
  self->driving = FALSE;
  watch (self, TRUE);
  if (self->waiting.head != NULL || self->n_watchers > 0)
    g_cond_broadcast (&self->turn);
  g_mutex_unlock (&self->lock);
}

gint
pg_blocking_timeout_until (gint64 deadline)
{
  gint64 left;

  if (deadline < 0)
    return -1;
  left = deadline - g_get_monotonic_time ();
  if (left <= 0)
    return 0;
  return (gint) MIN ((left + 999) / 1000, G_MAXINT);
}

static void
step (PgBlocking *self, PgReady ready)
{
  const guint serial = pg_engine_get_serial (self->engine);

  pg_engine_step (self->engine, ready);
  if (G_LIKELY (serial == pg_engine_get_serial (self->engine)) || (serial == 0 && pg_engine_get_pipeline_status (self->engine) == PG_PIPELINE_STATUS_OFF))
    return;
  /* Some calls are over although this thread goes on, and who waits for the end of a pipeline stops what runs now. */
  g_mutex_lock (&self->lock);
  if (self->waiting.head != NULL || self->n_watchers > 0)
    g_cond_broadcast (&self->turn);
  g_mutex_unlock (&self->lock);
}

/* ahead: it is enough that it is on its way. */
static gboolean
is_over (PgBlocking *self, PgRequest *request, gboolean ahead)
{
  return pg_request_is_done (request) || (ahead && pg_engine_has_sent (self->engine, request));
}

/* TRUE where the call is found to be cancelled, and not again. */
static gboolean
take_cancel (PgBlocking *self, PgRequest *request, GCancellable *cancellable)
{
  if (G_LIKELY (cancellable == NULL) || !g_cancellable_is_cancelled (cancellable))
    return FALSE;
  pg_engine_cancel (self->engine, request);
  return TRUE;
}

static void
drive (PgBlocking *self, PgRequest *request, gboolean ahead, GCancellable *cancellable)
{
  gulong handler = 0;
  gboolean cancelled = take_cancel (self, request, cancellable);
  PgRequest *completed;

  if (cancellable != NULL && !cancelled)
    {
      /* The cancellable's own descriptor is made for each call and closed again, which takes as long as half of a short statement: the pipe that is there does as well. */
      handler = pg_blocking_connect (self, cancellable, pg_blocking_on_stopped);
      /* Its handlers may have been called in between. */
      cancelled = take_cancel (self, request, cancellable);
    }
  pg_engine_await (self->engine, ahead ? NULL : request);
  step (self, PG_READY_NONE);

  /* Where a cancel request is on its way somebody has to see to its end. */
  while (!is_over (self, request, ahead) || pg_engine_is_stopping (self->engine))
    {
      PgWait wait;
      GPollFD fds[G_N_ELEMENTS (wait.fds) + 1];
      guint n = 0;
      guint wake_index;
      PgReady ready = PG_READY_NONE;

      pg_engine_get_wait (self->engine, &wait);
      for (guint i = 0; i < wait.n_fds; i++)
        fds[n++] = (GPollFD){ wait.fds[i].fd, wait.fds[i].condition, 0 };
      wake_index = n;
      fds[n++] = (GPollFD){ self->wake[0], G_IO_IN, 0 };
      if (g_poll (fds, n, pg_blocking_timeout_until (wait.deadline)) > 0)
        {
          if (wait.n_fds > 0 && fds[0].revents != 0)
            ready = PG_READY_SOCKET;
          if (fds[wake_index].revents != 0)
            pg_blocking_drain (self->wake[0]);
          cancelled = cancelled || take_cancel (self, request, cancellable);
        }
      step (self, ready);
    }
  if (handler != 0)
    g_signal_handler_disconnect (cancellable, handler);
  pg_engine_await (self->engine, NULL);
  while ((completed = pg_engine_pop_completed (self->engine)) != NULL)
    pg_request_unref (completed);
}

static gboolean
make_wake (PgBlocking *self, GError **error)
{
  int fds[2];

  if (!pg_pipe_open (fds, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  self->wake[0] = fds[0];
  self->wake[1] = fds[1];
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Of one that another thread has brought to its end. */
static gboolean
take_outcome (PgBlocking *self, PgRequest *request, GError **error)
{
  if (pg_request_get_outcome (request, error))
    return TRUE;
  /* It may have failed before others. */
  pg_engine_note_failure (self->engine, request);
  return FALSE;
}

/* sent_only: NULL where it is to be done. */
static gboolean
run (PgBlocking *self, PgRequest *request, gboolean is_new, gboolean *sent_only, GCancellable *cancellable, GError **error)
{
  /* The time spent waiting for a turn is part of the call's. */
  const gint64 deadline = is_new ? pg_engine_set_deadline (self->engine, request) : pg_engine_make_deadline (self->engine);
  gboolean is_done = FALSE;

  if (!take_turn (self, request, deadline, &is_done, cancellable, error))
    return FALSE;
  if (!is_done && !is_new && pg_request_is_done (request))
    {
      pg_blocking_give_turn (self);
      is_done = TRUE;
    }
  if (is_done)
    return take_outcome (self, request, error);
  if (G_UNLIKELY (self->wake[0] < 0) && !make_wake (self, error))
    {
      pg_blocking_give_turn (self);
      return FALSE;
    }
  if (is_new)
    pg_engine_submit (self->engine, request);
  else
    pg_request_set_deadline (request, deadline);
  drive (self, request, sent_only != NULL, cancellable);
  if (sent_only != NULL && (*sent_only = pg_engine_has_sent (self->engine, request)))
    {
      pg_request_set_deadline (request, -1);
      pg_blocking_give_turn (self);
      return TRUE;
    }
  pg_blocking_give_turn (self);
  return pg_request_get_outcome (request, error);
}

gboolean
pg_blocking_run (PgBlocking *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  return run (self, request, TRUE, NULL, cancellable, error);
}

gboolean
pg_blocking_send (PgBlocking *self, PgRequest *request, gboolean *sent_only, GCancellable *cancellable, GError **error)
{
  return run (self, request, TRUE, sent_only, cancellable, error);
}

gboolean
pg_blocking_wait (PgBlocking *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  if (!pg_request_is_done (request))
    return run (self, request, FALSE, NULL, cancellable, error);
  return take_outcome (self, request, error);
}

void
pg_blocking_poll (PgBlocking *self)
{
  gboolean mine = FALSE;

  g_mutex_lock (&self->lock);
  if (!self->driving)
    mine = self->driving = TRUE;
  g_mutex_unlock (&self->lock);
  if (!mine)
    return;
  pg_engine_step (self->engine, PG_READY_SOCKET);
  pg_blocking_give_turn (self);
}

void
pg_blocking_close (PgBlocking *self)
{
  gboolean mine = FALSE;

  g_mutex_lock (&self->lock);
  if (!self->driving)
    {
      mine = self->driving = TRUE;
      watch (self, FALSE);
    }
  else
    {
      pg_engine_ask_close (self->engine);
      pg_blocking_wake (self);
      /* That thread does it as soon as it wakes up. */
      self->n_watchers++;
      while (self->driving && pg_engine_is_asked_to_close (self->engine))
        g_cond_wait (&self->turn, &self->lock);
      self->n_watchers--;
    }
  g_mutex_unlock (&self->lock);
  if (!mine)
    return;
  pg_engine_close (self->engine);
  pg_blocking_give_turn (self);
}

/* --- idle input, in a main loop of the user's --- */

static gboolean
idle_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  return func != NULL ? func (data) : G_SOURCE_REMOVE;
}

void
pg_blocking_attach (PgBlocking *self, GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  /* Without a check function that would have to look at what another thread may be freeing: GLib looks at the descriptor. */
  static GSourceFuncs funcs = { .dispatch = idle_dispatch };
  GSource *source = NULL, *old;

  if (func != NULL)
    {
      source = g_source_new (&funcs, sizeof (GSource));
      g_source_set_static_name (source, "PgConnection");
      /* A handler may run the loop itself and expect to be served in it. */
      g_source_set_can_recurse (source, TRUE);
      g_source_set_callback (source, func, data, destroy);
      g_source_attach (source, context);
    }
  g_mutex_lock (&self->lock);
  old = self->source;
  self->source = source;
  self->tag = NULL;
  self->source_fd = -1;
  if (source != NULL)
    update_source (self);
  g_mutex_unlock (&self->lock);
  if (old != NULL)
    {
      g_source_destroy (old);
      g_source_unref (old);
    }
}
