/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Types of the database are fetched: those that are not there, those that change, without blocking, by themselves. */
#include "pg-test-types.h"

#include <locale.h>
#include <string.h>

static void
test_absent (void)
{
  static const char *const names[] = { "nobody", "public.nobody", "nobody[]", "a.b.c.d", "two words", "", "'", "mood mood", "\"" };
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("A type that is not there, or has no name at all, is an error that leaves the session as it was.");
  if (connection == NULL)
    return;
  for (guint in_transaction = 0; in_transaction < 2; in_transaction++)
    {
      const PgTransactionStatus status = in_transaction ? PG_TRANSACTION_STATUS_INTRANS : PG_TRANSACTION_STATUS_IDLE;
      g_autoptr (GError) error = NULL;

      if (in_transaction)
        pg_test_run (connection, "BEGIN");
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autoptr (GError) name_error = NULL;

          g_assert_null (pg_connection_fetch_type (connection, names[i], NULL, &name_error));
          g_assert_nonnull (name_error);
          g_assert_true (name_error->domain == PG_ERROR);
          if (i < 3)
            {
              g_assert_cmpint (name_error->code, ==, PG_ERROR_UNDEFINED_OBJECT);
              pg_test_assert_contains (name_error->message, names[i]);
            }
          g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, status);
        }
      g_assert_null (pg_connection_fetch_type_by_oid (connection, 4000000000u, NULL, &error));
      g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
      pg_test_assert_contains (error->message, "4000000000");
      g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, status);
    }
}

static void
test_transaction (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgTypeInfo) idle = NULL;
  g_autoptr (PgTypeInfo) in_transaction = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  g_test_summary ("Fetching a type begins no transaction and ends none; in one that has failed it is an error.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  pg_test_run (connection, pg_test_types_setup);
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  idle = fetch (connection, "mood");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
  pg_test_run (connection, "CREATE TYPE inside AS ENUM ('x')");
  in_transaction = fetch (connection, "inside");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
  message = pg_test_fail (connection, "SELECT 1 / 0", PG_ERROR_DIVISION_BY_ZERO);
  g_assert_null (pg_connection_fetch_type (connection, "mood", NULL, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INERROR);
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
}

static void
test_recreated (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  PgAdaptersMap *map;
  g_autoptr (PgTypeInfo) former = NULL;
  g_autoptr (PgTypeInfo) latter = NULL;
  g_autoptr (PgTypeInfo) known = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) after = NULL;
  g_autoptr (GVariant) old_value = NULL;
  g_autoptr (GVariant) unknown_value = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (PgCursor) again = NULL;

  g_test_summary ("A type that was dropped and made again is another one, until it is fetched again.");
  if (connection == NULL)
    return;
  map = pg_base_connection_get_adapters (PG_BASE_CONNECTION (connection));
  pg_test_run (connection, "CREATE TYPE pair AS (a int4, b int4)");
  former = fetch (connection, "pair");
  cursor = execute (connection, "SELECT ROW(1, 2)::pair", PG_FORMAT_TEXT);
  pg_test_run (connection, "DROP TYPE pair; CREATE TYPE pair AS (b text, a text, c text)");

  after = execute (connection, "SELECT ROW(1, 2, 3)::pair", PG_FORMAT_TEXT);
  unknown_value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (after)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (unknown_value), ==, "ms");

  latter = fetch (connection, "pair");
  g_assert_cmpuint (pg_type_info_get_oid (latter), !=, pg_type_info_get_oid (former));
  g_assert_null (pg_adapters_map_lookup_type (map, pg_type_info_get_oid (former)));
  known = pg_adapters_map_lookup_type_by_name (map, "pair");
  g_assert_true (known == latter);
  again = execute (connection, "SELECT ROW(1, 2, 3)::pair", PG_FORMAT_TEXT);
  value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (again)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, "m(msmsms)");

  /* The result of the former one keeps what it had. */
  old_value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (old_value), ==, "m(mimi)");
}

