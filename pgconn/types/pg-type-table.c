/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-type-table-private.h>

#include <string.h>

typedef struct
{
  PgCodec codec; /* first: what is looked up is a PgCodec */
  gatomicrefcount ref_count;
  PgTypeInfo *info; /* NULL: of the array type of another */
  char *name;
} Entry;

struct _PgTypeTable
{
  gatomicrefcount ref_count;
  GHashTable *entries; /* OID -> Entry, with a reference */
  GHashTable *names;   /* every name of a type that has an info -> OID */
};

static Entry *
entry_new (guint32 oid, const char *name, char delimiter, const PgCodecOps *ops)
{
  Entry *entry = g_new0 (Entry, 1);

  g_atomic_ref_count_init (&entry->ref_count);
  entry->name = g_strdup (name);
  entry->codec.name = entry->name;
  entry->codec.oid = oid;
  entry->codec.delimiter = delimiter;
  entry->codec.ops = ops;
  return entry;
}

static gpointer
entry_ref (gpointer data)
{
  g_atomic_ref_count_inc (&((Entry *) data)->ref_count);
  return data;
}

static void
entry_unref (gpointer data)
{
  Entry *entry = data;

  if (!g_atomic_ref_count_dec (&entry->ref_count))
    return;
  g_clear_pointer (&entry->info, pg_type_info_unref);
  g_free (entry->name);
  g_free (entry);
}

static PgTypeTable *
make (void)
{
  PgTypeTable *self = g_new0 (PgTypeTable, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, entry_unref);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

PgTypeTable *
pg_type_table_ref (PgTypeTable *self)
{
  if (self != NULL)
    g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_type_table_unref (PgTypeTable *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->entries);
  g_free (self);
}

PgTypeTable *
pg_type_table_make_own (PgTypeTable *self)
{
  PgTypeTable *copy;
  GHashTableIter iter;
  gpointer key, value;

  if (self != NULL && g_atomic_ref_count_compare (&self->ref_count, 1))
    return self;
  copy = make ();
  if (self == NULL)
    return copy;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy->entries, key, entry_ref (value));
  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy->names, g_strdup (key), value);
  pg_type_table_unref (self);
  return copy;
}

static Entry *
get_entry (const PgTypeTable *self, guint32 oid)
{
  return self != NULL ? g_hash_table_lookup (self->entries, GUINT_TO_POINTER (oid)) : NULL;
}

static void
add_entry (PgTypeTable *self, Entry *entry)
{
  g_hash_table_replace (self->entries, GUINT_TO_POINTER (entry->codec.oid), entry);
}

/* A base type is one of an extension, or of somebody who writes his own. Its text is its text; its binary form is known for those that the name of
 * the function that sends it tells. */
static const PgCodecOps *
get_base_ops (const PgTypeInfo *info)
{
  static const struct
  {
    const char *send;
    const PgCodecOps *ops;
  } known[] = {
    { "citextsend", &pg_codec_ops_text },     { "textsend", &pg_codec_ops_text },        { "hstore_send", &pg_codec_ops_hstore },
    { "ltree_send", &pg_codec_ops_versioned }, { "lquery_send", &pg_codec_ops_versioned }, { "ltxtq_send", &pg_codec_ops_versioned },
  };

  for (guint i = 0; info->send_function != NULL && i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (info->send_function, known[i].send))
      return known[i].ops;
  return NULL;
}

static const PgCodecOps *
get_ops (const PgTypeInfo *info)
{
  switch (info->kind)
    {
    case PG_TYPE_KIND_ENUM:
      return &pg_codec_ops_text;
    case PG_TYPE_KIND_DOMAIN:
      return &pg_codec_ops_domain;
    case PG_TYPE_KIND_COMPOSITE:
      return &pg_codec_ops_composite;
    case PG_TYPE_KIND_ARRAY:
      return &pg_codec_ops_array;
    case PG_TYPE_KIND_RANGE:
      return &pg_codec_ops_range;
    case PG_TYPE_KIND_MULTIRANGE:
      return &pg_codec_ops_multirange;
    case PG_TYPE_KIND_BASE:
      return get_base_ops (info);
    case PG_TYPE_KIND_PSEUDO:
    default:
      return NULL;
    }
}

static char *
make_full_name (const PgTypeInfo *info)
{
  return g_strconcat (info->schema, ".", info->name, NULL);
}

