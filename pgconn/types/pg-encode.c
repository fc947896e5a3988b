/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-type-table-private.h>

gboolean
pg_value_is_null (const GValue *value)
{
  return g_value_fits_pointer (value) && g_value_peek_pointer (value) == NULL;
}

gboolean
pg_value_get_integer (const GValue *value, PgInteger *out)
{
  guint64 magnitude;

  out->is_signed = TRUE;
  out->magnitude = 0;
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_CHAR:
      out->value = g_value_get_schar (value);
      return TRUE;
    case G_TYPE_UCHAR:
      out->value = g_value_get_uchar (value);
      return TRUE;
    case G_TYPE_INT:
      out->value = g_value_get_int (value);
      return TRUE;
    case G_TYPE_UINT:
      out->value = g_value_get_uint (value);
      return TRUE;
    case G_TYPE_LONG:
      out->value = g_value_get_long (value);
      return TRUE;
    case G_TYPE_INT64:
      out->value = g_value_get_int64 (value);
      return TRUE;
    case G_TYPE_ENUM:
      out->value = g_value_get_enum (value);
      return TRUE;
    case G_TYPE_FLAGS:
      out->value = g_value_get_flags (value);
      return TRUE;
    case G_TYPE_ULONG:
      magnitude = g_value_get_ulong (value);
      break;
    case G_TYPE_UINT64:
      magnitude = g_value_get_uint64 (value);
      break;
    default:
      return FALSE;
    }

  out->is_signed = magnitude <= G_MAXINT64;
  out->value = out->is_signed ? (gint64) magnitude : 0;
  out->magnitude = out->is_signed ? 0 : magnitude;
  return TRUE;
}

gboolean
pg_encode_fail_type (const PgCodec *codec, const GValue *value, PgFormat format, GError **error)
{
  if (format == PG_FORMAT_BINARY)
    g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("a value of the type %s cannot be sent as %s in binary format"),
                 G_VALUE_TYPE_NAME (value), codec->name);
  else
    g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("a value of the type %s cannot be sent as %s"), G_VALUE_TYPE_NAME (value),
                 codec->name);
  return FALSE;
}

gboolean
pg_encode_fail_range (const PgCodec *codec, GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("a value is out of the range of the type %s"), codec->name);
  return FALSE;
}

gboolean
pg_encode_fail_form (const PgCodec *codec, const char *reason, GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("a value cannot be sent as %s: %s"), codec->name, reason);
  return FALSE;
}

gboolean
pg_encode_boxed_text (const GValue *value, GString *out)
{
  g_auto (GValue) text = G_VALUE_INIT;

  g_value_init (&text, G_TYPE_STRING);
  if (!g_value_transform (value, &text) || g_value_get_string (&text) == NULL)
    return FALSE;
  g_string_append (out, g_value_get_string (&text));
  return TRUE;
}

gboolean
pg_encode_enum_nick (const GValue *value, GString *out)
{
  GEnumClass *enum_class = g_type_class_ref (G_VALUE_TYPE (value));
  const GEnumValue *member = g_enum_get_value (enum_class, g_value_get_enum (value));

  if (member != NULL)
    g_string_append (out, member->value_nick);
  g_type_class_unref (enum_class);
  return member != NULL;
}

void
pg_put_double (GString *out, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  pg_put_uint64 (out, bits);
}

gsize
pg_put_length_begin (GString *out)
{
  pg_put_uint32 (out, 0);
  return out->len;
}

void
pg_put_length_end (GString *out, gsize at)
{
  const guint32 ordered = GUINT32_TO_BE ((guint32) (out->len - at));

  memcpy (out->str + at - sizeof ordered, &ordered, sizeof ordered);
}

static gboolean
has_encoder (const PgCodec *codec)
{
  return codec != NULL && codec->ops != NULL && (codec->ops->encode != NULL || codec->ops->encode_nested != NULL);
}

static gboolean
call_encoder (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (codec->ops->encode_nested != NULL)
    return codec->ops->encode_nested (types, codec, value, format, out, error);
  return codec->ops->encode (codec, value, format, out, error);
}

/* A string in binary: a type whose values are strings here reads it itself, the others are asked for their value first. */
static gboolean
encode_string_binary (const PgTypeTable *types, const PgCodec *codec, const GValue *value, GString *out, GError **error)
{
  g_auto (GValue) native = G_VALUE_INIT;
  const char *text = g_value_get_string (value);
  const PgWireValue wire = {
    .data = (const guint8 *) text,
    .length = strlen (text),
    .type = codec->oid,
    .modifier = -1,
    .format = PG_FORMAT_TEXT,
    .types = types,
  };

  if (codec->element != 0 || codec->ops->get_value_type == NULL)
    return call_encoder (types, codec, value, PG_FORMAT_BINARY, out, error);
  return pg_codec_to_plain_value (&wire, &native, error) && call_encoder (types, codec, &native, PG_FORMAT_BINARY, out, error);
}

