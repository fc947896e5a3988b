/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-async-client-cursor.h>

#include <pgconn/connection/pg-async-connection.h>
#include <pgconn/cursor/pg-base-cursor-private.h>

/**
 * PgAsyncClientCursor:
 *
 * Executes statements on an [class@AsyncConnection] whose parameters the client has merged into their text.
 *
 * [class@ClientCursor] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */

struct _PgAsyncClientCursor
{
  PgAsyncCursor parent_instance;
};

G_DEFINE_FINAL_TYPE (PgAsyncClientCursor, pg_async_client_cursor, PG_TYPE_ASYNC_CURSOR)

static void
pg_async_client_cursor_class_init (PgAsyncClientCursorClass *klass)
{
}

static void
pg_async_client_cursor_init (PgAsyncClientCursor *self)
{
  pg_base_cursor_get_private (PG_BASE_CURSOR (self))->merges = TRUE;
}

/**
 * pg_async_client_cursor_new:
 * @connection: a connection
 *
 * Makes a cursor. Nothing is sent; on a connection that is closed its calls fail.
 *
 * [ctor@ClientCursor.new] is the twin for the other class.
 *
 * Returns: (transfer full): a new cursor
 *
 * Since: 1.0
 */
PgAsyncClientCursor *
pg_async_client_cursor_new (PgAsyncConnection *connection)
{
  g_return_val_if_fail (PG_IS_ASYNC_CONNECTION (connection), NULL);
  return g_object_new (PG_TYPE_ASYNC_CLIENT_CURSOR, "connection", connection, NULL);
}

/**
 * pg_async_client_cursor_mogrify:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters, as for [method@Cursor.execute]; a floating reference is taken
 * @error: return location for a #GError
 *
 * Merges parameters into a statement, as they are merged when it is executed. Nothing is sent.
 *
 * What it gives is for this connection's server: it has the values in it, and so is not for logs. [method@ClientCursor.mogrify] is the twin in the other class.
 *
 * Returns: (transfer full): the statement, or `NULL` with `PG_ERROR_PROGRAMMING` when @query and @params do not fit, and with `PG_ERROR_DATA` when a parameter
 *   cannot be written
 *
 * Since: 1.0
 */
char *
pg_async_client_cursor_mogrify (PgAsyncClientCursor *self, const char *query, GVariant *params, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_val_if_fail (PG_IS_ASYNC_CLIENT_CURSOR (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  return pg_base_cursor_mogrify (PG_BASE_CURSOR (self), query, owned, NULL, error);
}

/**
 * pg_async_client_cursor_mogrify_params:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @error: return location for a #GError
 *
 * Merges parameters whose types are chosen by the caller into a statement; otherwise as [method@AsyncClientCursor.mogrify].
 *
 * [method@ClientCursor.mogrify_params] is the twin in the other class.
 *
 * Returns: (transfer full): the statement, or `NULL` with an error as there
 *
 * Since: 1.0
 */
char *
pg_async_client_cursor_mogrify_params (PgAsyncClientCursor *self, const char *query, PgParams *params, GError **error)
{
  g_return_val_if_fail (PG_IS_ASYNC_CLIENT_CURSOR (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  return pg_base_cursor_mogrify (PG_BASE_CURSOR (self), query, NULL, params, error);
}
