/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* pg-with-server [--] COMMAND [ARGUMENT…]: runs the command with DATABASE_URL naming a server of its own, and ends with the command's exit status. */

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>
#include <pgconn/pgconn.h>

/* How long a command may take to end after SIGTERM or SIGHUP, in seconds. */
#define GRACE 10

#define EXIT_TROUBLE 125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND 127

typedef struct
{
  GMainLoop *loop;
  GCancellable *cancellable;
  PgTestServer *server;
  char *uri;
  GPid child; /* 0: not started, or reaped */
  int status;
  int signal; /* the last one received, or 0 */
  guint grace_id;
} Wrapper;

static const char *
skip_spaces (const char *p)
{
  while (g_ascii_isspace (*p))
    p++;
  return p;
}

/* The next “keyword=value” of a conninfo string, or FALSE at its end. */
static gboolean
next_keyword (const char **conninfo, char **keyword, char **value)
{
  const char *p = skip_spaces (*conninfo);
  const char *equals = strchr (p, '=');
  g_autoptr (GString) unquoted = g_string_new (NULL);
  gboolean quoted;

  if (equals == NULL)
    return FALSE;
  *keyword = g_strstrip (g_strndup (p, (gsize) (equals - p)));

  p = skip_spaces (equals + 1);
  quoted = *p == '\'';
  if (quoted)
    p++;
  for (; *p != '\0' && (quoted ? *p != '\'' : !g_ascii_isspace (*p)); p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (unquoted, *p);
    }
  if (quoted && *p == '\'')
    p++;

  *value = g_string_free (g_steal_pointer (&unquoted), FALSE);
  *conninfo = p;
  return TRUE;
}

/* postgresql://user:password@/dbname?host=…&port=…: the host is a parameter, as it may be a directory. */
static char *
conninfo_to_uri (const char *conninfo)
{
  g_autofree char *user = NULL, *password = NULL, *database = NULL;
  g_autoptr (GString) query = g_string_new (NULL);
  g_autoptr (GString) uri = g_string_new ("postgresql://");
  char *keyword = NULL, *value = NULL;

  while (next_keyword (&conninfo, &keyword, &value))
    {
      g_autofree char *name = keyword;
      g_autofree char *unescaped = value;
      g_autofree char *escaped = g_uri_escape_string (unescaped, NULL, FALSE);

      if (g_str_equal (name, "user"))
        user = g_steal_pointer (&escaped);
      else if (g_str_equal (name, "password"))
        password = g_steal_pointer (&escaped);
      else if (g_str_equal (name, "dbname"))
        database = g_steal_pointer (&escaped);
      else
        g_string_append_printf (query, "%c%s=%s", query->len == 0 ? '?' : '&', name, escaped);
    }

  if (user != NULL)
    g_string_append (uri, user);
  if (password != NULL)
    g_string_append_printf (uri, ":%s", password);
  if (user != NULL || password != NULL)
    g_string_append_c (uri, '@');
  g_string_append_printf (uri, "/%s%s", database != NULL ? database : "", query->str);
  return g_string_free (g_steal_pointer (&uri), FALSE);
}

static gboolean
on_grace_over (gpointer user_data)
{
  Wrapper *self = user_data;

  self->grace_id = 0;
  if (self->child != 0)
    kill (self->child, SIGKILL);
  return G_SOURCE_REMOVE;
}

static void
receive (Wrapper *self, int signum)
{
  self->signal = signum;
  g_cancellable_cancel (self->cancellable);
  if (self->child == 0)
    return;
  /* A Ctrl+C at the terminal reaches the command without help, and what it means there is the command's decision. */
  if (signum == SIGINT && isatty (STDIN_FILENO) && tcgetpgrp (STDIN_FILENO) == getpgrp ())
    return;
  kill (self->child, signum);
  if (signum != SIGINT && self->grace_id == 0)
    self->grace_id = g_timeout_add_seconds (GRACE, on_grace_over, self);
}

static gboolean
on_sigint (gpointer user_data)
{
  receive (user_data, SIGINT);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_sigterm (gpointer user_data)
{
  receive (user_data, SIGTERM);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_sighup (gpointer user_data)
{
  receive (user_data, SIGHUP);
  return G_SOURCE_CONTINUE;
}

static void
on_child_ended (GPid pid, int wait_status, gpointer user_data)
{
  Wrapper *self = user_data;

  self->child = 0;
  self->status = WIFEXITED (wait_status) ? WEXITSTATUS (wait_status) : 128 + WTERMSIG (wait_status);
  g_spawn_close_pid (pid);
  g_main_loop_quit (self->loop);
}

/* In a thread, so that the main loop takes a signal meanwhile. */
static void
start_server (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Wrapper *self = task_data;
  g_autofree char *conninfo = NULL;
  GError *error = NULL;

  if (pg_test_server_up (self->server, cancellable, &error))
    conninfo = pg_test_server_create_database (self->server, cancellable, &error);
  if (conninfo == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, conninfo_to_uri (conninfo), g_free);
}

static void
on_server_started (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  Wrapper *self = user_data;
  g_autoptr (GError) error = NULL;

  self->uri = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->uri == NULL && self->signal == 0)
    g_printerr ("pg-with-server: %s\n", error->message);
  g_main_loop_quit (self->loop);
}

static int
run_command (Wrapper *self, char **argv)
{
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "DATABASE_URL", self->uri, TRUE);
  g_autoptr (GError) error = NULL;

  if (!g_spawn_async (NULL, argv, environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CHILD_INHERITS_STDIN | G_SPAWN_SEARCH_PATH, NULL, NULL,
                      &self->child, &error))
    {
      g_printerr ("pg-with-server: %s\n", error->message);
      return g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
  g_child_watch_add (self->child, on_child_ended, self);
  g_main_loop_run (self->loop);
  g_clear_handle_id (&self->grace_id, g_source_remove);
  return self->status;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PgTestServer) server = NULL;
  g_autoptr (GTask) task = NULL;
  g_autofree char *uri = NULL;
  Wrapper self = { .loop = loop, .cancellable = cancellable };
  int first = 1;
  int status;

  setlocale (LC_ALL, "");
  if (first < argc && strcmp (argv[first], "--") == 0)
    first++;
  if (first >= argc)
    {
      g_printerr ("Usage: pg-with-server [--] COMMAND [ARGUMENT…]\n");
      return EXIT_TROUBLE;
    }

  self.server = server = pg_test_server_new (PG_TEST_SERVER_FLAGS_NONE);
  g_unix_signal_add (SIGINT, on_sigint, &self);
  g_unix_signal_add (SIGTERM, on_sigterm, &self);
  g_unix_signal_add (SIGHUP, on_sighup, &self);

  task = g_task_new (NULL, cancellable, on_server_started, &self);
  g_task_set_task_data (task, &self, NULL);
  g_task_set_return_on_cancel (task, FALSE);
  g_task_run_in_thread (task, start_server);
  g_main_loop_run (loop);
  uri = self.uri;

  if (self.signal != 0)
    status = 128 + self.signal;
  else if (uri == NULL)
    status = EXIT_TROUBLE;
  else
    status = run_command (&self, argv + first);

  pg_test_server_down (server);
  return status;
}
