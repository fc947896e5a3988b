/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-pipeline.h"
#include "pg-test-storm.h"

/* Calls that are under way together. */

typedef struct
{
  gint64 number; /* that the result has; 0: none */
  gint64 id;     /* of the row that it writes, or −1 */
  guint unit;    /* of what is committed together */
  int code;      /* what it has to fail with */
  PgBaseCursor *cursor;
  GAsyncResult *result;
  GError *error; /* that came at once */
  gboolean finished;
} Call;

typedef struct
{
  PgTestStorm *storm;
  GPtrArray *calls;
  GPtrArray *pipelines; /* that are open, the inner ones last */
  guint unit;
  GHashTable *failed_units;
  int error; /* the first of what is to be synchronized */
} Together;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->cursor);
  g_clear_object (&call->result);
  g_clear_error (&call->error);
  g_free (call);
}

/* --- calls --- */

static void
start (Together *self, Call *call, const char *sql, GVariant *params)
{
  PgBaseConnection *connection = self->storm->connection;
  GCancellable *cancellable = pg_test_storm_random (self->storm, 0, 1) == 0 ? self->storm->cancellable : NULL;

  pg_test_storm_note ("  %u: %.24s row %" G_GINT64_FORMAT " %d", self->calls->len, sql, call->id, call->code);
  g_ptr_array_add (self->calls, call);
  if (PG_IS_CONNECTION (connection))
    call->cursor = (PgBaseCursor *) pg_connection_execute (PG_CONNECTION (connection), sql, params, cancellable, &call->error);
  else
    pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), sql, params, cancellable, pg_test_keep_result, &call->result);
}

static Call *
call_new (Together *self)
{
  Call *call = g_new0 (Call, 1);

  call->id = -1;
  call->unit = self->unit;
  call->code = self->error != 0 ? PG_ERROR_PIPELINE_ABORTED : self->storm->failed ? PG_ERROR_IN_FAILED_SQL_TRANSACTION : 0;
  return call;
}

/* What the call is the first to fail with. */
static void
set_error (Together *self, Call *call, int code)
{
  if (call->code == 0)
    call->code = code;
  if (self->error == 0)
    self->error = call->code;
  g_hash_table_add (self->failed_units, GUINT_TO_POINTER (call->unit));
}

static void
start_select (Together *self)
{
  PgTestStorm *storm = self->storm;
  Call *call = call_new (self);
  const gsize out = pg_test_storm_random_size (storm);
  const gint in = (gint) pg_test_storm_random_size (storm);

  call->number = pg_test_storm_next (storm);
  if (call->code != 0)
    set_error (self, call, 0);
  start (self, call, "SELECT $1::int8, length($2), repeat('x', $3::int)", g_variant_new ("(xsi)", call->number, pg_test_storm_filler (out), in));
}

static void
start_insert (Together *self)
{
  PgTestStorm *storm = self->storm;
  Call *call = call_new (self);

  call->id = pg_test_storm_new_ids (storm, 1);
  if (call->code != 0)
    set_error (self, call, 0);
  start (self, call, "INSERT INTO storm VALUES ($1, $2)", g_variant_new ("(xs)", call->id, pg_test_storm_filler (pg_test_storm_random_size (storm))));
}

static void
start_error (Together *self)
{
  Call *call = call_new (self);

  set_error (self, call, PG_ERROR_DIVISION_BY_ZERO);
  start (self, call, "SELECT 1 / 0", NULL);
}

/* It commits what is before it, in autocommit mode; its own error is not the pipeline's. */
static void
start_alone (Together *self)
{
  Call *call;

  if (self->error == 0)
    self->unit++;
  call = call_new (self);
  call->number = pg_test_storm_next (self->storm);
  {
    g_autofree char *sql = g_strdup_printf ("SELECT %" G_GINT64_FORMAT "; SELECT 2", call->number);

    start (self, call, sql, NULL);
  }
  if (self->error == 0)
    self->unit++;
}

static void
took (Together *self, gboolean ok, GError **error, int code)
{
  /* What it was to fail for may have been struck itself. */
  if (ok && code != 0 && self->storm->weather != PG_TEST_STORM_CALM)
    return;
  if (!ok && self->storm->weather != PG_TEST_STORM_CALM)
    {
      /* That of a statement that was struck before. */
      if (g_error_matches (*error, PG_ERROR, PG_ERROR_PIPELINE_ABORTED) || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_error_matches (*error, PG_ERROR, PG_ERROR_QUERY_CANCELED) || g_error_matches (*error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION)
          || g_error_matches (*error, PG_ERROR, PG_ERROR_DIVISION_BY_ZERO) || g_error_matches (*error, PG_ERROR, PG_ERROR_TRANSACTION_ROLLED_BACK))
        {
          self->storm->had_error = TRUE;
          return;
        }
    }
  pg_test_storm_took (self->storm, ok, error, code);
}

