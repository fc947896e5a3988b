/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-engine-private.h>

G_BEGIN_DECLS

/* The inside of the blocking driver, shared by its files. */

/* Counted, as a handler of a cancellable's may run when the call is over, and the connection gone. */
struct _PgBlocking
{
  PgEngine *engine;
  GMutex lock;
  GCond turn;
  gboolean driving;
  GQueue waiting; /* threads, in the order of their coming */
  GPtrArray *streamers; /* GThread: those that have made a call of the stream which is open, if one is */
  guint n_watchers; /* threads that wait for the end of another's turn, and not for one of their own */
  int wake[2]; /* a pipe; −1 until there was a call */

  GSource *source; /* and what follows: with the lock */
  gpointer tag;
  int source_fd;
  gboolean watching;
};

void pg_blocking_wake (PgBlocking *self);
void pg_blocking_drain (int fd);
void pg_blocking_give_turn (PgBlocking *self);
/* Milliseconds until a deadline, rounded up so as not to spin at its end. */
gint pg_blocking_timeout_until (gint64 deadline);

/* In whichever thread cancels: the first only wakes those that wait for their turn, the other the one that has it. */
void pg_blocking_on_cancelled (GCancellable *cancellable, gpointer data);
void pg_blocking_on_stopped (GCancellable *cancellable, gpointer data);
/* Not g_cancellable_connect(), as g_cancellable_disconnect() waits for the handlers that run: one of those may be the user's, and wait for this call,
 * as when it closes the connection. The caller looks whether it is cancelled already. */
gulong pg_blocking_connect (PgBlocking *self, GCancellable *cancellable, void (*handler) (GCancellable *, gpointer));

G_END_DECLS
