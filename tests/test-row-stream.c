/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-calls.h"
#include "pg-test-driver.h"
#include "pg-test-fixture.h"

#include <locale.h>

/* PgRowStream and PgAsyncRowStream: each test is run with both. */

typedef struct
{
  PgTestDriver driver;
  PgBaseConnection *connection;
  PgBaseCursor *cursor;
} Session;

static void
session_clear (Session *self)
{
  g_clear_object (&self->cursor);
  g_clear_object (&self->connection);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static gboolean
session_open (Session *self, gconstpointer driver, gboolean autocommit)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();

  if (conninfo == NULL)
    return FALSE;
  self->driver = GPOINTER_TO_INT (driver);
  self->connection = pg_test_driver_open_ok (self->driver, conninfo, autocommit);
  if (self->driver == PG_TEST_DRIVER_BLOCKING)
    self->cursor = PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (self->connection), NULL));
  else
    self->cursor = PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (self->connection), NULL));
  g_assert_nonnull (self->cursor);
  return TRUE;
}

static PgBaseRowStream *
stream_with (Session *self, const char *sql, GVariant *params, guint chunk_size, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  if (self->driver == PG_TEST_DRIVER_BLOCKING)
    return (PgBaseRowStream *) pg_cursor_stream (PG_CURSOR (self->cursor), sql, params, chunk_size, NULL, error);
  pg_async_cursor_stream_async (PG_ASYNC_CURSOR (self->cursor), sql, params, chunk_size, NULL, pg_test_wait_done, &wait);
  return (PgBaseRowStream *) pg_async_cursor_stream_finish (PG_ASYNC_CURSOR (self->cursor), pg_test_wait (&wait), error);
}

static PgBaseRowStream *
stream (Session *self, const char *sql, guint chunk_size)
{
  g_autoptr (GError) error = NULL;
  PgBaseRowStream *rows = stream_with (self, sql, NULL, chunk_size, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rows);
  return rows;
}

static PgResult *
next_cancellable (PgBaseRowStream *rows, GCancellable *cancellable, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  if (PG_IS_ROW_STREAM (rows))
    return pg_row_stream_next_chunk (PG_ROW_STREAM (rows), cancellable, error);
  pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (rows), cancellable, pg_test_wait_done, &wait);
  return pg_async_row_stream_next_chunk_finish (PG_ASYNC_ROW_STREAM (rows), pg_test_wait (&wait), error);
}

static PgResult *
next (PgBaseRowStream *rows)
{
  g_autoptr (GError) error = NULL;
  PgResult *chunk = next_cancellable (rows, NULL, &error);

  g_assert_no_error (error);
  return chunk;
}

