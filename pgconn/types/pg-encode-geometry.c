/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-float-private.h>
#include <pgconn/types/pg-inet-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-point.h>

gboolean
pg_encode_point (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgPoint *point;

  if (!G_VALUE_HOLDS (value, PG_TYPE_POINT))
    return pg_encode_fail_type (codec, value, format, error);
  if (format == PG_FORMAT_TEXT)
    return pg_encode_boxed_text (value, out);
  point = g_value_get_boxed (value);
  pg_put_double (out, pg_point_get_x (point));
  pg_put_double (out, pg_point_get_y (point));
  return TRUE;
}

/* The numbers of a geometric type's text: commas between them, and brackets, which must be closed, around some of them. */
static GArray *
read_numbers (const char *at)
{
  static const char opening[] = "([{<", closing[] = ")]}>";
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  char open[3];
  guint depth = 0;
  gboolean after_number = FALSE;

  for (;; at++)
    {
      if (*at == '\0')
        break;
      if (strchr (opening, *at) != NULL)
        {
          if (depth == sizeof open || after_number)
            return NULL;
          open[depth++] = closing[strchr (opening, *at) - opening];
        }
      else if (strchr (closing, *at) != NULL)
        {
          if (depth == 0 || open[--depth] != *at || !after_number)
            return NULL;
        }
      else if (*at == ',')
        {
          if (!after_number)
            return NULL;
          after_number = FALSE;
        }
      else
        {
          gsize length = strcspn (at, ",()[]{}<>");
          double number;

          if (after_number || !pg_float8_scan (at, length, &number))
            return NULL;
          g_array_append_val (numbers, number);
          after_number = TRUE;
          at += length - 1;
        }
    }
  return depth == 0 && after_number ? g_steal_pointer (&numbers) : NULL;
}

/* lseg, box, line, circle, path, polygon: strings, whose binary form is made of float8 */
gboolean
pg_encode_shape (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  g_autoptr (GArray) numbers = NULL;
  const char *text;
  guint wanted = 0;

  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  text = g_value_get_string (value);
  numbers = read_numbers (text);
  switch (codec->oid)
    {
    case PG_OID_LSEG:
    case PG_OID_BOX:
      wanted = 4;
      break;
    case PG_OID_LINE:
    case PG_OID_CIRCLE:
      wanted = 3;
      break;
    default:
      break;
    }
  if (numbers == NULL || (wanted != 0 ? numbers->len != wanted : numbers->len % 2 != 0))
    return pg_encode_fail_form (codec, _("it is not the text of one"), error);

  if (codec->oid == PG_OID_PATH)
    g_string_append_c (out, text[0] == '[' ? 0 : 1);
  if (wanted == 0)
    pg_put_uint32 (out, numbers->len / 2);
  for (guint i = 0; i < numbers->len; i++)
    pg_put_double (out, g_array_index (numbers, double, i));
  return TRUE;
}

/* inet, cidr: the family, 2 or 3; the bits of the network; whether it is a cidr; the number of bytes, and these */

#define WIRE_FAMILY_IPV4 2
#define WIRE_FAMILY_IPV6 3

static PgInet *
get_inet (const PgCodec *codec, const GValue *value, PgFormat format, GError **error)
{
  if (G_VALUE_HOLDS (value, PG_TYPE_INET))
    return pg_inet_ref (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, G_TYPE_INET_ADDRESS))
    return pg_inet_new (g_value_get_object (value), -1, error);
  if (G_VALUE_HOLDS (value, G_TYPE_INET_ADDRESS_MASK))
    return pg_inet_new_from_mask (g_value_get_object (value));
  pg_encode_fail_type (codec, value, format, error);
  return NULL;
}

gboolean
pg_encode_inet (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const gboolean is_cidr = codec->oid == PG_OID_CIDR;
  g_autoptr (PgInet) inet = get_inet (codec, value, format, error);
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *text = NULL;
  gsize n_bytes;

  if (inet == NULL)
    return FALSE;
  text = pg_inet_to_string (inet);
  if (is_cidr && !pg_inet_is_cidr (inet))
    {
      const char *reason;
      g_autoptr (PgInet) network = pg_inet_scan (text, strlen (text), TRUE, &reason);

      if (network == NULL)
        return pg_encode_fail_form (codec, reason, error);
    }
  if (format == PG_FORMAT_TEXT)
    {
      g_string_append (out, text);
      return TRUE;
    }

  address = pg_inet_dup_address (inet);
  n_bytes = g_inet_address_get_native_size (address);
  g_string_append_c (out, n_bytes == 4 ? WIRE_FAMILY_IPV4 : WIRE_FAMILY_IPV6);
  g_string_append_c (out, (char) pg_inet_get_prefix_length (inet));
  g_string_append_c (out, is_cidr ? 1 : 0);
  g_string_append_c (out, (char) n_bytes);
  g_string_append_len (out, (const char *) g_inet_address_to_bytes (address), (gssize) n_bytes);
  return TRUE;
}

/* bit, varbit: the number of bits, and as many bytes as these need */
gboolean
pg_encode_bit (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgBitString *bits;
  const char *data;
  gsize length;

  if (!G_VALUE_HOLDS (value, PG_TYPE_BIT_STRING))
    return pg_encode_fail_type (codec, value, format, error);
  if (format == PG_FORMAT_TEXT)
    return pg_encode_boxed_text (value, out);
  bits = g_value_get_boxed (value);
  pg_put_uint32 (out, (guint32) pg_bit_string_get_length (bits));
  data = g_bytes_get_data (pg_bit_string_get_bytes (bits), &length);
  g_string_append_len (out, data, (gssize) length);
  return TRUE;
}
