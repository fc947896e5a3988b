/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pgconn/result/pg-arrow-abi-private.h>
#include <pgconn/types/pg-column-codec-private.h>

G_BEGIN_DECLS

/* Makes an Arrow array of values as they came over the wire. */
typedef struct _PgArrowBuilder PgArrowBuilder;

/* shape has type, modifier, format and what else the values have in common. */
PgArrowBuilder *pg_arrow_builder_new (const PgWireValue *shape);
void pg_arrow_builder_free (PgArrowBuilder *self);

/* data[i] is NULL for SQL NULL. Where there is an error, *failed is the index of its value. */
gboolean pg_arrow_builder_append (PgArrowBuilder *self, const guint8 *const *data, const gsize *lengths, guint n, guint *failed, GError **error);

/* Both structures are overwritten, and then the caller's to release. What the builder has collected is moved to array; that comes first, as the schema
 * depends on how much it is. */
void pg_arrow_builder_end (PgArrowBuilder *self, struct ArrowArray *array);
void pg_arrow_builder_fill_schema (PgArrowBuilder *self, const char *name, struct ArrowSchema *schema);

/* A structure with n_children, which are allocated and not yet filled. Releasing it releases those that are. */
void pg_arrow_schema_init (struct ArrowSchema *schema, const char *format, const char *name, guint n_children);
void pg_arrow_array_init (struct ArrowArray *array, gsize length, guint n_buffers, guint n_children);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PgArrowBuilder, pg_arrow_builder_free)

G_END_DECLS
