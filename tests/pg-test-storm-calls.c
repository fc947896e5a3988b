/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-storm.h"
#include "pg-test-verbs.h"

/* Single calls. */

static void
select_sizes (PgTestStorm *self)
{
  const gint64 number = pg_test_storm_next (self);
  const gsize out = pg_test_storm_random_size (self), in = pg_test_storm_random_size (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;
  PgResult *result;
  const char *text;

  pg_test_storm_note ("  %" G_GSIZE_FORMAT " bytes there, %" G_GSIZE_FORMAT " back", out, in);
  cursor = pg_test_driver_execute (self->connection, "SELECT $1::int8, length($2), repeat('x', $3::int)",
                                   g_variant_new ("(xsi)", number, pg_test_storm_filler (out), (gint) in), self->cancellable, &error);
  if (!pg_test_storm_took (self, cursor != NULL, &error, 0))
    return;
  result = pg_base_cursor_get_result (cursor);
  g_assert_cmpuint (pg_result_get_n_rows (result), ==, 1);
  g_assert_cmpint (pg_test_storm_get_number (result, 0), ==, number);
  g_assert_cmpint (pg_result_get_int64 (result, 0, 1, NULL), ==, out);
  text = pg_result_get_text (result, 0, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, pg_test_storm_filler (in));
}

void
pg_test_storm_op_select (PgTestStorm *self)
{
  const gint64 number = pg_test_storm_next (self);
  g_autofree char *sql = NULL;

  switch (pg_test_storm_random (self, 0, 3))
    {
    case 0:
      sql = g_strdup_printf ("SELECT %" G_GINT64_FORMAT " FROM pg_sleep(%g)", number, 0.0001 * pg_test_storm_random (self, 1, 100));
      break;
    case 1:
      sql = g_strdup_printf ("SELECT 1; SELECT %" G_GINT64_FORMAT, number);
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->connection, sql, NULL, self->cancellable, &error);

        if (!pg_test_storm_took (self, cursor != NULL, &error, 0))
          return;
        g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (cursor), 0), ==, 1);
        g_assert_true (pg_base_cursor_next_result (cursor));
        g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (cursor), 0), ==, number);
      }
      return;
    case 2:
      pg_test_storm_select (self, "SELECT $1::int8", g_variant_new ("(x)", number), number);
      return;
    case 3:
    default:
      select_sizes (self);
      return;
    }
  pg_test_storm_select (self, sql, NULL, number);
}

void
pg_test_storm_op_insert (PgTestStorm *self)
{
  const gint64 id = pg_test_storm_new_ids (self, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->connection, "INSERT INTO storm VALUES ($1, $2)",
                                                            g_variant_new ("(xs)", id, pg_test_storm_filler (pg_test_storm_random_size (self))), self->cancellable, &error);

  pg_test_storm_wrote (self, id, 1, pg_test_storm_took (self, cursor != NULL, &error, 0));
}

void
pg_test_storm_op_error (PgTestStorm *self)
{
  static const struct
  {
    const char *sql;
    int code;
  } cases[] = {
    { "SELECT 1 / 0", PG_ERROR_DIVISION_BY_ZERO },
    { "SELEKT 1", PG_ERROR_SYNTAX_ERROR },
    { "SELECT * FROM nowhere", PG_ERROR_UNDEFINED_TABLE },
    { "INSERT INTO storm SELECT NULL FROM generate_series(1, 3)", PG_ERROR_NOT_NULL_VIOLATION },
    { "SELECT 1 / (999 - i), repeat('x', 100) FROM generate_series(1, 1000) AS i", PG_ERROR_DIVISION_BY_ZERO },
    { "SELECT 1; SELECT 1 / 0; SELECT 2", PG_ERROR_DIVISION_BY_ZERO },
  };
  const guint i = (guint) pg_test_storm_random (self, 0, G_N_ELEMENTS (cases) - 1);

  pg_test_storm_run (self, cases[i].sql, cases[i].code);
}

void
pg_test_storm_op_signals (PgTestStorm *self)
{
  static const char *const statements[] = {
    "DO $$BEGIN RAISE NOTICE 'storm'; END$$",
    "NOTIFY storm, 'x'",
    "DO $$BEGIN FOR i IN 1..50 LOOP RAISE NOTICE 'storm %', repeat('x', 1000); END LOOP; END$$",
  };
  const guint dice = (guint) pg_test_storm_random (self, 0, 9);
  const guint which = (guint) pg_test_storm_random (self, 0, G_N_ELEMENTS (statements) - 1);

  self->handler = dice == 0 ? PG_TEST_STORM_HANDLER_CLOSE : dice < 6 ? PG_TEST_STORM_HANDLER_EXECUTE : PG_TEST_STORM_HANDLER_NONE;
  self->n_signals = 0;
  if (pg_test_storm_run (self, statements[which], 0) && (which != 1 || !pg_test_storm_is_transactional (self)))
    g_assert_cmpuint (self->n_signals, >, 0);
}

/* --- transactions --- */

