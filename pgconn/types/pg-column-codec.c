/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-column-codec-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-date-private.h>
#include <pgconn/types/pg-datetime-text-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp-private.h>

#define UNIX_MICROSECONDS (PG_EPOCH_UNIX_DAYS * PG_USEC_PER_DAY)

/* The binary format. Each load function takes one value; the bytes are hostile, and not aligned. */

static inline gboolean
load_boolean (const guint8 *data, gsize length, guint8 *out)
{
  if (length != 1 || *data > 1)
    return FALSE;
  *out = *data;
  return TRUE;
}

/* The numbers: bytes in network order. */
#define DEFINE_LOAD(name, type, bits_type, from_network)         \
  static inline gboolean                                         \
  name (const guint8 *data, gsize length, type *out)             \
  {                                                              \
    bits_type bits;                                              \
                                                                 \
    if (length != sizeof bits)                                   \
      return FALSE;                                              \
    memcpy (&bits, data, sizeof bits);                           \
    bits = from_network (bits);                                  \
    memcpy (out, &bits, sizeof bits);                            \
    return TRUE;                                                 \
  }

DEFINE_LOAD (load_int2, gint16, guint16, GUINT16_FROM_BE)
DEFINE_LOAD (load_int4, gint32, guint32, GUINT32_FROM_BE)
DEFINE_LOAD (load_oid, guint32, guint32, GUINT32_FROM_BE)
DEFINE_LOAD (load_int8, gint64, guint64, GUINT64_FROM_BE)
DEFINE_LOAD (load_uint64, guint64, guint64, GUINT64_FROM_BE)

static inline gboolean
load_float4 (const guint8 *data, gsize length, float *out)
{
  guint32 bits;

  if (!load_oid (data, length, &bits))
    return FALSE;
  *out = pg_float4_from_bits (bits);
  return TRUE;
}

static inline gboolean
load_float8 (const guint8 *data, gsize length, double *out)
{
  guint64 bits;

  if (!load_uint64 (data, length, &bits))
    return FALSE;
  *out = pg_float8_from_bits (bits);
  return TRUE;
}

/* Neither infinity, nor what is beyond the ends of PostgreSQL's calendar. */
static inline gboolean
load_date (const guint8 *data, gsize length, gint32 *out)
{
  gint32 days;

  if (!load_int4 (data, length, &days) || days < PG_DATE_FIRST || days >= PG_DATE_END)
    return FALSE;
  *out = days + (gint32) PG_EPOCH_UNIX_DAYS;
  return TRUE;
}

static inline gboolean
load_timestamp (const guint8 *data, gsize length, gint64 *out)
{
  gint64 microseconds;

  if (!load_int8 (data, length, &microseconds) || microseconds < PG_TIMESTAMP_FIRST || microseconds > G_MAXINT64 - UNIX_MICROSECONDS)
    return FALSE;
  *out = microseconds + UNIX_MICROSECONDS;
  return TRUE;
}

static inline gboolean
load_time (const guint8 *data, gsize length, gint64 *out)
{
  return load_int8 (data, length, out) && *out >= 0 && *out <= PG_USEC_PER_DAY;
}

PG_DEFINE_COLUMN_DECODE (decode_boolean, guint8, load_boolean, guint8)
PG_DEFINE_COLUMN_DECODE (decode_int2, gint16, load_int2, gint16)
PG_DEFINE_COLUMN_DECODE (decode_int4, gint32, load_int4, gint32)
PG_DEFINE_COLUMN_DECODE (decode_int8, gint64, load_int8, gint64)
PG_DEFINE_COLUMN_DECODE (decode_float4, float, load_float4, float)
PG_DEFINE_COLUMN_DECODE (decode_float8, double, load_float8, double)
PG_DEFINE_COLUMN_DECODE (decode_date, gint32, load_date, gint32)
PG_DEFINE_COLUMN_DECODE (decode_timestamp, gint64, load_timestamp, gint64)
PG_DEFINE_COLUMN_DECODE (decode_time, gint64, load_time, gint64)

