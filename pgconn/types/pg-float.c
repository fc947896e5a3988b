/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-float-private.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More than any text that the server or this file makes. */
#define MAX_TEXT 128
/* 17 digits tell any two doubles apart, 9 any two floats. */
#define MAX_DIGITS 17
/* Enough that no number halfway between two doubles can be hidden in the digits after those of a candidate. */
#define MARGIN_DIGITS 60

/* A decimal number: the digits with the point after the first, times 10^exponent. */
typedef struct
{
  char digits[MAX_DIGITS + 1];
  int n;
  int exponent;
} Decimal;

/* strtod() and strtof() without the locale. Both round correctly; a double cannot stand in for a float, as it would be
 * rounded twice. */
static double
parse (const char *text, gboolean single)
{
  static gsize c_locale;

  if (!single)
    return g_ascii_strtod (text, NULL);

  if (g_once_init_enter (&c_locale))
    g_once_init_leave (&c_locale, (gsize) newlocale (LC_ALL_MASK, "C", (locale_t) 0));
  return strtof_l (text, NULL, (locale_t) c_locale);
}

static double
parse_decimal (const char *digits, int exponent, const char *tail, gboolean single)
{
  char text[MAX_TEXT];

  g_snprintf (text, sizeof text, "%c.%s%se%d", digits[0], digits + 1, tail, exponent);
  return parse (text, single);
}

static gboolean
has_even_mantissa (double value, gboolean single)
{
  int exponent;
  double mantissa = ldexp (frexp (value, &exponent), single ? FLT_MANT_DIG : DBL_MANT_DIG);

  /* Of a subnormal number only the upper bits count; it is then taken for even, which costs time and nothing else. */
  return ((guint64) mantissa & 1) == 0;
}

/* Whether the decimal is read as value, and would be by a reader that rounds a half in any way. The server has this rule. */
static gboolean
is_inside (const Decimal *decimal, double value, gboolean single)
{
  char below[MAX_DIGITS + 1];
  char tail[MARGIN_DIGITS + 1];
  int i;

  if (parse_decimal (decimal->digits, decimal->exponent, "", single) != value)
    return FALSE;
  /* A reader that rounds halves to even does not take one for an odd number. */
  if (!has_even_mantissa (value, single))
    return TRUE;

  /* If the decimal is exactly half way to a neighbour, a very little more or less is nearer to that. */
  memset (tail, '0', MARGIN_DIGITS);
  tail[MARGIN_DIGITS - 1] = '1';
  tail[MARGIN_DIGITS] = '\0';
  if (parse_decimal (decimal->digits, decimal->exponent, tail, single) != value)
    return FALSE;

  memcpy (below, decimal->digits, sizeof below);
  for (i = decimal->n - 1; below[i] == '0'; i--)
    below[i] = '9';
  below[i]--;
  memset (tail, '9', MARGIN_DIGITS);
  return parse_decimal (below, decimal->exponent, tail, single) == value;
}

/* The decimal of n digits that is nearest. */
static void
round_to_digits (double value, int n, Decimal *decimal)
{
  char format[16];
  char text[MAX_TEXT];

  g_snprintf (format, sizeof format, "%%.%de", n - 1);
  g_ascii_formatd (text, sizeof text, format, value);

  decimal->n = n;
  decimal->digits[0] = text[0];
  if (n > 1)
    memcpy (decimal->digits + 1, text + 2, (gsize) n - 1);
  decimal->digits[n] = '\0';
  decimal->exponent = atoi (strchr (text, 'e') + 1);
}

static void
increment (Decimal *decimal)
{
  int i;

  for (i = decimal->n - 1; i >= 0 && decimal->digits[i] == '9'; i--)
    decimal->digits[i] = '0';
  if (i >= 0)
    {
      decimal->digits[i]++;
      return;
    }
  decimal->digits[0] = '1';
  decimal->exponent++;
}

/* Of the shortest decimals that are inside, the nearest. value is positive and finite. */
static void
find_shortest (double value, gboolean single, Decimal *decimal)
{
  const int always = single ? FLT_DIG : DBL_DIG;
  const int most = single ? 9 : MAX_DIGITS;
  const gboolean subnormal = value < (single ? (double) FLT_MIN : DBL_MIN);

  /* No two decimals of so few digits are read as the same number, unless that is subnormal: if there is a shorter one it
   * is the same with zeros. */
  for (int n = subnormal ? 1 : always; n <= most; n++)
    {
      Decimal next;

      round_to_digits (value, n, decimal);
      if (n == most || is_inside (decimal, value, single))
        break;
      /* Above a power of two the numbers are further apart than below, so the nearest may be out and the next in. */
      next = *decimal;
      increment (&next);
      if (is_inside (&next, value, single))
        {
          *decimal = next;
          break;
        }
    }
  while (decimal->n > 1 && decimal->digits[decimal->n - 1] == '0')
    decimal->digits[--decimal->n] = '\0';
}

