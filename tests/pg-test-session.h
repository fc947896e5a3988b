/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-fault-proxy.h"
#include "pg-test-driver.h"

G_BEGIN_DECLS

/* A connection of either class through a proxy that can break it. The server and its database are the program's. */
typedef struct
{
  PgTestDriver driver;
  char *direct;   /* connection string, past the proxy */
  char *conninfo; /* through it */
  PgFaultProxy *proxy;
  PgBaseConnection *connection;
  GCancellable *cancellable;
  PgTestDisconnects disconnects;
} PgTestSession;

/* With a connection in autocommit, or without one; driver is a PgTestDriver. FALSE when the test has been skipped. */
gboolean pg_test_session_open (PgTestSession *self, gconstpointer driver, gboolean connect);
/* With a connection that begins transactions. */
gboolean pg_test_session_open_transactional (PgTestSession *self, gconstpointer driver);
/* Connects (again). */
void pg_test_session_connect (PgTestSession *self);
/* Drops the connection only. */
void pg_test_session_disconnect (PgTestSession *self);
void pg_test_session_clear (PgTestSession *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgTestSession, pg_test_session_clear)

/* These must succeed. */
void pg_test_session_commit (PgTestSession *self);
void pg_test_session_rollback (PgTestSession *self);
void pg_test_session_set_autocommit (PgTestSession *self, gboolean value);

/* Statements go through, and their answers are their own. */
void pg_test_session_assert_usable (PgTestSession *self);
/* Closed and broken, said once, and every call fails so. */
void pg_test_session_assert_broken (PgTestSession *self);

/* One parameter, a text of so many bytes. */
PgParams *pg_test_big_params (gsize size);

/* Calls func (data) in a thread, which is to be joined. */
GThread *pg_test_later (guint milliseconds, gpointer func, gpointer data);
/* Cancels the session's cancellable so long after something has been sent from now on: a call that is cancelled before that ends without the server. */
GThread *pg_test_session_cancel_when_sent (PgTestSession *self, guint milliseconds);
/* Takes the advisory lock 1; a thread, which is to be joined, gives it back when a statement of the session has waited for it and a cancel request has come to
   the proxy. Before that it cancels the cancellable, if there is one. A request that the proxy keeps for a while is late, then, however slow the machine is. */
GThread *pg_test_session_lock_until_cancel (PgTestSession *self, GCancellable *cancellable);
/* How often: fewer times where time runs slower, more where it is asked for. */
guint pg_test_repeat (guint usual, guint more);
double pg_test_seconds_since (gint64 start);

G_END_DECLS
