/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is more than one message to and fro, through PgBouncer, which has to keep the session for as long as it takes: with both connection classes. */
#include "pg-test-bouncer.h"
#include "pg-test-copy.h"
#include "pg-test-fixture.h"
#include "pg-test-many.h"
#include "pg-test-row-stream.h"
#include "pg-test-server-cursor.h"

#include <locale.h>

#define MANY 1500
#define ENDLESS 100000000

typedef struct
{
  PgTestDriver driver;
  gboolean autocommit;
  PgBaseConnection *connection;
  PgBaseConnection *other;
} Pair;

/* Ends the transaction; the other client takes a session meanwhile, perhaps the same. */
static void
commit (Pair *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_driver_commit (self->connection, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_driver_int64 (self->other, "SELECT 1"), ==, 1);
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==, PG_TRANSACTION_STATUS_IDLE);
}

static void
check_many (Pair *self)
{
  g_autoptr (PgBaseCursor) cursor = pg_test_many_cursor_new (self->connection);
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (MANY, 0, 100);
  g_autoptr (PgParamsBatch) more = pg_test_many_batch_new (MANY, MANY, 100);
  g_autoptr (PgParamsBatch) taken = pg_test_many_batch_new (MANY, 2 * MANY - 10, 100);
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_many_execute_batch (cursor, "INSERT INTO t VALUES ($1, $2)", batch, PG_EXECUTE_MANY_MORE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (pg_test_many_execute_batch (cursor, NULL, more, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 2 * MANY);
  commit (self);
  g_assert_false (pg_test_many_execute_batch (cursor, "INSERT INTO t VALUES ($1, $2)", taken, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_true (pg_test_driver_rollback (self->connection, NULL));
  commit (self);
  g_assert_cmpint (pg_test_driver_int64 (self->connection, "SELECT count (*) FROM t"), ==, 2 * MANY);
  commit (self);
}

static void
check_stream (Pair *self)
{
  g_autoptr (PgBaseCursor) cursor = pg_test_many_cursor_new (self->connection);
  PgTestStreamSession session = { .driver = self->driver, .connection = self->connection, .cursor = cursor };
  g_autoptr (PgBaseRowStream) rows = pg_test_stream (&session, "SELECT i FROM t", 100);
  g_autofree char *query = g_strdup_printf ("SELECT generate_series (1, %d)", ENDLESS);
  g_autoptr (PgBaseRowStream) early = NULL;
  g_autoptr (PgResult) chunk = NULL;

  g_assert_cmpuint (pg_test_stream_count (rows), ==, 2 * MANY);
  commit (self);
  early = pg_test_stream (&session, query, 100);
  chunk = pg_test_stream_next (early);
  g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 100);
  pg_test_stream_close (early);
  g_assert_cmpint (pg_test_stream_status (&session), ==, self->autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (self->connection, "SELECT 5"), ==, 5);
  commit (self);
}

static void
check_copy (Pair *self)
{
  g_autofree char *query = g_strdup_printf ("COPY (SELECT generate_series (1, %d)) TO STDOUT", ENDLESS);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GOutputStream) given_up = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GInputStream) early = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[10];

  target = pg_test_copy_in (self->connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (self->driver, target, "-1\ta\n-2\tb\n", &error));
  g_assert_true (pg_test_copy_close_output (self->driver, target, NULL, &error));
  g_assert_no_error (error);
  commit (self);
  given_up = pg_test_copy_in (self->connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (self->driver, given_up, "-3\tc\n", &error));
  pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (given_up), NULL);
  g_assert_true (pg_test_driver_rollback (self->connection, &error));
  commit (self);
  source = pg_test_copy_out (self->connection, "COPY (SELECT i FROM t WHERE i < 0 ORDER BY i) TO STDOUT", &error);
  g_assert_no_error (error);
  bytes = pg_test_copy_read_all (self->driver, source, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "-2\n-1\n", 6);
  commit (self);
  early = pg_test_copy_out (self->connection, query, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_copy_read (self->driver, early, buffer, sizeof buffer, NULL, &error), >, 0);
  g_assert_true (pg_test_copy_close_input (self->driver, early, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==,
                   self->autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INERROR);
  g_assert_true (pg_test_driver_rollback (self->connection, &error));
  commit (self);
}

static void
check_server_cursor (Pair *self)
{
  PgTestSession session = { .driver = self->driver, .connection = self->connection };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  if (self->autocommit)
    return;
  cursor = pg_test_server_cursor_open_numbers (&session, 25, PG_TRISTATE_ON);
  pg_test_server_cursor_assert_many (cursor, 10, 1, 10);
  g_assert_cmpint (pg_test_driver_int64 (self->other, "SELECT 1"), ==, 1);
  pg_test_server_cursor_assert_many (cursor, 10, 11, 20);
  pg_test_server_cursor_scroll_ok (cursor, -5, PG_SCROLL_MODE_RELATIVE);
  g_assert_cmpint (pg_test_server_cursor_next (cursor), ==, 16);
  g_assert_true (pg_test_server_cursor_close (cursor, &error));
  g_assert_no_error (error);
  commit (self);
}

static void
take_value (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, NULL);
  PgResult *rows = cursor != NULL ? pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)) : NULL;

  g_array_append_val ((GArray *) data, (gint64){ rows != NULL ? pg_result_get_int64 (rows, 0, 0, NULL) : -1 });
}

