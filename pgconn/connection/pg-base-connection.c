/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-connection-private.h"

#include <pgconn/cursor/pg-base-server-cursor.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/pg-enum-types.h>
#include <pgconn/pg-init-private.h>
#include <pgconn/types/pg-adapters-map.h>
#include <pgconn/result/pg-row-factory.h>

/**
 * PgBaseConnection:
 *
 * What [class@Connection] and [class@AsyncConnection] have in common: the state of a session with a PostgreSQL server, its settings and
 * its signals.
 *
 * It cannot be derived outside of the library.
 *
 * ## Transactions
 *
 * Unless [property@BaseConnection:autocommit] is set, the first statement starts a transaction, which lasts until it is committed or rolled back. `BEGIN`
 * travels with that statement and costs no round trip of its own. A transaction that is neither committed nor rolled back when the connection is closed is
 * rolled back by the server.
 *
 * ## Signals
 *
 * [signal@BaseConnection::notice], [signal@BaseConnection::notification] and [signal@BaseConnection::disconnected] are emitted outside of any lock: a handler
 * may run statements on the connection, close it, or drop the last reference to it.
 *
 * Since: 1.0
 */

typedef struct
{
  PgEngine *engine;
  const PgBaseConnectionDriver *driver;
  char *conninfo;   /* as given, until it is opened */
  gboolean opened;  /* or tried to */
  PgAdaptersMap *adapters;
  PgRowFactory *row_factory; /* of new cursors, or NULL */
  gsize cursor_factories[PG_N_CURSOR_KINDS]; /* GTypes; atomic */
  gint notified[4]; /* the settings that a request changes, as last seen by notify handlers; atomic */
} PgBaseConnectionPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PgBaseConnection, pg_base_connection, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CLOSED,
  PROP_BROKEN,
  PROP_CONNINFO,
  PROP_ADAPTERS,
  PROP_AUTOCOMMIT,
  PROP_ISOLATION_LEVEL,
  PROP_READ_ONLY,
  PROP_DEFERRABLE,
  PROP_PREPARE_THRESHOLD,
  PROP_PREPARED_MAX,
  PROP_TIMEOUT,
  PROP_CANCEL_TIMEOUT,
  PROP_FETCH_TYPES,
  PROP_ROW_FACTORY,
  PROP_CURSOR_FACTORY,
  PROP_SERVER_CURSOR_FACTORY,
  PROP_TRANSACTION_STATUS,
  PROP_PIPELINE_STATUS,
  PROP_SERVER_VERSION,
  PROP_BACKEND_PID,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static PgBaseConnectionPrivate *
get_private (PgBaseConnection *self)
{
  return pg_base_connection_get_instance_private (self);
}

PgEngine *
pg_base_connection_get_engine (PgBaseConnection *self)
{
  return get_private (self)->engine;
}

PgRowFactory **
pg_base_connection_peek_row_factory (PgBaseConnection *self)
{
  return &get_private (self)->row_factory;
}

gsize *
pg_base_connection_peek_cursor_factory (PgBaseConnection *self, PgCursorKind kind)
{
  return &get_private (self)->cursor_factories[kind];
}

GType
pg_base_connection_get_cursor_type (PgBaseConnection *self, PgCursorKind kind)
{
  return get_private (self)->driver->get_cursor_type[kind] ();
}

static PgEngineOptions *
get_options (PgBaseConnection *self)
{
  return pg_engine_get_options (get_private (self)->engine);
}

void
pg_base_connection_set_driver (PgBaseConnection *self, const PgBaseConnectionDriver *driver)
{
  get_private (self)->driver = driver;
}

static void
forget_conninfo (PgBaseConnectionPrivate *priv)
{
  /* It may hold a password. */
  if (priv->conninfo != NULL)
    for (volatile char *p = priv->conninfo; *p != '\0'; p++)
      *p = '\0';
  g_clear_pointer (&priv->conninfo, g_free);
}

PgRequest *
pg_base_connection_open_request_new (PgBaseConnection *self)
{
  PgBaseConnectionPrivate *priv = get_private (self);
  PgRequest *request = pg_request_open_new (priv->opened ? NULL : priv->conninfo != NULL ? priv->conninfo : "");

  priv->opened = TRUE;
  forget_conninfo (priv);
  return request;
}

