/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-wire-build-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* Parameters as the types of a prepared statement. What was written without a type is text that the server reads as the type it wants; what has another type is
 * decoded and written anew, exactly, or is an error. */

static const char *
get_name (guint32 type,
          const PgTypeTable *types)
{
  const PgCodec *codec = pg_type_table_lookup (types, type);

  return codec != NULL ? pg_codec_get_name (codec) : NULL;
}

static gboolean
fail_type (guint32 from,
           guint32 to,
           const PgTypeTable *types,
           GError **error)
{
  const char *from_name = get_name (from, types);
  const char *to_name = get_name (to, types);
  g_autofree char *from_number = g_strdup_printf ("%u", from);
  g_autofree char *to_number = g_strdup_printf ("%u", to);

  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the statement has a parameter of the type %s here, not of %s"),
               to_name != NULL ? to_name : to_number, from_name != NULL ? from_name : from_number);
  return FALSE;
}

typedef enum
{
  GROUP_OTHER,
  GROUP_INTEGER,
  GROUP_NUMBER,
  GROUP_TEXT,
  GROUP_JSON,
  GROUP_BITS,
  GROUP_ADDRESS,
} Group;

static Group
get_group (guint32 type)
{
  switch (type)
    {
    case PG_OID_INT2:
    case PG_OID_INT4:
    case PG_OID_INT8:
    case PG_OID_OID:
      return GROUP_INTEGER;
    case PG_OID_FLOAT4:
    case PG_OID_FLOAT8:
    case PG_OID_NUMERIC:
      return GROUP_NUMBER;
    case PG_OID_TEXT:
    case PG_OID_VARCHAR:
    case PG_OID_BPCHAR:
    case PG_OID_NAME:
      return GROUP_TEXT;
    case PG_OID_JSON:
    case PG_OID_JSONB:
      return GROUP_JSON;
    case PG_OID_BIT:
    case PG_OID_VARBIT:
      return GROUP_BITS;
    case PG_OID_INET:
    case PG_OID_CIDR:
      return GROUP_ADDRESS;
    default:
      return GROUP_OTHER;
    }
}

/* Whether the text of a value is one of the other type too, and means the same. */
static gboolean
is_same_text (guint32 from,
              guint32 to)
{
  const Group group = get_group (from);
  const Group other = get_group (to);

  if (group != GROUP_OTHER)
    return group == other || (group == GROUP_INTEGER && other == GROUP_NUMBER) || (group == GROUP_NUMBER && other == GROUP_INTEGER);
  switch (from)
    {
    case PG_OID_DATE:
      return to == PG_OID_TIMESTAMP || to == PG_OID_TIMESTAMPTZ;
    case PG_OID_TIMESTAMP:
      return to == PG_OID_TIMESTAMPTZ;
    case PG_OID_TIME:
      return to == PG_OID_TIMETZ;
    default:
      return FALSE;
    }
}

static guint32
get_element (guint32 type)
{
  const PgCodec *codec = pg_codec_lookup (type);
  const char *name = codec != NULL ? pg_codec_get_name (codec) : "";
  g_autofree char *element = g_str_has_suffix (name, "[]") ? g_strndup (name, strlen (name) - 2) : NULL;

  return element != NULL ? pg_type_table_get_oid (NULL, element) : 0;
}

static gboolean
can_convert (guint32 from,
             guint32 to)
{
  guint32 element;

  /* What is not PostgreSQL's own may be a domain: only the server knows. */
  if (pg_codec_lookup (to) == NULL || is_same_text (from, to))
    return TRUE;
  element = get_element (from);
  return element != 0 && is_same_text (element, get_element (to));
}

static gboolean
convert (PgWireParams *self,
         guint index,
         const PgWireParams *given,
         guint32 to,
         const PgTypeTable *types,
         GError **error)
{
  const guint32 from = given->types[index];
  const gsize length = (gsize) given->lengths[index];
  g_autofree guint8 *copy = NULL;
  PgWireValue value = { .length = length, .type = from, .modifier = -1, .types = types };
  char *text;

  if (!can_convert (from, to))
    return fail_type (from, to, types, error);
  /* Decoders are given what a zero byte follows. */
  copy = g_malloc (length + 1);
  memcpy (copy, given->values[index], length);
  copy[length] = 0;
  value.data = copy;
  value.format = given->formats[index] == PG_FORMAT_BINARY ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;

  if (get_group (from) == GROUP_INTEGER && (get_group (to) == GROUP_INTEGER || to == PG_OID_NUMERIC))
    {
      const PgFormat format = pg_codec_can_encode_binary (types, to) ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
      g_auto (GValue) integer = G_VALUE_INIT;

      return pg_codec_to_plain_value (&value, &integer, error) && pg_codec_encode (types, to, &integer, format, pg_wire_get_buffer (self), error)
             && pg_wire_take_buffer (self, index, format, to, error);
    }
  text = pg_codec_to_text (&value, error);
  return text != NULL && pg_wire_set_data (self, index, PG_FORMAT_TEXT, to, text, strlen (text), text, g_free, error);
}

static void
unref_params (gpointer params)
{
  pg_wire_params_unref (params);
}

PgWireParams *
pg_wire_params_convert (PgWireParams *given,
                        const guint32 *param_types,
                        const PgTypeTable *types,
                        guint *failed,
                        GError **error)
{
  g_autoptr (PgWireParams) self = pg_wire_params_new (given->n_params, types, NULL);

  for (guint i = 0; i < given->n_params; i++)
    {
      const guint32 from = given->types[i];
      const gboolean untyped = from == PG_OID_INFER || from == PG_OID_UNKNOWN;

      *failed = i;
      if (given->values[i] == NULL)
        self->types[i] = param_types[i];
      else if (from == param_types[i] || (untyped && given->formats[i] == PG_FORMAT_TEXT))
        pg_wire_set_data (self, i, given->formats[i] == PG_FORMAT_BINARY ? PG_FORMAT_BINARY : PG_FORMAT_TEXT, param_types[i], given->values[i],
                          (gsize) given->lengths[i], pg_wire_params_ref (given), unref_params, NULL);
      else if (!convert (self, i, given, param_types[i], types, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}
