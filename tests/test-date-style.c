/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include "pg-test-wire.h"
#include <pgconn/types/pg-array-private.h>

/* What PostgreSQL 15 shows with DateStyle SQL, German and Postgres, and TimeZone UTC or Asia/Kathmandu. */
static const struct
{
  guint32 type;
  const char *text;
  const char *iso; /* with TimeZone UTC */
  guint8 session;  /* what has to be known */
} cases[] = {
  { PG_OID_DATE, "02/03/2024", "2024-02-03", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMP, "02/03/2024 12:34:56.7", "2024-02-03 12:34:56.7", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMPTZ, "02/03/2024 12:34:56.7 UTC", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_MDY | PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "03/15/0044 BC", "0044-03-15 BC", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMP, "03/15/0044 10:00:00 BC", "0044-03-15 10:00:00 BC", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMPTZ, "03/15/0044 10:00:00 UTC BC", "0044-03-15 10:00:00+00 BC", PG_WIRE_SESSION_MDY | PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "12/31/5874897", "5874897-12-31", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMP, "12/31/294276 23:59:59.999999", "294276-12-31 23:59:59.999999", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMPTZ, "12/31/294276 23:59:59.999999 UTC", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_MDY | PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "infinity", "infinity", 0 },
  { PG_OID_TIMESTAMP, "-infinity", "-infinity", 0 },
  { PG_OID_TIMESTAMPTZ, "infinity", "infinity", 0 },
  { PG_OID_TIMESTAMPTZ, "02/03/2024 18:19:56.7 +0545", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMPTZ, "01/01/294277 05:44:59.999999 +0545", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_MDY },
  { PG_OID_DATE, "03/02/2024", "2024-02-03", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMP, "03/02/2024 12:34:56.7", "2024-02-03 12:34:56.7", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMPTZ, "03/02/2024 12:34:56.7 UTC", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_DMY | PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "15/03/0044 BC", "0044-03-15 BC", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMP, "15/03/0044 10:00:00 BC", "0044-03-15 10:00:00 BC", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMPTZ, "15/03/0044 10:00:00 UTC BC", "0044-03-15 10:00:00+00 BC", PG_WIRE_SESSION_DMY | PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "31/12/5874897", "5874897-12-31", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMP, "31/12/294276 23:59:59.999999", "294276-12-31 23:59:59.999999", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMPTZ, "31/12/294276 23:59:59.999999 UTC", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_DMY | PG_WIRE_SESSION_UTC },
  { PG_OID_TIMESTAMPTZ, "03/02/2024 18:19:56.7 +0545", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMPTZ, "01/01/294277 05:44:59.999999 +0545", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_DMY },
  { PG_OID_DATE, "03.02.2024", "2024-02-03", 0 },
  { PG_OID_TIMESTAMP, "03.02.2024 12:34:56.7", "2024-02-03 12:34:56.7", 0 },
  { PG_OID_TIMESTAMPTZ, "03.02.2024 12:34:56.7 UTC", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "15.03.0044 BC", "0044-03-15 BC", 0 },
  { PG_OID_TIMESTAMP, "15.03.0044 10:00:00 BC", "0044-03-15 10:00:00 BC", 0 },
  { PG_OID_TIMESTAMPTZ, "15.03.0044 10:00:00 UTC BC", "0044-03-15 10:00:00+00 BC", PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "31.12.5874897", "5874897-12-31", 0 },
  { PG_OID_TIMESTAMP, "31.12.294276 23:59:59.999999", "294276-12-31 23:59:59.999999", 0 },
  { PG_OID_TIMESTAMPTZ, "31.12.294276 23:59:59.999999 UTC", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_UTC },
  { PG_OID_TIMESTAMPTZ, "03.02.2024 18:19:56.7 +0545", "2024-02-03 12:34:56.7+00", 0 },
  { PG_OID_TIMESTAMPTZ, "01.01.294277 05:44:59.999999 +0545", "294276-12-31 23:59:59.999999+00", 0 },
  { PG_OID_DATE, "02-03-2024", "2024-02-03", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMP, "Sat Feb 03 12:34:56.7 2024", "2024-02-03 12:34:56.7", 0 },
  { PG_OID_TIMESTAMPTZ, "Sat Feb 03 12:34:56.7 2024 UTC", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "03-15-0044 BC", "0044-03-15 BC", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMP, "Fri Mar 15 10:00:00 0044 BC", "0044-03-15 10:00:00 BC", 0 },
  { PG_OID_TIMESTAMPTZ, "Fri Mar 15 10:00:00 0044 UTC BC", "0044-03-15 10:00:00+00 BC", PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "12-31-5874897", "5874897-12-31", PG_WIRE_SESSION_MDY },
  { PG_OID_TIMESTAMP, "Sun Dec 31 23:59:59.999999 294276", "294276-12-31 23:59:59.999999", 0 },
  { PG_OID_TIMESTAMPTZ, "Sun Dec 31 23:59:59.999999 294276 UTC", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_UTC },
  { PG_OID_TIMESTAMPTZ, "Sat Feb 03 18:19:56.7 2024 +0545", "2024-02-03 12:34:56.7+00", 0 },
  { PG_OID_TIMESTAMPTZ, "Mon Jan 01 05:44:59.999999 294277 +0545", "294276-12-31 23:59:59.999999+00", 0 },
  { PG_OID_DATE, "03-02-2024", "2024-02-03", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMP, "Sat 03 Feb 12:34:56.7 2024", "2024-02-03 12:34:56.7", 0 },
  { PG_OID_TIMESTAMPTZ, "Sat 03 Feb 12:34:56.7 2024 UTC", "2024-02-03 12:34:56.7+00", PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "15-03-0044 BC", "0044-03-15 BC", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMP, "Fri 15 Mar 10:00:00 0044 BC", "0044-03-15 10:00:00 BC", 0 },
  { PG_OID_TIMESTAMPTZ, "Fri 15 Mar 10:00:00 0044 UTC BC", "0044-03-15 10:00:00+00 BC", PG_WIRE_SESSION_UTC },
  { PG_OID_DATE, "31-12-5874897", "5874897-12-31", PG_WIRE_SESSION_DMY },
  { PG_OID_TIMESTAMP, "Sun 31 Dec 23:59:59.999999 294276", "294276-12-31 23:59:59.999999", 0 },
  { PG_OID_TIMESTAMPTZ, "Sun 31 Dec 23:59:59.999999 294276 UTC", "294276-12-31 23:59:59.999999+00", PG_WIRE_SESSION_UTC },
  { PG_OID_TIMESTAMPTZ, "Sat 03 Feb 18:19:56.7 2024 +0545", "2024-02-03 12:34:56.7+00", 0 },
  { PG_OID_TIMESTAMPTZ, "Mon 01 Jan 05:44:59.999999 294277 +0545", "294276-12-31 23:59:59.999999+00", 0 },
};

