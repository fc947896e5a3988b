/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program;

/* The owner of a process; -1 when it is gone, or a zombie that its new parent has yet to reap. */
static int
get_process_owner (int pid)
{
  g_autofree char *directory = g_strdup_printf ("/proc/%d", pid);
  g_autofree char *path = g_build_filename (directory, "stat", NULL);
  g_autofree char *contents = NULL;
  GStatBuf info;
  const char *after_name;

  if (!g_file_get_contents (path, &contents, NULL, NULL) || (after_name = strrchr (contents, ')')) == NULL || after_name[2] == 'Z' ||
      g_stat (directory, &info) != 0)
    return -1;
  return (int) info.st_uid;
}

static gboolean
wait_until_gone (int pid, const char *directory)
{
  for (guint i = 0; i < 6000; i++)
    {
      if (get_process_owner (pid) < 0 && !g_file_test (directory, G_FILE_TEST_EXISTS))
        return TRUE;
      g_usleep (10 * 1000);
    }
  return FALSE;
}

/* Whether a shared memory segment is left that the process has made. */
static gboolean
has_shared_memory (int pid)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents ("/proc/sysvipc/shm", &contents, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      int creator;

      if (sscanf (lines[i], "%*d %*d %*o %*u %d", &creator) == 1 && creator == pid)
        return TRUE;
    }
  return FALSE;
}

static void
test_unprivileged_user (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  struct passwd *expected;
  GStatBuf info;
  int owner;

  g_test_summary ("The server does not run as root, and owns its data.");
  if (server == NULL)
    return;
  owner = get_process_owner (pg_test_server_get_pid (server));
  g_assert_cmpint (g_stat (pg_test_server_get_data_directory (server), &info), ==, 0);
  g_assert_cmpint (owner, ==, (int) info.st_uid);
  g_assert_cmpint (owner, !=, 0);
  if (geteuid () != 0)
    {
      g_assert_cmpint (owner, ==, (int) geteuid ());
      return;
    }
  expected = getpwnam ("postgres");
  if (expected == NULL)
    expected = getpwnam ("nobody");
  g_assert_nonnull (expected);
  g_assert_cmpint (owner, ==, (int) expected->pw_uid);
}

/* Runs in a process of its own, this program started again, which tells of its server on its standard output. */
static void
test_killed_parent_subprocess (void)
{
  PgTestServer *server = pg_test_fixture_server ();

  if (server == NULL)
    return;
  g_print ("SERVER %d %s\n", pg_test_server_get_pid (server), pg_test_server_get_socket_directory (server));
  for (;;)
    pause ();
}

static gpointer
start_in_thread (gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_server_up (data, NULL, &error));
  g_assert_no_error (error);
  return NULL;
}

static void
test_killed_parent (void)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL;
  int pid = 0;

  g_test_summary ("SIGKILL to the process that started a server ends the server and removes its directory.");
  if (pg_test_fixture_server () == NULL)
    return;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-p", "/pg/test-server-process/killed-parent/subprocess", NULL);
  g_assert_no_error (error);
  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  while (pid == 0)
    {
      g_autofree char *line = g_data_input_stream_read_line (stream, NULL, NULL, &error);
      const char *found;

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if ((found = strstr (line, "SERVER ")) != NULL)
        {
          g_auto (GStrv) words = g_strsplit (found, " ", 3);

          g_assert_cmpuint (g_strv_length (words), ==, 3);
          pid = atoi (words[1]);
          directory = g_strdup (words[2]);
        }
    }
  g_assert_cmpint (get_process_owner (pid), >, -1);
  g_assert_true (g_file_test (directory, G_FILE_TEST_IS_DIR));
  g_assert_true (has_shared_memory (pid));

  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_true (wait_until_gone (pid, directory));
  g_assert_false (has_shared_memory (pid));
}

