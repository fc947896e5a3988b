/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-base-cursor.h>
#include <pgconn/engine/pg-engine-private.h>
#include <pgconn/sql/pg-query-private.h>
#include <pgconn/types/pg-adapters-map-private.h>

G_BEGIN_DECLS

typedef struct _PgCursorMany PgCursorMany;

typedef struct
{
  PgResult *result;   /* the current one */
  PgRawResult *command; /* the same, of a command without rows, until somebody asks for more than its tag: most have only that looked at */
  GPtrArray *results; /* all, where there is more than one */
  guint index;
  guint position;
  gint64 rowcount;      /* and its status message: of many executions without results */
  char *status_message;
  PgCursorMany *many;   /* of an executemany() that is not over */
  gint64 first;   /* how many rows of the query are before those of the result: 0 but for a server-side cursor; −1 not known */
  gboolean paged; /* the result is a part of the rows */
  gint64 total;   /* then: how many rows there are; −1 not known */
  PgRequest *pending; /* of the last statement, on its way in a pipeline, or failed there */
  PgStream *stream; /* of the last statement, whose rows are not here */
  PgResult *head;   /* the columns of those */
  char *query; /* the last one */
  guint arraysize;
  PgFormat format;
  PgPrepare prepare;
  gboolean closed;
  gboolean merges; /* the parameters into the statements */
  PgBaseConnection *connection; /* of the subclass's kind; NULL: none */
  PgTypeTable *types;      /* what it began with */
  PgAdaptersMap *adapters; /* made when somebody asks for it: then it counts */
  PgRowFactory *row_factory; /* or NULL: tuples */
} PgBaseCursorPrivate;

PgBaseCursorPrivate *pg_base_cursor_get_private (PgBaseCursor *self);
/* The same, with the result of a pipeline that has come by now. */
PgBaseCursorPrivate *pg_base_cursor_get_settled (PgBaseCursor *self);
/* Of a new cursor, which begins with what the connection knows of types, and with its row factory. */
void pg_base_cursor_set_connection (PgBaseCursor *self, PgBaseConnection *connection);
/* The property "connection" of a subclass, which has it of its own type, and no other one. flags: G_PARAM_CONSTRUCT_ONLY or none, as a property of construction would make
 * each execute() of a connection dearer. */
void pg_base_cursor_class_install_connection (gpointer klass, GType connection_type, GParamFlags flags);
/* The look-up of types that are not known, in the request of a statement, if the connection does that. */
void pg_base_cursor_ask_types (PgBaseCursor *self, PgRequest *request);
/* What the results of the request are decoded with; full, may be NULL. */
PgTypeTable *pg_base_cursor_take_types (PgBaseCursor *self, PgRequest *request);
void pg_base_cursor_clear (PgBaseCursorPrivate *priv);
/* Keeps a copy, for whoever looks for a fault. */
void pg_base_cursor_note_query (PgBaseCursorPrivate *priv, const char *query);
/* Nobody goes on with the executemany() that has begun, if one has. */
void pg_base_cursor_many_abandon (PgBaseCursor *self);

/* Drops the former results; the statement and its parameters, NULL for none, and where they are merged into it. NULL where the cursor is closed or they do not fit. */
PgQuery *pg_base_cursor_bind (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, PgWireParams **wire, GError **error);
/* The statement with its parameters merged into it. */
char *pg_base_cursor_mogrify (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, GError **error);
/* The request of an execute() with this cursor's settings, its former results dropped; exactly one of the two kinds of parameters may be given.
 * NULL where the cursor is closed or the statement and its parameters do not fit. */
PgRequest *pg_base_cursor_execute_request_new (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, GError **error);
/* The same for a statement that was prepared. */
PgRequest *pg_base_cursor_statement_request_new (PgBaseCursor *self, PgStatement *statement, GVariant *variant, PgParams *params, GError **error);
/* The results of such a request that has succeeded. */
void pg_base_cursor_take_results (PgBaseCursor *self, PgRequest *request);

/* The same for a statement whose rows are read by and by, and its PgRowStream or PgAsyncRowStream; full. */
PgRequest *pg_base_cursor_stream_request_new (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, guint chunk_size, GError **error);
gpointer pg_base_cursor_take_stream (PgBaseCursor *self, PgRequest *request);

/* The row at the position, which moves on; NULL without error at the end. */
PgRow *pg_base_cursor_fetch_one (PgBaseCursor *self, GError **error);
/* At most size rows; 0 for arraysize, G_MAXUINT for all. NULL on error. */
GPtrArray *pg_base_cursor_fetch (PgBaseCursor *self, guint size, GError **error);

/* FALSE where that is no row of the page, nor its end; the position stays then. */
gboolean pg_base_cursor_scroll_in_page (PgBaseCursorPrivate *priv, gint64 offset, PgScrollMode mode);

/* As the row factory makes it; FALSE or NULL without error at the end. The position moves on when it is made. */
gboolean pg_base_cursor_fetch_value (PgBaseCursor *self, GValue *value, GError **error);
GObject *pg_base_cursor_fetch_object (PgBaseCursor *self, GError **error);
/* All that are left. NULL on error. */
GPtrArray *pg_base_cursor_fetch_objects (PgBaseCursor *self, GError **error);

G_END_DECLS
