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

  return g_test_run ();
}
