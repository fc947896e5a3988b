/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <pgconn/error/pg-diagnostic.h>
#include <pgconn/error/pg-error.h>

/* A statement that is prepared by itself, before it is executed, and the end of it. Executing it is as with any other: by its text and the types of its parameters,
 * which are the server's here. So it is prepared again when the server has lost it, or has had to make room. */

enum
{
  TAG_PREPARE,
  TAG_DESCRIBE,
  TAG_CLOSE,
};

typedef struct
{
  PgRequest parent;
  const char *sql;
  gpointer owner;
  GDestroyNotify owner_free;
  PgWireParams types; /* nothing else of it is there */
  char *name; /* NULL: it has none */
  PgRawResult *description;
} Prepare;

static PgStep
prepare_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Prepare *self = (Prepare *) request;
  const char *name = "";
  gboolean ok;

  if (engine->options.prepare_threshold >= 0 && engine->options.prepared_max != 0)
    name = self->name = pg_statements_make_name (engine->statements);
  ok = pg_trip_begin (engine, TRUE, error) && pg_trip_prepare (engine, TAG_PREPARE, name, self->sql, &self->types, error)
       && pg_trip_describe (engine, TAG_DESCRIBE, name, error);
  return pg_trip_end (engine, ok ? error : NULL) && ok ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
prepare_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  Prepare *self = (Prepare *) request;
  g_autofree guint32 *types = NULL;
  guint n_types;

  if (tag != TAG_DESCRIBE || self->description != NULL)
    return TRUE;
  self->description = pg_raw_result_ref (raw);
  if (self->name == NULL)
    return TRUE;
  n_types = pg_raw_result_get_n_params (raw);
  types = g_new (guint32, MAX (n_types, 1));
  for (guint i = 0; i < n_types; i++)
    types[i] = pg_raw_result_get_param_type (raw, i);
  pg_statements_add (engine->statements, self->sql, n_types, types, g_steal_pointer (&self->name), raw);
  return TRUE;
}

static PgStep
close_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Prepare *self = (Prepare *) request;
  PgCachedStatement *statement = pg_statements_peek (engine->statements, self->sql, self->types.n_params, self->types.types);
  g_autofree char *name = statement != NULL ? g_strdup (pg_cached_statement_get_name (statement)) : NULL;
  gboolean ok;

  if (name == NULL)
    return PG_STEP_DONE;
  /* In a transaction DEALLOCATE would cost it, if somebody else has dropped the statement: it goes with one of those that come after that. */
  if (PQtransactionStatus (engine->conn) != PQTRANS_IDLE && !pg_engine_can (PG_CAN_CLOSE_PREPARED))
    {
      pg_statements_expire (engine->statements, statement);
      return PG_STEP_DONE;
    }
  pg_statements_forget (engine->statements, statement);
  ok = pg_trip_begin (engine, FALSE, error) && pg_trip_close_prepared (engine, TAG_CLOSE, name, error);
  return ok && pg_trip_end (engine, error) ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
close_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  return g_strcmp0 (pg_error_get_sqlstate (error), "26000") == 0;
}

static void
prepare_finalize (PgRequest *request)
{
  Prepare *self = (Prepare *) request;

  g_free (self->types.types);
  g_free (self->name);
  g_clear_pointer (&self->description, pg_raw_result_unref);
  if (self->owner_free != NULL)
    self->owner_free (self->owner);
}

static const PgRequestClass prepare_class = {
  .name = "prepare",
  .size = sizeof (Prepare),
  .step = prepare_step,
  .result = prepare_result,
  .finalize = prepare_finalize,
};

static const PgRequestClass close_class = {
  .name = "close prepared",
  .size = sizeof (Prepare),
  .step = close_step,
  .failed = close_failed,
  .recovers = TRUE,
  .finalize = prepare_finalize,
};

static PgRequest *
request_new (const PgRequestClass *klass, const char *sql, gpointer owner, GDestroyNotify owner_free, guint n_types, const guint32 *types)
{
  Prepare *self = pg_request_alloc (klass);

  self->sql = sql;
  self->owner = owner;
  self->owner_free = owner_free;
  self->types.n_params = n_types;
  self->types.types = n_types > 0 ? g_memdup2 (types, n_types * sizeof *types) : NULL;
  return &self->parent;
}

PgRequest *
pg_request_prepare_new (const char *sql, gpointer owner, GDestroyNotify owner_free, guint n_types, const guint32 *types)
{
  return request_new (&prepare_class, sql, owner, owner_free, n_types, types);
}

PgRawResult *
pg_request_prepare_get_description (PgRequest *request)
{
  return ((Prepare *) request)->description;
}

PgRequest *
pg_request_close_prepared_new (const char *sql, gpointer owner, GDestroyNotify owner_free, guint n_types, const guint32 *types)
{
  return request_new (&close_class, sql, owner, owner_free, n_types, types);
}
