/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-param-group-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-range.h>

const PgCodec *
pg_param_lookup_base (const PgTypeTable *types,
                      guint32 type)
{
  const PgCodec *codec = type != 0 ? pg_type_table_lookup (types, type) : NULL;

  for (guint i = 0; codec != NULL && codec->ops == &pg_codec_ops_domain; i++)
    codec = i < PG_WIRE_MAX_DEPTH ? pg_type_table_lookup (types, codec->subtype) : NULL;
  return codec;
}

guint32
pg_param_get_type (const PgTypeTable *types,
                   const PgParam *item,
                   guint32 expected)
{
  const PgCodec *codec;
  guint32 type;

  switch (item->kind)
    {
    case PG_PARAM_RECORD:
      return item->value.group->type;
    case PG_PARAM_DICTIONARY:
      codec = pg_param_lookup_base (types, expected);
      if (item->value.group->type != 0 || (codec != NULL && (codec->ops == &pg_codec_ops_composite || codec->ops == &pg_codec_ops_hstore)))
        return item->value.group->type;
      return pg_type_table_find_hstore (types);
    case PG_PARAM_VALUE:
      /* Of a range the types of the database may leave it open which one is meant. */
      if (item->type == 0 || G_VALUE_TYPE (&item->value.value) == PG_TYPE_RANGE || G_VALUE_TYPE (&item->value.value) == PG_TYPE_MULTIRANGE)
        return pg_value_get_type_oid (types, &item->value.value, &type, NULL) ? type : item->type;
      return item->type;
    case PG_PARAM_NULL:
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_INTEGER:
    case PG_PARAM_DOUBLE:
    case PG_PARAM_TEXT:
    case PG_PARAM_BYTES:
    case PG_PARAM_BINARY:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_VARIANT:
    case PG_PARAM_ARRAY:
    default:
      return item->type;
    }
}

const GValue *
pg_param_peek_value (const PgParam *item,
                     GValue *storage)
{
  switch (item->kind)
    {
    case PG_PARAM_VALUE:
      return &item->value.value;
    case PG_PARAM_BOOLEAN:
      g_value_init (storage, G_TYPE_BOOLEAN);
      g_value_set_boolean (storage, (gboolean) item->value.integer);
      break;
    case PG_PARAM_INTEGER:
      g_value_init (storage, G_TYPE_INT64);
      g_value_set_int64 (storage, item->value.integer);
      break;
    case PG_PARAM_DOUBLE:
      g_value_init (storage, G_TYPE_DOUBLE);
      g_value_set_double (storage, item->value.number);
      break;
    case PG_PARAM_TEXT:
      g_value_init (storage, G_TYPE_STRING);
      g_value_set_static_string (storage, item->value.text);
      break;
    case PG_PARAM_BYTES:
      g_value_init (storage, G_TYPE_BYTES);
      g_value_set_static_boxed (storage, item->value.bytes);
      break;
    case PG_PARAM_NULL:
    case PG_PARAM_BINARY:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_VARIANT:
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
    default:
      g_return_val_if_reached (NULL);
    }
  return storage;
}

gboolean
pg_param_check_size (const GString *out,
                     GError **error)
{
  if (out->len < PG_MAX_MESSAGE)
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value is too large: %zu bytes"), out->len);
  return FALSE;
}

gboolean
pg_param_encode_item (const PgTypeTable *types,
                      const PgParam *item,
                      guint32 expected,
                      PgFormat format,
                      guint depth,
                      GString *out,
                      GError **error)
{
  g_auto (GValue) storage = G_VALUE_INIT;
  PgFormat array_format;
  guint32 array_type;

  if (depth >= PG_MAX_NESTING)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("arrays and records are nested more than %d deep"), PG_MAX_NESTING);
      return FALSE;
    }

  switch (item->kind)
    {
    case PG_PARAM_ARRAY:
      return pg_param_encode_array (types, item, expected, format == PG_FORMAT_TEXT ? PG_REQUEST_TEXT : PG_REQUEST_BINARY, depth + 1, out, &array_type,
                                    &array_format, error);
    case PG_PARAM_RECORD:
    case PG_PARAM_DICTIONARY:
      return pg_param_encode_record (types, item, expected, format, depth + 1, out, error);
    case PG_PARAM_NULL:
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_INTEGER:
    case PG_PARAM_DOUBLE:
    case PG_PARAM_TEXT:
    case PG_PARAM_BYTES:
    case PG_PARAM_BINARY:
    case PG_PARAM_VALUE:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_VARIANT:
    default:
      return pg_codec_encode (types, format == PG_FORMAT_BINARY && expected != 0 ? expected : item->type, pg_param_peek_value (item, &storage), format,
                              out, error);
    }
}

gboolean
pg_param_encode_group (const PgTypeTable *types,
                       const PgParam *param,
                       guint32 expected,
                       PgFormatRequest request,
                       GString *out,
                       guint32 *type,
                       PgFormat *format,
                       GError **error)
{
  switch (param->kind)
    {
    case PG_PARAM_FIXED_ARRAY:
      *type = pg_codec_lookup (param->type)->array;
      *format = request == PG_REQUEST_TEXT ? PG_FORMAT_TEXT : PG_FORMAT_BINARY;
      return pg_fixed_array_encode (param, *format, out, error);

    case PG_PARAM_ARRAY:
      return pg_param_encode_array (types, param, expected, request, 1, out, type, format, error);

    default:
      *type = pg_param_get_type (types, param, expected);
      *format = request == PG_REQUEST_BINARY || (request == PG_REQUEST_AUTO && *type != 0 && pg_param_suits_binary (types, param, *type, 0))
                  ? PG_FORMAT_BINARY
                  : PG_FORMAT_TEXT;
      /* A cast says what the server will make of it. */
      if (*format == PG_FORMAT_BINARY && *type == 0)
        *type = expected;
      if (*format == PG_FORMAT_BINARY && *type == 0 && param->kind == PG_PARAM_RECORD)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("a record of no type cannot be sent in binary format ('%%b')"));
          return FALSE;
        }
      return pg_param_encode_record (types, param, expected, *format, 1, out, error);
    }
}
