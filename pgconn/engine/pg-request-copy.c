/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include "pg-request-transaction-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The requests of a COPY: the beginning, data, the end. */

/* No more than this waits in libpq's buffer before the socket is asked whether it takes it. */
#define FLUSH_EVERY (64 * 1024)
/* So much that nobody wants is read rather than cancelled. */
#define DROP_AT_MOST (256 * 1024)

PgStream *
pg_request_get_stream (PgRequest *self)
{
  return self->stream;
}

/* --- the beginning --- */

enum
{
  TAG_BEGIN,
  TAG_SAVEPOINT,
  TAG_PREPARE,
  TAG_QUESTION,
  TAG_TYPES,
  TAG_COPY,
};

typedef enum
{
  STAGE_QUESTION,
  STAGE_TYPES,
  STAGE_COPY,
} Stage;

typedef struct
{
  PgRequest parent;
  const char *sql;
  gpointer owner;
  GDestroyNotify owner_free;
  Stage stage;
  gboolean begun;
  gboolean asked; /* in a transaction, which is to be as it was */
  gboolean undoing;
  const char *question;
  PgWireParams *params;
  PgRawResult *answer;
  const char *types_sql;
  PgExecuteAsk ask;
  gpointer ask_data;
  GDestroyNotify ask_destroy;
  PgRawResult *types;
} Begin;

static gboolean
send_question (Begin *self, PgEngine *engine, GError **error)
{
  const gboolean begin = !engine->options.autocommit && PQtransactionStatus (engine->conn) == PQTRANS_IDLE;
  const gboolean describe = self->params == NULL;
  gboolean ok;

  self->asked = begin || PQtransactionStatus (engine->conn) != PQTRANS_IDLE;
  ok = pg_trip_begin (engine, self->asked || describe, error);
  if (ok && begin)
    ok = pg_trip_query (engine, TAG_BEGIN, pg_transaction_begin_sql (&engine->options), error);
  if (ok && self->asked)
    ok = pg_trip_query (engine, TAG_SAVEPOINT, "SAVEPOINT " PG_ASK_SAVEPOINT, error);
  if (ok && describe)
    ok = pg_trip_prepare (engine, TAG_PREPARE, "", self->question, NULL, error) && pg_trip_describe (engine, TAG_QUESTION, "", error);
  else if (ok)
    ok = pg_trip_params (engine, TAG_QUESTION, self->question, self->params, PG_FORMAT_TEXT, error);
  if (ok && self->asked)
    ok = pg_trip_query (engine, TAG_SAVEPOINT, "RELEASE SAVEPOINT " PG_ASK_SAVEPOINT, error);
  return pg_trip_end (engine, ok ? error : NULL) && ok;
}

static PgStep
begin_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Begin *self = (Begin *) request;
  g_autoptr (PgWireParams) types = NULL;
  gboolean begin;

  if (self->undoing)
    {
      self->undoing = FALSE;
      return pg_ask_undo (engine, TAG_SAVEPOINT, error) ? PG_STEP_SENT : PG_STEP_ERROR;
    }
  if (self->stage == STAGE_QUESTION)
    {
      self->stage = STAGE_TYPES;
      if (self->question != NULL && PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
        return send_question (self, engine, error) ? PG_STEP_SENT : PG_STEP_ERROR;
    }
  if (self->stage == STAGE_TYPES)
    {
      self->stage = STAGE_COPY;
      if (self->answer != NULL && self->ask != NULL)
        types = self->ask (request, self->ask_data);
      if (types != NULL)
        {
          self->asked = PQtransactionStatus (engine->conn) != PQTRANS_IDLE;
          return pg_ask_send (engine, TAG_SAVEPOINT, TAG_TYPES, self->types_sql, types, error) ? PG_STEP_SENT : PG_STEP_ERROR;
        }
    }

  begin = !engine->options.autocommit && !self->begun && PQtransactionStatus (engine->conn) == PQTRANS_IDLE;
  self->begun = TRUE;
  if (!pg_trip_begin (engine, FALSE, error))
    return PG_STEP_ERROR;
  /* COPY cannot be sent in pipeline mode. */
  if (begin)
    return pg_trip_query (engine, TAG_BEGIN, pg_transaction_begin_sql (&engine->options), error) && pg_trip_end (engine, error) ? PG_STEP_SENT
                                                                                                                              : PG_STEP_ERROR;
  return pg_trip_query (engine, TAG_COPY, self->sql, error) && pg_trip_end (engine, error) ? PG_STEP_LAST : PG_STEP_ERROR;
}

