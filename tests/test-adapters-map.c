/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgAdaptersMap: enums, loaders and dumpers. Scopes: test-type-info.c. */
#include "pg-test-wire.h"

#include <gio/gio.h>

#include <pgconn/pgconn.h>
#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-adapters-map-private.h>
#include <pgconn/types/pg-record-private.h>

/* G_FILE_TYPE_… and the like will not do: the labels have to be ours. */
static GType
mood_get_type (void)
{
  static GType type;
  static const GEnumValue values[] = { { 7, "MOOD_SAD", "sad" }, { 3, "MOOD_OK", "ok" }, { 9, "very happy", "MOOD_VERY_HAPPY" }, { 0, NULL, NULL } };

  if (type == 0)
    type = g_enum_register_static ("TestMood", values);
  return type;
}

static PgTypeInfo *
make_info (PgTypeKind kind, guint32 oid, guint32 array_oid, const char *name)
{
  PgTypeInfo *info = pg_type_info_new_empty (kind, oid);

  info->array_oid = array_oid;
  info->name = g_strdup (name);
  info->schema = g_strdup ("public");
  info->sql_name = g_strdup (name);
  return info;
}

static PgTypeInfo *
make_mood (guint32 oid, const char *labels)
{
  PgTypeInfo *info = make_info (PG_TYPE_KIND_ENUM, oid, oid + 1, "mood");

  info->labels = g_strsplit (labels, ",", -1);
  return info;
}

/* (m mood, n int4) */
static PgTypeInfo *
make_pair (guint32 oid, guint32 mood)
{
  PgTypeInfo *info = make_info (PG_TYPE_KIND_COMPOSITE, oid, oid + 1, "pair");

  info->n_fields = 2;
  info->fields = g_new0 (PgTypeField, 2);
  info->fields[0] = (PgTypeField) { g_strdup ("m"), mood, -1 };
  info->fields[1] = (PgTypeField) { g_strdup ("n"), PG_OID_INT4, -1 };
  return info;
}

static gboolean
read_value (PgAdaptersMap *map, PgWireValue *taken, GValue *value, GError **error)
{
  g_autoptr (PgWireValue) wire = taken;
  g_autoptr (PgTypeTable) table = pg_adapters_map_ref_table (map);

  wire->types = table;
  return pg_codec_to_value (wire, value, error);
}

static GVariant *
read_variant (PgAdaptersMap *map, PgWireValue *taken, GError **error)
{
  g_autoptr (PgWireValue) wire = taken;
  g_autoptr (PgTypeTable) table = pg_adapters_map_ref_table (map);
  GVariant *variant;

  wire->types = table;
  variant = pg_codec_to_variant (wire, error);
  return variant != NULL ? g_variant_ref_sink (variant) : NULL;
}

#define assert_contains(text, part)                          \
  G_STMT_START                                               \
  {                                                          \
    g_assert_nonnull (text);                                 \
    if (strstr (text, part) == NULL)                         \
      g_error ("“%s” is not in “%s”", part, text);           \
  }                                                          \
  G_STMT_END

