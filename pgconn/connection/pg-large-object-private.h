/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/connection/pg-large-object.h>

G_BEGIN_DECLS

/* So much of it goes at once. */
#define PG_LOB_CHUNK (256 * 1024)

enum
{
  PG_LOB_OPEN,
  PG_LOB_CLOSED,
  PG_LOB_LOST, /* its transaction has ended, or its descriptor is another's */
};

/* A large object that is open: what the PgLargeObject and its two streams have in common. Reference counted. */
typedef struct
{
  PgBaseConnection *connection;
  guint32 oid;
  PgLargeObjectMode mode;
  gint32 descriptor;
  guint8 begun[8]; /* when its transaction has: the server's now(), as it sends it */
  goffset position;
  gint over; /* atomic: PG_LOB_ */

  /* What was read ahead, where nobody can change it. */
  PgRawResult *ahead;
  goffset ahead_position;
  guint ahead_n_ends; /* what pg_engine_get_n_ends() was: the descriptor ends with its transaction */
} PgLob;

PgLob *pg_lob_ref (PgLob *self);
void pg_lob_unref (PgLob *self);
gboolean pg_lob_is_async (PgLob *self);
gboolean pg_lob_check (PgLob *self, PgLargeObjectMode mode, GError **error);
/* On a PgConnection; on the other kind it is an error that says what to call instead. Drops nothing. */
gboolean pg_lob_run (PgLob *self, PgRequest *request, GCancellable *cancellable, GError **error);

/* A new one: oid 0 for one of the server's choice; or one that is there. */
PgRequest *pg_lob_create_request_new (guint32 oid);
PgRequest *pg_lob_open_request_new (guint32 oid, PgLargeObjectMode mode);
PgRequest *pg_lob_unlink_request_new (guint32 oid);
PgLob *pg_lob_take (PgBaseConnection *connection, PgRequest *request, PgLargeObjectMode mode, GError **error);

/* −1 where the server has to be asked. */
gssize pg_lob_read_ahead (PgLob *self, gpointer buffer, gsize count);
PgRequest *pg_lob_read_request_new (PgLob *self, gsize count);
gssize pg_lob_read_take (PgLob *self, PgRequest *request, gpointer buffer, gsize count, GError **error);
/* The data are the caller's until the request is done. */
PgRequest *pg_lob_write_request_new (PgLob *self, gconstpointer data, gsize count);
gssize pg_lob_write_take (PgLob *self, PgRequest *request, gsize count, GError **error);
PgRequest *pg_lob_size_request_new (PgLob *self);
goffset pg_lob_size_take (PgLob *self, PgRequest *request, GError **error);
PgRequest *pg_lob_truncate_request_new (PgLob *self, goffset size);
gboolean pg_lob_truncate_take (PgLob *self, PgRequest *request, GError **error);
/* From the base, which is not negative; nothing is asked. */
gboolean pg_lob_move (PgLob *self, goffset base, goffset offset, GError **error);
/* NULL where there is nothing to be told. It is over then. */
PgRequest *pg_lob_close_request_new (PgLob *self);

/* --- streams --- */

GInputStream *pg_lob_input_stream_new (PgLob *lob);
GOutputStream *pg_lob_output_stream_new (PgLob *lob);

PgLob *pg_lob_stream_get_lob (gpointer stream);

/* GSeekable, for all three. */
void pg_lob_seekable_init (GSeekableIface *iface);

PgLargeObject *pg_large_object_new (PgLob *lob);
/* NULL: it has none. */
PgLob *pg_large_object_get_lob (PgLargeObject *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgLob, pg_lob_unref)

G_END_DECLS
