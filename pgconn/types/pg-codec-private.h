/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include <pgconn/pg-enums.h>
#include <pgconn/pg-types.h>
#include <pgconn/pg-wire-session-private.h>

G_BEGIN_DECLS

/* The types that are known beyond PostgreSQL's own: pg-type-table-private.h. */
typedef struct _PgTypeTable PgTypeTable;

/* How many values, each a part of the former, one value may be: arrays, records, ranges and domains. Each doubles the quotes of the text of what is in it
 * at least, so that no more than some 30 fit into one that the server can make. */
#define PG_WIRE_MAX_DEPTH 16

/* One value as it came over the wire; never SQL NULL. */
typedef struct
{
  const guint8 *data;  /* hostile until checked; a zero byte that does not count follows the last */
  gsize length;
  guint32 type;        /* OID */
  gint32 modifier;     /* -1: none */
  PgFormat format;
  guint8 session;      /* PG_WIRE_SESSION_*; 0: not known, and what depends on it is an error */
  guint8 depth;        /* how many others it is a part of */
  guint8 plain;        /* a boolean: loaders have nothing to do with it, nor with what is in it */
  const PgTypeTable *types; /* NULL: only PostgreSQL's own */
} PgWireValue;

/* The type's row in the table that data/types.txt generates. NULL, or a row without codec: then only the text of a text
 * value and the bytes of a binary one can be had. */
typedef struct _PgCodec PgCodec;

const PgCodec *pg_codec_lookup (guint32 type);
/* As PostgreSQL has it; "int4[]" for an array. */
const char *pg_codec_get_name (const PgCodec *codec);
/* Whether the binary form can be decoded into all that the text form gives: not that of money and of regclass and the like,
 * of which to_int64 is all that is to be had. */
gboolean pg_codec_has_binary (guint32 type);

/* Whether the binary form may be asked for where nobody said so. That of a record may have fields of any type, of which some
 * may not be known; its text has always a text for each. */
gboolean pg_codec_suits_auto (guint32 type);

/* The GType that pg_codec_to_value() gives: boolean; int for int2 and int4, int64, uint for oid, xid and cid, uint64 for xid8;
 * double for both floats;
 * PgNumeric, PgDate, PgTime, PgTimestamp, PgInterval, PgInet for both inet and cidr,
 * PgBitString, PgPoint, PgRange, PgMultirange, PgRecord, PgArray; GBytes for bytea; GVariant for int2vector and oidvector; string for the rest and for a type without codec. */
GType pg_codec_get_value_type (guint32 type);

/* All: FALSE or NULL with PG_ERROR_DATA that names type and reason and nothing of the value (PG_ERROR_CHARACTER_NOT_IN_REPERTOIRE
 * for text that is not UTF-8); nothing is rounded or cut. A value of any type that is not the one asked for is an error, but:
 * int64 also takes a numeric that is an integer in range, double an integer up to 2^53, numeric any integer, bytes the text
 * family as UTF-8 (not checked: what a server with SQL_ASCII sends can be had so). */
gboolean pg_codec_to_boolean (const PgWireValue *value, gboolean *out, GError **error);
gboolean pg_codec_to_int64 (const PgWireValue *value, gint64 *out, GError **error);
/* That of xid8, and any that pg_codec_to_int64() takes and is not negative. */
gboolean pg_codec_to_uint64 (const PgWireValue *value, guint64 *out, GError **error);
gboolean pg_codec_to_double (const PgWireValue *value, double *out, GError **error);
PgNumeric *pg_codec_to_numeric (const PgWireValue *value, GError **error);
PgDate *pg_codec_to_date (const PgWireValue *value, GError **error);
PgTimestamp *pg_codec_to_timestamp (const PgWireValue *value, GError **error);
GBytes *pg_codec_to_bytes (const PgWireValue *value, GError **error);
/* For the boxed types that have no function of their own: type is PG_TYPE_TIME, PG_TYPE_INTERVAL and so on. Free it with
 * g_boxed_free(). */
gpointer pg_codec_to_boxed (const PgWireValue *value, GType type, GError **error);

/* The exact text of any value: what the type's output function gives, which the text format is, so that both formats give
 * the same. With the server's default settings, that is, and UTC for timestamptz. Where ::text differs (bool, which is t or f
 * here, and char(n), whose blanks stay), this follows the output function. A binary value of a type without codec is an error. */
char *pg_codec_to_text (const PgWireValue *value, GError **error);
/* The same, but for dates and times of a session whose DateStyle is not ISO, by themselves or in another value: they are as with the default settings, where
 * they can be read. plain is what pg_codec_to_plain_value() gives, or NULL for not read yet. */
char *pg_codec_to_default_text (const PgWireValue *wire, const GValue *plain, GError **error);

/* Floating: b n i x, u for oid, xid and cid, t for xid8, an and au for int2vector and oidvector, d for both floats, ay for bytea, s for text and for all whose exact form is text (numeric,
 * dates, uuid, json), amX nested for arrays: an empty one, of whatever dimensions, is amX. A tuple of maybes for a composite type, a{sms} for hstore. */
GVariant *pg_codec_to_variant (const PgWireValue *value, GError **error);

/* value is uninitialised. The second has nothing to do with loaders: what has to have an order is read so. */
gboolean pg_codec_to_value (const PgWireValue *wire, GValue *value, GError **error);
gboolean pg_codec_to_plain_value (const PgWireValue *wire, GValue *value, GError **error);

G_END_DECLS
