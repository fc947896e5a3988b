/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-test-storm.h"

#include "pg-test-fixture.h"

#include <string.h>
#include <sys/socket.h>

#define FILLER_SIZE (4 * 1024 * 1024)

static const char *const weather_names[] = { "calm", "cancellable", "cancel", "timeout", "cut", "close" };

gint
pg_test_storm_random (PgTestStorm *self, gint first, gint last)
{
  return g_rand_int_range (self->rand, first, last + 1);
}

/* A number up to max, of any order of magnitude. */
static gint
random_magnitude (PgTestStorm *self, gint max)
{
  const gint n = pg_test_storm_random (self, 0, 1 << pg_test_storm_random (self, 0, (gint) g_bit_storage ((gulong) max)));

  return MIN (max, n);
}

gsize
pg_test_storm_random_size (PgTestStorm *self)
{
  return (gsize) random_magnitude (self, (gint) self->big);
}

guint
pg_test_storm_random_count (PgTestStorm *self)
{
  const gint many = MIN (3000, (gint) self->big / 50);

  return (guint) pg_test_storm_random (self, 0, pg_test_storm_random (self, 0, 2) == 0 ? many : 20);
}

const char *
pg_test_storm_filler (gsize size)
{
  static char *filler;

  if (filler == NULL)
    filler = g_strnfill (FILLER_SIZE, 'x');
  return filler + (FILLER_SIZE - MIN (size, FILLER_SIZE));
}

gint64
pg_test_storm_next (PgTestStorm *self)
{
  return ++self->number;
}

/* --- the model --- */

gboolean
pg_test_storm_is_transactional (PgTestStorm *self)
{
  return !self->autocommit || self->in_transaction;
}

gint64
pg_test_storm_new_ids (PgTestStorm *self, guint n)
{
  const guint first = self->fates->len;

  g_byte_array_set_size (self->fates, first + n);
  pg_test_storm_set_fates (self, first, n, PG_TEST_STORM_ABSENT);
  return first;
}

void
pg_test_storm_set_fates (PgTestStorm *self, gint64 first, guint n, PgTestStormFate fate)
{
  for (guint i = 0; i < n; i++)
    self->fates->data[first + i] = (guint8) fate;
}

void
pg_test_storm_end_transaction (PgTestStorm *self, PgTestStormFate fate)
{
  for (guint i = 0; i < self->fates->len; i++)
    {
      if (self->fates->data[i] == PG_TEST_STORM_PENDING)
        self->fates->data[i] = (guint8) fate;
      else if (self->fates->data[i] == PG_TEST_STORM_DOUBTFUL)
        self->fates->data[i] = (guint8) (fate == PG_TEST_STORM_ABSENT ? fate : PG_TEST_STORM_UNKNOWN);
    }
}

void
pg_test_storm_wrote (PgTestStorm *self, gint64 first, guint n, gboolean ok)
{
  gboolean lost = pg_base_connection_get_closed (self->connection);

  if (pg_test_storm_is_transactional (self))
    pg_test_storm_set_fates (self, first, n, ok ? PG_TEST_STORM_PENDING : PG_TEST_STORM_ABSENT);
  else if (ok)
    pg_test_storm_set_fates (self, first, n, PG_TEST_STORM_PRESENT);
  else
    pg_test_storm_set_fates (self, first, n, lost ? PG_TEST_STORM_UNKNOWN : PG_TEST_STORM_ABSENT);
}

void
pg_test_storm_compare (PgTestStorm *self, PgResult *rows)
{
  guint row = 0;

  for (guint i = 0; i < self->fates->len; i++)
    {
      gboolean there = row < pg_result_get_n_rows (rows) && pg_test_storm_get_number (rows, row) == i;

      if (self->fates->data[i] == PG_TEST_STORM_UNKNOWN)
        self->fates->data[i] = there ? PG_TEST_STORM_PRESENT : PG_TEST_STORM_ABSENT;
      else if (self->fates->data[i] == PG_TEST_STORM_DOUBTFUL)
        self->fates->data[i] = there ? PG_TEST_STORM_PENDING : PG_TEST_STORM_ABSENT;
      else if (there != (self->fates->data[i] != PG_TEST_STORM_ABSENT))
        g_error ("row %u of %u is %s, but has to be %s", i, self->fates->len, there ? "there" : "not there", there ? "absent" : "present");
      row += there;
    }
  g_assert_cmpuint (row, ==, pg_result_get_n_rows (rows));
}

