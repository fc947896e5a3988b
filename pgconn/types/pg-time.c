/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-time-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>

/**
 * PgTime:
 *
 * A value of PostgreSQL's types `time` and `timetz`: a time of day in microseconds, from 00:00:00 to 24:00:00.
 *
 * One of `timetz` has an offset from UTC, which PostgreSQL keeps with it. 24:00:00 is a time of its own, later than all others.
 *
 * A `PgTime` never changes and may be used from several threads.
 *
 * See "Date/Time Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgTime
{
  gatomicrefcount ref_count;
  gboolean has_offset;
  gint32 offset; /* seconds east of UTC: on the wire it is west */
  gint64 microseconds;
};

PG_DEFINE_BOXED_TYPE (PgTime, pg_time)

/* PostgreSQL's TZDISP_LIMIT. */
#define OFFSET_END (16 * 3600)

PgTime *
pg_time_make (gint64 microseconds, gboolean has_offset, gint32 offset, const char **reason)
{
  PgTime *self;

  if (microseconds < 0 || microseconds > PG_USEC_PER_DAY)
    {
      *reason = _("it is out of range");
      return NULL;
    }
  if (offset <= -OFFSET_END || offset >= OFFSET_END)
    {
      *reason = _("its offset from UTC is out of range");
      return NULL;
    }
  self = g_new (PgTime, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->has_offset = !!has_offset;
  self->offset = offset;
  self->microseconds = microseconds;
  return self;
}

PgTime *
pg_time_scan (const char *text, gsize length, PgTristate wanted, const char **reason)
{
  const char *at = text;
  const char *end = text + length;
  gint64 microseconds;
  gint32 offset = 0;
  gboolean has_offset;

  if (!pg_scan_time (&at, end, 24, &microseconds))
    {
      *reason = _("it is not in the form HH:MM:SS");
      return NULL;
    }
  has_offset = at < end && (*at == '+' || *at == '-');
  if ((has_offset && !pg_scan_offset (&at, end, &offset)) || at != end)
    {
      *reason = _("its offset from UTC is not valid");
      return NULL;
    }
  if (wanted == PG_TRISTATE_ON && !has_offset)
    {
      *reason = _("it has no offset from UTC");
      return NULL;
    }
  if (wanted == PG_TRISTATE_OFF && has_offset)
    {
      *reason = _("it has an offset from UTC");
      return NULL;
    }
  return pg_time_make (microseconds, has_offset, offset, reason);
}

/**
 * pg_time_parse:
 * @text: the text of a time of day
 * @error: return location for a #GError
 *
 * Reads a time of day from the text that PostgreSQL has for it.
 *
 * That is `HH:MM:SS`, an optional fraction of up to six digits, and for a `timetz` the offset from UTC as `+HH`, `+HH:MM` or `+HH:MM:SS`.
 *
 * Returns: (transfer full): the time, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgTime *
pg_time_parse (const char *text, GError **error)
{
  const char *reason = NULL;
  PgTime *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = pg_time_scan (text, strlen (text), PG_TRISTATE_DEFAULT, &reason);
  if (self == NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a time of day: %s"), reason);
  return self;
}

static PgTime *
make_checked (gint64 microseconds, gboolean has_offset, gint32 offset, GError **error)
{
  const char *reason = NULL;
  PgTime *self = pg_time_make (microseconds, has_offset, offset, &reason);

  if (self == NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The time of day is out of PostgreSQL's range"));
  return self;
}

/**
 * pg_time_new:
 * @hour: the hour, from 0 to 24; with 24 all others are 0
 * @minute: the minute, from 0 to 59
 * @second: the second, from 0 to 59
 * @microsecond: the microsecond, from 0 to 999999
 * @error: return location for a #GError
 *
 * Makes a time of day without an offset.
 *
 * Returns: (transfer full): the time, or `NULL` with `PG_ERROR_DATA` if there is no such time
 *
 * Since: 1.0
 */
PgTime *
pg_time_new (int hour, int minute, int second, int microsecond, GError **error)
{
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 59 || microsecond < 0 ||
      microsecond >= G_USEC_PER_SEC)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("There is no such time of day"));
      return NULL;
    }
  return make_checked (((gint64) hour * 3600 + minute * 60 + second) * G_USEC_PER_SEC + microsecond, FALSE, 0, error);
}

/**
 * pg_time_new_from_microseconds:
 * @microseconds: microseconds since 00:00:00, up to 86400000000, which is 24:00:00
 * @error: return location for a #GError
 *
 * Makes a time of day without an offset from the number that PostgreSQL keeps for it.
 *
 * Returns: (transfer full): the time, or `NULL` with `PG_ERROR_DATA` if it is out of range
 *
 * Since: 1.0
 */
