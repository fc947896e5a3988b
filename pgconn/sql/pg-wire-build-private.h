/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-wire-params-private.h>
#include <pgconn/pg-enums.h>
#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/types/pg-oids.h>

G_BEGIN_DECLS

/* All NULL, of type 0, in text. One allocation holds everything: the arrays are not to be replaced. */
PgWireParams *pg_wire_params_new (guint n_params);

/* No type: the server infers it from where the parameter stands. */
#define PG_OID_INFER 0

/* The setters fill one parameter (index from 0) of pg_wire_params_new(), each at most once. Those that are given an owner of
 * the bytes take it, also if they fail; owner may be NULL if owner_free is. */

/* The smallest of int2, int4 and int8 that holds the value. */
guint32 pg_wire_integer_type (gint64 value);

void pg_wire_set_boolean (PgWireParams *self, guint index, PgFormatRequest request, gboolean value);
/* type: int2, int4 or int8, which must hold the value. */
void pg_wire_set_integer (PgWireParams *self, guint index, PgFormatRequest request, guint32 type, gint64 value);
void pg_wire_set_double (PgWireParams *self, guint index, PgFormatRequest request, double value);
/* The days or microseconds of a date or timestamp in binary. */
void pg_wire_set_days (PgWireParams *self, guint index, gint32 days);
void pg_wire_set_microseconds (PgWireParams *self, guint index, guint32 type, gint64 microseconds);

gboolean pg_wire_set_bytes (PgWireParams *self, guint index, PgFormatRequest request, gconstpointer data, gsize length,
                            gpointer owner, GDestroyNotify owner_free, GError **error);
/* text ends with a zero byte. Fails in binary unless the type's binary form is its text. */
gboolean pg_wire_set_text (PgWireParams *self, guint index, PgFormatRequest request, guint32 type, const char *text,
                           gsize length, gpointer owner, GDestroyNotify owner_free, GError **error);
gboolean pg_wire_set_data (PgWireParams *self, guint index, PgFormat format, guint32 type, gconstpointer data, gsize length,
                           gpointer owner, GDestroyNotify owner_free, GError **error);
/* Takes value. */
gboolean pg_wire_set_variant (PgWireParams *self, guint index, PgFormatRequest request, GVariant *value, GError **error);

/* Whether statement and values together are a message that the server reads. */
gboolean pg_wire_check_size (PgWireParams *self, gsize sql_length, GError **error);

/* The text of a double as the server reads it back exactly. */
const char *pg_double_to_text (double value, char buffer[G_ASCII_DTOSTR_BUF_SIZE]);

/* Takes value; its variants and maybes taken off, NULL for nothing. */
GVariant *pg_variant_unwrap (GVariant *value);
/* value is of an integer type. FALSE: it is in beyond, as it exceeds gint64. */
gboolean pg_variant_read_integer (GVariant *value, gint64 *integer, guint64 *beyond);

/* value is an array, but neither "ay" nor a dictionary. type: of the array, PG_OID_INFER if no element tells. */
char *pg_array_literal_from_variant (GVariant *value, gsize *length, guint32 *type, GError **error);

G_END_DECLS
