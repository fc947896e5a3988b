/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-server-cursor.h"

#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/cursor/pg-base-server-cursor-private.h>
#include <pgconn/result/pg-row.h>
#include <pgconn/sql/pg-params.h>

/**
 * PgServerCursor:
 *
 * A cursor of the server's on a [class@Connection]: the rows of a large query, some at a time, forwards and backwards.
 *
 * [method@Connection.server_cursor] makes it. [method@ServerCursor.execute] declares the cursor; its transaction, which is begun with it where none is open, has
 * to last as long as it is used, unless [property@BaseServerCursor:hold] is set. The quickest way through all rows are pages:
 *
 * ```c
 * g_autoptr (PgServerCursor) cursor = pg_connection_server_cursor (connection, "large", &error);
 * PgResult *page;
 *
 * if (!pg_server_cursor_execute (cursor, "SELECT id, name FROM item ORDER BY id", NULL, NULL, &error))
 *   return FALSE;
 * while ((page = pg_server_cursor_fetch_page (cursor, 0, NULL, NULL, &error)) != NULL)
 *   {
 *     for (guint row = 0; row < pg_result_get_n_rows (page); row++)
 *       add_item (page, row);
 *     g_object_unref (page);
 *   }
 * ```
 *
 * ## Somebody else's cursor
 *
 * One that was declared by another statement, as by a function that returns a `refcursor`, is used by its name, without execute. Where its position is not
 * known [property@BaseCursor:rownumber] is −1; it is as soon as the cursor was moved to a position, or back before the first row.
 *
 * [class@AsyncServerCursor] is the twin for a main loop.
 *
 * Since: 1.0
 */

G_DEFINE_TYPE (PgServerCursor, pg_server_cursor, PG_TYPE_BASE_SERVER_CURSOR)

/* NULL where it has none. */
static PgConnection *
peek_connection (PgServerCursor *self)
{
  return (PgConnection *) pg_base_cursor_get_private (PG_BASE_CURSOR (self))->connection;
}

/* The request may be NULL where nothing has to be asked; drops it otherwise. */
static gboolean
run (PgServerCursor *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  if (request == NULL)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  return pg_connection_run (peek_connection (self), request, cancellable, error);
}

static void
pg_server_cursor_close_silently (PgBaseCursor *base)
{
  PgServerCursor *self = PG_SERVER_CURSOR (base);
  g_autoptr (PgRequest) request = pg_base_server_cursor_close_request_new (PG_BASE_SERVER_CURSOR (self));

  run (self, request, NULL, NULL);
}

static void
pg_server_cursor_class_init (PgServerCursorClass *klass)
{
  PG_BASE_CURSOR_CLASS (klass)->close = pg_server_cursor_close_silently;

  /**
   * PgServerCursor:connection: (getter get_connection)
   *
   * The connection that the cursor uses.
   *
   * Since: 1.0
   */
  pg_base_cursor_class_install_connection (klass, PG_TYPE_CONNECTION, G_PARAM_CONSTRUCT_ONLY);
}

static void
pg_server_cursor_init (PgServerCursor *self)
{
}

/**
 * pg_server_cursor_get_connection: (get-property connection)
 * @self: a cursor
 *
 * Gets the connection that the cursor uses.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` where none was given when it was made
 *
 * Since: 1.0
 */
PgConnection *
pg_server_cursor_get_connection (PgServerCursor *self)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  return peek_connection (self);
}

/* --- execute --- */

static gboolean
execute (PgServerCursor *self, const char *query, GVariant *variant, PgParams *params, GCancellable *cancellable, GError **error)
{
  PgBaseServerCursor *base = PG_BASE_SERVER_CURSOR (self);
  g_autoptr (PgRequest) former = pg_base_server_cursor_close_former_request_new (base);
  g_autoptr (PgRequest) request = pg_base_server_cursor_execute_request_new (base, query, variant, params, error);

  if (request == NULL || !run (self, former, cancellable, error) || !run (self, request, cancellable, error))
    return FALSE;
  pg_base_server_cursor_executed (base, request);
  return TRUE;
}

/**
 * pg_server_cursor_execute:
 * @self: a cursor
 * @query: a `SELECT` or `VALUES`, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Declares the cursor for a query; one that this object has declared before is closed.
 *
 * The placeholders and parameters are those of [method@Cursor.execute]. The transaction, the cursor and the description of its columns take one round trip, and so does the first
 * page where [property@BaseServerCursor:fetch-ahead] is set.
 *
 * Fails as [method@Cursor.execute] does. In autocommit mode outside of a transaction that is the server's `25P01`, unless [property@BaseServerCursor:hold] is
 * set; with [property@BaseCursor:prepare] set to [enum@Pg.Prepare.FORCE] it is `PG_ERROR_NOT_SUPPORTED`. [method@AsyncServerCursor.execute_async] is the same without blocking.
 *
 * Returns: `TRUE` when the cursor is declared
 *
 * Since: 1.0
 */
