/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-copy-input-stream.h>
#include <pgconn/cursor/pg-copy-output-stream.h>
#include <pgconn/engine/pg-engine-private.h>

G_BEGIN_DECLS

/* What both streams are made of: a connection of either class, and the COPY that is open on it. */
typedef struct
{
  PgBaseConnection *connection; /* NULL in one that a script made by the GObject constructor */
  PgStream *stream;
  guint n_columns;
  gboolean binary;
  gboolean abandoned;
} PgCopy;

/* Takes the stream of a request that has begun one. */
void pg_copy_init (PgCopy *self, PgBaseConnection *connection, PgRequest *request);
void pg_copy_clear (PgCopy *self);

gboolean pg_copy_is_open (PgCopy *self);
gboolean pg_copy_is_async (PgCopy *self);
/* Runs and drops the request, on a PgConnection; on the other kind it is an error that says what to call instead. */
gboolean pg_copy_run (PgCopy *self, PgRequest *request, GCancellable *cancellable, GError **error);
/* Ends it, as well as it can be, when nobody waits for the outcome. */
void pg_copy_abandon (PgCopy *self, const char *reason);
/* −1 before the end. */
gint64 pg_copy_get_rowcount (PgCopy *self);
const char *pg_copy_get_status_message (PgCopy *self);

PgCopyInputStream *pg_copy_input_stream_new (PgBaseConnection *connection, PgRequest *request);
PgCopyOutputStream *pg_copy_output_stream_new (PgBaseConnection *connection, PgRequest *request);

/* The request that begins the copy of a statement, or NULL where it cannot be one. */
PgRequest *pg_copy_request_new (const char *statement, PgStreamKind kind, GError **error);

/* A view of source, for a splice: when reading from it fails, error gets a copy. closes: whether it closes source with itself. */
GInputStream *pg_copy_source_new (GInputStream *source, gboolean closes);
const GError *pg_copy_source_get_error (GInputStream *self);

G_END_DECLS
