/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-pipe-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

gboolean
pg_pipe_open (int fds[2], GError **error)
{
  int number;

  /* What g_unix_open_pipe() takes for close-on-exec is not the same in all versions of GLib. */
  if (pipe2 (fds, O_CLOEXEC | O_NONBLOCK) == 0)
    return TRUE;
  number = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("a pipe cannot be made: %s"), g_strerror (number));
  return FALSE;
}

void
pg_pipe_write (int fd)
{
  gssize n;

  do
    n = write (fd, "", 1);
  while (n < 0 && errno == EINTR);
}
