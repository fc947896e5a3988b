/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Many rows: the whole result of a statement, and every value of it decoded. */

#include "pg-bench.h"

#define SELECT_ROWS "SELECT id, name, ratio, at FROM bench_rows"

typedef struct
{
  PgBenchConnections conns;
  gint64 sum;
} Fixture;

typedef struct
{
  Fixture *fixture;
  PgFormat format;
} Work;

static int n_rows = 100000;

static void
fetch_raw (gpointer data, guint count)
{
  Work *work = data;
  PGconn *raw = work->fixture->conns.raw;

  for (guint i = 0; i < count; i++)
    {
      PGresult *result = PQexecParams (raw, SELECT_ROWS, 0, NULL, NULL, NULL, NULL, work->format);

      g_assert_cmpint (PQntuples (result), ==, n_rows);
      pg_bench_check (raw, result, PGRES_TUPLES_OK);
    }
}

static void
decode (Fixture *f, PgResult *result)
{
  g_autoptr (GError) error = NULL;
  gint64 sum = 0;

  g_assert_cmpint (pg_result_get_n_rows (result), ==, n_rows);
  for (guint row = 0; row < (guint) n_rows; row++)
    {
      PgTimestamp *at;

      sum += pg_result_get_int64 (result, row, 0, &error);
      sum += *pg_result_get_text (result, row, 1, &error);
      sum += (gint64) pg_result_get_double (result, row, 2, &error);
      at = pg_result_dup_timestamp (result, row, 3, &error);
      if (G_UNLIKELY (error != NULL))
        g_error ("%s", error->message);
      sum += pg_timestamp_get_microseconds (at);
      pg_timestamp_unref (at);
    }
  f->sum += sum;
}

/* So many rows of all columns stay in the processor's cache. */
#define CHUNK 1000

static void
decode_columns (Fixture *f, PgResult *result)
{
  g_autoptr (GError) error = NULL;
  gint64 sum = 0;

  g_assert_cmpint (pg_result_get_n_rows (result), ==, n_rows);
  for (guint first = 0; first < (guint) n_rows; first += CHUNK)
    {
      gsize n;
      g_autofree gint64 *ids = pg_result_dup_column_int64s (result, 0, first, CHUNK, &n, &error);
      g_autofree const char **names = error != NULL ? NULL : pg_result_dup_column_texts (result, 1, first, CHUNK, &n, &error);
      g_autofree double *ratios = error != NULL ? NULL : pg_result_dup_column_doubles (result, 2, first, CHUNK, &n, &error);
      g_autoptr (GBytes) data = error != NULL ? NULL : pg_result_dup_column_data (result, 3, first, CHUNK, NULL, &error);
      const gint64 *at;

      if (error != NULL)
        g_error ("%s", error->message);
      at = g_bytes_get_data (data, NULL);
      for (gsize row = 0; row < n; row++)
        sum += ids[row] + *names[row] + (gint64) ratios[row] + at[row];
    }
  f->sum += sum;
}

static void
read_blocking (Work *work, guint count, void (*decoder) (Fixture *f, PgResult *result))
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_cursor (work->fixture->conns.blocking, &error);

      pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), work->format);
      if (!pg_cursor_execute (cursor, SELECT_ROWS, NULL, NULL, &error))
        g_error ("%s", error->message);
      if (decoder != NULL)
        decoder (work->fixture, pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
    }
}

static void
fetch_blocking (gpointer data, guint count)
{
  read_blocking (data, count, NULL);
}

static void
decode_blocking (gpointer data, guint count)
{
  read_blocking (data, count, decode);
}

static void
columns_blocking (gpointer data, guint count)
{
  read_blocking (data, count, decode_columns);
}

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!pg_async_cursor_execute_finish (PG_ASYNC_CURSOR (source), result, &error))
    g_error ("%s", error->message);
  *(gboolean *) data = TRUE;
}

static void
decode_async (gpointer data, guint count)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgAsyncCursor) cursor = pg_async_connection_cursor (work->fixture->conns.async, &error);
      gboolean done = FALSE;

      pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), work->format);
      pg_async_cursor_execute_async (cursor, SELECT_ROWS, NULL, NULL, on_executed, &done);
      pg_bench_iterate_until (&done);
      decode (work->fixture, pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
    }
}

static void
fill (Fixture *f)
{
  g_autofree char *sql = g_strdup_printf ("CREATE UNLOGGED TABLE bench_rows AS SELECT i::int8 AS id, 'name of ' || i AS name, i * 1.25::float8 AS ratio,"
                                          " timestamptz '2024-02-29 12:00:00.25+00' + i * interval '1 minute' AS at FROM generate_series (1, %d) i",
                                          n_rows);

  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, "SET client_min_messages = warning; DROP TABLE IF EXISTS bench_rows"), PGRES_COMMAND_OK);
  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, sql), PGRES_COMMAND_OK);
  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, "VACUUM ANALYZE bench_rows"), PGRES_COMMAND_OK);
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  Work text = { &f, PG_FORMAT_TEXT };
  Work binary = { &f, PG_FORMAT_BINARY };
  const PgBenchContestant in_text[] = {
    { "raw-text", "libpq, not decoded", fetch_raw, &text, 0 },
    { "blocking-text-fetch", "PgConnection, not decoded", fetch_blocking, &text, 0 },
    { "blocking-text", "PgConnection", decode_blocking, &text, 1.1 },
    { "blocking-text-columns", "PgConnection, columns", columns_blocking, &text, 1.1 },
    { "async-text", "PgAsyncConnection", decode_async, &text, 1.1 },
  };
  const PgBenchContestant in_binary[] = {
    { "raw-binary", "libpq, not decoded", fetch_raw, &binary, 0 },
    { "blocking-binary-fetch", "PgConnection, not decoded", fetch_blocking, &binary, 0 },
    { "blocking-binary", "PgConnection", decode_blocking, &binary, 1.1 },
    { "blocking-binary-columns", "PgConnection, columns", columns_blocking, &binary, 1.1 },
    { "async-binary", "PgAsyncConnection", decode_async, &binary, 1.1 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many rows", "N" },
    { NULL },
  };
  g_autofree char *title = NULL;
  g_autofree char *title_binary = NULL;

  pg_bench_begin (&argc, &argv, entries);
  pg_bench_connections_open (&f.conns);
  /* One plan for all: what the server does must not differ. */
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (f.conns.blocking), -1);
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (f.conns.async), -1);
  fill (&f);
  title = g_strdup_printf ("%d rows x 4, text", n_rows);
  title_binary = g_strdup_printf ("%d rows x 4, binary", n_rows);
  if (!pg_bench_connections_pin (&f.conns, FALSE))
    pg_bench_connections_pin (&f.conns, TRUE);
  pg_bench_compare (title, in_text, G_N_ELEMENTS (in_text), 1);
  pg_bench_compare (title_binary, in_binary, G_N_ELEMENTS (in_binary), 1);
  pg_bench_connections_close (&f.conns);
  pg_bench_end ();
  return 0;
}
