/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgTypeInfo: types of the database, and their values. When they are fetched: test-type-fetch.c. */
#include "pg-test-types.h"

#include <locale.h>
#include <string.h>

static void
test_getters (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgTypeInfo) mood = NULL;
  g_autoptr (PgTypeInfo) price = NULL;
  g_autoptr (PgTypeInfo) visit = NULL;
  g_autoptr (PgTypeInfo) range = NULL;
  g_autoptr (PgTypeInfo) multirange = NULL;
  g_autoptr (PgTypeInfo) array = NULL;
  g_autoptr (PgTypeInfo) gone = NULL;
  g_autoptr (PgTypeInfo) box = NULL;
  g_autoptr (PgTypeInfo) pseudo = NULL;
  g_autoptr (PgTypeInfo) odd = NULL;

  g_test_summary ("What the catalogue says of a type of each kind.");
  if (connection == NULL)
    return;

  mood = fetch (connection, "mood");
  g_assert_cmpint (pg_type_info_get_kind (mood), ==, PG_TYPE_KIND_ENUM);
  g_assert_cmpstr (pg_type_info_get_name (mood), ==, "mood");
  g_assert_cmpstr (pg_type_info_get_schema (mood), ==, "public");
  g_assert_cmpstr (pg_type_info_get_sql_name (mood), ==, "mood");
  g_assert_cmpint (pg_type_info_get_oid (mood), ==, pg_test_int64 (connection, "SELECT 'mood'::regtype::oid::int8"));
  g_assert_cmpint (pg_type_info_get_array_oid (mood), ==, pg_test_int64 (connection, "SELECT 'mood[]'::regtype::oid::int8"));
  g_assert_true (g_strv_equal (pg_type_info_get_labels (mood), (const char *const[]) { "sad", "ok", "very \"happy\"", NULL }));
  g_assert_cmpuint (pg_type_info_get_delimiter (mood), ==, ',');
  g_assert_cmpuint (pg_type_info_get_base_oid (mood), ==, 0);
  g_assert_cmpuint (pg_type_info_get_element_oid (mood), ==, 0);
  g_assert_cmpuint (pg_type_info_get_n_fields (mood), ==, 0);
  g_assert_null (pg_type_info_get_field_name (mood, 0));

  price = fetch (connection, "price");
  g_assert_cmpint (pg_type_info_get_kind (price), ==, PG_TYPE_KIND_DOMAIN);
  g_assert_cmpuint (pg_type_info_get_base_oid (price), ==, PG_OID_NUMERIC);
  g_assert_cmpint (pg_type_info_get_base_modifier (price), ==, (10 << 16 | 2) + 4);
  g_assert_null (pg_type_info_get_labels (price));

  visit = fetch (connection, "public.visit");
  g_assert_cmpint (pg_type_info_get_kind (visit), ==, PG_TYPE_KIND_COMPOSITE);
  g_assert_cmpuint (pg_type_info_get_n_fields (visit), ==, 7);
  g_assert_cmpstr (pg_type_info_get_field_name (visit, 1), ==, "m");
  g_assert_cmpuint (pg_type_info_get_field_type (visit, 1), ==, pg_type_info_get_oid (mood));
  g_assert_cmpuint (pg_type_info_get_field_type (visit, 6), ==, PG_OID_INT4RANGE);
  g_assert_cmpint (pg_type_info_get_field_modifier (visit, 6), ==, -1);
  g_assert_cmpuint (pg_type_info_get_field_type (visit, 7), ==, 0);
  g_assert_cmpint (pg_type_info_get_field_modifier (visit, 7), ==, -1);

  range = fetch (connection, "moodrange");
  multirange = fetch (connection, "moodmultirange");
  g_assert_cmpint (pg_type_info_get_kind (range), ==, PG_TYPE_KIND_RANGE);
  g_assert_cmpint (pg_type_info_get_kind (multirange), ==, PG_TYPE_KIND_MULTIRANGE);
  g_assert_cmpuint (pg_type_info_get_element_oid (range), ==, pg_type_info_get_oid (mood));
  g_assert_cmpuint (pg_type_info_get_element_oid (multirange), ==, pg_type_info_get_oid (mood));
  g_assert_cmpuint (pg_type_info_get_counterpart_oid (range), ==, pg_type_info_get_oid (multirange));
  g_assert_cmpuint (pg_type_info_get_counterpart_oid (multirange), ==, pg_type_info_get_oid (range));

  array = fetch (connection, "mood[]");
  g_assert_cmpint (pg_type_info_get_kind (array), ==, PG_TYPE_KIND_ARRAY);
  g_assert_cmpuint (pg_type_info_get_element_oid (array), ==, pg_type_info_get_oid (mood));
  g_assert_cmpuint (pg_type_info_get_oid (array), ==, pg_type_info_get_array_oid (mood));

  gone = fetch (connection, "gone");
  g_assert_cmpint (pg_type_info_get_kind (gone), ==, PG_TYPE_KIND_COMPOSITE);
  g_assert_cmpuint (pg_type_info_get_n_fields (gone), ==, 2);
  g_assert_cmpstr (pg_type_info_get_field_name (gone, 1), ==, "c");

  box = fetch (connection, "box");
  g_assert_cmpint (pg_type_info_get_kind (box), ==, PG_TYPE_KIND_BASE);
  g_assert_cmpuint (pg_type_info_get_delimiter (box), ==, ';');
  g_assert_cmpuint (pg_type_info_get_element_oid (box), ==, 0);
  pseudo = fetch (connection, "record");
  g_assert_cmpint (pg_type_info_get_kind (pseudo), ==, PG_TYPE_KIND_PSEUDO);

  odd = fetch (connection, "\"other schema\".\"Odd, \"\"name\"\"\"");
  g_assert_cmpstr (pg_type_info_get_name (odd), ==, "Odd, \"name\"");
  g_assert_cmpstr (pg_type_info_get_schema (odd), ==, "other schema");
  g_assert_cmpstr (pg_type_info_get_sql_name (odd), ==, "\"other schema\".\"Odd, \"\"name\"\"\"");
}

