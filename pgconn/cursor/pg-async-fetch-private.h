/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-base-cursor.h>

G_BEGIN_DECLS

/* Ends the task of a fetch; value may be NULL without an error, at the end of the rows. Takes both. */
void pg_async_fetch_return (GTask *task, gpointer value, GDestroyNotify destroy, GError *error);
/* With what the row factory makes of the next row. */
void pg_async_fetch_return_value (GTask *task, PgBaseCursor *cursor);
void pg_async_fetch_return_object (GTask *task, PgBaseCursor *cursor);
/* The second half of pg_async_fetch_return_value(). */
gboolean pg_async_fetch_propagate_value (GAsyncResult *result, GValue *value, GError **error);

G_END_DECLS
