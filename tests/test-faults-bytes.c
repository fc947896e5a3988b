/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* Connections that end after any number of bytes, or before any message, while connecting and in small exchanges. */

#define TIMEOUT (60 * 1000)

/* Every byte where there is time, otherwise some, other ones each time. */
static guint
step (void)
{
  if (g_getenv ("PG_TEST_VALGRIND") != NULL)
    return 97;
  return g_getenv ("PGCONN_TEST_LONG") != NULL || g_test_slow () ? 1 : 11;
}

static void
test_connecting_bytes (gconstpointer driver)
{
  const PgFaultDirection directions[] = { PG_FAULT_TO_CLIENT, PG_FAULT_TO_SERVER };
  g_auto (PgTestSession) session = { 0 };
  guint fds;

  g_test_summary ("A connection that ends after N bytes of the handshake is an error, and nothing stays open.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_session_disconnect (&session);
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  fds = pg_test_count_fds ();
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    {
      guint n_failed = 0;

      for (guint n = (guint) g_test_rand_int_range (0, (gint) step ());; n += step ())
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgBaseConnection) connection = NULL;

          /* The Terminate message of the one before is not to be counted. */
          g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
          pg_fault_proxy_act_after (session.proxy, directions[i], n, PG_FAULT_ACTION_CUT);
          connection = pg_test_driver_open (session.driver, session.conninfo, NULL, &error);
          pg_fault_proxy_act_after (session.proxy, directions[i], 0, PG_FAULT_ACTION_NONE);
          if (connection != NULL)
            break;
          g_assert_error (error, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
          n_failed++;
          g_assert_cmpuint (n, <, 5000);
        }
      g_test_message ("%u failed", n_failed);
      g_assert_cmpuint (n_failed, >, 0);
    }
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  pg_test_assert_fds (fds);
}

