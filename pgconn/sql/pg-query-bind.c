/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-query-private.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/sql/pg-params-private.h>
#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/sql/pg-wire-build-private.h>

/* In characters. */
#define MAX_KEPT_TYPE 128

static PgFormatRequest
get_request (PgQuery *self,
             guint index)
{
  return self->requests != NULL ? self->requests[index] : PG_REQUEST_AUTO;
}

static gboolean
check_count (PgQuery *self,
             gsize n_values,
             GError **error)
{
  if (n_values == self->n_params)
    return TRUE;

  /* Whoever comes from a driver that replaces placeholders in strings sees here why this one does not. */
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               self->quoted_placeholder
                 ? _("the query has %u placeholders but %zu parameters were passed (a placeholder inside quotes is plain text)")
                 : _("the query has %u placeholders but %zu parameters were passed"),
               self->n_params, n_values);
  return FALSE;
}

void
pg_query_name_parameter (PgQuery *self,
                         guint index,
                         GError **error)
{
  if (self->style == PG_PLACEHOLDERS_NAMED)
    {
      g_autofree char *name = g_utf8_make_valid (self->names[index], -1);

      g_prefix_error (error, _("parameter '%s': "), name);
    }
  else
    {
      g_prefix_error (error, _("parameter %u: "), index + 1);
    }
}

static gboolean
check_names (PgQuery *self,
             const guint8 *is_bound,
             GError **error)
{
  g_autoptr (GString) missing = NULL;
  g_autofree char *valid = NULL;
  guint n_missing = 0;

  for (guint i = 0; i < self->n_params; i++)
    {
      if (is_bound[i])
        continue;
      if (missing == NULL)
        missing = g_string_new (self->names[i]);
      else if (n_missing < 10)
        g_string_append_printf (missing, ", %s", self->names[i]);
      else if (n_missing == 10)
        g_string_append (missing, ", …");
      n_missing++;
    }
  if (missing == NULL)
    return TRUE;

  valid = g_utf8_make_valid (missing->str, (gssize) missing->len);
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("query parameter missing: %s"), valid);
  return FALSE;
}

static PgWireParams *
finish (PgQuery *self,
        PgWireParams *wire,
        GError **error)
{
  g_autoptr (PgWireParams) taken = wire;

  if (!pg_wire_check_size (taken, self->sql_length, error))
    return NULL;
  return g_steal_pointer (&taken);
}

static gboolean
refuse_positional (GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               _("the query has named placeholders: its parameters must have names"));
  return FALSE;
}

static gboolean
refuse_named (GError **error)
{
  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               _("the query has positional placeholders: its parameters must be a sequence without names"));
  return FALSE;
}

static PgWireParams *
bind_sequence (PgQuery *self,
               GVariant *params,
               const PgTypeTable *types,
               GError **error)
{
  g_autoptr (PgWireParams) wire = NULL;

  if (self->style == PG_PLACEHOLDERS_NAMED)
    {
      refuse_positional (error);
      return NULL;
    }
  if (!check_count (self, g_variant_n_children (params), error))
    return NULL;

  wire = pg_wire_params_new (self->n_params, types, (const char *const *) self->casts);
  for (guint i = 0; i < self->n_params; i++)
    {
      if (!pg_wire_set_variant (wire, i, get_request (self, i), g_variant_get_child_value (params, i), error))
        {
          pg_query_name_parameter (self, i, error);
          return NULL;
        }
    }

  return finish (self, g_steal_pointer (&wire), error);
}

/* The first of equal keys counts, as for g_variant_lookup(). */
static PgWireParams *
bind_dictionary (PgQuery *self,
                 GVariant *params,
                 const PgTypeTable *types,
                 GError **error)
{
  g_autoptr (PgWireParams) wire = NULL;
  g_autofree guint8 *is_bound = NULL;
  gsize n_entries = g_variant_n_children (params);

  if (self->style != PG_PLACEHOLDERS_NAMED && self->n_params > 0)
    {
      refuse_named (error);
      return NULL;
    }

  wire = pg_wire_params_new (self->n_params, types, (const char *const *) self->casts);
  is_bound = g_new0 (guint8, self->n_params);
  for (gsize i = 0; i < n_entries && self->n_params > 0; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (params, i);
      g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
      const char *name = g_variant_get_string (key, NULL);
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, name));

      if (number == 0 || is_bound[number - 1])
        continue;
      is_bound[number - 1] = TRUE;
      if (!pg_wire_set_variant (wire, number - 1, get_request (self, number - 1), g_variant_get_child_value (entry, 1), error))
        {
          pg_query_name_parameter (self, number - 1, error);
          return NULL;
        }
    }

  if (!check_names (self, is_bound, error))
    return NULL;
  return finish (self, g_steal_pointer (&wire), error);
}

static gboolean
is_dictionary (GVariant *params)
{
  const char *type = g_variant_get_type_string (params);

  return type[0] == 'a' && type[1] == '{' && strchr ("sog", type[2]) != NULL;
}

