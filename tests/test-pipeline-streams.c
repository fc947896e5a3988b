/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What goes alone in a pipeline and lasts for several calls, between statements that do not wait: with both connection classes, in and outside of transactions. */
#include "pg-test-copy.h"
#include "pg-test-many.h"
#include "pg-test-pipeline.h"
#include "pg-test-row-stream.h"
#include "pg-test-server-cursor.h"

#include <locale.h>

typedef void (*Check) (PgTestPipeline *test, PgTestStreamSession *session, gboolean autocommit);

/* Opens a pipeline, checks in it, and ends it. */
static void
run (gconstpointer driver, Check check)
{
  for (guint round = 0; round < 2; round++)
    {
      const gboolean autocommit = round == 0;
      g_auto (PgTestPipeline) test = { 0 };
      g_autoptr (PgBaseCursor) cursor = NULL;
      PgTestStreamSession session = { .driver = GPOINTER_TO_INT (driver) };

      if (!pg_test_pipeline_open (&test, driver, autocommit))
        return;
      cursor = pg_test_many_cursor_new (test.connection);
      session.connection = test.connection;
      session.cursor = cursor;
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_BEGIN);
      check (&test, &session, autocommit);
      pg_test_pipeline_verb_ok (&test, PG_TEST_PIPELINE_END);
      pg_test_pipeline_assert_usable (&test);
    }
}

static PgTransactionStatus
open_status (gboolean autocommit)
{
  return autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INTRANS;
}

/* Something has failed alone: in a transaction the next statement says so, outside of one it does not know of it. */
static void
assert_failed_alone (PgTestPipeline *test, gboolean autocommit, gint64 n_rows)
{
  const guint after = pg_test_pipeline_start (test, "SELECT count (*) FROM t");

  if (autocommit)
    {
      pg_test_pipeline_assert_value (test, after, n_rows);
      pg_test_pipeline_verb_ok (test, PG_TEST_PIPELINE_SYNC);
      return;
    }
  pg_test_pipeline_assert_fails (test, after, PG_ERROR_IN_FAILED_SQL_TRANSACTION);
  g_assert_true (pg_test_driver_rollback (test->connection, NULL));
}

static void
check_rows (PgTestPipeline *test, PgTestStreamSession *session, gboolean autocommit)
{
  const guint before = pg_test_pipeline_start (test, "INSERT INTO t VALUES (1)");
  g_autoptr (PgBaseRowStream) rows = pg_test_stream (session, "SELECT i FROM t, generate_series (1, 5000)", 100);
  g_autoptr (PgBaseRowStream) early = NULL;
  g_autoptr (PgBaseRowStream) failing = NULL;
  g_autoptr (PgBaseRowStream) aborted = NULL;
  g_autoptr (PgResult) chunk = NULL;
  g_autoptr (GError) error = NULL;
  guint after;

  g_assert_cmpuint (pg_test_stream_count (rows), ==, 5000);
  after = pg_test_pipeline_start (test, "INSERT INTO t VALUES (2) RETURNING i");
  early = pg_test_stream (session, "SELECT generate_series (1, 1000000000), repeat ('x', 100)", 100);
  chunk = pg_test_stream_next (early);
  g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 100);
  g_clear_object (&chunk);
  pg_test_stream_close (early);
  g_assert_cmpint (pg_test_stream_status (session), ==, open_status (autocommit));
  pg_test_pipeline_assert_done (test, before);
  pg_test_pipeline_assert_value (test, after, 2);

  failing = pg_test_stream (session, "SELECT 1 / (250 - i) FROM generate_series (1, 1000) i", 100);
  while ((chunk = pg_test_stream_next_cancellable (failing, NULL, &error)) != NULL)
    g_clear_object (&chunk);
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_clear_error (&error);
  assert_failed_alone (test, autocommit, 2);

  /* Behind a statement that fails it is not executed, and the error stays that one's. */
  after = pg_test_pipeline_start (test, "SELECT 1 / 0");
  aborted = pg_test_stream_with (session, "SELECT 1", NULL, 100, &error);
  g_assert_null (aborted);
  g_assert_error (error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED);
  pg_test_pipeline_assert_fails (test, after, PG_ERROR_DIVISION_BY_ZERO);
  pg_test_pipeline_verb_fails (test, PG_TEST_PIPELINE_SYNC, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  if (!autocommit)
    g_assert_true (pg_test_driver_rollback (test->connection, NULL));
}

