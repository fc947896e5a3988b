/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * COPY through streams, with both connection classes. */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

/* --- the calls of both classes in one form --- */

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static GOutputStream *
copy_in (PgBaseConnection *connection, const char *sql, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return (GOutputStream *) pg_connection_copy_in (PG_CONNECTION (connection), sql, NULL, error);
  pg_async_connection_copy_in_async (PG_ASYNC_CONNECTION (connection), sql, NULL, keep_result, &result);
  return (GOutputStream *) pg_async_connection_copy_in_finish (PG_ASYNC_CONNECTION (connection), wait_for (&result), error);
}

static GInputStream *
copy_out (PgBaseConnection *connection, const char *sql, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CONNECTION (connection))
    return (GInputStream *) pg_connection_copy_out (PG_CONNECTION (connection), sql, NULL, error);
  pg_async_connection_copy_out_async (PG_ASYNC_CONNECTION (connection), sql, NULL, keep_result, &result);
  return (GInputStream *) pg_async_connection_copy_out_finish (PG_ASYNC_CONNECTION (connection), wait_for (&result), error);
}

static gboolean
write_all (PgTestDriver driver, GOutputStream *stream, gconstpointer data, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_output_stream_write_all (stream, data, size, NULL, cancellable, error);
  g_output_stream_write_all_async (stream, data, size, 0, cancellable, keep_result, &result);
  return g_output_stream_write_all_finish (stream, wait_for (&result), NULL, error);
}

static gboolean
write_text (PgTestDriver driver, GOutputStream *stream, const char *text, GError **error)
{
  return write_all (driver, stream, text, strlen (text), NULL, error);
}

static gboolean
close_output (PgTestDriver driver, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_output_stream_close (stream, cancellable, error);
  g_output_stream_close_async (stream, 0, cancellable, keep_result, &result);
  return g_output_stream_close_finish (stream, wait_for (&result), error);
}

static gssize
read_some (PgTestDriver driver, GInputStream *stream, gpointer buffer, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_input_stream_read (stream, buffer, size, cancellable, error);
  g_input_stream_read_async (stream, buffer, size, 0, cancellable, keep_result, &result);
  return g_input_stream_read_finish (stream, wait_for (&result), error);
}

static gboolean
close_input (PgTestDriver driver, GInputStream *stream, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_input_stream_close (stream, NULL, error);
  g_input_stream_close_async (stream, 0, NULL, keep_result, &result);
  return g_input_stream_close_finish (stream, wait_for (&result), error);
}

static GBytes *
read_all (PgTestDriver driver, GInputStream *stream, gsize chunk, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (chunk);
  gssize n;

  while ((n = read_some (driver, stream, buffer, chunk, NULL, error)) > 0)
    g_byte_array_append (all, buffer, (guint) n);
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&all)) : NULL;
}

static gssize
splice (PgTestDriver driver, GOutputStream *target, GInputStream *source, GCancellable *cancellable, GError **error)
{
  GOutputStreamSpliceFlags flags = G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET;
  g_autoptr (GAsyncResult) result = NULL;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_output_stream_splice (target, source, flags, cancellable, error);
  g_output_stream_splice_async (target, source, flags, 0, cancellable, keep_result, &result);
  return g_output_stream_splice_finish (target, wait_for (&result), error);
}

static PgBaseConnection *
open_with_table (gconstpointer driver, gboolean autocommit)
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

static void
assert_usable (PgBaseConnection *connection)
{
  g_assert_false (pg_base_connection_get_closed (connection));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT 20 + 3"), ==, 23);
}

/* --- there and back --- */

