/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include "pg-test-wire.h"

/* What PostgreSQL 15 shows and sends: TimeZone UTC. */
static const struct
{
  guint32 type;
  const char *text;
  const char *binary;
} cases[] = {
  { PG_OID_RECORD, "(1,x,)", "00000003000000170000000400000001000002c10000000178000002c1ffffffff" },
  { PG_OID_RECORD, "(\"\",\" \",\"a\"\"b\\\\c\",\"(,)\",,t)", "00000006000002c100000000000002c10000000120000002c1000000056122625c63000002c100000003282c29000002c1ffffffff000000100000000101" },
  { PG_OID_RECORD, "()", "00000000" },
  { PG_OID_RECORD, "()", "00000001000002c1ffffffff" },
  { PG_OID_RECORD, "(\"(1,\"\"a,b\"\")\",\"(\"\"(\"\"\"\"x\"\"\"\"\"\"\"\"y\"\"\"\")\"\")\",\"{1,2}\",\"2024-01-01 00:00:00+00\",2024-01-01,1.50)", "00000006000008c90000001b00000002000000170000000400000001000002c100000003612c62000008c90000001b00000001000008c90000000f00000001000002c100000003782279000003ef00000024000000010000000000000017000000020000000100000004000000010000000400000002000004a0000000080002b0d5d4e940000000043a000000040000223e000006a40000000c000200000000000200011388" },
  { PG_OID_RECORD, "(\"{\"\"(1,a)\"\"}\",\"[1,5)\",\"(1,2)\",\"1 mon\",10.0.0.1/8)", "00000005000008ef000000310000000100000000000008c900000001000000010000001900000002000000170000000400000001000002c1000000016100000f4000000011020000000400000001000000040000000500000258000000103ff00000000000004000000000000000000004a200000010000000000000000000000000000000010000036500000008020800040a000001" },
  { PG_OID_RECORD_ARRAY, "{\"(1,a)\",NULL,\"(2,\\\"b c\\\")\"}", "0000000100000001000008c900000003000000010000001900000002000000170000000400000001000002c10000000161ffffffff0000001b00000002000000170000000400000002000002c100000003622063" },
};

static gpointer
read_record (const PgWireValue *wire)
{
  g_autoptr (GError) error = NULL;
  PgRecord *record = pg_codec_to_boxed (wire, PG_TYPE_RECORD, &error);

  g_assert_no_error (error);
  g_assert_nonnull (record);
  return record;
}

static PgRecord *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgRecord *record = pg_record_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (record);
  return record;
}

static void
test_forms (void)
{
  g_test_summary ("The text of a record in binary is PostgreSQL's, and is read again.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) binary = pg_test_wire_binary (cases[i].type, cases[i].binary);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = pg_codec_to_text (binary, &error);
      g_autoptr (GVariant) variant = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, cases[i].text);
      variant = g_variant_ref_sink (pg_codec_to_variant (binary, &error));
      g_assert_no_error (error);
      if (cases[i].type == PG_OID_RECORD)
        {
          g_autoptr (PgRecord) of_binary = read_record (binary);
          g_autoptr (PgRecord) of_text = parse (cases[i].text);
          g_autofree char *shown = pg_record_to_string (of_binary);
          g_autofree char *shown_again = pg_record_to_string (of_text);

          g_assert_cmpstr (g_variant_get_string (variant, NULL), ==, cases[i].text);
          g_assert_cmpstr (shown, ==, cases[i].text);
          g_assert_cmpstr (shown_again, ==, cases[i].text);
        }
      else
        g_assert_cmpstr (g_variant_get_type_string (variant), ==, "ams");
    }
}

