/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-server-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <locale.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define START_TIMEOUT (60 * 1000)
#define STOP_TIMEOUT (30 * 1000)
#define N_PORTS_TRIED 5

static gboolean
uses_tcp (PgTestServer *self)
{
  return (self->flags & (PG_TEST_SERVER_FLAGS_TCP | PG_TEST_SERVER_FLAGS_TLS)) != 0;
}

static char *
make_directory (PgTestServer *self, const char *parent, GError **error)
{
  g_autofree char *path = g_build_filename (parent, "pg-test-XXXXXX", NULL);

  if (g_mkdtemp (path) == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot create a directory in “%s”: %s"), parent, g_strerror (code));
      return NULL;
    }
  if (!pg_test_programs_hand_over (self->programs, path, error))
    {
      g_rmdir (path);
      return NULL;
    }
  return g_steal_pointer (&path);
}

static gboolean
make_directories (PgTestServer *self, GError **error)
{
  const gsize socket_path_size = sizeof ((struct sockaddr_un *) NULL)->sun_path;

  self->directory = make_directory (self, g_get_tmp_dir (), error);
  if (self->directory == NULL)
    return FALSE;
  /* A directory of a long name still holds the data, but a socket address has no room for it. */
  if (strlen (self->directory) + strlen ("/.s.PGSQL.65535") < socket_path_size)
    self->socket_directory = g_strdup (self->directory);
  else if ((self->socket_directory = make_directory (self, "/tmp", error)) == NULL)
    {
      g_rmdir (self->directory);
      g_clear_pointer (&self->directory, g_free);
      return FALSE;
    }

  self->watcher = pg_test_watcher_new (self->directory, self->socket_directory, error);
  if (self->watcher == NULL)
    {
      g_rmdir (self->directory);
      g_rmdir (self->socket_directory);
      return FALSE;
    }
  self->data_directory = g_build_filename (self->directory, "data", NULL);
  self->log_file = g_build_filename (self->directory, "log", NULL);
  return TRUE;
}

static char *
make_password (GError **error)
{
  guint8 random[24];
  GString *password = g_string_new (NULL);

  if (getrandom (random, sizeof random, 0) != (ssize_t) sizeof random)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The system has no random bytes"));
      g_string_free (password, TRUE);
      return NULL;
    }
  for (guint i = 0; i < sizeof random; i++)
    g_string_append_printf (password, "%02x", random[i]);
  return g_string_free (password, FALSE);
}

static const char *
choose_locale (void)
{
  locale_t utf8 = newlocale (LC_ALL_MASK, "C.UTF-8", (locale_t) 0);

  if (utf8 == (locale_t) 0)
    return "C";
  freelocale (utf8);
  return "C.UTF-8";
}

static gboolean
run_initdb (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *initdb = pg_test_programs_find (self->programs, "initdb", error);
  g_autofree char *locale_argument = g_strdup_printf ("--locale=%s", choose_locale ());
  g_autofree char *password_file = NULL;
  g_autofree char *password_argument = NULL;
  gboolean scram = (self->flags & PG_TEST_SERVER_FLAGS_SCRAM) != 0;
  gboolean made;

  if (initdb == NULL)
    return FALSE;
  if (scram)
    {
      password_file = g_build_filename (self->directory, "password", NULL);
      password_argument = g_strconcat ("--pwfile=", password_file, NULL);
      self->password = make_password (error);
      if (self->password == NULL || !g_file_set_contents_full (password_file, self->password, -1, G_FILE_SET_CONTENTS_NONE, 0600, error) ||
          !pg_test_programs_hand_over (self->programs, password_file, error))
        return FALSE;
    }
  {
    const char *argv[] = {
      initdb, "-D", self->data_directory, "-N", "-U", "postgres", "-E", "UTF8", "-A", scram ? "scram-sha-256" : "trust", locale_argument, password_argument, NULL,
    };

    made = pg_test_programs_run (self->programs, argv, NULL, self->log_file, self->watcher, cancellable, error);
  }
  if (password_file != NULL)
    g_unlink (password_file);
  return made;
}

