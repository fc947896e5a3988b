/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-fault-proxy-private.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)

static void
set_buffers (PgFaultProxy *proxy, int fd)
{
  if (proxy->socket_buffer <= 0)
    return;
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &proxy->socket_buffer, sizeof proxy->socket_buffer);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &proxy->socket_buffer, sizeof proxy->socket_buffer);
}

PgFaultSession *
pg_fault_session_new (PgFaultProxy *proxy, int client)
{
  PgFaultSession *self = g_new0 (PgFaultSession, 1);

  self->proxy = proxy;
  self->client = client;
  self->server = -1;
  set_buffers (proxy, client);
  for (guint i = 0; i < 2; i++)
    {
      self->streams[i].buffer = g_byte_array_new ();
      g_queue_init (&self->streams[i].marks);
      self->streams[i].source = self->streams[i].sink = -1;
    }
  self->streams[PG_FAULT_TO_SERVER].source = client;
  self->streams[PG_FAULT_TO_SERVER].framing.startup = TRUE;
  self->streams[PG_FAULT_TO_CLIENT].sink = client;
  return self;
}

static void
close_socket (int *fd, gboolean reset)
{
  const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  if (*fd < 0)
    return;
  if (reset)
    setsockopt (*fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  else
    shutdown (*fd, SHUT_RDWR);
  close (*fd);
  *fd = -1;
}

void
pg_fault_session_close (PgFaultSession *self, PgFaultAction action)
{
  close_socket (&self->client, action == PG_FAULT_ACTION_RESET);
  close_socket (&self->server, action == PG_FAULT_ACTION_RESET);
  self->closed = TRUE;
}

void
pg_fault_session_free (PgFaultSession *self)
{
  pg_fault_session_close (self, PG_FAULT_ACTION_CUT);
  for (guint i = 0; i < 2; i++)
    {
      g_byte_array_unref (self->streams[i].buffer);
      g_queue_clear_full (&self->streams[i].marks, g_free);
    }
  g_free (self);
}

static void
connect_to_server (PgFaultSession *self)
{
  const int on = 1;

  self->server = socket (self->proxy->server.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (self->server >= 0)
    set_buffers (self->proxy, self->server);
  if (self->server < 0 || connect (self->server, &self->proxy->server.any, self->proxy->server_size) != 0)
    {
      pg_fault_session_close (self, PG_FAULT_ACTION_CUT);
      return;
    }
  setsockopt (self->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  self->streams[PG_FAULT_TO_SERVER].sink = self->server;
  self->streams[PG_FAULT_TO_CLIENT].source = self->server;
}

/* The first packet decides what becomes of the connection. */
static void
decide (PgFaultSession *self)
{
  PgFaultStream *stream = &self->streams[PG_FAULT_TO_SERVER];
  PgFaultFraming trial = stream->framing;
  int type;

  pg_fault_framing_advance (&trial, stream->buffer->data, stream->buffer->len, -1, &type);
  if (type < 0 && !trial.opaque)
    return;

  if (type == PG_FAULT_MESSAGE_CANCEL_REQUEST)
    {
      if (!self->is_cancel)
        {
          self->is_cancel = TRUE;
          self->proxy->cancels++;
          g_cond_broadcast (&self->proxy->cond);
          if (self->proxy->cancel == PG_FAULT_CANCEL_HANG)
            self->hung = TRUE;
          else if (self->proxy->cancel == PG_FAULT_CANCEL_DROP)
            pg_fault_session_close (self, PG_FAULT_ACTION_CUT);
          else
            self->hold_until = g_get_monotonic_time () + self->proxy->cancel_delay * G_TIME_SPAN_MILLISECOND;
        }
    }
  else if (self->server < 0 && self->proxy->accept == PG_FAULT_ACCEPT_BLACKHOLE)
    self->hung = TRUE;

  if (self->server < 0 && !self->closed && !self->hung && g_get_monotonic_time () >= self->hold_until)
    connect_to_server (self);
}

static gboolean
is_frozen (PgFaultSession *self, guint direction)
{
  return self->proxy->directions[direction].frozen && !self->is_cancel && self->server >= 0;
}

/* How much of the buffer may go now, and when more may. */
static gsize
available (PgFaultSession *self, guint direction, gint64 *when)
{
  PgFaultStream *stream = &self->streams[direction];
  PgFaultState *state = &self->proxy->directions[direction];
  gint64 now = g_get_monotonic_time ();
  gsize size = 0, piece;

  *when = G_MAXINT64;
  if (stream->buffer->len == 0 || stream->sink < 0 || self->hung || is_frozen (self, direction))
    return 0;
  if (self->is_cancel)
    {
      *when = self->hold_until;
      return now >= self->hold_until ? stream->buffer->len : 0;
    }
  for (GList *l = stream->marks.head; l != NULL; l = l->next)
    {
      PgFaultMark *mark = l->data;

      if (mark->due > now)
        {
          *when = mark->due;
          break;
        }
      size += mark->size;
    }
  if (size > 0 && (state->drip > 0 || state->piece_size > 0))
    {
      if (now < stream->next_drip)
        {
          *when = stream->next_drip;
          return 0;
        }
      piece = state->drip > 0 ? 1 : 1 + pg_fault_state_random (state, state->piece_size - 1);
      size = MIN (size, piece);
    }
  return size;
}

/* The message is complete on the other side. */
static void
count (PgFaultSession *self, guint direction, int type)
{
  PgFaultProxy *proxy = self->proxy;

  proxy->directions[direction].messages[type]++;
  if (direction == PG_FAULT_TO_SERVER)
    {
      if (type == PG_FAULT_MESSAGE_SSL_REQUEST || type == PG_FAULT_MESSAGE_GSSENC_REQUEST)
        self->streams[PG_FAULT_TO_CLIENT].framing.ssl_reply = TRUE;
      self->asked = self->ready;
    }
  else if (type == 'Z' && !self->ready)
    self->ready = TRUE;
  else if (self->asked && type != 'A' && type != 'N' && type != 'S')
    {
      self->asked = FALSE;
      proxy->round_trips++;
    }
  g_cond_broadcast (&proxy->cond);
}

static void
remove_written (PgFaultSession *self, guint direction, gsize size)
{
  PgFaultStream *stream = &self->streams[direction];
  gsize i = 0;

  while (i < size)
    {
      int type;

      i += pg_fault_framing_advance (&stream->framing, stream->buffer->data + i, size - i, -1, &type);
      if (type >= 0)
        count (self, direction, type);
      /* The answer to SSLRequest decides for both directions. */
      if (stream->framing.opaque)
        self->streams[!direction].framing.opaque = TRUE;
    }
  g_byte_array_remove_range (stream->buffer, 0, (guint) size);
  self->proxy->directions[direction].n_bytes += size;

  while (size > 0)
    {
      PgFaultMark *mark = g_queue_peek_head (&stream->marks);
      gsize n = MIN (size, mark->size);

      mark->size -= n;
      size -= n;
      if (mark->size == 0)
        g_free (g_queue_pop_head (&stream->marks));
    }
}

static void
discard (PgFaultStream *stream)
{
  g_byte_array_set_size (stream->buffer, 0);
  g_queue_clear_full (&stream->marks, g_free);
  stream->framing.opaque = TRUE;
}

static void
act (PgFaultSession *self, PgFaultAction *action)
{
  PgFaultAction what = *action;

  *action = PG_FAULT_ACTION_NONE;
  if (what == PG_FAULT_ACTION_FREEZE)
    self->proxy->directions[0].frozen = self->proxy->directions[1].frozen = TRUE;
  else
    pg_fault_session_close (self, what);
  self->proxy->actions++;
  g_cond_broadcast (&self->proxy->cond);
}

/* How much of size bytes may go before an armed action; at 0 it is time for it. */
static gsize
limit (PgFaultSession *self, guint direction, gsize size, PgFaultAction **action)
{
  PgFaultStream *stream = &self->streams[direction];
  PgFaultState *state = &self->proxy->directions[direction];

  *action = NULL;
  if (self->is_cancel)
    return size;
  if (state->before_action != PG_FAULT_ACTION_NONE)
    {
      PgFaultFraming trial = stream->framing;
      gsize i = 0;
      gsize n;
      int type;

      do
        i += n = pg_fault_framing_advance (&trial, stream->buffer->data + i, size - i, state->before_type, &type);
      while (n > 0);
      if (i < size)
        {
          size = i;
          *action = &state->before_action;
        }
    }
  if (state->after_action != PG_FAULT_ACTION_NONE && state->after_bytes < size)
    {
      size = (gsize) state->after_bytes;
      *action = &state->after_action;
    }
  return size;
}

/* Returns whether anything has moved. */
static gboolean
write_some (PgFaultSession *self, guint direction)
{
  PgFaultStream *stream = &self->streams[direction];
  PgFaultState *state = &self->proxy->directions[direction];
  PgFaultAction *action;
  gint64 when;
  gsize ready = available (self, direction, &when);
  gsize size;
  ssize_t written;

  if (ready == 0)
    return FALSE;
  size = limit (self, direction, ready, &action);
  if (size == 0)
    {
      act (self, action);
      return TRUE;
    }
  written = send (stream->sink, stream->buffer->data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (written < 0)
    {
      if (errno == EAGAIN || errno == EINTR)
        return FALSE;
      /* Without the client there is nobody to tell. Without the server, its last words are still on their way. */
      if (direction == PG_FAULT_TO_CLIENT)
        pg_fault_session_close (self, PG_FAULT_ACTION_CUT);
      else
        discard (stream);
      return TRUE;
    }
  if (state->after_action != PG_FAULT_ACTION_NONE && !self->is_cancel)
    state->after_bytes -= (guint64) written;
  if (state->drip > 0)
    stream->next_drip = g_get_monotonic_time () + state->drip;
  else if (state->piece_pause > 0)
    stream->next_drip = g_get_monotonic_time () + pg_fault_state_random (state, state->piece_pause);
  remove_written (self, direction, (gsize) written);
  return TRUE;
}

/* How much may be in the proxy at once. */
static gsize
capacity (PgFaultSession *self, guint direction)
{
  guint piece_size = self->proxy->directions[direction].piece_size;

  return piece_size > 0 ? MIN (4 * (gsize) piece_size, BUFFER_SIZE) : BUFFER_SIZE;
}

static gboolean
wants_input (PgFaultSession *self, guint direction)
{
  PgFaultStream *stream = &self->streams[direction];

  return stream->source >= 0 && !stream->eof && stream->buffer->len < capacity (self, direction) && !is_frozen (self, direction);
}

static gboolean
read_some (PgFaultSession *self, guint direction)
{
  PgFaultStream *stream = &self->streams[direction];
  guint8 buffer[65536];
  PgFaultMark *mark;
  ssize_t size;

  if (!wants_input (self, direction))
    return FALSE;
  size = recv (stream->source, buffer, MIN (sizeof buffer, capacity (self, direction)), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return FALSE;
  if (size <= 0)
    {
      stream->eof = TRUE;
      if (self->hung || (direction == PG_FAULT_TO_SERVER && self->server < 0 && !self->is_cancel))
        pg_fault_session_close (self, PG_FAULT_ACTION_CUT);
      return TRUE;
    }
  if (self->hung)
    return TRUE;
  g_byte_array_append (stream->buffer, buffer, (guint) size);
  mark = g_new (PgFaultMark, 1);
  mark->size = (gsize) size;
  mark->due = self->proxy->directions[direction].delay == 0 ? 0 : g_get_monotonic_time () + self->proxy->directions[direction].delay * G_TIME_SPAN_MILLISECOND;
  g_queue_push_tail (&stream->marks, mark);
  return TRUE;
}

void
pg_fault_session_run (PgFaultSession *self)
{
  gboolean moved = TRUE;

  /* Not for ever: the others, and who waits for the lock, have their turn too. */
  for (guint n = 0; n < 16 && moved && !self->closed; n++)
    {
      moved = FALSE;
      for (guint i = 0; i < 2 && !self->closed; i++)
        {
          PgFaultStream *stream = &self->streams[i];

          moved |= read_some (self, i);
          if (i == PG_FAULT_TO_SERVER && stream->framing.startup && !self->closed && !self->hung)
            decide (self);
          if (!self->closed)
            moved |= write_some (self, i);
          if (!self->closed && stream->eof && !stream->done && stream->buffer->len == 0)
            {
              stream->done = TRUE;
              if (stream->sink >= 0)
                shutdown (stream->sink, SHUT_WR);
            }
        }
      if (self->streams[0].done && self->streams[1].done)
        pg_fault_session_close (self, PG_FAULT_ACTION_CUT);
    }
}

void
pg_fault_session_prepare (PgFaultSession *self, GArray *fds, gint64 *deadline)
{
  GPollFD client = { self->client, 0, 0 };
  GPollFD server = { self->server, 0, 0 };

  if (self->closed)
    return;
  for (guint i = 0; i < 2; i++)
    {
      gint64 when;

      if (wants_input (self, i))
        (i == PG_FAULT_TO_SERVER ? &client : &server)->events |= G_IO_IN;
      if (available (self, i, &when) > 0)
        (i == PG_FAULT_TO_SERVER ? &server : &client)->events |= G_IO_OUT;
      *deadline = MIN (*deadline, when);
    }
  if (self->is_cancel && self->server < 0 && !self->hung)
    *deadline = MIN (*deadline, self->hold_until);
  /* Not polled for nothing: a hang-up is reported whether asked for or not. */
  if (client.events != 0)
    g_array_append_val (fds, client);
  if (server.events != 0)
    g_array_append_val (fds, server);
}
