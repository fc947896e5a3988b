/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-programs-private.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define RUN_TIMEOUT (120 * 1000)
#define STOP_TIMEOUT (5 * 1000)

struct _PgTestPrograms
{
  char *bindir;
  gboolean drop;
  uid_t uid;
  gid_t gid;
};

/* What the child does between fork() and exec(): async-signal-safe calls only. */
typedef struct
{
  gboolean drop;
  uid_t uid;
  gid_t gid;
  int watcher_fd;
  int stop_signal;
} ChildSetup;

static gboolean
has_server (const char *bindir)
{
  g_autofree char *initdb = g_build_filename (bindir, "initdb", NULL);
  g_autofree char *postgres = g_build_filename (bindir, "postgres", NULL);

  return g_file_test (initdb, G_FILE_TEST_IS_EXECUTABLE) && g_file_test (postgres, G_FILE_TEST_IS_EXECUTABLE);
}

static char *
find_in_path (void)
{
  g_autofree char *program = g_find_program_in_path ("postgres");
  g_autofree char *resolved = NULL;
  g_autofree char *bindir = NULL;
  char *real;

  if (program == NULL)
    return NULL;
  /* PATH often has a link to one program of the installation only. */
  real = realpath (program, NULL);
  resolved = g_strdup (real != NULL ? real : program);
  free (real);
  bindir = g_path_get_dirname (resolved);
  return has_server (bindir) ? g_steal_pointer (&bindir) : NULL;
}

static char *
find_by_pg_config (void)
{
  const char *argv[] = { "pg_config", "--bindir", NULL };
  g_autofree char *output = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, &status, NULL))
    return NULL;
  g_strchomp (output);
  return status == 0 && has_server (output) ? g_steal_pointer (&output) : NULL;
}

/* The newest of the installations that a distribution puts beside each other: PARENT/PREFIX15SUFFIX. */
static char *
find_newest (const char *parent, const char *prefix, const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  g_autofree char *newest = NULL;
  double newest_version = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *bindir = NULL;
      double version;

      if (!g_str_has_prefix (name, prefix))
        continue;
      version = g_ascii_strtod (name + strlen (prefix), NULL);
      bindir = g_build_filename (parent, name, suffix, NULL);
      if (version > newest_version && has_server (bindir))
        {
          newest_version = version;
          g_free (newest);
          newest = g_steal_pointer (&bindir);
        }
    }
  return g_steal_pointer (&newest);
}

static char *
find_bindir (GError **error)
{
  const char *override = g_getenv ("PGCONN_TEST_BINDIR");
  char *bindir;

  if (override != NULL && *override != '\0')
    {
      if (has_server (override))
        return g_canonicalize_filename (override, NULL);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("PGCONN_TEST_BINDIR is “%s”, which has no PostgreSQL server (package “postgresql”): programs “initdb” and “postgres”"), override);
      return NULL;
    }

  if ((bindir = find_in_path ()) != NULL || (bindir = find_by_pg_config ()) != NULL || (bindir = find_newest ("/usr/lib/postgresql", "", "bin")) != NULL ||
      (bindir = find_newest ("/usr", "pgsql-", "bin")) != NULL)
    return bindir;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _("The PostgreSQL server is not installed: install the package “postgresql”, or set PGCONN_TEST_BINDIR to the directory of its programs"));
  return NULL;
}

/* PostgreSQL refuses to run as root. */
static gboolean
find_user (PgTestPrograms *self, GError **error)
{
  static const char *const names[] = { "postgres", "nobody" };

  if (geteuid () != 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      struct passwd entry, *found = NULL;
      char buffer[16384];

      if (getpwnam_r (names[i], &entry, buffer, sizeof buffer, &found) == 0 && found != NULL && entry.pw_uid != 0)
        {
          self->drop = TRUE;
          self->uid = entry.pw_uid;
          self->gid = entry.pw_gid;
          return TRUE;
        }
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("PostgreSQL does not run as root, and there is neither a user “postgres” nor “nobody”"));
  return FALSE;
}

