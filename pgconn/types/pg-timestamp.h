/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_TIMESTAMP (pg_timestamp_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_timestamp_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgTimestamp *pg_timestamp_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgTimestamp *pg_timestamp_new_from_microseconds (gint64 microseconds, gboolean has_time_zone, GError **error);
PG_AVAILABLE_IN_1_0
PgTimestamp *pg_timestamp_new_from_datetime (GDateTime *datetime);
PG_AVAILABLE_IN_1_0
PgTimestamp *pg_timestamp_new_infinity (gboolean negative, gboolean has_time_zone);

PG_AVAILABLE_IN_1_0
PgTimestamp *pg_timestamp_ref (PgTimestamp *self);
PG_AVAILABLE_IN_1_0
void pg_timestamp_unref (PgTimestamp *self);

PG_AVAILABLE_IN_1_0
char *pg_timestamp_to_string (const PgTimestamp *self);
PG_AVAILABLE_IN_1_0
GDateTime *pg_timestamp_to_datetime (const PgTimestamp *self, GError **error);
PG_AVAILABLE_IN_1_0
gint64 pg_timestamp_get_microseconds (const PgTimestamp *self);
PG_AVAILABLE_IN_1_0
gboolean pg_timestamp_has_time_zone (const PgTimestamp *self);
PG_AVAILABLE_IN_1_0
gboolean pg_timestamp_is_infinite (const PgTimestamp *self);

PG_AVAILABLE_IN_1_0
int pg_timestamp_compare (const PgTimestamp *a, const PgTimestamp *b);
PG_AVAILABLE_IN_1_0
gboolean pg_timestamp_equal (const PgTimestamp *a, const PgTimestamp *b);
PG_AVAILABLE_IN_1_0
guint pg_timestamp_hash (const PgTimestamp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgTimestamp, pg_timestamp_unref)

G_END_DECLS
