/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy.h"
#include "pg-test-driver.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <pgconn/engine/pg-engine-private.h>

/* What a call costs, counted between the client and the server and not by time. */

#define TIMEOUT (60 * 1000)

typedef struct
{
  char *direct;
  PgFaultProxy *proxy;
  PgBaseConnection *connection;
} Session;

static gboolean
session_open (Session *session, gconstpointer driver)
{
  g_autofree char *conninfo = NULL;
  PgTestServer *server = pg_test_fixture_server ();

  if (server == NULL)
    return FALSE;
  session->direct = g_strdup (pg_test_server_get_conninfo (server));
  session->proxy = pg_fault_proxy_new (session->direct);
  conninfo = pg_fault_proxy_dup_conninfo (session->proxy, session->direct);
  session->connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), conninfo, FALSE);
  pg_fault_proxy_reset_counts (session->proxy);
  return TRUE;
}

static void
session_clear (Session *session)
{
  g_clear_object (&session->connection);
  g_clear_pointer (&session->proxy, pg_fault_proxy_free);
  g_clear_pointer (&session->direct, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

/* Everything since the last time: so many round trips, with so many ReadyForQuery. */
static void
assert_cost_and_syncs (Session *session, guint round_trips, guint syncs)
{
  g_assert_true (pg_fault_proxy_wait_messages (session->proxy, PG_FAULT_TO_CLIENT, 'Z', syncs, TIMEOUT));
  g_assert_cmpuint (pg_fault_proxy_count_messages (session->proxy, PG_FAULT_TO_CLIENT, 'Z'), ==, syncs);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session->proxy), ==, round_trips);
  pg_fault_proxy_reset_counts (session->proxy);
}

/* Each round trip with one ReadyForQuery. */
static void
assert_cost (Session *session, guint round_trips)
{
  assert_cost_and_syncs (session, round_trips, round_trips);
}

static guint
sent (Session *session, char type)
{
  return pg_fault_proxy_count_messages (session->proxy, PG_FAULT_TO_SERVER, type);
}

static void
commit (Session *session)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_driver_commit (session->connection, NULL, &error));
  g_assert_no_error (error);
}

static void
test_transaction (gconstpointer driver)
{
  g_auto (Session) session = { NULL };
  g_autoptr (GError) error = NULL;

  g_test_summary ("BEGIN travels with the first statement; COMMIT and ROLLBACK cost one round trip, and none where there is no transaction.");
  if (!session_open (&session, driver))
    return;

  commit (&session);
  g_assert_true (pg_test_driver_rollback (session.connection, &error));
  assert_cost (&session, 0);

  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 41 + 1"), ==, 42);
  g_assert_cmpuint (sent (&session, 'S'), ==, 1);
  assert_cost (&session, 1);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 42"), ==, 42);
  assert_cost (&session, 1);
  commit (&session);
  assert_cost (&session, 1);
  commit (&session);
  assert_cost (&session, 0);

  pg_test_driver_run (session.connection, "SELECT 1");
  assert_cost (&session, 1);
  g_assert_true (pg_test_driver_rollback (session.connection, &error));
  g_assert_no_error (error);
  assert_cost (&session, 1);
  g_assert_true (pg_test_driver_rollback (session.connection, &error));
  assert_cost (&session, 0);
}

static void
test_failure (gconstpointer driver)
{
  g_auto (Session) session = { NULL };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A first statement that fails costs one round trip, too, and leaves a failed transaction.");
  if (!session_open (&session, driver))
    return;
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1 / 0", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  assert_cost (&session, 1);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INERROR);
}

static void
test_autocommit (gconstpointer driver)
{
  g_auto (Session) session = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  g_test_summary ("Changing autocommit and the isolation level costs nothing, a statement in autocommit one round trip.");
  if (!session_open (&session, driver))
    return;
  g_assert_true (pg_test_driver_set_isolation_level (session.connection, PG_ISOLATION_LEVEL_SERIALIZABLE, &error));
  g_assert_true (pg_test_driver_set_autocommit (session.connection, TRUE, &error));
  assert_cost (&session, 0);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 1"), ==, 1);
  assert_cost (&session, 1);
  cursor = pg_test_driver_execute (session.connection, "SELECT $1", g_variant_new ("(i)", 1), NULL, &error);
  g_assert_no_error (error);
  assert_cost (&session, 1);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_IDLE);
}

static void
test_script (gconstpointer driver)
{
  g_auto (Session) session = { NULL };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A script of several statements costs two round trips as it needs another protocol than BEGIN, and one where none has to be sent.");
  if (!session_open (&session, driver))
    return;
  pg_test_driver_run (session.connection, "SELECT 1; SELECT 2; SELECT 3");
  assert_cost (&session, 2);
  pg_test_driver_run (session.connection, "SELECT 1; SELECT 2");
  assert_cost (&session, 1);
  commit (&session);
  assert_cost (&session, 1);
  g_assert_true (pg_test_driver_set_autocommit (session.connection, TRUE, &error));
  pg_test_driver_run (session.connection, "SELECT 1; SELECT 2");
  assert_cost (&session, 1);
}

