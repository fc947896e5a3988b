/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-array-private.h>

#include <string.h>

#include <pgconn/types/pg-boxed-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-type-table-private.h>
#include <pgconn/types/pg-value-order-private.h>

/**
 * PgArray:
 *
 * A value of an array type, with its dimensions and their bounds.
 *
 * An array of PostgreSQL has up to six dimensions, each with a length and a lower bound, which is 1 unless somebody has made it another. An empty
 * array has no dimension. All elements are of one type; any of them may be SQL `NULL`. They are counted here from 0 in the order in which they are
 * stored, the last subscript varying fastest: [method@Array.find_element] gives the position for subscripts as SQL has them.
 *
 * A `PgArray` never changes and may be used from several threads.
 *
 * See "Arrays" in the chapter "Data Types" of the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgArray
{
  gatomicrefcount ref_count;
  PgWireValue value; /* without data, which is in parts */
  guint32 element_type;
  PgArrayParts parts;
  GValue *values;     /* where loaders have to do with them, which are called once; else NULL */
  gboolean is_loaded; /* the elements themselves, not only something in them */
};

PG_DEFINE_BOXED_TYPE (PgArray, pg_array)

static void
free_values (GValue *values, gsize n)
{
  for (gsize i = 0; values != NULL && i < n; i++)
    if (G_IS_VALUE (&values[i]))
      g_value_unset (&values[i]);
  g_free (values);
}

