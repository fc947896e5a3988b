/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_RESULT (pg_result_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgResult, pg_result, PG, RESULT, GObject)

PG_AVAILABLE_IN_1_0
guint pg_result_get_n_rows (PgResult *self);

PG_AVAILABLE_IN_1_0
guint pg_result_get_n_columns (PgResult *self);

PG_AVAILABLE_IN_1_0
PgColumn *pg_result_get_column (PgResult *self, guint column);

PG_AVAILABLE_IN_1_0
int pg_result_find_column (PgResult *self, const char *name);

PG_AVAILABLE_IN_1_0
PgTypeInfo *pg_result_lookup_type (PgResult *self, guint oid) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
gint64 pg_result_get_affected_rows (PgResult *self);

PG_AVAILABLE_IN_1_0
const char *pg_result_get_status_message (PgResult *self);

PG_AVAILABLE_IN_1_0
gboolean pg_result_has_rows (PgResult *self);

PG_AVAILABLE_IN_1_0
gboolean pg_result_is_null (PgResult *self, guint row, guint column, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_result_get_boolean (PgResult *self, guint row, guint column, GError **error);

PG_AVAILABLE_IN_1_0
gint64 pg_result_get_int64 (PgResult *self, guint row, guint column, GError **error);

PG_AVAILABLE_IN_1_0
guint64 pg_result_get_uint64 (PgResult *self, guint row, guint column, GError **error);

PG_AVAILABLE_IN_1_0
double pg_result_get_double (PgResult *self, guint row, guint column, GError **error);

PG_AVAILABLE_IN_1_0
const char *pg_result_get_text (PgResult *self, guint row, guint column, GError **error);

PG_AVAILABLE_IN_1_0
char *pg_result_dup_text (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GBytes *pg_result_dup_bytes (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgNumeric *pg_result_dup_numeric (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgDate *pg_result_dup_date (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgTimestamp *pg_result_dup_timestamp (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgTime *pg_result_dup_time (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgInterval *pg_result_dup_interval (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgInet *pg_result_dup_inet (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgBitString *pg_result_dup_bit_string (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgPoint *pg_result_dup_point (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgRange *pg_result_dup_range (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgMultirange *pg_result_dup_multirange (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgArray *pg_result_dup_array (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgRecord *pg_result_dup_record (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GVariant *pg_result_dup_variant (PgResult *self, guint row, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
gboolean pg_result_get_value (PgResult *self, guint row, guint column, GValue *value, GError **error);

G_END_DECLS
