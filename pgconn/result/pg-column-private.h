/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-raw-result-private.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* Keeps nothing of the raw result. column is not range checked. */
PgColumn *pg_column_new (PgRawResult *raw, guint column, const PgTypeTable *types);

G_END_DECLS
