/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>

static void
set_row_out_of_range (PgResult *self, guint row, GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Row %u is out of range: the number of rows is %u"), row, self->n_rows);
}

static void
set_column_out_of_range (PgResult *self, guint column, GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Column %u is out of range: the number of columns is %u"), column, self->n_columns);
}

void
pg_result_set_out_of_range (PgResult *self, guint row, guint column, GError **error)
{
  if (row >= self->n_rows)
    set_row_out_of_range (self, row, error);
  else
    set_column_out_of_range (self, column, error);
}

gboolean
pg_result_check_range (PgResult *self, guint column, guint first_row, gint *n_rows, GError **error)
{
  if (column >= self->n_columns)
    {
      set_column_out_of_range (self, column, error);
      return FALSE;
    }
  if (first_row > self->n_rows)
    {
      set_row_out_of_range (self, first_row, error);
      return FALSE;
    }
  if (*n_rows < 0 || (guint) *n_rows > self->n_rows - first_row)
    *n_rows = (gint) (self->n_rows - first_row);
  return TRUE;
}

char *
pg_result_dup_place (PgResult *self, guint row, guint column)
{
  const char *raw_name = pg_raw_result_get_column_name (self->raw, column);
  g_autofree char *name = g_utf8_make_valid (raw_name, -1);

  if (self->copy_row == 0)
    return g_strdup_printf (_("Row %u, column %u (“%s”)"), row, column, name);
  return g_strdup_printf (_("Row %zu of the copy, column %u (“%s”)"), self->copy_row + row, column + 1, name);
}

void
pg_result_prefix_position (PgResult *self, guint row, guint column, GError **error)
{
  g_autofree char *place = NULL;

  if (error == NULL || *error == NULL)
    return;
  place = pg_result_dup_place (self, row, column);
  g_prefix_error (error, "%s: ", place);
}

void
pg_result_prefix_column (PgResult *self, guint column, GError **error)
{
  g_autofree char *name = g_utf8_make_valid (pg_raw_result_get_column_name (self->raw, column), -1);

  g_prefix_error (error, _("Column %u (“%s”): "), column, name);
}

void
pg_result_set_null (PgResult *self, guint row, guint column, GError **error)
{
  g_set_error_literal (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED, _("The value is NULL: is_null() tells it"));
  pg_result_prefix_position (self, row, column, error);
}

/* For the getters whose return value has no room for SQL NULL. */
static inline gboolean
read_value (PgResult *self, guint row, guint column, PgWireValue *wire, GError **error)
{
  switch (pg_result_read_cell (self, row, column, wire, error))
    {
    case PG_CELL_VALUE:
      return TRUE;

    case PG_CELL_NULL:
      pg_result_set_null (self, row, column, error);
      return FALSE;

    case PG_CELL_ERROR:
    default:
      return FALSE;
    }
}

/**
 * pg_result_is_null:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * Whether a value is SQL `NULL`.
 *
 * Its only error is `PG_ERROR_INTERFACE`, where @row or @column is out of range.
 *
 * Returns: whether it is SQL `NULL`; `FALSE` with an error too
 *
 * Since: 1.0
 */
gboolean
pg_result_is_null (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;

  g_return_val_if_fail (PG_IS_RESULT (self), FALSE);

  return pg_result_read_cell (self, row, column, &wire, error) == PG_CELL_NULL;
}

/**
 * pg_result_get_boolean:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A `bool` value.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and
 * `PG_ERROR_DATA` for a value that is not a boolean.
 *
 * Returns: the value; `FALSE` with an error
 *
 * Since: 1.0
 */
gboolean
pg_result_get_boolean (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  gboolean value = FALSE;

  g_return_val_if_fail (PG_IS_RESULT (self), FALSE);

  if (!read_value (self, row, column, &wire, error))
    return FALSE;

  if (G_UNLIKELY (!pg_result_decode (self, column, boolean, &wire, &value, error)))
    {
      pg_result_prefix_position (self, row, column, error);
      return FALSE;
    }

  return value;
}

