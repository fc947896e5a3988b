/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One statement with one row: what the library adds to libpq for a round trip. */

#include "pg-bench.h"

#include <glib-unix.h>
#include <string.h>

#define ONE_ROW "SELECT 42"
#define ONE_PARAM "SELECT $1 + 1"

typedef struct
{
  PGconn *raw;
  PGconn *raw_looped;
  PgConnection *blocking;
  PgConnection *unprepared;
  PgConnection *transactional;
  PgAsyncConnection *async;
  PgStatement *statement; /* of blocking */
  gint64 sum; /* of what was read, so that reading it is not optimised away */
} Fixture;

/* --- raw libpq --- */

static void
raw_prepared (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      PGresult *result = PQexecPrepared (f->raw, "one_row", 0, NULL, NULL, NULL, 0);

      f->sum += *PQgetvalue (result, 0, 0);
      pg_bench_check (f->raw, result, PGRES_TUPLES_OK);
    }
}

static void
raw_unprepared (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      PGresult *result = PQexec (f->raw, ONE_ROW);

      f->sum += *PQgetvalue (result, 0, 0);
      pg_bench_check (f->raw, result, PGRES_TUPLES_OK);
    }
}

static void
raw_param (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      guint32 number = GUINT32_TO_BE (100000 + i);
      const char *values[] = { (const char *) &number };
      const int lengths[] = { sizeof number };
      const int formats[] = { 1 };
      PGresult *result = PQexecPrepared (f->raw, "one_param", 1, values, lengths, formats, 0);

      f->sum += *PQgetvalue (result, 0, 0);
      pg_bench_check (f->raw, result, PGRES_TUPLES_OK);
    }
}

static void
raw_transaction (gpointer data, guint count)
{
  Fixture *f = data;

  for (guint i = 0; i < count; i++)
    {
      PGresult *result;

      pg_bench_check (f->raw, PQexec (f->raw, "BEGIN"), PGRES_COMMAND_OK);
      result = PQexecPrepared (f->raw, "one_row", 0, NULL, NULL, NULL, 0);
      f->sum += *PQgetvalue (result, 0, 0);
      pg_bench_check (f->raw, result, PGRES_TUPLES_OK);
      pg_bench_check (f->raw, PQexec (f->raw, "COMMIT"), PGRES_COMMAND_OK);
    }
}

/* --- raw libpq, in a main loop: no less than what any GTask over a GSource has to do --- */

typedef struct
{
  Fixture *f;
  guint left;
  gboolean done;
  GTask *task;
} RawLoop;

static void raw_loop_next (RawLoop *loop);

static void
on_raw_loop_done (GObject *source, GAsyncResult *result, gpointer data)
{
  RawLoop *loop = data;
  PGresult *rows = g_task_propagate_pointer (G_TASK (result), NULL);

  loop->f->sum += *PQgetvalue (rows, 0, 0);
  pg_bench_check (loop->f->raw_looped, rows, PGRES_TUPLES_OK);
  if (--loop->left > 0)
    raw_loop_next (loop);
  else
    loop->done = TRUE;
}

static gboolean
on_raw_readable (int fd, GIOCondition condition, gpointer data)
{
  RawLoop *loop = data;
  g_autoptr (GTask) task = NULL;
  PGresult *result;

  PQconsumeInput (loop->f->raw_looped);
  if (PQisBusy (loop->f->raw_looped))
    return G_SOURCE_CONTINUE;
  result = PQgetResult (loop->f->raw_looped);
  while (PQgetResult (loop->f->raw_looped) != NULL)
    ;
  /* Its callback starts the next one. */
  task = g_steal_pointer (&loop->task);
  g_task_return_pointer (task, result, (GDestroyNotify) PQclear);
  return G_SOURCE_CONTINUE;
}

static void
raw_loop_next (RawLoop *loop)
{
  loop->task = g_task_new (NULL, NULL, on_raw_loop_done, loop);
  PQsendQueryPrepared (loop->f->raw_looped, "one_row", 0, NULL, NULL, NULL, 0);
  PQflush (loop->f->raw_looped);
}

