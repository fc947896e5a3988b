/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-version.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
PgCopyDirection pg_copy_get_direction (const char *statement);

G_END_DECLS
