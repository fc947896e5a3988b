/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-quoted-private.h>
#include <pgconn/types/pg-record-private.h>
#include <pgconn/types/pg-type-table-private.h>

#define WIRE_HEADER 4
#define WIRE_FIELD 8

void
pg_record_parts_clear (PgRecordParts *self)
{
  g_clear_pointer (&self->fields, g_free);
  g_clear_pointer (&self->storage, g_ptr_array_unref);
}

static PgWireValue
make_field (const PgWireValue *record, guint32 type, gint32 modifier)
{
  return (PgWireValue){
    .type = type,
    .modifier = modifier,
    .format = record->format,
    .session = record->session,
    .depth = (guint8) (record->depth + 1),
    .plain = record->plain,
    .types = record->types,
  };
}

static gboolean
parse_text (const PgWireValue *value, const PgTypeInfo *info, GArray *fields, GPtrArray *storage, GError **error)
{
  const char *at = (const char *) value->data;
  const char *end = at + value->length;

  if (at == end || *at != '(')
    return pg_codec_fail (value, _("it does not begin with a parenthesis"), error);
  do
    {
      gboolean is_absent = FALSE;
      g_autofree char *text = NULL;
      PgWireValue field = make_field (value, 0, -1);

      at++;
      text = pg_quoted_read (&at, end, ",)", &is_absent);
      if (text == NULL)
        return pg_codec_fail (value, _("a field of it does not end"), error);
      if (info != NULL && fields->len < info->n_fields)
        {
          field.type = info->fields[fields->len].type;
          field.modifier = info->fields[fields->len].modifier;
        }
      if (!is_absent)
        {
          field.length = strlen (text);
          field.data = (const guint8 *) text;
          g_ptr_array_add (storage, g_steal_pointer (&text));
        }
      g_array_append_val (fields, field);
    }
  while (*at == ',');
  return at + 1 == end || pg_codec_fail (value, _("there is something after it"), error);
}

/* The number of fields; each is the OID of its type, its length, or -1 for NULL, and itself. */
static gboolean
parse_binary (const PgWireValue *value, GArray *fields, GError **error)
{
  const guint8 *at = value->data;
  const guint8 *end = at + value->length;
  guint32 n;

  if (value->length < WIRE_HEADER)
    return pg_codec_fail (value, _("its length is wrong"), error);
  n = pg_wire_get_uint32 (at);
  at += WIRE_HEADER;
  for (guint32 i = 0; i < n; i++)
    {
      PgWireValue field;
      gint32 length;

      if (end - at < WIRE_FIELD)
        return pg_codec_fail (value, _("its length is wrong"), error);
      field = make_field (value, pg_wire_get_uint32 (at), -1);
      length = (gint32) pg_wire_get_uint32 (at + 4);
      at += WIRE_FIELD;
      if (length < -1 || length > end - at)
        return pg_codec_fail (value, _("the length of a field is wrong"), error);
      if (length >= 0)
        {
          field.data = at;
          field.length = (gsize) length;
          at += length;
        }
      g_array_append_val (fields, field);
    }
  return at == end || pg_codec_fail (value, _("its length is wrong"), error);
}

static const PgTypeInfo *
get_composite_info (const PgWireValue *value)
{
  const PgTypeInfo *info = pg_type_table_get_info (value->types, value->type);

  return info != NULL && info->kind == PG_TYPE_KIND_COMPOSITE ? info : NULL;
}

