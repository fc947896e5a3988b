/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_NOTIFICATION (pg_notification_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_notification_get_type (void);

PG_AVAILABLE_IN_1_0
PgNotification *pg_notification_ref (PgNotification *self);
PG_AVAILABLE_IN_1_0
void pg_notification_unref (PgNotification *self);

PG_AVAILABLE_IN_1_0
const char *pg_notification_get_channel (PgNotification *self);
PG_AVAILABLE_IN_1_0
const char *pg_notification_get_payload (PgNotification *self);
PG_AVAILABLE_IN_1_0
int pg_notification_get_pid (PgNotification *self);

PG_AVAILABLE_IN_1_0
gboolean pg_notification_equal (PgNotification *self, PgNotification *other);
PG_AVAILABLE_IN_1_0
guint pg_notification_hash (PgNotification *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgNotification, pg_notification_unref)

G_END_DECLS
