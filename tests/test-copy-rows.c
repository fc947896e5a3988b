/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of values through COPY, with both connection classes. */
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

static GInputStream *
begin_out (PgBaseConnection *connection, const char *source, const char *format)
{
  g_autofree char *sql = g_strdup_printf ("COPY %s TO STDOUT (FORMAT %s)", source, format);
  g_autoptr (GError) error = NULL;
  GInputStream *stream = pg_test_copy_out (connection, sql, &error);

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

static char *
ask (PgBaseConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, sql, NULL, NULL, &error);

  g_assert_no_error (error);
  return pg_result_dup_text (pg_base_cursor_get_result (cursor), 0, 0, NULL);
}

static void
assert_asked (PgBaseConnection *connection, const char *sql, const char *expected)
{
  g_autofree char *value = ask (connection, sql);

  g_assert_cmpstr (value, ==, expected);
}

/* --- writing --- */

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
      assert_asked (connection, "SELECT string_agg(concat_ws('|', a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q IS NULL), ';') FROM many",
                    "100|-5|7|0.5|12|\\x005c0a|t|2024-02-29|{1,-2,70000}|{\"a\": \"\\n\"}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|happy|3|-1e+300|{\"a\\\\b\",NULL}|t;"
                    "100|-5|7|0.5|12|\\x005c0a|t|2024-02-29|{1,-2,70000}|{\"a\": \"\\n\"}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|happy|3|-1e+300|{\"a\\\\b\",NULL}|t");
      assert_asked (connection, "SELECT string_agg(f, ';' ORDER BY f DESC) FROM many", "tab\tline\nback\\slash\r\b\f\vä;");
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
      assert_asked (connection,
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
  assert_asked (connection, "SELECT count(*) FROM t", "0");

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
  assert_asked (connection, "SELECT count(*) FROM t", "0");
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
  assert_asked (connection, "SELECT count(*) FROM lines WHERE s::int = n - 1", "3000");
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

/* --- the types of the columns --- */

static void
test_types (gconstpointer driver)
{
  static const struct
  {
    const char *sql;
    guint types[4];
    const char *name; /* of the first column */
  } cases[] = {
    { "COPY t TO STDOUT", { PG_OID_INT4, PG_OID_TEXT }, "i" },
    { "COPY \"Strange\" (\"b\"\"B\", a) TO STDOUT (FORMAT binary)", { PG_OID_FLOAT8, PG_OID_INT2 }, "b\"B" },
    { "COPY \"Strange\" TO STDOUT", { PG_OID_INT2, PG_OID_FLOAT8, PG_OID_INT8 }, "a" },
    { "COPY (SELECT 1::int2 AS x, s, count(*) FROM t GROUP BY s) TO STDOUT", { PG_OID_INT2, PG_OID_TEXT, PG_OID_INT8 }, "x" },
    { "COPY (INSERT INTO t VALUES (7, 'x') RETURNING i) TO STDOUT", { PG_OID_INT4 }, "i" },
    { "COPY t TO STDOUT CSV", { 0 }, NULL },
  };
  PgTestDriver d = GPOINTER_TO_INT (driver);

  g_test_summary ("The types and names of the columns are those of the table, but for generated columns, or of the query; in a transaction and outside.");
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, round == 0);

      if (connection == NULL)
        return;
      pg_test_driver_run (connection, "CREATE TEMPORARY TABLE \"Strange\" (a int2, dropped text, \"b\"\"B\" float8, made int GENERATED ALWAYS AS (1) STORED, c int8)");
      pg_test_driver_run (connection, "ALTER TABLE \"Strange\" DROP dropped");
      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GInputStream) stream = pg_test_copy_out (connection, cases[i].sql, &error);
          PgCopyInputStream *copy = PG_COPY_INPUT_STREAM (stream);

          g_assert_no_error (error);
          for (guint j = 0; j < 4; j++)
            g_assert_cmpuint (pg_copy_input_stream_get_column_type (copy, j), ==, cases[i].types[j]);
          g_assert_cmpstr (pg_copy_input_stream_get_column_name (copy, 0), ==, cases[i].name);
          g_assert_null (pg_copy_input_stream_get_column_name (copy, 10));
          g_assert_true (pg_test_copy_close_input (d, stream, &error));
        }
      assert_asked (connection, "SELECT count(*) FROM t", "1");
      if (round == 1)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GInputStream) stream = NULL;

          g_assert_true (pg_test_driver_rollback (connection, &error));
          /* What is wrong the COPY says. */
          stream = pg_test_copy_out (connection, "COPY (SELECT nothing FROM t) TO STDOUT", &error);
          g_assert_null (stream);
          g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_COLUMN);
          g_assert_nonnull (strstr (error->message, "nothing"));
          g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==, PG_TRANSACTION_STATUS_INERROR);
          g_assert_true (pg_test_driver_rollback (connection, NULL));
        }
    }
}

