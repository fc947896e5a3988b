/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-one-column.h"

#define N_ROWS 700 /* more than two blocks, and not whole bytes of validity */

static gboolean
is_valid (GBytes *validity, guint row)
{
  return validity == NULL || (((const guint8 *) g_bytes_get_data (validity, NULL))[row / 8] >> row % 8 & 1) != 0;
}

/* The block has for a row what the cell's getter gives. */
static void
check_data (PgResult *result, guint32 type, guint row, const guint8 *at)
{
  g_autoptr (GError) error = NULL;
  gint16 int2;
  gint32 int4;
  guint32 oid;
  gint64 int8;
  float float4;
  double float8, expected;

  switch (type)
    {
    case PG_OID_BOOL:
      g_assert_cmpint (*at, ==, pg_result_get_boolean (result, row, 0, &error));
      break;
    case PG_OID_INT2:
      memcpy (&int2, at, 2);
      g_assert_cmpint (int2, ==, pg_result_get_int64 (result, row, 0, &error));
      break;
    case PG_OID_INT4:
      memcpy (&int4, at, 4);
      g_assert_cmpint (int4, ==, pg_result_get_int64 (result, row, 0, &error));
      break;
    case PG_OID_OID:
      memcpy (&oid, at, 4);
      g_assert_cmpint (oid, ==, pg_result_get_int64 (result, row, 0, &error));
      break;
    case PG_OID_INT8:
      memcpy (&int8, at, 8);
      g_assert_cmpint (int8, ==, pg_result_get_int64 (result, row, 0, &error));
      break;
    case PG_OID_FLOAT4:
      memcpy (&float4, at, 4);
      float8 = float4;
      expected = pg_result_get_double (result, row, 0, &error);
      g_assert_true (float8 == expected || (float8 != float8 && expected != expected));
      break;
    case PG_OID_FLOAT8:
      memcpy (&float8, at, 8);
      expected = pg_result_get_double (result, row, 0, &error);
      g_assert_true (memcmp (&float8, &expected, 8) == 0 || (float8 != float8 && expected != expected));
      break;
    case PG_OID_DATE:
      {
        g_autoptr (PgDate) date = pg_result_dup_date (result, row, 0, &error);

        memcpy (&int4, at, 4);
        g_assert_cmpint (int4, ==, pg_date_get_days (date) + 10957);
        break;
      }
    case PG_OID_TIMESTAMP:
    case PG_OID_TIMESTAMPTZ:
      {
        g_autoptr (PgTimestamp) timestamp = pg_result_dup_timestamp (result, row, 0, &error);

        memcpy (&int8, at, 8);
        g_assert_cmpint (int8, ==, pg_timestamp_get_microseconds (timestamp) + G_GINT64_CONSTANT (946684800000000));
        break;
      }
    case PG_OID_TIME:
      {
        g_auto (GValue) value = G_VALUE_INIT;

        memcpy (&int8, at, 8);
        pg_result_get_value (result, row, 0, &value, &error);
        g_assert_cmpint (int8, ==, pg_time_get_microseconds (g_value_get_boxed (&value)));
        break;
      }
    case PG_OID_INTERVAL:
      {
        g_auto (GValue) value = G_VALUE_INIT;
        const PgInterval *interval;

        pg_result_get_value (result, row, 0, &value, &error);
        interval = g_value_get_boxed (&value);
        memcpy (&int4, at, 4);
        g_assert_cmpint (int4, ==, pg_interval_get_months (interval));
        memcpy (&int4, at + 4, 4);
        g_assert_cmpint (int4, ==, pg_interval_get_days (interval));
        memcpy (&int8, at + 8, 8);
        g_assert_cmpint (int8, ==, pg_interval_get_microseconds (interval));
        break;
      }
    case PG_OID_UUID:
      {
        g_autofree char *text = pg_result_dup_text (result, row, 0, &error);
        GString *expected_text = g_string_new (NULL);

        for (int i = 0; i < 16; i++)
          g_string_append_printf (expected_text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", at[i]);
        g_assert_cmpstr (text, ==, expected_text->str);
        g_string_free (expected_text, TRUE);
        break;
      }
    default:
      g_assert_not_reached ();
    }
  g_assert_no_error (error);
}

static const struct
{
  const char *name;
  guint32 type;
  gsize width;
} data_types[] = {
  { "bool", PG_OID_BOOL, 1 },
  { "int2", PG_OID_INT2, 2 },
  { "int4", PG_OID_INT4, 4 },
  { "int8", PG_OID_INT8, 8 },
  { "oid", PG_OID_OID, 4 },
  { "float4", PG_OID_FLOAT4, 4 },
  { "float8", PG_OID_FLOAT8, 8 },
  { "date", PG_OID_DATE, 4 },
  { "time", PG_OID_TIME, 8 },
  { "timestamp", PG_OID_TIMESTAMP, 8 },
  { "timestamptz", PG_OID_TIMESTAMPTZ, 8 },
  { "interval", PG_OID_INTERVAL, 16 },
  { "uuid", PG_OID_UUID, 16 },
};

static void
test_data (gconstpointer data)
{
  const guint index = GPOINTER_TO_UINT (data) / 2;
  const PgFormat format = GPOINTER_TO_UINT (data) % 2;
  const guint32 type = data_types[index].type;
  const gsize width = data_types[index].width;
  const guint8 zeros[16] = { 0 };
  g_auto (Fixture) all = { NULL };
  g_autofree PgTestCell *cells = g_new0 (PgTestCell, N_ROWS);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) values = NULL;
  g_autoptr (GBytes) validity = NULL;
  g_autoptr (GBytes) part = NULL;
  g_autoptr (GBytes) part_validity = NULL;
  g_autoptr (GError) error = NULL;
  guint n_values = 0;
  const guint8 *at;
  gsize size;

  g_test_summary ("The block has what the cells have, and the bitmap says which there are");

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *value = &pg_test_values[i];
      g_auto (Fixture) single = { NULL };
      g_autoptr (GBytes) block = NULL;
      g_autoptr (GError) refused = NULL;
      GBytes *bytes;
      PgTestCell cell;

      if (value->type != type)
        continue;
      bytes = format == PG_FORMAT_TEXT ? g_bytes_new (value->text, strlen (value->text)) : from_hex (value->binary);
      g_ptr_array_add (kept, bytes);
      cell.data = g_bytes_get_data (bytes, &size);
      cell.length = (gssize) size;
      fixture_init_cells (&single, type, format, &cell, 1);
      block = pg_result_dup_column_data (single.result, 0, 0, -1, NULL, &refused);
      if (strstr (value->text, "infinity") != NULL)
        {
          g_assert_error (refused, PG_ERROR, PG_ERROR_DATA);
          g_assert_nonnull (strstr (refused->message, "Row 0, column 0 (“v”)"));
          g_assert_null (block);
          continue;
        }
      /* What does not fit into 64 bits from 1970: the last thirty years of PostgreSQL's calendar. */
      if (refused != NULL)
        {
          g_assert_true (g_str_has_prefix (value->text, "2942"));
          continue;
        }
      g_assert_cmpint (g_bytes_get_size (block), ==, width);
      check_data (single.result, type, 0, g_bytes_get_data (block, NULL));
      for (guint row = n_values; row < N_ROWS; row += 3)
        if (row % 5 != 1)
          cells[row] = cell;
      n_values++;
    }
  g_assert_cmpint (n_values, >, 0);

  fixture_init_cells (&all, type, format, cells, N_ROWS);
  values = pg_result_dup_column_data (all.result, 0, 0, -1, &validity, &error);
  g_assert_no_error (error);
  at = g_bytes_get_data (values, &size);
  g_assert_cmpint (size, ==, N_ROWS * width);
  g_assert_cmpint (g_bytes_get_size (validity), ==, (N_ROWS + 7) / 8);
  for (guint row = 0; row < N_ROWS; row++)
    {
      g_assert_cmpint (is_valid (validity, row), ==, !pg_result_is_null (all.result, row, 0, NULL));
      if (is_valid (validity, row))
        check_data (all.result, type, row, at + row * width);
      else
        g_assert_cmpmem (at + row * width, width, zeros, width);
    }
  /* The bits after the last row are not set. */
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (validity, NULL))[N_ROWS / 8] >> N_ROWS % 8, ==, 0);

  part = pg_result_dup_column_data (all.result, 0, 301, 290, &part_validity, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (part, NULL), g_bytes_get_size (part), at + 301 * width, 290 * width);
  for (guint row = 0; row < 290; row++)
    g_assert_cmpint (is_valid (part_validity, row), ==, is_valid (validity, 301 + row));
}