/* NULL with an error. */
static char *
read_iso (guint32 type, const char *text, guint session, GError **error)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_text (type, text);
  g_autoptr (PgDate) date = NULL;
  g_autoptr (PgTimestamp) timestamp = NULL;

  wire->session = (guint8) session;
  if (type == PG_OID_DATE)
    {
      date = pg_codec_to_date (wire, error);
      return date != NULL ? pg_date_to_string (date) : NULL;
    }
  timestamp = pg_codec_to_timestamp (wire, error);
  return timestamp != NULL ? pg_timestamp_to_string (timestamp) : NULL;
}

static void
test_styles (void)
{
  g_test_summary ("The texts of each DateStyle are read as what they mean in the session that sent them.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *iso = read_iso (cases[i].type, cases[i].text, cases[i].session, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_no_error (error);
      g_assert_cmpstr (iso, ==, cases[i].iso);
    }
}

static void
test_unknown_session (void)
{
  g_test_summary ("What only the session's settings tell is an error where they are not known, whatever the day.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint session = 0; session < cases[i].session; session++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *iso = NULL;

        /* The other order is one, too. */
        if ((session & cases[i].session) == cases[i].session || (session & (PG_WIRE_SESSION_MDY | PG_WIRE_SESSION_DMY)) != 0)
          continue;
        iso = read_iso (cases[i].type, cases[i].text, session, &error);
        g_assert_null (iso);
        g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
        g_assert_nonnull (strstr (error->message, "DateStyle"));
      }
}

static void
test_array (void)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_text (PG_OID_DATE_ARRAY, "{03/02/2024}");
  g_auto (PgArrayParts) parts = { 0 };
  g_autoptr (PgDate) date = NULL;

  g_test_summary ("The elements of an array come with the session's settings.");

  wire->session = PG_WIRE_SESSION_DMY;
  g_assert_true (pg_array_parts_read (wire, &parts, NULL));
  g_assert_cmpuint (parts.n_elements, ==, 1);
  date = pg_codec_to_date (&parts.elements[0], NULL);
  g_assert_nonnull (date);
  g_assert_cmpint (pg_date_get_days (date), ==, 8799);
}

