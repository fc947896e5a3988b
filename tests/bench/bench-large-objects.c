/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A large object, written and read in blocks. */

#include "pg-bench.h"

#include <libpq/libpq-fs.h>
#include <string.h>

#define BLOCK (64 * 1024)

typedef struct
{
  PGconn *raw;
  PgConnection *blocking;
  Oid oid; /* of the one that is read */
  char *block;
} Fixture;

static int n_blocks = 1024;

/* What is written is rolled back, but stays in the table until it is vacuumed: so that is less. */
static guint
get_n_written (void)
{
  return (guint) MAX (n_blocks / 8, 1);
}

static void
run_raw (Fixture *f, const char *sql)
{
  pg_bench_check (f->raw, PQexec (f->raw, sql), PGRES_COMMAND_OK);
}

/* --- libpq's functions --- */

static void
write_raw (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      int fd;

      run_raw (f, "BEGIN");
      fd = lo_open (f->raw, lo_creat (f->raw, INV_READ | INV_WRITE), INV_READ | INV_WRITE);
      for (guint n = get_n_written (); n > 0; n--)
        g_assert_cmpint (lo_write (f->raw, fd, f->block, BLOCK), ==, BLOCK);
      lo_close (f->raw, fd);
      run_raw (f, "ROLLBACK");
    }
}

static void
read_raw (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      gint64 total = 0;
      int fd, n;

      run_raw (f, "BEGIN");
      fd = lo_open (f->raw, f->oid, INV_READ);
      while ((n = lo_read (f->raw, fd, f->block, BLOCK)) > 0)
        total += n;
      g_assert_cmpint (total, ==, (gint64) n_blocks * BLOCK);
      lo_close (f->raw, fd);
      run_raw (f, "COMMIT");
    }
}

/* --- the server's functions in statements --- */

static void
write_statements (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      guint32 fd;
      const char *values[] = { (const char *) &fd, f->block };
      const int lengths[] = { sizeof fd, BLOCK };
      const int formats[] = { 1, 1 };

      run_raw (f, "BEGIN");
      fd = GUINT32_TO_BE ((guint32) lo_open (f->raw, lo_creat (f->raw, INV_READ | INV_WRITE), INV_READ | INV_WRITE));
      for (guint n = get_n_written (); n > 0; n--)
        pg_bench_check (f->raw, PQexecParams (f->raw, "SELECT lowrite($1::int4, $2::bytea)", 2, NULL, values, lengths, formats, 1), PGRES_TUPLES_OK);
      run_raw (f, "ROLLBACK");
    }
}

static void
read_statements (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      const guint32 size = GUINT32_TO_BE (BLOCK);
      guint32 fd;
      const char *values[] = { (const char *) &fd, (const char *) &size };
      const int lengths[] = { sizeof fd, sizeof size };
      const int formats[] = { 1, 1 };
      gint64 total = 0;
      int n;

      run_raw (f, "BEGIN");
      fd = GUINT32_TO_BE ((guint32) lo_open (f->raw, f->oid, INV_READ));
      do
        {
          PGresult *result = PQexecParams (f->raw, "SELECT loread($1::int4, $2::int4)", 2, NULL, values, lengths, formats, 1);

          n = PQgetlength (result, 0, 0);
          memcpy (f->block, PQgetvalue (result, 0, 0), (size_t) n);
          total += n;
          pg_bench_check (f->raw, result, PGRES_TUPLES_OK);
        }
      while (n > 0);
      g_assert_cmpint (total, ==, (gint64) n_blocks * BLOCK);
      run_raw (f, "COMMIT");
    }
}

/* --- the library --- */

static void
write_blocking (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgLargeObject) object = pg_connection_create_large_object (f->blocking, 0, NULL, &error);
      GOutputStream *stream;

      if (object == NULL)
        g_error ("%s", error->message);
      stream = g_io_stream_get_output_stream (G_IO_STREAM (object));
      for (guint n = get_n_written (); n > 0; n--)
        if (!g_output_stream_write_all (stream, f->block, BLOCK, NULL, NULL, &error))
          g_error ("%s", error->message);
      if (!g_io_stream_close (G_IO_STREAM (object), NULL, &error) || !pg_connection_rollback (f->blocking, NULL, &error))
        g_error ("%s", error->message);
    }
}

static void
read_blocking (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgLargeObject) object = pg_connection_open_large_object (f->blocking, f->oid, PG_LARGE_OBJECT_MODE_READ, NULL, &error);
      GInputStream *stream;
      gint64 total = 0;
      gssize n;

      if (object == NULL)
        g_error ("%s", error->message);
      stream = g_io_stream_get_input_stream (G_IO_STREAM (object));
      while ((n = g_input_stream_read (stream, f->block, BLOCK, NULL, &error)) > 0)
        total += n;
      g_assert_no_error (error);
      g_assert_cmpint (total, ==, (gint64) n_blocks * BLOCK);
      if (!g_io_stream_close (G_IO_STREAM (object), NULL, &error) || !pg_connection_commit (f->blocking, NULL, &error))
        g_error ("%s", error->message);
    }
}

/* --- */

static void
fill (Fixture *f)
{
  int fd;

  run_raw (f, "BEGIN");
  f->oid = lo_creat (f->raw, INV_READ | INV_WRITE);
  fd = lo_open (f->raw, f->oid, INV_READ | INV_WRITE);
  for (int n = 0; n < n_blocks; n++)
    g_assert_cmpint (lo_write (f->raw, fd, f->block, BLOCK), ==, BLOCK);
  lo_close (f->raw, fd);
  run_raw (f, "COMMIT");
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant writers[] = {
    { "statements-write", "libpq, SELECT lowrite ()", write_statements, &f, 0 },
    { "raw-write", "libpq, lo_write ()", write_raw, &f, 0 },
    { "blocking-write", "PgLargeObject", write_blocking, &f, 1.1 },
  };
  const PgBenchContestant readers[] = {
    { "statements-read", "libpq, SELECT loread ()", read_statements, &f, 0 },
    { "raw-read", "libpq, lo_read ()", read_raw, &f, 0 },
    { "blocking-read", "PgLargeObject", read_blocking, &f, 1.1 },
  };
  const GOptionEntry entries[] = {
    { "blocks", 0, 0, G_OPTION_ARG_INT, &n_blocks, "How many blocks of 64 KiB", "N" },
    { NULL },
  };
  g_autofree char *writing = NULL;
  g_autofree char *reading = NULL;

  pg_bench_begin (&argc, &argv, entries);
  n_blocks = MAX (n_blocks, 1);
  f.raw = pg_bench_open_raw ();
  f.blocking = pg_bench_open ();
  f.block = g_malloc (BLOCK);
  for (gsize i = 0; i < BLOCK; i++)
    f.block[i] = (char) g_random_int ();
  fill (&f);
  writing = g_strdup_printf ("large object, %u KiB written", get_n_written () * (BLOCK / 1024));
  reading = g_strdup_printf ("large object, %d KiB read", n_blocks * (BLOCK / 1024));
  pg_bench_compare (writing, writers, G_N_ELEMENTS (writers), 1);
  pg_bench_compare (reading, readers, G_N_ELEMENTS (readers), 1);
  pg_bench_check (f.raw, PQexec (f.raw, "SELECT lo_unlink (oid) FROM pg_largeobject_metadata"), PGRES_TUPLES_OK);
  PQfinish (f.raw);
  g_clear_object (&f.blocking);
  g_free (f.block);
  pg_bench_end ();
  return 0;
}
