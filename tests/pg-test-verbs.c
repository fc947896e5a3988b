/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-verbs.h"

PgStatement *
pg_test_verb_prepare (PgBaseConnection *connection, const char *sql, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_prepare (PG_CONNECTION (connection), sql, NULL, 0, cancellable, error);
  pg_async_connection_prepare_async (PG_ASYNC_CONNECTION (connection), sql, NULL, 0, cancellable, pg_test_keep_result, &result);
  return pg_async_connection_prepare_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), error);
}

gboolean
pg_test_verb_execute_statement (PgBaseCursor *cursor, PgStatement *statement, GVariant *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CURSOR (cursor))
    return pg_cursor_execute_statement (PG_CURSOR (cursor), statement, params, cancellable, error);
  pg_async_cursor_execute_statement_async (PG_ASYNC_CURSOR (cursor), statement, params, cancellable, pg_test_keep_result, &result);
  return pg_async_cursor_execute_statement_finish (PG_ASYNC_CURSOR (cursor), pg_test_wait_for (&result), error);
}

gboolean
pg_test_verb_close_statement (PgBaseConnection *connection, PgStatement *statement, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_close_statement (PG_CONNECTION (connection), statement, cancellable, error);
  pg_async_connection_close_statement_async (PG_ASYNC_CONNECTION (connection), statement, cancellable, pg_test_keep_result, &result);
  return pg_async_connection_close_statement_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), error);
}

PgTypeInfo *
pg_test_verb_fetch_type (PgBaseConnection *connection, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_fetch_type (PG_CONNECTION (connection), name, cancellable, error);
  pg_async_connection_fetch_type_async (PG_ASYNC_CONNECTION (connection), name, cancellable, pg_test_keep_result, &result);
  return pg_async_connection_fetch_type_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), error);
}

gboolean
pg_test_verb_close_rows (PgBaseRowStream *rows, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_ROW_STREAM (rows))
    return pg_row_stream_close (PG_ROW_STREAM (rows), cancellable, error);
  pg_async_row_stream_close_async (PG_ASYNC_ROW_STREAM (rows), cancellable, pg_test_keep_result, &result);
  return pg_async_row_stream_close_finish (PG_ASYNC_ROW_STREAM (rows), pg_test_wait_for (&result), error);
}
