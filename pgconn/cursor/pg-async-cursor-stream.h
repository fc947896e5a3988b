/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-async-cursor.h>
#include <pgconn/cursor/pg-async-row-stream.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
void pg_async_cursor_stream_async (PgAsyncCursor *self, const char *query, GVariant *params, guint chunk_size, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgAsyncRowStream *pg_async_cursor_stream_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_stream_params_async (PgAsyncCursor *self, const char *query, PgParams *params, guint chunk_size, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgAsyncRowStream *pg_async_cursor_stream_params_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);

G_END_DECLS
