/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-server-cursor.h>

G_BEGIN_DECLS

#define PG_TYPE_ASYNC_SERVER_CURSOR (pg_async_server_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgAsyncServerCursor, pg_async_server_cursor, PG, ASYNC_SERVER_CURSOR, PgBaseServerCursor)

struct _PgAsyncServerCursorClass
{
  PgBaseServerCursorClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
PgAsyncConnection *pg_async_server_cursor_get_connection (PgAsyncServerCursor *self);

PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_execute_async (PgAsyncServerCursor *self, const char *query, GVariant *params, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_server_cursor_execute_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_execute_params_async (PgAsyncServerCursor *self, const char *query, PgParams *params, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_server_cursor_execute_params_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_one_async (PgAsyncServerCursor *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgRow *pg_async_server_cursor_fetch_one_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_many_async (PgAsyncServerCursor *self, guint size, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_async_server_cursor_fetch_many_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_all_async (PgAsyncServerCursor *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_async_server_cursor_fetch_all_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_value_async (PgAsyncServerCursor *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_server_cursor_fetch_value_finish (PgAsyncServerCursor *self, GAsyncResult *result, GValue *value, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_object_async (PgAsyncServerCursor *self, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GObject *pg_async_server_cursor_fetch_object_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_objects_async (PgAsyncServerCursor *self, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_async_server_cursor_fetch_objects_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_fetch_page_async (PgAsyncServerCursor *self, guint size, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgResult *pg_async_server_cursor_fetch_page_finish (PgAsyncServerCursor *self, GAsyncResult *result, guint *first_row, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_scroll_async (PgAsyncServerCursor *self, gint64 offset, PgScrollMode mode, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_server_cursor_scroll_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_server_cursor_close_async (PgAsyncServerCursor *self, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_server_cursor_close_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error);

G_END_DECLS
