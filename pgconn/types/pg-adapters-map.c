/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-adapters-map-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-enum-private.h>

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
 * ## Adapters
 *
 * An enum of the database can be one of GObject, [method@AdaptersMap.register_enum]. The values of any type can be read by a function of one's own, a
 * loader, [method@AdaptersMap.add_loader], and values of any `GType` written by one, a dumper, [method@AdaptersMap.add_dumper]. A function
 * that fails, or throws where it is a script's, is an error of that value; all others can be read.
 *
 * A map may be used from several threads.
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

void
pg_adapters_map_add_missing (PgAdaptersMap *self, const PgTypeTable *table)
{
  g_mutex_lock (&self->lock);
  self->table = pg_type_table_make_own (self->table);
  pg_type_table_add_missing (self->table, table);
  g_mutex_unlock (&self->lock);
}

/**
 * pg_adapters_map_new:
 * @parent: (nullable): the map to begin with, or `NULL` for an empty one
 *
 * Makes a map, which is a copy of another.
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
 * Gets the library's map, of which each new connection has a copy.
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
 * Adds a type, or puts it in the place of one of the same schema and name.
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
 * Looks a type up. The server is not asked.
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
 * Looks a type up by its name. The server is not asked.
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

/**
 * pg_adapters_map_register_enum:
 * @self: a map
 * @info: an enum of the database
 * @type: an enum of GObject
 * @error: return location for a #GError
 *
 * Reads the values of an enum of the database as those of an enum of GObject, and writes them so.
 *
 * A label is the value that has it as its nick, or else as its name. Each label must have a value; a value without a label is no error until it is sent.
 * Values and labels may be added to either enum later: a label without a value is `PG_ERROR_DATA` of the value that has it.
 *
 * The type is added to the map if it is not there. The registration is for its schema and name: it holds for a type that takes its place too.
 *
 * Returns: `TRUE`; `FALSE` with `PG_ERROR_PROGRAMMING` if @info is not an enum, @type is none, or a label has no value, which is named
 *
 * Since: 1.0
 */
