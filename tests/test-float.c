/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include <pgconn/types/pg-float-private.h>

static void
assert_float8 (double value, const char *text)
{
  g_autofree char *shown = pg_float8_to_string (value);
  double back;

  g_assert_cmpstr (shown, ==, text);
  g_assert_true (pg_float8_scan (text, strlen (text), &back));
  g_assert_true (memcmp (&value, &back, sizeof value) == 0);
}

static void
assert_float4 (float value, const char *text)
{
  g_autofree char *shown = pg_float4_to_string (value);
  float back;

  g_assert_cmpstr (shown, ==, text);
  g_assert_true (pg_float4_scan (text, strlen (text), &back));
  g_assert_true (memcmp (&value, &back, sizeof value) == 0);
}

/* The texts are those of PostgreSQL 15. */
static void
test_float8 (void)
{
  g_test_summary ("A float8 is shown as the server does.");

  assert_float8 (0.0, "0");
  assert_float8 (-0.0, "-0");
  assert_float8 (1.0, "1");
  assert_float8 (-10.0, "-10");
  assert_float8 (0.1, "0.1");
  assert_float8 (0.1 + 0.2, "0.30000000000000004");
  assert_float8 (1.0 / 3, "0.3333333333333333");
  assert_float8 (0.0001, "0.0001");
  assert_float8 (0.00001, "1e-05");
  assert_float8 (123456789012345.0, "123456789012345");
  assert_float8 (1e14, "100000000000000");
  assert_float8 (1e15, "1e+15");
  assert_float8 (1234567890123456.0, "1.234567890123456e+15");
  assert_float8 (1e100, "1e+100");
  assert_float8 (-1.5e-300, "-1.5e-300");
  assert_float8 (DBL_MAX, "1.7976931348623157e+308");
  assert_float8 (DBL_MIN, "2.2250738585072014e-308");
  assert_float8 (DBL_MIN / 2, "1.1125369292536007e-308");
  assert_float8 (5e-324, "5e-324");
  assert_float8 (1e-323, "1e-323");
}

/* The numbers below a power of two are half as far from it as those above. */
static void
test_powers_of_two (void)
{
  g_test_summary ("At a power of two the shortest text can be one that is not nearest.");

  assert_float8 (ldexp (1, -44), "5.684341886080802e-14");
  assert_float8 (9007199254740992.0, "9.007199254740992e+15");
  assert_float8 (ldexp (1, 1023), "8.98846567431158e+307");
  assert_float4 (ldexpf (1, 90), "1.2379401e+27");
}

/* 1e23 is exactly between two doubles: a reader need not take it for the one below. */
static void
test_ties (void)
{
  g_test_summary ("A text that is halfway between two numbers is not taken for either.");

  assert_float8 (1e23, "9.999999999999999e+22");
  assert_float8 (1.0000000000000001e23, "1.0000000000000001e+23");
}

static void
test_float4 (void)
{
  g_test_summary ("A float4 is shown as the server does.");

  assert_float4 (0.0f, "0");
  assert_float4 (-0.0f, "-0");
  assert_float4 (0.1f, "0.1");
  assert_float4 (16777216.0f, "1.6777216e+07");
  assert_float4 (100000.0f, "100000");
  assert_float4 (1e6f, "1e+06");
  assert_float4 (123456.0f, "123456");
  assert_float4 (1234567.0f, "1.234567e+06");
  assert_float4 (0.0001f, "0.0001");
  assert_float4 (0.00001f, "1e-05");
  assert_float4 (FLT_MAX, "3.4028235e+38");
  assert_float4 (FLT_MIN, "1.1754944e-38");
  assert_float4 (1e-45f, "1e-45");
}

static void
test_not_finite (void)
{
  g_autofree char *nan_text = pg_float8_to_string (NAN);
  g_autofree char *nan4_text = pg_float4_to_string (NAN);
  double d;
  float f;

  g_test_summary ("NaN and the infinities have the server's names.");

  assert_float8 (INFINITY, "Infinity");
  assert_float8 (-INFINITY, "-Infinity");
  assert_float4 (INFINITY, "Infinity");
  assert_float4 (-INFINITY, "-Infinity");
  g_assert_cmpstr (nan_text, ==, "NaN");
  g_assert_cmpstr (nan4_text, ==, "NaN");
  g_assert_true (pg_float8_scan ("NaN", 3, &d));
  g_assert_true (isnan (d));
  g_assert_true (pg_float4_scan ("NaN", 3, &f));
  g_assert_true (isnan (f));
  g_assert_false (pg_float8_scan ("NaN\0x", 5, &d));
}

static void
test_round_trip (void)
{
  const int rounds = g_test_thorough () ? 1000000 : 20000;

  g_test_summary ("Random numbers come back as they were.");

  for (int i = 0; i < rounds; i++)
    {
      guint64 bits = (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      guint32 bits4 = (guint32) g_test_rand_int ();
      g_autofree char *text = NULL;
      g_autofree char *text4 = NULL;
      double d, d_back;
      float f, f_back;

      memcpy (&d, &bits, sizeof d);
      memcpy (&f, &bits4, sizeof f);
      text = pg_float8_to_string (d);
      g_assert_true (pg_float8_scan (text, strlen (text), &d_back));
      g_assert_true (isnan (d) ? isnan (d_back) : memcmp (&d, &d_back, sizeof d) == 0);
      text4 = pg_float4_to_string (f);
      g_assert_true (pg_float4_scan (text4, strlen (text4), &f_back));
      g_assert_true (isnan (f) ? isnan (f_back) : memcmp (&f, &f_back, sizeof f) == 0);
    }
}

static void
test_locale (void)
{
  g_test_summary ("The locale's decimal point does not matter.");

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL && setlocale (LC_NUMERIC, "fr_FR.UTF-8") == NULL)
    {
      g_test_skip ("no locale with a decimal comma is installed");
      return;
    }
  assert_float8 (1.5, "1.5");
  assert_float4 (1.5f, "1.5");
  setlocale (LC_NUMERIC, "C");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/float/float8", test_float8);
  g_test_add_func ("/pg/float/powers-of-two", test_powers_of_two);
  g_test_add_func ("/pg/float/ties", test_ties);
  g_test_add_func ("/pg/float/float4", test_float4);
  g_test_add_func ("/pg/float/not-finite", test_not_finite);
  g_test_add_func ("/pg/float/round-trip", test_round_trip);
  g_test_add_func ("/pg/float/locale", test_locale);

  return g_test_run ();
}
