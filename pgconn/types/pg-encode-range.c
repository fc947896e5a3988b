/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-quoted-private.h>
#include <pgconn/types/pg-range-private.h>

/* The flags of a range's binary form, as in src/include/utils/rangetypes.h of PostgreSQL. */
#define WIRE_EMPTY 0x01
#define WIRE_LOWER_INCLUSIVE 0x02
#define WIRE_UPPER_INCLUSIVE 0x04
#define WIRE_LOWER_INFINITE 0x08
#define WIRE_UPPER_INFINITE 0x10

static gboolean
check_element_type (const PgTypeTable *types, const PgCodec *codec, guint32 element_type, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;

  if (element_type == codec->subtype)
    return TRUE;
  name = pg_codec_describe (types, element_type);
  reason = g_strdup_printf (_("its bounds are of the type %s"), name);
  return pg_encode_fail_form (codec, reason, error);
}

static gboolean
put_bound (const PgTypeTable *types, guint32 type, const GValue *value, GString *out, GError **error)
{
  gsize at = pg_put_length_begin (out);

  if (!pg_codec_encode (types, type, value, PG_FORMAT_BINARY, out, error))
    return FALSE;
  pg_put_length_end (out, at);
  return TRUE;
}

static gboolean
put_range (const PgTypeTable *types, const PgRange *range, GString *out, GError **error)
{
  const guint32 type = pg_range_get_element_type (range);
  const gboolean has_lower = pg_range_get_lower (range) != NULL;
  const gboolean has_upper = pg_range_get_upper (range) != NULL;
  guint flags = 0;

  if (pg_range_is_empty (range))
    {
      g_string_append_c (out, WIRE_EMPTY);
      return TRUE;
    }
  flags |= !has_lower ? WIRE_LOWER_INFINITE : pg_range_is_lower_inclusive (range) ? WIRE_LOWER_INCLUSIVE : 0;
  flags |= !has_upper ? WIRE_UPPER_INFINITE : pg_range_is_upper_inclusive (range) ? WIRE_UPPER_INCLUSIVE : 0;
  g_string_append_c (out, (char) flags);
  return (!has_lower || put_bound (types, type, &range->lower.value, out, error)) && (!has_upper || put_bound (types, type, &range->upper.value, out, error));
}

/* Of the values of the bounds: their texts are as they came, in the form that the session had then. */
static gboolean
put_bound_text (const PgTypeTable *types, guint32 type, const GValue *value, GString *out, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!pg_codec_encode (types, type, value, PG_FORMAT_TEXT, text, error))
    return FALSE;
  return pg_quoted_append (out, text->str, "[](),");
}

static gboolean
put_range_text (const PgTypeTable *types, const PgRange *range, GString *out, GError **error)
{
  const guint32 type = pg_range_get_element_type (range);

  if (pg_range_is_empty (range))
    {
      g_string_append (out, "empty");
      return TRUE;
    }
  g_string_append_c (out, pg_range_is_lower_inclusive (range) ? '[' : '(');
  if (pg_range_get_lower (range) != NULL && !put_bound_text (types, type, &range->lower.value, out, error))
    return FALSE;
  g_string_append_c (out, ',');
  if (pg_range_get_upper (range) != NULL && !put_bound_text (types, type, &range->upper.value, out, error))
    return FALSE;
  g_string_append_c (out, pg_range_is_upper_inclusive (range) ? ']' : ')');
  return TRUE;
}

static gboolean
put_multirange_text (const PgTypeTable *types, const PgMultirange *ranges, GString *out, GError **error)
{
  gboolean ok = TRUE;

  g_string_append_c (out, '{');
  for (guint i = 0; ok && i < pg_multirange_get_n_ranges (ranges); i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      ok = put_range_text (types, pg_multirange_get_range (ranges, i), out, error);
    }
  g_string_append_c (out, '}');
  return ok;
}

gboolean
pg_encode_range_text (const PgTypeTable *types, const GValue *value, GString *out, GError **error)
{
  if (G_VALUE_HOLDS (value, PG_TYPE_RANGE))
    return put_range_text (types, g_value_get_boxed (value), out, error);
  return put_multirange_text (types, g_value_get_boxed (value), out, error);
}

gboolean
pg_encode_range (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (!G_VALUE_HOLDS (value, PG_TYPE_RANGE))
    return pg_encode_fail_type (codec, value, format, error);
  if (!check_element_type (types, codec, pg_range_get_element_type (g_value_get_boxed (value)), error))
    return FALSE;
  if (format == PG_FORMAT_TEXT)
    return put_range_text (types, g_value_get_boxed (value), out, error);
  return put_range (types, g_value_get_boxed (value), out, error);
}

gboolean
pg_encode_multirange (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgMultirange *ranges;
  gboolean ok = TRUE;

  if (!G_VALUE_HOLDS (value, PG_TYPE_MULTIRANGE))
    return pg_encode_fail_type (codec, value, format, error);
  ranges = g_value_get_boxed (value);
  if (!check_element_type (types, codec, pg_multirange_get_element_type (ranges), error))
    return FALSE;
  if (format == PG_FORMAT_TEXT)
    return put_multirange_text (types, ranges, out, error);

  pg_put_uint32 (out, pg_multirange_get_n_ranges (ranges));
  for (guint i = 0; ok && i < pg_multirange_get_n_ranges (ranges); i++)
    {
      gsize at = pg_put_length_begin (out);

      ok = put_range (types, pg_multirange_get_range (ranges, i), out, error);
      pg_put_length_end (out, at);
    }
  return ok;
}
