/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Large objects with both connection classes. The position in them: test-large-object-seek.c. */
#include "pg-test-fixture.h"
#include "pg-test-large-object.h"

#include <locale.h>
#include <string.h>

#define READ PG_LARGE_OBJECT_MODE_READ
#define WRITE PG_LARGE_OBJECT_MODE_WRITE

static gboolean
is_async (PgTestSession *session)
{
  return PG_IS_ASYNC_CONNECTION (session->connection);
}

static void
test_write_and_read (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (PgLargeObject) again = NULL;
  guint oid;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  oid = pg_large_object_get_oid (object);
  g_assert_cmpuint (oid, !=, 0);
  g_assert_cmpint (pg_large_object_get_mode (object), ==, READ | WRITE);
  g_assert_true (pg_large_object_get_connection (object) == session.connection);
  pg_test_lob_write_text (&session, object, "large objects");
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (object)), ==, 13);
  g_assert_cmpint (pg_test_lob_get_size (&session, object), ==, 13);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (object)), ==, 13);
  pg_test_lob_assert_reads (&session, object, "", 5);
  pg_test_lob_seek (object, 0, G_SEEK_SET);
  pg_test_lob_assert_reads (&session, object, "large", 5);
  pg_test_lob_assert_reads (&session, object, " objects", 20);
  pg_test_lob_seek (object, -7, G_SEEK_CUR);
  pg_test_lob_write_text (&session, object, "O");
  pg_test_lob_assert_reads (&session, object, "bjects", 20);
  /* The position of the streams is the same. */
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (g_io_stream_get_input_stream (G_IO_STREAM (object)))), ==, 13);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (g_io_stream_get_output_stream (G_IO_STREAM (object)))), ==, 13);
  pg_test_lob_close (&session, object);
  pg_test_session_commit (&session);

  again = pg_test_lob_open_ok (&session, oid, READ);
  pg_test_lob_assert_reads (&session, again, "large Objects", 50);
  pg_test_lob_assert_reads (&session, again, "", 50);
  pg_test_lob_seek (again, 6, G_SEEK_SET);
  pg_test_lob_assert_reads (&session, again, "Obj", 3);
  pg_test_lob_close (&session, again);
  pg_test_session_commit (&session);
}

