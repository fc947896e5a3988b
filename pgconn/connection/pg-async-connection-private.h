/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-async-connection.h>
#include <pgconn/connection/pg-base-connection-private.h>

G_BEGIN_DECLS

/* Returns the task of a request that has succeeded. */
typedef void (*PgAsyncComplete) (GTask *task, PgRequest *request, gpointer object);

/* A task for an asynchronous call of this class or of a cursor. */
GTask *pg_async_task_new (gpointer source_object, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag,
                          const char *name);
/* What pg_async_connection_get_error_diagnostic() finds, from a task inside another one. */
void pg_async_task_copy_diagnostic (GTask *task, GTask *from);
GMainContext *pg_async_connection_get_context (PgAsyncConnection *self);
/* Looks at what there is to do from the main loop. */
void pg_async_connection_wake (PgAsyncConnection *self);
GSList **pg_async_connection_get_cancel_waiters (PgAsyncConnection *self);
/* pg-async-connection-cancel.c: ends those whose statement has ended. */
void pg_async_connection_end_cancel_waiters (PgAsyncConnection *self);
/* In a thread that does not run the connection's main context: fails the task, and TRUE. */
gboolean pg_async_connection_is_foreign (PgAsyncConnection *self, GTask *task);
/* Starts the request; takes both references. complete NULL returns TRUE; object, which may be NULL, is for complete and kept until the end. */
void pg_async_connection_start (PgAsyncConnection *self, GTask *task, PgRequest *request, PgAsyncComplete complete, gpointer object);
/* The check at the head of each finish function. */
gboolean pg_async_task_is_valid (gpointer result, gpointer source_object, gpointer tag);

G_END_DECLS
