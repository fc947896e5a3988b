/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values that are none. What values are: test-codec.c. */
#include <pgconn/pgconn.h>

#include "pg-test-codec.h"
#include "pg-test-values.h"
#include "pg-test-wire.h"
#include <pgconn/types/pg-codec-ops-private.h>

/* The server sends any number of bytes for these, so that a part of a value is a value. */
static gboolean
is_of_any_length (guint32 type)
{
  switch (type)
    {
    case PG_OID_TEXT:
    case PG_OID_VARCHAR:
    case PG_OID_BPCHAR:
    case PG_OID_NAME:
    case PG_OID_JSON:
    case PG_OID_JSONB:
    case PG_OID_BYTEA:
    case PG_OID_XML:
    case PG_OID_JSONPATH:
    case PG_OID_REFCURSOR:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
test_truncated (void)
{
  g_test_summary ("A binary value that is too short or too long is an error.");

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *expected = &pg_test_values[i];
      g_autoptr (PgWireValue) whole = pg_test_wire_binary (expected->type, expected->binary);
      g_autofree char *longer_hex = g_strconcat (expected->binary, "00", NULL);
      g_autoptr (PgWireValue) longer = pg_test_wire_binary (expected->type, longer_hex);

      if (is_of_any_length (expected->type))
        continue;
      for (gsize length = 0; length < whole->length; length++)
        {
          g_autoptr (PgWireValue) part = pg_test_wire_new (expected->type, PG_FORMAT_BINARY, whole->data, length);

          pg_test_assert_all_fail (part);
        }
      pg_test_assert_all_fail (longer);
    }
}

static void
test_invalid_binary (void)
{
  static const PgTestValue invalid[] = {
    { PG_OID_BOOL, "not 0 or 1", "02" },
    { PG_OID_JSONB, "no version", "" },
    { PG_OID_JSONB, "no text", "01" },
    { PG_OID_JSONB, "version 2", "027b7d" },
    { PG_OID_CHAR, "two bytes", "6161" },
    { PG_OID_DATE, "before the calendar", "ffda97a6" },
    { PG_OID_DATE, "after the calendar", "7fda970d" },
    { PG_OID_TIMESTAMP, "before the calendar", "fd0f7cc1411f9fff" },
    { PG_OID_TIMESTAMPTZ, "after the calendar", "7fffff5bb3b2a000" },
    { PG_OID_TIME, "negative", "ffffffffffffffff" },
    { PG_OID_TIME, "after 24:00", "000000141dd76001" },
    { PG_OID_TIMETZ, "after 24:00", "000000141dd7600100000000" },
    { PG_OID_TIMETZ, "16 hours west", "00000000000000000000e100" },
    { PG_OID_TIMETZ, "16 hours east", "0000000000000000ffff1f00" },
    { PG_OID_TIMETZ, "the least offset", "000000000000000080000000" },
    { PG_OID_INET, "family", "0420000401020304" },
    { PG_OID_INET, "prefix", "0221000401020304" },
    { PG_OID_INET, "length of the address", "0220001001020304" },
    { PG_OID_INET, "network", "0220010401020304" },
    { PG_OID_CIDR, "address", "0220000401020304" },
    { PG_OID_CIDR, "bits after the prefix", "0218010401020304" },
    { PG_OID_VARBIT, "negative length", "ffffffff" },
    { PG_OID_VARBIT, "length", "0000000900" },
    { PG_OID_VARBIT, "bits after the end", "0000000701" },
    { PG_OID_PATH, "neither open nor closed", "020000000100000000000000000000000000000000" },
    { PG_OID_PATH, "no points", "0000000000" },
    { PG_OID_POLYGON, "number of points", "0000000200000000000000000000000000000000" },
    { PG_OID_POLYGON, "negative number of points", "ffffffff00000000000000000000000000000000" },
    { PG_OID_JSONPATH, "version 2", "0224" },
    { PG_OID_INT2VECTOR, "two dimensions", "0000000200000000000000150000000100000000000000010000000000000002" "0001" },
    { PG_OID_INT2VECTOR, "of int4", "00000001000000000000001700000001000000000000000400000001" },
    { PG_OID_OIDVECTOR, "NULL", "00000001000000010000001a0000000100000000ffffffff" },
    { PG_OID_PG_SNAPSHOT, "number", "0000000100000000000000010000000000000001" },
    { PG_OID_PG_SNAPSHOT, "first after the last", "000000000000000000000014000000000000000a" },
    { PG_OID_PG_SNAPSHOT, "transaction before the first", "00000001000000000000000a00000000000000140000000000000009" },
    { PG_OID_PG_SNAPSHOT, "transaction after the last", "00000001000000000000000a00000000000000140000000000000015" },
    { PG_OID_PG_SNAPSHOT, "order", "00000002000000000000000a00000000000000140000000000000010000000000000000f" },
    { PG_OID_TXID_SNAPSHOT, "no transaction", "0000000000000000000000000000000000000001" },
    { PG_OID_TXID_SNAPSHOT, "beyond 63 bits", "000000000000000000000001ffffffffffffffff" },
    { PG_OID_TSVECTOR, "negative number", "ffffffff" },
    { PG_OID_TSVECTOR, "number of positions", "0000000161000002000141" },
    { PG_OID_TSVECTOR, "no end of the lexeme", "0000000161626364" },
    { PG_OID_TSQUERY, "negative number", "ffffffff" },
    { PG_OID_TSQUERY, "great number", "7fffffff0100006100" },
    { PG_OID_TSQUERY, "kind", "000000010300006100" },
    { PG_OID_TSQUERY, "weight", "000000010110006100" },
    { PG_OID_TSQUERY, "prefix", "000000010100026100" },
    { PG_OID_TSQUERY, "operator", "0000000202050100006100" },
    { PG_OID_TSQUERY, "one operand of two", "0000000202020100006100" },
    { PG_OID_TSQUERY, "two trees", "0000000201000061000100006100" },
    { PG_OID_TSQUERY, "no operand", "000000010201" },
    { PG_OID_INT4RANGE, "flags", "21" },
    { PG_OID_INT4RANGE, "bounds of the empty range", "010000000400000001" },
    { PG_OID_INT4RANGE, "length of a bound", "12000000030000000001" },
    { PG_OID_INT4RANGE, "negative length of a bound", "12ffffffff" },
    { PG_OID_INT4RANGE, "great length of a bound", "127fffffff00000001" },
    { PG_OID_INT4RANGE, "bound of another length", "1200000003000001" },
    { PG_OID_INT4MULTIRANGE, "great number", "ffffffff0000000118" },
    { PG_OID_INT4MULTIRANGE, "negative length", "00000001ffffffff18" },
    { PG_OID_INT4MULTIRANGE, "range of no length", "0000000100000000" },
    { PG_OID_NUMERIC, "sign", "0001000012340000" "0001" },
    { PG_OID_NUMERIC, "digit 10000", "0001000000000000" "2710" },
    { PG_OID_NUMERIC, "digits of NaN", "00010000c0000000" "0001" },
    { PG_OID_NUMERIC, "scale", "0001000000004000" "0001" },
    { PG_OID_NUMERIC, "digits beyond the scale", "0001ffff00000003" "0001" },
    { PG_OID_NUMERIC, "number of digits", "ffff000000000000" "0001" },
  };

  g_test_summary ("Binary values that the server cannot have sent are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_binary (invalid[i].type, invalid[i].binary);

      g_test_message ("%s: %s", pg_codec_get_name (pg_codec_lookup (invalid[i].type)), invalid[i].text);
      pg_test_assert_all_fail (wire);
    }
}

/* The text of a text value is always to be had; what it cannot be is read as something else. */
static void
test_invalid_text (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
  } invalid[] = {
    { PG_OID_BOOL, "" },
    { PG_OID_BOOL, "true" },
    { PG_OID_BOOL, "x" },
    { PG_OID_INT2, "" },
    { PG_OID_INT2, "-" },
    { PG_OID_INT2, "+7654" },
    { PG_OID_INT2, "7 " },
    { PG_OID_INT2, " 7" },
    { PG_OID_INT2, "32768" },
    { PG_OID_INT2, "-32769" },
    { PG_OID_INT4, "2147483648" },
    { PG_OID_INT4, "-2147483649" },
    { PG_OID_INT4, "1.0" },
    { PG_OID_INT8, "9223372036854775808" },
    { PG_OID_INT8, "-9223372036854775809" },
    { PG_OID_INT8, "18446744073709551617" },
    { PG_OID_INT8, "99999999999999999999999999" },
    { PG_OID_OID, "4294967296" },
    { PG_OID_OID, "-77" },
    { PG_OID_FLOAT4, "1e39" },
    { PG_OID_FLOAT4, "-1e-46" },
    { PG_OID_FLOAT8, "2e-324" },
    { PG_OID_FLOAT8, "" },
    { PG_OID_FLOAT8, "." },
    { PG_OID_FLOAT8, "1e" },
    { PG_OID_FLOAT8, "1e+" },
    { PG_OID_FLOAT8, "0x10" },
    { PG_OID_FLOAT8, "nan" },
    { PG_OID_FLOAT8, "inf" },
    { PG_OID_FLOAT8, "1e309" },
    { PG_OID_FLOAT8, "1,5" },
    { PG_OID_FLOAT8, " 77" },
    { PG_OID_NUMERIC, "" },
    { PG_OID_NUMERIC, "77x" },
    { PG_OID_DATE, "02/29/2024" },
    { PG_OID_DATE, "02-29-2024" },
    { PG_OID_DATE, "29.02.2023" },
    { PG_OID_DATE, "2023-02-29" },
    { PG_OID_TIMESTAMP, "02/29/2024 12:34:56" },
    { PG_OID_TIMESTAMP, "Thu Feb 29 12:34:56 2024 UTC" },
    { PG_OID_TIMESTAMP, "2024-02-29 12:34:56+00" },
    { PG_OID_TIMESTAMPTZ, "2024-02-29 12:34:56" },
    { PG_OID_TIMESTAMPTZ, "Thu Feb 29 12:34:56 2024 CET" },
    { PG_OID_TIME, "24:00:01" },
    { PG_OID_TIME, "12:34:56+00" },
    { PG_OID_TIMETZ, "12:34:56" },
    { PG_OID_TIMETZ, "12:34:56+16" },
    { PG_OID_INTERVAL, "1 fortnight" },
    { PG_OID_INET, "10.0.0" },
    { PG_OID_CIDR, "10.0.0.1/8" },
    { PG_OID_VARBIT, "01012" },
    { PG_OID_POINT, "(1;2)" },
    { PG_OID_INT4RANGE, "[1,2" },
    { PG_OID_INT4RANGE, "[1,2)x" },
    { PG_OID_INT4MULTIRANGE, "{[1,2)[3,4)}" },
    { PG_OID_XID, "4294967296" },
    { PG_OID_XID8, "18446744073709551616" },
    { PG_OID_XID8, "" },
    { PG_OID_XID8, "-1" },
    { PG_OID_INT2VECTOR, "1  2" },
    { PG_OID_INT2VECTOR, "1 2 " },
    { PG_OID_INT2VECTOR, "1 32768" },
    { PG_OID_OIDVECTOR, "-1 77" },
    { PG_OID_BYTEA, "\\x123" },
    { PG_OID_BYTEA, "\\xzz" },
    { PG_OID_BYTEA, "abc\\" },
    { PG_OID_BYTEA, "abc\\12" },
    { PG_OID_BYTEA, "abc\\400" },
    { PG_OID_BYTEA, "abc\\181" },
  };

  g_test_summary ("Texts that are no value of their type are errors that name the type and not the value.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (invalid[i].type, invalid[i].text);
      GValue value = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s: %s", pg_codec_get_name (pg_codec_lookup (invalid[i].type)), invalid[i].text);
      g_assert_false (pg_codec_to_value (wire, &value, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpuint (G_VALUE_TYPE (&value), ==, 0);
      g_assert_nonnull (strstr (error->message, pg_codec_get_name (pg_codec_lookup (invalid[i].type))));
      /* Nothing of the value. */
      if (strlen (invalid[i].text) > 4)
        g_assert_null (strstr (error->message, invalid[i].text));
    }
}

static void
test_text_is_utf8 (void)
{
  static const char *const invalid[] = { "\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80" };
  static const guint32 types[] = { PG_OID_TEXT, PG_OID_JSON, PG_OID_POINT, 16384, PG_OID_INT4 };
  g_autoptr (PgWireValue) zero = pg_test_wire_new (PG_OID_TEXT, PG_FORMAT_BINARY, "a\0b", 3);
  g_autoptr (PgWireValue) zero_jsonb = pg_test_wire_new (PG_OID_JSONB, PG_FORMAT_BINARY, "\1a\0b", 4);

  g_test_summary ("No string is made of bytes that are not UTF-8 or have a zero byte.");

  pg_test_assert_all_fail (zero);
  pg_test_assert_all_fail (zero_jsonb);
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    for (guint t = 0; t < G_N_ELEMENTS (types); t++)
      {
        g_autoptr (PgWireValue) wire = pg_test_wire_text (types[t], invalid[i]);
        g_autoptr (GError) error = NULL;
        g_autofree char *text = pg_codec_to_text (wire, &error);

        g_assert_null (text);
        g_assert_error (error, PG_ERROR, PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE);
      }

  /* The bytes are there for who wants them. */
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (PG_OID_TEXT, invalid[i]);
      g_autoptr (GBytes) bytes = pg_codec_to_bytes (wire, NULL);

      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), invalid[i], strlen (invalid[i]));
    }
}

