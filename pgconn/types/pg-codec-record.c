/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <glib/gi18n-lib.h>

#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-record-private.h>

static gpointer
record_to_boxed (const PgWireValue *value, GError **error)
{
  return pg_record_read (value, error);
}

static char *
record_binary_to_text (const PgWireValue *value, GError **error)
{
  g_autoptr (PgRecord) record = pg_record_read (value, error);
  char *text;

  if (record == NULL)
    return NULL;
  text = pg_record_to_string (record);
  if (text == NULL)
    pg_codec_fail (value, _("a field of it has no text: the binary form of its type is not known, or it is too long"), error);
  return text;
}

const PgCodecOps pg_codec_ops_record = {
  .get_value_type = pg_record_get_type,
  .variant_type = "s",
  .to_boxed = record_to_boxed,
  .binary_to_text = record_binary_to_text,
  .to_value = pg_codec_boxed_to_value,
  .encode = pg_encode_record,
};
