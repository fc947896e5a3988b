/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <math.h>

static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    double x;
    double y;
  } cases[] = {
    { "(0,0)", 0, 0 },
    { "(1,-2.5)", 1, -2.5 },
    { "(0.1,1e+300)", 0.1, 1e300 },
    { "(1.2345678901234568e+17,5e-324)", 123456789012345678.0, 5e-324 },
    { "(Infinity,-Infinity)", INFINITY, -INFINITY },
    { "(NaN,NaN)", NAN, NAN },
  };

  g_test_summary ("Text and coordinates are the same point.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgPoint) point = pg_point_parse (cases[i].text, &error);
      g_autoptr (PgPoint) made = pg_point_new (cases[i].x, cases[i].y);
      g_autoptr (PgPoint) ref = pg_point_ref (made);
      g_autofree char *shown = pg_point_to_string (made);

      g_assert_no_error (error);
      g_assert_true (ref == made);
      g_assert_cmpstr (shown, ==, cases[i].text);
      g_assert_true (pg_point_equal (point, made));
      g_assert_cmpuint (pg_point_hash (point), ==, pg_point_hash (made));
      if (!isnan (cases[i].x))
        {
          g_assert_cmpfloat (pg_point_get_x (point), ==, cases[i].x);
          g_assert_cmpfloat (pg_point_get_y (point), ==, cases[i].y);
        }
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = { "", "(", "()", "(,)", "(1,)", "(,1)", "(1,2", "1,2)", "1,2", "(1,2,3)", "(1;2)", "(1, 2)", "(1,2) ", "(1,x)", "(1,1e999)" };

  g_test_summary ("Other forms are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgPoint) point = pg_point_parse (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (point);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_equal (void)
{
  g_autoptr (PgPoint) zero = pg_point_new (0, 0);
  g_autoptr (PgPoint) negative = pg_point_new (-0.0, 0);
  g_autoptr (PgPoint) near = pg_point_new (1e-9, 0);
  g_autoptr (PgPoint) turned = pg_point_new (0, 1e-9);

  g_test_summary ("Points are equal that have the same coordinates, exactly.");

  g_assert_true (pg_point_equal (zero, negative));
  g_assert_cmpuint (pg_point_hash (zero), ==, pg_point_hash (negative));
  g_assert_false (pg_point_equal (zero, near));
  g_assert_false (pg_point_equal (near, turned));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/point/forms", test_forms);
  g_test_add_func ("/pg/point/invalid", test_invalid);
  g_test_add_func ("/pg/point/equal", test_equal);

  return g_test_run ();
}
