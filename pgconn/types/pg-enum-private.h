/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-type-info-private.h>

G_BEGIN_DECLS

/* The value that stands for a label; NULL for none. */
const GEnumValue *pg_enum_find (GEnumClass *klass, const char *label);
/* The label that stands for a value; NULL for none. */
const char *pg_enum_get_label (const PgTypeInfo *info, const GEnumValue *value);

G_END_DECLS
