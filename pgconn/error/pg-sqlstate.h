/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib.h>

#include <pgconn/error/pg-error-codes.h>
#include <pgconn/pg-version.h>

G_BEGIN_DECLS

/**
 * PgErrorClass:
 * @PG_ERROR_CLASS_DATABASE: none of the others
 * @PG_ERROR_CLASS_DATA: the values at hand: a division by zero, a number out of range
 * @PG_ERROR_CLASS_OPERATIONAL: the operation of the database: a lost connection, a deadlock, no memory left
 * @PG_ERROR_CLASS_INTEGRITY: a constraint of the database
 * @PG_ERROR_CLASS_INTERNAL: the state of the session or the server: a failed transaction, a cursor that is not valid
 * @PG_ERROR_CLASS_PROGRAMMING: the statement or call: a table that does not exist, a syntax error, a wrong number of parameters
 * @PG_ERROR_CLASS_NOT_SUPPORTED: a feature that the server, or the client's libpq, does not have
 * @PG_ERROR_CLASS_INTERFACE: the use of the client's objects rather than the database
 *
 * Who or what is to blame for an error, in the terms of Python's DB-API 2.0.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_ERROR_CLASS_DATABASE,
  PG_ERROR_CLASS_DATA,
  PG_ERROR_CLASS_OPERATIONAL,
  PG_ERROR_CLASS_INTEGRITY,
  PG_ERROR_CLASS_INTERNAL,
  PG_ERROR_CLASS_PROGRAMMING,
  PG_ERROR_CLASS_NOT_SUPPORTED,
  PG_ERROR_CLASS_INTERFACE,
} PgErrorClass;

PG_AVAILABLE_IN_1_0
int pg_sqlstate_to_error (const char *sqlstate);
PG_AVAILABLE_IN_1_0
PgErrorClass pg_sqlstate_get_error_class (const char *sqlstate);
PG_AVAILABLE_IN_1_0
const char *pg_sqlstate_from_error (int code);

G_END_DECLS