static void
test_prepared (gconstpointer driver)
{
  g_auto (Session) session = { NULL };

  g_test_summary ("PREPARE travels with the statement, with BEGIN and without, and later executions send no text.");
  if (!session_open (&session, driver))
    return;
  pg_base_connection_set_prepare_threshold (session.connection, 2);
  for (guint i = 0; i < 6; i++)
    {
      gboolean prepares = i == 2;
      gboolean prepared = i >= 2;

      g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT 4 + 4"), ==, 8);
      /* BEGIN is one Parse. */
      g_assert_cmpuint (sent (&session, 'P'), ==, 1 + (prepared && !prepares ? 0 : 1));
      assert_cost (&session, 1);
      commit (&session);
      assert_cost (&session, 1);
    }
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 1);
  commit (&session);
}

static void
test_eviction (gconstpointer driver)
{
  const PgIsolationLevel levels[] = { PG_ISOLATION_LEVEL_DEFAULT, PG_ISOLATION_LEVEL_SERIALIZABLE };

  g_test_summary ("A prepared statement that has to go costs no round trip, with BEGIN at each isolation level, and in autocommit; DEALLOCATE waits for the end of a transaction.");
  for (guint i = 0; i < 2 * G_N_ELEMENTS (levels); i++)
    {
      g_auto (Session) session = { NULL };
      g_autoptr (GError) error = NULL;
      gboolean commit_each = i % 2 == 0;

      if (!session_open (&session, driver))
        return;
      g_assert_true (pg_test_driver_set_isolation_level (session.connection, levels[i / 2], &error));
      pg_base_connection_set_prepare_threshold (session.connection, 0);
      pg_base_connection_set_prepared_max (session.connection, 2);
      /* libpq sends with each Sync: the answer to the first must not be faster than the second. */
      pg_fault_proxy_set_delay (session.proxy, PG_FAULT_TO_CLIENT, 20);
      for (guint n = 0; n < 5; n++)
        {
          g_autofree char *sql = g_strdup_printf ("SELECT %u", n);

          g_assert_cmpint (pg_test_driver_int64 (session.connection, sql), ==, n);
          assert_cost_and_syncs (&session, 1, n < 2 || (!commit_each && !pg_engine_can (PG_CAN_CLOSE_PREPARED)) ? 1 : 2);
          if (!commit_each)
            continue;
          commit (&session);
          assert_cost (&session, 1);
        }
      commit (&session);
      pg_fault_proxy_reset_counts (session.proxy);
      g_assert_true (pg_test_driver_set_autocommit (session.connection, TRUE, &error));
      for (guint n = 0; n < 4; n++)
        {
          g_autofree char *sql = g_strdup_printf ("SELECT 100 + %u", n);

          g_assert_cmpint (pg_test_driver_int64 (session.connection, sql), ==, 100 + n);
          assert_cost_and_syncs (&session, 1, 2);
        }
      /* The one that this statement itself evicts goes after it. */
      g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 3);
    }
}

static void
test_format (gconstpointer driver)
{
  g_auto (Session) session = { NULL };

  g_test_summary ("That rows come in binary, once the columns are known, costs no round trip and no message.");
  if (!session_open (&session, driver))
    return;
  pg_base_connection_set_prepare_threshold (session.connection, 1);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (session.connection, "SELECT 4 + 4", NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (pg_column_get_format (pg_result_get_column (pg_base_cursor_get_result (cursor), 0)), ==,
                       i < 2 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY);
      g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, NULL), ==, 8);
      if (i > 1)
        {
          g_assert_cmpuint (sent (&session, 'P'), ==, 0);
          g_assert_cmpuint (sent (&session, 'B'), ==, 1);
          g_assert_cmpuint (sent (&session, 'S'), ==, 1);
        }
      assert_cost (&session, 1);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/roundtrips/%s/transaction", test_transaction);
  pg_test_driver_add ("/pg/roundtrips/%s/failure", test_failure);
  pg_test_driver_add ("/pg/roundtrips/%s/autocommit", test_autocommit);
  pg_test_driver_add ("/pg/roundtrips/%s/script", test_script);
  pg_test_driver_add ("/pg/roundtrips/%s/prepared", test_prepared);
  pg_test_driver_add ("/pg/roundtrips/%s/eviction", test_eviction);
  pg_test_driver_add ("/pg/roundtrips/%s/format", test_format);
  return g_test_run ();
}
