/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-range.h>

G_BEGIN_DECLS

typedef struct
{
  char *text; /* NULL: infinite */
  GValue value;  /* in a type that has an order */
  GValue loaded; /* where loaders have to do with it; else G_VALUE_INIT */
  gboolean inclusive;
} PgRangeBound;

struct _PgRange
{
  gatomicrefcount ref_count;
  guint32 element_type;
  gboolean empty;
  PgRangeBound lower;
  PgRangeBound upper;
};

/* Both read a range of that element type out of a value that is one, or that has it as a part: the errors are the value's. */
PgRange *pg_range_scan (const PgWireValue *value, const char **at, const char *end, guint32 element_type, GError **error);
PgRange *pg_range_from_wire (const PgWireValue *value, const guint8 *data, gsize length, guint32 element_type, GError **error);

/* FALSE if the text would be longer than any that PostgreSQL can make. */
gboolean pg_range_append (const PgRange *self, GString *text);

G_END_DECLS
