/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-server-cursor-private.h"

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-base-server-cursor-private.h>
#include <pgconn/result/pg-row.h>
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

struct _PgAsyncServerCursor
{
  PgBaseServerCursor parent_instance;
  PgAsyncConnection *connection; /* the base class has the reference */
  guint wanted; /* by the call under way */
};

G_DEFINE_FINAL_TYPE (PgAsyncServerCursor, pg_async_server_cursor, PG_TYPE_BASE_SERVER_CURSOR)

/* --- a call on its way --- */

/* Takes the task and the request, which may be NULL where nothing has to be asked, or with an error. */
static void
start (PgAsyncServerCursor *self, GTask *task, PgRequest *request, GError *error, PgAsyncComplete complete)
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

      pg_async_connection_start (self->connection, g_object_ref (task), request, complete, self);
      /* Otherwise it was not even begun. */
      if (!g_task_had_error (task))
        priv->pending = g_steal_pointer (&pending);
    }
}

/* The end of one that has succeeded. */
static PgBaseServerCursor *
end (gpointer object)
{
  g_clear_pointer (&pg_base_server_cursor_get_private (object)->pending, pg_request_unref);
  return object;
}

/* What a call gives, and nothing without an error at the end of the rows. */
static void
return_pointer (GTask *task, gpointer value, GDestroyNotify destroy, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, value != NULL ? destroy : NULL);
}

typedef struct
{
  PgAsyncConnection *connection;
  PgRequest *request;
} Abandoned;

static gboolean
abandon (gpointer data)
{
  Abandoned *self = data;

  pg_async_connection_start (self->connection, pg_async_task_new (self->connection, NULL, NULL, NULL, abandon, "pg_base_cursor_close"),
                             g_steal_pointer (&self->request), NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
abandoned_free (gpointer data)
{
  Abandoned *self = data;

  g_object_unref (self->connection);
  g_clear_pointer (&self->request, pg_request_unref);
  g_free (self);
}

static void
pg_async_server_cursor_close_silently (PgBaseCursor *base)
{
  PgAsyncServerCursor *self = PG_ASYNC_SERVER_CURSOR (base);
  PgRequest *request = pg_base_server_cursor_close_request_new (PG_BASE_SERVER_CURSOR (self));
  Abandoned *data;

  if (request == NULL)
    return;
  data = g_new (Abandoned, 1);
  data->connection = g_object_ref (self->connection);
  data->request = request;
  g_main_context_invoke_full (pg_async_connection_get_context (self->connection), G_PRIORITY_DEFAULT, abandon, data, abandoned_free);
}

/* --- the class --- */

static void
pg_async_server_cursor_class_init (PgAsyncServerCursorClass *klass)
{
  PG_BASE_CURSOR_CLASS (klass)->close = pg_async_server_cursor_close_silently;
}

static void
pg_async_server_cursor_init (PgAsyncServerCursor *self)
{
}

PgAsyncServerCursor *
pg_async_server_cursor_new (PgAsyncConnection *connection, const char *name)
{
  PgAsyncServerCursor *self = g_object_new (PG_TYPE_ASYNC_SERVER_CURSOR, NULL);

  self->connection = connection;
  pg_base_server_cursor_set_up (PG_BASE_SERVER_CURSOR (self), PG_BASE_CONNECTION (connection), name);
  return self;
}

/**
 * pg_async_server_cursor_get_connection:
 * @self: a cursor
 *
 * Gets the connection that the cursor uses.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a cursor that was not made by [method@AsyncConnection.server_cursor]
 *
 * Since: 1.0
 */
PgAsyncConnection *
pg_async_server_cursor_get_connection (PgAsyncServerCursor *self)
{
  g_return_val_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self), NULL);
  return self->connection;
}

/* --- execute --- */

