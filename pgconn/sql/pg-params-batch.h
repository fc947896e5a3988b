/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/sql/pg-params.h>

G_BEGIN_DECLS

#define PG_TYPE_PARAMS_BATCH (pg_params_batch_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_params_batch_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgParamsBatch *pg_params_batch_new (void);
PG_AVAILABLE_IN_1_0
PgParamsBatch *pg_params_batch_ref (PgParamsBatch *self);
PG_AVAILABLE_IN_1_0
void pg_params_batch_unref (PgParamsBatch *self);

PG_AVAILABLE_IN_1_0
gsize pg_params_batch_get_n_sets (PgParamsBatch *self);

PG_AVAILABLE_IN_1_0
void pg_params_batch_add_set (PgParamsBatch *self, PgParams *set);

PG_AVAILABLE_IN_1_0
void pg_params_batch_add_integer_column (PgParamsBatch *self, GBytes *values, guint width, GBytes *nulls);
PG_AVAILABLE_IN_1_0
void pg_params_batch_add_double_column (PgParamsBatch *self, GBytes *values, GBytes *nulls);
PG_AVAILABLE_IN_1_0
void pg_params_batch_add_boolean_column (PgParamsBatch *self, GBytes *values, GBytes *nulls);
PG_AVAILABLE_IN_1_0
void pg_params_batch_add_text_column (PgParamsBatch *self, guint type, GBytes *values, GBytes *nulls);
PG_AVAILABLE_IN_1_0
void pg_params_batch_add_column (PgParamsBatch *self, PgParams *values);
PG_AVAILABLE_IN_1_0
void pg_params_batch_set_column_name (PgParamsBatch *self, guint column, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgParamsBatch, pg_params_batch_unref)

G_END_DECLS
