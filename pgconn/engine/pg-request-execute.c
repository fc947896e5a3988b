/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-request-execute-private.h"

#include "pg-request-transaction-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-diagnostic-private.h>
#include <pgconn/error/pg-error.h>
#include <string.h>

/* The verb behind every execute(). What must precede the statement travels with it, and so does the end of others. */

/* More than one goes with one that comes: the server cannot drop any in a transaction that has failed. */
#define MAX_EVICT 4
/* Those that a transaction has put off, see may_evict_now(). */
#define MAX_EVICT_LATE 16

enum
{
  TAG_EVICT,
  TAG_ROLLBACK,
  TAG_BEGIN,
  TAG_PREPARE,
  TAG_PRELUDE,
  TAG_STATEMENT,
  TAG_GUARD,
  TAG_ASK_SAVEPOINT,
  TAG_ASK,
};

static gboolean
wants_prepare (PgExecute *self, PgEngine *engine)
{
  if ((self->flags & (PG_EXECUTE_SCRIPT | PG_EXECUTE_COPY | PG_EXECUTE_EMPTY)) != 0 || self->prepare == PG_PREPARE_NEVER
      || engine->options.prepared_max == 0)
    return FALSE;
  return engine->options.prepare_threshold >= 0;
}

/* A statement has its first result in text, and a prepared one those that follow in binary if it may: the server sends an error rather than other columns
 * than those that were seen then. Of one that is not prepared nobody knows what columns it has next time. */
static PgFormat
choose_format (PgExecute *self, PgEngine *engine, gboolean is_prepared)
{
  guint8 plain;

  if (self->format != PG_FORMAT_AUTO)
    return self->format;
  if (self->plain < 0 && (!is_prepared || self->plain_func == NULL))
    return PG_FORMAT_TEXT;
  plain = self->plain >= 0 ? (guint8) self->plain : pg_cached_statement_get_plain (self->statement, self->plain_func, self->plain_data);
  if (plain == 0)
    return PG_FORMAT_BINARY;
  return (plain & PG_WIRE_PLAIN_NEVER) == 0 && (plain & ~pg_engine_get_plain (engine)) == 0 ? PG_FORMAT_BINARY : PG_FORMAT_TEXT;
}

/* Without a maximum nothing is dropped, unless it can be done by a message, which a connection pooler understands too. */
static gboolean
can_evict (PgEngine *engine)
{
  return engine->options.prepared_max > 0 || pg_engine_can (PG_CAN_CLOSE_PREPARED);
}

/* DEALLOCATE fails where the server does not have the statement any more, as a function may have dropped it: in a transaction with something to lose none is dropped so. That waits
 * for a statement that can be tried again; meanwhile there are more of them. The message does not fail. */
static gboolean
may_evict_now (PgEngine *engine)
{
  return pg_engine_is_idle (engine) || pg_engine_can (PG_CAN_CLOSE_PREPARED);
}

static gboolean
may_prepare (PgExecute *self, PgEngine *engine)
{
  if (self->prepare != PG_PREPARE_FORCE && pg_cached_statement_get_count (self->statement) <= (guint) engine->options.prepare_threshold)
    return FALSE;
  return may_evict_now (engine) || pg_statements_may_exceed (engine->statements, engine->options.prepared_max);
}

/* After rows that have come by and by libpq goes on so with the first statement of a pipeline, unless they came in one, too. */
static gboolean
is_in_pipeline (PgExecute *self)
{
  return self->chunk_size > 0;
}

static gboolean
send_alone (PgExecute *self, PgEngine *engine, GError **error)
{
  const PgFormat format = choose_format (self, engine, FALSE);

  if (!pg_trip_begin (engine, is_in_pipeline (self), error))
    return FALSE;
  /* The simple protocol is what takes scripts and what any pooler's console understands; it only knows text. */
  if (self->chunk_size == 0 && self->params == NULL && (format == PG_FORMAT_TEXT || (self->flags & (PG_EXECUTE_SCRIPT | PG_EXECUTE_COPY)) != 0))
    return pg_trip_query (engine, TAG_STATEMENT, self->sql, error) && pg_trip_end (engine, error);
  if (!pg_trip_params (engine, TAG_STATEMENT, self->sql, self->params, format, error))
    return FALSE;
  pg_trip_set_rows (engine, TAG_STATEMENT, self->chunk_size);
  return pg_trip_end (engine, error);
}

/* In a group one statement is prepared, lest two of them prepare the same one; in a pipeline what follows the preparation may use it. */
static gboolean
may_prepare_along (PgEngine *engine)
{
  return (engine->section.open || !engine->group_prepares) && pg_statements_has_room (engine->statements, engine->options.prepared_max);
}

