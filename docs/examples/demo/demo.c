/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The demonstration in C. demo.py and demo.js are the same program in Python and JavaScript.
 *
 *   demo setup    makes the schema, and loads ISO's tables of countries, currencies and languages and Unicode's characters
 *   demo show     queries, a transaction that is rolled back, a unique violation, a statement that is cancelled
 *   demo notify   sends a notification to the two others and waits for theirs
 *   demo drop     drops the schema
 *
 * DATABASE_URL says where, DEMO_SCHEMA in which schema. */
#include <locale.h>
#include <pgconn/pgconn.h>
#include <stdlib.h>
#include <string.h>

#define LANGUAGES 3

static const char *language = "C";

G_GNUC_NORETURN static void
fail (const char *what, const GError *error)
{
  g_printerr ("%s: %s: %s\n", language, what, error->message);
  exit (1);
}

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static PgConnection *
open_connection (void)
{
  const char *url = g_getenv ("DATABASE_URL");
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = NULL;
  PgConnection *connection = pg_connection_open (url != NULL ? url : "", NULL, &error);

  if (connection == NULL)
    fail ("open", error);
  cursor = pg_connection_execute (connection, "SELECT set_config('search_path', $1, false)", g_variant_new ("(s)", g_getenv ("DEMO_SCHEMA")), NULL,
                                  &error);
  if (cursor == NULL || !pg_connection_commit (connection, NULL, &error))
    fail ("search_path", error);
  return connection;
}

/* --- tables --- */

static void
print_cells (char **cells, const guint *widths, guint n)
{
  for (guint i = 0; i < n; i++)
    g_print ("  %s%*s", cells[i], i + 1 < n ? (int) (widths[i] - g_utf8_strlen (cells[i], -1)) : 0, "");
  g_print ("\n");
}

/* A result as a table, each value as its text. */
static void
print_result (PgResult *result)
{
  guint n_rows = pg_result_get_n_rows (result), n = pg_result_get_n_columns (result);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autofree guint *widths = g_new0 (guint, n);
  char **cells = g_new0 (char *, n + 1);

  for (guint column = 0; column < n; column++)
    cells[column] = g_strdup (pg_column_get_name (pg_result_get_column (result, column)));
  g_ptr_array_add (lines, cells);
  for (guint row = 0; row < n_rows; row++)
    {
      cells = g_new0 (char *, n + 1);
      for (guint column = 0; column < n; column++)
        {
          cells[column] = pg_result_dup_text (result, row, column, NULL);
          if (cells[column] == NULL)
            cells[column] = g_strdup ("NULL");
        }
      g_ptr_array_add (lines, cells);
    }
  for (guint line = 0; line < lines->len; line++)
    for (guint column = 0; column < n; column++)
      widths[column] = MAX (widths[column], (guint) g_utf8_strlen (((char **) lines->pdata[line])[column], -1));
  for (guint line = 0; line < lines->len; line++)
    {
      print_cells (lines->pdata[line], widths, n);
      if (line == 0)
        {
          for (guint column = 0; column < n; column++)
            {
              g_autofree char *rule = g_strnfill (widths[column], '-');

              g_print ("  %s", rule);
            }
          g_print ("\n");
        }
    }
}

static void
print_step (const char *what, const char *outcome, double milliseconds)
{
  g_print ("%-44s %9.1f ms   %s\n", what, milliseconds, outcome);
}

/* --- setup --- */



static const struct
{
  const char *name;
  const char *file;
  const char *create;
  const char *load;
} tables[] = {
  { "country", "iso-codes/json/iso_3166-1.json",
    "CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL, official_name text, numeric_code int UNIQUE)",
    "INSERT INTO country SELECT alpha_2, name, official_name, \"numeric\" FROM jsonb_to_recordset($1::jsonb->'3166-1') "
    "AS t(alpha_2 text, name text, official_name text, \"numeric\" int)" },
  { "currency", "iso-codes/json/iso_4217.json", "CREATE TABLE currency (code text PRIMARY KEY, name text NOT NULL)",
    "INSERT INTO currency SELECT alpha_3, name FROM jsonb_to_recordset($1::jsonb->'4217') AS t(alpha_3 text, name text)" },
  { "language", "iso-codes/json/iso_639-3.json", "CREATE TABLE language (code text PRIMARY KEY, name text NOT NULL, kind text)",
    "INSERT INTO language SELECT alpha_3, name, type FROM jsonb_to_recordset($1::jsonb->'639-3') AS t(alpha_3 text, name text, type text)" },
  { "character", "unicode/UnicodeData.txt", "CREATE TABLE character (code text PRIMARY KEY, name text NOT NULL, category text NOT NULL)",
    "INSERT INTO character SELECT split_part(line, ';', 1), split_part(line, ';', 2), split_part(line, ';', 3) "
    "FROM regexp_split_to_table($1, E'\\n') AS line WHERE line <> ''" },
};

static void
run (PgConnection *connection, const char *sql, GVariant *params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection, sql, params, NULL, &error);

  if (cursor == NULL)
    fail (sql, error);
}