static void
raw_loop (gpointer data, guint count)
{
  RawLoop loop = { data, count, FALSE, NULL };
  guint id = g_unix_fd_add (PQsocket (loop.f->raw_looped), G_IO_IN, on_raw_readable, &loop);

  raw_loop_next (&loop);
  pg_bench_iterate_until (&loop.done);
  g_source_remove (id);
}

/* --- the blocking driver --- */

static void
read_cursor (Fixture *f, PgCursor *cursor, GError *error)
{
  if (G_UNLIKELY (cursor == NULL))
    g_error ("%s", error->message);
  f->sum += *pg_result_get_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL);
  g_object_unref (cursor);
}

static void
execute (Fixture *f, PgConnection *connection, guint count)
{
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    read_cursor (f, pg_connection_execute (connection, ONE_ROW, NULL, NULL, &error), error);
}

static void
blocking_prepared (gpointer data, guint count)
{
  Fixture *f = data;

  execute (f, f->blocking, count);
}

static void
blocking_cancellable (gpointer data, guint count)
{
  Fixture *f = data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    read_cursor (f, pg_connection_execute (f->blocking, ONE_ROW, NULL, cancellable, &error), error);
}

static void
blocking_unprepared (gpointer data, guint count)
{
  Fixture *f = data;

  execute (f, f->unprepared, count);
}

static void
blocking_param (gpointer data, guint count)
{
  Fixture *f = data;
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    read_cursor (f, pg_connection_execute (f->blocking, ONE_PARAM, g_variant_new ("(i)", 100000 + i), NULL, &error), error);
}

static void
blocking_params (gpointer data, guint count)
{
  Fixture *f = data;
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PgParams) params = pg_params_new ();

      pg_params_add_int32 (params, 100000 + (gint32) i);
      read_cursor (f, pg_connection_execute_params (f->blocking, ONE_PARAM, params, NULL, &error), error);
    }
}

static void
blocking_statement (gpointer data, guint count)
{
  Fixture *f = data;
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    {
      PgCursor *cursor = pg_connection_cursor (f->blocking, &error);

      if (!pg_cursor_execute_statement (cursor, f->statement, g_variant_new ("(i)", 100000 + i), NULL, &error))
        g_error ("%s", error->message);
      read_cursor (f, cursor, NULL);
    }
}

static void
blocking_transaction (gpointer data, guint count)
{
  Fixture *f = data;
  GError *error = NULL;

  for (guint i = 0; i < count; i++)
    {
      read_cursor (f, pg_connection_execute (f->transactional, ONE_ROW, NULL, NULL, &error), error);
      if (!pg_connection_commit (f->transactional, NULL, &error))
        g_error ("%s", error->message);
    }
}

/* --- the main-loop driver --- */

typedef struct
{
  Fixture *f;
  guint left;
  gboolean done;
} Loop;

static void
on_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  Loop *loop = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (loop->f->async, result, &error);

  if (G_UNLIKELY (cursor == NULL))
    g_error ("%s", error->message);
  loop->f->sum += *pg_result_get_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL);
  if (--loop->left > 0)
    pg_async_connection_execute_async (loop->f->async, ONE_ROW, NULL, NULL, on_executed, loop);
  else
    loop->done = TRUE;
}

static void
async_prepared (gpointer data, guint count)
{
  Loop loop = { data, count, FALSE };

  pg_async_connection_execute_async (loop.f->async, ONE_ROW, NULL, NULL, on_executed, &loop);
  pg_bench_iterate_until (&loop.done);
}

/* --- */

static void
on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!pg_async_connection_set_autocommit_finish (PG_ASYNC_CONNECTION (source), result, &error))
    g_error ("%s", error->message);
  *(gboolean *) data = TRUE;
}

