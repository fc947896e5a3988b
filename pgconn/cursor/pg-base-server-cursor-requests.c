/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-server-cursor-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/result/pg-row-factory.h>
#include <pgconn/result/pg-row.h>
#include <pgconn/sql/pg-wire-build-private.h>

/* What a server-side cursor asks of the server, and where it is then.
 *
 * The server's own position is a row, or before the first, or after the last: of n rows one of n + 2. Here it is the number of rows before the one that would be
 * fetched next, so that the last two are the same, and at_end tells them apart where something is counted backwards. The counts in the tags of FETCH and MOVE are those
 * of rows that were met. See "FETCH" in the PostgreSQL manual. */

static gboolean
check_usable (PgBaseServerCursor *self, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));

  if (base->closed)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor is closed"));
      return FALSE;
    }
  if (base->connection == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the cursor has no connection: a connection makes cursors"));
      return FALSE;
    }
  if (priv->identifier == NULL)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("a server-side cursor needs a name"));
      return FALSE;
    }
  /* One that has failed is not waited for: there is nothing to be taken of it. */
  if (priv->pending != NULL && pg_request_is_done (priv->pending) && !pg_request_get_outcome (priv->pending, NULL))
    g_clear_pointer (&priv->pending, pg_request_unref);
  if (priv->pending != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PENDING, _ ("another call of the cursor %s has not ended yet: wait for its end, or cancel it, first"), priv->identifier);
      return FALSE;
    }
  return TRUE;
}

static PgRequest *
command_new (PgBaseServerCursor *self, char *sql)
{
  return pg_request_execute_new (sql, sql, g_free, PG_EXECUTE_NO_BEGIN, NULL, PG_PREPARE_NEVER, PG_FORMAT_TEXT);
}

/* --- execute --- */

static char *
fetch_sql (PgBaseServerCursorPrivate *priv, guint n)
{
  if (n == G_MAXUINT)
    return g_strdup_printf ("FETCH FORWARD ALL FROM %s", priv->identifier);
  return g_strdup_printf ("FETCH FORWARD %u FROM %s", n, priv->identifier);
}

static const char *
scroll_clause (PgTristate scrollable)
{
  switch (scrollable)
    {
    case PG_TRISTATE_ON:
      return "SCROLL ";
    case PG_TRISTATE_OFF:
      return "NO SCROLL ";
    case PG_TRISTATE_DEFAULT:
    default:
      return "";
    }
}

/* The columns come with a FETCH, of no rows where none are wanted yet. */
PgRequest *
pg_base_server_cursor_execute_request_new (PgBaseServerCursor *self, const char *query, GVariant *variant, PgParams *params, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  g_autoptr (PgQuery) parsed = NULL;
  g_autoptr (PgWireParams) wire = NULL;
  PgRequest *request;
  char **statements;

  if (!check_usable (self, error))
    return NULL;
  if (base->prepare == PG_PREPARE_FORCE)
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_NOT_SUPPORTED, _ ("the statement of a server-side cursor cannot be prepared"));
      return NULL;
    }
  parsed = pg_base_cursor_bind (PG_BASE_CURSOR (self), query, variant, params, &wire, error);
  if (parsed == NULL)
    return NULL;

  priv->declared = FALSE;
  priv->next = -1;
  priv->at_end = FALSE;
  priv->plain = -1;
  g_clear_pointer (&priv->types, pg_type_table_unref);
  g_clear_pointer (&priv->objects, g_ptr_array_unref);
  base->total = -1;
  priv->held = priv->hold;
  priv->seen = FALSE;
  priv->wanted = priv->fetch_ahead ? priv->itersize : 0;
  statements = g_new0 (char *, 3);
  statements[0] = fetch_sql (priv, priv->wanted);
  statements[1] = g_strdup_printf ("DECLARE %s %sCURSOR %sFOR %s", priv->identifier, scroll_clause (priv->scrollable), priv->hold ? "WITH HOLD " : "",
                                   pg_query_get_sql (parsed));
  request = pg_request_execute_new (statements[0], statements, (GDestroyNotify) g_strfreev, 0, NULL, PG_PREPARE_NEVER, base->format);
  pg_request_execute_set_prelude (request, statements[1], wire);
  pg_base_cursor_ask_types (PG_BASE_CURSOR (self), request);
  return request;
}

