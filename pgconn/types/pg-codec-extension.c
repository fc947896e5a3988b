/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>

/* Types of the extensions that come with PostgreSQL. Those of others are their text. */

/* ltree, lquery, ltxtquery: the version of its form, 1, then the text, which may be empty */

static gboolean
check_version (const PgWireValue *value, GError **error)
{
  return (value->length > 0 && value->data[0] == 1) || pg_codec_fail (value, _("its version is not 1"), error);
}

static char *
versioned_binary_to_text (const PgWireValue *value, GError **error)
{
  return check_version (value, error) ? pg_codec_dup_text (value, value->data + 1, value->length - 1, error) : NULL;
}

static GBytes *
versioned_to_bytes (const PgWireValue *value, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return g_bytes_new (value->data, value->length);
  return check_version (value, error) ? g_bytes_new (value->data + 1, value->length - 1) : NULL;
}

const PgCodecOps pg_codec_ops_versioned = {
  .variant_type = "s",
  .to_bytes = versioned_to_bytes,
  .binary_to_text = versioned_binary_to_text,
  .encode = pg_encode_jsonb,
};

/* hstore: pairs of a key and a value, which may be NULL */

typedef gboolean (*PairFunc) (const PgWireValue *value, const char *key, const char *text, gpointer data, GError **error);

static gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
skip_space (const char **at, const char *end)
{
  while (*at < end && is_space (**at))
    (*at)++;
}

/* In double quotes, or up to where a bare word ends. NULL: it is missing or does not end. */
static char *
read_word (const char **at, const char *end, gboolean *quoted)
{
  g_autoptr (GString) word = g_string_new (NULL);

  *quoted = *at < end && **at == '"';
  if (*quoted)
    (*at)++;
  for (; *at < end; (*at)++)
    {
      char c = **at;

      if (*quoted ? c == '"' : is_space (c) || c == ',' || c == '"' || (c == '=' && end - *at > 1 && (*at)[1] == '>'))
        break;
      if (c == '\\')
        {
          if (++*at == end)
            return NULL;
          c = **at;
        }
      if (c == '\0')
        return NULL;
      g_string_append_c (word, c);
    }
  if (*quoted && (*at == end || *(*at)++ != '"'))
    return NULL;
  if (!*quoted && word->len == 0)
    return NULL;
  return g_string_free (g_steal_pointer (&word), FALSE);
}

static gboolean
hstore_read_text (const PgWireValue *value, PairFunc func, gpointer data, GError **error)
{
  const char *at = (const char *) value->data;
  const char *end = at + value->length;

  if (!pg_codec_check_text (value, value->data, value->length, error))
    return FALSE;
  skip_space (&at, end);
  while (at < end)
    {
      g_autofree char *key = NULL;
      g_autofree char *text = NULL;
      gboolean quoted;

      key = read_word (&at, end, &quoted);
      if (key == NULL)
        return pg_codec_fail (value, _("a key of it is missing or does not end"), error);
      skip_space (&at, end);
      if (end - at < 2 || at[0] != '=' || at[1] != '>')
        return pg_codec_fail (value, _("there is no => after a key"), error);
      at += 2;
      skip_space (&at, end);
      text = read_word (&at, end, &quoted);
      if (text == NULL)
        return pg_codec_fail (value, _("a value of it is missing or does not end"), error);
      if (!func (value, key, quoted || g_ascii_strcasecmp (text, "NULL") != 0 ? text : NULL, data, error))
        return FALSE;
      skip_space (&at, end);
      if (at == end)
        return TRUE;
      if (*at++ != ',')
        return pg_codec_fail (value, _("there is something between two pairs"), error);
      skip_space (&at, end);
      if (at == end)
        return pg_codec_fail (value, _("a key of it is missing or does not end"), error);
    }
  return TRUE;
}

static gboolean
hstore_read_string (const PgWireValue *value, const guint8 **at, const guint8 *end, gboolean nullable, char **string, GError **error)
{
  gint32 length;

  *string = NULL;
  if (end - *at < 4)
    return pg_codec_fail (value, _("its length is wrong"), error);
  length = (gint32) pg_wire_get_uint32 (*at);
  *at += 4;
  if (nullable && length == -1)
    return TRUE;
  if (length < 0 || length > end - *at)
    return pg_codec_fail (value, _("the length of a key or value of it is wrong"), error);
  *string = pg_codec_dup_text (value, *at, (gsize) length, error);
  *at += length;
  return *string != NULL;
}

