/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_BASE_CONNECTION (pg_base_connection_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (PgBaseConnection, pg_base_connection, PG, BASE_CONNECTION, GObject)

struct _PgBaseConnectionClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

PG_AVAILABLE_IN_1_0
gboolean pg_base_connection_get_closed (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
gboolean pg_base_connection_get_broken (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
char *pg_base_connection_dup_conninfo (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
PgAdaptersMap *pg_base_connection_get_adapters (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
gboolean pg_base_connection_get_fetch_types (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_fetch_types (PgBaseConnection *self, gboolean fetch_types);
PG_AVAILABLE_IN_1_0
gboolean pg_base_connection_get_autocommit (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
PgIsolationLevel pg_base_connection_get_isolation_level (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
PgTristate pg_base_connection_get_read_only (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
PgTristate pg_base_connection_get_deferrable (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
int pg_base_connection_get_prepare_threshold (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_prepare_threshold (PgBaseConnection *self, int threshold);
PG_AVAILABLE_IN_1_0
int pg_base_connection_get_prepared_max (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_prepared_max (PgBaseConnection *self, int max);
PG_AVAILABLE_IN_1_0
guint pg_base_connection_get_timeout (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_timeout (PgBaseConnection *self, guint milliseconds);
PG_AVAILABLE_IN_1_0
guint pg_base_connection_get_cancel_timeout (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_cancel_timeout (PgBaseConnection *self, guint milliseconds);

PG_AVAILABLE_IN_1_0
PgRowFactory *pg_base_connection_get_row_factory (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_row_factory (PgBaseConnection *self, PgRowFactory *row_factory);
PG_AVAILABLE_IN_1_0
GType pg_base_connection_get_cursor_factory (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_cursor_factory (PgBaseConnection *self, GType cursor_factory);
PG_AVAILABLE_IN_1_0
GType pg_base_connection_get_server_cursor_factory (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_set_server_cursor_factory (PgBaseConnection *self, GType server_cursor_factory);

PG_AVAILABLE_IN_1_0
PgPipelineStatus pg_base_connection_get_pipeline_status (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
PgTransactionStatus pg_base_connection_get_transaction_status (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
int pg_base_connection_get_server_version (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
int pg_base_connection_get_backend_pid (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
int pg_base_connection_get_fd (PgBaseConnection *self, GError **error);
PG_AVAILABLE_IN_1_0
PgDiagnostic *pg_base_connection_dup_last_diagnostic (PgBaseConnection *self);

PG_AVAILABLE_IN_1_0
void pg_base_connection_close (PgBaseConnection *self);
PG_AVAILABLE_IN_1_0
void pg_base_connection_cancel (PgBaseConnection *self);

G_END_DECLS
