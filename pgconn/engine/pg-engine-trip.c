/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/engine/pg-raw-result-libpq-private.h>
#include <pgconn/pg-init-private.h>
#include <string.h>

/* One round trip: messages go out, each with a tag; their results come back in the same order. More than one message travels in libpq's pipeline
 * mode and ends with a Sync. See "Pipeline Mode" in the libpq chapter of the PostgreSQL manual. */

/* --- reading --- */

/* A packet of GSSAPI encryption has up to 16 KiB, and libpq reads 8 KiB or more of it at a time. */
#define GSS_READS 3

/* A TLS record that is larger than the room in libpq's buffer is left in part with OpenSSL, where the socket does not show it. */
static gboolean
has_pending (PgEngine *self)
{
  /* NULL as soon as libpq has closed the connection. */
  gpointer ssl = self->is_openssl ? PQsslStruct (self->conn, "OpenSSL") : NULL;

  return ssl != NULL && pg_libpq_get ()->ssl_pending (ssl) > 0;
}

static gboolean
is_readable (PgEngine *self)
{
  GPollFD poll = { PQsocket (self->conn), G_IO_IN, 0 };

  return g_poll (&poll, 1, 0) != 0;
}

gboolean
pg_trip_consume (PgEngine *self)
{
  guint n = 0;

  self->has_read = TRUE;
  /* libpq does not tell whether it has a part of a packet of GSSAPI encryption left. What the socket has is told by that. */
  do
    if (PQconsumeInput (self->conn) == 0)
      {
        /* Later calls add words of their own to these. */
        if (self->last_words == NULL)
          self->last_words = g_strdup (PQerrorMessage (self->conn));
        return FALSE;
      }
  while (has_pending (self) || (self->is_gss && n++ < GSS_READS && !is_readable (self)));
  return TRUE;
}

/* --- what is not answered yet --- */

void
pg_trip_clear (PgEngine *self)
{
  self->n_sent = self->sent_head = 0;
}

static guint
first_sent (PgEngine *self)
{
  return self->sent[self->sent_head];
}

static gboolean
is_sync (guint tag)
{
  return tag == PG_TAG_SYNC || tag == PG_TAG_END;
}

static void
drop_first_sent (PgEngine *self)
{
  self->sent_head = (self->sent_head + 1) & (self->sent_room - 1);
  self->n_sent--;
}

static void
push_sent (PgEngine *self, guint tag)
{
  if (self->n_sent == self->sent_room)
    {
      guint room = MAX (self->sent_room * 2, 16);
      guint8 *ring = g_malloc (room);

      for (guint i = 0; i < self->n_sent; i++)
        ring[i] = self->sent[(self->sent_head + i) & (self->sent_room - 1)];
      g_free (self->sent);
      self->sent = ring;
      self->sent_room = room;
      self->sent_head = 0;
    }
  self->sent[(self->sent_head + self->n_sent++) & (self->sent_room - 1)] = (guint8) tag;
}

/* --- sending --- */

/* Of a message, beside its text and values. */
#define OVERHEAD 64

static void
note_size (PgEngine *self, const char *text, const PgWireParams *params)
{
  gsize size = OVERHEAD + strlen (text);

  for (guint i = 0; params != NULL && i < params->n_params; i++)
    size += (gsize) params->lengths[i];
  self->section.unflushed += size;
}

static gboolean
sent (PgEngine *self, guint tag, int ok, GError **error)
{
  if (!ok)
    {
      g_propagate_error (error, pg_error_new_from_conn (self->conn, NULL, PG_ERROR, PG_ERROR_OPERATIONAL));
      return FALSE;
    }
  push_sent (self, tag);
  return TRUE;
}

gboolean
pg_trip_begin (PgEngine *self, gboolean pipeline, GError **error)
{
  /* One of a group, or of a section: the pipeline is open. */
  if (self->grouping || self->section.open)
    return TRUE;
  pg_trip_clear (self);
  self->rows_size = 0;
  self->answered = FALSE;
  self->expects_text = FALSE;
  if (pipeline && PQenterPipelineMode (self->conn) == 0)
    {
      g_propagate_error (error, pg_error_new_from_conn (self->conn, NULL, PG_ERROR, PG_ERROR_OPERATIONAL));
      return FALSE;
    }
  self->pipeline = pipeline;
  return TRUE;
}

