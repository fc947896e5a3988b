/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-base-cursor-private.h"

#include <pgconn/connection/pg-type-catalog-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/pg-init-private.h>

/* What a cursor knows of types, and the look-up of those that it does not know. */

/* A server that sends columns of more is not asked for the others. */
#define MAX_ASKED 1024

typedef struct
{
  PgTypeTable *types; /* the cursor's */
  PgTypeTable *connection_types;
  gboolean unknown_to_cursor;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  pg_type_table_unref (question->types);
  pg_type_table_unref (question->connection_types);
  g_free (question);
}

static PgTypeTable *
ref_table (PgBaseCursorPrivate *priv)
{
  return priv->adapters != NULL ? pg_adapters_map_ref_table (priv->adapters) : pg_type_table_ref (priv->types);
}

static void
add_unknown (Question *question, PgRawResult *raw, GArray *oids)
{
  const guint n = pg_raw_result_get_n_columns (raw);

  for (guint i = 0; i < n; i++)
    {
      const guint32 oid = pg_raw_result_get_column_type (raw, i);
      gboolean is_new = TRUE;

      if (oid == 0 || pg_type_table_lookup (question->types, oid) != NULL)
        continue;
      question->unknown_to_cursor = TRUE;
      if (pg_type_table_lookup (question->connection_types, oid) != NULL)
        continue;
      for (guint j = 0; is_new && j < oids->len; j++)
        is_new = g_array_index (oids, guint32, j) != oid;
      if (is_new && oids->len < MAX_ASKED)
        g_array_append_val (oids, oid);
    }
}

/* Called by the driver; the cursor itself may be in another thread's hands. */
static PgWireParams *
ask (PgRequest *request, gpointer data)
{
  Question *question = data;
  g_autoptr (GArray) oids = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint n = pg_request_execute_get_n_results (request);

  for (guint i = 0; i < n; i++)
    add_unknown (question, pg_request_execute_get_result (request, i), oids);
  return oids->len > 0 ? pg_type_catalog_params_new_by_oids ((const guint32 *) (gpointer) oids->data, oids->len) : NULL;
}

void
pg_base_cursor_ask_types (PgBaseCursor *self, PgRequest *request)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  Question *question;

  if (priv->connection == NULL || !pg_engine_get_options (pg_base_connection_get_engine (priv->connection))->fetch_types)
    return;
  question = g_new0 (Question, 1);
  question->types = ref_table (priv);
  question->connection_types = pg_adapters_map_ref_table (pg_base_connection_get_adapters (priv->connection));
  pg_request_execute_set_ask (request, pg_type_catalog_get_sql (), ask, question, question_free);
}

static void
take_answer (PgBaseCursorPrivate *priv, PgRawResult *answer)
{
  PgAdaptersMap *map = pg_base_connection_get_adapters (priv->connection);
  g_autoptr (GPtrArray) infos = NULL;
  g_autoptr (GError) error = NULL;
  guint n_asked;

  infos = pg_type_catalog_read (answer, &n_asked, &error);
  if (infos == NULL)
    {
      pg_debug (QUERY, "types cannot be looked up: %s", error->message);
      return;
    }
  pg_adapters_map_add_types (map, infos);
}

PgTypeTable *
pg_base_cursor_take_types (PgBaseCursor *self, PgRequest *request)
{
  PgBaseCursorPrivate *priv = pg_base_cursor_get_private (self);
  const Question *question = pg_request_execute_get_ask_data (request);
  PgRawResult *answer = pg_request_execute_get_answer (request);

  if (answer != NULL)
    take_answer (priv, answer);
  if (question != NULL && question->unknown_to_cursor)
    {
      g_autoptr (PgTypeTable) known = pg_adapters_map_ref_table (pg_base_connection_get_adapters (priv->connection));

      if (priv->adapters != NULL)
        pg_adapters_map_add_missing (priv->adapters, known);
      else
        {
          priv->types = pg_type_table_make_own (priv->types);
          pg_type_table_add_missing (priv->types, known);
        }
    }
  return ref_table (priv);
}
