/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/types.h>

#include <pgconn/testing/pg-test-programs-private.h>
#include <pgconn/testing/pg-test-server.h>

G_BEGIN_DECLS

struct _PgTestServer
{
  GObject parent_instance;

  PgTestServerFlags flags;
  GString *configuration;
  int n_databases;

  /* Everything below is of the time between up and down. */
  pid_t owner; /* not a copy of the process, made by fork() */
  PgTestPrograms *programs;
  PgTestWatcher *watcher;
  char *directory;
  char *socket_directory;
  char *data_directory;
  char *log_file;
  char *ca_file;
  char *conninfo;
  char *password;
  guint port;
  GPid pid;
};

/* Makes the directories, the cluster and its configuration. What it has made when it fails is for pg_test_server_remove(). */
gboolean pg_test_server_prepare (PgTestServer *self, GCancellable *cancellable, GError **error);

/* Starts the postmaster and waits until it accepts connections. */
gboolean pg_test_server_start (PgTestServer *self, GCancellable *cancellable, GError **error);

/* Sends the signal to the postmaster, if it runs, and waits for its end, which is forced after 30 seconds. */
void pg_test_server_stop (PgTestServer *self, int stop_signal);

/* SIGKILL for the postmaster and all of its children. */
void pg_test_server_crash (PgTestServer *self);

/* Removes what pg_test_server_prepare() has made. */
void pg_test_server_remove (PgTestServer *self);

/* “host=… port=… user=… [password=…] ”, which is the beginning of each of the server's conninfo strings. */
char *pg_test_server_dup_conninfo_prefix (PgTestServer *self, gboolean tcp);

/* Appends “keyword=value ”, quoted where it must be. */
void pg_test_server_append_keyword (GString *conninfo, const char *keyword, const char *value);

G_END_DECLS
