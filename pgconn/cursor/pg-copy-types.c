/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/connection/pg-base-connection.h>
#include <pgconn/connection/pg-type-catalog-private.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/pg-init-private.h>
#include <pgconn/types/pg-oids.h>
#include <string.h>

/* The types of the columns of a COPY, which the server does not tell: of a query it is asked what columns it would give, of a table what columns it has. */

/* The columns that COPY takes where none are named. */
static const char table_sql[] = "SELECT a.attname, a.atttypid"
                                " FROM pg_catalog.pg_attribute a"
                                " WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
                                " ORDER BY a.attnum";

PgCopyPlan *
pg_copy_plan_new (PgBaseConnection *connection, PgQuery *query)
{
  PgCopyPlan *self = g_new0 (PgCopyPlan, 1);

  self->query = pg_query_ref (query);
  self->statement = pg_copy_statement_parse (pg_query_get_sql (query));
  self->known = pg_adapters_map_ref_table (pg_base_connection_get_adapters (connection));
  self->fetch_types = pg_base_connection_get_fetch_types (connection);
  return self;
}

void
pg_copy_plan_free (PgCopyPlan *self)
{
  pg_query_unref (self->query);
  g_clear_pointer (&self->statement, pg_copy_statement_free);
  pg_type_table_unref (self->known);
  g_free (self);
}

typedef struct
{
  GStrv names;
  GArray *types; /* guint32 */
} Columns;