static void
test_rows (gconstpointer driver)
{
  g_test_summary ("Rows are streamed inside of a pipeline, to the end, to an early stop that leaves the rest as it was, and to an error, which is that of the stream.");
  run (driver, check_rows);
}

static void
check_copy (PgTestPipeline *test, PgTestStreamSession *session, gboolean autocommit)
{
  const guint before = pg_test_pipeline_start (test, "INSERT INTO t VALUES (1)");
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GOutputStream) failing = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  guint after;

  target = pg_test_copy_in (test->connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (session->driver, target, "2\n3\n", &error));
  g_assert_true (pg_test_copy_close_output (session->driver, target, NULL, &error));
  g_assert_no_error (error);
  after = pg_test_pipeline_start (test, "SELECT count (*) FROM t");
  source = pg_test_copy_out (test->connection, "COPY (SELECT i FROM t ORDER BY i) TO STDOUT", &error);
  g_assert_no_error (error);
  bytes = pg_test_copy_read_all (session->driver, source, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "1\n2\n3\n", 6);
  pg_test_pipeline_assert_done (test, before);
  pg_test_pipeline_assert_value (test, after, 3);
  failing = pg_test_copy_in (test->connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (session->driver, failing, "4\n4\n", &error));
  g_assert_false (pg_test_copy_close_output (session->driver, failing, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  assert_failed_alone (test, autocommit, 3);
}

static void
test_copy (gconstpointer driver)
{
  g_test_summary ("COPY inside of a pipeline sees what is before it, and its error is its own.");
  run (driver, check_copy);
}

static void
check_many (PgTestPipeline *test, PgTestStreamSession *session, gboolean autocommit)
{
  const guint before = pg_test_pipeline_start (test, "INSERT INTO t VALUES (1)");
  g_autoptr (GError) error = NULL;
  guint after;

  g_assert_true (pg_test_many_execute (session->cursor, "INSERT INTO t VALUES ($1)", g_variant_new_parsed ("[<(2,)>, <(3,)>]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (session->cursor), ==, 2);
  after = pg_test_pipeline_start (test, "SELECT count (*) FROM t");
  g_assert_false (pg_test_many_execute (session->cursor, "INSERT INTO t VALUES ($1)", g_variant_new_parsed ("[<(4,)>, <(4,)>]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  pg_test_pipeline_assert_done (test, before);
  pg_test_pipeline_assert_value (test, after, 3);
  assert_failed_alone (test, autocommit, 3);
}

static void
test_many (gconstpointer driver)
{
  g_test_summary ("Many sets of parameters inside of a pipeline, with and without an error.");
  run (driver, check_many);
}

static void
check_server_cursor (PgTestPipeline *test, PgTestStreamSession *session, gboolean autocommit)
{
  guint before, after;
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (autocommit)
    return;
  before = pg_test_pipeline_start (test, "INSERT INTO t VALUES (1)");
  cursor = pg_test_server_cursor_open_numbers (&test->session, 10, PG_TRISTATE_ON);
  pg_test_server_cursor_assert_many (cursor, 4, 1, 4);
  after = pg_test_pipeline_start (test, "INSERT INTO t VALUES (2) RETURNING i");
  pg_test_server_cursor_scroll_ok (cursor, 100, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_get_rownumber (cursor), ==, 10);
  pg_test_server_cursor_scroll_ok (cursor, -1, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 10);
  g_assert_true (pg_test_server_cursor_close (cursor, &error));
  g_assert_no_error (error);
  pg_test_pipeline_assert_done (test, before);
  pg_test_pipeline_assert_value (test, after, 2);
}

static void
test_server_cursor (gconstpointer driver)
{
  g_test_summary ("A cursor of the server's is declared, read, moved and closed inside of a pipeline.");
  run (driver, check_server_cursor);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/pipeline-streams/%s/rows", test_rows);
  pg_test_driver_add ("/pg/pipeline-streams/%s/copy", test_copy);
  pg_test_driver_add ("/pg/pipeline-streams/%s/many", test_many);
  pg_test_driver_add ("/pg/pipeline-streams/%s/server-cursor", test_server_cursor);
  return g_test_run ();
}
