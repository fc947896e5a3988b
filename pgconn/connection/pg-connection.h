/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/connection/pg-base-connection.h>

G_BEGIN_DECLS

#define PG_TYPE_CONNECTION (pg_connection_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgConnection, pg_connection, PG, CONNECTION, PgBaseConnection)

PG_AVAILABLE_IN_1_0
PgConnection *pg_connection_open (const char *conninfo, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgCursor *pg_connection_cursor (PgConnection *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
PgServerCursor *pg_connection_server_cursor (PgConnection *self, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
PgCursor *pg_connection_execute (PgConnection *self, const char *query, GVariant *params, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgCursor *pg_connection_execute_params (PgConnection *self, const char *query, PgParams *params, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
PgCopyOutputStream *pg_connection_copy_in (PgConnection *self, const char *statement, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgCopyInputStream *pg_connection_copy_out (PgConnection *self, const char *statement, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_connection_commit (PgConnection *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_connection_rollback (PgConnection *self, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_connection_set_autocommit (PgConnection *self, gboolean autocommit, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_connection_set_isolation_level (PgConnection *self, PgIsolationLevel level, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_connection_set_read_only (PgConnection *self, PgTristate read_only, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_connection_set_deferrable (PgConnection *self, PgTristate deferrable, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_connection_cancel_safe (PgConnection *self, guint timeout, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
void pg_connection_attach (PgConnection *self, GMainContext *context);
PG_AVAILABLE_IN_1_0
void pg_connection_detach (PgConnection *self);

G_END_DECLS
