/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-cursor-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-row.h>
#include <pgconn/sql/pg-params.h>

/**
 * PgCursor:
 *
 * Executes statements on a [class@Connection] and reads their rows.
 *
 * [class@AsyncCursor] is the twin for a main loop.
 *
 * Since: 1.0
 */

G_DEFINE_TYPE (PgCursor, pg_cursor, PG_TYPE_BASE_CURSOR)

/* NULL where it has none. */
static PgConnection *
peek_connection (PgCursor *self)
{
  return (PgConnection *) pg_base_cursor_get_private (PG_BASE_CURSOR (self))->connection;
}

static void
pg_cursor_class_init (PgCursorClass *klass)
{
  /**
   * PgCursor:connection: (getter get_connection)
   *
   * The connection that the cursor uses. It is set once, when the cursor is made.
   *
   * Since: 1.0
   */
  pg_base_cursor_class_install_connection (klass, PG_TYPE_CONNECTION, 0);
}

static void
pg_cursor_init (PgCursor *self)
{
}

/**
 * pg_cursor_get_connection: (get-property connection)
 * @self: a cursor
 *
 * Gets the connection that the cursor uses.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a cursor that was not made by [method@Connection.cursor]
 *
 * Since: 1.0
 */
PgConnection *
pg_cursor_get_connection (PgCursor *self)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  return peek_connection (self);
}

gboolean
pg_cursor_run (PgCursor *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  gboolean sent_only = FALSE;

  if (!pg_connection_send (peek_connection (self), request, &sent_only, cancellable, error))
    return FALSE;
  if (!sent_only)
    pg_base_cursor_take_results (PG_BASE_CURSOR (self), request);
  else if (!priv->closed && priv->pending == NULL && priv->result == NULL && priv->command == NULL) /* a handler of a signal may have executed another one */
    priv->pending = pg_request_ref (request);
  return TRUE;
}

static gboolean
execute (PgCursor *self, const char *query, GVariant *variant, PgParams *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  if (peek_connection (self) == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
      return FALSE;
    }
  request = pg_base_cursor_execute_request_new (PG_BASE_CURSOR (self), query, variant, params, error);
  return request != NULL && pg_cursor_run (self, request, cancellable, error);
}

/**
 * pg_cursor_execute:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement; the results of the last one are dropped.
 *
 * ## Placeholders
 *
 * Without parameters @query is sent as it is and may hold several commands, separated by semicolons; each has its result. A `COPY` from or to the client among them is
 * refused when the server comes to it: the error says where the others were executed all the same. With parameters it is one
 * command, and its placeholders are either PostgreSQL's own, `$1`, `$2`, …, or `%s` for one after the other, or `%(name)s` for named ones; `%%` is
 * a percent sign with the latter two. What stands in strings, comments and quoted identifiers is never a placeholder.
 *
 * ## Parameters
 *
 * A tuple such as `(is)`, an array, or an `a{sv}` whose keys are the names. `b` is sent as `boolean`, integers as the smallest of `smallint`, `integer`, `bigint` and
 * `numeric` that holds the value, `d` as `double precision`, `s` as text that the server gives the type it needs, `ay` as `bytea`, `as`, `ax` and the like
 * as arrays, a tuple in it as a record, a dictionary with strings for keys as an `hstore` or the composite type that it is cast to (see
 * [method@Params.begin_dictionary]); Nothing of a maybe type as NULL. Parameters never become part of the statement's text.
 *
 * ## Transactions
 *
 * Unless the connection is in autocommit mode, a transaction is begun where none is open; that costs no round trip of its own, except for several commands and
 * `COPY`. When the statement fails the transaction has failed, and every further statement fails until it is rolled back.
 *
 * Fails with the server's error, with `PG_ERROR_PROGRAMMING` when @query and @params do not fit, with `PG_ERROR_DATA` when a parameter cannot be sent, with
 * `PG_ERROR_INTERFACE` when the cursor is closed, and with `G_IO_ERROR_CLOSED`, `G_IO_ERROR_CONNECTION_CLOSED`, `G_IO_ERROR_TIMED_OUT` or `G_IO_ERROR_CANCELLED`.
 *
 * [method@AsyncCursor.execute_async] is the same without blocking.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_cursor_execute (PgCursor *self, const char *query, GVariant *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (query != NULL, FALSE);
  return execute (self, query, owned, NULL, cancellable, error);
}

/**
 * pg_cursor_execute_params:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement with parameters whose types are chosen by the caller; otherwise as [method@Cursor.execute].
 *
 * [method@AsyncCursor.execute_params_async] is the same without blocking.
 *
 * Returns: `TRUE` when it was executed
 *
 * Since: 1.0
 */
