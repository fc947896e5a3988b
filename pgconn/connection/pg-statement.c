/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-statement-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/types/pg-adapters-map-private.h>

/**
 * PgStatement:
 *
 * A statement that the server has prepared, with the types of its parameters and its columns.
 *
 * Statements are prepared by themselves when they are executed several times: see [property@BaseConnection:prepare-threshold]. This is for those who want to know what
 * a statement takes and gives before it is executed, to check it, to make a form of it, or to have values sent as exactly the types that it takes.
 *
 * ```c
 * g_autoptr (PgStatement) statement = pg_connection_prepare (connection, "SELECT name FROM item WHERE price < %s", NULL, 0, NULL, &error);
 * g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, &error);
 *
 * pg_cursor_execute_statement (cursor, statement, g_variant_new ("(i)", 10), NULL, &error);
 * ```
 *
 * It belongs to the connection that has prepared it. On the server it is one of those that [property@BaseConnection:prepared-max] counts: when it has had to make room,
 * or somebody has dropped it, or altered its table, it is prepared again when it is executed. The types of its parameters are those of when it was first prepared. The columns
 * are those that it had when it was last executed, as a `*` may mean others by then.
 *
 * Where the connection prepares nothing, as [property@BaseConnection:prepare-threshold] is −1, the server is asked for types and columns all the same, and
 * the statement is sent whole each time.
 *
 * Beside that, and [method@Connection.close_statement], it does not change. It may be used by several threads.
 *
 * Since: 1.0
 */

struct _PgStatement
{
  GObject parent_instance;
  PgBaseConnection *connection;
  PgQuery *query;
  char *text;
  guint n_types;
  guint32 *types;
  char **type_names; /* each may be NULL */
  GMutex lock;           /* guards what follows */
  PgResult *description; /* without rows: what the statement gives */
  GPtrArray *described;  /* those, and former ones, whose columns somebody has */
  gint closed; /* atomic */
};

G_DEFINE_FINAL_TYPE (PgStatement, pg_statement, G_TYPE_OBJECT)

static void
pg_statement_finalize (GObject *object)
{
  PgStatement *self = PG_STATEMENT (object);

  for (guint i = 0; i < self->n_types; i++)
    g_free (self->type_names[i]);
  g_free (self->type_names);
  g_free (self->types);
  g_free (self->text);
  g_clear_pointer (&self->query, pg_query_unref);
  g_clear_object (&self->description);
  g_ptr_array_unref (self->described);
  g_mutex_clear (&self->lock);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (pg_statement_parent_class)->finalize (object);
}

static void
pg_statement_class_init (PgStatementClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pg_statement_finalize;
}

static void
pg_statement_init (PgStatement *self)
{
  g_mutex_init (&self->lock);
  self->described = g_ptr_array_new_with_free_func (g_object_unref);
}

/* --- making one --- */

static PgRequest *
prepare_request_new (const char *query, const guint *types, gsize n_types, PgQuery **parsed, GError **error)
{
  *parsed = pg_query_get (query, TRUE, error);
  if (*parsed == NULL)
    return NULL;
  if ((pg_query_get_flags (*parsed) & PG_QUERY_SCRIPT) != 0)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("one statement can be prepared, not several"));
  else if ((pg_query_get_flags (*parsed) & PG_QUERY_COPY) != 0)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("COPY cannot be prepared"));
  else if (n_types > pg_query_get_n_params (*parsed))
    g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the query has %u placeholders but %zu types were given"), pg_query_get_n_params (*parsed), n_types);
  else
    return pg_request_prepare_new (pg_query_get_sql (*parsed), pg_query_ref (*parsed), (GDestroyNotify) pg_query_unref, (guint) n_types, types);
  g_clear_pointer (parsed, pg_query_unref);
  return NULL;
}

