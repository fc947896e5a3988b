/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What goes wrong with COPY elsewhere, and must not here. */
#include "pg-test-copy.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

static void
assert_refused (PgBaseConnection *connection, GObject *object, const GError *error, int code, const char *word)
{
  g_assert_null (object);
  g_assert_error (error, PG_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
  pg_test_copy_assert_usable (connection);
}

static void
test_execute (gconstpointer driver)
{
  static const char *const statements[] = { "COPY t FROM STDIN", "COPY t TO STDOUT", "COPY (SELECT generate_series(1, 1000000)) TO STDOUT",
                                            "SELECT 1; COPY t FROM STDIN", "SELECT 1; COPY t TO STDOUT; SELECT 2" };
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Defect 6: COPY given to execute(), alone or in a script, is an error that names what is for it, and the connection goes on.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, statements[i], NULL, NULL, &error);

      assert_refused (connection, (GObject *) cursor, error, PG_ERROR_PROGRAMMING, "copy_in()");
    }
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_two_statements (gconstpointer driver)
{
  static const char *const statements[] = { "SELECT 1; COPY t FROM STDIN", "COPY t FROM STDIN; SELECT 1", "COPY t TO STDOUT; COPY t FROM STDIN" };
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Defect 7: several statements, one of them a COPY, are refused before anything of them is run.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) stream = NULL;

      if (i % 2 == 0)
        stream = (GObject *) pg_test_copy_in (connection, statements[i / 2], &error);
      else
        stream = (GObject *) pg_test_copy_out (connection, statements[i / 2], &error);
      assert_refused (connection, stream, error, PG_ERROR_PROGRAMMING, "one statement");
    }
}

static void
test_early_exit (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Defect 8: a copy to the client that is closed or dropped before its end leaves the connection usable, without the rest of the data.");
  if (connection == NULL)
    return;
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GInputStream) source = pg_test_copy_out (connection, "COPY (SELECT generate_series(1, 100000000), repeat('x', 1000)) TO STDOUT", &error);
      char buffer[1000];

      g_assert_no_error (error);
      if (round > 0)
        g_assert_cmpint (pg_test_copy_read (d, source, buffer, sizeof buffer, NULL, &error), >, 0);
      if (round < 2)
        g_assert_true (pg_test_copy_close_input (d, source, &error));
      g_assert_no_error (error);
      g_clear_object (&source);
      pg_test_copy_assert_usable (connection);
    }
}

static void
test_early_exit_transaction (gconstpointer driver)
{
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, FALSE);

  g_test_summary ("Defect 8 in a transaction: where the rest was there already the transaction goes on, where it was not the transaction has failed.");
  if (connection == NULL)
    return;
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *sql = g_strdup_printf ("COPY (SELECT generate_series(1, %d)) TO STDOUT", round == 0 ? 500 : 100 * 1000 * 1000);
      g_autoptr (GInputStream) source = NULL;
      char buffer[2];

      pg_test_driver_run (connection, "INSERT INTO t VALUES (1)");
      source = pg_test_copy_out (connection, sql, &error);
      g_assert_no_error (error);
      g_assert_cmpint (pg_test_copy_read (d, source, buffer, sizeof buffer, NULL, &error), >, 0);
      g_assert_true (pg_test_copy_close_input (d, source, &error));
      g_assert_no_error (error);
      g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==,
                       round == 0 ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_INERROR);
      g_assert_true (pg_test_driver_rollback (connection, &error));
      pg_test_copy_assert_usable (connection);
      g_assert_true (pg_test_driver_rollback (connection, &error));
    }
}

static void
test_direction (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GError) in_error = NULL, out_error = NULL;
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;

  g_test_summary ("Defect 9: the wrong direction is refused when the copy begins, with the name of the right call, and the connection goes on.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY (SELECT generate_series(1, 1000000)) TO STDOUT", &in_error);
  assert_refused (connection, (GObject *) target, in_error, PG_ERROR_PROGRAMMING, "copy_out()");
  source = pg_test_copy_out (connection, "COPY t FROM STDIN", &out_error);
  assert_refused (connection, (GObject *) source, out_error, PG_ERROR_PROGRAMMING, "copy_in()");
}