/* Each as a server shows it, and as a variant, in both formats. */
static const struct
{
  const char *sql;
  const char *variant;
} values[] = {
  { "'ok'::mood", "just 'ok'" },
  { "NULL::mood", "@ms nothing" },
  { "ARRAY['sad', NULL, 'very \"happy\"']::mood[]", "@mams [just 'sad', nothing, just 'very \"happy\"']" },
  { "12::very_positive", "just 12" },
  { "ARRAY[12, 13]::very_positive[]", "@mami [just 12, just 13]" },
  { "ARRAY[1, 2]::integers", "@mami [just 1, just 2]" },
  { "ARRAY[ARRAY[1, 2]::integers, NULL, '{}'::integers]::integers[]", "@mamami [just [just 1, just 2], nothing, just @ami []]" },
  { "ROW(1.5, -2, 'a \"b\", (c)')::place", "just (just 1.5, just -2.0, just 'a \"b\", (c)')" },
  { "ROW(NULL, NULL, '')::place", "@m(mdmdms) (nothing, nothing, just '')" },
  { "NULL::place", "@m(mdmdms) nothing" },
  { "ROW()::nothing", "just ()" },
  { "ARRAY[ROW(1, 2, 'x'), NULL, ROW(NULL, NULL, NULL)]::place[]",
    "@mam(mdmdms) [just (just 1.0, just 2.0, just 'x'), nothing, just (nothing, nothing, nothing)]" },
  { "ROW(ROW(1, 2, 'x'), 'ok', 12.5, 11, ARRAY[ROW(1, NULL, 'y\\')::place], '{sad,NULL}', '[1,5)')::visit",
    "@m(m(mdmdms)msmsmiam(mdmdms)mamsms) (just (just 1.0, just 2.0, just 'x'), just 'ok', just '12.50', just 11, "
    "just [just (just 1.0, nothing, just 'y\\\\')], just [just 'sad', nothing], just '[1,5)')" },
  { "ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL)::visit",
    "@m(m(mdmdms)msmsmimam(mdmdms)mamsms) (nothing, nothing, nothing, nothing, nothing, nothing, nothing)" },
  { "'[sad,\"very \\\"happy\\\"\")'::moodrange", "just '[sad,\"very \"\"happy\"\"\")'" },
  { "'empty'::moodrange", "just 'empty'" },
  { "'{[sad,ok),[\"very \\\"happy\\\"\",)}'::moodmultirange", "just '{[sad,ok),[\"very \"\"happy\"\"\",)}'" },
  { "ARRAY['[sad,ok)']::moodrange[]", "@mams [just '[sad,ok)']" },
  { "placerange(ROW(1, 2, 'a'), ROW(2, 3, 'b'))", "just '[\"(1,2,a)\",\"(2,3,b)\")'" },
  { "ROW('[sad,ok)', '{[sad,ok)}', placerange(ROW(1, 2, 'a'), NULL), '{3}')::holder",
    "@m(msmsmsmami) (just '[sad,ok)', just '{[sad,ok)}', just '[\"(1,2,a)\",)', just [just 3])" },
};

