/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-cursor.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
gboolean pg_cursor_execute_many (PgCursor *self, const char *query, GVariant *sets, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_cursor_execute_batch (PgCursor *self, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
