/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>

/* What users' code does from inside: in callbacks and in handlers of signals, and from other threads. */

#define TIMEOUT (60 * 1000)

typedef enum
{
  DO_NOTHING,
  DO_CLOSE,
  DO_UNREF,   /* the last reference of the test's */
  DO_ITERATE, /* a nested main loop */
  DO_EXECUTE, /* another statement, to its end */
  DO_START,   /* another statement, not waited for */
  DO_EMIT,    /* the server is made to send more */
  DO_DISPOSE, /* g_object_run_dispose() */
  N_DEEDS
} Deed;

static const char *const deed_names[] = { "nothing", "close", "unref", "iterate", "execute", "start", "emit", "dispose" };

typedef struct
{
  PgBaseConnection *connection; /* the reference that DO_UNREF drops */
  Deed deed;
  gboolean done;
  guint n_calls;
  guint n_started;
  guint n_ended;
} Scene;

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, NULL);

  ((Scene *) data)->n_ended++;
}

static void
act (Scene *scene)
{
  PgBaseConnection *connection = scene->connection;

  scene->n_calls++;
  if (scene->done)
    return;
  scene->done = TRUE;
  switch (scene->deed)
    {
    case DO_CLOSE:
      pg_base_connection_close (connection);
      g_assert_true (pg_base_connection_get_closed (connection));
      break;
    case DO_UNREF:
      g_clear_object (&scene->connection);
      break;
    case DO_ITERATE:
      pg_test_driver_iterate (5);
      break;
    case DO_EXECUTE:
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, "SELECT 7", NULL, NULL, &error);

        if (pg_base_connection_get_closed (connection))
          g_assert_nonnull (error);
        else
          g_assert_no_error (error);
      }
      break;
    case DO_START:
      if (PG_IS_ASYNC_CONNECTION (connection))
        for (guint i = 0; i < 3; i++, scene->n_started++)
          pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), "SELECT 8", NULL, NULL, on_started, scene);
      break;
    case DO_EMIT:
      {
        g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, "DO $$ BEGIN RAISE NOTICE 'inner'; NOTIFY a; END $$", NULL, NULL, NULL);

        pg_test_driver_iterate (5);
      }
      break;
    case DO_DISPOSE:
      g_object_run_dispose (G_OBJECT (connection));
      break;
    case DO_NOTHING:
    case N_DEEDS:
    default:
      break;
    }
}

static void
on_notice (PgBaseConnection *connection, PgDiagnostic *diagnostic, gpointer data)
{
  act (data);
}

static void
on_notification (PgBaseConnection *connection, PgNotification *notification, gpointer data)
{
  act (data);
}

static void
on_disconnected (PgBaseConnection *connection, const GError *error, gpointer data)
{
  act (data);
}

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, NULL);

  act (data);
}

static void
on_committed (GObject *source, GAsyncResult *result, gpointer data)
{
  pg_async_connection_commit_finish (PG_ASYNC_CONNECTION (source), result, NULL);
  act (data);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  pg_async_connection_close_finish (PG_ASYNC_CONNECTION (source), result, NULL);
  act (data);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Scene *scene = data;

  scene->connection = PG_BASE_CONNECTION (pg_async_connection_open_finish (result, &error));
  g_assert_no_error (error);
  act (scene);
}

static void
settle (Scene *scene)
{
  for (guint i = 0; i < 60000 && scene->n_ended < scene->n_started; i++)
    pg_test_driver_iterate (1);
  g_assert_cmpuint (scene->n_ended, ==, scene->n_started);
  pg_test_driver_iterate (5);
}

/* Nothing holds the connection but the test. */
static void
finish (Scene *scene, gpointer *weak)
{
  settle (scene);
  g_clear_object (&scene->connection);
  pg_test_driver_iterate (5);
  for (guint i = 0; i < 60000 && *weak != NULL; i++)
    pg_test_driver_iterate (1);
  g_assert_null (*weak);
}

