/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-encode-private.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-array.h>
#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-inet.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-point.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp.h>
#include <pgconn/types/pg-type-table-private.h>

/* 0 if there is none, or more than one: the text says it all then, and the place where it stands the type. */
static guint32
find_range_type (const PgTypeTable *types, guint32 element_type, const PgCodecOps *ops)
{
  guint32 found = pg_type_table_find_range (types, element_type, ops);

  for (guint i = 0; i < pg_n_codecs; i++)
    if (pg_codecs[i].ops == ops && pg_codecs[i].subtype == element_type)
      return found == 0 ? pg_codecs[i].oid : 0;
  return found != G_MAXUINT32 ? found : 0;
}

static guint32
find_record_type (const PgTypeTable *types, const PgRecord *record)
{
  const PgTypeInfo *info = record != NULL ? pg_record_get_type_info (record) : NULL;
  const PgTypeInfo *known = info != NULL ? pg_type_table_get_info (types, info->oid) : NULL;

  return known != NULL && known->kind == PG_TYPE_KIND_COMPOSITE && known->n_fields == pg_record_get_n_fields (record) ? known->oid : 0;
}

static gboolean
get_boxed_type (const PgTypeTable *types, const GValue *value, guint32 *type)
{
  const struct
  {
    GType gtype;
    guint32 oid;
  } plain[] = {
    { PG_TYPE_NUMERIC, PG_OID_NUMERIC },
    { PG_TYPE_DATE, PG_OID_DATE },
    { PG_TYPE_INTERVAL, PG_OID_INTERVAL },
    { PG_TYPE_BIT_STRING, PG_OID_VARBIT },
    { PG_TYPE_POINT, PG_OID_POINT },
    { G_TYPE_BYTES, PG_OID_BYTEA },
    { G_TYPE_BYTE_ARRAY, PG_OID_BYTEA },
    { G_TYPE_DATE, PG_OID_DATE },
    { G_TYPE_DATE_TIME, PG_OID_TIMESTAMPTZ },
    { G_TYPE_STRV, PG_OID_TEXT_ARRAY },
  };
  /* No boxed type is derived from another. */
  const GType gtype = G_VALUE_TYPE (value);
  gconstpointer boxed = g_value_get_boxed (value);

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    if (gtype == plain[i].gtype)
      {
        *type = plain[i].oid;
        return TRUE;
      }

  /* Of these it depends on the value. */
  if (gtype == PG_TYPE_TIME)
    *type = boxed == NULL ? 0 : pg_time_has_offset (boxed) ? PG_OID_TIMETZ : PG_OID_TIME;
  else if (gtype == PG_TYPE_TIMESTAMP)
    *type = boxed == NULL ? 0 : pg_timestamp_has_time_zone (boxed) ? PG_OID_TIMESTAMPTZ : PG_OID_TIMESTAMP;
  else if (gtype == PG_TYPE_INET)
    *type = boxed == NULL ? 0 : pg_inet_is_cidr (boxed) ? PG_OID_CIDR : PG_OID_INET;
  else if (gtype == PG_TYPE_RECORD)
    *type = find_record_type (types, boxed);
  else if (gtype == PG_TYPE_RANGE)
    *type = boxed == NULL ? 0 : find_range_type (types, pg_range_get_element_type (boxed), &pg_codec_ops_range);
  else if (gtype == PG_TYPE_MULTIRANGE)
    *type = boxed == NULL ? 0 : find_range_type (types, pg_multirange_get_element_type (boxed), &pg_codec_ops_multirange);
  else if (gtype == PG_TYPE_ARRAY)
    {
      const PgCodec *element = boxed != NULL ? pg_type_table_lookup (types, pg_array_get_element_type (boxed)) : NULL;

      *type = element != NULL ? element->array : 0;
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
get_type (const PgTypeTable *types, const GValue *value, guint32 *type)
{
  const PgTypeInfo *info;
  PgInteger integer;

  *type = 0;
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      *type = PG_OID_BOOL;
      return TRUE;
    case G_TYPE_CHAR:
    case G_TYPE_UCHAR:
      *type = PG_OID_INT2;
      return TRUE;
    case G_TYPE_INT:
      *type = PG_OID_INT4;
      return TRUE;
    case G_TYPE_UINT:
    case G_TYPE_LONG:
    case G_TYPE_INT64:
    case G_TYPE_FLAGS:
      *type = PG_OID_INT8;
      return TRUE;
    case G_TYPE_ULONG:
    case G_TYPE_UINT64:
      pg_value_get_integer (value, &integer);
      *type = integer.is_signed ? PG_OID_INT8 : PG_OID_NUMERIC;
      return TRUE;
    case G_TYPE_FLOAT:
      *type = PG_OID_FLOAT4;
      return TRUE;
    case G_TYPE_DOUBLE:
      *type = PG_OID_FLOAT8;
      return TRUE;
    case G_TYPE_STRING:
      return TRUE;
    case G_TYPE_ENUM:
      info = pg_type_table_get_enum_info (types, G_VALUE_TYPE (value));
      *type = info != NULL ? info->oid : 0;
      return TRUE;
    case G_TYPE_BOXED:
      return get_boxed_type (types, value, type);
    case G_TYPE_OBJECT:
      if (G_VALUE_HOLDS (value, G_TYPE_INET_ADDRESS))
        *type = PG_OID_INET;
      else if (G_VALUE_HOLDS (value, G_TYPE_INET_ADDRESS_MASK))
        *type = PG_OID_CIDR;
      return *type != 0;
    default:
      return FALSE;
    }
}

gboolean
pg_value_get_type_oid (const PgTypeTable *types, const GValue *value, guint32 *type, GError **error)
{
  if (get_type (types, value, type))
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("a value of the type %s cannot be sent"), G_VALUE_TYPE_NAME (value));
  return FALSE;
}

