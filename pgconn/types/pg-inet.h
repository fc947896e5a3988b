/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <gio/gio.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_INET (pg_inet_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_inet_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgInet *pg_inet_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgInet *pg_inet_parse_cidr (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgInet *pg_inet_new (GInetAddress *address, int prefix_length, GError **error);
PG_AVAILABLE_IN_1_0
PgInet *pg_inet_new_from_mask (GInetAddressMask *mask);

PG_AVAILABLE_IN_1_0
PgInet *pg_inet_ref (PgInet *self);
PG_AVAILABLE_IN_1_0
void pg_inet_unref (PgInet *self);

PG_AVAILABLE_IN_1_0
char *pg_inet_to_string (const PgInet *self);
PG_AVAILABLE_IN_1_0
GInetAddress *pg_inet_dup_address (const PgInet *self);
PG_AVAILABLE_IN_1_0
GInetAddressMask *pg_inet_dup_mask (const PgInet *self);
PG_AVAILABLE_IN_1_0
GSocketFamily pg_inet_get_family (const PgInet *self);
PG_AVAILABLE_IN_1_0
guint pg_inet_get_prefix_length (const PgInet *self);
PG_AVAILABLE_IN_1_0
gboolean pg_inet_is_cidr (const PgInet *self);

PG_AVAILABLE_IN_1_0
int pg_inet_compare (const PgInet *a, const PgInet *b);
PG_AVAILABLE_IN_1_0
gboolean pg_inet_equal (const PgInet *a, const PgInet *b);
PG_AVAILABLE_IN_1_0
guint pg_inet_hash (const PgInet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgInet, pg_inet_unref)

G_END_DECLS
