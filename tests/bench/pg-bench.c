/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-bench.h"

#include <errno.h>
#include <locale.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_CONTESTANTS 8

PgBenchOptions pg_bench_options = { .rounds = 101, .batch = 0 };

static PgTestServer *bench_server;
static char *bench_conninfo;
static char *bench_only;
static int bench_iterations;
static gboolean bench_no_header;
static gboolean bench_only_found;
static cpu_set_t bench_allowed;

static void
print_header (void)
{
  if (bench_no_header || bench_only != NULL || pg_bench_options.own_table)
    return;
  g_print ("%-34s %-28s %10s %10s %7s %7s %7s\n", "work", "by", "wall µs", "CPU µs", "wall ×", "CPU ×", "budget");
}

void
pg_bench_begin (int *argc, char ***argv, const GOptionEntry *entries)
{
  const GOptionEntry own[] = {
    { "conninfo", 0, 0, G_OPTION_ARG_STRING, &bench_conninfo, "Measure this server instead of one of its own", "CONNINFO" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &pg_bench_options.rounds, "How many times each contestant has its turn", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &pg_bench_options.batch, "How many operations a turn has", "N" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &bench_only, "Run one contestant, and measure nothing (for a profiler)", "NAME" },
    { "iterations", 0, 0, G_OPTION_ARG_INT, &bench_iterations, "How many operations with --only", "N" },
    { "no-header", 0, 0, G_OPTION_ARG_NONE, &bench_no_header, "Print no header", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  g_option_context_add_main_entries (context, own, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (2);
    }
  pg_bench_options.rounds = MAX (pg_bench_options.rounds, 1);
  sched_getaffinity (0, sizeof bench_allowed, &bench_allowed);
  if (bench_conninfo == NULL)
    {
      static const char *const configuration[] = {
        "fsync = off", "synchronous_commit = off", "full_page_writes = off", "shared_buffers = 128MB", "work_mem = 64MB", "jit = off", "autovacuum = off",
        "max_parallel_workers_per_gather = 0", "max_connections = 1100",
      };

      bench_server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
      for (guint i = 0; i < G_N_ELEMENTS (configuration); i++)
        pg_test_server_add_configuration (bench_server, configuration[i]);
      if (!pg_test_server_up (bench_server, NULL, &error))
        {
          /* What meson takes for "skipped". */
          g_printerr ("%s\n", error->message);
          exit (77);
        }
      bench_conninfo = g_strdup (pg_test_server_get_conninfo (bench_server));
    }
  print_header ();
}

void
pg_bench_end (void)
{
  g_clear_object (&bench_server);
  g_clear_pointer (&bench_conninfo, g_free);
  if (bench_only != NULL && !bench_only_found)
    g_error ("there is no contestant “%s”", bench_only);
  g_clear_pointer (&bench_only, g_free);
}

const char *
pg_bench_get_conninfo (void)
{
  return bench_conninfo;
}

PgConnection *
pg_bench_open (void)
{
  g_autoptr (GError) error = NULL;
  PgConnection *connection = pg_connection_open (bench_conninfo, NULL, &error);

  if (connection == NULL)
    g_error ("%s", error->message);
  return connection;
}

static void
on_open (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  PgAsyncConnection **connection = data;

  *connection = pg_async_connection_open_finish (result, &error);
  if (*connection == NULL)
    g_error ("%s", error->message);
}

PgAsyncConnection *
pg_bench_open_async (void)
{
  PgAsyncConnection *connection = NULL;

  pg_async_connection_open_async (bench_conninfo, NULL, on_open, &connection);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  return connection;
}

PGconn *
pg_bench_open_raw (void)
{
  PGconn *conn = PQconnectdb (bench_conninfo);

  if (PQstatus (conn) != CONNECTION_OK || PQsetClientEncoding (conn, "UTF8") != 0)
    g_error ("%s", PQerrorMessage (conn));
  return conn;
}

void
pg_bench_check (PGconn *conn, PGresult *result, ExecStatusType status)
{
  if (G_UNLIKELY (PQresultStatus (result) != status))
    g_error ("%s", PQerrorMessage (conn));
  PQclear (result);
}

gboolean
pg_bench_pin (gboolean same, const int *backend_pids, guint n_backends)
{
  int first = -1, last = -1;
  cpu_set_t set;

  for (int i = 0; i < CPU_SETSIZE; i++)
    if (CPU_ISSET (i, &bench_allowed))
      {
        first = first < 0 ? i : first;
        last = i;
      }
  if (!same && first == last)
    return FALSE;
  CPU_ZERO (&set);
  CPU_SET (first, &set);
  if (sched_setaffinity (0, sizeof set, &set) != 0)
    g_printerr ("the processor cannot be chosen: %s\n", g_strerror (errno));
  CPU_ZERO (&set);
  CPU_SET (same ? first : last, &set);
  for (guint i = 0; i < n_backends; i++)
    if (sched_setaffinity (backend_pids[i], sizeof set, &set) != 0)
      g_printerr ("the processor of the server's process cannot be chosen: %s\n", g_strerror (errno));
  return TRUE;
}

void
pg_bench_connections_open (PgBenchConnections *self)
{
  self->raw = pg_bench_open_raw ();
  self->blocking = pg_bench_open ();
  self->async = pg_bench_open_async ();
}

void
pg_bench_connections_close (PgBenchConnections *self)
{
  PQfinish (self->raw);
  g_clear_object (&self->blocking);
  g_clear_object (&self->async);
}

gboolean
pg_bench_connections_pin (PgBenchConnections *self, gboolean same)
{
  const int pids[] = {
    PQbackendPID (self->raw),
    pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (self->blocking)),
    pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (self->async)),
  };

  return pg_bench_pin (same, pids, G_N_ELEMENTS (pids));
}

