/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <pgconn/pg-types.h>

G_BEGIN_DECLS

#define PG_TYPE_ROW_FACTORY (pg_row_factory_get_type ())

PG_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (PgRowFactory, pg_row_factory, PG, ROW_FACTORY, GObject)

/**
 * PgRowFunc:
 * @row: a row
 * @user_data: what was given with the function
 * @error: return location for a #GError
 *
 * Makes an object of a row, for [ctor@RowFactory.new_func].
 *
 * Returns: (transfer full) (nullable): the object; `NULL` with an error, which becomes that of the call that wants the row
 *
 * Since: 1.0
 */
typedef GObject *(*PgRowFunc) (PgRow *row, gpointer user_data, GError **error);

PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_new_tuple (void);
PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_new_dict (void);
PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_new_scalar (void);
PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_new_object (GType type);
PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_new_func (GType type, PgRowFunc func, gpointer user_data, GDestroyNotify destroy);
PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_new_closure (GType type, GClosure *closure);

PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_with_nested (PgRowFactory *self, const char *property, PgRowFactory *nested);
PG_AVAILABLE_IN_1_0
PgRowFactory *pg_row_factory_with_fields (PgRowFactory *self, const char *const *fields);

PG_AVAILABLE_IN_1_0
GType pg_row_factory_get_value_type (PgRowFactory *self);

PG_AVAILABLE_IN_1_0
gboolean pg_row_factory_make (PgRowFactory *self, PgRow *row, GValue *value, GError **error);
PG_AVAILABLE_IN_1_0
GObject *pg_row_factory_make_object (PgRowFactory *self, PgRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
GPtrArray *pg_row_factory_make_objects (PgRowFactory *self, PgResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PG_AVAILABLE_IN_1_0
GListStore *pg_row_factory_make_list_store (PgRowFactory *self, PgResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
