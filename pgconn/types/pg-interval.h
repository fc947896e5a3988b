/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_INTERVAL (pg_interval_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_interval_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgInterval *pg_interval_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgInterval *pg_interval_new (gint32 months, gint32 days, gint64 microseconds);
PG_AVAILABLE_IN_1_0
PgInterval *pg_interval_new_from_time_span (GTimeSpan span);
PG_AVAILABLE_IN_1_0
PgInterval *pg_interval_new_infinity (gboolean negative);

PG_AVAILABLE_IN_1_0
PgInterval *pg_interval_ref (PgInterval *self);
PG_AVAILABLE_IN_1_0
void pg_interval_unref (PgInterval *self);

PG_AVAILABLE_IN_1_0
char *pg_interval_to_string (const PgInterval *self);
PG_AVAILABLE_IN_1_0
gboolean pg_interval_to_time_span (const PgInterval *self, GTimeSpan *span, GError **error);
PG_AVAILABLE_IN_1_0
gint32 pg_interval_get_months (const PgInterval *self);
PG_AVAILABLE_IN_1_0
gint32 pg_interval_get_days (const PgInterval *self);
PG_AVAILABLE_IN_1_0
gint64 pg_interval_get_microseconds (const PgInterval *self);
PG_AVAILABLE_IN_1_0
gboolean pg_interval_is_infinite (const PgInterval *self);

PG_AVAILABLE_IN_1_0
int pg_interval_compare (const PgInterval *a, const PgInterval *b);
PG_AVAILABLE_IN_1_0
gboolean pg_interval_equal (const PgInterval *a, const PgInterval *b);
PG_AVAILABLE_IN_1_0
guint pg_interval_hash (const PgInterval *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgInterval, pg_interval_unref)

G_END_DECLS
