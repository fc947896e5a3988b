/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-copy.h"

#include "pg-test-fixture.h"

#include <string.h>

GOutputStream *
pg_test_copy_in (PgBaseConnection *connection, const char *sql, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return (GOutputStream *) pg_connection_copy_in (PG_CONNECTION (connection), sql, NULL, error);
  pg_async_connection_copy_in_async (PG_ASYNC_CONNECTION (connection), sql, NULL, pg_test_keep_result, &result);
  return (GOutputStream *) pg_async_connection_copy_in_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), error);
}

GInputStream *
pg_test_copy_out (PgBaseConnection *connection, const char *sql, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return (GInputStream *) pg_connection_copy_out (PG_CONNECTION (connection), sql, NULL, error);
  pg_async_connection_copy_out_async (PG_ASYNC_CONNECTION (connection), sql, NULL, pg_test_keep_result, &result);
  return (GInputStream *) pg_async_connection_copy_out_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&result), error);
}

gboolean
pg_test_copy_write (PgTestDriver driver, GOutputStream *stream, gconstpointer data, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_output_stream_write_all (stream, data, size, NULL, cancellable, error);
  g_output_stream_write_all_async (stream, data, size, 0, cancellable, pg_test_keep_result, &result);
  return g_output_stream_write_all_finish (stream, pg_test_wait_for (&result), NULL, error);
}

gboolean
pg_test_copy_write_text (PgTestDriver driver, GOutputStream *stream, const char *text, GError **error)
{
  return pg_test_copy_write (driver, stream, text, strlen (text), NULL, error);
}

gboolean
pg_test_copy_close_output (PgTestDriver driver, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_output_stream_close (stream, cancellable, error);
  g_output_stream_close_async (stream, 0, cancellable, pg_test_keep_result, &result);
  return g_output_stream_close_finish (stream, pg_test_wait_for (&result), error);
}

gssize
pg_test_copy_read (PgTestDriver driver, GInputStream *stream, gpointer buffer, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_input_stream_read (stream, buffer, size, cancellable, error);
  g_input_stream_read_async (stream, buffer, size, 0, cancellable, pg_test_keep_result, &result);
  return g_input_stream_read_finish (stream, pg_test_wait_for (&result), error);
}

gboolean
pg_test_copy_close_input (PgTestDriver driver, GInputStream *stream, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_input_stream_close (stream, NULL, error);
  g_input_stream_close_async (stream, 0, NULL, pg_test_keep_result, &result);
  return g_input_stream_close_finish (stream, pg_test_wait_for (&result), error);
}

GBytes *
pg_test_copy_read_all (PgTestDriver driver, GInputStream *stream, gsize chunk, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (chunk);
  gssize n;

  while ((n = pg_test_copy_read (driver, stream, buffer, chunk, NULL, error)) > 0)
    g_byte_array_append (all, buffer, (guint) n);
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&all)) : NULL;
}

gssize
pg_test_copy_splice (PgTestDriver driver, GOutputStream *target, GInputStream *source, GCancellable *cancellable, GError **error)
{
  GOutputStreamSpliceFlags flags = G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET;
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_output_stream_splice (target, source, flags, cancellable, error);
  g_output_stream_splice_async (target, source, flags, 0, cancellable, pg_test_keep_result, &result);
  return g_output_stream_splice_finish (target, pg_test_wait_for (&result), error);
}

PgBaseConnection *
pg_test_copy_open (gconstpointer driver, gboolean autocommit)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  PgBaseConnection *connection;

  if (conninfo == NULL)
    return NULL;
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), conninfo, autocommit);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE t (i int PRIMARY KEY, s text)");
  if (!autocommit)
    g_assert_true (pg_test_driver_commit (connection, NULL, NULL));
  return connection;
}

void
pg_test_copy_assert_usable (PgBaseConnection *connection)
{
  g_assert_false (pg_base_connection_get_closed (connection));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT 20 + 3"), ==, 23);
}

gboolean
pg_test_copy_write_row (PgTestDriver driver, GOutputStream *stream, PgParams *row, GError **error)
{
  PgCopyOutputStream *copy = PG_COPY_OUTPUT_STREAM (stream);
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return pg_copy_output_stream_write_row (copy, row, NULL, error);
  pg_copy_output_stream_write_row_async (copy, row, NULL, pg_test_keep_result, &result);
  return pg_copy_output_stream_write_row_finish (copy, pg_test_wait_for (&result), error);
}

gboolean
pg_test_copy_write_columns (PgTestDriver driver, GOutputStream *stream, PgCopyColumns *columns, GError **error)
{
  PgCopyOutputStream *copy = PG_COPY_OUTPUT_STREAM (stream);
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return pg_copy_output_stream_write_columns (copy, columns, NULL, error);
  pg_copy_output_stream_write_columns_async (copy, columns, NULL, pg_test_keep_result, &result);
  return pg_copy_output_stream_write_columns_finish (copy, pg_test_wait_for (&result), error);
}

PgResult *
pg_test_copy_read_rows (PgTestDriver driver, GInputStream *stream, guint max_rows, GError **error)
{
  PgCopyInputStream *copy = PG_COPY_INPUT_STREAM (stream);
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return pg_copy_input_stream_read_rows (copy, max_rows, NULL, error);
  pg_copy_input_stream_read_rows_async (copy, max_rows, NULL, pg_test_keep_result, &result);
  return pg_copy_input_stream_read_rows_finish (copy, pg_test_wait_for (&result), error);
}
