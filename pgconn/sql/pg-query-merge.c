/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-query-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-literal-private.h>
#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-scanner-private.h>

/* Statement and parameters as one text. The scanner finds the placeholders, as it does where the values are sent beside the text, with one difference: here it matters
 * that the server sees the same strings. It does not where standard_conforming_strings is off, and a string has a backslash. So such a string is written as one
 * whose backslashes mean the same in both cases. */

static gboolean
is_string (const PgScanner *scanner)
{
  const char *text = scanner->text + scanner->start;

  return text[0] != '"' && !(g_ascii_tolower (text[0]) == 'u' && text[2] == '"');
}

/* The next token that is neither space nor comment. */
static PgTokenType
peek (const PgScanner *scanner,
      PgScanner *ahead)
{
  PgTokenType type;

  *ahead = *scanner;
  do
    type = pg_scanner_next (ahead);
  while (type == PG_TOKEN_SPACE || type == PG_TOKEN_COMMENT);
  return type;
}

static PgLiteralFlags
get_flags (const PgScanner *scanner,
           gboolean after_string)
{
  PgLiteralFlags flags = after_string ? PG_LITERAL_ALONE : 0;
  PgScanner ahead;

  switch (peek (scanner, &ahead))
    {
    case PG_TOKEN_QUOTED:
      /* Two strings can be one. */
      if (is_string (&ahead))
        flags |= PG_LITERAL_ALONE;
      break;
    case PG_TOKEN_OTHER:
      if (strchr (".[", ahead.text[ahead.start]) != NULL)
        flags |= PG_LITERAL_ALONE;
      else if (ahead.text[ahead.start] == ':')
        flags |= PG_LITERAL_CLOSED;
      break;
    case PG_TOKEN_END:
    case PG_TOKEN_SPACE:
    case PG_TOKEN_COMMENT:
    case PG_TOKEN_WORD:
    case PG_TOKEN_NUMBER:
    case PG_TOKEN_PARAMETER:
    case PG_TOKEN_PERCENT:
    case PG_TOKEN_SEMICOLON:
    case PG_TOKEN_OPEN:
    case PG_TOKEN_CLOSE:
    default:
      break;
    }
  return flags;
}

/* A string may go on in the next line, and is one with what it goes on with. */
static gboolean
next_piece (PgScanner *scanner)
{
  gboolean new_line = FALSE;

  for (;;)
    {
      PgTokenType type = pg_scanner_next (scanner);
      const char *text = scanner->text + scanner->start;

      if (type == PG_TOKEN_SPACE)
        for (gsize i = 0; i < scanner->end - scanner->start; i++)
          new_line = new_line || text[i] == '\n' || text[i] == '\r';
      else if (type != PG_TOKEN_COMMENT || text[0] != '-')
        return type == PG_TOKEN_QUOTED && text[0] == '\'' && new_line;
    }
}

static gboolean
has_backslash (const PgScanner *scanner)
{
  return memchr (scanner->text + scanner->start, '\\', scanner->end - scanner->start) != NULL;
}

static void
append_doubled (GString *out,
                const char *text,
                gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, text[i]);
    }
}

/* Of a string that the setting matters to. A string with N before it is one of nchar: the server replaces the one by the other. */
static void
append_escaped (GString *out,
                const PgScanner *scanner)
{
  const char *text = scanner->text + scanner->start;
  gsize length = scanner->end - scanner->start;

  if (text[0] != '\'')
    {
      g_string_append (out, "nchar ");
      text++;
      length--;
    }
  if (out->len > 0 && pg_is_identifier_part (out->str[out->len - 1]))
    g_string_append_c (out, ' ');
  g_string_append_c (out, 'E');
  append_doubled (out, text, length);
}

/* All pieces of a string; scanner is then at the last one. TRUE where it was written anew. */
static gboolean
append_string (GString *out,
               PgScanner *scanner)
{
  const char *text = scanner->text + scanner->start;
  const gboolean matters = text[0] == '\'' || (g_ascii_tolower (text[0]) == 'n' && text[1] == '\'');
  gboolean escaped = matters && has_backslash (scanner);
  PgScanner ahead = *scanner;

  for (PgScanner further = *scanner; matters && !escaped && next_piece (&further);)
    escaped = has_backslash (&further);
  if (escaped)
    append_escaped (out, scanner);
  else
    g_string_append_len (out, text, (gssize) (scanner->end - scanner->start));
  while (next_piece (&ahead))
    {
      g_string_append_len (out, scanner->text + scanner->end, (gssize) (ahead.start - scanner->end));
      *scanner = ahead;
      if (escaped)
        append_doubled (out, scanner->text + scanner->start, scanner->end - scanner->start);
      else
        g_string_append_len (out, scanner->text + scanner->start, (gssize) (scanner->end - scanner->start));
    }
  return escaped;
}

