/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/types/pg-type-info-private.h>

/**
 * PgTypeInfo:
 *
 * What the server's catalogue says of a type: of an enum, a domain, a composite type, a range type, or the type of an extension.
 *
 * The library knows PostgreSQL's own types. What it has to know of another one to decode its values is fetched by
 * [method@Connection.fetch_type] or [method@AsyncConnection.fetch_type_async], together with all types that it is made of, and kept in the
 * connection's [class@AdaptersMap].
 *
 * It says what was true when it was fetched: fetch it again after `ALTER TYPE`. A `PgTypeInfo` never changes and may be used from several threads.
 *
 * See "System Catalogs" in the PostgreSQL manual: `pg_type`, `pg_enum`, `pg_attribute` and `pg_range`.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (PgTypeInfo, pg_type_info, pg_type_info_ref, pg_type_info_unref)

PgTypeInfo *
pg_type_info_new_empty (PgTypeKind kind, guint32 oid)
{
  PgTypeInfo *self = g_new0 (PgTypeInfo, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->oid = oid;
  self->delimiter = ',';
  self->base_modifier = -1;
  return self;
}

/**
 * pg_type_info_ref:
 * @self: a #PgTypeInfo
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
PgTypeInfo *
pg_type_info_ref (PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * pg_type_info_unref:
 * @self: (transfer full): a #PgTypeInfo
 *
 * Gives up a reference.
 *
 * Since: 1.0
 */
void
pg_type_info_unref (PgTypeInfo *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < self->n_fields; i++)
    g_free (self->fields[i].name);
  g_free (self->fields);
  g_strfreev (self->labels);
  g_free (self->send_function);
  g_free (self->sql_name);
  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

/**
 * pg_type_info_get_oid:
 * @self: a #PgTypeInfo
 *
 * Gets the OID of the type, which is that of the columns of the type in a result.
 *
 * A type that was dropped and made again has another one.
 *
 * Returns: the OID
 *
 * Since: 1.0
 */
guint
pg_type_info_get_oid (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->oid;
}

/**
 * pg_type_info_get_array_oid:
 * @self: a #PgTypeInfo
 *
 * Gets the OID of the type of arrays of the type.
 *
 * Returns: the OID, or 0 if there are no arrays of it
 *
 * Since: 1.0
 */
guint
pg_type_info_get_array_oid (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->array_oid;
}

/**
 * pg_type_info_get_kind:
 * @self: a #PgTypeInfo
 *
 * Gets what kind of type it is.
 *
 * Returns: the kind
 *
 * Since: 1.0
 */
PgTypeKind
pg_type_info_get_kind (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, PG_TYPE_KIND_BASE);

  return self->kind;
}

/**
 * pg_type_info_get_name:
 * @self: a #PgTypeInfo
 *
 * Gets the name of the type in its schema, without quotes.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
pg_type_info_get_name (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * pg_type_info_get_schema:
 * @self: a #PgTypeInfo
 *
 * Gets the name of the schema that the type is in, without quotes.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
pg_type_info_get_schema (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->schema;
}

/**
 * pg_type_info_get_sql_name:
 * @self: a #PgTypeInfo
 *
 * Gets the name of the type as it is written in SQL, quoted where it must be, and with its schema if that was not in the session's
 * `search_path`.
 *
 * It is what `format_type()` gives: see "System Catalog Information Functions" in the PostgreSQL manual.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
pg_type_info_get_sql_name (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sql_name;
}

/**
 * pg_type_info_get_delimiter:
 * @self: a #PgTypeInfo
 *
 * Gets the character between the elements in the text of an array of the type.
 *
 * Returns: the character, which is a comma for nearly all types
 *
 * Since: 1.0
 */
gunichar
pg_type_info_get_delimiter (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, ',');

  return (guchar) self->delimiter;
}

/**
 * pg_type_info_get_labels:
 * @self: a #PgTypeInfo
 *
 * Gets the labels of an enum, in their order.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the labels, or `NULL` if the type is not an enum
 *
 * Since: 1.0
 */
const char *const *
pg_type_info_get_labels (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->labels;
}

/**
 * pg_type_info_get_base_oid:
 * @self: a #PgTypeInfo
 *
 * Gets the type that a domain is of, which may be a domain too.
 *
 * Returns: its OID, or 0 if the type is not a domain
 *
 * Since: 1.0
 */
guint
pg_type_info_get_base_oid (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->base;
}

/**
 * pg_type_info_get_base_modifier:
 * @self: a #PgTypeInfo
 *
 * Gets the modifier that a domain gives its base type, which has the 10 of a `numeric (10, 2)`.
 *
 * Returns: the modifier, in the form of `pg_attribute.atttypmod`, or −1 for none
 *
 * Since: 1.0
 */
int
pg_type_info_get_base_modifier (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->base_modifier;
}

/**
 * pg_type_info_get_element_oid:
 * @self: a #PgTypeInfo
 *
 * Gets the type of the elements of an array, or of the bounds of a range or multirange.
 *
 * Returns: its OID, or 0 if the type is neither
 *
 * Since: 1.0
 */
guint
pg_type_info_get_element_oid (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->element;
}

/**
 * pg_type_info_get_counterpart_oid:
 * @self: a #PgTypeInfo
 *
 * Gets the multirange type of a range type, or the range type of a multirange type.
 *
 * Returns: its OID, or 0 if the type is neither
 *
 * Since: 1.0
 */
guint
pg_type_info_get_counterpart_oid (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counterpart;
}

/**
 * pg_type_info_get_n_fields:
 * @self: a #PgTypeInfo
 *
 * Gets the number of the fields of a composite type.
 *
 * Returns: the number; 0 for any other type
 *
 * Since: 1.0
 */
guint
pg_type_info_get_n_fields (const PgTypeInfo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_fields;
}

/**
 * pg_type_info_get_field_name:
 * @self: a #PgTypeInfo
 * @position: the position of a field, from 0
 *
 * Gets the name of a field of a composite type.
 *
 * Returns: (transfer none) (nullable): the name, or `NULL` if there is no field at the position
 *
 * Since: 1.0
 */
const char *
pg_type_info_get_field_name (const PgTypeInfo *self, guint position)
{
  g_return_val_if_fail (self != NULL, NULL);

  return position < self->n_fields ? self->fields[position].name : NULL;
}

/**
 * pg_type_info_get_field_type:
 * @self: a #PgTypeInfo
 * @position: the position of a field, from 0
 *
 * Gets the type of a field of a composite type.
 *
 * Returns: its OID, or 0 if there is no field at the position
 *
 * Since: 1.0
 */
guint
pg_type_info_get_field_type (const PgTypeInfo *self, guint position)
{
  g_return_val_if_fail (self != NULL, 0);

  return position < self->n_fields ? self->fields[position].type : 0;
}

/**
 * pg_type_info_get_field_modifier:
 * @self: a #PgTypeInfo
 * @position: the position of a field, from 0
 *
 * Gets the modifier of a field of a composite type.
 *
 * Returns: the modifier, in the form of `pg_attribute.atttypmod`, or −1 for none or if there is no field at the position
 *
 * Since: 1.0
 */
int
pg_type_info_get_field_modifier (const PgTypeInfo *self, guint position)
{
  g_return_val_if_fail (self != NULL, -1);

  return position < self->n_fields ? self->fields[position].modifier : -1;
}
