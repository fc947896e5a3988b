/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgRange *
parse (const char *text, guint element_type)
{
  g_autoptr (GError) error = NULL;
  PgRange *range = pg_range_parse (text, element_type, &error);

  g_assert_no_error (error);
  g_assert_nonnull (range);
  return range;
}

static void
test_forms (void)
{
  static const struct
  {
    guint element_type;
    const char *text;
    const char *lower;
    const char *upper;
    gboolean lower_inclusive;
    gboolean upper_inclusive;
    const char *shown; /* NULL: the text itself */
  } cases[] = {
    { PG_OID_INT4, "[1,5)", "1", "5", TRUE, FALSE, NULL },
    { PG_OID_INT4, "(-1,5]", "-1", "5", FALSE, TRUE, NULL },
    { PG_OID_INT4, "(,)", NULL, NULL, FALSE, FALSE, NULL },
    { PG_OID_INT4, "[,]", NULL, NULL, FALSE, FALSE, "(,)" },
    { PG_OID_INT4, "[1,]", "1", NULL, TRUE, FALSE, "[1,)" },
    { PG_OID_INT4, "[\"1\",2]", "1", "2", TRUE, TRUE, "[1,2]" },
    { PG_OID_NUMERIC, "[1.50,NaN]", "1.50", "NaN", TRUE, TRUE, NULL },
    { PG_OID_TIMESTAMP, "[\"2024-01-01 00:00:00\",infinity)", "2024-01-01 00:00:00", "infinity", TRUE, FALSE, NULL },
    { PG_OID_TEXT, "[\"\",\" \"]", "", " ", TRUE, TRUE, NULL },
    { PG_OID_TEXT, "[\"a\"\"b\\\\c\",\"(\")", "a\"b\\c", "(", TRUE, FALSE, NULL },
    { PG_OID_TEXT, "[a\\,b,c\" d\"e]", "a,b", "c de", TRUE, TRUE, "[\"a,b\",\"c de\"]" },
    { 16384, "[any,zzz)", "any", "zzz", TRUE, FALSE, NULL },
  };

  g_test_summary ("Bounds are read, and shown as PostgreSQL does.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgRange) range = parse (cases[i].text, cases[i].element_type);
      g_autofree char *shown = pg_range_to_string (range);
      g_autoptr (PgRange) again = parse (shown, cases[i].element_type);
      char bounds[3] = { cases[i].lower_inclusive ? '[' : '(', cases[i].upper_inclusive ? ']' : ')', '\0' };
      g_autoptr (GError) error = NULL;
      g_autoptr (PgRange) made = pg_range_new (cases[i].element_type, cases[i].lower, cases[i].upper, bounds, &error);
      g_autoptr (PgRange) ref = pg_range_ref (range);

      g_assert_no_error (error);
      g_assert_true (ref == range);
      g_assert_cmpstr (shown, ==, cases[i].shown != NULL ? cases[i].shown : cases[i].text);
      g_assert_cmpuint (pg_range_get_element_type (range), ==, cases[i].element_type);
      g_assert_cmpstr (pg_range_get_lower (range), ==, cases[i].lower);
      g_assert_cmpstr (pg_range_get_upper (range), ==, cases[i].upper);
      g_assert_cmpint (pg_range_is_lower_inclusive (range), ==, cases[i].lower_inclusive);
      g_assert_cmpint (pg_range_is_upper_inclusive (range), ==, cases[i].upper_inclusive);
      g_assert_false (pg_range_is_empty (range));
      g_assert_true (pg_range_equal (range, again));
      g_assert_true (pg_range_equal (range, made));
      g_assert_cmpuint (pg_range_hash (range), ==, pg_range_hash (made));
    }
}

static void
test_empty (void)
{
  g_autoptr (PgRange) range = parse ("empty", PG_OID_DATE);
  g_autoptr (PgRange) made = pg_range_new_empty (PG_OID_DATE);
  g_autoptr (PgRange) other = pg_range_new_empty (PG_OID_INT4);
  g_autofree char *shown = pg_range_to_string (range);

  g_test_summary ("The empty range has no bounds.");

  g_assert_cmpstr (shown, ==, "empty");
  g_assert_true (pg_range_is_empty (range));
  g_assert_null (pg_range_get_lower (range));
  g_assert_null (pg_range_get_upper (range));
  g_assert_false (pg_range_is_lower_inclusive (range));
  g_assert_true (pg_range_equal (range, made));
  g_assert_cmpuint (pg_range_hash (range), ==, pg_range_hash (made));
  g_assert_false (pg_range_equal (range, other));
}

