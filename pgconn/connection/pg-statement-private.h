/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-statement.h>
#include <pgconn/engine/pg-engine-private.h>
#include <pgconn/engine/pg-raw-result-private.h>
#include <pgconn/sql/pg-query-private.h>

G_BEGIN_DECLS

/* The statement for a connection and its parameters, as of the types of the statement; exactly one of the two kinds may be given. NULL where it is closed, another connection's,
 * or they do not fit. */
PgQuery *pg_statement_bind (PgStatement *self, PgBaseConnection *connection, const PgTypeTable *types, GVariant *variant, PgParams *params, PgWireParams **wire,
                            GError **error);
/* Any thread: what executing it has given, of which the columns are its own from now on. A PgExecuteWatch. */
void pg_statement_take_columns (PgRawResult *raw, gpointer self);

G_END_DECLS
