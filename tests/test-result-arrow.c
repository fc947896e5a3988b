/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-one-column.h"
#include <pgconn/pgconn.h>
#include <pgconn/result/pg-arrow-abi-private.h>

#define N_ROWS 300 /* more than a block */

static void
release (struct ArrowSchema *schema, struct ArrowArray *array)
{
  schema->release (schema);
  g_assert_null (schema->release);
  array->release (array);
  g_assert_null (array->release);
}

static gboolean
get_bit (const void *bits, gint64 position)
{
  return (((const guint8 *) bits)[position / 8] >> position % 8 & 1) != 0;
}

static const struct
{
  guint32 type;
  gint32 modifier;
  const char *format;
  gint64 n_buffers;
} types[] = {
  { PG_OID_BOOL, -1, "b", 2 },
  { PG_OID_INT2, -1, "s", 2 },
  { PG_OID_INT4, -1, "i", 2 },
  { PG_OID_INT8, -1, "l", 2 },
  { PG_OID_OID, -1, "I", 2 },
  { PG_OID_FLOAT4, -1, "f", 2 },
  { PG_OID_FLOAT8, -1, "g", 2 },
  { PG_OID_NUMERIC, -1, "u", 3 },
  { PG_OID_TEXT, -1, "u", 3 },
  { PG_OID_JSONB, -1, "u", 3 },
  { PG_OID_BYTEA, -1, "z", 3 },
  { PG_OID_INTERVAL, -1, "u", 3 },
  { PG_OID_UUID, -1, "w:16", 2 },
};

static void
check_buffers (PgResult *result, const char *format, const struct ArrowArray *child)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GBytes) validity = NULL;

  if (child->n_buffers == 3 && *format == 'u')
    {
      const gint32 *offsets = child->buffers[1];
      const char *texts = child->buffers[2];

      g_assert_cmpint (offsets[0], ==, 0);
      for (guint row = 0; row < N_ROWS; row++)
        {
          g_autofree char *expected = pg_result_dup_text (result, row, 0, &error);
          const char *text = expected != NULL ? expected : "";
          const gsize length = (gsize) (offsets[row + 1] - offsets[row]);

          g_assert_no_error (error);
          g_assert_cmpmem (texts + offsets[row], length, text, strlen (text));
        }
      return;
    }
  if (child->n_buffers == 3)
    {
      g_autoptr (GBytes) offsets = NULL;

      data = pg_result_dup_column_bytes (result, 0, 0, -1, &offsets, &validity, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (child->buffers[1], (N_ROWS + 1) * 4, g_bytes_get_data (offsets, NULL), g_bytes_get_size (offsets));
      g_assert_cmpmem (child->buffers[2], g_bytes_get_size (data), g_bytes_get_data (data, NULL), g_bytes_get_size (data));
      return;
    }
  data = pg_result_dup_column_data (result, 0, 0, -1, &validity, &error);
  g_assert_no_error (error);
  if (*format == 'b')
    for (guint row = 0; row < N_ROWS; row++)
      g_assert_cmpint (get_bit (child->buffers[1], row), ==, ((const guint8 *) g_bytes_get_data (data, NULL))[row]);
  else
    g_assert_cmpmem (child->buffers[1], g_bytes_get_size (data), g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}

static void
test_types (gconstpointer data)
{
  const PgFormat format = GPOINTER_TO_UINT (data);

  g_test_summary ("The buffers have what the cells and the functions for columns have");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint null_every = 0; null_every < 8; null_every += 7)
      {
        g_auto (Fixture) f = { NULL };
        g_autoptr (GError) error = NULL;
        struct ArrowSchema schema;
        struct ArrowArray array;
        const struct ArrowArray *child;

        fixture_init (&f, types[i].type, format, N_ROWS, null_every);
        g_assert_true (pg_result_export_arrow (f.result, &schema, &array, &error));
        g_assert_no_error (error);

        g_assert_cmpstr (schema.format, ==, "+s");
        g_assert_cmpint (schema.n_children, ==, 1);
        g_assert_cmpstr (schema.children[0]->format, ==, types[i].format);
        g_assert_cmpstr (schema.children[0]->name, ==, "v");
        g_assert_cmpint (schema.children[0]->flags, ==, ARROW_FLAG_NULLABLE);

        g_assert_cmpint (array.length, ==, N_ROWS);
        g_assert_cmpint (array.null_count, ==, 0);
        g_assert_cmpint (array.n_buffers, ==, 1);
        g_assert_null (array.buffers[0]);
        child = array.children[0];
        g_assert_cmpint (child->length, ==, N_ROWS);
        g_assert_cmpint (child->n_buffers, ==, types[i].n_buffers);
        g_assert_cmpint (child->null_count, ==, null_every == 0 ? 0 : (N_ROWS + 5) / 7);
        g_assert_cmpint (child->buffers[0] == NULL, ==, null_every == 0);
        if (null_every != 0)
          for (guint row = 0; row < N_ROWS; row++)
            g_assert_cmpint (get_bit (child->buffers[0], row), ==, row % 7 != 1);
        check_buffers (f.result, types[i].format, child);
        release (&schema, &array);
      }
}

