/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-scanner-private.h>

#include <string.h>

void
pg_scanner_init (PgScanner *self,
                 const char *text,
                 gsize length)
{
  self->text = text;
  self->length = length;
  self->start = 0;
  self->end = 0;
}

/* All helpers take the position after an opening delimiter and return the one after the closing delimiter, or the length. */

static inline char
peek (const PgScanner *self,
      gsize position)
{
  return position < self->length ? self->text[position] : '\0';
}

static gsize
skip_line_comment (const PgScanner *self,
                   gsize position)
{
  while (position < self->length && self->text[position] != '\n' && self->text[position] != '\r')
    position++;
  return position;
}

static gsize
skip_block_comment (const PgScanner *self,
                    gsize position)
{
  gsize depth = 1;

  while (position < self->length)
    {
      char c = self->text[position];

      if (c == '*' && peek (self, position + 1) == '/')
        {
          position += 2;
          if (--depth == 0)
            return position;
        }
      else if (c == '/' && peek (self, position + 1) == '*')
        {
          position += 2;
          depth++;
        }
      else
        {
          position++;
        }
    }

  return self->length;
}

/* A doubled quote needs no care: it reads as the end of one string and the start of the next. It is taken in here all the
 * same, so that a string is one token. */
static gsize
skip_quoted (const PgScanner *self,
             gsize position,
             char quote)
{
  while (position < self->length)
    {
      const char *found = memchr (self->text + position, quote, self->length - position);

      if (found == NULL)
        break;
      position = found - self->text + 1;
      if (peek (self, position) != quote)
        return position;
      position++;
    }

  return self->length;
}

/* E'...' and, as the standard has it, its continuation in the next line, which is read by the same rules though it has no E. */
static gsize
skip_escape_string (const PgScanner *self,
                    gsize position)
{
  for (;;)
    {
      gsize ahead;
      gboolean new_line = FALSE;

      while (position < self->length && self->text[position] != '\'')
        position += self->text[position] == '\\' ? 2 : 1;
      if (position >= self->length)
        return self->length;
      position++;
      if (peek (self, position) == '\'')
        {
          position++;
          continue;
        }

      ahead = position;
      while (ahead < self->length)
        {
          char c = self->text[ahead];

          if (c == '-' && peek (self, ahead + 1) == '-')
            {
              ahead = skip_line_comment (self, ahead + 2);
            }
          else if (pg_is_space (c))
            {
              new_line = new_line || c == '\n' || c == '\r';
              ahead++;
            }
          else
            {
              break;
            }
        }
      if (!new_line || peek (self, ahead) != '\'')
        return position;
      position = ahead + 1;
    }
}

/* position is that of the first $. Returns position if there is no dollar quote. */
static gsize
skip_dollar_quoted (const PgScanner *self,
                    gsize position)
{
  gsize tag_end = position + 1;
  gsize tag_length;
  const char *found;

  if (pg_is_identifier_start (peek (self, tag_end)))
    {
      do
        tag_end++;
      while (peek (self, tag_end) != '$' && pg_is_identifier_part (peek (self, tag_end)));
    }
  if (peek (self, tag_end) != '$')
    return position;

  tag_end++;
  tag_length = tag_end - position;
  found = memmem (self->text + tag_end, self->length - tag_end, self->text + position, tag_length);
  return found != NULL ? (gsize) (found - self->text) + tag_length : self->length;
}

/* The prefixes that make a word part of the string right after it: b'' e'' n'' x'' u&'' u&"". */
static gsize
skip_word (const PgScanner *self,
           gsize position,
           PgTokenType *type)
{
  gsize start = position;
  char first, next;

  while (position < self->length && pg_is_identifier_part (self->text[position]))
    position++;
  *type = PG_TOKEN_WORD;
  if (position - start != 1)
    return position;

  first = g_ascii_tolower (self->text[start]);
  next = peek (self, position);
  if (next == '\'' && first == 'e')
    {
      *type = PG_TOKEN_QUOTED;
      return skip_escape_string (self, position + 1);
    }
  if (next == '\'' && (first == 'b' || first == 'n' || first == 'x'))
    {
      *type = PG_TOKEN_QUOTED;
      return skip_quoted (self, position + 1, '\'');
    }
  if (next == '&' && first == 'u' && (peek (self, position + 1) == '\'' || peek (self, position + 1) == '"'))
    {
      *type = PG_TOKEN_QUOTED;
      return skip_quoted (self, position + 2, self->text[position + 1]);
    }
  return position;
}

static PgTokenType
scan_dollar (PgScanner *self)
{
  gsize position = self->start + 1;

  if (g_ascii_isdigit (peek (self, position)))
    {
      while (g_ascii_isdigit (peek (self, position)))
        position++;
      self->end = position;
      return PG_TOKEN_PARAMETER;
    }

  position = skip_dollar_quoted (self, self->start);
  if (position != self->start)
    {
      self->end = position;
      return PG_TOKEN_QUOTED;
    }

  self->end = self->start + 1;
  return PG_TOKEN_OTHER;
}

PgTokenType
pg_scanner_next (PgScanner *self)
{
  gsize position = self->end;
  PgTokenType type;
  char c;

  self->start = position;
  if (position >= self->length)
    return PG_TOKEN_END;

  c = self->text[position];
  self->end = position + 1;

  if (pg_is_identifier_start (c))
    {
      self->end = skip_word (self, position, &type);
      return type;
    }

  switch (c)
    {
    case ' ':
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
      while (self->end < self->length && pg_is_space (self->text[self->end]))
        self->end++;
      return PG_TOKEN_SPACE;

    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      while (g_ascii_isdigit (peek (self, self->end)))
        self->end++;
      return PG_TOKEN_NUMBER;

    case '\'':
    case '"':
      self->end = skip_quoted (self, position + 1, c);
      return PG_TOKEN_QUOTED;

    case '$':
      return scan_dollar (self);

    case '%':
      return PG_TOKEN_PERCENT;

    case ';':
      return PG_TOKEN_SEMICOLON;

    case '(':
      return PG_TOKEN_OPEN;

    case ')':
      return PG_TOKEN_CLOSE;

    case '-':
      if (peek (self, position + 1) != '-')
        return PG_TOKEN_OTHER;
      self->end = skip_line_comment (self, position + 2);
      return PG_TOKEN_COMMENT;

    case '/':
      if (peek (self, position + 1) != '*')
        return PG_TOKEN_OTHER;
      self->end = skip_block_comment (self, position + 2);
      return PG_TOKEN_COMMENT;

    default:
      return PG_TOKEN_OTHER;
    }
}
