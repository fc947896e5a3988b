/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-column-codec-private.h>

#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-usual-text-private.h>

/* The text format, in the forms that nearly all values have. For whatever else, the codec knows whether it is right. */

static inline gboolean
scan_boolean (const guint8 *data, gsize length, guint8 *out)
{
  *out = *data == 't';
  return length == 1 && (*data == 't' || *data == 'f');
}

#define DEFINE_SCAN_INTEGER(name, min, max)                             \
  static inline gboolean                                                \
  name (const guint8 *data, gsize length, gint64 *out)                  \
  {                                                                     \
    return pg_usual_scan_integer (data, length, out) && *out >= min && *out <= max; \
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

static inline gboolean
scan_date (const guint8 *data, gsize length, gint32 *out)
{
  if (!pg_usual_scan_date (data, length, out))
    return FALSE;
  *out += (gint32) PG_EPOCH_UNIX_DAYS;
  return TRUE;
}

static inline gboolean
scan_timestamp (const guint8 *data, gsize length, gint64 *out)
{
  if (!pg_usual_scan_timestamp (data, length, FALSE, out))
    return FALSE;
  *out += PG_EPOCH_UNIX_DAYS * PG_USEC_PER_DAY;
  return TRUE;
}

static inline gboolean
scan_timestamptz (const guint8 *data, gsize length, gint64 *out)
{
  if (!pg_usual_scan_timestamp (data, length, TRUE, out))
    return FALSE;
  *out += PG_EPOCH_UNIX_DAYS * PG_USEC_PER_DAY;
  return TRUE;
}

PG_DEFINE_COLUMN_DECODE (decode_boolean, guint8, scan_boolean, guint8)
PG_DEFINE_COLUMN_DECODE (decode_int2, gint16, scan_int2, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int4, gint32, scan_int4, gint64)
PG_DEFINE_COLUMN_DECODE (decode_int8, gint64, pg_usual_scan_integer, gint64)
PG_DEFINE_COLUMN_DECODE (decode_oid, guint32, scan_oid, gint64)
PG_DEFINE_COLUMN_DECODE (decode_float4, float, scan_float4, float)
PG_DEFINE_COLUMN_DECODE (decode_float8, double, scan_float8, double)
PG_DEFINE_COLUMN_DECODE (decode_date, gint32, scan_date, gint32)
PG_DEFINE_COLUMN_DECODE (decode_time, gint64, pg_usual_scan_time, gint64)
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
