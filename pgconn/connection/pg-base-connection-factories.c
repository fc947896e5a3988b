/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-connection-private.h"

#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/result/pg-row-factory.h>

/* What a connection makes: its cursors, and what their rows become. */

/* --- rows --- */

/* Threads may share a connection, and so one may set another factory while another one makes a cursor. With the toggle reference of a binding
 * g_object_ref() and g_object_unref() wait for the interpreter's lock, so they are not called with this one: what is replaced meanwhile is given
 * up when nobody is about to take a reference to it. */
G_LOCK_DEFINE_STATIC (row_factory);
static guint n_takers;
static GSList *replaced;

PgRowFactory *
pg_base_connection_dup_row_factory (PgBaseConnection *self)
{
  PgRowFactory **place = pg_base_connection_peek_row_factory (self);
  PgRowFactory *row_factory;
  GSList *unused = NULL;

  if (g_atomic_pointer_get (place) == NULL)
    return NULL;
  G_LOCK (row_factory);
  row_factory = *place;
  n_takers++;
  G_UNLOCK (row_factory);
  if (row_factory != NULL)
    g_object_ref (row_factory);
  G_LOCK (row_factory);
  if (--n_takers == 0)
    unused = g_steal_pointer (&replaced);
  G_UNLOCK (row_factory);
  g_slist_free_full (unused, g_object_unref);
  return row_factory;
}

/**
 * pg_base_connection_get_row_factory: (get-property row-factory)
 * @self: a connection
 *
 * Gets what the rows of the cursors to come become that are fetched as values or objects.
 *
 * Returns: (transfer none) (nullable): the factory, or `NULL` for tuples
 *
 * Since: 1.0
 */
PgRowFactory *
pg_base_connection_get_row_factory (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), NULL);
  return g_atomic_pointer_get (pg_base_connection_peek_row_factory (self));
}

/**
 * pg_base_connection_set_row_factory: (set-property row-factory)
 * @self: a connection
 * @row_factory: (nullable): the factory, or `NULL` for tuples
 *
 * Sets what the rows of the cursors to come become that are fetched as values or objects.
 *
 * Cursors that there are keep theirs: see [method@BaseCursor.set_row_factory].
 *
 * Since: 1.0
 */
void
pg_base_connection_set_row_factory (PgBaseConnection *self, PgRowFactory *row_factory)
{
  PgRowFactory **place;
  PgRowFactory *old;
  gboolean same;

  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  g_return_if_fail (row_factory == NULL || PG_IS_ROW_FACTORY (row_factory));
  place = pg_base_connection_peek_row_factory (self);
  if (row_factory != NULL)
    g_object_ref (row_factory);
  G_LOCK (row_factory);
  old = *place;
  same = old == row_factory;
  g_atomic_pointer_set (place, row_factory);
  if (n_takers > 0 && old != NULL)
    replaced = g_slist_prepend (replaced, g_steal_pointer (&old));
  G_UNLOCK (row_factory);
  g_clear_object (&old);
  if (!same)
    g_object_notify (G_OBJECT (self), "row-factory");
}

/* --- cursors --- */

static GType
get_class (PgBaseConnection *self, PgCursorKind kind)
{
  GType type = g_atomic_pointer_get (pg_base_connection_peek_cursor_factory (self, kind));

  return type != 0 ? type : pg_base_connection_get_cursor_type (self, kind);
}

static void
set_class (PgBaseConnection *self, PgCursorKind kind, GType type, const char *property)
{
  g_return_if_fail (g_type_is_a (type, pg_base_connection_get_cursor_type (self, kind)) && !G_TYPE_IS_ABSTRACT (type));
  if (get_class (self, kind) == type)
    return;
  g_atomic_pointer_set (pg_base_connection_peek_cursor_factory (self, kind), type);
  g_object_notify (G_OBJECT (self), property);
}

gpointer
pg_base_connection_new_cursor (PgBaseConnection *self)
{
  gpointer cursor = g_object_new (get_class (self, PG_CURSOR_KIND_CLIENT), NULL);

  pg_base_cursor_set_connection (cursor, self);
  return cursor;
}

gpointer
pg_base_connection_new_server_cursor (PgBaseConnection *self, const char *name)
{
  return g_object_new (get_class (self, PG_CURSOR_KIND_SERVER), "connection", self, "name", name, NULL);
}

/**
 * pg_base_connection_get_cursor_factory: (get-property cursor-factory)
 * @self: a connection
 *
 * Gets the class of the cursors to come.
 *
 * Returns: the type; [class@Cursor] or [class@AsyncCursor] where no other was set
 *
 * Since: 1.0
 */
GType
pg_base_connection_get_cursor_factory (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), G_TYPE_INVALID);
  return get_class (self, PG_CURSOR_KIND_CLIENT);
}

/**
 * pg_base_connection_set_cursor_factory: (set-property cursor-factory)
 * @self: a connection
 * @cursor_factory: a type: [class@Cursor] or one derived from it for a [class@Connection], [class@AsyncCursor] or one derived from it for an
 *   [class@AsyncConnection]
 *
 * Sets the class of the cursors to come: of those that [method@Connection.cursor], [method@Connection.execute] and their twins make.
 *
 * With [class@ClientCursor] or [class@AsyncClientCursor] the client merges parameters into the statements. The cursors of the server's have a class of their
 * own: [method@BaseConnection.set_server_cursor_factory].
 *
 * Since: 1.0
 */
void
pg_base_connection_set_cursor_factory (PgBaseConnection *self, GType cursor_factory)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  set_class (self, PG_CURSOR_KIND_CLIENT, cursor_factory, "cursor-factory");
}

/**
 * pg_base_connection_get_server_cursor_factory: (get-property server-cursor-factory)
 * @self: a connection
 *
 * Gets the class of the cursors of the server's to come.
 *
 * Returns: the type; [class@ServerCursor] or [class@AsyncServerCursor] where no other was set
 *
 * Since: 1.0
 */
GType
pg_base_connection_get_server_cursor_factory (PgBaseConnection *self)
{
  g_return_val_if_fail (PG_IS_BASE_CONNECTION (self), G_TYPE_INVALID);
  return get_class (self, PG_CURSOR_KIND_SERVER);
}

/**
 * pg_base_connection_set_server_cursor_factory: (set-property server-cursor-factory)
 * @self: a connection
 * @server_cursor_factory: a type: [class@ServerCursor] or one derived from it for a [class@Connection], [class@AsyncServerCursor] or one derived from it for an
 *   [class@AsyncConnection]
 *
 * Sets the class of the cursors of the server's to come: of those that [method@Connection.server_cursor] and its twin make.
 *
 * Since: 1.0
 */
void
pg_base_connection_set_server_cursor_factory (PgBaseConnection *self, GType server_cursor_factory)
{
  g_return_if_fail (PG_IS_BASE_CONNECTION (self));
  set_class (self, PG_CURSOR_KIND_SERVER, server_cursor_factory, "server-cursor-factory");
}
