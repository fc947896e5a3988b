/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-param-group-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-quoted-private.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>

/* Records and dictionaries made of items. See "Composite Types" and "hstore" in the PostgreSQL manual, and record_recv() in its source. */

/* NULL for a type that is not known to be composite, or had not as many fields when it was fetched. */
static const PgTypeInfo *
get_composite (const PgTypeTable *types,
               guint32 type,
               guint n_fields)
{
  const PgCodec *codec = pg_param_lookup_base (types, type);
  const PgTypeInfo *info = codec != NULL && codec->ops == &pg_codec_ops_composite ? pg_type_table_get_info (types, codec->oid) : NULL;

  return info != NULL && info->n_fields == n_fields ? info : NULL;
}

static gboolean
encode_fields (const PgTypeTable *types,
               const PgTypeInfo *info,
               const PgParam *const *items,
               guint n_items,
               PgFormat format,
               guint depth,
               GString *out,
               GError **error)
{
  g_autoptr (GString) scratch = g_string_new (NULL);

  if (format == PG_FORMAT_TEXT)
    g_string_append_c (out, '(');
  else
    pg_put_uint32 (out, n_items);
  for (guint i = 0; i < n_items; i++)
    {
      const PgParam *item = items[i];
      const gboolean is_null = item->kind == PG_PARAM_NULL;
      guint32 type = info != NULL ? info->fields[i].type : 0;

      g_string_truncate (scratch, 0);
      if (format == PG_FORMAT_TEXT)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          if (!is_null && !pg_param_encode_item (types, item, type, format, depth, scratch, error))
            return FALSE;
          if (!is_null && !pg_quoted_append (out, scratch->str, "(),"))
            {
              g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value is too large: %zu bytes"), out->len + scratch->len);
              return FALSE;
            }
        }
      else
        {
          if (type == 0)
            type = pg_param_get_type (types, item, 0);
          if (type == 0)
            {
              g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                           _("a record with a field of no type cannot be sent in binary format ('%%b')"));
              return FALSE;
            }
          if (!is_null && !pg_param_encode_item (types, item, type, format, depth, scratch, error))
            return FALSE;
          pg_put_uint32 (out, type);
          pg_put_uint32 (out, is_null ? G_MAXUINT32 : (guint32) scratch->len);
          g_string_append_len (out, scratch->str, (gssize) scratch->len);
        }
      if (!pg_param_check_size (out, error))
        return FALSE;
    }
  if (format == PG_FORMAT_TEXT)
    g_string_append_c (out, ')');
  return TRUE;
}

static const PgParam **
list_items (const PgParam *record)
{
  const GArray *items = record->value.group->items;
  const PgParam **list = g_new (const PgParam *, items->len + 1);

  for (guint i = 0; i < items->len; i++)
    list[i] = &g_array_index (items, PgParam, i);
  return list;
}

/* Those of a dictionary in the order of the fields. */
static const PgParam **
list_fields (const PgParam *dictionary,
             const PgTypeInfo *info,
             GError **error)
{
  const GArray *items = dictionary->value.group->items;
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree const PgParam **list = g_new (const PgParam *, info->n_fields + 1);

  for (guint i = 0; i < items->len; i++)
    {
      const PgParam *item = &g_array_index (items, PgParam, i);

      if (!g_hash_table_insert (by_name, item->name, (gpointer) item))
        {
          g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("a dictionary has the key “%s” twice"), item->name);
          return NULL;
        }
    }
  for (guint i = 0; i < info->n_fields; i++)
    {
      list[i] = g_hash_table_lookup (by_name, info->fields[i].name);
      if (list[i] == NULL)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("a dictionary has no value for the field “%s” of the type %s"), info->fields[i].name,
                       info->sql_name);
          return NULL;
        }
      g_hash_table_remove (by_name, info->fields[i].name);
    }
  if (g_hash_table_size (by_name) > 0)
    {
      GHashTableIter iter;
      gpointer name = NULL;

      g_hash_table_iter_init (&iter, by_name);
      g_hash_table_iter_next (&iter, &name, NULL);
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("a dictionary has a value for “%s”, which is no field of the type %s"), (const char *) name,
                   info->sql_name);
      return NULL;
    }
  return g_steal_pointer (&list);
}

static gboolean
encode_hstore (const PgTypeTable *types,
               const PgParam *dictionary,
               guint32 type,
               PgFormat format,
               GString *out,
               GError **error)
{
  const GArray *items = dictionary->value.group->items;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sms}"));
  g_auto (GValue) value = G_VALUE_INIT;

  for (guint i = 0; i < items->len; i++)
    {
      const PgParam *item = &g_array_index (items, PgParam, i);

      if (item->kind != PG_PARAM_TEXT && item->kind != PG_PARAM_NULL)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value of the key “%s” of an hstore is not text; JSON is sent with pg_params_add_jsonb(), Pg.Jsonb() in Python and Pg.jsonb() in JavaScript"),
                       item->name);
          return FALSE;
        }
      g_variant_builder_add (&builder, "{sms}", item->name, item->kind == PG_PARAM_TEXT ? item->value.text : NULL);
    }
  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, g_variant_builder_end (&builder));
  return pg_codec_encode (types, type, &value, format, out, error);
}

