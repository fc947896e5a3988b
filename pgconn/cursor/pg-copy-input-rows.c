/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-input-rows.h"

#include "pg-copy-input-stream-private.h"

#include <glib/gi18n-lib.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/result/pg-result-private.h>
#include <pgconn/types/pg-oids.h>
#include <string.h>

/* Rows of values out of a copy. */

#define READ_SIZE (64 * 1024)

typedef struct
{
  guint max_rows;
  PgRawBuilder *builder;
} Rows;

static void
rows_free (gpointer data)
{
  Rows *self = data;

  g_clear_pointer (&self->builder, pg_raw_builder_free);
  g_free (self);
}

static Rows *
rows_new (PgCopyInputStream *self, guint max_rows)
{
  const PgCopy *copy = &self->copy;
  Rows *rows = g_new0 (Rows, 1);
  g_autofree guint32 *types = g_new0 (guint32, copy->n_columns + 1);

  for (guint i = 0; i < copy->n_columns; i++)
    {
      types[i] = copy->types != NULL ? copy->types[i] : 0;
      /* What nobody knows is at least a text. */
      if (types[i] == 0 && !copy->binary)
        types[i] = PG_OID_TEXT;
    }
  rows->max_rows = max_rows > 0 ? max_rows : G_MAXUINT;
  rows->builder = pg_raw_builder_new (copy->n_columns, (const char *const *) copy->names, types, copy->binary ? PG_FORMAT_BINARY : PG_FORMAT_TEXT);
  if (self->parser == NULL)
    self->parser = pg_copy_parser_new (copy->n_columns, copy->binary);
  return rows;
}

/* For the time of a call; other calls on the stream fail. */
static gboolean
enter (PgCopyInputStream *self, GError **error)
{
  if (!g_input_stream_set_pending (G_INPUT_STREAM (self), error))
    return pg_copy_name_busy (error);
  if (self->raw && self->error == NULL)
    self->error = g_error_new_literal (PG_ERROR, PG_ERROR_PROGRAMMING, _ ("bytes of this copy were read before: rows cannot be told from what is left"));
  if (self->error != NULL && error != NULL)
    *error = g_error_copy (self->error);
  if (self->error == NULL && pg_copy_input_stream_check (self, error) && pg_copy_check_rows (&self->copy, error))
    return TRUE;
  g_input_stream_clear_pending (G_INPUT_STREAM (self));
  return FALSE;
}

static void
leave (PgCopyInputStream *self)
{
  g_input_stream_clear_pending (G_INPUT_STREAM (self));
}

typedef enum
{
  NEXT_READ, /* more has to be read; where there are rows, only what is there */
  NEXT_DONE,
  NEXT_FAILED, /* the error of the stream says why */
} Next;

/* Makes rows of what was read. */
static Next
take_rows (PgCopyInputStream *self, Rows *rows)
{
  while (pg_raw_builder_get_n_rows (rows->builder) < rows->max_rows)
    {
      gsize consumed = 0;
      PgCopyParse parse = pg_copy_parser_next (self->parser, self->ahead->data + self->position, self->length - self->position, &consumed,
                                               self->error == NULL ? &self->error : NULL);

      self->position += consumed;
      if (parse == PG_COPY_PARSE_ROW && !pg_raw_builder_add_row (rows->builder, pg_copy_parser_get_values (self->parser), pg_copy_parser_get_lengths (self->parser)))
        {
          self->error = g_error_new_literal (PG_ERROR, PG_ERROR_DATA, _ ("there is no memory for so many rows: read them in parts"));
          parse = PG_COPY_PARSE_ERROR;
        }
      if (parse == PG_COPY_PARSE_ROW)
        continue;
      if (parse == PG_COPY_PARSE_MORE && !self->ended)
        return NEXT_READ;
      if (parse == PG_COPY_PARSE_MORE && pg_copy_parser_check_end (self->parser, self->length - self->position, &self->error))
        return NEXT_DONE;
      /* The rows before it are given first. */
      return pg_raw_builder_get_n_rows (rows->builder) > 0 ? NEXT_DONE : NEXT_FAILED;
    }
  return NEXT_DONE;
}

/* Whether it is worth it: for the first row, and for all. */
static gboolean
may_wait (Rows *rows)
{
  return pg_raw_builder_get_n_rows (rows->builder) == 0 || rows->max_rows == G_MAXUINT;
}