/**
 * pg_result_get_int64:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * The value of an integer type, as `int8`, `int4` or `int2`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and
 * `PG_ERROR_DATA` for a value that is not exactly a 64-bit integer.
 *
 * Returns: the value; 0 with an error
 *
 * Since: 1.0
 */
gint64
pg_result_get_int64 (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  gint64 value = 0;

  g_return_val_if_fail (PG_IS_RESULT (self), 0);

  if (!read_value (self, row, column, &wire, error))
    return 0;

  if (G_UNLIKELY (!pg_result_decode (self, column, int64, &wire, &value, error)))
    {
      pg_result_prefix_position (self, row, column, error);
      return 0;
    }

  return value;
}

/**
 * pg_result_get_uint64:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * The value of an integer type that has no sign, as `xid8` or `oid`, or of another one that is not negative.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and
 * `PG_ERROR_DATA` for a value that is not exactly a 64-bit integer without a sign.
 *
 * Returns: the value; 0 with an error
 *
 * Since: 1.0
 */
guint64
pg_result_get_uint64 (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  guint64 value = 0;

  g_return_val_if_fail (PG_IS_RESULT (self), 0);

  if (!read_value (self, row, column, &wire, error))
    return 0;

  if (G_UNLIKELY (!pg_codec_to_uint64 (&wire, &value, error)))
    {
      pg_result_prefix_position (self, row, column, error);
      return 0;
    }

  return value;
}

/**
 * pg_result_get_double:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * The value of a number type that a `double` holds exactly, as `float8`, `float4` or `int4`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, `PG_ERROR_NULL_VALUE_NOT_ALLOWED` for SQL `NULL`, and
 * `PG_ERROR_DATA` for a value that is not a number or would be rounded.
 *
 * Returns: the value, which may be infinite or not a number; 0 with an error
 *
 * Since: 1.0
 */
double
pg_result_get_double (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  double value = 0;

  g_return_val_if_fail (PG_IS_RESULT (self), 0);

  if (!read_value (self, row, column, &wire, error))
    return 0;

  if (G_UNLIKELY (!pg_result_decode (self, column, double, &wire, &value, error)))
    {
      pg_result_prefix_position (self, row, column, error);
      return 0;
    }

  return value;
}

static const char *
keep_few (PgResult *self, guint cell, const PgWireValue *wire, GError **error)
{
  char **texts = g_atomic_pointer_get (&self->few_texts);
  char *text;

  if (texts == NULL)
    {
      texts = g_new0 (char *, self->n_few_texts);
      if (!g_atomic_pointer_compare_and_exchange (&self->few_texts, NULL, texts))
        {
          g_free (texts);
          texts = g_atomic_pointer_get (&self->few_texts);
        }
    }
  text = g_atomic_pointer_get (&texts[cell]);
  if (text != NULL)
    return text;
  text = pg_codec_to_text (wire, error);
  if (text == NULL)
    return NULL;
  if (g_atomic_pointer_compare_and_exchange (&texts[cell], NULL, text))
    return text;
  g_free (text);
  return g_atomic_pointer_get (&texts[cell]);
}

/* The text of a value that came in binary, which the result keeps. */
static const char *
keep_text (PgResult *self, guint row, guint column, const PgWireValue *wire, GError **error)
{
  gpointer key = GSIZE_TO_POINTER ((gsize) row * self->n_columns + column);
  char *text = NULL;
  char *other;

  if (self->n_few_texts > 0)
    return keep_few (self, row * self->n_columns + column, wire, error);
  g_mutex_lock (&self->lock);
  if (self->texts != NULL)
    text = g_hash_table_lookup (self->texts, key);
  g_mutex_unlock (&self->lock);
  if (text != NULL)
    return text;

  text = pg_codec_to_text (wire, error);
  if (text == NULL)
    return NULL;

  g_mutex_lock (&self->lock);
  if (self->texts == NULL)
    self->texts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  /* Another thread may have been faster. */
  other = g_hash_table_lookup (self->texts, key);
  if (other == NULL)
    g_hash_table_insert (self->texts, key, text);
  g_mutex_unlock (&self->lock);
  if (other != NULL)
    g_free (text);
  return other != NULL ? other : text;
}