static void
test_fields (void)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_binary (cases[0].type, cases[0].binary);
  g_autoptr (PgRecord) record = read_record (wire);
  g_autoptr (PgRecord) untyped = parse (cases[0].text);
  g_auto (GValue) number = G_VALUE_INIT;
  g_auto (GValue) null = G_VALUE_INIT;
  g_auto (GValue) beyond = G_VALUE_INIT;
  g_auto (GValue) string = G_VALUE_INIT;

  g_test_summary ("Fields have types and values if they came in binary, and are text if they came as text.");

  g_assert_cmpuint (pg_record_get_n_fields (record), ==, 3);
  g_assert_cmpuint (pg_record_get_field_type (record, 0), ==, PG_OID_INT4);
  g_assert_cmpuint (pg_record_get_field_type (record, 1), ==, PG_OID_UNKNOWN);
  g_assert_cmpuint (pg_record_get_field_type (record, 3), ==, 0);
  g_assert_false (pg_record_is_null (record, 1));
  g_assert_true (pg_record_is_null (record, 2));
  g_assert_true (pg_record_is_null (record, 3));
  g_assert_cmpstr (pg_record_get_text (record, 1), ==, "x");
  g_assert_null (pg_record_get_text (record, 2));
  g_assert_null (pg_record_get_text (record, 3));
  g_assert_null (pg_record_get_bytes (record, 0));
  g_assert_null (pg_record_get_bytes (record, 3));
  pg_record_get_value (record, 0, &number);
  g_assert_true (G_VALUE_HOLDS_INT (&number));
  g_assert_cmpint (g_value_get_int (&number), ==, 1);
  pg_record_get_value (record, 2, &null);
  g_assert_null (g_value_get_string (&null));
  pg_record_get_value (record, 3, &beyond);
  g_assert_null (g_value_get_string (&beyond));

  g_assert_cmpuint (pg_record_get_n_fields (untyped), ==, 3);
  g_assert_cmpuint (pg_record_get_field_type (untyped, 0), ==, 0);
  pg_record_get_value (untyped, 0, &string);
  g_assert_cmpstr (g_value_get_string (&string), ==, "1");
  g_assert_true (pg_record_is_null (untyped, 2));
}

static void
test_nested (void)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_binary (PG_OID_RECORD, cases[4].binary);
  g_autoptr (PgRecord) record = read_record (wire);
  g_auto (GValue) inner = G_VALUE_INIT;
  g_auto (GValue) array = G_VALUE_INIT;
  g_auto (GValue) word = G_VALUE_INIT;

  g_test_summary ("A record in a record is one, with its types.");

  pg_record_get_value (record, 0, &inner);
  g_assert_true (G_VALUE_HOLDS (&inner, PG_TYPE_RECORD));
  g_assert_cmpuint (pg_record_get_field_type (g_value_get_boxed (&inner), 0), ==, PG_OID_INT4);
  pg_record_get_value (g_value_get_boxed (&inner), 1, &word);
  g_assert_cmpstr (g_value_get_string (&word), ==, "a,b");
  pg_record_get_value (record, 2, &array);
  g_assert_true (G_VALUE_HOLDS (&array, PG_TYPE_ARRAY));
}

/* A type that was made by a user, and one whose text only the server knows. */
static void
test_unknown_types (void)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_binary (PG_OID_RECORD, "00000003" "00004000" "00000002" "00ff" "000008ad" "00000004" "000004eb"
                                                                     "00000017" "00000004" "00000007");
  g_autoptr (PgRecord) record = read_record (wire);
  g_autofree char *text = pg_record_to_string (record);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *text_of_value = pg_codec_to_text (wire, &error);

  g_test_summary ("A field in binary whose type is not known is bytes; the others are there.");

  g_assert_null (text);
  g_assert_null (text_of_value);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_cmpuint (pg_record_get_field_type (record, 0), ==, 16384);
  g_assert_cmpuint (g_bytes_get_size (pg_record_get_bytes (record, 0)), ==, 2);
  g_assert_cmpuint (g_bytes_get_size (pg_record_get_bytes (record, 1)), ==, 4);
  g_assert_cmpstr (pg_record_get_text (record, 2), ==, "7");
  pg_record_get_value (record, 0, &value);
  g_assert_true (G_VALUE_HOLDS (&value, G_TYPE_BYTES));
  g_assert_false (pg_codec_suits_auto (PG_OID_RECORD));
  g_assert_false (pg_codec_suits_auto (PG_OID_RECORD_ARRAY));
  g_assert_true (pg_codec_suits_auto (PG_OID_INT4_ARRAY));
  g_assert_false (pg_codec_suits_auto (PG_OID_MONEY));
  g_assert_false (pg_codec_suits_auto (16384));
}

