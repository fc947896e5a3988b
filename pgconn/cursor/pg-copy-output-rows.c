/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-output-rows.h"

#include "pg-copy-output-stream-private.h"

#include <glib/gi18n-lib.h>

/* Rows of values into a copy. */

static void
get_shape (PgCopyOutputStream *self, PgCopyShape *shape)
{
  shape->binary = self->copy.binary;
  shape->n_columns = self->copy.n_columns;
  shape->types = self->copy.bases;
  shape->table = self->copy.table;
}

static void
begin_rows (PgCopyOutputStream *self)
{
  if (!self->copy.binary || self->raw || self->has_header)
    return;
  pg_copy_put_header (self->block);
  self->has_header = TRUE;
}

/* For the time of a call; other calls on the stream fail. */
static gboolean
enter (PgCopyOutputStream *self, GError **error)
{
  if (!g_output_stream_set_pending (G_OUTPUT_STREAM (self), error))
    return pg_copy_name_busy (error);
  if (pg_copy_output_stream_check (self, error) && pg_copy_check_rows (&self->copy, error))
    {
      g_clear_object (&self->doubt);
      return TRUE;
    }
  g_output_stream_clear_pending (G_OUTPUT_STREAM (self));
  return FALSE;
}

static gboolean
leave (PgCopyOutputStream *self, gboolean ok)
{
  g_output_stream_clear_pending (G_OUTPUT_STREAM (self));
  return ok;
}

static gboolean
put_row (PgCopyOutputStream *self, PgParams *row, GError **error)
{
  PgCopyShape shape;

  get_shape (self, &shape);
  begin_rows (self);
  if (!pg_copy_encode_row (&shape, row, self->n_rows + 1, self->block, error))
    return FALSE;
  self->n_rows++;
  return TRUE;
}

/* A block of the columns' rows. What is wrong with one of them is the end of the copy, as those before it may be on their way. */
static gboolean
put_columns (PgCopyOutputStream *self, PgCopyColumnsIter *iter, gsize first, GError **error)
{
  GError *failure = NULL;
  PgCopyShape shape;

  get_shape (self, &shape);
  begin_rows (self);
  if (pg_copy_encode_columns (&shape, iter, PG_COPY_BLOCK_SIZE, first, self->block, &failure))
    {
      self->n_rows = first - 1 + iter->row;
      return TRUE;
    }
  pg_copy_output_stream_fail (self, failure);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_columns (PgCopyOutputStream *self, PgCopyColumns *columns, GError **error)
{
  PgCopyShape shape;

  get_shape (self, &shape);
  return pg_copy_check_columns (&shape, columns, error);
}

static gboolean
check_blocking (PgCopyOutputStream *self, GError **error)
{
  if (!pg_copy_is_async (&self->copy))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("the stream of a PgAsyncConnection does not block: call the asynchronous function"));
  return FALSE;
}

