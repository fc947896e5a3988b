/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-notification.h>

G_BEGIN_DECLS

/* Copies; payload may be NULL, which is the same as "". Bytes that are not UTF-8 are replaced. */
PgNotification *pg_notification_new (const char *channel, const char *payload, int pid);

G_END_DECLS
