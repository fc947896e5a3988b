/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-row-factory-private.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/result/pg-row-private.h>

/* What the factories make. */

static GVariant *
make_tuple (PgResult *result, guint position, GError **error)
{
  g_autoptr (PgRow) row = pg_row_obtain (result, position);

  return pg_row_dup_variant (row, error);
}

/* Whether a later column has the name, which then counts. */
static gboolean
is_repeated (PgResult *result, guint column)
{
  const char *name = pg_raw_result_get_column_name (result->raw, column);

  for (guint i = column + 1; i < result->n_columns; i++)
    if (g_str_equal (pg_raw_result_get_column_name (result->raw, i), name))
      return TRUE;
  return FALSE;
}

static GVariant *
make_dict (PgResult *result, guint position, GError **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < result->n_columns; i++)
    {
      g_autoptr (GVariant) maybe = NULL;
      g_autoptr (GVariant) value = NULL;

      if (is_repeated (result, i))
        continue;
      maybe = pg_result_dup_variant (result, position, i, error);
      if (maybe == NULL)
        return NULL;
      value = g_variant_get_maybe (maybe);
      g_variant_builder_add (&builder, "{sv}", pg_column_get_name (pg_result_get_column (result, i)), value != NULL ? value : maybe);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static gboolean
take_variant (GVariant *variant, GValue *value)
{
  if (variant == NULL)
    return FALSE;
  g_value_init (value, G_TYPE_VARIANT);
  g_value_take_variant (value, variant);
  return TRUE;
}

/* The plan for the result, which keeps the last one; full. */
static PgObjectPlan *
obtain_plan (PgRowFactory *self, PgResult *result, GError **error)
{
  PgObjectPlan *plan = NULL;
  PgObjectPlan *old = NULL;

  g_mutex_lock (&result->lock);
  if (result->object_plan != NULL && pg_object_plan_get_factory (result->object_plan) == self)
    plan = pg_object_plan_ref (result->object_plan);
  g_mutex_unlock (&result->lock);
  if (plan != NULL)
    return plan;

  plan = pg_object_plan_new_for_result (self, result, error);
  if (plan == NULL)
    return NULL;
  g_mutex_lock (&result->lock);
  old = result->object_plan;
  result->object_plan = pg_object_plan_ref (plan);
  g_mutex_unlock (&result->lock);
  g_clear_pointer (&old, pg_object_plan_unref);
  return plan;
}

static GObject *
make_by_properties (PgRowFactory *self, PgResult *result, guint position, GError **error)
{
  g_autoptr (PgObjectPlan) plan = obtain_plan (self, result, error);
  g_autofree GValue *values = NULL;
  GObject *object;

  if (plan == NULL)
    return NULL;
  values = g_new0 (GValue, pg_object_plan_get_n_slots (plan));
  object = pg_object_plan_make (plan, result, position, values, error);
  pg_object_plan_clear_values (plan, values);
  return object;
}

/* What users' code has given. Takes object, and error where it is set. */
static GObject *
check_object (PgRowFactory *self, guint position, GObject *object, GError *failure, GError **error)
{
  if (failure != NULL)
    {
      g_clear_object (&object);
      g_propagate_error (error, failure);
      return NULL;
    }
  if (object == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Row %u: the row factory gave no object"), position);
      return NULL;
    }
  if (!g_type_is_a (G_OBJECT_TYPE (object), self->type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("Row %u: the row factory gave an object of %s, not of %s"), position, G_OBJECT_TYPE_NAME (object),
                   g_type_name (self->type));
      g_object_unref (object);
      return NULL;
    }
  return object;
}

static GObject *
make_by_func (PgRowFactory *self, PgResult *result, guint position, GError **error)
{
  g_autoptr (PgRow) row = NULL;
  GError *failure = NULL;
  GObject *object;

  if (!G_TYPE_IS_OBJECT (self->type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("%s is not a type of objects"), g_type_name (self->type) != NULL ? g_type_name (self->type) : "0");
      return NULL;
    }
  row = pg_row_obtain (result, position);
  object = self->func (row, self->user_data, &failure);
  return check_object (self, position, object, failure, error);
}

static gboolean
make_by_closure (PgRowFactory *self, PgResult *result, guint position, GValue *value, GError **error)
{
  g_auto (GValue) parameter = G_VALUE_INIT;
  g_autoptr (GObject) object = NULL;

  if (!G_TYPE_IS_VALUE (self->type))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("%s is not a type of values"), g_type_name (self->type) != NULL ? g_type_name (self->type) : "0");
      return FALSE;
    }
  g_value_init (&parameter, PG_TYPE_ROW);
  g_value_take_object (&parameter, pg_row_obtain (result, position));
  g_value_init (value, self->type);
  g_closure_invoke (self->closure, value, 1, &parameter, NULL);
  if (!G_TYPE_IS_OBJECT (self->type))
    return TRUE;

  object = check_object (self, position, g_value_dup_object (value), NULL, error);
  return object != NULL;
}

