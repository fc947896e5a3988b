/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-copy.h"
#include "pg-test-large-object.h"
#include "pg-test-many.h"
#include "pg-test-row-stream.h"
#include "pg-test-server-cursor.h"
#include "pg-test-storm.h"
#include "pg-test-verbs.h"

#include <string.h>

/* What lasts for several calls. */

/* --- executemany() --- */

void
pg_test_storm_op_many (PgTestStorm *self)
{
  const guint n = 1 + pg_test_storm_random_count (self);
  const gboolean returning = pg_test_storm_random (self, 0, 1) == 0;
  const gint bad = pg_test_storm_random (self, 0, 3) == 0 ? pg_test_storm_random (self, 0, (gint) n - 1) : -1;
  const gboolean small = n > 21;
  const gint64 first = pg_test_storm_new_ids (self, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_storm_cursor_new (self);
  GVariantBuilder sets;
  gboolean ok;

  if (cursor == NULL)
    return;
  g_variant_builder_init (&sets, G_VARIANT_TYPE ("a(xis)"));
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&sets, "(xis)", first + i, (gint) i == bad ? 0 : 1, pg_test_storm_filler (small ? 10 : pg_test_storm_random_size (self) / n));
  ok = pg_test_many_execute (cursor, "INSERT INTO storm VALUES ($1 / $2, $3) RETURNING i", g_variant_builder_end (&sets),
                             returning ? PG_EXECUTE_MANY_RETURNING : PG_EXECUTE_MANY_NONE, &error);
  ok = pg_test_storm_took (self, ok, &error, bad >= 0 ? PG_ERROR_DIVISION_BY_ZERO : 0);
  pg_test_storm_wrote (self, first, n, ok);
  /* Stopped between two executions, what was done waits for the end of the transaction. */
  if (!ok && self->weather != PG_TEST_STORM_CALM && pg_base_connection_get_transaction_status (self->connection) == PG_TRANSACTION_STATUS_INTRANS)
    pg_test_storm_set_fates (self, first, n, PG_TEST_STORM_DOUBTFUL);
  if (!ok)
    return;
  g_assert_cmpint (pg_base_cursor_get_rowcount (cursor), ==, returning ? 1 : n);
  for (guint i = 0; returning && i < n; i++)
    {
      g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (cursor), 0), ==, first + i);
      g_assert_cmpint (pg_base_cursor_next_result (cursor), ==, i < n - 1);
    }
}

/* --- rows --- */

void
pg_test_storm_op_rows (PgTestStorm *self)
{
  const gint n = (gint) pg_test_storm_random_count (self);
  const gint bad = n > 0 && pg_test_storm_random (self, 0, 4) == 0 ? pg_test_storm_random (self, 1, n) : 0;
  const int code = bad > 0 ? PG_ERROR_DIVISION_BY_ZERO : 0;
  const gint stop = pg_test_storm_random (self, 0, 2) == 0 ? pg_test_storm_random (self, 0, n) : n + 1;
  const gint64 number = pg_test_storm_next (self);
  const guint chunk = pg_test_storm_random (self, 0, 1) == 0 ? 1 : (guint) pg_test_storm_random (self, 2, 500);
  const gint width = (gint) (pg_test_storm_random_size (self) / (guint) (n + 1));
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_storm_cursor_new (self);
  g_autoptr (PgBaseRowStream) rows = NULL;
  PgTestStreamSession session = { self->session.driver, self->connection, cursor };
  gint64 i = 0;

  if (cursor == NULL)
    return;
  pg_test_storm_note ("  %d rows of %d bytes, %u at once, up to %d, bad %d", n, width, chunk, stop, bad);
  rows = pg_test_stream_with (&session, "SELECT $1::int8 + i, repeat('x', $2::int), 1 / ($3::int - i) FROM generate_series(1, $4::int) AS i",
                              g_variant_new ("(xiii)", number, width, bad, n), chunk, &error);
  self->number += n;
  if (!pg_test_storm_took (self, rows != NULL, &error, rows == NULL ? code : 0))
    return;
  pg_test_storm_note ("  begun");
  while (i < stop)
    {
      g_autoptr (PgResult) result = pg_test_stream_next_cancellable (rows, self->cancellable, &error);

      pg_test_storm_cancel_between (self);
      if (result == NULL)
        {
          if (pg_test_storm_took (self, error == NULL, &error, code))
            g_assert_cmpint (i, ==, n);
          break;
        }
      for (guint row = 0; row < pg_result_get_n_rows (result); row++)
        g_assert_cmpint (pg_test_storm_get_number (result, row), ==, number + ++i);
    }
  if (pg_test_storm_random (self, 0, 2) == 0)
    return;
  g_clear_error (&error);
  pg_test_storm_note ("  closed after %" G_GINT64_FORMAT, i);
  pg_test_storm_took (self, pg_test_verb_close_rows (rows, self->cancellable, &error), &error, 0);
}

/* --- COPY --- */

/* How the copy ends. */
enum
{
  COPY_WHOLE,
  COPY_ABORTED,
  COPY_BAD,
  COPY_DROPPED,
};