gint64
pg_test_storm_get_number (PgResult *result, guint row)
{
  g_autoptr (GError) error = NULL;
  gint64 number = pg_result_get_int64 (result, row, 0, &error);

  g_assert_no_error (error);
  return number;
}

gboolean
pg_test_storm_explains (PgTestStorm *self, const GError *error)
{
  if (self->failed && (g_error_matches (error, PG_ERROR, PG_ERROR_IN_FAILED_SQL_TRANSACTION) || g_error_matches (error, PG_ERROR, PG_ERROR_TRANSACTION_ROLLED_BACK)))
    return TRUE;
  if (self->handler_closed && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return TRUE;
  switch (self->weather)
    {
    case PG_TEST_STORM_CANCELLABLE:
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    case PG_TEST_STORM_CANCEL:
      return g_error_matches (error, PG_ERROR, PG_ERROR_QUERY_CANCELED);
    case PG_TEST_STORM_TIMEOUT:
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    case PG_TEST_STORM_CUT:
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
             || g_error_matches (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
    case PG_TEST_STORM_CLOSE:
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) || g_error_matches (error, PG_ERROR, PG_ERROR_OUTCOME_UNKNOWN);
    case PG_TEST_STORM_CALM:
    case PG_TEST_STORM_N_WEATHERS:
    default:
      return FALSE;
    }
}

gboolean
pg_test_storm_took (PgTestStorm *self, gboolean ok, GError **where, int code)
{
  const GError *error = *where;

  if (ok)
    {
      g_assert_no_error (error);
      if (code != 0)
        g_error ("a call has not failed with %d", code);
      return TRUE;
    }
  g_assert_nonnull (error);
  pg_test_storm_note ("  failed: %s", error->message);
  self->had_error = TRUE;
  self->n_errors++;
  if (!(code != 0 && g_error_matches (error, PG_ERROR, code)) && !pg_test_storm_explains (self, error))
    g_error ("in the weather “%s” a call has failed: %s (%s, %d)", weather_names[self->weather], error->message, g_quark_to_string (error->domain), error->code);
  return FALSE;
}

void
pg_test_storm_cancel_between (PgTestStorm *self)
{
  if (self->weather != PG_TEST_STORM_CANCEL || pg_test_storm_random (self, 0, 5) != 0)
    return;
  pg_test_storm_note ("  cancelled between two calls");
  pg_base_connection_cancel (self->connection);
}

PgBaseCursor *
pg_test_storm_cursor_new (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  gpointer cursor;

  if (PG_IS_CONNECTION (self->connection))
    cursor = pg_connection_cursor (PG_CONNECTION (self->connection), &error);
  else
    cursor = pg_async_connection_cursor (PG_ASYNC_CONNECTION (self->connection), &error);
  pg_test_storm_took (self, cursor != NULL, &error, 0);
  return cursor;
}

void
pg_test_storm_select (PgTestStorm *self, const char *sql, GVariant *params, gint64 number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->connection, sql, params, self->cancellable, &error);

  if (pg_test_storm_took (self, cursor != NULL, &error, 0))
    g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (cursor), 0), ==, number);
}

gboolean
pg_test_storm_run (PgTestStorm *self, const char *sql, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->connection, sql, NULL, self->cancellable, &error);

  return pg_test_storm_took (self, cursor != NULL, &error, code);
}

/* --- the handlers --- */

static void
on_handler_done (GObject *source, GAsyncResult *result, gpointer data)
{
  PgTestStorm *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  if (cursor != NULL)
    g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0), ==, 77);
  self->n_handling--;
}

static void
handle (PgBaseConnection *connection, PgTestStorm *self)
{
  PgTestStormHandler what = self->handler;

  self->n_signals++;
  self->handler = PG_TEST_STORM_HANDLER_NONE;
  if (what == PG_TEST_STORM_HANDLER_CLOSE)
    {
      self->handler_closed = TRUE;
      pg_base_connection_close (connection);
    }
  else if (what == PG_TEST_STORM_HANDLER_EXECUTE && PG_IS_CONNECTION (connection))
    {
      g_autoptr (PgCursor) cursor = pg_connection_execute (PG_CONNECTION (connection), "SELECT 77", NULL, NULL, NULL);

      if (cursor != NULL)
        g_assert_cmpint (pg_test_storm_get_number (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0), ==, 77);
    }
  else if (what == PG_TEST_STORM_HANDLER_EXECUTE)
    {
      self->n_handling++;
      pg_async_connection_execute_async (PG_ASYNC_CONNECTION (connection), "SELECT 77", NULL, NULL, on_handler_done, self);
    }
}

