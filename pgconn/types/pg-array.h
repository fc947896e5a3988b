/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_ARRAY (pg_array_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_array_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgArray *pg_array_parse (const char *text, guint element_type, GError **error);

PG_AVAILABLE_IN_1_0
PgArray *pg_array_ref (PgArray *self);
PG_AVAILABLE_IN_1_0
void pg_array_unref (PgArray *self);

PG_AVAILABLE_IN_1_0
char *pg_array_to_string (const PgArray *self);
PG_AVAILABLE_IN_1_0
GVariant *pg_array_to_variant (const PgArray *self);

PG_AVAILABLE_IN_1_0
guint pg_array_get_element_type (const PgArray *self);
PG_AVAILABLE_IN_1_0
guint pg_array_get_n_dimensions (const PgArray *self);
PG_AVAILABLE_IN_1_0
guint pg_array_get_length (const PgArray *self, guint dimension);
PG_AVAILABLE_IN_1_0
int pg_array_get_lower_bound (const PgArray *self, guint dimension);

PG_AVAILABLE_IN_1_0
guint pg_array_get_n_elements (const PgArray *self);
PG_AVAILABLE_IN_1_0
gint64 pg_array_find_element (const PgArray *self, const int *subscripts, guint n_subscripts);
PG_AVAILABLE_IN_1_0
gboolean pg_array_is_null (const PgArray *self, guint position);
PG_AVAILABLE_IN_1_0
char *pg_array_dup_text (const PgArray *self, guint position);
PG_AVAILABLE_IN_1_0
gboolean pg_array_has_loader (const PgArray *self);
PG_AVAILABLE_IN_1_0
void pg_array_get_value (const PgArray *self, guint position, GValue *value);

PG_AVAILABLE_IN_1_0
int pg_array_compare (const PgArray *a, const PgArray *b);
PG_AVAILABLE_IN_1_0
gboolean pg_array_equal (const PgArray *a, const PgArray *b);
PG_AVAILABLE_IN_1_0
guint pg_array_hash (const PgArray *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgArray, pg_array_unref)

G_END_DECLS
