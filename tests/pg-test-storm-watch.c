/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-storm.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_NOTES 200
#define PATIENCE 60

static struct
{
  GMutex mutex;
  char notes[N_NOTES][200];
  guint n;
  char heading[200]; /* the first one of the round */
  gboolean verbose;
  gint64 last;
} watch;

static void
print_note (const char *note)
{
  if (write (STDERR_FILENO, "# ", 2) < 0 || write (STDERR_FILENO, note, strlen (note)) < 0 || write (STDERR_FILENO, "\n", 1) < 0)
    return;
}

void
pg_test_storm_watch_round (const char *heading)
{
  g_strlcpy (watch.heading, heading, sizeof watch.heading);
  pg_test_storm_note ("%s", heading);
}

void
pg_test_storm_note (const char *format, ...)
{
  va_list args;

  g_mutex_lock (&watch.mutex);
  va_start (args, format);
  g_vsnprintf (watch.notes[watch.n % N_NOTES], sizeof watch.notes[0], format, args);
  va_end (args);
  if (watch.verbose)
    fprintf (stderr, "# %s\n", watch.notes[watch.n % N_NOTES]);
  watch.n++;
  watch.last = g_get_monotonic_time ();
  g_mutex_unlock (&watch.mutex);
}

/* Without the lock: whoever has it may be the one that was aborted. */
static void
on_abort (int number)
{
  print_note (watch.heading);
  for (guint i = watch.n > N_NOTES ? watch.n - N_NOTES : 0; i < watch.n; i++)
    print_note (watch.notes[i % N_NOTES]);
  signal (number, SIG_DFL);
  raise (number);
}

static gpointer
watch_thread (gpointer data)
{
  const gint64 patience = PATIENCE * (g_getenv ("PG_TEST_VALGRIND") != NULL ? 20 : 1) * G_TIME_SPAN_SECOND;

  for (;;)
    {
      gboolean over;

      g_usleep (G_USEC_PER_SEC);
      g_mutex_lock (&watch.mutex);
      over = g_get_monotonic_time () - watch.last > patience;
      g_mutex_unlock (&watch.mutex);
      if (over)
        g_error ("nothing has happened for a long time: a call hangs");
    }
  return NULL;
}

void
pg_test_storm_watch (void)
{
  static gsize started;

  if (!g_once_init_enter (&started))
    return;
  watch.verbose = g_getenv ("PGCONN_TEST_STORM_VERBOSE") != NULL;
  watch.last = g_get_monotonic_time ();
  signal (SIGABRT, on_abort);
  signal (SIGTRAP, on_abort);
  g_thread_unref (g_thread_new ("storm-watch", watch_thread, NULL));
  g_once_init_leave (&started, 1);
}
