/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgMultirange *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgMultirange *multirange = pg_multirange_parse (text, PG_OID_INT4, &error);

  g_assert_no_error (error);
  g_assert_nonnull (multirange);
  return multirange;
}

static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    guint n_ranges;
    const char *last;
  } cases[] = {
    { "{}", 0, NULL },
    { "{(,)}", 1, "(,)" },
    { "{[1,3),[5,8),[10,)}", 3, "[10,)" },
    { "{empty,[1,2]}", 2, "[1,2]" },
  };

  g_test_summary ("The ranges are those of the text.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgMultirange) multirange = parse (cases[i].text);
      g_autoptr (PgMultirange) again = parse (cases[i].text);
      g_autoptr (PgMultirange) ref = pg_multirange_ref (multirange);
      g_autofree char *shown = pg_multirange_to_string (multirange);

      g_assert_true (ref == multirange);
      g_assert_cmpstr (shown, ==, cases[i].text);
      g_assert_cmpuint (pg_multirange_get_element_type (multirange), ==, PG_OID_INT4);
      g_assert_cmpuint (pg_multirange_get_n_ranges (multirange), ==, cases[i].n_ranges);
      g_assert_true (pg_multirange_equal (multirange, again));
      g_assert_cmpuint (pg_multirange_hash (multirange), ==, pg_multirange_hash (again));
      g_assert_null (pg_multirange_get_range (multirange, cases[i].n_ranges));
      if (cases[i].last != NULL)
        {
          g_autofree char *last = pg_range_to_string (pg_multirange_get_range (multirange, cases[i].n_ranges - 1));

          g_assert_cmpstr (last, ==, cases[i].last);
        }
    }
}

static void
test_quoted (void)
{
  const char *text = "{[\"a}\",\"b{,\"),[c,d)}";
  g_autoptr (PgMultirange) multirange = pg_multirange_parse (text, PG_OID_TEXT, NULL);
  g_autoptr (PgMultirange) times = pg_multirange_parse ("{[\"2024-01-01 00:00:00\",infinity)}", PG_OID_TIMESTAMP, NULL);

  g_test_summary ("Bounds in quotes are read.");

  g_assert_cmpuint (pg_multirange_get_n_ranges (multirange), ==, 2);
  g_assert_cmpstr (pg_range_get_upper (pg_multirange_get_range (multirange, 0)), ==, "b{,");
  g_assert_cmpstr (pg_range_get_lower (pg_multirange_get_range (times, 0)), ==, "2024-01-01 00:00:00");
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "", "{", "}", "{[1,2)", "[1,2)}", "{[1,2)[3,4)}", "{[1,2),}", "{,[1,2)}", "{[1,2);[3,4)}", "{[1,2)}x", "{[1,2)} ", "{ }", "{[x,2)}", "{1}", "{[1,2}",
  };

  g_test_summary ("Other forms are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgMultirange) multirange = pg_multirange_parse (texts[i], PG_OID_INT4, &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (multirange);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_order (void)
{
  /* As PostgreSQL 15 sorts them. */
  static const char *const texts[] = { "{}", "{(,1)}", "{(,1),[5,7)}", "{[1,3)}", "{[1,3),[5,7)}", "{[1,3),[5,8)}", "{[1,3),[6,7)}", "{[2,3)}" };

  g_test_summary ("Multiranges are in PostgreSQL's order.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PgMultirange) a = parse (texts[i]);
        g_autoptr (PgMultirange) b = parse (texts[j]);
        int order = pg_multirange_compare (a, b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (pg_multirange_equal (a, b), ==, i == j);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/multirange/forms", test_forms);
  g_test_add_func ("/pg/multirange/quoted", test_quoted);
  g_test_add_func ("/pg/multirange/invalid", test_invalid);
  g_test_add_func ("/pg/multirange/order", test_order);

  return g_test_run ();
}
