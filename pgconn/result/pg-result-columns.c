/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-columns.h>

#include <glib/gi18n-lib.h>

#include <pgconn/result/pg-result-private.h>

/* Sets the bits of the values that are there; base is a multiple of 8. Returns how many are not. */
static guint
mark_valid (const guint8 **data, guint n, guint base, guint8 *validity)
{
  guint n_nulls = 0;

  for (guint i = 0; i < n; i++)
    {
      validity[(base + i) / 8] |= (guint8) ((data[i] != NULL) << (i % 8));
      n_nulls += data[i] == NULL;
    }
  return n_nulls;
}

/* A range that has been checked. out has room for n_rows values of the codec's width. validity is a bitmap of zeros, or NULL where SQL NULL is an
 * error. */
static gboolean
decode_column (PgResult *self, const PgColumnCodec *codec, guint column, guint first_row, guint n_rows, gpointer out, guint8 *validity,
               gsize *n_nulls, GError **error)
{
  const guint8 *data[PG_RESULT_BLOCK];
  gsize lengths[PG_RESULT_BLOCK];
  guint failed;

  for (guint base = 0; base < n_rows; base += PG_RESULT_BLOCK)
    {
      const guint n = MIN (n_rows - base, PG_RESULT_BLOCK);

      pg_raw_result_get_column_data (self->raw, column, first_row + base, n, data, lengths);
      if (validity != NULL)
        *n_nulls += mark_valid (data, n, base, validity);
      else
        for (guint i = 0; i < n; i++)
          if (G_UNLIKELY (data[i] == NULL))
            {
              pg_result_set_null (self, first_row + base + i, column, error);
              return FALSE;
            }

      if (!pg_column_codec_decode (codec, &self->shapes[column].wire, data, lengths, n, (guint8 *) out + (gsize) base * codec->width, &failed, error))
        {
          pg_result_prefix_position (self, first_row + base + failed, column, error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
init_codec (PgResult *self, PgColumnCodec *codec, guint column, PgColumnTarget target, GError **error)
{
  if (!pg_column_codec_init (codec, self->shapes[column].wire.type, self->shapes[column].wire.format, target, error))
    {
      pg_result_prefix_column (self, column, error);
      return FALSE;
    }
  return TRUE;
}

static gpointer
dup_values (PgResult *self, guint column, guint first_row, gint n_rows, PgColumnTarget target, gsize *n_values, GError **error)
{
  PgColumnCodec codec;
  g_autofree gpointer values = NULL;

  *n_values = 0;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error) || !init_codec (self, &codec, column, target, error))
    return NULL;

  /* Of no values there is an array too: NULL is for errors. */
  values = g_malloc_n ((gsize) MAX (n_rows, 1), codec.width);
  if (!decode_column (self, &codec, column, first_row, (guint) n_rows, values, NULL, NULL, error))
    return NULL;

  *n_values = (gsize) n_rows;
  return g_steal_pointer (&values);
}

/**
 * pg_result_dup_column_int64s:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of values
 *
 * The values of a column of integers, for many rows in one call.
 *
 * It takes what [method@Result.get_int64] takes. [method@Result.dup_column_data] knows SQL `NULL`, and in JavaScript it loses no digits of an `int8`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and `PG_ERROR_DATA`
 * for a column that is not of integers, or a value that is not exactly a 64-bit integer. The message names row and column.
 *
 * Returns: (transfer full) (array length=n_values): the values; `NULL` with an error
 *
 * Since: 1.0
 */
gint64 *
pg_result_dup_column_int64s (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  return dup_values (self, column, first_row, n_rows, PG_COLUMN_INT64, n_values, error);
}

/**
 * pg_result_dup_column_doubles:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of values
 *
 * The values of a column of numbers that a `double` holds exactly, for many rows in one call.
 *
 * It takes what [method@Result.get_double] takes. [method@Result.dup_column_data] knows SQL `NULL`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and `PG_ERROR_DATA`
 * for a column that is not of numbers, or a value that would be rounded. The message names row and column.
 *
 * Returns: (transfer full) (array length=n_values): the values; `NULL` with an error
 *
 * Since: 1.0
 */
double *
pg_result_dup_column_doubles (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  return dup_values (self, column, first_row, n_rows, PG_COLUMN_DOUBLE, n_values, error);
}

/**
 * pg_result_dup_column_booleans:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of values
 *
 * The values of a `bool` column, for many rows in one call.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and `PG_ERROR_DATA`
 * for a column that is not of booleans. The message names row and column.
 *
 * Returns: (transfer full) (array length=n_values): the values; `NULL` with an error
 *
 * Since: 1.0
 */
gboolean *
pg_result_dup_column_booleans (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  return dup_values (self, column, first_row, n_rows, PG_COLUMN_BOOLEAN, n_values, error);
}

/**
 * pg_result_dup_column_data:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @validity: (out) (optional) (nullable): which values there are, or `NULL` where none is SQL `NULL`
 *
 * The values of a column as a block of memory, which numpy's `frombuffer()`, Python's `array` and JavaScript's typed arrays take as it is.
 *
 * The values have a fixed width and the machine's byte order, and follow each other without a gap:
 *
 * | type | value |
 * | --- | --- |
 * | `bool` | `guint8`, 0 or 1 |
 * | `int2`, `int4`, `int8` | `gint16`, `gint32`, `gint64` |
 * | `oid`, `xid`, `cid` | `guint32` |
 * | `float4`, `float8` | `float`, `double` |
 * | `date` | `gint32`, days since 1970-01-01 |
 * | `time` | `gint64`, microseconds since midnight |
 * | `timestamp`, `timestamptz` | `gint64`, microseconds since 1970-01-01 00:00:00, for `timestamptz` in UTC |
 * | `interval` | `gint32` months, `gint32` days, `gint64` microseconds |
 * | `uuid` | 16 bytes |
 *
 * @validity is a bitmap in the form that Apache Arrow has for it: the lowest bit of the first byte is that of the first row, and 1 means that there is a
 * value. Where SQL `NULL` is, the block has zeros. A caller in C that passes `NULL` for @validity has SQL `NULL` reported as an error.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, and `PG_ERROR_DATA` for a column of another type, and for an infinite
 * date, timestamp or interval. The message names row and column.
 *
 * Returns: (transfer full): the values; `NULL` with an error
 *
 * Since: 1.0
 */
GBytes *
pg_result_dup_column_data (PgResult *self, guint column, guint first_row, gint n_rows, GBytes **validity, GError **error)
{
  PgColumnCodec codec;
  g_autofree gpointer values = NULL;
  g_autofree guint8 *bits = NULL;
  gsize n_nulls = 0;
  gsize size;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (validity != NULL)
    *validity = NULL;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error) || !init_codec (self, &codec, column, PG_COLUMN_DATA, error))
    return NULL;

  size = (gsize) n_rows * codec.width;
  values = g_malloc (size);
  if (validity != NULL)
    bits = g_malloc0 (((gsize) n_rows + 7) / 8);
  if (!decode_column (self, &codec, column, first_row, (guint) n_rows, values, bits, &n_nulls, error))
    return NULL;

  if (n_nulls > 0)
    *validity = g_bytes_new_take (g_steal_pointer (&bits), ((gsize) n_rows + 7) / 8);
  return g_bytes_new_take (g_steal_pointer (&values), size);
}

