/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-random-private.h"

#include <math.h>
#include <string.h>

#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-quoted-private.h>

gboolean
pg_test_random_chance (guint n)
{
  return g_test_rand_int_range (0, (gint32) n) == 0;
}

guint64
rand_bits (void)
{
  return (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
}

gint64
rand_between (gint64 from, gint64 to)
{
  const guint64 span = (guint64) to - (guint64) from;
  const guint64 bits = rand_bits () >> g_test_rand_int_range (0, 64);

  switch (g_test_rand_int_range (0, 12))
    {
    case 0: return from;
    case 1: return to;
    case 2: return from < 0 && to > 0 ? 0 : from;
    case 3: return from + (gint64) MIN (bits % 3, span);
    default: break;
    }
  /* Small ones around 0, or any. */
  if (from < 0 && to > 0 && g_test_rand_bit ())
    {
      const gint64 small = (gint64) (bits >> 1) * (g_test_rand_bit () ? 1 : -1);

      if (small >= from && small <= to)
        return small;
    }
  return span == G_MAXUINT64 ? (gint64) rand_bits () : (gint64) ((guint64) from + rand_bits () % (span + 1));
}

#define DEFINE_INTEGER(name, from, to)                                    \
  void                                                                    \
  append_##name (GString *text)                                           \
  {                                                                       \
    g_string_append_printf (text, "%" G_GINT64_FORMAT, rand_between (from, to)); \
  }

DEFINE_INTEGER (int2, G_MININT16, G_MAXINT16)
DEFINE_INTEGER (int4, G_MININT32, G_MAXINT32)
DEFINE_INTEGER (int8, G_MININT64, G_MAXINT64)
DEFINE_INTEGER (oid, 0, G_MAXUINT32)

static void
append_bool (GString *text)
{
  g_string_append_c (text, g_test_rand_bit () ? 't' : 'f');
}

static void
append_xid8 (GString *text)
{
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, rand_bits () >> g_test_rand_int_range (0, 64));
}

static void
append_float (GString *text, double number, const char *format)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (number))
    g_string_append (text, "NaN");
  else if (isinf (number))
    g_string_append (text, number < 0 ? "-Infinity" : "Infinity");
  else
    g_string_append (text, g_ascii_formatd (digits, sizeof digits, format, number));
}

static void
append_float4 (GString *text)
{
  static const float special[] = { 0.0f, -0.0f, INFINITY, -INFINITY, NAN, 0.1f, 1e-45f, 3.4028235e38f, 1.1754944e-38f, 16777216.0f };
  guint32 bits = (guint32) g_test_rand_int ();
  float number;

  /* Denormal numbers, too. */
  if (pg_test_random_chance (8))
    bits &= 0x807fffff;
  memcpy (&number, &bits, sizeof number);
  append_float (text, pg_test_random_chance (6) ? pg_test_random_pick (special) : number, "%.9g");
}

void
append_float8 (GString *text)
{
  static const double special[] = { 0.0, -0.0, INFINITY, -INFINITY, NAN, 0.1, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 9007199254740993.0 };
  guint64 bits = rand_bits ();
  double number;

  if (pg_test_random_chance (8))
    bits &= G_GUINT64_CONSTANT (0x800fffffffffffff);
  memcpy (&number, &bits, sizeof number);
  if (pg_test_random_chance (4))
    number = (double) rand_between (-100000000, 100000000) / 1000;
  append_float (text, pg_test_random_chance (6) ? pg_test_random_pick (special) : number, "%.17g");
}

static void
append_digits (GString *text, int n)
{
  /* Groups of zeros are what the base of 10000 is about. */
  while (n-- > 0)
    g_string_append_c (text, pg_test_random_chance (3) ? '0' : (char) ('0' + g_test_rand_int_range (0, 10)));
}

