/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How the objects of server-side cursors are made, and classes of one's own. */
#include "pg-test-server-cursor.h"

#include <locale.h>

typedef struct
{
  PgServerCursor parent_instance;
  PgBaseConnection *constructed_with; /* not owned */
  char *constructed_as;
} TestCursor;

typedef struct
{
  PgServerCursorClass parent_class;
} TestCursorClass;

static GType test_cursor_get_type (void);
G_DEFINE_TYPE (TestCursor, test_cursor, PG_TYPE_SERVER_CURSOR)

static void
test_cursor_constructed (GObject *object)
{
  TestCursor *self = (TestCursor *) object;

  self->constructed_with = (PgBaseConnection *) pg_server_cursor_get_connection (PG_SERVER_CURSOR (self));
  self->constructed_as = g_strdup (pg_base_server_cursor_get_name (PG_BASE_SERVER_CURSOR (self)));
  G_OBJECT_CLASS (test_cursor_parent_class)->constructed (object);
}

static void
test_cursor_finalize (GObject *object)
{
  g_free (((TestCursor *) object)->constructed_as);
  G_OBJECT_CLASS (test_cursor_parent_class)->finalize (object);
}

static void
test_cursor_class_init (TestCursorClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = test_cursor_constructed;
  G_OBJECT_CLASS (klass)->finalize = test_cursor_finalize;
}

static void
test_cursor_init (TestCursor *self)
{
}

typedef struct
{
  PgAsyncServerCursor parent_instance;
} TestAsyncCursor;

typedef struct
{
  PgAsyncServerCursorClass parent_class;
} TestAsyncCursorClass;

static GType test_async_cursor_get_type (void);
G_DEFINE_TYPE (TestAsyncCursor, test_async_cursor, PG_TYPE_ASYNC_SERVER_CURSOR)

static void
test_async_cursor_class_init (TestAsyncCursorClass *klass)
{
}

static void
test_async_cursor_init (TestAsyncCursor *self)
{
}

static gint64
sum (PgBaseServerCursor *cursor, const char *query)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  gint64 total = 0;

  if (query != NULL)
    {
      g_assert_true (pg_test_server_cursor_execute (cursor, query, NULL, NULL, &error));
      g_assert_no_error (error);
    }
  rows = pg_test_server_cursor_fetch_all (cursor, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    total += pg_row_get_int64 (rows->pdata[i], 0, &error);
  g_assert_no_error (error);
  return total;
}

