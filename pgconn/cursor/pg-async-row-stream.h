/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-row-stream.h>

G_BEGIN_DECLS

#define PG_TYPE_ASYNC_ROW_STREAM (pg_async_row_stream_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgAsyncRowStream, pg_async_row_stream, PG, ASYNC_ROW_STREAM, PgBaseRowStream)

PG_AVAILABLE_IN_1_0
PgAsyncConnection *pg_async_row_stream_get_connection (PgAsyncRowStream *self);

PG_AVAILABLE_IN_1_0
void pg_async_row_stream_next_chunk_async (PgAsyncRowStream *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgResult *pg_async_row_stream_next_chunk_finish (PgAsyncRowStream *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_row_stream_close_async (PgAsyncRowStream *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_row_stream_close_finish (PgAsyncRowStream *self, GAsyncResult *result, GError **error);

G_END_DECLS
