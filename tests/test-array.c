/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include "pg-test-wire.h"
#include <pgconn/types/pg-array-private.h>

static char *
print (const PgWireValue *wire)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = pg_codec_to_variant (wire, &error);
  g_autofree char *printed = NULL;

  g_assert_no_error (error);
  g_variant_ref_sink (variant);
  printed = g_variant_print (variant, FALSE);
  return g_strconcat (g_variant_get_type_string (variant), " ", printed, NULL);
}

static void
test_text (void)
{
  static const struct
  {
    guint32 type;
    const char *text;
    const char *variant;
  } cases[] = {
    { PG_OID_INT4_ARRAY, "{}", "ami []" },
    { PG_OID_TEXT_ARRAY, "{}", "ams []" },
    { PG_OID_BYTEA_ARRAY, "{}", "amay []" },
    { PG_OID_INT4_ARRAY, "{1,-2,NULL}", "ami [1, -2, nothing]" },
    { PG_OID_INT4_ARRAY, "{{1,2},{3,NULL}}", "aami [[1, 2], [3, nothing]]" },
    { PG_OID_INT4_ARRAY, " { { 1 , 2 } , { 3 , null } } ", "aami [[1, 2], [3, nothing]]" },
    { PG_OID_INT4_ARRAY, "[0:1]={7,8}", "ami [7, 8]" },
    { PG_OID_INT4_ARRAY, "[-2147483648:-2147483647]={7,8}", "ami [7, 8]" },
    { PG_OID_INT4_ARRAY, "[2:3][-1:0] = {{1,2},{3,4}}", "aami [[1, 2], [3, 4]]" },
    { PG_OID_INT4_ARRAY, "[2]={7,8}", "ami [7, 8]" },
    { PG_OID_INT4_ARRAY, "{{{{{{1}}}}}}", "aaaaaami [[[[[[1]]]]]]" },
    { PG_OID_TEXT_ARRAY, "{a,\"b c\",\"\",\"NULL\",NULL}", "ams ['a', 'b c', '', 'NULL', nothing]" },
    { PG_OID_TEXT_ARRAY, "{\"\\\"\",\"\\\\\",\"{},\"}", "ams ['\"', '\\\\', '{},']" },
    { PG_OID_TEXT_ARRAY, "{\\NULL, a b ,c\\,d,e\\ }", "ams ['NULL', 'a b', 'c,d', 'e ']" },
    { PG_OID_NUMERIC_ARRAY, "{1.50,NaN}", "ams ['1.50', 'NaN']" },
    { PG_OID_BOX_ARRAY, "{(2,2),(1,1);(4,4),(3,3)}", "ams ['(2,2),(1,1)', '(4,4),(3,3)']" },
    { PG_OID_OID_ARRAY, "{4294967295}", "amu [4294967295]" },
    { PG_OID_INT2_ARRAY, "{1}", "amn [1]" },
    { PG_OID_INT8_ARRAY, "{1}", "amx [1]" },
    { PG_OID_FLOAT8_ARRAY, "{0.5}", "amd [0.5]" },
    { PG_OID_BOOL_ARRAY, "{t}", "amb [true]" },
  };

  g_test_summary ("Array texts are read with quotes, escapes, NULL, bounds and the type's delimiter.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (cases[i].type, cases[i].text);
      g_autofree char *printed = print (wire);

      g_assert_cmpstr (printed, ==, cases[i].variant);
    }
}

static void
assert_fails (const PgWireValue *wire)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = pg_codec_to_variant (wire, &error);

  g_assert_null (variant);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "int4"));
}

static void
test_text_invalid (void)
{
  static const char *const invalid[] = {
    "",
    " ",
    "{",
    "}",
    "1",
    "{1",
    "{1,",
    "{1,}",
    "{,1}",
    "{1,,2}",
    "{1}}",
    "{1}x",
    "{1}{2}",
    "{{1}",
    "{{}}",
    "{{1},{}}",
    "{{},{1}}",
    "{1,{2}}",
    "{{1},2}",
    "{{1,2},{3}}",
    "{{1},{2,3}}",
    "{{{1}},{2}}",
    "{{1},{{2}}}",
    "{{{{{{{1}}}}}}}",
    "{\"1}",
    "{\"1\\\"}",
    "{\"1\\",
    "{1\\",
    "{1\"2\"}",
    "{\"1\"2}",
    "{1 {2}}",
    "{1;2}",
    "{x}",
    "{1,99999999999}",
    "[1:2]{1,2}",
    "[1:2]=",
    "[1:2]={1}",
    "[1:2]={}",
    "[1:1][1:1]={1}",
    "[2:1]={}",
    "[1:99999999999]={1}",
    "[-2147483648:2147483647]={1}",
    "[1:2={1,2}",
    "[:]={1}",
    "[1-2]={1,2}",
    "[1:1][1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{{1}}}}}}}",
  };

  g_test_summary ("Texts that are no array are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_text (PG_OID_INT4_ARRAY, invalid[i]);

      g_test_message ("%s", invalid[i]);
      assert_fails (wire);
    }
}

