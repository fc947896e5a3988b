/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every number in a binary value that says how long or how many: too small, too great, negative, a lie. Each value is at the very end of
 * its memory, so that AddressSanitizer and valgrind see a byte read beyond it. */
#include <pgconn/pgconn.h>

#include "pg-test-values.h"
#include "pg-test-wire.h"
#include <pgconn/types/pg-type-table-private.h>

#define OID_HSTORE 16400

typedef struct
{
  const char *name;
  guint32 type;
  const char *hex;
} Case;

#define INT4_HEADER(dimensions) dimensions "00000000" "00000017"
#define SIZE(n) n "00000001"

static const Case cases[] = {
  { "array/cut-header", PG_OID_INT4_ARRAY, "0000000100000000000000" },
  { "array/negative-dimensions", PG_OID_INT4_ARRAY, INT4_HEADER ("ffffffff") },
  { "array/7-dimensions", PG_OID_INT4_ARRAY, INT4_HEADER ("00000007") SIZE ("00000001") SIZE ("00000001") SIZE ("00000001") SIZE ("00000001") SIZE ("00000001") SIZE ("00000001") SIZE ("00000001") "0000000400000001" },
  { "array/dimensions-that-are-not-there", PG_OID_INT4_ARRAY, INT4_HEADER ("00000002") SIZE ("00000001") },
  { "array/flags", PG_OID_INT4_ARRAY, "00000001" "ffffffff" "00000017" SIZE ("00000001") "0000000400000001" },
  { "array/negative-size", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("ffffffff") },
  { "array/least-size", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("80000000") },
  { "array/size-of-more-than-there-is", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("00000002") "0000000400000001" },
  { "array/size-of-less-than-there-is", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("00000001") "00000004000000010000000400000001" },
  { "array/greatest-size", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("7fffffff") "0000000400000001" },
  { "array/product-of-sizes-is-0-in-32-bits", PG_OID_INT4_ARRAY, INT4_HEADER ("00000002") SIZE ("00010000") SIZE ("00010000") },
  { "array/product-of-sizes-is-0-in-64-bits", PG_OID_INT4_ARRAY, INT4_HEADER ("00000004") SIZE ("00010000") SIZE ("00010000") SIZE ("00010000") SIZE ("00010000") },
  { "array/product-of-sizes-is-1-in-64-bits", PG_OID_INT4_ARRAY, INT4_HEADER ("00000003") SIZE ("7fffffff") SIZE ("7fffffff") SIZE ("7fffffff") "0000000400000001" },
  { "array/bound-beyond-32-bits", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") "000000027fffffff" "00000004000000010000000400000001" },
  { "array/element-of-length--2", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("00000001") "fffffffe" },
  { "array/element-of-least-length", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("00000001") "8000000000000001" },
  { "array/element-longer-than-the-value", PG_OID_TEXT_ARRAY, "00000001" "00000000" "00000019" SIZE ("00000001") "0000000361" "62" },
  { "array/element-of-greatest-length", PG_OID_TEXT_ARRAY, "00000001" "00000000" "00000019" SIZE ("00000001") "7fffffff61" },
  { "array/cut-length-of-an-element", PG_OID_TEXT_ARRAY, "00000001" "00000000" "00000019" SIZE ("00000001") "000000" },
  { "array/element-shorter-than-its-type", PG_OID_INT4_ARRAY, INT4_HEADER ("00000001") SIZE ("00000001") "00000003000001" },
  { "vector/size", PG_OID_INT2VECTOR, "000000010000000000000015" "0000000200000000" "000000020001" },
  { "vector/length-of-an-element", PG_OID_OIDVECTOR, "00000001000000000000001a" "0000000100000000" "7fffffff00000001" },
  { "record/cut-number", PG_OID_RECORD, "000000" },
  { "record/negative-number", PG_OID_RECORD, "ffffffff" },
  { "record/greatest-number", PG_OID_RECORD, "7fffffff" "00000017" "00000004" "00000001" },
  { "record/more-fields-than-there-are", PG_OID_RECORD, "00000002" "00000017" "00000004" "00000001" },
  { "record/less-fields-than-there-are", PG_OID_RECORD, "00000000" "00000017" "00000004" "00000001" },
  { "record/field-of-length--2", PG_OID_RECORD, "00000001" "00000017" "fffffffe" },
  { "record/field-of-greatest-length", PG_OID_RECORD, "00000001" "00000019" "7fffffff" "61" },
  { "record/cut-field", PG_OID_RECORD, "00000001" "00000017" "000000" },
  { "range/no-flags", PG_OID_INT4RANGE, "" },
  { "range/unknown-flags", PG_OID_INT4RANGE, "80" },
  { "range/all-flags", PG_OID_INT4RANGE, "ff" },
  { "range/no-bounds", PG_OID_INT4RANGE, "02" },
  { "range/one-bound-of-two", PG_OID_INT4RANGE, "02" "0000000400000001" },
  { "range/bound-of-length--1", PG_OID_INT4RANGE, "12" "ffffffff" },
  { "range/bound-of-length--2", PG_OID_NUMRANGE, "12" "fffffffe" },
  { "range/bound-of-greatest-length", PG_OID_NUMRANGE, "12" "7fffffff" "0000" },
  { "range/cut-length", PG_OID_INT4RANGE, "12" "0000" },
  { "multirange/no-number", PG_OID_INT4MULTIRANGE, "" },
  { "multirange/negative-number", PG_OID_INT4MULTIRANGE, "ffffffff" },
  { "multirange/greatest-number", PG_OID_INT4MULTIRANGE, "7fffffff" "00000001" "01" },
  { "multirange/more-than-there-are", PG_OID_INT4MULTIRANGE, "00000002" "00000001" "18" },
  { "multirange/less-than-there-are", PG_OID_INT4MULTIRANGE, "00000000" "00000001" "18" },
  { "multirange/negative-length", PG_OID_INT4MULTIRANGE, "00000001" "fffffffe" "18" },
  { "multirange/greatest-length", PG_OID_INT4MULTIRANGE, "00000001" "7fffffff" "18" },
  { "numeric/cut-header", PG_OID_NUMERIC, "00010000000000" },
  { "numeric/more-digits-than-there-are", PG_OID_NUMERIC, "0002" "0000" "0000" "0000" "0001" },
  { "numeric/less-digits-than-there-are", PG_OID_NUMERIC, "0001" "0000" "0000" "0000" "0001" "0001" },
  { "numeric/negative-number-of-digits", PG_OID_NUMERIC, "ffff" "0000" "0000" "0000" },
  { "numeric/scale-beyond-14-bits", PG_OID_NUMERIC, "0001" "0000" "0000" "4000" "0001" },
  { "numeric/negative-scale", PG_OID_NUMERIC, "0001" "0000" "0000" "ffff" "0001" },
  { "numeric/digits-below-the-scale", PG_OID_NUMERIC, "0001" "8000" "0000" "0000" "0001" },
  { "numeric/digit-of-10000", PG_OID_NUMERIC, "0001" "0000" "0000" "0000" "2710" },
  { "numeric/negative-digit", PG_OID_NUMERIC, "0001" "0000" "0000" "0000" "ffff" },
  { "inet/cut-header", PG_OID_INET, "022000" },
  { "inet/length-of-more-than-there-is", PG_OID_INET, "02200004" "010203" },
  { "inet/length-of-less-than-there-is", PG_OID_INET, "02200003" "01020304" },
  { "inet/length-of-the-other-family", PG_OID_INET, "02200010" "00000000000000000000000000000000" },
  { "inet/prefix-longer-than-the-address", PG_OID_INET, "02210004" "01020304" },
  { "inet/prefix-of-255", PG_OID_CIDR, "03ff0110" "00000000000000000000000000000000" },
  { "bit/cut-length", PG_OID_VARBIT, "000000" },
  { "bit/negative-length", PG_OID_VARBIT, "ffffffff" },
  { "bit/least-length", PG_OID_BIT, "80000000" },
  { "bit/greatest-length", PG_OID_VARBIT, "7fffffff" "ff" },
  { "bit/more-than-there-are", PG_OID_VARBIT, "00000009" "ff" },
  { "bit/less-than-there-are", PG_OID_VARBIT, "00000008" "ffff" },
  { "path/greatest-number", PG_OID_PATH, "01" "7fffffff" "00000000000000000000000000000000" },
  { "path/number-whose-bytes-wrap", PG_OID_PATH, "01" "10000001" "00000000000000000000000000000000" },
  { "polygon/negative-number", PG_OID_POLYGON, "ffffffff" "00000000000000000000000000000000" },
  { "polygon/number-whose-bytes-wrap", PG_OID_POLYGON, "10000001" "00000000000000000000000000000000" },
  { "jsonb/no-version", PG_OID_JSONB, "" },
  { "jsonb/other-version", PG_OID_JSONB, "02" "7b7d" },
  { "jsonpath/no-version", PG_OID_JSONPATH, "" },
  { "jsonpath/other-version", PG_OID_JSONPATH, "ff" "24" },
  { "tsvector/cut-number", PG_OID_TSVECTOR, "000000" },
  { "tsvector/negative-number", PG_OID_TSVECTOR, "ffffffff" },
  { "tsvector/greatest-number", PG_OID_TSVECTOR, "7fffffff" "6100" "0000" },
  { "tsvector/lexeme-without-end", PG_OID_TSVECTOR, "00000001" "6162" },
  { "tsvector/no-number-of-positions", PG_OID_TSVECTOR, "00000001" "6100" },
  { "tsvector/more-positions-than-there-are", PG_OID_TSVECTOR, "00000001" "6100" "0002" "0001" },
  { "tsvector/most-positions", PG_OID_TSVECTOR, "00000001" "6100" "ffff" "0001" },
  { "tsquery/negative-number", PG_OID_TSQUERY, "ffffffff" },
  { "tsquery/greatest-number", PG_OID_TSQUERY, "7fffffff" "0100006100" },
  { "tsquery/operand-without-end", PG_OID_TSQUERY, "00000001" "01000061" },
  { "tsquery/less-operands-than-operators-need", PG_OID_TSQUERY, "00000002" "0202" "0100006100" },
  { "snapshot/negative-number", PG_OID_PG_SNAPSHOT, "ffffffff" "0000000000000001" "0000000000000001" },
  { "snapshot/number-whose-bytes-wrap", PG_OID_PG_SNAPSHOT, "20000000" "0000000000000001" "0000000000000001" },
  { "snapshot/more-than-there-are", PG_OID_TXID_SNAPSHOT, "00000001" "0000000000000001" "0000000000000001" },
  { "hstore/cut-number", OID_HSTORE, "000000" },
  { "hstore/negative-number", OID_HSTORE, "ffffffff" },
  { "hstore/greatest-number", OID_HSTORE, "7fffffff" "00000001" "61" "ffffffff" },
  { "hstore/more-than-there-are", OID_HSTORE, "00000002" "00000001" "61" "ffffffff" },
  { "hstore/less-than-there-are", OID_HSTORE, "00000000" "00000001" "61" "ffffffff" },
  { "hstore/key-that-is-null", OID_HSTORE, "00000001" "ffffffff" "00000001" "61" },
  { "hstore/key-of-greatest-length", OID_HSTORE, "00000001" "7fffffff" "61" "ffffffff" },
  { "hstore/value-of-length--2", OID_HSTORE, "00000001" "00000001" "61" "fffffffe" },
  { "hstore/value-of-greatest-length", OID_HSTORE, "00000001" "00000001" "61" "7fffffff" },
};

static PgTypeTable *
make_types (void)
{
  g_autoptr (PgTypeTable) types = pg_type_table_make_own (NULL);
  g_autoptr (PgTypeInfo) hstore = pg_type_info_new_empty (PG_TYPE_KIND_BASE, OID_HSTORE);

  hstore->name = g_strdup ("hstore");
  hstore->schema = g_strdup ("public");
  hstore->sql_name = g_strdup ("hstore");
  hstore->send_function = g_strdup ("hstore_send");
  pg_type_table_add (types, hstore);
  return g_steal_pointer (&types);
}

/* Each way to read it. FALSE if none gives anything. */
static gboolean
read_all (const PgWireValue *wire)
{
  GValue value = G_VALUE_INIT;
  g_autoptr (GError) text_error = NULL;
  g_autoptr (GError) variant_error = NULL;
  g_autoptr (GError) value_error = NULL;
  g_autofree char *text = pg_codec_to_text (wire, &text_error);
  g_autoptr (GVariant) variant = pg_codec_to_variant (wire, &variant_error);
  const gboolean has_value = pg_codec_to_value (wire, &value, &value_error);
  GError *const errors[] = { text_error, variant_error, value_error };
  const gboolean has[] = { text != NULL, variant != NULL, has_value };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_assert_true (has[i] == (errors[i] == NULL));
      if (errors[i] != NULL)
        {
          g_assert_true (errors[i]->domain == PG_ERROR);
          g_assert_true (errors[i]->code == PG_ERROR_DATA || errors[i]->code == PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
        }
    }
  if (has_value)
    g_value_unset (&value);
  return text != NULL || variant != NULL || has_value;
}

static void
test_case (gconstpointer data)
{
  const Case *lie = data;
  g_autoptr (PgTypeTable) types = make_types ();
  g_autoptr (PgWireValue) wire = pg_test_wire_binary (lie->type, lie->hex);

  g_test_summary ("It is an error, and nothing behind the value is read.");

  wire->types = types;
  g_assert_false (read_all (wire));
}

/* Whatever a number in a value that is sound is replaced by. */
static void
test_replaced (void)
{
  static const guint32 numbers[] = { 0, 1, 2, 7, 0xffff, 0x10000, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff };
  const guint step = g_getenv ("PG_TEST_VALGRIND") != NULL ? 5 : 1;
  guint n_errors = 0;

  g_test_summary ("Any number at any place of any value gives something sound or an error.");

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    for (gsize width = 1; width <= 4; width *= 2)
      for (gsize at = 0; at + width <= strlen (pg_test_values[i].binary) / 2; at++)
        for (guint k = 0; k < G_N_ELEMENTS (numbers); k += step)
          {
            g_autoptr (PgWireValue) wire = pg_test_wire_binary (pg_test_values[i].type, pg_test_values[i].binary);

            for (gsize byte = 0; byte < width; byte++)
              ((guint8 *) wire->data)[at + byte] = (guint8) (numbers[k] >> 8 * (width - 1 - byte));
            n_errors += !read_all (wire);
          }
  g_assert_cmpuint (n_errors, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/pg/lengths/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/pg/lengths/replaced", test_replaced);

  return g_test_run ();
}
