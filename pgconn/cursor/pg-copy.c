/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-abandon-private.h>
#include <pgconn/connection/pg-connection-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-query-private.h>

void
pg_copy_init (PgCopy *self, PgBaseConnection *connection, PgRequest *request)
{
  PgStream *stream = pg_request_get_stream (request);

  self->connection = g_object_ref (connection);
  self->stream = pg_stream_ref (stream);
  self->n_columns = pg_stream_get_n_columns (stream);
  self->binary = pg_stream_is_binary (stream);
  pg_copy_take_types (self, request);
}

void
pg_copy_clear (PgCopy *self)
{
  g_clear_pointer (&self->stream, pg_stream_unref);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->types, g_free);
  g_clear_pointer (&self->bases, g_free);
  g_clear_pointer (&self->table, pg_type_table_unref);
  g_clear_object (&self->connection);
}

gboolean
pg_copy_is_open (PgCopy *self)
{
  return self->stream != NULL && !pg_stream_is_over (self->stream);
}

gboolean
pg_copy_is_async (PgCopy *self)
{
  return PG_IS_ASYNC_CONNECTION (self->connection);
}

void
pg_copy_note_caller (PgCopy *self)
{
  GThread *caller = pg_blocking_get_caller ();

  if (G_LIKELY (self->caller == caller))
    return;
  self->caller = caller;
  if (pg_copy_is_open (self) && !pg_copy_is_async (self))
    pg_connection_note_caller (PG_CONNECTION (self->connection));
}

gboolean
pg_copy_run (PgCopy *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  gboolean ok = FALSE;

  if (pg_copy_is_async (self))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("the stream of a PgAsyncConnection does not block: call the asynchronous function"));
  else
    ok = pg_connection_run (PG_CONNECTION (self->connection), request, cancellable, error);
  pg_request_unref (request);
  return ok;
}

void
pg_copy_abandon (PgCopy *self, const char *reason)
{
  if (!pg_copy_is_open (self) || !g_atomic_int_compare_and_exchange (&self->abandoned, FALSE, TRUE))
    return;
  pg_base_connection_abandon (self->connection, pg_request_copy_end_new (self->stream, reason));
}

gboolean
pg_copy_name_busy (GError **error)
{
  if (error == NULL || !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_PENDING))
    return FALSE;
  g_clear_error (error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, _ ("another call of the copy has not ended yet: wait for its end first"));
  return FALSE;
}

gint64
pg_copy_get_rowcount (PgCopy *self)
{
  PgRawResult *result = self->stream != NULL ? pg_stream_get_result (self->stream) : NULL;

  return result != NULL ? pg_raw_result_get_affected_rows (result) : -1;
}

const char *
pg_copy_get_status_message (PgCopy *self)
{
  PgRawResult *result = self->stream != NULL ? pg_stream_get_result (self->stream) : NULL;

  return result != NULL ? pg_raw_result_get_command_tag (result) : NULL;
}

PgRequest *
pg_copy_request_new (PgBaseConnection *connection, const char *statement, PgStreamKind kind, GError **error)
{
  g_autoptr (PgQuery) query = pg_query_get (statement, FALSE, error);
  PgRequest *request;
  PgCopyPlan *plan;
  PgQueryFlags flags;

  if (query == NULL)
    return NULL;
  flags = pg_query_get_flags (query);
  if ((flags & PG_QUERY_SCRIPT) != 0 || (flags & PG_QUERY_COPY) == 0)
    {
      const char *message;

      if ((flags & PG_QUERY_SCRIPT) != 0)
        message = _ ("a copy is one statement, not several");
      else
        message = kind == PG_STREAM_COPY_IN ? _ ("the statement does not copy: COPY … FROM STDIN was expected")
                                            : _ ("the statement does not copy: COPY … TO STDOUT was expected");
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, message);
      return NULL;
    }
  plan = pg_copy_plan_new (connection, query);
  request = pg_request_copy_begin_new (pg_query_get_sql (query), plan, (GDestroyNotify) pg_copy_plan_free, kind);
  pg_copy_plan_ask (plan, request, kind);
  return request;
}