static PgStatement *
statement_new (PgBaseConnection *connection, const char *text, PgQuery *query, PgRequest *request, GError **error)
{
  PgRawResult *raw = pg_request_prepare_get_description (request);
  g_autoptr (PgTypeTable) table = pg_adapters_map_ref_table (pg_base_connection_get_adapters (connection));
  PgStatement *self;

  if (raw == NULL || pg_raw_result_get_n_params (raw) != pg_query_get_n_params (query))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION, _ ("the server has not described the statement as the protocol says"));
      return NULL;
    }
  self = g_object_new (PG_TYPE_STATEMENT, NULL);
  self->connection = g_object_ref (connection);
  self->text = g_strdup (text);
  self->n_types = pg_raw_result_get_n_params (raw);
  self->types = g_new (guint32, MAX (self->n_types, 1));
  self->type_names = g_new0 (char *, MAX (self->n_types, 1));
  for (guint i = 0; i < self->n_types; i++)
    {
      const PgCodec *codec;

      self->types[i] = pg_raw_result_get_param_type (raw, i);
      codec = pg_type_table_lookup (table, self->types[i]);
      self->type_names[i] = codec != NULL ? g_strdup (pg_codec_get_name (codec)) : NULL;
    }
  self->query = pg_query_new_typed (query, self->types, table);
  self->description = pg_result_new (raw, table);
  return self;
}

/* With the lock. NULL where nobody has had these columns. */
static PgResult *
find_description (PgStatement *self, PgRawResult *raw)
{
  for (guint i = 0; i < self->described->len; i++)
    {
      PgResult *description = g_ptr_array_index (self->described, i);

      if (pg_raw_result_has_columns_of (description->raw, raw))
        return description;
    }
  return NULL;
}

void
pg_statement_take_columns (PgRawResult *raw, gpointer data)
{
  PgStatement *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (PgTypeTable) table = NULL;
  g_autoptr (PgRawResult) head = NULL;
  PgResult *description;

  if (pg_raw_result_has_columns_of (self->description->raw, raw))
    return;
  description = find_description (self, raw);
  if (description != NULL)
    {
      g_set_object (&self->description, description);
      return;
    }
  head = pg_raw_result_new_head (raw);
  if (head == NULL)
    return;
  table = pg_adapters_map_ref_table (pg_base_connection_get_adapters (self->connection));
  g_object_unref (self->description);
  self->description = pg_result_new (head, table);
}

PgQuery *
pg_statement_bind (PgStatement *self, PgBaseConnection *connection, const PgTypeTable *types, GVariant *variant, PgParams *params, PgWireParams **wire, GError **error)
{
  *wire = NULL;
  if (g_atomic_int_get (&self->closed))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the statement is closed"));
      return NULL;
    }
  if (self->connection != connection)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the statement was prepared by another connection"));
      return NULL;
    }
  *wire = pg_query_bind_typed (self->query, variant, params, self->types, types, error);
  return *wire != NULL ? pg_query_ref (self->query) : NULL;
}

/**
 * pg_connection_prepare:
 * @self: a connection
 * @query: one statement, with `$1`, `%s` or `%(name)s` placeholders; the operator `%` is written `%%`, unless there is a `$1`
 * @types: (nullable) (array length=n_types): the OIDs of the types of the first parameters, as `PG_OID_INT8`; 0 where the server is to find one
 * @n_types: how many those are
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Prepares a statement, and gets the types of its parameters and its columns, in one round trip. No transaction is begun.
 *
 * Fails with the server's error where it cannot be prepared, and with `PG_ERROR_PROGRAMMING` when @query has several statements, or is `COPY`.
 *
 * [method@AsyncConnection.prepare_async] is the same without blocking.
 *
 * Returns: (transfer full): the statement; `NULL` with an error
 *
 * Since: 1.0
 */
PgStatement *
pg_connection_prepare (PgConnection *self, const char *query, const guint *types, gsize n_types, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgQuery) parsed = NULL;
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (types != NULL || n_types == 0, NULL);
  request = prepare_request_new (query, types, n_types, &parsed, error);
  if (request == NULL || !pg_connection_run (self, request, cancellable, error))
    return NULL;
  return statement_new (PG_BASE_CONNECTION (self), query, parsed, request, error);
}

typedef struct
{
  char *text;
  PgQuery *query;
} Preparing;

static void
preparing_free (gpointer data)
{
  Preparing *preparing = data;

  g_free (preparing->text);
  g_clear_pointer (&preparing->query, pg_query_unref);
  g_free (preparing);
}

