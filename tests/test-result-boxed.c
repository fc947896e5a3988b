/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgResult and PgRow: the getters for boxed types, with every value that is known here, in both formats. */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-raw-result.h"
#include "pg-test-values.h"
#include <pgconn/result/pg-result-private.h>

typedef gpointer (*ResultGetter) (PgResult *result, guint row, guint column, GError **error);
typedef gpointer (*RowGetter) (PgRow *row, guint column, GError **error);

typedef struct
{
  const char *name;
  GType (*get_type) (void);
  ResultGetter from_result;
  RowGetter from_row;
  char *(*to_string) (gconstpointer boxed);
} Getter;

#define GETTER(name) \
  { #name, pg_##name##_get_type, (ResultGetter) (gpointer) pg_result_dup_##name, (RowGetter) (gpointer) pg_row_dup_##name, \
    (char *(*) (gconstpointer)) (gpointer) pg_##name##_to_string }

static const Getter getters[] = {
  GETTER (time), GETTER (interval), GETTER (inet), GETTER (bit_string), GETTER (point), GETTER (range), GETTER (multirange), GETTER (array), GETTER (record),
};

/* One row with all values, and one with NULL in their place. */
static PgResult *
make_result (PgFormat format)
{
  const guint n = G_N_ELEMENTS (pg_test_values);
  g_autofree PgTestColumn *columns = g_new0 (PgTestColumn, n);
  g_autofree PgTestCell *cells = g_new0 (PgTestCell, n * 2);
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PgRawResult) raw = NULL;

  for (guint i = 0; i < n; i++)
    {
      const PgTestValue *value = &pg_test_values[i];

      columns[i] = (PgTestColumn){ "v", value->type, -1, -1, format, 0, 0 };
      if (format == PG_FORMAT_TEXT)
        {
          cells[i] = (PgTestCell) PG_TEST_TEXT (value->text);
        }
      else
        {
          gsize length = strlen (value->binary) / 2;
          guint8 *bytes = g_malloc (length + 1);

          for (gsize j = 0; j < length; j++)
            bytes[j] = (guint8) (g_ascii_xdigit_value (value->binary[2 * j]) << 4 | g_ascii_xdigit_value (value->binary[2 * j + 1]));
          g_ptr_array_add (owned, bytes);
          cells[i] = (PgTestCell){ bytes, (gssize) length };
        }
    }
  raw = pg_test_raw_result_new (columns, n, cells, 2);
  return pg_result_new (raw, NULL);
}

static void
check_value (const Getter *getter, gpointer boxed, const char *text)
{
  g_autofree char *string = boxed != NULL ? getter->to_string (boxed) : NULL;

  g_assert_cmpstr (string, ==, text);
  if (boxed != NULL)
    g_boxed_free (getter->get_type (), boxed);
}

static void
test_getters (gconstpointer format)
{
  g_autoptr (PgResult) result = make_result ((PgFormat) GPOINTER_TO_INT (format));
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  g_autoptr (PgRow) nulls = g_list_model_get_item (G_LIST_MODEL (result), 1);

  g_test_summary ("Each getter reads all values of its type, and no other; SQL NULL is NULL.");

  for (guint g = 0; g < G_N_ELEMENTS (getters); g++)
    {
      const Getter *getter = &getters[g];
      guint n_read = 0;

      for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
        {
          gboolean expected = pg_codec_get_value_type (pg_test_values[i].type) == getter->get_type ();
          g_autoptr (GError) error = NULL;
          g_autoptr (GError) row_error = NULL;
          gpointer boxed = getter->from_result (result, 0, i, &error);
          gpointer of_row = getter->from_row (row, i, &row_error);

          if (expected)
            {
              g_test_message ("%s %s", getter->name, pg_test_values[i].text);
              g_assert_no_error (error);
              g_assert_no_error (row_error);
              check_value (getter, boxed, pg_test_values[i].text);
              check_value (getter, of_row, pg_test_values[i].text);
              n_read++;
            }
          else
            {
              g_assert_null (boxed);
              g_assert_null (of_row);
              g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
              g_assert_error (row_error, PG_ERROR, PG_ERROR_DATA);
              g_assert_true (g_str_has_prefix (error->message, "Row 0, column "));
            }
          g_clear_error (&error);
          g_assert_null (getter->from_result (result, 1, i, &error));
          g_assert_no_error (error);
          g_assert_null (getter->from_row (nulls, i, &error));
          g_assert_no_error (error);
        }
      if (!g_str_equal (getter->name, "record"))
        g_assert_cmpuint (n_read, >, 0);
    }
}

