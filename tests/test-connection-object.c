/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgConnection as an object: made by g_object_new(), its properties, what it holds, and threads that share it. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
count_call (gpointer unused, gpointer unused_too, gpointer count)
{
  ++*(guint *) count;
}

static void
test_client_encoding (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *asked = NULL;
  g_autofree char *value = NULL;
  g_autofree char *encoding = NULL;
  g_autofree char *other = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) second = NULL;

  g_test_summary ("client_encoding is UTF8 whatever environment and conninfo say.");
  if (conninfo == NULL)
    return;
  g_setenv ("PGCLIENTENCODING", "LATIN1", TRUE);
  connection = pg_test_open (conninfo);
  pg_test_clean_environment ();
  encoding = pg_test_text (connection, "SHOW client_encoding");
  g_assert_cmpstr (encoding, ==, "UTF8");
  value = pg_test_text (connection, "SELECT 'ü€😀' || chr(228)");
  g_assert_cmpstr (value, ==, "ü€😀ä");

  asked = g_strconcat (conninfo, " client_encoding=LATIN1", NULL);
  second = pg_test_open (asked);
  other = pg_test_text (second, "SHOW client_encoding");
  g_assert_cmpstr (other, ==, "UTF8");
}

static void
test_initable (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again_error = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) failing = NULL;
  gboolean autocommit;
  PgIsolationLevel level;
  PgTristate read_only, deferrable;

  g_test_summary ("g_object_new() and g_initable_init() are the same as open.");
  if (conninfo == NULL)
    return;
  connection = g_object_new (PG_TYPE_CONNECTION, "conninfo", conninfo, "autocommit", TRUE, "isolation-level", PG_ISOLATION_LEVEL_SERIALIZABLE, "read-only",
                             PG_TRISTATE_OFF, "deferrable", PG_TRISTATE_ON, "timeout", 30000, NULL);
  g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
  g_assert_false (pg_base_connection_get_broken (PG_BASE_CONNECTION (connection)));
  g_assert_cmpint (pg_base_connection_get_server_version (PG_BASE_CONNECTION (connection)), ==, 0);
  g_assert_cmpint (pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (connection)), ==, 0);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_UNKNOWN);
  g_assert_null (pg_connection_execute (connection, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  g_assert_true (g_initable_init (G_INITABLE (connection), NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_initable_init (G_INITABLE (connection), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_int64 (connection, "SELECT 42"), ==, 42);
  g_object_get (connection, "autocommit", &autocommit, "isolation-level", &level, "read-only", &read_only, "deferrable", &deferrable, NULL);
  g_assert_true (autocommit);
  g_assert_cmpint (level, ==, PG_ISOLATION_LEVEL_SERIALIZABLE);
  g_assert_cmpint (read_only, ==, PG_TRISTATE_OFF);
  g_assert_cmpint (deferrable, ==, PG_TRISTATE_ON);

  /* One that was closed, or could not be opened, does not open again. */
  pg_base_connection_close (PG_BASE_CONNECTION (connection));
  g_assert_false (g_initable_init (G_INITABLE (connection), NULL, &again_error));
  g_assert_error (again_error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  failing = g_object_new (PG_TYPE_CONNECTION, "conninfo", "host=/nowhere", NULL);
  g_assert_false (g_initable_init (G_INITABLE (failing), NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
  g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (failing)));
  g_assert_false (pg_base_connection_get_broken (PG_BASE_CONNECTION (failing)));
}

/* --- a second try --- */

/* What an empty conninfo leads to. */
static void
set_environment (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgConnection) anywhere = NULL;
  PgTestServer *server = pg_test_fixture_server ();
  g_autofree char *directory = NULL;
  g_autofree char *port = NULL;

  g_object_get (server, "socket-directory", &directory, NULL);
  port = pg_test_psql (pg_test_server_get_conninfo (server), "SHOW port");
  g_setenv ("PGHOST", directory, TRUE);
  g_setenv ("PGPORT", port, TRUE);
  g_setenv ("PGUSER", "postgres", TRUE);
  g_setenv ("PGDATABASE", "postgres", TRUE);
  anywhere = pg_connection_open ("", NULL, &error);
  g_assert_no_error (error);
}

static void
assert_not_opened_again (gpointer connection, const GError *error)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  pg_test_assert_contains (error->message, "opened before");
  g_assert_true (pg_base_connection_get_closed (connection));
  g_assert_cmpint (pg_base_connection_get_backend_pid (connection), ==, 0);
}

static void
test_initable_again (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("One whose first g_initable_init() was cancelled before it began does not open any more, nor anywhere else.");
  if (conninfo == NULL)
    return;
  g_cancellable_cancel (cancelled);
  connection = g_object_new (PG_TYPE_CONNECTION, "conninfo", conninfo, NULL);
  set_environment ();
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (g_initable_init (G_INITABLE (connection), i == 0 ? cancelled : NULL, &error));
      if (i == 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        assert_not_opened_again (connection, error);
    }
  pg_test_clean_environment ();
}

static void
test_async_initable_again (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (PgAsyncConnection) connection = NULL;

  g_test_summary ("The same for g_async_initable_init_async().");
  if (conninfo == NULL)
    return;
  g_cancellable_cancel (cancelled);
  connection = g_object_new (PG_TYPE_ASYNC_CONNECTION, "conninfo", conninfo, NULL);
  set_environment ();
  for (guint i = 0; i < 3; i++)
    {
      g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
      g_autoptr (GError) error = NULL;

      g_async_initable_init_async (G_ASYNC_INITABLE (connection), G_PRIORITY_DEFAULT, i == 0 ? cancelled : NULL, pg_test_wait_done, &wait);
      g_assert_false (g_async_initable_init_finish (G_ASYNC_INITABLE (connection), pg_test_wait (&wait), &error));
      if (i == 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        assert_not_opened_again (connection, error);
    }
  pg_test_clean_environment ();
}

/* --- secrets --- */

/* 32 bytes, in base64. */
#define KEY "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I="

static void
test_secrets (gconstpointer data)
{
  const char *keyword = data;
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *with_secret = NULL;
  g_autofree char *property = NULL;
  g_autofree char *copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("No secret of the conninfo can be read from the connection.");
  if (conninfo == NULL)
    return;
  with_secret = g_strdup_printf ("%s application_name=me %s=" KEY, conninfo, keyword);
  connection = pg_connection_open (with_secret, NULL, &error);
  if (g_error_matches (error, PG_ERROR, PG_ERROR_PROGRAMMING))
    {
      g_test_skip (error->message);
      return;
    }
  g_assert_no_error (error);
  g_object_get (connection, "conninfo", &property, NULL);
  copy = pg_base_connection_dup_conninfo (PG_BASE_CONNECTION (connection));
  g_assert_cmpstr (property, ==, copy);
  pg_test_assert_contains (copy, "application_name='me'");
  g_assert_null (strstr (copy, keyword));
  g_assert_null (strstr (copy, KEY));
}

static void
test_no_descriptor_leak (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  guint before;

  g_test_summary ("Neither failing to open nor opening and closing leaves a descriptor behind.");
  if (conninfo == NULL)
    return;
  g_object_unref (pg_test_open (conninfo));
  before = pg_test_count_fds ();
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_connection_open ("host=/nowhere,127.0.0.1 port=1", NULL, &error));
      g_assert_nonnull (error);
      g_object_unref (pg_test_open (conninfo));
    }
  g_assert_cmpuint (pg_test_count_fds (), ==, before);
}

static void
test_tristate (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  PgTristate read_only, deferrable;

  g_test_summary ("Off and on are FALSE and TRUE, so that either can be given for the other; the default is neither.");
  g_assert_cmpint (PG_TRISTATE_DEFAULT, ==, -1);
  g_assert_cmpint (PG_TRISTATE_OFF, ==, FALSE);
  g_assert_cmpint (PG_TRISTATE_ON, ==, TRUE);
  if (connection == NULL)
    return;
  g_object_get (connection, "read-only", &read_only, "deferrable", &deferrable, NULL);
  g_assert_cmpint (read_only, ==, PG_TRISTATE_DEFAULT);
  g_assert_cmpint (deferrable, ==, PG_TRISTATE_DEFAULT);
  pg_test_run (connection, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY, DEFERRABLE");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (PgTristate value = PG_TRISTATE_DEFAULT; value <= PG_TRISTATE_ON; value++)
    {
      g_autofree char *shown = NULL;
      g_autofree char *shown_deferrable = NULL;

      g_assert_true (pg_connection_set_read_only (connection, value, NULL, NULL));
      g_assert_true (pg_connection_set_deferrable (connection, value, NULL, NULL));
      g_assert_cmpint (pg_base_connection_get_read_only (PG_BASE_CONNECTION (connection)), ==, value);
      shown = pg_test_text (connection, "SHOW transaction_read_only");
      shown_deferrable = pg_test_text (connection, "SHOW transaction_deferrable");
      g_assert_cmpstr (shown, ==, value == PG_TRISTATE_OFF ? "off" : "on");
      g_assert_cmpstr (shown_deferrable, ==, value == PG_TRISTATE_OFF ? "off" : "on");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
}

static void
test_properties (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  int threshold, max, pid, version;
  guint timeout, cancel_timeout, n_notified = 0;
  PgTransactionStatus status;

  g_test_summary ("Properties have the values of their getters; the plain ones are written and notified once.");
  if (connection == NULL)
    return;
  g_object_get (connection, "prepare-threshold", &threshold, "prepared-max", &max, "timeout", &timeout, "cancel-timeout", &cancel_timeout, "backend-pid",
                &pid, "server-version", &version, "transaction-status", &status, NULL);
  g_assert_cmpint (threshold, ==, 5);
  g_assert_cmpint (max, ==, 100);
  g_assert_cmpuint (timeout, ==, 0);
  g_assert_cmpuint (cancel_timeout, ==, 5000);
  g_assert_cmpint (pid, ==, pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (connection)));
  g_assert_cmpint (version, ==, pg_base_connection_get_server_version (PG_BASE_CONNECTION (connection)));
  g_assert_cmpint (status, ==, PG_TRANSACTION_STATUS_IDLE);

  g_signal_connect (connection, "notify", G_CALLBACK (count_call), &n_notified);
  g_object_set (connection, "prepare-threshold", 5, "prepared-max", 100, "timeout", 0, "cancel-timeout", 5000, NULL);
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_set (connection, "prepare-threshold", -1, "prepared-max", 0, "timeout", 60000, "cancel-timeout", 1, NULL);
  g_assert_cmpuint (n_notified, ==, 4);
  g_assert_cmpint (pg_base_connection_get_prepare_threshold (PG_BASE_CONNECTION (connection)), ==, -1);
  g_assert_cmpint (pg_base_connection_get_prepared_max (PG_BASE_CONNECTION (connection)), ==, 0);
  g_assert_cmpuint (pg_base_connection_get_timeout (PG_BASE_CONNECTION (connection)), ==, 60000);
  g_assert_cmpuint (pg_base_connection_get_cancel_timeout (PG_BASE_CONNECTION (connection)), ==, 1);
}

/* --- threads --- */

#define N_THREADS 8
#define N_STATEMENTS 200

static gpointer
run_statements (gpointer data)
{
  PgConnection *connection = data;
  guint n_right = 0;

  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      g_autoptr (PgCursor) cursor = NULL;
      gint64 number = g_random_int ();

      cursor = pg_connection_execute (connection, "INSERT INTO t VALUES ($1) RETURNING a", g_variant_new ("(x)", number), NULL, NULL);
      if (cursor != NULL && pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL) == number)
        n_right++;
    }
  return GUINT_TO_POINTER (n_right);
}

