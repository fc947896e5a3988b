/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls of a PgAsyncConnection that are made without waiting go out together. */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

/* A call on its way. */
typedef struct
{
  GAsyncResult *result;
  GCancellable *cancellable;
} Call;

#define MAX_CALLS 600

typedef struct
{
  PgTestSession session;
  PgAsyncConnection *connection;
  Call calls[MAX_CALLS];
  guint n;
} Test;

static gboolean
test_open (Test *test)
{
  if (!pg_test_session_open (&test->session, GINT_TO_POINTER (PG_TEST_DRIVER_MAIN_LOOP), TRUE))
    return FALSE;
  test->connection = PG_ASYNC_CONNECTION (test->session.connection);
  pg_test_driver_run (test->session.connection, "CREATE TEMPORARY TABLE t (i int PRIMARY KEY)");
  pg_fault_proxy_reset_counts (test->session.proxy);
  return TRUE;
}

static void
test_clear_calls (Test *test)
{
  for (guint i = 0; i < test->n; i++)
    {
      g_clear_object (&test->calls[i].result);
      g_clear_object (&test->calls[i].cancellable);
    }
  test->n = 0;
}

static void
test_clear (Test *test)
{
  test_clear_calls (test);
  pg_test_session_clear (&test->session);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;

  g_assert_null (call->result);
  call->result = g_object_ref (result);
}

static guint
start (Test *test, const char *sql, GVariant *params)
{
  Call *call = &test->calls[test->n];

  call->cancellable = g_cancellable_new ();
  pg_async_connection_execute_async (test->connection, sql, params, call->cancellable, keep_result, call);
  return test->n++;
}

static void
wait_for (Test *test, guint index)
{
  while (test->calls[index].result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_all (Test *test)
{
  for (guint i = 0; i < test->n; i++)
    wait_for (test, i);
}

static PgAsyncCursor *
finish (Test *test, guint index, GError **error)
{
  wait_for (test, index);
  return pg_async_connection_execute_finish (test->connection, test->calls[index].result, error);
}

static void
assert_value (Test *test, guint index, gint64 value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = finish (test, index, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error), ==, value);
  g_assert_no_error (error);
}

static void
assert_fails (Test *test, guint index, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = finish (test, index, &error);

  g_assert_null (cursor);
  g_assert_error (error, domain, code);
}

static guint
count (Test *test, PgFaultDirection direction, char type)
{
  return pg_fault_proxy_count_messages (test->session.proxy, direction, type);
}

static void
assert_usable (Test *test)
{
  g_assert_cmpint (pg_base_connection_get_transaction_status (test->session.connection), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_session_assert_usable (&test->session);
}

/* --- the cost --- */

static void
test_one_round_trip (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("Each has its own Sync, and all are sent before the first answer is read; without pipelining each is sent after the other's answer.");
  if (!test_open (&test))
    return;
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_CLIENT, 50);
  for (gint i = 0; i < 10; i++)
    start (&test, i % 2 == 0 ? "SELECT $1" : "INSERT INTO t VALUES ($1) RETURNING i", g_variant_new ("(i)", i));
  for (gint i = 0; i < 10; i++)
    assert_value (&test, (guint) i, i);
  g_assert_cmpuint (count (&test, PG_FAULT_TO_SERVER, 'S'), ==, 10);
  g_assert_cmpuint (count (&test, PG_FAULT_TO_SERVER, 'Q'), ==, 0);
  g_assert_cmpuint (count (&test, PG_FAULT_TO_CLIENT, 'Z'), ==, 10);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (test.session.proxy), ==, 1);
  test_clear_calls (&test);

  pg_fault_proxy_reset_counts (test.session.proxy);
  pg_async_connection_set_pipelining (test.connection, FALSE);
  g_assert_false (pg_async_connection_get_pipelining (test.connection));
  for (gint i = 0; i < 3; i++)
    start (&test, "SELECT $1", g_variant_new ("(i)", i));
  wait_for_all (&test);
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (test.session.proxy), ==, 3);
  pg_fault_proxy_set_delay (test.session.proxy, PG_FAULT_TO_CLIENT, 0);
  assert_usable (&test);
}

