/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-driver.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

typedef struct
{
  GAsyncResult *result;
  guint n_calls;
} Wait;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->n_calls++;
  g_set_object (&wait->result, result);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  while (wait->n_calls == 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_assert_cmpuint (wait->n_calls, ==, 1);
  return wait->result;
}

void
pg_test_keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_null (*(GAsyncResult **) data);
  *(GAsyncResult **) data = g_object_ref (result);
}

gpointer
pg_test_cancel_now (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

GAsyncResult *
pg_test_wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

void
pg_test_driver_add (const char *path, GTestDataFunc func)
{
  static const char *const names[] = { "blocking", "main-loop" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (GStrv) parts = g_strsplit (path, "%s", 2);
      g_autofree char *full = g_strconcat (parts[0], names[i], parts[1], NULL);

      g_test_add_data_func (full, GINT_TO_POINTER (i), func);
    }
}

PgBaseConnection *
pg_test_driver_open (PgTestDriver driver, const char *conninfo, GCancellable *cancellable, GError **error)
{
  Wait wait = { NULL, 0 };
  PgAsyncConnection *connection;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return (PgBaseConnection *) pg_connection_open (conninfo, cancellable, error);
  pg_async_connection_open_async (conninfo, cancellable, on_done, &wait);
  connection = pg_async_connection_open_finish (wait_for (&wait), error);
  g_object_unref (wait.result);
  return (PgBaseConnection *) connection;
}

PgBaseConnection *
pg_test_driver_open_in_time (PgTestDriver driver, const char *conninfo, guint timeout, GError **error)
{
  Wait wait = { NULL, 0 };
  g_autoptr (GObject) source = NULL;
  GObject *connection;

  if (driver == PG_TEST_DRIVER_BLOCKING)
    return g_initable_new (PG_TYPE_CONNECTION, NULL, error, "conninfo", conninfo, "timeout", timeout, NULL);
  g_async_initable_new_async (PG_TYPE_ASYNC_CONNECTION, G_PRIORITY_DEFAULT, NULL, on_done, &wait, "conninfo", conninfo, "timeout", timeout, NULL);
  source = g_async_result_get_source_object (wait_for (&wait));
  connection = g_async_initable_new_finish (G_ASYNC_INITABLE (source), wait.result, error);
  g_object_unref (wait.result);
  return (PgBaseConnection *) connection;
}

PgBaseConnection *
pg_test_driver_open_ok (PgTestDriver driver, const char *conninfo, gboolean autocommit)
{
  g_autoptr (GError) error = NULL;
  PgBaseConnection *connection = pg_test_driver_open (driver, conninfo, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (pg_test_driver_set_autocommit (connection, autocommit, &error));
  g_assert_no_error (error);
  return connection;
}

PgBaseCursor *
pg_test_driver_execute (PgBaseConnection *connection, const char *sql, GVariant *params, GCancellable *cancellable, GError **error)
{
  Wait wait = { NULL, 0 };
  PgAsyncCursor *cursor;

  if (PG_IS_CONNECTION (connection))
    return (PgBaseCursor *) pg_connection_execute (PG_CONNECTION (connection), sql, params, cancellable, error);
  pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), sql, params, cancellable, on_done, &wait);
  cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (connection), wait_for (&wait), error);
  g_object_unref (wait.result);
  return (PgBaseCursor *) cursor;
}

PgBaseCursor *
pg_test_driver_execute_params (PgBaseConnection *connection, const char *sql, PgParams *params, GCancellable *cancellable, GError **error)
{
  Wait wait = { NULL, 0 };
  PgAsyncCursor *cursor;

  if (PG_IS_CONNECTION (connection))
    return (PgBaseCursor *) pg_connection_execute_params (PG_CONNECTION (connection), sql, params, cancellable, error);
  pg_async_connection_execute_params_async (PG_ASYNC_CONNECTION (connection), sql, params, cancellable, on_done, &wait);
  cursor = pg_async_connection_execute_params_finish (PG_ASYNC_CONNECTION (connection), wait_for (&wait), error);
  g_object_unref (wait.result);
  return (PgBaseCursor *) cursor;
}

