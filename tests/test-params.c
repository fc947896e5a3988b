/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-bound.h"

#include <math.h>
#include <string.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-codec-private.h>

#define DICTIONARY                                                                                                                         \
  "a dictionary cannot be sent, as neither hstore nor a composite type that it is cast to is known: fetch the type first; JSON is sent "   \
  "with pg_params_add_jsonb(), Pg.Jsonb() in Python and Pg.jsonb() in JavaScript"

static PgWireParams *
bind_variant (const char *text,
              GVariant *params,
              GError **error)
{
  g_autoptr (GVariant) sunk = params != NULL ? g_variant_ref_sink (params) : NULL;
  g_autoptr (GError) query_error = NULL;
  g_autoptr (PgQuery) query = pg_query_get (text, TRUE, &query_error);

  g_assert_no_error (query_error);
  return pg_query_bind_variant (query, sunk, NULL, error);
}

typedef struct
{
  const char *variant;
  guint32 type;
  const char *value;
} Case;

static void
assert_cases (const char *text,
              const Case *cases,
              gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgWireParams) wire = NULL;
      g_autoptr (GVariant) value = g_variant_parse (NULL, cases[i].variant, NULL, NULL, &error);

      g_test_message ("%s", cases[i].variant);
      g_assert_no_error (error);
      wire = bind_variant (text, g_variant_new_tuple (&value, 1), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (wire->n_params, ==, 1);
      pg_test_assert_bound (wire, 0, cases[i].type, cases[i].value);
    }
}

static const Case scalars[] = {
  { "true", PG_OID_BOOL, "x01" },
  { "false", PG_OID_BOOL, "x00" },
  { "byte 0xff", PG_OID_INT2, "x00ff" },
  { "int16 -2", PG_OID_INT2, "xfffe" },
  { "uint16 32767", PG_OID_INT2, "x7fff" },
  { "uint16 65535", PG_OID_INT4, "x0000ffff" },
  { "int32 1", PG_OID_INT2, "x0001" },
  { "int32 -32768", PG_OID_INT2, "x8000" },
  { "int32 -32769", PG_OID_INT4, "xffff7fff" },
  { "int32 32768", PG_OID_INT4, "x00008000" },
  { "uint32 4294967295", PG_OID_INT8, "x00000000ffffffff" },
  { "int64 1", PG_OID_INT2, "x0001" },
  { "int64 2147483647", PG_OID_INT4, "x7fffffff" },
  { "int64 2147483648", PG_OID_INT8, "x0000000080000000" },
  { "int64 -2147483649", PG_OID_INT8, "xffffffff7fffffff" },
  { "int64 -9223372036854775808", PG_OID_INT8, "x8000000000000000" },
  { "uint64 7", PG_OID_INT2, "x0007" },
  { "uint64 9223372036854775807", PG_OID_INT8, "x7fffffffffffffff" },
  { "uint64 9223372036854775808", PG_OID_NUMERIC, "9223372036854775808" },
  { "uint64 18446744073709551615", PG_OID_NUMERIC, "18446744073709551615" },
  { "1.5", PG_OID_FLOAT8, "x3ff8000000000000" },
  { "-0.0", PG_OID_FLOAT8, "x8000000000000000" },
  { "'text'", 0, "text" },
  { "''", 0, "" },
  { "'ünï'", 0, "ünï" },
  { "objectpath '/a/b'", 0, "/a/b" },
  { "signature 'a{sv}'", 0, "a{sv}" },
  { "b'ab\\001'", PG_OID_BYTEA, "x61620100" },
  { "[byte 0x00, 0xff]", PG_OID_BYTEA, "x00ff" },
  { "@ay []", PG_OID_BYTEA, "x" },
  { "@mi nothing", 0, NULL },
  { "@ms nothing", 0, NULL },
  { "@may nothing", 0, NULL },
  { "@mi 5", PG_OID_INT2, "x0005" },
  { "@mmi just nothing", 0, NULL },
  { "<int32 5>", PG_OID_INT2, "x0005" },
  { "<<'a'>>", 0, "a" },
  { "<@ms nothing>", 0, NULL },
  { "@mv <@mi 5>", PG_OID_INT2, "x0005" },
};

