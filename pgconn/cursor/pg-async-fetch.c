/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-async-fetch-private.h"

#include <pgconn/cursor/pg-base-cursor-private.h>

/* What the fetch calls of both asynchronous cursors end with. */

void
pg_async_fetch_return (GTask *task, gpointer value, GDestroyNotify destroy, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, value != NULL ? destroy : NULL);
}

static void
free_value (gpointer data)
{
  g_value_unset (data);
  g_free (data);
}

void
pg_async_fetch_return_value (GTask *task, PgBaseCursor *cursor)
{
  GError *error = NULL;
  GValue *value = g_new0 (GValue, 1);

  if (!pg_base_cursor_fetch_value (cursor, value, &error))
    g_clear_pointer (&value, free_value);
  pg_async_fetch_return (task, value, free_value, error);
}

gboolean
pg_async_fetch_propagate_value (GAsyncResult *result, GValue *value, GError **error)
{
  GValue *fetched = g_task_propagate_pointer (G_TASK (result), error);

  if (fetched == NULL)
    {
      g_value_init (value, G_TYPE_STRING);
      return FALSE;
    }
  *value = *fetched;
  g_free (fetched);
  return TRUE;
}

void
pg_async_fetch_return_object (GTask *task, PgBaseCursor *cursor)
{
  GError *error = NULL;
  GObject *object = pg_base_cursor_fetch_object (cursor, &error);

  pg_async_fetch_return (task, object, g_object_unref, error);
}
