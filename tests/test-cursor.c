/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgCursor: results and the position in them. Values and parameters: test-cursor-values.c; prepared statements: test-cursor-prepare.c; COPY: test-cursor-copy.c. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

static PgCursor *
execute (PgConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  PgCursor *cursor = pg_connection_execute (connection, sql, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (cursor);
  return cursor;
}

static void
assert_row (PgCursor *cursor, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgRow) row = pg_cursor_fetch_one (cursor, NULL, &error);

  g_assert_no_error (error);
  if (expected == NULL)
    g_assert_null (row);
  else
    g_assert_cmpstr (pg_row_get_text (row, 0, NULL), ==, expected);
}

static void
assert_fetch_fails (PgCursor *cursor, int code, const char *message)
{
  g_autoptr (GError) one = NULL;
  g_autoptr (GError) many = NULL;
  g_autoptr (GError) all = NULL;
  g_autoptr (GError) scroll = NULL;

  g_assert_null (pg_cursor_fetch_one (cursor, NULL, &one));
  g_assert_error (one, PG_ERROR, code);
  g_assert_cmpstr (one->message, ==, message);
  g_assert_null (pg_cursor_fetch_many (cursor, 2, NULL, &many));
  g_assert_error (many, PG_ERROR, code);
  g_assert_cmpstr (many->message, ==, message);
  g_assert_null (pg_cursor_fetch_all (cursor, NULL, &all));
  g_assert_error (all, PG_ERROR, code);
  g_assert_cmpstr (all->message, ==, message);
  g_assert_false (pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), 0, PG_SCROLL_MODE_RELATIVE, &scroll));
  g_assert_error (scroll, PG_ERROR, code);
}

static void
test_new (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  PgBaseCursor *base;
  guint n = 7;

  g_test_summary ("A cursor that has executed nothing.");
  if (connection == NULL)
    return;
  cursor = pg_connection_cursor (connection, &error);
  g_assert_no_error (error);
  base = PG_BASE_CURSOR (cursor);
  g_assert_true (pg_cursor_get_connection (cursor) == connection);
  g_assert_false (pg_base_cursor_get_closed (base));
  g_assert_null (pg_base_cursor_get_result (base));
  g_assert_cmpuint (pg_base_cursor_get_n_results (base), ==, 0);
  g_assert_false (pg_base_cursor_next_result (base));
  g_assert_null (pg_base_cursor_dup_description (base, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, -1);
  g_assert_cmpint (pg_base_cursor_get_rownumber (base), ==, -1);
  g_assert_null (pg_base_cursor_get_status_message (base));
  g_assert_cmpint (pg_base_cursor_get_format (base), ==, PG_FORMAT_AUTO);
  g_assert_cmpint (pg_base_cursor_get_prepare (base), ==, PG_PREPARE_AUTO);
  g_assert_cmpuint (pg_base_cursor_get_arraysize (base), ==, 1);
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "no result available");
}

