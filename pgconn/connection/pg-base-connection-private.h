/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection.h>
#include <pgconn/engine/pg-engine-private.h>

G_BEGIN_DECLS

/* What a connection makes cursors of. */
typedef enum
{
  PG_CURSOR_KIND_CLIENT,
  PG_CURSOR_KIND_SERVER,
  PG_N_CURSOR_KINDS
} PgCursorKind;

/* What the two classes do differently. */
typedef struct
{
  void (*close) (PgBaseConnection *self);
  void (*cancel) (PgBaseConnection *self);
  GType (*get_cursor_type[PG_N_CURSOR_KINDS]) (void);
} PgBaseConnectionDriver;

void pg_base_connection_set_driver (PgBaseConnection *self, const PgBaseConnectionDriver *driver);
PgEngine *pg_base_connection_get_engine (PgBaseConnection *self);
/* The request that opens it, with the conninfo given at construction; that is forgotten then. */
PgRequest *pg_base_connection_open_request_new (PgBaseConnection *self);
/* Where the row factory is: for pg-base-connection-factories.c, which has the lock. */
PgRowFactory **pg_base_connection_peek_row_factory (PgBaseConnection *self);
/* For a new cursor: the row factory, a new reference, or NULL. */
PgRowFactory *pg_base_connection_dup_row_factory (PgBaseConnection *self);
/* Where the type of new cursors is; 0: that of the class. */
gsize *pg_base_connection_peek_cursor_factory (PgBaseConnection *self, PgCursorKind kind);
GType pg_base_connection_get_cursor_type (PgBaseConnection *self, PgCursorKind kind);
/* A new cursor, as the factory of the connection says; full, of the class that belongs to that of the connection. */
gpointer pg_base_connection_new_cursor (PgBaseConnection *self);
gpointer pg_base_connection_new_server_cursor (PgBaseConnection *self, const char *name);
/* Lets handlers know of the settings that a request has changed; silently: only remembers what they are. */
void pg_base_connection_notify_settings (PgBaseConnection *self, gboolean silently);
void pg_base_connection_install_signals (PgBaseConnectionClass *klass);
/* Emits the signals for what has arrived, outside of any lock: handlers may call anything. */
void pg_base_connection_emit_events (PgBaseConnection *self);

G_END_DECLS
