/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Parameters as they go over the wire: what the engine is given. Reference counted, immutable once built. The four
 * arrays have n_params elements, in the form that libpq's PQsendQueryParams() takes. */
typedef struct
{
  gatomicrefcount ref_count;
  guint n_params;
  guint32 *types;       /* OIDs, 0 where the server is to infer the type */
  const char **values;  /* NULL for SQL NULL; text values end with a zero byte */
  int *lengths;         /* bytes */
  int *formats;         /* 0 text, 1 binary */
  /* Whatever owns the memory that values point into. */
  gpointer owner;
  GDestroyNotify owner_free;
} PgWireParams;

PgWireParams *pg_wire_params_ref (PgWireParams *self);
void pg_wire_params_unref (PgWireParams *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgWireParams, pg_wire_params_unref)

G_END_DECLS
