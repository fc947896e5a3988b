/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Parameters as a real server takes them. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-values.h"

#include <string.h>

#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-encode-private.h>

static char *
select_text (PgConnection *connection, const char *sql, PgParams *params, GError **error)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), PG_FORMAT_TEXT);
  if (!pg_cursor_execute_params (cursor, sql, params, NULL, error))
    return NULL;
  return pg_test_cell (cursor, 0, 0);
}

static void
assert_selects (PgConnection *connection, const char *sql, PgParams *params, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = select_text (connection, sql, params, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_every_type (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  guint n = 0;

  g_test_summary ("The server shows what was sent: from its text and from the value, in text and in binary.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET TimeZone = 'UTC'");
  for (gsize i = 0; i < G_N_ELEMENTS (pg_test_values); i++)
    {
      const PgTestValue *test = &pg_test_values[i];
      const char *type = pg_codec_get_name (pg_codec_lookup (test->type));
      const PgWireValue wire = {
        .data = (const guint8 *) test->text,
        .length = strlen (test->text),
        .type = test->type,
        .modifier = -1,
        .format = PG_FORMAT_TEXT,
      };
      g_autofree char *plain = g_strdup_printf ("SELECT %%s::%s", type);
      g_autofree char *text = g_strdup_printf ("SELECT %%t::%s", type);
      g_autofree char *binary = g_strdup_printf ("SELECT %%b::%s", type);
      g_autoptr (PgParams) from_text = pg_params_new ();
      g_autoptr (PgParams) from_value = pg_params_new ();
      g_autoptr (GError) error = NULL;
      PgParam *param;

      if (test->type == PG_OID_RECORD || test->type == PG_OID_RECORD_ARRAY)
        continue;
      g_test_message ("%s: %s", type, test->text);
      pg_params_add_typed_text (from_text, test->type, test->text);
      assert_selects (connection, plain, from_text, test->text);
      if (!pg_codec_can_encode_binary (NULL, test->type))
        continue;
      if (pg_codec_has_binary (test->type))
        assert_selects (connection, binary, from_text, test->text);

      if (strchr (test->text, '=') != NULL || !pg_codec_has_binary (test->type))
        continue; /* a GVariant has no bounds */
      param = pg_params_add (from_value, PG_PARAM_VALUE, test->type);
      g_assert_true (pg_codec_to_value (&wire, &param->value.value, &error));
      g_assert_no_error (error);
      assert_selects (connection, plain, from_value, test->text);
      assert_selects (connection, text, from_value, test->text);
      assert_selects (connection, binary, from_value, test->text);
      n++;
    }
  g_assert_cmpuint (n, >, 100);
}

static void
test_typed_methods (void)
{
  static const gint32 int32s[] = { 1, -2 };
  static const gint64 int64s[] = { 1, -2 };
  static const double doubles[] = { 0.5, -0.0 };
  static const gboolean booleans[] = { TRUE, FALSE };
  static const char *const strings[] = { "a", "b c", "", NULL };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgRange) range = pg_range_parse ("[1,5)", PG_OID_INT4, NULL);
  g_autoptr (PgInterval) interval = pg_interval_new (1, 2, 3000000);

  g_test_summary ("The types are those that the methods say.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET IntervalStyle = sql_standard");
  pg_params_add_int32_array (params, int32s, 2);
  pg_params_add_int64_array (params, int64s, 2);
  pg_params_add_double_array (params, doubles, 2);
  pg_params_add_boolean_array (params, booleans, 2);
  pg_params_add_strv (params, strings);
  pg_params_add_range (params, range);
  pg_params_add_interval (params, interval);
  pg_params_add_oid (params, 4000000000u);
  pg_params_add_xid8 (params, G_GUINT64_CONSTANT (10000000000000000000));
  pg_params_add_lsn (params, 255);
  pg_params_add_money (params, 1050);
  pg_params_add_float (params, 0.1f);
  pg_params_add_uint64 (params, G_MAXUINT64);
  assert_selects (connection,
                  "SELECT concat_ws ('|', pg_typeof ($1), $1, pg_typeof ($2), $2, pg_typeof ($3), $3, pg_typeof ($4), $4, pg_typeof ($5), $5,"
                  " pg_typeof ($6), $6, pg_typeof ($7), extract (epoch FROM $7), pg_typeof ($8), $8, pg_typeof ($9), $9, pg_typeof ($10), $10,"
                  " pg_typeof ($11), $11::numeric, pg_typeof ($12), $12, pg_typeof ($13), $13)",
                  params,
                  "integer[]|{1,-2}|bigint[]|{1,-2}|double precision[]|{0.5,-0}|boolean[]|{t,f}|text[]|{a,\"b c\",\"\"}|int4range|[1,5)|"
                  "interval|2764803.000000|oid|4000000000|xid8|10000000000000000000|pg_lsn|0/FF|money|10.50|real|0.1|numeric|18446744073709551615");
}

static void
test_arrays_and_records (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) binary = pg_params_new ();
  g_autofree char *type = NULL;
  g_autoptr (PgParams) text = pg_params_new ();

  g_test_summary ("Arrays and records made piece by piece are what the place takes them for.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "CREATE TYPE mood AS ENUM ('sad', 'ok')");
  pg_test_run (connection, "CREATE TYPE pair AS (id integer, name text, moods mood[])");
  pg_test_run (connection, "CREATE TABLE pairs (p pair, all_of_them pair[], moods mood[])");

  pg_params_begin_record (params, 0);
  pg_params_add_integer (params, 1);
  pg_params_add_text (params, "a, \"b\" (c) \\ ");
  pg_params_begin_array (params, 0);
  pg_params_add_text (params, "sad");
  pg_params_add_null (params);
  pg_params_end_array (params);
  pg_params_end_record (params);

  pg_params_begin_array (params, 0);
  for (int i = 0; i < 2; i++)
    {
      pg_params_begin_record (params, 0);
      pg_params_add_integer (params, i);
      pg_params_add_null (params);
      pg_params_begin_array (params, 0);
      pg_params_end_array (params);
      pg_params_end_record (params);
    }
  pg_params_end_array (params);

  pg_params_begin_array (params, 0);
  pg_params_add_text (params, "ok");
  pg_params_add_text (params, "sad");
  pg_params_end_array (params);
  assert_selects (connection, "INSERT INTO pairs VALUES ($1, $2, $3) RETURNING (p).name || '|' || (p).moods::text || '|' || all_of_them::text || '|' || moods::text",
                  params, "a, \"b\" (c) \\ |{sad,NULL}|{\"(0,,{})\",\"(1,,{})\"}|{ok,sad}");

  /* A binary one says what its fields are, and the server compares. */
  type = pg_test_text (connection, "SELECT 'pair'::regtype::oid");
  pg_params_begin_record (binary, (guint) g_ascii_strtoull (type, NULL, 10));
  pg_params_add_int32 (binary, 7);
  pg_params_add_typed_text (binary, PG_OID_TEXT, "seven");
  pg_params_add_typed_text (binary, (guint) pg_test_int64 (connection, "SELECT 'mood[]'::regtype::oid::bigint"), NULL);
  pg_params_end_record (binary);
  assert_selects (connection, "SELECT (%b).name", binary, "seven");

  /* Of text the place decides what it is, as of one in quotes. */
  pg_params_begin_array (text, 0);
  pg_params_add_text (text, "01234567-89ab-cdef-0123-456789abcdef");
  pg_params_end_array (text);
  assert_selects (connection, "SELECT uuid '01234567-89ab-cdef-0123-456789abcdef' = ANY ($1)", text, "t");
}

static void
test_forced_formats (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgParams) bad = pg_params_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A %b reads the text first; what cannot be read is an error before anything is sent.");
  if (connection == NULL)
    return;
  pg_params_add_typed_text (params, PG_OID_INT4_ARRAY, "[0:1]={1,2}");
  assert_selects (connection, "SELECT (%b)::text", params, "[0:1]={1,2}");
  assert_selects (connection, "SELECT (%t)::text", params, "[0:1]={1,2}");

  pg_params_add_typed_text (bad, PG_OID_INT4, "zebra");
  g_assert_null (select_text (connection, "SELECT %b", bad, &error));
  g_assert_error (error, PG_ERROR, PG_ERROR_DATA);
  g_assert_null (strstr (error->message, "zebra"));
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pg_test_clean_environment ();

  g_test_add_func ("/pg/params/server/every-type", test_every_type);
  g_test_add_func ("/pg/params/server/typed-methods", test_typed_methods);
  g_test_add_func ("/pg/params/server/arrays-and-records", test_arrays_and_records);
  g_test_add_func ("/pg/params/server/forced-formats", test_forced_formats);

  return g_test_run ();
}
