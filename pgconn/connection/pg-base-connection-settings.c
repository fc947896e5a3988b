/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-connection-private.h"

#include <pgconn/error/pg-diagnostic.h>

/* The settings of a connection, and what is known of its session. */

static PgEngineOptions *
get_options (PgBaseConnection *self)
{
  return pg_engine_get_options (pg_base_connection_get_engine (self));
}

static void
changed (PgBaseConnection *self, const char *property)
{
  g_object_notify (G_OBJECT (self), property);
}

/**
 * pg_base_connection_get_closed: (get-property closed)
 * @self: a connection
 *
 * Gets whether nothing can be run on the connection: it was closed, or it is broken, or not open yet.
 *
 * A connection that the server has ended while nobody looked is found closed by the next call, or at once where a main loop watches it.
 *
 * Returns: `TRUE` when the connection is not usable
 *
 * Since: 1.0
 */
gboolean
pg_base_connection_get_closed (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), TRUE);
  return pg_engine_get_state (pg_base_connection_get_engine (self)) != PG_ENGINE_OPEN;
}

/**
 * pg_base_connection_get_broken: (get-property broken)
 * @self: a connection
 *
 * Gets whether the connection was lost, rather than closed by this program. It stays so after [method@BaseConnection.close].
 *
 * Returns: `TRUE` when the connection was lost
 *
 * Since: 1.0
 */
gboolean
pg_base_connection_get_broken (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), FALSE);
  return pg_engine_get_state (pg_base_connection_get_engine (self)) == PG_ENGINE_BROKEN;
}

/**
 * pg_base_connection_dup_conninfo:
 * @self: a connection
 *
 * Gets the connection parameters in effect, as keywords and values, without any password.
 *
 * Those are left out that have libpq's built-in default. See "Connection Strings" in the libpq chapter of the PostgreSQL manual.
 *
 * Returns: (transfer full) (nullable): a connection string, or `NULL` before the connection is open
 *
 * Since: 1.0
 */
char *
pg_base_connection_dup_conninfo (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), NULL);
  return pg_engine_dup_conninfo (pg_base_connection_get_engine (self));
}

/**
 * pg_base_connection_get_autocommit: (get-property autocommit)
 * @self: a connection
 *
 * Gets whether each statement is a transaction of its own.
 *
 * Returns: `TRUE` for autocommit
 *
 * Since: 1.0
 */
gboolean
pg_base_connection_get_autocommit (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), FALSE);
  return get_options (self)->autocommit;
}

/**
 * pg_base_connection_get_isolation_level: (get-property isolation-level)
 * @self: a connection
 *
 * Gets the isolation level of the transactions to come.
 *
 * Returns: the level
 *
 * Since: 1.0
 */
PgIsolationLevel
pg_base_connection_get_isolation_level (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), PG_ISOLATION_LEVEL_DEFAULT);
  return get_options (self)->isolation_level;
}

/**
 * pg_base_connection_get_read_only: (get-property read-only)
 * @self: a connection
 *
 * Gets whether the transactions to come are read only.
 *
 * Returns: on, off, or the server's default
 *
 * Since: 1.0
 */
PgTristate
pg_base_connection_get_read_only (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), PG_TRISTATE_DEFAULT);
  return get_options (self)->read_only;
}

/**
 * pg_base_connection_get_deferrable: (get-property deferrable)
 * @self: a connection
 *
 * Gets whether the transactions to come are deferrable.
 *
 * Returns: on, off, or the server's default
 *
 * Since: 1.0
 */
PgTristate
pg_base_connection_get_deferrable (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), PG_TRISTATE_DEFAULT);
  return get_options (self)->deferrable;
}

/**
 * pg_base_connection_get_prepare_threshold: (get-property prepare-threshold)
 * @self: a connection
 *
 * Gets how many times a statement is executed before it is prepared on the server.
 *
 * Returns: the number, 0 for at once, −1 for never
 *
 * Since: 1.0
 */
int
pg_base_connection_get_prepare_threshold (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), -1);
  return get_options (self)->prepare_threshold;
}

