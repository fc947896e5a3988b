/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy-private.h"
#include "pg-test-fixture.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TIMEOUT (60 * 1000)

typedef struct
{
  char *direct;
  PgFaultProxy *proxy;
  char *conninfo;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->direct = pg_test_fixture_conninfo ();
  if (fixture->direct == NULL)
    return;
  fixture->proxy = pg_fault_proxy_new (fixture->direct);
  fixture->conninfo = pg_fault_proxy_dup_conninfo (fixture->proxy, fixture->direct);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->proxy, pg_fault_proxy_free);
  g_free (fixture->conninfo);
  g_free (fixture->direct);
}

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  PgFaultProxy *proxy = fixture->proxy;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  gboolean successful;

  g_test_summary ("Messages and round trips of a simple query are counted.");
  if (proxy == NULL)
    return;
  output = pg_test_psql (fixture->conninfo, "SELECT 1 UNION ALL SELECT 2");
  g_assert_cmpstr (output, ==, "1\n2");
  g_assert_true (pg_fault_proxy_wait_open (proxy, 0, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_connections (proxy), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_STARTUP), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, 'Q'), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, 'X'), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY), ==, 3);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, 'R'), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, 'D'), ==, 2);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, 'C'), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, 'Z'), ==, 2);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (proxy), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (proxy), ==, 0);
  g_assert_cmpuint (pg_fault_proxy_count_bytes (proxy, PG_FAULT_TO_CLIENT), >, 100);

  pg_fault_proxy_reset_counts (proxy);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, PG_FAULT_MESSAGE_ANY), ==, 0);
  g_assert_cmpuint (pg_fault_proxy_count_bytes (proxy, PG_FAULT_TO_CLIENT), ==, 0);

  g_free (output);
  process = pg_test_psql_start (fixture->conninfo, "DO $$ BEGIN RAISE NOTICE 'one'; PERFORM pg_sleep(0.05); RAISE NOTICE 'two'; END $$", "SET application_name TO 'x'");
  output = pg_test_psql_finish (process, &successful);
  g_assert_true (successful);
  g_assert_true (pg_fault_proxy_wait_open (proxy, 0, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, 'N'), ==, 2);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, 'Q'), ==, 2);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (proxy), ==, 2);
}

static void
test_tcp (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tcp = NULL;
  g_autofree char *output = NULL;

  g_test_summary ("A client over TCP reaches a server that has a Unix socket only; the refused TLS request is seen.");
  if (fixture->proxy == NULL)
    return;
  tcp = pg_fault_proxy_dup_tcp_conninfo (fixture->proxy, fixture->direct);
  output = pg_test_psql (tcp, "SELECT inet_server_addr() IS NULL");
  g_assert_cmpstr (output, ==, "t");
  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'X', 1, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_SSL_REQUEST), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_STARTUP), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (fixture->proxy), ==, 1);
}

static void
test_tls (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_TLS);
  g_autoptr (PgFaultProxy) proxy = NULL;
  g_autofree char *direct = NULL;
  g_autofree char *through = NULL;
  g_autofree char *output = NULL;

  g_test_summary ("TLS passes from end to end, unseen.");
  if (!pg_test_fixture_up (server))
    return;
  direct = pg_test_server_dup_tcp_conninfo (server, NULL);
  proxy = pg_fault_proxy_new (direct);
  through = pg_fault_proxy_dup_tcp_conninfo (proxy, direct);
  g_assert_nonnull (strstr (through, "sslmode=verify-full"));
  output = pg_test_psql (through, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  g_assert_cmpstr (output, ==, "t");
  g_assert_true (pg_fault_proxy_wait_open (proxy, 0, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_SSL_REQUEST), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (proxy, PG_FAULT_TO_CLIENT, PG_FAULT_MESSAGE_ANY), ==, 0);
  g_assert_cmpuint (pg_fault_proxy_count_bytes (proxy, PG_FAULT_TO_CLIENT), >, 500);
}

static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *literal = g_strnfill (100 * 1000, 'x');
  g_autofree char *sql = g_strdup_printf ("SELECT repeat('%s', 200)", literal);
  g_autofree char *output = NULL;

  g_test_summary ("20 MB arrive unchanged.");
  if (fixture->proxy == NULL)
    return;
  output = pg_test_psql (fixture->conninfo, sql);
  g_assert_cmpuint (strlen (output), ==, 20 * 1000 * 1000);
  g_assert_cmpuint (strspn (output, "x"), ==, 20 * 1000 * 1000);
  g_assert_cmpuint (pg_fault_proxy_count_bytes (fixture->proxy, PG_FAULT_TO_CLIENT), >, 20 * 1000 * 1000);
}

