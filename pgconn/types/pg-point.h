/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_POINT (pg_point_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_point_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgPoint *pg_point_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgPoint *pg_point_new (double x, double y);

PG_AVAILABLE_IN_1_0
PgPoint *pg_point_ref (PgPoint *self);
PG_AVAILABLE_IN_1_0
void pg_point_unref (PgPoint *self);

PG_AVAILABLE_IN_1_0
char *pg_point_to_string (const PgPoint *self);
PG_AVAILABLE_IN_1_0
double pg_point_get_x (const PgPoint *self);
PG_AVAILABLE_IN_1_0
double pg_point_get_y (const PgPoint *self);

PG_AVAILABLE_IN_1_0
gboolean pg_point_equal (const PgPoint *a, const PgPoint *b);
PG_AVAILABLE_IN_1_0
guint pg_point_hash (const PgPoint *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgPoint, pg_point_unref)

G_END_DECLS
