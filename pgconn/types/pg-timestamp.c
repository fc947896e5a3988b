/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-timestamp-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>

/**
 * PgTimestamp:
 *
 * A value of PostgreSQL's types `timestamp` and `timestamptz`: a date and a time of day in microseconds, or an infinity.
 *
 * One with time zone is a point in time; PostgreSQL keeps no zone with it, and so neither does this. One without is what a
 * calendar and a clock on some wall show. The range is that of PostgreSQL, from 24 November 4714 BC to the end of the year
 * 294276.
 *
 * A `PgTimestamp` never changes and may be used from several threads.
 *
 * See "Date/Time Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgTimestamp
{
  gatomicrefcount ref_count;
  gboolean has_time_zone;
  gint64 microseconds; /* from 2000-01-01 00:00:00; G_MININT64 and G_MAXINT64 are the infinities, as on the wire */
};

PG_DEFINE_BOXED_TYPE (PgTimestamp, pg_timestamp)

#define SECONDS_PER_DAY 86400

static gboolean
is_infinite (gint64 microseconds)
{
  return microseconds == G_MININT64 || microseconds == G_MAXINT64;
}

gboolean
pg_timestamp_check (gint64 microseconds, const char **reason)
{
  if (is_infinite (microseconds) || (microseconds >= PG_TIMESTAMP_FIRST && microseconds < PG_TIMESTAMP_END))
    return TRUE;
  *reason = _("it is out of range");
  return FALSE;
}

gboolean
pg_timestamp_scan (const char *text, gsize length, PgTristate zone, gint64 *microseconds, gboolean *has_zone,
                   const char **reason)
{
  const char *at = text;
  const char *end = text + length;
  gint64 year, time, days;
  gint32 offset = 0;
  guint month, day;
  gboolean bc, iso;
  gboolean zone_seen = FALSE;

  if (has_zone != NULL)
    *has_zone = zone == PG_TRISTATE_ON;
  if (pg_scan_is (text, length, "infinity"))
    {
      *microseconds = G_MAXINT64;
      return TRUE;
    }
  if (pg_scan_is (text, length, "-infinity"))
    {
      *microseconds = G_MININT64;
      return TRUE;
    }

  bc = pg_scan_bc (text, &end);
  iso = pg_scan_ymd (&at, end, &year, &month, &day) && at < end && (*at == ' ' || *at == 'T');
  if (iso)
    {
      at++;
      iso = pg_scan_time (&at, end, 23, &time);
    }
  if (!iso)
    {
      *reason = _("it is not in the form of DateStyle ISO");
      return FALSE;
    }
  if (at < end && *at == 'Z')
    {
      zone_seen = TRUE;
      at++;
    }
  else if (at < end && (*at == '+' || *at == '-'))
    {
      zone_seen = TRUE;
      if (!pg_scan_offset (&at, end, &offset))
        {
          *reason = _("its offset from UTC is not valid");
          return FALSE;
        }
    }
  if (at != end)
    {
      *reason = _("it is not in the form of DateStyle ISO");
      return FALSE;
    }
  if (zone == PG_TRISTATE_ON && !zone_seen)
    {
      *reason = _("it has no offset from UTC");
      return FALSE;
    }
  if (zone == PG_TRISTATE_OFF && zone_seen)
    {
      *reason = _("it has an offset from UTC");
      return FALSE;
    }
  if (!pg_scan_year (&year, bc) || !pg_civil_is_valid (year, month, day))
    {
      *reason = _("there is no such day");
      return FALSE;
    }

  /* Local time may be just out of the range that UTC is in, and the other way round: both fit into 64 bits here. */
  days = pg_civil_to_days (year, month, day);
  if (days < PG_TIMESTAMP_FIRST / PG_USEC_PER_DAY - 1 || days > PG_TIMESTAMP_END / PG_USEC_PER_DAY)
    {
      *reason = _("it is out of range");
      return FALSE;
    }
  *microseconds = days * PG_USEC_PER_DAY + time - offset * (gint64) G_USEC_PER_SEC;
  if (has_zone != NULL)
    *has_zone = zone_seen;
  return pg_timestamp_check (*microseconds, reason);
}