static void
test_delay (Fixture *fixture, gconstpointer data)
{
  gint64 start;

  g_test_summary ("A delay holds every answer back, and ends.");
  if (fixture->proxy == NULL)
    return;
  pg_fault_proxy_set_delay (fixture->proxy, PG_FAULT_TO_CLIENT, 300);
  start = g_get_monotonic_time ();
  g_free (pg_test_psql (fixture->conninfo, "SELECT 1"));
  g_assert_cmpfloat (seconds_since (start), >=, 0.6);

  pg_fault_proxy_set_delay (fixture->proxy, PG_FAULT_TO_CLIENT, 0);
  pg_fault_proxy_set_delay (fixture->proxy, PG_FAULT_TO_SERVER, 400);
  start = g_get_monotonic_time ();
  g_free (pg_test_psql (fixture->conninfo, "SELECT 1"));
  g_assert_cmpfloat (seconds_since (start), >=, 0.8);
}

static void
test_drip (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = NULL;
  guint64 n_bytes;
  gint64 start;

  g_test_summary ("Byte by byte in both directions everything still arrives.");
  if (fixture->proxy == NULL)
    return;
  pg_fault_proxy_set_drip (fixture->proxy, PG_FAULT_TO_CLIENT, 500);
  pg_fault_proxy_set_drip (fixture->proxy, PG_FAULT_TO_SERVER, 500);
  start = g_get_monotonic_time ();
  output = pg_test_psql (fixture->conninfo, "SELECT 'dripped'");
  g_assert_cmpstr (output, ==, "dripped");
  n_bytes = pg_fault_proxy_count_bytes (fixture->proxy, PG_FAULT_TO_CLIENT);
  g_assert_cmpuint (n_bytes, >, 200);
  g_assert_cmpfloat (seconds_since (start), >=, (double) n_bytes * 0.0005);
}

static void
test_freeze (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  gboolean successful;

  g_test_summary ("A frozen connection stays open, and goes on where it was.");
  if (fixture->proxy == NULL)
    return;
  process = pg_test_psql_start (fixture->conninfo, "SELECT pg_sleep(1), 7", NULL);
  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'Q', 1, TIMEOUT));
  pg_fault_proxy_freeze (fixture->proxy);
  g_usleep (1300 * 1000);
  g_assert_cmpuint (pg_fault_proxy_count_open (fixture->proxy), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_CLIENT, 'D'), ==, 0);
  g_assert_false (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_CLIENT, 'D', 1, 10));
  pg_fault_proxy_thaw (fixture->proxy);
  output = pg_test_psql_finish (process, &successful);
  g_assert_true (successful);
  g_assert_cmpstr (output, ==, "|7\n");
}

static void
test_frozen_direction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autofree char *count = NULL;
  gboolean successful;

  g_test_summary ("With answers frozen only, the server still hears the client.");
  if (fixture->proxy == NULL)
    return;
  g_free (pg_test_psql (fixture->direct, "CREATE TABLE t (a int)"));
  pg_fault_proxy_act_before (fixture->proxy, PG_FAULT_TO_CLIENT, 'C', PG_FAULT_ACTION_FREEZE);
  process = pg_test_psql_start (fixture->conninfo, "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
  g_assert_true (pg_fault_proxy_wait_action (fixture->proxy, TIMEOUT));
  count = pg_test_psql (fixture->direct, "SELECT count(*) FROM t");
  g_assert_cmpstr (count, ==, "1");
  pg_fault_proxy_set_frozen (fixture->proxy, PG_FAULT_TO_CLIENT, FALSE);
  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_CLIENT, 'Z', 2, TIMEOUT));
  g_assert_false (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'Q', 2, 300));
  pg_fault_proxy_thaw (fixture->proxy);
  output = pg_test_psql_finish (process, &successful);
  g_assert_true (successful);
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'Q'), ==, 2);
}