static void
test_dates (void)
{
  static const struct
  {
    guint32 type;
    const char *format;
    const char *text;
    gint64 expected;
  } cases[] = {
    { PG_OID_DATE, "tdD", "1970-01-02", 1 },
    { PG_OID_TIMESTAMP, "tsu:", "1970-01-01 00:00:01", 1000000 },
    { PG_OID_TIMESTAMPTZ, "tsu:UTC", "1970-01-01 01:00:00+01", 0 },
  };

  g_test_summary ("Dates count from 1970; an infinite one is an error that names it");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PgTestCell cells[] = { PG_TEST_TEXT (cases[i].text), PG_TEST_TEXT ("infinity") };
      g_auto (Fixture) f = { NULL };
      g_auto (Fixture) infinite = { NULL };
      g_autoptr (GError) error = NULL;
      struct ArrowSchema schema;
      struct ArrowArray array;
      const void *values;

      fixture_init_cells (&f, cases[i].type, PG_FORMAT_TEXT, cells, 1);
      g_assert_true (pg_result_export_arrow (f.result, &schema, &array, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (schema.children[0]->format, ==, cases[i].format);
      values = array.children[0]->buffers[1];
      g_assert_cmpint (cases[i].type == PG_OID_DATE ? *(const gint32 *) values : *(const gint64 *) values, ==, cases[i].expected);
      release (&schema, &array);

      fixture_init_cells (&infinite, cases[i].type, PG_FORMAT_TEXT, cells, 2);
      g_assert_false (pg_result_export_arrow (infinite.result, &schema, &array, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_true (g_str_has_prefix (error->message, "Row 1, column 0 (“v”): "));
      g_assert_null (schema.release);
      g_assert_null (array.release);
    }
}

static PgResult *
numeric_result_new (int precision, int scale, const char *text)
{
  const PgTestColumn column = { "n", PG_OID_NUMERIC, (precision << 16 | (scale & 0x7ff)) + 4, -1, PG_FORMAT_TEXT, 0, 0 };
  const PgTestCell cell = PG_TEST_TEXT (text);
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (&column, 1, &cell, 1);

  return pg_result_new (raw, NULL);
}

static void
test_decimals (void)
{
  static const struct
  {
    int precision;
    int scale;
    const char *text;
    const char *format; /* NULL: an error */
    guint64 low;
    guint64 high;
  } cases[] = {
    { 5, 2, "1.25", "d:5,2", 125, 0 },
    { 5, 2, "-1.25", "d:5,2", (guint64) -125, G_MAXUINT64 },
    { 5, 2, "7", "d:5,2", 700, 0 },
    { 3, 0, "-0", "d:3,0", 0, 0 },
    { 2, 2, "0.07", "d:2,2", 7, 0 },
    { 38, 0, "99999999999999999999999999999999999999", "d:38,0", G_GUINT64_CONSTANT (0x098a223fffffffff), G_GUINT64_CONSTANT (0x4b3b4ca85a86c47a) },
    { 38, 0, "18446744073709551616", "d:38,0", 0, 1 },
    { 38, 0, "-18446744073709551616", "d:38,0", 0, G_MAXUINT64 },
    { 5, 2, "NaN", NULL, 0, 0 },
    { 5, 2, "1.255", NULL, 0, 0 },
    { 5, 2, "1234.56", NULL, 0, 0 },
    { 39, 0, "1", "u", 0, 0 },
    { 3, -2, "100", "u", 0, 0 },
    { 3, 5, "0.00123", "u", 0, 0 },
  };

  g_test_summary ("A numeric(p,s) that fits into 128 bits is a decimal, exactly, or an error");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgResult) result = numeric_result_new (cases[i].precision, cases[i].scale, cases[i].text);
      g_autoptr (GError) error = NULL;
      struct ArrowSchema schema;
      struct ArrowArray array;
      guint64 words[2];

      if (cases[i].format == NULL)
        {
          g_assert_false (pg_result_export_arrow (result, &schema, &array, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
          continue;
        }
      g_assert_true (pg_result_export_arrow (result, &schema, &array, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (schema.children[0]->format, ==, cases[i].format);
      if (*cases[i].format == 'd')
        {
          memcpy (words, array.children[0]->buffers[1], sizeof words);
          g_assert_cmphex (words[G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0 : 1], ==, cases[i].low);
          g_assert_cmphex (words[G_BYTE_ORDER == G_LITTLE_ENDIAN ? 1 : 0], ==, cases[i].high);
        }
      release (&schema, &array);
    }
}

static void
test_lists (void)
{
  const PgTestCell cells[] = { PG_TEST_TEXT ("{1,NULL}"), PG_TEST_NULL, PG_TEST_TEXT ("{}"), PG_TEST_TEXT ("{3}"), PG_TEST_TEXT ("{{1},{2}}") };
  const gint32 offsets[] = { 0, 2, 2, 2, 3 };
  const gint32 values[] = { 1, 0, 3 };
  g_auto (Fixture) f = { NULL };
  g_auto (Fixture) deep = { NULL };
  g_autoptr (GError) error = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;
  const struct ArrowArray *list;

  g_test_summary ("An array is a list with a child; one of two dimensions is an error");

  fixture_init_cells (&f, PG_OID_INT4_ARRAY, PG_FORMAT_TEXT, cells, 4);
  g_assert_true (pg_result_export_arrow (f.result, &schema, &array, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (schema.children[0]->format, ==, "+l");
  g_assert_cmpstr (schema.children[0]->children[0]->format, ==, "i");
  list = array.children[0];
  g_assert_cmpint (list->n_buffers, ==, 2);
  g_assert_cmpint (list->null_count, ==, 1);
  g_assert_cmpint (*(const guint8 *) list->buffers[0], ==, 13);
  g_assert_cmpmem (list->buffers[1], sizeof offsets, offsets, sizeof offsets);
  g_assert_cmpint (list->children[0]->length, ==, 3);
  g_assert_cmpint (*(const guint8 *) list->children[0]->buffers[0], ==, 5);
  g_assert_cmpmem (list->children[0]->buffers[1], sizeof values, values, sizeof values);
  release (&schema, &array);

  fixture_init_cells (&deep, PG_OID_INT4_ARRAY, PG_FORMAT_TEXT, cells, 5);
  g_assert_false (pg_result_export_arrow (deep.result, &schema, &array, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "Row 4"));
}

/* time64 is less than a day. */
static void
test_end_of_day (void)
{
  const PgTestCell cells[] = { PG_TEST_TEXT ("23:59:59.999999"), PG_TEST_NULL, PG_TEST_TEXT ("24:00:00") };
  const PgTestCell arrays[] = { PG_TEST_TEXT ("{00:00:00}"), PG_TEST_TEXT ("{00:00:00,24:00:00}") };
  const struct
  {
    guint32 type;
    const PgTestCell *cells;
    guint n_cells;
    const char *row;
  } cases[] = { { PG_OID_TIME, cells, 3, "Row 2" }, { PG_OID_TIME_ARRAY, arrays, 2, "Row 1" } };

  g_test_summary ("The time 24:00 is an error that names it, by itself and in an array");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fixture) without = { NULL };
      g_auto (Fixture) f = { NULL };
      g_autoptr (GError) error = NULL;
      struct ArrowSchema schema;
      struct ArrowArray array;

      fixture_init_cells (&without, cases[i].type, PG_FORMAT_TEXT, cases[i].cells, cases[i].n_cells - 1);
      g_assert_true (pg_result_export_arrow (without.result, &schema, &array, &error));
      g_assert_no_error (error);
      if (cases[i].type == PG_OID_TIME)
        {
          g_assert_cmpstr (schema.children[0]->format, ==, "ttu");
          g_assert_cmpint (*(const gint64 *) array.children[0]->buffers[1], ==, G_TIME_SPAN_DAY - 1);
        }
      release (&schema, &array);

      fixture_init_cells (&f, cases[i].type, PG_FORMAT_TEXT, cases[i].cells, cases[i].n_cells);
      g_assert_false (pg_result_export_arrow (f.result, &schema, &array, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_nonnull (strstr (error->message, cases[i].row));
      g_assert_nonnull (strstr (error->message, "24:00"));
    }
}

static void
test_moved_children (void)
{
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  struct ArrowSchema schema, child_schema;
  struct ArrowArray array, child;

  g_test_summary ("A consumer may move a child away, and release it last, when the result is gone");

  fixture_init (&f, PG_OID_TEXT, PG_FORMAT_TEXT, 3, 0);
  g_assert_true (pg_result_export_arrow (f.result, &schema, &array, &error));
  g_assert_no_error (error);
  g_clear_object (&f.result);
  child = *array.children[0];
  array.children[0]->release = NULL;
  child_schema = *schema.children[0];
  schema.children[0]->release = NULL;
  release (&schema, &array);

  g_assert_cmpstr (child_schema.format, ==, "u");
  g_assert_cmpint (child.length, ==, 3);
  g_assert_cmpint (((const gint32 *) child.buffers[1])[0], ==, 0);
  release (&child_schema, &child);
}

static void
test_stream (void)
{
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A stream has one array, then the end; it may be released before or after that");

  fixture_init (&f, PG_OID_INT4, PG_FORMAT_BINARY, 3, 2);
  for (guint n_read = 0; n_read < 3; n_read++)
    {
      struct ArrowArrayStream stream;
      struct ArrowSchema schema;
      struct ArrowArray array;

      g_assert_true (pg_result_export_arrow_stream (f.result, &stream, &error));
      g_assert_no_error (error);
      g_assert_cmpint (stream.get_schema (&stream, &schema), ==, 0);
      g_assert_cmpstr (schema.children[0]->format, ==, "i");
      schema.release (&schema);
      g_assert_null (stream.get_last_error (&stream));
      if (n_read > 0)
        {
          g_assert_cmpint (stream.get_next (&stream, &array), ==, 0);
          g_assert_cmpint (array.length, ==, 3);
          array.release (&array);
        }
      if (n_read > 1)
        {
          g_assert_cmpint (stream.get_next (&stream, &array), ==, 0);
          g_assert_null (array.release);
        }
      stream.release (&stream);
      g_assert_null (stream.release);
    }
}

static void
test_nothing (void)
{
  g_autoptr (PgResult) bare = g_object_new (PG_TYPE_RESULT, NULL);
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;

  g_test_summary ("Without rows the buffers are there all the same, and without columns the structure");

  fixture_init (&f, PG_OID_TEXT, PG_FORMAT_TEXT, 0, 0);
  g_assert_true (pg_result_export_arrow (f.result, &schema, &array, &error));
  g_assert_no_error (error);
  g_assert_cmpint (array.length, ==, 0);
  g_assert_cmpint (*(const gint32 *) array.children[0]->buffers[1], ==, 0);
  g_assert_nonnull (array.children[0]->buffers[2]);
  release (&schema, &array);

  g_assert_true (pg_result_export_arrow (bare, &schema, &array, &error));
  g_assert_no_error (error);
  g_assert_cmpint (schema.n_children, ==, 0);
  release (&schema, &array);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/pg/result-arrow/types/text", GUINT_TO_POINTER (PG_FORMAT_TEXT), test_types);
  g_test_add_data_func ("/pg/result-arrow/types/binary", GUINT_TO_POINTER (PG_FORMAT_BINARY), test_types);
  g_test_add_func ("/pg/result-arrow/dates", test_dates);
  g_test_add_func ("/pg/result-arrow/decimals", test_decimals);
  g_test_add_func ("/pg/result-arrow/lists", test_lists);
  g_test_add_func ("/pg/result-arrow/end-of-day", test_end_of_day);
  g_test_add_func ("/pg/result-arrow/moved-children", test_moved_children);
  g_test_add_func ("/pg/result-arrow/stream", test_stream);
  g_test_add_func ("/pg/result-arrow/nothing", test_nothing);

  return g_test_run ();
}
