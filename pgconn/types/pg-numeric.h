/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_NUMERIC (pg_numeric_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_numeric_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgNumeric *pg_numeric_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgNumeric *pg_numeric_new_from_int64 (gint64 value);

PG_AVAILABLE_IN_1_0
PgNumeric *pg_numeric_ref (PgNumeric *self);
PG_AVAILABLE_IN_1_0
void pg_numeric_unref (PgNumeric *self);

PG_AVAILABLE_IN_1_0
char *pg_numeric_to_string (const PgNumeric *self);
PG_AVAILABLE_IN_1_0
double pg_numeric_to_double (const PgNumeric *self);
PG_AVAILABLE_IN_1_0
gint64 pg_numeric_to_int64 (const PgNumeric *self, GError **error);
PG_AVAILABLE_IN_1_0
guint pg_numeric_get_scale (const PgNumeric *self);
PG_AVAILABLE_IN_1_0
gboolean pg_numeric_is_nan (const PgNumeric *self);
PG_AVAILABLE_IN_1_0
gboolean pg_numeric_is_infinite (const PgNumeric *self);
PG_AVAILABLE_IN_1_0
gboolean pg_numeric_is_negative (const PgNumeric *self);

PG_AVAILABLE_IN_1_0
int pg_numeric_compare (const PgNumeric *a, const PgNumeric *b);
PG_AVAILABLE_IN_1_0
gboolean pg_numeric_equal (const PgNumeric *a, const PgNumeric *b);
PG_AVAILABLE_IN_1_0
guint pg_numeric_hash (const PgNumeric *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgNumeric, pg_numeric_unref)

G_END_DECLS
