/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Parameters of types of the database that are known, without a server. With one: test-params-types-server.c. */
#include <string.h>

#include <pgconn/pgconn.h>

#include <pgconn/sql/pg-query-private.h>
#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-type-table-private.h>

#define MOOD 20000
#define PAIR 20010
#define SPAN 20020
#define HSTORE 20030
#define YEARS 20040
#define NOTE 20050
#define WORD 20060

static GType
mood_get_type (void)
{
  static GType type;
  static const GEnumValue values[] = { { 7, "MOOD_SAD", "sad" }, { 9, "very happy", "MOOD_VERY_HAPPY" }, { 11, "MOOD_ODD", "odd" }, { 0, NULL, NULL } };

  if (type == 0)
    type = g_enum_register_static ("TestParamsMood", values);
  return type;
}

static void
add_type (PgTypeTable *table,
          PgTypeKind kind,
          guint32 oid,
          const char *name,
          guint32 part,
          const char *send_function)
{
  g_autoptr (PgTypeInfo) info = pg_type_info_new_empty (kind, oid);

  info->array_oid = oid + 1;
  info->name = g_strdup (name);
  info->schema = g_strdup ("public");
  info->sql_name = g_strdup (name);
  info->delimiter = ',';
  info->send_function = g_strdup (send_function);
  if (kind == PG_TYPE_KIND_RANGE)
    info->element = part;
  if (kind == PG_TYPE_KIND_DOMAIN)
    info->base = part;
  if (kind == PG_TYPE_KIND_ENUM)
    info->labels = g_strsplit ("sad,very happy", ",", -1);
  if (kind == PG_TYPE_KIND_COMPOSITE)
    {
      info->n_fields = 3;
      info->fields = g_new0 (PgTypeField, 3);
      info->fields[0] = (PgTypeField){ g_strdup ("m"), MOOD, -1 };
      info->fields[1] = (PgTypeField){ g_strdup ("n"), PG_OID_INT4, -1 };
      info->fields[2] = (PgTypeField){ g_strdup ("b"), part, -1 };
    }
  pg_type_table_add (table, info);
}

static PgTypeTable *
make_table (void)
{
  PgTypeTable *table = pg_type_table_make_own (NULL);

  add_type (table, PG_TYPE_KIND_ENUM, MOOD, "mood", 0, NULL);
  add_type (table, PG_TYPE_KIND_COMPOSITE, PAIR, "pair", PG_OID_BOX_ARRAY, NULL);
  add_type (table, PG_TYPE_KIND_RANGE, SPAN, "span", PG_OID_INTERVAL, NULL);
  add_type (table, PG_TYPE_KIND_BASE, HSTORE, "hstore", 0, "hstore_send");
  add_type (table, PG_TYPE_KIND_DOMAIN, YEARS, "years", PG_OID_INT4, NULL);
  add_type (table, PG_TYPE_KIND_COMPOSITE, NOTE, "note", PG_OID_TEXT, NULL);
  add_type (table, PG_TYPE_KIND_DOMAIN, WORD, "Word", PG_OID_TEXT, NULL);
  pg_type_table_set_enum (table, pg_type_table_get_info (table, MOOD), mood_get_type ());
  return table;
}

/* "TYPE FORMAT TEXT" */
static char *
print (const PgTypeTable *table,
       PgWireParams *wire)
{
  PgWireValue value = {
    .data = (const guint8 *) wire->values[0],
    .length = (gsize) wire->lengths[0],
    .type = wire->types[0],
    .modifier = -1,
    .format = wire->formats[0] == 0 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY,
    .types = table,
  };
  g_autofree char *name = value.type != 0 ? pg_codec_describe (table, value.type) : g_strdup ("-");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (value.data == NULL)
    return g_strdup_printf ("%s NULL", name);
  if (value.format == PG_FORMAT_BINARY)
    text = pg_codec_to_text (&value, &error);
  else
    text = g_strndup (wire->values[0], value.length);
  g_assert_no_error (error);
  return g_strdup_printf ("%s %c %s", name, wire->formats[0] == 0 ? 't' : 'b', text);
}

