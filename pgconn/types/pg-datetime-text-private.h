/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pg-enums.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

#define PG_USEC_PER_DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/* "HH:MM:SS" with a fraction of up to six digits, as microseconds. hour_max is the last hour; 24 has nothing after it. */
gboolean pg_scan_time (const char **at, const char *end, guint hour_max, gint64 *microseconds);
/* "+HH", "+HH:MM" or "+HH:MM:SS", in seconds east of UTC; *at is at the sign. */
gboolean pg_scan_offset (const char **at, const char *end, gint32 *seconds);

/* "HH:MM:SS" and a fraction without zeros at its end; not negative. */
void pg_format_time (GString *text, gint64 microseconds);
/* As pg_scan_offset() reads it. */
void pg_format_offset (GString *text, gint32 seconds);

/* These read all that DateStyle can make of a value. session is that of PgWireValue. FALSE and a translated reason. */
gboolean pg_date_scan_styles (const char *text, gsize length, guint session, gint32 *days, const char **reason);
gboolean pg_timestamp_scan_styles (const char *text, gsize length, gboolean zone, guint session, gint64 *microseconds,
                                   const char **reason);

G_END_DECLS