static void
test_int64s (gconstpointer data)
{
  static const guint32 types[] = { PG_OID_INT2, PG_OID_INT4, PG_OID_INT8, PG_OID_OID };
  const PgFormat format = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Integers of every width are what the cells give");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (Fixture) f = { NULL };
      g_autofree gint64 *values = NULL;
      gsize n;

      fixture_init (&f, types[i], format, N_ROWS, 0);
      values = pg_result_dup_column_int64s (f.result, 0, 0, -1, &n, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n, ==, N_ROWS);
      for (guint row = 0; row < N_ROWS; row++)
        g_assert_cmpint (values[row], ==, pg_result_get_int64 (f.result, row, 0, NULL));
    }
}

static void
test_doubles (gconstpointer data)
{
  static const guint32 types[] = { PG_OID_INT2, PG_OID_INT4, PG_OID_FLOAT4, PG_OID_FLOAT8 };
  const PgFormat format = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Numbers are to the bit what the cells give");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (Fixture) f = { NULL };
      g_autofree double *values = NULL;
      gsize n;

      fixture_init (&f, types[i], format, N_ROWS, 0);
      values = pg_result_dup_column_doubles (f.result, 0, 0, -1, &n, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n, ==, N_ROWS);
      for (guint row = 0; row < N_ROWS; row++)
        {
          const double expected = pg_result_get_double (f.result, row, 0, NULL);

          g_assert_true (memcmp (&values[row], &expected, sizeof expected) == 0 || (values[row] != values[row] && expected != expected));
        }
    }
}

