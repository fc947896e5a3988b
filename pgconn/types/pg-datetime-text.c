/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-datetime-text-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-timestamp-private.h>

/* PostgreSQL's MAX_TZDISP_HOUR. */
#define MAX_OFFSET_HOUR 15

gboolean
pg_scan_time (const char **at, const char *end, guint hour_max, gint64 *microseconds)
{
  gint64 hour, minute, second, fraction = 0;

  if (!pg_scan_digits (at, end, 2, 2, &hour) || *at == end || *(*at)++ != ':' ||
      !pg_scan_digits (at, end, 2, 2, &minute) || *at == end || *(*at)++ != ':' ||
      !pg_scan_digits (at, end, 2, 2, &second))
    return FALSE;
  if (hour > hour_max || minute > 59 || second > 59)
    return FALSE;

  if (*at < end && **at == '.')
    {
      const char *start = ++*at;

      if (!pg_scan_digits (at, end, 1, 6, &fraction))
        return FALSE;
      for (gssize n = *at - start; n < 6; n++)
        fraction *= 10;
    }
  *microseconds = ((hour * 60 + minute) * 60 + second) * G_USEC_PER_SEC + fraction;
  return hour < 24 || *microseconds == PG_USEC_PER_DAY;
}

gboolean
pg_scan_offset (const char **at, const char *end, gint32 *seconds)
{
  gboolean west = **at == '-';
  gint64 hour, minute = 0, second = 0;

  (*at)++;
  if (!pg_scan_digits (at, end, 2, 2, &hour))
    return FALSE;
  if (*at < end && **at == ':')
    {
      (*at)++;
      if (!pg_scan_digits (at, end, 2, 2, &minute))
        return FALSE;
      if (*at < end && **at == ':')
        {
          (*at)++;
          if (!pg_scan_digits (at, end, 2, 2, &second))
            return FALSE;
        }
    }
  if (hour > MAX_OFFSET_HOUR || minute > 59 || second > 59)
    return FALSE;
  *seconds = (gint32) ((hour * 60 + minute) * 60 + second);
  if (west)
    *seconds = -*seconds;
  return TRUE;
}

void
pg_format_time (GString *text, gint64 microseconds)
{
  gint64 seconds = microseconds / G_USEC_PER_SEC;

  g_string_append_printf (text, "%02d:%02d:%02d", (int) (seconds / 3600), (int) (seconds / 60 % 60), (int) (seconds % 60));
  if (microseconds % G_USEC_PER_SEC != 0)
    {
      g_string_append_printf (text, ".%06d", (int) (microseconds % G_USEC_PER_SEC));
      while (text->str[text->len - 1] == '0')
        g_string_truncate (text, text->len - 1);
    }
}

void
pg_format_offset (GString *text, gint32 seconds)
{
  gint32 magnitude = ABS (seconds);

  g_string_append_printf (text, "%c%02d", seconds < 0 ? '-' : '+', magnitude / 3600);
  if (magnitude % 3600 != 0)
    g_string_append_printf (text, ":%02d", magnitude / 60 % 60);
  if (magnitude % 60 != 0)
    g_string_append_printf (text, ":%02d", magnitude % 60);
}

/* The forms of DateStyle: see EncodeDateOnly() and EncodeDateTime() in src/backend/utils/adt/datetime.c of PostgreSQL.
 *
 *               date                       timestamp
 *   ISO         2024-02-29                 2024-02-29 12:34:56.7
 *   SQL         02/29/2024 or 29/02/2024   the same and 12:34:56.7
 *   German      29.02.2024                 the same and 12:34:56.7
 *   Postgres    02-29-2024 or 29-02-2024   Thu Feb 29 12:34:56.7 2024 or Thu 29 Feb 12:34:56.7 2024
 *
 * The offset or abbreviation of a zone follows that, after a blank or not, and then " BC". */

static gboolean
is_iso (const char *text, gsize length)
{
  gsize n = 0;

  while (n < length && g_ascii_isdigit (text[n]))
    n++;
  /* The infinities are read by the same function. */
  return n != 2;
}

/* Two fields of two digits, of which the order may be known from elsewhere, and the year. */
static gboolean
scan_numeric_date (const char **at, const char *end, guint session, gint64 *year, guint *month, guint *day, const char **reason)
{
  gint64 first, second;
  char separator;

  *reason = _("its form is not one of DateStyle's");
  if (!pg_scan_digits (at, end, 2, 2, &first) || *at == end)
    return FALSE;
  separator = *(*at)++;
  if (separator != '.' && separator != '/' && separator != '-')
    return FALSE;
  if (!pg_scan_digits (at, end, 2, 2, &second) || *at == end || *(*at)++ != separator || !pg_scan_digits (at, end, 4, 7, year))
    return FALSE;

  if (separator == '.' || (session & PG_WIRE_SESSION_DMY) != 0)
    {
      *day = (guint) first;
      *month = (guint) second;
    }
  else if ((session & PG_WIRE_SESSION_MDY) != 0)
    {
      *month = (guint) first;
      *day = (guint) second;
    }
  else
    {
      *reason = _("whether the day or the month is first depends on DateStyle, which is not known here; set it to ISO");
      return FALSE;
    }
  return TRUE;
}

