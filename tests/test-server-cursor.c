/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Server-side cursors with both connection classes: rows, pages and what they cost. */
#include "pg-test-objects.h"
#include "pg-test-server-cursor.h"

#include <locale.h>

#define NUMBERS "SELECT i FROM generate_series(1, %d) AS i"
#define TIMEOUT (60 * 1000)

/* Since the last time. */
static void
assert_cost (PgTestSession *session, guint round_trips)
{
  g_assert_true (pg_fault_proxy_wait_messages (session->proxy, PG_FAULT_TO_CLIENT, 'Z', round_trips, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session->proxy), ==, round_trips);
  pg_fault_proxy_reset_counts (session->proxy);
}

/* --- rows --- */

static void
test_fetch (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 10, PG_TRISTATE_DEFAULT);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 0);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, -1);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 1);
  pg_test_server_cursor_assert_many (cursor, 3, 2, 4);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 4);
  pg_test_server_cursor_assert_many (cursor, 0, 5, 5);
  pg_base_cursor_set_arraysize (PG_BASE_CURSOR (cursor), 2);
  pg_test_server_cursor_assert_many (cursor, 0, 6, 7);
  rows = pg_test_server_cursor_fetch_all (cursor, NULL, &error);
  g_assert_no_error (error);
  pg_test_server_cursor_assert_rows (rows, 8, 10);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 10);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, -1);
  pg_test_server_cursor_assert_many (cursor, 5, 1, 0);
  g_assert_cmpint (pg_base_cursor_get_n_results (PG_BASE_CURSOR (cursor)), ==, 1);
}

static void
test_describe (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  PgColumn **columns;
  guint n;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_new (&session, "described");
  g_assert_cmpstr (pg_base_server_cursor_get_name (cursor), ==, "described");
  g_assert_null (pg_base_cursor_dup_description (PG_BASE_CURSOR (cursor), &n));
  pg_test_server_cursor_execute_ok (cursor, "SELECT 1 AS one, 'x'::varchar(20) AS two WHERE false");
  columns = pg_base_cursor_dup_description (PG_BASE_CURSOR (cursor), &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (pg_column_get_name (columns[0]), ==, "one");
  g_assert_cmpuint (pg_column_get_type_oid (columns[1]), ==, PG_OID_VARCHAR);
  for (guint i = 0; i < n; i++)
    pg_column_unref (columns[i]);
  g_free (columns);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, -1);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 0);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 0);
  /* Rows without columns are rows. */
  pg_test_server_cursor_execute_ok (cursor, "SELECT FROM generate_series(1, 3)");
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) rows = pg_test_server_cursor_fetch_all (cursor, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (rows->len, ==, 3);
  }
}

static void
test_params (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autofree char *text = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_new (&session, "with \"quotes\" and ; DROP");
  g_assert_true (pg_test_server_cursor_execute (cursor, "SELECT i FROM generate_series(%s::int, %s::int) AS i;", g_variant_new ("(ii)", 5, 7), NULL, &error));
  g_assert_no_error (error);
  pg_test_server_cursor_assert_many (cursor, 10, 5, 7);

  pg_params_add_text (params, "it's; a \"text\"");
  g_assert_true (pg_test_server_cursor_execute_params (cursor, "SELECT $1::text -- the end", params, &error));
  g_assert_no_error (error);
  row = pg_test_server_cursor_fetch_one (cursor, NULL, &error);
  g_assert_no_error (error);
  text = pg_row_dup_text (row, 0, &error);
  g_assert_cmpstr (text, ==, "it's; a \"text\"");

  g_assert_false (pg_test_server_cursor_execute (cursor, "SELECT %s", g_variant_new ("(ii)", 1, 2), NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  /* Nothing was sent for it. */
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
}

/* A value that cannot be read alike in both formats stays text; asked for, both are what they say. */
static void
test_format (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  PgBaseCursor *base;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 3, PG_TRISTATE_DEFAULT);
  base = PG_BASE_CURSOR (cursor);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_column_get_format (pg_result_get_column (pg_base_cursor_get_result (base), 0)), ==, PG_FORMAT_BINARY);
  pg_base_cursor_set_format (base, PG_FORMAT_TEXT);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 2);
  g_assert_cmpint (pg_column_get_format (pg_result_get_column (pg_base_cursor_get_result (base), 0)), ==, PG_FORMAT_TEXT);
  pg_base_cursor_set_format (base, PG_FORMAT_BINARY);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 3);
  g_assert_cmpint (pg_column_get_format (pg_result_get_column (pg_base_cursor_get_result (base), 0)), ==, PG_FORMAT_BINARY);
  pg_base_cursor_set_format (base, PG_FORMAT_AUTO);
  pg_test_server_cursor_execute_ok (cursor, "SELECT 1, ROW (1, 2)");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_column_get_format (pg_result_get_column (pg_base_cursor_get_result (base), 0)), ==, PG_FORMAT_TEXT);
}

