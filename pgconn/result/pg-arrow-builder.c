/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-arrow-builder-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-type-table-private.h>

/* The most digits of a decimal in 128 bits. */
#define MAX_DECIMAL_DIGITS 38
#define DECIMAL_SIZE 16

/* "src/include/utils/numeric.h" of PostgreSQL: precision and scale in the modifier of a numeric. */
#define NUMERIC_MODIFIER_OFFSET 4

typedef enum
{
  KIND_FIXED,
  KIND_BOOLEAN, /* bits, not bytes */
  KIND_DECIMAL,
  KIND_TEXT,
  KIND_BYTES,
  KIND_LIST,
} Kind;

/* Memory that grows; a GByteArray ends at 4 GiB. */
typedef struct
{
  guint8 *data;
  gsize length;
  gsize allocated;
} Buffer;

struct _PgArrowBuilder
{
  PgWireValue shape;
  Kind kind;
  char *format;        /* as Arrow writes types; NULL: depends on how long the values are */
  PgColumnCodec codec; /* KIND_FIXED, KIND_BOOLEAN */
  int scale;           /* KIND_DECIMAL */
  int precision;

  gsize n_values;
  gsize n_nulls;
  Buffer validity;
  Buffer offsets; /* gint64, without the first, which is 0 */
  Buffer values;
  PgArrowBuilder *elements; /* KIND_LIST */
  gboolean large;
};

/* Room for more bytes, which are zeros. */
static guint8 *
buffer_extend (Buffer *self, gsize size)
{
  guint8 *at;

  if (size > self->allocated - self->length)
    {
      self->allocated = MAX (self->length + size, self->allocated * 2);
      /* Never nothing: some readers want an address for that too. */
      self->allocated = MAX (self->allocated, 64);
      self->data = g_realloc (self->data, self->allocated);
    }
  at = self->data + self->length;
  if (size > 0)
    memset (at, 0, size);
  self->length += size;
  return at;
}

static void
buffer_append (Buffer *self, gconstpointer data, gsize size)
{
  guint8 *at = buffer_extend (self, size);

  if (size > 0)
    memcpy (at, data, size);
}

static gpointer
buffer_steal (Buffer *self)
{
  buffer_extend (self, 0);
  if (self->data == NULL)
    self->data = g_malloc0 (64);
  self->length = self->allocated = 0;
  return g_steal_pointer (&self->data);
}

static void
set_bit (Buffer *self, gsize position)
{
  self->data[position / 8] |= (guint8) (1 << position % 8);
}

/* Whether the modifier says that a decimal in 128 bits has room for the values. */
static gboolean
read_decimal_modifier (PgArrowBuilder *self)
{
  const gint32 modifier = self->shape.modifier - NUMERIC_MODIFIER_OFFSET;

  if (self->shape.modifier < NUMERIC_MODIFIER_OFFSET)
    return FALSE;
  self->precision = modifier >> 16 & 0xffff;
  self->scale = ((modifier & 0x7ff) ^ 0x400) - 0x400;
  return self->precision >= 1 && self->precision <= MAX_DECIMAL_DIGITS && self->scale >= 0 && self->scale <= self->precision;
}

static const char *
get_fixed_format (guint32 type)
{
  switch (type)
    {
    case PG_OID_BOOL:
      return "b";
    case PG_OID_INT2:
      return "s";
    case PG_OID_INT4:
      return "i";
    case PG_OID_INT8:
      return "l";
    case PG_OID_OID:
    case PG_OID_XID:
    case PG_OID_CID:
      return "I";
    case PG_OID_FLOAT4:
      return "f";
    case PG_OID_FLOAT8:
      return "g";
    case PG_OID_DATE:
      return "tdD";
    case PG_OID_TIME:
      return "ttu";
    case PG_OID_TIMESTAMP:
      return "tsu:";
    case PG_OID_TIMESTAMPTZ:
      return "tsu:UTC";
    case PG_OID_UUID:
      return "w:16";
    default:
      return NULL;
    }
}