static void
assert_fails (const PgWireValue *wire)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) value_error = NULL;
  g_autofree char *text = pg_codec_to_text (wire, &error);
  GValue value = G_VALUE_INIT;

  g_assert_null (text);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  if (pg_codec_to_value (wire, &value, &value_error))
    g_value_unset (&value);
  else
    g_assert_error (value_error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_invalid_binary (void)
{
  static const char *const invalid[] = {
    "ffffffff", "00000001", "0000000100000017", "000000010000001700000005" "00000001", "0000000100000017fffffffe" "00000001",
    "00000001000000177fffffff" "00000001", "000000010000001700000003" "000001", "0000000000",
  };

  g_test_summary ("A record that is cut short, too long or lies about its lengths is an error.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_binary (PG_OID_RECORD, invalid[i]);

      g_test_message ("%s", invalid[i]);
      assert_fails (wire);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) whole = pg_test_wire_binary (cases[i].type, cases[i].binary);

      for (gsize length = 0; length < whole->length; length++)
        {
          g_autoptr (PgWireValue) part = pg_test_wire_new (cases[i].type, PG_FORMAT_BINARY, whole->data, length);

          assert_fails (part);
        }
    }
}

/* A record of one field, which is a record, and so on; or with an array between each two. */
static PgWireValue *
make_deep (guint depth, gboolean arrays)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < depth; i++)
    {
      const gboolean array = arrays && i % 2 == 1;
      const guint32 length = GUINT32_TO_BE (bytes->len);
      const guint32 record[] = { GUINT32_TO_BE (1), GUINT32_TO_BE (arrays ? PG_OID_RECORD_ARRAY : PG_OID_RECORD), length };
      const guint32 elements[] = { GUINT32_TO_BE (1), 0, GUINT32_TO_BE (PG_OID_RECORD), GUINT32_TO_BE (1), GUINT32_TO_BE (1), length };

      if (i == 0)
        g_byte_array_append (bytes, (const guint8 *) "\0\0\0", 4);
      else if (array)
        g_byte_array_prepend (bytes, (const guint8 *) elements, sizeof elements);
      else
        g_byte_array_prepend (bytes, (const guint8 *) record, sizeof record);
    }
  return pg_test_wire_new (PG_OID_RECORD, PG_FORMAT_BINARY, bytes->data, bytes->len);
}

static void
test_depth (void)
{
  g_autoptr (PgWireValue) deep = make_deep (8, FALSE);
  g_autoptr (PgWireValue) too_deep = make_deep (10000, FALSE);
  g_autoptr (PgWireValue) too_deep_arrays = make_deep (10001, TRUE);
  g_autofree char *text = pg_codec_to_text (deep, NULL);

  g_test_summary ("How deep records are in one another is limited, as the stack is.");

  g_assert_nonnull (text);
  assert_fails (too_deep);
  assert_fails (too_deep_arrays);
}