/* Takes parts. Each element is decoded once, so that none can fail later. */
static PgArray *
make (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error)
{
  GValue *values = pg_wire_has_loader (value, element_type) ? g_new0 (GValue, parts->n_elements) : NULL;
  PgArray *self;

  for (gsize i = 0; i < parts->n_elements; i++)
    {
      GValue decoded = G_VALUE_INIT;

      if (parts->elements[i].data == NULL)
        continue;
      if (!pg_codec_to_value (&parts->elements[i], values != NULL ? &values[i] : &decoded, error))
        {
          free_values (values, parts->n_elements);
          pg_array_parts_clear (parts);
          return NULL;
        }
      if (values == NULL)
        g_value_unset (&decoded);
    }

  self = g_new (PgArray, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->values = values;
  self->is_loaded = values != NULL && pg_type_table_get_loader (value->types, element_type, value->format) != NULL;
  self->value = *value;
  self->value.data = NULL;
  self->value.length = 0;
  if (value->types != NULL)
    self->value.types = pg_type_table_ref ((PgTypeTable *) value->types);
  self->element_type = element_type;
  self->parts = *parts;
  return self;
}

PgArray *
pg_array_read (const PgWireValue *value, GError **error)
{
  PgWireValue copy = *value;
  PgArrayParts parts;
  guint8 *storage = NULL;

  if (value->format == PG_FORMAT_BINARY)
    copy.data = storage = g_memdup2 (value->data, value->length);
  if (!pg_array_parts_read (&copy, &parts, error))
    {
      g_free (storage);
      return NULL;
    }
  if (storage != NULL)
    parts.storage = storage;
  return make (value, pg_type_table_lookup (value->types, value->type)->element, &parts, error);
}

/**
 * pg_array_parse:
 * @text: the text of an array
 * @element_type: the OID of the type of the elements
 * @error: return location for a #GError
 *
 * Reads an array from the text that PostgreSQL shows for it.
 *
 * That is the elements in braces with the type's delimiter between them, which is a comma for all types but `box`; braces in braces for each
 * further dimension; and before it, where a lower bound is not 1, the bounds: `[0:1][1:2]={{1,2},{3,NULL}}`. The elements of a type that the
 * library does not know are their texts.
 *
 * See "Array Input and Output Syntax" in the PostgreSQL manual.
 *
 * Returns: (transfer full): the array, or `NULL` with `PG_ERROR_DATA`, or `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE` for a text that is not UTF-8
 *
 * Since: 1.0
 */
PgArray *
pg_array_parse (const char *text, guint element_type, GError **error)
{
  const PgCodec *codec = pg_codec_lookup (element_type);
  PgWireValue value = { .modifier = -1, .format = PG_FORMAT_TEXT };
  PgArrayParts parts;

  g_return_val_if_fail (text != NULL, NULL);

  value.type = codec != NULL ? codec->array : 0;
  value.data = (const guint8 *) text;
  value.length = strlen (text);
  if (!pg_array_parse_text_as (&value, element_type, &parts, error))
    return NULL;
  return make (&value, element_type, &parts, error);
}

/**
 * pg_array_ref:
 * @self: a #PgArray
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgArray *
pg_array_ref (PgArray *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_array_unref:
 * @self: (transfer full): a #PgArray
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_array_unref (PgArray *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  free_values (self->values, self->parts.n_elements);
  pg_array_parts_clear (&self->parts);
  if (self->value.types != NULL)
    pg_type_table_unref ((PgTypeTable *) self->value.types);
  g_free (self);
}

/**
 * pg_array_to_string:
 * @self: a #PgArray
 *
 * Gets the text that PostgreSQL shows for the array, with its bounds where one of the lower ones is not 1.
 *
 * See [func@Array.parse] for its form. The elements of an array that came as text are as they came, except for dates and times of a session whose `DateStyle` is
 * not ISO: they are in that form.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if it were longer than PostgreSQL's limit of 1 GiB
 *
 * Since: 1.0
 */
char *
pg_array_to_string (const PgArray *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return pg_array_parts_to_text (&self->value, self->element_type, &self->parts, NULL);
}

/**
 * pg_array_to_variant:
 * @self: a #PgArray
 *
 * Gets the elements as a variant with an array for each dimension, without the lower bounds.
 *
 * The type is the one that [method@Result.dup_variant] has, without the outer maybe: `ami` for an `int4[]` of one dimension and for an empty one.
 *
 * Returns: (transfer full) (nullable): the variant, not floating; `NULL` if the elements have in turn arrays of several dimensions in them, as fields
 *   or as domains, as a variant's elements are all of one type
 *
 * Since: 1.0
 */
GVariant *
pg_array_to_variant (const PgArray *self)
{
  GVariant *variant;

  g_return_val_if_fail (self != NULL, NULL);

  variant = pg_array_parts_to_variant (&self->value, self->element_type, &self->parts, NULL);
  return variant != NULL ? g_variant_ref_sink (variant) : NULL;
}

/**
 * pg_array_get_element_type:
 * @self: a #PgArray
 *
 * Gets the type of the elements.
 *
 * Returns: its OID
 *
 * Since: 1.0
 */
guint
pg_array_get_element_type (const PgArray *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->element_type;
}

/**
 * pg_array_get_n_dimensions:
 * @self: a #PgArray
 *
 * Gets the number of dimensions, as `array_ndims()` of SQL.
 *
 * Returns: 1 to 6, or 0 for an empty array
 *
 * Since: 1.0
 */
guint
pg_array_get_n_dimensions (const PgArray *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->parts.n_dimensions;
}

/**
 * pg_array_get_length:
 * @self: a #PgArray
 * @dimension: a dimension, from 0
 *
 * Gets how many elements, or arrays of the next dimension, there are in a dimension, as `array_length()` of SQL, where dimensions count from 1.
 *
 * Returns: the length; 0 if there is no such dimension
 *
 * Since: 1.0
 */
guint
pg_array_get_length (const PgArray *self, guint dimension)
{
  g_return_val_if_fail (self != NULL, 0);

  return dimension < self->parts.n_dimensions ? (guint) self->parts.sizes[dimension] : 0;
}

/**
 * pg_array_get_lower_bound:
 * @self: a #PgArray
 * @dimension: a dimension, from 0
 *
 * Gets the subscript of the first element of a dimension, as `array_lower()` of SQL, where dimensions count from 1.
 *
 * The last one's is that and the length, less 1.
 *
 * Returns: the subscript; 1 if there is no such dimension
 *
 * Since: 1.0
 */
int
pg_array_get_lower_bound (const PgArray *self, guint dimension)
{
  g_return_val_if_fail (self != NULL, 1);

  return dimension < self->parts.n_dimensions ? self->parts.lower_bounds[dimension] : 1;
}

/**
 * pg_array_get_n_elements:
 * @self: a #PgArray
 *
 * Gets the number of elements in all dimensions, as `cardinality()` of SQL.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
pg_array_get_n_elements (const PgArray *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) self->parts.n_elements;
}

/**
 * pg_array_find_element:
 * @self: a #PgArray
 * @subscripts: (array length=n_subscripts): the subscripts of an element as SQL has them, from the lower bound of each dimension
 * @n_subscripts: their number
 *
 * Gets the position of the element at some subscripts.
 *
 * Returns: the position, from 0; −1 if there is no such element, or if the number of subscripts is not that of the dimensions, where SQL has `NULL`
 *
 * Since: 1.0
 */
gint64
pg_array_find_element (const PgArray *self, const int *subscripts, guint n_subscripts)
{
  gint64 position = 0;

  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (subscripts != NULL || n_subscripts == 0, -1);

  if (n_subscripts != self->parts.n_dimensions || n_subscripts == 0)
    return -1;
  for (guint i = 0; i < n_subscripts; i++)
    {
      gint64 offset = (gint64) subscripts[i] - self->parts.lower_bounds[i];

      if (offset < 0 || offset >= self->parts.sizes[i])
        return -1;
      position = position * self->parts.sizes[i] + offset;
    }
  return position;
}

/* NULL where it is SQL NULL or there is none. */
static const PgWireValue *
get_element (const PgArray *self, guint position)
{
  if (position >= self->parts.n_elements || self->parts.elements[position].data == NULL)
    return NULL;
  return &self->parts.elements[position];
}

/**
 * pg_array_is_null:
 * @self: a #PgArray
 * @position: the position of an element, from 0
 *
 * Gets whether an element is SQL `NULL`.
 *
 * Returns: `TRUE` if it is, or if there is no element at the position
 *
 * Since: 1.0
 */
gboolean
pg_array_is_null (const PgArray *self, guint position)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return get_element (self, position) == NULL;
}