static gboolean
begin_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  Begin *self = (Begin *) request;

  switch (tag)
    {
    case TAG_QUESTION:
      g_clear_pointer (&self->answer, pg_raw_result_unref);
      self->answer = pg_raw_result_ref (raw);
      return TRUE;
    case TAG_TYPES:
      g_clear_pointer (&self->types, pg_raw_result_unref);
      self->types = pg_raw_result_ref (raw);
      return TRUE;
    case TAG_COPY:
      if (request->abort != PG_ABORT_NONE)
        {
          /* It was stopped before its stream was given to anybody, and too late for the server. */
          g_propagate_error (error, pg_engine_abort_error (request->abort));
          return FALSE;
        }
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                   request->klass->begins == PG_STREAM_COPY_IN ? _ ("the statement does not copy from the client: COPY … FROM STDIN was expected, got %s")
                                                               : _ ("the statement does not copy to the client: COPY … TO STDOUT was expected, got %s"),
                   pg_raw_result_get_command_tag (raw));
      return FALSE;
    default:
      return TRUE;
    }
}

/* Without an answer to what was asked before it the copy goes on: what is wrong with its statement the server says then. */
static gboolean
begin_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  return tag != TAG_BEGIN && tag != TAG_COPY;
}

static gboolean
begin_mend (PgRequest *request, PgEngine *engine)
{
  Begin *self = (Begin *) request;

  self->undoing = self->asked && PQtransactionStatus (engine->conn) == PQTRANS_INERROR;
  self->asked = FALSE;
  return self->undoing;
}

static PgStreamStep
begin_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  request->stream = pg_stream_ref (stream);
  return PG_STREAM_DONE;
}

static void
begin_finalize (PgRequest *request)
{
  Begin *self = (Begin *) request;

  if (self->ask_destroy != NULL)
    self->ask_destroy (self->ask_data);
  g_clear_pointer (&self->params, pg_wire_params_unref);
  g_clear_pointer (&self->answer, pg_raw_result_unref);
  g_clear_pointer (&self->types, pg_raw_result_unref);
  if (self->owner_free != NULL)
    self->owner_free (self->owner);
}

static const PgRequestClass copy_in_class = {
  .name = "copy-in",
  .size = sizeof (Begin),
  .step = begin_step,
  .result = begin_result,
  .failed = begin_failed,
  .mend = begin_mend,
  .stream = begin_stream,
  .begins = PG_STREAM_COPY_IN,
  .finalize = begin_finalize,
};

static const PgRequestClass copy_out_class = {
  .name = "copy-out",
  .size = sizeof (Begin),
  .step = begin_step,
  .result = begin_result,
  .failed = begin_failed,
  .mend = begin_mend,
  .stream = begin_stream,
  .begins = PG_STREAM_COPY_OUT,
  .finalize = begin_finalize,
};

PgRequest *
pg_request_copy_begin_new (const char *sql, gpointer owner, GDestroyNotify owner_free, PgStreamKind kind)
{
  Begin *self = pg_request_alloc (kind == PG_STREAM_COPY_IN ? &copy_in_class : &copy_out_class);

  self->sql = sql;
  self->owner = owner;
  self->owner_free = owner_free;
  return &self->parent;
}