void
append_numeric (GString *text)
{
  static const char *const special[] = { "NaN", "Infinity", "-Infinity", "0", "0.0", "0.0000", "-0.00", "1e-1000", "1e1000", "9223372036854775808", "1e131071", "1e-16383" };

  if (pg_test_random_chance (12))
    {
      g_string_append (text, pg_test_random_pick (special));
      return;
    }
  if (g_test_rand_bit ())
    g_string_append_c (text, '-');
  append_digits (text, pg_test_random_chance (50) ? 1000 : g_test_rand_int_range (1, 40));
  if (g_test_rand_bit ())
    {
      g_string_append_c (text, '.');
      append_digits (text, pg_test_random_chance (50) ? 1000 : g_test_rand_int_range (1, 30));
    }
  if (pg_test_random_chance (4))
    g_string_append_printf (text, "e%d", g_test_rand_int_range (-50, 50));
}

static void
append_money (GString *text)
{
  static const char *const limits[] = { "92233720368547758.07", "-92233720368547758.08", "-0.01" };
  const gint64 units = rand_between (-G_MAXINT64 / 100 + 1, G_MAXINT64 / 100 - 1);

  if (pg_test_random_chance (10))
    g_string_append (text, pg_test_random_pick (limits));
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT ".%02d", units, g_test_rand_int_range (0, 100));
}

/* Characters that mean something somewhere, and of each length in UTF-8. */
static void
append_characters (GString *text, int n)
{
  static const char *const pieces[] = { "\"", "\\", "'", ",", ";", "(", ")", "{", "}", "[", "]", " ", "\t", "\n", "\r", "\v", "\f", "NULL", "null", "empty",
                                        ":", "=", "-", "%", "$1", "a", "B", "0", "é", "€", "😀", "\x7f", "\x01", "\xc2\xa0", "\xe2\x80\xa8", "\xef\xbf\xbf" };

  while (n-- > 0)
    g_string_append (text, pg_test_random_pick (pieces));
}

void
append_text (GString *text)
{
  append_characters (text, pg_test_random_chance (100) ? 3000 : g_test_rand_int_range (0, 10));
}

void
append_name (GString *text)
{
  append_characters (text, g_test_rand_int_range (0, 12));
}

static void
append_char (GString *text)
{
  g_string_append_c (text, (char) g_test_rand_int_range (1, 128));
}

static void
append_bytea (GString *text)
{
  g_string_append (text, "\\x");
  for (int n = g_test_rand_int_range (0, 30); n > 0; n--)
    g_string_append_printf (text, "%02x", g_test_rand_int_range (0, 256));
}

static void
append_uuid (GString *text)
{
  g_string_append_printf (text, "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", rand_bits (), rand_bits ());
}

static void
append_varbit (GString *text)
{
  for (int n = g_test_rand_int_range (0, 40); n > 0; n--)
    g_string_append_c (text, g_test_rand_bit () ? '1' : '0');
}

static void
append_bit (GString *text)
{
  g_string_append_c (text, '1');
  append_varbit (text);
}

static void
append_date_of (GString *text, gboolean with_time, const char *zone)
{
  /* 4714-11-24 BC is the first day; a timestamp ends with 294276, and a time zone may bring what is beside the limits over them. */
  const gint64 year = pg_test_random_chance (3) ? rand_between (-4712, with_time ? 294275 : 5874896) : rand_between (1900, 2100);

  if (pg_test_random_chance (20))
    {
      g_string_append (text, g_test_rand_bit () ? "infinity" : "-infinity");
      return;
    }
  g_string_append_printf (text, "%04" G_GINT64_FORMAT "-%02d-%02d", year > 0 ? year : 1 - year, g_test_rand_int_range (1, 13),
                          pg_test_random_chance (10) ? 1 : g_test_rand_int_range (1, 29));
  if (with_time)
    {
      g_string_append_printf (text, " %02d:%02d:%02d", g_test_rand_int_range (0, 24), g_test_rand_int_range (0, 60), g_test_rand_int_range (0, 60));
      if (g_test_rand_bit ())
        g_string_append_printf (text, ".%0*d", 6, (int) rand_between (0, 999999));
      g_string_append (text, zone);
    }
  if (year <= 0)
    g_string_append (text, " BC");
}

