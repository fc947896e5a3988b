/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What PGCONN_DEBUG switches on; see pg_debug(). */
typedef enum
{
  PG_DEBUG_CONNECT = 1 << 0,
  PG_DEBUG_QUERY = 1 << 1,
  PG_DEBUG_CANCEL = 1 << 2,
  PG_DEBUG_NOTIFY = 1 << 3,
} PgDebugFlags;

extern PgDebugFlags pg_debug_flags;

void pg_init (void);

/* Never given passwords or parameter values. */
#define pg_debug(KEY, ...)                                        \
  G_STMT_START                                                    \
  {                                                               \
    if (G_UNLIKELY ((pg_debug_flags & PG_DEBUG_##KEY) != 0))      \
      g_debug (__VA_ARGS__);                                      \
  }                                                               \
  G_STMT_END

G_END_DECLS
