/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-param-group-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-record.h>

/* Arrays made of items. See "Arrays" in the PostgreSQL manual, and array_recv() in its source.
 *
 * The elements of an array have one type. Integers have the largest of theirs, as a list of numbers of a script is one of numbers and
 * not of widths. Text without a type is an element of any type if the array's is given, and else makes an array without a type, as
 * text is without one. An array is sent in binary where every element can be. */

typedef struct
{
  guint n_dimensions;
  gint32 sizes[PG_ARRAY_MAX_DIMENSIONS];
  guint leaf; /* the depth that elements are at; 0: none was met */
  GPtrArray *leaves; /* PgParam */
  const PgParam *first; /* the first that is not NULL: the type is its, or a larger one */
  guint32 type;
  gboolean has_text;
  const PgTypeTable *types;
  guint32 declared; /* the type of the elements as the array says it; 0: it does not */
  guint32 expected; /* the same, or that of the array that is expected */
} Shape;

static gboolean
is_record (const PgParam *item)
{
  return item->kind == PG_PARAM_RECORD || item->kind == PG_PARAM_DICTIONARY;
}

static int
integer_rank (guint32 type)
{
  static const guint32 integers[] = { PG_OID_INT2, PG_OID_INT4, PG_OID_INT8, PG_OID_NUMERIC };

  for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
    if (integers[i] == type)
      return (int) i;
  return -1;
}

static char *
describe (const PgTypeTable *types, const PgParam *item, guint32 type)
{
  if (item != NULL && is_record (item) && type == 0)
    return g_strdup ("record");
  return type == 0 ? g_strdup ("text") : pg_codec_describe (types, type);
}

static gboolean
fail_mixed (const Shape *shape,
            const PgParam *item,
            GError **error)
{
  g_autofree char *one = describe (shape->types, shape->first, shape->type);
  g_autofree char *other = describe (shape->types, item, pg_param_get_type (shape->types, item, shape->expected));

  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("an array cannot have elements of different types: %s, %s"), one, other);
  return FALSE;
}

/* Whether an item that has no type of its own can be what was declared. */
static gboolean
is_open (const Shape *shape,
         const PgParam *item)
{
  const PgCodec *declared = pg_param_lookup_base (shape->types, shape->declared);

  if (item->kind == PG_PARAM_VALUE && G_VALUE_HOLDS (&item->value.value, PG_TYPE_RECORD))
    return declared != NULL && declared->ops == &pg_codec_ops_composite;
  return item->kind == PG_PARAM_TEXT || is_record (item);
}

static gboolean
join_type (Shape *shape,
           const PgParam *item,
           GError **error)
{
  const guint32 type = pg_param_get_type (shape->types, item, shape->expected);
  const PgCodec *codec = type != 0 ? pg_type_table_lookup (shape->types, type) : NULL;

  if (codec != NULL && codec->element != 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("an array of the type %s cannot be an element of another"), pg_codec_get_name (codec));
      return FALSE;
    }
  if (item->kind == PG_PARAM_TEXT || (item->kind == PG_PARAM_VALUE && type == 0))
    shape->has_text = TRUE;
  if (shape->first == NULL)
    {
      shape->first = item;
      if (shape->declared == 0)
        {
          shape->type = type;
          return TRUE;
        }
    }
  if (shape->declared != 0)
    {
      if (type == shape->declared || (type == 0 && is_open (shape, item)) ||
          (integer_rank (type) >= 0 && integer_rank (type) < integer_rank (shape->declared)))
        return TRUE;
      return fail_mixed (shape, item, error);
    }
  if (is_record (item) != is_record (shape->first))
    return fail_mixed (shape, item, error);
  /* A record without a type beside others is what they are. */
  if (is_record (item) && shape->type == 0)
    shape->type = type;
  if (type == shape->type || (is_record (item) && type == 0))
    return TRUE;
  if (integer_rank (type) < 0 || integer_rank (shape->type) < 0)
    return fail_mixed (shape, item, error);
  if (integer_rank (type) > integer_rank (shape->type))
    shape->type = type;
  return TRUE;
}

static gboolean
fail_ragged (GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the arrays in an array are of different lengths"));
  return FALSE;
}

static gboolean
measure (Shape *shape,
         const PgParamGroup *group,
         guint depth,
         GError **error)
{
  const GArray *items = group->items;

  if (depth >= PG_ARRAY_MAX_DIMENSIONS)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("an array cannot have more than %d dimensions"), PG_ARRAY_MAX_DIMENSIONS);
      return FALSE;
    }
  if (shape->sizes[depth] < 0)
    shape->sizes[depth] = (gint32) MIN (items->len, (guint) G_MAXINT32);
  if ((guint) shape->sizes[depth] != items->len)
    return fail_ragged (error);
  shape->n_dimensions = MAX (shape->n_dimensions, depth + 1);

  for (guint i = 0; i < items->len; i++)
    {
      const PgParam *item = &g_array_index (items, PgParam, i);

      if (item->kind == PG_PARAM_ARRAY)
        {
          if (shape->leaf != 0 && depth + 1 >= shape->leaf)
            return fail_ragged (error);
          if (!measure (shape, item->value.group, depth + 1, error))
            return FALSE;
          continue;
        }
      if (shape->leaf == 0 && shape->n_dimensions == depth + 1)
        shape->leaf = depth + 1;
      if (shape->leaf != depth + 1)
        return fail_ragged (error);
      g_ptr_array_add (shape->leaves, (gpointer) item);
      if (item->kind != PG_PARAM_NULL && !join_type (shape, item, error))
        return FALSE;
    }
  return TRUE;
}

