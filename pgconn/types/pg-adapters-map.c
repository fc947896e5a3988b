/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-adapters-map-private.h>

/**
 * PgAdaptersMap:
 *
 * What a connection or a cursor knows of types, beyond PostgreSQL's own.
 *
 * ## Scopes
 *
 * There is one for the library, [func@AdaptersMap.get_default], one for each connection, [property@BaseConnection:adapters], and one for each
 * cursor, [property@BaseCursor:adapters]. Each begins as a copy of the one above when the connection or the cursor is made, and later changes of
 * that do not reach it. A copy costs nothing until one of the two is changed. A result is decoded with what its cursor's map had when the statement
 * was executed.
 *
 * ## Types
 *
 * [method@Connection.fetch_type] and its twin add the types that they fetch to the connection's map. A type has one place in it, by its schema and
 * name: one that was dropped and made again under another OID takes the place of the former, of which nothing is decoded any more.
 *
 * It may be used from several threads.
 *
 * Since: 1.0
 */
struct _PgAdaptersMap
{
  GObject parent_instance;

  GMutex lock;
  PgTypeTable *table;
};

G_DEFINE_FINAL_TYPE (PgAdaptersMap, pg_adapters_map, G_TYPE_OBJECT)

static void
pg_adapters_map_finalize (GObject *object)
{
  PgAdaptersMap *self = PG_ADAPTERS_MAP (object);

  pg_type_table_unref (self->table);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (pg_adapters_map_parent_class)->finalize (object);
}

static void
pg_adapters_map_class_init (PgAdaptersMapClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pg_adapters_map_finalize;
}

static void
pg_adapters_map_init (PgAdaptersMap *self)
{
  g_mutex_init (&self->lock);
}

PgAdaptersMap *
pg_adapters_map_new_for_table (PgTypeTable *table)
{
  PgAdaptersMap *self = g_object_new (PG_TYPE_ADAPTERS_MAP, NULL);

  self->table = pg_type_table_ref (table);
  return self;
}

PgTypeTable *
pg_adapters_map_ref_table (PgAdaptersMap *self)
{
  PgTypeTable *table;

  g_mutex_lock (&self->lock);
  table = pg_type_table_ref (self->table);
  g_mutex_unlock (&self->lock);
  return table;
}

void
pg_adapters_map_add_types (PgAdaptersMap *self, GPtrArray *infos)
{
  g_mutex_lock (&self->lock);
  self->table = pg_type_table_make_own (self->table);
  for (guint i = 0; i < infos->len; i++)
    pg_type_table_add (self->table, g_ptr_array_index (infos, i));
  g_mutex_unlock (&self->lock);
}

/**
 * pg_adapters_map_new:
 * @parent: (nullable): the map to begin with, or `NULL` for an empty one
 *
 * Make a map, which is a copy of another.
 *
 * Returns: (transfer full): a new map
 *
 * Since: 1.0
 */
PgAdaptersMap *
pg_adapters_map_new (PgAdaptersMap *parent)
{
  g_autoptr (PgTypeTable) table = NULL;

  g_return_val_if_fail (parent == NULL || PG_IS_ADAPTERS_MAP (parent), NULL);

  if (parent != NULL)
    table = pg_adapters_map_ref_table (parent);
  return pg_adapters_map_new_for_table (table);
}

/**
 * pg_adapters_map_get_default:
 *
 * Get the library's map, of which each new connection has a copy.
 *
 * Returns: (transfer none): the map
 *
 * Since: 1.0
 */
PgAdaptersMap *
pg_adapters_map_get_default (void)
{
  static PgAdaptersMap *map;

  if (g_once_init_enter (&map))
    g_once_init_leave (&map, pg_adapters_map_new (NULL));
  return map;
}

/**
 * pg_adapters_map_add_type:
 * @self: a map
 * @info: a type
 *
 * Add a type, or put it in the place of one of the same schema and name.
 *
 * The type of its arrays is known by that too, but not the types that it is made of: fetching a type adds them all.
 *
 * Since: 1.0
 */
void
pg_adapters_map_add_type (PgAdaptersMap *self, PgTypeInfo *info)
{
  g_return_if_fail (PG_IS_ADAPTERS_MAP (self));
  g_return_if_fail (info != NULL);

  g_mutex_lock (&self->lock);
  self->table = pg_type_table_make_own (self->table);
  pg_type_table_add (self->table, info);
  g_mutex_unlock (&self->lock);
}

/**
 * pg_adapters_map_lookup_type:
 * @self: a map
 * @oid: the OID of a type
 *
 * Look a type up. The server is not asked.
 *
 * Returns: (transfer full) (nullable): the type, or `NULL` if it is not in the map
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_adapters_map_lookup_type (PgAdaptersMap *self, guint oid)
{
  g_autoptr (PgTypeTable) table = NULL;
  PgTypeInfo *info;

  g_return_val_if_fail (PG_IS_ADAPTERS_MAP (self), NULL);

  table = pg_adapters_map_ref_table (self);
  info = pg_type_table_get_info (table, oid);
  return info != NULL ? pg_type_info_ref (info) : NULL;
}

/**
 * pg_adapters_map_lookup_type_by_name:
 * @self: a map
 * @name: `mood`, or with its schema, `public.mood`, or as [method@TypeInfo.get_sql_name] has it
 *
 * Look a type up by its name. The server is not asked.
 *
 * Nothing is known here of the session's `search_path`: of several types of a name in several schemas, the one that was added last is found without the
 * schema.
 *
 * Returns: (transfer full) (nullable): the type, or `NULL` if it is not in the map
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_adapters_map_lookup_type_by_name (PgAdaptersMap *self, const char *name)
{
  g_autoptr (PgTypeTable) table = NULL;
  PgTypeInfo *info;

  g_return_val_if_fail (PG_IS_ADAPTERS_MAP (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  table = pg_adapters_map_ref_table (self);
  info = pg_type_table_get_info_by_name (table, name);
  return info != NULL ? pg_type_info_ref (info) : NULL;
}
