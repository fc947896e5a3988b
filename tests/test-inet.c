/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

static PgInet *
parse (const char *text, gboolean is_cidr)
{
  g_autoptr (GError) error = NULL;
  PgInet *inet = is_cidr ? pg_inet_parse_cidr (text, &error) : pg_inet_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (inet);
  return inet;
}

static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    gboolean is_cidr;
    GSocketFamily family;
    guint prefix_length;
    const char *shown; /* by PostgreSQL 15; NULL: the text itself */
  } cases[] = {
    { "10.1.2.3", FALSE, G_SOCKET_FAMILY_IPV4, 32, NULL },
    { "10.1.2.3/32", FALSE, G_SOCKET_FAMILY_IPV4, 32, "10.1.2.3" },
    { "10.1.2.3/8", FALSE, G_SOCKET_FAMILY_IPV4, 8, NULL },
    { "10.1.2.3/0", FALSE, G_SOCKET_FAMILY_IPV4, 0, NULL },
    { "10.0.0.0/8", TRUE, G_SOCKET_FAMILY_IPV4, 8, NULL },
    { "10.1.2.3", TRUE, G_SOCKET_FAMILY_IPV4, 32, "10.1.2.3/32" },
    { "::", FALSE, G_SOCKET_FAMILY_IPV6, 128, NULL },
    { "0:0:0:0:0:0:0:1", FALSE, G_SOCKET_FAMILY_IPV6, 128, "::1" },
    { "2001:DB8::1/64", FALSE, G_SOCKET_FAMILY_IPV6, 64, "2001:db8::1/64" },
    { "2001:db8:0:0:1:0:0:1", FALSE, G_SOCKET_FAMILY_IPV6, 128, "2001:db8::1:0:0:1" },
    { "::ffff:1.2.3.4", FALSE, G_SOCKET_FAMILY_IPV6, 128, NULL },
    { "::102:304", FALSE, G_SOCKET_FAMILY_IPV6, 128, "::1.2.3.4" },
    { "1:0:2:0:3:0:4:0", FALSE, G_SOCKET_FAMILY_IPV6, 128, NULL },
    { "2001:db8::/32", TRUE, G_SOCKET_FAMILY_IPV6, 32, NULL },
    { "::/0", TRUE, G_SOCKET_FAMILY_IPV6, 0, NULL },
  };

  g_test_summary ("Addresses and networks are read, and shown as PostgreSQL does.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgInet) inet = parse (cases[i].text, cases[i].is_cidr);
      g_autofree char *shown = pg_inet_to_string (inet);

      g_assert_cmpstr (shown, ==, cases[i].shown != NULL ? cases[i].shown : cases[i].text);
      g_assert_cmpint (pg_inet_get_family (inet), ==, cases[i].family);
      g_assert_cmpuint (pg_inet_get_prefix_length (inet), ==, cases[i].prefix_length);
      g_assert_cmpint (pg_inet_is_cidr (inet), ==, cases[i].is_cidr);
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "", "/", "/8", "10", "10.1.2", "10.1.2.3/", "10.1.2.3/33", "10.1.2.3/8/8", "10.1.2.3/-1", "10.1.2.3/x", "10.1.2.3/8 ", "10.1.2.3/0008",
    "256.0.0.0", " 10.1.2.3", "1.2.3.4.5", "::/129", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "fe80::1%lo", "fe80::1%eth0/64", "localhost",
    "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
  };
  static const char *const not_networks[] = { "10.0.0.1/8", "10.0.0.0/4", "::1/127", "2001:db8::8000:0:0:0/64" };

  g_test_summary ("What is no address, and a network with bits after the prefix, is an error.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgInet) inet = pg_inet_parse (texts[i], &error);
      g_autoptr (PgInet) cidr = pg_inet_parse_cidr (texts[i], NULL);

      g_test_message ("%s", texts[i]);
      g_assert_null (inet);
      g_assert_null (cidr);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
  for (guint i = 0; i < G_N_ELEMENTS (not_networks); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgInet) inet = parse (not_networks[i], FALSE);
      g_autoptr (PgInet) cidr = pg_inet_parse_cidr (not_networks[i], &error);

      g_assert_nonnull (inet);
      g_assert_null (cidr);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_gio (void)
{
  static const struct
  {
    const char *text;
    const char *address;
    const char *mask;
  } cases[] = {
    { "192.168.17.5/20", "192.168.17.5", "192.168.16.0/20" },
    { "192.168.17.5", "192.168.17.5", "192.168.17.5" },
    { "2001:db8::ff/121", "2001:db8::ff", "2001:db8::80/121" },
    { "1.2.3.4/0", "1.2.3.4", "0.0.0.0/0" },
  };

  g_test_summary ("Addresses and networks go to GIO and come back.");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PgInet) inet = parse (cases[i].text, FALSE);
      g_autoptr (GInetAddress) address = pg_inet_dup_address (inet);
      g_autoptr (GInetAddressMask) mask = pg_inet_dup_mask (inet);
      g_autoptr (PgInet) again = pg_inet_new (address, (int) pg_inet_get_prefix_length (inet), NULL);
      g_autoptr (PgInet) whole = pg_inet_new (address, -1, NULL);
      g_autoptr (PgInet) network = pg_inet_new_from_mask (mask);
      g_autoptr (PgInet) too_long = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *address_text = g_inet_address_to_string (address);
      g_autofree char *mask_text = g_inet_address_mask_to_string (mask);
      g_autofree char *whole_text = pg_inet_to_string (whole);

      g_assert_cmpstr (address_text, ==, cases[i].address);
      g_assert_cmpstr (mask_text, ==, cases[i].mask);
      g_assert_cmpstr (whole_text, ==, cases[i].address);
      g_assert_true (pg_inet_equal (again, inet));
      g_assert_true (pg_inet_is_cidr (network));
      g_assert_cmpuint (pg_inet_get_prefix_length (network), ==, pg_inet_get_prefix_length (inet));
      too_long = pg_inet_new (address, 129, &error);
      g_assert_null (too_long);
      g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
    }
}

static void
test_order (void)
{
  /* As PostgreSQL 15 sorts them. */
  static const char *const texts[] = {
    "0.0.0.0/0", "1.2.3.4/0", "10.0.0.0/8", "10.1.2.3/8", "10.0.0.0/9", "10.0.0.0", "10.128.0.0/9", "11.0.0.0/8", "255.255.255.255", "::/0", "::",
    "::1", "fe80::/10", "fe80::1/10",
  };
  g_autoptr (PgInet) inet = parse ("10.0.0.0/8", FALSE);
  g_autoptr (PgInet) cidr = parse ("10.0.0.0/8", TRUE);

  g_test_summary ("Addresses are in PostgreSQL's order.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PgInet) a = parse (texts[i], FALSE);
        g_autoptr (PgInet) b = parse (texts[j], FALSE);
        g_autoptr (PgInet) ref = pg_inet_ref (a);
        int order = pg_inet_compare (a, b);

        g_assert_true (ref == a);
        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
        g_assert_cmpint (pg_inet_equal (a, b), ==, i == j);
        if (i == j)
          g_assert_cmpuint (pg_inet_hash (a), ==, pg_inet_hash (b));
      }
  g_assert_true (pg_inet_equal (inet, cidr));
  g_assert_cmpuint (pg_inet_hash (inet), ==, pg_inet_hash (cidr));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/inet/forms", test_forms);
  g_test_add_func ("/pg/inet/invalid", test_invalid);
  g_test_add_func ("/pg/inet/gio", test_gio);
  g_test_add_func ("/pg/inet/order", test_order);

  return g_test_run ();
}