/* The request for more, into room behind what is there. */
static PgRequest *
read_more (PgCopyInputStream *self, Rows *rows)
{
  guint8 *room;

  if (self->position > 0)
    {
      self->length -= self->position;
      memmove (self->ahead->data, self->ahead->data + self->position, self->length);
      self->position = 0;
    }
  if (self->ahead->len < self->length + READ_SIZE)
    g_byte_array_set_size (self->ahead, (guint) MAX (self->length + READ_SIZE, MIN (2 * (gsize) self->ahead->len, G_MAXINT32)));
  room = self->ahead->data + self->length;
  return may_wait (rows) ? pg_request_copy_read_new (self->copy.stream, room, READ_SIZE) : pg_request_copy_peek_new (self->copy.stream, room, READ_SIZE);
}

/* TRUE to go on. */
static gboolean
take_bytes (PgCopyInputStream *self, Rows *rows, gsize n)
{
  self->length += n;
  if (n > 0)
    return TRUE;
  self->ended = pg_stream_is_over (self->copy.stream);
  return self->ended || may_wait (rows);
}

static PgResult *
end_rows (PgCopyInputStream *self, Rows *rows)
{
  g_autoptr (PgRawResult) raw = pg_raw_builder_end (g_steal_pointer (&rows->builder), pg_stream_get_session (self->copy.stream));
  PgResult *result = pg_result_new (raw, self->copy.table);

  result->copy_row = pg_copy_parser_get_n_rows (self->parser) - result->n_rows + 1;
  return result;
}

/**
 * pg_copy_input_stream_read_rows:
 * @self: a stream
 * @max_rows: at most so many rows; 0 for all that are left
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @error: return location for a #GError
 *
 * Reads rows.
 *
 * Waits for the first row, and gives those that are there then; none at the end. What is given is a [class@Result] as that of a statement, whose values are got row by
 * row or by whole columns. Its types are those of the table's or the query's columns, for which the server is asked before the copy begins, or those of
 * [method@CopyInputStream.set_types]. Where neither is known the values are texts, or bytes in the format `binary`. A value that cannot be had as what is asked for is an error
 * that names its row and column in the whole copy, from 1.
 *
 * Data that is not in the format, or ends in the middle, is `PG_ERROR_BAD_COPY_FILE_FORMAT`, after the rows before it have been given. Of `csv`, and with options as
 * `DELIMITER` and `NULL`, there are only bytes, and after bytes have been read there are no rows: both are `PG_ERROR_PROGRAMMING`. Else it fails as a read does.
 *
 * [method@CopyInputStream.read_rows_async] is the same for the stream of a [class@AsyncConnection].
 *
 * Returns: (transfer full): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
PgResult *
pg_copy_input_stream_read_rows (PgCopyInputStream *self, guint max_rows, GCancellable *cancellable, GError **error)
{
  PgResult *result = NULL;
  gboolean ok = TRUE;
  Rows *rows;
  Next next;

  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), NULL);
  if (!enter (self, error))
    return NULL;
  pg_copy_note_caller (&self->copy);
  rows = rows_new (self, max_rows);
  while ((next = take_rows (self, rows)) == NEXT_READ)
    {
      g_autoptr (PgRequest) request = read_more (self, rows);

      /* An error waits until the rows before it have been given: the next call gets it again. */
      ok = pg_copy_run (&self->copy, pg_request_ref (request), cancellable, may_wait (rows) ? error : NULL);
      if (!ok || !take_bytes (self, rows, pg_request_copy_read_get_length (request)))
        break;
    }
  if (next == NEXT_FAILED && error != NULL)
    *error = g_error_copy (self->error);
  if (next != NEXT_FAILED && (ok || !may_wait (rows)))
    result = end_rows (self, rows);
  rows_free (rows);
  leave (self);
  return result;
}

/* --- asynchronous --- */

static void continue_rows (PgCopyInputStream *self, GTask *task);

static void
bytes_read (GObject *object, GAsyncResult *result, gpointer data)
{
  PgCopyInputStream *self = g_task_get_source_object (data);
  Rows *rows = g_task_get_task_data (data);
  GError *error = NULL;
  gssize n = g_task_propagate_int (G_TASK (result), &error);

  if (n >= 0 && take_bytes (self, rows, (gsize) n))
    {
      continue_rows (self, data);
      return;
    }
  leave (self);
  if (n < 0 && may_wait (rows))
    g_task_return_error (data, g_steal_pointer (&error));
  else
    g_task_return_pointer (data, end_rows (self, rows), g_object_unref);
  g_clear_error (&error);
  g_object_unref (data);
}

static void
return_length (GTask *task, PgRequest *request, gpointer object)
{
  g_task_return_int (task, (gssize) pg_request_copy_read_get_length (request));
}