static void
test_killed_while_starting (void)
{
  g_autofree char *former = g_strdup (g_getenv ("TMPDIR"));
  g_autofree char *parent = NULL;

  g_test_summary ("SIGKILL while initdb runs leaves nothing either.");
  if (pg_test_fixture_server () == NULL)
    return;
  parent = g_dir_make_tmp ("pg-test-parent-XXXXXX", NULL);
  g_assert_cmpint (g_chmod (parent, 0755), ==, 0);
  for (guint milliseconds = 50; milliseconds <= 450; milliseconds += 100)
    {
      g_autoptr (GSubprocess) process = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GDir) dir = NULL;
      gboolean removed = FALSE;

      g_setenv ("TMPDIR", parent, TRUE);
      process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, program, "-p", "/pg/test-server-process/killed-parent/subprocess", NULL);
      g_assert_no_error (error);
      if (former != NULL)
        g_setenv ("TMPDIR", former, TRUE);
      else
        g_unsetenv ("TMPDIR");
      g_usleep (milliseconds * 1000);
      g_subprocess_force_exit (process);
      g_subprocess_wait (process, NULL, NULL);
      for (guint i = 0; i < 6000 && !removed; i++)
        {
          g_usleep (10 * 1000);
          g_clear_pointer (&dir, g_dir_close);
          dir = g_dir_open (parent, 0, &error);
          g_assert_no_error (error);
          removed = g_dir_read_name (dir) == NULL;
        }
      g_assert_true (removed);
    }
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

/* The server's own number for its cluster, which a copy has too. */
static char *
identify_cluster (PgTestServer *server)
{
  return pg_test_psql (pg_test_server_get_conninfo (server), "SELECT system_identifier FROM pg_control_system()");
}

static void
test_template (void)
{
  const PgTestServerFlags flags[] = { PG_TEST_SERVER_FLAGS_NONE, PG_TEST_SERVER_FLAGS_NONE, PG_TEST_SERVER_FLAGS_SCRAM };
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  g_autofree char *first = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GSubprocess) rm = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("With PGCONN_TEST_TEMPLATE_DIR a cluster begins as a copy of the first one, except where it has a password of its own.");
  if (pg_test_fixture_server () == NULL)
    return;
  directory = g_dir_make_tmp ("pg-test-clusters-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (directory, 0711), ==, 0);
  g_setenv ("PGCONN_TEST_TEMPLATE_DIR", directory, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (PgTestServer) server = pg_test_server_new (flags[i]);
      g_autofree char *conninfo = NULL;
      g_autofree char *identifier = NULL;

      g_assert_true (pg_test_server_up (server, NULL, &error));
      g_assert_no_error (error);
      identifier = identify_cluster (server);
      if (i == 0)
        first = g_steal_pointer (&identifier);
      else if (i == 1)
        g_assert_cmpstr (identifier, ==, first);
      else
        g_assert_cmpstr (identifier, !=, first);
      conninfo = pg_test_server_create_database (server, NULL, &error);
      g_assert_no_error (error);
      pg_test_server_down (server);
    }
  g_unsetenv ("PGCONN_TEST_TEMPLATE_DIR");
  /* The copy, and nothing else. */
  dir = g_dir_open (directory, 0, &error);
  g_assert_no_error (error);
  path = g_build_filename (directory, g_dir_read_name (dir), "PG_VERSION", NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_null (g_dir_read_name (dir));
  rm = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "rm", "-rf", directory, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (rm, NULL, &error));
}

/* What a parent-death signal would get wrong: the thread that starts the server ends before the process. */
static void
test_ended_thread (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autofree char *output = NULL;

  g_test_summary ("A server outlives the thread that started it.");
  if (pg_test_fixture_server () == NULL)
    return;
  g_thread_join (g_thread_new ("starter", start_in_thread, server));
  g_usleep (50 * 1000);
  output = pg_test_psql (pg_test_server_get_conninfo (server), "SELECT 1");
  g_assert_cmpstr (output, ==, "1");
}

static void
test_forked_copy (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autofree char *output = NULL;
  char answer = '?';
  int pipe_fds[2];
  pid_t child;

  g_test_summary ("In a copy of the process the object does nothing to the server.");
  if (server == NULL)
    return;
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  child = fork ();
  if (child == 0)
    {
      pg_test_server_kill (server);
      pg_test_server_down (server);
      answer = pg_test_server_get_pid (server) == 0 ? 'y' : 'n';
      if (write (pipe_fds[1], &answer, 1) == 1)
        /* No exit handlers, and no leak check by a tool that runs this. */
        raise (SIGKILL);
      _exit (1);
    }
  close (pipe_fds[1]);
  g_assert_cmpint (read (pipe_fds[0], &answer, 1), ==, 1);
  g_assert_cmpint (answer, ==, 'y');
  close (pipe_fds[0]);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  output = pg_test_psql (pg_test_server_get_conninfo (server), "SELECT 1");
  g_assert_cmpstr (output, ==, "1");
}