/**
 * pg_base_connection_set_prepare_threshold: (set-property prepare-threshold)
 * @self: a connection
 * @threshold: the number, 0 for at once, −1 for never
 *
 * Sets how many times a statement is executed before it is prepared on the server.
 *
 * Preparing travels with the execution and costs no round trip. With −1 nothing is prepared, not even with `PG_PREPARE_FORCE`, and what is prepared already is
 * not used: for a connection pooler that gives each transaction another session.
 *
 * Since: 1.0
 */
void
pg_base_connection_set_prepare_threshold (PgBaseConnection *self, int threshold)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  g_return_if_fail (threshold >= -1);
  if (get_options (self)->prepare_threshold == threshold)
    return;
  get_options (self)->prepare_threshold = threshold;
  changed (self, "prepare-threshold");
}

/**
 * pg_base_connection_get_prepared_max: (get-property prepared-max)
 * @self: a connection
 *
 * Gets how many statements are kept prepared on the server.
 *
 * Returns: the number, −1 for any
 *
 * Since: 1.0
 */
int
pg_base_connection_get_prepared_max (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), -1);
  return get_options (self)->prepared_max;
}

/**
 * pg_base_connection_set_prepared_max: (set-property prepared-max)
 * @self: a connection
 * @max: the number, −1 for any
 *
 * Sets how many statements are kept prepared on the server.
 *
 * With more, the least recently used one is removed with the next execution. With 0 none is prepared. It is removed by a message of the protocol where libpq has that,
 * from version 17 on, which a connection pooler that knows prepared statements understands, and otherwise by `DEALLOCATE`; with −1 never by that.
 *
 * Since: 1.0
 */
void
pg_base_connection_set_prepared_max (PgBaseConnection *self, int max)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  g_return_if_fail (max >= -1);
  if (get_options (self)->prepared_max == max)
    return;
  get_options (self)->prepared_max = max;
  changed (self, "prepared-max");
}

/**
 * pg_base_connection_get_timeout: (get-property timeout)
 * @self: a connection
 *
 * Gets how long a call may take.
 *
 * Returns: milliseconds, 0 for any time
 *
 * Since: 1.0
 */
guint
pg_base_connection_get_timeout (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), 0);
  return get_options (self)->timeout;
}

/**
 * pg_base_connection_set_timeout: (set-property timeout)
 * @self: a connection
 * @milliseconds: milliseconds, 0 for any time
 *
 * Sets how long a call may take.
 *
 * A call that takes longer is cancelled on the server and fails with `G_IO_ERROR_TIMED_OUT`; the connection stays usable, unless the server does not react
 * to that within [property@BaseConnection:cancel-timeout]. The time that a call waits for its turn counts. It applies to opening the connection, too, beside
 * `connect_timeout`, which is for each attempt.
 *
 * Since: 1.0
 */
void
pg_base_connection_set_timeout (PgBaseConnection *self, guint milliseconds)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  if (get_options (self)->timeout == milliseconds)
    return;
  get_options (self)->timeout = milliseconds;
  changed (self, "timeout");
}

/**
 * pg_base_connection_get_cancel_timeout: (get-property cancel-timeout)
 * @self: a connection
 *
 * Gets how long the server may take to react to a cancel request.
 *
 * Returns: milliseconds
 *
 * Since: 1.0
 */
guint
pg_base_connection_get_cancel_timeout (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), 5000);
  return get_options (self)->cancel_timeout;
}

/**
 * pg_base_connection_set_cancel_timeout: (set-property cancel-timeout)
 * @self: a connection
 * @milliseconds: milliseconds
 *
 * Sets how long the server may take to react to a cancel request.
 *
 * When the time is over the connection is closed and [property@BaseConnection:broken]: what the server does with the statement is not known then.
 *
 * Since: 1.0
 */
void
pg_base_connection_set_cancel_timeout (PgBaseConnection *self, guint milliseconds)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  g_return_if_fail (milliseconds > 0);
  if (get_options (self)->cancel_timeout == milliseconds)
    return;
  get_options (self)->cancel_timeout = milliseconds;
  changed (self, "cancel-timeout");
}

/**
 * pg_base_connection_get_fetch_types: (get-property fetch-types)
 * @self: a connection
 *
 * Gets whether types that are not known are looked up when a result has columns of them.
 *
 * Returns: `TRUE` when they are
 *
 * Since: 1.0
 */
gboolean
pg_base_connection_get_fetch_types (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), FALSE);
  return get_options (self)->fetch_types;
}