static gboolean
encode_dictionary (const PgTypeTable *types,
                   const PgParam *dictionary,
                   guint32 expected,
                   PgFormat format,
                   guint depth,
                   GString *out,
                   GError **error)
{
  guint32 type = dictionary->value.group->type != 0 ? dictionary->value.group->type : expected;
  const PgCodec *codec = pg_param_lookup_base (types, type);
  g_autofree const PgParam **items = NULL;
  const PgTypeInfo *info;

  if (type == 0)
    codec = pg_param_lookup_base (types, pg_param_get_type (types, dictionary, 0));
  if (codec != NULL && codec->ops == &pg_codec_ops_hstore)
    return encode_hstore (types, dictionary, codec->oid, format, out, error);
  if (codec == NULL || codec->ops != &pg_codec_ops_composite)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                           _("a dictionary cannot be sent, as neither hstore nor a composite type that it is cast to is known: fetch the type first; JSON "
                             "is sent with pg_params_add_jsonb(), Pg.Jsonb() in Python and Pg.jsonb() in JavaScript"));
      return FALSE;
    }
  info = pg_type_table_get_info (types, codec->oid);
  items = list_fields (dictionary, info, error);
  return items != NULL && encode_fields (types, info, items, info->n_fields, format, depth, out, error);
}

gboolean
pg_param_encode_record (const PgTypeTable *types,
                        const PgParam *record,
                        guint32 expected,
                        PgFormat format,
                        guint depth,
                        GString *out,
                        GError **error)
{
  const PgParamGroup *group = record->value.group;
  const PgCodec *codec = pg_param_lookup_base (types, group->type);
  g_autofree const PgParam **items = NULL;

  if (record->kind == PG_PARAM_DICTIONARY)
    return encode_dictionary (types, record, expected, format, depth, out, error);
  if (codec != NULL && codec->ops != &pg_codec_ops_composite && codec->ops != &pg_codec_ops_record)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("a record cannot be sent as %s"), codec->name);
      return FALSE;
    }
  items = list_items (record);
  return encode_fields (types, get_composite (types, group->type != 0 ? group->type : expected, group->items->len), items, group->items->len, format,
                        depth, out, error);
}

static gboolean
suits_integer (const PgParam *item,
               guint32 type)
{
  const gint64 value = item->value.integer;

  switch (type)
    {
    case PG_OID_INT2:
      return value >= G_MININT16 && value <= G_MAXINT16;
    case PG_OID_INT4:
      return value >= G_MININT32 && value <= G_MAXINT32;
    case PG_OID_INT8:
    case PG_OID_NUMERIC:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
suits_fields (const PgTypeTable *types,
              const PgParam *record,
              guint32 type,
              guint depth)
{
  const GArray *items = record->value.group->items;
  const PgTypeInfo *info = get_composite (types, type, items->len);
  g_autofree const PgParam **list = NULL;

  if (info == NULL || (record->value.group->type != 0 && record->value.group->type != type))
    return FALSE;
  list = record->kind == PG_PARAM_DICTIONARY ? list_fields (record, info, NULL) : list_items (record);
  for (guint i = 0; list != NULL && i < info->n_fields; i++)
    if (!pg_param_suits_binary (types, list[i], info->fields[i].type, depth + 1))
      return FALSE;
  return list != NULL;
}

gboolean
pg_param_suits_binary (const PgTypeTable *types,
                       const PgParam *item,
                       guint32 type,
                       guint depth)
{
  const PgCodec *base = pg_param_lookup_base (types, type);
  const GArray *items;
  guint32 own;

  if (depth > PG_MAX_NESTING || !pg_codec_can_encode_binary (types, type))
    return FALSE;
  switch (item->kind)
    {
    case PG_PARAM_NULL:
      return TRUE;
    case PG_PARAM_TEXT:
      /* What text of any other type is, the server knows best. */
      return item->type == 0 && (base->oid == PG_OID_TEXT || base->oid == PG_OID_VARCHAR || base->oid == PG_OID_BPCHAR ||
                                 base->ops == &pg_codec_ops_enum || (base->ops == &pg_codec_ops_text && pg_codec_lookup (base->oid) == NULL));
    case PG_PARAM_INTEGER:
      return suits_integer (item, base->oid);
    case PG_PARAM_ARRAY:
      items = item->value.group->items;
      if (base->element == 0 || (item->value.group->type != 0 && item->value.group->type != base->element))
        return FALSE;
      for (guint i = 0; i < items->len; i++)
        {
          const PgParam *element = &g_array_index (items, PgParam, i);

          if (!pg_param_suits_binary (types, element, element->kind == PG_PARAM_ARRAY ? type : base->element, depth + 1))
            return FALSE;
        }
      return TRUE;
    case PG_PARAM_RECORD:
      return suits_fields (types, item, type, depth);
    case PG_PARAM_DICTIONARY:
      return base->ops == &pg_codec_ops_hstore || suits_fields (types, item, type, depth);
    case PG_PARAM_VALUE:
      if (G_VALUE_HOLDS (&item->value.value, PG_TYPE_INTERVAL) && pg_interval_is_infinite (g_value_get_boxed (&item->value.value)))
        return FALSE;
      if (G_VALUE_HOLDS (&item->value.value, PG_TYPE_ARRAY) || G_VALUE_HOLDS (&item->value.value, PG_TYPE_RECORD) ||
          G_VALUE_HOLDS (&item->value.value, PG_TYPE_RANGE) || G_VALUE_HOLDS (&item->value.value, PG_TYPE_MULTIRANGE))
        {
          g_autoptr (GString) trial = g_string_new (NULL);

          own = pg_param_get_type (types, item, 0);
          return (own == type || own == base->oid) && pg_codec_encode (types, type, &item->value.value, PG_FORMAT_BINARY, trial, NULL);
        }
      G_GNUC_FALLTHROUGH;
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_DOUBLE:
    case PG_PARAM_BYTES:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_BINARY:
    case PG_PARAM_VARIANT:
    default:
      own = pg_param_get_type (types, item, 0);
      return own == type || own == base->oid;
    }
}
