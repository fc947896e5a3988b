/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* The calls of both connection classes in one form, for tests that both have to pass: the asynchronous ones run the thread's default main context
 * until the callback has been called. */

/* One asynchronous call: the first is its callback, with the address of what the second waits for. */
void pg_test_keep_result (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *pg_test_wait_for (GAsyncResult **result);
/* For a thread. */
gpointer pg_test_cancel_now (gpointer cancellable);

typedef enum
{
  PG_TEST_DRIVER_BLOCKING,
  PG_TEST_DRIVER_MAIN_LOOP,
} PgTestDriver;

/* Adds the test for both drivers, which it gets as GPOINTER_TO_INT (data): path has "%s" where "blocking" or "main-loop" goes. */
void pg_test_driver_add (const char *path, GTestDataFunc func);

PgBaseConnection *pg_test_driver_open (PgTestDriver driver, const char *conninfo, GCancellable *cancellable, GError **error);
/* With the property "timeout", in milliseconds, set before. */
PgBaseConnection *pg_test_driver_open_in_time (PgTestDriver driver, const char *conninfo, guint timeout, GError **error);
/* Must succeed; in autocommit or not. */
PgBaseConnection *pg_test_driver_open_ok (PgTestDriver driver, const char *conninfo, gboolean autocommit);

/* The cursor; params may be floating. */
PgBaseCursor *pg_test_driver_execute (PgBaseConnection *connection, const char *sql, GVariant *params, GCancellable *cancellable, GError **error);
PgBaseCursor *pg_test_driver_execute_params (PgBaseConnection *connection, const char *sql, PgParams *params, GCancellable *cancellable, GError **error);
gboolean pg_test_driver_commit (PgBaseConnection *connection, GCancellable *cancellable, GError **error);
gboolean pg_test_driver_rollback (PgBaseConnection *connection, GError **error);
gboolean pg_test_driver_set_autocommit (PgBaseConnection *connection, gboolean value, GError **error);
gboolean pg_test_driver_set_isolation_level (PgBaseConnection *connection, PgIsolationLevel level, GError **error);

/* Must succeed: without a result, and with a number as the first value. */
void pg_test_driver_run (PgBaseConnection *connection, const char *sql);
gint64 pg_test_driver_int64 (PgBaseConnection *connection, const char *sql);
void pg_test_driver_assert_text (PgBaseConnection *connection, const char *sql, const char *expected);

/* What the server has to say is seen: the blocking driver has to be attached to the thread's default main context. */
void pg_test_driver_attach (PgBaseConnection *connection);
void pg_test_driver_iterate (guint milliseconds);

/* How the "disconnected" signal has been emitted. */
typedef struct
{
  guint n;
  GError *reason; /* the first */
} PgTestDisconnects;

void pg_test_driver_watch (PgBaseConnection *connection, PgTestDisconnects *disconnects);

/* What the program has allocated, in bytes; always the same where that is not known, as under valgrind and AddressSanitizer. */
gsize pg_test_get_allocated (void);

G_END_DECLS
