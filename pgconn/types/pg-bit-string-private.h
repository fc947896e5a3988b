/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-bit-string.h>

G_BEGIN_DECLS

/* NULL and a translated reason. */
PgBitString *pg_bit_string_scan (const char *text, gsize length, const char **reason);
/* length in bits; data has exactly the bytes that these need. */
PgBitString *pg_bit_string_make (const guint8 *data, gsize length, const char **reason);

G_END_DECLS