gboolean
pg_cursor_execute_params (PgCursor *self, const char *query, PgParams *params, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (query != NULL, FALSE);
  return execute (self, query, NULL, params, cancellable, error);
}

/**
 * pg_cursor_wait:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Waits for the result of a statement that was executed in a [class@Pipeline].
 *
 * There [method@Cursor.execute] returns when the statement is on its way. Until its result is here the cursor has none: [method@BaseCursor.get_result] is `NULL`. The
 * calls that fetch rows wait by themselves. All that was executed before has its result then too; the pipeline is not synchronized by it. Where the statement is not in
 * a pipeline there is nothing to wait for.
 *
 * Fails with the error of the statement, each time it is called until another one is executed; with `PG_ERROR_PIPELINE_ABORTED` where it was not executed, as one
 * before it in the pipeline had failed. To cancel the call stops the statement that the server works at, and the pipeline is aborted then.
 *
 * With [class@AsyncCursor] there is no such call, as [method@AsyncCursor.execute_async] ends when the result is there.
 *
 * Returns: `TRUE` when the result is there
 *
 * Since: 1.0
 */
gboolean
pg_cursor_wait (PgCursor *self, GCancellable *cancellable, GError **error)
{
  PgBaseCursorPrivate *priv;
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  priv = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  if (priv->pending == NULL)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  request = pg_request_ref (priv->pending);
  if (!pg_connection_wait (peek_connection (self), request, cancellable, error))
    return FALSE;
  /* A handler of a signal may have executed something else. */
  if (priv->pending == request)
    pg_base_cursor_take_results (PG_BASE_CURSOR (self), request);
  return TRUE;
}

/**
 * pg_cursor_fetch_one:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next row of the current result.
 *
 * [method@AsyncCursor.fetch_one_async] is the twin for a main loop.
 *
 * Returns: (transfer full) (nullable): the row; `NULL` without an error after the last row, and with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
PgRow *
pg_cursor_fetch_one (PgCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  if (!pg_cursor_wait (self, cancellable, error))
    return NULL;
  return pg_base_cursor_fetch_one (PG_BASE_CURSOR (self), error);
}

/**
 * pg_cursor_fetch_many:
 * @self: a cursor
 * @size: how many rows at the most; 0 for [property@BaseCursor:arraysize]
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next rows of the current result.
 *
 * [method@AsyncCursor.fetch_many_async] is the twin for a main loop.
 *
 * Returns: (transfer container) (element-type PgRow): the rows, none after the last one; `NULL` with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
GPtrArray *
pg_cursor_fetch_many (PgCursor *self, guint size, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  if (!pg_cursor_wait (self, cancellable, error))
    return NULL;
  return pg_base_cursor_fetch (PG_BASE_CURSOR (self), size, error);
}

/**
 * pg_cursor_fetch_all:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the rows of the current result that are left.
 *
 * Each row becomes an object. To go through many rows [method@BaseCursor.get_result] is cheaper. [method@AsyncCursor.fetch_all_async] is the twin for a main loop.
 *
 * Returns: (transfer container) (element-type PgRow): the rows; `NULL` with `PG_ERROR_PROGRAMMING` when there is no result with rows
 *
 * Since: 1.0
 */
GPtrArray *
pg_cursor_fetch_all (PgCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  if (!pg_cursor_wait (self, cancellable, error))
    return NULL;
  return pg_base_cursor_fetch (PG_BASE_CURSOR (self), G_MAXUINT, error);
}
