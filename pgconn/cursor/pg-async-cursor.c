/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-cursor-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-async-fetch-private.h>
#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-row.h>
#include <pgconn/sql/pg-params.h>

/**
 * PgAsyncCursor:
 *
 * Executes statements on a [class@AsyncConnection] and reads their rows, without blocking.
 *
 * Once a statement is executed all its rows are in memory: [method@BaseCursor.get_result] gives them at once, and the fetch calls, which
 * end in the next iteration of the main loop, give them row by row. [class@Cursor] is the twin that blocks.
 *
 * Since: 1.0
 */

G_DEFINE_TYPE (PgAsyncCursor, pg_async_cursor, PG_TYPE_BASE_CURSOR)

/* NULL where it has none. */
static PgAsyncConnection *
peek_connection (PgAsyncCursor *self)
{
  return (PgAsyncConnection *) pg_base_cursor_get_private (PG_BASE_CURSOR (self))->connection;
}

static void
pg_async_cursor_class_init (PgAsyncCursorClass *klass)
{
  /**
   * PgAsyncCursor:connection: (getter get_connection)
   *
   * The connection that the cursor uses. It is set once, when the cursor is made.
   *
   * Since: 1.0
   */
  pg_base_cursor_class_install_connection (klass, PG_TYPE_ASYNC_CONNECTION, 0);
}

static void
pg_async_cursor_init (PgAsyncCursor *self)
{
}

/**
 * pg_async_cursor_get_connection: (get-property connection)
 * @self: a cursor
 *
 * Gets the connection that the cursor uses.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a cursor that was not made by [method@AsyncConnection.cursor]
 *
 * Since: 1.0
 */
PgAsyncConnection *
pg_async_cursor_get_connection (PgAsyncCursor *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_CURSOR (self), NULL);
  return peek_connection (self);
}

/* --- execute --- */

static void
executed (GTask *task, PgRequest *request, gpointer object)
{
  PgAsyncCursor *self = object;

  pg_base_cursor_take_results (PG_BASE_CURSOR (self), request);
  if (g_task_get_source_object (task) == self)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
start (PgAsyncCursor *self, const char *query, GVariant *variant, PgParams *params, GTask *task)
{
  GError *error = NULL;
  PgRequest *request = NULL;

  if (peek_connection (self) == NULL)
    g_set_error_literal (&error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
  else
    request = pg_base_cursor_execute_request_new (PG_BASE_CURSOR (self), query, variant, params, &error);
  if (request == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  pg_async_connection_start (peek_connection (self), task, request, executed, self);
}

void
pg_async_cursor_start_execute (PgAsyncCursor *self, const char *query, GVariant *params, GTask *task)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  start (self, query, owned, NULL, task);
}

void
pg_async_cursor_start_execute_params (PgAsyncCursor *self, const char *query, PgParams *params, GTask *task)
{
  start (self, query, NULL, params, task);
}

/**
 * pg_async_cursor_execute_async:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement; the results of the last one are dropped. [method@Cursor.execute] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_cursor_execute_async (PgAsyncCursor *self, const char *query, GVariant *params, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (query != NULL);
  pg_async_cursor_start_execute (self, query, params,
                                pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_execute_async,
                                                   "pg_async_cursor_execute_async"));
}

/**
 * pg_async_cursor_execute_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.execute_async] has begun.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_execute_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_execute_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_cursor_execute_params_async:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement with parameters whose types are chosen by the caller. [method@Cursor.execute_params] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_async_cursor_execute_params_async (PgAsyncCursor *self, const char *query, PgParams *params, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (query != NULL);
  pg_async_cursor_start_execute_params (self, query, params,
                                pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_execute_params_async,
                                                   "pg_async_cursor_execute_params_async"));
}

/**
 * pg_async_cursor_execute_params_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.execute_params_async] has begun.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_execute_params_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_execute_params_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- fetch --- */

/**
 * pg_async_cursor_fetch_one_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row of the current result. [method@Cursor.fetch_one] is the twin that blocks.
 *
 * Since: 1.0
 */
void
pg_async_cursor_fetch_one_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  PgRow *row;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_fetch_one_async, "pg_async_cursor_fetch_one_async");
  if (g_task_return_error_if_cancelled (task))
    return;
  row = pg_base_cursor_fetch_one (PG_BASE_CURSOR (self), &error);
  pg_async_fetch_return (task, row, g_object_unref, error);
}

/**
 * pg_async_cursor_fetch_one_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.fetch_one_async] has begun.
 *
 * Returns: (transfer full) (nullable): the row; `NULL` without an error after the last row, and with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
PgRow *
pg_async_cursor_fetch_one_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_fetch_one_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_cursor_fetch_many_async:
 * @self: a cursor
 * @size: how many rows at the most; 0 for [property@BaseCursor:arraysize]
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next rows of the current result. [method@Cursor.fetch_many] is the twin that blocks.
 *
 * Since: 1.0
 */
void
pg_async_cursor_fetch_many_async (PgAsyncCursor *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  GPtrArray *rows;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_fetch_many_async, "pg_async_cursor_fetch_many_async");
  if (g_task_return_error_if_cancelled (task))
    return;
  rows = pg_base_cursor_fetch (PG_BASE_CURSOR (self), size, &error);
  pg_async_fetch_return (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
}

/**
 * pg_async_cursor_fetch_many_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.fetch_many_async] has begun.
 *
 * Returns: (transfer container) (element-type PgRow): the rows, none after the last one; `NULL` with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_cursor_fetch_many_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_fetch_many_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_cursor_fetch_all_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the rows of the current result that are left. [method@Cursor.fetch_all] is the twin that blocks.
 *
 * Since: 1.0
 */
void
pg_async_cursor_fetch_all_async (PgAsyncCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  GPtrArray *rows;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_fetch_all_async, "pg_async_cursor_fetch_all_async");
  if (g_task_return_error_if_cancelled (task))
    return;
  rows = pg_base_cursor_fetch (PG_BASE_CURSOR (self), G_MAXUINT, &error);
  pg_async_fetch_return (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
}

/**
 * pg_async_cursor_fetch_all_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.fetch_all_async] has begun.
 *
 * Returns: (transfer container) (element-type PgRow): the rows; `NULL` with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_cursor_fetch_all_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_fetch_all_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