/**
 * pg_copy_output_stream_write_row:
 * @self: a stream
 * @row: the values, in the order of the columns
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Writes a row.
 *
 * In the format `binary` each value is sent as the type of its column, which is the table's unless [method@CopyOutputStream.set_types] says otherwise: an integer in
 * as many bytes as the column has, a text as it is read in the form that the server writes. In the format `text` the server reads the text of each
 * value, whatever the type of the column is.
 *
 * The row is sent when there are 32 KiB to be sent. Where the row is wrong nothing of it is written, and other rows may follow: `PG_ERROR_DATA` where the number
 * of values is not that of the columns, or a value does not fit its column, `PG_ERROR_PROGRAMMING` where it cannot be sent as the type, or where the format of the
 * copy is another one: of `csv`, and with options as `DELIMITER` and `NULL`, only bytes can be written. Errors of the server are mostly told when the
 * stream is closed.
 *
 * [method@CopyOutputStream.write_row_async] is the same for the stream of a [class@AsyncConnection].
 *
 * Returns: whether the row was written
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_write_row (PgCopyOutputStream *self, PgParams *row, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), FALSE);
  g_return_val_if_fail (row != NULL, FALSE);
  if (!enter (self, error))
    return FALSE;
  return leave (self, check_blocking (self, error) && put_row (self, row, error) &&
                        (self->block->len < PG_COPY_BLOCK_SIZE || pg_copy_output_stream_send (self, FALSE, cancellable, error)));
}

/**
 * pg_copy_output_stream_write_columns:
 * @self: a stream
 * @columns: the values of the rows, column by column
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Writes many rows, whose values are given column by column.
 *
 * Otherwise as [method@CopyOutputStream.write_row], but that a value that cannot be sent is the end of the copy: nothing is loaded then, as the rows before it may be
 * on their way already. The error names its row and column.
 *
 * [method@CopyOutputStream.write_columns_async] is the same for the stream of a [class@AsyncConnection].
 *
 * Returns: whether the rows were written
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_write_columns (PgCopyOutputStream *self, PgCopyColumns *columns, GCancellable *cancellable, GError **error)
{
  g_auto (PgCopyColumnsIter) iter = { NULL };
  gsize first;
  gboolean ok;

  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), FALSE);
  g_return_val_if_fail (columns != NULL, FALSE);
  if (!enter (self, error))
    return FALSE;
  first = self->n_rows + 1;
  ok = check_blocking (self, error) && check_columns (self, columns, error);
  if (ok)
    pg_copy_columns_iter_init (&iter, columns);
  if (ok && columns->n_rows == 0)
    begin_rows (self);
  while (ok && iter.row < columns->n_rows)
    ok = put_columns (self, &iter, first, error) &&
         (self->block->len < PG_COPY_BLOCK_SIZE || pg_copy_output_stream_send (self, FALSE, cancellable, error));
  return leave (self, ok);
}

/* --- asynchronous --- */

/* The task that a call begins, or NULL where it has failed already. */
static GTask *
begin_task (PgCopyOutputStream *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag, const char *name)
{
  g_autoptr (GTask) task = pg_async_task_new (self, cancellable, callback, user_data, tag, name);
  GError *error = NULL;

  if (enter (self, &error))
    {
      if (pg_copy_is_async (&self->copy))
        return g_steal_pointer (&task);
      leave (self, FALSE);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("the stream of a PgConnection blocks: call the function that does"));
    }
  g_task_return_error (task, error);
  return NULL;
}

