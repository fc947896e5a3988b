/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/cursor/pg-cursor.h>
#include <pgconn/engine/pg-engine-private.h>

G_BEGIN_DECLS

/* Runs a request to execute and takes its results, or, in a pipeline, leaves that to pg_cursor_wait(). */
gboolean pg_cursor_run (PgCursor *self, PgRequest *request, GCancellable *cancellable, GError **error);

G_END_DECLS
