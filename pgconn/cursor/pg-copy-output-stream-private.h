/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pg-copy-private.h"

G_BEGIN_DECLS

#define PG_COPY_BLOCK_SIZE (32 * 1024)

struct _PgCopyOutputStream
{
  GOutputStream parent_instance;
  PgCopy copy;
  GString *block;       /* not sent yet */
  GError *error;        /* the first: nothing is loaded any more; atomic */
  GInputStream *source; /* of the last splice */
  GCancellable *doubt;  /* of the last call of GIO's that does not block: cancelled by now, GIO may have told that it has failed, whatever became of it */
  gboolean in_thread;   /* that call, which a thread of GIO's is about to do by the function that blocks */
  gsize n_rows;         /* written as such */
  gboolean raw;         /* bytes were written: header and trailer of the binary format are the user's */
  gboolean has_header;
};

/* The first one; NULL where there is none. */
const GError *pg_copy_output_stream_get_error (PgCopyOutputStream *self);
/* Takes error, which is that where there is none yet. */
void pg_copy_output_stream_take_error (PgCopyOutputStream *self, GError *error);
/* FALSE after the first error, which is given again. */
gboolean pg_copy_output_stream_check (PgCopyOutputStream *self, GError **error);
/* The same with a copy of error. */
void pg_copy_output_stream_fail (PgCopyOutputStream *self, const GError *error);
/* Runs and drops the request, and keeps its error. */
gboolean pg_copy_output_stream_run (PgCopyOutputStream *self, PgRequest *request, GCancellable *cancellable, GError **error);
/* Sends what is there. */
gboolean pg_copy_output_stream_send (PgCopyOutputStream *self, gboolean flush, GCancellable *cancellable, GError **error);
/* The same on a PgAsyncConnection; callback gets task, and finishes with the other. */
void pg_copy_output_stream_start_send (PgCopyOutputStream *self, GTask *task, GAsyncReadyCallback callback);
gboolean pg_copy_output_stream_finish_send (PgCopyOutputStream *self, GAsyncResult *result, GError **error);

G_END_DECLS
