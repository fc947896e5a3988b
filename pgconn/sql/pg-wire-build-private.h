/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-wire-params-private.h>
#include <pgconn/pg-enums.h>
#include <pgconn/sql/pg-query-parse-private.h>
#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-oids.h>

G_BEGIN_DECLS

/* All NULL, of type 0, in text. One allocation holds everything: the arrays are not to be replaced. types: those of the database that the values may be
 * of; casts: for each parameter the name of the type that it is cast to, as a type table has it, NULL for none. Both may be NULL, and are there while
 * the parameters are set. */
PgWireParams *pg_wire_params_new (guint n_params, const PgTypeTable *types, const char *const *casts);

const PgTypeTable *pg_wire_get_types (PgWireParams *self);
/* 0 if the parameter is not cast, or the type is not known. */
guint32 pg_wire_get_cast (PgWireParams *self, guint index);

/* No type: the server infers it from where the parameter stands. */
#define PG_OID_INFER 0

/* The setters fill one parameter (index from 0) of pg_wire_params_new(), each at most once. Those that are given an owner of
 * the bytes take it, also if they fail; owner may be NULL if owner_free is. */

/* The smallest of int2, int4 and int8 that holds the value. */
guint32 pg_wire_integer_type (gint64 value);

void pg_wire_set_boolean (PgWireParams *self, guint index, PgFormatRequest request, gboolean value);
/* type: int2, int4 or int8, which must hold the value. */
void pg_wire_set_integer (PgWireParams *self, guint index, PgFormatRequest request, guint32 type, gint64 value);
/* Makes a parameter that is an int2 or int4 one of a wider type. */
void pg_wire_widen_integer (PgWireParams *self, guint index, guint32 type);
void pg_wire_set_double (PgWireParams *self, guint index, PgFormatRequest request, double value);

gboolean pg_wire_set_bytes (PgWireParams *self, guint index, PgFormatRequest request, gconstpointer data, gsize length,
                            gpointer owner, GDestroyNotify owner_free, GError **error);
/* text ends with a zero byte. In binary it is read first, as pg_codec_encode() says. */
gboolean pg_wire_set_text (PgWireParams *self, guint index, PgFormatRequest request, guint32 type, const char *text,
                           gsize length, gpointer owner, GDestroyNotify owner_free, GError **error);
gboolean pg_wire_set_data (PgWireParams *self, guint index, PgFormat format, guint32 type, gconstpointer data, gsize length,
                           gpointer owner, GDestroyNotify owner_free, GError **error);
/* An empty buffer, and what has been put into it as a parameter. */
GString *pg_wire_get_buffer (PgWireParams *self);
gboolean pg_wire_take_buffer (PgWireParams *self, guint index, PgFormat format, guint32 type, GError **error);
/* Takes value. */
gboolean pg_wire_set_variant (PgWireParams *self, guint index, PgFormatRequest request, GVariant *value, GError **error);

/* The same values as the types of a prepared statement's parameters, as many as given has. PG_ERROR_PROGRAMMING where one is of another kind, PG_ERROR_DATA where it does not
 * fit; failed: which. */
PgWireParams *pg_wire_params_convert (PgWireParams *given, const guint32 *param_types, const PgTypeTable *types, guint *failed, GError **error);

/* Whether statement and values together are a message that the server reads. */
gboolean pg_wire_check_size (PgWireParams *self, gsize sql_length, GError **error);

/* Takes value; its variants and maybes taken off, NULL for nothing. */
GVariant *pg_variant_unwrap (GVariant *value);

G_END_DECLS