gboolean
pg_test_driver_commit (PgBaseConnection *connection, GCancellable *cancellable, GError **error)
{
  Wait wait = { NULL, 0 };
  gboolean ok;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_commit (PG_CONNECTION (connection), cancellable, error);
  pg_async_connection_commit_async (PG_ASYNC_CONNECTION (connection), cancellable, on_done, &wait);
  ok = pg_async_connection_commit_finish (PG_ASYNC_CONNECTION (connection), wait_for (&wait), error);
  g_object_unref (wait.result);
  return ok;
}

gboolean
pg_test_driver_rollback (PgBaseConnection *connection, GError **error)
{
  Wait wait = { NULL, 0 };
  gboolean ok;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_rollback (PG_CONNECTION (connection), NULL, error);
  pg_async_connection_rollback_async (PG_ASYNC_CONNECTION (connection), NULL, on_done, &wait);
  ok = pg_async_connection_rollback_finish (PG_ASYNC_CONNECTION (connection), wait_for (&wait), error);
  g_object_unref (wait.result);
  return ok;
}

gboolean
pg_test_driver_set_autocommit (PgBaseConnection *connection, gboolean value, GError **error)
{
  Wait wait = { NULL, 0 };
  gboolean ok;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_set_autocommit (PG_CONNECTION (connection), value, NULL, error);
  pg_async_connection_set_autocommit_async (PG_ASYNC_CONNECTION (connection), value, NULL, on_done, &wait);
  ok = pg_async_connection_set_autocommit_finish (PG_ASYNC_CONNECTION (connection), wait_for (&wait), error);
  g_object_unref (wait.result);
  return ok;
}

gboolean
pg_test_driver_set_isolation_level (PgBaseConnection *connection, PgIsolationLevel level, GError **error)
{
  Wait wait = { NULL, 0 };
  gboolean ok;

  if (PG_IS_CONNECTION (connection))
    return pg_connection_set_isolation_level (PG_CONNECTION (connection), level, NULL, error);
  pg_async_connection_set_isolation_level_async (PG_ASYNC_CONNECTION (connection), level, NULL, on_done, &wait);
  ok = pg_async_connection_set_isolation_level_finish (PG_ASYNC_CONNECTION (connection), wait_for (&wait), error);
  g_object_unref (wait.result);
  return ok;
}

void
pg_test_driver_run (PgBaseConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, sql, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (cursor);
}

gint64
pg_test_driver_int64 (PgBaseConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, sql, NULL, NULL, &error);
  gint64 value;

  g_assert_no_error (error);
  value = pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, &error);
  g_assert_no_error (error);
  return value;
}

static char *
get_text (PgBaseConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, sql, NULL, NULL, &error);

  g_assert_no_error (error);
  return pg_result_dup_text (pg_base_cursor_get_result (cursor), 0, 0, NULL);
}

void
pg_test_driver_assert_text (PgBaseConnection *connection, const char *sql, const char *expected)
{
  g_autofree char *value = get_text (connection, sql);

  g_assert_cmpstr (value, ==, expected);
}

void
pg_test_driver_attach (PgBaseConnection *connection)
{
  if (PG_IS_CONNECTION (connection))
    pg_connection_attach (PG_CONNECTION (connection), NULL);
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
pg_test_driver_iterate (guint milliseconds)
{
  g_autoptr (GSource) source = g_timeout_source_new (milliseconds);
  gboolean over = FALSE;

  g_source_set_callback (source, on_timeout, &over, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  while (!over)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
on_disconnected (PgBaseConnection *connection, const GError *reason, gpointer data)
{
  PgTestDisconnects *disconnects = data;

  if (disconnects->n++ == 0)
    disconnects->reason = g_error_copy (reason);
}

void
pg_test_driver_watch (PgBaseConnection *connection, PgTestDisconnects *disconnects)
{
  g_signal_connect (connection, "disconnected", G_CALLBACK (on_disconnected), disconnects);
}

gsize
pg_test_get_allocated (void)
{
#if defined __GLIBC__ && __GLIBC_PREREQ (2, 33)
  const struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}
