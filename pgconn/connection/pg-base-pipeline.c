/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-pipeline-private.h"

#include "pg-abandon-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/pg-enum-types.h>

/**
 * PgBasePipeline:
 *
 * What [class@Pipeline] and [class@AsyncPipeline] have in common: statements that are sent without waiting for the results of those before them.
 *
 * A pipeline is open from its begin to its end. What is executed on the connection meanwhile is on its way at once, and many statements cost one round trip. See
 * "Pipeline Mode" in the libpq chapter of the PostgreSQL manual.
 *
 * ## Synchronization
 *
 * A pipeline is synchronized by its sync and its end, by [method@Connection.commit] and [method@Connection.rollback], and when another pipeline is begun in it. All results
 * are here then. In autocommit mode all between two synchronizations is one transaction, and is committed by the second one. Without autocommit a transaction is begun
 * as always.
 *
 * ## Errors
 *
 * A statement that fails aborts the pipeline: the server executes nothing up to the next synchronization. Each error is that of the call that caused it; what was
 * not executed for that reason fails with `PG_ERROR_PIPELINE_ABORTED`, which names the error; the synchronization fails with the first one. Then
 * the pipeline goes on. The transaction has failed and has to be rolled back; in autocommit mode the server has undone what was executed since the last
 * synchronization.
 *
 * Where the connection is lost, why it was is the error of each call up to the end of the pipeline, that included; then it is `G_IO_ERROR_CLOSED`, as elsewhere.
 *
 * ## What else can be called
 *
 * Everything. What cannot be sent ahead goes alone, after a synchronization, which then waits: several commands in one statement, `COPY`, row streams, server-side
 * cursors, executemany (which is a pipeline by itself), large objects, and commands that may begin or end a transaction or change settings of the session:
 * `BEGIN`, `START TRANSACTION`, `COMMIT`, `END`, `ROLLBACK`, `ABORT`, `PREPARE`, `DEALLOCATE`, `SET`, `RESET`, `DISCARD`, `CALL`, `DO`, and what has `set_config` in it. So what stands before one of them in autocommit
 * mode is committed.
 *
 * Statements are prepared as elsewhere, but one that no longer fits on the server is not tried again (the next time it is prepared anew), and the types of columns are not
 * looked up ([property@BaseConnection:fetch-types]).
 *
 * What the settings of the session are is only known at a synchronization: dates in a DateStyle other than ISO are not read in a pipeline (`PG_ERROR_DATA`), and where a function
 * has changed `client_encoding` the synchronization fails.
 *
 * A pipeline that is dropped while it is open is ended.
 *
 * It cannot be derived outside of the library.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PgBasePipeline, pg_base_pipeline, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATUS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

PgBasePipelinePrivate *
pg_base_pipeline_get_private (PgBasePipeline *self)
{
  return pg_base_pipeline_get_instance_private (self);
}

static void
pg_base_pipeline_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATUS:
      g_value_set_enum (value, pg_base_pipeline_get_status (PG_BASE_PIPELINE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
pg_base_pipeline_dispose (GObject *object)
{
  PgBasePipelinePrivate *priv = pg_base_pipeline_get_private (PG_BASE_PIPELINE (object));

  if (priv->connection != NULL && g_atomic_int_get (priv->open) && !pg_base_connection_get_closed (priv->connection))
    pg_base_connection_abandon (priv->connection, pg_request_pipeline_end_new (priv->open));
  G_OBJECT_CLASS (pg_base_pipeline_parent_class)->dispose (object);
}

static void
pg_base_pipeline_finalize (GObject *object)
{
  PgBasePipelinePrivate *priv = pg_base_pipeline_get_private (PG_BASE_PIPELINE (object));

  g_clear_object (&priv->connection);
  g_atomic_rc_box_release (priv->open);
  G_OBJECT_CLASS (pg_base_pipeline_parent_class)->finalize (object);
}

static void
pg_base_pipeline_class_init (PgBasePipelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pg_base_pipeline_get_property;
  object_class->dispose = pg_base_pipeline_dispose;
  object_class->finalize = pg_base_pipeline_finalize;

  /**
   * PgBasePipeline:status: (getter get_status)
   *
   * Whether the pipeline is open, and whether a statement in it has failed. Its changes are not notified.
   *
   * Since: 1.0
   */
  props[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, PG_TYPE_PIPELINE_STATUS, PG_PIPELINE_STATUS_OFF,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pg_base_pipeline_init (PgBasePipeline *self)
{
  pg_base_pipeline_get_private (self)->open = g_atomic_rc_box_new0 (gint);
}

gpointer
pg_base_pipeline_new (GType type, PgBaseConnection *connection)
{
  gpointer self = g_object_new (type, NULL);

  pg_base_pipeline_get_private (self)->connection = g_object_ref (connection);
  return self;
}

PgRequest *
pg_base_pipeline_request_new (PgBasePipeline *self, PgPipelineVerb verb, GError **error)
{
  PgBasePipelinePrivate *priv = pg_base_pipeline_get_private (self);

  if (priv->connection != NULL)
    return verb (priv->open);
  g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the pipeline has no connection: a connection makes pipelines"));
  return NULL;
}

/**
 * pg_base_pipeline_get_status: (get-property status)
 * @self: a pipeline
 *
 * Gets whether the pipeline is open, and whether a statement in it has failed.
 *
 * Returns: the status
 *
 * Since: 1.0
 */
PgPipelineStatus
pg_base_pipeline_get_status (PgBasePipeline *self)
{
  PgBasePipelinePrivate *priv;

  g_return_val_if_fail (PG_IS_BASE_PIPELINE (self), PG_PIPELINE_STATUS_OFF);
  priv = pg_base_pipeline_get_private (self);
  if (priv->connection == NULL || !g_atomic_int_get (priv->open))
    return PG_PIPELINE_STATUS_OFF;
  return pg_base_connection_get_pipeline_status (priv->connection);
}
