/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values of the types of a database, read and sent back. Without a server: test-params-types.c. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <gio/gio.h>
#include <string.h>

static const char *const types[] = { "mood", "years", "place", "visit", "span", "hstore", "period" };

static PgConnection *
open_with_types (void)
{
  PgConnection *connection = pg_test_open_fixture_autocommit ();

  if (connection == NULL)
    return NULL;
  pg_test_run (connection,
               "CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN years AS int4;"
               "CREATE TYPE place AS (day date, label text, seen timestamptz, cost numeric, bits varbit);"
               "CREATE TYPE visit AS (p place, m mood[], tags hstore, boxes box[], age years, span interval, r regclass);"
               "CREATE TYPE span AS RANGE (subtype = interval); CREATE TYPE period AS RANGE (subtype = timestamp, multirange_type_name = periods)");
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PgTypeInfo) info = pg_connection_fetch_type (connection, types[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (info);
    }
  return connection;
}

/* The text of what the server takes a value for that is sent by a placeholder. */
static char *
send_back (PgConnection *connection,
           const GValue *value,
           const char *placeholder,
           const char *type)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf ("SELECT (%s::%s)::text", placeholder, type);

  g_assert_true (pg_params_add_value (params, value, &error));
  pg_cursor_execute_params (cursor, sql, params, NULL, &error);
  g_assert_no_error (error);
  return pg_test_cell (cursor, 0, 0);
}

static void
test_round_trip (void)
{
  static const struct
  {
    const char *type;
    const char *value;
  } cases[] = {
    { "mood", "'ok'" },
    { "mood[]", "'{{ok,NULL},{sad,ok}}'" },
    { "years", "7" },
    { "years[]", "'[0:1]={7,NULL}'" },
    { "place", "ROW (date '2024-02-03', 'a \"b\", \\c(', timestamptz '2024-02-03 04:05:06.789+00', 1.50, B'101')" },
    { "place", "ROW (date '0044-03-15 BC', '', timestamptz 'infinity', 'NaN', NULL)" },
    { "place[]", "ARRAY[ROW (date '2024-02-03', NULL, NULL, NULL, NULL)::place, NULL]" },
    { "visit",
      "ROW (ROW (date '2024-02-03', ',', NULL, 1.0, B'1'), '{ok,NULL}', 'a=>b, c=>NULL', '{(2,2),(1,1);(4,4),(3,3)}', 7, interval '-1 day +01:00', 'pg_class')" },
    { "visit[]", "ARRAY[ROW (NULL, NULL, NULL, NULL, NULL, NULL, NULL)::visit]" },
    { "span", "'[1 mon,2 mons 00:00:01)'" },
    { "span[]", "ARRAY['(,1 day)'::span, 'empty']" },
    { "period", "'[2024-02-03 01:02:03,2024-03-04 00:00:00)'" },
    { "periods", "'{[2024-02-03,2024-02-04),[2024-03-04,)}'" },
    { "hstore", "'a=>1, \"b \\\"c,\"=>NULL, \"\"=>\"\"'" },
    { "hstore[]", "ARRAY['a=>1'::hstore, '', NULL]" },
    { "box[]", "'{(2,2),(1,1);(4,4),(3,3)}'" },
  };
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("What get_value() gives can be sent back as it is, whatever form the session had when it was read and has when it is sent.");
  if (connection == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint format = 0; format < 2; format++)
      {
        g_autofree char *sql = g_strdup_printf ("SELECT %s::%s", cases[i].value, cases[i].type);
        g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
        g_auto (GValue) value = G_VALUE_INIT;
        g_autoptr (GError) error = NULL;
        g_autofree char *expected = NULL;
        g_autofree char *automatic = NULL;
        g_autofree char *text = NULL;

        g_test_message ("%s, format %u", sql, format);
        /* Day and month are the other way round when it is sent. */
        pg_test_run (connection, "SET DateStyle = 'SQL, DMY'; SET IntervalStyle = sql_standard; SET TimeZone = 'UTC'");
        pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format == 0 ? PG_FORMAT_TEXT : PG_FORMAT_BINARY);
        pg_cursor_execute (cursor, sql, NULL, NULL, &error);
        g_assert_no_error (error);
        g_assert_true (pg_result_get_value (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &value, &error));
        g_assert_no_error (error);

        pg_test_run (connection, "SET DateStyle = 'SQL, MDY'; SET IntervalStyle = postgres; SET TimeZone = 'Asia/Tokyo'");
        g_free (g_steal_pointer (&sql));
        sql = g_strdup_printf ("SELECT (%s::%s)::text", cases[i].value, cases[i].type);
        expected = pg_test_text (connection, sql);
        automatic = send_back (connection, &value, "%s", cases[i].type);
        g_assert_cmpstr (automatic, ==, expected);
        /* In binary, of a regclass there is no text to be had. */
        if (format == 1 && strstr (cases[i].value, "pg_class") != NULL)
          continue;
        text = send_back (connection, &value, "%t", cases[i].type);
        g_assert_cmpstr (text, ==, expected);
      }
}

