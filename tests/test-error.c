/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/pgconn.h>

#include <string.h>

#include "pgconn/error/pg-diagnostic-private.h"
#include "pgconn/error/pg-error-private.h"
#include "pgconn/error/pg-sqlstate-table.h"

static const char *const all_fields[PG_N_FIELDS] = {
  [PG_FIELD_SEVERITY] = "FEHLER",
  [PG_FIELD_SEVERITY_NONLOCALIZED] = "ERROR",
  [PG_FIELD_SQLSTATE] = "23505",
  [PG_FIELD_MESSAGE_PRIMARY] = "duplicate key",
  [PG_FIELD_MESSAGE_DETAIL] = "the detail",
  [PG_FIELD_MESSAGE_HINT] = "the hint",
  [PG_FIELD_STATEMENT_POSITION] = "17",
  [PG_FIELD_INTERNAL_POSITION] = "5",
  [PG_FIELD_INTERNAL_QUERY] = "SELECT 1",
  [PG_FIELD_CONTEXT] = "line 1\nline 2",
  [PG_FIELD_SCHEMA_NAME] = "the schema",
  [PG_FIELD_TABLE_NAME] = "the table",
  [PG_FIELD_COLUMN_NAME] = "the column",
  [PG_FIELD_DATATYPE_NAME] = "the type",
  [PG_FIELD_CONSTRAINT_NAME] = "the constraint",
  [PG_FIELD_SOURCE_FILE] = "nbtinsert.c",
  [PG_FIELD_SOURCE_LINE] = "666",
  [PG_FIELD_SOURCE_FUNCTION] = "_bt_check_unique",
};

/* Whether the error domain was known before the first call to the library. */
static gboolean registered_at_start;

static PgDiagnostic *
diagnostic_of (const char *sqlstate, const char *primary)
{
  const char *fields[PG_N_FIELDS] = { NULL };

  fields[PG_FIELD_SQLSTATE] = sqlstate;
  fields[PG_FIELD_MESSAGE_PRIMARY] = primary;

  return pg_diagnostic_new (fields);
}

static void
test_sqlstate_table (void)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PG_TYPE_ERROR);
  gsize i;

  g_test_summary ("Each SQLSTATE has a code of its own, its value to the base 36, and each code but the client's own has a SQLSTATE.");

  g_assert_cmpuint (G_N_ELEMENTS (pg_sqlstates), >=, 260);

  for (i = 0; i < G_N_ELEMENTS (pg_sqlstates); i++)
    {
      const char *sqlstate = pg_sqlstates[i];
      int code = pg_sqlstate_to_error (sqlstate);

      if (i > 0)
        g_assert_cmpstr (pg_sqlstates[i - 1], <, sqlstate);

      g_assert_cmpint (code, ==, strtol (sqlstate, NULL, 36));
      g_assert_cmpstr (pg_sqlstate_from_error (code), ==, sqlstate);
      g_assert_nonnull (g_enum_get_value (codes, code));

      if (strcmp (sqlstate, "00000") != 0)
        g_assert_cmpint (code, >, 1000);
    }

  /* Each member is a condition or one of the client's own, and none has another's value. */
  g_assert_cmpuint (codes->n_values, ==, G_N_ELEMENTS (pg_sqlstates) + 10);
  for (i = 0; i < codes->n_values; i++)
    {
      int value = codes->values[i].value;

      g_assert_true (g_enum_get_value (codes, value) == &codes->values[i]);
      if (value >= PG_ERROR_DATABASE && value <= PG_ERROR_PIPELINE_ABORTED)
        g_assert_null (pg_sqlstate_from_error (value));
      else
        g_assert_nonnull (pg_sqlstate_from_error (value));
    }
}

