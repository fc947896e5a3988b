/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

G_BEGIN_DECLS

/* A connection string with everything that libpq would add to it: environment, service file, defaults. */
typedef struct _PgConninfo PgConninfo;

typedef struct
{
  char *host;    /* NULL or "": libpq's default, a Unix socket */
  char *address; /* NULL where not known */
  char *port;    /* NULL: libpq's default */
  gboolean look_up;
} PgConninfoHost;

/* Fails with PG_ERROR_PROGRAMMING, before anything is sent. */
PgConninfo *pg_conninfo_new (const char *conninfo, GError **error);
void pg_conninfo_free (PgConninfo *self);
const PgConninfoHost *pg_conninfo_get_hosts (PgConninfo *self, guint *n_hosts);
/* Microseconds for each attempt. */
gint64 pg_conninfo_get_timeout (PgConninfo *self);
gboolean pg_conninfo_get_shuffle (PgConninfo *self);
gboolean pg_conninfo_get_prefer_standby (PgConninfo *self);
/* Starts an attempt; second_pass: with prefer-standby, any server will do. */
PGconn *pg_conninfo_start (PgConninfo *self, const char *host, const char *address, const char *port, gboolean second_pass);

/* What a connection uses, without its password. */
char *pg_conninfo_to_public (PGconn *conn);

G_END_DECLS