/* Whatever bytes come, a conversion gives something sound or an error. */
static void
test_mutations (void)
{
  const guint rounds = g_getenv ("PG_TEST_VALGRIND") != NULL ? 20 : g_test_thorough () ? 2000 : 200;
  guint n_ok = 0, n_failed = 0;

  g_test_summary ("Damaged values give something sound or an error.");

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    for (guint round = 0; round < rounds; round++)
      {
        g_autoptr (PgWireValue) wire =
          round % 2 == 0 ? pg_test_wire_text (pg_test_values[i].type, pg_test_values[i].text)
                         : pg_test_wire_binary (pg_test_values[i].type, pg_test_values[i].binary);
        guint8 *data = (guint8 *) wire->data;
        g_autoptr (GError) error = NULL;
        g_autoptr (GVariant) variant = NULL;
        g_autofree char *text = NULL;
        GValue value = G_VALUE_INIT;

        if (wire->length == 0)
          continue;
        for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
          data[g_test_rand_int_range (0, (gint32) wire->length)] =
            g_test_rand_bit () ? (guint8) g_test_rand_int () : (guint8) "{}[]:,\"\\-+. 09nN"[g_test_rand_int_range (0, 16)];

        variant = pg_codec_to_variant (wire, &error);
        if (variant != NULL)
          {
            g_assert_no_error (error);
            g_assert_true (g_variant_is_normal_form (g_variant_ref_sink (variant)));
            n_ok++;
          }
        else
          {
            g_assert_nonnull (error);
            g_assert_true (error->domain == PG_ERROR);
            n_failed++;
          }
        text = pg_codec_to_text (wire, NULL);
        g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
        if (pg_codec_to_value (wire, &value, NULL))
          g_value_unset (&value);
      }
  g_assert_cmpuint (n_ok, >, 0);
  g_assert_cmpuint (n_failed, >, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/codec-invalid/truncated", test_truncated);
  g_test_add_func ("/pg/codec-invalid/invalid-binary", test_invalid_binary);
  g_test_add_func ("/pg/codec-invalid/invalid-text", test_invalid_text);
  g_test_add_func ("/pg/codec-invalid/text-is-utf8", test_text_is_utf8);
  g_test_add_func ("/pg/codec-invalid/mutations", test_mutations);
  return g_test_run ();
}
