/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pgconn.h>

#include "pg-test-raw-result.h"
#include <pgconn/result/pg-result-private.h>

#define OID_BOOL 16
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_INT4 23
#define OID_TEXT 25
#define OID_FLOAT8 701
#define OID_DATE 1082
#define OID_TIMESTAMPTZ 1184
#define OID_NUMERIC 1700
#define OID_INT4_ARRAY 1007
#define OID_OWN 16402

static inline PgResult *
result_new (const PgTestColumn *columns, guint n_columns, const PgTestCell *cells, guint n_rows)
{
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new (columns, n_columns, cells, n_rows);

  return pg_result_new (raw, NULL);
}

/* One row of one column. */
static inline PgResult *
result_new_single (guint32 type, PgFormat format, PgTestCell cell)
{
  PgTestColumn column = { "v", type, -1, -1, format, 0, 0 };

  return result_new (&column, 1, &cell, 1);
}

static inline PgResult *
result_new_command (const char *tag)
{
  g_autoptr (PgRawResult) raw = pg_test_raw_result_new_command (tag);

  return pg_result_new (raw, NULL);
}