static void
test_row_factory (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) none = G_VALUE_INIT;
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (PgRowFactory) scalar = pg_row_factory_new_scalar ();
  g_autoptr (PgRowFactory) objects = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (GPtrArray) made = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 1, PG_TRISTATE_DEFAULT);
  pg_base_cursor_set_row_factory (PG_BASE_CURSOR (cursor), scalar);
  g_assert_true (pg_test_server_cursor_fetch_value (cursor, &value, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (&value), ==, 1);
  g_assert_false (pg_test_server_cursor_fetch_value (cursor, &none, &error));
  g_assert_no_error (error);

  pg_test_server_cursor_execute_ok (cursor, "SELECT i AS x FROM generate_series(1, 5) AS i");
  g_assert_null (pg_test_server_cursor_fetch_object (cursor, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  /* The row that could not be made is still the next one, and no further one is asked for. */
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 0);
  pg_base_cursor_set_row_factory (PG_BASE_CURSOR (cursor), objects);
  object = pg_test_server_cursor_fetch_object (cursor, &error);
  g_assert_no_error (error);
  g_assert_cmpint (TEST_POINT (object)->x, ==, 1);
  made = pg_test_server_cursor_fetch_objects (cursor, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (made->len, ==, 4);
  g_assert_cmpint (TEST_POINT (g_ptr_array_index (made, 3))->x, ==, 5);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 5);
}

/* --- pages --- */

/* As many pages as there are, and as many round trips as that needs: one more where the last one was full. */
static void
check_pages (PgTestSession *session, int n_rows, guint itersize, guint round_trips)
{
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autofree char *query = g_strdup_printf (NUMBERS, n_rows);
  g_autoptr (GError) error = NULL;
  gint64 sum = 0;
  int n_seen = 0;
  PgResult *page;

  cursor = pg_test_server_cursor_new (session, "pages");
  pg_base_server_cursor_set_itersize (cursor, itersize);
  pg_test_server_cursor_execute_ok (cursor, query);
  assert_cost (session, 1);
  while ((page = pg_test_server_cursor_fetch_page (cursor, 0, NULL, &error)) != NULL)
    {
      for (guint i = 0; i < pg_result_get_n_rows (page); i++)
        {
          sum += pg_result_get_int64 (page, i, 0, &error);
          g_assert_no_error (error);
          n_seen++;
        }
      g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, n_seen);
      g_object_unref (page);
    }
  g_assert_no_error (error);
  g_assert_cmpint (n_seen, ==, n_rows);
  g_assert_cmpint (sum, ==, (gint64) n_rows * (n_rows + 1) / 2);
  assert_cost (session, round_trips);
  g_assert_null (pg_test_server_cursor_fetch_page (cursor, 0, NULL, &error));
  g_assert_no_error (error);
  assert_cost (session, 0);
  pg_test_session_rollback (session);
  assert_cost (session, 1);
}

