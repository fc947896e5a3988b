/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <string.h>

/* Statements are known by their text as it is sent and the types of their parameters: the same text with other types is another statement to the
 * server. Two lists, most recently used first: statements that are only counted, and those that the server has prepared. */

#define MAX_COUNTED 256
#define MAX_SQL 65536

struct _PgStatement
{
  gatomicrefcount ref_count;
  guint hash;
  guint n_types;
  guint32 *types;
  char *sql;
  char *name;
  guint count;
  gboolean prepared;
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
  guint64 last_name;
};

static guint
statement_hash (gconstpointer key)
{
  return ((const PgStatement *) key)->hash;
}

static gboolean
statement_equal (gconstpointer a, gconstpointer b)
{
  const PgStatement *x = a, *y = b;

  return x->hash == y->hash && x->n_types == y->n_types && (x->n_types == 0 || memcmp (x->types, y->types, x->n_types * sizeof (guint32)) == 0)
         && strcmp (x->sql, y->sql) == 0;
}

PgStatement *
pg_statement_ref (PgStatement *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_statement_unref (PgStatement *self)
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
pg_statement_get_name (PgStatement *self)
{
  return self->prepared ? self->name : NULL;
}

guint
pg_statement_get_count (PgStatement *self)
{
  return self->count;
}

void
pg_statement_take_columns (PgStatement *self, PgRawResult *raw)
{
  if (!self->prepared || self->columns != NULL || pg_raw_result_get_status (raw) != PG_RAW_STATUS_TUPLES_OK)
    return;
  self->n_columns = pg_raw_result_get_n_columns (raw);
  self->columns = g_new (guint32, MAX (self->n_columns, 1));
  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i] = pg_raw_result_get_column_type (raw, i);
  self->plain = -1;
}

guint8
pg_statement_get_plain (PgStatement *self, PgWirePlainFunc func, gconstpointer data)
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
unlist (PgStatements *self, PgStatement *statement)
{
  if (!statement->listed)
    return;
  g_queue_unlink (statement->prepared ? &self->prepared : &self->counted, &statement->link);
  statement->listed = FALSE;
}

static void
list (PgStatements *self, PgStatement *statement)
{
  g_queue_push_head_link (statement->prepared ? &self->prepared : &self->counted, &statement->link);
  statement->listed = TRUE;
}

void
pg_statements_forget (PgStatements *self, PgStatement *statement)
{
  if (!statement->listed)
    {
      statement->prepared = FALSE;
      return;
    }
  unlist (self, statement);
  statement->prepared = FALSE;
  g_hash_table_remove (self->table, statement);
  pg_statement_unref (statement);
}

void
pg_statements_forget_all (PgStatements *self)
{
  while (self->prepared.head != NULL)
    pg_statements_forget (self, self->prepared.head->data);
  g_queue_clear_full (&self->evicted, g_free);
}

void
pg_statements_free (PgStatements *self)
{
  pg_statements_forget_all (self);
  while (self->counted.head != NULL)
    pg_statements_forget (self, self->counted.head->data);
  g_hash_table_unref (self->table);
  g_queue_clear_full (&self->evicted, g_free);
  g_free (self);
}

PgStatement *
pg_statements_use (PgStatements *self, const char *sql, PgWireParams *params)
{
  PgStatement key = { .sql = (char *) sql };
  PgStatement *statement;

  key.n_types = params != NULL ? params->n_params : 0;
  key.types = params != NULL ? params->types : NULL;
  key.hash = g_str_hash (sql);
  for (guint i = 0; i < key.n_types; i++)
    key.hash = key.hash * 31 + key.types[i];

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
      return pg_statement_ref (statement);
    }

  statement = g_new0 (PgStatement, 1);
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
      g_hash_table_add (self->table, pg_statement_ref (statement));
      list (self, statement);
      if (self->counted.length > MAX_COUNTED)
        pg_statements_forget (self, self->counted.tail->data);
    }
  return statement;
}

const char *
pg_statements_name (PgStatements *self, PgStatement *statement)
{
  g_clear_pointer (&statement->columns, g_free);
  g_free (statement->name);
  statement->name = g_strdup_printf ("_pgconn_%" G_GUINT64_FORMAT, ++self->last_name);
  return statement->name;
}

void
pg_statements_prepared (PgStatements *self, PgStatement *statement)
{
  if (statement->prepared)
    return;
  if (!statement->listed)
    g_hash_table_add (self->table, pg_statement_ref (statement));
  else
    unlist (self, statement);
  statement->prepared = TRUE;
  list (self, statement);
}

guint
pg_statements_evict (PgStatements *self, gint max)
{
  while (max >= 0 && self->prepared.length > (guint) max)
    {
      PgStatement *oldest = self->prepared.tail->data;

      g_queue_push_tail (&self->evicted, g_strdup (oldest->name));
      pg_statements_forget (self, oldest);
    }
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