static void
on_notice (PgBaseConnection *connection, PgDiagnostic *diagnostic, gpointer data)
{
  handle (connection, data);
}

static void
on_notification (PgBaseConnection *connection, PgNotification *notification, gpointer data)
{
  handle (connection, data);
}

/* --- the weather --- */

static void
strike (PgTestStorm *self)
{
  switch (self->weather)
    {
    case PG_TEST_STORM_CANCELLABLE:
      g_cancellable_cancel (self->cancellable);
      break;
    case PG_TEST_STORM_CANCEL:
      pg_base_connection_cancel (self->connection);
      break;
    case PG_TEST_STORM_CLOSE:
      pg_base_connection_close (self->connection);
      break;
    case PG_TEST_STORM_CALM:
    case PG_TEST_STORM_TIMEOUT:
    case PG_TEST_STORM_CUT:
    case PG_TEST_STORM_N_WEATHERS:
    default:
      g_assert_not_reached ();
    }
}

static gpointer
strike_thread (gpointer data)
{
  PgTestStorm *self = data;

  g_usleep (self->strike_after);
  strike (self);
  return NULL;
}

static gboolean
on_strike (gpointer data)
{
  strike (data);
  return G_SOURCE_REMOVE;
}

static void
raise_weather (PgTestStorm *self)
{
  const guint dice = (guint) pg_test_storm_random (self, 0, 99);
  const gboolean in_loop = self->session.driver == PG_TEST_DRIVER_MAIN_LOOP && pg_test_storm_random (self, 0, 1) == 0;

  self->weather = dice < 60   ? PG_TEST_STORM_CALM
                  : dice < 74 ? PG_TEST_STORM_CANCELLABLE
                  : dice < 84 ? PG_TEST_STORM_CANCEL
                  : dice < 92 ? PG_TEST_STORM_TIMEOUT
                  : dice < 97 ? PG_TEST_STORM_CUT
                              : PG_TEST_STORM_CLOSE;
  self->strike_after = (guint) random_magnitude (self, 50000);
  g_set_object (&self->cancellable, NULL);
  if (self->weather == PG_TEST_STORM_CALM)
    return;
  self->cancellable = g_cancellable_new ();
  if (self->weather == PG_TEST_STORM_TIMEOUT)
    {
      pg_base_connection_set_timeout (self->connection, 1 + self->strike_after / 1000);
    }
  else if (self->weather == PG_TEST_STORM_CUT)
    {
      pg_fault_proxy_act_after (self->session.proxy, pg_test_storm_random (self, 0, 1) == 0 ? PG_FAULT_TO_SERVER : PG_FAULT_TO_CLIENT,
                                (guint64) random_magnitude (self, 100000), PG_FAULT_ACTION_CUT);
    }
  else if (in_loop || (self->weather == PG_TEST_STORM_CLOSE && self->session.driver == PG_TEST_DRIVER_MAIN_LOOP))
    {
      self->strike_source = g_timeout_source_new (0);
      g_source_set_ready_time (self->strike_source, g_get_monotonic_time () + self->strike_after);
      g_source_set_callback (self->strike_source, on_strike, self, NULL);
      g_source_attach (self->strike_source, NULL);
    }
  else
    {
      self->striker = g_thread_new ("strike", strike_thread, self);
    }
}

/* Whether the connection is free, and answers. */
static void
probe (PgTestStorm *self)
{
  PgTransactionStatus status = pg_base_connection_get_transaction_status (self->connection);
  const gint64 number = pg_test_storm_next (self);
  g_autofree char *sql = g_strdup_printf ("SELECT %" G_GINT64_FORMAT, number);

  /* What was dropped may still be ending, and the transaction with it. */
  if (status == PG_TRANSACTION_STATUS_INERROR || (status == PG_TRANSACTION_STATUS_ACTIVE && pg_test_storm_is_transactional (self)))
    self->failed = TRUE;
  pg_test_storm_select (self, sql, NULL, number);
  if (!self->had_error && pg_test_storm_is_transactional (self))
    g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==, PG_TRANSACTION_STATUS_INTRANS);
}

