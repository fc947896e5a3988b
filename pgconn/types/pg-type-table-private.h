/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-adapter-private.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-type-info-private.h>

G_BEGIN_DECLS

/* The types that are known beyond PostgreSQL's own: what a PgAdaptersMap holds, and what a result keeps to decode its values with. Reference counted, and
 * never changed while more than one has it. NULL is the empty one; functions that are given one, or a value with one, take that. */

PgTypeTable *pg_type_table_ref (PgTypeTable *self);
void pg_type_table_unref (PgTypeTable *self);

/* To be changed: takes a reference of the caller's, which may be the last one, and gives one of a table that nobody else has. */
PgTypeTable *pg_type_table_make_own (PgTypeTable *self);

/* Only for a table that nobody else has. Another type of the same name and schema is forgotten. */
void pg_type_table_add (PgTypeTable *self, PgTypeInfo *info);

/* All types of another that are not known by their OIDs. */
void pg_type_table_add_missing (PgTypeTable *self, const PgTypeTable *other);

/* Each takes the adapter, NULL for none, and returns the one whose place it takes, which may be NULL. */
PgAdapter *pg_type_table_set_loader (PgTypeTable *self, guint32 oid, PgFormat format, PgAdapter *loader);
PgAdapter *pg_type_table_set_dumper (PgTypeTable *self, GType type, PgAdapter *dumper);
/* info is in the table; type is one of G_TYPE_ENUM whose labels have been checked. */
void pg_type_table_set_enum (PgTypeTable *self, const PgTypeInfo *info, GType type);

/* NULL for none; that of a domain is its own, or that of what it is of. */
PgAdapter *pg_type_table_get_loader (const PgTypeTable *self, guint32 type, PgFormat format);
/* Whether some type is read by one, or is an enum that has a GType. */
gboolean pg_type_table_has_any_loader (const PgTypeTable *self, PgFormat format);
/* Whether that type is, or something that its values are made of. TRUE also where that cannot be known. */
gboolean pg_type_table_has_loader (const PgTypeTable *self, guint32 type, PgFormat format);
/* Of the GType, of the nearest of its parents, or of an interface of it. */
PgAdapter *pg_type_table_get_dumper (const PgTypeTable *self, GType type);
/* The GType that values of an enum have; G_TYPE_INVALID for none. */
GType pg_type_table_get_enum (const PgTypeTable *self, guint32 type);
/* The enum whose values have that GType; NULL for none. */
PgTypeInfo *pg_type_table_get_enum_info (const PgTypeTable *self, GType type);

/* The range or multirange type, which of them ops tells, whose bounds are of a type: 0 for none, G_MAXUINT32 for several. */
guint32 pg_type_table_find_range (const PgTypeTable *self, guint32 element_type, const PgCodecOps *ops);
/* 0 for none. */
guint32 pg_type_table_find_hstore (const PgTypeTable *self);

/* Of one of PostgreSQL's own types, or of one in the table; 0 for none. */
guint32 pg_type_table_get_oid (const PgTypeTable *self, const char *name);

/* By any of the names that it goes by: its own, that with the schema before it, and that in SQL. */
PgTypeInfo *pg_type_table_get_info (const PgTypeTable *self, guint32 type);
PgTypeInfo *pg_type_table_get_info_by_name (const PgTypeTable *self, const char *name);

const PgCodec *pg_type_table_lookup_own (const PgTypeTable *self, guint32 type);

/* The codec of one of PostgreSQL's own types or of one in the table. */
static inline const PgCodec *
pg_type_table_lookup (const PgTypeTable *self, guint32 type)
{
  const PgCodec *codec = pg_codec_lookup (type);

  return G_LIKELY (codec != NULL || self == NULL) ? codec : pg_type_table_lookup_own (self, type);
}

/* Of the value's own type, if they are to be asked; NULL for none. */
static inline PgAdapter *
pg_wire_get_loader (const PgWireValue *wire)
{
  return G_UNLIKELY (wire->types != NULL) && !wire->plain ? pg_type_table_get_loader (wire->types, wire->type, wire->format) : NULL;
}

/* Whether loaders have to do with values of a type that are parts of it. */
static inline gboolean
pg_wire_has_loader (const PgWireValue *wire, guint32 type)
{
  return G_UNLIKELY (wire->types != NULL) && !wire->plain && pg_type_table_has_loader (wire->types, type, wire->format);
}

gboolean pg_type_table_has_binary (const PgTypeTable *self, guint32 type);
/* The settings of the session, PG_WIRE_PLAIN_*, with which nothing tells whether a value came as text or in binary. */
guint8 pg_type_table_get_plain (const PgTypeTable *self, guint32 type);
gboolean pg_type_table_suits_auto (const PgTypeTable *self, guint32 type);
GType pg_type_table_get_value_type (const PgTypeTable *self, guint32 type);
/* The type of what pg_codec_to_variant() gives, for SQL NULL: of an array, with one dimension. */
GVariantType *pg_type_table_dup_variant_type (const PgTypeTable *self, guint32 type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgTypeTable, pg_type_table_unref)

G_END_DECLS
