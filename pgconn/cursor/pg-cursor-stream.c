/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-cursor-stream.h>

#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/sql/pg-params.h>

/* Rows that are read while the server still sends them. */

static PgRowStream *
stream (PgCursor *self, const char *query, GVariant *variant, PgParams *params, guint chunk_size, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgRequest) request = pg_base_cursor_stream_request_new (PG_BASE_CURSOR (self), query, variant, params, chunk_size, error);

  if (request == NULL || !pg_connection_run (pg_cursor_get_connection (self), request, cancellable, error))
    return NULL;
  return pg_base_cursor_take_stream (PG_BASE_CURSOR (self), request);
}

/**
 * pg_cursor_stream:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters, as for [method@Cursor.execute]; a floating reference is taken
 * @chunk_size: how many rows are read at a time, at least 1
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement whose rows are read while the server still sends them, rather than after that: for results that are larger than the memory, or that the
 * first rows of are wanted at once.
 *
 * It returns when the first row is there, or the statement is over. Some hundred to some thousand rows at a time are fast; one at a time is for rows that
 * the server takes its time for. Each chunk takes its own memory, and is given when it is complete.
 *
 * The statement has to be one, and one that gives rows: another is executed and then an error, `PG_ERROR_PROGRAMMING`, and `COPY`, several statements and a
 * @chunk_size of 0, or more than 2147483647, are such errors before anything is sent. Otherwise it is as with [method@Cursor.execute]: a transaction is begun
 * where none is open, and the cursor's [property@BaseCursor:format], [property@BaseCursor:prepare] and [property@BaseCursor:adapters] count; types that these
 * do not know are not looked up. The cursor describes the columns, and has no result.
 *
 * The connection is busy until the stream is over: see [class@BaseRowStream]. [method@AsyncCursor.stream_async] is the twin for a main loop. See "Retrieving
 * Query Results in Chunks" in the libpq chapter of the PostgreSQL manual.
 *
 * Returns: (transfer full): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
PgRowStream *
pg_cursor_stream (PgCursor *self, const char *query, GVariant *params, guint chunk_size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;

  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  return stream (self, query, owned, NULL, chunk_size, cancellable, error);
}

/**
 * pg_cursor_stream_params:
 * @self: a cursor
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @chunk_size: how many rows are read at a time, at least 1
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement whose rows are read while the server still sends them, with parameters whose types are chosen by the caller; otherwise as
 * [method@Cursor.stream].
 *
 * [method@AsyncCursor.stream_params_async] is the twin for a main loop.
 *
 * Returns: (transfer full): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
PgRowStream *
pg_cursor_stream_params (PgCursor *self, const char *query, PgParams *params, guint chunk_size, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  return stream (self, query, NULL, params, chunk_size, cancellable, error);
}
