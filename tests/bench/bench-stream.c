/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows that are read while the server still sends them: against the whole result, and very many of them, with an eye on the memory and the main loop. */

#include "pg-bench.h"
#include "pg-bench-watch.h"

#define SELECT_ROWS "SELECT id, name, ratio, at FROM bench_stream"
/* So many rows of all columns stay in the processor's cache. */
#define CHUNK 1000

typedef struct
{
  PgBenchConnections conns;
  gint64 sum;
} Fixture;

static int n_rows = 100000;
static int n_many = 0;

static void
fetch_raw (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      PGresult *result = PQexecParams (f->conns.raw, SELECT_ROWS, 0, NULL, NULL, NULL, NULL, 1);

      g_assert_cmpint (PQntuples (result), ==, n_rows);
      pg_bench_check (f->conns.raw, result, PGRES_TUPLES_OK);
    }
}

static gboolean
begin_single (PGconn *conn)
{
  return PQsetSingleRowMode (conn);
}

#ifdef LIBPQ_HAS_CHUNK_MODE
static gboolean
begin_chunks (PGconn *conn)
{
  return PQsetChunkedRowsMode (conn, CHUNK);
}
#endif

static void
stream_raw (Fixture *f, guint count, gboolean (*begin) (PGconn *conn))
{
  for (guint i = 0; i < count; i++)
    {
      PGresult *result;
      int seen = 0;

      if (!PQsendQueryParams (f->conns.raw, SELECT_ROWS, 0, NULL, NULL, NULL, NULL, 1) || !begin (f->conns.raw))
        g_error ("%s", PQerrorMessage (f->conns.raw));
      while ((result = PQgetResult (f->conns.raw)) != NULL)
        {
          seen += PQntuples (result);
          PQclear (result);
        }
      g_assert_cmpint (seen, ==, n_rows);
    }
}

static void
single_raw (gpointer data, guint count)
{
  stream_raw (data, count, begin_single);
}

#ifdef LIBPQ_HAS_CHUNK_MODE
static void
chunks_raw (gpointer data, guint count)
{
  stream_raw (data, count, begin_chunks);
}
#endif

static void
decode (Fixture *f, PgResult *result)
{
  g_autoptr (GError) error = NULL;
  gsize n;
  g_autofree gint64 *ids = pg_result_dup_column_int64s (result, 0, 0, -1, &n, &error);
  g_autofree const char **names = error != NULL ? NULL : pg_result_dup_column_texts (result, 1, 0, -1, &n, &error);
  g_autofree double *ratios = error != NULL ? NULL : pg_result_dup_column_doubles (result, 2, 0, -1, &n, &error);
  g_autoptr (GBytes) data = error != NULL ? NULL : pg_result_dup_column_data (result, 3, 0, -1, NULL, &error);
  const gint64 *at;

  if (error != NULL)
    g_error ("%s", error->message);
  at = g_bytes_get_data (data, NULL);
  for (gsize row = 0; row < n; row++)
    f->sum += ids[row] + *names[row] + (gint64) ratios[row] + at[row];
}

static void
read_blocking (Fixture *f, const char *sql, void (*decoder) (Fixture *f, PgResult *chunk))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (f->conns.blocking, &error);
  g_autoptr (PgRowStream) stream = NULL;
  PgResult *chunk;

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), PG_FORMAT_BINARY);
  stream = pg_cursor_stream (cursor, sql, NULL, CHUNK, NULL, &error);
  if (stream == NULL)
    g_error ("%s", error->message);
  while ((chunk = pg_row_stream_next_chunk (stream, NULL, &error)) != NULL)
    {
      if (decoder != NULL)
        decoder (f, chunk);
      g_object_unref (chunk);
    }
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
fetch_blocking (gpointer data, guint count)
{
  for (guint i = 0; i < count; i++)
    read_blocking (data, SELECT_ROWS, NULL);
}

static void
decode_blocking (gpointer data, guint count)
{
  for (guint i = 0; i < count; i++)
    read_blocking (data, SELECT_ROWS, decode);
}

typedef struct
{
  Fixture *fixture;
  gboolean done;
} Reading;

