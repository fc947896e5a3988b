/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgTime *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgTime *time = pg_time_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (time);
  return time;
}

static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    gint64 microseconds;
    gboolean has_offset;
    int offset;
    const char *shown; /* NULL: the text itself */
  } cases[] = {
    { "00:00:00", 0, FALSE, 0, NULL },
    { "00:00:00.000001", 1, FALSE, 0, NULL },
    { "12:34:56.789", G_GINT64_CONSTANT (45296789000), FALSE, 0, NULL },
    { "12:34:56.500000", G_GINT64_CONSTANT (45296500000), FALSE, 0, "12:34:56.5" },
    { "23:59:59.999999", G_GINT64_CONSTANT (86399999999), FALSE, 0, NULL },
    { "24:00:00", G_GINT64_CONSTANT (86400000000), FALSE, 0, NULL },
    { "24:00:00.000000", G_GINT64_CONSTANT (86400000000), FALSE, 0, "24:00:00" },
    { "00:00:00+00", 0, TRUE, 0, NULL },
    { "01:00:00+05:30", G_GINT64_CONSTANT (3600000000), TRUE, 19800, NULL },
    { "01:00:00-08", G_GINT64_CONSTANT (3600000000), TRUE, -28800, NULL },
    { "24:00:00+15:59:59", G_GINT64_CONSTANT (86400000000), TRUE, 57599, NULL },
    { "00:00:00-15:59:01", 0, TRUE, -57541, NULL },
    { "00:00:00+01:00:30", 0, TRUE, 3630, "00:00:00+01:00:30" },
    { "00:00:00-00:00:01", 0, TRUE, -1, NULL },
  };

  g_test_summary ("Text, microseconds and offset are the same time of day.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgTime) time = parse (cases[i].text);
      g_autoptr (PgTime) made = cases[i].has_offset ? pg_time_new_with_offset (cases[i].microseconds, cases[i].offset, NULL)
                                                    : pg_time_new_from_microseconds (cases[i].microseconds, NULL);
      g_autofree char *shown = pg_time_to_string (time);

      g_assert_nonnull (made);
      g_assert_cmpint (pg_time_get_microseconds (time), ==, cases[i].microseconds);
      g_assert_cmpint (pg_time_has_offset (time), ==, cases[i].has_offset);
      g_assert_cmpint (pg_time_get_offset (time), ==, cases[i].offset);
      g_assert_cmpstr (shown, ==, cases[i].shown != NULL ? cases[i].shown : cases[i].text);
      g_assert_true (pg_time_equal (time, made));
      g_assert_cmpuint (pg_time_hash (time), ==, pg_time_hash (made));
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "", "1", "12:34", "12:34:5", "1:02:03", "24:00:00.000001", "24:00:01", "24:01:00", "25:00:00", "12:60:00", "12:00:60", "12:34:56.",
    "12:34:56.1234567", "12:34:56 ", " 12:34:56", "12:34:56+", "12:34:56+1", "12:34:56+16", "12:34:56+01:", "12:34:56+01:60",
    "12:34:56+01:00:60", "12:34:56+01x", "12:34:56Z", "12:34:56 PM", "-01:00:00",
  };
  g_autoptr (GError) number_error = NULL;
  g_autoptr (PgTime) negative = pg_time_new_from_microseconds (-1, &number_error);
  g_autoptr (PgTime) after = pg_time_new_from_microseconds (G_GINT64_CONSTANT (86400000001), NULL);
  g_autoptr (PgTime) far_east = pg_time_new_with_offset (0, 57600, NULL);
  g_autoptr (PgTime) far_west = pg_time_new_with_offset (0, G_MININT, NULL);

  g_test_summary ("Times that there are not are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgTime) time = pg_time_parse (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (time);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  g_assert_null (negative);
  g_assert_error (number_error, PG_ERROR, PG_ERROR_DATA);
  g_assert_null (after);
  g_assert_null (far_east);
  g_assert_null (far_west);
}

static void
test_hms (void)
{
  static const int invalid[][4] = { { -1, 0, 0, 0 }, { 25, 0, 0, 0 }, { 24, 0, 0, 1 }, { 0, 60, 0, 0 }, { 0, -1, 0, 0 },
                                    { 0, 0, 60, 0 }, { 0, 0, -1, 0 }, { 0, 0, 0, 1000000 }, { 0, 0, 0, -1 } };
  g_autoptr (PgTime) time = pg_time_new (23, 59, 58, 999999, NULL);
  g_autoptr (PgTime) midnight = pg_time_new (24, 0, 0, 0, NULL);
  int hour, minute, second, microsecond;

  g_test_summary ("What a clock shows goes in and comes out.");

  pg_time_get_hms (time, &hour, &minute, &second, &microsecond);
  g_assert_cmpint (hour, ==, 23);
  g_assert_cmpint (minute, ==, 59);
  g_assert_cmpint (second, ==, 58);
  g_assert_cmpint (microsecond, ==, 999999);
  pg_time_get_hms (midnight, &hour, NULL, NULL, NULL);
  g_assert_cmpint (hour, ==, 24);

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgTime) none = pg_time_new (invalid[i][0], invalid[i][1], invalid[i][2], invalid[i][3], &error);

      g_assert_null (none);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_order (void)
{
  /* As PostgreSQL sorts them. */
  static const char *const texts[] = {
    "00:00:00", "00:00:00.000001", "23:59:59", "24:00:00",
    /* Those without offset are before those with one. */
    "00:00:00+15", "01:00:00+02", "00:00:00+01", "02:00:00+02", "01:00:00+01", "00:00:00+00", "00:00:00-01", "24:00:00-15",
  };

  g_test_summary ("Times are in PostgreSQL's order.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PgTime) a = parse (texts[i]);
        g_autoptr (PgTime) b = parse (texts[j]);
        g_autoptr (PgTime) ref = pg_time_ref (a);
        int order = pg_time_compare (a, b);

        g_assert_true (ref == a);
        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (pg_time_equal (a, b), ==, i == j);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/time/forms", test_forms);
  g_test_add_func ("/pg/time/invalid", test_invalid);
  g_test_add_func ("/pg/time/hms", test_hms);
  g_test_add_func ("/pg/time/order", test_order);

  return g_test_run ();
}