static gboolean
is_sequence (GVariant *params)
{
  const char *type = g_variant_get_type_string (params);

  /* Bytes and pairs of something are hardly meant as a list of parameters. */
  return type[0] == '(' || (type[0] == 'a' && type[1] != '{' && type[1] != 'y');
}

/* GLib 2.74 forgets what it knows of a type with the last value of it, and finds it out anew for the next one, which takes longer than to bind that. */
static void
keep_type (PgQuery *self,
           GVariant *params)
{
  GVariant *empty;

  if (g_atomic_pointer_get (&self->types) != NULL || !pg_query_is_cached (self) || strlen (g_variant_get_type_string (params)) > MAX_KEPT_TYPE)
    return;
  empty = g_variant_ref_sink (g_variant_new_array (g_variant_get_type (params), NULL, 0));
  if (!g_atomic_pointer_compare_and_exchange (&self->types, NULL, empty))
    g_variant_unref (empty);
}

PgWireParams *
pg_query_bind_variant (PgQuery *self,
                       GVariant *params,
                       const PgTypeTable *types,
                       GError **error)
{
  g_autoptr (GVariant) inner = NULL;

  if (params == NULL)
    {
      if (!check_count (self, 0, error))
        return NULL;
      return finish (self, pg_wire_params_new (0, NULL, NULL), error);
    }

  inner = g_variant_ref (params);
  while (g_variant_classify (inner) == G_VARIANT_CLASS_VARIANT)
    {
      GVariant *outer = inner;

      inner = g_variant_get_variant (outer);
      g_variant_unref (outer);
    }

  keep_type (self, inner);
  if (is_sequence (inner))
    return bind_sequence (self, inner, types, error);
  if (is_dictionary (inner))
    return bind_dictionary (self, inner, types, error);

  g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING,
               _("query parameters should be a tuple, an array or a dictionary, got a GVariant of type '%s'"),
               g_variant_get_type_string (inner));
  return NULL;
}

gboolean
pg_query_check_count (PgQuery *self,
                      gsize n_values,
                      gboolean named,
                      GError **error)
{
  if (named)
    return self->n_params == 0 || refuse_named (error);
  return check_count (self, n_values, error);
}

static gboolean
bind_named_params (PgQuery *self,
                   PgParams *params,
                   PgWireParams *wire,
                   GError **error)
{
  g_autofree guint8 *is_bound = g_new0 (guint8, self->n_params);
  guint n_values = pg_params_get_n_params (params);

  for (guint i = 0; i < n_values; i++)
    {
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, pg_params_get_name (params, i)));

      if (number == 0)
        continue;
      if (is_bound[number - 1])
        {
          g_autofree char *name = g_utf8_make_valid (self->names[number - 1], -1);

          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("query parameter given twice: %s"), name);
          return FALSE;
        }
      is_bound[number - 1] = TRUE;
      if (!pg_params_bind (params, i, get_request (self, number - 1), wire, number - 1, error))
        {
          pg_query_name_parameter (self, number - 1, error);
          return FALSE;
        }
    }

  return check_names (self, is_bound, error);
}

static gboolean
bind_positional_params (PgQuery *self,
                        PgParams *params,
                        PgWireParams *wire,
                        GError **error)
{
  for (guint i = 0; i < self->n_params; i++)
    {
      if (!pg_params_bind (params, i, get_request (self, i), wire, i, error))
        {
          pg_query_name_parameter (self, i, error);
          return FALSE;
        }
    }
  return TRUE;
}

PgWireParams *
pg_query_bind_params (PgQuery *self,
                      PgParams *params,
                      const PgTypeTable *types,
                      GError **error)
{
  g_autoptr (PgWireParams) wire = NULL;
  guint n_values = pg_params_get_n_params (params);
  guint n_names = pg_params_get_n_names (params);

  if (!pg_params_check (params, error))
    return NULL;
  if (n_names > 0 && n_names < n_values)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _("some of the query parameters have no name"));
      return NULL;
    }
  if (self->style == PG_PLACEHOLDERS_NAMED)
    {
      if (n_values > 0 && n_names == 0)
        {
          refuse_positional (error);
          return NULL;
        }
    }
  else if (n_names > 0)
    {
      if (self->n_params > 0)
        {
          refuse_named (error);
          return NULL;
        }
    }
  else if (!check_count (self, n_values, error))
    {
      return NULL;
    }

  wire = pg_wire_params_new (self->n_params, types != NULL ? types : params->adapters, (const char *const *) self->casts);
  if (self->style == PG_PLACEHOLDERS_NAMED)
    {
      if (!bind_named_params (self, params, wire, error))
        return NULL;
    }
  else if (!bind_positional_params (self, params, wire, error))
    {
      return NULL;
    }
  return finish (self, g_steal_pointer (&wire), error);
}
