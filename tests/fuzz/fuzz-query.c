/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The scanner of SQL and the placeholders. The input is a statement. */
#include "pg-fuzz.h"

#include <string.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-scanner-private.h>

#define N_TYPES (PG_TOKEN_OTHER + 1)

/* Every byte is in one token. */
static void
count_tokens (const char *text, gsize length, guint *counts)
{
  PgScanner scanner;
  PgTokenType type;
  gsize at = 0;

  pg_scanner_init (&scanner, text, length);
  while ((type = pg_scanner_next (&scanner)) != PG_TOKEN_END)
    {
      pg_fuzz_check (type < N_TYPES);
      pg_fuzz_check (scanner.start == at && scanner.end > at && scanner.end <= length);
      at = scanner.end;
      counts[type]++;
    }
  pg_fuzz_check (at == length);
}

static void
check_names (PgQuery *query)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < query->n_params; i++)
    {
      pg_fuzz_check (query->names[i] != NULL && *query->names[i] != '\0');
      pg_fuzz_check (g_hash_table_add (seen, query->names[i]));
      pg_fuzz_check (GPOINTER_TO_UINT (g_hash_table_lookup (query->index, query->names[i])) == i + 1);
    }
}

/* Placeholders become parameters, and what is quoted, a comment or a statement stays so. */
static void
check_rewritten (PgQuery *query, const char *text, gsize length)
{
  guint before[N_TYPES] = { 0 }, after[N_TYPES] = { 0 };
  g_autoptr (PgQuery) again = NULL;
  GError *error = NULL;

  count_tokens (text, length, before);
  count_tokens (query->sql, query->sql_length, after);
  pg_fuzz_check (before[PG_TOKEN_QUOTED] == after[PG_TOKEN_QUOTED]);
  pg_fuzz_check (before[PG_TOKEN_COMMENT] == after[PG_TOKEN_COMMENT]);
  pg_fuzz_check (before[PG_TOKEN_SEMICOLON] == after[PG_TOKEN_SEMICOLON]);
  pg_fuzz_check (before[PG_TOKEN_PARAMETER] == 0);
  pg_fuzz_check (after[PG_TOKEN_PARAMETER] >= query->n_params);
  if (query->style == PG_PLACEHOLDERS_POSITIONAL)
    pg_fuzz_check (after[PG_TOKEN_PARAMETER] == query->n_params);

  if (memchr (query->sql, '%', query->sql_length) != NULL)
    return;
  again = pg_query_parse (query->sql, query->sql_length, TRUE, &error);
  pg_fuzz_check (pg_fuzz_result (again != NULL, &error, FALSE));
  pg_fuzz_check (again->n_params == query->n_params && again->flags == query->flags);
  pg_fuzz_check (strcmp (again->sql, query->sql) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *zero = size > 0 ? memchr (data, 0, size) : NULL;
  const gsize length = zero != NULL ? (gsize) (zero - data) : size;
  /* Followed by a zero byte, of which AddressSanitizer knows that nothing is after it. */
  g_autofree char *text = g_malloc0 (length + 1);
  g_autoptr (PgQuery) plain = NULL;
  g_autoptr (PgQuery) query = NULL;
  GError *error = NULL;

  if (length > 0)
    memcpy (text, data, length);
  plain = pg_query_parse (text, length, FALSE, &error);
  pg_fuzz_check (pg_fuzz_result (plain != NULL, &error, FALSE));
  pg_fuzz_check (plain->n_params == 0 && plain->style == PG_PLACEHOLDERS_NONE);
  pg_fuzz_check (plain->sql_length == length && memcmp (plain->sql, text, length) == 0);

  query = pg_query_parse (text, length, TRUE, &error);
  if (!pg_fuzz_result (query != NULL, &error, FALSE))
    return 0;
  pg_fuzz_check (strlen (query->sql) == query->sql_length);
  pg_fuzz_check (query->flags == plain->flags);
  pg_fuzz_check (query->n_params <= PG_MAX_PARAMS);
  pg_fuzz_check ((query->style == PG_PLACEHOLDERS_NONE) <= (query->n_params == 0));
  pg_fuzz_check ((query->style == PG_PLACEHOLDERS_NAMED) == (query->names != NULL));
  if (query->style == PG_PLACEHOLDERS_NATIVE)
    pg_fuzz_check (query->sql_length == length && memcmp (query->sql, text, length) == 0);
  else
    check_rewritten (query, text, length);
  if (query->names != NULL)
    check_names (query);
  return 0;
}
