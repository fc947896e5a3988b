/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-row-stream.h"

#include <locale.h>

static void
on_answered (PgChunkReader *reader, gpointer data)
{
  (*(guint *) data)++;
}

/* Reads a chunk, and gives what pg_chunk_reader_finish() does. */
static gboolean
read_one (PgChunkReader *reader, GCancellable *cancellable, GError **error)
{
  guint n = 0;
  const gulong handler = g_signal_connect (reader, "answered", G_CALLBACK (on_answered), &n);

  pg_chunk_reader_read (reader, cancellable);
  g_assert_cmpuint (n, ==, 0);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (reader, handler);
  g_assert_cmpuint (n, ==, 1);
  return pg_chunk_reader_finish (reader, error);
}

static void
assert_no_chunk (PgChunkReader *reader)
{
  g_autoptr (GError) error = NULL;
  gsize length = 7, n_nulls = 7;
  guint *nulls = NULL;

  g_assert_null (pg_chunk_reader_get_chunk (reader));
  g_assert_cmpuint (pg_chunk_reader_get_n_rows (reader), ==, 0);
  g_assert_null (pg_chunk_reader_dup_column_numbers (reader, 0, 0, -1, &length, &nulls, &n_nulls, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_null (nulls);
  g_assert_cmpuint (length + n_nulls, ==, 0);
  g_clear_error (&error);
  g_assert_null (pg_chunk_reader_dup_column_texts (reader, 0, 0, -1, &length, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_chunks (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgChunkReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  guint seen = 0;

  g_test_summary ("The columns of each chunk, by the reader that keeps it; nothing is there before the first and after the last one.");
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  rows = pg_test_stream (&session, "SELECT i, nullif (i, 4), nullif (i::text || 'é', '5é') FROM generate_series (1, 10) i", 3);
  reader = pg_chunk_reader_new (PG_ASYNC_ROW_STREAM (rows));
  g_assert_true (pg_chunk_reader_get_stream (reader) == (gpointer) rows);
  assert_no_chunk (reader);
  while (read_one (reader, NULL, &error))
    {
      const guint n = pg_chunk_reader_get_n_rows (reader);
      gsize n_numbers, n_nulls, n_texts;
      guint *nulls;
      g_autofree double *numbers = NULL;
      g_autofree double *second = NULL;
      g_autofree double *none = NULL;
      g_autofree guint *positions = NULL;
      g_autofree const char **texts = NULL;

      g_assert_cmpuint (n, ==, MIN (3, 10 - seen));
      g_assert_cmpuint (pg_result_get_n_rows (pg_chunk_reader_get_chunk (reader)), ==, n);
      numbers = pg_chunk_reader_dup_column_numbers (reader, 0, 0, -1, &n_numbers, &nulls, &n_nulls, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_numbers, ==, n);
      g_assert_null (nulls);
      g_assert_cmpuint (n_nulls, ==, 0);
      second = pg_chunk_reader_dup_column_numbers (reader, 1, 0, 1, &n_numbers, &positions, &n_nulls, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_numbers, ==, 1);
      g_assert_true ((positions != NULL) == (seen + 1 == 4));
      g_assert_cmpuint (n_nulls, ==, positions != NULL ? 1 : 0);
      texts = pg_chunk_reader_dup_column_texts (reader, 2, 0, -1, &n_texts, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_texts, ==, n);
      for (guint i = 0; i < n; i++)
        {
          g_autofree char *text = g_strdup_printf ("%ué", ++seen);

          g_assert_cmpfloat (numbers[i], ==, seen);
          g_assert_cmpstr (texts[i], ==, seen == 5 ? NULL : text);
        }
      none = pg_chunk_reader_dup_column_numbers (reader, 0, 0, 0, &n_numbers, &nulls, &n_nulls, &error);
      g_assert_no_error (error);
      g_assert_nonnull (none);
      g_assert_cmpuint (n_numbers, ==, 0);
      g_assert_null (pg_chunk_reader_dup_column_numbers (reader, 3, 0, -1, &n_numbers, &nulls, &n_nulls, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
      g_clear_error (&error);
      g_assert_null (pg_chunk_reader_dup_column_numbers (reader, 2, 0, -1, &n_numbers, &nulls, &n_nulls, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_clear_error (&error);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (seen, ==, 10);
  assert_no_chunk (reader);
  g_assert_false (read_one (reader, NULL, &error));
  g_assert_no_error (error);
}

static void
test_errors (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgChunkReader) reader = NULL;
  g_autoptr (PgChunkReader) empty = g_object_new (PG_TYPE_CHUNK_READER, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("The errors of reading are those of finish(), once; a reader of no stream has nothing.");
  assert_no_chunk (empty);
  g_assert_null (pg_chunk_reader_get_stream (empty));
  g_assert_false (pg_chunk_reader_finish (empty, &error));
  g_assert_no_error (error);
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  rows = pg_test_stream (&session, "SELECT 6 / (3 - i) FROM generate_series (1, 5) i", 1);
  reader = pg_chunk_reader_new (PG_ASYNC_ROW_STREAM (rows));
  for (guint i = 0; i < 2; i++)
    g_assert_true (read_one (reader, NULL, NULL));
  g_assert_false (read_one (reader, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_clear_error (&error);
  g_assert_false (pg_chunk_reader_finish (reader, &error));
  g_assert_no_error (error);
  assert_no_chunk (reader);
  g_clear_object (&reader);
  g_clear_object (&rows);

  rows = pg_test_stream (&session, "SELECT generate_series (1, 100000000)", 10);
  reader = pg_chunk_reader_new (PG_ASYNC_ROW_STREAM (rows));
  g_assert_true (read_one (reader, cancellable, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (read_one (reader, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_finish_early (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgChunkReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: finish() before the answer said that the rows were at their end.");
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  rows = pg_test_stream (&session, "SELECT 1", 1);
  reader = pg_chunk_reader_new (PG_ASYNC_ROW_STREAM (rows));
  pg_chunk_reader_read (reader, NULL);
  g_test_expect_message ("Pg", G_LOG_LEVEL_CRITICAL, "*!self->reading*");
  g_assert_false (pg_chunk_reader_finish (reader, &error));
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  while (pg_chunk_reader_get_chunk (reader) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (pg_chunk_reader_finish (reader, &error));
  g_assert_no_error (error);
}

/* The last reference is the reading's own. */
static void
test_dropped (void)
{
  g_auto (PgTestStreamSession) session = { 0 };
  PgBaseRowStream *rows;
  PgChunkReader *reader;

  g_test_summary ("A reader that is dropped while it reads.");
  if (!pg_test_stream_session_open (&session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return;
  rows = pg_test_stream (&session, "SELECT generate_series (1, 100000000)", 10);
  reader = pg_chunk_reader_new (PG_ASYNC_ROW_STREAM (rows));
  g_object_unref (rows);
  g_object_add_weak_pointer (G_OBJECT (reader), (gpointer *) &reader);
  pg_chunk_reader_read (reader, NULL);
  g_object_unref (reader);
  g_assert_nonnull (reader);
  while (reader != NULL)
    g_main_context_iteration (NULL, TRUE);
  rows = pg_test_stream (&session, "SELECT 1", 10);
  g_assert_cmpuint (pg_test_stream_count (rows), ==, 1);
  g_object_unref (rows);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/chunk-reader/chunks", test_chunks);
  g_test_add_func ("/pg/chunk-reader/errors", test_errors);
  g_test_add_func ("/pg/chunk-reader/defect-finish-early", test_finish_early);
  g_test_add_func ("/pg/chunk-reader/dropped", test_dropped);
  return g_test_run ();
}