static void
on_chunk (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgResult) chunk = pg_async_row_stream_next_chunk_finish (PG_ASYNC_ROW_STREAM (source), result, &error);

  if (error != NULL)
    g_error ("%s", error->message);
  if (chunk == NULL)
    {
      reading->done = TRUE;
      return;
    }
  decode (reading->fixture, chunk);
  pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (source), NULL, on_chunk, data);
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncRowStream) stream = pg_async_cursor_stream_finish (PG_ASYNC_CURSOR (source), result, &error);

  if (error != NULL)
    g_error ("%s", error->message);
  pg_async_row_stream_next_chunk_async (stream, NULL, on_chunk, data);
}

static void
read_async (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_cursor (f->conns.async, &error);
  Reading reading = { f, FALSE };

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), PG_FORMAT_BINARY);
  pg_async_cursor_stream_async (cursor, sql, NULL, CHUNK, NULL, on_begun, &reading);
  pg_bench_iterate_until (&reading.done);
}

static void
decode_async (gpointer data, guint count)
{
  for (guint i = 0; i < count; i++)
    read_async (data, SELECT_ROWS);
}

/* --- very many --- */

static void
stream_many (Fixture *f)
{
  g_autofree char *sql = g_strdup_printf ("SELECT generate_series (1, %d)::int8, 'the name of an item', 1.25::float8, timestamptz '2024-02-29 12:00:00.25+00'", n_many);
  g_autoptr (PgBenchWatch) watch = pg_bench_watch_new ();
  const gint64 first_size = pg_bench_get_size ();
  g_autofree char *report = NULL;
  gint64 begin = g_get_monotonic_time ();

  /* Nobody can look while a call blocks: what is left afterwards. */
  read_blocking (f, sql, decode);
  g_print ("# %d rows, PgRowStream: %.1f s, %.1f MiB more\n", n_many, (double) (g_get_monotonic_time () - begin) / 1e6,
           (double) (pg_bench_get_size () - first_size) / (1024 * 1024));
  begin = g_get_monotonic_time ();
  pg_bench_watch_start (watch);
  read_async (f, sql);
  pg_bench_watch_stop (watch);
  report = pg_bench_watch_dup_report (watch);
  g_print ("# %d rows, PgAsyncRowStream: %.1f s, %s\n", n_many, (double) (g_get_monotonic_time () - begin) / 1e6, report);
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant contestants[] = {
    { "raw", "libpq, not decoded", fetch_raw, &f, 0 },
    { "raw-single", "libpq, single rows", single_raw, &f, 0 },
#ifdef LIBPQ_HAS_CHUNK_MODE
    { "raw-chunks", "libpq, chunks", chunks_raw, &f, 0 },
#endif
    { "blocking-fetch", "PgRowStream, not decoded", fetch_blocking, &f, 0 },
    { "blocking", "PgRowStream", decode_blocking, &f, 1.1 },
    { "async", "PgAsyncRowStream", decode_async, &f, 1.1 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many rows", "N" },
    { "many", 0, 0, G_OPTION_ARG_INT, &n_many, "How many rows in the end, of which only the memory and the main loop's delay are looked at; 0 none", "N" },
    { NULL },
  };
  g_autofree char *title = NULL;
  g_autofree char *sql = NULL;

  pg_bench_begin (&argc, &argv, entries);
  pg_bench_connections_open (&f.conns);
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (f.conns.blocking), -1);
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (f.conns.async), -1);
  sql = g_strdup_printf ("CREATE UNLOGGED TABLE bench_stream AS SELECT i::int8 AS id, 'name of ' || i AS name, i * 1.25::float8 AS ratio,"
                         " timestamptz '2024-02-29 12:00:00.25+00' + i * interval '1 minute' AS at FROM generate_series (1, %d) i",
                         n_rows);
  pg_bench_check (f.conns.raw, PQexec (f.conns.raw, "SET client_min_messages = warning; DROP TABLE IF EXISTS bench_stream"), PGRES_COMMAND_OK);
  pg_bench_check (f.conns.raw, PQexec (f.conns.raw, sql), PGRES_COMMAND_OK);
  pg_bench_check (f.conns.raw, PQexec (f.conns.raw, "VACUUM ANALYZE bench_stream"), PGRES_COMMAND_OK);
  title = g_strdup_printf ("%d rows x 4, streamed", n_rows);
  pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 1);
  if (n_many > 0)
    stream_many (&f);
  pg_bench_connections_close (&f.conns);
  pg_bench_end ();
  return 0;
}
