/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-array-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-type-table-private.h>

#define WIRE_HEADER 12
#define WIRE_DIMENSION 8
#define WIRE_LENGTH 4
#define WIRE_HAS_NULL 1

void
pg_array_parts_clear (PgArrayParts *self)
{
  g_clear_pointer (&self->elements, g_free);
  g_clear_pointer (&self->storage, g_free);
}

char
pg_array_get_delimiter (const PgTypeTable *types, guint32 element_type)
{
  const PgCodec *codec = pg_type_table_lookup (types, element_type);

  return codec != NULL ? codec->delimiter : ',';
}

static PgWireValue
make_element (const PgWireValue *array, guint32 type, const guint8 *data, gsize length)
{
  return (PgWireValue){
    .data = data,
    .length = length,
    .type = type,
    .modifier = array->modifier,
    .format = array->format,
    .session = array->session,
    .depth = (guint8) (array->depth + 1),
    .plain = array->plain,
    .types = array->types,
  };
}

/* What PostgreSQL's array_in() takes for a space. */
static gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The text form */

typedef struct
{
  const PgWireValue *value;
  const char *at;
  const char *end;
  char delimiter;
  guint32 element_type;
  guint8 *free; /* where the next element's bytes go */
  GArray *elements;
} Reader;

static void
skip_space (Reader *self)
{
  while (self->at < self->end && is_space (*self->at))
    self->at++;
}