static void
test_pages (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  pg_fault_proxy_reset_counts (session.proxy);
  check_pages (&session, 25, 10, 3);
  check_pages (&session, 29, 10, 3);
  check_pages (&session, 20, 10, 3);
  check_pages (&session, 10, 10, 2);
  check_pages (&session, 0, 10, 1);
  check_pages (&session, 3, 1, 4);
  check_pages (&session, 99, 100, 1);
}

/* What a loop has not seen of a page is fetched next. */
static void
test_page_left_early (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (PgResult) page = NULL;
  g_autoptr (PgResult) again = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  guint first_row = 99;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 30, PG_TRISTATE_OFF);
  pg_base_server_cursor_set_itersize (cursor, 10);
  page = pg_test_server_cursor_fetch_page (cursor, 0, &first_row, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first_row, ==, 0);
  g_assert_true (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), -6, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 4);
  pg_fault_proxy_reset_counts (session.proxy);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 5);
  again = pg_test_server_cursor_fetch_page (cursor, 0, &first_row, &error);
  g_assert_no_error (error);
  g_assert_true (again == page);
  g_assert_cmpuint (first_row, ==, 5);
  assert_cost (&session, 0);
  /* Some at hand and some not, which is one request. */
  pg_test_server_cursor_scroll_ok (cursor, 7, PG_SCROLL_MODE_ABSOLUTE);
  pg_test_server_cursor_assert_many (cursor, 8, 8, 15);
  assert_cost (&session, 1);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 15);
  pg_test_server_cursor_scroll_ok (cursor, -2, PG_SCROLL_MODE_RELATIVE);
  rows = pg_test_server_cursor_fetch_all (cursor, NULL, &error);
  g_assert_no_error (error);
  pg_test_server_cursor_assert_rows (rows, 14, 30);
  assert_cost (&session, 1);
  /* No further than that. */
  g_assert_false (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 5, PG_SCROLL_MODE_ABSOLUTE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_fetch_ahead (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autofree char *query = g_strdup_printf (NUMBERS, 25);

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  pg_fault_proxy_reset_counts (session.proxy);
  cursor = pg_test_server_cursor_new (&session, "ahead");
  pg_base_server_cursor_set_fetch_ahead (cursor, TRUE);
  pg_base_server_cursor_set_itersize (cursor, 10);
  /* BEGIN, DECLARE and the first rows. */
  pg_test_server_cursor_execute_ok (cursor, query);
  assert_cost (&session, 1);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 0);
  for (int i = 1; i <= 10; i++)
    g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, i);
  assert_cost (&session, 0);
  for (int i = 11; i <= 25; i++)
    g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, i);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, -1);
  assert_cost (&session, 2);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 25);
  /* All of it in one. */
  pg_base_server_cursor_set_itersize (cursor, 100);
  pg_test_session_rollback (&session);
  pg_fault_proxy_reset_counts (session.proxy);
  pg_base_server_cursor_set_hold (cursor, FALSE);
  {
    g_autoptr (PgBaseServerCursor) other = pg_test_server_cursor_new (&session, "other");

    pg_base_server_cursor_set_fetch_ahead (other, TRUE);
    pg_test_server_cursor_execute_ok (other, query);
    pg_test_server_cursor_assert_many (other, 100, 1, 25);
    assert_cost (&session, 1);
  }
}

/* Without it the row that was fetched is the server's current one. */
static void
test_where_current_of (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  pg_test_driver_run (session.connection, "CREATE TABLE item AS SELECT i, 0 AS seen FROM generate_series(1, 5) AS i");
  cursor = pg_test_server_cursor_new (&session, "item");
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM item ORDER BY i FOR UPDATE");
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 2);
  pg_test_driver_run (session.connection, "UPDATE item SET seen = 1 WHERE CURRENT OF item");
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT min(i) * 10 + count(*) FROM item WHERE seen = 1"), ==, 21);
}

/* --- several --- */

