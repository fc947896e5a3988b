/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-raw-result.h"
#include <pgconn/result/pg-result-private.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-timestamp.h>

#define OID_BOOL 16
#define OID_BYTEA 17
#define OID_INT4 23
#define OID_TEXT 25
#define OID_FLOAT8 701
#define OID_DATE 1082
#define OID_TIMESTAMPTZ 1184
#define OID_NUMERIC 1700

static PgResult *
result_new (const PgTestColumn *columns, guint n_columns, const PgTestCell *cells, guint n_rows)
{
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (columns, n_columns, cells, n_rows);

  return pg_result_new (raw, NULL);
}

static PgResult *
result_new_three_rows (void)
{
  PgTestColumn columns[] = { { "id", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 }, { "name", OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 } };
  PgTestCell cells[] = {
    PG_TEST_TEXT ("10"), PG_TEST_TEXT ("a"), PG_TEST_TEXT ("11"), PG_TEST_NULL, PG_TEST_TEXT ("12"), PG_TEST_TEXT ("c"),
  };

  return result_new (columns, 2, cells, 3);
}

static void
test_list_model (void)
{
  g_autoptr (PgResult) result = result_new_three_rows ();
  GListModel *model = G_LIST_MODEL (result);
  g_autoptr (PgRow) beyond = NULL;

  g_test_summary ("A result is a list model of rows, in order");

  g_assert_cmpstr (g_type_name (g_list_model_get_item_type (model)), ==, "PgRow");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgRow) row = g_list_model_get_item (model, i);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (pg_row_get_position (row), ==, i);
      g_assert_true (pg_row_get_result (row) == result);
      g_assert_cmpuint (pg_row_get_n_columns (row), ==, 2);
      g_assert_cmpint (pg_row_get_int64 (row, 0, &error), ==, 10 + i);
      g_assert_no_error (error);
    }
  beyond = g_list_model_get_item (model, 3);
  g_assert_null (beyond);
}

static void
test_identity (void)
{
  g_autoptr (PgResult) result = result_new_three_rows ();
  GListModel *model = G_LIST_MODEL (result);
  PgRow *first = g_list_model_get_item (model, 0);
  PgRow *again = g_list_model_get_item (model, 0);
  PgRow *second = g_list_model_get_item (model, 1);
  GWeakRef weak;

  g_test_summary ("A position has one row for as long as somebody holds it, and the result holds none");

  g_assert_true (first == again);
  g_assert_true (first != second);
  g_object_unref (again);
  g_weak_ref_init (&weak, first);
  g_assert_finalize_object (first);
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);

  first = g_list_model_get_item (model, 0);
  again = g_list_model_get_item (model, 0);
  g_assert_true (first == again);
  g_assert_cmpuint (pg_row_get_position (first), ==, 0);
  g_object_unref (again);
  g_assert_finalize_object (first);
  g_assert_finalize_object (second);
}

static void
take_row (gpointer data, GObject *where_the_object_was)
{
  PgRow **row = data;

  /* The old one cannot be had any more, but the position can. */
  *row = g_list_model_get_item (G_LIST_MODEL (pg_row_get_result ((PgRow *) where_the_object_was)), 0);
}

static void
test_taken_while_freed (void)
{
  g_autoptr (PgResult) result = result_new_three_rows ();
  PgRow *old = g_list_model_get_item (G_LIST_MODEL (result), 0);
  PgRow *young = NULL;
  g_autoptr (PgRow) again = NULL;

  g_test_summary ("A row asked for while the old one of the position is being freed is a new one and stays the position's");

  g_object_weak_ref (G_OBJECT (old), take_row, &young);
  g_object_unref (old);

  g_assert_nonnull (young);
  again = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_assert_true (again == young);
  g_assert_cmpuint (pg_row_get_position (young), ==, 0);
  g_clear_object (&again);
  g_assert_finalize_object (young);
}

