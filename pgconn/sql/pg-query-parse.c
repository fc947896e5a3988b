/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-query-parse-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-scanner-private.h>

/* The rule of placeholder styles, which is decided here and nowhere else.
 *
 * Without parameters the text is sent as it is; % and $1 are the server's matter. With parameters:
 *
 * - A $n outside quotes makes the whole statement native: it is sent as it is, % is an operator. Only what can hardly be
 *   anything but a forgotten %s or %(name)s is refused, as a mix of the two.
 * - Else %s %t %b and %(name)s %(name)t %(name)b outside quotes become $n, and %% becomes % everywhere but in comments, in
 *   quotes too: that is how LIKE 'a%%' is written where % introduces placeholders.
 *
 * Inside strings of any form, quoted identifiers and comments nothing is a placeholder (GHSA-j88v-2chj-qfwx), and a lone %
 * in there stays.
 *
 * One pass decides: the text is rewritten while it is scanned, and dropped if a $n turns up. So an error of the % style
 * is kept until the end, and a placeholder is one only where the scanner sees the same words and quotes in both styles: its name
 * has no quotes, $ and the like, and no letter follows it. */

typedef struct
{
  PgScanner scanner;
  GString *out;
  gsize copied;  /* the text up to here is in out */

  gboolean native;
  guint native_max;
  gboolean native_doubt;  /* a %s that no operator explains */
  PgPlaceholderStyle style;
  GByteArray *requests;
  GPtrArray *casts; /* by the number of the parameter; NULL until there is one */
  GPtrArray *names;
  GHashTable *index;
  gboolean quoted_placeholder;
  GError *error;  /* the first of the % style */
} Parser;

static void
parser_clear (Parser *self)
{
  if (self->out != NULL)
    g_string_free (self->out, TRUE);
  g_clear_pointer (&self->requests, g_byte_array_unref);
  g_clear_pointer (&self->casts, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->index, g_hash_table_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

static void
replace (Parser *self,
         gsize from,
         gsize to,
         const char *with)
{
  if (self->out == NULL)
    self->out = g_string_sized_new (self->scanner.length + 16);
  g_string_append_len (self->out, self->scanner.text + self->copied, from - self->copied);
  g_string_append (self->out, with);
  self->copied = to;
}

/* The piece of the statement that a message quotes: short, and UTF-8 whatever the statement is. */
static char *
dup_snippet (const Parser *self,
             gsize from,
             gsize to)
{
  const gsize longest = 40;
  g_autofree char *valid = NULL;

  if (to - from <= longest)
    return g_utf8_make_valid (self->scanner.text + from, to - from);

  to = from + longest;
  while (to > from && ((guchar) self->scanner.text[to] & 0xc0) == 0x80)
    to--;
  valid = g_utf8_make_valid (self->scanner.text + from, to - from);
  return g_strconcat (valid, "…", NULL);
}

G_GNUC_PRINTF (2, 3)
static void
fail (Parser *self,
      const char *format,
      ...)
{
  va_list arguments;

  if (self->error != NULL)
    return;

  va_start (arguments, format);
  self->error = g_error_new_valist (PG_ERROR, PG_ERROR_PROGRAMMING, format, arguments);
  va_end (arguments);
}

/* The first cast of a parameter counts: the server refuses another. number counts from 1. */
static void
note_cast (Parser *self,
           guint number)
{
  g_autofree char *cast = pg_query_read_cast (self->scanner.text, self->scanner.start, self->scanner.end);

  if (cast == NULL || number == 0 || number > PG_MAX_PARAMS)
    return;
  if (self->casts == NULL)
    self->casts = g_ptr_array_new_with_free_func (g_free);
  if (self->casts->len < number)
    g_ptr_array_set_size (self->casts, (int) number);
  if (self->casts->pdata[number - 1] == NULL)
    self->casts->pdata[number - 1] = g_steal_pointer (&cast);
}

static void
add_placeholder (Parser *self,
                 gsize from,
                 gsize name_end,
                 PgFormatRequest request)
{
  const PgScanner *scanner = &self->scanner;
  PgPlaceholderStyle style = name_end != 0 ? PG_PLACEHOLDERS_NAMED : PG_PLACEHOLDERS_POSITIONAL;
  gsize to = scanner->end;
  guint number;
  char with[16];

  if (self->error != NULL)
    return;

  if (self->style == PG_PLACEHOLDERS_NONE)
    {
      self->style = style;
      self->requests = g_byte_array_new ();
    }
  else if (self->style != style)
    {
      fail (self, "%s", _("positional and named placeholders cannot be mixed"));
      return;
    }

  number = self->requests->len + 1;
  if (style == PG_PLACEHOLDERS_NAMED)
    {
      g_autofree char *name = g_strndup (scanner->text + from + 2, name_end - from - 2);
      guint known;

      if (self->index == NULL)
        {
          self->index = g_hash_table_new (g_str_hash, g_str_equal);
          self->names = g_ptr_array_new_with_free_func (g_free);
        }

      known = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, name));
      if (known != 0)
        {
          if (self->requests->data[known - 1] != request)
            {
              g_autofree char *valid = dup_snippet (self, from + 2, name_end);

              fail (self, _("the placeholders of parameter '%s' ask for different formats"), valid);
              return;
            }
          number = known;
        }
      else
        {
          g_hash_table_insert (self->index, name, GUINT_TO_POINTER (number));
          g_ptr_array_add (self->names, g_steal_pointer (&name));
        }
    }

  if (number > self->requests->len)
    {
      guint8 byte = request;

      if (number > PG_MAX_PARAMS)
        {
          fail (self, _("the query has more than %d parameters"), PG_MAX_PARAMS);
          return;
        }
      g_byte_array_append (self->requests, &byte, 1);
    }

  note_cast (self, number);
  /* LIMIT%s must not become the identifier limit$1. */
  g_snprintf (with, sizeof with, "%s$%u", from > 0 && pg_is_identifier_part (scanner->text[from - 1]) ? " " : "", number);
  replace (self, from, to, with);
}

