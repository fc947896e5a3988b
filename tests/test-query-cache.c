/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-query-private.h>

static void
test_cache_gives_same_query (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = g_strdup ("select %s as cached");
  g_autoptr (PgQuery) first = pg_query_get ("select %s as cached", TRUE, &error);
  g_autoptr (PgQuery) second = pg_query_get (copy, TRUE, &error);
  g_autoptr (PgQuery) without = pg_query_get ("select %s as cached", FALSE, &error);

  g_assert_no_error (error);
  g_assert_true (first == second);
  g_assert_true (first != without);
  g_assert_cmpstr (pg_query_get_sql (first), ==, "select $1 as cached");
  g_assert_cmpstr (pg_query_get_sql (without), ==, "select %s as cached");
}

static void
test_cache_is_bounded (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) kept = pg_query_get ("select 'kept'", FALSE, &error);
  g_autoptr (PgQuery) lost = pg_query_get ("select 'lost'", FALSE, &error);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("select %u", i);
      g_autoptr (PgQuery) query = pg_query_get (text, FALSE, &error);
      g_autoptr (PgQuery) used = pg_query_get ("select 'kept'", FALSE, &error);

      g_assert_cmpstr (pg_query_get_sql (query), ==, text);
      g_assert_true (used == kept);
      g_assert_cmpuint (pg_query_cache_get_n_entries (), <=, 128);
    }

  g_assert_cmpuint (pg_query_cache_get_n_entries (), ==, 128);
  {
    g_autoptr (PgQuery) again = pg_query_get ("select 'lost'", FALSE, &error);

    g_assert_true (again != lost);
    g_assert_cmpstr (pg_query_get_sql (lost), ==, "select 'lost'");
  }
}

static void
assert_cached (const char *text,
               gboolean expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgQuery) first = pg_query_get (text, TRUE, &error);
  g_autoptr (PgQuery) second = pg_query_get (text, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true ((first == second) == expected);
}

static void
test_cache_leaves_out_the_large (void)
{
  g_autofree char *longest = g_strnfill (4096, ' ');
  g_autofree char *too_long = g_strnfill (4097, ' ');

  assert_cached (longest, TRUE);
  assert_cached (too_long, FALSE);
  assert_cached ("select $50", TRUE);
  assert_cached ("select $51", FALSE);
}

static gpointer
use_cache (gpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  guint n_wrong = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *expected = NULL;
      g_autoptr (PgQuery) query = NULL;
      gint32 number = g_rand_int_range (random, 0, 200);

      text = g_strdup_printf ("select %d, %%s", number);
      expected = g_strdup_printf ("select %d, $1", number);
      query = pg_query_get (text, TRUE, NULL);
      if (query == NULL || strcmp (pg_query_get_sql (query), expected) != 0)
        n_wrong++;
    }

  return GUINT_TO_POINTER (n_wrong);
}

static void
test_cache_in_threads (void)
{
  GThread *threads[6];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("cache", use_cache, GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 0);

  g_assert_cmpuint (pg_query_cache_get_n_entries (), <=, 128);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/query-cache/gives-same-query", test_cache_gives_same_query);
  g_test_add_func ("/pg/query-cache/is-bounded", test_cache_is_bounded);
  g_test_add_func ("/pg/query-cache/leaves-out-the-large", test_cache_leaves_out_the_large);
  g_test_add_func ("/pg/query-cache/in-threads", test_cache_in_threads);
  return g_test_run ();
}