static void
test_enum (void)
{
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgTypeInfo) info = make_mood (20000, "sad,ok,very happy");
  g_autoptr (GError) error = NULL;
  g_auto (GValue) by_nick = G_VALUE_INIT;
  g_auto (GValue) by_name = G_VALUE_INIT;
  g_auto (GValue) unknown = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) array = NULL;

  g_test_summary ("An enum of the database that is one of GObject: a label is a nick, or else a name.");

  g_assert_true (pg_adapters_map_register_enum (map, info, mood_get_type (), &error));
  g_assert_no_error (error);
  g_assert_true (read_value (map, pg_test_wire_text (20000, "ok"), &by_nick, &error));
  g_assert_no_error (error);
  g_assert_true (G_VALUE_HOLDS (&by_nick, mood_get_type ()));
  g_assert_cmpint (g_value_get_enum (&by_nick), ==, 3);
  g_assert_true (read_value (map, pg_test_wire_binary (20000, "76657279206861707079"), &by_name, &error));
  g_assert_cmpint (g_value_get_enum (&by_name), ==, 9);
  variant = read_variant (map, pg_test_wire_text (20000, "ok"), &error);
  g_assert_cmpstr (g_variant_get_string (variant, NULL), ==, "ok");
  array = read_variant (map, pg_test_wire_text (20001, "{ok,NULL}"), &error);
  g_assert_cmpstr (g_variant_get_type_string (array), ==, "ams");

  g_assert_false (read_value (map, pg_test_wire_text (20000, "furious"), &unknown, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  assert_contains (error->message, "mood");
  g_assert_null (strstr (error->message, "furious"));
}

static void
test_enum_errors (void)
{
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgTypeInfo) info = make_mood (20000, "sad,angry");
  g_autoptr (PgTypeInfo) pair = make_pair (20010, 20000);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) no_enum = NULL;
  g_autoptr (GError) no_gtype = NULL;

  g_test_summary ("What is no enum, and a label that has no value, is refused by name.");

  g_assert_false (pg_adapters_map_register_enum (map, info, mood_get_type (), &missing));
  g_assert_error (missing, PG_ERROR, PG_ERROR_PROGRAMMING);
  assert_contains (missing->message, "angry");
  assert_contains (missing->message, "TestMood");
  g_assert_null (pg_adapters_map_lookup_type (map, 20000));
  g_assert_false (pg_adapters_map_register_enum (map, pair, mood_get_type (), &no_enum));
  assert_contains (no_enum->message, "pair");
  g_assert_false (pg_adapters_map_register_enum (map, info, G_TYPE_STRING, &no_gtype));
  assert_contains (no_gtype->message, "gchararray");
}

/* What takes the place of a type has what was said of it. */
static void
test_enum_recreated (void)
{
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgAdaptersMap) copy = NULL;
  g_autoptr (PgTypeInfo) former = make_mood (20000, "sad,ok");
  g_autoptr (PgTypeInfo) latter = make_mood (30000, "sad,ok,angry");
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) of_copy = G_VALUE_INIT;
  g_auto (GValue) unknown = G_VALUE_INIT;
  g_auto (GValue) of_former = G_VALUE_INIT;

  g_test_summary ("A registration holds for the type that takes the place of the first.");

  g_assert_true (pg_adapters_map_register_enum (map, former, mood_get_type (), NULL));
  copy = pg_adapters_map_new (map);
  pg_adapters_map_add_type (map, latter);
  g_assert_true (read_value (map, pg_test_wire_text (30000, "ok"), &value, &error));
  g_assert_cmpint (g_value_get_enum (&value), ==, 3);
  g_assert_false (read_value (map, pg_test_wire_text (30000, "angry"), &unknown, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  assert_contains (error->message, "position 2");
  g_assert_true (read_value (map, pg_test_wire_text (20000, "ok"), &of_former, NULL));
  g_assert_true (G_VALUE_HOLDS_STRING (&of_former));
  g_assert_true (read_value (copy, pg_test_wire_text (20000, "ok"), &of_copy, NULL));
  g_assert_true (G_VALUE_HOLDS (&of_copy, mood_get_type ()));
}

static void
load_length (PgLoad *load, gpointer user_data, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  const guint *factor = user_data;

  g_value_init (&value, G_TYPE_UINT);
  g_value_set_uint (&value, (guint) g_bytes_get_size (pg_load_get_bytes (load)) * *factor);
  pg_load_set_value (load, &value);
}

static void
load_nothing (PgLoad *load, gpointer user_data, GError **error)
{
}

static void
load_null (PgLoad *load, gpointer user_data, GError **error)
{
  pg_load_set_value (load, NULL);
}

static void
load_object (PgLoad *load, gpointer user_data, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_OBJECT);
  g_value_take_object (&value, g_object_new (G_TYPE_OBJECT, NULL));
  pg_load_set_value (load, &value);
}

static void
load_failure (PgLoad *load, gpointer user_data, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  pg_load_set_value (load, &value);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no luck with %u", pg_load_get_oid (load));
}

