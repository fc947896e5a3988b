/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-engine-core-private.h"

#include "pg-conninfo-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/pg-init-private.h>
#include <string.h>
#include <unistd.h>

/* Connecting: every host in turn, every address of a host, each with its own time limit, and the name looked up outside of libpq, which would
 * block. libpq is given one address at a time. See "Database Connection Control Functions" in the libpq chapter of the PostgreSQL manual. */

typedef struct
{
  char *host;
  char *address; /* NULL: not a name to look up, or not looked up yet */
  char *port;
  gboolean look_up;
} Target;

struct _PgConnect
{
  PgConninfo *conninfo;
  GQueue targets;
  Target *target;
  gint64 deadline; /* of this attempt */
  PgWorker *resolver;
  PGconn *conn;
  GIOCondition condition;
  gboolean second_pass; /* prefer-standby: nobody was one */
  GString *failures;
  guint n_failures;
  GError *error; /* the last */
};

typedef struct
{
  PgRequest parent;
  char *conninfo;
} Open;

static Target *
target_new (const char *host, const char *address, const char *port, gboolean look_up)
{
  Target *self = g_new0 (Target, 1);

  self->host = g_strdup (host);
  self->address = g_strdup (address);
  self->port = g_strdup (port);
  self->look_up = look_up;
  return self;
}

static void
target_free (Target *self)
{
  g_free (self->host);
  g_free (self->address);
  g_free (self->port);
  g_free (self);
}

static void
shuffle (GQueue *queue)
{
  for (guint n = queue->length; n > 1; n--)
    g_queue_push_tail (queue, g_queue_pop_nth (queue, g_random_int_range (0, (gint32) n)));
}

static void
fill_targets (PgConnect *self)
{
  const PgConninfoHost *hosts;
  guint n_hosts;

  hosts = pg_conninfo_get_hosts (self->conninfo, &n_hosts);
  for (guint i = 0; i < n_hosts; i++)
    g_queue_push_tail (&self->targets, target_new (hosts[i].host, hosts[i].address, hosts[i].port, hosts[i].look_up));
  if (pg_conninfo_get_shuffle (self->conninfo))
    shuffle (&self->targets);
}

void
pg_connect_free (PgConnect *self)
{
  g_queue_clear_full (&self->targets, (GDestroyNotify) target_free);
  g_clear_pointer (&self->target, target_free);
  g_clear_pointer (&self->resolver, pg_worker_release);
  g_clear_pointer (&self->conn, PQfinish);
  g_clear_pointer (&self->conninfo, pg_conninfo_free);
  g_clear_error (&self->error);
  if (self->failures != NULL)
    g_string_free (self->failures, TRUE);
  g_free (self);
}

/* --- names --- */

typedef struct
{
  char *host;
  GList *addresses;
  GError *error;
} Resolve;

static void
resolve_run (gpointer data, GCancellable *cancellable)
{
  Resolve *self = data;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  self->addresses = g_resolver_lookup_by_name (resolver, self->host, cancellable, &self->error);
}

static void
resolve_free (gpointer data)
{
  Resolve *self = data;

  g_free (self->host);
  g_resolver_free_addresses (self->addresses);
  g_clear_error (&self->error);
  g_free (self);
}

static void
attempt_failed (PgConnect *self, GError *error)
{
  Target *target = self->target;

  g_string_append_printf (self->failures, "\n- host: '%s', port: '%s', hostaddr: '%s': %s", target->host != NULL ? target->host : "",
                          target->port != NULL ? target->port : "", target->address != NULL ? target->address : "", error->message);
  self->n_failures++;
  g_clear_error (&self->error);
  self->error = error;
  g_clear_pointer (&self->target, target_free);
  g_clear_pointer (&self->resolver, pg_worker_release);
  g_clear_pointer (&self->conn, PQfinish);
}

