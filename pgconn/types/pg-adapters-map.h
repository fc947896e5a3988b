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

G_END_DECLS
