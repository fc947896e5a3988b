/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-copy-encode-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-oids.h>

/* Rows out of whole columns. */

/* The data may begin anywhere. */
#define READ(column, row, c_type)                                                             \
  G_GNUC_EXTENSION ({                                                                         \
    c_type value_;                                                                            \
    memcpy (&value_, (column)->data + (row) * sizeof value_, sizeof value_);                  \
    value_;                                                                                   \
  })

static gint64
read_integer (const PgCopyColumn *column, gsize row)
{
  switch (column->type)
    {
    case PG_OID_INT2:
      return READ (column, row, gint16);
    case PG_OID_INT4:
      return READ (column, row, gint32);
    case PG_OID_OID:
      return READ (column, row, guint32);
    default:
      return READ (column, row, gint64);
    }
}

static float
read_float (const PgCopyColumn *column, gsize row)
{
  return READ (column, row, float);
}

static double
read_double (const PgCopyColumn *column, gsize row)
{
  return READ (column, row, double);
}

static void
put_text_number (const PgCopyColumn *column, gsize row, GString *out)
{
  g_autofree char *text = NULL;

  switch (column->type)
    {
    case PG_OID_BOOL:
      g_string_append_c (out, column->data[row] != 0 ? 't' : 'f');
      return;
    case PG_OID_FLOAT4:
      text = pg_float4_to_string (read_float (column, row));
      g_string_append (out, text);
      return;
    case PG_OID_FLOAT8:
      pg_copy_put_float8 (out, read_double (column, row));
      return;
    default:
      pg_copy_put_integer (out, read_integer (column, row));
      return;
    }
}

static gboolean
put_binary_number (const PgCopyShape *self, const PgCopyColumn *column, gsize row, guint32 type, GString *out, GError **error)
{
  if (type == 0)
    type = column->type;
  switch (column->type)
    {
    case PG_OID_BOOL:
      return pg_copy_put_boolean_as (self, out, type, column->data[row] != 0, error);
    case PG_OID_FLOAT4:
      if (type == PG_OID_FLOAT4)
        {
          guint32 bits;

          memcpy (&bits, column->data + 4 * row, sizeof bits);
          pg_put_uint32 (out, bits);
          return TRUE;
        }
      return pg_copy_put_double_as (self, out, type, (double) read_float (column, row), error);
    case PG_OID_FLOAT8:
      return pg_copy_put_double_as (self, out, type, read_double (column, row), error);
    default:
      return pg_copy_put_integer_as (self, out, type, read_integer (column, row), error);
    }
}

static gboolean
put_column_cell (const PgCopyShape *self, PgCopyColumnsIter *iter, guint index, GString *out, GError **error)
{
  const PgCopyColumn *column = &g_array_index (iter->columns->columns, PgCopyColumn, index);
  const gboolean null = pg_copy_column_is_null (column, iter->row);
  const char *text = NULL;
  gsize length = 0, at;
  gboolean ok;

  if (column->values != NULL)
    {
      const PgParam *param = &g_array_index (column->values->params, PgParam, iter->row);

      return self->binary ? pg_copy_put_binary_cell (self, pg_copy_get_type (self, index), param, out, error) : pg_copy_put_text_cell (self, pg_copy_get_type (self, index), param, out, error);
    }
  if (column->type == 0)
    {
      text = (const char *) column->data + iter->positions[index];
      length = strlen (text);
      iter->positions[index] += length + 1;
    }
  if (!self->binary)
    {
      if (null)
        g_string_append (out, "\\N");
      else if (column->type == 0)
        pg_copy_put_escaped (out, text, length);
      else
        put_text_number (column, iter->row, out);
      return TRUE;
    }
  if (null)
    {
      pg_put_uint32 (out, G_MAXUINT32);
      return TRUE;
    }
  at = pg_put_length_begin (out);
  ok = column->type == 0 ? pg_copy_put_text_as (self, out, pg_copy_get_type (self, index), text, length, error)
                         : put_binary_number (self, column, iter->row, pg_copy_get_type (self, index), out, error);
  pg_put_length_end (out, at);
  return ok;
}

gboolean
pg_copy_check_columns (const PgCopyShape *self, PgCopyColumns *columns, GError **error)
{
  if (columns->columns->len == self->n_columns)
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("expected %u columns, got %u"), self->n_columns, columns->columns->len);
  return FALSE;
}

gboolean
pg_copy_encode_columns (const PgCopyShape *self, PgCopyColumnsIter *iter, gsize max_length, gsize first, GString *out, GError **error)
{
  for (; iter->row < iter->columns->n_rows && out->len < max_length; iter->row++)
    {
      const gsize n = first + iter->row;
      const gsize start = out->len;

      if (self->binary)
        pg_put_uint16 (out, (guint16) self->n_columns);
      for (guint i = 0; i < self->n_columns; i++)
        {
          if (!self->binary && i > 0)
            g_string_append_c (out, '\t');
          if (!put_column_cell (self, iter, i, out, error))
            return pg_copy_fail_row (out, start, n, i, error);
        }
      if (!self->binary)
        g_string_append_c (out, '\n');
      if (!pg_copy_check_row_size (out, start, n, error))
        return FALSE;
    }
  return TRUE;
}