void
pg_base_server_cursor_executed (PgBaseServerCursor *self, PgRequest *request)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);

  priv->declared = TRUE;
  priv->next = 0;
  pg_base_server_cursor_take_page (self, request);
}

/* --- fetch --- */

static guint
count_at_hand (PgBaseCursorPrivate *base)
{
  return base->result != NULL ? pg_result_get_n_rows (base->result) - base->position : 0;
}

static PgRequest *
fetch_new (PgBaseServerCursor *self, guint n)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  PgRequest *request;
  char *sql;

  /* A count that the server would not read; nobody's memory holds as many. */
  if (n > G_MAXINT32 && n != G_MAXUINT)
    n = G_MAXINT32;
  priv->wanted = n;
  sql = fetch_sql (priv, n);
  request = pg_request_execute_new (sql, sql, g_free, PG_EXECUTE_NO_BEGIN, NULL, PG_PREPARE_NEVER, base->format);
  if (priv->plain >= 0)
    pg_request_execute_set_plain (request, (guint8) priv->plain);
  else
    pg_base_cursor_ask_types (PG_BASE_CURSOR (self), request);
  return request;
}

PgRequest *
pg_base_server_cursor_fetch_request_new (PgBaseServerCursor *self, guint *wanted, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  guint at_hand;

  if (!check_usable (self, error))
    return NULL;
  if (*wanted == 0)
    *wanted = base->arraysize;
  at_hand = count_at_hand (base);
  if (at_hand >= *wanted || (priv->at_end && base->result != NULL))
    return NULL;
  if (*wanted == G_MAXUINT)
    return fetch_new (self, G_MAXUINT);
  return fetch_new (self, *wanted == 1 && priv->fetch_ahead ? priv->itersize : *wanted - at_hand);
}

PgRequest *
pg_base_server_cursor_fetch_page_request_new (PgBaseServerCursor *self, guint size, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));

  if (!check_usable (self, error) || count_at_hand (base) > 0 || (priv->at_end && base->result != NULL))
    return NULL;
  return fetch_new (self, size == 0 || (priv->fetch_ahead && size < priv->itersize) ? priv->itersize : size);
}

/* A factory may fail: for what is at hand it does before anything is asked for. */
PgRequest *
pg_base_server_cursor_fetch_objects_request_new (PgBaseServerCursor *self, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));

  if (!check_usable (self, error))
    return NULL;
  g_clear_pointer (&priv->objects, g_ptr_array_unref);
  if (priv->at_end && base->result != NULL)
    return NULL;
  if (count_at_hand (base) > 0)
    {
      const guint position = base->position;

      priv->objects = pg_base_cursor_fetch_objects (PG_BASE_CURSOR (self), error);
      if (priv->objects == NULL)
        return NULL;
      base->position = position;
    }
  return fetch_new (self, G_MAXUINT);
}

static gint
find_plain (PgResult *result, PgTypeTable *types)
{
  guint8 plain = 0;

  for (guint i = 0; i < pg_result_get_n_columns (result); i++)
    plain |= pg_type_table_get_plain (types, result->shapes[i].wire.type);
  return plain;
}

static void
set_page (PgBaseCursorPrivate *base, PgResult *result, gint64 first)
{
  g_clear_object (&base->result);
  base->result = result;
  base->position = 0;
  base->first = first;
}

static void
note_end (PgBaseServerCursorPrivate *priv, PgBaseCursorPrivate *base)
{
  priv->at_end = TRUE;
  if (priv->next >= 0)
    base->total = priv->next;
}