void
pg_bench_iterate_until (const gboolean *flag)
{
  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
}

static double
now (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Sorts values. */
static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return n % 2 != 0 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static gboolean
run_only (const PgBenchContestant *contestants, guint n_contestants)
{
  if (bench_only == NULL)
    return FALSE;
  for (guint i = 0; i < n_contestants; i++)
    if (g_str_equal (contestants[i].name, bench_only) && !bench_only_found)
      {
        bench_only_found = TRUE;
        contestants[i].run (contestants[i].data, (guint) MAX (bench_iterations, 1));
      }
  return TRUE;
}

void
pg_bench_compare (const char *title, const PgBenchContestant *contestants, guint n_contestants, guint batch)
{
  guint rounds = pg_bench_options.rounds;
  g_autofree double *wall = g_new (double, rounds * n_contestants);
  g_autofree double *cpu = g_new (double, rounds * n_contestants);
  g_autofree double *ratios = g_new (double, rounds);
  g_autofree double *cpu_ratios = g_new (double, rounds);

  g_assert (n_contestants <= MAX_CONTESTANTS);
  if (run_only (contestants, n_contestants))
    return;
  if (pg_bench_options.batch > 0)
    batch = pg_bench_options.batch;

  /* Statements become prepared, caches are filled. */
  for (guint i = 0; i < n_contestants; i++)
    contestants[i].run (contestants[i].data, MIN (batch, 20));
  for (guint round = 0; round < rounds; round++)
    for (guint turn = 0; turn < n_contestants; turn++)
      {
        guint i = round % 2 == 0 ? turn : n_contestants - 1 - turn;
        double wall_start = now (CLOCK_MONOTONIC), cpu_start = now (CLOCK_PROCESS_CPUTIME_ID);

        contestants[i].run (contestants[i].data, batch);
        cpu[i * rounds + round] = (now (CLOCK_PROCESS_CPUTIME_ID) - cpu_start) / batch;
        wall[i * rounds + round] = (now (CLOCK_MONOTONIC) - wall_start) / batch;
      }

  for (guint i = 0; i < n_contestants; i++)
    {
      const PgBenchContestant *contestant = &contestants[i];

      for (guint round = 0; round < rounds; round++)
        {
          ratios[round] = wall[i * rounds + round] / wall[round];
          cpu_ratios[round] = cpu[i * rounds + round] / cpu[round];
        }
      g_print ("%-34s %-28s", title, contestant->label);
      if (i > 0)
        {
          double ratio = median (ratios, rounds);
          g_autofree double *own_wall = g_memdup2 (&wall[i * rounds], rounds * sizeof (double));
          g_autofree double *own_cpu = g_memdup2 (&cpu[i * rounds], rounds * sizeof (double));

          g_print (" %10.2f %10.2f %7.3f %7.3f", median (own_wall, rounds), median (own_cpu, rounds), ratio, median (cpu_ratios, rounds));
          if (contestant->budget > 0)
            g_print (" %7.2f%s", contestant->budget, ratio > contestant->budget ? "  over" : "");
        }
      else
        {
          g_autofree double *own_wall = g_memdup2 (wall, rounds * sizeof (double));
          g_autofree double *own_cpu = g_memdup2 (cpu, rounds * sizeof (double));

          g_print (" %10.2f %10.2f %7.3f %7.3f", median (own_wall, rounds), median (own_cpu, rounds), 1.0, 1.0);
        }
      g_print ("\n");
    }
}
