/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>

/* Reaped too, as its parent is this process. */
static gboolean
is_gone (int pid)
{
  return kill (pid, 0) != 0 && errno == ESRCH;
}

static void
count_notification (GObject *object, GParamSpec *pspec, gpointer data)
{
  guint *n = data;

  (*n)++;
}

static void
test_up_and_down (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autofree char *first_directory = NULL;
  g_autofree char *output = NULL;
  g_autofree char *again = NULL;
  guint n_conninfo = 0;
  guint n_fds;
  int first_pid;
  GStatBuf info;

  g_test_summary ("A server comes up private and with its settings, goes down without a trace, and comes up new.");
  g_assert_null (pg_test_server_get_conninfo (server));
  g_assert_cmpint (pg_test_server_get_pid (server), ==, 0);
  pg_test_server_down (server);
  g_signal_connect (server, "notify::conninfo", G_CALLBACK (count_notification), &n_conninfo);

  n_fds = pg_test_count_fds ();
  if (!pg_test_fixture_up (server))
    return;
  g_assert_cmpuint (pg_test_count_fds (), ==, n_fds + 1);
  g_assert_cmpuint (n_conninfo, ==, 1);
  g_assert_cmpuint (pg_test_server_get_port (server), ==, 5432);
  g_assert_null (pg_test_server_get_ca_file (server));
  first_pid = pg_test_server_get_pid (server);
  first_directory = g_strdup (pg_test_server_get_socket_directory (server));
  g_assert_cmpint (g_stat (first_directory, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0700);
  g_assert_true (g_file_test (pg_test_server_get_log_file (server), G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (pg_test_server_get_data_directory (server), G_FILE_TEST_IS_DIR));

  output = pg_test_psql (pg_test_server_get_conninfo (server),
                         "SELECT current_database(), current_user, current_setting('server_encoding'), current_setting('fsync'), "
                         "current_setting('max_prepared_transactions'), current_setting('listen_addresses') = ''");
  g_assert_cmpstr (output, ==, "postgres|postgres|UTF8|off|10|t");
  g_free (pg_test_psql (pg_test_server_get_conninfo (server), "CREATE TABLE leftover ()"));

  pg_test_server_down (server);
  g_assert_cmpuint (n_conninfo, ==, 2);
  g_assert_null (pg_test_server_get_conninfo (server));
  g_assert_null (pg_test_server_get_data_directory (server));
  g_assert_cmpint (pg_test_server_get_pid (server), ==, 0);
  g_assert_true (is_gone (first_pid));
  g_assert_false (g_file_test (first_directory, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (pg_test_count_fds (), ==, n_fds);
  pg_test_server_down (server);

  g_assert_true (pg_test_server_up (server, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (pg_test_server_get_socket_directory (server), !=, first_directory);
  again = pg_test_psql (pg_test_server_get_conninfo (server), "SELECT to_regclass('leftover') IS NULL");
  g_assert_cmpstr (again, ==, "t");
}

static void
test_last_unref (void)
{
  PgTestServer *server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autofree char *directory = NULL;
  int pid;

  g_test_summary ("The last unref takes the server down.");
  if (!pg_test_fixture_up (server))
    {
      g_object_unref (server);
      return;
    }
  pid = pg_test_server_get_pid (server);
  directory = g_strdup (pg_test_server_get_socket_directory (server));
  g_object_unref (server);
  g_assert_true (is_gone (pid));
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
}

static void
test_two_at_once (void)
{
  PgTestServer *first = pg_test_fixture_server ();
  g_autoptr (PgTestServer) second = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autofree char *first_output = NULL;
  g_autofree char *second_output = NULL;

  g_test_summary ("Two servers of one process do not disturb each other.");
  if (first == NULL)
    return;
  g_assert_true (pg_test_fixture_up (second));
  g_assert_cmpstr (pg_test_server_get_data_directory (first), !=, pg_test_server_get_data_directory (second));
  first_output = pg_test_psql (pg_test_server_get_conninfo (first), "SHOW data_directory");
  second_output = pg_test_psql (pg_test_server_get_conninfo (second), "SHOW data_directory");
  g_assert_cmpstr (first_output, ==, pg_test_server_get_data_directory (first));
  g_assert_cmpstr (second_output, ==, pg_test_server_get_data_directory (second));
}

static void
test_databases (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autofree char *template = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *output = NULL;
  g_autofree char *odd = NULL;
  gint64 start;

  g_test_summary ("Databases are fresh copies of template1, and their names are quoted.");
  if (server == NULL)
    return;
  template = pg_test_server_dup_database_conninfo (server, "template1");
  g_free (pg_test_psql (template, "CREATE TABLE prepared AS SELECT 1 AS a"));
  first = pg_test_fixture_conninfo ();
  g_free (pg_test_psql (template, "DROP TABLE prepared"));
  start = g_get_monotonic_time ();
  second = pg_test_fixture_conninfo ();
  g_test_minimized_result ((double) (g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND, "a database: %" G_GINT64_FORMAT " us", g_get_monotonic_time () - start);

  g_assert_cmpstr (first, !=, second);
  output = pg_test_psql (first, "UPDATE prepared SET a = 2 RETURNING a");
  g_assert_cmpstr (output, ==, "2");
  g_free (output);
  output = pg_test_psql (second, "SELECT to_regclass('prepared') IS NULL");
  g_assert_cmpstr (output, ==, "t");

  g_free (pg_test_psql (second, "CREATE DATABASE \"it's \\ odd\""));
  odd = pg_test_server_dup_database_conninfo (server, "it's \\ odd");
  g_free (output);
  output = pg_test_psql (odd, "SELECT current_database()");
  g_assert_cmpstr (output, ==, "it's \\ odd");
}

static void
test_psql_errors (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The helper that runs psql reports what psql says.");
  if (conninfo == NULL)
    return;
  output = pg_test_psql_try (conninfo, "SELECT 1/0", &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "division by zero"));
  g_assert_null (output);
}

static void
test_configuration (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autofree char *output = NULL;

  g_test_summary ("Added lines win over the default ones.");
  pg_test_server_add_configuration (server, "max_connections = 7\nfsync = on");
  pg_test_server_add_configuration (server, "application_name = 'it''s'");
  if (!pg_test_fixture_up (server))
    return;
  output = pg_test_psql (pg_test_server_get_conninfo (server), "SELECT current_setting('max_connections'), current_setting('fsync')");
  g_assert_cmpstr (output, ==, "7|on");
}

static void
test_bad_configuration (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  guint n_fds;

  g_test_summary ("When the server does not start, the error has the words of its log, and nothing is left.");
  if (pg_test_fixture_server () == NULL)
    return;
  n_fds = pg_test_count_fds ();
  pg_test_server_add_configuration (server, "no_such_setting = 1");
  g_assert_false (pg_test_server_up (server, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "unrecognized configuration parameter \"no_such_setting\""));
  g_assert_null (pg_test_server_get_conninfo (server));
  g_assert_null (pg_test_server_get_data_directory (server));
  g_assert_cmpint (pg_test_server_get_pid (server), ==, 0);
  g_assert_cmpuint (pg_test_count_fds (), ==, n_fds);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) second_error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_SCRAM);
  GThread *thread;

  g_test_summary ("Cancelling ends a start at once and cleanly.");
  if (pg_test_fixture_server () == NULL)
    return;
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (pg_test_server_up (server, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (pg_test_server_get_data_directory (server));

  g_assert_false (pg_test_server_up (server, cancellable, &second_error));
  g_assert_error (second_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_kill_and_restart (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_TCP);
  g_autofree char *tcp = NULL;
  g_autofree char *tcp_again = NULL;
  g_autofree char *output = NULL;
  int pid;

  g_test_summary ("A killed server can be started again, and keeps its data and its address.");
  if (!pg_test_fixture_up (server))
    return;
  pid = pg_test_server_get_pid (server);
  tcp = pg_test_server_dup_tcp_conninfo (server, NULL);
  g_free (pg_test_psql (tcp, "CREATE TABLE kept AS SELECT 5 AS a"));
  g_free (pg_test_psql (tcp, "CHECKPOINT"));

  pg_test_server_kill (server);
  g_assert_cmpint (pg_test_server_get_pid (server), ==, 0);
  g_assert_true (is_gone (pid));
  pg_test_server_kill (server);
  output = pg_test_psql_try (tcp, "SELECT 1", &refused);
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_null (output);

  g_assert_true (pg_test_server_restart (server, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_server_get_pid (server), !=, pid);
  pid = pg_test_server_get_pid (server);
  output = pg_test_psql (tcp, "SELECT a FROM kept");
  g_assert_cmpstr (output, ==, "5");

  g_assert_true (pg_test_server_restart (server, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_server_get_pid (server), !=, pid);
  g_assert_true (is_gone (pid));
  tcp_again = pg_test_server_dup_tcp_conninfo (server, NULL);
  g_assert_cmpstr (tcp_again, ==, tcp);
}

/* A client that holds a session while the server is killed must not keep a backend, and so the data directory, alive. */
static void
test_kill_with_client (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autoptr (GSubprocess) client = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  gboolean successful;

  g_test_summary ("A killed server says nothing to its clients.");
  if (!pg_test_fixture_up (server))
    return;
  client = pg_test_psql_start (pg_test_server_get_conninfo (server), "SELECT pg_sleep(60)", NULL);
  for (guint i = 0; i < 6000 && g_strcmp0 (output, "1") != 0; i++)
    {
      g_usleep (10 * 1000);
      g_free (output);
      output = pg_test_psql (pg_test_server_get_conninfo (server), "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'");
    }
  g_assert_cmpstr (output, ==, "1");
  pg_test_server_kill (server);
  g_free (output);
  output = pg_test_psql_finish (client, &successful);
  g_assert_false (successful);
  g_assert_nonnull (strstr (output, "server closed the connection unexpectedly"));
  g_assert_null (strstr (output, "terminating connection"));
  g_assert_true (pg_test_server_restart (server, NULL, &error));
  g_assert_no_error (error);
}

static void
test_scram (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_SCRAM);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) none = NULL;
  g_autofree char *conninfo = NULL;
  g_autofree char *without = NULL;
  g_autofree char *with_wrong = NULL;
  g_autofree char *output = NULL;
  char *p;

  g_test_summary ("With SCRAM every connection needs the password of the conninfo.");
  if (!pg_test_fixture_up (server))
    return;
  conninfo = pg_test_server_create_database (server, NULL, &error);
  g_assert_no_error (error);
  output = pg_test_psql (conninfo, "SELECT bool_and(auth_method = 'scram-sha-256') FROM pg_hba_file_rules");
  g_assert_cmpstr (output, ==, "t");
  g_free (output);
  output = pg_test_psql (conninfo, "SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'postgres'");
  g_assert_cmpstr (output, ==, "SCRAM-SHA-256");
  g_clear_pointer (&output, g_free);

  with_wrong = g_strconcat (conninfo, " password=wrong", NULL);
  output = pg_test_psql_try (with_wrong, "SELECT 1", &wrong);
  g_assert_nonnull (wrong);
  g_assert_nonnull (strstr (wrong->message, "password authentication failed"));
  g_assert_null (output);

  without = g_strdup (conninfo);
  p = strstr (without, " password=");
  g_assert_nonnull (p);
  *p = '\0';
  output = pg_test_psql_try (without, "SELECT 1", &none);
  g_assert_nonnull (none);
  g_assert_nonnull (strstr (none->message, "no password supplied"));
  g_assert_null (output);
}

static void
test_tls (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_TLS | PG_TEST_SERVER_FLAGS_SCRAM);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) untrusted = NULL;
  g_autoptr (GError) misnamed = NULL;
  g_autofree char *conninfo = NULL;
  g_autofree char *tcp = NULL;
  g_autofree char *own = NULL;
  g_autofree char *output = NULL;

  g_test_summary ("The certificate passes verify-full with its own authority only and for its own names only.");
  if (!pg_test_fixture_up (server))
    return;
  g_assert_true (g_file_test (pg_test_server_get_ca_file (server), G_FILE_TEST_IS_REGULAR));
  conninfo = pg_test_server_create_database (server, NULL, &error);
  g_assert_no_error (error);
  tcp = pg_test_server_dup_tcp_conninfo (server, conninfo);
  output = pg_test_psql (tcp, "SELECT ssl, current_database() FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  g_assert_cmpstr (output, ==, "t|test_1");
  g_free (output);

  own = g_strdup_printf ("%s host=127.0.0.1 sslmode=verify-full sslrootcert=%s channel_binding=require", tcp, pg_test_server_get_ca_file (server));
  output = pg_test_psql (own, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  g_assert_cmpstr (output, ==, "t");
  g_clear_pointer (&output, g_free);

  g_free (own);
  own = g_strconcat (tcp, " host=example.org", NULL);
  output = pg_test_psql_try (own, "SELECT 1", &misnamed);
  g_assert_nonnull (misnamed);
  g_assert_nonnull (strstr (misnamed->message, "does not match host name \"example.org\""));

  g_free (own);
  own = g_strconcat (tcp, " sslrootcert=/dev/null", NULL);
  output = pg_test_psql_try (own, "SELECT 1", &untrusted);
  g_assert_nonnull (untrusted);
  g_assert_null (output);
}

static void
test_properties (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autofree char *conninfo = NULL;
  g_autofree char *data_directory = NULL;
  g_autofree char *socket_directory = NULL;
  g_autofree char *log_file = NULL;
  g_autofree char *ca_file = NULL;
  PgTestServerFlags flags = PG_TEST_SERVER_FLAGS_TLS;
  guint port;
  int pid;

  g_test_summary ("Properties have the values of their getters.");
  if (server == NULL)
    return;
  g_object_get (server, "flags", &flags, "conninfo", &conninfo, "data-directory", &data_directory, "socket-directory", &socket_directory, "log-file", &log_file, "ca-file",
                &ca_file, "port", &port, "pid", &pid, NULL);
  g_assert_cmpint (flags, ==, PG_TEST_SERVER_FLAGS_NONE);
  g_assert_cmpint (flags, ==, pg_test_server_get_flags (server));
  g_assert_cmpstr (conninfo, ==, pg_test_server_get_conninfo (server));
  g_assert_cmpstr (data_directory, ==, pg_test_server_get_data_directory (server));
  g_assert_cmpstr (socket_directory, ==, pg_test_server_get_socket_directory (server));
  g_assert_cmpstr (log_file, ==, pg_test_server_get_log_file (server));
  g_assert_null (ca_file);
  g_assert_cmpuint (port, ==, pg_test_server_get_port (server));
  g_assert_cmpint (pid, ==, pg_test_server_get_pid (server));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/test-server/up-and-down", test_up_and_down);
  g_test_add_func ("/pg/test-server/last-unref", test_last_unref);
  g_test_add_func ("/pg/test-server/two-at-once", test_two_at_once);
  g_test_add_func ("/pg/test-server/databases", test_databases);
  g_test_add_func ("/pg/test-server/psql-errors", test_psql_errors);
  g_test_add_func ("/pg/test-server/properties", test_properties);
  g_test_add_func ("/pg/test-server/configuration", test_configuration);
  g_test_add_func ("/pg/test-server/bad-configuration", test_bad_configuration);
  g_test_add_func ("/pg/test-server/cancelled", test_cancelled);
  g_test_add_func ("/pg/test-server/kill-and-restart", test_kill_and_restart);
  g_test_add_func ("/pg/test-server/kill-with-client", test_kill_with_client);
  g_test_add_func ("/pg/test-server/scram", test_scram);
  g_test_add_func ("/pg/test-server/tls", test_tls);

  return g_test_run ();
}
