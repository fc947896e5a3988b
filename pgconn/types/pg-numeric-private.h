/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-numeric.h>

G_BEGIN_DECLS

#define PG_NUMERIC_BASE 10000
#define PG_NUMERIC_BASE_DIGITS 4

/* In PostgreSQL's order. */
typedef enum
{
  PG_NUMERIC_NEGATIVE_INFINITY,
  PG_NUMERIC_FINITE,
  PG_NUMERIC_INFINITY,
  PG_NUMERIC_NAN,
} PgNumericKind;

/* The sum of digits[i] * 10000^(weight - i). The first and the last digit are not 0; zero has no digits, weight 0 and no sign. */
struct _PgNumeric
{
  gatomicrefcount ref_count;
  PgNumericKind kind;
  gboolean negative;
  int weight;
  guint scale;
  guint n_digits;
  guint16 digits[];
};

/* NULL and a translated reason, which holds nothing of the input. */
PgNumeric *pg_numeric_scan (const char *text, gsize length, const char **reason);
PgNumeric *pg_numeric_from_wire (const guint8 *data, gsize length, const char **reason);

/* FALSE and a translated reason unless it is an integer in range. */
gboolean pg_numeric_read_int64 (const PgNumeric *self, gint64 *out, const char **reason);

G_END_DECLS
