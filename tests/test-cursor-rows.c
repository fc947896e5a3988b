/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Row factories on connections and cursors, and objects in objects from a server. */
#include "pg-test-calls.h"
#include "pg-test-objects.h"

#include <string.h>

#define POINTS "SELECT * FROM (VALUES (1, 'a'), (2, NULL), (3, 'c')) AS v (x, label)"
#define POINTS_ONE_BAD "SELECT * FROM (VALUES (1, 'a'), (NULL, 'b'), (3, 'c')) AS v (x, label)"

static PgCursor *
execute (PgConnection *connection, const char *sql, PgFormat format)
{
  g_autoptr (GError) error = NULL;
  PgCursor *cursor = pg_connection_cursor (connection, &error);

  g_assert_no_error (error);
  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  pg_cursor_execute (cursor, sql, NULL, NULL, &error);
  g_assert_no_error (error);
  return cursor;
}

static void
count (GObject *object, GParamSpec *pspec, gpointer n)
{
  (*(guint *) n)++;
}

static void
test_property (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgRowFactory) points = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) scalar = pg_row_factory_new_scalar ();
  g_autoptr (PgCursor) before = NULL;
  g_autoptr (PgCursor) after = NULL;
  g_autoptr (PgRowFactory) read = NULL;
  g_autoptr (GError) error = NULL;
  guint n_notified = 0;

  if (connection == NULL)
    return;
  g_test_summary ("A new cursor has its connection's row factory, and keeps it");

  g_signal_connect (connection, "notify::row-factory", G_CALLBACK (count), &n_notified);
  g_assert_null (pg_base_connection_get_row_factory (PG_BASE_CONNECTION (connection)));
  before = pg_connection_cursor (connection, &error);
  g_assert_null (pg_base_cursor_get_row_factory (PG_BASE_CURSOR (before)));
  g_object_set (connection, "row-factory", points, NULL);
  pg_base_connection_set_row_factory (PG_BASE_CONNECTION (connection), points);
  g_assert_cmpuint (n_notified, ==, 1);
  after = pg_connection_execute (connection, POINTS, NULL, NULL, &error);
  g_assert_no_error (error);
  pg_base_connection_set_row_factory (PG_BASE_CONNECTION (connection), NULL);
  g_assert_cmpuint (n_notified, ==, 2);
  g_assert_null (pg_base_cursor_get_row_factory (PG_BASE_CURSOR (before)));
  g_assert_true (pg_base_cursor_get_row_factory (PG_BASE_CURSOR (after)) == points);

  g_signal_connect (after, "notify::row-factory", G_CALLBACK (count), &n_notified);
  g_object_set (after, "row-factory", scalar, NULL);
  g_assert_cmpuint (n_notified, ==, 3);
  g_object_get (after, "row-factory", &read, NULL);
  g_assert_true (read == scalar);
}

static void
test_construct (void)
{
  g_autoptr (PgRowFactory) points = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgConnection) connection = g_object_new (PG_TYPE_CONNECTION, "row-factory", points, NULL);
  g_autoptr (PgAsyncConnection) async = g_object_new (PG_TYPE_ASYNC_CONNECTION, "row-factory", points, NULL);

  g_test_summary ("A connection may be constructed with a row factory");

  g_assert_true (pg_base_connection_get_row_factory (PG_BASE_CONNECTION (connection)) == points);
  g_assert_true (pg_base_connection_get_row_factory (PG_BASE_CONNECTION (async)) == points);
}