static void
test_booleans (gconstpointer data)
{
  const PgFormat format = GPOINTER_TO_UINT (data);
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree gboolean *values = NULL;
  gsize n;

  g_test_summary ("Booleans are what the cells give");

  fixture_init (&f, PG_OID_BOOL, format, N_ROWS, 0);
  values = pg_result_dup_column_booleans (f.result, 0, 0, -1, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, N_ROWS);
  for (guint row = 0; row < N_ROWS; row++)
    g_assert_cmpint (values[row], ==, pg_result_get_boolean (f.result, row, 0, NULL));
}

static void
test_not_rounded (void)
{
  const PgTestCell cells[] = { PG_TEST_TEXT ("9007199254740992"), PG_TEST_TEXT ("9007199254740993") };
  const PgTestCell numerics[] = { PG_TEST_TEXT ("12.000"), PG_TEST_TEXT ("12.5") };
  g_auto (Fixture) f = { NULL };
  g_auto (Fixture) numeric = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree double *values = NULL;
  g_autofree double *refused = NULL;
  g_autofree gint64 *integers = NULL;
  g_autofree gint64 *refused_integers = NULL;
  gsize n;

  g_test_summary ("A value that would be rounded is refused, wherever it is");

  fixture_init_cells (&f, PG_OID_INT8, PG_FORMAT_TEXT, cells, 2);
  values = pg_result_dup_column_doubles (f.result, 0, 0, 1, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (values[0], ==, 9007199254740992.);
  refused = pg_result_dup_column_doubles (f.result, 0, 0, 2, &n, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "Row 1, column 0 (“v”)"));
  g_assert_null (refused);
  g_assert_cmpint (n, ==, 0);
  g_clear_error (&error);

  fixture_init_cells (&numeric, PG_OID_NUMERIC, PG_FORMAT_TEXT, numerics, 2);
  integers = pg_result_dup_column_int64s (numeric.result, 0, 0, 1, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (integers[0], ==, 12);
  refused_integers = pg_result_dup_column_int64s (numeric.result, 0, 0, 2, &n, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_null (refused_integers);
}

static void
test_null (void)
{
  const PgTestCell cells[] = { PG_TEST_TEXT ("1"), PG_TEST_NULL };
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) validity = NULL;
  g_autoptr (GBytes) values = NULL;
  gsize n;

  g_test_summary ("SQL NULL is an error that names its row where there is no bitmap for it");

  fixture_init_cells (&f, PG_OID_INT4, PG_FORMAT_TEXT, cells, 2);
  g_assert_null (pg_result_dup_column_int64s (f.result, 0, 0, -1, &n, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_assert_nonnull (strstr (error->message, "Row 1, column 0 (“v”)"));
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_data (f.result, 0, 0, -1, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_clear_error (&error);

  /* No NULL in the range, no bitmap. */
  values = pg_result_dup_column_data (f.result, 0, 0, 1, &validity, &error);
  g_assert_no_error (error);
  g_assert_nonnull (values);
  g_assert_null (validity);
}

static void
test_range (void)
{
  g_auto (Fixture) f = { NULL };
  g_autoptr (PgResult) bare = g_object_new (PG_TYPE_RESULT, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *none = NULL;
  g_autofree gint64 *last = NULL;
  g_autofree const char **no_texts = NULL;
  g_autoptr (GBytes) no_data = NULL;
  gsize n = 99;

  g_test_summary ("A range may be empty and ends with the rows; beyond them it is an error");

  fixture_init (&f, PG_OID_INT4, PG_FORMAT_BINARY, 10, 0);
  none = pg_result_dup_column_int64s (f.result, 0, 10, -1, &n, &error);
  g_assert_no_error (error);
  g_assert_nonnull (none);
  g_assert_cmpint (n, ==, 0);
  no_texts = pg_result_dup_column_texts (f.result, 0, 4, 0, &n, &error);
  g_assert_no_error (error);
  g_assert_nonnull (no_texts);
  g_assert_null (no_texts[0]);
  no_data = pg_result_dup_column_data (f.result, 0, 10, 5, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_bytes_get_size (no_data), ==, 0);
  last = pg_result_dup_column_int64s (f.result, 0, 9, G_MAXINT, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpint (last[0], ==, pg_result_get_int64 (f.result, 9, 0, NULL));

  g_assert_null (pg_result_dup_column_int64s (f.result, 0, 11, -1, &n, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_cmpstr (error->message, ==, "Row 11 is out of range: the number of rows is 10");
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_texts (f.result, 1, 0, -1, &n, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_cmpstr (error->message, ==, "Column 1 is out of range: the number of columns is 1");
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_data (bare, 0, 0, -1, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_wrong_type (void)
{
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  gsize n;

  g_test_summary ("A column of the wrong type is an error before any row is looked at");

  fixture_init (&f, PG_OID_TEXT, PG_FORMAT_TEXT, 0, 0);
  g_assert_null (pg_result_dup_column_int64s (f.result, 0, 0, -1, &n, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_cmpstr (error->message, ==, "Column 0 (“v”): A value of type text cannot be read as a 64-bit integer");
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_doubles (f.result, 0, 0, -1, &n, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_booleans (f.result, 0, 0, -1, &n, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (pg_result_dup_column_data (f.result, 0, 0, -1, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_hostile (void)
{
  static const struct
  {
    guint32 type;
    PgFormat format;
    PgTestCell cell;
  } cases[] = {
    { PG_OID_BOOL, PG_FORMAT_BINARY, PG_TEST_BINARY ("\2") },
    { PG_OID_BOOL, PG_FORMAT_TEXT, PG_TEST_TEXT ("") },
    { PG_OID_BOOL, PG_FORMAT_TEXT, PG_TEST_TEXT ("true") },
    { PG_OID_INT2, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0") },
    { PG_OID_INT4, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0\0\0\0\0") },
    { PG_OID_INT8, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0\0\0\0\0\0\0") },
    { PG_OID_INT2, PG_FORMAT_TEXT, PG_TEST_TEXT ("32768") },
    { PG_OID_INT4, PG_FORMAT_TEXT, PG_TEST_TEXT ("-2147483649") },
    { PG_OID_INT8, PG_FORMAT_TEXT, PG_TEST_TEXT ("9223372036854775808") },
    { PG_OID_INT8, PG_FORMAT_TEXT, PG_TEST_TEXT ("-") },
    { PG_OID_INT8, PG_FORMAT_TEXT, PG_TEST_TEXT ("") },
    { PG_OID_INT8, PG_FORMAT_TEXT, PG_TEST_TEXT ("1 ") },
    { PG_OID_OID, PG_FORMAT_TEXT, PG_TEST_TEXT ("-1") },
    { PG_OID_FLOAT8, PG_FORMAT_TEXT, PG_TEST_TEXT ("1e999") },
    { PG_OID_FLOAT8, PG_FORMAT_TEXT, PG_TEST_TEXT ("1.2.3") },
    { PG_OID_FLOAT8, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0\0\0\0") },
    { PG_OID_DATE, PG_FORMAT_TEXT, PG_TEST_TEXT ("2023-02-29") },
    { PG_OID_DATE, PG_FORMAT_TEXT, PG_TEST_TEXT ("0000-01-01") },
    { PG_OID_DATE, PG_FORMAT_BINARY, PG_TEST_BINARY ("\200\0\0\1") },
    { PG_OID_TIME, PG_FORMAT_TEXT, PG_TEST_TEXT ("12:00:00.") },
    { PG_OID_TIME, PG_FORMAT_TEXT, PG_TEST_TEXT ("12:00:00.1234567") },
    { PG_OID_TIME, PG_FORMAT_TEXT, PG_TEST_TEXT ("12:60:00") },
    { PG_OID_TIME, PG_FORMAT_BINARY, PG_TEST_BINARY ("\377\377\377\377\377\377\377\377") },
    { PG_OID_TIMESTAMP, PG_FORMAT_TEXT, PG_TEST_TEXT ("2024-02-29") },
    { PG_OID_TIMESTAMP, PG_FORMAT_TEXT, PG_TEST_TEXT ("2024-02-29 12:00:00+00") },
    { PG_OID_TIMESTAMPTZ, PG_FORMAT_TEXT, PG_TEST_TEXT ("2024-02-29 12:00:00") },
    { PG_OID_TIMESTAMPTZ, PG_FORMAT_TEXT, PG_TEST_TEXT ("2024-02-29 12:00:00+0") },
    { PG_OID_TIMESTAMPTZ, PG_FORMAT_TEXT, PG_TEST_TEXT ("2024-02-29 12:00:00+00:6") },
    { PG_OID_TIMESTAMPTZ, PG_FORMAT_TEXT, PG_TEST_TEXT ("2024-02-29 12:00:00+00:99") },
    { PG_OID_TIMESTAMPTZ, PG_FORMAT_BINARY, PG_TEST_BINARY ("\200\0\0\0\0\0\0\1") },
    { PG_OID_INTERVAL, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0") },
    { PG_OID_UUID, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0") },
    { PG_OID_UUID, PG_FORMAT_TEXT, PG_TEST_TEXT ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g") },
    { PG_OID_UUID, PG_FORMAT_TEXT, PG_TEST_TEXT ("a0eebc9909c0b-4ef8-bb6d-6bb9bd380a11") },
    { PG_OID_UUID, PG_FORMAT_TEXT, PG_TEST_TEXT ("a0eebc99") },
  };

  g_test_summary ("Wrong lengths and texts of other forms are errors that name the row");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) f = { NULL };
      g_autoptr (GError) error = NULL;

      fixture_init_cells (&f, cases[i].type, cases[i].format, &cases[i].cell, 1);
      g_assert_null (pg_result_dup_column_data (f.result, 0, 0, -1, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_true (g_str_has_prefix (error->message, "Row 0, column 0 (“v”): "));
    }
}

static void
test_unusual_texts (void)
{
  const PgTestCell cells[] = { PG_TEST_TEXT ("1970-01-01 00:00:00+00"), PG_TEST_TEXT ("10000-01-01 00:00:00+00"),
                               PG_TEST_TEXT ("0001-01-01 00:00:00+00 BC"), PG_TEST_TEXT ("1970-01-01 00:00:01-00:00:01"),
                               PG_TEST_TEXT ("1970-01-01 00:00:00.000001+00") };
  const gint64 expected[] = { 0, G_GINT64_CONSTANT (253402300800000000), G_GINT64_CONSTANT (-62167219200000000), 2000000, 1 };
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) values = NULL;

  g_test_summary ("What the fast loops leave to the codecs is decoded amid what they do");

  fixture_init_cells (&f, PG_OID_TIMESTAMPTZ, PG_FORMAT_TEXT, cells, G_N_ELEMENTS (cells));
  values = pg_result_dup_column_data (f.result, 0, 0, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (values, NULL), g_bytes_get_size (values), expected, sizeof expected);
}

int
main (int argc, char **argv)
{
  static const char *formats[] = { "text", "binary" };

  g_test_init (&argc, &argv, NULL);

  for (guint format = 0; format < 2; format++)
    {
      g_autofree char *int64s = g_strdup_printf ("/pg/result-columns/int64s/%s", formats[format]);
      g_autofree char *doubles = g_strdup_printf ("/pg/result-columns/doubles/%s", formats[format]);
      g_autofree char *booleans = g_strdup_printf ("/pg/result-columns/booleans/%s", formats[format]);

      for (guint i = 0; i < G_N_ELEMENTS (data_types); i++)
        {
          g_autofree char *path = g_strdup_printf ("/pg/result-columns/data/%s/%s", data_types[i].name, formats[format]);

          g_test_add_data_func (path, GUINT_TO_POINTER (i * 2 + format), test_data);
        }
      g_test_add_data_func (int64s, GUINT_TO_POINTER (format), test_int64s);
      g_test_add_data_func (doubles, GUINT_TO_POINTER (format), test_doubles);
      g_test_add_data_func (booleans, GUINT_TO_POINTER (format), test_booleans);
    }
  g_test_add_func ("/pg/result-columns/not-rounded", test_not_rounded);
  g_test_add_func ("/pg/result-columns/null", test_null);
  g_test_add_func ("/pg/result-columns/range", test_range);
  g_test_add_func ("/pg/result-columns/wrong-type", test_wrong_type);
  g_test_add_func ("/pg/result-columns/hostile", test_hostile);
  g_test_add_func ("/pg/result-columns/unusual-texts", test_unusual_texts);

  return g_test_run ();
}