static const char *const type_names[] = { "visit", "holder", "nothing", "integers", NULL };

static void
check_value (PgConnection *connection, const char *expression, const char *expected, PgFormat format)
{
  g_autofree char *sql = g_strdup_printf ("SELECT v, v::text FROM (SELECT %s AS v) AS s", expression);
  g_autoptr (PgCursor) cursor = execute (connection, sql, format);
  PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) wanted = NULL;
  g_autofree char *text = NULL;
  g_autofree char *server_text = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_test_message ("%s in %s", expression, format == PG_FORMAT_TEXT ? "text" : "binary");
  variant = pg_result_dup_variant (result, 0, 0, &error);
  g_assert_no_error (error);
  wanted = g_variant_parse (g_variant_get_type (variant), expected, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (variant, wanted);
  text = pg_result_dup_text (result, 0, 0, &error);
  g_assert_no_error (error);
  server_text = pg_result_dup_text (result, 0, 1, &error);
  g_assert_cmpstr (text, ==, server_text);
  g_assert_true (pg_result_get_value (result, 0, 0, &value, &error));
  g_assert_no_error (error);
  if (G_VALUE_HOLDS (&value, PG_TYPE_RECORD))
    {
      g_autofree char *shown = pg_record_to_string (g_value_get_boxed (&value));

      g_assert_cmpstr (shown, ==, server_text);
    }
}

static void
test_values (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("Values of types that were fetched, in text and in binary.");
  if (connection == NULL)
    return;
  fetch_all (connection, type_names);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      check_value (connection, values[i].sql, values[i].variant, PG_FORMAT_TEXT);
      check_value (connection, values[i].sql, values[i].variant, PG_FORMAT_BINARY);
    }
}

static void
test_unknown (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("Without a type the text of a value can be had, and the bytes of a binary one.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s", values[i].sql);
      g_autoptr (PgCursor) text = execute (connection, sql, PG_FORMAT_TEXT);
      g_autoptr (PgCursor) binary = execute (connection, sql, PG_FORMAT_BINARY);
      PgResult *text_result = pg_base_cursor_get_result (PG_BASE_CURSOR (text));
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) variant = pg_result_dup_variant (text_result, 0, 0, &error);
      g_autoptr (GBytes) bytes = NULL;

      g_assert_no_error (error);
      if (pg_column_get_type_oid (pg_result_get_column (text_result, 0)) < 16384)
        continue;
      g_assert_cmpstr (g_variant_get_type_string (variant), ==, "ms");
      bytes = pg_result_dup_bytes (pg_base_cursor_get_result (PG_BASE_CURSOR (binary)), 0, 0, &error);
      g_assert_no_error (error);
    }
}

