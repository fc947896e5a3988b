/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-cursor-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-statement-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/result/pg-row-factory-private.h>
#include <pgconn/result/pg-row.h>
#include <pgconn/sql/pg-params.h>
#include <pgconn/sql/pg-query-private.h>

/* The results of a cursor, and the position in them. */

void
pg_base_cursor_clear (PgBaseCursorPrivate *priv)
{
  g_clear_object (&priv->result);
  g_clear_pointer (&priv->command, pg_raw_result_unref);
  g_clear_pointer (&priv->results, g_ptr_array_unref);
  g_clear_pointer (&priv->status_message, g_free);
  priv->rowcount = -1;
  priv->index = 0;
  priv->position = 0;
  priv->first = 0;
  g_clear_pointer (&priv->pending, pg_request_unref);
  g_clear_object (&priv->head);
  g_clear_pointer (&priv->stream, pg_stream_unref);
}

/* What is known of the types of the columns; NULL: only PostgreSQL's own. */
static PgTypeTable *
ref_types (PgBaseCursorPrivate *priv)
{
  return priv->adapters != NULL ? pg_adapters_map_ref_table (priv->adapters) : pg_type_table_ref (priv->types);
}

static guint8
get_plain (guint32 type, gconstpointer types)
{
  return pg_type_table_get_plain (types, type);
}

static PgQuery *
bind (const char *query, const PgTypeTable *types, GVariant *variant, PgParams *params, PgWireParams **wire, GError **error)
{
  g_autoptr (PgQuery) parsed = pg_query_get (query, variant != NULL || params != NULL, error);

  if (parsed == NULL)
    return NULL;
  if (variant != NULL || params != NULL)
    {
      *wire = variant != NULL ? pg_query_bind_variant (parsed, variant, types, error) : pg_query_bind_params (parsed, params, types, error);
      if (*wire == NULL)
        return NULL;
    }
  return g_steal_pointer (&parsed);
}

static PgQuery *
bind_merged (PgBaseCursorPrivate *priv, const char *query, GVariant *variant, PgParams *params, GError **error)
{
  g_autoptr (PgTypeTable) types = ref_types (priv);
  g_autoptr (PgWireParams) wire = NULL;
  g_autoptr (PgQuery) parsed = bind (query, types, variant, params, &wire, error);

  if (parsed == NULL || wire == NULL)
    return g_steal_pointer (&parsed);
  return pg_query_merge (parsed, wire, types, error);
}

/* Drops the former results. */
static gboolean
make_ready (PgBaseCursorPrivate *priv, GError **error)
{
  if (priv->closed)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor is closed"));
      return FALSE;
    }
  pg_base_cursor_clear (priv);
  return TRUE;
}

PgQuery *
pg_base_cursor_bind (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, PgWireParams **wire, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_autoptr (PgTypeTable) types = NULL;

  *wire = NULL;
  if (!make_ready (priv, error))
    return NULL;
  pg_base_cursor_note_query (priv, query);
  if (!priv->merges)
    {
      types = ref_types (priv);
      return bind (query, types, variant, params, wire, error);
    }
  if (priv->format == PG_FORMAT_BINARY)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_NOT_SUPPORTED, _ ("a cursor that merges the parameters into the statements has no results in binary format"));
      return NULL;
    }
  return bind_merged (priv, query, variant, params, error);
}

char *
pg_base_cursor_mogrify (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, GError **error)
{
  g_autoptr (PgQuery) merged = bind_merged (pg_base_cursor_get_private (self), query, variant, params, error);

  return merged != NULL ? g_strdup (pg_query_get_sql (merged)) : NULL;
}

/* Takes parsed. */
static PgRequest *
request_new (PgBaseCursor *self, PgQuery *parsed, PgWireParams *wire, PgPrepare prepare)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  PgQueryFlags query_flags;
  PgExecuteFlags flags = 0;
  PgRequest *request;
  const char *sql;

  query_flags = pg_query_get_flags (parsed);
  if ((query_flags & PG_QUERY_SCRIPT) != 0)
    flags |= PG_EXECUTE_SCRIPT;
  if ((query_flags & PG_QUERY_COPY) != 0)
    flags |= PG_EXECUTE_COPY;
  if ((query_flags & PG_QUERY_PLAIN) != 0)
    flags |= PG_EXECUTE_PLAIN;
  if ((query_flags & PG_QUERY_ALONE) != 0)
    flags |= PG_EXECUTE_ALONE;
  if ((query_flags & PG_QUERY_EMPTY) != 0)
    flags |= PG_EXECUTE_EMPTY;
  if ((query_flags & PG_QUERY_STANDARD_STRINGS) != 0)
    flags |= PG_EXECUTE_STANDARD_STRINGS;
  sql = pg_query_get_sql (parsed);
  request = pg_request_execute_new (sql, parsed, (GDestroyNotify) pg_query_unref, flags, wire, prepare, priv->format);
  if (priv->format == PG_FORMAT_AUTO)
    pg_request_execute_set_plain_func (request, get_plain, ref_types (priv), (GDestroyNotify) pg_type_table_unref);
  pg_base_cursor_ask_types (self, request);
  return request;
}