static void
test_fetch_types (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("defect: types that nobody knows yet are asked for by each of those that went out together, not by the last one only.");
  if (!test_open (&test))
    return;
  pg_test_driver_run (test.session.connection, "CREATE TYPE mood AS ENUM ('sad', 'happy')");
  pg_base_connection_set_fetch_types (PG_BASE_CONNECTION (test.connection), TRUE);
  for (guint i = 0; i < 3; i++)
    start (&test, "SELECT 'sad'::mood", NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PgAsyncCursor) cursor = finish (&test, i, NULL);

      g_assert_nonnull (cursor);
      g_assert_cmpstr (pg_column_get_type_display (pg_result_get_column (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0)), ==, "mood");
    }
  assert_usable (&test);
}

static void
test_alone (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("What changes the session, and what belongs to a transaction, goes alone and in its turn; so does a call without others, as it ever did.");
  if (!test_open (&test))
    return;
  start (&test, "SELECT 1", NULL);
  assert_value (&test, 0, 1);
  g_assert_cmpuint (count (&test, PG_FAULT_TO_SERVER, 'Q'), ==, 1);
  test_clear_calls (&test);

  start (&test, "INSERT INTO t VALUES (1) RETURNING i", NULL);
  start (&test, "SET search_path TO nowhere, public", NULL);
  start (&test, "SELECT length(current_setting('search_path'))", NULL);
  start (&test, "BEGIN", NULL);
  start (&test, "INSERT INTO t VALUES (2) RETURNING i", NULL);
  start (&test, "INSERT INTO t VALUES (3) RETURNING i", NULL);
  start (&test, "ROLLBACK", NULL);
  start (&test, "SELECT count(*) FROM t", NULL);
  start (&test, "SELECT 1; SELECT 2", NULL);
  start (&test, "CREATE TEMPORARY TABLE u (i int)", NULL);
  start (&test, "SELECT count(*) FROM u", NULL);
  assert_value (&test, 0, 1);
  assert_value (&test, 2, (gint64) strlen ("nowhere, public"));
  assert_value (&test, 4, 2);
  assert_value (&test, 5, 3);
  assert_value (&test, 7, 1);
  assert_value (&test, 10, 0);
  wait_for_all (&test);
  /* Neither are those between them sent together. */
  g_assert_cmpuint (count (&test, PG_FAULT_TO_SERVER, 'Q'), ==, 12);
  g_assert_cmpuint (count (&test, PG_FAULT_TO_SERVER, 'S'), ==, 0);
  assert_usable (&test);
}

