/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * client_encoding that a statement changes whose data come and go by and by: row streams, COPY and many sets of parameters, with both classes. */
#include "pg-test-copy.h"
#include "pg-test-many.h"
#include "pg-test-row-stream.h"

#include <locale.h>
#include <string.h>

#define CODE PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE
#define UE "\303\274"

/* With a function that changes it, and a table that does so when its row 2 is inserted. */
static PgBaseConnection *
open_connection (gconstpointer driver)
{
  PgBaseConnection *connection = pg_test_many_open (driver, TRUE);

  if (connection == NULL)
    return NULL;
  pg_test_driver_run (connection, "CREATE FUNCTION pg_temp.to_latin1 (i bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN"
                                  " IF i = 2 THEN PERFORM set_config ('client_encoding', 'LATIN1', false); END IF; RETURN i; END $$;"
                                  "CREATE FUNCTION pg_temp.before () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                                  " NEW.i := pg_temp.to_latin1 (NEW.i); RETURN NEW; END $$;"
                                  "CREATE TRIGGER before BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION pg_temp.before ()");
  return connection;
}

static void
assert_utf8 (PgBaseConnection *connection)
{
  pg_test_driver_assert_text (connection, "SHOW client_encoding", "UTF8");
  pg_test_driver_assert_text (connection, "SELECT chr(252)", UE);
  g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==, PG_TRANSACTION_STATUS_IDLE);
}

static void
assert_told (const GError *error)
{
  g_assert_error (error, PG_ERROR, CODE);
  g_assert_nonnull (strstr (error->message, "client_encoding"));
}

/* How many rows come before what comes with the end depends on libpq: chunked rows of its own are here before the end is. */
static void
read_to_error (PgBaseRowStream *rows, GError **error)
{
  PgResult *result;

  while ((result = pg_test_stream_next_cancellable (rows, NULL, error)) != NULL)
    g_object_unref (result);
}

static void
test_rows (gconstpointer driver)
{
  g_auto (PgTestStreamSession) session = { 0 };
  g_autoptr (PgBaseRowStream) rows = NULL;
  g_autoptr (PgBaseRowStream) closed = NULL;
  g_autoptr (PgResult) first = NULL;
  g_autoptr (PgResult) second = NULL;
  g_autoptr (PgResult) third = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A row stream whose statement changes client_encoding ends with an error that says so.");
  session.driver = GPOINTER_TO_INT (driver);
  session.connection = open_connection (driver);
  if (session.connection == NULL)
    return;
  if (session.driver == PG_TEST_DRIVER_BLOCKING)
    session.cursor = PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (session.connection), NULL));
  else
    session.cursor = PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (session.connection), NULL));
  rows = pg_test_stream (&session, "SELECT pg_temp.to_latin1 (i), 'Gr' || chr(252) FROM generate_series (1, 3) i", 1);
  first = pg_test_stream_next (rows);
  g_assert_cmpstr (pg_result_get_text (first, 0, 1, &error), ==, "Gr" UE);
  g_assert_no_error (error);
  second = pg_test_stream_next (rows);
  g_assert_null (pg_result_get_text (second, 0, 1, &error));
  g_assert_error (error, PG_ERROR, CODE);
  g_clear_error (&error);
  third = pg_test_stream_next (rows);
  g_assert_null (pg_test_stream_next_cancellable (rows, NULL, &error));
  assert_told (error);
  g_clear_error (&error);
  g_assert_null (pg_test_stream_next_cancellable (rows, NULL, &error));
  assert_told (error);
  assert_utf8 (session.connection);

  g_clear_error (&error);
  g_clear_object (&rows);
  rows = pg_test_stream (&session, "SELECT pg_temp.to_latin1 (i), chr(195) || chr(169) FROM generate_series (1, 3) i", 10);
  read_to_error (rows, &error);
  assert_told (error);
  assert_utf8 (session.connection);

  /* Who closes it has seen enough. */
  closed = pg_test_stream (&session, "SELECT pg_temp.to_latin1 (i) FROM generate_series (1, 3) i", 1);
  pg_test_stream_close (closed);
  assert_utf8 (session.connection);

  g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, NULL));
  g_clear_error (&error);
  g_clear_object (&rows);
  rows = pg_test_stream (&session, "SELECT pg_temp.to_latin1 (i) FROM generate_series (1, 3) i", 10);
  read_to_error (rows, &error);
  assert_told (error);
  pg_test_driver_assert_text (session.connection, "SHOW client_encoding", "UTF8");
  g_assert_cmpint (pg_test_stream_status (&session), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_true (pg_test_driver_rollback (session.connection, NULL));
  pg_test_driver_assert_text (session.connection, "SHOW client_encoding", "UTF8");
}