static void
test_altered (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A composite type that has another field than when it was fetched.");
  if (connection == NULL)
    return;
  info = fetch (connection, "place");
  pg_test_run (connection, "ALTER TYPE place ADD ATTRIBUTE z float8");
  cursor = execute (connection, "SELECT ROW(1, 2, 'x', 3)::place", PG_FORMAT_TEXT);
  g_assert_null (pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  pg_test_assert_contains (error->message, "place");
  text = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (text, ==, "(1,2,x,3)");
}

static void
test_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_auto (PgTestWait) wait = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) by_oid = PG_TEST_WAIT_INIT;
  g_auto (PgTestWait) absent = PG_TEST_WAIT_INIT;
  g_autoptr (PgAsyncCursor) created = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgTypeInfo) same = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The same without blocking.");
  if (connection == NULL)
    return;
  created = pg_test_async_execute (connection, pg_test_types_setup);
  pg_async_connection_fetch_type_async (connection, "place", NULL, pg_test_wait_done, &wait);
  info = pg_async_connection_fetch_type_finish (connection, pg_test_wait (&wait), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pg_type_info_get_name (info), ==, "place");
  pg_async_connection_fetch_type_by_oid_async (connection, pg_type_info_get_oid (info), NULL, pg_test_wait_done, &by_oid);
  same = pg_async_connection_fetch_type_by_oid_finish (connection, pg_test_wait (&by_oid), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pg_type_info_get_oid (same), ==, pg_type_info_get_oid (info));
  cursor = pg_test_async_execute (connection, "SELECT ROW(1, 2, 'x')::place");
  value = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, "m(mdmdms)");
  pg_async_connection_fetch_type_async (connection, "nobody", NULL, pg_test_wait_done, &absent);
  g_assert_null (pg_async_connection_fetch_type_finish (connection, pg_test_wait (&absent), &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
}

static void
test_scopes (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgConnection) copy = NULL;
  g_autoptr (PgCursor) before = NULL;
  g_autoptr (PgCursor) own = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  g_autoptr (PgTypeInfo) of_own = NULL;
  g_autoptr (PgTypeInfo) of_copy = NULL;
  g_autoptr (PgTypeInfo) of_default = NULL;
  g_autoptr (GVariant) unknown = NULL;
  g_autoptr (GVariant) known = NULL;
  PgAdaptersMap *map;

  g_test_summary ("A map is a copy of the one above, and knows nothing of its later changes.");
  if (connection == NULL)
    return;
  map = pg_base_connection_get_adapters (PG_BASE_CONNECTION (connection));
  before = pg_connection_cursor (connection, NULL);
  own = pg_connection_cursor (connection, NULL);
  info = fetch (connection, "place");
  g_assert_true (pg_cursor_execute (before, "SELECT ROW(1, 2, 'x')::place", NULL, NULL, NULL));
  unknown = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (before)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (unknown), ==, "ms");

  pg_adapters_map_add_type (pg_base_cursor_get_adapters (PG_BASE_CURSOR (own)), info);
  of_own = pg_adapters_map_lookup_type (pg_base_cursor_get_adapters (PG_BASE_CURSOR (own)), pg_type_info_get_oid (info));
  g_assert_true (of_own == info);
  g_assert_true (pg_cursor_execute (own, "SELECT ROW(1, 2, 'x')::place", NULL, NULL, NULL));
  known = pg_result_dup_variant (pg_base_cursor_get_result (PG_BASE_CURSOR (own)), 0, 0, NULL);
  g_assert_cmpstr (g_variant_get_type_string (known), ==, "m(mdmdms)");

  of_default = pg_adapters_map_lookup_type_by_name (pg_adapters_map_get_default (), "place");
  g_assert_null (of_default);
  copy = g_object_new (PG_TYPE_CONNECTION, "adapters", map, NULL);
  g_assert_true (pg_base_connection_get_adapters (PG_BASE_CONNECTION (copy)) != map);
  of_copy = pg_adapters_map_lookup_type_by_name (pg_base_connection_get_adapters (PG_BASE_CONNECTION (copy)), "public.place");
  g_assert_true (of_copy == info);
}

static void
assert_variant_type (gpointer cursor, guint column, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = pg_result_dup_variant (pg_base_cursor_get_result (cursor), 0, column, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, expected);
}

