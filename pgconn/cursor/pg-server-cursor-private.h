/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-async-server-cursor.h>
#include <pgconn/cursor/pg-server-cursor.h>

G_BEGIN_DECLS

PgServerCursor *pg_server_cursor_new (PgConnection *connection, const char *name);
PgAsyncServerCursor *pg_async_server_cursor_new (PgAsyncConnection *connection, const char *name);

G_END_DECLS
