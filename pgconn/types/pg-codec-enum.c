/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-codec-ops-private.h>

#include <string.h>

#include <glib/gi18n-lib.h>

#include <pgconn/error/pg-error.h>
#include <pgconn/types/pg-encode-private.h>
#include <pgconn/types/pg-enum-private.h>
#include <pgconn/types/pg-type-table-private.h>

/* Enums of the database that are enums of GObject: their labels are the nicks of the values, or else their names. */

const GEnumValue *
pg_enum_find (GEnumClass *klass, const char *label)
{
  const GEnumValue *value = g_enum_get_value_by_nick (klass, label);

  return value != NULL ? value : g_enum_get_value_by_name (klass, label);
}

const char *
pg_enum_get_label (const PgTypeInfo *info, const GEnumValue *value)
{
  const char *const *labels = (const char *const *) info->labels;

  if (g_strv_contains (labels, value->value_nick))
    return value->value_nick;
  return g_strv_contains (labels, value->value_name) ? value->value_name : NULL;
}

gboolean
pg_enum_to_value (const PgWireValue *wire, GValue *value, GError **error)
{
  const GType type = pg_type_table_get_enum (wire->types, wire->type);
  g_autofree char *label = pg_codec_dup_text (wire, wire->data, wire->length, error);
  const GEnumValue *found;
  GEnumClass *klass;

  if (label == NULL)
    return FALSE;
  klass = g_type_class_ref (type);
  found = pg_enum_find (klass, label);
  if (found != NULL)
    {
      g_value_init (value, type);
      g_value_set_enum (value, found->value);
    }
  else
    {
      const PgTypeInfo *info = pg_type_table_get_info (wire->types, wire->type);
      guint position = 0;

      while (info->labels[position] != NULL && strcmp (info->labels[position], label) != 0)
        position++;
      if (info->labels[position] != NULL)
        g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the enum %s has no value in %s for its label at the position %u"), info->sql_name,
                     g_type_name (type), position);
      else
        g_set_error (error, PG_ERROR, PG_ERROR_DATA, _ ("the enum %s has a label that it had not when it was fetched"), info->sql_name);
    }
  g_type_class_unref (klass);
  return found != NULL;
}

static GBytes *
enum_to_bytes (const PgWireValue *value, GError **error)
{
  return g_bytes_new (value->data, value->length);
}

/* Its text is in either format that of any enum; pg_enum_to_value() makes the value. */
const PgCodecOps pg_codec_ops_enum = {
  .variant_type = "s",
  .to_bytes = enum_to_bytes,
  .encode_nested = pg_encode_enum,
};
