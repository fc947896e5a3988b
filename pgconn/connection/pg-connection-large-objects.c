/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-connection-large-objects.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/connection/pg-large-object-private.h>
#include <pgconn/error/pg-error.h>

/* The large objects of both classes. */

#define ANY_MODE (PG_LARGE_OBJECT_MODE_READ | PG_LARGE_OBJECT_MODE_WRITE)

static gboolean
check_mode (PgLargeObjectMode mode, GError **error)
{
  if (mode != PG_LARGE_OBJECT_MODE_NONE && (mode & ~ANY_MODE) == 0)
    return TRUE;
  g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("a large object is opened for reading, for writing, or for both"));
  return FALSE;
}

/* Drops the request. */
static PgLargeObject *
run (PgConnection *self, PgRequest *request, PgLargeObjectMode mode, GCancellable *cancellable, GError **error)
{
  PgLob *lob = NULL;

  if (pg_connection_run (self, request, cancellable, error))
    lob = pg_lob_take (PG_BASE_CONNECTION (self), request, mode, error);
  pg_request_unref (request);
  return lob != NULL ? pg_large_object_new (lob) : NULL;
}

/**
 * pg_connection_create_large_object:
 * @self: a connection
 * @oid: the OID of the new one; 0 to let the server choose
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Creates a large object and opens it, to be written and read.
 *
 * Begins a transaction where none is open; in autocommit mode it is `PG_ERROR_PROGRAMMING` then, as the transaction has to last as long as the object is open. Fails with
 * the server's error, which is `23505` where there is one of that @oid. [method@AsyncConnection.create_large_object_async] is the same without blocking.
 *
 * Returns: (transfer full): the large object, empty; `NULL` with an error
 *
 * Since: 1.0
 */
PgLargeObject *
pg_connection_create_large_object (PgConnection *self, guint oid, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  return run (self, pg_lob_create_request_new (oid), ANY_MODE, cancellable, error);
}

/**
 * pg_connection_open_large_object:
 * @self: a connection
 * @oid: the OID of the large object
 * @mode: what it is opened for
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Opens a large object, at its beginning.
 *
 * Otherwise as [method@Connection.create_large_object]. Where there is none of that @oid it is the server's `42704`; a @mode that is none is
 * `PG_ERROR_INTERFACE`.
 * [method@AsyncConnection.open_large_object_async] is the same without blocking.
 *
 * Returns: (transfer full): the large object; `NULL` with an error
 *
 * Since: 1.0
 */
PgLargeObject *
pg_connection_open_large_object (PgConnection *self, guint oid, PgLargeObjectMode mode, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  if (!check_mode (mode, error))
    return NULL;
  return run (self, pg_lob_open_request_new (oid, mode), mode, cancellable, error);
}

/**
 * pg_connection_unlink_large_object:
 * @self: a connection
 * @oid: the OID of the large object
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Deletes a large object. Where there is none it is the server's `42704`.
 *
 * [method@AsyncConnection.unlink_large_object_async] is the same without blocking.
 *
 * Returns: `TRUE` when it is deleted
 *
 * Since: 1.0
 */
gboolean
pg_connection_unlink_large_object (PgConnection *self, guint oid, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  request = pg_lob_unlink_request_new (oid);
  return pg_connection_run (self, request, cancellable, error);
}

static void
opened (GTask *task, PgRequest *request, PgLargeObjectMode mode)
{
  GError *error = NULL;
  PgLob *lob = pg_lob_take (g_task_get_source_object (task), request, mode, &error);

  if (lob != NULL)
    g_task_return_pointer (task, pg_large_object_new (lob), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
opened_to_read (GTask *task, PgRequest *request, gpointer object)
{
  opened (task, request, PG_LARGE_OBJECT_MODE_READ);
}

static void
opened_to_write (GTask *task, PgRequest *request, gpointer object)
{
  opened (task, request, PG_LARGE_OBJECT_MODE_WRITE);
}

static void
opened_for_both (GTask *task, PgRequest *request, gpointer object)
{
  opened (task, request, ANY_MODE);
}

/**
 * pg_async_connection_create_large_object_async:
 * @self: a connection
 * @oid: the OID of the new one; 0 to let the server choose
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Creates a large object and opens it; [method@Connection.create_large_object] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_connection_create_large_object_async (PgAsyncConnection *self, guint oid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  pg_async_connection_start (self,
                             pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_create_large_object_async,
                                                "pg_async_connection_create_large_object_async"),
                             pg_lob_create_request_new (oid), opened_for_both, NULL);
}

/**
 * pg_async_connection_create_large_object_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.create_large_object_async] has begun.
 *
 * Returns: (transfer full): the large object, empty; `NULL` with an error
 *
 * Since: 1.0
 */
PgLargeObject *
pg_async_connection_create_large_object_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_create_large_object_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_connection_open_large_object_async:
 * @self: a connection
 * @oid: the OID of the large object
 * @mode: what it is opened for
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Opens a large object, at its beginning; [method@Connection.open_large_object] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_connection_open_large_object_async (PgAsyncConnection *self, guint oid, PgLargeObjectMode mode, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PgAsyncComplete complete;
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_open_large_object_async,
                            "pg_async_connection_open_large_object_async");
  if (!check_mode (mode, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (mode == ANY_MODE)
    complete = opened_for_both;
  else
    complete = mode == PG_LARGE_OBJECT_MODE_READ ? opened_to_read : opened_to_write;
  pg_async_connection_start (self, task, pg_lob_open_request_new (oid, mode), complete, NULL);
}

/**
 * pg_async_connection_open_large_object_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.open_large_object_async] has begun.
 *
 * Returns: (transfer full): the large object; `NULL` with an error
 *
 * Since: 1.0
 */
PgLargeObject *
pg_async_connection_open_large_object_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_open_large_object_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_connection_unlink_large_object_async:
 * @self: a connection
 * @oid: the OID of the large object
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Deletes a large object; [method@Connection.unlink_large_object] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_connection_unlink_large_object_async (PgAsyncConnection *self, guint oid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  pg_async_connection_start (self,
                             pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_unlink_large_object_async,
                                                "pg_async_connection_unlink_large_object_async"),
                             pg_lob_unlink_request_new (oid), NULL, NULL);
}

/**
 * pg_async_connection_unlink_large_object_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.unlink_large_object_async] has begun.
 *
 * Returns: `TRUE` when it is deleted
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_unlink_large_object_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_unlink_large_object_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
