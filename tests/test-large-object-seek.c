/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The position in large objects, with both connection classes. */
#include "pg-test-fixture.h"
#include "pg-test-large-object.h"

#include <locale.h>
#include <string.h>

static void
test_beyond_2_gb (gconstpointer driver)
{
  const goffset far = G_GOFFSET_CONSTANT (5) * 1024 * 1024 * 1024;
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_seek (object, far, G_SEEK_SET);
  pg_test_lob_write_text (&session, object, "far");
  g_assert_cmpint (pg_test_lob_get_size (&session, object), ==, far + 3);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (object)), ==, far + 3);
  pg_test_lob_seek (object, far - 2, G_SEEK_SET);
  {
    char buffer[8];

    g_assert_cmpint (pg_test_lob_read (&session, object, buffer, sizeof buffer, NULL, &error), ==, 5);
    g_assert_cmpint (memcmp (buffer, "\0\0far", 5), ==, 0);
  }
  g_assert_true (pg_test_lob_truncate (&session, object, far + 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_test_lob_get_size (&session, object), ==, far + 1);
  g_assert_true (pg_test_lob_truncate (&session, object, 0, &error));
  g_assert_cmpint (pg_test_lob_get_size (&session, object), ==, 0);
  g_assert_false (g_seekable_seek (G_SEEKABLE (object), -1, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (g_seekable_seek (G_SEEKABLE (object), G_MAXINT64, G_SEEK_CUR, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static goffset
seek (PgLargeObject *object, goffset offset, GSeekType type, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pg_large_object_seek_async (object, offset, type, cancellable, pg_test_keep_result, &result);
  return pg_large_object_seek_finish (object, pg_test_wait_for (&result), error);
}

/* Of both kinds of connections; with one that blocks a thread waits. */
static void
test_seek_async (gconstpointer driver)
{
  static const struct
  {
    goffset offset;
    GSeekType type;
    goffset position;
  } seeks[] = { { 4, G_SEEK_SET, 4 }, { -3, G_SEEK_END, 7 }, { 2, G_SEEK_CUR, 9 }, { 0, G_SEEK_END, 10 }, { 5, G_SEEK_END, 15 }, { -10, G_SEEK_END, 0 } };
  static const struct
  {
    goffset offset;
    GSeekType type;
  } wrong[] = { { -1, G_SEEK_SET }, { -9, G_SEEK_CUR }, { -11, G_SEEK_END }, { G_MAXINT64, G_SEEK_END } };
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_write_text (&session, object, "0123456789");
  for (guint i = 0; i < G_N_ELEMENTS (seeks); i++)
    {
      g_assert_cmpint (seek (object, seeks[i].offset, seeks[i].type, NULL, &error), ==, seeks[i].position);
      g_assert_no_error (error);
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (object)), ==, seeks[i].position);
    }
  g_assert_cmpint (seek (object, -2, G_SEEK_END, NULL, &error), ==, 8);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_cmpint (seek (object, wrong[i].offset, wrong[i].type, NULL, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
    }
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (seeks); i++)
    {
      g_assert_cmpint (seek (object, 0, seeks[i].type, cancellable, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  g_assert_false (g_seekable_seek (G_SEEKABLE (object), 0, G_SEEK_SET, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  pg_test_lob_assert_reads (&session, object, "89", 10);
  pg_test_lob_close (&session, object);
  g_assert_cmpint (seek (object, 0, G_SEEK_SET, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Where something has to be asked to know the position, the main loop's has no call that could wait. */
static void
test_seek_from_the_end (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[4];

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_write_text (&session, object, "0123456789");
  if (!PG_IS_ASYNC_CONNECTION (session.connection))
    {
      pg_test_lob_seek (object, -3, G_SEEK_END);
      pg_test_lob_assert_reads (&session, object, "789", 10);
      return;
    }
  g_assert_false (g_seekable_seek (G_SEEKABLE (object), -3, G_SEEK_END, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "pg_large_object_seek_async()"));
  g_clear_error (&error);
  g_assert_false (g_seekable_truncate (G_SEEKABLE (object), 3, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (object)), buffer, sizeof buffer, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_cmpint (g_output_stream_write (g_io_stream_get_output_stream (G_IO_STREAM (object)), buffer, sizeof buffer, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/large-object/%s/beyond-2-gb", test_beyond_2_gb);
  pg_test_driver_add ("/pg/large-object/%s/seek-from-the-end", test_seek_from_the_end);
  pg_test_driver_add ("/pg/large-object/%s/seek-async", test_seek_async);
  return g_test_run ();
}
