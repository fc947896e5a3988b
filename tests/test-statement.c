/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgStatement: what is prepared by itself, with both classes of connections. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-prepare.h"

#include <locale.h>
#include <string.h>

#include <pgconn/types/pg-oids.h>

static PgStatement *
prepare (PgConnection *connection, const char *query)
{
  g_autoptr (GError) error = NULL;
  PgStatement *statement = pg_connection_prepare (connection, query, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (statement);
  return statement;
}

static char *
execute (PgConnection *connection, PgStatement *statement, GVariant *params)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;

  pg_cursor_execute_statement (cursor, statement, params, NULL, &error);
  g_assert_no_error (error);
  return pg_test_cell (cursor, 0, 0);
}

static char *
refuse (PgConnection *connection, PgStatement *statement, GVariant *params, int code)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (pg_cursor_execute_statement (cursor, statement, params, NULL, &error));
  g_assert_error (error, PG_ERROR, code);
  return g_strdup (error->message);
}

static void
assert_executes (PgConnection *connection, PgStatement *statement, GVariant *params, const char *expected)
{
  g_autofree char *text = execute (connection, statement, params);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_description (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgStatement) statement = NULL;
  g_autoptr (PgStatement) insert = NULL;

  g_test_summary ("The types of the parameters and the columns are known before anything is executed, and no transaction is begun.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a bigint, b numeric(10,2), c text[])");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  statement = prepare (connection, "SELECT a, b AS \"the b\" FROM t WHERE a = %(x)s AND b < %(y)s AND c = %(z)s AND a <> %(x)s");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpuint (pg_statement_get_n_parameters (statement), ==, 3);
  g_assert_cmpuint (pg_statement_get_parameter_type (statement, 0), ==, PG_OID_INT8);
  g_assert_cmpstr (pg_statement_get_parameter_type_name (statement, 1), ==, "numeric");
  g_assert_cmpstr (pg_statement_get_parameter_type_name (statement, 2), ==, "text[]");
  g_assert_cmpuint (pg_statement_get_parameter_type (statement, 3), ==, 0);
  g_assert_null (pg_statement_get_parameter_type_name (statement, 3));
  g_assert_cmpuint (pg_statement_get_n_columns (statement), ==, 2);
  g_assert_cmpstr (pg_column_get_name (pg_statement_get_column (statement, 1)), ==, "the b");
  g_assert_cmpstr (pg_column_get_type_display (pg_statement_get_column (statement, 1)), ==, "numeric(10,2)");
  g_assert_null (pg_statement_get_column (statement, 2));
  g_assert_true (g_str_has_prefix (pg_statement_get_query (statement), "SELECT a, b AS"));
  g_assert_true (pg_statement_get_connection (statement) == (PgBaseConnection *) connection);

  insert = prepare (connection, "INSERT INTO t VALUES (%s, %s, %s)");
  g_assert_cmpuint (pg_statement_get_n_columns (insert), ==, 0);
  g_assert_cmpuint (pg_statement_get_n_parameters (insert), ==, 3);
}

static void
test_values (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgStatement) statement = NULL;
  g_autoptr (PgStatement) dates = NULL;
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgDate) date = pg_date_new_from_ymd (2020, 1, 2, NULL);
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *row = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("Values are sent as the types that the statement takes.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE DOMAIN small AS int CHECK (VALUE < 10); CREATE TYPE mood AS ENUM ('sad', 'fine');"
                           "CREATE TABLE t (a bigint, b numeric, c double precision, d text, e jsonb, f bigint[], g mood, h small, i date)");
  statement = prepare (connection, "INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING t::text");
  row = execute (connection, statement,
                 g_variant_new_parsed ("(7, 8, 9, 'te\\'xt', '{\"a\": 1}', [1, 2], 'fine', 5, '2020-01-02')"));
  g_assert_cmpstr (row, ==, "(7,8,9,te'xt,\"{\"\"a\"\": 1}\",\"{1,2}\",fine,5,2020-01-02)");
  assert_executes (connection, statement,
                   g_variant_new_parsed ("(int64 5000000000, uint64 18446744073709551615, 0.1, 'x', @ms nothing, @as ['3'], @ms nothing, '1', @ms nothing)"),
                   "(5000000000,18446744073709551615,0.1,x,,{3},,1,)");
  /* One statement, whatever the widths are. */
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'"), ==, 1);

  dates = prepare (connection, "SELECT format('%s', $1::timestamptz)");
  pg_params_add_date (params, date);
  cursor = pg_connection_cursor (connection, NULL);
  pg_test_run (connection, "SET TIME ZONE 'UTC'");
  g_assert_true (pg_cursor_execute_statement_params (cursor, dates, params, NULL, &error));
  g_assert_no_error (error);
  text = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (text, ==, "2020-01-02 00:00:00+00");
}

