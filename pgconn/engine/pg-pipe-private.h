/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A pipe by which one thread wakes another. Neither end blocks, and programs that are started do not inherit it. */
gboolean pg_pipe_open (int fds[2], GError **error);
/* A byte into its writing end. */
void pg_pipe_write (int fd);

G_END_DECLS
