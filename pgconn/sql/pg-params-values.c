/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-types.h>

#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-encode-private.h>

static gboolean
is_in_group (PgParams *self)
{
  return self->open != NULL && self->open->len > 0;
}

/* Takes bytes. In an array it is a row. */
static void
add_fixed (PgParams *self,
           char source,
           guint32 element_type,
           GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  PgParam *param;

  if (!is_in_group (self))
    {
      param = pg_params_add (self, PG_PARAM_FIXED_ARRAY, element_type);
      param->source = source;
      param->value.bytes = bytes;
      return;
    }

  pg_params_begin_array (self, element_type);
  for (gsize i = 0; i < size / (source == 'b' || source == 'i' ? 4 : 8); i++)
    switch (source)
      {
      case 'b':
        pg_params_add_boolean (self, ((const gboolean *) data)[i]);
        break;
      case 'i':
        pg_params_add_int32 (self, ((const gint32 *) data)[i]);
        break;
      case 'x':
        pg_params_add (self, PG_PARAM_INTEGER, element_type)->value.integer = ((const gint64 *) data)[i];
        break;
      default:
        pg_params_add_double (self, ((const double *) data)[i]);
        break;
      }
  pg_params_end_array (self);
  g_bytes_unref (bytes);
}

/**
 * pg_params_add_boolean_array:
 * @self: the parameters
 * @values: (array length=n_values) (nullable): the elements, which are copied; `NULL` if there are none
 * @n_values: their number
 *
 * Adds a `boolean[]` of one dimension: see [method@Params.add_int64_array].
 *
 * Since: 1.0
 */
void
pg_params_add_boolean_array (PgParams *self,
                             const gboolean *values,
                             gsize n_values)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL || n_values == 0);
  g_return_if_fail (n_values <= G_MAXSSIZE / sizeof *values);

  add_fixed (self, 'b', PG_OID_BOOL, g_bytes_new (values, n_values * sizeof *values));
}

/**
 * pg_params_add_integer_array:
 * @self: the parameters
 * @values: (array length=n_values) (nullable): the elements, which are copied; `NULL` if there are none
 * @n_values: their number
 *
 * Adds an array of one dimension, of the smallest integer type that holds all elements: see [method@Params.add_integer].
 *
 * No elements are an array without a type.
 *
 * Since: 1.0
 */
void
pg_params_add_integer_array (PgParams *self,
                             const gint64 *values,
                             gsize n_values)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL || n_values == 0);
  g_return_if_fail (n_values <= G_MAXSSIZE / sizeof *values);

  if (n_values == 0)
    {
      pg_params_begin_array (self, PG_OID_INFER);
      pg_params_end_array (self);
      return;
    }
  add_fixed (self, 'x', pg_fixed_array_type ('x', values, n_values), g_bytes_new (values, n_values * sizeof *values));
}

/**
 * pg_params_add_int32_array:
 * @self: the parameters
 * @values: (array length=n_values) (nullable): the elements, which are copied; `NULL` if there are none
 * @n_values: their number
 *
 * Adds an `integer[]` of one dimension: see [method@Params.add_int64_array].
 *
 * Since: 1.0
 */
void
pg_params_add_int32_array (PgParams *self,
                           const gint32 *values,
                           gsize n_values)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL || n_values == 0);
  g_return_if_fail (n_values <= G_MAXSSIZE / sizeof *values);

  add_fixed (self, 'i', PG_OID_INT4, g_bytes_new (values, n_values * sizeof *values));
}

/**
 * pg_params_add_int64_array:
 * @self: the parameters
 * @values: (array length=n_values) (nullable): the elements, which are copied; `NULL` if there are none
 * @n_values: their number
 *
 * Adds a `bigint[]` of one dimension.
 *
 * Together with `unnest()` it is a fast way to send many rows. No elements are an empty array, not SQL `NULL`. In an array that was begun it is
 * a row.
 *
 * Since: 1.0
 */
void
pg_params_add_int64_array (PgParams *self,
                           const gint64 *values,
                           gsize n_values)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL || n_values == 0);
  g_return_if_fail (n_values <= G_MAXSSIZE / sizeof *values);

  add_fixed (self, 'x', PG_OID_INT8, g_bytes_new (values, n_values * sizeof *values));
}

/**
 * pg_params_add_double_array:
 * @self: the parameters
 * @values: (array length=n_values) (nullable): the elements, which are copied; `NULL` if there are none
 * @n_values: their number
 *
 * Adds a `double precision[]` of one dimension: see [method@Params.add_int64_array].
 *
 * Since: 1.0
 */
void
pg_params_add_double_array (PgParams *self,
                            const double *values,
                            gsize n_values)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL || n_values == 0);
  g_return_if_fail (n_values <= G_MAXSSIZE / sizeof *values);

  add_fixed (self, 'd', PG_OID_FLOAT8, g_bytes_new (values, n_values * sizeof *values));
}

/**
 * pg_params_add_strv:
 * @self: the parameters
 * @value: (nullable) (array zero-terminated=1): the elements, UTF-8
 *
 * Adds a `text[]` of one dimension; in an array that was begun it is a row.
 *
 * An array with `NULL` elements or of another type is made with [method@Params.begin_array].
 *
 * Since: 1.0
 */