static void
test_refused (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgConnection) other = NULL;
  g_autoptr (PgStatement) statement = NULL;
  g_autoptr (GError) error = NULL;
  const guint types[] = { PG_OID_INT4, PG_OID_INT4, PG_OID_INT4 };
  g_autofree char *conninfo = NULL;
  char *message;

  g_test_summary ("What does not fit is an error before anything is sent: no transaction is begun by it.");
  if (connection == NULL)
    return;
  statement = prepare (connection, "SELECT %s::smallint, %s::boolean");
  message = refuse (connection, statement, g_variant_new_parsed ("(1,)"), PG_ERROR_PROGRAMMING);
  pg_test_assert_contains (message, "2 placeholders but 1 parameters");
  g_free (message);
  message = refuse (connection, statement, NULL, PG_ERROR_PROGRAMMING);
  g_free (message);
  message = refuse (connection, statement, g_variant_new_parsed ("(true, true)"), PG_ERROR_PROGRAMMING);
  pg_test_assert_contains (message, "parameter 1: the statement has a parameter of the type int2 here, not of bool");
  g_free (message);
  message = refuse (connection, statement, g_variant_new_parsed ("(1, 0)"), PG_ERROR_PROGRAMMING);
  pg_test_assert_contains (message, "parameter 2");
  g_free (message);
  message = refuse (connection, statement, g_variant_new_parsed ("(70000, true)"), PG_ERROR_DATA);
  pg_test_assert_contains (message, "parameter 1");
  g_free (message);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);

  conninfo = pg_base_connection_dup_conninfo (PG_BASE_CONNECTION (connection));
  other = pg_test_open (conninfo);
  message = refuse (other, statement, g_variant_new_parsed ("(1, true)"), PG_ERROR_INTERFACE);
  g_free (message);

  g_assert_null (pg_connection_prepare (connection, "SELECT 1; SELECT 2", NULL, 0, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_null (pg_connection_prepare (connection, "COPY t FROM STDIN", NULL, 0, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_null (pg_connection_prepare (connection, "SELECT %s, %s", types, 3, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_null (pg_connection_prepare (connection, "SELEKT %s", NULL, 0, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_SYNTAX_ERROR);
  g_clear_error (&error);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
  g_clear_object (&statement);
  statement = pg_connection_prepare (connection, "SELECT %s, %s", types, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pg_statement_get_parameter_type_name (statement, 0), ==, "int4");
  g_assert_cmpstr (pg_statement_get_parameter_type_name (statement, 1), ==, "text");
}

static void
test_healing (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgStatement) statement = NULL;
  g_autofree char *output = NULL;

  g_test_summary ("A statement that the server has lost, or has had to make room, or whose table was altered, is prepared again.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a");
  statement = prepare (connection, "SELECT * FROM t WHERE a = $1");
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "1");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
  pg_test_run (connection, "DEALLOCATE ALL");
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "1");
  pg_test_run (connection, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$");
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "1");
  output = pg_test_psql (conninfo, "ALTER TABLE t ADD COLUMN b int");
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "1");
  pg_base_connection_set_prepared_max (PG_BASE_CONNECTION (connection), 1);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'x'", NULL, "x");
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "1");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (connection), -1);
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "1");
}

static void
assert_columns (PgStatement *statement, const char *names)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < pg_statement_get_n_columns (statement); i++)
    g_string_append_printf (all, "%s ", pg_column_get_name (pg_statement_get_column (statement, i)));
  g_assert_cmpstr (all->str, ==, names);
}

