/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-server-cursor-private.h"

#include <pgconn/connection/pg-abandon-private.h>
#include <pgconn/sql/pg-params.h>

/**
 * PgAsyncServerCursor:
 *
 * A cursor of the server's on a [class@AsyncConnection]: the rows of a large query, some at a time, forwards and backwards, without blocking.
 *
 * [method@AsyncConnection.server_cursor] makes it. Its calls do one thing at a time: one that is made before the last one has ended fails with `G_IO_ERROR_PENDING`. The main loop is
 * free meanwhile, and other calls of the connection take their turn. [class@ServerCursor] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */

G_DEFINE_TYPE (PgAsyncServerCursor, pg_async_server_cursor, PG_TYPE_BASE_SERVER_CURSOR)

/* --- a call on its way --- */

/* NULL where it has none. */
static PgAsyncConnection *
peek_connection (PgAsyncServerCursor *self)
{
  return (PgAsyncConnection *) pg_base_cursor_get_private (PG_BASE_CURSOR (self))->connection;
}

void
pg_async_server_cursor_start (PgAsyncServerCursor *self, GTask *task, PgRequest *request, GError *error, PgAsyncComplete complete)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (PG_BASE_SERVER_CURSOR (self));
  g_autoptr (GTask) owned = task;

  if (error != NULL)
    {
      g_task_return_error (task, error);
    }
  else if (request == NULL)
    {
      if (!g_task_return_error_if_cancelled (task))
        complete (task, NULL, self);
    }
  else
    {
      g_autoptr (PgRequest) pending = pg_request_ref (request);

      pg_async_connection_start (peek_connection (self), g_object_ref (task), request, complete, self);
      /* Otherwise it was not even begun. */
      if (!g_task_had_error (task))
        priv->pending = g_steal_pointer (&pending);
    }
}

PgBaseServerCursor *
pg_async_server_cursor_end (gpointer object)
{
  g_clear_pointer (&pg_base_server_cursor_get_private (object)->pending, pg_request_unref);
  return object;
}

static void
pg_async_server_cursor_close_silently (PgBaseCursor *base)
{
  PgAsyncServerCursor *self = PG_ASYNC_SERVER_CURSOR (base);
  PgRequest *request = pg_base_server_cursor_close_request_new (PG_BASE_SERVER_CURSOR (self));

  if (request != NULL)
    pg_base_connection_abandon (PG_BASE_CONNECTION (peek_connection (self)), request);
}

/* --- the class --- */

static void
pg_async_server_cursor_class_init (PgAsyncServerCursorClass *klass)
{
  PG_BASE_CURSOR_CLASS (klass)->close = pg_async_server_cursor_close_silently;

  /**
   * PgAsyncServerCursor:connection: (getter get_connection)
   *
   * The connection that the cursor uses.
   *
   * Since: 1.0
   */
  pg_base_cursor_class_install_connection (klass, PG_TYPE_ASYNC_CONNECTION, G_PARAM_CONSTRUCT_ONLY);
}

static void
pg_async_server_cursor_init (PgAsyncServerCursor *self)
{
}

/**
 * pg_async_server_cursor_get_connection: (get-property connection)
 * @self: a cursor
 *
 * Gets the connection that the cursor uses.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` where none was given when it was made
 *
 * Since: 1.0
 */
PgAsyncConnection *
pg_async_server_cursor_get_connection (PgAsyncServerCursor *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self), NULL);
  return peek_connection (self);
}

/* --- execute --- */

static void
executed (GTask *task, PgRequest *request, gpointer object)
{
  pg_base_server_cursor_executed (pg_async_server_cursor_end (object), request);
  g_task_return_boolean (task, TRUE);
}

static void
start_execute (PgAsyncServerCursor *self, const char *query, GVariant *variant, PgParams *params, GTask *task)
{
  PgBaseServerCursor *base = PG_BASE_SERVER_CURSOR (self);
  g_autoptr (PgRequest) former = pg_base_server_cursor_close_former_request_new (base);
  GError *error = NULL;
  PgRequest *request = pg_base_server_cursor_execute_request_new (base, query, variant, params, &error);

  if (request != NULL && former != NULL)
    pg_async_connection_start (peek_connection (self), pg_async_task_new (self, NULL, NULL, NULL, start_execute, "pg_async_server_cursor_execute_async"),
                               g_steal_pointer (&former), NULL, NULL);
  pg_async_server_cursor_start (self, task, request, error, executed);
}

/**
 * pg_async_server_cursor_execute_async:
 * @self: a cursor
 * @query: a `SELECT` or `VALUES`, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Declares the cursor for a query; [method@ServerCursor.execute] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_execute_async (PgAsyncServerCursor *self, const char *query, GVariant *params, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  g_return_if_fail (query != NULL);
  start_execute (self, query, owned, NULL,
                 pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_execute_async, "pg_async_server_cursor_execute_async"));
}

/**
 * pg_async_server_cursor_execute_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.execute_async] has begun.
 *
 * Returns: `TRUE` when the cursor is declared
 *
 * Since: 1.0
 */
gboolean
pg_async_server_cursor_execute_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_execute_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_execute_params_async:
 * @self: a cursor
 * @query: a `SELECT` or `VALUES`, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Declares the cursor for a query with parameters whose types are chosen by the caller; [method@ServerCursor.execute_params] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_execute_params_async (PgAsyncServerCursor *self, const char *query, PgParams *params, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  g_return_if_fail (query != NULL);
  start_execute (self, query, NULL, params,
                 pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_execute_params_async, "pg_async_server_cursor_execute_params_async"));
}

/**
 * pg_async_server_cursor_execute_params_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.execute_params_async] has begun.
 *
 * Returns: `TRUE` when the cursor is declared
 *
 * Since: 1.0
 */
gboolean
pg_async_server_cursor_execute_params_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_execute_params_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- scroll, close --- */

static void
moved (GTask *task, PgRequest *request, gpointer object)
{
  pg_base_server_cursor_moved (pg_async_server_cursor_end (object), request);
  g_task_return_boolean (task, TRUE);
}

/**
 * pg_async_server_cursor_scroll_async:
 * @self: a cursor
 * @offset: rows to move, at most 2147483647
 * @mode: what @offset counts from
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Moves the position. [method@ServerCursor.scroll] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_scroll_async (PgAsyncServerCursor *self, gint64 offset, PgScrollMode mode, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  request = pg_base_server_cursor_scroll_request_new (PG_BASE_SERVER_CURSOR (self), offset, mode, &error);
  pg_async_server_cursor_start (self, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_scroll_async, "pg_async_server_cursor_scroll_async"), request, error, moved);
}

/**
 * pg_async_server_cursor_scroll_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.scroll_async] has begun.
 *
 * Returns: `TRUE` when it is moved
 *
 * Since: 1.0
 */
gboolean
pg_async_server_cursor_scroll_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_scroll_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_close_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Closes the cursor, on the server too; the object cannot be used any more at once.
 *
 * Calls that were made before are run before it. [method@ServerCursor.close] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_close_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_close_async, "pg_async_server_cursor_close_async");
  request = pg_base_server_cursor_close_request_new (PG_BASE_SERVER_CURSOR (self));
  pg_base_server_cursor_closed (PG_BASE_SERVER_CURSOR (self));
  if (request != NULL)
    {
      pg_async_connection_start (peek_connection (self), task, request, NULL, NULL);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * pg_async_server_cursor_close_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.close_async] has begun.
 *
 * Returns: `TRUE` when it is closed
 *
 * Since: 1.0
 */
gboolean
pg_async_server_cursor_close_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_close_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
