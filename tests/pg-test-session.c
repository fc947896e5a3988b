/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-session.h"

#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <string.h>

void
pg_test_session_connect (PgTestSession *self)
{
  pg_test_session_disconnect (self);
  self->connection = pg_test_driver_open_ok (self->driver, self->conninfo, TRUE);
  /* Longer than a slow machine takes. */
  pg_base_connection_set_cancel_timeout (self->connection, 60 * 1000);
  pg_test_driver_watch (self->connection, &self->disconnects);
  pg_fault_proxy_reset_counts (self->proxy);
}

void
pg_test_session_commit (PgTestSession *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_driver_commit (self->connection, NULL, &error));
  g_assert_no_error (error);
}

void
pg_test_session_rollback (PgTestSession *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_driver_rollback (self->connection, &error));
  g_assert_no_error (error);
}

void
pg_test_session_set_autocommit (PgTestSession *self, gboolean value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_driver_set_autocommit (self->connection, value, &error));
  g_assert_no_error (error);
}

gboolean
pg_test_session_open_transactional (PgTestSession *self, gconstpointer driver)
{
  if (!pg_test_session_open (self, driver, TRUE))
    return FALSE;
  pg_test_session_set_autocommit (self, FALSE);
  return TRUE;
}

void
pg_test_session_disconnect (PgTestSession *self)
{
  g_clear_object (&self->connection);
  g_clear_error (&self->disconnects.reason);
  self->disconnects.n = 0;
}

gboolean
pg_test_session_open (PgTestSession *self, gconstpointer driver, gboolean connect)
{
  PgTestServer *server = pg_test_fixture_server ();

  if (server == NULL)
    return FALSE;
  self->driver = GPOINTER_TO_INT (driver);
  self->direct = g_strdup (pg_test_server_get_conninfo (server));
  self->proxy = pg_fault_proxy_new (self->direct);
  self->conninfo = pg_fault_proxy_dup_conninfo (self->proxy, self->direct);
  self->cancellable = g_cancellable_new ();
  if (connect)
    pg_test_session_connect (self);
  return TRUE;
}

void
pg_test_session_clear (PgTestSession *self)
{
  pg_test_session_disconnect (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->proxy, pg_fault_proxy_free);
  g_clear_pointer (&self->conninfo, g_free);
  g_clear_pointer (&self->direct, g_free);
}

guint
pg_test_repeat (guint usual, guint more)
{
  if (g_getenv ("PG_TEST_VALGRIND") != NULL)
    return MAX (1, usual / 20);
  return g_getenv ("PGCONN_TEST_LONG") != NULL || g_test_slow () ? more : usual;
}

typedef struct
{
  guint milliseconds;
  void (*func) (gpointer data);
  gpointer data;
} Later;

static gpointer
later_thread (gpointer data)
{
  Later *self = data;

  g_usleep (self->milliseconds * 1000);
  self->func (self->data);
  g_free (self);
  return NULL;
}

PgParams *
pg_test_big_params (gsize size)
{
  PgParams *params = pg_params_new ();
  g_autofree char *text = g_malloc (size + 1);

  memset (text, 'x', size);
  text[size] = '\0';
  pg_params_add_text (params, text);
  return params;
}

GThread *
pg_test_later (guint milliseconds, gpointer func, gpointer data)
{
  Later *self = g_new (Later, 1);

  self->milliseconds = milliseconds;
  self->func = (void (*) (gpointer)) func;
  self->data = data;
  return g_thread_new ("later", later_thread, self);
}

typedef struct
{
  guint milliseconds;
  PgTestSession *session;
} Sent;

static gpointer
sent_thread (gpointer data)
{
  Sent *self = data;

  g_assert_true (pg_fault_proxy_wait_messages (self->session->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, 60 * 1000));
  g_usleep (self->milliseconds * 1000);
  g_cancellable_cancel (self->session->cancellable);
  g_free (self);
  return NULL;
}

GThread *
pg_test_session_cancel_when_sent (PgTestSession *self, guint milliseconds)
{
  Sent *sent = g_new (Sent, 1);

  *sent = (Sent){ milliseconds, self };
  pg_fault_proxy_reset_counts (self->proxy);
  return g_thread_new ("sent", sent_thread, sent);
}

typedef struct
{
  PgConnection *holder;
  PgFaultProxy *proxy;
  GCancellable *cancellable;
} Lock;

static gpointer
lock_thread (gpointer data)
{
  Lock *self = data;

  while (pg_test_int64 (self->holder, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 0)
    g_usleep (5 * 1000);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_assert_true (pg_fault_proxy_wait_cancels (self->proxy, 1, 60 * 1000));
  pg_test_run (self->holder, "SELECT pg_advisory_unlock(1)");
  g_object_unref (self->holder);
  g_clear_object (&self->cancellable);
  g_free (self);
  return NULL;
}

GThread *
pg_test_session_lock_until_cancel (PgTestSession *self, GCancellable *cancellable)
{
  Lock *lock = g_new0 (Lock, 1);

  lock->holder = pg_test_open (self->direct);
  lock->proxy = self->proxy;
  g_set_object (&lock->cancellable, cancellable);
  pg_test_run (lock->holder, "SELECT pg_advisory_lock(1)");
  pg_fault_proxy_reset_counts (self->proxy);
  return g_thread_new ("lock", lock_thread, lock);
}

double
pg_test_seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND;
}

void
pg_test_session_assert_usable (PgTestSession *self)
{
  g_assert_false (pg_base_connection_get_closed (self->connection));
  g_assert_cmpint (pg_test_driver_int64 (self->connection, "SELECT 20 + 3"), ==, 23);
  g_assert_cmpint (pg_test_driver_int64 (self->connection, "SELECT count(*) FROM generate_series(1, 1000)"), ==, 1000);
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==, PG_TRANSACTION_STATUS_IDLE);
}

void
pg_test_session_assert_broken (PgTestSession *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_base_connection_get_closed (self->connection));
  g_assert_true (pg_base_connection_get_broken (self->connection));
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==, PG_TRANSACTION_STATUS_UNKNOWN);
  g_assert_cmpuint (self->disconnects.n, ==, 1);
  g_assert_null (pg_test_driver_execute (self->connection, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpuint (self->disconnects.n, ==, 1);
}