static void
assert_next_fails (PgBaseRowStream *rows, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (next_cancellable (rows, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
close_stream (PgBaseRowStream *rows)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (PG_IS_ROW_STREAM (rows))
    {
      ok = pg_row_stream_close (PG_ROW_STREAM (rows), NULL, &error);
    }
  else
    {
      pg_async_row_stream_close_async (PG_ASYNC_ROW_STREAM (rows), NULL, pg_test_wait_done, &wait);
      ok = pg_async_row_stream_close_finish (PG_ASYNC_ROW_STREAM (rows), pg_test_wait (&wait), &error);
    }
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_true (pg_base_row_stream_is_over (rows));
}

static PgTransactionStatus
status (Session *self)
{
  return pg_base_connection_get_transaction_status (self->connection);
}

/* How many rows are left. */
static guint
count (PgBaseRowStream *rows)
{
  PgResult *chunk;
  guint n = 0;

  while ((chunk = next (rows)) != NULL)
    {
      n += pg_result_get_n_rows (chunk);
      g_object_unref (chunk);
    }
  return n;
}

/* --- reading --- */

static void
test_chunks (gconstpointer data)
{
  static const struct
  {
    guint n_rows;
    guint chunk_size;
  } cases[] = { { 1, 1 }, { 10, 1 }, { 10, 3 }, { 10, 10 }, { 10, 1000 }, { 5000, 1000 }, { 5001, 1000 }, { 999, 500 } };
  g_auto (Session) session = { 0 };

  g_test_summary ("Chunks have as many rows as was asked for, the last one what is left; the number of all is known at the end only, the columns from the first.");
  if (!session_open (&session, data, TRUE))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint n_rows = cases[i].n_rows, size = cases[i].chunk_size;
      g_autofree char *sql = g_strdup_printf ("SELECT i, nullif (repeat ('é', i %% 50), ''), CASE WHEN i %% 3 = 0 THEN '' END FROM generate_series (1, %u) i", n_rows);
      g_autofree char *tag = g_strdup_printf ("SELECT %u", n_rows);
      g_autoptr (PgBaseRowStream) rows = stream (&session, sql, size);
      g_autoptr (PgResult) chunk = NULL;
      PgColumn **columns;
      guint n_columns, seen = 0;

      columns = pg_base_row_stream_dup_description (rows, &n_columns);
      g_assert_cmpuint (n_columns, ==, 3);
      g_assert_cmpstr (pg_column_get_name (columns[0]), ==, "i");
      for (guint j = 0; j < n_columns; j++)
        pg_column_unref (columns[j]);
      g_free (columns);
      while ((chunk = next (rows)) != NULL)
        {
          const guint n = pg_result_get_n_rows (chunk);

          if (!pg_base_row_stream_is_over (rows))
            g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, -1);
          g_assert_cmpuint (n, ==, MIN (size, n_rows - seen));
          g_assert_cmpint (pg_result_get_affected_rows (chunk), ==, -1);
          g_assert_null (pg_result_get_status_message (chunk));
          for (guint row = 0; row < n; row++)
            {
              g_autoptr (GError) error = NULL;
              g_autofree char *text = NULL;

              seen++;
              g_assert_cmpint (pg_result_get_int64 (chunk, row, 0, &error), ==, seen);
              g_assert_no_error (error);
              g_assert_true (pg_result_is_null (chunk, row, 1, NULL) == (seen % 50 == 0));
              g_assert_true (pg_result_is_null (chunk, row, 2, NULL) == (seen % 3 != 0));
              if (seen % 50 != 0)
                {
                  text = g_strdup (pg_result_get_text (chunk, row, 1, NULL));
                  g_assert_cmpint (g_utf8_strlen (text, -1), ==, seen % 50);
                }
            }
          g_clear_object (&chunk);
        }
      g_assert_cmpuint (seen, ==, n_rows);
      g_assert_true (pg_base_row_stream_is_over (rows));
      g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, n_rows);
      g_assert_cmpstr (pg_base_row_stream_get_status_message (rows), ==, tag);
      g_assert_null (next (rows));
      close_stream (rows);
      g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_IDLE);
    }
}

static void
test_values (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgResult) chunk = NULL;
  gsize length;
  g_autofree gint64 *numbers = NULL;

  g_test_summary ("A chunk is a result: its columns are read whole, it outlives the stream, and values of any size are in it.");
  if (!session_open (&session, data, TRUE))
    return;
  rows = stream_with (&session, "SELECT $1::int8 + i, repeat ('x', i * 300000) FROM generate_series (0, 3) i", g_variant_new ("(x)", G_GINT64_CONSTANT (5000000000)), 4,
                      &error);
  g_assert_no_error (error);
  chunk = next (rows);
  g_assert_nonnull (chunk);
  g_clear_object (&rows);
  g_clear_object (&session.cursor);
  numbers = pg_result_dup_column_int64s (chunk, 0, 0, -1, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, 4);
  g_assert_cmpint (numbers[3], ==, G_GINT64_CONSTANT (5000000003));
  g_assert_cmpuint (strlen (pg_result_get_text (chunk, 3, 1, NULL)), ==, 900000);
  g_assert_cmpstr (pg_result_get_text (chunk, 0, 1, NULL), ==, "");
}

