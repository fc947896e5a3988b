/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-cursor.h>

G_BEGIN_DECLS

#define PG_TYPE_CLIENT_CURSOR (pg_client_cursor_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgClientCursor, pg_client_cursor, PG, CLIENT_CURSOR, PgCursor)

PG_AVAILABLE_IN_1_0
PgClientCursor *pg_client_cursor_new (PgConnection *connection) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
char *pg_client_cursor_mogrify (PgClientCursor *self, const char *query, GVariant *params, GError **error);
PG_AVAILABLE_IN_1_0
char *pg_client_cursor_mogrify_params (PgClientCursor *self, const char *query, PgParams *params, GError **error);

G_END_DECLS