/* Returns the position of the ) after a name that starts at position, or 0 and in stop where it ceases to be a name. No
 * search for the ) beyond that: a text of %(%(%(... would take quadratic time. */
static gsize
find_name_end (const PgScanner *scanner,
               gsize position,
               gsize *stop)
{
  const char *text = scanner->text;
  gsize start = position;

  for (; position < scanner->length && text[position] != ')'; position++)
    {
      if (strchr ("'\"$(;", text[position]) != NULL ||
          (text[position] == '-' && text[position + 1] == '-') || (text[position] == '/' && text[position + 1] == '*'))
        break;
    }

  *stop = position;
  return position < scanner->length && text[position] == ')' && position > start ? position : 0;
}

static gboolean
get_request (char c,
             PgFormatRequest *request)
{
  switch (c)
    {
    case 's':
      *request = PG_REQUEST_AUTO;
      return TRUE;
    case 't':
      *request = PG_REQUEST_TEXT;
      return TRUE;
    case 'b':
      *request = PG_REQUEST_BINARY;
      return TRUE;
    default:
      return FALSE;
    }
}

/* scanner.start is at a % outside quotes; text ends with a zero byte, so that looking one character ahead is safe. */
static void
take_percent (Parser *self)
{
  PgScanner *scanner = &self->scanner;
  const char *text = scanner->text;
  gsize from = scanner->start;
  gsize at = from + 1;
  gsize name_end = 0;
  g_autofree char *snippet = NULL;
  PgFormatRequest request;

  if (text[at] == '%')
    {
      scanner->end = at + 1;
      replace (self, from, at, "");
      return;
    }

  if (text[at] == '(')
    {
      gsize stop;

      name_end = find_name_end (scanner, at + 1, &stop);
      if (name_end == 0)
        {
          snippet = dup_snippet (self, from, MIN (stop + 1, scanner->length));
          if (stop >= scanner->length)
            fail (self, _("incomplete placeholder: '%s'"), snippet);
          else
            fail (self, _("placeholder without a valid name: '%s'"), snippet);
          return;
        }
      at = name_end + 1;
    }

  if (at >= scanner->length || (name_end == 0 && pg_is_space (text[at])))
    {
      snippet = dup_snippet (self, from, at);
      if (name_end != 0)
        fail (self, _("incomplete placeholder: '%s'"), snippet);
      else
        fail (self, _("incomplete placeholder: '%s' (the operator %% is written %%%% in a query with parameters)"), snippet);
      return;
    }

  /* Nor %status or %s1: the server would see a word or a number stuck to the parameter's. */
  if (!get_request (text[at], &request) || pg_is_identifier_part (text[at + 1]))
    {
      gsize to = at + 1;

      if (pg_is_identifier_part (text[at]))
        {
          while (pg_is_identifier_part (text[to]))
            to++;
        }
      snippet = dup_snippet (self, from, to);
      fail (self, _("only '%%s', '%%b', '%%t' are allowed as placeholders, got '%s'"), snippet);
      return;
    }

  scanner->end = at + 1;
  self->native_doubt = TRUE;
  add_placeholder (self, from, name_end, request);
}

