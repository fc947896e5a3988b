/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Everything at once on one PgConnection that many threads have: each call is whole, and its own. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

typedef struct _Shared Shared;
typedef void (*Act) (Shared *self, guint thread, guint round);

struct _Shared
{
  PgConnection *connection;
  gint stop;
  gint cancels;  /* somebody cancels */
  gint closing;  /* or closes */
  gint n_done;
};

/* What a call may fail with. */
static gboolean
is_expected (Shared *self, const GError *error)
{
  if (g_atomic_int_get (&self->cancels) && g_error_matches (error, PG_ERROR, PG_ERROR_QUERY_CANCELED))
    return TRUE;
  return g_atomic_int_get (&self->closing) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
check (Shared *self, gboolean ok, const GError *error)
{
  if (!ok && !is_expected (self, error))
    g_error ("%s", error != NULL ? error->message : "no error");
  g_atomic_int_add (&self->n_done, ok);
}

static void
act_execute (Shared *self, guint thread, guint round)
{
  g_autoptr (GError) error = NULL;
  gint64 value = thread * 1000000 + round;
  g_autoptr (PgCursor) cursor = pg_connection_execute (self->connection, "SELECT $1, repeat('x', 100)", g_variant_new ("(x)", value), NULL, &error);

  check (self, cursor != NULL, error);
  if (cursor == NULL)
    return;
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error), ==, value);
  g_assert_no_error (error);
}

static void
act_types (Shared *self, guint thread, guint round)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_execute (self->connection, "SELECT 'b'::shared_mood, ROW(1, 'a')::shared_pair", NULL, NULL, &error);
  g_autofree char *text = NULL;

  check (self, cursor != NULL, error);
  if (cursor == NULL)
    return;
  text = pg_result_dup_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "(1,a)");
}

static void
act_many (Shared *self, guint thread, guint round)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (self->connection, NULL);
  gboolean ok;

  if (cursor == NULL)
    return;
  ok = pg_cursor_execute_many (cursor, "SELECT $1 + 1", g_variant_new_parsed ("[(1,), (2,), (3,)]"), PG_EXECUTE_MANY_NONE, NULL, &error);
  check (self, ok, error);
}

static void
act_stream (Shared *self, guint thread, guint round)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (self->connection, NULL);
  g_autoptr (PgRowStream) rows = NULL;
  PgResult *chunk;
  guint n = 0;

  if (cursor == NULL)
    return;
  rows = pg_cursor_stream (cursor, "SELECT * FROM generate_series(1, 50)", NULL, 7, NULL, &error);
  check (self, rows != NULL, error);
  while (rows != NULL && (chunk = pg_row_stream_next_chunk (rows, NULL, &error)) != NULL)
    {
      n += pg_result_get_n_rows (chunk);
      g_object_unref (chunk);
      if (round % 3 == 0)
        break;
    }
  if (error != NULL && rows != NULL)
    g_assert_true (is_expected (self, error));
  else if (rows != NULL && round % 3 != 0)
    g_assert_cmpuint (n, ==, 50);
  if (rows != NULL)
    pg_row_stream_close (rows, NULL, NULL);
}

static void
act_prepare (Shared *self, guint thread, guint round)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgStatement) statement = pg_connection_prepare (self->connection, "SELECT 1 + $1::int", NULL, 0, NULL, &error);

  check (self, statement != NULL, error);
  if (statement != NULL)
    pg_connection_close_statement (self->connection, statement, NULL, NULL);
}

static void
act_settings (Shared *self, guint thread, guint round)
{
  PgBaseConnection *base = PG_BASE_CONNECTION (self->connection);

  pg_base_connection_set_prepare_threshold (base, (int) (round % 7) - 1);
  pg_base_connection_set_prepared_max (base, (int) (round % 5) - 1);
  pg_base_connection_set_timeout (base, round % 2 == 0 ? 0 : 100 * 1000);
  pg_base_connection_set_cancel_timeout (base, 50 * 1000 + round % 3);
  pg_base_connection_set_fetch_types (base, round % 4 == 0);
  g_usleep (200);
}

