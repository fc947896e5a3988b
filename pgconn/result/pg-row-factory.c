/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-row-factory-private.h>

#include <gio/gio.h>

#include <pgconn/types/pg-type-info.h>

/**
 * PgRowFactory:
 *
 * What becomes of a row: a tuple, a dictionary, a single value, or an object of the program's own.
 *
 * A factory makes rows of a result with [method@RowFactory.make], [method@RowFactory.make_objects] and [method@RowFactory.make_list_store]. Set as
 * [property@BaseCursor:row-factory] it makes what [method@Cursor.fetch_value], [method@Cursor.fetch_object] and [method@Cursor.fetch_objects] give; set as
 * [property@BaseConnection:row-factory] it is that of the connection's new cursors.
 *
 * It is immutable, and may be used by several threads; a function or a closure in it is called in the thread that wants the row.
 *
 * ## Objects by properties
 *
 * [ctor@RowFactory.new_object] sets one property for each column, all of them while the object is constructed. The column's name is the property's, with
 * underscores for hyphens: `first_name` sets `first-name`. The rules are checked once for a result, before the first object is made:
 *
 * - each column has a property, which is writable or construct-only, and no two columns have the same one. `AS` gives a column another name;
 * - a property without a column keeps its default;
 * - the column's type fits the property's, as in the table.
 *
 * | property | column |
 * |---|---|
 * | `gboolean` | `bool` |
 * | any integer type | an integer type, `oid` or `numeric`: a number that is not an integer or out of range is an error |
 * | `gdouble`, `gfloat` | a number that it holds exactly |
 * | `gchar *` | any: the exact text |
 * | an enumeration | an enumeration of PostgreSQL's or text, by nick, where the label may have underscores for hyphens; or an integer type |
 * | flags | an array of nicks; or an integer type |
 * | `GStrv` | an array of one dimension without `NULL` |
 * | [struct@GLib.Bytes] | `bytea`; text, as UTF-8 |
 * | [struct@GLib.DateTime] | `timestamptz`, in UTC |
 * | [struct@GLib.Date] | `date` |
 * | [struct@Numeric] | any number |
 * | [struct@GLib.Variant] | any, as [method@Result.dup_variant] has it without the outer maybe |
 * | another boxed type | one whose [method@Result.get_value] is of that type, or can be transformed into it |
 * | an object | a composite type or `record` |
 * | [iface@Gio.ListModel] or [class@Gio.ListStore] | an array of these, see [method@RowFactory.with_nested] |
 *
 * SQL `NULL` is `NULL`, and an error where the property's type has none, as a number: `coalesce()` is the remedy. Nothing is rounded, cut or clamped: a
 * value outside of the property's own limits is an error, which names the row, the column and the property.
 *
 * ## Nested objects
 *
 * A property that is an object takes a composite value or a record, and a list takes an array of them, so that one query gives a tree:
 *
 * ```sql
 * SELECT o.id, o.placed, array_agg (ROW (l.product, l.quantity) ORDER BY l.position) AS lines
 * FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.id
 * ```
 *
 * PostgreSQL sends the fields without names. Those of a composite type that the connection knows have names, which are those of properties, as a
 * column's. Those of others are, in their order, the properties that [method@RowFactory.with_fields] has named, or else all that can be written: those
 * of the parent classes first, and each class's own in the order of their numbers. The properties of a class in Python all have the same one, and come
 * in the order of their names.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (PgRowFactory, pg_row_factory, G_TYPE_OBJECT)

static void
pg_row_factory_finalize (GObject *object)
{
  PgRowFactory *self = PG_ROW_FACTORY (object);

  g_clear_pointer (&self->nested, g_hash_table_unref);
  g_clear_pointer (&self->fields, g_strfreev);
  g_clear_pointer (&self->record_plan, pg_object_plan_unref);
  g_clear_pointer (&self->record_info, pg_type_info_unref);
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->closure, g_closure_unref);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  G_OBJECT_CLASS (pg_row_factory_parent_class)->finalize (object);
}

static void
pg_row_factory_class_init (PgRowFactoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pg_row_factory_finalize;
}

static void
pg_row_factory_init (PgRowFactory *self)
{
  self->type = G_TYPE_VARIANT;
  g_mutex_init (&self->lock);
}

static PgRowFactory *
factory_new (PgRowFactoryKind kind, GType type)
{
  PgRowFactory *self = g_object_new (PG_TYPE_ROW_FACTORY, NULL);

  self->kind = kind;
  self->type = type;
  return self;
}

/**
 * pg_row_factory_new_tuple:
 *
 * Makes each row a tuple, as [method@Row.dup_variant] does.
 *
 * Returns: (transfer full): a factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_new_tuple (void)
{
  return factory_new (PG_ROW_FACTORY_TUPLE, G_TYPE_VARIANT);
}

/**
 * pg_row_factory_new_dict:
 *
 * Makes each row a dictionary of the type `a{sv}`, from the columns' names to their values.
 *
 * A value is what [method@Result.dup_variant] gives, but without the maybe around it; SQL `NULL` is the nothing of that maybe. So
 * `g_variant_lookup (dict, "id", "i", &id)` gives an `int4`, and `FALSE` for `NULL`. Of columns with the same name the last one counts.
 *
 * Returns: (transfer full): a factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_new_dict (void)
{
  return factory_new (PG_ROW_FACTORY_DICT, G_TYPE_VARIANT);
}

/**
 * pg_row_factory_new_scalar:
 *
 * Makes of each row the value of its first column, as [method@Result.get_value] does.
 *
 * A result without columns is an error, `PG_ERROR_PROGRAMMING`.
 *
 * Returns: (transfer full): a factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_new_scalar (void)
{
  return factory_new (PG_ROW_FACTORY_SCALAR, G_TYPE_NONE);
}

/**
 * pg_row_factory_new_object:
 * @type: a type of objects that is not abstract
 *
 * Makes each row an object, whose properties are set from the columns of their names.
 *
 * The rules are at the head of this class. What breaks one of those for all rows, or a @type that is none of objects, is `PG_ERROR_INTERFACE` and names
 * column, property and types; what is wrong with a value names row, column and property, and is `PG_ERROR_NULL_VALUE_NOT_ALLOWED`,
 * `PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE` or another error of `PG_ERROR_DATA`'s kind.
 *
 * Returns: (transfer full): a factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_new_object (GType type)
{
  return factory_new (PG_ROW_FACTORY_OBJECT, type);
}

/**
 * pg_row_factory_new_func:
 * @type: a type of objects
 * @func: (scope notified) (closure user_data) (destroy destroy): makes an object of that type of a row
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Makes each row what a function gives for it.
 *
 * An error of the function is that of the call that wants the row, and so is an object of another type, or a @type that is none of objects. In Python
 * raise a `GLib.Error`: of other exceptions there is only a trace, and an error that says no more than that there was no object.
 *
 * Returns: (transfer full): a factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_new_func (GType type, PgRowFunc func, gpointer user_data, GDestroyNotify destroy)
{
  PgRowFactory *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = factory_new (PG_ROW_FACTORY_FUNC, type);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

/**
 * pg_row_factory_new_closure:
 * @type: the type of what the closure returns
 * @closure: a closure, whose one parameter is a [class@Row]
 *
 * Makes each row what a closure returns for it, which may be a value of any type.
 *
 * A closure cannot fail; where it has to make an object of @type and returns `NULL`, there is an error that says so. See
 * [ctor@RowFactory.new_func] for a function that can. A @type that values cannot have is `PG_ERROR_INTERFACE` when a row is wanted. One that has no
 * marshaller gets `g_cclosure_marshal_generic()`.
 *
 * Returns: (transfer full): a factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_new_closure (GType type, GClosure *closure)
{
  PgRowFactory *self;

  g_return_val_if_fail (closure != NULL, NULL);

  self = factory_new (PG_ROW_FACTORY_CLOSURE, type);
  self->closure = g_closure_ref (closure);
  g_closure_sink (closure);
  if (G_CLOSURE_NEEDS_MARSHAL (closure))
    g_closure_set_marshal (closure, g_cclosure_marshal_generic);
  return self;
}

static PgRowFactory *
copy_object_factory (PgRowFactory *self)
{
  PgRowFactory *copy = factory_new (PG_ROW_FACTORY_OBJECT, self->type);

  copy->is_misused = self->is_misused || self->kind != PG_ROW_FACTORY_OBJECT;
  copy->fields = g_strdupv (self->fields);
  if (self->nested != NULL)
    {
      GHashTableIter iter;
      gpointer property, nested;

      copy->nested = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
      g_hash_table_iter_init (&iter, self->nested);
      while (g_hash_table_iter_next (&iter, &property, &nested))
        g_hash_table_insert (copy->nested, g_strdup (property), g_object_ref (nested));
    }
  return copy;
}

/**
 * pg_row_factory_with_nested:
 * @self: a factory made by [ctor@RowFactory.new_object]
 * @property: the name of a property that is an object or a list
 * @nested: a factory made by [ctor@RowFactory.new_object]
 *
 * Copies the factory and says how the objects of one property are made.
 *
 * A list needs it, as its type does not say what is in it. A property that is an object needs it for [method@RowFactory.with_fields], or where its own
 * type is abstract or an interface. `NULL` in the place of a list is `NULL`, which is what `array_agg()` gives of no rows.
 *
 * Where one of the two is no such factory, the other factory makes nothing: `PG_ERROR_INTERFACE`.
 *
 * Returns: (transfer full): another factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_with_nested (PgRowFactory *self, const char *property, PgRowFactory *nested)
{
  PgRowFactory *copy;

  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), NULL);
  g_return_val_if_fail (property != NULL, NULL);
  g_return_val_if_fail (PG_IS_ROW_FACTORY (nested), NULL);

  copy = copy_object_factory (self);
  copy->is_misused = copy->is_misused || nested->kind != PG_ROW_FACTORY_OBJECT;
  if (copy->nested == NULL)
    copy->nested = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_hash_table_replace (copy->nested, g_strdelimit (g_strdup (property), "_", '-'), g_object_ref (nested));
  return copy;
}

/**
 * pg_row_factory_with_fields:
 * @self: a factory made by [ctor@RowFactory.new_object]
 * @fields: (array zero-terminated=1): the names of properties
 *
 * Copies the factory and says what the fields of a record are, from the first to the last.
 *
 * It matters where the objects are made of records, and not of rows, whose columns have names; it goes before the names that a composite type has.
 *
 * Where @self is no such factory, the other factory makes nothing: `PG_ERROR_INTERFACE`.
 *
 * Returns: (transfer full): another factory
 *
 * Since: 1.0
 */