PgArrowBuilder *
pg_arrow_builder_new (const PgWireValue *shape)
{
  PgArrowBuilder *self = g_new0 (PgArrowBuilder, 1);
  const PgCodec *codec = pg_type_table_lookup (shape->types, shape->type);
  const char *fixed = get_fixed_format (shape->type);

  self->shape = *shape;
  if (fixed != NULL)
    {
      self->kind = shape->type == PG_OID_BOOL ? KIND_BOOLEAN : KIND_FIXED;
      self->format = g_strdup (fixed);
      /* All those are types that have a form of a fixed width. */
      pg_column_codec_init (&self->codec, shape->type, shape->format, PG_COLUMN_DATA, NULL);
    }
  else if (shape->type == PG_OID_NUMERIC && read_decimal_modifier (self))
    {
      self->kind = KIND_DECIMAL;
      self->format = g_strdup_printf ("d:%d,%d", self->precision, self->scale);
    }
  else if (codec != NULL && codec->element != 0 && codec->ops == &pg_codec_ops_array)
    {
      PgWireValue element = *shape;

      element.type = codec->element;
      self->kind = KIND_LIST;
      self->elements = pg_arrow_builder_new (&element);
    }
  else
    {
      const gboolean is_text = shape->format == PG_FORMAT_TEXT || (codec != NULL && codec->ops != NULL && !codec->ops->text_only);

      self->kind = shape->type != PG_OID_BYTEA && is_text ? KIND_TEXT : KIND_BYTES;
    }
  return self;
}

void
pg_arrow_builder_free (PgArrowBuilder *self)
{
  g_clear_pointer (&self->elements, pg_arrow_builder_free);
  g_free (self->validity.data);
  g_free (self->offsets.data);
  g_free (self->values.data);
  g_free (self->format);
  g_free (self);
}

/* The value times ten to the power of the scale, in 16 bytes. text is that of a numeric. */
static gboolean
scan_decimal (PgArrowBuilder *self, const char *text, guint8 *out)
{
  const gboolean negative = *text == '-';
  guint32 words[DECIMAL_SIZE / 4] = { 0 };
  int n_digits = 0;
  int n_decimals = -1;
  guint64 carry;

  for (const char *at = text + negative; *at != '\0' || n_decimals < self->scale; at += *at != '\0')
    {
      if (*at == '.' || (*at == '\0' && n_decimals < 0))
        {
          n_decimals = 0;
          continue;
        }
      if (*at != '\0' && !g_ascii_isdigit (*at))
        return FALSE;
      carry = *at != '\0' ? (guint64) (*at - '0') : 0;
      n_digits += n_digits > 0 || carry > 0;
      if (n_digits > self->precision || (n_decimals >= 0 && ++n_decimals > self->scale))
        return FALSE;
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        {
          carry += (guint64) words[i] * 10;
          words[i] = (guint32) carry;
          carry >>= 32;
        }
    }

  carry = negative;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const guint place = G_BYTE_ORDER == G_LITTLE_ENDIAN ? i : (guint) G_N_ELEMENTS (words) - 1 - i;

      carry += negative ? ~words[i] : words[i];
      memcpy (out + 4 * place, &(guint32){ (guint32) carry }, 4);
      carry >>= 32;
    }
  return TRUE;
}

static gboolean
append_decimal (PgArrowBuilder *self, const PgWireValue *value, GError **error)
{
  g_autofree char *text = pg_codec_to_text (value, error);

  if (text == NULL)
    return FALSE;
  if (!scan_decimal (self, text, self->values.data + self->values.length - DECIMAL_SIZE))
    return pg_codec_fail (value, _("Arrow’s decimals have no such value: cast it to text"), error);
  return TRUE;
}

/* Whether the bytes that came are the text. */
static gboolean
is_text_itself (const PgWireValue *value)
{
  const PgCodec *codec;

  if (value->format == PG_FORMAT_TEXT)
    return TRUE;
  codec = pg_type_table_lookup (value->types, value->type);
  return codec->ops->binary_to_text == NULL;
}

static gboolean
append_text (PgArrowBuilder *self, const PgWireValue *value, GError **error)
{
  g_autofree char *text = NULL;

  if (is_text_itself (value))
    {
      if (!pg_codec_check_text (value, value->data, value->length, error))
        return FALSE;
      buffer_append (&self->values, value->data, value->length);
      return TRUE;
    }
  text = pg_codec_to_text (value, error);
  if (text == NULL)
    return FALSE;
  buffer_append (&self->values, text, strlen (text));
  return TRUE;
}

