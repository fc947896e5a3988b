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
void pg_params_set_name (PgParams *self, guint index, const char *name);

PG_AVAILABLE_IN_1_0
void pg_params_begin_array (PgParams *self, guint element_type);
PG_AVAILABLE_IN_1_0
void pg_params_end_array (PgParams *self);
PG_AVAILABLE_IN_1_0
void pg_params_begin_record (PgParams *self, guint type);
PG_AVAILABLE_IN_1_0
void pg_params_end_record (PgParams *self);

PG_AVAILABLE_IN_1_0
void pg_params_begin_dictionary (PgParams *self, guint type);
PG_AVAILABLE_IN_1_0
void pg_params_add_key (PgParams *self, const char *key);
PG_AVAILABLE_IN_1_0
void pg_params_end_dictionary (PgParams *self);

PG_AVAILABLE_IN_1_0
void pg_params_add_null (PgParams *self);
PG_AVAILABLE_IN_1_0
void pg_params_add_boolean (PgParams *self, gboolean value);
PG_AVAILABLE_IN_1_0
void pg_params_add_integer (PgParams *self, gint64 value);
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
void pg_params_add_uuid (PgParams *self, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_json (PgParams *self, const char *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_jsonb (PgParams *self, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgParams, pg_params_unref)

G_END_DECLS