static gboolean
copy_cluster (PgTestServer *self, const char *from, const char *to, GCancellable *cancellable, GError **error)
{
  g_autofree char *cp = pg_test_programs_find (self->programs, "cp", error);
  const char *argv[] = { cp, "-R", "-p", "--", from, to, NULL };

  return cp != NULL && pg_test_programs_run (self->programs, argv, NULL, self->log_file, self->watcher, cancellable, error);
}

/* Where clusters like this one have their copy; NULL where none are kept. What is in the name makes a difference to them. */
static char *
find_template (PgTestServer *self)
{
  const char *directory = g_getenv ("PGCONN_TEST_TEMPLATE_DIR");
  g_autofree char *postgres = NULL;
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;
  GStatBuf info;

  if (directory == NULL || *directory == '\0' || (self->flags & PG_TEST_SERVER_FLAGS_SCRAM) != 0)
    return NULL;
  postgres = pg_test_programs_find (self->programs, "postgres", NULL);
  if (postgres == NULL || g_stat (postgres, &info) != 0)
    return NULL;
  key = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", postgres, (gint64) info.st_size, (gint64) info.st_mtime, choose_locale ());
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  return g_build_filename (directory, name, NULL);
}

/* It appears at once and whole, or not at all: then servers make clusters of their own. One of those that begin together does it. */
static void
keep_template (PgTestServer *self, const char *template, GCancellable *cancellable)
{
  g_autofree char *making = g_strconcat (template, ".new", NULL);
  g_autofree char *copy = g_build_filename (making, "data", NULL);

  if (g_mkdir (making, 0700) != 0)
    return;
  if (pg_test_programs_hand_over (self->programs, making, NULL) && copy_cluster (self, self->data_directory, copy, cancellable, NULL) &&
      g_rename (copy, template) == 0)
    g_rmdir (making);
}

static gboolean
make_cluster (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *template = find_template (self);

  if (template != NULL && g_file_test (template, G_FILE_TEST_IS_DIR))
    return copy_cluster (self, template, self->data_directory, cancellable, error);
  if (!run_initdb (self, cancellable, error))
    return FALSE;
  if (template != NULL)
    keep_template (self, template, cancellable);
  return TRUE;
}

static gboolean
write_configuration (PgTestServer *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->data_directory, "postgresql.conf", NULL);
  FILE *file;
  gboolean written;

  file = g_fopen (path, "ae");
  written = file != NULL;
  if (written)
    {
      /* The data is thrown away: speed counts, and that nothing stays in the system's shared memory when the server is killed. */
      fputs ("\n"
             "fsync = off\n"
             "synchronous_commit = off\n"
             "full_page_writes = off\n"
             "max_prepared_transactions = 10\n"
             "dynamic_shared_memory_type = mmap\n"
             "lc_messages = 'C'\n"
             "timezone = 'UTC'\n"
             "log_timezone = 'UTC'\n"
             "logging_collector = off\n"
             "log_destination = 'stderr'\n",
             file);
      if ((self->flags & PG_TEST_SERVER_FLAGS_SCRAM) != 0)
        fputs ("password_encryption = 'scram-sha-256'\n", file);
      if ((self->flags & PG_TEST_SERVER_FLAGS_TLS) != 0)
        /* Relative to the data directory, and so without any quoting. */
        fputs ("ssl = on\nssl_cert_file = '../tls/server.crt'\nssl_key_file = '../tls/server.key'\n", file);
      fputs (self->configuration->str, file);
      written = !ferror (file);
      written = fclose (file) == 0 && written;
    }
  if (!written)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot write “%s”: %s"), path, g_strerror (code));
    }
  return written;
}