static void
end_weather (PgTestStorm *self)
{
  g_clear_pointer (&self->striker, g_thread_join);
  if (self->strike_source != NULL)
    g_source_destroy (self->strike_source);
  g_clear_pointer (&self->strike_source, g_source_unref);
  g_clear_object (&self->cancellable);
  pg_base_connection_set_timeout (self->connection, 0);
  if (self->weather != PG_TEST_STORM_CUT)
    return;
  pg_fault_proxy_act_after (self->session.proxy, PG_FAULT_TO_SERVER, 0, PG_FAULT_ACTION_NONE);
  pg_fault_proxy_act_after (self->session.proxy, PG_FAULT_TO_CLIENT, 0, PG_FAULT_ACTION_NONE);
  /* It may not have been noticed. */
  if (!pg_base_connection_get_closed (self->connection))
    probe (self);
}

/* --- the connection --- */

static void
connect_again (PgTestStorm *self)
{
  const gboolean autocommit = pg_test_storm_random (self, 0, 2) > 0;
  static const int thresholds[] = { 5, 0, 1, -1 };
  int size = pg_test_storm_random (self, 0, 1) * 4096;

  pg_test_session_connect (&self->session);
  self->connection = self->session.connection;
  if (size > 0)
    setsockopt (pg_base_connection_get_fd (self->connection, NULL), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  g_signal_connect (self->connection, "notice", G_CALLBACK (on_notice), self);
  g_signal_connect (self->connection, "notification", G_CALLBACK (on_notification), self);
  pg_base_connection_set_prepare_threshold (self->connection, thresholds[pg_test_storm_random (self, 0, G_N_ELEMENTS (thresholds) - 1)]);
  pg_base_connection_set_prepared_max (self->connection, pg_test_storm_random (self, 0, 1) == 0 ? 100 : 2);
  pg_base_connection_set_cancel_timeout (self->connection, G_MAXINT);
  if (PG_IS_ASYNC_CONNECTION (self->connection))
    pg_async_connection_set_pipelining (PG_ASYNC_CONNECTION (self->connection), pg_test_storm_random (self, 0, 2) > 0);
  pg_test_driver_run (self->connection, "LISTEN storm");
  g_assert_true (pg_test_driver_set_autocommit (self->connection, autocommit, NULL));
  self->autocommit = autocommit;
  self->in_transaction = self->failed = FALSE;
}

static void
compare_from_outside (PgTestStorm *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgBaseCursor) cursor = pg_test_driver_execute (self->witness, "SELECT i FROM storm ORDER BY i", NULL, NULL, &error);

  g_assert_no_error (error);
  pg_test_storm_compare (self, pg_base_cursor_get_result (cursor));
}

/* The connection is gone, and said so. */
static void
take_loss (PgTestStorm *self)
{
  g_autofree char *running = g_strdup_printf ("SELECT count(*) FROM pg_stat_activity WHERE pid = %d", pg_base_connection_get_backend_pid (self->connection));

  pg_test_storm_note ("  the connection is gone");
  g_assert_true (self->weather == PG_TEST_STORM_CUT || self->weather == PG_TEST_STORM_CLOSE || self->handler_closed);
  if (self->weather != PG_TEST_STORM_CUT)
    g_assert_false (pg_base_connection_get_broken (self->connection));
  else if (!self->handler_closed)
    g_assert_true (pg_base_connection_get_broken (self->connection));
  g_assert_cmpuint (self->session.disconnects.n, ==, pg_base_connection_get_broken (self->connection) ? 1 : 0);
  g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==, PG_TRANSACTION_STATUS_UNKNOWN);
  pg_test_storm_end_transaction (self, PG_TEST_STORM_ABSENT);
  self->n_lost++;
  self->weather = PG_TEST_STORM_CALM;
  self->handler_closed = FALSE;
  while (pg_test_driver_int64 (self->witness, running) > 0)
    g_usleep (1000);
  self->in_transaction = FALSE;
  compare_from_outside (self);
  connect_again (self);
}

