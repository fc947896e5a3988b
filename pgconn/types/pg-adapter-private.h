/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-adapters-map.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* A user's function that reads or writes values, with its data; counted, never changed. The last reference must not be given up with a lock held: the
 * data's destructor may be a script's. */
typedef struct _PgAdapter PgAdapter;

PgAdapter *pg_adapter_new_loader (PgLoaderFunc func, gpointer data, GDestroyNotify destroy);
PgAdapter *pg_adapter_new_dumper (guint32 oid, PgFormat format, PgDumperFunc func, gpointer data, GDestroyNotify destroy);
PgAdapter *pg_adapter_ref (PgAdapter *self);
void pg_adapter_unref (PgAdapter *self);

/* value is uninitialised, and stays so on failure: PG_ERROR_DATA. */
gboolean pg_adapter_load (PgAdapter *self, const PgWireValue *wire, GValue *value, GError **error);

guint32 pg_adapter_get_oid (PgAdapter *self);
PgFormat pg_adapter_get_format (PgAdapter *self);
/* The bytes of a value; NULL with PG_ERROR_DATA. */
GBytes *pg_adapter_dump (PgAdapter *self, const GValue *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgAdapter, pg_adapter_unref)

G_END_DECLS