#define HEADER(dimensions) dimensions "00000000" "00000017"
#define DIMENSION(size) size "00000001"

static void
test_binary_invalid (void)
{
  static const char *const invalid[] = {
    /* too many dimensions, or fewer than none */
    HEADER ("00000007") DIMENSION ("00000001") DIMENSION ("00000001") DIMENSION ("00000001") DIMENSION ("00000001")
      DIMENSION ("00000001") DIMENSION ("00000001") DIMENSION ("00000001") "0000000400000001",
    HEADER ("ffffffff"),
    HEADER ("7fffffff"),
    /* flags, element type */
    "00000001" "00000002" "00000017" DIMENSION ("00000001") "0000000400000001",
    "00000001" "00000000" "00000019" DIMENSION ("00000001") "0000000400000001",
    "00000001" "00000000" "00004001" DIMENSION ("00000001") "0000000400000001",
    /* sizes that are not there, or whose product is more than memory has */
    HEADER ("00000001") DIMENSION ("00000002") "0000000400000001",
    HEADER ("00000001") DIMENSION ("ffffffff") "0000000400000001",
    HEADER ("00000001") DIMENSION ("7fffffff") "0000000400000001",
    HEADER ("00000004") DIMENSION ("00010000") DIMENSION ("00010000") DIMENSION ("00010000") DIMENSION ("00010000"),
    HEADER ("00000006") DIMENSION ("7fffffff") DIMENSION ("7fffffff") DIMENSION ("7fffffff") DIMENSION ("7fffffff")
      DIMENSION ("7fffffff") DIMENSION ("7fffffff"),
    /* upper bound */
    HEADER ("00000001") "00000002" "7fffffff" "0000000400000001" "0000000400000001",
    /* length of an element */
    HEADER ("00000001") DIMENSION ("00000001") "0000000500000001",
    HEADER ("00000001") DIMENSION ("00000001") "00000003000001",
    HEADER ("00000001") DIMENSION ("00000001") "fffffffe",
    HEADER ("00000001") DIMENSION ("00000001") "7fffffff00000001",
    /* something after it */
    HEADER ("00000001") DIMENSION ("00000001") "000000040000000100",
    HEADER ("00000000") "00",
    HEADER ("00000000") "00000001",
  };

  g_test_summary ("Binary arrays whose header, sizes or lengths are wrong are errors and take no memory.");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_binary (PG_OID_INT4_ARRAY, invalid[i]);
      g_autofree char *text = pg_codec_to_text (wire, NULL);

      g_test_message ("%u", i);
      g_assert_null (text);
      assert_fails (wire);
    }
}

static void
test_binary_empty (void)
{
  static const char *const empty[] = {
    HEADER ("00000000"),
    HEADER ("00000001") DIMENSION ("00000000"),
    HEADER ("00000002") DIMENSION ("7fffffff") DIMENSION ("00000000"),
  };

  g_test_summary ("A binary array without elements is empty, whatever dimensions it has.");

  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    {
      g_autoptr (PgWireValue) wire = pg_test_wire_binary (PG_OID_INT4_ARRAY, empty[i]);
      g_autofree char *printed = print (wire);
      g_autofree char *text = pg_codec_to_text (wire, NULL);

      g_assert_cmpstr (printed, ==, "ami []");
      g_assert_cmpstr (text, ==, "{}");
    }
}

