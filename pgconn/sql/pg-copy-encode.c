/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-copy-encode-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-integer-text-private.h>
#include <pgconn/types/pg-oids.h>

static const guint8 signature[11] = { 'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', '\0' };

void
pg_copy_put_header (GString *out)
{
  g_string_append_len (out, (const char *) signature, sizeof signature);
  pg_put_uint32 (out, 0);
  pg_put_uint32 (out, 0);
}

void
pg_copy_put_trailer (GString *out)
{
  pg_put_uint16 (out, G_MAXUINT16);
}

/* --- text --- */

/* What stands after the backslash; 0 for what stands for itself. */
static const char escapes[256] = { ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\v'] = 'v', ['\\'] = '\\' };

void
pg_copy_put_escaped (GString *out, const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end)
    {
      const char *run = text;

      while (text < end && escapes[(guint8) *text] == 0)
        text++;
      g_string_append_len (out, run, text - run);
      if (text < end)
        {
          const char pair[2] = { '\\', escapes[(guint8) *text++] };

          g_string_append_len (out, pair, sizeof pair);
        }
    }
}

/* Of what was appended since. */
static void
escape_tail (GString *out, gsize start)
{
  g_autofree char *tail = NULL;
  gsize at = start;

  while (at < out->len && escapes[(guint8) out->str[at]] == 0)
    at++;
  if (at == out->len)
    return;
  tail = g_memdup2 (out->str + at, out->len - at);
  {
    const gsize length = out->len - at;

    g_string_truncate (out, at);
    pg_copy_put_escaped (out, tail, length);
  }
}

void
pg_copy_put_integer (GString *out, gint64 value)
{
  char text[PG_INTEGER_TEXT_SIZE];
  char *at = pg_integer_write_before (text + sizeof text, value);

  g_string_append_len (out, at, text + sizeof text - at);
}

void
pg_copy_put_float8 (GString *out, double value)
{
  g_autofree char *text = pg_float8_to_string (value);

  g_string_append (out, text);
}

static void
put_hex (GString *out, const guint8 *data, gsize length)
{
  static const char digits[] = "0123456789abcdef";
  gsize at = out->len;

  g_string_set_size (out, at + 2 * length);
  for (gsize i = 0; i < length; i++)
    {
      out->str[at++] = digits[data[i] >> 4];
      out->str[at++] = digits[data[i] & 15];
    }
}

/* The text of a value that is not NULL, as it is in a statement. type: that of the column, 0 where it is not known. */
static gboolean
put_param_text (const PgCopyShape *self, guint32 type, const PgParam *param, GString *out, GError **error)
{
  g_autoptr (PgWireParams) wire = NULL;
  g_autoptr (GString) group = NULL;
  PgFormat format;
  guint32 own;

  switch (param->kind)
    {
    case PG_PARAM_TEXT:
      g_string_append_len (out, param->value.text, (gssize) g_ref_string_length (param->value.text));
      return TRUE;
    case PG_PARAM_VALUE:
      return pg_codec_encode (self->table, type != 0 ? type : param->type, &param->value.value, PG_FORMAT_TEXT, out, error);
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
      group = g_string_new (NULL);
      if (!pg_param_encode_group (self->table, param, type, PG_REQUEST_TEXT, group, &own, &format, error))
        return FALSE;
      g_string_append_len (out, group->str, (gssize) group->len);
      return TRUE;
    case PG_PARAM_NULL:
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_INTEGER:
    case PG_PARAM_DOUBLE:
    case PG_PARAM_BYTES:
    case PG_PARAM_BINARY:
    case PG_PARAM_VARIANT:
    default:
      wire = pg_wire_params_new (1, self->table, NULL);
      if (!pg_param_bind (param, PG_REQUEST_TEXT, wire, 0, error))
        return FALSE;
      if (wire->values[0] != NULL)
        g_string_append_len (out, wire->values[0], wire->lengths[0]);
      return TRUE;
    }
}

static gboolean
is_null (const PgParam *param)
{
  if (param->kind == PG_PARAM_VARIANT)
    {
      g_autoptr (GVariant) value = pg_variant_unwrap (g_variant_ref (param->value.variant));

      return value == NULL;
    }
  return param->kind == PG_PARAM_NULL;
}

