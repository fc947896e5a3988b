/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <math.h>

#include "pg-test-codec.h"
#include "pg-test-values.h"
#include "pg-test-wire.h"
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-column-codec-private.h>

/* Of the same kind and equal. */
static gboolean
values_are_equal (const GValue *a, const GValue *b)
{
  if (G_VALUE_TYPE (a) != G_VALUE_TYPE (b))
    return FALSE;
  if (G_VALUE_HOLDS (a, PG_TYPE_NUMERIC))
    return pg_numeric_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_DATE))
    return pg_date_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_TIME))
    return pg_time_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_INTERVAL))
    return pg_interval_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_INET))
    return pg_inet_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_BIT_STRING))
    return pg_bit_string_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_RANGE))
    return pg_range_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_MULTIRANGE))
    return pg_multirange_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_ARRAY))
    return pg_array_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_POINT))
    return pg_point_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, PG_TYPE_TIMESTAMP))
    return pg_timestamp_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS (a, G_TYPE_BYTES))
    return g_bytes_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  if (G_VALUE_HOLDS_VARIANT (a))
    return g_variant_equal (g_value_get_variant (a), g_value_get_variant (b));
  if (G_VALUE_HOLDS_STRING (a))
    return g_str_equal (g_value_get_string (a), g_value_get_string (b));
  if (G_VALUE_HOLDS_DOUBLE (a))
    {
      double x = g_value_get_double (a), y = g_value_get_double (b);

      /* NaN, too, and the sign of zero. */
      return memcmp (&x, &y, sizeof x) == 0 || (x != x && y != y);
    }
  if (G_VALUE_HOLDS_INT64 (a))
    return g_value_get_int64 (a) == g_value_get_int64 (b);
  if (G_VALUE_HOLDS_UINT64 (a))
    return g_value_get_uint64 (a) == g_value_get_uint64 (b);
  if (G_VALUE_HOLDS_UINT (a))
    return g_value_get_uint (a) == g_value_get_uint (b);
  if (G_VALUE_HOLDS_BOOLEAN (a))
    return g_value_get_boolean (a) == g_value_get_boolean (b);
  g_assert_true (G_VALUE_HOLDS_INT (a));
  return g_value_get_int (a) == g_value_get_int (b);
}

static void
test_table (void)
{
  g_test_summary ("Each type of the table is found by its OID, with its array.");

  for (guint i = 0; i < pg_n_codecs; i++)
    {
      const PgCodec *codec = &pg_codecs[i];

      if (i > 0)
        g_assert_cmpuint (codec->oid, >, pg_codecs[i - 1].oid);
      g_assert_true (pg_codec_lookup (codec->oid) == codec);
      if (codec->array != 0)
        {
          const PgCodec *array = pg_codec_lookup (codec->array);
          g_autofree char *name = g_strconcat (codec->name, "[]", NULL);

          g_assert_nonnull (array);
          g_assert_cmpuint (array->element, ==, codec->oid);
          g_assert_cmpstr (pg_codec_get_name (array), ==, name);
          g_assert_true (pg_codec_has_binary (codec->array) == pg_codec_has_binary (codec->oid));
          g_assert_cmpuint (pg_codec_get_value_type (codec->array), ==, PG_TYPE_ARRAY);
        }
      /* A codec that cannot say what its variant is could not be in an array. */
      if (codec->ops != NULL && codec->element == 0)
        g_assert_true (g_variant_type_string_is_valid (codec->ops->variant_type));
      if (codec->ops != NULL)
        g_assert_true ((codec->ops->get_value_type == NULL) == (codec->ops->to_value == NULL));
    }

  g_assert_null (pg_codec_lookup (0));
  g_assert_null (pg_codec_lookup (1));
  g_assert_null (pg_codec_lookup (pg_codecs[pg_n_codecs - 1].oid + 1));
  g_assert_null (pg_codec_lookup (16384));
  g_assert_null (pg_codec_lookup (G_MAXUINT32));

  g_assert_cmpuint (PG_OID_BOX_ARRAY, ==, 1020);
  g_assert_cmpint (pg_codec_lookup (PG_OID_BOX)->delimiter, ==, ';');
  g_assert_cmpstr (pg_codec_get_name (pg_codec_lookup (PG_OID_CHAR)), ==, "\"char\"");
}

