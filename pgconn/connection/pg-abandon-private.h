/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/connection/pg-base-connection-private.h>

G_BEGIN_DECLS

/* Takes a request that ends what nobody goes on with: a PgConnection runs it, a PgAsyncConnection starts it. Any thread, as an interpreter's collector drops
 * objects in any. */
void pg_base_connection_abandon (PgBaseConnection *self, PgRequest *request);

G_END_DECLS
