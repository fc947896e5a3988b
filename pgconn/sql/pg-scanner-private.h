/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The lexical structure of SQL as the server sees it, as far as it is needed to tell what is text and what is quoted. See
 * "Lexical Structure" in the PostgreSQL manual. It never fails: what is left open (a string, a comment) reaches to the end,
 * and the server reports it.
 *
 * standard_conforming_strings=on is assumed: a backslash in '...' is a plain character. With it off, a placeholder could be
 * overlooked or found inside a string; values are bound and never become SQL text, so that is an error but no injection. */
typedef enum
{
  PG_TOKEN_END,
  PG_TOKEN_SPACE,
  PG_TOKEN_COMMENT,
  PG_TOKEN_WORD,       /* identifier or key word */
  PG_TOKEN_NUMBER,     /* decimal digits only: the rest of a number are words and operators */
  PG_TOKEN_QUOTED,     /* a string constant of any form, or a quoted identifier, with its prefix and quotes */
  PG_TOKEN_PARAMETER,  /* $1 */
  PG_TOKEN_PERCENT,    /* one %, be it an operator's or a placeholder's */
  PG_TOKEN_SEMICOLON,
  PG_TOKEN_OPEN,       /* ( */
  PG_TOKEN_CLOSE,      /* ) */
  PG_TOKEN_OTHER,      /* one character of an operator or of punctuation */
} PgTokenType;

typedef struct
{
  const char *text;
  gsize length;
  gsize start;  /* of the last token */
  gsize end;    /* of the last token; whoever consumed more may move it */
} PgScanner;

void pg_scanner_init (PgScanner *self, const char *text, gsize length);
PgTokenType pg_scanner_next (PgScanner *self);

static inline gboolean
pg_is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline gboolean
pg_is_identifier_start (char c)
{
  return g_ascii_isalpha (c) || c == '_' || (guchar) c >= 0x80;
}

static inline gboolean
pg_is_identifier_part (char c)
{
  return pg_is_identifier_start (c) || g_ascii_isdigit (c) || c == '$';
}

G_END_DECLS
