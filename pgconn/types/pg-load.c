/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-load-private.h>

#include <string.h>

#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-type-table-private.h>

/**
 * PgLoad:
 *
 * A value of the server's that is to be read by a loader: see [callback@LoaderFunc].
 *
 * Since: 1.0
 */
struct _PgLoad
{
  gatomicrefcount ref_count;
  PgWireValue wire; /* its data is of bytes, its types are a reference */
  GBytes *bytes;
  GValue value;
};

G_DEFINE_BOXED_TYPE (PgLoad, pg_load, pg_load_ref, pg_load_unref)

PgLoad *
pg_load_new (const PgWireValue *wire)
{
  PgLoad *self = g_new0 (PgLoad, 1);
  guint8 *data = g_malloc (wire->length + 1);

  g_atomic_ref_count_init (&self->ref_count);
  if (wire->length > 0)
    memcpy (data, wire->data, wire->length);
  data[wire->length] = 0;
  self->wire = *wire;
  self->wire.data = data;
  self->wire.types = pg_type_table_ref ((PgTypeTable *) wire->types);
  self->bytes = g_bytes_new_take (data, wire->length);
  return self;
}

const GValue *
pg_load_get_value (PgLoad *self)
{
  return G_IS_VALUE (&self->value) ? &self->value : NULL;
}

/**
 * pg_load_ref:
 * @self: a #PgLoad
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgLoad *
pg_load_ref (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_load_unref:
 * @self: (transfer full): a #PgLoad
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_load_unref (PgLoad *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  pg_type_table_unref ((PgTypeTable *) self->wire.types);
  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * pg_load_get_oid:
 * @self: a #PgLoad
 *
 * Gets the type of the value.
 *
 * Returns: its OID
 *
 * Since: 1.0
 */
guint
pg_load_get_oid (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->wire.type;
}

/**
 * pg_load_get_modifier:
 * @self: a #PgLoad
 *
 * Gets the modifier of the column or field that the value is of, which has the 10 of a `numeric (10, 2)`.
 *
 * Returns: the modifier, in the form of `pg_attribute.atttypmod`, or −1 for none
 *
 * Since: 1.0
 */
int
pg_load_get_modifier (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->wire.modifier;
}

/**
 * pg_load_get_format:
 * @self: a #PgLoad
 *
 * Gets the format of the value, which is the one that the loader was added for.
 *
 * Returns: the format
 *
 * Since: 1.0
 */
PgFormat
pg_load_get_format (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, PG_FORMAT_TEXT);

  return self->wire.format;
}

/**
 * pg_load_get_bytes:
 * @self: a #PgLoad
 *
 * Gets the bytes of the value as they came.
 *
 * Those of a value in text are UTF-8 unless the database is one of `SQL_ASCII`.
 *
 * Returns: (transfer none): the bytes
 *
 * Since: 1.0
 */
GBytes *
pg_load_get_bytes (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * pg_load_get_type_info:
 * @self: a #PgLoad
 *
 * Gets what is known of the type, beyond PostgreSQL's own.
 *
 * Returns: (transfer none) (nullable): the type, or `NULL` for one of PostgreSQL's own and for one that was not fetched
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_load_get_type_info (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return pg_type_table_get_info (self->wire.types, self->wire.type);
}

/**
 * pg_load_lookup_type:
 * @self: a #PgLoad
 * @oid: the OID of a type
 *
 * Looks a type up among those that are known where the value is read, as [method@Result.lookup_type] does.
 *
 * Returns: (transfer full) (nullable): the type, or `NULL` for one of PostgreSQL's own and for one that was not fetched
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_load_lookup_type (PgLoad *self, guint oid)
{
  PgTypeInfo *info;

  g_return_val_if_fail (self != NULL, NULL);

  info = pg_type_table_get_info (self->wire.types, oid);
  return info != NULL ? pg_type_info_ref (info) : NULL;
}

/**
 * pg_load_dup_text:
 * @self: a #PgLoad
 * @error: return location for a #GError
 *
 * Reads the exact text of the value, in whichever format it came.
 *
 * Returns: (transfer full): the text, or `NULL` with `PG_ERROR_DATA` if the binary form of the type is not known or the value is not valid, and with
 *   `PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE` if the text is not UTF-8
 *
 * Since: 1.0
 */
char *
pg_load_dup_text (PgLoad *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return pg_codec_to_text (&self->wire, error);
}

/**
 * pg_load_dup_record:
 * @self: a #PgLoad
 * @error: return location for a #GError
 *
 * Reads the value of a composite type as the library does, in whichever format it came.
 *
 * The fields are read by the loaders of their own types, where there are some. The loader of a composite type makes something of them.
 *
 * Returns: (transfer full): the record, or `NULL` with `PG_ERROR_DATA` if the type is not a composite one that is known or the value is not valid
 *
 * Since: 1.0
 */
PgRecord *
pg_load_dup_record (PgLoad *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return pg_codec_to_boxed (&self->wire, PG_TYPE_RECORD, error);
}

/**
 * pg_load_set_value:
 * @self: a #PgLoad
 * @value: (nullable): the value, of any `GType`; `NULL` for what SQL `NULL` is, a string that is `NULL`
 *
 * Sets what the value is.
 *
 * Since: 1.0
 */
void
pg_load_set_value (PgLoad *self, const GValue *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (value == NULL || G_IS_VALUE (value));

  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_value_init (&self->value, value != NULL ? G_VALUE_TYPE (value) : G_TYPE_STRING);
  if (value != NULL)
    g_value_copy (value, &self->value);
}
