/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/result/pg-result.h>

G_BEGIN_DECLS

PG_AVAILABLE_IN_1_0
GPtrArray *pg_result_to_objects (PgResult *self, GType type, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
GListStore *pg_result_to_list_store (PgResult *self, GType item_type, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
