/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-objects.h"
#include "pg-test-raw-result.h"
#include <pgconn/result/pg-result-private.h>

static void
test_values (void)
{
  /* What g_strdup_value_contents() has for it, or its start. */
  const struct
  {
    const char *property;
    guint32 oid;
    const char *text;
    const char *contents;
  } cases[] = {
    { "boolean", PG_OID_BOOL, "t", "TRUE" },
    { "char", PG_OID_INT2, "-128", "-128" },
    { "uchar", PG_OID_INT4, "255", "255" },
    { "int", PG_OID_INT8, "-2147483648", "-2147483648" },
    { "uint", PG_OID_INT8, "4294967295", "4294967295" },
    { "uint", PG_OID_OID, "4294967295", "4294967295" },
    { "long", PG_OID_INT4, "-5", "-5" },
    { "ulong", PG_OID_INT8, "9223372036854775807", "9223372036854775807" },
    { "int64", PG_OID_INT8, "-9223372036854775808", "-9223372036854775808" },
    { "int64", PG_OID_NUMERIC, "12.00", "12" },
    { "uint64", PG_OID_INT8, "9223372036854775807", "9223372036854775807" },
    { "uint64", PG_OID_XID8, "18446744073709551615", "18446744073709551615" },
    { "float", PG_OID_FLOAT4, "1.5", "1.500000" },
    { "double", PG_OID_FLOAT8, "-0.25", "-0.250000" },
    { "double", PG_OID_INT4, "3", "3.000000" },
    { "lax", PG_OID_FLOAT8, "1", "1.000000" },
    { "string", PG_OID_TEXT, "one", "\"one\"" },
    { "string", PG_OID_NUMERIC, "1.50", "\"1.50\"" },
    { "string", 16400, "of an extension", "\"of an extension\"" },
    { "two_words", PG_OID_TEXT, "x", "\"x\"" },
    { "mood", 16400, "sad", "((TestMood) MOOD_SAD)" },
    { "mood", 16400, "very_glad", "((TestMood) MOOD_VERY_GLAD)" },
    { "mood", PG_OID_TEXT, "very-glad", "((TestMood) MOOD_VERY_GLAD)" },
    { "mood", PG_OID_INT4, "1", "((TestMood) MOOD_VERY_GLAD)" },
    { "style", PG_OID_TEXT_ARRAY, "{bold,very_wide}", "((TestStyle) STYLE_BOLD | STYLE_VERY_WIDE)" },
    { "style", PG_OID_INT4, "2", "((TestStyle) STYLE_VERY_WIDE)" },
    { "style", PG_OID_TEXT_ARRAY, "{}", "((TestStyle) 0)" },
    { "strv", PG_OID_TEXT_ARRAY, "{a,\"b c\",\"\"}", "[\"a\", \"b c\", \"\"]" },
    { "strv", PG_OID_INT4_ARRAY, "{1,2}", "[\"1\", \"2\"]" },
    { "strv", PG_OID_TEXT_ARRAY, "{}", "[]" },
    { "numeric", PG_OID_NUMERIC, "1.50", "\"1.50\"" },
    { "numeric", PG_OID_INT8, "5", "\"5\"" },
    { "pg_date", PG_OID_DATE, "infinity", "\"infinity\"" },
    { "timestamp", PG_OID_TIMESTAMP, "2024-02-29 12:00:00", "\"2024-02-29 12:00:00\"" },
    { "interval", PG_OID_INTERVAL, "1 mon", "\"1 mon\"" },
    { "record", PG_OID_RECORD, "(1,)", "\"(1,)\"" },
  };

  g_test_summary ("The values of a column become those of the property of its name, exactly");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TestThing) thing = pg_test_thing_of (cases[i].property, cases[i].oid, cases[i].text, &error);
      g_auto (GValue) value = G_VALUE_INIT;
      g_autofree char *contents = NULL;

      g_test_message ("%s", cases[i].property);
      g_assert_no_error (error);
      g_object_get_property (G_OBJECT (thing), cases[i].property, &value);
      if (G_VALUE_HOLDS_BOXED (&value) && !G_VALUE_HOLDS (&value, G_TYPE_STRV))
        {
          g_auto (GValue) text = G_VALUE_INIT;

          g_value_init (&text, G_TYPE_STRING);
          g_assert_true (g_value_transform (&value, &text));
          contents = g_strdup_value_contents (&text);
        }
      else
        contents = g_strdup_value_contents (&value);
      g_assert_cmpstr (contents, ==, cases[i].contents);
    }
}

