/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-large-object.h"

#include <string.h>

static gboolean
is_async (PgTestSession *session)
{
  return PG_IS_ASYNC_CONNECTION (session->connection);
}

PgLargeObject *
pg_test_lob_create (PgTestSession *session, guint oid, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!is_async (session))
    return pg_connection_create_large_object (PG_CONNECTION (session->connection), oid, NULL, error);
  pg_async_connection_create_large_object_async (PG_ASYNC_CONNECTION (session->connection), oid, NULL, pg_test_keep_result, &result);
  return pg_async_connection_create_large_object_finish (PG_ASYNC_CONNECTION (session->connection), pg_test_wait_for (&result), error);
}

PgLargeObject *
pg_test_lob_open (PgTestSession *session, guint oid, PgLargeObjectMode mode, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!is_async (session))
    return pg_connection_open_large_object (PG_CONNECTION (session->connection), oid, mode, NULL, error);
  pg_async_connection_open_large_object_async (PG_ASYNC_CONNECTION (session->connection), oid, mode, NULL, pg_test_keep_result, &result);
  return pg_async_connection_open_large_object_finish (PG_ASYNC_CONNECTION (session->connection), pg_test_wait_for (&result), error);
}

gboolean
pg_test_lob_unlink (PgTestSession *session, guint oid, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!is_async (session))
    return pg_connection_unlink_large_object (PG_CONNECTION (session->connection), oid, NULL, error);
  pg_async_connection_unlink_large_object_async (PG_ASYNC_CONNECTION (session->connection), oid, NULL, pg_test_keep_result, &result);
  return pg_async_connection_unlink_large_object_finish (PG_ASYNC_CONNECTION (session->connection), pg_test_wait_for (&result), error);
}

gssize
pg_test_lob_read (PgTestSession *session, PgLargeObject *object, gpointer buffer, gsize size, GCancellable *cancellable, GError **error)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (object));
  g_autoptr (GAsyncResult) result = NULL;
  gsize n;

  if (!is_async (session))
    return g_input_stream_read_all (stream, buffer, size, &n, cancellable, error) ? (gssize) n : -1;
  g_input_stream_read_all_async (stream, buffer, size, 0, cancellable, pg_test_keep_result, &result);
  return g_input_stream_read_all_finish (stream, pg_test_wait_for (&result), &n, error) ? (gssize) n : -1;
}

gboolean
pg_test_lob_write (PgTestSession *session, PgLargeObject *object, gconstpointer data, gsize size, gsize *written, GError **error)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (object));
  g_autoptr (GAsyncResult) result = NULL;

  if (!is_async (session))
    return g_output_stream_write_all (stream, data, size, written, NULL, error);
  g_output_stream_write_all_async (stream, data, size, 0, NULL, pg_test_keep_result, &result);
  return g_output_stream_write_all_finish (stream, pg_test_wait_for (&result), written, error);
}

goffset
pg_test_lob_get_size (PgTestSession *session, PgLargeObject *object)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  goffset size;

  if (!is_async (session))
    {
      size = pg_large_object_query_size (object, NULL, &error);
    }
  else
    {
      pg_large_object_query_size_async (object, NULL, pg_test_keep_result, &result);
      size = pg_large_object_query_size_finish (object, pg_test_wait_for (&result), &error);
    }
  g_assert_no_error (error);
  return size;
}

gboolean
pg_test_lob_truncate (PgTestSession *session, PgLargeObject *object, goffset size, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!is_async (session))
    return g_seekable_truncate (G_SEEKABLE (object), size, NULL, error);
  pg_large_object_truncate_async (object, size, NULL, pg_test_keep_result, &result);
  return pg_large_object_truncate_finish (object, pg_test_wait_for (&result), error);
}

void
pg_test_lob_close (PgTestSession *session, PgLargeObject *object)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!is_async (session))
    {
      g_assert_true (g_io_stream_close (G_IO_STREAM (object), NULL, &error));
    }
  else
    {
      g_io_stream_close_async (G_IO_STREAM (object), 0, NULL, pg_test_keep_result, &result);
      g_assert_true (g_io_stream_close_finish (G_IO_STREAM (object), pg_test_wait_for (&result), &error));
    }
  g_assert_no_error (error);
}

PgLargeObject *
pg_test_lob_create_ok (PgTestSession *session)
{
  g_autoptr (GError) error = NULL;
  PgLargeObject *object = pg_test_lob_create (session, 0, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
  return object;
}

PgLargeObject *
pg_test_lob_open_ok (PgTestSession *session, guint oid, PgLargeObjectMode mode)
{
  g_autoptr (GError) error = NULL;
  PgLargeObject *object = pg_test_lob_open (session, oid, mode, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
  return object;
}

void
pg_test_lob_write_text (PgTestSession *session, PgLargeObject *object, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pg_test_lob_write (session, object, text, strlen (text), NULL, &error));
  g_assert_no_error (error);
}

void
pg_test_lob_assert_reads (PgTestSession *session, PgLargeObject *object, const char *text, gsize size)
{
  char buffer[64];
  g_autoptr (GError) error = NULL;
  gssize n = pg_test_lob_read (session, object, buffer, size, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n, ==, (gssize) strlen (text));
  g_assert_cmpint (memcmp (buffer, text, strlen (text)), ==, 0);
}

void
pg_test_lob_seek (PgLargeObject *object, goffset offset, GSeekType type)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_seekable_seek (G_SEEKABLE (object), offset, type, NULL, &error));
  g_assert_no_error (error);
}