static void
shape_clear (Shape *shape)
{
  g_clear_pointer (&shape->leaves, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shape, shape_clear)

static guint32
array_type_of (const PgTypeTable *types,
               guint32 element_type)
{
  const PgCodec *codec = element_type != 0 ? pg_type_table_lookup (types, element_type) : NULL;

  return codec != NULL ? codec->array : 0;
}

static gboolean
encode_elements (const Shape *shape,
                 guint32 element_type,
                 PgFormat format,
                 guint depth,
                 GString *out,
                 GError **error)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  PgArrayWriter writer;
  gboolean ok = TRUE;

  pg_array_writer_begin (&writer, shape->types, out, element_type, format, shape->leaves->len > 0 ? shape->n_dimensions : 0, shape->sizes, NULL);
  if (element_type == 0 && shape->expected != 0)
    writer.delimiter = pg_array_get_delimiter (shape->types, shape->expected);
  for (guint i = 0; ok && i < shape->leaves->len; i++)
    {
      const PgParam *item = shape->leaves->pdata[i];
      g_auto (GValue) storage = G_VALUE_INIT;

      if (item->kind == PG_PARAM_NULL)
        {
          pg_array_writer_add_encoded (&writer, NULL, 0);
        }
      else if (is_record (item))
        {
          g_string_truncate (scratch, 0);
          ok = pg_param_encode_item (shape->types, item, element_type != 0 ? element_type : shape->expected, format, depth, scratch, error);
          if (ok)
            pg_array_writer_add_encoded (&writer, scratch->str, scratch->len);
        }
      else
        {
          ok = pg_array_writer_add (&writer, pg_param_peek_value (item, &storage), error);
        }
      ok = ok && pg_param_check_size (out, error);
    }
  pg_array_writer_end (&writer);
  return ok;
}

static gboolean
suits_binary (const Shape *shape)
{
  if (!pg_codec_can_encode_binary (shape->types, shape->type))
    return FALSE;
  if (shape->first == NULL || !is_record (shape->first))
    return !shape->has_text;
  for (guint i = 0; i < shape->leaves->len; i++)
    if (!pg_param_suits_binary (shape->types, shape->leaves->pdata[i], shape->type, 0))
      return FALSE;
  return TRUE;
}

gboolean
pg_param_encode_array (const PgTypeTable *types,
                       const PgParam *array,
                       guint32 expected,
                       PgFormatRequest request,
                       guint depth,
                       GString *out,
                       guint32 *type,
                       PgFormat *format,
                       GError **error)
{
  const PgCodec *codec = pg_param_lookup_base (types, expected);
  const guint32 declared = array->value.group->type;
  const guint32 expected_element = codec != NULL ? codec->element : 0;
  g_auto (Shape) shape = {
    .sizes = { -1, -1, -1, -1, -1, -1 },
    .leaves = g_ptr_array_new (),
    .type = declared,
    .types = types,
    .declared = declared,
    .expected = declared != 0 ? declared : expected_element,
  };
  guint32 element_type;

  if (!measure (&shape, array->value.group, 0, error))
    return FALSE;
  element_type = shape.type;

  if (request == PG_REQUEST_BINARY)
    {
      if (element_type == 0 || expected_element != 0)
        element_type = shape.expected != 0 ? shape.expected : shape.first != NULL && is_record (shape.first) ? 0 : PG_OID_TEXT;
      *format = PG_FORMAT_BINARY;
      *type = array_type_of (types, element_type);
      if (*type == 0)
        {
          g_autofree char *name = describe (types, shape.first, element_type);

          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("an array of %s cannot be sent in binary format ('%%b')"), name);
          return FALSE;
        }
    }
  else
    {
      *type = array_type_of (types, element_type);
      *format = request == PG_REQUEST_AUTO && *type != 0 && suits_binary (&shape) ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
    }
  /* What has no binary form that every server reads, an infinite interval somewhere in it, makes it text. */
  if (request == PG_REQUEST_AUTO && *format == PG_FORMAT_BINARY)
    {
      const gsize start = out->len;

      if (encode_elements (&shape, element_type, PG_FORMAT_BINARY, depth, out, NULL))
        return TRUE;
      g_string_truncate (out, start);
      *format = PG_FORMAT_TEXT;
    }
  /* Without a type the elements are their own text. */
  return encode_elements (&shape, element_type, *format, depth, out, error);
}