static void
finish (Together *self, Call *call)
{
  PgBaseConnection *connection = self->storm->connection;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = NULL;

  if (call->finished && PG_IS_ASYNC_CONNECTION (connection))
    return;
  call->finished = TRUE;
  if (PG_IS_ASYNC_CONNECTION (connection))
    cursor = (PgBaseCursor *) pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (connection), pg_test_wait_for (&call->result), &error);
  else if (call->cursor == NULL)
    error = g_error_copy (call->error);
  else if (pg_cursor_wait (PG_CURSOR (call->cursor), self->storm->cancellable, &error))
    cursor = g_object_ref (call->cursor);
  took (self, cursor != NULL, &error, call->code);
  if (cursor != NULL && call->number > 0)
    g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (cursor), 0), ==, call->number);
}

static void
finish_some (Together *self)
{
  if (self->calls->len > 0)
    finish (self, self->calls->pdata[pg_test_storm_random (self->storm, 0, (gint) self->calls->len - 1)]);
}

/* --- pipelines --- */

static gboolean
run_verb (Together *self, PgBasePipeline *pipeline, PgTestPipelineVerb verb)
{
  PgTestPipeline test = { .blocking = PG_IS_CONNECTION (self->storm->connection) };
  g_autoptr (GError) error = NULL;
  gboolean ok;

  pg_test_storm_note ("  %s", verb == PG_TEST_PIPELINE_BEGIN ? "begin" : verb == PG_TEST_PIPELINE_SYNC ? "sync" : "end");
  ok = pg_test_pipeline_verb (&test, pipeline, verb, self->storm->cancellable, &error);
  took (self, ok, &error, self->error);
  if (self->error != 0 && pg_test_storm_is_transactional (self->storm))
    self->storm->failed = TRUE;
  self->error = 0;
  self->unit++;
  return ok;
}

static void
begin (Together *self)
{
  PgBaseConnection *connection = self->storm->connection;
  g_autoptr (PgBasePipeline) pipeline = NULL;

  if (PG_IS_CONNECTION (connection))
    pipeline = PG_BASE_PIPELINE (pg_connection_pipeline (PG_CONNECTION (connection)));
  else
    pipeline = PG_BASE_PIPELINE (pg_async_connection_pipeline (PG_ASYNC_CONNECTION (connection)));
  if (run_verb (self, pipeline, PG_TEST_PIPELINE_BEGIN))
    g_ptr_array_add (self->pipelines, g_steal_pointer (&pipeline));
}

static void
end (Together *self)
{
  if (self->pipelines->len > 0)
    {
      run_verb (self, self->pipelines->pdata[self->pipelines->len - 1], PG_TEST_PIPELINE_END);
      g_ptr_array_set_size (self->pipelines, (gint) self->pipelines->len - 1);
    }
}

static void
step (Together *self)
{
  PgTestStorm *storm = self->storm;
  const gint dice = pg_test_storm_random (storm, 0, 99);

  if (dice < 35)
    start_select (self);
  else if (dice < 65)
    start_insert (self);
  else if (dice < 70)
    start_error (self);
  else if (dice < 73)
    start_alone (self);
  else if (dice < 88)
    finish_some (self);
  else if (dice < 94)
    run_verb (self, self->pipelines->pdata[self->pipelines->len - 1], PG_TEST_PIPELINE_SYNC);
  else if (dice < 97 && self->pipelines->len < 3)
    begin (self);
  else if (self->pipelines->len > 1)
    end (self);
}

/* What became of the rows that the calls have written. */
static void
take_fates (Together *self)
{
  PgTestStorm *storm = self->storm;
  const gboolean lost = pg_base_connection_get_closed (storm->connection);
  const gboolean transactional = pg_test_storm_is_transactional (storm);

  if (storm->weather != PG_TEST_STORM_CALM)
    storm->failed = pg_base_connection_get_transaction_status (storm->connection) == PG_TRANSACTION_STATUS_INERROR;
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = self->calls->pdata[i];
      PgTestStormFate fate;

      if (call->id < 0)
        continue;
      if (transactional && (lost || storm->failed))
        fate = PG_TEST_STORM_ABSENT;
      else if (storm->weather != PG_TEST_STORM_CALM || lost)
        fate = transactional ? PG_TEST_STORM_DOUBTFUL : PG_TEST_STORM_UNKNOWN;
      else if (transactional)
        fate = call->code == 0 ? PG_TEST_STORM_PENDING : PG_TEST_STORM_ABSENT;
      else
        fate = call->code == 0 && !g_hash_table_contains (self->failed_units, GUINT_TO_POINTER (call->unit)) ? PG_TEST_STORM_PRESENT : PG_TEST_STORM_ABSENT;
      pg_test_storm_set_fates (storm, call->id, 1, fate);
    }
}

