/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/result/pg-result-columns.h>

#include <pgconn/result/pg-arrow-builder-private.h>
#include <pgconn/result/pg-result-private.h>

static PgArrowBuilder *
build_column (PgResult *self, guint column, GError **error)
{
  g_autoptr (PgArrowBuilder) builder = NULL;
  const guint8 *data[PG_RESULT_BLOCK];
  gsize lengths[PG_RESULT_BLOCK];

  builder = pg_arrow_builder_new (&self->shapes[column].wire);
  for (guint base = 0; base < self->n_rows; base += PG_RESULT_BLOCK)
    {
      const guint n = MIN (self->n_rows - base, PG_RESULT_BLOCK);
      guint failed;

      pg_raw_result_get_column_data (self->raw, column, base, n, data, lengths);
      if (!pg_arrow_builder_append (builder, data, lengths, n, &failed, error))
        {
          pg_result_prefix_position (self, base + failed, column, error);
          return NULL;
        }
    }
  return g_steal_pointer (&builder);
}

static gboolean
export (PgResult *self, struct ArrowSchema *schema, struct ArrowArray *array, GError **error)
{
  pg_arrow_schema_init (schema, "+s", "", self->n_columns);
  pg_arrow_array_init (array, self->n_rows, 1, self->n_columns);
  /* The rows themselves are never NULL. */
  schema->flags = 0;
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autoptr (PgArrowBuilder) builder = build_column (self, i, error);
      g_autofree char *name = NULL;

      if (builder == NULL)
        {
          schema->release (schema);
          array->release (array);
          return FALSE;
        }
      name = g_utf8_make_valid (pg_raw_result_get_column_name (self->raw, i), -1);
      pg_arrow_builder_end (builder, array->children[i]);
      pg_arrow_builder_fill_schema (builder, name, schema->children[i]);
    }
  return TRUE;
}

/**
 * pg_result_export_arrow:
 * @self: a result
 * @out_schema: the address of a `struct ArrowSchema`
 * @out_array: the address of a `struct ArrowArray`
 *
 * All rows in the form of Apache Arrow's C data interface, for whatever reads that: pyarrow, polars, DuckDB, nanoarrow.
 *
 * Both structures are overwritten, and are then the caller's to release by their own `release` functions. The array is a struct array with a child for each
 * column, and depends neither on the result nor on the schema. The types are:
 *
 * | PostgreSQL | Arrow |
 * | --- | --- |
 * | `bool` | boolean |
 * | `int2`, `int4`, `int8` | int16, int32, int64 |
 * | `oid`, `xid`, `cid` | uint32 |
 * | `float4`, `float8` | float32, float64 |
 * | `numeric(p,s)` with 0 ≤ s ≤ p ≤ 38 | decimal128(p, s) |
 * | `bytea` | binary |
 * | `date` | date32 |
 * | `time` | time64[us] |
 * | `timestamp`, `timestamptz` | timestamp[us], timestamp[us, UTC] |
 * | `uuid` | fixed_size_binary(16) |
 * | arrays | list |
 * | a type whose binary form the library cannot read, in that form | binary |
 * | all others, and `numeric` without precision | utf8, the exact text |
 *
 * What has more than 2 GiB is large_binary, large_utf8 or large_list. In Python an override makes it the methods `__arrow_c_array__()` and
 * `__arrow_c_stream__()` of "The Arrow PyCapsule Interface", so that `pyarrow.table (result)` is all that is needed.
 *
 * The error is `PG_ERROR_DATA`, and the structures are then released, for a value that Arrow's type has not: an infinite date or timestamp, the time
 * 24:00, a `NaN` in a `numeric(p,s)`, an array of more than one dimension. The message names row and column; a cast to text in the query helps.
 *
 * Returns: `TRUE`, or `FALSE` with an error
 *
 * Since: 1.0
 */
gboolean
pg_result_export_arrow (PgResult *self, gpointer out_schema, gpointer out_array, GError **error)
{
  g_return_val_if_fail (PG_IS_RESULT (self), FALSE);
  g_return_val_if_fail (out_schema != NULL, FALSE);
  g_return_val_if_fail (out_array != NULL, FALSE);

  return export (self, out_schema, out_array, error);
}

/* A stream of one array. */
typedef struct
{
  struct ArrowSchema schema; /* copied for each who asks */
  struct ArrowArray array;   /* without release function when it has been given away */
} Stream;

static void
copy_schema (const struct ArrowSchema *from, struct ArrowSchema *to)
{
  pg_arrow_schema_init (to, from->format, from->name, (guint) from->n_children);
  to->flags = from->flags;
  for (int64_t i = 0; i < from->n_children; i++)
    copy_schema (from->children[i], to->children[i]);
}

static int
stream_get_schema (struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
  Stream *self = stream->private_data;

  copy_schema (&self->schema, out);
  return 0;
}

/* An array without release function is the end. */
static int
stream_get_next (struct ArrowArrayStream *stream, struct ArrowArray *out)
{
  Stream *self = stream->private_data;

  *out = self->array;
  self->array.release = NULL;
  return 0;
}

static const char *
stream_get_last_error (struct ArrowArrayStream *stream)
{
  return NULL;
}

static void
stream_release (struct ArrowArrayStream *stream)
{
  Stream *self = stream->private_data;

  self->schema.release (&self->schema);
  if (self->array.release != NULL)
    self->array.release (&self->array);
  g_free (self);
  stream->release = NULL;
}

/**
 * pg_result_export_arrow_stream:
 * @self: a result
 * @out_stream: the address of a `struct ArrowArrayStream`
 *
 * All rows in the form of Apache Arrow's C stream interface: a stream of one array, which [method@Result.export_arrow] describes.
 *
 * The structure is overwritten, and is then the caller's to release by its own `release` function. The error is `PG_ERROR_DATA`, as that of
 * [method@Result.export_arrow], and the structure is then released.
 *
 * Returns: `TRUE`, or `FALSE` with an error
 *
 * Since: 1.0
 */
gboolean
pg_result_export_arrow_stream (PgResult *self, gpointer out_stream, GError **error)
{
  struct ArrowArrayStream *stream = out_stream;
  g_autofree Stream *data = NULL;

  g_return_val_if_fail (PG_IS_RESULT (self), FALSE);
  g_return_val_if_fail (out_stream != NULL, FALSE);

  *stream = (struct ArrowArrayStream){ NULL };
  data = g_new0 (Stream, 1);
  if (!export (self, &data->schema, &data->array, error))
    return FALSE;

  stream->get_schema = stream_get_schema;
  stream->get_next = stream_get_next;
  stream->get_last_error = stream_get_last_error;
  stream->release = stream_release;
  stream->private_data = g_steal_pointer (&data);
  return TRUE;
}