static void
test_round_trip (gconstpointer driver)
{
  static const char *const formats[] = { "text", "csv", "binary" };
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);

  g_test_summary ("What COPY TO gives COPY FROM takes, in each format, in pieces of any size; the tag and the number of rows are the server's.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "INSERT INTO t SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE repeat(chr(224 + i % 20) || E'\\t\\n\\\\', i % 50) END"
                                  " FROM generate_series(1, 5000) i");
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE copy (LIKE t)");
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (gsize chunk = 7; chunk <= 100 * 1000; chunk *= 19)
      {
        g_autofree char *out = g_strdup_printf ("COPY t TO STDOUT (FORMAT %s)", formats[f]);
        g_autofree char *in = g_strdup_printf ("COPY copy FROM STDIN (FORMAT %s)", formats[f]);
        g_autoptr (GError) error = NULL;
        g_autoptr (GInputStream) source = copy_out (connection, out, &error);
        g_autoptr (GOutputStream) target = NULL;
        g_autoptr (GBytes) bytes = NULL;
        const guint8 *data;
        gsize size;

        g_assert_no_error (error);
        g_assert_cmpuint (pg_copy_input_stream_get_n_columns (PG_COPY_INPUT_STREAM (source)), ==, 2);
        g_assert_cmpint (pg_copy_input_stream_is_binary (PG_COPY_INPUT_STREAM (source)), ==, f == 2);
        g_assert_cmpint (pg_copy_input_stream_get_rowcount (PG_COPY_INPUT_STREAM (source)), ==, -1);
        bytes = read_all (d, source, chunk, &error);
        g_assert_no_error (error);
        g_assert_cmpint (pg_copy_input_stream_get_rowcount (PG_COPY_INPUT_STREAM (source)), ==, 5000);
        g_assert_cmpstr (pg_copy_input_stream_get_status_message (PG_COPY_INPUT_STREAM (source)), ==, "COPY 5000");
        g_assert_true (close_input (d, source, &error));
        assert_usable (connection);

        target = copy_in (connection, in, &error);
        g_assert_no_error (error);
        data = g_bytes_get_data (bytes, &size);
        for (gsize i = 0; i < size; i += chunk)
          g_assert_true (write_all (d, target, data + i, MIN (chunk, size - i), NULL, &error));
        g_assert_null (pg_copy_output_stream_get_status_message (PG_COPY_OUTPUT_STREAM (target)));
        g_assert_true (close_output (d, target, NULL, &error));
        g_assert_no_error (error);
        g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (target)), ==, 5000);
        g_assert_cmpstr (pg_copy_output_stream_get_status_message (PG_COPY_OUTPUT_STREAM (target)), ==, "COPY 5000");
        g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM (TABLE t EXCEPT TABLE copy) x"), ==, 0);
        pg_test_driver_run (connection, "TRUNCATE copy");
      }
}

static void
test_nothing (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("No rows there, and no rows back; a flush of nothing.");
  if (connection == NULL)
    return;
  target = copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  if (d == PG_TEST_DRIVER_BLOCKING)
    g_assert_true (g_output_stream_flush (target, NULL, &error));
  g_assert_true (close_output (d, target, NULL, &error));
  g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (target)), ==, 0);
  source = copy_out (connection, "COPY t TO STDOUT", &error);
  bytes = read_all (d, source, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
  assert_usable (connection);
}

static void
test_splice (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
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
  source = copy_out (connection, "COPY t TO STDOUT (FORMAT binary)", &error);
  g_assert_no_error (error);
  g_assert_cmpint (splice (d, to_file, source, NULL, &error), >, 3000 * 2000);
  g_assert_no_error (error);
  pg_test_driver_run (connection, "TRUNCATE t");
  from_file = G_INPUT_STREAM (g_file_read (file, NULL, &error));
  target = copy_in (connection, "COPY t FROM STDIN (FORMAT binary)", &error);
  g_assert_no_error (error);
  g_assert_cmpint (splice (d, target, from_file, NULL, &error), >, 3000 * 2000);
  g_assert_no_error (error);
  g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (target)), ==, 3000);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t WHERE s = repeat('ab', 1000)"), ==, 3000);
  g_file_delete (file, NULL, NULL);
}

/* --- what may not be loaded --- */

/* A source that fails after some rows. */
#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GInputStream)

struct _TestSource
{
  GInputStream parent_instance;
  guint n;
};

G_DEFINE_FINAL_TYPE (TestSource, test_source, G_TYPE_INPUT_STREAM)

static gssize
test_source_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  TestSource *self = TEST_SOURCE (stream);

  if (self->n++ == 10)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the source failed");
      return -1;
    }
  return g_snprintf (buffer, count, "%u\tx\n", self->n);
}

static void
test_source_class_init (TestSourceClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = test_source_read;
}

static void
test_source_init (TestSource *self)
{
}

