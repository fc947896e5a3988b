/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-request-transaction-private.h"

#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>

const char *
pg_transaction_begin_sql (const PgEngineOptions *options)
{
  static const char *const levels[] = {
    "",
    " ISOLATION LEVEL READ UNCOMMITTED",
    " ISOLATION LEVEL READ COMMITTED",
    " ISOLATION LEVEL REPEATABLE READ",
    " ISOLATION LEVEL SERIALIZABLE",
  };
  /* In the order of PgTristate, which begins with −1. */
  static const char *const access[] = { "", " READ WRITE", " READ ONLY" };
  static const char *const deferrable[] = { "", " NOT DEFERRABLE", " DEFERRABLE" };
  g_autofree char *sql = NULL;

  if (options->isolation_level == PG_ISOLATION_LEVEL_DEFAULT && options->read_only == PG_TRISTATE_DEFAULT && options->deferrable == PG_TRISTATE_DEFAULT)
    return "BEGIN";
  sql = g_strconcat ("BEGIN", levels[options->isolation_level], access[options->read_only + 1], deferrable[options->deferrable + 1], NULL);
  /* There are 45 of them. */
  return g_intern_string (sql);
}

/* --- COMMIT, ROLLBACK --- */

enum
{
  TAG_END,
  TAG_FIRST, /* what is known to be in vain where the pipeline has failed */
};

static PgStep
end_step (PgRequest *request, PgEngine *engine, const char *sql, GError **error)
{
  if (PQtransactionStatus (engine->conn) == PQTRANS_IDLE)
    return PG_STEP_DONE;
  if (!pg_trip_begin (engine, FALSE, error) || !pg_trip_query (engine, TAG_END, sql, error) || !pg_trip_end (engine, error))
    return PG_STEP_ERROR;
  return PG_STEP_LAST;
}

typedef struct
{
  PgRequest parent;
  gboolean in_section;
} Commit;

static PgStep
commit_step (PgRequest *request, PgEngine *engine, GError **error)
{
  if (engine->section.open)
    {
      ((Commit *) request)->in_section = TRUE;
      /* Without BEGIN the Sync commits. */
      if ((engine->section.in_transaction && !pg_trip_query (engine, TAG_END, "COMMIT", error)) || !pg_trip_end (engine, error))
        return PG_STEP_ERROR;
      return PG_STEP_LAST;
    }
  if (engine->section.error != NULL)
    {
      g_propagate_error (error, pg_section_take_error (engine));
      return PG_STEP_ERROR;
    }
  return end_step (request, engine, "COMMIT", error);
}

static void
commit_answered (PgRequest *request, PgEngine *engine)
{
  if (engine->section.error == NULL)
    return;
  /* Skipped, because of that. */
  g_clear_error (&request->error);
  pg_request_fail (request, pg_section_take_error (engine));
}

static void
commit_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  if (((Commit *) request)->in_section)
    pg_section_fail_misread (engine, request);
}

static PgStep
rollback_step (PgRequest *request, PgEngine *engine, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (engine->section.open)
    {
      /* BEGIN makes what the Sync would commit a transaction that can be rolled back. Where the pipeline has failed both are skipped, and it is known afterwards
       * what is left to do. */
      if ((!engine->section.in_transaction && !pg_trip_query (engine, TAG_FIRST, "BEGIN", error)) || !pg_trip_query (engine, TAG_FIRST, "ROLLBACK", error)
          || !pg_trip_end (engine, error))
        return PG_STEP_ERROR;
      return PG_STEP_SENT;
    }
  failure = pg_section_take_error (engine);
  return end_step (request, engine, "ROLLBACK", error);
}

static gboolean
rollback_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  return tag != TAG_END;
}

static void
rollback_skipped (PgRequest *request, PgEngine *engine, guint tag)
{
}

static gboolean
commit_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  /* The server's answer to COMMIT in a failed transaction is a success with another tag. */
  if (g_strcmp0 (pg_raw_result_get_command_tag (raw), "ROLLBACK") != 0)
    return TRUE;
  g_set_error_literal (error, PG_ERROR, PG_ERROR_TRANSACTION_ROLLED_BACK,
                       _ ("the transaction had failed, COMMIT has rolled it back"));
  return FALSE;
}

static const PgRequestClass commit_class = {
  .name = "commit",
  .size = sizeof (Commit),
  .step = commit_step,
  .result = commit_result,
  .answered = commit_answered,
  .misread = commit_misread,
  .ends_section = TRUE,
  .recovers = TRUE,
  .outcome_matters = TRUE,
};

static const PgRequestClass rollback_class = {
  .name = "rollback",
  .size = sizeof (PgRequest),
  .step = rollback_step,
  .failed = rollback_failed,
  .skipped = rollback_skipped,
  .ends_section = TRUE,
  .recovers = TRUE,
};

PgRequest *
pg_request_commit_new (void)
{
  return pg_request_alloc (&commit_class);
}

PgRequest *
pg_request_rollback_new (void)
{
  return pg_request_alloc (&rollback_class);
}

/* --- the characteristics of the transactions to come --- */

typedef enum
{
  SET_AUTOCOMMIT,
  SET_ISOLATION_LEVEL,
  SET_READ_ONLY,
  SET_DEFERRABLE,
} SetWhat;

typedef struct
{
  PgRequest parent;
  SetWhat what;
  gint value;
} Set;

static PgStep
set_step (PgRequest *request, PgEngine *engine, GError **error)
{
  static const char *const names[] = { "autocommit", "isolation-level", "read-only", "deferrable" };
  static const char *const statuses[] = { "IDLE", "ACTIVE", "INTRANS", "INERROR", "UNKNOWN" };
  Set *self = (Set *) request;
  PGTransactionStatusType status = PQtransactionStatus (engine->conn);

  if (status != PQTRANS_IDLE)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("can't change '%s' now: connection in transaction status %s"), names[self->what],
                   statuses[MIN (status, PQTRANS_UNKNOWN)]);
      return PG_STEP_ERROR;
    }
  switch (self->what)
    {
    case SET_AUTOCOMMIT:
      engine->options.autocommit = self->value;
      break;
    case SET_ISOLATION_LEVEL:
      engine->options.isolation_level = self->value;
      break;
    case SET_READ_ONLY:
      engine->options.read_only = self->value;
      break;
    case SET_DEFERRABLE:
    default:
      engine->options.deferrable = self->value;
      break;
    }
  return PG_STEP_DONE;
}

static const PgRequestClass set_class = {
  .name = "set",
  .size = sizeof (Set),
  .step = set_step,
};

static PgRequest *
set_new (SetWhat what, gint value)
{
  Set *self = pg_request_alloc (&set_class);

  self->what = what;
  self->value = value;
  return &self->parent;
}

PgRequest *
pg_request_set_autocommit_new (gboolean value)
{
  return set_new (SET_AUTOCOMMIT, value != FALSE);
}

PgRequest *
pg_request_set_isolation_level_new (PgIsolationLevel value)
{
  return set_new (SET_ISOLATION_LEVEL, value);
}

PgRequest *
pg_request_set_read_only_new (PgTristate value)
{
  return set_new (SET_READ_ONLY, value);
}

PgRequest *
pg_request_set_deferrable_new (PgTristate value)
{
  return set_new (SET_DEFERRABLE, value);
}
