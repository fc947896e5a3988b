/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_ROW (pg_row_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgRow, pg_row, PG, ROW, GObject)

PG_AVAILABLE_IN_1_0
PgResult *pg_row_get_result (PgRow *self);

PG_AVAILABLE_IN_1_0
guint pg_row_get_position (PgRow *self);

PG_AVAILABLE_IN_1_0
guint pg_row_get_n_columns (PgRow *self);

PG_AVAILABLE_IN_1_0
int pg_row_find_column (PgRow *self, const char *name);

PG_AVAILABLE_IN_1_0
gboolean pg_row_is_null (PgRow *self, guint column, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_row_get_boolean (PgRow *self, guint column, GError **error);

PG_AVAILABLE_IN_1_0
gint64 pg_row_get_int64 (PgRow *self, guint column, GError **error);

PG_AVAILABLE_IN_1_0
guint64 pg_row_get_uint64 (PgRow *self, guint column, GError **error);

PG_AVAILABLE_IN_1_0
double pg_row_get_double (PgRow *self, guint column, GError **error);

PG_AVAILABLE_IN_1_0
const char *pg_row_get_text (PgRow *self, guint column, GError **error);

PG_AVAILABLE_IN_1_0
char *pg_row_dup_text (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GBytes *pg_row_dup_bytes (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgNumeric *pg_row_dup_numeric (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgDate *pg_row_dup_date (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgTimestamp *pg_row_dup_timestamp (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgTime *pg_row_dup_time (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgInterval *pg_row_dup_interval (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgInet *pg_row_dup_inet (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgBitString *pg_row_dup_bit_string (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgPoint *pg_row_dup_point (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgRange *pg_row_dup_range (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgMultirange *pg_row_dup_multirange (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgArray *pg_row_dup_array (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
PgRecord *pg_row_dup_record (PgRow *self, guint column, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GVariant *pg_row_dup_variant (PgRow *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
gboolean pg_row_get_value (PgRow *self, guint column, GValue *value, GError **error);

G_END_DECLS
