// SPDX-License-Identifier: LGPL-2.1-or-later

#include "pg-cpp.hpp"

#include <cstdio>
#include <cstdlib>

namespace
{

PgTestServer *server;

std::string
as_string (char *text)
{
  std::string string = text != nullptr ? text : "NULL";

  g_free (text);
  return string;
}

} // namespace

std::string
pgtest::conninfo ()
{
  g_autoptr (GError) error = nullptr;
  char *conninfo = pg_test_server_create_database (server, nullptr, &error);

  EXPECT_NE (conninfo, nullptr) << error->message;
  return as_string (conninfo);
}

pgtest::Ref<PgConnection>
pgtest::open ()
{
  g_autoptr (GError) error = nullptr;
  PgConnection *connection = pg_connection_open (pg_test_server_get_conninfo (server), nullptr, &error);

  EXPECT_NE (connection, nullptr) << error->message;
  return Ref<PgConnection> (connection);
}

void
pgtest::run (PgConnection *connection, const char *sql)
{
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection, sql, nullptr, nullptr, &error);

  EXPECT_NE (cursor, nullptr) << error->message;
}

std::string
pgtest::text (PgConnection *connection, const char *sql)
{
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection, sql, nullptr, nullptr, &error);

  EXPECT_NE (cursor, nullptr) << error->message;
  return cursor != nullptr ? as_string (pg_result_dup_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, nullptr)) : "";
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = nullptr;
  int status;

  testing::InitGoogleTest (&argc, argv);
  server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  if (!pg_test_server_up (server, nullptr, &error))
    {
      std::fprintf (stderr, "%s\n", error->message);
      g_object_unref (server);
      // Meson's "skipped".
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && g_getenv ("PGCONN_TEST_REQUIRE_SERVER") == nullptr ? 77 : 1;
    }
  status = RUN_ALL_TESTS ();
  g_object_unref (server);
  return status;
}
