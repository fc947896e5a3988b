/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/cursor/pg-async-row-stream.h>
#include <pgconn/cursor/pg-row-stream.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* What both classes are made of: a connection of either class, and the statement whose rows are read. */
typedef struct
{
  PgBaseConnection *connection; /* NULL in one that a script made by the GObject constructor */
  PgStream *stream;
  PgResult *head;     /* has the columns, and no rows */
  PgTypeTable *types; /* what the rows are decoded with */
} PgBaseRowStreamPrivate;

PgBaseRowStreamPrivate *pg_base_row_stream_get_private (PgBaseRowStream *self);
/* Of the class that goes with the connection. head and types are those of the cursor. */
gpointer pg_base_row_stream_new (PgBaseConnection *connection, PgStream *stream, PgResult *head, PgTypeTable *types);
/* NULL with error in one without a connection. */
PgRequest *pg_base_row_stream_next_request_new (PgBaseRowStream *self, GError **error);
/* The rows of such a request; NULL at the end. */
PgResult *pg_base_row_stream_take_chunk (PgBaseRowStream *self, PgRequest *request);
/* NULL where it is over, or never was anything. */
PgRequest *pg_base_row_stream_end_request_new (PgBaseRowStream *self);

G_END_DECLS
