/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-quoted-private.h>

/* Arrays and records made of items. See "Arrays" and "Composite Types" in the PostgreSQL manual, and array_recv() and record_recv() in
 * its source.
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
} Shape;

static gboolean encode_item (const PgParam *item, PgFormat format, guint depth, GString *out, guint32 *type, GError **error);

static guint32
item_type (const PgParam *item)
{
  return item->kind == PG_PARAM_RECORD ? item->value.group->type : item->type;
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
describe (const PgParam *item, guint32 type)
{
  if (item != NULL && item->kind == PG_PARAM_RECORD && type == 0)
    return g_strdup ("record");
  return type == 0 ? g_strdup ("text") : pg_codec_describe (NULL, type);
}

static gboolean
fail_mixed (const Shape *shape,
            const PgParam *item,
            GError **error)
{
  g_autofree char *one = describe (shape->first, shape->type);
  g_autofree char *other = describe (item, item_type (item));

  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("an array cannot have elements of different types: %s, %s"), one, other);
  return FALSE;
}

static gboolean
join_type (Shape *shape,
           const PgParam *item,
           guint32 declared,
           GError **error)
{
  const guint32 type = item_type (item);
  const gboolean plain_text = item->kind == PG_PARAM_TEXT && type == 0;

  if (type != 0 && pg_codec_lookup (type) != NULL && pg_codec_lookup (type)->element != 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("an array of the type %s cannot be an element of another"),
                   pg_codec_get_name (pg_codec_lookup (type)));
      return FALSE;
    }
  if (item->kind == PG_PARAM_TEXT || (item->kind == PG_PARAM_VALUE && type == 0))
    shape->has_text = TRUE;
  if (shape->first == NULL && declared == 0)
    {
      shape->first = item;
      shape->type = type;
      return TRUE;
    }
  if (declared != 0)
    {
      if (type == declared || plain_text || (item->kind == PG_PARAM_RECORD && type == 0) ||
          (integer_rank (type) >= 0 && integer_rank (type) < integer_rank (declared)))
        return TRUE;
      return fail_mixed (shape, item, error);
    }
  if ((item->kind == PG_PARAM_RECORD) != (shape->first->kind == PG_PARAM_RECORD))
    return fail_mixed (shape, item, error);
  if (type == shape->type)
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
         guint32 declared,
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
          if (!measure (shape, item->value.group, depth + 1, declared, error))
            return FALSE;
          continue;
        }
      if (shape->leaf == 0 && shape->n_dimensions == depth + 1)
        shape->leaf = depth + 1;
      if (shape->leaf != depth + 1)
        return fail_ragged (error);
      g_ptr_array_add (shape->leaves, (gpointer) item);
      if (item->kind != PG_PARAM_NULL && !join_type (shape, item, declared, error))
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
array_type_of (guint32 element_type)
{
  const PgCodec *codec = element_type != 0 ? pg_codec_lookup (element_type) : NULL;

  return codec != NULL ? codec->array : 0;
}

static const GValue *
peek_value (const PgParam *item,
            GValue *storage)
{
  switch (item->kind)
    {
    case PG_PARAM_VALUE:
      return &item->value.value;
    case PG_PARAM_BOOLEAN:
      g_value_init (storage, G_TYPE_BOOLEAN);
      g_value_set_boolean (storage, (gboolean) item->value.integer);
      break;
    case PG_PARAM_INTEGER:
      g_value_init (storage, G_TYPE_INT64);
      g_value_set_int64 (storage, item->value.integer);
      break;
    case PG_PARAM_DOUBLE:
      g_value_init (storage, G_TYPE_DOUBLE);
      g_value_set_double (storage, item->value.number);
      break;
    case PG_PARAM_TEXT:
      g_value_init (storage, G_TYPE_STRING);
      g_value_set_static_string (storage, item->value.text);
      break;
    case PG_PARAM_BYTES:
      g_value_init (storage, G_TYPE_BYTES);
      g_value_set_static_boxed (storage, item->value.bytes);
      break;
    case PG_PARAM_NULL:
    case PG_PARAM_BINARY:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_VARIANT:
    case PG_PARAM_ARRAY:
    case PG_PARAM_RECORD:
    default:
      g_return_val_if_reached (NULL);
    }
  return storage;
}

static gboolean
check_size (const GString *out,
            GError **error)
{
  if (out->len < PG_MAX_MESSAGE)
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value is too large: %zu bytes"), out->len);
  return FALSE;
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

  pg_array_writer_begin (&writer, out, element_type, format, shape->leaves->len > 0 ? shape->n_dimensions : 0, shape->sizes, NULL);
  for (guint i = 0; ok && i < shape->leaves->len; i++)
    {
      const PgParam *item = shape->leaves->pdata[i];
      g_auto (GValue) storage = G_VALUE_INIT;

      if (item->kind == PG_PARAM_NULL)
        {
          pg_array_writer_add_encoded (&writer, NULL, 0);
        }
      else if (item->kind == PG_PARAM_RECORD)
        {
          guint32 type;

          g_string_truncate (scratch, 0);
          ok = encode_item (item, format, depth, scratch, &type, error);
          if (ok)
            pg_array_writer_add_encoded (&writer, scratch->str, scratch->len);
        }
      else
        {
          ok = pg_array_writer_add (&writer, peek_value (item, &storage), error);
        }
      ok = ok && check_size (out, error);
    }
  pg_array_writer_end (&writer);
  return ok;
}

static gboolean
encode_array (const PgParam *array,
              PgFormatRequest request,
              guint depth,
              GString *out,
              guint32 *type,
              PgFormat *format,
              GError **error)
{
  g_auto (Shape) shape = { .sizes = { -1, -1, -1, -1, -1, -1 }, .leaves = g_ptr_array_new () };
  const guint32 declared = array->value.group->type;
  guint32 element_type;
  gboolean records;

  shape.type = declared;
  if (!measure (&shape, array->value.group, 0, declared, error))
    return FALSE;
  element_type = shape.type;
  records = shape.leaves->len > 0 && shape.first != NULL && shape.first->kind == PG_PARAM_RECORD;

  if (request == PG_REQUEST_BINARY)
    {
      if (element_type == 0 && !records)
        element_type = PG_OID_TEXT;
      *format = PG_FORMAT_BINARY;
      *type = array_type_of (element_type);
      if (*type == 0)
        {
          g_autofree char *name = describe (shape.first, element_type);

          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("an array of %s cannot be sent in binary format ('%%b')"), name);
          return FALSE;
        }
    }
  else
    {
      *type = array_type_of (element_type);
      *format = request == PG_REQUEST_AUTO && *type != 0 && !records && !shape.has_text && pg_codec_can_encode_binary (element_type)
                  ? PG_FORMAT_BINARY
                  : PG_FORMAT_TEXT;
    }
  /* Without a type the elements are their own text. */
  return encode_elements (&shape, element_type, *format, depth, out, error);
}

