/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <signal.h>

/* The server is killed, freezes or is cut off, at every moment of a call: an error in time, said once, nothing left open. */

#define TIMEOUT (60 * 1000)
/* Of the tests in which nobody answers: the call's and the cancel request's. More where it happened too late for that, up to the long one. */
#define SHORT 400
#define LONG (SHORT * 16)

typedef enum
{
  FAULT_TERMINATE,   /* the server ends the session and says so */
  FAULT_KILL,        /* its process is killed */
  FAULT_CUT,         /* end of file */
  FAULT_RESET,       /* connection reset, over TCP */
  FAULT_FREEZE,      /* the network is silent */
  FAULT_STOP,        /* the session's process does not run */
  FAULT_STOP_SERVER, /* nor does the one that takes cancel requests */
  N_FAULTS
} Fault;

typedef enum
{
  MOMENT_IDLE,
  MOMENT_SENDING,
  MOMENT_WAITING,
  MOMENT_ROWS,
  MOMENT_BEGIN, /* the first statement of a transaction, with BEGIN in a pipeline */
  MOMENT_COMMIT,
  MOMENT_CANCELLING,
  N_MOMENTS
} Moment;

static const char *const fault_names[] = { "terminate", "kill", "cut", "reset", "freeze", "stop", "stop-server" };
static const char *const moment_names[] = { "idle", "sending", "waiting", "rows", "begin", "commit", "cancelling" };

typedef struct
{
  PgTestSession *session;
  PgTestServer *server;
  Fault fault;
  pid_t pid;
  /* What is waited for first. */
  PgFaultDirection direction;
  char type;
  guint n;
} Strike;

static gpointer
strike (gpointer data)
{
  Strike *self = data;

  if (self->n > 0)
    pg_fault_proxy_wait_messages (self->session->proxy, self->direction, self->type, self->n, TIMEOUT);
  /* Into what follows the message. */
  g_usleep (10 * 1000);
  switch (self->fault)
    {
    case FAULT_TERMINATE:
      kill (self->pid, SIGTERM);
      break;
    case FAULT_KILL:
      kill (self->pid, SIGKILL);
      break;
    case FAULT_CUT:
      pg_fault_proxy_cut (self->session->proxy, PG_FAULT_ACTION_CUT);
      break;
    case FAULT_RESET:
      pg_fault_proxy_cut (self->session->proxy, PG_FAULT_ACTION_RESET);
      break;
    case FAULT_FREEZE:
      pg_fault_proxy_freeze (self->session->proxy);
      break;
    case FAULT_STOP:
      kill (self->pid, SIGSTOP);
      break;
    case FAULT_STOP_SERVER:
      kill (pg_test_server_get_pid (self->server), SIGSTOP);
      kill (self->pid, SIGSTOP);
      break;
    case N_FAULTS:
    default:
      g_assert_not_reached ();
    }
  return NULL;
}

/* A server of the program's own where the fixture's would be disturbed: it restarts all sessions when one is killed. */
static PgTestServer *own_server;

static PgTestServer *
get_own_server (void)
{
  if (own_server == NULL)
    {
      g_autoptr (PgTestServer) server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);

      if (pg_test_fixture_up (server))
        own_server = g_steal_pointer (&server);
    }
  return own_server;
}

/* After the crash that the witness dies of. */
static void
wait_for_server (PgConnection *witness, const char *conninfo)
{
  while (!pg_base_connection_get_closed (PG_BASE_CONNECTION (witness)))
    {
      g_autoptr (PgCursor) cursor = pg_connection_execute (witness, "SELECT 1", NULL, NULL, NULL);

      g_usleep (1000);
    }
  for (guint i = 0; i < 1200; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgConnection) connection = pg_connection_open (conninfo, NULL, &error);

      if (connection != NULL)
        return;
      g_usleep (50 * 1000);
    }
  g_error ("the server did not come back");
}

static void
prepare_moment (PgTestSession *session, Moment moment)
{
  PgBaseConnection *connection = session->connection;

  if (moment == MOMENT_BEGIN || moment == MOMENT_COMMIT)
    g_assert_true (pg_test_driver_set_autocommit (connection, FALSE, NULL));
  if (moment != MOMENT_COMMIT)
    return;
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE t (i int)");
  pg_test_driver_run (connection, "CREATE FUNCTION pg_temp.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'");
  pg_test_driver_run (connection, "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
                                  " FOR EACH ROW EXECUTE FUNCTION pg_temp.slow()");
  pg_test_driver_run (connection, "INSERT INTO t VALUES (1)");
}

