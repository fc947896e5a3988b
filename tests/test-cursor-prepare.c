/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgCursor: which statements are prepared on the server, when, and which go. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-prepare.h"

#include <locale.h>
#include <pgconn/engine/pg-engine-private.h>
#include <string.h>

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

      pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT %s::int", g_variant_new ("(i)", i), expected);
      g_assert_cmpint (pg_test_prepare_count (connection), ==, i < 5 ? 0 : 1);
    }
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT generic_plans + custom_plans FROM pg_prepared_statements"), ==, 5);
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
      pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'x'", NULL, "x");
      g_assert_cmpint (pg_test_prepare_count (connection), ==, i < 5 ? 0 : 1);
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
    pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "SELECT 'never'", NULL, "never");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
  pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT generic_plans + custom_plans FROM pg_prepared_statements"), ==, 2);
  pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'now'", NULL, "now");
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT generic_plans + custom_plans FROM pg_prepared_statements"), ==, 3);
}

static void
test_threshold (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  PgBaseConnection *base = (PgBaseConnection *) connection;

  g_test_summary ("The threshold is the number of executions before: 0 is at once, -1 never, not by force either.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepare_threshold (base, 0);
  pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'a'", NULL, "a");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
  pg_base_connection_set_prepare_threshold (base, 2);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
      pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "SELECT 'b'", NULL, "b");
    }
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 2);
  pg_base_connection_set_prepare_threshold (base, -1);
  for (guint i = 0; i < 10; i++)
    pg_test_prepare_assert (connection, i % 2 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, "SELECT 'c'", NULL, "c");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 2);
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
    g_free (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, statements[i / 2], NULL, NULL));
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, "SELEKT 1", NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_SYNTAX_ERROR);
    }
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'fine'", NULL, "fine");
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

      g_assert_null (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, "SELECT 10 / $1::int", g_variant_new ("(i)", 0), &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 10 / $1::int", g_variant_new ("(i)", 5), "2");
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
}

static void
test_least_recently_used (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  PgBaseConnection *base = (PgBaseConnection *) connection;

  g_test_summary ("Beyond prepared-max the least recently used goes; after it is made smaller they go one by one.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepared_max (base, 3);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'c'", NULL, "c");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'd'", NULL, "d");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 3);
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%b%'"), ==, 0);
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%a%'"), ==, 1);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 3);

  pg_base_connection_set_prepared_max (base, 1);
  for (guint i = 0; i < 3; i++)
    pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'e'", NULL, "e");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);

  pg_base_connection_set_prepared_max (base, -1);
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %u", i);
      g_autofree char *expected = g_strdup_printf ("%u", i);

      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, sql, NULL, expected);
    }
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 151);
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

      g_free (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, sql, NULL, NULL));
    }
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 100);
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
    pg_test_prepare_assert (connection, i % 2 ? PG_PREPARE_AUTO : PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 0);
}

/* The next execution has to drop one. */
static void
have_one_too_many (PgConnection *connection)
{
  pg_base_connection_set_prepared_max (PG_BASE_CONNECTION (connection), 2);
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'a'", NULL, "a");
  pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'b'", NULL, "b");
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 2);
  pg_base_connection_set_prepared_max (PG_BASE_CONNECTION (connection), 1);
}

static void
test_eviction_beside_vacuum (void)
{
  static const struct
  {
    const char *sql;
    const char *tag;
    const char *isolation; /* of the transaction that it begins or is in, or NULL */
  } cases[] = {
    { "VACUUM pg_am", "VACUUM", NULL },
    { "CREATE DATABASE beside_eviction TEMPLATE template0", "CREATE DATABASE", NULL },
    { "DROP DATABASE beside_eviction", "DROP DATABASE", NULL },
    { "BEGIN ISOLATION LEVEL SERIALIZABLE", "BEGIN", "serializable" },
    { "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET", "repeatable read" },
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("A statement that must be the first, or the only one, of its transaction does not fail because another has to go; that one goes.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const gboolean in_transaction = g_str_has_prefix (cases[i].sql, "SET");
      /* DEALLOCATE waits for the end of the transaction. */
      const gboolean is_put_off = in_transaction && !pg_engine_can (PG_CAN_CLOSE_PREPARED);

      have_one_too_many (connection);
      if (in_transaction)
        pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "BEGIN", NULL, "BEGIN");
      pg_test_prepare_assert (connection, PG_PREPARE_AUTO, cases[i].sql, NULL, cases[i].tag);
      g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==,
                       cases[i].isolation != NULL ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE);
      if (cases[i].isolation != NULL)
        {
          pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "SHOW transaction_isolation", NULL, cases[i].isolation);
          g_assert_true (pg_connection_rollback (connection, NULL, NULL));
        }
      g_assert_cmpint (pg_test_prepare_count (connection), ==, is_put_off ? 2 : 1);
      g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%b%'"), ==, 1);
    }
}

