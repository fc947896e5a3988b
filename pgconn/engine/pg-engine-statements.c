/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <pgconn/error/pg-diagnostic-private.h>
#include <pgconn/pg-hash-private.h>
#include <string.h>
#include <unistd.h>

/* Statements are known by their text as it is sent and the types of their parameters: the same text with other types is another statement to the
 * server. Two lists, most recently used first: statements that are only counted, and those that the server has prepared. */

#define MAX_COUNTED 256
#define MAX_SQL 65536

struct _PgCachedStatement
{
  gatomicrefcount ref_count;
  guint hash;
  guint n_types;
  guint32 *types;
  char *sql;
  char *name;
  guint count;
  gboolean prepared;
  gboolean promised; /* its preparation is on its way: the name is good for what comes after it in the same pipeline */
  guint32 *columns; /* their types; NULL: not known */
  guint n_columns;
  gint plain; /* what columns need where nobody has types of their own; -1: not known */
  gboolean listed;
  GList link;
};

struct _PgStatements
{
  GHashTable *table;
  GQueue counted;
  GQueue prepared;
  GQueue evicted; /* names that the server still has */
  guint n_promised;
  guint64 last_name;
  guint64 session; /* in all names */
  gboolean altered; /* the transaction has created or changed something that a rollback takes away */
  gboolean renamed; /* it has set where names are looked up, perhaps only for itself */
};

static guint
statement_hash (gconstpointer key)
{
  return ((const PgCachedStatement *) key)->hash;
}

static gboolean
statement_equal (gconstpointer a, gconstpointer b)
{
  const PgCachedStatement *x = a, *y = b;

  return x->hash == y->hash && x->n_types == y->n_types && (x->n_types == 0 || memcmp (x->types, y->types, x->n_types * sizeof (guint32)) == 0)
         && strcmp (x->sql, y->sql) == 0;
}

PgCachedStatement *
pg_cached_statement_ref (PgCachedStatement *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_cached_statement_unref (PgCachedStatement *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->types);
  g_free (self->columns);
  g_free (self->sql);
  g_free (self->name);
  g_free (self);
}

const char *
pg_cached_statement_get_name (PgCachedStatement *self)
{
  return self->prepared || self->promised ? self->name : NULL;
}

guint
pg_cached_statement_get_count (PgCachedStatement *self)
{
  return self->count;
}

static void
set_columns (PgCachedStatement *self, PgRawResult *raw)
{
  self->n_columns = pg_raw_result_get_n_columns (raw);
  self->columns = g_new (guint32, MAX (self->n_columns, 1));
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i] = pg_raw_result_get_column_type (raw, i);
  self->plain = -1;
}

void
pg_cached_statement_take_columns (PgCachedStatement *self, PgRawResult *raw)
{
  if (self->prepared && self->columns == NULL && pg_raw_result_get_status (raw) == PG_RAW_STATUS_TUPLES_OK)
    set_columns (self, raw);
}

guint8
pg_cached_statement_get_plain (PgCachedStatement *self, PgWirePlainFunc func, gconstpointer data)
{
  guint8 plain = 0;

  if (self->columns == NULL)
    return PG_WIRE_PLAIN_NEVER;
  if (data == NULL && self->plain >= 0)
    return (guint8) self->plain;
  for (guint i = 0; i < self->n_columns && (plain & PG_WIRE_PLAIN_NEVER) == 0; i++)
    plain |= func (self->columns[i], data);
  if (data == NULL)
    self->plain = plain;
  return plain;
}

PgStatements *
pg_statements_new (void)
{
  PgStatements *self = g_new0 (PgStatements, 1);

  self->table = g_hash_table_new_full (statement_hash, statement_equal, NULL, NULL);
  g_queue_init (&self->counted);
  g_queue_init (&self->prepared);
  g_queue_init (&self->evicted);
  return self;
}

static void
unlist (PgStatements *self, PgCachedStatement *statement)
{
  if (!statement->listed)
    return;
  g_queue_unlink (statement->prepared ? &self->prepared : &self->counted, &statement->link);
  statement->listed = FALSE;
}

static void
list (PgStatements *self, PgCachedStatement *statement)
{
  g_queue_push_head_link (statement->prepared ? &self->prepared : &self->counted, &statement->link);
  statement->listed = TRUE;
}

void
pg_statements_forget (PgStatements *self, PgCachedStatement *statement)
{
  if (!statement->listed)
    {
      statement->prepared = FALSE;
      return;
    }
  unlist (self, statement);
  statement->prepared = FALSE;
  g_hash_table_remove (self->table, statement);
  pg_cached_statement_unref (statement);
}

static void
forget_all (PgStatements *self)
{
  while (self->prepared.head != NULL)
    pg_statements_forget (self, self->prepared.head->data);
  g_queue_clear_full (&self->evicted, g_free);
}

/* Where the server is asked to drop none there is an end to it. */
#define MAX_EVICTED 1024

