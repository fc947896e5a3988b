/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-driver.h"

#include <locale.h>
#include <string.h>

/* A listener that is no PostgreSQL server, or a malicious one: an error, no crash, no endless wait. It plays a script: bytes for the start-up packet,
 * and bytes for each message that comes later. */

/* Of a call and of its cancel request. */
#define SHORT 150
/* For a handshake that is in order, on a machine that has other things to do. */
#define PATIENT (60 * 1000)

typedef struct
{
  GSocketListener *listener;
  GThread *thread;
  gint ending; /* atomic */
  guint16 port;
  GByteArray *greeting;
  GByteArray *answer;
  gboolean close; /* after the answer */
} Hostile;

static void
put (GByteArray *array, char type, guint32 length, const void *data, gsize size)
{
  guint32 n = GUINT32_TO_BE (length);

  if (type != '\0')
    g_byte_array_append (array, (const guint8 *) &type, 1);
  g_byte_array_append (array, (const guint8 *) &n, 4);
  g_byte_array_append (array, data, (guint) size);
}

/* A well-formed message. */
static void
say (GByteArray *array, char type, const void *data, gsize size)
{
  put (array, type, (guint32) size + 4, data, size);
}

static void
greet (GByteArray *array)
{
  say (array, 'R', "\0\0\0\0", 4);
  say (array, 'S', "server_version\0" "15.3", 20);
  say (array, 'S', "client_encoding\0UTF8", 21);
  say (array, 'S', "standard_conforming_strings\0on", 31);
  say (array, 'K', "\0\0\0\1\0\0\0\2", 8);
  say (array, 'Z', "I", 1);
}

static gboolean
send_all (GSocket *socket, GByteArray *bytes)
{
  gsize done = 0;

  while (done < bytes->len)
    {
      gssize n = g_socket_send (socket, (const char *) bytes->data + done, bytes->len - done, NULL, NULL);

      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }
  return TRUE;
}

static void
play (Hostile *self, GSocket *socket)
{
  char buffer[4096];
  gboolean greeted = FALSE;

  g_socket_set_timeout (socket, 60);
  for (;;)
    {
      gssize n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);

      if (n <= 0)
        return;
      /* Requests for encryption, and to cancel, are 8 and 16 bytes long. */
      if (!greeted && n == 8)
        {
          g_socket_send (socket, "N", 1, NULL, NULL);
          continue;
        }
      if (!greeted && n == 16)
        return;
      if (!send_all (socket, greeted ? self->answer : self->greeting) || (greeted && self->close))
        return;
      greeted = TRUE;
    }
}

static gpointer
serve (gpointer data)
{
  Hostile *self = data;

  while (g_atomic_int_get (&self->ending) == 0)
    {
      g_autoptr (GSocket) socket = g_socket_listener_accept_socket (self->listener, NULL, NULL, NULL);

      if (socket != NULL && g_atomic_int_get (&self->ending) == 0)
        play (self, socket);
    }
  return NULL;
}

static void
hostile_start (Hostile *self)
{
  g_autoptr (GError) error = NULL;

  self->greeting = g_byte_array_new ();
  self->answer = g_byte_array_new ();
  self->listener = g_socket_listener_new ();
  self->port = g_socket_listener_add_any_inet_port (self->listener, NULL, &error);
  g_assert_no_error (error);
}

