/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-column-codec-private.h>

#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-oids.h>

/* The text format, in the forms that nearly all values have. For whatever else, the codec knows whether it is right. */

static inline gboolean
scan_boolean (const guint8 *data, gsize length, guint8 *out)
{
  *out = *data == 't';
  return length == 1 && (*data == 't' || *data == 'f');
}

/* Up to 18 digits, which cannot overflow. */
static inline gboolean
scan_integer (const guint8 *data, gsize length, gint64 *out)
{
  const gsize negative = length > 0 && *data == '-';
  gint64 magnitude = 0;

  if (length == negative || length > 18 + negative)
    return FALSE;
  for (gsize i = negative; i < length; i++)
    {
      const guint digit = (guint) data[i] - '0';

      if (digit > 9)
        return FALSE;
      magnitude = magnitude * 10 + digit;
    }
  *out = negative ? -magnitude : magnitude;
  return TRUE;
}

#define DEFINE_SCAN_INTEGER(name, min, max)                             \
  static inline gboolean                                                \
  name (const guint8 *data, gsize length, gint64 *out)                  \
  {                                                                     \
    return scan_integer (data, length, out) && *out >= min && *out <= max; \
  }

DEFINE_SCAN_INTEGER (scan_int2, G_MININT16, G_MAXINT16)
DEFINE_SCAN_INTEGER (scan_int4, G_MININT32, G_MAXINT32)
DEFINE_SCAN_INTEGER (scan_oid, 0, G_MAXUINT32)

static inline gboolean
scan_float8 (const guint8 *data, gsize length, double *out)
{
  return pg_float8_scan ((const char *) data, length, out);
}

static inline gboolean
scan_float4 (const guint8 *data, gsize length, float *out)
{
  return pg_float4_scan ((const char *) data, length, out);
}