PgRequest *
pg_base_cursor_execute_request_new (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_autoptr (PgWireParams) wire = NULL;
  PgQuery *parsed = pg_base_cursor_bind (self, query, variant, params, &wire, error);

  return parsed != NULL ? request_new (self, parsed, wire, priv->merges ? PG_PREPARE_NEVER : priv->prepare) : NULL;
}

PgRequest *
pg_base_cursor_statement_request_new (PgBaseCursor *self, PgStatement *statement, GVariant *variant, PgParams *params, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_autoptr (PgTypeTable) types = NULL;
  g_autoptr (PgWireParams) wire = NULL;
  PgRequest *request;
  PgQuery *parsed;

  if (!make_ready (priv, error))
    return NULL;
  pg_base_cursor_note_query (priv, pg_statement_get_query (statement));
  types = ref_types (priv);
  parsed = pg_statement_bind (statement, priv->connection, types, variant, params, &wire, error);
  if (parsed == NULL)
    return NULL;
  request = request_new (self, parsed, wire, PG_PREPARE_FORCE);
  pg_request_execute_set_watch (request, pg_statement_take_columns, g_object_ref (statement), g_object_unref);
  return request;
}

void
pg_base_cursor_take_results (PgBaseCursor *self, PgRequest *request)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_autoptr (PgTypeTable) types = NULL;
  guint n = pg_request_execute_get_n_results (request);

  pg_base_cursor_clear (priv);
  if (priv->closed || n == 0)
    return;
  if (n == 1 && pg_raw_result_get_status (pg_request_execute_get_result (request, 0)) == PG_RAW_STATUS_COMMAND_OK)
    {
      priv->command = pg_raw_result_ref (pg_request_execute_get_result (request, 0));
      return;
    }
  types = pg_base_cursor_take_types (self, request);
  priv->result = pg_result_new (pg_request_execute_get_result (request, 0), types);
  if (n == 1)
    return;
  priv->results = g_ptr_array_new_full (n, g_object_unref);
  g_ptr_array_add (priv->results, g_object_ref (priv->result));
  for (guint i = 1; i < n; i++)
    g_ptr_array_add (priv->results, pg_result_new (pg_request_execute_get_result (request, i), types));
}

/* The result of a pipeline is taken that has come by now. */
static PgBaseCursorPrivate *
get_answered (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);

  if (priv->pending != NULL && pg_request_is_done (priv->pending) && pg_request_get_outcome (priv->pending, NULL))
    {
      g_autoptr (PgRequest) request = pg_request_ref (priv->pending);

      pg_base_cursor_take_results (self, request);
    }
  return priv;
}

static void
make_result (PgBaseCursorPrivate *priv)
{
  if (priv->command == NULL)
    return;
  priv->result = pg_result_new (priv->command, NULL);
  g_clear_pointer (&priv->command, pg_raw_result_unref);
}

PgBaseCursorPrivate *
pg_base_cursor_get_settled (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv = get_answered (self);

  make_result (priv);
  return priv;
}

static gboolean
check_rows (PgBaseCursorPrivate *priv, GError **error)
{
  make_result (priv);
  if (priv->closed)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor is closed"));
  else if (priv->stream != NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the rows of the last statement are those of its row stream"));
  else if (priv->pending != NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the result has not come yet: wait for it first"));
  else if (priv->result == NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("no result available"));
  else if (pg_result_has_rows (priv->result))
    return TRUE;
  else if (pg_result_get_status_message (priv->result) != NULL)
    g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the last operation didn't produce records (command status: %s)"),
                 pg_result_get_status_message (priv->result));
  else
    g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the last operation didn't produce records (the query was empty)"));
  return FALSE;
}

PgRow *
pg_base_cursor_fetch_one (PgBaseCursor *self, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);

  if (!check_rows (priv, error) || priv->position >= pg_result_get_n_rows (priv->result))
    return NULL;
  return g_list_model_get_item (G_LIST_MODEL (priv->result), priv->position++);
}

GPtrArray *
pg_base_cursor_fetch (PgBaseCursor *self, guint size, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  GPtrArray *rows;
  guint n;

  if (!check_rows (priv, error))
    return NULL;
  n = MIN (size != 0 ? size : priv->arraysize, pg_result_get_n_rows (priv->result) - priv->position);
  rows = g_ptr_array_new_full (n, g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (priv->result), priv->position++));
  return rows;
}