static void
take_quoted (Parser *self)
{
  const char *text = self->scanner.text;
  gsize position = self->scanner.start;
  gsize end = self->scanner.end;

  for (;;)
    {
      const char *found = memchr (text + position, '%', end - position);
      PgFormatRequest request;

      if (found == NULL)
        return;
      position = found - text + 1;
      if (position >= end)
        return;
      if (text[position] == '%')
        {
          replace (self, position, position + 1, "");
          position++;
        }
      else if (text[position] == '(' || get_request (text[position], &request))
        {
          self->quoted_placeholder = TRUE;
        }
    }
}

static void
take_parameter (Parser *self)
{
  const char *digits = self->scanner.text + self->scanner.start + 1;
  gsize length = self->scanner.end - self->scanner.start - 1;
  guint number = 0;

  self->native = TRUE;
  for (gsize i = 0; i < length && number <= PG_MAX_PARAMS; i++)
    number = number * 10 + (guint) (digits[i] - '0');
  self->native_max = MAX (self->native_max, number);
  note_cast (self, number);
}

static PgQueryFlags
get_word_flags (const char *word,
                gsize length)
{
  static const char *const plain[] = { "select", "insert", "update", "delete", "merge", "values", "table", "with" };
  static const char *const alone[] = { "abort", "begin", "call", "commit", "deallocate", "discard", "do", "end", "prepare", "reset", "rollback", "set", "start" };

  if (length == 4 && g_ascii_strncasecmp (word, "copy", 4) == 0)
    return PG_QUERY_COPY;
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (length == strlen (plain[i]) && g_ascii_strncasecmp (word, plain[i], length) == 0)
      return PG_QUERY_PLAIN;
  for (guint i = 0; i < G_N_ELEMENTS (alone); i++)
    if (length == strlen (alone[i]) && g_ascii_strncasecmp (word, alone[i], length) == 0)
      return PG_QUERY_ALONE;
  return 0;
}