static void
test_signals (gconstpointer driver)
{
  PgTestServer *server = pg_test_fixture_server ();

  g_test_summary ("Handlers of notice, notification and disconnected may do anything to the connection.");
  if (server == NULL)
    return;
  for (guint deed = 0; deed < N_DEEDS; deed++)
    for (guint signal = 0; signal < 3; signal++)
      {
        Scene scene = { NULL, deed };
        gpointer weak;
        g_autoptr (GError) error = NULL;
        g_autoptr (PgBaseCursor) cursor = NULL;
        g_autoptr (PgBaseConnection) held = NULL;

        g_test_message ("%s, %u", deed_names[deed], signal);
        scene.connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), pg_test_server_get_conninfo (server), TRUE);
        weak = scene.connection;
        g_object_add_weak_pointer (weak, &weak);
        pg_test_driver_attach (scene.connection);
        pg_test_driver_run (scene.connection, "LISTEN a");
        switch (signal)
          {
          case 0:
            g_signal_connect (scene.connection, "notice", G_CALLBACK (on_notice), &scene);
            /* The caller of a blocking call holds a reference, or may not call. */
            held = GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING ? g_object_ref (scene.connection) : NULL;
            cursor = pg_test_driver_execute (scene.connection, "DO $$ BEGIN RAISE NOTICE 'one'; RAISE NOTICE 'two'; END $$", NULL, NULL, &error);
            /* With a main loop the notice can be there before the end of the call. */
            if ((deed == DO_CLOSE || deed == DO_DISPOSE) && error != NULL)
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
            else
              g_assert_no_error (error);
            /* Disposing of an object disconnects its handlers. */
            g_assert_cmpuint (scene.n_calls, >=, deed == DO_DISPOSE || error != NULL ? 1 : 2);
            break;
          case 1:
            g_signal_connect (scene.connection, "notification::a", G_CALLBACK (on_notification), &scene);
            g_free (pg_test_psql (pg_test_server_get_conninfo (server), "NOTIFY a, '1'; NOTIFY a, '2'"));
            for (guint i = 0; i < 60000 && scene.n_calls == 0; i++)
              pg_test_driver_iterate (1);
            g_assert_cmpuint (scene.n_calls, >=, 1);
            break;
          default:
            g_signal_connect (scene.connection, "disconnected", G_CALLBACK (on_disconnected), &scene);
            g_free (pg_test_psql (pg_test_server_get_conninfo (server),
                                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"));
            for (guint i = 0; i < 60000 && scene.n_calls == 0; i++)
              pg_test_driver_iterate (1);
            g_assert_cmpuint (scene.n_calls, ==, 1);
            break;
          }
        g_clear_object (&cursor);
        g_clear_object (&held);
        finish (&scene, &weak);
      }
}

static void
test_callbacks (void)
{
  PgTestServer *server = pg_test_fixture_server ();

  g_test_summary ("Callbacks of open, execute, commit and close may do anything to the connection, with other calls in the queue.");
  if (server == NULL)
    return;
  for (guint deed = 0; deed < N_DEEDS; deed++)
    for (guint call = 0; call < 4; call++)
      {
        Scene scene = { NULL, deed };
        gpointer weak = NULL;
        PgAsyncConnection *connection;

        g_test_message ("%s, %u", deed_names[deed], call);
        if (call == 0)
          {
            pg_async_connection_open_async (pg_test_server_get_conninfo (server), NULL, on_opened, &scene);
          }
        else
          {
            scene.connection = pg_test_driver_open_ok (PG_TEST_DRIVER_MAIN_LOOP, pg_test_server_get_conninfo (server), FALSE);
            weak = scene.connection;
            g_object_add_weak_pointer (weak, &weak);
            connection = PG_ASYNC_CONNECTION (scene.connection);
            if (call == 1)
              pg_async_connection_execute_async (connection, "SELECT 1", NULL, NULL, on_executed, &scene);
            else
              pg_async_connection_execute_async (connection, "SELECT 1", NULL, NULL, on_started, &scene), scene.n_started++;
            if (call == 2)
              pg_async_connection_commit_async (connection, NULL, on_committed, &scene);
            for (guint i = 0; i < 3; i++, scene.n_started++)
              pg_async_connection_execute_async (connection, "SELECT 2", NULL, NULL, on_started, &scene);
            if (call == 3)
              pg_async_connection_close_async (connection, NULL, on_closed, &scene);
          }
        for (guint i = 0; i < 60000 && scene.n_calls == 0; i++)
          pg_test_driver_iterate (1);
        g_assert_cmpuint (scene.n_calls, ==, 1);
        if (call == 0 && scene.connection != NULL)
          {
            weak = scene.connection;
            g_object_add_weak_pointer (weak, &weak);
          }
        finish (&scene, &weak);
      }
}

