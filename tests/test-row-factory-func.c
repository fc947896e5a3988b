/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include "pg-test-objects.h"
#include "pg-test-raw-result.h"
#include <pgconn/result/pg-result-private.h>

static GObject *
point_of_row (PgRow *row, gpointer user_data, GError **error)
{
  guint *n_calls = user_data;
  gint64 x = pg_row_get_int64 (row, 1, error);

  (*n_calls)++;
  if (x == 13)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "unlucky");
      return NULL;
    }
  if (x == 14)
    return NULL;
  if (x == 15)
    return G_OBJECT (g_cancellable_new ());
  return g_object_new (TEST_TYPE_POINT, "x", (int) x, NULL);
}

static void
forget_calls (gpointer user_data)
{
  *(guint *) user_data += 100;
}

static void
test_func (void)
{
  const char *third[] = { "3", "13", "14", "15" };
  const char *messages[] = { NULL, "unlucky", "Row 2: the row factory gave no object", "Row 2: the row factory gave an object of GCancellable, not of TestPoint" };
  guint n_calls = 0;
  g_autoptr (PgRowFactory) factory = pg_row_factory_new_func (TEST_TYPE_POINT, point_of_row, &n_calls, forget_calls);

  g_test_summary ("A function makes the objects, and its errors are those of the call");

  for (guint i = 0; i < G_N_ELEMENTS (third); i++)
    {
      g_autoptr (PgResult) result = pg_test_points_new (third[i]);
      g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (GListStore) store = pg_row_factory_make_list_store (factory, result, &error);
      g_autoptr (GObject) first = NULL;

      if (messages[i] == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 3);
        }
      else
        {
          g_assert_null (store);
          g_assert_cmpstr (error->message, ==, messages[i]);
          g_clear_error (&error);
        }
      first = pg_row_factory_make_object (factory, row, &error);
      g_assert_no_error (error);
      g_assert_cmpint (TEST_POINT (first)->x, ==, 1);
    }
  g_assert_cmpuint (n_calls, ==, 16);
  g_clear_object (&factory);
  g_assert_cmpuint (n_calls, ==, 116);
}

static char *
label_of_row (PgRow *row, gpointer user_data)
{
  return g_strconcat ("<", pg_row_get_text (row, 0, NULL), ">", NULL);
}

static GObject *
no_object (PgRow *row, gpointer user_data)
{
  return NULL;
}

static void
test_closure (void)
{
  g_autoptr (PgResult) result = pg_test_points_new ("3");
  g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 2);
  g_autoptr (PgRowFactory) factory = pg_row_factory_new_closure (G_TYPE_STRING, g_cclosure_new (G_CALLBACK (label_of_row), NULL, NULL));
  g_autoptr (PgRowFactory) nothing = pg_row_factory_new_closure (TEST_TYPE_POINT, g_cclosure_new (G_CALLBACK (no_object), NULL, NULL));
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) no_value = G_VALUE_INIT;

  g_test_summary ("A closure makes values of any type");

  g_assert_true (pg_row_factory_make (factory, row, &value, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (&value), ==, "<c>");
  g_assert_false (pg_row_factory_make (nothing, row, &no_value, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_cmpstr (error->message, ==, "Row 2: the row factory gave no object");
}

static GObject *
make_nothing (PgRow *row, gpointer user_data, GError **error)
{
  g_assert_not_reached ();
}

/* Scripts may give anything. */
static void
test_misuse (void)
{
  g_autoptr (PgRowFactory) scalar = pg_row_factory_new_scalar ();
  g_autoptr (PgRowFactory) object = pg_row_factory_new_object (TEST_TYPE_THING);
  const char *const fields[] = { "text", NULL };
  PgRowFactory *factories[] = {
    pg_row_factory_new_object (G_TYPE_INT),
    pg_row_factory_new_object (G_TYPE_INVALID),
    pg_row_factory_with_nested (scalar, "object", object),
    pg_row_factory_with_nested (object, "object", scalar),
    pg_row_factory_with_fields (scalar, fields),
    pg_row_factory_new_func (G_TYPE_INT, make_nothing, NULL, NULL),
    pg_row_factory_new_closure (G_TYPE_NONE, g_cclosure_new (G_CALLBACK (make_nothing), NULL, NULL)),
  };
  g_autoptr (PgResult) result = pg_test_result_of ("string", PG_OID_TEXT, "a");
  g_autoptr (GError) objects_error = NULL;
  g_autoptr (GError) store_error = NULL;

  g_test_summary ("A factory of no objects, or with more said of it than it has use for, makes nothing");

  for (guint i = 0; i < G_N_ELEMENTS (factories); i++)
    {
      g_autoptr (PgRowFactory) factory = factories[i];
      g_autoptr (PgRow) row = g_list_model_get_item (G_LIST_MODEL (result), 0);
      g_autoptr (GListStore) store = NULL;
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) row_error = NULL;

      store = pg_row_factory_make_list_store (factory, result, &error);
      g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
      g_assert_null (store);
      g_assert_false (pg_row_factory_make (factory, row, &value, &row_error));
      g_assert_error (row_error, PG_ERROR, PG_ERROR_INTERFACE);
    }
  g_assert_null (pg_result_to_objects (result, G_TYPE_INT, &objects_error));
  g_assert_error (objects_error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_null (pg_result_to_list_store (result, G_TYPE_STRING, &store_error));
  g_assert_error (store_error, PG_ERROR, PG_ERROR_INTERFACE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/row-factory/func", test_func);
  g_test_add_func ("/pg/row-factory/closure", test_closure);
  g_test_add_func ("/pg/row-factory/misuse", test_misuse);

  return g_test_run ();
}
