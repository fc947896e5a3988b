/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is made of several parts. */
#include "pg-test-random-private.h"

void
append_point (GString *text)
{
  g_string_append_c (text, '(');
  append_float8 (text);
  g_string_append_c (text, ',');
  append_float8 (text);
  g_string_append_c (text, ')');
}

static void
append_points (GString *text, int n, const char *brackets)
{
  g_string_append_c (text, brackets[0]);
  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_point (text);
    }
  g_string_append_c (text, brackets[1]);
}

void
append_lseg (GString *text)
{
  append_points (text, 2, "[]");
}

void
append_box (GString *text)
{
  append_points (text, 2, "()");
}

void
append_path (GString *text)
{
  append_points (text, g_test_rand_int_range (1, 6), g_test_rand_bit () ? "[]" : "()");
}

void
append_polygon (GString *text)
{
  append_points (text, g_test_rand_int_range (1, 6), "()");
}

void
append_line (GString *text)
{
  /* A and B are not both 0. */
  g_string_append_printf (text, "{%d,", g_test_rand_int_range (1, 1000));
  append_float8 (text);
  g_string_append_c (text, ',');
  append_float8 (text);
  g_string_append_c (text, '}');
}

void
append_circle (GString *text)
{
  g_string_append_c (text, '<');
  append_point (text);
  g_string_append_printf (text, ",%d.%d>", g_test_rand_int_range (0, 10000), g_test_rand_int_range (0, 1000));
}

void
append_tid (GString *text)
{
  g_string_append_printf (text, "(%u,%d)", (guint) g_test_rand_int (), g_test_rand_int_range (0, 65536));
}

void
append_lsn (GString *text)
{
  g_string_append_printf (text, "%X/%X", (guint) (rand_bits () >> g_test_rand_int_range (32, 64)), (guint) g_test_rand_int ());
}

void
append_snapshot (GString *text)
{
  gint64 id = rand_between (1, 1000);

  g_string_append_printf (text, "%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":", id, id + 1000);
  for (int n = g_test_rand_int_range (0, 5), i = 0; i < n; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", id += g_test_rand_int_range (1, 100));
}

static void
append_vector (GString *text, void (*append) (GString *))
{
  for (int n = g_test_rand_int_range (0, 6), i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      append (text);
    }
}

void
append_int2vector (GString *text)
{
  append_vector (text, append_int2);
}

void
append_oidvector (GString *text)
{
  append_vector (text, append_oid);
}

void
append_lexeme (GString *text)
{
  static const char *const pieces[] = { "a", "b", "''", "\\\\", " ", ":", "é", "😀", "&", "|", "!", "(", ")" };

  g_string_append_c (text, '\'');
  for (int n = g_test_rand_int_range (1, 5); n > 0; n--)
    g_string_append (text, pg_test_random_pick (pieces));
  g_string_append_c (text, '\'');
}

void
append_tsvector (GString *text)
{
  for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
    {
      append_lexeme (text);
      for (int positions = g_test_rand_int_range (0, 4), i = 0; i < positions; i++)
        {
          g_string_append_printf (text, "%c%d", i == 0 ? ':' : ',', g_test_rand_int_range (1, 16384));
          if (g_test_rand_bit ())
            g_string_append_c (text, "ABCD"[g_test_rand_int_range (0, 4)]);
        }
      g_string_append_c (text, ' ');
    }
}

static void
append_tsquery_nested (GString *text, int depth)
{
  static const char *const operators[] = { " & ", " | ", " <-> ", " <7> " };

  if (pg_test_random_chance (5))
    g_string_append_c (text, '!');
  if (depth > 3 || g_test_rand_bit ())
    {
      append_lexeme (text);
      if (pg_test_random_chance (4))
        g_string_append (text, g_test_rand_bit () ? ":*" : ":AB*");
      return;
    }
  g_string_append_c (text, '(');
  append_tsquery_nested (text, depth + 1);
  g_string_append (text, pg_test_random_pick (operators));
  append_tsquery_nested (text, depth + 1);
  g_string_append_c (text, ')');
}

void
append_tsquery (GString *text)
{
  if (!pg_test_random_chance (10))
    append_tsquery_nested (text, 0);
}

void
append_jsonpath (GString *text)
{
  static const char *const paths[] = { "$", "$.a", "$.\"a b\"[*]", "strict $.a[0 to last]", "$ ? (@.x > 2.50 && exists(@.y))", "$.a.size() * -1", "$[*] ? (@ like_regex \"^a\" flag \"i\")" };

  g_string_append (text, pg_test_random_pick (paths));
}

void
append_xml (GString *text)
{
  static const char *const documents[] = { "<a/>", "<a b=\"c\">é</a>", "text &amp; more", "", "<a><![CDATA[ < ]]></a>" };

  g_string_append (text, pg_test_random_pick (documents));
}

static void
append_json_string (GString *text)
{
  static const char *const pieces[] = { "a", "\\\"", "\\\\", "\\n", "\\u20ac", "\\ud83d\\ude00", "é", "😀", "}", ",", " " };

  g_string_append_c (text, '"');
  for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
    g_string_append (text, pg_test_random_pick (pieces));
  g_string_append_c (text, '"');
}

static void
append_json_nested (GString *text, int depth)
{
  switch (g_test_rand_int_range (0, depth > 3 ? 4 : 6))
    {
    case 0: g_string_append (text, "null"); break;
    case 1: g_string_append (text, "true"); break;
    case 2: append_json_string (text); break;
    case 3: g_string_append_printf (text, "%" G_GINT64_FORMAT ".%d", rand_between (G_MININT64, G_MAXINT64), g_test_rand_int_range (0, 1000)); break;
    case 4:
      g_string_append_c (text, '[');
      for (int i = g_test_rand_int_range (0, 4); i > 0; i--)
        {
          append_json_nested (text, depth + 1);
          g_string_append (text, i > 1 ? ",  " : " ");
        }
      g_string_append_c (text, ']');
      break;
    default:
      g_string_append_c (text, '{');
      for (int i = g_test_rand_int_range (0, 4); i > 0; i--)
        {
          append_json_string (text);
          g_string_append (text, " :");
          append_json_nested (text, depth + 1);
          g_string_append (text, i > 1 ? "," : "");
        }
      g_string_append_c (text, '}');
      break;
    }
}

void
append_json (GString *text)
{
  append_json_nested (text, 0);
}