static void
executed (GTask *task, PgRequest *request, gpointer object)
{
  pg_base_server_cursor_executed (end (object), request);
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
    pg_async_connection_start (self->connection, pg_async_task_new (self, NULL, NULL, NULL, start_execute, "pg_async_server_cursor_execute_async"),
                               g_steal_pointer (&former), NULL, NULL);
  start (self, task, request, error, executed);
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

/* --- fetch --- */

static void
start_fetch (PgAsyncServerCursor *self, guint wanted, GTask *task, PgAsyncComplete complete)
{
  GError *error = NULL;
  PgRequest *request = pg_base_server_cursor_fetch_request_new (PG_BASE_SERVER_CURSOR (self), &wanted, &error);

  if (error == NULL)
    self->wanted = wanted;
  start (self, task, request, error, complete);
}

static void
fetched_one (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  PgRow *row;

  pg_base_server_cursor_take_page (end (object), request);
  row = pg_base_cursor_fetch_one (object, &error);
  return_pointer (task, row, g_object_unref, error);
}

static void
fetched_rows (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  GPtrArray *rows = pg_base_server_cursor_take_rows (end (object), request, PG_ASYNC_SERVER_CURSOR (object)->wanted, &error);

  return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
}

static void
free_value (gpointer data)
{
  g_value_unset (data);
  g_free (data);
}

static void
fetched_value (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  GValue *value = g_new0 (GValue, 1);

  pg_base_server_cursor_take_page (end (object), request);
  if (!pg_base_cursor_fetch_value (object, value, &error))
    g_clear_pointer (&value, free_value);
  return_pointer (task, value, free_value, error);
}

static void
fetched_object (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  GObject *made;

  pg_base_server_cursor_take_page (end (object), request);
  made = pg_base_cursor_fetch_object (object, &error);
  return_pointer (task, made, g_object_unref, error);
}

static void
fetched_objects (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  GPtrArray *objects = pg_base_server_cursor_take_objects (end (object), request, &error);

  return_pointer (task, objects, (GDestroyNotify) g_ptr_array_unref, error);
}

static void
fetched_page (GTask *task, PgRequest *request, gpointer object)
{
  GError *error = NULL;
  guint first_row;
  PgResult *page = pg_base_server_cursor_take_result (end (object), request, &first_row, &error);

  g_object_set_data (G_OBJECT (task), "first-row", GUINT_TO_POINTER (first_row));
  return_pointer (task, page, g_object_unref, error);
}

/**
 * pg_async_server_cursor_fetch_one_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row. [method@ServerCursor.fetch_one] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_one_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, 1, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_one_async, "pg_async_server_cursor_fetch_one_async"),
               fetched_one);
}

/**
 * pg_async_server_cursor_fetch_one_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_one_async] has begun.
 *
 * Returns: (transfer full) (nullable): the row; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
PgRow *
pg_async_server_cursor_fetch_one_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_one_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_many_async:
 * @self: a cursor
 * @size: how many rows at the most; 0 for [property@BaseCursor:arraysize]
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next rows, in one round trip. [method@ServerCursor.fetch_many] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_many_async (PgAsyncServerCursor *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, size, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_many_async, "pg_async_server_cursor_fetch_many_async"),
               fetched_rows);
}

/**
 * pg_async_server_cursor_fetch_many_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_many_async] has begun.
 *
 * Returns: (transfer container) (element-type PgRow): the rows, none after the last one; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_server_cursor_fetch_many_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_many_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_all_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the rows that are left, in one round trip. [method@ServerCursor.fetch_all] is the twin that blocks.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_all_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, G_MAXUINT, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_all_async, "pg_async_server_cursor_fetch_all_async"),
               fetched_rows);
}

/**
 * pg_async_server_cursor_fetch_all_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_all_async] has begun.
 *
 * Returns: (transfer container) (element-type PgRow): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_server_cursor_fetch_all_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_all_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_value_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row as [property@BaseCursor:row-factory] makes it. [method@ServerCursor.fetch_value] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_value_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, 1, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_value_async, "pg_async_server_cursor_fetch_value_async"),
               fetched_value);
}

/**
 * pg_async_server_cursor_fetch_value_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_value_async] has begun.
 *
 * Returns: `TRUE`; `FALSE` without an error after the last row, or with one, as [method@ServerCursor.fetch_value]
 *
 * Since: 1.0
 */
gboolean
pg_async_server_cursor_fetch_value_finish (PgAsyncServerCursor *self, GAsyncResult *result, GValue *value, GError **error)
{
  GValue *fetched;

  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_value_async), FALSE);
  g_return_val_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID, FALSE);
  fetched = g_task_propagate_pointer (G_TASK (result), error);
  if (fetched == NULL)
    {
      g_value_init (value, G_TYPE_STRING);
      return FALSE;
    }
  *value = *fetched;
  g_free (fetched);
  return TRUE;
}

