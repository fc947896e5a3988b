/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgConnection as an object: made by g_object_new(), its properties, what it holds, and threads that share it. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>

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

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/connection/client-encoding", test_client_encoding);
  g_test_add_func ("/pg/connection/initable", test_initable);
  g_test_add_func ("/pg/connection/no-descriptor-leak", test_no_descriptor_leak);
  g_test_add_func ("/pg/connection/properties", test_properties);
  g_test_add_func ("/pg/connection/threads", test_threads);

  return g_test_run ();
}