static PgStep
execute_step (PgRequest *request, PgEngine *engine, GError **error)
{
  PgExecute *self = (PgExecute *) request;
  gboolean idle = pg_engine_is_idle (engine);
  gboolean begin = idle && !engine->options.autocommit && !self->begun && (self->flags & PG_EXECUTE_NO_BEGIN) == 0;
  gboolean rollback = FALSE;
  const char *name = NULL;
  gboolean prepare_now = FALSE;
  guint n_evict = 0;
  PgFormat format;
  gboolean ok;

  if (self->phase == PG_EXECUTE_PHASE_ASK)
    return pg_ask_send (engine, TAG_ASK_SAVEPOINT, TAG_ASK, self->ask_sql, self->ask_params, error) ? PG_STEP_LAST : PG_STEP_ERROR;
  if (self->phase == PG_EXECUTE_PHASE_UNDO)
    return pg_ask_undo (engine, TAG_ASK_SAVEPOINT, error) ? PG_STEP_LAST : PG_STEP_ERROR;
  /* Of a try whose effects the server has undone. */
  g_clear_pointer (&self->first, pg_raw_result_unref);
  g_clear_pointer (&self->more, g_ptr_array_unref);
  if ((self->flags & PG_EXECUTE_LASTING) != 0 && idle && engine->options.autocommit)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                           _ ("a large object is open for as long as a transaction, and none is open: the connection is in autocommit mode"));
      return PG_STEP_ERROR;
    }

  if ((self->flags & PG_EXECUTE_STANDARD_STRINGS) != 0 && g_strcmp0 (PQparameterStatus (engine->conn, "standard_conforming_strings"), "on") != 0)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_NOT_SUPPORTED,
                           _ ("standard_conforming_strings is off: parameters cannot be merged into a statement that has a backslash in a string without E"));
      return PG_STEP_ERROR;
    }
  if (!self->begun && !self->retried)
    self->was_idle = idle;
  if (self->retried && !idle && self->was_idle)
    {
      /* The failed try has left its own transaction behind. */
      rollback = TRUE;
      begin = !engine->options.autocommit;
    }

  if ((self->flags & (PG_EXECUTE_SCRIPT | PG_EXECUTE_COPY | PG_EXECUTE_EMPTY)) != 0)
    {
      if (!begin)
        return send_alone (self, engine, error) ? PG_STEP_LAST : PG_STEP_ERROR;
      self->begun = TRUE;
      if (!pg_trip_begin (engine, FALSE, error) || !pg_trip_query (engine, TAG_BEGIN, pg_transaction_begin_sql (&engine->options), error)
          || !pg_trip_end (engine, error))
        return PG_STEP_ERROR;
      return PG_STEP_SENT;
    }

  if (wants_prepare (self, engine))
    {
      if (self->statement == NULL || self->retried)
        {
          g_clear_pointer (&self->statement, pg_cached_statement_unref);
          self->statement = pg_statements_use (engine->statements, self->sql, self->params);
        }
      name = pg_cached_statement_get_name (self->statement);
      if (name == NULL && (!engine->grouping || may_prepare_along (engine)) && may_prepare (self, engine))
        {
          prepare_now = TRUE;
          name = pg_statements_name (engine->statements, self->statement);
        }
      self->reused = name != NULL && !prepare_now;
      /* Together with others none is dropped. */
      if (can_evict (engine) && may_evict_now (engine) && !self->retried && !engine->grouping && PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
        n_evict = MIN (pg_statements_evict (engine->statements, engine->options.prepared_max - (prepare_now ? 1 : 0)),
                       pg_engine_can (PG_CAN_CLOSE_PREPARED) ? MAX_EVICT : MAX_EVICT_LATE);
    }

  format = choose_format (self, engine, name != NULL && !prepare_now);
  self->guarded = self->chunk_size > 0 && (begin || !idle);
  if (!begin && !rollback && !prepare_now && n_evict == 0 && self->prelude == NULL && !self->guarded)
    {
      if (name == NULL)
        return send_alone (self, engine, error) ? PG_STEP_LAST : PG_STEP_ERROR;
      ok = pg_trip_begin (engine, is_in_pipeline (self), error) && pg_trip_prepared (engine, TAG_STATEMENT, name, self->params, format, error);
      pg_trip_set_rows (engine, TAG_STATEMENT, self->chunk_size);
      ok = ok && pg_trip_end (engine, error);
      return ok ? PG_STEP_LAST : PG_STEP_ERROR;
    }

  ok = pg_trip_begin (engine, TRUE, error);
  if (ok && rollback)
    ok = pg_trip_query (engine, TAG_ROLLBACK, "ROLLBACK", error);
  if (ok && begin)
    ok = pg_trip_query (engine, TAG_BEGIN, pg_transaction_begin_sql (&engine->options), error);
  if (begin)
    engine->section.in_transaction = TRUE;
  if (ok && prepare_now)
    {
      ok = pg_trip_prepare (engine, TAG_PREPARE, name, self->sql, self->params, error);
      if (ok && engine->section.open)
        self->promised = pg_statements_promise (engine->statements, self->statement);
    }
  if (ok && self->prelude != NULL)
    ok = pg_trip_params (engine, TAG_PRELUDE, self->prelude, self->prelude_params, PG_FORMAT_TEXT, error);
  if (ok && self->guarded)
    ok = pg_trip_query (engine, TAG_GUARD, "SAVEPOINT " PG_STREAM_SAVEPOINT, error);
  if (ok && name != NULL)
    ok = pg_trip_prepared (engine, TAG_STATEMENT, name, self->params, format, error);
  else if (ok)
    ok = pg_trip_params (engine, TAG_STATEMENT, self->sql, self->params, format, error);
  pg_trip_set_rows (engine, TAG_STATEMENT, self->chunk_size);
  if (ok && self->guarded)
    ok = pg_trip_query (engine, TAG_GUARD, "RELEASE SAVEPOINT " PG_STREAM_SAVEPOINT, error);
  /* At the end: some statements must be the first of their transaction, or of their pipeline, as VACUUM. After a Sync: outside of a transaction
   * neither the statement nor the end of others can undo the other. */
  if (ok && n_evict > 0)
    ok = pg_trip_sync (engine, error);
  for (guint i = 0; ok && i < n_evict; i++)
    ok = pg_trip_close_prepared (engine, TAG_EVICT, pg_statements_get_evicted (engine->statements, i), error);
  /* The Sync also ends what an error has left half sent. */
  if (!pg_trip_end (engine, ok ? error : NULL))
    ok = FALSE;
  return ok ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
execute_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  PgExecute *self = (PgExecute *) request;

  switch (tag)
    {
    case TAG_EVICT:
      pg_statements_evicted (engine->statements);
      return TRUE;
    case TAG_PREPARE:
      pg_statements_prepared (engine->statements, self->statement);
      return TRUE;
    case TAG_STATEMENT:
      pg_statements_take_setting (engine->statements, pg_raw_result_get_command_tag (raw), self->sql);
      if (self->statement != NULL)
        pg_cached_statement_take_columns (self->statement, raw);
      if (self->watch != NULL)
        self->watch (raw, self->watch_data);
      if (self->first == NULL)
        {
          self->first = pg_raw_result_ref (raw);
        }
      else
        {
          if (self->more == NULL)
            self->more = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_raw_result_unref);
          g_ptr_array_add (self->more, pg_raw_result_ref (raw));
        }
      return TRUE;
    case TAG_ASK:
      if (self->answer == NULL)
        self->answer = pg_raw_result_ref (raw);
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
execute_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  PgExecute *self = (PgExecute *) request;
  PgDiagnostic *diagnostic = pg_error_get_diagnostic (error);

  if (tag == TAG_ASK_SAVEPOINT || tag == TAG_ASK)
    return TRUE;
  self->undone = self->undone || tag == TAG_STATEMENT;
  if (tag != TAG_EVICT)
    return FALSE;
  /* Somebody else has dropped it. */
  if (diagnostic != NULL && g_strcmp0 (pg_diagnostic_get_sqlstate (diagnostic), "26000") == 0)
    pg_statements_evicted (engine->statements);
  /* A transaction that had failed before has not been lost with it. */
  if (self->evict_error == NULL && !g_error_matches (error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION))
    self->evict_error = g_error_copy (error);
  return TRUE;
}

