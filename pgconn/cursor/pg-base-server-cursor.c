/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-server-cursor-private.h"

#include <pgconn/pg-enum-types.h>

/**
 * PgBaseServerCursor:
 *
 * What [class@ServerCursor] and [class@AsyncServerCursor] have in common: a cursor of the server's, by its name.
 *
 * The rows of the query stay with the server, which is asked for some of them at a time. The result of the cursor, [property@BaseCursor:result], are the rows that
 * came last. The properties of this class are for the statements to come, [property@BaseServerCursor:itersize] and [property@BaseServerCursor:fetch-ahead] for the
 * calls to come; statements are never prepared.
 *
 * A cursor lives as long as its transaction, or, with [property@BaseServerCursor:hold], as its session, unless it is closed: to unref the object sends nothing.
 *
 * See `DECLARE` and `FETCH` in the PostgreSQL manual. It cannot be derived outside of the library.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PgBaseServerCursor, pg_base_server_cursor, PG_TYPE_BASE_CURSOR)

#define DEFAULT_ITERSIZE 100

enum
{
  PROP_0,
  PROP_NAME,
  PROP_SCROLLABLE,
  PROP_HOLD,
  PROP_ITERSIZE,
  PROP_FETCH_AHEAD,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

PgBaseServerCursorPrivate *
pg_base_server_cursor_get_private (PgBaseServerCursor *self)
{
  return pg_base_server_cursor_get_instance_private (self);
}

static void
set_name (PgBaseServerCursor *self, const char *name)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  GString *quoted;

  priv->name = g_strdup (name);
  if (name == NULL || *name == '\0')
    return;
  quoted = g_string_new ("\"");
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (quoted, '"');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, '"');
  priv->identifier = g_string_free (quoted, FALSE);
}

static void
pg_base_server_cursor_finalize (GObject *object)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (PG_BASE_SERVER_CURSOR (object));

  g_free (priv->name);
  g_free (priv->identifier);
  pg_type_table_unref (priv->types);
  g_clear_pointer (&priv->objects, g_ptr_array_unref);
  g_clear_pointer (&priv->pending, pg_request_unref);
  G_OBJECT_CLASS (pg_base_server_cursor_parent_class)->finalize (object);
}

static void
pg_base_server_cursor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PgBaseServerCursor *self = PG_BASE_SERVER_CURSOR (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, pg_base_server_cursor_get_name (self));
      break;
    case PROP_SCROLLABLE:
      g_value_set_enum (value, pg_base_server_cursor_get_scrollable (self));
      break;
    case PROP_HOLD:
      g_value_set_boolean (value, pg_base_server_cursor_get_hold (self));
      break;
    case PROP_ITERSIZE:
      g_value_set_uint (value, pg_base_server_cursor_get_itersize (self));
      break;
    case PROP_FETCH_AHEAD:
      g_value_set_boolean (value, pg_base_server_cursor_get_fetch_ahead (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_server_cursor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PgBaseServerCursor *self = PG_BASE_SERVER_CURSOR (object);

  switch (id)
    {
    case PROP_NAME:
      set_name (self, g_value_get_string (value));
      break;
    case PROP_SCROLLABLE:
      pg_base_server_cursor_set_scrollable (self, g_value_get_enum (value));
      break;
    case PROP_HOLD:
      pg_base_server_cursor_set_hold (self, g_value_get_boolean (value));
      break;
    case PROP_ITERSIZE:
      pg_base_server_cursor_set_itersize (self, g_value_get_uint (value));
      break;
    case PROP_FETCH_AHEAD:
      pg_base_server_cursor_set_fetch_ahead (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_server_cursor_class_init (PgBaseServerCursorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = pg_base_server_cursor_finalize;
  object_class->get_property = pg_base_server_cursor_get_property;
  object_class->set_property = pg_base_server_cursor_set_property;

  /**
   * PgBaseServerCursor:name: (getter get_name)
   *
   * The name of the cursor in its session.
   *
   * Since: 1.0
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, writable | G_PARAM_CONSTRUCT_ONLY);
  /**
   * PgBaseServerCursor:scrollable: (getter get_scrollable) (setter set_scrollable)
   *
   * Whether the cursor can go backwards: `SCROLL` or `NO SCROLL`; by default it can where that costs the server nothing.
   *
   * Since: 1.0
   */
  props[PROP_SCROLLABLE] = g_param_spec_enum ("scrollable", NULL, NULL, PG_TYPE_TRISTATE, PG_TRISTATE_DEFAULT, writable);
  /**
   * PgBaseServerCursor:hold: (getter get_hold) (setter set_hold)
   *
   * Whether the cursor outlasts the transaction that has declared it, if that is committed: `WITH HOLD`.
   *
   * Since: 1.0
   */
  props[PROP_HOLD] = g_param_spec_boolean ("hold", NULL, NULL, FALSE, writable);
  /**
   * PgBaseServerCursor:itersize: (getter get_itersize) (setter set_itersize)
   *
   * How many rows the server is asked for at once where the rows are gone through page by page.
   *
   * Since: 1.0
   */
  props[PROP_ITERSIZE] = g_param_spec_uint ("itersize", NULL, NULL, 1, G_MAXINT32, DEFAULT_ITERSIZE, writable);
  /**
   * PgBaseServerCursor:fetch-ahead: (getter get_fetch_ahead) (setter set_fetch_ahead)
   *
   * Whether calls that fetch one row ask for a page of [property@BaseServerCursor:itersize] rows where none is at hand, and to execute a statement brings the first
   * page in the same round trip.
   *
   * With it the server is ahead of the rows that were fetched, so that `WHERE CURRENT OF` names another one. Without it a call that fetches one row asks for one.
   *
   * Since: 1.0
   */
  props[PROP_FETCH_AHEAD] = g_param_spec_boolean ("fetch-ahead", NULL, NULL, FALSE, writable);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pg_base_server_cursor_init (PgBaseServerCursor *self)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));

  base->paged = TRUE;
  base->total = -1;
  base->first = -1;
  priv->scrollable = PG_TRISTATE_DEFAULT;
  priv->itersize = DEFAULT_ITERSIZE;
  priv->plain = -1;
  priv->next = -1;
}

