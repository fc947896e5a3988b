/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-engine-core-private.h"

G_BEGIN_DECLS

/* The verb behind every execute(), shared by its two files: what it does, and what it is told and gives. */

typedef enum
{
  PG_EXECUTE_PHASE_STATEMENT,
  PG_EXECUTE_PHASE_ASK,  /* the question that follows it */
  PG_EXECUTE_PHASE_UNDO, /* what that has done to the transaction */
} PgExecutePhase;

typedef struct
{
  PgRequest parent;
  const char *sql;
  gpointer owner;
  GDestroyNotify owner_free;
  PgExecuteFlags flags;
  PgWireParams *params;
  PgPrepare prepare;
  PgFormat format;
  PgWirePlainFunc plain_func;
  gpointer plain_data;
  GDestroyNotify plain_data_free;
  gint plain; /* −1: not known */
  const char *prelude;
  PgWireParams *prelude_params;
  PgExecuteWatch watch; /* NULL: nobody */
  gpointer watch_data;
  GDestroyNotify watch_data_free;
  guint chunk_size;   /* of a stream of its rows; 0 for all of them at once */
  gboolean guarded;   /* by a savepoint, so that the stream can be stopped without the end of the transaction */
  gboolean begun;
  gboolean was_idle; /* nothing of a transaction would be lost with it: it can be tried again */
  gboolean retried;
  PgCachedStatement *statement;
  gboolean reused; /* the server had it already */
  gboolean promised;
  gboolean undone; /* the server has told of an error in the statement */
  GError *evict_error;
  PgRawResult *first; /* nearly always the only one */
  GPtrArray *more;
  PgExecutePhase phase;
  const char *ask_sql;
  PgExecuteAsk ask; /* NULL: there is no question */
  gpointer ask_data;
  GDestroyNotify ask_free;
  PgWireParams *ask_params;
  PgRawResult *answer;
} PgExecute;

G_END_DECLS
