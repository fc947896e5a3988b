/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-engine-private.h>

G_BEGIN_DECLS

/* BEGIN with the characteristics that are set, in the order of the manual's page on BEGIN. */
const char *pg_transaction_begin_sql (const PgEngineOptions *options);

G_END_DECLS
