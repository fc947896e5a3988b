/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgCursor: COPY by execute(), which refuses it. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

static void
test_copy (void)
{
  static const char *const statements[] = {
    "COPY t FROM STDIN",
    "COPY t TO STDOUT",
    "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT",
    "/* nested /* comment */ */ COPY t TO STDOUT (FORMAT binary)",
    "SELECT 1; COPY t TO STDOUT",
    "SELECT 1; COPY t FROM STDIN; SELECT 2",
    "COPY t TO STDOUT; SELECT 1",
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();

  g_test_summary ("COPY by execute() is refused with a word about the right call, and the connection stays usable.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t AS SELECT 1 AS a");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (statements); i++)
    {
      g_autofree char *message = NULL;
      gboolean autocommit = i % 2;
      PgTransactionStatus status;

      g_test_message ("%s", statements[i / 2]);
      g_assert_true (pg_connection_set_autocommit (connection, autocommit, NULL, NULL));
      message = pg_test_fail (connection, statements[i / 2], PG_ERROR_PROGRAMMING);
      g_assert_true (g_str_has_prefix (message, "COPY from or to the client cannot be used with execute(): copy_in() and copy_out() are for it"));
      status = pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection));
      /* A short COPY TO has ended before the server hears that nobody wants it. */
      if (autocommit)
        g_assert_cmpint (status, ==, PG_TRANSACTION_STATUS_IDLE);
      else if (status != PG_TRANSACTION_STATUS_INTRANS)
        g_assert_cmpint (status, ==, PG_TRANSACTION_STATUS_INERROR);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
      g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, 1);
      g_assert_true (pg_connection_rollback (connection, NULL, NULL));
    }
  /* With a file of the server's it is a statement like any other. */
  pg_test_run (connection, "COPY t TO PROGRAM 'cat > /dev/null'");
}

static void
test_copy_done (void)
{
  static const char *const done[] = { "INSERT INTO t VALUES (2); COPY t TO STDOUT", "COPY t TO STDOUT; INSERT INTO t VALUES (2)" };
  static const char *const undone[] = { "INSERT INTO t VALUES (2); COPY t FROM STDIN", "INSERT INTO t VALUES (2); COPY t TO STDOUT; SELECT 1 / 0" };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();

  g_test_summary ("Of several commands with a COPY that is refused the error says whether the others were executed.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TABLE t (a int)");
  for (gsize i = 0; i < G_N_ELEMENTS (done); i++)
    {
      g_autofree char *message = NULL;
      gboolean was_done;

      pg_test_run (connection, "TRUNCATE t");
      message = pg_test_fail (connection, done[i], PG_ERROR_PROGRAMMING);
      /* Else the server has heard first that nobody wants what it copies. */
      was_done = strstr (message, "executed all the same") != NULL;
      g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, was_done ? 1 : 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (undone); i++)
    {
      g_autofree char *message = NULL;

      pg_test_run (connection, "TRUNCATE t");
      message = pg_test_fail (connection, undone[i], PG_ERROR_PROGRAMMING);
      g_assert_null (strstr (message, "executed all the same"));
      g_assert_cmpint (pg_test_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/defect/06-07-copy-by-execute", test_copy);
  g_test_add_func ("/pg/cursor/copy-by-execute-done", test_copy_done);
  return g_test_run ();
}
