/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-oids.h>

/* Most of these types have strings for values: in text format they never come here. */

gboolean
pg_encode_text (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (G_VALUE_HOLDS_ENUM (value))
    return pg_encode_enum_nick (value, out) || pg_encode_fail_range (codec, error);
  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  g_string_append (out, g_value_get_string (value));
  return TRUE;
}

/* "char": one byte; nothing is 0, and a backslash and three octal digits are a byte that is not ASCII. */
gboolean
pg_encode_char (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const char *text;
  gsize length;

  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  text = g_value_get_string (value);
  length = strlen (text);
  if (length == 4 && text[0] == '\\' && text[1] >= '2' && text[1] <= '3' && text[2] >= '0' && text[2] <= '7' && text[3] >= '0' &&
      text[3] <= '7')
    g_string_append_c (out, (char) ((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0')));
  else if (length <= 1)
    g_string_append_c (out, text[0]);
  else
    return pg_encode_fail_form (codec, _("its length is wrong"), error);
  return TRUE;
}

/* jsonb, jsonpath: the version of the form precedes the text. */
gboolean
pg_encode_jsonb (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  g_string_append_c (out, 1);
  g_string_append (out, g_value_get_string (value));
  return TRUE;
}

gboolean
pg_encode_bytea (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  static const char digits[] = "0123456789abcdef";
  const guint8 *data;
  gsize length;

  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    {
      data = g_bytes_get_data (g_value_get_boxed (value), &length);
    }
  else if (G_VALUE_HOLDS (value, G_TYPE_BYTE_ARRAY))
    {
      const GByteArray *array = g_value_get_boxed (value);

      data = array->data;
      length = array->len;
    }
  else
    {
      return pg_encode_fail_type (codec, value, format, error);
    }

  if (format == PG_FORMAT_BINARY)
    {
      g_string_append_len (out, (const char *) data, (gssize) length);
      return TRUE;
    }
  g_string_append (out, "\\x");
  for (gsize i = 0; i < length; i++)
    {
      g_string_append_c (out, digits[data[i] >> 4]);
      g_string_append_c (out, digits[data[i] & 15]);
    }
  return TRUE;
}

/* Appends the bytes of pairs of hexadecimal digits, of which each may be followed by one of the separators; gives how many. */
static gsize
put_hex (GString *out, const char *at, const char *end, const char *separators)
{
  gsize n = 0;

  while (at + 1 < end)
    {
      if (!g_ascii_isxdigit (at[0]) || !g_ascii_isxdigit (at[1]))
        return 0;
      g_string_append_c (out, (char) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1])));
      n++;
      at += 2;
      if (at + 1 < end && strchr (separators, *at) != NULL)
        at++;
    }
  return at == end ? n : 0;
}

gboolean
pg_encode_uuid (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const gsize start = out->len;
  const char *text, *end;

  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  text = g_value_get_string (value);
  end = text + strlen (text);
  if (text[0] == '{' && end[-1] == '}')
    {
      text++;
      end--;
    }
  if (put_hex (out, text, end, "-") != 16)
    {
      g_string_truncate (out, start);
      return pg_encode_fail_form (codec, _("it is not 32 hexadecimal digits"), error);
    }
  return TRUE;
}

/* macaddr, macaddr8: 6 and 8 bytes. Six become eight with FF and FE in their middle, as the server has it. */
gboolean
pg_encode_macaddr (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const gsize start = out->len;
  const gsize wanted = codec->oid == PG_OID_MACADDR8 ? 8 : 6;
  const char *text;
  gsize n;

  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  text = g_value_get_string (value);
  n = put_hex (out, text, text + strlen (text), ":-.");
  if (n == 6 && wanted == 8)
    {
      g_string_insert_len (out, (gssize) start + 3, "\xff\xfe", 2);
      n = 8;
    }
  if (n != wanted)
    {
      g_string_truncate (out, start);
      return pg_encode_fail_form (codec, _("its length is wrong"), error);
    }
  return TRUE;
}

/* Digits of the base, up to max, before one of the characters stop, which is consumed; a zero byte stands for the end. */
static gboolean
take_number (const char **at, guint base, guint64 max, char stop, guint64 *out)
{
  char *end;

  if (!(base == 16 ? g_ascii_isxdigit (**at) : g_ascii_isdigit (**at)))
    return FALSE;
  errno = 0;
  *out = g_ascii_strtoull (*at, &end, base);
  if (errno != 0 || *out > max || *end != stop)
    return FALSE;
  *at = end + (stop != '\0');
  return TRUE;
}

/* pg_lsn: "16/B374D848", or the number of bytes that it is */
gboolean
pg_encode_lsn (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  guint64 high, low;

  if (G_VALUE_HOLDS_STRING (value))
    {
      const char *at = g_value_get_string (value);

      if (!take_number (&at, 16, G_MAXUINT32, '/', &high) || !take_number (&at, 16, G_MAXUINT32, '\0', &low))
        return pg_encode_fail_form (codec, _("it is not two hexadecimal numbers with a slash between them"), error);
    }
  else
    {
      PgInteger integer;

      if (!pg_value_get_integer (value, &integer))
        return pg_encode_fail_type (codec, value, format, error);
      if (integer.is_signed && integer.value < 0)
        return pg_encode_fail_range (codec, error);
      low = integer.is_signed ? (guint64) integer.value : integer.magnitude;
      high = low >> 32;
      low &= G_MAXUINT32;
    }

  if (format == PG_FORMAT_TEXT)
    g_string_append_printf (out, "%X/%X", (guint) high, (guint) low);
  else
    pg_put_uint64 (out, high << 32 | low);
  return TRUE;
}

/* tid: "(block,position)" */
gboolean
pg_encode_tid (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const char *at;
  guint64 block, position;

  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  at = g_value_get_string (value);
  if (*at++ != '(' || !take_number (&at, 10, G_MAXUINT32, ',', &block) || !take_number (&at, 10, G_MAXUINT16, ')', &position) || *at != '\0')
    return pg_encode_fail_form (codec, _("it is not in the form (block,position)"), error);
  pg_put_uint32 (out, (guint32) block);
  pg_put_uint16 (out, (guint16) position);
  return TRUE;
}

/* pg_snapshot, txid_snapshot: "xmin:xmax:xip,xip" */
gboolean
pg_encode_snapshot (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const char *at;
  guint64 min, max, xid;
  gboolean more;
  gsize n = 0;
  gsize count_at;
  guint32 count;

  if (!G_VALUE_HOLDS_STRING (value))
    return pg_encode_fail_type (codec, value, format, error);
  at = g_value_get_string (value);
  if (!take_number (&at, 10, G_MAXINT64, ':', &min) || !take_number (&at, 10, G_MAXINT64, ':', &max))
    return pg_encode_fail_form (codec, _("it is not in the form xmin:xmax:xip_list"), error);
  count_at = out->len;
  pg_put_uint32 (out, 0);
  pg_put_uint64 (out, min);
  pg_put_uint64 (out, max);
  more = *at != '\0';
  while (more)
    {
      more = strchr (at, ',') != NULL;
      if (!take_number (&at, 10, G_MAXINT64, more ? ',' : '\0', &xid))
        {
          g_string_truncate (out, count_at);
          return pg_encode_fail_form (codec, _("it is not in the form xmin:xmax:xip_list"), error);
        }
      pg_put_uint64 (out, xid);
      n++;
    }
  count = GUINT32_TO_BE ((guint32) n);
  memcpy (out->str + count_at, &count, sizeof count);
  return TRUE;
}
