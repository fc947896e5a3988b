/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-property-value-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-type-table-private.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-inet.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-point.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp.h>

static gboolean G_GNUC_NO_INLINE
fail_range (GType type, GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_NUMERIC_VALUE_OUT_OF_RANGE, _("The number is out of the range of %s"), g_type_name (type));
  return FALSE;
}

static gboolean
to_boolean (const PgWireValue *wire, GValue *value, GError **error)
{
  gboolean boolean;

  if (!pg_codec_to_boolean (wire, &boolean, error))
    return FALSE;
  g_value_set_boolean (value, boolean);
  return TRUE;
}

#define DEFINE_INTEGER(name, ctype, min, max)                                      \
  static gboolean                                                                  \
  to_##name (const PgWireValue *wire, GValue *value, GError **error)               \
  {                                                                                \
    gint64 number;                                                                 \
                                                                                   \
    if (!pg_codec_to_int64 (wire, &number, error))                                 \
      return FALSE;                                                                \
    if (number < (min) || number > (gint64) (max))                                 \
      return fail_range (G_VALUE_TYPE (value), error);                             \
    g_value_set_##name (value, (ctype) number);                                    \
    return TRUE;                                                                   \
  }

DEFINE_INTEGER (schar, gint8, G_MININT8, G_MAXINT8)
DEFINE_INTEGER (uchar, guchar, 0, G_MAXUINT8)
DEFINE_INTEGER (int, gint, G_MININT, G_MAXINT)
DEFINE_INTEGER (uint, guint, 0, G_MAXUINT)
DEFINE_INTEGER (long, glong, G_MINLONG, G_MAXLONG)
DEFINE_INTEGER (ulong, gulong, 0, MIN (G_MAXULONG, (guint64) G_MAXINT64))

static gboolean
to_int64 (const PgWireValue *wire, GValue *value, GError **error)
{
  gint64 number;

  if (!pg_codec_to_int64 (wire, &number, error))
    return FALSE;
  g_value_set_int64 (value, number);
  return TRUE;
}

static gboolean
to_uint64 (const PgWireValue *wire, GValue *value, GError **error)
{
  gint64 number;

  /* The one integer type that needs all 64 bits. */
  if (wire->type == PG_OID_XID8)
    {
      g_auto (GValue) xid = G_VALUE_INIT;

      if (!pg_codec_to_value (wire, &xid, error))
        return FALSE;
      g_value_set_uint64 (value, g_value_get_uint64 (&xid));
      return TRUE;
    }

  if (!pg_codec_to_int64 (wire, &number, error))
    return FALSE;
  if (number < 0)
    return fail_range (G_VALUE_TYPE (value), error);
  g_value_set_uint64 (value, (guint64) number);
  return TRUE;
}

static gboolean
to_double (const PgWireValue *wire, GValue *value, GError **error)
{
  double number;

  if (!pg_codec_to_double (wire, &number, error))
    return FALSE;
  g_value_set_double (value, number);
  return TRUE;
}

static gboolean
to_float (const PgWireValue *wire, GValue *value, GError **error)
{
  double number;

  if (!pg_codec_to_double (wire, &number, error))
    return FALSE;
  /* NaN, of which a float has one too, is not equal to itself. */
  if (number == number && (double) (float) number != number)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The number would be rounded in a %s"), g_type_name (G_VALUE_TYPE (value)));
      return FALSE;
    }
  g_value_set_float (value, (float) number);
  return TRUE;
}

static gboolean
to_string (const PgWireValue *wire, GValue *value, GError **error)
{
  char *text = pg_codec_to_text (wire, error);

  if (text == NULL)
    return FALSE;
  g_value_take_string (value, text);
  return TRUE;
}

/* Labels of PostgreSQL's own have underscores where nicks have hyphens. */
static const GEnumValue *
find_enum (GEnumClass *klass, const char *label)
{
  const GEnumValue *found = g_enum_get_value_by_nick (klass, label);
  g_autofree char *nick = NULL;

  if (found != NULL)
    return found;
  nick = g_strdelimit (g_strdup (label), "_ ", '-');
  return g_enum_get_value_by_nick (klass, nick);
}

