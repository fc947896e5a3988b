/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/cursor/pg-cursor.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
gboolean pg_cursor_fetch_value (PgCursor *self, GValue *value, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GObject *pg_cursor_fetch_object (PgCursor *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
GPtrArray *pg_cursor_fetch_objects (PgCursor *self, GCancellable *cancellable, GError **error);

G_END_DECLS
