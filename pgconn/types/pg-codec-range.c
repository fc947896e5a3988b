/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-multirange-private.h>
#include <pgconn/types/pg-range-private.h>
#include <pgconn/types/pg-type-table-private.h>

static gpointer
range_to_boxed (const PgWireValue *value, GError **error)
{
  guint32 element_type = pg_type_table_lookup (value->types, value->type)->subtype;
  const char *at = (const char *) value->data;
  const char *end = at + value->length;
  PgRange *range;

  if (value->format == PG_FORMAT_BINARY)
    return pg_range_from_wire (value, value->data, value->length, element_type, error);
  range = pg_range_scan (value, &at, end, element_type, error);
  if (range != NULL && at != end)
    {
      pg_range_unref (range);
      pg_codec_fail (value, _("there is something after it"), error);
      return NULL;
    }
  return range;
}

static char *
range_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgRange) range = range_to_boxed (value, error);

  return range != NULL ? pg_range_to_string (range) : NULL;
}

const PgCodecOps pg_codec_ops_range = {
  .get_value_type = pg_range_get_type,
  .variant_type = "s",
  .to_boxed = range_to_boxed,
  .binary_to_text = range_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode_nested = pg_encode_range,
};

static gpointer
multirange_to_boxed (const PgWireValue *value, GError **error)
{
  return pg_multirange_read (value, pg_type_table_lookup (value->types, value->type)->subtype, error);
}

static char *
multirange_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgMultirange) multirange = multirange_to_boxed (value, error);

  return multirange != NULL ? pg_multirange_to_string (multirange) : NULL;
}

const PgCodecOps pg_codec_ops_multirange = {
  .get_value_type = pg_multirange_get_type,
  .variant_type = "s",
  .to_boxed = multirange_to_boxed,
  .binary_to_text = multirange_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode_nested = pg_encode_multirange,
};
