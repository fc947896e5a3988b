/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <pgconn/pgconn.h>
#include <string.h>

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-encode-private.h>

static char *
to_hex (const GString *bytes)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < bytes->len; i++)
    g_string_append_printf (hex, "%02x", (guchar) bytes->str[i]);
  return g_string_free (hex, FALSE);
}

static char *
decode (guint32 type,
        PgFormat format,
        const GString *bytes)
{
  const PgWireValue wire = {
    .data = (const guint8 *) bytes->str,
    .length = bytes->len,
    .type = type,
    .modifier = -1,
    .format = format,
  };
  g_autoptr (GError) error = NULL;
  char *text = pg_codec_to_text (&wire, &error);

  g_assert_no_error (error);
  return text;
}

static void
assert_encodes (guint32 type,
                const GValue *value,
                PgFormat format,
                const char *text)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *decoded = NULL;

  pg_codec_encode (NULL, type, value, format, bytes, &error);
  g_assert_no_error (error);
  decoded = decode (type, format, bytes);
  g_assert_cmpstr (decoded, ==, text);
}

static void
assert_error (guint32 type,
              const GValue *value,
              PgFormat format,
              int code,
              const char *message)
{
  g_autoptr (GString) bytes = g_string_new ("before");
  g_autoptr (GError) error = NULL;

  g_assert_false (pg_codec_encode (NULL, type, value, format, bytes, &error));
  g_assert_error (error, PG_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpstr (bytes->str, ==, "before");
}

/* Texts as the server writes them, and the binary form in hexadecimal where it is short. */
static const struct
{
  guint32 type;
  const char *text;
  const char *hex;
} forms[] = {
  { PG_OID_BOOL, "t", "01" },
  { PG_OID_BOOL, "f", "00" },
  { PG_OID_INT2, "-32768", "8000" },
  { PG_OID_INT4, "2147483647", "7fffffff" },
  { PG_OID_INT8, "-9223372036854775808", "8000000000000000" },
  { PG_OID_OID, "4294967295", "ffffffff" },
  { PG_OID_XID, "7", "00000007" },
  { PG_OID_CID, "7", "00000007" },
  { PG_OID_XID8, "18446744073709551615", "ffffffffffffffff" },
  { PG_OID_FLOAT4, "0.1", "3dcccccd" },
  { PG_OID_FLOAT4, "NaN", NULL },
  { PG_OID_FLOAT4, "-Infinity", "ff800000" },
  { PG_OID_FLOAT8, "0.1", "3fb999999999999a" },
  { PG_OID_FLOAT8, "-0", "8000000000000000" },
  { PG_OID_FLOAT8, "Infinity", "7ff0000000000000" },
  { PG_OID_FLOAT8, "5e-324", "0000000000000001" },
  { PG_OID_NUMERIC, "0", "0000000000000000" },
  { PG_OID_NUMERIC, "0.00", "0000000000000002" },
  { PG_OID_NUMERIC, "1.500", "000200000000000300011388" },
  { PG_OID_NUMERIC, "-12345678.9", "000300014000000104d2162e2328" },
  { PG_OID_NUMERIC, "0.0001", "0001ffff000000040001" },
  { PG_OID_NUMERIC, "100000000", "00010002000000000001" },
  { PG_OID_NUMERIC, "NaN", "00000000c0000000" },
  { PG_OID_NUMERIC, "Infinity", "00000000d0000000" },
  { PG_OID_NUMERIC, "-Infinity", "00000000f0000000" },
  { PG_OID_TEXT, "ünï", "c3bc6ec3af" },
  { PG_OID_TEXT, "", "" },
  { PG_OID_NAME, "n", "6e" },
  { PG_OID_BPCHAR, "ab   ", "6162202020" },
  { PG_OID_VARCHAR, "v", "76" },
  { PG_OID_CHAR, "x", "78" },
  { PG_OID_CHAR, "\\303", "c3" },
  { PG_OID_JSON, "{\"a\": 1}", "7b2261223a20317d" },
  { PG_OID_JSONB, "1", "0131" },
  { PG_OID_JSONPATH, "$", "0124" },
  { PG_OID_XML, "<a/>", "3c612f3e" },
  { PG_OID_BYTEA, "\\x00ff", "00ff" },
  { PG_OID_BYTEA, "\\x", "" },
  { PG_OID_UUID, "01234567-89ab-cdef-0123-456789abcdef", "0123456789abcdef0123456789abcdef" },
  { PG_OID_DATE, "2000-01-02", "00000001" },
  { PG_OID_DATE, "infinity", "7fffffff" },
  { PG_OID_DATE, "0044-03-15 BC", NULL },
  { PG_OID_TIME, "24:00:00", "000000141dd76000" },
  { PG_OID_TIME, "00:00:00.000001", "0000000000000001" },
  { PG_OID_TIMETZ, "12:00:00+05:30", "0000000a0eebb000ffffb2a8" },
  { PG_OID_TIMETZ, "00:00:00-15:59:59", "00000000000000000000e0ff" },
  { PG_OID_TIMESTAMP, "2000-01-01 00:00:01", "00000000000f4240" },
  { PG_OID_TIMESTAMP, "-infinity", "8000000000000000" },
  { PG_OID_TIMESTAMPTZ, "1999-12-31 23:59:59+00", "fffffffffff0bdc0" },
  { PG_OID_TIMESTAMPTZ, "infinity", "7fffffffffffffff" },
  { PG_OID_INTERVAL, "1 year 2 mons -3 days +04:05:06.7", "000000036c966ee0fffffffd0000000e" },
  { PG_OID_INET, "127.0.0.1", "022000047f000001" },
  { PG_OID_INET, "::1/64", "0340001000000000000000000000000000000001" },
  { PG_OID_CIDR, "10.0.0.0/8", "020801040a000000" },
  { PG_OID_MACADDR, "08:00:2b:01:02:03", "08002b010203" },
  { PG_OID_MACADDR8, "08:00:2b:ff:fe:01:02:03", "08002bfffe010203" },
  { PG_OID_BIT, "101", "00000003a0" },
  { PG_OID_VARBIT, "", "00000000" },
  { PG_OID_VARBIT, "1111111101", "0000000aff40" },
  { PG_OID_POINT, "(1.5,-2)", "3ff8000000000000c000000000000000" },
  { PG_OID_LSEG, "[(1,2),(3,4)]", NULL },
  { PG_OID_BOX, "(3,4),(1,2)", NULL },
  { PG_OID_LINE, "{1,-1,0}", NULL },
  { PG_OID_CIRCLE, "<(1,2),3>", NULL },
  { PG_OID_PATH, "((1,2),(3,4),(5,6))", NULL },
  { PG_OID_PATH, "[(1,2),(3,4)]", NULL },
  { PG_OID_POLYGON, "((0,0),(1,1),(1,0))", NULL },
  { PG_OID_TID, "(42,7)", "0000002a0007" },
  { PG_OID_PG_LSN, "16/B374D848", "00000016b374d848" },
  { PG_OID_PG_SNAPSHOT, "10:20:10,14,15", NULL },
  { PG_OID_TXID_SNAPSHOT, "10:20:", "00000000000000000000000a0000000000000014" },
  { PG_OID_INT2VECTOR, "1 2", "00000001000000000000001500000002" "00000000" "000000020001" "000000020002" },
  { PG_OID_OIDVECTOR, "16", NULL },
  { PG_OID_INT4RANGE, "[1,10)", "02" "0000000400000001" "000000040000000a" },
  { PG_OID_INT4RANGE, "empty", "01" },
  { PG_OID_INT8RANGE, "(,5]", NULL },
  { PG_OID_NUMRANGE, "[1.5,)", NULL },
  { PG_OID_DATERANGE, "[2024-01-01,infinity)", NULL },
  { PG_OID_TSRANGE, "[\"2024-01-01 00:00:00\",\"2024-01-02 00:00:00\")", NULL },
  { PG_OID_TSTZRANGE, "(,)", "18" },
  { PG_OID_INT4MULTIRANGE, "{[1,2),[5,9)}", NULL },
  { PG_OID_NUMMULTIRANGE, "{}", "00000000" },
  { PG_OID_DATEMULTIRANGE, "{[2024-01-01,2024-02-01)}", NULL },
  { PG_OID_INT4_ARRAY, "{1,NULL}", "00000001000000010000001700000002000000010000000400000001ffffffff" },
  { PG_OID_INT4_ARRAY, "{}", "000000000000000000000017" },
  { PG_OID_INT4_ARRAY, "[0:1]={1,2}", NULL },
  { PG_OID_INT8_ARRAY, "[1:2][-5:-4]={{1,2},{3,4}}", NULL },
  { PG_OID_TEXT_ARRAY, "{a,\"b c\",\"\",\"NULL\",NULL,\"x\\\"y\\\\z\",\"{\"}", NULL },
  { PG_OID_TEXT_ARRAY, "{{{{{{a,b}}}}}}", NULL },
  { PG_OID_BOX_ARRAY, "{(3,4),(1,2);(1,1),(0,0)}", NULL },
  { PG_OID_NUMERIC_ARRAY, "{1.50,NaN}", NULL },
  { PG_OID_BYTEA_ARRAY, "{\"\\\\x00ff\",\"\\\\x\"}", NULL },
  { PG_OID_TIMESTAMPTZ_ARRAY, "{\"2024-01-01 00:00:00+00\"}", NULL },
  { PG_OID_UUID_ARRAY, "{01234567-89ab-cdef-0123-456789abcdef}", NULL },
  { PG_OID_INT4RANGE_ARRAY, "{\"[1,2)\",empty}", NULL },
};

/* Of each: the text in binary, and what the decoder makes of it, in both formats. */
static void
test_every_type (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (GString) binary = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_auto (GValue) text = G_VALUE_INIT;
      g_auto (GValue) value = G_VALUE_INIT;
      g_autofree char *decoded = NULL;
      PgWireValue wire = {
        .data = (const guint8 *) forms[i].text,
        .length = strlen (forms[i].text),
        .type = forms[i].type,
        .modifier = -1,
        .format = PG_FORMAT_TEXT,
      };

      g_test_message ("%s: %s", pg_codec_get_name (pg_codec_lookup (forms[i].type)), forms[i].text);
      if (forms[i].type != PG_OID_INT2VECTOR && forms[i].type != PG_OID_OIDVECTOR)
        g_assert_true (pg_codec_can_encode_binary (NULL, forms[i].type));
      g_value_init (&text, G_TYPE_STRING);
      g_value_set_string (&text, forms[i].text);
      assert_encodes (forms[i].type, &text, PG_FORMAT_TEXT, forms[i].text);

      pg_codec_encode (NULL, forms[i].type, &text, PG_FORMAT_BINARY, binary, &error);
      g_assert_no_error (error);
      decoded = decode (forms[i].type, PG_FORMAT_BINARY, binary);
      g_assert_cmpstr (decoded, ==, forms[i].text);
      if (forms[i].hex != NULL)
        {
          g_autofree char *hex = to_hex (binary);

          g_assert_cmpstr (hex, ==, forms[i].hex);
        }

      g_assert_true (pg_codec_to_value (&wire, &value, &error));
      g_assert_no_error (error);
      if (strchr (forms[i].text, '=') != NULL)
        continue; /* a GVariant has no bounds */
      assert_encodes (forms[i].type, &value, PG_FORMAT_TEXT, forms[i].text);
      assert_encodes (forms[i].type, &value, PG_FORMAT_BINARY, forms[i].text);
    }
}

