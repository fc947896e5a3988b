/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* Sets value, which is initialised to the property's type, to what came over the wire: exactly, or FALSE with an error that says what
 * does not fit and nothing of the value. */
typedef gboolean (*PgPropertyConvert) (const PgWireValue *wire, GValue *value, GError **error);

/* How values of a type of PostgreSQL become those of a type of GLib's that is not an object; NULL where they do not. With the OID 0, of a field
 * of a record that came as text, those of any type of PostgreSQL whose text fits. */
PgPropertyConvert pg_property_value_choose (const PgTypeTable *types, GType type, guint32 oid);

/* The codec of a type, of what a domain is of in its stead; NULL: the type is not known. */
const PgCodec *pg_property_value_lookup (const PgTypeTable *types, guint32 oid);

/* The type whose text a text of no known type is read as, for a property of such a type. 0: there is none. */
guint32 pg_property_value_assume (GType type);

/* Whether SQL NULL can be a value of the type. */
gboolean pg_property_value_takes_null (GType type);

G_END_DECLS
