/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of a cursor of the server's, page by page. */

#include "pg-bench.h"

#define SELECT_ROWS "SELECT id, name, ratio, at FROM bench_cursor"

typedef struct
{
  PgBenchConnections conns;
  gint64 sum;
} Fixture;

static int n_rows = 100000;
static int page_size = 1000;

static void
run_raw (Fixture *f, const char *sql)
{
  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, sql), PGRES_COMMAND_OK);
}

static void
pages_raw (gpointer data, guint count)
{
  Fixture *f = data;
  g_autofree char *fetch = g_strdup_printf ("FETCH FORWARD %d FROM c", page_size);

  for (guint i = 0; i < count; i++)
    {
      int total = 0, n;

      run_raw (f, "BEGIN");
      run_raw (f, "DECLARE c CURSOR FOR " SELECT_ROWS);
      do
        {
          PGresult *result = PQexecParams (f->conns.raw, fetch, 0, NULL, NULL, NULL, NULL, 1);

          n = PQntuples (result);
          total += n;
          pg_bench_check (f->conns.raw, result, PGRES_TUPLES_OK);
        }
      while (n == page_size);
      g_assert_cmpint (total, ==, n_rows);
      run_raw (f, "CLOSE c");
      run_raw (f, "COMMIT");
    }
}

static void
pages_blocking (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgServerCursor) cursor = pg_connection_server_cursor (f->conns.blocking, "c", &error);
      guint total = 0, n, first;

      pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), PG_FORMAT_BINARY);
      if (!pg_server_cursor_execute (cursor, SELECT_ROWS, NULL, NULL, &error))
        g_error ("%s", error->message);
      do
        {
          PgResult *page = pg_server_cursor_fetch_page (cursor, (guint) page_size, &first, NULL, &error);

          if (error != NULL)
            g_error ("%s", error->message);
          n = page != NULL ? pg_result_get_n_rows (page) - first : 0;
          total += n;
          g_clear_object (&page);
        }
      while (n == (guint) page_size);
      g_assert_cmpuint (total, ==, (guint) n_rows);
      if (!pg_server_cursor_close (cursor, NULL, &error) || !pg_connection_commit (f->conns.blocking, NULL, &error))
        g_error ("%s", error->message);
    }
}

typedef struct
{
  Fixture *fixture;
  PgAsyncServerCursor *cursor;
  guint left;
  guint total;
  gboolean done;
} Paging;

static void paging_next (Paging *paging);

static void
on_committed (GObject *source, GAsyncResult *result, gpointer data)
{
  Paging *paging = data;
  g_autoptr (GError) error = NULL;

  if (!pg_async_connection_commit_finish (PG_ASYNC_CONNECTION (source), result, &error))
    g_error ("%s", error->message);
  if (--paging->left == 0)
    paging->done = TRUE;
  else
    paging_next (paging);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  Paging *paging = data;
  g_autoptr (GError) error = NULL;

  if (!pg_async_server_cursor_close_finish (PG_ASYNC_SERVER_CURSOR (source), result, &error))
    g_error ("%s", error->message);
  g_clear_object (&paging->cursor);
  pg_async_connection_commit_async (paging->fixture->conns.async, NULL, on_committed, paging);
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer data)
{
  Paging *paging = data;
  g_autoptr (GError) error = NULL;
  guint first, n;
  g_autoptr (PgResult) page = pg_async_server_cursor_fetch_page_finish (PG_ASYNC_SERVER_CURSOR (source), result, &first, &error);

  if (error != NULL)
    g_error ("%s", error->message);
  n = page != NULL ? pg_result_get_n_rows (page) - first : 0;
  paging->total += n;
  if (n == (guint) page_size)
    {
      pg_async_server_cursor_fetch_page_async (paging->cursor, (guint) page_size, NULL, on_page, paging);
      return;
    }
  g_assert_cmpuint (paging->total, ==, (guint) n_rows);
  pg_async_server_cursor_close_async (paging->cursor, NULL, on_closed, paging);
}

static void
on_declared (GObject *source, GAsyncResult *result, gpointer data)
{
  Paging *paging = data;
  g_autoptr (GError) error = NULL;

  if (!pg_async_server_cursor_execute_finish (PG_ASYNC_SERVER_CURSOR (source), result, &error))
    g_error ("%s", error->message);
  pg_async_server_cursor_fetch_page_async (paging->cursor, (guint) page_size, NULL, on_page, paging);
}

static void
paging_next (Paging *paging)
{
  g_autoptr (GError) error = NULL;

  paging->total = 0;
  paging->cursor = pg_async_connection_server_cursor (paging->fixture->conns.async, "c", &error);
  pg_base_cursor_set_format (PG_BASE_CURSOR (paging->cursor), PG_FORMAT_BINARY);
  pg_async_server_cursor_execute_async (paging->cursor, SELECT_ROWS, NULL, NULL, on_declared, paging);
}

static void
pages_async (gpointer data, guint count)
{
  Paging paging = { .fixture = data, .left = count };

  paging_next (&paging);
  pg_bench_iterate_until (&paging.done);
}

static void
fill (Fixture *f)
{
  g_autofree char *sql = g_strdup_printf ("CREATE UNLOGGED TABLE bench_cursor AS SELECT i::int8 AS id, 'name of ' || i AS name, i * 1.25::float8 AS ratio,"
                                          " timestamptz '2024-02-29 12:00:00.25+00' + i * interval '1 minute' AS at FROM generate_series (1, %d) i",
                                          n_rows);

  run_raw (f, "SET client_min_messages = warning; DROP TABLE IF EXISTS bench_cursor");
  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, sql), PGRES_COMMAND_OK);
  run_raw (f, "VACUUM ANALYZE bench_cursor");
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant contestants[] = {
    { "raw", "libpq", pages_raw, &f, 0 },
    { "blocking", "PgServerCursor", pages_blocking, &f, 1.05 },
    { "async", "PgAsyncServerCursor", pages_async, &f, 1.05 },
  };
  /* Little in each page: what a round trip costs. */
  const PgBenchContestant small[] = {
    { "raw-small", "libpq", pages_raw, &f, 0 },
    { "blocking-small", "PgServerCursor", pages_blocking, &f, 1.2 },
    { "async-small", "PgAsyncServerCursor", pages_async, &f, 1.6 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many rows", "N" },
    { NULL },
  };
  g_autofree char *title = NULL;

  pg_bench_begin (&argc, &argv, entries);
  pg_bench_connections_open (&f.conns);
  fill (&f);
  if (!pg_bench_connections_pin (&f.conns, FALSE))
    pg_bench_connections_pin (&f.conns, TRUE);
  title = g_strdup_printf ("%d rows x 4, pages of %d", n_rows, page_size);
  pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 1);
  g_free (title);
  pg_bench_connections_pin (&f.conns, TRUE);
  page_size = 10;
  title = g_strdup_printf ("%d rows x 4, pages of %d, 1 core", n_rows, page_size);
  pg_bench_compare (title, small, G_N_ELEMENTS (small), 1);
  pg_bench_connections_close (&f.conns);
  pg_bench_end ();
  return 0;
}
