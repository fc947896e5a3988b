/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-copy-columns.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-copy-encode-private.h>
#include <pgconn/types/pg-oids.h>

/**
 * PgCopyColumns:
 *
 * The values of many rows, column by column, for [method@CopyOutputStream.write_columns].
 *
 * A call for a whole column, rather than one for each value, is what makes a copy fast from script languages, and spares C the conversion of arrays that it has.
 * The columns are added in the order of the table, or of the list of columns in the `COPY` statement, and have the same number of values.
 *
 * ```c
 * g_autoptr (PgCopyColumns) columns = pg_copy_columns_new ();
 * g_autoptr (GBytes) numbers = g_bytes_new (array, n * sizeof (gint64));
 *
 * if (!pg_copy_columns_add_data (columns, PG_OID_INT8, numbers, NULL, error) ||
 *     !pg_copy_output_stream_write_columns (copy, columns, NULL, error))
 *   return FALSE;
 * ```
 *
 * Where a column has SQL `NULL`, a bitmap says so: bit 0 of the first byte is that of the first value, and a bit that is set is that of a value that is not `NULL`. It
 * is the bitmap of [method@Result.dup_column_data] and of Arrow.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (PgCopyColumns, pg_copy_columns, pg_copy_columns_ref, pg_copy_columns_unref)

static void
column_clear (gpointer data)
{
  PgCopyColumn *column = data;

  g_clear_pointer (&column->bytes, g_bytes_unref);
  g_clear_pointer (&column->bitmap, g_bytes_unref);
  g_clear_pointer (&column->values, pg_params_unref);
}

/**
 * pg_copy_columns_new:
 *
 * Makes columns for new rows; there are none at first.
 *
 * Returns: (transfer full): new columns
 *
 * Since: 1.0
 */
PgCopyColumns *
pg_copy_columns_new (void)
{
  PgCopyColumns *self = g_new0 (PgCopyColumns, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->columns = g_array_new (FALSE, FALSE, sizeof (PgCopyColumn));
  g_array_set_clear_func (self->columns, column_clear);
  return self;
}

/**
 * pg_copy_columns_ref:
 * @self: the columns
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgCopyColumns *
pg_copy_columns_ref (PgCopyColumns *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_copy_columns_unref:
 * @self: (transfer full): the columns
 *
 * Drops a reference; the last one frees them.
 *
 * Since: 1.0
 */
void
pg_copy_columns_unref (PgCopyColumns *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->columns);
  g_free (self);
}

/**
 * pg_copy_columns_get_n_columns:
 * @self: the columns
 *
 * Gets how many columns were added.
 *
 * Returns: the number of columns
 *
 * Since: 1.0
 */
guint
pg_copy_columns_get_n_columns (PgCopyColumns *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->columns->len;
}

/**
 * pg_copy_columns_get_n_rows:
 * @self: the columns
 *
 * Gets how many values each column has.
 *
 * Returns: the number of rows, 0 before the first column was added
 *
 * Since: 1.0
 */
gsize
pg_copy_columns_get_n_rows (PgCopyColumns *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_rows;
}

static gboolean
check_rows (PgCopyColumns *self, gsize n_rows, GBytes *validity, GError **error)
{
  if (self->columns->len > 0 && n_rows != self->n_rows)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("column %u has %zu values, those before it have %zu"), self->columns->len + 1, n_rows, self->n_rows);
      return FALSE;
    }
  if (validity != NULL && g_bytes_get_size (validity) < n_rows / 8 + (n_rows % 8 != 0))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the bitmap of column %u has %zu bytes, too few for %zu values"), self->columns->len + 1,
                   g_bytes_get_size (validity), n_rows);
      return FALSE;
    }
  return TRUE;
}

static PgCopyColumn *
add_column (PgCopyColumns *self, gsize n_rows, GBytes *validity)
{
  PgCopyColumn column = { .bitmap = validity != NULL ? g_bytes_ref (validity) : NULL };

  if (validity != NULL)
    column.validity = g_bytes_get_data (validity, NULL);
  self->n_rows = n_rows;
  g_array_append_val (self->columns, column);
  return &g_array_index (self->columns, PgCopyColumn, self->columns->len - 1);
}

static guint
get_width (guint type)
{
  switch (type)
    {
    case PG_OID_BOOL:
      return 1;
    case PG_OID_INT2:
      return 2;
    case PG_OID_INT4:
    case PG_OID_OID:
    case PG_OID_FLOAT4:
      return 4;
    case PG_OID_INT8:
    case PG_OID_FLOAT8:
      return 8;
    default:
      return 0;
    }
}

