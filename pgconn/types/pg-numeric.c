/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-numeric-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>

/**
 * PgNumeric:
 *
 * A value of PostgreSQL's type `numeric`: an exact decimal number with a scale, or NaN, or an infinity.
 *
 * A number has up to 131072 digits before the decimal point and up to 16383 after it. The scale, the number of digits
 * after the point, is kept: `1.50` stays `1.50` and is equal to `1.5`.
 *
 * A `PgNumeric` never changes and may be used from several threads.
 *
 * See "Arbitrary Precision Numbers" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */

PG_DEFINE_BOXED_TYPE (PgNumeric, pg_numeric)

/**
 * pg_numeric_parse:
 * @text: the text of a number
 * @error: return location for a #GError
 *
 * Reads a number from its text.
 *
 * An optional sign, digits with an optional decimal point, and an optional exponent; or `NaN`, `Infinity`, `inf`, the
 * last two with an optional sign and all in any case. There is no white space. Nothing is rounded: a number that
 * PostgreSQL could not hold is an error.
 *
 * Returns: (transfer full): the number, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgNumeric *
pg_numeric_parse (const char *text, GError **error)
{
  const char *reason = NULL;
  PgNumeric *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = pg_numeric_scan (text, strlen (text), &reason);
  if (self == NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a numeric: %s"), reason);
  return self;
}

/**
 * pg_numeric_new_from_int64:
 * @value: a number
 *
 * Makes a number of scale 0 from an integer.
 *
 * Returns: (transfer full): the number
 *
 * Since: 1.0
 */
PgNumeric *
pg_numeric_new_from_int64 (gint64 value)
{
  char text[32];
  const char *reason;

  return pg_numeric_scan (text, (gsize) g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value), &reason);
}

/**
 * pg_numeric_ref:
 * @self: a #PgNumeric
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgNumeric *
pg_numeric_ref (PgNumeric *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_numeric_unref:
 * @self: (transfer full): a #PgNumeric
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_numeric_unref (PgNumeric *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

static guint
digit_at (const PgNumeric *self, int power)
{
  int i = self->weight - power;

  return i >= 0 && i < (int) self->n_digits ? self->digits[i] : 0;
}

/**
 * pg_numeric_to_string:
 * @self: a #PgNumeric
 *
 * Gets the text that PostgreSQL shows for the number.
 *
 * There is never an exponent, and there are as many digits after the decimal point as the scale says. The rest are `NaN`,
 * `Infinity` and `-Infinity`. [func@Numeric.parse] of the text gives an equal number of the same scale.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_numeric_to_string (const PgNumeric *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case PG_NUMERIC_NAN:
      return g_strdup ("NaN");
    case PG_NUMERIC_INFINITY:
      return g_strdup ("Infinity");
    case PG_NUMERIC_NEGATIVE_INFINITY:
      return g_strdup ("-Infinity");
    case PG_NUMERIC_FINITE:
    default:
      break;
    }

  text = g_string_sized_new ((gsize) MAX (self->weight, 0) * PG_NUMERIC_BASE_DIGITS + self->scale + 8);
  if (self->negative)
    g_string_append_c (text, '-');

  g_string_append_printf (text, "%u", digit_at (self, MAX (self->weight, 0)));
  for (int power = self->weight - 1; power >= 0; power--)
    g_string_append_printf (text, "%04u", digit_at (self, power));

  if (self->scale > 0)
    {
      gsize length;

      g_string_append_c (text, '.');
      length = text->len + self->scale;
      for (int power = -1; text->len < length; power--)
        g_string_append_printf (text, "%04u", digit_at (self, power));
      g_string_truncate (text, length);
    }
  return g_string_free (text, FALSE);
}

/**
 * pg_numeric_to_double:
 * @self: a #PgNumeric
 *
 * Gets the floating-point number that is nearest.
 *
 * It is rounded: most decimal fractions have no exact double. A number beyond the largest double becomes an infinity, one
 * below the smallest becomes zero.
 *
 * Returns: the nearest double
 *
 * Since: 1.0
 */
double
pg_numeric_to_double (const PgNumeric *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL, 0);

  text = pg_numeric_to_string (self);
  return g_ascii_strtod (text, NULL);
}

