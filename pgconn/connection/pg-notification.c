/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-notification.h"

#include "pg-notification-private.h"

/**
 * PgNotification:
 *
 * A message that a session sent by `NOTIFY` to all that listen to a channel.
 *
 * A notification is immutable and belongs to no connection; it may be used from any thread.
 *
 * See [`NOTIFY`](https://www.postgresql.org/docs/current/sql-notify.html) and
 * [`LISTEN`](https://www.postgresql.org/docs/current/sql-listen.html) in the PostgreSQL manual.
 *
 * Since: 1.0
 */
struct _PgNotification
{
  char *channel;
  char *payload;
  int pid;
};

G_DEFINE_BOXED_TYPE (PgNotification, pg_notification, pg_notification_ref, pg_notification_unref)

PgNotification *
pg_notification_new (const char *channel, const char *payload, int pid)
{
  PgNotification *self = g_atomic_rc_box_new0 (PgNotification);

  self->channel = g_utf8_make_valid (channel, -1);
  self->payload = g_utf8_make_valid (payload != NULL ? payload : "", -1);
  self->pid = pid;

  return self;
}

static void
clear (gpointer data)
{
  PgNotification *self = data;

  g_free (self->channel);
  g_free (self->payload);
}

/**
 * pg_notification_ref:
 * @self: a notification
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgNotification *
pg_notification_ref (PgNotification *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * pg_notification_unref:
 * @self: (transfer full): a notification
 *
 * Drops a reference; the last one frees the notification.
 *
 * Since: 1.0
 */
void
pg_notification_unref (PgNotification *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

/**
 * pg_notification_get_channel:
 * @self: a notification
 *
 * Gets the channel that the notification was sent to.
 *
 * `LISTEN` and `NOTIFY` fold a name that is not quoted to lower case, so this may not be the name as the statement has it.
 *
 * Returns: (transfer none): the name of the channel
 *
 * Since: 1.0
 */
const char *
pg_notification_get_channel (PgNotification *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->channel;
}

/**
 * pg_notification_get_payload:
 * @self: a notification
 *
 * Gets the text that was sent with the notification.
 *
 * Returns: (transfer none): the text, `""` if none was sent
 *
 * Since: 1.0
 */
const char *
pg_notification_get_payload (PgNotification *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->payload;
}

/**
 * pg_notification_get_pid:
 * @self: a notification
 *
 * Gets the process ID of the session that sent the notification.
 *
 * It is the ID of the server's process, which may be the one of the very connection that received the notification: a session gets its own ones too.
 *
 * Returns: the process ID, the number that `pg_backend_pid()` returns in that session
 *
 * Since: 1.0
 */
int
pg_notification_get_pid (PgNotification *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pid;
}

/**
 * pg_notification_equal:
 * @self: a notification
 * @other: another notification
 *
 * Checks whether two notifications have the same channel, payload and process ID.
 *
 * Returns: whether they are equal
 *
 * Since: 1.0
 */
gboolean
pg_notification_equal (PgNotification *self, PgNotification *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return self == other || (self->pid == other->pid &&
                           g_str_equal (self->channel, other->channel) &&
                           g_str_equal (self->payload, other->payload));
}

/**
 * pg_notification_hash:
 * @self: a notification
 *
 * Computes a hash value that equal notifications share.
 *
 * Returns: the hash value
 *
 * Since: 1.0
 */
guint
pg_notification_hash (PgNotification *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (g_str_hash (self->channel) * 31 + g_str_hash (self->payload)) * 31 + (guint) self->pid;
}