/* The number of pairs; of each the key and the value, with their lengths before them, −1 for NULL. */
static gboolean
hstore_read_binary (const PgWireValue *value, PairFunc func, gpointer data, GError **error)
{
  const guint8 *at = value->data;
  const guint8 *end = at + value->length;
  guint32 n;

  if (value->length < 4)
    return pg_codec_fail (value, _("its length is wrong"), error);
  n = pg_wire_get_uint32 (at);
  at += 4;
  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *key = NULL;
      g_autofree char *text = NULL;

      if (!hstore_read_string (value, &at, end, FALSE, &key, error) || !hstore_read_string (value, &at, end, TRUE, &text, error) ||
          !func (value, key, text, data, error))
        return FALSE;
    }
  return at == end || pg_codec_fail (value, _("its length is wrong"), error);
}

static gboolean
hstore_read (const PgWireValue *value, PairFunc func, gpointer data, GError **error)
{
  return value->format == PG_FORMAT_TEXT ? hstore_read_text (value, func, data, error) : hstore_read_binary (value, func, data, error);
}

static void
append_quoted (GString *text, const char *word)
{
  g_string_append_c (text, '"');
  for (; *word != '\0'; word++)
    {
      if (*word == '"' || *word == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *word);
    }
  g_string_append_c (text, '"');
}

static void
append_pair (GString *string, gsize start, const char *key, const char *text)
{
  if (string->len > start)
    g_string_append (string, ", ");
  append_quoted (string, key);
  g_string_append (string, "=>");
  if (text != NULL)
    append_quoted (string, text);
  else
    g_string_append (string, "NULL");
}

static gboolean
add_to_text (const PgWireValue *value, const char *key, const char *text, gpointer data, GError **error)
{
  append_pair (data, 0, key, text);
  return TRUE;
}

static char *
hstore_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (GString) string = g_string_new (NULL);

  return hstore_read (value, add_to_text, string, error) ? g_string_free (g_steal_pointer (&string), FALSE) : NULL;
}

static gboolean
add_to_variant (const PgWireValue *value, const char *key, const char *text, gpointer data, GError **error)
{
  g_variant_builder_add (data, "{sms}", key, text);
  return TRUE;
}

static GVariant *
hstore_to_variant (const PgWireValue *value, GError **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sms}"));

  return hstore_read (value, add_to_variant, &builder, error) ? g_variant_builder_end (&builder) : NULL;
}

static gboolean
add_to_binary (const PgWireValue *value, const char *key, const char *text, gpointer data, GError **error)
{
  const gsize length = strlen (key);

  pg_put_uint32 (data, (guint32) length);
  g_string_append_len (data, key, (gssize) length);
  pg_put_uint32 (data, text != NULL ? (guint32) strlen (text) : G_MAXUINT32);
  if (text != NULL)
    g_string_append (data, text);
  return TRUE;
}

/* A dictionary of strings, of maybes of them, or of variants with either. */
static gboolean
encode_hstore (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  GVariant *dictionary = G_VALUE_HOLDS_VARIANT (value) ? g_value_get_variant (value) : NULL;
  const gsize start = out->len;
  gsize n;

  if (dictionary == NULL || !g_variant_is_of_type (dictionary, G_VARIANT_TYPE ("a{s*}")))
    return pg_encode_fail_type (codec, value, format, error);
  n = g_variant_n_children (dictionary);
  if (format == PG_FORMAT_BINARY)
    pg_put_uint32 (out, (guint32) n);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (dictionary, i);
      g_autoptr (GVariant) key = g_variant_get_child_value (pair, 0);
      g_autoptr (GVariant) text = g_variant_get_child_value (pair, 1);

      while (text != NULL && (g_variant_is_of_type (text, G_VARIANT_TYPE_VARIANT) || g_variant_is_of_type (text, G_VARIANT_TYPE_MAYBE)))
        {
          GVariant *inner = g_variant_is_of_type (text, G_VARIANT_TYPE_VARIANT) ? g_variant_get_variant (text) : g_variant_get_maybe (text);

          g_variant_unref (text);
          text = inner;
        }
      if (text != NULL && !g_variant_is_of_type (text, G_VARIANT_TYPE_STRING))
        return pg_encode_fail_form (codec, _ ("a value of it is no text"), error);
      if (format == PG_FORMAT_BINARY)
        add_to_binary (NULL, g_variant_get_string (key, NULL), text != NULL ? g_variant_get_string (text, NULL) : NULL, out, NULL);
      else
        append_pair (out, start, g_variant_get_string (key, NULL), text != NULL ? g_variant_get_string (text, NULL) : NULL);
    }
  return TRUE;
}

static GType
hstore_get_value_type (void)
{
  return G_TYPE_VARIANT;
}

static gboolean
hstore_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  GVariant *variant = hstore_to_variant (wire, error);

  if (variant == NULL)
    return FALSE;
  g_value_take_variant (value, variant);
  return TRUE;
}

const PgCodecOps pg_codec_ops_hstore = {
  .get_value_type = hstore_get_value_type,
  .variant_type = "a{sms}",
  .binary_to_text = hstore_binary_to_text,
  .to_variant = hstore_to_variant,
  .to_value = hstore_to_value,
  .encode = encode_hstore,
};
