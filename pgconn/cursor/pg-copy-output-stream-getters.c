/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-output-stream-private.h"

/* What is known of a copy to the server. */

/**
 * pg_copy_output_stream_get_connection:
 * @self: a stream
 *
 * Gets the connection that the stream keeps busy.
 *
 * Returns: (transfer none) (nullable): the connection; `NULL` for a stream that no connection has made
 *
 * Since: 1.0
 */
PgBaseConnection *
pg_copy_output_stream_get_connection (PgCopyOutputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), NULL);
  return self->copy.connection;
}

/**
 * pg_copy_output_stream_get_n_columns:
 * @self: a stream
 *
 * Gets how many columns a row of the data has.
 *
 * Returns: the number of columns
 *
 * Since: 1.0
 */
guint
pg_copy_output_stream_get_n_columns (PgCopyOutputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), 0);
  return self->copy.n_columns;
}

/**
 * pg_copy_output_stream_is_binary:
 * @self: a stream
 *
 * Gets whether the data is in the format `binary` rather than `text` or `csv`. See `COPY`, "File Formats", in the PostgreSQL manual.
 *
 * Returns: `TRUE` for `binary`
 *
 * Since: 1.0
 */
gboolean
pg_copy_output_stream_is_binary (PgCopyOutputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), FALSE);
  return self->copy.binary;
}

/**
 * pg_copy_output_stream_get_rowcount:
 * @self: a stream
 *
 * Gets how many rows were copied, once the stream is closed.
 *
 * Returns: the number of rows, −1 before
 *
 * Since: 1.0
 */
gint64
pg_copy_output_stream_get_rowcount (PgCopyOutputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), -1);
  return pg_copy_get_rowcount (&self->copy);
}

/**
 * pg_copy_output_stream_get_status_message:
 * @self: a stream
 *
 * Gets the command tag, such as `COPY 3`, once the stream is closed.
 *
 * Returns: (transfer none) (nullable): the tag, `NULL` before
 *
 * Since: 1.0
 */
const char *
pg_copy_output_stream_get_status_message (PgCopyOutputStream *self)
{
  g_return_val_if_fail (PG_IS_COPY_OUTPUT_STREAM (self), NULL);
  return pg_copy_get_status_message (&self->copy);
}