static void
assert_sent (PgParams *taken,
             const char *sql,
             const char *expected)
{
  g_autoptr (PgParams) params = taken;
  g_autoptr (PgTypeTable) table = make_table ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get (sql, TRUE, &error);
  g_autoptr (PgWireParams) wire = NULL;
  g_autofree char *actual = NULL;

  g_assert_no_error (error);
  wire = pg_query_bind_params (query, params, table, &error);
  g_assert_no_error (error);
  actual = print (table, wire);
  g_assert_cmpstr (actual, ==, expected);
}

static void
assert_fails (PgParams *taken,
              const char *sql,
              int code,
              const char *message)
{
  g_autoptr (PgParams) params = taken;
  g_autoptr (PgTypeTable) table = make_table ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = pg_query_get (sql, TRUE, &error);

  g_assert_no_error (error);
  g_assert_null (pg_query_bind_params (query, params, table, &error));
  g_assert_error (error, PG_ERROR, code);
  g_assert_nonnull (strstr (error->message, message));
}

static PgParams *
of_variant (const char *text)
{
  PgParams *params = pg_params_new ();

  pg_params_add_variant (params, g_variant_new_parsed (text));
  return params;
}

static PgParams *
of_value (GType type,
          gpointer boxed)
{
  PgParams *params = pg_params_new ();
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, type);
  g_value_take_boxed (&value, boxed);
  pg_params_add_value (params, &value, NULL);
  return params;
}

static PgParams *
of_mood (int mood,
         gboolean in_array)
{
  PgParams *params = pg_params_new ();
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, mood_get_type ());
  g_value_set_enum (&value, mood);
  if (in_array)
    {
      pg_params_begin_array (params, 0);
      pg_params_add_null (params);
    }
  pg_params_add_value (params, &value, NULL);
  if (in_array)
    pg_params_end_array (params);
  return params;
}

/* A value as it was read of the table's type. */
static gpointer
read_boxed (guint32 type,
            const char *text)
{
  g_autoptr (PgTypeTable) table = make_table ();
  PgWireValue wire = { .data = (const guint8 *) text, .length = strlen (text), .type = type, .modifier = -1, .types = table };
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  pg_codec_to_value (&wire, &value, &error);
  g_assert_no_error (error);
  return g_value_dup_boxed (&value);
}

static void
test_hstore (void)
{
  g_test_summary ("A dictionary of texts is an hstore where that is known, in either format, and an error where it is not.");

  assert_sent (of_variant ("{'a\"': 'b\\\\', 'c': ''}"), "%s", "hstore b \"a\\\"\"=>\"b\\\\\", \"c\"=>\"\"");
  assert_sent (of_variant ("{'a': just 'NULL', 'c': nothing}"), "%t", "hstore t \"a\"=>\"NULL\", \"c\"=>NULL");
  assert_sent (of_variant ("@a{ss} {}"), "%b", "hstore b ");
  assert_sent (of_variant ("[{'a': <'1'>}, {'b': <@ms nothing>}]"), "%s", "hstore[] b {\"\\\"a\\\"=>\\\"1\\\"\",\"\\\"b\\\"=>NULL\"}");
  assert_fails (of_variant ("{'a': 1}"), "%s", PG_ERROR_DATA, "the value of the key “a” of an hstore is not text");
  assert_fails (of_variant ("({'a': 'b'}, {'a': 1.5})"), "%s", PG_ERROR_DATA, "the value of the key “a”");
}