gboolean
pg_copy_put_text_cell (const PgCopyShape *self, guint32 type, const PgParam *param, GString *out, GError **error)
{
  const gsize start = out->len;
  gconstpointer data;
  gsize length;

  switch (param->kind)
    {
    case PG_PARAM_INTEGER:
      pg_copy_put_integer (out, param->value.integer);
      return TRUE;
    case PG_PARAM_DOUBLE:
      pg_copy_put_float8 (out, param->value.number);
      return TRUE;
    case PG_PARAM_BOOLEAN:
      g_string_append_c (out, param->value.integer != 0 ? 't' : 'f');
      return TRUE;
    case PG_PARAM_TEXT:
      pg_copy_put_escaped (out, param->value.text, g_ref_string_length (param->value.text));
      return TRUE;
    case PG_PARAM_BYTES:
      data = g_bytes_get_data (param->value.bytes, &length);
      g_string_append (out, "\\\\x");
      put_hex (out, data, length);
      return TRUE;
    case PG_PARAM_NULL:
    case PG_PARAM_VALUE:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_BINARY:
    case PG_PARAM_VARIANT:
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
    default:
      if (is_null (param))
        {
          g_string_append (out, "\\N");
          return TRUE;
        }
      if (!put_param_text (self, type, param, out, error))
        return FALSE;
      escape_tail (out, start);
      return TRUE;
    }
}

/* --- binary --- */

gboolean
pg_copy_put_integer_as (const PgCopyShape *self, GString *out, guint32 type, gint64 value, GError **error)
{
  switch (type)
    {
    case PG_OID_INT2:
      if (value < G_MININT16 || value > G_MAXINT16)
        break;
      pg_put_uint16 (out, (guint16) value);
      return TRUE;
    case PG_OID_INT4:
      if (value < G_MININT32 || value > G_MAXINT32)
        break;
      pg_put_uint32 (out, (guint32) value);
      return TRUE;
    case PG_OID_INT8:
      pg_put_uint64 (out, (guint64) value);
      return TRUE;
    default:
      {
        g_auto (GValue) number = G_VALUE_INIT;

        g_value_init (&number, G_TYPE_INT64);
        g_value_set_int64 (&number, value);
        return pg_codec_encode (self->table, type, &number, PG_FORMAT_BINARY, out, error);
      }
    }
  return pg_encode_fail_range (pg_codec_lookup (type), error);
}

gboolean
pg_copy_put_double_as (const PgCopyShape *self, GString *out, guint32 type, double value, GError **error)
{
  g_auto (GValue) number = G_VALUE_INIT;

  if (type == PG_OID_FLOAT8)
    {
      pg_put_double (out, value);
      return TRUE;
    }
  g_value_init (&number, G_TYPE_DOUBLE);
  g_value_set_double (&number, value);
  return pg_codec_encode (self->table, type, &number, PG_FORMAT_BINARY, out, error);
}

gboolean
pg_copy_put_boolean_as (const PgCopyShape *self, GString *out, guint32 type, gboolean value, GError **error)
{
  g_auto (GValue) truth = G_VALUE_INIT;

  if (type == PG_OID_BOOL)
    {
      g_string_append_c (out, value ? 1 : 0);
      return TRUE;
    }
  g_value_init (&truth, G_TYPE_BOOLEAN);
  g_value_set_boolean (&truth, value);
  return pg_codec_encode (self->table, type, &truth, PG_FORMAT_BINARY, out, error);
}

gboolean
pg_copy_put_text_as (const PgCopyShape *self, GString *out, guint32 type, const char *text, gsize length, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  PgTypeInfo *info;

  switch (type)
    {
    case 0:
    case PG_OID_TEXT:
    case PG_OID_VARCHAR:
    case PG_OID_BPCHAR:
    case PG_OID_NAME:
    case PG_OID_JSON:
    case PG_OID_XML:
      pg_put_bytes (out, text, length);
      return TRUE;
    default:
      info = pg_codec_lookup (type) == NULL ? pg_type_table_get_info (self->table, type) : NULL;
      /* What is text in either format. */
      if (info != NULL && (info->kind == PG_TYPE_KIND_ENUM || g_strcmp0 (info->send_function, "citextsend") == 0))
        {
          g_string_append_len (out, text, (gssize) length);
          return TRUE;
        }
      g_value_init (&value, G_TYPE_STRING);
      g_value_set_static_string (&value, text);
      return pg_codec_encode (self->table, type, &value, PG_FORMAT_BINARY, out, error);
    }
}

