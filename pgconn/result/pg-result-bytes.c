/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-columns.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>

static gboolean
fail_too_large (PgResult *self, guint row, guint column, GError **error)
{
  g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The values have more than 2 GiB together: read fewer rows at a time"));
  pg_result_prefix_position (self, row, column, error);
  return FALSE;
}

/* Appends the bytes of one value; those that are not copied on the way are the usual ones. */
static gboolean
append_value (PgResult *self, guint row, guint column, GByteArray *all, gboolean *is_null, GError **error)
{
  PgWireValue wire;
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gsize size;

  *is_null = !pg_result_read_wire (self, row, column, &wire);
  if (*is_null)
    return TRUE;
  if (pg_result_is_bytes (&wire))
    {
      data = wire.data;
      size = wire.length;
    }
  else
    {
      bytes = pg_codec_to_bytes (&wire, error);
      if (bytes == NULL)
        {
          pg_result_prefix_position (self, row, column, error);
          return FALSE;
        }
      data = g_bytes_get_data (bytes, &size);
    }
  if (size > (gsize) G_MAXINT32 - all->len)
    return fail_too_large (self, row, column, error);
  if (size > 0)
    g_byte_array_append (all, data, (guint) size);
  return TRUE;
}

/**
 * pg_result_dup_column_bytes:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @offsets: (out): where the values begin: `gint32` in the machine's byte order, one more than there are values
 * @validity: (out) (optional) (nullable): which values there are, or `NULL` where none is SQL `NULL`
 *
 * The bytes of a column as one block of memory, with the positions where the values begin and end.
 *
 * A value is what [method@Result.dup_bytes] gives: `bytea`, the UTF-8 text of a text type, and the binary form of a type that the library does not know. That
 * of the row *i* of the range begins at `offsets[i]` and ends before `offsets[i + 1]`. This is the variable-size binary layout of Apache Arrow.
 *
 * @validity is the bitmap that [method@Result.dup_column_data] has. Where SQL `NULL` is there are no bytes. A caller in C that passes `NULL` for @validity
 * has SQL `NULL` reported as an error.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, and `PG_ERROR_DATA` for a value of a type that is not bytes, and for more
 * than 2 GiB. The message names row and column.
 *
 * Returns: (transfer full): the bytes; `NULL` with an error
 *
 * Since: 1.0
 */
GBytes *
pg_result_dup_column_bytes (PgResult *self, guint column, guint first_row, gint n_rows, GBytes **offsets, GBytes **validity, GError **error)
{
  g_autoptr (GByteArray) all = NULL;
  g_autofree gint32 *ends = NULL;
  g_autofree guint8 *bits = NULL;
  gboolean any_null = FALSE;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (offsets != NULL, NULL);

  *offsets = NULL;
  if (validity != NULL)
    *validity = NULL;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error))
    return NULL;

  all = g_byte_array_new ();
  ends = g_new (gint32, (gsize) n_rows + 1);
  bits = g_malloc0 (((gsize) n_rows + 7) / 8);
  ends[0] = 0;
  for (guint i = 0; i < (guint) n_rows; i++)
    {
      gboolean is_null;

      if (!append_value (self, first_row + i, column, all, &is_null, error))
        return NULL;
      if (is_null && validity == NULL)
        {
          pg_result_set_null (self, first_row + i, column, error);
          return NULL;
        }
      any_null |= is_null;
      bits[i / 8] |= (guint8) (!is_null << i % 8);
      ends[i + 1] = (gint32) all->len;
    }

  *offsets = g_bytes_new_take (g_steal_pointer (&ends), ((gsize) n_rows + 1) * sizeof *ends);
  if (any_null)
    *validity = g_bytes_new_take (g_steal_pointer (&bits), ((gsize) n_rows + 7) / 8);
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}
