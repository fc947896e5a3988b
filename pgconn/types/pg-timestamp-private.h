/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pg-enums.h>
#include <pgconn/types/pg-timestamp.h>

G_BEGIN_DECLS

/* 4714-11-24 00:00:00 BC */
#define PG_TIMESTAMP_FIRST G_GINT64_CONSTANT (-211813488000000000)
/* 294277-01-01 00:00:00, the first that is not one */
#define PG_TIMESTAMP_END G_GINT64_CONSTANT (9223371331200000000)

/* zone: ON if the text must have an offset from UTC, OFF if it must not. FALSE and a translated reason. has_zone may be NULL. */
gboolean pg_timestamp_scan (const char *text, gsize length, PgTristate zone, gint64 *microseconds, gboolean *has_zone,
                            const char **reason);
gboolean pg_timestamp_check (gint64 microseconds, const char **reason);

PgTimestamp *pg_timestamp_new_unchecked (gint64 microseconds, gboolean has_time_zone);

G_END_DECLS
