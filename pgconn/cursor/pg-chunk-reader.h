/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-async-row-stream.h>

G_BEGIN_DECLS

#define PG_TYPE_CHUNK_READER (pg_chunk_reader_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgChunkReader, pg_chunk_reader, PG, CHUNK_READER, GObject)

PG_AVAILABLE_IN_1_0
PgChunkReader *pg_chunk_reader_new (PgAsyncRowStream *stream);
PG_AVAILABLE_IN_1_0
PgAsyncRowStream *pg_chunk_reader_get_stream (PgChunkReader *self);
PG_AVAILABLE_IN_1_0
void pg_chunk_reader_read (PgChunkReader *self, GCancellable *cancellable);
PG_AVAILABLE_IN_1_0
gboolean pg_chunk_reader_finish (PgChunkReader *self, GError **error);
PG_AVAILABLE_IN_1_0
PgResult *pg_chunk_reader_get_chunk (PgChunkReader *self);
PG_AVAILABLE_IN_1_0
guint pg_chunk_reader_get_n_rows (PgChunkReader *self);

PG_AVAILABLE_IN_1_0
double *pg_chunk_reader_dup_column_numbers (PgChunkReader *self, guint column, guint first_row, gint n_rows, gsize *n_values, guint **nulls, gsize *n_nulls,
                                            GError **error);
PG_AVAILABLE_IN_1_0
const char **pg_chunk_reader_dup_column_texts (PgChunkReader *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error);

G_END_DECLS
