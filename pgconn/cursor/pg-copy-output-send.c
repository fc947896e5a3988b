/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-copy-output-stream-private.h"

#include <glib/gi18n-lib.h>

/* What is sent for a copy, and the first error of it. Whoever aborts the copy may be another thread than the one that writes. */

const GError *
pg_copy_output_stream_get_error (PgCopyOutputStream *self)
{
  return g_atomic_pointer_get (&self->error);
}

void
pg_copy_output_stream_take_error (PgCopyOutputStream *self, GError *error)
{
  if (!g_atomic_pointer_compare_and_exchange (&self->error, NULL, error))
    g_error_free (error);
}

gboolean
pg_copy_output_stream_check (PgCopyOutputStream *self, GError **error)
{
  if (pg_copy_output_stream_get_error (self) == NULL && self->source != NULL && pg_copy_source_get_error (self->source) != NULL)
    pg_copy_output_stream_take_error (self, g_error_copy (pg_copy_source_get_error (self->source)));
  if (pg_copy_output_stream_get_error (self) == NULL && g_cancellable_is_cancelled (self->doubt))
    pg_copy_output_stream_take_error (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("a write to the copy was cancelled")));
  if (pg_copy_output_stream_get_error (self) != NULL)
    {
      if (error != NULL)
        *error = g_error_copy (pg_copy_output_stream_get_error (self));
      return FALSE;
    }
  if (self->copy.connection != NULL)
    {
      pg_copy_note_caller (&self->copy);
      return TRUE;
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, _ ("the stream has no connection: copy_in() makes it"));
  return FALSE;
}

void
pg_copy_output_stream_fail (PgCopyOutputStream *self, const GError *error)
{
  pg_copy_output_stream_take_error (self, g_error_copy (error));
}

gboolean
pg_copy_output_stream_run (PgCopyOutputStream *self, PgRequest *request, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;

  if (pg_copy_run (&self->copy, request, cancellable, &failure))
    return TRUE;
  pg_copy_output_stream_take_error (self, failure);
  /* What another thread has aborted it with. */
  if (error != NULL)
    *error = g_error_copy (pg_copy_output_stream_get_error (self));
  return FALSE;
}

gboolean
pg_copy_output_stream_send (PgCopyOutputStream *self, gboolean flush, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  if (self->block->len == 0 && !flush)
    return TRUE;
  ok = pg_copy_output_stream_run (self, pg_request_copy_write_new (self->copy.stream, self->block->str, self->block->len, flush), cancellable, error);
  g_string_truncate (self->block, 0);
  return ok;
}
