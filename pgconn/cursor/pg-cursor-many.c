/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-cursor-many.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/cursor/pg-base-cursor-many-private.h>
#include <pgconn/error/pg-error.h>

/* executemany() on a connection that blocks. */

/* Where it is not said that it is, a part that failed is the end of all. */
static void
give_up (PgCursor *self)
{
  g_autoptr (PgRequest) request = pg_base_cursor_many_abort (PG_BASE_CURSOR (self));

  if (request != NULL)
    pg_connection_run (pg_cursor_get_connection (self), request, NULL, NULL);
}

static gboolean
run (PgCursor *self, const char *query, GVariant *sets, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error)
{
  PgConnection *connection = pg_cursor_get_connection (self);
  g_autoptr (PgRequest) request = NULL;

  if (connection == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
      return FALSE;
    }
  if (!pg_base_cursor_many_check (PG_BASE_CURSOR (self), query, flags, error))
    return FALSE;
  if ((flags & PG_EXECUTE_MANY_ABORT) != 0)
    {
      give_up (self);
      return TRUE;
    }
  request = pg_base_cursor_many_request_new (PG_BASE_CURSOR (self), query, sets, batch, flags, error);
  if (request == NULL || !pg_connection_run (connection, request, cancellable, error))
    {
      give_up (self);
      return FALSE;
    }
  pg_base_cursor_many_succeeded (PG_BASE_CURSOR (self));
  return TRUE;
}

/**
 * pg_cursor_execute_many:
 * @self: a cursor
 * @query: (nullable): the statement, with `$1`, `%s` or `%(name)s` placeholders; `NULL` to go on with the one that was begun with
 *   `PG_EXECUTE_MANY_MORE`
 * @sets: an array or a tuple of sets of parameters, such as `a(is)` or `av`, each as [method@Cursor.execute] takes them; a floating reference is taken
 * @flags: what becomes of the results, and whether more sets follow
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement with each of many sets of parameters.
 *
 * The statement is prepared once, and again for sets of parameters with other types; the executions follow each other without waiting for the
 * server's answers, and cost one round trip in all. No more of them are on their way than the buffers between client and server take.
 *
 * In autocommit mode all executions are one transaction: where one fails all are rolled back. Otherwise they belong to the current transaction, which is begun
 * where none is open, and a failure is one of that transaction. The error is the first, and says which set of parameters it was, counted from 1.
 *
 * Afterwards [property@BaseCursor:rowcount] is the sum of all executions, and there is no result; with `PG_EXECUTE_MANY_RETURNING` each execution has its
 * result, and [method@BaseCursor.next_result] goes through them. Without any set of parameters nothing is sent, and the sum is 0.
 *
 * With `PG_EXECUTE_MANY_MORE` the executions go on with the next call, which may bring more sets of parameters, so that not all of them need be in memory at
 * once; the last call is without it. Between two such calls the connection is busy, as during a copy: calls of other threads wait, and others of this one fail with
 * `PG_ERROR_PROGRAMMING`. A statement that is given to the same cursor before the last call fails with `PG_ERROR_INTERFACE`, and ends nothing. Any other call that
 * fails ends it all, and so does `PG_EXECUTE_MANY_ABORT`, closing the cursor, or dropping it: what was done is rolled back in autocommit mode, and otherwise waits
 * for the end of the transaction. [property@BaseConnection:timeout] is for all the calls together.
 *
 * Fails as [method@Cursor.execute] does. [method@Cursor.execute_batch] takes whole columns; [method@AsyncCursor.execute_many_async] is the twin for a main loop.
 * See "Pipeline Mode" in the libpq chapter of the PostgreSQL manual.
 *
 * Returns: `TRUE` when the statement was executed with all sets
 *
 * Since: 1.0
 */
gboolean
pg_cursor_execute_many (PgCursor *self, const char *query, GVariant *sets, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) owned = NULL;

  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (sets != NULL, FALSE);
  owned = g_variant_ref_sink (sets);
  return run (self, query, owned, NULL, flags, cancellable, error);
}

/**
 * pg_cursor_execute_batch:
 * @self: a cursor
 * @query: (nullable): the statement, with `$1`, `%s` or `%(name)s` placeholders; `NULL` to go on with the one that was begun with
 *   `PG_EXECUTE_MANY_MORE`
 * @batch: (nullable): the sets of parameters; `NULL` for none, as with `PG_EXECUTE_MANY_ABORT`
 * @flags: what becomes of the results, and whether more sets follow
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement with each set of parameters of a batch; otherwise as [method@Cursor.execute_many].
 *
 * [method@AsyncCursor.execute_batch_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when the statement was executed with all sets
 *
 * Since: 1.0
 */
gboolean
pg_cursor_execute_batch (PgCursor *self, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CURSOR (self), FALSE);
  return run (self, query, NULL, batch, flags, cancellable, error);
}
