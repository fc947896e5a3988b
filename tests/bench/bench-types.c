/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values of each type decoded, from results that are there: what a getter costs, in both formats, beside what a program does with libpq's text. */

#include "pg-bench.h"

#include <stdlib.h>

typedef struct _Type Type;

struct _Type
{
  const char *name;
  const char *expression; /* of i */
  void (*raw) (PGresult *result, gint64 *sum);
  void (*decode) (PgResult *result, gint64 *sum, GError **error);
};

typedef struct
{
  const Type *type;
  PGresult *raw;
  PgResult *result;
} Work;

static int n_rows = 10000;
static gint64 total;

#define DEFINE_RAW(name, expression)                              \
  static void                                                     \
  raw_##name (PGresult *result, gint64 *sum)                      \
  {                                                               \
    for (int row = 0; row < n_rows; row++)                        \
      {                                                           \
        const char *value = PQgetvalue (result, row, 0);          \
                                                                  \
        *sum += (gint64) (expression);                            \
      }                                                           \
  }

/* Where C has no type for it, the text is what a program has. */
DEFINE_RAW (text, *value + PQgetlength (result, row, 0))
DEFINE_RAW (boolean, *value == 't')
DEFINE_RAW (int64, strtoll (value, NULL, 10))
DEFINE_RAW (double, strtod (value, NULL))

static void
raw_bytes (PGresult *result, gint64 *sum)
{
  for (int row = 0; row < n_rows; row++)
    {
      size_t length;
      unsigned char *data = PQunescapeBytea ((const unsigned char *) PQgetvalue (result, row, 0), &length);

      *sum += *data + (gint64) length;
      PQfreemem (data);
    }
}

#define DEFINE_DECODE(name, declaration, expression, release)            \
  static void                                                            \
  decode_##name (PgResult *result, gint64 *sum, GError **error)          \
  {                                                                      \
    for (guint row = 0; row < (guint) n_rows; row++)                     \
      {                                                                  \
        declaration = pg_result_##name (result, row, 0, error);          \
                                                                         \
        *sum += (gint64) (expression);                                   \
        release;                                                         \
      }                                                                  \
  }

DEFINE_DECODE (get_boolean, gboolean value, value, (void) 0)
DEFINE_DECODE (get_int64, gint64 value, value, (void) 0)
DEFINE_DECODE (get_double, double value, value, (void) 0)
DEFINE_DECODE (get_text, const char *value, *value, (void) 0)
DEFINE_DECODE (dup_text, char *value, *value, g_free (value))
DEFINE_DECODE (dup_bytes, GBytes *value, g_bytes_get_size (value), g_bytes_unref (value))
DEFINE_DECODE (dup_numeric, PgNumeric *value, pg_numeric_is_negative (value), pg_numeric_unref (value))
DEFINE_DECODE (dup_date, PgDate *value, pg_date_get_days (value), pg_date_unref (value))
DEFINE_DECODE (dup_timestamp, PgTimestamp *value, pg_timestamp_get_microseconds (value), pg_timestamp_unref (value))
DEFINE_DECODE (dup_interval, PgInterval *value, pg_interval_get_days (value), pg_interval_unref (value))
DEFINE_DECODE (dup_inet, PgInet *value, pg_inet_get_prefix_length (value), pg_inet_unref (value))
DEFINE_DECODE (dup_array, PgArray *value, pg_array_get_n_elements (value), pg_array_unref (value))
DEFINE_DECODE (dup_range, PgRange *value, pg_range_is_empty (value), pg_range_unref (value))

static const Type types[] = {
  { "bool", "i % 2 = 0", raw_boolean, decode_get_boolean },
  { "int4", "(i * 7919)::int4", raw_int64, decode_get_int64 },
  { "int8", "i::int8 * 1234567891011", raw_int64, decode_get_int64 },
  { "float8", "i / 7::float8", raw_double, decode_get_double },
  { "numeric", "i * 1.25::numeric(20, 4)", raw_text, decode_dup_numeric },
  { "text", "'name of ' || i", raw_text, decode_get_text },
  { "bytea", "decode(md5(i::text), 'hex')", raw_bytes, decode_dup_bytes },
  { "date", "date '2000-01-01' + i", raw_text, decode_dup_date },
  { "timestamptz", "timestamptz '2024-02-29 12:00:00.25+00' + i * interval '1 minute'", raw_text, decode_dup_timestamp },
  { "interval", "i * interval '1 day 2 minutes'", raw_text, decode_dup_interval },
  { "uuid", "md5(i::text)::uuid", raw_text, decode_dup_text },
  { "jsonb", "jsonb_build_object('id', i, 'name', 'name of ' || i)", raw_text, decode_dup_text },
  { "inet", "inet '10.0.0.0/8' + i", raw_text, decode_dup_inet },
  { "int4[]", "array[i, i + 1, NULL, i + 3]", raw_text, decode_dup_array },
  { "text[]", "array['name of ' || i, NULL, 'a']", raw_text, decode_dup_array },
  { "int4range", "int4range(i, i + 10)", raw_text, decode_dup_range },
};

static void
run_raw (gpointer data, guint count)
{
  Work *work = data;

  for (guint i = 0; i < count; i++)
    work->type->raw (work->raw, &total);
}

static void
run_decode (gpointer data, guint count)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < count; i++)
    {
      work->type->decode (work->result, &total, &error);
      if (error != NULL)
        g_error ("%s", error->message);
    }
}

static PgResult *
fetch (PgConnection *connection, PgFormat format, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, &error);

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  if (!pg_cursor_execute (cursor, sql, NULL, NULL, &error))
    g_error ("%s", error->message);
  g_assert_cmpuint (pg_result_get_n_rows (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor))), ==, (guint) n_rows);
  return g_object_ref (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)));
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "How many values of each type", "N" },
    { NULL },
  };
  g_autoptr (PgConnection) connection = NULL;
  PGconn *raw;

  pg_bench_begin (&argc, &argv, entries);
  raw = pg_bench_open_raw ();
  connection = pg_bench_open ();
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s FROM generate_series (1, %d) i", types[i].expression, n_rows);
      g_autofree char *title = g_strdup_printf ("%s, %d values", types[i].name, n_rows);
      g_autofree char *name_raw = g_strconcat (types[i].name, "-raw", NULL);
      g_autofree char *name_text = g_strconcat (types[i].name, "-text", NULL);
      g_autofree char *name_binary = g_strconcat (types[i].name, "-binary", NULL);
      g_autoptr (PgResult) text = fetch (connection, PG_FORMAT_TEXT, sql);
      g_autoptr (PgResult) binary = fetch (connection, PG_FORMAT_BINARY, sql);
      Work from_raw = { &types[i], PQexec (raw, sql), NULL };
      Work from_text = { &types[i], NULL, text };
      Work from_binary = { &types[i], NULL, binary };
      const PgBenchContestant contestants[] = {
        { name_raw, "libpq, text", run_raw, &from_raw, 0 },
        { name_text, "PgResult, text", run_decode, &from_text, 0 },
        { name_binary, "PgResult, binary", run_decode, &from_binary, 0 },
      };

      g_assert_cmpint (PQntuples (from_raw.raw), ==, n_rows);
      pg_bench_compare (title, contestants, G_N_ELEMENTS (contestants), 1);
      pg_bench_check (raw, from_raw.raw, PGRES_TUPLES_OK);
    }
  PQfinish (raw);
  pg_bench_end ();
  return 0;
}
