/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PgConnection: notices and notifications. */
#include "pg-test-calls.h"
#include "pg-test-fixture.h"

#include <locale.h>
#include <string.h>

typedef struct
{
  GPtrArray *texts;
  GPtrArray *objects; /* PgNotification or PgDiagnostic */
  guint n;
} Received;

static void
received_clear (Received *self)
{
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->objects, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Received, received_clear)

static void
add_text (Received *self, char *text)
{
  if (self->texts == NULL)
    self->texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->texts, text);
  self->n++;
}

static void
on_notification (PgBaseConnection *connection, PgNotification *notification, gpointer data)
{
  add_text (data, g_strdup_printf ("%s=%s", pg_notification_get_channel (notification), pg_notification_get_payload (notification)));
}

static void
on_notification_keep (PgBaseConnection *connection, PgNotification *notification, gpointer data)
{
  Received *self = data;

  if (self->objects == NULL)
    self->objects = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_notification_unref);
  g_ptr_array_add (self->objects, pg_notification_ref (notification));
  self->n++;
}

static void
on_notice (PgBaseConnection *connection, PgDiagnostic *diagnostic, gpointer data)
{
  add_text (data, g_strdup_printf ("%s %s %s", pg_diagnostic_get_severity_nonlocalized (diagnostic), pg_diagnostic_get_sqlstate (diagnostic),
                                   pg_diagnostic_get_message_primary (diagnostic)));
}

static const char *
text_at (Received *self, guint index)
{
  g_assert_cmpuint (index, <, self->n);
  return g_ptr_array_index (self->texts, index);
}

/* --- notices --- */

static void
test_notices (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_auto (Received) received = { NULL };
  static const char *const levels[] = { "DEBUG", "LOG", "INFO", "NOTICE", "WARNING" };

  g_test_summary ("Every level that the session asks for arrives, in order, before the call returns.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notice", G_CALLBACK (on_notice), &received);
  pg_test_run (connection, "SET client_min_messages = 'debug1'");
  pg_test_run (connection, "DO $$BEGIN RAISE DEBUG 'm1'; RAISE LOG 'm2'; RAISE INFO 'm3'; RAISE NOTICE 'm4 ü€'; RAISE WARNING 'm5' USING ERRCODE = '01004'; "
                           "END$$");
  pg_test_run (connection, "SET client_min_messages = 'error'");
  pg_test_run (connection, "DO $$BEGIN RAISE WARNING 'not to be seen'; END$$");
  g_assert_cmpuint (received.n, ==, G_N_ELEMENTS (levels));
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autofree char *expected = g_strdup_printf ("%s %s m%u%s", levels[i], i == 4 ? "01004" : "00000", i + 1, i == 3 ? " ü€" : "");

      g_assert_cmpstr (text_at (&received, i), ==, expected);
    }
}

static void
test_notice_with_error (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_auto (Received) received = { NULL };
  g_autofree char *message = NULL;

  g_test_summary ("A notice that precedes an error arrives, too.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notice", G_CALLBACK (on_notice), &received);
  message = pg_test_fail (connection, "DO $$BEGIN RAISE NOTICE 'first'; RAISE EXCEPTION 'then'; END$$", PG_ERROR_RAISE_EXCEPTION);
  g_assert_cmpuint (received.n, ==, 1);
  g_assert_cmpstr (text_at (&received, 0), ==, "NOTICE 00000 first");
}

/* --- notifications --- */

static void
send_notifications (const char *conninfo, const char *sql)
{
  g_autofree char *output = pg_test_psql (conninfo, sql);
}