static void
test_eviction_beside_error (gconstpointer data)
{
  gboolean autocommit = GPOINTER_TO_INT (data);
  /* A failed transaction refuses DEALLOCATE, but not the protocol's own message. */
  gboolean goes_with_it = autocommit || pg_engine_can (PG_CAN_CLOSE_PREPARED);
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("A statement that fails does not keep another on the server: it goes with it, or in a transaction, with the next that does not fail.");
  if (conninfo == NULL)
    return;
  connection = autocommit ? pg_test_open_autocommit (conninfo) : pg_test_open (conninfo);
  have_one_too_many (connection);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *failing = g_strdup_printf ("SELECT %u / $1::int", i);
      g_autofree char *sql = g_strdup_printf ("SELECT 'c%u'", i);
      g_autofree char *expected = g_strdup_printf ("c%u", i);
      g_autoptr (GError) error = NULL;

      g_assert_null (pg_test_prepare_execute (connection, PG_PREPARE_FORCE, failing, g_variant_new ("(i)", 0), &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      g_assert_cmpint (pg_test_prepare_count (connection), ==, goes_with_it ? 1 : i == 0 ? 3 : 2);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, sql, NULL, expected);
      g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
}

static void
test_eviction_unseen (gconstpointer data)
{
  gboolean autocommit = GPOINTER_TO_INT (data);
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;

  g_test_summary ("What was dropped by a function already and has to go fails no statement beside it: in autocommit, and as the first of a transaction.");
  if (conninfo == NULL)
    return;
  connection = autocommit ? pg_test_open_autocommit (conninfo) : pg_test_open (conninfo);
  pg_test_run (connection, "CREATE TABLE t (a int)");
  have_one_too_many (connection);
  pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$", NULL, "DO");
  if (!autocommit)
    g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO t VALUES (%u)", i);

      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, sql, NULL, "INSERT 0 1");
      if (!autocommit)
        g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM t"), ==, 5);
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 1);
}

static void
test_eviction_unseen_begin (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("What was dropped by a function already and has to go does not fail the BEGIN of the user's that it goes with, which is executed as it is written.");
  if (connection == NULL)
    return;
  have_one_too_many (connection);
  pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$", NULL, "DO");
  pg_test_prepare_assert (connection, PG_PREPARE_AUTO, "BEGIN ISOLATION LEVEL SERIALIZABLE", NULL, "BEGIN");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "SHOW transaction_isolation", NULL, "serializable");
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
}

static void
test_eviction_unseen_deep (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("defect: what was dropped by a function already and has to go does not cost a transaction with something to lose.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a int)");
  have_one_too_many (connection);
  pg_test_prepare_assert (connection, PG_PREPARE_NEVER, "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$", NULL, "DO");
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO t VALUES (%u)", i);

      pg_test_prepare_assert (connection, PG_PREPARE_FORCE, sql, NULL, "INSERT 0 1");
    }
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  g_assert_cmpint (pg_test_prepare_ask (connection, "SELECT count(*) FROM t"), ==, 5);
}

static void
test_eviction_put_off (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  PgBaseConnection *base = (PgBaseConnection *) connection;

  g_test_summary ("In a transaction there are not much more than prepared-max, and as many as that some transactions later.");
  if (connection == NULL)
    return;
  pg_base_connection_set_prepared_max (base, 2);
  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < 100; i++)
        {
          g_autofree char *sql = g_strdup_printf ("SELECT %u", i);
          g_autofree char *expected = g_strdup_printf ("%u", i);

          pg_test_prepare_assert (connection, PG_PREPARE_FORCE, sql, NULL, expected);
        }
      g_assert_cmpint (pg_test_prepare_count (connection), ==, pg_engine_can (PG_CAN_CLOSE_PREPARED) ? 2 : 66);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
      for (guint i = 0; i < 6; i++)
        {
          pg_test_prepare_assert (connection, PG_PREPARE_FORCE, "SELECT 'x'", NULL, "x");
          g_assert_true (pg_connection_commit (connection, NULL, NULL));
        }
      g_assert_cmpint (pg_test_prepare_count (connection), <=, 2);
      g_assert_true (pg_connection_commit (connection, NULL, NULL));
    }
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
  g_assert_cmpint (pg_test_prepare_count (connection), ==, 7);
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
  g_test_add_data_func ("/pg/cursor/prepare/eviction-beside-error/autocommit", GINT_TO_POINTER (TRUE), test_eviction_beside_error);
  g_test_add_data_func ("/pg/cursor/prepare/eviction-beside-error/transaction", GINT_TO_POINTER (FALSE), test_eviction_beside_error);
  g_test_add_data_func ("/pg/cursor/prepare/eviction-unseen/autocommit", GINT_TO_POINTER (TRUE), test_eviction_unseen);
  g_test_add_data_func ("/pg/cursor/prepare/eviction-unseen/transaction", GINT_TO_POINTER (FALSE), test_eviction_unseen);
  g_test_add_func ("/pg/cursor/prepare/eviction-unseen/begin", test_eviction_unseen_begin);
  g_test_add_func ("/pg/cursor/prepare/eviction-unseen/deep", test_eviction_unseen_deep);
  g_test_add_func ("/pg/cursor/prepare/eviction-put-off", test_eviction_put_off);
  g_test_add_func ("/pg/cursor/prepare/types", test_types);

  return g_test_run ();
}
