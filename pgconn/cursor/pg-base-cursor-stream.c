/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-cursor-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/cursor/pg-row-stream-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>

/* The statement of a row stream, which the cursor describes. */

PgRequest *
pg_base_cursor_stream_request_new (PgBaseCursor *self, const char *query, GVariant *variant, PgParams *params, guint chunk_size, GError **error)
{
  g_autoptr (PgRequest) request = NULL;

  if (pg_base_cursor_get_private (self)->connection == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
      return NULL;
    }
  request = pg_base_cursor_execute_request_new (self, query, variant, params, error);
  if (request == NULL || !pg_request_execute_set_chunk_size (request, chunk_size, error))
    return NULL;
  return g_steal_pointer (&request);
}

gpointer
pg_base_cursor_take_stream (PgBaseCursor *self, PgRequest *request)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  g_autoptr (PgTypeTable) types = pg_base_cursor_take_types (self, request);
  PgStream *stream = pg_request_get_stream (request);
  g_autoptr (PgResult) head = pg_result_new (pg_stream_get_head (stream), types);

  pg_base_cursor_clear (priv);
  if (!priv->closed)
    {
      priv->stream = pg_stream_ref (stream);
      priv->head = g_object_ref (head);
    }
  return pg_base_row_stream_new (priv->connection, stream, head, types);
}
