/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Many queries of one row, each with its own result: libpq's pipeline, PgPipeline and PgAsyncPipeline, and libpq one after the other. */

#include "pg-bench.h"

#include <poll.h>
#include <string.h>

#define QUERY "SELECT $1 + 1"

typedef struct
{
  PgBenchConnections conns;
} Fixture;

static int n_queries = 10000;

static void
set_number (guint32 *number, int value)
{
  *number = GUINT32_TO_BE ((guint32) value);
}

static void
check_raw (PGconn *conn, PGresult *result, int index)
{
  guint32 number;

  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s", PQerrorMessage (conn));
  memcpy (&number, PQgetvalue (result, 0, 0), 4);
  g_assert_cmpint ((int) GUINT32_FROM_BE (number), ==, index + 1);
  PQclear (result);
}

static void
send_raw (PGconn *conn, int index)
{
  guint32 number;
  const char *values[] = { (const char *) &number };
  const int lengths[] = { 4 }, formats[] = { 1 };

  set_number (&number, index);
  if (!PQsendQueryPrepared (conn, "q", 1, values, lengths, formats, 1))
    g_error ("%s", PQerrorMessage (conn));
}

static void
take_raw (PGconn *conn, int *n_answered)
{
  while (*n_answered < n_queries && !PQisBusy (conn))
    {
      PGresult *result = PQgetResult (conn);

      if (result == NULL)
        continue;
      check_raw (conn, result, (*n_answered)++);
    }
}

/* As one would write it by hand: reads whenever the socket takes no more. */
static void
run_raw (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      PGresult *result;
      int n_answered = 0;

      PQsetnonblocking (f->conns.raw, 1);
      PQenterPipelineMode (f->conns.raw);
      for (int n = 0; n < n_queries; n++)
        {
          send_raw (f->conns.raw, n);
          while (n % 64 == 63 && PQflush (f->conns.raw) == 1)
            {
              struct pollfd fd = { PQsocket (f->conns.raw), POLLIN | POLLOUT, 0 };

              poll (&fd, 1, -1);
              PQconsumeInput (f->conns.raw);
              take_raw (f->conns.raw, &n_answered);
            }
        }
      PQpipelineSync (f->conns.raw);
      PQsetnonblocking (f->conns.raw, 0);
      while (n_answered < n_queries)
        if ((result = PQgetResult (f->conns.raw)) != NULL)
          check_raw (f->conns.raw, result, n_answered++);
      while ((result = PQgetResult (f->conns.raw)) == NULL)
        ;
      pg_bench_check (f->conns.raw, result, PGRES_PIPELINE_SYNC);
      PQexitPipelineMode (f->conns.raw);
    }
}

static void
run_loop (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    for (int n = 0; n < n_queries; n++)
      {
        guint32 number;
        const char *values[] = { (const char *) &number };
        const int lengths[] = { 4 }, formats[] = { 1 };

        set_number (&number, n);
        check_raw (f->conns.raw, PQexecPrepared (f->conns.raw, "q", 1, values, lengths, formats, 1), n);
      }
}

static void
check (gpointer cursor, int index, GError *error)
{
  if (cursor == NULL || error != NULL)
    g_error ("%s", error->message);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, &error), ==, index + 1);
}

static void
run_blocking (gpointer data, guint count)
{
  Fixture *f = data;
  g_autofree PgCursor **cursors = g_new (PgCursor *, n_queries);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgPipeline) pipeline = pg_connection_pipeline (f->conns.blocking);

      if (!pg_pipeline_begin (pipeline, NULL, &error))
        g_error ("%s", error->message);
      for (int n = 0; n < n_queries; n++)
        cursors[n] = pg_connection_execute (f->conns.blocking, QUERY, g_variant_new ("(i)", n), NULL, &error);
      if (!pg_pipeline_end (pipeline, NULL, &error))
        g_error ("%s", error->message);
      for (int n = 0; n < n_queries; n++)
        {
          pg_cursor_wait (cursors[n], NULL, &error);
          check (cursors[n], n, error);
          g_object_unref (cursors[n]);
        }
    }
}

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  int *n = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  check (cursor, (*n)++, error);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!pg_async_pipeline_end_finish (PG_ASYNC_PIPELINE (source), result, &error))
    g_error ("%s", error->message);
  *(gboolean *) data = TRUE;
}

static void
run_async (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgAsyncPipeline) pipeline = pg_async_connection_pipeline (f->conns.async);
      gboolean ended = FALSE;
      int n_answered = 0;

      pg_async_pipeline_begin_async (pipeline, NULL, NULL, NULL);
      for (int n = 0; n < n_queries; n++)
        pg_async_connection_execute_async (f->conns.async, QUERY, g_variant_new ("(i)", n), NULL, on_executed, &n_answered);
      pg_async_pipeline_end_async (pipeline, NULL, on_ended, &ended);
      pg_bench_iterate_until (&ended);
      g_assert_cmpint (n_answered, ==, n_queries);
    }
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant contestants[] = {
    { "raw", "libpq, pipeline", run_raw, &f, 0 },
    { "blocking", "PgPipeline", run_blocking, &f, 0 },
    { "async", "PgAsyncPipeline", run_async, &f, 0 },
    { "loop", "libpq, one after the other", run_loop, &f, 0 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_queries, "How many queries", "N" },
    { NULL },
  };
  const Oid types[] = { 23 };
  g_autofree char *title = NULL;

  pg_bench_begin (&argc, &argv, entries);
  pg_bench_connections_open (&f.conns);
  pg_bench_check (f.conns.raw, PQprepare (f.conns.raw, "q", QUERY, 1, types), PGRES_COMMAND_OK);
  if (!pg_bench_connections_pin (&f.conns, FALSE))
    pg_bench_connections_pin (&f.conns, TRUE);
  title = g_strdup_printf ("pipeline, %d queries of one row", n_queries);
  pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 1);
  pg_bench_connections_close (&f.conns);
  pg_bench_end ();
  return 0;
}