static void
resolver_done (PgConnect *self)
{
  Resolve *resolve = pg_worker_get_data (self->resolver);
  GQueue found = G_QUEUE_INIT;

  if (resolve->addresses == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("failed to resolve host '%s': %s"), resolve->host,
                                                  resolve->error != NULL ? resolve->error->message : "");

      attempt_failed (self, pg_error_new_own ("08001", message));
      return;
    }
  for (GList *l = resolve->addresses; l != NULL; l = l->next)
    {
      g_autofree char *address = g_inet_address_to_string (l->data);

      g_queue_push_tail (&found, target_new (self->target->host, address, self->target->port, FALSE));
    }
  if (pg_conninfo_get_shuffle (self->conninfo))
    shuffle (&found);
  while (found.length > 0)
    g_queue_push_head (&self->targets, g_queue_pop_tail (&found));
  g_clear_pointer (&self->target, target_free);
  g_clear_pointer (&self->resolver, pg_worker_release);
}

/* --- one attempt --- */

static void
begin_attempt (PgConnect *self, PgEngine *engine)
{
  g_autoptr (GError) error = NULL;

  self->target = g_queue_pop_head (&self->targets);
  self->deadline = g_get_monotonic_time () + pg_conninfo_get_timeout (self->conninfo);
  if (self->target->look_up)
    {
      Resolve *resolve = g_new0 (Resolve, 1);

      resolve->host = g_strdup (self->target->host);
      self->resolver = pg_worker_new (resolve_run, resolve, resolve_free, &error);
      if (self->resolver == NULL)
        attempt_failed (self, g_steal_pointer (&error));
      return;
    }

  pg_debug (CONNECT, "connecting to host '%s' address '%s' port '%s'", self->target->host != NULL ? self->target->host : "",
            self->target->address != NULL ? self->target->address : "", self->target->port != NULL ? self->target->port : "");
  self->conn = pg_conninfo_start (self->conninfo, self->target->host, self->target->address, self->target->port, self->second_pass);
  if (self->conn == NULL || PQstatus (self->conn) == CONNECTION_BAD)
    {
      attempt_failed (self, pg_error_new_from_connect (self->conn != NULL ? PQerrorMessage (self->conn) : ""));
      return;
    }
  PQsetNoticeReceiver (self->conn, pg_engine_notice_receiver, engine);
  PQsetErrorVerbosity (self->conn, PQERRORS_VERBOSE);
  self->condition = G_IO_OUT;
}

static void
poll_conn (PgConnect *self)
{
  GPollFD poll = { PQsocket (self->conn), self->condition, 0 };

  /* libpq takes a connection that is being made for one that is made when it is called too early. */
  if (poll.fd >= 0 && g_poll (&poll, 1, 0) <= 0)
    return;
  switch (PQconnectPoll (self->conn))
    {
    case PGRES_POLLING_READING:
      self->condition = G_IO_IN;
      break;
    case PGRES_POLLING_WRITING:
      self->condition = G_IO_OUT;
      break;
    case PGRES_POLLING_OK:
      self->condition = 0;
      break;
    case PGRES_POLLING_FAILED:
    case PGRES_POLLING_ACTIVE:
    default:
      attempt_failed (self, pg_error_new_from_connect (PQerrorMessage (self->conn)));
      break;
    }
}

static void
adopt_conn (PgEngine *engine)
{
  PgConnect *connect = engine->connect;
  const char *version;

  engine->conn = g_steal_pointer (&connect->conn);
  PQsetErrorVerbosity (engine->conn, PQERRORS_DEFAULT);
  PQsetnonblocking (engine->conn, 1);
  engine->is_openssl = pg_libpq_get ()->ssl_pending != NULL && PQsslStruct (engine->conn, "OpenSSL") != NULL;
  engine->is_gss = PQgssEncInUse (engine->conn) != 0;
  engine->owner = getpid ();
  engine->encoding = PQclientEncoding (engine->conn);
  engine->session_known = FALSE;
  version = PQparameterStatus (engine->conn, "server_version");
  g_atomic_int_set (&engine->server_version, PQserverVersion (engine->conn));
  g_atomic_int_set (&engine->backend_pid, PQbackendPID (engine->conn));
  g_atomic_int_set (&engine->fd, PQsocket (engine->conn));
  g_mutex_lock (&engine->lock);
  g_free (engine->conninfo);
  engine->conninfo = pg_conninfo_to_public (engine->conn);
  g_mutex_unlock (&engine->lock);
  g_clear_pointer (&engine->connect, pg_connect_free);
  pg_engine_set_state (engine, PG_ENGINE_OPEN);
  pg_debug (CONNECT, "connected to PostgreSQL %s, backend %d", version != NULL ? version : "?", engine->backend_pid);
}

