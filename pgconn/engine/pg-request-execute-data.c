/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-request-execute-private.h"

/* What an execute() is told before it runs, and what it gives when it is over. */

void
pg_request_execute_set_plain_func (PgRequest *request, PgWirePlainFunc func, gpointer data, GDestroyNotify data_free)
{
  PgExecute *self = (PgExecute *) request;

  self->plain_func = func;
  self->plain_data = data;
  self->plain_data_free = data_free;
}

void
pg_request_execute_set_plain (PgRequest *request, guint8 plain)
{
  ((PgExecute *) request)->plain = plain;
}

void
pg_request_execute_set_prelude (PgRequest *request, const char *sql, PgWireParams *params)
{
  PgExecute *self = (PgExecute *) request;

  self->prelude = sql;
  self->prelude_params = params != NULL ? pg_wire_params_ref (params) : NULL;
}

void
pg_request_execute_set_watch (PgRequest *request, PgExecuteWatch watch, gpointer data, GDestroyNotify data_free)
{
  PgExecute *self = (PgExecute *) request;

  self->watch = watch;
  self->watch_data = data;
  self->watch_data_free = data_free;
}

guint
pg_request_execute_get_n_results (PgRequest *request)
{
  PgExecute *self = (PgExecute *) request;

  return (self->first != NULL) + (self->more != NULL ? self->more->len : 0);
}

PgRawResult *
pg_request_execute_get_result (PgRequest *request, guint index)
{
  PgExecute *self = (PgExecute *) request;

  return index == 0 ? self->first : g_ptr_array_index (self->more, index - 1);
}

void
pg_request_execute_set_ask (PgRequest *request, const char *sql, PgExecuteAsk ask, gpointer data, GDestroyNotify destroy)
{
  PgExecute *self = (PgExecute *) request;

  self->ask_sql = sql;
  self->ask = ask;
  self->ask_data = data;
  self->ask_free = destroy;
}

PgRawResult *
pg_request_execute_get_answer (PgRequest *request)
{
  return ((PgExecute *) request)->answer;
}

gpointer
pg_request_execute_get_ask_data (PgRequest *request)
{
  return ((PgExecute *) request)->ask_data;
}