static void
test_fetch_value (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgRowFactory) dict = pg_row_factory_new_dict ();
  g_autoptr (PgRowFactory) scalar = pg_row_factory_new_scalar ();
  PgRowFactory *factories[] = { NULL, dict, scalar };
  const char *expected[] = { "(@mi 1, @ms 'a')", "{'x': <2>, 'label': <@ms nothing>}", NULL };
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) end = G_VALUE_INIT;

  if (connection == NULL)
    return;
  g_test_summary ("Values, by a factory that is changed from row to row");

  cursor = execute (connection, POINTS, PG_FORMAT_TEXT);
  for (guint i = 0; i < 3; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      pg_base_cursor_set_row_factory (PG_BASE_CURSOR (cursor), factories[i]);
      g_assert_true (pg_cursor_fetch_value (cursor, &value, NULL, &error));
      g_assert_no_error (error);
      if (expected[i] != NULL)
        {
          g_autoptr (GVariant) wanted = g_variant_ref_sink (g_variant_new_parsed (expected[i]));

          if (i == 0)
            g_assert_cmpvariant (g_value_get_variant (&value), wanted);
          else
            g_assert_cmpuint (g_variant_n_children (g_value_get_variant (&value)), ==, 2);
        }
      else
        g_assert_cmpint (g_value_get_int (&value), ==, 3);
      g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, i + 1);
    }
  g_assert_false (pg_cursor_fetch_value (cursor, &end, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (G_VALUE_HOLDS_STRING (&end));
}

static void
assert_position_and_life (PgCursor *cursor, gint64 position)
{
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, position);
  g_assert_cmpint (pg_test_int64 (pg_cursor_get_connection (cursor), "SELECT 42"), ==, 42);
}