static void
test_sqlstate_members (void)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PG_TYPE_ERROR);

  g_test_summary ("Well-known SQLSTATEs, and those whose condition names occur in two classes, have the documented members.");

  g_assert_cmpint (pg_sqlstate_to_error ("00000"), ==, PG_ERROR_SUCCESSFUL_COMPLETION);
  g_assert_cmpint (pg_sqlstate_to_error ("23505"), ==, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_cmpint (pg_sqlstate_to_error ("40P01"), ==, PG_ERROR_DEADLOCK_DETECTED);
  g_assert_cmpint (pg_sqlstate_to_error ("25P04"), ==, PG_ERROR_TRANSACTION_TIMEOUT);
  g_assert_cmpint (pg_sqlstate_to_error ("58P03"), ==, PG_ERROR_FILE_NAME_TOO_LONG);
  g_assert_cmpint (pg_sqlstate_to_error ("XX002"), ==, PG_ERROR_INDEX_CORRUPTED);
  g_assert_cmpint (pg_sqlstate_to_error ("22001"), ==, PG_ERROR_STRING_DATA_RIGHT_TRUNCATION);
  g_assert_cmpint (pg_sqlstate_to_error ("01004"), ==, PG_ERROR_WARNING_STRING_DATA_RIGHT_TRUNCATION);
  g_assert_cmpint (pg_sqlstate_to_error ("2F002"), ==, PG_ERROR_MODIFYING_SQL_DATA_NOT_PERMITTED);
  g_assert_cmpint (pg_sqlstate_to_error ("38002"), ==, PG_ERROR_EXTERNAL_ROUTINE_MODIFYING_SQL_DATA_NOT_PERMITTED);
  g_assert_cmpint (pg_sqlstate_to_error ("22004"), ==, PG_ERROR_NULL_VALUE_NOT_ALLOWED);
  g_assert_cmpint (pg_sqlstate_to_error ("39004"), ==, PG_ERROR_EXTERNAL_ROUTINE_NULL_VALUE_NOT_ALLOWED);

  g_assert_cmpstr (g_enum_get_value (codes, PG_ERROR_UNIQUE_VIOLATION)->value_nick, ==, "unique-violation");
  g_assert_cmpstr (g_enum_get_value (codes, PG_ERROR_OUTCOME_UNKNOWN)->value_nick, ==, "outcome-unknown");
}

static void
test_sqlstate_unknown (void)
{
  g_assert_cmpint (pg_sqlstate_to_error ("23999"), ==, PG_ERROR_INTEGRITY_CONSTRAINT_VIOLATION);
  g_assert_cmpint (pg_sqlstate_to_error ("42XYZ"), ==, PG_ERROR_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION);
  g_assert_cmpint (pg_sqlstate_to_error ("XX999"), ==, PG_ERROR_INTERNAL_ERROR);
  /* Class 10 has no 10000; class 00 is success. */
  g_assert_cmpint (pg_sqlstate_to_error ("10999"), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("00005"), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("ZZZZZ"), ==, PG_ERROR_DATABASE);

  g_test_summary ("A SQLSTATE that is not known falls back to its class, and one that is malformed to PG_ERROR_DATABASE.");

  g_assert_cmpint (pg_sqlstate_to_error (NULL), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error (""), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("     "), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("2350"), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("235055"), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("40p01"), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("23\xc3\xa9" "5"), ==, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_sqlstate_to_error ("-2350"), ==, PG_ERROR_DATABASE);

  g_assert_null (pg_sqlstate_from_error (-1));
  g_assert_null (pg_sqlstate_from_error (G_MININT));
  g_assert_null (pg_sqlstate_from_error (G_MAXINT));
  g_assert_null (pg_sqlstate_from_error (PG_ERROR_UNIQUE_VIOLATION + 1));
}

static void
test_sqlstate_class (void)
{
  static const struct
  {
    const char *sqlstates;
    PgErrorClass error_class;
  } cases[] = {
    { "08006 27000 28P01 2F005 38000 39P01 3B001 40001 40P01 53300 54001 55P03 57014 58030 F0001 FZ999 HV00B HXXXX", PG_ERROR_CLASS_OPERATIONAL },
    { "0A000", PG_ERROR_CLASS_NOT_SUPPORTED },
    { "10608 10999 20000 21000 26000 34000 3D000 3F000 42P01 42601 44000 P0001 PZ999", PG_ERROR_CLASS_PROGRAMMING },
    { "22012 22999", PG_ERROR_CLASS_DATA },
    { "23505 23999", PG_ERROR_CLASS_INTEGRITY },
    { "24000 25P02 2B000 2D000 XX000 XX002 XYZ99", PG_ERROR_CLASS_INTERNAL },
    { "00000 01004 02000 03000 09000 0B000 0F001 0LP01 0P000 0Z002 72000 ZZZZZ 2350 23p01", PG_ERROR_CLASS_DATABASE },
  };
  gsize i;

  g_test_summary ("Each class of SQLSTATEs has the error class of the DB-API that the reference states.");

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) sqlstates = g_strsplit (cases[i].sqlstates, " ", -1);
      gsize j;

      for (j = 0; sqlstates[j] != NULL; j++)
        {
          g_test_message ("%s", sqlstates[j]);
          g_assert_cmpint (pg_sqlstate_get_error_class (sqlstates[j]), ==, cases[i].error_class);
        }
    }

  g_assert_cmpint (pg_sqlstate_get_error_class (NULL), ==, PG_ERROR_CLASS_DATABASE);
  g_assert_cmpint (pg_sqlstate_get_error_class (""), ==, PG_ERROR_CLASS_DATABASE);
}

