/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Random values of every type, made by the server, read in both formats, and sent back. PGCONN_TEST_VALUES is how many. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"
#include "pg-test-random.h"

#include <locale.h>
#include <string.h>

#include <pgconn/types/pg-adapters-map-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-value-order-private.h>

#define BATCH 100
#define MAX_MESSAGES 20

static guint n_messages;

static guint
count_values (void)
{
  const char *number = g_getenv ("PGCONN_TEST_VALUES");

  if (number != NULL)
    return (guint) g_ascii_strtoull (number, NULL, 10);
  return g_getenv ("PG_TEST_VALGRIND") != NULL ? 1000 : 10000;
}

/* The values are test data, which may be shown. What seed they are from is the first line of the program's output. */
static void
differs (const char *type, const char *what, const char *one, const char *other)
{
  g_test_fail ();
  if (n_messages++ < MAX_MESSAGES)
    g_test_message ("%s, %s: “%s” and “%s”", type, what, one != NULL ? one : "(null)", other != NULL ? other : "(null)");
}

/* The exact text of what was read. */
static char *
print (const GValue *value)
{
  g_auto (GValue) string = G_VALUE_INIT;

  if (G_VALUE_HOLDS_VARIANT (value))
    return g_variant_print (g_value_get_variant (value), TRUE);
  if (G_VALUE_HOLDS (value, G_TYPE_BYTES))
    {
      g_autoptr (GVariant) bytes = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, g_value_get_boxed (value), TRUE));

      return g_variant_print (bytes, TRUE);
    }
  g_value_init (&string, G_TYPE_STRING);
  return g_value_transform (value, &string) ? g_value_dup_string (&string) : g_strdup_value_contents (value);
}

/* SELECT of every value twice: as it is, and as its output function writes it. */
static char *
make_query (const char *type, guint n)
{
  GString *sql = g_string_new ("SELECT v, format('%s', v) FROM (VALUES ");

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (sql, "%s($%u::%s)", i > 1 ? ", " : "", i, type);
  g_string_append (sql, ") x (v)");
  return g_string_free (sql, FALSE);
}

static PgCursor *
send (PgConnection *connection, PgFormat format, const char *sql, PgParams *params)
{
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection, NULL);
  g_autoptr (GError) error = NULL;

  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  if (pg_cursor_execute_params (cursor, sql, params, NULL, &error))
    return g_steal_pointer (&cursor);
  g_test_message ("%.100s …: %s", sql, error->message);
  g_test_fail ();
  return NULL;
}

static char *
get_text (PgResult *result, guint row, guint column)
{
  g_autoptr (GError) error = NULL;
  char *text = pg_result_dup_text (result, row, column, &error);

  g_assert_no_error (error);
  return text;
}

static void
check_values (const char *type, PgResult *text_result, PgResult *binary_result, guint row, gboolean same_text)
{
  g_auto (GValue) of_text = G_VALUE_INIT;
  g_auto (GValue) of_binary = G_VALUE_INIT;
  g_autofree char *print_of_text = NULL;
  g_autofree char *print_of_binary = NULL;
  g_autoptr (GError) error = NULL;

  if (!pg_result_get_value (text_result, row, 0, &of_text, &error) || !pg_result_get_value (binary_result, row, 0, &of_binary, &error))
    {
      g_autofree char *text = get_text (text_result, row, 0);

      differs (type, error->message, text, NULL);
      return;
    }
  print_of_text = print (&of_text);
  print_of_binary = print (&of_binary);
  if (G_VALUE_TYPE (&of_text) != G_VALUE_TYPE (&of_binary) || (same_text && g_strcmp0 (print_of_text, print_of_binary) != 0))
    differs (type, "values of text and of binary", print_of_text, print_of_binary);
  else if (pg_value_compare (&of_text, &of_binary) != 0 || pg_value_hash (&of_text) != pg_value_hash (&of_binary))
    differs (type, "order or hash", print_of_text, print_of_binary);
}

/* PostgreSQL sends an empty int2vector in binary and does not read it. */
static gboolean
can_send_binary (const PgTypeTable *table, guint32 type)
{
  if (type == 0 || !pg_type_table_has_binary (table, type) || !pg_codec_can_encode_binary (table, type))
    return FALSE;
  return type != PG_OID_INT2VECTOR && type != PG_OID_OIDVECTOR && type != PG_OID_INT2VECTOR_ARRAY && type != PG_OID_OIDVECTOR_ARRAY;
}