/* Of the column's type; what is made of others goes through its text. */
static gboolean
put_param_as (const PgCopyShape *self, guint32 type, const PgParam *param, GString *out, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GString) text = NULL;
  g_autoptr (PgWireParams) wire = NULL;
  PgFormat format;
  guint32 own;
  gconstpointer data;
  gsize length;

  switch (param->kind)
    {
    case PG_PARAM_INTEGER:
      return pg_copy_put_integer_as (self, out, type != 0 ? type : param->type, param->value.integer, error);
    case PG_PARAM_DOUBLE:
      return pg_copy_put_double_as (self, out, type != 0 ? type : PG_OID_FLOAT8, param->value.number, error);
    case PG_PARAM_BOOLEAN:
      return pg_copy_put_boolean_as (self, out, type != 0 ? type : PG_OID_BOOL, param->value.integer != 0, error);
    case PG_PARAM_TEXT:
      return pg_copy_put_text_as (self, out, type != 0 ? type : param->type, param->value.text, g_ref_string_length (param->value.text), error);
    case PG_PARAM_BYTES:
      if (type == 0 || type == PG_OID_BYTEA)
        {
          data = g_bytes_get_data (param->value.bytes, &length);
          g_string_append_len (out, data, (gssize) length);
          return TRUE;
        }
      g_value_init (&value, G_TYPE_BYTES);
      g_value_set_static_boxed (&value, param->value.bytes);
      return pg_codec_encode (self->table, type, &value, PG_FORMAT_BINARY, out, error);
    case PG_PARAM_BINARY:
      if (type != 0 && param->type != 0 && type != param->type)
        {
          g_autofree char *name = pg_codec_describe (self->table, type);
          g_autofree char *given = pg_codec_describe (self->table, param->type);

          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a value that a dumper gives in binary as %s cannot be sent as %s"), given, name);
          return FALSE;
        }
      data = g_bytes_get_data (param->value.bytes, &length);
      g_string_append_len (out, data, (gssize) length);
      return TRUE;
    case PG_PARAM_VALUE:
      return pg_codec_encode (self->table, type != 0 ? type : param->type, &param->value.value, PG_FORMAT_BINARY, out, error);
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
      text = g_string_new (NULL);
      if (!pg_param_encode_group (self->table, param, type, type == 0 ? PG_REQUEST_BINARY : PG_REQUEST_AUTO, text, &own, &format, error))
        return FALSE;
      if (format == PG_FORMAT_BINARY && (type == 0 || own == type))
        {
          g_string_append_len (out, text->str, (gssize) text->len);
          return TRUE;
        }
      g_string_truncate (text, 0);
      return put_param_text (self, type, param, text, error) && pg_copy_put_text_as (self, out, type, text->str, text->len, error);
    case PG_PARAM_NULL:
    case PG_PARAM_VARIANT:
    default:
      if (type != 0)
        {
          text = g_string_new (NULL);
          return put_param_text (self, type, param, text, error) && pg_copy_put_text_as (self, out, type, text->str, text->len, error);
        }
      wire = pg_wire_params_new (1, self->table, NULL);
      if (!pg_param_bind (param, PG_REQUEST_BINARY, wire, 0, error))
        return FALSE;
      g_string_append_len (out, wire->values[0], wire->lengths[0]);
      return TRUE;
    }
}

gboolean
pg_copy_put_binary_cell (const PgCopyShape *self, guint32 type, const PgParam *param, GString *out, GError **error)
{
  gsize at;

  if (is_null (param))
    {
      pg_put_uint32 (out, G_MAXUINT32);
      return TRUE;
    }
  at = pg_put_length_begin (out);
  if (!put_param_as (self, type, param, out, error))
    return FALSE;
  pg_put_length_end (out, at);
  return TRUE;
}

/* --- rows --- */

static gboolean
check_count (const PgCopyShape *self, gsize n_values, gsize n, GError **error)
{
  if (n_values == self->n_columns)
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("row %zu: expected %u values, got %zu"), n, self->n_columns, n_values);
  return FALSE;
}

gboolean
pg_copy_fail_row (GString *out, gsize start, gsize n, guint column, GError **error)
{
  g_string_truncate (out, start);
  g_prefix_error (error, _ ("row %zu, column %u: "), n, column + 1);
  return FALSE;
}

gboolean
pg_copy_check_row_size (const GString *out, gsize start, gsize n, GError **error)
{
  if (out->len - start < PG_MAX_MESSAGE)
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("row %zu is too large: %zu bytes"), n, out->len - start);
  return FALSE;
}

gboolean
pg_copy_encode_row (const PgCopyShape *self, PgParams *row, gsize n, GString *out, GError **error)
{
  const gsize start = out->len;

  if (!pg_params_check (row, error))
    {
      g_prefix_error (error, _ ("row %zu: "), n);
      return FALSE;
    }
  if (!check_count (self, row->params->len, n, error))
    return FALSE;
  if (self->binary)
    pg_put_uint16 (out, (guint16) self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    {
      const PgParam *param = &g_array_index (row->params, PgParam, i);

      if (!self->binary && i > 0)
        g_string_append_c (out, '\t');
      if (!(self->binary ? pg_copy_put_binary_cell (self, pg_copy_get_type (self, i), param, out, error) : pg_copy_put_text_cell (self, pg_copy_get_type (self, i), param, out, error)))
        return pg_copy_fail_row (out, start, n, i, error);
    }
  if (!self->binary)
    g_string_append_c (out, '\n');
  if (pg_copy_check_row_size (out, start, n, error))
    return TRUE;
  g_string_truncate (out, start);
  return FALSE;
}
