/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define UNIX_PORT 5432

/* The next “keyword=value” of a conninfo string without spaces around the sign, as it is written; NULL at the end. */
static char *
next_word (const char **conninfo)
{
  const char *start = *conninfo + strspn (*conninfo, " ");
  const char *p = start;
  gboolean quoted = FALSE;

  for (; *p != '\0' && (quoted || *p != ' '); p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '\'')
        quoted = !quoted;
    }
  *conninfo = p;
  return p > start ? g_strndup (start, (gsize) (p - start)) : NULL;
}

static char *
dup_value (const char *conninfo, const char *keyword)
{
  char *word;
  char *value = NULL;

  for (; (word = next_word (&conninfo)) != NULL; g_free (word))
    {
      if (g_str_has_prefix (word, keyword) && word[strlen (keyword)] == '=')
        {
          g_free (value);
          value = g_strdup (word + strlen (keyword) + 1);
          g_assert_null (strpbrk (value, "'\\"));
        }
    }
  return value;
}

static char *
replace_address (const char *conninfo, const char *address)
{
  GString *replaced = g_string_new (address);
  char *word;

  for (; (word = next_word (&conninfo)) != NULL; g_free (word))
    {
      if (!g_str_has_prefix (word, "host=") && !g_str_has_prefix (word, "hostaddr=") && !g_str_has_prefix (word, "port="))
        g_string_append_printf (replaced, " %s", word);
    }
  return g_string_free (replaced, FALSE);
}

static int
listen_at (const struct sockaddr *address, socklen_t size)
{
  const int on = 1;
  int fd = socket (address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_cmpint (fd, >=, 0);
  if (address->sa_family == AF_UNIX)
    g_unlink (((const struct sockaddr_un *) address)->sun_path);
  else
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind (fd, address, size) != 0 || listen (fd, 128) != 0)
    g_error ("the proxy cannot listen: %s", g_strerror (errno));
  return fd;
}

/* In the thread, so that no descriptor is closed that it polls. */
static void
listen_or_refuse (PgFaultProxy *self)
{
  if (self->accept == PG_FAULT_ACCEPT_REFUSE && self->unix_fd >= 0)
    {
      close (self->unix_fd);
      close (self->tcp_fd);
      self->unix_fd = self->tcp_fd = -1;
    }
  else if (self->accept != PG_FAULT_ACCEPT_REFUSE && self->unix_fd < 0)
    {
      self->unix_fd = listen_at (&self->unix_address.any, sizeof self->unix_address.unix_);
      self->tcp_fd = listen_at (&self->tcp_address.any, sizeof self->tcp_address.in);
    }
}

static void
accept_from (PgFaultProxy *self, int listener)
{
  const int on = 1;
  int fd;

  while (listener >= 0 && (fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    {
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      self->connections++;
      g_ptr_array_add (self->sessions, pg_fault_session_new (self, fd));
    }
}

static void
wait_for_events (PgFaultProxy *self)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, TRUE, sizeof (GPollFD));
  const GPollFD own[] = { { self->wake_fd, G_IO_IN, 0 }, { self->unix_fd, G_IO_IN, 0 }, { self->tcp_fd, G_IO_IN, 0 } };
  gint64 deadline = G_MAXINT64;
  guint64 wakes;
  struct timespec timeout = { 0, 0 };

  g_array_append_vals (fds, own, self->unix_fd >= 0 ? 3 : 1);
  for (guint i = 0; i < self->sessions->len; i++)
    pg_fault_session_prepare (self->sessions->pdata[i], fds, &deadline);
  if (deadline != G_MAXINT64)
    {
      gint64 wait = MAX (deadline - g_get_monotonic_time (), 0);

      timeout.tv_sec = wait / G_TIME_SPAN_SECOND;
      timeout.tv_nsec = wait % G_TIME_SPAN_SECOND * 1000;
    }

  g_mutex_unlock (&self->mutex);
  /* Not g_poll(), which knows milliseconds only; the structures are the same. */
  ppoll ((struct pollfd *) (gpointer) fds->data, fds->len, deadline != G_MAXINT64 ? &timeout : NULL, NULL);
  g_mutex_lock (&self->mutex);

  if ((g_array_index (fds, GPollFD, 0).revents & G_IO_IN) != 0 && read (self->wake_fd, &wakes, sizeof wakes) < 0)
    g_error ("eventfd: %s", g_strerror (errno));
}