static GError *
all_failed (PgConnect *self)
{
  PgDiagnostic *diagnostic;
  g_autofree char *message = NULL;

  if (self->error == NULL)
    return pg_error_new_own ("08001", _ ("there is no host to connect to"));
  diagnostic = self->error->domain == PG_ERROR ? pg_error_get_diagnostic (self->error) : NULL;
  if (self->n_failures == 1)
    message = g_strdup_printf (_ ("connection failed: %s"), self->error->message);
  else
    message = g_strdup_printf (_ ("connection failed: %s\nMultiple connection attempts failed. All failures were:%s"), self->error->message,
                               self->failures->str);
  if (diagnostic != NULL)
    return pg_error_new_with_diagnostic (self->error->code, diagnostic, message);
  return g_error_new_literal (self->error->domain, self->error->code, message);
}

static gboolean
open_failed (PgRequest *request, PgEngine *engine, GError *error)
{
  pg_request_fail (request, error);
  g_clear_pointer (&engine->connect, pg_connect_free);
  /* A connection that was never open is not broken. */
  pg_engine_set_state (engine, PG_ENGINE_CLOSED);
  return TRUE;
}

static gboolean
open_poll (PgRequest *request, PgEngine *engine)
{
  Open *open = (Open *) request;
  PgConnect *self;

  if (request->abort != PG_ABORT_NONE)
    return open_failed (request, engine, pg_engine_abort_error (request->abort));
  if (engine->connect == NULL)
    {
      GError *error = NULL;
      PgConninfo *conninfo;

      if (pg_engine_get_state (engine) != PG_ENGINE_NEW || open->conninfo == NULL)
        {
          pg_request_fail (request, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("the connection has been opened before")));
          return TRUE;
        }
      conninfo = pg_conninfo_new (open->conninfo, &error);
      if (conninfo == NULL)
        return open_failed (request, engine, error);
      engine->connect = g_new0 (PgConnect, 1);
      engine->connect->conninfo = conninfo;
      engine->connect->failures = g_string_new (NULL);
      pg_engine_set_state (engine, PG_ENGINE_CONNECTING);
      fill_targets (engine->connect);
    }

  self = engine->connect;
  for (;;)
    {
      if (self->target == NULL)
        {
          if (self->targets.length == 0)
            {
              if (!pg_conninfo_get_prefer_standby (self->conninfo) || self->second_pass)
                return open_failed (request, engine, all_failed (self));
              self->second_pass = TRUE;
              fill_targets (self);
            }
          begin_attempt (self, engine);
        }
      if (self->target != NULL && self->resolver != NULL && pg_worker_is_done (self->resolver))
        resolver_done (self);
      if (self->target != NULL && self->conn != NULL)
        poll_conn (self);
      if (self->conn != NULL && self->condition == 0)
        {
          adopt_conn (engine);
          return TRUE;
        }
      if (self->target != NULL)
        {
          if (g_get_monotonic_time () < self->deadline)
            return FALSE;
          attempt_failed (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _ ("connection timeout expired")));
        }
    }
}

gboolean
pg_connect_get_fd (PgEngine *engine, int *fd, GIOCondition *condition)
{
  PgConnect *self = engine->connect;

  if (self->resolver != NULL)
    {
      *fd = pg_worker_get_fd (self->resolver);
      *condition = G_IO_IN;
      return TRUE;
    }
  if (self->conn == NULL)
    return FALSE;
  *fd = PQsocket (self->conn);
  *condition = self->condition;
  return *fd >= 0;
}

gint64
pg_connect_get_deadline (PgEngine *engine)
{
  return engine->connect->deadline;
}

static void
open_finalize (PgRequest *request)
{
  Open *self = (Open *) request;

  g_free (self->conninfo);
}

static const PgRequestClass open_class = {
  .name = "open",
  .size = sizeof (Open),
  .poll = open_poll,
  .finalize = open_finalize,
};

PgRequest *
pg_request_open_new (const char *conninfo)
{
  Open *self = pg_request_alloc (&open_class);

  self->conninfo = g_strdup (conninfo);
  return &self->parent;
}