/* A COPY to the client that was refused had to be read nevertheless, and the server had nothing against it. */
static void
add_done (GError *error)
{
  char *message = g_strdup_printf (_ ("%s; the statements were executed all the same, and what COPY gave is lost"), error->message);

  g_free (error->message);
  error->message = message;
}

static void
execute_answered (PgRequest *request, PgEngine *engine)
{
  PgExecute *self = (PgExecute *) request;

  if (self->first != NULL)
    pg_engine_confirm_session (engine, self->first);
  for (guint i = 0; self->more != NULL && i < self->more->len; i++)
    pg_engine_confirm_session (engine, g_ptr_array_index (self->more, i));

  if (self->promised)
    pg_statements_end_promise (engine->statements, self->statement);
  self->promised = FALSE;
  if (request->error != NULL && !self->undone && self->first != NULL && (self->flags & PG_EXECUTE_SCRIPT) != 0)
    add_done (request->error);

  /* That another statement could not be dropped is no failure of this one, unless its transaction is lost with it. */
  if (self->evict_error == NULL)
    return;
  if (request->error == NULL && PQtransactionStatus (engine->conn) == PQTRANS_INERROR)
    pg_request_fail (request, g_error_copy (self->evict_error));
  else
    g_clear_error (&self->evict_error);
}

