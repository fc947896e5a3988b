/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What random operations have found, each by itself. */
#include "pg-test-many.h"
#include "pg-test-row-stream.h"
#include "pg-test-session.h"
#include "pg-test-verbs.h"

#include <locale.h>

static PgBaseRowStream *
stream (PgTestSession *session, PgBaseCursor *cursor, const char *sql, guint chunk_size, GError **error)
{
  PgTestStreamSession stream = { session->driver, session->connection, cursor };

  return pg_test_stream_with (&stream, sql, NULL, chunk_size, error);
}

static void
test_defect_close_rows_that_fail (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgBaseRowStream) rows = NULL;

  g_test_summary ("A stream that is closed before the error in its rows leaves the transaction as it was, also when a prepared statement was to be removed behind it.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (session.connection, 0);
  pg_base_connection_set_prepared_max (session.connection, 1);
  pg_test_session_set_autocommit (&session, FALSE);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 1"), ==, 1);
  cursor = pg_test_many_cursor_new (session.connection);
  rows = stream (&session, cursor, "SELECT i, 1 / (13 - i) FROM generate_series(1, 14) AS i", 1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (PgResult) chunk = pg_test_stream_next (rows);

      g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 1);
    }
  g_assert_true (pg_test_verb_close_rows (rows, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 2"), ==, 2);
}

static void
test_defect_lost_before_rows (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };

  g_test_summary ("A stream whose connection is lost before its rows come says that.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  for (guint i = 0; i < 2 * pg_test_repeat (6, 150); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (PgBaseRowStream) rows = NULL;

      pg_test_session_connect (&session);
      pg_test_session_set_autocommit (&session, FALSE);
      cursor = pg_test_many_cursor_new (session.connection);
      pg_fault_proxy_act_after (session.proxy, i % 2 == 0 ? PG_FAULT_TO_SERVER : PG_FAULT_TO_CLIENT, (guint64) g_test_rand_int_range (0, i % 2 == 0 ? 100 : 30),
                                PG_FAULT_ACTION_CUT);
      rows = stream (&session, cursor, "SELECT i, 'some words to make it longer than that' FROM generate_series(1, 14) AS i", i % 4 < 2 ? 1 : 5, &error);
      g_assert_null (rows);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
      pg_test_session_assert_broken (&session);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/storm/defect-close-rows-that-fail/%s", test_defect_close_rows_that_fail);
  pg_test_driver_add ("/pg/storm/defect-lost-before-rows/%s", test_defect_lost_before_rows);
  return g_test_run ();
}
