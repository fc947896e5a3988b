/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/**
 * PgFormat:
 * @PG_FORMAT_AUTO: one of the two others, as [property@BaseCursor:format] says; a value that has come is never of this one
 * @PG_FORMAT_TEXT: the text that `psql` would show
 * @PG_FORMAT_BINARY: the type's own binary form
 *
 * How a value travels between client and server.
 *
 * See "Formats and Format Codes" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_FORMAT_AUTO = -1,
  PG_FORMAT_TEXT = 0,
  PG_FORMAT_BINARY = 1,
} PgFormat;

/**
 * PgTristate:
 * @PG_TRISTATE_DEFAULT: neither on nor off: the default applies
 * @PG_TRISTATE_OFF: off
 * @PG_TRISTATE_ON: on
 *
 * A setting that may be left to its default, which is the server's where the setting is the server's. On and off have the values of `TRUE` and `FALSE`.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_TRISTATE_DEFAULT = -1,
  PG_TRISTATE_OFF = 0,
  PG_TRISTATE_ON = 1,
} PgTristate;

/**
 * PgIsolationLevel:
 * @PG_ISOLATION_LEVEL_DEFAULT: the server's default
 * @PG_ISOLATION_LEVEL_READ_UNCOMMITTED: `READ UNCOMMITTED`, which PostgreSQL treats as `READ COMMITTED`
 * @PG_ISOLATION_LEVEL_READ_COMMITTED: `READ COMMITTED`
 * @PG_ISOLATION_LEVEL_REPEATABLE_READ: `REPEATABLE READ`
 * @PG_ISOLATION_LEVEL_SERIALIZABLE: `SERIALIZABLE`
 *
 * The isolation level of the transactions that a connection starts.
 *
 * See "Transaction Isolation" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_ISOLATION_LEVEL_DEFAULT = 0,
  PG_ISOLATION_LEVEL_READ_UNCOMMITTED = 1,
  PG_ISOLATION_LEVEL_READ_COMMITTED = 2,
  PG_ISOLATION_LEVEL_REPEATABLE_READ = 3,
  PG_ISOLATION_LEVEL_SERIALIZABLE = 4,
} PgIsolationLevel;

/**
 * PgPipelineStatus:
 * @PG_PIPELINE_STATUS_OFF: no pipeline is open
 * @PG_PIPELINE_STATUS_ON: a pipeline is open
 * @PG_PIPELINE_STATUS_ABORTED: a statement of the pipeline has failed, and what follows is not executed until the next synchronization
 *
 * Whether statements are sent without waiting for the results of those before them.
 *
 * See "Pipeline Mode" in the libpq chapter of the PostgreSQL manual.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_PIPELINE_STATUS_OFF = 0,
  PG_PIPELINE_STATUS_ON = 1,
  PG_PIPELINE_STATUS_ABORTED = 2,
} PgPipelineStatus;

/**
 * PgTransactionStatus:
 * @PG_TRANSACTION_STATUS_IDLE: no transaction is open
 * @PG_TRANSACTION_STATUS_ACTIVE: a statement is being executed
 * @PG_TRANSACTION_STATUS_INTRANS: idle, in an open transaction
 * @PG_TRANSACTION_STATUS_INERROR: idle, in a transaction that has failed and must be rolled back
 * @PG_TRANSACTION_STATUS_UNKNOWN: the connection is closed or broken
 *
 * What the server says of the session's transaction.
 *
 * See `PQtransactionStatus()` in the PostgreSQL manual, "Connection Status Functions".
 *
 * Since: 1.0
 */
typedef enum
{
  PG_TRANSACTION_STATUS_IDLE = 0,
  PG_TRANSACTION_STATUS_ACTIVE = 1,
  PG_TRANSACTION_STATUS_INTRANS = 2,
  PG_TRANSACTION_STATUS_INERROR = 3,
  PG_TRANSACTION_STATUS_UNKNOWN = 4,
} PgTransactionStatus;