static void
test_not_installed_subprocess (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);

  g_assert_false (pg_test_server_up (server, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "postgresql"));
  g_assert_nonnull (strstr (error->message, "PGCONN_TEST_BINDIR"));
  g_assert_null (pg_test_server_get_data_directory (server));
  /* The fixture skips, and the exit status with it. */
  g_assert_null (pg_test_fixture_conninfo ());
  g_print ("REACHED\n");
}

static void
test_not_installed (void)
{
  g_autofree char *former = g_strdup (g_getenv ("PGCONN_TEST_BINDIR"));
  g_autofree char *former_require = g_strdup (g_getenv ("PGCONN_TEST_REQUIRE_SERVER"));
  g_autofree char *empty = g_dir_make_tmp ("pg-test-empty-XXXXXX", NULL);

  g_test_summary ("Without PostgreSQL the error is NOT_FOUND, and the fixture skips.");
  g_setenv ("PGCONN_TEST_BINDIR", empty, TRUE);
  g_unsetenv ("PGCONN_TEST_REQUIRE_SERVER");
  g_test_trap_subprocess ("/pg/test-server-process/not-installed/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
  g_unsetenv ("PGCONN_TEST_BINDIR");
  if (former != NULL)
    g_setenv ("PGCONN_TEST_BINDIR", former, TRUE);
  if (former_require != NULL)
    g_setenv ("PGCONN_TEST_REQUIRE_SERVER", former_require, TRUE);
  g_rmdir (empty);
  g_test_trap_assert_stdout ("*REACHED*");
}

static void
test_long_directory_subprocess (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  PgTestServer *server = pg_test_fixture_server ();

  if (conninfo == NULL)
    return;
  g_assert_true (g_str_has_prefix (pg_test_server_get_data_directory (server), g_get_tmp_dir ()));
  g_assert_cmpuint (strlen (pg_test_server_get_socket_directory (server)), <, 80);
  g_free (pg_test_psql (conninfo, "SELECT 1"));
  g_print ("REACHED %s\n", pg_test_server_get_socket_directory (server));
}

static void
test_long_directory (void)
{
  g_autofree char *former = g_strdup (g_getenv ("TMPDIR"));
  g_autofree char *name = g_strnfill (120, 'x');
  g_autofree char *parent = NULL;
  g_autofree char *path = NULL;

  g_test_summary ("The socket is elsewhere when the name of the temporary directory is too long for it.");
  if (pg_test_fixture_server () == NULL)
    return;
  parent = g_dir_make_tmp ("pg-test-long-XXXXXX", NULL);
  path = g_build_filename (parent, name, NULL);
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  g_assert_cmpint (g_chmod (parent, 0755), ==, 0);
  g_setenv ("TMPDIR", path, TRUE);
  g_test_trap_subprocess ("/pg/test-server-process/long-directory/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
  if (former != NULL)
    g_setenv ("TMPDIR", former, TRUE);
  else
    g_unsetenv ("TMPDIR");
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*REACHED*");
  /* Nothing was left in it. */
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  program = argv[0];
  g_unsetenv ("PGCONN_TEST_TEMPLATE_DIR");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/test-server-process/unprivileged-user", test_unprivileged_user);
  g_test_add_func ("/pg/test-server-process/killed-parent", test_killed_parent);
  g_test_add_func ("/pg/test-server-process/killed-parent/subprocess", test_killed_parent_subprocess);
  g_test_add_func ("/pg/test-server-process/killed-while-starting", test_killed_while_starting);
  g_test_add_func ("/pg/test-server-process/template", test_template);
  g_test_add_func ("/pg/test-server-process/ended-thread", test_ended_thread);
  g_test_add_func ("/pg/test-server-process/forked-copy", test_forked_copy);
  g_test_add_func ("/pg/test-server-process/not-installed", test_not_installed);
  g_test_add_func ("/pg/test-server-process/not-installed/subprocess", test_not_installed_subprocess);
  g_test_add_func ("/pg/test-server-process/long-directory", test_long_directory);
  g_test_add_func ("/pg/test-server-process/long-directory/subprocess", test_long_directory_subprocess);

  return g_test_run ();
}
