/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-load-private.h>

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
  guint32 oid;
  gint32 modifier;
  PgFormat format;
  GBytes *bytes;
  PgTypeInfo *info;
  GValue value;
};

G_DEFINE_BOXED_TYPE (PgLoad, pg_load, pg_load_ref, pg_load_unref)

PgLoad *
pg_load_new (const PgWireValue *wire)
{
  PgLoad *self = g_new0 (PgLoad, 1);
  PgTypeInfo *info = pg_type_table_get_info (wire->types, wire->type);

  g_atomic_ref_count_init (&self->ref_count);
  self->oid = wire->type;
  self->modifier = wire->modifier;
  self->format = wire->format;
  self->bytes = g_bytes_new (wire->data, wire->length);
  self->info = info != NULL ? pg_type_info_ref (info) : NULL;
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
 * Take a reference.
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
 * Give up a reference.
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
  g_clear_pointer (&self->info, pg_type_info_unref);
  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * pg_load_get_oid:
 * @self: a #PgLoad
 *
 * Get the type of the value.
 *
 * Returns: its OID
 *
 * Since: 1.0
 */
guint
pg_load_get_oid (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->oid;
}

/**
 * pg_load_get_modifier:
 * @self: a #PgLoad
 *
 * Get the modifier of the column or field that the value is of, which has the 10 of a `numeric (10, 2)`.
 *
 * Returns: the modifier, in the form of `pg_attribute.atttypmod`, or −1 for none
 *
 * Since: 1.0
 */
int
pg_load_get_modifier (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->modifier;
}

/**
 * pg_load_get_format:
 * @self: a #PgLoad
 *
 * Get the format of the value, which is the one that the loader was added for.
 *
 * Returns: the format
 *
 * Since: 1.0
 */
PgFormat
pg_load_get_format (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, PG_FORMAT_TEXT);

  return self->format;
}

/**
 * pg_load_get_bytes:
 * @self: a #PgLoad
 *
 * Get the bytes of the value as they came.
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
 * Get what is known of the type, beyond PostgreSQL's own.
 *
 * Returns: (transfer none) (nullable): the type, or `NULL` for one of PostgreSQL's own and for one that was not fetched
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_load_get_type_info (PgLoad *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->info;
}

/**
 * pg_load_set_value:
 * @self: a #PgLoad
 * @value: (nullable): the value, of any `GType`; `NULL` for what SQL `NULL` is, a string that is `NULL`
 *
 * Set what the value is.
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