/* A request changes these when it runs, which may be long after the call that made it. */
void
pg_base_connection_notify_settings (PgBaseConnection *self, gboolean silently)
{
  static const guint ids[] = { PROP_AUTOCOMMIT, PROP_ISOLATION_LEVEL, PROP_READ_ONLY, PROP_DEFERRABLE };
  PgBaseConnectionPrivate *priv = get_private (self);
  const PgEngineOptions *options = get_options (self);
  const gint values[] = { options->autocommit, options->isolation_level, options->read_only, options->deferrable };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      gint old = g_atomic_int_get (&priv->notified[i]);

      if (G_UNLIKELY (old != values[i]) && g_atomic_int_compare_and_exchange (&priv->notified[i], old, values[i]) && !silently)
        g_object_notify_by_pspec (G_OBJECT (self), props[ids[i]]);
    }
}

static void
pg_base_connection_constructed (GObject *object)
{
  PgBaseConnectionPrivate *priv = get_private (PG_BASE_CONNECTION (object));

  G_OBJECT_CLASS (pg_base_connection_parent_class)->constructed (object);
  if (priv->adapters == NULL)
    priv->adapters = pg_adapters_map_new (pg_adapters_map_get_default ());
  pg_base_connection_notify_settings (PG_BASE_CONNECTION (object), TRUE);
}

static void
pg_base_connection_finalize (GObject *object)
{
  PgBaseConnection *self = PG_BASE_CONNECTION (object);

  g_clear_pointer (&get_private (self)->engine, pg_engine_free);
  g_clear_object (&get_private (self)->adapters);
  forget_conninfo (get_private (self));
  g_clear_object (&get_private (self)->row_factory);
  G_OBJECT_CLASS (pg_base_connection_parent_class)->finalize (object);
}

