/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>
#include <string.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-query-private.h>

typedef struct
{
  const char *text;
  const char *sql;  /* NULL: as text */
  guint n_params;
} Case;

static void
assert_cases (const Case *cases,
              gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgQuery) query = pg_query_get (cases[i].text, TRUE, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_no_error (error);
      g_assert_nonnull (query);
      g_assert_cmpstr (pg_query_get_sql (query), ==, cases[i].sql != NULL ? cases[i].sql : cases[i].text);
      g_assert_cmpuint (pg_query_get_n_params (query), ==, cases[i].n_params);
    }
}

typedef struct
{
  const char *text;
  const char *message;
} Failure;

static void
assert_failures (const Failure *failures,
                 gsize n_failures)
{
  for (gsize i = 0; i < n_failures; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgQuery) query = pg_query_get (failures[i].text, TRUE, &error);

      g_test_message ("%s", failures[i].text);
      g_assert_null (query);
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_assert_cmpstr (error->message, ==, failures[i].message);
    }
}

static void
test_without_params (void)
{
  static const char *const texts[] = {
    "select 5 % 2", "select 5 %s 2", "select 'a%%'", "select $1", "%", "% ", "%(", "%(a)d", "%s %(a)s $1", "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgQuery) query = pg_query_get (texts[i], FALSE, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (pg_query_get_sql (query), ==, texts[i]);
      g_assert_cmpuint (pg_query_get_n_params (query), ==, 0);
    }
}

