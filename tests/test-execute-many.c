/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A statement with many sets of parameters, with both connection classes. */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

#define INSERT "INSERT INTO t VALUES ($1, $2)"

/* --- the calls of both classes in one form --- */

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static PgBaseCursor *
new_cursor (PgBaseConnection *connection)
{
  if (PG_IS_CONNECTION (connection))
    return PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (connection), NULL));
  return PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (connection), NULL));
}

static gboolean
execute_many (PgBaseCursor *cursor, const char *query, GVariant *sets, PgExecuteManyFlags flags, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CURSOR (cursor))
    return pg_cursor_execute_many (PG_CURSOR (cursor), query, sets, flags, NULL, error);
  pg_async_cursor_execute_many_async (PG_ASYNC_CURSOR (cursor), query, sets, flags, NULL, keep_result, &result);
  return pg_async_cursor_execute_many_finish (PG_ASYNC_CURSOR (cursor), wait_for (&result), error);
}

static gboolean
execute_batch (PgBaseCursor *cursor, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CURSOR (cursor))
    return pg_cursor_execute_batch (PG_CURSOR (cursor), query, batch, flags, cancellable, error);
  pg_async_cursor_execute_batch_async (PG_ASYNC_CURSOR (cursor), query, batch, flags, cancellable, keep_result, &result);
  return pg_async_cursor_execute_batch_finish (PG_ASYNC_CURSOR (cursor), wait_for (&result), error);
}

static PgBaseConnection *
open_with_table (gconstpointer driver, gboolean autocommit)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  PgBaseConnection *connection;

  if (conninfo == NULL)
    return NULL;
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), conninfo, autocommit);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  if (!autocommit)
    g_assert_true (pg_test_driver_commit (connection, NULL, NULL));
  return connection;
}

static void
assert_state (PgBaseConnection *connection, PgTransactionStatus status)
{
  g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==, status);
}

/* (first, "text"), (first + 1, "text"), … */
static GVariant *
make_sets (guint n, gint64 first)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xs)"));
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&builder, "(xs)", first + i, "text");
  return g_variant_builder_end (&builder);
}

static GBytes *
make_integers (guint n, gint64 first)
{
  gint64 *values = g_new (gint64, n);

  for (guint i = 0; i < n; i++)
    values[i] = first + i;
  return g_bytes_new_take (values, n * sizeof (gint64));
}

static GBytes *
make_texts (guint n, gsize length)
{
  char *texts = g_malloc (n * (length + 1));

  memset (texts, 'x', n * (length + 1));
  for (guint i = 0; i < n; i++)
    texts[(i + 1) * (length + 1) - 1] = '\0';
  return g_bytes_new_take (texts, n * (length + 1));
}

static PgParamsBatch *
make_batch (guint n, gint64 first, gsize length)
{
  PgParamsBatch *batch = pg_params_batch_new ();
  g_autoptr (GBytes) integers = make_integers (n, first);
  g_autoptr (GBytes) texts = make_texts (n, length);

  pg_params_batch_add_integer_column (batch, integers, sizeof (gint64), NULL);
  pg_params_batch_add_text_column (batch, 0, texts, NULL);
  return batch;
}

/* --- what it does --- */

