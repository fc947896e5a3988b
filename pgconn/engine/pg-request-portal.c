/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

/* The end of a server-side cursor, which may be gone already: with its transaction, or because somebody else has closed it. It is closed under a savepoint,
 * so that this costs the transaction nothing. */

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
  PgWireParams *name;
  gboolean hold;
  Phase phase;
  gboolean is_missing;
} Close;

static PgStep
close_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Close *self = (Close *) request;
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
  return pg_ask_send (engine, TAG_SAVEPOINT, TAG_CLOSE, self->sql, NULL, error) ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
close_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  Close *self = (Close *) request;

  if (tag == TAG_CHECK)
    self->is_missing = pg_raw_result_get_n_rows (raw) == 0;
  return TRUE;
}

static gboolean
close_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  return tag == TAG_CLOSE && g_strcmp0 (pg_error_get_sqlstate (error), "34000") == 0;
}

static gboolean
close_more (PgRequest *request, PgEngine *engine)
{
  Close *self = (Close *) request;

  if (self->phase == PHASE_UNDO || PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
    return FALSE;
  self->phase = PHASE_UNDO;
  return TRUE;
}

static void
close_finalize (PgRequest *request)
{
  Close *self = (Close *) request;

  g_free (self->sql);
  g_clear_pointer (&self->name, pg_wire_params_unref);
}

static const PgRequestClass close_class = {
  .name = "close",
  .size = sizeof (Close),
  .step = close_step,
  .result = close_result,
  .failed = close_failed,
  .more = close_more,
  .finalize = close_finalize,
};

PgRequest *
pg_request_close_portal_new (const char *sql, PgWireParams *name, gboolean hold)
{
  Close *self = pg_request_alloc (&close_class);

  self->sql = g_strdup (sql);
  self->name = name != NULL ? pg_wire_params_ref (name) : NULL;
  self->hold = hold;
  self->phase = name != NULL ? PHASE_CHECK : PHASE_CLOSE;
  return &self->parent;
}