/* What each known value is in all forms, from both formats. */
static void
test_forms (void)
{
  g_test_summary ("Values have the same text, GVariant and GValue from both formats, and the text is the server's.");

  for (guint i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *expected = &pg_test_values[i];
      g_autoptr (PgWireValue) text = pg_test_wire_text (expected->type, expected->text);
      g_autoptr (PgWireValue) binary = pg_test_wire_binary (expected->type, expected->binary);
      g_autoptr (GError) error = NULL;
      g_autofree char *text_of_text = pg_codec_to_text (text, &error);
      g_autofree char *text_of_binary = NULL;
      g_autoptr (GVariant) variant_of_text = NULL;
      g_autoptr (GVariant) variant_of_binary = NULL;
      g_auto (GValue) value_of_text = G_VALUE_INIT;
      g_auto (GValue) value_of_binary = G_VALUE_INIT;
      g_autofree char *print_of_text = NULL;
      g_autofree char *print_of_binary = NULL;

      g_assert_no_error (error);
      text_of_binary = pg_codec_to_text (binary, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text_of_text, ==, expected->text);
      g_assert_cmpstr (text_of_binary, ==, expected->text);

      variant_of_text = pg_codec_to_variant (text, &error);
      g_assert_no_error (error);
      g_assert_true (g_variant_is_floating (variant_of_text));
      g_variant_ref_sink (variant_of_text);
      variant_of_binary = g_variant_ref_sink (pg_codec_to_variant (binary, &error));
      g_assert_no_error (error);
      /* Printed, as NaN is not equal to itself. */
      print_of_text = g_variant_print (variant_of_text, TRUE);
      print_of_binary = g_variant_print (variant_of_binary, TRUE);
      g_assert_cmpstr (print_of_text, ==, print_of_binary);

      g_assert_true (pg_codec_to_value (text, &value_of_text, &error));
      g_assert_no_error (error);
      g_assert_true (pg_codec_to_value (binary, &value_of_binary, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (G_VALUE_TYPE (&value_of_text), ==, pg_codec_get_value_type (expected->type));
      g_assert_true (values_are_equal (&value_of_text, &value_of_binary));
      if (G_VALUE_HOLDS_BOXED (&value_of_binary) && !G_VALUE_HOLDS (&value_of_binary, G_TYPE_BYTES))
        {
          g_auto (GValue) string = G_VALUE_INIT;

          g_value_init (&string, G_TYPE_STRING);
          g_assert_true (g_value_transform (&value_of_binary, &string));
          g_assert_cmpstr (g_value_get_string (&string), ==, expected->text);
        }
    }
}

/* Engines of scripts may have values of other types in the bits of another one. */
static void
test_nan_bits (void)
{
  static const struct
  {
    guint32 type;
    const char *binary;
  } cases[] = {
    { PG_OID_FLOAT8, "fff8000000000000" }, { PG_OID_FLOAT8, "7ff8000000000001" }, { PG_OID_FLOAT8, "7ff0000000000001" }, { PG_OID_FLOAT8, "fffb000012345678" },
    { PG_OID_FLOAT4, "ffc00000" },         { PG_OID_FLOAT4, "7fc00001" },         { PG_OID_FLOAT4, "7f800001" },         { PG_OID_FLOAT4, "ffffffff" },
  };
  const double nan = (double) NAN;

  g_test_summary ("Whatever bits a NaN has, it is read as one and the same.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_binary (cases[i].type, cases[i].binary);
      g_autoptr (GError) error = NULL;
      PgColumnCodec codec;
      double d;

      g_assert_true (pg_codec_to_double (wire, &d, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (&d, sizeof d, &nan, sizeof nan);

      g_assert_true (pg_column_codec_init (&codec, cases[i].type, PG_FORMAT_BINARY, PG_COLUMN_DOUBLE, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (codec.decode (&wire->data, &wire->length, 1, &d), ==, 1);
      g_assert_cmpmem (&d, sizeof d, &nan, sizeof nan);
    }
}

/* What only the server can make the text of. */
static void
test_text_only (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
    const char *binary;
    gint64 integer;
  } cases[] = {
    { PG_OID_MONEY, "-$1,234.56", "fffffffffffe1dc0", -123456 },
    { PG_OID_REGCLASS, "pg_class", "000004eb", 1259 },
    { PG_OID_REGTYPE, "integer", "00000017", 23 },
  };

  g_test_summary ("Of money and of names of the catalogue the text format is the text, and the binary format an integer.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) text = pg_test_wire_text (cases[i].type, cases[i].text);
      g_autoptr (PgWireValue) binary = pg_test_wire_binary (cases[i].type, cases[i].binary);
      g_autoptr (PgWireValue) part = pg_test_wire_new (cases[i].type, PG_FORMAT_BINARY, binary->data, binary->length - 1);
      g_autofree char *string = pg_codec_to_text (text, NULL);
      g_autoptr (GBytes) bytes = pg_codec_to_bytes (binary, NULL);
      g_auto (GValue) value = G_VALUE_INIT;
      gint64 integer = 0;
      g_autoptr (GError) text_error = NULL;
      g_autoptr (GError) part_error = NULL;

      g_assert_false (pg_codec_has_binary (cases[i].type));
      g_assert_cmpstr (string, ==, cases[i].text);
      g_assert_true (pg_codec_to_value (text, &value, NULL));
      g_assert_cmpstr (g_value_get_string (&value), ==, cases[i].text);
      g_assert_false (pg_codec_to_int64 (text, &integer, &text_error));
      g_assert_error (text_error, PG_ERROR, PG_ERROR_DATA);

      g_assert_true (pg_codec_to_int64 (binary, &integer, NULL));
      g_assert_cmpint (integer, ==, cases[i].integer);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), binary->data, binary->length);
      pg_test_assert_all_fail (binary);
      g_assert_false (pg_codec_to_int64 (part, &integer, &part_error));
      g_assert_error (part_error, PG_ERROR, PG_ERROR_DATA);
    }
}

/* How deep it is, is what the server says. */
static void
test_deep_tsquery (void)
{
  const guint n = 200000;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const guint32 n_items = GUINT32_TO_BE (n + 1);
  g_autoptr (PgWireValue) wire = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A tsquery that is very deep takes no stack.");

  g_byte_array_append (bytes, (const guint8 *) &n_items, 4);
  for (guint i = 0; i < n; i++)
    g_byte_array_append (bytes, (const guint8 *) "\2\1", 2);
  g_byte_array_append (bytes, (const guint8 *) "\1\0\0a", 5);
  wire = pg_test_wire_new (PG_OID_TSQUERY, PG_FORMAT_BINARY, bytes->data, bytes->len);
  text = pg_codec_to_text (wire, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (text), ==, n + 3);
}

typedef struct
{
  guint32 type;
  const char *text;
  gboolean ok;
  gint64 integer;
} IntegerCase;

static void
test_to_int64 (void)
{
  static const IntegerCase cases[] = {
    { PG_OID_INT2, "-32768", TRUE, G_MININT16 },
    { PG_OID_INT4, "2147483647", TRUE, G_MAXINT32 },
    { PG_OID_INT8, "-9223372036854775808", TRUE, G_MININT64 },
    { PG_OID_INT8, "9007199254740993", TRUE, G_GINT64_CONSTANT (9007199254740993) },
    { PG_OID_OID, "4294967295", TRUE, G_MAXUINT32 },
    { PG_OID_XID, "4294967295", TRUE, G_MAXUINT32 },
    { PG_OID_XID8, "9223372036854775807", TRUE, G_MAXINT64 },
    { PG_OID_XID8, "9223372036854775808", FALSE, 0 },
    { PG_OID_NUMERIC, "12.000", TRUE, 12 },
    { PG_OID_NUMERIC, "-9223372036854775808", TRUE, G_MININT64 },
    { PG_OID_NUMERIC, "9223372036854775808", FALSE, 0 },
    { PG_OID_NUMERIC, "12.5", FALSE, 0 },
    { PG_OID_NUMERIC, "NaN", FALSE, 0 },
    { PG_OID_FLOAT8, "1", FALSE, 0 },
    { PG_OID_BOOL, "t", FALSE, 0 },
    { PG_OID_TEXT, "1", FALSE, 0 },
    { PG_OID_INT4_ARRAY, "{1}", FALSE, 0 },
    { 16384, "1", FALSE, 0 },
  };

  g_test_summary ("Integers are read as 64 bits, and a numeric if it is an integer in range.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (cases[i].type, cases[i].text);
      g_autoptr (GError) error = NULL;
      gint64 out = 0;

      g_assert_true (pg_codec_to_int64 (wire, &out, &error) == cases[i].ok);
      if (cases[i].ok)
        g_assert_no_error (error);
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpint (out, ==, cases[i].integer);
    }
}

static void
test_to_double (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
    gboolean ok;
    double number;
  } cases[] = {
    { PG_OID_FLOAT8, "0.1", TRUE, 0.1 },
    { PG_OID_FLOAT4, "0.1", TRUE, (double) 0.1f },
    { PG_OID_FLOAT8, "-1e-300", TRUE, -1e-300 },
    { PG_OID_INT4, "-7", TRUE, -7 },
    { PG_OID_INT8, "9007199254740992", TRUE, 9007199254740992.0 },
    { PG_OID_INT8, "-9007199254740992", TRUE, -9007199254740992.0 },
    { PG_OID_INT8, "9007199254740993", FALSE, 0 },
    { PG_OID_INT8, "-9007199254740993", FALSE, 0 },
    { PG_OID_NUMERIC, "1", FALSE, 0 },
    { PG_OID_TEXT, "1", FALSE, 0 },
  };

  g_test_summary ("Floating-point numbers and integers up to 2^53 are read as double, a numeric is not.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (cases[i].type, cases[i].text);
      g_autoptr (GError) error = NULL;
      double out = 0;

      g_assert_true (pg_codec_to_double (wire, &out, &error) == cases[i].ok);
      if (cases[i].ok)
        g_assert_no_error (error);
      else
        g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpfloat (out, ==, cases[i].number);
    }
}

static void
test_to_others (void)
{
  g_autoptr (PgWireValue) boolean = pg_test_wire_text (PG_OID_BOOL, "t");
  g_autoptr (PgWireValue) integer = pg_test_wire_text (PG_OID_INT8, "-9223372036854775808");
  g_autoptr (PgWireValue) date = pg_test_wire_text (PG_OID_DATE, "2024-02-29");
  g_autoptr (PgWireValue) with_zone = pg_test_wire_text (PG_OID_TIMESTAMPTZ, "2024-02-29 13:34:56+01");
  g_autoptr (PgWireValue) jsonb = pg_test_wire_binary (PG_OID_JSONB, "015b5d");
  g_autoptr (PgNumeric) numeric_of_integer = pg_codec_to_numeric (integer, NULL);
  g_autoptr (PgDate) date_of_date = pg_codec_to_date (date, NULL);
  g_autoptr (PgTimestamp) timestamp = pg_codec_to_timestamp (with_zone, NULL);
  g_autoptr (GBytes) bytes = pg_codec_to_bytes (jsonb, NULL);
  g_autofree char *numeric_text = pg_numeric_to_string (numeric_of_integer);
  g_autofree char *timestamp_text = pg_timestamp_to_string (timestamp);
  g_autoptr (GError) error = NULL;
  gboolean b = FALSE;

  g_test_summary ("Each getter takes the types that hold what it gives, and says which type it was given otherwise.");

  g_assert_true (pg_codec_to_boolean (boolean, &b, NULL));
  g_assert_true (b);
  g_assert_cmpstr (numeric_text, ==, "-9223372036854775808");
  g_assert_cmpint (pg_date_get_days (date_of_date), ==, 8825);
  g_assert_cmpstr (timestamp_text, ==, "2024-02-29 12:34:56+00");
  g_assert_true (pg_timestamp_has_time_zone (timestamp));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "[]", 2);

  g_assert_false (pg_codec_to_boolean (integer, &b, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "int8"));
  g_clear_error (&error);
  g_assert_null (pg_codec_to_numeric (date, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (pg_codec_to_date (with_zone, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (pg_codec_to_timestamp (date, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (pg_codec_to_bytes (integer, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_no_codec (void)
{
  static const guint32 types[] = { PG_OID_ACLITEM, 16384 };

  g_test_summary ("A type without codec is its text, or its bytes.");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (PgWireValue) text = pg_test_wire_text (types[i], "(1,2)");
      g_autoptr (PgWireValue) binary = pg_test_wire_binary (types[i], "00ff");
      g_autofree char *string = pg_codec_to_text (text, NULL);
      g_autoptr (GVariant) variant = g_variant_ref_sink (pg_codec_to_variant (text, NULL));
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GBytes) bytes = pg_codec_to_bytes (binary, NULL);
      g_autoptr (GBytes) no_bytes = pg_codec_to_bytes (text, NULL);

      g_assert_false (pg_codec_has_binary (types[i]));
      g_assert_cmpuint (pg_codec_get_value_type (types[i]), ==, G_TYPE_STRING);
      g_assert_cmpstr (string, ==, "(1,2)");
      g_assert_cmpstr (g_variant_get_string (variant, NULL), ==, "(1,2)");
      g_assert_true (pg_codec_to_value (text, &value, NULL));
      g_assert_cmpstr (g_value_get_string (&value), ==, "(1,2)");
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\xff", 2);
      g_assert_null (no_bytes);
      pg_test_assert_all_fail (binary);
    }
}

static void
test_bytea (void)
{
  static const struct
  {
    const char *text;
    const char *bytes;
    gsize length;
  } forms[] = {
    { "", "", 0 },
    { "\\x", "", 0 },
    { "\\x00Ff", "\0\xff", 2 },
    { "abc", "abc", 3 },
    { "a\\\\b\\000\\377\\134", "a\\b\0\xff\\", 6 },
    { "x", "x", 1 },
  };

  g_test_summary ("Both text forms of bytea are read.");

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (PG_OID_BYTEA, forms[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = pg_codec_to_bytes (wire, &error);
      g_autoptr (GVariant) variant = g_variant_ref_sink (pg_codec_to_variant (wire, NULL));

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), forms[i].bytes, forms[i].length);
      g_assert_cmpstr (g_variant_get_type_string (variant), ==, "ay");
      g_assert_cmpuint (g_variant_get_size (variant), ==, forms[i].length);
    }
}

/* "char" is a byte and not a character; newer servers show what is not ASCII as this does. */
static void
test_char (void)
{
  static const PgTestValue values[] = {
    { PG_OID_CHAR, "a", "61" }, { PG_OID_CHAR, "\\", "5c" }, { PG_OID_CHAR, "", "00" }, { PG_OID_CHAR, "\\377", "ff" },
  };

  g_test_summary ("The type \"char\" is a byte, the same in both formats.");

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_binary (PG_OID_CHAR, values[i].binary);
      g_autoptr (PgWireValue) text_wire = pg_test_wire_text (PG_OID_CHAR, values[i].text);
      g_autofree char *text = pg_codec_to_text (wire, NULL);
      g_autoptr (GBytes) bytes = pg_codec_to_bytes (wire, NULL);
      g_autoptr (GBytes) bytes_of_text = pg_codec_to_bytes (text_wire, NULL);

      g_assert_cmpstr (text, ==, values[i].text);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), wire->data, 1);
      g_assert_true (g_bytes_equal (bytes, bytes_of_text));
    }
}

/* Whatever way is taken to know it, text is what GLib says is UTF-8: each byte, at each place of short and longer texts. */
static void
test_text_bytes (void)
{
  for (gsize length = 1; length <= 18; length++)
    for (gsize place = 0; place < length; place++)
      for (guint byte = 0; byte < 256; byte++)
        {
          guint8 data[19] = "";
          PgWireValue wire = { data, length, PG_OID_TEXT, -1, PG_FORMAT_TEXT };
          gboolean expected;

          memset (data, 'x', length);
          data[place] = (guint8) byte;
          expected = g_utf8_validate_len ((const char *) data, length, NULL);
          if (pg_codec_check_text (&wire, data, length, NULL) != expected)
            {
              g_test_message ("byte %u at %zu of %zu", byte, place, length);
              g_test_fail ();
            }
        }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/codec/table", test_table);
  g_test_add_func ("/pg/codec/forms", test_forms);
  g_test_add_func ("/pg/codec/to-int64", test_to_int64);
  g_test_add_func ("/pg/codec/to-double", test_to_double);
  g_test_add_func ("/pg/codec/to-others", test_to_others);
  g_test_add_func ("/pg/codec/nan-bits", test_nan_bits);
  g_test_add_func ("/pg/codec/no-codec", test_no_codec);
  g_test_add_func ("/pg/codec/text-only", test_text_only);
  g_test_add_func ("/pg/codec/deep-tsquery", test_deep_tsquery);
  g_test_add_func ("/pg/codec/bytea", test_bytea);
  g_test_add_func ("/pg/codec/char", test_char);
  g_test_add_func ("/pg/codec/text-bytes", test_text_bytes);

  return g_test_run ();
}
