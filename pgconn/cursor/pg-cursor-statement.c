/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-cursor-statement.h>

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/connection/pg-statement.h>
#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/cursor/pg-cursor-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-params.h>

/* Executing what was prepared by itself, with both classes of cursors. */

static PgRequest *
request_new (PgBaseCursor *self, PgStatement *statement, GVariant *variant, PgParams *params, GError **error)
{
  if (pg_base_cursor_get_private (self)->connection != NULL)
    return pg_base_cursor_statement_request_new (self, statement, variant, params, error);
  g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
  return NULL;
}

static gboolean
execute (PgCursor *self, PgStatement *statement, GVariant *variant, PgParams *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = request_new (PG_BASE_CURSOR (self), statement, variant, params, error);

  return request != NULL && pg_cursor_run (self, request, cancellable, error);
}

/**
 * pg_cursor_execute_statement:
 * @self: a cursor
 * @statement: a statement of the cursor's connection
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement that was prepared with [method@Connection.prepare]; the results of the last one are dropped.
 *
 * The values are sent as the types of the statement's parameters: an integer as `bigint` or `numeric`, text as whatever it is to be, lists and dictionaries as the
 * arrays and composite types that these are. Before anything is sent, a number of values that is another one, and a value that is of another kind, is
 * `PG_ERROR_PROGRAMMING`, and an integer that does not fit `PG_ERROR_DATA`. A statement that is closed, or another connection's, is `PG_ERROR_INTERFACE`.
 *
 * Otherwise it is as [method@Cursor.execute]. [method@AsyncCursor.execute_statement_async] is the same without blocking.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_cursor_execute_statement (PgCursor *self, PgStatement *statement, GVariant *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (PG_IS_STATEMENT (statement), FALSE);
  return execute (self, statement, owned, NULL, cancellable, error);
}

/**
 * pg_cursor_execute_statement_params:
 * @self: a cursor
 * @statement: a statement of the cursor's connection
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement that was prepared, with a [struct@Params]; otherwise as [method@Cursor.execute_statement].
 *
 * [method@AsyncCursor.execute_statement_params_async] is the same without blocking.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_cursor_execute_statement_params (PgCursor *self, PgStatement *statement, PgParams *params, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (PG_IS_STATEMENT (statement), FALSE);
  return execute (self, statement, NULL, params, cancellable, error);
}

static void
executed (GTask *task, PgRequest *request, gpointer cursor)
{
  pg_base_cursor_take_results (cursor, request);
  g_task_return_boolean (task, TRUE);
}

static void
start (PgAsyncCursor *self, PgStatement *statement, GVariant *variant, PgParams *params, GTask *task)
{
  GError *error = NULL;
  PgRequest *request = request_new (PG_BASE_CURSOR (self), statement, variant, params, &error);

  if (request != NULL)
    {
      pg_async_connection_start (pg_async_cursor_get_connection (self), task, request, executed, self);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * pg_async_cursor_execute_statement_async:
 * @self: a cursor
 * @statement: a statement of the cursor's connection
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement that was prepared; the results of the last one are dropped. [method@Cursor.execute_statement] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_cursor_execute_statement_async (PgAsyncCursor *self, PgStatement *statement, GVariant *params, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (PG_IS_STATEMENT (statement));
  start (self, statement, owned, NULL,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_execute_statement_async, "pg_async_cursor_execute_statement_async"));
}

/**
 * pg_async_cursor_execute_statement_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.execute_statement_async] has begun.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_execute_statement_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_execute_statement_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_cursor_execute_statement_params_async:
 * @self: a cursor
 * @statement: a statement of the cursor's connection
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement that was prepared, with a [struct@Params]; [method@Cursor.execute_statement_params] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_async_cursor_execute_statement_params_async (PgAsyncCursor *self, PgStatement *statement, PgParams *params, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (PG_IS_STATEMENT (statement));
  start (self, statement, NULL, params,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_execute_statement_params_async,
                            "pg_async_cursor_execute_statement_params_async"));
}

/**
 * pg_async_cursor_execute_statement_params_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.execute_statement_params_async] has begun.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_execute_statement_params_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_execute_statement_params_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
