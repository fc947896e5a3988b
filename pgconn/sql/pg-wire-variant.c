/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>

/* What each GVariant type is to the server:
 *
 *   b                bool, binary
 *   y n q i u x t    the smallest of int2, int4, int8 that holds the value, binary; numeric in text beyond int8
 *   d                float8, binary
 *   s o g            text of no type: it casts to whatever the place asks for, as a quoted constant does
 *   ay               bytea, binary, not copied
 *   a...             an array: see pg-param-array.c
 *   (...)            a record without a type, in text
 *   a{s...}          a dictionary: an hstore, or the composite type that it is cast to
 *   m v              what is in it, SQL NULL for nothing
 */

static void
unref_variant (gpointer value)
{
  g_variant_unref (value);
}

GVariant *
pg_variant_unwrap (GVariant *value)
{
  while (value != NULL)
    {
      GVariantClass class = g_variant_classify (value);
      GVariant *inner;

      if (class == G_VARIANT_CLASS_VARIANT)
        inner = g_variant_get_variant (value);
      else if (class == G_VARIANT_CLASS_MAYBE)
        inner = g_variant_get_maybe (value);
      else
        break;
      g_variant_unref (value);
      value = inner;
    }

  return value;
}

/* value is of an integer type. FALSE: it is in beyond, as it exceeds gint64. */
static gboolean
read_integer (GVariant *value, gint64 *integer, guint64 *beyond)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BYTE:
      *integer = g_variant_get_byte (value);
      return TRUE;
    case G_VARIANT_CLASS_INT16:
      *integer = g_variant_get_int16 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT16:
      *integer = g_variant_get_uint16 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      *integer = g_variant_get_int32 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *integer = g_variant_get_uint32 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT64:
      *integer = g_variant_get_int64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      *beyond = g_variant_get_uint64 (value);
      *integer = (gint64) *beyond;
      return *beyond <= G_MAXINT64;
    case G_VARIANT_CLASS_BOOLEAN:
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_DOUBLE:
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
is_list (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY) && !g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING) &&
         !g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY);
}

/* Whose keys are texts. */
static gboolean
is_dictionary (GVariant *value)
{
  const char *type = g_variant_get_type_string (value);

  return type[0] == 'a' && type[1] == '{' && strchr ("sog", type[2]) != NULL;
}

static gboolean
fail_type (GVariant *value,
           GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               _("a GVariant of type '%s' cannot be sent as a value"), g_variant_get_type_string (value));
  return FALSE;
}

gboolean
pg_param_items_add_variant (GArray *items,
                            GVariant *value,
                            guint depth,
                            GError **error)
{
  g_autoptr (GVariant) inner = pg_variant_unwrap (value);
  gint64 integer;
  guint64 beyond;
  gsize length;

  if (inner == NULL)
    {
      pg_param_items_add (items, PG_PARAM_NULL, PG_OID_INFER);
      return TRUE;
    }

  switch (g_variant_classify (inner))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      pg_param_items_add (items, PG_PARAM_BOOLEAN, PG_OID_BOOL)->value.integer = g_variant_get_boolean (inner);
      return TRUE;

    case G_VARIANT_CLASS_BYTE:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_INT32:
    case G_VARIANT_CLASS_UINT32:
    case G_VARIANT_CLASS_INT64:
    case G_VARIANT_CLASS_UINT64:
      if (read_integer (inner, &integer, &beyond))
        {
          pg_param_items_add (items, PG_PARAM_INTEGER, pg_wire_integer_type (integer))->value.integer = integer;
        }
      else
        {
          PgParam *param = pg_param_items_add (items, PG_PARAM_VALUE, PG_OID_NUMERIC);

          g_value_init (&param->value.value, G_TYPE_UINT64);
          g_value_set_uint64 (&param->value.value, beyond);
        }
      return TRUE;

    case G_VARIANT_CLASS_DOUBLE:
      pg_param_items_add (items, PG_PARAM_DOUBLE, PG_OID_FLOAT8)->value.number = g_variant_get_double (inner);
      return TRUE;

    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      {
        const char *text = g_variant_get_string (inner, &length);

        pg_param_items_add (items, PG_PARAM_TEXT, PG_OID_INFER)->value.text = g_ref_string_new_len (text, (gssize) length);
        return TRUE;
      }

    case G_VARIANT_CLASS_ARRAY:
      if (g_variant_is_of_type (inner, G_VARIANT_TYPE_BYTESTRING))
        {
          pg_param_items_add (items, PG_PARAM_BYTES, PG_OID_BYTEA)->value.bytes = g_variant_get_data_as_bytes (inner);
          return TRUE;
        }
      if (!is_list (inner) && !is_dictionary (inner))
        return fail_type (inner, error);
      break;

    case G_VARIANT_CLASS_TUPLE:
      break;

    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      return fail_type (inner, error);
    }

  if (depth >= PG_MAX_NESTING)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("arrays and records are nested more than %d deep"), PG_MAX_NESTING);
      return FALSE;
    }
  {
    const PgParamKind kind = g_variant_is_of_type (inner, G_VARIANT_TYPE_TUPLE) ? PG_PARAM_RECORD
                             : is_list (inner)                                  ? PG_PARAM_ARRAY
                                                                                : PG_PARAM_DICTIONARY;
    PgParamGroup *group = pg_param_items_add_group (items, kind, PG_OID_INFER);
    const gsize n = g_variant_n_children (inner);

    for (gsize i = 0; i < n; i++)
      {
        g_autoptr (GVariant) child = g_variant_get_child_value (inner, i);
        g_autoptr (GVariant) key = NULL;

        if (kind == PG_PARAM_DICTIONARY)
          {
            g_autoptr (GVariant) pair = g_steal_pointer (&child);

            key = g_variant_get_child_value (pair, 0);
            child = g_variant_get_child_value (pair, 1);
          }
        if (!pg_param_items_add_variant (group->items, g_steal_pointer (&child), depth + 1, error))
          return FALSE;
        if (key != NULL)
          g_array_index (group->items, PgParam, group->items->len - 1).name = g_variant_dup_string (key, NULL);
      }
  }
  return TRUE;
}

