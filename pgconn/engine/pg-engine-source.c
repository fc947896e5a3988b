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
} EngineSource;

static gboolean
engine_source_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  return func != NULL ? func (data) : G_SOURCE_REMOVE;
}

/* prepare and check are left to GLib: it looks at the descriptors and at the ready time. */
static GSourceFuncs engine_source_funcs = {
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
  if (wait.deadline != self->deadline || wait.deadline >= 0 || g_source_get_ready_time (source) >= 0)
    {
      self->deadline = wait.deadline;
      g_source_set_ready_time (source, wait.deadline);
    }
  /* Another thread may have asked for something between the step and here. */
  if (pg_engine_is_asked (self->engine))
    g_source_set_ready_time (source, 0);
}

void
pg_engine_source_wake (GSource *source)
{
  g_source_set_ready_time (source, 0);
}

void
pg_engine_source_detach (GSource *source)
{
  ((EngineSource *) source)->engine = NULL;
  g_source_destroy (source);
}