static void
test_text (void)
{
  static const struct
  {
    const char *text;
    guint n_fields;
    const char *first; /* NULL: SQL NULL */
    const char *shown; /* NULL: the text itself */
  } texts[] = {
    { "()", 1, NULL, NULL },
    { "(,)", 2, NULL, NULL },
    { "(\"\")", 1, "", NULL },
    { "(a)", 1, "a", NULL },
    { "(a b)", 1, "a b", "(\"a b\")" },
    { "(\"a\"\"b\",c)", 2, "a\"b", NULL },
    { "(\"a\\\\b\")", 1, "a\\b", NULL },
    { "(a\\,b)", 1, "a,b", "(\"a,b\")" },
    { "(\"(1,2)\",)", 2, "(1,2)", NULL },
    { "(ü)", 1, "ü", NULL },
  };
  static const char *const invalid[] = { "", "(", ")", "a", "(a", "(a,", "(a)x", "(a) ", " (a)", "(\"a)", "(a\\", "(a))", "[a]" };

  g_test_summary ("The text of a record is read by PostgreSQL's rules.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PgRecord) record = parse (texts[i].text);
      g_autoptr (PgRecord) again = parse (texts[i].text);
      g_autoptr (PgRecord) ref = pg_record_ref (record);
      g_autofree char *shown = pg_record_to_string (record);

      g_assert_true (ref == record);
      g_assert_cmpuint (pg_record_get_n_fields (record), ==, texts[i].n_fields);
      g_assert_cmpstr (pg_record_get_text (record, 0), ==, texts[i].first);
      g_assert_cmpint (pg_record_is_null (record, 0), ==, texts[i].first == NULL);
      g_assert_cmpstr (shown, ==, texts[i].shown != NULL ? texts[i].shown : texts[i].text);
      g_assert_true (pg_record_equal (record, again));
      g_assert_cmpuint (pg_record_hash (record), ==, pg_record_hash (again));
    }
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgRecord) record = pg_record_parse (invalid[i], &error);

      g_test_message ("%s", invalid[i]);
      g_assert_null (record);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_order (void)
{
  static const char *const texts[] = { "(\"\")", "(a)", "(a,b)", "(a,c)", "(a,)", "(b,a)", "(,a)" };
  /* Records of an int4, which as text would be in another order. */
  g_autoptr (PgWireValue) nine = pg_test_wire_binary (PG_OID_RECORD, "00000001000000170000000400000009");
  g_autoptr (PgWireValue) ten = pg_test_wire_binary (PG_OID_RECORD, "0000000100000017000000040000000a");
  g_autoptr (PgRecord) record_of_nine = read_record (nine);
  g_autoptr (PgRecord) record_of_ten = read_record (ten);

  g_test_summary ("The first field that differs decides, and NULL is last.");

  g_assert_cmpint (pg_record_compare (record_of_nine, record_of_ten), <, 0);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PgRecord) a = parse (texts[i]);
        g_autoptr (PgRecord) b = parse (texts[j]);
        int order = pg_record_compare (a, b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (pg_record_equal (a, b), ==, i == j);
      }
}

static void
test_mutations (void)
{
  const guint rounds = g_test_thorough () ? 5000 : 500;
  guint n_ok = 0, n_failed = 0;

  g_test_summary ("Damaged records give something sound or an error.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint round = 0; round < rounds; round++)
      {
        g_autoptr (PgWireValue) wire = round % 2 == 0 ? pg_test_wire_text (cases[i].type, cases[i].text)
                                                      : pg_test_wire_binary (cases[i].type, cases[i].binary);
        guint8 *data = (guint8 *) wire->data;
        g_autofree char *text = NULL;
        g_autoptr (GError) error = NULL;
        GValue value = G_VALUE_INIT;

        for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
          data[g_test_rand_int_range (0, (gint32) wire->length)] =
            g_test_rand_bit () ? (guint8) g_test_rand_int () : (guint8) "(),\"\\ x\0"[g_test_rand_int_range (0, 8)];
        if (pg_codec_to_value (wire, &value, &error))
          {
            g_assert_no_error (error);
            g_value_unset (&value);
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
      }
  g_assert_cmpuint (n_ok, >, 0);
  g_assert_cmpuint (n_failed, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/record/forms", test_forms);
  g_test_add_func ("/pg/record/fields", test_fields);
  g_test_add_func ("/pg/record/nested", test_nested);
  g_test_add_func ("/pg/record/unknown-types", test_unknown_types);
  g_test_add_func ("/pg/record/invalid-binary", test_invalid_binary);
  g_test_add_func ("/pg/record/depth", test_depth);
  g_test_add_func ("/pg/record/text", test_text);
  g_test_add_func ("/pg/record/order", test_order);
  g_test_add_func ("/pg/record/mutations", test_mutations);

  return g_test_run ();
}
