/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-interval-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-datetime-text-private.h>

/**
 * PgInterval:
 *
 * A value of PostgreSQL's type `interval`: a number of months, one of days, and one of microseconds, or an infinity.
 *
 * The three are kept apart, each with its own sign, as a month is not always the same number of days nor a day the same number of hours.
 *
 * PostgreSQL 17 and later have infinite intervals. They are the greatest and the least that an older server can keep, which are shown as
 * infinite here whatever the server.
 *
 * A `PgInterval` never changes and may be used from several threads.
 *
 * See "Date/Time Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgInterval
{
  gatomicrefcount ref_count;
  gint32 months;
  gint32 days;
  gint64 microseconds;
};

PG_DEFINE_BOXED_TYPE (PgInterval, pg_interval)

#define DAYS_PER_MONTH 30

/**
 * pg_interval_parse:
 * @text: the text of an interval
 * @error: return location for a #GError
 *
 * Reads an interval from the text that PostgreSQL has for it with any setting of `IntervalStyle`.
 *
 * Those are `1 year 2 mons -3 days +04:05:06.7` for `postgres`, `@ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs` for `postgres_verbose`, with
 * ` ago` after it where all is negated, `+1-2 -3 +4:05:06.7` for `sql_standard` and `P1Y2M-3DT4H5M6.7S` for `iso_8601`; and `infinity` and
 * `-infinity`.
 *
 * Returns: (transfer full): the interval, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgInterval *
pg_interval_parse (const char *text, GError **error)
{
  const char *reason = NULL;
  PgInterval *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = pg_interval_scan (text, strlen (text), &reason);
  if (self == NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not an interval: %s"), reason);
  return self;
}

/**
 * pg_interval_new:
 * @months: months; 12 are a year
 * @days: days
 * @microseconds: microseconds
 *
 * Makes an interval of what PostgreSQL keeps for it.
 *
 * Returns: (transfer full): the interval
 *
 * Since: 1.0
 */
PgInterval *
pg_interval_new (gint32 months, gint32 days, gint64 microseconds)
{
  PgInterval *self = g_new (PgInterval, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->months = months;
  self->days = days;
  self->microseconds = microseconds;
  return self;
}

/**
 * pg_interval_new_from_time_span:
 * @span: microseconds
 *
 * Makes an interval of neither months nor days from a [alias@GLib.TimeSpan].
 *
 * Returns: (transfer full): the interval
 *
 * Since: 1.0
 */
PgInterval *
pg_interval_new_from_time_span (GTimeSpan span)
{
  return pg_interval_new (0, 0, span);
}

/**
 * pg_interval_new_infinity:
 * @negative: whether it is shorter than all others instead of longer
 *
 * Makes the interval `infinity` or `-infinity`, which PostgreSQL 17 and later have.
 *
 * Returns: (transfer full): the interval
 *
 * Since: 1.0
 */
PgInterval *
pg_interval_new_infinity (gboolean negative)
{
  return negative ? pg_interval_new (G_MININT32, G_MININT32, G_MININT64) : pg_interval_new (G_MAXINT32, G_MAXINT32, G_MAXINT64);
}

/**
 * pg_interval_ref:
 * @self: a #PgInterval
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgInterval *
pg_interval_ref (PgInterval *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_interval_unref:
 * @self: (transfer full): a #PgInterval
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_interval_unref (PgInterval *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/* signed_next: whether the one before was negative, so that the next has a sign in any case. */
static void
append_part (GString *text, gint32 value, const char *unit, gboolean *signed_next)
{
  if (value == 0)
    return;
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append_printf (text, "%s%d %s%s", *signed_next && value > 0 ? "+" : "", value, unit, value != 1 ? "s" : "");
  *signed_next = value < 0;
}

/**
 * pg_interval_to_string:
 * @self: a #PgInterval
 *
 * Gets the text that PostgreSQL shows for the interval with `IntervalStyle` `postgres`.
 *
 * See [func@Interval.parse] for its form.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_interval_to_string (const PgInterval *self)
{
  GString *text;
  gboolean signed_next = FALSE;

  g_return_val_if_fail (self != NULL, NULL);

  if (pg_interval_is_infinite (self))
    return g_strdup (self->days < 0 ? "-infinity" : "infinity");

  text = g_string_sized_new (48);
  append_part (text, self->months / 12, "year", &signed_next);
  append_part (text, self->months % 12, "mon", &signed_next);
  append_part (text, self->days, "day", &signed_next);
  if (text->len == 0 || self->microseconds != 0)
    {
      gboolean negative = self->microseconds < 0;
      guint64 magnitude = negative ? 0 - (guint64) self->microseconds : (guint64) self->microseconds;
      guint64 hours = magnitude / ((guint64) 3600 * G_USEC_PER_SEC);
      gsize clock;

      if (text->len > 0)
        g_string_append_c (text, ' ');
      if (negative || signed_next)
        g_string_append_c (text, negative ? '-' : '+');
      g_string_append_printf (text, "%02" G_GUINT64_FORMAT, hours);
      clock = text->len;
      pg_format_time (text, (gint64) (magnitude % ((guint64) 3600 * G_USEC_PER_SEC)));
      /* Without its hours. */
      g_string_erase (text, (gssize) clock, 2);
    }
  return g_string_free (text, FALSE);
}

