/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What one thread does to a connection that another one is using: close() and attach(). */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <pgconn/engine/pg-engine-private.h>

#define TIMEOUT (60 * 1000)

/* --- close() --- */

static void
close_after_message (gpointer data)
{
  PgTestSession *session = data;

  pg_fault_proxy_wait_messages (session->proxy, PG_FAULT_TO_SERVER, PG_FAULT_MESSAGE_ANY, 1, TIMEOUT);
  g_usleep (50 * 1000);
  pg_base_connection_close (session->connection);
}

static gboolean
on_time_to_close (gpointer data)
{
  close_after_message (data);
  return G_SOURCE_REMOVE;
}

/* An asynchronous connection may be closed in the thread of its main loop only. */
static GThread *
close_later (PgTestSession *session)
{
  pg_fault_proxy_reset_counts (session->proxy);
  if (session->driver == PG_TEST_DRIVER_BLOCKING)
    return pg_test_later (0, close_after_message, session);
  g_idle_add (on_time_to_close, session);
  return NULL;
}

static void
assert_closed (PgTestSession *session)
{
  g_assert_true (pg_base_connection_get_closed (session->connection));
  g_assert_false (pg_base_connection_get_broken (session->connection));
  g_assert_cmpint (pg_base_connection_get_transaction_status (session->connection), ==, PG_TRANSACTION_STATUS_UNKNOWN);
  g_assert_cmpuint (session->disconnects.n, ==, 0);
}

static void
test_close_during_commit (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gint64 end;
  char *count = NULL;

  g_test_summary ("close() while COMMIT has no answer: the call says that the outcome is not known. Here the server has done it.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "CREATE TABLE IF NOT EXISTS committed (driver int)");
  g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, &error));
  pg_test_driver_run (session.connection, session.driver == PG_TEST_DRIVER_BLOCKING ? "INSERT INTO committed VALUES (0)" : "INSERT INTO committed VALUES (1)");
  pg_fault_proxy_set_frozen (session.proxy, PG_FAULT_TO_CLIENT, TRUE);
  thread = close_later (&session);
  g_assert_false (pg_test_driver_commit (session.connection, NULL, &error));
  if (thread != NULL)
    g_thread_join (thread);
  g_assert_error (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
  assert_closed (&session);

  end = g_get_monotonic_time () + TIMEOUT * G_TIME_SPAN_MILLISECOND;
  do
    {
      g_free (count);
      count = pg_test_psql (session.direct, session.driver == PG_TEST_DRIVER_BLOCKING ? "SELECT count(*) FROM committed WHERE driver = 0"
                                                                                      : "SELECT count(*) FROM committed WHERE driver = 1");
    }
  while (g_strcmp0 (count, "1") != 0 && g_get_monotonic_time () < end);
  g_assert_cmpstr (count, ==, "1");
  g_free (count);
}

