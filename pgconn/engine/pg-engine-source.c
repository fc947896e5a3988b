/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-private.h"

/* The main-loop driver: one GSource a connection, which waits for whatever the engine waits for. */

typedef struct
{
  GSource source;
  PgEngine *engine;
  struct
  {
    gpointer tag;
    int fd;
    GIOCondition condition;
  } watched[2];
  gint64 deadline;
  gboolean woken;
} EngineSource;

/* Whether the context looks at its sources anew before it waits: then it need not be woken, which costs a write, a read and a turn. */
static gboolean
is_dispatching (GSource *source)
{
  GSource *current = g_main_current_source ();

  return current != NULL && g_source_get_context (current) == g_source_get_context (source);
}

static gboolean
engine_source_prepare (GSource *source, gint *timeout)
{
  EngineSource *self = (EngineSource *) source;
  gint64 left;

  *timeout = -1;
  if (self->woken)
    return TRUE;
  if (self->deadline < 0)
    return FALSE;
  left = self->deadline - g_source_get_time (source);
  /* Rounded up, so as not to spin at its end. */
  *timeout = left > 0 ? (gint) MIN ((left + 999) / 1000, G_MAXINT) : 0;
  return left <= 0;
}

static gboolean
engine_source_check (GSource *source)
{
  EngineSource *self = (EngineSource *) source;

  return self->deadline >= 0 && self->deadline <= g_source_get_time (source);
}

static gboolean
engine_source_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  ((EngineSource *) source)->woken = FALSE;
  return func != NULL ? func (data) : G_SOURCE_REMOVE;
}

/* The descriptors are looked at by GLib, and so is the ready time, by which other threads wake it. */
static GSourceFuncs engine_source_funcs = {
  .prepare = engine_source_prepare,
  .check = engine_source_check,
  .dispatch = engine_source_dispatch,
};

GSource *
pg_engine_source_new (PgEngine *engine)
{
  GSource *source = g_source_new (&engine_source_funcs, sizeof (EngineSource));
  EngineSource *self = (EngineSource *) source;

  self->engine = engine;
  self->deadline = -1;
  g_source_set_static_name (source, "PgAsyncConnection");
  /* A handler may run the loop itself and expect to be served in it. */
  g_source_set_can_recurse (source, TRUE);
  return source;
}

PgReady
pg_engine_source_get_ready (GSource *source)
{
  EngineSource *self = (EngineSource *) source;

  return self->watched[0].tag != NULL && g_source_query_unix_fd (source, self->watched[0].tag) != 0 ? PG_READY_SOCKET : PG_READY_NONE;
}

void
pg_engine_source_update (GSource *source)
{
  EngineSource *self = (EngineSource *) source;
  PgWait wait;

  if (self->engine == NULL || g_source_is_destroyed (source))
    return;
  pg_engine_get_wait (self->engine, &wait);
  for (guint i = 0; i < G_N_ELEMENTS (self->watched); i++)
    {
      int fd = i < wait.n_fds ? wait.fds[i].fd : -1;
      GIOCondition condition = i < wait.n_fds ? wait.fds[i].condition : 0;

      /* The number alone does not say that it is the same socket: while connecting it changes between polls. */
      if (self->watched[i].tag != NULL && (fd != self->watched[i].fd || pg_engine_get_state (self->engine) == PG_ENGINE_CONNECTING))
        {
          g_source_remove_unix_fd (source, self->watched[i].tag);
          self->watched[i].tag = NULL;
        }
      if (fd < 0)
        continue;
      if (self->watched[i].tag == NULL)
        self->watched[i].tag = g_source_add_unix_fd (source, fd, condition);
      else if (condition != self->watched[i].condition)
        g_source_modify_unix_fd (source, self->watched[i].tag, condition);
      self->watched[i].fd = fd;
      self->watched[i].condition = condition;
    }
  if (wait.deadline >= 0 && (self->deadline < 0 || wait.deadline < self->deadline) && !is_dispatching (source))
    g_main_context_wakeup (g_source_get_context (source));
  self->deadline = wait.deadline;
  if (g_source_get_ready_time (source) >= 0)
    g_source_set_ready_time (source, -1);
  /* Another thread may have asked for something between the step and here. */
  if (pg_engine_is_asked (self->engine))
    g_source_set_ready_time (source, 0);
}

void
pg_engine_source_wake (GSource *source)
{
  if (is_dispatching (source))
    ((EngineSource *) source)->woken = TRUE;
  else
    g_source_set_ready_time (source, 0);
}

gboolean
pg_engine_source_take_woken (GSource *source)
{
  EngineSource *self = (EngineSource *) source;
  gboolean woken = self->woken;

  self->woken = FALSE;
  return woken;
}

void
pg_engine_source_detach (GSource *source)
{
  ((EngineSource *) source)->engine = NULL;
  g_source_destroy (source);
}
