/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

#define assert_status(connection, status) \
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_##status)

static void
commit (PgAsyncConnection *connection)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  pg_async_connection_commit_async (connection, NULL, pg_test_wait_done, &wait);
  ok = pg_async_connection_commit_finish (connection, pg_test_wait (&wait), &error);
  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
rollback (PgAsyncConnection *connection)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  pg_async_connection_rollback_async (connection, NULL, pg_test_wait_done, &wait);
  ok = pg_async_connection_rollback_finish (connection, pg_test_wait (&wait), &error);
  g_assert_no_error (error);
  g_assert_true (ok);
}

typedef enum
{
  AUTOCOMMIT,
  ISOLATION_LEVEL,
  READ_ONLY,
  DEFERRABLE,
} Setting;

static gboolean
set (PgAsyncConnection *connection, Setting setting, int value, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  switch (setting)
    {
    case AUTOCOMMIT:
      pg_async_connection_set_autocommit_async (connection, value, NULL, pg_test_wait_done, &wait);
      return pg_async_connection_set_autocommit_finish (connection, pg_test_wait (&wait), error);
    case ISOLATION_LEVEL:
      pg_async_connection_set_isolation_level_async (connection, value, NULL, pg_test_wait_done, &wait);
      return pg_async_connection_set_isolation_level_finish (connection, pg_test_wait (&wait), error);
    case READ_ONLY:
      pg_async_connection_set_read_only_async (connection, value, NULL, pg_test_wait_done, &wait);
      return pg_async_connection_set_read_only_finish (connection, pg_test_wait (&wait), error);
    case DEFERRABLE:
    default:
      pg_async_connection_set_deferrable_async (connection, value, NULL, pg_test_wait_done, &wait);
      return pg_async_connection_set_deferrable_finish (connection, pg_test_wait (&wait), error);
    }
}

static GError *
open_error (const char *conninfo)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncConnection) connection = NULL;

  g_test_message ("%s", conninfo);
  pg_async_connection_open_async (conninfo, NULL, pg_test_wait_done, &wait);
  connection = pg_async_connection_open_finish (pg_test_wait (&wait), &error);
  g_assert_null (connection);
  g_assert_nonnull (error);
  return g_steal_pointer (&error);
}

static void
test_open_errors (void)
{
  static const struct
  {
    const char *conninfo;
    int code;
    const char *part;
  } cases[] = {
    { "no_such_keyword=1", PG_ERROR_PROGRAMMING, "no_such_keyword" },
    { "host=a,b,c port=1,2", PG_ERROR_PROGRAMMING, "could not match 2 port numbers to 3 hosts" },
    { "host=a connect_timeout=soon", PG_ERROR_PROGRAMMING, "bad value for connect_timeout: 'soon'" },
    { "host=/nowhere,127.0.0.1 port=1", PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "Multiple connection attempts failed" },
    { "host=@/no/such/socket", PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "@/no/such/socket" },
    { "host=no-such-host.invalid", PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "failed to resolve host 'no-such-host.invalid': " },
  };
  PgTestServer *server = pg_test_fixture_server ();
  g_autofree char *missing = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Opening fails as it does for the blocking class, in the callback.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) own = open_error (cases[i].conninfo);

      g_assert_error (own, PG_ERROR, cases[i].code);
      pg_test_assert_contains (own->message, cases[i].part);
    }
  if (server == NULL)
    return;
  missing = pg_test_server_dup_database_conninfo (server, "no such database");
  error = open_error (missing);
  g_assert_error (error, PG_ERROR, PG_ERROR_INVALID_CATALOG_NAME);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "3D000");
}

