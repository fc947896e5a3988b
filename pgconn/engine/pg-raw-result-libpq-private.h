/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libpq-fe.h>

#include <pgconn/engine/pg-raw-result-private.h>

G_BEGIN_DECLS

/* Takes over a PGresult that is not NULL and carries no error; PQclear() comes with the last reference. */
PgRawResult *pg_raw_result_new_take (PGresult *result);

G_END_DECLS
