/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-batch-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-params-private.h>
#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-wire-build-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* One set of parameters after another in the form that goes over the wire. */

struct _PgSetBinder
{
  PgQuery *query;
  PgTypeTable *types; /* those of the database that are known */
  GVariant *variant;
  PgParamsBatch *batch;
  guint *columns; /* of a batch of columns: which one a parameter has */
  gsize n_sets;
  gsize next;
  /* The widest integer type that each parameter has had: a statement is prepared for types, and a narrower value does as well in the wider one. */
  guint32 *widest;
  PgWireParams *wire;  /* the last set */
  gboolean reusable; /* it owns nothing */
};

PgSetBinder *
pg_set_binder_new (PgQuery *query, PgTypeTable *types)
{
  PgSetBinder *self = g_new0 (PgSetBinder, 1);

  self->query = pg_query_ref (query);
  self->types = types;
  self->widest = g_new0 (guint32, MAX (query->n_params, 1));
  return self;
}

void
pg_set_binder_clear (PgSetBinder *self)
{
  g_clear_pointer (&self->variant, g_variant_unref);
  g_clear_pointer (&self->batch, pg_params_batch_unref);
  g_clear_pointer (&self->columns, g_free);
  g_clear_pointer (&self->wire, pg_wire_params_unref);
  self->n_sets = self->next = 0;
}

void
pg_set_binder_free (gpointer data)
{
  PgSetBinder *self = data;

  pg_set_binder_clear (self);
  pg_query_unref (self->query);
  pg_type_table_unref (self->types);
  g_free (self->widest);
  g_free (self);
}

const char *
pg_set_binder_get_sql (PgSetBinder *self)
{
  return self->query->sql;
}

gboolean
pg_set_binder_take_variant (PgSetBinder *self, GVariant *sets, GError **error)
{
  const char *type = g_variant_get_type_string (sets);

  pg_set_binder_clear (self);
  if (type[0] != '(' && (type[0] != 'a' || type[1] == '{' || type[1] == 'y'))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("the sets of parameters should be an array or a tuple, got a GVariant of type '%s'"), type);
      return FALSE;
    }
  self->variant = g_variant_ref (sets);
  self->n_sets = g_variant_n_children (sets);
  return TRUE;
}

/* --- columns --- */

static gboolean
find_columns (PgSetBinder *self, PgParamsBatch *batch, GError **error)
{
  const PgQuery *query = self->query;

  if (batch->n_names > 0 && batch->n_names < batch->columns->len)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("some of the columns of the batch have no name"));
      return FALSE;
    }
  self->columns = g_new (guint, MAX (query->n_params, 1));
  for (guint i = 0; i < query->n_params; i++)
    self->columns[i] = query->style == PG_PLACEHOLDERS_NAMED ? G_MAXUINT : i;
  if (query->style != PG_PLACEHOLDERS_NAMED)
    return pg_query_check_count (self->query, batch->columns->len, batch->n_names > 0, error);

  for (guint i = 0; i < batch->columns->len; i++)
    {
      const char *name = g_array_index (batch->columns, PgBatchColumn, i).name;
      const guint number = name != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (query->index, name)) : 0;

      if (number > 0 && self->columns[number - 1] != G_MAXUINT)
        {
          g_autofree char *valid = g_utf8_make_valid (name, -1);

          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("query parameter given twice: %s"), valid);
          return FALSE;
        }
      if (number > 0)
        self->columns[number - 1] = i;
    }
  for (guint i = 0; i < query->n_params; i++)
    if (self->columns[i] == G_MAXUINT)
      {
        g_autofree char *valid = g_utf8_make_valid (query->names[i], -1);

        g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("query parameter missing: %s"), valid);
        return FALSE;
      }
  return TRUE;
}

gboolean
pg_set_binder_take_batch (PgSetBinder *self, PgParamsBatch *batch, GError **error)
{
  pg_set_binder_clear (self);
  if (batch->error != NULL)
    {
      g_propagate_error (error, g_error_copy (batch->error));
      return FALSE;
    }
  /* Without sets nothing is known of the columns either. */
  if (batch->n_sets > 0 && batch->sets == NULL && !find_columns (self, batch, error))
    return FALSE;
  batch->frozen = TRUE;
  self->batch = pg_params_batch_ref (batch);
  self->n_sets = batch->n_sets;
  self->reusable = TRUE;
  for (guint i = 0; i < batch->columns->len; i++)
    {
      const PgBatchColumn *column = &g_array_index (batch->columns, PgBatchColumn, i);

      if (column->kind == PG_BATCH_PARAMS || self->query->requests != NULL)
        self->reusable = FALSE;
      if (column->kind == PG_BATCH_PARAMS && !pg_params_check (column->params, error))
        {
          g_prefix_error (error, _ ("column %u of the batch: "), i + 1);
          pg_set_binder_clear (self);
          return FALSE;
        }
    }
  return TRUE;
}

