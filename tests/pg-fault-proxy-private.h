/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-fault-proxy.h"

#include <netinet/in.h>
#include <sys/un.h>

G_BEGIN_DECLS

/* Where a byte stream stands between messages. Plain, so that it can be tried on a copy. */
typedef struct
{
  gboolean startup;   /* packets without a type byte */
  gboolean ssl_reply; /* one byte, the answer to SSLRequest or GSSENCRequest */
  gboolean opaque;    /* encrypted from here on, or no PostgreSQL */
  guint8 header[8];
  guint have;
  guint32 remaining;
} PgFaultFraming;

/* Goes over at most size bytes, up to the end of one message (whose type is then in type, else -1), or up to the first byte
 * of a message of the type to stop before (-1: none). Returns how many. */
gsize pg_fault_framing_advance (PgFaultFraming *self, const guint8 *data, gsize size, int stop_before, int *type);

typedef struct
{
  gsize size;
  gint64 due;
} PgFaultMark;

typedef struct
{
  int source;
  int sink;
  GByteArray *buffer;
  GQueue marks; /* of PgFaultMark: when how much of the buffer may go */
  PgFaultFraming framing;
  gint64 next_drip;
  gboolean eof;  /* nothing more comes */
  gboolean done; /* and nothing more goes */
} PgFaultStream;

typedef struct
{
  PgFaultProxy *proxy;
  int client;
  int server; /* -1 until it is known what the client wants */
  PgFaultStream streams[2];
  gboolean is_cancel;
  gint64 hold_until;
  gboolean hung;
  gboolean ready;
  gboolean asked;
  gboolean closed;
  PgFaultAction action;
} PgFaultSession;

typedef struct
{
  gboolean frozen;
  guint delay;
  guint drip;
  guint piece_size;
  guint piece_pause;
  guint32 random;
  guint64 n_bytes;
  guint messages[256];
  PgFaultAction after_action;
  guint64 after_bytes;
  PgFaultAction before_action;
  int before_type;
} PgFaultState;

struct _PgFaultProxy
{
  GThread *thread;
  GMutex mutex;
  GCond cond;
  int wake_fd;
  gboolean quit;
  /* The loop has seen everything up to request number handled. */
  guint64 requested;
  guint64 handled;

  union
  {
    struct sockaddr any;
    struct sockaddr_un unix_;
    struct sockaddr_in in;
  } server, unix_address, tcp_address;
  socklen_t server_size;
  char *directory;
  int unix_fd;
  int tcp_fd;

  PgFaultAccept accept;
  PgFaultCancel cancel;
  guint cancel_delay;
  int socket_buffer;
  PgFaultState directions[2];
  guint round_trips;
  guint cancels;
  guint connections;
  guint actions;
  GPtrArray *sessions;
};

/* From 0 to max. */
guint pg_fault_state_random (PgFaultState *self, guint max);

PgFaultSession *pg_fault_session_new (PgFaultProxy *proxy, int client);
void pg_fault_session_free (PgFaultSession *self);

/* Adds what it waits for to the poll set, and moves the deadline nearer. */
void pg_fault_session_prepare (PgFaultSession *self, GArray *fds, gint64 *deadline);

/* Moves what can be moved. */
void pg_fault_session_run (PgFaultSession *self);

/* Closes both sockets; with RESET, by a reset. */
void pg_fault_session_close (PgFaultSession *self, PgFaultAction action);

G_END_DECLS