static void
test_blackhole (Fixture *fixture, gconstpointer data)
{
  g_autofree char *impatient = NULL;
  g_autofree char *output = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  g_test_summary ("A blackhole accepts, and never answers.");
  if (fixture->proxy == NULL)
    return;
  pg_fault_proxy_set_accept (fixture->proxy, PG_FAULT_ACCEPT_BLACKHOLE);
  impatient = g_strconcat (fixture->conninfo, " connect_timeout=2", NULL);
  start = g_get_monotonic_time ();
  output = pg_test_psql_try (impatient, "SELECT 1", &error);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "timeout expired"));
  g_assert_cmpfloat (seconds_since (start), >=, 1);
  g_assert_null (output);
  g_assert_cmpuint (pg_fault_proxy_count_connections (fixture->proxy), ==, 1);
  g_assert_true (pg_fault_proxy_wait_open (fixture->proxy, 0, TIMEOUT));

  pg_fault_proxy_set_accept (fixture->proxy, PG_FAULT_ACCEPT_FORWARD);
  again = pg_test_psql (impatient, "SELECT 1");
  g_assert_cmpstr (again, ==, "1");
}

static void
test_refuse (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tcp = NULL;

  g_test_summary ("Connections are refused, and later accepted at the same address.");
  if (fixture->proxy == NULL)
    return;
  tcp = pg_fault_proxy_dup_tcp_conninfo (fixture->proxy, fixture->direct);
  for (guint i = 0; i < 2; i++)
    {
      const char *conninfo = i == 0 ? fixture->conninfo : tcp;
      g_autoptr (GError) error = NULL;
      g_autofree char *output = NULL;
      g_autofree char *again = NULL;

      pg_fault_proxy_set_accept (fixture->proxy, PG_FAULT_ACCEPT_REFUSE);
      output = pg_test_psql_try (conninfo, "SELECT 1", &error);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "Connection refused"));
      g_assert_null (output);
      pg_fault_proxy_set_accept (fixture->proxy, PG_FAULT_ACCEPT_FORWARD);
      again = pg_test_psql (conninfo, "SELECT 1");
      g_assert_cmpstr (again, ==, "1");
    }
}

static void
assert_cut (Fixture *fixture, const char *conninfo, PgFaultAction action, const char *expected)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  gboolean successful;

  pg_fault_proxy_reset_counts (fixture->proxy);
  process = pg_test_psql_start (conninfo, "SELECT pg_sleep(60)", NULL);
  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'Q', 1, TIMEOUT));
  pg_fault_proxy_cut (fixture->proxy, action);
  g_assert_cmpuint (pg_fault_proxy_count_open (fixture->proxy), ==, 0);
  output = pg_test_psql_finish (process, &successful);
  g_assert_false (successful);
  g_assert_nonnull (strstr (output, expected));
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tcp = NULL;

  g_test_summary ("A connection is cut by an end of file or by a reset.");
  if (fixture->proxy == NULL)
    return;
  tcp = pg_fault_proxy_dup_tcp_conninfo (fixture->proxy, fixture->direct);
  assert_cut (fixture, fixture->conninfo, PG_FAULT_ACTION_CUT, "server closed the connection unexpectedly");
  assert_cut (fixture, tcp, PG_FAULT_ACTION_CUT, "server closed the connection unexpectedly");
  assert_cut (fixture, tcp, PG_FAULT_ACTION_RESET, "server closed the connection unexpectedly");
}

/* libpq says the same of an end of file and of a reset: a client that reads its socket itself. */
static int
read_until_cut (Fixture *fixture, PgFaultAction action)
{
  static const char startup[] = "\0\0\0\27\0\3\0\0user\0postgres\0";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *tcp = pg_fault_proxy_dup_tcp_conninfo (fixture->proxy, fixture->direct);
  const char *port = strstr (tcp, "port=");
  char buffer[65536];
  gssize n;
  int fd;

  g_assert_nonnull (port);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) atoi (port + strlen ("port=")), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), startup, sizeof startup, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_CLIENT, 'Z', 1, TIMEOUT));
  fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  do
    n = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);
  while (n > 0);
  g_assert_cmpint (errno, ==, EAGAIN);

  pg_fault_proxy_cut (fixture->proxy, action);
  pg_fault_proxy_reset_counts (fixture->proxy);
  n = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);
  return n < 0 ? errno : 0;
}

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Over TCP an end of file and a reset are told apart, and have come when the function returns.");
  if (fixture->proxy == NULL)
    return;
  g_assert_cmpint (read_until_cut (fixture, PG_FAULT_ACTION_CUT), ==, 0);
  g_assert_cmpint (read_until_cut (fixture, PG_FAULT_ACTION_RESET), ==, ECONNRESET);
}

