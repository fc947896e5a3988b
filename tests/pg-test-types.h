/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-calls.h"
#include "pg-test-fixture.h"

/* A database with types of its own, for several programs. */

static const char pg_test_types_setup[] =
  "CREATE TYPE mood AS ENUM ('sad', 'ok', 'very \"happy\"');"
  "CREATE DOMAIN positive AS int4 CHECK (VALUE > 0);"
  "CREATE DOMAIN very_positive AS positive CHECK (VALUE > 10);"
  "CREATE DOMAIN price AS numeric(10,2);"
  "CREATE DOMAIN integers AS int4[];"
  "CREATE TYPE place AS (x float8, y float8, label text);"
  "CREATE TYPE visit AS (p place, m mood, cost price, n very_positive, places place[], moods mood[], r int4range);"
  "CREATE TYPE nothing AS ();"
  "CREATE TYPE moodrange AS RANGE (SUBTYPE = mood);"
  "CREATE TYPE placerange AS RANGE (SUBTYPE = place);"
  "CREATE TYPE holder AS (mr moodrange, mm moodmultirange, pr placerange, i integers);"
  "CREATE SCHEMA \"other schema\";"
  "CREATE TYPE \"other schema\".\"Odd, \"\"name\"\"\" AS ENUM ('a');"
  "CREATE TYPE \"other schema\".mood AS ENUM ('b');"
  "CREATE TABLE gone (a int, b text, c mood);"
  "ALTER TABLE gone DROP COLUMN b;";

static inline PgConnection *
open_with_types (void)
{
  PgConnection *connection = pg_test_open_fixture_autocommit ();

  if (connection != NULL)
    pg_test_run (connection, pg_test_types_setup);
  return connection;
}

static inline PgTypeInfo *
fetch (PgConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  PgTypeInfo *info = pg_connection_fetch_type (connection, name, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (info);
  return info;
}

static inline void
fetch_all (PgConnection *connection, const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    pg_type_info_unref (fetch (connection, names[i]));
}

static inline PgCursor *
execute (PgConnection *connection, const char *sql, PgFormat format)
{
  g_autoptr (GError) error = NULL;
  PgCursor *cursor = pg_connection_cursor (connection, &error);

  g_assert_no_error (error);
  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  pg_cursor_execute (cursor, sql, NULL, NULL, &error);
  g_assert_no_error (error);
  return cursor;
}
