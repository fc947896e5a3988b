/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-connection-private.h"

#include "pg-pin-private.h"

#include <pgconn/cursor/pg-cursor.h>
#include <pgconn/cursor/pg-server-cursor.h>
#include <pgconn/pg-init-private.h>

/**
 * PgConnection:
 *
 * A connection to a PostgreSQL server whose calls block until they are done.
 *
 * It suits scripts, tools and worker threads; in a program with a main loop use [class@AsyncConnection].
 *
 * ```c
 * g_autoptr (GError) error = NULL;
 * g_autoptr (PgConnection) connection = pg_connection_open ("dbname=shop", NULL, &error);
 * g_autoptr (PgCursor) cursor = connection == NULL ? NULL
 *   : pg_connection_execute (connection, "SELECT name FROM item WHERE price < $1", g_variant_new ("(i)", 10), NULL, &error);
 * ```
 *
 * ## Threads
 *
 * Several threads may share a connection: each call runs alone, the others wait for their turn, first come, first served. They share one transaction.
 * While a call waits or runs, its [class@Gio.Cancellable] may be used by any thread.
 *
 * ## Signals
 *
 * What arrives during a call is emitted by the thread that made the call, before it returns. To see notifications while the connection is idle,
 * attach it to a main context with [method@Connection.attach].
 *
 * Since: 1.0
 */

struct _PgConnection
{
  PgBaseConnection parent_instance;
  PgBlocking *blocking;
  PgPin *pin;
};

static void initable_iface_init (GInitableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PgConnection, pg_connection, PG_TYPE_BASE_CONNECTION, G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, initable_iface_init))

gboolean
pg_connection_run (PgConnection *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  g_object_ref (self);
  ok = pg_blocking_run (self->blocking, request, cancellable, error);
  pg_base_connection_emit_events (PG_BASE_CONNECTION (self));
  g_object_unref (self);
  return ok;
}

void
pg_connection_note_caller (PgConnection *self)
{
  pg_blocking_note_caller (self->blocking);
}

gboolean
pg_connection_send (PgConnection *self, PgRequest *request, gboolean *sent_only, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  g_object_ref (self);
  ok = pg_blocking_send (self->blocking, request, sent_only, cancellable, error);
  pg_base_connection_emit_events (PG_BASE_CONNECTION (self));
  g_object_unref (self);
  return ok;
}

gboolean
pg_connection_wait (PgConnection *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  /* The call that has received it has emitted what came with it. */
  if (pg_request_is_done (request))
    return pg_blocking_wait (self->blocking, request, cancellable, error);
  g_object_ref (self);
  ok = pg_blocking_wait (self->blocking, request, cancellable, error);
  pg_base_connection_emit_events (PG_BASE_CONNECTION (self));
  g_object_unref (self);
  return ok;
}

/* Runs and drops the request. */
static gboolean
run (PgConnection *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  gboolean ok = pg_connection_run (self, request, cancellable, error);

  pg_request_unref (request);
  return ok;
}

static gboolean
pg_connection_initable_init (GInitable *initable, GCancellable *cancellable, GError **error)
{
  PgConnection *self = PG_CONNECTION (initable);

  if (!pg_base_connection_get_closed (PG_BASE_CONNECTION (self)))
    return TRUE;
  return run (self, pg_base_connection_open_request_new (PG_BASE_CONNECTION (self)), cancellable, error);
}

static void
initable_iface_init (GInitableIface *iface)
{
  iface->init = pg_connection_initable_init;
}

static void
driver_close (PgBaseConnection *base)
{
  pg_blocking_close (PG_CONNECTION (base)->blocking);
}

static void
driver_cancel (PgBaseConnection *base)
{
  pg_blocking_cancel_nowait (PG_CONNECTION (base)->blocking);
}

static const PgBaseConnectionDriver driver = { driver_close, driver_cancel, { pg_cursor_get_type, pg_server_cursor_get_type } };

static void
pg_connection_dispose (GObject *object)
{
  if (!pg_pin_dispose (PG_CONNECTION (object)->pin))
    G_OBJECT_CLASS (pg_connection_parent_class)->dispose (object);
}

