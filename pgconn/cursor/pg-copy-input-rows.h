/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-copy-input-stream.h>
#include <pgconn/result/pg-result.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
guint pg_copy_input_stream_get_column_type (PgCopyInputStream *self, guint column);
PG_AVAILABLE_IN_1_0
const char *pg_copy_input_stream_get_column_name (PgCopyInputStream *self, guint column);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_input_stream_set_types (PgCopyInputStream *self, const guint *oids, gsize n_oids, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_input_stream_set_type_names (PgCopyInputStream *self, const char *const *names, GError **error);

PG_AVAILABLE_IN_1_0
PgResult *pg_copy_input_stream_read_rows (PgCopyInputStream *self, guint max_rows, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
void pg_copy_input_stream_read_rows_async (PgCopyInputStream *self, guint max_rows, GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data);
PG_AVAILABLE_IN_1_0
PgResult *pg_copy_input_stream_read_rows_finish (PgCopyInputStream *self, GAsyncResult *result, GError **error);

G_END_DECLS