static gboolean
make_value (PgRowFactory *self, PgResult *result, guint position, GValue *value, GError **error)
{
  GObject *object;

  switch (self != NULL ? self->kind : PG_ROW_FACTORY_TUPLE)
    {
    case PG_ROW_FACTORY_DICT:
      return take_variant (make_dict (result, position, error), value);

    case PG_ROW_FACTORY_SCALAR:
      if (result->n_columns > 0)
        return pg_result_get_value (result, position, 0, value, error);
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("at least one column expected"));
      return FALSE;

    case PG_ROW_FACTORY_OBJECT:
    case PG_ROW_FACTORY_FUNC:
      object = self->kind == PG_ROW_FACTORY_OBJECT ? make_by_properties (self, result, position, error) : make_by_func (self, result, position, error);
      if (object == NULL)
        return FALSE;
      g_value_init (value, self->type);
      g_value_take_object (value, object);
      return TRUE;

    case PG_ROW_FACTORY_CLOSURE:
      return make_by_closure (self, result, position, value, error);

    case PG_ROW_FACTORY_TUPLE:
    default:
      return take_variant (make_tuple (result, position, error), value);
    }
}

gboolean
pg_row_factory_make_at (PgRowFactory *self, PgResult *result, guint position, GValue *value, GError **error)
{
  if (make_value (self, result, position, value, error))
    return TRUE;
  /* GJS converts the value even where there is an error. */
  if (G_VALUE_TYPE (value) != G_TYPE_INVALID)
    g_value_unset (value);
  g_value_init (value, G_TYPE_STRING);
  return FALSE;
}

/**
 * pg_row_factory_make:
 * @self: a factory
 * @row: a row
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 * @error: return location for a #GError
 *
 * Makes of a row what the factory is for.
 *
 * What has to be known of the result is kept with it from one row to the next, as long as the factory is the same. The errors are those that the factory's constructor tells of,
 * as `PG_ERROR_INTERFACE` and `PG_ERROR_DATA`, and what a function of the program's has set.
 *
 * Returns: (skip): `TRUE`, or `FALSE` with an error; @value is a string that is `NULL` then
 *
 * Since: 1.0
 */
gboolean
pg_row_factory_make (PgRowFactory *self, PgRow *row, GValue *value, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), FALSE);
  g_return_val_if_fail (PG_IS_ROW (row) && pg_row_get_result (row) != NULL, FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);

  return pg_row_factory_make_at (self, pg_row_get_result (row), pg_row_get_position (row), value, error);
}

gboolean
pg_row_factory_check_makes_objects (PgRowFactory *self, GError **error)
{
  if (self != NULL && G_TYPE_IS_OBJECT (self->type))
    return TRUE;
  g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _("The row factory is not one of objects"));
  return FALSE;
}

