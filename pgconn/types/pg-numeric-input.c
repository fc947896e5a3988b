/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-numeric-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>

#define MAX_INTEGER_DIGITS 131072
#define MAX_SCALE 0x3fff

#define WIRE_HEADER 8
#define WIRE_POSITIVE 0x0000
#define WIRE_NEGATIVE 0x4000
#define WIRE_NAN 0xc000
#define WIRE_INFINITY 0xd000
#define WIRE_NEGATIVE_INFINITY 0xf000

static PgNumeric *
numeric_alloc (PgNumericKind kind, guint n_digits)
{
  PgNumeric *self = g_malloc0 (sizeof (PgNumeric) + n_digits * sizeof (guint16));

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->n_digits = n_digits;
  return self;
}

static int
floor_div (gint64 a, int b)
{
  return (int) (a >= 0 ? a / b : -((-a + b - 1) / b));
}

static gboolean
is_word (const char *text, gsize length, const char *word)
{
  return length == strlen (word) && g_ascii_strncasecmp (text, word, length) == 0;
}

static gboolean
scan_special (const char *text, gsize length, PgNumeric **out)
{
  gboolean negative = length > 0 && text[0] == '-';
  gsize skip = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;

  if (is_word (text, length, "NaN"))
    {
      *out = numeric_alloc (PG_NUMERIC_NAN, 0);
      return TRUE;
    }
  if (is_word (text + skip, length - skip, "Infinity") || is_word (text + skip, length - skip, "inf"))
    {
      *out = numeric_alloc (negative ? PG_NUMERIC_NEGATIVE_INFINITY : PG_NUMERIC_INFINITY, 0);
      return TRUE;
    }
  return FALSE;
}

/* The exponent after an "e", limited to what no number can have. */
static gboolean
scan_exponent (const char *at, const char *end, gint64 *out)
{
  const gint64 limit = 10 * MAX_INTEGER_DIGITS;
  gboolean negative = at < end && *at == '-';
  gint64 value = 0;

  if (at < end && (*at == '-' || *at == '+'))
    at++;
  if (at == end)
    return FALSE;
  for (; at < end; at++)
    {
      if (!g_ascii_isdigit (*at))
        return FALSE;
      value = MIN (value * 10 + (*at - '0'), limit);
    }
  *out = negative ? -value : value;
  return TRUE;
}

PgNumeric *
pg_numeric_scan (const char *text, gsize length, const char **reason)
{
  const int powers[PG_NUMERIC_BASE_DIGITS] = { 1, 10, 100, 1000 };
  const char *end = text + length;
  const char *at = text;
  const char *mantissa;
  const char *point = NULL;
  gboolean negative;
  gint64 n_seen = 0, n_before = 0, first = -1, last = -1, exponent = 0;
  gint64 scale, point_at;
  PgNumeric *self;
  int low;

  if (scan_special (text, length, &self))
    return self;

  negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+'))
    at++;

  mantissa = at;
  for (; at < end && (g_ascii_isdigit (*at) || (*at == '.' && point == NULL)); at++)
    {
      if (*at == '.')
        {
          point = at;
          continue;
        }
      if (*at != '0')
        {
          if (first < 0)
            first = n_seen;
          last = n_seen;
        }
      n_seen++;
      if (point == NULL)
        n_before++;
    }
  if (n_seen == 0)
    {
      *reason = _("there are no digits");
      return NULL;
    }
  if (at < end && !((*at == 'e' || *at == 'E') && scan_exponent (at + 1, end, &exponent)))
    {
      *reason = _("there is something after the number");
      return NULL;
    }

  scale = MAX (n_seen - n_before - exponent, 0);
  if (scale > MAX_SCALE)
    {
      *reason = _("there are more than 16383 digits after the decimal point");
      return NULL;
    }
  if (first < 0)
    {
      self = numeric_alloc (PG_NUMERIC_FINITE, 0);
      self->scale = (guint) scale;
      return self;
    }

  /* The digit number k counts for 10^(point_at - 1 - k). */
  point_at = n_before + exponent;
  if (point_at - first > MAX_INTEGER_DIGITS)
    {
      *reason = _("there are more than 131072 digits before the decimal point");
      return NULL;
    }

  low = floor_div (point_at - 1 - last, PG_NUMERIC_BASE_DIGITS);
  self = numeric_alloc (PG_NUMERIC_FINITE, (guint) (floor_div (point_at - 1 - first, PG_NUMERIC_BASE_DIGITS) - low + 1));
  self->negative = negative;
  self->scale = (guint) scale;
  self->weight = floor_div (point_at - 1 - first, PG_NUMERIC_BASE_DIGITS);

  at = mantissa;
  for (gint64 k = 0; k <= last; at++)
    {
      gint64 position = point_at - 1 - k;
      int group;

      if (at == point)
        continue;
      group = floor_div (position, PG_NUMERIC_BASE_DIGITS);
      if (k >= first)
        self->digits[self->weight - group] += (guint16) ((*at - '0') * powers[position - (gint64) group * PG_NUMERIC_BASE_DIGITS]);
      k++;
    }
  return self;
}

