/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-one-column.h"

static void
test_texts (gconstpointer data)
{
  const PgFormat format = GPOINTER_TO_UINT (data);
  guint32 last = 0;

  g_test_summary ("All types have the texts that the cells give, and NULL for SQL NULL");

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const guint32 type = pg_test_values[i].type;
      g_auto (Fixture) f = { NULL };
      g_autofree const char **texts = NULL;
      g_autoptr (GError) error = NULL;
      gsize n;

      if (type == last || (format == PG_FORMAT_BINARY && !pg_codec_has_binary (type)))
        continue;
      last = type;
      fixture_init (&f, type, format, 300, 7);
      texts = pg_result_dup_column_texts (f.result, 0, 3, -1, &n, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n, ==, 297);
      g_assert_null (texts[n]);
      for (guint row = 0; row < n; row++)
        {
          g_autofree char *expected = pg_result_dup_text (f.result, 3 + row, 0, &error);

          g_assert_no_error (error);
          g_assert_cmpstr (texts[row], ==, expected);
        }
    }
}

static void
test_texts_wrong (void)
{
  const PgTestCell cells[] = { PG_TEST_TEXT ("ok"), PG_TEST_NULL, PG_TEST_TEXT ("\377") };
  const PgTestCell numbers[] = { PG_TEST_BINARY ("\0\0\0\1"), PG_TEST_BINARY ("\0\0\0") };
  g_auto (Fixture) f = { NULL };
  g_auto (Fixture) number = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree const char **texts = NULL;
  g_autofree const char **refused = NULL;
  gsize n;

  g_test_summary ("What is no text is an error that names the row");

  fixture_init_cells (&f, PG_OID_TEXT, PG_FORMAT_TEXT, cells, 3);
  texts = pg_result_dup_column_texts (f.result, 0, 0, 2, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 2);
  refused = pg_result_dup_column_texts (f.result, 0, 0, 3, &n, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  g_assert_nonnull (strstr (error->message, "Row 2"));
  g_assert_null (refused);
  g_clear_error (&error);

  fixture_init_cells (&number, PG_OID_INT4, PG_FORMAT_BINARY, numbers, 2);
  refused = pg_result_dup_column_texts (number.result, 0, 0, -1, &n, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "Row 1"));
  g_assert_null (refused);
}

static void
test_calendar (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
    const char *fields; /* NULL: an error */
    gsize size;
  } cases[] = {
    { PG_OID_DATE, "2024-02-29", "\x07\xe8\2\x1d", 4 },
    { PG_OID_DATE, "0001-01-01", "\0\1\1\1", 4 },
    { PG_OID_DATE, "9999-12-31", "\x27\x0f\x0c\x1f", 4 },
    { PG_OID_DATE, "10000-01-01", NULL, 0 },
    { PG_OID_DATE, "0001-12-31 BC", NULL, 0 },
    { PG_OID_DATE, "infinity", NULL, 0 },
    { PG_OID_TIME, "23:59:58.999999", "\x17\x3b\x3a\x0f\x42\x3f", 6 },
    { PG_OID_TIME, "24:00:00", "\x18\0\0\0\0\0", 6 },
    { PG_OID_TIMESTAMP, "1969-12-31 23:59:59.000001", "\x07\xb1\x0c\x1f\x17\x3b\x3b\0\0\1", 10 },
    { PG_OID_TIMESTAMP, "1970-01-01 00:00:00", "\x07\xb2\1\1\0\0\0\0\0\0", 10 },
    { PG_OID_TIMESTAMP, "0001-01-01 00:00:00", "\0\1\1\1\0\0\0\0\0\0", 10 },
    { PG_OID_TIMESTAMP, "-infinity", NULL, 0 },
    { PG_OID_TIMESTAMPTZ, "2024-02-29 12:34:56.7+05:30", "\x07\xe8\2\x1d\7\4\x38\x0a\xae\x60", 10 },
    { PG_OID_TIMESTAMPTZ, "10000-01-01 00:00:00+14", "\x27\x0f\x0c\x1f\x0a\0\0\0\0\0", 10 },
    { PG_OID_TIMESTAMPTZ, "9999-12-31 23:59:59-01", NULL, 0 },
    { PG_OID_TEXT, "2024-02-29", NULL, 0 },
  };

  g_test_summary ("Dates and times are taken apart, or are errors");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PgTestCell cells[] = { PG_TEST_NULL, PG_TEST_TEXT (cases[i].text), PG_TEST_TEXT (cases[i].text) };
      g_auto (Fixture) f = { NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) fields = NULL;
      g_autoptr (GBytes) validity = NULL;
      gsize size;

      fixture_init_cells (&f, cases[i].type, PG_FORMAT_TEXT, cells, 3);
      fields = pg_result_dup_column_calendar (f.result, 0, 0, -1, &validity, &error);
      if (cases[i].fields == NULL)
        {
          g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
          g_assert_null (fields);
          g_assert_null (validity);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (validity, NULL), g_bytes_get_size (validity), "\6", 1);
      size = cases[i].size;
      g_assert_cmpint (g_bytes_get_size (fields), ==, 3 * size);
      for (guint row = 1; row < 3; row++)
        g_assert_cmpmem ((const guint8 *) g_bytes_get_data (fields, NULL) + row * size, size, cases[i].fields, size);
    }
}

