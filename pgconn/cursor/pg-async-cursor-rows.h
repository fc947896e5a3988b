/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-async-cursor.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
void pg_async_cursor_fetch_value_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_fetch_value_finish (PgAsyncCursor *self, GAsyncResult *result, GValue *value, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_fetch_object_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GObject *pg_async_cursor_fetch_object_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_fetch_objects_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_async_cursor_fetch_objects_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);

G_END_DECLS