/**
 * pg_base_server_cursor_get_name: (get-property name)
 * @self: a cursor
 *
 * Gets the name of the cursor in its session.
 *
 * Returns: (transfer none) (nullable): the name, as it was given; `NULL` where none was given when it was made
 *
 * Since: 1.0
 */
const char *
pg_base_server_cursor_get_name (PgBaseServerCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_SERVER_CURSOR (self), NULL);
  return pg_base_server_cursor_get_private (self)->name;
}

/**
 * pg_base_server_cursor_get_scrollable: (get-property scrollable)
 * @self: a cursor
 *
 * Gets whether the cursor can go backwards.
 *
 * Returns: on, off, or [enum@Pg.Tristate.DEFAULT] where the server decides
 *
 * Since: 1.0
 */
PgTristate
pg_base_server_cursor_get_scrollable (PgBaseServerCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_SERVER_CURSOR (self), PG_TRISTATE_DEFAULT);
  return pg_base_server_cursor_get_private (self)->scrollable;
}

/**
 * pg_base_server_cursor_set_scrollable: (set-property scrollable)
 * @self: a cursor
 * @scrollable: on, off, or [enum@Pg.Tristate.DEFAULT] to let the server decide
 *
 * Sets whether the cursor can go backwards, for the statements to come.
 *
 * Since: 1.0
 */
void
pg_base_server_cursor_set_scrollable (PgBaseServerCursor *self, PgTristate scrollable)
{
  PgBaseServerCursorPrivate *priv;

  g_return_if_fail (PG_IS_BASE_SERVER_CURSOR (self));
  g_return_if_fail (scrollable >= PG_TRISTATE_DEFAULT && scrollable <= PG_TRISTATE_ON);
  priv = pg_base_server_cursor_get_private (self);
  if (priv->scrollable == scrollable)
    return;
  priv->scrollable = scrollable;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCROLLABLE]);
}

