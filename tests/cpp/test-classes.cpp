// SPDX-License-Identifier: LGPL-2.1-or-later
// The main path of each class, from C++.

#include "pg-cpp.hpp"

#include <vector>

namespace
{

TEST (Autoptr, EveryType)
{
  // That it compiles is the test; a null pointer is nothing to clean up.
  g_autoptr (PgAsyncConnection) async_connection = nullptr;
  g_autoptr (PgAsyncCursor) async_cursor = nullptr;
  g_autoptr (PgBaseConnection) base_connection = nullptr;
  g_autoptr (PgBaseCursor) base_cursor = nullptr;
  g_autoptr (PgCapabilities) capabilities = nullptr;
  g_autoptr (PgColumn) column = nullptr;
  g_autoptr (PgConnection) connection = nullptr;
  g_autoptr (PgCursor) cursor = nullptr;
  g_autoptr (PgDate) date = nullptr;
  g_autoptr (PgDiagnostic) diagnostic = nullptr;
  g_autoptr (PgNotification) notification = nullptr;
  g_autoptr (PgNumeric) numeric = nullptr;
  g_autoptr (PgParams) params = nullptr;
  g_autoptr (PgResult) result = nullptr;
  g_autoptr (PgRow) row = nullptr;
  g_autoptr (PgTestServer) server = nullptr;
  g_autoptr (PgTimestamp) timestamp = nullptr;

  EXPECT_EQ (connection, nullptr);
  EXPECT_EQ (cursor, nullptr);
}

TEST (Connection, Transaction)
{
  g_autoptr (GError) error = nullptr;
  const std::string conninfo = pgtest::conninfo ();
  g_autoptr (PgConnection) connection = pg_connection_open (conninfo.c_str (), nullptr, &error);

  ASSERT_NE (connection, nullptr) << error->message;
  EXPECT_FALSE (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
  pgtest::run (connection, "CREATE TABLE t (a int)");
  EXPECT_EQ (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), PG_TRANSACTION_STATUS_INTRANS);
  ASSERT_TRUE (pg_connection_commit (connection, nullptr, &error));
  pgtest::run (connection, "INSERT INTO t VALUES (1)");
  ASSERT_TRUE (pg_connection_rollback (connection, nullptr, &error));
  EXPECT_EQ (pgtest::text (connection, "SELECT count(*) FROM t"), "0");
  pg_base_connection_close (PG_BASE_CONNECTION (connection));
  EXPECT_TRUE (pg_base_connection_get_closed (PG_BASE_CONNECTION (connection)));
  EXPECT_EQ (pg_connection_execute (connection, "SELECT 1", nullptr, nullptr, &error), nullptr);
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED));
}

TEST (Cursor, RowsAndColumns)
{
  g_autoptr (GError) error = nullptr;
  auto connection = pgtest::open ();
  g_autoptr (PgCursor) cursor
      = pg_connection_execute (connection.get (), "SELECT n, n::text AS name FROM generate_series(1, %s) n", g_variant_new ("(i)", 3), nullptr, &error);
  guint n_columns = 0;

  ASSERT_NE (cursor, nullptr) << error->message;
  g_autofree PgColumn **columns = pg_base_cursor_dup_description (PG_BASE_CURSOR (cursor), &n_columns);
  ASSERT_EQ (n_columns, 2u);
  EXPECT_STREQ (pg_column_get_name (columns[1]), "name");
  EXPECT_STREQ (pg_column_get_type_display (columns[0]), "int4");
  for (guint i = 0; i < n_columns; i++)
    pg_column_unref (columns[i]);

  std::vector<gint64> numbers;
  for (;;)
    {
      g_autoptr (PgRow) row = pg_cursor_fetch_one (cursor, nullptr, &error);

      if (row == nullptr)
        break;
      numbers.push_back (pg_row_get_int64 (row, 0, &error));
    }
  EXPECT_EQ (error, nullptr);
  EXPECT_EQ (numbers, (std::vector<gint64>{ 1, 2, 3 }));
  EXPECT_EQ (g_list_model_get_n_items (G_LIST_MODEL (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)))), 3u);
}

