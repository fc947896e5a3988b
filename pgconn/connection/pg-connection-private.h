/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/connection/pg-connection.h>

G_BEGIN_DECLS

/* Runs a request to its end and then emits the signals for what has arrived meanwhile. */
gboolean pg_connection_run (PgConnection *self, PgRequest *request, GCancellable *cancellable, GError **error);

G_END_DECLS