static gboolean
enum_from_text (const PgWireValue *wire, GValue *value, GError **error)
{
  g_autofree char *label = NULL;
  const GEnumValue *found;
  PgWireValue text = *wire;

  /* The binary form of an enumeration of PostgreSQL's is the label; what is of another type is not likely to be one of the nicks. */
  if (pg_type_table_lookup (wire->types, wire->type) == NULL)
    text.type = PG_OID_TEXT;
  label = pg_codec_to_text (&text, error);
  if (label == NULL)
    return FALSE;
  found = find_enum (g_type_class_peek (G_VALUE_TYPE (value)), label);
  if (found == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The text is not the nick of a value of %s"), g_type_name (G_VALUE_TYPE (value)));
      return FALSE;
    }
  g_value_set_enum (value, found->value);
  return TRUE;
}

static gboolean
enum_from_integer (const PgWireValue *wire, GValue *value, GError **error)
{
  gint64 number;

  if (!pg_codec_to_int64 (wire, &number, error))
    return FALSE;
  if (number < G_MININT || number > G_MAXINT || g_enum_get_value (g_type_class_peek (G_VALUE_TYPE (value)), (int) number) == NULL)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The number is not a value of %s"), g_type_name (G_VALUE_TYPE (value)));
      return FALSE;
    }
  g_value_set_enum (value, (int) number);
  return TRUE;
}

static gboolean
flags_from_integer (const PgWireValue *wire, GValue *value, GError **error)
{
  GFlagsClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  gint64 number;

  if (!pg_codec_to_int64 (wire, &number, error))
    return FALSE;
  if (number < 0 || (number & ~(gint64) klass->mask) != 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The number has bits that are not in %s"), g_type_name (G_VALUE_TYPE (value)));
      return FALSE;
    }
  g_value_set_flags (value, (guint) number);
  return TRUE;
}

/* The texts of the elements of an array of at most one dimension, none of them NULL. */
static GStrv
read_strv (const PgWireValue *wire, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };
  g_autoptr (GPtrArray) texts = NULL;

  if (!pg_array_parts_read (wire, &parts, error))
    return NULL;
  if (parts.n_dimensions > 1)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The array has more than one dimension"));
      return NULL;
    }

  texts = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < parts.n_elements; i++)
    {
      char *text;

      if (parts.elements[i].data == NULL)
        {
          g_set_error_literal (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED, _("An element of the array is NULL"));
          return NULL;
        }
      text = pg_codec_to_text (&parts.elements[i], error);
      if (text == NULL)
        return NULL;
      g_ptr_array_add (texts, text);
    }
  g_ptr_array_add (texts, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&texts), FALSE);
}

static gboolean
to_strv (const PgWireValue *wire, GValue *value, GError **error)
{
  GStrv texts = read_strv (wire, error);

  if (texts == NULL)
    return FALSE;
  g_value_take_boxed (value, texts);
  return TRUE;
}

static const GFlagsValue *
find_flag (GFlagsClass *klass, char *label)
{
  const GFlagsValue *found = g_flags_get_value_by_nick (klass, label);

  return found != NULL ? found : g_flags_get_value_by_nick (klass, g_strdelimit (label, "_ ", '-'));
}

static gboolean
flags_from_array (const PgWireValue *wire, GValue *value, GError **error)
{
  g_auto (GStrv) labels = read_strv (wire, error);
  guint flags = 0;

  if (labels == NULL)
    return FALSE;
  for (guint i = 0; labels[i] != NULL; i++)
    {
      const GFlagsValue *found = find_flag (g_type_class_peek (G_VALUE_TYPE (value)), labels[i]);

      if (found == NULL)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("An element of the array is not the nick of a value of %s"),
                       g_type_name (G_VALUE_TYPE (value)));
          return FALSE;
        }
      flags |= found->value;
    }
  g_value_set_flags (value, flags);
  return TRUE;
}

static gboolean
to_variant (const PgWireValue *wire, GValue *value, GError **error)
{
  GVariant *variant = pg_codec_to_variant (wire, error);

  if (variant == NULL)
    return FALSE;
  g_value_take_variant (value, variant);
  return TRUE;
}

static gboolean
to_bytes (const PgWireValue *wire, GValue *value, GError **error)
{
  GBytes *bytes = pg_codec_to_bytes (wire, error);

  if (bytes == NULL)
    return FALSE;
  g_value_take_boxed (value, bytes);
  return TRUE;
}