static void
test_prepare (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("The statements of a group become prepared, one for each group, and none twice.");
  if (!test_open (&test))
    return;
  for (guint round = 0; round < 12; round++)
    {
      for (gint i = 0; i < 6; i++)
        start (&test, i % 3 == 0 ? "SELECT $1::int" : i % 3 == 1 ? "SELECT $1::int + 1" : "SELECT $1::int + 2", g_variant_new ("(i)", i));
      for (gint i = 0; i < 6; i++)
        assert_value (&test, (guint) i, i + i % 3);
      test_clear_calls (&test);
    }
  g_assert_cmpint (pg_test_driver_int64 (test.session.connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%$1::int%'"), ==, 3);
  assert_usable (&test);
}

static void
test_many (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("More than a group, with larger answers than the buffers take.");
  if (!test_open (&test))
    return;
  for (gint i = 0; i < MAX_CALLS; i++)
    {
      g_autofree char *text = g_strnfill (10000, 'y');

      start (&test, "SELECT $1::int, repeat('x', 20000), length($2)", g_variant_new ("(is)", i, text));
    }
  for (gint i = 0; i < MAX_CALLS; i++)
    assert_value (&test, (guint) i, i);
  assert_usable (&test);
}

/* --- failures --- */

static void
test_errors (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("One that fails has its own error, and the others are executed.");
  if (!test_open (&test))
    return;
  start (&test, "SELECT $1", g_variant_new ("(i)", 1));
  start (&test, "SELECT 1 / $1", g_variant_new ("(i)", 0));
  start (&test, "SELECT nonsense", NULL);
  start (&test, "INSERT INTO t VALUES (1) RETURNING i", NULL);
  start (&test, "INSERT INTO t VALUES (1)", NULL);
  start (&test, "SELECT count(*) FROM t", NULL);
  assert_value (&test, 0, 1);
  assert_fails (&test, 1, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  assert_fails (&test, 2, PG_ERROR, PG_ERROR_UNDEFINED_COLUMN);
  assert_value (&test, 3, 1);
  assert_fails (&test, 4, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  assert_value (&test, 5, 1);
  assert_usable (&test);
}

static void
prepare_all (Test *test)
{
  for (guint round = 0; round < 15; round++)
    {
      start (test, "SELECT $1::int", g_variant_new ("(i)", 1));
      start (test, "SELECT $1::int + 1", g_variant_new ("(i)", 1));
      wait_for_all (test);
      test_clear_calls (test);
    }
}

static void
test_defect_15 (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("Prepared statements that the server has lost are prepared again, in their order, for all that were in flight.");
  if (!test_open (&test))
    return;
  prepare_all (&test);
  g_assert_cmpint (pg_test_driver_int64 (test.session.connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 2);
  /* Behind the library's back. */
  pg_test_driver_run (test.session.connection, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$");
  for (gint i = 0; i < 6; i++)
    start (&test, i % 2 == 0 ? "SELECT $1::int" : "SELECT $1::int + 1", g_variant_new ("(i)", i));
  for (gint i = 0; i < 6; i++)
    assert_value (&test, (guint) i, i + i % 2);
  assert_usable (&test);
}

static void
test_stale_overtaken (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("A lost statement is not executed after one that comes later: it fails, and is prepared anew the next time.");
  if (!test_open (&test))
    return;
  prepare_all (&test);
  pg_test_driver_run (test.session.connection, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$");
  start (&test, "SELECT $1::int", g_variant_new ("(i)", 1));
  start (&test, "SELECT 5 AS not_prepared", NULL);
  assert_fails (&test, 0, PG_ERROR, PG_ERROR_INVALID_SQL_STATEMENT_NAME);
  assert_value (&test, 1, 5);
  start (&test, "SELECT $1::int", g_variant_new ("(i)", 1));
  assert_value (&test, 2, 1);
  assert_usable (&test);
}

/* --- cancelling --- */

static void
test_cancel (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("Of several in flight only the one is stopped that is meant, whichever place it has.");
  if (!test_open (&test))
    return;
  for (guint which = 0; which < 4; which++)
    {
      for (guint i = 0; i < 4; i++)
        start (&test, i == which ? "SELECT 1 FROM pg_sleep(600 + $1)" : "SELECT $1", g_variant_new ("(i)", i));
      g_main_context_iteration (NULL, FALSE);
      /* Perhaps while others are before it. */
      if (which % 2 == 0)
        pg_test_driver_iterate (100);
      g_cancellable_cancel (test.calls[which].cancellable);
      for (guint i = 0; i < 4; i++)
        if (i == which)
          assert_fails (&test, i, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        else
          assert_value (&test, i, i);
      test_clear_calls (&test);
      assert_usable (&test);
    }
}

static void
test_cancel_late (void)
{
  g_auto (Test) test = { 0 };
  const guint rounds = pg_test_repeat (30, 1000);

  g_test_summary ("A cancel request that comes too late for its statement does no harm to those behind it.");
  if (!test_open (&test))
    return;
  pg_fault_proxy_set_cancel (test.session.proxy, PG_FAULT_CANCEL_PASS, 5);
  for (guint round = 0; round < rounds; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgAsyncCursor) cursor = NULL;

      for (guint i = 0; i < 6; i++)
        start (&test, "SELECT $1 FROM pg_sleep(0.004)", g_variant_new ("(i)", i));
      pg_test_driver_iterate (round % 12);
      g_cancellable_cancel (test.calls[2].cancellable);
      for (guint i = 0; i < 6; i++)
        if (i != 2)
          assert_value (&test, i, i);
      cursor = finish (&test, 2, &error);
      if (cursor == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      test_clear_calls (&test);
    }
  assert_usable (&test);
}

static void
test_timeout (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("Each call has its own time limit.");
  if (!test_open (&test))
    return;
  pg_base_connection_set_timeout (test.session.connection, 300);
  start (&test, "SELECT 1", NULL);
  start (&test, "SELECT pg_sleep(600)", NULL);
  pg_base_connection_set_timeout (test.session.connection, 0);
  start (&test, "SELECT 3", NULL);
  assert_value (&test, 0, 1);
  assert_fails (&test, 1, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_value (&test, 2, 3);
  assert_usable (&test);
}

static void
test_lost (void)
{
  g_test_summary ("When the connection is lost each call that is not answered fails, and those that are have succeeded.");
  for (guint round = 0; round < 8; round++)
    {
      g_auto (Test) test = { 0 };
      guint n_failed = 0;

      if (!test_open (&test))
        return;
      pg_fault_proxy_act_after (test.session.proxy, round % 2 == 0 ? PG_FAULT_TO_CLIENT : PG_FAULT_TO_SERVER, 20 + 60 * round, PG_FAULT_ACTION_CUT);
      for (guint i = 0; i < 20; i++)
        start (&test, "SELECT $1", g_variant_new ("(i)", i));
      for (guint i = 0; i < 20; i++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PgAsyncCursor) cursor = finish (&test, i, &error);

          g_assert_true ((cursor != NULL) == (error == NULL));
          if (cursor != NULL)
            {
              /* None that succeeds comes after one that has failed. */
              g_assert_cmpuint (n_failed, ==, 0);
              continue;
            }
          n_failed++;
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
        }
      g_assert_cmpuint (n_failed, >, 0);
      pg_test_session_assert_broken (&test.session);
    }
}

static void
test_closed (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("Closing the connection ends all of them.");
  if (!test_open (&test))
    return;
  for (guint i = 0; i < 5; i++)
    start (&test, "SELECT pg_sleep(600 + $1)", g_variant_new ("(i)", i));
  g_main_context_iteration (NULL, FALSE);
  pg_base_connection_close (test.session.connection);
  for (guint i = 0; i < 5; i++)
    assert_fails (&test, i, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
assert_text (Test *test, guint index, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = finish (test, index, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = pg_result_dup_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, text);
}

#define TO_LATIN1 "SELECT set_config('client_encoding', 'LATIN1', false)"

static void
test_encoding (void)
{
  g_auto (Test) test = { 0 };
  guint changed, stored, number, param, ascii, read, last;

  g_test_summary ("defect: what a call before it has made the server read in another encoding fails, and so does what cannot be read; ASCII is the same in all of them.");
  if (!test_open (&test))
    return;
  pg_test_driver_run (test.session.connection, "CREATE TEMPORARY TABLE texts (s text)");
  changed = start (&test, TO_LATIN1, NULL);
  stored = start (&test, "INSERT INTO texts VALUES ('\303\251')", NULL);
  number = start (&test, "SELECT $1 + 1", g_variant_new ("(x)", G_GINT64_CONSTANT (-2)));
  param = start (&test, "SELECT length($1)", g_variant_new ("(s)", "\303\251"));
  ascii = start (&test, "SELECT $1", g_variant_new ("(s)", "e"));
  read = start (&test, "SELECT chr(233)", NULL);
  last = start (&test, "SELECT 1 / 0", NULL);
  assert_text (&test, changed, "LATIN1");
  assert_fails (&test, stored, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  assert_value (&test, number, -1);
  assert_fails (&test, param, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  assert_text (&test, ascii, "e");
  assert_fails (&test, read, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  assert_fails (&test, last, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  /* It is set back. */
  assert_text (&test, start (&test, "SHOW client_encoding", NULL), "UTF8");
  read = start (&test, "SELECT chr(233)", NULL);
  param = start (&test, "SELECT $1", g_variant_new ("(s)", "\303\251"));
  assert_text (&test, read, "\303\251");
  assert_text (&test, param, "\303\251");
  assert_usable (&test);
}

static void
test_encoding_prepared (void)
{
  g_auto (Test) test = { 0 };
  guint first, second;

  g_test_summary ("defect: what was prepared in another encoding is not used again; and what was sent before the change is not doubted.");
  if (!test_open (&test))
    return;
  pg_base_connection_set_prepare_threshold (test.session.connection, 0);
  assert_text (&test, start (&test, TO_LATIN1, NULL), "LATIN1");
  first = start (&test, TO_LATIN1, NULL);
  second = start (&test, "SELECT '\303\251'::text", NULL);
  assert_text (&test, first, "LATIN1");
  assert_fails (&test, second, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  for (guint i = 0; i < 2; i++)
    assert_text (&test, start (&test, "SELECT '\303\251'::text", NULL), "\303\251");
  first = start (&test, "SELECT '\303\251'::text", NULL);
  second = start (&test, "SELECT set_config('client_encoding', 'LATIN1', '\303\251' = '')", NULL);
  assert_text (&test, first, "\303\251");
  assert_text (&test, second, "LATIN1");
  assert_usable (&test);
}

static void
test_encoding_alone (void)
{
  g_auto (Test) test = { 0 };

  g_test_summary ("defect: texts that came with a change of client_encoding are not taken for UTF-8.");
  if (!test_open (&test))
    return;
  /* Bytes that are valid UTF-8, and mean something else. */
  assert_fails (&test, start (&test, "SELECT set_config('client_encoding', 'LATIN1', false), chr(195) || chr(169)", NULL), PG_ERROR,
                PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  assert_fails (&test, start (&test, "SET client_encoding TO 'LATIN1'; SELECT chr(195) || chr(169)", NULL), PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
  assert_text (&test, start (&test, "SELECT chr(195) || chr(169)", NULL), "\303\203\302\251");
  assert_usable (&test);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/pipelining/one-round-trip", test_one_round_trip);
  g_test_add_func ("/pg/pipelining/defect-types-of-the-last-only", test_fetch_types);
  g_test_add_func ("/pg/pipelining/alone", test_alone);
  g_test_add_func ("/pg/pipelining/prepare", test_prepare);
  g_test_add_func ("/pg/pipelining/many", test_many);
  g_test_add_func ("/pg/pipelining/errors", test_errors);
  g_test_add_func ("/pg/pipelining/defect-15-deallocated", test_defect_15);
  g_test_add_func ("/pg/pipelining/stale-overtaken", test_stale_overtaken);
  g_test_add_func ("/pg/pipelining/cancel", test_cancel);
  g_test_add_func ("/pg/pipelining/cancel-late", test_cancel_late);
  g_test_add_func ("/pg/pipelining/timeout", test_timeout);
  g_test_add_func ("/pg/pipelining/lost", test_lost);
  g_test_add_func ("/pg/pipelining/closed", test_closed);
  g_test_add_func ("/pg/pipelining/encoding", test_encoding);
  g_test_add_func ("/pg/pipelining/encoding-prepared", test_encoding_prepared);
  g_test_add_func ("/pg/pipelining/encoding-alone", test_encoding_alone);
  return g_test_run ();
}