static void
test_none (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgBaseRowStream) columnless = NULL;
  guint n_columns;
  PgColumn **columns;

  g_test_summary ("A statement that gives no rows, or rows of no columns.");
  if (!session_open (&session, data, TRUE))
    return;
  rows = stream (&session, "SELECT 1 AS one, 'a' AS a WHERE false", 100);
  columns = pg_base_row_stream_dup_description (rows, &n_columns);
  g_assert_cmpuint (n_columns, ==, 2);
  g_assert_cmpstr (pg_column_get_name (columns[1]), ==, "a");
  for (guint i = 0; i < n_columns; i++)
    pg_column_unref (columns[i]);
  g_free (columns);
  g_assert_true (pg_base_row_stream_is_over (rows));
  g_assert_null (next (rows));
  g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, 0);
  pg_test_driver_run (session.connection, "SELECT 1");

  columnless = stream (&session, "SELECT FROM generate_series (1, 7)", 3);
  g_assert_cmpuint (count (columnless), ==, 7);
}

static void
test_cursor (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;
  PgColumn **columns;
  guint n_columns;

  g_test_summary ("The cursor describes the rows of the stream, has none itself, and has its number of rows at the end.");
  if (!session_open (&session, data, TRUE))
    return;
  rows = stream (&session, "SELECT i::numeric (10, 2) AS price FROM generate_series (1, 20000) i", 1000);
  columns = pg_base_cursor_dup_description (session.cursor, &n_columns);
  g_assert_cmpuint (n_columns, ==, 1);
  g_assert_cmpstr (pg_column_get_type_display (columns[0]), ==, "numeric(10,2)");
  pg_column_unref (columns[0]);
  g_free (columns);
  g_assert_cmpint (pg_base_cursor_get_rowcount (session.cursor), ==, -1);
  g_assert_cmpint (pg_base_cursor_get_rownumber (session.cursor), ==, -1);
  g_assert_null (pg_base_cursor_get_status_message (session.cursor));
  g_assert_false (pg_base_cursor_scroll (session.cursor, 1, PG_SCROLL_MODE_RELATIVE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpuint (count (rows), ==, 20000);
  g_assert_cmpint (pg_base_cursor_get_rowcount (session.cursor), ==, 20000);
  g_assert_cmpstr (pg_base_cursor_get_status_message (session.cursor), ==, "SELECT 20000");
  pg_base_cursor_close (session.cursor);
  g_assert_cmpint (pg_base_cursor_get_rowcount (session.cursor), ==, -1);
}

static void
test_format (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  gint64 n_prepared;

  g_test_summary ("Streams are prepared as other statements are, answered in binary from then on, and do not pile up on the server.");
  if (!session_open (&session, data, TRUE))
    return;
  pg_base_connection_set_prepare_threshold (session.connection, 1);
  pg_base_connection_set_prepared_max (session.connection, 2);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PgBaseRowStream) rows = stream (&session, "SELECT i, i::float8 FROM generate_series (1, 5) i", 2);
      g_autoptr (PgResult) chunk = next (rows);

      g_assert_cmpint (pg_column_get_format (pg_result_get_column (chunk, 0)), ==, i < 2 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY);
      g_assert_cmpint (pg_result_get_int64 (chunk, 1, 0, NULL), ==, 2);
      g_assert_cmpuint (count (rows), ==, 3);
    }
  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT i + %u FROM generate_series (1, 5) i", i / 2);
      g_autoptr (PgBaseRowStream) rows = stream (&session, sql, 2);

      g_assert_cmpuint (count (rows), ==, 5);
    }
  n_prepared = pg_test_driver_int64 (session.connection, "SELECT count (*) FROM pg_prepared_statements");
  g_assert_cmpint (n_prepared, <=, 3);
  g_assert_cmpint (n_prepared, >=, 1);

  pg_base_cursor_set_format (session.cursor, PG_FORMAT_BINARY);
  {
    g_autoptr (PgBaseRowStream) rows = stream (&session, "SELECT 7::int8", 1);
    g_autoptr (PgResult) chunk = next (rows);

    g_assert_cmpint (pg_column_get_format (pg_result_get_column (chunk, 0)), ==, PG_FORMAT_BINARY);
    g_assert_cmpint (pg_result_get_int64 (chunk, 0, 0, NULL), ==, 7);
  }
}