/* A statement made by the server's format(), which quotes the schema's name. */
static void
run_for_schema (PgConnection *connection, const char *format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor
      = pg_connection_execute (connection, "SELECT format($1, $2::text)", g_variant_new ("(ss)", format, g_getenv ("DEMO_SCHEMA")), NULL, &error);
  g_autofree char *sql = NULL;

  if (cursor == NULL)
    fail (format, error);
  sql = pg_result_dup_text (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, &error);
  if (sql == NULL)
    fail (format, error);
  run (connection, sql, NULL);
}

static void
commit (PgConnection *connection)
{
  g_autoptr (GError) error = NULL;

  if (!pg_connection_commit (connection, NULL, &error))
    fail ("commit", error);
}

static void
setup (PgConnection *connection)
{
  run_for_schema (connection, "CREATE SCHEMA %I");
  run (connection, "CREATE TABLE ready (language text PRIMARY KEY)", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_build_filename ("/usr/share", tables[i].file, NULL);
      g_autofree char *text = NULL, *outcome = NULL, *what = NULL;
      g_autoptr (PgCursor) cursor = NULL;

      if (!g_file_get_contents (path, &text, NULL, &error))
        fail (tables[i].name, error);
      run (connection, tables[i].create, NULL);
      cursor = pg_connection_execute (connection, tables[i].load, g_variant_new ("(s)", text), NULL, &error);
      if (cursor == NULL)
        fail (tables[i].name, error);
      what = g_strdup_printf ("load %s", tables[i].name);
      outcome = g_strdup_printf ("%" G_GINT64_FORMAT " rows from %s", pg_base_cursor_get_rowcount (PG_BASE_CURSOR (cursor)), path);
      print_step (what, outcome, milliseconds_since (start));
    }
  commit (connection);
}

/* --- show --- */

static void
show_versions (PgConnection *connection)
{
  int server = pg_base_connection_get_server_version (PG_BASE_CONNECTION (connection));
  int libpq = pg_capabilities_get_libpq_version (pg_capabilities_get_default ());

  g_print ("pgconn %d.%d.%d, PostgreSQL %d.%d, libpq %d.%d, GLib %u.%u.%u\n\n", PG_MAJOR_VERSION, PG_MINOR_VERSION, PG_MICRO_VERSION, server / 10000,
           server % 10000, libpq / 10000, libpq % 10000, glib_major_version, glib_minor_version, glib_micro_version);
}

static void
show_queries (PgConnection *connection)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) countries = NULL, characters = NULL;
  double first, second;

  countries = pg_connection_execute (connection, "SELECT code, name, numeric_code FROM country WHERE name LIKE $1 ORDER BY name",
                                     g_variant_new ("(s)", "Ne%"), NULL, &error);
  if (countries == NULL)
    fail ("countries", error);
  first = milliseconds_since (start);
  start = g_get_monotonic_time ();
  characters = pg_connection_execute (connection,
                                      "SELECT category, count(*) AS characters, max(length(name)) AS longest_name FROM character "
                                      "WHERE category = ANY ($1) GROUP BY category ORDER BY category",
                                      g_variant_new ("(^as)", (const char *const[]){ "Sc", "Sm", "Zs", NULL }), NULL, &error);
  if (characters == NULL)
    fail ("characters", error);
  second = milliseconds_since (start);

  print_result (pg_base_cursor_get_result (PG_BASE_CURSOR (countries)));
  g_print ("\n");
  print_result (pg_base_cursor_get_result (PG_BASE_CURSOR (characters)));
  g_print ("\n");
  print_step ("query with a text parameter", "", first);
  print_step ("query with an array parameter", "", second);
}

static void
show_rollback (PgConnection *connection)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) deleted = NULL, counted = NULL;
  g_autofree char *outcome = NULL;
  gint64 count;

  deleted = pg_connection_execute (connection, "DELETE FROM currency", NULL, NULL, &error);
  if (deleted == NULL || !pg_connection_rollback (connection, NULL, &error))
    fail ("roll back", error);
  counted = pg_connection_execute (connection, "SELECT count(*) FROM currency", NULL, NULL, &error);
  if (counted == NULL)
    fail ("count", error);
  count = pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (counted)), 0, 0, &error);
  commit (connection);
  outcome = g_strdup_printf ("%" G_GINT64_FORMAT " deleted, %" G_GINT64_FORMAT " there after the rollback",
                             pg_base_cursor_get_rowcount (PG_BASE_CURSOR (deleted)), count);
  print_step ("transaction that is rolled back", outcome, milliseconds_since (start));
}

