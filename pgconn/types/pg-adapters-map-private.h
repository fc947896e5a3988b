/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-adapters-map.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* All from any thread. */
PgAdaptersMap *pg_adapters_map_new_for_table (PgTypeTable *table);
/* What is in it now; full, NULL for nothing. */
PgTypeTable *pg_adapters_map_ref_table (PgAdaptersMap *self);
/* All at once, in their order. */
void pg_adapters_map_add_types (PgAdaptersMap *self, GPtrArray *infos);
/* What another has and this one has not. */
void pg_adapters_map_add_missing (PgAdaptersMap *self, const PgTypeTable *table);

G_END_DECLS