static void
test_sqlstate_of_installed_server (void)
{
  g_autoptr (GDir) versions = g_dir_open ("/usr/share/postgresql", 0, NULL);
  const char *version;
  guint n_codes = 0;

  g_test_summary ("All SQLSTATEs that an installed PostgreSQL server lists are known.");

  while (versions != NULL && (version = g_dir_read_name (versions)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/usr/share/postgresql", version, "errcodes.txt", NULL);
      g_autofree char *contents = NULL;
      g_auto (GStrv) lines = NULL;
      gsize i;

      if (!g_file_get_contents (path, &contents, NULL, NULL))
        continue;

      lines = g_strsplit (contents, "\n", -1);
      for (i = 0; lines[i] != NULL; i++)
        {
          /* The SQLSTATE ends at a space; comments and headings have none there. */
          g_autofree char *sqlstate = g_strndup (lines[i], 5);

          if (!pg_sqlstate_is_valid (sqlstate) || lines[i][5] != ' ')
            continue;

          g_test_message ("%s: %s", path, sqlstate);
          g_assert_cmpstr (pg_sqlstate_from_error (pg_sqlstate_to_error (sqlstate)), ==, sqlstate);
          n_codes++;
        }
    }

  if (n_codes == 0)
    g_test_skip ("No errcodes.txt of a PostgreSQL server is installed");
  else
    g_assert_cmpuint (n_codes, >, 200);
}

static void
test_diagnostic_fields (void)
{
  const char *(*const getters[PG_N_FIELDS]) (PgDiagnostic *) = {
    [PG_FIELD_SEVERITY] = pg_diagnostic_get_severity,
    [PG_FIELD_SEVERITY_NONLOCALIZED] = pg_diagnostic_get_severity_nonlocalized,
    [PG_FIELD_SQLSTATE] = pg_diagnostic_get_sqlstate,
    [PG_FIELD_MESSAGE_PRIMARY] = pg_diagnostic_get_message_primary,
    [PG_FIELD_MESSAGE_DETAIL] = pg_diagnostic_get_message_detail,
    [PG_FIELD_MESSAGE_HINT] = pg_diagnostic_get_message_hint,
    [PG_FIELD_STATEMENT_POSITION] = pg_diagnostic_get_statement_position,
    [PG_FIELD_INTERNAL_POSITION] = pg_diagnostic_get_internal_position,
    [PG_FIELD_INTERNAL_QUERY] = pg_diagnostic_get_internal_query,
    [PG_FIELD_CONTEXT] = pg_diagnostic_get_context,
    [PG_FIELD_SCHEMA_NAME] = pg_diagnostic_get_schema_name,
    [PG_FIELD_TABLE_NAME] = pg_diagnostic_get_table_name,
    [PG_FIELD_COLUMN_NAME] = pg_diagnostic_get_column_name,
    [PG_FIELD_DATATYPE_NAME] = pg_diagnostic_get_datatype_name,
    [PG_FIELD_CONSTRAINT_NAME] = pg_diagnostic_get_constraint_name,
    [PG_FIELD_SOURCE_FILE] = pg_diagnostic_get_source_file,
    [PG_FIELD_SOURCE_LINE] = pg_diagnostic_get_source_line,
    [PG_FIELD_SOURCE_FUNCTION] = pg_diagnostic_get_source_function,
  };
  static const char *const no_fields[PG_N_FIELDS] = { NULL };
  g_autoptr (PgDiagnostic) full = pg_diagnostic_new (all_fields);
  g_autoptr (PgDiagnostic) empty = pg_diagnostic_new (no_fields);
  g_autofree char *empty_text = pg_diagnostic_to_string (empty);
  gsize i;

  g_test_summary ("Each of the 18 getters returns a copy of its own field, or NULL.");

  g_assert_cmpint (PG_N_FIELDS, ==, 18);

  for (i = 0; i < PG_N_FIELDS; i++)
    {
      g_assert_cmpstr (getters[i] (full), ==, all_fields[i]);
      g_assert_true (getters[i] (full) != all_fields[i]);
      g_assert_null (getters[i] (empty));
    }

  g_assert_cmpstr (empty_text, ==, "");
}

static void
test_diagnostic_boxed (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  PgDiagnostic *diagnostic = pg_diagnostic_new (all_fields);

  g_test_summary ("A GValue keeps a diagnostic alive.");

  g_value_init (&value, PG_TYPE_DIAGNOSTIC);
  g_value_set_boxed (&value, diagnostic);
  pg_diagnostic_unref (diagnostic);

  g_assert_true (g_value_get_boxed (&value) == diagnostic);
  g_assert_cmpstr (pg_diagnostic_get_table_name (g_value_get_boxed (&value)), ==, "the table");
}

static void
test_diagnostic_to_string (void)
{
  const char *internal_fields[PG_N_FIELDS] = { NULL };
  g_autoptr (PgDiagnostic) full = pg_diagnostic_new (all_fields);
  g_autoptr (PgDiagnostic) internal = NULL;
  g_autofree char *text = pg_diagnostic_to_string (full);
  g_autofree char *internal_text = NULL;

  g_test_summary ("The text of a diagnostic has all fields that there are, in order.");

  g_assert_cmpstr (text, ==,
                   "FEHLER:  23505: duplicate key at character 17\n"
                   "DETAIL:  the detail\n"
                   "HINT:  the hint\n"
                   "QUERY:  SELECT 1\n"
                   "CONTEXT:  line 1\nline 2\n"
                   "SCHEMA NAME:  the schema\n"
                   "TABLE NAME:  the table\n"
                   "COLUMN NAME:  the column\n"
                   "DATATYPE NAME:  the type\n"
                   "CONSTRAINT NAME:  the constraint\n"
                   "LOCATION:  _bt_check_unique, nbtinsert.c:666");

  internal_fields[PG_FIELD_MESSAGE_PRIMARY] = "no such column";
  internal_fields[PG_FIELD_INTERNAL_POSITION] = "8";
  internal_fields[PG_FIELD_SOURCE_FILE] = "parse.c";
  internal = pg_diagnostic_new (internal_fields);
  internal_text = pg_diagnostic_to_string (internal);
  g_assert_cmpstr (internal_text, ==, "no such column at character 8\nLOCATION:  parse.c");
}

static void
test_diagnostic_not_utf8 (void)
{
  const char *fields[PG_N_FIELDS] = { NULL };
  g_autoptr (PgDiagnostic) diagnostic = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Bytes that are not UTF-8 become U+FFFD, in the fields and in the message.");

  fields[PG_FIELD_SQLSTATE] = "2\xff" "505";
  fields[PG_FIELD_MESSAGE_PRIMARY] = "caf\xe9 \xc3\xa9t\xc3\xa9";
  fields[PG_FIELD_MESSAGE_DETAIL] = "\xff";
  diagnostic = pg_diagnostic_new (fields);

  g_assert_cmpstr (pg_diagnostic_get_message_primary (diagnostic), ==, "caf\xef\xbf\xbd \xc3\xa9t\xc3\xa9");
  g_assert_cmpstr (pg_diagnostic_get_message_detail (diagnostic), ==, "\xef\xbf\xbd");

  error = pg_error_new_from_diagnostic (diagnostic);
  g_assert_error (error, PG_ERROR, PG_ERROR_DATABASE);
  g_assert_cmpstr (error->message, ==, "caf\xef\xbf\xbd \xc3\xa9t\xc3\xa9\nDETAIL:  \xef\xbf\xbd");
  g_assert_null (pg_error_get_sqlstate (error));
}

static void
test_error_message (void)
{
  g_autoptr (PgDiagnostic) full = pg_diagnostic_new (all_fields);
  g_autoptr (PgDiagnostic) plain = diagnostic_of ("42P01", "no such table");
  g_autoptr (PgDiagnostic) silent = diagnostic_of ("     ", "");
  g_autoptr (GError) error = pg_error_new_from_diagnostic (full);
  g_autoptr (GError) plain_error = pg_error_new_from_diagnostic (plain);
  g_autoptr (GError) silent_error = pg_error_new_from_diagnostic (silent);

  g_test_summary ("The message is the primary text with DETAIL, HINT and CONTEXT lines, and never empty.");

  g_assert_error (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION);
  g_assert_cmpstr (error->message, ==, "duplicate key\nDETAIL:  the detail\nHINT:  the hint\nCONTEXT:  line 1\nline 2");

  g_assert_error (plain_error, PG_ERROR, PG_ERROR_UNDEFINED_TABLE);
  g_assert_cmpstr (plain_error->message, ==, "no such table");

  g_assert_error (silent_error, PG_ERROR, PG_ERROR_DATABASE);
  g_assert_cmpstr (silent_error->message, !=, "");
  g_assert_null (pg_error_get_sqlstate (silent_error));
  g_assert_cmpstr (pg_diagnostic_get_sqlstate (pg_error_get_diagnostic (silent_error)), ==, "     ");
}

static void
test_error_with_text (void)
{
  g_autoptr (PgDiagnostic) diagnostic = diagnostic_of ("28P01", "password authentication failed");
  g_autoptr (GError) error = pg_error_new_with_diagnostic (PG_ERROR_INVALID_PASSWORD, diagnostic, "no \xff %s entry");
  g_autoptr (GError) bare = pg_error_new_with_diagnostic (PG_ERROR_OPERATIONAL, NULL, "gone");

  g_test_summary ("An error with a text of the client's keeps the diagnostic, which may be NULL.");

  g_assert_error (error, PG_ERROR, PG_ERROR_INVALID_PASSWORD);
  g_assert_cmpstr (error->message, ==, "no \xef\xbf\xbd %s entry");
  g_assert_true (pg_error_get_diagnostic (error) == diagnostic);

  g_assert_cmpstr (bare->message, ==, "gone");
  g_assert_null (pg_error_get_diagnostic (bare));
}

static void
test_error_copies (void)
{
  PgDiagnostic *diagnostic = pg_diagnostic_new (all_fields);
  g_autoptr (GError) error = pg_error_new_from_diagnostic (diagnostic);
  g_autoptr (GError) copy = NULL;
  g_autoptr (GError) propagated = NULL;

  g_test_summary ("The diagnostic survives copying, propagating and prefixing.");

  pg_diagnostic_unref (diagnostic);

  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_true (pg_error_get_diagnostic (copy) == diagnostic);
  g_assert_cmpstr (pg_diagnostic_get_constraint_name (pg_error_get_diagnostic (copy)), ==, "the constraint");

  g_propagate_prefixed_error (&propagated, g_steal_pointer (&copy), "first: ");
  g_prefix_error (&propagated, "%s: ", "then");
  g_assert_true (g_str_has_prefix (propagated->message, "then: first: duplicate key\n"));
  g_assert_cmpstr (pg_diagnostic_get_constraint_name (pg_error_get_diagnostic (propagated)), ==, "the constraint");
  g_assert_cmpstr (pg_error_get_sqlstate (propagated), ==, "23505");
}

static void
test_error_registered (void)
{
  g_test_summary ("The domain is registered when the library is loaded: a binding makes errors from its name alone.");

  g_assert_true (registered_at_start);
  g_assert_cmpstr (g_quark_to_string (PG_ERROR), ==, "PgError");
}

static void
test_error_sqlstate (void)
{
  g_autoptr (PgDiagnostic) unknown = diagnostic_of ("23999", "x");
  g_autoptr (GError) error = pg_error_new_from_diagnostic (unknown);
  g_autoptr (GError) without_diagnostic = g_error_new_literal (PG_ERROR, PG_ERROR_CHECK_VIOLATION, "x");
  g_autoptr (GError) own = g_error_new_literal (PG_ERROR, PG_ERROR_DATA, "x");
  g_autoptr (GError) zero = g_error_new_literal (PG_ERROR, 0, "x");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "x");

  g_test_summary ("The SQLSTATE is the server's, else that of the code, else none.");

  g_assert_error (error, PG_ERROR, PG_ERROR_INTEGRITY_CONSTRAINT_VIOLATION);
  g_assert_cmpstr (pg_error_get_sqlstate (error), ==, "23999");
  g_assert_cmpstr (pg_error_get_sqlstate (without_diagnostic), ==, "23514");
  g_assert_null (pg_error_get_diagnostic (without_diagnostic));
  g_assert_null (pg_error_get_sqlstate (own));
  g_assert_null (pg_error_get_sqlstate (zero));
  g_assert_null (pg_error_get_sqlstate (other));
  g_assert_null (pg_error_get_diagnostic (other));
}

