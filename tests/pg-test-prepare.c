/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-prepare.h"

#include "pg-test-calls.h"

gint64
pg_test_prepare_ask (PgConnection *connection, const char *sql)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;
  gint64 value;

  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), PG_PREPARE_NEVER);
  g_assert_true (pg_cursor_execute (cursor, sql, NULL, NULL, &error));
  g_assert_no_error (error);
  value = pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);
  g_assert_no_error (error);
  return value;
}

gint64
pg_test_prepare_count (PgConnection *connection)
{
  return pg_test_prepare_ask (connection, "SELECT count(*) FROM pg_prepared_statements");
}

char *
pg_test_prepare_execute (PgConnection *connection, PgPrepare prepare, const char *sql, GVariant *params, GError **error)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);

  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), prepare);
  if (!pg_cursor_execute (cursor, sql, params, NULL, error))
    return NULL;
  if (!pg_result_has_rows (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))))
    return g_strdup (pg_base_cursor_get_status_message (PG_BASE_CURSOR (cursor)));
  return pg_test_cell (cursor, 0, 0);
}

void
pg_test_prepare_assert (PgConnection *connection, PgPrepare prepare, const char *sql, GVariant *params, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = pg_test_prepare_execute (connection, prepare, sql, params, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}
