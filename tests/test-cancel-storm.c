/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* Thousands of cancels at random moments. */

typedef struct
{
  GCancellable *cancellable;
  guint microseconds;
} Shot;

typedef struct
{
  GAsyncQueue *orders;
  GAsyncQueue *done;
  GThread *thread;
} Shooter;

static gpointer
shooter_thread (gpointer data)
{
  Shooter *self = data;
  Shot *shot;

  while ((shot = g_async_queue_pop (self->orders))->cancellable != NULL)
    {
      if (shot->microseconds > 0)
        g_usleep (shot->microseconds);
      g_cancellable_cancel (shot->cancellable);
      g_async_queue_push (self->done, shot);
    }
  return NULL;
}

static void
storm (PgBaseConnection *connection, guint n, gboolean transactions)
{
  static const char *const statements[] = {
    "SELECT pg_sleep(0.001)",
    "SELECT count(*) FROM generate_series(1, 20000)",
    "SELECT 1",
    "SELECT pg_sleep(0.0015)",
    "SELECT repeat('x', 100) FROM generate_series(1, 3000)",
    "SELECT 1; SELECT pg_sleep(0.0005); SELECT 2",
    "SELECT pg_sleep(0.02)",
  };
  Shooter shooter = { g_async_queue_new (), g_async_queue_new (), NULL };
  Shot last = { NULL, 0 };
  guint n_cancelled = 0, n_done = 0;
  gint64 start = g_get_monotonic_time ();

  shooter.thread = g_thread_new ("shooter", shooter_thread, &shooter);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autofree char *check = g_strdup_printf ("SELECT %u + pg_backend_pid() - pg_backend_pid()", i);
      Shot shot = { cancellable, (guint) g_test_rand_int_range (0, 2000) };
      PgTransactionStatus status;

      g_async_queue_push (shooter.orders, &shot);
      cursor = pg_test_driver_execute (connection, statements[i % G_N_ELEMENTS (statements)], NULL, cancellable, &error);
      status = pg_base_connection_get_transaction_status (connection);
      if (cursor == NULL)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
        }
      else
        {
          g_assert_no_error (error);
          n_done++;
        }
      if (!transactions)
        {
          g_assert_cmpint (status, ==, PG_TRANSACTION_STATUS_IDLE);
        }
      else
        {
          g_assert_true (status == PG_TRANSACTION_STATUS_IDLE || status == PG_TRANSACTION_STATUS_INTRANS || status == PG_TRANSACTION_STATUS_INERROR);
          if (cursor != NULL)
            g_assert_cmpint (status, ==, PG_TRANSACTION_STATUS_INTRANS);
          if (status == PG_TRANSACTION_STATUS_INERROR || i % 3 == 0)
            g_assert_true (pg_test_driver_rollback (connection, NULL));
        }
      g_assert_cmpint (pg_test_driver_int64 (connection, check), ==, i);
      g_assert_true (g_async_queue_pop (shooter.done) == &shot);
    }
  g_async_queue_push (shooter.orders, &last);
  g_thread_join (shooter.thread);
  g_async_queue_unref (shooter.orders);
  g_async_queue_unref (shooter.done);
  g_test_message ("%u calls: %u cancelled, %u done, in %.1f s", n, n_cancelled, n_done, pg_test_seconds_since (start));
  g_assert_cmpuint (n_cancelled, >, n / 20);
}

static void
test_storm (gconstpointer driver)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autoptr (PgBaseConnection) connection = NULL;

  g_test_summary ("Thousands of cancels at random moments: each call ends once, the next is never hit.");
  if (server == NULL)
    return;
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), pg_test_server_get_conninfo (server), TRUE);
  storm (connection, pg_test_repeat (2000, 10000), FALSE);
}

static void
test_storm_in_transactions (gconstpointer driver)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autoptr (PgBaseConnection) connection = NULL;

  g_test_summary ("The same in transactions: the session is never left active.");
  if (server == NULL)
    return;
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), pg_test_server_get_conninfo (server), FALSE);
  pg_base_connection_set_prepare_threshold (connection, 1);
  storm (connection, pg_test_repeat (500, 3000), TRUE);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/cancel-storm/%s/autocommit", test_storm);
  pg_test_driver_add ("/pg/cancel-storm/%s/transactions", test_storm_in_transactions);
  return g_test_run ();
}