static gboolean
execute_retry (PgRequest *request, PgEngine *engine)
{
  PgExecute *self = (PgExecute *) request;

  if (self->evict_error != NULL)
    {
      g_clear_error (&self->evict_error);
      /* In autocommit mode it has begun the transaction that is lost, and nothing else. */
      if (self->retried || !self->was_idle)
        return FALSE;
      self->retried = TRUE;
      g_clear_pointer (&self->first, pg_raw_result_unref);
      g_clear_pointer (&self->more, g_ptr_array_unref);
      return TRUE;
    }
  if (self->retried || !self->reused || !pg_statements_is_stale (pg_request_get_diagnostic (request)))
    return FALSE;
  if (g_str_equal (pg_diagnostic_get_sqlstate (pg_request_get_diagnostic (request)), "26000"))
    pg_statements_forget (engine->statements, self->statement);
  else
    pg_statements_expire (engine->statements, self->statement);
  /* Inside the user's transaction there is nothing to go back to; the next one prepares anew. */
  if (!self->was_idle)
    return FALSE;
  self->retried = TRUE;
  if (self->prepare == PG_PREPARE_AUTO)
    self->prepare = PG_PREPARE_FORCE;
  return TRUE;
}

static gboolean
execute_more (PgRequest *request, PgEngine *engine)
{
  PgExecute *self = (PgExecute *) request;
  const PGTransactionStatusType status = PQtransactionStatus (engine->conn);
  /* Of a group libpq says ACTIVE until all are answered; each is a transaction of its own, and that is over. */
  const gboolean is_member = engine->n_sent > 0;

  switch (self->phase)
    {
    case PG_EXECUTE_PHASE_STATEMENT:
      if (self->ask == NULL || self->first == NULL || (!is_member && status != PQTRANS_IDLE && status != PQTRANS_INTRANS))
        return FALSE;
      self->ask_params = self->ask (request, self->ask_data);
      self->phase = PG_EXECUTE_PHASE_ASK;
      return self->ask_params != NULL;
    case PG_EXECUTE_PHASE_ASK:
    case PG_EXECUTE_PHASE_UNDO:
    default:
      return FALSE;
    }
}

static void
execute_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  PgExecute *self = (PgExecute *) request;

  if (sent && !pg_encoding_check_sent (request, self->sql, self->params))
    {
      /* It may have been prepared so. */
      if (self->statement != NULL)
        pg_statements_expire (engine->statements, self->statement);
      return;
    }
  for (guint i = 0; i < pg_request_execute_get_n_results (request); i++)
    if (!pg_encoding_check_result (request, pg_request_execute_get_result (request, i)))
      return;
}

