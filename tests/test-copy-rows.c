/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of values into a COPY, with both connection classes. */
#include "pg-test-copy.h"

#include <locale.h>
#include <string.h>

static const char *const formats[] = { "text", "binary" };

static GOutputStream *
begin_in (PgBaseConnection *connection, const char *target, const char *format)
{
  g_autofree char *sql = g_strdup_printf ("COPY %s FROM STDIN (FORMAT %s)", target, format);
  g_autoptr (GError) error = NULL;
  GOutputStream *stream = pg_test_copy_in (connection, sql, &error);

  g_assert_no_error (error);
  return stream;
}

static void
end_in (PgTestDriver d, GOutputStream *stream, gint64 n_rows)
{
  g_autoptr (GError) error = NULL;

  pg_test_copy_close_output (d, stream, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (stream)), ==, n_rows);
}

static void
test_write (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Rows of values of many types, in text and binary, become what the table's columns make of them: an integer in as many bytes as the column has.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "CREATE TYPE mood AS ENUM ('sad', 'happy');"
                                  "CREATE DOMAIN small AS smallint;"
                                  "CREATE TEMPORARY TABLE many (a int2, b int4, c int8, d float4, e numeric, f text, g bytea, h bool, i date, j int4[], k jsonb, l uuid,"
                                  " m mood, n small, o float8, p text[], q varchar(5))");
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GOutputStream) stream = begin_in (connection, "many", formats[f]);
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < 2; i++)
        {
          g_autoptr (PgParams) row = pg_params_new ();
          g_autoptr (GBytes) bytes = g_bytes_new ("\0\\\n", 3);
          g_autoptr (PgDate) date = pg_date_parse ("2024-02-29", NULL);
          const gint64 numbers[] = { 1, -2, 70000 };

          pg_params_add_int64 (row, 100);
          pg_params_add_integer (row, -5);
          pg_params_add_int16 (row, 7);
          pg_params_add_double (row, 0.5);
          pg_params_add_integer (row, 12);
          pg_params_add_text (row, i == 0 ? "tab\tline\nback\\slash\r\b\f\vä" : "");
          pg_params_add_bytes (row, bytes);
          pg_params_add_boolean (row, TRUE);
          if (i == 0)
            pg_params_add_date (row, date);
          else
            pg_params_add_text (row, "2024-02-29");
          pg_params_add_integer_array (row, numbers, 3);
          pg_params_add_text (row, "{\"a\": \"\\n\"}");
          pg_params_add_uuid (row, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
          pg_params_add_text (row, "happy");
          pg_params_add_integer (row, 3);
          pg_params_add_double (row, -1e300);
          pg_params_begin_array (row, 0);
          pg_params_add_text (row, "a\\b");
          pg_params_add_null (row);
          pg_params_end_array (row);
          pg_params_add_null (row);
          pg_test_copy_write_row (d, stream, row, &error);
          g_assert_no_error (error);
        }
      end_in (d, stream, 2);
      pg_test_driver_assert_text (connection, "SELECT string_agg(concat_ws('|', a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q IS NULL), ';') FROM many",
                                  "100|-5|7|0.5|12|\\x005c0a|t|2024-02-29|{1,-2,70000}|{\"a\": \"\\n\"}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|happy|3|-1e+300|{\"a\\\\b\",NULL}|t;"
                    "100|-5|7|0.5|12|\\x005c0a|t|2024-02-29|{1,-2,70000}|{\"a\": \"\\n\"}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|happy|3|-1e+300|{\"a\\\\b\",NULL}|t");
      pg_test_driver_assert_text (connection, "SELECT string_agg(f, ';' ORDER BY f DESC) FROM many", "tab\tline\nback\\slash\r\b\f\vä;");
      pg_test_driver_run (connection, "TRUNCATE many");
    }
}

