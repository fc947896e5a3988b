/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/error/pg-diagnostic.h>

G_BEGIN_DECLS

/* The order of the fields in the array that makes a PgDiagnostic. */
typedef enum
{
  PG_FIELD_SEVERITY,
  PG_FIELD_SEVERITY_NONLOCALIZED,
  PG_FIELD_SQLSTATE,
  PG_FIELD_MESSAGE_PRIMARY,
  PG_FIELD_MESSAGE_DETAIL,
  PG_FIELD_MESSAGE_HINT,
  PG_FIELD_STATEMENT_POSITION,
  PG_FIELD_INTERNAL_POSITION,
  PG_FIELD_INTERNAL_QUERY,
  PG_FIELD_CONTEXT,
  PG_FIELD_SCHEMA_NAME,
  PG_FIELD_TABLE_NAME,
  PG_FIELD_COLUMN_NAME,
  PG_FIELD_DATATYPE_NAME,
  PG_FIELD_CONSTRAINT_NAME,
  PG_FIELD_SOURCE_FILE,
  PG_FIELD_SOURCE_LINE,
  PG_FIELD_SOURCE_FUNCTION,
  PG_N_FIELDS
} PgField;

/* Copies; any field may be NULL. Bytes that are not UTF-8 are replaced. */
PgDiagnostic *pg_diagnostic_new (const char *const fields[PG_N_FIELDS]);

G_END_DECLS
