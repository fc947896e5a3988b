/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

/* The end of a server-side cursor or of a large object's descriptor, which may be gone already: with its transaction or a savepoint, or because somebody else
 * has closed it. It is closed under a savepoint, so that this costs the transaction nothing. */

enum
{
  TAG_SAVEPOINT,
  TAG_CHECK,
  TAG_CLOSE,
};

typedef enum
{
  PHASE_CHECK,
  PHASE_CLOSE,
  PHASE_UNDO,
} Phase;

typedef struct
{
  PgRequest parent;
  char *sql;
  PgWireParams *params;
  PgWireParams *name;
  gboolean hold;
  Phase phase;
  gboolean is_missing;
} End;

static PgStep
end_step (PgRequest *request, PgEngine *engine, GError **error)
{
  End *self = (End *) request;
  const PGTransactionStatusType status = PQtransactionStatus (engine->conn);

  if (self->phase == PHASE_UNDO)
    return pg_ask_undo (engine, TAG_SAVEPOINT, error) ? PG_STEP_LAST : PG_STEP_ERROR;
  /* Outside of a transaction there are only those that are held; in one that has failed the rollback sees to it. */
  if (self->is_missing || status == PQTRANS_INERROR || (status == PQTRANS_IDLE && !self->hold))
    return PG_STEP_DONE;
  if (self->phase == PHASE_CHECK)
    {
      self->phase = PHASE_CLOSE;
      return pg_ask_send (engine, TAG_SAVEPOINT, TAG_CHECK, "SELECT 1 FROM pg_catalog.pg_cursors WHERE name = $1", self->name, error) ? PG_STEP_SENT
                                                                                                                            : PG_STEP_ERROR;
    }
  return pg_ask_send (engine, TAG_SAVEPOINT, TAG_CLOSE, self->sql, self->params, error) ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
end_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  End *self = (End *) request;

  if (tag == TAG_CHECK)
    self->is_missing = pg_raw_result_get_n_rows (raw) == 0;
  return TRUE;
}

static gboolean
end_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  const char *sqlstate = pg_error_get_sqlstate (error);

  /* No such cursor, no such descriptor. */
  return tag == TAG_CLOSE && (g_strcmp0 (sqlstate, "34000") == 0 || g_strcmp0 (sqlstate, "42704") == 0);
}

static gboolean
end_mend (PgRequest *request, PgEngine *engine)
{
  End *self = (End *) request;

  if (self->phase == PHASE_UNDO || PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
    return FALSE;
  self->phase = PHASE_UNDO;
  return TRUE;
}

static void
end_finalize (PgRequest *request)
{
  End *self = (End *) request;

  g_free (self->sql);
  g_clear_pointer (&self->params, pg_wire_params_unref);
  g_clear_pointer (&self->name, pg_wire_params_unref);
}

static const PgRequestClass end_class = {
  .name = "end",
  .size = sizeof (End),
  .step = end_step,
  .result = end_result,
  .failed = end_failed,
  .mend = end_mend,
  .recovers = TRUE,
  .finalize = end_finalize,
};

PgRequest *
pg_request_end_new (const char *sql, PgWireParams *params, gboolean hold)
{
  End *self = pg_request_alloc (&end_class);

  self->sql = g_strdup (sql);
  self->params = params != NULL ? pg_wire_params_ref (params) : NULL;
  self->hold = hold;
  self->phase = PHASE_CLOSE;
  return &self->parent;
}

void
pg_request_end_set_check (PgRequest *request, PgWireParams *name)
{
  End *self = (End *) request;

  self->name = pg_wire_params_ref (name);
  self->phase = PHASE_CHECK;
}
