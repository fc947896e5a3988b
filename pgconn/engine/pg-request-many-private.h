/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-engine-private.h>

G_BEGIN_DECLS

/* A statement that is executed with one set of parameters after another, all in one pipeline: executemany(). The sets come in parts, each a request of its
 * own, and between two of them the connection waits for the next one, as in a COPY. */
typedef struct _PgMany PgMany;

/* The next set of a part, valid until the next call; NULL without an error at the end. Called in the driver's thread: never users' code. */
typedef PgWireParams *(*PgManyNext) (gpointer data, GError **error);

typedef enum
{
  PG_MANY_GOES_ON, /* another part follows */
  PG_MANY_ENDS,
  PG_MANY_ABORTS,  /* what was done is undone, as far as the transaction is the statement's own */
} PgManyEnd;

/* owner keeps sql alive. returning: the results are kept. */
PgMany *pg_many_new (const char *sql, gpointer owner, GDestroyNotify owner_free, gboolean returning, PgFormat format);
PgMany *pg_many_ref (PgMany *self);
void pg_many_unref (PgMany *self);

/* Whether a part has begun it and none has ended it. */
gboolean pg_many_is_open (PgMany *self);
/* Of all sets so far. The tag is NULL before the first. */
gint64 pg_many_get_affected_rows (PgMany *self);
const char *pg_many_get_command_tag (PgMany *self);
/* PgRawResult */
GPtrArray *pg_many_get_results (PgMany *self);

/* One part; the former ones are over. next may be NULL. A part that fails ends the whole, except where it failed before it had its turn. */
PgRequest *pg_request_many_new (PgMany *many, PgManyNext next, gpointer data, GDestroyNotify destroy, PgManyEnd end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgMany, pg_many_unref)

G_END_DECLS
