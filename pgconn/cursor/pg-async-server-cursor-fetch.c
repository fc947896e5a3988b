/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-server-cursor-private.h"

#include <pgconn/cursor/pg-async-fetch-private.h>
#include <pgconn/result/pg-row.h>

/* The rows of a server-side cursor, fetched. */

static void
start_fetch (PgAsyncServerCursor *self, guint wanted, GTask *task, PgAsyncComplete complete)
{
  GError *error = NULL;
  PgRequest *request = pg_base_server_cursor_fetch_request_new (PG_BASE_SERVER_CURSOR (self), &wanted, &error);

  if (error == NULL)
    pg_base_server_cursor_get_private (PG_BASE_SERVER_CURSOR (self))->asked = wanted;
  pg_async_server_cursor_start (self, task, request, error, complete);
}

static void
fetched_one (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  PgRow *row;

  pg_base_server_cursor_take_page (pg_async_server_cursor_end (object), request);
  row = pg_base_cursor_fetch_one (object, &error);
  pg_async_fetch_return (task, row, g_object_unref, error);
}

static void
fetched_rows (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  PgBaseServerCursor *base = pg_async_server_cursor_end (object);
  GPtrArray *rows = pg_base_server_cursor_take_rows (base, request, pg_base_server_cursor_get_private (base)->asked, &error);

  pg_async_fetch_return (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
}

static void
fetched_value (GTask *task, PgRequest *request, gpointer object)
{
  pg_base_server_cursor_take_page (pg_async_server_cursor_end (object), request);
  pg_async_fetch_return_value (task, object);
}

static void
fetched_object (GTask *task, PgRequest *request, gpointer object)
{
  pg_base_server_cursor_take_page (pg_async_server_cursor_end (object), request);
  pg_async_fetch_return_object (task, object);
}

static void
fetched_objects (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  GPtrArray *objects = pg_base_server_cursor_take_objects (pg_async_server_cursor_end (object), request, &error);

  pg_async_fetch_return (task, objects, (GDestroyNotify) g_ptr_array_unref, error);
}

static void
fetched_page (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  guint first_row;
  PgResult *page = pg_base_server_cursor_take_result (pg_async_server_cursor_end (object), request, &first_row, &error);

  g_object_set_data (G_OBJECT (task), "first-row", GUINT_TO_POINTER (first_row));
  pg_async_fetch_return (task, page, g_object_unref, error);
}

/**
 * pg_async_server_cursor_fetch_one_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row. [method@ServerCursor.fetch_one] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_one_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, 1, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_one_async, "pg_async_server_cursor_fetch_one_async"),
               fetched_one);
}

/**
 * pg_async_server_cursor_fetch_one_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_one_async] has begun.
 *
 * Returns: (transfer full) (nullable): the row; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
PgRow *
pg_async_server_cursor_fetch_one_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_one_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_many_async:
 * @self: a cursor
 * @size: how many rows at the most; 0 for [property@BaseCursor:arraysize]
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next rows, in one round trip. [method@ServerCursor.fetch_many] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_many_async (PgAsyncServerCursor *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, size, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_many_async, "pg_async_server_cursor_fetch_many_async"),
               fetched_rows);
}

/**
 * pg_async_server_cursor_fetch_many_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_many_async] has begun.
 *
 * Returns: (transfer container) (element-type PgRow): the rows, none after the last one; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_server_cursor_fetch_many_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_many_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_all_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the rows that are left, in one round trip. [method@ServerCursor.fetch_all] is the twin that blocks.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_all_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, G_MAXUINT, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_all_async, "pg_async_server_cursor_fetch_all_async"),
               fetched_rows);
}

/**
 * pg_async_server_cursor_fetch_all_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_all_async] has begun.
 *
 * Returns: (transfer container) (element-type PgRow): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_server_cursor_fetch_all_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_all_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_value_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row as [property@BaseCursor:row-factory] makes it. [method@ServerCursor.fetch_value] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_value_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, 1, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_value_async, "pg_async_server_cursor_fetch_value_async"),
               fetched_value);
}

/**
 * pg_async_server_cursor_fetch_value_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_value_async] has begun.
 *
 * Returns: `TRUE`; `FALSE` without an error after the last row, or with one, as [method@ServerCursor.fetch_value]
 *
 * Since: 1.0
 */
gboolean
pg_async_server_cursor_fetch_value_finish (PgAsyncServerCursor *self, GAsyncResult *result, GValue *value, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_value_async), FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);
  return pg_async_fetch_propagate_value (result, value, error);
}

/**
 * pg_async_server_cursor_fetch_object_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row as the object that [property@BaseCursor:row-factory] makes of it. [method@ServerCursor.fetch_object] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_object_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, 1, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_object_async, "pg_async_server_cursor_fetch_object_async"),
               fetched_object);
}

/**
 * pg_async_server_cursor_fetch_object_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_object_async] has begun.
 *
 * Returns: (transfer full) (nullable): the object; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
GObject *
pg_async_server_cursor_fetch_object_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_object_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_objects_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the rows that are left as objects, in one round trip. [method@ServerCursor.fetch_objects] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_objects_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  request = pg_base_server_cursor_fetch_objects_request_new (PG_BASE_SERVER_CURSOR (self), &error);
  pg_async_server_cursor_start (self, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_objects_async, "pg_async_server_cursor_fetch_objects_async"),
                                request, error, fetched_objects);
}

/**
 * pg_async_server_cursor_fetch_objects_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_objects_async] has begun.
 *
 * Returns: (transfer container) (element-type GObject): the objects; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_server_cursor_fetch_objects_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_objects_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_page_async:
 * @self: a cursor
 * @size: how many rows to ask for; 0 for [property@BaseServerCursor:itersize], `G_MAXUINT` for all that are left
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next page of rows as a result. [method@ServerCursor.fetch_page] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_page_async (PgAsyncServerCursor *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  request = pg_base_server_cursor_fetch_page_request_new (PG_BASE_SERVER_CURSOR (self), size, &error);
  pg_async_server_cursor_start (self, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_page_async, "pg_async_server_cursor_fetch_page_async"),
                                request, error, fetched_page);
}

/**
 * pg_async_server_cursor_fetch_page_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @first_row: (out) (optional): which row of the result is the next one: 0 unless some of them were fetched before
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_page_async] has begun.
 *
 * Returns: (transfer full) (nullable): the page; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
PgResult *
pg_async_server_cursor_fetch_page_finish (PgAsyncServerCursor *self, GAsyncResult *result, guint *first_row, GError **error)
{
  if (first_row != NULL)
    *first_row = 0;
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_page_async), NULL);
  if (first_row != NULL)
    *first_row = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (result), "first-row"));
  return g_task_propagate_pointer (G_TASK (result), error);
}
