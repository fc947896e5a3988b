/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-raw-result.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <pgconn/engine/pg-raw-result-libpq-private.h>

static void
append_int16 (GByteArray *bytes, gint value)
{
  guint16 big = GUINT16_TO_BE ((guint16) value);

  g_byte_array_append (bytes, (const guint8 *) &big, sizeof big);
}

static void
append_int32 (GByteArray *bytes, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (bytes, (const guint8 *) &big, sizeof big);
}

static void
append_string (GByteArray *bytes, const char *string)
{
  g_byte_array_append (bytes, (const guint8 *) string, (guint) strlen (string) + 1);
}

static guint
begin_message (GByteArray *bytes, char type)
{
  g_byte_array_append (bytes, (const guint8 *) &type, 1);
  append_int32 (bytes, 0);
  return bytes->len - 4;
}

static void
end_message (GByteArray *bytes, guint start)
{
  guint32 length = GUINT32_TO_BE (bytes->len - start);

  memcpy (bytes->data + start, &length, sizeof length);
}

static void
append_ready (GByteArray *bytes)
{
  guint start = begin_message (bytes, 'Z');

  g_byte_array_append (bytes, (const guint8 *) "I", 1);
  end_message (bytes, start);
}

typedef struct
{
  int listener;
  GByteArray *reply;
} Server;

static gboolean
read_exactly (int fd, guint8 *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = read (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
read_message (int fd, gboolean has_type)
{
  guint8 head[5];
  guint32 length;
  g_autofree guint8 *body = NULL;
  guint8 *length_bytes = has_type ? head + 1 : head;

  if (!read_exactly (fd, head, has_type ? 5 : 4))
    return FALSE;
  memcpy (&length, length_bytes, sizeof length);
  length = GUINT32_FROM_BE (length) - 4;
  body = g_malloc (length + 1);
  return read_exactly (fd, body, length);
}

static gboolean
write_all (int fd, GByteArray *bytes)
{
  gsize done = 0;

  while (done < bytes->len)
    {
      ssize_t n = write (fd, bytes->data + done, bytes->len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }
  return TRUE;
}

/* The startup packet, then one query, then the end. */
static gpointer
serve (gpointer data)
{
  Server *server = data;
  g_autoptr (GByteArray) greeting = g_byte_array_new ();
  guint start;
  int fd = accept (server->listener, NULL, NULL);

  start = begin_message (greeting, 'R');
  append_int32 (greeting, 0);
  end_message (greeting, start);
  append_ready (greeting);

  if (read_message (fd, FALSE) && write_all (fd, greeting) && read_message (fd, TRUE) && write_all (fd, server->reply))
    read_message (fd, TRUE);
  close (fd);

  return NULL;
}

static PgRawResult *
run_reply (GByteArray *reply)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *conninfo = NULL;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  Server server;
  GThread *thread;
  PGconn *connection;
  PGresult *result;

  folder = g_dir_make_tmp ("pg-raw-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (folder, ".s.PGSQL.5432", NULL);
  g_assert_cmpuint (strlen (path), <, sizeof address.sun_path);
  strcpy (address.sun_path, path);

  server.reply = reply;
  server.listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (server.listener, >=, 0);
  g_assert_cmpint (bind (server.listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (server.listener, 1), ==, 0);
  thread = g_thread_new ("fake server", serve, &server);

  conninfo = g_strdup_printf ("host='%s' port=5432 user=test dbname=test sslmode=disable gssencmode=disable", folder);
  connection = PQconnectdb (conninfo);
  g_assert_cmpstr (PQerrorMessage (connection), ==, "");
  result = PQexec (connection, "SELECT");
  g_assert_cmpstr (PQresultErrorMessage (result), ==, "");
  PQfinish (connection);

  g_thread_join (thread);
  close (server.listener);
  g_unlink (path);
  g_rmdir (folder);

  return pg_raw_result_new_take (result);
}

static void
append_tag (GByteArray *reply, const char *tag)
{
  guint start = begin_message (reply, 'C');

  append_string (reply, tag);
  end_message (reply, start);
}

PgRawResult *
pg_test_raw_result_new (const PgTestColumn *columns, guint n_columns, const PgTestCell *cells, guint n_rows)
{
  g_autoptr (GByteArray) reply = g_byte_array_new ();
  g_autofree char *tag = g_strdup_printf ("SELECT %u", n_rows);
  guint start;

  start = begin_message (reply, 'T');
  append_int16 (reply, (gint) n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      const PgTestColumn *column = &columns[i];

      append_string (reply, column->name);
      append_int32 (reply, column->table);
      append_int16 (reply, column->table_column);
      append_int32 (reply, column->type);
      append_int16 (reply, column->size);
      append_int32 (reply, (guint32) column->modifier);
      append_int16 (reply, column->format);
    }
  end_message (reply, start);

  for (guint row = 0; row < n_rows; row++)
    {
      start = begin_message (reply, 'D');
      append_int16 (reply, (gint) n_columns);
      for (guint i = 0; i < n_columns; i++)
        {
          const PgTestCell *cell = &cells[row * n_columns + i];
          gsize length = cell->data != NULL && cell->length < 0 ? strlen (cell->data) : (gsize) cell->length;

          append_int32 (reply, cell->data != NULL ? (guint32) length : G_MAXUINT32);
          if (cell->data != NULL)
            g_byte_array_append (reply, cell->data, (guint) length);
        }
      end_message (reply, start);
    }

  append_tag (reply, tag);
  append_ready (reply);

  return run_reply (reply);
}

PgRawResult *
pg_test_raw_result_new_command (const char *tag)
{
  g_autoptr (GByteArray) reply = g_byte_array_new ();

  if (*tag != '\0')
    append_tag (reply, tag);
  else
    end_message (reply, begin_message (reply, 'I'));
  append_ready (reply);

  return run_reply (reply);
}
