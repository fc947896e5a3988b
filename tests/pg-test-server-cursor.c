/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-server-cursor.h"

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

PgBaseServerCursor *
pg_test_server_cursor_new (PgTestSession *session, const char *name)
{
  g_autoptr (GError) error = NULL;
  gpointer cursor;

  if (PG_IS_CONNECTION (session->connection))
    cursor = pg_connection_server_cursor (PG_CONNECTION (session->connection), name, &error);
  else
    cursor = pg_async_connection_server_cursor (PG_ASYNC_CONNECTION (session->connection), name, &error);
  g_assert_no_error (error);
  return cursor;
}

gboolean
pg_test_server_cursor_execute (PgBaseServerCursor *cursor, const char *query, GVariant *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_execute (PG_SERVER_CURSOR (cursor), query, params, cancellable, error);
  pg_async_server_cursor_execute_async (PG_ASYNC_SERVER_CURSOR (cursor), query, params, cancellable, keep_result, &result);
  return pg_async_server_cursor_execute_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

gboolean
pg_test_server_cursor_execute_params (PgBaseServerCursor *cursor, const char *query, PgParams *params, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_execute_params (PG_SERVER_CURSOR (cursor), query, params, NULL, error);
  pg_async_server_cursor_execute_params_async (PG_ASYNC_SERVER_CURSOR (cursor), query, params, NULL, keep_result, &result);
  return pg_async_server_cursor_execute_params_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

PgRow *
pg_test_server_cursor_fetch_one (PgBaseServerCursor *cursor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_one (PG_SERVER_CURSOR (cursor), cancellable, error);
  pg_async_server_cursor_fetch_one_async (PG_ASYNC_SERVER_CURSOR (cursor), cancellable, keep_result, &result);
  return pg_async_server_cursor_fetch_one_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

GPtrArray *
pg_test_server_cursor_fetch_many (PgBaseServerCursor *cursor, guint size, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_many (PG_SERVER_CURSOR (cursor), size, NULL, error);
  pg_async_server_cursor_fetch_many_async (PG_ASYNC_SERVER_CURSOR (cursor), size, NULL, keep_result, &result);
  return pg_async_server_cursor_fetch_many_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

GPtrArray *
pg_test_server_cursor_fetch_all (PgBaseServerCursor *cursor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_all (PG_SERVER_CURSOR (cursor), cancellable, error);
  pg_async_server_cursor_fetch_all_async (PG_ASYNC_SERVER_CURSOR (cursor), cancellable, keep_result, &result);
  return pg_async_server_cursor_fetch_all_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

gboolean
pg_test_server_cursor_fetch_value (PgBaseServerCursor *cursor, GValue *value, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_value (PG_SERVER_CURSOR (cursor), value, NULL, error);
  pg_async_server_cursor_fetch_value_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, keep_result, &result);
  return pg_async_server_cursor_fetch_value_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), value, error);
}

GObject *
pg_test_server_cursor_fetch_object (PgBaseServerCursor *cursor, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_object (PG_SERVER_CURSOR (cursor), NULL, error);
  pg_async_server_cursor_fetch_object_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, keep_result, &result);
  return pg_async_server_cursor_fetch_object_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

GPtrArray *
pg_test_server_cursor_fetch_objects (PgBaseServerCursor *cursor, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_objects (PG_SERVER_CURSOR (cursor), NULL, error);
  pg_async_server_cursor_fetch_objects_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, keep_result, &result);
  return pg_async_server_cursor_fetch_objects_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

PgResult *
pg_test_server_cursor_fetch_page (PgBaseServerCursor *cursor, guint size, guint *first_row, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_page (PG_SERVER_CURSOR (cursor), size, first_row, NULL, error);
  pg_async_server_cursor_fetch_page_async (PG_ASYNC_SERVER_CURSOR (cursor), size, NULL, keep_result, &result);
  return pg_async_server_cursor_fetch_page_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), first_row, error);
}

gboolean
pg_test_server_cursor_scroll (PgBaseServerCursor *cursor, gint64 offset, PgScrollMode mode, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_scroll (PG_SERVER_CURSOR (cursor), offset, mode, NULL, error);
  pg_async_server_cursor_scroll_async (PG_ASYNC_SERVER_CURSOR (cursor), offset, mode, NULL, keep_result, &result);
  return pg_async_server_cursor_scroll_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}

gboolean
pg_test_server_cursor_close (PgBaseServerCursor *cursor, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_close (PG_SERVER_CURSOR (cursor), NULL, error);
  pg_async_server_cursor_close_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, keep_result, &result);
  return pg_async_server_cursor_close_finish (PG_ASYNC_SERVER_CURSOR (cursor), wait_for (&result), error);
}
