/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Random operations in random weather: see pg-test-storm.h.
 *
 * PGCONN_TEST_STORM_SEED is the seed of the one round that is run then, and PGCONN_TEST_STORM_ROUNDS how many are; without them there are some, other ones each time with
 * PGCONN_TEST_LONG. With PGCONN_TEST_STORM_VERBOSE they say what they do. */
#include "pg-test-fixture.h"
#include "pg-test-storm.h"

#include <locale.h>

#define OPERATIONS 40

static const PgTestStormOperation operations[] = {
  { "select", 12, pg_test_storm_op_select },
  { "insert", 12, pg_test_storm_op_insert },
  { "error", 4, pg_test_storm_op_error },
  { "signals", 4, pg_test_storm_op_signals },
  { "commit", 7, pg_test_storm_op_commit },
  { "rollback", 3, pg_test_storm_op_rollback },
  { "begin", 4, pg_test_storm_op_begin },
  { "autocommit", 3, pg_test_storm_op_autocommit },
  { "savepoint", 4, pg_test_storm_op_savepoint },
  { "statement", 4, pg_test_storm_op_statement },
  { "fetch-type", 2, pg_test_storm_op_fetch_type },
  { "compare", 4, pg_test_storm_op_compare },
  { "close", 1, pg_test_storm_op_close },
  { "many", 8, pg_test_storm_op_many },
  { "rows", 8, pg_test_storm_op_rows },
  { "copy-in", 8, pg_test_storm_op_copy_in },
  { "copy-out", 6, pg_test_storm_op_copy_out },
  { "server-cursor", 6, pg_test_storm_op_server_cursor },
  { "large-object", 5, pg_test_storm_op_large_object },
  { "pipeline", 16, pg_test_storm_op_pipeline },
  { "together", 8, pg_test_storm_op_together },
  { NULL, 0, NULL },
};

static void
test_storm (gconstpointer driver)
{
  const char *seed = g_getenv ("PGCONN_TEST_STORM_SEED");
  const char *rounds = g_getenv ("PGCONN_TEST_STORM_ROUNDS");
  const gboolean random = rounds != NULL || g_getenv ("PGCONN_TEST_LONG") != NULL || g_test_slow ();
  guint n = seed != NULL ? 1 : rounds != NULL ? (guint) g_ascii_strtoull (rounds, NULL, 10) : pg_test_repeat (3, 1000);
  const gint64 start = g_get_monotonic_time ();
  PgTestStorm totals = { .seed = 0 };

  g_test_summary ("Each call ends, with what it asked for or for a reason that there is; what was committed is there, and the connection is in order, or closed and says so.");
  for (guint i = 0; i < n; i++)
    {
      const guint32 own = random ? g_random_int () : (guint32) g_test_rand_int ();

      pg_test_storm_round (GPOINTER_TO_INT (driver), seed != NULL ? (guint32) g_ascii_strtoull (seed, NULL, 10) : own, OPERATIONS, operations, &totals);
      if (pg_test_fixture_server () == NULL)
        return;
    }
  g_test_message ("%u operations, %u errors, %u connections lost, %.1f s", totals.n_operations, totals.n_errors, totals.n_lost, pg_test_seconds_since (start));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  pg_test_driver_add ("/pg/storm/%s", test_storm);
  return g_test_run ();
}
