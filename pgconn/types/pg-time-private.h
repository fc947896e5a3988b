/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/pg-enums.h>
#include <pgconn/types/pg-time.h>

G_BEGIN_DECLS

/* offset: ON if the text must have an offset from UTC, OFF if it must not. NULL and a translated reason. */
PgTime *pg_time_scan (const char *text, gsize length, PgTristate offset, const char **reason);
/* offset is in seconds east of UTC. NULL and a translated reason. */
PgTime *pg_time_make (gint64 microseconds, gboolean has_offset, gint32 offset, const char **reason);

G_END_DECLS
