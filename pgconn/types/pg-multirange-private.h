/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-multirange.h>

G_BEGIN_DECLS

/* In the value's own format. */
PgMultirange *pg_multirange_read (const PgWireValue *value, guint32 element_type, GError **error);

G_END_DECLS
