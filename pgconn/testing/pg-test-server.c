/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-server.h"
#include "pg-test-server-private.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <pgconn/pg-init-private.h>

/**
 * PgTestServer:
 *
 * A private PostgreSQL server for a test, as [class@Gio.TestDBus] is a private message bus.
 *
 * [method@TestServer.up] makes a database cluster in a new directory of `g_get_tmp_dir()`, readable to nobody else, and starts the installed
 * PostgreSQL with it, which takes about a second. No administrator, no system service and no free port are needed: without
 * `PG_TEST_SERVER_FLAGS_TCP` the server listens on a Unix socket in that directory only. [method@TestServer.down] stops the server and
 * removes the directory, and so does the end of the process that started it, even by `SIGKILL`.
 *
 * A test program has one server, and each of its tests a database of its own from [method@TestServer.create_database], which costs a tenth of a server:
 *
 * ```c
 * static PgTestServer *server;
 *
 * static void
 * test_insert (void)
 * {
 *   g_autoptr (GError) error = NULL;
 *   g_autofree char *conninfo = pg_test_server_create_database (server, NULL, &error);
 *
 *   g_assert_no_error (error);
 *   // connect to conninfo
 * }
 *
 * int
 * main (int argc, char *argv[])
 * {
 *   g_autoptr (GError) error = NULL;
 *   int status;
 *
 *   g_test_init (&argc, &argv, NULL);
 *   server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
 *   if (!pg_test_server_up (server, NULL, &error))
 *     g_error ("%s", error->message);
 *   g_test_add_func ("/orders/insert", test_insert);
 *   status = g_test_run ();
 *   pg_test_server_down (server);
 *   g_object_unref (server);
 *   return status;
 * }
 * ```
 *
 * ```python
 * class OrdersTest(unittest.TestCase):
 *     @classmethod
 *     def setUpClass(cls):
 *         cls.server = Pg.TestServer.new(Pg.TestServerFlags.NONE)
 *         cls.server.up(None)
 *         cls.addClassCleanup(cls.server.down)
 *
 *     def setUp(self):
 *         self.conninfo = self.server.create_database(None)
 * ```
 *
 * ```js
 * const server = Pg.TestServer.new(Pg.TestServerFlags.NONE);
 * server.up(null);
 * try {
 *     const conninfo = server.create_database(null);
 *     // connect to conninfo
 * } finally {
 *     server.down();
 * }
 * ```
 *
 * New databases are copies of `template1`. What a test program makes there, at the conninfo that
 * `pg_test_server_dup_database_conninfo (server, "template1")` returns, is in each of them. PostgreSQL refuses to copy a database that
 * somebody is connected to: close that connection first. See "Template Databases" in the PostgreSQL manual.
 *
 * The server runs with `fsync`, `synchronous_commit` and `full_page_writes` off, `max_prepared_transactions` 10, encoding UTF-8, the
 * locale `C.UTF-8` (or `C` where the system does not have it) and the time zone UTC; [method@TestServer.add_configuration] changes any setting.
 * The role `postgres` is a superuser, with the password that is in the conninfo if there is one.
 *
 * PostgreSQL's programs are taken from the directory in the environment variable `PGCONN_TEST_BINDIR`; if it is not set, from `PATH`, from the directory
 * that `pg_config --bindir` prints, or from the newest of `/usr/lib/postgresql/VERSION/bin` and `/usr/pgsql-VERSION/bin`.
 * Other `PG…` variables are not passed on to them. PostgreSQL refuses to run as root: for root the server runs as the user `postgres`, or else `nobody`.
 *
 * Where many test programs run one after the other, `PGCONN_TEST_TEMPLATE_DIR` saves most of that second: an empty directory that the server's user can
 * get into and nobody else can write to. The first server leaves a copy of its new cluster there, and those that follow begin with it, except for those with
 * `PG_TEST_SERVER_FLAGS_SCRAM`. Who has made the directory removes it.
 *
 * All functions block. An object may be used from any thread, but by one thread at a time. In a copy of the process made by `fork()` the
 * object does nothing to the server.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (PgTestServer, pg_test_server, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FLAGS,
  PROP_CONNINFO,
  PROP_DATA_DIRECTORY,
  PROP_SOCKET_DIRECTORY,
  PROP_LOG_FILE,
  PROP_CA_FILE,
  PROP_PORT,
  PROP_PID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify_state (PgTestServer *self)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  for (guint i = PROP_CONNINFO; i < N_PROPS; i++)
    {
      if (i != PROP_CA_FILE || (self->flags & PG_TEST_SERVER_FLAGS_TLS) != 0)
        g_object_notify_by_pspec (object, properties[i]);
    }
  g_object_thaw_notify (object);
}

static void
pg_test_server_finalize (GObject *object)
{
  PgTestServer *self = PG_TEST_SERVER (object);

  pg_test_server_remove (self);
  g_string_free (self->configuration, TRUE);

  G_OBJECT_CLASS (pg_test_server_parent_class)->finalize (object);
}

static void
pg_test_server_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PgTestServer *self = PG_TEST_SERVER (object);

  switch (prop_id)
    {
    case PROP_FLAGS:
      g_value_set_flags (value, self->flags);
      break;
    case PROP_CONNINFO:
      g_value_set_string (value, self->conninfo);
      break;
    case PROP_DATA_DIRECTORY:
      g_value_set_string (value, self->data_directory);
      break;
    case PROP_SOCKET_DIRECTORY:
      g_value_set_string (value, self->socket_directory);
      break;
    case PROP_LOG_FILE:
      g_value_set_string (value, self->log_file);
      break;
    case PROP_CA_FILE:
      g_value_set_string (value, self->ca_file);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_PID:
      g_value_set_int (value, self->pid);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
pg_test_server_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PgTestServer *self = PG_TEST_SERVER (object);

  switch (prop_id)
    {
    case PROP_FLAGS:
      self->flags = g_value_get_flags (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
pg_test_server_class_init (PgTestServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read_only = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  pg_init ();

  object_class->finalize = pg_test_server_finalize;
  object_class->get_property = pg_test_server_get_property;
  object_class->set_property = pg_test_server_set_property;

  /**
   * PgTestServer:flags:
   *
   * What the server offers to its clients.
   *
   * Since: 1.0
   */
  properties[PROP_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, PG_TYPE_TEST_SERVER_FLAGS, PG_TEST_SERVER_FLAGS_NONE,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * PgTestServer:conninfo:
   *
   * How to connect to the database `postgres` over the Unix socket; `NULL` while the server is not up.
   *
   * Since: 1.0
   */
  properties[PROP_CONNINFO] = g_param_spec_string ("conninfo", NULL, NULL, NULL, read_only);
  /**
   * PgTestServer:data-directory:
   *
   * The directory of the database cluster; `NULL` while the server is not up.
   *
   * Since: 1.0
   */
  properties[PROP_DATA_DIRECTORY] = g_param_spec_string ("data-directory", NULL, NULL, NULL, read_only);
  /**
   * PgTestServer:socket-directory:
   *
   * The directory of the Unix socket; `NULL` while the server is not up.
   *
   * Since: 1.0
   */
  properties[PROP_SOCKET_DIRECTORY] = g_param_spec_string ("socket-directory", NULL, NULL, NULL, read_only);
  /**
   * PgTestServer:log-file:
   *
   * The file that the server writes its log to; `NULL` while the server is not up.
   *
   * Since: 1.0
   */
  properties[PROP_LOG_FILE] = g_param_spec_string ("log-file", NULL, NULL, NULL, read_only);
  /**
   * PgTestServer:ca-file:
   *
   * The certificate, in PEM form, of the authority that signed the server's; `NULL` without TLS and while the server is not up.
   *
   * Since: 1.0
   */
  properties[PROP_CA_FILE] = g_param_spec_string ("ca-file", NULL, NULL, NULL, read_only);
  /**
   * PgTestServer:port:
   *
   * The TCP port, or without TCP the number in the name of the Unix socket; 0 while the server is not up.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, read_only);
  /**
   * PgTestServer:pid:
   *
   * The process id of the server's first process, the postmaster; 0 while it does not run.
   *
   * Since: 1.0
   */
  properties[PROP_PID] = g_param_spec_int ("pid", NULL, NULL, 0, G_MAXINT, 0, read_only);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pg_test_server_init (PgTestServer *self)
{
  self->configuration = g_string_new (NULL);
}

/**
 * pg_test_server_new:
 * @flags: what the server offers to its clients
 *
 * Creates a test server, which does not run yet.
 *
 * Returns: (transfer full): the new test server
 *
 * Since: 1.0
 */
PgTestServer *
pg_test_server_new (PgTestServerFlags flags)
{
  return g_object_new (PG_TYPE_TEST_SERVER, "flags", flags, NULL);
}

/**
 * pg_test_server_add_configuration:
 * @self: a test server that is not up
 * @line: a line for `postgresql.conf`, for example `log_statement = 'all'`
 *
 * Adds a setting to the server's configuration.
 *
 * It replaces the value that [class@TestServer] itself or a former line gives. Whether it is right is found out by
 * [method@TestServer.up]. The port and the addresses to listen on cannot be set. See "Server Configuration" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
void
pg_test_server_add_configuration (PgTestServer *self, const char *line)
{
  g_return_if_fail (PG_IS_TEST_SERVER (self));
  g_return_if_fail (line != NULL);
  g_return_if_fail (self->conninfo == NULL);

  g_string_append (self->configuration, line);
  g_string_append_c (self->configuration, '\n');
}

/**
 * pg_test_server_up:
 * @self: a test server that is not up
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes a database cluster and starts the server, and returns when it accepts connections.
 *
 * After [method@TestServer.down] a server can be brought up again; it is a new one then, without the former databases.
 *
 * The error is `G_IO_ERROR_NOT_FOUND` if PostgreSQL (or for TLS, the program `openssl`) is not installed, which a test may
 * take as the reason to be skipped. If the server does not start, the message has the end of its log. When this function fails, it leaves
 * nothing behind.
 *
 * Returns: whether the server is up
 *
 * Since: 1.0
 */
gboolean
pg_test_server_up (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *prefix = NULL;

  g_return_val_if_fail (PG_IS_TEST_SERVER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (self->conninfo == NULL, FALSE);

  if (!pg_test_server_prepare (self, cancellable, error) || !pg_test_server_start (self, cancellable, error))
    {
      pg_test_server_remove (self);
      return FALSE;
    }
  prefix = pg_test_server_dup_conninfo_prefix (self, FALSE);
  self->conninfo = g_strconcat (prefix, "dbname=postgres", NULL);
  notify_state (self);
  return TRUE;
}

/**
 * pg_test_server_down:
 * @self: a test server
 *
 * Stops the server at once and removes all of its files.
 *
 * Connections to it are closed. Does nothing if the server is not up. The last unref does the same.
 *
 * Since: 1.0
 */
void
pg_test_server_down (PgTestServer *self)
{
  g_return_if_fail (PG_IS_TEST_SERVER (self));

  if (self->conninfo == NULL)
    return;
  pg_test_server_remove (self);
  notify_state (self);
}

/**
 * pg_test_server_kill:
 * @self: a test server that is up
 *
 * Ends all processes of the server by `SIGKILL`.
 *
 * To its clients it is as if the server's machine had crashed: connections are closed without a word. The files stay, and
 * [method@TestServer.restart] starts the server again. Does nothing if the server does not run.
 *
 * Since: 1.0
 */
void
pg_test_server_kill (PgTestServer *self)
{
  g_return_if_fail (PG_IS_TEST_SERVER (self));
  g_return_if_fail (self->conninfo != NULL);

  if (self->pid == 0 || self->owner != getpid ())
    return;
  pg_test_server_crash (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PID]);
}

/**
 * pg_test_server_restart:
 * @self: a test server that is up
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Stops the server, if it runs, and starts it again with the same databases and the same conninfo.
 *
 * The server tells its clients that it is being shut down (SQLSTATE 57P01) before it closes their connections. If it does not start,
 * the message of the error, a `G_IO_ERROR`, has the end of its log; this function may then be tried again.
 *
 * Returns: whether the server runs again
 *
 * Since: 1.0
 */
gboolean
pg_test_server_restart (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  gboolean started;

  g_return_val_if_fail (PG_IS_TEST_SERVER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (self->conninfo != NULL && self->owner == getpid (), FALSE);

  pg_test_server_stop (self, SIGINT);
  started = pg_test_server_start (self, cancellable, error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PID]);
  return started;
}

/**
 * pg_test_server_create_database:
 * @self: a test server that is up
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Creates a database for one test, as a copy of `template1`. An error, as of a server that is not up any more, is of the domain `G_IO_ERROR`.
 *
 * Returns: (transfer full): how to connect to it over the Unix socket; `NULL` with an error
 *
 * Since: 1.0
 */
char *
pg_test_server_create_database (PgTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *createdb = NULL;
  g_autofree char *output = NULL;
  g_autofree char *port = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  g_return_val_if_fail (self->conninfo != NULL, NULL);

  createdb = pg_test_programs_find (self->programs, "createdb", error);
  if (createdb == NULL)
    return NULL;
  output = g_build_filename (self->directory, "createdb.log", NULL);
  port = g_strdup_printf ("%u", self->port);
  name = g_strdup_printf ("test_%d", ++self->n_databases);
  {
    const char *argv[] = { createdb, "-h", self->socket_directory, "-p", port, "-U", "postgres", "--maintenance-db=postgres", "-T", "template1", name, NULL };

    if (!pg_test_programs_run (self->programs, argv, self->password, output, NULL, cancellable, error))
      return NULL;
  }
  return pg_test_server_dup_database_conninfo (self, name);
}

/**
 * pg_test_server_dup_database_conninfo:
 * @self: a test server that is up
 * @database: the name of a database, which need not exist
 *
 * Makes the conninfo of a database.
 *
 * Returns: (transfer full): how to connect to the database over the Unix socket
 *
 * Since: 1.0
 */
char *
pg_test_server_dup_database_conninfo (PgTestServer *self, const char *database)
{
  g_autofree char *prefix = NULL;
  GString *conninfo;

  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);
  g_return_val_if_fail (database != NULL, NULL);
  g_return_val_if_fail (self->conninfo != NULL, NULL);

  prefix = pg_test_server_dup_conninfo_prefix (self, FALSE);
  conninfo = g_string_new (prefix);
  pg_test_server_append_keyword (conninfo, "dbname", database);
  g_string_truncate (conninfo, conninfo->len - 1);
  return g_string_free (conninfo, FALSE);
}

