/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-connection-private.h"

#include <pgconn/cursor/pg-async-cursor-private.h>

/* The verbs of PgAsyncConnection: each builds a request and starts it. */

static void
start (PgAsyncConnection *self, PgRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag,
       const char *name)
{
  pg_async_connection_start (self, pg_async_task_new (self, cancellable, callback, user_data, tag, name), request, NULL, NULL);
}

/**
 * pg_async_connection_commit_async:
 * @self: a connection
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Commits the transaction; [method@Connection.commit] is the same blocking, and says more.
 *
 * Calls that were made before have been run by then.
 *
 * Since: 1.0
 */
void
pg_async_connection_commit_async (PgAsyncConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  start (self, pg_request_commit_new (), cancellable, callback, user_data, pg_async_connection_commit_async,
         "pg_async_connection_commit_async");
}

/**
 * pg_async_connection_commit_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.commit_async] has begun.
 *
 * Returns: `TRUE` when the transaction is committed
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_commit_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_commit_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_rollback_async:
 * @self: a connection
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Rolls the transaction back; [method@Connection.rollback] is the same blocking, and says more.
 *
 * Calls that were made before have been run by then.
 *
 * Since: 1.0
 */
void
pg_async_connection_rollback_async (PgAsyncConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  start (self, pg_request_rollback_new (), cancellable, callback, user_data, pg_async_connection_rollback_async,
         "pg_async_connection_rollback_async");
}

/**
 * pg_async_connection_rollback_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.rollback_async] has begun.
 *
 * Returns: `TRUE` when no transaction is open any more
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_rollback_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_rollback_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_set_autocommit_async:
 * @self: a connection
 * @autocommit: whether each statement is a transaction of its own
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Sets whether each statement is a transaction of its own; [method@Connection.set_autocommit] is the same for the other class, and says more.
 *
 * It takes its turn behind the calls that were made before.
 *
 * Since: 1.0
 */
void
pg_async_connection_set_autocommit_async (PgAsyncConnection *self, gboolean autocommit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  start (self, pg_request_set_autocommit_new (autocommit), cancellable, callback, user_data, pg_async_connection_set_autocommit_async,
         "pg_async_connection_set_autocommit_async");
}

/**
 * pg_async_connection_set_autocommit_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.set_autocommit_async] has begun.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_set_autocommit_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_set_autocommit_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_set_isolation_level_async:
 * @self: a connection
 * @level: the isolation level
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Sets the isolation level of the transactions to come; [method@Connection.set_isolation_level] is the same for the other class, and says more.
 *
 * It takes its turn behind the calls that were made before.
 *
 * Since: 1.0
 */
void
pg_async_connection_set_isolation_level_async (PgAsyncConnection *self, PgIsolationLevel level, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (level <= PG_ISOLATION_LEVEL_SERIALIZABLE);
  start (self, pg_request_set_isolation_level_new (level), cancellable, callback, user_data, pg_async_connection_set_isolation_level_async,
         "pg_async_connection_set_isolation_level_async");
}

/**
 * pg_async_connection_set_isolation_level_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.set_isolation_level_async] has begun.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_set_isolation_level_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_set_isolation_level_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_set_read_only_async:
 * @self: a connection
 * @read_only: on, off, or the server's default
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Sets whether the transactions to come are read only; [method@Connection.set_read_only] is the same for the other class, and says more.
 *
 * It takes its turn behind the calls that were made before.
 *
 * Since: 1.0
 */
void
pg_async_connection_set_read_only_async (PgAsyncConnection *self, PgTristate read_only, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (read_only >= PG_TRISTATE_DEFAULT && read_only <= PG_TRISTATE_ON);
  start (self, pg_request_set_read_only_new (read_only), cancellable, callback, user_data, pg_async_connection_set_read_only_async,
         "pg_async_connection_set_read_only_async");
}

/**
 * pg_async_connection_set_read_only_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.set_read_only_async] has begun.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_set_read_only_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_set_read_only_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_set_deferrable_async:
 * @self: a connection
 * @deferrable: on, off, or the server's default
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Sets whether the transactions to come are deferrable; [method@Connection.set_deferrable] is the same for the other class, and says more.
 *
 * It takes its turn behind the calls that were made before.
 *
 * Since: 1.0
 */
