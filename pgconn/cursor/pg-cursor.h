/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-cursor.h>

G_BEGIN_DECLS

#define PG_TYPE_CURSOR (pg_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgCursor, pg_cursor, PG, CURSOR, PgBaseCursor)

struct _PgCursorClass
{
  PgBaseCursorClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
PgConnection *pg_cursor_get_connection (PgCursor *self);
PG_AVAILABLE_IN_1_0
gboolean pg_cursor_execute (PgCursor *self, const char *query, GVariant *params, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_cursor_execute_params (PgCursor *self, const char *query, PgParams *params, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_cursor_wait (PgCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgRow *pg_cursor_fetch_one (PgCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_cursor_fetch_many (PgCursor *self, guint size, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_cursor_fetch_all (PgCursor *self, GCancellable *cancellable, GError **error);

G_END_DECLS
