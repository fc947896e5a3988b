/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-request-many-private.h"

#include "pg-engine-core-private.h"
#include "pg-request-transaction-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-diagnostic-private.h>
#include <string.h>

/* executemany(). The statement is prepared when the first set of parameters comes, and again for sets of other types; each set is a Bind and an Execute;
 * one Sync ends it all. Until then the server answers when it likes, and its answers are read while the next sets are sent, so that neither side ever
 * waits for the other to read. */

/* No more than this waits in libpq's buffer before the socket is asked whether it takes it. */
#define FLUSH_EVERY (32 * 1024)
/* Of a message, beside its values. */
#define OVERHEAD 64
/* Combinations of types that stay prepared at once. The first has no name, the others are dropped with statements that come later. */
#define MAX_NAMED 8

enum
{
  TAG_BEGIN,
  TAG_PREPARE,
  TAG_PREPARE_NAMED,
  TAG_SET,
  TAG_UNDO,
};

/* A combination of types. */
typedef struct
{
  guint32 *types;
  char *name;
} Prepared;

struct _PgMany
{
  gatomicrefcount ref_count;
  const char *sql;
  gpointer owner;
  GDestroyNotify owner_free;
  gboolean returning;
  PgFormat format;

  PgStream *stream;
  gint64 deadline; /* of the first part: it is one call to its user */
  gboolean own_transaction;
  guint n_types;
  GArray *prepared; /* Prepared */
  guint current;    /* index of the one that was used last */
  gsize unflushed;

  guint n_named; /* of those that have a name the server has so many */
  gsize n_taken;
  gsize n_answered;
  gint64 affected_rows;
  PgRawResult *last;
  GPtrArray *results;
};

typedef struct
{
  PgRequest parent;
  PgMany *many;
  PgManyNext next;
  gpointer data;
  GDestroyNotify destroy;
  PgManyEnd end;
  gboolean stopped;
  PgWireParams *first; /* taken before the stream was opened */
} Part;

static void
prepared_clear (gpointer data)
{
  Prepared *prepared = data;

  g_free (prepared->types);
  g_free (prepared->name);
}

PgMany *
pg_many_new (const char *sql, gpointer owner, GDestroyNotify owner_free, gboolean returning, PgFormat format)
{
  PgMany *self = g_new0 (PgMany, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->sql = sql;
  self->owner = owner;
  self->owner_free = owner_free;
  self->returning = returning;
  self->format = format;
  self->deadline = -1;
  self->prepared = g_array_new (FALSE, FALSE, sizeof (Prepared));
  g_array_set_clear_func (self->prepared, prepared_clear);
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_raw_result_unref);
  return self;
}

PgMany *
pg_many_ref (PgMany *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
pg_many_unref (PgMany *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->stream, pg_stream_unref);
  g_array_unref (self->prepared);
  g_clear_pointer (&self->last, pg_raw_result_unref);
  g_ptr_array_unref (self->results);
  if (self->owner_free != NULL)
    self->owner_free (self->owner);
  g_free (self);
}

gboolean
pg_many_is_open (PgMany *self)
{
  return self->stream != NULL && !pg_stream_is_over (self->stream);
}

gint64
pg_many_get_affected_rows (PgMany *self)
{
  return self->affected_rows;
}

const char *
pg_many_get_command_tag (PgMany *self)
{
  return self->last != NULL ? pg_raw_result_get_command_tag (self->last) : NULL;
}

GPtrArray *
pg_many_get_results (PgMany *self)
{
  return self->results;
}

/* --- sending --- */

/* Whether the statement as it was prepared takes the set: the type of a NULL that has none of its own does not matter. */
static gboolean
fits (PgMany *self, const Prepared *prepared, PgWireParams *params)
{
  for (guint i = 0; i < self->n_types; i++)
    if (prepared->types[i] != params->types[i] && (params->types[i] != 0 || params->values[i] != NULL))
      return FALSE;
  return TRUE;
}

/* Where there is room for another: its index. */
static guint
make_room (PgMany *self, PgEngine *engine)
{
  const gboolean named = engine->options.prepared_max > 0;
  Prepared *prepared;
  guint index;

  if (self->prepared->len == 0 || (named && self->prepared->len < MAX_NAMED))
    {
      g_array_set_size (self->prepared, self->prepared->len + 1);
      index = self->prepared->len - 1;
      prepared = &g_array_index (self->prepared, Prepared, index);
      prepared->name = index == 0 ? g_strdup ("") : pg_statements_make_name (engine->statements);
    }
  else
    {
      /* What has no name may be prepared again. */
      index = 0;
      prepared = &g_array_index (self->prepared, Prepared, index);
      g_free (prepared->types);
    }
  prepared->types = NULL;
  return index;
}

