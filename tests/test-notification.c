/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include "pgconn/connection/pg-notification-private.h"

static void
test_fields (void)
{
  g_autofree char *channel = g_strdup ("Größe");
  g_autofree char *payload = g_strdup ("a\npayload");
  g_autoptr (PgNotification) notification = pg_notification_new (channel, payload, 4711);
  g_autoptr (PgNotification) negative = pg_notification_new ("c", "", -1);

  g_test_summary ("A notification has copies of what it was made of.");

  channel[0] = 'X';
  payload[0] = 'X';

  g_assert_cmpstr (pg_notification_get_channel (notification), ==, "Größe");
  g_assert_cmpstr (pg_notification_get_payload (notification), ==, "a\npayload");
  g_assert_cmpint (pg_notification_get_pid (notification), ==, 4711);
  g_assert_cmpint (pg_notification_get_pid (negative), ==, -1);
}

static void
test_no_payload (void)
{
  g_autoptr (PgNotification) without = pg_notification_new ("c", NULL, 1);
  g_autoptr (PgNotification) with_empty = pg_notification_new ("c", "", 1);

  g_test_summary ("No payload is the same as an empty one.");

  g_assert_cmpstr (pg_notification_get_payload (without), ==, "");
  g_assert_true (pg_notification_equal (without, with_empty));
}

static void
test_not_utf8 (void)
{
  g_autoptr (PgNotification) notification = pg_notification_new ("c\xe9", "\xff!", 1);

  g_test_summary ("Bytes that are not UTF-8 become U+FFFD.");

  g_assert_cmpstr (pg_notification_get_channel (notification), ==, "c\xef\xbf\xbd");
  g_assert_cmpstr (pg_notification_get_payload (notification), ==, "\xef\xbf\xbd!");
}

static void
test_equal (void)
{
  g_autoptr (PgNotification) notification = pg_notification_new ("c", "p", 1);
  g_autoptr (PgNotification) same = pg_notification_new ("c", "p", 1);
  PgNotification *others[] = {
    pg_notification_new ("d", "p", 1),
    pg_notification_new ("c", "q", 1),
    pg_notification_new ("c", "p", 2),
    pg_notification_new ("p", "c", 1),
  };
  gsize i;

  g_test_summary ("Notifications are equal if all their fields are, and equal ones share a hash value.");

  g_assert_true (pg_notification_equal (notification, notification));
  g_assert_true (pg_notification_equal (notification, same));
  g_assert_cmpuint (pg_notification_hash (notification), ==, pg_notification_hash (same));

  for (i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (pg_notification_equal (notification, others[i]));
      g_assert_false (pg_notification_equal (others[i], notification));
      g_assert_cmpuint (pg_notification_hash (notification), !=, pg_notification_hash (others[i]));
      pg_notification_unref (others[i]);
    }
}

static void
test_hash_table (void)
{
  g_autoptr (GHashTable) set = NULL;
  g_autoptr (PgNotification) same = pg_notification_new ("c", "p", 1);

  g_test_summary ("The two functions serve a GHashTable as they are.");

  set = g_hash_table_new_full ((GHashFunc) pg_notification_hash, (GEqualFunc) pg_notification_equal,
                               (GDestroyNotify) pg_notification_unref, NULL);

  g_assert_true (g_hash_table_add (set, pg_notification_new ("c", "p", 1)));
  g_assert_false (g_hash_table_add (set, pg_notification_new ("c", "p", 1)));
  g_assert_true (g_hash_table_add (set, pg_notification_new ("c", "p", 2)));
  g_assert_cmpuint (g_hash_table_size (set), ==, 2);
  g_assert_true (g_hash_table_contains (set, same));
}

static void
test_boxed (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  PgNotification *notification = pg_notification_new ("c", "p", 1);

  g_test_summary ("A GValue keeps a notification alive.");

  g_value_init (&value, PG_TYPE_NOTIFICATION);
  g_value_set_boxed (&value, notification);
  pg_notification_unref (notification);

  g_assert_true (g_value_get_boxed (&value) == notification);
  g_assert_cmpstr (pg_notification_get_payload (g_value_get_boxed (&value)), ==, "p");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/notification/fields", test_fields);
  g_test_add_func ("/pg/notification/no-payload", test_no_payload);
  g_test_add_func ("/pg/notification/not-utf8", test_not_utf8);
  g_test_add_func ("/pg/notification/equal", test_equal);
  g_test_add_func ("/pg/notification/hash-table", test_hash_table);
  g_test_add_func ("/pg/notification/boxed", test_boxed);

  return g_test_run ();
}
