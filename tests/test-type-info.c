/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgTypeInfo: types of the database, fetched and decoded. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

static const char setup[] =
  "CREATE TYPE mood AS ENUM ('sad', 'ok', 'very \"happy\"');"
  "CREATE DOMAIN positive AS int4 CHECK (VALUE > 0);"
  "CREATE DOMAIN very_positive AS positive CHECK (VALUE > 10);"
  "CREATE DOMAIN price AS numeric(10,2);"
  "CREATE DOMAIN integers AS int4[];"
  "CREATE TYPE place AS (x float8, y float8, label text);"
  "CREATE TYPE visit AS (p place, m mood, cost price, n very_positive, places place[], moods mood[], r int4range);"
  "CREATE TYPE nothing AS ();"
  "CREATE TYPE moodrange AS RANGE (SUBTYPE = mood);"
  "CREATE TYPE placerange AS RANGE (SUBTYPE = place);"
  "CREATE TYPE holder AS (mr moodrange, mm moodmultirange, pr placerange, i integers);"
  "CREATE SCHEMA \"other schema\";"
  "CREATE TYPE \"other schema\".\"Odd, \"\"name\"\"\" AS ENUM ('a');"
  "CREATE TYPE \"other schema\".mood AS ENUM ('b');"
  "CREATE TABLE gone (a int, b text, c mood);"
  "ALTER TABLE gone DROP COLUMN b;";

static PgConnection *
open_with_types (void)
{
  PgConnection *connection = pg_test_open_fixture_autocommit ();

  if (connection != NULL)
    pg_test_run (connection, setup);
  return connection;
}

static PgTypeInfo *
fetch (PgConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  PgTypeInfo *info = pg_connection_fetch_type (connection, name, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (info);
  return info;
}

static void
fetch_all (PgConnection *connection, const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    pg_type_info_unref (fetch (connection, names[i]));
}

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

static void
test_absent (void)
{
  static const char *const names[] = { "nobody", "public.nobody", "nobody[]", "a.b.c.d", "two words", "", "'", "mood mood", "\"" };
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("A type that is not there, or has no name at all, is an error that leaves the session as it was.");
  if (connection == NULL)
    return;
  for (guint in_transaction = 0; in_transaction < 2; in_transaction++)
    {
      const PgTransactionStatus status = in_transaction ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE;
      g_autoptr (GError) error = NULL;

      if (in_transaction)
        pg_test_run (connection, "BEGIN");
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autoptr (GError) name_error = NULL;

          g_assert_null (pg_connection_fetch_type (connection, names[i], NULL, &name_error));
          g_assert_nonnull (name_error);
          g_assert_true (name_error->domain == PG_ERROR);
          if (i < 3)
            {
              g_assert_cmpint (name_error->code, ==, PG_ERROR_UNDEFINED_OBJECT);
              pg_test_assert_contains (name_error->message, names[i]);
            }
          g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, status);
        }
      g_assert_null (pg_connection_fetch_type_by_oid (connection, 4000000000u, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
      pg_test_assert_contains (error->message, "4000000000");
      g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, status);
    }
}

static void
test_transaction (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgTypeInfo) idle = NULL;
  g_autoptr (PgTypeInfo) in_transaction = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  g_test_summary ("Fetching a type begins no transaction and ends none; in one that has failed it is an error.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  pg_test_run (connection, setup);
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  idle = fetch (connection, "mood");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_run (connection, "CREATE TYPE inside AS ENUM ('x')");
  in_transaction = fetch (connection, "inside");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
  message = pg_test_fail (connection, "SELECT 1 / 0", PG_ERROR_DIVISION_BY_ZERO);
  g_assert_null (pg_connection_fetch_type (connection, "mood", NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INERROR);
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
}

static void
test_recreated (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  PgAdaptersMap *map;
  g_autoptr (PgTypeInfo) former = NULL;
  g_autoptr (PgTypeInfo) latter = NULL;
  g_autoptr (PgTypeInfo) known = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) after = NULL;
  g_autoptr (GVariant) old_value = NULL;
  g_autoptr (GVariant) unknown_value = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (PgCursor) again = NULL;

  g_test_summary ("A type that was dropped and made again is another one, until it is fetched again.");
  if (connection == NULL)
    return;
  map = pg_base_connection_get_adapters (PG_BASE_CONNECTION (connection));
  pg_test_run (connection, "CREATE TYPE pair AS (a int4, b int4)");
  former = fetch (connection, "pair");
  cursor = execute (connection, "SELECT ROW(1, 2)::pair", PG_FORMAT_TEXT);
  pg_test_run (connection, "DROP TYPE pair; CREATE TYPE pair AS (b text, a text, c text)");

  after = execute (connection, "SELECT ROW(1, 2, 3)::pair", PG_FORMAT_TEXT);
  unknown_value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (after)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (unknown_value), ==, "ms");

  latter = fetch (connection, "pair");
  g_assert_cmpuint (pg_type_info_get_oid (latter), !=, pg_type_info_get_oid (former));
  g_assert_null (pg_adapters_map_lookup_type (map, pg_type_info_get_oid (former)));
  known = pg_adapters_map_lookup_type_by_name (map, "pair");
  g_assert_true (known == latter);
  again = execute (connection, "SELECT ROW(1, 2, 3)::pair", PG_FORMAT_TEXT);
  value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (again)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, "m(msmsms)");

  /* The result of the former one keeps what it had. */
  old_value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (old_value), ==, "m(mimi)");
}

