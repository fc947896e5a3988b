/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-date-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>

/**
 * PgDate:
 *
 * A value of PostgreSQL's type `date`: a day of the Gregorian calendar, or an infinity.
 *
 * The calendar reaches back before its introduction, and from 24 November 4714 BC to 31 December 5874897. There is no year
 * 0: the year before 1 is 1 BC, which is given as -1.
 *
 * A `PgDate` never changes and may be used from several threads.
 *
 * See "Date/Time Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgDate
{
  gatomicrefcount ref_count;
  gint32 days; /* from 2000-01-01; G_MININT32 and G_MAXINT32 are the infinities, as on the wire */
};

PG_DEFINE_BOXED_TYPE (PgDate, pg_date)

#define DAYS_PER_ERA 146097 /* 400 years */
/* From 0000-03-01, astronomical, where the eras are made to begin, to 2000-01-01. */
#define EPOCH_FROM_MARCH_0 730425

/* Years that begin on 1 March have their leap day at the end, and months of a regular pattern: 153 days in five. */
gint64
pg_civil_to_days (gint64 year, guint month, guint day)
{
  gint64 y = month > 2 ? year : year - 1;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 month_from_march = month > 2 ? month - 3 : month + 9;
  gint64 day_of_year = (153 * month_from_march + 2) / 5 + day - 1;

  return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH_FROM_MARCH_0;
}

