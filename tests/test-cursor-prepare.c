/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgCursor: which statements are prepared on the server, when, and what becomes of them. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

#define COUNT_PREPARED "SELECT count(*) FROM pg_prepared_statements"

/* Asks without preparing or counting anything. */
static gint64
ask (PgConnection *connection, const char *sql)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;
  gint64 value;

  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), PG_PREPARE_NEVER);
  g_assert_true (pg_cursor_execute (cursor, sql, NULL, NULL, &error));
  g_assert_no_error (error);
  value = pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);
  g_assert_no_error (error);
  return value;
}

static gint64
count_prepared (PgConnection *connection)
{
  return ask (connection, COUNT_PREPARED);
}

static char *
execute (PgConnection *connection, PgPrepare prepare, const char *sql, GVariant *params, GError **error)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);

  pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), prepare);
  if (!pg_cursor_execute (cursor, sql, params, NULL, error))
    return NULL;
  if (!pg_result_has_rows (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))))
    return g_strdup (pg_base_cursor_get_status_message (PG_BASE_CURSOR (cursor)));
  return pg_test_cell (cursor, 0, 0);
}

static void
assert_execute (PgConnection *connection, PgPrepare prepare, const char *sql, GVariant *params, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = execute (connection, prepare, sql, params, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_auto (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Five executions are not prepared, the sixth is, and later ones use it.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u", i);

      assert_execute (connection, PG_PREPARE_AUTO, "SELECT %s::int", g_variant_new ("(i)", i), expected);
      g_assert_cmpint (count_prepared (connection), ==, i < 5 ? 0 : 1);
    }
  g_assert_cmpint (ask (connection, "SELECT generic_plans + custom_plans FROM pg_prepared_statements"), ==, 5);
}

static void
test_auto_in_transaction (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("The same where the preparing execution begins a transaction, with and without parameters.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 8; i++)
    {
      assert_execute (connection, PG_PREPARE_AUTO, "SELECT 'x'", NULL, "x");
      g_assert_cmpint (count_prepared (connection), ==, i < 5 ? 0 : 1);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
}

static void
test_force_and_never (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("FORCE prepares at once, NEVER not even a prepared statement is used.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 10; i++)
    assert_execute (connection, PG_PREPARE_NEVER, "SELECT 'never'", NULL, "never");
  g_assert_cmpint (count_prepared (connection), ==, 0);
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (count_prepared (connection), ==, 1);
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (count_prepared (connection), ==, 1);
  assert_execute (connection, PG_PREPARE_NEVER, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (ask (connection, "SELECT generic_plans + custom_plans FROM pg_prepared_statements"), ==, 2);
  assert_execute (connection, PG_PREPARE_AUTO, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (ask (connection, "SELECT generic_plans + custom_plans FROM pg_prepared_statements"), ==, 3);
}

static void
test_threshold (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  PgBaseConnection *base = (PgBaseConnection *) connection;

  g_test_summary ("The threshold is the number of executions before: 0 is at once, -1 never.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepare_threshold (base, 0);
  assert_execute (connection, PG_PREPARE_AUTO, "SELECT 'a'", NULL, "a");
  g_assert_cmpint (count_prepared (connection), ==, 1);
  pg_base_connection_set_prepare_threshold (base, 2);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (count_prepared (connection), ==, 1);
      assert_execute (connection, PG_PREPARE_AUTO, "SELECT 'b'", NULL, "b");
    }
  g_assert_cmpint (count_prepared (connection), ==, 2);
  pg_base_connection_set_prepare_threshold (base, -1);
  for (guint i = 0; i < 10; i++)
    assert_execute (connection, PG_PREPARE_AUTO, "SELECT 'c'", NULL, "c");
  g_assert_cmpint (count_prepared (connection), ==, 2);
}

static void
test_not_prepared (void)
{
  static const char *const statements[] = { "", "SELECT 1; SELECT 2", "COPY (SELECT 1) TO STDOUT" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Scripts, empty queries, COPY and statements that fail leave nothing prepared.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 2 * G_N_ELEMENTS (statements); i++)
    g_free (execute (connection, PG_PREPARE_FORCE, statements[i / 2], NULL, NULL));
  g_assert_cmpint (count_prepared (connection), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (execute (connection, PG_PREPARE_FORCE, "SELEKT 1", NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_SYNTAX_ERROR);
    }
  g_assert_cmpint (count_prepared (connection), ==, 0);
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'fine'", NULL, "fine");
}

static void
test_error_when_executed (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A statement that was prepared but failed when it ran works with other values.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (execute (connection, PG_PREPARE_FORCE, "SELECT 10 / $1::int", g_variant_new ("(i)", 0), &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      assert_execute (connection, PG_PREPARE_FORCE, "SELECT 10 / $1::int", g_variant_new ("(i)", 5), "2");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      g_assert_cmpint (count_prepared (connection), ==, 1);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
}

static void
test_least_recently_used (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  PgBaseConnection *base = (PgBaseConnection *) connection;

  g_test_summary ("Beyond prepared-max the least recently used goes; after it is made smaller they go one by one.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepared_max (base, 3);
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'c'", NULL, "c");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'd'", NULL, "d");
  g_assert_cmpint (count_prepared (connection), ==, 3);
  g_assert_cmpint (ask (connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%b%'"), ==, 0);
  g_assert_cmpint (ask (connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%a%'"), ==, 1);
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  g_assert_cmpint (count_prepared (connection), ==, 3);
  g_assert_true (pg_connection_commit (connection, NULL, NULL));

  pg_base_connection_set_prepared_max (base, 1);
  for (guint i = 0; i < 3; i++)
    assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  g_assert_cmpint (count_prepared (connection), ==, 1);
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'e'", NULL, "e");
  g_assert_cmpint (count_prepared (connection), ==, 1);

  pg_base_connection_set_prepared_max (base, -1);
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %u", i);
      g_autofree char *expected = g_strdup_printf ("%u", i);

      assert_execute (connection, PG_PREPARE_FORCE, sql, NULL, expected);
    }
  g_assert_cmpint (count_prepared (connection), ==, 151);
}

static void
test_default_maximum (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("A hundred statements stay prepared, no more.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %u", i % 150);

      g_free (execute (connection, PG_PREPARE_FORCE, sql, NULL, NULL));
    }
  g_assert_cmpint (count_prepared (connection), ==, 100);
}

static void
test_no_room (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("With prepared-max 0 nothing is prepared, not even by force.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepared_max (PG_BASE_CONNECTION (connection), 0);
  for (guint i = 0; i < 10; i++)
    assert_execute (connection, i % 2 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  g_assert_cmpint (count_prepared (connection), ==, 0);
}

static void
test_eviction_beside_vacuum (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (GError) error = NULL;
  g_autofree char *tag = NULL;

  g_test_summary ("A statement that may not share its round trip (VACUUM) does not fail because another one has to go.");
  if (connection == NULL)
    return;
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  pg_base_connection_set_prepared_max (PG_BASE_CONNECTION (connection), 1);
  tag = execute (connection, PG_PREPARE_AUTO, "VACUUM pg_class", NULL, &error);
  if (g_error_matches (error, PG_ERROR, PG_ERROR_ACTIVE_SQL_TRANSACTION))
    {
      g_test_incomplete ("without libpq 17 the DEALLOCATE travels in the same pipeline");
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (tag, ==, "VACUUM");
  g_clear_pointer (&tag, g_free);
  tag = execute (connection, PG_PREPARE_FORCE, "VACUUM pg_class", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tag, ==, "VACUUM");
}

static void
test_types (void)
{
  static const struct
  {
    const char *params;
    const char *expected;
  } cases[] = {
    { "(1,)", "smallint" }, { "(70000,)", "integer" }, { "(int64 5000000000,)", "bigint" }, { "(0.5,)", "double precision" },
    { "(true,)", "boolean" }, { "(@ay [1],)", "bytea" }, { "(1,)", "smallint" }, { "([1, 2],)", "smallint[]" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("The same query with values of other types is another statement, prepared or not.");
  if (connection == NULL)
    return;
  for (guint round = 0; round < 8; round++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);

      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          g_autoptr (GVariant) params = g_variant_parse (NULL, cases[i].params, NULL, NULL, NULL);
          g_autoptr (GError) error = NULL;
          g_autofree char *text = NULL;

          g_assert_true (pg_cursor_execute (cursor, "SELECT pg_typeof(%s)::text", params, NULL, &error));
          g_assert_no_error (error);
          text = pg_test_cell (cursor, 0, 0);
          g_assert_cmpstr (text, ==, cases[i].expected);
        }
    }
  g_assert_cmpint (count_prepared (connection), ==, 7);
}

/* --- what others do to them --- */

static void
test_deallocate (void)
{
  static const char *const statements[] = { "DEALLOCATE ALL", "DISCARD ALL", "DEALLOCATE _pgconn_%s", "SELECT 1; DEALLOCATE ALL; SELECT 2" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("The user's own DEALLOCATE and DISCARD are noticed: the statement is prepared again.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *sql = NULL;

      assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'a' || $1::text", g_variant_new ("(s)", "b"), "ab");
      name = pg_test_text (connection, "SELECT substr(name, 9) FROM pg_prepared_statements WHERE statement LIKE '%||%'");
      sql = i == 2 ? g_strconcat ("DEALLOCATE _pgconn_", name, NULL) : g_strdup (statements[i]);
      pg_test_run (connection, sql);
      for (guint n = 0; n < 3; n++)
        assert_execute (connection, n % 2 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, "SELECT 'a' || $1::text", g_variant_new ("(s)", "b"), "ab");
    }
}

static void
test_deallocate_unseen (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A DEALLOCATE inside of a function is not seen; the statement heals as the first of a transaction.");
  if (connection == NULL)
    return;
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  pg_test_run (connection, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (guint i = 0; i < 3; i++)
    {
      assert_execute (connection, PG_PREPARE_AUTO, "SELECT 'a'", NULL, "a");
      g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
}

static void
alter (const char *conninfo, guint n)
{
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE t ADD COLUMN b%u int DEFAULT %u", n, n);
  g_autofree char *output = pg_test_psql (conninfo, sql);
}

static void
test_alter_autocommit (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("In autocommit another session's ALTER TABLE is not noticed by the caller.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a");
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
      g_autoptr (GError) error = NULL;

      if (i > 0)
        alter (conninfo, i);
      pg_base_cursor_set_prepare (PG_BASE_CURSOR (cursor), i < 2 ? PG_PREPARE_FORCE : PG_PREPARE_AUTO);
      g_assert_true (pg_cursor_execute (cursor, "SELECT * FROM t", NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (pg_base_cursor_get_n_results (PG_BASE_CURSOR (cursor)), ==, 1);
      g_assert_cmpuint (pg_result_get_n_columns (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, 1 + i);
    }
}

static void
test_alter_first_statement (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autofree char *level = NULL;

  g_test_summary ("As the first statement of a transaction it heals too, and the transaction is the one that was asked for.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  g_assert_true (pg_connection_set_isolation_level (connection, PG_ISOLATION_LEVEL_REPEATABLE_READ, NULL, NULL));
  pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  alter (conninfo, 1);
  assert_execute (connection, PG_PREPARE_AUTO, "SELECT * FROM t", NULL, "1");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
  level = pg_test_text (connection, "SHOW transaction_isolation");
  g_assert_cmpstr (level, ==, "repeatable read");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
}

static void
test_alter_inside_transaction (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Inside of a transaction, which has something to lose, it is an error; the next transaction works.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a; CREATE TABLE u (a int)");
  assert_execute (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_run (connection, "INSERT INTO u VALUES (1)");
  alter (conninfo, 1);
  g_assert_null (execute (connection, PG_PREPARE_AUTO, "SELECT * FROM t", NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_FEATURE_NOT_SUPPORTED);
  pg_test_assert_contains (error->message, "cached plan must not change result type");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INERROR);
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  for (guint i = 0; i < 2; i++)
    assert_execute (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  g_assert_cmpint (ask (connection, "SELECT count(*) FROM u"), ==, 0);
}

static void
test_dropped_type (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A statement prepared in a transaction that was rolled back, with the table it names, works when the table is there again.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 3; i++)
    {
      pg_test_run (connection, i % 2 ? "CREATE TABLE t AS SELECT 'x' AS a" : "CREATE TABLE t AS SELECT 7 AS a");
      assert_execute (connection, i == 0 ? PG_PREPARE_FORCE : PG_PREPARE_NEVER, "SELECT a FROM t", NULL, i % 2 ? "x" : "7");
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/cursor/prepare/auto", test_auto);
  g_test_add_func ("/pg/cursor/prepare/auto-in-transaction", test_auto_in_transaction);
  g_test_add_func ("/pg/cursor/prepare/force-and-never", test_force_and_never);
  g_test_add_func ("/pg/cursor/prepare/threshold", test_threshold);
  g_test_add_func ("/pg/cursor/prepare/not-prepared", test_not_prepared);
  g_test_add_func ("/pg/cursor/prepare/error-when-executed", test_error_when_executed);
  g_test_add_func ("/pg/cursor/prepare/least-recently-used", test_least_recently_used);
  g_test_add_func ("/pg/cursor/prepare/default-maximum", test_default_maximum);
  g_test_add_func ("/pg/cursor/prepare/no-room", test_no_room);
  g_test_add_func ("/pg/cursor/prepare/eviction-beside-vacuum", test_eviction_beside_vacuum);
  g_test_add_func ("/pg/cursor/prepare/types", test_types);
  g_test_add_func ("/pg/defect/15-deallocate", test_deallocate);
  g_test_add_func ("/pg/defect/15-deallocate-unseen", test_deallocate_unseen);
  g_test_add_func ("/pg/defect/16-alter-table-in-autocommit", test_alter_autocommit);
  g_test_add_func ("/pg/defect/16-alter-table-before-first-statement", test_alter_first_statement);
  g_test_add_func ("/pg/defect/16-alter-table-inside-transaction", test_alter_inside_transaction);
  g_test_add_func ("/pg/cursor/prepare/rolled-back-table", test_dropped_type);

  return g_test_run ();
}
