/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the session's settings make of the texts of values: they are read as what they are. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <string.h>

#include <pgconn/types/pg-value-order-private.h>

static PgResult *
query (PgConnection *connection, PgFormat format, const char *sql)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  pg_cursor_execute (cursor, sql, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_object_ref (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
}

static void
read_value (PgResult *result, guint column, GValue *value)
{
  g_autoptr (GError) error = NULL;

  pg_result_get_value (result, 0, column, value, &error);
  g_assert_no_error (error);
}

/* Column by column: a range keeps the texts of its bounds, so its own text is no proof. */
static void
check_columns (PgConnection *connection, const char *sql)
{
  g_autoptr (PgResult) text = query (connection, PG_FORMAT_TEXT, sql);
  g_autoptr (PgResult) binary = query (connection, PG_FORMAT_BINARY, sql);

  for (guint i = 0; i < pg_result_get_n_columns (text); i++)
    {
      g_autofree char *shown = pg_result_dup_text (text, 0, i, NULL);
      g_auto (GValue) from_text = G_VALUE_INIT;
      g_auto (GValue) from_binary = G_VALUE_INIT;

      g_test_message ("%s", shown);
      read_value (text, i, &from_text);
      read_value (binary, i, &from_binary);
      g_assert_cmpstr (G_VALUE_TYPE_NAME (&from_text), ==, G_VALUE_TYPE_NAME (&from_binary));
      g_assert_false (G_VALUE_HOLDS_STRING (&from_text));
      g_assert_cmpint (pg_value_compare (&from_text, &from_binary), ==, 0);
    }
}

static const char *const styles[] = { "ISO", "SQL", "Postgres", "German" };
static const char *const orders[] = { "DMY", "MDY", "YMD" };

static void
test_date_style (void)
{
  static const char *const zones[] = { "UTC", "Etc/UTC", "GMT", "<+0545>-05:45", "<-03>3" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Dates and times are read alike in text and in binary with every DateStyle.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (styles) * G_N_ELEMENTS (orders) * G_N_ELEMENTS (zones); i++)
    {
      const char *style = styles[i % G_N_ELEMENTS (styles)];
      const char *order = orders[i / G_N_ELEMENTS (styles) % G_N_ELEMENTS (orders)];
      const char *zone = zones[i / G_N_ELEMENTS (styles) / G_N_ELEMENTS (orders)];
      g_autofree char *set_style = g_strdup_printf ("SET DateStyle = '%s, %s'", style, order);
      g_autofree char *set_zone = g_strdup_printf ("SET TimeZone = '%s'", zone);

      g_test_message ("%s %s", set_style, zone);
      pg_test_run (connection, set_style);
      pg_test_run (connection, set_zone);
      check_columns (connection, "SELECT date '2024-02-03', date '0044-03-15 BC', date 'infinity', date '5874897-12-31', date '0001-01-01', "
                                 "timestamp '2024-02-03 12:34:56.7', timestamp '0044-03-15 10:00:00 BC', timestamp '-infinity', "
                                 "timestamp '294276-12-31 23:59:59.999999', timestamptz '2024-02-03 12:34:56.7+00', "
                                 "timestamptz '0044-03-15 10:00:00+00 BC', timestamptz 'infinity', time '12:34:56.789', timetz '12:34:56+05:45', "
                                 "daterange('2024-02-03', '2024-03-02'), tsrange('2024-02-03', '2024-03-02'), tstzrange('2024-02-03', '2024-03-02'), "
                                 "datemultirange(daterange('2024-02-03', '2024-03-02'), daterange('2025-02-03', NULL))");
    }
}

static void
test_interval_style (void)
{
  static const char *const interval_styles[] = { "postgres", "postgres_verbose", "sql_standard", "iso_8601" };
  static const char *const intervals[] = { "0", "1 day", "-1 day", "1 mon", "-1 mon", "1 year 2 mons", "-1 year -2 mons", "1 year 2 mons 3 days 04:05:06.789",
                                           "-1 year -2 mons -3 days -04:05:06.789", "1 year -2 days 03:04:05", "-1 year 2 days -03:04:05", "1 day -00:00:01",
                                           "-1 day 00:00:00.000001", "00:00:00.000001", "-00:00:00.000001", "2 mons -1 day", "-2 mons 1 day",
                                           "178000000 years", "-178000000 years", "2147483647 days", "-2147483648 days", "2562047788:00:54.775807",
                                           "-2562047788:00:54.775807", "1 day 24:00:00", "-3 days", "04:05:06", "-04:05:06" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Intervals are read alike in text and in binary with every IntervalStyle.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (interval_styles); i++)
    {
      g_autofree char *set = g_strdup_printf ("SET IntervalStyle = '%s'", interval_styles[i]);
      g_autoptr (GString) sql = g_string_new ("SELECT interval '1 day'");

      for (guint j = 0; j < G_N_ELEMENTS (intervals); j++)
        g_string_append_printf (sql, ", interval '%s'", intervals[j]);
      pg_test_run (connection, set);
      check_columns (connection, sql->str);
    }
}

static void
test_abbreviations (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("The abbreviation of a zone that is not UTC is an error that names the way out.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      g_autofree char *set = g_strdup_printf ("SET DateStyle = '%s, DMY'", styles[i]);
      g_autoptr (PgResult) result = NULL;
      g_autoptr (PgTimestamp) timestamp = NULL;
      g_autoptr (GError) error = NULL;
      gboolean iso = g_str_equal (styles[i], "ISO");

      pg_test_run (connection, set);
      pg_test_run (connection, "SET TimeZone = 'Europe/Berlin'");
      result = query (connection, PG_FORMAT_TEXT, "SELECT timestamptz '2024-07-01 12:00:00+00', timestamp '2024-07-01 12:00:00'");
      timestamp = pg_result_dup_timestamp (result, 0, 0, &error);
      if (iso)
        {
          g_assert_no_error (error);
          g_assert_nonnull (timestamp);
          continue;
        }
      g_assert_null (timestamp);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_nonnull (strstr (error->message, "abbreviation"));
      g_assert_nonnull (strstr (error->message, "DateStyle to ISO"));
      g_clear_error (&error);
      timestamp = pg_result_dup_timestamp (result, 0, 1, &error);
      g_assert_no_error (error);
      g_assert_nonnull (timestamp);
    }
}

/* That of a zone of the same name as UTC that is another. */
static void
test_false_utc (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("UTC in a text is UTC only where the session's zone is.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET DateStyle = 'SQL, DMY'");
  pg_test_run (connection, "SET TimeZone = 'UTC+3'");
  result = query (connection, PG_FORMAT_TEXT, "SELECT timestamptz '2024-07-01 12:00:00+00'");
  g_assert_null (pg_result_dup_timestamp (result, 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static char *
read_date (PgResult *result, GError **error)
{
  g_autoptr (PgDate) date = pg_result_dup_date (result, 0, 0, error);

  return date != NULL ? pg_date_to_string (date) : NULL;
}

static void
test_moment (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgResult) dmy = NULL;
  g_autoptr (PgResult) mdy = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_test_summary ("A result keeps the settings that it was made with.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET DateStyle = 'SQL, DMY'");
  dmy = query (connection, PG_FORMAT_TEXT, "SELECT date '2024-02-03'");
  pg_test_run (connection, "SET DateStyle = 'SQL, MDY'");
  mdy = query (connection, PG_FORMAT_TEXT, "SELECT date '2024-02-03'");
  first = read_date (dmy, NULL);
  second = read_date (mdy, NULL);
  g_assert_cmpstr (first, ==, "2024-02-03");
  g_assert_cmpstr (second, ==, "2024-02-03");
}

static void
test_script (void)
{
  /* The results of the script that are dates: * is read, ? is not known. */
  static const struct
  {
    const char *before;
    const char *script;
    const char *expected;
  } cases[] = {
    { "ISO, MDY", "SELECT date '2024-02-03'; SELECT date '2024-02-03'", "**" },
    { "SQL, MDY", "SELECT date '2024-02-03'; SELECT date '2024-02-03'", "**" },
    { "SQL, DMY", "SELECT 1; SELECT date '2024-02-03'", ".*" },
    { "ISO, MDY", "SELECT date '2024-02-03'; SET DateStyle = 'SQL, DMY'; SELECT date '2024-02-03'", "*.?" },
    { "SQL, MDY", "SELECT date '2024-02-03'; SET DateStyle = 'SQL, DMY'; SELECT date '2024-02-03'", "?.?" },
    { "SQL, MDY", "SET DateStyle = 'SQL, DMY'; SELECT date '2024-02-03'; SET DateStyle = 'SQL, MDY'", ".?." },
    { "ISO, MDY", "SET DateStyle = 'SQL, DMY'; SELECT date '2024-02-03'; RESET DateStyle", ".?." },
    { "SQL, MDY", "BEGIN; SET LOCAL DateStyle = 'SQL, DMY'; SELECT date '2024-02-03'; COMMIT; SELECT date '2024-02-03'", "..?.?" },
    { "SQL, MDY", "DO $$ BEGIN SET LOCAL DateStyle = 'SQL, DMY'; END $$; SELECT date '2024-02-03'", ".?" },
    { "SQL, MDY", "SET DateStyle = 'German'; SELECT date '2024-02-03'", ".*" },
    { "SQL, MDY", "SELECT date '2024-02-03', set_config('DateStyle', 'SQL, DMY', false)", "?" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Dates of a script that changes DateStyle are read, or are an error where their order is not known; never a wrong day.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *set = g_strdup_printf ("SET DateStyle = '%s'", cases[i].before);
      g_autoptr (PgCursor) cursor = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s: %s", set, cases[i].script);
      pg_test_run (connection, set);
      cursor = pg_connection_execute (connection, cases[i].script, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (pg_base_cursor_get_n_results (PG_BASE_CURSOR (cursor)), ==, strlen (cases[i].expected));
      for (const char *c = cases[i].expected; *c != '\0'; c++)
        {
          g_autofree char *date = NULL;

          if (*c != '.')
            date = read_date (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), &error);
          if (*c == '*')
            {
              g_assert_no_error (error);
              g_assert_cmpstr (date, ==, "2024-02-03");
            }
          else if (*c == '?')
            {
              g_assert_null (date);
              g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
              g_assert_nonnull (strstr (error->message, "DateStyle"));
              g_clear_error (&error);
            }
          pg_base_cursor_next_result (PG_BASE_CURSOR (cursor));
        }
    }
}

static void
test_conninfo (void)
{
  g_autofree char *fixture = pg_test_fixture_conninfo ();
  g_autofree char *conninfo = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *date = NULL;

  g_test_summary ("The settings that a connection begins with are known from the first result on.");
  if (fixture == NULL)
    return;
  conninfo = g_strconcat (fixture, " options='-c DateStyle=SQL,DMY'", NULL);
  connection = pg_connection_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  result = query (connection, PG_FORMAT_TEXT, "SELECT date '2024-02-03'");
  date = read_date (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (date, ==, "2024-02-03");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/session-settings/date-style", test_date_style);
  g_test_add_func ("/pg/session-settings/interval-style", test_interval_style);
  g_test_add_func ("/pg/session-settings/abbreviations", test_abbreviations);
  g_test_add_func ("/pg/session-settings/false-utc", test_false_utc);
  g_test_add_func ("/pg/session-settings/moment", test_moment);
  g_test_add_func ("/pg/session-settings/script", test_script);
  g_test_add_func ("/pg/session-settings/conninfo", test_conninfo);

  return g_test_run ();
}
