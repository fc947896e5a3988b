/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-connection-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-async-server-cursor.h>
#include <pgconn/cursor/pg-server-cursor.h>
#include <pgconn/error/pg-error.h>

/* The server-side cursors of both classes. */

static gboolean
check (PgBaseConnection *self, const char *name, GError **error)
{
  if (pg_base_connection_get_closed (self))
    g_propagate_error (error, pg_engine_closed_error (pg_base_connection_get_engine (self)));
  else if (*name == '\0')
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a server-side cursor needs a name"));
  else if (!g_utf8_validate (name, -1, NULL))
    g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _ ("the name of the cursor is not UTF-8"));
  else
    return TRUE;
  return FALSE;
}

/**
 * pg_connection_server_cursor:
 * @self: a connection
 * @name: the name of the cursor in its session: any text that is not empty, of which the server takes the first 63 bytes
 * @error: return location for a #GError
 *
 * Makes an object for a cursor of the server's. Nothing is sent.
 *
 * To declare a cursor see [method@ServerCursor.execute]. One that was declared by somebody else is used at once.
 * The class of the object is [property@BaseConnection:server-cursor-factory].
 * [method@AsyncConnection.server_cursor] is the twin for the other class.
 *
 * Returns: (transfer full): a new object, or `NULL` with `G_IO_ERROR_CLOSED` when the connection is closed, and with `PG_ERROR_PROGRAMMING` when @name is empty
 *
 * Since: 1.0
 */
PgServerCursor *
pg_connection_server_cursor (PgConnection *self, const char *name, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  return check (PG_BASE_CONNECTION (self), name, error) ? pg_base_connection_new_server_cursor (PG_BASE_CONNECTION (self), name) : NULL;
}

/**
 * pg_async_connection_server_cursor:
 * @self: a connection
 * @name: the name of the cursor in its session: any text that is not empty, of which the server takes the first 63 bytes
 * @error: return location for a #GError
 *
 * Makes an object for a cursor of the server's. Nothing is sent.
 *
 * [method@Connection.server_cursor] is the twin for the other class, and says more.
 *
 * Returns: (transfer full): a new object, or `NULL` with `G_IO_ERROR_CLOSED` when the connection is closed, and with `PG_ERROR_PROGRAMMING` when @name is empty
 *
 * Since: 1.0
 */
PgAsyncServerCursor *
pg_async_connection_server_cursor (PgAsyncConnection *self, const char *name, GError **error)
{
  g_return_val_if_fail (PG_IS_ASYNC_CONNECTION (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  return check (PG_BASE_CONNECTION (self), name, error) ? pg_base_connection_new_server_cursor (PG_BASE_CONNECTION (self), name) : NULL;
}