gboolean
pg_adapters_map_register_enum (PgAdaptersMap *self, PgTypeInfo *info, GType type, GError **error)
{
  GEnumClass *klass;
  const char *missing = NULL;

  g_return_val_if_fail (PG_IS_ADAPTERS_MAP (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  if (info->kind != PG_TYPE_KIND_ENUM)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the type %s is not an enum"), info->sql_name);
      return FALSE;
    }
  if (!G_TYPE_IS_ENUM (type) || G_TYPE_IS_ABSTRACT (type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("%s is not an enum of GObject"), g_type_name (type) != NULL ? g_type_name (type) : "0");
      return FALSE;
    }
  klass = g_type_class_ref (type);
  for (guint i = 0; missing == NULL && info->labels[i] != NULL; i++)
    if (pg_enum_find (klass, info->labels[i]) == NULL)
      missing = info->labels[i];
  g_type_class_unref (klass);
  if (missing != NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the label “%s” of the enum %s has no value in %s"), missing, info->sql_name, g_type_name (type));
      return FALSE;
    }

  g_mutex_lock (&self->lock);
  self->table = pg_type_table_make_own (self->table);
  if (pg_type_table_get_info (self->table, info->oid) != info)
    pg_type_table_add (self->table, info);
  pg_type_table_set_enum (self->table, info, type);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/**
 * pg_adapters_map_add_loader:
 * @self: a map
 * @oid: the OID of a type, as `PG_OID_JSONB` or [method@TypeInfo.get_oid]
 * @format: the format of the values
 * @loader: (nullable) (scope notified) (closure user_data) (destroy destroy): a function that reads the values, or `NULL` for the library's own
 * @user_data: data for @loader
 * @destroy: called with @user_data when nothing needs it any more, perhaps in another thread
 *
 * Reads the values of a type in a format by a function.
 *
 * It is what [method@Result.get_value], the rows and the row factories call for a value of the type, by itself or in another: an element of an
 * array, a field of a record, a bound of a range or multirange, in any depth. A value of a domain is read by the loader of the domain, or else by that
 * of the type that it is of. Arrays, records and ranges call it once, when they are made: one that fails is an error of the whole value.
 *
 * [method@Result.dup_variant] calls it for a value by itself, if what it gives has a form as a variant: a boolean, a number, a string, a
 * variant, [struct@GLib.Bytes] or strings; what is in another is read by the library there. The getters that ask for a type, as
 * [method@Result.get_int64], the exact text, and the order of values are not concerned.
 *
 * Since: 1.0
 */
void
pg_adapters_map_add_loader (PgAdaptersMap *self, guint oid, PgFormat format, PgLoaderFunc loader, gpointer user_data, GDestroyNotify destroy)
{
  PgAdapter *adapter, *former;

  g_return_if_fail (PG_IS_ADAPTERS_MAP (self));
  g_return_if_fail (format == PG_FORMAT_TEXT || format == PG_FORMAT_BINARY);

  adapter = loader != NULL ? pg_adapter_new_loader (loader, user_data, destroy) : NULL;
  g_mutex_lock (&self->lock);
  self->table = pg_type_table_make_own (self->table);
  former = pg_type_table_set_loader (self->table, oid, format, adapter);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&former, pg_adapter_unref);
}

/**
 * pg_adapters_map_add_loader_by_name:
 * @self: a map
 * @name: the name of one of PostgreSQL's own types, as `jsonb` or `integer[]`, or of a type in the map
 * @format: the format of the values
 * @loader: (nullable) (scope notified) (closure user_data) (destroy destroy): a function that reads the values, or `NULL` for the library's own
 * @user_data: data for @loader
 * @destroy: called with @user_data when nothing needs it any more, perhaps in another thread
 * @error: return location for a #GError
 *
 * Reads the values of a type in a format by a function, see [method@AdaptersMap.add_loader].
 *
 * The server is not asked: fetch a type that is not PostgreSQL's own first.
 *
 * Returns: `TRUE`; `FALSE` with `PG_ERROR_UNDEFINED_OBJECT` if the name is not known, and with `PG_ERROR_INTERFACE` if @format is neither text nor
 *   binary
 *
 * Since: 1.0
 */
gboolean
pg_adapters_map_add_loader_by_name (PgAdaptersMap *self, const char *name, PgFormat format, PgLoaderFunc loader, gpointer user_data,
                                    GDestroyNotify destroy, GError **error)
{
  g_autoptr (PgTypeTable) table = NULL;
  guint32 oid;

  g_return_val_if_fail (PG_IS_ADAPTERS_MAP (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  table = pg_adapters_map_ref_table (self);
  oid = pg_type_table_get_oid (table, name);
  if (format != PG_FORMAT_TEXT && format != PG_FORMAT_BINARY)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the format of a loader is text or binary"));
  else if (oid == 0)
    g_set_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT, _ ("the type “%s” is not known: it has to be fetched first"), name);
  else
    {
      pg_adapters_map_add_loader (self, oid, format, loader, user_data, destroy);
      return TRUE;
    }
  if (destroy != NULL)
    destroy (user_data);
  return FALSE;
}

/**
 * pg_adapters_map_add_dumper:
 * @self: a map
 * @type: the type of the values: of a class, an interface, a boxed type or an enum
 * @oid: the OID of the type that they are sent as; 0 for one that the server finds out
 * @format: the format of what @dumper gives
 * @dumper: (nullable) (scope notified) (closure user_data) (destroy destroy): a function that writes the values, or `NULL` for the library's own
 * @user_data: data for @dumper
 * @destroy: called with @user_data when nothing needs it any more, perhaps in another thread
 *
 * Writes values of a type, and of those derived from it, by a function.
 *
 * The dumper of the value's own type is taken, or that of the nearest of its parents, or that of an interface.
 *
 * Since: 1.0
 */
void
pg_adapters_map_add_dumper (PgAdaptersMap *self, GType type, guint oid, PgFormat format, PgDumperFunc dumper, gpointer user_data,
                            GDestroyNotify destroy)
{
  PgAdapter *adapter, *former;

  g_return_if_fail (PG_IS_ADAPTERS_MAP (self));
  g_return_if_fail (g_type_name (type) != NULL);
  g_return_if_fail (format == PG_FORMAT_TEXT || format == PG_FORMAT_BINARY);

  adapter = dumper != NULL ? pg_adapter_new_dumper (oid, format, dumper, user_data, destroy) : NULL;
  g_mutex_lock (&self->lock);
  self->table = pg_type_table_make_own (self->table);
  former = pg_type_table_set_dumper (self->table, type, adapter);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&former, pg_adapter_unref);
}