static void
forget_names (PgTypeTable *self, const PgTypeInfo *info)
{
  g_autofree char *full = make_full_name (info);
  const char *const names[] = { info->name, info->sql_name, full };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (GPOINTER_TO_UINT (g_hash_table_lookup (self->names, names[i])) == info->oid)
      g_hash_table_remove (self->names, names[i]);
}

static void
forget (PgTypeTable *self, guint32 oid)
{
  Entry *entry = get_entry (self, oid);

  if (entry == NULL)
    return;
  if (entry->info != NULL)
    {
      const Entry *array = get_entry (self, entry->info->array_oid);

      if (array != NULL && array->info == NULL)
        g_hash_table_remove (self->entries, GUINT_TO_POINTER (entry->info->array_oid));
      forget_names (self, entry->info);
    }
  g_hash_table_remove (self->entries, GUINT_TO_POINTER (oid));
}

void
pg_type_table_add (PgTypeTable *self, PgTypeInfo *info)
{
  g_autofree char *full = make_full_name (info);
  const guint32 former = GPOINTER_TO_UINT (g_hash_table_lookup (self->names, full));
  Entry *entry = entry_new (info->oid, info->sql_name, info->delimiter, get_ops (info));

  if (former != 0 && former != info->oid)
    forget (self, former);
  forget (self, info->oid);

  entry->info = pg_type_info_ref (info);
  switch (info->kind)
    {
    case PG_TYPE_KIND_DOMAIN:
      entry->codec.subtype = info->base;
      break;
    case PG_TYPE_KIND_ARRAY:
      entry->codec.element = info->element;
      break;
    case PG_TYPE_KIND_RANGE:
    case PG_TYPE_KIND_MULTIRANGE:
      entry->codec.subtype = info->element;
      break;
    case PG_TYPE_KIND_BASE:
    case PG_TYPE_KIND_ENUM:
    case PG_TYPE_KIND_COMPOSITE:
    case PG_TYPE_KIND_PSEUDO:
    default:
      break;
    }
  entry->codec.array = info->array_oid;
  add_entry (self, entry);

  if (info->array_oid != 0 && info->array_oid != info->oid && get_entry (self, info->array_oid) == NULL)
    {
      g_autofree char *array_name = g_strconcat (info->sql_name, "[]", NULL);
      Entry *array = entry_new (info->array_oid, array_name, ',', &pg_codec_ops_array);

      array->codec.element = info->oid;
      add_entry (self, array);
    }

  g_hash_table_replace (self->names, g_strdup (info->name), GUINT_TO_POINTER (info->oid));
  g_hash_table_replace (self->names, g_strdup (info->sql_name), GUINT_TO_POINTER (info->oid));
  g_hash_table_replace (self->names, g_steal_pointer (&full), GUINT_TO_POINTER (info->oid));
}

PgTypeInfo *
pg_type_table_get_info (const PgTypeTable *self, guint32 type)
{
  const Entry *entry = get_entry (self, type);

  return entry != NULL ? entry->info : NULL;
}

PgTypeInfo *
pg_type_table_get_info_by_name (const PgTypeTable *self, const char *name)
{
  return self != NULL ? pg_type_table_get_info (self, GPOINTER_TO_UINT (g_hash_table_lookup (self->names, name))) : NULL;
}

const PgCodec *
pg_type_table_lookup_own (const PgTypeTable *self, guint32 type)
{
  const Entry *entry = get_entry (self, type);

  return entry != NULL ? &entry->codec : NULL;
}

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
static gboolean
suits_auto (const PgTypeTable *self, guint32 type, guint depth, guint *budget)
{
  const PgCodec *codec = pg_type_table_lookup (self, type);
  const PgTypeInfo *info;

  if (codec == NULL || codec->ops == NULL || codec->ops->text_only || codec->ops == &pg_codec_ops_record || depth > PG_WIRE_MAX_DEPTH ||
      *budget == 0)
    return FALSE;
  --*budget;
  if (codec->element != 0)
    return suits_auto (self, codec->element, depth + 1, budget);
  if (codec->subtype != 0)
    return suits_auto (self, codec->subtype, depth + 1, budget);
  if (codec->ops != &pg_codec_ops_composite)
    return TRUE;
  info = pg_type_table_get_info (self, type);
  for (guint i = 0; i < info->n_fields; i++)
    if (!suits_auto (self, info->fields[i].type, depth + 1, budget))
      return FALSE;
  return TRUE;
}

gboolean
pg_type_table_suits_auto (const PgTypeTable *self, guint32 type)
{
  guint budget = 10000;

  return suits_auto (self, type, 0, &budget);
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