static void
test_columns (void)
{
  static const gint thresholds[] = { 5, -1 };
  g_autofree char *conninfo = pg_test_fixture_conninfo ();

  g_test_summary ("defect: after another session's ALTER TABLE the columns are those of the statement that was prepared again, and those that somebody has stay what they are.");
  if (conninfo == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (thresholds); i++)
    {
      g_autoptr (PgConnection) connection = pg_test_open_autocommit (conninfo);
      g_autoptr (PgAsyncConnection) async = pg_test_async_open (conninfo);
      g_autoptr (PgStatement) statement = NULL, async_statement = NULL, insert = NULL;
      g_autoptr (PgAsyncCursor) cursor = NULL;
      g_autoptr (PgCursor) blocking_cursor = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *output = NULL, *back = NULL;
      g_auto (PgTestWait) prepare_wait = PG_TEST_WAIT_INIT, wait = PG_TEST_WAIT_INIT;
      PgColumn *first;

      pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (connection), thresholds[i]);
      pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (async), thresholds[i]);
      pg_test_run (connection, "DROP TABLE IF EXISTS shape");
      pg_test_run (connection, "CREATE TABLE shape AS SELECT 1 AS a, 'x'::text AS b");
      statement = prepare (connection, "SELECT * FROM shape");
      insert = prepare (connection, "INSERT INTO shape VALUES (2)");
      pg_async_connection_prepare_async (async, "SELECT * FROM shape", NULL, 0, NULL, pg_test_wait_done, &prepare_wait);
      async_statement = pg_async_connection_prepare_finish (async, pg_test_wait (&prepare_wait), &error);
      g_assert_no_error (error);
      assert_executes (connection, statement, NULL, "1");
      assert_columns (statement, "a b ");
      first = pg_statement_get_column (statement, 0);

      output = pg_test_psql (conninfo, "ALTER TABLE shape ADD COLUMN c int; ALTER TABLE shape RENAME a TO z");
      assert_executes (connection, statement, NULL, "1");
      assert_columns (statement, "z b c ");
      g_assert_cmpstr (pg_column_get_name (first), ==, "a");
      cursor = pg_async_connection_cursor (async, NULL);
      pg_async_cursor_execute_statement_async (cursor, async_statement, NULL, NULL, pg_test_wait_done, &wait);
      g_assert_true (pg_async_cursor_execute_statement_finish (cursor, pg_test_wait (&wait), &error));
      g_assert_no_error (error);
      assert_columns (async_statement, "z b c ");
      pg_base_connection_close (PG_BASE_CONNECTION (async));

      back = pg_test_psql (conninfo, "ALTER TABLE shape DROP COLUMN c; ALTER TABLE shape RENAME z TO a");
      assert_executes (connection, statement, NULL, "1");
      assert_columns (statement, "a b ");
      g_assert_true (pg_statement_get_column (statement, 0) == first);
      blocking_cursor = pg_connection_cursor (connection, NULL);
      g_assert_true (pg_cursor_execute_statement (blocking_cursor, insert, NULL, NULL, &error));
      g_assert_no_error (error);
      assert_columns (insert, "");
    }
}

static guint n_finalized;
static void (*finalize_result) (GObject *object);

static void
count_result (GObject *object)
{
  n_finalized++;
  finalize_result (object);
}

static void
test_columns_forgotten (void)
{
  const guint n_times = 50;
  GObjectClass *klass = g_type_class_ref (PG_TYPE_RESULT);
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgStatement) statement = NULL;

  g_test_summary ("defect: of a statement whose table is made anew each time no columns are kept but those that somebody has.");
  if (connection != NULL)
    {
      pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a");
      statement = prepare (connection, "SELECT * FROM t");
      finalize_result = klass->finalize;
      n_finalized = 0;
      klass->finalize = count_result;
      for (guint i = 0; i < n_times; i++)
        {
          pg_test_run (connection, "DROP TABLE t");
          pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a");
          assert_executes (connection, statement, NULL, "1");
        }
      klass->finalize = finalize_result;
      assert_columns (statement, "a ");
      /* One of the cursor and one of the statement. */
      g_assert_cmpuint (n_finalized, >=, 2 * n_times);
    }
  g_type_class_unref (klass);
}

static void
test_unprepared (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgStatement) statement = NULL;

  g_test_summary ("Where nothing may be prepared it is described, and executed, all the same.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (connection), -1);
  statement = prepare (connection, "SELECT 5 + %s::bigint");
  g_assert_cmpstr (pg_statement_get_parameter_type_name (statement, 0), ==, "int8");
  for (guint i = 0; i < 3; i++)
    assert_executes (connection, statement, g_variant_new ("(i)", 1), "6");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
}