static void
test_act_after (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A connection is cut after exactly so many bytes, once.");
  if (fixture->proxy == NULL)
    return;
  pg_fault_proxy_act_after (fixture->proxy, PG_FAULT_TO_CLIENT, 12345, PG_FAULT_ACTION_CUT);
  output = pg_test_psql_try (fixture->conninfo, "SELECT repeat('x', 100000)", &error);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "server closed the connection unexpectedly"));
  g_assert_null (output);
  g_assert_true (pg_fault_proxy_wait_action (fixture->proxy, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_bytes (fixture->proxy, PG_FAULT_TO_CLIENT), ==, 12345);
  again = pg_test_psql (fixture->conninfo, "SELECT 1");
  g_assert_cmpstr (again, ==, "1");
}

static void
test_act_before (Fixture *fixture, gconstpointer data)
{
  g_autofree char *committed = NULL;
  g_autofree char *after_answer = NULL;
  g_autofree char *after_question = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A statement's answer, or the statement itself, is lost at exactly its message.");
  if (fixture->proxy == NULL)
    return;
  g_free (pg_test_psql (fixture->direct, "CREATE TABLE t (a int)"));

  pg_fault_proxy_act_before (fixture->proxy, PG_FAULT_TO_CLIENT, 'C', PG_FAULT_ACTION_CUT);
  after_answer = pg_test_psql_try (fixture->conninfo, "INSERT INTO t VALUES (1)", &error);
  g_assert_nonnull (error);
  g_assert_null (after_answer);
  g_assert_true (pg_fault_proxy_wait_action (fixture->proxy, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_CLIENT, 'C'), ==, 0);
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_CLIENT, 'Z'), ==, 1);
  committed = pg_test_psql (fixture->direct, "SELECT count(*) FROM t");
  g_assert_cmpstr (committed, ==, "1");

  g_clear_error (&error);
  pg_fault_proxy_act_before (fixture->proxy, PG_FAULT_TO_SERVER, 'Q', PG_FAULT_ACTION_CUT);
  after_question = pg_test_psql_try (fixture->conninfo, "INSERT INTO t VALUES (2)", &error);
  g_assert_nonnull (error);
  g_assert_null (after_question);
  g_assert_true (pg_fault_proxy_wait_action (fixture->proxy, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'Q'), ==, 1);
  g_free (committed);
  committed = pg_test_psql (fixture->direct, "SELECT count(*) FROM t");
  g_assert_cmpstr (committed, ==, "1");
}

/* psql sends a cancel request for SIGINT. */
static GSubprocess *
start_and_interrupt (Fixture *fixture, const char *sql)
{
  GSubprocess *process = pg_test_psql_start (fixture->conninfo, sql, NULL);

  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_SERVER, 'Q', 1, TIMEOUT));
  g_usleep (50 * 1000);
  g_subprocess_send_signal (process, SIGINT);
  return process;
}

static void
test_cancel_passes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  gboolean successful;
  gint64 start;

  g_test_summary ("A cancel request passes late, even when the connection is frozen.");
  if (fixture->proxy == NULL)
    return;
  pg_fault_proxy_set_cancel (fixture->proxy, PG_FAULT_CANCEL_PASS, 500);
  start = g_get_monotonic_time ();
  process = start_and_interrupt (fixture, "SELECT pg_sleep(60)");
  pg_fault_proxy_freeze (fixture->proxy);
  g_assert_true (pg_fault_proxy_wait_messages (fixture->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_CANCEL_REQUEST, 1, TIMEOUT));
  g_assert_cmpfloat (seconds_since (start), >=, 0.5);
  pg_fault_proxy_thaw (fixture->proxy);
  output = pg_test_psql_finish (process, &successful);
  g_assert_false (successful);
  g_assert_nonnull (strstr (output, "canceling statement due to user request"));
  g_assert_cmpfloat (seconds_since (start), <, 50);
  g_assert_cmpuint (pg_fault_proxy_count_cancels (fixture->proxy), ==, 1);
}

static void
test_cancel_dropped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autofree char *inserted = NULL;
  gboolean successful;

  g_test_summary ("A dropped cancel request does not reach the server.");
  if (fixture->proxy == NULL)
    return;
  g_free (pg_test_psql (fixture->direct, "CREATE TABLE t (a int)"));
  pg_fault_proxy_set_cancel (fixture->proxy, PG_FAULT_CANCEL_DROP, 0);
  process = start_and_interrupt (fixture, "INSERT INTO t SELECT 3 FROM pg_sleep(2)");
  g_assert_true (pg_fault_proxy_wait_cancels (fixture->proxy, 1, TIMEOUT));
  output = pg_test_psql_finish (process, &successful);
  g_assert_null (strstr (output, "canceling statement"));
  inserted = pg_test_psql (fixture->direct, "SELECT a FROM t");
  g_assert_cmpstr (inserted, ==, "3");
  g_assert_cmpuint (pg_fault_proxy_count_messages (fixture->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_CANCEL_REQUEST), ==, 0);
}