PgTime *
pg_time_new_from_microseconds (gint64 microseconds, GError **error)
{
  return make_checked (microseconds, FALSE, 0, error);
}

/**
 * pg_time_new_with_offset:
 * @microseconds: microseconds since 00:00:00, up to 86400000000, which is 24:00:00
 * @offset: seconds east of UTC, less than 16 hours either way
 * @error: return location for a #GError
 *
 * Makes a time of day with an offset from UTC, which is a `timetz`.
 *
 * Returns: (transfer full): the time, or `NULL` with `PG_ERROR_DATA` if it is out of range
 *
 * Since: 1.0
 */
PgTime *
pg_time_new_with_offset (gint64 microseconds, int offset, GError **error)
{
  return make_checked (microseconds, TRUE, offset, error);
}

/**
 * pg_time_ref:
 * @self: a #PgTime
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgTime *
pg_time_ref (PgTime *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_time_unref:
 * @self: (transfer full): a #PgTime
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_time_unref (PgTime *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * pg_time_to_string:
 * @self: a #PgTime
 *
 * Gets the text that PostgreSQL shows for the time of day.
 *
 * See [func@Time.parse] for its form.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_time_to_string (const PgTime *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_sized_new (32);
  pg_format_time (text, self->microseconds);
  if (self->has_offset)
    pg_format_offset (text, self->offset);
  return g_string_free (text, FALSE);
}

/**
 * pg_time_get_microseconds:
 * @self: a #PgTime
 *
 * Gets the time of day as one number, without its offset.
 *
 * Returns: microseconds since 00:00:00, up to 86400000000
 *
 * Since: 1.0
 */
gint64
pg_time_get_microseconds (const PgTime *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->microseconds;
}

/**
 * pg_time_get_hms:
 * @self: a #PgTime
 * @hour: (out) (optional): return location for the hour, from 0 to 24
 * @minute: (out) (optional): return location for the minute
 * @second: (out) (optional): return location for the second
 * @microsecond: (out) (optional): return location for the microsecond
 *
 * Gets what a clock shows.
 *
 * Since: 1.0
 */
void
pg_time_get_hms (const PgTime *self, int *hour, int *minute, int *second, int *microsecond)
{
  gint64 seconds;

  g_return_if_fail (self != NULL);

  seconds = self->microseconds / G_USEC_PER_SEC;
  if (hour != NULL)
    *hour = (int) (seconds / 3600);
  if (minute != NULL)
    *minute = (int) (seconds / 60 % 60);
  if (second != NULL)
    *second = (int) (seconds % 60);
  if (microsecond != NULL)
    *microsecond = (int) (self->microseconds % G_USEC_PER_SEC);
}

/**
 * pg_time_has_offset:
 * @self: a #PgTime
 *
 * Gets whether this is a `timetz`.
 *
 * Returns: `TRUE` if it has an offset from UTC
 *
 * Since: 1.0
 */
gboolean
pg_time_has_offset (const PgTime *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_offset;
}

/**
 * pg_time_get_offset:
 * @self: a #PgTime
 *
 * Gets the offset of a `timetz`.
 *
 * Returns: seconds east of UTC; 0 if it has none
 *
 * Since: 1.0
 */
int
pg_time_get_offset (const PgTime *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->offset;
}

/**
 * pg_time_compare:
 * @a: a #PgTime
 * @b: another
 *
 * Compares two times of day by PostgreSQL's order.
 *
 * Two with offset are compared by their time in UTC, which may be before 00:00:00 or after 24:00:00, and then by offset, the eastern one first.
 * One without offset, which PostgreSQL does not compare with one that has it, is before it.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_time_compare (const PgTime *a, const PgTime *b)
{
  gint64 x, y;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (a->has_offset != b->has_offset)
    return a->has_offset - b->has_offset;
  x = a->microseconds - a->offset * (gint64) G_USEC_PER_SEC;
  y = b->microseconds - b->offset * (gint64) G_USEC_PER_SEC;
  if (x != y)
    return x < y ? -1 : 1;
  return (a->offset < b->offset) - (a->offset > b->offset);
}

/**
 * pg_time_equal:
 * @a: a #PgTime
 * @b: another
 *
 * Gets whether two times are the same, as [method@Time.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_time_equal (const PgTime *a, const PgTime *b)
{
  return pg_time_compare (a, b) == 0;
}

/**
 * pg_time_hash:
 * @self: a #PgTime
 *
 * Gets a hash value, which is the same for equal times.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_time_hash (const PgTime *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_int64_hash (&self->microseconds) * 31 + (guint) self->offset * 2 + (guint) self->has_offset;
}
