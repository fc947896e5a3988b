/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/engine/pg-raw-result-libpq-private.h>

/* Rows that are read while the server sends them: the chunks, and the end. An execute() begins the stream, and gets what comes after its rows. Where libpq cannot
 * give chunks, they are put together of single rows. See "Retrieving Query Results in Chunks" in the libpq chapter of the PostgreSQL manual. */

/* The rest of the rows is read for so long before the server is told to stop: that costs a connection, and undoes what the statement has done. */
#define PATIENCE (20 * G_TIME_SPAN_MILLISECOND)

/* Those of the statement's own messages are below. */
#define TAG_UNDO 100

PgStream *
pg_stream_new_empty (PgRawResult *raw)
{
  PgStream *self = pg_stream_new (PG_STREAM_ROWS);

  self->head = pg_raw_result_ref (raw);
  self->result = pg_raw_result_ref (raw);
  self->over = 1;
  return self;
}

PgRawResult *
pg_stream_get_head (PgStream *self)
{
  return self->head;
}

gint64
pg_stream_get_n_rows (PgStream *self)
{
  return pg_stream_get_result (self) != NULL ? (gint64) self->n_rows : -1;
}

const char *
pg_stream_get_command_tag (PgStream *self)
{
  PgRawResult *result = pg_stream_get_result (self);

  if (result == NULL)
    return NULL;
  return *self->tag != '\0' ? self->tag : pg_raw_result_get_command_tag (result);
}

static void
count_rows (PgStream *stream, PGresult *result)
{
  const char *tag = PQcmdStatus (result);

  stream->n_rows += (guint) PQntuples (result);
  /* libpq 17 writes it to the rows that it has not given yet. */
  if (*tag != '\0')
    g_strlcpy (stream->tag, tag, sizeof stream->tag);
}

static void
add_rows (PgEngine *engine, PgStream *stream, PGresult *result)
{
  const gboolean whole = (int) PQresultStatus (result) == PG_LIBPQ_TUPLES_CHUNK || stream->chunk_size == 1;

  count_rows (stream, result);
  if (stream->chunk != NULL)
    {
      pg_raw_result_add_row (stream->chunk, result);
      PQclear (result);
    }
  else
    {
      stream->chunk = whole ? pg_raw_result_new_take (result) : pg_raw_result_new_rows (result, stream->chunk_size);
      pg_engine_mark_session (engine, stream->chunk);
    }
  stream->full = whole || pg_raw_result_get_n_rows (stream->chunk) == stream->chunk_size;
}

void
pg_stream_take_rows (PgEngine *self, PGresult *result)
{
  PgRequest *request = self->current;

  if (self->stream == NULL && request->klass->begins == PG_STREAM_ROWS && request->error == NULL && request->abort == PG_ABORT_NONE)
    {
      pg_stream_open (self, PG_STREAM_ROWS, result);
      self->stream->chunk_size = self->rows_size;
      self->stream->head = pg_raw_result_new_take (PQcopyResult (result, PG_COPYRES_ATTRS));
      add_rows (self, self->stream, result);
      return;
    }
  /* Nobody is to have them. */
  if (self->stream == NULL && request->klass->begins != PG_STREAM_ROWS && request->abort == PG_ABORT_NONE)
    pg_request_fail (request, g_error_new_literal (PG_ERROR, PG_ERROR_INTERFACE, _ ("libpq has given the rows by and by, and was not told to")));
  request->dropped = TRUE;
  if (self->stream != NULL)
    count_rows (self->stream, result);
  PQclear (result);
}

/* What has come, up to a full chunk or the end of the rows. */
static PgStreamStep
pull (PgEngine *engine, PgStream *stream, gboolean keep)
{
  /* What follows the statement may not be out yet. */
  if (engine->want_write)
    pg_trip_flush (engine);
  while (stream->last == NULL && !stream->full)
    {
      PGresult *result;

      if (PQisBusy (engine->conn))
        return PG_STREAM_WAIT;
      result = PQgetResult (engine->conn);
      switch ((int) PQresultStatus (result))
        {
        case PGRES_SINGLE_TUPLE:
        case PG_LIBPQ_TUPLES_CHUNK:
          if (keep)
            {
              add_rows (engine, stream, result);
              continue;
            }
          count_rows (stream, result);
          PQclear (result);
          continue;
        default:
          /* The end, or an error: it is received as any result, which also makes the best of a server that leaves it out. */
          stream->last = result;
          return PG_STREAM_END;
        }
    }
  return stream->last != NULL ? PG_STREAM_END : PG_STREAM_DONE;
}

/* --- what comes after the rows --- */

