/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-objects.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-row-factory.h>

/* A script may give any type. */
static gboolean
check_type (GType type, GError **error)
{
  if (G_TYPE_IS_OBJECT (type))
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _("%s is not a type of objects"), g_type_name (type) != NULL ? g_type_name (type) : "0");
  return FALSE;
}

/**
 * pg_result_to_objects:
 * @self: a result
 * @type: a type of objects that is not abstract
 * @error: return location for a #GError
 *
 * Makes an object of each row, by the names of its columns.
 *
 * See [ctor@RowFactory.new_object] for how columns become properties, and for the errors. A @type that is none of objects is one, `PG_ERROR_INTERFACE`.
 *
 * Returns: (transfer container) (element-type GObject): the objects, in the order of the rows; `NULL` with an error, which names the column or the
 *   row
 *
 * Since: 1.0
 */
GPtrArray *
pg_result_to_objects (PgResult *self, GType type, GError **error)
{
  g_autoptr (PgRowFactory) factory = NULL;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  if (!check_type (type, error))
    return NULL;
  factory = pg_row_factory_new_object (type);
  return pg_row_factory_make_objects (factory, self, error);
}

/**
 * pg_result_to_list_store:
 * @self: a result
 * @item_type: a type of objects that is not abstract
 * @error: return location for a #GError
 *
 * Makes a list model of objects, one of each row, by the names of its columns.
 *
 * It is the program's own from then on: items may be added, removed and changed. See [ctor@RowFactory.new_object] for how columns become properties,
 * and for the errors; an @item_type that is none of objects is one, `PG_ERROR_INTERFACE`. Where the values are only shown, a result itself is a list model of its rows, for which nothing has to be made beforehand.
 *
 * Returns: (transfer full): the list; `NULL` with an error, which names the column or the row
 *
 * Since: 1.0
 */
GListStore *
pg_result_to_list_store (PgResult *self, GType item_type, GError **error)
{
  g_autoptr (PgRowFactory) factory = NULL;

  g_return_val_if_fail (PG_IS_RESULT (self), NULL);
  if (!check_type (item_type, error))
    return NULL;
  factory = pg_row_factory_new_object (item_type);
  return pg_row_factory_make_list_store (factory, self, error);
}