static void
test_interleaved (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) first = NULL;
  g_autoptr (PgBaseServerCursor) second = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  first = pg_test_server_cursor_new (&session, "one");
  second = pg_test_server_cursor_new (&session, "One");
  pg_test_server_cursor_execute_ok (first, "SELECT i FROM generate_series(1, 100) AS i");
  pg_test_server_cursor_execute_ok (second, "SELECT i FROM generate_series(1001, 1100) AS i");
  for (int i = 1; i <= 20; i++)
    {
      g_assert_cmpint (pg_test_server_cursor_next (first), ==, i);
      g_assert_cmpint (pg_test_server_cursor_next (second), ==, 1000 + i);
      g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 5"), ==, 5);
    }
  pg_test_server_cursor_assert_many (second, 10, 1021, 1030);
  pg_test_server_cursor_assert_many (first, 10, 21, 30);
}

static void
test_execute_again (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 10, PG_TRISTATE_DEFAULT);
  pg_test_server_cursor_assert_many (cursor, 3, 1, 3);
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(11, 20) AS i");
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 0);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, -1);
  pg_test_server_cursor_assert_many (cursor, 3, 11, 13);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM pg_cursors"), ==, 1);
  /* The former was closed by somebody else. */
  pg_test_driver_run (session.connection, "CLOSE numbers");
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(21, 30) AS i");
  pg_test_server_cursor_assert_many (cursor, 3, 21, 23);
  /* A statement that fails leaves nothing to be fetched. */
  g_assert_false (pg_test_server_cursor_execute (cursor, "SELECT nothing", NULL, NULL, &error));
  pg_test_server_cursor_assert_sqlstate (error, "42703");
  g_clear_error (&error);
  g_assert_null (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, -1);
  pg_test_session_rollback (&session);
  pg_test_server_cursor_execute_ok (cursor, "SELECT i FROM generate_series(31, 40) AS i");
  pg_test_server_cursor_assert_many (cursor, 3, 31, 33);
}

static void
test_refused (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  gpointer none;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  if (PG_IS_CONNECTION (session.connection))
    none = pg_connection_server_cursor (PG_CONNECTION (session.connection), "", &error);
  else
    none = pg_async_connection_server_cursor (PG_ASYNC_CONNECTION (session.connection), "", &error);
  g_assert_null (none);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);

  cursor = pg_test_server_cursor_new (&session, "refused");
  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), PG_PREPARE_FORCE);
  g_assert_false (pg_test_server_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), PG_PREPARE_NEVER);

  for (guint i = 0; i < 4; i++)
    {
      static const char *const statements[] = { "SELECT 1; DROP TABLE nothing", "DELETE FROM pg_class", "", "COPY pg_class TO STDOUT" };

      g_assert_false (pg_test_server_cursor_execute (cursor, statements[i], NULL, NULL, &error));
      pg_test_server_cursor_assert_sqlstate (error, "42601");
      g_clear_error (&error);
      pg_test_session_rollback (&session);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/server-cursor/%s/fetch", test_fetch);
  pg_test_driver_add ("/pg/server-cursor/%s/describe", test_describe);
  pg_test_driver_add ("/pg/server-cursor/%s/params", test_params);
  pg_test_driver_add ("/pg/server-cursor/%s/format", test_format);
  pg_test_driver_add ("/pg/server-cursor/%s/row-factory", test_row_factory);
  pg_test_driver_add ("/pg/server-cursor/%s/lesson-28-pages-and-exact-multiples", test_pages);
  pg_test_driver_add ("/pg/server-cursor/%s/page-left-early", test_page_left_early);
  pg_test_driver_add ("/pg/server-cursor/%s/fetch-ahead", test_fetch_ahead);
  pg_test_driver_add ("/pg/server-cursor/%s/where-current-of", test_where_current_of);
  pg_test_driver_add ("/pg/server-cursor/%s/interleaved", test_interleaved);
  pg_test_driver_add ("/pg/server-cursor/%s/execute-again", test_execute_again);
  pg_test_driver_add ("/pg/server-cursor/%s/refused", test_refused);
  return g_test_run ();
}
