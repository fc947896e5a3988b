/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <gio/gio.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_STATEMENT (pg_statement_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgStatement, pg_statement, PG, STATEMENT, GObject)

PG_AVAILABLE_IN_1_0
const char *pg_statement_get_query (PgStatement *self);
PG_AVAILABLE_IN_1_0
PgBaseConnection *pg_statement_get_connection (PgStatement *self);
PG_AVAILABLE_IN_1_0
gboolean pg_statement_get_closed (PgStatement *self);
PG_AVAILABLE_IN_1_0
guint pg_statement_get_n_parameters (PgStatement *self);
PG_AVAILABLE_IN_1_0
guint pg_statement_get_parameter_type (PgStatement *self, guint index);
PG_AVAILABLE_IN_1_0
const char *pg_statement_get_parameter_type_name (PgStatement *self, guint index);
PG_AVAILABLE_IN_1_0
guint pg_statement_get_n_columns (PgStatement *self);
PG_AVAILABLE_IN_1_0
PgColumn *pg_statement_get_column (PgStatement *self, guint column);

PG_AVAILABLE_IN_1_0
PgStatement *pg_connection_prepare (PgConnection *self, const char *query, const guint *types, gsize n_types, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
gboolean pg_connection_close_statement (PgConnection *self, PgStatement *statement, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_connection_prepare_async (PgAsyncConnection *self, const char *query, const guint *types, gsize n_types, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgStatement *pg_async_connection_prepare_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
void pg_async_connection_close_statement_async (PgAsyncConnection *self, PgStatement *statement, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_close_statement_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

G_END_DECLS
