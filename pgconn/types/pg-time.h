/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_TIME (pg_time_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_time_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgTime *pg_time_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgTime *pg_time_new (int hour, int minute, int second, int microsecond, GError **error);
PG_AVAILABLE_IN_1_0
PgTime *pg_time_new_from_microseconds (gint64 microseconds, GError **error);
PG_AVAILABLE_IN_1_0
PgTime *pg_time_new_with_offset (gint64 microseconds, int offset, GError **error);

PG_AVAILABLE_IN_1_0
PgTime *pg_time_ref (PgTime *self);
PG_AVAILABLE_IN_1_0
void pg_time_unref (PgTime *self);

PG_AVAILABLE_IN_1_0
char *pg_time_to_string (const PgTime *self);
PG_AVAILABLE_IN_1_0
gint64 pg_time_get_microseconds (const PgTime *self);
PG_AVAILABLE_IN_1_0
void pg_time_get_hms (const PgTime *self, int *hour, int *minute, int *second, int *microsecond);
PG_AVAILABLE_IN_1_0
gboolean pg_time_has_offset (const PgTime *self);
PG_AVAILABLE_IN_1_0
int pg_time_get_offset (const PgTime *self);

PG_AVAILABLE_IN_1_0
int pg_time_compare (const PgTime *a, const PgTime *b);
PG_AVAILABLE_IN_1_0
gboolean pg_time_equal (const PgTime *a, const PgTime *b);
PG_AVAILABLE_IN_1_0
guint pg_time_hash (const PgTime *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgTime, pg_time_unref)

G_END_DECLS