/**
 * pg_interval_to_time_span:
 * @self: a #PgInterval
 * @span: (out): return location for the microseconds; 0 with an error
 * @error: return location for a #GError
 *
 * Gets the interval as a [alias@GLib.TimeSpan], which is microseconds.
 *
 * This is for one without months and days, as these have no length of their own.
 *
 * Returns: `TRUE`, or `FALSE` with `PG_ERROR_DATA` if it has months or days or is infinite
 *
 * Since: 1.0
 */
gboolean
pg_interval_to_time_span (const PgInterval *self, GTimeSpan *span, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (span != NULL, FALSE);

  *span = 0;
  if (self->months != 0 || self->days != 0)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The interval has months or days, which have no fixed length"));
      return FALSE;
    }
  *span = self->microseconds;
  return TRUE;
}

/**
 * pg_interval_get_months:
 * @self: a #PgInterval
 *
 * Gets the months, with 12 for each year.
 *
 * Returns: the months; `G_MAXINT32` for `infinity`, `G_MININT32` for `-infinity`
 *
 * Since: 1.0
 */
gint32
pg_interval_get_months (const PgInterval *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->months;
}

/**
 * pg_interval_get_days:
 * @self: a #PgInterval
 *
 * Gets the days, without those of the months and of the microseconds.
 *
 * Returns: the days; `G_MAXINT32` for `infinity`, `G_MININT32` for `-infinity`
 *
 * Since: 1.0
 */
gint32
pg_interval_get_days (const PgInterval *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->days;
}

/**
 * pg_interval_get_microseconds:
 * @self: a #PgInterval
 *
 * Gets the hours, minutes, seconds and fraction as microseconds.
 *
 * Returns: the microseconds; `G_MAXINT64` for `infinity`, `G_MININT64` for `-infinity`
 *
 * Since: 1.0
 */
gint64
pg_interval_get_microseconds (const PgInterval *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->microseconds;
}

/**
 * pg_interval_is_infinite:
 * @self: a #PgInterval
 *
 * Gets whether this is `infinity` or `-infinity`.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_interval_is_infinite (const PgInterval *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return (self->months == G_MAXINT32 && self->days == G_MAXINT32 && self->microseconds == G_MAXINT64) ||
         (self->months == G_MININT32 && self->days == G_MININT32 && self->microseconds == G_MININT64);
}

/* Months of 30 days and days of 24 hours, rounded down; the rest is not negative. */
static gint64
count_days (const PgInterval *self, gint64 *rest)
{
  gint64 days = self->microseconds / PG_USEC_PER_DAY;

  *rest = self->microseconds % PG_USEC_PER_DAY;
  if (*rest < 0)
    {
      *rest += PG_USEC_PER_DAY;
      days--;
    }
  return days + self->days + (gint64) self->months * DAYS_PER_MONTH;
}

/**
 * pg_interval_compare:
 * @a: a #PgInterval
 * @b: another
 *
 * Compares two intervals by PostgreSQL's order.
 *
 * That takes a month for 30 days and a day for 24 hours, so that `1 mon`, `30 days` and `720:00:00` are equal; their getters tell them apart.
 *
 * Returns: less than, equal to or greater than 0 if @a is shorter than, the same as or longer than @b
 *
 * Since: 1.0
 */
int
pg_interval_compare (const PgInterval *a, const PgInterval *b)
{
  gint64 days_of_a, days_of_b, rest_of_a, rest_of_b;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  days_of_a = count_days (a, &rest_of_a);
  days_of_b = count_days (b, &rest_of_b);
  if (days_of_a != days_of_b)
    return days_of_a < days_of_b ? -1 : 1;
  return (rest_of_a > rest_of_b) - (rest_of_a < rest_of_b);
}

/**
 * pg_interval_equal:
 * @a: a #PgInterval
 * @b: another
 *
 * Gets whether two intervals are the same, as [method@Interval.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_interval_equal (const PgInterval *a, const PgInterval *b)
{
  return pg_interval_compare (a, b) == 0;
}

/**
 * pg_interval_hash:
 * @self: a #PgInterval
 *
 * Gets a hash value, which is the same for equal intervals.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_interval_hash (const PgInterval *self)
{
  gint64 days, rest;

  g_return_val_if_fail (self != NULL, 0);

  days = count_days (self, &rest);
  return g_int64_hash (&days) * 31 + g_int64_hash (&rest);
}