static void
append_date (GString *text)
{
  append_date_of (text, FALSE, "");
}

static void
append_timestamp (GString *text)
{
  append_date_of (text, TRUE, "");
}

void
append_timestamptz (GString *text)
{
  static const char *const zones[] = { "+00", "Z", "+05:30", "-15:59", "+14", " Europe/Berlin", " America/New_York" };

  append_date_of (text, TRUE, pg_test_random_pick (zones));
}

static void
append_time (GString *text)
{
  if (pg_test_random_chance (12))
    g_string_append (text, "24:00:00");
  else
    g_string_append_printf (text, "%02d:%02d:%02d.%06d", g_test_rand_int_range (0, 24), g_test_rand_int_range (0, 60), g_test_rand_int_range (0, 60),
                            g_test_rand_bit () ? 0 : (int) rand_between (0, 999999));
}

static void
append_timetz (GString *text)
{
  append_time (text);
  g_string_append_printf (text, "%c%02d:%02d:%02d", g_test_rand_bit () ? '+' : '-', g_test_rand_int_range (0, 16), g_test_rand_bit () ? 0 : g_test_rand_int_range (0, 60),
                          g_test_rand_int_range (0, 4) ? 0 : g_test_rand_int_range (0, 60));
}

static void
append_interval (GString *text)
{
  /* Each part by itself: the server adds them up, and the sum must not be out of range. */
  g_string_append_printf (text, "%" G_GINT64_FORMAT " mons %" G_GINT64_FORMAT " days", rand_between (G_MININT32, G_MAXINT32), rand_between (G_MININT32, G_MAXINT32));
  if (g_test_rand_bit ())
    g_string_append_printf (text, " %" G_GINT64_FORMAT " us", rand_between (-G_GINT64_CONSTANT (4000000000000000), G_GINT64_CONSTANT (4000000000000000)));
}

