/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>

/* text, varchar, bpchar, name, json and the like: the binary form is the text */

static GBytes *
text_to_bytes (const PgWireValue *value, GError **error)
{
  return g_bytes_new (value->data, value->length);
}

const PgCodecOps pg_codec_ops_text = {
  .variant_type = "s",
  .to_bytes = text_to_bytes,
  .encode = pg_encode_text,
};

/* "char": one byte, of which 0 is shown as nothing and those that are not ASCII in octal */

static char *
char_binary_to_text (const PgWireValue *value, GError **error)
{
  if (!pg_codec_check_length (value, 1, error))
    return NULL;
  if (value->data[0] >= 0x80)
    return g_strdup_printf ("\\%03o", value->data[0]);
  return g_strndup ((const char *) value->data, 1);
}

static gboolean
is_octal (const guint8 *digits)
{
  return digits[0] >= '0' && digits[0] <= '3' && digits[1] >= '0' && digits[1] <= '7' && digits[2] >= '0' && digits[2] <= '7';
}

static guint8
read_octal (const guint8 *digits)
{
  return (guint8) ((digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0'));
}

/* The one byte, of the text form too. */
static GBytes *
char_to_bytes (const PgWireValue *value, GError **error)
{
  guint8 byte = 0;

  if (value->format == PG_FORMAT_TEXT && value->length == 0)
    return g_bytes_new (&byte, 1);
  if (value->format == PG_FORMAT_TEXT && value->length == 4 && value->data[0] == '\\' && is_octal (value->data + 1))
    {
      byte = read_octal (value->data + 1);
      return g_bytes_new (&byte, 1);
    }
  if (!pg_codec_check_length (value, 1, error))
    return NULL;
  return g_bytes_new (value->data, 1);
}

const PgCodecOps pg_codec_ops_char = {
  .variant_type = "s",
  .to_bytes = char_to_bytes,
  .binary_to_text = char_binary_to_text,
  .encode = pg_encode_char,
};

/* jsonb, jsonpath: the version of its form, 1, then the text */

static char *
jsonb_binary_to_text (const PgWireValue *value, GError **error)
{
  if (value->length < 1 || value->data[0] != 1)
    {
      pg_codec_fail (value, _("its version is not 1"), error);
      return NULL;
    }
  if (value->length == 1)
    {
      pg_codec_fail (value, _("its length is wrong"), error);
      return NULL;
    }
  return pg_codec_dup_text (value, value->data + 1, value->length - 1, error);
}

static GBytes *
jsonb_to_bytes (const PgWireValue *value, GError **error)
{
  char *text = pg_codec_to_text (value, error);

  return text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
}

const PgCodecOps pg_codec_ops_jsonb = {
  .variant_type = "s",
  .to_bytes = jsonb_to_bytes,
  .binary_to_text = jsonb_binary_to_text,
  .encode = pg_encode_jsonb,
};

static const char hex_digits[] = "0123456789abcdef";

/* uuid: 16 bytes, in hexadecimal groups of 4, 2, 2, 2 and 6 of them */

static char *
uuid_binary_to_text (const PgWireValue *value, GError **error)
{
  char *text;
  char *at;

  if (!pg_codec_check_length (value, 16, error))
    return NULL;
  text = at = g_malloc (2 * 16 + 4 + 1);
  for (int i = 0; i < 16; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *at++ = '-';
      *at++ = hex_digits[value->data[i] >> 4];
      *at++ = hex_digits[value->data[i] & 15];
    }
  *at = '\0';
  return text;
}

const PgCodecOps pg_codec_ops_uuid = {
  .variant_type = "s",
  .binary_to_text = uuid_binary_to_text,
  .encode = pg_encode_uuid,
};

/* bytea */

/* Of a hexadecimal digit: g_ascii_xdigit_value() without a call and without a branch. */
static inline guint
hex_value (guint8 digit)
{
  return (digit & 15) + (digit >> 6) * 9u;
}

static GBytes *
bytea_from_hex (const PgWireValue *value, GError **error)
{
  gsize n = (value->length - 2) / 2;
  g_autofree guint8 *bytes = g_malloc (n + 1);
  const guint8 *digits = value->data + 2;

  if (value->length % 2 != 0)
    {
      pg_codec_fail (value, _("the number of its hexadecimal digits is odd"), error);
      return NULL;
    }
  for (gsize i = 0; i < n; i++)
    {
      if (G_UNLIKELY (!g_ascii_isxdigit (digits[2 * i]) || !g_ascii_isxdigit (digits[2 * i + 1])))
        {
          pg_codec_fail (value, _("there is something that is not a hexadecimal digit"), error);
          return NULL;
        }
      bytes[i] = (guint8) (hex_value (digits[2 * i]) << 4 | hex_value (digits[2 * i + 1]));
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), n);
}

/* The form of bytea_output = escape: \\ is a backslash, \ooo a byte, and all else is itself. */
static GBytes *
bytea_from_escape (const PgWireValue *value, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (value->length + 1);
  const guint8 *at = value->data;
  const guint8 *end = at + value->length;
  gsize n = 0;

  while (at < end)
    {
      if (*at != '\\')
        bytes[n++] = *at++;
      else if (end - at >= 2 && at[1] == '\\')
        {
          bytes[n++] = '\\';
          at += 2;
        }
      else if (end - at >= 4 && is_octal (at + 1))
        {
          bytes[n++] = read_octal (at + 1);
          at += 4;
        }
      else
        {
          pg_codec_fail (value, _("what follows a backslash is not valid"), error);
          return NULL;
        }
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), n);
}

static GBytes *
bytea_to_bytes (const PgWireValue *value, GError **error)
{
  if (value->format == PG_FORMAT_BINARY)
    return g_bytes_new (value->data, value->length);
  if (value->length >= 2 && value->data[0] == '\\' && value->data[1] == 'x')
    return bytea_from_hex (value, error);
  return bytea_from_escape (value, error);
}

static char *
bytea_binary_to_text (const PgWireValue *value, GError **error)
{
  char *text;

  if (value->length > (G_MAXSIZE - 3) / 2)
    {
      pg_codec_fail (value, _("its length is wrong"), error);
      return NULL;
    }
  text = g_malloc (2 * value->length + 3);
  text[0] = '\\';
  text[1] = 'x';
  for (gsize i = 0; i < value->length; i++)
    {
      text[2 + 2 * i] = hex_digits[value->data[i] >> 4];
      text[3 + 2 * i] = hex_digits[value->data[i] & 15];
    }
  text[2 + 2 * value->length] = '\0';
  return text;
}

static GVariant *
bytea_to_variant (const PgWireValue *value, GError **error)
{
  g_autoptr (GBytes) bytes = bytea_to_bytes (value, error);

  return bytes != NULL ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE) : NULL;
}

static GType
bytea_get_value_type (void)
{
  return G_TYPE_BYTES;
}

static gboolean
bytea_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  GBytes *bytes = bytea_to_bytes (wire, error);

  if (bytes == NULL)
    return FALSE;
  g_value_take_boxed (value, bytes);
  return TRUE;
}

const PgCodecOps pg_codec_ops_bytea = {
  .get_value_type = bytea_get_value_type,
  .variant_type = "ay",
  .to_bytes = bytea_to_bytes,
  .binary_to_text = bytea_binary_to_text,
  .to_variant = bytea_to_variant,
  .to_value = bytea_to_value,
  .encode = pg_encode_bytea,
};