/* The positions of the bits that are not set, of n. */
static guint *
find_nulls (const guint8 *validity, guint n, gsize n_nulls)
{
  guint *nulls = g_new (guint, n_nulls);
  gsize found = 0;

  for (guint i = 0; i < n && found < n_nulls; i++)
    if ((validity[i / 8] & (1 << (i % 8))) == 0)
      nulls[found++] = i;
  return nulls;
}

/**
 * pg_result_dup_column_numbers:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of values
 * @nulls: (out) (array length=n_nulls) (nullable) (transfer full): which of the values, from 0, are SQL `NULL`; `NULL` where none is
 * @n_nulls: (out): how many are
 *
 * The values of a column of any type that is a number underneath, as numbers, for many rows in one call.
 *
 * They are what [method@Result.dup_column_data] has in its table, of all types but `interval` and `uuid`, as `double`: 0 and 1 for a `bool`, microseconds for a
 * `timestamptz`. Where SQL `NULL` is, the value is 0. In JavaScript they are Numbers in an array of its own, which costs its collector less than memory of
 * the library's.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, and `PG_ERROR_DATA` for a column of another type, for an infinite date
 * or timestamp, and for an `int8`, a `time` or a timestamp that would be rounded, which none up to 2⁵³ is. The message names row and column.
 *
 * Returns: (transfer full) (array length=n_values): the values; `NULL` with an error
 *
 * Since: 1.0
 */
double *
pg_result_dup_column_numbers (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, guint **nulls, gsize *n_nulls, GError **error)
{
  PgColumnCodec codec;
  g_autofree gpointer values = NULL;
  g_autofree guint8 *bits = NULL;
  g_autofree double *numbers = NULL;
  guint n, widened;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL && nulls != NULL && n_nulls != NULL, NULL);

  *nulls = NULL;
  *n_values = *n_nulls = 0;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error) || !init_codec (self, &codec, column, PG_COLUMN_DATA, error))
    return NULL;
  if (codec.widen == NULL)
    {
      pg_codec_fail_kind (&self->shapes[column].wire, _("a number"), error);
      pg_result_prefix_column (self, column, error);
      return NULL;
    }

  n = (guint) n_rows;
  values = g_malloc_n (MAX (n, 1), codec.width);
  bits = g_malloc0 (((gsize) n + 7) / 8);
  if (!decode_column (self, &codec, column, first_row, n, values, bits, n_nulls, error))
    {
      *n_nulls = 0;
      return NULL;
    }

  numbers = g_new (double, MAX (n, 1));
  widened = codec.widen (values, n, numbers);
  if (widened < n)
    {
      *n_nulls = 0;
      pg_codec_fail (&self->shapes[column].wire, _("it would be rounded"), error);
      pg_result_prefix_position (self, first_row + widened, column, error);
      return NULL;
    }
  if (*n_nulls > 0)
    *nulls = find_nulls (bits, n, *n_nulls);
  *n_values = n;
  return g_steal_pointer (&numbers);
}
