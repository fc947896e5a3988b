/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program that Meson ends because its time is up says where each of its threads is. In the signal handler there is nothing but system calls:
   the thread that hangs may have any lock. */

#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_EXECINFO_H
#include <dirent.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

#define FRAMES 64
/* Meson kills half a second after the first signal. A thread that blocks signals does not answer. */
#define PATIENCE 50

struct linux_dirent64
{
  guint64 d_ino;
  gint64 d_off;
  unsigned short d_reclen;
  unsigned char d_type;
  char d_name[];
};

static volatile sig_atomic_t n_answers;

static void
print (const char *text)
{
  if (write (STDERR_FILENO, text, strlen (text)) < 0)
    return;
}

static void
on_thread (int number)
{
  void *frames[FRAMES];
  int n = backtrace (frames, FRAMES);

  print ("# a thread:\n");
  backtrace_symbols_fd (frames, n, STDERR_FILENO);
  n_answers++;
}

static void
ask_thread (long id)
{
  sig_atomic_t before = n_answers;

  if (syscall (SYS_tgkill, getpid (), id, SIGUSR2) != 0)
    return;
  for (int i = 0; i < PATIENCE && n_answers == before; i++)
    poll (NULL, 0, 1);
}

static void
on_term (int number)
{
  char buffer[4096];
  long n;
  int fd = open ("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  print ("# ended by SIGTERM in ");
  print (g_test_get_path ());
  print ("\n");
  while (fd >= 0 && (n = syscall (SYS_getdents64, fd, buffer, sizeof buffer)) > 0)
    for (long at = 0; at < n;)
      {
        struct linux_dirent64 *entry = (gpointer) (buffer + at);
        long id = strtol (entry->d_name, NULL, 10);

        if (id > 0)
          ask_thread (id);
        at += entry->d_reclen;
      }
  signal (number, SIG_DFL);
  raise (number);
}

static void __attribute__ ((constructor))
watch_for_hang (void)
{
  void *frame;

  /* The first call loads a library. */
  backtrace (&frame, 1);
  signal (SIGUSR2, on_thread);
  signal (SIGTERM, on_term);
}
#endif
