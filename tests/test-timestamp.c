/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgTimestamp *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgTimestamp *timestamp = pg_timestamp_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (timestamp);
  return timestamp;
}

static void
test_forms (void)
{
  /* The numbers are those of PostgreSQL 15; shown is NULL where it is the text itself. */
  static const struct
  {
    const char *text;
    gint64 microseconds;
    gboolean zone;
    const char *shown;
  } cases[] = {
    { "2000-01-01 00:00:00", 0, FALSE, NULL },
    { "2000-01-01T00:00:00", 0, FALSE, "2000-01-01 00:00:00" },
    { "2000-01-01 00:00:00+00", 0, TRUE, NULL },
    { "2000-01-01 00:00:00Z", 0, TRUE, "2000-01-01 00:00:00+00" },
    { "1999-12-31 23:59:59.999999", -1, FALSE, NULL },
    { "2000-01-01 00:00:00.5", 500000, FALSE, NULL },
    { "2000-01-01 00:00:00.000001", 1, FALSE, NULL },
    { "2000-01-01 00:00:00.100000", 100000, FALSE, "2000-01-01 00:00:00.1" },
    { "2024-02-29 12:34:56.789", G_GINT64_CONSTANT (762525296789000), FALSE, NULL },
    { "2000-01-01 01:00:00+01", 0, TRUE, "2000-01-01 00:00:00+00" },
    { "1999-12-31 14:30:00-09:30", 0, TRUE, "2000-01-01 00:00:00+00" },
    { "2000-01-01 05:53:28+05:53:28", 0, TRUE, "2000-01-01 00:00:00+00" },
    { "1999-12-31 08:00:01-15:59:59", 0, TRUE, "2000-01-01 00:00:00+00" },
    { "0044-03-15 10:00:00 BC", G_GINT64_CONSTANT (-64464472800000000), FALSE, NULL },
    { "0044-03-15 10:00:00+00 BC", G_GINT64_CONSTANT (-64464472800000000), TRUE, NULL },
    { "0001-01-01 00:30:00+01", G_GINT64_CONSTANT (-63082283400000000), TRUE, "0001-12-31 23:30:00+00 BC" },
    { "4714-11-24 00:00:00 BC", G_GINT64_CONSTANT (-211813488000000000), FALSE, NULL },
    { "4714-11-23 12:00:00-12 BC", G_GINT64_CONSTANT (-211813488000000000), TRUE, "4714-11-24 00:00:00+00 BC" },
    { "294276-12-31 23:59:59.999999", G_GINT64_CONSTANT (9223371331199999999), FALSE, NULL },
    { "294277-01-01 13:59:59.999999+14", G_GINT64_CONSTANT (9223371331199999999), TRUE, "294276-12-31 23:59:59.999999+00" },
    { "infinity", G_MAXINT64, FALSE, NULL },
    { "-infinity", G_MININT64, FALSE, NULL },
  };

  g_test_summary ("Text and microseconds are the same timestamp.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgTimestamp) of_text = parse (cases[i].text);
      g_autoptr (PgTimestamp) of_number = pg_timestamp_new_from_microseconds (cases[i].microseconds, cases[i].zone, NULL);
      g_autofree char *shown = pg_timestamp_to_string (of_text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (pg_timestamp_get_microseconds (of_text), ==, cases[i].microseconds);
      g_assert_cmpint (pg_timestamp_has_time_zone (of_text), ==, cases[i].zone);
      g_assert_cmpstr (shown, ==, cases[i].shown != NULL ? cases[i].shown : cases[i].text);
      g_assert_true (pg_timestamp_equal (of_text, of_number));
      g_assert_cmpuint (pg_timestamp_hash (of_text), ==, pg_timestamp_hash (of_number));
      g_assert_true (pg_timestamp_is_infinite (of_text) == (cases[i].microseconds == G_MAXINT64 ||
                                                            cases[i].microseconds == G_MININT64));
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "",
    "2024-02-29",
    "2024-02-29 ",
    "2024-02-29 12:34",
    "2024-02-29 12:34:5",
    "2024-02-29 24:00:00",
    "2024-02-29 12:60:00",
    "2024-02-29 12:00:60",
    "2024-02-30 12:00:00",
    "2024-02-29 12:34:56.",
    "2024-02-29 12:34:56.1234567",
    "2024-02-29 12:34:56+",
    "2024-02-29 12:34:56+1",
    "2024-02-29 12:34:56+16",
    "2024-02-29 12:34:56+01:",
    "2024-02-29 12:34:56+01:60",
    "2024-02-29 12:34:56+01:00:",
    "2024-02-29 12:34:56+0100",
    "2024-02-29 12:34:56 +01",
    "2024-02-29 12:34:56 CET",
    "2024-02-29 12:34:56 BC+00",
    "2024-02-29 12:34:56ZZ",
    "2024-02-29_12:34:56",
    "0000-02-29 12:34:56",
    "29.02.2024 12:34:56",
    "Thu Feb 29 12:34:56 2024",
    "4714-11-23 23:59:59.999999 BC",
    "4714-11-24 00:00:00+01 BC",
    "294277-01-01 00:00:00",
    "294276-12-31 23:59:59-01",
    "9999999-01-01 00:00:00",
    "9999999-01-01 00:00:00 BC",
    "Infinity",
  };
  static const gint64 numbers[] = {
    G_GINT64_CONSTANT (-211813488000000001),
    G_GINT64_CONSTANT (9223371331200000000),
    G_MAXINT64 - 1,
    G_MININT64 + 1,
  };

  g_test_summary ("Times that there are not, other forms and what is out of range are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgTimestamp) timestamp = pg_timestamp_parse (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (timestamp);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgTimestamp) timestamp = pg_timestamp_new_from_microseconds (numbers[i], TRUE, &error);

      g_assert_null (timestamp);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_infinity (void)
{
  g_autoptr (PgTimestamp) future = pg_timestamp_new_infinity (FALSE, TRUE);
  g_autoptr (PgTimestamp) past = pg_timestamp_new_infinity (TRUE, FALSE);
  g_autoptr (PgTimestamp) last = parse ("294276-12-31 23:59:59.999999+00");
  g_autoptr (PgTimestamp) first = parse ("4714-11-24 00:00:00 BC");
  g_autofree char *future_text = pg_timestamp_to_string (future);
  g_autofree char *past_text = pg_timestamp_to_string (past);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The infinities are before and after all time.");

  g_assert_cmpstr (future_text, ==, "infinity");
  g_assert_cmpstr (past_text, ==, "-infinity");
  g_assert_true (pg_timestamp_has_time_zone (future));
  g_assert_false (pg_timestamp_has_time_zone (past));
  g_assert_true (pg_timestamp_is_infinite (future));
  g_assert_true (pg_timestamp_is_infinite (past));
  g_assert_cmpint (pg_timestamp_compare (future, last), >, 0);
  g_assert_cmpint (pg_timestamp_compare (past, first), <, 0);
  g_assert_null (pg_timestamp_to_datetime (past, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_order (void)
{
  g_autoptr (PgTimestamp) a = parse ("2024-02-29 12:34:56");
  g_autoptr (PgTimestamp) a_zone = parse ("2024-02-29 13:34:56+01");
  g_autoptr (PgTimestamp) a_other_zone = parse ("2024-02-29 12:34:56Z");
  g_autoptr (PgTimestamp) b = parse ("2024-02-29 12:34:56.000001");

  g_test_summary ("Timestamps are compared as points in time; with and without zone are never the same.");

  g_assert_true (pg_timestamp_equal (a_zone, a_other_zone));
  g_assert_cmpuint (pg_timestamp_hash (a_zone), ==, pg_timestamp_hash (a_other_zone));
  g_assert_false (pg_timestamp_equal (a, a_zone));
  g_assert_cmpint (pg_timestamp_compare (a, a_zone), <, 0);
  g_assert_cmpint (pg_timestamp_compare (a_zone, a), >, 0);
  g_assert_cmpint (pg_timestamp_compare (a_zone, b), <, 0);
  g_assert_cmpint (pg_timestamp_compare (b, a), >, 0);
}

static void
test_datetime (void)
{
  static const char *const fits[] = {
    "0001-01-01 00:00:00+00", "1969-12-31 23:59:59.999999+00", "2024-02-29 12:34:56.000001+00", "9999-12-31 23:59:59.999999+00",
  };
  static const char *const fits_not[] = { "0001-12-31 23:59:59.999999+00 BC", "10000-01-01 00:00:00+00" };
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (3600);
  g_autoptr (GDateTime) local = g_date_time_new (zone, 2024, 2, 29, 13, 34, 56);
  g_autoptr (PgTimestamp) of_local = pg_timestamp_new_from_datetime (local);
  g_autofree char *text = pg_timestamp_to_string (of_local);

  g_test_summary ("A timestamp goes into a GDateTime and back to the microsecond, if it fits.");

  g_assert_cmpstr (text, ==, "2024-02-29 12:34:56+00");
  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_autoptr (PgTimestamp) timestamp = parse (fits[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GDateTime) datetime = pg_timestamp_to_datetime (timestamp, &error);
      g_autoptr (PgTimestamp) back = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (g_date_time_get_utc_offset (datetime), ==, 0);
      back = pg_timestamp_new_from_datetime (datetime);
      g_assert_true (pg_timestamp_equal (timestamp, back));
    }
  for (guint i = 0; i < G_N_ELEMENTS (fits_not); i++)
    {
      g_autoptr (PgTimestamp) timestamp = parse (fits_not[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_timestamp_to_datetime (timestamp, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_round_trip (void)
{
  g_test_summary ("Random timestamps come back from their text as they were.");

  for (int round = 0; round < 20000; round++)
    {
      gint64 bits = (gint64) ((guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ());
      g_autoptr (PgTimestamp) timestamp =
        pg_timestamp_new_from_microseconds (bits >> g_test_rand_int_range (0, 32), g_test_rand_bit (), NULL);
      g_autoptr (PgTimestamp) back = NULL;
      g_autofree char *text = NULL;

      /* Half of the numbers are before the calendar. */
      if (timestamp == NULL)
        continue;
      text = pg_timestamp_to_string (timestamp);
      back = parse (text);
      g_assert_true (pg_timestamp_equal (timestamp, back));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/timestamp/forms", test_forms);
  g_test_add_func ("/pg/timestamp/invalid", test_invalid);
  g_test_add_func ("/pg/timestamp/infinity", test_infinity);
  g_test_add_func ("/pg/timestamp/order", test_order);
  g_test_add_func ("/pg/timestamp/datetime", test_datetime);
  g_test_add_func ("/pg/timestamp/round-trip", test_round_trip);

  return g_test_run ();
}