/* Whether the type that the value has for itself can be cast to this one. */
static gboolean
can_cast_value (guint32 type)
{
  switch (type)
    {
    case PG_OID_XID:
    case PG_OID_XID_ARRAY:
    case PG_OID_CID:
    case PG_OID_CID_ARRAY:
    case PG_OID_XID8:
    case PG_OID_XID8_ARRAY:
    case PG_OID_INT2VECTOR:
    case PG_OID_INT2VECTOR_ARRAY:
    case PG_OID_OIDVECTOR:
    case PG_OID_OIDVECTOR_ARRAY:
      return FALSE;
    default:
      return TRUE;
    }
}

static PgCursor *
send_back (PgConnection *connection, const char *name, char letter, PgParams *params)
{
  const guint n = pg_params_get_n_params (params);
  g_autoptr (GString) sql = g_string_new ("SELECT v FROM (VALUES ");

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (sql, "%s(%%%c::%s)", i > 1 ? ", " : "", letter, name);
  g_string_append (sql, ") x (v)");
  return send (connection, PG_FORMAT_TEXT, sql->str, params);
}

/* What the library has read goes back as text or, where that can be made of it, in binary, and is the same. */
static void
check_back (PgConnection *connection, const char *name, guint32 oid, GPtrArray *texts)
{
  g_autoptr (PgTypeTable) table = pg_adapters_map_ref_table (pg_base_connection_get_adapters (PG_BASE_CONNECTION (connection)));
  const guint32 type = oid != PG_TEST_MADE ? oid : pg_type_table_get_oid (table, name);
  const gboolean binary = can_send_binary (table, type) && !pg_test_random_chance (3);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgCursor) cursor = NULL;

  for (guint i = 0; i < texts->len; i++)
    pg_params_add_typed_text (params, type, texts->pdata[i]);
  cursor = send_back (connection, name, binary ? 'b' : 't', params);
  for (guint row = 0; cursor != NULL && row < texts->len; row++)
    {
      g_autofree char *text = get_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), row, 0);

      if (g_strcmp0 (text, texts->pdata[row]) != 0)
        differs (name, binary ? "sent back in binary" : "sent back as text", text, texts->pdata[row]);
    }
}

/* So do the values: as what they are to GLib. Bounds of arrays are not in a GVariant. */
static void
check_values_back (PgConnection *connection, const char *name, PgResult *result)
{
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgCursor) cursor = NULL;
  const guint n = pg_result_get_n_rows (result);
  g_autoptr (GError) error = NULL;

  for (guint row = 0; row < n; row++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if (!pg_result_get_value (result, row, 0, &value, &error) || !pg_params_add_value (params, &value, &error))
        {
          differs (name, error->message, NULL, NULL);
          return;
        }
    }
  cursor = send_back (connection, name, 's', params);
  for (guint row = 0; cursor != NULL && row < n; row++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) again = G_VALUE_INIT;
      g_autofree char *print_of_value = NULL;
      g_autofree char *print_of_again = NULL;

      g_assert_true (pg_result_get_value (result, row, 0, &value, NULL));
      if (!pg_result_get_value (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), row, 0, &again, &error))
        {
          differs (name, error->message, NULL, NULL);
          return;
        }
      print_of_value = print (&value);
      print_of_again = print (&again);
      if (g_strcmp0 (print_of_value, print_of_again) != 0)
        differs (name, "value sent back", print_of_again, print_of_value);
    }
}