static void
test_fetch_objects (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgRowFactory) points = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) first = NULL;
  g_autoptr (GObject) end = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) none = NULL;

  if (connection == NULL)
    return;
  g_test_summary ("One object, those that are left, and none at the end");

  pg_base_connection_set_row_factory (PG_BASE_CONNECTION (connection), points);
  cursor = execute (connection, POINTS, PG_FORMAT_BINARY);
  first = pg_cursor_fetch_object (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (TEST_POINT (first)->x, ==, 1);
  rest = pg_cursor_fetch_objects (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rest->len, ==, 2);
  g_assert_cmpstr (TEST_POINT (rest->pdata[1])->label, ==, "c");
  end = pg_cursor_fetch_object (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (end);
  none = pg_cursor_fetch_objects (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_failures (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgRowFactory) points = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) scalar = pg_row_factory_new_scalar ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  if (connection == NULL)
    return;
  g_test_summary ("A row that cannot be made is an error each time, the position stays before it, and cursor and connection stay as they were");

  pg_base_connection_set_row_factory (PG_BASE_CONNECTION (connection), points);
  cursor = execute (connection, POINTS_ONE_BAD, PG_FORMAT_TEXT);
  objects = pg_cursor_fetch_objects (cursor, NULL, &error);
  g_assert_null (objects);
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_clear_error (&error);
  assert_position_and_life (cursor, 0);
  object = pg_cursor_fetch_object (cursor, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&object);
  for (guint i = 0; i < 2; i++)
    {
      object = pg_cursor_fetch_object (cursor, NULL, &error);
      g_assert_null (object);
      g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
      pg_test_assert_contains (error->message, "Row 1, column 0 (“x”), property “x” of TestPoint: ");
      g_clear_error (&error);
      assert_position_and_life (cursor, 1);
    }
  g_assert_true (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 1, PG_SCROLL_MODE_RELATIVE, &error));
  object = pg_cursor_fetch_object (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (TEST_POINT (object)->x, ==, 3);
  g_clear_object (&object);

  g_assert_true (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 0, PG_SCROLL_MODE_ABSOLUTE, &error));
  pg_base_cursor_set_row_factory (PG_BASE_CURSOR (cursor), scalar);
  object = pg_cursor_fetch_object (cursor, NULL, &error);
  g_assert_null (object);
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  objects = pg_cursor_fetch_objects (cursor, NULL, &error);
  g_assert_null (objects);
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (pg_cursor_fetch_value (cursor, &value, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (G_VALUE_HOLDS_STRING (&value));
  g_value_unset (&value);
  g_clear_error (&error);
  assert_position_and_life (cursor, 0);

  g_assert_true (pg_cursor_execute (cursor, "CREATE TEMP TABLE t ()", NULL, NULL, &error));
  g_assert_false (pg_cursor_fetch_value (cursor, &value, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_value_unset (&value);
  g_clear_error (&error);
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  objects = pg_cursor_fetch_objects (cursor, NULL, &error);
  g_assert_null (objects);
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static GObject *
close_cursor (PgRow *row, gpointer cursor, GError **error)
{
  pg_base_cursor_close (cursor);
  pg_base_cursor_set_row_factory (cursor, NULL);
  return g_object_new (TEST_TYPE_POINT, NULL);
}

static void
test_func_closes (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgRowFactory) factory = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;

  if (connection == NULL)
    return;
  g_test_summary ("The function of a factory may close the cursor and take the factory from it");

  cursor = execute (connection, POINTS, PG_FORMAT_TEXT);
  factory = pg_row_factory_new_func (TEST_TYPE_POINT, close_cursor, cursor, NULL);
  pg_base_cursor_set_row_factory (PG_BASE_CURSOR (cursor), factory);
  g_clear_object (&factory);
  object = pg_cursor_fetch_object (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (object);
  g_assert_true (pg_base_cursor_get_closed (PG_BASE_CURSOR (cursor)));
}

static void
test_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgRowFactory) points = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  PgTestWait waits[7] = { 0 };
  guint i = 0;

  if (connection == NULL)
    return;
  g_test_summary ("The same calls with a main loop");

  pg_base_connection_set_row_factory (PG_BASE_CONNECTION (connection), points);
  cursor = pg_test_async_execute (connection, POINTS_ONE_BAD);

  pg_async_cursor_fetch_value_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  g_assert_true (pg_async_cursor_fetch_value_finish (cursor, pg_test_wait (&waits[i++]), &value, &error));
  g_assert_no_error (error);
  g_assert_cmpint (TEST_POINT (g_value_get_object (&value))->x, ==, 1);
  g_value_unset (&value);

  pg_async_cursor_fetch_value_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  g_assert_false (pg_async_cursor_fetch_value_finish (cursor, pg_test_wait (&waits[i++]), &value, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_assert_true (G_VALUE_HOLDS_STRING (&value));
  g_value_unset (&value);
  g_clear_error (&error);

  pg_async_cursor_fetch_objects_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  objects = pg_async_cursor_fetch_objects_finish (cursor, pg_test_wait (&waits[i++]), &error);
  g_assert_null (objects);
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, 1);

  g_assert_true (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 2, PG_SCROLL_MODE_ABSOLUTE, &error));
  pg_async_cursor_fetch_objects_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  objects = pg_async_cursor_fetch_objects_finish (cursor, pg_test_wait (&waits[i++]), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 1);

  pg_async_cursor_fetch_object_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  object = pg_async_cursor_fetch_object_finish (cursor, pg_test_wait (&waits[i++]), &error);
  g_assert_no_error (error);
  g_assert_null (object);

  g_assert_true (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 0, PG_SCROLL_MODE_ABSOLUTE, &error));
  pg_async_cursor_fetch_object_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  object = pg_async_cursor_fetch_object_finish (cursor, pg_test_wait (&waits[i++]), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (TEST_POINT (object)->label, ==, "a");

  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  pg_async_cursor_fetch_value_async (cursor, NULL, pg_test_wait_done, &waits[i]);
  g_assert_false (pg_async_cursor_fetch_value_finish (cursor, pg_test_wait (&waits[i++]), &value, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  for (guint j = 0; j < G_N_ELEMENTS (waits); j++)
    pg_test_wait_clear (&waits[j]);
}

/* Orders with their lines in one query; in text nothing but the position tells what a field is. */
static void
test_tree (void)
{
  const char *queries[] = {
    "SELECT 'first' AS string, 7::int8 AS int64, array_agg (ROW (g, 'line ' || g, ROW (g * 10, NULL, NULL)) ORDER BY g) AS points,"
    " ROW (1, 'one', NULL) AS point, 'very_glad'::test_mood AS mood FROM generate_series (1, 3) g",
    "SELECT 'first' AS string, 7::int8 AS int64,"
    " array_agg (ROW (g, 'line ' || g, ROW (g * 10, NULL, NULL))::test_line ORDER BY g) AS points,"
    " ROW (1, 'one', NULL)::test_line AS point, 'very_glad'::test_mood AS mood FROM generate_series (1, 3) g",
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgRowFactory) point = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) thing = pg_row_factory_new_object (TEST_TYPE_THING);
  g_autoptr (PgRowFactory) tree = pg_row_factory_with_nested (thing, "points", point);

  if (connection == NULL)
    return;
  g_test_summary ("Records and composites, and arrays of them, become objects and lists of objects, in both formats");

  pg_test_run (connection, "CREATE TYPE test_mood AS ENUM ('sad', 'very_glad')");
  pg_test_run (connection, "CREATE TYPE test_next AS (x int, label text, next text)");
  pg_test_run (connection, "CREATE TYPE test_line AS (x int, label text, next test_next)");
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PgCursor) cursor = execute (connection, queries[i / 2], i % 2 == 0 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY);
      g_autoptr (GError) error = NULL;
      g_autoptr (GListStore) store = NULL;
      g_autoptr (TestThing) object = NULL;
      g_autoptr (TestPoint) one = NULL;
      g_autoptr (GListModel) lines = NULL;
      g_autoptr (TestPoint) line = NULL;
      Mood mood = MOOD_SAD;

      store = pg_row_factory_make_list_store (tree, pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), &error);
      g_assert_no_error (error);
      object = g_list_model_get_item (G_LIST_MODEL (store), 0);
      g_object_get (object, "point", &one, "points", &lines, "mood", &mood, NULL);
      g_assert_cmpstr (one->label, ==, "one");
      g_assert_null (one->next);
      g_assert_cmpint (mood, ==, MOOD_VERY_GLAD);
      g_assert_cmpuint (g_list_model_get_n_items (lines), ==, 3);
      line = g_list_model_get_item (lines, 2);
      g_assert_cmpint (line->x, ==, 3);
      g_assert_cmpstr (line->label, ==, "line 3");
      g_assert_cmpint (line->next->x, ==, 30);
    }
}

static void
test_named_fields (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgRowFactory) point = pg_row_factory_new_object (TEST_TYPE_POINT);
  g_autoptr (PgRowFactory) thing = pg_row_factory_new_object (TEST_TYPE_THING);
  g_autoptr (PgRowFactory) factory = pg_row_factory_with_nested (thing, "points", point);
  g_autoptr (PgTypeInfo) place = NULL;
  g_autoptr (PgTypeInfo) other = NULL;
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    return;
  g_test_summary ("The fields of a composite type that is known are found by their names");

  pg_test_run (connection, "CREATE TYPE test_place AS (label text, x int)");
  pg_test_run (connection, "CREATE TYPE test_other AS (label text, y int)");
  place = pg_connection_fetch_type (connection, "test_place", NULL, &error);
  g_assert_no_error (error);
  other = pg_connection_fetch_type (connection, "test_other", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      const PgFormat format = i == 0 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY;
      g_autoptr (PgCursor) cursor = execute (connection, "SELECT ROW ('a', 5)::test_place AS point, ARRAY[ROW ('b', 6)::test_place] AS points", format);
      g_autoptr (PgCursor) wrong = execute (connection, "SELECT ROW ('a', 5)::test_other AS point", format);
      g_autoptr (GPtrArray) things = pg_row_factory_make_objects (factory, pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), &error);
      g_autoptr (TestPoint) one = NULL;
      g_autoptr (GListModel) points = NULL;
      g_autoptr (TestPoint) first = NULL;

      g_assert_no_error (error);
      g_object_get (g_ptr_array_index (things, 0), "point", &one, "points", &points, NULL);
      g_assert_cmpstr (one->label, ==, "a");
      g_assert_cmpint (one->x, ==, 5);
      first = g_list_model_get_item (points, 0);
      g_assert_cmpint (first->x, ==, 6);
      g_clear_pointer (&things, g_ptr_array_unref);
      things = pg_row_factory_make_objects (factory, pg_base_cursor_get_result (PG_BASE_CURSOR (wrong)), &error);
      g_assert_null (things);
      pg_test_assert_contains (error->message, "TestPoint has no property “y” for a field");
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/cursor-rows/property", test_property);
  g_test_add_func ("/pg/cursor-rows/construct", test_construct);
  g_test_add_func ("/pg/cursor-rows/fetch-value", test_fetch_value);
  g_test_add_func ("/pg/cursor-rows/fetch-objects", test_fetch_objects);
  g_test_add_func ("/pg/cursor-rows/failures", test_failures);
  g_test_add_func ("/pg/cursor-rows/func-closes", test_func_closes);
  g_test_add_func ("/pg/cursor-rows/async", test_async);
  g_test_add_func ("/pg/cursor-rows/tree", test_tree);
  g_test_add_func ("/pg/cursor-rows/named-fields", test_named_fields);

  return g_test_run ();
}