static void
test_positional (void)
{
  static const Case cases[] = {
    { "select 1", NULL, 0 },
    { "select %s", "select $1", 1 },
    { "%s", "$1", 1 },
    { "select %s, %t, %b", "select $1, $2, $3", 3 },
    { "select %s::int", "select $1::int", 1 },
    { "select -%s", "select -$1", 1 },
    { "select --%s\n%s", "select --%s\n$1", 1 },
    { "x=%s and y<%s", "x=$1 and y<$2", 2 },
    { "f(%s,%s)", "f($1,$2)", 2 },
    { "a[%s]", "a[$1]", 1 },
    { "select 5 %% 2", "select 5 % 2", 0 },
    { "select 5 %%%% 2", "select 5 %% 2", 0 },
    { "select 5 %%%s", "select 5 %$1", 1 },
    { "select x %%s", "select x %s", 0 },
    { "a %%> %s", "a %> $1", 1 },
    { "a <%% %s", "a <% $1", 1 },
    { "a ? %s and b @> %s and c ?| %s", "a ? $1 and b @> $2 and c ?| $3", 3 },
    { "limit%s", "limit $1", 1 },
    { "1%s", "1 $1", 1 },
    { "%s%s", "$1 $2", 2 },
    { "a$b %s", "a$b $1", 1 },
    { "é%s", "é $1", 1 },
    { "%s;", "$1;", 1 },
  };

  assert_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_named (void)
{
  static const Case cases[] = {
    { "select %(a)s", "select $1", 1 },
    { "select %(a)s, %(b)s", "select $1, $2", 2 },
    { "select %(a)s, %(b)s, %(a)s", "select $1, $2, $1", 2 },
    { "select %(a)t, %(b)b, %(a)t", "select $1, $2, $1", 2 },
    { "%(two words)s", "$1", 1 },
    { "%(a-b)s", "$1", 1 },
    { "%(a%b)s", "$1", 1 },
    { "%(é)s", "$1", 1 },
    { "x%(a)s y", "x $1 y", 1 },
    { "f(%(a)s) %% 2", "f($1) % 2", 1 },
  };

  assert_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_native (void)
{
  static const Case cases[] = {
    { "select $1", NULL, 1 },
    { "select -$1", NULL, 1 },
    { "select $1, $2, $1", NULL, 2 },
    { "select $3", NULL, 3 },
    { "select $1 % 2", NULL, 1 },
    { "select $1 %% 2", NULL, 1 },
    { "select 5 %2, $1", NULL, 1 },
    { "select $1 %(a)", NULL, 1 },
    { "select $1 %(a) s", NULL, 1 },
    { "select $1 %status", NULL, 1 },
    { "select 'a%%', $1", NULL, 1 },
    { "select 'a%s', $1", NULL, 1 },
    { "select $1, '%(a)s'", NULL, 1 },
    { "select % $1", NULL, 1 },
    { "a %> $1 and b <% $2", NULL, 2 },
    { "a ? $1", NULL, 1 },
    { "$1::int", NULL, 1 },
    { "1$1", NULL, 1 },
    { "$0", NULL, 0 },
    { "$65535", NULL, 65535 },
    { "$1$$ $2 $$", NULL, 1 },
  };

  assert_cases (cases, G_N_ELEMENTS (cases));
}

/* Each lexical form with placeholders inside and one after it, which shows that the form ended where it should. */
static void
test_quoted (void)
{
  static const Case cases[] = {
    { "'%s' %s", "'%s' $1", 1 },
    { "'$1' %s", "'$1' $1", 1 },
    { "'%(a)s' %(b)s", "'%(a)s' $1", 1 },
    { "'a''%s' %s", "'a''%s' $1", 1 },
    { "'' %s '' %s", "'' $1 '' $2", 2 },
    { "'\\' %s", "'\\' $1", 1 },
    { "'it''s' -- '%s\n%s", "'it''s' -- '%s\n$1", 1 },
    { "E'\\'%s' %s", "E'\\'%s' $1", 1 },
    { "e'\\\\' %s '%s'", "e'\\\\' $1 '%s'", 1 },
    { "E'\\\\\\'%s' %s", "E'\\\\\\'%s' $1", 1 },
    { "E'a''%s' %s", "E'a''%s' $1", 1 },
    { "E'a'\n'\\'%s' %s", "E'a'\n'\\'%s' $1", 1 },
    { "E'a' -- c'\n -- d\n '\\'%s' %s", "E'a' -- c'\n -- d\n '\\'%s' $1", 1 },
    { "E'a' '\\' %s", "E'a' '\\' $1", 1 },
    { "E'a' /*\n*/ '\\' %s", "E'a' /*\n*/ '\\' $1", 1 },
    { "fooE'\\' %s", "fooE'\\' $1", 1 },
    { "_e'\\' %s", "_e'\\' $1", 1 },
    { "E '\\' %s", "E '\\' $1", 1 },
    { "U&'\\0041%s' %s", "U&'\\0041%s' $1", 1 },
    { "u&'\\' %s", "u&'\\' $1", 1 },
    { "U&\"a'\"\"%s\" %s", "U&\"a'\"\"%s\" $1", 1 },
    { "U& '%s' %s", "U& '%s' $1", 1 },
    { "B'01%s' %s", "B'01%s' $1", 1 },
    { "x'ff''%s' %s", "x'ff''%s' $1", 1 },
    { "N'a''%s' %s", "N'a''%s' $1", 1 },
    { "\"%s\" %s", "\"%s\" $1", 1 },
    { "\"a\"\"%s'\" %s", "\"a\"\"%s'\" $1", 1 },
    { "\"$1\" %s", "\"$1\" $1", 1 },
    { "'é%s' %s", "'é%s' $1", 1 },
    /* Left open: the rest is text. */
    { "%s '%s", "$1 '%s", 1 },
    { "%s \"%s", "$1 \"%s", 1 },
    { "%s E'\\", "$1 E'\\", 1 },
    { "%s E'\\'", "$1 E'\\'", 1 },
  };

  assert_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_dollar_quoted (void)
{
  static const Case cases[] = {
    { "$$ %s $1 $$ %s", "$$ %s $1 $$ $1", 1 },
    { "$tag$ $1 $tag$", NULL, 0 },
    { "$tag$ $1 $tag$, $1", NULL, 1 },
    { "$tag$ %s $$ $Tag$ $ta $tag$ %s", "$tag$ %s $$ $Tag$ $ta $tag$ $1", 1 },
    { "$a$ $b$ %s $b$ %s $a$ %s", "$a$ $b$ %s $b$ %s $a$ $1", 1 },
    { "$a$ $b$a$ %s", "$a$ $b$a$ $1", 1 },
    { "$a$ $$a$ %s", "$a$ $$a$ $1", 1 },
    { "$_1é$ ' $_1é$ %s", "$_1é$ ' $_1é$ $1", 1 },
    { "$$a'b\"c--d/*$$ %s", "$$a'b\"c--d/*$$ $1", 1 },
    { "$$$$ %s", "$$$$ $1", 1 },
    { "a$$ %s $$", "a$$ $1 $$", 1 },
    { "a$tag$ %s b$tag$", "a$tag$ $1 b$tag$", 1 },
    { "1$$ %s $$ %s", "1$$ %s $$ $1", 1 },
    { "$1a$ %s", NULL, G_MAXUINT },
    { "$ %s", "$ $1", 1 },
    { "$a %s", "$a $1", 1 },
    { "$a-b$ %s", "$a-b$ $1", 1 },
    { "%s $a$ %s", "$1 $a$ %s", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* $1 followed by a letter: a parameter, so that %s beside it is a mix of the styles. */
      if (cases[i].n_params == G_MAXUINT)
        {
          g_autoptr (GError) error = NULL;

          g_assert_null (pg_query_get (cases[i].text, TRUE, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
        }
      else
        {
          assert_cases (&cases[i], 1);
        }
    }
}

static void
test_comments (void)
{
  static const Case cases[] = {
    { "-- %s '\n%s", "-- %s '\n$1", 1 },
    { "-- %s\r%s", "-- %s\r$1", 1 },
    { "%s -- %s", "$1 -- %s", 1 },
    { "- - %s", "- - $1", 1 },
    { "5 +-- %s\n%s", "5 +-- %s\n$1", 1 },
    { "/* %s ' */ %s", "/* %s ' */ $1", 1 },
    { "/* /* %s */ %s */ %s", "/* /* %s */ %s */ $1", 1 },
    { "/*/ %s */ %s", "/*/ %s */ $1", 1 },
    { "/**/ %s", "/**/ $1", 1 },
    { "/***/ %s", "/***/ $1", 1 },
    { "/* -- */ %s", "/* -- */ $1", 1 },
    { "/* $1 */ %s", "/* $1 */ $1", 1 },
    { "/* %% %d % */ -- %(\n%s", "/* %% %d % */ -- %(\n$1", 1 },
    { "5 +/* %s */ %s", "5 +/* %s */ $1", 1 },
    { "*/ %s", "*/ $1", 1 },
    { "%s /* %s", "$1 /* %s", 1 },
    { "%s /* /* */ %s", "$1 /* /* */ %s", 1 },
    { "/", NULL, 0 },
    { "-", NULL, 0 },
  };

  assert_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_percent_in_quotes (void)
{
  static const Case cases[] = {
    { "select 1 where x like 'a%%'", "select 1 where x like 'a%'", 0 },
    { "x like 'a%%' and y = %s", "x like 'a%' and y = $1", 1 },
    { "x like 'a%' and y = %s", "x like 'a%' and y = $1", 1 },
    { "'%%%' %s", "'%%' $1", 1 },
    { "'%%%%' %s", "'%%' $1", 1 },
    { "'%%s' %s", "'%s' $1", 1 },
    { "'%'%s", "'%'$1", 1 },
    { "\"a%%b\" %s", "\"a%b\" $1", 1 },
    { "$$ a%% $$ %s", "$$ a% $$ $1", 1 },
    { "E'a%%\\'%%' %s", "E'a%\\'%' $1", 1 },
    { "'% %d %(' %s", "'% %d %(' $1", 1 },
  };

  assert_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_errors (void)
{
  static const Failure failures[] = {
    { "select 5 % 2", "incomplete placeholder: '%' (the operator % is written %% in a query with parameters)" },
    { "select 5 %\t2", "incomplete placeholder: '%' (the operator % is written %% in a query with parameters)" },
    { "select %", "incomplete placeholder: '%' (the operator % is written %% in a query with parameters)" },
    { "select %(a", "incomplete placeholder: '%(a'" },
    { "select %(", "incomplete placeholder: '%('" },
    { "select %(a)", "incomplete placeholder: '%(a)'" },
    { "select %d", "only '%s', '%b', '%t' are allowed as placeholders, got '%d'" },
    { "select %(a)d", "only '%s', '%b', '%t' are allowed as placeholders, got '%(a)d'" },
    { "select %(a) s", "only '%s', '%b', '%t' are allowed as placeholders, got '%(a) '" },
    { "select 5 %status", "only '%s', '%b', '%t' are allowed as placeholders, got '%status'" },
    { "select %s1", "only '%s', '%b', '%t' are allowed as placeholders, got '%s1'" },
    { "select %(a)sé", "only '%s', '%b', '%t' are allowed as placeholders, got '%(a)sé'" },
    { "select %10", "only '%s', '%b', '%t' are allowed as placeholders, got '%10'" },
    { "select %é", "only '%s', '%b', '%t' are allowed as placeholders, got '%é'" },
    { "a %> %s", "only '%s', '%b', '%t' are allowed as placeholders, got '%>'" },
    { "select %'a'", "only '%s', '%b', '%t' are allowed as placeholders, got '%''" },
    { "select %()s", "placeholder without a valid name: '%()'" },
    { "select %(it's)s", "placeholder without a valid name: '%(it''" },
    { "select %(a$1)s", "placeholder without a valid name: '%(a$'" },
    { "select %(a--b)s", "placeholder without a valid name: '%(a-'" },
    { "select %s, %(a)s", "positional and named placeholders cannot be mixed" },
    { "select %(a)s, %s", "positional and named placeholders cannot be mixed" },
    { "select %(a)s, %(a)b", "the placeholders of parameter 'a' ask for different formats" },
    { "select $1, %s", "the placeholders '$n' and '%s' cannot be mixed (the operator % needs a space after it)" },
    { "select %s, $1", "the placeholders '$n' and '%s' cannot be mixed (the operator % needs a space after it)" },
    { "select %(a)s, $1", "the placeholders '$n' and '%s' cannot be mixed (the operator % needs a space after it)" },
    { "select $65536", "the query has more than 65535 parameters" },
    { "select $99999999999999999999", "the query has more than 65535 parameters" },
    { "select %(0123456789012345678901234567890123456789", "incomplete placeholder: '%(01234567890123456789012345678901234567…'" },
  };

  assert_failures (failures, G_N_ELEMENTS (failures));
}

/* A message is UTF-8 whatever the statement is. */
static void
test_error_of_invalid_text (void)
{
  static const char *const texts[] = { "select %\xff", "select %(\xff", "select %(\xc3)d", "%\xc3" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_query_get (texts[i], TRUE, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_too_many_placeholders (void)
{
  g_autoptr (GString) text = g_string_new ("values (%s");
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = NULL;

  for (guint i = 1; i < 65535; i++)
    g_string_append (text, ",%s");

  query = pg_query_get (text->str, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pg_query_get_n_params (query), ==, 65535);
  g_assert_true (g_str_has_suffix (pg_query_get_sql (query), ",$65535"));

  g_string_append (text, ",%s");
  g_assert_null (pg_query_get (text->str, TRUE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
}

static void
test_flags (void)
{
  static const struct
  {
    const char *text;
    PgQueryFlags flags;
  } cases[] = {
    { "", PG_QUERY_EMPTY },
    { " \t\n", PG_QUERY_EMPTY },
    { ";", PG_QUERY_EMPTY },
    { " ; ;", PG_QUERY_EMPTY },
    { "-- a", PG_QUERY_EMPTY },
    { "/* a; b */ ; -- c", PG_QUERY_EMPTY },
    { "select 1", PG_QUERY_PLAIN },
    { "select 1;", PG_QUERY_PLAIN },
    { "select 1; -- two", PG_QUERY_PLAIN },
    { "select 1; /* two; */ ;", PG_QUERY_PLAIN },
    { "; select 1", PG_QUERY_PLAIN },
    { "select ';'", PG_QUERY_PLAIN },
    { "select $$;$$ || 'a;b'", PG_QUERY_PLAIN },
    { "select \"a;b\" /* ; */ -- ;\n", PG_QUERY_PLAIN },
    { "create rule r as on insert to t do also (delete from a; delete from b)", 0 },
    { "select 1; select 2", PG_QUERY_SCRIPT | PG_QUERY_PLAIN },
    { "select 1;select 2;", PG_QUERY_SCRIPT | PG_QUERY_PLAIN },
    { "select 1; /* a */ x", PG_QUERY_SCRIPT | PG_QUERY_PLAIN },
    { "select 1) ; select 2", PG_QUERY_SCRIPT | PG_QUERY_PLAIN },
    { "select 1; 'a'", PG_QUERY_SCRIPT | PG_QUERY_PLAIN },
    { "create function f() returns int begin atomic select 1; select 2; end", PG_QUERY_SCRIPT },
    { "copy t from stdin", PG_QUERY_COPY },
    { "CoPy t to stdout", PG_QUERY_COPY },
    { " /* a */ -- b\n copy(select 1) to stdout", PG_QUERY_COPY },
    { ";copy t to stdout", PG_QUERY_COPY },
    { "copy t to stdout; select 1", PG_QUERY_COPY | PG_QUERY_SCRIPT },
    { "WITH x AS (SELECT 1) SELECT * FROM x", PG_QUERY_PLAIN },
    { "Insert into t values (1)", PG_QUERY_PLAIN },
    { "selectx", 0 },
    { "begin", PG_QUERY_ALONE },
    { "Set work_mem to 1", PG_QUERY_ALONE },
    { "create table t (i int)", 0 },
    { "select pg_catalog.Set_Config('a.b', 'c', false)", PG_QUERY_PLAIN | PG_QUERY_ALONE },
    { "select 'set_config', \"set_config\"", PG_QUERY_PLAIN },
    { "copyt", 0 },
    { "copy1", 0 },
    { "\"copy\"", 0 },
    { "cop", 0 },
    { "select copy", PG_QUERY_PLAIN },
    { "select 1; copy t to stdout", PG_QUERY_SCRIPT | PG_QUERY_PLAIN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (guint with_params = 0; with_params < 2; with_params++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgQuery) query = pg_query_get (cases[i].text, with_params != 0, &error);

          g_test_message ("%s", cases[i].text);
          g_assert_no_error (error);
          g_assert_cmpuint (pg_query_get_flags (query), ==, cases[i].flags);
        }
    }
}

/* Of texts of the pieces that matter to the scanner; under AddressSanitizer it is the test that nothing is read past the end. */
static void
test_garbage (void)
{
  static const char *const pieces[] = {
    "'", "''", "\"", "E'", "e'\\", "U&'", "u&\"", "B'", "x'", "N'", "$", "$$", "$a$", "$1", "$2", "$65535", "$a", "%", "%%", "%s", "%t",
    "%(", "%(a)s", "%(b)t", ")", "(", "--", "/*", "*/", "\n", "\r", " ", ";", "\\", "copy", "select", "1", "a", "_", "\xff", "\xc3", "é",
    "::", "?", "@", "-", "/", "*",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (20240229);

  for (guint i = 0; i < 50000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (PgQuery) query = NULL;
      g_autoptr (PgQuery) plain = NULL;
      g_autofree char *exact = NULL;
      gint32 n = g_rand_int_range (random, 0, 14);

      for (gint32 j = 0; j < n; j++)
        g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      /* A block of exactly its size, so that a byte past the zero byte is an error. */
      exact = g_strdup (text->str);

      query = pg_query_parse (exact, text->len, TRUE, &error);
      if (query == NULL)
        {
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
      else
        {
          g_autoptr (PgQuery) again = NULL;

          g_assert_no_error (error);
          g_assert_cmpuint (query->sql_length, ==, strlen (query->sql));
          /* What is sent has the placeholders $1 to $n and no others, as the server would find them. */
          if (query->style == PG_PLACEHOLDERS_POSITIONAL || query->style == PG_PLACEHOLDERS_NAMED)
            {
              again = pg_query_parse (query->sql, query->sql_length, TRUE, NULL);
              if (again != NULL)
                {
                  g_assert_cmpint (again->style, ==, PG_PLACEHOLDERS_NATIVE);
                  g_assert_cmpuint (again->n_params, ==, query->n_params);
                }
            }
        }

      plain = pg_query_parse (exact, text->len, FALSE, NULL);
      g_assert_nonnull (plain);
      g_assert_cmpstr (plain->sql, ==, exact);
      if (query != NULL)
        g_assert_cmpuint (plain->flags, ==, query->flags);
    }
}

static void
test_hostile_text_is_linear (void)
{
  /* Were it quadratic, the program would be stopped for its time; valgrind takes some twenty times as long for what is not. */
  const guint n = g_getenv ("PG_TEST_VALGRIND") != NULL ? 50000 : 2000000;
  g_autoptr (GString) text = g_string_sized_new (n * 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) query = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append (text, i % 3 == 0 ? "/*" : i % 3 == 1 ? "%(" : "$a");

  query = pg_query_get (text->str, TRUE, &error);
  g_assert_nonnull (query);

  g_string_truncate (text, 0);
  for (guint i = 0; i < n; i++)
    g_string_append (text, "%(");
  g_assert_null (pg_query_get (text->str, TRUE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The SQL scanner, its placeholder styles and its cache");

  g_test_add_func ("/pg/query/without-params", test_without_params);
  g_test_add_func ("/pg/query/positional", test_positional);
  g_test_add_func ("/pg/query/named", test_named);
  g_test_add_func ("/pg/query/native", test_native);
  g_test_add_func ("/pg/query/quoted", test_quoted);
  g_test_add_func ("/pg/query/dollar-quoted", test_dollar_quoted);
  g_test_add_func ("/pg/query/comments", test_comments);
  g_test_add_func ("/pg/query/percent-in-quotes", test_percent_in_quotes);
  g_test_add_func ("/pg/query/errors", test_errors);
  g_test_add_func ("/pg/query/error-of-invalid-text", test_error_of_invalid_text);
  g_test_add_func ("/pg/query/too-many-placeholders", test_too_many_placeholders);
  g_test_add_func ("/pg/query/flags", test_flags);
  g_test_add_func ("/pg/query/garbage", test_garbage);
  g_test_add_func ("/pg/query/hostile-text-is-linear", test_hostile_text_is_linear);

  return g_test_run ();
}
