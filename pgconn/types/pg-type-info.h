/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_TYPE_INFO (pg_type_info_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_type_info_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_type_info_ref (PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
void pg_type_info_unref (PgTypeInfo *self);

PG_AVAILABLE_IN_1_0
guint pg_type_info_get_oid (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
guint pg_type_info_get_array_oid (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
PgTypeKind pg_type_info_get_kind (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
const char *pg_type_info_get_name (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
const char *pg_type_info_get_schema (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
const char *pg_type_info_get_sql_name (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
gunichar pg_type_info_get_delimiter (const PgTypeInfo *self);

PG_AVAILABLE_IN_1_0
const char *const *pg_type_info_get_labels (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
guint pg_type_info_get_base_oid (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
int pg_type_info_get_base_modifier (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
guint pg_type_info_get_element_oid (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
guint pg_type_info_get_counterpart_oid (const PgTypeInfo *self);

PG_AVAILABLE_IN_1_0
guint pg_type_info_get_n_fields (const PgTypeInfo *self);
PG_AVAILABLE_IN_1_0
const char *pg_type_info_get_field_name (const PgTypeInfo *self, guint position);
PG_AVAILABLE_IN_1_0
guint pg_type_info_get_field_type (const PgTypeInfo *self, guint position);
PG_AVAILABLE_IN_1_0
int pg_type_info_get_field_modifier (const PgTypeInfo *self, guint position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgTypeInfo, pg_type_info_unref)

G_END_DECLS
