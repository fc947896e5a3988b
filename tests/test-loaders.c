/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loaders of what values have in them: elements, fields, bounds. Of values by themselves: test-adapters-map.c. */
#include "pg-test-wire.h"

#include <gio/gio.h>

#include <pgconn/pgconn.h>
#include <pgconn/types/pg-adapters-map-private.h>

#define MOOD 20000
#define MOOD_ARRAY 20001
#define PAIR 20010
#define PAIR_ARRAY 20011
#define MOOD_RANGE 20020
#define MOOD_MULTIRANGE 20030
#define MOOD_DOMAIN 20040
#define MOOD_DOMAIN_ARRAY 20041

/* In binary: "sad", and "ok". */
#define SAD "00000003736164"
#define OK "000000026f6b"

static PgTypeInfo *
make_info (PgTypeKind kind, guint32 oid, const char *name)
{
  PgTypeInfo *info = pg_type_info_new_empty (kind, oid);

  info->array_oid = oid + 1;
  info->name = g_strdup (name);
  info->schema = g_strdup ("public");
  info->sql_name = g_strdup (name);
  return info;
}

static PgAdaptersMap *
make_map (void)
{
  PgAdaptersMap *map = pg_adapters_map_new (NULL);
  g_autoptr (PgTypeInfo) mood = make_info (PG_TYPE_KIND_ENUM, MOOD, "mood");
  g_autoptr (PgTypeInfo) pair = make_info (PG_TYPE_KIND_COMPOSITE, PAIR, "pair");
  g_autoptr (PgTypeInfo) range = make_info (PG_TYPE_KIND_RANGE, MOOD_RANGE, "mood_range");
  g_autoptr (PgTypeInfo) multirange = make_info (PG_TYPE_KIND_MULTIRANGE, MOOD_MULTIRANGE, "mood_multirange");
  g_autoptr (PgTypeInfo) domain = make_info (PG_TYPE_KIND_DOMAIN, MOOD_DOMAIN, "mood_domain");

  mood->labels = g_strsplit ("sad,ok", ",", -1);
  pair->n_fields = 2;
  pair->fields = g_new0 (PgTypeField, 2);
  pair->fields[0] = (PgTypeField) { g_strdup ("m"), MOOD_ARRAY, -1 };
  pair->fields[1] = (PgTypeField) { g_strdup ("n"), PG_OID_INT4, -1 };
  range->element = multirange->element = MOOD;
  domain->base = MOOD;
  pg_adapters_map_add_type (map, mood);
  pg_adapters_map_add_type (map, pair);
  pg_adapters_map_add_type (map, range);
  pg_adapters_map_add_type (map, multirange);
  pg_adapters_map_add_type (map, domain);
  return map;
}

/* The label with a bang: a string that is no text of the server's. Counts in user_data. */
static void
load_loudly (PgLoad *load, gpointer user_data, GError **error)
{
  g_autofree char *text = pg_load_dup_text (load, error);
  g_autofree char *loud = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  ++*(guint *) user_data;
  if (text == NULL)
    return;
  loud = g_strconcat (text, "!", NULL);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, loud);
  pg_load_set_value (load, &value);
}

static void
load_object (PgLoad *load, gpointer user_data, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_OBJECT);
  g_value_take_object (&value, g_object_new (G_TYPE_MENU, NULL));
  pg_load_set_value (load, &value);
}

static void
load_failure (PgLoad *load, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no luck");
}

/* How many fields there are, and what has become of the first. */
static void
load_pair (PgLoad *load, gpointer user_data, GError **error)
{
  g_autoptr (PgRecord) record = pg_load_dup_record (load, error);
  g_auto (GValue) field = G_VALUE_INIT;
  g_auto (GValue) element = G_VALUE_INIT;

  if (record == NULL)
    return;
  pg_record_get_value (record, 0, &field);
  pg_array_get_value (g_value_get_boxed (&field), 0, &element);
  pg_load_set_value (load, &element);
}

static gboolean
read_value (PgAdaptersMap *map, PgWireValue *taken, GValue *value, GError **error)
{
  g_autoptr (PgWireValue) wire = taken;
  g_autoptr (PgTypeTable) table = pg_adapters_map_ref_table (map);

  wire->types = table;
  return pg_codec_to_value (wire, value, error);
}

static char *
read_text (PgAdaptersMap *map, PgWireValue *taken, GError **error)
{
  g_autoptr (PgWireValue) wire = taken;
  g_autoptr (PgTypeTable) table = pg_adapters_map_ref_table (map);

  wire->types = table;
  return pg_codec_to_text (wire, error);
}

static void
read_boxed (PgAdaptersMap *map, PgWireValue *taken, GType type, GValue *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (read_value (map, taken, value, &error));
  g_assert_no_error (error);
  g_assert_true (G_VALUE_HOLDS (value, type));
}

static void
assert_element (const PgArray *array, guint position, const char *expected)
{
  g_auto (GValue) value = G_VALUE_INIT;

  pg_array_get_value (array, position, &value);
  g_assert_cmpstr (g_value_get_string (&value), ==, expected);
}