static void
test_texts_of_parts (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
    const char *iso;
  } parts[] = {
    { PG_OID_DATE_ARRAY, "{03/02/2024,NULL,\"15/03/0044 BC\"}", "{2024-02-03,NULL,\"0044-03-15 BC\"}" },
    { PG_OID_TIMESTAMPTZ_ARRAY, "[0:0]={\"03/02/2024 18:19:56.7 +0545\"}", "[0:0]={\"2024-02-03 12:34:56.7+00\"}" },
    { PG_OID_DATERANGE, "[03/02/2024,infinity)", "[2024-02-03,infinity)" },
    { PG_OID_TSRANGE_ARRAY, "{\"(,\\\"03/02/2024 12:34:56\\\"]\",empty}", "{\"(,\\\"2024-02-03 12:34:56\\\"]\",empty}" },
    { PG_OID_DATEMULTIRANGE, "{[03/02/2024,04/02/2024),[05/02/2024,)}", "{[2024-02-03,2024-02-04),[2024-02-05,)}" },
    { PG_OID_INTERVAL_ARRAY, "{P1M}", "{P1M}" },
  };

  g_test_summary ("What is in a value has its text in the DateStyle ISO, whichever the session has: nobody else can read it.");

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (parts[i].type, parts[i].text);
      g_auto (GValue) value = G_VALUE_INIT;
      g_autofree char *text = NULL;
      g_autofree char *exact = NULL;

      wire->session = PG_WIRE_SESSION_DMY;
      g_assert_true (pg_codec_to_value (wire, &value, NULL));
      if (G_VALUE_HOLDS (&value, PG_TYPE_ARRAY))
        text = pg_array_to_string (g_value_get_boxed (&value));
      else if (G_VALUE_HOLDS (&value, PG_TYPE_RANGE))
        text = pg_range_to_string (g_value_get_boxed (&value));
      else
        text = pg_multirange_to_string (g_value_get_boxed (&value));
      g_assert_cmpstr (text, ==, parts[i].iso);
      exact = pg_codec_to_text (wire, NULL);
      g_assert_cmpstr (exact, ==, parts[i].text);
    }
}

static void
test_invalid (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
  } invalid[] = {
    { PG_OID_DATE, "" },
    { PG_OID_DATE, "31/02/2024" },
    { PG_OID_DATE, "00/02/2024" },
    { PG_OID_DATE, "01/13/2024" },
    { PG_OID_DATE, "01/02/24" },
    { PG_OID_DATE, "01/02-2024" },
    { PG_OID_DATE, "01.02/2024" },
    { PG_OID_DATE, "01 02 2024" },
    { PG_OID_DATE, "01.02.2024x" },
    { PG_OID_DATE, "01.02.2024 BCE" },
    { PG_OID_DATE, "01.02.0000" },
    { PG_OID_DATE, "01.02.9999999" },
    { PG_OID_DATE, "23.11.4714 BC" },
    { PG_OID_TIMESTAMP, "01.02.2024" },
    { PG_OID_TIMESTAMP, "01.02.2024 12:34" },
    { PG_OID_TIMESTAMP, "01.02.2024 24:00:00" },
    { PG_OID_TIMESTAMP, "01.02.2024 12:34:56 UTC" },
    { PG_OID_TIMESTAMP, "Thu Feb 29 12:34:56 2023" },
    { PG_OID_TIMESTAMP, "Thu Feb 29 12:34:56" },
    { PG_OID_TIMESTAMP, "Thu 29 12:34:56 2024" },
    { PG_OID_TIMESTAMP, "Thu Feb 29 12:34:56 2024 UTC" },
    { PG_OID_TIMESTAMP, "Xyz Feb 29 12:34:56 2024" },
    { PG_OID_TIMESTAMP, "Thu Xyz 29 12:34:56 2024" },
    { PG_OID_TIMESTAMP, "Thu" },
    { PG_OID_TIMESTAMP, "Thu Fe" },
    { PG_OID_TIMESTAMP, "01.02.294277 00:00:00" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 " },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 CET" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 UTCx" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 +" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 +0" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 +054" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 +0560" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 +054500x" },
    { PG_OID_TIMESTAMPTZ, "01.02.2024 12:34:56 +1600" },
    { PG_OID_TIMESTAMPTZ, "Thu Feb 29 12:34:56 2024" },
  };

  g_test_summary ("Texts that are none of DateStyle's are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *iso = read_iso (invalid[i].type, invalid[i].text, PG_WIRE_SESSION_DMY | PG_WIRE_SESSION_UTC, &error);

      g_test_message ("%s", invalid[i].text);
      g_assert_null (iso);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_truncated (void)
{
  g_test_summary ("No part of a text is read past its end.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize length = 0; length < strlen (cases[i].text); length++)
      {
        g_autoptr (PgWireValue) wire = pg_test_wire_new (cases[i].type, PG_FORMAT_TEXT, cases[i].text, length);
        GValue value = G_VALUE_INIT;
        g_autoptr (GError) error = NULL;

        wire->session = cases[i].session;
        /* Some parts are values, as one without the last digit of the year. */
        if (pg_codec_to_value (wire, &value, &error))
          g_value_unset (&value);
        else
          g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/date-style/styles", test_styles);
  g_test_add_func ("/pg/date-style/unknown-session", test_unknown_session);
  g_test_add_func ("/pg/date-style/array", test_array);
  g_test_add_func ("/pg/date-style/texts-of-parts", test_texts_of_parts);
  g_test_add_func ("/pg/date-style/invalid", test_invalid);
  g_test_add_func ("/pg/date-style/truncated", test_truncated);

  return g_test_run ();
}