/* Before it is sent a call would end without the server. */
static gpointer
cancel_when_sent (gpointer data)
{
  PgTestSession *session = data;

  pg_fault_proxy_wait_messages (session->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, TIMEOUT);
  g_cancellable_cancel (session->cancellable);
  return NULL;
}

/* The call during which it happens. */
static void
run_moment (PgTestSession *session, Moment moment, GError **error)
{
  PgBaseConnection *connection = session->connection;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParams) params = NULL;
  GThread *cancel;

  switch (moment)
    {
    case MOMENT_IDLE:
      g_usleep (50 * 1000);
      cursor = pg_test_driver_execute (connection, "SELECT 1", NULL, NULL, error);
      break;
    case MOMENT_SENDING:
      params = pg_test_big_params (16 * 1024 * 1024);
      cursor = pg_test_driver_execute_params (connection, "SELECT length($1), pg_sleep(30)", params, NULL, error);
      break;
    case MOMENT_WAITING:
    case MOMENT_BEGIN:
      cursor = pg_test_driver_execute (connection, "SELECT pg_sleep(30)", NULL, NULL, error);
      break;
    case MOMENT_ROWS:
      cursor = pg_test_driver_execute (connection, "SELECT repeat('x', 1000) FROM generate_series(1, 1000000)", NULL, NULL, error);
      break;
    case MOMENT_COMMIT:
      g_assert_false (pg_test_driver_commit (connection, NULL, error));
      break;
    case MOMENT_CANCELLING:
      pg_fault_proxy_set_cancel (session->proxy, PG_FAULT_CANCEL_HANG, 0);
      cancel = g_thread_new ("cancel", cancel_when_sent, session);
      cursor = pg_test_driver_execute (connection, "SELECT pg_sleep(30)", NULL, session->cancellable, error);
      g_thread_join (cancel);
      g_cancellable_reset (session->cancellable);
      break;
    case N_MOMENTS:
    default:
      g_assert_not_reached ();
    }
  g_assert_null (cursor);
}

static void
assert_reason (const GError *error, Fault fault, Moment moment)
{
  /* In the middle of a message the server cannot say any more why it goes. */
  if (fault == FAULT_TERMINATE && moment == MOMENT_ROWS && error->domain == G_IO_ERROR)
    fault = FAULT_CUT;
  switch (fault)
    {
    case FAULT_TERMINATE:
      g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
      break;
    case FAULT_FREEZE:
    case FAULT_STOP:
    case FAULT_STOP_SERVER:
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      break;
    case FAULT_KILL:
    case FAULT_CUT:
    case FAULT_RESET:
    case N_FAULTS:
    default:
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
      break;
    }
}