static gboolean
execute_mend (PgRequest *request, PgEngine *engine)
{
  PgExecute *self = (PgExecute *) request;

  if (self->phase != PG_EXECUTE_PHASE_ASK || self->ask_params == NULL || PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
    return FALSE;
  self->phase = PG_EXECUTE_PHASE_UNDO;
  return TRUE;
}

static void
execute_finalize (PgRequest *request)
{
  PgExecute *self = (PgExecute *) request;

  g_clear_pointer (&self->params, pg_wire_params_unref);
  g_clear_pointer (&self->statement, pg_cached_statement_unref);
  g_clear_error (&self->evict_error);
  g_clear_pointer (&self->first, pg_raw_result_unref);
  g_clear_pointer (&self->more, g_ptr_array_unref);
  if (self->plain_data_free != NULL)
    self->plain_data_free (self->plain_data);
  if (self->watch_data_free != NULL)
    self->watch_data_free (self->watch_data);
  g_clear_pointer (&self->prelude_params, pg_wire_params_unref);
  g_clear_pointer (&self->ask_params, pg_wire_params_unref);
  g_clear_pointer (&self->answer, pg_raw_result_unref);
  if (self->ask_free != NULL)
    self->ask_free (self->ask_data);
  if (self->owner_free != NULL)
    self->owner_free (self->owner);
}

static gboolean
execute_joins (PgRequest *request)
{
  PgExecute *self = (PgExecute *) request;

  return (self->flags & PG_EXECUTE_PLAIN) != 0
         && (self->flags & (PG_EXECUTE_SCRIPT | PG_EXECUTE_COPY | PG_EXECUTE_EMPTY | PG_EXECUTE_NO_BEGIN | PG_EXECUTE_LASTING | PG_EXECUTE_STANDARD_STRINGS)) == 0
         && self->prelude == NULL;
}

static gboolean
execute_pipelines (PgRequest *request)
{
  PgExecute *self = (PgExecute *) request;

  return (self->flags & (PG_EXECUTE_SCRIPT | PG_EXECUTE_COPY | PG_EXECUTE_EMPTY | PG_EXECUTE_ALONE | PG_EXECUTE_NO_BEGIN | PG_EXECUTE_LASTING | PG_EXECUTE_STANDARD_STRINGS)) == 0
         && self->prelude == NULL && self->chunk_size == 0;
}

static const PgRequestClass execute_class = {
  .name = "execute",
  .size = sizeof (PgExecute),
  .joins = execute_joins,
  .pipelines = execute_pipelines,
  .step = execute_step,
  .result = execute_result,
  .failed = execute_failed,
  .answered = execute_answered,
  .retry = execute_retry,
  .more = execute_more,
  .mend = execute_mend,
  .misread = execute_misread,
  .finalize = execute_finalize,
};

/* --- a stream of its rows --- */

static gboolean
rows_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  if (tag == TAG_STATEMENT && pg_raw_result_get_status (raw) != PG_RAW_STATUS_TUPLES_OK)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the statement was executed and gives no rows to read (command status: %s)"),
                   pg_raw_result_get_command_tag (raw));
      return FALSE;
    }
  if (tag == TAG_STATEMENT && request->dropped)
    {
      /* It was stopped before its stream began, and too late for the server. */
      g_propagate_error (error, pg_engine_abort_error (request->abort));
      return FALSE;
    }
  if (tag == TAG_STATEMENT && request->stream == NULL)
    request->stream = pg_stream_new_empty (raw);
  return execute_result (request, engine, tag, raw, error);
}

static PgStreamStep
rows_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  request->stream = pg_stream_ref (stream);
  stream->origin = pg_request_ref (request);
  stream->guarded = ((PgExecute *) request)->guarded;
  return PG_STREAM_DONE;
}

static const PgRequestClass rows_class = {
  .name = "stream",
  .size = sizeof (PgExecute),
  .step = execute_step,
  .result = rows_result,
  .failed = execute_failed,
  .answered = execute_answered,
  .retry = execute_retry,
  .more = execute_more,
  .mend = execute_mend,
  .misread = execute_misread,
  .stream = rows_stream,
  .begins = PG_STREAM_ROWS,
  .finalize = execute_finalize,
};

gboolean
pg_request_execute_set_chunk_size (PgRequest *request, guint chunk_size, GError **error)
{
  PgExecute *self = (PgExecute *) request;
  const char *message = NULL;

  if (chunk_size == 0 || chunk_size > G_MAXINT)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a chunk has from 1 to %d rows, not %u"), G_MAXINT, chunk_size);
      return FALSE;
    }
  if ((self->flags & PG_EXECUTE_SCRIPT) != 0)
    message = _ ("the rows of one statement can be read by and by, not those of several");
  else if ((self->flags & PG_EXECUTE_COPY) != 0)
    message = _ ("COPY gives no rows to read: copy_in() and copy_out() are for it");
  else if ((self->flags & PG_EXECUTE_EMPTY) != 0)
    message = _ ("the statement is empty, and gives no rows to read");
  if (message != NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, message);
      return FALSE;
    }
  self->chunk_size = chunk_size;
  request->klass = &rows_class;
  return TRUE;
}

PgRequest *
pg_request_execute_new (const char *sql, gpointer owner, GDestroyNotify owner_free, PgExecuteFlags flags, PgWireParams *params, PgPrepare prepare,
                        PgFormat format)
{
  PgExecute *self = pg_request_alloc (&execute_class);

  self->sql = sql;
  self->owner = owner;
  self->owner_free = owner_free;
  self->flags = flags;
  self->params = params != NULL ? pg_wire_params_ref (params) : NULL;
  self->prepare = prepare;
  self->format = format;
  self->plain = -1;
  return &self->parent;
}