void
pg_base_server_cursor_take_page (PgBaseServerCursor *self, PgRequest *request)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  PgResult *result;
  guint n;

  if (request == NULL || base->closed || pg_request_execute_get_n_results (request) == 0)
    return;
  if (priv->plain < 0)
    {
      pg_type_table_unref (priv->types);
      priv->types = pg_base_cursor_take_types (PG_BASE_CURSOR (self), request);
    }
  result = pg_result_new (pg_request_execute_get_result (request, 0), priv->types);
  n = pg_result_get_n_rows (result);
  priv->plain = find_plain (result, priv->types);
  priv->seen = TRUE;
  set_page (base, result, priv->next);
  if (priv->next >= 0)
    priv->next += n;
  if (n < priv->wanted)
    note_end (priv, base);
}

GPtrArray *
pg_base_server_cursor_take_rows (PgBaseServerCursor *self, PgRequest *request, guint wanted, GError **error)
{
  PgBaseCursor *base = PG_BASE_CURSOR (self);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) more = NULL;

  if (request != NULL && count_at_hand (pg_base_cursor_get_private (base)) > 0)
    rows = pg_base_cursor_fetch (base, wanted, NULL);
  pg_base_server_cursor_take_page (self, request);
  if (rows == NULL)
    return pg_base_cursor_fetch (base, wanted, error);
  more = pg_base_cursor_fetch (base, wanted == G_MAXUINT ? G_MAXUINT : wanted - rows->len, error);
  if (more == NULL)
    return NULL;
  g_ptr_array_extend_and_steal (rows, g_steal_pointer (&more));
  return g_steal_pointer (&rows);
}

GPtrArray *
pg_base_server_cursor_take_objects (PgBaseServerCursor *self, PgRequest *request, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  g_autoptr (GPtrArray) objects = g_steal_pointer (&priv->objects);
  GPtrArray *more;

  pg_base_server_cursor_take_page (self, request);
  more = pg_base_cursor_fetch_objects (PG_BASE_CURSOR (self), error);
  if (more == NULL || objects == NULL)
    return more;
  g_ptr_array_extend_and_steal (objects, more);
  return g_steal_pointer (&objects);
}

PgResult *
pg_base_server_cursor_take_result (PgBaseServerCursor *self, PgRequest *request, guint *first_row, GError **error)
{
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));

  pg_base_server_cursor_take_page (self, request);
  if (first_row != NULL)
    *first_row = 0;
  if (!check_usable (self, error) || count_at_hand (base) == 0)
    return NULL;
  if (first_row != NULL)
    *first_row = base->position;
  base->position = pg_result_get_n_rows (base->result);
  return g_object_ref (base->result);
}

/* --- move --- */

static void
leave_page (PgBaseCursorPrivate *base, gint64 first)
{
  if (base->result != NULL)
    set_page (base, pg_result_new_empty (base->result), first);
}

static PgRequest *
move_new (PgBaseServerCursor *self, PgMove move, gint64 distance)
{
  static const char *const directions[] = { "FORWARD", "BACKWARD", "ABSOLUTE" };
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);

  priv->move = move;
  priv->distance = (guint) MIN (distance, G_MAXINT32);
  return command_new (self, g_strdup_printf ("MOVE %s %u FROM %s", directions[move], priv->distance, priv->identifier));
}

static PgRequest *
forward_new (PgBaseServerCursor *self, gint64 distance)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);

  if (!priv->at_end)
    return move_new (self, PG_MOVE_FORWARD, distance);
  leave_page (pg_base_cursor_get_private (PG_BASE_CURSOR (self)), priv->next);
  return NULL;
}

