/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-diagnostic.h"

#include "pg-diagnostic-private.h"

/**
 * PgDiagnostic:
 *
 * All that the server says about an error or a notice.
 *
 * Each of the 18 fields is text, and `NULL` where the server did not send it: only the severity, the SQLSTATE and the primary message are in every
 * diagnostic of a PostgreSQL server. A diagnostic is immutable and belongs to no connection; it may be used from any thread.
 *
 * An error's is that of [func@Pg.Error.get_diagnostic]. The fields are those of "Error and Notice Message Fields" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgDiagnostic
{
  char *fields[PG_N_FIELDS];
};

G_DEFINE_BOXED_TYPE (PgDiagnostic, pg_diagnostic, pg_diagnostic_ref, pg_diagnostic_unref)

PgDiagnostic *
pg_diagnostic_new (const char *const fields[PG_N_FIELDS])
{
  PgDiagnostic *self = g_atomic_rc_box_new0 (PgDiagnostic);
  gsize i;

  for (i = 0; i < PG_N_FIELDS; i++)
    {
      if (fields[i] != NULL)
        self->fields[i] = g_utf8_make_valid (fields[i], -1);
    }

  return self;
}

static void
clear (gpointer data)
{
  PgDiagnostic *self = data;
  gsize i;

  for (i = 0; i < PG_N_FIELDS; i++)
    g_free (self->fields[i]);
}

/**
 * pg_diagnostic_ref:
 * @self: a diagnostic
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgDiagnostic *
pg_diagnostic_ref (PgDiagnostic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * pg_diagnostic_unref:
 * @self: (transfer full): a diagnostic
 *
 * Drops a reference; the last one frees the diagnostic.
 *
 * Since: 1.0
 */
void
pg_diagnostic_unref (PgDiagnostic *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

static const char *
get_field (PgDiagnostic *self, PgField field)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields[field];
}

/**
 * pg_diagnostic_get_severity:
 * @self: a diagnostic
 *
 * Gets the severity.
 *
 * Returns: (nullable) (transfer none): the severity in the language of the server, such as `ERROR`, `FATAL`, `PANIC` or `WARNING`,
 *   `NOTICE`, `DEBUG`, `INFO`, `LOG` or a translation of one of these; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_severity (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SEVERITY);
}

/**
 * pg_diagnostic_get_severity_nonlocalized:
 * @self: a diagnostic
 *
 * Gets the severity without translation.
 *
 * Returns: (nullable) (transfer none): the severity, never translated: `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, `DEBUG`, `INFO` or
 *   `LOG`; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_severity_nonlocalized (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SEVERITY_NONLOCALIZED);
}

/**
 * pg_diagnostic_get_sqlstate:
 * @self: a diagnostic
 *
 * Gets the SQLSTATE.
 *
 * [func@sqlstate_to_error] makes a code of it.
 *
 * Returns: (nullable) (transfer none): the SQLSTATE, as the server sent it; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_sqlstate (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SQLSTATE);
}

/**
 * pg_diagnostic_get_message_primary:
 * @self: a diagnostic
 *
 * Gets the message.
 *
 * Returns: (nullable) (transfer none): the message itself, mostly of one line; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_message_primary (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_MESSAGE_PRIMARY);
}

/**
 * pg_diagnostic_get_message_detail:
 * @self: a diagnostic
 *
 * Gets the detail message.
 *
 * Returns: (nullable) (transfer none): a second message with more about the problem, which may have several lines; `NULL` if the server did
 *   not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_message_detail (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_MESSAGE_DETAIL);
}

/**
 * pg_diagnostic_get_message_hint:
 * @self: a diagnostic
 *
 * Gets the hint.
 *
 * Returns: (nullable) (transfer none): a suggestion what to do about the problem, which may have several lines; `NULL` if the server did
 *   not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_message_hint (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_MESSAGE_HINT);
}

/**
 * pg_diagnostic_get_statement_position:
 * @self: a diagnostic
 *
 * Gets the position in the statement.
 *
 * Returns: (nullable) (transfer none): where in the statement the problem is: a decimal number of characters, not bytes; the first one is
 *   1; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_statement_position (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_STATEMENT_POSITION);
}

/**
 * pg_diagnostic_get_internal_position:
 * @self: a diagnostic
 *
 * Gets the position in the internal query.
 *
 * See [method@Diagnostic.get_internal_query].
 *
 * Returns: (nullable) (transfer none): where in the internal query the problem is: a decimal number of characters, not bytes; the first one
 *   is 1; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_internal_position (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_INTERNAL_POSITION);
}

/**
 * pg_diagnostic_get_internal_query:
 * @self: a diagnostic
 *
 * Gets the internal query.
 *
 * Returns: (nullable) (transfer none): the text of a failed command that the server itself made, for example one in a PL/pgSQL function;
 *   `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_internal_query (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_INTERNAL_QUERY);
}

/**
 * pg_diagnostic_get_context:
 * @self: a diagnostic
 *
 * Gets the context.
 *
 * Returns: (nullable) (transfer none): where the problem occurred: one line for each active function or internal query, the innermost
 *   first; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_context (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_CONTEXT);
}

/**
 * pg_diagnostic_get_schema_name:
 * @self: a diagnostic
 *
 * Gets the name of the schema.
 *
 * Returns: (nullable) (transfer none): the schema of the database object that the problem is with; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_schema_name (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SCHEMA_NAME);
}

/**
 * pg_diagnostic_get_table_name:
 * @self: a diagnostic
 *
 * Gets the name of the table.
 *
 * Its schema is that of [method@Diagnostic.get_schema_name].
 *
 * Returns: (nullable) (transfer none): the table that the problem is with; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_table_name (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_TABLE_NAME);
}

/**
 * pg_diagnostic_get_column_name:
 * @self: a diagnostic
 *
 * Gets the name of the column.
 *
 * It is one of [method@Diagnostic.get_table_name].
 *
 * Returns: (nullable) (transfer none): the column that the problem is with; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_column_name (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_COLUMN_NAME);
}

/**
 * pg_diagnostic_get_datatype_name:
 * @self: a diagnostic
 *
 * Gets the name of the data type.
 *
 * Its schema is that of [method@Diagnostic.get_schema_name].
 *
 * Returns: (nullable) (transfer none): the data type that the problem is with; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_datatype_name (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_DATATYPE_NAME);
}

/**
 * pg_diagnostic_get_constraint_name:
 * @self: a diagnostic
 *
 * Gets the name of the constraint.
 *
 * It belongs to the table or the domain that the other fields name. Indexes count as constraints here.
 *
 * Returns: (nullable) (transfer none): the constraint that the problem is with; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_constraint_name (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_CONSTRAINT_NAME);
}

/**
 * pg_diagnostic_get_source_file:
 * @self: a diagnostic
 *
 * Gets the name of the source file.
 *
 * Returns: (nullable) (transfer none): the file of the server's source code that reported the problem; `NULL` if the server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_source_file (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SOURCE_FILE);
}

/**
 * pg_diagnostic_get_source_line:
 * @self: a diagnostic
 *
 * Gets the line in the source file.
 *
 * Returns: (nullable) (transfer none): the line of the server's source code that reported the problem, a decimal number; `NULL` if the
 *   server did not send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_source_line (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SOURCE_LINE);
}

/**
 * pg_diagnostic_get_source_function:
 * @self: a diagnostic
 *
 * Gets the name of the source function.
 *
 * Returns: (nullable) (transfer none): the function of the server's source code that reported the problem; `NULL` if the server did not
 *   send it
 *
 * Since: 1.0
 */