static void
test_boxed_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestThing) bytes = pg_test_thing_of ("bytes", PG_OID_BYTEA, "\\x00ff", &error);
  g_autoptr (TestThing) text_bytes = pg_test_thing_of ("bytes", PG_OID_TEXT, "abc", &error);
  g_autoptr (TestThing) time = pg_test_thing_of ("date_time", PG_OID_TIMESTAMPTZ, "2024-02-29 12:00:00.25+02", &error);
  g_autoptr (TestThing) date = pg_test_thing_of ("date", PG_OID_DATE, "2024-02-29", &error);
  g_autoptr (TestThing) variant = pg_test_thing_of ("variant", PG_OID_INT4_ARRAY, "{1,NULL}", &error);
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GBytes) text_data = NULL;
  g_autoptr (GDateTime) date_time = NULL;
  g_autoptr (GDate) day = NULL;
  g_autoptr (GVariant) array = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *iso = NULL;

  g_test_summary ("Bytes, times, days and variants");

  g_assert_no_error (error);
  g_object_get (bytes, "bytes", &data, NULL);
  g_assert_cmpmem (g_bytes_get_data (data, NULL), g_bytes_get_size (data), "\0\xff", 2);
  g_object_get (text_bytes, "bytes", &text_data, NULL);
  g_assert_cmpmem (g_bytes_get_data (text_data, NULL), g_bytes_get_size (text_data), "abc", 3);
  g_object_get (time, "date-time", &date_time, NULL);
  iso = g_date_time_format_iso8601 (date_time);
  g_assert_cmpstr (iso, ==, "2024-02-29T10:00:00.250000Z");
  g_object_get (date, "date", &day, NULL);
  g_assert_cmpint (g_date_get_year (day), ==, 2024);
  g_assert_cmpint (g_date_get_month (day), ==, 2);
  g_assert_cmpint (g_date_get_day (day), ==, 29);
  g_object_get (variant, "variant", &array, NULL);
  printed = g_variant_print (array, TRUE);
  g_assert_cmpstr (printed, ==, "[@mi 1, nothing]");
}

static void
test_wrong_values (void)
{
  const struct
  {
    const char *property;
    guint32 oid;
    const char *text; /* NULL: SQL NULL */
    int code;
  } cases[] = {
    { "uint", PG_OID_INT8, "-1", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "uint", PG_OID_INT8, "4294967296", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "int", PG_OID_INT8, "2147483648", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "char", PG_OID_INT2, "128", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "uchar", PG_OID_INT2, "256", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "uint64", PG_OID_INT8, "-1", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "ulong", PG_OID_INT8, "-1", PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE },
    { "int", PG_OID_NUMERIC, "1.5", PG_ERROR_DATA },
    { "float", PG_OID_FLOAT8, "0.1", PG_ERROR_DATA },
    { "double", PG_OID_INT8, "9007199254740993", PG_ERROR_DATA },
    { "double", PG_OID_FLOAT8, "NaN", PG_ERROR_DATA },
    { "lax", PG_OID_FLOAT8, "1.25", PG_ERROR_DATA },
    { "double", PG_OID_FLOAT8, "Infinity", PG_ERROR_DATA },
    { "mood", PG_OID_TEXT, "angry", PG_ERROR_DATA },
    { "mood", PG_OID_INT4, "2", PG_ERROR_DATA },
    { "style", PG_OID_INT4, "4", PG_ERROR_DATA },
    { "style", PG_OID_TEXT_ARRAY, "{thin}", PG_ERROR_DATA },
    { "strv", PG_OID_TEXT_ARRAY, "{a,NULL}", PG_ERROR_NULL_VALUE_NOT_ALLOWED },
    { "strv", PG_OID_TEXT_ARRAY, "{{a},{b}}", PG_ERROR_DATA },
    { "date_time", PG_OID_TIMESTAMPTZ, "infinity", PG_ERROR_DATA },
    { "date", PG_OID_DATE, "0044-03-15 BC", PG_ERROR_DATA },
    { "date", PG_OID_DATE, "-infinity", PG_ERROR_DATA },
    { "string", PG_OID_TEXT, "\xff", PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE },
    { "int", PG_OID_INT4, NULL, PG_ERROR_NULL_VALUE_NOT_ALLOWED },
    { "boolean", PG_OID_BOOL, NULL, PG_ERROR_NULL_VALUE_NOT_ALLOWED },
    { "mood", PG_OID_TEXT, NULL, PG_ERROR_NULL_VALUE_NOT_ALLOWED },
  };

  g_test_summary ("What a property cannot hold is an error that names the place, and nothing of the value");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TestThing) thing = pg_test_thing_of (cases[i].property, cases[i].oid, cases[i].text, &error);
      g_autofree char *hyphened = g_strdelimit (g_strdup (cases[i].property), "_", '-');
      g_autofree char *start = g_strdup_printf ("Row 0, column 0 (“%s”), property “%s” of TestThing: ", cases[i].property, hyphened);

      g_assert_null (thing);
      g_test_message ("%s", error->message);
      g_assert_error (error, PG_ERROR, cases[i].code);
      g_assert_true (g_str_has_prefix (error->message, start));
      if (cases[i].text != NULL && strlen (cases[i].text) > 2)
        g_assert_null (strstr (error->message + strlen (start), cases[i].text));
    }
}