static void
test_other_statements (gconstpointer driver)
{
  static const struct
  {
    const char *sql;
    gboolean in;
    int code;
  } cases[] = {
    { "SELECT 1", TRUE, PG_ERROR_PROGRAMMING },
    { "SELECT 1", FALSE, PG_ERROR_PROGRAMMING },
    { "", TRUE, PG_ERROR_PROGRAMMING },
    { "COPY t TO '/dev/null'", FALSE, PG_ERROR_PROGRAMMING },
    { "COPY nowhere FROM STDIN", TRUE, PG_ERROR_UNDEFINED_TABLE },
    { "COPY (SELECT 1 FROM nowhere) TO STDOUT (FORMAT binary)", FALSE, PG_ERROR_UNDEFINED_TABLE },
    { "COPY t (nothing) FROM STDIN (FORMAT binary)", TRUE, PG_ERROR_UNDEFINED_COLUMN },
    { "COPY", TRUE, PG_ERROR_SYNTAX_ERROR },
    { "COPY (SELECT", FALSE, PG_ERROR_SYNTAX_ERROR },
    { "COPY t (", TRUE, PG_ERROR_SYNTAX_ERROR },
  };
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);

  g_test_summary ("Another statement than COPY, or one that the server refuses, is an error that says so, and the connection goes on.");
  if (connection == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GObject) stream = NULL;

      if (cases[i].in)
        stream = (GObject *) pg_test_copy_in (connection, cases[i].sql, &error);
      else
        stream = (GObject *) pg_test_copy_out (connection, cases[i].sql, &error);
      g_assert_null (stream);
      g_assert_error (error, PG_ERROR, cases[i].code);
      pg_test_copy_assert_usable (connection);
    }
}

static void
test_busy (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_copy_open (driver, TRUE);
  g_autoptr (GOutputStream) target = NULL;
  g_autoptr (GInputStream) source = NULL;
  g_autoptr (PgParams) row = pg_params_new ();
  g_autoptr (PgResult) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call for rows while another one of the stream goes on says what is to be waited for.");
  if (connection == NULL)
    return;
  target = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_set_pending (target, NULL));
  g_assert_false (pg_test_copy_write_row (GPOINTER_TO_INT (driver), target, row, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_cmpstr (error->message, ==, "another call of the copy has not ended yet: wait for its end first");
  g_clear_error (&error);
  g_output_stream_clear_pending (target);
  g_assert_true (pg_test_copy_close_output (GPOINTER_TO_INT (driver), target, NULL, &error));
  g_assert_no_error (error);

  source = pg_test_copy_out (connection, "COPY t TO STDOUT", &error);
  g_assert_no_error (error);
  g_assert_true (g_input_stream_set_pending (source, NULL));
  rows = pg_test_copy_read_rows (GPOINTER_TO_INT (driver), source, 0, &error);
  g_assert_null (rows);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_assert_cmpstr (error->message, ==, "another call of the copy has not ended yet: wait for its end first");
  g_clear_error (&error);
  g_input_stream_clear_pending (source);
  g_assert_true (pg_test_copy_close_input (GPOINTER_TO_INT (driver), source, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/copy/%s/defect-06-execute", test_execute);
  pg_test_driver_add ("/pg/copy/%s/defect-07-two-statements", test_two_statements);
  pg_test_driver_add ("/pg/copy/%s/defect-08-early-clean-exit", test_early_exit);
  pg_test_driver_add ("/pg/copy/%s/defect-08-early-clean-exit-in-a-transaction", test_early_exit_transaction);
  pg_test_driver_add ("/pg/copy/%s/defect-09-wrong-direction", test_direction);
  pg_test_driver_add ("/pg/copy/%s/other-statements", test_other_statements);
  pg_test_driver_add ("/pg/copy/%s/busy", test_busy);
  return g_test_run ();
}