/**
 * PgPrepare:
 * @PG_PREPARE_AUTO: after a number of executions, the connection's `prepare-threshold`
 * @PG_PREPARE_FORCE: now, unless the connection prepares nothing: its `prepare-threshold` is −1, or `prepared-max` 0
 * @PG_PREPARE_NEVER: not at all
 *
 * Whether a statement is prepared on the server.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_PREPARE_AUTO = 0,
  PG_PREPARE_FORCE = 1,
  PG_PREPARE_NEVER = 2,
} PgPrepare;

/**
 * PgTypeKind:
 * @PG_TYPE_KIND_BASE: a type that is made of no other, as those of an extension
 * @PG_TYPE_KIND_ENUM: an enum
 * @PG_TYPE_KIND_DOMAIN: a domain: another type with constraints
 * @PG_TYPE_KIND_COMPOSITE: a composite type, or the rows of a table or view
 * @PG_TYPE_KIND_RANGE: a range type
 * @PG_TYPE_KIND_MULTIRANGE: a multirange type
 * @PG_TYPE_KIND_ARRAY: the arrays of another type
 * @PG_TYPE_KIND_PSEUDO: a pseudo-type, which no column of a table has
 *
 * What kind of type a type is.
 *
 * See `pg_type.typtype` in "System Catalogs" in the PostgreSQL manual.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_TYPE_KIND_BASE = 0,
  PG_TYPE_KIND_ENUM = 1,
  PG_TYPE_KIND_DOMAIN = 2,
  PG_TYPE_KIND_COMPOSITE = 3,
  PG_TYPE_KIND_RANGE = 4,
  PG_TYPE_KIND_MULTIRANGE = 5,
  PG_TYPE_KIND_ARRAY = 6,
  PG_TYPE_KIND_PSEUDO = 7,
} PgTypeKind;

/**
 * PgScrollMode:
 * @PG_SCROLL_MODE_RELATIVE: from the current position
 * @PG_SCROLL_MODE_ABSOLUTE: from the first row
 *
 * What a cursor's scroll offset counts from.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_SCROLL_MODE_RELATIVE = 0,
  PG_SCROLL_MODE_ABSOLUTE = 1,
} PgScrollMode;

/**
 * PgCopyDirection:
 * @PG_COPY_DIRECTION_NONE: the statement does not copy, as far as can be seen
 * @PG_COPY_DIRECTION_IN: `COPY … FROM`: into the database
 * @PG_COPY_DIRECTION_OUT: `COPY … TO`: out of the database
 *
 * Where a `COPY` statement has its data go.
 *
 * Since: 1.0
 */
typedef enum
{
  PG_COPY_DIRECTION_NONE = 0,
  PG_COPY_DIRECTION_IN = 1,
  PG_COPY_DIRECTION_OUT = 2,
} PgCopyDirection;

/**
 * PgLargeObjectMode:
 * @PG_LARGE_OBJECT_MODE_NONE: not at all
 * @PG_LARGE_OBJECT_MODE_READ: to read it
 * @PG_LARGE_OBJECT_MODE_WRITE: to write it
 *
 * What a large object is opened for.
 *
 * Only for reading it is what it was when it was opened; with writing, reading sees all changes.
 *
 * Since: 1.0
 */
typedef enum /*< flags >*/
{
  PG_LARGE_OBJECT_MODE_NONE = 0,
  PG_LARGE_OBJECT_MODE_READ = 1 << 0,
  PG_LARGE_OBJECT_MODE_WRITE = 1 << 1,
} PgLargeObjectMode;

/**
 * PgExecuteManyFlags:
 * @PG_EXECUTE_MANY_NONE: one call, no results
 * @PG_EXECUTE_MANY_RETURNING: the result of each set of parameters is kept
 * @PG_EXECUTE_MANY_MORE: another call with more sets of parameters follows
 * @PG_EXECUTE_MANY_ABORT: the calls that were made with @PG_EXECUTE_MANY_MORE are given up, and what they have done is rolled back in autocommit mode
 *
 * How a statement is executed with many sets of parameters.
 *
 * Since: 1.0
 */
typedef enum /*< flags >*/
{
  PG_EXECUTE_MANY_NONE = 0,
  PG_EXECUTE_MANY_RETURNING = 1 << 0,
  PG_EXECUTE_MANY_MORE = 1 << 1,
  PG_EXECUTE_MANY_ABORT = 1 << 2,
} PgExecuteManyFlags;

G_END_DECLS
