/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-async-cursor.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
void pg_async_cursor_execute_many_async (PgAsyncCursor *self, const char *query, GVariant *sets, PgExecuteManyFlags flags, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_execute_many_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_execute_batch_async (PgAsyncCursor *self, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_execute_batch_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);

G_END_DECLS