static void
test_every_type_has_an_encoder (void)
{
  static const guint32 text_only[] = { PG_OID_TSVECTOR, PG_OID_TSQUERY };
  guint n = 0;

  for (guint32 type = 1; type < 10000; type++)
    {
      const PgCodec *codec = pg_codec_lookup (type);

      if (codec == NULL || !pg_codec_has_binary (type) || pg_codec_can_encode_binary (NULL, type))
        continue;
      if (type == PG_OID_RECORD || type == PG_OID_RECORD_ARRAY || type == PG_OID_INT2VECTOR || type == PG_OID_OIDVECTOR ||
          type == PG_OID_INT2VECTOR_ARRAY || type == PG_OID_OIDVECTOR_ARRAY)
        continue;
      g_test_message ("%s", pg_codec_get_name (codec));
      g_assert_true (type == text_only[0] || type == text_only[1] || type == PG_OID_TSVECTOR_ARRAY || type == PG_OID_TSQUERY_ARRAY);
      n++;
    }
  g_assert_cmpuint (n, ==, 4);
}

static void
test_long_numeric (void)
{
  g_autoptr (GString) digits = g_string_new ("-");
  g_auto (GValue) value = G_VALUE_INIT;

  for (int i = 0; i < 1000; i++)
    g_string_append_c (digits, (char) ('1' + i % 9));
  g_string_append_c (digits, '.');
  for (int i = 0; i < 1000; i++)
    g_string_append_c (digits, (char) ('1' + i % 9));
  g_value_init (&value, PG_TYPE_NUMERIC);
  g_value_take_boxed (&value, pg_numeric_parse (digits->str, NULL));
  assert_encodes (PG_OID_NUMERIC, &value, PG_FORMAT_BINARY, digits->str);
  assert_encodes (PG_OID_NUMERIC, &value, PG_FORMAT_TEXT, digits->str);
}

