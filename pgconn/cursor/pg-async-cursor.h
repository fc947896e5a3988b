/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-cursor.h>

G_BEGIN_DECLS

#define PG_TYPE_ASYNC_CURSOR (pg_async_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgAsyncCursor, pg_async_cursor, PG, ASYNC_CURSOR, PgBaseCursor)

struct _PgAsyncCursorClass
{
  PgBaseCursorClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
PgAsyncConnection *pg_async_cursor_get_connection (PgAsyncCursor *self);

PG_AVAILABLE_IN_1_0
void pg_async_cursor_execute_async (PgAsyncCursor *self, const char *query, GVariant *params, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_execute_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_execute_params_async (PgAsyncCursor *self, const char *query, PgParams *params, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_execute_params_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_cursor_fetch_one_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgRow *pg_async_cursor_fetch_one_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_fetch_many_async (PgAsyncCursor *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_async_cursor_fetch_many_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_fetch_all_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_async_cursor_fetch_all_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);

G_END_DECLS