static gboolean
write_rows (PgTestStorm *self, GOutputStream *stream, gint64 first, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *row = g_strdup_printf ("%" G_GINT64_FORMAT "\t%s\n", first + i, pg_test_storm_filler (pg_test_storm_random_size (self) / n));

      pg_test_storm_cancel_between (self);
      if (!pg_test_copy_write (self->session.driver, stream, row, strlen (row), self->cancellable, error))
        return FALSE;
    }
  return TRUE;
}

void
pg_test_storm_op_copy_in (PgTestStorm *self)
{
  const guint n = 1 + pg_test_storm_random_count (self);
  const gint64 first = pg_test_storm_new_ids (self, n);
  const int end = pg_test_storm_random (self, 0, 1) == 0 ? COPY_WHOLE : pg_test_storm_random (self, COPY_ABORTED, COPY_DROPPED);
  const int code = end == COPY_BAD ? PG_ERROR_INVALID_TEXT_REPRESENTATION : 0;
  const PgTestDriver driver = self->session.driver;
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) stream = pg_test_copy_in (self->connection, "COPY storm FROM STDIN", &error);
  gboolean ok;

  if (!pg_test_storm_took (self, stream != NULL, &error, 0))
    return;
  pg_test_storm_note ("  %u rows, end %d", n, end);
  ok = (end != COPY_BAD || pg_test_copy_write_text (driver, stream, "bad\tx\n", &error)) && write_rows (self, stream, first, n, &error);
  /* The server's error may come at any time after the row. */
  if (!ok)
    pg_test_storm_took (self, FALSE, &error, code);
  g_clear_error (&error);
  if (!ok || end == COPY_DROPPED)
    {
      pg_test_storm_wrote (self, first, n, FALSE);
      return;
    }
  if (end == COPY_ABORTED)
    {
      pg_copy_output_stream_abort (PG_COPY_OUTPUT_STREAM (stream), "storm");
      if (pg_test_copy_close_output (driver, stream, self->cancellable, &error))
        g_error ("an aborted copy was closed");
      pg_test_storm_note ("  aborted: %s", error->message);
      self->had_error = TRUE;
      pg_test_storm_wrote (self, first, n, FALSE);
      return;
    }
  ok = pg_test_copy_close_output (driver, stream, self->cancellable, &error);
  ok = pg_test_storm_took (self, ok, &error, code);
  if (ok)
    g_assert_cmpint (pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (stream)), ==, n);
  /* GIO says of what was cancelled at the last moment that it was cancelled, whatever has become of it. */
  pg_test_storm_wrote (self, first, n, pg_copy_output_stream_get_rowcount (PG_COPY_OUTPUT_STREAM (stream)) >= 0);
}

/* Of rows that have their number, and so many x. */
static char
copied_byte (gsize position, gsize width)
{
  const gsize column = position % (width + 9);
  gsize digit = position / (width + 9) + 1;

  if (column == 7)
    return '\t';
  if (column > 7)
    return column == width + 8 ? '\n' : 'x';
  for (gsize i = column; i < 6; i++)
    digit /= 10;
  return (char) ('0' + digit % 10);
}