static void
count (gpointer data)
{
  ++*(guint *) data;
}

static void
test_loader (void)
{
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgTypeInfo) mood = make_mood (20000, "sad,ok");
  g_autoptr (PgTypeInfo) pair = make_pair (20010, 20000);
  g_autoptr (GError) error = NULL;
  guint factor = 10;
  g_auto (GValue) text = G_VALUE_INIT;
  g_auto (GValue) binary = G_VALUE_INIT;
  g_auto (GValue) record = G_VALUE_INIT;
  g_auto (GValue) field = G_VALUE_INIT;
  g_auto (GValue) other = G_VALUE_INIT;
  g_auto (GValue) null = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) array = NULL;

  g_test_summary ("A loader reads the values of a type in a format.");

  pg_adapters_map_add_type (map, mood);
  pg_adapters_map_add_type (map, pair);
  pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, load_length, &factor, NULL);
  g_assert_true (read_value (map, pg_test_wire_text (PG_OID_INT4, "123"), &text, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_value_get_uint (&text), ==, 30);
  g_assert_true (read_value (map, pg_test_wire_binary (PG_OID_INT4, "00000007"), &binary, &error));
  g_assert_cmpint (g_value_get_int (&binary), ==, 7);
  variant = read_variant (map, pg_test_wire_text (PG_OID_INT4, "123"), &error);
  g_assert_cmpuint (g_variant_get_uint32 (variant), ==, 30);
  array = read_variant (map, pg_test_wire_text (PG_OID_INT4_ARRAY, "{123}"), &error);
  g_assert_cmpstr (g_variant_get_type_string (array), ==, "ami");
  g_assert_true (read_value (map, pg_test_wire_text (20010, "(ok,123)"), &record, &error));
  pg_record_get_value (g_value_get_boxed (&record), 1, &field);
  g_assert_cmpuint (g_value_get_uint (&field), ==, 30);
  g_assert_cmpstr (pg_record_get_text (g_value_get_boxed (&record), 1), ==, "123");

  g_assert_true (pg_adapters_map_add_loader_by_name (map, "mood", PG_FORMAT_TEXT, load_length, &factor, NULL, &error));
  g_assert_true (read_value (map, pg_test_wire_text (20000, "ok"), &other, &error));
  g_assert_cmpuint (g_value_get_uint (&other), ==, 20);
  g_assert_true (pg_adapters_map_add_loader_by_name (map, "double precision[]", PG_FORMAT_TEXT, load_null, NULL, NULL, &error));
  g_assert_true (read_value (map, pg_test_wire_text (PG_OID_FLOAT8_ARRAY, "{1}"), &null, &error));
  g_assert_null (g_value_get_string (&null));
}

static void
test_loader_errors (void)
{
  static const struct
  {
    PgLoaderFunc loader;
    const char *message;
  } cases[] = {
    { load_nothing, "the loader of the type int4 has given no value" },
    { load_failure, "the loader of the type int4 has failed: no luck with 23" },
  };
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (GError) no_variant = NULL;
  g_autoptr (GError) unknown = NULL;
  guint destroyed = 0;

  g_test_summary ("A loader that fails or gives nothing is an error of the value.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GValue) value = G_VALUE_INIT;

      pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, cases[i].loader, NULL, NULL);
      g_assert_false (read_value (map, pg_test_wire_text (PG_OID_INT4, "1"), &value, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpuint (G_VALUE_TYPE (&value), ==, G_TYPE_INVALID);
    }
  pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, load_object, NULL, NULL);
  g_assert_null (read_variant (map, pg_test_wire_text (PG_OID_INT4, "1"), &no_variant));
  g_assert_error (no_variant, PG_ERROR, PG_ERROR_DATA);
  g_assert_false (pg_adapters_map_add_loader_by_name (map, "nobody", PG_FORMAT_TEXT, load_null, &destroyed, count, &unknown));
  g_assert_error (unknown, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
  assert_contains (unknown->message, "nobody");
  g_assert_cmpuint (destroyed, ==, 1);
}

static void
test_loader_life (void)
{
  guint destroyed = 0;
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgAdaptersMap) copy = NULL;
  g_auto (GValue) of_copy = G_VALUE_INIT;
  g_auto (GValue) own = G_VALUE_INIT;

  g_test_summary ("A loader lives as long as a map has it.");

  pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, load_null, &destroyed, count);
  copy = pg_adapters_map_new (map);
  pg_adapters_map_add_loader (map, PG_OID_INT4, PG_FORMAT_TEXT, NULL, NULL, NULL);
  g_assert_cmpuint (destroyed, ==, 0);
  g_assert_true (read_value (copy, pg_test_wire_text (PG_OID_INT4, "1"), &of_copy, NULL));
  g_assert_true (G_VALUE_HOLDS_STRING (&of_copy));
  g_assert_true (read_value (map, pg_test_wire_text (PG_OID_INT4, "1"), &own, NULL));
  g_assert_true (G_VALUE_HOLDS_INT (&own));
  g_clear_object (&copy);
  g_assert_cmpuint (destroyed, ==, 1);
}

