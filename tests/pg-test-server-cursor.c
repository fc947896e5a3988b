/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-server-cursor.h"

#define NUMBERS "SELECT i FROM generate_series(1, %d) AS i"

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
  pg_async_server_cursor_execute_async (PG_ASYNC_SERVER_CURSOR (cursor), query, params, cancellable, pg_test_keep_result, &result);
  return pg_async_server_cursor_execute_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

gboolean
pg_test_server_cursor_execute_params (PgBaseServerCursor *cursor, const char *query, PgParams *params, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_execute_params (PG_SERVER_CURSOR (cursor), query, params, NULL, error);
  pg_async_server_cursor_execute_params_async (PG_ASYNC_SERVER_CURSOR (cursor), query, params, NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_execute_params_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

PgRow *
pg_test_server_cursor_fetch_one (PgBaseServerCursor *cursor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_one (PG_SERVER_CURSOR (cursor), cancellable, error);
  pg_async_server_cursor_fetch_one_async (PG_ASYNC_SERVER_CURSOR (cursor), cancellable, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_one_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

GPtrArray *
pg_test_server_cursor_fetch_many (PgBaseServerCursor *cursor, guint size, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_many (PG_SERVER_CURSOR (cursor), size, NULL, error);
  pg_async_server_cursor_fetch_many_async (PG_ASYNC_SERVER_CURSOR (cursor), size, NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_many_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

GPtrArray *
pg_test_server_cursor_fetch_all (PgBaseServerCursor *cursor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_all (PG_SERVER_CURSOR (cursor), cancellable, error);
  pg_async_server_cursor_fetch_all_async (PG_ASYNC_SERVER_CURSOR (cursor), cancellable, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_all_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

gboolean
pg_test_server_cursor_fetch_value (PgBaseServerCursor *cursor, GValue *value, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_value (PG_SERVER_CURSOR (cursor), value, NULL, error);
  pg_async_server_cursor_fetch_value_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_value_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), value, error);
}

GObject *
pg_test_server_cursor_fetch_object (PgBaseServerCursor *cursor, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_object (PG_SERVER_CURSOR (cursor), NULL, error);
  pg_async_server_cursor_fetch_object_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_object_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

GPtrArray *
pg_test_server_cursor_fetch_objects (PgBaseServerCursor *cursor, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_objects (PG_SERVER_CURSOR (cursor), NULL, error);
  pg_async_server_cursor_fetch_objects_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_objects_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

PgResult *
pg_test_server_cursor_fetch_page (PgBaseServerCursor *cursor, guint size, guint *first_row, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_fetch_page (PG_SERVER_CURSOR (cursor), size, first_row, NULL, error);
  pg_async_server_cursor_fetch_page_async (PG_ASYNC_SERVER_CURSOR (cursor), size, NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_fetch_page_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), first_row, error);
}

gboolean
pg_test_server_cursor_scroll (PgBaseServerCursor *cursor, gint64 offset, PgScrollMode mode, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_scroll (PG_SERVER_CURSOR (cursor), offset, mode, NULL, error);
  pg_async_server_cursor_scroll_async (PG_ASYNC_SERVER_CURSOR (cursor), offset, mode, NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_scroll_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

gboolean
pg_test_server_cursor_close (PgBaseServerCursor *cursor, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_SERVER_CURSOR (cursor))
    return pg_server_cursor_close (PG_SERVER_CURSOR (cursor), NULL, error);
  pg_async_server_cursor_close_async (PG_ASYNC_SERVER_CURSOR (cursor), NULL, pg_test_keep_result, &result);
  return pg_async_server_cursor_close_finish (PG_ASYNC_SERVER_CURSOR (cursor), pg_test_wait_for (&result), error);
}

void
pg_test_server_cursor_execute_ok (PgBaseServerCursor *cursor, const char *query)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_server_cursor_execute (cursor, query, NULL, NULL, &error));
  g_assert_no_error (error);
}

PgBaseServerCursor *
pg_test_server_cursor_open_numbers (PgTestSession *session, int n, PgTristate scrollable)
{
  PgBaseServerCursor *cursor = pg_test_server_cursor_new (session, "numbers");
  g_autofree char *query = g_strdup_printf (NUMBERS, n);

  pg_base_server_cursor_set_scrollable (cursor, scrollable);
  pg_test_server_cursor_execute_ok (cursor, query);
  return cursor;
}

gint64
pg_test_server_cursor_next (PgBaseServerCursor *cursor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgRow) row = pg_test_server_cursor_fetch_one (cursor, NULL, &error);
  gint64 value;

  g_assert_no_error (error);
  if (row == NULL)
    return -1;
  value = pg_row_get_int64 (row, 0, &error);
  g_assert_no_error (error);
  return value;
}

gint64
pg_test_server_cursor_get_rownumber (PgBaseServerCursor *cursor)
{
  return pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor));
}

void
pg_test_server_cursor_scroll_ok (PgBaseServerCursor *cursor, gint64 offset, PgScrollMode mode)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_server_cursor_scroll (cursor, offset, mode, &error));
  g_assert_no_error (error);
}

void
pg_test_server_cursor_assert_rows (GPtrArray *rows, gint64 first, gint64 last)
{
  g_assert_nonnull (rows);
  g_assert_cmpuint (rows->len, ==, last - first + 1);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (pg_row_get_int64 (g_ptr_array_index (rows, i), 0, &error), ==, first + i);
      g_assert_no_error (error);
    }
}

void
pg_test_server_cursor_assert_many (PgBaseServerCursor *cursor, guint size, gint64 first, gint64 last)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = pg_test_server_cursor_fetch_many (cursor, size, &error);

  g_assert_no_error (error);
  pg_test_server_cursor_assert_rows (rows, first, last);
}

void
pg_test_server_cursor_assert_sqlstate (GError *error, const char *sqlstate)
{
  g_assert_nonnull (error);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, sqlstate);
}
