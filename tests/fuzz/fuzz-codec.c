/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every decoder. The input: two bytes the OID of the type (of a type that is not in the table: one of those that are), one byte
 * flags, one the type's modifier, then the value. */
#include "pg-fuzz-values.h"
#include "pg-fuzz.h"

#include <pgconn/types/pg-codec-ops-private.h>

#define FLAG_BINARY (1 << 0)
#define FLAG_SESSION (3 << 1) /* two bits, as PG_WIRE_SESSION_MDY and _DMY */
#define FLAG_UTC (1 << 3)
#define FLAG_PAIR (1 << 4)    /* the two halves are two values, to be compared */

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PgWireValue head = { 0 };
  g_auto (PgFuzzForms) forms = { 0 };
  g_auto (PgFuzzForms) second_forms = { 0 };
  PgWireValue wire;
  gsize length;

  if (size < 4)
    return 0;
  head.type = pg_wire_get_uint16 (data);
  /* Now and then a type that nothing is known of. */
  if (pg_codec_lookup (head.type) == NULL && head.type % 64 != 0)
    head.type = pg_codecs[head.type % pg_n_codecs].oid;
  head.format = (data[2] & FLAG_BINARY) != 0 ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
  head.session = (guint8) ((data[2] & FLAG_SESSION) >> 1);
  if ((data[2] & FLAG_UTC) != 0)
    head.session |= PG_WIRE_SESSION_UTC;
  head.modifier = (gint8) data[3];
  length = (data[2] & FLAG_PAIR) != 0 ? (size - 4) / 2 : size - 4;

  wire = pg_fuzz_copy_wire (&head, data + 4, length);
  pg_fuzz_check_value (&wire, &forms);
  g_free ((gpointer) wire.data);
  if ((data[2] & FLAG_PAIR) == 0)
    return 0;

  wire = pg_fuzz_copy_wire (&head, data + 4 + length, size - 4 - length);
  pg_fuzz_check_value (&wire, &second_forms);
  g_free ((gpointer) wire.data);
  if (forms.has_value && second_forms.has_value)
    pg_fuzz_check_order (&forms.value, &second_forms.value);
  return 0;
}
