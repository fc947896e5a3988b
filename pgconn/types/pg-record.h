/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_RECORD (pg_record_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_record_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgRecord *pg_record_parse (const char *text, GError **error);

PG_AVAILABLE_IN_1_0
PgRecord *pg_record_ref (PgRecord *self);
PG_AVAILABLE_IN_1_0
void pg_record_unref (PgRecord *self);

PG_AVAILABLE_IN_1_0
char *pg_record_to_string (const PgRecord *self);
PG_AVAILABLE_IN_1_0
guint pg_record_get_n_fields (const PgRecord *self);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_record_get_type_info (const PgRecord *self);
PG_AVAILABLE_IN_1_0
const char *pg_record_get_field_name (const PgRecord *self, guint position);
PG_AVAILABLE_IN_1_0
int pg_record_find_field (const PgRecord *self, const char *name);
PG_AVAILABLE_IN_1_0
guint pg_record_get_field_type (const PgRecord *self, guint position);
PG_AVAILABLE_IN_1_0
gboolean pg_record_is_null (const PgRecord *self, guint position);
PG_AVAILABLE_IN_1_0
const char *pg_record_get_text (const PgRecord *self, guint position);
PG_AVAILABLE_IN_1_0
GBytes *pg_record_get_bytes (const PgRecord *self, guint position);
PG_AVAILABLE_IN_1_0
gboolean pg_record_has_loader (const PgRecord *self, guint position);
PG_AVAILABLE_IN_1_0
void pg_record_get_value (const PgRecord *self, guint position, GValue *value);

PG_AVAILABLE_IN_1_0
int pg_record_compare (const PgRecord *a, const PgRecord *b);
PG_AVAILABLE_IN_1_0
gboolean pg_record_equal (const PgRecord *a, const PgRecord *b);
PG_AVAILABLE_IN_1_0
guint pg_record_hash (const PgRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgRecord, pg_record_unref)

G_END_DECLS