typedef struct
{
  GType gtype;
  gint64 number;
  guint32 type;
  const char *text; /* NULL: out of range */
} IntegerCase;

static void
test_integers (void)
{
  const IntegerCase cases[] = {
    { G_TYPE_CHAR, -5, PG_OID_INT2, "-5" },
    { G_TYPE_UCHAR, 255, PG_OID_INT2, "255" },
    { G_TYPE_INT, 32767, PG_OID_INT2, "32767" },
    { G_TYPE_INT, 32768, PG_OID_INT2, NULL },
    { G_TYPE_UINT, G_MAXUINT32, PG_OID_INT8, "4294967295" },
    { G_TYPE_UINT, G_MAXUINT32, PG_OID_INT4, NULL },
    { G_TYPE_LONG, -1, PG_OID_INT4, "-1" },
    { G_TYPE_LONG, -1, PG_OID_OID, NULL },
    { G_TYPE_ULONG, 7, PG_OID_INT4, "7" },
    { G_TYPE_INT64, G_MAXINT64, PG_OID_INT8, "9223372036854775807" },
    { G_TYPE_INT64, G_MAXINT64, PG_OID_NUMERIC, "9223372036854775807" },
    { G_TYPE_INT64, G_MAXUINT32, PG_OID_OID, "4294967295" },
    { G_TYPE_INT64, G_GINT64_CONSTANT (4294967296), PG_OID_OID, NULL },
    { G_TYPE_INT64, G_GINT64_CONSTANT (9007199254740992), PG_OID_FLOAT8, "9.007199254740992e+15" },
    { G_TYPE_INT64, G_GINT64_CONSTANT (9007199254740993), PG_OID_FLOAT8, NULL },
    { G_TYPE_UINT64, -1, PG_OID_XID8, "18446744073709551615" },
    { G_TYPE_UINT64, -1, PG_OID_NUMERIC, "18446744073709551615" },
    { G_TYPE_UINT64, -1, PG_OID_PG_LSN, "FFFFFFFF/FFFFFFFF" },
    { G_TYPE_UINT64, -1, PG_OID_INT8, NULL },
    { G_TYPE_INT, -1, PG_OID_XID8, NULL },
    { G_TYPE_INT, -1, PG_OID_PG_LSN, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const IntegerCase *c = &cases[i];
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) source = G_VALUE_INIT;
      g_autofree char *message = g_strdup_printf ("a value is out of the range of the type %s", pg_codec_get_name (pg_codec_lookup (c->type)));

      g_test_message ("%s %" G_GINT64_FORMAT " as %u", g_type_name (c->gtype), c->number, c->type);
      g_value_init (&value, c->gtype);
      g_value_init (&source, G_TYPE_INT64);
      g_value_set_int64 (&source, c->number);
      g_assert_true (g_value_transform (&source, &value));
      for (PgFormat format = PG_FORMAT_TEXT; format <= PG_FORMAT_BINARY; format++)
        {
          if (c->text != NULL)
            assert_encodes (c->type, &value, format, c->text);
          else
            assert_error (c->type, &value, format, PG_ERROR_DATA, message);
        }
    }
}