static gpointer
run (gpointer data)
{
  PgFaultProxy *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->quit)
    {
      guint64 requested = self->requested;

      listen_or_refuse (self);
      accept_from (self, self->unix_fd);
      accept_from (self, self->tcp_fd);
      for (guint i = 0; i < self->sessions->len; i++)
        {
          PgFaultSession *session = self->sessions->pdata[i];

          if (session->action != PG_FAULT_ACTION_NONE)
            pg_fault_session_close (session, session->action);
          pg_fault_session_run (session);
        }
      for (guint i = self->sessions->len; i-- > 0;)
        {
          if (((PgFaultSession *) self->sessions->pdata[i])->closed)
            g_ptr_array_remove_index_fast (self->sessions, i);
        }
      self->handled = requested;
      g_cond_broadcast (&self->cond);
      wait_for_events (self);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* Called with the lock held, which it releases: the thread has seen the change when it returns. */
static void
changed (PgFaultProxy *self)
{
  const guint64 one = 1;
  guint64 request = ++self->requested;

  if (write (self->wake_fd, &one, sizeof one) < 0)
    g_error ("eventfd: %s", g_strerror (errno));
  while (self->handled < request)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
set_server (PgFaultProxy *self, const char *conninfo)
{
  g_autofree char *host = dup_value (conninfo, "host");
  g_autofree char *address = dup_value (conninfo, "hostaddr");
  g_autofree char *port = dup_value (conninfo, "port");
  int number = port != NULL ? atoi (port) : 5432;

  g_assert_true (host != NULL || address != NULL);
  if (address == NULL && host[0] == '/')
    {
      self->server.unix_.sun_family = AF_UNIX;
      self->server_size = sizeof self->server.unix_;
      g_assert_cmpint (g_snprintf (self->server.unix_.sun_path, sizeof self->server.unix_.sun_path, "%s/.s.PGSQL.%d", host, number), <,
                       sizeof self->server.unix_.sun_path);
      return;
    }
  self->server.in.sin_family = AF_INET;
  self->server.in.sin_port = htons ((guint16) number);
  self->server_size = sizeof self->server.in;
  g_assert_cmpint (inet_pton (AF_INET, address != NULL ? address : host, &self->server.in.sin_addr), ==, 1);
}

PgFaultProxy *
pg_fault_proxy_new (const char *conninfo)
{
  PgFaultProxy *self = g_new0 (PgFaultProxy, 1);
  g_autoptr (GError) error = NULL;
  socklen_t size = sizeof self->tcp_address.in;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_fault_session_free);
  self->wake_fd = eventfd (0, EFD_CLOEXEC);
  g_assert_cmpint (self->wake_fd, >=, 0);
  set_server (self, conninfo);

  self->directory = g_dir_make_tmp ("pg-fault-XXXXXX", &error);
  g_assert_no_error (error);
  self->unix_address.unix_.sun_family = AF_UNIX;
  g_assert_cmpint (g_snprintf (self->unix_address.unix_.sun_path, sizeof self->unix_address.unix_.sun_path, "%s/.s.PGSQL.%d", self->directory, UNIX_PORT), <,
                   sizeof self->unix_address.unix_.sun_path);
  self->unix_fd = listen_at (&self->unix_address.any, sizeof self->unix_address.unix_);

  self->tcp_address.in.sin_family = AF_INET;
  self->tcp_address.in.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->tcp_fd = listen_at (&self->tcp_address.any, size);
  g_assert_cmpint (getsockname (self->tcp_fd, &self->tcp_address.any, &size), ==, 0);

  self->thread = g_thread_new ("fault-proxy", run, self);
  return self;
}

void
pg_fault_proxy_free (PgFaultProxy *self)
{
  const guint64 one = 1;

  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_mutex_unlock (&self->mutex);
  if (write (self->wake_fd, &one, sizeof one) < 0)
    g_error ("eventfd: %s", g_strerror (errno));
  g_thread_join (self->thread);

  g_ptr_array_unref (self->sessions);
  if (self->unix_fd >= 0)
    {
      close (self->unix_fd);
      close (self->tcp_fd);
    }
  close (self->wake_fd);
  g_unlink (self->unix_address.unix_.sun_path);
  g_rmdir (self->directory);
  g_free (self->directory);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

char *
pg_fault_proxy_dup_conninfo (PgFaultProxy *self, const char *conninfo)
{
  g_autofree char *address = g_strdup_printf ("host=%s port=%d", self->directory, UNIX_PORT);

  return replace_address (conninfo, address);
}

char *
pg_fault_proxy_dup_tcp_conninfo (PgFaultProxy *self, const char *conninfo)
{
  g_autofree char *address = g_strdup_printf ("host=localhost hostaddr=127.0.0.1 port=%d", ntohs (self->tcp_address.in.sin_port));

  return replace_address (conninfo, address);
}

void
pg_fault_proxy_set_accept (PgFaultProxy *self, PgFaultAccept accept)
{
  g_mutex_lock (&self->mutex);
  self->accept = accept;
  changed (self);
}

void
pg_fault_proxy_set_cancel (PgFaultProxy *self, PgFaultCancel cancel, guint delay)
{
  g_mutex_lock (&self->mutex);
  self->cancel = cancel;
  self->cancel_delay = delay;
  changed (self);
}

void
pg_fault_proxy_set_frozen (PgFaultProxy *self, PgFaultDirection direction, gboolean frozen)
{
  g_mutex_lock (&self->mutex);
  self->directions[direction].frozen = frozen;
  changed (self);
}

static void
set_both_frozen (PgFaultProxy *self, gboolean frozen)
{
  g_mutex_lock (&self->mutex);
  self->directions[PG_FAULT_TO_SERVER].frozen = frozen;
  self->directions[PG_FAULT_TO_CLIENT].frozen = frozen;
  changed (self);
}

void
pg_fault_proxy_freeze (PgFaultProxy *self)
{
  set_both_frozen (self, TRUE);
}

void
pg_fault_proxy_thaw (PgFaultProxy *self)
{
  set_both_frozen (self, FALSE);
}

void
pg_fault_proxy_set_delay (PgFaultProxy *self, PgFaultDirection direction, guint delay)
{
  g_mutex_lock (&self->mutex);
  self->directions[direction].delay = delay;
  changed (self);
}

void
pg_fault_proxy_set_drip (PgFaultProxy *self, PgFaultDirection direction, guint interval)
{
  g_mutex_lock (&self->mutex);
  self->directions[direction].drip = interval;
  changed (self);
}

void
pg_fault_proxy_cut (PgFaultProxy *self, PgFaultAction action)
{
  g_assert_true (action == PG_FAULT_ACTION_CUT || action == PG_FAULT_ACTION_RESET);
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->sessions->len; i++)
    ((PgFaultSession *) self->sessions->pdata[i])->action = action;
  changed (self);
}

void
pg_fault_proxy_act_after (PgFaultProxy *self, PgFaultDirection direction, guint64 n_bytes, PgFaultAction action)
{
  g_mutex_lock (&self->mutex);
  self->directions[direction].after_bytes = n_bytes;
  self->directions[direction].after_action = action;
  self->actions = 0;
  changed (self);
}

void
pg_fault_proxy_act_before (PgFaultProxy *self, PgFaultDirection direction, char type, PgFaultAction action)
{
  g_mutex_lock (&self->mutex);
  self->directions[direction].before_type = (guint8) type;
  self->directions[direction].before_action = action;
  self->actions = 0;
  changed (self);
}

/* What the counting functions read, and the waiting functions wait for. Called with the lock held. */
typedef struct
{
  PgFaultDirection direction;
  guint8 type;
  guint n;
} Condition;

typedef gboolean (*ConditionFunc) (PgFaultProxy *self, const Condition *condition);

static guint
messages (PgFaultProxy *self, PgFaultDirection direction, guint8 type)
{
  guint n = 0;

  if (type != PG_FAULT_MESSAGE_ANY)
    return self->directions[direction].messages[type];
  for (guint i = 0; i < G_N_ELEMENTS (self->directions[direction].messages); i++)
    n += self->directions[direction].messages[i];
  return n;
}

static guint
count_open (PgFaultProxy *self)
{
  guint n = 0;

  for (guint i = 0; i < self->sessions->len; i++)
    n += !((PgFaultSession *) self->sessions->pdata[i])->closed;
  return n;
}

static gboolean
has_messages (PgFaultProxy *self, const Condition *condition)
{
  return messages (self, condition->direction, condition->type) >= condition->n;
}

static gboolean
has_cancels (PgFaultProxy *self, const Condition *condition)
{
  return self->cancels >= condition->n;
}

static gboolean
has_few_open (PgFaultProxy *self, const Condition *condition)
{
  return count_open (self) <= condition->n;
}

static gboolean
has_acted (PgFaultProxy *self, const Condition *condition)
{
  return self->actions > 0;
}

static gboolean
wait_until (PgFaultProxy *self, ConditionFunc func, const Condition *condition, guint timeout)
{
  gint64 deadline = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;
  gboolean met;

  g_mutex_lock (&self->mutex);
  while (!(met = func (self, condition)) && g_cond_wait_until (&self->cond, &self->mutex, deadline))
    ;
  met = met || func (self, condition);
  g_mutex_unlock (&self->mutex);
  return met;
}

gboolean
pg_fault_proxy_wait_messages (PgFaultProxy *self, PgFaultDirection direction, char type, guint n, guint timeout)
{
  const Condition condition = { direction, (guint8) type, n };

  return wait_until (self, has_messages, &condition, timeout);
}

gboolean
pg_fault_proxy_wait_cancels (PgFaultProxy *self, guint n, guint timeout)
{
  const Condition condition = { .n = n };

  return wait_until (self, has_cancels, &condition, timeout);
}

gboolean
pg_fault_proxy_wait_open (PgFaultProxy *self, guint n, guint timeout)
{
  const Condition condition = { .n = n };

  return wait_until (self, has_few_open, &condition, timeout);
}

gboolean
pg_fault_proxy_wait_action (PgFaultProxy *self, guint timeout)
{
  return wait_until (self, has_acted, NULL, timeout);
}

static guint
read_locked (PgFaultProxy *self, const guint *number)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = *number;
  g_mutex_unlock (&self->mutex);
  return n;
}

