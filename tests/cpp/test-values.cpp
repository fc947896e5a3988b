// SPDX-License-Identifier: LGPL-2.1-or-later
// Values there and back, as a C++ program sees them: tables of types and formats.

#include "pg-cpp.hpp"

namespace
{

struct Value
{
  const char *type;
  const char *text;
  GType gtype;
};

const Value values[] = {
  { "bool", "t", G_TYPE_BOOLEAN },
  { "bool", "f", G_TYPE_BOOLEAN },
  { "int2", "-32768", G_TYPE_INT },
  { "int4", "2147483647", G_TYPE_INT },
  { "int8", "-9223372036854775808", G_TYPE_INT64 },
  { "oid", "4294967295", G_TYPE_UINT },
  { "float4", "0.1", G_TYPE_DOUBLE },
  { "float8", "1.7976931348623157e+308", G_TYPE_DOUBLE },
  { "float8", "-Infinity", G_TYPE_DOUBLE },
  { "numeric", "-123456789012345678901234567890.1234567890", PG_TYPE_NUMERIC },
  { "numeric", "NaN", PG_TYPE_NUMERIC },
  { "text", "", G_TYPE_STRING },
  { "text", "grüße €😀", G_TYPE_STRING },
  { "varchar(3)", "abc", G_TYPE_STRING },
  { "bytea", "\\x00ff5c", G_TYPE_BYTES },
  { "uuid", "d6a0e6b0-1234-4000-8000-0123456789ab", G_TYPE_STRING },
  { "json", "{\"a\":  1}", G_TYPE_STRING },
  { "jsonb", "{\"a\": 1}", G_TYPE_STRING },
  { "date", "0044-03-15 BC", PG_TYPE_DATE },
  { "date", "infinity", PG_TYPE_DATE },
  { "timestamp", "2024-02-29 12:34:56.000001", PG_TYPE_TIMESTAMP },
  { "timestamptz", "2024-02-29 12:34:56+00", PG_TYPE_TIMESTAMP },
  { "int4[]", "{{1,NULL},{3,4}}", PG_TYPE_ARRAY },
  { "text[]", "{a,\"b c\",NULL}", PG_TYPE_ARRAY },
};

class ValueTest : public testing::TestWithParam<std::tuple<Value, PgFormat>>
{
};

TEST_P (ValueTest, ComesBack)
{
  const auto &[value, format] = GetParam ();
  auto connection = pgtest::open ();
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgCursor) cursor = pg_connection_cursor (connection.get (), &error);
  g_autoptr (PgParams) params = pg_params_new ();
  const std::string sql = std::string ("SELECT $1::") + value.type + ", NULL::" + value.type;

  ASSERT_NE (cursor, nullptr);
  pgtest::run (connection.get (), "SET TimeZone = 'UTC'");
  pg_base_cursor_set_format (PG_BASE_CURSOR (cursor), format);
  pg_params_add_typed_text (params, 0, value.text);
  ASSERT_TRUE (pg_cursor_execute_params (cursor, sql.c_str (), params, nullptr, &error)) << error->message;

  PgResult *result = pg_base_cursor_get_result (PG_BASE_CURSOR (cursor));
  g_autofree char *text = pg_result_dup_text (result, 0, 0, &error);
  g_auto (GValue) gvalue = G_VALUE_INIT;

  EXPECT_EQ (pg_column_get_format (pg_result_get_column (result, 0)), format);
  EXPECT_STREQ (text, value.text);
  ASSERT_TRUE (pg_result_get_value (result, 0, 0, &gvalue, &error)) << error->message;
  EXPECT_EQ (G_VALUE_TYPE (&gvalue), value.gtype) << G_VALUE_TYPE_NAME (&gvalue);
  EXPECT_TRUE (pg_result_is_null (result, 0, 1, &error));
}

INSTANTIATE_TEST_SUITE_P (Table, ValueTest, testing::Combine (testing::ValuesIn (values), testing::Values (PG_FORMAT_TEXT, PG_FORMAT_BINARY)));

struct Failure
{
  const char *sql;
  int code;
  const char *sqlstate;
  PgErrorClass error_class;
};