void
pg_request_copy_begin_set_question (PgRequest *request, const char *sql, PgWireParams *params)
{
  Begin *self = (Begin *) request;

  self->question = sql;
  self->params = params != NULL ? pg_wire_params_ref (params) : NULL;
}

PgRawResult *
pg_request_copy_begin_get_answer (PgRequest *request)
{
  return ((Begin *) request)->answer;
}

void
pg_request_copy_begin_set_ask (PgRequest *request, const char *sql, PgExecuteAsk ask, gpointer data, GDestroyNotify destroy)
{
  Begin *self = (Begin *) request;

  self->types_sql = sql;
  self->ask = ask;
  self->ask_data = data;
  self->ask_destroy = destroy;
}

PgRawResult *
pg_request_copy_begin_get_types (PgRequest *request)
{
  return ((Begin *) request)->types;
}

gpointer
pg_request_copy_begin_get_owner (PgRequest *request)
{
  return ((Begin *) request)->owner;
}

/* --- data, and the end --- */

/* The result of the whole statement, whichever request it ends with. */
static gboolean
part_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  g_clear_pointer (&request->stream->result, pg_raw_result_unref);
  request->stream->result = pg_raw_result_ref (raw);
  return TRUE;
}

/* The text and CSV formats keep the encoding that the copy has begun with; the texts in a binary copy are each in that of their moment. */
static void
part_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  if (request->stream->binary)
    pg_encoding_fail (request);
}

typedef struct
{
  PgRequest parent;
  guint8 *buffer;
  gsize size;
  gsize length;
  gboolean peek;
} Read;

static void
drop_block (PgStream *stream)
{
  g_clear_pointer (&stream->block, PQfreemem);
  stream->block_length = stream->block_position = 0;
}

static PgStreamStep
read_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  Read *self = (Read *) request;
  gboolean fresh = FALSE;

  while (self->length < self->size)
    {
      gsize n;

      if (stream->block == NULL)
        {
          int length = PQgetCopyData (engine->conn, &stream->block, TRUE);

          /* Of a connection that is lost there is never any more, libpq says. */
          if (length == 0 && PQstatus (engine->conn) == CONNECTION_BAD)
            length = -1;
          if (length == 0 && self->peek && !fresh)
            {
              /* What goes wrong here is told next time. */
              pg_trip_consume (engine);
              fresh = TRUE;
              continue;
            }
          if (length == 0)
            return self->length > 0 || self->peek ? PG_STREAM_DONE : PG_STREAM_WAIT;
          /* The end, or a failure: the results tell. What was read before it goes out first, and libpq says it again to the next one. */
          if (length < 0)
            return self->length > 0 ? PG_STREAM_DONE : PG_STREAM_END;
          stream->block_length = (gsize) length;
          fresh = FALSE;
        }
      n = MIN (stream->block_length - stream->block_position, self->size - self->length);
      memcpy (self->buffer + self->length, stream->block + stream->block_position, n);
      self->length += n;
      stream->block_position += n;
      if (stream->block_position == stream->block_length)
        drop_block (stream);
    }
  return PG_STREAM_DONE;
}

static const PgRequestClass read_class = {
  .name = "copy-read",
  .size = sizeof (Read),
  .result = part_result,
  .misread = part_misread,
  .stream = read_stream,
};

PgRequest *
pg_request_copy_read_new (PgStream *stream, gpointer buffer, gsize size)
{
  Read *self = pg_request_alloc_part (&read_class, stream);

  self->buffer = buffer;
  self->size = size;
  return &self->parent;
}

PgRequest *
pg_request_copy_peek_new (PgStream *stream, gpointer buffer, gsize size)
{
  PgRequest *self = pg_request_copy_read_new (stream, buffer, size);

  ((Read *) self)->peek = TRUE;
  return self;
}

gsize
pg_request_copy_read_get_length (PgRequest *request)
{
  return ((Read *) request)->length;
}

typedef struct
{
  PgRequest parent;
  const char *data;
  gsize size;
  gsize length;
  gboolean flush;
} Write;