static gboolean
to_date_time (const PgWireValue *wire, GValue *value, GError **error)
{
  g_autoptr (PgTimestamp) timestamp = pg_codec_to_timestamp (wire, error);
  GDateTime *date_time;

  if (timestamp == NULL)
    return FALSE;
  date_time = pg_timestamp_to_datetime (timestamp, error);
  if (date_time == NULL)
    return FALSE;
  g_value_take_boxed (value, date_time);
  return TRUE;
}

/* GDate counts from 0001-01-01, as day 1, to the end of the year 65535. */
#define DATE_OF_2000 730120
#define DATE_LAST 23936166

static gboolean
to_date (const PgWireValue *wire, GValue *value, GError **error)
{
  g_autoptr (PgDate) date = pg_codec_to_date (wire, error);
  gint64 days;

  if (date == NULL)
    return FALSE;
  days = (gint64) pg_date_get_days (date) + DATE_OF_2000;
  if (days < 1 || days > DATE_LAST)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _("The date is not one that a GDate can hold"));
      return FALSE;
    }
  g_value_take_boxed (value, g_date_new_julian ((guint32) days));
  return TRUE;
}

static gboolean
to_numeric (const PgWireValue *wire, GValue *value, GError **error)
{
  PgNumeric *numeric = pg_codec_to_numeric (wire, error);

  if (numeric == NULL)
    return FALSE;
  g_value_take_boxed (value, numeric);
  return TRUE;
}

/* Whether there is a zone is only seen from the text. */
static gboolean
timestamp_from_text (const PgWireValue *wire, GValue *value, GError **error)
{
  g_autofree char *text = pg_codec_to_text (wire, error);
  PgTimestamp *timestamp;

  if (text == NULL)
    return FALSE;
  timestamp = pg_timestamp_parse (text, error);
  if (timestamp == NULL)
    return FALSE;
  g_value_take_boxed (value, timestamp);
  return TRUE;
}

/* What get_value() gives, where that is of the property's type or a function is registered that makes it so. */
static gboolean
to_same (const PgWireValue *wire, GValue *value, GError **error)
{
  g_auto (GValue) source = G_VALUE_INIT;

  if (!pg_codec_to_value (wire, &source, error))
    return FALSE;
  if (g_value_transform (&source, value))
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _("The value of type %s cannot be made a %s"), G_VALUE_TYPE_NAME (&source), G_VALUE_TYPE_NAME (value));
  return FALSE;
}

static PgPropertyConvert
choose_boxed (const PgTypeTable *types, GType type, guint32 oid, const PgCodec *codec, const PgCodecOps *ops)
{
  if (type == G_TYPE_BYTES)
    return oid == 0 || codec == NULL || (ops != NULL && ops->to_bytes != NULL) ? to_bytes : NULL;
  if (type == G_TYPE_STRV)
    return oid == 0 || (codec != NULL && codec->element != 0) ? to_strv : NULL;
  if (type == G_TYPE_DATE_TIME)
    return oid == 0 || (codec != NULL && codec->oid == PG_OID_TIMESTAMPTZ) ? to_date_time : NULL;
  if (type == G_TYPE_DATE)
    return oid == 0 || (codec != NULL && codec->oid == PG_OID_DATE) ? to_date : NULL;
  if (type == PG_TYPE_NUMERIC)
    return oid == 0 || (ops != NULL && ops->to_numeric != NULL) ? to_numeric : NULL;
  if (type == PG_TYPE_TIMESTAMP && oid == 0)
    return timestamp_from_text;

  if (oid == 0)
    return pg_property_value_assume (type) != 0 ? to_same : NULL;
  return g_value_type_transformable (pg_type_table_get_value_type (types, oid), type) ? to_same : NULL;
}

const PgCodec *
pg_property_value_lookup (const PgTypeTable *types, guint32 oid)
{
  const PgCodec *codec = pg_type_table_lookup (types, oid);

  /* What the server said may go in a circle. */
  for (guint i = 0; i < PG_WIRE_MAX_DEPTH && codec != NULL && codec->ops == &pg_codec_ops_domain; i++)
    codec = pg_type_table_lookup (types, codec->subtype);
  return codec;
}