static void
test_altered (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A composite type that has another field than when it was fetched.");
  if (connection == NULL)
    return;
  info = fetch (connection, "place");
  pg_test_run (connection, "ALTER TYPE place ADD ATTRIBUTE z float8");
  cursor = execute (connection, "SELECT ROW(1, 2, 'x', 3)::place", PG_FORMAT_TEXT);
  g_assert_null (pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  pg_test_assert_contains (error->message, "place");
  text = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (text, ==, "(1,2,x,3)");
}

static void
test_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) by_oid = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) absent = PG_TEST_WAIT_INIT;
  g_autoptr (PgAsyncCursor) created = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgTypeInfo) same = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The same without blocking.");
  if (connection == NULL)
    return;
  created = pg_test_async_execute (connection, setup);
  pg_async_connection_fetch_type_async (connection, "place", NULL, pg_test_wait_done, &wait);
  info = pg_async_connection_fetch_type_finish (connection, pg_test_wait (&wait), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pg_type_info_get_name (info), ==, "place");
  pg_async_connection_fetch_type_by_oid_async (connection, pg_type_info_get_oid (info), NULL, pg_test_wait_done, &by_oid);
  same = pg_async_connection_fetch_type_by_oid_finish (connection, pg_test_wait (&by_oid), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pg_type_info_get_oid (same), ==, pg_type_info_get_oid (info));
  cursor = pg_test_async_execute (connection, "SELECT ROW(1, 2, 'x')::place");
  value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, "m(mdmdms)");
  pg_async_connection_fetch_type_async (connection, "nobody", NULL, pg_test_wait_done, &absent);
  g_assert_null (pg_async_connection_fetch_type_finish (connection, pg_test_wait (&absent), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_scopes (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgConnection) copy = NULL;
  g_autoptr (PgCursor) before = NULL;
  g_autoptr (PgCursor) own = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgTypeInfo) of_own = NULL;
  g_autoptr (PgTypeInfo) of_copy = NULL;
  g_autoptr (PgTypeInfo) of_default = NULL;
  g_autoptr (GVariant) unknown = NULL;
  g_autoptr (GVariant) known = NULL;
  PgAdaptersMap *map;

  g_test_summary ("A map is a copy of the one above, and knows nothing of its later changes.");
  if (connection == NULL)
    return;
  map = pg_base_connection_get_adapters (PG_BASE_CONNECTION (connection));
  before = pg_connection_cursor (connection, NULL);
  own = pg_connection_cursor (connection, NULL);
  info = fetch (connection, "place");
  g_assert_true (pg_cursor_execute (before, "SELECT ROW(1, 2, 'x')::place", NULL, NULL, NULL));
  unknown = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (before)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (unknown), ==, "ms");

  pg_adapters_map_add_type (pg_base_cursor_get_adapters (PG_BASE_CURSOR (own)), info);
  of_own = pg_adapters_map_lookup_type (pg_base_cursor_get_adapters (PG_BASE_CURSOR (own)), pg_type_info_get_oid (info));
  g_assert_true (of_own == info);
  g_assert_true (pg_cursor_execute (own, "SELECT ROW(1, 2, 'x')::place", NULL, NULL, NULL));
  known = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (own)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (known), ==, "m(mdmdms)");

  of_default = pg_adapters_map_lookup_type_by_name (pg_adapters_map_get_default (), "place");
  g_assert_null (of_default);
  copy = g_object_new (PG_TYPE_CONNECTION, "adapters", map, NULL);
  g_assert_true (pg_base_connection_get_adapters (PG_BASE_CONNECTION (copy)) != map);
  of_copy = pg_adapters_map_lookup_type_by_name (pg_base_connection_get_adapters (PG_BASE_CONNECTION (copy)), "public.place");
  g_assert_true (of_copy == info);
}

static void
assert_variant_type (gpointer cursor, guint column, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = pg_result_dup_variant (pg_base_cursor_get_result (cursor), 0, column, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, expected);
}