static void
test_identity_after_dispose (void)
{
  g_autoptr (PgResult) result = result_new_three_rows ();
  PgRow *row = g_list_model_get_item (G_LIST_MODEL (result), 1);
  PgRow *next, *again;

  g_test_summary ("A row that was disposed of, twice even, can be read while it is held; its position has another one then, which stays when the former ends");

  g_object_run_dispose (G_OBJECT (row));
  g_object_run_dispose (G_OBJECT (row));
  next = g_list_model_get_item (G_LIST_MODEL (result), 1);
  g_assert_true (next != row);
  g_assert_cmpint (pg_row_get_int64 (row, 0, NULL), ==, 11);
  g_assert_cmpint (pg_row_get_int64 (next, 0, NULL), ==, 11);
  g_assert_finalize_object (row);

  again = g_list_model_get_item (G_LIST_MODEL (result), 1);
  g_assert_true (again == next);
  g_object_unref (again);
  g_assert_finalize_object (next);
}

typedef struct
{
  guint n_first;
  guint n_last;
} Toggles;

static void
dispose_when_shared (gpointer data, GObject *object, gboolean is_last_reference)
{
  Toggles *toggles = data;

  if (is_last_reference)
    {
      toggles->n_last++;
    }
  else
    {
      toggles->n_first++;
      /* As if another thread dropped its last reference just now; needs the result's lock. */
      g_object_run_dispose (object);
    }
}

static void
test_toggle_reference (void)
{
  g_autoptr (PgResult) result = result_new_three_rows ();
  PgRow *row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  PgRow *again;
  Toggles toggles = { 0, 0 };

  g_test_summary ("A binding's toggle reference is told without the result's lock, and a row survives being dropped while it is looked up");

  g_object_add_toggle_ref (G_OBJECT (row), dispose_when_shared, &toggles);
  g_object_unref (row);
  g_assert_cmpuint (toggles.n_last, ==, 1);

  again = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_assert_true (again == row);
  g_assert_cmpuint (toggles.n_first, ==, 1);
  g_assert_cmpuint (G_OBJECT (row)->ref_count, ==, 2);

  g_object_unref (again);
  g_assert_cmpuint (toggles.n_last, ==, 2);
  g_object_add_weak_pointer (G_OBJECT (row), (gpointer *) &row);
  g_object_remove_toggle_ref (G_OBJECT (row), dispose_when_shared, &toggles);
  g_assert_null (row);
}

static void
test_outlives_result (void)
{
  PgResult *result = result_new_three_rows ();
  PgRow *row = g_list_model_get_item (G_LIST_MODEL (result), 2);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A row keeps its result alive, and frees it at the end");

  g_object_unref (result);
  text = pg_row_dup_text (row, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "c");

  g_object_add_weak_pointer (G_OBJECT (result), (gpointer *) &result);
  g_object_unref (row);
  g_assert_null (result);
}