/* texts: how somebody may write the values. Replaced by how the server writes them. */
static void
check_texts (PgConnection *connection, const char *name, guint32 oid, GPtrArray *texts)
{
  g_autofree char *sql = make_query (name, texts->len);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgCursor) text_cursor = NULL;
  g_autoptr (PgCursor) binary_cursor = NULL;
  PgResult *text_result, *binary_result;

  for (guint i = 0; i < texts->len; i++)
    pg_params_add_text (params, texts->pdata[i]);
  text_cursor = send (connection, PG_FORMAT_TEXT, sql, params);
  if (text_cursor == NULL)
    return;
  binary_cursor = oid == PG_TEST_MADE || pg_codec_has_binary (oid) ? send (connection, PG_FORMAT_BINARY, sql, params) : g_object_ref (text_cursor);
  if (binary_cursor == NULL)
    return;
  text_result = pg_base_cursor_get_result (PG_BASE_CURSOR (text_cursor));
  binary_result = pg_base_cursor_get_result (PG_BASE_CURSOR (binary_cursor));
  g_assert_cmpuint (pg_result_get_n_rows (text_result), ==, texts->len);
  g_assert_cmpuint (pg_result_get_n_rows (binary_result), ==, texts->len);

  for (guint row = 0; row < texts->len; row++)
    {
      g_autofree char *expected = get_text (text_result, row, 1);
      g_autofree char *text_of_text = get_text (text_result, row, 0);
      g_autofree char *text_of_binary = get_text (binary_result, row, 0);

      if (g_strcmp0 (text_of_text, expected) != 0)
        differs (name, "text and the server's", text_of_text, expected);
      if (g_strcmp0 (text_of_binary, expected) != 0)
        differs (name, "text of binary and the server's", text_of_binary, expected);
      check_values (name, text_result, binary_result, row, TRUE);
      g_free (texts->pdata[row]);
      texts->pdata[row] = g_steal_pointer (&expected);
    }
  if (can_cast_value (oid) && g_test_rand_bit ())
    check_values_back (connection, name, binary_result);
}

static void
check_type (PgConnection *connection, const PgTestRandomType *type, gboolean array, guint n)
{
  g_autofree char *name = g_strconcat (type->name, array ? "[]" : "", NULL);
  const guint32 oid = array ? type->array : type->oid;

  while (n > 0)
    {
      const guint batch = MIN (n, BATCH);
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; i < batch; i++)
        {
          GString *text = g_string_new (NULL);

          if (array)
            pg_test_random_append_array (text, type, 6);
          else
            type->append (text);
          g_ptr_array_add (texts, g_string_free (text, FALSE));
        }
      check_texts (connection, name, oid, texts);
      check_back (connection, name, oid, texts);
      n -= batch;
    }
}

static PgConnection *
open_connection (void)
{
  PgConnection *connection = pg_test_open_fixture_autocommit ();
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    return NULL;
  pg_test_run (connection, "SET TimeZone = 'UTC'; SET lc_monetary = 'C'; " PG_TEST_MAKE_TYPES);
  for (guint i = 0; i < pg_test_n_random_types; i++)
    if (pg_test_random_types[i].oid == PG_TEST_MADE)
      {
        g_autoptr (PgTypeInfo) info = pg_connection_fetch_type (connection, pg_test_random_types[i].name, NULL, &error);

        g_assert_no_error (error);
      }
  return connection;
}

/* What the session writes in its own way is the same value. */
static void
check_styles (PgConnection *connection, const PgTestRandomType *type, guint n)
{
  g_autofree char *sql = make_query (type->name, n);
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgCursor) text_cursor = NULL;
  g_autoptr (PgCursor) binary_cursor = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      type->append (text);
      pg_params_add_text (params, text->str);
    }
  text_cursor = send (connection, PG_FORMAT_TEXT, sql, params);
  binary_cursor = send (connection, PG_FORMAT_BINARY, sql, params);
  if (text_cursor == NULL || binary_cursor == NULL)
    return;
  for (guint row = 0; row < n; row++)
    check_values (type->name, pg_base_cursor_get_result (PG_BASE_CURSOR (text_cursor)), pg_base_cursor_get_result (PG_BASE_CURSOR (binary_cursor)), row, FALSE);
}

static void
test_styles (void)
{
  static const char *const date_styles[] = { "ISO, DMY", "SQL, MDY", "SQL, DMY", "Postgres, MDY", "Postgres, DMY", "German, DMY" };
  static const char *const interval_styles[] = { "postgres", "postgres_verbose", "sql_standard", "iso_8601" };
  static const guint32 types[] = { PG_OID_BYTEA, PG_OID_DATE, PG_OID_TIMESTAMP, PG_OID_TIMESTAMPTZ, PG_OID_TIME, PG_OID_TIMETZ, PG_OID_INTERVAL, PG_OID_DATERANGE, PG_OID_TSRANGE };
  g_autoptr (PgConnection) connection = open_connection ();
  const guint n = count_values () / (guint) (G_N_ELEMENTS (date_styles) * G_N_ELEMENTS (interval_styles) * G_N_ELEMENTS (types)) / 4 + 1;

  g_test_summary ("Dates, intervals and bytes are the same values whatever DateStyle, IntervalStyle and bytea_output are.");
  if (connection == NULL)
    return;
  pg_test_run (connection, "SET bytea_output = 'escape'");
  for (guint d = 0; d < G_N_ELEMENTS (date_styles); d++)
    for (guint i = 0; i < G_N_ELEMENTS (interval_styles); i++)
      for (guint t = 0; t < G_N_ELEMENTS (types); t++)
        for (guint k = 0; k < pg_test_n_random_types; k++)
          if (pg_test_random_types[k].oid == types[t])
            {
              g_autofree char *sql = g_strdup_printf ("SET DateStyle = '%s'; SET IntervalStyle = '%s'", date_styles[d], interval_styles[i]);

              pg_test_run (connection, sql);
              check_styles (connection, &pg_test_random_types[k], n);
            }
  g_assert_cmpuint (n_messages, ==, 0);
}