static void
test_null_pointers (void)
{
  const char *properties[] = { "string", "strv", "bytes", "date_time", "numeric", "variant" };
  const guint32 oids[] = { PG_OID_TEXT, PG_OID_TEXT_ARRAY, PG_OID_BYTEA, PG_OID_TIMESTAMPTZ, PG_OID_NUMERIC, PG_OID_INT4 };

  g_test_summary ("SQL NULL is NULL where the type has one");

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TestThing) thing = pg_test_thing_of (properties[i], oids[i], NULL, &error);
      g_auto (GValue) value = G_VALUE_INIT;

      g_assert_no_error (error);
      g_object_get_property (G_OBJECT (thing), properties[i], &value);
      g_assert_null (g_value_peek_pointer (&value));
    }
}

static void
test_misfits (void)
{
  const struct
  {
    const char *column;
    guint32 oid;
    const char *message;
  } cases[] = {
    { "nothing", PG_OID_INT4, "Column 0 (“nothing”): TestThing has no such property" },
    { "?column?", PG_OID_INT4, "Column 0 (“?column?”): TestThing has no such property" },
    { "int", PG_OID_TEXT, "Column 0 (“int”) of type text does not fit the property “int” of TestThing, which is a gint" },
    { "int", 16400, "Column 0 (“int”) of type 16400 does not fit the property “int” of TestThing, which is a gint" },
    { "boolean", PG_OID_INT4, "Column 0 (“boolean”) of type int4 does not fit the property “boolean” of TestThing, which is a gboolean" },
    { "date_time", PG_OID_TIMESTAMP, "Column 0 (“date_time”) of type timestamp does not fit the property “date-time” of TestThing, which is a GDateTime" },
    { "strv", PG_OID_TEXT, "Column 0 (“strv”) of type text does not fit the property “strv” of TestThing, which is a GStrv" },
    { "double", PG_OID_BOOL, "Column 0 (“double”) of type bool does not fit the property “double” of TestThing, which is a gdouble" },
    { "pg_date", PG_OID_TEXT, "Column 0 (“pg_date”) of type text does not fit the property “pg-date” of TestThing, which is a PgDate" },
    { "pointer", PG_OID_INT8, "Column 0 (“pointer”) of type int8 does not fit the property “pointer” of TestThing, which is a gpointer" },
    { "point", PG_OID_INT8, "Column 0 (“point”) of type int8 does not fit the property “point” of TestThing, which is a TestPoint" },
    { "points", PG_OID_RECORD_ARRAY, "Column 0 (“points”): the property “points” of TestThing is a list: with_nested() has to say of what objects" },
  };

  g_test_summary ("A column that does not fit is an error before the first object, with column, property and types");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgResult) result = pg_test_result_of (cases[i].column, cases[i].oid, "1");
      g_autoptr (GError) error = NULL;
      g_autoptr (GListStore) store = pg_result_to_list_store (result, TEST_TYPE_THING, &error);

      g_assert_null (store);
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_misfits_without_rows (void)
{
  PgTestColumn columns[] = { { "x", PG_OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 } };
  PgTestColumn twice[] = { { "x", PG_OID_INT4, -1, -1, PG_FORMAT_TEXT, 0, 0 },
                           { "label", PG_OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 },
                           { "x", PG_OID_INT4, -1, -1, PG_FORMAT_TEXT, 0, 0 } };
  PgTestColumn read_only[] = { { "doubled", PG_OID_INT4, -1, -1, PG_FORMAT_TEXT, 0, 0 } };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (columns, 1, NULL, 0);
  g_autoptr (PgRawResult) raw_twice = pg_test_raw_result_new (twice, 3, NULL, 0);
  g_autoptr (PgRawResult) raw_read_only = pg_test_raw_result_new (read_only, 1, NULL, 0);
  g_autoptr (PgResult) result = pg_result_new (raw, NULL);
  g_autoptr (PgResult) result_twice = pg_result_new (raw_twice, NULL);
  g_autoptr (PgResult) result_read_only = pg_result_new (raw_read_only, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  g_test_summary ("The columns are checked where there are no rows, too: a name twice, a property that is read-only, an abstract type");

  objects = pg_result_to_objects (result, TEST_TYPE_POINT, &error);
  g_assert_null (objects);
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  objects = pg_result_to_objects (result_twice, TEST_TYPE_POINT, &error);
  g_assert_null (objects);
  g_assert_cmpstr (error->message, ==, "Columns 0 and 2 are both for the property “x” of TestPoint");
  g_clear_error (&error);
  objects = pg_result_to_objects (result_read_only, TEST_TYPE_POINT, &error);
  g_assert_null (objects);
  g_assert_cmpstr (error->message, ==, "Column 0 (“doubled”): the property “doubled” of TestPoint cannot be written");
  g_clear_error (&error);
  objects = pg_result_to_objects (result, PG_TYPE_BASE_CURSOR, &error);
  g_assert_null (objects);
  g_assert_cmpstr (error->message, ==, "PgBaseCursor is abstract: there are no objects of it");
}

static void
test_list_store (void)
{
  g_autoptr (PgResult) result = pg_test_points_new ("3");
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) store = pg_result_to_list_store (result, TEST_TYPE_POINT, &error);
  const char *labels[] = { "a", NULL, "c" };
  const int xs[] = { 1, -2, 3 };

  g_test_summary ("A list store has an object for each row; construct-only properties are set, those without a column keep their defaults");

  g_assert_no_error (error);
  g_assert_cmpstr (g_type_name (g_list_model_get_item_type (G_LIST_MODEL (store))), ==, "TestPoint");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (TestPoint) point = g_list_model_get_item (G_LIST_MODEL (store), i);

      g_assert_cmpstr (point->label, ==, labels[i]);
      g_assert_cmpint (point->x, ==, xs[i]);
    }
}