/* FALSE: the time was over before it happened, and the connection is none the worse. */
static gboolean
check (PgTestDriver driver, Fault fault, Moment moment, guint timeout)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgConnection) witness = NULL;
  PgTestServer *server = fault == FAULT_KILL || fault == FAULT_STOP_SERVER ? get_own_server () : pg_test_fixture_server ();
  gboolean silent = fault >= FAULT_FREEZE;
  Strike order = { &session, server, fault, 0, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1 };
  GThread *thread = NULL;
  gboolean is_late;
  gint64 start;
  guint fds;

  if (server == NULL)
    return TRUE;
  g_test_message ("%s, %s, %u ms", fault_names[fault], moment_names[moment], timeout);
  session.driver = driver;
  session.direct = g_strdup (pg_test_server_get_conninfo (server));
  session.proxy = pg_fault_proxy_new (session.direct);
  session.conninfo = fault == FAULT_RESET ? pg_fault_proxy_dup_tcp_conninfo (session.proxy, session.direct)
                                          : pg_fault_proxy_dup_conninfo (session.proxy, session.direct);
  session.cancellable = g_cancellable_new ();
  fds = pg_test_count_fds ();
  if (fault == FAULT_KILL)
    witness = pg_connection_open (session.direct, NULL, NULL);
  pg_test_session_connect (&session);
  prepare_moment (&session, moment);
  pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_CLIENT, 'Z', moment == MOMENT_COMMIT ? 4 : 0, TIMEOUT);
  pg_fault_proxy_reset_counts (session.proxy);
  order.pid = pg_base_connection_get_backend_pid (session.connection);
  if (silent)
    {
      pg_base_connection_set_timeout (session.connection, timeout);
      pg_base_connection_set_cancel_timeout (session.connection, timeout);
    }
  if (moment == MOMENT_IDLE)
    {
      order.n = 0;
      strike (&order);
    }
  else
    {
      if (moment == MOMENT_SENDING)
        {
          pg_fault_proxy_set_frozen (session.proxy, PG_FAULT_TO_SERVER, TRUE);
          order.n = 0;
        }
      else if (moment == MOMENT_ROWS)
        {
          order.direction = PG_FAULT_TO_CLIENT;
          order.type = 'D';
          order.n = 10;
        }
      thread = g_thread_new ("strike", strike, &order);
    }
  start = g_get_monotonic_time ();
  run_moment (&session, moment, &error);
  if (silent)
    g_assert_cmpfloat (pg_test_seconds_since (start), <, 60 + timeout / 1000);
  if (thread != NULL)
    g_thread_join (thread);

  is_late = silent && timeout < LONG && !pg_base_connection_get_closed (session.connection);
  if (!is_late)
    {
      if (moment == MOMENT_COMMIT && fault != FAULT_TERMINATE)
        g_assert_error (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
      else if (moment == MOMENT_CANCELLING && fault != FAULT_TERMINATE && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_assert_true (silent);
      else
        assert_reason (error, fault, moment);
      assert_reason (session.disconnects.reason, fault, moment);
      pg_test_session_assert_broken (&session);
    }

  if (fault == FAULT_STOP_SERVER)
    kill (pg_test_server_get_pid (server), SIGCONT);
  if (fault == FAULT_STOP || fault == FAULT_STOP_SERVER)
    kill (order.pid, SIGCONT);
  pg_test_session_disconnect (&session);
  if (witness != NULL)
    {
      wait_for_server (witness, session.direct);
      g_clear_object (&witness);
    }
  pg_fault_proxy_set_cancel (session.proxy, PG_FAULT_CANCEL_PASS, 0);
  pg_fault_proxy_thaw (session.proxy);
  pg_fault_proxy_cut (session.proxy, PG_FAULT_ACTION_CUT);
  g_assert_true (pg_fault_proxy_wait_open (session.proxy, 0, TIMEOUT));
  pg_test_assert_fds (fds);
  return !is_late;
}

static void
test_faults (gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);

  g_test_summary ("What happens to the connection at each moment is an error of the call in time, with the server's words, and said once.");
  /* What GLib itself opens once. */
  if (pg_test_fixture_server () == NULL)
    return;
  g_object_unref (pg_test_driver_open_ok (number % 2, pg_test_server_get_conninfo (pg_test_fixture_server ()), TRUE));
  for (guint moment = 0; moment < N_MOMENTS; moment++)
    for (guint timeout = SHORT; !check (number % 2, number / 2, moment, timeout); timeout *= 4)
      ;
}

/* --- a server that dies as a whole --- */

static void
test_server_dies (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  PgTestServer *server = get_own_server ();

  g_test_summary ("The server dies as a whole, is shut down at once or waits for nobody: the call ends, and a new connection can be made later.");
  if (server == NULL)
    return;
  session.driver = GPOINTER_TO_INT (driver);
  session.direct = g_strdup (pg_test_server_get_conninfo (server));
  session.proxy = pg_fault_proxy_new (session.direct);
  session.conninfo = pg_fault_proxy_dup_conninfo (session.proxy, session.direct);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL, again = NULL, restart = NULL;
      GThread *thread;

      pg_test_session_connect (&session);
      thread = i == 0 ? pg_test_later (50, pg_test_server_kill, server)
                      : pg_test_later (50, pg_test_server_down, server);
      if (i == 2)
        g_usleep (300 * 1000);
      g_assert_null (pg_test_driver_execute (session.connection, "SELECT pg_sleep(30)", NULL, NULL, &error));
      g_thread_join (thread);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) || g_error_matches (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN));
      pg_test_session_assert_broken (&session);
      g_assert_null (pg_test_driver_open (session.driver, session.conninfo, NULL, &again));
      g_assert_error (again, PG_ERROR, PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION);
      if (i == 0)
        g_assert_true (pg_test_server_restart (server, NULL, &restart));
      else
        g_assert_true (pg_test_server_up (server, NULL, &restart));
      g_assert_no_error (restart);
      if (i > 0)
        {
          g_free (session.direct);
          g_free (session.conninfo);
          pg_fault_proxy_free (session.proxy);
          session.direct = g_strdup (pg_test_server_get_conninfo (server));
          session.proxy = pg_fault_proxy_new (session.direct);
          session.conninfo = pg_fault_proxy_dup_conninfo (session.proxy, session.direct);
        }
      pg_test_session_connect (&session);
      pg_test_session_assert_usable (&session);
    }
}

