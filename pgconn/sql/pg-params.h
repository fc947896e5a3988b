/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_PARAMS (pg_params_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_params_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgParams *pg_params_new (void);
PG_AVAILABLE_IN_1_0
PgParams *pg_params_ref (PgParams *self);
PG_AVAILABLE_IN_1_0
void pg_params_unref (PgParams *self);

PG_AVAILABLE_IN_1_0
guint pg_params_get_n_params (PgParams *self);
PG_AVAILABLE_IN_1_0
void pg_params_set_next_name (PgParams *self, const char *name);

PG_AVAILABLE_IN_1_0
void pg_params_add_null (PgParams *self);
PG_AVAILABLE_IN_1_0
void pg_params_add_boolean (PgParams *self, gboolean value);
PG_AVAILABLE_IN_1_0
void pg_params_add_int16 (PgParams *self, gint16 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_int32 (PgParams *self, gint32 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_int64 (PgParams *self, gint64 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_double (PgParams *self, double value);
PG_AVAILABLE_IN_1_0
void pg_params_add_text (PgParams *self, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_typed_text (PgParams *self, guint type, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_bytes (PgParams *self, GBytes *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_numeric (PgParams *self, PgNumeric *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_date (PgParams *self, PgDate *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_timestamp (PgParams *self, PgTimestamp *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_uuid (PgParams *self, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_json (PgParams *self, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_jsonb (PgParams *self, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_variant (PgParams *self, GVariant *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_strv (PgParams *self, const char *const *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_int64_array (PgParams *self, const gint64 *values, gsize n_values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgParams, pg_params_unref)

G_END_DECLS
