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
  /* The rest is NULL until there is something in it. */
  GHashTable *loaders[2];  /* of each format: OID -> PgAdapter */
  GHashTable *dumpers;     /* GType -> PgAdapter */
  GHashTable *enums;       /* name of an enum with its schema -> GType */
  GHashTable *enum_names;  /* the other way round */
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
  g_clear_pointer (&self->loaders[0], g_hash_table_unref);
  g_clear_pointer (&self->loaders[1], g_hash_table_unref);
  g_clear_pointer (&self->dumpers, g_hash_table_unref);
  g_clear_pointer (&self->enums, g_hash_table_unref);
  g_clear_pointer (&self->enum_names, g_hash_table_unref);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->entries);
  g_free (self);
}

static void
add_enum (PgTypeTable *self, const char *name, GType type)
{
  const char *former_name;

  if (self->enums == NULL)
    {
      self->enums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      self->enum_names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    }
  former_name = g_hash_table_lookup (self->enum_names, GSIZE_TO_POINTER (GPOINTER_TO_SIZE (g_hash_table_lookup (self->enums, name))));
  if (former_name != NULL && g_str_equal (former_name, name))
    g_hash_table_remove (self->enum_names, g_hash_table_lookup (self->enums, name));
  g_hash_table_replace (self->enums, g_strdup (name), GSIZE_TO_POINTER (type));
  g_hash_table_replace (self->enum_names, GSIZE_TO_POINTER (type), g_strdup (name));
}

static GHashTable *
copy_adapters (GHashTable *adapters)
{
  GHashTable *copy;
  GHashTableIter iter;
  gpointer key, value;

  if (adapters == NULL)
    return NULL;
  copy = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pg_adapter_unref);
  g_hash_table_iter_init (&iter, adapters);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, key, pg_adapter_ref (value));
  return copy;
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
  copy->loaders[0] = copy_adapters (self->loaders[0]);
  copy->loaders[1] = copy_adapters (self->loaders[1]);
  copy->dumpers = copy_adapters (self->dumpers);
  if (self->enums != NULL)
    {
      g_hash_table_iter_init (&iter, self->enums);
      while (g_hash_table_iter_next (&iter, &key, &value))
        add_enum (copy, key, GPOINTER_TO_SIZE (value));
    }
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

/* What was said of a type by its name, or so it is taken, is said of the one that takes its place. */
static void
inherit_loaders (PgTypeTable *self, guint32 former, guint32 oid)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->loaders); i++)
    {
      PgAdapter *loader = self->loaders[i] != NULL ? g_hash_table_lookup (self->loaders[i], GUINT_TO_POINTER (former)) : NULL;

      if (loader != NULL && g_hash_table_lookup (self->loaders[i], GUINT_TO_POINTER (oid)) == NULL)
        g_hash_table_insert (self->loaders[i], GUINT_TO_POINTER (oid), pg_adapter_ref (loader));
    }
}

void
pg_type_table_add (PgTypeTable *self, PgTypeInfo *info)
{
  g_autofree char *full = make_full_name (info);
  const guint32 former = GPOINTER_TO_UINT (g_hash_table_lookup (self->names, full));
  Entry *entry = entry_new (info->oid, info->sql_name, info->delimiter, get_ops (info));

  if (former != 0 && former != info->oid)
    {
      inherit_loaders (self, former, info->oid);
      forget (self, former);
    }
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
  if (info->kind == PG_TYPE_KIND_ENUM && self->enums != NULL && g_hash_table_lookup (self->enums, full) != NULL)
    entry->codec.ops = &pg_codec_ops_enum;
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

void
pg_type_table_add_missing (PgTypeTable *self, const PgTypeTable *other)
{
  GHashTableIter iter;
  gpointer oid, value;

  if (other == NULL)
    return;
  g_hash_table_iter_init (&iter, other->entries);
  while (g_hash_table_iter_next (&iter, &oid, &value))
    {
      const Entry *entry = value;

      if (entry->info != NULL && pg_type_table_get_info (self, entry->codec.oid) == NULL)
        pg_type_table_add (self, entry->info);
    }
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

static guint32
find_by_ops (const PgTypeTable *self, const PgCodecOps *ops, guint32 subtype)
{
  guint32 found = 0;
  GHashTableIter iter;
  gpointer value;

  if (self == NULL)
    return 0;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const PgCodec *codec = &((const Entry *) value)->codec;

      if (codec->ops != ops || codec->subtype != subtype)
        continue;
      if (found != 0)
        return G_MAXUINT32;
      found = codec->oid;
    }
  return found;
}

guint32
pg_type_table_find_range (const PgTypeTable *self, guint32 element_type, const PgCodecOps *ops)
{
  return find_by_ops (self, ops, element_type);
}

guint32
pg_type_table_find_hstore (const PgTypeTable *self)
{
  const guint32 found = find_by_ops (self, &pg_codec_ops_hstore, 0);

  return found != G_MAXUINT32 ? found : 0;
}

static void
take_place (GHashTable **adapters, gpointer key, PgAdapter *adapter, PgAdapter **former)
{
  gpointer value;

  if (*adapters == NULL)
    *adapters = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pg_adapter_unref);
  *former = g_hash_table_steal_extended (*adapters, key, NULL, &value) ? value : NULL;
  if (adapter != NULL)
    g_hash_table_insert (*adapters, key, adapter);
}

