/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/error/pg-diagnostic.h>
#include <pgconn/error/pg-error.h>

G_BEGIN_DECLS

/* The code of a SQLSTATE: its condition's, else that of its class, else PG_ERROR_DATABASE. sqlstate may be NULL or not five characters. */
PgError pg_error_code_from_sqlstate (const char *sqlstate);

/* The error that a server's message becomes: code by SQLSTATE; message = primary text, then DETAIL, HINT and CONTEXT lines as they are there;
 * the diagnostic is kept with it. */
GError *pg_error_new_from_diagnostic (PgDiagnostic *diagnostic);

/* The same for a text of the client's, where only a SQLSTATE is known (failures while connecting); message is taken as it is. */
GError *pg_error_new_with_diagnostic (int code, PgDiagnostic *diagnostic, const char *message);

G_END_DECLS
