/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error-private.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-timestamp.h>
#include <pgconn/types/pg-type-table-private.h>

const char *
pg_codec_get_name (const PgCodec *codec)
{
  return codec->name;
}

/* A value of a domain is one of what the domain is of: it is replaced by base then. */
static const PgCodecOps *
lookup_ops (const PgWireValue **value, PgWireValue *base)
{
  const PgCodec *codec = pg_type_table_lookup ((*value)->types, (*value)->type);

  for (guint i = 0; codec != NULL && G_UNLIKELY (codec->ops == &pg_codec_ops_domain); i++)
    {
      if (i == PG_WIRE_MAX_DEPTH)
        return NULL;
      *base = **value;
      base->type = codec->subtype;
      *value = base;
      codec = pg_type_table_lookup (base->types, base->type);
    }
  return codec != NULL ? codec->ops : NULL;
}

const PgCodecOps pg_codec_ops_domain = { .encode_nested = pg_encode_domain };

gboolean
pg_codec_has_binary (guint32 type)
{
  return pg_type_table_has_binary (NULL, type);
}

gboolean
pg_codec_suits_auto (guint32 type)
{
  return pg_type_table_suits_auto (NULL, type);
}

GType
pg_codec_get_value_type (guint32 type)
{
  return pg_type_table_get_value_type (NULL, type);
}

char *
pg_codec_describe (const PgTypeTable *types, guint32 type)
{
  const PgCodec *codec = pg_type_table_lookup (types, type);

  return codec != NULL ? g_strdup (codec->name) : g_strdup_printf ("OID %u", type);
}

gboolean
pg_codec_fail (const PgWireValue *value, const char *reason, GError **error)
{
  g_autofree char *type = pg_codec_describe (value->types, value->type);

  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The value of type %s cannot be read: %s"), type, reason);
  return FALSE;
}

gboolean
pg_codec_fail_kind (const PgWireValue *value, const char *wanted, GError **error)
{
  g_autofree char *type = pg_codec_describe (value->types, value->type);

  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("A value of type %s cannot be read as %s"), type, wanted);
  return FALSE;
}

gboolean
pg_codec_check_length (const PgWireValue *value, gsize length, GError **error)
{
  if (value->length != length)
    return pg_codec_fail (value, _("its length is wrong"), error);
  return TRUE;
}

/* Whether all bytes are from 1 to 127. Most text is, and eight bytes at a time that is known several times faster than what UTF-8 in general takes. */
static gboolean
is_ascii (const guint8 *data, gsize length)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 word;

  /* Subtracting one from each byte sets the highest bit of one that is 0, and of no byte from 1 to 127 unless a lower one is 0. */
  for (; length >= sizeof word; data += sizeof word, length -= sizeof word)
    {
      memcpy (&word, data, sizeof word);
      if (((word | (word - ones)) & ones << 7) != 0)
        return FALSE;
    }
  for (; length > 0; data++, length--)
    if (*data == 0 || *data > 127)
      return FALSE;
  return TRUE;
}

static gboolean
fail_text (const PgWireValue *value, const guint8 *data, gsize length, GError **error)
{
  g_autofree char *type = NULL;

  if (memchr (data, 0, length) != NULL)
    return pg_codec_fail (value, _("there is a zero byte in the text"), error);

  type = pg_codec_describe (value->types, value->type);
  g_set_error (error, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE, _("The value of type %s is not valid UTF-8"), type);
  return FALSE;
}

gboolean
pg_codec_check_text (const PgWireValue *value, const guint8 *data, gsize length, GError **error)
{
  return is_ascii (data, length) || g_utf8_validate_len ((const char *) data, length, NULL) || fail_text (value, data, length, error);
}

char *
pg_codec_dup_text (const PgWireValue *value, const guint8 *data, gsize length, GError **error)
{
  if (!pg_codec_check_text (value, data, length, error))
    return NULL;
  return length == 0 ? g_strdup ("") : g_strndup ((const char *) data, length);
}

