/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-client-cursor.h>

#include <pgconn/connection/pg-connection.h>
#include <pgconn/cursor/pg-base-cursor-private.h>

/**
 * PgClientCursor:
 *
 * Executes statements on a [class@Connection] whose parameters the client has merged into their text.
 *
 * It is used as [class@Cursor], and for what the server takes no parameters for: statements other than queries, such as `SET`, `NOTIFY`, `CREATE` and `ALTER`, and
 * several statements at once. Everything else is better off with a [class@Cursor], where the values never become part of the statement's text.
 *
 * ```c
 * g_autoptr (PgClientCursor) cursor = pg_client_cursor_new (connection);
 *
 * pg_cursor_execute (PG_CURSOR (cursor), "ALTER USER shop PASSWORD %s", g_variant_new ("(s)", password), NULL, &error);
 * ```
 *
 * Statements are never prepared, and results are in text: [property@BaseCursor:prepare] has no effect, and `PG_FORMAT_BINARY` is `PG_ERROR_NOT_SUPPORTED`. Many sets of
 * parameters, [method@Cursor.execute_many], are sent beside the statement as with any other cursor.
 *
 * ## How values are written
 *
 * | value | in the statement |
 * |---|---|
 * | integers, `numeric` | `42`, ` -1`, `1.50`, `7.`; a `bigint` that would be taken for an `integer` as `42::int8` |
 * | `boolean` | `true` |
 * | text of any or no type | `'it''s'`, or `E'a\\b'` where it has a backslash |
 * | all others | `'2020-01-01'::date`, `E'\\x00ff'::bytea`, `'{1,2}'::int2[]`, `'NaN'::float8` |
 * | SQL NULL | `NULL`, or `NULL::date` where its type is known |
 *
 * In `SET` and `ALTER`, whose grammar has only constants, values are written without a type. The name of a type that is not one of PostgreSQL's own is that in
 * [property@BaseCursor:adapters]; where it is not there the value is `PG_ERROR_PROGRAMMING`.
 *
 * Quotes are right whatever `standard_conforming_strings` is. Where that is off, a statement with parameters and with a backslash in a string of its own without `E`
 * is `PG_ERROR_NOT_SUPPORTED`. Text that is not UTF-8, or has a zero byte, is `PG_ERROR_DATA`.
 *
 * To have all cursors of a connection do so set [property@BaseConnection:cursor-factory]. [class@AsyncClientCursor] is the twin for a main loop.
 *
 * Since: 1.0
 */

struct _PgClientCursor
{
  PgCursor parent_instance;
};

G_DEFINE_FINAL_TYPE (PgClientCursor, pg_client_cursor, PG_TYPE_CURSOR)

static void
pg_client_cursor_class_init (PgClientCursorClass *klass)
{
}

static void
pg_client_cursor_init (PgClientCursor *self)
{
  pg_base_cursor_get_private (PG_BASE_CURSOR (self))->merges = TRUE;
}

/**
 * pg_client_cursor_new:
 * @connection: a connection
 *
 * Makes a cursor. Nothing is sent; on a connection that is closed its calls fail.
 *
 * [ctor@AsyncClientCursor.new] is the twin for the other class.
 *
 * Returns: (transfer full): a new cursor
 *
 * Since: 1.0
 */
PgClientCursor *
pg_client_cursor_new (PgConnection *connection)
{
  g_return_val_if_fail (PG_IS_CONNECTION (connection), NULL);
  return g_object_new (PG_TYPE_CLIENT_CURSOR, "connection", connection, NULL);
}

/**
 * pg_client_cursor_mogrify:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters, as for [method@Cursor.execute]; a floating reference is taken
 * @error: return location for a #GError
 *
 * Merges parameters into a statement, as they are merged when it is executed. Nothing is sent.
 *
 * What it gives is for this connection's server: it has the values in it, and so is not for logs. [method@AsyncClientCursor.mogrify] is the twin in the other class.
 *
 * Returns: (transfer full): the statement, or `NULL` with `PG_ERROR_PROGRAMMING` when @query and @params do not fit, and with `PG_ERROR_DATA` when a parameter
 *   cannot be written
 *
 * Since: 1.0
 */
char *
pg_client_cursor_mogrify (PgClientCursor *self, const char *query, GVariant *params, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_val_if_fail (PG_IS_CLIENT_CURSOR (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  return pg_base_cursor_mogrify (PG_BASE_CURSOR (self), query, owned, NULL, error);
}

/**
 * pg_client_cursor_mogrify_params:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @error: return location for a #GError
 *
 * Merges parameters whose types are chosen by the caller into a statement; otherwise as [method@ClientCursor.mogrify].
 *
 * [method@AsyncClientCursor.mogrify_params] is the twin in the other class.
 *
 * Returns: (transfer full): the statement, or `NULL` with an error as there
 *
 * Since: 1.0
 */
char *
pg_client_cursor_mogrify_params (PgClientCursor *self, const char *query, PgParams *params, GError **error)
{
  g_return_val_if_fail (PG_IS_CLIENT_CURSOR (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  return pg_base_cursor_mogrify (PG_BASE_CURSOR (self), query, NULL, params, error);
}