/**
 * pg_base_connection_set_fetch_types: (set-property fetch-types)
 * @self: a connection
 * @fetch_types: whether to look types up
 *
 * Sets whether types that are not known are looked up when a result has columns of them.
 *
 * That is an extra round trip for the first result that has a column of the type, in the same call; afterwards it is in
 * [property@BaseConnection:adapters] and in those of the cursor. It is done in a transaction too, which stays as it was, but not in one that has failed. Where it
 * fails, the values are what they are without.
 *
 * Since: 1.0
 */
void
pg_base_connection_set_fetch_types (PgBaseConnection *self, gboolean fetch_types)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  fetch_types = fetch_types != FALSE;
  if (get_options (self)->fetch_types == fetch_types)
    return;
  get_options (self)->fetch_types = fetch_types;
  changed (self, "fetch-types");
}

/**
 * pg_base_connection_get_pipeline_status: (get-property pipeline-status)
 * @self: a connection
 *
 * Gets whether a [class@Pipeline] or an [class@AsyncPipeline] is open, and whether a statement in it has failed.
 *
 * Returns: the status
 *
 * Since: 1.0
 */
PgPipelineStatus
pg_base_connection_get_pipeline_status (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), PG_PIPELINE_STATUS_OFF);
  return pg_engine_get_pipeline_status (pg_base_connection_get_engine (self));
}

/**
 * pg_base_connection_get_transaction_status: (get-property transaction-status)
 * @self: a connection
 *
 * Gets what the server last said of the session's transaction.
 *
 * In a pipeline it says nothing of it until the next synchronization: then it is `PG_TRANSACTION_STATUS_ACTIVE`.
 *
 * Returns: the status
 *
 * Since: 1.0
 */
PgTransactionStatus
pg_base_connection_get_transaction_status (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), PG_TRANSACTION_STATUS_UNKNOWN);
  return pg_engine_get_transaction_status (pg_base_connection_get_engine (self));
}

/**
 * pg_base_connection_get_server_version: (get-property server-version)
 * @self: a connection
 *
 * Gets the server's version.
 *
 * From version 10 on it is the major version times 10000 plus the minor version. See `PQserverVersion()` in the PostgreSQL manual.
 *
 * Returns: the version, such as 150020 for 15.20, or 0 before the connection is open
 *
 * Since: 1.0
 */
int
pg_base_connection_get_server_version (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), 0);
  return pg_engine_get_server_version (pg_base_connection_get_engine (self));
}

/**
 * pg_base_connection_get_backend_pid: (get-property backend-pid)
 * @self: a connection
 *
 * Gets the process ID of the server's process for this session.
 *
 * Returns: the process ID, or 0 before the connection is open
 *
 * Since: 1.0
 */
int
pg_base_connection_get_backend_pid (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), 0);
  return pg_engine_get_backend_pid (pg_base_connection_get_engine (self));
}

/**
 * pg_base_connection_dup_last_diagnostic:
 * @self: a connection
 *
 * Gets the diagnostic of the last call that failed.
 *
 * For languages in which an error cannot carry it; elsewhere [func@Pg.Error.get_diagnostic] is to be preferred, as another thread or another call
 * may have failed since. `NULL` when the last failure did not come from the server.
 *
 * Returns: (transfer full) (nullable): the diagnostic
 *
 * Since: 1.0
 */
PgDiagnostic *
pg_base_connection_dup_last_diagnostic (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), NULL);
  return pg_engine_dup_last_diagnostic (pg_base_connection_get_engine (self));
}

/**
 * pg_base_connection_get_fd:
 * @self: a connection
 * @error: return location for a #GError
 *
 * Gets the descriptor of the connection's socket, to watch it in a main loop of another kind.
 *
 * It stays the connection's: nothing may be read from or written to it.
 *
 * Returns: the descriptor, or −1 with `G_IO_ERROR_CLOSED` when the connection is closed, and `G_IO_ERROR_NOT_CONNECTED` before it is open
 *
 * Since: 1.0
 */
int
pg_base_connection_get_fd (PgBaseConnection *self, GError **error)
{
  PgEngine *engine;
  int fd;

  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), -1);
  engine = pg_base_connection_get_engine (self);
  fd = pg_engine_get_fd (engine);
  if (fd < 0)
    g_propagate_error (error, pg_engine_closed_error (engine));
  return fd;
}
