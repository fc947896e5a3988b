/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_CAPABILITIES (pg_capabilities_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgCapabilities, pg_capabilities, PG, CAPABILITIES, GObject)

PG_AVAILABLE_IN_1_0
PgCapabilities *pg_capabilities_get_default (void);

PG_AVAILABLE_IN_1_0
int pg_capabilities_get_libpq_version (PgCapabilities *self);
PG_AVAILABLE_IN_1_0
gboolean pg_capabilities_get_cancel_safe (PgCapabilities *self);
PG_AVAILABLE_IN_1_0
gboolean pg_capabilities_get_stream_chunked (PgCapabilities *self);
PG_AVAILABLE_IN_1_0
gboolean pg_capabilities_get_close_prepared (PgCapabilities *self);
PG_AVAILABLE_IN_1_0
gboolean pg_capabilities_get_used_gssapi (PgCapabilities *self);
PG_AVAILABLE_IN_1_0
gboolean pg_capabilities_get_full_protocol_version (PgCapabilities *self);
PG_AVAILABLE_IN_1_0
gboolean pg_capabilities_get_tls (PgCapabilities *self);

G_END_DECLS