PgTestPrograms *
pg_test_programs_new (GError **error)
{
  g_autoptr (PgTestPrograms) self = g_new0 (PgTestPrograms, 1);

  self->bindir = find_bindir (error);
  if (self->bindir == NULL || !find_user (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
pg_test_programs_free (PgTestPrograms *self)
{
  g_free (self->bindir);
  g_free (self);
}

char *
pg_test_programs_find (PgTestPrograms *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->bindir, name, NULL);

  if (!g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    {
      g_free (path);
      path = g_find_program_in_path (name);
    }
  if (path == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("The program “%s” is not installed"), name);
  return g_steal_pointer (&path);
}

gboolean
pg_test_programs_hand_over (PgTestPrograms *self, const char *path, GError **error)
{
  if (self->drop && chown (path, self->uid, self->gid) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot change the owner of “%s”: %s"), path, g_strerror (code));
      return FALSE;
    }
  return TRUE;
}

char **
pg_test_programs_dup_environment (const char *password)
{
  char **names = g_listenv ();
  char **environment = g_get_environ ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_str_has_prefix (names[i], "PG") || g_str_has_prefix (names[i], "LC_") || g_str_has_prefix (names[i], "MALLOC_") || g_str_equal (names[i], "LANG") ||
          g_str_equal (names[i], "LANGUAGE"))
        environment = g_environ_unsetenv (environment, names[i]);
    }
  g_strfreev (names);
  environment = g_environ_setenv (environment, "LC_ALL", "C", TRUE);
  /* No ~/.pgpass, ~/.postgresql and ~/.psqlrc of somebody who may not even be the user that the program runs as. */
  environment = g_environ_setenv (environment, "HOME", "/nonexistent", TRUE);
  if (password != NULL)
    environment = g_environ_setenv (environment, "PGPASSWORD", password, TRUE);
  return environment;
}

/* The child announces itself, and not its parent: there is no moment then in which the parent can die and leave it behind. */
static void
announce (const ChildSetup *setup)
{
  char line[32];
  char *p = line + sizeof line;
  const char *prefix = setup->stop_signal == SIGQUIT ? "QUIT " : "TERM ";
  unsigned long pid = (unsigned long) getpid ();
  ssize_t written;

  *--p = '\n';
  do
    *--p = (char) ('0' + pid % 10);
  while ((pid /= 10) != 0);
  p -= strlen (prefix);
  memcpy (p, prefix, strlen (prefix));
  written = write (setup->watcher_fd, p, (size_t) (line + sizeof line - p));
  (void) written;
}

static void
child_setup (gpointer data)
{
  const ChildSetup *setup = data;
  sigset_t none;

  /* Away from the terminal's and the test harness's signals to the process group. */
  setsid ();
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  umask (077);
  if (setup->watcher_fd >= 0)
    announce (setup);
  if (setup->drop && (setgroups (1, &setup->gid) != 0 || setgid (setup->gid) != 0 || setuid (setup->uid) != 0))
    {
      static const char message[] = "cannot change to an unprivileged user\n";
      ssize_t written = write (STDERR_FILENO, message, sizeof message - 1);

      (void) written;
      _exit (126);
    }
}

gboolean
pg_test_programs_spawn (PgTestPrograms *self, const char *const *argv, const char *password, const char *output_path, PgTestWatcher *watcher, int stop_signal,
                        GPid *pid, GError **error)
{
  ChildSetup setup = { self->drop, self->uid, self->gid, watcher != NULL ? pg_test_watcher_get_fd (watcher) : -1, stop_signal };
  g_auto (GStrv) environment = pg_test_programs_dup_environment (password);
  gboolean started;
  int fd;

  fd = g_open (output_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot write “%s”: %s"), output_path, g_strerror (code));
      return FALSE;
    }
  started = g_spawn_async_with_pipes_and_fds ("/", argv, (const char *const *) environment, G_SPAWN_DO_NOT_REAP_CHILD, child_setup, &setup, -1, fd, fd, NULL, NULL, 0,
                                              pid, NULL, NULL, NULL, error);
  close (fd);
  return started;
}

gboolean
pg_test_process_wait (GPid pid, int timeout, GCancellable *cancellable, int *wait_status)
{
  gint64 start = g_get_monotonic_time ();

  for (;;)
    {
      GPollFD poll_fd = { -1, 0, 0 };
      gint64 elapsed;
      int status = -1;
      pid_t ended;

      ended = waitpid (pid, &status, WNOHANG);
      /* ECHILD: SIGCHLD is ignored, or somebody else has reaped it. */
      if (ended == pid || (ended < 0 && errno == ECHILD))
        {
          if (wait_status != NULL)
            *wait_status = status;
          return TRUE;
        }
      elapsed = (g_get_monotonic_time () - start) / 1000;
      if (elapsed >= timeout || g_cancellable_is_cancelled (cancellable))
        return FALSE;
      if (g_cancellable_make_pollfd (cancellable, &poll_fd))
        {
          g_poll (&poll_fd, 1, elapsed < 200 ? 1 : 10);
          g_cancellable_release_fd (cancellable);
        }
      else
        g_usleep (elapsed < 200 ? 1000 : 10000);
    }
}

char *
pg_test_file_dup_tail (const char *path)
{
  g_autofree char *contents = NULL;
  const char *tail;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return g_strdup ("");
  g_strchomp (contents);
  length = strlen (contents);
  tail = contents;
  if (length > 2000)
    {
      const char *line = strchr (contents + length - 2000, '\n');

      tail = line != NULL ? line + 1 : contents + length - 2000;
    }
  return g_utf8_make_valid (tail, -1);
}

/* Gently, as what initdb runs would leave its shared memory behind: that ends when initdb does. */
static void
stop_program (GPid pid)
{
  kill (pid, SIGTERM);
  pg_test_process_wait (pid, STOP_TIMEOUT, NULL, NULL);
  for (guint i = 0; i < STOP_TIMEOUT && kill (-pid, 0) == 0; i++)
    g_usleep (1000);
  if (kill (-pid, SIGKILL) == 0)
    pg_test_process_wait (pid, STOP_TIMEOUT, NULL, NULL);
}

gboolean
pg_test_programs_run (PgTestPrograms *self, const char *const *argv, const char *password, const char *output_path, PgTestWatcher *watcher,
                      GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_path_get_basename (argv[0]);
  g_autofree char *tail = NULL;
  gboolean ended;
  int status = -1;
  GPid pid;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (truncate (output_path, 0) != 0 && errno != ENOENT)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot write “%s”: %s"), output_path, g_strerror (code));
      return FALSE;
    }
  if (!pg_test_programs_spawn (self, argv, password, output_path, watcher, SIGTERM, &pid, error))
    return FALSE;

  ended = pg_test_process_wait (pid, RUN_TIMEOUT, cancellable, &status);
  if (!ended)
    stop_program (pid);
  g_spawn_close_pid (pid);
  if (watcher != NULL)
    pg_test_watcher_forget_process (watcher);

  if (!ended)
    {
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("The program “%s” did not end"), name);
      return FALSE;
    }
  if (status != 0)
    {
      tail = pg_test_file_dup_tail (output_path);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The program “%s” failed: %s"), name, tail);
      return FALSE;
    }
  return TRUE;
}
