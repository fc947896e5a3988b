/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* For two values of the same type, which is one that pg_codec_to_value() gives. PostgreSQL's order, but that of strings, which
 * is that of their bytes. */
int pg_value_compare (const GValue *a, const GValue *b);
guint pg_value_hash (const GValue *value);

G_END_DECLS
