/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgCursor: prepared statements that others drop or make stale. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-prepare.h"

#include <locale.h>
#include <string.h>

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

      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a' || $1::text", g_variant_new ("(s)", "b"), "ab");
      name = pg_test_text (connection, "SELECT substr(name, 9) FROM pg_prepared_statements WHERE statement LIKE '%||%'");
      sql = i == 2 ? g_strconcat ("DEALLOCATE _pgconn_", name, NULL) : g_strdup (statements[i]);
      pg_test_run (connection, sql);
      for (guint n = 0; n < 3; n++)
        pg_test_prepare_assert (connection, n % 2 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, "SELECT 'a' || $1::text", g_variant_new ("(s)", "b"), "ab");
    }
}

static char *
prepared_name (PgConnection *connection)
{
  return pg_test_prepare_execute (connection, PG_PREPARE_NEVER, "SELECT name FROM pg_prepared_statements", NULL, NULL);
}

static void
test_deallocate_others (void)
{
  static const char *const others[] = { "DEALLOCATE mine", "DEALLOCATE PREPARE mine", "DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP" };
  static const char *const all[] = { "DEALLOCATE ALL", "DEALLOCATE PREPARE ALL", "DISCARD ALL" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autofree char *name = NULL;

  g_test_summary ("DEALLOCATE of a statement of the user's own, and DISCARD of something else, leave those of the library in use; ALL drops them.");
  if (connection == NULL)
    return;
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  name = prepared_name (connection);
  for (guint i = 0; i < 20; i++)
    {
      const char *sql = others[i % G_N_ELEMENTS (others)];
      g_autofree char *tag = NULL;
      g_autofree char *still = NULL;

      if (g_str_has_suffix (sql, "mine"))
        pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "PREPARE mine AS SELECT 1", NULL, "PREPARE");
      tag = pg_test_prepare_execute (connection, PG_PREPARE_NEVER, sql, NULL, NULL);
      g_assert_nonnull (tag);
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
      still = prepared_name (connection);
      g_assert_cmpstr (still, ==, name);
    }
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      pg_test_prepare_assert (connection, PG_PREPARE_NEVER, all[i], NULL, g_str_has_prefix (all[i], "DISCARD") ? "DISCARD ALL" : "DEALLOCATE ALL");
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
      /* In a transaction with something to lose it could not be tried again. */
      pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "BEGIN", NULL, "BEGIN");
      pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'a'", NULL, "a");
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
      pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "COMMIT", NULL, "COMMIT");
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
    }
}

