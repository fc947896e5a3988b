/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>

G_BEGIN_DECLS

/* The text format of numbers and of dates, in the forms that nearly all values have. Whatever else is FALSE: the functions that read every form know
 * whether it is right, and what is wrong with it. Inlined, as these are what reading a whole result spends its time with. */

/* Up to 18 digits, which cannot overflow. */
static inline gboolean
pg_usual_scan_integer (const guint8 *data, gsize length, gint64 *out)
{
  const gsize negative = length > 0 && *data == '-';
  gint64 magnitude = 0;

  if (length == negative || length > 18 + negative)
    return FALSE;
  for (gsize i = negative; i < length; i++)
    {
      const guint digit = (guint) data[i] - '0';

      if (digit > 9)
        return FALSE;
      magnitude = magnitude * 10 + digit;
    }
  *out = negative ? -magnitude : magnitude;
  return TRUE;
}

/* Two digits; more than 99 where they are not. */
static inline guint
pg_usual_two_digits (const guint8 *at)
{
  const guint tens = (guint) at[0] - '0';
  const guint ones = (guint) at[1] - '0';

  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

/* "YYYY-MM-DD", at least ten bytes: the days since 2000. */
static inline gboolean
pg_usual_scan_ymd (const guint8 *at, gint64 *days)
{
  const guint century = pg_usual_two_digits (at);
  const guint of_century = pg_usual_two_digits (at + 2);
  const guint year = century * 100 + of_century;
  const guint month = pg_usual_two_digits (at + 5);
  const guint day = pg_usual_two_digits (at + 8);

  if (century > 99 || of_century > 99 || year == 0 || at[4] != '-' || at[7] != '-' || !pg_civil_is_valid (year, month, day))
    return FALSE;
  *days = pg_civil_to_days (year, month, day);
  return TRUE;
}

/* "HH:MM:SS" and a fraction, at least eight bytes: microseconds since midnight, and how many bytes that were. */
static inline gboolean
pg_usual_scan_hms (const guint8 *at, gsize length, gint64 *microseconds, gsize *used)
{
  const guint hour = pg_usual_two_digits (at);
  const guint minute = pg_usual_two_digits (at + 3);
  const guint second = pg_usual_two_digits (at + 6);
  guint fraction = 0;
  guint n = 0;

  if (hour > 23 || minute > 59 || second > 59 || at[2] != ':' || at[5] != ':')
    return FALSE;
  if (length > 8 && at[8] == '.')
    {
      for (; n < 6 && 9 + n < length && (guint) at[9 + n] - '0' <= 9; n++)
        fraction = fraction * 10 + at[9 + n] - '0';
      if (n == 0)
        return FALSE;
      *used = 9 + n;
      for (; n < 6; n++)
        fraction *= 10;
    }
  else
    *used = 8;
  *microseconds = (((gint64) hour * 60 + minute) * 60 + second) * G_USEC_PER_SEC + fraction;
  return TRUE;
}

/* The days since 2000. */
static inline gboolean
pg_usual_scan_date (const guint8 *data, gsize length, gint32 *out)
{
  gint64 days;

  if (length != 10 || !pg_usual_scan_ymd (data, &days))
    return FALSE;
  *out = (gint32) days;
  return TRUE;
}

static inline gboolean
pg_usual_scan_time (const guint8 *data, gsize length, gint64 *out)
{
  gsize used;

  return length >= 8 && pg_usual_scan_hms (data, length, out, &used) && used == length;
}

/* "+HH" or "+HH:MM": microseconds east of UTC. */
static inline gboolean
pg_usual_scan_offset (const guint8 *data, gsize length, gint64 *out)
{
  guint hours, minutes = 0;

  if ((length != 3 && length != 6) || (data[0] != '+' && data[0] != '-'))
    return FALSE;
  hours = pg_usual_two_digits (data + 1);
  if (length == 6)
    minutes = data[3] == ':' ? pg_usual_two_digits (data + 4) : 100;
  if (hours > 15 || minutes > 59)
    return FALSE;
  *out = ((gint64) hours * 60 + minutes) * 60 * G_USEC_PER_SEC;
  if (data[0] == '-')
    *out = -*out;
  return TRUE;
}

/* Microseconds since 2000. These are of years that PostgreSQL's calendar has. */
static inline gboolean
pg_usual_scan_timestamp (const guint8 *data, gsize length, gboolean zone, gint64 *out)
{
  gint64 days, time, offset = 0;
  gsize used;

  if (length < 19 || data[10] != ' ' || !pg_usual_scan_ymd (data, &days) || !pg_usual_scan_hms (data + 11, length - 11, &time, &used))
    return FALSE;
  used += 11;
  if (zone ? !pg_usual_scan_offset (data + used, length - used, &offset) : used != length)
    return FALSE;
  *out = days * PG_USEC_PER_DAY + time - offset;
  return TRUE;
}

G_END_DECLS
