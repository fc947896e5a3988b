/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-server-private.h"

GType
pg_test_server_flags_get_type (void)
{
  static gsize id;

  if (g_once_init_enter (&id))
    {
      static const GFlagsValue values[] = {
        { PG_TEST_SERVER_FLAGS_NONE, "PG_TEST_SERVER_FLAGS_NONE", "none" },
        { PG_TEST_SERVER_FLAGS_TLS, "PG_TEST_SERVER_FLAGS_TLS", "tls" },
        { PG_TEST_SERVER_FLAGS_SCRAM, "PG_TEST_SERVER_FLAGS_SCRAM", "scram" },
        { PG_TEST_SERVER_FLAGS_TCP, "PG_TEST_SERVER_FLAGS_TCP", "tcp" },
        { 0, NULL, NULL },
      };

      g_once_init_leave (&id, g_flags_register_static (g_intern_static_string ("PgTestServerFlags"), values));
    }
  return id;
}

/**
 * pg_test_server_get_flags:
 * @self: a test server
 *
 * Gets what the server offers to its clients.
 *
 * Returns: the flags that the server was created with
 *
 * Since: 1.0
 */
PgTestServerFlags
pg_test_server_get_flags (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), PG_TEST_SERVER_FLAGS_NONE);

  return self->flags;
}

/**
 * pg_test_server_get_conninfo:
 * @self: a test server
 *
 * Gets how to connect to the database `postgres` over the Unix socket, in libpq's keyword form.
 *
 * Tests had better use a database of their own: [method@TestServer.create_database].
 *
 * Returns: (transfer none) (nullable): the conninfo, or `NULL` while the server is not up
 *
 * Since: 1.0
 */
const char *
pg_test_server_get_conninfo (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);

  return self->conninfo;
}

/**
 * pg_test_server_get_data_directory:
 * @self: a test server
 *
 * Gets the directory of the database cluster.
 *
 * Returns: (transfer none) (nullable) (type filename): the directory, or `NULL` while the server is not up
 *
 * Since: 1.0
 */
const char *
pg_test_server_get_data_directory (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);

  return self->data_directory;
}

/**
 * pg_test_server_get_socket_directory:
 * @self: a test server
 *
 * Gets the directory of the Unix socket, which is the `host` for libpq.
 *
 * Returns: (transfer none) (nullable) (type filename): the directory, or `NULL` while the server is not up
 *
 * Since: 1.0
 */
const char *
pg_test_server_get_socket_directory (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);

  return self->socket_directory;
}

/**
 * pg_test_server_get_log_file:
 * @self: a test server
 *
 * Gets the file that the server writes its log to.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or `NULL` while the server is not up
 *
 * Since: 1.0
 */
const char *
pg_test_server_get_log_file (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);

  return self->log_file;
}

/**
 * pg_test_server_get_ca_file:
 * @self: a test server
 *
 * Gets the certificate, in PEM form, of the authority that signed the server's: libpq's `sslrootcert`.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or `NULL` without TLS and while the server is not up
 *
 * Since: 1.0
 */
const char *
pg_test_server_get_ca_file (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);

  return self->ca_file;
}

/**
 * pg_test_server_get_port:
 * @self: a test server
 *
 * Gets the TCP port, or without TCP the number in the name of the Unix socket.
 *
 * Returns: the port, or 0 while the server is not up
 *
 * Since: 1.0
 */
guint
pg_test_server_get_port (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), 0);

  return self->port;
}

/**
 * pg_test_server_get_pid:
 * @self: a test server
 *
 * Gets the process id of the server's first process, the postmaster.
 *
 * Returns: the process id, or 0 while the server does not run
 *
 * Since: 1.0
 */
int
pg_test_server_get_pid (PgTestServer *self)
{
  g_return_val_if_fail (PG_IS_TEST_SERVER (self), 0);

  return self->pid;
}
