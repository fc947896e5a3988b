/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-bit-string-private.h>
#include <pgconn/types/pg-encode-private.h>

/* bit, varbit: the number of bits, and as many bytes as these need */

static gpointer
bit_to_boxed (const PgWireValue *value, GError **error)
{
  const char *reason = NULL;
  PgBitString *bits = NULL;

  if (value->format == PG_FORMAT_TEXT)
    bits = pg_bit_string_scan ((const char *) value->data, value->length, &reason);
  else if (value->length < 4 || pg_wire_get_uint32 (value->data) > G_MAXINT32 ||
           ((gsize) pg_wire_get_uint32 (value->data) + 7) / 8 != value->length - 4)
    reason = _("its length is wrong");
  else
    bits = pg_bit_string_make (value->data + 4, pg_wire_get_uint32 (value->data), &reason);
  if (bits == NULL)
    pg_codec_fail (value, reason, error);
  return bits;
}

static char *
bit_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgBitString) bits = bit_to_boxed (value, error);

  return bits != NULL ? pg_bit_string_to_string (bits) : NULL;
}

const PgCodecOps pg_codec_ops_bit = {
  .get_value_type = pg_bit_string_get_type,
  .variant_type = "s",
  .to_boxed = bit_to_boxed,
  .binary_to_text = bit_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode = pg_encode_bit,
};