const char *
pg_diagnostic_get_source_function (PgDiagnostic *self)
{
  return get_field (self, PG_FIELD_SOURCE_FUNCTION);
}

/**
 * pg_diagnostic_to_string:
 * @self: a diagnostic
 *
 * Writes all fields down for a person to read.
 *
 * The first line has the severity, the SQLSTATE and the message, with the position in the statement where there is one; then, as they are there, one
 * line or more each for `DETAIL`, `HINT`, `QUERY` (the internal one), `CONTEXT`, `SCHEMA NAME`, `TABLE NAME`, `COLUMN NAME`, `DATATYPE NAME`,
 * `CONSTRAINT NAME` and `LOCATION`: what `psql` shows with `VERBOSITY` set to `verbose`. These labels are not translated. No newline follows the last
 * line.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
char *
pg_diagnostic_to_string (PgDiagnostic *self)
{
  static const struct
  {
    PgField field;
    const char *label;
  } lines[] = {
    { PG_FIELD_MESSAGE_DETAIL, "DETAIL" },
    { PG_FIELD_MESSAGE_HINT, "HINT" },
    { PG_FIELD_INTERNAL_QUERY, "QUERY" },
    { PG_FIELD_CONTEXT, "CONTEXT" },
    { PG_FIELD_SCHEMA_NAME, "SCHEMA NAME" },
    { PG_FIELD_TABLE_NAME, "TABLE NAME" },
    { PG_FIELD_COLUMN_NAME, "COLUMN NAME" },
    { PG_FIELD_DATATYPE_NAME, "DATATYPE NAME" },
    { PG_FIELD_CONSTRAINT_NAME, "CONSTRAINT NAME" },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  const char *position;
  const char *file;
  gsize i;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->fields[PG_FIELD_SEVERITY] != NULL)
    g_string_append_printf (text, "%s:  ", self->fields[PG_FIELD_SEVERITY]);
  if (self->fields[PG_FIELD_SQLSTATE] != NULL)
    g_string_append_printf (text, "%s: ", self->fields[PG_FIELD_SQLSTATE]);
  if (self->fields[PG_FIELD_MESSAGE_PRIMARY] != NULL)
    g_string_append (text, self->fields[PG_FIELD_MESSAGE_PRIMARY]);

  position = self->fields[PG_FIELD_STATEMENT_POSITION];
  if (position == NULL)
    position = self->fields[PG_FIELD_INTERNAL_POSITION];
  if (position != NULL)
    g_string_append_printf (text, " at character %s", position);

  for (i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      if (self->fields[lines[i].field] != NULL)
        g_string_append_printf (text, "\n%s:  %s", lines[i].label, self->fields[lines[i].field]);
    }

  file = self->fields[PG_FIELD_SOURCE_FILE];
  if (file != NULL)
    {
      const char *function = self->fields[PG_FIELD_SOURCE_FUNCTION];
      const char *line = self->fields[PG_FIELD_SOURCE_LINE];

      g_string_append (text, "\nLOCATION:  ");
      if (function != NULL)
        g_string_append_printf (text, "%s, ", function);
      g_string_append (text, file);
      if (line != NULL)
        g_string_append_printf (text, ":%s", line);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