/* More than goes at once, and exact multiples of that. */
static void
test_chunks (gconstpointer driver)
{
  static const gsize sizes[] = { 256 * 1024, 512 * 1024, 600 * 1000 };
  g_auto (PgTestSession) session = { 0 };
  g_autofree guint8 *data = g_malloc (600 * 1000);
  g_autofree guint8 *back = g_malloc (700 * 1000);

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  for (guint i = 0; i < 600 * 1000; i++)
    data[i] = (guint8) g_test_rand_int ();
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (PgLargeObject) object = pg_test_lob_create_ok (&session);
      g_autoptr (GError) error = NULL;
      gsize written;

      g_assert_true (pg_test_lob_write (&session, object, data, sizes[i], &written, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (written, ==, sizes[i]);
      for (guint mode = 0; mode < 2; mode++)
        {
          g_autoptr (PgLargeObject) reader = pg_test_lob_open_ok (&session, pg_large_object_get_oid (object), mode == 0 ? READ : READ | WRITE);

          g_assert_cmpint (pg_test_lob_read (&session, reader, back, 700 * 1000, NULL, &error), ==, (gssize) sizes[i]);
          g_assert_no_error (error);
          g_assert_cmpint (memcmp (data, back, sizes[i]), ==, 0);
          pg_test_lob_close (&session, reader);
        }
    }
}

static void
test_modes (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (PgLargeObject) reader = NULL;
  g_autoptr (PgLargeObject) writer = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[4];
  guint oid;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_write_text (&session, object, "before");
  oid = pg_large_object_get_oid (object);
  pg_test_session_commit (&session);
  reader = pg_test_lob_open_ok (&session, oid, READ);
  writer = pg_test_lob_open_ok (&session, oid, WRITE);
  g_assert_false (g_seekable_can_truncate (G_SEEKABLE (reader)));
  g_assert_true (g_seekable_can_truncate (G_SEEKABLE (writer)));
  g_assert_false (pg_test_lob_write (&session, reader, "x", 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_false (pg_test_lob_truncate (&session, reader, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_cmpint (pg_test_lob_read (&session, writer, buffer, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  /* Nothing of that has harmed the transaction. */
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  /* Opened for reading only it stays what it was. */
  pg_test_lob_write_text (&session, writer, "behind");
  pg_test_lob_assert_reads (&session, reader, "before", 20);
}

static void
test_transactions (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (PgLargeObject) reader = NULL;
  g_autoptr (PgLargeObject) other = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[16];
  guint oid;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_write_text (&session, object, "mine");
  oid = pg_large_object_get_oid (object);
  reader = pg_test_lob_open_ok (&session, oid, READ);
  pg_test_lob_assert_reads (&session, reader, "mi", 2);
  pg_test_session_commit (&session);
  g_assert_cmpint (pg_test_lob_read (&session, reader, buffer, 2, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  /* No transaction was begun for that. */
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_IDLE);

  /* The next transaction gives the same descriptor to another one, whoever opens it. */
  pg_test_driver_run (session.connection, "SELECT lo_open(lo_create(4711), 131072)");
  g_assert_false (pg_test_lob_write (&session, object, "lost", 4, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  pg_test_lob_close (&session, object);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT length(lo_get(4711))"), ==, 0);
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT lo_lseek(0, 0, 2)"), ==, 0);

  /* And so does one after a savepoint. */
  pg_test_driver_run (session.connection, "SAVEPOINT a");
  g_clear_object (&object);
  object = pg_test_lob_open_ok (&session, oid, READ | WRITE);
  pg_test_driver_run (session.connection, "ROLLBACK TO SAVEPOINT a");
  other = pg_test_lob_create_ok (&session);
  g_assert_false (pg_test_lob_write (&session, object, "lost", 4, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpint (pg_test_lob_get_size (&session, other), ==, 0);
  pg_test_lob_close (&session, object);
  pg_test_lob_write_text (&session, other, "still open");
}

static void
test_close (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (PgLargeObject) undone = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[4];

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_close (&session, object);
  pg_test_lob_close (&session, object);
  g_assert_true (g_io_stream_is_closed (G_IO_STREAM (object)));
  g_assert_cmpint (pg_test_lob_read (&session, object, buffer, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, "the large object is closed");
  g_clear_error (&error);

  /* A descriptor that a savepoint has undone, and a transaction that has failed: nothing of it is an error of close(). */
  pg_test_driver_run (session.connection, "SAVEPOINT a");
  undone = pg_test_lob_create_ok (&session);
  pg_test_driver_run (session.connection, "ROLLBACK TO SAVEPOINT a");
  pg_test_lob_close (&session, undone);
  g_assert_cmpint (pg_base_connection_get_transaction_status (session.connection), ==, PG_TRANSACTION_STATUS_INTRANS);
  g_clear_object (&undone);
  undone = pg_test_lob_create_ok (&session);
  g_assert_null (pg_test_driver_execute (session.connection, "SELECT 1 / 0", NULL, NULL, &error));
  g_clear_error (&error);
  g_assert_false (pg_test_lob_write (&session, undone, "x", 1, NULL, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "25P02");
  pg_test_lob_close (&session, undone);
  pg_base_connection_close (session.connection);
}

static void
test_errors (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open (&session, driver, TRUE))
    return;
  g_assert_null (pg_test_lob_create (&session, 4712, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_null (pg_test_lob_open (&session, 4712, READ, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_clear_error (&error);
  g_assert_null (pg_test_lob_open (&session, 4712, PG_LARGE_OBJECT_MODE_NONE, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_INTERFACE);
  g_clear_error (&error);
  /* Nothing was created. */
  g_assert_cmpint (pg_test_driver_int64 (session.connection, "SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 4712"), ==, 0);
  pg_test_session_assert_usable (&session);
  g_assert_false (pg_test_lob_unlink (&session, 4712, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "42704");
  g_clear_error (&error);

  pg_test_driver_run (session.connection, "BEGIN");
  object = pg_test_lob_create (&session, 4294967295u, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pg_large_object_get_oid (object), ==, 4294967295u);
  pg_test_lob_write_text (&session, object, "x");
  pg_test_driver_run (session.connection, "COMMIT");
  g_assert_true (pg_test_lob_unlink (&session, 4294967295u, &error));
  g_assert_no_error (error);
  pg_test_driver_run (session.connection, "BEGIN");
  g_assert_null (pg_test_lob_open (&session, 4294967295u, READ, &error));
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "42704");
  g_clear_error (&error);
  pg_test_driver_run (session.connection, "ROLLBACK");
}

static void
test_cancel (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  char buffer[8];

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_write_text (&session, object, "0123");
  pg_test_lob_seek (object, 1, G_SEEK_SET);
  g_cancellable_cancel (cancelled);
  g_assert_cmpint (pg_test_lob_read (&session, object, buffer, 2, cancelled, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* It goes on where it was. */
  pg_test_lob_assert_reads (&session, object, "123", 8);
}

static void
test_lost (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_fault_proxy_cut (session.proxy, PG_FAULT_ACTION_RESET);
  g_assert_false (pg_test_lob_write (&session, object, "0123", 4, NULL, &error));
  g_assert_nonnull (error);
  pg_test_session_assert_broken (&session);
  pg_test_lob_close (&session, object);
}

/* A file into the database and back. */
static void
test_splice (gconstpointer driver)
{
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (GFileIOStream) file_stream = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFileInputStream) source = NULL;
  g_autoptr (GFileOutputStream) target = NULL;
  g_autoptr (PgLargeObject) object = NULL;
  g_autoptr (PgLargeObject) reader = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data = g_malloc (300 * 1000);
  g_autofree char *back = NULL;
  gsize length;
  gssize n;

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  for (guint i = 0; i < 300 * 1000; i++)
    data[i] = (char) g_test_rand_int ();
  file = g_file_new_tmp ("pg-test-XXXXXX", &file_stream, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_replace_contents (file, data, 300 * 1000, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, &error));
  source = g_file_read (file, NULL, &error);
  g_assert_no_error (error);
  object = pg_test_lob_create_ok (&session);
  pg_fault_proxy_reset_counts (session.proxy);
  if (!is_async (&session))
    {
      n = g_output_stream_splice (g_io_stream_get_output_stream (G_IO_STREAM (object)), G_INPUT_STREAM (source), G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL,
                                  &error);
    }
  else
    {
      GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (object));

      g_output_stream_splice_async (stream, G_INPUT_STREAM (source), G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, 0, NULL, pg_test_keep_result, &result);
      n = g_output_stream_splice_finish (stream, pg_test_wait_for (&result), &error);
    }
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 300 * 1000);
  if (!is_async (&session))
    g_assert_cmpuint (pg_fault_proxy_count_round_trips (session.proxy), ==, 2);
  g_assert_true (g_output_stream_is_closed (g_io_stream_get_output_stream (G_IO_STREAM (object))));
  g_assert_cmpint (pg_test_lob_get_size (&session, object), ==, 300 * 1000);

  reader = pg_test_lob_open_ok (&session, pg_large_object_get_oid (object), READ);
  target = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  g_assert_no_error (error);
  pg_fault_proxy_reset_counts (session.proxy);
  if (!is_async (&session))
    {
      n = g_output_stream_splice (G_OUTPUT_STREAM (target), g_io_stream_get_input_stream (G_IO_STREAM (reader)),
                                  G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET | G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, NULL, &error);
    }
  else
    {
      g_output_stream_splice_async (G_OUTPUT_STREAM (target), g_io_stream_get_input_stream (G_IO_STREAM (reader)),
                                    G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET | G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, 0, NULL, pg_test_keep_result, &second);
      n = g_output_stream_splice_finish (G_OUTPUT_STREAM (target), pg_test_wait_for (&second), &error);
    }
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 300 * 1000);
  /* However small the pieces are that somebody reads. */
  g_assert_cmpuint (pg_fault_proxy_count_round_trips (session.proxy), ==, 2);
  g_assert_true (g_file_load_contents (file, NULL, &back, &length, NULL, &error));
  g_assert_cmpuint (length, ==, 300 * 1000);
  g_assert_cmpint (memcmp (data, back, length), ==, 0);
  g_file_delete (file, NULL, NULL);
}

/* What was read ahead is the transaction's, too. */
static void
test_read_ahead_ends (gconstpointer driver)
{
  static const char *const ends[] = { "COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK TO SAVEPOINT s", NULL };
  g_auto (PgTestSession) session = { 0 };

  if (!pg_test_session_open_transactional (&session, driver))
    return;
  pg_test_driver_run (session.connection, "SELECT lo_from_bytea(4713, 'abcdef')");
  pg_test_session_commit (&session);
  for (guint i = 0; ends[i] != NULL; i++)
    {
      g_autoptr (PgLargeObject) reader = NULL;
      g_autoptr (GError) error = NULL;
      char buffer[8];

      pg_test_driver_run (session.connection, "SAVEPOINT s");
      reader = pg_test_lob_open_ok (&session, 4713, READ);
      pg_test_lob_assert_reads (&session, reader, "ab", 2);
      pg_test_driver_run (session.connection, ends[i]);
      /* Another transaction, where that one is over. */
      pg_test_driver_run (session.connection, "SELECT 1");
      g_assert_cmpint (pg_test_lob_read (&session, reader, buffer, 2, NULL, &error), ==, -1);
      /* In the same transaction it is the server that says so. */
      if (ends[i + 1] != NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
      pg_test_driver_run (session.connection, "ROLLBACK");
    }
  pg_test_driver_run (session.connection, "SELECT lo_unlink(4713)");
  pg_test_session_commit (&session);
}

/* Puts another function in the place of one of the server's; or that one back, without a value. */
static void
replace (PgTestSession *session, const char *name, const char *takes, const char *gives, const char *value)
{
  g_autofree char *body = g_strdup_printf ("CREATE FUNCTION pg_catalog.%s (%s) RETURNS %s LANGUAGE sql AS $$ SELECT %s $$", name, takes, gives,
                                           value != NULL ? value : "NULL");
  g_autofree char *sql = g_strdup_printf ("SET client_min_messages TO error; SET allow_system_table_mods TO on;"
                                          "DO $do$ BEGIN ALTER FUNCTION pg_catalog.%s (%s) RENAME TO %s_own; EXCEPTION WHEN duplicate_function THEN NULL; END $do$;"
                                          "DROP FUNCTION IF EXISTS pg_catalog.%s (%s);"
                                          "%s",
                                          name, takes, name, name, takes, value != NULL ? body : "");
  g_autofree char *back = g_strdup_printf ("SET allow_system_table_mods TO on; ALTER FUNCTION pg_catalog.%s_own (%s) RENAME TO %s", name, takes, name);
  g_autofree char *output = pg_test_psql (session->direct, sql);
  g_autofree char *renamed = value == NULL ? pg_test_psql (session->direct, back) : NULL;

  g_assert_nonnull (output);
  g_assert_true ((renamed != NULL) == (value == NULL));
  /* In its transaction the session hears of it when it locks something that it has not locked before. */
  pg_test_driver_run (session->connection, "CREATE TEMPORARY TABLE locked ()");
  pg_test_driver_run (session->connection, "DROP TABLE locked");
}

/* libpq's own calls believe what they get. */
static void
test_hostile (gconstpointer driver)
{
  static const char *const reads[] = { "repeat('x', 1000000)::bytea", "NULL::bytea", "repeat('x', 262145)::bytea" };
  static const char *const writes[] = { "-1", "0", "5", "2147483647", "NULL::int" };
  static const char *const sizes[] = { "-1::int8", "NULL::int8", "(-9223372036854775807 - 1)::int8" };
  static const PgLargeObjectMode modes[] = { READ, READ | WRITE };
  g_auto (PgTestSession) session = { 0 };
  g_autoptr (PgLargeObject) object = NULL;

  g_test_summary ("A server that answers with more bytes than were asked for, with none, or with numbers that cannot be, is an error, and writes nowhere.");
  if (!pg_test_session_open_transactional (&session, driver))
    return;
  object = pg_test_lob_create_ok (&session);
  pg_test_lob_write_text (&session, object, "text");
  for (guint i = 0; i < 2 * G_N_ELEMENTS (reads); i++)
    {
      g_autoptr (PgLargeObject) reader = pg_test_lob_open_ok (&session, pg_large_object_get_oid (object), modes[i % 2]);
      g_autoptr (GError) error = NULL;
      char buffer[4] = "";

      replace (&session, "loread", "int4, int4", "bytea", reads[i / 2]);
      g_assert_cmpint (pg_test_lob_read (&session, reader, buffer, 3, NULL, &error), ==, -1);
      g_assert_error (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
      g_assert_cmpmem (buffer, 4, "\0\0\0\0", 4);
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (reader)), ==, 0);
    }
  replace (&session, "loread", "int4, int4", "bytea", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (writes); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize written;

      replace (&session, "lowrite", "int4, bytea", "int4", writes[i]);
      g_assert_false (pg_test_lob_write (&session, object, "more", 4, &written, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
      g_assert_cmpuint (written, ==, 0);
    }
  replace (&session, "lowrite", "int4, bytea", "int4", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      goffset size;

      replace (&session, "lo_lseek64", "int4, int8, int4", "int8", sizes[i]);
      if (is_async (&session))
        {
          pg_large_object_query_size_async (object, NULL, pg_test_keep_result, &result);
          size = pg_large_object_query_size_finish (object, pg_test_wait_for (&result), &error);
        }
      else
        {
          size = pg_large_object_query_size (object, NULL, &error);
        }
      g_assert_cmpint (size, ==, -1);
      g_assert_error (error, PG_ERROR, PG_ERROR_PROTOCOL_VIOLATION);
    }
  replace (&session, "lo_lseek64", "int4, int8, int4", "int8", NULL);
  g_assert_cmpint (pg_test_lob_get_size (&session, object), ==, 4);
}

static void
test_object (void)
{
  g_autoptr (PgLargeObject) object = g_object_new (PG_TYPE_LARGE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pg_large_object_get_connection (object));
  g_assert_cmpint (pg_large_object_query_size (object, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED);
  g_clear_error (&error);
  g_assert_false (g_seekable_seek (G_SEEKABLE (object), 0, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED);
  g_clear_error (&error);
  g_assert_true (g_io_stream_close (G_IO_STREAM (object), NULL, &error));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/large-object/%s/write-and-read", test_write_and_read);
  pg_test_driver_add ("/pg/large-object/%s/chunks", test_chunks);
  pg_test_driver_add ("/pg/large-object/%s/modes", test_modes);
  pg_test_driver_add ("/pg/large-object/%s/transactions", test_transactions);
  pg_test_driver_add ("/pg/large-object/%s/close", test_close);
  pg_test_driver_add ("/pg/large-object/%s/errors", test_errors);
  pg_test_driver_add ("/pg/large-object/%s/cancel", test_cancel);
  pg_test_driver_add ("/pg/large-object/%s/lost", test_lost);
  pg_test_driver_add ("/pg/large-object/%s/splice", test_splice);
  pg_test_driver_add ("/pg/large-object/%s/read-ahead-ends", test_read_ahead_ends);
  pg_test_driver_add ("/pg/large-object/%s/hostile", test_hostile);
  g_test_add_func ("/pg/large-object/object", test_object);
  return g_test_run ();
}
