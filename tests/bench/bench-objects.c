/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects of rows: with the library, and as a program would make them with GObject's own functions. Nothing is fetched meanwhile. */

#include "pg-bench.h"

#include <string.h>

#define BENCH_TYPE_ITEM (bench_item_get_type ())
G_DECLARE_FINAL_TYPE (BenchItem, bench_item, BENCH, ITEM, GObject)

struct _BenchItem
{
  GObject parent_instance;
  gint64 id;
  char *name;
  double ratio;
  gboolean even;
  int number;
};

G_DEFINE_FINAL_TYPE (BenchItem, bench_item, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_RATIO,
  PROP_EVEN,
  PROP_NUMBER,
};

static void
bench_item_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BenchItem *self = BENCH_ITEM (object);

  switch (id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_NAME:
      g_free (self->name);
      self->name = g_value_dup_string (value);
      break;
    case PROP_RATIO:
      self->ratio = g_value_get_double (value);
      break;
    case PROP_EVEN:
      self->even = g_value_get_boolean (value);
      break;
    case PROP_NUMBER:
      self->number = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
bench_item_finalize (GObject *object)
{
  g_free (BENCH_ITEM (object)->name);
  G_OBJECT_CLASS (bench_item_parent_class)->finalize (object);
}

static void
bench_item_class_init (BenchItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = bench_item_set_property;
  object_class->finalize = bench_item_finalize;
  g_object_class_install_property (object_class, PROP_ID, g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags));
  g_object_class_install_property (object_class, PROP_NAME, g_param_spec_string ("name", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_RATIO, g_param_spec_double ("ratio", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags));
  g_object_class_install_property (object_class, PROP_EVEN, g_param_spec_boolean ("even", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object_class, PROP_NUMBER, g_param_spec_int ("number", NULL, NULL, G_MININT, G_MAXINT, 0, flags));
}

static void
bench_item_init (BenchItem *self)
{
}

static int n_rows = 100000;

static BenchItem *
new_item (PgResult *result, guint row, gboolean set_afterwards, GError **error)
{
  const gint64 id = pg_result_get_int64 (result, row, 0, error);
  const char *name = pg_result_get_text (result, row, 1, error);
  const double ratio = pg_result_get_double (result, row, 2, error);
  const gboolean even = pg_result_get_boolean (result, row, 3, error);
  const int number = (int) pg_result_get_int64 (result, row, 4, error);
  BenchItem *item;

  if (!set_afterwards)
    return g_object_new (BENCH_TYPE_ITEM, "id", id, "name", name, "ratio", ratio, "even", even, "number", number, NULL);
  item = g_object_new (BENCH_TYPE_ITEM, NULL);
  g_object_set (item, "id", id, "name", name, "ratio", ratio, "even", even, "number", number, NULL);
  return item;
}

static void
make_by_hand (PgResult *result, guint count, gboolean set_afterwards)
{
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_full ((guint) n_rows, g_object_unref);
      g_autoptr (GError) error = NULL;

      for (guint row = 0; row < (guint) n_rows; row++)
        g_ptr_array_add (items, new_item (result, row, set_afterwards, &error));
      g_assert_no_error (error);
    }
}

static void
make_and_set (gpointer data, guint count)
{
  make_by_hand (data, count, TRUE);
}

static void
make_with_properties (gpointer data, guint count)
{
  make_by_hand (data, count, FALSE);
}

static void
make_objects (gpointer data, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items = pg_result_to_objects (data, BENCH_TYPE_ITEM, &error);

      g_assert_no_error (error);
      g_assert_cmpint (items->len, ==, n_rows);
    }
}

static void
make_list_store (gpointer data, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GListStore) store = pg_result_to_list_store (data, BENCH_TYPE_ITEM, &error);

      g_assert_no_error (error);
      g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, n_rows);
    }
}

static void
compare (PgConnection *connection, PgFormat format)
{
  g_autofree char *sql = g_strdup_printf ("SELECT i::int8 AS id, 'name of ' || i AS name, i * 1.25::float8 AS ratio, i %% 2 = 0 AS even, i AS number"
                                          " FROM generate_series (1, %d) i",
                                          n_rows);
  g_autofree char *title = g_strdup_printf ("%d objects x 5, %s", n_rows, format == PG_FORMAT_BINARY ? "binary" : "text");
  const char *names[2][4] = {
    { "set-text", "new-text", "objects-text", "store-text" },
    { "set-binary", "new-binary", "objects-binary", "store-binary" },
  };
  const char *const *name = names[format == PG_FORMAT_BINARY];
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, &error);
  PgResult *result;

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  if (!pg_cursor_execute (cursor, sql, NULL, NULL, &error))
    g_error ("%s", error->message);
  result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
  {
    const PgBenchContestant contestants[] = {
      { name[0], "g_object_new (), g_object_set ()", make_and_set, result, 0 },
      { name[1], "g_object_new () with properties", make_with_properties, result, 0 },
      { name[2], "pg_result_to_objects ()", make_objects, result, 1.2 },
      { name[3], "pg_result_to_list_store ()", make_list_store, result, 0 },
    };

    pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 1);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (PgConnection) connection = NULL;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many rows", "N" },
    { NULL },
  };

  pg_bench_begin (&argc, &argv, entries);
  connection = pg_bench_open ();
  compare (connection, PG_FORMAT_TEXT);
  compare (connection, PG_FORMAT_BINARY);
  g_clear_object (&connection);
  pg_bench_end ();
  return 0;
}