/**
 * pg_array_dup_text:
 * @self: a #PgArray
 * @position: the position of an element, from 0
 *
 * Gets the exact text of an element, without the quotes that it has in the text of the array.
 *
 * Returns: (transfer full) (nullable): the text; `NULL` if the element is SQL `NULL` or there is none at the position
 *
 * Since: 1.0
 */
char *
pg_array_dup_text (const PgArray *self, guint position)
{
  const PgWireValue *element;

  g_return_val_if_fail (self != NULL, NULL);

  element = get_element (self, position);
  return element != NULL ? pg_codec_to_text (element, NULL) : NULL;
}

/**
 * pg_array_has_loader:
 * @self: a #PgArray
 *
 * Gets whether [method@Array.get_value] gives what a loader has made of the elements, or of something in them: see [class@AdaptersMap].
 *
 * Elements of an enum that is one of GObject count as such.
 *
 * Returns: `TRUE` if so
 *
 * Since: 1.0
 */
gboolean
pg_array_has_loader (const PgArray *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->values != NULL;
}

/**
 * pg_array_get_value:
 * @self: a #PgArray
 * @position: the position of an element, from 0
 * @value: (out caller-allocates): where the value is stored; in C, `G_VALUE_INIT`
 *
 * Gets an element in the type that [method@Result.get_value] has for its type.
 *
 * SQL `NULL`, and a position at which there is no element, is a string that is `NULL`: `None` in Python, `null` in JavaScript.
 *
 * Since: 1.0
 */
void
pg_array_get_value (const PgArray *self, guint position, GValue *value)
{
  const PgWireValue *element;

  g_return_if_fail (self != NULL);
  g_return_if_fail (value != NULL && G_VALUE_TYPE (value) == G_TYPE_INVALID);

  element = get_element (self, position);
  if (element != NULL && self->values != NULL)
    {
      g_value_init (value, G_VALUE_TYPE (&self->values[position]));
      g_value_copy (&self->values[position], value);
    }
  else if (element == NULL || !pg_codec_to_value (element, value, NULL))
    g_value_init (value, G_TYPE_STRING);
}