static void
test_error_class (void)
{
  static const struct
  {
    int code;
    PgErrorClass error_class;
  } cases[] = {
    { PG_ERROR_DATABASE, PG_ERROR_CLASS_DATABASE },
    { PG_ERROR_INTERFACE, PG_ERROR_CLASS_INTERFACE },
    { PG_ERROR_PROGRAMMING, PG_ERROR_CLASS_PROGRAMMING },
    { PG_ERROR_NOT_SUPPORTED, PG_ERROR_CLASS_NOT_SUPPORTED },
    { PG_ERROR_OPERATIONAL, PG_ERROR_CLASS_OPERATIONAL },
    { PG_ERROR_DATA, PG_ERROR_CLASS_DATA },
    { PG_ERROR_OUTCOME_UNKNOWN, PG_ERROR_CLASS_OPERATIONAL },
    { PG_ERROR_TRANSACTION_ROLLED_BACK, PG_ERROR_CLASS_OPERATIONAL },
    { PG_ERROR_PIPELINE_ABORTED, PG_ERROR_CLASS_OPERATIONAL },
    { PG_ERROR_CLIENT_INTERNAL, PG_ERROR_CLASS_INTERNAL },
    { PG_ERROR_UNIQUE_VIOLATION, PG_ERROR_CLASS_INTEGRITY },
    { PG_ERROR_QUERY_CANCELED, PG_ERROR_CLASS_OPERATIONAL },
    { PG_ERROR_IN_FAILED_SQL_TRANSACTION, PG_ERROR_CLASS_INTERNAL },
    { 0, PG_ERROR_CLASS_DATABASE },
    { -1, PG_ERROR_CLASS_DATABASE },
  };
  g_autoptr (PgDiagnostic) xquery = diagnostic_of ("10999", "x");
  g_autoptr (PgDiagnostic) shutdown = diagnostic_of ("57P01", "x");
  g_autoptr (GError) unknown = pg_error_new_from_diagnostic (xquery);
  g_autoptr (GError) own = pg_error_new_with_diagnostic (PG_ERROR_INTERFACE, shutdown, "x");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "x");
  gsize i;

  g_test_summary ("The class follows from the client's own code, else from the SQLSTATE.");

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (PG_ERROR, cases[i].code, "x");

      g_assert_cmpint (pg_error_get_class (error), ==, cases[i].error_class);
    }

  /* The code has lost the class, the SQLSTATE has not. */
  g_assert_error (unknown, PG_ERROR, PG_ERROR_DATABASE);
  g_assert_cmpint (pg_error_get_class (unknown), ==, PG_ERROR_CLASS_PROGRAMMING);
  g_assert_cmpint (pg_error_get_class (own), ==, PG_ERROR_CLASS_INTERFACE);
  g_assert_cmpint (pg_error_get_class (other), ==, PG_ERROR_CLASS_OPERATIONAL);
}

