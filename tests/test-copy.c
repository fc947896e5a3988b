/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * COPY through streams, with both connection classes. */
#include "pg-test-copy.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

/* --- there and back --- */

static void
test_round_trip (gconstpointer driver)
{
  static const char *const formats[] = { "text", "csv", "binary" };
  /* Some times the 32 KiB that are sent at once. */
  const gint64 n_rows = g_getenv ("PG_TEST_VALGRIND") != NULL ? 500 : 2000;
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autofree char *insert = NULL;
  g_autofree char *tag = NULL;

  g_test_summary ("What COPY TO gives COPY FROM takes, in each format, in pieces of any size; the tag and the number of rows are the server's.");
  if (connection == NULL)
    return;
  insert = g_strdup_printf ("INSERT INTO t SELECT i, CASE WHEN i %% 7 = 0 THEN NULL ELSE repeat(chr(224 + i %% 20) || E'\\t\\n\\\\', i %% 50) END"
                            " FROM generate_series(1, %" G_GINT64_FORMAT ") i",
                            n_rows);
  tag = g_strdup_printf ("COPY %" G_GINT64_FORMAT, n_rows);
  pg_test_driver_run (connection, insert);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE copy (LIKE t)");
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (gsize chunk = 7; chunk <= 100 * 1000; chunk *= 19)
      {
        g_autofree char *out = g_strdup_printf ("COPY t TO STDOUT (FORMAT %s)", formats[f]);
        g_autofree char *in = g_strdup_printf ("COPY copy FROM STDIN (FORMAT %s)", formats[f]);
        g_autoptr (GError) error = NULL;
        g_autoptr (GInputStream) source = pg_test_copy_out (connection, out, &error);
        g_autoptr (GOutputStream) target = NULL;
        g_autoptr (GBytes) bytes = NULL;
        const guint8 *data;
        gsize size;

        g_assert_no_error (error);
        g_assert_cmpuint (pg_copy_input_stream_get_n_columns (PG_COPY_INPUT_STREAM (source)), ==, 2);
        g_assert_cmpint (pg_copy_input_stream_is_binary (PG_COPY_INPUT_STREAM (source)), ==, f == 2);
        g_assert_cmpint (pg_copy_input_stream_get_rowcount (PG_COPY_INPUT_STREAM (source)), ==, -1);
        bytes = pg_test_copy_read_all (d, source, chunk, &error);
        g_assert_no_error (error);
        g_assert_cmpint (pg_copy_input_stream_get_rowcount (PG_COPY_INPUT_STREAM (source)), ==, n_rows);
        g_assert_cmpstr (pg_copy_input_stream_get_status_message (PG_COPY_INPUT_STREAM (source)), ==, tag);
        g_assert_true (pg_test_copy_close_input (d, source, &error));
        pg_test_copy_assert_usable (connection);

        target = pg_test_copy_in (connection, in, &error);
        g_assert_no_error (error);
        data = g_bytes_get_data (bytes, &size);
        for (gsize i = 0; i < size; i += chunk)
          g_assert_true (pg_test_copy_write (d, target, data + i, MIN (chunk, size - i), NULL, &error));
        g_assert_null (pg_copy_output_stream_get_status_message (PG_COPY_OUTPUT_STREAM (target)));
        g_assert_true (pg_test_copy_close_output (d, target, NULL, &error));
        g_assert_no_error (error);
        g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (target)), ==, n_rows);
        g_assert_cmpstr (pg_copy_output_stream_get_status_message (PG_COPY_OUTPUT_STREAM (target)), ==, tag);
        g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM (TABLE t EXCEPT TABLE copy) x"), ==, 0);
        pg_test_driver_run (connection, "TRUNCATE copy");
      }
}

static void
test_nothing (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("No rows there, and no rows back; a flush of nothing.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  if (d == PG_TEST_DRIVER_BLOCKING)
    g_assert_true (g_output_stream_flush (target, NULL, &error));
  g_assert_true (pg_test_copy_close_output (d, target, NULL, &error));
  g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (target)), ==, 0);
  source = pg_test_copy_out (connection, "COPY t TO STDOUT", &error);
  bytes = pg_test_copy_read_all (d, source, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
  pg_test_copy_assert_usable (connection);
}

