/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-init-private.h"

#include <glib/gi18n-lib.h>

PgDebugFlags pg_debug_flags;

/* Called from the class initialisers of the types a program meets first, so that no program has to. */
void
pg_init (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      static const GDebugKey keys[] = {
        { "connect", PG_DEBUG_CONNECT },
        { "query", PG_DEBUG_QUERY },
        { "cancel", PG_DEBUG_CANCEL },
        { "notify", PG_DEBUG_NOTIFY },
      };

      bindtextdomain (GETTEXT_PACKAGE, PGCONN_LOCALEDIR);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      pg_debug_flags = g_parse_debug_string (g_getenv ("PGCONN_DEBUG"), keys, G_N_ELEMENTS (keys));
      g_once_init_leave (&done, 1);
    }
}