/* FALSE if the value is binary and nothing here can read it, or too deep in others. */
static gboolean
check_readable (const PgWireValue *value, GError **error)
{
  if (value->depth > PG_WIRE_MAX_DEPTH)
    return pg_codec_fail (value, _("there are more than 16 values in one another"), error);
  if (value->format == PG_FORMAT_TEXT || pg_type_table_has_binary (value->types, value->type))
    return TRUE;
  return pg_codec_fail (value, _("the binary form of the type is not known"), error);
}

#define DEFINE_CONVERSION(name, ctype, wanted)                        \
  ctype                                                               \
  pg_codec_to_##name (const PgWireValue *value, GError **error)       \
  {                                                                   \
    PgWireValue base;                                                 \
    const PgCodecOps *ops = lookup_ops (&value, &base);               \
                                                                      \
    if (ops != NULL && ops->to_##name != NULL)                        \
      return ops->to_##name (value, error);                           \
    pg_codec_fail_kind (value, wanted, error);                        \
    return NULL;                                                      \
  }

#define DEFINE_OUT_CONVERSION(name, ctype, wanted)                                 \
  gboolean                                                                         \
  pg_codec_to_##name (const PgWireValue *value, ctype *out, GError **error)        \
  {                                                                                \
    PgWireValue base;                                                              \
    const PgCodecOps *ops = lookup_ops (&value, &base);                            \
                                                                                   \
    if (ops != NULL && ops->to_##name != NULL)                                     \
      return ops->to_##name (value, out, error);                                   \
    return pg_codec_fail_kind (value, wanted, error);                              \
  }

DEFINE_OUT_CONVERSION (boolean, gboolean, _("a boolean"))
DEFINE_OUT_CONVERSION (int64, gint64, _("a 64-bit integer"))
DEFINE_OUT_CONVERSION (double, double, _("a floating-point number"))
DEFINE_CONVERSION (numeric, PgNumeric *, _("a numeric"))
DEFINE_CONVERSION (date, PgDate *, _("a date"))
DEFINE_CONVERSION (timestamp, PgTimestamp *, _("a timestamp"))

gboolean
pg_codec_to_uint64 (const PgWireValue *value, guint64 *out, GError **error)
{
  PgWireValue base;
  const PgCodecOps *ops = lookup_ops (&value, &base);
  gint64 n;

  if (ops != NULL && ops->to_uint64 != NULL)
    return ops->to_uint64 (value, out, error);
  if (!pg_codec_to_int64 (value, &n, error))
    return FALSE;
  if (n < 0)
    return pg_codec_fail (value, _("it is negative"), error);
  *out = (guint64) n;
  return TRUE;
}

GBytes *
pg_codec_to_bytes (const PgWireValue *value, GError **error)
{
  PgWireValue base;
  const PgCodecOps *ops = lookup_ops (&value, &base);

  if (ops != NULL && ops->to_bytes != NULL)
    return ops->to_bytes (value, error);
  /* What nothing here can read can at least be had as it came. */
  if (value->format == PG_FORMAT_BINARY && !pg_type_table_has_binary (value->types, value->type))
    return g_bytes_new (value->data, value->length);
  pg_codec_fail_kind (value, _("bytes"), error);
  return NULL;
}

gpointer
pg_codec_to_boxed (const PgWireValue *value, GType type, GError **error)
{
  PgWireValue base;
  const PgCodecOps *ops = lookup_ops (&value, &base);

  if (ops == NULL || ops->to_boxed == NULL || ops->get_value_type () != type)
    {
      pg_codec_fail_kind (value, g_type_name (type), error);
      return NULL;
    }
  if (!check_readable (value, error))
    return NULL;
  return ops->to_boxed (value, error);
}

gboolean
pg_codec_boxed_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  gpointer boxed = pg_type_table_lookup (wire->types, wire->type)->ops->to_boxed (wire, error);

  if (boxed == NULL)
    return FALSE;
  g_value_take_boxed (value, boxed);
  return TRUE;
}

char *
pg_codec_to_text (const PgWireValue *value, GError **error)
{
  PgWireValue base;
  const PgCodecOps *ops = lookup_ops (&value, &base);

  if (!check_readable (value, error))
    return NULL;
  if (value->format == PG_FORMAT_BINARY && ops->binary_to_text != NULL)
    {
      PgWireValue plain = *value;

      plain.plain = TRUE;
      return ops->binary_to_text (&plain, error);
    }
  return pg_codec_dup_text (value, value->data, value->length, error);
}

/* Only of a whole value: the elements of a variant's array have one type, which is known before they are loaded. */
static GVariant *
load_variant (PgAdapter *loader, const PgWireValue *wire, GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GVariant *variant;

  if (!pg_adapter_load (loader, wire, &value, error))
    return NULL;
  variant = pg_value_to_variant (&value);
  if (variant == NULL)
    pg_codec_fail (wire, _("what its loader gives has no form as a variant"), error);
  return variant;
}

GVariant *
pg_codec_to_variant (const PgWireValue *value, GError **error)
{
  PgAdapter *loader = value->depth == 0 ? pg_wire_get_loader (value) : NULL;
  PgWireValue base;
  const PgCodecOps *ops = lookup_ops (&value, &base);
  char *text;

  if (loader != NULL)
    return load_variant (loader, value, error);
  if (!check_readable (value, error))
    return NULL;
  if (ops != NULL && ops->to_variant != NULL)
    return ops->to_variant (value, error);
  text = pg_codec_to_text (value, error);
  return text != NULL ? g_variant_new_take_string (text) : NULL;
}

/* By no loader of the value's own. */
static gboolean
to_own_value (const PgWireValue *wire, GValue *value, GError **error)
{
  PgWireValue base;
  const PgCodecOps *ops = lookup_ops (&wire, &base);
  char *text;

  if (!check_readable (wire, error))
    return FALSE;
  if (ops == &pg_codec_ops_enum)
    return pg_enum_to_value (wire, value, error);
  if (ops != NULL && ops->to_value != NULL)
    {
      g_value_init (value, ops->get_value_type ());
      if (ops->to_value (wire, value, error))
        return TRUE;
      g_value_unset (value);
      return FALSE;
    }

  text = pg_codec_to_text (wire, error);
  if (text == NULL)
    return FALSE;
  g_value_init (value, G_TYPE_STRING);
  g_value_take_string (value, text);
  return TRUE;
}

gboolean
pg_codec_to_plain_value (const PgWireValue *wire, GValue *value, GError **error)
{
  PgWireValue plain = *wire;

  plain.plain = TRUE;
  return to_own_value (&plain, value, error);
}

/* German dates, and timestamps of DateStyle Postgres, are read without knowing of the session. */
static gboolean
is_dated_by_itself (const PgWireValue *wire)
{
  const PgCodec *codec = pg_type_table_lookup (wire->types, wire->type);
  gsize n = 0;

  while (n < wire->length && g_ascii_isdigit (wire->data[n]))
    n++;
  return codec != NULL && codec->ops != NULL && (codec->ops->plain & PG_WIRE_PLAIN_DATES) != 0 && n < 4;
}

char *
pg_codec_to_default_text (const PgWireValue *wire, const GValue *plain, GError **error)
{
  const guint8 dated = PG_WIRE_PLAIN_DATES | PG_WIRE_PLAIN_NEVER;

  if (wire->format == PG_FORMAT_TEXT && (wire->session != 0 || is_dated_by_itself (wire)) && (pg_type_table_get_plain (wire->types, wire->type) & dated) != 0)
    {
      const guint32 type = pg_type_table_lookup (wire->types, wire->type) != NULL ? wire->type : 0;
      g_autoptr (GString) text = g_string_new (NULL);
      g_auto (GValue) own = G_VALUE_INIT;

      if (plain == NULL && pg_codec_to_plain_value (wire, &own, NULL))
        plain = &own;
      if (plain != NULL && pg_codec_encode (wire->types, type, plain, PG_FORMAT_TEXT, text, NULL))
        return g_string_free (g_steal_pointer (&text), FALSE);
    }
  return pg_codec_to_text (wire, error);
}

gboolean
pg_codec_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  PgAdapter *loader = pg_wire_get_loader (wire);

  return loader != NULL ? pg_adapter_load (loader, wire, value, error) : to_own_value (wire, value, error);
}