static gboolean
choose (PgMany *self, PgEngine *engine, PgWireParams *params, GError **error)
{
  Prepared *prepared;

  if (self->prepared->len > 0 && fits (self, &g_array_index (self->prepared, Prepared, self->current), params))
    return TRUE;
  self->n_types = params->n_params;
  for (guint i = 0; i < self->prepared->len; i++)
    if (fits (self, &g_array_index (self->prepared, Prepared, i), params))
      {
        self->current = i;
        return TRUE;
      }
  self->current = make_room (self, engine);
  prepared = &g_array_index (self->prepared, Prepared, self->current);
  prepared->types = g_memdup2 (params->types, self->n_types * sizeof (guint32));
  self->unflushed += strlen (self->sql);
  return pg_trip_prepare (engine, self->current > 0 ? TAG_PREPARE_NAMED : TAG_PREPARE, prepared->name, self->sql, params, error);
}

static gboolean
send_set (PgMany *self, PgEngine *engine, PgWireParams *params, GError **error)
{
  if (!choose (self, engine, params, error))
    return FALSE;
  self->unflushed += OVERHEAD;
  for (guint i = 0; i < params->n_params; i++)
    self->unflushed += (gsize) params->lengths[i];
  return pg_trip_prepared (engine, TAG_SET, g_array_index (self->prepared, Prepared, self->current).name, params, self->format, error);
}

/* The end, after which only answers follow. */
static void
finish (PgMany *self, PgEngine *engine, gboolean undo)
{
  /* In a transaction that the Sync would commit: BEGIN makes it one that can be rolled back. */
  if (undo && self->own_transaction && pg_trip_query (engine, TAG_UNDO, "BEGIN", NULL))
    pg_trip_query (engine, TAG_UNDO, "ROLLBACK", NULL);
  pg_trip_sync (engine, NULL);
  pg_trip_flush (engine);
}

static PgWireParams *
next_set (Part *self, GError **error)
{
  PgWireParams *params = g_steal_pointer (&self->first);

  if (params != NULL || self->next == NULL)
    return params;
  params = self->next (self->data, error);
  if (params != NULL)
    self->many->n_taken++;
  else
    g_prefix_error (error, _ ("set of parameters %zu: "), self->many->n_taken + 1);
  return params;
}

static PgStep
part_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Part *self = (Part *) request;
  PgMany *many = self->many;
  const gboolean idle = PQtransactionStatus (engine->conn) == PQTRANS_IDLE;
  GError *failure = NULL;

  if (self->end != PG_MANY_ABORTS)
    self->first = next_set (self, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return PG_STEP_ERROR;
    }
  if (self->first == NULL)
    return PG_STEP_DONE;
  if (!pg_trip_begin (engine, TRUE, error))
    return PG_STEP_ERROR;
  many->own_transaction = idle && engine->options.autocommit;
  many->deadline = request->deadline;
  if (idle && !engine->options.autocommit && !pg_trip_query (engine, TAG_BEGIN, pg_transaction_begin_sql (&engine->options), error))
    {
      pg_trip_end (engine, NULL);
      return PG_STEP_ERROR;
    }
  pg_stream_open (engine, PG_STREAM_MANY, NULL);
  many->stream = pg_stream_ref (engine->stream);
  request->stream = pg_stream_ref (engine->stream);
  return PG_STEP_SENT;
}

/* Takes what has come, and sends what waits. */
static PgStreamStep
exchange (PgRequest *request, PgEngine *engine)
{
  /* A failure to send libpq keeps to itself until somebody reads. */
  if (!pg_trip_consume (engine))
    return PG_STREAM_END;
  if (!pg_trip_receive_some (engine))
    return PG_STREAM_WAIT;
  return pg_trip_flush (engine) ? PG_STREAM_DONE : PG_STREAM_WAIT;
}