void
pg_civil_from_days (gint64 days, gint64 *year, guint *month, guint *day)
{
  gint64 z = days + EPOCH_FROM_MARCH_0;
  gint64 era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
  gint64 day_of_era = z - era * DAYS_PER_ERA;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 month_from_march = (5 * day_of_year + 2) / 153;

  *day = (guint) (day_of_year - (153 * month_from_march + 2) / 5 + 1);
  *month = (guint) (month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  *year = era * 400 + year_of_era + (*month <= 2 ? 1 : 0);
}

gboolean
pg_civil_is_valid (gint64 year, guint month, guint day)
{
  static const guint lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

  if (month < 1 || month > 12 || day < 1)
    return FALSE;
  return day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

gboolean
pg_scan_digits (const char **at, const char *end, guint min, guint max, gint64 *out)
{
  gint64 value = 0;
  guint n = 0;

  while (n < max && *at + n < end && g_ascii_isdigit ((*at)[n]))
    {
      value = value * 10 + ((*at)[n] - '0');
      n++;
    }
  if (n < min)
    return FALSE;
  *at += n;
  *out = value;
  return TRUE;
}

gboolean
pg_scan_ymd (const char **at, const char *end, gint64 *year, guint *month, guint *day)
{
  gint64 m, d;

  if (!pg_scan_digits (at, end, 4, 7, year) || *at == end || *(*at)++ != '-')
    return FALSE;
  if (!pg_scan_digits (at, end, 2, 2, &m) || *at == end || *(*at)++ != '-')
    return FALSE;
  if (!pg_scan_digits (at, end, 2, 2, &d))
    return FALSE;
  *month = (guint) m;
  *day = (guint) d;
  return TRUE;
}

gboolean
pg_scan_bc (const char *text, const char **end)
{
  if (*end - text < 3 || memcmp (*end - 3, " BC", 3) != 0)
    return FALSE;
  *end -= 3;
  return TRUE;
}

gboolean
pg_scan_year (gint64 *year, gboolean bc)
{
  if (*year == 0)
    return FALSE;
  if (bc)
    *year = 1 - *year;
  return TRUE;
}

gboolean
pg_scan_is (const char *text, gsize length, const char *word)
{
  return length == strlen (word) && memcmp (text, word, length) == 0;
}

gboolean
pg_date_check_days (gint32 days, const char **reason)
{
  if (days == G_MININT32 || days == G_MAXINT32 || (days >= PG_DATE_FIRST && days < PG_DATE_END))
    return TRUE;
  *reason = _("it is out of range");
  return FALSE;
}

gboolean
pg_date_from_written (gint64 year, guint month, guint day, gboolean bc, gint32 *days, const char **reason)
{
  gint64 value;

  if (!pg_scan_year (&year, bc) || !pg_civil_is_valid (year, month, day))
    {
      *reason = _("there is no such day");
      return FALSE;
    }
  value = pg_civil_to_days (year, month, day);
  if (value < PG_DATE_FIRST || value >= PG_DATE_END)
    {
      *reason = _("it is out of range");
      return FALSE;
    }
  *days = (gint32) value;
  return TRUE;
}

gboolean
pg_date_scan (const char *text, gsize length, gint32 *days, const char **reason)
{
  const char *at = text;
  const char *end = text + length;
  gint64 year;
  guint month, day;
  gboolean bc;

  if (pg_scan_is (text, length, "infinity"))
    {
      *days = G_MAXINT32;
      return TRUE;
    }
  if (pg_scan_is (text, length, "-infinity"))
    {
      *days = G_MININT32;
      return TRUE;
    }

  bc = pg_scan_bc (text, &end);
  if (!pg_scan_ymd (&at, end, &year, &month, &day) || at != end)
    {
      *reason = _("it is not in the form of DateStyle ISO");
      return FALSE;
    }
  return pg_date_from_written (year, month, day, bc, days, reason);
}

gboolean
pg_date_format_days (GString *text, gint64 days)
{
  gint64 year;
  guint month, day;

  pg_civil_from_days (days, &year, &month, &day);
  g_string_append_printf (text, "%04" G_GINT64_FORMAT "-%02u-%02u", year > 0 ? year : 1 - year, month, day);
  return year <= 0;
}

PgDate *
pg_date_new_unchecked (gint32 days)
{
  PgDate *self = g_new (PgDate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->days = days;
  return self;
}

/**
 * pg_date_parse:
 * @text: the text of a date
 * @error: return location for a #GError
 *
 * Reads a date from its text in ISO form.
 *
 * That is `YYYY-MM-DD`, with a year of four to seven digits, and ` BC` after it for a year before 1; or `infinity` or
 * `-infinity`.
 *
 * Returns: (transfer full): the date, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgDate *
pg_date_parse (const char *text, GError **error)
{
  const char *reason = NULL;
  gint32 days;

  g_return_val_if_fail (text != NULL, NULL);

  if (!pg_date_scan (text, strlen (text), &days, &reason))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a date: %s"), reason);
      return NULL;
    }
  return pg_date_new_unchecked (days);
}

/**
 * pg_date_new_from_ymd:
 * @year: the year; -1 is 1 BC, and there is no 0
 * @month: the month, from 1 to 12
 * @day: the day of the month, from 1
 * @error: return location for a #GError
 *
 * Makes a date from year, month and day.
 *
 * Returns: (transfer full): the date, or `NULL` with `PG_ERROR_DATA` if there is no such day or it is out of range
 *
 * Since: 1.0
 */
PgDate *
pg_date_new_from_ymd (int year, int month, int day, GError **error)
{
  gint64 astronomical = year < 0 ? (gint64) year + 1 : year;
  gint64 days;

  if (year == 0 || month < 1 || day < 1 || !pg_civil_is_valid (astronomical, (guint) month, (guint) day))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("There is no such day"));
      return NULL;
    }
  days = pg_civil_to_days (astronomical, (guint) month, (guint) day);
  if (days < PG_DATE_FIRST || days >= PG_DATE_END)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The date is out of PostgreSQL's range"));
      return NULL;
    }
  return pg_date_new_unchecked ((gint32) days);
}

/**
 * pg_date_new_from_days:
 * @days: days since 2000-01-01, or `G_MININT32` or `G_MAXINT32` for the infinities
 * @error: return location for a #GError
 *
 * Makes a date from the number that PostgreSQL keeps for it.
 *
 * Returns: (transfer full): the date, or `NULL` with `PG_ERROR_DATA` if it is out of range
 *
 * Since: 1.0
 */
PgDate *
pg_date_new_from_days (gint32 days, GError **error)
{
  const char *reason;

  if (!pg_date_check_days (days, &reason))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The date is out of PostgreSQL's range"));
      return NULL;
    }
  return pg_date_new_unchecked (days);
}

/**
 * pg_date_new_from_gdate:
 * @date: a valid #GDate
 * @error: return location for a #GError
 *
 * Makes a date from a #GDate.
 *
 * Returns: (transfer full): the date, or `NULL` with `PG_ERROR_DATA` if @date is not valid
 *
 * Since: 1.0
 */
PgDate *
pg_date_new_from_gdate (const GDate *date, GError **error)
{
  g_return_val_if_fail (date != NULL, NULL);

  if (!g_date_valid (date))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The date is not valid"));
      return NULL;
    }
  return pg_date_new_from_ymd (g_date_get_year (date), g_date_get_month (date), g_date_get_day (date), error);
}

