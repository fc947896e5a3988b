/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* What the values of a column become. */
typedef enum
{
  PG_COLUMN_DATA,    /* the type's own fixed width: see pg_result_dup_column_data() */
  PG_COLUMN_INT64,   /* gint64 */
  PG_COLUMN_DOUBLE,  /* double */
  PG_COLUMN_BOOLEAN, /* gboolean */
} PgColumnTarget;

/* Decodes values up to the first that has not the usual form, and returns how many that were. data[i] is NULL for SQL NULL, which becomes zeros. */
typedef guint (*PgColumnDecode) (const guint8 *const *data, const gsize *lengths, guint n, gpointer out);

/* Makes doubles of n values in the type's own fixed width, up to the first that is not exactly one, and returns how many that were. */
typedef guint (*PgColumnWiden) (gconstpointer values, guint n, double *out);

/* How a whole column is decoded. */
typedef struct
{
  gsize width;                                                                  /* of one value, in bytes */
  PgColumnDecode decode;                                                        /* for the format asked for; NULL: no form is usual */
  gboolean (*decode_one) (const PgWireValue *value, gpointer out, GError **error); /* any form, and the error that says what is wrong */
  PgColumnWiden widen;                                                          /* of PG_COLUMN_DATA; NULL: the values are not numbers */
} PgColumnCodec;

/* FALSE with PG_ERROR_DATA where the values of the type cannot be had so. */
gboolean pg_column_codec_init (PgColumnCodec *self, guint32 type, PgFormat format, PgColumnTarget target, GError **error);

/* Decodes n values into out, which has room for them. shape has what they have in common, as type and format. Where there is an error, *failed is the index
 * of its value. */
gboolean pg_column_codec_decode (const PgColumnCodec *self, const PgWireValue *shape, const guint8 *const *data, const gsize *lengths, guint n,
                                 gpointer out, guint *failed, GError **error);

/* 16 bytes, as PG_COLUMN_DATA has an interval. */
typedef struct
{
  gint32 months;
  gint32 days;
  gint64 microseconds;
} PgColumnInterval;

/* The loops that read the text format. NULL where there is none. */
PgColumnDecode pg_column_decode_text_lookup (guint32 type, PgColumnTarget target);

/* A loop around load (data, length, &value), which is inlined. */
#define PG_DEFINE_COLUMN_DECODE(name, ctype, load, loaded_type)                         \
  static guint                                                                          \
  name (const guint8 *const *data, const gsize *lengths, guint n, gpointer out)         \
  {                                                                                     \
    ctype *values = out;                                                                \
                                                                                        \
    for (guint i = 0; i < n; i++)                                                       \
      {                                                                                 \
        loaded_type value = 0;                                                          \
                                                                                        \
        if (G_LIKELY (data[i] != NULL) && G_UNLIKELY (!load (data[i], lengths[i], &value))) \
          return i;                                                                     \
        values[i] = (ctype) value;                                                      \
      }                                                                                 \
    return n;                                                                           \
  }

G_END_DECLS