PG_DEFINE_COLUMN_DECODE (decode_int2_as_int64, gint64, load_int2, gint16)
PG_DEFINE_COLUMN_DECODE (decode_int4_as_int64, gint64, load_int4, gint32)
PG_DEFINE_COLUMN_DECODE (decode_oid_as_int64, gint64, load_oid, guint32)
PG_DEFINE_COLUMN_DECODE (decode_float4_as_double, double, load_float4, float)
PG_DEFINE_COLUMN_DECODE (decode_int2_as_double, double, load_int2, gint16)
PG_DEFINE_COLUMN_DECODE (decode_int4_as_double, double, load_int4, gint32)
PG_DEFINE_COLUMN_DECODE (decode_boolean_as_gboolean, gboolean, load_boolean, guint8)

static guint
decode_uuid (const guint8 *const *data, const gsize *lengths, guint n, gpointer out)
{
  guint8 *values = out;

  for (guint i = 0; i < n; i++, values += 16)
    {
      if (data[i] == NULL)
        memset (values, 0, 16);
      else if (lengths[i] == 16)
        memcpy (values, data[i], 16);
      else
        return i;
    }
  return n;
}

static guint
decode_interval (const guint8 *const *data, const gsize *lengths, guint n, gpointer out)
{
  PgColumnInterval *values = out;

  for (guint i = 0; i < n; i++)
    {
      values[i] = (PgColumnInterval) { 0, 0, 0 };
      if (data[i] == NULL)
        continue;
      if (lengths[i] != 16)
        return i;
      load_int8 (data[i], 8, &values[i].microseconds);
      load_int4 (data[i] + 8, 4, &values[i].days);
      load_int4 (data[i] + 12, 4, &values[i].months);
      if (values[i].months == G_MAXINT32 || values[i].months == G_MININT32)
        return i; /* Perhaps infinite. */
    }
  return n;
}

/* One value of any form, by the codecs. */

#define DEFINE_INTEGER_ONE(name, ctype)                                              \
  static gboolean                                                                    \
  name (const PgWireValue *value, gpointer out, GError **error)                      \
  {                                                                                  \
    gint64 n;                                                                        \
                                                                                     \
    if (!pg_codec_to_int64 (value, &n, error))                                       \
      return FALSE;                                                                  \
    *(ctype *) out = (ctype) n;                                                      \
    return TRUE;                                                                     \
  }

/* The codec has checked the range of the type. */
DEFINE_INTEGER_ONE (int2_one, gint16)
DEFINE_INTEGER_ONE (int4_one, gint32)
DEFINE_INTEGER_ONE (oid_one, guint32)
DEFINE_INTEGER_ONE (int64_one, gint64)

static gboolean
double_one (const PgWireValue *value, gpointer out, GError **error)
{
  return pg_codec_to_double (value, out, error);
}

static gboolean
float4_one (const PgWireValue *value, gpointer out, GError **error)
{
  double d;

  if (!pg_codec_to_double (value, &d, error))
    return FALSE;
  *(float *) out = (float) d;
  return TRUE;
}

static gboolean
gboolean_one (const PgWireValue *value, gpointer out, GError **error)
{
  return pg_codec_to_boolean (value, out, error);
}

static gboolean
boolean_one (const PgWireValue *value, gpointer out, GError **error)
{
  gboolean b;

  if (!pg_codec_to_boolean (value, &b, error))
    return FALSE;
  *(guint8 *) out = (guint8) b;
  return TRUE;
}

static gboolean
fail_infinite (const PgWireValue *value, GError **error)
{
  return pg_codec_fail (value, _("it is infinite"), error);
}

static gboolean
date_one (const PgWireValue *value, gpointer out, GError **error)
{
  g_autoptr (PgDate) date = pg_codec_to_date (value, error);

  if (date == NULL)
    return FALSE;
  if (pg_date_is_infinite (date))
    return fail_infinite (value, error);
  *(gint32 *) out = pg_date_get_days (date) + (gint32) PG_EPOCH_UNIX_DAYS;
  return TRUE;
}

static gboolean
timestamp_one (const PgWireValue *value, gpointer out, GError **error)
{
  g_autoptr (PgTimestamp) timestamp = pg_codec_to_timestamp (value, error);
  gint64 microseconds;

  if (timestamp == NULL)
    return FALSE;
  if (pg_timestamp_is_infinite (timestamp))
    return fail_infinite (value, error);
  microseconds = pg_timestamp_get_microseconds (timestamp);
  if (microseconds > G_MAXINT64 - UNIX_MICROSECONDS)
    return pg_codec_fail (value, _("it is out of the range of 64 bits from 1970"), error);
  *(gint64 *) out = microseconds + UNIX_MICROSECONDS;
  return TRUE;
}

