/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The connection ends, or falls silent, behind any byte of the verbs that make several calls. */
#include "pg-test-copy.h"
#include "pg-test-fixture.h"
#include "pg-test-large-object.h"
#include "pg-test-many.h"
#include "pg-test-row-stream.h"
#include "pg-test-server-cursor.h"
#include "pg-test-verbs.h"

#include <locale.h>
#include <string.h>

#define TIMEOUT (60 * 1000)
/* Of the calls that nobody answers, in milliseconds. */
#define SHORT 100

/* --- the verbs: each is right, or ends with an error --- */

static gboolean
run_many (PgTestSession *session, GError **error)
{
  g_autoptr (PgBaseCursor) cursor = pg_test_many_cursor_new (session->connection);

  return pg_test_many_execute (cursor, "SELECT $1::int8, $2::text", pg_test_many_sets_new (20, 1), PG_EXECUTE_MANY_RETURNING, error);
}

static gboolean
run_rows (PgTestSession *session, GError **error)
{
  g_autoptr (PgBaseCursor) cursor = pg_test_many_cursor_new (session->connection);
  PgTestStreamSession stream = { session->driver, session->connection, cursor };
  g_autoptr (PgBaseRowStream) rows = pg_test_stream_with (&stream, "SELECT i, repeat('x', 20) FROM generate_series(1, 50) AS i", NULL, 7, error);
  g_autoptr (GError) failure = NULL;
  guint n = 0;

  for (;;)
    {
      g_autoptr (PgResult) chunk = rows != NULL ? pg_test_stream_next_cancellable (rows, NULL, &failure) : NULL;

      if (chunk == NULL)
        break;
      n += pg_result_get_n_rows (chunk);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (rows == NULL)
    return FALSE;
  g_assert_cmpuint (n, ==, 50);
  return pg_test_verb_close_rows (rows, NULL, error);
}

static gboolean
run_copy_in (PgTestSession *session, GError **error)
{
  g_autoptr (GOutputStream) stream = pg_test_copy_in (session->connection, "COPY faults FROM STDIN", error);

  if (stream == NULL)
    return FALSE;
  for (guint i = 0; i < 20; i++)
    {
      if (!pg_test_copy_write_text (session->driver, stream, "1\txxxxxxxxxxxxxxxxxxxx\n", error))
        return FALSE;
      if (i % 7 == 0 && session->driver == PG_TEST_DRIVER_BLOCKING && !g_output_stream_flush (stream, NULL, error))
        return FALSE;
    }
  return pg_test_copy_close_output (session->driver, stream, NULL, error);
}

static gboolean
run_copy_out (PgTestSession *session, GError **error)
{
  g_autoptr (GInputStream) stream = pg_test_copy_out (session->connection, "COPY (SELECT i, repeat('x', 20) FROM generate_series(1, 50) AS i) TO STDOUT", error);
  g_autoptr (GBytes) bytes = stream != NULL ? pg_test_copy_read_all (session->driver, stream, 100, error) : NULL;

  if (bytes == NULL)
    return FALSE;
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 9 * 23 + 41 * 24);
  return pg_test_copy_close_input (session->driver, stream, error);
}

static gboolean
run_server_cursor (PgTestSession *session, GError **error)
{
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autoptr (GPtrArray) page = NULL, rest = NULL;

  if (!pg_test_driver_set_autocommit (session->connection, FALSE, error))
    return FALSE;
  cursor = pg_test_server_cursor_new (session, "c");
  pg_base_server_cursor_set_scrollable (cursor, PG_TRISTATE_ON);
  if (!pg_test_server_cursor_execute (cursor, "SELECT i FROM generate_series(1, 50) AS i", NULL, NULL, error))
    return FALSE;
  page = pg_test_server_cursor_fetch_many (cursor, 10, error);
  if (page == NULL)
    return FALSE;
  pg_test_server_cursor_assert_rows (page, 1, 10);
  if (!pg_test_server_cursor_scroll (cursor, 5, PG_SCROLL_MODE_ABSOLUTE, error))
    return FALSE;
  rest = pg_test_server_cursor_fetch_all (cursor, NULL, error);
  if (rest == NULL)
    return FALSE;
  pg_test_server_cursor_assert_rows (rest, 6, 50);
  return pg_test_server_cursor_close (cursor, error) && pg_test_driver_rollback (session->connection, error);
}

static gboolean
run_statement (PgTestSession *session, GError **error)
{
  g_autoptr (PgBaseCursor) cursor = pg_test_many_cursor_new (session->connection);
  g_autoptr (PgStatement) statement = pg_test_verb_prepare (session->connection, "SELECT $1::int8 + 1, $2::text", NULL, error);

  if (statement == NULL)
    return FALSE;
  for (gint64 i = 0; i < 3; i++)
    {
      if (!pg_test_verb_execute_statement (cursor, statement, g_variant_new ("(xs)", i, "text"), NULL, error))
        return FALSE;
      g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, NULL), ==, i + 1);
    }
  return pg_test_verb_close_statement (session->connection, statement, NULL, error);
}