gboolean
pg_record_parse_parts (const PgWireValue *value, PgRecordParts *parts, GError **error)
{
  const PgTypeInfo *info = get_composite_info (value);
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (PgWireValue));
  GPtrArray *storage = g_ptr_array_new_with_free_func (g_free);
  gboolean ok;

  ok = value->format == PG_FORMAT_TEXT ? pg_codec_check_text (value, value->data, value->length, error) && parse_text (value, info, fields, storage, error)
                                       : parse_binary (value, fields, error);
  /* The text of a type without fields is that of one with a field that is NULL. */
  if (ok && info != NULL && info->n_fields == 0 && fields->len == 1 && g_array_index (fields, PgWireValue, 0).data == NULL)
    g_array_set_size (fields, 0);
  if (ok && info != NULL && info->n_fields != fields->len)
    ok = pg_codec_fail (value, _("its fields are not those that the type had when it was fetched"), error);

  parts->n_fields = fields->len;
  parts->fields = (PgWireValue *) (gpointer) g_array_free (fields, FALSE);
  parts->storage = storage;
  if (!ok)
    pg_record_parts_clear (parts);
  return ok;
}

static gpointer
record_to_boxed (const PgWireValue *value, GError **error)
{
  return pg_record_read (value, error);
}

static char *
record_binary_to_text (const PgWireValue *value, GError **error)
{
  g_auto (PgRecordParts) parts = { 0 };
  g_autoptr (GString) text = g_string_new ("(");

  if (!pg_record_parse_parts (value, &parts, error))
    return NULL;
  for (guint i = 0; i < parts.n_fields; i++)
    {
      const PgWireValue *field = &parts.fields[i];
      const gboolean has_text = pg_type_table_has_binary (field->types, field->type);
      g_autofree char *field_text = field->data != NULL && has_text ? pg_codec_to_text (field, error) : NULL;

      if (i > 0)
        g_string_append_c (text, ',');
      if (field->data == NULL)
        continue;
      if (has_text && field_text == NULL)
        return NULL;
      if (!has_text || !pg_quoted_append (text, field_text, "(),"))
        {
          pg_codec_fail (value, _("a field of it has no text: the binary form of its type is not known, or it is too long"), error);
          return NULL;
        }
    }
  g_string_append_c (text, ')');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const PgCodecOps pg_codec_ops_record = {
  .get_value_type = pg_record_get_type,
  .variant_type = "s",
  .to_boxed = record_to_boxed,
  .binary_to_text = record_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode_nested = pg_encode_record,
};

/* A tuple of maybes, one for each field. */
static GVariant *
composite_to_variant (const PgWireValue *value, GError **error)
{
  g_auto (PgRecordParts) parts = { 0 };
  const PgTypeInfo *info = pg_type_table_get_info (value->types, value->type);
  g_autoptr (GPtrArray) children = NULL;

  if (!pg_record_parse_parts (value, &parts, error))
    return NULL;

  children = g_ptr_array_new_full (parts.n_fields, (GDestroyNotify) g_variant_unref);
  for (guint i = 0; i < parts.n_fields; i++)
    {
      const PgWireValue *field = &parts.fields[i];
      GVariant *child = NULL;
      g_autoptr (GVariantType) type = NULL;

      /* A record in binary tells the types of its fields. */
      if (field->type != info->fields[i].type)
        {
          pg_codec_fail (value, _("its fields are not those that the type had when it was fetched"), error);
          return NULL;
        }
      if (field->data != NULL)
        {
          child = pg_codec_to_variant (field, error);
          if (child == NULL)
            return NULL;
        }
      else
        {
          type = pg_type_table_dup_variant_type (value->types, field->type);
          if (type == NULL)
            {
              pg_codec_fail (value, _("the type of a field of it has too many parts"), error);
              return NULL;
            }
        }
      g_ptr_array_add (children, g_variant_ref_sink (g_variant_new_maybe (type, child)));
    }
  return g_variant_new_tuple ((GVariant *const *) children->pdata, children->len);
}

const PgCodecOps pg_codec_ops_composite = {
  .get_value_type = pg_record_get_type,
  .to_boxed = record_to_boxed,
  .binary_to_text = record_binary_to_text,
  .to_variant = composite_to_variant,
  .to_value = pg_codec_boxed_to_value,
  .encode_nested = pg_encode_composite,
};
