/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-async-cursor.h>
#include <pgconn/cursor/pg-cursor.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
gboolean pg_cursor_execute_statement (PgCursor *self, PgStatement *statement, GVariant *params, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_cursor_execute_statement_params (PgCursor *self, PgStatement *statement, PgParams *params, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_cursor_execute_statement_async (PgAsyncCursor *self, PgStatement *statement, GVariant *params, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_execute_statement_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_cursor_execute_statement_params_async (PgAsyncCursor *self, PgStatement *statement, PgParams *params, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_cursor_execute_statement_params_finish (PgAsyncCursor *self, GAsyncResult *result, GError **error);

G_END_DECLS
