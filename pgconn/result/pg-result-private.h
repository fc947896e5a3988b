/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/engine/pg-raw-result-private.h>
#include <pgconn/result/pg-result.h>
#include <pgconn/types/pg-codec-ops-private.h>
#include <pgconn/types/pg-column-codec-private.h>
#include <pgconn/types/pg-type-table-private.h>

G_BEGIN_DECLS

/* A result of one row is the most frequent one. */
#define PG_RESULT_FEW_CELLS 32

/* What the values of a column have in common. */
typedef struct
{
  PgWireValue wire;      /* without data */
  const PgCodecOps *ops; /* of its type; that of no type where it is not known */
} PgResultShape;

struct _PgResult
{
  GObject parent_instance;

  PgRawResult *raw; /* NULL in one that a script made by the GObject constructor: it has nothing */
  PgTypeTable *types;            /* NULL: only PostgreSQL's own */
  PgResultShape *shapes;         /* of the columns; where they fit, own_shapes: an allocation less */
  PgResultShape own_shapes[4];
  guint n_rows;
  guint n_columns;
  gsize copy_row; /* of those that were read from a copy: the number of the first one in it, from 1; else 0 */

  GMutex lock;        /* guards what follows, which is made when first asked for */
  PgColumn **columns; /* n_columns, each NULL until asked for */
  GHashTable *texts;  /* row * n_columns + column -> the text of a value that came in binary */
  char **few_texts;   /* the same by that number, where there are few cells; without the lock. At first own_few_texts, or NULL where that is too short */
  char *own_few_texts[4];
  guint n_few_texts;  /* 0: there are many */
  struct _PgObjectPlan *object_plan; /* the last one that was needed */
  GHashTable *rows;   /* position -> the PgRow that lives, not owned; a row takes itself out */
};

/* Takes a reference to both. types: what its values are decoded with, beyond PostgreSQL's own types; may be NULL. */
PgResult *pg_result_new (PgRawResult *raw, PgTypeTable *types);
/* The same columns without rows. */
PgResult *pg_result_new_empty (PgResult *like);

/* All of them, as pg_base_cursor_dup_description() gives them. n_columns may be NULL. */
PgColumn **pg_result_dup_columns (PgResult *self, guint *n_columns);

/* What follows is not to take room and registers in the functions that read values. */
G_GNUC_NO_INLINE
void pg_result_set_out_of_range (PgResult *self, guint row, guint column, GError **error);

/* The row and the column's name, which a conversion knows nothing of: in a copy, of which nobody knows the parts, the number of the row in the whole. */
G_GNUC_NO_INLINE
char *pg_result_dup_place (PgResult *self, guint row, guint column);

/* That before a message. */
G_GNUC_NO_INLINE
void pg_result_prefix_position (PgResult *self, guint row, guint column, GError **error);

void pg_result_prefix_column (PgResult *self, guint column, GError **error);

/* Sets the error of a value that is SQL NULL where there is no room for that. */
G_GNUC_NO_INLINE
void pg_result_set_null (PgResult *self, guint row, guint column, GError **error);

/* Whether what came over the wire is what was asked for as bytes, and so needs no copy. */
gboolean pg_result_is_bytes (const PgWireValue *wire);

/* A range of rows of a column, as the functions for whole columns take it: n_rows becomes the number of those that there are. */
gboolean pg_result_check_range (PgResult *self, guint column, guint first_row, gint *n_rows, GError **error);

/* So many values of a column are looked at in one go: what is known of them fits into the processor's first cache. */
#define PG_RESULT_BLOCK 256

/* The cell is known to exist. FALSE where it is SQL NULL. */
static inline gboolean
pg_result_read_wire (PgResult *self, guint row, guint column, PgWireValue *wire)
{
  *wire = self->shapes[column].wire;
  wire->data = pg_raw_result_get_data (self->raw, row, column, &wire->length);
  return wire->data != NULL;
}

/* pg_codec_to_…(), with what was looked up once for the column. What the type itself cannot do, one of a domain's may. */
#define pg_result_decode(self, column, name, ...)                                             \
  ((self)->shapes[column].ops->to_##name != NULL ? (self)->shapes[column].ops->to_##name (__VA_ARGS__) \
                                                 : pg_codec_to_##name (__VA_ARGS__))

typedef enum
{
  PG_CELL_ERROR,
  PG_CELL_NULL,
  PG_CELL_VALUE,
} PgCell;

static inline PgCell
pg_result_read_cell (PgResult *self, guint row, guint column, PgWireValue *wire, GError **error)
{
  if (G_UNLIKELY (row >= self->n_rows || column >= self->n_columns))
    {
      pg_result_set_out_of_range (self, row, column, error);
      return PG_CELL_ERROR;
    }

  return pg_result_read_wire (self, row, column, wire) ? PG_CELL_VALUE : PG_CELL_NULL;
}

G_END_DECLS