static void
pg_connection_finalize (GObject *object)
{
  PgConnection *self = PG_CONNECTION (object);

  pg_blocking_free (self->blocking);
  pg_pin_unref (self->pin);
  G_OBJECT_CLASS (pg_connection_parent_class)->finalize (object);
}

static void
pg_connection_class_init (PgConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pg_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = pg_connection_finalize;
}

static void
pg_connection_init (PgConnection *self)
{
  PgBaseConnection *base = PG_BASE_CONNECTION (self);

  self->pin = pg_pin_new (G_OBJECT (self));
  self->blocking = pg_blocking_new (pg_base_connection_get_engine (base));
  pg_base_connection_set_driver (base, &driver);
}

/**
 * pg_connection_open: (constructor)
 * @conninfo: a URI or keywords and values, as in "Connection Strings" in the libpq chapter of the PostgreSQL manual; may be empty
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Connects to a server.
 *
 * What @conninfo does not say is taken from the `PG…` environment variables, the service file and the password file, as libpq does. Each of several hosts,
 * and each address of a host, is tried in turn for `connect_timeout` seconds (130 where it is not set). Names are looked up with [class@Gio.Resolver].
 *
 * The session's `client_encoding` is always UTF-8. When a statement changes it, it is set back; where that has made texts of the statement's result, or of calls that
 * went out in the same round trip, doubtful, these fail with `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE`, although they have been executed. The server tells of it at the end of a
 * statement: a row stream, a binary `COPY` and an execution with many sets of parameters fail there.
 *
 * Fails with `PG_ERROR_PROGRAMMING` where @conninfo cannot be used, with the server's SQLSTATE where the server refuses, with
 * `PG_ERROR_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION` where no server answers, and with `G_IO_ERROR_TIMED_OUT` or `G_IO_ERROR_CANCELLED`.
 *
 * [ctor@AsyncConnection.open_finish] is the same without blocking.
 *
 * Returns: (transfer full): a new connection; `NULL` with an error
 *
 * Since: 1.0
 */
PgConnection *
pg_connection_open (const char *conninfo, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (conninfo != NULL, NULL);
  return g_initable_new (PG_TYPE_CONNECTION, cancellable, error, "conninfo", conninfo, NULL);
}

/**
 * pg_connection_cursor:
 * @self: a connection
 * @error: return location for a #GError
 *
 * Makes a cursor, to execute statements and read their rows. Nothing is sent.
 *
 * [method@AsyncConnection.cursor] is the twin for a main loop.
 *
 * Returns: (transfer full): a new cursor, or `NULL` with `G_IO_ERROR_CLOSED` when the connection is closed
 *
 * Since: 1.0
 */
PgCursor *
pg_connection_cursor (PgConnection *self, GError **error)
{
  PgBaseConnection *base = (PgBaseConnection *) self;
  PgEngine *engine;

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  engine = pg_base_connection_get_engine (base);
  if (pg_engine_get_state (engine) != PG_ENGINE_OPEN)
    {
      g_propagate_error (error, pg_engine_closed_error (engine));
      return NULL;
    }
  return pg_base_connection_new_cursor (base);
}

/**
 * pg_connection_execute:
 * @self: a connection
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters: a tuple, an array, or an `a{sv}` for named placeholders; a floating reference is taken
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement with a new cursor.
 *
 * It is [method@Connection.cursor] followed by [method@Cursor.execute], which has the rules for @query and @params.
 * [method@AsyncConnection.execute_async] is the same without blocking.
 *
 * Returns: (transfer full): the cursor, at its first row; `NULL` with an error
 *
 * Since: 1.0
 */
PgCursor *
pg_connection_execute (PgConnection *self, const char *query, GVariant *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (GVariant) owned = params != NULL ? g_variant_ref_sink (params) : NULL;
  g_autoptr (PgCursor) cursor = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  cursor = pg_connection_cursor (self, error);
  if (cursor == NULL || !pg_cursor_execute (cursor, query, owned, cancellable, error))
    return NULL;
  return g_steal_pointer (&cursor);
}

