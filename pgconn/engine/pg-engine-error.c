/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-diagnostic-private.h>
#include <string.h>

static const struct
{
  PgField field;
  int libpq;
} fields[] = {
  { PG_FIELD_SEVERITY, PG_DIAG_SEVERITY },
  { PG_FIELD_SEVERITY_NONLOCALIZED, PG_DIAG_SEVERITY_NONLOCALIZED },
  { PG_FIELD_SQLSTATE, PG_DIAG_SQLSTATE },
  { PG_FIELD_MESSAGE_PRIMARY, PG_DIAG_MESSAGE_PRIMARY },
  { PG_FIELD_MESSAGE_DETAIL, PG_DIAG_MESSAGE_DETAIL },
  { PG_FIELD_MESSAGE_HINT, PG_DIAG_MESSAGE_HINT },
  { PG_FIELD_STATEMENT_POSITION, PG_DIAG_STATEMENT_POSITION },
  { PG_FIELD_INTERNAL_POSITION, PG_DIAG_INTERNAL_POSITION },
  { PG_FIELD_INTERNAL_QUERY, PG_DIAG_INTERNAL_QUERY },
  { PG_FIELD_CONTEXT, PG_DIAG_CONTEXT },
  { PG_FIELD_SCHEMA_NAME, PG_DIAG_SCHEMA_NAME },
  { PG_FIELD_TABLE_NAME, PG_DIAG_TABLE_NAME },
  { PG_FIELD_COLUMN_NAME, PG_DIAG_COLUMN_NAME },
  { PG_FIELD_DATATYPE_NAME, PG_DIAG_DATATYPE_NAME },
  { PG_FIELD_CONSTRAINT_NAME, PG_DIAG_CONSTRAINT_NAME },
  { PG_FIELD_SOURCE_FILE, PG_DIAG_SOURCE_FILE },
  { PG_FIELD_SOURCE_LINE, PG_DIAG_SOURCE_LINE },
  { PG_FIELD_SOURCE_FUNCTION, PG_DIAG_SOURCE_FUNCTION },
};

G_STATIC_ASSERT (G_N_ELEMENTS (fields) == PG_N_FIELDS);

/* libpq ends its own messages with a newline. */
static char *
tidy (const char *message)
{
  char *text = g_utf8_make_valid (message != NULL ? message : "", -1);

  return g_strchomp (text);
}

PgDiagnostic *
pg_diagnostic_new_from_result (const PGresult *result)
{
  const char *values[PG_N_FIELDS] = { NULL };
  g_autofree char *own = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    values[fields[i].field] = PQresultErrorField (result, fields[i].libpq);
  /* An error that libpq itself made has no fields at all. */
  if (values[PG_FIELD_MESSAGE_PRIMARY] == NULL)
    {
      own = tidy (PQresultErrorMessage (result));
      values[PG_FIELD_MESSAGE_PRIMARY] = own;
    }
  return pg_diagnostic_new (values);
}

GError *
pg_error_new_from_result (const PGresult *result)
{
  g_autoptr (PgDiagnostic) diagnostic = pg_diagnostic_new_from_result (result);

  return pg_error_new_from_diagnostic (diagnostic);
}

GError *
pg_error_new_own (const char *sqlstate, const char *message)
{
  const char *values[PG_N_FIELDS] = { NULL };
  g_autoptr (PgDiagnostic) diagnostic = NULL;

  values[PG_FIELD_SQLSTATE] = sqlstate;
  values[PG_FIELD_MESSAGE_PRIMARY] = message;
  diagnostic = pg_diagnostic_new (values);
  return pg_error_new_with_diagnostic (pg_error_code_from_sqlstate (sqlstate), diagnostic, message);
}

GError *
pg_error_new_from_conn (PGconn *conn, const char *words, GQuark domain, int code)
{
  g_autofree char *message = tidy (words != NULL ? words : PQerrorMessage (conn));

  if (*message == '\0')
    return g_error_new_literal (domain, code, _ ("the connection to the server was lost"));
  return g_error_new_literal (domain, code, message);
}

/* PostgreSQL puts the SQLSTATE into the text where PQERRORS_VERBOSE is set ("FATAL:  28P01: password …"), and a last line that names its
 * source file; libpq has no other way to learn the code of a failure to connect. */
GError *
pg_error_new_from_connect (const char *libpq_message)
{
  static GRegex *code_regex, *location_regex;
  static gsize once;
  g_autofree char *message = tidy (libpq_message);
  g_autofree char *without_location = NULL, *text = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (PgDiagnostic) diagnostic = NULL;
  const char *values[PG_N_FIELDS] = { NULL };

  if (g_once_init_enter (&once))
    {
      code_regex = g_regex_new ("(^|: |\\n)([^:\\n]{1,40}):  ([0-9A-Z]{5}): ([^\\n]*)", 0, 0, NULL);
      location_regex = g_regex_new ("\\n[^:\\n]{1,40}:  [A-Za-z0-9_]+, [A-Za-z0-9_]+\\.c:[0-9]+(?=\\n|$)", 0, 0, NULL);
      g_once_init_leave (&once, 1);
    }
  without_location = g_regex_replace_literal (location_regex, message, -1, 0, "", 0, NULL);
  if (without_location == NULL)
    without_location = g_strdup (message);
  if (g_regex_match (code_regex, without_location, 0, &match))
    {
      g_autofree char *severity = g_match_info_fetch (match, 2);
      g_autofree char *sqlstate = g_match_info_fetch (match, 3);
      g_autofree char *primary = g_match_info_fetch (match, 4);

      text = g_regex_replace (code_regex, without_location, -1, 0, "\\1\\2:  \\4", 0, NULL);
      values[PG_FIELD_SEVERITY] = severity;
      values[PG_FIELD_SQLSTATE] = sqlstate;
      values[PG_FIELD_MESSAGE_PRIMARY] = primary;
      diagnostic = pg_diagnostic_new (values);
      return pg_error_new_with_diagnostic (pg_error_code_from_sqlstate (sqlstate), diagnostic, text);
    }
  /* The client's own condition for it: nothing answered, or not as a server does. */
  return pg_error_new_own ("08001", without_location);
}