static void
test_close_during_statement (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("close() while another statement has no answer: the call says that the connection was closed.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_fault_proxy_set_frozen (session.proxy, PG_FAULT_TO_CLIENT, TRUE);
  thread = close_later (&session);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1", NULL, NULL, &error));
  if (thread != NULL)
    g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_closed (&session);
}

/* --- attach() --- */

#define N_ATTACHERS 2

typedef struct
{
  PgBlocking *blocking;
  GMainContext *context;
  guint n_rounds;
  gint n_destroyed;
  guint n_called;
} Attaching;

static void
count_destroyed (gpointer data)
{
  g_atomic_int_inc (&((Attaching *) data)->n_destroyed);
}

static gboolean
count_called (gpointer data)
{
  ((Attaching *) data)->n_called++;
  return G_SOURCE_CONTINUE;
}

static gpointer
attach_thread (gpointer data)
{
  Attaching *self = data;

  for (guint i = 0; i < self->n_rounds; i++)
    pg_blocking_attach (self->blocking, self->context, count_called, self, count_destroyed);
  return NULL;
}

static void
test_attach_sources (void)
{
  PgEngine *engine = pg_engine_new ();
  Attaching attaching = { pg_blocking_new (engine), g_main_context_new (), pg_test_repeat (5000, 50000), 0, 0 };
  GThread *threads[N_ATTACHERS];
  int n_attached = N_ATTACHERS * attaching.n_rounds;
  int n_before;

  g_test_summary ("Threads that attach the same connection leave one source, which goes with the connection.");
  for (guint i = 0; i < N_ATTACHERS; i++)
    threads[i] = g_thread_new ("attach", attach_thread, &attaching);
  for (guint i = 0; i < N_ATTACHERS; i++)
    g_thread_join (threads[i]);
  g_main_context_iteration (attaching.context, FALSE);
  n_before = attaching.n_destroyed;
  pg_blocking_free (attaching.blocking);
  pg_engine_free (engine);
  g_main_context_unref (attaching.context);
  g_assert_cmpint (n_before, ==, n_attached - 1);
  g_assert_cmpint (attaching.n_destroyed, ==, n_attached);
  /* Without a server there is nothing to read. */
  g_assert_cmpuint (attaching.n_called, ==, 0);
}

typedef struct
{
  PgConnection *connection;
  gint stop;
} Busy;

static gpointer
attach_connection_thread (gpointer data)
{
  Busy *busy = data;

  /* Once at least, however late the thread begins. */
  do
    pg_connection_attach (busy->connection, NULL);
  while (!g_atomic_int_get (&busy->stop));
  return NULL;
}

static void
count_notification (PgConnection *connection, PgNotification *notification, gpointer data)
{
  ++*(guint *) data;
}

static void
test_attach_while_used (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgConnection) other = NULL;
  Busy busy = { NULL, 0 };
  GThread *threads[N_ATTACHERS];
  guint n_notifications = 0;
  guint n_rounds = pg_test_repeat (30, 300);

  g_test_summary ("Whatever a connection was doing when threads attached it: afterwards it is watched, and a notification is seen at once.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  other = pg_test_open_autocommit (conninfo);
  g_signal_connect (connection, "notification", G_CALLBACK (count_notification), &n_notifications);
  pg_test_run (connection, "LISTEN c");
  busy.connection = connection;
  for (guint round = 0; round < n_rounds; round++)
    {
      g_atomic_int_set (&busy.stop, FALSE);
      for (guint i = 0; i < N_ATTACHERS; i++)
        threads[i] = g_thread_new ("attach", attach_connection_thread, &busy);
      for (guint i = 0; i < 20; i++)
        g_assert_cmpint (pg_test_int64 (connection, "SELECT 8"), ==, 8);
      g_atomic_int_set (&busy.stop, TRUE);
      for (guint i = 0; i < N_ATTACHERS; i++)
        g_thread_join (threads[i]);
      pg_test_run (other, "NOTIFY c");
      pg_test_iterate_until (&n_notifications, round + 1);
      g_assert_cmpuint (n_notifications, ==, round + 1);
    }
}

/* --- a stream in several hands --- */

static gpointer
begin_stream_thread (gpointer cursor)
{
  GError *error = NULL;
  PgRowStream *rows = pg_cursor_stream (cursor, "SELECT generate_series (1, 3)", NULL, 1, NULL, &error);

  g_assert_no_error (error);
  return rows;
}

static void
test_stream_of_another (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) other = NULL;
  g_autoptr (PgRowStream) rows = NULL;
  g_autoptr (GError) error = NULL;
  PgResult *chunk;
  guint n_chunks = 1;

  g_test_summary ("Who reads a stream that another thread has begun is not made to wait for its end.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  cursor = pg_connection_cursor (connection, NULL);
  rows = g_thread_join (g_thread_new ("begin", begin_stream_thread, cursor));
  chunk = pg_row_stream_next_chunk (rows, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&chunk);
  pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), TIMEOUT);
  other = pg_connection_execute (connection, "SELECT 1", NULL, NULL, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_null (other);
  while ((chunk = pg_row_stream_next_chunk (rows, NULL, &error)) != NULL)
    {
      n_chunks++;
      g_object_unref (chunk);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (n_chunks, ==, 3);
  g_assert_cmpint (pg_test_int64 (connection, "SELECT 8"), ==, 8);
}

static void
execute_in_pool (GTask *task, gpointer source, gpointer connection, GCancellable *cancellable)
{
  GError *error = NULL;
  PgCursor *cursor = pg_connection_execute (connection, "SELECT 1", NULL, cancellable, &error);

  if (cursor != NULL)
    g_task_return_pointer (task, cursor, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
test_stream_in_pool (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *much = g_strnfill (100000, '\n');
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: a thread of GIO's that had written for another thread was refused when it came with a call of its own, instead of waiting.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  pg_test_driver_run (PG_BASE_CONNECTION (connection), "CREATE TABLE t ()");
  target = G_OUTPUT_STREAM (pg_connection_copy_in (connection, "COPY t FROM STDIN", NULL, &error));
  g_assert_no_error (error);
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GAsyncResult) written = NULL;
      g_autoptr (GAsyncResult) executed = NULL;
      g_autoptr (GTask) task = g_task_new (NULL, NULL, pg_test_keep_result, &executed);

      pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), 0);
      if (round % 2 == 0)
        {
          g_output_stream_write_async (target, much, 100000, 0, NULL, pg_test_keep_result, &written);
          g_assert_cmpint (g_output_stream_write_finish (target, pg_test_wait_for (&written), &error), ==, 100000);
        }
      else
        {
          g_output_stream_flush_async (target, 0, NULL, pg_test_keep_result, &written);
          g_assert_true (g_output_stream_flush_finish (target, pg_test_wait_for (&written), &error));
        }
      g_assert_no_error (error);
      pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), 20);
      g_task_set_task_data (task, connection, NULL);
      g_task_run_in_thread (task, execute_in_pool);
      g_assert_null (g_task_propagate_pointer (G_TASK (pg_test_wait_for (&executed)), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_clear_error (&error);
    }
  pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), 0);
  g_assert_true (g_output_stream_close (target, NULL, &error));
  g_assert_no_error (error);
}

