/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-copy-statement-private.h>

#include <string.h>

#include <pgconn/sql/pg-copy-direction.h>
#include <pgconn/sql/pg-scanner-private.h>

/* See COPY in the PostgreSQL manual, with the forms of older versions. */

static PgTokenType
next (PgScanner *scanner)
{
  PgTokenType type;

  do
    type = pg_scanner_next (scanner);
  while (type == PG_TOKEN_SPACE || type == PG_TOKEN_COMMENT);
  return type;
}

static gboolean
is_char (const PgScanner *scanner, PgTokenType type, char c)
{
  return type == PG_TOKEN_OTHER && scanner->text[scanner->start] == c;
}

static gboolean
is_word (const PgScanner *scanner, PgTokenType type, const char *word)
{
  const gsize length = strlen (word);

  return type == PG_TOKEN_WORD && scanner->end - scanner->start == length && g_ascii_strncasecmp (scanner->text + scanner->start, word, length) == 0;
}

static gboolean
is_identifier (const PgScanner *scanner, PgTokenType type)
{
  return type == PG_TOKEN_WORD || (type == PG_TOKEN_QUOTED && scanner->text[scanner->end - 1] == '"');
}

/* The name in an identifier; NULL for u&"…", which nobody writes here. */
static char *
dup_name (const PgScanner *scanner)
{
  const char *at = scanner->text + scanner->start;
  const char *end = scanner->text + scanner->end;
  GString *name;

  if (*at != '"')
    return end[-1] != '"' ? g_ascii_strdown (at, end - at) : NULL;
  name = g_string_new (NULL);
  for (at++; at < end - 1; at++)
    {
      g_string_append_c (name, *at);
      if (*at == '"')
        at++;
    }
  return g_string_free (name, FALSE);
}

/* After the (: to the ) that belongs to it. FALSE where there is none. */
static gboolean
skip_parentheses (PgScanner *scanner)
{
  guint depth = 1;

  while (depth > 0)
    switch (next (scanner))
      {
      case PG_TOKEN_OPEN:
        depth++;
        break;
      case PG_TOKEN_CLOSE:
        depth--;
        break;
      case PG_TOKEN_END:
        return FALSE;
      default:
        break;
      }
  return TRUE;
}

/* Gives the token after it. */
static PgTokenType
parse_table (PgCopyStatement *self, PgScanner *scanner)
{
  const gsize start = scanner->start;
  PgTokenType type;
  gsize end;

  for (;;)
    {
      end = scanner->end;
      type = next (scanner);
      if (!is_char (scanner, type, '.'))
        break;
      type = next (scanner);
      if (!is_identifier (scanner, type))
        return PG_TOKEN_END;
    }
  self->table = g_strndup (scanner->text + start, end - start);
  return type;
}

static gboolean
parse_columns (PgCopyStatement *self, PgScanner *scanner)
{
  g_autoptr (GStrvBuilder) columns = g_strv_builder_new ();
  PgTokenType type;

  do
    {
      g_autofree char *name = NULL;

      type = next (scanner);
      if (!is_identifier (scanner, type) || (name = dup_name (scanner)) == NULL)
        return FALSE;
      g_strv_builder_add (columns, name);
      type = next (scanner);
    }
  while (is_char (scanner, type, ','));
  self->columns = g_strv_builder_end (columns);
  return type == PG_TOKEN_CLOSE;
}

/* FORMAT takes its value quoted, too. */
static gboolean
is_value (const PgScanner *scanner, const char *word)
{
  const char *at = scanner->text + scanner->start;
  gsize length = scanner->end - scanner->start;

  if (length > 2 && (*at == '\'' || *at == '"'))
    {
      at++;
      length -= 2;
    }
  return length == strlen (word) && g_ascii_strncasecmp (at, word, length) == 0;
}

static gboolean
changes_rows (const PgScanner *scanner)
{
  static const char *const words[] = { "csv", "delimiter", "delimiters", "null", "header", "quote", "escape", "encoding", "default" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (is_value (scanner, words[i]))
      return TRUE;
  return FALSE;
}

PgCopyStatement *
pg_copy_statement_parse (const char *sql)
{
  g_autoptr (PgCopyStatement) self = g_new0 (PgCopyStatement, 1);
  PgScanner scanner;
  PgTokenType type;

  pg_scanner_init (&scanner, sql, strlen (sql));
  type = next (&scanner);
  if (!is_word (&scanner, type, "copy"))
    return NULL;
  type = next (&scanner);
  if (is_word (&scanner, type, "binary"))
    {
      self->binary = TRUE;
      type = next (&scanner);
    }
  if (type == PG_TOKEN_OPEN)
    {
      const gsize start = scanner.end;

      if (!skip_parentheses (&scanner))
        return NULL;
      self->query = g_strndup (sql + start, scanner.start - start);
      type = next (&scanner);
    }
  else if (is_identifier (&scanner, type))
    {
      type = parse_table (self, &scanner);
      if (type == PG_TOKEN_OPEN)
        {
          if (!parse_columns (self, &scanner))
            return NULL;
          type = next (&scanner);
        }
    }
  if (!is_word (&scanner, type, "from") && !is_word (&scanner, type, "to"))
    return NULL;
  while ((type = next (&scanner)) != PG_TOKEN_END && !is_word (&scanner, type, "where"))
    if (type == PG_TOKEN_WORD || type == PG_TOKEN_QUOTED)
      {
        self->binary = self->binary || is_value (&scanner, "binary");
        self->has_options = self->has_options || changes_rows (&scanner);
      }
  return g_steal_pointer (&self);
}

void
pg_copy_statement_free (PgCopyStatement *self)
{
  g_free (self->table);
  g_strfreev (self->columns);
  g_free (self->query);
  g_free (self);
}

/**
 * pg_copy_get_direction:
 * @statement: an SQL statement
 *
 * Finds out which way a `COPY` statement copies: for [method@Connection.copy_in], or for [method@Connection.copy_out].
 *
 * Only the beginning of the statement is looked at, by the rules of "Lexical Structure" in the PostgreSQL manual: whether it can be executed, and whether its data are
 * the client's, is for the server to say.
 *
 * Returns: the direction; `PG_COPY_DIRECTION_NONE` where the statement is none of `COPY`
 *
 * Since: 1.0
 */
PgCopyDirection
pg_copy_get_direction (const char *statement)
{
  PgScanner scanner;
  PgTokenType type;

  g_return_val_if_fail (statement != NULL, PG_COPY_DIRECTION_NONE);

  pg_scanner_init (&scanner, statement, strlen (statement));
  type = next (&scanner);
  if (!is_word (&scanner, type, "copy"))
    return PG_COPY_DIRECTION_NONE;
  while ((type = next (&scanner)) != PG_TOKEN_END && type != PG_TOKEN_SEMICOLON)
    {
      if (type == PG_TOKEN_OPEN && !skip_parentheses (&scanner))
        break;
      /* Both are reserved: a name would be quoted, but for one with its schema. */
      if (is_char (&scanner, type, '.'))
        next (&scanner);
      else if (is_word (&scanner, type, "from"))
        return PG_COPY_DIRECTION_IN;
      else if (is_word (&scanner, type, "to"))
        return PG_COPY_DIRECTION_OUT;
    }
  return PG_COPY_DIRECTION_NONE;
}
