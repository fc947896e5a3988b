/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-point-private.h>

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-float-private.h>

/**
 * PgPoint:
 *
 * A value of PostgreSQL's type `point`: a place in the plane.
 *
 * A `PgPoint` never changes and may be used from several threads.
 *
 * See "Geometric Types" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgPoint
{
  gatomicrefcount ref_count;
  double x;
  double y;
};

PG_DEFINE_BOXED_TYPE (PgPoint, pg_point)

PgPoint *
pg_point_scan (const char *text, gsize length)
{
  const char *comma;
  double x, y;

  if (length < 2 || text[0] != '(' || text[length - 1] != ')')
    return NULL;
  comma = memchr (text, ',', length);
  if (comma == NULL || !pg_float8_scan (text + 1, (gsize) (comma - text - 1), &x) ||
      !pg_float8_scan (comma + 1, (gsize) (text + length - 1 - (comma + 1)), &y))
    return NULL;
  return pg_point_new (x, y);
}

/**
 * pg_point_parse:
 * @text: the text of a point
 * @error: return location for a #GError
 *
 * Reads a point from the text that PostgreSQL shows for it, which is `(x,y)`.
 *
 * Returns: (transfer full): the point, or `NULL` with `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
PgPoint *
pg_point_parse (const char *text, GError **error)
{
  PgPoint *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = pg_point_scan (text, strlen (text));
  if (self == NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The text is not a point: it is not in the form (x,y)"));
  return self;
}

/**
 * pg_point_new:
 * @x: the x coordinate
 * @y: the y coordinate
 *
 * Makes a point.
 *
 * Returns: (transfer full): the point
 *
 * Since: 1.0
 */
PgPoint *
pg_point_new (double x, double y)
{
  PgPoint *self = g_new (PgPoint, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->x = x;
  self->y = y;
  return self;
}

/**
 * pg_point_ref:
 * @self: a #PgPoint
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgPoint *
pg_point_ref (PgPoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_point_unref:
 * @self: (transfer full): a #PgPoint
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_point_unref (PgPoint *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * pg_point_to_string:
 * @self: a #PgPoint
 *
 * Gets the text that PostgreSQL shows for the point, which is `(x,y)`.
 *
 * The coordinates have as many digits as it takes to read the same numbers again.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_point_to_string (const PgPoint *self)
{
  g_autofree char *x = NULL;
  g_autofree char *y = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  x = pg_float8_to_string (self->x);
  y = pg_float8_to_string (self->y);
  return g_strdup_printf ("(%s,%s)", x, y);
}

/**
 * pg_point_get_x:
 * @self: a #PgPoint
 *
 * Gets the x coordinate.
 *
 * Returns: the coordinate
 *
 * Since: 1.0
 */
double
pg_point_get_x (const PgPoint *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->x;
}

/**
 * pg_point_get_y:
 * @self: a #PgPoint
 *
 * Gets the y coordinate.
 *
 * Returns: the coordinate
 *
 * Since: 1.0
 */
double
pg_point_get_y (const PgPoint *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->y;
}

static gboolean
is_same (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

/**
 * pg_point_equal:
 * @a: a #PgPoint
 * @b: another
 *
 * Gets whether two points have exactly the same coordinates.
 *
 * NaN is equal to NaN, and 0 to -0. PostgreSQL's operators take points for equal that are very near each other, and so have no order of them.
 *
 * Returns: `TRUE` if they have
 *
 * Since: 1.0
 */
gboolean
pg_point_equal (const PgPoint *a, const PgPoint *b)
{
  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  return is_same (a->x, b->x) && is_same (a->y, b->y);
}

static guint
hash (double coordinate)
{
  double zero = 0;

  if (isnan (coordinate))
    return 1;
  return g_double_hash (coordinate == 0 ? &zero : &coordinate);
}

/**
 * pg_point_hash:
 * @self: a #PgPoint
 *
 * Gets a hash value, which is the same for equal points.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_point_hash (const PgPoint *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return hash (self->x) * 31 + hash (self->y);
}
