/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgDate *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgDate *date = pg_date_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (date);
  return date;
}

/* The numbers are those of PostgreSQL 15. */
static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    gint32 days;
    int year;
    int month;
    int day;
  } cases[] = {
    { "2000-01-01", 0, 2000, 1, 1 },
    { "1999-12-31", -1, 1999, 12, 31 },
    { "1970-01-01", -10957, 1970, 1, 1 },
    { "2024-02-29", 8825, 2024, 2, 29 },
    { "1900-03-01", -36465, 1900, 3, 1 },
    { "0001-01-01", -730119, 1, 1, 1 },
    { "0001-12-31 BC", -730120, -1, 12, 31 },
    { "0001-02-29 BC", -730426, -1, 2, 29 },
    { "0044-03-15 BC", -746117, -44, 3, 15 },
    { "9999-12-31", 2921939, 9999, 12, 31 },
    { "10000-01-01", 2921940, 10000, 1, 1 },
    { "4714-11-24 BC", -2451545, -4714, 11, 24 },
    { "5874897-12-31", 2145031948, 5874897, 12, 31 },
  };

  g_test_summary ("Text, days and year, month and day are the same date.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgDate) of_text = parse (cases[i].text);
      g_autoptr (PgDate) of_days = pg_date_new_from_days (cases[i].days, NULL);
      g_autoptr (PgDate) of_ymd = pg_date_new_from_ymd (cases[i].year, cases[i].month, cases[i].day, NULL);
      g_autofree char *text = pg_date_to_string (of_days);
      int year, month, day;

      g_assert_cmpint (pg_date_get_days (of_text), ==, cases[i].days);
      g_assert_true (pg_date_equal (of_text, of_days));
      g_assert_true (pg_date_equal (of_text, of_ymd));
      g_assert_cmpuint (pg_date_hash (of_text), ==, pg_date_hash (of_ymd));
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_true (pg_date_get_ymd (of_text, &year, &month, &day));
      g_assert_cmpint (year, ==, cases[i].year);
      g_assert_cmpint (month, ==, cases[i].month);
      g_assert_cmpint (day, ==, cases[i].day);
      g_assert_false (pg_date_is_infinite (of_text));
    }
}

static void
test_every_day (void)
{
  gint32 days = 0;
  int year = -9, month = 1, day = 1;
  g_autoptr (PgDate) first = pg_date_new_from_ymd (-9, 1, 1, NULL);

  g_test_summary ("Days follow one another without gap, over the years BC and three leap rules.");

  for (days = pg_date_get_days (first); year < 2005; days++)
    {
      g_autoptr (PgDate) date = pg_date_new_from_days (days, NULL);
      int y, m, d;
      int leap_year = year < 0 ? year + 1 : year;
      gboolean leap = leap_year % 4 == 0 && (leap_year % 100 != 0 || leap_year % 400 == 0);
      const int lengths[] = { 31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

      pg_date_get_ymd (date, &y, &m, &d);
      if (y != year || m != month || d != day)
        g_error ("%d-%d-%d instead of %d-%d-%d", y, m, d, year, month, day);

      if (++day > lengths[month - 1])
        {
          day = 1;
          if (++month > 12)
            {
              month = 1;
              year = year == -1 ? 1 : year + 1;
            }
        }
    }
  g_assert_cmpint (days, ==, 1827);
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "", "2024", "2024-02", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-1", "24-01-01",
    "2024-01-01x", "2024-01-01 ", " 2024-01-01", "-2024-01-01", "0000-01-01", "0000-01-01 BC", "2024-01-01BC", "2024-01-01 BCE",
    " BC", "Infinity", "+infinity", "-Infinity", "4714-11-23 BC", "9999-01-01 BC", "5874898-01-01", "9999999-01-01",
    "12345678-01-01", "29.02.2024", "02/29/2024", "2024/02/29", "2024-02-29 00:00:00",
  };
  static const int ymd[][3] = {
    { 0, 1, 1 },     { 2023, 2, 29 },        { 2024, 0, 1 },          { 2024, 13, 1 },      { 2024, 1, 0 },
    { 2024, 4, 31 }, { 2024, -1, 1 },        { 2024, 1, -1 },         { -4714, 11, 23 },    { 5874898, 1, 1 },
    { -1900, 2, 29 }, { G_MAXINT, 1, 1 },    { G_MININT, 1, 1 },
  };
  static const gint32 days[] = { -2451546, 2145031949, G_MAXINT32 - 1, G_MININT32 + 1 };

  g_test_summary ("Days that there are not, other forms and what is out of range are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgDate) date = pg_date_parse (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (date);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ymd); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgDate) date = pg_date_new_from_ymd (ymd[i][0], ymd[i][1], ymd[i][2], &error);

      g_assert_null (date);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgDate) date = pg_date_new_from_days (days[i], &error);

      g_assert_null (date);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_infinity (void)
{
  g_autoptr (PgDate) future = pg_date_new_infinity (FALSE);
  g_autoptr (PgDate) past = pg_date_new_infinity (TRUE);
  g_autoptr (PgDate) last = parse ("5874897-12-31");
  g_autoptr (PgDate) first = parse ("4714-11-24 BC");
  g_autoptr (PgDate) parsed = parse ("-infinity");
  g_autofree char *future_text = pg_date_to_string (future);
  g_autofree char *past_text = pg_date_to_string (past);
  g_autoptr (GError) error = NULL;
  int year = 7, month = 7, day = 7;

  g_test_summary ("The infinities are before and after all days.");

  g_assert_cmpstr (future_text, ==, "infinity");
  g_assert_cmpstr (past_text, ==, "-infinity");
  g_assert_true (pg_date_is_infinite (future));
  g_assert_true (pg_date_is_infinite (past));
  g_assert_true (pg_date_equal (past, parsed));
  g_assert_cmpint (pg_date_get_days (future), ==, G_MAXINT32);
  g_assert_cmpint (pg_date_compare (future, last), >, 0);
  g_assert_cmpint (pg_date_compare (past, first), <, 0);
  g_assert_cmpint (pg_date_compare (past, future), <, 0);
  g_assert_false (pg_date_get_ymd (future, &year, &month, &day));
  g_assert_cmpint (year, ==, 0);
  g_assert_cmpint (month, ==, 0);
  g_assert_cmpint (day, ==, 0);
  g_assert_null (pg_date_to_gdate (future, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_gdate (void)
{
  static const char *const fits[] = { "0001-01-01", "2024-02-29", "65535-12-31" };
  static const char *const fits_not[] = { "0001-12-31 BC", "65536-01-01", "-infinity" };
  GDate invalid;

  g_test_summary ("A date goes into a GDate and back, if it fits.");

  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_autoptr (PgDate) date = parse (fits[i]);
      g_autoptr (GDate) gdate = pg_date_to_gdate (date, NULL);
      g_autoptr (PgDate) back = pg_date_new_from_gdate (gdate, NULL);

      g_assert_true (g_date_valid (gdate));
      g_assert_true (pg_date_equal (date, back));
    }
  for (guint i = 0; i < G_N_ELEMENTS (fits_not); i++)
    {
      g_autoptr (PgDate) date = parse (fits_not[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_date_to_gdate (date, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  g_date_clear (&invalid, 1);
  g_assert_null (pg_date_new_from_gdate (&invalid, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/date/forms", test_forms);
  g_test_add_func ("/pg/date/every-day", test_every_day);
  g_test_add_func ("/pg/date/invalid", test_invalid);
  g_test_add_func ("/pg/date/infinity", test_infinity);
  g_test_add_func ("/pg/date/gdate", test_gdate);

  return g_test_run ();
}
