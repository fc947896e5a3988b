/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/connection/pg-connection.h>

G_BEGIN_DECLS

/* Runs a request to its end and then emits the signals for what has arrived meanwhile. */
/* See pg_blocking_note_caller(). */
void pg_connection_note_caller (PgConnection *self);
gboolean pg_connection_run (PgConnection *self, PgRequest *request, GCancellable *cancellable, GError **error);
/* The same, but in a pipeline, where it can be, it is only sent: then sent_only, and its outcome comes with the wait. */
gboolean pg_connection_send (PgConnection *self, PgRequest *request, gboolean *sent_only, GCancellable *cancellable, GError **error);
/* Runs one that was sent so to its end. */
gboolean pg_connection_wait (PgConnection *self, PgRequest *request, GCancellable *cancellable, GError **error);

G_END_DECLS
