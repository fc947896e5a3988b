/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-inet.h>

G_BEGIN_DECLS

/* NULL and a translated reason. */
PgInet *pg_inet_scan (const char *text, gsize length, gboolean is_cidr, const char **reason);
PgInet *pg_inet_from_wire (const guint8 *data, gsize length, gboolean is_cidr, const char **reason);

G_END_DECLS
