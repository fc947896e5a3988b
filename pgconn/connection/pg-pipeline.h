/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/connection/pg-base-pipeline.h>

G_BEGIN_DECLS

#define PG_TYPE_PIPELINE (pg_pipeline_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgPipeline, pg_pipeline, PG, PIPELINE, PgBasePipeline)

PG_AVAILABLE_IN_1_0
PgPipeline *pg_connection_pipeline (PgConnection *self);

PG_AVAILABLE_IN_1_0
PgConnection *pg_pipeline_get_connection (PgPipeline *self);
PG_AVAILABLE_IN_1_0
gboolean pg_pipeline_begin (PgPipeline *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_pipeline_sync (PgPipeline *self, GCancellable *cancellable, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_pipeline_end (PgPipeline *self, GCancellable *cancellable, GError **error);

G_END_DECLS