static void
test_dictionary (void)
{
  g_autoptr (PgParams) params = pg_params_new ();

  g_test_summary ("A dictionary is a composite type where that is said, its fields in the order of the type and each of its type.");

  assert_sent (of_variant ("{'b': <'x'>, 'n': <5>, 'm': <'sad'>}"), "SELECT $1::note", "- t (sad,5,x)");
  assert_sent (of_variant ("{'b': <'x'>, 'n': <5>, 'm': <'sad'>}"), "SELECT CAST ( %s AS \"note\")", "- t (sad,5,x)");
  assert_sent (of_variant ("[{'b': <'x y'>, 'n': <5>, 'm': <'sad'>}]"), "SELECT $1 :: public.Note[]", "- t {\"(sad,5,\\\"x y\\\")\"}");
  assert_sent (of_variant ("{'b': <['(1,1),(0,0)', '(2,2),(0,0)']>, 'n': <@mi nothing>, 'm': <'sad'>}"), "$1::pair",
               "- t (sad,,\"{(1,1),(0,0);(2,2),(0,0)}\")");
  assert_fails (of_variant ("{'b': <'x'>, 'n': <5>}"), "$1::note", PG_ERROR_DATA, "no value for the field “m” of the type note");
  assert_fails (of_variant ("{'b': <'x'>, 'n': <5>, 'm': <'sad'>, 'o': <1>}"), "$1::note", PG_ERROR_DATA, "“o”, which is no field of the type note");
  assert_sent (of_variant ("{'b': <'x'>}"), "SELECT $1 AS note", "hstore b \"b\"=>\"x\"");

  pg_params_begin_dictionary (params, NOTE);
  pg_params_add_key (params, "n");
  pg_params_add_int64 (params, 12);
  pg_params_add_key (params, "b");
  pg_params_add_text (params, "\"");
  pg_params_add_key (params, "m");
  pg_params_add_text (params, "very happy");
  pg_params_end_dictionary (params);
  assert_sent (pg_params_ref (params), "%s", "note b (\"very happy\",12,\"\"\"\")");
  assert_sent (pg_params_ref (params), "%t", "note t (\"very happy\",12,\"\"\"\")");
}

static void
test_dictionary_misuse (void)
{
  PgParams *params;

  g_test_summary ("Keys without values, values without keys and dictionaries that are not ended are errors.");

  params = pg_params_new ();
  pg_params_begin_dictionary (params, 0);
  pg_params_add_text (params, "a");
  pg_params_end_dictionary (params);
  assert_fails (params, "%s", PG_ERROR_PROGRAMMING, "parameter 1: a value of a dictionary has no key");

  params = pg_params_new ();
  pg_params_begin_dictionary (params, 0);
  pg_params_add_key (params, "a");
  pg_params_end_dictionary (params);
  assert_fails (params, "%s", PG_ERROR_PROGRAMMING, "parameter 1: a key of a dictionary has no value");

  params = pg_params_new ();
  pg_params_begin_dictionary (params, 0);
  pg_params_add_key (params, "a");
  pg_params_add_key (params, "b");
  pg_params_add_null (params);
  pg_params_end_dictionary (params);
  assert_fails (params, "%s", PG_ERROR_PROGRAMMING, "parameter 1: a key of a dictionary has no value");

  params = pg_params_new ();
  pg_params_add_key (params, "a");
  pg_params_add_null (params);
  assert_fails (params, "%s", PG_ERROR_PROGRAMMING, "a key was added where no dictionary was begun");

  params = pg_params_new ();
  pg_params_begin_dictionary (params, 0);
  assert_fails (params, "%s", PG_ERROR_PROGRAMMING, "parameter 1: a dictionary was begun and not ended");

  params = pg_params_new ();
  pg_params_begin_array (params, 0);
  pg_params_end_dictionary (params);
  assert_fails (params, "%s", PG_ERROR_PROGRAMMING, "a dictionary was ended before what was begun in it");
}

static void
test_enum (void)
{
  g_test_summary ("A value of an enum that is registered has its label and its type without set_adapters(), in arrays too.");

  assert_sent (of_mood (7, FALSE), "%s", "mood b sad");
  assert_sent (of_mood (9, FALSE), "%t", "mood t very happy");
  assert_sent (of_mood (9, TRUE), "%s", "mood[] b {NULL,\"very happy\"}");
  assert_fails (of_mood (11, FALSE), "%s", PG_ERROR_DATA, "mood");
}

