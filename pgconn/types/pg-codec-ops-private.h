/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* What one kind of type can do, in both directions. To add a type: a row in data/types.txt, and a pg_codec_ops_* named by it if none fits.
 *
 * Each function is given values in either format. A conversion that is NULL is an error that names the type. */
typedef struct
{
  GType (*get_value_type) (void); /* NULL: a string */
  const char *variant_type;       /* NULL: that of an array, which is known from the value */

  /* Only the server can make the text out of the binary form. That is not asked for, and where it came nevertheless it is
   * bytes, and what else is below. */
  gboolean text_only;

  guint8 plain; /* PG_WIRE_PLAIN_*: the settings that the text depends on */

  gboolean (*to_boolean) (const PgWireValue *value, gboolean *out, GError **error);
  gboolean (*to_int64) (const PgWireValue *value, gint64 *out, GError **error);
  gboolean (*to_uint64) (const PgWireValue *value, guint64 *out, GError **error); /* NULL: what to_int64 gives, if not negative */
  gboolean (*to_double) (const PgWireValue *value, double *out, GError **error);
  PgNumeric *(*to_numeric) (const PgWireValue *value, GError **error);
  PgDate *(*to_date) (const PgWireValue *value, GError **error);
  PgTimestamp *(*to_timestamp) (const PgWireValue *value, GError **error);
  GBytes *(*to_bytes) (const PgWireValue *value, GError **error);
  gpointer (*to_boxed) (const PgWireValue *value, GError **error); /* of the type that get_value_type() gives */

  /* For a binary value; NULL: it is the text itself. The text of a text value is itself and never comes here. */
  char *(*binary_to_text) (const PgWireValue *value, GError **error);
  GVariant *(*to_variant) (const PgWireValue *value, GError **error); /* NULL: the text */
  /* Sets a value that is initialised to what get_value_type() says; NULL: the text. */
  gboolean (*to_value) (const PgWireValue *wire, GValue *value, GError **error);

  /* A value that is not NULL, as pg_codec_encode() says. Strings come here in binary only, and where get_value_type is NULL or the type is an
   * array. After an error what was appended does not matter. NULL: there is nothing but the text. */
  gboolean (*encode) (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
  /* The same, in its place, for what is made of values of other types. */
  gboolean (*encode_nested) (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
} PgCodecOps;

struct _PgCodec
{
  const char *name;
  guint32 oid;
  guint32 array;   /* 0: none */
  guint32 element; /* 0: not an array */
  guint32 subtype; /* of the bounds of a range or multirange, or what a domain is of; else 0 */
  char delimiter;  /* between elements of this type in an array's text */
  const PgCodecOps *ops; /* NULL: no codec */
};

/* Sorted by OID; generated. */
extern const PgCodec pg_codecs[];
extern const guint pg_n_codecs;

extern const PgCodecOps pg_codec_ops_array;
extern const PgCodecOps pg_codec_ops_bit;
extern const PgCodecOps pg_codec_ops_boolean;
extern const PgCodecOps pg_codec_ops_box;
extern const PgCodecOps pg_codec_ops_bytea;
extern const PgCodecOps pg_codec_ops_char;
extern const PgCodecOps pg_codec_ops_circle;
extern const PgCodecOps pg_codec_ops_composite;
extern const PgCodecOps pg_codec_ops_date;
extern const PgCodecOps pg_codec_ops_domain;
extern const PgCodecOps pg_codec_ops_enum;
extern const PgCodecOps pg_codec_ops_float4;
extern const PgCodecOps pg_codec_ops_float8;
extern const PgCodecOps pg_codec_ops_hstore;
extern const PgCodecOps pg_codec_ops_inet;
extern const PgCodecOps pg_codec_ops_int2;
extern const PgCodecOps pg_codec_ops_int2vector;
extern const PgCodecOps pg_codec_ops_int4;
extern const PgCodecOps pg_codec_ops_int8;
extern const PgCodecOps pg_codec_ops_interval;
extern const PgCodecOps pg_codec_ops_jsonb;
extern const PgCodecOps pg_codec_ops_line;
extern const PgCodecOps pg_codec_ops_lseg;
extern const PgCodecOps pg_codec_ops_lsn;
extern const PgCodecOps pg_codec_ops_macaddr;
extern const PgCodecOps pg_codec_ops_money;
extern const PgCodecOps pg_codec_ops_multirange;
extern const PgCodecOps pg_codec_ops_numeric;
extern const PgCodecOps pg_codec_ops_oid;
extern const PgCodecOps pg_codec_ops_oidvector;
extern const PgCodecOps pg_codec_ops_path;
extern const PgCodecOps pg_codec_ops_point;
extern const PgCodecOps pg_codec_ops_polygon;
extern const PgCodecOps pg_codec_ops_range;
extern const PgCodecOps pg_codec_ops_record;
extern const PgCodecOps pg_codec_ops_reg;
extern const PgCodecOps pg_codec_ops_snapshot;
extern const PgCodecOps pg_codec_ops_text;
extern const PgCodecOps pg_codec_ops_tid;
extern const PgCodecOps pg_codec_ops_time;
extern const PgCodecOps pg_codec_ops_timestamp;
extern const PgCodecOps pg_codec_ops_timestamptz;
extern const PgCodecOps pg_codec_ops_tsquery;
extern const PgCodecOps pg_codec_ops_tsvector;
extern const PgCodecOps pg_codec_ops_uuid;
extern const PgCodecOps pg_codec_ops_versioned;
extern const PgCodecOps pg_codec_ops_xid8;

/* Of an enum that has a GType. value is uninitialised. */
gboolean pg_enum_to_value (const PgWireValue *wire, GValue *value, GError **error);
/* Floating; NULL where there is none. */
GVariant *pg_value_to_variant (const GValue *value);

/* A to_value for a type that has to_boxed. */
gboolean pg_codec_boxed_to_value (const PgWireValue *wire, GValue *value, GError **error);

/* The type's name for a message: "int4[]", or "OID 16400" where it is not known. */
char *pg_codec_describe (const PgTypeTable *types, guint32 type);

/* Set PG_ERROR_DATA, naming the type; reason is translated and holds nothing of the value. Return FALSE. */
gboolean pg_codec_fail (const PgWireValue *value, const char *reason, GError **error);

/* The same for a value that is sound but is not the kind of thing that was asked for. */
gboolean pg_codec_fail_kind (const PgWireValue *value, const char *wanted, GError **error);

/* Fails unless the value is exactly so long. */
gboolean pg_codec_check_length (const PgWireValue *value, gsize length, GError **error);

/* Fails unless the bytes are UTF-8 without a zero byte. */
gboolean pg_codec_check_text (const PgWireValue *value, const guint8 *data, gsize length, GError **error);

/* A copy, as a string, of what pg_codec_check_text() lets pass. */
char *pg_codec_dup_text (const PgWireValue *value, const guint8 *data, gsize length, GError **error);

static inline guint16
pg_wire_get_uint16 (const guint8 *data)
{
  return (guint16) (data[0] << 8 | data[1]);
}

static inline guint32
pg_wire_get_uint32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

static inline guint64
pg_wire_get_uint64 (const guint8 *data)
{
  return (guint64) pg_wire_get_uint32 (data) << 32 | pg_wire_get_uint32 (data + 4);
}

G_END_DECLS
