/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-integer-text-private.h>
#include <pgconn/types/pg-numeric-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-usual-text-private.h>

/* All integers up to here are doubles. */
#define EXACT_DOUBLE (G_GINT64_CONSTANT (1) << 53)

/* bool */

static gboolean
boolean_to_boolean (const PgWireValue *value, gboolean *out, GError **error)
{
  if (!pg_codec_check_length (value, 1, error))
    return FALSE;
  if (value->format == PG_FORMAT_TEXT)
    {
      if (value->data[0] != 't' && value->data[0] != 'f')
        return pg_codec_fail (value, _("it is neither t nor f"), error);
      *out = value->data[0] == 't';
      return TRUE;
    }
  if (value->data[0] > 1)
    return pg_codec_fail (value, _("it is neither 0 nor 1"), error);
  *out = value->data[0] == 1;
  return TRUE;
}

static char *
boolean_binary_to_text (const PgWireValue *value, GError **error)
{
  gboolean b = FALSE;

  return boolean_to_boolean (value, &b, error) ? g_strdup (b ? "t" : "f") : NULL;
}

static GVariant *
boolean_to_variant (const PgWireValue *value, GError **error)
{
  gboolean b = FALSE;

  return boolean_to_boolean (value, &b, error) ? g_variant_new_boolean (b) : NULL;
}

static GType
boolean_get_value_type (void)
{
  return G_TYPE_BOOLEAN;
}

static gboolean
boolean_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  gboolean b = FALSE;

  if (!boolean_to_boolean (wire, &b, error))
    return FALSE;
  g_value_set_boolean (value, b);
  return TRUE;
}

const PgCodecOps pg_codec_ops_boolean = {
  .get_value_type = boolean_get_value_type,
  .variant_type = "b",
  .to_boolean = boolean_to_boolean,
  .binary_to_text = boolean_binary_to_text,
  .to_variant = boolean_to_variant,
  .to_value = boolean_to_value,
  .encode = pg_encode_boolean,
};

/* int2, int4, int8, and oid with xid and cid, which have its form */

/* Digits after an optional sign, and nothing else. */
static gboolean
scan_integer (const PgWireValue *value, gint64 min, gint64 max, gint64 *out, GError **error)
{
  const guint8 *at = value->data;
  const guint8 *end = at + value->length;
  gboolean negative = value->length > 0 && *at == '-';
  guint64 limit, magnitude = 0;

  if (G_LIKELY (pg_usual_scan_integer (value->data, value->length, out) && *out >= min && *out <= max))
    return TRUE;
  if (negative)
    at++;
  if (at == end)
    return pg_codec_fail (value, _("there are no digits"), error);

  limit = negative ? 0 - (guint64) min : (guint64) max;
  for (; at < end; at++)
    {
      if (!g_ascii_isdigit (*at))
        return pg_codec_fail (value, _("there is something that is not a digit"), error);
      if (!g_uint64_checked_mul (&magnitude, magnitude, 10) ||
          !g_uint64_checked_add (&magnitude, magnitude, (guint64) (*at - '0')) || magnitude > limit)
        return pg_codec_fail (value, _("it is out of the range of the type"), error);
    }
  *out = negative ? (gint64) (0 - magnitude) : (gint64) magnitude;
  return TRUE;
}

static gboolean
int2_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return scan_integer (value, G_MININT16, G_MAXINT16, out, error);
  if (!pg_codec_check_length (value, 2, error))
    return FALSE;
  *out = (gint16) pg_wire_get_uint16 (value->data);
  return TRUE;
}

static gboolean
int4_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return scan_integer (value, G_MININT32, G_MAXINT32, out, error);
  if (!pg_codec_check_length (value, 4, error))
    return FALSE;
  *out = (gint32) pg_wire_get_uint32 (value->data);
  return TRUE;
}

static gboolean
int8_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return scan_integer (value, G_MININT64, G_MAXINT64, out, error);
  if (!pg_codec_check_length (value, 8, error))
    return FALSE;
  *out = (gint64) pg_wire_get_uint64 (value->data);
  return TRUE;
}

static gboolean
oid_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return scan_integer (value, 0, G_MAXUINT32, out, error);
  if (!pg_codec_check_length (value, 4, error))
    return FALSE;
  *out = pg_wire_get_uint32 (value->data);
  return TRUE;
}

/* What all integer types do through the int64 that each of them is. */

static gboolean
integer_to_double (const PgWireValue *value, double *out, GError **error)
{
  gint64 n;

  if (!pg_codec_to_int64 (value, &n, error))
    return FALSE;
  if (n < -EXACT_DOUBLE || n > EXACT_DOUBLE)
    return pg_codec_fail (value, _("it has more digits than a floating-point number can keep"), error);
  *out = (double) n;
  return TRUE;
}

static PgNumeric *
integer_to_numeric (const PgWireValue *value, GError **error)
{
  gint64 n;

  return pg_codec_to_int64 (value, &n, error) ? pg_numeric_new_from_int64 (n) : NULL;
}

static char *
integer_binary_to_text (const PgWireValue *value, GError **error)
{
  gint64 n;

  return pg_codec_to_int64 (value, &n, error) ? pg_integer_to_string (n) : NULL;
}

static GVariant *
integer_to_variant (const PgWireValue *value, GError **error)
{
  gint64 n;

  if (!pg_codec_to_int64 (value, &n, error))
    return NULL;
  switch (value->type)
    {
    case PG_OID_INT2:
      return g_variant_new_int16 ((gint16) n);
    case PG_OID_INT4:
      return g_variant_new_int32 ((gint32) n);
    case PG_OID_OID:
    case PG_OID_XID:
    case PG_OID_CID:
      return g_variant_new_uint32 ((guint32) n);
    default:
      return g_variant_new_int64 (n);
    }
}