static void
test_dispose_with_queue (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  Scene scene = { NULL, DO_NOTHING };
  gpointer weak;

  g_test_summary ("Calls keep the connection alive: without any other reference they are run, and then it goes.");
  if (server == NULL)
    return;
  scene.connection = pg_test_driver_open_ok (PG_TEST_DRIVER_MAIN_LOOP, pg_test_server_get_conninfo (server), TRUE);
  weak = scene.connection;
  g_object_add_weak_pointer (weak, &weak);
  for (guint i = 0; i < 20; i++, scene.n_started++)
    pg_async_connection_execute_async (PG_ASYNC_CONNECTION (scene.connection), "SELECT 2", NULL, NULL, on_started, &scene);
  g_clear_object (&scene.connection);
  g_assert_nonnull (weak);
  finish (&scene, &weak);
}

/* --- threads --- */

static void
test_close_in_thread (void)
{
  PgTestServer *server = pg_test_fixture_server ();

  g_test_summary ("close() in another thread ends the call at once, whenever it comes.");
  if (server == NULL)
    return;
  for (guint i = 0; i < pg_test_repeat (40, 400); i++)
    {
      g_autoptr (PgBaseConnection) connection = pg_test_driver_open_ok (PG_TEST_DRIVER_BLOCKING, pg_test_server_get_conninfo (server), TRUE);
      GThread *thread = pg_test_later (i % 4, pg_base_connection_close, connection);
      gboolean closed = FALSE;

      while (!closed)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, i % 2 == 0 ? "SELECT 1" : "SELECT pg_sleep(30)", NULL, NULL, &error);

          closed = cursor == NULL;
          if (closed)
            g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
        }
      g_thread_join (thread);
      g_assert_true (pg_base_connection_get_closed (connection));
      g_assert_false (pg_base_connection_get_broken (connection));
      g_assert_cmpint (pg_base_connection_get_fd (connection, NULL), <, 0);
    }
}

static gpointer
count_thread (gpointer data)
{
  guint n = 0;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %u", i);

      n += pg_test_driver_int64 (data, sql) == i;
    }
  return GUINT_TO_POINTER (n);
}

static void
test_threads (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autoptr (PgBaseConnection) connection = NULL;
  GThread *threads[4];

  g_test_summary ("Several threads share a connection, with a main loop that watches it: each gets its own answers.");
  if (server == NULL)
    return;
  connection = pg_test_driver_open_ok (PG_TEST_DRIVER_BLOCKING, pg_test_server_get_conninfo (server), TRUE);
  pg_test_driver_attach (connection);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("count", count_thread, connection);
  pg_test_driver_iterate (50);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 200);
}

static gpointer
unref_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_unref_in_thread (gconstpointer driver)
{
  PgTestServer *server = pg_test_fixture_server ();

  g_test_summary ("The last reference may be dropped in another thread, while the main context runs.");
  if (server == NULL)
    return;
  for (guint i = 0; i < pg_test_repeat (40, 400); i++)
    {
      PgBaseConnection *connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), pg_test_server_get_conninfo (server), TRUE);
      GThread *thread;

      pg_test_driver_attach (connection);
      pg_test_driver_run (connection, "LISTEN a; NOTIFY a");
      thread = g_thread_new ("unref", unref_thread, connection);
      pg_test_driver_iterate (1);
      g_thread_join (thread);
    }
}

