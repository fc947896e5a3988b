/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The bytes of a COPY as rows, cut at every byte, and what a COPY statement says of its columns. */
#include <pgconn/cursor/pg-copy-parser-private.h>
#include <pgconn/pgconn.h>
#include <pgconn/sql/pg-copy-statement-private.h>

#include <string.h>

/* "a|b;…" of the rows, with ~ for NULL, and "!" with the message for an error; cut: how many bytes come first. */
static char *
parse (const char *data, gsize length, gboolean binary, guint n_columns, gsize cut)
{
  g_autoptr (PgCopyParser) parser = pg_copy_parser_new (n_columns, binary);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) ahead = g_byte_array_new ();
  GString *out = g_string_new (NULL);

  for (guint part = 0; part < 2; part++)
    {
      PgCopyParse step;

      g_byte_array_append (ahead, (const guint8 *) data + (part == 0 ? 0 : cut), (guint) (part == 0 ? cut : length - cut));
      do
        {
          gsize consumed;

          step = pg_copy_parser_next (parser, ahead->data, ahead->len, &consumed, &error);
          for (guint i = 0; step == PG_COPY_PARSE_ROW && i < n_columns; i++)
            {
              const guint8 *value = pg_copy_parser_get_values (parser)[i];

              if (i > 0)
                g_string_append_c (out, '|');
              if (value == NULL)
                g_string_append_c (out, '~');
              else
                g_string_append_len (out, (const char *) value, (gssize) pg_copy_parser_get_lengths (parser)[i]);
            }
          if (step == PG_COPY_PARSE_ROW)
            g_string_append_c (out, ';');
          g_byte_array_remove_range (ahead, 0, (guint) consumed);
        }
      while (step == PG_COPY_PARSE_ROW);
      if (step == PG_COPY_PARSE_ERROR)
        break;
    }
  if (error == NULL)
    pg_copy_parser_check_end (parser, ahead->len, &error);
  if (error != NULL)
    {
      g_assert_error (error, PG_ERROR, PG_ERROR_BAD_COPY_FILE_FORMAT);
      g_string_append_printf (out, "!%s", error->message);
    }
  return g_string_free (out, FALSE);
}

/* Wherever it is cut, and also the whole a second time. */
static void
assert_parsed (const char *data, gsize length, gboolean binary, guint n_columns, const char *expected)
{
  for (gsize cut = 0; cut <= length; cut++)
    {
      g_autofree char *parsed = parse (data, length, binary, n_columns, cut);
      char *mark = strchr (parsed, '!');

      /* Of the message what it ends with. */
      if (mark != NULL && strchr (expected, '!') != NULL)
        {
          g_assert_cmpuint ((gsize) (mark - parsed), ==, (gsize) (strchr (expected, '!') - expected));
          g_assert_true (g_str_has_suffix (mark, strchr (expected, '!') + 1));
          *mark = '\0';
          g_assert_true (g_str_has_prefix (expected, parsed));
        }
      else
        {
          g_assert_cmpstr (parsed, ==, expected);
        }
    }
}

static void
assert_text (const char *data, guint n_columns, const char *expected)
{
  assert_parsed (data, strlen (data), FALSE, n_columns, expected);
}

static void
test_text (void)
{
  g_test_summary ("Rows in text: escapes, NULL, empty values, and nothing at all, wherever the bytes are cut.");
  assert_text ("", 2, "");
  assert_text ("1\tä\n2\tb\n", 2, "1|ä;2|b;");
  assert_text ("\t\n", 2, "|;");
  assert_text ("\n", 1, ";");
  assert_text ("\n\n", 0, ";;");
  assert_text ("\\N\t\\\\N\n", 2, "~|\\N;");
  assert_text ("\\b\\f\\n\\r\\t\\v\\\\\tx\\ny\n", 2, "\b\f\n\r\t\v\\|x\ny;");
}

static void
test_text_hostile (void)
{
  g_test_summary ("What is no text format is an error that names the row, after the rows before it.");
  assert_text ("1\tb", 2, "!the data ends in the middle");
  assert_text ("1\tb\n2\tc", 2, "1|b;!the data ends in the middle");
  assert_text ("1\tb\n2\n", 2, "1|b;!row 2 of the copy cannot be read: expected 2 values, got 1");
  assert_text ("1\tb\t\n", 2, "!row 1 of the copy cannot be read: expected 2 values, got 3");
  assert_text ("x\n", 0, "!expected 0 values, got 1");
  assert_text ("\\\n", 1, "!before what it does not stand before");
  assert_text ("\\.\n", 1, "!before what it does not stand before");
  assert_text ("\\x41\n", 1, "!before what it does not stand before");
  assert_text ("a\\Nb\n", 1, "!before what it does not stand before");
}

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define TRAILER "\377\377"
#define BINARY(data, n_columns, expected) assert_parsed (data, sizeof (data) - 1, TRUE, n_columns, expected)

static void
test_binary (void)
{
  g_test_summary ("Rows in binary, wherever the bytes are cut.");
  BINARY (HEADER TRAILER, 2, "");
  BINARY (HEADER "\0\2\0\0\0\1a\377\377\377\377\0\2\0\0\0\0\0\0\0\2bc" TRAILER, 2, "a|~;|bc;");
  BINARY (HEADER "\0\0\0\0" TRAILER, 0, ";;");
  BINARY ("PGCOPY\n\377\r\n\0\0\0\0\1\0\0\0\3xyz\0\1\0\0\0\1a" TRAILER, 1, "a;");
}

