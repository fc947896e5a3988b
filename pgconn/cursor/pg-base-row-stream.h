/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_BASE_ROW_STREAM (pg_base_row_stream_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgBaseRowStream, pg_base_row_stream, PG, BASE_ROW_STREAM, GObject)

struct _PgBaseRowStreamClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
PgColumn **pg_base_row_stream_dup_description (PgBaseRowStream *self, guint *n_columns);
PG_AVAILABLE_IN_1_0
gboolean pg_base_row_stream_is_over (PgBaseRowStream *self);
PG_AVAILABLE_IN_1_0
gint64 pg_base_row_stream_get_rowcount (PgBaseRowStream *self);
PG_AVAILABLE_IN_1_0
const char *pg_base_row_stream_get_status_message (PgBaseRowStream *self);

G_END_DECLS