static void
assert_bounds (const PgRange *range, const char *lower, const char *upper)
{
  g_auto (GValue) lower_value = G_VALUE_INIT;
  g_auto (GValue) upper_value = G_VALUE_INIT;

  pg_range_get_lower_value (range, &lower_value);
  pg_range_get_upper_value (range, &upper_value);
  g_assert_cmpstr (g_value_get_string (&lower_value), ==, lower);
  g_assert_cmpstr (g_value_get_string (&upper_value), ==, upper);
  g_assert_true (pg_range_has_loader (range));
}

static PgAdaptersMap *
make_loud_map (guint *calls)
{
  PgAdaptersMap *map = make_map ();

  pg_adapters_map_add_loader (map, MOOD, PG_FORMAT_TEXT, load_loudly, calls, NULL);
  pg_adapters_map_add_loader (map, MOOD, PG_FORMAT_BINARY, load_loudly, calls, NULL);
  return map;
}

/* Each in both formats. */
static PgWireValue *
make_array (guint32 type, guint32 element, gboolean is_binary)
{
  g_autofree char *hex = g_strdup_printf ("00000001" "00000001" "%08x" "00000003" "00000001" SAD "ffffffff" OK, element);

  return is_binary ? pg_test_wire_binary (type, hex) : pg_test_wire_text (type, "{sad,NULL,ok}");
}

static PgWireValue *
make_pair (gboolean is_binary)
{
  return is_binary ? pg_test_wire_binary (PAIR, "00000002" "00004e21" "0000001b" "00000001" "00000000" "00004e20" "00000001" "00000001" SAD
                                                "00000017" "00000004" "00000007")
                   : pg_test_wire_text (PAIR, "({sad},7)");
}

static void
test_arrays (void)
{
  static const guint32 types[][2] = { { MOOD_ARRAY, MOOD }, { MOOD_DOMAIN_ARRAY, MOOD_DOMAIN } };

  g_test_summary ("Elements are read by their loader, once each, those of a domain by that of what it is of.");

  for (guint i = 0; i < 2 * G_N_ELEMENTS (types); i++)
    {
      guint calls = 0;
      g_autoptr (PgAdaptersMap) map = make_loud_map (&calls);
      g_auto (GValue) value = G_VALUE_INIT;
      const PgArray *array;
      g_autofree char *text = NULL;

      read_boxed (map, make_array (types[i / 2][0], types[i / 2][1], i % 2), PG_TYPE_ARRAY, &value);
      array = g_value_get_boxed (&value);
      g_assert_true (pg_array_has_loader (array));
      assert_element (array, 0, "sad!");
      assert_element (array, 1, NULL);
      assert_element (array, 2, "ok!");
      assert_element (array, 3, NULL);
      g_assert_cmpuint (calls, ==, 2);
      text = pg_array_to_string (array);
      g_assert_cmpstr (text, ==, "{sad,NULL,ok}");
      g_assert_cmpuint (calls, ==, 2);
    }
}

static void
test_records (void)
{
  g_test_summary ("What fields have in them is read by its loader.");

  for (guint is_binary = 0; is_binary < 2; is_binary++)
    {
      guint calls = 0;
      g_autoptr (PgAdaptersMap) map = make_loud_map (&calls);
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) field = G_VALUE_INIT;
      const PgRecord *record;

      read_boxed (map, make_pair (is_binary), PG_TYPE_RECORD, &value);
      record = g_value_get_boxed (&value);
      g_assert_true (pg_record_has_loader (record, 0));
      g_assert_false (pg_record_has_loader (record, 1));
      g_assert_false (pg_record_has_loader (record, 2));
      pg_record_get_value (record, 0, &field);
      assert_element (g_value_get_boxed (&field), 0, "sad!");
      g_assert_cmpstr (pg_record_get_text (record, 0), ==, "{sad}");
      g_assert_cmpuint (calls, ==, 1);
    }
}

static void
test_ranges (void)
{
  g_test_summary ("Bounds of ranges and multiranges are read by their loader.");

  for (guint is_binary = 0; is_binary < 2; is_binary++)
    {
      guint calls = 0;
      g_autoptr (PgAdaptersMap) map = make_loud_map (&calls);
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) multirange = G_VALUE_INIT;
      g_autofree char *text = NULL;

      read_boxed (map, is_binary ? pg_test_wire_binary (MOOD_RANGE, "02" SAD OK) : pg_test_wire_text (MOOD_RANGE, "[sad,ok)"), PG_TYPE_RANGE, &value);
      assert_bounds (g_value_get_boxed (&value), "sad!", "ok!");
      text = pg_range_to_string (g_value_get_boxed (&value));
      g_assert_cmpstr (text, ==, "[sad,ok)");
      read_boxed (map, is_binary ? pg_test_wire_binary (MOOD_MULTIRANGE, "00000001" "00000008" "12" SAD) : pg_test_wire_text (MOOD_MULTIRANGE, "{[sad,)}"),
                  PG_TYPE_MULTIRANGE, &multirange);
      assert_bounds (pg_multirange_get_range (g_value_get_boxed (&multirange), 0), "sad!", NULL);
      g_assert_cmpuint (calls, ==, 3);
    }
}