static void
test_fetch (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GPtrArray) default_many = NULL;
  g_autoptr (GPtrArray) many = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) too_many = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PgBaseCursor *base;

  g_test_summary ("fetch_one(), fetch_many() and fetch_all() go on from where the last one ended.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT generate_series(1, 10)");
  base = PG_BASE_CURSOR (cursor);
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, 10);
  g_assert_cmpstr (pg_base_cursor_get_status_message (base), ==, "SELECT 10");
  g_assert_cmpint (pg_base_cursor_get_rownumber (base), ==, 0);
  assert_row (cursor, "1");
  g_assert_cmpint (pg_base_cursor_get_rownumber (base), ==, 1);
  default_many = pg_cursor_fetch_many (cursor, 0, NULL, &error);
  g_assert_cmpuint (default_many->len, ==, 1);
  pg_base_cursor_set_arraysize (base, 3);
  many = pg_cursor_fetch_many (cursor, 0, NULL, &error);
  g_assert_cmpuint (many->len, ==, 3);
  g_assert_cmpstr (pg_row_get_text (g_ptr_array_index (many, 2), 0, NULL), ==, "5");
  too_many = pg_cursor_fetch_many (cursor, 2, NULL, &error);
  g_assert_cmpuint (too_many->len, ==, 2);

  /* Cancelled before it began: the position stays. */
  g_cancellable_cancel (cancellable);
  g_assert_null (pg_cursor_fetch_one (cursor, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  rest = pg_cursor_fetch_all (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rest->len, ==, 3);
  g_assert_cmpstr (pg_row_get_text (g_ptr_array_index (rest, 0), 0, NULL), ==, "8");
  g_assert_cmpint (pg_base_cursor_get_rownumber (base), ==, 10);
  assert_row (cursor, NULL);
  none = pg_cursor_fetch_all (cursor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_scroll (void)
{
  static const struct
  {
    gint64 offset;
    PgScrollMode mode;
    gint64 expected; /* -1: out of bounds */
  } cases[] = {
    { 3, PG_SCROLL_MODE_RELATIVE, 3 },
    { -1, PG_SCROLL_MODE_RELATIVE, 2 },
    { -3, PG_SCROLL_MODE_RELATIVE, -1 },
    { -2, PG_SCROLL_MODE_RELATIVE, 0 },
    { 9, PG_SCROLL_MODE_ABSOLUTE, 9 },
    { 11, PG_SCROLL_MODE_ABSOLUTE, -1 },
    { -1, PG_SCROLL_MODE_ABSOLUTE, -1 },
    { 2, PG_SCROLL_MODE_RELATIVE, -1 },
    { G_MAXINT64, PG_SCROLL_MODE_RELATIVE, -1 },
    { G_MININT64, PG_SCROLL_MODE_RELATIVE, -1 },
    { G_MAXINT64, PG_SCROLL_MODE_ABSOLUTE, -1 },
    { G_MININT64, PG_SCROLL_MODE_ABSOLUTE, -1 },
    { G_GINT64_CONSTANT (1) << 32, PG_SCROLL_MODE_ABSOLUTE, -1 },
    { 0, PG_SCROLL_MODE_ABSOLUTE, 0 },
    { 10, PG_SCROLL_MODE_ABSOLUTE, 10 },
    { -10, PG_SCROLL_MODE_RELATIVE, 0 },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  gint64 position = 0;

  g_test_summary ("scroll() moves within the rows and to their end, and stays where it is when there is no such position.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT generate_series(0, 9)");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = pg_base_cursor_scroll (PG_BASE_CURSOR (cursor), cases[i].offset, cases[i].mode, &error);

      g_test_message ("%u: %" G_GINT64_FORMAT, (guint) i, cases[i].offset);
      g_assert_cmpint (ok, ==, cases[i].expected >= 0);
      if (ok)
        position = cases[i].expected;
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
      g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, position);
    }
  assert_row (cursor, "0");
}

static void
test_several_results (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  PgBaseCursor *base;

  g_test_summary ("Each command of a script has a result; the cursor is at the first.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT 'a' UNION ALL SELECT 'b'; CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2), (3); SELECT 'c' AS c;;");
  base = PG_BASE_CURSOR (cursor);
  g_assert_cmpuint (pg_base_cursor_get_n_results (base), ==, 4);
  assert_row (cursor, "a");
  g_assert_true (pg_base_cursor_next_result (base));
  g_assert_cmpstr (pg_base_cursor_get_status_message (base), ==, "CREATE TABLE");
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, -1);
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "the last operation didn't produce records (command status: CREATE TABLE)");
  g_assert_true (pg_base_cursor_next_result (base));
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, 3);
  g_assert_cmpstr (pg_base_cursor_get_status_message (base), ==, "INSERT 0 3");
  g_assert_true (pg_base_cursor_next_result (base));
  assert_row (cursor, "c");
  g_assert_false (pg_base_cursor_next_result (base));
  g_assert_cmpstr (pg_base_cursor_get_status_message (base), ==, "SELECT 1");
  assert_row (cursor, NULL);

  /* Selecting a result starts it again. */
  g_assert_true (pg_base_cursor_select_result (base, 3, &error));
  assert_row (cursor, "c");
  g_assert_true (pg_base_cursor_select_result (base, -1, &error));
  assert_row (cursor, "c");
  g_assert_true (pg_base_cursor_select_result (base, -4, &error));
  g_assert_no_error (error);
  assert_row (cursor, "a");
  g_assert_false (pg_base_cursor_select_result (base, 4, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_assert_cmpstr (error->message, ==, "index 4 out of range: 4 result(s) available");
  g_clear_error (&error);
  g_assert_false (pg_base_cursor_select_result (base, -5, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_assert_false (pg_base_cursor_select_result (base, G_MININT, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  assert_row (cursor, "b");
}

static void
test_script_error (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A script whose third command fails has no result at all, and is undone.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT 1");
  g_assert_false (pg_cursor_execute (cursor, "CREATE TABLE t (a int); SELECT 1; SELECT 1/0; SELECT 2", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
  g_assert_cmpuint (pg_base_cursor_get_n_results (PG_BASE_CURSOR (cursor)), ==, 0);
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "no result available");
  g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM pg_class WHERE relname = 't'"), ==, 0);
  g_clear_error (&error);

  g_assert_false (pg_cursor_execute (cursor, "SELECT $1; SELECT 2", g_variant_new ("(i)", 1), NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_SYNTAX_ERROR);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
}

static void
test_empty_query (void)
{
  static const char *const queries[] = { "", "  ", ";", " -- nothing", "/* nothing */ ;" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A query of nothing succeeds and has no records.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
      g_autoptr (GError) error = NULL;

      pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), i % 2);
      g_assert_true (pg_cursor_execute (cursor, queries[i / 2], NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_null (pg_base_cursor_get_status_message (PG_BASE_CURSOR (cursor)));
      g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, -1);
      g_assert_cmpint (pg_base_cursor_get_rownumber (PG_BASE_CURSOR (cursor)), ==, -1);
      g_assert_null (pg_base_cursor_dup_description (PG_BASE_CURSOR (cursor), NULL));
      assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "the last operation didn't produce records (the query was empty)");
    }
}

static void
test_zero_columns (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgRow) row = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autofree PgColumn **columns = NULL;
  guint n = 7;

  g_test_summary ("Rows of no columns are rows.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT FROM generate_series(1, 3)");
  g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, 3);
  columns = pg_base_cursor_dup_description (PG_BASE_CURSOR (cursor), &n);
  g_assert_nonnull (columns);
  g_assert_cmpuint (n, ==, 0);
  row = pg_cursor_fetch_one (cursor, NULL, NULL);
  g_assert_cmpuint (pg_row_get_n_columns (row), ==, 0);
  rest = pg_cursor_fetch_all (cursor, NULL, NULL);
  g_assert_cmpuint (rest->len, ==, 2);
}

static void
test_rowcount (void)
{
  static const struct
  {
    const char *sql;
    gint64 rowcount;
    const char *tag;
    gboolean has_rows;
  } cases[] = {
    { "CREATE TABLE t AS SELECT generate_series(1, 3) AS a", 3, "SELECT 3", FALSE },
    { "SELECT * INTO u FROM t", 3, "SELECT 3", FALSE },
    { "INSERT INTO t VALUES (4), (5)", 2, "INSERT 0 2", FALSE },
    { "INSERT INTO t VALUES (6) RETURNING a", 1, "INSERT 0 1", TRUE },
    { "UPDATE t SET a = a + 1", 6, "UPDATE 6", FALSE },
    { "DELETE FROM t WHERE a > 100", 0, "DELETE 0", FALSE },
    { "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", 2, "MERGE 2", FALSE },
    { "SELECT 1 WHERE false", 0, "SELECT 0", TRUE },
    { "VALUES (1), (2)", 2, "SELECT 2", TRUE },
    { "TABLE u", 3, "SELECT 3", TRUE },
    { "SHOW server_version", 1, "SHOW", TRUE },
    { "EXPLAIN SELECT 1", 1, "EXPLAIN", TRUE },
    { "CREATE TABLE v (a int)", -1, "CREATE TABLE", FALSE },
    { "SET application_name = 'x'", -1, "SET", FALSE },
    { "DO 'BEGIN END'", -1, "DO", FALSE },
    { "LISTEN c", -1, "LISTEN", FALSE },
    { "TRUNCATE t", -1, "TRUNCATE TABLE", FALSE },
    { "DECLARE c CURSOR FOR SELECT * FROM u", -1, "DECLARE CURSOR", FALSE },
    { "FETCH 2 FROM c", 2, "FETCH 2", TRUE },
    { "MOVE 1 FROM c", 1, "MOVE 1", FALSE },
    { "PREPARE s AS SELECT 1", -1, "PREPARE", FALSE },
    { "EXECUTE s", 1, "SELECT 1", TRUE },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("rowcount is the number in the command tag or the number of rows, and -1 where there is neither, in both protocols.");
  if (connection == NULL)
    return;
  for (guint format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
          g_autoptr (GError) error = NULL;

          g_test_message ("%s", cases[i].sql);
          pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
          g_assert_true (pg_cursor_execute (cursor, cases[i].sql, NULL, NULL, &error));
          g_assert_no_error (error);
          g_assert_cmpint (pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), ==, cases[i].rowcount);
          g_assert_cmpstr (pg_base_cursor_get_status_message (PG_BASE_CURSOR (cursor)), ==, cases[i].tag);
          g_assert_cmpint (pg_result_has_rows (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, cases[i].has_rows);
        }
      pg_test_run (connection, "DEALLOCATE s");
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
}

static void
test_command (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgResult) kept = NULL;
  g_autoptr (GError) error = NULL;
  PgBaseCursor *base;

  g_test_summary ("A command without rows has one result, whatever is asked for first, and it outlives the cursor's next statement.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "CREATE TEMP TABLE command (i int)");
  base = PG_BASE_CURSOR (cursor);

  g_assert_true (pg_cursor_execute (cursor, "INSERT INTO command VALUES (1), (2)", NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, 2);
  g_assert_cmpstr (pg_base_cursor_get_status_message (base), ==, "INSERT 0 2");
  kept = g_object_ref (pg_base_cursor_get_result (base));
  g_assert_true (pg_base_cursor_get_result (base) == kept);
  g_assert_cmpuint (pg_base_cursor_get_n_results (base), ==, 1);
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, 2);
  g_assert_cmpint (pg_base_cursor_get_rownumber (base), ==, -1);

  g_assert_true (pg_cursor_execute (cursor, "UPDATE command SET i = 3 WHERE i = 1", NULL, NULL, &error));
  g_assert_no_error (error);
  assert_fetch_fails (cursor, PG_ERROR_PROGRAMMING, "the last operation didn't produce records (command status: UPDATE 1)");
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, 1);
  g_assert_false (pg_base_cursor_next_result (base));
  g_assert_null (pg_base_cursor_dup_description (base, NULL));

  g_assert_true (pg_cursor_execute (cursor, "DELETE FROM command", NULL, NULL, &error));
  g_assert_no_error (error);
  pg_base_cursor_close (base);
  g_assert_null (pg_base_cursor_get_result (base));
  g_assert_cmpint (pg_base_cursor_get_rowcount (base), ==, -1);
  g_assert_cmpint (pg_result_get_affected_rows (kept), ==, 2);
}

static void
test_closed (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) survivor = NULL;
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree PgColumn **columns = NULL;
  guint n = 0;

  g_test_summary ("A closed cursor does nothing; one whose connection is closed still has its results.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT 'x' AS name");
  survivor = execute (connection, "SELECT 'y' AS name UNION ALL SELECT 'z'");
  result = g_object_ref (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  g_assert_true (pg_base_cursor_get_closed (PG_BASE_CURSOR (cursor)));
  g_assert_null (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
  assert_fetch_fails (cursor, PG_ERROR_INTERFACE, "the cursor is closed");
  g_assert_false (pg_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_assert_cmpstr (pg_result_get_text (result, 0, 0, NULL), ==, "x");

  assert_row (survivor, "y");
  pg_base_connection_close (PG_BASE_CONNECTION (connection));
  g_assert_false (pg_base_cursor_get_closed (PG_BASE_CURSOR (survivor)));
  assert_row (survivor, "z");
  columns = pg_base_cursor_dup_description (PG_BASE_CURSOR (survivor), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (pg_column_get_name (columns[0]), ==, "name");
  pg_column_unref (columns[0]);
  g_assert_false (pg_cursor_execute (survivor, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_reuse (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cursor can be used again; what cannot be sent drops its former results as well.");
  if (connection == NULL)
    return;
  cursor = execute (connection, "SELECT 'a'; SELECT 'b'");
  g_assert_true (pg_base_cursor_next_result (PG_BASE_CURSOR (cursor)));
  g_assert_true (pg_cursor_execute (cursor, "SELECT 'c'", NULL, NULL, &error));
  g_assert_cmpuint (pg_base_cursor_get_n_results (PG_BASE_CURSOR (cursor)), ==, 1);
  assert_row (cursor, "c");
  g_assert_false (pg_cursor_execute (cursor, "SELECT %s", g_variant_new ("(ii)", 1, 2), NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_null (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
}

static void
test_query (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *property = NULL;

  g_test_summary ("A cursor keeps its last statement, also where it has failed, and when it is closed.");
  if (connection == NULL)
    return;
  cursor = pg_connection_cursor (connection, &error);
  g_assert_null (pg_base_cursor_get_query (PG_BASE_CURSOR (cursor)));
  g_assert_true (pg_cursor_execute (cursor, "SELECT $1", g_variant_new ("(i)", 1), NULL, &error));
  g_assert_cmpstr (pg_base_cursor_get_query (PG_BASE_CURSOR (cursor)), ==, "SELECT $1");
  g_assert_false (pg_cursor_execute (cursor, "SELECT nothing", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_COLUMN);
  g_clear_error (&error);
  g_assert_false (pg_cursor_execute (cursor, "SELECT $1 $2", g_variant_new ("(i)", 1), NULL, &error));
  pg_base_cursor_close (PG_BASE_CURSOR (cursor));
  g_object_get (cursor, "query", &property, NULL);
  g_assert_cmpstr (property, ==, "SELECT $1 $2");
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer n)
{
  (*(guint *) n)++;
}

static void
test_connection_property (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (PgConnection) other = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("A cursor that a script makes has the connection that it is given, once; without, it says so.");
  if (connection == NULL)
    return;
  cursor = g_object_new (PG_TYPE_CURSOR, NULL);
  g_signal_connect (cursor, "notify::connection", G_CALLBACK (on_notify), &n);
  g_assert_null (pg_cursor_get_connection (cursor));
  g_assert_false (pg_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  g_object_set (cursor, "connection", NULL, NULL);
  g_assert_cmpuint (n, ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_object_set (cursor, "connection", connection, NULL);
      g_assert_cmpuint (n, ==, 1);
      g_assert_true (pg_cursor_get_connection (cursor) == connection);
    }
  other = g_object_new (PG_TYPE_CONNECTION, NULL);
  g_test_expect_message ("Pg", G_LOG_LEVEL_CRITICAL, "*priv->connection == NULL*");
  g_object_set (cursor, "connection", other, NULL);
  g_test_assert_expected_messages ();
  g_assert_true (pg_cursor_get_connection (cursor) == connection);
  g_assert_true (pg_cursor_execute (cursor, "SELECT 1", NULL, NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/cursor/new", test_new);
  g_test_add_func ("/pg/cursor/fetch", test_fetch);
  g_test_add_func ("/pg/cursor/scroll", test_scroll);
  g_test_add_func ("/pg/cursor/several-results", test_several_results);
  g_test_add_func ("/pg/cursor/script-error", test_script_error);
  g_test_add_func ("/pg/cursor/empty-query", test_empty_query);
  g_test_add_func ("/pg/cursor/zero-columns", test_zero_columns);
  g_test_add_func ("/pg/cursor/rowcount", test_rowcount);
  g_test_add_func ("/pg/cursor/command", test_command);
  g_test_add_func ("/pg/cursor/closed", test_closed);
  g_test_add_func ("/pg/cursor/reuse", test_reuse);
  g_test_add_func ("/pg/cursor/query", test_query);
  g_test_add_func ("/pg/cursor/connection-property", test_connection_property);
  return g_test_run ();
}