static void
test_binary_hostile (void)
{
  g_test_summary ("What is no binary format, makes no sense or is cut off is an error that says so, after the rows before it.");
  BINARY ("", 1, "!the data ends in the middle");
  BINARY (HEADER, 1, "!the data ends in the middle");
  BINARY (HEADER "\0\1\0\0\0\1a", 1, "a;!the data ends in the middle");
  BINARY (HEADER "\0\1\0\0\0\2a", 1, "!the data ends in the middle");
  BINARY (HEADER "\377", 1, "!the data ends in the middle");
  BINARY ("1\ta\n", 1, "!the signature of the binary format");
  BINARY ("PGCOPY\n\377\r\n\0\0\1\0\0\0\0\0\0" TRAILER, 1, "!flags of another version of the format");
  BINARY ("PGCOPY\n\377\r\n\0\0\0\0\0\377\377\377\377" TRAILER, 1, "!the length of the header makes no sense");
  BINARY (HEADER "\0\2\0\0\0\1a\377\377\377\377" TRAILER, 1, "!expected 1 values, got 2");
  BINARY (HEADER "\0\1\377\377\377\376", 1, "!the length of a value makes no sense");
  BINARY (HEADER "\0\1\200\0\0\0", 1, "!the length of a value makes no sense");
  BINARY (HEADER TRAILER "x", 1, "!there is more data behind the end");
}

static void
assert_statement (const char *sql, const char *expected)
{
  g_autoptr (PgCopyStatement) statement = pg_copy_statement_parse (sql);
  g_autoptr (GString) out = g_string_new (NULL);

  if (statement != NULL)
    {
      g_autofree char *columns = statement->columns != NULL ? g_strjoinv ("|", statement->columns) : NULL;

      g_string_append_printf (out, "%s/%s/%s%s%s", statement->table != NULL ? statement->table : "", columns != NULL ? columns : "",
                              statement->query != NULL ? statement->query : "", statement->binary ? "/binary" : "",
                              statement->has_options ? "/options" : "");
    }
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_statement (void)
{
  g_test_summary ("What a COPY statement says of its columns and its format.");
  assert_statement ("COPY t FROM STDIN", "t//");
  assert_statement ("copy/**/\"My\".\"t\"\"x\" ( A , \"B\"\"c\" ) from stdin with (format 'BINARY')", "\"My\".\"t\"\"x\"/a|B\"c//binary");
  assert_statement ("COPY BINARY s . t TO STDOUT", "s . t///binary");
  assert_statement ("COPY (SELECT ')', $$)$$, (1) -- )\n) TO STDOUT", "//SELECT ')', $$)$$, (1) -- )\n");
  assert_statement ("COPY t TO STDOUT CSV", "t///options");
  assert_statement ("COPY t TO STDOUT (FORMAT csv)", "t///options");
  assert_statement ("COPY t TO STDOUT (FORMAT \"csv\")", "t///options");
  assert_statement ("COPY t TO STDOUT (DELIMITER '|')", "t///options");
  assert_statement ("COPY t FROM STDIN (FORMAT text, NULL '')", "t///options");
  assert_statement ("COPY t FROM STDIN (FREEZE) WHERE a IS NULL AND quote = 'csv'", "t//");
  assert_statement ("COPY csv FROM STDIN", "csv//");
  assert_statement ("COPY t (u&\"a\") FROM STDIN", "");
  assert_statement ("COPY t (", "");
  assert_statement ("COPY (SELECT", "");
  assert_statement ("COPY", "");
  assert_statement ("SELECT 1", "");
}

static void
test_direction (void)
{
  g_test_summary ("Which way a statement copies is told by its words alone, not by what is quoted, in parentheses or in a comment.");
  g_assert_cmpint (pg_copy_get_direction ("COPY t FROM STDIN"), ==, PG_COPY_DIRECTION_IN);
  g_assert_cmpint (pg_copy_get_direction ("-- to\n copy/* to */\"to\".\"to\" ( a, \"to\" ) from stdin"), ==, PG_COPY_DIRECTION_IN);
  g_assert_cmpint (pg_copy_get_direction ("COPY BINARY t FROM STDIN WITH (NULL 'to')"), ==, PG_COPY_DIRECTION_IN);
  g_assert_cmpint (pg_copy_get_direction ("COPY s.to (u&\"a\") FROM STDIN"), ==, PG_COPY_DIRECTION_IN);
  g_assert_cmpint (pg_copy_get_direction ("COPY t TO STDOUT"), ==, PG_COPY_DIRECTION_OUT);
  g_assert_cmpint (pg_copy_get_direction ("COPY (SELECT (a), ')' FROM t) TO STDOUT"), ==, PG_COPY_DIRECTION_OUT);
  g_assert_cmpint (pg_copy_get_direction ("COPY s . from To STDOUT"), ==, PG_COPY_DIRECTION_OUT);
  g_assert_cmpint (pg_copy_get_direction ("COPY (SELECT 1 FROM t"), ==, PG_COPY_DIRECTION_NONE);
  g_assert_cmpint (pg_copy_get_direction ("COPY t; COPY t FROM STDIN"), ==, PG_COPY_DIRECTION_NONE);
  g_assert_cmpint (pg_copy_get_direction ("COPY"), ==, PG_COPY_DIRECTION_NONE);
  g_assert_cmpint (pg_copy_get_direction ("SELECT 1; COPY t TO STDOUT"), ==, PG_COPY_DIRECTION_NONE);
  g_assert_cmpint (pg_copy_get_direction (""), ==, PG_COPY_DIRECTION_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/copy-parser/text", test_text);
  g_test_add_func ("/pg/copy-parser/text-hostile", test_text_hostile);
  g_test_add_func ("/pg/copy-parser/binary", test_binary);
  g_test_add_func ("/pg/copy-parser/binary-hostile", test_binary_hostile);
  g_test_add_func ("/pg/copy-parser/statement", test_statement);
  g_test_add_func ("/pg/copy-parser/direction", test_direction);
  return g_test_run ();
}
