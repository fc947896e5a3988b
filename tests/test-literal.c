/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Parameters merged into the text of a statement. */
#include <pgconn/pgconn.h>

#include <locale.h>
#include <string.h>

#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-oids.h>

static char *
merge_params (const char *query, PgParams *params, GError **error)
{
  g_autoptr (PgQuery) parsed = pg_query_get (query, TRUE, error);
  g_autoptr (PgWireParams) wire = parsed != NULL ? pg_query_bind_params (parsed, params, NULL, error) : NULL;
  g_autoptr (PgQuery) merged = wire != NULL ? pg_query_merge (parsed, wire, NULL, error) : NULL;

  return merged != NULL ? g_strdup (pg_query_get_sql (merged)) : NULL;
}

static char *
merge_variant (const char *query, const char *variant, GError **error)
{
  g_autoptr (GVariant) value = g_variant_parse (NULL, variant, NULL, NULL, error);
  g_autoptr (PgQuery) parsed = pg_query_get (query, TRUE, error);
  g_autoptr (PgWireParams) wire = parsed != NULL ? pg_query_bind_variant (parsed, value, NULL, error) : NULL;
  g_autoptr (PgQuery) merged = wire != NULL ? pg_query_merge (parsed, wire, NULL, error) : NULL;

  return merged != NULL ? g_strdup (pg_query_get_sql (merged)) : NULL;
}

typedef struct
{
  const char *query;
  const char *params;
  const char *expected;
} Case;

static void
check_cases (const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *merged = merge_variant (cases[i].query, cases[i].params, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (merged, ==, cases[i].expected);
    }
}

