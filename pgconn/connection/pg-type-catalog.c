/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-type-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/sql/pg-wire-build-private.h>
#include <string.h>

/* The catalogue's columns are in "System Catalogs" in the PostgreSQL manual. An array type is one that its element type names as that: other types, such
 * as point and name, have elements too.
 *
 * The types that a type is made of: what a domain is of, the elements of an array, the fields of a row, the bounds of a range, and the multirange that
 * belongs to it or the other way round. */
static const char sql[] =
  "WITH RECURSIVE asked (oid) AS ("
  " SELECT pg_catalog.to_regtype($1)::pg_catalog.oid"
  " UNION"
  " SELECT pg_catalog.unnest($2)"
  "), wanted (oid) AS ("
  " SELECT oid FROM asked WHERE oid IS NOT NULL"
  " UNION"
  " SELECT part.oid"
  " FROM wanted"
  " JOIN pg_catalog.pg_type t ON t.oid = wanted.oid"
  " CROSS JOIN LATERAL ("
  "  SELECT t.typbasetype"
  "  UNION ALL SELECT e.oid FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid"
  "  UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped"
  "  UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid"
  "  UNION ALL SELECT r.rngmultitypid FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid"
  "  UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid"
  " ) part (oid)"
  " WHERE part.oid <> 0"
  ")"
  " SELECT t.oid, t.typarray, t.typname, n.nspname, pg_catalog.format_type(t.oid, NULL), t.typtype, t.typdelim,"
  "  t.typbasetype, t.typtypmod, coalesce(e.oid, r.rngsubtype, 0::pg_catalog.oid), e.oid IS NOT NULL,"
  "  coalesce(CASE t.typtype WHEN 'r' THEN r.rngmultitypid WHEN 'm' THEN r.rngtypid END, 0::pg_catalog.oid), send.proname,"
  "  ARRAY(SELECT l.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder),"
  "  ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a"
  "   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),"
  "  ARRAY(SELECT a.atttypid FROM pg_catalog.pg_attribute a"
  "   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),"
  "  ARRAY(SELECT a.atttypmod FROM pg_catalog.pg_attribute a"
  "   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),"
  "  t.oid IN (SELECT asked.oid FROM asked WHERE asked.oid IS NOT NULL) AS was_asked"
  " FROM wanted"
  " JOIN pg_catalog.pg_type t ON t.oid = wanted.oid"
  " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
  " LEFT JOIN pg_catalog.pg_proc send ON send.oid = t.typsend"
  " LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid"
  " LEFT JOIN pg_catalog.pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid)"
  " ORDER BY was_asked DESC, t.oid";

enum
{
  COLUMN_OID,
  COLUMN_ARRAY,
  COLUMN_NAME,
  COLUMN_SCHEMA,
  COLUMN_SQL_NAME,
  COLUMN_KIND,
  COLUMN_DELIMITER,
  COLUMN_BASE,
  COLUMN_BASE_MODIFIER,
  COLUMN_ELEMENT,
  COLUMN_IS_ARRAY,
  COLUMN_COUNTERPART,
  COLUMN_SEND,
  COLUMN_LABELS,
  COLUMN_FIELD_NAMES,
  COLUMN_FIELD_TYPES,
  COLUMN_FIELD_MODIFIERS,
  COLUMN_WAS_ASKED,
};

const char *
pg_type_catalog_get_sql (void)
{
  return sql;
}

static PgWireParams *
params_new (char *name, char *oids, GError **error)
{
  g_autoptr (PgWireParams) params = pg_wire_params_new (2, NULL, NULL);

  params->types[0] = PG_OID_TEXT;
  params->types[1] = PG_OID_OID_ARRAY;
  if ((name != NULL && !pg_wire_set_data (params, 0, PG_FORMAT_TEXT, PG_OID_TEXT, name, strlen (name), name, g_free, error)) ||
      (oids != NULL && !pg_wire_set_data (params, 1, PG_FORMAT_TEXT, PG_OID_OID_ARRAY, oids, strlen (oids), oids, g_free, error)))
    return NULL;
  return g_steal_pointer (&params);
}

