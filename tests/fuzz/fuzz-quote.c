/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Texts in arrays, records and ranges. The input: texts with a byte 1 between them; one that is a byte 2 is SQL NULL. */
#include "pg-fuzz.h"

#include <string.h>

#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-quoted-private.h>

/* What came out is what went in. */
static void
check_array (char **texts, guint n, guint32 type, guint32 element_type)
{
  const char delimiter = pg_array_get_delimiter (NULL, element_type);
  g_autoptr (GString) literal = g_string_new ("{");
  g_auto (PgArrayParts) parts = { 0 };
  GError *error = NULL;
  PgWireValue wire;

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (literal, delimiter);
      pg_array_text_quote (literal, texts[i], -1, delimiter);
    }
  g_string_append_c (literal, '}');
  pg_fuzz_note ("%s", literal->str);

  wire = (PgWireValue){ .data = (const guint8 *) literal->str, .length = literal->len, .type = type, .modifier = -1, .format = PG_FORMAT_TEXT };
  pg_fuzz_check (pg_fuzz_result (pg_array_parts_read (&wire, &parts, &error), &error, TRUE));
  pg_fuzz_check (parts.n_elements == n);
  for (guint i = 0; i < n; i++)
    {
      const PgWireValue *element = &parts.elements[i];

      pg_fuzz_check ((element->data == NULL) == (texts[i] == NULL));
      if (texts[i] != NULL)
        pg_fuzz_check (element->length == strlen (texts[i]) && memcmp (element->data, texts[i], element->length) == 0);
    }
}

static void
check_record (char **texts, guint n)
{
  g_autoptr (GString) literal = g_string_new ("(");
  g_autoptr (PgRecord) record = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (literal, ',');
      if (texts[i] != NULL)
        pg_fuzz_check (pg_quoted_append (literal, texts[i], "(),"));
    }
  g_string_append_c (literal, ')');
  pg_fuzz_note ("%s", literal->str);

  record = pg_record_parse (literal->str, &error);
  pg_fuzz_check (pg_fuzz_result (record != NULL, &error, TRUE));
  pg_fuzz_check (pg_record_get_n_fields (record) == n);
  for (guint i = 0; i < n; i++)
    pg_fuzz_check (g_strcmp0 (pg_record_get_text (record, i), texts[i]) == 0);
  text = pg_record_to_string (record);
  pg_fuzz_check (g_strcmp0 (text, literal->str) == 0);
}

static void
check_range (const char *lower, const char *upper)
{
  static const char *const bounds[] = { "[]", "[)", "(]", "()" };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      g_autoptr (PgRange) range = pg_range_new (PG_OID_TEXT, lower, upper, bounds[i], &error);
      g_autoptr (PgRange) again = NULL;
      g_autofree char *text = NULL;

      pg_fuzz_check (pg_fuzz_result (range != NULL, &error, TRUE));
      text = pg_range_to_string (range);
      pg_fuzz_note ("%s", text);
      again = pg_range_parse (text, PG_OID_TEXT, &error);
      pg_fuzz_check (pg_fuzz_result (again != NULL, &error, TRUE));
      pg_fuzz_check (pg_range_equal (range, again) && pg_range_compare (range, again) == 0 && pg_range_hash (range) == pg_range_hash (again));
      pg_fuzz_check (g_strcmp0 (pg_range_get_lower (range), pg_range_get_lower (again)) == 0);
      pg_fuzz_check (g_strcmp0 (pg_range_get_upper (range), pg_range_get_upper (again)) == 0);
      if (!pg_range_is_empty (range))
        pg_fuzz_check (g_strcmp0 (pg_range_get_lower (range), lower) == 0 && g_strcmp0 (pg_range_get_upper (range), upper) == 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *all = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");
  g_auto (GStrv) pieces = NULL;
  g_autofree char **texts = NULL;
  guint n;

  /* Texts are UTF-8 everywhere. */
  if (!g_utf8_validate (all, -1, NULL))
    return 0;
  pieces = g_strsplit (all, "\1", -1);
  if (pieces[0] == NULL)
    return 0;
  n = g_strv_length (pieces);
  texts = g_new (char *, n);
  for (guint i = 0; i < n; i++)
    texts[i] = strcmp (pieces[i], "\2") == 0 ? NULL : pieces[i];

  check_array (texts, n, PG_OID_TEXT_ARRAY, PG_OID_TEXT);
  check_array (texts, n, PG_OID_BOX_ARRAY, PG_OID_BOX);
  check_record (texts, n);
  check_range (texts[0], texts[n - 1]);
  return 0;
}