void
pg_async_connection_set_deferrable_async (PgAsyncConnection *self, PgTristate deferrable, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (deferrable >= PG_TRISTATE_DEFAULT && deferrable <= PG_TRISTATE_ON);
  start (self, pg_request_set_deferrable_new (deferrable), cancellable, callback, user_data, pg_async_connection_set_deferrable_async,
         "pg_async_connection_set_deferrable_async");
}

/**
 * pg_async_connection_set_deferrable_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.set_deferrable_async] has begun.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_set_deferrable_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_set_deferrable_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_close_async:
 * @self: a connection
 * @cancellable: (nullable): a [class@Gio.Cancellable]; closing is not cancelled
 * @callback: (scope async) (closure user_data): called when the connection is closed
 * @user_data: data for @callback
 *
 * Closes the connection, as [method@BaseConnection.close] does, and tells when that is done: after the callbacks of the calls that it made fail.
 *
 * Since: 1.0
 */
void
pg_async_connection_close_async (PgAsyncConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_close_async, "pg_async_connection_close_async");
  if (pg_async_connection_is_foreign (self, task))
    return;
  pg_base_connection_close (PG_BASE_CONNECTION (self));
  g_task_return_boolean (task, TRUE);
}

/**
 * pg_async_connection_close_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.close_async] has begun.
 *
 * Returns: `TRUE`; `FALSE` with `PG_ERROR_INTERFACE` when it was called in another thread than the connection's
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_close_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_close_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_connection_cursor:
 * @self: a connection
 * @error: return location for a #GError
 *
 * Makes a cursor, to execute statements and read their rows. Nothing is sent.
 *
 * [method@Connection.cursor] is the twin for the other class.
 *
 * Returns: (transfer full): a new cursor, or `NULL` with `G_IO_ERROR_CLOSED` when the connection is closed
 *
 * Since: 1.0
 */
PgAsyncCursor *
pg_async_connection_cursor (PgAsyncConnection *self, GError **error)
{
  PgBaseConnection *base = (PgBaseConnection *) self;

  g_return_val_if_fail (PG_IS_ASYNC_CONNECTION (self), NULL);
  if (pg_base_connection_get_closed (base))
    {
      g_propagate_error (error, pg_engine_closed_error (pg_base_connection_get_engine (base)));
      return NULL;
    }
  return pg_base_connection_new_cursor (base);
}

/**
 * pg_async_connection_execute_async:
 * @self: a connection
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement with a new cursor; [method@Connection.execute] is the same blocking.
 *
 * [method@Cursor.execute] has the rules for @query and @params.
 *
 * Since: 1.0
 */
void
pg_async_connection_execute_async (PgAsyncConnection *self, const char *query, GVariant *params, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (PgAsyncCursor) cursor = NULL;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (query != NULL);
  cursor = pg_base_connection_new_cursor (PG_BASE_CONNECTION (self));
  pg_async_cursor_start_execute (cursor, query, params,
                                pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_execute_async,
                                                   "pg_async_connection_execute_async"));
}

/**
 * pg_async_connection_execute_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.execute_async] has begun.
 *
 * Returns: (transfer full): the cursor, at its first row; `NULL` with an error
 *
 * Since: 1.0
 */
PgAsyncCursor *
pg_async_connection_execute_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_execute_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_connection_execute_params_async:
 * @self: a connection
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement with a new cursor and parameters whose types are chosen by the caller; [method@Connection.execute_params] is the same blocking.
 *
 * [method@Cursor.execute_params] has the rules for @query and @params.
 *
 * Since: 1.0
 */
void
pg_async_connection_execute_params_async (PgAsyncConnection *self, const char *query, PgParams *params, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (PgAsyncCursor) cursor = NULL;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (query != NULL);
  cursor = pg_base_connection_new_cursor (PG_BASE_CONNECTION (self));
  pg_async_cursor_start_execute_params (cursor, query, params,
                                pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_execute_params_async,
                                                   "pg_async_connection_execute_params_async"));
}

/**
 * pg_async_connection_execute_params_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.execute_params_async] has begun.
 *
 * Returns: (transfer full): the cursor, at its first row; `NULL` with an error
 *
 * Since: 1.0
 */
PgAsyncCursor *
pg_async_connection_execute_params_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_execute_params_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
