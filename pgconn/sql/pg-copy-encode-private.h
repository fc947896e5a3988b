/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/sql/pg-copy-columns.h>
#include <pgconn/sql/pg-params-private.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* Values to the rows of COPY. See "File Formats" of COPY in the PostgreSQL manual. */

/* What rows look like. */
typedef struct
{
  gboolean binary;
  guint n_columns;
  const guint32 *types; /* of n_columns; 0: the value says it itself. NULL: of all */
  const PgTypeTable *table;
} PgCopyShape;

/* Where the writing of columns has come to. */
typedef struct
{
  PgCopyColumns *columns;
  gsize row;
  gsize *positions; /* of each column of texts */
} PgCopyColumnsIter;

void pg_copy_columns_iter_init (PgCopyColumnsIter *self, PgCopyColumns *columns);
void pg_copy_columns_iter_clear (PgCopyColumnsIter *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgCopyColumnsIter, pg_copy_columns_iter_clear)

typedef struct
{
  guint32 type; /* of data; 0: texts, or values where there are some */
  guint width;
  GBytes *bytes;
  const guint8 *data;
  GBytes *bitmap;
  const guint8 *validity; /* NULL: all */
  PgParams *values;
} PgCopyColumn;

struct _PgCopyColumns
{
  gatomicrefcount ref_count;
  gsize n_rows;
  GArray *columns; /* PgCopyColumn */
};

static inline gboolean
pg_copy_column_is_null (const PgCopyColumn *self, gsize row)
{
  return self->validity != NULL && (self->validity[row / 8] >> (row % 8) & 1) == 0;
}

/* All append to out; after an error nothing of the row is there. n: the number of the row for messages, from 1. */
gboolean pg_copy_encode_row (const PgCopyShape *self, PgParams *row, gsize n, GString *out, GError **error);
/* Whole rows until there are as many bytes in out, or no more rows. */
gboolean pg_copy_encode_columns (const PgCopyShape *self, PgCopyColumnsIter *iter, gsize max_length, gsize first, GString *out, GError **error);
gboolean pg_copy_check_columns (const PgCopyShape *self, PgCopyColumns *columns, GError **error);

/* The parts of a row, for the two above. text: as it stands in a row of the format text; as: in binary, as that type. */
void pg_copy_put_escaped (GString *out, const char *text, gsize length);
void pg_copy_put_integer (GString *out, gint64 value);
void pg_copy_put_float8 (GString *out, double value);
gboolean pg_copy_put_text_cell (const PgCopyShape *self, guint32 type, const PgParam *param, GString *out, GError **error);
gboolean pg_copy_put_integer_as (const PgCopyShape *self, GString *out, guint32 type, gint64 value, GError **error);
gboolean pg_copy_put_double_as (const PgCopyShape *self, GString *out, guint32 type, double value, GError **error);
gboolean pg_copy_put_boolean_as (const PgCopyShape *self, GString *out, guint32 type, gboolean value, GError **error);
gboolean pg_copy_put_text_as (const PgCopyShape *self, GString *out, guint32 type, const char *text, gsize length, GError **error);
gboolean pg_copy_put_binary_cell (const PgCopyShape *self, guint32 type, const PgParam *param, GString *out, GError **error);
gboolean pg_copy_fail_row (GString *out, gsize start, gsize n, guint column, GError **error);
gboolean pg_copy_check_row_size (const GString *out, gsize start, gsize n, GError **error);

static inline guint32
pg_copy_get_type (const PgCopyShape *self, guint column)
{
  return self->types != NULL ? self->types[column] : 0;
}

void pg_copy_put_header (GString *out);
void pg_copy_put_trailer (GString *out);

G_END_DECLS
