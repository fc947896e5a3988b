/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-abandon-private.h"

#include <pgconn/connection/pg-async-connection-private.h>
#include <pgconn/connection/pg-connection-private.h>

typedef struct
{
  PgAsyncConnection *connection;
  PgRequest *request;
} Abandoned;

static gboolean
abandon (gpointer data)
{
  Abandoned *self = data;

  pg_async_connection_start (self->connection, pg_async_task_new (self->connection, NULL, NULL, NULL, abandon, "pg_base_connection_abandon"),
                             g_steal_pointer (&self->request), NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
abandoned_free (gpointer data)
{
  Abandoned *self = data;

  g_object_unref (self->connection);
  g_clear_pointer (&self->request, pg_request_unref);
  g_free (self);
}

void
pg_base_connection_abandon (PgBaseConnection *self, PgRequest *request)
{
  if (PG_IS_ASYNC_CONNECTION (self))
    {
      Abandoned *data = g_new (Abandoned, 1);

      data->connection = PG_ASYNC_CONNECTION (g_object_ref (self));
      data->request = request;
      g_main_context_invoke_full (pg_async_connection_get_context (data->connection), G_PRIORITY_DEFAULT, abandon, data, abandoned_free);
      return;
    }
  pg_connection_run (PG_CONNECTION (self), request, NULL, NULL);
  pg_request_unref (request);
}