int
main (int argc, char *argv[])
{
  registered_at_start = g_quark_try_string ("PgError") != 0;
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/sqlstate/table", test_sqlstate_table);
  g_test_add_func ("/pg/sqlstate/members", test_sqlstate_members);
  g_test_add_func ("/pg/sqlstate/unknown", test_sqlstate_unknown);
  g_test_add_func ("/pg/sqlstate/class", test_sqlstate_class);
  g_test_add_func ("/pg/sqlstate/of-installed-server", test_sqlstate_of_installed_server);
  g_test_add_func ("/pg/diagnostic/fields", test_diagnostic_fields);
  g_test_add_func ("/pg/diagnostic/boxed", test_diagnostic_boxed);
  g_test_add_func ("/pg/diagnostic/to-string", test_diagnostic_to_string);
  g_test_add_func ("/pg/diagnostic/not-utf8", test_diagnostic_not_utf8);
  g_test_add_func ("/pg/error/message", test_error_message);
  g_test_add_func ("/pg/error/with-text", test_error_with_text);
  g_test_add_func ("/pg/error/copies", test_error_copies);
  g_test_add_func ("/pg/error/registered", test_error_registered);
  g_test_add_func ("/pg/error/sqlstate", test_error_sqlstate);
  g_test_add_func ("/pg/error/class", test_error_class);

  return g_test_run ();
}