static void
test_client_cursor (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The stream of a cursor that merges parameters into the statement.");
  if (connection == NULL)
    return;
  cursor = g_object_new (PG_TYPE_CLIENT_CURSOR, "connection", connection, NULL);
  rows = pg_cursor_stream (cursor, "SELECT i + %s, %s FROM generate_series (1, 5) i", g_variant_new ("(is)", 10, "it's"), 2, NULL, &error);
  g_assert_no_error (error);
  {
    g_autoptr (PgResult) chunk = next (PG_BASE_ROW_STREAM (rows));

    g_assert_cmpint (pg_result_get_int64 (chunk, 1, 0, NULL), ==, 12);
    g_assert_cmpstr (pg_result_get_text (chunk, 1, 1, NULL), ==, "it's");
  }
  g_assert_cmpuint (count (PG_BASE_ROW_STREAM (rows)), ==, 3);
}

/* --- errors --- */

static void
test_refused (gconstpointer data)
{
  static const char *const refused[] = { "COPY (SELECT 1) TO STDOUT", "SELECT 1; SELECT 2", "", " -- nothing" };
  g_auto (Session) session = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be read by and by is refused before anything is sent; what gives no rows has been executed.");
  if (!session_open (&session, data, FALSE))
    return;
  g_assert_null (stream_with (&session, "SELECT 1", NULL, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_IDLE);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_clear_error (&error);
      g_assert_null (stream_with (&session, refused[i], NULL, 10, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_IDLE);
    }
  g_clear_error (&error);
  g_assert_null (stream_with (&session, "CREATE TABLE t (i int)", NULL, 10, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_assert_contains (error->message, "CREATE TABLE");
  g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count (*) FROM t"), ==, 0);
  g_clear_error (&error);
  g_assert_null (stream_with (&session, "SELECT no_such_column", NULL, 10, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_COLUMN);
  g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_INERROR);
  pg_base_cursor_close (session.cursor);
  g_clear_error (&error);
  g_assert_null (stream_with (&session, "SELECT 1", NULL, 10, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_error_in_the_middle (gconstpointer data)
{
  g_auto (Session) session = { 0 };

  g_test_summary ("Rows that came before an error are given first; then the error, however often one asks.");
  if (!session_open (&session, data, TRUE))
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PgBaseRowStream) rows = NULL;

      g_assert_true (pg_test_driver_set_autocommit (session.connection, i == 0, NULL));
      rows = stream (&session, "SELECT 100 / (4 - i), repeat ('x', 9000) FROM generate_series (1, 10) i", i == 0 ? 1 : 2);
      for (guint seen = 0; seen < 3;)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgResult) chunk = next_cancellable (rows, NULL, &error);

          /* Newer versions of libpq throw an incomplete chunk away. */
          if (chunk == NULL && i == 1 && seen == 2)
            break;
          g_assert_no_error (error);
          g_assert_cmpint (pg_result_get_int64 (chunk, 0, 0, NULL), ==, 100 / (3 - (int) seen));
          seen += pg_result_get_n_rows (chunk);
        }
      assert_next_fails (rows, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
      assert_next_fails (rows, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
      g_assert_true (pg_base_row_stream_is_over (rows));
      g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, -1);
      g_assert_null (pg_base_row_stream_get_status_message (rows));
      close_stream (rows);
      g_assert_cmpint (status (&session), ==, i == 0 ? PG_TRANSACTION_STATUS_IDLE : PG_TRANSACTION_STATUS_INERROR);
    }
}

static void
test_error_at_the_end (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgResult) chunk = NULL;

  g_test_summary ("An error that comes after all rows, of a constraint that is checked at the end, is the next call's.");
  if (!session_open (&session, data, TRUE))
    return;
  pg_test_driver_run (session.connection, "CREATE TABLE t (i int PRIMARY KEY, other int REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
  rows = stream (&session, "INSERT INTO t SELECT i, 1000 FROM generate_series (1, 3) i RETURNING i", 10);
  chunk = next (rows);
  g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 3);
  assert_next_fails (rows, PG_ERROR, PG_ERROR_FOREIGN_KEY_VIOLATION);
  g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, -1);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count (*) FROM t"), ==, 0);
}

static void
test_cancelled (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gboolean over;

  g_test_summary ("A call that is cancelled ends the statement on the server, and the stream; the connection goes on.");
  if (!session_open (&session, data, TRUE))
    return;
  rows = stream (&session, "SELECT repeat ('x', 9000), pg_sleep (CASE WHEN i > 3 THEN 60 END) FROM generate_series (1, 10) i", 1);
  /* The end of a row may wait in the server for the next one. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PgResult) chunk = next (rows);

      g_assert_nonnull (chunk);
    }
  thread = g_thread_new ("cancel", (GThreadFunc) g_cancellable_cancel, cancellable);
  g_assert_null (next_cancellable (rows, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Where the call had not begun, the stream goes on. */
  over = pg_base_row_stream_is_over (rows);
  close_stream (rows);
  assert_next_fails (rows, G_IO_ERROR, over ? G_IO_ERROR_CANCELLED : G_IO_ERROR_CLOSED);
  g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_driver_run (session.connection, "SELECT 1");
}

static void
test_closed_connection (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgResult) chunk = NULL;

  g_test_summary ("The connection is closed under a stream.");
  if (!session_open (&session, data, TRUE))
    return;
  rows = stream (&session, "SELECT repeat ('x', 9000) FROM generate_series (1, 10000) i", 10);
  chunk = next (rows);
  pg_base_connection_close (session.connection);
  assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_true (pg_base_row_stream_is_over (rows));
  close_stream (rows);
}