static PgStreamStep
part_stream (PgRequest *request, PgEngine *engine, PgStream *stream)
{
  Part *self = (Part *) request;
  PgMany *many = self->many;
  GError *error = NULL;

  while (self->end != PG_MANY_ABORTS)
    {
      PgWireParams *params;

      if (many->unflushed >= FLUSH_EVERY)
        {
          PgStreamStep step = exchange (request, engine);

          /* The connection is lost, or what follows would be skipped. */
          if (engine->current != request)
            return PG_STREAM_WAIT;
          if (request->error != NULL)
            break;
          if (step != PG_STREAM_DONE)
            return step;
          many->unflushed = 0;
        }
      params = next_set (self, &error);
      if (params != NULL && !send_set (many, engine, params, &error) && PQstatus (engine->conn) == CONNECTION_BAD)
        {
          /* What libpq says of the sending is not the reason. */
          g_clear_error (&error);
          return PG_STREAM_END;
        }
      if (error != NULL)
        pg_request_fail (request, error);
      if (error != NULL || params == NULL)
        break;
    }
  if (self->end != PG_MANY_GOES_ON || request->error != NULL)
    {
      finish (many, engine, self->end == PG_MANY_ABORTS || request->error != NULL);
      return PG_STREAM_END;
    }
  if (exchange (request, engine) == PG_STREAM_END)
    return PG_STREAM_END;
  if (engine->current != request)
    return PG_STREAM_WAIT;
  if (request->error != NULL)
    {
      finish (many, engine, TRUE);
      return PG_STREAM_END;
    }
  return PG_STREAM_DONE;
}

static void
part_stop (PgRequest *request, PgEngine *engine)
{
  Part *self = (Part *) request;

  self->stopped = TRUE;
  finish (self->many, engine, TRUE);
}

/* --- receiving --- */

static gboolean
part_result (PgRequest *request, PgEngine *engine, guint tag, PgRawResult *raw, GError **error)
{
  PgMany *many = ((Part *) request)->many;
  gint64 n;

  if (tag == TAG_PREPARE_NAMED)
    many->n_named++;
  if (tag != TAG_SET)
    return TRUE;
  many->n_answered++;
  n = pg_raw_result_get_affected_rows (raw);
  if (n > 0)
    many->affected_rows += n;
  g_clear_pointer (&many->last, pg_raw_result_unref);
  many->last = pg_raw_result_ref (raw);
  if (many->returning)
    g_ptr_array_add (many->results, pg_raw_result_ref (raw));
  return TRUE;
}

static gboolean
part_failed (PgRequest *request, PgEngine *engine, guint tag, const GError *error)
{
  PgMany *many = ((Part *) request)->many;
  GError *named;

  if (tag == TAG_UNDO || request->error != NULL)
    return TRUE;
  /* It is none of the sets that ends the session. */
  if (pg_diagnostic_is_fatal (pg_error_get_diagnostic (error)))
    return FALSE;
  /* With the first set it is the statement that is wrong, with others that they have other types. */
  if (tag != TAG_SET && ((tag != TAG_PREPARE && tag != TAG_PREPARE_NAMED) || many->n_answered == 0))
    return FALSE;
  named = g_error_copy (error);
  g_prefix_error (&named, _ ("set of parameters %zu: "), many->n_answered + 1);
  pg_request_fail (request, named);
  return TRUE;
}

static void
part_answered (PgRequest *request, PgEngine *engine)
{
  Part *self = (Part *) request;
  PgMany *many = self->many;

  for (guint i = 0; i < many->results->len; i++)
    pg_engine_confirm_session (engine, g_ptr_array_index (many->results, i));
  for (guint i = 1; i <= many->n_named; i++)
    pg_statements_drop (engine->statements, g_steal_pointer (&g_array_index (many->prepared, Prepared, i).name));
  many->n_named = 0;
  /* The server may have done all that it had by then; it had not all. */
  if (self->stopped && request->error == NULL)
    pg_request_fail (request, pg_request_abort_error (request));
}

static void
part_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  pg_encoding_fail (request);
}

static void
part_finalize (PgRequest *request)
{
  Part *self = (Part *) request;

  if (self->destroy != NULL)
    self->destroy (self->data);
  pg_many_unref (self->many);
}

static const PgRequestClass part_class = {
  .name = "execute-many",
  .size = sizeof (Part),
  .step = part_step,
  .result = part_result,
  .failed = part_failed,
  .answered = part_answered,
  .misread = part_misread,
  .stream = part_stream,
  .stop = part_stop,
  .finalize = part_finalize,
};

PgRequest *
pg_request_many_new (PgMany *many, PgManyNext next, gpointer data, GDestroyNotify destroy, PgManyEnd end)
{
  Part *self = pg_request_alloc (&part_class);

  self->many = pg_many_ref (many);
  self->next = next;
  self->data = data;
  self->destroy = destroy;
  self->end = end;
  if (many->stream != NULL)
    self->parent.stream = pg_stream_ref (many->stream);
  /* It is one call to its user; to end it takes its own time. */
  if (end != PG_MANY_ABORTS)
    self->parent.deadline = many->deadline;
  return &self->parent;
}