static void
test_out_of_range (void)
{
  g_autoptr (PgResult) result = make_result (PG_FORMAT_TEXT);

  g_test_summary ("A position that is out of range is PG_ERROR_INTERFACE");

  for (guint g = 0; g < G_N_ELEMENTS (getters); g++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (getters[g].from_result (result, 2, 0, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
      g_clear_error (&error);
      g_assert_null (getters[g].from_result (result, 0, G_N_ELEMENTS (pg_test_values), &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
    }
}

static void
test_uint64 (void)
{
  static const struct
  {
    guint32 type;
    const char *text; /* NULL: SQL NULL */
    guint64 expected;
    int code;
  } cases[] = {
    { PG_OID_XID8, "18446744073709551615", G_MAXUINT64, 0 },
    { PG_OID_OID, "4294967295", G_MAXUINT32, 0 },
    { PG_OID_INT8, "9223372036854775807", G_MAXINT64, 0 },
    { PG_OID_INT4, "0", 0, 0 },
    { PG_OID_NUMERIC, "12.00", 12, 0 },
    { PG_OID_INT2, "-1", 0, PG_ERROR_DATA },
    { PG_OID_INT8, "-9223372036854775808", 0, PG_ERROR_DATA },
    { PG_OID_XID8, "18446744073709551616", 0, PG_ERROR_DATA },
    { PG_OID_NUMERIC, "1.5", 0, PG_ERROR_DATA },
    { PG_OID_TEXT, "1", 0, PG_ERROR_DATA },
    { PG_OID_INT4, NULL, 0, PG_ERROR_NULL_VALUE_NOT_ALLOWED },
  };
  PgTestColumn columns[G_N_ELEMENTS (cases)];
  PgTestCell cells[G_N_ELEMENTS (cases)];
  g_autoptr (PgRawResult) raw = NULL;
  g_autoptr (PgResult) result = NULL;
  g_autoptr (PgRow) row = NULL;

  g_test_summary ("Integers that are not negative are read as such; others are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      columns[i] = (PgTestColumn){ "v", cases[i].type, -1, -1, PG_FORMAT_TEXT, 0, 0 };
      cells[i] = (PgTestCell) PG_TEST_TEXT (cases[i].text);
    }
  raw = pg_test_raw_result_new (columns, G_N_ELEMENTS (cases), cells, 1);
  result = pg_result_new (raw, NULL);
  row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) row_error = NULL;

      g_assert_cmpuint (pg_result_get_uint64 (result, 0, i, &error), ==, cases[i].expected);
      g_assert_cmpuint (pg_row_get_uint64 (row, i, &row_error), ==, cases[i].expected);
      if (cases[i].code == 0)
        {
          g_assert_no_error (error);
          g_assert_no_error (row_error);
        }
      else
        {
          g_assert_error (error, PG_ERROR, cases[i].code);
          g_assert_error (row_error, PG_ERROR, cases[i].code);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/pg/result-boxed/text", GINT_TO_POINTER (PG_FORMAT_TEXT), test_getters);
  g_test_add_data_func ("/pg/result-boxed/binary", GINT_TO_POINTER (PG_FORMAT_BINARY), test_getters);
  g_test_add_func ("/pg/result-boxed/out-of-range", test_out_of_range);
  g_test_add_func ("/pg/result-boxed/uint64", test_uint64);

  return g_test_run ();
}
