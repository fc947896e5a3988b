/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-record.h>

G_BEGIN_DECLS

/* In the value's own format. */
PgRecord *pg_record_read (const PgWireValue *value, GError **error);

G_END_DECLS
