/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-result.h"

#include <string.h>

static void
test_no_columns (void)
{
  g_autoptr (PgResult) result = result_new (NULL, 0, NULL, 1);
  g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("SELECT without columns has rows");

  g_assert_true (pg_result_has_rows (result));
  g_assert_cmpuint (pg_result_get_n_columns (result), ==, 0);
  g_assert_cmpuint (pg_result_get_n_rows (result), ==, 1);
  g_assert_cmpint (pg_result_get_affected_rows (result), ==, 1);
  g_assert_cmpint (pg_result_find_column (result, ""), ==, -1);
  g_assert_null (pg_result_get_column (result, 0));
  g_assert_nonnull (row);

  g_assert_false (pg_result_is_null (result, 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_nonnull (strstr (error->message, "Column 0"));
}

#define MOST_COLUMNS 1664

static void
test_most_columns (void)
{
  g_autofree PgTestColumn *columns = g_new0 (PgTestColumn, MOST_COLUMNS);
  g_autofree PgTestCell *cells = g_new0 (PgTestCell, MOST_COLUMNS);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("As many columns as PostgreSQL allows");

  for (guint i = 0; i < MOST_COLUMNS; i++)
    {
      char *name = g_strdup_printf ("c%u", i);

      g_ptr_array_add (texts, name);
      columns[i] = (PgTestColumn){ name, OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 };
      cells[i] = (PgTestCell){ name + 1, -1 };
    }
  result = result_new (columns, MOST_COLUMNS, cells, 1);

  g_assert_cmpuint (pg_result_get_n_columns (result), ==, MOST_COLUMNS);
  for (guint i = 0; i < MOST_COLUMNS; i++)
    {
      g_assert_cmpint (pg_result_get_int64 (result, 0, i, &error), ==, i);
      g_assert_no_error (error);
      g_assert_cmpstr (pg_column_get_name (pg_result_get_column (result, i)), ==, columns[i].name);
      g_assert_cmpint (pg_result_find_column (result, columns[i].name), ==, (int) i);
    }
}

static void
test_duplicate_names (void)
{
  PgTestColumn columns[] = {
    { "other", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
    { "id", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
    { "id", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
    { "ID", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
  };
  g_autoptr (PgResult) result = result_new (columns, G_N_ELEMENTS (columns), NULL, 0);

  g_assert_cmpint (pg_result_find_column (result, "id"), ==, 1);
  g_assert_cmpint (pg_result_find_column (result, "ID"), ==, 3);
  g_assert_cmpint (pg_result_find_column (result, "Id"), ==, -1);
  g_assert_cmpstr (pg_column_get_name (pg_result_get_column (result, 2)), ==, "id");
  g_assert_true (pg_result_get_column (result, 1) != pg_result_get_column (result, 2));
  g_assert_true (pg_result_get_column (result, 1) == pg_result_get_column (result, 1));
}

static void
test_name_not_utf8 (void)
{
  PgTestColumn columns[] = {
    { "gr\374n", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
    { "gr\303\274n", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
  };
  PgTestCell cells[] = { PG_TEST_NULL, PG_TEST_NULL };
  g_autoptr (PgResult) result = result_new (columns, G_N_ELEMENTS (columns), cells, 1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A name of SQL_ASCII is replaced, found by what replaced it, and does no harm in a message");

  g_assert_cmpstr (pg_column_get_name (pg_result_get_column (result, 0)), ==, "gr\357\277\275n");
  g_assert_cmpint (pg_result_find_column (result, "gr\357\277\275n"), ==, 0);
  g_assert_cmpint (pg_result_find_column (result, "gr\303\274n"), ==, 1);
  g_assert_cmpint (pg_result_find_column (result, "x\357\277\275"), ==, -1);

  g_assert_cmpint (pg_result_get_int64 (result, 0, 0, &error), ==, 0);
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
assert_out_of_range (GError **error, const char *position, const char *limit)
{
  g_assert_error (*error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_nonnull (strstr ((*error)->message, position));
  g_assert_nonnull (strstr ((*error)->message, limit));
  g_clear_error (error);
}

static void
test_out_of_range (void)
{
  PgTestCell cells[] = { PG_TEST_TEXT ("1"), PG_TEST_TEXT ("2"), PG_TEST_TEXT ("3") };
  PgTestColumn column = { "v", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 };
  g_autoptr (PgResult) result = result_new (&column, 1, cells, 3);
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpint (pg_result_get_int64 (result, 3, 0, &error), ==, 0);
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_cmpint (pg_result_get_int64 (result, 2, 7, &error), ==, 0);
  assert_out_of_range (&error, "Column 7", "is 1");
  g_assert_cmpint (pg_result_get_int64 (result, G_MAXUINT, G_MAXUINT, &error), ==, 0);
  assert_out_of_range (&error, "Row 4294967295", "is 3");
  g_assert_false (pg_result_is_null (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_false (pg_result_get_boolean (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_cmpfloat (pg_result_get_double (result, 3, 0, &error), ==, 0);
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_get_text (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_dup_text (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_dup_bytes (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_dup_numeric (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_dup_date (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_dup_timestamp (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_dup_variant (result, 3, 0, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_false (pg_result_get_value (result, 3, 0, &value, &error));
  assert_out_of_range (&error, "Row 3", "is 3");
  g_assert_null (pg_result_get_column (result, 1));
}

typedef struct
{
  const char *tag;
  gint64 affected;
} TagCase;

static void
test_command (void)
{
  static const TagCase cases[] = {
    { "INSERT 0 1", 1 },
    { "UPDATE 0", 0 },
    { "DELETE 4294967296", G_GINT64_CONSTANT (4294967296) },
    { "MERGE 2", 2 },
    { "COPY 5", 5 },
    { "SELECT 3", 3 },
    { "UPDATE 9223372036854775807", G_MAXINT64 },
    { "UPDATE 9223372036854775808", -1 },
    { "UPDATE 1x", -1 },
    { "UPDATE -1", -1 },
    { "UPDATE ", -1 },
    { "UPDATE", -1 },
    { "FETCH 7", 7 },
    { "MOVE 7", 7 },
    { "CREATE TABLE", -1 },
    { "BEGIN", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgResult) result = result_new_command (cases[i].tag);

      g_assert_cmpstr (pg_result_get_status_message (result), ==, cases[i].tag);
      g_assert_cmpint (pg_result_get_affected_rows (result), ==, cases[i].affected);
      g_assert_false (pg_result_has_rows (result));
      g_assert_cmpuint (pg_result_get_n_rows (result), ==, 0);
      g_assert_cmpuint (pg_result_get_n_columns (result), ==, 0);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (result)), ==, 0);
    }
}

static void
test_empty_query (void)
{
  g_autoptr (PgResult) result = result_new_command ("");

  g_assert_null (pg_result_get_status_message (result));
  g_assert_cmpint (pg_result_get_affected_rows (result), ==, -1);
  g_assert_false (pg_result_has_rows (result));
}

static void
test_bare_object (void)
{
  g_autoptr (PgResult) result = g_object_new (PG_TYPE_RESULT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What a script makes that calls the GObject constructor is empty");

  g_assert_null (pg_result_get_status_message (result));
  g_assert_cmpint (pg_result_get_affected_rows (result), ==, -1);
  g_assert_false (pg_result_has_rows (result));
  g_assert_cmpint (pg_result_find_column (result, "a"), ==, -1);
  g_assert_null (pg_result_get_column (result, 0));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (result), 0));
  g_assert_cmpint (pg_result_get_int64 (result, 0, 0, &error), ==, 0);
  assert_out_of_range (&error, "Row 0", "is 0");
}

#define N_THREADS 4
#define N_ROUNDS 4000
#define N_THREAD_ROWS 8
#define N_HELD_ROWS 4

typedef struct
{
  PgResult *result;
  PgRow *held[N_HELD_ROWS]; /* the others come and go */
} Shared;

static gpointer
read_in_thread (gpointer data)
{
  Shared *shared = data;
  guint n_wrong = 0;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      guint position = i % N_THREAD_ROWS;
      g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (shared->result), position);
      g_autofree char *text = pg_row_dup_text (row, 1, NULL);
      g_autofree char *expected = g_strdup_printf ("row %u", position);

      if (position < N_HELD_ROWS && row != shared->held[position])
        n_wrong++;
      if (pg_row_get_position (row) != position || pg_row_get_result (row) != shared->result)
        n_wrong++;
      if (pg_row_get_int64 (row, 0, NULL) != position || g_strcmp0 (text, expected) != 0)
        n_wrong++;
      if (g_strcmp0 (pg_column_get_name (pg_result_get_column (shared->result, position % 2)), position % 2 == 0 ? "n" : "t") != 0)
        n_wrong++;
    }

  return GUINT_TO_POINTER (n_wrong);
}

static void
test_threads (void)
{
  PgTestColumn columns[] = { { "n", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 }, { "t", OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 } };
  PgTestCell cells[2 * N_THREAD_ROWS];
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Shared shared;
  GThread *threads[N_THREADS];
  guint n_wrong = 0;

  g_test_summary ("Rows, columns and values are read by several threads, while rows come and go");

  for (guint i = 0; i < N_THREAD_ROWS; i++)
    {
      char *text = g_strdup_printf ("row %u", i);

      g_ptr_array_add (texts, text);
      cells[2 * i] = (PgTestCell){ text + 4, -1 };
      cells[2 * i + 1] = (PgTestCell){ text, -1 };
    }
  shared.result = result_new (columns, 2, cells, N_THREAD_ROWS);
  for (guint i = 0; i < N_HELD_ROWS; i++)
    shared.held[i] = g_list_model_get_item (G_LIST_MODEL (shared.result), i);

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("reader", read_in_thread, &shared);
  for (guint i = 0; i < N_THREADS; i++)
    n_wrong += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (n_wrong, ==, 0);

  for (guint i = 0; i < N_HELD_ROWS; i++)
    g_assert_finalize_object (shared.held[i]);
  g_assert_cmpuint (g_hash_table_size (shared.result->rows), ==, 0);
  g_assert_finalize_object (shared.result);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/result/no-columns", test_no_columns);
  g_test_add_func ("/pg/result/most-columns", test_most_columns);
  g_test_add_func ("/pg/result/duplicate-names", test_duplicate_names);
  g_test_add_func ("/pg/result/name-not-utf8", test_name_not_utf8);
  g_test_add_func ("/pg/result/out-of-range", test_out_of_range);
  g_test_add_func ("/pg/result/command", test_command);
  g_test_add_func ("/pg/result/empty-query", test_empty_query);
  g_test_add_func ("/pg/result/bare-object", test_bare_object);
  g_test_add_func ("/pg/result/threads", test_threads);

  return g_test_run ();
}