static void
test_look_up (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgCursor) older = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) script = NULL;
  g_autoptr (PgCursor) binary = NULL;
  g_autoptr (PgCursor) recreated = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  PgBaseConnection *base;

  g_test_summary ("Types that are not known are looked up with the result, where that is wanted.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  base = PG_BASE_CONNECTION (connection);
  pg_test_run (connection, setup);
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  g_assert_false (pg_base_connection_get_fetch_types (base));
  g_object_set (connection, "fetch-types", TRUE, NULL);
  g_assert_true (pg_base_connection_get_fetch_types (base));

  older = pg_connection_cursor (connection, NULL);
  cursor = execute (connection, "SELECT ROW(1, 2, 'x')::place, ARRAY['ok']::mood[], 1", PG_FORMAT_TEXT);
  g_assert_cmpint (pg_base_connection_get_transaction_status (base), ==, PG_TRANSACTION_STATUS_INTRANS);
  assert_variant_type (cursor, 0, "m(mdmdms)");
  assert_variant_type (cursor, 1, "mams");
  info = pg_adapters_map_lookup_type_by_name (pg_base_connection_get_adapters (base), "mood");
  g_assert_nonnull (info);
  g_assert_true (pg_cursor_execute (older, "SELECT ROW(1, 2, 'x')::place", NULL, NULL, NULL));
  assert_variant_type (older, 0, "m(mdmdms)");

  /* Without a transaction, with several results, and in binary. */
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  g_assert_true (pg_connection_set_autocommit (connection, TRUE, NULL, NULL));
  script = execute (connection, "SELECT 1; SELECT '[ok,)'::moodrange; SELECT ROW()::nothing", PG_FORMAT_TEXT);
  g_assert_cmpint (pg_base_connection_get_transaction_status (base), ==, PG_TRANSACTION_STATUS_IDLE);
  g_assert_true (pg_base_cursor_select_result (PG_BASE_CURSOR (script), 2, NULL));
  assert_variant_type (script, 0, "m()");
  binary = execute (connection, "SELECT ROW('[sad,ok)', NULL, NULL, '{3}')::holder", PG_FORMAT_BINARY);
  assert_variant_type (binary, 0, "m(msmsmsmami)");

  /* One that was dropped and made again is another. */
  pg_test_run (connection, "DROP TYPE nothing; CREATE TYPE nothing AS (a int)");
  recreated = execute (connection, "SELECT ROW(1)::nothing", PG_FORMAT_TEXT);
  assert_variant_type (recreated, 0, "m(mi)");
}

/* The server has forgotten the type when it is asked: the values are what they are without. */
static void
test_look_up_failed (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) refused = NULL;
  PgBaseConnection *base;

  g_test_summary ("A look-up that fails is no failure of the statement, nor of its transaction.");
  if (connection == NULL)
    return;
  base = PG_BASE_CONNECTION (connection);
  pg_base_connection_set_fetch_types (base, TRUE);
  cursor = execute (connection, "SELECT 'ok'::mood; DROP TYPE mood CASCADE", PG_FORMAT_TEXT);
  g_assert_true (pg_base_cursor_select_result (PG_BASE_CURSOR (cursor), 0, NULL));
  assert_variant_type (cursor, 0, "ms");

  pg_test_run (connection, "CREATE ROLE nobody_reads; REVOKE SELECT ON pg_catalog.pg_range FROM PUBLIC");
  pg_test_run (connection, "BEGIN; SET LOCAL ROLE nobody_reads");
  refused = execute (connection, "SELECT ROW(1, 2, 'x')::place", PG_FORMAT_TEXT);
  assert_variant_type (refused, 0, "ms");
  g_assert_cmpint (pg_base_connection_get_transaction_status (base), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_run (connection, "SELECT 1; ROLLBACK; GRANT SELECT ON pg_catalog.pg_range TO PUBLIC; DROP ROLE nobody_reads");
}

static void
test_look_up_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) created = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;

  g_test_summary ("The same without blocking.");
  if (connection == NULL)
    return;
  created = pg_test_async_execute (connection, setup);
  pg_base_connection_set_fetch_types (PG_BASE_CONNECTION (connection), TRUE);
  cursor = pg_test_async_execute (connection, "SELECT ROW(1, 2, 'x')::place");
  assert_variant_type (cursor, 0, "m(mdmdms)");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
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
  g_test_add_func ("/pg/type-info/absent", test_absent);
  g_test_add_func ("/pg/type-info/transaction", test_transaction);
  g_test_add_func ("/pg/type-info/recreated", test_recreated);
  g_test_add_func ("/pg/type-info/altered", test_altered);
  g_test_add_func ("/pg/type-info/async", test_async);
  g_test_add_func ("/pg/type-info/scopes", test_scopes);
  g_test_add_func ("/pg/type-info/look-up", test_look_up);
  g_test_add_func ("/pg/type-info/look-up-failed", test_look_up_failed);
  g_test_add_func ("/pg/type-info/look-up-async", test_look_up_async);

  return g_test_run ();
}
