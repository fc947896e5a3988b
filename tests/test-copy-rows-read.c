/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rows of values out of a COPY, and the types of its columns, with both connection classes. */
#include "pg-test-copy.h"

#include <locale.h>
#include <string.h>

static const char *const formats[] = { "text", "binary" };

static GInputStream *
begin_out (PgBaseConnection *connection, const char *source, const char *format)
{
  g_autofree char *sql = g_strdup_printf ("COPY %s TO STDOUT (FORMAT %s)", source, format);
  g_autoptr (GError) error = NULL;
  GInputStream *stream = pg_test_copy_out (connection, sql, &error);

  g_assert_no_error (error);
  return stream;
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
      pg_test_driver_assert_text (connection, "SELECT count(*) FROM t", "1");
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
test_place (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  const guint types[] = { PG_OID_INT4, PG_OID_INT4 };
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("defect: a value that cannot be read names its row in the whole copy.");
  if (connection == NULL)
    return;
  stream = begin_out (connection, "(SELECT i, CASE WHEN i = 1501 THEN 'x' ELSE '7' END AS s FROM generate_series(1, 2000) i)", "text");
  g_assert_true (pg_copy_input_stream_set_types (PG_COPY_INPUT_STREAM (stream), types, 2, &error));
  while (n <= 1500)
    {
      g_clear_object (&result);
      result = pg_test_copy_read_rows (d, stream, 100, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (pg_result_get_n_rows (result), >, 0);
      n += pg_result_get_n_rows (result);
    }
  g_assert_cmpint (pg_result_get_int64 (result, 1500 + pg_result_get_n_rows (result) - n, 1, &error), ==, 0);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_true (g_str_has_prefix (error->message, "Row 1501 of the copy, column 2 (“s”): "));
  g_assert_true (pg_test_copy_close_input (d, stream, NULL));
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
  pg_test_driver_add ("/pg/copy-rows-read/%s/types", test_types);
  pg_test_driver_add ("/pg/copy-rows-read/%s/set-types", test_set_types);
  pg_test_driver_add ("/pg/copy-rows-read/%s/read", test_read);
  pg_test_driver_add ("/pg/copy-rows-read/%s/read-values", test_read_values);
  pg_test_driver_add ("/pg/copy-rows-read/%s/read-errors", test_read_errors);
  pg_test_driver_add ("/pg/copy-rows-read/%s/place", test_place);
  pg_test_driver_add ("/pg/copy-rows-read/%s/slow-rows", test_slow_rows);
  return g_test_run ();
}
