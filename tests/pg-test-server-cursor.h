/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-session.h"

G_BEGIN_DECLS

/* The calls of both classes of server-side cursors in one form, as pg-test-driver.h has those of the connections. */

PgBaseServerCursor *pg_test_server_cursor_new (PgTestSession *session, const char *name);
gboolean pg_test_server_cursor_execute (PgBaseServerCursor *cursor, const char *query, GVariant *params, GCancellable *cancellable, GError **error);
gboolean pg_test_server_cursor_execute_params (PgBaseServerCursor *cursor, const char *query, PgParams *params, GError **error);
PgRow *pg_test_server_cursor_fetch_one (PgBaseServerCursor *cursor, GCancellable *cancellable, GError **error);
GPtrArray *pg_test_server_cursor_fetch_many (PgBaseServerCursor *cursor, guint size, GError **error);
GPtrArray *pg_test_server_cursor_fetch_all (PgBaseServerCursor *cursor, GCancellable *cancellable, GError **error);
gboolean pg_test_server_cursor_fetch_value (PgBaseServerCursor *cursor, GValue *value, GError **error);
GObject *pg_test_server_cursor_fetch_object (PgBaseServerCursor *cursor, GError **error);
GPtrArray *pg_test_server_cursor_fetch_objects (PgBaseServerCursor *cursor, GError **error);
PgResult *pg_test_server_cursor_fetch_page (PgBaseServerCursor *cursor, guint size, guint *first_row, GError **error);
gboolean pg_test_server_cursor_scroll (PgBaseServerCursor *cursor, gint64 offset, PgScrollMode mode, GError **error);
gboolean pg_test_server_cursor_close (PgBaseServerCursor *cursor, GError **error);

/* These must succeed. */
void pg_test_server_cursor_execute_ok (PgBaseServerCursor *cursor, const char *query);
/* Over so many numbers, from 1 on. */
PgBaseServerCursor *pg_test_server_cursor_open_numbers (PgTestSession *session, int n, PgTristate scrollable);
/* The number in the next row, −1 at the end. */
gint64 pg_test_server_cursor_next (PgBaseServerCursor *cursor);
gint64 pg_test_server_cursor_get_rownumber (PgBaseServerCursor *cursor);
void pg_test_server_cursor_scroll_ok (PgBaseServerCursor *cursor, gint64 offset, PgScrollMode mode);
/* The first and the last number of rows that follow each other. */
void pg_test_server_cursor_assert_rows (GPtrArray *rows, gint64 first, gint64 last);
void pg_test_server_cursor_assert_many (PgBaseServerCursor *cursor, guint size, gint64 first, gint64 last);
void pg_test_server_cursor_assert_sqlstate (GError *error, const char *sqlstate);

G_END_DECLS
