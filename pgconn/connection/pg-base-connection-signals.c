/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-connection-private.h"

#include <pgconn/connection/pg-notification-private.h>
#include <pgconn/error/pg-diagnostic.h>

enum
{
  SIGNAL_NOTICE,
  SIGNAL_NOTIFICATION,
  SIGNAL_DISCONNECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
pg_base_connection_install_signals (PgBaseConnectionClass *klass)
{
  /**
   * PgBaseConnection::notice:
   * @self: the connection
   * @diagnostic: the message
   *
   * The server has sent a notice or a warning, with the answer to a statement or by itself.
   *
   * Emitted in the connection's main context for a [class@AsyncConnection], before the call that caused it ends. On a [class@Connection] it is emitted by the
   * thread that made the call, before the call returns, or in the main context given to [method@Connection.attach].
   *
   * Since: 1.0
   */
  signals[SIGNAL_NOTICE]
      = g_signal_new ("notice", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PG_TYPE_DIAGNOSTIC);
  /**
   * PgBaseConnection::notification:
   * @self: the connection
   * @notification: what was sent
   *
   * A `NOTIFY` has arrived on a channel that the session listens to; the detail is the channel's name.
   *
   * Connect to `notification::jobs` for the channel `jobs` alone. Emitted where [signal@BaseConnection::notice] is. A [class@AsyncConnection] needs
   * no statement for it; a [class@Connection] must be attached to a main context with [method@Connection.attach], or it is emitted with the next call.
   * See `LISTEN` and `NOTIFY` in the PostgreSQL manual.
   *
   * Since: 1.0
   */
  signals[SIGNAL_NOTIFICATION] = g_signal_new ("notification", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 1, PG_TYPE_NOTIFICATION);
  /**
   * PgBaseConnection::disconnected:
   * @self: the connection
   * @error: why
   *
   * The connection was lost. It is not emitted for [method@BaseConnection.close].
   *
   * Emitted where [signal@BaseConnection::notice] is, once. The error is what the server said before it ended the session, where it said something,
   * and `G_IO_ERROR_CONNECTION_CLOSED` or `G_IO_ERROR_TIMED_OUT` otherwise.
   *
   * Since: 1.0
   */
  signals[SIGNAL_DISCONNECTED]
      = g_signal_new ("disconnected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

void
pg_base_connection_emit_events (PgBaseConnection *self)
{
  PgNotification *notification;
  PgEngine *engine = pg_base_connection_get_engine (self);
  PgEvent *event;

  pg_base_connection_notify_settings (self, FALSE);
  while ((event = pg_engine_pop_event (engine)) != NULL)
    {
      switch (event->type)
        {
        case PG_EVENT_NOTICE:
          g_signal_emit (self, signals[SIGNAL_NOTICE], 0, event->diagnostic);
          break;
        case PG_EVENT_NOTIFICATION:
          notification = pg_notification_new (event->channel, event->payload, event->pid);
          /* Channel names come from the server: making a quark of each would leak them for ever. Where nobody has made one, nobody can be
           * connected with that detail. */
          g_signal_emit (self, signals[SIGNAL_NOTIFICATION], g_quark_try_string (event->channel), notification);
          pg_notification_unref (notification);
          break;
        case PG_EVENT_DISCONNECTED:
        default:
          g_signal_emit (self, signals[SIGNAL_DISCONNECTED], 0, event->error);
          g_object_notify (G_OBJECT (self), "closed");
          g_object_notify (G_OBJECT (self), "broken");
          break;
        }
      pg_event_free (event);
    }
}
