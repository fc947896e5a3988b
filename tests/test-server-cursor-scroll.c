/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where server-side cursors are, and how they are moved, with both connection classes. */
#include "pg-test-server-cursor.h"

#include <locale.h>

/* --- positions --- */

/* The model's is moved by what was asked for, not by what there was. */
static void
test_rownumber_at_the_ends (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 10, PG_TRISTATE_ON);
  pg_test_server_cursor_scroll_ok (cursor, 110, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, -1);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  /* From the end one row back is before the last one. */
  pg_test_server_cursor_scroll_ok (cursor, -1, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 9);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 10);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  /* From on the last one too. */
  pg_test_server_cursor_scroll_ok (cursor, -2, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 9);
  pg_test_server_cursor_scroll_ok (cursor, -500, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 0);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  pg_test_server_cursor_scroll_ok (cursor, 500, PG_SCROLL_MODE_ABSOLUTE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  pg_test_server_cursor_scroll_ok (cursor, 3, PG_SCROLL_MODE_ABSOLUTE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 3);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 4);
  pg_test_server_cursor_scroll_ok (cursor, 0, PG_SCROLL_MODE_ABSOLUTE);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 1);
  pg_test_server_cursor_scroll_ok (cursor, 4, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 5);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 6);
  pg_test_server_cursor_scroll_ok (cursor, 10, PG_SCROLL_MODE_ABSOLUTE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, -1);
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 10);
}

/* Any walk agrees with one over an array. */
static void
test_scroll_at_random (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  const guint n_steps = pg_test_repeat (150, 3000);
  const int n = 12;
  int at = 0;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, n, PG_TRISTATE_ON);
  for (guint i = 0; i < n_steps; i++)
    {
      const int distance = g_test_rand_int_range (-15, 16);

      pg_base_server_cursor_set_itersize (cursor, (guint) g_test_rand_int_range (1, 6));
      pg_base_server_cursor_set_fetch_ahead (cursor, g_test_rand_int_range (0, 2));
      switch (g_test_rand_int_range (0, 5))
        {
        case 0:
          pg_test_server_cursor_scroll_ok (cursor, distance, PG_SCROLL_MODE_RELATIVE);
          at = CLAMP (at + distance, 0, n);
          break;
        case 1:
          pg_test_server_cursor_scroll_ok (cursor, ABS (distance), PG_SCROLL_MODE_ABSOLUTE);
          at = MIN (ABS (distance), n);
          break;
        case 2:
          {
            const int size = ABS (distance) + 1;
            const int end = MIN (at + size, n);

            pg_test_server_cursor_assert_many (cursor, (guint) size, at + 1, end);
            at = end;
            break;
          }
        case 3:
          {
            g_autoptr (GError) error = NULL;
            g_autoptr (PgResult) page = NULL;
            guint first_row;

            page = pg_test_server_cursor_fetch_page (cursor, (guint) g_test_rand_int_range (0, 5), &first_row, &error);
            g_assert_no_error (error);
            if (at == n)
              {
                g_assert_null (page);
                break;
              }
            g_assert_cmpint (pg_result_get_int64 (page, first_row, 0, &error), ==, at + 1);
            at += (int) (pg_result_get_n_rows (page) - first_row);
            break;
          }
        default:
          g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, at < n ? at + 1 : -1);
          at = MIN (at + 1, n);
          break;
        }
      g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, at);
    }
}

static void
test_scroll_errors (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 10, PG_TRISTATE_OFF);
  pg_test_server_cursor_assert_many (cursor, 3, 1, 3);
  g_assert_false (pg_test_server_cursor_scroll (cursor, -1, PG_SCROLL_MODE_ABSOLUTE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_assert_false (pg_test_server_cursor_scroll (cursor, G_MAXINT64, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_assert_false (pg_test_server_cursor_scroll (cursor, G_MININT64, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  pg_test_server_cursor_scroll_ok (cursor, 2, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 6);
  g_assert_false (pg_test_server_cursor_scroll (cursor, -4, PG_SCROLL_MODE_RELATIVE, &error));
  pg_test_server_cursor_assert_sqlstate (error, "55000");
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INERROR);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/server-cursor/%s/rownumber-at-the-ends", test_rownumber_at_the_ends);
  pg_test_driver_add ("/pg/server-cursor/%s/scroll-at-random", test_scroll_at_random);
  pg_test_driver_add ("/pg/server-cursor/%s/scroll-errors", test_scroll_errors);
  return g_test_run ();
}
