/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libpq-fe.h>
#include <pgconn/pgconn.h>

G_BEGIN_DECLS

/* Contestants that do the same work run in turn, in short batches, in one process and in one go: A B C C B A A B C … What is reported is the median over the
 * rounds of the ratio to the first contestant of the same round. A machine that is busy with other things disturbs single rounds, not the median. */

typedef struct
{
  const char *name;                       /* for --only */
  const char *label;
  void (*run) (gpointer data, guint count); /* does the work count times */
  gpointer data;
  double budget;                          /* at most so many times the first one's time; 0 none */
} PgBenchContestant;

typedef struct
{
  guint rounds;
  guint batch; /* 0: the program's own choice */
  gboolean own_table; /* it prints its own header */
} PgBenchOptions;

extern PgBenchOptions pg_bench_options;

/* Reads the command line, and starts a server where --conninfo names none. entries may be NULL. */
void pg_bench_begin (int *argc, char ***argv, const GOptionEntry *entries);
void pg_bench_end (void);

/* The server to measure. */
const char *pg_bench_get_conninfo (void);
PgConnection *pg_bench_open (void);
PgAsyncConnection *pg_bench_open_async (void);
PGconn *pg_bench_open_raw (void);

/* The same server by libpq, and by each kind of connection. */
typedef struct
{
  PGconn *raw;
  PgConnection *blocking;
  PgAsyncConnection *async;
} PgBenchConnections;

void pg_bench_connections_open (PgBenchConnections *self);
void pg_bench_connections_close (PgBenchConnections *self);
/* As pg_bench_pin(). */
gboolean pg_bench_connections_pin (PgBenchConnections *self, gboolean same);

/* Fails the program where result is not of that status; takes result. */
void pg_bench_check (PGconn *conn, PGresult *result, ExecStatusType status);

/* Binds the calling thread to the first processor that is allowed to it, and the servers' processes to the same one, or to the last one. FALSE where
 * there is only one. */
gboolean pg_bench_pin (gboolean same, const int *backend_pids, guint n_backends);

/* Runs the contestants and prints a line for each. With --only just that contestant, --iterations times and without measuring. */
void pg_bench_compare (const char *title, const PgBenchContestant *contestants, guint n_contestants, guint batch);

/* Iterates the default main context until *flag. */
void pg_bench_iterate_until (const gboolean *flag);

G_END_DECLS
