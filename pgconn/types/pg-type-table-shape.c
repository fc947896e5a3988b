/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-type-table-private.h>

/* What is asked of a type, without a value. Nothing keeps a server from telling of types that are made of themselves. */

static gboolean
has_binary (const PgTypeTable *self, guint32 type, guint depth)
{
  const PgCodec *codec = pg_type_table_lookup (self, type);

  if (codec == NULL || codec->ops == NULL || codec->ops->text_only || depth > PG_WIRE_MAX_DEPTH)
    return FALSE;
  if (codec->ops == &pg_codec_ops_domain)
    return has_binary (self, codec->subtype, depth + 1);
  return codec->element == 0 || has_binary (self, codec->element, depth + 1);
}

gboolean
pg_type_table_has_binary (const PgTypeTable *self, guint32 type)
{
  return has_binary (self, type, 0);
}

/* budget: of types that are looked at. A few types with many fields of each other can be more than anybody can count. */
static guint8
get_plain (const PgTypeTable *self, guint32 type, guint depth, guint *budget)
{
  const PgCodec *codec = pg_type_table_lookup (self, type);
  const PgTypeInfo *info;
  guint8 plain = 0;

  if (codec == NULL || codec->ops == NULL || codec->ops->text_only || codec->ops == &pg_codec_ops_record || depth > PG_WIRE_MAX_DEPTH ||
      *budget == 0)
    return PG_WIRE_PLAIN_NEVER;
  --*budget;
  /* Somebody's own function reads one of the two. */
  if ((pg_type_table_get_loader (self, type, PG_FORMAT_TEXT) == NULL) != (pg_type_table_get_loader (self, type, PG_FORMAT_BINARY) == NULL))
    return PG_WIRE_PLAIN_NEVER;
  if (codec->element != 0)
    return get_plain (self, codec->element, depth + 1, budget);
  if (codec->subtype != 0)
    return get_plain (self, codec->subtype, depth + 1, budget);
  if (codec->ops != &pg_codec_ops_composite)
    return codec->ops->plain;
  info = pg_type_table_get_info (self, type);
  for (guint i = 0; i < info->n_fields && (plain & PG_WIRE_PLAIN_NEVER) == 0; i++)
    plain |= get_plain (self, info->fields[i].type, depth + 1, budget);
  return plain;
}

guint8
pg_type_table_get_plain (const PgTypeTable *self, guint32 type)
{
  guint budget = 10000;

  return get_plain (self, type, 0, &budget);
}

gboolean
pg_type_table_suits_auto (const PgTypeTable *self, guint32 type)
{
  return (pg_type_table_get_plain (self, type) & PG_WIRE_PLAIN_NEVER) == 0;
}

static gboolean
has_loader (const PgTypeTable *self, guint32 type, PgFormat format, guint depth, guint *budget)
{
  const PgCodec *codec = pg_type_table_lookup (self, type);
  const PgTypeInfo *info;

  if (depth > PG_WIRE_MAX_DEPTH || *budget == 0)
    return TRUE;
  --*budget;
  if (pg_type_table_get_loader (self, type, format) != NULL)
    return TRUE;
  if (codec == NULL || codec->ops == NULL)
    return FALSE;
  if (codec->ops == &pg_codec_ops_enum)
    return TRUE;
  /* In binary each value tells the types of its fields, in text nothing does. */
  if (codec->ops == &pg_codec_ops_record)
    return format == PG_FORMAT_BINARY;
  if (codec->element != 0)
    return has_loader (self, codec->element, format, depth + 1, budget);
  if (codec->subtype != 0)
    return has_loader (self, codec->subtype, format, depth + 1, budget);
  if (codec->ops != &pg_codec_ops_composite)
    return FALSE;
  info = pg_type_table_get_info (self, type);
  for (guint i = 0; i < info->n_fields; i++)
    if (has_loader (self, info->fields[i].type, format, depth + 1, budget))
      return TRUE;
  return FALSE;
}

gboolean
pg_type_table_has_loader (const PgTypeTable *self, guint32 type, PgFormat format)
{
  guint budget = 1000;

  return pg_type_table_has_any_loader (self, format) && has_loader (self, type, format, 0, &budget);
}

GType
pg_type_table_get_value_type (const PgTypeTable *self, guint32 type)
{
  const PgCodec *codec = pg_type_table_lookup (self, type);

  for (guint depth = 0; codec != NULL && codec->ops == &pg_codec_ops_domain && depth < PG_WIRE_MAX_DEPTH; depth++)
    codec = pg_type_table_lookup (self, codec->subtype);
  return codec != NULL && codec->ops != NULL && codec->ops->get_value_type != NULL ? codec->ops->get_value_type () : G_TYPE_STRING;
}

#define MAX_VARIANT_TYPE 4096

/* FALSE if it is too long, or of types that are made of themselves. */
static gboolean
append_variant_type (const PgTypeTable *self, guint32 type, GString *string, guint depth)
{
  const PgCodec *codec = pg_type_table_lookup (self, type);
  const PgTypeInfo *info;

  if (depth > PG_WIRE_MAX_DEPTH || string->len > MAX_VARIANT_TYPE)
    return FALSE;
  if (codec == NULL || codec->ops == NULL)
    g_string_append_c (string, 's');
  else if (codec->element != 0)
    {
      g_string_append (string, "am");
      return append_variant_type (self, codec->element, string, depth + 1);
    }
  else if (codec->ops == &pg_codec_ops_domain)
    return append_variant_type (self, codec->subtype, string, depth + 1);
  else if (codec->ops == &pg_codec_ops_composite)
    {
      info = pg_type_table_get_info (self, type);
      g_string_append_c (string, '(');
      for (guint i = 0; i < info->n_fields; i++)
        {
          g_string_append_c (string, 'm');
          if (!append_variant_type (self, info->fields[i].type, string, depth + 1))
            return FALSE;
        }
      g_string_append_c (string, ')');
    }
  else
    g_string_append (string, codec->ops->variant_type != NULL ? codec->ops->variant_type : "s");
  return TRUE;
}

GVariantType *
pg_type_table_dup_variant_type (const PgTypeTable *self, guint32 type)
{
  g_autoptr (GString) string = g_string_new (NULL);

  return append_variant_type (self, type, string, 0) ? g_variant_type_new (string->str) : NULL;
}
