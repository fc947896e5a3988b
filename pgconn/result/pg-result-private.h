/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-raw-result-private.h>
#include <pgconn/result/pg-result.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* What decoding needs of a column: asked of the engine once, not for each value. */
typedef struct
{
  guint32 type;
  gint32 modifier;
  PgFormat format;
} PgColumnShape;

struct _PgResult
{
  GObject parent_instance;

  PgRawResult *raw; /* NULL in one that a script made by the GObject constructor: it has nothing */
  PgColumnShape *shapes;         /* where they fit, own_shapes: an allocation less */
  PgColumnShape own_shapes[4];
  guint n_rows;
  guint n_columns;
  guint8 session; /* PG_WIRE_SESSION_* */

  GMutex lock;        /* guards what follows, which is made when first asked for */
  PgColumn **columns; /* n_columns, each NULL until asked for */
  GHashTable *rows;   /* position -> the PgRow that lives, not owned; a row takes itself out */
};

/* Takes a reference to raw. */
PgResult *pg_result_new (PgRawResult *raw);

/* The cell is known to exist. FALSE where it is SQL NULL. */
static inline gboolean
pg_result_read_wire (PgResult *self, guint row, guint column, PgWireValue *wire)
{
  const PgColumnShape *shape = &self->shapes[column];

  wire->data = pg_raw_result_get_data (self->raw, row, column, &wire->length);
  if (wire->data == NULL)
    return FALSE;
  wire->type = shape->type;
  wire->modifier = shape->modifier;
  wire->format = shape->format;
  wire->session = self->session;
  wire->depth = 0;
  return TRUE;
}

G_END_DECLS
