/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/sql/pg-params.h>
#include <pgconn/sql/pg-wire-build-private.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-timestamp.h>

G_BEGIN_DECLS

typedef enum
{
  PG_PARAM_NULL,
  PG_PARAM_BOOLEAN,
  PG_PARAM_INTEGER,
  PG_PARAM_DOUBLE,
  PG_PARAM_TEXT,
  PG_PARAM_BYTES,
  PG_PARAM_DATE,
  PG_PARAM_TIMESTAMP,
  PG_PARAM_INT64_ARRAY,
  PG_PARAM_VARIANT,
} PgParamKind;

typedef struct
{
  PgParamKind kind;
  guint32 type;
  char *name;
  union
  {
    gint64 integer;
    double number;
    char *text;    /* GRefString */
    GBytes *bytes; /* of an array: gint64 in the order of the machine */
    PgDate *date;
    PgTimestamp *timestamp;
    GVariant *variant;
  } value;
} PgParam;

struct _PgParams
{
  gatomicrefcount ref_count;
  GArray *params;
  guint n_names;
  char *next_name;
};

/* NULL if the parameter at index has no name. */
const char *pg_params_get_name (PgParams *self, guint index);

/* How many parameters have a name. */
guint pg_params_get_n_names (PgParams *self);

gboolean pg_params_bind (PgParams *self, guint index, PgFormatRequest request, PgWireParams *wire, guint wire_index,
                         GError **error);

G_END_DECLS
