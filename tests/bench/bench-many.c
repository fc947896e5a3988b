/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One statement with many sets of parameters: libpq's pipeline, and execute_many(). */

#include "pg-bench.h"

#include <poll.h>
#include <string.h>

#define INSERT "INSERT INTO bench_many VALUES ($1, $2, $3)"

typedef struct
{
  PgBenchConnections conns;
  GVariant *sets;
  PgParamsBatch *batch;
} Fixture;

static int n_rows = 20000;

static void
take_raw (PGconn *conn, int *n_answered, gboolean all)
{
  for (;;)
    {
      PGresult *result;

      if (!all && PQisBusy (conn))
        return;
      result = PQgetResult (conn);
      if (result == NULL)
        continue;
      if (PQresultStatus (result) == PGRES_PIPELINE_SYNC)
        {
          PQclear (result);
          return;
        }
      pg_bench_check (conn, result, PGRES_COMMAND_OK);
      /* The end of its answer. */
      result = PQgetResult (conn);
      g_assert_null (result);
      if (++*n_answered == n_rows + 1 && !all)
        return;
    }
}

/* As one would write it by hand: reads whenever the socket takes no more. */
static void
run_raw (gpointer data, guint count)
{
  Fixture *f = data;
  const int formats[] = { 1, 0, 1 };
  const Oid types[] = { 20, 0, 701 };

  for (guint i = 0; i < count; i++)
    {
      int n_answered = 0;

      PQsetnonblocking (f->conns.raw, 1);
      PQenterPipelineMode (f->conns.raw);
      PQsendPrepare (f->conns.raw, "", INSERT, 3, types);
      for (int row = 0; row < n_rows; row++)
        {
          guint64 id = GUINT64_TO_BE ((guint64) row), ratio;
          const double number = row * 1.25;
          char text[32];
          const char *values[] = { (const char *) &id, text, (const char *) &ratio };
          const int lengths[] = { 8, g_snprintf (text, sizeof text, "name of %d", row), 8 };

          memcpy (&ratio, &number, 8);
          ratio = GUINT64_TO_BE (ratio);
          if (!PQsendQueryPrepared (f->conns.raw, "", 3, values, lengths, formats, 0))
            g_error ("%s", PQerrorMessage (f->conns.raw));
          if (row % 256 == 255)
            {
              PQconsumeInput (f->conns.raw);
              take_raw (f->conns.raw, &n_answered, FALSE);
              while (PQflush (f->conns.raw) == 1)
                {
                  struct pollfd fd = { PQsocket (f->conns.raw), POLLIN | POLLOUT, 0 };

                  poll (&fd, 1, -1);
                  PQconsumeInput (f->conns.raw);
                  take_raw (f->conns.raw, &n_answered, FALSE);
                }
            }
        }
      PQpipelineSync (f->conns.raw);
      PQsetnonblocking (f->conns.raw, 0);
      take_raw (f->conns.raw, &n_answered, TRUE);
      PQexitPipelineMode (f->conns.raw);
    }
}

static void
check (gpointer cursor, gboolean ok, GError *error)
{
  if (!ok)
    g_error ("%s", error->message);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, n_rows);
}

static void
run_variant (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (f->conns.blocking, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    check (cursor, pg_cursor_execute_many (cursor, INSERT, f->sets, PG_EXECUTE_MANY_NONE, NULL, &error), error);
}

static void
run_batch (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (f->conns.blocking, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    check (cursor, pg_cursor_execute_batch (cursor, INSERT, f->batch, PG_EXECUTE_MANY_NONE, NULL, &error), error);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
run_async (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_cursor (f->conns.async, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      pg_async_cursor_execute_batch_async (cursor, INSERT, f->batch, PG_EXECUTE_MANY_NONE, NULL, keep_result, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      check (cursor, pg_async_cursor_execute_batch_finish (cursor, result, &error), error);
    }
}

static void
fill (Fixture *f)
{
  GVariantBuilder builder;
  gint64 *ids = g_new (gint64, n_rows);
  double *ratios = g_new (double, n_rows);
  GString *names = g_string_new (NULL);
  g_autoptr (GBytes) id_bytes = NULL;
  g_autoptr (GBytes) name_bytes = NULL;
  g_autoptr (GBytes) ratio_bytes = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xsd)"));
  for (int i = 0; i < n_rows; i++)
    {
      g_autofree char *name = g_strdup_printf ("name of %d", i);

      ids[i] = i;
      ratios[i] = i * 1.25;
      g_string_append_len (names, name, (gssize) strlen (name) + 1);
      g_variant_builder_add (&builder, "(xsd)", ids[i], name, ratios[i]);
    }
  f->sets = g_variant_ref_sink (g_variant_builder_end (&builder));
  id_bytes = g_bytes_new_take (ids, (gsize) n_rows * sizeof *ids);
  ratio_bytes = g_bytes_new_take (ratios, (gsize) n_rows * sizeof *ratios);
  name_bytes = g_string_free_to_bytes (names);
  f->batch = pg_params_batch_new ();
  pg_params_batch_add_integer_column (f->batch, id_bytes, sizeof *ids, NULL);
  pg_params_batch_add_text_column (f->batch, 0, name_bytes, NULL);
  pg_params_batch_add_double_column (f->batch, ratio_bytes, NULL);
  pg_bench_check (f->conns.raw,
                  PQexec (f->conns.raw, "SET client_min_messages = warning; DROP TABLE IF EXISTS bench_many;"
                                  " CREATE UNLOGGED TABLE bench_many (id int8, name text, ratio float8)"),
                  PGRES_COMMAND_OK);
}

static void
set_autocommit (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pg_async_connection_set_autocommit_async (f->conns.async, TRUE, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!pg_connection_set_autocommit (f->conns.blocking, TRUE, NULL, &error) || !pg_async_connection_set_autocommit_finish (f->conns.async, result, &error))
    g_error ("%s", error->message);
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant contestants[] = {
    { "raw", "libpq, pipeline", run_raw, &f, 0 },
    { "blocking-variant", "PgConnection, GVariant", run_variant, &f, 1.1 },
    { "blocking-batch", "PgConnection, PgParamsBatch", run_batch, &f, 1.1 },
    { "async-batch", "PgAsyncConnection, the same", run_async, &f, 1.1 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many sets of parameters", "N" },
    { NULL },
  };
  g_autofree char *title = NULL;

  pg_bench_begin (&argc, &argv, entries);
  pg_bench_connections_open (&f.conns);
  fill (&f);
  set_autocommit (&f);
  if (!pg_bench_connections_pin (&f.conns, FALSE))
    pg_bench_connections_pin (&f.conns, TRUE);
  title = g_strdup_printf ("executemany, %d inserts", n_rows);
  pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 1);
  pg_bench_connections_close (&f.conns);
  g_variant_unref (f.sets);
  pg_params_batch_unref (f.batch);
  pg_bench_end ();
  return 0;
}