/* --- the end before the end --- */

static void
test_stopped (gconstpointer data)
{
  g_auto (Session) session = { 0 };

  g_test_summary ("A stream that is closed early, or dropped, leaves the connection as it was: outside of a transaction, and in one, which goes on.");
  if (!session_open (&session, data, FALSE))
    return;
  for (guint i = 0; i < 4; i++)
    {
      const gboolean in_transaction = i % 2 == 0;
      g_autoptr (PgBaseRowStream) rows = NULL;
      g_autoptr (PgResult) chunk = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (pg_test_driver_set_autocommit (session.connection, !in_transaction, &error));
      pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE mine AS SELECT 42 AS answer");
      rows = stream (&session, "SELECT generate_series (1, 1000000000), repeat ('x', 100)", 100);
      chunk = next (rows);
      g_assert_cmpuint (pg_result_get_n_rows (chunk), ==, 100);
      if (i < 2)
        {
          close_stream (rows);
          assert_next_fails (rows, G_IO_ERROR, G_IO_ERROR_CLOSED);
          g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, -1);
          g_assert_null (pg_base_row_stream_get_status_message (rows));
        }
      g_clear_object (&rows);
      g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT answer FROM mine"), ==, 42);
      g_assert_cmpint (status (&session), ==, in_transaction ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE);
      pg_test_driver_run (session.connection, "DROP TABLE mine");
      g_assert_true (pg_test_driver_rollback (session.connection, &error));
    }
}

