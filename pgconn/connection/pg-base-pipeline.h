/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_BASE_PIPELINE (pg_base_pipeline_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgBasePipeline, pg_base_pipeline, PG, BASE_PIPELINE, GObject)

struct _PgBasePipelineClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
PgPipelineStatus pg_base_pipeline_get_status (PgBasePipeline *self);

G_END_DECLS
