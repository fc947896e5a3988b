/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Parameters of each type: libpq with the texts of the values, and PgParams with the values. */

#include "pg-bench.h"

#include <string.h>

#define N_PARAMS 50
#define N_ELEMENTS 1000

typedef struct
{
  PGconn *raw;
  PgConnection *blocking;
} Fixture;

typedef struct
{
  Fixture *fixture;
  const char *type;
  Oid oid;
  char *sql;
  /* What a program with libpq has to do for each value, and one with this library. */
  void (*print) (guint i, char *text, gsize size);
  void (*add) (PgParams *params, guint i);
  guint n_params;
} Work;

static PgNumeric *numeric;
static PgDate *date;
static PgTimestamp *timestamp;
static PgInterval *interval;
static GBytes *bytes;
static char bytes_text[2 + 2 * 64 + 1];
static gint64 integers[N_ELEMENTS];

static void
print_int8 (guint i, char *text, gsize size)
{
  g_snprintf (text, size, "%" G_GINT64_FORMAT, G_GINT64_CONSTANT (1234567890123) + i);
}

static void
add_int8 (PgParams *params, guint i)
{
  pg_params_add_int64 (params, G_GINT64_CONSTANT (1234567890123) + i);
}

static void
print_float8 (guint i, char *text, gsize size)
{
  g_snprintf (text, size, "%.17g", i * 1.1);
}

static void
add_float8 (PgParams *params, guint i)
{
  pg_params_add_double (params, i * 1.1);
}

static void
print_text (guint i, char *text, gsize size)
{
  g_strlcpy (text, "a text of some words", size);
}

static void
add_text (PgParams *params, guint i)
{
  pg_params_add_text (params, "a text of some words");
}

static void
print_numeric (guint i, char *text, gsize size)
{
  g_strlcpy (text, "12345678901234567890.123456789", size);
}

static void
add_numeric (PgParams *params, guint i)
{
  pg_params_add_numeric (params, numeric);
}

static void
print_date (guint i, char *text, gsize size)
{
  g_snprintf (text, size, "%04d-%02d-%02d", 2024, 2, 29);
}

static void
add_date (PgParams *params, guint i)
{
  pg_params_add_date (params, date);
}

static void
print_timestamp (guint i, char *text, gsize size)
{
  g_snprintf (text, size, "%04d-%02d-%02d %02d:%02d:%02d.%06d+00", 2024, 2, 29, 12, 34, 56, 789012);
}

static void
add_timestamp (PgParams *params, guint i)
{
  pg_params_add_timestamp (params, timestamp);
}

static void
print_interval (guint i, char *text, gsize size)
{
  g_snprintf (text, size, "%d mons %d days %d microseconds", 1, 2, 3);
}

static void
add_interval (PgParams *params, guint i)
{
  pg_params_add_interval (params, interval);
}

static void
print_bytea (guint i, char *text, gsize size)
{
  g_strlcpy (text, bytes_text, size);
}

static void
add_bytea (PgParams *params, guint i)
{
  pg_params_add_bytes (params, bytes);
}

static void
print_array (guint i, char *text, gsize size)
{
  char *at = text;

  for (guint k = 0; k < N_ELEMENTS; k++)
    at += g_snprintf (at, size - (gsize) (at - text), "%c%" G_GINT64_FORMAT, k == 0 ? '{' : ',', integers[k]);
  g_strlcpy (at, "}", size - (gsize) (at - text));
}

static void
add_array (PgParams *params, guint i)
{
  pg_params_add_int64_array (params, integers, N_ELEMENTS);
}

static void
run_raw (gpointer data, guint count)
{
  Work *work = data;
  const gsize size = work->n_params == 1 ? 64 * 1024 : 256;
  g_autofree char *texts = g_malloc (size * work->n_params);
  const char *values[N_PARAMS];
  Oid types[N_PARAMS];

  for (guint n = 0; n < count; n++)
    {
      for (guint i = 0; i < work->n_params; i++)
        {
          work->print (i, texts + i * size, size);
          values[i] = texts + i * size;
          types[i] = work->oid;
        }
      pg_bench_check (work->fixture->raw,
                      PQexecParams (work->fixture->raw, work->sql, (int) work->n_params, types, values, NULL, NULL, 0), PGRES_TUPLES_OK);
    }
}