/* Takes both. */
static void
end_task (PgCopyOutputStream *self, GTask *task, GError *error)
{
  leave (self, TRUE);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
row_sent (GObject *object, GAsyncResult *result, gpointer data)
{
  PgCopyOutputStream *self = g_task_get_source_object (data);
  GError *error = NULL;

  pg_copy_output_stream_finish_send (self, result, &error);
  end_task (self, data, error);
}

/**
 * pg_copy_output_stream_write_row_async:
 * @self: a stream
 * @row: the values, in the order of the columns
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Writes a row; [method@CopyOutputStream.write_row] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_copy_output_stream_write_row_async (PgCopyOutputStream *self, PgParams *row, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (PG_IS_COPY_OUTPUT_STREAM (self));
  g_return_if_fail (row != NULL);
  task = begin_task (self, cancellable, callback, user_data, pg_copy_output_stream_write_row_async, "pg_copy_output_stream_write_row_async");
  if (task == NULL)
    return;
  if (!put_row (self, row, &error) || self->block->len < PG_COPY_BLOCK_SIZE)
    end_task (self, task, error);
  else
    pg_copy_output_stream_start_send (self, task, row_sent);
}

/**
 * pg_copy_output_stream_write_row_finish:
 * @self: a stream
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@CopyOutputStream.write_row_async] has begun.
 *
 * Returns: whether the row was written
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_write_row_finish (PgCopyOutputStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_copy_output_stream_write_row_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  PgCopyColumnsIter iter;
  gsize first;
} Columns;

static void
columns_free (gpointer data)
{
  Columns *self = data;

  pg_copy_columns_iter_clear (&self->iter);
  g_free (self);
}

static void columns_sent (GObject *object, GAsyncResult *result, gpointer data);

/* Takes task. A block at a time: the main loop has its turn between two of them. */
static void
continue_columns (PgCopyOutputStream *self, GTask *task)
{
  Columns *columns = g_task_get_task_data (task);
  GError *error = NULL;

  if (columns->iter.row == columns->iter.columns->n_rows || !pg_copy_output_stream_check (self, &error) ||
      !put_columns (self, &columns->iter, columns->first, &error) || self->block->len < PG_COPY_BLOCK_SIZE)
    end_task (self, task, error);
  else
    pg_copy_output_stream_start_send (self, task, columns_sent);
}

static void
columns_sent (GObject *object, GAsyncResult *result, gpointer data)
{
  PgCopyOutputStream *self = g_task_get_source_object (data);
  GError *error = NULL;

  if (pg_copy_output_stream_finish_send (self, result, &error))
    continue_columns (self, data);
  else
    end_task (self, data, error);
}

/**
 * pg_copy_output_stream_write_columns_async:
 * @self: a stream
 * @columns: the values of the rows, column by column
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Writes many rows; [method@CopyOutputStream.write_columns] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_copy_output_stream_write_columns_async (PgCopyOutputStream *self, PgCopyColumns *columns, GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  GError *error = NULL;
  Columns *data;
  GTask *task;

  g_return_if_fail (PG_IS_COPY_OUTPUT_STREAM (self));
  g_return_if_fail (columns != NULL);
  task = begin_task (self, cancellable, callback, user_data, pg_copy_output_stream_write_columns_async, "pg_copy_output_stream_write_columns_async");
  if (task == NULL)
    return;
  if (!check_columns (self, columns, &error))
    {
      end_task (self, task, error);
      return;
    }
  if (columns->n_rows == 0)
    begin_rows (self);
  data = g_new0 (Columns, 1);
  pg_copy_columns_iter_init (&data->iter, columns);
  data->first = self->n_rows + 1;
  g_task_set_task_data (task, data, columns_free);
  continue_columns (self, task);
}

/**
 * pg_copy_output_stream_write_columns_finish:
 * @self: a stream
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@CopyOutputStream.write_columns_async] has begun.
 *
 * Returns: whether the rows were written
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_write_columns_finish (PgCopyOutputStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_copy_output_stream_write_columns_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- types --- */

/**
 * pg_copy_output_stream_get_column_type:
 * @self: a stream
 * @column: a column, from 0
 *
 * Gets the type of a column, as which its values are sent in the format `binary`.
 *
 * In that format the server is asked for the types of the table's columns before the copy begins; in the format `text` they are not needed, and not known.
 *
 * Returns: the OID of the type, 0 where it is not known
 *
 * Since: 1.0
 */
guint
pg_copy_output_stream_get_column_type (PgCopyOutputStream *self, guint column)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), 0);
  return pg_copy_get_column_type (&self->copy, column);
}

/**
 * pg_copy_output_stream_get_column_name:
 * @self: a stream
 * @column: a column, from 0
 *
 * Gets the name of a column, which is known where the types are.
 *
 * Returns: (transfer none) (nullable): the name, `NULL` where it is not known
 *
 * Since: 1.0
 */
const char *
pg_copy_output_stream_get_column_name (PgCopyOutputStream *self, guint column)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), NULL);
  return pg_copy_get_column_name (&self->copy, column);
}

/**
 * pg_copy_output_stream_set_types:
 * @self: a stream
 * @oids: (array length=n_oids): the OIDs of the types of all columns
 * @n_oids: their number
 * @error: return location for a #GError
 *
 * Says as which types the values of the rows that follow are sent in the format `binary`, instead of those that the server has told.
 *
 * Fails with `PG_ERROR_DATA` where their number is not that of the columns.
 *
 * Returns: whether the types were set
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_set_types (PgCopyOutputStream *self, const guint *oids, gsize n_oids, GError **error)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), FALSE);
  g_return_val_if_fail (oids != NULL || n_oids == 0, FALSE);
  return pg_copy_output_stream_check (self, error) && pg_copy_set_types (&self->copy, oids, n_oids, error);
}

/**
 * pg_copy_output_stream_set_type_names:
 * @self: a stream
 * @names: (array zero-terminated=1): the names of the types of all columns, as `int4`, `timestamptz`, `text[]`
 * @error: return location for a #GError
 *
 * As [method@CopyOutputStream.set_types], with names: those of PostgreSQL's own types, and of the types in [property@BaseConnection:adapters].
 *
 * Fails with `PG_ERROR_UNDEFINED_OBJECT` for others.
 *
 * Returns: whether the types were set
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_set_type_names (PgCopyOutputStream *self, const char *const *names, GError **error)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), FALSE);
  g_return_val_if_fail (names != NULL, FALSE);
  return pg_copy_output_stream_check (self, error) && pg_copy_set_type_names (&self->copy, names, error);
}
