/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-interval.h>

G_BEGIN_DECLS

/* Reads what each setting of IntervalStyle gives. NULL and a translated reason. */
PgInterval *pg_interval_scan (const char *text, gsize length, const char **reason);

G_END_DECLS
