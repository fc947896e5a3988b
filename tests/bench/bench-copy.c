/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* COPY in both directions: row by row, and in blocks. */

#include "pg-bench.h"

#include <string.h>

#define COPY_IN "COPY bench_copy FROM STDIN"
#define COPY_OUT "COPY bench_copy_rows TO STDOUT"
#define ROW "12345\tthe name of something\t2.25\t2024-02-29 12:00:00.25+00\n"

typedef struct
{
  PgBenchConnections conns;
  char *data;
  gsize size;
} Fixture;

static int n_rows = 100000;

static void
raw_in (Fixture *f, guint count, gsize piece)
{
  for (guint i = 0; i < count; i++)
    {
      pg_bench_check (f->conns.raw, PQexec (f->conns.raw, "TRUNCATE bench_copy"), PGRES_COMMAND_OK);
      pg_bench_check (f->conns.raw, PQexec (f->conns.raw, COPY_IN), PGRES_COPY_IN);
      for (gsize at = 0; at < f->size; at += piece)
        if (PQputCopyData (f->conns.raw, f->data + at, (int) MIN (piece, f->size - at)) != 1)
          g_error ("%s", PQerrorMessage (f->conns.raw));
      PQputCopyEnd (f->conns.raw, NULL);
      pg_bench_check (f->conns.raw, PQgetResult (f->conns.raw), PGRES_COMMAND_OK);
      g_assert_null (PQgetResult (f->conns.raw));
    }
}

static void
raw_in_rows (gpointer data, guint count)
{
  raw_in (data, count, strlen (ROW));
}

static void
raw_in_blocks (gpointer data, guint count)
{
  raw_in (data, count, 64 * 1024);
}

static void
blocking_in (Fixture *f, guint count, gsize piece)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_execute (f->conns.blocking, "TRUNCATE bench_copy", NULL, NULL, &error);
      g_autoptr (PgCopyOutputStream) stream = pg_connection_copy_in (f->conns.blocking, COPY_IN, NULL, &error);

      for (gsize at = 0; error == NULL && at < f->size; at += piece)
        g_output_stream_write_all (G_OUTPUT_STREAM (stream), f->data + at, MIN (piece, f->size - at), NULL, NULL, &error);
      if (error != NULL || !g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, &error))
        g_error ("%s", error->message);
    }
}

static void
blocking_in_rows (gpointer data, guint count)
{
  blocking_in (data, count, strlen (ROW));
}

static void
blocking_in_blocks (gpointer data, guint count)
{
  blocking_in (data, count, 64 * 1024);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
async_in_blocks (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GAsyncResult) truncated = NULL, begun = NULL, closed = NULL;
      g_autoptr (PgAsyncCursor) cursor = NULL;
      g_autoptr (PgCopyOutputStream) stream = NULL;

      pg_async_connection_execute_async (f->conns.async, "TRUNCATE bench_copy", NULL, NULL, keep_result, &truncated);
      cursor = pg_async_connection_execute_finish (f->conns.async, wait_for (&truncated), &error);
      pg_async_connection_copy_in_async (f->conns.async, COPY_IN, NULL, keep_result, &begun);
      stream = pg_async_connection_copy_in_finish (f->conns.async, wait_for (&begun), &error);
      for (gsize at = 0; error == NULL && at < f->size; at += 64 * 1024)
        {
          g_autoptr (GAsyncResult) written = NULL;

          g_output_stream_write_all_async (G_OUTPUT_STREAM (stream), f->data + at, MIN (64 * 1024, f->size - at), 0, NULL, keep_result, &written);
          g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), wait_for (&written), NULL, &error);
        }
      if (error != NULL)
        g_error ("%s", error->message);
      g_output_stream_close_async (G_OUTPUT_STREAM (stream), 0, NULL, keep_result, &closed);
      if (!g_output_stream_close_finish (G_OUTPUT_STREAM (stream), wait_for (&closed), &error))
        g_error ("%s", error->message);
    }
}

static void
raw_out (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      char *row;
      gsize size = 0;
      int n;

      pg_bench_check (f->conns.raw, PQexec (f->conns.raw, COPY_OUT), PGRES_COPY_OUT);
      while ((n = PQgetCopyData (f->conns.raw, &row, FALSE)) > 0)
        {
          size += (gsize) n;
          PQfreemem (row);
        }
      pg_bench_check (f->conns.raw, PQgetResult (f->conns.raw), PGRES_COMMAND_OK);
      g_assert_null (PQgetResult (f->conns.raw));
      g_assert_cmpuint (size, ==, f->size);
    }
}