static gboolean
prepare_tls (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *directory = NULL;

  if ((self->flags & PG_TEST_SERVER_FLAGS_TLS) == 0)
    return TRUE;
  directory = g_build_filename (self->directory, "tls", NULL);
  if (g_mkdir (directory, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot create “%s”: %s"), directory, g_strerror (code));
      return FALSE;
    }
  self->ca_file = g_build_filename (directory, "ca.crt", NULL);
  return pg_test_programs_hand_over (self->programs, directory, error) && pg_test_tls_create (self->programs, directory, self->watcher, cancellable, error);
}

gboolean
pg_test_server_prepare (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  self->owner = getpid ();
  self->programs = pg_test_programs_new (error);
  return self->programs != NULL && make_directories (self, error) && prepare_tls (self, cancellable, error) && make_cluster (self, cancellable, error) &&
         write_configuration (self, error) && g_unlink (self->log_file) == 0;
}

/* Free now; somebody may take it before the server does. */
static guint
find_free_port (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  guint port = 0;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0 && getsockname (fd, (struct sockaddr *) &address, &size) == 0)
    port = ntohs (address.sin_port);
  if (fd >= 0)
    close (fd);
  return port;
}

/* The postmaster writes its pid into the first line of postmaster.pid and “ready” into the eighth.
 * After a crash the file of the former one is still there. */
static gboolean
is_ready (PgTestServer *self)
{
  g_autofree char *path = g_build_filename (self->data_directory, "postmaster.pid", NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    return FALSE;
  lines = g_strsplit (contents, "\n", 9);
  return g_strv_length (lines) >= 8 && g_ascii_strtoll (lines[0], NULL, 10) == self->pid && g_str_has_prefix (lines[7], "ready");
}

static gboolean
start_once (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *postgres = pg_test_programs_find (self->programs, "postgres", error);
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autofree char *tail = NULL;
  gint64 deadline = g_get_monotonic_time () + START_TIMEOUT * G_TIME_SPAN_MILLISECOND;
  gboolean ended = FALSE;
  GPid pid;

  if (postgres == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  {
    const char *argv[] = {
      postgres, "-D", self->data_directory, "-k", self->socket_directory, "-h", uses_tcp (self) ? "127.0.0.1" : "", "-p", port, NULL,
    };

    if (!pg_test_programs_spawn (self->programs, argv, NULL, self->log_file, self->watcher, SIGQUIT, &pid, error))
      return FALSE;
  }
  self->pid = pid;

  while (!is_ready (self))
    {
      ended = pg_test_process_wait (pid, 10, cancellable, NULL);
      if (ended || g_cancellable_is_cancelled (cancellable) || g_get_monotonic_time () > deadline)
        break;
    }
  if (ended)
    {
      self->pid = 0;
      pg_test_watcher_forget_process (self->watcher);
    }
  else if (is_ready (self) && !g_cancellable_is_cancelled (cancellable))
    return TRUE;

  pg_test_server_stop (self, SIGQUIT);
  tail = pg_test_file_dup_tail (self->log_file);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (ended)
    g_set_error (error, G_IO_ERROR, strstr (tail, "Address already in use") != NULL ? G_IO_ERROR_ADDRESS_IN_USE : G_IO_ERROR_FAILED,
                 _("PostgreSQL did not start: %s"), tail);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("PostgreSQL did not become ready within %d seconds: %s"), START_TIMEOUT / 1000, tail);
  return FALSE;
}

gboolean
pg_test_server_start (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  /* A port once given to clients stays. */
  if (self->port != 0 || !uses_tcp (self))
    {
      if (self->port == 0)
        self->port = 5432;
      return start_once (self, cancellable, error);
    }

  for (guint i = 0;; i++)
    {
      g_autoptr (GError) local_error = NULL;

      self->port = find_free_port ();
      if (self->port == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("There is no free TCP port on 127.0.0.1"));
          return FALSE;
        }
      if (start_once (self, cancellable, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) || i + 1 == N_PORTS_TRIED)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_unlink (self->log_file);
    }
}

static void
forget_process (PgTestServer *self)
{
  g_spawn_close_pid (self->pid);
  self->pid = 0;
  pg_test_watcher_forget_process (self->watcher);
}

void
pg_test_server_stop (PgTestServer *self, int stop_signal)
{
  if (self->pid == 0)
    return;
  kill (self->pid, stop_signal);
  if (pg_test_process_wait (self->pid, STOP_TIMEOUT, NULL, NULL))
    forget_process (self);
  else
    pg_test_server_crash (self);
}