static void
pg_base_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PgBaseConnection *self = PG_BASE_CONNECTION (object);

  switch (id)
    {
    case PROP_CLOSED:
      g_value_set_boolean (value, pg_base_connection_get_closed (self));
      break;
    case PROP_BROKEN:
      g_value_set_boolean (value, pg_base_connection_get_broken (self));
      break;
    case PROP_CONNINFO:
      g_value_take_string (value, pg_base_connection_dup_conninfo (self));
      break;
    case PROP_ADAPTERS:
      g_value_set_object (value, get_private (self)->adapters);
      break;
    case PROP_AUTOCOMMIT:
      g_value_set_boolean (value, pg_base_connection_get_autocommit (self));
      break;
    case PROP_ISOLATION_LEVEL:
      g_value_set_enum (value, pg_base_connection_get_isolation_level (self));
      break;
    case PROP_READ_ONLY:
      g_value_set_enum (value, pg_base_connection_get_read_only (self));
      break;
    case PROP_DEFERRABLE:
      g_value_set_enum (value, pg_base_connection_get_deferrable (self));
      break;
    case PROP_PREPARE_THRESHOLD:
      g_value_set_int (value, pg_base_connection_get_prepare_threshold (self));
      break;
    case PROP_PREPARED_MAX:
      g_value_set_int (value, pg_base_connection_get_prepared_max (self));
      break;
    case PROP_TIMEOUT:
      g_value_set_uint (value, pg_base_connection_get_timeout (self));
      break;
    case PROP_CANCEL_TIMEOUT:
      g_value_set_uint (value, pg_base_connection_get_cancel_timeout (self));
      break;
    case PROP_FETCH_TYPES:
      g_value_set_boolean (value, pg_base_connection_get_fetch_types (self));
      break;
    case PROP_ROW_FACTORY:
      g_value_take_object (value, pg_base_connection_dup_row_factory (self));
      break;
    case PROP_CURSOR_FACTORY:
      g_value_set_gtype (value, pg_base_connection_get_cursor_factory (self));
      break;
    case PROP_SERVER_CURSOR_FACTORY:
      g_value_set_gtype (value, pg_base_connection_get_server_cursor_factory (self));
      break;
    case PROP_TRANSACTION_STATUS:
      g_value_set_enum (value, pg_base_connection_get_transaction_status (self));
      break;
    case PROP_PIPELINE_STATUS:
      g_value_set_enum (value, pg_base_connection_get_pipeline_status (self));
      break;
    case PROP_SERVER_VERSION:
      g_value_set_int (value, pg_base_connection_get_server_version (self));
      break;
    case PROP_BACKEND_PID:
      g_value_set_int (value, pg_base_connection_get_backend_pid (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_connection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PgBaseConnection *self = PG_BASE_CONNECTION (object);
  PgEngineOptions *options = get_options (self);

  switch (id)
    {
    case PROP_CONNINFO:
      get_private (self)->conninfo = g_value_dup_string (value);
      break;
    case PROP_ADAPTERS:
      if (g_value_get_object (value) != NULL)
        get_private (self)->adapters = pg_adapters_map_new (g_value_get_object (value));
      break;
    case PROP_AUTOCOMMIT:
      options->autocommit = g_value_get_boolean (value);
      break;
    case PROP_ISOLATION_LEVEL:
      options->isolation_level = g_value_get_enum (value);
      break;
    case PROP_READ_ONLY:
      options->read_only = g_value_get_enum (value);
      break;
    case PROP_DEFERRABLE:
      options->deferrable = g_value_get_enum (value);
      break;
    case PROP_PREPARE_THRESHOLD:
      pg_base_connection_set_prepare_threshold (self, g_value_get_int (value));
      break;
    case PROP_PREPARED_MAX:
      pg_base_connection_set_prepared_max (self, g_value_get_int (value));
      break;
    case PROP_TIMEOUT:
      pg_base_connection_set_timeout (self, g_value_get_uint (value));
      break;
    case PROP_CANCEL_TIMEOUT:
      pg_base_connection_set_cancel_timeout (self, g_value_get_uint (value));
      break;
    case PROP_FETCH_TYPES:
      pg_base_connection_set_fetch_types (self, g_value_get_boolean (value));
      break;
    case PROP_ROW_FACTORY:
      pg_base_connection_set_row_factory (self, g_value_get_object (value));
      break;
    case PROP_CURSOR_FACTORY:
      pg_base_connection_set_cursor_factory (self, g_value_get_gtype (value));
      break;
    case PROP_SERVER_CURSOR_FACTORY:
      pg_base_connection_set_server_cursor_factory (self, g_value_get_gtype (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_connection_class_init (PgBaseConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  pg_init ();
  object_class->constructed = pg_base_connection_constructed;
  object_class->finalize = pg_base_connection_finalize;
  object_class->get_property = pg_base_connection_get_property;
  object_class->set_property = pg_base_connection_set_property;

  /**
   * PgBaseConnection:closed: (getter get_closed)
   *
   * Whether nothing can be run on the connection: it was closed, or it is broken.
   *
   * Since: 1.0
   */
  props[PROP_CLOSED] = g_param_spec_boolean ("closed", NULL, NULL, TRUE, readable);
  /**
   * PgBaseConnection:broken: (getter get_broken)
   *
   * Whether the connection was lost, rather than closed by this program.
   *
   * Since: 1.0
   */
  props[PROP_BROKEN] = g_param_spec_boolean ("broken", NULL, NULL, FALSE, readable);
  /**
   * PgBaseConnection:conninfo:
   *
   * What to connect to: a URI or keywords and values, as in "Connection Strings" in the libpq chapter of the PostgreSQL manual.
   *
   * Reads as keywords and values in effect, without any password; `NULL` before the connection is open.
   *
   * Since: 1.0
   */
  props[PROP_CONNINFO] = g_param_spec_string ("conninfo", NULL, NULL, NULL, construct);
  /**
   * PgBaseConnection:adapters: (getter get_adapters)
   *
   * What the connection knows of types beyond PostgreSQL's own, of which each new cursor has a copy.
   *
   * At construction, the map of which to make a copy; `NULL` for the library's own, [func@AdaptersMap.get_default].
   *
   * Since: 1.0
   */
  props[PROP_ADAPTERS] = g_param_spec_object ("adapters", NULL, NULL, PG_TYPE_ADAPTERS_MAP, construct);
  /**
   * PgBaseConnection:autocommit: (getter get_autocommit)
   *
   * Whether each statement is a transaction of its own; otherwise the first one begins a transaction.
   *
   * It is changed by [method@Connection.set_autocommit] or [method@AsyncConnection.set_autocommit_async], which can fail.
   *
   * Since: 1.0
   */
  props[PROP_AUTOCOMMIT] = g_param_spec_boolean ("autocommit", NULL, NULL, FALSE, construct);
  /**
   * PgBaseConnection:isolation-level: (getter get_isolation_level)
   *
   * The isolation level of the transactions to come.
   *
   * It is changed by [method@Connection.set_isolation_level] or [method@AsyncConnection.set_isolation_level_async], which can fail.
   *
   * Since: 1.0
   */
  props[PROP_ISOLATION_LEVEL]
      = g_param_spec_enum ("isolation-level", NULL, NULL, PG_TYPE_ISOLATION_LEVEL, PG_ISOLATION_LEVEL_DEFAULT, construct);
  /**
   * PgBaseConnection:read-only: (getter get_read_only)
   *
   * Whether the transactions to come are read only.
   *
   * It is changed by [method@Connection.set_read_only] or [method@AsyncConnection.set_read_only_async], which can fail.
   *
   * Since: 1.0
   */
  props[PROP_READ_ONLY] = g_param_spec_enum ("read-only", NULL, NULL, PG_TYPE_TRISTATE, PG_TRISTATE_DEFAULT, construct);
  /**
   * PgBaseConnection:deferrable: (getter get_deferrable)
   *
   * Whether the transactions to come are deferrable; it matters to those that are serializable and read only.
   *
   * It is changed by [method@Connection.set_deferrable] or [method@AsyncConnection.set_deferrable_async], which can fail.
   *
   * Since: 1.0
   */
  props[PROP_DEFERRABLE] = g_param_spec_enum ("deferrable", NULL, NULL, PG_TYPE_TRISTATE, PG_TRISTATE_DEFAULT, construct);
  /**
   * PgBaseConnection:prepare-threshold: (getter get_prepare_threshold) (setter set_prepare_threshold)
   *
   * How many times a statement is executed before it is prepared on the server: 0 at once, −1 never.
   *
   * Since: 1.0
   */
  props[PROP_PREPARE_THRESHOLD] = g_param_spec_int ("prepare-threshold", NULL, NULL, -1, G_MAXINT, 5, writable);
  /**
   * PgBaseConnection:prepared-max: (getter get_prepared_max) (setter set_prepared_max)
   *
   * How many statements are kept prepared on the server; the least recently used one goes first. −1 is any number. In a transaction, and before libpq 17, none goes but with
   * its first statement: until it is over there may be 64 more, and what comes then is executed without being prepared.
   *
   * Since: 1.0
   */
  props[PROP_PREPARED_MAX] = g_param_spec_int ("prepared-max", NULL, NULL, -1, G_MAXINT, 100, writable);
  /**
   * PgBaseConnection:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long a call may take, in milliseconds; 0 is any time. See [method@BaseConnection.set_timeout].
   *
   * Since: 1.0
   */
  props[PROP_TIMEOUT] = g_param_spec_uint ("timeout", NULL, NULL, 0, G_MAXUINT, 0, writable);
  /**
   * PgBaseConnection:cancel-timeout: (getter get_cancel_timeout) (setter set_cancel_timeout)
   *
   * How long the server may take to react to a cancel request before the connection is given up, in milliseconds.
   *
   * Since: 1.0
   */
  props[PROP_CANCEL_TIMEOUT] = g_param_spec_uint ("cancel-timeout", NULL, NULL, 1, G_MAXUINT, 5000, writable);
  /**
   * PgBaseConnection:fetch-types: (getter get_fetch_types) (setter set_fetch_types)
   *
   * Whether types that are not known are looked up when a result has columns of them. See [method@BaseConnection.set_fetch_types].
   *
   * Since: 1.0
   */
  props[PROP_FETCH_TYPES] = g_param_spec_boolean ("fetch-types", NULL, NULL, FALSE, writable);
  /**
   * PgBaseConnection:row-factory: (getter get_row_factory) (setter set_row_factory)
   *
   * The [property@BaseCursor:row-factory] of the cursors to come; `NULL` for tuples.
   *
   * Since: 1.0
   */
  props[PROP_ROW_FACTORY] = g_param_spec_object ("row-factory", NULL, NULL, PG_TYPE_ROW_FACTORY, writable);
  /**
   * PgBaseConnection:cursor-factory: (getter get_cursor_factory) (setter set_cursor_factory)
   *
   * The class of the cursors to come: [class@Cursor] or [class@AsyncCursor], whichever is the connection's, or a subclass of it.
   *
   * Since: 1.0
   */
  props[PROP_CURSOR_FACTORY] = g_param_spec_gtype ("cursor-factory", NULL, NULL, PG_TYPE_BASE_CURSOR, writable);
  /**
   * PgBaseConnection:server-cursor-factory: (getter get_server_cursor_factory) (setter set_server_cursor_factory)
   *
   * The class of the cursors of the server's to come: [class@ServerCursor] or [class@AsyncServerCursor], whichever is the connection's, or a subclass of it.
   *
   * Since: 1.0
   */
  props[PROP_SERVER_CURSOR_FACTORY]
      = g_param_spec_gtype ("server-cursor-factory", NULL, NULL, PG_TYPE_BASE_SERVER_CURSOR, writable);
  /**
   * PgBaseConnection:transaction-status: (getter get_transaction_status)
   *
   * What the server last said of the session's transaction. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_TRANSACTION_STATUS]
      = g_param_spec_enum ("transaction-status", NULL, NULL, PG_TYPE_TRANSACTION_STATUS, PG_TRANSACTION_STATUS_UNKNOWN, readable);
  /**
   * PgBaseConnection:pipeline-status: (getter get_pipeline_status)
   *
   * Whether a [class@Pipeline] or an [class@AsyncPipeline] is open, and whether a statement in it has failed. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_PIPELINE_STATUS] = g_param_spec_enum ("pipeline-status", NULL, NULL, PG_TYPE_PIPELINE_STATUS, PG_PIPELINE_STATUS_OFF, readable);
  /**
   * PgBaseConnection:server-version: (getter get_server_version)
   *
   * The server's version as a number, such as 150020 for 15.20; 0 before the connection is open.
   *
   * Since: 1.0
   */
  props[PROP_SERVER_VERSION] = g_param_spec_int ("server-version", NULL, NULL, 0, G_MAXINT, 0, readable);
  /**
   * PgBaseConnection:backend-pid: (getter get_backend_pid)
   *
   * The process ID of the server's process for this session; 0 before the connection is open.
   *
   * Since: 1.0
   */
  props[PROP_BACKEND_PID] = g_param_spec_int ("backend-pid", NULL, NULL, G_MININT, G_MAXINT, 0, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);

  pg_base_connection_install_signals (klass);
}

static void
pg_base_connection_init (PgBaseConnection *self)
{
  get_private (self)->engine = pg_engine_new ();
}

/**
 * pg_base_connection_get_adapters: (get-property adapters)
 * @self: a connection
 *
 * Gets what the connection knows of types beyond PostgreSQL's own, of which each new cursor has a copy.
 *
 * Returns: (transfer none): the map
 *
 * Since: 1.0
 */
PgAdaptersMap *
pg_base_connection_get_adapters (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), NULL);
  return get_private (self)->adapters;
}

/**
 * pg_base_connection_close:
 * @self: a connection
 *
 * Closes the connection at once.
 *
 * Nothing is committed or rolled back first: the server rolls back a transaction that is open. Calls that are under way in other threads, or waiting, fail
 * with `G_IO_ERROR_CLOSED`; a statement that the server is executing for them is not cancelled. It does not block, may be called in any state and more
 * than once. [method@AsyncConnection.close_async] is the same in the form of the other calls.
 *
 * A [class@Connection] may be closed by any thread, a [class@AsyncConnection] only in its own main context.
 *
 * Since: 1.0
 */
void
pg_base_connection_close (PgBaseConnection *self)
{
  gboolean was_closed;

  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  g_return_if_fail (get_private (self)->driver != NULL);
  g_object_ref (self);
  was_closed = pg_base_connection_get_closed (self);
  get_private (self)->driver->close (self);
  if (pg_base_connection_get_closed (self) != was_closed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSED]);
  g_object_unref (self);
}

/**
 * pg_base_connection_cancel:
 * @self: a connection
 *
 * Asks the server to cancel the statement that is being executed.
 *
 * The call that executes it then fails with `PG_ERROR_QUERY_CANCELED`, unless the statement ends first. It returns at once, may be called by any thread,
 * and does nothing when nothing is being executed or the connection is closed: a later statement is never hit. A statement that handles the cancellation
 * itself goes on; it is asked twice at most, as the first request may come before the server has read the statement. To be told when the statement has ended use
 * [method@Connection.cancel_safe] or [method@AsyncConnection.cancel_safe_async].
 *
 * Of statements that were sent together ([property@AsyncConnection:pipelining], or a pipeline) all those that are not answered yet are meant: each that the server
 * stops fails so, those that it has completed before succeed, and none is executed again. Those that were to go out with the next turn of the main loop
 * fail, too; what is started after this call does not, but for what an error does to a pipeline.
 *
 * In a pipeline all is meant that was started, also where it is not sent yet: that fails at once, and what is behind it, up to the next synchronization, is not executed
 * without it. What is started later is sent when those that are meant are answered. So it is also between two calls on a [class@Connection], when no thread waits: the
 * server is told at once. Where the request comes too late for all that was sent, and no transaction is open, what was executed since the last synchronization is rolled
 * back, and the next one fails with `G_IO_ERROR_CANCELLED`.
 *
 * A statement whose rows are streamed, or a `COPY`, is being executed until its stream is over, also between two calls of it. It is cancelled then too, and the next
 * call of the stream fails; what was read before stays. That is so although the server may have sent all of its rows by then, which are dropped: the statement has been
 * completed then, and its transaction goes on. Of a `COPY` to the server nothing is loaded, and closing it fails; to close what is read is no failure. A statement that is
 * executed with many sets of parameters is cancelled between two of them, too.
 *
 * See "Canceling Requests in Progress" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
void
pg_base_connection_cancel (PgBaseConnection *self)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  g_return_if_fail (get_private (self)->driver != NULL);
  get_private (self)->driver->cancel (self);
}
