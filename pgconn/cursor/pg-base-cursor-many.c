/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-cursor-many-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-abandon-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/sql/pg-params-batch-private.h>
#include <pgconn/sql/pg-query-private.h>

/* executemany(): what both classes of cursors have in common. */

struct _PgCursorMany
{
  PgMany *many;
  PgSetBinder *binder; /* many's */
  gboolean running;
  gboolean ends;
  gboolean returning;
};

static PgTypeTable *
ref_types (PgBaseCursorPrivate *priv)
{
  return priv->adapters != NULL ? pg_adapters_map_ref_table (priv->adapters) : pg_type_table_ref (priv->types);
}

static gboolean
begin (PgBaseCursorPrivate *priv, const char *query, PgExecuteManyFlags flags, GError **error)
{
  g_autoptr (PgQuery) parsed = NULL;
  PgSetBinder *binder;
  PgCursorMany *self;

  if (query == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("there is nothing to go on with: the first call has to give the statement"));
      return FALSE;
    }
  pg_base_cursor_note_query (priv, query);
  parsed = pg_query_get (query, TRUE, error);
  if (parsed == NULL)
    return FALSE;
  if ((pg_query_get_flags (parsed) & (PG_QUERY_SCRIPT | PG_QUERY_COPY)) != 0)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                           (pg_query_get_flags (parsed) & PG_QUERY_SCRIPT) != 0 ? _ ("with many sets of parameters one statement can be executed, not several")
                                                                                : _ ("COPY cannot be executed with sets of parameters: copy_in() and copy_out() are for it"));
      return FALSE;
    }
  self = priv->many = g_new0 (PgCursorMany, 1);
  self->returning = (flags & PG_EXECUTE_MANY_RETURNING) != 0;
  self->binder = binder = pg_set_binder_new (parsed, ref_types (priv));
  self->many = pg_many_new (pg_set_binder_get_sql (binder), binder, pg_set_binder_free, self->returning,
                            priv->format == PG_FORMAT_BINARY ? PG_FORMAT_BINARY : PG_FORMAT_TEXT);
  return TRUE;
}

static void
end (PgBaseCursorPrivate *priv)
{
  pg_many_unref (priv->many->many);
  g_clear_pointer (&priv->many, g_free);
}

PgRequest *
pg_base_cursor_many_request_new (PgBaseCursor *self, const char *query, GVariant *sets, PgParamsBatch *batch, PgExecuteManyFlags flags, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  gboolean ok = TRUE;

  if (priv->closed)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor is closed"));
      return NULL;
    }
  if (priv->many == NULL)
    {
      pg_base_cursor_clear (priv);
      if (!begin (priv, query, flags, error))
        return NULL;
    }
  if (sets != NULL)
    ok = pg_set_binder_take_variant (priv->many->binder, sets, error);
  else if (batch != NULL)
    ok = pg_set_binder_take_batch (priv->many->binder, batch, error);
  if (!ok)
    return NULL;
  priv->many->running = TRUE;
  priv->many->ends = (flags & PG_EXECUTE_MANY_MORE) == 0;
  return pg_request_many_new (priv->many->many, pg_set_binder_next, priv->many->binder, NULL, priv->many->ends ? PG_MANY_ENDS : PG_MANY_GOES_ON);
}

gboolean
pg_base_cursor_many_check (PgBaseCursor *self, const char *query, PgExecuteManyFlags flags, GError **error)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  const gboolean begins = query != NULL && (flags & PG_EXECUTE_MANY_ABORT) == 0;

  if (priv->many == NULL || !(priv->many->running || begins))
    return TRUE;
  g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor is executing another batch of executemany(): wait for its end first"));
  return FALSE;
}

static void
take_results (PgBaseCursorPrivate *priv, PgCursorMany *self)
{
  GPtrArray *results = pg_many_get_results (self->many);
  g_autoptr (PgTypeTable) types = NULL;

  if (!self->returning)
    {
      priv->rowcount = pg_many_get_affected_rows (self->many);
      priv->status_message = g_strdup (pg_many_get_command_tag (self->many));
      return;
    }
  if (results->len == 0)
    return;
  types = ref_types (priv);
  priv->results = g_ptr_array_new_full (results->len, g_object_unref);
  for (guint i = 0; i < results->len; i++)
    g_ptr_array_add (priv->results, pg_result_new (g_ptr_array_index (results, i), types));
  priv->result = g_object_ref (g_ptr_array_index (priv->results, 0));
}

void
pg_base_cursor_many_succeeded (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);

  priv->many->running = FALSE;
  pg_set_binder_clear (priv->many->binder);
  if (!priv->many->ends)
    return;
  pg_base_cursor_clear (priv);
  if (!priv->closed)
    take_results (priv, priv->many);
  end (priv);
}

void
pg_base_cursor_many_abandon (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  PgRequest *request;

  /* The call that runs ends as it would. */
  if (priv->many == NULL || priv->many->running || (request = pg_base_cursor_many_abort (self)) == NULL)
    return;
  pg_base_connection_abandon (priv->connection, request);
}

PgRequest *
pg_base_cursor_many_abort (PgBaseCursor *self)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  PgRequest *request = NULL;

  if (priv->many == NULL)
    return NULL;
  if (pg_many_is_open (priv->many->many))
    request = pg_request_many_new (priv->many->many, NULL, NULL, NULL, PG_MANY_ABORTS);
  end (priv);
  return request;
}
