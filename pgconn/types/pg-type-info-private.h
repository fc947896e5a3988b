/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/types/pg-type-info.h>

G_BEGIN_DECLS

typedef struct
{
  char *name;
  guint32 type;
  gint32 modifier;
} PgTypeField;

/* Whoever makes one fills it before anybody else sees it. Nothing in it needs to be consistent: it is what a server said. */
struct _PgTypeInfo
{
  gatomicrefcount ref_count;
  guint32 oid;
  guint32 array_oid;
  PgTypeKind kind;
  char delimiter;
  char *name;
  char *schema;
  char *sql_name;
  guint32 element;       /* of an array, a range or a multirange */
  guint32 base;          /* of a domain */
  gint32 base_modifier;
  guint32 counterpart;   /* the multirange of a range and the other way round */
  char *send_function;   /* NULL: none */
  GStrv labels;          /* of an enum; else NULL */
  guint n_fields;
  PgTypeField *fields;
};

/* Of no type, with all strings NULL. */
PgTypeInfo *pg_type_info_new_empty (PgTypeKind kind, guint32 oid);

G_END_DECLS
