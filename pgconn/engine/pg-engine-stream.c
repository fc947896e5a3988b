/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>

/* COPY and rows that are read while the server sends them, as the engine sees them: a round trip that lasts for several requests. The first one sends the statement
 * and ends when the server has said that the copy begins, or sends the first row; each of the others takes or gives data; the one that comes to the end, or is
 * stopped, receives the results as any request does. See "COPY Operations" in the protocol chapter of the PostgreSQL manual. The many executions of executemany() are another. */

PgStream *
pg_stream_ref (PgStream *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_stream_unref (PgStream *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_error (&self->error);
  g_clear_pointer (&self->result, pg_raw_result_unref);
  g_clear_pointer (&self->block, PQfreemem);
  g_clear_pointer (&self->head, pg_raw_result_unref);
  g_clear_pointer (&self->chunk, pg_raw_result_unref);
  g_free (self);
}

PgStreamKind
pg_stream_get_kind (PgStream *self)
{
  return self->kind;
}

guint
pg_stream_get_n_columns (PgStream *self)
{
  return self->n_columns;
}

gboolean
pg_stream_is_binary (PgStream *self)
{
  return self->binary;
}

guint8
pg_stream_get_session (PgStream *self)
{
  return self->session;
}

gboolean
pg_stream_is_over (PgStream *self)
{
  return g_atomic_int_get (&self->over) != 0;
}

PgRawResult *
pg_stream_get_result (PgStream *self)
{
  return pg_stream_is_over (self) ? self->result : NULL;
}

gboolean
pg_engine_is_streaming (PgEngine *self)
{
  return g_atomic_int_get (&self->streaming) != PG_STREAM_NONE;
}

GError *
pg_engine_streaming_error (PgEngine *self)
{
  if (g_atomic_int_get (&self->streaming) == PG_STREAM_ROWS)
    return g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING,
                                _ ("rows are being read on the connection: read its row stream to the end, or close it, first"));
  if (g_atomic_int_get (&self->streaming) == PG_STREAM_MANY)
    return g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING,
                                _ ("a statement is being executed with many sets of parameters on the connection (executemany()): give the last of them, or abort it, first"));
  if (g_atomic_int_get (&self->streaming) == PG_STREAM_COPY_IN)
    return g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a copy is open on the connection: close its stream, or abort it, first"));
  return g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING,
                              _ ("a copy is open on the connection: read its stream to the end, or close it, first"));
}

PgStream *
pg_stream_new (PgStreamKind kind)
{
  PgStream *self = g_new0 (PgStream, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  return self;
}

void
pg_stream_open (PgEngine *self, PgStreamKind kind, const PGresult *result)
{
  PgStream *stream = pg_stream_new (kind);

  if (result != NULL)
    {
      stream->n_columns = (guint) PQnfields (result);
      stream->binary = PQbinaryTuples (result) != 0;
      stream->session = self->unsettled ? 0 : self->session;
    }
  stream->serial = self->current->serial;
  self->stream = stream;
  g_atomic_int_set (&self->streaming, kind);
}

/* Somebody has stopped the request. */
static void
stop (PgEngine *self, PgStream *stream)
{
  if (self->current->klass->stop != NULL)
    {
      self->current->klass->stop (self->current, self);
    }
  else if (stream->kind == PG_STREAM_COPY_IN)
    {
      PQputCopyEnd (self->conn, _ ("the copy was cancelled by the client"));
      pg_trip_flush (self);
    }
  else if (stream->kind == PG_STREAM_COPY_OUT)
    {
      self->copy_out = TRUE;
    }
  else
    {
      self->current->dropped = TRUE;
    }
  pg_cancel_start (self);
  /* The statement has begun long ago: the server may be told although not all of the data is out. It may also have been told already, while the statement
   * was about to begin, or, in good time, between two calls. */
  if (self->cancel.phase != PG_CANCEL_SENDING && !(stream->cancelled && self->cancel.phase == PG_CANCEL_SENT))
    {
      self->cancel.phase = PG_CANCEL_SENT;
      self->cancel.again = 0;
    }
}

PgStreamStep
pg_stream_advance (PgEngine *self)
{
  PgRequest *request = self->current;
  PgStream *stream = self->stream;
  PgStreamStep step = PG_STREAM_END;

  if (request->abort != PG_ABORT_NONE)
    {
      stop (self, stream);
    }
  else
    {
      step = request->klass->stream (request, self, stream);
      if (step == PG_STREAM_END)
        request->last_trip = TRUE;
    }
  if (step == PG_STREAM_END)
    g_atomic_int_set (&self->streaming, PG_STREAM_NONE);
  return step;
}

void
pg_stream_close (PgEngine *self)
{
  if (self->stream == NULL)
    return;
  g_atomic_int_set (&self->streaming, PG_STREAM_NONE);
  g_clear_pointer (&self->stream->last, PQclear);
  g_clear_pointer (&self->stream->origin, pg_request_unref);
  g_atomic_int_set (&self->stream->over, 1);
  g_clear_pointer (&self->stream, pg_stream_unref);
}

void
pg_stream_note_error (PgEngine *self, PgRequest *request)
{
  PgStream *stream = request->stream;

  if (stream != NULL && request->error != NULL && stream->error == NULL && pg_stream_is_over (stream))
    stream->error = g_error_copy (request->error);
}

void
pg_stream_fail_late (PgEngine *self, PgRequest *request)
{
  PgStream *stream = request->stream;

  if (stream->error != NULL)
    pg_request_fail (request, g_error_copy (stream->error));
  else if (stream->kind != PG_STREAM_COPY_IN && stream->result != NULL && !stream->dropped)
    return;
  else if (pg_engine_get_state (self) != PG_ENGINE_OPEN)
    pg_request_fail (request, pg_engine_closed_error (self));
  else if (stream->kind == PG_STREAM_ROWS)
    pg_request_fail (request, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the row stream was closed")));
  else
    pg_request_fail (request, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED,
                                                   stream->kind == PG_STREAM_MANY ? _ ("the execution with many sets of parameters is over")
                                                                                  : _ ("the copy is over")));
}