static gboolean
part_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  PgStream *stream = request->stream;
  PgRequest *origin = stream->origin;

  if (tag == TAG_UNDO)
    return TRUE;
  if (stream->result == NULL && pg_raw_result_get_status (raw) == PG_RAW_STATUS_TUPLES_OK)
    stream->result = pg_raw_result_ref (raw);
  return origin->klass->result (origin, engine, tag, raw, error);
}

void
pg_stream_answered (PgEngine *self)
{
  PgRequest *origin = self->stream != NULL ? self->stream->origin : NULL;

  if (origin == NULL)
    return;
  origin->klass->answered (origin, self);
  if (origin->error != NULL && self->current->error == NULL)
    pg_request_fail (self->current, g_error_copy (origin->error));
}

/* --- a chunk --- */

typedef struct
{
  PgRequest parent;
  PgRawResult *chunk;
} Next;

static PgStreamStep
next_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  Next *self = (Next *) request;
  PgStreamStep step = pull (engine, stream, TRUE);

  if (step == PG_STREAM_WAIT)
    return step;
  self->chunk = g_steal_pointer (&stream->chunk);
  stream->full = FALSE;
  /* The rows before an error are given first. */
  if (step == PG_STREAM_END && self->chunk != NULL && PQresultStatus (stream->last) != PGRES_TUPLES_OK)
    return PG_STREAM_DONE;
  return step;
}

/* One that comes after the rows is for the next call. */
static gboolean
next_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  PgStream *stream = request->stream;
  PgRequest *origin = stream->origin;

  if (origin->klass->failed (origin, engine, tag, error))
    return TRUE;
  g_clear_pointer (&stream->result, pg_raw_result_unref);
  if (((Next *) request)->chunk == NULL)
    return FALSE;
  if (stream->error == NULL)
    stream->error = g_error_copy (error);
  return TRUE;
}

/* The server tells of it at the end only. */
static void
next_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  pg_encoding_fail (request);
}

static void
next_finalize (PgRequest *request)
{
  g_clear_pointer (&((Next *) request)->chunk, pg_raw_result_unref);
}

static const PgRequestClass next_class = {
  .name = "stream-next",
  .size = sizeof (Next),
  .result = part_result,
  .failed = next_failed,
  .misread = next_misread,
  .stream = next_stream,
  .finalize = next_finalize,
};

PgRequest *
pg_request_stream_next_new (PgStream *stream)
{
  return pg_request_alloc_part (&next_class, stream);
}

PgRawResult *
pg_request_stream_next_get_chunk (PgRequest *request)
{
  return ((Next *) request)->chunk;
}

/* --- the end --- */

typedef struct
{
  PgRequest parent;
  gboolean undoing;
} End;

static PgStreamStep
end_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  g_clear_pointer (&stream->chunk, pg_raw_result_unref);
  stream->full = FALSE;
  stream->dropped = TRUE;
  if (pull (engine, stream, FALSE) == PG_STREAM_WAIT)
    {
      /* As if the server had been told just now. */
      pg_cancel_start (engine);
      if (engine->cancel.phase != PG_CANCEL_SENDING)
        {
          engine->cancel.phase = PG_CANCEL_SENT;
          engine->cancel.again = g_get_monotonic_time () + PATIENCE;
        }
    }
  return PG_STREAM_END;
}

/* Whoever closes it does not want to know any more. */
static gboolean
end_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  PgStream *stream = request->stream;

  if (stream->origin != NULL)
    stream->origin->klass->failed (stream->origin, engine, tag, error);
  g_clear_pointer (&stream->result, pg_raw_result_unref);
  return TRUE;
}

static gboolean
end_mend (PgRequest *request, PgEngine *engine)
{
  End *self = (End *) request;

  if (self->undoing || !request->stream->guarded || PQtransactionStatus (engine->conn) != PQTRANS_INERROR)
    return FALSE;
  self->undoing = TRUE;
  return TRUE;
}

static PgStep
end_step (PgRequest *request, PgEngine *engine, GError **error)
{
  gboolean ok = pg_trip_begin (engine, TRUE, error) && pg_trip_query (engine, TAG_UNDO, "ROLLBACK TO SAVEPOINT " PG_STREAM_SAVEPOINT, error) &&
                pg_trip_query (engine, TAG_UNDO, "RELEASE SAVEPOINT " PG_STREAM_SAVEPOINT, error);

  return pg_trip_end (engine, ok ? error : NULL) && ok ? PG_STEP_LAST : PG_STEP_ERROR;
}

static const PgRequestClass end_class = {
  .name = "stream-end",
  .size = sizeof (End),
  .step = end_step,
  .result = part_result,
  .failed = end_failed,
  .mend = end_mend,
  .stream = end_stream,
  .ends_stream = TRUE,
};

PgRequest *
pg_request_stream_end_new (PgStream *stream)
{
  return pg_request_alloc_part (&end_class, stream);
}