gboolean
pg_trip_query (PgEngine *self, guint tag, const char *sql, GError **error)
{
  pg_debug (QUERY, "sending: %s", sql);
  pg_engine_expect_text (self);
  if (self->section.open)
    note_size (self, sql, NULL);
  if (self->pipeline)
    return sent (self, tag, PQsendQueryParams (self->conn, sql, 0, NULL, NULL, NULL, NULL, 0), error);
  return sent (self, tag, PQsendQuery (self->conn, sql), error);
}

gboolean
pg_trip_params (PgEngine *self, guint tag, const char *sql, PgWireParams *params, PgFormat format, GError **error)
{
  pg_debug (QUERY, "sending: %s", sql);
  if (format == PG_FORMAT_TEXT)
    pg_engine_expect_text (self);
  if (self->section.open)
    note_size (self, sql, params);
  if (params == NULL)
    return sent (self, tag, PQsendQueryParams (self->conn, sql, 0, NULL, NULL, NULL, NULL, format), error);
  return sent (self, tag,
               PQsendQueryParams (self->conn, sql, (int) params->n_params, params->types, params->values, params->lengths, params->formats, format),
               error);
}

gboolean
pg_trip_prepare (PgEngine *self, guint tag, const char *name, const char *sql, PgWireParams *params, GError **error)
{
  pg_debug (QUERY, "preparing %s: %s", name, sql);
  self->group_prepares = TRUE;
  if (self->section.open)
    note_size (self, sql, NULL);
  return sent (self, tag, PQsendPrepare (self->conn, name, sql, params != NULL ? (int) params->n_params : 0, params != NULL ? params->types : NULL), error);
}

gboolean
pg_trip_prepared (PgEngine *self, guint tag, const char *name, PgWireParams *params, PgFormat format, GError **error)
{
  pg_debug (QUERY, "executing %s", name);
  if (format == PG_FORMAT_TEXT)
    pg_engine_expect_text (self);
  if (self->section.open)
    note_size (self, name, params);
  if (params == NULL)
    return sent (self, tag, PQsendQueryPrepared (self->conn, name, 0, NULL, NULL, NULL, format), error);
  return sent (self, tag, PQsendQueryPrepared (self->conn, name, (int) params->n_params, params->values, params->lengths, params->formats, format), error);
}

gboolean
pg_trip_describe (PgEngine *self, guint tag, const char *name, GError **error)
{
  return sent (self, tag, PQsendDescribePrepared (self->conn, name), error);
}

gboolean
pg_trip_close_prepared (PgEngine *self, guint tag, const char *name, GError **error)
{
  const PgLibpq *libpq = pg_libpq_get ();
  g_autofree char *sql = NULL;

  /* A connection pooler understands the message, not the statement. */
  if (libpq->send_close_prepared != NULL)
    return sent (self, tag, libpq->send_close_prepared (self->conn, name), error);
  sql = g_strconcat ("DEALLOCATE ", name, NULL);
  return pg_trip_query (self, tag, sql, error);
}

void
pg_trip_mark_member (PgEngine *self)
{
  push_sent (self, PG_TAG_MEMBER);
}

gboolean
pg_trip_sync (PgEngine *self, GError **error)
{
  return sent (self, PG_TAG_SYNC, PQpipelineSync (self->conn), error);
}

void
pg_trip_set_rows (PgEngine *self, guint tag, guint size)
{
  self->rows_tag = tag;
  self->rows_size = size;
  self->rows_set = FALSE;
}

/* libpq has to be told when the message is the next to be answered. */
static void
set_rows (PgEngine *self)
{
  const PgLibpq *libpq = pg_libpq_get ();

  self->rows_set = TRUE;
  if (self->rows_size > 1 && libpq->set_chunked_rows_mode != NULL ? libpq->set_chunked_rows_mode (self->conn, (int) self->rows_size)
                                                                    : PQsetSingleRowMode (self->conn))
    return;
  /* That of a lost connection is the result that comes next. */
  if (PQstatus (self->conn) != CONNECTION_BAD)
    pg_request_fail (self->current, g_error_new_literal (PG_ERROR, PG_ERROR_INTERFACE, _ ("libpq does not give the rows by and by")));
}