/**
 * pg_result_get_text:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * The exact text of a value, which the result owns.
 *
 * It is what [method@Result.dup_text] gives, without a copy where the value came in text, or is of a type whose binary form is the text. Of others the text
 * is made when it is first asked for, and kept: to read many values that came in binary, `dup_text()` needs less memory.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE` where the bytes are not
 * UTF-8, and `PG_ERROR_DATA` where they have a zero byte, or are not the binary form of a type that the library knows.
 *
 * Returns: (transfer none) (nullable): the text, which lives as long as the result; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
const char *
pg_result_get_text (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  const char *text;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  if (wire.format == PG_FORMAT_TEXT || self->shapes[column].ops == &pg_codec_ops_text)
    text = pg_codec_check_text (&wire, wire.data, wire.length, error) ? (const char *) wire.data : NULL;
  else
    text = keep_text (self, row, column, &wire, error);
  if (G_UNLIKELY (text == NULL))
    pg_result_prefix_position (self, row, column, error);

  return text;
}

/**
 * pg_result_dup_text:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * The exact text of a value of any type, as the type's output function gives it on the server: `t` for a boolean, with all blanks for a
 * `char (3)`. In binary format a `timestamptz` is given in UTC, in text format in the session's time zone.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE` where the bytes are not
 * UTF-8, and `PG_ERROR_DATA` where they are not the binary form of a type that the library knows.
 *
 * Returns: (transfer full) (nullable): the text; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
char *
pg_result_dup_text (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  char *text;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  text = pg_codec_to_text (&wire, error);
  if (G_UNLIKELY (text == NULL))
    pg_result_prefix_position (self, row, column, error);

  return text;
}

gboolean
pg_result_is_bytes (const PgWireValue *wire)
{
  const PgCodec *codec = pg_type_table_lookup (wire->types, wire->type);

  if (codec != NULL && codec->ops == &pg_codec_ops_text)
    return TRUE;
  if (wire->format != PG_FORMAT_BINARY)
    return FALSE;

  return codec == NULL || codec->ops == &pg_codec_ops_bytea || !pg_type_table_has_binary (wire->types, wire->type);
}

/**
 * pg_result_dup_bytes:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * The bytes of a `bytea` value, the UTF-8 text of one of a text type, or the binary form of one of a type that the library does not know.
 *
 * The bytes outlive the result. Those of text, and those that came in the binary format, are not copied: all of the result's data is kept in
 * memory for as long as they are.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value of a type that is not bytes.
 *
 * Returns: (transfer full) (nullable): the bytes; `NULL` for SQL `NULL`, or with an error
 *
 * Since: 1.0
 */
GBytes *
pg_result_dup_bytes (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  GBytes *bytes;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  if (pg_result_read_cell (self, row, column, &wire, error) != PG_CELL_VALUE)
    return NULL;

  if (pg_result_is_bytes (&wire))
    return g_bytes_new_with_free_func (wire.data, wire.length, (GDestroyNotify) pg_raw_result_unref, pg_raw_result_ref (self->raw));

  bytes = pg_codec_to_bytes (&wire, error);
  if (G_UNLIKELY (bytes == NULL))
    pg_result_prefix_position (self, row, column, error);

  return bytes;
}