const Failure failures[] = {
  { "SELEKT 1", PG_ERROR_SYNTAX_ERROR, "42601", PG_ERROR_CLASS_PROGRAMMING },
  { "SELECT * FROM nowhere", PG_ERROR_UNDEFINED_TABLE, "42P01", PG_ERROR_CLASS_PROGRAMMING },
  { "SELECT 1/0", PG_ERROR_DIVISION_BY_ZERO, "22012", PG_ERROR_CLASS_DATA },
  { "SELECT 'x'::int", PG_ERROR_INVALID_TEXT_REPRESENTATION, "22P02", PG_ERROR_CLASS_DATA },
  { "DO 'BEGIN RAISE unique_violation; END'", PG_ERROR_UNIQUE_VIOLATION, "23505", PG_ERROR_CLASS_INTEGRITY },
  { "DO 'BEGIN RAISE SQLSTATE ''23999''; END'", -1, "23999", PG_ERROR_CLASS_INTEGRITY },
  { "DO 'BEGIN RAISE SQLSTATE ''ZZZZZ''; END'", -1, "ZZZZZ", PG_ERROR_CLASS_DATABASE },
};

class FailureTest : public testing::TestWithParam<Failure>
{
};

TEST_P (FailureTest, HasItsCodeAndClass)
{
  const auto &failure = GetParam ();
  auto connection = pgtest::open ();
  g_autoptr (GError) error = nullptr;
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection.get (), failure.sql, nullptr, nullptr, &error);

  ASSERT_EQ (cursor, nullptr);
  ASSERT_NE (error, nullptr);
  EXPECT_EQ (error->domain, PG_ERROR);
  if (failure.code >= 0)
    {
      EXPECT_EQ (error->code, failure.code);
    }
  EXPECT_STREQ (pg_error_get_sqlstate (error), failure.sqlstate);
  EXPECT_EQ (pg_error_get_class (error), failure.error_class);
  ASSERT_NE (pg_error_get_diagnostic (error), nullptr);
  EXPECT_STREQ (pg_diagnostic_get_severity_nonlocalized (pg_error_get_diagnostic (error)), "ERROR");
  ASSERT_TRUE (pg_connection_rollback (connection.get (), nullptr, nullptr));
}

INSTANTIATE_TEST_SUITE_P (Table, FailureTest, testing::ValuesIn (failures));

struct Setting
{
  PgIsolationLevel level;
  PgTristate read_only;
  PgTristate deferrable;
  const char *shown;
};

const Setting settings[] = {
  { PG_ISOLATION_LEVEL_DEFAULT, PG_TRISTATE_DEFAULT, PG_TRISTATE_DEFAULT, "read committed/off/off" },
  { PG_ISOLATION_LEVEL_READ_UNCOMMITTED, PG_TRISTATE_OFF, PG_TRISTATE_OFF, "read uncommitted/off/off" },
  { PG_ISOLATION_LEVEL_REPEATABLE_READ, PG_TRISTATE_ON, PG_TRISTATE_DEFAULT, "repeatable read/on/off" },
  { PG_ISOLATION_LEVEL_SERIALIZABLE, PG_TRISTATE_ON, PG_TRISTATE_ON, "serializable/on/on" },
};

class SettingTest : public testing::TestWithParam<Setting>
{
};

TEST_P (SettingTest, IsTheTransactions)
{
  const auto &setting = GetParam ();
  g_autoptr (GError) error = nullptr;
  auto connection = pgtest::open ();

  ASSERT_TRUE (pg_connection_set_isolation_level (connection.get (), setting.level, nullptr, &error));
  ASSERT_TRUE (pg_connection_set_read_only (connection.get (), setting.read_only, nullptr, &error));
  ASSERT_TRUE (pg_connection_set_deferrable (connection.get (), setting.deferrable, nullptr, &error));
  EXPECT_EQ (pgtest::text (connection.get (), "SELECT concat_ws('/', current_setting('transaction_isolation'), "
                                              "current_setting('transaction_read_only'), current_setting('transaction_deferrable'))"),
             setting.shown);
}

INSTANTIATE_TEST_SUITE_P (Table, SettingTest, testing::ValuesIn (settings));

} // namespace
