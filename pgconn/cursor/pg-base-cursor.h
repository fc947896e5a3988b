/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_BASE_CURSOR (pg_base_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgBaseCursor, pg_base_cursor, PG, BASE_CURSOR, GObject)

struct _PgBaseCursorClass
{
  GObjectClass parent_class;

  /*< private >*/
  void (*close) (PgBaseCursor *self);
  gpointer padding[7];
};

PG_AVAILABLE_IN_1_0
gboolean pg_base_cursor_get_closed (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_cursor_close (PgBaseCursor *self);

PG_AVAILABLE_IN_1_0
PgAdaptersMap *pg_base_cursor_get_adapters (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
PgFormat pg_base_cursor_get_format (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_cursor_set_format (PgBaseCursor *self, PgFormat format);
PG_AVAILABLE_IN_1_0
PgPrepare pg_base_cursor_get_prepare (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_cursor_set_prepare (PgBaseCursor *self, PgPrepare prepare);
PG_AVAILABLE_IN_1_0
guint pg_base_cursor_get_arraysize (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_cursor_set_arraysize (PgBaseCursor *self, guint arraysize);

PG_AVAILABLE_IN_1_0
PgRowFactory *pg_base_cursor_get_row_factory (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_cursor_set_row_factory (PgBaseCursor *self, PgRowFactory *row_factory);

PG_AVAILABLE_IN_1_0
PgResult *pg_base_cursor_get_result (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
guint pg_base_cursor_get_n_results (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
void pg_base_cursor_clear_results (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
gboolean pg_base_cursor_next_result (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
gboolean pg_base_cursor_select_result (PgBaseCursor *self, int index, GError **error);
PG_AVAILABLE_IN_1_0
PgColumn **pg_base_cursor_dup_description (PgBaseCursor *self, guint *n_columns);
PG_AVAILABLE_IN_1_0
gint64 pg_base_cursor_get_rowcount (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
gint64 pg_base_cursor_get_rownumber (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
const char *pg_base_cursor_get_status_message (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
const char *pg_base_cursor_get_query (PgBaseCursor *self);
PG_AVAILABLE_IN_1_0
gboolean pg_base_cursor_scroll (PgBaseCursor *self, gint64 offset, PgScrollMode mode, GError **error);

G_END_DECLS
