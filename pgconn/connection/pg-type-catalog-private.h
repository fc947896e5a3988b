/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection-private.h>
#include <pgconn/types/pg-adapters-map-private.h>

G_BEGIN_DECLS

/* What to ask the server for types, with all that they are made of: in one statement, by name or by OID. */
const char *pg_type_catalog_get_sql (void);
PgWireParams *pg_type_catalog_params_new_by_name (const char *name, GError **error);
PgWireParams *pg_type_catalog_params_new_by_oids (const guint32 *oids, guint n_oids);

/* The types in what it answers, those that were asked for first; element type PgTypeInfo. n_asked: how many those are. */
GPtrArray *pg_type_catalog_read (PgRawResult *raw, guint *n_asked, GError **error);

/* The type that such a request has fetched, which is in the connection's map then; full. name: for the message where there is none. */
PgTypeInfo *pg_base_connection_take_type (PgBaseConnection *self, PgRequest *request, const char *name, GError **error);

G_END_DECLS