static gpointer
context_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  PgTestServer *server = data;
  gint64 value;

  g_main_context_push_thread_default (context);
  {
    g_autoptr (PgBaseConnection) connection = pg_test_driver_open_ok (PG_TEST_DRIVER_MAIN_LOOP, pg_test_server_get_conninfo (server), TRUE);

    value = pg_test_driver_int64 (connection, "SELECT 11");
    pg_test_driver_iterate (5);
  }
  g_main_context_pop_thread_default (context);
  return GINT_TO_POINTER ((int) value);
}

static void
test_own_context (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  GThread *threads[3];

  g_test_summary ("A connection works in the main context of the thread that made it, and several do at a time.");
  if (server == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("context", context_thread, server);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (threads[i])), ==, 11);
}

typedef struct
{
  GAsyncResult *result;
  GThread *thread;
} Foreign;

static void
on_foreign (GObject *source, GAsyncResult *result, gpointer data)
{
  Foreign *foreign = data;

  foreign->result = g_object_ref (result);
  foreign->thread = g_thread_self ();
}

static gpointer
foreign_thread (gpointer data)
{
  PgAsyncConnection *connection = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint n = 0;

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      Foreign foreign = { NULL, NULL };

      if (i == 0)
        pg_async_connection_execute_async (connection, "SELECT 1", NULL, NULL, on_foreign, &foreign);
      else if (i == 1)
        pg_async_connection_commit_async (connection, NULL, on_foreign, &foreign);
      else if (i == 2)
        pg_async_connection_close_async (connection, NULL, on_foreign, &foreign);
      else
        pg_async_connection_cancel_safe_async (connection, 0, NULL, on_foreign, &foreign);
      while (foreign.result == NULL)
        g_main_context_iteration (context, TRUE);
      if (i == 0)
        pg_async_connection_execute_finish (connection, foreign.result, &error);
      else if (i == 1)
        pg_async_connection_commit_finish (connection, foreign.result, &error);
      else if (i == 2)
        pg_async_connection_close_finish (connection, foreign.result, &error);
      else
        pg_async_connection_cancel_safe_finish (connection, foreign.result, &error);
      n += g_error_matches (error, PG_ERROR, PG_ERROR_INTERFACE) && foreign.thread == g_thread_self ();
      g_object_unref (foreign.result);
    }
  g_main_context_pop_thread_default (context);
  return GUINT_TO_POINTER (n);
}

static void
test_foreign_thread (void)
{
  PgTestServer *server = pg_test_fixture_server ();
  g_autoptr (PgBaseConnection) connection = NULL;
  GThread *thread;

  g_test_summary ("A call in another thread than the one that runs the connection's main context fails, and the connection goes on.");
  if (server == NULL)
    return;
  connection = pg_test_driver_open_ok (PG_TEST_DRIVER_MAIN_LOOP, pg_test_server_get_conninfo (server), TRUE);
  thread = g_thread_new ("foreign", foreign_thread, connection);
  pg_test_driver_iterate (100);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (thread)), ==, 4);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT 3"), ==, 3);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/reentrancy/%s/signals", test_signals);
  g_test_add_func ("/pg/reentrancy/main-loop/callbacks", test_callbacks);
  g_test_add_func ("/pg/reentrancy/main-loop/dispose-with-queue", test_dispose_with_queue);
  g_test_add_func ("/pg/reentrancy/blocking/close-in-thread", test_close_in_thread);
  g_test_add_func ("/pg/reentrancy/blocking/threads", test_threads);
  pg_test_driver_add ("/pg/reentrancy/%s/unref-in-thread", test_unref_in_thread);
  g_test_add_func ("/pg/reentrancy/main-loop/own-context", test_own_context);
  g_test_add_func ("/pg/reentrancy/main-loop/foreign-thread", test_foreign_thread);
  return g_test_run ();
}
