/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-wire-build-private.h>

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
 *   a...             an array, in text
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

gboolean
pg_variant_read_integer (GVariant *value,
                         gint64 *integer,
                         guint64 *beyond)
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

/* Takes value. */
static gboolean
set_array (PgWireParams *self,
           guint index,
           PgFormatRequest request,
           GVariant *value,
           GError **error)
{
  g_autoptr (GVariant) array = value;
  gsize length;
  guint32 type;
  char *text;

  if (request == PG_REQUEST_BINARY)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("an array cannot be sent in binary format ('%%b')"));
      return FALSE;
    }

  text = pg_array_literal_from_variant (array, &length, &type, error);
  if (text == NULL)
    return FALSE;
  return pg_wire_set_text (self, index, request, type, text, length, text, g_free, error);
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

        if (pg_variant_read_integer (inner, &integer, &beyond))
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
      if (g_variant_is_of_type (inner, G_VARIANT_TYPE_DICTIONARY))
        break;
      return set_array (self, index, request, g_steal_pointer (&inner), error);

    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      break;
    }

  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               _("a GVariant of type '%s' cannot be sent as a value"), g_variant_get_type_string (inner));
  return FALSE;
}