/* Fields of which nobody knows the order are compared by their texts. */
static void
test_loaded_records (void)
{
  static const char *const forms[] = { "(a,1)", "(b,2)" };
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgTypeInfo) mood = make_mood (20000, "a,b");
  g_autoptr (PgTypeInfo) pair = make_pair (20010, 20000);
  g_auto (GValue) first = G_VALUE_INIT;
  g_auto (GValue) same = G_VALUE_INIT;
  g_auto (GValue) second = G_VALUE_INIT;

  g_test_summary ("Records with fields of loaders are compared.");

  pg_adapters_map_add_type (map, mood);
  pg_adapters_map_add_type (map, pair);
  pg_adapters_map_add_loader (map, 20000, PG_FORMAT_TEXT, load_object, NULL, NULL);
  g_assert_true (read_value (map, pg_test_wire_text (20010, forms[0]), &first, NULL));
  g_assert_true (read_value (map, pg_test_wire_text (20010, forms[0]), &same, NULL));
  g_assert_true (read_value (map, pg_test_wire_text (20010, forms[1]), &second, NULL));
  g_assert_true (pg_record_equal (g_value_get_boxed (&first), g_value_get_boxed (&same)));
  g_assert_cmpuint (pg_record_hash (g_value_get_boxed (&first)), ==, pg_record_hash (g_value_get_boxed (&same)));
  g_assert_cmpint (pg_record_compare (g_value_get_boxed (&first), g_value_get_boxed (&second)), <, 0);
}

static GBytes *
dump_type_name (const GValue *value, gpointer user_data, GError **error)
{
  const char *name = G_OBJECT_TYPE_NAME (g_value_get_object (value));

  return g_bytes_new (name, strlen (name));
}

static GBytes *
dump_four (const GValue *value, gpointer user_data, GError **error)
{
  return g_bytes_new_static ("\0\0\0\4", 4);
}

static GBytes *
dump_failure (const GValue *value, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no luck");
  return NULL;
}

static GBytes *
dump_nothing (const GValue *value, gpointer user_data, GError **error)
{
  return NULL;
}

static GBytes *
dump_no_text (const GValue *value, gpointer user_data, GError **error)
{
  return g_bytes_new_static ("a\0b", 3);
}

static gboolean
add_object (PgParams *params, GType type, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, type);
  g_value_take_object (&value, g_object_new (type, NULL));
  return pg_params_add_value (params, &value, error);
}

static PgWireParams *
bind (PgParams *params, GError **error)
{
  g_autoptr (PgQuery) query = pg_query_get ("SELECT $1", TRUE, error);

  return query != NULL ? pg_query_bind_params (query, params, NULL, error) : NULL;
}

