/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-codec-private.h>
#include <pgconn/types/pg-load.h>

G_BEGIN_DECLS

PgLoad *pg_load_new (const PgWireValue *wire);
/* NULL where none was set. */
const GValue *pg_load_get_value (PgLoad *self);

G_END_DECLS
