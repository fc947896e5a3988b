/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <glib-object.h>

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_BIT_STRING (pg_bit_string_get_type ())

PG_AVAILABLE_IN_1_0
GType pg_bit_string_get_type (void) G_GNUC_CONST;

PG_AVAILABLE_IN_1_0
PgBitString *pg_bit_string_parse (const char *text, GError **error);
PG_AVAILABLE_IN_1_0
PgBitString *pg_bit_string_new (GBytes *bytes, gsize length, GError **error);

PG_AVAILABLE_IN_1_0
PgBitString *pg_bit_string_ref (PgBitString *self);
PG_AVAILABLE_IN_1_0
void pg_bit_string_unref (PgBitString *self);

PG_AVAILABLE_IN_1_0
char *pg_bit_string_to_string (const PgBitString *self);
PG_AVAILABLE_IN_1_0
gsize pg_bit_string_get_length (const PgBitString *self);
PG_AVAILABLE_IN_1_0
gboolean pg_bit_string_get_bit (const PgBitString *self, gsize position);
PG_AVAILABLE_IN_1_0
GBytes *pg_bit_string_get_bytes (const PgBitString *self);

PG_AVAILABLE_IN_1_0
int pg_bit_string_compare (const PgBitString *a, const PgBitString *b);
PG_AVAILABLE_IN_1_0
gboolean pg_bit_string_equal (const PgBitString *a, const PgBitString *b);
PG_AVAILABLE_IN_1_0
guint pg_bit_string_hash (const PgBitString *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgBitString, pg_bit_string_unref)

G_END_DECLS
