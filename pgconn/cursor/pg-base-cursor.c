/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-cursor-private.h"

#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/pg-enum-types.h>
#include <pgconn/result/pg-result.h>
#include <pgconn/result/pg-row-factory.h>

/**
 * PgBaseCursor:
 *
 * What [class@Cursor] and [class@AsyncCursor] have in common: the results of the last statement and a position in them.
 *
 * All rows of a result are in the client's memory. The whole of it can be taken with [method@BaseCursor.get_result], which stays valid whatever becomes of the
 * cursor; the fetch calls of the subclasses go through it row by row.
 *
 * It cannot be derived outside of the library. A cursor is not safe to be used by several threads at once, its connection is.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PgBaseCursor, pg_base_cursor, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CLOSED,
  PROP_ADAPTERS,
  PROP_FORMAT,
  PROP_PREPARE,
  PROP_ARRAYSIZE,
  PROP_ROW_FACTORY,
  PROP_RESULT,
  PROP_ROWCOUNT,
  PROP_ROWNUMBER,
  PROP_STATUS_MESSAGE,
  PROP_QUERY,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

PgBaseCursorPrivate *
pg_base_cursor_get_private (PgBaseCursor *self)
{
  return pg_base_cursor_get_instance_private (self);
}

/* --- the connection --- */

void
pg_base_cursor_set_connection (PgBaseCursor *self, PgBaseConnection *connection)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);

  priv->connection = g_object_ref (connection);
  priv->row_factory = pg_base_connection_dup_row_factory (connection);
  priv->types = pg_adapters_map_ref_table (pg_base_connection_get_adapters (connection));
}

static void
get_connection_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, pg_base_cursor_get_private (PG_BASE_CURSOR (object))->connection);
}

static void
set_connection_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PgBaseConnection *connection = g_value_get_object (value);
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (PG_BASE_CURSOR (object));

  if (connection == NULL || connection == priv->connection)
    return;
  g_return_if_fail (priv->connection == NULL);
  pg_base_cursor_set_connection (PG_BASE_CURSOR (object), connection);
  g_object_notify_by_pspec (object, pspec);
}

void
pg_base_cursor_class_install_connection (gpointer klass, GType connection_type, GParamFlags flags)
{
  GObjectClass *object_class = klass;

  object_class->get_property = get_connection_property;
  object_class->set_property = set_connection_property;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_object ("connection", NULL, NULL, connection_type,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY | flags));
}

/* --- the class --- */

static void
pg_base_cursor_dispose (GObject *object)
{
  pg_base_cursor_many_abandon (PG_BASE_CURSOR (object));
  G_OBJECT_CLASS (pg_base_cursor_parent_class)->dispose (object);
}

static void
pg_base_cursor_finalize (GObject *object)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (PG_BASE_CURSOR (object));

  pg_base_cursor_clear (priv);
  g_free (priv->query);
  pg_type_table_unref (priv->types);
  g_clear_object (&priv->adapters);
  g_clear_object (&priv->row_factory);
  g_clear_object (&priv->connection);
  G_OBJECT_CLASS (pg_base_cursor_parent_class)->finalize (object);
}

