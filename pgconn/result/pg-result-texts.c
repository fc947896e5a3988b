/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-columns.h>

#include <pgconn/result/pg-result-private.h>
#include <pgconn/types/pg-codec-ops-private.h>

/* Whether what came is the text itself. */
static gboolean
is_text_itself (PgResult *self, guint column)
{
  const PgWireValue *shape = &self->shapes[column].wire;
  const PgCodec *codec;

  if (shape->format == PG_FORMAT_TEXT)
    return TRUE;
  codec = pg_type_table_lookup (self->types, shape->type);
  return codec != NULL && codec->ops != NULL && codec->ops != &pg_codec_ops_domain && !codec->ops->text_only && codec->ops->binary_to_text == NULL;
}

/* The texts are where the result has them. */
static gboolean
point_to_texts (PgResult *self, guint column, guint first_row, guint n_rows, const char **texts, GError **error)
{
  const guint8 *data[PG_RESULT_BLOCK];
  gsize lengths[PG_RESULT_BLOCK];

  for (guint base = 0; base < n_rows; base += PG_RESULT_BLOCK)
    {
      const guint n = MIN (n_rows - base, PG_RESULT_BLOCK);

      pg_raw_result_get_column_data (self->raw, column, first_row + base, n, data, lengths);
      for (guint i = 0; i < n; i++)
        {
          if (G_UNLIKELY (data[i] != NULL && !pg_codec_check_text (&self->shapes[column].wire, data[i], lengths[i], error)))
            {
              pg_result_prefix_position (self, first_row + base + i, column, error);
              return FALSE;
            }
          texts[base + i] = (const char *) data[i];
        }
    }
  return TRUE;
}

/* Makes the texts behind the array, in the same block of memory. */
static const char **
make_texts (PgResult *self, guint column, guint first_row, guint n_rows, const char **texts, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  const gsize size = ((gsize) n_rows + 1) * sizeof *texts;
  char *start;

  for (guint i = 0; i < n_rows; i++)
    {
      PgWireValue wire;
      g_autofree char *text = NULL;

      texts[i] = NULL;
      if (!pg_result_read_wire (self, first_row + i, column, &wire))
        continue;
      text = pg_codec_to_text (&wire, error);
      if (G_UNLIKELY (text == NULL))
        {
          pg_result_prefix_position (self, first_row + i, column, error);
          g_free (texts);
          return NULL;
        }
      /* Its place, counted from 1, until there is one. */
      texts[i] = GSIZE_TO_POINTER (all->len + 1);
      g_string_append_len (all, text, (gssize) strlen (text) + 1);
    }

  texts = g_realloc (texts, size + all->len);
  start = (char *) texts + size;
  memcpy (start, all->str, all->len);
  for (guint i = 0; i < n_rows; i++)
    if (texts[i] != NULL)
      texts[i] = start + GPOINTER_TO_SIZE (texts[i]) - 1;
  return texts;
}

/**
 * pg_result_dup_column_texts:
 * @self: a result
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of texts
 *
 * The exact texts of the values of a column of any type, for many rows in one call, as [method@Result.dup_text] gives them.
 *
 * Where a value is SQL `NULL`, the element is `NULL`: `None` in Python, `null` in JavaScript. The length of the array is @n_values all the same.
 *
 * The texts belong to the array and to the result: they live as long as both do. In C the array alone is freed, with `g_free()`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @column or @first_row is out of range, `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE` for bytes that are not UTF-8, and
 * `PG_ERROR_DATA` for what is not the binary form of a type that the library knows. The message names row and column.
 *
 * Returns: (transfer container) (array length=n_values) (element-type utf8): the texts; `NULL` with an error
 *
 * Since: 1.0
 */
const char **
pg_result_dup_column_texts (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  const char **texts;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  *n_values = 0;
  if (!pg_result_check_range (self, column, first_row, &n_rows, error))
    return NULL;

  texts = g_new (const char *, (gsize) n_rows + 1);
  if (!is_text_itself (self, column))
    texts = make_texts (self, column, first_row, (guint) n_rows, texts, error);
  else if (!point_to_texts (self, column, first_row, (guint) n_rows, texts, error))
    g_clear_pointer (&texts, g_free);
  if (texts == NULL)
    return NULL;

  texts[n_rows] = NULL;
  *n_values = (gsize) n_rows;
  return texts;
}