static void
act_look (Shared *self, guint thread, guint round)
{
  PgBaseConnection *base = PG_BASE_CONNECTION (self->connection);
  g_autoptr (PgDiagnostic) diagnostic = pg_base_connection_dup_last_diagnostic (base);

  g_assert_true (diagnostic == NULL || pg_diagnostic_get_sqlstate (diagnostic) != NULL);
  g_assert_cmpint (pg_base_connection_get_prepare_threshold (base), >=, -1);
  g_assert_cmpint (pg_base_connection_get_prepared_max (base), >=, -1);
  pg_base_connection_get_timeout (base);
  pg_base_connection_get_fetch_types (base);
  pg_base_connection_get_autocommit (base);
  pg_base_connection_get_transaction_status (base);
  pg_base_connection_get_closed (base);
  pg_base_connection_get_broken (base);
  pg_base_connection_get_backend_pid (base);
  pg_base_connection_get_server_version (base);
  g_usleep (100);
}

static void
act_cancel (Shared *self, guint thread, guint round)
{
  if (round % 2 == 0)
    pg_base_connection_cancel (PG_BASE_CONNECTION (self->connection));
  else
    pg_connection_cancel_safe (self->connection, 0, NULL, NULL);
  g_usleep (1000);
}

typedef struct
{
  Shared *shared;
  Act act;
  guint number;
} Thread;

static gpointer
thread_func (gpointer data)
{
  Thread *self = data;

  for (guint round = 0; !g_atomic_int_get (&self->shared->stop); round++)
    self->act (self->shared, self->number, round);
  return NULL;
}

static void
run (const Act *acts, guint n_acts, gboolean cancels, gboolean closes)
{
  Shared self = { pg_test_open_fixture_autocommit (), 0, cancels, 0, 0 };
  g_autofree Thread *threads = g_new (Thread, n_acts);
  g_autofree GThread **running = g_new (GThread *, n_acts);
  const gint enough = (gint) pg_test_repeat (400, 10000);

  if (self.connection == NULL)
    return;
  pg_test_run (self.connection, "CREATE TYPE shared_mood AS ENUM ('a', 'b'); CREATE TYPE shared_pair AS (i int, s text)");
  for (guint i = 0; i < n_acts; i++)
    {
      threads[i] = (Thread) { &self, acts[i], i };
      running[i] = g_thread_new ("shared", thread_func, &threads[i]);
    }
  while (g_atomic_int_get (&self.n_done) < enough)
    g_usleep (1000);
  if (closes)
    {
      g_atomic_int_set (&self.closing, TRUE);
      pg_base_connection_close (PG_BASE_CONNECTION (self.connection));
    }
  g_atomic_int_set (&self.stop, TRUE);
  for (guint i = 0; i < n_acts; i++)
    g_thread_join (running[i]);
  if (closes)
    g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (self.connection)));
  else
    g_assert_cmpint (pg_test_int64 (self.connection, "SELECT 6"), ==, 6);
  g_object_unref (self.connection);
}

static void
test_calls (void)
{
  static const Act acts[] = { act_execute, act_execute, act_types, act_many, act_stream, act_stream, act_prepare, act_settings, act_look };

  g_test_summary ("Calls of all kinds, and settings.");
  run (acts, G_N_ELEMENTS (acts), FALSE, FALSE);
}

static void
test_cancels (void)
{
  static const Act acts[] = { act_execute, act_types, act_many, act_stream, act_prepare, act_cancel, act_cancel, act_look };

  g_test_summary ("The same while others cancel whatever runs: nothing hangs, and the connection stays usable.");
  run (acts, G_N_ELEMENTS (acts), TRUE, FALSE);
}

static void
test_close (void)
{
  static const Act acts[] = { act_execute, act_types, act_many, act_stream, act_prepare, act_settings, act_look };

  g_test_summary ("Closed in the middle of it: each call ends, and says so.");
  for (guint i = 0; i < pg_test_repeat (5, 100); i++)
    run (acts, G_N_ELEMENTS (acts), FALSE, TRUE);
}

/* --- GCancellable --- */

typedef struct
{
  PgConnection *connection;
  GMutex lock;
  GCancellable *current; /* of the call that runs, or of one before it */
  gint stop;
} Cancelling;

static gpointer
cancelling_thread (gpointer data)
{
  Cancelling *self = data;

  while (!g_atomic_int_get (&self->stop))
    {
      g_autoptr (GCancellable) cancellable = NULL;

      g_mutex_lock (&self->lock);
      cancellable = self->current != NULL ? g_object_ref (self->current) : NULL;
      g_mutex_unlock (&self->lock);
      g_cancellable_cancel (cancellable);
      g_usleep (50);
    }
  return NULL;
}

