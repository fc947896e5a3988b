/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-row-stream.h"

void
pg_test_stream_session_clear (PgTestStreamSession *self)
{
  g_clear_object (&self->cursor);
  g_clear_object (&self->connection);
}

gboolean
pg_test_stream_session_open (PgTestStreamSession *self, gconstpointer driver, gboolean autocommit)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();

  if (conninfo == NULL)
    return FALSE;
  self->driver = GPOINTER_TO_INT (driver);
  self->connection = pg_test_driver_open_ok (self->driver, conninfo, autocommit);
  if (self->driver == PG_TEST_DRIVER_BLOCKING)
    self->cursor = PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (self->connection), NULL));
  else
    self->cursor = PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (self->connection), NULL));
  g_assert_nonnull (self->cursor);
  return TRUE;
}

PgBaseRowStream *
pg_test_stream_with (PgTestStreamSession *self, const char *sql, GVariant *params, guint chunk_size, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  if (self->driver == PG_TEST_DRIVER_BLOCKING)
    return (PgBaseRowStream *) pg_cursor_stream (PG_CURSOR (self->cursor), sql, params, chunk_size, NULL, error);
  pg_async_cursor_stream_async (PG_ASYNC_CURSOR (self->cursor), sql, params, chunk_size, NULL, pg_test_wait_done, &wait);
  return (PgBaseRowStream *) pg_async_cursor_stream_finish (PG_ASYNC_CURSOR (self->cursor), pg_test_wait (&wait), error);
}

PgBaseRowStream *
pg_test_stream (PgTestStreamSession *self, const char *sql, guint chunk_size)
{
  g_autoptr (GError) error = NULL;
  PgBaseRowStream *rows = pg_test_stream_with (self, sql, NULL, chunk_size, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rows);
  return rows;
}

PgResult *
pg_test_stream_next_cancellable (PgBaseRowStream *rows, GCancellable *cancellable, GError **error)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;

  if (PG_IS_ROW_STREAM (rows))
    return pg_row_stream_next_chunk (PG_ROW_STREAM (rows), cancellable, error);
  pg_async_row_stream_next_chunk_async (PG_ASYNC_ROW_STREAM (rows), cancellable, pg_test_wait_done, &wait);
  return pg_async_row_stream_next_chunk_finish (PG_ASYNC_ROW_STREAM (rows), pg_test_wait (&wait), error);
}

PgResult *
pg_test_stream_next (PgBaseRowStream *rows)
{
  g_autoptr (GError) error = NULL;
  PgResult *chunk = pg_test_stream_next_cancellable (rows, NULL, &error);

  g_assert_no_error (error);
  return chunk;
}

void
pg_test_stream_assert_next_fails (PgBaseRowStream *rows, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pg_test_stream_next_cancellable (rows, NULL, &error));
  g_assert_error (error, domain, code);
}

void
pg_test_stream_close (PgBaseRowStream *rows)
{
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (PG_IS_ROW_STREAM (rows))
    {
      ok = pg_row_stream_close (PG_ROW_STREAM (rows), NULL, &error);
    }
  else
    {
      pg_async_row_stream_close_async (PG_ASYNC_ROW_STREAM (rows), NULL, pg_test_wait_done, &wait);
      ok = pg_async_row_stream_close_finish (PG_ASYNC_ROW_STREAM (rows), pg_test_wait (&wait), &error);
    }
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_true (pg_base_row_stream_is_over (rows));
}

PgTransactionStatus
pg_test_stream_status (PgTestStreamSession *self)
{
  return pg_base_connection_get_transaction_status (self->connection);
}

guint
pg_test_stream_count (PgBaseRowStream *rows)
{
  PgResult *chunk;
  guint n = 0;

  while ((chunk = pg_test_stream_next (rows)) != NULL)
    {
      n += pg_result_get_n_rows (chunk);
      g_object_unref (chunk);
    }
  return n;
}