static void
test_close (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgStatement) statement = NULL;
  g_autoptr (PgStatement) again = NULL;
  g_autoptr (GError) error = NULL;
  char *message;

  g_test_summary ("close drops it on the server, in a transaction later, and it cannot be executed any more.");
  if (connection == NULL)
    return;
  statement = prepare (connection, "SELECT 1 + %s::int");
  assert_executes (connection, statement, g_variant_new ("(i)", 1), "2");
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  g_assert_true (pg_connection_close_statement (connection, statement, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (pg_statement_get_closed (statement));
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
  message = refuse (connection, statement, g_variant_new ("(i)", 1), PG_ERROR_INTERFACE);
  g_free (message);
  g_assert_true (pg_connection_close_statement (connection, statement, NULL, &error));

  again = prepare (connection, "SELECT 1 + %s::int");
  pg_test_run (connection, "SELECT 1");
  g_assert_true (pg_connection_close_statement (connection, again, NULL, &error));
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'x'", NULL, "x");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_close_closed (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgAsyncConnection) async = NULL;
  g_autoptr (PgStatement) statement = NULL;
  g_autoptr (PgStatement) async_statement = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (PgTestWait) prepare_wait = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  g_test_summary ("defect: one that is gone with its connection is closed without an error.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  statement = prepare (connection, "SELECT 1");
  pg_base_connection_close (PG_BASE_CONNECTION (connection));
  g_assert_true (pg_connection_close_statement (connection, statement, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (pg_statement_get_closed (statement));

  async = pg_test_async_open (conninfo);
  pg_async_connection_prepare_async (async, "SELECT 1", NULL, 0, NULL, pg_test_wait_done, &prepare_wait);
  async_statement = pg_async_connection_prepare_finish (async, pg_test_wait (&prepare_wait), &error);
  g_assert_no_error (error);
  pg_base_connection_close (PG_BASE_CONNECTION (async));
  pg_async_connection_close_statement_async (async, async_statement, NULL, pg_test_wait_done, &wait);
  g_assert_true (pg_async_connection_close_statement_finish (async, pg_test_wait (&wait), &error));
  g_assert_no_error (error);
  g_assert_true (pg_statement_get_closed (async_statement));
}

static void
test_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (PgStatement) statement = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *cell = NULL;

  g_test_summary ("The same with a main loop.");
  if (connection == NULL)
    return;
  {
    g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

    pg_async_connection_prepare_async (connection, "SELECT %s::numeric", NULL, 0, NULL, pg_test_wait_done, &wait);
    statement = pg_async_connection_prepare_finish (connection, pg_test_wait (&wait), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (pg_statement_get_parameter_type_name (statement, 0), ==, "numeric");
  }
  cursor = pg_async_connection_cursor (connection, NULL);
  {
    g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

    pg_async_cursor_execute_statement_async (cursor, statement, g_variant_new ("(i)", 12), NULL, pg_test_wait_done, &wait);
    g_assert_true (pg_async_cursor_execute_statement_finish (cursor, pg_test_wait (&wait), &error));
    g_assert_no_error (error);
  }
  cell = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (cell, ==, "12");
  {
    g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
    g_autoptr (PgParams) params = pg_params_new ();

    pg_params_add_boolean (params, TRUE);
    pg_async_cursor_execute_statement_params_async (cursor, statement, params, NULL, pg_test_wait_done, &wait);
    g_assert_false (pg_async_cursor_execute_statement_params_finish (cursor, pg_test_wait (&wait), &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    g_clear_error (&error);
  }
  {
    g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

    pg_async_connection_close_statement_async (connection, statement, NULL, pg_test_wait_done, &wait);
    g_assert_true (pg_async_connection_close_statement_finish (connection, pg_test_wait (&wait), &error));
    g_assert_no_error (error);
  }
  {
    g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

    pg_async_connection_prepare_async (connection, "SELEKT", NULL, 0, NULL, pg_test_wait_done, &wait);
    g_assert_null (pg_async_connection_prepare_finish (connection, pg_test_wait (&wait), &error));
    g_assert_error (error, PG_ERROR, PG_ERROR_SYNTAX_ERROR);
  }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/statement/description", test_description);
  g_test_add_func ("/pg/statement/values", test_values);
  g_test_add_func ("/pg/statement/refused", test_refused);
  g_test_add_func ("/pg/statement/healing", test_healing);
  g_test_add_func ("/pg/statement/columns", test_columns);
  g_test_add_func ("/pg/statement/columns-forgotten", test_columns_forgotten);
  g_test_add_func ("/pg/statement/unprepared", test_unprepared);
  g_test_add_func ("/pg/statement/close", test_close);
  g_test_add_func ("/pg/statement/defect-close-closed", test_close_closed);
  g_test_add_func ("/pg/statement/async", test_async);

  return g_test_run ();
}
