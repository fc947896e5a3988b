/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Large results over TLS. A TLS record may be larger than the room in libpq's buffer: what is left of it is with OpenSSL, and the socket does not show it. */
#include "pg-test-fixture.h"
#include "pg-test-session.h"

#include <locale.h>
#include <string.h>

#define MEGABYTE (1024 * 1024)

static PgTestServer *server;

static PgBaseConnection *
open_tls (gconstpointer driver, char **conninfo)
{
  PgBaseConnection *connection;

  if (server == NULL)
    {
      g_autoptr (PgTestServer) new = pg_test_server_new (PG_TEST_SERVER_FLAGS_TLS | PG_TEST_SERVER_FLAGS_TCP);

      if (!pg_test_fixture_up (new))
        return NULL;
      server = g_steal_pointer (&new);
    }
  *conninfo = pg_test_server_dup_tcp_conninfo (server, NULL);
  connection = pg_test_driver_open_ok (GPOINTER_TO_INT (driver), *conninfo, TRUE);
  g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"), ==, 1);
  return connection;
}

/* Whether a cell is this part again and again, n bytes long. */
static gboolean
is_repeated (PgResult *result, guint row, const char *part, gsize n)
{
  gsize length = strlen (part);
  g_autofree char *text = pg_result_dup_text (result, row, 0, NULL);

  if (text == NULL || strlen (text) != n || strncmp (text, part, length) != 0)
    return FALSE;
  return memcmp (text, text + length, n - length) == 0;
}

static void
test_large (gconstpointer driver)
{
  guint n_megabytes = pg_test_repeat (32, 128);
  g_autofree char *conninfo = NULL;
  g_autofree char *many
    = g_strdup_printf ("SELECT repeat(lpad(i::text, 16, 'abcdefghijklmnop'), 65536) FROM generate_series(1, %u) AS i", n_megabytes);
  g_autofree char *one = g_strdup_printf ("SELECT repeat('0123456789abcdef', 65536 * %u)", (n_megabytes > 2 ? n_megabytes - 2 : 1));
  g_autoptr (PgBaseConnection) connection = NULL;

  g_test_summary ("Rows of a megabyte, and one of thirty, arrive whole over TLS, and the connection goes on.");
  connection = open_tls (driver, &conninfo);
  if (connection == NULL)
    return;
  /* What would never arrive. */
  pg_base_connection_set_timeout (connection, 120 * 1000);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (connection, many, NULL, NULL, &error);
      g_autoptr (PgBaseCursor) single = NULL;
      PgResult *result;
      guint n_whole = 0;

      g_assert_no_error (error);
      result = pg_base_cursor_get_result (cursor);
      g_assert_cmpuint (pg_result_get_n_rows (result), ==, n_megabytes);
      for (guint i = 0; i < n_megabytes; i++)
        {
          g_autofree char *number = g_strdup_printf ("%u", i + 1);
          g_autofree char *part = g_strdup_printf ("%.*s%s", (int) (16 - strlen (number)), "abcdefghijklmnop", number);

          n_whole += is_repeated (result, i, part, MEGABYTE);
        }
      g_assert_cmpuint (n_whole, ==, n_megabytes);

      single = pg_test_driver_execute (connection, one, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (is_repeated (pg_base_cursor_get_result (single), 0, "0123456789abcdef", (gsize) (n_megabytes > 2 ? n_megabytes - 2 : 1) * MEGABYTE));
      g_assert_cmpint (pg_test_driver_int64 (connection, "SELECT 20 + 3"), ==, 23);
    }
}

static void
test_sizes (gconstpointer driver)
{
  g_autofree char *conninfo = NULL;
  g_autoptr (PgBaseConnection) connection = NULL;
  guint n_wrong = 0;

  g_test_summary ("Results of all sizes around those of TLS records and of libpq's buffer arrive at once: nothing waits for what comes after.");
  connection = open_tls (driver, &conninfo);
  if (connection == NULL)
    return;
  pg_base_connection_set_timeout (connection, 120 * 1000);
  for (gsize size = 1; size <= 128 * 1024; size += size < 4096 ? 1021 : size / 7 + 1)
    for (int shift = -40; shift <= 0; shift += 8)
      {
        g_autofree char *sql = g_strdup_printf ("SELECT repeat('x', %d)", (int) size + shift);
        g_autoptr (GError) error = NULL;
        g_autoptr (PgBaseCursor) cursor = NULL;

        if ((int) size + shift < 2)
          continue;
        cursor = pg_test_driver_execute (connection, sql, NULL, NULL, &error);
        g_assert_no_error (error);
        n_wrong += !is_repeated (pg_base_cursor_get_result (cursor), 0, "x", size + shift);
      }
  g_assert_cmpuint (n_wrong, ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/connection-tls/%s/large", test_large);
  pg_test_driver_add ("/pg/connection-tls/%s/sizes", test_sizes);
  status = g_test_run ();
  g_clear_object (&server);
  return status;
}
