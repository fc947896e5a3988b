/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pgconn/cursor/pg-chunk-reader.h>

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-columns.h>
#include <pgconn/result/pg-result.h>

/**
 * PgChunkReader:
 *
 * Reads the chunks of an [class@AsyncRowStream] without an object for each.
 *
 * It is for languages with a garbage collector that has to finish every object of the library's, one by one: with [method@AsyncRowStream.next_chunk_async] a chunk
 * takes one for the rows, one for the call and two for each of its columns. Here the reader keeps the chunk, tells of it by a signal, and gives its columns as arrays of
 * the language. In C there is no need for it.
 *
 * [method@ChunkReader.read] begins to read a chunk, and [signal@ChunkReader::answered] tells that [method@ChunkReader.finish] has an answer. The chunk
 * stays until the next one is asked for. Nothing else may read the stream meanwhile.
 *
 * Since: 1.0
 */

struct _PgChunkReader
{
  GObject parent_instance;
  PgAsyncRowStream *stream;
  PgResult *chunk;
  GError *error;
  gboolean reading;
};

G_DEFINE_FINAL_TYPE (PgChunkReader, pg_chunk_reader, G_TYPE_OBJECT)

enum
{
  PROP_STREAM = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  ANSWERED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
pg_chunk_reader_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_STREAM:
      g_value_set_object (value, PG_CHUNK_READER (object)->stream);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pg_chunk_reader_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_STREAM:
      PG_CHUNK_READER (object)->stream = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pg_chunk_reader_finalize (GObject *object)
{
  PgChunkReader *self = PG_CHUNK_READER (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->chunk);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (pg_chunk_reader_parent_class)->finalize (object);
}

static void
pg_chunk_reader_class_init (PgChunkReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pg_chunk_reader_get_property;
  object_class->set_property = pg_chunk_reader_set_property;
  object_class->finalize = pg_chunk_reader_finalize;

  /**
   * PgChunkReader:stream: (getter get_stream)
   *
   * The stream whose chunks are read.
   *
   * Since: 1.0
   */
  props[PROP_STREAM] = g_param_spec_object ("stream", NULL, NULL, PG_TYPE_ASYNC_ROW_STREAM,
                                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * PgChunkReader::answered:
   * @self: the reader
   *
   * Emitted once for each [method@ChunkReader.read], in a later turn of the main loop: [method@ChunkReader.finish] tells what has come of it, and another chunk may be
   * asked for.
   *
   * Since: 1.0
   */
  signals[ANSWERED] = g_signal_new ("answered", PG_TYPE_CHUNK_READER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pg_chunk_reader_init (PgChunkReader *self)
{
}

/**
 * pg_chunk_reader_new:
 * @stream: a row stream
 *
 * Creates a reader of the chunks that come next.
 *
 * Returns: (transfer full): a reader
 *
 * Since: 1.0
 */
PgChunkReader *
pg_chunk_reader_new (PgAsyncRowStream *stream)
{
  g_return_val_if_fail (PG_IS_ASYNC_ROW_STREAM (stream), NULL);
  return g_object_new (PG_TYPE_CHUNK_READER, "stream", stream, NULL);
}

/**
 * pg_chunk_reader_get_stream: (get-property stream)
 * @self: a chunk reader
 *
 * Gets the stream whose chunks are read.
 *
 * Returns: (transfer none) (nullable): the stream; `NULL` where none was given when the reader was made
 *
 * Since: 1.0
 */
PgAsyncRowStream *
pg_chunk_reader_get_stream (PgChunkReader *self)
{
  g_return_val_if_fail (PG_IS_CHUNK_READER (self), NULL);
  return self->stream;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PgChunkReader) self = data;

  self->chunk = pg_async_row_stream_next_chunk_finish (PG_ASYNC_ROW_STREAM (source), result, &self->error);
  self->reading = FALSE;
  g_signal_emit (self, signals[ANSWERED], 0);
}

/**
 * pg_chunk_reader_read:
 * @self: a chunk reader
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 *
 * Begins to read the next chunk, and gives up the one before.
 *
 * It is a mistake of the program to call it before [signal@ChunkReader::answered] was emitted for the call before, or of a reader without a stream.
 *
 * Since: 1.0
 */
void
pg_chunk_reader_read (PgChunkReader *self, GCancellable *cancellable)
{
  g_return_if_fail (PG_IS_CHUNK_READER (self));
  g_return_if_fail (self->stream != NULL && !self->reading);

  g_clear_object (&self->chunk);
  g_clear_error (&self->error);
  self->reading = TRUE;
  pg_async_row_stream_next_chunk_async (self->stream, cancellable, answered, g_object_ref (self));
}

/**
 * pg_chunk_reader_finish:
 * @self: a chunk reader
 * @error: return location for a #GError
 *
 * Finishes what [method@ChunkReader.read] has begun. Like that, it is a mistake of the program before [signal@ChunkReader::answered] was emitted.
 *
 * Returns: `TRUE` when there is a chunk; `FALSE` without an error at the end, or with one, as [method@AsyncRowStream.next_chunk_finish]
 *
 * Since: 1.0
 */
gboolean
pg_chunk_reader_finish (PgChunkReader *self, GError **error)
{
  g_return_val_if_fail (PG_IS_CHUNK_READER (self), FALSE);
  g_return_val_if_fail (!self->reading, FALSE);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return self->chunk != NULL;
}

/**
 * pg_chunk_reader_get_chunk:
 * @self: a chunk reader
 *
 * Gets the chunk that was read last, for what the reader's own methods do not do.
 *
 * Returns: (transfer none) (nullable): the rows; `NULL` where there are none
 *
 * Since: 1.0
 */
PgResult *
pg_chunk_reader_get_chunk (PgChunkReader *self)
{
  g_return_val_if_fail (PG_IS_CHUNK_READER (self), NULL);
  return self->chunk;
}

/**
 * pg_chunk_reader_get_n_rows:
 * @self: a chunk reader
 *
 * Gets the number of rows of the chunk that was read last.
 *
 * Returns: the number of rows; 0 where there is no chunk
 *
 * Since: 1.0
 */
guint
pg_chunk_reader_get_n_rows (PgChunkReader *self)
{
  g_return_val_if_fail (PG_IS_CHUNK_READER (self), 0);
  return self->chunk != NULL ? pg_result_get_n_rows (self->chunk) : 0;
}

static gboolean
check_chunk (PgChunkReader *self, GError **error)
{
  if (self->chunk == NULL)
    g_set_error_literal (error, PG_ERROR, PG_ERROR_INTERFACE, _ ("the reader has no chunk"));
  return self->chunk != NULL;
}

/**
 * pg_chunk_reader_dup_column_numbers:
 * @self: a chunk reader
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of values
 * @nulls: (out) (array length=n_nulls) (nullable) (transfer full): which of the values, from 0, are SQL `NULL`; `NULL` where none is
 * @n_nulls: (out): how many are
 *
 * The values of a column of the chunk as numbers, as [method@Result.dup_column_numbers] has them.
 *
 * Its errors are those of that method, and `PG_ERROR_INTERFACE` where there is no chunk.
 *
 * Returns: (transfer full) (array length=n_values): the values; `NULL` with an error
 *
 * Since: 1.0
 */
double *
pg_chunk_reader_dup_column_numbers (PgChunkReader *self, guint column, guint first_row, gint n_rows, gsize *n_values, guint **nulls, gsize *n_nulls,
                                    GError **error)
{
  g_return_val_if_fail (PG_IS_CHUNK_READER (self), NULL);
  g_return_val_if_fail (n_values != NULL && nulls != NULL && n_nulls != NULL, NULL);

  *nulls = NULL;
  *n_values = *n_nulls = 0;
  return check_chunk (self, error) ? pg_result_dup_column_numbers (self->chunk, column, first_row, n_rows, n_values, nulls, n_nulls, error) : NULL;
}

/**
 * pg_chunk_reader_dup_column_texts:
 * @self: a chunk reader
 * @column: the position of a column, from 0
 * @first_row: the position of the first row, from 0
 * @n_rows: how many rows at most; -1: all that follow
 * @n_values: (out): the number of texts
 *
 * The exact texts of the values of a column of the chunk, as [method@Result.dup_column_texts] has them.
 *
 * Its errors are those of that method, and `PG_ERROR_INTERFACE` where there is no chunk.
 *
 * Returns: (transfer container) (array length=n_values) (element-type utf8): the texts, which live as long as the chunk; `NULL` with an error
 *
 * Since: 1.0
 */
const char **
pg_chunk_reader_dup_column_texts (PgChunkReader *self, guint column, guint first_row, gint n_rows, gsize *n_values, GError **error)
{
  g_return_val_if_fail (PG_IS_CHUNK_READER (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  *n_values = 0;
  return check_chunk (self, error) ? pg_result_dup_column_texts (self->chunk, column, first_row, n_rows, n_values, error) : NULL;
}