/**
 * pg_date_new_infinity:
 * @negative: whether it is before all days instead of after them
 *
 * Makes the date `infinity` or `-infinity`.
 *
 * Returns: (transfer full): the date
 *
 * Since: 1.0
 */
PgDate *
pg_date_new_infinity (gboolean negative)
{
  return pg_date_new_unchecked (negative ? G_MININT32 : G_MAXINT32);
}

/**
 * pg_date_ref:
 * @self: a #PgDate
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgDate *
pg_date_ref (PgDate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_date_unref:
 * @self: (transfer full): a #PgDate
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_date_unref (PgDate *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * pg_date_to_string:
 * @self: a #PgDate
 *
 * Gets the text that PostgreSQL shows for the date with `DateStyle` `ISO`.
 *
 * See [func@Date.parse] for its form.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_date_to_string (const PgDate *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (pg_date_is_infinite (self))
    return g_strdup (self->days < 0 ? "-infinity" : "infinity");

  text = g_string_sized_new (16);
  if (pg_date_format_days (text, self->days))
    g_string_append (text, " BC");
  return g_string_free (text, FALSE);
}

/**
 * pg_date_to_gdate:
 * @self: a #PgDate
 * @error: return location for a #GError
 *
 * Gets the date as a #GDate, which has the years from 1 to 65535.
 *
 * Returns: (transfer full): the #GDate, or `NULL` with `PG_ERROR_DATA` if it cannot hold the date
 *
 * Since: 1.0
 */
GDate *
pg_date_to_gdate (const PgDate *self, GError **error)
{
  int year, month, day;

  g_return_val_if_fail (self != NULL, NULL);

  if (!pg_date_get_ymd (self, &year, &month, &day) || year < 1 || year > G_MAXUINT16)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The date is not one that a GDate can hold"));
      return NULL;
    }
  return g_date_new_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

/**
 * pg_date_get_days:
 * @self: a #PgDate
 *
 * Gets the number that PostgreSQL keeps for the date.
 *
 * Returns: days since 2000-01-01; `G_MAXINT32` for `infinity` and `G_MININT32` for `-infinity`
 *
 * Since: 1.0
 */
gint32
pg_date_get_days (const PgDate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->days;
}

/**
 * pg_date_get_ymd:
 * @self: a #PgDate
 * @year: (out) (optional): return location for the year; -1 is 1 BC
 * @month: (out) (optional): return location for the month, from 1 to 12
 * @day: (out) (optional): return location for the day of the month, from 1
 *
 * Gets year, month and day.
 *
 * Returns: `FALSE`, with three zeros, if the date is infinite
 *
 * Since: 1.0
 */
gboolean
pg_date_get_ymd (const PgDate *self, int *year, int *month, int *day)
{
  gint64 y = 0;
  guint m = 0, d = 0;
  gboolean finite;

  g_return_val_if_fail (self != NULL, FALSE);

  finite = !pg_date_is_infinite (self);
  if (finite)
    {
      pg_civil_from_days (self->days, &y, &m, &d);
      if (y <= 0)
        y--;
    }
  if (year != NULL)
    *year = (int) y;
  if (month != NULL)
    *month = (int) m;
  if (day != NULL)
    *day = (int) d;
  return finite;
}

/**
 * pg_date_is_infinite:
 * @self: a #PgDate
 *
 * Gets whether this is `infinity` or `-infinity`.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_date_is_infinite (const PgDate *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->days == G_MININT32 || self->days == G_MAXINT32;
}

/**
 * pg_date_compare:
 * @a: a #PgDate
 * @b: another
 *
 * Compares two dates by PostgreSQL's order.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_date_compare (const PgDate *a, const PgDate *b)
{
  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  return (a->days > b->days) - (a->days < b->days);
}

/**
 * pg_date_equal:
 * @a: a #PgDate
 * @b: another
 *
 * Gets whether two dates are the same.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_date_equal (const PgDate *a, const PgDate *b)
{
  return pg_date_compare (a, b) == 0;
}

/**
 * pg_date_hash:
 * @self: a #PgDate
 *
 * Gets a hash value, which is the same for equal dates.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_date_hash (const PgDate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) self->days;
}
