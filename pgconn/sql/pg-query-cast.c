/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-query-parse-private.h>

#include <string.h>

#include <pgconn/sql/pg-scanner-private.h>

/* The type that a placeholder is cast to, as far as the text says it: $1::type and CAST($1 AS type). See "Type Casts" in the PostgreSQL manual. The server
 * needs no help with it; it tells how a list or a dictionary without a type is written. What is not understood is no cast. */

static gsize
skip_space (const char *text,
            gsize at)
{
  while (pg_is_space (text[at]))
    at++;
  return at;
}

static gboolean
is_word (const char *text,
         gsize at,
         const char *word)
{
  const gsize length = strlen (word);

  return g_ascii_strncasecmp (text + at, word, length) == 0 && !pg_is_identifier_part (text[at + length]);
}

/* Whether "CAST (" is before the placeholder. */
static gboolean
is_after_cast (const char *text,
               gsize at)
{
  while (at > 0 && pg_is_space (text[at - 1]))
    at--;
  if (at == 0 || text[at - 1] != '(')
    return FALSE;
  at--;
  while (at > 0 && pg_is_space (text[at - 1]))
    at--;
  return at >= 4 && is_word (text, at - 4, "cast") && (at == 4 || !pg_is_identifier_part (text[at - 5]));
}

/* A name, in quotes or not, as the catalogue has it. */
static gboolean
read_name (const char *text,
           gsize *position,
           GString *name)
{
  gsize at = *position;

  if (text[at] == '"')
    {
      for (at++; text[at] != '\0' && (text[at] != '"' || text[++at] == '"'); at++)
        g_string_append_c (name, text[at]);
      if (at <= *position + 2 || text[at - 1] != '"')
        return FALSE;
      *position = at;
      return TRUE;
    }
  for (; pg_is_identifier_part (text[at]); at++)
    g_string_append_c (name, g_ascii_tolower (text[at]));
  if (at == *position)
    return FALSE;
  *position = at;
  return TRUE;
}

char *
pg_query_read_cast (const char *text,
                    gsize from,
                    gsize to)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize at = skip_space (text, to);

  if (text[at] == ':' && text[at + 1] == ':')
    at += 2;
  else if (at > to && is_word (text, at, "as") && is_after_cast (text, from))
    at += 2;
  else
    return NULL;
  at = skip_space (text, at);
  if (!read_name (text, &at, name))
    return NULL;
  at = skip_space (text, at);
  while (text[at] == '.')
    {
      at = skip_space (text, at + 1);
      g_string_append_c (name, '.');
      if (!read_name (text, &at, name))
        return NULL;
      at = skip_space (text, at);
    }
  if (text[at] == '[' || is_word (text, at, "array"))
    g_string_append (name, "[]");
  return g_string_free (g_steal_pointer (&name), FALSE);
}
