/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/connection/pg-base-connection.h>

G_BEGIN_DECLS

#define PG_TYPE_ASYNC_CONNECTION (pg_async_connection_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgAsyncConnection, pg_async_connection, PG, ASYNC_CONNECTION, PgBaseConnection)

PG_AVAILABLE_IN_1_0
void pg_async_connection_open_async (const char *conninfo, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgAsyncConnection *pg_async_connection_open_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgAsyncCursor *pg_async_connection_cursor (PgAsyncConnection *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
PgAsyncServerCursor *pg_async_connection_server_cursor (PgAsyncConnection *self, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
void pg_async_connection_execute_async (PgAsyncConnection *self, const char *query, GVariant *params, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgAsyncCursor *pg_async_connection_execute_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_execute_params_async (PgAsyncConnection *self, const char *query, PgParams *params, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgAsyncCursor *pg_async_connection_execute_params_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_connection_copy_in_async (PgAsyncConnection *self, const char *statement, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
PG_AVAILABLE_IN_1_0
PgCopyOutputStream *pg_async_connection_copy_in_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_copy_out_async (PgAsyncConnection *self, const char *statement, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
PG_AVAILABLE_IN_1_0
PgCopyInputStream *pg_async_connection_copy_out_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_commit_async (PgAsyncConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_commit_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_rollback_async (PgAsyncConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_rollback_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_connection_set_autocommit_async (PgAsyncConnection *self, gboolean autocommit, GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_set_autocommit_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_set_isolation_level_async (PgAsyncConnection *self, PgIsolationLevel level, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_set_isolation_level_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_set_read_only_async (PgAsyncConnection *self, PgTristate read_only, GCancellable *cancellable, GAsyncReadyCallback callback,
                                              gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_set_read_only_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_set_deferrable_async (PgAsyncConnection *self, PgTristate deferrable, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_set_deferrable_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_connection_cancel_safe_async (PgAsyncConnection *self, guint timeout, GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_cancel_safe_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_close_async (PgAsyncConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_close_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
PgDiagnostic *pg_async_connection_get_result_diagnostic (PgAsyncConnection *self, GAsyncResult *result);

PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_get_pipelining (PgAsyncConnection *self);
PG_AVAILABLE_IN_1_0
void pg_async_connection_set_pipelining (PgAsyncConnection *self, gboolean pipelining);

G_END_DECLS
