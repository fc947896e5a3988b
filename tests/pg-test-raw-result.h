/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-raw-result-private.h>

G_BEGIN_DECLS

/* Results without a server: libpq itself reads them, from a socket that is fed with the protocol's messages. */

typedef struct
{
  const char *name;
  guint32 type;
  gint32 modifier;
  gint16 size;
  PgFormat format;
  guint32 table;
  gint16 table_column;
} PgTestColumn;

typedef struct
{
  gconstpointer data; /* NULL: SQL NULL */
  gssize length;      /* -1: zero-terminated */
} PgTestCell;

#define PG_TEST_TEXT(text) { (text), -1 }
#define PG_TEST_BINARY(literal) { (literal), sizeof (literal) - 1 }
#define PG_TEST_NULL { NULL, 0 }

/* cells: row by row. */
PgRawResult *pg_test_raw_result_new (const PgTestColumn *columns, guint n_columns, const PgTestCell *cells, guint n_rows);

/* A command without rows; an empty tag makes the result of an empty query. */
PgRawResult *pg_test_raw_result_new_command (const char *tag);

G_END_DECLS