static void
test_set_types (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  const char *const names[] = { "bigint", "text[]", NULL };
  const char *const unknown[] = { "int4", "nothing", NULL };
  const guint one[] = { PG_OID_INT4 };
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Types that are set, by OIDs and by names, are those of the rows.");
  if (connection == NULL)
    return;
  stream = begin_out (connection, "(SELECT '5', '{a,b}')", "text");
  g_assert_false (pg_copy_input_stream_set_types (PG_COPY_INPUT_STREAM (stream), one, 1, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_false (pg_copy_input_stream_set_type_names (PG_COPY_INPUT_STREAM (stream), unknown, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
  g_assert_nonnull (strstr (error->message, "nothing"));
  g_clear_error (&error);
  g_assert_true (pg_copy_input_stream_set_type_names (PG_COPY_INPUT_STREAM (stream), names, &error));
  g_assert_cmpuint (pg_copy_input_stream_get_column_type (PG_COPY_INPUT_STREAM (stream), 0), ==, PG_OID_INT8);
  result = pg_test_copy_read_rows (d, stream, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (result, 0, 0, &error), ==, 5);
  g_assert_cmpuint (pg_column_get_type_oid (pg_result_get_column (result, 1)), ==, PG_OID_TEXT_ARRAY);
}

/* --- reading --- */

static void
test_read (gconstpointer driver)
{
  static const guint sizes[] = { 1, 7, 1000, 0 };
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Rows are read in parts of any size, in text and binary, with the types of the query, as the result of a statement has them.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "INSERT INTO t SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE E'\\t\\n\\\\ä' || i END FROM generate_series(1, 700) i");
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        g_autoptr (GInputStream) stream = begin_out (connection, "t", formats[f]);
        g_autoptr (GError) error = NULL;
        guint n = 0;

        for (;;)
          {
            g_autoptr (PgResult) result = pg_test_copy_read_rows (d, stream, sizes[s], &error);
            guint n_rows;

            g_assert_no_error (error);
            n_rows = pg_result_get_n_rows (result);
            g_assert_true (pg_result_has_rows (result));
            g_assert_cmpuint (pg_result_get_n_columns (result), ==, 2);
            g_assert_cmpstr (pg_column_get_name (pg_result_get_column (result, 1)), ==, "s");
            g_assert_cmpuint (pg_column_get_type_oid (pg_result_get_column (result, 0)), ==, PG_OID_INT4);
            if (sizes[s] > 0)
              g_assert_cmpuint (n_rows, <=, sizes[s]);
            if (n_rows == 0)
              break;
            for (guint i = 0; i < n_rows; i++, n++)
              {
                g_autofree char *expected = (n + 1) % 7 != 0 ? g_strdup_printf ("\t\n\\ä%u", n + 1) : NULL;

                g_assert_cmpint (pg_result_get_int64 (result, i, 0, &error), ==, n + 1);
                g_assert_cmpstr (pg_result_get_text (result, i, 1, &error), ==, expected);
                g_assert_no_error (error);
              }
          }
        g_assert_cmpuint (n, ==, 700);
        g_assert_cmpint (pg_copy_input_stream_get_rowcount (PG_COPY_INPUT_STREAM (stream)), ==, 700);
        g_assert_true (pg_test_copy_close_input (d, stream, &error));
      }
}

static void
test_read_values (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Values of the types of the database, dates in the session's DateStyle, rows without columns.");
  if (connection == NULL)
    return;
  pg_test_driver_run (connection, "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN small AS smallint;"
                                  "SET DateStyle = 'SQL, DMY'");
  pg_base_connection_set_fetch_types (connection, TRUE);
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GInputStream) stream = begin_out (connection, "(SELECT 'sad'::mood, (1, 'x')::pair, 5::small, '{1,2}'::int[], date '2024-02-01', 1.50)", formats[f]);
      g_autoptr (GInputStream) none = NULL;
      g_autoptr (PgResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (PgRecord) record = NULL;
      g_autoptr (PgDate) date = NULL;
      g_autofree char *day = NULL;

      result = pg_test_copy_read_rows (d, stream, 10, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (pg_result_get_text (result, 0, 0, &error), ==, "sad");
      record = pg_result_dup_record (result, 0, 1, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (pg_record_get_n_fields (record), ==, 2);
      g_assert_cmpint (pg_result_get_int64 (result, 0, 2, &error), ==, 5);
      date = pg_result_dup_date (result, 0, 4, &error);
      g_assert_no_error (error);
      day = pg_date_to_string (date);
      g_assert_cmpstr (day, ==, "2024-02-01");
      g_assert_cmpstr (pg_result_get_text (result, 0, 5, &error), ==, "1.50");
      g_clear_object (&result);
      result = pg_test_copy_read_rows (d, stream, 10, &error);
      g_assert_cmpuint (pg_result_get_n_rows (result), ==, 0);
      g_clear_object (&result);
      none = begin_out (connection, "(SELECT FROM generate_series(1, 3))", formats[f]);
      result = pg_test_copy_read_rows (d, none, 0, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (pg_result_get_n_rows (result), ==, 3);
      g_assert_cmpuint (pg_result_get_n_columns (result), ==, 0);
    }
}

static void
test_read_errors (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("The rows before an error of the server's are given first; bytes and rows are not mixed; csv has no rows.");
  if (connection == NULL)
    return;
  {
    g_autoptr (GInputStream) stream = begin_out (connection, "(SELECT 1 / (1000 - i) FROM generate_series(1, 2000) i)", "binary");
    g_autoptr (GError) error = NULL, again = NULL;
    guint n = 0;

    for (;;)
      {
        g_autoptr (PgResult) result = pg_test_copy_read_rows (d, stream, 100, &error);

        if (result == NULL)
          break;
        g_assert_cmpuint (pg_result_get_n_rows (result), >, 0);
        n += pg_result_get_n_rows (result);
      }
    g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
    g_assert_cmpuint (n, ==, 999);
    g_assert_null (pg_test_copy_read_rows (d, stream, 100, &again));
    g_assert_error (again, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  }
  {
    g_autoptr (GInputStream) stream = begin_out (connection, "(SELECT generate_series(1, 100))", "text");
    g_autoptr (GInputStream) csv = NULL;
    g_autoptr (PgResult) result = NULL;
    g_autoptr (GBytes) rest = NULL;
    g_autoptr (GError) error = NULL;

    result = pg_test_copy_read_rows (d, stream, 98, &error);
    g_assert_no_error (error);
    for (guint n = pg_result_get_n_rows (result); n < 98;)
      {
        g_autoptr (PgResult) more = pg_test_copy_read_rows (d, stream, 98 - n, &error);

        n += pg_result_get_n_rows (more);
      }
    rest = pg_test_copy_read_all (d, stream, 3, &error);
    g_assert_no_error (error);
    g_assert_cmpmem (g_bytes_get_data (rest, NULL), g_bytes_get_size (rest), "99\n100\n", 7);
    g_assert_null (pg_test_copy_read_rows (d, stream, 1, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    g_clear_error (&error);
    csv = begin_out (connection, "t", "csv");
    g_assert_null (pg_test_copy_read_rows (d, csv, 1, &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    g_assert_true (pg_test_copy_close_input (d, csv, NULL));
  }
  pg_test_copy_assert_usable (connection);
}

static void
test_slow_rows (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who asks for many rows gets those that are there, and does not wait for the last of them.");
  if (connection == NULL)
    return;
  stream = begin_out (connection, "(SELECT repeat('x', 100), CASE WHEN i = 500 THEN pg_sleep(1000) END FROM generate_series(1, 500) i)", "text");
  result = pg_test_copy_read_rows (d, stream, 100000, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pg_result_get_n_rows (result), >, 0);
  g_assert_cmpuint (pg_result_get_n_rows (result), <, 500);
  g_assert_true (pg_test_copy_close_input (d, stream, &error));
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
  pg_test_driver_add ("/pg/copy-rows/%s/types", test_types);
  pg_test_driver_add ("/pg/copy-rows/%s/set-types", test_set_types);
  pg_test_driver_add ("/pg/copy-rows/%s/read", test_read);
  pg_test_driver_add ("/pg/copy-rows/%s/read-values", test_read_values);
  pg_test_driver_add ("/pg/copy-rows/%s/read-errors", test_read_errors);
  pg_test_driver_add ("/pg/copy-rows/%s/slow-rows", test_slow_rows);
  return g_test_run ();
}