static void
hostile_clear (Hostile *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  g_atomic_int_set (&self->ending, 1);
  /* To wake it up. */
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
  g_clear_object (&connection);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_socket_listener_close (self->listener);
  g_object_unref (self->listener);
  g_byte_array_unref (self->greeting);
  g_byte_array_unref (self->answer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Hostile, hostile_clear)

/* Connects within patience, executes in a transaction, commits: each may fail, none may hang. Returns whether something has. */
static gboolean
meet (Hostile *self, PgTestDriver driver, guint patience, guint *n_connected)
{
  g_autofree char *conninfo
      = g_strdup_printf ("hostaddr=127.0.0.1 port=%u user=u dbname=d sslmode=disable gssencmode=disable", self->port);
  g_autoptr (PgBaseConnection) connection = NULL;
  gint64 start = g_get_monotonic_time ();
  gboolean failed = FALSE;

  self->thread = g_thread_new ("hostile", serve, self);
  connection = pg_test_driver_open_in_time (driver, conninfo, patience, NULL);
  if (connection == NULL)
    return TRUE;
  ++*n_connected;
  pg_base_connection_set_timeout (connection, SHORT);
  pg_base_connection_set_cancel_timeout (connection, SHORT);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = NULL;

      if (i == 2)
        {
          failed |= !pg_test_driver_commit (connection, NULL, &error);
        }
      else
        {
          g_assert_true (pg_test_driver_set_autocommit (connection, i == 0, NULL) || pg_base_connection_get_closed (connection)
                         || pg_base_connection_get_transaction_status (connection) != PG_TRANSACTION_STATUS_IDLE);
          cursor = pg_test_driver_execute (connection, "SELECT 1", NULL, NULL, &error);
          failed |= cursor == NULL;
        }
      if (cursor != NULL && pg_base_cursor_get_result (cursor) != NULL)
        {
          PgResult *result = pg_base_cursor_get_result (cursor);

          for (guint row = 0; row < pg_result_get_n_rows (result); row++)
            for (guint column = 0; column < pg_result_get_n_columns (result); column++)
              {
                g_autofree char *text = pg_result_dup_text (result, row, column, NULL);
                g_autoptr (GVariant) variant = NULL;
                GValue value = G_VALUE_INIT;

                if (pg_result_get_value (result, row, column, &value, NULL))
                  g_value_unset (&value);
              }
        }
      g_assert_cmpint (pg_base_connection_get_transaction_status (connection), !=, PG_TRANSACTION_STATUS_ACTIVE);
    }
  g_assert_cmpfloat ((double) (g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND, <, 120);
  return failed;
}

static void
test_greetings (gconstpointer driver)
{
  g_test_summary ("Instead of a handshake: other protocols, truncated and oversized messages, an error of protocol 2, authentication that does not exist.");
  for (guint i = 0; i < 12; i++)
    {
      g_auto (Hostile) hostile = { 0 };
      guint n_connected = 0;

      hostile_start (&hostile);
      switch (i)
        {
        case 0:
          g_byte_array_append (hostile.greeting, (const guint8 *) "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
          break;
        case 1:
          g_byte_array_append (hostile.greeting, (const guint8 *) "EFATAL:  no\n", 13);
          break;
        case 2:
          put (hostile.greeting, 'R', 0x7fffffff, "\0\0\0\0", 4);
          break;
        case 3:
          put (hostile.greeting, 'R', 0, "\0\0\0\0", 4);
          break;
        case 4:
          say (hostile.greeting, 'R', "\0\0\0\x63", 4);
          break;
        case 5:
          say (hostile.greeting, 'R', "\0\0\0\x0aSCRAM-SHA-256", 17);
          break;
        case 6:
          say (hostile.greeting, 'E', "SFATAL", 6);
          break;
        case 7:
          say (hostile.greeting, 'E', "SFATAL\0C12345\0M\xff\xfe\xfd broken\0\0", 27);
          break;
        case 8:
          say (hostile.greeting, 'R', "\0\0\0\0", 4);
          say (hostile.greeting, 'S', "unterminated", 12);
          break;
        case 9:
          say (hostile.greeting, 'R', "\0\0\0\0", 4);
          put (hostile.greeting, 'K', 8, "\0\0\0\0", 4);
          break;
        case 10:
          say (hostile.greeting, 'R', "\0\0\0\0", 4);
          say (hostile.greeting, 'D', "\xff\xff", 2);
          say (hostile.greeting, 'T', "\xff\xff", 2);
          break;
        default:
          for (guint k = 0; k < 1000; k++)
            say (hostile.greeting, 'N', "SNOTICE\0C00000\0Mflood\0\0", 23);
          break;
        }
      g_test_message ("greeting %u", i);
      g_assert_true (meet (&hostile, GPOINTER_TO_INT (driver), SHORT, &n_connected));
      g_assert_cmpuint (n_connected, ==, 0);
    }
}

static void
test_answers (gconstpointer driver)
{
  g_test_summary ("Answers to a statement that are too long, too short, too many, out of order or of another protocol.");
  for (guint i = 0; i < 18; i++)
    {
      g_auto (Hostile) hostile = { 0 };
      GByteArray *answer;
      guint n_connected = 0;

      hostile_start (&hostile);
      greet (hostile.greeting);
      answer = hostile.answer;
      hostile.close = i % 2 == 0;
      switch (i)
        {
        case 0:
          break;
        case 1:
          put (answer, 'T', 0x7fffffff, "\0\1", 2);
          break;
        case 2:
          put (answer, 'D', 0xffffffff, "\0\1", 2);
          break;
        case 3:
          /* Ready, without an answer. */
          say (answer, 'Z', "I", 1);
          break;
        case 4:
          for (guint k = 0; k < 50; k++)
            say (answer, 'Z', "I", 1);
          break;
        case 5:
          say (answer, 'C', "SELECT 1", 9);
          break;
        case 6:
          say (answer, 'T', "\xff\xff", 2);
          say (answer, 'Z', "I", 1);
          break;
        case 7:
          /* Rows without a description, then more columns than described. */
          say (answer, 'D', "\0\1\0\0\0\1x", 7);
          say (answer, 'C', "SELECT 1", 9);
          say (answer, 'Z', "I", 1);
          break;
        case 8:
          say (answer, 'T', "\0\1a\0\0\0\0\0\0\0\0\0\0\x17\0\4\xff\xff\xff\xff\0\1", 22);
          say (answer, 'D', "\0\2\0\0\0\1x\0\0\0\1y", 12);
          say (answer, 'C', "SELECT 1", 9);
          say (answer, 'Z', "I", 1);
          break;
        case 9:
          /* An int4 in binary of three bytes. */
          say (answer, '1', "", 0);
          say (answer, '2', "", 0);
          say (answer, 'T', "\0\1a\0\0\0\0\0\0\0\0\0\0\x17\0\4\xff\xff\xff\xff\0\1", 22);
          say (answer, 'D', "\0\1\0\0\0\3xyz", 9);
          say (answer, 'C', "SELECT 99999999999999999999999", 31);
          say (answer, 'Z', "I", 1);
          break;
        case 10:
          say (answer, 'E', "", 0);
          break;
        case 11:
          say (answer, 'E', "SERROR\0C\xff\xff\xff\xff\xff\0M\xff\0\0", 17);
          say (answer, 'Z', "?", 1);
          break;
        case 12:
          say (answer, 'A', "\0\0\0\1chan", 8);
          say (answer, 'Z', "I", 1);
          break;
        case 13:
          say (answer, 'G', "\0\0\1\0\0", 5);
          say (answer, 'C', "COPY 0", 7);
          say (answer, 'Z', "I", 1);
          break;
        case 14:
          say (answer, 'H', "\0\0\1\0\0", 5);
          say (answer, 'd', "x", 1);
          break;
        case 15:
          say (answer, 'W', "\0\0\1\0\0", 5);
          break;
        case 16:
          say (answer, 'S', "client_encoding\0SQL_ASCII", 26);
          say (answer, 'C', "SELECT 0", 9);
          say (answer, 'Z', "I", 1);
          break;
        default:
          for (guint k = 0; k < 30; k++)
            {
              say (answer, '1', "", 0);
              say (answer, '2', "", 0);
              say (answer, 'n', "", 0);
              say (answer, 'C', "BEGIN", 6);
              say (answer, 'Z', "T", 1);
            }
          break;
        }
      g_test_message ("answer %u", i);
      /* The last has an answer for each. */
      g_assert_true (meet (&hostile, GPOINTER_TO_INT (driver), PATIENT, &n_connected) || i == 17);
      g_assert_cmpuint (n_connected, ==, 1);
    }
}

static void
test_random (gconstpointer driver)
{
  static const char types[] = "123ACDEGHIKNRSTVWZcdnsvt";
  const guint n = g_getenv ("PG_TEST_VALGRIND") != NULL ? 3 : g_test_slow () || g_getenv ("PGCONN_TEST_LONG") != NULL ? 2000 : 60;

  g_test_summary ("Random bytes and random messages, at the handshake and as answers.");
  for (guint i = 0; i < n; i++)
    {
      g_auto (Hostile) hostile = { 0 };
      GByteArray *where;
      guint n_connected = 0;

      hostile_start (&hostile);
      hostile.close = TRUE;
      if (i % 3 != 0)
        greet (hostile.greeting);
      where = i % 3 == 0 ? hostile.greeting : hostile.answer;
      for (gint k = g_test_rand_int_range (1, 20); k > 0; k--)
        {
          guint8 data[64];
          gsize size = (gsize) g_test_rand_int_range (0, sizeof data);

          for (gsize b = 0; b < size; b++)
            data[b] = (guint8) (g_test_rand_int_range (0, 2) == 0 ? g_test_rand_int_range (0, 256) : g_test_rand_int_range (0, 3));
          if (i % 2 == 0)
            g_byte_array_append (where, data, (guint) size);
          else
            say (where, types[g_test_rand_int_range (0, sizeof types - 1)], data, size);
        }
      meet (&hostile, GPOINTER_TO_INT (driver), i % 3 != 0 ? PATIENT : SHORT, &n_connected);
      g_assert_cmpuint (n_connected, ==, i % 3 != 0);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/hostile/%s/greetings", test_greetings);
  pg_test_driver_add ("/pg/hostile/%s/answers", test_answers);
  pg_test_driver_add ("/pg/hostile/%s/random", test_random);
  return g_test_run ();
}