PgPropertyConvert
pg_property_value_choose (const PgTypeTable *types, GType type, guint32 oid)
{
  const PgCodec *codec = pg_property_value_lookup (types, oid);
  const PgCodecOps *ops = codec != NULL ? codec->ops : NULL;
  gboolean any = oid == 0;
  gboolean integer = any || (ops != NULL && ops->to_int64 != NULL);
  /* A type that the table does not have may be one of enumerations, or an extension's. */
  gboolean text = any || codec == NULL || ops == &pg_codec_ops_text;

  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_BOOLEAN:
      return any || (ops != NULL && ops->to_boolean != NULL) ? to_boolean : NULL;
    case G_TYPE_CHAR:
      return integer ? to_schar : NULL;
    case G_TYPE_UCHAR:
      return integer ? to_uchar : NULL;
    case G_TYPE_INT:
      return integer ? to_int : NULL;
    case G_TYPE_UINT:
      return integer ? to_uint : NULL;
    case G_TYPE_LONG:
      return integer ? to_long : NULL;
    case G_TYPE_ULONG:
      return integer ? to_ulong : NULL;
    case G_TYPE_INT64:
      return integer ? to_int64 : NULL;
    case G_TYPE_UINT64:
      return integer ? to_uint64 : NULL;
    case G_TYPE_FLOAT:
      return any || (ops != NULL && ops->to_double != NULL) ? to_float : NULL;
    case G_TYPE_DOUBLE:
      return any || (ops != NULL && ops->to_double != NULL) ? to_double : NULL;
    case G_TYPE_STRING:
      return to_string;
    case G_TYPE_ENUM:
      return text ? enum_from_text : integer ? enum_from_integer : NULL;
    case G_TYPE_FLAGS:
      return any || (codec != NULL && codec->element != 0) ? flags_from_array : integer ? flags_from_integer : NULL;
    case G_TYPE_VARIANT:
      return to_variant;
    case G_TYPE_BOXED:
      return choose_boxed (types, type, oid, codec, ops);
    default:
      return NULL;
    }
}

guint32
pg_property_value_assume (GType type)
{
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_BOOLEAN:
      return PG_OID_BOOL;
    case G_TYPE_CHAR:
    case G_TYPE_UCHAR:
    case G_TYPE_INT:
    case G_TYPE_UINT:
    case G_TYPE_LONG:
    case G_TYPE_ULONG:
    case G_TYPE_INT64:
    case G_TYPE_UINT64:
      return PG_OID_INT8;
    case G_TYPE_FLOAT:
    case G_TYPE_DOUBLE:
      return PG_OID_FLOAT8;
    case G_TYPE_STRING:
    case G_TYPE_ENUM:
    case G_TYPE_VARIANT:
      return PG_OID_TEXT;
    case G_TYPE_FLAGS:
      return PG_OID_TEXT_ARRAY;
    case G_TYPE_BOXED:
      {
        const struct
        {
          GType type;
          guint32 oid;
        } boxed[] = {
          { G_TYPE_BYTES, PG_OID_BYTEA },
          { G_TYPE_STRV, PG_OID_TEXT_ARRAY },
          { G_TYPE_DATE_TIME, PG_OID_TIMESTAMPTZ },
          { G_TYPE_DATE, PG_OID_DATE },
          { PG_TYPE_NUMERIC, PG_OID_NUMERIC },
          { PG_TYPE_DATE, PG_OID_DATE },
          { PG_TYPE_TIMESTAMP, PG_OID_TEXT },
          { PG_TYPE_INTERVAL, PG_OID_INTERVAL },
          { PG_TYPE_INET, PG_OID_INET },
          { PG_TYPE_POINT, PG_OID_POINT },
          { PG_TYPE_BIT_STRING, PG_OID_VARBIT },
          { PG_TYPE_RECORD, PG_OID_RECORD },
        };

        for (guint i = 0; i < G_N_ELEMENTS (boxed); i++)
          if (boxed[i].type == type)
            return boxed[i].oid;
        return 0;
      }
    default:
      return 0;
    }
}

gboolean
pg_property_value_takes_null (GType type)
{
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_STRING:
    case G_TYPE_BOXED:
    case G_TYPE_OBJECT:
    case G_TYPE_INTERFACE:
    case G_TYPE_VARIANT:
      return TRUE;
    default:
      return FALSE;
    }
}
