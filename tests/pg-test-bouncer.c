/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-bouncer.h"

#include "pg-test-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <pgconn/testing/pg-test-programs-private.h>
#include <pgconn/testing/pg-test-server-private.h>

/* Only the name of the socket: it does not listen elsewhere. */
#define PORT "6432"

static PgTestPrograms *programs;
static PgTestWatcher *watcher;
static char *directory;
static GPid pid;

static void
take_down (void)
{
  int status;

  if (pid > 0)
    {
      kill (pid, SIGKILL);
      pg_test_process_wait (pid, 10000, NULL, &status);
    }
  if (watcher != NULL)
    pg_test_watcher_forget_process (watcher);
  g_clear_pointer (&watcher, pg_test_watcher_free);
  g_clear_pointer (&programs, pg_test_programs_free);
  g_clear_pointer (&directory, g_free);
}

static char *
find_program (void)
{
  char *found = g_find_program_in_path ("pgbouncer");

  if (found == NULL && g_file_test ("/usr/sbin/pgbouncer", G_FILE_TEST_IS_EXECUTABLE))
    found = g_strdup ("/usr/sbin/pgbouncer");
  return found;
}

static void
start (PgTestServer *server, const char *program)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *database = pg_test_server_create_database (server, NULL, &error);
  g_autofree char *configuration = NULL;
  g_autofree char *file = NULL;
  g_autofree char *log = NULL;
  const char *argv[] = { program, NULL, NULL };

  g_assert_no_error (error);
  programs = pg_test_programs_new (&error);
  g_assert_no_error (error);
  directory = g_dir_make_tmp ("pgconn-bouncer-XXXXXX", &error);
  g_assert_no_error (error);
  atexit (take_down);
  watcher = pg_test_watcher_new (directory, directory, &error);
  g_assert_no_error (error);
  file = g_build_filename (directory, "pgbouncer.ini", NULL);
  log = g_build_filename (directory, "log", NULL);
  configuration = g_strdup_printf ("[databases]\n"
                                   "session = %s pool_mode=session pool_size=2\n"
                                   "transaction = %s pool_mode=transaction pool_size=2\n"
                                   "[pgbouncer]\n"
                                   "auth_type = any\n"
                                   "listen_addr =\n"
                                   "listen_port = " PORT "\n"
                                   "unix_socket_dir = %s\n",
                                   database, database, directory);
  g_assert_true (g_file_set_contents (file, configuration, -1, &error));
  g_assert_cmpint (g_chmod (file, 0644), ==, 0);
  g_assert_cmpint (g_chmod (directory, 0755), ==, 0);
  g_assert_true (pg_test_programs_hand_over (programs, directory, &error));
  g_assert_no_error (error);
  argv[1] = file;
  g_assert_true (pg_test_programs_spawn (programs, argv, NULL, log, watcher, SIGKILL, &pid, &error));
  g_assert_no_error (error);
}

static void
wait_until_up (const char *conninfo)
{
  for (guint i = 0;; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgConnection) connection = pg_connection_open (conninfo, NULL, &error);

      if (connection != NULL)
        return;
      if (i == 600)
        {
          g_autofree char *log = g_build_filename (directory, "log", NULL);
          g_autofree char *tail = pg_test_file_dup_tail (log);

          g_error ("PgBouncer does not answer: %s\n%s", error->message, tail);
        }
      g_usleep (50000);
    }
}

char *
pg_test_bouncer_conninfo (const char *mode)
{
  g_autofree char *program = find_program ();
  PgTestServer *server;
  char *conninfo;

  if (program == NULL)
    {
      g_test_skip ("PgBouncer is not installed");
      return NULL;
    }
  server = pg_test_fixture_server ();
  if (server == NULL)
    return NULL;
  if (pid == 0)
    start (server, program);
  conninfo = g_strdup_printf ("host=%s port=" PORT " user=anybody dbname=%s", directory, mode);
  wait_until_up (conninfo);
  return conninfo;
}