static void
pg_base_cursor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PgBaseCursor *self = PG_BASE_CURSOR (object);

  switch (id)
    {
    case PROP_CLOSED:
      g_value_set_boolean (value, pg_base_cursor_get_closed (self));
      break;
    case PROP_ADAPTERS:
      g_value_set_object (value, pg_base_cursor_get_adapters (self));
      break;
    case PROP_FORMAT:
      g_value_set_enum (value, pg_base_cursor_get_format (self));
      break;
    case PROP_PREPARE:
      g_value_set_enum (value, pg_base_cursor_get_prepare (self));
      break;
    case PROP_ARRAYSIZE:
      g_value_set_uint (value, pg_base_cursor_get_arraysize (self));
      break;
    case PROP_ROW_FACTORY:
      g_value_set_object (value, pg_base_cursor_get_row_factory (self));
      break;
    case PROP_RESULT:
      g_value_set_object (value, pg_base_cursor_get_result (self));
      break;
    case PROP_ROWCOUNT:
      g_value_set_int64 (value, pg_base_cursor_get_rowcount (self));
      break;
    case PROP_ROWNUMBER:
      g_value_set_int64 (value, pg_base_cursor_get_rownumber (self));
      break;
    case PROP_QUERY:
      g_value_set_string (value, pg_base_cursor_get_query (self));
      break;
    case PROP_STATUS_MESSAGE:
      g_value_set_string (value, pg_base_cursor_get_status_message (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_cursor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PgBaseCursor *self = PG_BASE_CURSOR (object);

  switch (id)
    {
    case PROP_FORMAT:
      pg_base_cursor_set_format (self, g_value_get_enum (value));
      break;
    case PROP_PREPARE:
      pg_base_cursor_set_prepare (self, g_value_get_enum (value));
      break;
    case PROP_ARRAYSIZE:
      pg_base_cursor_set_arraysize (self, g_value_get_uint (value));
      break;
    case PROP_ROW_FACTORY:
      pg_base_cursor_set_row_factory (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_cursor_class_init (PgBaseCursorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = pg_base_cursor_dispose;
  object_class->finalize = pg_base_cursor_finalize;
  object_class->get_property = pg_base_cursor_get_property;
  object_class->set_property = pg_base_cursor_set_property;

  /**
   * PgBaseCursor:closed: (getter get_closed)
   *
   * Whether the cursor was closed.
   *
   * Since: 1.0
   */
  props[PROP_CLOSED] = g_param_spec_boolean ("closed", NULL, NULL, FALSE, readable);
  /**
   * PgBaseCursor:adapters: (getter get_adapters)
   *
   * What the cursor knows of types beyond PostgreSQL's own.
   *
   * Since: 1.0
   */
  props[PROP_ADAPTERS] = g_param_spec_object ("adapters", NULL, NULL, PG_TYPE_ADAPTERS_MAP, readable);
  /**
   * PgBaseCursor:format: (getter get_format) (setter set_format)
   *
   * The format in which the server sends the rows.
   *
   * With [enum@Pg.Format.AUTO], which is the default, a statement is answered in text until it has been executed as a prepared statement, and then in
   * binary where all its columns are of types whose values are read alike in both, whichever getter reads them. That costs no round trip. Those of `record`, of types that
   * the library does not know, and of `money`, `regclass` and the like stay in text, dates and times where `DateStyle` is not `ISO`, intervals where `IntervalStyle` is not
   * `postgres`, and `timestamptz` where `TimeZone` is not `UTC`. Of what the server does not report, `extra_float_digits` and `bytea_output` are taken to be the defaults.
   *
   * Since: 1.0
   */
  props[PROP_FORMAT] = g_param_spec_enum ("format", NULL, NULL, PG_TYPE_FORMAT, PG_FORMAT_AUTO, writable);
  /**
   * PgBaseCursor:prepare: (getter get_prepare) (setter set_prepare)
   *
   * Whether the statements are prepared on the server.
   *
   * Since: 1.0
   */
  props[PROP_PREPARE] = g_param_spec_enum ("prepare", NULL, NULL, PG_TYPE_PREPARE, PG_PREPARE_AUTO, writable);
  /**
   * PgBaseCursor:arraysize: (getter get_arraysize) (setter set_arraysize)
   *
   * How many rows are fetched at once where no number is given.
   *
   * Since: 1.0
   */
  props[PROP_ARRAYSIZE] = g_param_spec_uint ("arraysize", NULL, NULL, 1, G_MAXUINT - 1, 1, writable);
  /**
   * PgBaseCursor:row-factory: (getter get_row_factory) (setter set_row_factory)
   *
   * What the rows become that are fetched as values or objects; `NULL` for tuples.
   *
   * A new cursor has that of [property@BaseConnection:row-factory].
   *
   * Since: 1.0
   */
  props[PROP_ROW_FACTORY] = g_param_spec_object ("row-factory", NULL, NULL, PG_TYPE_ROW_FACTORY, writable);
  /**
   * PgBaseCursor:result: (getter get_result)
   *
   * The current result. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_RESULT] = g_param_spec_object ("result", NULL, NULL, PG_TYPE_RESULT, readable);
  /**
   * PgBaseCursor:rowcount: (getter get_rowcount)
   *
   * How many rows the statement has given or changed, −1 where there is no such number. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_ROWCOUNT] = g_param_spec_int64 ("rowcount", NULL, NULL, -1, G_MAXINT64, -1, readable);
  /**
   * PgBaseCursor:rownumber: (getter get_rownumber)
   *
   * The index of the next row, −1 where there are no rows. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_ROWNUMBER] = g_param_spec_int64 ("rownumber", NULL, NULL, -1, G_MAXINT64, -1, readable);
  /**
   * PgBaseCursor:status-message: (getter get_status_message)
   *
   * The command tag of the current result. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_STATUS_MESSAGE] = g_param_spec_string ("status-message", NULL, NULL, NULL, readable);
  /**
   * PgBaseCursor:query: (getter get_query)
   *
   * The last statement. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pg_base_cursor_init (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);

  priv->arraysize = 1;
  priv->rowcount = -1;
  priv->format = PG_FORMAT_AUTO;
}

/**
 * pg_base_cursor_get_closed: (get-property closed)
 * @self: a cursor
 *
 * Gets whether the cursor was closed. What becomes of the connection does not matter for it.
 *
 * Returns: `TRUE` after [method@BaseCursor.close]
 *
 * Since: 1.0
 */
gboolean
pg_base_cursor_get_closed (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), TRUE);
  return pg_base_cursor_get_private (self)->closed;
}

/**
 * pg_base_cursor_close:
 * @self: a cursor
 *
 * Drops the results. Nothing can be executed or fetched any more. It may be called more than once.
 *
 * A server-side cursor is closed on the server too, as well as that can be done: [method@ServerCursor.close] and [method@AsyncServerCursor.close_async] say
 * what has become of that.
 *
 * Since: 1.0
 */
void
pg_base_cursor_close (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_if_fail (PG_IS_BASE_CURSOR (self));
  priv = pg_base_cursor_get_private (self);
  if (priv->closed)
    return;
  pg_base_cursor_many_abandon (self);
  if (PG_BASE_CURSOR_GET_CLASS (self)->close != NULL)
    PG_BASE_CURSOR_GET_CLASS (self)->close (self);
  pg_base_cursor_clear (priv);
  priv->closed = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSED]);
}

/**
 * pg_base_cursor_get_adapters: (get-property adapters)
 * @self: a cursor
 *
 * Gets what the cursor knows of types beyond PostgreSQL's own.
 *
 * It began as a copy of the connection's when the cursor was made. Changes are for the statements to come: a result keeps what it was made with.
 *
 * Returns: (transfer none): the map
 *
 * Since: 1.0
 */
PgAdaptersMap *
pg_base_cursor_get_adapters (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), NULL);
  priv = pg_base_cursor_get_private (self);
  if (priv->adapters == NULL)
    priv->adapters = pg_adapters_map_new_for_table (priv->types);
  return priv->adapters;
}