static void
blocking_out (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *buffer = g_malloc (64 * 1024);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgCopyInputStream) stream = pg_connection_copy_out (f->conns.blocking, COPY_OUT, NULL, &error);
      gsize size = 0;
      gssize n;

      while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, 64 * 1024, NULL, &error)) > 0)
        size += (gsize) n;
      if (error != NULL)
        g_error ("%s", error->message);
      g_assert_cmpuint (size, ==, f->size);
    }
}

static void
async_out (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *buffer = g_malloc (64 * 1024);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GAsyncResult) begun = NULL;
      g_autoptr (PgCopyInputStream) stream = NULL;
      gsize size = 0;
      gssize n;

      pg_async_connection_copy_out_async (f->conns.async, COPY_OUT, NULL, keep_result, &begun);
      stream = pg_async_connection_copy_out_finish (f->conns.async, wait_for (&begun), &error);
      do
        {
          g_autoptr (GAsyncResult) result = NULL;

          g_input_stream_read_async (G_INPUT_STREAM (stream), buffer, 64 * 1024, 0, NULL, keep_result, &result);
          n = g_input_stream_read_finish (G_INPUT_STREAM (stream), wait_for (&result), &error);
          if (error != NULL)
            g_error ("%s", error->message);
          size += (gsize) n;
        }
      while (n > 0);
      g_assert_cmpuint (size, ==, f->size);
    }
}

static void
fill (Fixture *f)
{
  gsize length = strlen (ROW);

  f->size = length * (gsize) n_rows;
  f->data = g_malloc (f->size);
  for (int i = 0; i < n_rows; i++)
    memcpy (f->data + length * (gsize) i, ROW, length);
  pg_bench_check (f->conns.raw,
                  PQexec (f->conns.raw, "SET client_min_messages = warning; DROP TABLE IF EXISTS bench_copy, bench_copy_rows;"
                                  " CREATE UNLOGGED TABLE bench_copy (id int8, name text, ratio float8, at text);"
                                  " CREATE UNLOGGED TABLE bench_copy_rows (LIKE bench_copy)"),
                  PGRES_COMMAND_OK);
  raw_in (f, 1, 64 * 1024);
  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, "INSERT INTO bench_copy_rows TABLE bench_copy"), PGRES_COMMAND_OK);
  pg_bench_check (f->conns.raw, PQexec (f->conns.raw, "VACUUM ANALYZE bench_copy_rows"), PGRES_COMMAND_OK);
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant in[] = {
    { "raw-in-rows", "libpq, row by row", raw_in_rows, &f, 0 },
    { "blocking-in-rows", "PgConnection, row by row", blocking_in_rows, &f, 1.05 },
    { "raw-in-blocks", "libpq, in blocks", raw_in_blocks, &f, 0 },
    { "blocking-in-blocks", "PgConnection, in blocks", blocking_in_blocks, &f, 1.05 },
    { "async-in-blocks", "PgAsyncConnection, in blocks", async_in_blocks, &f, 1.05 },
  };
  const PgBenchContestant out[] = {
    { "raw-out", "libpq", raw_out, &f, 0 },
    { "blocking-out", "PgConnection", blocking_out, &f, 1.05 },
    { "async-out", "PgAsyncConnection", async_out, &f, 1.05 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many rows", "N" },
    { NULL },
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *title_in = NULL;
  g_autofree char *title_out = NULL;

  pg_bench_begin (&argc, &argv, entries);
  pg_bench_connections_open (&f.conns);
  /* Each truncates the table that all of them fill. */
  pg_async_connection_set_autocommit_async (f.conns.async, TRUE, NULL, keep_result, &result);
  if (!pg_connection_set_autocommit (f.conns.blocking, TRUE, NULL, &error) || !pg_async_connection_set_autocommit_finish (f.conns.async, wait_for (&result), &error))
    g_error ("%s", error->message);
  fill (&f);
  if (!pg_bench_connections_pin (&f.conns, FALSE))
    pg_bench_connections_pin (&f.conns, TRUE);
  title_in = g_strdup_printf ("COPY in, %d rows", n_rows);
  title_out = g_strdup_printf ("COPY out, %d rows", n_rows);
  pg_bench_compare (title_in, in, G_N_ELEMENTS (in), 1);
  pg_bench_compare (title_out, out, G_N_ELEMENTS (out), 1);
  pg_bench_connections_close (&f.conns);
  g_free (f.data);
  pg_bench_end ();
  return 0;
}