PgNumeric *
pg_numeric_from_wire (const guint8 *data, gsize length, const char **reason)
{
  guint n, sign, scale, leading = 0;
  int weight, lowest;
  guint16 digit;
  PgNumeric *self;

  if (length < WIRE_HEADER || length != WIRE_HEADER + 2 * (gsize) pg_wire_get_uint16 (data))
    {
      *reason = _("its length is wrong");
      return NULL;
    }
  n = pg_wire_get_uint16 (data);
  weight = (gint16) pg_wire_get_uint16 (data + 2);
  sign = pg_wire_get_uint16 (data + 4);
  scale = pg_wire_get_uint16 (data + 6);
  data += WIRE_HEADER;

  switch (sign)
    {
    case WIRE_NAN:
    case WIRE_INFINITY:
    case WIRE_NEGATIVE_INFINITY:
      /* The server sends something for weight and scale here that means nothing. */
      if (n != 0)
        {
          *reason = _("it has digits but is not finite");
          return NULL;
        }
      return numeric_alloc (sign == WIRE_NAN        ? PG_NUMERIC_NAN
                            : sign == WIRE_INFINITY ? PG_NUMERIC_INFINITY
                                                    : PG_NUMERIC_NEGATIVE_INFINITY,
                            0);

    case WIRE_POSITIVE:
    case WIRE_NEGATIVE:
      break;

    default:
      *reason = _("its sign is not known");
      return NULL;
    }

  if (scale > MAX_SCALE)
    {
      *reason = _("its scale is out of range");
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    if (pg_wire_get_uint16 (data + 2 * i) >= PG_NUMERIC_BASE)
      {
        *reason = _("a digit is out of range");
        return NULL;
      }

  while (leading < n && pg_wire_get_uint16 (data + 2 * leading) == 0)
    leading++;
  while (n > leading && pg_wire_get_uint16 (data + 2 * (n - 1)) == 0)
    n--;
  n -= leading;
  data += 2 * leading;

  self = numeric_alloc (PG_NUMERIC_FINITE, n);
  self->scale = scale;
  if (n == 0)
    return self;

  self->negative = sign == WIRE_NEGATIVE;
  self->weight = weight - (int) leading;
  for (guint i = 0; i < n; i++)
    self->digits[i] = pg_wire_get_uint16 (data + 2 * i);

  /* The server rounds to the scale before it sends; what is beyond would be lost when the value is shown. */
  lowest = (self->weight - (int) n + 1) * PG_NUMERIC_BASE_DIGITS;
  for (digit = self->digits[n - 1]; digit % 10 == 0; digit /= 10)
    lowest++;
  if (lowest < -(int) scale)
    {
      pg_numeric_unref (self);
      *reason = _("it has digits beyond its scale");
      return NULL;
    }
  return self;
}
