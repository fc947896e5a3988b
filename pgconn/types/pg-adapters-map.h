/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_ADAPTERS_MAP (pg_adapters_map_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgAdaptersMap, pg_adapters_map, PG, ADAPTERS_MAP, GObject)

/**
 * PgLoaderFunc:
 * @load: a value that is to be read
 * @user_data: (closure): what was given with the function
 * @error: return location for a #GError
 *
 * Reads a value of a type, and gives what it is to [method@Load.set_value]: see [method@AdaptersMap.add_loader].
 *
 * It is called by whoever reads a value, in his thread, perhaps in several at the same time. SQL `NULL` is never given to it. With an error, or if no
 * value is set, the value cannot be read, which is `PG_ERROR_DATA` to whoever reads it.
 *
 * Since: 1.0
 */
typedef void (*PgLoaderFunc) (PgLoad *load, gpointer user_data, GError **error);

/**
 * PgDumperFunc:
 * @value: a value
 * @user_data: (closure): what was given with the function
 * @error: return location for a #GError
 *
 * Writes a value as a parameter: see [method@AdaptersMap.add_dumper].
 *
 * Returns: (transfer full): the bytes of the value, in the format that was given with the function; with an error, or `NULL`, the
 *   value cannot be sent, which is `PG_ERROR_DATA`
 *
 * Since: 1.0
 */
typedef GBytes *(*PgDumperFunc) (const GValue *value, gpointer user_data, GError **error);

PG_AVAILABLE_IN_1_0
PgAdaptersMap *pg_adapters_map_new (PgAdaptersMap *parent);
PG_AVAILABLE_IN_1_0
PgAdaptersMap *pg_adapters_map_get_default (void);

PG_AVAILABLE_IN_1_0
void pg_adapters_map_add_type (PgAdaptersMap *self, PgTypeInfo *info);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_adapters_map_lookup_type (PgAdaptersMap *self, guint oid);
PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_adapters_map_lookup_type_by_name (PgAdaptersMap *self, const char *name);

PG_AVAILABLE_IN_1_0
gboolean pg_adapters_map_register_enum (PgAdaptersMap *self, PgTypeInfo *info, GType type, GError **error);

PG_AVAILABLE_IN_1_0
void pg_adapters_map_add_loader (PgAdaptersMap *self, guint oid, PgFormat format, PgLoaderFunc loader, gpointer user_data, GDestroyNotify destroy);
PG_AVAILABLE_IN_1_0
gboolean pg_adapters_map_add_loader_by_name (PgAdaptersMap *self, const char *name, PgFormat format, PgLoaderFunc loader, gpointer user_data,
                                             GDestroyNotify destroy, GError **error);
PG_AVAILABLE_IN_1_0
void pg_adapters_map_add_dumper (PgAdaptersMap *self, GType type, guint oid, PgFormat format, PgDumperFunc dumper, gpointer user_data,
                                 GDestroyNotify destroy);

G_END_DECLS