static gboolean
time_one (const PgWireValue *value, gpointer out, GError **error)
{
  g_autoptr (PgTime) time = pg_codec_to_boxed (value, PG_TYPE_TIME, error);

  if (time == NULL)
    return FALSE;
  *(gint64 *) out = pg_time_get_microseconds (time);
  return TRUE;
}

static gboolean
interval_one (const PgWireValue *value, gpointer out, GError **error)
{
  g_autoptr (PgInterval) interval = pg_codec_to_boxed (value, PG_TYPE_INTERVAL, error);
  PgColumnInterval *parts = out;

  if (interval == NULL)
    return FALSE;
  if (pg_interval_is_infinite (interval))
    return pg_codec_fail (value, _("it is infinite"), error);
  parts->months = pg_interval_get_months (interval);
  parts->days = pg_interval_get_days (interval);
  parts->microseconds = pg_interval_get_microseconds (interval);
  return TRUE;
}

/* In the text format, as the server writes it. */
static gboolean
uuid_one (const PgWireValue *value, gpointer out, GError **error)
{
  const char *at = (const char *) value->data;
  guint8 *bytes = out;

  if (!pg_codec_check_length (value, value->format == PG_FORMAT_TEXT ? 36 : 16, error))
    return FALSE;
  if (value->format == PG_FORMAT_BINARY)
    {
      memcpy (out, value->data, 16);
      return TRUE;
    }
  for (int i = 0; i < 16; i++, at += 2)
    {
      if ((i == 4 || i == 6 || i == 8 || i == 10) && *at++ != '-')
        return pg_codec_fail (value, _("its groups are not separated by hyphens"), error);
      if (!g_ascii_isxdigit (at[0]) || !g_ascii_isxdigit (at[1]))
        return pg_codec_fail (value, _("there is something that is not a hexadecimal digit"), error);
      bytes[i] = (guint8) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
    }
  return TRUE;
}

/* double holds the whole range of the type. */
#define DEFINE_WIDEN(name, ctype)                              \
  static guint                                                 \
  name (gconstpointer values, guint n, double *out)            \
  {                                                            \
    const ctype *from = values;                                \
                                                               \
    for (guint i = 0; i < n; i++)                              \
      out[i] = from[i];                                        \
    return n;                                                  \
  }

DEFINE_WIDEN (widen_guint8, guint8)
DEFINE_WIDEN (widen_gint16, gint16)
DEFINE_WIDEN (widen_gint32, gint32)
DEFINE_WIDEN (widen_guint32, guint32)
DEFINE_WIDEN (widen_float, float)
DEFINE_WIDEN (widen_double, double)

static guint
widen_gint64 (gconstpointer values, guint n, double *out)
{
  const gint64 *from = values;

  for (guint i = 0; i < n; i++)
    {
      out[i] = (double) from[i];
      /* 2^63 is a double, and no gint64. */
      if (out[i] >= 0x1p63 || (gint64) out[i] != from[i])
        return i;
    }
  return n;
}

static const struct
{
  guint32 type;
  gsize width;
  PgColumnDecode decode;
  gboolean (*decode_one) (const PgWireValue *value, gpointer out, GError **error);
  PgColumnWiden widen;
} own_forms[] = {
  { PG_OID_BOOL, 1, decode_boolean, boolean_one, widen_guint8 },
  { PG_OID_INT2, 2, decode_int2, int2_one, widen_gint16 },
  { PG_OID_INT4, 4, decode_int4, int4_one, widen_gint32 },
  { PG_OID_INT8, 8, decode_int8, int64_one, widen_gint64 },
  { PG_OID_OID, 4, decode_int4, oid_one, widen_guint32 },
  { PG_OID_XID, 4, decode_int4, oid_one, widen_guint32 },
  { PG_OID_CID, 4, decode_int4, oid_one, widen_guint32 },
  { PG_OID_FLOAT4, 4, decode_float4, float4_one, widen_float },
  { PG_OID_FLOAT8, 8, decode_float8, double_one, widen_double },
  { PG_OID_DATE, 4, decode_date, date_one, widen_gint32 },
  { PG_OID_TIME, 8, decode_time, time_one, widen_gint64 },
  { PG_OID_TIMESTAMP, 8, decode_timestamp, timestamp_one, widen_gint64 },
  { PG_OID_TIMESTAMPTZ, 8, decode_timestamp, timestamp_one, widen_gint64 },
  { PG_OID_INTERVAL, sizeof (PgColumnInterval), decode_interval, interval_one, NULL },
  { PG_OID_UUID, 16, decode_uuid, uuid_one, NULL },
};

