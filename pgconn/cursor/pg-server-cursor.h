/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-server-cursor.h>

G_BEGIN_DECLS

#define PG_TYPE_SERVER_CURSOR (pg_server_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgServerCursor, pg_server_cursor, PG, SERVER_CURSOR, PgBaseServerCursor)

struct _PgServerCursorClass
{
  PgBaseServerCursorClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
PgConnection *pg_server_cursor_get_connection (PgServerCursor *self);
PG_AVAILABLE_IN_1_0
gboolean pg_server_cursor_execute (PgServerCursor *self, const char *query, GVariant *params, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_server_cursor_execute_params (PgServerCursor *self, const char *query, PgParams *params, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgRow *pg_server_cursor_fetch_one (PgServerCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_server_cursor_fetch_many (PgServerCursor *self, guint size, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_server_cursor_fetch_all (PgServerCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_server_cursor_fetch_value (PgServerCursor *self, GValue *value, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GObject *pg_server_cursor_fetch_object (PgServerCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_server_cursor_fetch_objects (PgServerCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgResult *pg_server_cursor_fetch_page (PgServerCursor *self, guint size, guint *first_row, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_server_cursor_scroll (PgServerCursor *self, gint64 offset, PgScrollMode mode, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_server_cursor_close (PgServerCursor *self, GCancellable *cancellable, GError **error);

G_END_DECLS