static void
run_params (gpointer data, guint count)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  for (guint n = 0; n < count; n++)
    {
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (PgCursor) cursor = NULL;

      for (guint i = 0; i < work->n_params; i++)
        work->add (params, i);
      cursor = pg_connection_execute_params (work->fixture->blocking, work->sql, params, NULL, &error);
      if (cursor == NULL)
        g_error ("%s", error->message);
    }
}

static void
compare (Fixture *f, const char *type, Oid oid, guint n_params, void (*print) (guint, char *, gsize), void (*add) (PgParams *, guint))
{
  Work work = { f, type, oid, NULL, print, add, n_params };
  g_autoptr (GString) sql = g_string_new ("SELECT num_nulls (");
  g_autofree char *title = n_params == 1 ? g_strdup_printf ("%s of %d", type, N_ELEMENTS) : g_strdup_printf ("%u x %s", n_params, type);
  g_autofree char *raw_name = g_strdup_printf ("raw-%s", type);
  g_autofree char *params_name = g_strdup_printf ("params-%s", type);
  const PgBenchContestant contestants[] = {
    { raw_name, "libpq, text", run_raw, &work, 0 },
    { params_name, "PgConnection, PgParams", run_params, &work, 1.2 },
  };

  for (guint i = 1; i <= n_params; i++)
    g_string_append_printf (sql, "%s$%u::%s", i > 1 ? ", " : "", i, type);
  g_string_append_c (sql, ')');
  work.sql = sql->str;
  pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 20);
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const guint8 data[64] = { 0, 1, 2, 255 };
  int pids[2];

  pg_bench_begin (&argc, &argv, NULL);
  f.raw = pg_bench_open_raw ();
  f.blocking = pg_bench_open ();
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (f.blocking), -1);
  pids[0] = PQbackendPID (f.raw);
  pids[1] = pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (f.blocking));
  pg_bench_pin (TRUE, pids, 2);

  numeric = pg_numeric_parse ("12345678901234567890.123456789", NULL);
  date = pg_date_parse ("2024-02-29", NULL);
  timestamp = pg_timestamp_parse ("2024-02-29 12:34:56.789012+00", NULL);
  interval = pg_interval_new (1, 2, 3);
  bytes = g_bytes_new (data, sizeof data);
  strcpy (bytes_text, "\\x");
  for (guint i = 0; i < sizeof data; i++)
    g_snprintf (bytes_text + 2 + 2 * i, 3, "%02x", data[i]);
  for (guint i = 0; i < N_ELEMENTS; i++)
    integers[i] = G_GINT64_CONSTANT (1000000007) * i;

  compare (&f, "int8", 20, N_PARAMS, print_int8, add_int8);
  compare (&f, "float8", 701, N_PARAMS, print_float8, add_float8);
  compare (&f, "text", 0, N_PARAMS, print_text, add_text);
  compare (&f, "numeric", 1700, N_PARAMS, print_numeric, add_numeric);
  compare (&f, "date", 1082, N_PARAMS, print_date, add_date);
  compare (&f, "timestamptz", 1184, N_PARAMS, print_timestamp, add_timestamp);
  compare (&f, "interval", 1186, N_PARAMS, print_interval, add_interval);
  compare (&f, "bytea", 17, N_PARAMS, print_bytea, add_bytea);
  compare (&f, "int8[]", 1016, 1, print_array, add_array);

  pg_numeric_unref (numeric);
  pg_date_unref (date);
  pg_timestamp_unref (timestamp);
  pg_interval_unref (interval);
  g_bytes_unref (bytes);
  PQfinish (f.raw);
  g_clear_object (&f.blocking);
  pg_bench_end ();
  return 0;
}
