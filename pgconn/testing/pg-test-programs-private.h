/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The programs of one PostgreSQL installation, and the user they run as. */
typedef struct _PgTestPrograms PgTestPrograms;

/* A process that outlives its creator by as long as it takes to clean up after it: when the creator ends in whatever way,
 * it stops the process it was last told of, and removes the directories. */
typedef struct _PgTestWatcher PgTestWatcher;

PgTestPrograms *pg_test_programs_new (GError **error);
void pg_test_programs_free (PgTestPrograms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgTestPrograms, pg_test_programs_free)

/* A program of the server's installation, or else one in PATH. */
char *pg_test_programs_find (PgTestPrograms *self, const char *name, GError **error);

/* Makes path the property of the user that the programs run as. */
gboolean pg_test_programs_hand_over (PgTestPrograms *self, const char *path, GError **error);

/* The environment without what would change the behaviour of PostgreSQL's programs; with PGPASSWORD where not NULL. */
char **pg_test_programs_dup_environment (const char *password);

/* Starts argv in a session of its own, its output appended to output_path. Has the watcher, unless NULL, send stop_signal to it. */
gboolean pg_test_programs_spawn (PgTestPrograms *self, const char *const *argv, const char *password, const char *output_path, PgTestWatcher *watcher,
                                 int stop_signal, GPid *pid, GError **error);

/* Runs argv to its end; the error has what the program printed. */
gboolean pg_test_programs_run (PgTestPrograms *self, const char *const *argv, const char *password, const char *output_path, PgTestWatcher *watcher,
                               GCancellable *cancellable, GError **error);

/* Whether the process has ended within timeout milliseconds (0: look once). It is reaped then. */
gboolean pg_test_process_wait (GPid pid, int timeout, GCancellable *cancellable, int *wait_status);

/* The last lines of a file, as valid UTF-8; empty when it cannot be read. */
char *pg_test_file_dup_tail (const char *path);

PgTestWatcher *pg_test_watcher_new (const char *directory, const char *socket_directory, GError **error);

/* There is nothing to stop any more. */
void pg_test_watcher_forget_process (PgTestWatcher *self);

/* Has the directories removed, and waits for it. */
void pg_test_watcher_free (PgTestWatcher *self);

/* For a process that is a copy, by fork(), of the one that made the watcher. */
void pg_test_watcher_abandon (PgTestWatcher *self);

int pg_test_watcher_get_fd (PgTestWatcher *self);

/* A certificate authority of its own and a certificate for localhost, in directory. */
gboolean pg_test_tls_create (PgTestPrograms *programs, const char *directory, PgTestWatcher *watcher, GCancellable *cancellable, GError **error);

G_END_DECLS