/**
 * pg_copy_columns_add_data:
 * @self: the columns
 * @type: what the numbers are: [const@OID_BOOL] (bytes that are 0 or not), [const@OID_INT2], [const@OID_INT4], [const@OID_INT8], [const@OID_OID], [const@OID_FLOAT4] or
 *   [const@OID_FLOAT8]
 * @data: the numbers, one after the other in the order of the machine, as a C array has them
 * @validity: (nullable): a bitmap of those that are not SQL `NULL`; `NULL` where all are not
 * @error: return location for a #GError
 *
 * Adds a column of numbers.
 *
 * @type says what @data is, and need not be the type of the table's column. The bytes are not copied.
 *
 * Fails with `PG_ERROR_PROGRAMMING` for another @type, and with `PG_ERROR_DATA` where the sizes do not fit: nothing is added then.
 *
 * Returns: whether the column was added
 *
 * Since: 1.0
 */
gboolean
pg_copy_columns_add_data (PgCopyColumns *self, guint type, GBytes *data, GBytes *validity, GError **error)
{
  const guint width = get_width (type);
  PgCopyColumn *column;
  gsize size;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL, FALSE);
  if (width == 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("an array of the type with OID %u is none of numbers of the machine"), type);
      return FALSE;
    }
  size = g_bytes_get_size (data);
  if (size % width != 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("column %u has %zu bytes, which is no whole number of values of %u"), self->columns->len + 1, size, width);
      return FALSE;
    }
  if (!check_rows (self, size / width, validity, error))
    return FALSE;
  column = add_column (self, size / width, validity);
  column->type = type;
  column->width = width;
  column->bytes = g_bytes_ref (data);
  column->data = g_bytes_get_data (data, NULL);
  return TRUE;
}

/**
 * pg_copy_columns_add_texts:
 * @self: the columns
 * @texts: the texts in UTF-8, each with a zero byte at its end
 * @n_texts: their number
 * @validity: (nullable): a bitmap of those that are not SQL `NULL`, for which there is a text too, an empty one; `NULL` where all are not
 * @error: return location for a #GError
 *
 * Adds a column of texts.
 *
 * They are the text form of any type, as a text without a type is in a statement: `2024-02-29` is a date for a column of dates. The bytes are not copied.
 *
 * Fails with `PG_ERROR_DATA` where the sizes do not fit, as when there is a zero byte in a text: nothing is added then.
 *
 * Returns: whether the column was added
 *
 * Since: 1.0
 */
gboolean
pg_copy_columns_add_texts (PgCopyColumns *self, GBytes *texts, gsize n_texts, GBytes *validity, GError **error)
{
  PgCopyColumn *column;
  const char *at, *end;
  gsize size, n = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (texts != NULL, FALSE);
  at = g_bytes_get_data (texts, &size);
  end = at + size;
  if (size > 0 && end[-1] != '\0')
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the last text of column %u does not end with a zero byte"), self->columns->len + 1);
      return FALSE;
    }
  for (; at < end; n++)
    at += strlen (at) + 1;
  if (n != n_texts)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("column %u has %zu texts that end with a zero byte, not %zu: there can be none inside of a text"),
                   self->columns->len + 1, n, n_texts);
      return FALSE;
    }
  if (!check_rows (self, n, validity, error))
    return FALSE;
  column = add_column (self, n, validity);
  column->bytes = g_bytes_ref (texts);
  column->data = g_bytes_get_data (texts, NULL);
  return TRUE;
}

/**
 * pg_copy_columns_add_values:
 * @self: the columns
 * @values: the values of the column, one for each row
 * @error: return location for a #GError
 *
 * Adds a column of values of any type, and of SQL `NULL`.
 *
 * Fails with `PG_ERROR_DATA` where their number is not that of the columns before, and with the error of @values: nothing is added then. What cannot be the value of the
 * table's column is an error when the columns are written.
 *
 * Returns: whether the column was added
 *
 * Since: 1.0
 */
gboolean
pg_copy_columns_add_values (PgCopyColumns *self, PgParams *values, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (values != NULL, FALSE);
  if (!pg_params_check (values, error) || !check_rows (self, values->params->len, NULL, error))
    return FALSE;
  add_column (self, values->params->len, NULL)->values = pg_params_ref (values);
  return TRUE;
}

void
pg_copy_columns_iter_init (PgCopyColumnsIter *self, PgCopyColumns *columns)
{
  self->columns = pg_copy_columns_ref (columns);
  self->row = 0;
  self->positions = g_new0 (gsize, MAX (columns->columns->len, 1));
}

void
pg_copy_columns_iter_clear (PgCopyColumnsIter *self)
{
  g_clear_pointer (&self->columns, pg_copy_columns_unref);
  g_clear_pointer (&self->positions, g_free);
}
