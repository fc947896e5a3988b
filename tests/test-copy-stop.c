/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Copies that fail, are given up, or lose their connection. */
#include "pg-test-copy.h"
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

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
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, autocommit);

  if (connection == NULL)
    return;

  /* The source of a splice. */
  {
    g_autoptr (GError) error = NULL, again = NULL;
    g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
    g_autoptr (GInputStream) source = g_object_new (TEST_TYPE_SOURCE, NULL);

    g_assert_no_error (error);
    g_assert_cmpint (pg_test_copy_splice (d, target, source, NULL, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    g_assert_true (g_output_stream_is_closed (target));
    assert_nothing_loaded (connection, autocommit);
  }

  /* The server, at the end. */
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);

    g_assert_true (pg_test_copy_write_text (d, target, "1\ta\n1\tb\n", &error));
    g_assert_false (pg_test_copy_close_output (d, target, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
    assert_nothing_loaded (connection, autocommit);
  }

  /* The server, long before. */
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
    g_autofree char *many = g_malloc (1000001);

    for (guint i = 0; i < 100000; i++)
      memcpy (many + i * 10, "7\tabcdefg\n", 10);
    many[1000000] = '\0';
    g_assert_true (pg_test_copy_write_text (d, target, "nonsense\n", &error));
    for (guint i = 0; i < 5; i++)
      g_assert_true (pg_test_copy_write_text (d, target, many, &error));
    g_assert_false (pg_test_copy_close_output (d, target, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_INVALID_TEXT_REPRESENTATION);
    assert_nothing_loaded (connection, autocommit);
  }

  /* Given up, by the user and by dropping it. */
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL, closing = NULL;
      g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);

      g_assert_true (pg_test_copy_write_text (d, target, "1\ta\n", &error));
      if (round == 0)
        {
          pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (target), "no more of it");
          /* The connection is free although the stream is not closed. */
          g_assert_true (pg_test_driver_rollback (connection, NULL));
          g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
          g_assert_true (pg_test_driver_rollback (connection, NULL));
          g_assert_false (pg_test_copy_write_text (d, target, "2\tb\n", &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_false (pg_test_copy_close_output (d, target, NULL, &closing));
          g_assert_error (closing, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_nonnull (strstr (closing->message, "no more of it"));
        }
      g_clear_object (&target);
      pg_test_driver_iterate (0);
      if (d == PG_TEST_DRIVER_MAIN_LOOP && round == 1)
        g_assert_false (pg_test_driver_commit (connection, NULL, NULL) && !autocommit);
      assert_nothing_loaded (connection, autocommit || round == 0 || d == PG_TEST_DRIVER_MAIN_LOOP);
    }

  /* Cancelled: a write, and the closing, before they begin. */
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL, closing = NULL;
      g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autofree char *much = g_strnfill (100000, 'x');

      g_assert_true (pg_test_copy_write_text (d, target, "1\ta\n", &error));
      g_cancellable_cancel (cancellable);
      if (round == 0)
        {
          g_assert_false (pg_test_copy_write (d, target, much, 100000, cancellable, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          /* GIO has not even begun the write. */
          pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (target), NULL);
          g_assert_false (pg_test_copy_close_output (d, target, NULL, &closing));
        }
      else
        {
          g_assert_false (pg_test_copy_close_output (d, target, cancellable, &closing));
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
test_server_fails_reading (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GError) error = NULL, again = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("An error of the server's in the middle is the error of the read that meets it, and of those after.");
  if (connection == NULL)
    return;
  source = pg_test_copy_out (connection, "COPY (SELECT 1 / (1000 - i) FROM generate_series(1, 2000) i) TO STDOUT", &error);
  g_assert_no_error (error);
  bytes = pg_test_copy_read_all (d, source, 100, &error);
  g_assert_null (bytes);
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  bytes = pg_test_copy_read_all (d, source, 100, &again);
  g_assert_null (bytes);
  g_assert_error (again, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  pg_test_copy_assert_usable (connection);
}

/* --- more than is taken --- */

static void
test_slow_server (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  const guint n_most = 64;
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GError) error = NULL, again = NULL;
  g_autofree char *megabyte = g_malloc (1000001);
  guint n = 0;

  g_test_summary ("While the server works at an early row, writes take no more than the buffers of the system do; one that is stopped is the error of the copy.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 100000; i++)
    memcpy (megabyte + i * 10, "7\tabcdefg\n", 10);
  megabyte[1000000] = '\0';
  pg_test_driver_run (connection, "CREATE FUNCTION pg_temp.wait () RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep (600); RETURN NEW; END'");
  pg_test_driver_run (connection, "CREATE TRIGGER wait BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION pg_temp.wait ()");
  pg_base_connection_set_timeout (connection, 1000);
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  while (n < n_most && pg_test_copy_write_text (d, target, megabyte, &error))
    n++;
  g_test_message ("%u megabytes", n);
  g_assert_cmpuint (n, <, n_most);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_false (pg_test_copy_close_output (d, target, NULL, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (connection, 0);
  assert_nothing_loaded (connection, TRUE);
}

static void
test_slow_client (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GError) error = NULL;
  gsize before;
  char buffer[1000];

  g_test_summary ("Between two reads nothing is read: the server waits, and nothing is kept.");
  if (connection == NULL)
    return;
  source = pg_test_copy_out (connection, "COPY (SELECT generate_series(1, 1000000000), repeat('x', 1000)) TO STDOUT", &error);
  g_assert_no_error (error);
  before = pg_test_get_allocated ();
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (pg_test_copy_read (d, source, buffer, sizeof buffer, NULL, &error), >, 0);
      pg_test_driver_iterate (100);
      g_assert_cmpuint (pg_test_get_allocated (), <, before + 2 * 1000 * 1000);
    }
  g_assert_true (pg_test_copy_close_input (d, source, &error));
  pg_test_copy_assert_usable (connection);
}

/* --- the connection goes --- */

static void
test_cancel_read (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread;
  char buffer[1000];
  gssize n, n_read = 0;

  g_test_summary ("A read that waits is cancelled: the statement ends on the server, and the connection goes on.");
  if (connection == NULL)
    return;
  source = pg_test_copy_out (connection, "COPY (SELECT pg_sleep(CASE WHEN i > 20 THEN 60 ELSE 0 END), repeat('x', 1000) FROM generate_series(1, 50) i) TO STDOUT", &error);
  g_assert_no_error (error);
  /* The server sends whole buffers: this much comes, and little more. A read that is cancelled before it has begun would leave the copy open. */
  while (n_read < 15000)
    {
      n = pg_test_copy_read (d, source, buffer, sizeof buffer, NULL, &error);
      g_assert_cmpint (n, >, 0);
      n_read += n;
    }
  thread = pg_test_later (500, g_cancellable_cancel, cancellable);
  while ((n = pg_test_copy_read (d, source, buffer, sizeof buffer, cancellable, &error)) > 0)
    ;
  g_thread_join (thread);
  g_assert_cmpint (n, ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_copy_assert_usable (connection);
}

static void
test_connection_closed (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);

  g_test_summary ("The connection is closed, or lost, during a copy: every call of the stream fails, none waits.");
  for (guint round = 0; round < 4; round++)
    {
      g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
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
        target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
      else
        source = pg_test_copy_out (connection, "COPY (SELECT generate_series(1, 100000000), repeat('x', 1000)) TO STDOUT", &error);
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
            ok = pg_test_copy_write (d, target, much, 1000 * 1000, NULL, &error);
          if (ok)
            ok = pg_test_copy_close_output (d, target, NULL, &error);
        }
      else
        {
          gssize n;

          while ((n = pg_test_copy_read (d, source, buffer, sizeof buffer, NULL, &error)) > 0)
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

/* --- aborted by another thread --- */

typedef struct
{
  GOutputStream *stream;
  const char *rows;
  gint n_written;
  gint started;
  GError *error;
} Writer;

static gpointer
write_rows (gpointer data)
{
  Writer *self = data;

  g_atomic_int_set (&self->started, 1);
  while (g_output_stream_write_all (self->stream, self->rows, strlen (self->rows), NULL, NULL, &self->error))
    g_atomic_int_inc (&self->n_written);
  return NULL;
}

static void
test_abort_by_another (void)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (GINT_TO_POINTER (PG_TEST_DRIVER_BLOCKING), TRUE);
  const guint n = pg_test_repeat (50, 5000);
  g_autofree char *rows = g_malloc (80001);

  g_test_summary ("A copy that is aborted while another thread writes: that thread's write fails with it, wherever it was, and nothing is loaded.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 8000; i++)
    memcpy (rows + i * 10, "7\tabcdefg\n", 10);
  rows[80000] = '\0';
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE many (i int, s text)");
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY many FROM STDIN", &error);
      Writer writer = { target, rows, 0, 0, NULL };
      GThread *thread;

      g_assert_no_error (error);
      thread = g_thread_new ("writer", write_rows, &writer);
      while (!g_atomic_int_get (&writer.started))
        g_thread_yield ();
      g_usleep ((gulong) g_test_rand_int_range (0, 300));
      pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (target), "by another");
      g_thread_join (thread);
      g_assert_error (writer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_nonnull (strstr (writer.error->message, "by another"));
      g_error_free (writer.error);
      g_assert_false (g_output_stream_close (target, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM many"), ==, 0);
  pg_test_copy_assert_usable (connection);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/copy/%s/failures-autocommit", test_failures_autocommit);
  pg_test_driver_add ("/pg/copy/%s/failures-transaction", test_failures_transaction);
  pg_test_driver_add ("/pg/copy/%s/server-fails", test_server_fails_reading);
  pg_test_driver_add ("/pg/copy/%s/slow-server", test_slow_server);
  pg_test_driver_add ("/pg/copy/%s/slow-client", test_slow_client);
  pg_test_driver_add ("/pg/copy/%s/cancel-read", test_cancel_read);
  pg_test_driver_add ("/pg/copy/%s/connection-closed", test_connection_closed);
  g_test_add_func ("/pg/copy/blocking/abort-by-another", test_abort_by_another);
  return g_test_run ();
}
