/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-row-stream.h>

G_BEGIN_DECLS

#define PG_TYPE_ROW_STREAM (pg_row_stream_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgRowStream, pg_row_stream, PG, ROW_STREAM, PgBaseRowStream)

PG_AVAILABLE_IN_1_0
PgConnection *pg_row_stream_get_connection (PgRowStream *self);
PG_AVAILABLE_IN_1_0
PgResult *pg_row_stream_next_chunk (PgRowStream *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_row_stream_close (PgRowStream *self, GCancellable *cancellable, GError **error);

G_END_DECLS
