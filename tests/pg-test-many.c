/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-many.h"

#include "pg-test-fixture.h"

#include <string.h>

PgBaseCursor *
pg_test_many_cursor_new (PgBaseConnection *connection)
{
  if (PG_IS_CONNECTION (connection))
    return PG_BASE_CURSOR (pg_connection_cursor (PG_CONNECTION (connection), NULL));
  return PG_BASE_CURSOR (pg_async_connection_cursor (PG_ASYNC_CONNECTION (connection), NULL));
}

gboolean
pg_test_many_execute (PgBaseCursor *cursor, const char *query, GVariant *sets, PgExecuteManyFlags flags, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CURSOR (cursor))
    return pg_cursor_execute_many (PG_CURSOR (cursor), query, sets, flags, NULL, error);
  pg_async_cursor_execute_many_async (PG_ASYNC_CURSOR (cursor), query, sets, flags, NULL, pg_test_keep_result, &result);
  return pg_async_cursor_execute_many_finish (PG_ASYNC_CURSOR (cursor), pg_test_wait_for (&result), error);
}

gboolean
pg_test_many_execute_batch (PgBaseCursor *cursor, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (PG_IS_CURSOR (cursor))
    return pg_cursor_execute_batch (PG_CURSOR (cursor), query, batch, flags, cancellable, error);
  pg_async_cursor_execute_batch_async (PG_ASYNC_CURSOR (cursor), query, batch, flags, cancellable, pg_test_keep_result, &result);
  return pg_async_cursor_execute_batch_finish (PG_ASYNC_CURSOR (cursor), pg_test_wait_for (&result), error);
}

PgBaseConnection *
pg_test_many_open (gconstpointer driver, gboolean autocommit)
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

void
pg_test_many_assert_state (PgBaseConnection *connection, PgTransactionStatus status)
{
  g_assert_cmpint (pg_base_connection_get_transaction_status (connection), ==, status);
}

GVariant *
pg_test_many_sets_new (guint n, gint64 first)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xs)"));
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&builder, "(xs)", first + i, "text");
  return g_variant_builder_end (&builder);
}

GBytes *
pg_test_many_integers_new (guint n, gint64 first)
{
  gint64 *values = g_new (gint64, n);

  for (guint i = 0; i < n; i++)
    values[i] = first + i;
  return g_bytes_new_take (values, n * sizeof (gint64));
}

static GBytes *
texts_new (guint n, gsize length)
{
  char *texts = g_malloc (n * (length + 1));

  memset (texts, 'x', n * (length + 1));
  for (guint i = 0; i < n; i++)
    texts[(i + 1) * (length + 1) - 1] = '\0';
  return g_bytes_new_take (texts, n * (length + 1));
}

PgParamsBatch *
pg_test_many_batch_new (guint n, gint64 first, gsize length)
{
  PgParamsBatch *batch = pg_params_batch_new ();
  g_autoptr (GBytes) integers = pg_test_many_integers_new (n, first);
  g_autoptr (GBytes) texts = texts_new (n, length);

  pg_params_batch_add_integer_column (batch, integers, sizeof (gint64), NULL);
  pg_params_batch_add_text_column (batch, 0, texts, NULL);
  return batch;
}