static void
test_types_are_known (void)
{
  static const char *const values[] = { "ROW (NULL, 'a', NULL, NULL, NULL)::place", "ARRAY[ROW (NULL, 'a', NULL, NULL, NULL)::place]", "'[1 day,2 days)'::span",
                                        "ARRAY['[1 day,2 days)'::span]", "'a=>1'::hstore", "ARRAY['a=>1'::hstore]" };
  static const char *const names[] = { "place", "place[]", "span", "span[]", "hstore", "hstore[]" };
  g_autoptr (PgConnection) connection = open_with_types ();

  g_test_summary ("A value that was read has its type where nothing else says one; over a connection that does not know the type it is text.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT %s", values[i]);
      g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
      g_autoptr (PgCursor) sent = pg_connection_cursor (connection, NULL);
      g_autoptr (PgParams) params = pg_params_new ();
      g_auto (GValue) value = G_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      g_autofree char *type = NULL;

      pg_cursor_execute (cursor, sql, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (pg_result_get_value (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &value, &error));
      g_assert_true (pg_params_add_value (params, &value, &error));
      pg_cursor_execute_params (sent, "SELECT pg_typeof ($1)::text", params, NULL, &error);
      g_assert_no_error (error);
      type = pg_test_cell (sent, 0, 0);
      g_assert_cmpstr (type, ==, names[i]);
    }
}

static void
test_variants (void)
{
  g_autoptr (PgConnection) connection = open_with_types ();
  g_autoptr (PgCursor) cursor = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  GVariant *params;

  g_test_summary ("Dictionaries of a GVariant are hstores, and composite types where a cast says so.");
  if (connection == NULL)
    return;
  params = g_variant_new_parsed ("({'a': 'b'}, {'label': <'x'>, 'day': <'2024-02-03'>, 'seen': <@ms nothing>, 'cost': <5>, 'bits': <'11'>}, [{'k': just 'v', 'l': nothing}])");
  cursor = pg_connection_execute (connection, "SELECT concat_ws ('|', pg_typeof ($1), $1, $2::place, pg_typeof ($3), $3)", params, NULL, &error);
  g_assert_no_error (error);
  text = pg_test_cell (cursor, 0, 0);
  g_assert_cmpstr (text, ==, "hstore|\"a\"=>\"b\"|(2024-02-03,x,,5,11)|hstore[]|{\"\\\"k\\\"=>\\\"v\\\", \\\"l\\\"=>NULL\"}");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pg/params-types-server/round-trip", test_round_trip);
  g_test_add_func ("/pg/params-types-server/types-are-known", test_types_are_known);
  g_test_add_func ("/pg/params-types-server/variants", test_variants);
  return g_test_run ();
}