static PgQueryFlags
scan (Parser *self,
      gboolean with_params)
{
  PgScanner *scanner = &self->scanner;
  PgQueryFlags flags = 0;
  guint n_statements = 0;
  guint depth = 0;
  gboolean in_statement = FALSE;
  PgTokenType type;

  while ((type = pg_scanner_next (scanner)) != PG_TOKEN_END)
    {
      if (type == PG_TOKEN_SPACE || type == PG_TOKEN_COMMENT)
        continue;

      /* The semicolons between the actions of CREATE RULE ... DO (a; b) are inside parentheses. Those of a body BEGIN ATOMIC
       * a; b; END are not told from others: the statement counts as a script, which the simple protocol runs just as well. */
      if (type == PG_TOKEN_SEMICOLON && depth == 0)
        {
          in_statement = FALSE;
          continue;
        }
      if (!in_statement)
        {
          in_statement = TRUE;
          n_statements++;
          if (n_statements == 1 && type == PG_TOKEN_WORD)
            flags |= get_word_flags (scanner->text + scanner->start, scanner->end - scanner->start);
        }

      /* Whose effect on what follows nobody can foresee. */
      if (type == PG_TOKEN_WORD && scanner->end - scanner->start == strlen ("set_config")
          && g_ascii_strncasecmp (scanner->text + scanner->start, "set_config", strlen ("set_config")) == 0)
        flags |= PG_QUERY_ALONE;

      if (type == PG_TOKEN_OPEN)
        depth++;
      else if (type == PG_TOKEN_CLOSE && depth > 0)
        depth--;

      if (!with_params)
        continue;
      if (type == PG_TOKEN_PERCENT)
        take_percent (self);
      else if (type == PG_TOKEN_QUOTED)
        take_quoted (self);
      else if (type == PG_TOKEN_PARAMETER)
        take_parameter (self);
    }

  if (n_statements == 0)
    flags |= PG_QUERY_EMPTY;
  else if (n_statements > 1)
    flags |= PG_QUERY_SCRIPT;
  return flags;
}

/* One for each parameter. */
static void
take_casts (PgQuery *self,
            Parser *parser)
{
  if (parser->casts == NULL)
    return;
  g_ptr_array_set_size (parser->casts, (int) self->n_params);
  self->casts = (char **) g_ptr_array_free (g_steal_pointer (&parser->casts), FALSE);
}

static gboolean
any_request (const GByteArray *requests)
{
  for (guint i = 0; i < requests->len; i++)
    {
      if (requests->data[i] != PG_REQUEST_AUTO)
        return TRUE;
    }
  return FALSE;
}

PgQuery *
pg_query_parse (const char *text,
                gsize length,
                gboolean with_params,
                GError **error)
{
  g_auto (Parser) parser = { 0, };
  PgQueryFlags flags;
  PgQuery *self;

  if (length >= PG_MAX_MESSAGE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                   _("the query is too large: %zu bytes"), length);
      return NULL;
    }

  pg_scanner_init (&parser.scanner, text, length);
  flags = scan (&parser, with_params);

  if (parser.native && parser.native_doubt)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                   _("the placeholders '$n' and '%%s' cannot be mixed (the operator %% needs a space after it)"));
      return NULL;
    }
  if (!parser.native && parser.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&parser.error));
      return NULL;
    }
  if (parser.native_max > PG_MAX_PARAMS)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("the query has more than %d parameters"), PG_MAX_PARAMS);
      return NULL;
    }

  self = g_new0 (PgQuery, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strndup (text, length);
  self->length = length;
  self->with_params = with_params;
  self->flags = flags;
  self->quoted_placeholder = parser.quoted_placeholder;
  self->sql = self->text;
  self->sql_length = length;

  if (parser.native)
    {
      self->style = PG_PLACEHOLDERS_NATIVE;
      self->n_params = parser.native_max;
      take_casts (self, &parser);
      return self;
    }

  if (parser.out != NULL)
    {
      g_string_append_len (parser.out, text + parser.copied, length - parser.copied);
      self->sql_length = parser.out->len;
      self->sql = g_string_free (g_steal_pointer (&parser.out), FALSE);
    }
  self->style = parser.style;
  if (parser.requests != NULL)
    {
      self->n_params = parser.requests->len;
      if (any_request (parser.requests))
        self->requests = g_byte_array_free (g_steal_pointer (&parser.requests), FALSE);
    }
  take_casts (self, &parser);
  if (parser.names != NULL)
    {
      self->names = (char **) g_ptr_array_free (g_steal_pointer (&parser.names), FALSE);
      self->index = g_steal_pointer (&parser.index);
    }
  return self;
}