static void
settle (PgTestStorm *self)
{
  const gboolean calm = self->weather == PG_TEST_STORM_CALM;
  PgTransactionStatus status;

  end_weather (self);
  while (self->n_handling > 0)
    g_main_context_iteration (NULL, TRUE);
  self->handler = PG_TEST_STORM_HANDLER_NONE;
  if (pg_base_connection_get_closed (self->connection))
    {
      take_loss (self);
      return;
    }
  /* Whatever has struck does not strike what follows. */
  self->weather = PG_TEST_STORM_CALM;
  if (!calm || pg_base_connection_get_transaction_status (self->connection) == PG_TRANSACTION_STATUS_ACTIVE || pg_test_storm_random (self, 0, 1) == 0)
    probe (self);
  status = pg_base_connection_get_transaction_status (self->connection);
  g_assert_cmpint (pg_base_connection_get_pipeline_status (self->connection), ==, PG_PIPELINE_STATUS_OFF);
  g_assert_true (status == PG_TRANSACTION_STATUS_IDLE || status == PG_TRANSACTION_STATUS_INTRANS || status == PG_TRANSACTION_STATUS_INERROR);
  if (!pg_test_storm_is_transactional (self))
    g_assert_cmpint (status, ==, PG_TRANSACTION_STATUS_IDLE);
  if (status == PG_TRANSACTION_STATUS_INERROR)
    pg_test_storm_end_transaction (self, PG_TEST_STORM_ABSENT);
  else if (status == PG_TRANSACTION_STATUS_IDLE && self->fates->len > 0)
    g_assert_null (memchr (self->fates->data, PG_TEST_STORM_PENDING, self->fates->len));
  self->in_transaction = status != PG_TRANSACTION_STATUS_IDLE;
  self->failed = status == PG_TRANSACTION_STATUS_INERROR;
  if (self->failed && pg_test_storm_random (self, 0, 3) > 0)
    {
      pg_test_storm_op_rollback (self);
      g_assert_cmpint (pg_base_connection_get_transaction_status (self->connection), ==, PG_TRANSACTION_STATUS_IDLE);
    }
}

/* --- the round --- */

static const PgTestStormOperation *
choose (PgTestStorm *self, const PgTestStormOperation *operations)
{
  guint total = 0;
  gint dice;

  for (const PgTestStormOperation *o = operations; o->name != NULL; o++)
    total += o->weight;
  dice = pg_test_storm_random (self, 0, (gint) total - 1);
  while ((dice -= (gint) operations->weight) >= 0)
    operations++;
  return operations;
}

static void
open_round (PgTestStorm *self)
{
  static const guint sizes[] = { 0, 65536, 8192, 700, 40 };
  const guint size = sizes[pg_test_storm_random (self, 0, G_N_ELEMENTS (sizes) - 1)];
  const guint pause = (guint) pg_test_storm_random (self, 0, 1) * 100;

  self->big = size == 0 ? FILLER_SIZE : MIN (FILLER_SIZE, size * 400);
  for (guint i = 0; i < 2; i++)
    pg_fault_proxy_set_pieces (self->session.proxy, i, size, pause, self->seed + i);
  pg_fault_proxy_set_buffers (self->session.proxy, pg_test_storm_random (self, 0, 1) * 4096);
  self->witness = pg_test_driver_open_ok (PG_TEST_DRIVER_BLOCKING, self->session.direct, TRUE);
  pg_test_driver_run (self->witness, "SET client_min_messages TO error; DROP TABLE IF EXISTS storm; CREATE TABLE storm (i bigint PRIMARY KEY, s text)");
  connect_again (self);
}

void
pg_test_storm_round (PgTestDriver driver, guint32 seed, guint n_operations, const PgTestStormOperation *operations, PgTestStorm *totals)
{
  PgTestStorm storm = { .seed = seed };

  g_autofree char *heading = g_strdup_printf ("%s, PGCONN_TEST_STORM_SEED=%u", driver == PG_TEST_DRIVER_BLOCKING ? "blocking" : "main-loop", seed);

  pg_test_storm_watch ();
  pg_test_storm_watch_round (heading);
  if (!pg_test_session_open (&storm.session, GINT_TO_POINTER (driver), FALSE))
    return;
  storm.rand = g_rand_new_with_seed (seed);
  storm.fates = g_byte_array_new ();
  open_round (&storm);
  for (guint i = 0; i < n_operations; i++)
    {
      const PgTestStormOperation *operation = choose (&storm, operations);

      storm.had_error = FALSE;
      raise_weather (&storm);
      pg_test_storm_note ("%u: %s, %s after %u, %u rows%s%s", i, operation->name, weather_names[storm.weather], storm.strike_after, storm.fates->len,
                          pg_test_storm_is_transactional (&storm) ? ", in a transaction" : "", storm.failed ? " that has failed" : "");
      operation->func (&storm);
      settle (&storm);
      storm.n_operations++;
    }
  pg_test_storm_op_rollback (&storm);
  compare_from_outside (&storm);
  totals->n_operations += storm.n_operations;
  totals->n_errors += storm.n_errors;
  totals->n_lost += storm.n_lost;
  pg_test_session_clear (&storm.session);
  g_object_unref (storm.witness);
  g_byte_array_unref (storm.fates);
  g_rand_free (storm.rand);
}
