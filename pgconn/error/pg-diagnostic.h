/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_DIAGNOSTIC (pg_diagnostic_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_diagnostic_get_type (void);

PG_AVAILABLE_IN_1_0
PgDiagnostic *pg_diagnostic_ref (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
void pg_diagnostic_unref (PgDiagnostic *self);

PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_severity (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_severity_nonlocalized (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_sqlstate (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_message_primary (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_message_detail (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_message_hint (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_statement_position (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_internal_position (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_internal_query (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_context (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_schema_name (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_table_name (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_column_name (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_datatype_name (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_constraint_name (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_source_file (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_source_line (PgDiagnostic *self);
PG_AVAILABLE_IN_1_0
const char *pg_diagnostic_get_source_function (PgDiagnostic *self);

PG_AVAILABLE_IN_1_0
char *pg_diagnostic_to_string (PgDiagnostic *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgDiagnostic, pg_diagnostic_unref)

G_END_DECLS
