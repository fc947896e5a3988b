/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-calls.h"

#include "pg-test-fixture.h"

#include <string.h>

void
pg_test_clean_environment (void)
{
  g_auto (GStrv) names = g_listenv ();

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "PG") && !g_str_has_prefix (names[i], "PGCONN_") && !g_str_has_prefix (names[i], "PG_TEST"))
      g_unsetenv (names[i]);
  g_setenv ("PGPASSFILE", "/nonexistent/pgpass", TRUE);
  g_setenv ("PGSERVICEFILE", "/nonexistent/services", TRUE);
  g_setenv ("PGSYSCONFDIR", "/nonexistent", TRUE);
}

static PgConnection *
open_with (const char *conninfo, gboolean autocommit)
{
  g_autoptr (GError) error = NULL;
  PgConnection *connection
      = g_initable_new (PG_TYPE_CONNECTION, NULL, &error, "conninfo", conninfo, "autocommit", autocommit, NULL);

  g_assert_no_error (error);
  g_assert_nonnull (connection);
  return connection;
}

PgConnection *
pg_test_open (const char *conninfo)
{
  return open_with (conninfo, FALSE);
}

PgConnection *
pg_test_open_autocommit (const char *conninfo)
{
  return open_with (conninfo, TRUE);
}

static PgConnection *
open_fixture (gboolean autocommit)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();

  return conninfo != NULL ? open_with (conninfo, autocommit) : NULL;
}

PgConnection *
pg_test_open_fixture (void)
{
  return open_fixture (FALSE);
}

PgConnection *
pg_test_open_fixture_autocommit (void)
{
  return open_fixture (TRUE);
}

static PgCursor *
execute (PgConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  PgCursor *cursor = pg_connection_execute (connection, sql, NULL, NULL, &error);

  if (error != NULL)
    g_test_message ("%s", sql);
  g_assert_no_error (error);
  g_assert_nonnull (cursor);
  return cursor;
}

PgCursor *
pg_test_execute_as (PgConnection *connection, PgFormat format, const char *sql, GVariant *variant, PgParams *params)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  if (params != NULL)
    pg_cursor_execute_params (cursor, sql, params, NULL, &error);
  else
    pg_cursor_execute (cursor, sql, variant, NULL, &error);
  if (error != NULL)
    g_test_message ("%s", sql);
  g_assert_no_error (error);
  return g_steal_pointer (&cursor);
}

void
pg_test_run (PgConnection *connection, const char *sql)
{
  g_object_unref (execute (connection, sql));
}

char *
pg_test_cell (gpointer cursor, guint row, guint column)
{
  g_autoptr (GError) error = NULL;
  PgResult *result = pg_base_cursor_get_result (cursor);
  gboolean is_null;
  char *text;

  g_assert_nonnull (result);
  is_null = pg_result_is_null (result, row, column, &error);
  g_assert_no_error (error);
  if (is_null)
    return NULL;
  text = pg_result_dup_text (result, row, column, &error);
  g_assert_no_error (error);
  return text;
}

char *
pg_test_text (PgConnection *connection, const char *sql)
{
  g_autoptr (PgCursor) cursor = execute (connection, sql);

  return pg_test_cell (cursor, 0, 0);
}

gint64
pg_test_int64 (PgConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = execute (connection, sql);
  gint64 value = pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);

  g_assert_no_error (error);
  return value;
}

char *
pg_test_fail (PgConnection *connection, const char *sql, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection, sql, NULL, NULL, &error);

  g_assert_null (cursor);
  g_assert_error (error, PG_ERROR, code);
  return g_strdup (error->message);
}

/* --- asynchronous calls --- */

void
pg_test_wait_done (GObject *source, GAsyncResult *result, gpointer wait)
{
  PgTestWait *self = wait;

  self->n_calls++;
  g_set_object (&self->result, result);
}

GAsyncResult *
pg_test_wait (PgTestWait *wait)
{
  /* The callback runs from the main loop, never inside the call that was just made. */
  g_assert_cmpuint (wait->n_calls, ==, 0);
  pg_test_iterate_until (&wait->n_calls, 1);
  g_assert_cmpuint (wait->n_calls, ==, 1);
  wait->n_calls = 0;
  return wait->result;
}

void
pg_test_wait_clear (PgTestWait *wait)
{
  g_clear_object (&wait->result);
}

PgAsyncConnection *
pg_test_async_open (const char *conninfo)
{
  g_autoptr (GError) error = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  PgAsyncConnection *connection;

  pg_async_connection_open_async (conninfo, NULL, pg_test_wait_done, &wait);
  connection = pg_async_connection_open_finish (pg_test_wait (&wait), &error);
  g_assert_no_error (error);
  g_assert_nonnull (connection);
  return connection;
}

PgAsyncConnection *
pg_test_async_open_fixture (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();

  return conninfo != NULL ? pg_test_async_open (conninfo) : NULL;
}

PgAsyncCursor *
pg_test_async_execute (PgAsyncConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  PgAsyncCursor *cursor;

  pg_async_connection_execute_async (connection, sql, NULL, NULL, pg_test_wait_done, &wait);
  cursor = pg_async_connection_execute_finish (connection, pg_test_wait (&wait), &error);
  g_assert_no_error (error);
  g_assert_nonnull (cursor);
  return cursor;
}

char *
pg_test_async_text (PgAsyncConnection *connection, const char *sql)
{
  g_autoptr (PgAsyncCursor) cursor = pg_test_async_execute (connection, sql);

  return pg_test_cell (cursor, 0, 0);
}

char *
pg_test_async_fail (PgAsyncConnection *connection, const char *sql, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  pg_async_connection_execute_async (connection, sql, NULL, NULL, pg_test_wait_done, &wait);
  cursor = pg_async_connection_execute_finish (connection, pg_test_wait (&wait), &error);
  g_assert_null (cursor);
  g_assert_error (error, PG_ERROR, code);
  return g_strdup (error->message);
}

static gboolean
on_timeout (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

static GSource *
add_timeout (GMainContext *context, guint milliseconds, gboolean *flag)
{
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_callback (source, on_timeout, flag, NULL);
  g_source_attach (source, context);
  return source;
}

void
pg_test_iterate_until (const guint *flag, guint n)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  gboolean late = FALSE;
  GSource *source = add_timeout (context, 60000 * (g_getenv ("PG_TEST_VALGRIND") != NULL ? 10 : 1), &late);

  while (*flag < n && !late)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
  g_source_unref (source);
  g_assert_cmpuint (*flag, >=, n);
}

void
pg_test_iterate_for (guint milliseconds)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  gboolean over = FALSE;
  GSource *source = add_timeout (context, milliseconds, &over);

  while (!over)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
  g_source_unref (source);
}
