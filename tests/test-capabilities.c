/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <locale.h>

static void
test_default (void)
{
  PgCapabilities *capabilities = pg_capabilities_get_default ();

  g_test_summary ("There is one object.");
  g_assert_true (PG_IS_CAPABILITIES (capabilities));
  g_assert_true (pg_capabilities_get_default () == capabilities);
}

static void
test_versions (void)
{
  PgCapabilities *capabilities = pg_capabilities_get_default ();
  int version = pg_capabilities_get_libpq_version (capabilities);

  g_test_summary ("What the loaded libpq offers follows from its version.");
  g_assert_cmpint (version, >=, 140000);
  g_assert_cmpint (version, <, 1000000);
  g_assert_cmpint (pg_capabilities_get_used_gssapi (capabilities), ==, version >= 160000);
  g_assert_cmpint (pg_capabilities_get_cancel_safe (capabilities), ==, version >= 170000);
  g_assert_cmpint (pg_capabilities_get_stream_chunked (capabilities), ==, version >= 170000);
  g_assert_cmpint (pg_capabilities_get_close_prepared (capabilities), ==, version >= 170000);
  g_assert_cmpint (pg_capabilities_get_full_protocol_version (capabilities), ==, version >= 180000);
}

static void
test_properties (void)
{
  PgCapabilities *capabilities = pg_capabilities_get_default ();
  gboolean cancel_safe, stream_chunked, close_prepared, used_gssapi, full_protocol_version, tls;
  int version;

  g_test_summary ("Properties have the values of their getters.");
  g_object_get (capabilities, "libpq-version", &version, "cancel-safe", &cancel_safe, "stream-chunked", &stream_chunked, "close-prepared", &close_prepared,
                "used-gssapi", &used_gssapi, "full-protocol-version", &full_protocol_version, "tls", &tls, NULL);
  g_assert_cmpint (version, ==, pg_capabilities_get_libpq_version (capabilities));
  g_assert_cmpint (cancel_safe, ==, pg_capabilities_get_cancel_safe (capabilities));
  g_assert_cmpint (stream_chunked, ==, pg_capabilities_get_stream_chunked (capabilities));
  g_assert_cmpint (close_prepared, ==, pg_capabilities_get_close_prepared (capabilities));
  g_assert_cmpint (used_gssapi, ==, pg_capabilities_get_used_gssapi (capabilities));
  g_assert_cmpint (full_protocol_version, ==, pg_capabilities_get_full_protocol_version (capabilities));
  g_assert_cmpint (tls, ==, pg_capabilities_get_tls (capabilities));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/capabilities/default", test_default);
  g_test_add_func ("/pg/capabilities/versions", test_versions);
  g_test_add_func ("/pg/capabilities/properties", test_properties);

  return g_test_run ();
}
