/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/connection/pg-base-pipeline.h>

G_BEGIN_DECLS

#define PG_TYPE_ASYNC_PIPELINE (pg_async_pipeline_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgAsyncPipeline, pg_async_pipeline, PG, ASYNC_PIPELINE, PgBasePipeline)

PG_AVAILABLE_IN_1_0
PgAsyncPipeline *pg_async_connection_pipeline (PgAsyncConnection *self);

PG_AVAILABLE_IN_1_0
PgAsyncConnection *pg_async_pipeline_get_connection (PgAsyncPipeline *self);

PG_AVAILABLE_IN_1_0
void pg_async_pipeline_begin_async (PgAsyncPipeline *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_pipeline_begin_finish (PgAsyncPipeline *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_pipeline_sync_async (PgAsyncPipeline *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_pipeline_sync_finish (PgAsyncPipeline *self, GAsyncResult *result, GError **error);

PG_AVAILABLE_IN_1_0
void pg_async_pipeline_end_async (PgAsyncPipeline *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PG_AVAILABLE_IN_1_0
gboolean pg_async_pipeline_end_finish (PgAsyncPipeline *self, GAsyncResult *result, GError **error);

G_END_DECLS