/* Takes task. */
static void
continue_rows (PgCopyInputStream *self, GTask *task)
{
  Rows *rows = g_task_get_task_data (task);
  Next next = take_rows (self, rows);

  if (next == NEXT_READ)
    {
      pg_async_connection_start (PG_ASYNC_CONNECTION (self->copy.connection),
                                 pg_async_task_new (self, g_task_get_cancellable (task), bytes_read, task, continue_rows, "pg_copy_input_stream"),
                                 read_more (self, rows), return_length, NULL);
      return;
    }
  leave (self);
  if (next == NEXT_FAILED)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_pointer (task, end_rows (self, rows), g_object_unref);
  g_object_unref (task);
}

/**
 * pg_copy_input_stream_read_rows_async:
 * @self: a stream
 * @max_rows: at most so many rows; 0 for all that are left
 * @cancellable: (nullable): a [class@Gio.Cancellable]
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: data for @callback
 *
 * Reads rows; [method@CopyInputStream.read_rows] is the same blocking, and says more.
 *
 * Since: 1.0
 */
void
pg_copy_input_stream_read_rows_async (PgCopyInputStream *self, guint max_rows, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (PG_IS_COPY_INPUT_STREAM (self));
  task = pg_async_task_new (self, cancellable, callback, user_data, pg_copy_input_stream_read_rows_async, "pg_copy_input_stream_read_rows_async");
  if (!enter (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!pg_copy_is_async (&self->copy))
    {
      leave (self);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("the stream of a PgConnection blocks: call the function that does"));
      return;
    }
  g_task_set_task_data (task, rows_new (self, max_rows), rows_free);
  continue_rows (self, g_steal_pointer (&task));
}

/**
 * pg_copy_input_stream_read_rows_finish:
 * @self: a stream
 * @result: a [iface@Gio.AsyncResult]
 * @error: return location for a #GError
 *
 * Finishes what [method@CopyInputStream.read_rows_async] has begun.
 *
 * Returns: (transfer full): the rows; `NULL` with an error
 *
 * Since: 1.0
 */
PgResult *
pg_copy_input_stream_read_rows_finish (PgCopyInputStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (pg_async_task_is_valid (result, self, pg_copy_input_stream_read_rows_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- types --- */

/**
 * pg_copy_input_stream_get_column_type:
 * @self: a stream
 * @column: a column, from 0
 *
 * Gets the type of a column.
 *
 * The server is asked for it before the copy begins, where the format is `text` without further options, or `binary`.
 *
 * Returns: the OID of the type, 0 where it is not known
 *
 * Since: 1.0
 */
guint
pg_copy_input_stream_get_column_type (PgCopyInputStream *self, guint column)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), 0);
  return pg_copy_get_column_type (&self->copy, column);
}

/**
 * pg_copy_input_stream_get_column_name:
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
pg_copy_input_stream_get_column_name (PgCopyInputStream *self, guint column)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), NULL);
  return pg_copy_get_column_name (&self->copy, column);
}

/**
 * pg_copy_input_stream_set_types:
 * @self: a stream
 * @oids: (array length=n_oids): the OIDs of the types of all columns
 * @n_oids: their number
 * @error: return location for a #GError
 *
 * Says as which types the values of the rows that follow are read, instead of those that the server has told.
 *
 * Fails with `PG_ERROR_DATA` where their number is not that of the columns.
 *
 * Returns: whether the types were set
 *
 * Since: 1.0
 */
gboolean
pg_copy_input_stream_set_types (PgCopyInputStream *self, const guint *oids, gsize n_oids, GError **error)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), FALSE);
  g_return_val_if_fail (oids != NULL || n_oids == 0, FALSE);
  return pg_copy_input_stream_check (self, error) && pg_copy_set_types (&self->copy, oids, n_oids, error);
}

/**
 * pg_copy_input_stream_set_type_names:
 * @self: a stream
 * @names: (array zero-terminated=1): the names of the types of all columns, as `int4`, `timestamptz`, `text[]`
 * @error: return location for a #GError
 *
 * As [method@CopyInputStream.set_types], with names: those of PostgreSQL's own types, and of the types in [property@BaseConnection:adapters].
 *
 * Fails with `PG_ERROR_UNDEFINED_OBJECT` for others.
 *
 * Returns: whether the types were set
 *
 * Since: 1.0
 */
gboolean
pg_copy_input_stream_set_type_names (PgCopyInputStream *self, const char *const *names, GError **error)
{
  g_return_val_if_fail (PG_IS_COPY_INPUT_STREAM (self), FALSE);
  g_return_val_if_fail (names != NULL, FALSE);
  return pg_copy_input_stream_check (self, error) && pg_copy_set_type_names (&self->copy, names, error);
}