PgTimestamp *
pg_timestamp_new_unchecked (gint64 microseconds, gboolean has_time_zone)
{
  PgTimestamp *self = g_new (PgTimestamp, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->microseconds = microseconds;
  self->has_time_zone = !!has_time_zone;
  return self;
}

/**
 * pg_timestamp_parse:
 * @text: the text of a timestamp
 * @error: return location for a #GError
 *
 * Reads a timestamp from its text in ISO form.
 *
 * That is `YYYY-MM-DD HH:MM:SS`, or the same with a `T` in the middle, then an optional fraction of up to six digits, an
 * optional offset from UTC as `Z`, `+HH`, `+HH:MM` or `+HH:MM:SS`, and ` BC` for a year before 1; or `infinity` or
 * `-infinity`. With an offset the result is a timestamp with time zone, else one without.
 *
 * Returns: (transfer full): the timestamp, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgTimestamp *
pg_timestamp_parse (const char *text, GError **error)
{
  const char *reason = NULL;
  gint64 microseconds;
  gboolean has_zone;

  g_return_val_if_fail (text != NULL, NULL);

  if (!pg_timestamp_scan (text, strlen (text), PG_TRISTATE_DEFAULT, &microseconds, &has_zone, &reason))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a timestamp: %s"), reason);
      return NULL;
    }
  return pg_timestamp_new_unchecked (microseconds, has_zone);
}

/**
 * pg_timestamp_new_from_microseconds:
 * @microseconds: microseconds since 2000-01-01 00:00:00, or `G_MININT64` or `G_MAXINT64` for the infinities
 * @has_time_zone: whether it is a point in time, counted in UTC
 * @error: return location for a #GError
 *
 * Makes a timestamp from the number that PostgreSQL keeps for it.
 *
 * Returns: (transfer full): the timestamp, or `NULL` with `PG_ERROR_DATA` if it is out of range
 *
 * Since: 1.0
 */
PgTimestamp *
pg_timestamp_new_from_microseconds (gint64 microseconds, gboolean has_time_zone, GError **error)
{
  const char *reason;

  if (!pg_timestamp_check (microseconds, &reason))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The timestamp is out of PostgreSQL's range"));
      return NULL;
    }
  return pg_timestamp_new_unchecked (microseconds, has_time_zone);
}

/**
 * pg_timestamp_new_from_datetime:
 * @datetime: a #GDateTime
 *
 * Makes a timestamp with time zone from the point in time that a #GDateTime is.
 *
 * The #GDateTime's own time zone is not kept, as PostgreSQL does not.
 *
 * Returns: (transfer full): the timestamp
 *
 * Since: 1.0
 */
PgTimestamp *
pg_timestamp_new_from_datetime (GDateTime *datetime)
{
  gint64 seconds;

  g_return_val_if_fail (datetime != NULL, NULL);

  seconds = g_date_time_to_unix (datetime) - PG_EPOCH_UNIX_DAYS * SECONDS_PER_DAY;
  return pg_timestamp_new_unchecked (seconds * G_USEC_PER_SEC + g_date_time_get_microsecond (datetime), TRUE);
}

/**
 * pg_timestamp_new_infinity:
 * @negative: whether it is before all time instead of after it
 * @has_time_zone: whether it is one with time zone
 *
 * Makes the timestamp `infinity` or `-infinity`.
 *
 * Returns: (transfer full): the timestamp
 *
 * Since: 1.0
 */
PgTimestamp *
pg_timestamp_new_infinity (gboolean negative, gboolean has_time_zone)
{
  return pg_timestamp_new_unchecked (negative ? G_MININT64 : G_MAXINT64, has_time_zone);
}

/**
 * pg_timestamp_ref:
 * @self: a #PgTimestamp
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgTimestamp *
pg_timestamp_ref (PgTimestamp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_timestamp_unref:
 * @self: (transfer full): a #PgTimestamp
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_timestamp_unref (PgTimestamp *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/* Rounded down. */
static gint64
days_of (gint64 microseconds)
{
  return (microseconds >= 0 ? microseconds : microseconds - (PG_USEC_PER_DAY - 1)) / PG_USEC_PER_DAY;
}