/**
 * pg_base_cursor_get_format: (get-property format)
 * @self: a cursor
 *
 * Gets the format in which the server sends the rows.
 *
 * Returns: the format
 *
 * Since: 1.0
 */
PgFormat
pg_base_cursor_get_format (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), PG_FORMAT_AUTO);
  return pg_base_cursor_get_private (self)->format;
}

/**
 * pg_base_cursor_set_format: (set-property format)
 * @self: a cursor
 * @format: the format
 *
 * Sets the format in which the server sends the rows of the statements to come.
 *
 * The values are the same in both, and so are their texts, but for the time zone of a `timestamptz`. A statement of several commands, and one that is `COPY`, is always answered in text.
 *
 * Since: 1.0
 */
void
pg_base_cursor_set_format (PgBaseCursor *self, PgFormat format)
{
  g_return_if_fail (PG_IS_BASE_CURSOR (self));
  g_return_if_fail (format >= PG_FORMAT_AUTO && format <= PG_FORMAT_BINARY);
  if (pg_base_cursor_get_private (self)->format == format)
    return;
  pg_base_cursor_get_private (self)->format = format;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FORMAT]);
}

/**
 * pg_base_cursor_get_prepare: (get-property prepare)
 * @self: a cursor
 *
 * Gets whether the statements are prepared on the server.
 *
 * Returns: the choice
 *
 * Since: 1.0
 */
PgPrepare
pg_base_cursor_get_prepare (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), PG_PREPARE_AUTO);
  return pg_base_cursor_get_private (self)->prepare;
}

