/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-inet-private.h>
#include <pgconn/types/pg-oids.h>

/* inet, cidr */

static gpointer
inet_to_boxed (const PgWireValue *value, GError **error)
{
  const gboolean is_cidr = value->type == PG_OID_CIDR;
  const char *reason = NULL;
  PgInet *inet;

  if (value->format == PG_FORMAT_TEXT)
    inet = pg_inet_scan ((const char *) value->data, value->length, is_cidr, &reason);
  else
    inet = pg_inet_from_wire (value->data, value->length, is_cidr, &reason);
  if (inet == NULL)
    pg_codec_fail (value, reason, error);
  return inet;
}

static char *
inet_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgInet) inet = inet_to_boxed (value, error);

  return inet != NULL ? pg_inet_to_string (inet) : NULL;
}

const PgCodecOps pg_codec_ops_inet = {
  .get_value_type = pg_inet_get_type,
  .variant_type = "s",
  .to_boxed = inet_to_boxed,
  .binary_to_text = inet_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode = pg_encode_inet,
};

/* macaddr, macaddr8: 6 and 8 bytes */

static char *
macaddr_binary_to_text (const PgWireValue *value, GError **error)
{
  const gsize n = value->type == PG_OID_MACADDR8 ? 8 : 6;
  GString *text;

  if (!pg_codec_check_length (value, n, error))
    return NULL;
  text = g_string_sized_new (24);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, i == 0 ? "%02x" : ":%02x", value->data[i]);
  return g_string_free (text, FALSE);
}

const PgCodecOps pg_codec_ops_macaddr = {
  .variant_type = "s",
  .binary_to_text = macaddr_binary_to_text,
  .encode = pg_encode_macaddr,
};
