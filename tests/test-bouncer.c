/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Through PgBouncer: in session mode everything, in transaction mode what is left. */
#include "pg-test-bouncer.h"
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-prepare.h"

#include <locale.h>
#include <string.h>

static void
on_notification (PgBaseConnection *connection, PgNotification *notification, gpointer data)
{
  g_string_append (data, pg_notification_get_payload (notification));
}

static void
test_session (void)
{
  g_autofree char *conninfo = pg_test_bouncer_conninfo ("session");
  g_autoptr (GString) payloads = g_string_new (NULL);

  g_test_summary ("In session mode nothing is different, and the next client of the same session finds it clean.");
  if (conninfo == NULL)
    return;
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgConnection) connection = pg_test_open (conninfo);
      g_autoptr (PgStatement) statement = NULL;
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      for (guint k = 0; k < 8; k++)
        {
          pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT $1::text || 'b'", g_variant_new ("(s)", "a"), "ab");
          g_assert_true (pg_connection_commit (connection, NULL, NULL));
        }
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
      statement = pg_connection_prepare (connection, "SELECT %s::numeric", NULL, 0, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (pg_cursor_execute_statement (cursor, statement, g_variant_new ("(i)", 5), NULL, &error));
      g_assert_no_error (error);
      text = pg_test_cell (cursor, 0, 0);
      g_assert_cmpstr (text, ==, "5");
      g_signal_connect (connection, "notification", G_CALLBACK (on_notification), payloads);
      pg_test_run (connection, "LISTEN x");
      pg_test_run (connection, "NOTIFY x, 'y'");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      pg_test_run (connection, "SELECT 1");
      g_assert_cmpuint (payloads->len, ==, i + 1);
    }
}

static void
test_transaction_unprepared (void)
{
  g_autofree char *conninfo = pg_test_bouncer_conninfo ("transaction");
  PgConnection *connections[4];

  g_test_summary ("In transaction mode, with prepare-threshold -1, four clients share two sessions, in and outside of transactions.");
  if (conninfo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      connections[i] = i % 2 ? pg_test_open (conninfo) : pg_test_open_autocommit (conninfo);
      pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (connections[i]), -1);
    }
  for (guint i = 0; i < 40; i++)
    {
      PgConnection *connection = connections[i % G_N_ELEMENTS (connections)];
      g_autofree char *sql = g_strdup_printf ("SELECT %%s::int + %u", i % 3);
      g_autofree char *expected = g_strdup_printf ("%u", i + i % 3);
      g_autoptr (PgStatement) statement = NULL;
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      pg_test_prepare_assert (connection, i % 5 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, sql, g_variant_new ("(i)", i), expected);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      statement = pg_connection_prepare (connection, sql, NULL, 0, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (pg_cursor_execute_statement (cursor, statement, g_variant_new ("(i)", i), NULL, &error));
      g_assert_no_error (error);
      text = pg_test_cell (cursor, 0, 0);
      g_assert_cmpstr (text, ==, expected);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    g_object_unref (connections[i]);
}

static void
test_transaction_prepared (void)
{
  g_autofree char *conninfo = pg_test_bouncer_conninfo ("transaction");
  PgConnection *connections[4];

  g_test_summary ("With prepared statements no client ever executes another one's, and what the session does not have is prepared anew, as the first of its transaction.");
  if (conninfo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    connections[i] = i % 2 ? pg_test_open (conninfo) : pg_test_open_autocommit (conninfo);
  for (guint i = 0; i < 60; i++)
    {
      const guint n = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (connections));
      g_autofree char *sql = g_strdup_printf ("SELECT %u * 1000 + $1::int", n);
      g_autofree char *expected = g_strdup_printf ("%u", n * 1000 + i);

      /* Keeps one of the two sessions. */
      if (i % 3 == 0 && n != 1 + 2 * (i % 2))
        pg_test_run (connections[1 + 2 * (i % 2)], "SELECT 1");
      pg_test_prepare_assert (connections[n], i % 2 || n % 2 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, sql, g_variant_new ("(i)", i), expected);
      for (guint k = 1; k < G_N_ELEMENTS (connections); k += 2)
        g_assert_true (pg_connection_commit (connections[k], NULL, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    g_object_unref (connections[i]);
}

static void
test_transaction_evicted (void)
{
  g_autofree char *conninfo = pg_test_bouncer_conninfo ("transaction");
  PgConnection *connections[2];

  g_test_summary ("What has to make room may be in another session than the one that is asked to drop it: no statement fails for that.");
  if (conninfo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      connections[i] = i % 2 ? pg_test_open (conninfo) : pg_test_open_autocommit (conninfo);
      pg_base_connection_set_prepared_max (PG_BASE_CONNECTION (connections[i]), 2);
    }
  for (guint i = 0; i < 80; i++)
    {
      PgConnection *connection = connections[g_test_rand_int_range (0, G_N_ELEMENTS (connections))];
      const guint n = (guint) g_test_rand_int_range (0, 5);
      g_autofree char *sql = g_strdup_printf ("SELECT %u * 1000 + $1::int", n);
      g_autofree char *expected = g_strdup_printf ("%u", n * 1000 + i);

      if (i % 3 == 0)
        pg_test_run (connections[1], "SELECT 1");
      if (connection == connections[1])
        g_assert_true (pg_connection_commit (connection, NULL, NULL));
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, sql, g_variant_new ("(i)", i), expected);
      g_assert_true (pg_connection_commit (connections[1], NULL, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    g_object_unref (connections[i]);
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (gconstpointer mode)
{
  g_autofree char *conninfo = pg_test_bouncer_conninfo (mode);
  g_autoptr (PgAsyncConnection) connection = NULL;

  g_test_summary ("A cancelled call ends, and the connection can be used again.");
  if (conninfo == NULL)
    return;
  connection = pg_test_async_open (conninfo);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
      g_autofree char *text = NULL;

      pg_async_connection_execute_async (connection, "SELECT pg_sleep(600)", NULL, cancellable, pg_test_wait_done, &wait);
      g_timeout_add (50, cancel, cancellable);
      g_assert_null (pg_async_connection_execute_finish (connection, pg_test_wait (&wait), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      {
        g_auto (PgTestWait) rollback = PG_TEST_WAIT_INIT;

        pg_async_connection_rollback_async (connection, NULL, pg_test_wait_done, &rollback);
        g_assert_true (pg_async_connection_rollback_finish (connection, pg_test_wait (&rollback), NULL));
      }
      text = pg_test_async_text (connection, "SELECT 'fine'");
      g_assert_cmpstr (text, ==, "fine");
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/bouncer/session", test_session);
  g_test_add_func ("/pg/bouncer/transaction/unprepared", test_transaction_unprepared);
  g_test_add_func ("/pg/bouncer/transaction/prepared", test_transaction_prepared);
  g_test_add_func ("/pg/bouncer/transaction/evicted", test_transaction_evicted);
  g_test_add_data_func ("/pg/bouncer/cancel/session", "session", test_cancel);
  g_test_add_data_func ("/pg/bouncer/cancel/transaction", "transaction", test_cancel);

  return g_test_run ();
}
