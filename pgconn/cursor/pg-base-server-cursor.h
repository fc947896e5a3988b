/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-base-cursor.h>

G_BEGIN_DECLS

#define PG_TYPE_BASE_SERVER_CURSOR (pg_base_server_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgBaseServerCursor, pg_base_server_cursor, PG, BASE_SERVER_CURSOR, PgBaseCursor)

struct _PgBaseServerCursorClass
{
  PgBaseCursorClass parent_class;

  /*< private >*/
  gpointer padding[4];
};

PG_AVAILABLE_IN_1_0
const char *pg_base_server_cursor_get_name (PgBaseServerCursor *self);
PG_AVAILABLE_IN_1_0
PgTristate pg_base_server_cursor_get_scrollable (PgBaseServerCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_server_cursor_set_scrollable (PgBaseServerCursor *self, PgTristate scrollable);
PG_AVAILABLE_IN_1_0
gboolean pg_base_server_cursor_get_hold (PgBaseServerCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_server_cursor_set_hold (PgBaseServerCursor *self, gboolean hold);
PG_AVAILABLE_IN_1_0
guint pg_base_server_cursor_get_itersize (PgBaseServerCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_server_cursor_set_itersize (PgBaseServerCursor *self, guint itersize);
PG_AVAILABLE_IN_1_0
gboolean pg_base_server_cursor_get_fetch_ahead (PgBaseServerCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_server_cursor_set_fetch_ahead (PgBaseServerCursor *self, gboolean fetch_ahead);

G_END_DECLS
