/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-cursor.h>
#include <pgconn/cursor/pg-row-stream.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
PgRowStream *pg_cursor_stream (PgCursor *self, const char *query, GVariant *params, guint chunk_size, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgRowStream *pg_cursor_stream_params (PgCursor *self, const char *query, PgParams *params, guint chunk_size, GCancellable *cancellable, GError **error);

G_END_DECLS