static void
test_threads (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  GThread *threads[N_THREADS];
  guint n_right = 0;

  g_test_summary ("Threads that share a connection each get their own results, in one transaction.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a int8)");
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("statements", run_statements, connection);
  for (guint i = 0; i < N_THREADS; i++)
    n_right += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (n_right, ==, N_THREADS * N_STATEMENTS);
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, N_THREADS * N_STATEMENTS);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_too_many_files (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgConnection) connection = NULL;
  struct rlimit limit, reached;
  int fd;

  g_test_summary ("Where no file can be opened any more the error says so.");
  if (conninfo == NULL)
    return;
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  reached = limit;
  reached.rlim_cur = fd;
  close (fd);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &reached), ==, 0);
  connection = pg_connection_open (conninfo, NULL, &error);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  g_assert_null (connection);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);

  connection = pg_connection_open (conninfo, NULL, NULL);
  g_assert_nonnull (connection);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/connection/client-encoding", test_client_encoding);
  g_test_add_func ("/pg/connection/initable", test_initable);
  g_test_add_func ("/pg/connection/initable-again", test_initable_again);
  g_test_add_func ("/pg/async-connection/initable-again", test_async_initable_again);
  g_test_add_data_func ("/pg/connection/secrets/password", "password", test_secrets);
  g_test_add_data_func ("/pg/connection/secrets/sslpassword", "sslpassword", test_secrets);
  g_test_add_data_func ("/pg/connection/secrets/scram-client-key", "scram_client_key", test_secrets);
  g_test_add_data_func ("/pg/connection/secrets/scram-server-key", "scram_server_key", test_secrets);
  g_test_add_data_func ("/pg/connection/secrets/oauth-client-secret", "oauth_client_secret", test_secrets);
  g_test_add_func ("/pg/connection/tristate", test_tristate);
  g_test_add_func ("/pg/connection/no-descriptor-leak", test_no_descriptor_leak);
  g_test_add_func ("/pg/connection/too-many-files", test_too_many_files);
  g_test_add_func ("/pg/connection/properties", test_properties);
  g_test_add_func ("/pg/connection/threads", test_threads);

  return g_test_run ();
}