void
pg_statements_expire (PgStatements *self, PgCachedStatement *statement)
{
  if (statement->prepared && self->evicted.length < MAX_EVICTED)
    g_queue_push_tail (&self->evicted, g_strdup (statement->name));
  pg_statements_forget (self, statement);
}

void
pg_statements_expire_all (PgStatements *self)
{
  while (self->prepared.head != NULL)
    pg_statements_expire (self, self->prepared.head->data);
}

/* The server notices most of what makes a statement stale when it is used, and it is prepared again then; but in a transaction with something to lose that comes
 * too late. So what this session says itself is heeded: after DROP and ALTER, and a rollback that takes back what such a command or CREATE has made, everything is
 * prepared anew. Any other rollback leaves the statements as they are. */
void
pg_statements_take_tag (PgStatements *self, const char *tag)
{
  switch (tag[0])
    {
    case 'A':
      if (!g_str_has_prefix (tag, "ALTER "))
        return;
      break;
    case 'C':
      self->altered = self->altered || g_str_has_prefix (tag, "CREATE ");
      return;
    case 'D':
      if (g_str_equal (tag, "DEALLOCATE ALL") || g_str_equal (tag, "DISCARD ALL"))
        forget_all (self);
      if (!g_str_has_prefix (tag, "DROP "))
        return;
      break;
    case 'R':
      if ((self->altered || self->renamed) && g_str_equal (tag, "ROLLBACK"))
        pg_statements_expire_all (self);
      return;
    default:
      return;
    }
  self->altered = TRUE;
  pg_statements_expire_all (self);
}

static gboolean
mentions (const char *sql, const char *word)
{
  const gsize length = strlen (word);

  for (; *sql != '\0'; sql++)
    if (g_ascii_strncasecmp (sql, word, length) == 0)
      return TRUE;
  return FALSE;
}

/* The server does notice another search_path when it executes a statement, but not that parameters without a type of their own would have had another one. */
void
pg_statements_take_setting (PgStatements *self, const char *tag, const char *sql)
{
  if ((!g_str_equal (tag, "SET") && !g_str_equal (tag, "RESET"))
      || (!mentions (sql, "search_path") && !mentions (sql, "schema") && !mentions (sql, "role") && !mentions (sql, "authorization")))
    return;
  self->renamed = TRUE;
  pg_statements_expire_all (self);
}

void
pg_statements_end_transaction (PgStatements *self)
{
  if (self->renamed)
    pg_statements_expire_all (self);
  self->altered = FALSE;
  self->renamed = FALSE;
}

void
pg_statements_free (PgStatements *self)
{
  forget_all (self);
  while (self->counted.head != NULL)
    pg_statements_forget (self, self->counted.head->data);
  g_hash_table_unref (self->table);
  g_queue_clear_full (&self->evicted, g_free);
  g_free (self);
}

static PgCachedStatement
make_key (const char *sql, guint n_types, const guint32 *types)
{
  PgCachedStatement key = { .sql = (char *) sql, .n_types = n_types, .types = (guint32 *) types, .hash = pg_hash_text (sql, strlen (sql), 0) };

  for (guint i = 0; i < n_types; i++)
    key.hash = key.hash * 31 + types[i];
  return key;
}

PgCachedStatement *
pg_statements_peek (PgStatements *self, const char *sql, guint n_types, const guint32 *types)
{
  const PgCachedStatement key = make_key (sql, n_types, types);

  return g_hash_table_lookup (self->table, &key);
}

PgCachedStatement *
pg_statements_use (PgStatements *self, const char *sql, PgWireParams *params)
{
  const PgCachedStatement key = make_key (sql, params != NULL ? params->n_params : 0, params != NULL ? params->types : NULL);
  PgCachedStatement *statement, *oldest;

  statement = g_hash_table_lookup (self->table, &key);
  if (statement != NULL)
    {
      GQueue *queue = statement->prepared ? &self->prepared : &self->counted;

      statement->count++;
      if (queue->head != &statement->link)
        {
          unlist (self, statement);
          list (self, statement);
        }
      return pg_cached_statement_ref (statement);
    }

  statement = g_new0 (PgCachedStatement, 1);
  g_atomic_ref_count_init (&statement->ref_count);
  statement->hash = key.hash;
  statement->n_types = key.n_types;
  statement->types = key.n_types > 0 ? g_memdup2 (key.types, key.n_types * sizeof (guint32)) : NULL;
  statement->sql = g_strdup (sql);
  statement->link.data = statement;
  statement->count = 1;
  /* A very long text is not worth its memory here: it can still be prepared by force, for once. */
  if (strlen (sql) <= MAX_SQL)
    {
      g_hash_table_add (self->table, pg_cached_statement_ref (statement));
      list (self, statement);
      oldest = self->counted.tail->data;
      if (self->counted.length > MAX_COUNTED && !oldest->promised)
        pg_statements_forget (self, oldest);
    }
  return statement;
}