static gint64
read_integer (const PgBatchColumn *column, gsize index)
{
  gint16 two;
  gint32 four;
  gint64 eight;

  switch (column->width)
    {
    case 2:
      memcpy (&two, column->data + index * 2, 2);
      return two;
    case 4:
      memcpy (&four, column->data + index * 4, 4);
      return four;
    default:
      memcpy (&eight, column->data + index * 8, 8);
      return eight;
    }
}

static gboolean
bind_cell (PgSetBinder *self, const PgBatchColumn *column, guint param, gsize index, GError **error)
{
  const PgFormatRequest request = self->query->requests != NULL ? self->query->requests[param] : PG_REQUEST_AUTO;
  PgWireParams *wire = self->wire;
  gsize start;
  double number;

  if (column->nulls != NULL && column->nulls[index] != 0)
    {
      wire->values[param] = NULL;
      wire->lengths[param] = 0;
      wire->types[param] = column->kind == PG_BATCH_DOUBLE ? PG_OID_FLOAT8 : column->kind == PG_BATCH_BOOLEAN ? PG_OID_BOOL : column->type;
      return TRUE;
    }
  switch (column->kind)
    {
    case PG_BATCH_INTEGER:
      pg_wire_set_integer (wire, param, request, column->type, read_integer (column, index));
      return TRUE;
    case PG_BATCH_DOUBLE:
      memcpy (&number, column->data + index * sizeof number, sizeof number);
      pg_wire_set_double (wire, param, request, number);
      return TRUE;
    case PG_BATCH_BOOLEAN:
      pg_wire_set_boolean (wire, param, request, column->data[index] != 0);
      return TRUE;
    case PG_BATCH_TEXT:
      start = index > 0 ? column->ends[index - 1] + 1 : 0;
      return pg_wire_set_text (wire, param, request, column->type, (const char *) column->data + start, column->ends[index] - start, NULL, NULL, error);
    case PG_BATCH_PARAMS:
    default:
      return pg_params_bind (column->params, (guint) index, request, wire, param, error);
    }
}

static gboolean
bind_columns (PgSetBinder *self, gsize index, GError **error)
{
  if (!self->reusable || self->wire == NULL)
    {
      g_clear_pointer (&self->wire, pg_wire_params_unref);
      self->wire = pg_wire_params_new (self->query->n_params, self->types, (const char *const *) self->query->casts);
    }
  for (guint i = 0; i < self->query->n_params; i++)
    {
      const PgBatchColumn *column = &g_array_index (self->batch->columns, PgBatchColumn, self->columns[i]);

      if (!bind_cell (self, column, i, index, error))
        {
          g_prefix_error (error, _ ("parameter %u: "), i + 1);
          return FALSE;
        }
    }
  return pg_wire_check_size (self->wire, self->query->sql_length, error);
}

/* --- all --- */

static guint
get_width (guint32 type)
{
  return type == PG_OID_INT2 ? 2 : type == PG_OID_INT4 ? 4 : type == PG_OID_INT8 ? 8 : 0;
}

static void
widen (PgSetBinder *self)
{
  PgWireParams *wire = self->wire;

  for (guint i = 0; i < wire->n_params; i++)
    {
      const guint width = get_width (wire->types[i]);

      if (width == 0)
        continue;
      if (width >= get_width (self->widest[i]))
        self->widest[i] = wire->types[i];
      else
        pg_wire_widen_integer (wire, i, self->widest[i]);
    }
}

PgWireParams *
pg_set_binder_next (gpointer data, GError **error)
{
  PgSetBinder *self = data;
  const gsize index = self->next;

  if (index == self->n_sets)
    return NULL;
  self->next++;
  if (self->batch != NULL && self->batch->sets == NULL)
    {
      if (!bind_columns (self, index, error))
        return NULL;
    }
  else
    {
      g_clear_pointer (&self->wire, pg_wire_params_unref);
      if (self->batch != NULL)
        {
          self->wire = pg_query_bind_params (self->query, g_ptr_array_index (self->batch->sets, index), self->types, error);
        }
      else
        {
          g_autoptr (GVariant) set = g_variant_get_child_value (self->variant, index);

          self->wire = pg_query_bind_variant (self->query, set, self->types, error);
        }
      if (self->wire == NULL)
        return NULL;
    }
  widen (self);
  return self->wire;
}