gboolean
pg_trip_end (PgEngine *self, GError **error)
{
  if (self->grouping && self->section.open)
    return TRUE;
  if (self->grouping)
    {
      self->n_group_ends++;
      return sent (self, PG_TAG_END, PQpipelineSync (self->conn), error);
    }
  if (self->pipeline && self->n_sent == 0 && !self->section.open)
    {
      PQexitPipelineMode (self->conn);
      self->pipeline = FALSE;
      return TRUE;
    }
  if (self->pipeline && !pg_trip_sync (self, error))
    return FALSE;
  pg_trip_flush (self);
  return TRUE;
}

gboolean
pg_trip_flush (PgEngine *self)
{
  /* On failure the server's last words may still be there to read: the end is seen there. */
  self->want_write = PQflush (self->conn) == 1;
  /* Where libpq cannot send it reads. */
  if (has_pending (self) || (self->want_write && self->is_gss))
    pg_trip_consume (self);
  return !self->want_write;
}

/* --- receiving --- */

static void
take_copy (PgEngine *self, PgStreamKind kind, PGresult *result)
{
  const char *refusal;

  if (self->current->klass->begins == kind && self->current->error == NULL)
    {
      pg_stream_open (self, kind, result);
      return;
    }
  if (self->current->klass->begins == PG_STREAM_NONE)
    refusal = _ ("COPY from or to the client cannot be used with execute(): copy_in() and copy_out() are for it");
  else if (kind == PG_STREAM_COPY_IN)
    refusal = _ ("the statement copies from the client, which is copy_in()");
  else
    refusal = _ ("the statement copies to the client, which is copy_out()");
  pg_request_fail (self->current, g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING, refusal));
  if (kind == PG_STREAM_COPY_IN)
    {
      PQputCopyEnd (self->conn, refusal);
      pg_trip_flush (self);
    }
  else
    {
      self->copy_out = TRUE;
      pg_engine_abort_current (self, PG_ABORT_CANCELLED);
    }
}

/* FALSE where more has to arrive first. */
static gboolean
drain_copy_out (PgEngine *self)
{
  char *buffer;
  int n;

  while ((n = PQgetCopyData (self->conn, &buffer, TRUE)) > 0)
    PQfreemem (buffer);
  if (n == 0 && PQstatus (self->conn) != CONNECTION_BAD)
    return FALSE;
  self->copy_out = FALSE;
  return TRUE;
}

static void
take_result (PgEngine *self, PGresult *result)
{
  PgRequest *request = self->current;
  guint tag = first_sent (self);
  GError *error = NULL;

  switch ((int) PQresultStatus (result))
    {
    case PGRES_SINGLE_TUPLE:
    case PG_LIBPQ_TUPLES_CHUNK:
      pg_stream_take_rows (self, result);
      return;
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      {
        g_autoptr (PgRawResult) raw = pg_raw_result_new_take (result);
        const char *command = pg_raw_result_get_command_tag (raw);

        pg_engine_mark_session (self, raw);
        pg_statements_take_tag (self->statements, command);
        /* Also of one that goes on with AND CHAIN, and of a part of one, to a savepoint. */
        if (g_str_equal (command, "ROLLBACK") || g_str_equal (command, "COMMIT"))
          g_atomic_int_inc (&self->n_ends);
        if (tag != PG_TAG_BARRIER && request->klass->result != NULL && !request->klass->result (request, self, tag, raw, &error))
          pg_request_fail (request, error);
        return;
      }
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
      take_copy (self, PQresultStatus (result) == PGRES_COPY_IN ? PG_STREAM_COPY_IN : PG_STREAM_COPY_OUT, result);
      PQclear (result);
      return;
    case PGRES_COPY_BOTH:
      PQclear (result);
      pg_engine_lost (self, g_error_new_literal (PG_ERROR, PG_ERROR_NOT_SUPPORTED, _ ("a replication stream cannot be started with execute()")));
      return;
    case PGRES_PIPELINE_ABORTED:
      PQclear (result);
      if (request->klass->skipped != NULL)
        request->klass->skipped (request, self, tag);
      else if (self->section.open)
        pg_request_fail (request, pg_section_aborted_error (self));
      return;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_PIPELINE_SYNC:
    default:
      if (PQresultErrorField (result, PG_DIAG_SQLSTATE) == NULL && PQstatus (self->conn) == CONNECTION_BAD)
        {
          /* libpq's own words for a connection that is gone; the request fails with them, or with better ones, in pg_engine_lost(). */
          PQclear (result);
          return;
        }
      error = pg_error_new_from_result (result);
      PQclear (result);
      pg_engine_take_fatal (self, pg_error_get_diagnostic (error));
      if (tag == PG_TAG_BARRIER)
        {
          g_error_free (error);
          return;
        }
      if (request->klass->failed != NULL && request->klass->failed (request, self, tag, error))
        g_error_free (error);
      else
        pg_request_fail (request, error);
      return;
    }
}