gboolean
pg_base_cursor_fetch_value (PgBaseCursor *self, GValue *value, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  /* A function of the user's may do anything with the cursor. */
  g_autoptr (PgRowFactory) factory = NULL;
  g_autoptr (PgResult) result = NULL;
  guint position = priv->position;

  if (!check_rows (priv, error) || position >= pg_result_get_n_rows (priv->result))
    {
      g_value_init (value, G_TYPE_STRING);
      return FALSE;
    }
  g_set_object (&factory, priv->row_factory);
  g_set_object (&result, priv->result);
  if (!pg_row_factory_make_at (factory, result, position, value, error))
    return FALSE;
  if (priv->result == result && priv->position == position)
    priv->position++;
  return TRUE;
}

GObject *
pg_base_cursor_fetch_object (PgBaseCursor *self, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_auto (GValue) value = G_VALUE_INIT;

  if (!check_rows (priv, error) || !pg_row_factory_check_makes_objects (priv->row_factory, error) || !pg_base_cursor_fetch_value (self, &value, error))
    return NULL;
  return g_value_dup_object (&value);
}

GPtrArray *
pg_base_cursor_fetch_objects (PgBaseCursor *self, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_autoptr (PgRowFactory) factory = NULL;
  g_autoptr (PgResult) result = NULL;
  GPtrArray *objects;
  guint position = priv->position;

  if (!check_rows (priv, error))
    return NULL;
  g_set_object (&factory, priv->row_factory);
  g_set_object (&result, priv->result);
  objects = pg_row_factory_make_range (factory, result, position, pg_result_get_n_rows (result) - position, error);
  if (objects != NULL && priv->result == result && priv->position == position)
    priv->position += objects->len;
  return objects;
}

/**
 * pg_base_cursor_get_n_results:
 * @self: a cursor
 *
 * Gets how many results there are: one for each command of the statement.
 *
 * Returns: the number of results
 *
 * Since: 1.0
 */
guint
pg_base_cursor_get_n_results (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), 0);
  priv = pg_base_cursor_get_settled (self);
  if (priv->results != NULL)
    return priv->results->len;
  return priv->result != NULL;
}

/**
 * pg_base_cursor_clear_results:
 * @self: a cursor
 *
 * Drops the results, as executing a statement does before it begins: there is none then, and no row count. Rows and results that somebody has stay what they are.
 *
 * Since: 1.0
 */
void
pg_base_cursor_clear_results (PgBaseCursor *self)
{
  g_return_if_fail (PG_IS_BASE_CURSOR (self));
  pg_base_cursor_clear (pg_base_cursor_get_private (self));
}

static void
select_result (PgBaseCursorPrivate *priv, guint index)
{
  priv->index = index;
  priv->position = 0;
  if (priv->results != NULL)
    g_set_object (&priv->result, g_ptr_array_index (priv->results, index));
}

/**
 * pg_base_cursor_next_result:
 * @self: a cursor
 *
 * Goes on to the next result, before its first row.
 *
 * Returns: `FALSE` when there is none; the current result stays then
 *
 * Since: 1.0
 */
gboolean
pg_base_cursor_next_result (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), FALSE);
  priv = pg_base_cursor_get_settled (self);
  if (priv->index + 1 >= pg_base_cursor_get_n_results (self))
    return FALSE;
  select_result (priv, priv->index + 1);
  return TRUE;
}

/**
 * pg_base_cursor_select_result:
 * @self: a cursor
 * @index: which result; from the last one on where it is negative, −1
 * @error: return location for a #GError
 *
 * Goes to one of the results, before its first row.
 *
 * Returns: `TRUE`, or `FALSE` with `PG_ERROR_INTERFACE` when there is no such result
 *
 * Since: 1.0
 */
gboolean
pg_base_cursor_select_result (PgBaseCursor *self, int index, GError **error)
{
  guint n;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), FALSE);
  n = pg_base_cursor_get_n_results (self);
  if (index >= 0 ? (guint) index >= n : (gint64) index + n < 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("index %d out of range: %u result(s) available"), index, n);
      return FALSE;
    }
  select_result (pg_base_cursor_get_settled (self), index >= 0 ? (guint) index : n - (guint) -index);
  return TRUE;
}

/**
 * pg_base_cursor_dup_description:
 * @self: a cursor
 * @n_columns: (out) (optional): how many columns there are
 *
 * Describes the columns of the current result, or of the rows of [method@Cursor.stream].
 *
 * Returns: (transfer full) (nullable) (array length=n_columns): the columns, free with g_free() and unref each, or `NULL` when the current result has
 *   no rows or there is none
 *
 * Since: 1.0
 */
