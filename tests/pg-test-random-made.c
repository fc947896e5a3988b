/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Of the types that PG_TEST_MAKE_TYPES makes. */
#include "pg-test-random-private.h"

#include <string.h>

#include <pgconn/types/pg-quoted-private.h>

void
append_mood (GString *text)
{
  static const char *const labels[] = { "sad", "o k", "a,b", "\"q\"", "\\", "ünï", "NULL", "{}" };

  g_string_append (text, pg_test_random_pick (labels));
}

void
append_textrange (GString *text)
{
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);
  gboolean swap;

  append_name (a);
  append_name (b);
  swap = strcmp (a->str, b->str) > 0;
  g_string_append_c (text, '[');
  g_assert_true (pg_quoted_append (text, swap ? b->str : a->str, "()[],"));
  g_string_append_c (text, ',');
  if (g_test_rand_bit ())
    g_assert_true (pg_quoted_append (text, swap ? a->str : b->str, "()[],"));
  g_string_append_c (text, g_test_rand_bit () ? ']' : ')');
}

typedef struct
{
  void (*append) (GString *text);
  guint n_dimensions; /* of an array; 0: it is none */
  char delimiter;
} Field;

/* Fields that are NULL, empty, nested. */
static void
append_fields (GString *text, const Field *fields, guint n_fields)
{
  g_string_append_c (text, '(');
  for (guint i = 0; i < n_fields; i++)
    {
      const PgTestRandomType element = { .append = fields[i].append, .delimiter = fields[i].delimiter };
      g_autoptr (GString) field = g_string_new (NULL);

      if (i > 0)
        g_string_append_c (text, ',');
      if (pg_test_random_chance (6))
        continue;
      if (fields[i].n_dimensions > 0)
        pg_test_random_append_array (field, &element, fields[i].n_dimensions);
      else
        fields[i].append (field);
      g_assert_true (pg_quoted_append (text, field->str, "(),"));
    }
  g_string_append_c (text, ')');
}

/* An array of them can be a GVariant only if the arrays in it have one dimension. */
void
append_composite (GString *text)
{
  static const Field fields[] = { { append_int4, 0, 0 },        { append_text, 0, 0 },      { append_numeric, 0, 0 },
                                  { append_timestamptz, 0, 0 }, { append_int4range, 0, 0 }, { append_text, 1, ',' } };

  append_fields (text, fields, G_N_ELEMENTS (fields));
}

void
append_hstore (GString *text)
{
  for (int n = g_test_rand_int_range (0, 5), i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      for (guint part = 0; part < 2; part++)
        {
          g_autoptr (GString) word = g_string_new (NULL);

          if (part == 1)
            g_string_append (text, "=>");
          if (part == 1 && pg_test_random_chance (5))
            {
              g_string_append (text, "NULL");
              continue;
            }
          append_text (word);
          g_string_append_c (text, '"');
          for (const char *at = word->str; *at != '\0'; at++)
            {
              if (*at == '"' || *at == '\\')
                g_string_append_c (text, '\\');
              g_string_append_c (text, *at);
            }
          g_string_append_c (text, '"');
        }
    }
}

void
append_nested (GString *text)
{
  static const Field fields[] = { { append_composite, 0, 0 }, { append_mood, 2, ',' }, { append_hstore, 0, 0 },   { append_numeric, 0, 0 },
                                  { append_box, 1, ';' },     { append_hstore, 1, ',' }, { append_composite, 1, ',' } };

  append_fields (text, fields, G_N_ELEMENTS (fields));
}
