/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgBitString *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PgBitString *bits = pg_bit_string_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (bits);
  return bits;
}

static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    const char *bytes;
    gsize n_bytes;
  } cases[] = {
    { "", "", 0 },
    { "0", "\0", 1 },
    { "1", "\x80", 1 },
    { "00000001", "\x01", 1 },
    { "000000011", "\x01\x80", 2 },
    { "1010101011111111", "\xaa\xff", 2 },
  };

  g_test_summary ("Text and bytes are the same bits.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgBitString) bits = parse (cases[i].text);
      g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].bytes, cases[i].n_bytes);
      g_autoptr (PgBitString) made = pg_bit_string_new (bytes, strlen (cases[i].text), NULL);
      g_autoptr (PgBitString) ref = pg_bit_string_ref (bits);
      g_autofree char *shown = NULL;

      g_assert_nonnull (made);
      shown = pg_bit_string_to_string (made);
      g_assert_cmpstr (shown, ==, cases[i].text);
      g_assert_true (ref == bits);
      g_assert_true (pg_bit_string_equal (bits, made));
      g_assert_cmpuint (pg_bit_string_hash (bits), ==, pg_bit_string_hash (made));
      g_assert_true (g_bytes_equal (pg_bit_string_get_bytes (bits), bytes));
      g_assert_cmpuint (pg_bit_string_get_length (bits), ==, strlen (cases[i].text));
      for (gsize n = 0; n < strlen (cases[i].text); n++)
        g_assert_cmpint (pg_bit_string_get_bit (bits, n), ==, cases[i].text[n] == '1');
      g_assert_false (pg_bit_string_get_bit (bits, strlen (cases[i].text)));
      g_assert_false (pg_bit_string_get_bit (bits, G_MAXSIZE));
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = { "2", " ", "01 ", "b'01'", "x" };
  static const struct
  {
    const char *bytes;
    gsize n_bytes;
    gsize length;
  } bytes[] = {
    { "", 0, 1 }, { "\0", 1, 0 }, { "\0", 1, 9 }, { "\0\0", 2, 8 }, { "\x01", 1, 7 }, { "\xff\x40", 2, 9 }, { "\0", 1, G_MAXSIZE },
  };

  g_test_summary ("Other characters, too many or too few bytes, and bits after the end are errors.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBitString) bits = pg_bit_string_parse (texts[i], &error);

      g_assert_null (bits);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    {
      g_autoptr (GBytes) data = g_bytes_new_static (bytes[i].bytes, bytes[i].n_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (PgBitString) bits = pg_bit_string_new (data, bytes[i].length, &error);

      g_assert_null (bits);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_order (void)
{
  /* As PostgreSQL 15 sorts them. */
  static const char *const texts[] = { "", "0", "00", "000000000", "0000000001", "001", "01", "1", "10", "101", "11111111", "111111110" };

  g_test_summary ("Bit strings are in PostgreSQL's order.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PgBitString) a = parse (texts[i]);
        g_autoptr (PgBitString) b = parse (texts[j]);
        int order = pg_bit_string_compare (a, b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (pg_bit_string_equal (a, b), ==, i == j);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/bit-string/forms", test_forms);
  g_test_add_func ("/pg/bit-string/invalid", test_invalid);
  g_test_add_func ("/pg/bit-string/order", test_order);

  return g_test_run ();
}
