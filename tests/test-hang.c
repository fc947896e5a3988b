/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib.h>
#include <signal.h>
#include <unistd.h>

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean waiting;
} Wait;

static gpointer
wait_in_thread (gpointer data)
{
  Wait *wait = data;

  g_mutex_lock (&wait->mutex);
  wait->waiting = TRUE;
  g_cond_signal (&wait->cond);
  g_mutex_unlock (&wait->mutex);
  for (;;)
    pause ();
  return NULL;
}

/* What Meson does to a program whose time is up. */
static void
test_says_where (void)
{
  g_test_summary ("A test program that is ended because its time is up says which test it was in, and where each of its threads was.");
#ifdef HAVE_EXECINFO_H
  if (g_test_subprocess ())
    {
      Wait wait = { 0 };

      g_mutex_lock (&wait.mutex);
      g_thread_unref (g_thread_new ("waits", wait_in_thread, &wait));
      while (!wait.waiting)
        g_cond_wait (&wait.cond, &wait.mutex);
      raise (SIGTERM);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*ended by SIGTERM in /pg/hang/says-where*# a thread:*# a thread:*");
  g_test_trap_assert_stderr ("*test-hang(*");
#else
  g_test_skip ("no backtrace() here");
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/hang/says-where", test_says_where);
  return g_test_run ();
}