static gboolean
append_bytes (PgArrowBuilder *self, const PgWireValue *value, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gsize size;

  if (value->format == PG_FORMAT_BINARY)
    {
      buffer_append (&self->values, value->data, value->length);
      return TRUE;
    }
  bytes = pg_codec_to_bytes (value, error);
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  buffer_append (&self->values, data, size);
  return TRUE;
}

static gboolean
append_list (PgArrowBuilder *self, const PgWireValue *value, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };
  g_autofree const guint8 **data = NULL;
  g_autofree gsize *lengths = NULL;
  guint failed;

  if (!pg_array_parts_read (value, &parts, error))
    return FALSE;
  if (parts.n_dimensions > 1)
    return pg_codec_fail (value, _("Arrow’s lists have one dimension, and it has more: cast it to text"), error);

  data = g_new (const guint8 *, parts.n_elements);
  lengths = g_new (gsize, parts.n_elements);
  for (gsize i = 0; i < parts.n_elements; i++)
    {
      data[i] = parts.elements[i].data;
      lengths[i] = parts.elements[i].length;
    }
  return pg_arrow_builder_append (self->elements, data, lengths, (guint) parts.n_elements, &failed, error);
}

static gboolean
append_value (PgArrowBuilder *self, const PgWireValue *value, GError **error)
{
  switch (self->kind)
    {
    case KIND_DECIMAL:
      return append_decimal (self, value, error);
    case KIND_TEXT:
      return append_text (self, value, error);
    case KIND_LIST:
      return append_list (self, value, error);
    case KIND_BYTES:
    default:
      return append_bytes (self, value, error);
    }
}

static gboolean
append_booleans (PgArrowBuilder *self, const guint8 *const *data, const gsize *lengths, guint n, guint *failed, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (n);

  if (!pg_column_codec_decode (&self->codec, &self->shape, data, lengths, n, bytes, failed, error))
    return FALSE;
  buffer_extend (&self->values, (self->n_values + n + 7) / 8 - self->values.length);
  for (guint i = 0; i < n; i++)
    if (bytes[i] != 0)
      set_bit (&self->values, self->n_values + i);
  return TRUE;
}

/* Arrow's day ends before 24:00, PostgreSQL's with it. */
static gboolean
check_times (PgArrowBuilder *self, const guint8 *const *data, const gint64 *times, guint n, guint *failed, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (data[i] != NULL && G_UNLIKELY (times[i] >= G_TIME_SPAN_DAY))
      {
        *failed = i;
        return pg_codec_fail (&self->shape, _("Arrow has no time 24:00: cast it to text"), error);
      }
  return TRUE;
}

gboolean
pg_arrow_builder_append (PgArrowBuilder *self, const guint8 *const *data, const gsize *lengths, guint n, guint *failed, GError **error)
{
  buffer_extend (&self->validity, (self->n_values + n + 7) / 8 - self->validity.length);
  for (guint i = 0; i < n; i++)
    if (data[i] != NULL)
      set_bit (&self->validity, self->n_values + i);
    else
      self->n_nulls++;

  if (self->kind == KIND_BOOLEAN)
    {
      if (!append_booleans (self, data, lengths, n, failed, error))
        return FALSE;
    }
  else if (self->kind == KIND_FIXED)
    {
      guint8 *at = buffer_extend (&self->values, (gsize) n * self->codec.width);

      if (!pg_column_codec_decode (&self->codec, &self->shape, data, lengths, n, at, failed, error))
        return FALSE;
      if (self->shape.type == PG_OID_TIME && !check_times (self, data, (const gint64 *) (gconstpointer) at, n, failed, error))
        return FALSE;
    }
  else
    for (guint i = 0; i < n; i++)
      {
        PgWireValue value = self->shape;
        gint64 end;

        if (self->kind == KIND_DECIMAL)
          buffer_extend (&self->values, DECIMAL_SIZE);
        value.data = data[i];
        value.length = lengths[i];
        if (data[i] != NULL && !append_value (self, &value, error))
          {
            *failed = i;
            return FALSE;
          }
        end = (gint64) (self->kind == KIND_LIST ? self->elements->n_values : self->values.length);
        if (self->kind != KIND_DECIMAL)
          buffer_append (&self->offsets, &end, sizeof end);
      }
  self->n_values += n;
  return TRUE;
}