/**
 * pg_row_factory_make_object:
 * @self: a factory of objects
 * @row: a row
 * @error: return location for a #GError
 *
 * Makes a row an object.
 *
 * It is [method@RowFactory.make] for a factory whose [method@RowFactory.get_value_type] is one of objects; another one is `PG_ERROR_INTERFACE`.
 *
 * Returns: (transfer full): the object, or `NULL` with an error
 *
 * Since: 1.0
 */
GObject *
pg_row_factory_make_object (PgRowFactory *self, PgRow *row, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), NULL);
  g_return_val_if_fail (PG_IS_ROW (row) && pg_row_get_result (row) != NULL, NULL);

  if (!pg_row_factory_check_makes_objects (self, error) || !pg_row_factory_make (self, row, &value, error))
    return NULL;
  return g_value_dup_object (&value);
}

static gboolean
add_by_properties (PgRowFactory *self, PgResult *result, guint position, guint n_rows, GPtrArray *objects, GError **error)
{
  g_autoptr (PgObjectPlan) plan = obtain_plan (self, result, error);
  g_autofree GValue *values = NULL;
  guint i;

  if (plan == NULL)
    return FALSE;
  values = g_new0 (GValue, pg_object_plan_get_n_slots (plan));
  for (i = 0; i < n_rows; i++)
    {
      GObject *object = pg_object_plan_make (plan, result, position + i, values, error);

      if (object == NULL)
        break;
      g_ptr_array_add (objects, object);
    }
  pg_object_plan_clear_values (plan, values);
  return i == n_rows;
}

GPtrArray *
pg_row_factory_make_range (PgRowFactory *self, PgResult *result, guint position, guint n_rows, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;

  if (!pg_row_factory_check_makes_objects (self, error))
    return NULL;

  objects = g_ptr_array_new_full (n_rows, g_object_unref);
  if (self->kind == PG_ROW_FACTORY_OBJECT)
    {
      if (!add_by_properties (self, result, position, n_rows, objects, error))
        return NULL;
      return g_steal_pointer (&objects);
    }

  for (guint i = 0; i < n_rows; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if (!make_value (self, result, position + i, &value, error))
        return NULL;
      g_ptr_array_add (objects, g_value_dup_object (&value));
    }
  return g_steal_pointer (&objects);
}

/**
 * pg_row_factory_make_objects:
 * @self: a factory of objects
 * @result: a result
 * @error: return location for a #GError
 *
 * Makes an object of each row of a result. A factory that is not one of objects is an error, `PG_ERROR_INTERFACE`; the others are those of [method@RowFactory.make].
 *
 * Returns: (transfer container) (element-type GObject): the objects, in the order of the rows; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_row_factory_make_objects (PgRowFactory *self, PgResult *result, GError **error)
{
  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), NULL);
  g_return_val_if_fail (PG_IS_RESULT (result), NULL);

  return pg_row_factory_make_range (self, result, 0, result->n_rows, error);
}

/**
 * pg_row_factory_make_list_store:
 * @self: a factory of objects
 * @result: a result
 * @error: return location for a #GError
 *
 * Makes a list model of objects, one of each row of a result.
 *
 * [method@Result.to_list_store] is the short form of it for objects by properties.
 *
 * Returns: (transfer full): the list; `NULL` with an error
 *
 * Since: 1.0
 */
GListStore *
pg_row_factory_make_list_store (PgRowFactory *self, PgResult *result, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  GListStore *store;

  g_return_val_if_fail (PG_IS_ROW_FACTORY (self), NULL);
  g_return_val_if_fail (PG_IS_RESULT (result), NULL);

  objects = pg_row_factory_make_range (self, result, 0, result->n_rows, error);
  if (objects == NULL)
    return NULL;
  store = g_list_store_new (self->type);
  if (objects->len > 0)
    g_list_store_splice (store, 0, 0, objects->pdata, objects->len);
  return store;
}
