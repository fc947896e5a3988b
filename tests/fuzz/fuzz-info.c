/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values of types that a server has told of, which need make no sense: made of themselves, of what is not there, or of too much.
 *
 * The input: the number of types; for each its kind, two bytes of the type that it is made of, the number of its fields, and two bytes
 * of the type of each; then which type, flags, and the value. */
#include "pg-fuzz-values.h"
#include "pg-fuzz.h"

#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-type-table-private.h>

#define FIRST_OID 16384
#define MAX_TYPES 16
#define MAX_FIELDS 7

/* One of the input's own types, or of their arrays, or PostgreSQL's. */
static guint32
take_type (PgFuzzReader *self)
{
  const guint high = pg_fuzz_take (self), low = pg_fuzz_take (self);

  return high == 0 ? FIRST_OID + low % (2 * MAX_TYPES) : high << 8 | low;
}

static PgTypeInfo *
take_info (PgFuzzReader *self, guint32 oid)
{
  static const char *const send_functions[] = { NULL, "citextsend", "hstore_send", "ltree_send", "int4send" };
  const guint bits = pg_fuzz_take (self);
  PgTypeInfo *info = pg_type_info_new_empty ((PgTypeKind) (bits % (PG_TYPE_KIND_PSEUDO + 1)), oid);

  info->array_oid = (bits & 8) != 0 ? oid + MAX_TYPES : 0;
  info->delimiter = (bits & 16) != 0 ? ';' : ',';
  info->send_function = g_strdup (send_functions[(bits >> 5) % G_N_ELEMENTS (send_functions)]);
  info->name = g_strdup_printf ("t%u", oid);
  info->schema = g_strdup ("s");
  info->sql_name = g_strdup_printf ("s.t%u", oid);
  info->element = info->base = take_type (self);
  info->n_fields = pg_fuzz_take (self) % (MAX_FIELDS + 1);
  info->fields = g_new0 (PgTypeField, MAX_FIELDS);
  for (guint i = 0; i < info->n_fields; i++)
    {
      info->fields[i].name = g_strdup_printf ("f%u", i);
      info->fields[i].type = take_type (self);
      info->fields[i].modifier = -1;
    }
  return info;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PgFuzzReader reader = { data, size };
  g_autoptr (PgTypeTable) types = pg_type_table_make_own (NULL);
  g_autoptr (GVariantType) variant_type = NULL;
  g_auto (PgFuzzForms) forms = { 0 };
  const guint n = pg_fuzz_take (&reader) % MAX_TYPES + 1;
  PgWireValue wire = { .types = types, .modifier = -1 };
  guint flags;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PgTypeInfo) info = take_info (&reader, FIRST_OID + i);

      pg_type_table_add (types, info);
    }
  wire.type = FIRST_OID + pg_fuzz_take (&reader) % (2 * MAX_TYPES);
  flags = pg_fuzz_take (&reader);
  wire.format = (flags & 1) != 0 ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
  wire.session = flags >> 1 & 7;

  for (guint i = 0; i < 2 * MAX_TYPES; i++)
    {
      pg_type_table_has_binary (types, FIRST_OID + i);
      pg_type_table_suits_auto (types, FIRST_OID + i);
    }
  variant_type = pg_type_table_dup_variant_type (types, wire.type);

  wire = pg_fuzz_copy_wire (&wire, reader.data, reader.left);
  pg_fuzz_read_forms (&wire, &forms);
  g_free ((gpointer) wire.data);
  return 0;
}