static void
test_values (void)
{
  static const Case cases[] = {
    { "SELECT %s", "(1,)", "SELECT 1" },
    { "SELECT %s", "(-1,)", "SELECT -1" },
    { "SELECT 2-%s", "(-1,)", "SELECT 2- -1" },
    { "SELECT 2-%s", "(1,)", "SELECT 2- 1" },
    { "SELECT 2*%s", "(-1,)", "SELECT 2* -1" },
    { "SELECT %s", "(int64 5000000000,)", "SELECT 5000000000" },
    { "SELECT %s", "(int64 -9223372036854775807,)", "SELECT -9223372036854775807" },
    { "SELECT %s", "(uint64 18446744073709551615,)", "SELECT 18446744073709551615." },
    { "SELECT %s", "(0.5,)", "SELECT '0.5'::float8" },
    { "SELECT %s", "(-1e300,)", "SELECT '-1e+300'::float8" },
    { "SELECT %s, %s", "(true, false)", "SELECT true, false" },
    { "SELECT %s", "(\"it's\",)", "SELECT 'it''s'" },
    { "SELECT %s", "('a\\\\b\\'',)", "SELECT E'a\\\\b'''" },
    { "SELECT %s", "('',)", "SELECT ''" },
    { "SELECT %s", "(@ms nothing,)", "SELECT NULL" },
    { "SELECT %s", "(@ay [0, 255],)", "SELECT E'\\\\x00ff'::bytea" },
    { "SELECT %s", "([1, 2],)", "SELECT '{1,2}'::int2[]" },
    { "SELECT %s", "(['a', 'b c'],)", "SELECT '{a,\"b c\"}'" },
    { "SELECT %s", "((1, 'x'),)", "SELECT '(1,x)'" },
    { "SELECT %s", "(inf,)", "SELECT 'Infinity'::float8" },
    { "SELECT %(a)s, %(b)s, %(a)s", "{'a': <1>, 'b': <'x'>}", "SELECT 1, 'x', 1" },
    { "SELECT $2, $1", "(1, 'x')", "SELECT 'x', 1" },
    { "SELECT %t, %b", "(1, 'x')", "SELECT 1, 'x'" },
    { "SELECT 5 %% 2", "()", "SELECT 5 % 2" },
  };

  g_test_summary ("Each kind of value, and each style of placeholders.");
  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_places (void)
{
  static const Case cases[] = {
    /* In what is quoted or a comment nothing is a placeholder. */
    { "SELECT '%%s $1', \"%%s\", $t$ %s $1 $t$, E'\\'%%s', U&'%%s' -- %s\n, /* %s /* %s */ */ %s", "(7,)",
      "SELECT '%s $1', \"%s\", $t$ %s $1 $t$, E'\\'%s', U&'%s' -- %s\n, /* %s /* %s */ */ 7" },
    { "SELECT $tag$ $1 $tag$, $1", "('$tag$',)", "SELECT $tag$ $1 $tag$, '$tag$'" },
    /* A sign binds less than a cast. */
    { "SELECT %s::text", "(-1,)", "SELECT (-1)::text" },
    { "SELECT %s /* */ :: text", "(-1,)", "SELECT (-1) /* */ :: text" },
    { "SELECT %s::text", "(1,)", "SELECT 1::text" },
    { "SELECT %s[1]", "([1],)", "SELECT ('{1}'::int2[])[1]" },
    { "SELECT %s.x", "('(1)',)", "SELECT ('(1)').x" },
    { "SELECT %s.5", "(1,)", "SELECT (1).5" },
    /* Neighbours. */
    { "SELECT 1 LIMIT%s", "(1,)", "SELECT 1 LIMIT 1" },
    { "SELECT E%s", "('x',)", "SELECT E 'x'" },
    { "SELECT U&%s", "('x',)", "SELECT U& 'x'" },
    { "SELECT 'a'%s", "('b',)", "SELECT 'a' ('b')" },
    { "SELECT 'a'\n%s", "('b',)", "SELECT 'a'\n('b')" },
    { "SELECT %s'a'", "('b',)", "SELECT ('b') 'a'" },
    { "SELECT %s\n'a'", "('b',)", "SELECT ('b')\n'a'" },
    { "SELECT \"a\"%s", "('b',)", "SELECT \"a\" 'b'" },
    { "SELECT %s\"a\"", "(1,)", "SELECT 1 \"a\"" },
    { "SELECT $%s", "(1,)", "SELECT $ 1" },
    /* The comment that is none: CVE-2024-1597. */
    { "SELECT -%s, %s", "(-1, '\\n; DROP TABLE t; --')", "SELECT - -1, '\n; DROP TABLE t; --'" },
    { "SELECT -$1, $2", "(-1, '\\n; DROP TABLE t; --')", "SELECT - -1, '\n; DROP TABLE t; --'" },
    { "SELECT 1-%s", "(-0.5,)", "SELECT 1- '-0.5'::float8" },
    /* What the setting standard_conforming_strings matters to is written so that it does not. */
    { "SELECT 'a\\', %s, 'b'", "('x',)", "SELECT E'a\\\\', 'x', 'b'" },
    { "SELECT N'a\\', %s", "('x',)", "SELECT nchar E'a\\\\', 'x'" },
    { "SELECT E'a\\'', %s", "('x',)", "SELECT E'a\\'', 'x'" },
    /* defect: strings that go on in the next line are one string, with one E. */
    { "SELECT 'a\\'\n'b\\', %s", "('x',)", "SELECT E'a\\\\'\n'b\\\\', 'x'" },
    { "SELECT 'a'\n 'b\\''c'\r'd', %s", "('x',)", "SELECT E'a'\n 'b\\\\''c'\r'd', 'x'" },
    { "SELECT n'a' -- '\\\n--\n'b\\', %s", "('x',)", "SELECT nchar E'a' -- '\\\n--\n'b\\\\', 'x'" },
    { "SELECT U&'a'\n'\\0041', %s", "('x',)", "SELECT U&'a'\n'\\0041', 'x'" },
    { "SELECT E'a'\n'\\', %s', %s", "('x',)", "SELECT E'a'\n'\\', %s', 'x'" },
    { "SELECT 'a'\n'b', 'c\\', %s", "('x',)", "SELECT 'a'\n'b', E'c\\\\', 'x'" },
    /* These do not go on. */
    { "SELECT 'a' 'b\\', %s", "('x',)", "SELECT 'a' E'b\\\\', 'x'" },
    { "SELECT 'a' /*\n*/ 'b\\', %s", "('x',)", "SELECT 'a' /*\n*/ E'b\\\\', 'x'" },
    { "SELECT $$a\\$$, \"\\\", %s", "('x',)", "SELECT $$a\\$$, \"\\\", 'x'" },
    /* Only constants. */
    { "SET seq_page_cost = %s", "(1.5,)", "SET seq_page_cost = 1.5" },
    { "ALTER USER u VALID UNTIL %s; SELECT %s", "('2030-01-01', 1.5)", "ALTER USER u VALID UNTIL '2030-01-01'; SELECT '1.5'::float8" },
  };

  g_test_summary ("A value is one whole expression, whatever stands beside it, and only where the server sees a placeholder too.");
  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_typed (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
    const char *expected;
  } cases[] = {
    { PG_OID_INT8, "5", "5::int8" },
    { PG_OID_INT8, "-5", "-5::int8" },
    { PG_OID_INT4, "5", "5" },
    { PG_OID_NUMERIC, "5", "5." },
    { PG_OID_NUMERIC, "-1.50", "-1.50" },
    { PG_OID_NUMERIC, "NaN", "'NaN'::numeric" },
    { PG_OID_DATE, "2020-01-01", "'2020-01-01'::date" },
    { PG_OID_UUID, "x", "'x'::uuid" },
    { PG_OID_TEXT, "x", "'x'" },
    { PG_OID_VARCHAR, "x", "'x'::varchar" },
    { PG_OID_CHAR, "x", "'x'::\"char\"" },
    { PG_OID_BIT, "101", "'101'::\"bit\"" },
    { PG_OID_BIT_ARRAY, "{101}", "'{101}'::\"bit\"[]" },
    { PG_OID_BOOL, "t", "true" },
    /* A text of the caller's can be anything. */
    { PG_OID_INT4, "1; DROP TABLE t", "'1; DROP TABLE t'::int4" },
    { PG_OID_INT4, "1--", "'1--'::int4" },
    { PG_OID_INT4, "--1", "'--1'::int4" },
    { PG_OID_INT4, "-", "'-'::int4" },
    { PG_OID_INT4, "", "''::int4" },
    { PG_OID_INT4, "99999999999", "'99999999999'::int4" },
    { PG_OID_INT8, "99999999999999999999", "'99999999999999999999'::int8" },
    { PG_OID_NUMERIC, "1.", "'1.'::numeric" },
    { PG_OID_NUMERIC, "1e5", "'1e5'::numeric" },
    { PG_OID_BOOL, "t OR true", "'t OR true'::bool" },
    { PG_OID_FLOAT8, "1 OR 1", "'1 OR 1'::float8" },
    { PG_OID_JSONB, "{\"a\": \"\\\\\"}", "E'{\"a\": \"\\\\\\\\\"}'::jsonb" },
  };

  g_test_summary ("Typed text is written as a value of its type, and never as anything but a value.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *merged = NULL;

      pg_params_add_typed_text (params, cases[i].type, cases[i].text);
      merged = merge_params ("%s", params, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (merged, ==, cases[i].expected);
    }
}

static void
test_nulls (void)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *merged = NULL;

  g_test_summary ("NULL has a type where that is known.");
  pg_params_add_null (params);
  pg_params_add_date (params, NULL);
  pg_params_add_strv (params, NULL);
  pg_params_add_text (params, NULL);
  merged = merge_params ("%s, %s, %s, %s", params, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (merged, ==, "NULL, NULL::date, NULL::text[], NULL");
}

static void
assert_refused (const char *query, PgParams *params, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (merge_params (query, params, &error));
  g_assert_error (error, PG_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_null (strstr (error->message, "secret"));
}

static void
test_refused (void)
{
  /* Text that a server with another idea of the encoding could take a quote from. */
  static const char *const texts[] = { "secret\xbf' OR 1=1 --", "secret\xe0", "\xc0\xa7secret", "secret\xf8\x88\x80\x80\x80", "\xed\xa0\x80secret" };
  g_autoptr (PgParams) unknown = pg_params_new ();
  g_autoptr (PgParams) fine = pg_params_new ();
  g_autoptr (PgParams) zero = pg_params_new ();
  g_autoptr (GVariant) bytes = NULL;

  g_test_summary ("What is not UTF-8, and a type without a name, is an error that names the parameter and nothing of the value.");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PgParams) params = pg_params_new ();

      pg_params_add_int32 (params, 1);
      pg_params_add_typed_text (params, i % 2 ? PG_OID_JSON : 0, texts[i]);
      assert_refused ("SELECT %s, %s", params, PG_ERROR_DATA, "parameter 2");
    }
  pg_params_add_typed_text (unknown, 4000000000, "secret");
  assert_refused ("SELECT %s", unknown, PG_ERROR_PROGRAMMING, "4000000000");
  pg_params_add_text (fine, "x");
  assert_refused ("SELECT '\xff', %s", fine, PG_ERROR_PROGRAMMING, "UTF-8");
  assert_refused ("SELECT $0 || $1", fine, PG_ERROR_PROGRAMMING, "$0");
  /* The binary form of a text may have anything in it. */
  pg_params_add_money (zero, 5);
  assert_refused ("SELECT %s", zero, PG_ERROR_DATA, "parameter 1");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/literal/values", test_values);
  g_test_add_func ("/pg/literal/places", test_places);
  g_test_add_func ("/pg/literal/typed", test_typed);
  g_test_add_func ("/pg/literal/nulls", test_nulls);
  g_test_add_func ("/pg/literal/refused", test_refused);

  return g_test_run ();
}
