/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-async-pipeline.h>
#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/connection/pg-pipeline.h>

G_BEGIN_DECLS

/* What both classes are made of. */
typedef struct
{
  PgBaseConnection *connection; /* NULL in one that a script made by the GObject constructor */
  gint *open;                   /* a GAtomicRcBox, which the requests share */
} PgBasePipelinePrivate;

PgBasePipelinePrivate *pg_base_pipeline_get_private (PgBasePipeline *self);
/* Of the class that goes with the connection. */
gpointer pg_base_pipeline_new (GType type, PgBaseConnection *connection);

/* A verb as a request; NULL with error in one without a connection. */
typedef PgRequest *(*PgPipelineVerb) (gint *open);
PgRequest *pg_base_pipeline_request_new (PgBasePipeline *self, PgPipelineVerb verb, GError **error);

G_END_DECLS
