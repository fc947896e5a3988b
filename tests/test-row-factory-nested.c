/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pg-test-calls.h"
#include "pg-test-objects.h"
#include "pg-test-raw-result.h"
#include <pgconn/result/pg-result-private.h>

static TestPoint *
point_of (TestThing *thing)
{
  TestPoint *point = NULL;

  g_object_get (thing, "point", &point, NULL);
  return point;
}

static void
test_nested (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestThing) thing = pg_test_thing_of ("point", PG_OID_RECORD, "(5,\"a, b\",\"(6,,)\")", &error);
  g_autoptr (TestThing) none = pg_test_thing_of ("point", 16400, NULL, &error);
  g_autoptr (TestThing) composite = pg_test_thing_of ("point", 16400, "(1,x,)", &error);
  g_autoptr (TestPoint) point = NULL;
  g_autoptr (TestPoint) null_point = NULL;
  g_autoptr (TestPoint) composite_point = NULL;

  g_test_summary ("A record becomes an object, and one in it too, by position");

  g_assert_no_error (error);
  point = point_of (thing);
  g_assert_cmpint (point->x, ==, 5);
  g_assert_cmpstr (point->label, ==, "a, b");
  g_assert_cmpint (point->next->x, ==, 6);
  g_assert_null (point->next->label);
  g_assert_null (point->next->next);
  null_point = point_of (none);
  g_assert_null (null_point);
  composite_point = point_of (composite);
  g_assert_cmpstr (composite_point->label, ==, "x");
}

static void
test_nested_errors (void)
{
  const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "(1,a)", "The number of fields in the record is 2, and TestPoint takes 3" },
    { "(x,a,)", "field 0 (property “x” of TestPoint): The value of type int8 cannot be read" },
    { "(,a,)", "field 0 (property “x” of TestPoint): The value is NULL, which a gint cannot be" },
    { "(1001,a,)", "field 0 (property “x” of TestPoint): The value is not one that the property may have" },
    { "(1,a,\"(1)\")", "field 2 (property “next” of TestPoint): The number of fields in the record is 1, and TestPoint takes 3" },
    { "(1,a", "The value of type record" },
  };

  g_test_summary ("Errors in records say where they are");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TestThing) thing = pg_test_thing_of ("point", PG_OID_RECORD, cases[i].text, &error);

      g_assert_null (thing);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      pg_test_assert_contains (error->message, "Row 0, column 0 (“point”), property “point” of TestThing: ");
      pg_test_assert_contains (error->message, cases[i].message);
    }
}

static void
test_nested_list (void)
{
  g_autoptr (PgResult) result = pg_test_result_of ("points", PG_OID_RECORD_ARRAY, "{\"(a,1)\",\"(b,2)\"}");
  g_autoptr (PgResult) none = pg_test_result_of ("points", PG_OID_RECORD_ARRAY, NULL);
  g_autoptr (PgResult) empty = pg_test_result_of ("points", 16400, "{}");
  g_autoptr (PgResult) with_null = pg_test_result_of ("points", PG_OID_RECORD_ARRAY, "{NULL}");
  const char *const fields[] = { "label", "x", NULL };
  const char *const wrong_fields[] = { "label", "y", NULL };
  g_autoptr (PgRowFactory) plain = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) point = pg_row_factory_with_fields (plain, fields);
  g_autoptr (PgRowFactory) wrong = pg_row_factory_with_fields (plain, wrong_fields);
  g_autoptr (PgRowFactory) thing = pg_row_factory_new_object (TEST_TYPE_THING);
  g_autoptr (PgRowFactory) factory = pg_row_factory_with_nested (thing, "points", point);
  g_autoptr (PgRowFactory) wrong_factory = pg_row_factory_with_nested (thing, "points", wrong);
  PgResult *results[] = { result, none, empty };
  const int lengths[] = { 2, -1, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failed = NULL;

  g_test_summary ("An array of records becomes a list of objects, whose fields are said");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) things = pg_row_factory_make_objects (factory, results[i], &error);
      g_autoptr (GListModel) points = NULL;

      g_assert_no_error (error);
      g_object_get (g_ptr_array_index (things, 0), "points", &points, NULL);
      g_assert_cmpint (points != NULL ? (int) g_list_model_get_n_items (points) : -1, ==, lengths[i]);
      if (i == 0)
        {
          g_autoptr (TestPoint) last = g_list_model_get_item (points, 1);

          g_assert_cmpstr (g_type_name (g_list_model_get_item_type (points)), ==, "TestPoint");
          g_assert_cmpstr (last->label, ==, "b");
          g_assert_cmpint (last->x, ==, 2);
        }
    }

  failed = pg_row_factory_make_objects (factory, with_null, &error);
  g_assert_null (failed);
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  pg_test_assert_contains (error->message, "element 0: ");
  g_clear_error (&error);
  failed = pg_row_factory_make_objects (wrong_factory, result, &error);
  g_assert_null (failed);
  pg_test_assert_contains (error->message, "TestPoint has no property “y” for a field");
}