static gboolean
encode_record (const PgParam *record,
               PgFormat format,
               guint depth,
               GString *out,
               GError **error)
{
  const GArray *items = record->value.group->items;
  g_autoptr (GString) scratch = g_string_new (NULL);

  if (format == PG_FORMAT_TEXT)
    g_string_append_c (out, '(');
  else
    pg_put_uint32 (out, items->len);
  for (guint i = 0; i < items->len; i++)
    {
      const PgParam *item = &g_array_index (items, PgParam, i);
      const gboolean is_null = item->kind == PG_PARAM_NULL;
      guint32 type = item->type;

      g_string_truncate (scratch, 0);
      if (!is_null && !encode_item (item, format, depth, scratch, &type, error))
        return FALSE;
      if (format == PG_FORMAT_TEXT)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          if (!is_null && !pg_quoted_append (out, scratch->str, "(),"))
            {
              g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("the value is too large: %zu bytes"), out->len + scratch->len);
              return FALSE;
            }
        }
      else
        {
          if (type == 0)
            {
              g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                           _("a record with a field of no type cannot be sent in binary format ('%%b')"));
              return FALSE;
            }
          pg_put_uint32 (out, type);
          pg_put_uint32 (out, is_null ? G_MAXUINT32 : (guint32) scratch->len);
          g_string_append_len (out, scratch->str, (gssize) scratch->len);
        }
      if (!check_size (out, error))
        return FALSE;
    }
  if (format == PG_FORMAT_TEXT)
    g_string_append_c (out, ')');
  return TRUE;
}

/* Of a field or an element, which is not NULL. */
static gboolean
encode_item (const PgParam *item,
             PgFormat format,
             guint depth,
             GString *out,
             guint32 *type,
             GError **error)
{
  g_auto (GValue) storage = G_VALUE_INIT;
  PgFormat array_format;

  if (depth >= PG_MAX_NESTING)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("arrays and records are nested more than %d deep"), PG_MAX_NESTING);
      return FALSE;
    }

  switch (item->kind)
    {
    case PG_PARAM_ARRAY:
      return encode_array (item, format == PG_FORMAT_TEXT ? PG_REQUEST_TEXT : PG_REQUEST_BINARY, depth + 1, out, type, &array_format, error);
    case PG_PARAM_RECORD:
      *type = item->value.group->type;
      return encode_record (item, format, depth + 1, out, error);
    case PG_PARAM_NULL:
    case PG_PARAM_BOOLEAN:
    case PG_PARAM_INTEGER:
    case PG_PARAM_DOUBLE:
    case PG_PARAM_TEXT:
    case PG_PARAM_BYTES:
    case PG_PARAM_BINARY:
    case PG_PARAM_VALUE:
    case PG_PARAM_FIXED_ARRAY:
    case PG_PARAM_VARIANT:
    default:
      *type = item->type;
      return pg_codec_encode (item->type, peek_value (item, &storage), format, out, error);
    }
}

gboolean
pg_param_encode_group (const PgParam *param,
                       PgFormatRequest request,
                       GString *out,
                       guint32 *type,
                       PgFormat *format,
                       GError **error)
{
  switch (param->kind)
    {
    case PG_PARAM_FIXED_ARRAY:
      *type = array_type_of (param->type);
      *format = request == PG_REQUEST_TEXT ? PG_FORMAT_TEXT : PG_FORMAT_BINARY;
      return pg_fixed_array_encode (param, *format, out, error);

    case PG_PARAM_ARRAY:
      return encode_array (param, request, 1, out, type, format, error);

    default:
      *type = param->value.group->type;
      *format = request == PG_REQUEST_BINARY ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
      if (*format == PG_FORMAT_BINARY && *type == 0)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("a record of no type cannot be sent in binary format ('%%b')"));
          return FALSE;
        }
      return encode_record (param, *format, 1, out, error);
    }
}
