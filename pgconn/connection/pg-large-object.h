/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <gio/gio.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_LARGE_OBJECT (pg_large_object_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgLargeObject, pg_large_object, PG, LARGE_OBJECT, GIOStream)

PG_AVAILABLE_IN_1_0
PgBaseConnection *pg_large_object_get_connection (PgLargeObject *self);
PG_AVAILABLE_IN_1_0
guint pg_large_object_get_oid (PgLargeObject *self);
PG_AVAILABLE_IN_1_0
PgLargeObjectMode pg_large_object_get_mode (PgLargeObject *self);

PG_AVAILABLE_IN_1_0
goffset pg_large_object_query_size (PgLargeObject *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
void pg_large_object_query_size_async (PgLargeObject *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
goffset pg_large_object_query_size_finish (PgLargeObject *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_large_object_seek_async (PgLargeObject *self, goffset offset, GSeekType type, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
goffset pg_large_object_seek_finish (PgLargeObject *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_large_object_truncate_async (PgLargeObject *self, goffset size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_large_object_truncate_finish (PgLargeObject *self, GAsyncResult *result, GError **error);

G_END_DECLS