static void
test_parts (void)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_text (PG_OID_TEXT_ARRAY, "[2:3][-1:0]={{a,NULL},{\"\",\"x y\"}}");
  g_autoptr (PgWireValue) plain = pg_test_wire_text (PG_OID_TEXT_ARRAY, "{a}");
  g_autoptr (PgWireValue) no_array = pg_test_wire_text (PG_OID_TEXT, "{a}");
  g_auto (PgArrayParts) parts = { 0 };
  g_auto (PgArrayParts) plain_parts = { 0 };
  g_auto (PgArrayParts) no_parts = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("An array is taken apart into bounds and elements.");

  g_assert_true (pg_array_parts_read (wire, &parts, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (parts.n_dimensions, ==, 2);
  g_assert_cmpint (parts.sizes[0], ==, 2);
  g_assert_cmpint (parts.sizes[1], ==, 2);
  g_assert_cmpint (parts.lower_bounds[0], ==, 2);
  g_assert_cmpint (parts.lower_bounds[1], ==, -1);
  g_assert_cmpuint (parts.n_elements, ==, 4);
  g_assert_cmpmem (parts.elements[0].data, parts.elements[0].length, "a", 1);
  g_assert_cmpuint (parts.elements[0].type, ==, PG_OID_TEXT);
  g_assert_null (parts.elements[1].data);
  g_assert_nonnull (parts.elements[2].data);
  g_assert_cmpuint (parts.elements[2].length, ==, 0);
  g_assert_cmpmem (parts.elements[3].data, parts.elements[3].length, "x y", 3);

  g_assert_true (pg_array_parts_read (plain, &plain_parts, NULL));
  g_assert_cmpint (plain_parts.lower_bounds[0], ==, 1);

  g_assert_false (pg_array_parts_read (no_array, &no_parts, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_quote (void)
{
  static const struct
  {
    const char *element;
    char delimiter;
    const char *quoted;
  } cases[] = {
    { NULL, ',', "NULL" },
    { "", ',', "\"\"" },
    { "a", ',', "a" },
    { "null", ',', "\"null\"" },
    { "NuLL", ',', "\"NuLL\"" },
    { "nulls", ',', "nulls" },
    { "a b", ',', "\"a b\"" },
    { "a\tb", ',', "\"a\tb\"" },
    { "a\vb", ',', "\"a\vb\"" },
    { "a,b", ',', "\"a,b\"" },
    { "a,b", ';', "a,b" },
    { "a;b", ';', "\"a;b\"" },
    { "{", ',', "\"{\"" },
    { "}", ',', "\"}\"" },
    { "\"", ',', "\"\\\"\"" },
    { "\\", ',', "\"\\\\\"" },
    { "é", ',', "é" },
    { "-1.5", ',', "-1.5" },
  };
  g_autoptr (GString) part = g_string_new ("{");

  g_test_summary ("Elements are quoted as the server does.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) literal = g_string_new (NULL);

      pg_array_text_quote (literal, cases[i].element, -1, cases[i].delimiter);
      g_assert_cmpstr (literal->str, ==, cases[i].quoted);
    }
  pg_array_text_quote (part, "a b", 1, ',');
  g_assert_cmpstr (part->str, ==, "{a");

  g_assert_cmpint (pg_array_get_delimiter (NULL, PG_OID_BOX), ==, ';');
  g_assert_cmpint (pg_array_get_delimiter (NULL, PG_OID_TEXT), ==, ',');
  g_assert_cmpint (pg_array_get_delimiter (NULL, 16384), ==, ',');
}

/* What is quoted is read as it was. */
static void
test_round_trip (void)
{
  g_test_summary ("Random texts come back from an array literal as they were.");

  for (int round = 0; round < 2000; round++)
    {
      g_autoptr (GString) literal = g_string_new ("{");
      g_autoptr (GPtrArray) elements = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (PgWireValue) wire = NULL;
      g_auto (PgArrayParts) parts = { 0 };
      g_autoptr (GError) error = NULL;
      int n = g_test_rand_int_range (1, 6);

      for (int i = 0; i < n; i++)
        {
          char *element = NULL;

          if (g_test_rand_int_range (0, 8) != 0)
            {
              int length = g_test_rand_int_range (0, 8);

              element = g_new0 (char, (gsize) length + 1);
              for (int k = 0; k < length; k++)
                element[k] = "nulNUL{}[]\",\\;: =\tab"[g_test_rand_int_range (0, 20)];
            }
          if (i > 0)
            g_string_append_c (literal, ',');
          pg_array_text_quote (literal, element, -1, ',');
          g_ptr_array_add (elements, element);
        }
      g_string_append_c (literal, '}');

      wire = pg_test_wire_text (PG_OID_TEXT_ARRAY, literal->str);
      g_assert_true (pg_array_parts_read (wire, &parts, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (parts.n_elements, ==, elements->len);
      for (guint i = 0; i < elements->len; i++)
        g_assert_cmpstr ((const char *) parts.elements[i].data, ==, elements->pdata[i]);
    }
}

/* --- PgArray --- */

static void
test_object (void)
{
  static const int inside[] = { -1, 3 };
  static const int below[] = { -3, 3 };
  static const int above[] = { -2, 4 };
  static const int few[] = { -1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PgArray) array = pg_array_parse (" [-2:-1][1:3] = {{1,2,3},{4,NULL,6}}", PG_OID_INT4, &error);
  g_autoptr (PgArray) same = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *text = NULL;
  g_autofree char *printed = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) null = G_VALUE_INIT;
  g_auto (GValue) none = G_VALUE_INIT;
  g_auto (GValue) boxed = G_VALUE_INIT;
  g_auto (GValue) string = G_VALUE_INIT;

  g_test_summary ("An array has dimensions, bounds and elements, and SQL NULL among these.");

  g_assert_no_error (error);
  g_assert_cmpuint (pg_array_get_element_type (array), ==, PG_OID_INT4);
  g_assert_cmpuint (pg_array_get_n_dimensions (array), ==, 2);
  g_assert_cmpuint (pg_array_get_length (array, 0), ==, 2);
  g_assert_cmpuint (pg_array_get_length (array, 1), ==, 3);
  g_assert_cmpuint (pg_array_get_length (array, 2), ==, 0);
  g_assert_cmpint (pg_array_get_lower_bound (array, 0), ==, -2);
  g_assert_cmpint (pg_array_get_lower_bound (array, 1), ==, 1);
  g_assert_cmpint (pg_array_get_lower_bound (array, 2), ==, 1);
  g_assert_cmpuint (pg_array_get_n_elements (array), ==, 6);

  g_assert_cmpint (pg_array_find_element (array, inside, 2), ==, 5);
  g_assert_cmpint (pg_array_find_element (array, below, 2), ==, -1);
  g_assert_cmpint (pg_array_find_element (array, above, 2), ==, -1);
  g_assert_cmpint (pg_array_find_element (array, few, 1), ==, -1);
  g_assert_cmpint (pg_array_find_element (array, NULL, 0), ==, -1);

  pg_array_get_value (array, 5, &value);
  g_assert_cmpint (g_value_get_int (&value), ==, 6);
  g_assert_true (pg_array_is_null (array, 4));
  g_assert_false (pg_array_is_null (array, 5));
  g_assert_true (pg_array_is_null (array, 6));
  g_assert_null (pg_array_dup_text (array, 4));
  pg_array_get_value (array, 4, &null);
  g_assert_null (g_value_get_string (&null));
  pg_array_get_value (array, 6, &none);
  g_assert_null (g_value_get_string (&none));

  text = pg_array_to_string (array);
  g_assert_cmpstr (text, ==, "[-2:-1][1:3]={{1,2,3},{4,NULL,6}}");
  variant = pg_array_to_variant (array);
  g_assert_false (g_variant_is_floating (variant));
  printed = g_variant_print (variant, FALSE);
  g_assert_cmpstr (printed, ==, "[[1, 2, 3], [4, nothing, 6]]");

  g_value_init (&boxed, PG_TYPE_ARRAY);
  g_value_set_boxed (&boxed, array);
  g_value_init (&string, G_TYPE_STRING);
  g_assert_true (g_value_transform (&boxed, &string));
  g_assert_cmpstr (g_value_get_string (&string), ==, text);
  same = g_value_dup_boxed (&boxed);
  g_assert_true (pg_array_equal (array, same));
}

static void
test_object_elements (void)
{
  g_autoptr (PgWireValue) wire = pg_test_wire_text (PG_OID_TEXT_ARRAY, "{\"a \\\"b\\\" {,}\",\"\",\"NULL\",c}");
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (PgArray) array = NULL;
  g_autoptr (PgArray) dates = pg_array_parse ("{2024-02-29,infinity}", PG_OID_DATE, NULL);
  g_autoptr (PgArray) boxes = pg_array_parse ("{(1,1),(0,0);(2,2),(1,1)}", PG_OID_BOX, NULL);
  g_autoptr (PgArray) unknown = pg_array_parse ("{a,NULL}", 16400, NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *box = NULL;
  g_autofree char *own = NULL;
  g_auto (GValue) date = G_VALUE_INIT;

  g_test_summary ("Elements have the text and the type of their type.");

  g_assert_true (pg_codec_to_value (wire, &value, NULL));
  array = g_value_dup_boxed (&value);
  first = pg_array_dup_text (array, 0);
  g_assert_cmpstr (first, ==, "a \"b\" {,}");
  second = pg_array_dup_text (array, 2);
  g_assert_cmpstr (second, ==, "NULL");
  pg_array_get_value (dates, 1, &date);
  g_assert_true (G_VALUE_HOLDS (&date, PG_TYPE_DATE));
  g_assert_cmpuint (pg_array_get_n_elements (boxes), ==, 2);
  box = pg_array_dup_text (boxes, 1);
  g_assert_cmpstr (box, ==, "(2,2),(1,1)");
  own = pg_array_to_string (unknown);
  g_assert_cmpstr (own, ==, "{a,NULL}");
}

static void
test_object_invalid (void)
{
  static const struct
  {
    guint32 element;
    const char *text;
  } cases[] = { { PG_OID_INT4, "" }, { PG_OID_INT4, "1" }, { PG_OID_INT4, "{1,}" }, { PG_OID_INT4, "{a}" }, { PG_OID_INT4, "{{1},{2,3}}" },
                { PG_OID_INT4, "[1:3]={1,2}" }, { PG_OID_DATE, "{2024-02-30}" }, { PG_OID_BOOL, "{t,true}" }, { 16400, "{a" } };

  g_test_summary ("What is no array, or has an element that is none of its type, is an error.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_null (pg_array_parse (cases[i].text, cases[i].element, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_object_order (void)
{
  /* As PostgreSQL sorts them. */
  static const char *const sorted[] = { "{}", "[0:0]={1}", "{1}", "{{1}}", "{1,1}", "[1:2]={1,2}", "[2:3]={1,2}", "{{1,2}}", "{{1},{2}}", "{1,2,3}", "{1,NULL}", "{2}",
                                        "{NULL}", "{NULL,1}" };
  GPtrArray *arrays = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_array_unref);
  g_autoptr (PgArray) other_type = pg_array_parse ("{}", PG_OID_INT8, NULL);

  g_test_summary ("Arrays are in PostgreSQL's order, and equal ones have one hash.");

  for (guint i = 0; i < G_N_ELEMENTS (sorted); i++)
    {
      PgArray *array = pg_array_parse (sorted[i], PG_OID_INT4, NULL);

      g_assert_nonnull (array);
      g_ptr_array_add (arrays, array);
    }
  for (guint i = 0; i < arrays->len; i++)
    {
      g_autoptr (PgArray) again = pg_array_parse (sorted[i], PG_OID_INT4, NULL);

      g_assert_cmpuint (pg_array_hash (again), ==, pg_array_hash (arrays->pdata[i]));
      for (guint j = 0; j < arrays->len; j++)
        {
          int order = pg_array_compare (arrays->pdata[i], arrays->pdata[j]);

          g_test_message ("%s %s", sorted[i], sorted[j]);
          g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        }
    }
  g_assert_false (pg_array_equal (arrays->pdata[0], other_type));
  g_ptr_array_unref (arrays);
}

static void
test_object_outlives (void)
{
  PgWireValue *wire = pg_test_wire_binary (PG_OID_TEXT_ARRAY, "00000001000000000000001900000001000000010000000161");
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;

  g_test_summary ("An array needs nothing of what it was read from.");

  g_assert_true (pg_codec_to_value (wire, &value, NULL));
  memset ((gpointer) wire->data, 0xff, wire->length);
  pg_test_wire_free (wire);
  text = pg_array_to_string (g_value_get_boxed (&value));
  g_assert_cmpstr (text, ==, "{a}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/array/text", test_text);
  g_test_add_func ("/pg/array/text-invalid", test_text_invalid);
  g_test_add_func ("/pg/array/binary-invalid", test_binary_invalid);
  g_test_add_func ("/pg/array/binary-empty", test_binary_empty);
  g_test_add_func ("/pg/array/parts", test_parts);
  g_test_add_func ("/pg/array/quote", test_quote);
  g_test_add_func ("/pg/array/round-trip", test_round_trip);
  g_test_add_func ("/pg/array/object", test_object);
  g_test_add_func ("/pg/array/object-elements", test_object_elements);
  g_test_add_func ("/pg/array/object-invalid", test_object_invalid);
  g_test_add_func ("/pg/array/object-order", test_object_order);
  g_test_add_func ("/pg/array/object-outlives", test_object_outlives);

  return g_test_run ();
}
