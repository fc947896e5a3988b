/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_MULTIRANGE (pg_multirange_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_multirange_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgMultirange *pg_multirange_parse (const char *text, guint element_type, GError **error);

PG_AVAILABLE_IN_1_0
PgMultirange *pg_multirange_ref (PgMultirange *self);
PG_AVAILABLE_IN_1_0
void pg_multirange_unref (PgMultirange *self);

PG_AVAILABLE_IN_1_0
char *pg_multirange_to_string (const PgMultirange *self);
PG_AVAILABLE_IN_1_0
guint pg_multirange_get_element_type (const PgMultirange *self);
PG_AVAILABLE_IN_1_0
guint pg_multirange_get_n_ranges (const PgMultirange *self);
PG_AVAILABLE_IN_1_0
PgRange *pg_multirange_get_range (const PgMultirange *self, guint position);

PG_AVAILABLE_IN_1_0
int pg_multirange_compare (const PgMultirange *a, const PgMultirange *b);
PG_AVAILABLE_IN_1_0
gboolean pg_multirange_equal (const PgMultirange *a, const PgMultirange *b);
PG_AVAILABLE_IN_1_0
guint pg_multirange_hash (const PgMultirange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgMultirange, pg_multirange_unref)

G_END_DECLS