PgWireParams *
pg_type_catalog_params_new_by_name (const char *name, GError **error)
{
  if (!g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _ ("the name of the type is not valid UTF-8"));
      return NULL;
    }
  return params_new (g_strdup (name), NULL, error);
}

PgWireParams *
pg_type_catalog_params_new_by_oids (const guint32 *oids, guint n_oids)
{
  GString *array = g_string_new ("{");

  for (guint i = 0; i < n_oids; i++)
    g_string_append_printf (array, "%s%u", i > 0 ? "," : "", oids[i]);
  g_string_append_c (array, '}');
  return params_new (NULL, g_string_free (array, FALSE), NULL);
}

static PgTypeKind
get_kind (const char *letter, gboolean is_array)
{
  if (is_array)
    return PG_TYPE_KIND_ARRAY;
  switch (letter[0])
    {
    case 'e':
      return PG_TYPE_KIND_ENUM;
    case 'd':
      return PG_TYPE_KIND_DOMAIN;
    case 'c':
      return PG_TYPE_KIND_COMPOSITE;
    case 'r':
      return PG_TYPE_KIND_RANGE;
    case 'm':
      return PG_TYPE_KIND_MULTIRANGE;
    case 'p':
      return PG_TYPE_KIND_PSEUDO;
    case 'b':
    default:
      return PG_TYPE_KIND_BASE;
    }
}

/* The readers of one row: after the first error the others do nothing. */
typedef struct
{
  PgResult *result;
  guint row;
  GError *error;
} Reader;

static gint64
read_integer (Reader *self, guint column)
{
  return self->error == NULL ? pg_result_get_int64 (self->result, self->row, column, &self->error) : 0;
}

static gboolean
read_boolean (Reader *self, guint column)
{
  return self->error == NULL && pg_result_get_boolean (self->result, self->row, column, &self->error);
}

static char *
read_text (Reader *self, guint column)
{
  return self->error == NULL ? pg_result_dup_text (self->result, self->row, column, &self->error) : NULL;
}

/* The elements of an array as text; NULL for one that is empty. */
static GStrv
read_array (Reader *self, guint column)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GVariant) maybe = self->error == NULL ? pg_result_dup_variant (self->result, self->row, column, &self->error) : NULL;
  g_autoptr (GVariant) array = maybe != NULL ? g_variant_get_maybe (maybe) : NULL;

  if (array == NULL || !g_variant_is_of_type (array, G_VARIANT_TYPE_ARRAY) || g_variant_n_children (array) == 0)
    return NULL;
  for (gsize i = 0; i < g_variant_n_children (array); i++)
    {
      g_autoptr (GVariant) element = g_variant_get_child_value (array, i);
      g_autoptr (GVariant) just = g_variant_is_of_type (element, G_VARIANT_TYPE_MAYBE) ? g_variant_get_maybe (element) : NULL;
      g_autofree char *text = NULL;

      if (just == NULL)
        g_strv_builder_add (builder, "");
      else if (g_variant_is_of_type (just, G_VARIANT_TYPE_STRING))
        g_strv_builder_add (builder, g_variant_get_string (just, NULL));
      else
        {
          text = g_variant_print (just, FALSE);
          g_strv_builder_add (builder, text);
        }
    }
  return g_strv_builder_end (builder);
}

static void
read_fields (Reader *self, PgTypeInfo *info)
{
  g_auto (GStrv) names = read_array (self, COLUMN_FIELD_NAMES);
  g_auto (GStrv) types = read_array (self, COLUMN_FIELD_TYPES);
  g_auto (GStrv) modifiers = read_array (self, COLUMN_FIELD_MODIFIERS);
  const guint n = names != NULL ? g_strv_length (names) : 0;

  if (n != (types != NULL ? g_strv_length (types) : 0) || n != (modifiers != NULL ? g_strv_length (modifiers) : 0))
    {
      if (self->error == NULL)
        self->error = g_error_new_literal (PG_ERROR, PG_ERROR_DATA, _ ("the server's answer about a type is not what was asked for"));
      return;
    }
  info->n_fields = n;
  info->fields = g_new0 (PgTypeField, n);
  for (guint i = 0; i < n; i++)
    {
      info->fields[i].name = g_steal_pointer (&names[i]);
      info->fields[i].type = (guint32) g_ascii_strtoull (types[i], NULL, 10);
      info->fields[i].modifier = (gint32) g_ascii_strtoll (modifiers[i], NULL, 10);
    }
  g_clear_pointer (&names, g_free);
}

