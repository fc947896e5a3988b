/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/connection/pg-async-connection.h>
#include <pgconn/connection/pg-connection.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_connection_fetch_type (PgConnection *self, const char *name, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_connection_fetch_type_by_oid (PgConnection *self, guint oid, GCancellable *cancellable, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_connection_fetch_type_async (PgAsyncConnection *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_async_connection_fetch_type_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);
PG_AVAILABLE_IN_1_0
void pg_async_connection_fetch_type_by_oid_async (PgAsyncConnection *self, guint oid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                  gpointer user_data);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_async_connection_fetch_type_by_oid_finish (PgAsyncConnection *self, GAsyncResult *result, GError **error);

G_END_DECLS