void
pg_test_storm_op_copy_out (PgTestStorm *self)
{
  const guint n = pg_test_storm_random_count (self);
  const gsize width = pg_test_storm_random_size (self) / (n + 1);
  const gsize whole = n * (width + 9);
  const gsize stop = pg_test_storm_random (self, 0, 2) == 0 ? (gsize) g_rand_double_range (self->rand, 0, (double) whole + 1) : whole + 1;
  const gsize chunk = 1 + pg_test_storm_random_size (self);
  const PgTestDriver driver = self->session.driver;
  g_autofree char *sql = g_strdup_printf ("COPY (SELECT to_char(i, 'FM0000000'), repeat('x', %" G_GSIZE_FORMAT ") FROM generate_series(1, %u) AS i) TO STDOUT", width, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = pg_test_copy_out (self->connection, sql, &error);
  g_autofree char *buffer = g_malloc (chunk);
  gsize total = 0;

  if (!pg_test_storm_took (self, stream != NULL, &error, 0))
    return;
  pg_test_storm_note ("  %u rows of %" G_GSIZE_FORMAT " bytes, %" G_GSIZE_FORMAT " at once, up to %" G_GSIZE_FORMAT, n, width, chunk, stop);
  while (total < stop)
    {
      gssize size = pg_test_copy_read (driver, stream, buffer, chunk, self->cancellable, &error);

      pg_test_storm_cancel_between (self);
      if (!pg_test_storm_took (self, size >= 0, &error, 0))
        return;
      if (size == 0)
        {
          g_assert_cmpuint (total, ==, whole);
          break;
        }
      for (gssize i = 0; i < size; i++, total++)
        {
          if (buffer[i] != copied_byte (total, width))
            g_error ("byte %" G_GSIZE_FORMAT " is not as it should be", total);
        }
    }
  if (pg_test_storm_random (self, 0, 2) == 0)
    return;
  pg_test_storm_took (self, pg_test_copy_close_input (driver, stream, &error), &error, 0);
}

/* --- cursors of the server --- */

void
pg_test_storm_op_server_cursor (PgTestStorm *self)
{
  const gint n = (gint) pg_test_storm_random_count (self);
  const gint64 number = pg_test_storm_next (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseServerCursor) cursor = NULL;
  g_autofree char *name = g_strdup_printf ("c%" G_GINT64_FORMAT, number);
  gint64 position = 0;

  self->number += n;
  if (!pg_test_storm_is_transactional (self))
    pg_test_storm_op_begin (self);
  if (self->had_error || pg_base_connection_get_closed (self->connection))
    return;
  cursor = pg_test_server_cursor_new (&self->session, name);
  pg_base_server_cursor_set_scrollable (cursor, PG_TRISTATE_ON);
  pg_base_server_cursor_set_itersize (cursor, (guint) pg_test_storm_random (self, 1, 200));
  pg_base_server_cursor_set_fetch_ahead (cursor, pg_test_storm_random (self, 0, 1));
  if (!pg_test_storm_took (self, pg_test_server_cursor_execute (cursor, "SELECT $1::int8 + i, repeat('x', $2::int) FROM generate_series(1, $3::int) AS i",
                                                              g_variant_new ("(xii)", number, (gint) (pg_test_storm_random_size (self) / (guint) (n + 1)), n),
                                                              self->cancellable, &error), &error, 0))
    return;
  for (gint i = pg_test_storm_random (self, 0, 5); i > 0; i--)
    {
      const gint what = pg_test_storm_random (self, 0, 3);
      const guint size = (guint) pg_test_storm_random (self, 1, 300);

      if (what == 0)
        {
          g_autoptr (PgRow) row = pg_test_server_cursor_fetch_one (cursor, self->cancellable, &error);

          if (!pg_test_storm_took (self, error == NULL, &error, 0))
            return;
          g_assert_cmpint (row != NULL, ==, position < n);
          if (row != NULL)
            g_assert_cmpint (pg_row_get_int64 (row, 0, NULL), ==, number + ++position);
        }
      else if (what == 3)
        {
          gint64 to = pg_test_storm_random (self, 0, n);

          if (!pg_test_storm_took (self, pg_test_server_cursor_scroll (cursor, to, PG_SCROLL_MODE_ABSOLUTE, &error), &error, 0))
            return;
          position = to;
        }
      else
        {
          g_autoptr (GPtrArray) rows = what == 1 ? pg_test_server_cursor_fetch_many (cursor, size, &error)
                                                 : pg_test_server_cursor_fetch_all (cursor, self->cancellable, &error);

          if (!pg_test_storm_took (self, rows != NULL, &error, 0))
            return;
          g_assert_cmpuint (rows->len, ==, what == 1 ? MIN (size, n - position) : n - position);
          for (guint k = 0; k < rows->len; k++)
            g_assert_cmpint (pg_row_get_int64 (rows->pdata[k], 0, NULL), ==, number + ++position);
        }
    }
  if (pg_test_storm_random (self, 0, 2) > 0)
    pg_test_storm_took (self, pg_test_server_cursor_close (cursor, &error), &error, 0);
}

/* --- large objects --- */

void
pg_test_storm_op_large_object (PgTestStorm *self)
{
  const gsize size = pg_test_storm_random_size (self);
  const goffset offset = (goffset) g_rand_double_range (self->rand, 0, (double) size);
  const gsize wanted = pg_test_storm_random_size (self);
  const gsize n = MIN (wanted, size - (gsize) offset);
  g_autoptr (GError) error = NULL;
  g_autoptr (PgLargeObject) object = NULL;
  g_autofree char *buffer = g_malloc (n + 1);
  gssize got;

  if (!pg_test_storm_is_transactional (self))
    pg_test_storm_op_begin (self);
  if (self->had_error || pg_base_connection_get_closed (self->connection))
    return;
  object = pg_test_lob_create (&self->session, 0, &error);
  if (!pg_test_storm_took (self, object != NULL, &error, 0))
    return;
  pg_test_storm_note ("  %" G_GSIZE_FORMAT " bytes, %" G_GSIZE_FORMAT " from %" G_GOFFSET_FORMAT, size, n, offset);
  if (!pg_test_storm_took (self, pg_test_lob_write (&self->session, object, pg_test_storm_filler (size), size, NULL, &error), &error, 0))
    return;
  if (!pg_test_storm_took (self, g_seekable_seek (G_SEEKABLE (object), offset, G_SEEK_SET, self->cancellable, &error), &error, 0))
    return;
  got = pg_test_lob_read (&self->session, object, buffer, n, self->cancellable, &error);
  if (!pg_test_storm_took (self, got >= 0, &error, 0))
    return;
  g_assert_cmpuint ((gsize) got, ==, n);
  buffer[n] = '\0';
  g_assert_cmpstr (buffer, ==, pg_test_storm_filler (n));
  pg_test_storm_took (self, pg_test_lob_unlink (&self->session, pg_large_object_get_oid (object), &error), &error, 0);
}
