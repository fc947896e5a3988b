/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-async-server-cursor.h>
#include <pgconn/cursor/pg-base-server-cursor-private.h>

G_BEGIN_DECLS

/* Takes the task and the request, which may be NULL where nothing has to be asked, or with an error. */
void pg_async_server_cursor_start (PgAsyncServerCursor *self, GTask *task, PgRequest *request, GError *error, PgAsyncComplete complete);
/* The end of one that has succeeded. */
PgBaseServerCursor *pg_async_server_cursor_end (gpointer object);

G_END_DECLS
