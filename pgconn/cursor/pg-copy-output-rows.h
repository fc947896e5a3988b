/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-copy-output-stream.h>
#include <pgconn/sql/pg-copy-columns.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
guint pg_copy_output_stream_get_column_type (PgCopyOutputStream *self, guint column);
PG_AVAILABLE_IN_1_0
const char *pg_copy_output_stream_get_column_name (PgCopyOutputStream *self, guint column);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_set_types (PgCopyOutputStream *self, const guint *oids, gsize n_oids, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_set_type_names (PgCopyOutputStream *self, const char *const *names, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_write_row (PgCopyOutputStream *self, PgParams *row, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
void pg_copy_output_stream_write_row_async (PgCopyOutputStream *self, PgParams *row, GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_write_row_finish (PgCopyOutputStream *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_write_columns (PgCopyOutputStream *self, PgCopyColumns *columns, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
void pg_copy_output_stream_write_columns_async (PgCopyOutputStream *self, PgCopyColumns *columns, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_write_columns_finish (PgCopyOutputStream *self, GAsyncResult *result, GError **error);

G_END_DECLS