static void
test_deallocate_unseen (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A DEALLOCATE inside of a function is not seen; the statement heals as the first of a transaction.");
  if (connection == NULL)
    return;
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  pg_test_run (connection, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (guint i = 0; i < 3; i++)
    {
      pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'a'", NULL, "a");
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
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  alter (conninfo, 1);
  pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT * FROM t", NULL, "1");
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
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_run (connection, "INSERT INTO u VALUES (1)");
  alter (conninfo, 1);
  g_assert_null (pg_test_prepare_execute (connection, PG_PREPARE_AUTO, "SELECT * FROM t", NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_FEATURE_NOT_SUPPORTED);
  pg_test_assert_contains (error->message, "cached plan must not change result type");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INERROR);
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  for (guint i = 0; i < 2; i++)
    pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM u"), ==, 0);
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
      pg_test_prepare_assert (connection, i == 0 ? PG_PREPARE_FORCE : PG_PREPARE_NEVER, "SELECT a FROM t", NULL, i % 2 ? "x" : "7");
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
}

static void
test_own_alter (void)
{
  static const char *const changes[] = { "ALTER TABLE t ADD COLUMN b int", "ALTER TABLE t ALTER COLUMN a TYPE text", "DROP TABLE t; CREATE TABLE t AS SELECT 1 AS a, 2 AS c" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("After its own ALTER and DROP a session goes on in the same transaction, which has something to lose, with and without a savepoint.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a; CREATE TABLE u (a int)");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (changes); i++)
    {
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
      pg_test_run (connection, "INSERT INTO u VALUES (1)");
      if (i % 2)
        pg_test_run (connection, "SAVEPOINT s");
      pg_test_run (connection, changes[i / 2]);
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
      if (i % 2)
        pg_test_run (connection, "ROLLBACK TO s");
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
      g_assert_true ((i % 2 ? pg_connection_commit : pg_connection_rollback) (connection, NULL, NULL));
      pg_test_run (connection, "INSERT INTO u VALUES (1)");
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT * FROM t", NULL, "1");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
  /* What was given up is dropped on the server too. */
  g_assert_cmpint (pg_test_prepare_count (connection), <=, 2);
}

static void
test_rolled_back_type (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("A statement whose parameter is of a type that a rollback has taken away works with the next type of that name, in a transaction with something to lose.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < 3; i++)
    {
      pg_test_run (connection, "CREATE TYPE mood AS ENUM ('calm')");
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT $1::mood", g_variant_new ("(s)", "calm"), "calm");
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
}

static void
test_plain_rollback (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autofree char *name = NULL;

  g_test_summary ("Any other rollback leaves what is prepared as it is.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a int)");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *now = NULL;

      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES (1)", NULL, "INSERT 0 1");
      now = prepared_name (connection);
      g_assert_nonnull (now);
      if (i > 0)
        g_assert_cmpstr (now, ==, name);
      g_free (name);
      name = g_steal_pointer (&now);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
}

/* One path has a table with other columns than the other one. */
static void
test_search_path (gconstpointer data)
{
  const gboolean autocommit = GPOINTER_TO_INT (data);
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("After another search_path a statement means another table, with other columns and parameters, and works; it is not prepared for ever.");
  if (conninfo == NULL)
    return;
  connection = autocommit ? pg_test_open_autocommit (conninfo) : pg_test_open (conninfo);
  pg_test_run (connection, "CREATE SCHEMA one CREATE TABLE t (a int); CREATE SCHEMA two CREATE TABLE t (a text); INSERT INTO one.t VALUES (1); INSERT INTO two.t VALUES ('x')");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (guint i = 0; i < 6; i++)
    {
      const char *expected = i % 2 ? "x" : "1";

      /* Not seen. */
      pg_test_run (connection, i % 2 ? "SELECT set_config('search_path', 'two', false)" : "SELECT set_config('search_path', 'one', false)");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT a FROM t", NULL, expected);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      pg_test_run (connection, i % 2 ? "SET search_path TO two" : "SET SCHEMA 'one'");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT a FROM t WHERE a = $1", g_variant_new ("(s)", expected), expected);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      /* As an integer it would be written without the zero. */
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1) RETURNING a::text", g_variant_new ("(s)", "01"), i % 2 ? "01" : "1");
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      if (autocommit)
        pg_test_run (connection, "DELETE FROM t WHERE a::text LIKE '0%' OR ctid <> '(0,1)'");
    }
  for (guint i = 0; i < 4; i++)
    pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 1", NULL, "1");
  g_assert_cmpint (pg_test_prepare_count (connection), <=, 4);
}

static void
test_search_path_inside (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is set by a statement is heeded inside of a transaction too, and after SET LOCAL; what a function sets is an error there, and not in the next.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE SCHEMA one CREATE TABLE t (a int); CREATE SCHEMA two CREATE TABLE t (a text); SET search_path TO one");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1)", g_variant_new ("(s)", "1"), "INSERT 0 1");
  pg_test_run (connection, "SET search_path TO two");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1) RETURNING a", g_variant_new ("(s)", "01"), "01");
  pg_test_run (connection, "SET LOCAL search_path TO one");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1) RETURNING a", g_variant_new ("(s)", "01"), "1");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1) RETURNING a", g_variant_new ("(s)", "01"), "01");
  pg_test_run (connection, "SELECT set_config('search_path', 'one', false)");
  g_assert_null (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1) RETURNING a", g_variant_new ("(s)", "1"), &error));
  pg_test_assert_contains (error->message, "column");
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  pg_test_run (connection, "SELECT set_config('search_path', 'one', false)");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "INSERT INTO t VALUES ($1) RETURNING a", g_variant_new ("(s)", "01"), "1");
}

static void
test_recreated_type (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *output = NULL;
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("When another session drops a type and makes it anew, a statement with a parameter of it works.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  output = pg_test_psql (conninfo, "CREATE TYPE mood AS ENUM ('calm')");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *changed = NULL;

      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT $1::mood::text", g_variant_new ("(s)", "calm"), "calm");
      changed = pg_test_psql (conninfo, "DROP TYPE mood; CREATE TYPE mood AS ENUM ('calm')");
    }
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 1", NULL, "1");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 2);
}

static void
test_not_executed_twice (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("What fails while it is executed is not taken for stale, and not tried again.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM nextval(''s''); RETURN nothing.at_all; END'");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, "SELECT f()", NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_TABLE);
    }
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT last_value FROM s"), ==, 5);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/defect/15-deallocate", test_deallocate);
  g_test_add_func ("/pg/cursor/stale/deallocate-others", test_deallocate_others);
  g_test_add_func ("/pg/defect/15-deallocate-unseen", test_deallocate_unseen);
  g_test_add_func ("/pg/defect/16-alter-table-in-autocommit", test_alter_autocommit);
  g_test_add_func ("/pg/defect/16-alter-table-before-first-statement", test_alter_first_statement);
  g_test_add_func ("/pg/defect/16-alter-table-inside-transaction", test_alter_inside_transaction);
  g_test_add_func ("/pg/cursor/stale/rolled-back-table", test_dropped_type);
  g_test_add_func ("/pg/cursor/stale/own-alter", test_own_alter);
  g_test_add_func ("/pg/cursor/stale/rolled-back-type", test_rolled_back_type);
  g_test_add_func ("/pg/cursor/stale/plain-rollback", test_plain_rollback);
  g_test_add_data_func ("/pg/cursor/stale/search-path/autocommit", GINT_TO_POINTER (TRUE), test_search_path);
  g_test_add_data_func ("/pg/cursor/stale/search-path/transaction", GINT_TO_POINTER (FALSE), test_search_path);
  g_test_add_func ("/pg/cursor/stale/search-path/inside-transaction", test_search_path_inside);
  g_test_add_func ("/pg/cursor/stale/recreated-type", test_recreated_type);
  g_test_add_func ("/pg/cursor/stale/not-executed-twice", test_not_executed_twice);

  return g_test_run ();
}