PgColumn **
pg_base_cursor_dup_description (PgBaseCursor *self, guint *n_columns)
{
  PgBaseCursorPrivate *priv;
  PgResult *result;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), NULL);
  priv = pg_base_cursor_get_settled (self);
  result = priv->head != NULL ? priv->head : priv->result;
  if (result != NULL && pg_result_has_rows (result))
    return pg_result_dup_columns (result, n_columns);
  if (n_columns != NULL)
    *n_columns = 0;
  return NULL;
}

/**
 * pg_base_cursor_get_rowcount: (get-property rowcount)
 * @self: a cursor
 *
 * Gets how many rows the current result has, or how many rows its command has changed. Of a server-side cursor it is the number of all rows, once the end was
 * seen.
 *
 * Returns: the number of rows, or −1 where the command has no such number or there is no result
 *
 * Since: 1.0
 */
gint64
pg_base_cursor_get_rowcount (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), -1);
  priv = get_answered (self);
  if (priv->command != NULL)
    return pg_raw_result_get_affected_rows (priv->command);
  if (priv->paged)
    return priv->result != NULL ? priv->total : -1;
  if (priv->stream != NULL)
    return pg_stream_get_n_rows (priv->stream);
  return priv->result != NULL ? pg_result_get_affected_rows (priv->result) : priv->rowcount;
}

/**
 * pg_base_cursor_get_rownumber: (get-property rownumber)
 * @self: a cursor
 *
 * Gets the index of the row that is fetched next; after the last row it is the number of rows.
 *
 * Returns: the index, from 0, or −1 when the current result has no rows or there is none, and for a server-side cursor whose position is not known
 *
 * Since: 1.0
 */
gint64
pg_base_cursor_get_rownumber (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), -1);
  priv = pg_base_cursor_get_settled (self);
  if (priv->result == NULL || !pg_result_has_rows (priv->result) || priv->first < 0)
    return -1;
  return priv->first + priv->position;
}

/**
 * pg_base_cursor_get_status_message: (get-property status-message)
 * @self: a cursor
 *
 * Gets the command tag of the current result, such as `INSERT 0 1`.
 *
 * Returns: (transfer none) (nullable): the tag, or `NULL` for an empty query or when there is no result
 *
 * Since: 1.0
 */
const char *
pg_base_cursor_get_status_message (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), NULL);
  priv = get_answered (self);
  if (priv->command != NULL)
    return pg_raw_result_get_command_tag (priv->command);
  if (priv->stream != NULL)
    return pg_stream_get_command_tag (priv->stream);
  return priv->result != NULL ? pg_result_get_status_message (priv->result) : priv->status_message;
}

gboolean
pg_base_cursor_scroll_in_page (PgBaseCursorPrivate *priv, gint64 offset, PgScrollMode mode)
{
  /* Of the first row of the page, from where the offset counts. */
  const gint64 start = mode == PG_SCROLL_MODE_ABSOLUTE ? priv->first : -(gint64) priv->position;
  const gint64 n = priv->result != NULL ? pg_result_get_n_rows (priv->result) : 0;

  if (priv->result == NULL || (mode == PG_SCROLL_MODE_ABSOLUTE && start < 0) || offset < start || offset > start + n)
    return FALSE;
  priv->position = (guint) (offset - start);
  return TRUE;
}

/**
 * pg_base_cursor_scroll:
 * @self: a cursor
 * @offset: rows to move
 * @mode: what @offset counts from
 * @error: return location for a #GError
 *
 * Moves the position in the current result.
 *
 * It may be moved to any row, and to the end, after the last one, where [property@BaseCursor:rownumber] is the number of rows. With a server-side cursor the
 * rows are those that came last: [method@ServerCursor.scroll] and [method@AsyncServerCursor.scroll_async] go to all others.
 *
 * Returns: `TRUE`, or `FALSE` with `PG_ERROR_INTERFACE` when there is no such position; it stays where it is then
 *
 * Since: 1.0
 */
gboolean
pg_base_cursor_scroll (PgBaseCursor *self, gint64 offset, PgScrollMode mode, GError **error)
{
  PgBaseCursorPrivate *priv;
  gint64 base, target, n;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), FALSE);
  priv = pg_base_cursor_get_settled (self);
  if (!check_rows (priv, error))
    return FALSE;
  if (priv->paged)
    {
      if (pg_base_cursor_scroll_in_page (priv, offset, mode))
        return TRUE;
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("position out of bounds: it is not among the rows that came last"));
      return FALSE;
    }
  base = mode == PG_SCROLL_MODE_ABSOLUTE ? 0 : priv->position;
  n = pg_result_get_n_rows (priv->result);
  if (offset < -base || offset > n - base)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("position out of bounds: there are %u rows"), (guint) n);
      return FALSE;
    }
  target = base + offset;
  priv->position = (guint) target;
  return TRUE;
}
