/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_COPY_COLUMNS (pg_copy_columns_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_copy_columns_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgCopyColumns *pg_copy_columns_new (void);
PG_AVAILABLE_IN_1_0
PgCopyColumns *pg_copy_columns_ref (PgCopyColumns *self);
PG_AVAILABLE_IN_1_0
void pg_copy_columns_unref (PgCopyColumns *self);

PG_AVAILABLE_IN_1_0
guint pg_copy_columns_get_n_columns (PgCopyColumns *self);
PG_AVAILABLE_IN_1_0
gsize pg_copy_columns_get_n_rows (PgCopyColumns *self);

PG_AVAILABLE_IN_1_0
gboolean pg_copy_columns_add_data (PgCopyColumns *self, guint type, GBytes *data, GBytes *validity, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_columns_add_texts (PgCopyColumns *self, GBytes *texts, gsize n_texts, GBytes *validity, GError **error);
PG_AVAILABLE_IN_1_0
gboolean pg_copy_columns_add_values (PgCopyColumns *self, PgParams *values, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgCopyColumns, pg_copy_columns_unref)

G_END_DECLS