static PgStreamStep
write_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  Write *self = (Write *) request;

  for (;;)
    {
      gsize n = MIN (self->size - self->length, FLUSH_EVERY);
      int sent;

      if (stream->unflushed >= FLUSH_EVERY)
        {
          /* A failure to send libpq keeps to itself until somebody reads. */
          if (!pg_trip_consume (engine))
            return PG_STREAM_END;
          if (!pg_trip_flush (engine))
            return PG_STREAM_WAIT;
          stream->unflushed = 0;
        }
      if (n == 0)
        return self->flush && !pg_trip_flush (engine) ? PG_STREAM_WAIT : PG_STREAM_DONE;
      sent = PQputCopyData (engine->conn, self->data + self->length, (int) n);
      /* It fails where the connection does, which the results tell. */
      if (sent < 0)
        return PG_STREAM_END;
      if (sent == 0)
        {
          engine->want_write = TRUE;
          return PG_STREAM_WAIT;
        }
      self->length += n;
      stream->unflushed += n;
    }
}

static const PgRequestClass write_class = {
  .name = "copy-write",
  .size = sizeof (Write),
  .result = part_result,
  .misread = part_misread,
  .stream = write_stream,
};

PgRequest *
pg_request_copy_write_new (PgStream *stream, gconstpointer data, gsize size, gboolean flush)
{
  Write *self = pg_request_alloc_part (&write_class, stream);

  self->data = data;
  self->size = size;
  self->flush = flush;
  return &self->parent;
}

typedef struct
{
  PgRequest parent;
  char *reason;
  gboolean stopped;
} End;

/* Drops what has arrived. TRUE when that was all: a small rest is mostly here or on the way, and to take it costs less than to cancel the statement, with which
 * its transaction fails. */
static gboolean
drop_arrived (PgEngine *engine)
{
  gboolean fresh = FALSE;
  gsize dropped = 0;

  for (;;)
    {
      char *block;
      int length = PQgetCopyData (engine->conn, &block, TRUE);

      if (length > 0)
        {
          PQfreemem (block);
          dropped += (gsize) length;
          fresh = FALSE;
        }
      else if (length < 0 || PQstatus (engine->conn) == CONNECTION_BAD || (!fresh && !pg_trip_consume (engine)))
        {
          return TRUE;
        }
      else if (fresh || dropped > DROP_AT_MOST)
        {
          return FALSE;
        }
      else
        {
          fresh = TRUE;
        }
    }
}

static PgStreamStep
end_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  End *self = (End *) request;

  if (stream->kind == PG_STREAM_COPY_IN)
    {
      PQputCopyEnd (engine->conn, self->reason);
      pg_trip_flush (engine);
      self->stopped = self->reason != NULL;
      return PG_STREAM_END;
    }
  drop_block (stream);
  self->stopped = stream->cancelled;
  if (!drop_arrived (engine))
    {
      self->stopped = TRUE;
      engine->copy_out = TRUE;
      pg_cancel_start (engine);
    }
  return PG_STREAM_END;
}

/* Who stops it wants the server's error. */
static gboolean
end_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  return ((End *) request)->stopped && g_error_matches (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
}

/* Who closes one that is read has seen enough. */
static void
end_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  if (request->stream->kind == PG_STREAM_COPY_IN)
    part_misread (request, engine, sent);
}

static void
end_finalize (PgRequest *request)
{
  g_free (((End *) request)->reason);
}

static const PgRequestClass end_class = {
  .name = "copy-end",
  .size = sizeof (End),
  .result = part_result,
  .misread = end_misread,
  .stream = end_stream,
  .failed = end_failed,
  .finalize = end_finalize,
  .ends_stream = TRUE,
};

PgRequest *
pg_request_copy_end_new (PgStream *stream, const char *reason)
{
  End *self = pg_request_alloc_part (&end_class, stream);

  self->reason = g_strdup (reason);
  return &self->parent;
}