gboolean
pg_server_cursor_execute (PgServerCursor *self, const char *query, GVariant *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), FALSE);
  g_return_val_if_fail (query != NULL, FALSE);
  return execute (self, query, owned, NULL, cancellable, error);
}

/**
 * pg_server_cursor_execute_params:
 * @self: a cursor
 * @query: a `SELECT` or `VALUES`, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Declares the cursor for a query with parameters whose types are chosen by the caller; otherwise as [method@ServerCursor.execute].
 *
 * [method@AsyncServerCursor.execute_params_async] is the same without blocking.
 *
 * Returns: `TRUE` when the cursor is declared
 *
 * Since: 1.0
 */
gboolean
pg_server_cursor_execute_params (PgServerCursor *self, const char *query, PgParams *params, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), FALSE);
  g_return_val_if_fail (query != NULL, FALSE);
  return execute (self, query, NULL, params, cancellable, error);
}

/* --- fetch --- */

/* Has so many rows at hand, if there are as many. */
static gboolean
fetch (PgServerCursor *self, guint *wanted, PgRequest **request, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;

  *request = pg_base_server_cursor_fetch_request_new (PG_BASE_SERVER_CURSOR (self), wanted, &failure);
  if (failure == NULL)
    return run (self, *request, cancellable, error);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
fetch_one (PgServerCursor *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;
  guint wanted = 1;

  if (!fetch (self, &wanted, &request, cancellable, error))
    return FALSE;
  pg_base_server_cursor_take_page (PG_BASE_SERVER_CURSOR (self), request);
  return TRUE;
}

static GPtrArray *
fetch_rows (PgServerCursor *self, guint wanted, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  if (!fetch (self, &wanted, &request, cancellable, error))
    return NULL;
  return pg_base_server_cursor_take_rows (PG_BASE_SERVER_CURSOR (self), request, wanted, error);
}

/**
 * pg_server_cursor_fetch_one:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next row. The server is asked for one, or, with [property@BaseServerCursor:fetch-ahead], for a page where none is at hand.
 *
 * Fails with the server's error, which is `34000` where there is no such cursor (any more), and with `PG_ERROR_INTERFACE` when it was closed.
 * [method@AsyncServerCursor.fetch_one_async] is the twin for a main loop.
 *
 * Returns: (transfer full) (nullable): the row; `NULL` without an error after the last row
 *
 * Since: 1.0
 */
PgRow *
pg_server_cursor_fetch_one (PgServerCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  return fetch_one (self, cancellable, error) ? pg_base_cursor_fetch_one (PG_BASE_CURSOR (self), error) : NULL;
}

/**
 * pg_server_cursor_fetch_many:
 * @self: a cursor
 * @size: how many rows at the most; 0 for [property@BaseCursor:arraysize]
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next rows, in one round trip. After a call that has had fewer than it could nothing is asked any more.
 *
 * [method@AsyncServerCursor.fetch_many_async] is the twin for a main loop.
 *
 * Returns: (transfer container) (element-type PgRow): the rows, none after the last one; `NULL` with an error, as [method@ServerCursor.fetch_one]
 *
 * Since: 1.0
 */
GPtrArray *
pg_server_cursor_fetch_many (PgServerCursor *self, guint size, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  return fetch_rows (self, size, cancellable, error);
}

/**
 * pg_server_cursor_fetch_all:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the rows that are left, in one round trip.
 *
 * [method@AsyncServerCursor.fetch_all_async] is the twin for a main loop.
 *
 * Returns: (transfer container) (element-type PgRow): the rows; `NULL` with an error, as [method@ServerCursor.fetch_one]
 *
 * Since: 1.0
 */
GPtrArray *
pg_server_cursor_fetch_all (PgServerCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  return fetch_rows (self, G_MAXUINT, cancellable, error);
}

/**
 * pg_server_cursor_fetch_value:
 * @self: a cursor
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next row as [property@BaseCursor:row-factory] makes it; otherwise as [method@ServerCursor.fetch_one].
 *
 * With an error of the factory the position stays before the row. [method@AsyncServerCursor.fetch_value_async] is the twin for a main loop.
 *
 * Returns: `TRUE`; `FALSE` without an error after the last row, or with one. @value is a string that is `NULL` then
 *
 * Since: 1.0
 */
gboolean
pg_server_cursor_fetch_value (PgServerCursor *self, GValue *value, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);
  if (fetch_one (self, cancellable, error))
    return pg_base_cursor_fetch_value (PG_BASE_CURSOR (self), value, error);
  g_value_init (value, G_TYPE_STRING);
  return FALSE;
}

