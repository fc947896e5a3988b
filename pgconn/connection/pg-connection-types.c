/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-connection-types.h"

#include "pg-async-connection-private.h"
#include "pg-connection-private.h"
#include "pg-type-catalog-private.h"

/* The types of the database, for both classes of connections. */

static PgRequest *
request_new_by_name (const char *name, GError **error)
{
  g_autoptr (PgWireParams) params = pg_type_catalog_params_new_by_name (name, error);

  return params != NULL ? pg_request_ask_new (pg_type_catalog_get_sql (), params) : NULL;
}

static PgRequest *
request_new_by_oid (guint oid)
{
  const guint32 oids[] = { oid };
  g_autoptr (PgWireParams) params = pg_type_catalog_params_new_by_oids (oids, 1);

  return pg_request_ask_new (pg_type_catalog_get_sql (), params);
}

/* Takes the request; NULL: it could not be made. */
static PgTypeInfo *
fetch (PgConnection *self, PgRequest *request, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) owned = request;

  if (request == NULL || !pg_connection_run (self, request, cancellable, error))
    return NULL;
  return pg_base_connection_take_type (PG_BASE_CONNECTION (self), request, name, error);
}

/**
 * pg_connection_fetch_type:
 * @self: a connection
 * @name: the name of a type as it is written in SQL: `mood`, `public.mood`, `"Mood"`, `mood[]`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Asks the server for a type, and for all the types that it is made of.
 *
 * All of them are in [property@BaseConnection:adapters] then, so that the cursors made after that decode values of these types, and of arrays of
 * them. Those known by the same names before are replaced.
 *
 * It is one round trip. A transaction stays as it was, and none is begun; in one that has failed it cannot be done, which is
 * `PG_ERROR_IN_FAILED_SQL_TRANSACTION`. The name is found as SQL finds it, with the session's `search_path`: see `to_regtype()` in "System Catalog
 * Information Functions" in the PostgreSQL manual. Where there is no such type it is `PG_ERROR_UNDEFINED_OBJECT`.
 *
 * [method@AsyncConnection.fetch_type_async] is the same without blocking.
 *
 * Returns: (transfer full): the type; `NULL` with an error
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_connection_fetch_type (PgConnection *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return fetch (self, request_new_by_name (name, error), name, cancellable, error);
}

/**
 * pg_connection_fetch_type_by_oid:
 * @self: a connection
 * @oid: the OID of a type
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Asks the server for a type by its OID; otherwise as [method@Connection.fetch_type].
 *
 * [method@AsyncConnection.fetch_type_by_oid_async] is the same without blocking.
 *
 * Returns: (transfer full): the type; `NULL` with an error
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_connection_fetch_type_by_oid (PgConnection *self, guint oid, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_strdup_printf ("OID %u", oid);

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);

  return fetch (self, request_new_by_oid (oid), name, cancellable, error);
}

static void
fetched (GTask *task, PgRequest *request, gpointer object)
{
  PgBaseConnection *self = g_task_get_source_object (task);
  GError *error = NULL;
  PgTypeInfo *info = pg_base_connection_take_type (self, request, g_object_get_data (G_OBJECT (task), "pg-type-name"), &error);

  if (info == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, info, (GDestroyNotify) pg_type_info_unref);
}

/* Takes name, task, and the request with its error. */
static void
start (PgAsyncConnection *self, PgRequest *request, char *name, GTask *task, GError *error)
{
  g_object_set_data_full (G_OBJECT (task), "pg-type-name", name, g_free);
  if (request != NULL)
    {
      pg_async_connection_start (self, task, request, fetched, NULL);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * pg_async_connection_fetch_type_async:
 * @self: a connection
 * @name: the name of a type as it is written in SQL
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Asks the server for a type, and for all the types that it is made of; [method@Connection.fetch_type] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_connection_fetch_type_async (PgAsyncConnection *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (name != NULL);

  request = request_new_by_name (name, &error);
  start (self, request, g_strdup (name),
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_fetch_type_async, "pg_async_connection_fetch_type_async"),
         error);
}

/**
 * pg_async_connection_fetch_type_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.fetch_type_async] has begun.
 *
 * Returns: (transfer full): the type; `NULL` with an error
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_async_connection_fetch_type_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_fetch_type_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_connection_fetch_type_by_oid_async:
 * @self: a connection
 * @oid: the OID of a type
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Asks the server for a type by its OID; [method@Connection.fetch_type_by_oid] is the same blocking.
 *
 * Since: 1.0
 */
void
pg_async_connection_fetch_type_by_oid_async (PgAsyncConnection *self, guint oid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));

  start (self, request_new_by_oid (oid), g_strdup_printf ("OID %u", oid),
         pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_fetch_type_by_oid_async,
                            "pg_async_connection_fetch_type_by_oid_async"),
         NULL);
}

/**
 * pg_async_connection_fetch_type_by_oid_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.fetch_type_by_oid_async] has begun.
 *
 * Returns: (transfer full): the type; `NULL` with an error
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_async_connection_fetch_type_by_oid_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_fetch_type_by_oid_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
