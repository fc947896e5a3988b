/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>
#include <string.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>
#include <pgconn/types/pg-array-private.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* Values to bytes: the other direction of pg-codec-private.h.
 *
 * Appends the form that the input function (text) or the receive function (binary) of the type reads. GString is here a buffer
 * that ends with a zero byte; what is appended in binary has zeros.
 *
 * A type takes the GType that pg_codec_get_value_type() gives for it, and what says the same: any GLib integer in range for an
 * integer type (and for numeric and the floats), GDate for a date, GDateTime for a timestamptz, GInetAddress and GInetAddressMask for
 * inet, GByteArray for bytea, guint64 for pg_lsn and xid8, an OID for regclass and the like, gint64 for money (binary only), GStrv
 * and GVariant for arrays, a dictionary of texts in a GVariant for hstore, GBytes in binary for a type without codec: its binary form. A string is the
 * text form of any type; in binary it is read first, as the output function writes it. type 0 is that of the value.
 *
 * types: those of the database that are known; NULL for none.
 *
 * FALSE with PG_ERROR_PROGRAMMING that names type and GType if they do not go together, PG_ERROR_DATA if the value does not fit;
 * nothing of the value is named, and nothing is appended. value must not be NULL: see pg_value_is_null(). */
gboolean pg_codec_encode (const PgTypeTable *types, guint32 type, const GValue *value, PgFormat format, GString *out, GError **error);

/* Whether pg_codec_encode() does binary of every value that is not a string, and every server takes it. Only a value that not every server has in
 * binary is still an error then: an infinite interval. */
gboolean pg_codec_can_encode_binary (const PgTypeTable *types, guint32 type);

/* The type of a value by its GType. 0 for a string, and for what only a type of the database can hold that is not known, or not the only one: the place
 * where it stands tells. Arrays in a GVariant have none here: they are looked into by sql/. Fails with PG_ERROR_PROGRAMMING that names the GType. */
gboolean pg_value_get_type_oid (const PgTypeTable *types, const GValue *value, guint32 *type, GError **error);

/* A NULL pointer of any kind. */
gboolean pg_value_is_null (const GValue *value);

/* The scalar in a GVariant: boolean, int64, uint64 beyond it, double, string, GBytes ("ay"). FALSE for others. out is uninitialised. */
gboolean pg_variant_to_value (GVariant *variant, GValue *out);

/* Writes an array whose shape is known beforehand. sizes: that of each dimension, none of them 0; lower_bounds: NULL if all are 1. */
typedef struct
{
  const PgTypeTable *types;
  GString *out;
  guint32 element_type;
  PgFormat format;
  char delimiter;
  guint n_dimensions;
  gint32 sizes[PG_ARRAY_MAX_DIMENSIONS];
  gsize start;
  gsize index;
  GString *scratch;
} PgArrayWriter;

void pg_array_writer_begin (PgArrayWriter *self, const PgTypeTable *types, GString *out, guint32 element_type, PgFormat format, guint n_dimensions,
                            const gint32 *sizes, const gint32 *lower_bounds);
/* The elements in row-major order, NULL for SQL NULL. */
gboolean pg_array_writer_add (PgArrayWriter *self, const GValue *value, GError **error);
/* An element that is encoded already, in the array's format. data NULL: SQL NULL. */
void pg_array_writer_add_encoded (PgArrayWriter *self, const char *data, gsize length);
/* Also after an error. */
void pg_array_writer_end (PgArrayWriter *self);

/* For encode of PgCodecOps */

typedef struct
{
  gboolean is_signed;
  gint64 value;       /* if is_signed */
  guint64 magnitude;  /* else; greater than G_MAXINT64 */
} PgInteger;

/* FALSE if it is of no integer type; enums and flags are. */
gboolean pg_value_get_integer (const GValue *value, PgInteger *out);

gboolean pg_encode_boolean (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_integer (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_unsigned (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_float (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_numeric (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_money (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);

gboolean pg_encode_text (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_char (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_jsonb (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_bytea (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_uuid (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_macaddr (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_lsn (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_tid (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_snapshot (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);

gboolean pg_encode_date (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_time (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_timestamp (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_interval (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);

gboolean pg_encode_inet (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_bit (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_point (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_shape (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);

gboolean pg_encode_vector (const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);

/* For encode_nested */
gboolean pg_encode_enum (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_domain (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_range (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_multirange (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_record (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_composite (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);
gboolean pg_encode_array (const PgTypeTable *types, const PgCodec *codec, const GValue *value, PgFormat format, GString *out, GError **error);

/* The text of a range or multirange, or of a record, that is of no type that is known: of the values in it. */
gboolean pg_encode_range_text (const PgTypeTable *types, const GValue *value, GString *out, GError **error);
gboolean pg_encode_record_text (const PgTypeTable *types, const GValue *value, GString *out, GError **error);

/* The three ways to fail; all return FALSE. */
gboolean pg_encode_fail_type (const PgCodec *codec, const GValue *value, PgFormat format, GError **error);
gboolean pg_encode_fail_range (const PgCodec *codec, GError **error);
gboolean pg_encode_fail_form (const PgCodec *codec, const char *reason, GError **error);

/* Appends the text of a boxed value by its transformation to a string. */
gboolean pg_encode_boxed_text (const GValue *value, GString *out);
/* FALSE if the value is no member. */
gboolean pg_encode_enum_nick (const GValue *value, GString *out);

/* g_string_append_len() takes some 70 instructions for the few bytes of most values. */
static inline void
pg_put_bytes (GString *out, gconstpointer data, gsize length)
{
  if (G_UNLIKELY (out->allocated_len - out->len <= length))
    {
      g_string_append_len (out, data, (gssize) length);
      return;
    }
  memcpy (out->str + out->len, data, length);
  out->len += length;
  out->str[out->len] = '\0';
}

static inline void
pg_put_uint16 (GString *out, guint16 value)
{
  const guint16 ordered = GUINT16_TO_BE (value);

  pg_put_bytes (out, &ordered, sizeof ordered);
}

static inline void
pg_put_uint32 (GString *out, guint32 value)
{
  const guint32 ordered = GUINT32_TO_BE (value);

  pg_put_bytes (out, &ordered, sizeof ordered);
}

static inline void
pg_put_uint64 (GString *out, guint64 value)
{
  const guint64 ordered = GUINT64_TO_BE (value);

  pg_put_bytes (out, &ordered, sizeof ordered);
}

void pg_put_double (GString *out, double value);

/* Room for a length, and the length of what has been appended since. */
gsize pg_put_length_begin (GString *out);
void pg_put_length_end (GString *out, gsize at);

G_END_DECLS