static void
test_floats (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) single = G_VALUE_INIT;

  g_value_init (&single, G_TYPE_FLOAT);
  g_value_set_float (&single, 0.1f);
  assert_encodes (PG_OID_FLOAT4, &single, PG_FORMAT_BINARY, "0.1");
  assert_encodes (PG_OID_FLOAT8, &single, PG_FORMAT_BINARY, "0.10000000149011612");
  assert_encodes (PG_OID_NUMERIC, &single, PG_FORMAT_BINARY, "0.1");

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, 0.1);
  assert_encodes (PG_OID_FLOAT4, &value, PG_FORMAT_TEXT, "0.1");
  assert_encodes (PG_OID_NUMERIC, &value, PG_FORMAT_TEXT, "0.1");
  g_value_set_double (&value, 1e300);
  assert_error (PG_OID_FLOAT4, &value, PG_FORMAT_BINARY, PG_ERROR_DATA, "a value is out of the range of the type float4");
  g_value_set_double (&value, 1e-300);
  assert_error (PG_OID_FLOAT4, &value, PG_FORMAT_BINARY, PG_ERROR_DATA, "a value is out of the range of the type float4");
  assert_error (PG_OID_INT4, &value, PG_FORMAT_BINARY, PG_ERROR_PROGRAMMING,
                "a value of the type gdouble cannot be sent as int4 in binary format");
}

