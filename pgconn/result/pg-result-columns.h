/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/result/pg-result.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
gint64 *pg_result_dup_column_int64s (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
double *pg_result_dup_column_doubles (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
gboolean *pg_result_dup_column_booleans (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
double *pg_result_dup_column_numbers (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, guint **nulls, gsize *n_nulls,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
const char **pg_result_dup_column_texts (PgResult *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GBytes *pg_result_dup_column_data (PgResult *self, guint column, guint first_row, gint n_rows, GBytes **validity, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GBytes *pg_result_dup_column_bytes (PgResult *self, guint column, guint first_row, gint n_rows, GBytes **offsets, GBytes **validity, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
GBytes *pg_result_dup_column_calendar (PgResult *self, guint column, guint first_row, gint n_rows, GBytes **validity, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

PG_AVAILABLE_IN_1_0
gboolean pg_result_export_arrow (PgResult *self, gpointer out_schema, gpointer out_array, GError **error);

PG_AVAILABLE_IN_1_0
gboolean pg_result_export_arrow_stream (PgResult *self, gpointer out_stream, GError **error);

G_END_DECLS