static void
test_look_up (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_autoptr (PgCursor) older = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) script = NULL;
  g_autoptr (PgCursor) binary = NULL;
  g_autoptr (PgCursor) recreated = NULL;
  g_autoptr (PgTypeInfo) info = NULL;
  PgBaseConnection *base;

  g_test_summary ("Types that are not known are looked up with the result, where that is wanted.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open (conninfo);
  base = PG_BASE_CONNECTION (connection);
  pg_test_run (connection, pg_test_types_setup);
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  g_assert_false (pg_base_connection_get_fetch_types (base));
  g_object_set (connection, "fetch-types", TRUE, NULL);
  g_assert_true (pg_base_connection_get_fetch_types (base));

  older = pg_connection_cursor (connection, NULL);
  cursor = execute (connection, "SELECT ROW(1, 2, 'x')::place, ARRAY['ok']::mood[], 1", PG_FORMAT_TEXT);
  g_assert_cmpint (pg_base_connection_get_transaction_status (base), ==, PG_TRANSACTION_STATUS_INTRANS);
  assert_variant_type (cursor, 0, "m(mdmdms)");
  assert_variant_type (cursor, 1, "mams");
  info = pg_adapters_map_lookup_type_by_name (pg_base_connection_get_adapters (base), "mood");
  g_assert_nonnull (info);
  g_assert_true (pg_cursor_execute (older, "SELECT ROW(1, 2, 'x')::place", NULL, NULL, NULL));
  assert_variant_type (older, 0, "m(mdmdms)");

  /* Without a transaction, with several results, and in binary. */
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  g_assert_true (pg_connection_set_autocommit (connection, TRUE, NULL, NULL));
  script = execute (connection, "SELECT 1; SELECT '[ok,)'::moodrange; SELECT ROW()::nothing", PG_FORMAT_TEXT);
  g_assert_cmpint (pg_base_connection_get_transaction_status (base), ==, PG_TRANSACTION_STATUS_IDLE);
  g_assert_true (pg_base_cursor_select_result (PG_BASE_CURSOR (script), 2, NULL));
  assert_variant_type (script, 0, "m()");
  binary = execute (connection, "SELECT ROW('[sad,ok)', NULL, NULL, '{3}')::holder", PG_FORMAT_BINARY);
  assert_variant_type (binary, 0, "m(msmsmsmami)");

  /* One that was dropped and made again is another. */
  pg_test_run (connection, "DROP TYPE nothing; CREATE TYPE nothing AS (a int)");
  recreated = execute (connection, "SELECT ROW(1)::nothing", PG_FORMAT_TEXT);
  assert_variant_type (recreated, 0, "m(mi)");
}

/* The server has forgotten the type when it is asked: the values are what they are without. */
static void
test_look_up_failed (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (PgCursor) refused = NULL;
  PgBaseConnection *base;

  g_test_summary ("A look-up that fails is no failure of the statement, nor of its transaction.");
  if (connection == NULL)
    return;
  base = PG_BASE_CONNECTION (connection);
  pg_base_connection_set_fetch_types (base, TRUE);
  cursor = execute (connection, "SELECT 'ok'::mood; DROP TYPE mood CASCADE", PG_FORMAT_TEXT);
  g_assert_true (pg_base_cursor_select_result (PG_BASE_CURSOR (cursor), 0, NULL));
  assert_variant_type (cursor, 0, "ms");

  pg_test_run (connection, "CREATE ROLE nobody_reads; REVOKE SELECT ON pg_catalog.pg_range FROM PUBLIC");
  pg_test_run (connection, "BEGIN; SET LOCAL ROLE nobody_reads");
  refused = execute (connection, "SELECT ROW(1, 2, 'x')::place", PG_FORMAT_TEXT);
  assert_variant_type (refused, 0, "ms");
  g_assert_cmpint (pg_base_connection_get_transaction_status (base), ==, PG_TRANSACTION_STATUS_INTRANS);
  pg_test_run (connection, "SELECT 1; ROLLBACK; GRANT SELECT ON pg_catalog.pg_range TO PUBLIC; DROP ROLE nobody_reads");
}

static void
test_look_up_async (void)
{
  g_autoptr (PgAsyncConnection) connection = pg_test_async_open_fixture ();
  g_autoptr (PgAsyncCursor) created = NULL;
  g_autoptr (PgAsyncCursor) cursor = NULL;

  g_test_summary ("The same without blocking.");
  if (connection == NULL)
    return;
  created = pg_test_async_execute (connection, pg_test_types_setup);
  pg_base_connection_set_fetch_types (PG_BASE_CONNECTION (connection), TRUE);
  cursor = pg_test_async_execute (connection, "SELECT ROW(1, 2, 'x')::place");
  assert_variant_type (cursor, 0, "m(mdmdms)");
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_INTRANS);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/type-fetch/absent", test_absent);
  g_test_add_func ("/pg/type-fetch/transaction", test_transaction);
  g_test_add_func ("/pg/type-fetch/recreated", test_recreated);
  g_test_add_func ("/pg/type-fetch/altered", test_altered);
  g_test_add_func ("/pg/type-fetch/async", test_async);
  g_test_add_func ("/pg/type-fetch/scopes", test_scopes);
  g_test_add_func ("/pg/type-fetch/look-up", test_look_up);
  g_test_add_func ("/pg/type-fetch/look-up-failed", test_look_up_failed);
  g_test_add_func ("/pg/type-fetch/look-up-async", test_look_up_async);

  return g_test_run ();
}
