/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/sql/pg-params-batch.h>
#include <pgconn/sql/pg-query-private.h>

G_BEGIN_DECLS

typedef enum
{
  PG_BATCH_INTEGER,
  PG_BATCH_DOUBLE,
  PG_BATCH_BOOLEAN,
  PG_BATCH_TEXT,
  PG_BATCH_PARAMS,
} PgBatchKind;

typedef struct
{
  PgBatchKind kind;
  guint32 type; /* of integers: the smallest that holds all; of text */
  guint width;  /* of integers: bytes of each */
  char *name;
  const guint8 *data;
  const guint8 *nulls; /* a byte each, or NULL */
  gsize *ends;  /* of text: where the value's zero byte is */
  GBytes *bytes;
  GBytes *nulls_bytes;
  PgParams *params;
} PgBatchColumn;

struct _PgParamsBatch
{
  gatomicrefcount ref_count;
  gboolean frozen; /* it is being executed, or was */
  gsize n_sets;
  GPtrArray *sets; /* PgParams; or NULL: columns */
  GArray *columns; /* PgBatchColumn */
  guint n_names;
  GError *error;
};

/* Gives the sets of parameters of one statement in their wire form, one after another. */
typedef struct _PgSetBinder PgSetBinder;

/* Takes types: those of the database that are known; NULL for none. */
PgSetBinder *pg_set_binder_new (PgQuery *query, PgTypeTable *types);
void pg_set_binder_free (gpointer self);
const char *pg_set_binder_get_sql (PgSetBinder *self);
/* What it gives next; the former must have come to an end. sets: an array or a tuple of what pg_query_bind_variant() takes. */
gboolean pg_set_binder_take_variant (PgSetBinder *self, GVariant *sets, GError **error);
gboolean pg_set_binder_take_batch (PgSetBinder *self, PgParamsBatch *batch, GError **error);
/* Forgets it. */
void pg_set_binder_clear (PgSetBinder *self);
/* The next set, valid until the next call; NULL without an error at the end. */
PgWireParams *pg_set_binder_next (gpointer self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgSetBinder, pg_set_binder_free)

G_END_DECLS
