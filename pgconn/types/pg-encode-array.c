/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-oids.h>

#define WIRE_HEADER 12
#define WIRE_FLAGS 4
#define WIRE_HAS_NULL 1

void
pg_array_writer_begin (PgArrayWriter *self, const PgTypeTable *types, GString *out, guint32 element_type, PgFormat format, guint n_dimensions,
                       const gint32 *sizes, const gint32 *lower_bounds)
{
  gboolean usual = TRUE;

  memset (self, 0, sizeof *self);
  self->types = types;
  self->out = out;
  self->element_type = element_type;
  self->format = format;
  self->delimiter = pg_array_get_delimiter (types, element_type);
  self->n_dimensions = n_dimensions;
  self->start = out->len;
  for (guint i = 0; i < n_dimensions; i++)
    {
      self->sizes[i] = sizes[i];
      usual = usual && (lower_bounds == NULL || lower_bounds[i] == 1);
    }

  if (format == PG_FORMAT_TEXT)
    {
      if (!usual)
        {
          for (guint i = 0; i < n_dimensions; i++)
            g_string_append_printf (out, "[%d:%d]", lower_bounds[i], lower_bounds[i] + (sizes[i] - 1));
          g_string_append_c (out, '=');
        }
      if (n_dimensions == 0)
        g_string_append_c (out, '{');
      return;
    }
  pg_put_uint32 (out, n_dimensions);
  pg_put_uint32 (out, 0);
  pg_put_uint32 (out, element_type);
  for (guint i = 0; i < n_dimensions; i++)
    {
      pg_put_uint32 (out, (guint32) sizes[i]);
      pg_put_uint32 (out, (guint32) (lower_bounds != NULL ? lower_bounds[i] : 1));
    }
}

/* The braces and the delimiter before an element. */
static void
put_separator (PgArrayWriter *self)
{
  guint depth = self->n_dimensions;
  gsize run = 1;

  /* How many dimensions end here and begin again: those whose elements are a whole number so far. */
  for (; depth > 0 && self->index % (run * (gsize) self->sizes[depth - 1]) == 0; depth--)
    run *= (gsize) self->sizes[depth - 1];
  if (self->index > 0)
    {
      for (guint d = depth; d < self->n_dimensions; d++)
        g_string_append_c (self->out, '}');
      g_string_append_c (self->out, self->delimiter);
    }
  for (guint d = depth; d < self->n_dimensions; d++)
    g_string_append_c (self->out, '{');
}

void
pg_array_writer_add_encoded (PgArrayWriter *self, const char *data, gsize length)
{
  if (self->format == PG_FORMAT_TEXT)
    {
      put_separator (self);
      pg_array_text_quote (self->out, data, (gssize) length, self->delimiter);
    }
  else if (data == NULL)
    {
      self->out->str[self->start + WIRE_FLAGS + 3] = WIRE_HAS_NULL;
      pg_put_uint32 (self->out, G_MAXUINT32);
    }
  else
    {
      pg_put_uint32 (self->out, (guint32) length);
      g_string_append_len (self->out, data, (gssize) length);
    }
  self->index++;
}

gboolean
pg_array_writer_add (PgArrayWriter *self, const GValue *value, GError **error)
{
  gsize at;

  if (value == NULL || pg_value_is_null (value))
    {
      pg_array_writer_add_encoded (self, NULL, 0);
      return TRUE;
    }
  if (self->format == PG_FORMAT_TEXT)
    {
      if (self->scratch == NULL)
        self->scratch = g_string_new (NULL);
      g_string_truncate (self->scratch, 0);
      if (!pg_codec_encode (self->types, self->element_type, value, PG_FORMAT_TEXT, self->scratch, error))
        return FALSE;
      pg_array_writer_add_encoded (self, self->scratch->str, self->scratch->len);
      return TRUE;
    }

  at = pg_put_length_begin (self->out);
  if (!pg_codec_encode (self->types, self->element_type, value, PG_FORMAT_BINARY, self->out, error))
    return FALSE;
  pg_put_length_end (self->out, at);
  self->index++;
  return TRUE;
}

void
pg_array_writer_end (PgArrayWriter *self)
{
  if (self->format == PG_FORMAT_TEXT)
    for (guint i = 0; i < MAX (self->n_dimensions, 1); i++)
      g_string_append_c (self->out, '}');
  if (self->scratch != NULL)
    g_string_free (self->scratch, TRUE);
  self->scratch = NULL;
}

