/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-numeric-private.h>
#include <pgconn/types/pg-oids.h>

/* All integers up to here are doubles. */
#define EXACT_DOUBLE (G_GINT64_CONSTANT (1) << 53)

gboolean
pg_encode_boolean (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (!G_VALUE_HOLDS_BOOLEAN (value))
    return pg_encode_fail_type (codec, value, format, error);
  if (format == PG_FORMAT_TEXT)
    g_string_append_c (out, g_value_get_boolean (value) ? 't' : 'f');
  else
    g_string_append_c (out, g_value_get_boolean (value) ? 1 : 0);
  return TRUE;
}

/* int2, int4, int8; oid, xid, cid and regclass and the like, which are 32 bits without a sign */
gboolean
pg_encode_integer (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  PgInteger integer = { .is_signed = TRUE };
  gint64 min = 0, max = G_MAXUINT32;

  if (G_VALUE_HOLDS (value, PG_TYPE_NUMERIC))
    {
      const char *reason;

      if (!pg_numeric_read_int64 (g_value_get_boxed (value), &integer.value, &reason))
        return pg_encode_fail_form (codec, reason, error);
    }
  else if (!pg_value_get_integer (value, &integer))
    {
      return pg_encode_fail_type (codec, value, format, error);
    }

  switch (codec->oid)
    {
    case PG_OID_INT2:
      min = G_MININT16;
      max = G_MAXINT16;
      break;
    case PG_OID_INT4:
      min = G_MININT32;
      max = G_MAXINT32;
      break;
    case PG_OID_INT8:
      min = G_MININT64;
      max = G_MAXINT64;
      break;
    default:
      break;
    }
  if (!integer.is_signed || integer.value < min || integer.value > max)
    return pg_encode_fail_range (codec, error);

  if (format == PG_FORMAT_TEXT)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, integer.value);
  else if (codec->oid == PG_OID_INT2)
    pg_put_uint16 (out, (guint16) integer.value);
  else if (codec->oid == PG_OID_INT8)
    pg_put_uint64 (out, (guint64) integer.value);
  else
    pg_put_uint32 (out, (guint32) integer.value);
  return TRUE;
}

/* xid8 */
gboolean
pg_encode_unsigned (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  PgInteger integer;
  guint64 magnitude;

  if (!pg_value_get_integer (value, &integer))
    return pg_encode_fail_type (codec, value, format, error);
  if (integer.is_signed && integer.value < 0)
    return pg_encode_fail_range (codec, error);
  magnitude = integer.is_signed ? (guint64) integer.value : integer.magnitude;
  if (format == PG_FORMAT_TEXT)
    g_string_append_printf (out, "%" G_GUINT64_FORMAT, magnitude);
  else
    pg_put_uint64 (out, magnitude);
  return TRUE;
}

/* As text it would be a number of the currency's whole units. */
gboolean
pg_encode_money (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  PgInteger integer;

  if (format == PG_FORMAT_TEXT || !pg_value_get_integer (value, &integer))
    return pg_encode_fail_type (codec, value, format, error);
  if (!integer.is_signed)
    return pg_encode_fail_range (codec, error);
  pg_put_uint64 (out, (guint64) integer.value);
  return TRUE;
}

static gboolean
get_double (const PgCodec *codec, const GValue *value, PgFormat format, double *out, GError **error)
{
  PgInteger integer;

  if (G_VALUE_HOLDS_DOUBLE (value))
    *out = g_value_get_double (value);
  else if (G_VALUE_HOLDS_FLOAT (value))
    *out = (double) g_value_get_float (value);
  else if (!pg_value_get_integer (value, &integer))
    return pg_encode_fail_type (codec, value, format, error);
  else if (!integer.is_signed || integer.value < -EXACT_DOUBLE || integer.value > EXACT_DOUBLE)
    return pg_encode_fail_range (codec, error);
  else
    *out = (double) integer.value;
  return TRUE;
}

/* A double is rounded to a float4, as the server does it where it assigns one; what would become infinite or zero is refused. */
gboolean
pg_encode_float (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  double number = 0;

  if (!get_double (codec, value, format, &number, error))
    return FALSE;
  if (codec->oid == PG_OID_FLOAT4)
    {
      float single = (float) number;
      guint32 bits;

      if ((isinf (single) && !isinf (number)) || (single == 0 && number != 0))
        return pg_encode_fail_range (codec, error);
      if (format == PG_FORMAT_BINARY)
        {
          memcpy (&bits, &single, sizeof bits);
          pg_put_uint32 (out, bits);
        }
      else
        {
          g_autofree char *text = pg_float4_to_string (single);

          g_string_append (out, text);
        }
    }
  else if (format == PG_FORMAT_BINARY)
    {
      pg_put_double (out, number);
    }
  else
    {
      g_autofree char *text = pg_float8_to_string (number);

      g_string_append (out, text);
    }
  return TRUE;
}

/* As numeric_send() writes it: the number of digits, the weight of the first, the sign, the digits shown after the point; then the
 * digits, to the base of 10000. */
static void
put_numeric (GString *out, const PgNumeric *numeric)
{
  static const guint16 signs[] = {
    [PG_NUMERIC_NEGATIVE_INFINITY] = 0xf000,
    [PG_NUMERIC_FINITE] = 0,
    [PG_NUMERIC_INFINITY] = 0xd000,
    [PG_NUMERIC_NAN] = 0xc000,
  };
  const gboolean finite = numeric->kind == PG_NUMERIC_FINITE;

  pg_put_uint16 (out, finite ? (guint16) numeric->n_digits : 0);
  pg_put_uint16 (out, finite ? (guint16) numeric->weight : 0);
  pg_put_uint16 (out, finite && numeric->negative ? 0x4000 : signs[numeric->kind]);
  pg_put_uint16 (out, finite ? (guint16) numeric->scale : 0);
  for (guint i = 0; finite && i < numeric->n_digits; i++)
    pg_put_uint16 (out, numeric->digits[i]);
}

/* A double becomes the shortest number that is read as the same double. */
gboolean
pg_encode_numeric (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  g_autoptr (PgNumeric) numeric = NULL;
  PgInteger integer;

  if (G_VALUE_HOLDS (value, PG_TYPE_NUMERIC))
    {
      numeric = pg_numeric_ref (g_value_get_boxed (value));
    }
  else
    {
      g_autofree char *text = NULL;
      const char *reason;

      if (G_VALUE_HOLDS_DOUBLE (value))
        text = pg_float8_to_string (g_value_get_double (value));
      else if (G_VALUE_HOLDS_FLOAT (value))
        text = pg_float4_to_string (g_value_get_float (value));
      else if (!pg_value_get_integer (value, &integer))
        return pg_encode_fail_type (codec, value, format, error);
      else if (integer.is_signed)
        text = g_strdup_printf ("%" G_GINT64_FORMAT, integer.value);
      else
        text = g_strdup_printf ("%" G_GUINT64_FORMAT, integer.magnitude);
      if (format == PG_FORMAT_TEXT)
        {
          g_string_append (out, text);
          return TRUE;
        }
      numeric = pg_numeric_scan (text, strlen (text), &reason);
      if (numeric == NULL)
        return pg_encode_fail_form (codec, reason, error);
    }

  if (format == PG_FORMAT_TEXT)
    {
      g_autofree char *text = pg_numeric_to_string (numeric);

      g_string_append (out, text);
    }
  else
    {
      put_numeric (out, numeric);
    }
  return TRUE;
}
