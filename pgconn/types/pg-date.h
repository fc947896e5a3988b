/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_DATE (pg_date_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_date_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgDate *pg_date_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgDate *pg_date_new_from_ymd (int year, int month, int day, GError **error);
PG_AVAILABLE_IN_1_0
PgDate *pg_date_new_from_days (gint32 days, GError **error);
PG_AVAILABLE_IN_1_0
PgDate *pg_date_new_from_gdate (const GDate *date, GError **error);
PG_AVAILABLE_IN_1_0
PgDate *pg_date_new_infinity (gboolean negative);

PG_AVAILABLE_IN_1_0
PgDate *pg_date_ref (PgDate *self);
PG_AVAILABLE_IN_1_0
void pg_date_unref (PgDate *self);

PG_AVAILABLE_IN_1_0
char *pg_date_to_string (const PgDate *self);
PG_AVAILABLE_IN_1_0
GDate *pg_date_to_gdate (const PgDate *self, GError **error);
PG_AVAILABLE_IN_1_0
gint32 pg_date_get_days (const PgDate *self);
PG_AVAILABLE_IN_1_0
gboolean pg_date_get_ymd (const PgDate *self, int *year, int *month, int *day);
PG_AVAILABLE_IN_1_0
gboolean pg_date_is_infinite (const PgDate *self);

PG_AVAILABLE_IN_1_0
int pg_date_compare (const PgDate *a, const PgDate *b);
PG_AVAILABLE_IN_1_0
gboolean pg_date_equal (const PgDate *a, const PgDate *b);
PG_AVAILABLE_IN_1_0
guint pg_date_hash (const PgDate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgDate, pg_date_unref)

G_END_DECLS