TEST (Params, EveryKind)
{
  static const gint64 array[] = { 1, 2 };
  static const char *const strings[] = { "a", "b", nullptr };
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgParams) params = pg_params_new ();
  g_autoptr (PgNumeric) numeric = pg_numeric_parse ("1.50", &error);
  g_autoptr (PgDate) date = pg_date_parse ("2024-02-29", &error);
  g_autoptr (PgTimestamp) timestamp = pg_timestamp_parse ("2024-02-29 12:00:00", &error);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0x", 2);
  auto connection = pgtest::open ();

  pg_params_add_null (params);
  pg_params_add_boolean (params, TRUE);
  pg_params_add_int64 (params, 7);
  pg_params_add_double (params, 0.5);
  pg_params_add_text (params, "t");
  pg_params_add_numeric (params, numeric);
  pg_params_add_date (params, date);
  pg_params_add_timestamp (params, timestamp);
  pg_params_add_bytes (params, bytes);
  pg_params_add_int64_array (params, array, G_N_ELEMENTS (array));
  pg_params_add_strv (params, strings);
  g_autoptr (PgCursor) cursor = pg_connection_execute_params (
      connection.get (), "SELECT concat_ws('/', $1::text, $2, $3, $4, $5::text, $6, $7, $8, $9, $10, $11)", params, nullptr, &error);
  ASSERT_NE (cursor, nullptr) << error->message;
  EXPECT_STREQ (pg_result_get_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, nullptr),
                "t/7/0.5/t/1.50/2024-02-29/2024-02-29 12:00:00/\\x0078/{1,2}/{a,b}");
}

TEST (Capabilities, Libpq)
{
  EXPECT_GE (pg_capabilities_get_libpq_version (pg_capabilities_get_default ()), 140000);
}

struct Loop
{
  GMainLoop *loop = g_main_loop_new (nullptr, FALSE);
  PgAsyncConnection *connection = nullptr;
  std::string text;
  std::string failure;

  ~Loop () { g_main_loop_unref (loop); }
};

void
on_fetched (GObject *source, GAsyncResult *result, gpointer data)
{
  auto *self = static_cast<Loop *> (data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgRow) row = pg_async_cursor_fetch_one_finish (PG_ASYNC_CURSOR (source), result, &error);

  self->text = row != nullptr ? pg_row_get_text (row, 0, nullptr) : "";
  g_main_loop_quit (self->loop);
}

void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  auto *self = static_cast<Loop *> (data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  if (cursor != nullptr)
    {
      pg_async_cursor_fetch_one_async (cursor, nullptr, on_fetched, self);
      return;
    }
  self->failure = error->message;
  g_main_loop_quit (self->loop);
}

void
on_open (GObject *, GAsyncResult *result, gpointer data)
{
  auto *self = static_cast<Loop *> (data);
  g_autoptr (GError) error = nullptr;

  self->connection = pg_async_connection_open_finish (result, &error);
  if (self->connection != nullptr)
    {
      pg_async_connection_execute_async (self->connection, "SELECT %s::text", g_variant_new ("(s)", "from afar"), nullptr, on_executed, self);
      return;
    }
  self->failure = error->message;
  g_main_loop_quit (self->loop);
}

TEST (AsyncConnection, OpenExecuteFetch)
{
  Loop loop;
  const std::string conninfo = pgtest::conninfo ();

  pg_async_connection_open_async (conninfo.c_str (), nullptr, on_open, &loop);
  g_main_loop_run (loop.loop);
  EXPECT_EQ (loop.failure, "");
  EXPECT_EQ (loop.text, "from afar");
  ASSERT_NE (loop.connection, nullptr);
  g_object_unref (loop.connection);
}

void
on_notification (PgBaseConnection *, PgNotification *notification, gpointer data)
{
  *static_cast<std::string *> (data) += std::string (pg_notification_get_channel (notification)) + "=" + pg_notification_get_payload (notification);
}

TEST (Connection, Notification)
{
  auto connection = pgtest::open ();
  std::string received;

  ASSERT_TRUE (pg_connection_set_autocommit (connection.get (), TRUE, nullptr, nullptr));
  g_signal_connect (connection.get (), "notification::jobs", G_CALLBACK (on_notification), &received);
  pgtest::run (connection.get (), "LISTEN jobs");
  pgtest::run (connection.get (), "NOTIFY jobs, 'one'");
  EXPECT_EQ (received, "jobs=one");
}

} // namespace