static void
test_cancel_hangs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;

  g_test_summary ("A hanging cancel request gets no answer, and goes with its client.");
  if (fixture->proxy == NULL)
    return;
  pg_fault_proxy_set_cancel (fixture->proxy, PG_FAULT_CANCEL_HANG, 0);
  process = start_and_interrupt (fixture, "SELECT 1, pg_sleep(2)");
  g_assert_true (pg_fault_proxy_wait_cancels (fixture->proxy, 1, TIMEOUT));
  g_assert_false (pg_fault_proxy_wait_open (fixture->proxy, 1, 600));
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_true (pg_fault_proxy_wait_open (fixture->proxy, 0, TIMEOUT));
}

static void
test_server_gone (void)
{
  g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_autoptr (PgFaultProxy) proxy = NULL;
  g_autofree char *conninfo = NULL;
  g_autofree char *output = NULL;
  g_autofree char *refused = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gboolean successful;

  g_test_summary ("What the server says last arrives, and without a server connections end at once.");
  if (!pg_test_fixture_up (server))
    return;
  proxy = pg_fault_proxy_new (pg_test_server_get_conninfo (server));
  conninfo = pg_fault_proxy_dup_conninfo (proxy, pg_test_server_get_conninfo (server));
  process = pg_test_psql_start (conninfo, "SELECT pg_sleep(60)", NULL);
  g_assert_true (pg_fault_proxy_wait_messages (proxy, PG_FAULT_TO_SERVER, 'Q', 1, TIMEOUT));
  g_assert_true (pg_test_server_restart (server, NULL, &error));
  g_assert_no_error (error);
  output = pg_test_psql_finish (process, &successful);
  g_assert_nonnull (strstr (output, "terminating connection due to administrator command"));

  pg_test_server_kill (server);
  refused = pg_test_psql_try (conninfo, "SELECT 1", &error);
  g_assert_nonnull (error);
  g_assert_null (refused);
  g_assert_true (pg_fault_proxy_wait_open (proxy, 0, TIMEOUT));
}

static void
test_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *output = NULL;
  PgFaultProxy *proxy;
  gboolean successful;
  guint n_fds;

  g_test_summary ("A proxy that is freed closes its connections, descriptors and directory.");
  if (fixture->proxy == NULL)
    return;
  n_fds = pg_test_count_fds ();
  proxy = pg_fault_proxy_new (fixture->direct);
  g_clear_pointer (&fixture->conninfo, g_free);
  fixture->conninfo = pg_fault_proxy_dup_conninfo (proxy, fixture->direct);
  directory = g_strndup (fixture->conninfo + strlen ("host="), strcspn (fixture->conninfo + strlen ("host="), " "));
  g_assert_true (g_file_test (directory, G_FILE_TEST_IS_DIR));
  process = pg_test_psql_start (fixture->conninfo, "SELECT pg_sleep(60)", NULL);
  g_assert_true (pg_fault_proxy_wait_messages (proxy, PG_FAULT_TO_SERVER, 'Q', 1, TIMEOUT));
  pg_fault_proxy_free (proxy);
  output = pg_test_psql_finish (process, &successful);
  g_assert_false (successful);
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
  g_clear_object (&process);
  /* What is GSubprocess's is closed by GLib's thread. */
  pg_test_assert_fds (n_fds);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/pg/fault-proxy/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("counts", test_counts);
  ADD ("tcp", test_tcp);
  g_test_add_func ("/pg/fault-proxy/tls", test_tls);
  ADD ("large", test_large);
  ADD ("delay", test_delay);
  ADD ("drip", test_drip);
  ADD ("freeze", test_freeze);
  ADD ("frozen-direction", test_frozen_direction);
  ADD ("blackhole", test_blackhole);
  ADD ("refuse", test_refuse);
  ADD ("cut", test_cut);
  ADD ("reset", test_reset);
  ADD ("act-after", test_act_after);
  ADD ("act-before", test_act_before);
  ADD ("cancel/passes", test_cancel_passes);
  ADD ("cancel/dropped", test_cancel_dropped);
  ADD ("cancel/hangs", test_cancel_hangs);
  g_test_add_func ("/pg/fault-proxy/server-gone", test_server_gone);
  ADD ("leaves-nothing", test_leaves_nothing);
#undef ADD

  return g_test_run ();
}