static void
test_array (void)
{
  static const char text[] = "[0:1][-2:0]={{2024-01-01,NULL,infinity},{-infinity,2024-02-29,\"0044-03-15 BC\"}}";
  g_auto (GValue) value = G_VALUE_INIT;
  guint32 type = 0;

  g_test_summary ("A PgArray is sent with its bounds.");

  g_value_init (&value, PG_TYPE_ARRAY);
  g_value_take_boxed (&value, pg_array_parse (text, PG_OID_DATE, NULL));
  g_assert_true (pg_value_get_type_oid (NULL, &value, &type, NULL));
  g_assert_cmpuint (type, ==, PG_OID_DATE_ARRAY);
  assert_encodes (PG_OID_DATE_ARRAY, &value, PG_FORMAT_BINARY, text);
  assert_encodes (PG_OID_DATE_ARRAY, &value, PG_FORMAT_TEXT, text);
  g_value_take_boxed (&value, pg_array_parse ("{}", PG_OID_DATE, NULL));
  assert_encodes (PG_OID_DATE_ARRAY, &value, PG_FORMAT_BINARY, "{}");
  assert_encodes (PG_OID_DATE_ARRAY, &value, PG_FORMAT_TEXT, "{}");
}

static void
test_glib_values (void)
{
  g_auto (GValue) date = G_VALUE_INIT;
  g_auto (GValue) date_time = G_VALUE_INIT;
  g_auto (GValue) array = G_VALUE_INIT;
  g_auto (GValue) address = G_VALUE_INIT;
  g_auto (GValue) mask = G_VALUE_INIT;
  g_auto (GValue) strv = G_VALUE_INIT;
  g_auto (GValue) variant = G_VALUE_INIT;
  g_auto (GValue) numeric = G_VALUE_INIT;
  static const char *const strings[] = { "a", "b c", NULL };

  g_value_init (&date, G_TYPE_DATE);
  g_value_take_boxed (&date, g_date_new_dmy (29, G_DATE_FEBRUARY, 2024));
  assert_encodes (PG_OID_DATE, &date, PG_FORMAT_BINARY, "2024-02-29");

  g_value_init (&date_time, G_TYPE_DATE_TIME);
  g_value_take_boxed (&date_time, g_date_time_new_from_iso8601 ("2024-02-29T12:00:00.5+02:00", NULL));
  assert_encodes (PG_OID_TIMESTAMPTZ, &date_time, PG_FORMAT_BINARY, "2024-02-29 10:00:00.5+00");
  assert_encodes (PG_OID_TIMESTAMPTZ, &date_time, PG_FORMAT_TEXT, "2024-02-29 10:00:00.5+00");
  assert_error (PG_OID_TIMESTAMP, &date_time, PG_FORMAT_BINARY, PG_ERROR_DATA, "a value cannot be sent as timestamp: it has a time zone");

  g_value_init (&array, G_TYPE_BYTE_ARRAY);
  g_value_take_boxed (&array, g_byte_array_append (g_byte_array_new (), (const guint8 *) "\0\xff", 2));
  assert_encodes (PG_OID_BYTEA, &array, PG_FORMAT_BINARY, "\\x00ff");

  g_value_init (&address, G_TYPE_INET_ADDRESS);
  g_value_take_object (&address, g_inet_address_new_from_string ("::1"));
  assert_encodes (PG_OID_INET, &address, PG_FORMAT_BINARY, "::1");
  g_value_init (&mask, G_TYPE_INET_ADDRESS_MASK);
  g_value_take_object (&mask, g_inet_address_mask_new_from_string ("10.0.0.0/8", NULL));
  assert_encodes (PG_OID_CIDR, &mask, PG_FORMAT_BINARY, "10.0.0.0/8");

  g_value_init (&strv, G_TYPE_STRV);
  g_value_set_static_boxed (&strv, strings);
  assert_encodes (PG_OID_TEXT_ARRAY, &strv, PG_FORMAT_BINARY, "{a,\"b c\"}");
  assert_encodes (PG_OID_NAME_ARRAY, &strv, PG_FORMAT_TEXT, "{a,\"b c\"}");

  g_value_init (&variant, G_TYPE_VARIANT);
  g_value_take_variant (&variant, g_variant_parse (NULL, "[[1, 2], [3, 40000]]", NULL, NULL, NULL));
  assert_encodes (PG_OID_INT8_ARRAY, &variant, PG_FORMAT_BINARY, "{{1,2},{3,40000}}");
  assert_encodes (PG_OID_NUMERIC_ARRAY, &variant, PG_FORMAT_TEXT, "{{1,2},{3,40000}}");
  assert_error (PG_OID_INT2_ARRAY, &variant, PG_FORMAT_BINARY, PG_ERROR_DATA, "a value is out of the range of the type int2");
  g_value_take_variant (&variant, g_variant_parse (NULL, "[[1, 2], [3]]", NULL, NULL, NULL));
  assert_error (PG_OID_INT2_ARRAY, &variant, PG_FORMAT_BINARY, PG_ERROR_DATA,
                "a value cannot be sent as int2[]: the arrays in it are of different lengths");
  g_value_take_variant (&variant, g_variant_parse (NULL, "[<1>, <[2]>]", NULL, NULL, NULL));
  assert_error (PG_OID_INT2_ARRAY, &variant, PG_FORMAT_BINARY, PG_ERROR_DATA,
                "a value cannot be sent as int2[]: the arrays in it are of different lengths");
  g_value_take_variant (&variant, g_variant_parse (NULL, "[@mi nothing, 5]", NULL, NULL, NULL));
  assert_encodes (PG_OID_INT2_ARRAY, &variant, PG_FORMAT_BINARY, "{NULL,5}");
  g_value_take_variant (&variant, g_variant_parse (NULL, "[@ai []]", NULL, NULL, NULL));
  assert_encodes (PG_OID_INT2_ARRAY, &variant, PG_FORMAT_BINARY, "{}");
  assert_error (PG_OID_INT2, &variant, PG_FORMAT_BINARY, PG_ERROR_PROGRAMMING,
                "a value of the type GVariant cannot be sent as int2 in binary format");

  g_value_init (&numeric, PG_TYPE_NUMERIC);
  g_value_take_boxed (&numeric, pg_numeric_parse ("12", NULL));
  assert_encodes (PG_OID_INT4, &numeric, PG_FORMAT_BINARY, "12");
  g_value_take_boxed (&numeric, pg_numeric_parse ("1.5", NULL));
  assert_error (PG_OID_INT4, &numeric, PG_FORMAT_BINARY, PG_ERROR_DATA, "a value cannot be sent as int4: it is not an integer");
}

