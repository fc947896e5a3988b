/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/result/pg-object-plan-private.h>
#include <pgconn/result/pg-row-factory.h>

G_BEGIN_DECLS

typedef enum
{
  PG_ROW_FACTORY_TUPLE,
  PG_ROW_FACTORY_DICT,
  PG_ROW_FACTORY_SCALAR,
  PG_ROW_FACTORY_OBJECT,
  PG_ROW_FACTORY_FUNC,
  PG_ROW_FACTORY_CLOSURE,
} PgRowFactoryKind;

struct _PgRowFactory
{
  GObject parent_instance;

  PgRowFactoryKind kind;
  GType type;
  gboolean is_misused; /* made by with_nested() or with_fields() of, or for, one that makes no objects by properties */

  GHashTable *nested; /* name of a property -> PgRowFactory; or NULL */
  char **fields;      /* or NULL */

  GMutex lock;               /* guards what follows */
  PgObjectPlan *record_plan; /* made when first needed, for record_info */
  PgTypeInfo *record_info;   /* or NULL: for all */

  PgRowFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  GClosure *closure;
};

/* What pg_row_factory_with_nested() and pg_row_factory_with_fields() said; not owned, NULL where they said nothing. */
PgRowFactory *pg_row_factory_get_nested (PgRowFactory *self, const char *property);
const char *const *pg_row_factory_get_fields (PgRowFactory *self);

/* For a factory of objects by properties: made once for all records, or once for those of a composite type that is known, the last one of which is
 * kept. Full. */
PgObjectPlan *pg_row_factory_get_record_plan (PgRowFactory *self, PgTypeInfo *info, GError **error);

/* One row; self may be NULL for tuples. value is uninitialised, and a string that is NULL with an error. */
gboolean pg_row_factory_make_at (PgRowFactory *self, PgResult *result, guint position, GValue *value, GError **error);

/* FALSE with an error where it does not; self may be NULL. */
gboolean pg_row_factory_check_makes_objects (PgRowFactory *self, GError **error);

/* So many rows, all of them or none. */
GPtrArray *pg_row_factory_make_range (PgRowFactory *self, PgResult *result, guint position, guint n_rows, GError **error);

G_END_DECLS
