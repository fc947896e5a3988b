/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-interval-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-date-private.h>

/* The forms of IntervalStyle: see EncodeInterval() in src/backend/utils/adt/datetime.c of PostgreSQL.
 *
 *   postgres           1 year 2 mons -3 days +04:05:06.7
 *   postgres_verbose   @ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs ago
 *   sql_standard       1-2   3 4:05:06.7   -3 4:05:06.7   +1-2 -3 +4:05:06.7
 *   iso_8601           P1Y2M-3DT4H5M6.7S
 *
 * "ago" turns all signs round. The one sign before a sql_standard value of day and time is that of both. */

#define USEC_PER_MINUTE (60 * (gint64) G_USEC_PER_SEC)
#define USEC_PER_HOUR (3600 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  const char *at;
  const char *end;
  gint64 months;
  gint64 days;
  gint64 microseconds;
  gboolean ago;
  gboolean overflow;
} Reader;

static gboolean
take (Reader *self, char c)
{
  if (self->at == self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
take_sign (Reader *self, gboolean *negative)
{
  *negative = take (self, '-');
  return *negative || take (self, '+');
}

static void
add (Reader *self, gint64 *total, gboolean negative, gint64 value, gint64 unit)
{
  gint64 part;

  if (__builtin_mul_overflow (value, negative != self->ago ? -unit : unit, &part) || __builtin_add_overflow (*total, part, total))
    self->overflow = TRUE;
}

/* No field of an interval that there is has more digits than a gint64 holds. */
static gboolean
take_number (Reader *self, gint64 *out)
{
  return pg_scan_digits (&self->at, self->end, 1, 18, out);
}

/* ".7", if it is there, as microseconds. */
static gboolean
take_fraction (Reader *self, gint64 *out)
{
  const char *start;

  *out = 0;
  if (!take (self, '.'))
    return TRUE;
  start = self->at;
  if (!pg_scan_digits (&self->at, self->end, 1, 6, out))
    return FALSE;
  for (gssize n = self->at - start; n < 6; n++)
    *out *= 10;
  return TRUE;
}

static gboolean
take_word (Reader *self, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

static gboolean
read_iso (Reader *self)
{
  static const char units[] = "YMWDTHMS";
  guint next = 0;
  gboolean any = FALSE;

  self->at++;
  while (self->at < self->end)
    {
      gboolean negative;
      gint64 value, fraction;
      const char *unit;

      if (next <= 4 && take (self, 'T'))
        {
          next = 5;
          any = FALSE;
          continue;
        }
      take_sign (self, &negative);
      if (!take_number (self, &value) || !take_fraction (self, &fraction) || self->at == self->end)
        return FALSE;
      unit = strchr (units + next, *self->at);
      if (unit == NULL || *unit == '\0' || *unit == 'T' || (unit > units + 4 && next <= 4))
        return FALSE;
      if (fraction != 0 && *unit != 'S')
        return FALSE;
      self->at++;
      any = TRUE;
      next = (guint) (unit - units) + 1;
      switch (unit - units)
        {
        case 0:
          add (self, &self->months, negative, value, 12);
          break;
        case 1:
          add (self, &self->months, negative, value, 1);
          break;
        case 2:
          add (self, &self->days, negative, value, 7);
          break;
        case 3:
          add (self, &self->days, negative, value, 1);
          break;
        case 5:
          add (self, &self->microseconds, negative, value, USEC_PER_HOUR);
          break;
        case 6:
          add (self, &self->microseconds, negative, value, USEC_PER_MINUTE);
          break;
        default:
          add (self, &self->microseconds, negative, value, G_USEC_PER_SEC);
          add (self, &self->microseconds, negative, fraction, 1);
          break;
        }
    }
  return any;
}

/* The unit of a number and its fraction, after a blank. */
static gboolean
read_unit (Reader *self, gboolean negative, gint64 value, gint64 fraction)
{
  if (take_word (self, "sec"))
    {
      add (self, &self->microseconds, negative, value, G_USEC_PER_SEC);
      add (self, &self->microseconds, negative, fraction, 1);
    }
  else if (fraction != 0)
    return FALSE;
  else if (take_word (self, "year"))
    add (self, &self->months, negative, value, 12);
  else if (take_word (self, "mon"))
    add (self, &self->months, negative, value, 1);
  else if (take_word (self, "day"))
    add (self, &self->days, negative, value, 1);
  else if (take_word (self, "hour"))
    add (self, &self->microseconds, negative, value, USEC_PER_HOUR);
  else if (take_word (self, "min"))
    add (self, &self->microseconds, negative, value, USEC_PER_MINUTE);
  else
    return FALSE;
  take (self, 's');
  return TRUE;
}

/* ":05:06.7" after the hour. */
static gboolean
read_clock (Reader *self, gboolean negative, gint64 hour)
{
  gint64 minute, second, fraction;

  if (!pg_scan_digits (&self->at, self->end, 2, 2, &minute) || minute > 59 || !take (self, ':') ||
      !pg_scan_digits (&self->at, self->end, 2, 2, &second) || second > 59 || !take_fraction (self, &fraction))
    return FALSE;
  add (self, &self->microseconds, negative, hour, USEC_PER_HOUR);
  add (self, &self->microseconds, negative, minute, USEC_PER_MINUTE);
  add (self, &self->microseconds, negative, second, G_USEC_PER_SEC);
  add (self, &self->microseconds, negative, fraction, 1);
  return TRUE;
}

static gboolean
at_end_of_field (const Reader *self)
{
  return self->at == self->end || *self->at == ' ';
}

static gboolean
read_fields (Reader *self)
{
  gboolean first = TRUE;
  gboolean bare = FALSE; /* days of sql_standard came: only a time can follow */
  gboolean bare_negative = FALSE;

  if (take_word (self, "@ ") && self->end - self->at > 4 && memcmp (self->end - 4, " ago", 4) == 0)
    {
      self->ago = TRUE;
      self->end -= 4;
    }
  while (self->at < self->end)
    {
      gboolean negative, has_sign;
      gint64 value, fraction, month;

      if (!first && !take (self, ' '))
        return FALSE;
      has_sign = take_sign (self, &negative);
      if (!take_number (self, &value))
        return FALSE;
      first = FALSE;

      if (take (self, ':'))
        return read_clock (self, has_sign ? negative : bare_negative, value) && self->at == self->end;
      if (bare)
        return FALSE;
      if (take (self, '-'))
        {
          if (!pg_scan_digits (&self->at, self->end, 1, 2, &month) || month > 11 || !at_end_of_field (self))
            return FALSE;
          add (self, &self->months, negative, value, 12);
          add (self, &self->months, negative, month, 1);
          continue;
        }
      if (!take_fraction (self, &fraction))
        return FALSE;
      if (self->end - self->at >= 2 && *self->at == ' ' && g_ascii_isalpha (self->at[1]))
        {
          self->at++;
          if (!read_unit (self, negative, value, fraction) || !at_end_of_field (self))
            return FALSE;
          continue;
        }
      /* A number alone: days, of which a time follows, or the 0 of what is nothing. */
      if (fraction != 0 || (self->at == self->end && value != 0))
        return FALSE;
      add (self, &self->days, negative, value, 1);
      bare = TRUE;
      bare_negative = negative;
    }
  return !first;
}

PgInterval *
pg_interval_scan (const char *text, gsize length, const char **reason)
{
  Reader reader = { .at = text, .end = text + length };
  gboolean ok;

  if (pg_scan_is (text, length, "infinity"))
    return pg_interval_new_infinity (FALSE);
  if (pg_scan_is (text, length, "-infinity"))
    return pg_interval_new_infinity (TRUE);

  ok = length > 0 && *text == 'P' ? read_iso (&reader) : read_fields (&reader);
  if (!ok)
    {
      *reason = _("its form is not one of IntervalStyle's");
      return NULL;
    }
  if (reader.overflow || reader.months != (gint32) reader.months || reader.days != (gint32) reader.days)
    {
      *reason = _("it is out of range");
      return NULL;
    }
  return pg_interval_new ((gint32) reader.months, (gint32) reader.days, reader.microseconds);
}