static PgColumnDecode
lookup_binary (guint32 type, PgColumnTarget target)
{
  switch (target)
    {
    case PG_COLUMN_INT64:
      return type == PG_OID_INT8   ? decode_int8
             : type == PG_OID_INT4 ? decode_int4_as_int64
             : type == PG_OID_INT2 ? decode_int2_as_int64
             : type == PG_OID_OID  ? decode_oid_as_int64
                                   : NULL;

    case PG_COLUMN_DOUBLE:
      return type == PG_OID_FLOAT8   ? decode_float8
             : type == PG_OID_FLOAT4 ? decode_float4_as_double
             : type == PG_OID_INT4   ? decode_int4_as_double
             : type == PG_OID_INT2   ? decode_int2_as_double
                                     : NULL;

    case PG_COLUMN_BOOLEAN:
      return type == PG_OID_BOOL ? decode_boolean_as_gboolean : NULL;

    case PG_COLUMN_DATA:
    default:
      return NULL;
    }
}

static gboolean
init_own (PgColumnCodec *self, guint32 type)
{
  for (guint i = 0; i < G_N_ELEMENTS (own_forms); i++)
    if (own_forms[i].type == type)
      {
        self->width = own_forms[i].width;
        self->decode = own_forms[i].decode;
        self->decode_one = own_forms[i].decode_one;
        self->widen = own_forms[i].widen;
        return TRUE;
      }
  return FALSE;
}

gboolean
pg_column_codec_init (PgColumnCodec *self, guint32 type, PgFormat format, PgColumnTarget target, GError **error)
{
  const PgCodec *codec = pg_codec_lookup (type);
  const PgCodecOps *ops = codec != NULL ? codec->ops : NULL;
  const PgWireValue nothing = { .type = type };

  switch (target)
    {
    case PG_COLUMN_INT64:
      if (ops == NULL || ops->to_int64 == NULL)
        return pg_codec_fail_kind (&nothing, _("a 64-bit integer"), error);
      *self = (PgColumnCodec) { sizeof (gint64), lookup_binary (type, target), int64_one, NULL };
      break;

    case PG_COLUMN_DOUBLE:
      if (ops == NULL || ops->to_double == NULL)
        return pg_codec_fail_kind (&nothing, _("a floating-point number"), error);
      *self = (PgColumnCodec) { sizeof (double), lookup_binary (type, target), double_one, NULL };
      break;

    case PG_COLUMN_BOOLEAN:
      if (ops == NULL || ops->to_boolean == NULL)
        return pg_codec_fail_kind (&nothing, _("a boolean"), error);
      *self = (PgColumnCodec) { sizeof (gboolean), lookup_binary (type, target), gboolean_one, NULL };
      break;

    case PG_COLUMN_DATA:
    default:
      if (!init_own (self, type))
        return pg_codec_fail_kind (&nothing, _("data of a fixed width"), error);
      break;
    }

  if (format == PG_FORMAT_TEXT)
    self->decode = pg_column_decode_text_lookup (type, target);
  return TRUE;
}

gboolean
pg_column_codec_decode (const PgColumnCodec *self, const PgWireValue *shape, const guint8 *const *data, const gsize *lengths, guint n, gpointer out,
                        guint *failed, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 *at = (guint8 *) out + (gsize) i * self->width;

      if (self->decode != NULL)
        {
          const guint decoded = self->decode (data + i, lengths + i, n - i, at);

          i += decoded;
          at += decoded * self->width;
          if (G_LIKELY (i == n))
            break;
        }
      if (data[i] == NULL)
        memset (at, 0, self->width);
      else
        {
          PgWireValue value = *shape;

          value.data = data[i];
          value.length = lengths[i];
          if (!self->decode_one (&value, at, error))
            {
              *failed = i;
              return FALSE;
            }
        }
    }
  return TRUE;
}
