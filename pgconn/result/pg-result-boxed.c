/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-private.h>

#include <pgconn/types/pg-array.h>
#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-inet.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-point.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-time.h>

/* The values of the types that have a boxed type of their own. */

static gpointer
dup_boxed (PgResult *self, guint row, guint column, GType type, GError **error)
{
  PgWireValue wire;
  gpointer boxed;

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  boxed = pg_codec_to_boxed (&wire, type, error);
  if (G_UNLIKELY (boxed == NULL))
    pg_result_prefix_position (self, row, column, error);

  return boxed;
}

/**
 * pg_result_dup_numeric:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A value of a number type as a decimal number, with its scale.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a number.
 *
 * Returns: (transfer full) (nullable): the number; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgNumeric *
pg_result_dup_numeric (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  PgNumeric *numeric;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  numeric = pg_result_decode (self, column, numeric, &wire, error);
  if (G_UNLIKELY (numeric == NULL))
    pg_result_prefix_position (self, row, column, error);

  return numeric;
}

/**
 * pg_result_dup_date:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `date` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a date.
 *
 * Returns: (transfer full) (nullable): the date; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgDate *
pg_result_dup_date (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  PgDate *date;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  date = pg_result_decode (self, column, date, &wire, error);
  if (G_UNLIKELY (date == NULL))
    pg_result_prefix_position (self, row, column, error);

  return date;
}

/**
 * pg_result_dup_timestamp:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `timestamp` or `timestamptz` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a timestamp.
 *
 * Returns: (transfer full) (nullable): the timestamp; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgTimestamp *
pg_result_dup_timestamp (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  PgTimestamp *timestamp;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  timestamp = pg_result_decode (self, column, timestamp, &wire, error);
  if (G_UNLIKELY (timestamp == NULL))
    pg_result_prefix_position (self, row, column, error);

  return timestamp;
}

/**
 * pg_result_dup_time:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `time` or `timetz` value, as a time of day.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a time.
 *
 * Returns: (transfer full) (nullable): the time; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgTime *
pg_result_dup_time (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_TIME, error);
}

/**
 * pg_result_dup_interval:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * An `interval` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not an interval.
 *
 * Returns: (transfer full) (nullable): the interval; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgInterval *
pg_result_dup_interval (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_INTERVAL, error);
}

/**
 * pg_result_dup_inet:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * An `inet` or `cidr` value, as an address with the length of a prefix.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not an address.
 *
 * Returns: (transfer full) (nullable): the address; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgInet *
pg_result_dup_inet (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_INET, error);
}

/**
 * pg_result_dup_bit_string:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `bit` or `varbit` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a bit string.
 *
 * Returns: (transfer full) (nullable): the bits; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgBitString *
pg_result_dup_bit_string (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_BIT_STRING, error);
}

/**
 * pg_result_dup_point:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `point` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a point.
 *
 * Returns: (transfer full) (nullable): the point; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgPoint *
pg_result_dup_point (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_POINT, error);
}

/**
 * pg_result_dup_range:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A value of a range type, as `int4range`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a range.
 *
 * Returns: (transfer full) (nullable): the range; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgRange *
pg_result_dup_range (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_RANGE, error);
}

/**
 * pg_result_dup_multirange:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A value of a multirange type, as `int4multirange`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a multirange.
 *
 * Returns: (transfer full) (nullable): the multirange; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgMultirange *
pg_result_dup_multirange (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_MULTIRANGE, error);
}

/**
 * pg_result_dup_array:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A value of an array type, with its dimensions and bounds.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not an array.
 *
 * Returns: (transfer full) (nullable): the array; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgArray *
pg_result_dup_array (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_ARRAY, error);
}

/**
 * pg_result_dup_record:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `record` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that is not a record.
 *
 * Returns: (transfer full) (nullable): the record; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
PgRecord *
pg_result_dup_record (PgResult *self, guint row, guint column, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  return dup_boxed (self, row, column, PG_TYPE_RECORD, error);
}
