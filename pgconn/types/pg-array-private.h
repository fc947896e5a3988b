/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include <pgconn/types/pg-array.h>
#include <pgconn/types/pg-codec-private.h>

G_BEGIN_DECLS

/* The most that PostgreSQL has. */
#define PG_ARRAY_MAX_DIMENSIONS 6

/* An array taken apart. Each element is a value of the element type in the array's own format; data is NULL for SQL NULL. */
typedef struct
{
  guint n_dimensions; /* 0: empty */
  gint32 sizes[PG_ARRAY_MAX_DIMENSIONS];
  gint32 lower_bounds[PG_ARRAY_MAX_DIMENSIONS];
  gsize n_elements;
  PgWireValue *elements; /* row-major */
  guint8 *storage;       /* what elements of a text array point into; those of a binary one point into the array itself */
} PgArrayParts;

void pg_array_parts_clear (PgArrayParts *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PgArrayParts, pg_array_parts_clear)

/* value must be of a type that has elements. */
gboolean pg_array_parts_read (const PgWireValue *value, PgArrayParts *parts, GError **error);

/* One of the forms only, of a type that need not be in the table as an array. */
gboolean pg_array_parse_text_as (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error);
gboolean pg_array_parse_binary_as (const PgWireValue *value, guint32 element_type, PgArrayParts *parts, GError **error);

/* value is what the parts are of, without data. The variant is floating. */
char *pg_array_parts_to_text (const PgWireValue *value, guint32 element_type, const PgArrayParts *parts, GError **error);
GVariant *pg_array_parts_to_variant (const PgWireValue *value, guint32 element_type, const PgArrayParts *parts, GError **error);

/* In the value's own format. */
PgArray *pg_array_read (const PgWireValue *value, GError **error);

/* Append one element to an array's text form by the rules of array_out(): quoted where it must be, NULL as the bare word.
 * length may be -1. Braces and delimiters between elements are the caller's. */
void pg_array_text_quote (GString *literal, const char *element, gssize length, char delimiter);

/* Without the loaders. value is uninitialised; NULL is a string that is NULL. */
gboolean pg_array_get_plain_value (const PgArray *self, guint position, GValue *value, GError **error);

/* The delimiter between the elements of the arrays of a type: ',' where it is not known. */
char pg_array_get_delimiter (const PgTypeTable *types, guint32 element_type);

G_END_DECLS