PgAdapter *
pg_type_table_set_loader (PgTypeTable *self, guint32 oid, PgFormat format, PgAdapter *loader)
{
  PgAdapter *former;

  take_place (&self->loaders[format], GUINT_TO_POINTER (oid), loader, &former);
  return former;
}

PgAdapter *
pg_type_table_set_dumper (PgTypeTable *self, GType type, PgAdapter *dumper)
{
  PgAdapter *former;

  take_place (&self->dumpers, GSIZE_TO_POINTER (type), dumper, &former);
  return former;
}

void
pg_type_table_set_enum (PgTypeTable *self, const PgTypeInfo *info, GType type)
{
  g_autofree char *full = make_full_name (info);
  Entry *entry = get_entry (self, info->oid);
  Entry *copy = entry_new (info->oid, info->sql_name, info->delimiter, &pg_codec_ops_enum);

  /* Other tables may have the entry. */
  copy->codec.array = entry->codec.array;
  copy->info = pg_type_info_ref (entry->info);
  add_entry (self, copy);
  add_enum (self, full, type);
}

PgAdapter *
pg_type_table_get_loader (const PgTypeTable *self, guint32 type, PgFormat format)
{
  if (self == NULL || self->loaders[format] == NULL)
    return NULL;
  for (guint depth = 0; depth <= PG_WIRE_MAX_DEPTH; depth++)
    {
      PgAdapter *loader = g_hash_table_lookup (self->loaders[format], GUINT_TO_POINTER (type));
      const PgCodec *codec = pg_type_table_lookup_own (self, type);

      if (loader != NULL || codec == NULL || codec->ops != &pg_codec_ops_domain)
        return loader;
      type = codec->subtype;
    }
  return NULL;
}

gboolean
pg_type_table_has_any_loader (const PgTypeTable *self, PgFormat format)
{
  return self != NULL && (self->enums != NULL || (self->loaders[format] != NULL && g_hash_table_size (self->loaders[format]) > 0));
}

PgAdapter *
pg_type_table_get_dumper (const PgTypeTable *self, GType type)
{
  g_autofree GType *interfaces = NULL;
  PgAdapter *dumper;

  if (self == NULL || self->dumpers == NULL)
    return NULL;
  for (GType at = type; at != 0; at = g_type_parent (at))
    {
      dumper = g_hash_table_lookup (self->dumpers, GSIZE_TO_POINTER (at));
      if (dumper != NULL)
        return dumper;
    }
  interfaces = g_type_interfaces (type, NULL);
  for (guint i = 0; interfaces != NULL && interfaces[i] != 0; i++)
    {
      dumper = g_hash_table_lookup (self->dumpers, GSIZE_TO_POINTER (interfaces[i]));
      if (dumper != NULL)
        return dumper;
    }
  return NULL;
}

GType
pg_type_table_get_enum (const PgTypeTable *self, guint32 type)
{
  const PgTypeInfo *info = pg_type_table_get_info (self, type);
  g_autofree char *full = NULL;

  if (info == NULL || self->enums == NULL)
    return G_TYPE_INVALID;
  full = make_full_name (info);
  return GPOINTER_TO_SIZE (g_hash_table_lookup (self->enums, full));
}

PgTypeInfo *
pg_type_table_get_enum_info (const PgTypeTable *self, GType type)
{
  const char *name = self != NULL && self->enum_names != NULL ? g_hash_table_lookup (self->enum_names, GSIZE_TO_POINTER (type)) : NULL;

  return name != NULL ? pg_type_table_get_info_by_name (self, name) : NULL;
}

guint32
pg_type_table_get_oid (const PgTypeTable *self, const char *name)
{
  static const struct
  {
    const char *sql;
    const char *name;
  } others[] = {
    { "boolean", "bool" },
    { "smallint", "int2" },
    { "integer", "int4" },
    { "int", "int4" },
    { "bigint", "int8" },
    { "real", "float4" },
    { "double precision", "float8" },
    { "decimal", "numeric" },
    { "character", "bpchar" },
    { "character varying", "varchar" },
    { "bit varying", "varbit" },
    { "time without time zone", "time" },
    { "time with time zone", "timetz" },
    { "timestamp without time zone", "timestamp" },
    { "timestamp with time zone", "timestamptz" },
  };
  const gboolean is_array = g_str_has_suffix (name, "[]");
  g_autofree char *element = g_strndup (name, strlen (name) - (is_array ? 2 : 0));
  const PgTypeInfo *info = pg_type_table_get_info_by_name (self, element);

  if (info != NULL)
    return is_array ? info->array_oid : info->oid;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (element, others[i].sql))
      {
        g_free (element);
        element = g_strdup (others[i].name);
        break;
      }
  for (guint i = 0; i < pg_n_codecs; i++)
    if (pg_codecs[i].element == 0 && g_str_equal (pg_codecs[i].name, element))
      return is_array ? pg_codecs[i].array : pg_codecs[i].oid;
  return 0;
}
