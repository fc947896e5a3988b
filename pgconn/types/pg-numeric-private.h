/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-numeric.h>

G_BEGIN_DECLS

/* NULL and a translated reason, which holds nothing of the input. */
PgNumeric *pg_numeric_scan (const char *text, gsize length, const char **reason);
PgNumeric *pg_numeric_from_wire (const guint8 *data, gsize length, const char **reason);

/* FALSE and a translated reason unless it is an integer in range. */
gboolean pg_numeric_read_int64 (const PgNumeric *self, gint64 *out, const char **reason);

G_END_DECLS
