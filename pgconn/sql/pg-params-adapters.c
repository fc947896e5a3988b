/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/sql/pg-params-private.h>
#include <pgconn/sql/pg-params-types.h>

#include <glib/gi18n-lib.h>
#include <string.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-adapters-map-private.h>
#include <pgconn/types/pg-enum-private.h>

/* Values that are written by the dumpers of a map, or that are of an enum in it. */

/**
 * pg_params_set_adapters:
 * @self: the parameters
 * @adapters: (nullable): a map, as [property@BaseConnection:adapters], or `NULL` for none
 *
 * Sets what [method@Params.add_value] writes values with.
 *
 * A value of a type that has a dumper in the map, see [method@AdaptersMap.add_dumper], is written by that. One of an enum that was registered, see
 * [method@AdaptersMap.register_enum], is the label that stands for it, and has the type of that enum. It concerns the values that are added later; later changes
 * of the map do not. For enums it is only needed where the map is not that of the cursor which executes the query.
 *
 * Since: 1.0
 */
void
pg_params_set_adapters (PgParams *self,
                        PgAdaptersMap *adapters)
{
  PgTypeTable *table;

  g_return_if_fail (self != NULL);
  g_return_if_fail (adapters == NULL || PG_IS_ADAPTERS_MAP (adapters));

  table = adapters != NULL ? pg_adapters_map_ref_table (adapters) : NULL;
  pg_type_table_unref (self->adapters);
  self->adapters = table;
}

static gboolean
add_enum (PgParams *self,
          const PgTypeInfo *info,
          const GValue *value,
          GError **error)
{
  GEnumClass *klass = g_type_class_ref (G_VALUE_TYPE (value));
  const GEnumValue *found = g_enum_get_value (klass, g_value_get_enum (value));
  const char *label = found != NULL ? pg_enum_get_label (info, found) : NULL;

  if (label != NULL)
    pg_params_add_typed_text (self, info->oid, label);
  else
    g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the value %d of %s is no label of the enum %s"), g_value_get_enum (value),
                 G_VALUE_TYPE_NAME (value), info->sql_name);
  g_type_class_unref (klass);
  return label != NULL;
}

static gboolean
add_dumped (PgParams *self,
            PgAdapter *dumper,
            const GValue *value,
            GError **error)
{
  g_autoptr (GBytes) bytes = pg_adapter_dump (dumper, value, error);
  g_autofree char *text = NULL;
  const char *data;
  gsize length;

  if (bytes == NULL)
    return FALSE;
  if (pg_adapter_get_format (dumper) == PG_FORMAT_BINARY)
    {
      if (self->open != NULL && self->open->len > 0)
        {
          g_set_error (error, PG_ERROR, PG_ERROR_PROGRAMMING, _ ("what the dumper of the type %s gives in binary cannot be in an array or a record"),
                       G_VALUE_TYPE_NAME (value));
          return FALSE;
        }
      pg_params_add (self, PG_PARAM_BINARY, pg_adapter_get_oid (dumper))->value.bytes = g_steal_pointer (&bytes);
      return TRUE;
    }

  data = g_bytes_get_data (bytes, &length);
  if (!g_utf8_validate_len (data != NULL ? data : "", length, NULL))
    {
      g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("what the dumper of the type %s has given is not text"), G_VALUE_TYPE_NAME (value));
      return FALSE;
    }
  text = g_strndup (data != NULL ? data : "", length);
  pg_params_add_typed_text (self, pg_adapter_get_oid (dumper), text);
  return TRUE;
}

gboolean
pg_params_add_adapted (PgParams *self,
                       const GValue *value,
                       gboolean *is_added,
                       GError **error)
{
  PgAdapter *dumper = pg_type_table_get_dumper (self->adapters, G_VALUE_TYPE (value));
  const PgTypeInfo *info = dumper == NULL && G_VALUE_HOLDS_ENUM (value) ? pg_type_table_get_enum_info (self->adapters, G_VALUE_TYPE (value)) : NULL;

  *is_added = dumper != NULL || info != NULL;
  if (dumper != NULL)
    return add_dumped (self, dumper, value, error);
  return info == NULL || add_enum (self, info, value, error);
}
