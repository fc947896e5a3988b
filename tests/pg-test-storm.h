/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-test-session.h"

G_BEGIN_DECLS

/* Random operations on a connection of either class, in random weather, and a model of what has to come of them.
 *
 * All of one round follows from its seed, but for the moment at which something strikes. An operation is a function in the table of test-storm.c; it makes calls, hands the
 * outcome of each to pg_test_storm_took(), and stops at the first that has failed. What it writes are rows of the table storm (i bigint PRIMARY KEY, s text), whose
 * numbers it takes from pg_test_storm_new_ids() and accounts for with pg_test_storm_wrote(). The connection is in order after it, or closed; that is checked. */

/* What strikes during an operation. */
typedef enum
{
  PG_TEST_STORM_CALM,
  PG_TEST_STORM_CANCELLABLE, /* the GCancellable of the calls that take one */
  PG_TEST_STORM_CANCEL,      /* pg_base_connection_cancel() */
  PG_TEST_STORM_TIMEOUT,
  PG_TEST_STORM_CUT,
  PG_TEST_STORM_CLOSE,
  PG_TEST_STORM_N_WEATHERS
} PgTestStormWeather;

typedef enum
{
  PG_TEST_STORM_ABSENT,
  PG_TEST_STORM_PENDING, /* there, when the transaction is committed */
  PG_TEST_STORM_DOUBTFUL, /* pending, or absent: until it is read back */
  PG_TEST_STORM_PRESENT,
  PG_TEST_STORM_UNKNOWN, /* present, or absent */
} PgTestStormFate;

typedef enum
{
  PG_TEST_STORM_HANDLER_NONE,
  PG_TEST_STORM_HANDLER_EXECUTE,
  PG_TEST_STORM_HANDLER_CLOSE,
} PgTestStormHandler;

typedef struct
{
  PgTestSession session;
  PgBaseConnection *connection; /* the session's */
  PgBaseConnection *witness;    /* another one, past the proxy */
  GRand *rand;
  guint32 seed;
  gsize big; /* the most bytes of a value */
  gint64 number;

  /* The model. */
  GByteArray *fates; /* PgTestStormFate by number of the row */
  gboolean autocommit;
  gboolean in_transaction;
  gboolean failed; /* the transaction has */

  /* The weather. */
  PgTestStormWeather weather;
  guint strike_after; /* microseconds */
  GThread *striker;
  GSource *strike_source;
  GCancellable *cancellable; /* for the calls */
  gboolean had_error;

  /* What the handlers of "notice" and "notification" do, once. */
  PgTestStormHandler handler;
  guint n_signals;
  guint n_handling;
  gboolean handler_closed;

  guint n_operations;
  guint n_errors;
  guint n_lost;
} PgTestStorm;

typedef struct
{
  const char *name;
  guint weight;
  void (*func) (PgTestStorm *self);
} PgTestStormOperation;

/* --- the round --- */

/* Runs a round of so many operations. */
void pg_test_storm_round (PgTestDriver driver, guint32 seed, guint n_operations, const PgTestStormOperation *operations, PgTestStorm *totals);

/* --- for operations --- */

/* From first to last. */
gint pg_test_storm_random (PgTestStorm *self, gint first, gint last);
/* A number of bytes, of any order of magnitude up to the round's. */
gsize pg_test_storm_random_size (PgTestStorm *self);
/* A number of rows. */
guint pg_test_storm_random_count (PgTestStorm *self);
/* So many times an x, up to 4 MB. */
const char *pg_test_storm_filler (gsize size);
/* A number that is no other's. */
gint64 pg_test_storm_next (PgTestStorm *self);

/* Takes the outcome of a call: one that has failed has to have failed with code, a PgError, or for what the weather or a failed transaction explains. Returns ok. */
gboolean pg_test_storm_took (PgTestStorm *self, gboolean ok, GError **error, int code);
/* Whether it is one of the latter. */
gboolean pg_test_storm_explains (PgTestStorm *self, const GError *error);
/* Whether statements belong to a transaction that somebody has to commit. */
gboolean pg_test_storm_is_transactional (PgTestStorm *self);

/* The numbers of n rows, the first of them. */
gint64 pg_test_storm_new_ids (PgTestStorm *self, guint n);
void pg_test_storm_wrote (PgTestStorm *self, gint64 first, guint n, gboolean ok);
void pg_test_storm_set_fates (PgTestStorm *self, gint64 first, guint n, PgTestStormFate fate);
/* What becomes of the rows that are pending. */
void pg_test_storm_end_transaction (PgTestStorm *self, PgTestStormFate fate);
/* Compares the rows, and learns what is not known. */
void pg_test_storm_compare (PgTestStorm *self, PgResult *rows);

PgBaseCursor *pg_test_storm_cursor_new (PgTestStorm *self);
/* A statement whose first value is the number; params may be floating. */
void pg_test_storm_select (PgTestStorm *self, const char *sql, GVariant *params, gint64 number);
/* A statement of which only its success matters. */
gboolean pg_test_storm_run (PgTestStorm *self, const char *sql, int code);
gint64 pg_test_storm_get_number (PgResult *result, guint row);

/* --- the watch --- */

/* Notes what is done, for the day that it ends badly; with PGCONN_TEST_STORM_VERBOSE it is printed. Each note is a sign of life. */
void pg_test_storm_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* From now on the program ends with the last notes when nothing was noted for a minute, or when it is aborted. */
void pg_test_storm_watch (void);
/* That a round begins, with words to find it again by. */
void pg_test_storm_watch_round (const char *heading);

/* --- the operations --- */

/* Between two calls of a stream: in the weather that is for it, now and then. */
void pg_test_storm_cancel_between (PgTestStorm *self);

/* pg-test-storm-calls.c */
void pg_test_storm_op_select (PgTestStorm *self);
void pg_test_storm_op_insert (PgTestStorm *self);
void pg_test_storm_op_error (PgTestStorm *self);
void pg_test_storm_op_signals (PgTestStorm *self);
void pg_test_storm_op_commit (PgTestStorm *self);
void pg_test_storm_op_rollback (PgTestStorm *self);
void pg_test_storm_op_begin (PgTestStorm *self);
void pg_test_storm_op_autocommit (PgTestStorm *self);
void pg_test_storm_op_savepoint (PgTestStorm *self);
void pg_test_storm_op_statement (PgTestStorm *self);
void pg_test_storm_op_fetch_type (PgTestStorm *self);
void pg_test_storm_op_compare (PgTestStorm *self);
void pg_test_storm_op_close (PgTestStorm *self);

/* pg-test-storm-streams.c */
void pg_test_storm_op_many (PgTestStorm *self);
void pg_test_storm_op_rows (PgTestStorm *self);
void pg_test_storm_op_copy_in (PgTestStorm *self);
void pg_test_storm_op_copy_out (PgTestStorm *self);
void pg_test_storm_op_server_cursor (PgTestStorm *self);
void pg_test_storm_op_large_object (PgTestStorm *self);

/* pg-test-storm-pipeline.c */
void pg_test_storm_op_pipeline (PgTestStorm *self);
void pg_test_storm_op_together (PgTestStorm *self);

G_END_DECLS