static void
test_record (void)
{
  PgParams *params;

  g_test_summary ("A record that was read is sent as its type: in binary where every field can be, else as text.");

  assert_sent (of_value (PG_TYPE_RECORD, read_boxed (NOTE, "(sad,5,\"a,b\")")), "%s", "note b (sad,5,\"a,b\")");
  assert_sent (of_value (PG_TYPE_RECORD, read_boxed (NOTE, "(sad,5,\"a,b\")")), "%t", "note t (sad,5,\"a,b\")");
  assert_sent (of_value (PG_TYPE_RECORD, read_boxed (PAIR, "(,5,\"{(1,1),(0,0);(2,2),(0,0)}\")")), "%s",
               "pair b (,5,\"{(1,1),(0,0);(2,2),(0,0)}\")");
  assert_sent (of_value (PG_TYPE_RECORD, pg_record_parse ("(sad,5,)", NULL)), "%s", "- t (sad,5,)");
  assert_sent (of_value (PG_TYPE_ARRAY, read_boxed (NOTE + 1, "[0:1]={NULL,\"(sad,5,x)\"}")), "%s", "note[] b [0:1]={NULL,\"(sad,5,x)\"}");

  params = pg_params_new ();
  pg_params_begin_array (params, 0);
  pg_params_begin_record (params, NOTE);
  pg_params_add_text (params, "sad");
  pg_params_add_integer (params, 1);
  pg_params_add_null (params);
  pg_params_end_record (params);
  pg_params_end_array (params);
  assert_sent (params, "%s", "note[] b {\"(sad,1,)\"}");

  params = pg_params_new ();
  pg_params_begin_record (params, HSTORE + 1);
  pg_params_end_record (params);
  assert_fails (params, "%b", PG_ERROR_PROGRAMMING, "a record cannot be sent as hstore[]");

  params = pg_params_new ();
  pg_params_begin_array (params, 0);
  for (guint i = 0; i < 3; i++)
    {
      pg_params_begin_record (params, i == 1 ? NOTE : 0);
      pg_params_add_text (params, "sad");
      pg_params_add_integer (params, i);
      pg_params_add_null (params);
      pg_params_end_record (params);
    }
  pg_params_end_array (params);
  assert_sent (params, "%s", "note[] b {\"(sad,0,)\",\"(sad,1,)\",\"(sad,2,)\"}");

  /* What is not of the field's own type is the server's to read. */
  params = pg_params_new ();
  pg_params_begin_record (params, NOTE);
  pg_params_add_text (params, "sad");
  pg_params_add_text (params, " 1 ");
  pg_params_add_integer (params, 4);
  pg_params_end_record (params);
  assert_sent (params, "%s", "note t (sad,\" 1 \",4)");
}

static void
test_arrays (void)
{
  PgParams *params;

  g_test_summary ("Arrays of the database's types have the type and the delimiter of their elements.");

  params = pg_params_new ();
  pg_params_begin_array (params, YEARS);
  pg_params_add_text (params, "4");
  pg_params_end_array (params);
  assert_sent (params, "%s", "years[] t {4}");

  params = pg_params_new ();
  pg_params_begin_array (params, MOOD);
  pg_params_add_text (params, "very happy");
  pg_params_end_array (params);
  assert_sent (params, "%s", "mood[] t {\"very happy\"}");
  assert_sent (of_value (PG_TYPE_ARRAY, read_boxed (YEARS + 1, "{{4},{5}}")), "%s", "years[] b {{4},{5}}");
  assert_sent (of_value (PG_TYPE_ARRAY, read_boxed (WORD + 1, "{a b,\"\"}")), "%s", "Word[] t {\"a b\",\"\"}");
}

static void
test_box_array (void)
{
  g_test_summary ("defect: a list of boxes has the delimiter of boxes where a cast says that it is one.");

  assert_sent (of_variant ("['(1,1),(0,0)', '(2,2),(0,0)']"), "SELECT %s::box[]", "- t {(1,1),(0,0);(2,2),(0,0)}");
  assert_sent (of_variant ("['(1,1),(0,0)', '(2,2),(0,0)']"), "SELECT $1::text[]", "- t {\"(1,1),(0,0)\",\"(2,2),(0,0)\"}");
  assert_sent (of_variant ("['a;b', 'c']"), "SELECT CAST(%s AS box[])", "- t {\"a;b\";c}");
}