static void
test_life (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  PgBaseConnection *base = (PgBaseConnection *) connection;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *pid = NULL;
  PgAsyncCursor *cursor;

  g_test_summary ("From open to closed.");
  if (connection == NULL)
    return;
  g_assert_false (pg_base_connection_get_closed (base));
  assert_status (connection, IDLE);
  pid = pg_test_async_text (connection, "SELECT pg_backend_pid()");
  g_assert_cmpint (atoi (pid), ==, pg_base_connection_get_backend_pid (base));
  g_assert_cmpint (pg_base_connection_get_server_version (base), >, 90000);
  g_assert_cmpint (pg_base_connection_get_fd (base, &error), >=, 0);
  assert_status (connection, INTRANS);

  pg_async_connection_close_async (connection, NULL, pg_test_wait_done, &wait);
  g_assert_true (pg_async_connection_close_finish (connection, pg_test_wait (&wait), &error));
  g_assert_no_error (error);
  g_assert_true (pg_base_connection_get_closed (base));
  g_assert_false (pg_base_connection_get_broken (base));
  assert_status (connection, UNKNOWN);
  cursor = pg_async_connection_cursor (connection, &error);
  g_assert_null (cursor);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  pg_async_connection_execute_async (connection, "SELECT 1", NULL, NULL, pg_test_wait_done, &wait);
  g_assert_null (pg_async_connection_execute_finish (connection, pg_test_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_false (set (connection, AUTOCOMMIT, TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

typedef struct
{
  GString *order;
  guint n;
  gboolean inside;
} Order;

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  Order *order = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  if (order->inside)
    g_string_append (order->order, "INSIDE ");
  if (cursor != NULL)
    {
      g_autofree char *text = pg_test_cell (cursor, 0, 0);

      g_string_append_printf (order->order, "%s ", text);
    }
  else
    {
      const char *sqlstate = pg_error_get_sqlstate (error);

      g_string_append_printf (order->order, "%s ", sqlstate != NULL ? sqlstate : "unsent");
    }
  order->n++;
}

static void
test_queue (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autofree char *got = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  Order order = { NULL, 0, FALSE };

  g_test_summary ("Calls made while another runs queue in order; no callback runs inside of a call that starts one.");
  if (connection == NULL)
    return;
  g_assert_true (set (connection, AUTOCOMMIT, TRUE, &error));
  order.order = g_string_new (NULL);
  order.inside = TRUE;
  pg_async_connection_execute_async (connection, "SELECT 'a' FROM pg_sleep(0.05)", NULL, NULL, on_executed, &order);
  pg_async_connection_execute_async (connection, "SELECT %s::text", g_variant_new ("(s)", "b"), NULL, on_executed, &order);
  pg_async_connection_execute_async (connection, "SELECT 1/0", NULL, NULL, on_executed, &order);
  pg_async_connection_execute_async (connection, "SELECT %s::text", g_variant_new ("(ii)", 1, 2), NULL, on_executed, &order);
  pg_async_connection_execute_async (connection, "SELECT 'd'; SELECT 'e'", NULL, NULL, on_executed, &order);
  pg_async_connection_set_autocommit_async (connection, FALSE, NULL, pg_test_wait_done, &wait);
  pg_async_connection_execute_async (connection, "SELECT 'f'", NULL, NULL, on_executed, &order);
  order.inside = FALSE;
  pg_test_iterate_until (&order.n, 6);
  /* What cannot be sent is told as soon as the loop runs, the rest in order. */
  g_assert_cmpuint (g_string_replace (order.order, "unsent ", "", 0), ==, 1);
  got = g_string_free (order.order, FALSE);
  g_assert_cmpstr (got, ==, "a b 22012 d f ");
  g_assert_cmpuint (wait.n_calls, ==, 1);
  g_assert_true (pg_async_connection_set_autocommit_finish (connection, wait.result, &error));
  assert_status (connection, INTRANS);
}

static void
test_many_in_flight (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  GString *expected = g_string_new (NULL);
  Order order = { NULL, 0, FALSE };

  g_test_summary ("A thousand calls in flight all end, in order.");
  if (connection == NULL)
    {
      g_string_free (expected, TRUE);
      return;
    }
  order.order = g_string_new (NULL);
  for (guint i = 0; i < 1000; i++)
    {
      pg_async_connection_execute_async (connection, "SELECT $1::text", g_variant_new ("(i)", i), NULL, on_executed, &order);
      g_string_append_printf (expected, "%u ", i);
    }
  pg_test_iterate_until (&order.n, 1000);
  g_assert_cmpstr (order.order->str, ==, expected->str);
  g_string_free (order.order, TRUE);
  g_string_free (expected, TRUE);
}

static void
test_transactions (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgAsyncConnection) connection = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *count = NULL;
  g_autofree char *message = NULL;

  g_test_summary ("Implicit transactions, commit and rollback; COMMIT of a failed transaction is an error.");
  if (conninfo == NULL)
    return;
  connection = pg_test_async_open (conninfo);
  commit (connection);
  rollback (connection);
  assert_status (connection, IDLE);
  g_object_unref (pg_test_async_execute (connection, "CREATE TABLE t (a int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED)"));
  assert_status (connection, INTRANS);
  commit (connection);
  assert_status (connection, IDLE);
  g_object_unref (pg_test_async_execute (connection, "INSERT INTO t VALUES (1)"));
  rollback (connection);
  count = pg_test_async_text (connection, "SELECT count(*) FROM t");
  g_assert_cmpstr (count, ==, "0");

  message = pg_test_async_fail (connection, "SELECT 1/0", PG_ERROR_DIVISION_BY_ZERO);
  assert_status (connection, INERROR);
  pg_async_connection_commit_async (connection, NULL, pg_test_wait_done, &wait);
  g_assert_false (pg_async_connection_commit_finish (connection, pg_test_wait (&wait), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_TRANSACTION_ROLLED_BACK);
  g_clear_error (&error);
  assert_status (connection, IDLE);

  g_object_unref (pg_test_async_execute (connection, "INSERT INTO t VALUES (1), (1)"));
  pg_async_connection_commit_async (connection, NULL, pg_test_wait_done, &wait);
  g_assert_false (pg_async_connection_commit_finish (connection, pg_test_wait (&wait), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  assert_status (connection, IDLE);
}

static void
count_call (gpointer unused, gpointer unused_too, gpointer count)
{
  ++*(guint *) count;
}

static void
test_settings (void)
{
  static const struct
  {
    Setting setting;
    const char *name;
    int value;
    const char *show;
    const char *expected;
  } cases[] = {
    { ISOLATION_LEVEL, "isolation-level", PG_ISOLATION_LEVEL_SERIALIZABLE, "SHOW transaction_isolation", "serializable" },
    { READ_ONLY, "read-only", PG_TRISTATE_ON, "SHOW transaction_read_only", "on" },
    { DEFERRABLE, "deferrable", PG_TRISTATE_ON, "SHOW transaction_deferrable", "on" },
  };
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Settings apply to the next transaction, notify, and cannot change while one is open.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", cases[i].name, NULL);
      g_autofree char *shown = NULL;
      g_autofree char *message = NULL;
      guint n = 0;

      g_signal_connect (connection, signal, G_CALLBACK (count_call), &n);
      g_assert_true (set (connection, cases[i].setting, cases[i].value, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (n, ==, 1);
      shown = pg_test_async_text (connection, cases[i].show);
      g_assert_cmpstr (shown, ==, cases[i].expected);
      g_assert_false (set (connection, cases[i].setting, 0, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      message = g_strdup_printf ("can't change '%s' now: connection in transaction status INTRANS", cases[i].name);
      g_assert_cmpstr (error->message, ==, message);
      g_clear_error (&error);
      rollback (connection);
      g_assert_cmpuint (n, ==, 1);
      g_signal_handlers_disconnect_by_data (connection, &n);
    }
}

static void
test_diagnostics (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_auto (PgTestWait) one = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) two = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) good = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  PgDiagnostic *diagnostic;

  g_test_summary ("Each failed call has its own diagnostic, a good one has none.");
  if (connection == NULL)
    return;
  g_assert_true (set (connection, AUTOCOMMIT, TRUE, NULL));
  pg_async_connection_execute_async (connection, "SELECT 1/0", NULL, NULL, pg_test_wait_done, &one);
  pg_async_connection_execute_async (connection, "SELECT * FROM nowhere", NULL, NULL, pg_test_wait_done, &two);
  pg_async_connection_execute_async (connection, "SELECT 1", NULL, NULL, pg_test_wait_done, &good);
  pg_test_iterate_until (&good.n_calls, 1);
  g_assert_cmpuint (one.n_calls + two.n_calls, ==, 2);
  diagnostic = pg_async_connection_get_result_diagnostic (connection, one.result);
  g_assert_cmpstr (pg_diagnostic_get_sqlstate (diagnostic), ==, "22012");
  diagnostic = pg_async_connection_get_result_diagnostic (connection, two.result);
  g_assert_cmpstr (pg_diagnostic_get_sqlstate (diagnostic), ==, "42P01");
  g_assert_cmpstr (pg_diagnostic_get_statement_position (diagnostic), ==, "15");
  g_assert_null (pg_async_connection_get_result_diagnostic (connection, good.result));
  g_assert_null (pg_async_connection_execute_finish (connection, two.result, &error));
  g_assert_true (pg_error_get_diagnostic (error) != NULL);
  g_object_unref (pg_async_connection_execute_finish (connection, good.result, NULL));
}

static void
test_own_context (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (PgAsyncConnection) connection = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A connection belongs to the thread-default context of its making; the default context need not run.");
  if (conninfo == NULL)
    return;
  g_main_context_push_thread_default (context);
  connection = pg_test_async_open (conninfo);
  text = pg_test_async_text (connection, "SELECT 'in its own context'");
  g_assert_cmpstr (text, ==, "in its own context");
  g_main_context_pop_thread_default (context);

  /* From elsewhere it is an error, told there. */
  pg_async_connection_execute_async (connection, "SELECT 1", NULL, NULL, pg_test_wait_done, &wait);
  g_assert_null (pg_async_connection_execute_finish (connection, pg_test_wait (&wait), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_initable (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) object = NULL;
  g_autofree char *level = NULL;
  g_autofree char *public = NULL;
  PgAsyncConnection *connection;

  g_test_summary ("GAsyncInitable with properties is the same as open.");
  if (conninfo == NULL)
    return;
  object = g_object_new (PG_TYPE_ASYNC_CONNECTION, "conninfo", conninfo, "isolation-level", PG_ISOLATION_LEVEL_REPEATABLE_READ, "prepare-threshold", 0, NULL);
  g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (object)));
  g_async_initable_init_async (G_ASYNC_INITABLE (object), G_PRIORITY_DEFAULT, NULL, pg_test_wait_done, &wait);
  g_assert_true (g_async_initable_init_finish (G_ASYNC_INITABLE (object), pg_test_wait (&wait), &error));
  g_assert_no_error (error);
  connection = PG_ASYNC_CONNECTION (object);
  level = pg_test_async_text (connection, "SHOW transaction_isolation");
  g_assert_cmpstr (level, ==, "repeatable read");
  g_object_get (connection, "conninfo", &public, NULL);
  g_assert_null (strstr (public, "password"));
}

static void
on_notification (PgBaseConnection *connection, PgNotification *notification, gpointer data)
{
  ++*(guint *) data;
}

static void
test_notifications (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgAsyncConnection) connection = NULL;
  g_autofree char *sent = NULL;
  guint n = 0, n_other = 0;

  g_test_summary ("Notifications arrive while the connection is idle; ten thousand in one burst all do.");
  if (conninfo == NULL)
    return;
  connection = pg_test_async_open (conninfo);
  g_signal_connect (connection, "notification::jobs", G_CALLBACK (on_notification), &n);
  g_signal_connect (connection, "notification::other", G_CALLBACK (on_notification), &n_other);
  g_object_unref (pg_test_async_execute (connection, "LISTEN jobs"));
  commit (connection);
  sent = pg_test_psql (conninfo, "NOTIFY jobs, 'one'");
  pg_test_iterate_until (&n, 1);
  g_free (g_steal_pointer (&sent));
  sent = pg_test_psql (conninfo, "SELECT count(*) FROM (SELECT pg_notify('jobs', i::text) FROM generate_series(1, 10000) i) s");
  pg_test_iterate_until (&n, 10001);
  pg_test_iterate_for (20);
  g_assert_cmpuint (n, ==, 10001);
  g_assert_cmpuint (n_other, ==, 0);
}

static void
on_disconnected (PgBaseConnection *connection, GError *error, gpointer data)
{
  if (g_strcmp0 (pg_error_get_sqlstate (error), "57P01") == 0 && pg_base_connection_get_broken (connection))
    ++*(guint *) data;
}

static void
test_disconnected (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgAsyncConnection) connection = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *killed = NULL;
  guint n = 0;

  g_test_summary ("The end of an idle session is seen at once.");
  if (conninfo == NULL)
    return;
  connection = pg_test_async_open (conninfo);
  g_signal_connect (connection, "disconnected", G_CALLBACK (on_disconnected), &n);
  sql = g_strdup_printf ("SELECT pg_terminate_backend(%d)", pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (connection)));
  killed = pg_test_psql (conninfo, sql);
  pg_test_iterate_until (&n, 1);
}

static void
test_two_connections (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgAsyncConnection) one = NULL;
  g_autoptr (PgAsyncConnection) two = NULL;
  g_autoptr (PgConnection) holder = NULL;
  Order order = { NULL, 0, FALSE };
  g_autofree char *got = NULL;

  g_test_summary ("Two connections on one main loop work at the same time.");
  if (conninfo == NULL)
    return;
  one = pg_test_async_open (conninfo);
  two = pg_test_async_open (conninfo);
  holder = pg_test_open (conninfo);
  pg_test_run (holder, "SELECT pg_advisory_lock(1)");
  order.order = g_string_new (NULL);
  pg_async_connection_execute_async (one, "SELECT 'slow' FROM pg_advisory_lock(1)", NULL, NULL, on_executed, &order);
  pg_async_connection_execute_async (two, "SELECT 'quick'", NULL, NULL, on_executed, &order);
  pg_test_iterate_until (&order.n, 1);
  pg_test_run (holder, "SELECT pg_advisory_unlock(1)");
  pg_test_iterate_until (&order.n, 2);
  got = g_string_free (order.order, FALSE);
  g_assert_cmpstr (got, ==, "quick slow ");
}

static void
test_foreign_loop (void)
{
  static const struct
  {
    const char *sql;
    guint timeout;
  } cases[] = { { "SELECT 1", 0 }, { "SELECT 1", 60000 }, { "BEGIN; ROLLBACK", 60000 } };
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (GError) error = NULL;
  GMainContext *context = g_main_context_default ();

  g_test_summary ("A call that is made between two turns of the main context wakes another event loop that waits for the context.");
  if (connection == NULL)
    return;
  g_assert_true (set (connection, AUTOCOMMIT, TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (g_main_context_acquire (context));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
      g_autoptr (PgAsyncCursor) cursor = NULL;
      GPollFD fds[16];
      gint n, timeout, priority;

      pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), cases[i].timeout);
      do
        {
          while (g_main_context_iteration (context, FALSE))
            ;
          g_main_context_prepare (context, &priority);
          n = g_main_context_query (context, priority, &timeout, fds, G_N_ELEMENTS (fds));
          g_assert_cmpint (n, <=, G_N_ELEMENTS (fds));
        }
      while (timeout == 0 || g_poll (fds, (guint) n, 0) > 0);
      pg_async_connection_execute_async (connection, cases[i].sql, NULL, NULL, pg_test_wait_done, &wait);
      g_assert_cmpint (g_poll (fds, (guint) n, 0), >, 0);
      cursor = pg_async_connection_execute_finish (connection, pg_test_wait (&wait), &error);
      g_assert_no_error (error);
    }
  g_main_context_release (context);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/async-connection/open-errors", test_open_errors);
  g_test_add_func ("/pg/async-connection/life", test_life);
  g_test_add_func ("/pg/async-connection/queue", test_queue);
  g_test_add_func ("/pg/async-connection/many-in-flight", test_many_in_flight);
  g_test_add_func ("/pg/async-connection/transactions", test_transactions);
  g_test_add_func ("/pg/async-connection/settings", test_settings);
  g_test_add_func ("/pg/async-connection/diagnostics", test_diagnostics);
  g_test_add_func ("/pg/async-connection/own-context", test_own_context);
  g_test_add_func ("/pg/async-connection/initable", test_initable);
  g_test_add_func ("/pg/async-connection/notifications", test_notifications);
  g_test_add_func ("/pg/async-connection/disconnected", test_disconnected);
  g_test_add_func ("/pg/async-connection/two-connections", test_two_connections);
  g_test_add_func ("/pg/async-connection/foreign-loop", test_foreign_loop);

  return g_test_run ();
}