guint
pg_fault_proxy_count_messages (PgFaultProxy *self, PgFaultDirection direction, char type)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = messages (self, direction, (guint8) type);
  g_mutex_unlock (&self->mutex);
  return n;
}

guint
pg_fault_proxy_count_round_trips (PgFaultProxy *self)
{
  return read_locked (self, &self->round_trips);
}

guint64
pg_fault_proxy_count_bytes (PgFaultProxy *self, PgFaultDirection direction)
{
  guint64 n;

  g_mutex_lock (&self->mutex);
  n = self->directions[direction].n_bytes;
  g_mutex_unlock (&self->mutex);
  return n;
}

guint
pg_fault_proxy_count_cancels (PgFaultProxy *self)
{
  return read_locked (self, &self->cancels);
}

guint
pg_fault_proxy_count_connections (PgFaultProxy *self)
{
  return read_locked (self, &self->connections);
}

guint
pg_fault_proxy_count_open (PgFaultProxy *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = count_open (self);
  g_mutex_unlock (&self->mutex);
  return n;
}

void
pg_fault_proxy_reset_counts (PgFaultProxy *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < 2; i++)
    {
      memset (self->directions[i].messages, 0, sizeof self->directions[i].messages);
      self->directions[i].n_bytes = 0;
    }
  self->round_trips = self->cancels = self->connections = 0;
  g_mutex_unlock (&self->mutex);
}
