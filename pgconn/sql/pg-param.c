/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-param-group-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>

void
pg_param_clear (gpointer data)
{
  PgParam *param = data;

  g_free (param->name);
  switch (param->kind)
    {
    case PG_PARAM_TEXT:
      g_ref_string_release (param->value.text);
      break;
    case PG_PARAM_BYTES:
    case PG_PARAM_BINARY:
    case PG_PARAM_FIXED_ARRAY:
      g_bytes_unref (param->value.bytes);
      break;
    case PG_PARAM_VALUE:
      g_value_unset (&param->value.value);
      break;
    case PG_PARAM_VARIANT:
      g_variant_unref (param->value.variant);
      break;
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
      g_array_unref (param->value.group->items);
      g_free (param->value.group);
      break;
    case PG_PARAM_NULL:
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_INTEGER:
    case PG_PARAM_DOUBLE:
    default:
      break;
    }
}

GArray *
pg_param_items_new (void)
{
  /* One that grows from its first item on is allocated again with the second and the third. */
  GArray *items = g_array_sized_new (FALSE, FALSE, sizeof (PgParam), 4);

  g_array_set_clear_func (items, pg_param_clear);
  return items;
}

PgParam *
pg_param_items_add (GArray *items,
                    PgParamKind kind,
                    guint32 type)
{
  PgParam param = { .kind = kind, .type = type };

  g_array_append_val (items, param);
  return &g_array_index (items, PgParam, items->len - 1);
}

PgParamGroup *
pg_param_items_add_group (GArray *items,
                          PgParamKind kind,
                          guint32 type)
{
  PgParamGroup *group = g_new (PgParamGroup, 1);

  group->type = type;
  group->items = pg_param_items_new ();
  pg_param_items_add (items, kind, type)->value.group = group;
  return group;
}

static void
release_text (gpointer text)
{
  g_ref_string_release (text);
}

static void
unref_bytes (gpointer bytes)
{
  g_bytes_unref (bytes);
}

/* An array of what is text here: not every text has a binary form that the library makes. */
static gboolean
is_text_array (const PgTypeTable *types,
               const GValue *value)
{
  return G_VALUE_TYPE (value) == PG_TYPE_ARRAY &&
         pg_type_table_get_value_type (types, pg_array_get_element_type (g_value_get_boxed (value))) == G_TYPE_STRING;
}

static gboolean
bind_value (const PgParam *param,
            PgFormatRequest request,
            PgWireParams *wire,
            guint wire_index,
            GError **error)
{
  const PgTypeTable *types = pg_wire_get_types (wire);
  const GValue *value = &param->value.value;
  GString *buffer = pg_wire_get_buffer (wire);
  const guint32 type = pg_param_get_type (types, param, 0);

  if (request == PG_REQUEST_BINARY)
    {
      return pg_codec_encode (types, type, value, PG_FORMAT_BINARY, buffer, error) &&
             pg_wire_take_buffer (wire, wire_index, PG_FORMAT_BINARY, type == PG_OID_INFER ? PG_OID_TEXT : type, error);
    }
  /* What is not of the kind that has a binary form in every server, an infinite interval somewhere in it, is text. */
  if (request == PG_REQUEST_AUTO && type != PG_OID_INFER && pg_codec_can_encode_binary (types, type) && !is_text_array (types, value) &&
      pg_codec_encode (types, type, value, PG_FORMAT_BINARY, buffer, NULL))
    return pg_wire_take_buffer (wire, wire_index, PG_FORMAT_BINARY, type, error);
  g_string_truncate (buffer, 0);
  return pg_codec_encode (types, type, value, PG_FORMAT_TEXT, buffer, error) && pg_wire_take_buffer (wire, wire_index, PG_FORMAT_TEXT, type, error);
}

static gboolean
bind_group (const PgParam *param,
            PgFormatRequest request,
            PgWireParams *wire,
            guint wire_index,
            GError **error)
{
  PgFormat format;
  guint32 type;

  return pg_param_encode_group (pg_wire_get_types (wire), param, pg_wire_get_cast (wire, wire_index), request, pg_wire_get_buffer (wire), &type, &format,
                                error) &&
         pg_wire_take_buffer (wire, wire_index, format, type, error);
}

gboolean
pg_param_bind (const PgParam *param,
               PgFormatRequest request,
               PgWireParams *wire,
               guint wire_index,
               GError **error)
{
  gconstpointer data;
  gsize length;

  switch (param->kind)
    {
    case PG_PARAM_BOOLEAN:
      pg_wire_set_boolean (wire, wire_index, request, (gboolean) param->value.integer);
      return TRUE;

    case PG_PARAM_INTEGER:
      pg_wire_set_integer (wire, wire_index, request, param->type, param->value.integer);
      return TRUE;

    case PG_PARAM_DOUBLE:
      pg_wire_set_double (wire, wire_index, request, param->value.number);
      return TRUE;

    case PG_PARAM_TEXT:
      return pg_wire_set_text (wire, wire_index, request, param->type, param->value.text,
                               g_ref_string_length (param->value.text),
                               g_ref_string_acquire (param->value.text), release_text, error);

    case PG_PARAM_BYTES:
      data = g_bytes_get_data (param->value.bytes, &length);
      return pg_wire_set_bytes (wire, wire_index, request, data, length, g_bytes_ref (param->value.bytes), unref_bytes, error);

    case PG_PARAM_BINARY:
      if (request == PG_REQUEST_TEXT)
        {
          g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("what a dumper gives in binary cannot be sent in text format ('%t')"));
          return FALSE;
        }
      data = g_bytes_get_data (param->value.bytes, &length);
      return pg_wire_set_data (wire, wire_index, PG_FORMAT_BINARY, param->type, data != NULL ? data : "", length, g_bytes_ref (param->value.bytes),
                               unref_bytes, error);

    case PG_PARAM_VALUE:
      return bind_value (param, request, wire, wire_index, error);

    case PG_PARAM_VARIANT:
      return pg_wire_set_variant (wire, wire_index, request, g_variant_ref (param->value.variant), error);

    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
      return bind_group (param, request, wire, wire_index, error);

    case PG_PARAM_NULL:
    default:
      wire->types[wire_index] = param->type;
      return TRUE;
    }
}
