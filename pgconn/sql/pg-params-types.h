/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/sql/pg-params.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
void pg_params_add_uint64 (PgParams *self, guint64 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_float (PgParams *self, float value);
PG_AVAILABLE_IN_1_0
void pg_params_add_oid (PgParams *self, guint value);
PG_AVAILABLE_IN_1_0
void pg_params_add_xid8 (PgParams *self, guint64 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_lsn (PgParams *self, guint64 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_money (PgParams *self, gint64 value);
PG_AVAILABLE_IN_1_0
void pg_params_add_numeric (PgParams *self, PgNumeric *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_date (PgParams *self, PgDate *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_time (PgParams *self, PgTime *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_timestamp (PgParams *self, PgTimestamp *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_interval (PgParams *self, PgInterval *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_inet (PgParams *self, PgInet *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_bit_string (PgParams *self, PgBitString *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_point (PgParams *self, PgPoint *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_range (PgParams *self, PgRange *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_multirange (PgParams *self, PgMultirange *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_record (PgParams *self, PgRecord *value);

PG_AVAILABLE_IN_1_0
void pg_params_add_array (PgParams *self, PgArray *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_boolean_array (PgParams *self, const gboolean *values, gsize n_values);
PG_AVAILABLE_IN_1_0
void pg_params_add_integer_array (PgParams *self, const gint64 *values, gsize n_values);
PG_AVAILABLE_IN_1_0
void pg_params_add_int32_array (PgParams *self, const gint32 *values, gsize n_values);
PG_AVAILABLE_IN_1_0
void pg_params_add_int64_array (PgParams *self, const gint64 *values, gsize n_values);
PG_AVAILABLE_IN_1_0
void pg_params_add_double_array (PgParams *self, const double *values, gsize n_values);
PG_AVAILABLE_IN_1_0
void pg_params_add_strv (PgParams *self, const char *const *value);
PG_AVAILABLE_IN_1_0
void pg_params_add_variant (PgParams *self, GVariant *value);
PG_AVAILABLE_IN_1_0
void pg_params_set_adapters (PgParams *self, PgAdaptersMap *adapters);
PG_AVAILABLE_IN_1_0
gboolean pg_params_add_value (PgParams *self, const GValue *value, GError **error);

G_END_DECLS