/* A string, an enum's nick, or the text of a boxed value whose type only the place where it stands tells. The binary form of the former is
 * that of text and of PostgreSQL's enums. */
static gboolean
encode_untyped (const PgTypeTable *types, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (G_VALUE_HOLDS_STRING (value))
    {
      g_string_append (out, g_value_get_string (value));
      return TRUE;
    }
  if (G_VALUE_HOLDS_ENUM (value))
    {
      if (pg_encode_enum_nick (value, out))
        return TRUE;
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("a value is none of the enum %s"), G_VALUE_TYPE_NAME (value));
      return FALSE;
    }
  if (format == PG_FORMAT_TEXT && (G_VALUE_HOLDS (value, PG_TYPE_RANGE) || G_VALUE_HOLDS (value, PG_TYPE_MULTIRANGE)))
    return pg_encode_range_text (types, value, out, error);
  if (format == PG_FORMAT_TEXT && G_VALUE_HOLDS (value, PG_TYPE_RECORD))
    return pg_encode_record_text (types, value, out, error);
  if (format == PG_FORMAT_TEXT && pg_encode_boxed_text (value, out))
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               format == PG_FORMAT_TEXT ? _("a value of the type %s has no text") : _("a value of the type %s cannot be sent in binary format"),
               G_VALUE_TYPE_NAME (value));
  return FALSE;
}

gboolean
pg_codec_encode (const PgTypeTable *types, guint32 type, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const gboolean is_string = G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)) == G_TYPE_STRING;
  const gsize start = out->len;
  const PgCodec *codec;
  gboolean ok;

  g_return_val_if_fail (!pg_value_is_null (value), FALSE);

  if (type == 0 && !pg_value_get_type_oid (types, value, &type, error))
    return FALSE;
  if (type == 0)
    {
      ok = encode_untyped (types, value, format, out, error);
      if (!ok)
        g_string_truncate (out, start);
      return ok;
    }
  codec = pg_type_table_lookup (types, type);
  if (format == PG_FORMAT_TEXT && is_string)
    {
      g_string_append (out, g_value_get_string (value));
      return TRUE;
    }

  if (!has_encoder (codec))
    {
      g_autofree char *name = NULL;

      if (format == PG_FORMAT_BINARY && G_VALUE_HOLDS (value, G_TYPE_BYTES))
        {
          gsize length;
          const char *data = g_bytes_get_data (g_value_get_boxed (value), &length);

          g_string_append_len (out, data, (gssize) length);
          return TRUE;
        }
      if (codec != NULL)
        return pg_encode_fail_type (codec, value, format, error);
      name = pg_codec_describe (types, type);
      return pg_encode_fail_type (&(const PgCodec){ .name = name, .oid = type }, value, format, error);
    }

  if (is_string)
    ok = encode_string_binary (types, codec, value, out, error);
  else
    ok = call_encoder (types, codec, value, format, out, error);
  if (!ok)
    g_string_truncate (out, start);
  return ok;
}

/* budget: of types that are looked at, as in pg-type-table-shape.c. */
static gboolean
can_encode_binary (const PgTypeTable *types, guint32 type, guint depth, guint *budget)
{
  const PgCodec *codec = pg_type_table_lookup (types, type);
  const PgTypeInfo *info;

  if (!has_encoder (codec) || codec->ops == &pg_codec_ops_record || depth > PG_WIRE_MAX_DEPTH || *budget == 0)
    return FALSE;
  --*budget;
  /* The server sends empty ones in binary, and does not take them. */
  if (codec->ops == &pg_codec_ops_int2vector || codec->ops == &pg_codec_ops_oidvector)
    return FALSE;
  if (codec->element != 0)
    return can_encode_binary (types, codec->element, depth + 1, budget);
  if (codec->subtype != 0)
    return can_encode_binary (types, codec->subtype, depth + 1, budget);
  if (codec->ops != &pg_codec_ops_composite)
    return TRUE;
  info = pg_type_table_get_info (types, type);
  for (guint i = 0; i < info->n_fields; i++)
    if (!can_encode_binary (types, info->fields[i].type, depth + 1, budget))
      return FALSE;
  return TRUE;
}

gboolean
pg_codec_can_encode_binary (const PgTypeTable *types, guint32 type)
{
  guint budget = 10000;

  return can_encode_binary (types, type, 0, &budget);
}