/**
 * pg_result_dup_variant:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 *
 * A value of any type as a variant, which is always a maybe: nothing for SQL `NULL`, just the value otherwise.
 *
 * The types are `mb` for `bool`, `mn`, `mi` and `mx` for `int2`, `int4` and `int8`, `mu` for `oid`, `md` for `float4` and `float8`, `may` for
 * `bytea`, and `ms` with the exact text for all others, as `text`, `numeric`, dates and times, `uuid` and `json`. An array has one `a` for each of
 * its dimensions, and its elements are maybes in turn: `mami` is an `int4[]` of one dimension. That of an empty array or of SQL `NULL` has one
 * dimension. A domain is what it is of.
 *
 * Of types that the result knows from a [class@AdaptersMap], a composite type is a tuple of maybes, `m(mims)` for one of an `int4` and a `text`, and
 * `hstore` is `ma{sms}`.
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that cannot be decoded.
 *
 * Returns: (transfer full): the variant, not floating; `NULL` with an error
 *
 * Since: 1.0
 */
GVariant *
pg_result_dup_variant (PgResult *self, guint row, guint column, GError **error)
{
  PgWireValue wire;
  GVariant *value;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);

  switch (pg_result_read_cell (self, row, column, &wire, error))
    {
    case PG_CELL_NULL:
      {
        g_autoptr (GVariantType) type = pg_type_table_dup_variant_type (self->types, self->shapes[column].wire.type);

        return g_variant_ref_sink (g_variant_new_maybe (type != NULL ? type : G_VARIANT_TYPE_STRING, NULL));
      }

    case PG_CELL_VALUE:
      value = pg_codec_to_variant (&wire, error);
      if (G_UNLIKELY (value == NULL))
        {
          pg_result_prefix_position (self, row, column, error);
          return NULL;
        }
      return g_variant_ref_sink (g_variant_new_maybe (NULL, value));

    case PG_CELL_ERROR:
    default:
      return NULL;
    }
}

/**
 * pg_result_get_value:
 * @self: a result
 * @row: the position of a row, from 0
 * @column: the position of a column, from 0
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 *
 * A value of any type, in GLib's own type for it.
 *
 * The types are `gboolean` for `bool`, `gint` for `int2` and `int4`, `gint64` for `int8`, `guint` for `oid`, `guint64` for `xid8`, `gdouble` for `float4` and
 * `float8`, [struct@GLib.Bytes] for `bytea`, [struct@Numeric], [struct@Date], [struct@Timestamp] and the others of this library's types for those that
 * have one, [struct@Array] for arrays, [struct@GLib.Variant] for `int2vector` and `oidvector`, and a string with the exact text for all others.
 *
 * SQL `NULL` is a string that is `NULL`: `None` in Python, `null` in JavaScript. So is @value with an error.
 *
 * PyGObject 3.42 takes no reference of what a value of a boxed type has and gives out freed memory. The library's override for Python has a method of this
 * name that does not go this way; without the override use the functions that return what they have, as [method@Result.dup_numeric].
 *
 * The errors are `PG_ERROR_INTERFACE` where @row or @column is out of range, and `PG_ERROR_DATA` for a value that cannot be decoded.
 *
 * Returns: (skip): `TRUE`, or `FALSE` with an error
 *
 * Since: 1.0
 */
gboolean
pg_result_get_value (PgResult *self, guint row, guint column, GValue *value, GError **error)
{
  PgWireValue wire;

  g_return_val_if_fail (PG_IS_RESULT (self), FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);

  switch (pg_result_read_cell (self, row, column, &wire, error))
    {
    case PG_CELL_VALUE:
      if (G_LIKELY (pg_codec_to_value (&wire, value, error)))
        return TRUE;
      pg_result_prefix_position (self, row, column, error);
      break;

    case PG_CELL_NULL:
      g_value_init (value, G_TYPE_STRING);
      return TRUE;

    case PG_CELL_ERROR:
    default:
      break;
    }

  /* GJS converts the value even where there is an error, and fails on one that is not initialised before it sees the error. */
  if (G_VALUE_TYPE (value) != G_TYPE_INVALID)
    g_value_unset (value);
  g_value_init (value, G_TYPE_STRING);
  return FALSE;
}