static void
test_getters (void)
{
  PgTestColumn columns[] = {
    { "b", OID_BOOL, -1, 1, PG_FORMAT_TEXT, 0, 0 },
    { "i", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
    { "d", OID_FLOAT8, -1, 8, PG_FORMAT_TEXT, 0, 0 },
    { "n", OID_NUMERIC, -1, -1, PG_FORMAT_TEXT, 0, 0 },
    { "day", OID_DATE, -1, 4, PG_FORMAT_TEXT, 0, 0 },
    { "t", OID_TIMESTAMPTZ, -1, 8, PG_FORMAT_TEXT, 0, 0 },
    { "bytes", OID_BYTEA, -1, -1, PG_FORMAT_TEXT, 0, 0 },
    { "s", OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 },
    { "null", OID_INT4, -1, -1, PG_FORMAT_TEXT, 0, 0 },
  };
  PgTestCell cells[] = {
    PG_TEST_TEXT ("t"),
    PG_TEST_TEXT ("7"),
    PG_TEST_TEXT ("0.5"),
    PG_TEST_TEXT ("1.50"),
    PG_TEST_TEXT ("2024-02-29"),
    PG_TEST_TEXT ("2024-02-29 12:00:00+00"),
    PG_TEST_TEXT ("\\x00ff"),
    PG_TEST_TEXT ("text"),
    PG_TEST_NULL,
  };
  g_autoptr (PgResult) result = result_new (columns, G_N_ELEMENTS (columns), cells, 1);
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_autoptr (GError) error = NULL;
  PgNumeric *numeric;
  PgDate *date;
  PgTimestamp *timestamp;
  g_autofree char *numeric_text = NULL;
  g_autofree char *date_text = NULL;
  g_autofree char *timestamp_text = NULL;
  g_autofree char *dup = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpint (pg_row_find_column (row, "day"), ==, 4);
  g_assert_cmpint (pg_row_find_column (row, "nights"), ==, -1);
  g_assert_true (pg_row_get_boolean (row, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_row_get_int64 (row, 1, &error), ==, 7);
  g_assert_no_error (error);
  g_assert_cmpfloat (pg_row_get_double (row, 2, &error), ==, 0.5);
  g_assert_no_error (error);

  numeric = pg_row_dup_numeric (row, 3, &error);
  g_assert_no_error (error);
  numeric_text = pg_numeric_to_string (numeric);
  pg_numeric_unref (numeric);
  g_assert_cmpstr (numeric_text, ==, "1.50");
  date = pg_row_dup_date (row, 4, &error);
  g_assert_no_error (error);
  date_text = pg_date_to_string (date);
  pg_date_unref (date);
  g_assert_cmpstr (date_text, ==, "2024-02-29");
  timestamp = pg_row_dup_timestamp (row, 5, &error);
  g_assert_no_error (error);
  timestamp_text = pg_timestamp_to_string (timestamp);
  pg_timestamp_unref (timestamp);
  g_assert_cmpstr (timestamp_text, ==, "2024-02-29 12:00:00+00");
  bytes = pg_row_dup_bytes (row, 6, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\377", 2);

  g_assert_cmpstr (pg_row_get_text (row, 7, &error), ==, "text");
  g_assert_no_error (error);
  dup = pg_row_dup_text (row, 7, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dup, ==, "text");
  g_assert_true (pg_row_get_value (row, 1, &value, &error));
  g_assert_no_error (error);
  g_assert_true (G_VALUE_HOLDS_INT (&value));
  g_assert_cmpint (g_value_get_int (&value), ==, 7);

  g_assert_true (pg_row_is_null (row, 8, &error));
  g_assert_no_error (error);
  g_assert_false (pg_row_is_null (row, 7, &error));
  g_assert_no_error (error);

  g_assert_false (pg_row_is_null (row, 9, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_nonnull (strstr (error->message, "Column 9"));
}

static void
test_dup_variant (void)
{
  g_autoptr (PgResult) result = result_new_three_rows ();
  const char *expected[] = { "(just 10, just 'a')", "(just 11, nothing)", "(just 12, just 'c')" };

  g_test_summary ("The tuple has the same type whichever values are NULL");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) tuple = pg_row_dup_variant (row, &error);
      g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE ("(mims)"), expected[i], NULL, NULL, NULL);

      g_assert_no_error (error);
      g_assert_false (g_variant_is_floating (tuple));
      g_assert_cmpvariant (tuple, parsed);
    }
}

static void
test_dup_variant_without_columns (void)
{
  g_autoptr (PgResult) result = result_new (NULL, 0, NULL, 1);
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) tuple = pg_row_dup_variant (row, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (tuple), ==, "()");
}

static void
test_dup_variant_error (void)
{
  PgTestColumn columns[] = { { "good", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 }, { "bad", OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 } };
  PgTestCell cells[] = { PG_TEST_TEXT ("1"), PG_TEST_TEXT ("one") };
  g_autoptr (PgResult) result = result_new (columns, 2, cells, 1);
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) tuple = pg_row_dup_variant (row, &error);

  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "bad"));
  g_assert_null (tuple);
}

static void
test_bare_object (void)
{
  PgRow *row = g_object_new (PG_TYPE_ROW, NULL);

  g_test_summary ("A row that a script makes by the GObject constructor can be freed");

  g_assert_null (pg_row_get_result (row));
  g_assert_finalize_object (row);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/row/list-model", test_list_model);
  g_test_add_func ("/pg/row/identity", test_identity);
  g_test_add_func ("/pg/row/taken-while-freed", test_taken_while_freed);
  g_test_add_func ("/pg/row/identity-after-dispose", test_identity_after_dispose);
  g_test_add_func ("/pg/row/toggle-reference", test_toggle_reference);
  g_test_add_func ("/pg/row/outlives-result", test_outlives_result);
  g_test_add_func ("/pg/row/getters", test_getters);
  g_test_add_func ("/pg/row/dup-variant", test_dup_variant);
  g_test_add_func ("/pg/row/dup-variant-without-columns", test_dup_variant_without_columns);
  g_test_add_func ("/pg/row/dup-variant-error", test_dup_variant_error);
  g_test_add_func ("/pg/row/bare-object", test_bare_object);

  return g_test_run ();
}
