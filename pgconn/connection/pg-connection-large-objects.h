/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/connection/pg-async-connection.h>
#include <pgconn/connection/pg-connection.h>
#include <pgconn/connection/pg-large-object.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
PgLargeObject *pg_connection_create_large_object (PgConnection *self, guint oid, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgLargeObject *pg_connection_open_large_object (PgConnection *self, guint oid, PgLargeObjectMode mode, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_connection_unlink_large_object (PgConnection *self, guint oid, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_connection_create_large_object_async (PgAsyncConnection *self, guint oid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                    gpointer user_data);
PG_AVAILABLE_IN_1_0
PgLargeObject *pg_async_connection_create_large_object_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_open_large_object_async (PgAsyncConnection *self, guint oid, PgLargeObjectMode mode, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
PgLargeObject *pg_async_connection_open_large_object_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_unlink_large_object_async (PgAsyncConnection *self, guint oid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                    gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_connection_unlink_large_object_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

G_END_DECLS