static void
test_stopped_effects (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) few = NULL;
  g_autoptr (PgBaseRowStream) slow = NULL;
  g_autoptr (PgResult) chunk = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n;

  g_test_summary ("What a statement has done whose stream is closed early stays where it came to its end, and is undone where it was stopped.");
  if (!session_open (&session, data, FALSE))
    return;
  pg_test_driver_run (session.connection,
                      "CREATE TABLE t (i int); CREATE FUNCTION add (i int) RETURNS text LANGUAGE plpgsql AS $$"
                      "BEGIN INSERT INTO t VALUES (i); PERFORM pg_sleep (60) WHERE i = 10; RETURN repeat ('x', 9000); END $$");
  few = stream (&session, "SELECT add (i) FROM generate_series (11, 20) i", 1);
  close_stream (few);
  /* It may be that it took longer, on a machine that is busy. */
  if (pg_base_row_stream_get_status_message (few) != NULL)
    {
      g_assert_cmpstr (pg_base_row_stream_get_status_message (few), ==, "SELECT 10");
      g_assert_cmpint (pg_base_row_stream_get_rowcount (few), ==, 10);
    }
  n = pg_test_driver_int64 (session.connection, "SELECT count (*) FROM t");
  g_assert_cmpint (n, ==, pg_base_row_stream_get_rowcount (few) == 10 ? 10 : 0);
  slow = stream (&session, "SELECT add (i) FROM generate_series (1, 20) i", 1);
  chunk = next (slow);
  close_stream (slow);
  g_assert_null (pg_base_row_stream_get_status_message (slow));
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count (*) FROM t"), ==, n);
  g_assert_cmpint (status (&session), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_true (pg_test_driver_commit (session.connection, NULL, &error));
}

static void
test_busy (gconstpointer data)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgBaseCursor) other = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Other calls fail while the stream is open, rather than to wait for it, and the stream goes on.");
  if (!session_open (&session, data, FALSE))
    return;
  rows = stream (&session, "SELECT i, repeat ('x', 1000) FROM generate_series (1, 10000) i", 100);
  other = pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_test_assert_contains (error->message, "row stream");
  g_clear_error (&error);
  g_assert_false (pg_test_driver_commit (session.connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpuint (count (rows), ==, 10000);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 5"), ==, 5);
}

/* --- the main loop only --- */

/* Other calls may end meanwhile. */
static GAsyncResult *
finish (PgTestWait *wait)
{
  pg_test_iterate_until (&wait->n_calls, 1);
  return wait->result;
}

static void
test_without_waiting (void)
{
  g_auto (Session) session = { 0 };
  g_auto (PgTestWait) begun = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) behind = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) closed = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) after = PG_TEST_WAIT_INIT;
  g_autoptr (PgAsyncRowStream) rows = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call that waits behind the one that opens a stream fails with its opening; one behind its end is run.");
  if (!session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_async_cursor_stream_async (PG_ASYNC_CURSOR (session.cursor), "SELECT generate_series (1, 1000000)", NULL, 10, NULL, pg_test_wait_done, &begun);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT 1", NULL, NULL, pg_test_wait_done, &behind);
  rows = pg_async_cursor_stream_finish (PG_ASYNC_CURSOR (session.cursor), finish (&begun), &error);
  g_assert_no_error (error);
  g_assert_null (pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (session.connection), finish (&behind), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  pg_async_row_stream_close_async (rows, NULL, pg_test_wait_done, &closed);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT 1", NULL, NULL, pg_test_wait_done, &after);
  g_assert_true (pg_async_row_stream_close_finish (rows, finish (&closed), &error));
  g_assert_no_error (error);
  cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (session.connection), finish (&after), &error);
  g_assert_no_error (error);
  g_assert_nonnull (cursor);
}

static void
test_unwanted (void)
{
  g_auto (Session) session = { 0 };
  guint n = 0;

  g_test_summary ("A stream that nobody takes is ended.");
  if (!session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  pg_async_cursor_stream_async (PG_ASYNC_CURSOR (session.cursor), "SELECT generate_series (1, 100000000)", NULL, 10, NULL, NULL, NULL);
  while (n < 1)
    {
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (GError) error = NULL;

      pg_test_iterate_for (5);
      cursor = pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error);
      if (cursor != NULL)
        n++;
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    }
}