static void
test_defaults (void)
{
  g_autoptr (PgResult) result = pg_test_result_of ("label", PG_OID_TEXT, "only");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) points = pg_result_to_objects (result, TEST_TYPE_POINT, &error);
  TestPoint *point;

  g_test_summary ("A property without a column keeps its default");

  g_assert_no_error (error);
  point = g_ptr_array_index (points, 0);
  g_assert_cmpint (point->x, ==, 7);
  g_assert_cmpstr (point->label, ==, "only");
}

static void
test_limits (void)
{
  g_autoptr (PgResult) result = pg_test_points_new ("1001");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) points = pg_result_to_objects (result, TEST_TYPE_POINT, &error);

  g_test_summary ("A value beyond the property's own limits is an error of its row, not clamped");

  g_assert_null (points);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_cmpstr (error->message, ==, "Row 2, column 1 (“x”), property “x” of TestPoint: The value is not one that the property may have");
}

static void
test_no_columns (void)
{
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (NULL, 0, NULL, 2);
  g_autoptr (PgResult) result = pg_result_new (raw, NULL);
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 1);
  g_autoptr (PgRowFactory) tuple = pg_row_factory_new_tuple ();
  g_autoptr (PgRowFactory) dict = pg_row_factory_new_dict ();
  g_autoptr (PgRowFactory) scalar = pg_row_factory_new_scalar ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) points = NULL;
  g_auto (GValue) as_tuple = G_VALUE_INIT;
  g_auto (GValue) as_dict = G_VALUE_INIT;
  g_auto (GValue) as_scalar = G_VALUE_INIT;

  g_test_summary ("Rows without columns");

  g_assert_true (pg_row_factory_make (tuple, row, &as_tuple, &error));
  g_assert_cmpstr (g_variant_get_type_string (g_value_get_variant (&as_tuple)), ==, "()");
  g_assert_true (pg_row_factory_make (dict, row, &as_dict, &error));
  g_assert_cmpuint (g_variant_n_children (g_value_get_variant (&as_dict)), ==, 0);
  g_assert_false (pg_row_factory_make (scalar, row, &as_scalar, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "at least one column expected");
  g_assert_true (G_VALUE_HOLDS_STRING (&as_scalar));
  g_clear_error (&error);
  points = pg_result_to_objects (result, TEST_TYPE_POINT, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (points->len, ==, 2);
}

static void
test_plain_factories (void)
{
  PgTestColumn columns[] = { { "a", PG_OID_INT4, -1, 4, PG_FORMAT_TEXT, 0, 0 },
                             { "b c", PG_OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 },
                             { "a", PG_OID_INT8, -1, 8, PG_FORMAT_TEXT, 0, 0 } };
  PgTestCell cells[] = { PG_TEST_TEXT ("1"), PG_TEST_NULL, PG_TEST_TEXT ("2") };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (columns, 3, cells, 1);
  g_autoptr (PgResult) result = pg_result_new (raw, NULL);
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
  PgRowFactory *factories[] = { pg_row_factory_new_tuple (), pg_row_factory_new_dict (), pg_row_factory_new_scalar () };
  const char *expected[] = { "((@mi 1, @ms nothing, @mx 2),)", "({'a': <int64 2>, 'b c': <@ms nothing>},)" };
  gint64 a = 0;
  const char *b = NULL;

  g_test_summary ("Tuples, dictionaries, of which the last column of a name counts, and the first value");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgRowFactory) factory = factories[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) object = NULL;
      g_autoptr (GPtrArray) objects = NULL;
      g_auto (GValue) value = G_VALUE_INIT;

      g_assert_true (pg_row_factory_make (factory, row, &value, &error));
      g_assert_no_error (error);
      if (i < 2)
        {
          g_autoptr (GVariant) wanted = g_variant_ref_sink (g_variant_new_parsed (expected[i]));
          g_autoptr (GVariant) inner = g_variant_get_child_value (wanted, 0);
          g_autoptr (GVariant) sorted = g_value_dup_variant (&value);

          g_assert_true (G_VALUE_TYPE (&value) == pg_row_factory_get_value_type (factory));
          if (i == 0)
            g_assert_cmpvariant (sorted, inner);
          else
            {
              g_assert_cmpuint (g_variant_n_children (sorted), ==, 2);
              g_assert_true (g_variant_lookup (sorted, "a", "x", &a));
              g_assert_cmpint (a, ==, 2);
              g_assert_false (g_variant_lookup (sorted, "b c", "&s", &b));
              g_assert_true (g_variant_lookup (sorted, "b c", "m&s", &b));
              g_assert_null (b);
            }
        }
      else
        {
          g_assert_true (pg_row_factory_get_value_type (factory) == G_TYPE_NONE);
          g_assert_cmpint (g_value_get_int (&value), ==, 1);
        }
      object = pg_row_factory_make_object (factory, row, &error);
      g_assert_null (object);
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
      g_clear_error (&error);
      objects = pg_row_factory_make_objects (factory, result, &error);
      g_assert_null (objects);
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
    }
}