/* gint32 where that is enough, which most readers like better. */
static gpointer
make_offsets (PgArrowBuilder *self)
{
  const gint64 *ends = (gconstpointer) self->offsets.data;
  gint64 *large;
  gint32 *small;

  self->large = self->n_values > 0 && ends[self->n_values - 1] > G_MAXINT32;
  if (self->large)
    {
      large = g_new (gint64, self->n_values + 1);
      large[0] = 0;
      memcpy (large + 1, ends, self->n_values * sizeof *large);
      return large;
    }
  small = g_new (gint32, self->n_values + 1);
  small[0] = 0;
  for (gsize i = 0; i < self->n_values; i++)
    small[i + 1] = (gint32) ends[i];
  return small;
}

void
pg_arrow_builder_end (PgArrowBuilder *self, struct ArrowArray *array)
{
  const gboolean has_offsets = self->kind == KIND_TEXT || self->kind == KIND_BYTES || self->kind == KIND_LIST;

  pg_arrow_array_init (array, self->n_values, self->kind == KIND_LIST || !has_offsets ? 2 : 3, self->kind == KIND_LIST ? 1 : 0);
  array->null_count = (int64_t) self->n_nulls;
  if (self->n_nulls > 0)
    array->buffers[0] = buffer_steal (&self->validity);
  if (has_offsets)
    array->buffers[1] = make_offsets (self);
  if (self->kind == KIND_LIST)
    pg_arrow_builder_end (self->elements, array->children[0]);
  else
    array->buffers[has_offsets ? 2 : 1] = buffer_steal (&self->values);
}

void
pg_arrow_builder_fill_schema (PgArrowBuilder *self, const char *name, struct ArrowSchema *schema)
{
  const char *format = self->kind == KIND_TEXT    ? (self->large ? "U" : "u")
                       : self->kind == KIND_BYTES ? (self->large ? "Z" : "z")
                       : self->kind == KIND_LIST  ? (self->large ? "+L" : "+l")
                                                  : self->format;

  pg_arrow_schema_init (schema, format, name, self->kind == KIND_LIST ? 1 : 0);
  if (self->kind == KIND_LIST)
    pg_arrow_builder_fill_schema (self->elements, "item", schema->children[0]);
}

/* The structures. A consumer may have moved a child away, which then has no release function any more. */

static void
release_schema (struct ArrowSchema *schema)
{
  for (int64_t i = 0; i < schema->n_children; i++)
    {
      if (schema->children[i]->release != NULL)
        schema->children[i]->release (schema->children[i]);
      g_free (schema->children[i]);
    }
  g_free (schema->children);
  g_free ((char *) schema->format);
  g_free ((char *) schema->name);
  schema->release = NULL;
}

void
pg_arrow_schema_init (struct ArrowSchema *schema, const char *format, const char *name, guint n_children)
{
  *schema = (struct ArrowSchema){ .format = g_strdup (format), .name = g_strdup (name), .flags = ARROW_FLAG_NULLABLE, .n_children = n_children };
  schema->children = n_children > 0 ? g_new (struct ArrowSchema *, n_children) : NULL;
  for (guint i = 0; i < n_children; i++)
    schema->children[i] = g_new0 (struct ArrowSchema, 1);
  schema->release = release_schema;
}

static void
release_array (struct ArrowArray *array)
{
  for (int64_t i = 0; i < array->n_children; i++)
    {
      if (array->children[i]->release != NULL)
        array->children[i]->release (array->children[i]);
      g_free (array->children[i]);
    }
  g_free (array->children);
  for (int64_t i = 0; i < array->n_buffers; i++)
    g_free ((gpointer) array->buffers[i]);
  g_free (array->buffers);
  array->release = NULL;
}

void
pg_arrow_array_init (struct ArrowArray *array, gsize length, guint n_buffers, guint n_children)
{
  *array = (struct ArrowArray){ .length = (int64_t) length, .n_buffers = n_buffers, .n_children = n_children };
  array->buffers = g_new0 (const void *, n_buffers);
  array->children = n_children > 0 ? g_new (struct ArrowArray *, n_children) : NULL;
  for (guint i = 0; i < n_children; i++)
    array->children[i] = g_new0 (struct ArrowArray, 1);
  array->release = release_array;
}