static PgTypeInfo *
read_type (Reader *self)
{
  g_autofree char *kind = read_text (self, COLUMN_KIND);
  g_autofree char *delimiter = read_text (self, COLUMN_DELIMITER);
  const gboolean is_array = read_boolean (self, COLUMN_IS_ARRAY);
  g_autoptr (PgTypeInfo) info = pg_type_info_new_empty (get_kind (kind != NULL ? kind : "", is_array), (guint32) read_integer (self, COLUMN_OID));

  info->array_oid = (guint32) read_integer (self, COLUMN_ARRAY);
  info->name = read_text (self, COLUMN_NAME);
  info->schema = read_text (self, COLUMN_SCHEMA);
  info->sql_name = read_text (self, COLUMN_SQL_NAME);
  info->delimiter = delimiter != NULL && *delimiter != '\0' ? *delimiter : ',';
  info->base = (guint32) read_integer (self, COLUMN_BASE);
  info->base_modifier = (gint32) read_integer (self, COLUMN_BASE_MODIFIER);
  info->element = (guint32) read_integer (self, COLUMN_ELEMENT);
  info->counterpart = (guint32) read_integer (self, COLUMN_COUNTERPART);
  info->send_function = read_text (self, COLUMN_SEND);
  if (info->kind == PG_TYPE_KIND_ENUM)
    {
      info->labels = read_array (self, COLUMN_LABELS);
      if (info->labels == NULL)
        info->labels = g_new0 (char *, 1);
    }
  if (info->kind == PG_TYPE_KIND_COMPOSITE)
    read_fields (self, info);
  if (self->error == NULL && (info->oid == 0 || info->name == NULL || info->schema == NULL || info->sql_name == NULL))
    self->error = g_error_new_literal (PG_ERROR, PG_ERROR_DATA, _ ("the server's answer about a type is not what was asked for"));
  return self->error == NULL ? g_steal_pointer (&info) : NULL;
}

GPtrArray *
pg_type_catalog_read (PgRawResult *raw, guint *n_asked, GError **error)
{
  g_autoptr (PgResult) result = pg_result_new (raw, NULL);
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) pg_type_info_unref);
  Reader reader = { .result = result };

  *n_asked = 0;
  for (reader.row = 0; reader.row < pg_result_get_n_rows (result); reader.row++)
    {
      const gboolean was_asked = read_boolean (&reader, COLUMN_WAS_ASKED);
      PgTypeInfo *info = read_type (&reader);

      if (info == NULL)
        {
          g_propagate_error (error, reader.error);
          return NULL;
        }
      /* Nobody needs to be told what PostgreSQL's own are, unless he asks. */
      if (was_asked || pg_codec_lookup (info->oid) == NULL)
        g_ptr_array_add (infos, info);
      else
        pg_type_info_unref (info);
      *n_asked += was_asked ? 1 : 0;
    }
  return g_steal_pointer (&infos);
}

PgTypeInfo *
pg_base_connection_take_type (PgBaseConnection *self, PgRequest *request, const char *name, GError **error)
{
  guint n_asked;
  PgRawResult *raw = pg_request_ask_get_result (request);
  g_autoptr (GPtrArray) infos = raw != NULL ? pg_type_catalog_read (raw, &n_asked, error) : NULL;

  if (infos == NULL)
    {
      if (raw == NULL)
        g_set_error_literal (error, PG_ERROR, PG_ERROR_DATA, _ ("the server's answer about a type is not what was asked for"));
      return NULL;
    }
  if (n_asked == 0)
    {
      g_set_error (error, PG_ERROR, PG_ERROR_UNDEFINED_OBJECT, _ ("there is no type “%s”"), name);
      return NULL;
    }
  pg_adapters_map_add_types (pg_base_connection_get_adapters (self), infos);
  return pg_type_info_ref (g_ptr_array_index (infos, 0));
}
