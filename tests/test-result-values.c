/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-result.h"

#include <string.h>

#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-timestamp.h>

/* What the getters of a result give. */

typedef struct
{
  const char *name;
  guint32 type;
  const char *text;
  PgTestCell binary;
  const char *variant_type;
  const char *variant;
  GType (*get_value_type) (void);
} TypeCase;

static GType get_string_type (void) { return G_TYPE_STRING; }
static GType get_boolean_type (void) { return G_TYPE_BOOLEAN; }
static GType get_double_type (void) { return G_TYPE_DOUBLE; }
static GType get_int_type (void) { return G_TYPE_INT; }
static GType get_int64_type (void) { return G_TYPE_INT64; }

#define SAME_BYTES(text) text, PG_TEST_BINARY (text)

static const TypeCase type_cases[] = {
  { "bool", 16, "t", PG_TEST_BINARY ("\001"), "mb", "true", get_boolean_type },
  { "int2", 21, "-2", PG_TEST_BINARY ("\377\376"), "mn", "-2", get_int_type },
  { "int4", 23, "-2147483648", PG_TEST_BINARY ("\200\0\0\0"), "mi", "-2147483648", get_int_type },
  { "int8", 20, "9223372036854775807", PG_TEST_BINARY ("\177\377\377\377\377\377\377\377"), "mx", "9223372036854775807", get_int64_type },
  { "float4", 700, "1.5", PG_TEST_BINARY ("\077\300\0\0"), "md", "1.5", get_double_type },
  { "float8", 701, "0.1", PG_TEST_BINARY ("\077\271\231\231\231\231\231\232"), "md", "0.1", get_double_type },
  { "text", 25, SAME_BYTES ("gr\303\274n"), "ms", "'gr\303\274n'", get_string_type },
  { "text-empty", 25, SAME_BYTES (""), "ms", "''", get_string_type },
  { "varchar", 1043, SAME_BYTES ("a"), "ms", "'a'", get_string_type },
  { "bpchar", 1042, SAME_BYTES ("a  "), "ms", "'a  '", get_string_type },
  { "name", 19, SAME_BYTES ("pg_class"), "ms", "'pg_class'", get_string_type },
  { "char", 18, SAME_BYTES ("x"), "ms", "'x'", get_string_type },
  { "unknown", 705, SAME_BYTES ("?"), "ms", "'?'", get_string_type },
  { "json", 114, SAME_BYTES ("{\"a\": 1}"), "ms", "'{\"a\": 1}'", get_string_type },
  { "jsonb", 3802, "{\"a\": 1}", PG_TEST_BINARY ("\001{\"a\": 1}"), "ms", "'{\"a\": 1}'", get_string_type },
  { "uuid", 2950, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    PG_TEST_BINARY ("\240\356\274\231\234\013\116\370\273\155\153\271\275\070\012\021"),
    "ms", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", get_string_type },
  { "bytea", 17, "\\x00ff", PG_TEST_BINARY ("\0\377"), "may", "[byte 0x00, 0xff]", g_bytes_get_type },
  { "numeric", 1700, "-123.4500", PG_TEST_BINARY ("\0\002\0\0\100\0\0\004\0\173\021\224"), "ms", "'-123.4500'", pg_numeric_get_type },
  { "date", 1082, "2000-01-02", PG_TEST_BINARY ("\0\0\0\001"), "ms", "'2000-01-02'", pg_date_get_type },
  { "timestamp", 1114, "2000-01-01 00:00:01.5", PG_TEST_BINARY ("\0\0\0\0\0\026\343\140"),
    "ms", "'2000-01-01 00:00:01.5'", pg_timestamp_get_type },
  { "timestamptz", 1184, "2000-01-01 00:00:01.5+00", PG_TEST_BINARY ("\0\0\0\0\0\026\343\140"),
    "ms", "'2000-01-01 00:00:01.5+00'", pg_timestamp_get_type },
  { "int4-array", 1007, "{1,NULL,3}",
    PG_TEST_BINARY ("\0\0\0\001\0\0\0\001\0\0\0\027\0\0\0\003\0\0\0\001\0\0\0\004\0\0\0\001\377\377\377\377\0\0\0\004\0\0\0\003"),
    "mami", "[just 1, nothing, just 3]", pg_array_get_type },
};

static void
check_type (const TypeCase *type_case, PgFormat format)
{
  PgTestCell text = PG_TEST_TEXT (type_case->text);
  PgTestCell null = PG_TEST_NULL;
  PgTestColumn column = { "v", type_case->type, -1, -1, format, 0, 0 };
  PgTestCell cells[2];
  g_autoptr (PgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *read = NULL;
  g_autofree char *read_null = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) nothing = NULL;
  g_autoptr (GVariant) expected = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) value_null = G_VALUE_INIT;
  GType value_type = type_case->get_value_type ();
  gboolean got;

  cells[0] = format == PG_FORMAT_TEXT ? text : type_case->binary;
  cells[1] = null;
  result = result_new (&column, 1, cells, 2);

  g_assert_false (pg_result_is_null (result, 0, 0, &error));
  g_assert_no_error (error);
  g_assert_true (pg_result_is_null (result, 1, 0, &error));
  g_assert_no_error (error);

  read = pg_result_dup_text (result, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read, ==, type_case->text);
  read_null = pg_result_dup_text (result, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_null (read_null);

  variant = pg_result_dup_variant (result, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_false (g_variant_is_floating (variant));
  g_assert_cmpstr (g_variant_get_type_string (variant), ==, type_case->variant_type);
  expected = g_variant_parse (G_VARIANT_TYPE (type_case->variant_type), type_case->variant, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (variant, expected);

  nothing = pg_result_dup_variant (result, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_false (g_variant_is_floating (nothing));
  g_assert_cmpstr (g_variant_get_type_string (nothing), ==, type_case->variant_type);
  g_assert_cmpuint (g_variant_n_children (nothing), ==, 0);

  got = pg_result_get_value (result, 0, 0, &value, &error);
  g_assert_no_error (error);
  g_assert_true (got);
  g_assert_cmpstr (G_VALUE_TYPE_NAME (&value), ==, g_type_name (value_type));

  got = pg_result_get_value (result, 1, 0, &value_null, &error);
  g_assert_no_error (error);
  g_assert_true (got);
  g_assert_true (G_VALUE_HOLDS_STRING (&value_null));
  g_assert_null (g_value_get_string (&value_null));
}

static void
test_type_text (gconstpointer data)
{
  check_type (data, PG_FORMAT_TEXT);
}

static void
test_type_binary (gconstpointer data)
{
  check_type (data, PG_FORMAT_BINARY);
}

static void
test_typed_getters (gconstpointer data)
{
  PgFormat format = (PgFormat) GPOINTER_TO_INT (data);
  gboolean binary = format == PG_FORMAT_BINARY;
  PgTestColumn columns[] = {
    { "b", OID_BOOL, -1, 1, format, 0, 0 },
    { "i", OID_INT8, -1, 8, format, 0, 0 },
    { "d", OID_FLOAT8, -1, 8, format, 0, 0 },
    { "n", OID_NUMERIC, -1, -1, format, 0, 0 },
    { "day", OID_DATE, -1, 4, format, 0, 0 },
    { "t", OID_TIMESTAMPTZ, -1, 8, format, 0, 0 },
    { "bytes", OID_BYTEA, -1, -1, format, 0, 0 },
    { "s", OID_TEXT, -1, -1, format, 0, 0 },
  };
  PgTestCell text[] = {
    PG_TEST_TEXT ("t"),
    PG_TEST_TEXT ("-9223372036854775808"),
    PG_TEST_TEXT ("0.1"),
    PG_TEST_TEXT ("-123.4500"),
    PG_TEST_TEXT ("2000-01-02"),
    PG_TEST_TEXT ("2000-01-01 00:00:01.5+00"),
    PG_TEST_TEXT ("\\x00ff"),
    PG_TEST_TEXT ("gr\303\274n"),
  };
  PgTestCell wire[] = {
    PG_TEST_BINARY ("\001"),
    PG_TEST_BINARY ("\200\0\0\0\0\0\0\0"),
    PG_TEST_BINARY ("\077\271\231\231\231\231\231\232"),
    PG_TEST_BINARY ("\0\002\0\0\100\0\0\004\0\173\021\224"),
    PG_TEST_BINARY ("\0\0\0\001"),
    PG_TEST_BINARY ("\0\0\0\0\0\026\343\140"),
    PG_TEST_BINARY ("\0\377"),
    PG_TEST_BINARY ("gr\303\274n"),
  };
  g_autoptr (PgResult) result = result_new (columns, G_N_ELEMENTS (columns), binary ? wire : text, 1);
  g_autoptr (GError) error = NULL;
  PgNumeric *numeric;
  PgDate *date;
  PgTimestamp *timestamp;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *numeric_text = NULL;
  g_autofree char *date_text = NULL;
  g_autofree char *timestamp_text = NULL;
  const char *s;

  g_assert_true (pg_result_get_boolean (result, 0, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pg_result_get_int64 (result, 0, 1, &error), ==, G_MININT64);
  g_assert_no_error (error);
  g_assert_cmpfloat (pg_result_get_double (result, 0, 2, &error), ==, 0.1);
  g_assert_no_error (error);

  numeric = pg_result_dup_numeric (result, 0, 3, &error);
  g_assert_no_error (error);
  numeric_text = pg_numeric_to_string (numeric);
  g_assert_cmpstr (numeric_text, ==, "-123.4500");
  pg_numeric_unref (numeric);

  date = pg_result_dup_date (result, 0, 4, &error);
  g_assert_no_error (error);
  date_text = pg_date_to_string (date);
  g_assert_cmpstr (date_text, ==, "2000-01-02");
  pg_date_unref (date);

  timestamp = pg_result_dup_timestamp (result, 0, 5, &error);
  g_assert_no_error (error);
  timestamp_text = pg_timestamp_to_string (timestamp);
  g_assert_cmpstr (timestamp_text, ==, "2000-01-01 00:00:01.5+00");
  pg_timestamp_unref (timestamp);

  bytes = pg_result_dup_bytes (result, 0, 6, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\377", 2);

  s = pg_result_get_text (result, 0, 7, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (s, ==, "gr\303\274n");
  g_assert_true (pg_result_get_text (result, 0, 7, &error) == s);

  /* Of a binary value it is made once. */
  s = pg_result_get_text (result, 0, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (s, ==, "-9223372036854775808");
  g_assert_true (pg_result_get_text (result, 0, 1, &error) == s);
}

static void
test_null_getters (void)
{
  PgTestCell null = PG_TEST_NULL;
  PgTestColumn column = { "amount", OID_INT8, -1, 8, PG_FORMAT_TEXT, 0, 0 };
  g_autoptr (PgResult) result = result_new (&column, 1, &null, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("Getters without room for NULL report it, the others return NULL");

  g_assert_cmpint (pg_result_get_int64 (result, 0, 0, &error), ==, 0);
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_assert_nonnull (strstr (error->message, "is_null"));
  g_assert_nonnull (strstr (error->message, "amount"));
  g_clear_error (&error);

  g_assert_cmpfloat (pg_result_get_double (result, 0, 0, &error), ==, 0);
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_clear_error (&error);

  g_assert_false (pg_result_get_boolean (result, 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_clear_error (&error);

  g_assert_null (pg_result_get_text (result, 0, 0, &error));
  g_assert_no_error (error);
  bytes = pg_result_dup_bytes (result, 0, 0, &error);
  g_assert_null (bytes);
  g_assert_no_error (error);
  g_assert_null (pg_result_dup_numeric (result, 0, 0, &error));
  g_assert_no_error (error);
  g_assert_null (pg_result_dup_date (result, 0, 0, &error));
  g_assert_no_error (error);
  g_assert_null (pg_result_dup_timestamp (result, 0, 0, &error));
  g_assert_no_error (error);

  /* An error that nobody wants to see. */
  g_assert_cmpint (pg_result_get_int64 (result, 0, 0, NULL), ==, 0);
}

static void
test_unfit_value (void)
{
  PgTestCell cells[] = { PG_TEST_TEXT ("9223372036854775808"), PG_TEST_TEXT ("x") };
  PgTestColumn columns[] = { { "big", OID_NUMERIC, -1, -1, PG_FORMAT_TEXT, 0, 0 }, { "bad", OID_INT4_ARRAY, -1, -1, PG_FORMAT_TEXT, 0, 0 } };
  g_autoptr (PgResult) result = result_new (columns, 2, cells, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;

  g_assert_cmpint (pg_result_get_int64 (result, 0, 0, &error), ==, 0);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "big"));
  g_clear_error (&error);

  variant = pg_result_dup_variant (result, 0, 1, &error);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_null (variant);
  g_clear_error (&error);

  g_assert_false (pg_result_get_value (result, 0, 1, &value, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_true (G_VALUE_HOLDS_STRING (&value));
  g_assert_null (g_value_get_string (&value));
  g_clear_error (&error);

  text = pg_result_dup_text (result, 0, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "x");
}

static void
test_unknown_type (void)
{
  PgTestCell text = PG_TEST_TEXT ("sad");
  PgTestCell binary = PG_TEST_BINARY ("\0\001\377");
  g_autoptr (PgResult) result = result_new_single (OID_OWN, PG_FORMAT_TEXT, text);
  g_autoptr (PgResult) binary_result = result_new_single (OID_OWN, PG_FORMAT_BINARY, binary);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *no_text = NULL;

  g_test_summary ("A type without codec can be had as it came");

  g_assert_cmpstr (pg_result_get_text (result, 0, 0, &error), ==, "sad");
  g_assert_no_error (error);
  variant = pg_result_dup_variant (result, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (variant), ==, "ms");

  bytes = pg_result_dup_bytes (binary_result, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\001\377", 3);
  no_text = pg_result_dup_text (binary_result, 0, 0, &error);
  g_assert_nonnull (error);
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (PG_ERROR));
  g_assert_null (no_text);
  g_clear_error (&error);
  g_assert_null (pg_result_get_text (binary_result, 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
}

static void
test_text_not_utf8 (void)
{
  PgTestCell cells[] = { PG_TEST_BINARY ("\377"), PG_TEST_BINARY ("a\0b") };
  int codes[] = { PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE, PG_ERROR_DATA };
  PgTestColumn column = { "v", OID_TEXT, -1, -1, PG_FORMAT_TEXT, 0, 0 };
  g_autoptr (PgResult) result = result_new (&column, 1, cells, 2);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is not UTF-8, or would be cut at a zero byte, is an error");

  for (guint row = 0; row < 2; row++)
    {
      g_autofree char *text = NULL;

      g_assert_null (pg_result_get_text (result, row, 0, &error));
      g_assert_error (error, PG_ERROR, codes[row]);
      g_clear_error (&error);

      text = pg_result_dup_text (result, row, 0, &error);
      g_assert_error (error, PG_ERROR, codes[row]);
      g_assert_null (text);
      g_clear_error (&error);
    }
}

typedef struct
{
  const char *name;
  guint32 type;
  PgFormat format;
  PgTestCell cell;
  PgTestCell bytes;
} BytesCase;

static const BytesCase bytes_cases[] = {
  { "bytea-as-text", OID_BYTEA, PG_FORMAT_TEXT, PG_TEST_TEXT ("\\x00ff01"), PG_TEST_BINARY ("\0\377\001") },
  { "bytea-as-binary", OID_BYTEA, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0\377\001"), PG_TEST_BINARY ("\0\377\001") },
  { "bytea-empty", OID_BYTEA, PG_FORMAT_BINARY, PG_TEST_BINARY (""), PG_TEST_BINARY ("") },
  { "text-as-text", OID_TEXT, PG_FORMAT_TEXT, PG_TEST_TEXT ("gr\303\274n"), PG_TEST_BINARY ("gr\303\274n") },
  { "text-as-binary", OID_TEXT, PG_FORMAT_BINARY, PG_TEST_TEXT ("gr\303\274n"), PG_TEST_BINARY ("gr\303\274n") },
  { "own-as-binary", OID_OWN, PG_FORMAT_BINARY, PG_TEST_BINARY ("\0\001"), PG_TEST_BINARY ("\0\001") },
};

static void
test_bytes_outlive (gconstpointer data)
{
  const BytesCase *c = data;
  PgResult *result = result_new_single (c->type, c->format, c->cell);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pg_result_dup_bytes (result, 0, 0, &error);

  g_test_summary ("Bytes keep alive what they need");

  g_assert_no_error (error);
  g_assert_finalize_object (result);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), c->bytes.data, (gsize) c->bytes.length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (type_cases); i++)
    {
      g_autofree char *text = g_strconcat ("/pg/result-values/type-as-text/", type_cases[i].name, NULL);
      g_autofree char *binary = g_strconcat ("/pg/result-values/type-as-binary/", type_cases[i].name, NULL);

      g_test_add_data_func (text, &type_cases[i], test_type_text);
      g_test_add_data_func (binary, &type_cases[i], test_type_binary);
    }
  g_test_add_data_func ("/pg/result-values/typed-getters/text", GINT_TO_POINTER (PG_FORMAT_TEXT), test_typed_getters);
  g_test_add_data_func ("/pg/result-values/typed-getters/binary", GINT_TO_POINTER (PG_FORMAT_BINARY), test_typed_getters);
  g_test_add_func ("/pg/result-values/null-getters", test_null_getters);
  g_test_add_func ("/pg/result-values/unfit-value", test_unfit_value);
  g_test_add_func ("/pg/result-values/unknown-type", test_unknown_type);
  g_test_add_func ("/pg/result-values/text-not-utf8", test_text_not_utf8);
  for (guint i = 0; i < G_N_ELEMENTS (bytes_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/pg/result-values/bytes-outlive/", bytes_cases[i].name, NULL);

      g_test_add_data_func (path, &bytes_cases[i], test_bytes_outlive);
    }

  return g_test_run ();
}