static void
open_all (Fixture *f)
{
  PGconn *raws[2];
  GError *error = NULL;
  gboolean done = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (raws); i++)
    {
      raws[i] = pg_bench_open_raw ();
      pg_bench_check (raws[i], PQprepare (raws[i], "one_row", ONE_ROW, 0, NULL), PGRES_COMMAND_OK);
      pg_bench_check (raws[i], PQprepare (raws[i], "one_param", ONE_PARAM, 0, NULL), PGRES_COMMAND_OK);
    }
  f->raw = raws[0];
  f->raw_looped = raws[1];
  f->blocking = pg_bench_open ();
  f->unprepared = pg_bench_open ();
  f->transactional = pg_bench_open ();
  f->async = pg_bench_open_async ();
  if (!pg_connection_set_autocommit (f->blocking, TRUE, NULL, &error) || !pg_connection_set_autocommit (f->unprepared, TRUE, NULL, &error))
    g_error ("%s", error->message);
  pg_base_connection_set_prepare_threshold (PG_BASE_CONNECTION (f->unprepared), -1);
  f->statement = pg_connection_prepare (f->blocking, ONE_PARAM, NULL, 0, NULL, &error);
  if (f->statement == NULL)
    g_error ("%s", error->message);
  pg_async_connection_set_autocommit_async (f->async, TRUE, NULL, on_set, &done);
  pg_bench_iterate_until (&done);
}

static void
close_all (Fixture *f)
{
  PQfinish (f->raw);
  PQfinish (f->raw_looped);
  g_clear_object (&f->statement);
  g_clear_object (&f->blocking);
  g_clear_object (&f->unprepared);
  g_clear_object (&f->transactional);
  g_clear_object (&f->async);
}

static gboolean
pin (Fixture *f, gboolean same)
{
  const int pids[] = {
    PQbackendPID (f->raw),
    PQbackendPID (f->raw_looped),
    pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (f->blocking)),
    pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (f->unprepared)),
    pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (f->transactional)),
    pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (f->async)),
  };

  return pg_bench_pin (same, pids, G_N_ELEMENTS (pids));
}

int
main (int argc, char **argv)
{
  Fixture f = { 0 };
  const PgBenchContestant prepared[] = {
    { "raw", "libpq", raw_prepared, &f, 0 },
    { "blocking", "PgConnection", blocking_prepared, &f, 1.2 },
    { "blocking-cancellable", "PgConnection, GCancellable", blocking_cancellable, &f, 0 },
    { "raw-loop", "libpq, GSource, GTask", raw_loop, &f, 0 },
    { "async", "PgAsyncConnection", async_prepared, &f, 1.6 },
  };
  const PgBenchContestant prepared_apart[] = {
    { "raw-apart", "libpq", raw_prepared, &f, 0 },
    { "blocking-apart", "PgConnection", blocking_prepared, &f, 1.05 },
    { "raw-loop-apart", "libpq, GSource, GTask", raw_loop, &f, 0 },
    { "async-apart", "PgAsyncConnection", async_prepared, &f, 1.05 },
  };
  const PgBenchContestant unprepared[] = {
    { "raw-unprepared", "libpq", raw_unprepared, &f, 0 },
    { "blocking-unprepared", "PgConnection", blocking_unprepared, &f, 0 },
  };
  const PgBenchContestant param[] = {
    { "raw-param", "libpq", raw_param, &f, 0 },
    { "blocking-param", "PgConnection, GVariant", blocking_param, &f, 0 },
    { "blocking-params", "PgConnection, PgParams", blocking_params, &f, 0 },
    { "blocking-statement", "PgStatement, GVariant", blocking_statement, &f, 0 },
  };
  const PgBenchContestant transaction[] = {
    { "raw-transaction", "libpq, 3 round trips", raw_transaction, &f, 0 },
    { "blocking-transaction", "PgConnection, 2 round trips", blocking_transaction, &f, 1.0 },
  };

  pg_bench_begin (&argc, &argv, NULL);
  open_all (&f);
  pin (&f, TRUE);
  pg_bench_compare ("prepared, 1 row, 1 core", prepared, G_N_ELEMENTS (prepared), 100);
  pg_bench_compare ("not prepared, 1 row, 1 core", unprepared, G_N_ELEMENTS (unprepared), 100);
  pg_bench_compare ("prepared, 1 parameter, 1 core", param, G_N_ELEMENTS (param), 100);
  pg_bench_compare ("transaction of 1 statement, 1 core", transaction, G_N_ELEMENTS (transaction), 50);
  if (pin (&f, FALSE))
    pg_bench_compare ("prepared, 1 row, 2 cores", prepared_apart, G_N_ELEMENTS (prepared_apart), 50);
  close_all (&f);
  pg_bench_end ();
  return 0;
}
