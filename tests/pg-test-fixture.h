/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* One server for a test program. It starts with the first call, and ends with the program.
 *
 *   static void
 *   test_something (void)
 *   {
 *     g_autofree char *conninfo = pg_test_fixture_conninfo ();
 *
 *     if (conninfo == NULL)
 *       return;
 *     ...
 *   }
 *
 * Where PostgreSQL is not installed, the test is skipped, with the reason, and both functions return NULL; with
 * PGCONN_TEST_REQUIRE_SERVER in the environment, as for every other reason not to start, the program ends with an error. */

/* A fresh, empty database over the Unix socket. Free with g_free(). */
char *pg_test_fixture_conninfo (void);

/* The server itself, without TLS, password and TCP. Not to be unreffed, and to be left running. */
PgTestServer *pg_test_fixture_server (void);

/* The same for a server of the test's own, from pg_test_server_new(): FALSE when the test has been skipped. */
gboolean pg_test_fixture_up (PgTestServer *server);

/* How many file descriptors this process has open. */
guint pg_test_count_fds (void);
/* So many, or soon: a thread with a cancel request may still be about to end, the proxy to take a connection that is closed already. */
void pg_test_assert_fds (guint n);

/* What psql prints for sql, unaligned, without headers and without the last newline: the server seen from outside the library.
 * The program ends with an error when psql fails. */
char *pg_test_psql (const char *conninfo, const char *sql);

/* The same for what may fail: the message is psql's. */
char *pg_test_psql_try (const char *conninfo, const char *sql, GError **error);

/* psql in the background, one -c for each statement: it says “canceling statement” and so on when it is sent SIGINT.
 * The output is what it prints, its messages among it. GLib's worker thread, which this starts, has descriptors of its own. */
GSubprocess *pg_test_psql_start (const char *conninfo, const char *sql, const char *second_sql);
char *pg_test_psql_finish (GSubprocess *process, gboolean *successful);

G_END_DECLS
