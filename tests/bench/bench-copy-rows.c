/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* COPY of rows of values, a number and a text: encoded and decoded here, and by hand with libpq. */

#include "pg-bench.h"

#include <string.h>

#define TABLE "bench_copy_values"
#define NAME_LENGTH 24

typedef struct
{
  PGconn *raw;
  PgConnection *blocking;
  gint64 *ids;
  GPtrArray *names;
  GBytes *id_bytes;
  GBytes *name_bytes;
} Fixture;

static int n_rows = 100000;

static void
put_length (char *to, guint32 length)
{
  const guint32 ordered = GUINT32_TO_BE (length);

  memcpy (to, &ordered, sizeof ordered);
}

static int
encode_binary (char *row, gint64 id, const char *name)
{
  const guint64 ordered = GUINT64_TO_BE ((guint64) id);
  const gsize length = strlen (name);

  memcpy (row, "\0\2", 2);
  put_length (row + 2, 8);
  memcpy (row + 6, &ordered, 8);
  put_length (row + 14, (guint32) length);
  memcpy (row + 18, name, length);
  return (int) (18 + length);
}

static void
raw_in (Fixture *f, guint count, gboolean binary)
{
  for (guint i = 0; i < count; i++)
    {
      char row[64];

      pg_bench_check (f->raw, PQexec (f->raw, "TRUNCATE " TABLE), PGRES_COMMAND_OK);
      pg_bench_check (f->raw, PQexec (f->raw, binary ? "COPY " TABLE " FROM STDIN (FORMAT binary)" : "COPY " TABLE " FROM STDIN"), PGRES_COPY_IN);
      if (binary)
        PQputCopyData (f->raw, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
      for (int j = 0; j < n_rows; j++)
        {
          const int length = binary ? encode_binary (row, f->ids[j], f->names->pdata[j])
                                    : g_snprintf (row, sizeof row, "%" G_GINT64_FORMAT "\t%s\n", f->ids[j], (char *) f->names->pdata[j]);

          if (PQputCopyData (f->raw, row, length) != 1)
            g_error ("%s", PQerrorMessage (f->raw));
        }
      PQputCopyEnd (f->raw, NULL);
      pg_bench_check (f->raw, PQgetResult (f->raw), PGRES_COMMAND_OK);
      g_assert_null (PQgetResult (f->raw));
    }
}

static PgCopyOutputStream *
begin_in (Fixture *f, gboolean binary, GError **error)
{
  g_autoptr (PgCursor) cursor = pg_connection_execute (f->blocking, "TRUNCATE " TABLE, NULL, NULL, error);

  return pg_connection_copy_in (f->blocking, binary ? "COPY " TABLE " FROM STDIN (FORMAT binary)" : "COPY " TABLE " FROM STDIN", NULL, error);
}

static void
end_in (PgCopyOutputStream *stream, GError *error)
{
  if (error == NULL)
    g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, &error);
  if (error != NULL)
    g_error ("%s", error->message);
  g_assert_cmpint (pg_copy_output_stream_get_rowcount (stream), ==, n_rows);
}

static void
rows_in (Fixture *f, guint count, gboolean binary)
{
  for (guint i = 0; i < count; i++)
    {
      GError *error = NULL;
      g_autoptr (PgCopyOutputStream) stream = begin_in (f, binary, &error);

      for (int j = 0; error == NULL && j < n_rows; j++)
        {
          g_autoptr (PgParams) row = pg_params_new ();

          pg_params_add_int64 (row, f->ids[j]);
          pg_params_add_text (row, f->names->pdata[j]);
          pg_copy_output_stream_write_row (stream, row, NULL, &error);
        }
      end_in (stream, error);
    }
}

static void
columns_in (Fixture *f, guint count, gboolean binary)
{
  for (guint i = 0; i < count; i++)
    {
      GError *error = NULL;
      g_autoptr (PgCopyOutputStream) stream = begin_in (f, binary, &error);
      g_autoptr (PgCopyColumns) columns = pg_copy_columns_new ();

      if (pg_copy_columns_add_data (columns, PG_OID_INT8, f->id_bytes, NULL, &error) &&
          pg_copy_columns_add_texts (columns, f->name_bytes, (gsize) n_rows, NULL, &error))
        pg_copy_output_stream_write_columns (stream, columns, NULL, &error);
      end_in (stream, error);
    }
}

static void
raw_in_text (gpointer data, guint count)
{
  raw_in (data, count, FALSE);
}

static void
raw_in_binary (gpointer data, guint count)
{
  raw_in (data, count, TRUE);
}

static void
rows_in_text (gpointer data, guint count)
{
  rows_in (data, count, FALSE);
}

static void
rows_in_binary (gpointer data, guint count)
{
  rows_in (data, count, TRUE);
}

static void
columns_in_text (gpointer data, guint count)
{
  columns_in (data, count, FALSE);
}

static void
columns_in_binary (gpointer data, guint count)
{
  columns_in (data, count, TRUE);
}