static void
test_dumper (void)
{
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgParams) text = pg_params_new ();
  g_autoptr (PgParams) binary = pg_params_new ();
  g_autoptr (PgParams) of_interface = pg_params_new ();
  g_autoptr (PgWireParams) text_wire = NULL;
  g_autoptr (PgWireParams) binary_wire = NULL;
  g_autoptr (PgWireParams) interface_wire = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A dumper writes values of a type, and of those derived from it.");

  pg_adapters_map_add_dumper (map, G_TYPE_OBJECT, PG_OID_NAME, PG_FORMAT_TEXT, dump_type_name, NULL, NULL);
  pg_adapters_map_add_dumper (map, G_TYPE_INITIALLY_UNOWNED, PG_OID_INT4, PG_FORMAT_BINARY, dump_four, NULL, NULL);
  pg_params_set_adapters (text, map);
  g_assert_true (add_object (text, G_TYPE_CANCELLABLE, &error));
  g_assert_no_error (error);
  text_wire = bind (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (text_wire->types[0], ==, PG_OID_NAME);
  g_assert_cmpint (text_wire->formats[0], ==, PG_FORMAT_TEXT);
  g_assert_cmpstr (text_wire->values[0], ==, "GCancellable");

  pg_params_set_adapters (binary, map);
  g_assert_true (add_object (binary, G_TYPE_INITIALLY_UNOWNED, &error));
  binary_wire = bind (binary, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (binary_wire->types[0], ==, PG_OID_INT4);
  g_assert_cmpint (binary_wire->formats[0], ==, PG_FORMAT_BINARY);
  g_assert_cmpmem (binary_wire->values[0], binary_wire->lengths[0], "\0\0\0\4", 4);

  pg_adapters_map_add_dumper (map, G_TYPE_OBJECT, 0, PG_FORMAT_TEXT, NULL, NULL, NULL);
  pg_adapters_map_add_dumper (map, G_TYPE_LIST_MODEL, PG_OID_TEXT, PG_FORMAT_TEXT, dump_type_name, NULL, NULL);
  pg_params_set_adapters (of_interface, map);
  g_assert_true (add_object (of_interface, PG_TYPE_RESULT, &error));
  interface_wire = bind (of_interface, &error);
  g_assert_cmpstr (interface_wire->values[0], ==, "PgResult");
}

static void
test_dumper_errors (void)
{
  static const struct
  {
    PgDumperFunc dumper;
    const char *message;
  } cases[] = {
    { dump_failure, "the dumper of the type GCancellable has failed: no luck" },
    { dump_nothing, "the dumper of the type GCancellable has given no bytes" },
    { dump_no_text, "what the dumper of the type GCancellable has given is not text" },
  };
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgParams) none = pg_params_new ();
  g_autoptr (PgParams) group = pg_params_new ();
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) in_group = NULL;

  g_test_summary ("A dumper that fails is an error of the value.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (GError) error = NULL;

      pg_adapters_map_add_dumper (map, G_TYPE_OBJECT, 0, PG_FORMAT_TEXT, cases[i].dumper, NULL, NULL);
      pg_params_set_adapters (params, map);
      g_assert_false (add_object (params, G_TYPE_CANCELLABLE, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpuint (pg_params_get_n_params (params), ==, 0);
    }
  g_assert_false (add_object (none, G_TYPE_CANCELLABLE, &unknown));
  g_assert_error (unknown, PG_ERROR, PG_ERROR_PROGRAMMING);
  assert_contains (unknown->message, "GCancellable");

  pg_adapters_map_add_dumper (map, G_TYPE_OBJECT, PG_OID_INT4, PG_FORMAT_BINARY, dump_four, NULL, NULL);
  pg_params_set_adapters (group, map);
  pg_params_begin_array (group, PG_OID_INT4);
  g_assert_false (add_object (group, G_TYPE_CANCELLABLE, &in_group));
  g_assert_error (in_group, PG_ERROR, PG_ERROR_PROGRAMMING);
}

static void
test_enum_parameter (void)
{
  g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
  g_autoptr (PgTypeInfo) info = make_mood (20000, "ok,very happy");
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) without = pg_params_new ();
  g_autoptr (PgWireParams) wire = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_test_summary ("A value of an enum that was registered is its label, with the type of the enum.");

  g_assert_true (pg_adapters_map_register_enum (map, info, mood_get_type (), NULL));
  pg_params_set_adapters (params, map);
  pg_params_set_adapters (without, map);
  g_value_init (&value, mood_get_type ());
  g_value_set_enum (&value, 9);
  g_assert_true (pg_params_add_value (params, &value, &error));
  g_assert_no_error (error);
  wire = bind (params, &error);
  g_assert_cmpuint (wire->types[0], ==, 20000);
  g_assert_cmpstr (wire->values[0], ==, "very happy");
  g_value_set_enum (&value, 7);
  g_assert_false (pg_params_add_value (without, &value, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  assert_contains (error->message, "TestMood");
}

/* A server may say anything of its types. */
static void
test_circles (void)
{
  static const struct
  {
    PgTypeKind kind;
    const char *text;
    const char *binary;
  } cases[] = {
    { PG_TYPE_KIND_DOMAIN, "1", "00000001" },
    { PG_TYPE_KIND_ARRAY, "{{}}", "00000001" "00000000" "00005000" "00000001" "00000001" "0000000c" "000000000000000000005000" },
    { PG_TYPE_KIND_RANGE, "[empty,empty]", "02" "00000001" "01" "00000001" "01" },
    { PG_TYPE_KIND_MULTIRANGE, "{[{},{}]}", "00000000" },
    { PG_TYPE_KIND_COMPOSITE, "(())", "00000001" "00005000" "00000004" "00000000" },
  };

  g_test_summary ("Types that are made of themselves.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgAdaptersMap) map = pg_adapters_map_new (NULL);
      g_autoptr (PgTypeInfo) info = make_info (cases[i].kind, 0x5000, 0x5000, "circle");
      g_autoptr (PgTypeTable) table = NULL;
      g_autoptr (GVariantType) type = NULL;
      g_auto (GValue) text_value = G_VALUE_INIT;
      g_auto (GValue) binary_value = G_VALUE_INIT;
      g_autoptr (GVariant) text_variant = NULL;
      g_autoptr (GVariant) binary_variant = NULL;

      info->base = info->element = 0x5000;
      if (cases[i].kind == PG_TYPE_KIND_COMPOSITE)
        {
          info->n_fields = 1;
          info->fields = g_new0 (PgTypeField, 1);
          info->fields[0] = (PgTypeField) { g_strdup ("c"), 0x5000, -1 };
        }
      pg_adapters_map_add_type (map, info);
      table = pg_adapters_map_ref_table (map);
      pg_type_table_has_binary (table, 0x5000);
      g_assert_false (pg_type_table_suits_auto (table, 0x5000));
      type = pg_type_table_dup_variant_type (table, 0x5000);
      read_value (map, pg_test_wire_text (0x5000, cases[i].text), &text_value, NULL);
      read_value (map, pg_test_wire_binary (0x5000, cases[i].binary), &binary_value, NULL);
      text_variant = read_variant (map, pg_test_wire_text (0x5000, cases[i].text), NULL);
      binary_variant = read_variant (map, pg_test_wire_binary (0x5000, cases[i].binary), NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/adapters-map/enum", test_enum);
  g_test_add_func ("/pg/adapters-map/enum-errors", test_enum_errors);
  g_test_add_func ("/pg/adapters-map/enum-recreated", test_enum_recreated);
  g_test_add_func ("/pg/adapters-map/loader", test_loader);
  g_test_add_func ("/pg/adapters-map/loader-errors", test_loader_errors);
  g_test_add_func ("/pg/adapters-map/loader-life", test_loader_life);
  g_test_add_func ("/pg/adapters-map/loaded-records", test_loaded_records);
  g_test_add_func ("/pg/adapters-map/dumper", test_dumper);
  g_test_add_func ("/pg/adapters-map/dumper-errors", test_dumper_errors);
  g_test_add_func ("/pg/adapters-map/enum-parameter", test_enum_parameter);
  g_test_add_func ("/pg/adapters-map/circles", test_circles);

  return g_test_run ();
}
