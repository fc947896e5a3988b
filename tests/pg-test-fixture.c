/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"

#include <stdlib.h>

#include <pgconn/testing/pg-test-programs-private.h>

static PgTestServer *fixture_server;

static void
take_down (void)
{
  g_clear_object (&fixture_server);
}

gboolean
pg_test_fixture_up (PgTestServer *server)
{
  g_autoptr (GError) error = NULL;

  if (pg_test_server_up (server, NULL, &error))
    return TRUE;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || g_getenv ("PGCONN_TEST_REQUIRE_SERVER") != NULL)
    g_error ("%s", error->message);
  g_test_skip (error->message);
  return FALSE;
}

PgTestServer *
pg_test_fixture_server (void)
{
  if (fixture_server == NULL)
    {
      g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);

      if (pg_test_fixture_up (server))
        {
          fixture_server = g_steal_pointer (&server);
          atexit (take_down);
        }
    }
  return fixture_server;
}

char *
pg_test_fixture_conninfo (void)
{
  g_autoptr (GError) error = NULL;
  PgTestServer *server = pg_test_fixture_server ();
  char *conninfo;

  if (server == NULL)
    return NULL;
  conninfo = pg_test_server_create_database (server, NULL, &error);
  g_assert_no_error (error);
  return conninfo;
}

guint
pg_test_count_fds (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, &error);
  guint n = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir) != NULL)
    n++;
  /* Without the directory's own. */
  return n - 1;
}

void
pg_test_assert_fds (guint n)
{
  for (guint i = 0; i < 6000 && pg_test_count_fds () != n; i++)
    g_usleep (10 * 1000);
  g_assert_cmpuint (pg_test_count_fds (), ==, n);
}

static const char *
find_psql (void)
{
  static char *found;
  g_autoptr (GError) error = NULL;

  if (found == NULL)
    {
      g_autoptr (PgTestPrograms) programs = pg_test_programs_new (&error);

      g_assert_no_error (error);
      found = pg_test_programs_find (programs, "psql", &error);
      g_assert_no_error (error);
    }
  return found;
}

char *
pg_test_psql_try (const char *conninfo, const char *sql, GError **error)
{
  g_auto (GStrv) environment = pg_test_programs_dup_environment (NULL);
  const char *argv[] = { find_psql (), "-XAtqw", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-c", sql, NULL };
  g_autofree char *output = NULL;
  g_autofree char *messages = NULL;
  int status;

  /* Not GSubprocess, which leaves GLib's worker thread and its descriptors to a test that counts them. */
  if (!g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &output, &messages, &status, error))
    return NULL;
  if (status != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "psql: %s", messages);
      return NULL;
    }
  if (g_str_has_suffix (output, "\n"))
    output[strlen (output) - 1] = '\0';
  return g_steal_pointer (&output);
}

char *
pg_test_psql (const char *conninfo, const char *sql)
{
  g_autoptr (GError) error = NULL;
  char *output = pg_test_psql_try (conninfo, sql, &error);

  g_assert_no_error (error);
  return output;
}

GSubprocess *
pg_test_psql_start (const char *conninfo, const char *sql, const char *second_sql)
{
  g_auto (GStrv) environment = pg_test_programs_dup_environment (NULL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_environ (launcher, environment);
  process = g_subprocess_launcher_spawn (launcher, &error, find_psql (), "-XAtqw", "-d", conninfo, "-c", sql, second_sql != NULL ? "-c" : NULL, second_sql, NULL);
  g_assert_no_error (error);
  return process;
}

char *
pg_test_psql_finish (GSubprocess *process, gboolean *successful)
{
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  *successful = g_subprocess_get_successful (process);
  return output;
}