static gboolean
run_large_object (PgTestSession *session, GError **error)
{
  g_autoptr (PgLargeObject) object = NULL;
  char buffer[500];

  if (!pg_test_driver_set_autocommit (session->connection, FALSE, error))
    return FALSE;
  object = pg_test_lob_create (session, 0, error);
  memset (buffer, 'x', sizeof buffer);
  if (object == NULL || !pg_test_lob_write (session, object, buffer, sizeof buffer, NULL, error)
      || !g_seekable_seek (G_SEEKABLE (object), 100, G_SEEK_SET, NULL, error))
    return FALSE;
  if (pg_test_lob_read (session, object, buffer, 300, NULL, error) < 0)
    return FALSE;
  return pg_test_lob_unlink (session, pg_large_object_get_oid (object), error) && pg_test_driver_rollback (session->connection, error);
}

static gboolean
run_fetch_type (PgTestSession *session, GError **error)
{
  g_autoptr (PgTypeInfo) type = pg_test_verb_fetch_type (session->connection, "faults", NULL, error);

  return type != NULL;
}

static const struct
{
  const char *name;
  gboolean (*run) (PgTestSession *session, GError **error);
} verbs[] = {
  { "executemany", run_many },
  { "rows", run_rows },
  { "copy-in", run_copy_in },
  { "copy-out", run_copy_out },
  { "server-cursor", run_server_cursor },
  { "statement", run_statement },
  { "large-object", run_large_object },
  { "fetch-type", run_fetch_type },
};

/* --- the faults --- */

static void
connect (PgTestSession *session)
{
  pg_test_session_disconnect (session);
  g_assert_true (pg_fault_proxy_wait_open (session->proxy, 0, TIMEOUT));
  pg_test_session_connect (session);
}

/* How many bytes the verb takes in each direction. */
static void
measure (PgTestSession *session, guint verb, guint64 sizes[2])
{
  g_autoptr (GError) error = NULL;

  connect (session);
  g_assert_true (verbs[verb].run (session, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    sizes[i] = pg_fault_proxy_count_bytes (session->proxy, i);
}

static void
arm (PgTestSession *session, PgFaultDirection direction, guint64 n, PgFaultAction action)
{
  pg_fault_proxy_act_after (session->proxy, direction, n, action);
}

static void
test_cut (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  const guint n = pg_test_repeat (3, 100);

  g_test_summary ("The connection ends behind any byte of a verb: the call fails for it, and the connection is broken; nothing hangs.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "DROP TABLE IF EXISTS faults; CREATE TABLE faults (i bigint, s text)");
  for (guint verb = 0; verb < G_N_ELEMENTS (verbs); verb++)
    {
      guint64 sizes[2];

      measure (&session, verb, sizes);
      for (guint i = 0; i < 2 * n; i++)
        {
          const PgFaultDirection direction = i % 2;
          const guint64 at = (guint64) g_test_rand_double_range (0, (double) sizes[direction]);
          g_autoptr (GError) error = NULL;

          connect (&session);
          arm (&session, direction, at, PG_FAULT_ACTION_CUT);
          if (!verbs[verb].run (&session, &error))
            {
              g_test_message ("%s, %s byte %u: %s", verbs[verb].name, direction == PG_FAULT_TO_SERVER ? "to" : "from", (guint) at, error->message);
              g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
              pg_test_session_assert_broken (&session);
            }
          else
            {
              g_assert_no_error (error);
            }
          arm (&session, direction, 0, PG_FAULT_ACTION_NONE);
        }
    }
}

static void
test_silence (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  const guint n = pg_test_repeat (1, 10);

  g_test_summary ("Nothing comes any more behind any byte of a verb: the call ends in time.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "DROP TABLE IF EXISTS faults; CREATE TABLE faults (i bigint, s text)");
  for (guint verb = 0; verb < G_N_ELEMENTS (verbs); verb++)
    {
      guint64 sizes[2];

      measure (&session, verb, sizes);
      for (guint i = 0; i < n; i++)
        {
          const PgFaultDirection direction = (PgFaultDirection) g_test_rand_int_range (0, 2);
          const guint64 at = (guint64) g_test_rand_double_range (0, (double) sizes[direction]);
          g_autoptr (GError) error = NULL;
          gboolean ok;

          connect (&session);
          pg_base_connection_set_timeout (session.connection, SHORT);
          pg_base_connection_set_cancel_timeout (session.connection, SHORT);
          arm (&session, direction, at, PG_FAULT_ACTION_FREEZE);
          ok = verbs[verb].run (&session, &error);
          g_test_message ("%s, %s byte %u: %s", verbs[verb].name, direction == PG_FAULT_TO_SERVER ? "to" : "from", (guint) at, ok ? "done" : error->message);
          if (!ok)
            g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
          arm (&session, direction, 0, PG_FAULT_ACTION_NONE);
          pg_fault_proxy_thaw (session.proxy);
          /* Where it was only slow it is in order. */
          if (pg_base_connection_get_closed (session.connection))
            pg_test_session_assert_broken (&session);
        }
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/faults-verbs/%s/cut", test_cut);
  pg_test_driver_add ("/pg/faults-verbs/%s/silence", test_silence);
  return g_test_run ();
}
