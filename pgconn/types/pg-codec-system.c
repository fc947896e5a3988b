/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-oids.h>

/* money: the text depends on lc_monetary, of which nothing is known here. The binary form is the number of the currency's
 * smallest units, as many to the whole as lc_monetary says. */

static gboolean
money_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return pg_codec_fail (value, _("what its text means depends on lc_monetary; ask for the binary format"), error);
  if (!pg_codec_check_length (value, 8, error))
    return FALSE;
  *out = (gint64) pg_wire_get_uint64 (value->data);
  return TRUE;
}

const PgCodecOps pg_codec_ops_money = {
  .variant_type = "s",
  .text_only = TRUE,
  .to_int64 = money_to_int64,
  .encode = pg_encode_money,
};

/* regclass and the like: the text is a name that only the server's catalogue has, the binary form the OID. */

static gboolean
reg_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_TEXT)
    return pg_codec_fail (value, _("its text is a name; ask for the binary format, or cast it to oid"), error);
  if (!pg_codec_check_length (value, 4, error))
    return FALSE;
  *out = pg_wire_get_uint32 (value->data);
  return TRUE;
}

const PgCodecOps pg_codec_ops_reg = {
  .variant_type = "s",
  .text_only = TRUE,
  .to_int64 = reg_to_int64,
  .encode = pg_encode_integer,
};

/* xid8: 64 bits without a sign */

static gboolean
xid8_read (const PgWireValue *value, guint64 *out, GError **error)
{
  if (value->format == PG_FORMAT_BINARY)
    {
      if (!pg_codec_check_length (value, 8, error))
        return FALSE;
      *out = pg_wire_get_uint64 (value->data);
      return TRUE;
    }
  *out = 0;
  for (gsize i = 0; i < value->length; i++)
    {
      if (!g_ascii_isdigit (value->data[i]))
        return pg_codec_fail (value, _("there is something that is not a digit"), error);
      if (!g_uint64_checked_mul (out, *out, 10) || !g_uint64_checked_add (out, *out, (guint64) (value->data[i] - '0')))
        return pg_codec_fail (value, _("it is out of the range of the type"), error);
    }
  return value->length > 0 || pg_codec_fail (value, _("there are no digits"), error);
}

static gboolean
xid8_to_int64 (const PgWireValue *value, gint64 *out, GError **error)
{
  guint64 n;

  if (!xid8_read (value, &n, error))
    return FALSE;
  if (n > G_MAXINT64)
    return pg_codec_fail (value, _("it is greater than a 64-bit integer with a sign can be"), error);
  *out = (gint64) n;
  return TRUE;
}

static char *
xid8_binary_to_text (const PgWireValue *value, GError **error)
{
  guint64 n;

  return xid8_read (value, &n, error) ? g_strdup_printf ("%" G_GUINT64_FORMAT, n) : NULL;
}

static GVariant *
xid8_to_variant (const PgWireValue *value, GError **error)
{
  guint64 n;

  return xid8_read (value, &n, error) ? g_variant_new_uint64 (n) : NULL;
}

static GType
uint64_get_value_type (void)
{
  return G_TYPE_UINT64;
}

static gboolean
xid8_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  guint64 n;

  if (!xid8_read (wire, &n, error))
    return FALSE;
  g_value_set_uint64 (value, n);
  return TRUE;
}

const PgCodecOps pg_codec_ops_xid8 = {
  .get_value_type = uint64_get_value_type,
  .variant_type = "t",
  .to_int64 = xid8_to_int64,
  .to_uint64 = xid8_read,
  .binary_to_text = xid8_binary_to_text,
  .to_variant = xid8_to_variant,
  .to_value = xid8_to_value,
  .encode = pg_encode_unsigned,
};

/* tid: block and position in it */

static char *
tid_binary_to_text (const PgWireValue *value, GError **error)
{
  if (!pg_codec_check_length (value, 6, error))
    return NULL;
  return g_strdup_printf ("(%u,%u)", pg_wire_get_uint32 (value->data), pg_wire_get_uint16 (value->data + 4));
}

const PgCodecOps pg_codec_ops_tid = {
  .variant_type = "s",
  .binary_to_text = tid_binary_to_text,
  .encode = pg_encode_tid,
};

/* pg_lsn: two halves in hexadecimal */

static char *
lsn_binary_to_text (const PgWireValue *value, GError **error)
{
  if (!pg_codec_check_length (value, 8, error))
    return NULL;
  return g_strdup_printf ("%X/%X", pg_wire_get_uint32 (value->data), pg_wire_get_uint32 (value->data + 4));
}

const PgCodecOps pg_codec_ops_lsn = {
  .variant_type = "s",
  .binary_to_text = lsn_binary_to_text,
  .encode = pg_encode_lsn,
};

/* pg_snapshot, txid_snapshot: the number of transactions in progress, xmin, xmax, and those */