static void
test_after_call (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_auto (Received) all = { NULL };
  g_auto (Received) jobs = { NULL };
  g_auto (Received) other = { NULL };

  g_test_summary ("Without a main context a notification arrives with the next call, for everybody and for the detail.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  g_signal_connect (connection, "notification", G_CALLBACK (on_notification), &all);
  g_signal_connect (connection, "notification::jobs", G_CALLBACK (on_notification), &jobs);
  g_signal_connect (connection, "notification::other", G_CALLBACK (on_notification), &other);
  pg_test_run (connection, "LISTEN jobs; LISTEN unnamed");
  send_notifications (conninfo, "NOTIFY jobs, 'one'; NOTIFY unnamed; NOTIFY nobody; NOTIFY jobs, 'two'");
  g_assert_cmpuint (all.n, ==, 0);
  pg_test_run (connection, "SELECT 1");
  g_assert_cmpuint (all.n, ==, 3);
  g_assert_cmpstr (text_at (&all, 0), ==, "jobs=one");
  g_assert_cmpstr (text_at (&all, 1), ==, "unnamed=");
  g_assert_cmpstr (text_at (&all, 2), ==, "jobs=two");
  g_assert_cmpuint (jobs.n, ==, 2);
  g_assert_cmpuint (other.n, ==, 0);

  pg_test_run (connection, "UNLISTEN jobs");
  send_notifications (conninfo, "NOTIFY jobs, 'three'");
  pg_test_run (connection, "SELECT 1");
  g_assert_cmpuint (all.n, ==, 3);
}

static void
test_self (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture ();
  g_auto (Received) received = { NULL };
  PgNotification *first;

  g_test_summary ("One's own notification arrives with the commit and has one's own process ID.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notification", G_CALLBACK (on_notification_keep), &received);
  pg_test_run (connection, "LISTEN me");
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  pg_test_run (connection, "NOTIFY me, 'x'");
  g_assert_cmpuint (received.n, ==, 0);
  g_assert_true (pg_connection_commit (connection, NULL, NULL));
  g_assert_cmpuint (received.n, ==, 1);
  first = g_ptr_array_index (received.objects, 0);
  g_assert_cmpint (pg_notification_get_pid (first), ==, pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (connection)));

  /* What is rolled back is not sent, and LISTEN in a rolled-back transaction does not listen. */
  pg_test_run (connection, "NOTIFY me, 'y'");
  g_assert_true (pg_connection_rollback (connection, NULL, NULL));
  g_assert_cmpuint (received.n, ==, 1);
}

