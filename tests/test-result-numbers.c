/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-one-column.h"

#define N_ROWS 700 /* more than two blocks, and not whole bytes of validity */

static const struct
{
  const char *name;
  guint32 type;
} data_types[] = {
  { "bool", PG_OID_BOOL },
  { "int2", PG_OID_INT2 },
  { "int4", PG_OID_INT4 },
  { "int8", PG_OID_INT8 },
  { "oid", PG_OID_OID },
  { "float4", PG_OID_FLOAT4 },
  { "float8", PG_OID_FLOAT8 },
  { "date", PG_OID_DATE },
  { "time", PG_OID_TIME },
  { "timestamp", PG_OID_TIMESTAMP },
  { "timestamptz", PG_OID_TIMESTAMPTZ },
  { "interval", PG_OID_INTERVAL },
  { "uuid", PG_OID_UUID },
};

/* The value of a fixed width as a number; FALSE where a double would be another: where more than 53 bits are between the highest and the lowest. */
static gboolean
number_of (guint32 type, const guint8 *at, double *number)
{
  gint16 narrow;
  gint32 word;
  guint32 unsigned_word;
  gint64 wide;
  guint64 bits;
  float single;

  switch (type)
    {
    case PG_OID_BOOL:
      *number = *at;
      return TRUE;
    case PG_OID_INT2:
      memcpy (&narrow, at, sizeof narrow);
      *number = narrow;
      return TRUE;
    case PG_OID_INT4:
    case PG_OID_DATE:
      memcpy (&word, at, sizeof word);
      *number = word;
      return TRUE;
    case PG_OID_OID:
    case PG_OID_XID:
    case PG_OID_CID:
      memcpy (&unsigned_word, at, sizeof unsigned_word);
      *number = unsigned_word;
      return TRUE;
    case PG_OID_FLOAT4:
      memcpy (&single, at, sizeof single);
      *number = single;
      return TRUE;
    case PG_OID_FLOAT8:
      memcpy (number, at, sizeof *number);
      return TRUE;
    default:
      memcpy (&wide, at, sizeof wide);
      *number = (double) wide;
      for (bits = wide < 0 ? -(guint64) wide : (guint64) wide; bits > 0 && bits % 2 == 0;)
        bits /= 2;
      return bits < G_GUINT64_CONSTANT (1) << 53;
    }
}

static void
test_numbers (gconstpointer data)
{
  const guint32 type = data_types[GPOINTER_TO_UINT (data) / 2].type;
  const gboolean is_number = type != PG_OID_INTERVAL && type != PG_OID_UUID;
  const PgFormat format = GPOINTER_TO_UINT (data) % 2;
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  PgTestCell cells[N_ROWS];
  g_auto (Fixture) all = { NULL };
  g_autofree double *numbers = NULL;
  g_autofree guint *nulls = NULL;
  g_autoptr (GError) error = NULL;
  gsize n, n_nulls, found = 0;
  guint n_exact = 0;

  g_test_summary ("A number is what the block has; what a double is not exactly is an error that names it; of intervals and UUIDs there is none");

  for (guint i = 0; i < N_ROWS; i++)
    cells[i] = (PgTestCell) { NULL, -1 };
  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *value = &pg_test_values[i];
      g_auto (Fixture) single = { NULL };
      g_autoptr (GBytes) block = NULL;
      g_autofree double *number = NULL;
      g_autofree guint *no_nulls = NULL;
      g_autoptr (GError) refused = NULL;
      double expected;
      PgTestCell cell;
      gsize size;

      if (value->type != type)
        continue;
      g_ptr_array_add (kept, format == PG_FORMAT_TEXT ? g_bytes_new (value->text, strlen (value->text)) : from_hex (value->binary));
      cell.data = g_bytes_get_data (kept->pdata[kept->len - 1], &size);
      cell.length = (gssize) size;
      fixture_init_cells (&single, type, format, &cell, 1);
      block = pg_result_dup_column_data (single.result, 0, 0, -1, NULL, NULL);
      number = pg_result_dup_column_numbers (single.result, 0, 0, -1, &n, &no_nulls, &n_nulls, &refused);
      g_assert_null (no_nulls);
      g_assert_cmpuint (n_nulls, ==, 0);
      if (!is_number || block == NULL || !number_of (type, g_bytes_get_data (block, NULL), &expected))
        {
          g_assert_error (refused, PG_ERROR, PG_ERROR_DATA);
          g_assert_nonnull (strstr (refused->message, is_number ? "Row 0, column 0 (“v”)" : "Column 0 (“v”)"));
          g_assert_null (number);
          g_assert_cmpuint (n, ==, 0);
          continue;
        }
      g_assert_no_error (refused);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpmem (number, sizeof *number, &expected, sizeof expected);
      for (guint row = n_exact++; row < N_ROWS; row += 3)
        if (row % 5 != 1)
          cells[row] = cell;
    }
  if (!is_number)
    return;
  g_assert_cmpuint (n_exact, >, 0);

  fixture_init_cells (&all, type, format, cells, N_ROWS);
  numbers = pg_result_dup_column_numbers (all.result, 0, 2, -1, &n, &nulls, &n_nulls, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, N_ROWS - 2);
  for (guint row = 2; row < N_ROWS; row++)
    {
      g_autoptr (GBytes) block = pg_result_dup_column_data (all.result, 0, row, 1, NULL, NULL);
      double expected = 0;

      if (block == NULL)
        g_assert_cmpuint (nulls[found++], ==, row - 2);
      else
        g_assert_true (number_of (type, g_bytes_get_data (block, NULL), &expected));
      g_assert_cmpmem (&numbers[row - 2], sizeof expected, &expected, sizeof expected);
    }
  g_assert_cmpuint (found, ==, n_nulls);
  g_assert_cmpuint (n_nulls, >, 0);
}

static void
test_wrong (void)
{
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree double *none = NULL;
  guint *nulls;
  gsize n, n_nulls;

  g_test_summary ("A column of another type, or that there is not, is an error; no rows are none");

  fixture_init (&f, PG_OID_TEXT, PG_FORMAT_TEXT, 0, 0);
  g_assert_null (pg_result_dup_column_numbers (f.result, 0, 0, -1, &n, &nulls, &n_nulls, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_numbers (f.result, 1, 0, -1, &n, &nulls, &n_nulls, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_null (nulls);
  g_assert_cmpuint (n + n_nulls, ==, 0);
  g_clear_error (&error);
  fixture_clear (&f);

  fixture_init (&f, PG_OID_INT4, PG_FORMAT_BINARY, 0, 0);
  none = pg_result_dup_column_numbers (f.result, 0, 0, -1, &n, &nulls, &n_nulls, &error);
  g_assert_no_error (error);
  g_assert_nonnull (none);
  g_assert_null (nulls);
  g_assert_cmpuint (n + n_nulls, ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *formats[] = { "text", "binary" };

  g_test_init (&argc, &argv, NULL);

  for (guint format = 0; format < 2; format++)
    for (guint i = 0; i < G_N_ELEMENTS (data_types); i++)
      {
        g_autofree char *path = g_strdup_printf ("/pg/result-numbers/%s/%s", data_types[i].name, formats[format]);

        g_test_add_data_func (path, GUINT_TO_POINTER (i * 2 + format), test_numbers);
      }
  g_test_add_func ("/pg/result-numbers/wrong", test_wrong);

  return g_test_run ();
}
