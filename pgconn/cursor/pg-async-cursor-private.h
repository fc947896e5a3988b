/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-async-cursor.h>

G_BEGIN_DECLS

/* Take the task, and a floating params. The task returns TRUE to the cursor itself, and the cursor to any other source object. */
void pg_async_cursor_start_execute (PgAsyncCursor *self, const char *query, GVariant *params, GTask *task);
void pg_async_cursor_start_execute_params (PgAsyncCursor *self, const char *query, PgParams *params, GTask *task);

G_END_DECLS