static void
test_insert (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, FALSE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The row counts are added, the status message is the last one's, and there is no result.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  g_assert_true (execute_many (cursor, INSERT, make_sets (1000, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 1000);
  g_assert_cmpstr (pg_base_cursor_get_status_message (cursor), ==, "INSERT 0 1");
  g_assert_null (pg_base_cursor_get_result (cursor));
  g_assert_cmpuint (pg_base_cursor_get_n_results (cursor), ==, 0);
  assert_state (connection, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_true (pg_test_driver_rollback (connection, &error));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);

  g_assert_true (execute_many (cursor, "UPDATE t SET s = $1", g_variant_new_parsed ("[('a',), ('b',)]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 0);
  g_assert_cmpstr (pg_base_cursor_get_status_message (cursor), ==, "UPDATE 0");
  g_assert_true (execute_many (cursor, "SELECT generate_series (1, $1)", g_variant_new_parsed ("[(2,), (3,)]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 5);
  pg_base_cursor_close (cursor);
  g_assert_false (execute_many (cursor, INSERT, make_sets (1, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
}

static void
test_empty (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, FALSE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParamsBatch) batch = pg_params_batch_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without sets of parameters nothing is sent: the count is 0, or there is none where results are asked for.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  g_assert_true (execute_many (cursor, INSERT, make_sets (0, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 0);
  g_assert_null (pg_base_cursor_get_status_message (cursor));
  g_assert_true (execute_batch (cursor, INSERT, batch, PG_EXECUTE_MANY_RETURNING, NULL, &error));
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, -1);
  g_assert_cmpuint (pg_base_cursor_get_n_results (cursor), ==, 0);
  g_assert_true (execute_batch (cursor, "not a statement", NULL, PG_EXECUTE_MANY_MORE, NULL, &error));
  g_assert_true (execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_no_error (error);
  assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
}

static void
test_returning (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("With results there is one for each set of parameters.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  g_assert_true (execute_many (cursor, "INSERT INTO t VALUES (%s, %s) RETURNING i * 2", make_sets (300, 1), PG_EXECUTE_MANY_RETURNING, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pg_base_cursor_get_n_results (cursor), ==, 300);
  for (guint i = 0; i < 300; i++)
    {
      g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 1);
      g_assert_cmpint (pg_result_get_int64 (pg_base_cursor_get_result (cursor), 0, 0, &error), ==, (i + 1) * 2);
      g_assert_no_error (error);
      g_assert_cmpint (pg_base_cursor_next_result (cursor), ==, i < 299);
    }
  assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 300);
}

static void
test_types (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GString) types = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The types may differ from set to set; NULL takes the type that was there, and an integer the wider one.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  g_assert_true (execute_many (cursor, "SELECT pg_typeof($1)::text || ' ' || coalesce($1::text, 'null')",
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
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
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
  cursor = new_cursor (connection);
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
  g_assert_true (execute_batch (cursor, "SELECT concat_ws(' ', $1, $2, $3, $4, $5, $6::date, pg_typeof($1), pg_typeof($2))", batch, PG_EXECUTE_MANY_RETURNING, NULL,
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
  g_assert_true (execute_batch (cursor, "INSERT INTO t (s, i) VALUES (%(name)s, %(id)t)", batch, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t WHERE (i, s) IN ((1, 'one'), (2, ''), (3, 'drei'))"), ==, 3);
}

static void
assert_refused (PgBaseCursor *cursor, const char *query, PgParamsBatch *batch, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (execute_batch (cursor, query, batch, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_error (error, PG_ERROR, code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

static void
test_bad_input (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (PgParamsBatch) batch = make_batch (2, 1, 3);
  g_autoptr (PgParamsBatch) uneven = make_batch (2, 1, 3);
  g_autoptr (PgParamsBatch) unended = pg_params_batch_new ();
  g_autoptr (PgParamsBatch) mixed = make_batch (2, 1, 3);
  g_autoptr (PgParamsBatch) named = pg_params_batch_new ();
  g_autoptr (GBytes) three = make_integers (3, 1);
  g_autoptr (GBytes) text = g_bytes_new_static ("a\0b", 3);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be sent is refused by a message that names it, and nothing of it is done.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
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

  g_assert_false (execute_many (cursor, INSERT, g_variant_new_string ("x"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_false (execute_many (cursor, INSERT, g_variant_new_parsed ("[<(1, 'a')>, <(2, 'b')>, <(3,)>]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_true (g_str_has_prefix (error->message, "set of parameters 3: "));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
  assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
}

/* --- failures --- */

static void
test_server_error (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The first error wins and names its set of parameters; in autocommit nothing is left of the batch, else the transaction has failed.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  pg_test_driver_run (connection, "INSERT INTO t VALUES (1234)");
  g_assert_false (execute_many (cursor, INSERT, make_sets (5000, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_true (g_str_has_prefix (error->message, "set of parameters 1234: "));
  g_assert_nonnull (pg_error_get_diagnostic (error));
  g_clear_error (&error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, -1);
  assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 1);

  g_assert_true (pg_test_driver_set_autocommit (connection, FALSE, &error));
  g_assert_false (execute_many (cursor, INSERT, make_sets (5000, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_clear_error (&error);
  assert_state (connection, PG_TRANSACTION_STATUS_INERROR);
  g_assert_false (execute_many (cursor, INSERT, make_sets (2, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION);
  g_clear_error (&error);
  g_assert_true (pg_test_driver_rollback (connection, &error));

  g_assert_false (execute_many (cursor, "INSERT INTO nowhere VALUES ($1, $2)", make_sets (2, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_TABLE);
  g_assert_false (g_str_has_prefix (error->message, "set of parameters"));
}

static void
test_deferred (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What only the end of the transaction finds is the error of the whole batch.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE d (i int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  g_assert_false (execute_many (cursor, "INSERT INTO d VALUES ($1)", g_variant_new_parsed ("[(1,), (1,), (2,)]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_false (g_str_has_prefix (error->message, "set of parameters"));
  assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM d"), ==, 0);
}

/* --- several calls --- */

static void
test_more (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (PgBaseCursor) cursor = NULL, other = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Several calls are one batch; between them the connection is busy.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (PgParamsBatch) batch = make_batch (500, i * 500, 40);

      g_assert_true (execute_batch (cursor, i == 0 ? INSERT : NULL, batch, i == 19 ? PG_EXECUTE_MANY_NONE : PG_EXECUTE_MANY_MORE, NULL, &error));
      g_assert_no_error (error);
      if (i == 10 && GPOINTER_TO_INT (driver) == PG_TEST_DRIVER_BLOCKING)
        {
          g_assert_null (pg_test_driver_execute (connection, "SELECT 1", NULL, NULL, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_clear_error (&error);
        }
    }
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, 10000);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 10000);
}

static gboolean
count_notices (PgBaseConnection *connection, PgDiagnostic *diagnostic, guint *n)
{
  ++*n;
  return FALSE;
}

static void
test_abort (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, TRUE);
  g_autoptr (GError) error = NULL;
  guint n_notices = 0;

  g_test_summary ("A batch that is given up is rolled back in autocommit: by a flag, by a part that cannot be sent, by closing the cursor, by dropping it.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notice", G_CALLBACK (count_notices), &n_notices);
  for (guint way = 0; way < 5; way++)
    {
      PgBaseCursor *cursor = new_cursor (connection);
      g_autoptr (PgParamsBatch) first = make_batch (500, 0, 40);
      g_autoptr (PgParamsBatch) wrong = pg_params_batch_new ();
      g_autoptr (GBytes) values = make_integers (2, 1);

      pg_params_batch_add_integer_column (wrong, values, 8, NULL);
      g_assert_true (execute_batch (cursor, INSERT, first, PG_EXECUTE_MANY_MORE, NULL, &error));
      g_assert_no_error (error);
      switch (way)
        {
        case 0:
          g_assert_true (execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_ABORT, NULL, &error));
          g_assert_no_error (error);
          break;
        case 1:
          g_assert_false (execute_batch (cursor, NULL, wrong, PG_EXECUTE_MANY_MORE, NULL, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_clear_error (&error);
          break;
        case 2:
          g_assert_false (execute_many (cursor, NULL, g_variant_new_parsed ("[<(5000, 'a')>, <(1,)>]"), PG_EXECUTE_MANY_MORE, &error));
          g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
          g_assert_true (g_str_has_prefix (error->message, "set of parameters 502: "));
          g_clear_error (&error);
          break;
        case 3:
          pg_base_cursor_close (cursor);
          break;
        default:
          break;
        }
      if (way < 3)
        assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
      g_object_unref (cursor);
      g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
      assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
    }
  g_assert_cmpuint (n_notices, ==, 0);
}

static void
test_abort_in_transaction (gconstpointer driver)
{
  g_autoptr (PgBaseConnection) connection = open_with_table (driver, FALSE);
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("In a transaction what was done before a batch was given up stays until the transaction is rolled back.");
  if (connection == NULL)
    return;
  cursor = new_cursor (connection);
  pg_test_driver_run (connection, "INSERT INTO t VALUES (-1)");
  g_assert_false (execute_many (cursor, INSERT, g_variant_new_parsed ("[<(1, 'a')>, <(2, 'b')>, <(3,)>]"), PG_EXECUTE_MANY_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  assert_state (connection, PG_TRANSACTION_STATUS_INTRANS);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 3);
  g_assert_true (pg_test_driver_rollback (connection, &error));
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

/* --- cost, back-pressure, cancelling, lost connections --- */

static void
test_cost (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("One Parse and one Sync for all, in one round trip where it is small.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  g_assert_true (pg_test_driver_set_autocommit (session.connection, FALSE, &error));
  cursor = new_cursor (session.connection);
  pg_fault_proxy_reset_counts (session.proxy);
  g_assert_true (execute_many (cursor, INSERT, make_sets (100, 1), PG_EXECUTE_MANY_NONE, &error));
  g_assert_no_error (error);
  g_assert_true (pg_fault_proxy_wait_messages (session.proxy, PG_FAULT_TO_CLIENT, 'Z', 1, 30000));
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session.proxy), ==, 1);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, 'S'), ==, 1);
  /* And one for BEGIN. */
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, 'P'), ==, 2);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_SERVER, 'E'), ==, 101);
  g_assert_cmpuint (pg_fault_proxy_count_messages (session.proxy, PG_FAULT_TO_CLIENT, 'Z'), ==, 1);
}

static void
test_back_pressure (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  const guint n = pg_test_repeat (1000, 20000);
  gint64 bytes;

  g_test_summary ("More than all buffers take in both directions, sent and answered at once: neither side waits for the other to read.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = new_cursor (session.connection);
  {
    g_autoptr (PgParamsBatch) batch = make_batch (n, 0, 20000);

    g_assert_true (execute_batch (cursor, "SELECT length($2), $1::bigint, repeat('y', 20000)", batch, PG_EXECUTE_MANY_NONE, NULL, &error));
  }
  g_assert_no_error (error);
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, n);
  bytes = (gint64) pg_fault_proxy_count_bytes (session.proxy, PG_FAULT_TO_CLIENT);
  g_assert_cmpint (bytes, >, (gint64) n * 20000);
  pg_test_session_assert_usable (&session);
}

static void
cancel_now (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancel (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = make_batch (100, 0, 10);
  GThread *thread;

  g_test_summary ("A batch that is cancelled is rolled back in autocommit, whichever set of parameters it has come to.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  cursor = new_cursor (session.connection);
  thread = pg_test_later (200, cancel_now, session.cancellable);
  g_assert_false (execute_batch (cursor, "WITH x AS (INSERT INTO t VALUES ($1, $2)) SELECT pg_sleep(CASE WHEN $1 > 50 THEN 600 ELSE 0 END)", batch,
                                 PG_EXECUTE_MANY_NONE, session.cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  assert_state (session.connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM t"), ==, 0);
  g_clear_error (&error);

  /* Between two parts: the next one finds that it is cancelled. */
  {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();

    g_assert_true (execute_batch (cursor, INSERT, batch, PG_EXECUTE_MANY_MORE, cancellable, &error));
    g_assert_no_error (error);
    g_cancellable_cancel (cancellable);
    g_assert_false (execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
  assert_state (session.connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM t"), ==, 0);
  pg_test_session_assert_usable (&session);
}

static void
test_cancel_blocked (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = make_batch (2000, 0, 20000);
  GThread *thread;

  g_test_summary ("It is cancelled, too, while the socket takes no more and most sets of parameters have not been sent.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = new_cursor (session.connection);
  thread = pg_test_later (200, cancel_now, session.cancellable);
  g_assert_false (execute_batch (cursor, "SELECT length($2), pg_sleep(CASE WHEN $1 > 5 THEN 600 ELSE 0 END)", batch, PG_EXECUTE_MANY_NONE, session.cancellable,
                                 &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  pg_test_session_assert_usable (&session);
}

static void
test_timeout (gconstpointer driver)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = make_batch (10, 0, 10);

  g_test_summary ("The time limit is for all calls of a batch together.");
  if (conninfo == NULL)
    return;
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), conninfo, TRUE);
  pg_test_driver_run (connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
  pg_base_connection_set_timeout (connection, 300);
  cursor = new_cursor (connection);
  g_assert_true (execute_batch (cursor, INSERT, batch, PG_EXECUTE_MANY_MORE, NULL, &error));
  g_assert_no_error (error);
  g_usleep (400 * 1000);
  g_assert_false (execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  pg_base_connection_set_timeout (connection, 0);
  assert_state (connection, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM t"), ==, 0);
}

static void
test_lost (gconstpointer driver)
{
  g_test_summary ("A connection that is lost anywhere in a batch is said so, and is closed.");
  for (guint i = 0; i < 12; i++)
    {
      g_auto (PgTestSession) session = { 0 };
      g_autoptr (PgBaseCursor) cursor = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (PgParamsBatch) batch = make_batch (500, 0, 500);
      const PgFaultDirection direction = i % 2 == 0 ? PG_FAULT_TO_SERVER : PG_FAULT_TO_CLIENT;
      gboolean ok;

      if (!pg_test_session_open (&session, driver, TRUE))
        return;
      pg_test_driver_run (session.connection, "CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)");
      cursor = new_cursor (session.connection);
      pg_fault_proxy_act_after (session.proxy, direction, 20 + 1500 * i, PG_FAULT_ACTION_CUT);
      ok = execute_batch (cursor, "INSERT INTO t VALUES ($1, $2) RETURNING s", batch, i % 3 == 0 ? PG_EXECUTE_MANY_MORE : PG_EXECUTE_MANY_RETURNING, NULL, &error);
      if (ok)
        ok = execute_batch (cursor, NULL, NULL, PG_EXECUTE_MANY_NONE, NULL, &error);
      g_assert_false (ok);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
      pg_test_session_assert_broken (&session);
    }
}

static void
test_terminated (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgBaseCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgParamsBatch) batch = make_batch (500, 0, 100);

  g_test_summary ("The server's last words are the reason where it ends the session itself.");
  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  cursor = new_cursor (session.connection);
  g_assert_false (execute_batch (cursor, "SELECT $2::text, CASE WHEN $1 = 300 THEN pg_terminate_backend(pg_backend_pid()) END", batch, PG_EXECUTE_MANY_NONE, NULL,
                                 &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_ADMIN_SHUTDOWN);
  pg_test_session_assert_broken (&session);
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
  pg_test_driver_add ("/pg/execute-many/%s/server-error", test_server_error);
  pg_test_driver_add ("/pg/execute-many/%s/deferred", test_deferred);
  pg_test_driver_add ("/pg/execute-many/%s/more", test_more);
  pg_test_driver_add ("/pg/execute-many/%s/abort", test_abort);
  pg_test_driver_add ("/pg/execute-many/%s/abort-in-transaction", test_abort_in_transaction);
  pg_test_driver_add ("/pg/execute-many/%s/cost", test_cost);
  pg_test_driver_add ("/pg/execute-many/%s/back-pressure", test_back_pressure);
  pg_test_driver_add ("/pg/execute-many/%s/cancel", test_cancel);
  pg_test_driver_add ("/pg/execute-many/%s/cancel-blocked", test_cancel_blocked);
  pg_test_driver_add ("/pg/execute-many/%s/timeout", test_timeout);
  pg_test_driver_add ("/pg/execute-many/%s/lost", test_lost);
  pg_test_driver_add ("/pg/execute-many/%s/terminated", test_terminated);
  return g_test_run ();
}
