/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-cursor.h>

G_BEGIN_DECLS

PgCursor *pg_cursor_new (PgConnection *connection);

G_END_DECLS
