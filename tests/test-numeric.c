/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <math.h>
#include <string.h>

static PgNumeric *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgNumeric *numeric = pg_numeric_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (numeric);
  return numeric;
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
    guint scale;
  } cases[] = {
    { "0", "0", 0 },
    { "-0", "0", 0 },
    { "0.00", "0.00", 2 },
    { "-0.00", "0.00", 2 },
    { "1", "1", 0 },
    { "+1", "1", 0 },
    { "007", "7", 0 },
    { "1.50", "1.50", 2 },
    { ".5", "0.5", 1 },
    { "5.", "5", 0 },
    { "-123.456", "-123.456", 3 },
    { "10000", "10000", 0 },
    { "9999", "9999", 0 },
    { "100000000", "100000000", 0 },
    { "0.0001", "0.0001", 4 },
    { "0.00001", "0.00001", 5 },
    { "0.000100", "0.000100", 6 },
    { "10000.0001", "10000.0001", 4 },
    { "1e3", "1000", 0 },
    { "1E+3", "1000", 0 },
    { "1.5e3", "1500", 0 },
    { "1.5e1", "15", 0 },
    { "1.50e1", "15.0", 1 },
    { "15e-1", "1.5", 1 },
    { "1e-5", "0.00001", 5 },
    { "0e5", "0", 0 },
    { "0e-5", "0.00000", 5 },
    { "0e999999999999", "0", 0 },
    { "123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789", 9 },
    { "NaN", "NaN", 0 },
    { "nan", "NaN", 0 },
    { "Infinity", "Infinity", 0 },
    { "+inf", "Infinity", 0 },
    { "-INFINITY", "-Infinity", 0 },
  };

  g_test_summary ("Numbers keep their digits and their scale.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgNumeric) numeric = parse (cases[i].text);
      g_autofree char *shown = pg_numeric_to_string (numeric);

      g_assert_cmpstr (shown, ==, cases[i].shown);
      g_assert_cmpuint (pg_numeric_get_scale (numeric), ==, cases[i].scale);
    }
}

static void
test_parse_invalid (void)
{
  static const char *const invalid[] = {
    "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e-", "1ex", "1e1.5", "1.2.3", "1 ", " 1", "1,5", "--1", "1_000", "0x10",
    "-NaN", "+NaN", "Infinit", "infinityx", "in", "1e131072", "1e999999999999999999999", "1e-16384",
  };

  g_test_summary ("A text that is no number, or one that PostgreSQL cannot hold, is an error.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgNumeric) numeric = pg_numeric_parse (invalid[i], &error);

      g_test_message ("%s", invalid[i]);
      g_assert_null (numeric);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_limits (void)
{
  g_autofree char *nines = g_strnfill (131072, '9');
  g_autofree char *fraction = g_strnfill (16383, '7');
  g_autofree char *text = g_strconcat ("-", nines, ".", fraction, NULL);
  g_autofree char *too_wide = g_strconcat (nines, "0", NULL);
  g_autofree char *too_deep = g_strconcat ("0.", fraction, "0", NULL);
  g_autoptr (PgNumeric) largest = parse (text);
  g_autoptr (PgNumeric) power = parse ("1e131071");
  g_autoptr (PgNumeric) smallest = parse ("1e-16383");
  g_autofree char *shown = pg_numeric_to_string (largest);

  g_test_summary ("The largest numbers of PostgreSQL are held exactly, larger ones are errors.");

  g_assert_cmpstr (shown, ==, text);
  g_assert_cmpint (pg_numeric_compare (largest, power), <, 0);
  g_assert_cmpint (pg_numeric_compare (smallest, power), <, 0);
  g_assert_true (isinf (pg_numeric_to_double (power)));
  g_assert_cmpfloat (pg_numeric_to_double (smallest), ==, 0.0);
  g_assert_null (pg_numeric_parse (too_wide, NULL));
  g_assert_null (pg_numeric_parse (too_deep, NULL));
}

/* PostgreSQL's order. */
static void
test_order (void)
{
  static const char *const sorted[] = {
    "-Infinity", "-1e40", "-10001", "-10000.1", "-10000", "-9999", "-1.5", "-1.01", "-1", "-0.1", "-0.00001", "0", "0.00001",
    "0.0001",    "0.1",   "1",      "1.0001",   "1.01",   "1.5",   "9999", "10000", "10000.1", "10001", "1e40", "Infinity", "NaN",
  };

  g_test_summary ("Numbers are in PostgreSQL's order, with NaN at the end.");

  for (guint i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        g_autoptr (PgNumeric) a = parse (sorted[i]);
        g_autoptr (PgNumeric) b = parse (sorted[j]);

        g_test_message ("%s %s", sorted[i], sorted[j]);
        if (i < j)
          g_assert_cmpint (pg_numeric_compare (a, b), <, 0);
        else if (i > j)
          g_assert_cmpint (pg_numeric_compare (a, b), >, 0);
        else
          g_assert_cmpint (pg_numeric_compare (a, b), ==, 0);
        g_assert_true (pg_numeric_equal (a, b) == (i == j));
      }
}

static void
test_equal (void)
{
  static const char *const pairs[][2] = {
    { "1", "1.000" },       { "0", "-0.0" },      { "10000", "1e4" },           { "0.0001", "0.00010000" },
    { "-1.50", "-15e-1" },  { "NaN", "nan" },     { "123450000", "123450000.0" }, { "inf", "Infinity" },
  };
  g_autoptr (PgNumeric) one = parse ("1");
  g_autoptr (PgNumeric) minus_one = parse ("-1");

  g_test_summary ("Numbers that differ by scale are equal and have the same hash.");

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (PgNumeric) a = parse (pairs[i][0]);
      g_autoptr (PgNumeric) b = parse (pairs[i][1]);

      g_assert_true (pg_numeric_equal (a, b));
      g_assert_cmpuint (pg_numeric_hash (a), ==, pg_numeric_hash (b));
    }
  g_assert_cmpuint (pg_numeric_hash (one), !=, pg_numeric_hash (minus_one));
}

static void
test_int64 (void)
{
  static const gint64 values[] = { 0, 1, -1, 9999, 10000, -10001, 100000000, G_MAXINT64, G_MININT64, G_MAXINT64 - 1 };
  static const char *const invalid[] = { "0.5", "-1.00001", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
                                         "1e20", "1e40", "NaN", "Infinity", "-Infinity" };
  g_autoptr (PgNumeric) scaled = parse ("-12.000");

  g_test_summary ("Integers go in and out as 64 bits, and nothing else comes out so.");

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (PgNumeric) numeric = pg_numeric_new_from_int64 (values[i]);
      g_autofree char *text = pg_numeric_to_string (numeric);
      g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, values[i]);
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpint (pg_numeric_to_int64 (numeric, &error), ==, values[i]);
      g_assert_no_error (error);
    }
  g_assert_cmpint (pg_numeric_to_int64 (scaled, NULL), ==, -12);

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgNumeric) numeric = parse (invalid[i]);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (pg_numeric_to_int64 (numeric, &error), ==, 0);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_double (void)
{
  g_autoptr (PgNumeric) tenth = parse ("0.1");
  g_autoptr (PgNumeric) large = parse ("-12345678901234567890");
  g_autoptr (PgNumeric) nan = parse ("NaN");
  g_autoptr (PgNumeric) infinity = parse ("-Infinity");

  g_test_summary ("The nearest double is given.");

  g_assert_cmpfloat (pg_numeric_to_double (tenth), ==, 0.1);
  g_assert_cmpfloat (pg_numeric_to_double (large), ==, -12345678901234567890.0);
  g_assert_true (isnan (pg_numeric_to_double (nan)));
  g_assert_cmpfloat (pg_numeric_to_double (infinity), ==, -INFINITY);
}

