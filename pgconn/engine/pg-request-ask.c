/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>

/* A question of the library's own: a statement that reads, and leaves the transaction as it was. In one that is open a savepoint goes with it, so that its
 * failure is not the end of that; outside it needs none, and begins none. */

enum
{
  TAG_SAVEPOINT,
  TAG_STATEMENT,
};

typedef struct
{
  PgRequest parent;
  const char *sql;
  PgWireParams *params;
  PgRawResult *result;
  gboolean undoing;
} Ask;

gboolean
pg_ask_send (PgEngine *engine, guint savepoint_tag, guint tag, const char *sql, PgWireParams *params, GError **error)
{
  const gboolean in_transaction = PQtransactionStatus (engine->conn) != PQTRANS_IDLE;
  gboolean ok;

  ok = pg_trip_begin (engine, in_transaction, error);
  if (ok && in_transaction)
    ok = pg_trip_query (engine, savepoint_tag, "SAVEPOINT " PG_ASK_SAVEPOINT, error);
  if (ok)
    ok = pg_trip_params (engine, tag, sql, params, PG_FORMAT_TEXT, error);
  if (ok && in_transaction)
    ok = pg_trip_query (engine, savepoint_tag, "RELEASE SAVEPOINT " PG_ASK_SAVEPOINT, error);
  return pg_trip_end (engine, ok ? error : NULL) && ok;
}

gboolean
pg_ask_undo (PgEngine *engine, guint savepoint_tag, GError **error)
{
  gboolean ok = pg_trip_begin (engine, TRUE, error) && pg_trip_query (engine, savepoint_tag, "ROLLBACK TO SAVEPOINT " PG_ASK_SAVEPOINT, error) &&
                pg_trip_query (engine, savepoint_tag, "RELEASE SAVEPOINT " PG_ASK_SAVEPOINT, error);

  return pg_trip_end (engine, ok ? error : NULL) && ok;
}

static PgStep
ask_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Ask *self = (Ask *) request;

  if (self->undoing)
    return pg_ask_undo (engine, TAG_SAVEPOINT, error) ? PG_STEP_LAST : PG_STEP_ERROR;
  if (PQtransactionStatus (engine->conn) == PQTRANS_INERROR)
    {
      g_propagate_error (error, pg_error_new_own ("25P02", _ ("the server cannot be asked for a type: the transaction has failed and must be rolled back")));
      return PG_STEP_ERROR;
    }
  return pg_ask_send (engine, TAG_SAVEPOINT, TAG_STATEMENT, self->sql, self->params, error) ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
ask_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  Ask *self = (Ask *) request;

  if (tag == TAG_STATEMENT && self->result == NULL)
    self->result = pg_raw_result_ref (raw);
  return TRUE;
}

static gboolean
ask_mend (PgRequest *request, PgEngine *engine)
{
  Ask *self = (Ask *) request;

  if (self->undoing || PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
    return FALSE;
  self->undoing = TRUE;
  return TRUE;
}

static void
ask_finalize (PgRequest *request)
{
  Ask *self = (Ask *) request;

  g_clear_pointer (&self->params, pg_wire_params_unref);
  g_clear_pointer (&self->result, pg_raw_result_unref);
}

static const PgRequestClass ask_class = {
  .name = "ask",
  .size = sizeof (Ask),
  .step = ask_step,
  .result = ask_result,
  .mend = ask_mend,
  .finalize = ask_finalize,
};

PgRequest *
pg_request_ask_new (const char *sql, PgWireParams *params)
{
  Ask *self = pg_request_alloc (&ask_class);

  self->sql = sql;
  self->params = pg_wire_params_ref (params);
  return &self->parent;
}

PgRawResult *
pg_request_ask_get_result (PgRequest *request)
{
  return ((Ask *) request)->result;
}