static gboolean
take (Reader *self, char c)
{
  if (self->at == self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
take_bound (Reader *self, gint32 *out)
{
  gboolean negative = take (self, '-');
  gint64 value = 0;
  const char *start;

  if (!negative)
    take (self, '+');
  start = self->at;
  for (; self->at < self->end && g_ascii_isdigit (*self->at); self->at++)
    {
      value = value * 10 + (*self->at - '0');
      if (value > (gint64) G_MAXINT32 + 1)
        return FALSE;
    }
  if (self->at == start)
    return FALSE;
  if (negative)
    value = -value;
  *out = (gint32) value;
  return value >= G_MININT32 && value <= G_MAXINT32;
}

/* "[1:2][0:3]=", which is there when a lower bound is not 1. */
static gboolean
read_bounds (Reader *self, PgArrayParts *parts, GError **error)
{
  while (take (self, '['))
    {
      gint32 lower = 1, upper;
      gint64 size;

      if (parts->n_dimensions == PG_ARRAY_MAX_DIMENSIONS)
        return pg_codec_fail (self->value, _("it has more than 6 dimensions"), error);
      if (!take_bound (self, &upper))
        return pg_codec_fail (self->value, _("a bound of it is not valid"), error);
      if (take (self, ':'))
        {
          lower = upper;
          if (!take_bound (self, &upper))
            return pg_codec_fail (self->value, _("a bound of it is not valid"), error);
        }
      size = (gint64) upper - lower + 1;
      if (!take (self, ']') || size < 1 || size > G_MAXINT32)
        return pg_codec_fail (self->value, _("a bound of it is not valid"), error);
      parts->lower_bounds[parts->n_dimensions] = lower;
      parts->sizes[parts->n_dimensions] = (gint32) size;
      parts->n_dimensions++;
    }
  if (parts->n_dimensions == 0)
    return TRUE;

  skip_space (self);
  if (!take (self, '='))
    return pg_codec_fail (self->value, _("there is no = after its bounds"), error);
  skip_space (self);
  return TRUE;
}

static void
add_element (Reader *self, gboolean null, guint8 *start)
{
  PgWireValue element = make_element (self->value, self->element_type, start, (gsize) (self->free - start));

  if (null)
    {
      element.data = NULL;
      element.length = 0;
    }
  /* Never beyond the storage: each element is followed by a delimiter or a brace in the text. */
  *self->free++ = '\0';
  g_array_append_val (self->elements, element);
}

static gboolean
read_quoted (Reader *self, GError **error)
{
  guint8 *start = self->free;

  for (self->at++; self->at < self->end; self->at++)
    {
      if (*self->at == '"')
        {
          self->at++;
          add_element (self, FALSE, start);
          return TRUE;
        }
      if (*self->at == '\\' && ++self->at == self->end)
        break;
      *self->free++ = (guint8) *self->at;
    }
  return pg_codec_fail (self->value, _("a quoted element of it does not end"), error);
}

static gboolean
read_bare (Reader *self, GError **error)
{
  guint8 *start = self->free;
  guint8 *solid = self->free; /* after the last byte that is not a space at the end */
  gboolean escaped = FALSE;

  for (; self->at < self->end; self->at++)
    {
      char c = *self->at;

      if (c == self->delimiter || c == '}')
        break;
      if (c == '"' || c == '{')
        return pg_codec_fail (self->value, _("an element of it is not quoted as it must be"), error);
      if (c == '\\')
        {
          if (++self->at == self->end)
            return pg_codec_fail (self->value, _("it does not end"), error);
          escaped = TRUE;
        }
      *self->free++ = (guint8) *self->at;
      if (c == '\\' || !is_space (c))
        solid = self->free;
    }
  if (solid == start)
    return pg_codec_fail (self->value, _("an element of it is missing"), error);
  self->free = solid;
  add_element (self, !escaped && solid - start == 4 && g_ascii_strncasecmp ((const char *) start, "NULL", 4) == 0, start);
  return TRUE;
}

/* Reads one pair of braces of the outermost dimension and all in it. shape->n_dimensions is 0 for "{}". */
static gboolean
read_braces (Reader *self, PgArrayParts *shape, GError **error)
{
  gsize counts[PG_ARRAY_MAX_DIMENSIONS] = { 0 };
  guint depth = 0; /* open braces */
  guint leaf = 0;  /* the depth that elements are at; 0: none was met */
  gboolean after_item = FALSE;

  memset (shape->sizes, 0, sizeof shape->sizes);
  do
    {
      skip_space (self);
      if (self->at == self->end)
        return pg_codec_fail (self->value, _("it does not end"), error);

      if (depth == 0 && *self->at != '{')
        return pg_codec_fail (self->value, _("it does not begin with a brace"), error);

      if (!after_item && take (self, '{'))
        {
          if (depth == PG_ARRAY_MAX_DIMENSIONS)
            return pg_codec_fail (self->value, _("it has more than 6 dimensions"), error);
          if (leaf != 0 && depth == leaf)
            return pg_codec_fail (self->value, _("its dimensions are not regular"), error);
          counts[depth++] = 0;
        }
      else if (!after_item && *self->at == '}' && depth == 1 && counts[0] == 0)
        {
          self->at++;
          depth = 0;
        }
      else if (!after_item)
        {
          if (*self->at == '}' || *self->at == self->delimiter)
            return pg_codec_fail (self->value, _("an element of it is missing"), error);
          if (leaf != 0 && depth != leaf)
            return pg_codec_fail (self->value, _("its dimensions are not regular"), error);
          leaf = depth;
          if (!(*self->at == '"' ? read_quoted (self, error) : read_bare (self, error)))
            return FALSE;
          counts[depth - 1]++;
          after_item = TRUE;
        }
      else if (take (self, self->delimiter))
        after_item = FALSE;
      else if (take (self, '}'))
        {
          depth--;
          if (counts[depth] > G_MAXINT32)
            return pg_codec_fail (self->value, _("it has too many elements"), error);
          if (shape->sizes[depth] != 0 && shape->sizes[depth] != (gint32) counts[depth])
            return pg_codec_fail (self->value, _("its dimensions are not regular"), error);
          shape->sizes[depth] = (gint32) counts[depth];
          if (depth > 0)
            counts[depth - 1]++;
        }
      else
        return pg_codec_fail (self->value, _("there is something between two elements"), error);
    }
  while (depth > 0);

  shape->n_dimensions = leaf;
  return TRUE;
}

static gboolean
parse_text (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error)
{
  Reader reader = {
    .value = value,
    .at = (const char *) value->data,
    .delimiter = pg_array_get_delimiter (value->types, element_type),
    .element_type = element_type,
  };
  PgArrayParts shape;
  gboolean ok;

  /* There may be no data then, and nothing is at an offset from that. */
  if (value->length == 0)
    return pg_codec_fail (value, _("it does not end"), error);
  reader.end = reader.at + value->length;

  parts->storage = g_malloc (value->length + 1);
  reader.free = parts->storage;
  reader.elements = g_array_new (FALSE, FALSE, sizeof (PgWireValue));

  skip_space (&reader);
  ok = read_bounds (&reader, parts, error) && read_braces (&reader, &shape, error);
  if (ok)
    {
      skip_space (&reader);
      if (reader.at != reader.end)
        ok = pg_codec_fail (value, _("there is something after it"), error);
      else if (parts->n_dimensions != 0 &&
               (parts->n_dimensions != shape.n_dimensions || memcmp (parts->sizes, shape.sizes, sizeof shape.sizes) != 0))
        ok = pg_codec_fail (value, _("its bounds are not those of its elements"), error);
    }

  parts->n_elements = reader.elements->len;
  parts->elements = (PgWireValue *) (gpointer) g_array_free (reader.elements, FALSE);
  if (!ok)
    return FALSE;
  if (parts->n_dimensions == 0)
    for (guint i = 0; i < PG_ARRAY_MAX_DIMENSIONS; i++)
      parts->lower_bounds[i] = 1;
  parts->n_dimensions = shape.n_dimensions;
  memcpy (parts->sizes, shape.sizes, sizeof shape.sizes);
  return TRUE;
}

/* The binary form */

static gboolean
parse_binary (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error)
{
  const guint8 *at = value->data;
  const guint8 *end;
  guint32 n_dimensions;
  gsize n = 1;

  if (value->length < WIRE_HEADER)
    return pg_codec_fail (value, _("its length is wrong"), error);
  end = at + value->length;
  n_dimensions = pg_wire_get_uint32 (at);
  if (n_dimensions > PG_ARRAY_MAX_DIMENSIONS)
    return pg_codec_fail (value, _("it has more than 6 dimensions"), error);
  if ((pg_wire_get_uint32 (at + 4) & ~(guint32) WIRE_HAS_NULL) != 0)
    return pg_codec_fail (value, _("its flags are not known"), error);
  if (pg_wire_get_uint32 (at + 8) != element_type)
    return pg_codec_fail (value, _("its elements are of another type"), error);
  at += WIRE_HEADER;

  if ((gsize) (end - at) < n_dimensions * WIRE_DIMENSION)
    return pg_codec_fail (value, _("its length is wrong"), error);
  for (guint i = 0; i < n_dimensions; i++, at += WIRE_DIMENSION)
    {
      gint32 size = (gint32) pg_wire_get_uint32 (at);
      gint32 lower = (gint32) pg_wire_get_uint32 (at + 4);

      if (size < 0 || (gint64) lower + size - 1 > G_MAXINT32)
        return pg_codec_fail (value, _("a bound of it is not valid"), error);
      parts->sizes[i] = size;
      parts->lower_bounds[i] = lower;
      if (!g_size_checked_mul (&n, n, (gsize) size))
        return pg_codec_fail (value, _("it has too many elements"), error);
    }
  if (n_dimensions == 0)
    n = 0;

  /* Every element has at least its length: no more memory is taken than the value's own size accounts for. */
  if (n > (gsize) (end - at) / WIRE_LENGTH)
    return pg_codec_fail (value, _("its length is wrong"), error);
  parts->n_dimensions = n == 0 ? 0 : n_dimensions;
  parts->n_elements = n;
  parts->elements = g_new (PgWireValue, n);

  for (gsize i = 0; i < n; i++)
    {
      gint32 length;

      if (end - at < WIRE_LENGTH)
        return pg_codec_fail (value, _("its length is wrong"), error);
      length = (gint32) pg_wire_get_uint32 (at);
      at += WIRE_LENGTH;
      if (length < -1 || length > end - at)
        return pg_codec_fail (value, _("the length of an element is wrong"), error);
      parts->elements[i] = make_element (value, element_type, length < 0 ? NULL : at, (gsize) MAX (length, 0));
      at += MAX (length, 0);
    }
  if (at != end)
    return pg_codec_fail (value, _("its length is wrong"), error);
  return TRUE;
}

gboolean
pg_array_parse_binary_as (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error)
{
  memset (parts, 0, sizeof *parts);
  if (parse_binary (value, element_type, parts, error))
    return TRUE;
  pg_array_parts_clear (parts);
  return FALSE;
}

gboolean
pg_array_parse_text_as (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error)
{
  memset (parts, 0, sizeof *parts);
  if (parse_text (value, element_type, parts, error))
    return TRUE;
  pg_array_parts_clear (parts);
  return FALSE;
}

gboolean
pg_array_parts_read (const PgWireValue *value, PgArrayParts *parts, GError **error)
{
  const PgCodec *codec = pg_type_table_lookup (value->types, value->type);

  memset (parts, 0, sizeof *parts);
  if (codec == NULL || codec->element == 0)
    return pg_codec_fail_kind (value, _("an array"), error);
  return value->format == PG_FORMAT_BINARY ? pg_array_parse_binary_as (value, codec->element, parts, error)
                                           : pg_array_parse_text_as (value, codec->element, parts, error);
}

static char *
array_binary_to_text (const PgWireValue *value, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };

  if (!pg_array_parts_read (value, &parts, error))
    return NULL;
  return pg_array_parts_to_text (value, pg_type_table_lookup (value->types, value->type)->element, &parts, error);
}

static GVariant *
array_to_variant (const PgWireValue *value, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };

  if (!pg_array_parts_read (value, &parts, error))
    return NULL;
  return pg_array_parts_to_variant (value, pg_type_table_lookup (value->types, value->type)->element, &parts, error);
}

static gpointer
array_to_boxed (const PgWireValue *value, GError **error)
{
  return pg_array_read (value, error);
}

const PgCodecOps pg_codec_ops_array = {
  .get_value_type = pg_array_get_type,
  .to_boxed = array_to_boxed,
  .binary_to_text = array_binary_to_text,
  .to_variant = array_to_variant,
  .to_value = pg_codec_boxed_to_value,
  .encode_nested = pg_encode_array,
};