static void
test_system_types (void)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_auto (GValue) number = G_VALUE_INIT;
  g_auto (GValue) raw = G_VALUE_INIT;
  g_auto (GValue) text = G_VALUE_INIT;
  g_autofree char *hex = NULL;
  GError *error = NULL;

  g_value_init (&number, G_TYPE_INT64);
  g_value_set_int64 (&number, 1259);
  pg_codec_encode (NULL, PG_OID_REGCLASS, &number, PG_FORMAT_TEXT, bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bytes->str, ==, "1259");
  g_string_truncate (bytes, 0);
  pg_codec_encode (NULL, PG_OID_REGCLASS, &number, PG_FORMAT_BINARY, bytes, &error);
  g_assert_no_error (error);
  pg_codec_encode (NULL, PG_OID_MONEY, &number, PG_FORMAT_BINARY, bytes, &error);
  g_assert_no_error (error);

  /* What nothing is known of has a text, and bytes. */
  g_value_init (&raw, G_TYPE_BYTES);
  g_value_take_boxed (&raw, g_bytes_new_static ("\1\2", 2));
  pg_codec_encode (NULL, 99999, &raw, PG_FORMAT_BINARY, bytes, &error);
  g_assert_no_error (error);
  hex = to_hex (bytes);
  g_assert_cmpstr (hex, ==, "000004eb" "00000000000004eb" "0102");
  g_string_truncate (bytes, 0);
  g_value_init (&text, G_TYPE_STRING);
  g_value_set_string (&text, "anything");
  pg_codec_encode (NULL, 99999, &text, PG_FORMAT_TEXT, bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bytes->str, ==, "anything");

  /* A number of whole units would be meant otherwise. */
  assert_error (PG_OID_MONEY, &number, PG_FORMAT_TEXT, PG_ERROR_PROGRAMMING, "a value of the type gint64 cannot be sent as money");
  assert_error (PG_OID_MONEY, &text, PG_FORMAT_BINARY, PG_ERROR_PROGRAMMING,
                "a value of the type gchararray cannot be sent as money in binary format");
  assert_error (99999, &number, PG_FORMAT_TEXT, PG_ERROR_PROGRAMMING, "a value of the type gint64 cannot be sent as OID 99999");
  assert_error (PG_OID_TSVECTOR, &text, PG_FORMAT_BINARY, PG_ERROR_PROGRAMMING,
                "a value of the type gchararray cannot be sent as tsvector in binary format");
}

