/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The streams of a PgConnection, which block, with GIO's asynchronous functions, which take a thread for them. */
#include "pg-test-copy.h"
#include "pg-test-driver.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

/* The asynchronous functions. */
#define MAIN_LOOP PG_TEST_DRIVER_MAIN_LOOP

static PgBaseConnection *
open_connection (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();

  return conninfo == NULL ? NULL : pg_test_driver_open_ok (PG_TEST_DRIVER_BLOCKING, conninfo, FALSE);
}

static void
test_copy (void)
{
  g_autoptr (PgBaseConnection) connection = open_connection ();
  g_autoptr (GOutputStream) output = NULL;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GBytes) all = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Rows are written, the copy is closed, and they are read again, each call in a thread.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "CREATE TEMP TABLE item (id int)");
  output = pg_test_copy_in (connection, "COPY item FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (MAIN_LOOP, output, "1\n2\n", &error));
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_close_output (MAIN_LOOP, output, NULL, &error));
  g_assert_no_error (error);

  input = pg_test_copy_out (connection, "COPY item TO STDOUT", &error);
  g_assert_no_error (error);
  all = pg_test_copy_read_all (MAIN_LOOP, input, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (all, NULL), g_bytes_get_size (all), "1\n2\n", 4);
  g_assert_true (pg_test_copy_close_input (MAIN_LOOP, input, &error));
  g_assert_no_error (error);
}

static void
test_copy_splice (void)
{
  g_autoptr (PgBaseConnection) connection = open_connection ();
  g_autoptr (GOutputStream) output = NULL, memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GInputStream) input = NULL, source = g_memory_input_stream_new_from_data ("5\n6\n", 4, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A splice waits for each block, and closes both.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "CREATE TEMP TABLE item (id int)");
  output = pg_test_copy_in (connection, "COPY item FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_copy_splice (MAIN_LOOP, output, source, NULL, &error), ==, 4);
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT sum(id) FROM item"), ==, 11);

  input = pg_test_copy_out (connection, "COPY item TO STDOUT", &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_copy_splice (MAIN_LOOP, memory, input, NULL, &error), ==, 4);
  g_assert_no_error (error);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)), "5\n6\n", 4);
}

static void
test_copy_errors (void)
{
  g_autoptr (PgBaseConnection) connection = open_connection ();
  g_autoptr (GOutputStream) output = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *much = g_strnfill (100000, '1');

  g_test_summary ("What the thread was told, as that it was cancelled, is told.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "CREATE TEMP TABLE item (id int)");
  output = pg_test_copy_in (connection, "COPY item FROM STDIN", &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (pg_test_copy_write (MAIN_LOOP, output, much, 100000, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (pg_test_copy_close_output (MAIN_LOOP, output, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_large_object (void)
{
  g_autoptr (PgBaseConnection) connection = open_connection ();
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GBytes) all = NULL;
  g_autoptr (GError) error = NULL;
  GIOStream *stream;

  g_test_summary ("A large object is written and read, in a thread.");
  if (connection == NULL)
    return;
  object = pg_connection_create_large_object (PG_CONNECTION (connection), 0, NULL, &error);
  g_assert_no_error (error);
  stream = G_IO_STREAM (object);
  g_assert_true (pg_test_copy_write_text (MAIN_LOOP, g_io_stream_get_output_stream (stream), "object", &error));
  g_assert_no_error (error);
  g_assert_true (g_seekable_seek (G_SEEKABLE (object), 1, G_SEEK_SET, NULL, &error));
  g_assert_no_error (error);
  all = pg_test_copy_read_all (MAIN_LOOP, g_io_stream_get_input_stream (stream), 2, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (all, NULL), g_bytes_get_size (all), "bject", 5);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/stream-threads/copy", test_copy);
  g_test_add_func ("/pg/stream-threads/copy-splice", test_copy_splice);
  g_test_add_func ("/pg/stream-threads/copy-errors", test_copy_errors);
  g_test_add_func ("/pg/stream-threads/large-object", test_large_object);
  return g_test_run ();
}
