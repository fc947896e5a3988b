/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-driver.h"

G_BEGIN_DECLS

/* More calls of both connection classes in one form. */

PgStatement *pg_test_verb_prepare (PgBaseConnection *connection, const char *sql, GCancellable *cancellable, GError **error);
/* params may be floating. */
gboolean pg_test_verb_execute_statement (PgBaseCursor *cursor, PgStatement *statement, GVariant *params, GCancellable *cancellable, GError **error);
gboolean pg_test_verb_close_statement (PgBaseConnection *connection, PgStatement *statement, GCancellable *cancellable, GError **error);
PgTypeInfo *pg_test_verb_fetch_type (PgBaseConnection *connection, const char *name, GCancellable *cancellable, GError **error);
gboolean pg_test_verb_close_rows (PgBaseRowStream *rows, GCancellable *cancellable, GError **error);

G_END_DECLS
