/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-large-object-private.h"

#include <glib/gi18n-lib.h>

/* GSeekable of a PgLargeObject and of its two streams, which share one position. */

static PgLob *
get_lob (GSeekable *seekable)
{
  return PG_IS_LARGE_OBJECT (seekable) ? pg_large_object_get_lob (PG_LARGE_OBJECT (seekable)) : pg_lob_stream_get_lob (seekable);
}

static goffset
lob_tell (GSeekable *seekable)
{
  PgLob *lob = get_lob (seekable);

  return lob != NULL ? lob->position : 0;
}

static gboolean
lob_can_seek (GSeekable *seekable)
{
  return TRUE;
}

gboolean
pg_lob_move (PgLob *self, goffset base, goffset offset, GError **error)
{
  if (offset > G_MAXOFFSET - base || base + offset < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("there is no such position in a large object"));
      return FALSE;
    }
  self->position = base + offset;
  return TRUE;
}

static gboolean
lob_seek (GSeekable *seekable, goffset offset, GSeekType type, GCancellable *cancellable, GError **error)
{
  PgLob *self = get_lob (seekable);
  goffset base = 0;

  if (!pg_lob_check (self, 0, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (type == G_SEEK_CUR)
    {
      base = self->position;
    }
  else if (type == G_SEEK_END)
    {
      g_autoptr (PgRequest) request = NULL;

      if (pg_lob_is_async (self))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _ ("the large object of a PgAsyncConnection does not block: to seek from its end call pg_large_object_seek_async()"));
          return FALSE;
        }
      request = pg_lob_size_request_new (self);
      if (!pg_lob_run (self, request, cancellable, error))
        return FALSE;
      base = pg_lob_size_take (self, request, error);
      if (base < 0)
        return FALSE;
    }
  return pg_lob_move (self, base, offset, error);
}

static gboolean
lob_can_truncate (GSeekable *seekable)
{
  PgLob *lob = get_lob (seekable);

  return !G_IS_INPUT_STREAM (seekable) && lob != NULL && (lob->mode & PG_LARGE_OBJECT_MODE_WRITE) != 0;
}

static gboolean
lob_truncate (GSeekable *seekable, goffset size, GCancellable *cancellable, GError **error)
{
  PgLob *self = get_lob (seekable);
  g_autoptr (PgRequest) request = NULL;

  if (G_IS_INPUT_STREAM (seekable))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("an input stream cannot be truncated"));
      return FALSE;
    }
  if (!pg_lob_check (self, PG_LARGE_OBJECT_MODE_WRITE, error))
    return FALSE;
  request = pg_lob_truncate_request_new (self, size);
  return pg_lob_run (self, request, cancellable, error) && pg_lob_truncate_take (self, request, error);
}

void
pg_lob_seekable_init (GSeekableIface *iface)
{
  iface->tell = lob_tell;
  iface->can_seek = lob_can_seek;
  iface->seek = lob_seek;
  iface->can_truncate = lob_can_truncate;
  iface->truncate_fn = lob_truncate;
}