static const struct
{
  guint32 type;
  const char *text;
} malformed[] = {
  { PG_OID_INT4, "x" }, { PG_OID_INT4, "" }, { PG_OID_BOOL, "yes" }, { PG_OID_UUID, "0123" }, { PG_OID_UUID, "" }, { PG_OID_UUID, "{" },
  { PG_OID_MACADDR, "08:00:2b:01:02" }, { PG_OID_MACADDR, "" }, { PG_OID_MACADDR, "0:0" }, { PG_OID_TID, "(1,2" }, { PG_OID_TID, "" },
  { PG_OID_TID, "(1,65536)" }, { PG_OID_TID, "(-1,2)" }, { PG_OID_TID, "(1,2)x" }, { PG_OID_PG_LSN, "1" }, { PG_OID_PG_LSN, "1/" },
  { PG_OID_PG_LSN, "100000000/0" }, { PG_OID_PG_SNAPSHOT, "1:2" }, { PG_OID_PG_SNAPSHOT, "1:2:3," }, { PG_OID_PG_SNAPSHOT, "1:2:," },
  { PG_OID_BOX, "(1,2)" }, { PG_OID_BOX, "(1,2),(3,4" }, { PG_OID_BOX, "(1,2),(3,4))" }, { PG_OID_LINE, "{1,2,}" }, { PG_OID_PATH, "" },
  { PG_OID_POLYGON, "((1,2),3)" }, { PG_OID_CIRCLE, "<(1,2),x>" }, { PG_OID_CIRCLE, "((((1,2),3))))" }, { PG_OID_CHAR, "ab" },
  { PG_OID_INT4RANGE, "[1,x)" }, { PG_OID_INT4RANGE, "[1" }, { PG_OID_INT4MULTIRANGE, "{[1,2)" }, { PG_OID_INT4_ARRAY, "{1,{2}}" },
  { PG_OID_INT4_ARRAY, "{1,x}" }, { PG_OID_INET, "1.2.3" }, { PG_OID_CIDR, "10.1.0.0/8" }, { PG_OID_NUMERIC, "1x" },
  { PG_OID_DATE, "2024-02-30" }, { PG_OID_INTERVAL, "soon" }, { PG_OID_BYTEA, "\\x0" }, { PG_OID_BIT, "12" }, { PG_OID_POINT, "(1)" },
};