static void
columns_clear (Columns *self)
{
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->types, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

static void
add_column (Columns *self, GStrvBuilder *names, const char *name, guint64 type)
{
  const guint32 oid = type <= G_MAXUINT32 ? (guint32) type : 0;

  g_strv_builder_add (names, name);
  g_array_append_val (self->types, oid);
}

static void
add_row (Columns *self, GStrvBuilder *names, PgRawResult *raw, guint row)
{
  gsize length;
  const guint8 *name = pg_raw_result_get_data (raw, row, 0, &length);
  const guint8 *type = pg_raw_result_get_data (raw, row, 1, &length);

  add_column (self, names, name != NULL ? (const char *) name : "", type != NULL ? g_ascii_strtoull ((const char *) type, NULL, 10) : 0);
}

static gboolean
find_row (PgRawResult *raw, const char *name, guint *row)
{
  for (*row = 0; *row < pg_raw_result_get_n_rows (raw); (*row)++)
    {
      gsize length;

      if (g_strcmp0 ((const char *) pg_raw_result_get_data (raw, *row, 0, &length), name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* FALSE where the answer does not tell. */
static gboolean
read_columns (PgCopyPlan *plan, PgRawResult *raw, Columns *out)
{
  const PgCopyStatement *statement = plan->statement;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  guint row;

  out->types = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (statement->query != NULL)
    {
      for (guint i = 0; i < pg_raw_result_get_n_columns (raw); i++)
        add_column (out, names, pg_raw_result_get_column_name (raw, i), pg_raw_result_get_column_type (raw, i));
    }
  else if (pg_raw_result_get_n_columns (raw) != 2)
    {
      return FALSE;
    }
  else if (statement->columns == NULL)
    {
      for (row = 0; row < pg_raw_result_get_n_rows (raw); row++)
        add_row (out, names, raw, row);
    }
  else
    {
      for (guint i = 0; statement->columns[i] != NULL; i++)
        {
          if (!find_row (raw, statement->columns[i], &row))
            return FALSE;
          add_row (out, names, raw, row);
        }
    }
  out->names = g_strv_builder_end (names);
  return TRUE;
}

/* Called by the driver. */
static PgWireParams *
ask (PgRequest *request, gpointer data)
{
  PgCopyPlan *plan = data;
  g_autoptr (GArray) unknown = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_auto (Columns) columns = { NULL };

  if (!read_columns (plan, pg_request_copy_begin_get_answer (request), &columns))
    return NULL;
  for (guint i = 0; i < columns.types->len; i++)
    {
      const guint32 type = g_array_index (columns.types, guint32, i);
      gboolean is_new = type != 0 && pg_type_table_lookup (plan->known, type) == NULL;

      for (guint j = 0; is_new && j < unknown->len; j++)
        is_new = g_array_index (unknown, guint32, j) != type;
      if (is_new)
        g_array_append_val (unknown, type);
    }
  return unknown->len > 0 ? pg_type_catalog_params_new_by_oids ((const guint32 *) (gpointer) unknown->data, unknown->len) : NULL;
}

void
pg_copy_plan_ask (PgCopyPlan *self, PgRequest *request, PgStreamKind kind)
{
  const PgCopyStatement *statement = self->statement;
  g_autoptr (PgWireParams) params = NULL;

  /* What is written as text says its type itself; other formats have no rows. */
  if (statement == NULL || statement->has_options || (kind == PG_STREAM_COPY_IN && !statement->binary))
    return;
  if (statement->query != NULL)
    {
      pg_request_copy_begin_set_question (request, statement->query, NULL);
    }
  else if (statement->table != NULL)
    {
      char *table = g_strdup (statement->table);

      params = pg_wire_params_new (1, NULL, NULL);
      if (!pg_wire_set_data (params, 0, PG_FORMAT_TEXT, PG_OID_TEXT, table, strlen (table), table, g_free, NULL))
        return;
      pg_request_copy_begin_set_question (request, table_sql, params);
    }
  else
    {
      return;
    }
  /* Without them binary values cannot be made, and have no texts. */
  if (self->fetch_types || statement->binary)
    pg_request_copy_begin_set_ask (request, pg_type_catalog_get_sql (), ask, self, NULL);
}

static guint32
get_base (const PgTypeTable *table, guint32 type)
{
  for (guint depth = 0; depth < PG_WIRE_MAX_DEPTH; depth++)
    {
      PgTypeInfo *info = pg_codec_lookup (type) == NULL ? pg_type_table_get_info (table, type) : NULL;

      if (info == NULL || info->kind != PG_TYPE_KIND_DOMAIN)
        break;
      type = info->base;
    }
  return type;
}

static void
take_types (PgCopy *self, const guint32 *types)
{
  g_free (self->types);
  g_free (self->bases);
  self->types = g_memdup2 (types, self->n_columns * sizeof *types);
  self->bases = g_new0 (guint32, MAX (self->n_columns, 1));
  for (guint i = 0; i < self->n_columns; i++)
    self->bases[i] = get_base (self->table, types[i]);
}

void
pg_copy_take_types (PgCopy *self, PgRequest *request)
{
  PgCopyPlan *plan = pg_request_copy_begin_get_owner (request);
  PgAdaptersMap *map = pg_base_connection_get_adapters (self->connection);
  PgRawResult *answer = pg_request_copy_begin_get_answer (request);
  PgRawResult *types = pg_request_copy_begin_get_types (request);
  g_auto (Columns) columns = { NULL };

  self->has_options = plan->statement == NULL || plan->statement->has_options;
  if (types != NULL)
    {
      g_autoptr (GError) error = NULL;
      guint n_asked;
      g_autoptr (GPtrArray) infos = pg_type_catalog_read (types, &n_asked, &error);

      if (infos != NULL)
        pg_adapters_map_add_types (map, infos);
      else
        pg_debug (QUERY, "types cannot be looked up: %s", error->message);
    }
  self->table = pg_adapters_map_ref_table (map);
  if (answer == NULL || !read_columns (plan, answer, &columns) || columns.types->len != self->n_columns)
    return;
  self->names = g_steal_pointer (&columns.names);
  take_types (self, (const guint32 *) (gpointer) columns.types->data);
}

static gboolean
check_count (PgCopy *self, gsize n, GError **error)
{
  if (n == self->n_columns)
    return TRUE;
  g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("expected the types of %u columns, got %zu"), self->n_columns, n);
  return FALSE;
}

gboolean
pg_copy_set_types (PgCopy *self, const guint *oids, gsize n_oids, GError **error)
{
  if (!check_count (self, n_oids, error))
    return FALSE;
  g_clear_pointer (&self->table, pg_type_table_unref);
  self->table = pg_adapters_map_ref_table (pg_base_connection_get_adapters (self->connection));
  take_types (self, oids);
  return TRUE;
}

gboolean
pg_copy_set_type_names (PgCopy *self, const char *const *names, GError **error)
{
  const guint n = g_strv_length ((char **) names);
  g_autoptr (PgTypeTable) table = NULL;
  g_autofree guint *oids = g_new0 (guint, n + 1);

  if (!check_count (self, n, error))
    return FALSE;
  table = pg_adapters_map_ref_table (pg_base_connection_get_adapters (self->connection));
  for (guint i = 0; i < n; i++)
    {
      oids[i] = pg_type_table_get_oid (table, names[i]);
      if (oids[i] == 0)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT, _ ("the type %s is not known: fetch_type() asks the server for it"), names[i]);
          return FALSE;
        }
    }
  return pg_copy_set_types (self, oids, n, error);
}

guint
pg_copy_get_column_type (PgCopy *self, guint column)
{
  return self->types != NULL && column < self->n_columns ? self->types[column] : 0;
}

const char *
pg_copy_get_column_name (PgCopy *self, guint column)
{
  return self->names != NULL && column < self->n_columns ? self->names[column] : NULL;
}

gboolean
pg_copy_check_rows (PgCopy *self, GError **error)
{
  if (!self->has_options)
    return TRUE;
  g_set_error_literal (error, PG_ERROR, PG_ERROR_PROGRAMMING,
                       _ ("rows are read and written in the formats text and binary without further options: of this copy there are only bytes"));
  return FALSE;
}