static pid_t
read_parent (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *contents = NULL;
  const char *after_name;
  int parent = 0;

  /* “PID (NAME) STATE PPID …”, where the name may have anything in it. */
  if (!g_file_get_contents (path, &contents, NULL, NULL) || (after_name = strrchr (contents, ')')) == NULL || sscanf (after_name, ") %*c %d", &parent) != 1)
    return 0;
  return parent;
}

void
pg_test_server_crash (PgTestServer *self)
{
  g_autoptr (GDir) processes = NULL;
  const char *name;

  if (self->pid == 0)
    return;
  /* Stopped, it starts no more children, and does not reap those it has: their pids stay theirs. */
  kill (self->pid, SIGSTOP);
  for (guint i = 0; i < 1000 && waitpid (self->pid, NULL, WUNTRACED | WNOHANG) == 0; i++)
    g_usleep (1000);
  processes = g_dir_open ("/proc", 0, NULL);
  while (processes != NULL && (name = g_dir_read_name (processes)) != NULL)
    {
      if (g_ascii_isdigit (*name) && read_parent (name) == self->pid)
        kill ((pid_t) g_ascii_strtoll (name, NULL, 10), SIGKILL);
    }
  kill (self->pid, SIGKILL);
  pg_test_process_wait (self->pid, STOP_TIMEOUT, NULL, NULL);
  forget_process (self);
}

/* A killed postmaster leaves the small System V segment that guards the data directory; its id is in the seventh line of postmaster.pid. */
static void
remove_shared_memory (PgTestServer *self)
{
  g_autofree char *path = g_build_filename (self->data_directory, "postmaster.pid", NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;
  unsigned long key;
  int id;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    return;
  lines = g_strsplit (contents, "\n", 8);
  if (g_strv_length (lines) >= 7 && sscanf (lines[6], "%lu %d", &key, &id) == 2)
    shmctl (id, IPC_RMID, NULL);
}

void
pg_test_server_remove (PgTestServer *self)
{
  if (self->watcher != NULL && self->owner == getpid ())
    {
      pg_test_server_stop (self, SIGQUIT);
      remove_shared_memory (self);
      g_clear_pointer (&self->watcher, pg_test_watcher_free);
    }
  g_clear_pointer (&self->watcher, pg_test_watcher_abandon);
  g_clear_pointer (&self->programs, pg_test_programs_free);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->socket_directory, g_free);
  g_clear_pointer (&self->data_directory, g_free);
  g_clear_pointer (&self->log_file, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_pointer (&self->conninfo, g_free);
  g_clear_pointer (&self->password, g_free);
  self->port = 0;
  self->pid = 0;
}

void
pg_test_server_append_keyword (GString *conninfo, const char *keyword, const char *value)
{
  gboolean quoted = *value == '\0' || strpbrk (value, " \t\r\n\v\f'\\") != NULL;

  g_string_append_printf (conninfo, "%s=%s", keyword, quoted ? "'" : "");
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '\\')
        g_string_append_c (conninfo, '\\');
      g_string_append_c (conninfo, *p);
    }
  g_string_append (conninfo, quoted ? "' " : " ");
}

char *
pg_test_server_dup_conninfo_prefix (PgTestServer *self, gboolean tcp)
{
  GString *conninfo = g_string_new (NULL);

  if (tcp)
    {
      /* The name is for the certificate; the address spares its resolution, and the server does not listen on ::1. */
      g_string_append (conninfo, "host=localhost hostaddr=127.0.0.1 ");
      if (self->ca_file != NULL)
        {
          g_string_append (conninfo, "sslmode=verify-full ");
          pg_test_server_append_keyword (conninfo, "sslrootcert", self->ca_file);
        }
    }
  else
    pg_test_server_append_keyword (conninfo, "host", self->socket_directory);
  g_string_append_printf (conninfo, "port=%u user=postgres ", self->port);
  if (self->password != NULL)
    pg_test_server_append_keyword (conninfo, "password", self->password);
  return g_string_free (conninfo, FALSE);
}