static void
out_of_step (PgEngine *self)
{
  pg_engine_lost (self, pg_error_new_own ("08P01", _ ("the server does not answer as the protocol says")));
}

typedef enum
{
  RECEIVED_ALL,  /* that was sent */
  RECEIVED_SOME, /* more has to arrive first */
  RECEIVED_COPY, /* a stream has begun */
  RECEIVED_LOST,
} Received;

/* Of a section, those whose answers have come. */
static void
take_members (PgEngine *self)
{
  /* Of a lost connection libpq says that everything is answered. */
  while (self->n_sent > 0 && first_sent (self) == PG_TAG_MEMBER && PQstatus (self->conn) != CONNECTION_BAD)
    {
      drop_first_sent (self);
      pg_section_answered (self);
    }
}

static Received
receive (PgEngine *self)
{
  PgStream *stream = self->stream;
  guint n_ends = 0;

  while (self->n_sent > 0)
    {
      PGresult *result;

      if (self->copy_out && !drain_copy_out (self))
        return RECEIVED_SOME;
      if (self->rows_size > 0 && !self->rows_set && first_sent (self) == self->rows_tag)
        set_rows (self);
      result = self->stream != NULL ? g_steal_pointer (&self->stream->last) : NULL;
      if (result == NULL && PQisBusy (self->conn))
        return RECEIVED_SOME;
      if (result == NULL)
        result = PQgetResult (self->conn);
      if (result == NULL)
        {
          /* The message is answered in full; a Sync has no such end. */
          if (PQstatus (self->conn) != CONNECTION_BAD)
            {
              if (is_sync (first_sent (self)) && ++n_ends < 4)
                continue;
              if (is_sync (first_sent (self)) || !self->answered)
                {
                  out_of_step (self);
                  return RECEIVED_LOST;
                }
            }
          self->answered = FALSE;
          drop_first_sent (self);
          take_members (self);
          continue;
        }
      if (PQresultStatus (result) == PGRES_PIPELINE_SYNC)
        {
          guint tag = PG_TAG_SYNC;

          PQclear (result);
          /* What an error has left half sent before it has no answer. */
          while (self->n_sent > 0 && !is_sync (first_sent (self)))
            {
              drop_first_sent (self);
              take_members (self);
            }
          if (self->n_sent > 0)
            {
              tag = first_sent (self);
              drop_first_sent (self);
            }
          self->answered = FALSE;
          n_ends = 0;
          if (tag == PG_TAG_END)
            pg_group_answered (self);
          continue;
        }
      self->answered = TRUE;
      take_result (self, result);
      if (self->conn == NULL)
        return RECEIVED_LOST;
      if (self->stream != stream)
        return RECEIVED_COPY;
    }
  return self->section.open && !self->section.ending && PQstatus (self->conn) != CONNECTION_BAD ? RECEIVED_SOME : RECEIVED_ALL;
}

gboolean
pg_trip_receive_some (PgEngine *self)
{
  return receive (self) != RECEIVED_LOST;
}

gboolean
pg_trip_receive (PgEngine *self)
{
  switch (receive (self))
    {
    case RECEIVED_SOME:
    case RECEIVED_COPY:
      return FALSE;
    case RECEIVED_LOST:
      return TRUE;
    case RECEIVED_ALL:
    default:
      break;
    }
  if (self->pipeline)
    {
      if (PQexitPipelineMode (self->conn) == 0 && PQstatus (self->conn) != CONNECTION_BAD)
        {
          out_of_step (self);
          return TRUE;
        }
      self->pipeline = FALSE;
    }
  pg_section_closed (self);
  pg_trip_clear (self);
  pg_engine_take_session (self);
  if (PQtransactionStatus (self->conn) == PQTRANS_IDLE)
    {
      pg_statements_end_transaction (self->statements);
      g_atomic_int_inc (&self->n_ends);
    }
  pg_stream_answered (self);
  pg_stream_close (self);
  return TRUE;
}
