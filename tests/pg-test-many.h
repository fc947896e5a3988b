/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-session.h"

G_BEGIN_DECLS

/* Many sets of parameters, with both connection classes in one form. */

PgBaseCursor *pg_test_many_cursor_new (PgBaseConnection *connection);
gboolean pg_test_many_execute (PgBaseCursor *cursor, const char *query, GVariant *sets, PgExecuteManyFlags flags, GError **error);
gboolean pg_test_many_execute_batch (PgBaseCursor *cursor, const char *query, PgParamsBatch *batch, PgExecuteManyFlags flags, GCancellable *cancellable, GError **error);
PgBaseConnection *pg_test_many_open (gconstpointer driver, gboolean autocommit);
void pg_test_many_assert_state (PgBaseConnection *connection, PgTransactionStatus status);
/* (first, "text"), (first + 1, "text"), … */
GVariant *pg_test_many_sets_new (guint n, gint64 first);
GBytes *pg_test_many_integers_new (guint n, gint64 first);
PgParamsBatch *pg_test_many_batch_new (guint n, gint64 first, gsize length);

G_END_DECLS