gboolean
pg_numeric_read_int64 (const PgNumeric *self, gint64 *out, const char **reason)
{
  guint64 value = 0;
  const guint64 limit = (guint64) G_MAXINT64 + (self->negative ? 1 : 0);

  if (self->kind != PG_NUMERIC_FINITE)
    {
      *reason = _("it is not finite");
      return FALSE;
    }
  if (self->weight - (int) self->n_digits + 1 < 0)
    {
      *reason = _("it is not an integer");
      return FALSE;
    }
  for (int power = self->weight; power >= 0; power--)
    if (!g_uint64_checked_mul (&value, value, PG_NUMERIC_BASE) || !g_uint64_checked_add (&value, value, digit_at (self, power)) ||
        value > limit)
      {
        *reason = _("it is out of the range of a 64-bit integer");
        return FALSE;
      }
  *out = self->negative ? (gint64) (0 - value) : (gint64) value;
  return TRUE;
}

/**
 * pg_numeric_to_int64:
 * @self: a #PgNumeric
 * @error: return location for a #GError
 *
 * Gets the number as an integer, if it is one.
 *
 * A number with digits other than 0 after the decimal point, one out of range, NaN and the infinities are errors.
 *
 * Returns: the integer, or 0 with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
gint64
pg_numeric_to_int64 (const PgNumeric *self, GError **error)
{
  const char *reason = NULL;
  gint64 value = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (!pg_numeric_read_int64 (self, &value, &reason))
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The numeric cannot be read as a 64-bit integer: %s"), reason);
  return value;
}

/**
 * pg_numeric_get_scale:
 * @self: a #PgNumeric
 *
 * Gets the number of digits after the decimal point.
 *
 * Returns: the scale; 0 if the number is not finite
 *
 * Since: 1.0
 */
guint
pg_numeric_get_scale (const PgNumeric *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->scale;
}

/**
 * pg_numeric_is_nan:
 * @self: a #PgNumeric
 *
 * Gets whether this is NaN, "not a number".
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_numeric_is_nan (const PgNumeric *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind == PG_NUMERIC_NAN;
}

/**
 * pg_numeric_is_infinite:
 * @self: a #PgNumeric
 *
 * Gets whether this is `Infinity` or `-Infinity`, which PostgreSQL has since version 14.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 1.0
 */
gboolean
pg_numeric_is_infinite (const PgNumeric *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind == PG_NUMERIC_INFINITY || self->kind == PG_NUMERIC_NEGATIVE_INFINITY;
}

/**
 * pg_numeric_is_negative:
 * @self: a #PgNumeric
 *
 * Gets whether this is below zero.
 *
 * Returns: `TRUE` if it is; `FALSE` for NaN
 *
 * Since: 1.0
 */
gboolean
pg_numeric_is_negative (const PgNumeric *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind == PG_NUMERIC_NEGATIVE_INFINITY || self->negative;
}

static int
compare_magnitude (const PgNumeric *a, const PgNumeric *b)
{
  if (a->n_digits == 0 || b->n_digits == 0)
    return (a->n_digits > 0) - (b->n_digits > 0);
  if (a->weight != b->weight)
    return a->weight < b->weight ? -1 : 1;
  for (guint i = 0; i < MIN (a->n_digits, b->n_digits); i++)
    if (a->digits[i] != b->digits[i])
      return a->digits[i] < b->digits[i] ? -1 : 1;
  return (a->n_digits > b->n_digits) - (a->n_digits < b->n_digits);
}

/**
 * pg_numeric_compare:
 * @a: a #PgNumeric
 * @b: another
 *
 * Compares two numbers by PostgreSQL's order.
 *
 * The scale does not count. NaN is equal to itself and greater than everything else.
 *
 * Returns: less than, equal to or greater than 0 if @a is less than, equal to or greater than @b
 *
 * Since: 1.0
 */
int
pg_numeric_compare (const PgNumeric *a, const PgNumeric *b)
{
  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  if (a->negative != b->negative)
    return a->negative ? -1 : 1;
  return a->negative ? compare_magnitude (b, a) : compare_magnitude (a, b);
}

/**
 * pg_numeric_equal:
 * @a: a #PgNumeric
 * @b: another
 *
 * Gets whether two numbers are equal, as [method@Numeric.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_numeric_equal (const PgNumeric *a, const PgNumeric *b)
{
  return pg_numeric_compare (a, b) == 0;
}

/**
 * pg_numeric_hash:
 * @self: a #PgNumeric
 *
 * Gets a hash value, which is the same for equal numbers.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_numeric_hash (const PgNumeric *self)
{
  guint hash;

  g_return_val_if_fail (self != NULL, 0);

  hash = (guint) self->kind * 31 + (self->negative ? 1 : 0);
  hash = hash * 31 + (guint) self->weight;
  for (guint i = 0; i < self->n_digits; i++)
    hash = hash * 31 + self->digits[i];
  return hash;
}
