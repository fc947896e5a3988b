/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/error/pg-diagnostic.h>
#include <pgconn/error/pg-error.h>

G_BEGIN_DECLS

/* Five digits and capital letters. */
gboolean pg_sqlstate_is_valid (const char *sqlstate);

/* The name the layers below the public API use. */
#define pg_error_code_from_sqlstate pg_sqlstate_to_error

/* The error that a server's message becomes: code by SQLSTATE; message = primary text, then DETAIL, HINT and CONTEXT lines as they are there;
 * the diagnostic is kept with it. */
GError *pg_error_new_from_diagnostic (PgDiagnostic *diagnostic);

/* The same for a text of the client's (failures while connecting, a lost COMMIT); message is taken as it is, but for bytes that are not UTF-8.
 * diagnostic may be NULL. */
GError *pg_error_new_with_diagnostic (int code, PgDiagnostic *diagnostic, const char *message);

G_END_DECLS