static void
test_record (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("A value of a composite type has the names and types of its fields.");
  if (connection == NULL)
    return;
  fetch_all (connection, type_names);
  for (guint format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      g_autoptr (PgCursor) cursor = execute (connection, "SELECT ROW(ROW(1, 2, 'x'), 'ok', 12.5, 11, '{}', NULL, '[1,5)')::visit", format);
      PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) inner = G_VALUE_INIT;
      g_auto (GValue) number = G_VALUE_INIT;
      g_auto (GValue) price = G_VALUE_INIT;
      g_auto (GValue) range = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      PgRecord *record, *place;

      pg_result_get_value (result, 0, 0, &value, &error);
      g_assert_no_error (error);
      g_assert_true (G_VALUE_HOLDS (&value, PG_TYPE_RECORD));
      record = g_value_get_boxed (&value);
      g_assert_cmpstr (pg_type_info_get_name (pg_record_get_type_info (record)), ==, "visit");
      g_assert_cmpstr (pg_record_get_field_name (record, 0), ==, "p");
      g_assert_cmpint (pg_record_find_field (record, "cost"), ==, 2);
      g_assert_cmpint (pg_record_find_field (record, "none"), ==, -1);
      g_assert_null (pg_record_get_field_name (record, 7));
      pg_record_get_value (record, 0, &inner);
      g_assert_true (G_VALUE_HOLDS (&inner, PG_TYPE_RECORD));
      place = g_value_get_boxed (&inner);
      g_assert_cmpstr (pg_record_get_field_name (place, 2), ==, "label");
      pg_record_get_value (place, 1, &number);
      g_assert_cmpfloat (g_value_get_double (&number), ==, 2);
      pg_record_get_value (record, 2, &price);
      g_assert_true (G_VALUE_HOLDS (&price, PG_TYPE_NUMERIC));
      pg_record_get_value (record, 6, &range);
      g_assert_true (G_VALUE_HOLDS (&range, PG_TYPE_RANGE));
      g_assert_true (pg_record_is_null (record, 5));
      g_assert_cmpstr (pg_column_get_type_display (pg_result_get_column (result, 0)), ==, "visit");
    }
}

static void
test_extensions (void)
{
  static const struct
  {
    const char *extension;
    const char *sql;
    const char *variant;
  } cases[] = {
    { "hstore", "'a=>1, \"b \\\"c\\\"\"=>NULL, \"\"=>\"\"'::hstore", "@ma{sms} {'': just '', 'a': just '1', 'b \"c\"': nothing}" },
    { "hstore", "''::hstore", "@ma{sms} {}" },
    { "hstore", "NULL::hstore", "@ma{sms} nothing" },
    { "hstore", "ARRAY['a=>1', NULL, '']::hstore[]", "@mama{sms} [just {'a': just '1'}, nothing, just {}]" },
    { "citext", "'Ab'::citext", "just 'Ab'" },
    { "citext", "ARRAY['Ab', NULL, '']::citext[]", "@mams [just 'Ab', nothing, just '']" },
    { "ltree", "'Top.Science'::ltree", "just 'Top.Science'" },
    { "ltree", "''::ltree", "just ''" },
    { "ltree", "ARRAY['Top.Science', NULL]::ltree[]", "@mams [just 'Top.Science', nothing]" },
    { "ltree", "'*.Science.*'::lquery", "just '*.Science.*'" },
    { "ltree", "'Europe & Russia*@'::ltxtquery", "just 'Europe & Russia@*'" },
  };
  static const char *const names[] = { "hstore", "citext", "ltree", "lquery", "ltxtquery", NULL };
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("Types of extensions.");
  if (connection == NULL)
    return;
  if (pg_test_int64 (connection, "SELECT count(*) FROM pg_available_extensions WHERE name IN ('hstore', 'citext', 'ltree')") != 3)
    {
      g_test_skip ("the server has not the extensions hstore, citext and ltree");
      return;
    }
  pg_test_run (connection, "CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION citext; CREATE EXTENSION ltree;"
                           "SET search_path = public, ext");
  fetch_all (connection, names);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check_value (connection, cases[i].sql, cases[i].variant, PG_FORMAT_TEXT);
      check_value (connection, cases[i].sql, cases[i].variant, PG_FORMAT_BINARY);
    }
}