/**
 * pg_timestamp_to_string:
 * @self: a #PgTimestamp
 *
 * Gets the text that PostgreSQL shows for the timestamp with `DateStyle` `ISO` and `TimeZone` `UTC`.
 *
 * One with time zone ends in `+00`. See [func@Timestamp.parse] for its form.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_timestamp_to_string (const PgTimestamp *self)
{
  GString *text;
  gint64 days, time;
  gboolean bc;

  g_return_val_if_fail (self != NULL, NULL);

  if (is_infinite (self->microseconds))
    return g_strdup (self->microseconds < 0 ? "-infinity" : "infinity");

  text = g_string_sized_new (40);
  days = days_of (self->microseconds);
  time = self->microseconds - days * PG_USEC_PER_DAY;
  bc = pg_date_format_days (text, days);
  g_string_append_c (text, ' ');
  pg_format_time (text, time);
  if (self->has_time_zone)
    g_string_append (text, "+00");
  if (bc)
    g_string_append (text, " BC");
  return g_string_free (text, FALSE);
}

/**
 * pg_timestamp_to_datetime:
 * @self: a #PgTimestamp
 * @error: return location for a #GError
 *
 * Gets the timestamp as a #GDateTime in UTC, which has the years from 1 to 9999.
 *
 * A timestamp without time zone gives the #GDateTime whose date and time in UTC are the same.
 *
 * Returns: (transfer full): the #GDateTime, or `NULL` with `PG_ERROR_DATA` if it cannot hold the timestamp
 *
 * Since: 1.0
 */
GDateTime *
pg_timestamp_to_datetime (const PgTimestamp *self, GError **error)
{
  g_autoptr (GDateTime) day = NULL;
  gint64 days;

  g_return_val_if_fail (self != NULL, NULL);

  days = is_infinite (self->microseconds) ? G_MAXINT64 : days_of (self->microseconds);
  if (days < pg_civil_to_days (1, 1, 1) || days > pg_civil_to_days (9999, 12, 31))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The timestamp is not one that a GDateTime can hold"));
      return NULL;
    }
  day = g_date_time_new_from_unix_utc ((days + PG_EPOCH_UNIX_DAYS) * SECONDS_PER_DAY);
  return g_date_time_add (day, self->microseconds - days * PG_USEC_PER_DAY);
}

/**
 * pg_timestamp_get_microseconds:
 * @self: a #PgTimestamp
 *
 * Gets the number that PostgreSQL keeps for the timestamp.
 *
 * Returns: microseconds since 2000-01-01 00:00:00, in UTC if it has a time zone; `G_MAXINT64` for `infinity` and
 *   `G_MININT64` for `-infinity`
 *
 * Since: 1.0
 */
gint64
pg_timestamp_get_microseconds (const PgTimestamp *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->microseconds;
}

/**
 * pg_timestamp_has_time_zone:
 * @self: a #PgTimestamp
 *
 * Gets whether this is a `timestamptz`, a point in time, and not a `timestamp`.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_timestamp_has_time_zone (const PgTimestamp *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_time_zone;
}

/**
 * pg_timestamp_is_infinite:
 * @self: a #PgTimestamp
 *
 * Gets whether this is `infinity` or `-infinity`.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_timestamp_is_infinite (const PgTimestamp *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return is_infinite (self->microseconds);
}

/**
 * pg_timestamp_compare:
 * @a: a #PgTimestamp
 * @b: another
 *
 * Compares two timestamps by PostgreSQL's order.
 *
 * One without time zone is compared as if it were in UTC, and comes before one with time zone of the same microsecond.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_timestamp_compare (const PgTimestamp *a, const PgTimestamp *b)
{
  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (a->microseconds != b->microseconds)
    return a->microseconds < b->microseconds ? -1 : 1;
  return a->has_time_zone - b->has_time_zone;
}

/**
 * pg_timestamp_equal:
 * @a: a #PgTimestamp
 * @b: another
 *
 * Gets whether two timestamps are the same, as [method@Timestamp.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_timestamp_equal (const PgTimestamp *a, const PgTimestamp *b)
{
  return pg_timestamp_compare (a, b) == 0;
}

/**
 * pg_timestamp_hash:
 * @self: a #PgTimestamp
 *
 * Gets a hash value, which is the same for equal timestamps.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_timestamp_hash (const PgTimestamp *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_int64_hash (&self->microseconds) ^ (guint) self->has_time_zone;
}