static void
test_kinds (void)
{
  static const struct
  {
    const char *text;
    gboolean nan;
    gboolean infinite;
    gboolean negative;
  } cases[] = {
    { "NaN", TRUE, FALSE, FALSE }, { "Infinity", FALSE, TRUE, FALSE }, { "-Infinity", FALSE, TRUE, TRUE },
    { "0", FALSE, FALSE, FALSE },  { "-0", FALSE, FALSE, FALSE },      { "-0.1", FALSE, FALSE, TRUE },
  };

  g_test_summary ("NaN, infinities and negative numbers are told apart.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgNumeric) numeric = parse (cases[i].text);

      g_assert_true (pg_numeric_is_nan (numeric) == cases[i].nan);
      g_assert_true (pg_numeric_is_infinite (numeric) == cases[i].infinite);
      g_assert_true (pg_numeric_is_negative (numeric) == cases[i].negative);
    }
}

static void
test_round_trip (void)
{
  g_test_summary ("Random numbers come back from their text as they were.");

  for (int round = 0; round < 5000; round++)
    {
      g_autoptr (GString) text = g_string_new (g_test_rand_bit () ? "-" : "");
      int whole = g_test_rand_int_range (1, 30), fraction = g_test_rand_int_range (0, 30);
      g_autoptr (PgNumeric) numeric = NULL;
      g_autofree char *shown = NULL;

      g_string_append_c (text, (char) g_test_rand_int_range ('1', '9' + 1));
      for (int i = 1; i < whole; i++)
        g_string_append_c (text, g_test_rand_bit () ? '0' : (char) g_test_rand_int_range ('0', '9' + 1));
      if (fraction > 0)
        g_string_append_c (text, '.');
      for (int i = 0; i < fraction; i++)
        g_string_append_c (text, g_test_rand_bit () ? '0' : (char) g_test_rand_int_range ('0', '9' + 1));

      numeric = parse (text->str);
      shown = pg_numeric_to_string (numeric);
      g_assert_cmpstr (shown, ==, text->str);
    }
}

static void
test_boxed (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) copy = G_VALUE_INIT;

  g_test_summary ("A number in a GValue is shared with its copies.");

  g_value_init (&value, PG_TYPE_NUMERIC);
  g_value_init (&copy, PG_TYPE_NUMERIC);
  g_value_take_boxed (&value, parse ("1.5"));
  g_value_copy (&value, &copy);
  g_assert_true (g_value_get_boxed (&value) == g_value_get_boxed (&copy));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/numeric/parse", test_parse);
  g_test_add_func ("/pg/numeric/parse-invalid", test_parse_invalid);
  g_test_add_func ("/pg/numeric/limits", test_limits);
  g_test_add_func ("/pg/numeric/order", test_order);
  g_test_add_func ("/pg/numeric/equal", test_equal);
  g_test_add_func ("/pg/numeric/int64", test_int64);
  g_test_add_func ("/pg/numeric/double", test_double);
  g_test_add_func ("/pg/numeric/kinds", test_kinds);
  g_test_add_func ("/pg/numeric/round-trip", test_round_trip);
  g_test_add_func ("/pg/numeric/boxed", test_boxed);

  return g_test_run ();
}
