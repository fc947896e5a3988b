/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-programs-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

struct _PgTestWatcher
{
  GPid pid;
  int fd;
};

/* Each process leads a group; the group of initdb has others in it, which end when it does.
 *
 * The end of its standard input is the end of whoever holds the other end, for whatever reason: a parent-death signal would
 * come when the thread that started the server ends, and would be lost over setuid(). */
static const char script[] = "trap '' HUP INT QUIT TERM PIPE\n"
                             "signal= process=\n"
                             "while read -r a b; do signal=$a process=$b; done\n"
                             "n=0\n"
                             "if [ -n \"$process\" ]; then\n"
                             "  kill -s \"$signal\" -- \"$process\"\n"
                             "  while [ $n -lt 150 ] && kill -s 0 -- \"-$process\"; do sleep 0.05; n=$((n + 1)); done\n"
                             "  kill -s KILL -- \"-$process\"\n"
                             "fi\n"
                             "n=0\n"
                             "until rm -rf -- \"$@\" || [ $n -ge 50 ]; do sleep 0.1; n=$((n + 1)); done\n";

static void
child_setup (gpointer data)
{
  sigset_t none;

  setsid ();
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

PgTestWatcher *
pg_test_watcher_new (const char *directory, const char *socket_directory, GError **error)
{
  const char *argv[] = { "/bin/sh", "-c", script, "pg-test-server", directory, socket_directory, NULL };
  PgTestWatcher *self;
  int sockets[2];
  GPid pid;
  gboolean started;

  /* A socket and not a pipe, because a program that does not ignore SIGPIPE must not die of it. */
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot create a socket: %s"), g_strerror (code));
      return NULL;
    }
  started = g_spawn_async_with_pipes_and_fds ("/", argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, child_setup, NULL,
                                              sockets[0], -1, -1, NULL, NULL, 0, &pid, NULL, NULL, NULL, error);
  close (sockets[0]);
  if (!started)
    {
      close (sockets[1]);
      return NULL;
    }
  self = g_new0 (PgTestWatcher, 1);
  self->pid = pid;
  self->fd = sockets[1];
  return self;
}

int
pg_test_watcher_get_fd (PgTestWatcher *self)
{
  return self->fd;
}

void
pg_test_watcher_forget_process (PgTestWatcher *self)
{
  ssize_t sent;

  do
    sent = send (self->fd, "\n", 1, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
}

void
pg_test_watcher_free (PgTestWatcher *self)
{
  /* Also ends the script when a copy of this process still holds the descriptor. */
  shutdown (self->fd, SHUT_WR);
  close (self->fd);
  pg_test_process_wait (self->pid, 20 * 1000, NULL, NULL);
  g_spawn_close_pid (self->pid);
  g_free (self);
}

void
pg_test_watcher_abandon (PgTestWatcher *self)
{
  close (self->fd);
  g_free (self);
}
