/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib.h>

#include <pgconn/error/pg-error-codes.h>
#include <pgconn/error/pg-sqlstate.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

/**
 * PG_ERROR:
 *
 * The error domain of the errors that the server reports and of the client's own: see [error@Error].
 *
 * Since: 1.0
 */
#define PG_ERROR (pg_error_quark ())

PG_AVAILABLE_IN_1_0
GQuark pg_error_quark (void);

PG_AVAILABLE_IN_1_0
PgDiagnostic *pg_error_get_diagnostic (const GError *error);
PG_AVAILABLE_IN_1_0
const char *pg_error_get_sqlstate (const GError *error);
PG_AVAILABLE_IN_1_0
PgErrorClass pg_error_get_class (const GError *error);

G_END_DECLS