static gboolean
encode_strv (const PgTypeTable *types, const PgCodec *codec, const char *const *strings, PgFormat format, GString *out, GError **error)
{
  const gint32 size = (gint32) g_strv_length ((char **) strings);
  PgArrayWriter writer;
  gboolean ok = TRUE;

  pg_array_writer_begin (&writer, types, out, codec->element, format, size > 0 ? 1 : 0, &size, NULL);
  for (gint32 i = 0; ok && i < size; i++)
    {
      g_auto (GValue) element = G_VALUE_INIT;

      g_value_init (&element, G_TYPE_STRING);
      g_value_set_static_string (&element, strings[i]);
      ok = pg_array_writer_add (&writer, &element, error);
    }
  pg_array_writer_end (&writer);
  return ok;
}

/* The text of an array, in binary: with its bounds. */
static gboolean
encode_array_text (const PgTypeTable *types, const PgCodec *codec, const char *text, GString *out, GError **error)
{
  const PgWireValue wire = {
    .data = (const guint8 *) text,
    .length = strlen (text),
    .type = codec->oid,
    .modifier = -1,
    .format = PG_FORMAT_TEXT,
    .types = types,
  };
  g_auto (PgArrayParts) parts = { 0 };
  PgArrayWriter writer;
  gboolean ok = TRUE;

  if (!pg_array_parts_read (&wire, &parts, error))
    return FALSE;
  pg_array_writer_begin (&writer, types, out, codec->element, PG_FORMAT_BINARY, parts.n_dimensions, parts.sizes, parts.lower_bounds);
  for (gsize i = 0; ok && i < parts.n_elements; i++)
    {
      g_auto (GValue) element = G_VALUE_INIT;

      g_value_init (&element, G_TYPE_STRING);
      g_value_set_static_string (&element, (const char *) parts.elements[i].data);
      ok = pg_array_writer_add (&writer, &element, error);
    }
  pg_array_writer_end (&writer);
  return ok;
}

/* A GVariant, taken out of variants and maybes; NULL for nothing. Takes variant. */
static GVariant *
unwrap (GVariant *variant)
{
  while (variant != NULL)
    {
      GVariant *outer = variant;

      if (g_variant_is_of_type (outer, G_VARIANT_TYPE_VARIANT))
        variant = g_variant_get_variant (outer);
      else if (g_variant_is_of_type (outer, G_VARIANT_TYPE_MAYBE))
        variant = g_variant_get_maybe (outer);
      else
        break;
      g_variant_unref (outer);
    }
  return variant;
}

static gboolean
is_list (GVariant *variant)
{
  return variant != NULL && g_variant_is_of_type (variant, G_VARIANT_TYPE_ARRAY) &&
         !g_variant_is_of_type (variant, G_VARIANT_TYPE_BYTESTRING) && !g_variant_is_of_type (variant, G_VARIANT_TYPE_DICTIONARY);
}

/* Of an array of int2vector or oidvector: an element of it, which is a list itself but no dimension. */
static gboolean
is_vector (const PgCodec *codec, GVariant *variant)
{
  const PgCodec *element = pg_codec_lookup (codec->element);

  return element != NULL && element->ops != NULL && element->ops->encode == pg_encode_vector && is_list (variant) &&
         g_variant_type_is_basic (g_variant_type_element (g_variant_get_type (variant)));
}

/* The elements in row-major order, and the sizes on the way. */
static gboolean
collect (const PgCodec *codec, GVariant *list, guint depth, PgArrayParts *shape, guint *leaf, GPtrArray *elements, GError **error)
{
  const gsize n = g_variant_n_children (list);

  if (depth == PG_ARRAY_MAX_DIMENSIONS)
    return pg_encode_fail_form (codec, _("it has more than 6 dimensions"), error);
  if (shape->sizes[depth] < 0)
    shape->sizes[depth] = (gint32) MIN (n, G_MAXINT32);
  if ((gsize) shape->sizes[depth] != n)
    return pg_encode_fail_form (codec, _("the arrays in it are of different lengths"), error);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) child = unwrap (g_variant_get_child_value (list, i));
      const gboolean nested = is_list (child) && !is_vector (codec, child);

      if (*leaf == 0 && !nested)
        *leaf = depth + 1;
      if (nested ? *leaf != 0 && depth + 1 >= *leaf : depth + 1 != *leaf)
        return pg_encode_fail_form (codec, _("the arrays in it are of different lengths"), error);
      if (!nested)
        g_ptr_array_add (elements, g_steal_pointer (&child));
      else if (!collect (codec, child, depth + 1, shape, leaf, elements, error))
        return FALSE;
    }
  return TRUE;
}

static void
unref_variant (gpointer variant)
{
  if (variant != NULL)
    g_variant_unref (variant);
}

