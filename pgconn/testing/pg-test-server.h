/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

/**
 * PgTestServerFlags:
 * @PG_TEST_SERVER_FLAGS_NONE: a Unix socket only, and no password
 * @PG_TEST_SERVER_FLAGS_TLS: TLS with a certificate for `localhost` and `127.0.0.1`, signed by a certificate authority made for this server;
 *   implies @PG_TEST_SERVER_FLAGS_TCP, as PostgreSQL has no TLS on Unix sockets
 * @PG_TEST_SERVER_FLAGS_SCRAM: every connection has to give a password, by SCRAM-SHA-256
 * @PG_TEST_SERVER_FLAGS_TCP: a free TCP port of 127.0.0.1 besides the Unix socket
 *
 * What a [class@TestServer] offers to its clients.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_TEST_SERVER_FLAGS_NONE = 0,
  PG_TEST_SERVER_FLAGS_TLS = 1 << 0,
  PG_TEST_SERVER_FLAGS_SCRAM = 1 << 1,
  PG_TEST_SERVER_FLAGS_TCP = 1 << 2,
} PgTestServerFlags;

#define PG_TYPE_TEST_SERVER_FLAGS (pg_test_server_flags_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_test_server_flags_get_type (void);

#define PG_TYPE_TEST_SERVER (pg_test_server_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgTestServer, pg_test_server, PG, TEST_SERVER, GObject)

PG_AVAILABLE_IN_1_0
PgTestServer *pg_test_server_new (PgTestServerFlags flags);

PG_AVAILABLE_IN_1_0
void pg_test_server_add_configuration (PgTestServer *self, const char *line);

PG_AVAILABLE_IN_1_0
gboolean pg_test_server_up (PgTestServer *self, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
void pg_test_server_down (PgTestServer *self);

PG_AVAILABLE_IN_1_0
void pg_test_server_kill (PgTestServer *self);

PG_AVAILABLE_IN_1_0
gboolean pg_test_server_restart (PgTestServer *self, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
char *pg_test_server_create_database (PgTestServer *self, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
char *pg_test_server_dup_database_conninfo (PgTestServer *self, const char *database);

PG_AVAILABLE_IN_1_0
char *pg_test_server_dup_tcp_conninfo (PgTestServer *self, const char *conninfo);

PG_AVAILABLE_IN_1_0
PgTestServerFlags pg_test_server_get_flags (PgTestServer *self);

PG_AVAILABLE_IN_1_0
const char *pg_test_server_get_conninfo (PgTestServer *self);

PG_AVAILABLE_IN_1_0
const char *pg_test_server_get_data_directory (PgTestServer *self);

PG_AVAILABLE_IN_1_0
const char *pg_test_server_get_socket_directory (PgTestServer *self);

PG_AVAILABLE_IN_1_0
const char *pg_test_server_get_log_file (PgTestServer *self);

PG_AVAILABLE_IN_1_0
const char *pg_test_server_get_ca_file (PgTestServer *self);

PG_AVAILABLE_IN_1_0
guint pg_test_server_get_port (PgTestServer *self);

PG_AVAILABLE_IN_1_0
int pg_test_server_get_pid (PgTestServer *self);

G_END_DECLS