gboolean
pg_variant_to_value (GVariant *variant, GValue *out)
{
  gint64 integer;

  switch (g_variant_classify (variant))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      g_value_init (out, G_TYPE_BOOLEAN);
      g_value_set_boolean (out, g_variant_get_boolean (variant));
      return TRUE;
    case G_VARIANT_CLASS_DOUBLE:
      g_value_init (out, G_TYPE_DOUBLE);
      g_value_set_double (out, g_variant_get_double (variant));
      return TRUE;
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      g_value_init (out, G_TYPE_STRING);
      g_value_set_string (out, g_variant_get_string (variant, NULL));
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      g_value_init (out, G_TYPE_UINT64);
      g_value_set_uint64 (out, g_variant_get_uint64 (variant));
      return TRUE;
    case G_VARIANT_CLASS_BYTE:
      integer = g_variant_get_byte (variant);
      break;
    case G_VARIANT_CLASS_INT16:
      integer = g_variant_get_int16 (variant);
      break;
    case G_VARIANT_CLASS_UINT16:
      integer = g_variant_get_uint16 (variant);
      break;
    case G_VARIANT_CLASS_INT32:
      integer = g_variant_get_int32 (variant);
      break;
    case G_VARIANT_CLASS_UINT32:
      integer = g_variant_get_uint32 (variant);
      break;
    case G_VARIANT_CLASS_INT64:
      integer = g_variant_get_int64 (variant);
      break;
    case G_VARIANT_CLASS_ARRAY:
      if (!g_variant_is_of_type (variant, G_VARIANT_TYPE_BYTESTRING))
        return FALSE;
      g_value_init (out, G_TYPE_BYTES);
      g_value_take_boxed (out, g_variant_get_data_as_bytes (variant));
      return TRUE;
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      return FALSE;
    }

  g_value_init (out, G_TYPE_INT64);
  g_value_set_int64 (out, integer);
  return TRUE;
}
