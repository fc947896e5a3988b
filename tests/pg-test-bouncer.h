/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PgBouncer before the server of the fixture, one for a test program; it ends with the program. mode: "session", or "transaction", where two sessions with the server
 * are for all. Where it is not installed the test is skipped, with the reason, and it is NULL. Free with g_free(). */
char *pg_test_bouncer_conninfo (const char *mode);

G_END_DECLS