static void
test_bytes (gconstpointer data)
{
  const gboolean binary = GPOINTER_TO_UINT (data) == PG_FORMAT_BINARY;
  const PgTestCell in_text[] = { PG_TEST_TEXT ("\\x00ff"), PG_TEST_NULL, PG_TEST_TEXT ("\\x"), PG_TEST_TEXT ("\\x61") };
  const PgTestCell in_binary[] = { PG_TEST_BINARY ("\0\377"), PG_TEST_NULL, { "", 0 }, PG_TEST_BINARY ("a") };
  const gint32 expected[] = { 0, 2, 2, 2, 3 };
  g_auto (Fixture) f = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) offsets = NULL;
  g_autoptr (GBytes) validity = NULL;
  g_autoptr (GBytes) refused = NULL;
  g_autoptr (GBytes) refused_offsets = NULL;

  g_test_summary ("Bytes follow each other, and the offsets say where they begin");

  fixture_init_cells (&f, PG_OID_BYTEA, GPOINTER_TO_UINT (data), binary ? in_binary : in_text, 4);
  bytes = pg_result_dup_column_bytes (f.result, 0, 0, -1, &offsets, &validity, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\377a", 3);
  g_assert_cmpmem (g_bytes_get_data (offsets, NULL), g_bytes_get_size (offsets), expected, sizeof expected);
  g_assert_cmpmem (g_bytes_get_data (validity, NULL), g_bytes_get_size (validity), "\015", 1);

  refused = pg_result_dup_column_bytes (f.result, 0, 0, -1, &refused_offsets, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_assert_null (refused);
  g_assert_null (refused_offsets);
}

int
main (int argc, char **argv)
{
  static const char *formats[] = { "text", "binary" };

  g_test_init (&argc, &argv, NULL);

  for (guint format = 0; format < 2; format++)
    {
      g_autofree char *texts = g_strdup_printf ("/pg/result-texts/all-types/%s", formats[format]);
      g_autofree char *bytes = g_strdup_printf ("/pg/result-texts/bytes/%s", formats[format]);

      g_test_add_data_func (texts, GUINT_TO_POINTER (format), test_texts);
      g_test_add_data_func (bytes, GUINT_TO_POINTER (format), test_bytes);
    }
  g_test_add_func ("/pg/result-texts/wrong", test_texts_wrong);
  g_test_add_func ("/pg/result-texts/calendar", test_calendar);

  return g_test_run ();
}
