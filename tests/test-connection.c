/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgConnection: its life, its transactions and their settings. More of it: test-connection-open.c, test-connection-object.c,
 * test-connection-signals.c. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

#define assert_status(connection, status) \
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_##status)

static void
commit (PgConnection *connection)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = pg_connection_commit (connection, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
rollback (PgConnection *connection)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = pg_connection_rollback (connection, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
count_call (gpointer unused, gpointer unused_too, gpointer count)
{
  ++*(guint *) count;
}

static void
test_life (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (GError) error = NULL;
  PgBaseConnection *base = (PgBaseConnection *) connection;
  guint n_closed = 0, n_disconnected = 0;
  gboolean closed, broken;
  int pid;

  g_test_summary ("What a connection says of itself while it is open and after it was closed.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notify::closed", G_CALLBACK (count_call), &n_closed);
  g_signal_connect (connection, "disconnected", G_CALLBACK (count_call), &n_disconnected);
  g_object_get (connection, "closed", &closed, "broken", &broken, NULL);
  g_assert_false (closed);
  g_assert_false (broken);
  assert_status (connection, IDLE);
  g_assert_cmpint (pg_base_connection_get_backend_pid (base), ==, pg_test_int64 (connection, "SELECT pg_backend_pid()"));
  g_assert_cmpint (pg_base_connection_get_server_version (base), ==,
                   pg_test_int64 (connection, "SELECT current_setting('server_version_num')::int"));
  g_assert_cmpint (pg_base_connection_get_fd (base, &error), >=, 0);
  g_assert_no_error (error);
  assert_status (connection, INTRANS);
  pid = pg_base_connection_get_backend_pid (base);

  pg_base_connection_close (base);
  pg_base_connection_close (base);
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_cmpuint (n_disconnected, ==, 0);
  g_object_get (connection, "closed", &closed, "broken", &broken, NULL);
  g_assert_cmpint (closed * 10 + broken, ==, 10);
  assert_status (connection, UNKNOWN);
  g_assert_cmpint (pg_base_connection_get_backend_pid (base), ==, pid);
  g_assert_cmpint (pg_base_connection_get_fd (base, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
assert_closed (gboolean ok, GError **error)
{
  g_assert_false (ok);
  g_assert_error (*error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr ((*error)->message, ==, "the connection is closed");
  g_clear_error (error);
}

static void
test_closed (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (GError) error = NULL;
  PgBaseConnection *base = (PgBaseConnection *) connection;

  g_test_summary ("Every call on a closed connection fails in the same way, but close() and cancel(), which do nothing.");
  if (connection == NULL)
    return;
  pg_base_connection_close (base);
  assert_closed (pg_connection_cursor (connection, &error) != NULL, &error);
  assert_closed (pg_connection_execute (connection, "SELECT 1", NULL, NULL, &error) != NULL, &error);
  assert_closed (pg_connection_execute_params (connection, "SELECT 1", NULL, NULL, &error) != NULL, &error);
  assert_closed (pg_connection_commit (connection, NULL, &error), &error);
  assert_closed (pg_connection_rollback (connection, NULL, &error), &error);
  assert_closed (pg_connection_set_autocommit (connection, TRUE, NULL, &error), &error);
  assert_closed (pg_connection_set_isolation_level (connection, PG_ISOLATION_LEVEL_SERIALIZABLE, NULL, &error), &error);
  assert_closed (pg_connection_set_read_only (connection, PG_TRISTATE_ON, NULL, &error), &error);
  assert_closed (pg_connection_set_deferrable (connection, PG_TRISTATE_ON, NULL, &error), &error);
  g_assert_false (pg_base_connection_get_autocommit (base));
  g_assert_cmpint (pg_base_connection_get_read_only (base), ==, PG_TRISTATE_DEFAULT);
  pg_base_connection_cancel (base);
  g_assert_true (pg_connection_cancel_safe (connection, 1000, NULL, &error));
  g_assert_no_error (error);
  pg_base_connection_close (base);
}

static void
test_broken (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) later = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *killed = NULL;
  guint n_disconnected = 0;

  g_test_summary ("A session that the server ends breaks the connection, with the server's own words, once.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  g_signal_connect (connection, "disconnected", G_CALLBACK (count_call), &n_disconnected);
  sql = g_strdup_printf ("SELECT pg_terminate_backend(%d, 10000)", pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (connection)));
  killed = pg_test_psql (conninfo, sql);
  g_assert_cmpstr (killed, ==, "t");

  g_assert_false (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
  g_assert_null (pg_connection_execute (connection, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "57P01");
  g_assert_cmpuint (n_disconnected, ==, 1);
  g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
  g_assert_true (pg_base_connection_get_broken (PG_BASE_CONNECTION (connection)));
  assert_status (connection, UNKNOWN);
  assert_closed (pg_connection_commit (connection, NULL, &later), &later);

  pg_base_connection_close (PG_BASE_CONNECTION (connection));
  g_assert_true (pg_base_connection_get_broken (PG_BASE_CONNECTION (connection)));
  g_assert_cmpuint (n_disconnected, ==, 1);
}

static void
test_dropped_open (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *count = NULL;
  PgConnection *connection;
  guint before;

  g_test_summary ("Dropping an open connection closes it and commits nothing.");
  if (conninfo == NULL)
    return;
  before = pg_test_count_fds ();
  connection = pg_test_open (conninfo);
  pg_test_run (connection, "CREATE TABLE t (a int)");
  commit (connection);
  pg_test_run (connection, "INSERT INTO t VALUES (1)");
  g_object_unref (connection);
  g_assert_cmpuint (pg_test_count_fds (), ==, before);
  count = pg_test_psql (conninfo, "SELECT count(*) FROM t");
  g_assert_cmpstr (count, ==, "0");
}

/* --- transactions --- */

static void
test_implicit_transaction (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autofree char *during = NULL;
  g_autofree char *after = NULL;

  g_test_summary ("The first statement begins a transaction; a cursor alone does not; commit and rollback end it.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  assert_status (connection, IDLE);
  cursor = pg_connection_cursor (connection, NULL);
  assert_status (connection, IDLE);
  commit (connection);
  rollback (connection);
  assert_status (connection, IDLE);

  pg_test_run (connection, "CREATE TABLE t (a int)");
  assert_status (connection, INTRANS);
  rollback (connection);
  assert_status (connection, IDLE);
  pg_test_run (connection, "CREATE TABLE t (a int)");
  commit (connection);
  assert_status (connection, IDLE);

  pg_test_run (connection, "INSERT INTO t VALUES (1)");
  during = pg_test_psql (conninfo, "SELECT count(*) FROM t");
  g_assert_cmpstr (during, ==, "0");
  commit (connection);
  after = pg_test_psql (conninfo, "SELECT count(*) FROM t");
  g_assert_cmpstr (after, ==, "1");

  /* So do these. */
  pg_test_run (connection, "");
  assert_status (connection, INTRANS);
  rollback (connection);
  pg_test_run (connection, "SELECT 1; SELECT 2");
  assert_status (connection, INTRANS);
  rollback (connection);
}

static void
test_autocommit (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  guint n_notified = 0;

  g_test_summary ("With autocommit each statement stands alone; a transaction begun by hand is the server's.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  g_signal_connect (connection, "notify::autocommit", G_CALLBACK (count_call), &n_notified);
  g_assert_true (pg_connection_set_autocommit (connection, TRUE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (pg_base_connection_get_autocommit (PG_BASE_CONNECTION (connection)));
  pg_test_run (connection, "CREATE TABLE t (a int UNIQUE)");
  assert_status (connection, IDLE);
  message = pg_test_fail (connection, "SELECT 1/0", PG_ERROR_DIVISION_BY_ZERO);
  assert_status (connection, IDLE);

  pg_test_run (connection, "BEGIN");
  assert_status (connection, INTRANS);
  g_assert_false (pg_connection_set_autocommit (connection, FALSE, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  pg_test_run (connection, "INSERT INTO t VALUES (1)");
  rollback (connection);
  assert_status (connection, IDLE);
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, 0);

  /* What cannot be run in a transaction. */
  pg_test_run (connection, "VACUUM t");
  g_assert_true (pg_connection_set_autocommit (connection, FALSE, NULL, &error));
  g_assert_no_error (error);
  g_free (g_steal_pointer (&message));
  message = pg_test_fail (connection, "VACUUM t", PG_ERROR_ACTIVE_SQL_TRANSACTION);
  assert_status (connection, INERROR);
  rollback (connection);
  g_assert_cmpuint (n_notified, ==, 2);
}

static void
assert_set_refused (PgConnection *connection, const char *status)
{
  static const char *const names[] = { "autocommit", "isolation-level", "read-only", "deferrable" };
  GError *errors[G_N_ELEMENTS (names)] = { NULL };

  g_assert_false (pg_connection_set_autocommit (connection, TRUE, NULL, &errors[0]));
  g_assert_false (pg_connection_set_isolation_level (connection, PG_ISOLATION_LEVEL_SERIALIZABLE, NULL, &errors[1]));
  g_assert_false (pg_connection_set_read_only (connection, PG_TRISTATE_ON, NULL, &errors[2]));
  g_assert_false (pg_connection_set_deferrable (connection, PG_TRISTATE_ON, NULL, &errors[3]));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *message = g_strdup_printf ("can't change '%s' now: connection in transaction status %s", names[i], status);

      g_assert_error (errors[i], PG_ERROR, PG_ERROR_PROGRAMMING);
      g_assert_cmpint (pg_error_get_class (errors[i]), ==, PG_ERROR_CLASS_PROGRAMMING);
      g_assert_cmpstr (errors[i]->message, ==, message);
      g_error_free (errors[i]);
    }
  g_assert_false (pg_base_connection_get_autocommit (PG_BASE_CONNECTION (connection)));
  g_assert_cmpint (pg_base_connection_get_isolation_level (PG_BASE_CONNECTION (connection)), ==, PG_ISOLATION_LEVEL_DEFAULT);
  g_assert_cmpint (pg_base_connection_get_read_only (PG_BASE_CONNECTION (connection)), ==, PG_TRISTATE_DEFAULT);
  g_assert_cmpint (pg_base_connection_get_deferrable (PG_BASE_CONNECTION (connection)), ==, PG_TRISTATE_DEFAULT);
}

static void
test_settings_in_transaction (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autofree char *message = NULL;

  g_test_summary ("No setting changes while a transaction is open or has failed.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SELECT 1");
  assert_set_refused (connection, "INTRANS");
  message = pg_test_fail (connection, "SELECT 1/0", PG_ERROR_DIVISION_BY_ZERO);
  assert_set_refused (connection, "INERROR");
  rollback (connection);
  assert_status (connection, IDLE);
}

static void
test_characteristics (void)
{
  static const char *const levels[] = { "read committed", "read uncommitted", "read committed", "repeatable read", "serializable" };
  static const char *const access[] = { "off", "on", "off" };
  static const char *const deferrable[] = { "off", "on", "off" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("Each combination of isolation level, read only and deferrable is what the transaction gets.");
  if (connection == NULL)
    return;
  for (guint l = 0; l <= PG_ISOLATION_LEVEL_SERIALIZABLE; l++)
    for (guint r = 0; r <= PG_TRISTATE_OFF; r++)
      for (guint d = 0; d <= PG_TRISTATE_OFF; d++)
        {
          g_autoptr (GError) error = NULL;
          g_autofree char *expected = g_strdup_printf ("%s/%s/%s", levels[l], access[r], deferrable[d]);
          g_autofree char *value = NULL;

          g_assert_true (pg_connection_set_isolation_level (connection, l, NULL, &error));
          g_assert_true (pg_connection_set_read_only (connection, r, NULL, &error));
          g_assert_true (pg_connection_set_deferrable (connection, d, NULL, &error));
          g_assert_no_error (error);
          g_assert_cmpint (pg_base_connection_get_isolation_level (PG_BASE_CONNECTION (connection)), ==, l);
          g_assert_cmpint (pg_base_connection_get_read_only (PG_BASE_CONNECTION (connection)), ==, r);
          g_assert_cmpint (pg_base_connection_get_deferrable (PG_BASE_CONNECTION (connection)), ==, d);
          value = pg_test_text (connection, "SELECT current_setting('transaction_isolation') || '/' || current_setting('transaction_read_only') || '/' || "
                                            "current_setting('transaction_deferrable')");
          g_assert_cmpstr (value, ==, expected);
          rollback (connection);
        }
}

static void
test_characteristics_override_defaults (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *own = NULL;
  g_autofree char *level = NULL;
  g_autofree char *read_only = NULL;
  g_autofree char *explicit = NULL;
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Unset, the server's default applies; OFF is not the same as unset.");
  if (conninfo == NULL)
    return;
  own = g_strconcat (conninfo, " options='-c default_transaction_isolation=serializable -c default_transaction_read_only=on'", NULL);
  connection = pg_test_open (own);
  level = pg_test_text (connection, "SHOW transaction_isolation");
  g_assert_cmpstr (level, ==, "serializable");
  read_only = pg_test_text (connection, "SHOW transaction_read_only");
  g_assert_cmpstr (read_only, ==, "on");
  rollback (connection);
  g_assert_true (pg_connection_set_read_only (connection, PG_TRISTATE_OFF, NULL, &error));
  g_assert_true (pg_connection_set_isolation_level (connection, PG_ISOLATION_LEVEL_READ_COMMITTED, NULL, &error));
  g_assert_no_error (error);
  explicit = pg_test_text (connection, "SELECT current_setting('transaction_isolation') || '/' || current_setting('transaction_read_only')");
  g_assert_cmpstr (explicit, ==, "read committed/off");
}

static void
test_read_only (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  g_test_summary ("A read-only transaction refuses to write; statements under autocommit are not concerned.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a int)");
  commit (connection);
  g_assert_true (pg_connection_set_read_only (connection, PG_TRISTATE_ON, NULL, &error));
  message = pg_test_fail (connection, "INSERT INTO t VALUES (1)", PG_ERROR_READ_ONLY_SQL_TRANSACTION);
  rollback (connection);
  g_assert_true (pg_connection_set_autocommit (connection, TRUE, NULL, &error));
  g_assert_no_error (error);
  pg_test_run (connection, "INSERT INTO t VALUES (1)");
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, 1);
}

static void
test_failed_transaction (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_test_summary ("After an error nothing runs until the rollback.");
  if (connection == NULL)
    return;
  first = pg_test_fail (connection, "SELECT * FROM no_such_table", PG_ERROR_UNDEFINED_TABLE);
  pg_test_assert_contains (first, "relation \"no_such_table\" does not exist");
  assert_status (connection, INERROR);
  second = pg_test_fail (connection, "SELECT 1", PG_ERROR_IN_FAILED_SQL_TRANSACTION);
  rollback (connection);
  assert_status (connection, IDLE);
  pg_test_run (connection, "SELECT 1");
}

static void
test_commit_of_failed (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  g_autofree char *exists = NULL;

  g_test_summary ("COMMIT of a failed transaction is an error that says it was rolled back, not a success.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  pg_test_run (connection, "CREATE TABLE t (a int)");
  message = pg_test_fail (connection, "SELECT 1/0", PG_ERROR_DIVISION_BY_ZERO);
  g_assert_false (pg_connection_commit (connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_TRANSACTION_ROLLED_BACK);
  assert_status (connection, IDLE);
  exists = pg_test_psql (conninfo, "SELECT to_regclass('t') IS NULL");
  g_assert_cmpstr (exists, ==, "t");
  commit (connection);
  pg_test_run (connection, "SELECT 1");
}

static void
test_failing_commit (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgDiagnostic) diagnostic = NULL;

  g_test_summary ("A COMMIT that a deferred constraint refuses is that error, and leaves no transaction.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  commit (connection);
  pg_test_run (connection, "INSERT INTO t VALUES (1), (1)");
  assert_status (connection, INTRANS);
  g_assert_false (pg_connection_commit (connection, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_cmpint (pg_error_get_class (error), ==, PG_ERROR_CLASS_INTEGRITY);
  diagnostic = pg_base_connection_dup_last_diagnostic (PG_BASE_CONNECTION (connection));
  g_assert_nonnull (diagnostic);
  g_assert_cmpstr (pg_diagnostic_get_constraint_name (diagnostic), ==, "once");
  g_assert_cmpstr (pg_diagnostic_get_table_name (diagnostic), ==, "t");
  assert_status (connection, IDLE);
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_commit_and_chain (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("The status is the server's, not what the command tag suggests.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SELECT 1");
  pg_test_run (connection, "COMMIT AND CHAIN");
  assert_status (connection, INTRANS);
  pg_test_run (connection, "ROLLBACK");
  assert_status (connection, IDLE);
  pg_test_run (connection, "SELECT 1");
  pg_test_run (connection, "COMMIT");
  assert_status (connection, IDLE);
}

static void
test_serialization_failure (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) one = NULL;
  g_autoptr (PgConnection) two = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A serialization failure at COMMIT is 40001 and leaves no transaction.");
  if (conninfo == NULL)
    return;
  one = pg_test_open (conninfo);
  two = pg_test_open (conninfo);
  pg_test_run (one, "CREATE TABLE t (a int)");
  commit (one);
  g_assert_true (pg_connection_set_isolation_level (one, PG_ISOLATION_LEVEL_SERIALIZABLE, NULL, NULL));
  g_assert_true (pg_connection_set_isolation_level (two, PG_ISOLATION_LEVEL_SERIALIZABLE, NULL, NULL));
  pg_test_run (one, "INSERT INTO t SELECT count(*) FROM t");
  pg_test_run (two, "INSERT INTO t SELECT count(*) FROM t");
  commit (one);
  g_assert_false (pg_connection_commit (two, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_SERIALIZATION_FAILURE);
  assert_status (two, IDLE);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/connection/life", test_life);
  g_test_add_func ("/pg/connection/closed", test_closed);
  g_test_add_func ("/pg/connection/broken", test_broken);
  g_test_add_func ("/pg/connection/dropped-open", test_dropped_open);
  g_test_add_func ("/pg/connection/implicit-transaction", test_implicit_transaction);
  g_test_add_func ("/pg/connection/autocommit", test_autocommit);
  g_test_add_func ("/pg/connection/settings-in-transaction", test_settings_in_transaction);
  g_test_add_func ("/pg/connection/characteristics", test_characteristics);
  g_test_add_func ("/pg/connection/characteristics-override-defaults", test_characteristics_override_defaults);
  g_test_add_func ("/pg/connection/read-only", test_read_only);
  g_test_add_func ("/pg/connection/failed-transaction", test_failed_transaction);
  g_test_add_func ("/pg/defect/04-commit-of-failed-transaction", test_commit_of_failed);
  g_test_add_func ("/pg/connection/failing-commit", test_failing_commit);
  g_test_add_func ("/pg/connection/commit-and-chain", test_commit_and_chain);
  g_test_add_func ("/pg/connection/serialization-failure", test_serialization_failure);

  return g_test_run ();
}