/* Two digits; more than 99 where they are not. */
static inline guint
two_digits (const guint8 *at)
{
  const guint tens = (guint) at[0] - '0';
  const guint ones = (guint) at[1] - '0';

  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

/* "YYYY-MM-DD", at least ten bytes: the days since 1970. */
static inline gboolean
scan_ymd (const guint8 *at, gint64 *days)
{
  const guint century = two_digits (at);
  const guint of_century = two_digits (at + 2);
  const guint year = century * 100 + of_century;
  const guint month = two_digits (at + 5);
  const guint day = two_digits (at + 8);

  if (century > 99 || of_century > 99 || year == 0 || at[4] != '-' || at[7] != '-' || !pg_civil_is_valid (year, month, day))
    return FALSE;
  *days = pg_civil_to_days (year, month, day) + PG_EPOCH_UNIX_DAYS;
  return TRUE;
}

/* "HH:MM:SS" and a fraction, at least eight bytes: microseconds since midnight, and how many bytes that were. */
static inline gboolean
scan_hms (const guint8 *at, gsize length, gint64 *microseconds, gsize *used)
{
  const guint hour = two_digits (at);
  const guint minute = two_digits (at + 3);
  const guint second = two_digits (at + 6);
  guint fraction = 0;
  guint n = 0;

  if (hour > 23 || minute > 59 || second > 59 || at[2] != ':' || at[5] != ':')
    return FALSE;
  if (length > 8 && at[8] == '.')
    {
      for (; n < 6 && 9 + n < length && (guint) at[9 + n] - '0' <= 9; n++)
        fraction = fraction * 10 + at[9 + n] - '0';
      if (n == 0)
        return FALSE;
      *used = 9 + n;
      for (; n < 6; n++)
        fraction *= 10;
    }
  else
    *used = 8;
  *microseconds = (((gint64) hour * 60 + minute) * 60 + second) * G_USEC_PER_SEC + fraction;
  return TRUE;
}

static inline gboolean
scan_date (const guint8 *data, gsize length, gint32 *out)
{
  gint64 days;

  if (length != 10 || !scan_ymd (data, &days))
    return FALSE;
  *out = (gint32) days;
  return TRUE;
}

static inline gboolean
scan_time (const guint8 *data, gsize length, gint64 *out)
{
  gsize used;

  return length >= 8 && scan_hms (data, length, out, &used) && used == length;
}

static inline gboolean
scan_date_and_time (const guint8 *data, gsize length, gint64 *out, gsize *used)
{
  gint64 days;

  if (length < 19 || data[10] != ' ' || !scan_ymd (data, &days) || !scan_hms (data + 11, length - 11, out, used))
    return FALSE;
  *out += days * PG_USEC_PER_DAY;
  *used += 11;
  return TRUE;
}

static inline gboolean
scan_timestamp (const guint8 *data, gsize length, gint64 *out)
{
  gsize used;

  return scan_date_and_time (data, length, out, &used) && used == length;
}

/* An offset in hours, or in hours and minutes. */
static inline gboolean
scan_timestamptz (const guint8 *data, gsize length, gint64 *out)
{
  gsize used;
  guint hours, minutes = 0;
  gint64 offset;

  if (!scan_date_and_time (data, length, out, &used) || length < used + 3 || (data[used] != '+' && data[used] != '-'))
    return FALSE;
  hours = two_digits (data + used + 1);
  if (length == used + 6 && data[used + 3] == ':')
    minutes = two_digits (data + used + 4);
  else if (length != used + 3)
    return FALSE;
  if (hours > 15 || minutes > 59)
    return FALSE;
  offset = ((gint64) hours * 60 + minutes) * 60 * G_USEC_PER_SEC;
  *out += data[used] == '-' ? offset : -offset;
  return TRUE;
}

PG_DEFINE_COLUMN_DECODE (decode_boolean, guint8, scan_boolean, guint8)
PG_DEFINE_COLUMN_DECODE (decode_int2, gint16, scan_int2, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int4, gint32, scan_int4, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int8, gint64, scan_integer, gint64)
PG_DEFINE_COLUMN_DECODE (decode_oid, guint32, scan_oid, gint64)
PG_DEFINE_COLUMN_DECODE (decode_float4, float, scan_float4, float)
PG_DEFINE_COLUMN_DECODE (decode_float8, double, scan_float8, double)
PG_DEFINE_COLUMN_DECODE (decode_date, gint32, scan_date, gint32)
PG_DEFINE_COLUMN_DECODE (decode_time, gint64, scan_time, gint64)
PG_DEFINE_COLUMN_DECODE (decode_timestamp, gint64, scan_timestamp, gint64)
PG_DEFINE_COLUMN_DECODE (decode_timestamptz, gint64, scan_timestamptz, gint64)

PG_DEFINE_COLUMN_DECODE (decode_int2_as_int64, gint64, scan_int2, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int4_as_int64, gint64, scan_int4, gint64)
PG_DEFINE_COLUMN_DECODE (decode_oid_as_int64, gint64, scan_oid, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int2_as_double, double, scan_int2, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int4_as_double, double, scan_int4, gint64)
PG_DEFINE_COLUMN_DECODE (decode_float4_as_double, double, scan_float4, float)
PG_DEFINE_COLUMN_DECODE (decode_boolean_as_gboolean, gboolean, scan_boolean, guint8)

static const struct
{
  guint32 type;
  PgColumnTarget target;
  PgColumnDecode decode;
} loops[] = {
  { PG_OID_BOOL, PG_COLUMN_DATA, decode_boolean },
  { PG_OID_BOOL, PG_COLUMN_BOOLEAN, decode_boolean_as_gboolean },
  { PG_OID_INT2, PG_COLUMN_DATA, decode_int2 },
  { PG_OID_INT2, PG_COLUMN_INT64, decode_int2_as_int64 },
  { PG_OID_INT2, PG_COLUMN_DOUBLE, decode_int2_as_double },
  { PG_OID_INT4, PG_COLUMN_DATA, decode_int4 },
  { PG_OID_INT4, PG_COLUMN_INT64, decode_int4_as_int64 },
  { PG_OID_INT4, PG_COLUMN_DOUBLE, decode_int4_as_double },
  { PG_OID_INT8, PG_COLUMN_DATA, decode_int8 },
  { PG_OID_INT8, PG_COLUMN_INT64, decode_int8 },
  { PG_OID_OID, PG_COLUMN_DATA, decode_oid },
  { PG_OID_OID, PG_COLUMN_INT64, decode_oid_as_int64 },
  { PG_OID_XID, PG_COLUMN_DATA, decode_oid },
  { PG_OID_CID, PG_COLUMN_DATA, decode_oid },
  { PG_OID_FLOAT4, PG_COLUMN_DATA, decode_float4 },
  { PG_OID_FLOAT4, PG_COLUMN_DOUBLE, decode_float4_as_double },
  { PG_OID_FLOAT8, PG_COLUMN_DATA, decode_float8 },
  { PG_OID_FLOAT8, PG_COLUMN_DOUBLE, decode_float8 },
  { PG_OID_DATE, PG_COLUMN_DATA, decode_date },
  { PG_OID_TIME, PG_COLUMN_DATA, decode_time },
  { PG_OID_TIMESTAMP, PG_COLUMN_DATA, decode_timestamp },
  { PG_OID_TIMESTAMPTZ, PG_COLUMN_DATA, decode_timestamptz },
};

PgColumnDecode
pg_column_decode_text_lookup (guint32 type, PgColumnTarget target)
{
  for (guint i = 0; i < G_N_ELEMENTS (loops); i++)
    if (loops[i].type == type && loops[i].target == target)
      return loops[i].decode;
  return NULL;
}