/**
 * pg_base_server_cursor_get_hold: (get-property hold)
 * @self: a cursor
 *
 * Gets whether the cursor outlasts its transaction.
 *
 * Returns: `TRUE` if it does
 *
 * Since: 1.0
 */
gboolean
pg_base_server_cursor_get_hold (PgBaseServerCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_SERVER_CURSOR (self), FALSE);
  return pg_base_server_cursor_get_private (self)->hold;
}

/**
 * pg_base_server_cursor_set_hold: (set-property hold)
 * @self: a cursor
 * @hold: whether it outlasts its transaction
 *
 * Sets whether the cursor outlasts its transaction, for the statements to come.
 *
 * It can then be used after `COMMIT`, and declared in autocommit mode; the server makes a copy of all its rows for that. It should be closed. For somebody else's
 * cursor it says whether that is one of this kind.
 *
 * Since: 1.0
 */
void
pg_base_server_cursor_set_hold (PgBaseServerCursor *self, gboolean hold)
{
  PgBaseServerCursorPrivate *priv;

  g_return_if_fail (PG_IS_BASE_SERVER_CURSOR (self));
  priv = pg_base_server_cursor_get_private (self);
  hold = hold != FALSE;
  if (priv->hold == hold)
    return;
  priv->hold = hold;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOLD]);
}

/**
 * pg_base_server_cursor_get_itersize: (get-property itersize)
 * @self: a cursor
 *
 * Gets how many rows a page has.
 *
 * Returns: the number of rows
 *
 * Since: 1.0
 */
guint
pg_base_server_cursor_get_itersize (PgBaseServerCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_SERVER_CURSOR (self), DEFAULT_ITERSIZE);
  return pg_base_server_cursor_get_private (self)->itersize;
}

/**
 * pg_base_server_cursor_set_itersize: (set-property itersize)
 * @self: a cursor
 * @itersize: the number of rows, at least 1
 *
 * Sets how many rows a page has, as [method@ServerCursor.fetch_page] and the loops of Python and JavaScript ask for them.
 *
 * Since: 1.0
 */
void
pg_base_server_cursor_set_itersize (PgBaseServerCursor *self, guint itersize)
{
  PgBaseServerCursorPrivate *priv;

  g_return_if_fail (PG_IS_BASE_SERVER_CURSOR (self));
  g_return_if_fail (itersize > 0 && itersize <= G_MAXINT32);
  priv = pg_base_server_cursor_get_private (self);
  if (priv->itersize == itersize)
    return;
  priv->itersize = itersize;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ITERSIZE]);
}

/**
 * pg_base_server_cursor_get_fetch_ahead: (get-property fetch-ahead)
 * @self: a cursor
 *
 * Gets whether calls that fetch one row ask for a page.
 *
 * Returns: `TRUE` if they do
 *
 * Since: 1.0
 */
gboolean
pg_base_server_cursor_get_fetch_ahead (PgBaseServerCursor *self)
{
  g_return_val_if_fail (PG_IS_BASE_SERVER_CURSOR (self), FALSE);
  return pg_base_server_cursor_get_private (self)->fetch_ahead;
}

/**
 * pg_base_server_cursor_set_fetch_ahead: (set-property fetch-ahead)
 * @self: a cursor
 * @fetch_ahead: whether they do
 *
 * Sets whether calls that fetch one row ask for a page; see [property@BaseServerCursor:fetch-ahead].
 *
 * Since: 1.0
 */
void
pg_base_server_cursor_set_fetch_ahead (PgBaseServerCursor *self, gboolean fetch_ahead)
{
  PgBaseServerCursorPrivate *priv;

  g_return_if_fail (PG_IS_BASE_SERVER_CURSOR (self));
  priv = pg_base_server_cursor_get_private (self);
  fetch_ahead = fetch_ahead != FALSE;
  if (priv->fetch_ahead == fetch_ahead)
    return;
  priv->fetch_ahead = fetch_ahead;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FETCH_AHEAD]);
}
