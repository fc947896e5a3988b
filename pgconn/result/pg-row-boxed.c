/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-row-private.h>

#include <pgconn/result/pg-result.h>

/* The getters of pg-result-boxed.c for one row. */

/**
 * pg_row_dup_time:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a time.
 *
 * See [method@Result.dup_time] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the time; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgTime *
pg_row_dup_time (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_time (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_interval:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as an interval.
 *
 * See [method@Result.dup_interval] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the interval; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgInterval *
pg_row_dup_interval (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_interval (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_inet:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as an address.
 *
 * See [method@Result.dup_inet] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the address; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgInet *
pg_row_dup_inet (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_inet (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_bit_string:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a bit string.
 *
 * See [method@Result.dup_bit_string] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the bits; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgBitString *
pg_row_dup_bit_string (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_bit_string (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_point:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a point.
 *
 * See [method@Result.dup_point] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the point; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgPoint *
pg_row_dup_point (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_point (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_range:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a range.
 *
 * See [method@Result.dup_range] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the range; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgRange *
pg_row_dup_range (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_range (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_multirange:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a multirange.
 *
 * See [method@Result.dup_multirange] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the multirange; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgMultirange *
pg_row_dup_multirange (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_multirange (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_array:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as an array.
 *
 * See [method@Result.dup_array] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the array; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgArray *
pg_row_dup_array (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_array (pg_row_get_result (self), pg_row_get_position (self), column, error);
}

/**
 * pg_row_dup_record:
 * @self: a row
 * @column: the position of a column, from 0
 *
 * The value in a column as a record.
 *
 * See [method@Result.dup_record] for what it accepts, and for its errors.
 *
 * Returns: (transfer full) (nullable): the record; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgRecord *
pg_row_dup_record (PgRow *self, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW (self), NULL);

  return pg_result_dup_record (pg_row_get_result (self), pg_row_get_position (self), column, error);
}