static void
assert_nothing_loaded (PgBaseConnection *connection, gboolean autocommit)
{
  g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==,
                   autocommit ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INERROR);
  g_assert_true (pg_test_driver_rollback (connection, NULL));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
  g_assert_true (pg_test_driver_rollback (connection, NULL));
}

static void
check_failures (gconstpointer driver, gboolean autocommit)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, autocommit);

  if (connection == NULL)
    return;

  /* The source of a splice. */
  {
    g_autoptr (GError) error = NULL, again = NULL;
    g_autoptr (GOutputStream) target = copy_in (connection, "COPY t FROM STDIN", &error);
    g_autoptr (GInputStream) source = g_object_new (TEST_TYPE_SOURCE, NULL);

    g_assert_no_error (error);
    g_assert_cmpint (splice (d, target, source, NULL, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    g_assert_true (g_output_stream_is_closed (target));
    assert_nothing_loaded (connection, autocommit);
  }

  /* The server, at the end. */
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GOutputStream) target = copy_in (connection, "COPY t FROM STDIN", &error);

    g_assert_true (write_text (d, target, "1\ta\n1\tb\n", &error));
    g_assert_false (close_output (d, target, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
    assert_nothing_loaded (connection, autocommit);
  }

  /* The server, long before. */
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GOutputStream) target = copy_in (connection, "COPY t FROM STDIN", &error);
    g_autofree char *many = g_malloc (1000001);

    for (guint i = 0; i < 100000; i++)
      memcpy (many + i * 10, "7\tabcdefg\n", 10);
    many[1000000] = '\0';
    g_assert_true (write_text (d, target, "nonsense\n", &error));
    for (guint i = 0; i < 5; i++)
      g_assert_true (write_text (d, target, many, &error));
    g_assert_false (close_output (d, target, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_INVALID_TEXT_REPRESENTATION);
    assert_nothing_loaded (connection, autocommit);
  }

  /* Given up, by the user and by dropping it. */
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL, closing = NULL;
      g_autoptr (GOutputStream) target = copy_in (connection, "COPY t FROM STDIN", &error);

      g_assert_true (write_text (d, target, "1\ta\n", &error));
      if (round == 0)
        {
          pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (target), "no more of it");
          g_assert_false (write_text (d, target, "2\tb\n", &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_false (close_output (d, target, NULL, &closing));
          g_assert_error (closing, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_nonnull (strstr (closing->message, "no more of it"));
        }
      g_clear_object (&target);
      pg_test_driver_iterate (0);
      if (d == PG_TEST_DRIVER_MAIN_LOOP && round == 1)
        g_assert_false (pg_test_driver_commit (connection, NULL, NULL) && !autocommit);
      assert_nothing_loaded (connection, autocommit || (d == PG_TEST_DRIVER_MAIN_LOOP && round == 1));
    }

  /* Cancelled: a write, and the closing, before they begin. */
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL, closing = NULL;
      g_autoptr (GOutputStream) target = copy_in (connection, "COPY t FROM STDIN", &error);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autofree char *much = g_strnfill (100000, 'x');

      g_assert_true (write_text (d, target, "1\ta\n", &error));
      g_cancellable_cancel (cancellable);
      if (round == 0)
        {
          g_assert_false (write_all (d, target, much, 100000, cancellable, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          /* GIO has not even begun the write. */
          pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (target), NULL);
          g_assert_false (close_output (d, target, NULL, &closing));
        }
      else
        {
          g_assert_false (close_output (d, target, cancellable, &closing));
        }
      g_assert_error (closing, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_nothing_loaded (connection, autocommit);
    }
}

static void
test_failures_autocommit (gconstpointer driver)
{
  g_test_summary ("A copy whose source fails, that the server refuses, that is given up, dropped or cancelled loads nothing, and the connection goes on.");
  check_failures (driver, TRUE);
}

static void
test_failures_transaction (gconstpointer driver)
{
  g_test_summary ("The same in a transaction, which has failed then.");
  check_failures (driver, FALSE);
}

static void
test_early_stop (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);

  g_test_summary ("Defect 9: a copy to the client that is closed or dropped before its end leaves the connection usable, without the rest of the data.");
  if (connection == NULL)
    return;
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GInputStream) source = copy_out (connection, "COPY (SELECT generate_series(1, 100000000), repeat('x', 1000)) TO STDOUT", &error);
      char buffer[1000];

      g_assert_no_error (error);
      if (round > 0)
        g_assert_cmpint (read_some (d, source, buffer, sizeof buffer, NULL, &error), >, 0);
      if (round < 2)
        g_assert_true (close_input (d, source, &error));
      g_assert_no_error (error);
      g_clear_object (&source);
      assert_usable (connection);
    }
}