static void
test_many (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Many sets of parameters, of which one has client_encoding changed, end with an error that says so; those before are not at fault.");
  connection = open_connection (driver);
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  g_assert_false (pg_test_many_execute (cursor, "INSERT INTO t VALUES ($1, $2)", g_variant_new_parsed ("[(1, 'Gr" UE "'), (2, 'Gr" UE "'), (3, 'Gr" UE "')]"),
                                        PG_EXECUTE_MANY_NONE, &error));
  assert_told (error);
  assert_utf8 (connection);
  g_clear_error (&error);
  g_assert_true (pg_test_many_execute (cursor, "INSERT INTO t VALUES ($1, $2)", g_variant_new_parsed ("[(11, 'Gr" UE "')]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT length (s) FROM t WHERE i = 11"), ==, 3);

  g_assert_true (pg_test_driver_set_autocommit (connection, FALSE, NULL));
  g_assert_false (pg_test_many_execute (cursor, "SELECT pg_temp.to_latin1 ($1), chr(195) || chr(169)", g_variant_new_parsed ("[(1,), (2,), (3,)]"),
                                        PG_EXECUTE_MANY_RETURNING, &error));
  assert_told (error);
  g_assert_true (pg_test_driver_rollback (connection, NULL));
  g_assert_true (pg_test_driver_set_autocommit (connection, TRUE, NULL));
  assert_utf8 (connection);
}

static void
test_copy_in (gconstpointer data)
{
  const PgTestDriver driver = GPOINTER_TO_INT (data);
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (GOutputStream) text = NULL;
  g_autoptr (GOutputStream) binary = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A COPY from the client that has client_encoding changed: as text it keeps the encoding that it began with, in binary it ends with an error.");
  connection = open_connection (data);
  if (connection == NULL)
    return;
  text = pg_test_copy_in (connection, "COPY t FROM STDIN", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_write_text (driver, text, "1\tGr" UE "\n2\tGr" UE "\n3\tGr" UE "\n", &error));
  g_assert_true (pg_test_copy_close_output (driver, text, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT sum (length (s)) FROM t"), ==, 9);
  assert_utf8 (connection);

  pg_test_driver_run (connection, "DELETE FROM t");
  binary = pg_test_copy_in (connection, "COPY t FROM STDIN (FORMAT binary)", &error);
  g_assert_no_error (error);
  for (gint64 i = 1; i <= 3; i++)
    {
      g_autoptr (PgParams) row = pg_params_new ();

      pg_params_add_int64 (row, i);
      pg_params_add_text (row, "Gr" UE);
      g_assert_true (pg_test_copy_write_row (driver, binary, row, &error));
    }
  g_assert_false (pg_test_copy_close_output (driver, binary, NULL, &error));
  assert_told (error);
  assert_utf8 (connection);
}

static void
test_copy_out (gconstpointer data)
{
  const PgTestDriver driver = GPOINTER_TO_INT (data);
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (GInputStream) text = NULL;
  g_autoptr (GInputStream) binary = NULL;
  g_autoptr (GInputStream) closed = NULL;
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GBytes) none = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A COPY to the client that changes client_encoding: as text it keeps the encoding that it began with, in binary it ends with an error.");
  connection = open_connection (data);
  if (connection == NULL)
    return;
  text = pg_test_copy_out (connection, "COPY (SELECT pg_temp.to_latin1 (i), 'Gr' || chr(252) FROM generate_series (1, 3) i) TO STDOUT", &error);
  g_assert_no_error (error);
  read = pg_test_copy_read_all (driver, text, 4096, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "1\tGr" UE "\n2\tGr" UE "\n3\tGr" UE "\n", 3 * 7);
  assert_utf8 (connection);

  binary = pg_test_copy_out (connection, "COPY (SELECT pg_temp.to_latin1 (i), 'Gr' || chr(252) FROM generate_series (1, 3) i) TO STDOUT (FORMAT binary)", &error);
  g_assert_no_error (error);
  none = pg_test_copy_read_all (driver, binary, 4096, &error);
  g_assert_null (none);
  assert_told (error);
  assert_utf8 (connection);

  g_clear_error (&error);
  closed = pg_test_copy_out (connection, "COPY (SELECT pg_temp.to_latin1 (i) FROM generate_series (1, 3) i) TO STDOUT (FORMAT binary)", &error);
  g_assert_no_error (error);
  g_assert_true (pg_test_copy_close_input (driver, closed, &error));
  g_assert_no_error (error);
  assert_utf8 (connection);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/client-encoding/rows/%s", test_rows);
  pg_test_driver_add ("/pg/client-encoding/many/%s", test_many);
  pg_test_driver_add ("/pg/client-encoding/copy-in/%s", test_copy_in);
  pg_test_driver_add ("/pg/client-encoding/copy-out/%s", test_copy_out);
  return g_test_run ();
}
