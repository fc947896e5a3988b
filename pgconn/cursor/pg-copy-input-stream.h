/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <gio/gio.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_COPY_INPUT_STREAM (pg_copy_input_stream_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgCopyInputStream, pg_copy_input_stream, PG, COPY_INPUT_STREAM, GInputStream)

PG_AVAILABLE_IN_1_0
PgBaseConnection *pg_copy_input_stream_get_connection (PgCopyInputStream *self);
PG_AVAILABLE_IN_1_0
guint pg_copy_input_stream_get_n_columns (PgCopyInputStream *self);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_input_stream_is_binary (PgCopyInputStream *self);
PG_AVAILABLE_IN_1_0
gint64 pg_copy_input_stream_get_rowcount (PgCopyInputStream *self);
PG_AVAILABLE_IN_1_0
const char *pg_copy_input_stream_get_status_message (PgCopyInputStream *self);

G_END_DECLS