static gpointer
write_in_loop (gpointer target)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) written = NULL;
  g_autofree char *much = g_strnfill (100000, '\n');
  PgConnection *connection = PG_CONNECTION (pg_copy_output_stream_get_connection (target));
  GError *error = NULL;

  g_main_context_push_thread_default (context);
  g_output_stream_write_async (target, much, 100000, 0, NULL, pg_test_keep_result, &written);
  while (written == NULL)
    g_main_context_iteration (context, TRUE);
  if (g_output_stream_write_finish (target, written, &error) >= 0)
    g_clear_object (&(PgCursor *){ pg_connection_execute (connection, "SELECT 1", NULL, NULL, &error) });
  g_main_context_pop_thread_default (context);
  return error;
}

static void
test_stream_of_loop (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failure = NULL;

  g_test_summary ("defect: who writes by GIO's threads to a copy that another thread has begun was made to wait for its end.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  pg_test_driver_run (PG_BASE_CONNECTION (connection), "CREATE TABLE t ()");
  target = G_OUTPUT_STREAM (pg_connection_copy_in (connection, "COPY t FROM STDIN", NULL, &error));
  g_assert_no_error (error);
  pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), TIMEOUT);
  failure = g_thread_join (g_thread_new ("writes", write_in_loop, target));
  g_assert_error (failure, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_true (g_output_stream_close (target, NULL, &error));
  g_assert_no_error (error);
}

