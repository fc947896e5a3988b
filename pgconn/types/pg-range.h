/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_RANGE (pg_range_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_range_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgRange *pg_range_parse (const char *text, guint element_type, GError **error);
PG_AVAILABLE_IN_1_0
PgRange *pg_range_new (guint element_type, const char *lower, const char *upper, const char *bounds, GError **error);
PG_AVAILABLE_IN_1_0
PgRange *pg_range_new_empty (guint element_type);

PG_AVAILABLE_IN_1_0
PgRange *pg_range_ref (PgRange *self);
PG_AVAILABLE_IN_1_0
void pg_range_unref (PgRange *self);

PG_AVAILABLE_IN_1_0
char *pg_range_to_string (const PgRange *self);
PG_AVAILABLE_IN_1_0
guint pg_range_get_element_type (const PgRange *self);
PG_AVAILABLE_IN_1_0
gboolean pg_range_is_empty (const PgRange *self);
PG_AVAILABLE_IN_1_0
const char *pg_range_get_lower (const PgRange *self);
PG_AVAILABLE_IN_1_0
const char *pg_range_get_upper (const PgRange *self);
PG_AVAILABLE_IN_1_0
gboolean pg_range_has_loader (const PgRange *self);
PG_AVAILABLE_IN_1_0
void pg_range_get_lower_value (const PgRange *self, GValue *value);
PG_AVAILABLE_IN_1_0
void pg_range_get_upper_value (const PgRange *self, GValue *value);
PG_AVAILABLE_IN_1_0
gboolean pg_range_is_lower_inclusive (const PgRange *self);
PG_AVAILABLE_IN_1_0
gboolean pg_range_is_upper_inclusive (const PgRange *self);

PG_AVAILABLE_IN_1_0
int pg_range_compare (const PgRange *a, const PgRange *b);
PG_AVAILABLE_IN_1_0
gboolean pg_range_equal (const PgRange *a, const PgRange *b);
PG_AVAILABLE_IN_1_0
guint pg_range_hash (const PgRange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgRange, pg_range_unref)

G_END_DECLS