static void
test_connecting_messages (gconstpointer driver)
{
  static const char messages[] = { 'R', 'S', 'K', 'Z' };
  const PgFaultAction actions[] = { PG_FAULT_ACTION_CUT, PG_FAULT_ACTION_RESET, PG_FAULT_ACTION_FREEZE };
  g_auto (PgTestSession) session = { 0 };
  g_autofree char *tcp = NULL, *plain = NULL;
  guint fds;

  g_test_summary ("Before each message of the handshake: closed and reset is an error, silence is one in time.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_session_disconnect (&session);
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  tcp = pg_fault_proxy_dup_tcp_conninfo (session.proxy, session.direct);
  /* libpq tries again without encryption where it may. */
  plain = g_strconcat (tcp, " sslmode=disable gssencmode=disable", NULL);
  fds = pg_test_count_fds ();
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    for (guint k = 0; k < G_N_ELEMENTS (actions); k++)
      {
        g_autoptr (GError) error = NULL;
        guint patience = actions[k] == PG_FAULT_ACTION_FREEZE ? 200 : 0;

        g_test_message ("before %c, action %d", messages[i], (int) actions[k]);
        pg_fault_proxy_act_before (session.proxy, PG_FAULT_TO_CLIENT, messages[i], actions[k]);
        g_assert_null (pg_test_driver_open_in_time (session.driver, plain, patience, &error));
        /* Where the handshake had not come so far. */
        while (patience > 0 && !pg_fault_proxy_wait_action (session.proxy, 0) && patience < TIMEOUT)
          {
            g_clear_error (&error);
            patience *= 2;
            g_assert_null (pg_test_driver_open_in_time (session.driver, plain, patience, &error));
          }
        g_assert_true (pg_fault_proxy_wait_action (session.proxy, TIMEOUT));
        if (actions[k] == PG_FAULT_ACTION_FREEZE)
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
        else
          g_assert_error (error, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
        pg_fault_proxy_thaw (session.proxy);
        g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
      }
  pg_test_assert_fds (fds);
}

static void
test_refused (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) refused = NULL, silent = NULL;
  guint fds;

  g_test_summary ("A server that refuses is an error at once, one that accepts and says nothing in time.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_session_disconnect (&session);
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  fds = pg_test_count_fds ();
  pg_fault_proxy_set_accept (session.proxy, PG_FAULT_ACCEPT_BLACKHOLE);
  g_assert_null (pg_test_driver_open_in_time (session.driver, session.conninfo, 150, &silent));
  g_assert_error (silent, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  pg_test_assert_fds (fds);
  pg_fault_proxy_set_accept (session.proxy, PG_FAULT_ACCEPT_REFUSE);
  g_assert_null (pg_test_driver_open (session.driver, session.conninfo, NULL, &refused));
  g_assert_error (refused, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
}

/* BEGIN, PREPARE and a SELECT in a pipeline, then COMMIT. */
static void
test_exchange (gconstpointer driver)
{
  const PgFaultDirection directions[] = { PG_FAULT_TO_CLIENT, PG_FAULT_TO_SERVER };
  g_auto (PgTestSession) session = { 0 };

  g_test_summary ("A connection that ends after N bytes of a transaction: its calls end, the connection is broken, and COMMIT says that it does not know.");
  if (!pg_test_session_open (&session, driver, FALSE))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    {
      guint n_failed = 0, n_unknown = 0;

      for (guint n = (guint) g_test_rand_int_range (0, (gint) step ());; n += step ())
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgBaseCursor) cursor = NULL;

          pg_test_session_disconnect (&session);
          g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
          pg_test_session_connect (&session);
          pg_base_connection_set_prepare_threshold (session.connection, 0);
          g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, NULL));
          pg_fault_proxy_act_after (session.proxy, directions[i], n, PG_FAULT_ACTION_CUT);
          cursor = pg_test_driver_execute (session.connection, "SELECT i, repeat('x', i) FROM generate_series(1, 5) i", NULL, NULL, &error);
          if (cursor == NULL)
            {
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
              n_failed++;
            }
          else if (!pg_test_driver_commit (session.connection, NULL, &error))
            {
              g_assert_error (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
              n_unknown++;
            }
          pg_fault_proxy_act_after (session.proxy, directions[i], 0, PG_FAULT_ACTION_NONE);
          if (error == NULL)
            break;
          pg_test_session_assert_broken (&session);
          g_assert_cmpuint (n, <, 5000);
        }
      g_test_message ("%u failed, %u unknown", n_failed, n_unknown);
      g_assert_cmpuint (n_failed, >, 0);
      if (step () < 15)
        g_assert_cmpuint (n_unknown, >, 0);
    }
}

/* --- closing --- */

static void
test_close (gconstpointer driver)
{
  g_test_summary ("close() waits for nobody: idle, with a statement under way, and with megabytes that cannot be sent.");
  for (guint i = 0; i < 3; i++)
    {
      g_auto (PgTestSession) session = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (PgParams) params = pg_params_new ();
      g_autofree char *text = g_strnfill (16 * 1024 * 1024, 'x');
      gint64 start;
      guint fds;

      if (!pg_test_session_open (&session, driver, TRUE))
        return;
      fds = pg_test_count_fds ();
      pg_params_add_text (params, text);
      pg_fault_proxy_freeze (session.proxy);
      start = g_get_monotonic_time ();
      if (i > 0)
        {
          GThread *thread = NULL;
          guint id = 0;

          if (session.driver == PG_TEST_DRIVER_BLOCKING)
            thread = pg_test_later (50, pg_base_connection_close, session.connection);
          else
            id = g_timeout_add_once (50, (GSourceOnceFunc) pg_base_connection_close, session.connection);
          if (i == 1)
            g_assert_null (pg_test_driver_execute (session.connection, "SELECT pg_sleep(30)", NULL, NULL, &error));
          else
            g_assert_null (pg_test_driver_execute_params (session.connection, "SELECT length($1), pg_sleep(30)", params, NULL, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
          if (thread != NULL)
            g_thread_join (thread);
          g_assert_true (thread != NULL || id != 0);
        }
      else
        {
          pg_base_connection_close (session.connection);
        }
      g_assert_cmpfloat (pg_test_seconds_since (start), <, 60);
      g_assert_true (pg_base_connection_get_closed (session.connection));
      g_assert_false (pg_base_connection_get_broken (session.connection));
      g_assert_cmpuint (session.disconnects.n, ==, 0);
      pg_base_connection_close (session.connection);
      /* The socket is closed with it, whatever else lives until the object is gone. */
      g_assert_cmpuint (pg_test_count_fds (), <, fds);
      g_clear_error (&error);
      g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/faults-bytes/%s/connecting-bytes", test_connecting_bytes);
  pg_test_driver_add ("/pg/faults-bytes/%s/connecting-messages", test_connecting_messages);
  pg_test_driver_add ("/pg/faults-bytes/%s/refused", test_refused);
  pg_test_driver_add ("/pg/faults-bytes/%s/exchange", test_exchange);
  pg_test_driver_add ("/pg/faults-bytes/%s/close", test_close);
  return g_test_run ();
}