/* --- an idle session --- */

static void
test_idle (gconstpointer driver)
{
  static const struct
  {
    const char *sql;
    gboolean autocommit;
    int code;
  } cases[] = {
    { "SET idle_session_timeout = 60", TRUE, PG_ERROR_IDLE_SESSION_TIMEOUT },
    { "SET idle_in_transaction_session_timeout = 60", FALSE, PG_ERROR_IDLE_IN_TRANSACTION_SESSION_TIMEOUT },
    { NULL, TRUE, PG_ERROR_ADMIN_SHUTDOWN },
  };

  g_test_summary ("What the server says when it ends an idle session is what the connection was lost for, found by the main loop or by the next call.");
  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++)
    {
      g_auto (PgTestSession) session = { 0 };
      g_autoptr (GError) error = NULL;
      gboolean attached = i % 2 == 0;
      int code = cases[i / 2].code;

      if (!pg_test_session_open (&session, driver, TRUE))
        return;
      g_assert_true (pg_test_driver_set_autocommit (session.connection, cases[i / 2].autocommit, NULL));
      if (attached)
        pg_test_driver_attach (session.connection);
      if (cases[i / 2].sql != NULL)
        pg_test_driver_run (session.connection, cases[i / 2].sql);
      else
        kill (pg_base_connection_get_backend_pid (session.connection), SIGTERM);
      /* The server says it, and closes the connection. */
      g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_CLIENT, 'E', 1, TIMEOUT));
      g_usleep (50 * 1000);
      if (attached)
        {
          for (guint n = 0; n < 6000 && session.disconnects.n == 0; n++)
            pg_test_driver_iterate (10);
        }
      else
        {
          g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error));
          g_assert_error (error, PG_ERROR, code);
        }
      g_assert_error (session.disconnects.reason, PG_ERROR, code);
      pg_test_session_assert_broken (&session);
      pg_test_driver_iterate (20);
      g_assert_cmpuint (session.disconnects.n, ==, 1);
    }
}

/* --- several calls --- */

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  ++*(guint *) data;
}

static gpointer
execute_thread (gpointer data)
{
  GError *error = NULL;

  g_assert_null (pg_test_driver_execute (data, "SELECT pg_sleep(30)", NULL, NULL, &error));
  return error;
}

static void
test_queue (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };

  g_test_summary ("All calls that wait end with the connection.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  if (session.driver == PG_TEST_DRIVER_MAIN_LOOP)
    {
      guint n = 0;

      pg_async_connection_set_pipelining (PG_ASYNC_CONNECTION (session.connection), FALSE);
      for (guint i = 0; i < 10; i++)
        pg_async_connection_execute_async (PG_ASYNC_CONNECTION (session.connection), "SELECT pg_sleep(30)", NULL, NULL, on_executed, &n);
      g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, TIMEOUT));
      pg_fault_proxy_cut (session.proxy, PG_FAULT_ACTION_CUT);
      while (n < 10)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (n, ==, 10);
    }
  else
    {
      GThread *threads[5];
      guint n_lost = 0, n_closed = 0;

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("call", execute_thread, session.connection);
      g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, TIMEOUT));
      g_usleep (20 * 1000);
      pg_fault_proxy_cut (session.proxy, PG_FAULT_ACTION_CUT);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        {
          g_autoptr (GError) error = g_thread_join (threads[i]);

          n_lost += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
          n_closed += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
        }
      g_assert_cmpuint (n_lost, >=, 1);
      g_assert_cmpuint (n_lost + n_closed, ==, G_N_ELEMENTS (threads));
    }
  pg_test_session_assert_broken (&session);
}

int
main (int argc, char **argv)
{
  int status;

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < 2 * N_FAULTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/pg/faults/%s/%s", i % 2 == 0 ? "blocking" : "main-loop", fault_names[i / 2]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_faults);
    }
  pg_test_driver_add ("/pg/faults/%s/server-dies", test_server_dies);
  pg_test_driver_add ("/pg/faults/%s/idle", test_idle);
  pg_test_driver_add ("/pg/faults/%s/queue", test_queue);
  status = g_test_run ();
  g_clear_object (&own_server);
  return status;
}