static gboolean
integer_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  gint64 n;

  if (!pg_codec_to_int64 (wire, &n, error))
    return FALSE;
  if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, (int) n);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, (guint) n);
  else
    g_value_set_int64 (value, n);
  return TRUE;
}

static GType
int_get_value_type (void)
{
  return G_TYPE_INT;
}

static GType
int64_get_value_type (void)
{
  return G_TYPE_INT64;
}

static GType
uint_get_value_type (void)
{
  return G_TYPE_UINT;
}

#define INTEGER_OPS(name, glib_type, variant)          \
  const PgCodecOps pg_codec_ops_##name = {             \
    .get_value_type = glib_type##_get_value_type,      \
    .variant_type = variant,                           \
    .to_int64 = name##_to_int64,                       \
    .to_double = integer_to_double,                    \
    .to_numeric = integer_to_numeric,                  \
    .binary_to_text = integer_binary_to_text,          \
    .to_variant = integer_to_variant,                  \
    .to_value = integer_to_value,                      \
    .encode = pg_encode_integer,                       \
  }

INTEGER_OPS (int2, int, "n");
INTEGER_OPS (int4, int, "i");
INTEGER_OPS (int8, int64, "x");
INTEGER_OPS (oid, uint, "u");

/* float4, float8 */

static gboolean
float4_read (const PgWireValue *value, float *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return pg_float4_scan ((const char *) value->data, value->length, out) ||
           pg_codec_fail (value, _("it is not a number in range"), error);
  if (!pg_codec_check_length (value, 4, error))
    return FALSE;
  *out = pg_float4_from_bits (pg_wire_get_uint32 (value->data));
  return TRUE;
}

static gboolean
float4_to_double (const PgWireValue *value, double *out, GError **error)
{
  float f;

  if (!float4_read (value, &f, error))
    return FALSE;
  *out = (double) f;
  return TRUE;
}

static gboolean
float8_to_double (const PgWireValue *value, double *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return pg_float8_scan ((const char *) value->data, value->length, out) ||
           pg_codec_fail (value, _("it is not a number in range"), error);
  if (!pg_codec_check_length (value, 8, error))
    return FALSE;
  *out = pg_float8_from_bits (pg_wire_get_uint64 (value->data));
  return TRUE;
}

static char *
float4_binary_to_text (const PgWireValue *value, GError **error)
{
  float f;

  return float4_read (value, &f, error) ? pg_float4_to_string (f) : NULL;
}

static char *
float8_binary_to_text (const PgWireValue *value, GError **error)
{
  double d;

  return float8_to_double (value, &d, error) ? pg_float8_to_string (d) : NULL;
}

static GVariant *
float_to_variant (const PgWireValue *value, GError **error)
{
  double d;

  if (!pg_codec_to_double (value, &d, error))
    return NULL;
  return g_variant_new_double (d);
}

static GType
double_get_value_type (void)
{
  return G_TYPE_DOUBLE;
}

static gboolean
float_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  double d;

  if (!pg_codec_to_double (wire, &d, error))
    return FALSE;
  g_value_set_double (value, d);
  return TRUE;
}

#define FLOAT_OPS(name)                          \
  const PgCodecOps pg_codec_ops_##name = {       \
    .get_value_type = double_get_value_type,     \
    .variant_type = "d",                         \
    .to_double = name##_to_double,               \
    .binary_to_text = name##_binary_to_text,     \
    .to_variant = float_to_variant,              \
    .to_value = float_to_value,                  \
    .encode = pg_encode_float,                   \
  }

FLOAT_OPS (float4);
FLOAT_OPS (float8);

/* numeric */

static PgNumeric *
numeric_to_numeric (const PgWireValue *value, GError **error)
{
  const char *reason = NULL;
  PgNumeric *numeric;

  if (value->format == PG_FORMAT_TEXT)
    numeric = pg_numeric_scan ((const char *) value->data, value->length, &reason);
  else
    numeric = pg_numeric_from_wire (value->data, value->length, &reason);
  if (numeric == NULL)
    pg_codec_fail (value, reason, error);
  return numeric;
}

static gboolean
numeric_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  g_autoptr (PgNumeric) numeric = numeric_to_numeric (value, error);
  const char *reason = NULL;

  if (numeric == NULL)
    return FALSE;
  return pg_numeric_read_int64 (numeric, out, &reason) || pg_codec_fail (value, reason, error);
}

static gboolean
numeric_to_double (const PgWireValue *value, double *out, GError **error)
{
  return pg_codec_fail (value, _("a floating-point number might not be exact; read it as a numeric"), error);
}

static char *
numeric_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgNumeric) numeric = numeric_to_numeric (value, error);

  return numeric != NULL ? pg_numeric_to_string (numeric) : NULL;
}

static gboolean
numeric_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  PgNumeric *numeric = numeric_to_numeric (wire, error);

  if (numeric == NULL)
    return FALSE;
  g_value_take_boxed (value, numeric);
  return TRUE;
}

const PgCodecOps pg_codec_ops_numeric = {
  .get_value_type = pg_numeric_get_type,
  .variant_type = "s",
  .to_int64 = numeric_to_int64,
  .to_double = numeric_to_double,
  .to_numeric = numeric_to_numeric,
  .binary_to_text = numeric_binary_to_text,
  .to_value = numeric_to_value,
  .encode = pg_encode_numeric,
};