static void
test_rows_of_one_result (void)
{
  g_autoptr (PgResult) result = pg_test_points_new ("3");
  g_autoptr (PgRowFactory) factory = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) other = pg_row_factory_new_object (TEST_TYPE_POINT);

  g_test_summary ("Rows one by one, with two factories in turn, and the result goes when it is given up");

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), i % 3);
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) point = pg_row_factory_make_object (i % 2 == 0 ? factory : other, row, &error);

      g_assert_no_error (error);
      g_assert_cmpint (TEST_POINT (point)->x, ==, i % 3 == 1 ? -2 : (int) (i % 3) + 1);
    }
  g_assert_finalize_object (g_steal_pointer (&result));
  g_assert_finalize_object (g_steal_pointer (&factory));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/row-factory/values", test_values);
  g_test_add_func ("/pg/row-factory/boxed-values", test_boxed_values);
  g_test_add_func ("/pg/row-factory/wrong-values", test_wrong_values);
  g_test_add_func ("/pg/row-factory/null-pointers", test_null_pointers);
  g_test_add_func ("/pg/row-factory/misfits", test_misfits);
  g_test_add_func ("/pg/row-factory/misfits-without-rows", test_misfits_without_rows);
  g_test_add_func ("/pg/row-factory/list-store", test_list_store);
  g_test_add_func ("/pg/row-factory/defaults", test_defaults);
  g_test_add_func ("/pg/row-factory/limits", test_limits);
  g_test_add_func ("/pg/row-factory/no-columns", test_no_columns);
  g_test_add_func ("/pg/row-factory/plain-factories", test_plain_factories);
  g_test_add_func ("/pg/row-factory/rows-of-one-result", test_rows_of_one_result);

  return g_test_run ();
}
