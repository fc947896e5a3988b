/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/cursor/pg-copy-input-stream.h>
#include <pgconn/cursor/pg-copy-output-stream.h>
#include <pgconn/engine/pg-engine-private.h>
#include <pgconn/sql/pg-copy-encode-private.h>
#include <pgconn/sql/pg-copy-statement-private.h>
#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* What both streams are made of: a connection of either class, and the COPY that is open on it. */
typedef struct
{
  PgBaseConnection *connection; /* NULL in one that a script made by the GObject constructor */
  PgStream *stream;
  guint n_columns;
  gboolean binary;
  gint abandoned;       /* atomic */
  GThread *caller;      /* of the last call that blocked */
  gboolean has_options; /* the format is none of those that rows are for */
  GStrv names;          /* NULL where they are not known */
  guint32 *types;       /* of n_columns; 0 where one is not known */
  guint32 *bases;       /* the same, of domains what they are of */
  PgTypeTable *table;
} PgCopy;

/* What belongs to a COPY before it begins: its statement, and the question about its columns. */
typedef struct
{
  PgQuery *query;
  PgCopyStatement *statement; /* NULL where it says nothing of its columns */
  PgTypeTable *known;
  gboolean fetch_types;
} PgCopyPlan;

PgCopyPlan *pg_copy_plan_new (PgBaseConnection *connection, PgQuery *query);
void pg_copy_plan_free (PgCopyPlan *self);
/* Asks for the types of the columns, where they may be needed. */
void pg_copy_plan_ask (PgCopyPlan *self, PgRequest *request, PgStreamKind kind);
/* What the server has answered. */
void pg_copy_take_types (PgCopy *self, PgRequest *request);
gboolean pg_copy_set_types (PgCopy *self, const guint *oids, gsize n_oids, GError **error);
gboolean pg_copy_set_type_names (PgCopy *self, const char *const *names, GError **error);
guint pg_copy_get_column_type (PgCopy *self, guint column);
const char *pg_copy_get_column_name (PgCopy *self, guint column);
/* What GIO says of a stream that is not free. Returns FALSE. */
gboolean pg_copy_name_busy (GError **error);
/* Fails where rows are not for the format. */
gboolean pg_copy_check_rows (PgCopy *self, GError **error);

/* Takes the stream of a request that has begun one. */
void pg_copy_init (PgCopy *self, PgBaseConnection *connection, PgRequest *request);
void pg_copy_clear (PgCopy *self);

gboolean pg_copy_is_open (PgCopy *self);
gboolean pg_copy_is_async (PgCopy *self);
/* Runs and drops the request, on a PgConnection; on the other kind it is an error that says what to call instead. */
/* What is read or written may be in a block, so that nothing is run: the calling thread is one that has made a call all the same. */
void pg_copy_note_caller (PgCopy *self);
gboolean pg_copy_run (PgCopy *self, PgRequest *request, GCancellable *cancellable, GError **error);
/* Ends it, as well as it can be, when nobody waits for the outcome. */
void pg_copy_abandon (PgCopy *self, const char *reason);
/* −1 before the end. */
gint64 pg_copy_get_rowcount (PgCopy *self);
const char *pg_copy_get_status_message (PgCopy *self);

PgCopyInputStream *pg_copy_input_stream_new (PgBaseConnection *connection, PgRequest *request);
PgCopyOutputStream *pg_copy_output_stream_new (PgBaseConnection *connection, PgRequest *request);

/* The request that begins the copy of a statement, or NULL where it cannot be one. */
PgRequest *pg_copy_request_new (PgBaseConnection *connection, const char *statement, PgStreamKind kind, GError **error);

/* A view of source, for a splice: when reading from it fails, error gets a copy. closes: whether it closes source with itself. */
GInputStream *pg_copy_source_new (GInputStream *source, gboolean closes);
const GError *pg_copy_source_get_error (GInputStream *self);

G_END_DECLS