/* Without waiting for those before them: by themselves in a main loop, in a pipeline where calls block. */
static void
check_pipeline (Pair *self)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) cursors = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (PgPipeline) pipeline = NULL;
  g_autoptr (GError) error = NULL;

  if (self->driver == PG_TEST_DRIVER_BLOCKING)
    {
      pipeline = pg_connection_pipeline (PG_CONNECTION (self->connection));
      g_assert_true (pg_pipeline_begin (pipeline, NULL, &error));
    }
  for (int i = 0; i < 50; i++)
    {
      GVariant *params = g_variant_new ("(i)", i);

      if (self->driver == PG_TEST_DRIVER_MAIN_LOOP)
        pg_async_connection_execute_async (PG_ASYNC_CONNECTION (self->connection), "SELECT $1 + 0", params, NULL, take_value, values);
      else
        g_ptr_array_add (cursors, pg_connection_execute (PG_CONNECTION (self->connection), "SELECT $1 + 0", params, NULL, &error));
      g_assert_no_error (error);
    }
  if (pipeline != NULL)
    g_assert_true (pg_pipeline_end (pipeline, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < cursors->len; i++)
    g_array_append_val (values, (gint64){ pg_result_get_int64 (pg_base_cursor_get_result (cursors->pdata[i]), 0, 0, &error) });
  while (values->len < 50)
    g_main_context_iteration (NULL, TRUE);
  for (int i = 0; i < 50; i++)
    g_assert_cmpint (g_array_index (values, gint64, i), ==, i);
  commit (self);
}

static void
check_calls (gconstpointer driver, const char *mode)
{
  g_autofree char *conninfo = pg_test_bouncer_conninfo (mode);

  if (conninfo == NULL)
    return;
  for (guint round = 0; round < 2; round++)
    {
      Pair pair = { .driver = GPOINTER_TO_INT (driver), .autocommit = round == 0 };

      pair.connection = pg_test_driver_open_ok (pair.driver, conninfo, pair.autocommit);
      pair.other = pg_test_driver_open_ok (pair.driver, conninfo, TRUE);
      if (g_str_equal (mode, "transaction"))
        {
          pg_base_connection_set_prepare_threshold (pair.connection, -1);
          pg_base_connection_set_prepare_threshold (pair.other, -1);
        }
      pg_test_driver_run (pair.connection, "DROP TABLE IF EXISTS t");
      pg_test_driver_run (pair.connection, "CREATE TABLE t (i bigint PRIMARY KEY, s text)");
      commit (&pair);
      check_many (&pair);
      check_stream (&pair);
      check_copy (&pair);
      check_server_cursor (&pair);
      check_pipeline (&pair);
      g_object_unref (pair.connection);
      g_object_unref (pair.other);
    }
}

static void
test_session (gconstpointer driver)
{
  g_test_summary ("In session mode many sets of parameters, streams, copies, cursors of the server's and pipelines are as without PgBouncer, stopped early or not.");
  check_calls (driver, "session");
}

static void
test_transaction (gconstpointer driver)
{
  g_test_summary ("And so they are in transaction mode, where another client may have had the session before and has it afterwards.");
  check_calls (driver, "transaction");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  pg_test_driver_add ("/pg/bouncer-calls/%s/session", test_session);
  pg_test_driver_add ("/pg/bouncer-calls/%s/transaction", test_transaction);

  return g_test_run ();
}
