/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "pg-bench-watch.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_USEC 16000

/**
 * PgBenchWatch:
 *
 * Watches the default main context while something runs in it: how late a source of 60 Hz is, how long its turns are, and how large the process becomes.
 *
 * A source that is due waits for the turn that goes on then, and for the machine, which may give the processor to others. How much of a turn was the thread's
 * own work is therefore counted apart.
 */
struct _PgBenchWatch
{
  GObject parent_instance;

  GSource *tick;
  GPollFunc poll;
  gint64 late;
  /* What the turn under way began with, and the longest turns: in nanoseconds. */
  gint64 turn_begin;
  gint64 work_begin;
  gint64 longest_turn;
  gint64 longest_work;
  gint64 first_size;
  gint64 largest_size;
};

G_DEFINE_FINAL_TYPE (PgBenchWatch, pg_bench_watch, G_TYPE_OBJECT)

/* The function that polls is given no data. */
static PgBenchWatch *watching;

static gint64
get_nanoseconds (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
begin_turn (PgBenchWatch *self)
{
  self->turn_begin = get_nanoseconds (CLOCK_MONOTONIC);
  self->work_begin = get_nanoseconds (CLOCK_THREAD_CPUTIME_ID);
}

static void
end_turn (PgBenchWatch *self)
{
  self->longest_work = MAX (self->longest_work, get_nanoseconds (CLOCK_THREAD_CPUTIME_ID) - self->work_begin);
  self->longest_turn = MAX (self->longest_turn, get_nanoseconds (CLOCK_MONOTONIC) - self->turn_begin);
}

static gint
poll_between_turns (GPollFD *fds, guint n_fds, gint timeout)
{
  gint n_ready;

  end_turn (watching);
  n_ready = watching->poll (fds, n_fds, timeout);
  begin_turn (watching);
  return n_ready;
}

/**
 * pg_bench_get_size:
 *
 * What of the process is resident, in bytes.
 */
gint64
pg_bench_get_size (void)
{
  g_autofree char *text = NULL;
  const char *resident;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || (resident = strchr (text, ' ')) == NULL)
    return 0;
  return g_ascii_strtoll (resident, NULL, 10) * sysconf (_SC_PAGESIZE);
}

static gboolean
tick_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  const gint64 now = g_get_monotonic_time ();

  watching->late = MAX (watching->late, now - g_source_get_ready_time (source));
  watching->largest_size = MAX (watching->largest_size, pg_bench_get_size ());
  g_source_set_ready_time (source, g_get_monotonic_time () + PERIOD_USEC);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs tick_funcs = { .dispatch = tick_dispatch };

static void
pg_bench_watch_class_init (PgBenchWatchClass *klass)
{
}

static void
pg_bench_watch_init (PgBenchWatch *self)
{
}

PgBenchWatch *
pg_bench_watch_new (void)
{
  return g_object_new (PG_BENCH_TYPE_WATCH, NULL);
}

/**
 * pg_bench_watch_start:
 *
 * Begins to watch, one at a time.
 */
void
pg_bench_watch_start (PgBenchWatch *self)
{
  GMainContext *context = g_main_context_default ();

  g_assert (watching == NULL);
  watching = self;
  self->first_size = self->largest_size = pg_bench_get_size ();
  self->late = self->longest_turn = self->longest_work = 0;
  self->poll = g_main_context_get_poll_func (context);
  g_main_context_set_poll_func (context, poll_between_turns);
  self->tick = g_source_new (&tick_funcs, sizeof (GSource));
  g_source_set_ready_time (self->tick, g_get_monotonic_time () + PERIOD_USEC);
  g_source_attach (self->tick, context);
  begin_turn (self);
}

void
pg_bench_watch_stop (PgBenchWatch *self)
{
  g_assert (watching == self);
  end_turn (self);
  g_main_context_set_poll_func (g_main_context_default (), self->poll);
  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  watching = NULL;
}

/**
 * pg_bench_watch_dup_report:
 *
 * What was seen between start and stop, for a reader.
 */
char *
pg_bench_watch_dup_report (PgBenchWatch *self)
{
  return g_strdup_printf ("%.1f MiB more at most, main loop late by %.2f ms at most, longest turn %.2f ms, most work in a turn %.2f ms",
                          (double) (self->largest_size - self->first_size) / (1024 * 1024), (double) self->late / 1e3, (double) self->longest_turn / 1e6,
                          (double) self->longest_work / 1e6);
}