gboolean
pg_date_scan_styles (const char *text, gsize length, guint session, gint32 *days, const char **reason)
{
  const char *at = text;
  const char *end = text + length;
  gint64 year;
  guint month, day;
  gboolean bc;

  if (is_iso (text, length))
    return pg_date_scan (text, length, days, reason);

  bc = pg_scan_bc (text, &end);
  if (!scan_numeric_date (&at, end, session, &year, &month, &day, reason))
    return FALSE;
  if (at != end)
    {
      *reason = _("its form is not one of DateStyle's");
      return FALSE;
    }
  return pg_date_from_written (year, month, day, bc, days, reason);
}

/* One of the words, which are of three letters, from 1; 0 for none. */
static guint
scan_word (const char **at, const char *end, const char *words)
{
  if (end - *at < 3)
    return 0;
  for (guint i = 0; words[3 * i] != '\0'; i++)
    if (memcmp (*at, words + 3 * i, 3) == 0)
      {
        *at += 3;
        return i + 1;
      }
  return 0;
}

static gboolean
scan_blank (const char **at, const char *end)
{
  if (*at == end || **at != ' ')
    return FALSE;
  (*at)++;
  return TRUE;
}

/* "Thu Feb 29 12:34:56.7 2024" */
static gboolean
scan_named (const char **at, const char *end, gint64 *year, guint *month, guint *day, gint64 *time)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  gint64 d;

  if (scan_word (at, end, "SunMonTueWedThuFriSat") == 0 || !scan_blank (at, end))
    return FALSE;
  *month = scan_word (at, end, months);
  if (*month != 0 && !scan_blank (at, end))
    return FALSE;
  if (!pg_scan_digits (at, end, 2, 2, &d) || !scan_blank (at, end))
    return FALSE;
  if (*month == 0)
    {
      *month = scan_word (at, end, months);
      if (*month == 0 || !scan_blank (at, end))
        return FALSE;
    }
  *day = (guint) d;
  return pg_scan_time (at, end, 23, time) && scan_blank (at, end) && pg_scan_digits (at, end, 4, 7, year);
}

/* What a zone is called that has no abbreviation of letters: "+0545". */
static gboolean
scan_compact_offset (const char **at, const char *end, gint32 *seconds)
{
  char text[10];
  const char *copy = text;
  gsize n = (gsize) (end - *at);

  if ((n != 5 && n != 7) || memchr (*at, ':', n) != NULL)
    return FALSE;
  g_snprintf (text, sizeof text, n == 5 ? "%.3s:%.2s" : "%.3s:%.2s:%.2s", *at, *at + 3, *at + 5);
  if (!pg_scan_offset (&copy, text + strlen (text), seconds) || *copy != '\0')
    return FALSE;
  *at = end;
  return TRUE;
}

static gboolean
scan_zone (const char **at, const char *end, guint session, gint32 *seconds, const char **reason)
{
  scan_blank (at, end);
  if (*at == end)
    {
      *reason = _("it has no offset from UTC");
      return FALSE;
    }
  if (**at == '+' || **at == '-')
    {
      if (scan_compact_offset (at, end, seconds) || pg_scan_offset (at, end, seconds))
        return TRUE;
      *reason = _("its offset from UTC is not valid");
      return FALSE;
    }
  /* A zone may be called UTC and be another: TimeZone UTC+3, which is west of Greenwich, is. */
  if ((session & PG_WIRE_SESSION_UTC) != 0 &&
      (pg_scan_is (*at, (gsize) (end - *at), "UTC") || pg_scan_is (*at, (gsize) (end - *at), "GMT")))
    {
      *at = end;
      *seconds = 0;
      return TRUE;
    }
  *reason = _("it has the abbreviation of a time zone, which many zones may share; set DateStyle to ISO");
  return FALSE;
}

gboolean
pg_timestamp_scan_styles (const char *text, gsize length, gboolean zone, guint session, gint64 *microseconds, const char **reason)
{
  const char *at = text;
  const char *end = text + length;
  gint64 year, days, time;
  guint month, day;
  gint32 offset = 0;
  gboolean named = length > 0 && text[0] >= 'A' && text[0] <= 'Z';
  gboolean bc, ok;

  if (!named && is_iso (text, length))
    return pg_timestamp_scan (text, length, zone ? PG_TRISTATE_ON : PG_TRISTATE_OFF, microseconds, NULL, reason);

  bc = pg_scan_bc (text, &end);
  if (named)
    {
      *reason = _("its form is not one of DateStyle's");
      ok = scan_named (&at, end, &year, &month, &day, &time);
    }
  else
    {
      ok = scan_numeric_date (&at, end, session, &year, &month, &day, reason);
      if (ok)
        {
          *reason = _("its form is not one of DateStyle's");
          ok = scan_blank (&at, end) && pg_scan_time (&at, end, 23, &time);
        }
    }
  if (ok && zone)
    ok = scan_zone (&at, end, session, &offset, reason);
  if (!ok)
    return FALSE;
  if (at != end)
    {
      *reason = zone ? _("its offset from UTC is not valid") : _("its form is not one of DateStyle's");
      return FALSE;
    }
  if (!pg_scan_year (&year, bc) || !pg_civil_is_valid (year, month, day))
    {
      *reason = _("there is no such day");
      return FALSE;
    }
  days = pg_civil_to_days (year, month, day);
  if (days < PG_TIMESTAMP_FIRST / PG_USEC_PER_DAY - 1 || days > PG_TIMESTAMP_END / PG_USEC_PER_DAY)
    {
      *reason = _("it is out of range");
      return FALSE;
    }
  *microseconds = days * PG_USEC_PER_DAY + time - offset * (gint64) G_USEC_PER_SEC;
  return pg_timestamp_check (*microseconds, reason);
}