static gboolean
is_word (const PgScanner *scanner,
         const char *word)
{
  const gsize length = strlen (word);

  return scanner->end - scanner->start == length && g_ascii_strncasecmp (scanner->text + scanner->start, word, length) == 0;
}

static gboolean
append_parameter (GString *out,
                  const PgScanner *scanner,
                  PgQuery *query,
                  const PgWireParams *wire,
                  const PgTypeTable *types,
                  PgLiteralFlags flags,
                  GError **error)
{
  guint number = 0;
  char next;

  for (gsize i = scanner->start + 1; i < scanner->end && number <= wire->n_params; i++)
    number = number * 10 + (guint) (scanner->text[i] - '0');
  if (number == 0 || number > wire->n_params)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("there is no parameter $%u"), number);
      return FALSE;
    }
  if (!pg_literal_append (out, wire, number - 1, types, flags, error))
    {
      pg_query_name_parameter (query, number - 1, error);
      return FALSE;
    }
  next = scanner->end < scanner->length ? scanner->text[scanner->end] : ' ';
  if (pg_is_identifier_part (next) || next == '\'' || next == '"')
    g_string_append_c (out, ' ');
  return TRUE;
}

static gboolean
merge (PgQuery *query,
       const PgWireParams *wire,
       const PgTypeTable *types,
       GString *out,
       PgQueryFlags *query_flags,
       GError **error)
{
  PgScanner scanner;
  PgTokenType type;
  gboolean in_statement = FALSE;
  gboolean bare = FALSE;
  gboolean after_string = FALSE;

  pg_scanner_init (&scanner, query->sql, query->sql_length);
  while ((type = pg_scanner_next (&scanner)) != PG_TOKEN_END)
    {
      const char *text = scanner.text + scanner.start;
      const gsize length = scanner.end - scanner.start;

      if (out->len >= PG_MAX_MESSAGE)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the query and its parameters are too large: %zu bytes"), out->len);
          return FALSE;
        }
      if (type == PG_TOKEN_PARAMETER)
        {
          if (!append_parameter (out, &scanner, query, wire, types, get_flags (&scanner, after_string) | (bare ? PG_LITERAL_BARE : 0), error))
            return FALSE;
        }
      else if (type == PG_TOKEN_QUOTED && is_string (&scanner))
        {
          if (append_string (out, &scanner))
            *query_flags |= PG_QUERY_STANDARD_STRINGS;
        }
      else
        {
          g_string_append_len (out, text, (gssize) length);
        }

      if (type == PG_TOKEN_SPACE || type == PG_TOKEN_COMMENT)
        continue;
      after_string = type == PG_TOKEN_QUOTED && is_string (&scanner);
      if (type == PG_TOKEN_SEMICOLON)
        {
          in_statement = FALSE;
        }
      else if (!in_statement)
        {
          in_statement = TRUE;
          /* The settings and passwords there are constants to the grammar. */
          bare = type == PG_TOKEN_WORD && (is_word (&scanner, "set") || is_word (&scanner, "alter"));
        }
    }
  return TRUE;
}

PgQuery *
pg_query_merge (PgQuery *self,
                const PgWireParams *wire,
                const PgTypeTable *types,
                GError **error)
{
  g_autoptr (GString) out = g_string_sized_new (self->sql_length + 64);
  PgQueryFlags flags = self->flags;
  PgQuery *merged;

  if (!g_utf8_validate_len (self->sql, self->sql_length, NULL))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the query is not UTF-8"));
      return NULL;
    }
  if (!merge (self, wire, types, out, &flags, error))
    return NULL;
  if (out->len >= PG_MAX_MESSAGE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the query and its parameters are too large: %zu bytes"), out->len);
      return NULL;
    }

  merged = g_new0 (PgQuery, 1);
  g_atomic_ref_count_init (&merged->ref_count);
  merged->length = merged->sql_length = out->len;
  merged->text = merged->sql = g_string_free (g_steal_pointer (&out), FALSE);
  merged->flags = flags;
  return merged;
}