static void
test_lookup (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgCursor) before = NULL;
  g_autoptr (PgCursor) after = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgTypeInfo) found = NULL;
  g_autoptr (PgTypeInfo) array = NULL;
  PgResult *result;

  g_test_summary ("What a result knows of the types of its columns.");
  if (connection == NULL)
    return;
  before = execute (connection, "SELECT NULL::visit", PG_FORMAT_TEXT);
  info = fetch (connection, "visit");
  after = execute (connection, "SELECT NULL::visit", PG_FORMAT_TEXT);
  g_assert_null (pg_result_lookup_type (pg_base_cursor_get_result (PG_BASE_CURSOR (before)), pg_type_info_get_oid (info)));
  result = pg_base_cursor_get_result (PG_BASE_CURSOR (after));
  found = pg_result_lookup_type (result, pg_column_get_type_oid (pg_result_get_column (result, 0)));
  g_assert_nonnull (found);
  g_assert_cmpstr (pg_type_info_get_name (found), ==, "visit");
  array = pg_result_lookup_type (result, pg_type_info_get_array_oid (info));
  g_assert_nonnull (array);
  g_assert_cmpint (pg_type_info_get_kind (array), ==, PG_TYPE_KIND_ARRAY);
  g_assert_cmpuint (pg_type_info_get_element_oid (array), ==, pg_type_info_get_oid (info));
  g_assert_cmpstr (pg_type_info_get_name (array), ==, "visit[]");
  g_assert_null (pg_result_lookup_type (result, 4000000000u));
  g_assert_null (pg_result_lookup_type (result, 0));
}

/* What cube has is its text: the binary form is not known. */
static void
test_unknown_extension (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgCursor) text = NULL;
  g_autoptr (PgCursor) binary = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("A type of an extension that the library does not know.");
  if (connection == NULL)
    return;
  if (pg_test_int64 (connection, "SELECT count(*) FROM pg_available_extensions WHERE name = 'cube'") != 1)
    {
      g_test_skip ("the server has not the extension cube");
      return;
    }
  pg_test_run (connection, "CREATE EXTENSION cube");
  info = fetch (connection, "cube");
  g_assert_cmpint (pg_type_info_get_kind (info), ==, PG_TYPE_KIND_BASE);
  text = execute (connection, "SELECT ARRAY['(1,2)']::cube[]", PG_FORMAT_TEXT);
  shown = pg_test_cell (text, 0, 0);
  g_assert_cmpstr (shown, ==, "{\"(1, 2)\"}");
  binary = execute (connection, "SELECT '(1,2)'::cube", PG_FORMAT_BINARY);
  bytes = pg_result_dup_bytes (pg_base_cursor_get_result (PG_BASE_CURSOR (binary)), 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  g_assert_null (pg_result_dup_text (pg_base_cursor_get_result (PG_BASE_CURSOR (binary)), 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  pg_test_assert_contains (error->message, "cube");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/type-info/getters", test_getters);
  g_test_add_func ("/pg/type-info/values", test_values);
  g_test_add_func ("/pg/type-info/unknown", test_unknown);
  g_test_add_func ("/pg/type-info/record", test_record);
  g_test_add_func ("/pg/type-info/lookup", test_lookup);
  g_test_add_func ("/pg/type-info/extensions", test_extensions);
  g_test_add_func ("/pg/type-info/unknown-extension", test_unknown_extension);

  return g_test_run ();
}