static guint
append_address (GString *text, gboolean six)
{
  if (!six)
    {
      const guint32 bits = (guint32) g_test_rand_int ();

      g_string_append_printf (text, "%u.%u.%u.%u", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
      return 32;
    }
  /* Runs of zeros are what the short form is about. */
  for (int i = 0; i < 8; i++)
    g_string_append_printf (text, "%s%x", i > 0 ? ":" : "", g_test_rand_bit () ? 0 : g_test_rand_int_range (0, 65536));
  return 128;
}

static void
append_inet (GString *text)
{
  const guint bits = append_address (text, g_test_rand_bit ());

  if (g_test_rand_bit ())
    g_string_append_printf (text, "/%d", g_test_rand_int_range (0, (gint32) bits + 1));
}

static void
append_cidr (GString *text)
{
  /* Whole groups, so that nothing is right of the mask. */
  if (g_test_rand_bit ())
    g_string_append_printf (text, "%d.%d.0.0/%d", g_test_rand_int_range (0, 256), g_test_rand_int_range (0, 256), g_test_rand_int_range (16, 33));
  else
    g_string_append_printf (text, "%x:%x::/%d", g_test_rand_int_range (0, 65536), g_test_rand_int_range (0, 65536), g_test_rand_int_range (32, 129));
}

static void
append_macaddr (GString *text)
{
  g_string_append_printf (text, "%012" G_GINT64_MODIFIER "x", rand_bits () >> 16);
}

static void
append_macaddr8 (GString *text)
{
  g_string_append_printf (text, "%016" G_GINT64_MODIFIER "x", rand_bits ());
}

/* Two of them, the smaller first. The server finds out which that is. */
static void
append_range_of (GString *text, gint64 from, gint64 to, void (*append) (GString *text, gint64 value))
{
  const gint64 a = rand_between (from, to), b = rand_between (from, to);

  if (pg_test_random_chance (10))
    {
      g_string_append (text, "empty");
      return;
    }
  g_string_append_c (text, "[("[g_test_rand_int_range (0, 2)]);
  if (!pg_test_random_chance (8))
    append (text, MIN (a, b));
  g_string_append_c (text, ',');
  if (!pg_test_random_chance (8))
    append (text, MAX (a, b));
  g_string_append_c (text, "])"[g_test_rand_int_range (0, 2)]);
}

static void
append_number (GString *text, gint64 value)
{
  g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
}

static void
append_decimal (GString *text, gint64 value)
{
  g_string_append_printf (text, "%" G_GINT64_FORMAT ".%0*d", value, g_test_rand_int_range (1, 9), 0);
}

static void
append_day (GString *text, gint64 value)
{
  g_string_append_printf (text, "%04d-%02d-%02d", 1 + (int) (value / 12 / 28), 1 + (int) (value / 28 % 12), 1 + (int) (value % 28));
}

static void
append_moment (GString *text, gint64 value)
{
  g_string_append_c (text, '"');
  append_day (text, value);
  g_string_append_printf (text, " %02d:00:00.%06d\"", (int) (value % 24), (int) (value % 1000000));
}

#define MAX_DAY (9999 * 12 * 28 - 1)

#define DEFINE_RANGE(name, from, to, append)              \
  void                                                    \
  append_##name##range (GString *text)                    \
  {                                                       \
    append_range_of (text, from, to, append);             \
  }                                                       \
                                                          \
  static void                                             \
  append_##name##multirange (GString *text)               \
  {                                                       \
    g_string_append_c (text, '{');                        \
    for (int n = g_test_rand_int_range (0, 5); n > 0; n--) \
      {                                                   \
        append_range_of (text, from, to, append);         \
        if (n > 1)                                        \
          g_string_append_c (text, ',');                  \
      }                                                   \
    g_string_append_c (text, '}');                        \
  }

/* The largest has no next one. */
DEFINE_RANGE (int4, G_MININT32, G_MAXINT32 - 1, append_number)
DEFINE_RANGE (int8, G_MININT64, G_MAXINT64 - 1, append_number)
DEFINE_RANGE (num, -1000000, 1000000, append_decimal)
DEFINE_RANGE (date, 0, MAX_DAY, append_day)
DEFINE_RANGE (ts, 0, MAX_DAY, append_moment)

void
pg_test_random_append_array (GString *text, const PgTestRandomType *element, guint max_dimensions)
{
  const guint n_dimensions = (guint) g_test_rand_int_range (0, (pg_test_random_chance (8) ? (gint32) max_dimensions : MIN (2, (gint32) max_dimensions)) + 1);
  int sizes[PG_ARRAY_MAX_DIMENSIONS];
  int n = 1;

  if (n_dimensions == 0)
    {
      g_string_append (text, "{}");
      return;
    }
  for (guint i = 0; i < n_dimensions; i++)
    n *= sizes[i] = g_test_rand_int_range (1, n_dimensions > 2 ? 3 : 5);
  if (pg_test_random_chance (4))
    {
      for (guint i = 0; i < n_dimensions; i++)
        {
          const int lower = (int) rand_between (G_MININT32, G_MAXINT32 - 10);

          g_string_append_printf (text, "[%d:%d]", lower, lower + sizes[i] - 1);
        }
      g_string_append_c (text, '=');
    }
  for (int i = 0; i < n; i++)
    {
      int run = 1;

      if (i > 0)
        g_string_append_c (text, element->delimiter);
      for (guint d = n_dimensions; d > 0 && i % (run *= sizes[d - 1]) == 0; d--)
        g_string_append_c (text, '{');
      if (pg_test_random_chance (6))
        g_string_append (text, "NULL");
      else
        {
          g_autoptr (GString) value = g_string_new (NULL);

          element->append (value);
          pg_array_text_quote (text, value->str, -1, element->delimiter);
        }
      run = 1;
      for (guint d = n_dimensions; d > 0 && (i + 1) % (run *= sizes[d - 1]) == 0; d--)
        g_string_append_c (text, '}');
    }
}

#define TYPE(UPPER, name) { PG_OID_##UPPER, #name, append_##name, PG_OID_##UPPER##_ARRAY, ',' }
#define TYPE_AS(UPPER, sql, name) { PG_OID_##UPPER, sql, append_##name, PG_OID_##UPPER##_ARRAY, ',' }

const PgTestRandomType pg_test_random_types[] = {
  TYPE (BOOL, bool),
  TYPE (BYTEA, bytea),
  TYPE_AS (CHAR, "\"char\"", char),
  TYPE (NAME, name),
  TYPE (INT8, int8),
  TYPE (INT2, int2),
  TYPE (INT2VECTOR, int2vector),
  TYPE (INT4, int4),
  TYPE (TEXT, text),
  TYPE (OID, oid),
  TYPE (TID, tid),
  TYPE_AS (XID, "xid", oid),
  TYPE_AS (CID, "cid", oid),
  TYPE (OIDVECTOR, oidvector),
  TYPE (JSON, json),
  TYPE (XML, xml),
  TYPE (POINT, point),
  TYPE (LSEG, lseg),
  TYPE (PATH, path),
  { PG_OID_BOX, "box", append_box, PG_OID_BOX_ARRAY, ';' },
  TYPE (POLYGON, polygon),
  TYPE (LINE, line),
  TYPE (CIDR, cidr),
  TYPE (FLOAT4, float4),
  TYPE (FLOAT8, float8),
  TYPE (MACADDR8, macaddr8),
  TYPE (CIRCLE, circle),
  TYPE (MONEY, money),
  TYPE (MACADDR, macaddr),
  TYPE (INET, inet),
  TYPE_AS (BPCHAR, "bpchar", text),
  TYPE_AS (VARCHAR, "varchar", text),
  TYPE (DATE, date),
  TYPE (TIME, time),
  TYPE (TIMESTAMP, timestamp),
  TYPE (TIMESTAMPTZ, timestamptz),
  TYPE (INTERVAL, interval),
  TYPE (TIMETZ, timetz),
  TYPE_AS (BIT, "\"bit\"", bit),
  TYPE (VARBIT, varbit),
  TYPE (NUMERIC, numeric),
  TYPE_AS (REFCURSOR, "refcursor", text),
  TYPE (UUID, uuid),
  TYPE_AS (TXID_SNAPSHOT, "txid_snapshot", snapshot),
  TYPE_AS (PG_LSN, "pg_lsn", lsn),
  TYPE (TSVECTOR, tsvector),
  TYPE (TSQUERY, tsquery),
  TYPE_AS (JSONB, "jsonb", json),
  TYPE (INT4RANGE, int4range),
  TYPE (NUMRANGE, numrange),
  TYPE (TSRANGE, tsrange),
  TYPE_AS (TSTZRANGE, "tstzrange", tsrange),
  TYPE (DATERANGE, daterange),
  TYPE (INT8RANGE, int8range),
  TYPE (JSONPATH, jsonpath),
  TYPE (INT4MULTIRANGE, int4multirange),
  TYPE (NUMMULTIRANGE, nummultirange),
  TYPE (TSMULTIRANGE, tsmultirange),
  TYPE_AS (TSTZMULTIRANGE, "tstzmultirange", tsmultirange),
  TYPE (DATEMULTIRANGE, datemultirange),
  TYPE (INT8MULTIRANGE, int8multirange),
  TYPE_AS (PG_SNAPSHOT, "pg_snapshot", snapshot),
  TYPE (XID8, xid8),
  { PG_TEST_MADE, "mood", append_mood, PG_TEST_MADE, ',' },
  { PG_TEST_MADE, "price", append_numeric, PG_TEST_MADE, ',' },
  { PG_TEST_MADE, "textrange", append_textrange, PG_TEST_MADE, ',' },
  { PG_TEST_MADE, "hstore", append_hstore, PG_TEST_MADE, ',' },
  { PG_TEST_MADE, "nested", append_nested, PG_TEST_MADE, ',' },
  { PG_TEST_MADE, "composite", append_composite, PG_TEST_MADE, ',' },
};

const guint pg_test_n_random_types = G_N_ELEMENTS (pg_test_random_types);