static void
test_server_fails_reading (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (GError) error = NULL, again = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("An error of the server's in the middle is the error of the read that meets it, and of those after.");
  if (connection == NULL)
    return;
  source = copy_out (connection, "COPY (SELECT 1 / (1000 - i) FROM generate_series(1, 2000) i) TO STDOUT", &error);
  g_assert_no_error (error);
  bytes = read_all (d, source, 100, &error);
  g_assert_null (bytes);
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  bytes = read_all (d, source, 100, &again);
  g_assert_null (bytes);
  g_assert_error (again, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  assert_usable (connection);
}

/* --- what is no copy --- */

static void
test_other_statements (gconstpointer driver)
{
  static const struct
  {
    const char *sql;
    gboolean in;
    int code;
  } cases[] = {
    { "SELECT 1", TRUE, PG_ERROR_PROGRAMMING },
    { "SELECT 1", FALSE, PG_ERROR_PROGRAMMING },
    { "", TRUE, PG_ERROR_PROGRAMMING },
    { "COPY t FROM STDIN; SELECT 1", TRUE, PG_ERROR_PROGRAMMING },
    { "SELECT 1; COPY t FROM STDIN", TRUE, PG_ERROR_PROGRAMMING },
    { "COPY t TO STDOUT", TRUE, PG_ERROR_PROGRAMMING },
    { "COPY t FROM STDIN", FALSE, PG_ERROR_PROGRAMMING },
    { "COPY t TO '/dev/null'", FALSE, PG_ERROR_PROGRAMMING },
    { "COPY nowhere FROM STDIN", TRUE, PG_ERROR_UNDEFINED_TABLE },
    { "COPY", TRUE, PG_ERROR_SYNTAX_ERROR },
  };
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);

  g_test_summary ("Defect 10: another statement, several, or the wrong direction is an error that says so, and the connection goes on.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) stream = NULL;

      if (cases[i].in)
        stream = (GObject *) copy_in (connection, cases[i].sql, &error);
      else
        stream = (GObject *) copy_out (connection, cases[i].sql, &error);
      g_assert_null (stream);
      g_assert_error (error, PG_ERROR, cases[i].code);
      assert_usable (connection);
    }
}

static void
test_implicit_transaction (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) target = NULL;

  g_test_summary ("A copy begins the implicit transaction, and its rows are gone with a rollback.");
  if (connection == NULL)
    return;
  target = copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (write_text (d, target, "1\ta\n", &error));
  g_assert_true (close_output (d, target, NULL, &error));
  g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 1);
  g_assert_true (pg_test_driver_rollback (connection, NULL));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

/* --- others meanwhile --- */

static void
test_same_thread (void)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call of the thread that has a copy open fails, rather than to wait for itself; the copy goes on.");
  if (connection == NULL)
    return;
  target = copy_in (connection, "COPY t FROM STDIN", &error);
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
  g_autoptr (PgBaseConnection) connection = open_with_table (GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GError) error = NULL;
  GThread *threads[3];

  g_test_summary ("Calls of other threads wait until the copy is over.");
  if (connection == NULL)
    return;
  target = copy_in (connection, "COPY t FROM STDIN", &error);
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
  g_autoptr (PgBaseConnection) connection = open_with_table (GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Calls made during a copy are run after it.");
  if (connection == NULL)
    return;
  target = copy_in (connection, "COPY t FROM STDIN", &error);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), "SELECT count(*) FROM t", NULL, NULL, keep_result, &result);
  g_assert_true (write_text (PG_TEST_DRIVER_MAIN_LOOP, target, "1\ta\n", &error));
  pg_test_driver_iterate (20);
  g_assert_null (result);
  g_assert_true (close_output (PG_TEST_DRIVER_MAIN_LOOP, target, NULL, &error));
  cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (connection), wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error), ==, 1);
}