static void
test_names_and_payloads (void)
{
  static const char *const channels[] = {
    "plain", "Upper Case", "quo\"te", "ü€😀", "a'b\\c", "123456789012345678901234567890123456789012345678901234567890123",
  };
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_autofree char *large = g_strnfill (7999, 'x');
  g_autofree char *message = NULL;

  g_test_summary ("Any channel name of up to 63 bytes, and payloads of up to 7999 bytes.");
  if (connection == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_auto (Received) received = { NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (PgCursor) cursor = NULL;
      g_auto (GStrv) parts = g_strsplit (channels[i], "\"", -1);
      g_autofree char *quoted = g_strjoinv ("\"\"", parts);
      g_autofree char *listen = g_strdup_printf ("LISTEN \"%s\"", quoted);
      g_autofree char *signal = g_strconcat ("notification::", channels[i], NULL);
      const char *payload = i == 0 ? large : channels[i];
      PgNotification *notification;

      g_signal_connect (connection, signal, G_CALLBACK (on_notification_keep), &received);
      pg_test_run (connection, listen);
      cursor = pg_connection_execute (connection, "SELECT pg_notify($1, $2)", g_variant_new ("(ss)", channels[i], payload), NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (received.n, ==, 1);
      notification = g_ptr_array_index (received.objects, 0);
      g_assert_cmpstr (pg_notification_get_channel (notification), ==, channels[i]);
      g_assert_cmpstr (pg_notification_get_payload (notification), ==, payload);
      g_signal_handlers_disconnect_by_data (connection, &received);
    }
  message = pg_test_fail (connection, "SELECT pg_notify('plain', repeat('x', 8000))", PG_ERROR_INVALID_PARAMETER_VALUE);
}

static void
test_burst (void)
{
  const guint n = 100000;
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autofree char *sql = g_strdup_printf ("DO $$BEGIN FOR i IN 1..%u LOOP PERFORM pg_notify('burst', i::text); END LOOP; END$$", n);
  g_autoptr (PgConnection) connection = NULL;
  g_auto (Received) received = { NULL };

  g_test_summary ("A hundred thousand notifications of one transaction all arrive, in order.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  g_signal_connect (connection, "notification::burst", G_CALLBACK (on_notification_keep), &received);
  pg_test_run (connection, "LISTEN burst");
  send_notifications (conninfo, sql);
  /* The server sends as much as the socket takes, the rest comes with later calls. */
  while (received.n < n)
    {
      guint before = received.n;

      for (guint i = 0; i < 1000 && received.n == before; i++)
        pg_test_run (connection, "SELECT 1");
      g_assert_cmpuint (received.n, >, before);
    }
  g_assert_cmpuint (received.n, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_ascii_strtoll (pg_notification_get_payload (g_ptr_array_index (received.objects, i)), NULL, 10), ==, i + 1);
}

static void
test_attached (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (PgConnection) connection = NULL;
  g_auto (Received) received = { NULL };

  g_test_summary ("Attached to a main context notifications arrive while the connection is idle; detached they wait.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  g_signal_connect (connection, "notification", G_CALLBACK (on_notification), &received);
  pg_test_run (connection, "LISTEN jobs");
  pg_connection_attach (connection, context);
  g_main_context_push_thread_default (context);
  send_notifications (conninfo, "NOTIFY jobs, 'one'");
  pg_test_iterate_until (&received.n, 1);
  g_assert_cmpstr (text_at (&received, 0), ==, "jobs=one");

  /* Still so after calls, and after being attached again. */
  pg_test_run (connection, "SELECT 1");
  send_notifications (conninfo, "NOTIFY jobs, 'two'");
  pg_test_iterate_until (&received.n, 2);
  pg_connection_attach (connection, context);
  send_notifications (conninfo, "NOTIFY jobs, 'three'");
  pg_test_iterate_until (&received.n, 3);

  pg_connection_detach (connection);
  send_notifications (conninfo, "NOTIFY jobs, 'four'");
  pg_test_iterate_for (200);
  g_assert_cmpuint (received.n, ==, 3);
  pg_test_run (connection, "SELECT 1");
  g_assert_cmpuint (received.n, ==, 4);
  g_main_context_pop_thread_default (context);
}

static void
on_disconnected (PgBaseConnection *connection, GError *error, gpointer data)
{
  add_text (data, g_strdup_printf ("%s %d %d", pg_error_get_sqlstate (error), pg_base_connection_get_closed (connection),
                                   pg_base_connection_get_broken (connection)));
}

static void
test_attached_disconnected (void)
{
  g_autofree char *conninfo = pg_test_fixture_conninfo ();
  g_autoptr (PgConnection) connection = NULL;
  g_auto (Received) received = { NULL };
  g_autofree char *sql = NULL;
  g_autofree char *killed = NULL;

  g_test_summary ("Attached, the end of the session is seen at once, with its reason.");
  if (conninfo == NULL)
    return;
  connection = pg_test_open_autocommit (conninfo);
  pg_connection_attach (connection, NULL);
  g_signal_connect (connection, "disconnected", G_CALLBACK (on_disconnected), &received);
  sql = g_strdup_printf ("SELECT pg_terminate_backend(%d)", pg_base_connection_get_backend_pid (PG_BASE_CONNECTION (connection)));
  killed = pg_test_psql (conninfo, sql);
  pg_test_iterate_until (&received.n, 1);
  g_assert_cmpstr (text_at (&received, 0), ==, "57P01 1 1");
  /* And its source does not spin. */
  pg_test_iterate_for (50);
  g_assert_cmpuint (received.n, ==, 1);
}

static void
on_notification_fail (PgBaseConnection *base, PgNotification *notification, gpointer data)
{
  Received *received = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = NULL;

  /* What goes wrong in a handler is the handler's. */
  cursor = pg_connection_execute (PG_CONNECTION (base), "SELECT 1/0", NULL, NULL, &error);
  add_text (received, g_strdup (cursor == NULL ? pg_error_get_sqlstate (error) : "?"));
}

static void
test_failing_handler (void)
{
  g_autoptr (PgConnection) connection = pg_test_open_fixture_autocommit ();
  g_auto (Received) failing = { NULL };
  g_auto (Received) after = { NULL };

  g_test_summary ("A handler whose own statement fails neither fails the call it interrupts nor wedges the connection.");
  if (connection == NULL)
    return;
  g_signal_connect (connection, "notification", G_CALLBACK (on_notification_fail), &failing);
  g_signal_connect (connection, "notification", G_CALLBACK (on_notification), &after);
  pg_test_run (connection, "LISTEN jobs");
  pg_test_run (connection, "NOTIFY jobs");
  g_assert_cmpuint (failing.n, ==, 1);
  g_assert_cmpstr (text_at (&failing, 0), ==, "22012");
  g_assert_cmpuint (after.n, ==, 1);
  g_assert_cmpint (pg_base_connection_get_transaction_status (PG_BASE_CONNECTION (connection)), ==, PG_TRANSACTION_STATUS_IDLE);
  g_assert_cmpint (pg_test_int64 (connection, "SELECT 42"), ==, 42);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  pg_test_clean_environment ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pg/connection/notice/levels", test_notices);
  g_test_add_func ("/pg/connection/notice/before-error", test_notice_with_error);
  g_test_add_func ("/pg/connection/notification/after-call", test_after_call);
  g_test_add_func ("/pg/connection/notification/self", test_self);
  g_test_add_func ("/pg/connection/notification/names-and-payloads", test_names_and_payloads);
  g_test_add_func ("/pg/connection/notification/burst", test_burst);
  g_test_add_func ("/pg/connection/notification/attached", test_attached);
  g_test_add_func ("/pg/connection/notification/attached-disconnected", test_attached_disconnected);
  g_test_add_func ("/pg/defect/05-failing-notification-handler", test_failing_handler);

  return g_test_run ();
}
