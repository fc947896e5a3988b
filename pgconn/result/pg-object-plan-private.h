/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/result/pg-result.h>
#include <pgconn/result/pg-row-factory.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* How the rows of a result, or the records in a column, become objects: which property each column is for and how its values are converted, checked
 * once. It never changes. */
typedef struct _PgObjectPlan PgObjectPlan;

/* factory is one of objects by properties. */
PgObjectPlan *pg_object_plan_new_for_result (PgRowFactory *factory, PgResult *result, GError **error);
/* info: of the composite type, NULL where it is not known. */
PgObjectPlan *pg_object_plan_new_for_records (PgRowFactory *factory, const PgTypeInfo *info, GError **error);
PgObjectPlan *pg_object_plan_ref (PgObjectPlan *self);
void pg_object_plan_unref (PgObjectPlan *self);

PgRowFactory *pg_object_plan_get_factory (PgObjectPlan *self);
guint pg_object_plan_get_n_slots (PgObjectPlan *self);

/* values: room for the plan's slots, 0 at first; kept from row to row, and cleared at last. The row is known to exist. */
GObject *pg_object_plan_make (PgObjectPlan *self, PgResult *result, guint row, GValue *values, GError **error);
void pg_object_plan_clear_values (PgObjectPlan *self, GValue *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgObjectPlan, pg_object_plan_unref)

G_END_DECLS