static void
test_values (void)
{
  g_autoptr (PgRange) range = parse ("[7,)", PG_OID_INT8);
  g_autoptr (PgRange) dates = parse ("(,2024-02-29]", PG_OID_DATE);
  g_auto (GValue) lower = G_VALUE_INIT;
  g_auto (GValue) upper = G_VALUE_INIT;
  g_auto (GValue) day = G_VALUE_INIT;

  g_test_summary ("Bounds come in GLib's type for the element type.");

  pg_range_get_lower_value (range, &lower);
  pg_range_get_upper_value (range, &upper);
  pg_range_get_upper_value (dates, &day);
  g_assert_true (G_VALUE_HOLDS_INT64 (&lower));
  g_assert_cmpint (g_value_get_int64 (&lower), ==, 7);
  g_assert_true (G_VALUE_HOLDS_STRING (&upper));
  g_assert_null (g_value_get_string (&upper));
  g_assert_true (G_VALUE_HOLDS (&day, PG_TYPE_DATE));
  g_assert_cmpint (pg_date_get_days (g_value_get_boxed (&day)), ==, 8825);
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "", "e", "emptyx", "EMPTY", "[", "[1", "[1,", "[1,2", "1,2)", "[1)", "[1,2,3)", "[1,2)x", " [1,2)", "[x,2)", "[1,x)", "[1,2147483648)", "[\"1,2)",
    "[1\\", "[\"\",2)", "[ 1,2)", "{1,2}",
  };
  static const char *const bounds[] = { "", "[", "[]]", "][", "{}", "[}", "x)" };
  g_autoptr (GError) order_error = NULL;
  g_autoptr (GError) bound_error = NULL;
  g_autoptr (PgRange) reversed = pg_range_new (PG_OID_INT4, "10", "9", "[]", &order_error);
  g_autoptr (PgRange) no_number = pg_range_new (PG_OID_INT4, "ten", NULL, "[]", &bound_error);

  g_test_summary ("Other forms, bounds of another type and bounds in the wrong order are errors.");

  g_assert_null (reversed);
  g_assert_error (order_error, PG_ERROR, PG_ERROR_DATA);
  g_assert_null (no_number);
  g_assert_error (bound_error, PG_ERROR, PG_ERROR_DATA);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgRange) range = pg_range_parse (texts[i], PG_OID_INT4, &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (range);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgRange) range = pg_range_new (PG_OID_INT4, "1", "2", bounds[i], &error);

      g_assert_null (range);
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
    }
}

static void
test_order (void)
{
  /* As PostgreSQL 15 sorts them. */
  static const char *const texts[] = {
    "empty", "(,-1)", "(,-1]", "(,10)", "(,)", "[1,2)", "[1.0,2]", "[1,)", "(1,2)", "(1,2]", "(1,)", "[2,3)", "[10,11)", "[NaN,NaN]",
  };
  g_autoptr (PgRange) one = parse ("[1,2]", PG_OID_NUMERIC);
  g_autoptr (PgRange) same = parse ("[1.00,2.0]", PG_OID_NUMERIC);

  g_test_summary ("Ranges are in PostgreSQL's order.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PgRange) a = parse (texts[i], PG_OID_NUMERIC);
        g_autoptr (PgRange) b = parse (texts[j], PG_OID_NUMERIC);
        int order = pg_range_compare (a, b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (pg_range_equal (a, b), ==, i == j);
      }
  g_assert_true (pg_range_equal (one, same));
  g_assert_cmpuint (pg_range_hash (one), ==, pg_range_hash (same));
}

static void
test_element_types (void)
{
  static const struct
  {
    guint type;
    const char *low;
    const char *high;
  } cases[] = {
    { PG_OID_INT2, "-5", "10" },
    { PG_OID_OID, "9", "4294967295" },
    { PG_OID_XID8, "9", "18446744073709551615" },
    { PG_OID_BOOL, "f", "t" },
    { PG_OID_FLOAT8, "9.5", "NaN" },
    { PG_OID_DATE, "0044-03-15 BC", "2024-02-29" },
    { PG_OID_TIME, "09:00:00", "24:00:00" },
    { PG_OID_TIMESTAMPTZ, "2024-02-29 10:00:00+02", "2024-02-29 09:00:00+00" },
    { PG_OID_INTERVAL, "29 days", "1 mon" },
    { PG_OID_INET, "9.0.0.0", "10.0.0.0" },
    { PG_OID_VARBIT, "0111", "1" },
    { PG_OID_BYTEA, "\\x09", "\\x10" },
    { PG_OID_TEXT, "a", "b" },
  };

  g_test_summary ("Bounds of each type are compared as values of it.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgRange) low = pg_range_new (cases[i].type, cases[i].low, NULL, "[]", NULL);
      g_autoptr (PgRange) high = pg_range_new (cases[i].type, cases[i].high, NULL, "[]", NULL);
      g_autoptr (PgRange) again = pg_range_new (cases[i].type, cases[i].high, NULL, "[]", NULL);

      g_test_message ("%u", cases[i].type);
      g_assert_nonnull (low);
      g_assert_nonnull (high);
      g_assert_cmpint (pg_range_compare (low, high), <, 0);
      g_assert_cmpint (pg_range_compare (high, low), >, 0);
      g_assert_true (pg_range_equal (high, again));
      g_assert_cmpuint (pg_range_hash (high), ==, pg_range_hash (again));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/range/forms", test_forms);
  g_test_add_func ("/pg/range/empty", test_empty);
  g_test_add_func ("/pg/range/values", test_values);
  g_test_add_func ("/pg/range/invalid", test_invalid);
  g_test_add_func ("/pg/range/order", test_order);
  g_test_add_func ("/pg/range/element-types", test_element_types);

  return g_test_run ();
}