PgRowFactory *
pg_row_factory_with_fields (PgRowFactory *self, const char *const *fields)
{
  PgRowFactory *copy;

  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), NULL);
  g_return_val_if_fail (fields != NULL, NULL);

  copy = copy_object_factory (self);
  g_strfreev (copy->fields);
  copy->fields = g_strdupv ((char **) fields);
  return copy;
}

PgRowFactory *
pg_row_factory_get_nested (PgRowFactory *self, const char *property)
{
  return self->nested != NULL ? g_hash_table_lookup (self->nested, property) : NULL;
}

const char *const *
pg_row_factory_get_fields (PgRowFactory *self)
{
  return (const char *const *) self->fields;
}

PgObjectPlan *
pg_row_factory_get_record_plan (PgRowFactory *self, PgTypeInfo *info, GError **error)
{
  PgTypeInfo *wanted = self->fields == NULL ? info : NULL;
  g_autoptr (PgObjectPlan) old = NULL;
  g_autoptr (PgTypeInfo) old_info = NULL;
  PgObjectPlan *plan = NULL;

  g_mutex_lock (&self->lock);
  if (self->record_plan != NULL && self->record_info == wanted)
    plan = pg_object_plan_ref (self->record_plan);
  g_mutex_unlock (&self->lock);
  if (plan != NULL)
    return plan;

  plan = pg_object_plan_new_for_records (self, wanted, error);
  if (plan == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  old = self->record_plan;
  old_info = self->record_info;
  self->record_plan = pg_object_plan_ref (plan);
  self->record_info = wanted != NULL ? pg_type_info_ref (wanted) : NULL;
  g_mutex_unlock (&self->lock);
  return plan;
}

/**
 * pg_row_factory_get_value_type:
 * @self: a factory
 *
 * Gets the type of what the factory makes.
 *
 * Returns: the type; `G_TYPE_NONE` where it depends on the column
 *
 * Since: 1.0
 */
GType
pg_row_factory_get_value_type (PgRowFactory *self)
{
  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), G_TYPE_INVALID);

  return self->type;
}