static void
together_init (Together *self, PgTestStorm *storm)
{
  self->storm = storm;
  self->calls = g_ptr_array_new_with_free_func (call_free);
  self->pipelines = g_ptr_array_new_with_free_func (g_object_unref);
  self->failed_units = g_hash_table_new (NULL, NULL);
}

static void
together_clear (Together *self)
{
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->pipelines);
  g_hash_table_unref (self->failed_units);
}

void
pg_test_storm_op_pipeline (PgTestStorm *self)
{
  Together together = { NULL };
  const gint n = pg_test_storm_random (self, 1, 25);
  const gboolean dropped = pg_test_storm_random (self, 0, 5) == 0;

  together_init (&together, self);
  begin (&together);
  for (gint i = 0; i < n && together.pipelines->len > 0; i++)
    step (&together);
  while (together.pipelines->len > 0 && !dropped)
    end (&together);
  if (dropped)
    {
      pg_test_storm_note ("  dropped");
      while (together.pipelines->len > 0)
        g_ptr_array_set_size (together.pipelines, (gint) together.pipelines->len - 1);
      if (together.error != 0 && pg_test_storm_is_transactional (self))
        self->failed = TRUE;
    }
  for (guint i = 0; i < together.calls->len; i++)
    finish (&together, together.calls->pdata[i]);
  /* A pipeline that was dropped ends when its turn has come. */
  while (PG_IS_ASYNC_CONNECTION (self->connection) && pg_base_connection_get_pipeline_status (self->connection) != PG_PIPELINE_STATUS_OFF
         && !pg_base_connection_get_closed (self->connection))
    g_main_context_iteration (NULL, TRUE);
  take_fates (&together);
  together_clear (&together);
}

/* --- without a pipeline --- */

typedef struct
{
  PgConnection *connection;
  gint64 number;
  guint n;
  gsize size;
  GError *error;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *self = data;

  for (guint i = 0; i < self->n && self->error == NULL; i++)
    {
      GVariant *params = g_variant_new ("(xs)", self->number + i, pg_test_storm_filler (self->size));
      g_autoptr (PgCursor) cursor = pg_connection_execute (self->connection, "SELECT $1::int8, $2::text", params, NULL, &self->error);

      if (cursor != NULL)
        g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0), ==, self->number + i);
    }
  return NULL;
}

static void
run_in_threads (PgTestStorm *self)
{
  Worker workers[4];
  GThread *threads[G_N_ELEMENTS (workers)];
  const guint n = (guint) pg_test_storm_random (self, 2, G_N_ELEMENTS (workers));

  pg_test_storm_filler (0);
  for (guint i = 0; i < n; i++)
    {
      workers[i] = (Worker) { PG_CONNECTION (self->connection), self->number + 1, (guint) pg_test_storm_random (self, 1, 5), pg_test_storm_random_size (self), NULL };
      self->number += workers[i].n;
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);
  /* One that was struck in a transaction is the end of the others'. While any of them executes something the transaction does not tell. */
  if (self->weather != PG_TEST_STORM_CALM && pg_base_connection_get_transaction_status (self->connection) == PG_TRANSACTION_STATUS_INERROR)
    self->failed = TRUE;
  for (guint i = 0; i < n; i++)
    {
      pg_test_storm_took (self, workers[i].error == NULL, &workers[i].error, 0);
      g_clear_error (&workers[i].error);
    }
}

/* In several threads, or in a main loop without waiting in between. */
void
pg_test_storm_op_together (PgTestStorm *self)
{
  Together together = { NULL };

  if (PG_IS_CONNECTION (self->connection))
    {
      run_in_threads (self);
      return;
    }
  together_init (&together, self);
  for (gint i = pg_test_storm_random (self, 1, 12); i > 0; i--)
    {
      const gint dice = pg_test_storm_random (self, 0, 9);
      Call *call = call_new (&together);

      together.unit++;
      if (dice < 5)
        {
          call->number = pg_test_storm_next (self);
          start (&together, call, "SELECT $1::int8, $2::text", g_variant_new ("(xs)", call->number, pg_test_storm_filler (pg_test_storm_random_size (self))));
        }
      else if (dice < 8)
        {
          call->id = pg_test_storm_new_ids (self, 1);
          start (&together, call, "INSERT INTO storm VALUES ($1, $2)", g_variant_new ("(xs)", call->id, pg_test_storm_filler (pg_test_storm_random_size (self))));
        }
      else if (dice == 8)
        {
          if (call->code == 0)
            call->code = PG_ERROR_DIVISION_BY_ZERO;
          start (&together, call, "SELECT 1 / 0", NULL);
          if (pg_test_storm_is_transactional (self))
            self->failed = TRUE;
        }
      else
        {
          call_free (call);
          g_main_context_iteration (NULL, FALSE);
        }
    }
  for (guint i = 0; i < together.calls->len; i++)
    finish (&together, together.calls->pdata[i]);
  take_fates (&together);
  together_clear (&together);
}