PgRequest *
pg_base_server_cursor_scroll_request_new (PgBaseServerCursor *self, gint64 offset, PgScrollMode mode, GError **error)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  const guint at_hand = count_at_hand (base);
  gint64 target;

  if (!check_usable (self, error))
    return NULL;
  if (offset > G_MAXINT32 || offset < (mode == PG_SCROLL_MODE_ABSOLUTE ? 0 : -(gint64) G_MAXINT32))
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, offset);

      if (mode == PG_SCROLL_MODE_ABSOLUTE)
        g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("position out of bounds: %s is not from 0 to 2147483647"), number);
      else
        g_set_error (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("a cursor moves by 2147483647 rows at the most, not by %s"), number);
      return NULL;
    }
  if (pg_base_cursor_scroll_in_page (base, offset, mode))
    return NULL;

  if (priv->next < 0)
    {
      if (mode == PG_SCROLL_MODE_ABSOLUTE)
        return move_new (self, PG_MOVE_ABSOLUTE, offset);
      if (offset == 0)
        return NULL;
      if (offset > 0)
        return forward_new (self, offset - at_hand);
      return move_new (self, PG_MOVE_BACKWARD, at_hand - offset + (priv->at_end ? 1 : 0));
    }
  target = MAX (mode == PG_SCROLL_MODE_ABSOLUTE ? offset : priv->next - at_hand + offset, 0);
  if (target > priv->next)
    return forward_new (self, target - priv->next);
  if (target == priv->next)
    return NULL;
  if (target <= G_MAXINT32)
    return move_new (self, PG_MOVE_ABSOLUTE, target);
  return move_new (self, PG_MOVE_BACKWARD, priv->next - target + (priv->at_end ? 1 : 0));
}

void
pg_base_server_cursor_moved (PgBaseServerCursor *self, PgRequest *request)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  gint64 count;

  if (request == NULL || base->closed || pg_request_execute_get_n_results (request) == 0)
    return;
  count = pg_raw_result_get_affected_rows (pg_request_execute_get_result (request, 0));
  priv->seen = TRUE;
  switch (priv->move)
    {
    case PG_MOVE_FORWARD:
      if (priv->next >= 0)
        priv->next = count >= 0 && count <= priv->distance ? priv->next + count : -1;
      if (count < priv->distance)
        note_end (priv, base);
      break;
    case PG_MOVE_BACKWARD:
      if (count < priv->distance)
        priv->next = 0;
      else if (priv->next >= 0)
        priv->next = MAX (priv->next + (priv->at_end ? 1 : 0) - priv->distance, 0);
      priv->at_end = FALSE;
      break;
    case PG_MOVE_ABSOLUTE:
    default:
      priv->at_end = FALSE;
      if (count > 0 || priv->distance == 0)
        {
          priv->next = priv->distance;
        }
      else
        {
          priv->next = -1;
          priv->at_end = TRUE;
        }
      break;
    }
  leave_page (base, priv->next);
}

/* --- close --- */

PgRequest *
pg_base_server_cursor_close_request_new (PgBaseServerCursor *self)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);
  PgBaseCursorPrivate *base = pg_base_cursor_get_private (PG_BASE_CURSOR (self));
  g_autofree char *sql = NULL;
  g_autoptr (PgWireParams) wire = NULL;
  PgRequest *request;

  if (base->closed || priv->forsaken || priv->identifier == NULL || base->connection == NULL || pg_base_connection_get_closed (base->connection))
    return NULL;
  sql = g_strconcat ("CLOSE ", priv->identifier, NULL);
  request = pg_request_end_new (sql, NULL, priv->declared ? priv->held : priv->hold);
  if (!priv->declared && !priv->seen)
    {
      wire = pg_wire_params_new (1, NULL, NULL);
      pg_wire_set_text (wire, 0, PG_REQUEST_AUTO, PG_OID_NAME, priv->name, strlen (priv->name), NULL, NULL, NULL);
      pg_request_end_set_check (request, wire);
    }
  return request;
}

PgRequest *
pg_base_server_cursor_close_former_request_new (PgBaseServerCursor *self)
{
  PgBaseServerCursorPrivate *priv = pg_base_server_cursor_get_private (self);

  return priv->declared || priv->seen ? pg_base_server_cursor_close_request_new (self) : NULL;
}

void
pg_base_server_cursor_closed (PgBaseServerCursor *self)
{
  pg_base_server_cursor_get_private (self)->forsaken = TRUE;
  pg_base_cursor_close (PG_BASE_CURSOR (self));
}
