/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-interval.h>

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
  GArray *items = g_array_new (FALSE, FALSE, sizeof (PgParam));

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

/* Infinite intervals are as old as PostgreSQL 17: older servers would take the binary form for one of many years. */
static gboolean
wants_text (const GValue *value)
{
  PgArray *array;

  if (G_VALUE_HOLDS (value, PG_TYPE_INTERVAL))
    return pg_interval_is_infinite (g_value_get_boxed (value));
  if (!G_VALUE_HOLDS (value, PG_TYPE_ARRAY))
    return FALSE;

  array = g_value_get_boxed (value);
  /* Not every text has a binary form here. */
  if (pg_codec_get_value_type (pg_array_get_element_type (array)) == G_TYPE_STRING)
    return TRUE;
  for (guint i = 0; pg_array_get_element_type (array) == PG_OID_INTERVAL && i < pg_array_get_n_elements (array); i++)
    {
      g_auto (GValue) element = G_VALUE_INIT;

      pg_array_get_value (array, i, &element);
      if (!pg_array_is_null (array, i) && wants_text (&element))
        return TRUE;
    }
  return FALSE;
}

static gboolean
bind_value (const PgParam *param,
            PgFormatRequest request,
            PgWireParams *wire,
            guint wire_index,
            GError **error)
{
  PgFormat format = PG_FORMAT_TEXT;

  if (request == PG_REQUEST_BINARY ||
      (request == PG_REQUEST_AUTO && pg_codec_can_encode_binary (param->type) && !wants_text (&param->value.value)))
    format = PG_FORMAT_BINARY;

  return pg_codec_encode (param->type, &param->value.value, format, pg_wire_get_buffer (wire), error) &&
         pg_wire_take_buffer (wire, wire_index, format, param->type == PG_OID_INFER && format == PG_FORMAT_BINARY ? PG_OID_TEXT : param->type,
                              error);
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

  return pg_param_encode_group (param, request, pg_wire_get_buffer (wire), &type, &format, error) &&
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
      return bind_group (param, request, wire, wire_index, error);

    case PG_PARAM_NULL:
    default:
      wire->types[wire_index] = param->type;
      return TRUE;
    }
}
