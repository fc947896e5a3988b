/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>

G_BEGIN_DECLS

/* One value as it came over the wire; never SQL NULL. */
typedef struct
{
  const guint8 *data;  /* hostile until checked; a zero byte that does not count follows the last */
  gsize length;
  guint32 type;        /* OID */
  gint32 modifier;     /* -1: none */
  PgFormat format;
} PgWireValue;

/* The type's row in the table that data/types.* generates, or NULL: then only text (text format) or bytes (binary) can be had. */
typedef struct _PgCodec PgCodec;

const PgCodec *pg_codec_lookup (guint32 type);
const char *pg_codec_get_name (const PgCodec *codec);
/* Whether the binary form can be decoded. */
gboolean pg_codec_has_binary (guint32 type);

/* The GType that pg_codec_to_value() gives: G_TYPE_STRING for a type without codec. */
GType pg_codec_get_value_type (guint32 type);

/* All: FALSE or NULL with PG_ERROR_DATA_... that names type and reason; nothing is rounded or cut. */
gboolean pg_codec_to_boolean (const PgWireValue *value, gboolean *out, GError **error);
gboolean pg_codec_to_int64 (const PgWireValue *value, gint64 *out, GError **error);
gboolean pg_codec_to_double (const PgWireValue *value, double *out, GError **error);
PgNumeric *pg_codec_to_numeric (const PgWireValue *value, GError **error);
PgDate *pg_codec_to_date (const PgWireValue *value, GError **error);
PgTimestamp *pg_codec_to_timestamp (const PgWireValue *value, GError **error);
GBytes *pg_codec_to_bytes (const PgWireValue *value, GError **error);

/* The exact text of any value, as ::text would show it; a binary value of a type without codec is an error. */
char *pg_codec_to_text (const PgWireValue *value, GError **error);

/* Floating: b n i x d, ay for bytea, s for text and for all whose exact form is text (numeric, dates, uuid, json),
 * amX nested for arrays. */
GVariant *pg_codec_to_variant (const PgWireValue *value, GError **error);

/* value is uninitialised. Arrays become a GVariant. */
gboolean pg_codec_to_value (const PgWireValue *wire, GValue *value, GError **error);

G_END_DECLS