static void
test_write_columns (gconstpointer driver)
{
  enum { N = 4000 };
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GString) texts = g_string_new (NULL);
  g_autoptr (PgParams) values = pg_params_new ();
  g_autofree gint64 *numbers = g_new (gint64, N);
  g_autofree double *doubles = g_new (double, N);
  g_autofree guint8 *bitmap = g_new0 (guint8, N / 8);

  g_test_summary ("Whole columns of numbers, texts and other values, with NULLs by a bitmap, many blocks of them.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < N; i++)
    {
      numbers[i] = (gint64) i - 100;
      doubles[i] = (double) i / 2;
      if (i % 3 != 0)
        bitmap[i / 8] |= (guint8) (1 << (i % 8));
      g_string_append_printf (texts, "row\t%" G_GSIZE_FORMAT, i);
      g_string_append_c (texts, '\0');
      if (i % 2 == 0)
        pg_params_add_text (values, "2024-02-29 12:00:00");
      else
        pg_params_add_null (values);
    }
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE wide (a int4, b float8, c text, d timestamp, e int8)");
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GOutputStream) stream = begin_in (connection, "wide", formats[f]);
      g_autoptr (PgCopyColumns) columns = pg_copy_columns_new ();
      g_autoptr (GBytes) number_bytes = g_bytes_new (numbers, N * sizeof *numbers);
      g_autoptr (GBytes) double_bytes = g_bytes_new (doubles, N * sizeof *doubles);
      g_autoptr (GBytes) text_bytes = g_bytes_new (texts->str, texts->len);
      g_autoptr (GBytes) validity = g_bytes_new (bitmap, N / 8);
      g_autoptr (GError) error = NULL;

      g_assert_true (pg_copy_columns_add_data (columns, PG_OID_INT8, number_bytes, NULL, &error));
      g_assert_true (pg_copy_columns_add_data (columns, PG_OID_FLOAT8, double_bytes, validity, &error));
      g_assert_true (pg_copy_columns_add_texts (columns, text_bytes, N, validity, &error));
      g_assert_true (pg_copy_columns_add_values (columns, values, &error));
      g_assert_true (pg_copy_columns_add_data (columns, PG_OID_INT8, number_bytes, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (pg_copy_columns_get_n_rows (columns), ==, N);
      g_assert_cmpuint (pg_copy_columns_get_n_columns (columns), ==, 5);
      pg_test_copy_write_columns (d, stream, columns, &error);
      g_assert_no_error (error);
      end_in (d, stream, N);
      pg_test_driver_assert_text (connection,
                                  "SELECT count(*) FROM wide WHERE e = a AND b IS NOT DISTINCT FROM CASE WHEN (a + 100) % 3 <> 0 THEN (a + 100) / 2.0::float8 END"
                    " AND c IS NOT DISTINCT FROM CASE WHEN (a + 100) % 3 <> 0 THEN E'row\\t' || (a + 100) END"
                    " AND d IS NOT DISTINCT FROM CASE WHEN a % 2 = 0 THEN timestamp '2024-02-29 12:00' END",
                    "4000");
      pg_test_driver_run (connection, "TRUNCATE wide");
    }
}