gboolean
pg_array_get_plain_value (const PgArray *self, guint position, GValue *value, GError **error)
{
  const PgWireValue *element = get_element (self, position);

  if (element != NULL)
    return pg_codec_to_plain_value (element, value, error);
  g_value_init (value, G_TYPE_STRING);
  return TRUE;
}

/* An element in a type that has an order, which nobody knows of what a loader gives. FALSE if the library cannot read it. */
static gboolean
get_ordered_value (const PgArray *self, guint position, GValue *value)
{
  if (self->is_loaded)
    return pg_array_get_plain_value (self, position, value, NULL);
  pg_array_get_value (self, position, value);
  return TRUE;
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int
compare_wires (const PgWireValue *a, const PgWireValue *b)
{
  const int order = memcmp (a->data, b->data, MIN (a->length, b->length));

  return order != 0 ? order : ORDER (a->length, b->length);
}

static int
compare_elements (const PgArray *a, const PgArray *b, guint position)
{
  g_auto (GValue) value_of_a = G_VALUE_INIT;
  g_auto (GValue) value_of_b = G_VALUE_INIT;
  gboolean a_is_null = pg_array_is_null (a, position);
  gboolean b_is_null = pg_array_is_null (b, position);

  if (a_is_null || b_is_null)
    return a_is_null - b_is_null;
  if (!get_ordered_value (a, position, &value_of_a) || !get_ordered_value (b, position, &value_of_b) ||
      G_VALUE_TYPE (&value_of_a) != G_VALUE_TYPE (&value_of_b))
    return compare_wires (get_element (a, position), get_element (b, position));
  return pg_value_compare (&value_of_a, &value_of_b);
}

/**
 * pg_array_compare:
 * @a: a #PgArray
 * @b: another
 *
 * Compares two arrays by PostgreSQL's order.
 *
 * The first elements that differ decide, whatever the dimensions, where SQL `NULL` is equal to itself and above all others; where there are none, the
 * number of elements, then that of dimensions, their lengths and their lower bounds. Elements of a text type are compared by their bytes, and
 * arrays of different types are in the order of the OIDs of their elements' types.
 *
 * Returns: less than, equal to or greater than 0 if @a is before, the same as or after @b
 *
 * Since: 1.0
 */
int
pg_array_compare (const PgArray *a, const PgArray *b)
{
  int order;

  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  order = ORDER (a->element_type, b->element_type);
  for (guint i = 0; order == 0 && i < MIN (a->parts.n_elements, b->parts.n_elements); i++)
    order = compare_elements (a, b, i);
  if (order == 0)
    order = ORDER (a->parts.n_elements, b->parts.n_elements);
  if (order == 0)
    order = ORDER (a->parts.n_dimensions, b->parts.n_dimensions);
  for (guint i = 0; order == 0 && i < a->parts.n_dimensions; i++)
    order = ORDER (a->parts.sizes[i], b->parts.sizes[i]);
  for (guint i = 0; order == 0 && i < a->parts.n_dimensions; i++)
    order = ORDER (a->parts.lower_bounds[i], b->parts.lower_bounds[i]);
  return order;
}

/**
 * pg_array_equal:
 * @a: a #PgArray
 * @b: another
 *
 * Gets whether two arrays are the same, as [method@Array.compare] has it.
 *
 * Returns: `TRUE` if they are
 *
 * Since: 1.0
 */
gboolean
pg_array_equal (const PgArray *a, const PgArray *b)
{
  return pg_array_compare (a, b) == 0;
}

/**
 * pg_array_hash:
 * @self: a #PgArray
 *
 * Gets a hash value, which is the same for equal arrays.
 *
 * Returns: the hash
 *
 * Since: 1.0
 */
guint
pg_array_hash (const PgArray *self)
{
  guint hash;

  g_return_val_if_fail (self != NULL, 0);

  hash = self->element_type;
  for (guint i = 0; i < self->parts.n_elements; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      hash *= 31;
      if (!pg_array_is_null (self, i) && get_ordered_value (self, i, &value))
        hash += pg_value_hash (&value);
    }
  for (guint i = 0; i < self->parts.n_dimensions; i++)
    hash = (hash * 31 + (guint) self->parts.sizes[i]) * 31 + (guint) self->parts.lower_bounds[i];
  return hash;
}
