/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-literal-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-scanner-private.h>
#include <pgconn/types/pg-oids.h>

/* Whatever is appended must not become a part of what stands before it: nor LIMIT1, nor 'a''b', nor U&'a'. */
static void
append_space (GString *out)
{
  const char last = out->len > 0 ? out->str[out->len - 1] : ' ';

  if (pg_is_identifier_part (last) || strchr ("'\"&.-", last) != NULL)
    g_string_append_c (out, ' ');
}

/* text is UTF-8 without a zero byte. */
static void
append_string (GString *out, const char *text, gsize length)
{
  const gboolean has_backslash = memchr (text, '\\', length) != NULL;

  append_space (out);
  g_string_append (out, has_backslash ? "E'" : "'");
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\'' || text[i] == '\\')
        g_string_append_c (out, text[i]);
      g_string_append_c (out, text[i]);
    }
  g_string_append_c (out, '\'');
}

/* The name of the type as SQL has it. char and bit without quotes are other types: of one character, and of one bit. */
static gboolean
append_type (GString *out,
             guint32 type,
             const PgTypeTable *types,
             GError **error)
{
  const PgCodec *codec = pg_type_table_lookup (types, type);
  const char *name = codec != NULL ? pg_codec_get_name (codec) : NULL;

  if (name == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                   _ ("the name of the type with the OID %u is not known: it has to be fetched before its values can be merged into a statement"), type);
      return FALSE;
    }
  switch (type)
    {
    case PG_OID_CHAR:
      g_string_append (out, "\"char\"");
      break;
    case PG_OID_CHAR_ARRAY:
      g_string_append (out, "\"char\"[]");
      break;
    case PG_OID_BIT:
      g_string_append (out, "\"bit\"");
      break;
    case PG_OID_BIT_ARRAY:
      g_string_append (out, "\"bit\"[]");
      break;
    default:
      g_string_append (out, name);
      break;
    }
  return TRUE;
}

/* Decimal digits, with a sign, a fraction and an exponent if they are allowed; a text that the user has given can be anything. */
static gboolean
is_number (const char *text,
           gboolean fraction,
           gboolean exponent)
{
  const char *at = text + (text[0] == '-');

  if (!g_ascii_isdigit (*at))
    return FALSE;
  while (g_ascii_isdigit (*at))
    at++;
  if (fraction && *at == '.')
    {
      at++;
      if (!g_ascii_isdigit (*at))
        return FALSE;
      while (g_ascii_isdigit (*at))
        at++;
    }
  if (exponent && (*at == 'e' || *at == 'E'))
    {
      at++;
      if (*at == '+' || *at == '-')
        at++;
      if (!g_ascii_isdigit (*at))
        return FALSE;
      while (g_ascii_isdigit (*at))
        at++;
    }
  return *at == '\0';
}

static gboolean
is_integer (const char *text,
            gint64 min,
            gint64 max)
{
  return is_number (text, FALSE, FALSE) && g_ascii_string_to_signed (text, 10, min, max, NULL, NULL);
}

/* What the server takes for a value of the type without quotes; suffix: what makes it so. */
static gboolean
is_plain (guint32 type,
          const char *text,
          PgLiteralFlags flags,
          const char **suffix)
{
  const gboolean bare = (flags & PG_LITERAL_BARE) != 0;

  *suffix = "";
  switch (type)
    {
    case PG_OID_INT2:
      return is_integer (text, G_MININT16, G_MAXINT16);
    case PG_OID_INT4:
      return is_integer (text, G_MININT32, G_MAXINT32);
    case PG_OID_INT8:
      if (!is_integer (text, G_MININT64, G_MAXINT64))
        return FALSE;
      if (!bare && is_integer (text, G_MININT32, G_MAXINT32))
        *suffix = "::int8";
      return TRUE;
    case PG_OID_NUMERIC:
      if (!is_number (text, TRUE, FALSE))
        return FALSE;
      if (!bare && strchr (text, '.') == NULL)
        *suffix = ".";
      return TRUE;
    case PG_OID_FLOAT4:
    case PG_OID_FLOAT8:
      return bare && is_number (text, TRUE, TRUE);
    default:
      return FALSE;
    }
}

static void
append_plain (GString *out,
              const char *text,
              const char *suffix,
              PgLiteralFlags flags)
{
  const gboolean negative = text[0] == '-';
  const gboolean parentheses = (flags & PG_LITERAL_ALONE) != 0 || (negative && (flags & PG_LITERAL_CLOSED) != 0);

  append_space (out);
  if (parentheses)
    g_string_append_c (out, '(');
  else if (negative && out->len > 0 && !pg_is_space (out->str[out->len - 1]))
    g_string_append_c (out, ' ');
  g_string_append (out, text);
  g_string_append (out, suffix);
  if (parentheses)
    g_string_append_c (out, ')');
}

static gboolean
append_quoted (GString *out,
               guint32 type,
               const char *text,
               gsize length,
               const PgTypeTable *types,
               PgLiteralFlags flags,
               GError **error)
{
  const gsize start = out->len;
  gboolean typed;

  switch (type)
    {
    case 0:
    case PG_OID_TEXT:
    case PG_OID_UNKNOWN:
    case PG_OID_RECORD:
      typed = FALSE;
      break;
    default:
      typed = (flags & PG_LITERAL_BARE) == 0;
      break;
    }

  append_space (out);
  if ((flags & PG_LITERAL_ALONE) != 0)
    g_string_append_c (out, '(');
  if (text != NULL)
    append_string (out, text, length);
  else
    g_string_append (out, "NULL");
  if (typed)
    {
      g_string_append (out, "::");
      if (!append_type (out, type, types, error))
        {
          g_string_truncate (out, start);
          return FALSE;
        }
    }
  if ((flags & PG_LITERAL_ALONE) != 0)
    g_string_append_c (out, ')');
  return TRUE;
}

gboolean
pg_literal_append (GString *out,
                   const PgWireParams *wire,
                   guint index,
                   const PgTypeTable *types,
                   PgLiteralFlags flags,
                   GError **error)
{
  const guint32 type = wire->types[index];
  const char *text = wire->values[index];
  gsize length = (gsize) wire->lengths[index];
  g_autofree char *decoded = NULL;
  const char *suffix;

  if (text == NULL)
    return append_quoted (out, type, NULL, 0, types, flags, error);

  if (wire->formats[index] == PG_FORMAT_BINARY)
    {
      /* Decoders are given what a zero byte follows. */
      g_autofree guint8 *copy = g_malloc (length + 1);
      PgWireValue value = { .data = copy, .length = length, .type = type, .modifier = -1, .format = PG_FORMAT_BINARY, .types = types };

      memcpy (copy, text, length);
      copy[length] = 0;
      decoded = pg_codec_to_text (&value, error);
      if (decoded == NULL)
        return FALSE;
      text = decoded;
      length = strlen (text);
    }
  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, memchr (text, 0, length) != NULL ? _ ("the text has a zero byte") : _ ("the text is not UTF-8"));
      return FALSE;
    }

  if (type == PG_OID_BOOL && length == 1 && (text[0] == 't' || text[0] == 'f'))
    append_plain (out, text[0] == 't' ? "true" : "false", "", flags);
  else if (is_plain (type, text, flags, &suffix))
    append_plain (out, text, suffix, flags);
  else
    return append_quoted (out, type, text, length, types, flags, error);
  return TRUE;
}