void
pg_params_add_strv (PgParams *self,
                    const char *const *value)
{
  PgParam *param;

  g_return_if_fail (self != NULL);

  if (value == NULL)
    {
      pg_params_add (self, PG_PARAM_NULL, PG_OID_TEXT_ARRAY);
      return;
    }
  if (is_in_group (self))
    {
      pg_params_begin_array (self, PG_OID_TEXT);
      for (guint i = 0; value[i] != NULL; i++)
        pg_params_add_typed_text (self, PG_OID_TEXT, value[i]);
      pg_params_end_array (self);
      return;
    }

  param = pg_params_add (self, PG_PARAM_VALUE, PG_OID_TEXT_ARRAY);
  g_value_init (&param->value.value, G_TYPE_STRV);
  g_value_set_boxed (&param->value.value, value);
}

/**
 * pg_params_add_variant:
 * @self: the parameters
 * @value: (nullable): the value; a floating reference is taken
 *
 * Adds one value of a `GVariant` type, as the elements of a `GVariant` of parameters are taken.
 *
 * That is: booleans, integers (the smallest type that holds the value), doubles, strings (without a type), `ay` (`bytea`), arrays and tuples
 * of these (as [method@Params.begin_array] and [method@Params.begin_record] without a type make them), dictionaries with strings for keys (as
 * [method@Params.begin_dictionary] does), and `m` and `v` around them. A handle or another dictionary is a `PG_ERROR_PROGRAMMING` that names its type when
 * the query is executed.
 *
 * Since: 1.0
 */
void
pg_params_add_variant (PgParams *self,
                       GVariant *value)
{
  g_return_if_fail (self != NULL);

  if (value == NULL)
    {
      pg_params_add (self, PG_PARAM_NULL, PG_OID_INFER);
    }
  else if (is_in_group (self))
    {
      GArray *items = pg_params_get_items (self);
      GError *error = NULL;

      if (pg_param_items_add_variant (items, g_variant_ref_sink (value), self->open->len, &error))
        pg_params_take_key (self, items);
      else
        pg_params_take_error (self, error);
    }
  else
    {
      pg_params_add (self, PG_PARAM_VARIANT, PG_OID_INFER)->value.variant = g_variant_ref_sink (value);
    }
}

static void
add_integer (PgParams *self,
             const GValue *value,
             guint32 type)
{
  PgInteger integer;

  pg_value_get_integer (value, &integer);
  pg_params_add (self, PG_PARAM_INTEGER, type)->value.integer = integer.value;
}

/**
 * pg_params_add_value:
 * @self: the parameters
 * @value: the value
 * @error: return location for a #GError
 *
 * Adds a value by its `GType`, of GLib or of this library.
 *
 * | `GType` | sent as |
 * |---|---|
 * | `gboolean` | `boolean` |
 * | `gchar`, `guchar`; `gint`; `guint`, `glong`, `gint64`, flags | `smallint`; `integer`; `bigint` |
 * | `gulong`, `guint64` | `bigint`, or `numeric` beyond it |
 * | `gfloat`, `gdouble` | `real`, `double precision` |
 * | `gchararray` | text without a type |
 * | an enum | its label, of the type that it is registered for, [method@AdaptersMap.register_enum]; else its nick, as text without a type |
 * | `GStrv` | `text[]` |
 * | `GBytes`, `GByteArray` | `bytea` |
 * | `GDate`, `GDateTime` | `date`, `timestamp with time zone` |
 * | `GInetAddress`, `GInetAddressMask` | `inet`, `cidr` |
 * | `GVariant` | as [method@Params.add_variant] |
 * | the boxed types of this library | as the methods for each of them |
 *
 * What [method@Params.set_adapters] has something for is written by that instead, of whatever type it is.
 *
 * `NULL` in one of these is SQL `NULL`. Any other type is a `PG_ERROR_PROGRAMMING` that names it, and nothing is added.
 *
 * Returns: whether the value was added
 *
 * Since: 1.0
 */
gboolean
pg_params_add_value (PgParams *self,
                     const GValue *value,
                     GError **error)
{
  gboolean is_added;
  PgParam *param;
  guint32 type;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->adapters != NULL && !pg_value_is_null (value))
    {
      if (!pg_params_add_adapted (self, value, &is_added, error))
        return FALSE;
      if (is_added)
        return TRUE;
    }

  if (G_VALUE_HOLDS_VARIANT (value))
    {
      pg_params_add_variant (self, g_value_get_variant (value));
      return TRUE;
    }
  if (!pg_value_get_type_oid (NULL, value, &type, error))
    return FALSE;
  if (pg_value_is_null (value))
    {
      pg_params_add (self, PG_PARAM_NULL, type);
      return TRUE;
    }

  switch (type)
    {
    case PG_OID_BOOL:
      pg_params_add_boolean (self, g_value_get_boolean (value));
      return TRUE;
    case PG_OID_INT2:
    case PG_OID_INT4:
    case PG_OID_INT8:
      add_integer (self, value, type);
      return TRUE;
    case PG_OID_FLOAT8:
      pg_params_add_double (self, g_value_get_double (value));
      return TRUE;
    case PG_OID_TEXT_ARRAY:
      if (!G_VALUE_HOLDS (value, G_TYPE_STRV))
        break;
      pg_params_add_strv (self, g_value_get_boxed (value));
      return TRUE;
    default:
      break;
    }
  if (G_VALUE_HOLDS_STRING (value))
    {
      pg_params_add_text (self, g_value_get_string (value));
      return TRUE;
    }
  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    {
      pg_params_add_bytes (self, g_value_get_boxed (value));
      return TRUE;
    }

  param = pg_params_add (self, PG_PARAM_VALUE, type);
  g_value_init (&param->value.value, G_VALUE_TYPE (value));
  g_value_copy (value, &param->value.value);
  return TRUE;
}
