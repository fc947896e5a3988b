/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-cursor-many.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-base-cursor-many-private.h>
#include <pgconn/error/pg-error.h>

/* executemany() for a main loop. */

/* The task fails with error, after what was begun is ended; without, it has succeeded. Takes both. */
static void
aborted (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
give_up (PgAsyncCursor *self, GTask *task, GError *error)
{
  PgRequest *request = pg_base_cursor_many_abort (PG_BASE_CURSOR (self));

  if (error != NULL)
    g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  if (request == NULL)
    {
      aborted (NULL, NULL, task);
      return;
    }
  pg_async_connection_start (pg_async_cursor_get_connection (self), pg_async_task_new (self, NULL, aborted, task, give_up, "pg_async_cursor_abort_many"), request,
                             NULL, NULL);
}

static void
executed (GObject *object, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  PgAsyncCursor *self = PG_ASYNC_CURSOR (object);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      pg_async_task_copy_diagnostic (task, G_TASK (result));
      give_up (self, task, error);
      return;
    }
  pg_base_cursor_many_succeeded (PG_BASE_CURSOR (self));
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
start (PgAsyncCursor *self, const char *query, GVariant *sets, PgParamsBatch *batch, PgExecuteManyFlags flags, GTask *task)
{
  PgAsyncConnection *connection = pg_async_cursor_get_connection (self);
  GError *error = NULL;
  PgRequest *request;

  if (connection == NULL)
    g_set_error_literal (&error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
  else
    pg_base_cursor_many_check (PG_BASE_CURSOR (self), query, flags, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  if (error != NULL || pg_async_connection_is_foreign (connection, task))
    {
      g_object_unref (task);
      return;
    }
  if ((flags & PG_EXECUTE_MANY_ABORT) != 0)
    {
      give_up (self, task, NULL);
      return;
    }
  request = pg_base_cursor_many_request_new (PG_BASE_CURSOR (self), query, sets, batch, flags, &error);
  if (request == NULL)
    {
      give_up (self, task, error);
      return;
    }
  pg_async_connection_start (connection, pg_async_task_new (self, g_task_get_cancellable (task), executed, task, start, "pg_async_cursor_execute_many"),
                             request, NULL, NULL);
}

/**
 * pg_async_cursor_execute_many_async:
 * @self: a cursor
 * @query: (nullable): the statement, with `$1`, `%s` or `%(name)s` placeholders; `NULL` to go on with the one that was begun with
 *   `PG_EXECUTE_MANY_MORE`
 * @sets: an array or a tuple of sets of parameters; a floating reference is taken
 * @flags: what becomes of the results, and whether more sets follow
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed with all sets, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement with each of many sets of parameters; [method@Cursor.execute_many] is the same blocking, and says more.
 *
 * With `PG_EXECUTE_MANY_MORE` other calls of the connection are queued until the last call: to wait for one of them before that is to wait for ever.
 *
 * Since: 1.0
 */
void
pg_async_cursor_execute_many_async (PgAsyncCursor *self, const char *query, GVariant *sets, PgExecuteManyFlags flags, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GVariant) owned = NULL;

  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  g_return_if_fail (sets != NULL);
  owned = g_variant_ref_sink (sets);
  start (self, query, owned, NULL, flags,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_execute_many_async, "pg_async_cursor_execute_many_async"));
}

/**
 * pg_async_cursor_execute_many_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.execute_many_async] has begun.
 *
 * Returns: `TRUE` when the statement was executed with all sets
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_execute_many_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_execute_many_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pg_async_cursor_execute_batch_async:
 * @self: a cursor
 * @query: (nullable): the statement, with `$1`, `%s` or `%(name)s` placeholders; `NULL` to go on with the one that was begun with
 *   `PG_EXECUTE_MANY_MORE`
 * @batch: (nullable): the sets of parameters; `NULL` for none, as with `PG_EXECUTE_MANY_ABORT`
 * @flags: what becomes of the results, and whether more sets follow
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is executed with all sets, or has failed
 * @user_data: data for @callback
 *
 * Executes a statement with each set of parameters of a batch; [method@Cursor.execute_batch] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_async_cursor_execute_batch_async (PgAsyncCursor *self, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CURSOR (self));
  start (self, query, NULL, batch, flags,
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_cursor_execute_batch_async, "pg_async_cursor_execute_batch_async"));
}

/**
 * pg_async_cursor_execute_batch_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncCursor.execute_batch_async] has begun.
 *
 * Returns: `TRUE` when the statement was executed with all sets
 *
 * Since: 1.0
 */
gboolean
pg_async_cursor_execute_batch_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_cursor_execute_batch_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