static char *
snapshot_binary_to_text (const PgWireValue *value, GError **error)
{
  const gsize header = 4 + 8 + 8;
  guint64 min, max, last;
  GString *text;

  if (value->length < header || (value->length - header) % 8 != 0 ||
      (value->length - header) / 8 != pg_wire_get_uint32 (value->data))
    {
      pg_codec_fail (value, _("its length is wrong"), error);
      return NULL;
    }
  min = last = pg_wire_get_uint64 (value->data + 4);
  max = pg_wire_get_uint64 (value->data + 12);
  for (gsize at = header; at < value->length && last <= max; at += 8)
    last = pg_wire_get_uint64 (value->data + at) >= last ? pg_wire_get_uint64 (value->data + at) : G_MAXUINT64;
  if (min == 0 || last > max || max > G_MAXINT64)
    {
      pg_codec_fail (value, _("its transactions are not in order"), error);
      return NULL;
    }
  text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ":", min, max);
  for (gsize at = header; at < value->length; at += 8)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, at == header ? "" : ",", pg_wire_get_uint64 (value->data + at));
  return g_string_free (text, FALSE);
}

const PgCodecOps pg_codec_ops_snapshot = {
  .variant_type = "s",
  .binary_to_text = snapshot_binary_to_text,
  .encode = pg_encode_snapshot,
};

/* int2vector, oidvector: numbers with blanks between them as text, and an array of one dimension as binary */

static gboolean
vector_parse (const PgWireValue *value, PgArrayParts *parts, GError **error)
{
  if (!pg_array_parse_binary_as (value, value->type == PG_OID_INT2VECTOR ? PG_OID_INT2 : PG_OID_OID, parts, error))
    return FALSE;
  if (parts->n_dimensions > 1)
    return pg_codec_fail (value, _("it has more than one dimension"), error);
  for (gsize i = 0; i < parts->n_elements; i++)
    if (parts->elements[i].data == NULL)
      return pg_codec_fail (value, _("an element of it is missing"), error);
  return TRUE;
}

static char *
vector_binary_to_text (const PgWireValue *value, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  if (!vector_parse (value, &parts, error))
    return NULL;
  for (gsize i = 0; i < parts.n_elements; i++)
    {
      gint64 n;

      if (!pg_codec_to_int64 (&parts.elements[i], &n, error))
        return NULL;
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i == 0 ? "" : " ", n);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GVariant *
vector_build (const PgWireValue *value, const char *element_type, GError **error)
{
  g_auto (PgArrayParts) parts = { 0 };
  g_autoptr (GVariantType) type = g_variant_type_new_array (G_VARIANT_TYPE (element_type));
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (type);
  const guint8 *at = value->data;
  const guint8 *end = at + value->length;
  PgWireValue element = {
    .type = value->type == PG_OID_INT2VECTOR ? PG_OID_INT2 : PG_OID_OID,
    .modifier = -1,
    .format = value->format,
  };
  GVariant *child;

  if (value->format == PG_FORMAT_BINARY)
    {
      if (!vector_parse (value, &parts, error))
        return NULL;
      for (gsize i = 0; i < parts.n_elements; i++)
        {
          child = pg_codec_to_variant (&parts.elements[i], error);
          if (child == NULL)
            return NULL;
          g_variant_builder_add_value (&builder, child);
        }
      return g_variant_builder_end (&builder);
    }

  /* A blank at the end has an element after it, which is not a number. */
  for (gboolean more = value->length > 0; more; at++)
    {
      element.data = at;
      while (at < end && *at != ' ')
        at++;
      element.length = (gsize) (at - element.data);
      more = at < end;
      child = pg_codec_to_variant (&element, NULL);
      if (child == NULL)
        {
          pg_codec_fail (value, _("an element of it is not a number in range"), error);
          return NULL;
        }
      g_variant_builder_add_value (&builder, child);
    }
  return g_variant_builder_end (&builder);
}

static GType
variant_get_value_type (void)
{
  return G_TYPE_VARIANT;
}

#define VECTOR_OPS(name, element)                                            \
  static GVariant *                                                          \
  name##_to_variant (const PgWireValue *value, GError **error)               \
  {                                                                          \
    return vector_build (value, element, error);                             \
  }                                                                          \
                                                                             \
  static gboolean                                                            \
  name##_to_value (const PgWireValue *wire, GValue *value, GError **error)   \
  {                                                                          \
    GVariant *variant = vector_build (wire, element, error);                 \
                                                                             \
    if (variant == NULL)                                                     \
      return FALSE;                                                          \
    g_value_take_variant (value, variant);                                   \
    return TRUE;                                                             \
  }                                                                          \
                                                                             \
  const PgCodecOps pg_codec_ops_##name = {                                   \
    .get_value_type = variant_get_value_type,                                \
    .variant_type = "a" element,                                             \
    .binary_to_text = vector_binary_to_text,                                 \
    .to_variant = name##_to_variant,                                         \
    .to_value = name##_to_value,                                             \
    .encode = pg_encode_vector,                                              \
  }

VECTOR_OPS (int2vector, "n");
VECTOR_OPS (oidvector, "u");