/* The number of each row, and where its text is, without unescaping it. */
static void
raw_out_text (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      gint64 sum = 0;
      char *row;

      pg_bench_check (f->raw, PQexec (f->raw, "COPY " TABLE " TO STDOUT"), PGRES_COPY_OUT);
      while (PQgetCopyData (f->raw, &row, FALSE) > 0)
        {
          sum += g_ascii_strtoll (row, NULL, 10) + (strchr (row, '\t') != NULL);
          PQfreemem (row);
        }
      pg_bench_check (f->raw, PQgetResult (f->raw), PGRES_COMMAND_OK);
      g_assert_null (PQgetResult (f->raw));
      g_assert_cmpint (sum, >, n_rows);
    }
}

static void
rows_out (Fixture *f, guint count, const char *sql)
{
  for (guint i = 0; i < count; i++)
    {
      GError *error = NULL;
      g_autoptr (PgCopyInputStream) stream = pg_connection_copy_out (f->blocking, sql, NULL, &error);
      gint64 sum = 0;
      guint n = 1;

      while (error == NULL && n > 0)
        {
          g_autoptr (PgResult) result = pg_copy_input_stream_read_rows (stream, 1000, NULL, &error);

          n = error == NULL ? pg_result_get_n_rows (result) : 0;
          for (guint j = 0; j < n; j++)
            sum += pg_result_get_int64 (result, j, 0, &error) + (pg_result_get_text (result, j, 1, &error) != NULL);
        }
      if (error != NULL)
        g_error ("%s", error->message);
      g_assert_cmpint (sum, >, n_rows);
    }
}

static void
rows_out_text (gpointer data, guint count)
{
  rows_out (data, count, "COPY " TABLE " TO STDOUT");
}

static void
rows_out_binary (gpointer data, guint count)
{
  rows_out (data, count, "COPY " TABLE " TO STDOUT (FORMAT binary)");
}

static void
fill (Fixture *f)
{
  GByteArray *texts = g_byte_array_new ();

  f->ids = g_new (gint64, n_rows);
  f->names = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < n_rows; i++)
    {
      char name[NAME_LENGTH];

      g_snprintf (name, sizeof name, "name of %d", i);
      f->ids[i] = i;
      g_ptr_array_add (f->names, g_strdup (name));
      g_byte_array_append (texts, (const guint8 *) name, (guint) strlen (name) + 1);
    }
  f->id_bytes = g_bytes_new_static (f->ids, (gsize) n_rows * sizeof *f->ids);
  f->name_bytes = g_byte_array_free_to_bytes (texts);
  pg_bench_check (f->raw,
                  PQexec (f->raw, "SET client_min_messages = warning; DROP TABLE IF EXISTS " TABLE "; CREATE UNLOGGED TABLE " TABLE " (id int8, name text)"),
                  PGRES_COMMAND_OK);
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant text[] = {
    { "raw-text", "libpq, formatted here", raw_in_text, &f, 0 },
    { "rows-text", "write_row()", rows_in_text, &f, 1.05 },
    { "columns-text", "write_columns()", columns_in_text, &f, 1.05 },
  };
  const PgBenchContestant binary[] = {
    { "raw-binary", "libpq, formatted here", raw_in_binary, &f, 0 },
    { "rows-binary", "write_row()", rows_in_binary, &f, 1.05 },
    { "columns-binary", "write_columns()", columns_in_binary, &f, 1.05 },
  };
  const PgBenchContestant out[] = {
    { "raw-out-text", "libpq, text, parsed here", raw_out_text, &f, 0 },
    { "out-text", "read_rows(), text", rows_out_text, &f, 1.05 },
    { "out-binary", "read_rows(), binary", rows_out_binary, &f, 0 },
  };
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many rows", "N" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *in_text = NULL;
  g_autofree char *in_binary = NULL;
  g_autofree char *went_out = NULL;
  int pids[2];

  pg_bench_begin (&argc, &argv, entries);
  f.raw = pg_bench_open_raw ();
  f.blocking = pg_bench_open ();
  if (!pg_connection_set_autocommit (f.blocking, TRUE, NULL, &error))
    g_error ("%s", error->message);
  fill (&f);
  pids[0] = PQbackendPID (f.raw);
  pids[1] = pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (f.blocking));
  if (!pg_bench_pin (FALSE, pids, 2))
    pg_bench_pin (TRUE, pids, 2);
  in_text = g_strdup_printf ("COPY in, %d rows, text", n_rows);
  in_binary = g_strdup_printf ("COPY in, %d rows, binary", n_rows);
  went_out = g_strdup_printf ("COPY out, %d rows", n_rows);
  pg_bench_compare (in_text, text, G_N_ELEMENTS (text), 1);
  pg_bench_compare (in_binary, binary, G_N_ELEMENTS (binary), 1);
  pg_bench_compare (went_out, out, G_N_ELEMENTS (out), 1);
  PQfinish (f.raw);
  g_clear_object (&f.blocking);
  g_bytes_unref (f.id_bytes);
  g_bytes_unref (f.name_bytes);
  g_ptr_array_unref (f.names);
  g_free (f.ids);
  pg_bench_end ();
  return 0;
}
