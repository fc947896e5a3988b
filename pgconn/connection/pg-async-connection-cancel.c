/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-connection-private.h"

#include <glib/gi18n-lib.h>

/* cancel_safe(): a call that waits for the end of another one. */

typedef struct
{
  GTask *task;
  guint serial;
  GSource *timeout;
  GSource *cancel;
} CancelWaiter;

static void
cancel_waiter_end (PgAsyncConnection *self, CancelWaiter *waiter, GError *error)
{
  GSList **waiters = pg_async_connection_get_cancel_waiters (self);

  *waiters = g_slist_remove (*waiters, waiter);
  if (waiter->timeout != NULL)
    {
      g_source_destroy (waiter->timeout);
      g_source_unref (waiter->timeout);
    }
  if (waiter->cancel != NULL)
    {
      g_source_destroy (waiter->cancel);
      g_source_unref (waiter->cancel);
    }
  if (error != NULL)
    g_task_return_error (waiter->task, error);
  else
    g_task_return_boolean (waiter->task, TRUE);
  g_object_unref (waiter->task);
  g_free (waiter);
}

void
pg_async_connection_end_cancel_waiters (PgAsyncConnection *self)
{
  PgEngine *engine = pg_base_connection_get_engine (PG_BASE_CONNECTION (self));
  GSList **waiters = pg_async_connection_get_cancel_waiters (self);
  GSList *l = *waiters;

  while (l != NULL)
    {
      CancelWaiter *waiter = l->data;

      if (pg_engine_is_executing (engine, waiter->serial) && !pg_engine_is_told (engine))
        {
          l = l->next;
          continue;
        }
      cancel_waiter_end (self, waiter, NULL);
      /* Its callback may have changed the list. */
      l = *waiters;
    }
}

static gboolean
on_wait_timeout (gpointer data)
{
  CancelWaiter *waiter = data;

  cancel_waiter_end (g_task_get_source_object (waiter->task), waiter,
                     g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _ ("the statement did not end in time after the cancel request")));
  return G_SOURCE_REMOVE;
}

static gboolean
on_wait_cancelled (GCancellable *cancellable, gpointer data)
{
  CancelWaiter *waiter = data;

  cancel_waiter_end (g_task_get_source_object (waiter->task), waiter,
                     g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the operation was cancelled")));
  return G_SOURCE_REMOVE;
}

/**
 * pg_async_connection_cancel_safe_async:
 * @self: a connection
 * @timeout: how long to wait, in milliseconds; 0 for any time
 * @cancellable: (nullable): a [class@Gio.Cancellable] for the waiting
 * @callback: (scope async) (closure user_data): called when the statement has ended
 * @user_data: data for @callback
 *
 * Cancels the statement that is being executed, and waits until that call has ended; [method@Connection.cancel_safe] is the same blocking.
 *
 * Of statements that were sent together all are cancelled, as [method@BaseConnection.cancel] says, and all are waited for.
 *
 * Since: 1.0
 */
void
pg_async_connection_cancel_safe_async (PgAsyncConnection *self, guint timeout, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  CancelWaiter *waiter;
  GSList **waiters;
  guint serial;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_cancel_safe_async, "pg_async_connection_cancel_safe_async");
  if (pg_async_connection_is_foreign (self, task))
    return;
  serial = pg_engine_ask_cancel (pg_base_connection_get_engine (PG_BASE_CONNECTION (self)));
  if (serial == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  waiter = g_new0 (CancelWaiter, 1);
  waiter->task = g_steal_pointer (&task);
  waiter->serial = serial;
  if (timeout > 0)
    {
      waiter->timeout = g_timeout_source_new (timeout);
      g_source_set_callback (waiter->timeout, on_wait_timeout, waiter, NULL);
      g_source_attach (waiter->timeout, pg_async_connection_get_context (self));
    }
  if (cancellable != NULL)
    {
      waiter->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->cancel, G_SOURCE_FUNC (on_wait_cancelled), waiter, NULL);
      g_source_attach (waiter->cancel, pg_async_connection_get_context (self));
    }
  waiters = pg_async_connection_get_cancel_waiters (self);
  *waiters = g_slist_append (*waiters, waiter);
  pg_async_connection_wake (self);
}

/**
 * pg_async_connection_cancel_safe_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.cancel_safe_async] has begun.
 *
 * Returns: `TRUE` when no statement is being executed any more, or that of a stream has been cancelled; `FALSE` with `G_IO_ERROR_TIMED_OUT` or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_cancel_safe_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_cancel_safe_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