static void
test_scalars (void)
{
  assert_cases ("%s", scalars, G_N_ELEMENTS (scalars));
  assert_cases ("$1", scalars, G_N_ELEMENTS (scalars));
}

static void
test_text_format (void)
{
  static const Case cases[] = {
    { "true", PG_OID_BOOL, "t" },
    { "false", PG_OID_BOOL, "f" },
    { "int64 -5", PG_OID_INT2, "-5" },
    { "int64 -9223372036854775808", PG_OID_INT8, "-9223372036854775808" },
    { "uint64 18446744073709551615", PG_OID_NUMERIC, "18446744073709551615" },
    { "0.1", PG_OID_FLOAT8, "0.1" },
    { "-0.0", PG_OID_FLOAT8, "-0" },
    { "inf", PG_OID_FLOAT8, "Infinity" },
    { "-inf", PG_OID_FLOAT8, "-Infinity" },
    { "nan", PG_OID_FLOAT8, "NaN" },
    { "'a'", 0, "a" },
    { "[byte 0x00, 0xaf]", PG_OID_BYTEA, "\\x00af" },
    { "@ay []", PG_OID_BYTEA, "\\x" },
    { "@mi nothing", 0, NULL },
    { "['a']", 0, "{a}" },
  };

  assert_cases ("%t", cases, G_N_ELEMENTS (cases));
}

static void
test_binary_format (void)
{
  static const Case cases[] = {
    { "true", PG_OID_BOOL, "x01" },
    { "int64 -5", PG_OID_INT2, "xfffb" },
    { "1.5", PG_OID_FLOAT8, "x3ff8000000000000" },
    { "'ab'", PG_OID_TEXT, "x6162" },
    { "''", PG_OID_TEXT, "x" },
    { "[byte 0x00, 0xaf]", PG_OID_BYTEA, "x00af" },
    { "@mi nothing", 0, NULL },
  };

  assert_cases ("%b", cases, G_N_ELEMENTS (cases));
}

static void
test_arrays (void)
{
  static const Case cases[] = {
    { "['a', 'b c', '', 'NULL', 'x\"y', 'x\\\\y', '{', ',']", 0,
      "{a,\"b c\",\"\",\"NULL\",\"x\\\"y\",\"x\\\\y\",\"{\",\",\"}" },
    { "@as []", 0, "{}" },
    { "@ai []", 0, "{}" },
    { "@ax []", 0, "{}" },
    { "@av []", 0, "{}" },
    { "@ams ['a', nothing]", 0, "{a,NULL}" },
    { "@ams [nothing, nothing]", 0, "{NULL,NULL}" },
    { "@ami [nothing, 5]", PG_OID_INT2_ARRAY, "{NULL,5}" },
    { "[1, 2]", PG_OID_INT2_ARRAY, "{1,2}" },
    { "@an [1, -2]", PG_OID_INT2_ARRAY, "{1,-2}" },
    { "@aq [65535]", PG_OID_INT4_ARRAY, "{65535}" },
    { "@ai [1, -32769]", PG_OID_INT4_ARRAY, "{1,-32769}" },
    { "@au [4294967295]", PG_OID_INT8_ARRAY, "{4294967295}" },
    { "@ax [1, 2]", PG_OID_INT2_ARRAY, "{1,2}" },
    { "@ax [1, 2147483648]", PG_OID_INT8_ARRAY, "{1,2147483648}" },
    { "@at [1, 9223372036854775808]", PG_OID_NUMERIC_ARRAY, "{1,9223372036854775808}" },
    { "@at [1]", PG_OID_INT2_ARRAY, "{1}" },
    { "[true, false]", PG_OID_BOOL_ARRAY, "{t,f}" },
    { "[0.5, -inf]", PG_OID_FLOAT8_ARRAY, "{0.5,-Infinity}" },
    { "[[byte 0x00, 0xaf], []]", PG_OID_BYTEA_ARRAY, "{\"\\\\x00af\",\"\\\\x\"}" },
    { "[[1, 2], [3, 40000]]", PG_OID_INT4_ARRAY, "{{1,2},{3,40000}}" },
    { "[[['a'], ['b']]]", 0, "{{{a},{b}}}" },
    { "[<1>, <int64 70000>]", PG_OID_INT4_ARRAY, "{1,70000}" },
    { "[<'a'>, <@ms nothing>]", 0, "{a,NULL}" },
    { "[<[1, 2]>, <[3, 4]>]", PG_OID_INT2_ARRAY, "{{1,2},{3,4}}" },
    { "[[[[[[1]]]]]]", PG_OID_INT2_ARRAY, "{{{{{{1}}}}}}" },
    { "@mas ['a']", 0, "{a}" },
  };

  assert_cases ("%s", cases, G_N_ELEMENTS (cases));
}