static char *
to_string (double value, gboolean single)
{
  GString *text;
  Decimal decimal;

  if (isnan (value))
    return g_strdup ("NaN");
  if (isinf (value))
    return g_strdup (value < 0 ? "-Infinity" : "Infinity");
  if (value == 0)
    return g_strdup (signbit (value) ? "-0" : "0");

  find_shortest (fabs (value), single, &decimal);
  text = g_string_sized_new (32);
  if (value < 0)
    g_string_append_c (text, '-');

  if (decimal.exponent < -4 || decimal.exponent >= (single ? FLT_DIG : DBL_DIG))
    {
      g_string_append_c (text, decimal.digits[0]);
      if (decimal.n > 1)
        g_string_append_printf (text, ".%s", decimal.digits + 1);
      g_string_append_printf (text, "e%c%02d", decimal.exponent < 0 ? '-' : '+', abs (decimal.exponent));
    }
  else if (decimal.exponent < 0)
    {
      g_string_append (text, "0.");
      for (int i = -1; i > decimal.exponent; i--)
        g_string_append_c (text, '0');
      g_string_append (text, decimal.digits);
    }
  else
    {
      int whole = decimal.exponent + 1;

      for (int i = 0; i < whole; i++)
        g_string_append_c (text, i < decimal.n ? decimal.digits[i] : '0');
      if (decimal.n > whole)
        g_string_append_printf (text, ".%s", decimal.digits + whole);
    }
  return g_string_free (text, FALSE);
}

char *
pg_float8_to_string (double value)
{
  return to_string (value, FALSE);
}

char *
pg_float4_to_string (float value)
{
  return to_string ((double) value, TRUE);
}

static gboolean
is_number (const char *at, const char *end)
{
  gboolean digits = FALSE;

  if (at < end && *at == '-')
    at++;
  for (; at < end && g_ascii_isdigit (*at); at++)
    digits = TRUE;
  if (at < end && *at == '.')
    for (at++; at < end && g_ascii_isdigit (*at); at++)
      digits = TRUE;
  if (!digits)
    return FALSE;
  if (at == end)
    return TRUE;

  if (*at++ != 'e')
    return FALSE;
  if (at < end && (*at == '-' || *at == '+'))
    at++;
  if (at == end)
    return FALSE;
  for (; at < end; at++)
    if (!g_ascii_isdigit (*at))
      return FALSE;
  return TRUE;
}

/* Digits with a point or without, so few that they are a floating-point number exactly, as is the power of ten: the division then rounds once, and
 * correctly. */
static gboolean
scan_short (const char *text, gsize length, gboolean single, double *out)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  const gsize most = single ? FLT_DIG : DBL_DIG;
  const gsize start = length > 0 && text[0] == '-';
  gsize n_digits = 0, n_decimals = 0;
  gboolean point = FALSE;
  guint64 mantissa = 0;

  if (FLT_EVAL_METHOD != 0)
    return FALSE;
  for (gsize i = start; i < length; i++)
    {
      if (text[i] == '.' && !point && n_digits > 0 && i + 1 < length)
        point = TRUE;
      else if (g_ascii_isdigit (text[i]) && n_digits < most)
        {
          mantissa = mantissa * 10 + (guint64) (text[i] - '0');
          n_digits++;
          n_decimals += point;
        }
      else
        return FALSE;
    }
  if (n_digits == 0)
    return FALSE;
  *out = single ? (double) ((float) mantissa / (float) powers[n_decimals]) : (double) mantissa / powers[n_decimals];
  if (start > 0)
    *out = -*out;
  return TRUE;
}

static gboolean
scan (const char *text, gsize length, gboolean single, double *out)
{
  char copy[MAX_TEXT];

  if (scan_short (text, length, single, out))
    return TRUE;
  if (length >= sizeof copy)
    return FALSE;
  /* The value is hostile: it may have no zero byte after it. */
  memcpy (copy, text, length);
  copy[length] = '\0';

  if (strlen (copy) != length)
    return FALSE;
  if (strcmp (copy, "NaN") == 0)
    *out = NAN;
  else if (strcmp (copy, "Infinity") == 0)
    *out = INFINITY;
  else if (strcmp (copy, "-Infinity") == 0)
    *out = -INFINITY;
  else if (!is_number (copy, copy + length))
    return FALSE;
  else
    {
      const char *digit = strpbrk (copy, "123456789e");

      *out = parse (copy, single);
      /* Too great, or too small to be anything but 0. */
      return isfinite (*out) && (*out != 0 || digit == NULL || *digit == 'e');
    }
  return TRUE;
}

gboolean
pg_float8_scan (const char *text, gsize length, double *out)
{
  return scan (text, length, FALSE, out);
}

gboolean
pg_float4_scan (const char *text, gsize length, float *out)
{
  double value;

  if (!scan (text, length, TRUE, &value))
    return FALSE;
  *out = (float) value;
  return TRUE;
}