static gpointer
begin_stream (gpointer connection)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (PgRowStream) stream = pg_cursor_stream (cursor, "SELECT generate_series (1, 20)", NULL, 5, NULL, NULL);
  g_autoptr (PgResult) chunk = pg_row_stream_next_chunk (stream, NULL, NULL);

  return chunk == NULL ? NULL : g_steal_pointer (&stream);
}

typedef struct
{
  PgConnection *connection;
  GThread *dead;
} AsDead;

static gpointer
execute_as_dead (gpointer data)
{
  const AsDead *as_dead = data;
  GError *error = NULL;

  if (g_thread_self () == as_dead->dead)
    g_clear_object (&(PgCursor *){ pg_connection_execute (as_dead->connection, "SELECT 1", NULL, NULL, &error) });
  return error;
}

static void
test_stream_of_dead (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgRowStream) stream = NULL;
  AsDead as_dead;

  g_test_summary ("defect: a thread that was given the place in memory of one that had begun a stream and ended was refused, instead of waiting.");
  if (conninfo == NULL)
    return;
  as_dead.connection = connection = pg_test_open_autocommit (conninfo);
  as_dead.dead = g_thread_new ("begins", begin_stream, connection);
  stream = g_thread_join (as_dead.dead);
  g_assert_nonnull (stream);
  pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), 20);
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (GError) failure = g_thread_join (g_thread_new ("another", execute_as_dead, &as_dead));

      if (failure != NULL)
        g_assert_error (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    }
}

static void
test_large_object_beside_stream (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GAsyncResult) sought = NULL;
  g_autoptr (GAsyncResult) measured = NULL;
  g_autoptr (GAsyncResult) truncated = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("defect: a large object's own asynchronous calls waited for the end of the stream that their caller had open.");
  if (conninfo == NULL)
    return;
  connection = pg_connection_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  object = pg_connection_create_large_object (connection, 0, NULL, &error);
  g_assert_no_error (error);
  pg_test_driver_run (PG_BASE_CONNECTION (connection), "CREATE TABLE t ()");
  target = G_OUTPUT_STREAM (pg_connection_copy_in (connection, "COPY t FROM STDIN", NULL, &error));
  g_assert_no_error (error);
  pg_base_connection_set_timeout (PG_BASE_CONNECTION (connection), TIMEOUT);
  pg_large_object_seek_async (object, 0, G_SEEK_END, NULL, pg_test_keep_result, &sought);
  g_assert_cmpint (pg_large_object_seek_finish (object, pg_test_wait_for (&sought), &error), ==, -1);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  pg_large_object_query_size_async (object, NULL, pg_test_keep_result, &measured);
  g_assert_cmpint (pg_large_object_query_size_finish (object, pg_test_wait_for (&measured), &error), ==, -1);
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  pg_large_object_truncate_async (object, 0, NULL, pg_test_keep_result, &truncated);
  g_assert_false (pg_large_object_truncate_finish (object, pg_test_wait_for (&truncated), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_true (g_output_stream_close (target, NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  pg_test_driver_add ("/pg/connection-threads/%s/close-during-commit", test_close_during_commit);
  pg_test_driver_add ("/pg/connection-threads/%s/close-during-statement", test_close_during_statement);
  g_test_add_func ("/pg/connection-threads/attach/sources", test_attach_sources);
  g_test_add_func ("/pg/connection-threads/attach/while-used", test_attach_while_used);
  g_test_add_func ("/pg/connection-threads/stream-of-another", test_stream_of_another);
  g_test_add_func ("/pg/connection-threads/defect-stream-in-pool", test_stream_in_pool);
  g_test_add_func ("/pg/connection-threads/defect-stream-of-loop", test_stream_of_loop);
  g_test_add_func ("/pg/connection-threads/defect-stream-of-dead", test_stream_of_dead);
  g_test_add_func ("/pg/connection-threads/defect-large-object-beside-stream", test_large_object_beside_stream);

  return g_test_run ();
}
