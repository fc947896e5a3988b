/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* Statements with a say in whether they are prepared, for the tests of that. */

/* A number, without preparing or counting anything. */
gint64 pg_test_prepare_ask (PgConnection *connection, const char *sql);
/* How many statements the server has prepared in the session. */
gint64 pg_test_prepare_count (PgConnection *connection);

/* The first value, or without rows the status message; params may be floating. */
char *pg_test_prepare_execute (PgConnection *connection, PgPrepare prepare, const char *sql, GVariant *params, GError **error);
/* Must succeed with this. */
void pg_test_prepare_assert (PgConnection *connection, PgPrepare prepare, const char *sql, GVariant *params, const char *expected);

G_END_DECLS