static void
test_nested_type (void)
{
  g_autoptr (PgResult) result = pg_test_result_of ("any", PG_OID_RECORD, "(1,a,)");
  g_autoptr (PgRowFactory) thing = pg_row_factory_new_object (TEST_TYPE_THING);
  g_autoptr (PgRowFactory) point = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) of_points = pg_row_factory_with_nested (thing, "any", point);
  g_autoptr (PgRowFactory) of_things = pg_row_factory_with_nested (thing, "point", thing);
  g_autoptr (PgResult) other = pg_test_result_of ("point", PG_OID_RECORD, "(1,a,)");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) things = pg_row_factory_make_objects (of_points, result, &error);
  g_autoptr (GObject) object = NULL;

  g_test_summary ("A property of a parent type may have the objects of another one, but not of any");

  g_assert_no_error (error);
  g_object_get (g_ptr_array_index (things, 0), "any", &object, NULL);
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (object), ==, "TestPoint");
  g_clear_pointer (&things, g_ptr_array_unref);
  things = pg_row_factory_make_objects (of_things, other, &error);
  g_assert_null (things);
  g_assert_cmpstr (error->message, ==, "Column 0 (“point”): the property “point” of TestThing is a TestPoint, and objects of TestThing cannot be made for it");
}

static void
test_binary (void)
{
  PgTestColumn columns[] = { { "point", PG_OID_RECORD, -1, -1, PG_FORMAT_BINARY, 0, 0 }, { "uint", PG_OID_INT8, -1, 8, PG_FORMAT_BINARY, 0, 0 } };
  PgTestCell cells[] = { PG_TEST_BINARY ("\0\0\0\3"
                                         "\0\0\0\x17\0\0\0\4\0\0\0\x2a"
                                         "\0\0\0\x19\0\0\0\2hi"
                                         "\0\0\x08\xc9\xff\xff\xff\xff"),
                         PG_TEST_BINARY ("\0\0\0\0\xff\xff\xff\xff"),
                         PG_TEST_BINARY ("\0\0\0\3"
                                         "\0\0\0\x10\0\0\0\1\1"
                                         "\0\0\0\x19\0\0\0\2hi"
                                         "\0\0\x08\xc9\xff\xff\xff\xff"),
                         PG_TEST_BINARY ("\0\0\0\0\xff\xff\xff\xff") };
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (columns, 2, cells, 1);
  g_autoptr (PgRawResult) raw_wrong = pg_test_raw_result_new (columns, 2, cells, 2);
  g_autoptr (PgResult) result = pg_result_new (raw, NULL);
  g_autoptr (PgResult) wrong = pg_result_new (raw_wrong, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) things = pg_result_to_objects (result, TEST_TYPE_THING, &error);
  g_autoptr (TestPoint) point = NULL;
  guint number = 0;

  g_test_summary ("The fields of a binary record have types, which have to fit");

  g_assert_no_error (error);
  point = point_of (g_ptr_array_index (things, 0));
  g_assert_cmpint (point->x, ==, 42);
  g_assert_cmpstr (point->label, ==, "hi");
  g_object_get (g_ptr_array_index (things, 0), "uint", &number, NULL);
  g_assert_cmpuint (number, ==, G_MAXUINT32);
  g_clear_pointer (&things, g_ptr_array_unref);

  things = pg_result_to_objects (wrong, TEST_TYPE_THING, &error);
  g_assert_null (things);
  g_assert_cmpstr (error->message, ==,
                   "Row 1, column 0 (“point”), property “point” of TestThing: field 0 (property “x” of TestPoint): The type bool does not fit a gint");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/row-factory-nested/nested", test_nested);
  g_test_add_func ("/pg/row-factory-nested/nested-errors", test_nested_errors);
  g_test_add_func ("/pg/row-factory-nested/nested-list", test_nested_list);
  g_test_add_func ("/pg/row-factory-nested/nested-type", test_nested_type);
  g_test_add_func ("/pg/row-factory-nested/binary", test_binary);

  return g_test_run ();
}