static void
show_violation (PgConnection *connection)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection, "INSERT INTO country (code, name) VALUES ($1, $2)",
                                                       g_variant_new ("(ss)", "NL", "Netherlands again"), NULL, &error);
  g_autofree char *outcome = NULL;

  if (cursor != NULL || !g_error_matches (error, PG_ERROR, PG_ERROR_UNIQUE_VIOLATION))
    g_error ("the second Netherlands were not refused");
  if (!pg_connection_rollback (connection, NULL, NULL))
    g_error ("no rollback after the violation");
  outcome = g_strdup_printf ("%s, constraint %s", pg_error_get_sqlstate (error), pg_diagnostic_get_constraint_name (pg_error_get_diagnostic (error)));
  print_step ("unique violation", outcome, milliseconds_since (start));
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (200 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
show_cancel (PgConnection *connection)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_autoptr (PgCursor) cursor = pg_connection_execute (connection, "SELECT pg_sleep(60)", NULL, cancellable, &error);

  g_thread_join (thread);
  if (cursor != NULL || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error ("the statement was not cancelled");
  if (!pg_connection_rollback (connection, NULL, NULL))
    g_error ("no rollback after the cancelled statement");
  print_step ("60 second statement, cancelled after 200 ms", error->message, milliseconds_since (start));
}

/* --- notify --- */

typedef struct
{
  GMainLoop *loop;
  PgAsyncConnection *connection;
  guint received;
} Notify;

static void
on_notification (PgBaseConnection *connection, PgNotification *notification, Notify *self)
{
  if (pg_notification_get_pid (notification) == pg_base_connection_get_backend_pid (connection))
    return;
  g_print ("%-12s received  %s\n", language, pg_notification_get_payload (notification));
  if (++self->received == LANGUAGES - 1)
    g_main_loop_quit (self->loop);
}

static void
check_executed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  if (cursor == NULL)
    fail (data, error);
}

static gboolean
send_notification (gpointer data)
{
  Notify *self = data;

  pg_async_connection_execute_async (self->connection, "SELECT pg_notify('demo', $1)", g_variant_new ("(s)", "greetings from C"), NULL, check_executed,
                                     (gpointer) "notify");
  return G_SOURCE_REMOVE;
}

static gboolean ask_who_is_ready (gpointer data);

static void
on_ready_counted (GObject *source, GAsyncResult *result, gpointer data)
{
  Notify *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PgAsyncCursor) cursor = pg_async_connection_execute_finish (PG_ASYNC_CONNECTION (source), result, &error);

  if (cursor == NULL)
    fail ("ready", error);
  /* All listen: from here on this program is idle, but for its own notification. */
  if (pg_result_get_int64 (pg_base_cursor_get_result (PG_BASE_CURSOR (cursor)), 0, 0, NULL) == LANGUAGES)
    g_timeout_add (300, send_notification, self);
  else
    g_timeout_add (20, ask_who_is_ready, self);
}

static gboolean
ask_who_is_ready (gpointer data)
{
  Notify *self = data;

  pg_async_connection_execute_async (self->connection, "SELECT count(*) FROM ready", NULL, NULL, on_ready_counted, self);
  return G_SOURCE_REMOVE;
}

static void
on_open (GObject *source, GAsyncResult *result, gpointer data)
{
  Notify *self = data;
  g_autoptr (GError) error = NULL;

  if (!g_async_initable_init_finish (G_ASYNC_INITABLE (source), result, &error))
    fail ("open", error);
  g_signal_connect (self->connection, "notification::demo", G_CALLBACK (on_notification), self);
  /* They queue, and run in this order. */
  pg_async_connection_execute_async (self->connection, "SELECT set_config('search_path', $1, false)",
                                     g_variant_new ("(s)", g_getenv ("DEMO_SCHEMA")), NULL, check_executed, (gpointer) "search_path");
  pg_async_connection_execute_async (self->connection, "LISTEN demo", NULL, NULL, check_executed, (gpointer) "listen");
  pg_async_connection_execute_async (self->connection, "INSERT INTO ready VALUES ($1)", g_variant_new ("(s)", language), NULL, check_executed,
                                     (gpointer) "ready");
  ask_who_is_ready (self);
}

static void
notify (void)
{
  const char *url = g_getenv ("DATABASE_URL");
  Notify self = { NULL };

  self.loop = g_main_loop_new (NULL, FALSE);
  self.connection = g_object_new (PG_TYPE_ASYNC_CONNECTION, "conninfo", url != NULL ? url : "", "autocommit", TRUE, NULL);
  g_async_initable_init_async (G_ASYNC_INITABLE (self.connection), G_PRIORITY_DEFAULT, NULL, on_open, &self);
  g_main_loop_run (self.loop);
  pg_base_connection_close (PG_BASE_CONNECTION (self.connection));
  g_object_unref (self.connection);
  g_main_loop_unref (self.loop);
}

int
main (int argc, char **argv)
{
  const char *verb = argc == 2 ? argv[1] : "";
  g_autoptr (PgConnection) connection = NULL;

  setlocale (LC_ALL, "");
  if (strcmp (verb, "notify") == 0)
    {
      notify ();
      return 0;
    }
  connection = open_connection ();
  if (strcmp (verb, "setup") == 0)
    {
      show_versions (connection);
      setup (connection);
    }
  else if (strcmp (verb, "show") == 0)
    {
      show_queries (connection);
      show_rollback (connection);
      show_violation (connection);
      show_cancel (connection);
    }
  else if (strcmp (verb, "drop") == 0)
    {
      run_for_schema (connection, "DROP SCHEMA IF EXISTS %I CASCADE");
      commit (connection);
    }
  else
    {
      g_printerr ("usage: demo setup|show|notify|drop\n");
      return 2;
    }
  return 0;
}
