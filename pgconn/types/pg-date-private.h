/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-date.h>

G_BEGIN_DECLS

/* Between 2000-01-01, from which PostgreSQL counts, and 1970-01-01. */
#define PG_EPOCH_UNIX_DAYS G_GINT64_CONSTANT (10957)

/* The Julian day 0, which is where PostgreSQL's calendar begins: 4714-11-24 BC. */
#define PG_DATE_FIRST (-2451545)
/* The first day after its last date, 5874897-12-31. */
#define PG_DATE_END G_GINT64_CONSTANT (2145031949)

/* Years here are astronomical: 0 is 1 BC. Days count from 2000-01-01. */
gint64 pg_civil_to_days (gint64 year, guint month, guint day);
void pg_civil_from_days (gint64 days, gint64 *year, guint *month, guint *day);
gboolean pg_civil_is_valid (gint64 year, guint month, guint day);

/* Reads up to max digits, at least min, and moves *at past them; FALSE and *at as it was if they are not there. */
gboolean pg_scan_digits (const char **at, const char *end, guint min, guint max, gint64 *out);
/* "YYYY-MM-DD" with a year of four to seven digits; a following " BC" is the caller's, and it may come after a time. */
gboolean pg_scan_ymd (const char **at, const char *end, gint64 *year, guint *month, guint *day);
/* Takes " BC" off the end, if it is there. */
gboolean pg_scan_bc (const char *text, const char **end);
/* The astronomical year of one that is written; FALSE for 0, which there is not. */
gboolean pg_scan_year (gint64 *year, gboolean bc);
gboolean pg_scan_is (const char *text, gsize length, const char *word);

/* FALSE and a translated reason. The first takes a year as it is written. */
gboolean pg_date_from_written (gint64 year, guint month, guint day, gboolean bc, gint32 *days, const char **reason);
gboolean pg_date_scan (const char *text, gsize length, gint32 *days, const char **reason);
gboolean pg_date_check_days (gint32 days, const char **reason);

/* Appends year, month and day; gives whether " BC" has to follow. */
gboolean pg_date_format_days (GString *text, gint64 days);

PgDate *pg_date_new_unchecked (gint32 days);

G_END_DECLS