static void
prepared (GTask *task, PgRequest *request, gpointer object)
{
  const Preparing *preparing = g_object_get_data (G_OBJECT (task), "pg-preparing");
  GError *error = NULL;
  PgStatement *statement = statement_new (g_task_get_source_object (task), preparing->text, preparing->query, request, &error);

  if (statement != NULL)
    g_task_return_pointer (task, statement, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * pg_async_connection_prepare_async:
 * @self: a connection
 * @query: one statement, with `$1`, `%s` or `%(name)s` placeholders
 * @types: (nullable) (array length=n_types): the OIDs of the types of the first parameters; 0 where the server is to find one
 * @n_types: how many those are
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called when the statement is prepared, or cannot be
 * @user_data: data for @callback
 *
 * Prepares a statement, and gets the types of its parameters and its columns; [method@Connection.prepare] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_connection_prepare_async (PgAsyncConnection *self, const char *query, const guint *types, gsize n_types, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  PgRequest *request;
  Preparing *preparing;
  GTask *task;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (types != NULL || n_types == 0);
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_prepare_async, "pg_async_connection_prepare_async");
  preparing = g_new0 (Preparing, 1);
  preparing->text = g_strdup (query);
  g_object_set_data_full (G_OBJECT (task), "pg-preparing", preparing, preparing_free);
  request = prepare_request_new (query, types, n_types, &preparing->query, &error);
  if (request != NULL)
    {
      pg_async_connection_start (self, task, request, prepared, NULL);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * pg_async_connection_prepare_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.prepare_async] has begun.
 *
 * Returns: (transfer full): the statement; `NULL` with an error
 *
 * Since: 1.0
 */
PgStatement *
pg_async_connection_prepare_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_prepare_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- its end --- */

/* NULL where it is gone with its connection. */
static PgRequest *
close_request_new (PgStatement *self)
{
  g_atomic_int_set (&self->closed, TRUE);
  if (pg_base_connection_get_closed (self->connection))
    return NULL;
  return pg_request_close_prepared_new (pg_query_get_sql (self->query), pg_query_ref (self->query), (GDestroyNotify) pg_query_unref, self->n_types, self->types);
}

/**
 * pg_connection_close_statement:
 * @self: the connection that has prepared it
 * @statement: a statement
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Drops a prepared statement on the server. It cannot be executed any more, whatever becomes of the call.
 *
 * There is no need for it: those that are not used any more are dropped when there are too many, see [property@BaseConnection:prepared-max]. In a transaction, and before
 * libpq 17, it goes with a statement that comes after that. One that is gone with its connection, which was closed or lost, is no error. [method@AsyncConnection.close_statement_async] is the same without blocking.
 *
 * Returns: `TRUE` when it is closed
 *
 * Since: 1.0
 */
gboolean
pg_connection_close_statement (PgConnection *self, PgStatement *statement, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (PG_IS_STATEMENT (statement), FALSE);
  g_return_val_if_fail (statement->connection == (PgBaseConnection *) self, FALSE);
  request = close_request_new (statement);
  return request == NULL || pg_connection_run (self, request, cancellable, error);
}

/**
 * pg_async_connection_close_statement_async:
 * @self: the connection that has prepared it
 * @statement: a statement
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Drops a prepared statement on the server; [method@Connection.close_statement] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_async_connection_close_statement_async (PgAsyncConnection *self, PgStatement *statement, GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  GTask *task;
  PgRequest *request;

  g_return_if_fail (PG_IS_ASYNC_CONNECTION (self));
  g_return_if_fail (PG_IS_STATEMENT (statement));
  g_return_if_fail (statement->connection == (PgBaseConnection *) self);
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_async_connection_close_statement_async, "pg_async_connection_close_statement_async");
  request = close_request_new (statement);
  if (request != NULL)
    {
      pg_async_connection_start (self, task, request, NULL, NULL);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/**
 * pg_async_connection_close_statement_finish:
 * @self: a connection
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@AsyncConnection.close_statement_async] has begun.
 *
 * Returns: `TRUE` when it is closed
 *
 * Since: 1.0
 */
gboolean
pg_async_connection_close_statement_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_async_connection_close_statement_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- what is known of it --- */

/**
 * pg_statement_get_query:
 * @self: a statement
 *
 * Gets the statement as it was given.
 *
 * Returns: the text
 *
 * Since: 1.0
 */
const char *
pg_statement_get_query (PgStatement *self)
{
  g_return_val_if_fail (PG_IS_STATEMENT (self), NULL);
  return self->text;
}

/**
 * pg_statement_get_connection:
 * @self: a statement
 *
 * Gets the connection that has prepared it.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 1.0
 */
PgBaseConnection *
pg_statement_get_connection (PgStatement *self)
{
  g_return_val_if_fail (PG_IS_STATEMENT (self), NULL);
  return self->connection;
}

/**
 * pg_statement_get_closed:
 * @self: a statement
 *
 * Gets whether it was closed, with [method@Connection.close_statement] or [method@AsyncConnection.close_statement_async].
 *
 * Returns: `TRUE` when it cannot be executed any more
 *
 * Since: 1.0
 */
gboolean
pg_statement_get_closed (PgStatement *self)
{
  g_return_val_if_fail (PG_IS_STATEMENT (self), TRUE);
  return g_atomic_int_get (&self->closed);
}

/**
 * pg_statement_get_n_parameters:
 * @self: a statement
 *
 * Gets how many parameters it takes; a name that stands in several placeholders is one.
 *
 * Returns: the number of parameters
 *
 * Since: 1.0
 */
guint
pg_statement_get_n_parameters (PgStatement *self)
{
  g_return_val_if_fail (PG_IS_STATEMENT (self), 0);
  return self->n_types;
}

/**
 * pg_statement_get_parameter_type:
 * @self: a statement
 * @index: which parameter, from 0, in the order in which they first stand in the statement, or that of `$1`, `$2`, …
 *
 * Gets the type of a parameter.
 *
 * What it is is in the connection's [property@BaseConnection:adapters], or is fetched with [method@Connection.fetch_type_by_oid].
 *
 * Returns: the OID of the type; 0 where there is no such parameter
 *
 * Since: 1.0
 */
guint
pg_statement_get_parameter_type (PgStatement *self, guint index)
{
  g_return_val_if_fail (PG_IS_STATEMENT (self), 0);
  return index < self->n_types ? self->types[index] : 0;
}

/**
 * pg_statement_get_parameter_type_name:
 * @self: a statement
 * @index: which parameter, from 0
 *
 * Gets the name of the type of a parameter, such as `int8` or `text[]`.
 *
 * Returns: (transfer none) (nullable): the name; `NULL` where the connection did not know the type, and where there is no such parameter
 *
 * Since: 1.0
 */
const char *
pg_statement_get_parameter_type_name (PgStatement *self, guint index)
{
  g_return_val_if_fail (PG_IS_STATEMENT (self), NULL);
  return index < self->n_types ? self->type_names[index] : NULL;
}

/**
 * pg_statement_get_n_columns:
 * @self: a statement
 *
 * Gets how many columns its rows have; where the statement has been executed, had then.
 *
 * Returns: the number of columns; 0 also where it gives no rows
 *
 * Since: 1.0
 */
guint
pg_statement_get_n_columns (PgStatement *self)
{
  guint n_columns;

  g_return_val_if_fail (PG_IS_STATEMENT (self), 0);
  g_mutex_lock (&self->lock);
  n_columns = pg_result_get_n_columns (self->description);
  g_mutex_unlock (&self->lock);
  return n_columns;
}

/**
 * pg_statement_get_column:
 * @self: a statement
 * @column: which column, from 0
 *
 * Describes a column, as [method@Statement.get_n_columns] counts them. Its [method@Column.get_format] means nothing. It stays what it is as long as the statement
 * lives, also where that has other columns by then.
 *
 * Returns: (transfer none) (nullable): the column; `NULL` where there is no such column
 *
 * Since: 1.0
 */
PgColumn *
pg_statement_get_column (PgStatement *self, guint column)
{
  PgColumn *found;

  g_return_val_if_fail (PG_IS_STATEMENT (self), NULL);
  g_mutex_lock (&self->lock);
  found = pg_result_get_column (self->description, column);
  if (found != NULL && !g_ptr_array_find (self->described, self->description, NULL))
    g_ptr_array_add (self->described, g_object_ref (self->description));
  g_mutex_unlock (&self->lock);
  return found;
}