/**
 * pg_base_cursor_set_prepare: (set-property prepare)
 * @self: a cursor
 * @prepare: the choice
 *
 * Sets whether the statements to come are prepared on the server. Preparing travels with the execution and costs no round trip.
 *
 * Since: 1.0
 */
void
pg_base_cursor_set_prepare (PgBaseCursor *self, PgPrepare prepare)
{
  g_return_if_fail (PG_IS_BASE_CURSOR (self));
  g_return_if_fail (prepare <= PG_PREPARE_NEVER);
  if (pg_base_cursor_get_private (self)->prepare == prepare)
    return;
  pg_base_cursor_get_private (self)->prepare = prepare;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PREPARE]);
}

/**
 * pg_base_cursor_get_arraysize: (get-property arraysize)
 * @self: a cursor
 *
 * Gets how many rows are fetched at once where no number is given.
 *
 * Returns: the number, 1 at first
 *
 * Since: 1.0
 */
guint
pg_base_cursor_get_arraysize (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), 1);
  return pg_base_cursor_get_private (self)->arraysize;
}

/**
 * pg_base_cursor_set_arraysize: (set-property arraysize)
 * @self: a cursor
 * @arraysize: the number, at least 1
 *
 * Sets how many rows are fetched at once where no number is given.
 *
 * Since: 1.0
 */
void
pg_base_cursor_set_arraysize (PgBaseCursor *self, guint arraysize)
{
  g_return_if_fail (PG_IS_BASE_CURSOR (self));
  g_return_if_fail (arraysize > 0 && arraysize < G_MAXUINT);
  if (pg_base_cursor_get_private (self)->arraysize == arraysize)
    return;
  pg_base_cursor_get_private (self)->arraysize = arraysize;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ARRAYSIZE]);
}

/**
 * pg_base_cursor_get_row_factory: (get-property row-factory)
 * @self: a cursor
 *
 * Gets what the rows become that are fetched as values or objects.
 *
 * Returns: (transfer none) (nullable): the factory, or `NULL` for tuples
 *
 * Since: 1.0
 */
PgRowFactory *
pg_base_cursor_get_row_factory (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), NULL);
  return pg_base_cursor_get_private (self)->row_factory;
}

/**
 * pg_base_cursor_set_row_factory: (set-property row-factory)
 * @self: a cursor
 * @row_factory: (nullable): the factory, or `NULL` for tuples
 *
 * Sets what the rows become that are fetched as values or objects from now on.
 *
 * It may be changed within a result. The calls that give [class@Row] objects, as [method@Cursor.fetch_one], have no use for it.
 *
 * Since: 1.0
 */
void
pg_base_cursor_set_row_factory (PgBaseCursor *self, PgRowFactory *row_factory)
{
  g_return_if_fail (PG_IS_BASE_CURSOR (self));
  g_return_if_fail (row_factory == NULL || PG_IS_ROW_FACTORY (row_factory));
  if (g_set_object (&pg_base_cursor_get_private (self)->row_factory, row_factory))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ROW_FACTORY]);
}

/**
 * pg_base_cursor_get_result: (get-property result)
 * @self: a cursor
 *
 * Gets the current result, whole.
 *
 * Returns: (transfer none) (nullable): the result, or `NULL` when nothing was executed, the last statement has failed, or the cursor is closed
 *
 * Since: 1.0
 */
PgResult *
pg_base_cursor_get_result (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), NULL);
  return pg_base_cursor_get_settled (self)->result;
}

void
pg_base_cursor_note_query (PgBaseCursorPrivate *priv, const char *query)
{
  if (g_strcmp0 (priv->query, query) == 0)
    return;
  g_free (priv->query);
  priv->query = g_strdup (query);
}

/**
 * pg_base_cursor_get_query: (get-property query)
 * @self: a cursor
 *
 * Gets the last statement that was to be executed, as it was given; also where it has failed, and after [method@BaseCursor.close].
 *
 * Parameters are not kept.
 *
 * Returns: (transfer none) (nullable): the statement, or `NULL` before the first one
 *
 * Since: 1.0
 */
const char *
pg_base_cursor_get_query (PgBaseCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_CURSOR (self), NULL);
  return pg_base_cursor_get_private (self)->query;
}
