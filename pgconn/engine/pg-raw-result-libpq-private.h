/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libpq-fe.h>

#include <pgconn/engine/pg-raw-result-private.h>

G_BEGIN_DECLS

/* Takes over a PGresult that is not NULL and carries no error; PQclear() comes with the last reference. */
PgRawResult *pg_raw_result_new_take (PGresult *result);

/* One that is made of results of one row each, as libpq's single-row mode gives them: the first, which it takes over, and those that follow, which it copies. At
 * most max_rows are added, before it is given away. */
PgRawResult *pg_raw_result_new_rows (PGresult *first, guint max_rows);
void pg_raw_result_add_row (PgRawResult *self, const PGresult *row);

G_END_DECLS
