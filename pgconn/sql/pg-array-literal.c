/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-wire-build-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-array-private.h>

/* The text form of an array: "Arrays" in the PostgreSQL manual, array input and output syntax. Sub-arrays of different
 * lengths are left to the server, which refuses them. */

typedef enum
{
  ELEMENT_NONE,
  ELEMENT_BOOLEAN,
  ELEMENT_INTEGER,
  ELEMENT_DOUBLE,
  ELEMENT_TEXT,
  ELEMENT_BYTES,
} ElementKind;

typedef struct
{
  GString *out;
  ElementKind kind;
  /* The range of the integers, and whether one is above gint64. */
  gint64 least, greatest;
  gboolean beyond;
} Literal;

static const char *
get_kind_name (ElementKind kind)
{
  switch (kind)
    {
    case ELEMENT_BOOLEAN:
      return "boolean";
    case ELEMENT_INTEGER:
      return "integer";
    case ELEMENT_DOUBLE:
      return "double precision";
    case ELEMENT_TEXT:
      return "text";
    case ELEMENT_BYTES:
      return "bytea";
    case ELEMENT_NONE:
    default:
      return "unknown";
    }
}

static gboolean
set_kind (Literal *self,
          ElementKind kind,
          GError **error)
{
  if (self->kind == kind)
    return TRUE;
  if (self->kind != ELEMENT_NONE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA,
                   _("an array cannot have elements of different types: %s, %s"),
                   get_kind_name (self->kind), get_kind_name (kind));
      return FALSE;
    }

  self->kind = kind;
  return TRUE;
}

static void
append_integer (Literal *self,
                gint64 value)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  g_string_append (self->out, text);
  self->least = MIN (self->least, value);
  self->greatest = MAX (self->greatest, value);
}

static void
append_double (Literal *self,
               double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (self->out, pg_double_to_text (value, buffer));
}

static void
append_bytes (Literal *self,
              GVariant *value)
{
  static const char digits[] = "0123456789abcdef";
  gsize length;
  const guint8 *data = g_variant_get_fixed_array (value, &length, 1);

  g_string_append (self->out, "\"\\\\x");
  for (gsize i = 0; i < length; i++)
    {
      g_string_append_c (self->out, digits[data[i] >> 4]);
      g_string_append_c (self->out, digits[data[i] & 15]);
    }
  g_string_append_c (self->out, '"');
}

/* The arrays that are long in practice, without a GVariant per element. */
static void
append_integers (Literal *self,
                 GVariant *array)
{
  gboolean wide = g_variant_is_of_type (array, G_VARIANT_TYPE ("ax"));
  gsize n;
  gconstpointer values = g_variant_get_fixed_array (array, &n, wide ? sizeof (gint64) : sizeof (gint32));

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (self->out, ',');
      append_integer (self, wide ? ((const gint64 *) values)[i] : ((const gint32 *) values)[i]);
    }
}

static void
append_doubles (Literal *self,
                GVariant *array)
{
  gsize n;
  const double *values = g_variant_get_fixed_array (array, &n, sizeof *values);

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (self->out, ',');
      append_double (self, values[i]);
    }
}

static gboolean append_element (Literal *self, GVariant *value, guint depth, GError **error);

/* depth: dimensions around this one. */
static gboolean
append_array (Literal *self,
              GVariant *array,
              guint depth,
              GError **error)
{
  gsize n = g_variant_n_children (array);
  const char *element_type = g_variant_get_type_string (array) + 1;

  if (depth >= PG_ARRAY_MAX_DIMENSIONS)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("an array cannot have more than %d dimensions"), PG_ARRAY_MAX_DIMENSIONS);
      return FALSE;
    }

  g_string_append_c (self->out, '{');
  if (n > 0 && (*element_type == 'x' || *element_type == 'i'))
    {
      if (!set_kind (self, ELEMENT_INTEGER, error))
        return FALSE;
      append_integers (self, array);
    }
  else if (n > 0 && *element_type == 'd')
    {
      if (!set_kind (self, ELEMENT_DOUBLE, error))
        return FALSE;
      append_doubles (self, array);
    }
  else
    {
      for (gsize i = 0; i < n; i++)
        {
          g_autoptr (GVariant) element = g_variant_get_child_value (array, i);

          if (i > 0)
            g_string_append_c (self->out, ',');
          if (!append_element (self, element, depth + 1, error))
            return FALSE;
        }
    }
  g_string_append_c (self->out, '}');
  return TRUE;
}