static void
count_notified (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_factory (gconstpointer driver)
{
  const gboolean blocking = GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING;
  const GType usual = blocking ? PG_TYPE_SERVER_CURSOR : PG_TYPE_ASYNC_SERVER_CURSOR;
  const GType own = blocking ? test_cursor_get_type () : test_async_cursor_get_type ();
  const GType wrong[] = { blocking ? PG_TYPE_ASYNC_SERVER_CURSOR : PG_TYPE_SERVER_CURSOR, PG_TYPE_CURSOR, PG_TYPE_BASE_SERVER_CURSOR, G_TYPE_OBJECT };
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  guint n_notified = 0;
  GType factory;

  g_test_summary ("With server-cursor-factory a connection makes server-side cursors of that class.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  g_assert_true (pg_base_connection_get_server_cursor_factory (session.connection) == usual);
  g_signal_connect (session.connection, "notify::server-cursor-factory", G_CALLBACK (count_notified), &n_notified);
  g_object_set (session.connection, "server-cursor-factory", own, NULL);
  pg_base_connection_set_server_cursor_factory (session.connection, own);
  g_assert_cmpuint (n_notified, ==, 1);
  g_object_get (session.connection, "server-cursor-factory", &factory, NULL);
  g_assert_true (factory == own);
  g_assert_true (pg_base_connection_get_cursor_factory (session.connection) == (blocking ? PG_TYPE_CURSOR : PG_TYPE_ASYNC_CURSOR));
  cursor = pg_test_server_cursor_new (&session, "a \"name\"");
  g_assert_true (G_OBJECT_TYPE (cursor) == own);
  g_assert_cmpstr (pg_base_server_cursor_get_name (cursor), ==, "a \"name\"");
  if (blocking)
    {
      g_assert_true (((TestCursor *) cursor)->constructed_with == session.connection);
      g_assert_cmpstr (((TestCursor *) cursor)->constructed_as, ==, "a \"name\"");
    }
  pg_base_server_cursor_set_hold (cursor, TRUE);
  g_assert_cmpint (sum (cursor, "SELECT generate_series(1, 4)"), ==, 10);
  for (guint i = 0; g_test_undefined () && i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_expect_message ("Pg", G_LOG_LEVEL_CRITICAL, "*g_type_is_a*");
      pg_base_connection_set_server_cursor_factory (session.connection, wrong[i]);
      g_test_assert_expected_messages ();
      g_assert_true (pg_base_connection_get_server_cursor_factory (session.connection) == own);
    }
  g_assert_cmpuint (n_notified, ==, 1);
}

static void
test_constructed (gconstpointer driver)
{
  const GType type = GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING ? PG_TYPE_SERVER_CURSOR : PG_TYPE_ASYNC_SERVER_CURSOR;
  static const char *const names[] = { NULL, "" };
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cursor is made by its properties too; without a name its calls fail.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "BEGIN");
  pg_test_driver_run (session.connection, "DECLARE theirs CURSOR FOR SELECT generate_series(1, 3)");
  cursor = g_object_new (type, "connection", session.connection, "name", "theirs", NULL);
  g_object_get (cursor, "connection", &connection, NULL);
  g_assert_true (connection == session.connection);
  g_assert_cmpint (sum (cursor, NULL), ==, 6);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PgBaseServerCursor) nameless = g_object_new (type, "connection", session.connection, "name", names[i], NULL);

      g_assert_false (pg_test_server_cursor_execute (nameless, "SELECT 1", NULL, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_clear_error (&error);
      g_assert_null (pg_test_server_cursor_fetch_one (nameless, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_clear_error (&error);
      g_assert_true (pg_test_server_cursor_close (nameless, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_without_connection (void)
{
  g_autoptr (PgServerCursor) cursor = g_object_new (PG_TYPE_SERVER_CURSOR, NULL);
  g_autoptr (GError) error = NULL;
  PgTristate scrollable;
  gboolean hold, ahead;
  guint itersize;

  g_assert_false (pg_server_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_assert_null (pg_server_cursor_fetch_one (cursor, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_object_get (cursor, "scrollable", &scrollable, "hold", &hold, "itersize", &itersize, "fetch-ahead", &ahead, NULL);
  g_assert_cmpint (scrollable, ==, PG_TRISTATE_DEFAULT);
  g_assert_false (hold);
  g_assert_cmpuint (itersize, ==, 100);
  g_assert_false (ahead);
  g_object_set (cursor, "scrollable", PG_TRISTATE_ON, "hold", TRUE, "itersize", 7, "fetch-ahead", TRUE, NULL);
  g_assert_cmpint (pg_base_server_cursor_get_scrollable (PG_BASE_SERVER_CURSOR (cursor)), ==, PG_TRISTATE_ON);
  g_assert_true (pg_base_server_cursor_get_hold (PG_BASE_SERVER_CURSOR (cursor)));
  g_assert_cmpuint (pg_base_server_cursor_get_itersize (PG_BASE_SERVER_CURSOR (cursor)), ==, 7);
  g_assert_true (pg_base_server_cursor_get_fetch_ahead (PG_BASE_SERVER_CURSOR (cursor)));
  g_assert_null (pg_base_server_cursor_get_name (PG_BASE_SERVER_CURSOR (cursor)));
  g_assert_null (pg_server_cursor_get_connection (cursor));
  g_assert_true (pg_server_cursor_close (cursor, NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/server-cursor/%s/factory", test_factory);
  pg_test_driver_add ("/pg/server-cursor/%s/constructed", test_constructed);
  g_test_add_func ("/pg/server-cursor/without-connection", test_without_connection);
  return g_test_run ();
}