static void
test_write_errors (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (PgParams) good = pg_params_new (), few = pg_params_new (), wide = pg_params_new ();

  g_test_summary ("A row that does not fit is refused, with its number, and leaves nothing: others may follow. Of columns it is the end of the copy.");
  if (connection == NULL)
    return;
  pg_params_add_integer (good, 1);
  pg_params_add_text (good, "a");
  pg_params_add_integer (few, 1);
  pg_params_add_int64 (wide, (gint64) 1 << 40);
  pg_params_add_text (wide, "b");
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GOutputStream) stream = begin_in (connection, "t", formats[f]);
      g_autoptr (GError) error = NULL;

      g_assert_true (pg_test_copy_write_row (d, stream, good, &error));
      g_assert_no_error (error);
      g_assert_false (pg_test_copy_write_row (d, stream, few, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpstr (error->message, ==, "row 2: expected 2 values, got 1");
      g_clear_error (&error);
      if (f == 1)
        {
          g_assert_false (pg_test_copy_write_row (d, stream, wide, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
          g_assert_true (g_str_has_prefix (error->message, "row 2, column 1: "));
          g_clear_error (&error);
        }
      end_in (d, stream, 1);
      pg_test_driver_run (connection, "TRUNCATE t");
    }

  {
    g_autoptr (GOutputStream) stream = begin_in (connection, "t", "binary");
    g_autoptr (PgCopyColumns) columns = pg_copy_columns_new ();
    const gint64 numbers[] = { 1, 2, (gint64) 1 << 40 };
    g_autoptr (GBytes) data = g_bytes_new (numbers, sizeof numbers);
    g_autoptr (GBytes) texts = g_bytes_new ("a\0b\0c", 6);
    g_autoptr (GError) error = NULL, closing = NULL;

    g_assert_true (pg_copy_columns_add_data (columns, PG_OID_INT8, data, NULL, &error));
    g_assert_false (pg_test_copy_write_columns (d, stream, columns, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    g_assert_cmpstr (error->message, ==, "expected 2 columns, got 1");
    g_clear_error (&error);
    g_assert_false (pg_copy_columns_add_texts (columns, texts, 2, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    g_clear_error (&error);
    g_assert_false (pg_copy_columns_add_data (columns, PG_OID_INT2, data, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    g_clear_error (&error);
    g_assert_false (pg_copy_columns_add_data (columns, PG_OID_TEXT, data, NULL, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    g_clear_error (&error);
    g_assert_true (pg_copy_columns_add_texts (columns, texts, 3, NULL, &error));
    g_assert_false (pg_test_copy_write_columns (d, stream, columns, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    g_assert_true (g_str_has_prefix (error->message, "row 3, column 1: "));
    g_assert_false (pg_test_copy_close_output (d, stream, NULL, &closing));
    g_assert_cmpstr (closing->message, ==, error->message);
  }
  pg_test_driver_assert_text (connection, "SELECT count(*) FROM t", "0");

  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GOutputStream) stream = pg_test_copy_in (connection, "COPY t FROM STDIN CSV", &error);

    g_assert_false (pg_test_copy_write_row (d, stream, good, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    g_clear_error (&error);
    g_assert_true (pg_test_copy_write_text (d, stream, "1,a\n", &error));
    end_in (d, stream, 1);
  }
}

static void
test_cancelled (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PgCopyColumns) columns = pg_copy_columns_new ();
  g_autoptr (GOutputStream) stream = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL, closing = NULL;
  g_autofree gint64 *numbers = g_new0 (gint64, 100000);

  g_test_summary ("Rows whose writing is cancelled are not loaded, none of them, and the connection goes on.");
  if (connection == NULL)
    return;
  bytes = g_bytes_new (numbers, 100000 * sizeof *numbers);
  g_assert_true (pg_copy_columns_add_data (columns, PG_OID_INT8, bytes, NULL, &error));
  stream = begin_in (connection, "t (i)", "text");
  g_assert_true (pg_test_copy_write_text (d, stream, "1\n", &error));
  g_cancellable_cancel (cancellable);
  if (d == PG_TEST_DRIVER_BLOCKING)
    {
      g_assert_false (pg_copy_output_stream_write_columns (PG_COPY_OUTPUT_STREAM (stream), columns, cancellable, &error));
    }
  else
    {
      pg_copy_output_stream_write_columns_async (PG_COPY_OUTPUT_STREAM (stream), columns, cancellable, pg_test_keep_result, &result);
      g_assert_false (pg_copy_output_stream_write_columns_finish (PG_COPY_OUTPUT_STREAM (stream), pg_test_wait_for (&result), &error));
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (pg_test_copy_close_output (d, stream, NULL, &closing));
  g_assert_error (closing, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pg_test_copy_assert_usable (connection);
  pg_test_driver_assert_text (connection, "SELECT count(*) FROM t", "0");
}

static void
test_order (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GOutputStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Defect 10: rows and bytes that are written in turn keep their order.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE lines (n serial, s text)");
  stream = begin_in (connection, "lines (s)", "text");
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u%s", i, i % 3 == 0 ? "\n" : "");

      if (i % 3 == 0)
        {
          g_assert_true (pg_test_copy_write_text (d, stream, text, &error));
        }
      else if (i % 3 == 1)
        {
          g_autoptr (PgParams) row = pg_params_new ();

          pg_params_add_text (row, text);
          g_assert_true (pg_test_copy_write_row (d, stream, row, &error));
        }
      else
        {
          g_autoptr (PgCopyColumns) columns = pg_copy_columns_new ();
          g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text) + 1);

          g_assert_true (pg_copy_columns_add_texts (columns, bytes, 1, NULL, &error));
          g_assert_true (pg_test_copy_write_columns (d, stream, columns, &error));
        }
    }
  end_in (d, stream, 3000);
  pg_test_driver_assert_text (connection, "SELECT count(*) FROM lines WHERE s::int = n - 1", "3000");
}

static void
test_empty (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("No rows are no rows in binary too; bytes that are none of a file are an error of the server's.");
  if (connection == NULL)
    return;
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GOutputStream) stream = begin_in (connection, "t", formats[f]);

      end_in (d, stream, 0);
    }
  {
    g_autoptr (GOutputStream) stream = begin_in (connection, "t", "binary");
    g_autoptr (GInputStream) nothing = g_memory_input_stream_new ();
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (pg_test_copy_splice (d, stream, nothing, NULL, &error), ==, -1);
    g_assert_error (error, PG_ERROR, PG_ERROR_BAD_COPY_FILE_FORMAT);
  }
  pg_test_copy_assert_usable (connection);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/copy-rows/%s/write", test_write);
  pg_test_driver_add ("/pg/copy-rows/%s/write-columns", test_write_columns);
  pg_test_driver_add ("/pg/copy-rows/%s/write-errors", test_write_errors);
  pg_test_driver_add ("/pg/copy-rows/%s/cancelled", test_cancelled);
  pg_test_driver_add ("/pg/copy-rows/%s/defect-10-order-of-rows-and-bytes", test_order);
  pg_test_driver_add ("/pg/copy-rows/%s/empty", test_empty);
  return g_test_run ();
}