static void
test_value_errors (void)
{
  static const struct
  {
    const char *variant;
    int code;
    const char *message;
  } cases[] = {
    { "(1, handle 2)", PG_ERROR_PROGRAMMING, "parameter 1: a GVariant of type 'h' cannot be sent as a value" },
    { "{'a': 1}", PG_ERROR_PROGRAMMING, "parameter 1: " DICTIONARY },
    { "{1: 'a'}", PG_ERROR_PROGRAMMING, "parameter 1: a GVariant of type 'a{is}' cannot be sent as a value" },
    { "{'a', 1}", PG_ERROR_PROGRAMMING, "parameter 1: a GVariant of type '{si}' cannot be sent as a value" },
    { "handle 1", PG_ERROR_PROGRAMMING, "parameter 1: a GVariant of type 'h' cannot be sent as a value" },
    { "[{'a': <1>}]", PG_ERROR_PROGRAMMING, "parameter 1: " DICTIONARY },
    { "[handle 1]", PG_ERROR_PROGRAMMING, "parameter 1: a GVariant of type 'h' cannot be sent as a value" },
    { "[<1>, <'a'>]", PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: int2, text" },
    { "[<1>, <0.5>]", PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: int2, float8" },
    { "[<[1]>, <['a']>]", PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: int2, text" },
    { "[<b'a'>, <true>]", PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: bytea, bool" },
    { "[<1>, <(1,)>]", PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: int2, record" },
    { "[<'a'>, <(1,)>]", PG_ERROR_DATA, "parameter 1: an array cannot have elements of different types: text, record" },
    { "[[1], [2, 3]]", PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths" },
    { "[[1], []]", PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths" },
    { "[<1>, <[1]>]", PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths" },
    { "[<[1]>, <1>]", PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths" },
    { "[<@mi nothing>, <[1]>]", PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths" },
    { "[<@ai []>, <@mi nothing>]", PG_ERROR_DATA, "parameter 1: the arrays in an array are of different lengths" },
    { "((((((((((((((((1,),),),),),),),),),),),),),),),)", PG_ERROR_DATA, "parameter 1: arrays and records are nested more than 16 deep" },
    { "[[[[[[[1]]]]]]]", PG_ERROR_DATA, "parameter 1: an array cannot have more than 6 dimensions" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) value = g_variant_parse (NULL, cases[i].variant, NULL, NULL, &error);

      g_test_message ("%s", cases[i].variant);
      g_assert_no_error (error);
      g_assert_null (bind_variant ("%s", g_variant_new_tuple (&value, 1), &error));
      g_assert_error (error, PG_ERROR, cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_binary_arrays (void)
{
  static const Case cases[] = {
    { "[2]", PG_OID_INT2_ARRAY, "{2}" },
    { "['a', 'b c']", PG_OID_TEXT_ARRAY, "{a,\"b c\"}" },
    { "@as []", PG_OID_TEXT_ARRAY, "{}" },
    { "@ai []", PG_OID_TEXT_ARRAY, "{}" },
    { "@ams [nothing]", PG_OID_TEXT_ARRAY, "{NULL}" },
    { "[[true]]", PG_OID_BOOL_ARRAY, "{{t}}" },
  };
  g_autoptr (GError) error = NULL;

  assert_cases ("%b", cases, G_N_ELEMENTS (cases));

  g_assert_null (bind_variant ("%s, %b", g_variant_new_parsed ("(1, (2, 'a'))"), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "parameter 2: a record of no type cannot be sent in binary format ('%b')");
  g_clear_error (&error);

  g_assert_null (bind_variant ("%(list)b", g_variant_new_parsed ("{'list': <[(2, 'a')]>}"), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "parameter 'list': an array of record cannot be sent in binary format ('%b')");
}

static void
test_records (void)
{
  static const Case cases[] = {
    { "()", 0, "()" },
    { "(1, 'a b', @ms nothing, '', true)", 0, "(1,\"a b\",,\"\",t)" },
    { "('x,y', 'q\"', '(\\\\)')", 0, "(\"x,y\",\"q\"\"\",\"(\\\\)\")" },
    { "(1, (2, 'c'))", 0, "(1,\"(2,c)\")" },
    { "(1, [2, 3], @as [])", 0, "(1,\"{2,3}\",{})" },
    { "[(1, 'a'), (2, 'b c')]", 0, "{\"(1,a)\",\"(2,\\\"b c\\\")\"}" },
    { "<(0.5, b'a')>", 0, "(0.5,\"\\\\x6100\")" },
  };

  assert_cases ("%s", cases, G_N_ELEMENTS (cases));
}

/* A recursion as deep as the value is an attack on the stack. */
static void
test_deep_variant (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_int32 (5));
  g_autoptr (PgWireParams) wire = NULL;

  for (guint i = 0; i < 60; i++)
    {
      GVariant *inner = value;

      value = g_variant_ref_sink (g_variant_new_variant (inner));
      g_variant_unref (inner);
    }
  wire = bind_variant ("%s", g_variant_new_tuple (&value, 1), &error);
  g_assert_no_error (error);
  pg_test_assert_bound (wire, 0, PG_OID_INT2, "x0005");
}

static void
test_sequences (void)
{
  static const char *const variants[] = {
    "(1, 'b', @ms nothing)", "[<1>, <'b'>, <@ms nothing>]", "<(1, 'b', @ms nothing)>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgWireParams) wire = bind_variant ("$1, $2, $3", g_variant_new_parsed (variants[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpuint (wire->n_params, ==, 3);
      pg_test_assert_bound (wire, 0, PG_OID_INT2, "x0001");
      pg_test_assert_bound (wire, 1, 0, "b");
      pg_test_assert_bound (wire, 2, 0, NULL);
    }
}

static void
test_array_of_strings_is_a_sequence (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgWireParams) texts = bind_variant ("%s %s", g_variant_new_parsed ("['a', 'b']"), &error);
  g_autoptr (PgWireParams) numbers = bind_variant ("%s %s", g_variant_new_parsed ("[int64 1, 70000]"), &error);
  g_autoptr (PgWireParams) blobs = bind_variant ("%s", g_variant_new_parsed ("[[byte 0x01]]"), &error);

  g_assert_no_error (error);
  pg_test_assert_bound (texts, 0, 0, "a");
  pg_test_assert_bound (texts, 1, 0, "b");
  pg_test_assert_bound (numbers, 0, PG_OID_INT2, "x0001");
  pg_test_assert_bound (numbers, 1, PG_OID_INT4, "x00011170");
  pg_test_assert_bound (blobs, 0, PG_OID_BYTEA, "x01");
}

static void
test_no_params (void)
{
  static const char *const variants[] = { "()", "@av []", "@as []", "@a{sv} {}", "{'extra': <1>}" };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgWireParams) wire = bind_variant ("select 'a%%'", g_variant_new_parsed (variants[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpuint (wire->n_params, ==, 0);
    }

  {
    g_autoptr (GError) error = NULL;
    g_autoptr (PgWireParams) wire = bind_variant ("select 1", NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (wire->n_params, ==, 0);
  }
}

static void
test_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgWireParams) wire = bind_variant ("%(b)s %(a)s %(b)s", g_variant_new_parsed ("{'a': <1>, 'c': <(1, 2)>, 'b': <'x'>}"), &error);
  g_autoptr (PgWireParams) plain = bind_variant ("%(b)s %(a)s", g_variant_new_parsed ("{'a': 'y', 'b': 'x', 'a': 'z'}"), &error);
  g_autoptr (PgWireParams) nulls = bind_variant ("%(a)s", g_variant_new_parsed ("@a{sms} {'a': nothing}"), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (wire->n_params, ==, 2);
  pg_test_assert_bound (wire, 0, 0, "x");
  pg_test_assert_bound (wire, 1, PG_OID_INT2, "x0001");
  pg_test_assert_bound (plain, 0, 0, "x");
  pg_test_assert_bound (plain, 1, 0, "y");
  pg_test_assert_bound (nulls, 0, 0, NULL);
}

static void
test_params_errors (void)
{
  static const struct
  {
    const char *text;
    const char *variant;
    const char *message;
  } cases[] = {
    { "%s %s", "(1,)", "the query has 2 placeholders but 1 parameters were passed" },
    { "%s", "(1, 2)", "the query has 1 placeholders but 2 parameters were passed" },
    { "$3", "(1, 2)", "the query has 3 placeholders but 2 parameters were passed" },
    { "select 1", "(1,)", "the query has 0 placeholders but 1 parameters were passed" },
    { "select '%s'", "(1,)", "the query has 0 placeholders but 1 parameters were passed (a placeholder inside quotes is plain text)" },
    { "%s", "()", "the query has 1 placeholders but 0 parameters were passed" },
    { "%s", NULL, "the query has 1 placeholders but 0 parameters were passed" },
    { "%(a)s %(b)s", "{'a': <1>}", "query parameter missing: b" },
    { "%(a)s %(b)s %(c)s", "{'b': <1>}", "query parameter missing: a, c" },
    { "%(a)s", "@a{sv} {}", "query parameter missing: a" },
    { "%(0)s%(1)s%(2)s%(3)s%(4)s%(5)s%(6)s%(7)s%(8)s%(9)s%(10)s%(11)s%(12)s", "@a{sv} {}",
      "query parameter missing: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …" },
    { "%(a)s", "(1,)", "the query has named placeholders: its parameters must have names" },
    { "%(a)s", "[1]", "the query has named placeholders: its parameters must have names" },
    { "%s", "{'a': <1>}", "the query has positional placeholders: its parameters must be a sequence without names" },
    { "$1", "{'a': <1>}", "the query has positional placeholders: its parameters must be a sequence without names" },
    { "%s", "5", "query parameters should be a tuple, an array or a dictionary, got a GVariant of type 'i'" },
    { "%s", "'a'", "query parameters should be a tuple, an array or a dictionary, got a GVariant of type 's'" },
    { "%s", "b'a'", "query parameters should be a tuple, an array or a dictionary, got a GVariant of type 'ay'" },
    { "%s", "{1: 'a'}", "query parameters should be a tuple, an array or a dictionary, got a GVariant of type 'a{is}'" },
    { "%s", "@mi 5", "query parameters should be a tuple, an array or a dictionary, got a GVariant of type 'mi'" },
    { "%(a)s", "{'a': <{'b': 1}>}", "parameter 'a': " DICTIONARY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      GVariant *params = cases[i].variant != NULL ? g_variant_new_parsed (cases[i].variant) : NULL;

      g_test_message ("%s with %s", cases[i].text, cases[i].variant != NULL ? cases[i].variant : "NULL");
      g_assert_null (bind_variant (cases[i].text, params, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

/* The bytes that the wire points to are those of the caller, and live as long as the wire. */
static void
test_bytes_are_not_copied (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *block = g_strnfill (1 << 20, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new_static (block, 1 << 20);
  g_autoptr (PgQuery) query = pg_query_get ("%s, %s", TRUE, &error);
  g_autoptr (GVariant) params = NULL;
  g_autoptr (PgWireParams) wire = NULL;
  g_autoptr (PgWireParams) shared = NULL;
  GVariant *children[2];

  children[0] = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
  children[1] = g_variant_new_string ("beside it");
  params = g_variant_ref_sink (g_variant_new_tuple (children, 2));
  wire = pg_query_bind_variant (query, params, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (wire->values[0] == block);

  /* This makes the tuple let its children go. */
  g_assert_nonnull (g_variant_get_data (params));
  g_clear_pointer (&params, g_variant_unref);
  shared = pg_wire_params_ref (wire);
  g_clear_pointer (&wire, pg_wire_params_unref);
  g_assert_cmpint (shared->lengths[0], ==, 1 << 20);
  g_assert_cmpint (shared->values[0][(1 << 20) - 1], ==, 'x');
  g_assert_cmpstr (shared->values[1], ==, "beside it");
}

static void
test_serialised (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) built = g_variant_ref_sink (g_variant_new_parsed ("('a', [byte 0x01, 0x02], 70000, [<'b'>], <@ms nothing>)"));
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (built);
  GVariant *params = g_variant_new_from_bytes (g_variant_get_type (built), bytes, FALSE);
  g_autoptr (PgWireParams) wire = bind_variant ("%s %s %s %s %s", params, &error);

  g_clear_pointer (&built, g_variant_unref);
  g_assert_no_error (error);
  pg_test_assert_bound (wire, 0, 0, "a");
  pg_test_assert_bound (wire, 1, PG_OID_BYTEA, "x0102");
  pg_test_assert_bound (wire, 2, PG_OID_INT4, "x00011170");
  pg_test_assert_bound (wire, 3, 0, "{b}");
  pg_test_assert_bound (wire, 4, 0, NULL);
}

/* Only sizes are counted, so that one block may stand for all values. */
static void
test_too_large (void)
{
  const gsize size = (gsize) 300 << 20;
  g_autoptr (GError) error = NULL;
  g_autofree char *block = g_try_malloc0 (size);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PgQuery) query = pg_query_get ("%s, %s, %s, %s", TRUE, &error);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgWireParams) wire = NULL;

  if (block == NULL)
    {
      g_test_skip ("no memory");
      return;
    }

  bytes = g_bytes_new_static (block, size);
  for (guint i = 0; i < 3; i++)
    pg_params_add_bytes (params, bytes);
  pg_params_add_null (params);
  wire = pg_query_bind_params (query, params, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (wire);

  g_clear_pointer (&params, pg_params_unref);
  params = pg_params_new ();
  for (guint i = 0; i < 4; i++)
    pg_params_add_bytes (params, bytes);
  g_assert_null (pg_query_bind_params (query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_true (g_str_has_prefix (error->message, "the query and its parameters are too large: "));
}

static void
test_one_value_too_large (void)
{
  const gsize size = (gsize) 1 << 30;
  g_autoptr (GError) error = NULL;
  g_autofree char *block = g_try_malloc0 (size);
  g_autoptr (PgQuery) query = pg_query_get ("%s", TRUE, &error);
  g_autoptr (PgQuery) text_query = pg_query_get ("%t", TRUE, &error);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GBytes) bytes = NULL;

  if (block == NULL)
    {
      g_test_skip ("no memory");
      return;
    }

  bytes = g_bytes_new_static (block, size);
  pg_params_add_bytes (params, bytes);
  g_assert_null (pg_query_bind_params (query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_cmpstr (error->message, ==, "parameter 1: the value is too large: 1073741824 bytes");
  g_clear_error (&error);

  g_assert_null (pg_query_bind_params (text_query, params, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Parameters as they are sent, of a GVariant and of PgParams");

  g_test_add_func ("/pg/params/scalars", test_scalars);
  g_test_add_func ("/pg/params/text-format", test_text_format);
  g_test_add_func ("/pg/params/binary-format", test_binary_format);
  g_test_add_func ("/pg/params/arrays", test_arrays);
  g_test_add_func ("/pg/params/value-errors", test_value_errors);
  g_test_add_func ("/pg/params/binary-arrays", test_binary_arrays);
  g_test_add_func ("/pg/params/records", test_records);
  g_test_add_func ("/pg/params/deep-variant", test_deep_variant);
  g_test_add_func ("/pg/params/sequences", test_sequences);
  g_test_add_func ("/pg/params/array-of-strings-is-a-sequence", test_array_of_strings_is_a_sequence);
  g_test_add_func ("/pg/params/no-params", test_no_params);
  g_test_add_func ("/pg/params/names", test_names);
  g_test_add_func ("/pg/params/params-errors", test_params_errors);
  g_test_add_func ("/pg/params/bytes-are-not-copied", test_bytes_are_not_copied);
  g_test_add_func ("/pg/params/serialised", test_serialised);
  g_test_add_func ("/pg/params/too-large", test_too_large);
  g_test_add_func ("/pg/params/one-value-too-large", test_one_value_too_large);

  return g_test_run ();
}