char *
pg_statements_make_name (PgStatements *self)
{
  /* Behind a connection pooler that gives each transaction another session, others have statements there too. With names of their own they are never taken for ours:
   * not even by children of one process, which have its random numbers. */
  if (self->session == 0)
    self->session = ((guint64) g_random_int () << 32 | g_random_int ()) ^ (guint64) g_get_real_time () ^ ((guint64) getpid () << 40);
  return g_strdup_printf ("_pgconn_%" G_GINT64_MODIFIER "x_%" G_GUINT64_FORMAT, self->session, ++self->last_name);
}

void
pg_statements_drop (PgStatements *self, char *name)
{
  g_queue_push_tail (&self->evicted, name);
}

const char *
pg_statements_name (PgStatements *self, PgCachedStatement *statement)
{
  g_clear_pointer (&statement->columns, g_free);
  g_free (statement->name);
  statement->name = pg_statements_make_name (self);
  return statement->name;
}

gboolean
pg_statements_promise (PgStatements *self, PgCachedStatement *statement)
{
  self->n_promised++;
  return statement->promised = TRUE;
}

void
pg_statements_end_promise (PgStatements *self, PgCachedStatement *statement)
{
  self->n_promised--;
  statement->promised = FALSE;
}

void
pg_statements_prepared (PgStatements *self, PgCachedStatement *statement)
{
  if (statement->prepared)
    return;
  if (!statement->listed)
    g_hash_table_add (self->table, pg_cached_statement_ref (statement));
  else
    unlist (self, statement);
  statement->prepared = TRUE;
  list (self, statement);
}

void
pg_statements_add (PgStatements *self, const char *sql, guint n_types, const guint32 *types, char *name, PgRawResult *description)
{
  PgWireParams params = { .n_params = n_types, .types = (guint32 *) types };
  PgCachedStatement *statement = pg_statements_use (self, sql, &params);

  /* Of two with the same types one is enough. */
  if (statement->prepared)
    {
      g_queue_push_tail (&self->evicted, name);
    }
  else
    {
      g_free (statement->name);
      statement->name = name;
      pg_statements_prepared (self, statement);
      g_clear_pointer (&statement->columns, g_free);
      if (pg_raw_result_get_n_columns (description) > 0)
        set_columns (statement, description);
    }
  pg_cached_statement_unref (statement);
}

gboolean
pg_statements_has_room (PgStatements *self, gint max)
{
  return max < 0 || self->prepared.length + self->n_promised < (guint) max;
}

/* So many more than max the server may have for the rest of a transaction. */
#define MAX_EXCESS 64

gboolean
pg_statements_may_exceed (PgStatements *self, gint max)
{
  return max < 0 || self->prepared.length + self->n_promised + self->evicted.length < (guint) max + MAX_EXCESS;
}

guint
pg_statements_evict (PgStatements *self, gint max)
{
  while (max >= 0 && self->prepared.length > (guint) max)
    pg_statements_expire (self, self->prepared.tail->data);
  return self->evicted.length;
}

const char *
pg_statements_get_evicted (PgStatements *self, guint index)
{
  return g_queue_peek_nth (&self->evicted, index);
}

void
pg_statements_evicted (PgStatements *self)
{
  g_free (g_queue_pop_head (&self->evicted));
}

/* The server no longer has the statement (somebody's DEALLOCATE or DISCARD), or its result has another shape than when it was planned (somebody's ALTER TABLE,
 * another search_path), or it cannot be read again, as it names something, or its parameters are of a type, that is gone or is another one by now. In the last case it
 * was not executed at all: what goes wrong later is from another place of the server, or has a context. */
gboolean
pg_statements_is_stale (PgDiagnostic *diagnostic)
{
  const char *sqlstate = diagnostic != NULL ? pg_diagnostic_get_sqlstate (diagnostic) : NULL;
  const char *file = diagnostic != NULL ? pg_diagnostic_get_source_file (diagnostic) : NULL;
  const char *context = diagnostic != NULL ? pg_diagnostic_get_context (diagnostic) : NULL;

  if (sqlstate == NULL)
    return FALSE;
  if (g_str_equal (sqlstate, "26000"))
    return TRUE;
  if (g_str_equal (sqlstate, "0A000"))
    return g_strcmp0 (pg_diagnostic_get_source_function (diagnostic), "RevalidateCachedQuery") == 0;
  if (file == NULL)
    return FALSE;
  /* "cache lookup failed for type", with a parameter for a context. */
  if (g_str_equal (sqlstate, "XX000"))
    return g_str_equal (file, "lsyscache.c") && (context == NULL || (strchr (context, '$') != NULL && strchr (context, '\n') == NULL));
  return context == NULL && g_str_has_prefix (sqlstate, "42") && (g_str_has_prefix (file, "parse_") || g_str_equal (file, "namespace.c"));
}
