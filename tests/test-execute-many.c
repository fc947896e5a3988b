/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A statement with many sets of parameters, with both connection classes. */
#include "pg-test-many.h"

#include <locale.h>
#include <string.h>

#define INSERT "INSERT INTO t VALUES ($1, $2)"

/* --- what it does --- */

static void
test_insert (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, FALSE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The row counts are added, the status message is the last one's, and there is no result.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  g_assert_true (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (1000, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 1000);
  g_assert_cmpstr (pg_base_cursor_get_status_message (cursor), ==, "INSERT 0 1");
  g_assert_null (pg_base_cursor_get_result (cursor));
  g_assert_cmpuint (pg_base_cursor_get_n_results (cursor), ==, 0);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_true (pg_test_driver_rollback (connection, &error));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);

  g_assert_true (pg_test_many_execute (cursor, "UPDATE t SET s = $1", g_variant_new_parsed ("[('a',), ('b',)]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 0);
  g_assert_cmpstr (pg_base_cursor_get_status_message (cursor), ==, "UPDATE 0");
  g_assert_true (pg_test_many_execute (cursor, "SELECT generate_series (1, $1)", g_variant_new_parsed ("[(2,), (3,)]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 5);
  pg_base_cursor_close (cursor);
  g_assert_false (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (1, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_empty (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, FALSE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParamsBatch) batch = pg_params_batch_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without sets of parameters nothing is sent: the count is 0, or there is none where results are asked for.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  g_assert_true (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (0, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 0);
  g_assert_null (pg_base_cursor_get_status_message (cursor));
  g_assert_true (pg_test_many_execute_batch (cursor, INSERT, batch, PG_EXECUTE_MANY_RETURNING, NULL, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, -1);
  g_assert_cmpuint (pg_base_cursor_get_n_results (cursor), ==, 0);
  g_assert_true (pg_test_many_execute_batch (cursor, "not a statement", NULL, PG_EXECUTE_MANY_MORE, NULL, &error));
  g_assert_true (pg_test_many_execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_no_error (error);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
}

static void
test_returning (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("With results there is one for each set of parameters.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  g_assert_true (pg_test_many_execute (cursor, "INSERT INTO t VALUES (%s, %s) RETURNING i * 2", pg_test_many_sets_new (300, 1), PG_EXECUTE_MANY_RETURNING, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pg_base_cursor_get_n_results (cursor), ==, 300);
  for (guint i = 0; i < 300; i++)
    {
      g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 1);
      g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, &error), ==, (i + 1) * 2);
      g_assert_no_error (error);
      g_assert_cmpint (pg_base_cursor_next_result (cursor), ==, i < 299);
    }
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 300);
}

static void
test_types (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GString) types = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The types may differ from set to set; NULL takes the type that was there, and an integer the wider one.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  g_assert_true (pg_test_many_execute (cursor, "SELECT pg_typeof($1)::text || ' ' || coalesce($1::text, 'null')",
                                       g_variant_new_parsed ("[(<1>,), (<@mi nothing>,), (<@ai [1]>,), (<70000>,), (<2.5>,), (<3>,), (<@x 5000000000>,), (<4>,), (<2.5>,), (<true>,)]"),
                               PG_EXECUTE_MANY_RETURNING, &error));
  g_assert_no_error (error);
  do
    {
      g_autofree char *text = pg_result_dup_text (pg_base_cursor_get_result (cursor), 0, 0, &error);

      g_string_append_printf (types, "%s, ", text);
    }
  while (pg_base_cursor_next_result (cursor));
  g_assert_cmpstr (types->str, ==,
                   "smallint 1, smallint null, smallint[] {1}, integer 70000, double precision 2.5, integer 3, bigint 5000000000, bigint 4, double precision 2.5, "
                   "boolean true, ");

  /* Nothing stays prepared for long. */
  pg_test_driver_run (connection, "SELECT 1");
  pg_test_driver_run (connection, "SELECT 1");
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM pg_prepared_statements"), ==, 0);
}

static void
test_columns (gconstpointer driver)
{
  static const gint32 integers[] = { 1, 2, 3 };
  static const gint16 shorts[] = { -1, 0, 7 };
  static const double doubles[] = { 0.5, -1.25, 1e300 };
  static const guint8 booleans[] = { 1, 0, 1 };
  static const guint8 nulls[] = { 0, 1, 0 };
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParamsBatch) batch = pg_params_batch_new ();
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GBytes) i = g_bytes_new_static (integers, sizeof integers);
  g_autoptr (GBytes) s = g_bytes_new_static (shorts, sizeof shorts);
  g_autoptr (GBytes) d = g_bytes_new_static (doubles, sizeof doubles);
  g_autoptr (GBytes) b = g_bytes_new_static (booleans, sizeof booleans);
  g_autoptr (GBytes) t = g_bytes_new_static ("one\0\0drei", 10);
  g_autoptr (GBytes) n = g_bytes_new_static (nulls, sizeof nulls);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Columns of each kind, with NULLs and with names.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  pg_params_batch_add_integer_column (batch, i, 4, NULL);
  pg_params_batch_add_integer_column (batch, s, 2, n);
  pg_params_batch_add_double_column (batch, d, n);
  pg_params_batch_add_boolean_column (batch, b, NULL);
  pg_params_batch_add_text_column (batch, PG_OID_TEXT, t, n);
  pg_params_add_text (params, "2024-02-29");
  pg_params_add_null (params);
  pg_params_add_text (params, "infinity");
  pg_params_batch_add_column (batch, params);
  g_assert_cmpuint (pg_params_batch_get_n_sets (batch), ==, 3);
  g_assert_true (pg_test_many_execute_batch (cursor, "SELECT concat_ws(' ', $1, $2, $3, $4, $5, $6::date, pg_typeof($1), pg_typeof($2))", batch, PG_EXECUTE_MANY_RETURNING, NULL,
                                             &error));
  g_assert_no_error (error);
  do
    {
      g_autofree char *text = pg_result_dup_text (pg_base_cursor_get_result (cursor), 0, 0, &error);

      g_string_append_printf (all, "%s|", text);
    }
  while (pg_base_cursor_next_result (cursor));
  g_assert_cmpstr (all->str, ==,
                   "1 -1 0.5 t one 2024-02-29 smallint smallint|2 f smallint smallint|3 7 1e+300 t drei infinity smallint smallint|");

  /* The same with names, of which one is not needed, and in the text form. */
  pg_params_batch_unref (g_steal_pointer (&batch));
  batch = pg_params_batch_new ();
  pg_params_batch_add_integer_column (batch, i, 4, NULL);
  pg_params_batch_add_text_column (batch, 0, t, NULL);
  pg_params_batch_add_double_column (batch, d, NULL);
  pg_params_batch_set_column_name (batch, 0, "id");
  pg_params_batch_set_column_name (batch, 1, "name");
  pg_params_batch_set_column_name (batch, 2, "unused");
  g_assert_true (pg_test_many_execute_batch (cursor, "INSERT INTO t (s, i) VALUES (%(name)s, %(id)t)", batch, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t WHERE (i, s) IN ((1, 'one'), (2, ''), (3, 'drei'))"), ==, 3);
}

static void
assert_refused (PgBaseCursor *cursor, const char *query, PgParamsBatch *batch, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pg_test_many_execute_batch (cursor, query, batch, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_error (error, PG_ERROR, code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

static void
test_bad_input (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (2, 1, 3);
  g_autoptr (PgParamsBatch) uneven = pg_test_many_batch_new (2, 1, 3);
  g_autoptr (PgParamsBatch) unended = pg_params_batch_new ();
  g_autoptr (PgParamsBatch) mixed = pg_test_many_batch_new (2, 1, 3);
  g_autoptr (PgParamsBatch) named = pg_params_batch_new ();
  g_autoptr (GBytes) three = pg_test_many_integers_new (3, 1);
  g_autoptr (GBytes) text = g_bytes_new_static ("a\0b", 3);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be sent is refused by a message that names it, and nothing of it is done.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  assert_refused (cursor, "INSERT INTO t VALUES ($1, $2); SELECT 1", batch, PG_ERROR_PROGRAMMING, "one statement");
  assert_refused (cursor, "COPY t FROM STDIN", batch, PG_ERROR_PROGRAMMING, "copy_in()");
  assert_refused (cursor, "INSERT INTO t VALUES ($1)", batch, PG_ERROR_PROGRAMMING, "has 1 placeholders but 2 parameters");
  assert_refused (cursor, NULL, batch, PG_ERROR_PROGRAMMING, "nothing to go on with");
  assert_refused (cursor, "INSERT INTO t VALUES (%(a)s, %(b)s)", batch, PG_ERROR_PROGRAMMING, "query parameter missing: a");
  pg_params_batch_add_integer_column (uneven, three, 8, NULL);
  assert_refused (cursor, INSERT, uneven, PG_ERROR_PROGRAMMING, "column 3 of the batch has 3 values, the first one has 2");
  pg_params_batch_add_text_column (unended, 0, text, NULL);
  assert_refused (cursor, "SELECT $1", unended, PG_ERROR_PROGRAMMING, "no zero byte");
  pg_params_batch_add_set (mixed, params);
  assert_refused (cursor, INSERT, mixed, PG_ERROR_PROGRAMMING, "either by sets of parameters or by columns");
  pg_params_batch_add_integer_column (named, three, 8, NULL);
  pg_params_batch_set_column_name (named, 0, "a");
  assert_refused (cursor, "SELECT $1", named, PG_ERROR_PROGRAMMING, "positional placeholders");

  g_assert_false (pg_test_many_execute (cursor, INSERT, g_variant_new_string ("x"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_false (pg_test_many_execute (cursor, INSERT, g_variant_new_parsed ("[<(1, 'a')>, <(2, 'b')>, <(3,)>]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_true (g_str_has_prefix (error->message, "set of parameters 3: "));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
}

static void
test_refilled (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GBytes) two = pg_test_many_integers_new (2, 1);
  g_autoptr (GBytes) truths = g_bytes_new_static ("\0\1", 2);
  g_autoptr (PgParams) params = pg_params_new ();

  g_test_summary ("defect: a batch that is filled after it was executed is an error, whatever is added; executed again it is none.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  for (guint i = 0; i < 7; i++)
    {
      g_autoptr (PgParamsBatch) batch = pg_test_many_batch_new (2, 1, 3);
      g_autoptr (GError) error = NULL;

      for (guint round = 0; round < 2; round++)
        {
          g_assert_true (pg_test_many_execute_batch (cursor, "SELECT $1, $2", batch, PG_EXECUTE_MANY_NONE, NULL, &error));
          g_assert_no_error (error);
        }
      switch (i)
        {
        case 0:
          pg_params_batch_add_set (batch, params);
          break;
        case 1:
          pg_params_batch_add_integer_column (batch, two, 8, NULL);
          break;
        case 2:
          pg_params_batch_add_double_column (batch, two, NULL);
          break;
        case 3:
          pg_params_batch_add_boolean_column (batch, truths, NULL);
          break;
        case 4:
          pg_params_batch_add_text_column (batch, 0, truths, NULL);
          break;
        case 5:
          pg_params_batch_add_column (batch, params);
          break;
        default:
          pg_params_batch_set_column_name (batch, 0, "a");
          break;
        }
      g_assert_cmpuint (pg_params_batch_get_n_sets (batch), ==, 2);
      assert_refused (cursor, "SELECT $1, $2", batch, PG_ERROR_PROGRAMMING, "another one is needed");
    }
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
}

/* --- failures --- */

static void
test_server_error (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The first error wins and names its set of parameters; in autocommit nothing is left of the batch, else the transaction has failed.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  pg_test_driver_run (connection, "INSERT INTO t VALUES (1234)");
  g_assert_false (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (5000, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_true (g_str_has_prefix (error->message, "set of parameters 1234: "));
  g_assert_nonnull (pg_error_get_diagnostic (error));
  g_clear_error (&error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, -1);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 1);

  g_assert_true (pg_test_driver_set_autocommit (connection, FALSE, &error));
  g_assert_false (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (5000, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_clear_error (&error);
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_INERROR);
  g_assert_false (pg_test_many_execute (cursor, INSERT, pg_test_many_sets_new (2, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION);
  g_clear_error (&error);
  g_assert_true (pg_test_driver_rollback (connection, &error));

  g_assert_false (pg_test_many_execute (cursor, "INSERT INTO nowhere VALUES ($1, $2)", pg_test_many_sets_new (2, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_TABLE);
  g_assert_false (g_str_has_prefix (error->message, "set of parameters"));
}

static void
test_deferred (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = pg_test_many_open (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What only the end of the transaction finds is the error of the whole batch.");
  if (connection == NULL)
    return;
  cursor = pg_test_many_cursor_new (connection);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE d (i int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  g_assert_false (pg_test_many_execute (cursor, "INSERT INTO d VALUES ($1)", g_variant_new_parsed ("[(1,), (1,), (2,)]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_false (g_str_has_prefix (error->message, "set of parameters"));
  pg_test_many_assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM d"), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/execute-many/%s/insert", test_insert);
  pg_test_driver_add ("/pg/execute-many/%s/empty", test_empty);
  pg_test_driver_add ("/pg/execute-many/%s/returning", test_returning);
  pg_test_driver_add ("/pg/execute-many/%s/types", test_types);
  pg_test_driver_add ("/pg/execute-many/%s/columns", test_columns);
  pg_test_driver_add ("/pg/execute-many/%s/bad-input", test_bad_input);
  pg_test_driver_add ("/pg/execute-many/%s/defect-refilled", test_refilled);
  pg_test_driver_add ("/pg/execute-many/%s/server-error", test_server_error);
  pg_test_driver_add ("/pg/execute-many/%s/deferred", test_deferred);
  return g_test_run ();
}