void
pg_test_storm_op_commit (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  const gboolean ok = pg_test_storm_took (self, pg_test_driver_commit (self->connection, self->cancellable, &error), &error,
                                          self->failed ? PG_ERROR_TRANSACTION_ROLLED_BACK : 0);

  if (!ok && pg_base_connection_get_closed (self->connection))
    {
      pg_test_storm_end_transaction (self, PG_TEST_STORM_UNKNOWN);
      return;
    }
  if (ok)
    {
      pg_test_storm_end_transaction (self, PG_TEST_STORM_PRESENT);
      self->in_transaction = FALSE;
    }
  else if (pg_base_connection_get_transaction_status (self->connection) == PG_TRANSACTION_STATUS_IDLE)
    {
      pg_test_storm_end_transaction (self, PG_TEST_STORM_ABSENT);
      self->in_transaction = FALSE;
    }
  self->failed = pg_base_connection_get_transaction_status (self->connection) == PG_TRANSACTION_STATUS_INERROR;
}

void
pg_test_storm_op_rollback (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;

  if (!pg_test_storm_took (self, pg_test_driver_rollback (self->connection, &error), &error, 0)
      && (pg_base_connection_get_closed (self->connection) || pg_base_connection_get_transaction_status (self->connection) != PG_TRANSACTION_STATUS_IDLE))
    return;
  pg_test_storm_end_transaction (self, PG_TEST_STORM_ABSENT);
  self->in_transaction = self->failed = FALSE;
}

void
pg_test_storm_op_begin (PgTestStorm *self)
{
  if (pg_test_storm_is_transactional (self))
    return;
  if (pg_test_storm_run (self, "BEGIN", 0))
    self->in_transaction = TRUE;
  else if (!pg_base_connection_get_closed (self->connection))
    self->in_transaction = pg_base_connection_get_transaction_status (self->connection) != PG_TRANSACTION_STATUS_IDLE;
}

void
pg_test_storm_op_autocommit (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  const gboolean open = self->in_transaction;

  if (!open || pg_test_storm_random (self, 0, 3) > 0)
    {
      pg_test_storm_op_rollback (self);
      if (self->had_error)
        return;
    }
  if (pg_test_storm_took (self, pg_test_driver_set_autocommit (self->connection, !self->autocommit, &error), &error, self->in_transaction ? PG_ERROR_PROGRAMMING : 0))
    self->autocommit = !self->autocommit;
}

void
pg_test_storm_op_savepoint (PgTestStorm *self)
{
  const gboolean keep = pg_test_storm_random (self, 0, 1) == 0;
  const gboolean break_it = !keep && pg_test_storm_random (self, 0, 1) == 0;
  const guint first = self->fates->len;

  if (!pg_test_storm_is_transactional (self) || self->failed)
    return;
  if (!pg_test_storm_run (self, "SAVEPOINT storm", 0))
    return;
  for (gint i = pg_test_storm_random (self, 0, 3); i > 0 && !self->had_error; i--)
    pg_test_storm_op_insert (self);
  if (self->had_error)
    return;
  if (break_it && !pg_test_storm_run (self, "SELECT 1 / 0", PG_ERROR_DIVISION_BY_ZERO)
      && (pg_base_connection_get_closed (self->connection) || pg_base_connection_get_transaction_status (self->connection) != PG_TRANSACTION_STATUS_INERROR))
    return;
  if (keep)
    {
      pg_test_storm_run (self, "RELEASE SAVEPOINT storm", 0);
      return;
    }
  if (pg_test_storm_run (self, "ROLLBACK TO SAVEPOINT storm", 0))
    {
      pg_test_storm_set_fates (self, first, self->fates->len - first, PG_TEST_STORM_ABSENT);
      pg_test_storm_run (self, "RELEASE SAVEPOINT storm", 0);
    }
}

/* --- others --- */

void
pg_test_storm_op_statement (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgStatement) statement = pg_test_verb_prepare (self->connection, "INSERT INTO storm VALUES ($1, $2) RETURNING i", self->cancellable, &error);
  g_autoptr (PgBaseCursor) cursor = NULL;

  if (!pg_test_storm_took (self, statement != NULL, &error, 0) || (cursor = pg_test_storm_cursor_new (self)) == NULL)
    return;
  for (gint i = pg_test_storm_random (self, 1, 4); i > 0 && !self->had_error; i--)
    {
      const gint64 id = pg_test_storm_new_ids (self, 1);
      gboolean ok = pg_test_verb_execute_statement (cursor, statement, g_variant_new ("(xs)", id, pg_test_storm_filler (pg_test_storm_random_size (self))),
                                                    self->cancellable, &error);

      ok = pg_test_storm_took (self, ok, &error, 0);
      pg_test_storm_wrote (self, id, 1, ok);
      if (ok)
        g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (cursor), 0), ==, id);
    }
  if (!self->had_error && pg_test_storm_random (self, 0, 3) > 0)
    pg_test_storm_took (self, pg_test_verb_close_statement (self->connection, statement, self->cancellable, &error), &error, 0);
}

void
pg_test_storm_op_fetch_type (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgTypeInfo) type = pg_test_verb_fetch_type (self->connection, "storm", self->cancellable, &error);

  if (pg_test_storm_took (self, type != NULL, &error, 0))
    g_assert_cmpstr (pg_type_info_get_name (type), ==, "storm");
}

void
pg_test_storm_op_compare (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->connection, "SELECT i FROM storm ORDER BY i", NULL, self->cancellable, &error);

  if (pg_test_storm_took (self, cursor != NULL, &error, 0))
    pg_test_storm_compare (self, pg_base_cursor_get_result (cursor));
}

void
pg_test_storm_op_close (PgTestStorm *self)
{
  self->handler_closed = TRUE;
  pg_base_connection_close (self->connection);
}
