/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A file that is larger than any buffer through COPY and back. */
#include "pg-test-copy.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define LINE 200

static gsize
get_peak (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || (line = strstr (status, "VmHWM:")) == NULL)
    return 0;
  return (gsize) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024;
}

/* Lines of a number, a tab, and letters that do not repeat. */
static void
fill (GFile *file, guint64 size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  g_autoptr (GString) block = g_string_new (NULL);
  guint64 state = 88172645463325252u;

  g_assert_no_error (error);
  for (guint64 line = 0; line * LINE < size;)
    {
      g_string_truncate (block, 0);
      for (guint i = 0; i < 5000; i++, line++)
        {
          const gsize start = block->len;

          g_string_append_printf (block, "%" G_GUINT64_FORMAT "\t", line);
          while (block->len - start < LINE - 1)
            {
              state ^= state << 13;
              state ^= state >> 7;
              state ^= state << 17;
              g_string_append_c (block, (char) ('0' + state % 75 + (state % 75 >= 44)));
            }
          g_string_append_c (block, '\n');
        }
      g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), block->str, block->len, NULL, NULL, &error));
    }
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, &error));
}

static void
assert_same (GFile *one, GFile *other)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) first = g_file_read (one, NULL, &error);
  g_autoptr (GFileInputStream) second = g_file_read (other, NULL, &error);
  g_autofree char *a = g_malloc (1 << 20);
  g_autofree char *b = g_malloc (1 << 20);
  gsize n, m;

  g_assert_no_error (error);
  do
    {
      g_assert_true (g_input_stream_read_all (G_INPUT_STREAM (first), a, 1 << 20, &n, NULL, &error));
      g_assert_true (g_input_stream_read_all (G_INPUT_STREAM (second), b, 1 << 20, &m, NULL, &error));
      g_assert_cmpuint (n, ==, m);
      g_assert_cmpint (memcmp (a, b, n), ==, 0);
    }
  while (n > 0);
}

static void
test_file (gconstpointer driver)
{
  const gboolean is_long = g_strcmp0 (g_getenv ("PGCONN_TEST_LONG"), "1") == 0;
  const guint64 size = is_long ? (guint64) 2 << 30 : 2 << 20;
  PgTestDriver d = GPOINTER_TO_INT (driver);
  g_autoptr (PgBaseConnection) connection = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) there = NULL, back = NULL;
  gsize before;
  gint64 start;

  g_test_summary ("A file of 2 GiB is spliced into a table and back, and is the same byte for byte, in little memory. 2 MiB unless PGCONN_TEST_LONG is 1.");
  connection = pg_test_copy_open (driver, TRUE);
  if (connection == NULL)
    return;
  folder = g_dir_make_tmp ("pgconn-copy-XXXXXX", &error);
  g_assert_no_error (error);
  there = g_file_new_build_filename (folder, "there", NULL);
  back = g_file_new_build_filename (folder, "back", NULL);
  fill (there, size);
  pg_test_driver_run (connection, "CREATE UNLOGGED TABLE large (n int8, s text)");
  before = get_peak ();
  start = g_get_monotonic_time ();
  {
    g_autoptr (GInputStream) source = G_INPUT_STREAM (g_file_read (there, NULL, &error));
    g_autoptr (GOutputStream) target = pg_test_copy_in (connection, "COPY large FROM STDIN", &error);

    g_assert_no_error (error);
    g_assert_cmpint (pg_test_copy_splice (d, target, source, NULL, &error), >=, (gssize) size);
    g_assert_no_error (error);
  }
  g_test_message ("in: %.1f s", pg_test_seconds_since (start));
  start = g_get_monotonic_time ();
  {
    g_autoptr (GInputStream) source = pg_test_copy_out (connection, "COPY large TO STDOUT", &error);
    g_autoptr (GOutputStream) target = G_OUTPUT_STREAM (g_file_replace (back, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error));

    g_assert_no_error (error);
    g_assert_cmpint (pg_test_copy_splice (d, target, source, NULL, &error), >=, (gssize) size);
    g_assert_no_error (error);
  }
  g_test_message ("out: %.1f s, memory more by %.1f MiB", pg_test_seconds_since (start), (double) (get_peak () - before) / (1 << 20));
  g_assert_cmpuint (get_peak () - before, <, 32 << 20);
  assert_same (there, back);
  g_assert_true (g_file_delete (there, NULL, &error));
  g_assert_true (g_file_delete (back, NULL, &error));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/copy-large/%s/file", test_file);
  return g_test_run ();
}