static gboolean
append_scalar (Literal *self,
               GVariant *value,
               GError **error)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      if (!set_kind (self, ELEMENT_BOOLEAN, error))
        return FALSE;
      g_string_append_c (self->out, g_variant_get_boolean (value) ? 't' : 'f');
      return TRUE;

    case G_VARIANT_CLASS_BYTE:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_INT32:
    case G_VARIANT_CLASS_UINT32:
    case G_VARIANT_CLASS_INT64:
    case G_VARIANT_CLASS_UINT64:
      {
        guint64 beyond;
        gint64 integer;

        if (!set_kind (self, ELEMENT_INTEGER, error))
          return FALSE;
        if (pg_variant_read_integer (value, &integer, &beyond))
          {
            append_integer (self, integer);
          }
        else
          {
            self->beyond = TRUE;
            g_string_append_printf (self->out, "%" G_GUINT64_FORMAT, beyond);
          }
        return TRUE;
      }

    case G_VARIANT_CLASS_DOUBLE:
      if (!set_kind (self, ELEMENT_DOUBLE, error))
        return FALSE;
      append_double (self, g_variant_get_double (value));
      return TRUE;

    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      {
        gsize length;
        const char *text = g_variant_get_string (value, &length);

        if (!set_kind (self, ELEMENT_TEXT, error))
          return FALSE;
        pg_array_text_quote (self->out, text, (gssize) length, ',');
        return TRUE;
      }

    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                   _("a GVariant of type '%s' cannot be sent as an array's element"), g_variant_get_type_string (value));
      return FALSE;
    }
}

static gboolean
append_element (Literal *self,
                GVariant *value,
                guint depth,
                GError **error)
{
  g_autoptr (GVariant) inner = pg_variant_unwrap (g_variant_ref (value));

  if (inner == NULL)
    {
      g_string_append (self->out, "NULL");
      return TRUE;
    }
  if (g_variant_is_of_type (inner, G_VARIANT_TYPE_BYTESTRING))
    {
      if (!set_kind (self, ELEMENT_BYTES, error))
        return FALSE;
      append_bytes (self, inner);
      return TRUE;
    }
  if (g_variant_is_of_type (inner, G_VARIANT_TYPE_ARRAY) && !g_variant_is_of_type (inner, G_VARIANT_TYPE_DICTIONARY))
    return append_array (self, inner, depth, error);
  return append_scalar (self, inner, error);
}

static guint32
get_type (const Literal *self)
{
  switch (self->kind)
    {
    case ELEMENT_BOOLEAN:
      return PG_OID_BOOL_ARRAY;
    case ELEMENT_INTEGER:
      if (self->beyond)
        return PG_OID_NUMERIC_ARRAY;
      if (self->least < G_MININT32 || self->greatest > G_MAXINT32)
        return PG_OID_INT8_ARRAY;
      if (self->least < G_MININT16 || self->greatest > G_MAXINT16)
        return PG_OID_INT4_ARRAY;
      return PG_OID_INT2_ARRAY;
    case ELEMENT_DOUBLE:
      return PG_OID_FLOAT8_ARRAY;
    case ELEMENT_TEXT:
      return PG_OID_TEXT_ARRAY;
    case ELEMENT_BYTES:
      return PG_OID_BYTEA_ARRAY;
    case ELEMENT_NONE:
    default:
      return PG_OID_INFER;
    }
}

char *
pg_array_literal_from_variant (GVariant *value,
                               gsize *length,
                               guint32 *type,
                               GError **error)
{
  Literal self = { 0, };

  self.out = g_string_new (NULL);
  if (!append_array (&self, value, 0, error))
    {
      g_string_free (self.out, TRUE);
      return NULL;
    }

  *type = get_type (&self);
  *length = self.out->len;
  return g_string_free (self.out, FALSE);
}
