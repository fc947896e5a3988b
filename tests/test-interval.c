/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgInterval *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgInterval *interval = pg_interval_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (interval);
  return interval;
}

/* What PostgreSQL 15 shows with each IntervalStyle. */
static void
test_styles (void)
{
  static const struct
  {
    gint32 months;
    gint32 days;
    gint64 microseconds;
    const char *postgres;
    const char *verbose;
    const char *sql;
    const char *iso;
  } cases[] = {
    { 0, 0, 0, "00:00:00", "@ 0", "0", "PT0S" },
    { 1, 0, 0, "1 mon", "@ 1 mon", "0-1", "P1M" },
    { -1, 0, 0, "-1 mons", "@ 1 mon ago", "-0-1", "P-1M" },
    { 14, -3, G_GINT64_CONSTANT (14706700000), "1 year 2 mons -3 days +04:05:06.7", "@ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs", "+1-2 -3 +4:05:06.7", "P1Y2M-3DT4H5M6.7S" },
    { -14, 3, G_GINT64_CONSTANT (-14706700000), "-1 years -2 mons +3 days -04:05:06.7", "@ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs ago", "-1-2 +3 -4:05:06.7", "P-1Y-2M3DT-4H-5M-6.7S" },
    { -14, -3, G_GINT64_CONSTANT (-14706700000), "-1 years -2 mons -3 days -04:05:06.7", "@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs ago", "-1-2 -3 -4:05:06.7", "P-1Y-2M-3DT-4H-5M-6.7S" },
    { 14, 3, G_GINT64_CONSTANT (14706700000), "1 year 2 mons 3 days 04:05:06.7", "@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs", "+1-2 +3 +4:05:06.7", "P1Y2M3DT4H5M6.7S" },
    { 0, 1, 0, "1 day", "@ 1 day", "1 0:00:00", "P1D" },
    { 0, -1, 1000000, "-1 days +00:00:01", "@ 1 day -1 sec ago", "+0-0 -1 +0:00:01", "P-1DT1S" },
    { 0, -3, G_GINT64_CONSTANT (-14706000000), "-3 days -04:05:06", "@ 3 days 4 hours 5 mins 6 secs ago", "-3 4:05:06", "P-3DT-4H-5M-6S" },
    { 0, 3, G_GINT64_CONSTANT (14706000000), "3 days 04:05:06", "@ 3 days 4 hours 5 mins 6 secs", "3 4:05:06", "P3DT4H5M6S" },
    { 0, 0, 1, "00:00:00.000001", "@ 0.000001 secs", "0:00:00.000001", "PT0.000001S" },
    { 0, 0, -1, "-00:00:00.000001", "@ 0.000001 secs ago", "-0:00:00.000001", "PT-0.000001S" },
    { 0, 0, G_GINT64_CONSTANT (-14706000000), "-04:05:06", "@ 4 hours 5 mins 6 secs ago", "-4:05:06", "PT-4H-5M-6S" },
    { 0, 0, G_GINT64_CONSTANT (360000000000), "100:00:00", "@ 100 hours", "100:00:00", "PT100H" },
    { 12, 0, 0, "1 year", "@ 1 year", "1-0", "P1Y" },
    { -25, 0, 0, "-2 years -1 mons", "@ 2 years 1 mon ago", "-2-1", "P-2Y-1M" },
    { 0, -3, 0, "-3 days", "@ 3 days ago", "-3 0:00:00", "P-3D" },
    { 0, 0, 1000000, "00:00:01", "@ 1 sec", "0:00:01", "PT1S" },
    { 0, 0, 500000, "00:00:00.5", "@ 0.5 secs", "0:00:00.5", "PT0.5S" },
    { 0, 0, 59500000, "00:00:59.5", "@ 59.5 secs", "0:00:59.5", "PT59.5S" },
    { 1, 0, -500000, "1 mon -00:00:00.5", "@ 1 mon -0.5 secs", "+0-1 +0 -0:00:00.5", "P1MT-0.5S" },
    { -1, 0, 60000000, "-1 mons +00:01:00", "@ 1 mon -1 mins ago", "-0-1 +0 +0:01:00", "P-1MT1M" },
    { 0, 2147483647, 0, "2147483647 days", "@ 2147483647 days", "2147483647 0:00:00", "P2147483647D" },
    { 0, G_MININT32, 0, "-2147483648 days", "@ 2147483648 days ago", "-2147483648 0:00:00", "P-2147483648D" },
    { 2147483647, 0, 0, "178956970 years 7 mons", "@ 178956970 years 7 mons", "178956970-7", "P178956970Y7M" },
    { G_MININT32, 0, 0, "-178956970 years -8 mons", "@ 178956970 years 8 mons ago", "-178956970-8", "P-178956970Y-8M" },
    { 0, 0, G_GINT64_CONSTANT (9223372036854775807), "2562047788:00:54.775807", "@ 2562047788 hours 54.775807 secs", "2562047788:00:54.775807", "PT2562047788H54.775807S" },
    { 0, 0, G_GINT64_CONSTANT (-9223372036854775807), "-2562047788:00:54.775807", "@ 2562047788 hours 54.775807 secs ago", "-2562047788:00:54.775807", "PT-2562047788H-54.775807S" },
  };

  g_test_summary ("Every IntervalStyle is read as the same interval, and that is shown as PostgreSQL does.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const texts[] = { cases[i].postgres, cases[i].verbose, cases[i].sql, cases[i].iso };

      for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
        {
          g_autoptr (PgInterval) interval = parse (texts[t]);
          g_autofree char *shown = pg_interval_to_string (interval);

          g_test_message ("%s", texts[t]);
          g_assert_cmpint (pg_interval_get_months (interval), ==, cases[i].months);
          g_assert_cmpint (pg_interval_get_days (interval), ==, cases[i].days);
          g_assert_cmpint (pg_interval_get_microseconds (interval), ==, cases[i].microseconds);
          g_assert_cmpstr (shown, ==, cases[i].postgres);
        }
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "", " ", "@", "@ ", "@ ago", "1", "-1", "1 ", "1 day ", " 1 day", "1 day  2 mons", "1  day", "day", "1 fortnight", "1 dayss", "1 days1",
    "1.5 days", "1.1234567 secs", "1 day ago", "04:05", "04:5:06", "04:60:00", "04:00:60", "04:05:06.", "04:05:06.1234567", "04:05:06 1 day",
    "--1 day", "+-1 day", "1-12", "1-", "1-2-3", "3 4", "3 4 5:06:07", "3 4:05", "P", "PT", "P1", "P1Y1Y", "P1D1Y", "P1H", "PT1D", "PT1Y", "P1.5D",
    "PT1.5H", "P1YT", "PT1S2S", "PTT1S", "P1Yx", "p1y", "178956971 years", "-178956971 years", "2147483648 days", "-2147483649 days",
    "2147483648 mons", "2562047788:00:54.775808", "-2562047788:00:54.775809", "9999999999999999999 days", "999999999999999999 hours", "Infinity",
    "+infinity", "P999999999999999999Y",
  };

  g_test_summary ("Texts that are no interval and those out of range are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgInterval) interval = pg_interval_parse (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (interval);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_infinity (void)
{
  g_autoptr (PgInterval) future = parse ("infinity");
  g_autoptr (PgInterval) past = parse ("-infinity");
  g_autoptr (PgInterval) longest = pg_interval_new (G_MAXINT32, G_MAXINT32, G_MAXINT64 - 1);
  g_autofree char *future_text = pg_interval_to_string (future);
  g_autofree char *past_text = pg_interval_to_string (past);
  g_autofree char *longest_text = pg_interval_to_string (longest);

  g_test_summary ("PostgreSQL 17's infinities are longer and shorter than all others.");

  g_assert_true (pg_interval_is_infinite (future));
  g_assert_true (pg_interval_is_infinite (past));
  g_assert_false (pg_interval_is_infinite (longest));
  g_assert_cmpstr (future_text, ==, "infinity");
  g_assert_cmpstr (past_text, ==, "-infinity");
  g_assert_cmpstr (longest_text, ==, "178956970 years 7 mons 2147483647 days 2562047788:00:54.775806");
  g_assert_cmpint (pg_interval_get_months (future), ==, G_MAXINT32);
  g_assert_cmpint (pg_interval_get_microseconds (past), ==, G_MININT64);
  g_assert_cmpint (pg_interval_compare (future, longest), >, 0);
  g_assert_cmpint (pg_interval_compare (past, longest), <, 0);
}

static void
test_order (void)
{
  /* Those of one line are equal to PostgreSQL. */
  static const char *const texts[][3] = {
    { "-178956970 years -8 mons", "-178956970 years -8 mons", "-178956970 years -8 mons" },
    { "-2562047788:00:54.775808", "-2562047788:00:54.775808", "-2562047788:00:54.775808" },
    { "-1 days", "-24:00:00", "-1 mons +29 days" },
    { "-00:00:00.000001", "-1 days +23:59:59.999999", "-00:00:00.000001" },
    { "00:00:00", "1 mon -30 days", "1 day -24:00:00" },
    { "23:59:59.999999", "1 day -00:00:00.000001", "23:59:59.999999" },
    { "1 mon", "30 days", "720:00:00" },
    { "1 year", "12 mons", "360 days" },
    { "178956970 years 7 mons 2147483647 days", "178956970 years 6 mons 2147483647 days 720:00:00", "178956970 years 7 mons 2147483646 days 24:00:00" },
  };

  g_test_summary ("Intervals are in PostgreSQL's order, with months of 30 days and days of 24 hours.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      for (guint k = 0; k < 9; k++)
        {
          g_autoptr (PgInterval) a = parse (texts[i][k / 3]);
          g_autoptr (PgInterval) b = parse (texts[j][k % 3]);
          g_autoptr (PgInterval) ref = pg_interval_ref (a);
          int order = pg_interval_compare (a, b);

          g_assert_true (ref == a);
          g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
          g_assert_cmpint (pg_interval_equal (a, b), ==, i == j);
          if (i == j)
            g_assert_cmpuint (pg_interval_hash (a), ==, pg_interval_hash (b));
        }
}

static void
test_time_span (void)
{
  static const char *const without[] = { "1 mon", "1 day", "1 mon -30 days", "infinity" };
  g_autoptr (PgInterval) interval = pg_interval_new_from_time_span (-90 * G_TIME_SPAN_MINUTE);
  g_autofree char *text = pg_interval_to_string (interval);
  GTimeSpan span = 1;

  g_test_summary ("An interval of neither months nor days is a GTimeSpan.");

  g_assert_cmpstr (text, ==, "-01:30:00");
  g_assert_true (pg_interval_to_time_span (interval, &span, NULL));
  g_assert_cmpint (span, ==, -90 * G_TIME_SPAN_MINUTE);
  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    {
      g_autoptr (PgInterval) other = parse (without[i]);
      g_autoptr (GError) error = NULL;

      span = 1;
      g_assert_false (pg_interval_to_time_span (other, &span, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpint (span, ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/interval/styles", test_styles);
  g_test_add_func ("/pg/interval/invalid", test_invalid);
  g_test_add_func ("/pg/interval/infinity", test_infinity);
  g_test_add_func ("/pg/interval/order", test_order);
  g_test_add_func ("/pg/interval/time-span", test_time_span);

  return g_test_run ();
}
