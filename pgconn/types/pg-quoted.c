/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-quoted-private.h>

#include <string.h>

/* PostgreSQL's MaxAllocSize. */
#define MAX_LENGTH 0x3fffffff

gboolean
pg_quoted_append (GString *text, const char *value, const char *special)
{
  gboolean quote = *value == '\0';
  gsize length = 0;

  for (const char *at = value; *at != '\0'; at++)
    {
      gboolean doubled = *at == '"' || *at == '\\';

      quote = quote || doubled || *at == ' ' || (*at >= '\t' && *at <= '\r') || strchr (special, *at) != NULL;
      length += doubled ? 2 : 1;
    }
  if (length > MAX_LENGTH || text->len > MAX_LENGTH - length)
    return FALSE;
  if (!quote)
    {
      g_string_append (text, value);
      return TRUE;
    }
  g_string_append_c (text, '"');
  for (const char *at = value; *at != '\0'; at++)
    {
      if (*at == '"' || *at == '\\')
        g_string_append_c (text, *at);
      g_string_append_c (text, *at);
    }
  g_string_append_c (text, '"');
  return TRUE;
}

char *
pg_quoted_read (const char **at, const char *end, const char *stop, gboolean *is_absent)
{
  g_autoptr (GString) value = g_string_new (NULL);
  const char *start = *at;
  gboolean quoted = FALSE;

  for (; *at < end; (*at)++)
    {
      char c = **at;

      /* strchr() would find the zero byte. */
      if (c == '\0')
        return NULL;
      if (!quoted && strchr (stop, c) != NULL)
        {
          *is_absent = *at == start;
          return g_string_free (g_steal_pointer (&value), FALSE);
        }
      if (c == '\\')
        {
          if (++*at == end || **at == '\0')
            return NULL;
          g_string_append_c (value, **at);
        }
      else if (c != '"')
        g_string_append_c (value, c);
      else if (quoted && end - *at > 1 && (*at)[1] == '"')
        {
          g_string_append_c (value, '"');
          (*at)++;
        }
      else
        quoted = !quoted;
    }
  return NULL;
}
