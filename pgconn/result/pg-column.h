/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_COLUMN (pg_column_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_column_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgColumn *pg_column_ref (PgColumn *self);

PG_AVAILABLE_IN_1_0
void pg_column_unref (PgColumn *self);

PG_AVAILABLE_IN_1_0
const char *pg_column_get_name (PgColumn *self);

PG_AVAILABLE_IN_1_0
guint32 pg_column_get_type_oid (PgColumn *self);

PG_AVAILABLE_IN_1_0
const char *pg_column_get_type_display (PgColumn *self);

PG_AVAILABLE_IN_1_0
gboolean pg_column_has_loader (PgColumn *self);

PG_AVAILABLE_IN_1_0
gboolean pg_column_has_nested_loader (PgColumn *self);

PG_AVAILABLE_IN_1_0
int pg_column_get_type_modifier (PgColumn *self);

PG_AVAILABLE_IN_1_0
int pg_column_get_display_size (PgColumn *self);

PG_AVAILABLE_IN_1_0
int pg_column_get_internal_size (PgColumn *self);

PG_AVAILABLE_IN_1_0
int pg_column_get_precision (PgColumn *self);

PG_AVAILABLE_IN_1_0
gboolean pg_column_has_scale (PgColumn *self);

PG_AVAILABLE_IN_1_0
int pg_column_get_scale (PgColumn *self);

PG_AVAILABLE_IN_1_0
guint32 pg_column_get_table_oid (PgColumn *self);

PG_AVAILABLE_IN_1_0
int pg_column_get_table_column (PgColumn *self);

PG_AVAILABLE_IN_1_0
PgFormat pg_column_get_format (PgColumn *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgColumn, pg_column_unref)

G_END_DECLS
