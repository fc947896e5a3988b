/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_LOAD (pg_load_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_load_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgLoad *pg_load_ref (PgLoad *self);
PG_AVAILABLE_IN_1_0
void pg_load_unref (PgLoad *self);

PG_AVAILABLE_IN_1_0
guint pg_load_get_oid (PgLoad *self);
PG_AVAILABLE_IN_1_0
int pg_load_get_modifier (PgLoad *self);
PG_AVAILABLE_IN_1_0
PgFormat pg_load_get_format (PgLoad *self);
PG_AVAILABLE_IN_1_0
GBytes *pg_load_get_bytes (PgLoad *self);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_load_get_type_info (PgLoad *self);

PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_load_lookup_type (PgLoad *self, guint oid) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
char *pg_load_dup_text (PgLoad *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
PgRecord *pg_load_dup_record (PgLoad *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
void pg_load_set_value (PgLoad *self, const GValue *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgLoad, pg_load_unref)

G_END_DECLS
