/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Many connections of one process, and nothing to do: the memory that each takes, when it is open and when it has executed a prepared statement, and how often
 * the main loop wakes up for them. */

#include "pg-bench.h"

#include <malloc.h>

#define ONE_ROW "SELECT 42"
#define BUDGET 40. /* KiB each beyond libpq's own */

static int n_connections = 1000;

/* What has been allocated and not freed: unlike what the kernel says of the process it is the same each time. */
static double
get_kib (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (double) (info.uordblks + info.hblkhd) / 1024;
}

/* --- libpq --- */

static gpointer
open_raw (void)
{
  return pg_bench_open_raw ();
}

static void
use_raw (gpointer connection)
{
  pg_bench_check (connection, PQprepare (connection, "one_row", ONE_ROW, 0, NULL), PGRES_COMMAND_OK);
  pg_bench_check (connection, PQexecPrepared (connection, "one_row", 0, NULL, NULL, NULL, 0), PGRES_TUPLES_OK);
}

static void
close_raw (gpointer connection)
{
  PQfinish (connection);
}

/* --- the blocking driver, with and without a source in the main loop --- */

static gpointer
open_blocking (void)
{
  return pg_bench_open ();
}

static gpointer
open_attached (void)
{
  PgConnection *connection = pg_bench_open ();

  pg_connection_attach (connection, NULL);
  return connection;
}

static void
use_blocking (gpointer connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = NULL;

  pg_base_connection_set_prepare_threshold (connection, 0);
  cursor = pg_connection_execute (connection, ONE_ROW, NULL, NULL, &error);
  if (cursor == NULL || !pg_connection_commit (connection, NULL, &error))
    g_error ("%s", error->message);
}

/* --- the main-loop driver --- */

static gpointer
open_async (void)
{
  return pg_bench_open_async ();
}

static void
on_committed (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  if (!pg_async_connection_commit_finish (PG_ASYNC_CONNECTION (source), result, &error))
    g_error ("%s", error->message);
  *(gboolean *) done = TRUE;
}

static void
on_executed (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  if (cursor == NULL)
    g_error ("%s", error->message);
  pg_async_connection_commit_async (PG_ASYNC_CONNECTION (source), NULL, on_committed, done);
}

static void
use_async (gpointer connection)
{
  gboolean done = FALSE;

  pg_base_connection_set_prepare_threshold (connection, 0);
  pg_async_connection_execute_async (connection, ONE_ROW, NULL, NULL, on_executed, &done);
  pg_bench_iterate_until (&done);
}

/* --- */

static gboolean
on_second_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

/* In a second, but for the one at its end. */
static guint
count_wake_ups (void)
{
  gboolean over = FALSE;
  guint n = 0;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_timeout_add (1000, on_second_over, &over);
  while (!over)
    {
      g_main_context_iteration (NULL, TRUE);
      n += !over;
    }
  return n;
}

typedef struct
{
  const char *label;
  gpointer (*open) (void);
  void (*use) (gpointer connection);
  void (*close) (gpointer connection);
  double kib[2]; /* each: open, and used */
  guint wake_ups[2];
} Kind;

static void
measure (Kind *kind)
{
  g_autofree gpointer *connections = g_new (gpointer, n_connections);
  double before;
  gpointer first;

  /* What is made once in a process. */
  first = kind->open ();
  kind->use (first);
  before = get_kib ();
  for (int i = 0; i < n_connections; i++)
    connections[i] = kind->open ();
  kind->kib[0] = (get_kib () - before) / n_connections;
  kind->wake_ups[0] = count_wake_ups ();
  for (int i = 0; i < n_connections; i++)
    kind->use (connections[i]);
  kind->kib[1] = (get_kib () - before) / n_connections;
  kind->wake_ups[1] = count_wake_ups ();
  for (int i = 0; i < n_connections; i++)
    kind->close (connections[i]);
  kind->close (first);
}

int
main (int argc, char **argv)
{
  static const char *const titles[] = { "idle connections, open", "idle connections, used" };
  Kind kinds[] = {
    { "libpq", open_raw, use_raw, close_raw },
    { "PgConnection", open_blocking, use_blocking, g_object_unref },
    { "PgConnection, attached", open_attached, use_blocking, g_object_unref },
    { "PgAsyncConnection", open_async, use_async, g_object_unref },
  };
  const GOptionEntry entries[] = {
    { "connections", 0, 0, G_OPTION_ARG_INT, &n_connections, "How many connections", "N" },
    { NULL },
  };

  pg_bench_options.own_table = TRUE;
  pg_bench_begin (&argc, &argv, entries);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    measure (&kinds[i]);
  g_print ("%-34s %-28s %10s %10s %7s %7s %7s\n", "work", "by", "KiB each", "wake-ups/s", "KiB ×", "more", "budget");
  for (guint used = 0; used < G_N_ELEMENTS (titles); used++)
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      {
        const double more = kinds[i].kib[used] - kinds[0].kib[used];
        g_autofree char *title = g_strdup_printf ("%d %s", n_connections, titles[used]);

        g_print ("%-34s %-28s %10.2f %10u %7.3f %7.3f", title, kinds[i].label, kinds[i].kib[used], kinds[i].wake_ups[used],
                 kinds[i].kib[used] / kinds[0].kib[used], MAX (more, 0));
        if (i > 0)
          g_print (" %7.2f%s", BUDGET, more > BUDGET || kinds[i].wake_ups[used] > 0 ? "  over" : "");
        g_print ("\n");
      }
  pg_bench_end ();
  return 0;
}