/* The arrays that are long in practice, without an item for each element. Gives FALSE if value is none of them. */
static gboolean
is_fixed (GVariant *value,
          PgParam *param)
{
  const char *type = g_variant_get_type_string (value);
  gconstpointer values;
  gsize n;

  if (strcmp (type, "ax") != 0 && strcmp (type, "ai") != 0 && strcmp (type, "ad") != 0)
    return FALSE;
  values = g_variant_get_fixed_array (value, &n, type[1] == 'i' ? sizeof (gint32) : sizeof (gint64));
  if (n == 0)
    return FALSE;
  param->kind = PG_PARAM_FIXED_ARRAY;
  param->source = type[1];
  param->type = type[1] == 'd' ? PG_OID_FLOAT8 : pg_fixed_array_type (type[1], values, n);
  param->value.bytes = g_variant_get_data_as_bytes (value);
  return TRUE;
}

static gboolean
set_group (PgWireParams *self,
           guint index,
           PgFormatRequest request,
           GVariant *value,
           GError **error)
{
  g_autoptr (GArray) items = pg_param_items_new ();
  PgParam fixed = { 0 };

  if (is_fixed (value, &fixed))
    {
      gboolean ok = pg_param_bind (&fixed, request, self, index, error);

      pg_param_clear (&fixed);
      return ok;
    }
  return pg_param_items_add_variant (items, g_variant_ref (value), 0, error) &&
         pg_param_bind (&g_array_index (items, PgParam, 0), request, self, index, error);
}

gboolean
pg_wire_set_variant (PgWireParams *self,
                     guint index,
                     PgFormatRequest request,
                     GVariant *value,
                     GError **error)
{
  g_autoptr (GVariant) inner = pg_variant_unwrap (value);

  if (inner == NULL)
    return TRUE;

  switch (g_variant_classify (inner))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      pg_wire_set_boolean (self, index, request, g_variant_get_boolean (inner));
      return TRUE;

    case G_VARIANT_CLASS_BYTE:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_INT32:
    case G_VARIANT_CLASS_UINT32:
    case G_VARIANT_CLASS_INT64:
    case G_VARIANT_CLASS_UINT64:
      {
        gint64 integer;
        guint64 beyond;
        char *text;

        if (read_integer (inner, &integer, &beyond))
          {
            pg_wire_set_integer (self, index, request, pg_wire_integer_type (integer), integer);
            return TRUE;
          }
        text = g_strdup_printf ("%" G_GUINT64_FORMAT, beyond);
        return pg_wire_set_text (self, index, request, PG_OID_NUMERIC, text, strlen (text), text, g_free, error);
      }

    case G_VARIANT_CLASS_DOUBLE:
      pg_wire_set_double (self, index, request, g_variant_get_double (inner));
      return TRUE;

    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      {
        gsize length;
        const char *text = g_variant_get_string (inner, &length);

        /* The value itself is kept, not what it is in: a container lets its children go when it is serialised. */
        return pg_wire_set_text (self, index, request, PG_OID_INFER, text, length,
                                 g_steal_pointer (&inner), unref_variant, error);
      }

    case G_VARIANT_CLASS_ARRAY:
      if (g_variant_is_of_type (inner, G_VARIANT_TYPE_BYTESTRING))
        {
          gsize length;
          gconstpointer data = g_variant_get_fixed_array (inner, &length, 1);

          return pg_wire_set_bytes (self, index, request, data, length, g_steal_pointer (&inner), unref_variant, error);
        }
      return set_group (self, index, request, inner, error);

    case G_VARIANT_CLASS_TUPLE:
      return set_group (self, index, request, inner, error);

    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      return fail_type (inner, error);
    }
}