static gboolean
count_call (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

static void
got_chunk (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgResult) chunk = pg_async_row_stream_next_chunk_finish (PG_ASYNC_ROW_STREAM (object), result, &error);

  g_assert_no_error (error);
  if (chunk != NULL)
    pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (object), NULL, got_chunk, data);
  else
    (*(guint *) data)++;
}

static void
test_fair (void)
{
  g_auto (Session) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  guint n_idle = 0, done = 0, source;

  g_test_summary ("However fast chunks come, sources of lower priorities have their turn.");
  if (!session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  rows = stream (&session, "SELECT generate_series (1, 30000)", 1);
  source = g_idle_add (count_call, &n_idle);
  pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (rows), NULL, got_chunk, &done);
  pg_test_iterate_until (&done, 1);
  g_source_remove (source);
  g_assert_cmpuint (n_idle, >, 1);
  g_assert_cmpint (pg_base_row_stream_get_rowcount (rows), ==, 30000);
}

static void
test_objects (void)
{
  g_autoptr (PgRowStream) row_stream = g_object_new (PG_TYPE_ROW_STREAM, NULL);
  g_autoptr (PgAsyncRowStream) async_stream = g_object_new (PG_TYPE_ASYNC_ROW_STREAM, NULL);
  PgBaseRowStream *streams[] = { PG_BASE_ROW_STREAM (row_stream), PG_BASE_ROW_STREAM (async_stream) };

  g_test_summary ("Streams that no cursor has made have nothing.");
  g_assert_null (pg_row_stream_get_connection (row_stream));
  g_assert_null (pg_async_row_stream_get_connection (async_stream));
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      guint n_columns = 5;

      g_assert_null (pg_base_row_stream_dup_description (streams[i], &n_columns));
      g_assert_cmpuint (n_columns, ==, 0);
      g_assert_true (pg_base_row_stream_is_over (streams[i]));
      assert_next_fails (streams[i], PG_ERROR, PG_ERROR_INTERFACE);
      close_stream (streams[i]);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  pg_test_driver_add ("/pg/row-stream/%s/chunks", test_chunks);
  pg_test_driver_add ("/pg/row-stream/%s/values", test_values);
  pg_test_driver_add ("/pg/row-stream/%s/none", test_none);
  pg_test_driver_add ("/pg/row-stream/%s/cursor", test_cursor);
  pg_test_driver_add ("/pg/row-stream/%s/format", test_format);
  pg_test_driver_add ("/pg/row-stream/%s/refused", test_refused);
  pg_test_driver_add ("/pg/row-stream/%s/error-in-the-middle", test_error_in_the_middle);
  pg_test_driver_add ("/pg/row-stream/%s/error-at-the-end", test_error_at_the_end);
  pg_test_driver_add ("/pg/row-stream/%s/cancelled", test_cancelled);
  pg_test_driver_add ("/pg/row-stream/%s/closed-connection", test_closed_connection);
  pg_test_driver_add ("/pg/row-stream/%s/stopped", test_stopped);
  pg_test_driver_add ("/pg/row-stream/%s/stopped-effects", test_stopped_effects);
  pg_test_driver_add ("/pg/row-stream/%s/busy", test_busy);
  g_test_add_func ("/pg/row-stream/main-loop/without-waiting", test_without_waiting);
  g_test_add_func ("/pg/row-stream/main-loop/unwanted", test_unwanted);
  g_test_add_func ("/pg/row-stream/main-loop/fair", test_fair);
  g_test_add_func ("/pg/row-stream/client-cursor", test_client_cursor);
  g_test_add_func ("/pg/row-stream/objects", test_objects);
  return g_test_run ();
}