static void
test_splice (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GFileIOStream) io = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) source = NULL, from_file = NULL;
  g_autoptr (GOutputStream) target = NULL, to_file = NULL;

  g_test_summary ("g_output_stream_splice() moves a table into a file and a file into a table.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "INSERT INTO t SELECT i, repeat('ab', 1000) FROM generate_series(1, 3000) i");
  file = g_file_new_tmp ("pgconn-copy-XXXXXX", &io, &error);
  g_assert_no_error (error);
  g_clear_object (&io);
  to_file = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error));
  source = pg_test_copy_out (connection, "COPY t TO STDOUT (FORMAT binary)", &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_copy_splice (d, to_file, source, NULL, &error), >, 3000 * 2000);
  g_assert_no_error (error);
  pg_test_driver_run (connection, "TRUNCATE t");
  from_file = G_INPUT_STREAM (g_file_read (file, NULL, &error));
  target = pg_test_copy_in (connection, "COPY t FROM STDIN (FORMAT binary)", &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_copy_splice (d, target, from_file, NULL, &error), >, 3000 * 2000);
  g_assert_no_error (error);
  g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (target)), ==, 3000);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t WHERE s = repeat('ab', 1000)"), ==, 3000);
  g_file_delete (file, NULL, NULL);
}

static void
test_implicit_transaction (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) target = NULL;

  g_test_summary ("A copy begins the implicit transaction, and its rows are gone with a rollback.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (d, target, "1\ta\n", &error));
  g_assert_true (pg_test_copy_close_output (d, target, NULL, &error));
  g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 1);
  g_assert_true (pg_test_driver_rollback (connection, NULL));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

/* --- others meanwhile --- */

static void
test_same_thread (void)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call of the thread that has a copy open fails, rather than to wait for itself; the copy goes on.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_true (g_output_stream_write_all (target, "1\ta\n", 4, NULL, NULL, &error));
  cursor = pg_test_driver_execute (connection, "SELECT 1", NULL, NULL, &error);
  g_assert_null (cursor);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_true (g_output_stream_close (target, NULL, &error));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 1);
}

static gpointer
count_in_thread (gpointer connection)
{
  return GINT_TO_POINTER ((int) pg_test_driver_int64 (connection, "SELECT count(*) FROM t"));
}

static void
test_other_thread (void)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GError) error = NULL;
  GThread *threads[3];

  g_test_summary ("Calls of other threads wait until the copy is over.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_true (g_output_stream_write_all (target, "1\ta\n", 4, NULL, NULL, &error));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("count", count_in_thread, connection);
  g_usleep (50 * 1000);
  g_assert_true (g_output_stream_write_all (target, "2\tb\n", 4, NULL, NULL, &error));
  g_assert_true (g_output_stream_flush (target, NULL, &error));
  g_assert_true (g_output_stream_close (target, NULL, &error));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (threads[i])), ==, 2);
}

static void
test_queue (void)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Calls made during a copy fail at once, rather than to wait for what may wait for them; those made behind its end are run after it.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), "SELECT 1", NULL, NULL, pg_test_keep_result, &result);
  cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_null (cursor);
  g_clear_error (&error);
  g_clear_object (&result);

  g_assert_true (pg_test_copy_write_text (PG_TEST_DRIVER_MAIN_LOOP, target, "1\ta\n", &error));
  g_assert_true (pg_test_copy_close_output (PG_TEST_DRIVER_MAIN_LOOP, target, NULL, &error));
  g_assert_no_error (error);
  source = pg_test_copy_out (connection, "COPY (SELECT generate_series(1, 10)) TO STDOUT", &error);
  g_assert_no_error (error);
  g_input_stream_close_async (source, G_PRIORITY_DEFAULT, NULL, pg_test_keep_result, &closed);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), "SELECT count(*) FROM t", NULL, NULL, pg_test_keep_result, &result);
  g_assert_true (g_input_stream_close_finish (source, pg_test_wait_for (&closed), &error));
  g_assert_no_error (error);
  cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error), ==, 1);
}

static void
test_async_does_not_block (void)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[10];

  g_test_summary ("The blocking functions of a PgAsyncConnection's streams are an error that says what to call.");
  if (connection == NULL)
    return;
  source = pg_test_copy_out (connection, "COPY t TO STDOUT", &error);
  g_assert_cmpint (g_input_stream_read (source, buffer, sizeof buffer, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_clear_object (&source);
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_false (g_output_stream_close (target, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  pg_test_copy_assert_usable (connection);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/copy/%s/round-trip", test_round_trip);
  pg_test_driver_add ("/pg/copy/%s/nothing", test_nothing);
  pg_test_driver_add ("/pg/copy/%s/splice", test_splice);
  pg_test_driver_add ("/pg/copy/%s/implicit-transaction", test_implicit_transaction);
  g_test_add_func ("/pg/copy/blocking/same-thread", test_same_thread);
  g_test_add_func ("/pg/copy/blocking/other-thread", test_other_thread);
  g_test_add_func ("/pg/copy/main-loop/queue", test_queue);
  g_test_add_func ("/pg/copy/main-loop/does-not-block", test_async_does_not_block);
  return g_test_run ();
}