/**
 * pg_connection_execute_params:
 * @self: a connection
 * @query: the statement, with `$1`, `%s` or `%(name)s` placeholders
 * @params: (nullable): the parameters
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Executes a statement with a new cursor and parameters whose types are chosen by the caller.
 *
 * It is [method@Connection.cursor] followed by [method@Cursor.execute_params].
 * [method@AsyncConnection.execute_params_async] is the same without blocking.
 *
 * Returns: (transfer full): the cursor, at its first row; `NULL` with an error
 *
 * Since: 1.0
 */
PgCursor *
pg_connection_execute_params (PgConnection *self, const char *query, PgParams *params, GCancellable *cancellable, GError **error)
{
  g_autoptr (PgCursor) cursor = NULL;

  g_return_val_if_fail (PG_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  cursor = pg_connection_cursor (self, error);
  if (cursor == NULL || !pg_cursor_execute_params (cursor, query, params, cancellable, error))
    return NULL;
  return g_steal_pointer (&cursor);
}

/**
 * pg_connection_commit:
 * @self: a connection
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Commits the transaction. Does nothing when none is open.
 *
 * When the transaction had failed, so that the server can only roll it back, it does that and the call fails with `PG_ERROR_TRANSACTION_ROLLED_BACK`. In a [class@Pipeline] the call
 * fails with the first error of a statement before it, and the transaction has to be rolled back. When the
 * connection is lost before the server has answered, the call fails with `PG_ERROR_OUTCOME_UNKNOWN`: whether the transaction was committed is not known.
 * [method@AsyncConnection.commit_async] is the same without blocking.
 *
 * Returns: `TRUE` when the transaction is committed
 *
 * Since: 1.0
 */
gboolean
pg_connection_commit (PgConnection *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  return run (self, pg_request_commit_new (), cancellable, error);
}

/**
 * pg_connection_rollback:
 * @self: a connection
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Rolls the transaction back. Does nothing when none is open.
 *
 * [method@AsyncConnection.rollback_async] is the same without blocking.
 *
 * Returns: `TRUE` when no transaction is open any more
 *
 * Since: 1.0
 */
gboolean
pg_connection_rollback (PgConnection *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  return run (self, pg_request_rollback_new (), cancellable, error);
}

/**
 * pg_connection_set_autocommit:
 * @self: a connection
 * @autocommit: whether each statement is a transaction of its own
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Sets whether each statement is a transaction of its own.
 *
 * Nothing is sent. Fails with `PG_ERROR_PROGRAMMING` while a transaction is open. [method@AsyncConnection.set_autocommit_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_connection_set_autocommit (PgConnection *self, gboolean autocommit, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  return run (self, pg_request_set_autocommit_new (autocommit), cancellable, error);
}

/**
 * pg_connection_set_isolation_level:
 * @self: a connection
 * @level: the isolation level
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Sets the isolation level of the transactions that the connection begins; statements under autocommit are not concerned.
 *
 * Nothing is sent. Fails with `PG_ERROR_PROGRAMMING` while a transaction is open. [method@AsyncConnection.set_isolation_level_async] is the twin for a
 * main loop.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_connection_set_isolation_level (PgConnection *self, PgIsolationLevel level, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (level <= PG_ISOLATION_LEVEL_SERIALIZABLE, FALSE);
  return run (self, pg_request_set_isolation_level_new (level), cancellable, error);
}

/**
 * pg_connection_set_read_only:
 * @self: a connection
 * @read_only: on, off, or the server's default
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Sets whether the transactions that the connection begins are read only; statements under autocommit are not concerned.
 *
 * Nothing is sent. Fails with `PG_ERROR_PROGRAMMING` while a transaction is open. [method@AsyncConnection.set_read_only_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_connection_set_read_only (PgConnection *self, PgTristate read_only, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (read_only >= PG_TRISTATE_DEFAULT && read_only <= PG_TRISTATE_ON, FALSE);
  return run (self, pg_request_set_read_only_new (read_only), cancellable, error);
}

/**
 * pg_connection_set_deferrable:
 * @self: a connection
 * @deferrable: on, off, or the server's default
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Sets whether the transactions that the connection begins are deferrable; statements under autocommit are not concerned.
 *
 * Nothing is sent. Fails with `PG_ERROR_PROGRAMMING` while a transaction is open. [method@AsyncConnection.set_deferrable_async] is the twin for a main loop.
 *
 * Returns: `TRUE` when it is set
 *
 * Since: 1.0
 */
gboolean
pg_connection_set_deferrable (PgConnection *self, PgTristate deferrable, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (deferrable >= PG_TRISTATE_DEFAULT && deferrable <= PG_TRISTATE_ON, FALSE);
  return run (self, pg_request_set_deferrable_new (deferrable), cancellable, error);
}

/**
 * pg_connection_cancel_safe:
 * @self: a connection
 * @timeout: how long to wait, in milliseconds; 0 for any time
 * @cancellable: (nullable): a [class@Gio.Cancellable] for the waiting
 * @error: return location for a #GError
 *
 * Cancels the statement that another thread executes on the connection, and waits until that call has ended.
 *
 * That call fails with `PG_ERROR_QUERY_CANCELED`, unless the statement ends first. Does nothing when no statement is being executed. With libpq 17 or later
 * the request is encrypted as the connection is, before that it is not; see [property@Capabilities:cancel-safe].
 *
 * Between two calls of a stream, which [method@BaseConnection.cancel] tells of, it waits until the server has got the request, and the next call of the stream for the end of
 * its statement; between two calls of a pipeline, until all that was sent is answered. Where the server does not take it within [property@BaseConnection:cancel-timeout] the connection is given up.
 *
 * [method@AsyncConnection.cancel_safe_async] is the same without blocking.
 *
 * Returns: `TRUE` when no statement is being executed any more, or that of a stream has been cancelled; `FALSE` with `G_IO_ERROR_TIMED_OUT` or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
gboolean
pg_connection_cancel_safe (PgConnection *self, guint timeout, GCancellable *cancellable, GError **error)
{
  gint64 deadline = timeout > 0 ? g_get_monotonic_time () + (gint64) timeout * 1000 : -1;

  g_return_val_if_fail (PG_IS_CONNECTION (self), FALSE);
  return pg_blocking_cancel (self->blocking, deadline, cancellable, error);
}

static gboolean
on_idle_input (gpointer data)
{
  PgConnection *self = pg_pin_obtain (data);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  pg_blocking_poll (self->blocking);
  pg_base_connection_emit_events (PG_BASE_CONNECTION (self));
  pg_pin_release (data, self);
  return G_SOURCE_CONTINUE;
}

/**
 * pg_connection_attach:
 * @self: a connection
 * @context: (nullable): a main context, or `NULL` for the thread's default one
 *
 * Watches the connection in a main context while no call runs, so that signals are emitted without one.
 *
 * [signal@BaseConnection::notification], [signal@BaseConnection::notice] and [signal@BaseConnection::disconnected] are then emitted by the thread that runs
 * @context. A connection is attached to one context at a time: the last call counts. [method@Connection.detach] ends it.
 *
 * Since: 1.0
 */
void
pg_connection_attach (PgConnection *self, GMainContext *context)
{
  g_return_if_fail (PG_IS_CONNECTION (self));
  pg_blocking_attach (self->blocking, context != NULL ? context : g_main_context_get_thread_default (), on_idle_input, pg_pin_ref (self->pin),
                      (GDestroyNotify) pg_pin_unref);
}

/**
 * pg_connection_detach:
 * @self: a connection
 *
 * Ends what [method@Connection.attach] has begun. Does nothing when the connection is not attached.
 *
 * Since: 1.0
 */
void
pg_connection_detach (PgConnection *self)
{
  g_return_if_fail (PG_IS_CONNECTION (self));
  pg_blocking_attach (self->blocking, NULL, NULL, NULL, NULL);
}