/**
 * pg_async_server_cursor_fetch_object_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next row as the object that [property@BaseCursor:row-factory] makes of it. [method@ServerCursor.fetch_object] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_object_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  start_fetch (self, 1, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_object_async, "pg_async_server_cursor_fetch_object_async"),
               fetched_object);
}

/**
 * pg_async_server_cursor_fetch_object_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_object_async] has begun.
 *
 * Returns: (transfer full) (nullable): the object; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
GObject *
pg_async_server_cursor_fetch_object_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_object_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_objects_async:
 * @self: a cursor
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the rows that are left as objects, in one round trip. [method@ServerCursor.fetch_objects] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_objects_async (PgAsyncServerCursor *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  request = pg_base_server_cursor_fetch_objects_request_new (PG_BASE_SERVER_CURSOR (self), &error);
  start (self, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_objects_async, "pg_async_server_cursor_fetch_objects_async"), request,
         error, fetched_objects);
}

/**
 * pg_async_server_cursor_fetch_objects_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_objects_async] has begun.
 *
 * Returns: (transfer container) (element-type GObject): the objects; `NULL` with an error
 *
 * Since: 1.0
 */
GPtrArray *
pg_async_server_cursor_fetch_objects_finish (PgAsyncServerCursor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_objects_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pg_async_server_cursor_fetch_page_async:
 * @self: a cursor
 * @size: how many rows to ask for; 0 for [property@BaseServerCursor:itersize], `G_MAXUINT` for all that are left
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Gets the next page of rows as a result. [method@ServerCursor.fetch_page] is the twin that blocks, and says more.
 *
 * Since: 1.0
 */
void
pg_async_server_cursor_fetch_page_async (PgAsyncServerCursor *self, guint size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_SERVER_CURSOR (self));
  request = pg_base_server_cursor_fetch_page_request_new (PG_BASE_SERVER_CURSOR (self), size, &error);
  start (self, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_fetch_page_async, "pg_async_server_cursor_fetch_page_async"), request, error,
         fetched_page);
}

/**
 * pg_async_server_cursor_fetch_page_finish:
 * @self: a cursor
 * @result: a [iface@Gio.AsyncResult]
 * @first_row: (out) (optional): which row of the result is the next one: 0 unless some of them were fetched before
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncServerCursor.fetch_page_async] has begun.
 *
 * Returns: (transfer full) (nullable): the page; `NULL` without an error after the last row, or with one
 *
 * Since: 1.0
 */
PgResult *
pg_async_server_cursor_fetch_page_finish (PgAsyncServerCursor *self, GAsyncResult *result, guint *first_row, GError **error)
{
  if (first_row != NULL)
    *first_row = 0;
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_server_cursor_fetch_page_async), NULL);
  if (first_row != NULL)
    *first_row = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (result), "first-row"));
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- scroll, close --- */

static void
moved (GTask *task, PgRequest *request, gpointer object)
{
  pg_base_server_cursor_moved (end (object), request);
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
  start (self, pg_async_task_new (self, cancellable, callback, user_data, pg_async_server_cursor_scroll_async, "pg_async_server_cursor_scroll_async"), request, error, moved);
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
      pg_async_connection_start (self->connection, task, request, NULL, NULL);
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
