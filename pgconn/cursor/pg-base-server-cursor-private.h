/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-base-cursor-private.h>
#include <pgconn/cursor/pg-base-server-cursor.h>

G_BEGIN_DECLS

/* What was asked of the server by a move. */
typedef enum
{
  PG_MOVE_FORWARD,
  PG_MOVE_BACKWARD,
  PG_MOVE_ABSOLUTE,
} PgMove;

/* The result of the base class is a page: rows that follow each other, of which some may not have been fetched yet. The server is behind its last row. */
typedef struct
{
  char *name;
  char *identifier; /* the name quoted; NULL: there is none, and no call can be made */
  PgTristate scrollable;
  gboolean hold;
  guint itersize;
  gboolean fetch_ahead;

  gboolean declared; /* by this object */
  gboolean held;     /* as it was declared */
  gboolean seen;     /* somebody else's, which has answered */
  gboolean forsaken; /* nothing is to be sent at its end */
  PgTypeTable *types; /* of its columns */
  gint plain;         /* PG_WIRE_PLAIN_* of its columns; −1 before they are known */

  gint64 next;     /* how many rows are before the server's position; −1 not known */
  gboolean at_end; /* the server is after the last row, which is one further than on it */

  guint wanted; /* rows of the request under way; G_MAXUINT all */
  PgMove move;
  guint distance;
  GPtrArray *objects;  /* made of the rest of a page, before all that follow it */
  PgRequest *pending;  /* of the asynchronous class */
  guint asked;         /* rows that its call under way wants */
} PgBaseServerCursorPrivate;

PgBaseServerCursorPrivate *pg_base_server_cursor_get_private (PgBaseServerCursor *self);

/* The end of the cursor that an execute takes the place of, to be run before it; NULL for none. */
PgRequest *pg_base_server_cursor_close_former_request_new (PgBaseServerCursor *self);
/* Each of these is the first half of a verb. NULL with an error, or, except for the first, without where nothing has to be asked. */
PgRequest *pg_base_server_cursor_execute_request_new (PgBaseServerCursor *self, const char *query, GVariant *variant, PgParams *params, GError **error);
/* wanted: how many rows are needed, G_MAXUINT all, 0 arraysize. */
PgRequest *pg_base_server_cursor_fetch_request_new (PgBaseServerCursor *self, guint *wanted, GError **error);
PgRequest *pg_base_server_cursor_fetch_page_request_new (PgBaseServerCursor *self, guint size, GError **error);
PgRequest *pg_base_server_cursor_fetch_objects_request_new (PgBaseServerCursor *self, GError **error);
PgRequest *pg_base_server_cursor_scroll_request_new (PgBaseServerCursor *self, gint64 offset, PgScrollMode mode, GError **error);
PgRequest *pg_base_server_cursor_close_request_new (PgBaseServerCursor *self);

/* And the second: the request has succeeded, or is NULL. */
void pg_base_server_cursor_executed (PgBaseServerCursor *self, PgRequest *request);
void pg_base_server_cursor_take_page (PgBaseServerCursor *self, PgRequest *request);
GPtrArray *pg_base_server_cursor_take_rows (PgBaseServerCursor *self, PgRequest *request, guint wanted, GError **error);
GPtrArray *pg_base_server_cursor_take_objects (PgBaseServerCursor *self, PgRequest *request, GError **error);
PgResult *pg_base_server_cursor_take_result (PgBaseServerCursor *self, PgRequest *request, guint *first_row, GError **error);
void pg_base_server_cursor_moved (PgBaseServerCursor *self, PgRequest *request);
/* Closes the object; the server has been told. */
void pg_base_server_cursor_closed (PgBaseServerCursor *self);

G_END_DECLS
