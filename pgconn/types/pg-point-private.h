/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-point.h>

G_BEGIN_DECLS

/* NULL unless it is "(x,y)". */
PgPoint *pg_point_scan (const char *text, gsize length);

G_END_DECLS
