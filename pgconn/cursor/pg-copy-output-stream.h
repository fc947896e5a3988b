/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <gio/gio.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_COPY_OUTPUT_STREAM (pg_copy_output_stream_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgCopyOutputStream, pg_copy_output_stream, PG, COPY_OUTPUT_STREAM, GOutputStream)

PG_AVAILABLE_IN_1_0
void pg_copy_output_stream_abort (PgCopyOutputStream *self, const char *reason);
PG_AVAILABLE_IN_1_0
PgBaseConnection *pg_copy_output_stream_get_connection (PgCopyOutputStream *self);
PG_AVAILABLE_IN_1_0
guint pg_copy_output_stream_get_n_columns (PgCopyOutputStream *self);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_output_stream_is_binary (PgCopyOutputStream *self);
PG_AVAILABLE_IN_1_0
gint64 pg_copy_output_stream_get_rowcount (PgCopyOutputStream *self);
PG_AVAILABLE_IN_1_0
const char *pg_copy_output_stream_get_status_message (PgCopyOutputStream *self);

G_END_DECLS