static void
test_malformed_texts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autoptr (GString) bytes = g_string_new ("before");
      g_autoptr (GError) error = NULL;
      g_auto (GValue) value = G_VALUE_INIT;

      g_test_message ("%u: %s", malformed[i].type, malformed[i].text);
      g_value_init (&value, G_TYPE_STRING);
      g_value_set_static_string (&value, malformed[i].text);
      g_assert_false (pg_codec_encode (NULL, malformed[i].type, &value, PG_FORMAT_BINARY, bytes, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
      g_assert_cmpstr (bytes->str, ==, "before");
    }
}

static void
test_mismatches (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) time = G_VALUE_INIT;
  g_auto (GValue) boolean = G_VALUE_INIT;

  g_value_init (&value, PG_TYPE_RANGE);
  g_value_take_boxed (&value, pg_range_parse ("[1,2)", PG_OID_INT4, NULL));
  assert_error (PG_OID_INT8RANGE, &value, PG_FORMAT_BINARY, PG_ERROR_DATA,
                "a value cannot be sent as int8range: its bounds are of the type int4");
  assert_error (PG_OID_INT8RANGE, &value, PG_FORMAT_TEXT, PG_ERROR_DATA,
                "a value cannot be sent as int8range: its bounds are of the type int4");
  g_value_init (&time, PG_TYPE_TIME);
  g_value_take_boxed (&time, pg_time_parse ("12:00:00", NULL));
  assert_error (PG_OID_TIMETZ, &time, PG_FORMAT_TEXT, PG_ERROR_DATA, "a value cannot be sent as timetz: it has no offset from UTC");
  g_value_init (&boolean, G_TYPE_BOOLEAN);
  for (guint32 type = 1; type < 10000; type++)
    {
      g_autoptr (GString) bytes = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      if (pg_codec_lookup (type) == NULL || type == PG_OID_BOOL)
        continue;
      g_assert_false (pg_codec_encode (NULL, type, &boolean, PG_FORMAT_TEXT, bytes, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
      g_clear_error (&error);
      g_assert_false (pg_codec_encode (NULL, type, &boolean, PG_FORMAT_BINARY, bytes, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
    }
}

static void
test_own_type (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *hex = NULL;
  guint32 type = 0;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 1);
  g_assert_true (pg_value_get_type_oid (NULL, &value, &type, NULL));
  g_assert_cmpuint (type, ==, PG_OID_INT4);
  pg_codec_encode (NULL, 0, &value, PG_FORMAT_BINARY, bytes, &error);
  g_assert_no_error (error);
  hex = to_hex (bytes);
  g_assert_cmpstr (hex, ==, "00000001");

  g_value_unset (&value);
  g_value_init (&value, G_TYPE_OBJECT);
  g_assert_false (pg_value_get_type_oid (NULL, &value, &type, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_PROGRAMMING);
  g_assert_cmpstr (error->message, ==, "a value of the type GObject cannot be sent");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Values to bytes, in text and in binary, of every type");
  g_test_add_func ("/pg/encode/every-type", test_every_type);
  g_test_add_func ("/pg/encode/every-type-has-an-encoder", test_every_type_has_an_encoder);
  g_test_add_func ("/pg/encode/long-numeric", test_long_numeric);
  g_test_add_func ("/pg/encode/integers", test_integers);
  g_test_add_func ("/pg/encode/floats", test_floats);
  g_test_add_func ("/pg/encode/glib-values", test_glib_values);
  g_test_add_func ("/pg/encode/array", test_array);
  g_test_add_func ("/pg/encode/system-types", test_system_types);
  g_test_add_func ("/pg/encode/malformed-texts", test_malformed_texts);
  g_test_add_func ("/pg/encode/mismatches", test_mismatches);
  g_test_add_func ("/pg/encode/own-type", test_own_type);
  return g_test_run ();
}
