/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/result/pg-row.h>

G_BEGIN_DECLS

/* The row of that position, which must be in range: the one that lives already, or a new one. Full. */
PgRow *pg_row_obtain (PgResult *result, guint position);

G_END_DECLS
