/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/engine/pg-request-many-private.h>
#include <pgconn/sql/pg-params-batch.h>

G_BEGIN_DECLS

/* Fails where such a call would not be of the executemany() that is not over: that one goes on, and must not be aborted for it. */
gboolean pg_base_cursor_many_check (PgBaseCursor *self, const char *query, PgExecuteManyFlags flags, GError **error);
/* The request of a part of an executemany(); either sets or batch. NULL with error where it cannot be sent: then what was begun is to be aborted. */
PgRequest *pg_base_cursor_many_request_new (PgBaseCursor *self, const char *query, GVariant *sets, PgParamsBatch *batch, PgExecuteManyFlags flags,
                                            GError **error);
/* Such a request has succeeded. */
void pg_base_cursor_many_succeeded (PgBaseCursor *self);
/* It has failed, or nobody goes on with it: nothing is left of it but, where it has to be told to the server, the request that does so. */
PgRequest *pg_base_cursor_many_abort (PgBaseCursor *self);

G_END_DECLS