static void
test_one_format (void)
{
  guint calls = 0;
  g_autoptr (PgAdaptersMap) map = make_map ();
  g_auto (GValue) text = G_VALUE_INIT;
  g_auto (GValue) binary = G_VALUE_INIT;

  g_test_summary ("A loader for one format has nothing to do with the other.");

  pg_adapters_map_add_loader (map, MOOD, PG_FORMAT_BINARY, load_loudly, &calls, NULL);
  read_boxed (map, make_array (MOOD_ARRAY, MOOD, FALSE), PG_TYPE_ARRAY, &text);
  g_assert_false (pg_array_has_loader (g_value_get_boxed (&text)));
  assert_element (g_value_get_boxed (&text), 0, "sad");
  read_boxed (map, make_array (MOOD_ARRAY, MOOD, TRUE), PG_TYPE_ARRAY, &binary);
  assert_element (g_value_get_boxed (&binary), 0, "sad!");
}

static void
test_own_record (void)
{
  g_test_summary ("The loader of a composite type gets the record with what the loaders of its fields have made.");

  for (guint is_binary = 0; is_binary < 2; is_binary++)
    {
      guint calls = 0;
      g_autoptr (PgAdaptersMap) map = make_loud_map (&calls);
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) wrong = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;

      pg_adapters_map_add_loader (map, PAIR, is_binary ? PG_FORMAT_BINARY : PG_FORMAT_TEXT, load_pair, NULL, NULL);
      g_assert_true (read_value (map, make_pair (is_binary), &value, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (g_value_get_string (&value), ==, "sad!");

      pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, load_pair, NULL, NULL);
      g_assert_false (read_value (map, pg_test_wire_text (PG_OID_INT4, "1"), &wrong, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_failure (void)
{
  g_test_summary ("A loader that fails is an error of the whole value, but not of its text.");

  for (guint is_binary = 0; is_binary < 2; is_binary++)
    {
      g_autoptr (PgAdaptersMap) map = make_map ();
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      g_autofree char *record = NULL;
      g_autofree char *range = NULL;
      g_autofree char *array = NULL;

      pg_adapters_map_add_loader (map, MOOD, PG_FORMAT_TEXT, load_failure, NULL, NULL);
      pg_adapters_map_add_loader (map, MOOD, PG_FORMAT_BINARY, load_failure, NULL, NULL);
      g_assert_false (read_value (map, make_pair (is_binary), &value, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpstr (error->message, ==, "the loader of the type mood has failed: no luck");
      record = read_text (map, make_pair (is_binary), NULL);
      g_assert_cmpstr (record, ==, "({sad},7)");
      range = read_text (map, is_binary ? pg_test_wire_binary (MOOD_RANGE, "02" SAD OK) : pg_test_wire_text (MOOD_RANGE, "[sad,ok)"), NULL);
      g_assert_cmpstr (range, ==, "[sad,ok)");
      array = read_text (map, make_array (MOOD_ARRAY, MOOD, is_binary), NULL);
      g_assert_cmpstr (array, ==, "{sad,NULL,ok}");
    }
}

static void
test_order (void)
{
  g_autoptr (PgAdaptersMap) map = make_map ();
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) same = G_VALUE_INIT;
  g_auto (GValue) less = G_VALUE_INIT;

  g_test_summary ("Arrays with elements of loaders are compared by what the library reads.");

  pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, load_object, NULL, NULL);
  read_boxed (map, pg_test_wire_text (PG_OID_INT4_ARRAY, "{1,10}"), PG_TYPE_ARRAY, &value);
  read_boxed (map, pg_test_wire_text (PG_OID_INT4_ARRAY, "{1,10}"), PG_TYPE_ARRAY, &same);
  read_boxed (map, pg_test_wire_text (PG_OID_INT4_ARRAY, "{1,9}"), PG_TYPE_ARRAY, &less);
  g_assert_true (pg_array_equal (g_value_get_boxed (&value), g_value_get_boxed (&same)));
  g_assert_cmpuint (pg_array_hash (g_value_get_boxed (&value)), ==, pg_array_hash (g_value_get_boxed (&same)));
  g_assert_cmpint (pg_array_compare (g_value_get_boxed (&value), g_value_get_boxed (&less)), >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/loaders/elements", test_arrays);
  g_test_add_func ("/pg/loaders/fields", test_records);
  g_test_add_func ("/pg/loaders/bounds", test_ranges);
  g_test_add_func ("/pg/loaders/one-format", test_one_format);
  g_test_add_func ("/pg/loaders/record", test_own_record);
  g_test_add_func ("/pg/loaders/failure", test_failure);
  g_test_add_func ("/pg/loaders/order", test_order);
  return g_test_run ();
}