static void
test_async_does_not_block (void)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[10];

  g_test_summary ("The blocking functions of a PgAsyncConnection's streams are an error that says what to call.");
  if (connection == NULL)
    return;
  source = copy_out (connection, "COPY t TO STDOUT", &error);
  g_assert_cmpint (g_input_stream_read (source, buffer, sizeof buffer, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_clear_object (&source);
  target = copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_false (g_output_stream_close (target, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  assert_usable (connection);
}

/* --- the connection goes --- */

static void
test_cancel_read (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;
  char buffer[100];
  gssize n;

  g_test_summary ("A read that waits is cancelled: the statement ends on the server, and the connection goes on.");
  if (connection == NULL)
    return;
  source = copy_out (connection, "COPY (SELECT pg_sleep(CASE WHEN i > 20 THEN 60 ELSE 0 END), repeat('x', 1000) FROM generate_series(1, 50) i) TO STDOUT", &error);
  g_assert_no_error (error);
  thread = pg_test_later (100, g_cancellable_cancel, cancellable);
  while ((n = read_some (d, source, buffer, sizeof buffer, cancellable, &error)) > 0)
    ;
  g_thread_join (thread);
  g_assert_cmpint (n, ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_usable (connection);
}

static void
test_connection_closed (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);

  g_test_summary ("The connection is closed, or lost, during a copy: every call of the stream fails, none waits.");
  for (guint round = 0; round < 4; round++)
    {
      g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
      g_autoptr (PgBaseConnection) other = NULL;
      g_autoptr (GOutputStream) target = NULL;
      g_autoptr (GInputStream) source = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *much = g_strnfill (1000 * 1000, 'x');
      char buffer[100];
      gboolean ok = TRUE;

      if (connection == NULL)
        return;
      if (round % 2 == 0)
        target = copy_in (connection, "COPY t FROM STDIN", &error);
      else
        source = copy_out (connection, "COPY (SELECT generate_series(1, 100000000), repeat('x', 1000)) TO STDOUT", &error);
      g_assert_no_error (error);
      if (round < 2)
        {
          pg_base_connection_close (connection);
        }
      else
        {
          g_autofree char *conninfo = pg_test_fixture_conninfo ();
          g_autofree char *sql = g_strdup_printf ("SELECT pg_terminate_backend(%d)", pg_base_connection_get_backend_pid (connection));

          other = pg_test_driver_open_ok (d, conninfo, TRUE);
          pg_test_driver_run (other, sql);
        }
      if (target != NULL)
        {
          for (guint i = 0; ok && i < 1000; i++)
            ok = write_all (d, target, much, 1000 * 1000, NULL, &error);
          if (ok)
            ok = close_output (d, target, NULL, &error);
        }
      else
        {
          gssize n;

          while ((n = read_some (d, source, buffer, sizeof buffer, NULL, &error)) > 0)
            ;
          ok = n >= 0;
        }
      g_assert_false (ok);
      if (round < 2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      else if (error->domain != G_IO_ERROR)
        g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
      g_assert_true (pg_base_connection_get_closed (connection));
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/copy/%s/round-trip", test_round_trip);
  pg_test_driver_add ("/pg/copy/%s/nothing", test_nothing);
  pg_test_driver_add ("/pg/copy/%s/splice", test_splice);
  pg_test_driver_add ("/pg/copy/%s/failures-autocommit", test_failures_autocommit);
  pg_test_driver_add ("/pg/copy/%s/failures-transaction", test_failures_transaction);
  pg_test_driver_add ("/pg/copy/%s/early-stop", test_early_stop);
  pg_test_driver_add ("/pg/copy/%s/server-fails", test_server_fails_reading);
  pg_test_driver_add ("/pg/copy/%s/other-statements", test_other_statements);
  pg_test_driver_add ("/pg/copy/%s/implicit-transaction", test_implicit_transaction);
  pg_test_driver_add ("/pg/copy/%s/cancel-read", test_cancel_read);
  pg_test_driver_add ("/pg/copy/%s/connection-closed", test_connection_closed);
  g_test_add_func ("/pg/copy/blocking/same-thread", test_same_thread);
  g_test_add_func ("/pg/copy/blocking/other-thread", test_other_thread);
  g_test_add_func ("/pg/copy/main-loop/queue", test_queue);
  g_test_add_func ("/pg/copy/main-loop/does-not-block", test_async_does_not_block);
  return g_test_run ();
}