/**
 * pg_test_server_dup_tcp_conninfo:
 * @self: a test server that is up and offers TCP
 * @conninfo: (nullable): a conninfo of this server, from another of its functions; `NULL` for [property@TestServer:conninfo]
 *
 * Makes the conninfo that reaches the same database over TCP.
 *
 * The host is `localhost` with the address 127.0.0.1. If the server offers TLS, it has `sslmode=verify-full` and `sslrootcert`.
 *
 * Returns: (transfer full): how to connect to the database over TCP
 *
 * Since: 1.0
 */
char *
pg_test_server_dup_tcp_conninfo (PgTestServer *self, const char *conninfo)
{
  g_autofree char *socket_prefix = NULL;
  g_autofree char *tcp_prefix = NULL;

  g_return_val_if_fail (PG_IS_TEST_SERVER (self), NULL);
  g_return_val_if_fail (self->conninfo != NULL, NULL);
  g_return_val_if_fail ((self->flags & (PG_TEST_SERVER_FLAGS_TCP | PG_TEST_SERVER_FLAGS_TLS)) != 0, NULL);

  if (conninfo == NULL)
    conninfo = self->conninfo;
  socket_prefix = pg_test_server_dup_conninfo_prefix (self, FALSE);
  g_return_val_if_fail (g_str_has_prefix (conninfo, socket_prefix), NULL);

  tcp_prefix = pg_test_server_dup_conninfo_prefix (self, TRUE);
  return g_strconcat (tcp_prefix, conninfo + strlen (socket_prefix), NULL);
}
