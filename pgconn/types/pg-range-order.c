/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-range-private.h>

#include <pgconn/types/pg-value-order-private.h>

/* By range_cmp_bounds() in src/backend/utils/adt/rangetypes.c of PostgreSQL; direction is 1 for lower bounds, -1 for upper ones. */
static int
compare_bounds (const PgRangeBound *a, const PgRangeBound *b, int direction)
{
  int order;

  if (a->text == NULL || b->text == NULL)
    return direction * ((b->text == NULL) - (a->text == NULL));
  order = pg_value_compare (&a->value, &b->value);
  if (order != 0)
    return order;
  return direction * (b->inclusive - a->inclusive);
}

/**
 * pg_range_compare:
 * @a: a #PgRange
 * @b: another
 *
 * Compares two ranges by PostgreSQL's order.
 *
 * The empty range is first; then the lower bounds decide, then the upper ones. Bounds of a text type are compared by their bytes, whatever the
 * collation. Ranges of different element types are in the order of their OIDs.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_range_compare (const PgRange *a, const PgRange *b)
{
  int order;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  if (a->element_type != b->element_type)
    return a->element_type < b->element_type ? -1 : 1;
  if (a->empty || b->empty)
    return b->empty - a->empty;
  order = compare_bounds (&a->lower, &b->lower, 1);
  return order != 0 ? order : compare_bounds (&a->upper, &b->upper, -1);
}

/**
 * pg_range_equal:
 * @a: a #PgRange
 * @b: another
 *
 * Gets whether two ranges are the same, as [method@Range.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_range_equal (const PgRange *a, const PgRange *b)
{
  return pg_range_compare (a, b) == 0;
}

static guint
hash_bound (const PgRangeBound *bound)
{
  return bound->text != NULL ? pg_value_hash (&bound->value) * 2 + (guint) bound->inclusive : 7;
}

/**
 * pg_range_hash:
 * @self: a #PgRange
 *
 * Gets a hash value, which is the same for equal ranges.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_range_hash (const PgRange *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->empty)
    return self->element_type;
  return (self->element_type * 31 + hash_bound (&self->lower)) * 31 + hash_bound (&self->upper);
}