static void
test_cancellables (void)
{
  Cancelling self = { pg_test_open_fixture_autocommit (), .stop = FALSE };
  GThread *thread;
  guint n_cancelled = 0, n_executed = 0;

  g_test_summary ("Each call has a GCancellable of its own, which is freed when it returns, and another thread cancels it at any moment.");
  if (self.connection == NULL)
    return;
  g_mutex_init (&self.lock);
  thread = g_thread_new ("cancels", cancelling_thread, &self);
  for (guint i = 0; i < pg_test_repeat (200, 20000) || n_cancelled == 0; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (PgCursor) cursor = NULL;

      g_mutex_lock (&self.lock);
      g_clear_object (&self.current);
      if (i % 4 != 0)
        self.current = g_object_ref (cancellable);
      g_mutex_unlock (&self.lock);
      cursor = pg_connection_execute (self.connection, "SELECT 1", NULL, cancellable, &error);
      if (cursor == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      n_cancelled += cursor == NULL;
      n_executed += cursor != NULL;
    }
  g_atomic_int_set (&self.stop, TRUE);
  g_thread_join (thread);
  g_clear_object (&self.current);
  g_mutex_clear (&self.lock);
  g_assert_cmpuint (n_executed, >, 0);
  g_assert_cmpint (pg_test_int64 (self.connection, "SELECT 7"), ==, 7);
  g_object_unref (self.connection);
}

static void
on_cancelled_close (GCancellable *cancellable, PgBaseConnection *connection)
{
  pg_base_connection_close (connection);
}

static void
test_close_in_handler (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("A handler of the cancellable's own signal closes the connection, which waits for the call: the call does not wait for the handler.");
  if (connection == NULL)
    return;
  g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled_close), connection);
  thread = pg_test_later (20, g_cancellable_cancel, cancellable);
  g_assert_null (pg_connection_execute (connection, "SELECT pg_sleep(30)", NULL, cancellable, &error));
  g_thread_join (thread);
  g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED));
  g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
}

typedef struct
{
  PgConnection *connection;
  GCancellable *cancellable;
  GError *error;
} Waiter;

static gpointer
wait_for_a_turn (gpointer data)
{
  Waiter *waiter = data;
  g_autoptr (PgCursor) cursor = pg_connection_execute (waiter->connection, "SELECT 1", NULL, waiter->cancellable, &waiter->error);

  return NULL;
}

/* Until the turn is the waiter's. */
static void
on_cancelled_close_later (GCancellable *cancellable, PgBaseConnection *connection)
{
  g_usleep (500 * 1000);
  pg_base_connection_close (connection);
}

static void
test_close_in_handler_of_waiter (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PgCursor) cursor = NULL;
  Waiter waiter = { connection, cancellable, NULL };
  GThread *thread, *other;

  g_test_summary ("defect: a call that had waited for its turn waited for a handler of its cancellable, which closed the connection and waited for that turn.");
  if (connection == NULL)
    return;
  g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled_close_later), connection);
  other = pg_test_later (200, g_cancellable_cancel, cancellable);
  thread = g_thread_new ("waiter", wait_for_a_turn, &waiter);
  cursor = pg_connection_execute (connection, "SELECT pg_sleep(0.4)", NULL, NULL, NULL);
  g_thread_join (thread);
  g_thread_join (other);
  /* Or it was its turn before it was cancelled. */
  if (waiter.error != NULL)
    g_assert_true (g_error_matches (waiter.error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_error_matches (waiter.error, G_IO_ERROR, G_IO_ERROR_CLOSED));
  g_clear_error (&waiter.error);
  g_assert_true (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/connection-shared/calls", test_calls);
  g_test_add_func ("/pg/connection-shared/cancels", test_cancels);
  g_test_add_func ("/pg/connection-shared/close", test_close);
  g_test_add_func ("/pg/connection-shared/cancellables", test_cancellables);
  g_test_add_func ("/pg/connection-shared/close-in-handler", test_close_in_handler);
  g_test_add_func ("/pg/connection-shared/defect-close-in-handler-of-waiter", test_close_in_handler_of_waiter);
  return g_test_run ();
}
