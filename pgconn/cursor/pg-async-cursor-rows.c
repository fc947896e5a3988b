/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-async-cursor-rows.h>

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-async-fetch-private.h>
#include <pgconn/cursor/pg-base-cursor-private.h>

/* What the row factory of a cursor makes. */

/**
 * pg_async_cursor_fetch_value_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row of the current result, as [property@BaseCursor:row-factory] makes it. [method@Cursor.fetch_value] is the twin that blocks, and says
 * more.
 *
 * Since: 1.0
 */
void
pg_async_cursor_fetch_value_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_fetch_value_async, "pg_async_cursor_fetch_value_async");
  if (!g_task_return_error_if_cancelled (task))
    pg_async_fetch_return_value (task, PG_BASE_CURSOR (self));
}

/**
 * pg_async_cursor_fetch_value_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.fetch_value_async] has begun.
 *
 * Returns: `TRUE`; `FALSE` without an error after the last row, or with one, as [method@Cursor.fetch_value]
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_fetch_value_finish (PgAsyncCursor *self, GAsyncResult *result, GValue *value, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_fetch_value_async), FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);
  return pg_async_fetch_propagate_value (result, value, error);
}

/**
 * pg_async_cursor_fetch_object_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row of the current result, as the object that [property@BaseCursor:row-factory] makes of it. [method@Cursor.fetch_object] is the twin
 * that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_cursor_fetch_object_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_fetch_object_async, "pg_async_cursor_fetch_object_async");
  if (!g_task_return_error_if_cancelled (task))
    pg_async_fetch_return_object (task, PG_BASE_CURSOR (self));
}

/**
 * pg_async_cursor_fetch_object_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.fetch_object_async] has begun.
 *
 * Returns: (transfer full) (nullable): the object; `NULL` without an error after the last row, or with one, as [method@Cursor.fetch_object]
 *
 * Since: 1.0
 */
GObject *
pg_async_cursor_fetch_object_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_fetch_object_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_cursor_fetch_objects_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the rows of the current result that are left, as objects. [method@Cursor.fetch_objects] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_cursor_fetch_objects_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  GPtrArray *objects;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_fetch_objects_async, "pg_async_cursor_fetch_objects_async");
  if (g_task_return_error_if_cancelled (task))
    return;
  objects = pg_base_cursor_fetch_objects (PG_BASE_CURSOR (self), &error);
  pg_async_fetch_return (task, objects, (GDestroyNotify) g_ptr_array_unref, error);
}

/**
 * pg_async_cursor_fetch_objects_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.fetch_objects_async] has begun.
 *
 * Returns: (transfer container) (element-type GObject): the objects, none after the last row; `NULL` with an error, as [method@Cursor.fetch_objects]
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_cursor_fetch_objects_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_fetch_objects_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