static void
test_range (void)
{
  g_test_summary ("A range over a type is of the range type that there is, in text where a bound has no binary form in every server.");

  assert_sent (of_value (PG_TYPE_RANGE, read_boxed (SPAN, "[\"1 day\",\"2 days\")")), "%s", "span b [\"1 day\",\"2 days\")");
  assert_sent (of_value (PG_TYPE_RANGE, read_boxed (SPAN, "[\"1 day\",infinity)")), "%s", "span t [\"1 day\",infinity)");
  assert_sent (of_value (PG_TYPE_RANGE, pg_range_parse ("[1,3)", PG_OID_INT4, NULL)), "%s", "int4range b [1,3)");
}

static void
test_infinite_interval (void)
{
  PgInterval *infinite = pg_interval_parse ("infinity", NULL);
  PgParams *list = pg_params_new ();

  g_test_summary ("defect: an infinite interval is never sent in binary, which older servers take for one of many years.");

  assert_sent (of_value (PG_TYPE_INTERVAL, pg_interval_ref (infinite)), "%s", "interval t infinity");
  assert_sent (of_value (PG_TYPE_ARRAY, pg_array_parse ("{infinity,\"1 day\"}", PG_OID_INTERVAL, NULL)), "%s", "interval[] t {infinity,\"1 day\"}");
  pg_params_begin_array (list, 0);
  pg_params_add_interval (list, infinite);
  pg_params_add_null (list);
  pg_params_end_array (list);
  assert_sent (list, "%s", "interval[] t {infinity,NULL}");
  assert_fails (of_value (PG_TYPE_INTERVAL, infinite), "%b", PG_ERROR_DATA, "an infinite one is sent in text format only");
}

/* Types that a server tells of and that are made of themselves. */
static void
test_circles (void)
{
  PgTypeTable *table = pg_type_table_make_own (NULL);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A domain over itself and a composite type in itself are errors and no endless loops.");

  add_type (table, PG_TYPE_KIND_DOMAIN, YEARS, "years", YEARS, NULL);
  add_type (table, PG_TYPE_KIND_COMPOSITE, NOTE, "note", NOTE, NULL);
  g_value_init (&value, G_TYPE_INT64);
  g_assert_false (pg_codec_can_encode_binary (table, YEARS));
  g_assert_false (pg_codec_can_encode_binary (table, NOTE));
  g_assert_false (pg_codec_encode (table, YEARS, &value, PG_FORMAT_BINARY, out, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  pg_type_table_unref (table);
}

static void
test_casts (void)
{
  static const struct
  {
    const char *sql;
    const char *cast;
  } cases[] = {
    { "$1::note", "note" },
    { "%s :: Public . note", "public.note" },
    { "%s::\"A \"\"b\"\"\".\"c\"[]", "A \"b\".c[]" },
    { "$1::note ARRAY", "note[]" },
    { "cast($1\nas note)", "note" },
    { "broadcast($1 as note)", NULL },
    { "f($1 as note)", NULL },
    { "$1 as note", NULL },
    { "$1::", NULL },
    { "$1::\"", NULL },
    { "$1:note", NULL },
    { "$1 :: 5", "5" },
    { "", NULL },
  };

  g_test_summary ("The type that a placeholder is cast to, as far as the text tells.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *at = strpbrk (cases[i].sql, "$%");
      const gsize from = at != NULL ? (gsize) (at - cases[i].sql) : 0;
      g_autofree char *cast = pg_query_read_cast (cases[i].sql, from, at != NULL ? from + 2 : 0);

      g_test_message ("%s", cases[i].sql);
      g_assert_cmpstr (cast, ==, cases[i].cast);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/params-types/hstore", test_hstore);
  g_test_add_func ("/pg/params-types/dictionary", test_dictionary);
  g_test_add_func ("/pg/params-types/dictionary-misuse", test_dictionary_misuse);
  g_test_add_func ("/pg/params-types/enum", test_enum);
  g_test_add_func ("/pg/params-types/record", test_record);
  g_test_add_func ("/pg/params-types/arrays", test_arrays);
  g_test_add_func ("/pg/params-types/defect-box-array-delimiter", test_box_array);
  g_test_add_func ("/pg/params-types/range", test_range);
  g_test_add_func ("/pg/params-types/defect-infinite-interval-in-binary", test_infinite_interval);
  g_test_add_func ("/pg/params-types/circles", test_circles);
  g_test_add_func ("/pg/params-types/casts", test_casts);
  return g_test_run ();
}