static gboolean
encode_variant (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  g_autoptr (GPtrArray) elements = g_ptr_array_new_with_free_func (unref_variant);
  g_autoptr (GVariant) list = unwrap (g_value_dup_variant (value));
  PgArrayParts shape = { .sizes = { -1, -1, -1, -1, -1, -1 } };
  PgArrayWriter writer;
  gboolean ok = TRUE;
  guint leaf = 0;

  if (!is_list (list))
    return pg_encode_fail_type (codec, value, format, error);
  if (!collect (codec, list, 0, &shape, &leaf, elements, error))
    return FALSE;

  pg_array_writer_begin (&writer, types, out, codec->element, format, elements->len > 0 ? leaf : 0, shape.sizes, NULL);
  for (guint i = 0; ok && i < elements->len; i++)
    {
      g_auto (GValue) element = G_VALUE_INIT;

      if (elements->pdata[i] == NULL)
        pg_array_writer_add_encoded (&writer, NULL, 0);
      else if (is_vector (codec, elements->pdata[i]) || g_variant_is_of_type (elements->pdata[i], G_VARIANT_TYPE_DICTIONARY))
        {
          g_value_init (&element, G_TYPE_VARIANT);
          g_value_set_variant (&element, elements->pdata[i]);
          ok = pg_array_writer_add (&writer, &element, error);
        }
      else if (pg_variant_to_value (elements->pdata[i], &element))
        ok = pg_array_writer_add (&writer, &element, error);
      else
        ok = pg_encode_fail_type (codec, value, format, error);
    }
  pg_array_writer_end (&writer);
  return ok;
}

/* With its bounds. */
static gboolean
encode_array (const PgTypeTable *types, const PgCodec *codec, const PgArray *array, PgFormat format, GString *out, GError **error)
{
  const guint n_dimensions = pg_array_get_n_dimensions (array);
  gint32 sizes[PG_ARRAY_MAX_DIMENSIONS] = { 0 };
  gint32 lower_bounds[PG_ARRAY_MAX_DIMENSIONS] = { 0 };
  PgArrayWriter writer;
  gboolean ok = TRUE;

  for (guint i = 0; i < n_dimensions; i++)
    {
      sizes[i] = (gint32) pg_array_get_length (array, i);
      lower_bounds[i] = pg_array_get_lower_bound (array, i);
    }
  pg_array_writer_begin (&writer, types, out, codec->element, format, n_dimensions, sizes, lower_bounds);
  for (guint i = 0; ok && i < pg_array_get_n_elements (array); i++)
    {
      g_auto (GValue) element = G_VALUE_INIT;

      ok = pg_array_get_plain_value (array, i, &element, error) && pg_array_writer_add (&writer, &element, error);
    }
  pg_array_writer_end (&writer);
  return ok;
}

gboolean
pg_encode_array (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  if (G_VALUE_HOLDS (value, PG_TYPE_ARRAY))
    return encode_array (types, codec, g_value_get_boxed (value), format, out, error);
  if (G_VALUE_HOLDS_STRING (value))
    return encode_array_text (types, codec, g_value_get_string (value), out, error);
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return encode_strv (types, codec, g_value_get_boxed (value), format, out, error);
  if (G_VALUE_HOLDS_VARIANT (value))
    return encode_variant (types, codec, value, format, out, error);
  return pg_encode_fail_type (codec, value, format, error);
}

/* int2vector, oidvector: "1 2" in text; in binary arrays of one dimension whose lower bound is 0 */
gboolean
pg_encode_vector (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error)
{
  const PgCodec *element = pg_codec_lookup (codec->oid == PG_OID_INT2VECTOR ? PG_OID_INT2 : PG_OID_OID);
  const gint32 lower_bound = 0;
  PgArrayWriter writer = { 0 };
  gboolean ok = TRUE;
  GVariant *list;
  gint32 size;

  if (!G_VALUE_HOLDS_VARIANT (value) || !is_list (g_value_get_variant (value)))
    return pg_encode_fail_type (codec, value, format, error);
  list = g_value_get_variant (value);
  size = (gint32) MIN (g_variant_n_children (list), G_MAXINT32);
  if (format == PG_FORMAT_BINARY)
    pg_array_writer_begin (&writer, NULL, out, element->oid, format, 1, &size, &lower_bound);
  for (gint32 i = 0; ok && i < size; i++)
    {
      g_autoptr (GVariant) child = unwrap (g_variant_get_child_value (list, (gsize) i));
      g_auto (GValue) number = G_VALUE_INIT;

      if (child == NULL || !pg_variant_to_value (child, &number))
        return pg_encode_fail_type (codec, value, format, error);
      if (format == PG_FORMAT_BINARY)
        {
          ok = pg_array_writer_add (&writer, &number, error);
          continue;
        }
      if (i > 0)
        g_string_append_c (out, ' ');
      ok = pg_codec_encode (NULL, element->oid, &number, format, out, error);
    }
  return ok;
}
