/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-query-private.h>

#include <string.h>

#include <pgconn/pg-hash-private.h>
#include <pgconn/sql/pg-query-parse-private.h>

/* The cache is shared by all connections: what a text means does not depend on the session. Statements of other sizes are
 * mostly generated and never seen again.
 *
 * What it may take is bounded by these numbers, and needs no other budget: an entry has its text, the text that is sent and the names of what is in
 * it, three times the length and some 100 bytes for each parameter at most, so that all are less than 3 MiB; and a short type. */
#define CACHE_MAX_ENTRIES 128
#define CACHE_MAX_LENGTH 4096
#define CACHE_MAX_PARAMS 50

static GMutex cache_lock;
static GHashTable *cache;               /* PgQuery, owned -> itself */
static GQueue cache_order = G_QUEUE_INIT;  /* PgQuery.link, the last used first */

static guint
query_hash (gconstpointer data)
{
  return ((const PgQuery *) data)->hash;
}

static gboolean
query_equal (gconstpointer data_a,
             gconstpointer data_b)
{
  const PgQuery *a = data_a;
  const PgQuery *b = data_b;

  return a->length == b->length && a->with_params == b->with_params && memcmp (a->text, b->text, a->length) == 0;
}

static PgQuery *
cache_lookup_locked (const PgQuery *key)
{
  PgQuery *self = cache != NULL ? g_hash_table_lookup (cache, key) : NULL;

  if (self == NULL)
    return NULL;

  if (cache_order.head != &self->link)
    {
      g_queue_unlink (&cache_order, &self->link);
      g_queue_push_head_link (&cache_order, &self->link);
    }
  return pg_query_ref (self);
}

/* Takes self; returns the query to use, which is another one if another thread was faster. */
static PgQuery *
cache_insert (PgQuery *self)
{
  PgQuery *known, *evicted = NULL;

  g_mutex_lock (&cache_lock);
  known = cache_lookup_locked (self);
  if (known == NULL)
    {
      if (cache == NULL)
        cache = g_hash_table_new (query_hash, query_equal);
      if (cache_order.length >= CACHE_MAX_ENTRIES)
        {
          evicted = g_queue_pop_tail_link (&cache_order)->data;
          g_hash_table_remove (cache, evicted);
        }
      self->link.data = self;
      g_hash_table_add (cache, pg_query_ref (self));
      g_queue_push_head_link (&cache_order, &self->link);
    }
  g_mutex_unlock (&cache_lock);

  g_clear_pointer (&evicted, pg_query_unref);
  if (known == NULL)
    return self;
  pg_query_unref (self);
  return known;
}

PgQuery *
pg_query_get (const char *text,
              gboolean with_params,
              GError **error)
{
  PgQuery key;
  PgQuery *self;

  g_return_val_if_fail (text != NULL, NULL);

  key.text = (char *) text;
  key.length = strlen (text);
  key.with_params = with_params != FALSE;
  if (key.length > CACHE_MAX_LENGTH)
    return pg_query_parse (text, key.length, key.with_params, error);

  key.hash = pg_hash_text (text, key.length, key.with_params ? 1 : 0);
  g_mutex_lock (&cache_lock);
  self = cache_lookup_locked (&key);
  g_mutex_unlock (&cache_lock);
  if (self != NULL)
    return self;

  self = pg_query_parse (text, key.length, key.with_params, error);
  if (self == NULL || self->n_params > CACHE_MAX_PARAMS)
    return self;
  self->hash = key.hash;
  return cache_insert (self);
}

gboolean
pg_query_is_cached (PgQuery *self)
{
  return self->link.data != NULL;
}

guint
pg_query_cache_get_n_entries (void)
{
  guint n_entries;

  g_mutex_lock (&cache_lock);
  n_entries = cache_order.length;
  g_mutex_unlock (&cache_lock);
  return n_entries;
}

PgQuery *
pg_query_ref (PgQuery *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_query_unref (PgQuery *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->names != NULL)
    {
      for (guint i = 0; i < self->n_params; i++)
        g_free (self->names[i]);
      g_free (self->names);
    }
  if (self->casts != NULL)
    {
      for (guint i = 0; i < self->n_params; i++)
        g_free (self->casts[i]);
      g_free (self->casts);
    }
  g_clear_pointer (&self->index, g_hash_table_unref);
  g_clear_pointer (&self->types, g_variant_unref);
  g_free (self->requests);
  if (self->sql != self->text)
    g_free (self->sql);
  g_free (self->text);
  g_free (self);
}

const char *
pg_query_get_sql (PgQuery *self)
{
  return self->sql;
}

PgQueryFlags
pg_query_get_flags (PgQuery *self)
{
  return self->flags;
}

guint
pg_query_get_n_params (PgQuery *self)
{
  return self->n_params;
}
