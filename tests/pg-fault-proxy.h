/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A proxy between a client and a PostgreSQL server, in a thread of this process, which breaks the connection in every way that a network can,
 * and counts what passes.
 *
 *   g_autoptr (PgFaultProxy) proxy = pg_fault_proxy_new (conninfo);
 *   g_autofree char *through = pg_fault_proxy_dup_conninfo (proxy, conninfo);
 *
 * It listens on a Unix socket in a directory of its own and on a TCP port of 127.0.0.1, whatever the server listens on.
 *
 * All functions may be called from any thread, and at any time: they apply to the connections that are open as well as to those to come.
 * When a function returns, it has taken effect: nothing more passes a frozen proxy, and the sockets of a connection that is cut are closed.
 *
 * Counts are of complete messages that have been handed on. What is inside TLS or GSSAPI encryption passes, but is not seen.
 * Cancel requests come on connections of their own; pg_fault_proxy_set_cancel() and no other fault applies to them,
 * except that a proxy that refuses connections refuses them too. */
typedef struct _PgFaultProxy PgFaultProxy;

typedef enum
{
  PG_FAULT_TO_SERVER,
  PG_FAULT_TO_CLIENT,
} PgFaultDirection;

typedef enum
{
  PG_FAULT_ACCEPT_FORWARD,
  /* accepted, read from, and never answered */
  PG_FAULT_ACCEPT_BLACKHOLE,
  /* ECONNREFUSED */
  PG_FAULT_ACCEPT_REFUSE,
} PgFaultAccept;

typedef enum
{
  PG_FAULT_CANCEL_PASS,
  /* closed, as if the server had done it, which does not hear of it */
  PG_FAULT_CANCEL_DROP,
  /* left open and without an answer */
  PG_FAULT_CANCEL_HANG,
} PgFaultCancel;

typedef enum
{
  PG_FAULT_ACTION_NONE,
  /* end of file for both sides */
  PG_FAULT_ACTION_CUT,
  /* ECONNRESET over TCP; on a Unix socket, which has no such thing, as CUT */
  PG_FAULT_ACTION_RESET,
  /* both directions, of all connections */
  PG_FAULT_ACTION_FREEZE,
} PgFaultAction;

/* Pseudo types of the packets that have none. The rest are the type bytes of the protocol, as 'Q' and 'Z'. */
enum
{
  PG_FAULT_MESSAGE_ANY = 0,
  PG_FAULT_MESSAGE_STARTUP = 1,
  PG_FAULT_MESSAGE_SSL_REQUEST = 2,
  PG_FAULT_MESSAGE_GSSENC_REQUEST = 3,
  PG_FAULT_MESSAGE_CANCEL_REQUEST = 4,
};

/* For the server that conninfo leads to: its “host” is a directory, or its “hostaddr” or “host” an IPv4 address. */
PgFaultProxy *pg_fault_proxy_new (const char *conninfo);

/* Closes all connections and ends the thread. */
void pg_fault_proxy_free (PgFaultProxy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgFaultProxy, pg_fault_proxy_free)

/* conninfo with the proxy's host and port in place of the server's, over the Unix socket or over TCP.
 * Everything else stays, sslmode for example. */
char *pg_fault_proxy_dup_conninfo (PgFaultProxy *self, const char *conninfo);
char *pg_fault_proxy_dup_tcp_conninfo (PgFaultProxy *self, const char *conninfo);

/* What happens to new connections. */
void pg_fault_proxy_set_accept (PgFaultProxy *self, PgFaultAccept accept);

/* What happens to cancel requests; those that pass, do so after delay milliseconds. */
void pg_fault_proxy_set_cancel (PgFaultProxy *self, PgFaultCancel cancel, guint delay);

/* Everything stays in the sender's and the proxy's buffers, until it is thawed. */
void pg_fault_proxy_set_frozen (PgFaultProxy *self, PgFaultDirection direction, gboolean frozen);
void pg_fault_proxy_freeze (PgFaultProxy *self);
void pg_fault_proxy_thaw (PgFaultProxy *self);

/* Every byte is handed on not earlier than delay milliseconds after it has come. 0 ends it. */
void pg_fault_proxy_set_delay (PgFaultProxy *self, PgFaultDirection direction, guint delay);

/* One byte at a time, one every interval microseconds. 0 ends it. */
void pg_fault_proxy_set_drip (PgFaultProxy *self, PgFaultDirection direction, guint interval);

/* At most max_size bytes at a time, a random number of them, with pauses of up to max_pause microseconds, and hardly more of them in the proxy's own buffer.
 * The numbers follow from the seed. A max_size of 0 ends it. */
void pg_fault_proxy_set_pieces (PgFaultProxy *self, PgFaultDirection direction, guint max_size, guint max_pause, guint32 seed);

/* SO_SNDBUF and SO_RCVBUF of the connections to come; 0: the system's. */
void pg_fault_proxy_set_buffers (PgFaultProxy *self, int size);

/* Closes the open connections: action is CUT or RESET. */
void pg_fault_proxy_cut (PgFaultProxy *self, PgFaultAction action);

/* After n_bytes more in the direction, over all connections, action happens to the connection that reaches it; then no more.
 * What the action keeps from passing is the byte after them. NONE disarms. */
void pg_fault_proxy_act_after (PgFaultProxy *self, PgFaultDirection direction, guint64 n_bytes, PgFaultAction action);

/* The same in place of handing on the next message of a type, when all before it has been. */
void pg_fault_proxy_act_before (PgFaultProxy *self, PgFaultDirection direction, char type, PgFaultAction action);

/* Messages of a type, or with PG_FAULT_MESSAGE_ANY of all. */
guint pg_fault_proxy_count_messages (PgFaultProxy *self, PgFaultDirection direction, char type);

/* How often the client has waited for the server: changes of direction from complete messages to the server, to complete messages to the client,
 * after a connection's first ReadyForQuery. Notices, notifications and parameter reports are no answer. */
guint pg_fault_proxy_count_round_trips (PgFaultProxy *self);

guint64 pg_fault_proxy_count_bytes (PgFaultProxy *self, PgFaultDirection direction);

/* Cancel requests that have come, whatever became of them. They are not in the other counts unless they were let pass. */
guint pg_fault_proxy_count_cancels (PgFaultProxy *self);

/* Connections accepted, and those of them still open. */
guint pg_fault_proxy_count_connections (PgFaultProxy *self);
guint pg_fault_proxy_count_open (PgFaultProxy *self);

/* Sets all counts but that of open connections to 0. */
void pg_fault_proxy_reset_counts (PgFaultProxy *self);

/* Waits until so many have been counted: FALSE after timeout milliseconds. */
gboolean pg_fault_proxy_wait_messages (PgFaultProxy *self, PgFaultDirection direction, char type, guint n, guint timeout);
gboolean pg_fault_proxy_wait_cancels (PgFaultProxy *self, guint n, guint timeout);
/* Until at most n connections are open. */
gboolean pg_fault_proxy_wait_open (PgFaultProxy *self, guint n, guint timeout);
/* Until an armed action, of either kind, has happened. */
gboolean pg_fault_proxy_wait_action (PgFaultProxy *self, guint timeout);

G_END_DECLS
