/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-cursor-rows.h>

#include <pgconn/cursor/pg-base-cursor-private.h>

/* What the row factory of a cursor makes. */

/**
 * pg_cursor_fetch_value:
 * @self: a cursor
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next row of the current result, as [property@BaseCursor:row-factory] makes it: a tuple where there is none.
 *
 * With an error of the factory the position stays before the row: [method@BaseCursor.scroll] goes past it, and another factory may be tried. The
 * cursor and its connection are as before. [method@AsyncCursor.fetch_value_async] is the twin for a main loop.
 *
 * Returns: `TRUE`; `FALSE` without an error after the last row, or with one, with `PG_ERROR_PROGRAMMING` when there is no result with rows. @value is a
 *   string that is `NULL` then
 *
 * Since: 1.0
 */
gboolean
pg_cursor_fetch_value (PgCursor *self, GValue *value, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);
  if (!pg_cursor_wait (self, cancellable, error))
    {
      g_value_init (value, G_TYPE_STRING);
      return FALSE;
    }
  return pg_base_cursor_fetch_value (PG_BASE_CURSOR (self), value, error);
}

/**
 * pg_cursor_fetch_object:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next row of the current result, as the object that [property@BaseCursor:row-factory] makes of it.
 *
 * With an error the position stays before the row, as with [method@Cursor.fetch_value]. A factory that is not one of objects is `PG_ERROR_INTERFACE`.
 * [method@AsyncCursor.fetch_object_async] is the twin for a main loop.
 *
 * Returns: (transfer full) (nullable): the object; `NULL` without an error after the last row, and with `PG_ERROR_PROGRAMMING` when there is no result with
 *   rows
 *
 * Since: 1.0
 */
GObject *
pg_cursor_fetch_object (PgCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  if (!pg_cursor_wait (self, cancellable, error))
    return NULL;
  return pg_base_cursor_fetch_object (PG_BASE_CURSOR (self), error);
}

/**
 * pg_cursor_fetch_objects:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the rows of the current result that are left, as the objects that [property@BaseCursor:row-factory] makes of them.
 *
 * With an error the position stays where it was. A factory that is not one of objects is `PG_ERROR_INTERFACE`. For a list model of all rows see
 * [method@Result.to_list_store]. [method@AsyncCursor.fetch_objects_async] is the twin for a main loop.
 *
 * Returns: (transfer container) (element-type GObject): the objects; `NULL` with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
GPtrArray *
pg_cursor_fetch_objects (PgCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  if (!pg_cursor_wait (self, cancellable, error))
    return NULL;
  return pg_base_cursor_fetch_objects (PG_BASE_CURSOR (self), error);
}
