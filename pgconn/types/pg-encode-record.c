/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-enum-private.h>
#include <pgconn/types/pg-quoted-private.h>
#include <pgconn/types/pg-record-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* Records, composite types, domains and enums. */

gboolean
pg_encode_enum (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgTypeInfo *info = pg_type_table_get_info (types, codec->oid);
  const char *label = NULL;

  if (G_VALUE_HOLDS_STRING (value))
    {
      g_string_append (out, g_value_get_string (value));
      return TRUE;
    }
  if (!G_VALUE_HOLDS_ENUM (value))
    return pg_encode_fail_type (codec, value, format, error);
  if (info != NULL && info->labels != NULL)
    {
      GEnumClass *klass = g_type_class_ref (G_VALUE_TYPE (value));
      const GEnumValue *member = g_enum_get_value (klass, g_value_get_enum (value));

      label = member != NULL ? pg_enum_get_label (info, member) : NULL;
      if (label != NULL)
        g_string_append (out, label);
      g_type_class_unref (klass);
    }
  return label != NULL || pg_encode_fail_range (codec, error);
}

gboolean
pg_encode_domain (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  /* Nothing keeps a server from telling of domains over each other. */
  for (guint depth = 0; codec != NULL && codec->ops == &pg_codec_ops_domain; depth++)
    {
      const PgCodec *base = pg_type_table_lookup (types, codec->subtype);

      if (base == NULL || depth > PG_WIRE_MAX_DEPTH)
        return pg_encode_fail_type (codec, value, format, error);
      codec = base;
    }
  return pg_codec_encode (types, codec->oid, value, format, out, error);
}

/* Of the values: the texts of the fields are as they came, in the form that the session had then. info: NULL if the type of the record is not known. */
static gboolean
put_text (const PgTypeTable *types, const char *name, const PgTypeInfo *info, const PgRecord *record, GString *out, GError **error)
{
  const PgCodec codec = { .name = name };
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_c (out, '(');
  for (guint i = 0; i < pg_record_get_n_fields (record); i++)
    {
      const guint32 type = info != NULL ? info->fields[i].type : pg_record_get_field_type (record, i);
      g_auto (GValue) field = G_VALUE_INIT;

      if (i > 0)
        g_string_append_c (out, ',');
      if (pg_record_is_null (record, i))
        continue;
      if (pg_record_get_bytes (record, i) != NULL && pg_record_get_text (record, i) == NULL)
        return pg_encode_fail_form (&codec, _("a field of it has no text: the binary form of its type is not known, or it is too long"), error);
      pg_record_get_plain_value (record, i, &field);
      g_string_truncate (text, 0);
      if (!pg_codec_encode (types, pg_type_table_lookup (types, type) != NULL ? type : 0, &field, PG_FORMAT_TEXT, text, error))
        return FALSE;
      if (!pg_quoted_append (out, text->str, "(),"))
        return pg_encode_fail_form (&codec, _("its text is too long"), error);
    }
  g_string_append_c (out, ')');
  return TRUE;
}

gboolean
pg_encode_record_text (const PgTypeTable *types, const GValue *value, GString *out, GError **error)
{
  return put_text (types, "record", NULL, g_value_get_boxed (value), out, error);
}

static gboolean
put_field (const PgTypeTable *types, guint32 type, const PgRecord *record, guint position, GString *out, GError **error)
{
  GBytes *bytes = pg_record_get_bytes (record, position);
  gsize at;

  pg_put_uint32 (out, type);
  if (pg_record_is_null (record, position))
    {
      pg_put_uint32 (out, G_MAXUINT32);
      return TRUE;
    }
  at = pg_put_length_begin (out);
  if (bytes != NULL)
    g_string_append_len (out, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  else
    {
      g_auto (GValue) field = G_VALUE_INIT;

      pg_record_get_plain_value (record, position, &field);
      if (!pg_codec_encode (types, type, &field, PG_FORMAT_BINARY, out, error))
        return FALSE;
    }
  pg_put_length_end (out, at);
  return TRUE;
}

gboolean
pg_encode_record (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgRecord *record;

  if (!G_VALUE_HOLDS (value, PG_TYPE_RECORD))
    return pg_encode_fail_type (codec, value, format, error);
  record = g_value_get_boxed (value);
  if (format == PG_FORMAT_TEXT)
    return put_text (types, codec->name, NULL, record, out, error);

  pg_put_uint32 (out, pg_record_get_n_fields (record));
  for (guint i = 0; i < pg_record_get_n_fields (record); i++)
    {
      if (pg_record_get_field_type (record, i) == 0)
        return pg_encode_fail_form (codec, _("the type of a field of it is not known"), error);
      if (!put_field (types, pg_record_get_field_type (record, i), record, i, out, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
pg_encode_composite (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgTypeInfo *info = pg_type_table_get_info (types, codec->oid);
  const PgRecord *record;

  if (!G_VALUE_HOLDS (value, PG_TYPE_RECORD))
    return pg_encode_fail_type (codec, value, format, error);
  record = g_value_get_boxed (value);
  if (pg_record_get_n_fields (record) != info->n_fields)
    return pg_encode_fail_form (codec, _("it has another number of fields than the type had when it was fetched"), error);
  if (format == PG_FORMAT_TEXT)
    return put_text (types, codec->name, info, record, out, error);

  pg_put_uint32 (out, info->n_fields);
  for (guint i = 0; i < info->n_fields; i++)
    if (!put_field (types, info->fields[i].type, record, i, out, error))
      return FALSE;
  return TRUE;
}
