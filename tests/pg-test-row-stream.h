/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-calls.h"
#include "pg-test-driver.h"
#include "pg-test-fixture.h"

G_BEGIN_DECLS

/* PgRowStream and PgAsyncRowStream in one form. */

typedef struct
{
  PgTestDriver driver;
  PgBaseConnection *connection;
  PgBaseCursor *cursor;
} PgTestStreamSession;

void pg_test_stream_session_clear (PgTestStreamSession *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgTestStreamSession, pg_test_stream_session_clear)

gboolean pg_test_stream_session_open (PgTestStreamSession *self, gconstpointer driver, gboolean autocommit);
PgBaseRowStream *pg_test_stream_with (PgTestStreamSession *self, const char *sql, GVariant *params, guint chunk_size, GError **error);
PgBaseRowStream *pg_test_stream (PgTestStreamSession *self, const char *sql, guint chunk_size);
PgResult *pg_test_stream_next_cancellable (PgBaseRowStream *rows, GCancellable *cancellable, GError **error);
PgResult *pg_test_stream_next (PgBaseRowStream *rows);
void pg_test_stream_assert_next_fails (PgBaseRowStream *rows, GQuark domain, int code);
void pg_test_stream_close (PgBaseRowStream *rows);
PgTransactionStatus pg_test_stream_status (PgTestStreamSession *self);
/* How many rows are left. */
guint pg_test_stream_count (PgBaseRowStream *rows);

G_END_DECLS