/**
 * pg_server_cursor_fetch_object:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the next row as the object that [property@BaseCursor:row-factory] makes of it; otherwise as [method@ServerCursor.fetch_value].
 *
 * A factory that is not one of objects is `PG_ERROR_INTERFACE`. [method@AsyncServerCursor.fetch_object_async] is the twin for a main loop.
 *
 * Returns: (transfer full) (nullable): the object; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
GObject *
pg_server_cursor_fetch_object (PgServerCursor *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  return fetch_one (self, cancellable, error) ? pg_base_cursor_fetch_object (PG_BASE_CURSOR (self), error) : NULL;
}

/**
 * pg_server_cursor_fetch_objects:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the rows that are left as the objects that [property@BaseCursor:row-factory] makes of them, in one round trip.
 *
 * [method@AsyncServerCursor.fetch_objects_async] is the twin for a main loop.
 *
 * Returns: (transfer container) (element-type GObject): the objects; `NULL` with an error, as [method@ServerCursor.fetch_object]
 *
 * Since: 1.0
 */
GPtrArray *
pg_server_cursor_fetch_objects (PgServerCursor *self, GCancellable *cancellable, GError **error)
{
  PgBaseServerCursor *base = (PgBaseServerCursor *) self;
  g_autoptr (PgRequest) request = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  request = pg_base_server_cursor_fetch_objects_request_new (base, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return run (self, request, cancellable, error) ? pg_base_server_cursor_take_objects (base, request, error) : NULL;
}

/**
 * pg_server_cursor_fetch_page:
 * @self: a cursor
 * @size: how many rows to ask for; 0 for [property@BaseServerCursor:itersize], `G_MAXUINT` for all that are left
 * @first_row: (out) (optional): which row of the result is the next one: 0 unless some of them were fetched before
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Gets the rows that are at hand, or, where there are none, the next ones, as a result, whose columns can be read whole.
 *
 * All of them count as fetched then; [method@BaseCursor.scroll] goes back to any of them without asking the server. After a page that was not full the server is
 * not asked for another. [method@AsyncServerCursor.fetch_page_async] is the twin for a main loop.
 *
 * Returns: (transfer full) (nullable): the page; `NULL` without an error after the last row, or with one, as [method@ServerCursor.fetch_one]
 *
 * Since: 1.0
 */
PgResult *
pg_server_cursor_fetch_page (PgServerCursor *self, guint size, guint *first_row, GCancellable *cancellable, GError **error)
{
  PgBaseServerCursor *base = (PgBaseServerCursor *) self;
  g_autoptr (PgRequest) request = NULL;
  GError *failure = NULL;

  if (first_row != NULL)
    *first_row = 0;
  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), NULL);
  request = pg_base_server_cursor_fetch_page_request_new (base, size, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return run (self, request, cancellable, error) ? pg_base_server_cursor_take_result (base, request, first_row, error) : NULL;
}

/* --- scroll, close --- */

/**
 * pg_server_cursor_scroll:
 * @self: a cursor
 * @offset: rows to move, at most 2147483647
 * @mode: what @offset counts from
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Moves the position.
 *
 * Beyond the last row it is the end, before the first one the beginning: [property@BaseCursor:rownumber] says where it is. The server is only asked if the row is not one
 * of those that came last. To go backwards needs a cursor that is [property@BaseServerCursor:scrollable], or a query with which every cursor is; otherwise it is
 * the server's error `55000`.
 *
 * Fails with `PG_ERROR_INTERFACE` where @offset is out of bounds, and as [method@ServerCursor.fetch_one]. [method@AsyncServerCursor.scroll_async] is the twin for
 * a main loop.
 *
 * Returns: `TRUE` when it is moved
 *
 * Since: 1.0
 */
gboolean
pg_server_cursor_scroll (PgServerCursor *self, gint64 offset, PgScrollMode mode, GCancellable *cancellable, GError **error)
{
  PgBaseServerCursor *base = (PgBaseServerCursor *) self;
  g_autoptr (PgRequest) request = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), FALSE);
  request = pg_base_server_cursor_scroll_request_new (base, offset, mode, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (!run (self, request, cancellable, error))
    return FALSE;
  pg_base_server_cursor_moved (base, request);
  return TRUE;
}

/**
 * pg_server_cursor_close:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Closes the cursor, on the server too. It may be called more than once.
 *
 * The server is not told where it has no such cursor any more: when the transaction has failed, or is over and the cursor was not held, or the connection is
 * closed. One that is gone for another reason is no error. Somebody else's cursor is closed too. Whatever the outcome, the object cannot be used any more.
 *
 * [method@AsyncServerCursor.close_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when it is closed
 *
 * Since: 1.0
 */
gboolean
pg_server_cursor_close (PgServerCursor *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;
  gboolean ok;

  g_return_val_if_fail (PG_IS_SERVER_CURSOR (self), FALSE);
  request = pg_base_server_cursor_close_request_new (PG_BASE_SERVER_CURSOR (self));
  ok = request == NULL || run (self, request, cancellable, error);
  pg_base_server_cursor_closed (PG_BASE_SERVER_CURSOR (self));
  return ok;
}
