/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include <glib/gi18n-lib.h>

/* The verbs of a pipeline. Each ends the section that is open, and tells of the first error in it. */

typedef enum
{
  BEGIN,
  SYNC,
  END,
} What;

enum
{
  TAG_UNDO,
};

typedef struct
{
  PgRequest parent;
  What what;
  gint *open; /* of the pipeline; NULL in one of the engine's own */
  gboolean undo;
} Pipeline;

/* The first error of what comes to its end; full. */
static GError *
take_failure (PgRequest *request, PgEngine *engine)
{
  GError *failure = pg_section_take_error (engine);

  return failure == NULL && request->bereft != PG_ABORT_NONE ? pg_engine_abort_error (request->bereft) : failure;
}

static void
change_level (Pipeline *self, PgEngine *engine)
{
  if (self->what == BEGIN && self->parent.error == NULL)
    pg_section_set_level (engine, engine->section.level + 1);
  else if (self->what == END && engine->section.level > 0)
    pg_section_set_level (engine, engine->section.level - 1);
  else
    return;
  g_atomic_int_set (self->open, self->what == BEGIN);
}

static PgStep
pipeline_step (PgRequest *request, PgEngine *engine, GError **error)
{
  Pipeline *self = (Pipeline *) request;
  GError *failure;

  if (self->open != NULL && g_atomic_int_get (self->open) != (self->what != BEGIN))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                           self->what == BEGIN ? _ ("the pipeline has been begun already") : _ ("the pipeline is not open: begin it first"));
      return PG_STEP_ERROR;
    }
  if (engine->section.open)
    {
      /* Stopped while it waited for those before it. */
      if (engine->section.bereft)
        {
          engine->section.bereft = FALSE;
          request->bereft = PG_ABORT_ASKED;
          self->undo = !engine->section.in_transaction;
        }
      /* BEGIN makes what the Sync would commit a transaction that can be rolled back. */
      if (self->undo)
        {
          pg_trip_query (engine, TAG_UNDO, "BEGIN", NULL);
          pg_trip_query (engine, TAG_UNDO, "ROLLBACK", NULL);
        }
      pg_trip_end (engine, error);
      return PG_STEP_LAST;
    }
  failure = take_failure (request, engine);
  if (failure != NULL)
    pg_request_fail (request, failure);
  change_level (self, engine);
  return PG_STEP_DONE;
}

static void
pipeline_answered (PgRequest *request, PgEngine *engine)
{
  GError *failure;

  if (request->internal)
    {
      if (request->error != NULL)
        pg_section_note_error (engine, request->error);
      return;
    }
  failure = take_failure (request, engine);
  if (failure != NULL)
    pg_request_fail (request, failure);
  change_level ((Pipeline *) request, engine);
}

/* Too late for the calls that have got their results. */
static void
pipeline_misread (PgRequest *request, PgEngine *engine, gboolean sent)
{
  pg_section_fail_misread (engine, request);
  if (request->internal)
    pg_section_note_error (engine, request->error);
}

static void
pipeline_skipped (PgRequest *request, PgEngine *engine, guint tag)
{
}

static void
pipeline_finalize (PgRequest *request)
{
  g_clear_pointer (&((Pipeline *) request)->open, g_atomic_rc_box_release);
}

static const PgRequestClass pipeline_class = {
  .name = "pipeline",
  .size = sizeof (Pipeline),
  .step = pipeline_step,
  .answered = pipeline_answered,
  .skipped = pipeline_skipped,
  .misread = pipeline_misread,
  .finalize = pipeline_finalize,
  .ends_section = TRUE,
  .recovers = TRUE,
};

/* In any case the pipeline is closed. */
static const PgRequestClass end_class = {
  .name = "pipeline-end",
  .size = sizeof (Pipeline),
  .step = pipeline_step,
  .answered = pipeline_answered,
  .skipped = pipeline_skipped,
  .misread = pipeline_misread,
  .finalize = pipeline_finalize,
  .ends_section = TRUE,
  .recovers = TRUE,
  .unstoppable = TRUE,
};

static PgRequest *
pipeline_new (What what, gint *open)
{
  Pipeline *self = pg_request_alloc (what == END ? &end_class : &pipeline_class);

  self->what = what;
  self->open = open != NULL ? g_atomic_rc_box_acquire (open) : NULL;
  return &self->parent;
}

PgRequest *
pg_request_pipeline_begin_new (gint *open)
{
  return pipeline_new (BEGIN, open);
}

PgRequest *
pg_request_pipeline_sync_new (gint *open)
{
  return pipeline_new (SYNC, open);
}

PgRequest *
pg_request_pipeline_end_new (gint *open)
{
  return pipeline_new (END, open);
}

PgRequest *
pg_request_pipeline_own_new (gboolean undo)
{
  PgRequest *request = pipeline_new (SYNC, NULL);

  request->internal = TRUE;
  ((Pipeline *) request)->undo = undo;
  return request;
}

/* --- a gap --- */

static PgStep
gap_step (PgRequest *request, PgEngine *engine, GError **error)
{
  /* The pipeline is over. */
  return PG_STEP_DONE;
}

static const PgRequestClass gap_class = {
  .name = "pipeline-gap",
  .size = sizeof (PgRequest),
  .step = gap_step,
  .recovers = TRUE,
};

PgRequest *
pg_request_gap_new (void)
{
  PgRequest *request = pg_request_alloc (&gap_class);

  request->internal = TRUE;
  request->queued = TRUE;
  return request;
}

gboolean
pg_section_is_gap (PgRequest *request)
{
  return request->klass == &gap_class;
}