static void
test_types (void)
{
  g_autoptr (PgConnection) connection = open_connection ();
  guint n_kinds = 0;

  g_test_summary ("Values of every type are the same in text and in binary, have the text that the server gives them, and come back.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < pg_test_n_random_types; i++)
    n_kinds += pg_test_random_types[i].array != 0 ? 2 : 1;
  for (guint i = 0; i < pg_test_n_random_types; i++)
    {
      const PgTestRandomType *type = &pg_test_random_types[i];
      const guint n = MAX (count_values () / n_kinds, 1);

      check_type (connection, type, FALSE, n);
      if (type->array != 0)
        check_type (connection, type, TRUE, n);
    }
  g_assert_cmpuint (n_messages, ==, 0);
}

static void
test_records (void)
{
  g_autoptr (PgConnection) connection = open_connection ();
  const PgTestRandomType *composite = &pg_test_random_types[pg_test_n_random_types - 1];

  g_test_summary ("Records of every kind of field, NULL and nested, have the server's text in binary.");
  if (connection == NULL)
    return;
  g_assert_cmpstr (composite->name, ==, "composite");
  for (guint done = 0; done < count_values () / 20; done += BATCH)
    {
      g_autoptr (GString) sql = g_string_new ("SELECT r, format('%s', r) FROM (SELECT ROW((v).a, (v).b, (v).c, (v).d, (v).e, (v).f, ROW((v).b, ROW(), (v).f)) FROM (VALUES ");
      g_autoptr (PgParams) params = pg_params_new ();
      g_autoptr (PgCursor) text_cursor = NULL;
      g_autoptr (PgCursor) binary_cursor = NULL;
      PgResult *text_result, *binary_result;

      for (guint i = 1; i <= BATCH; i++)
        {
          g_autoptr (GString) text = g_string_new (NULL);

          composite->append (text);
          pg_params_add_text (params, text->str);
          g_string_append_printf (sql, "%s($%u::composite)", i > 1 ? ", " : "", i);
        }
      g_string_append (sql, ") x (v)) y (r)");
      text_cursor = send (connection, PG_FORMAT_TEXT, sql->str, params);
      binary_cursor = send (connection, PG_FORMAT_BINARY, sql->str, params);
      if (text_cursor == NULL || binary_cursor == NULL)
        return;
      text_result = pg_base_cursor_get_result (PG_BASE_CURSOR (text_cursor));
      binary_result = pg_base_cursor_get_result (PG_BASE_CURSOR (binary_cursor));
      for (guint row = 0; row < BATCH; row++)
        {
          g_autofree char *expected = get_text (text_result, row, 1);
          g_autofree char *text_of_binary = get_text (binary_result, row, 0);
          g_auto (GValue) of_text = G_VALUE_INIT;
          g_auto (GValue) of_binary = G_VALUE_INIT;
          g_autofree char *print_of_text = NULL;
          g_autofree char *print_of_binary = NULL;
          g_autoptr (GError) error = NULL;

          if (g_strcmp0 (text_of_binary, expected) != 0)
            differs ("record", "text of binary and the server's", text_of_binary, expected);
          g_assert_true (pg_result_get_value (text_result, row, 0, &of_text, &error));
          g_assert_true (pg_result_get_value (binary_result, row, 0, &of_binary, &error));
          print_of_text = print (&of_text);
          print_of_binary = print (&of_binary);
          if (g_strcmp0 (print_of_text, expected) != 0 || g_strcmp0 (print_of_binary, expected) != 0)
            differs ("record", "text of the values", print_of_text, print_of_binary);
        }
    }
  g_assert_cmpuint (n_messages, ==, 0);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/property/types", test_types);
  g_test_add_func ("/pg/property/styles", test_styles);
  g_test_add_func ("/pg/property/records", test_records);

  return g_test_run ();
}
